// SPDX-License-Identifier: Apache-2.0
#include <structwire/messaging/legacy/legacy_metadata.hpp>

#include <array>

#include <structwire/json.hpp>
#include <structwire/messaging/little_endian.hpp>

namespace structwire::messaging {
namespace {

struct Envelope {
  Raw ok;
  Raw err;
  using wire = Rules<forbid_unknown_fields, member<&Envelope::ok, name<"Ok">, defaulted>,
                     member<&Envelope::err, name<"Err">, defaulted>>;
};

struct UpgradeMember {
  std::array<std::uint8_t, 2> versions{};
  std::string address;
  using wire = Rules<wire_policy, member<&UpgradeMember::versions, name<"v">>,
                     member<&UpgradeMember::address, name<"e">, min_length(1), max_length(512)>>;
};

DecodeOptions options_of(const LegacyLimits& limits) {
  DecodeOptions options;
  options.limits.depth = limits.depth;
  options.limits.errors = 1;
  return options;
}

std::unexpected<Error> malformed(std::string what) {
  return std::unexpected(Error(ErrorCode::malformed, std::move(what)));
}

}  // namespace

Result<LegacyMetadata> decode_legacy_metadata(std::span<const std::byte> bytes, const LegacyLimits& limits) {
  if (bytes.size() > limits.metadata_bytes) {
    return std::unexpected(Error(ErrorCode::size_limit, "Metadata of " + std::to_string(bytes.size()) + " bytes"));
  }
  return json::decode<LegacyMetadata>(bytes, options_of(limits));
}

Buffer encode_legacy_metadata(const LegacyMetadata& metadata) {
  const std::string text = json::encode(metadata);
  return Buffer(std::string_view(text));
}

Result<LegacyKind> kind_of(const LegacyMetadata& metadata, std::span<const std::byte> payload) {
  const std::string& handler = metadata.handler_name;
  const LegacyControl& control = metadata.control;
  if (handler == legacy_accept_handler) {
    if (!control.acceptance) return malformed("An acceptance that does not tell of what");
    return LegacyKind::acceptance;
  }
  if (handler == legacy_receipt_handler) return LegacyKind::receipt;
  const bool is_reply =
      handler == legacy_ack_handler || handler == legacy_nack_handler || handler == legacy_response_handler;
  if (!control.response_ctx) {
    if (is_reply || control.response_type) return malformed("A reply that does not tell what it answers");
    return LegacyKind::request;
  }
  if (control.response_type) {
    switch (*control.response_type) {
      case LegacyResponseType::ack: return LegacyKind::ack;
      case LegacyResponseType::nack: return LegacyKind::nack;
      case LegacyResponseType::response: return LegacyKind::response;
    }
  }
  // From here on of older programs. What calls itself a response is one, whatever its payload looks like.
  if (handler == legacy_response_handler || control.response_ctx->envelope_format) return LegacyKind::response;
  const auto status = json::decode<LegacyStatus>(payload, options_of({}));
  if (status && status->response_id == control.response_ctx->response_to) {
    if (status->status == "ok") return LegacyKind::ack;
    if (status->status == "error") return LegacyKind::nack;
  }
  return LegacyKind::response;
}

Uuid answer_id_of(const LegacyMetadata& request) noexcept {
  const LegacyControl& control = request.control;
  if (control.response) return control.response->response_id;
  if (control.ack) return control.ack->ack_id;
  return control.accept_id.value_or(request.message_id);
}

std::optional<Uuid> accept_id_of(const LegacyControl& control) noexcept {
  if (control.response && control.response->accept_id) return control.response->accept_id;
  return control.accept_id;
}

Result<LegacyEnvelope> open_legacy_envelope(std::span<const std::byte> payload, const LegacyLimits& limits) {
  auto envelope = json::decode<Envelope>(payload, options_of(limits));
  if (!envelope) return std::unexpected(std::move(envelope.error()));
  if (envelope->ok.empty() == envelope->err.empty()) return malformed("Neither Ok nor Err, or both");
  LegacyEnvelope opened;
  opened.ok = envelope->err.empty();
  if (opened.ok) {
    opened.value = Buffer(envelope->ok.bytes());
    return opened;
  }
  const auto bytes = envelope->err.bytes();
  if (auto text = json::decode<std::string>(bytes)) {
    opened.text = std::move(*text);
  } else {
    opened.text.assign(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  }
  return opened;
}

Uuid uuid_of(const MessageId& id) noexcept {
  Uuid uuid;
  store_little(uuid.bytes.data(), id.incarnation);
  store_little(uuid.bytes.data() + 8, id.counter);
  return uuid;
}

MessageId message_id_of(const Uuid& uuid) noexcept {
  return {load_little<std::uint64_t>(uuid.bytes.data()), load_little<std::uint64_t>(uuid.bytes.data() + 8)};
}

void add_upgrade(LegacyControl& control, const LegacyUpgrade& upgrade) {
  UpgradeMember member;
  member.versions = {upgrade.least, upgrade.most};
  member.address = upgrade.address;
  const std::string text = json::encode(member);
  control.extras.insert_or_assign(std::string(legacy_upgrade_member),
                                  Raw::trusted(json::format(), Buffer(std::string_view(text))));
}

std::optional<LegacyUpgrade> upgrade_of(const LegacyControl& control) {
  const auto found = control.extras.find(std::string(legacy_upgrade_member));
  if (found == control.extras.end()) return std::nullopt;
  auto member = json::decode<UpgradeMember>(found->second.bytes());
  if (!member) return std::nullopt;
  return LegacyUpgrade{member->versions[0], member->versions[1], std::move(member->address)};
}

}  // namespace structwire::messaging
