// SPDX-License-Identifier: Apache-2.0
#pragma once

// What the older protocol of active messages writes in front of a payload: one JSON object, as the first of two parts.
//
//    {"message_id": uuid, "handler_name": text, "sender_instance": uuid, "control": {...}}
//
// `control` says what its sender wants to hear, and of an answer what it answers. Its members that are not declared here
// are kept, and written back at the same level. Empty members are left out; `mode` is always written.
//
//    reply         handler_name      control                         payload
//    ack           ack_response      response_ctx, response_type     {"response_id": uuid, "status": "ok"}
//    nack          error_response    the same, error_message         ... "status": "error", "message": text}
//    response      response_message  the same                        its own; with envelope_format {"Ok": ...} or {"Err": text}
//    acceptance    _accept           acceptance                      none
//    receipt       _receipt_ack                                      {"message_id": uuid, "status": ..., "contract_info": ...}
//
// Older programs write no `response_type`: the payload of theirs tells an ack from a nack from a response.

#include <cstddef>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>

#include <structwire/core/buffer.hpp>
#include <structwire/core/enum_table.hpp>
#include <structwire/core/error.hpp>
#include <structwire/core/raw.hpp>
#include <structwire/core/rules.hpp>
#include <structwire/core/uuid.hpp>
#include <structwire/messaging/message_id.hpp>

namespace structwire::messaging {

enum class LegacyMode : std::uint8_t {
  fire_and_forget,
  confirmed,
  with_response,
  with_receipt_ack,
  with_receipt_and_response,
};
enum class LegacyResponseType : std::uint8_t { ack, nack, response };

}  // namespace structwire::messaging

template <>
inline constexpr auto structwire::enum_values<structwire::messaging::LegacyMode> = [] {
  using enum structwire::messaging::LegacyMode;
  return structwire::by_name<fire_and_forget, confirmed, with_response, with_receipt_ack, with_receipt_and_response>;
}();
template <>
inline constexpr auto structwire::enum_values<structwire::messaging::LegacyResponseType> = [] {
  using enum structwire::messaging::LegacyResponseType;
  return structwire::by_name<ack, nack, response>;
}();

namespace structwire::messaging {

struct LegacyResponseWanted {
  Uuid response_id;
  std::optional<Uuid> accept_id;
  bool operator==(const LegacyResponseWanted&) const = default;
  using wire = Rules<member<&LegacyResponseWanted::accept_id, omit_empty>>;
};
struct LegacyReceiptWanted {
  Uuid receipt_id;
  Raw expectation;  ///< A LegacyExpectation, or any other JSON, by which nothing is judged then.
  bool operator==(const LegacyReceiptWanted&) const = default;
  using wire = Rules<member<&LegacyReceiptWanted::expectation, defaulted, omit_empty>>;
};
struct LegacyAckWanted {
  Uuid ack_id;
  bool operator==(const LegacyAckWanted&) const = default;
};
struct LegacyAcceptance {
  Uuid accept_for;
  bool operator==(const LegacyAcceptance&) const = default;
};
struct LegacyResponseContext {
  Uuid response_to;
  std::optional<std::string> original_handler;
  bool envelope_format = false;
  std::optional<std::string> error_message;
  bool operator==(const LegacyResponseContext&) const = default;
  using wire = Rules<member<&LegacyResponseContext::original_handler, omit_empty>,
                     member<&LegacyResponseContext::envelope_format, defaulted>,
                     member<&LegacyResponseContext::error_message, omit_empty>>;
};
struct LegacyTransportHints {
  std::optional<std::string> sender_endpoint;
  bool operator==(const LegacyTransportHints&) const = default;
  using wire = Rules<member<&LegacyTransportHints::sender_endpoint, omit_empty>>;
};

struct LegacyControl {
  LegacyMode mode = LegacyMode::fire_and_forget;
  std::optional<Uuid> accept_id;
  std::optional<LegacyResponseWanted> response;
  std::optional<LegacyReceiptWanted> receipt;
  std::optional<LegacyAckWanted> ack;
  std::optional<LegacyAcceptance> acceptance;
  std::optional<LegacyResponseContext> response_ctx;
  std::optional<LegacyResponseType> response_type;
  std::optional<LegacyTransportHints> transport_hints;
  std::map<std::string, Raw> extras;  ///< What is not declared above.

  bool operator==(const LegacyControl&) const = default;
  using wire = Rules<wire_policy, all_defaulted, member<&LegacyControl::accept_id, omit_empty>,
                     member<&LegacyControl::response, omit_empty>, member<&LegacyControl::receipt, omit_empty>,
                     member<&LegacyControl::ack, omit_empty>, member<&LegacyControl::acceptance, omit_empty>,
                     member<&LegacyControl::response_ctx, omit_empty>,
                     member<&LegacyControl::response_type, omit_empty>,
                     member<&LegacyControl::transport_hints, omit_empty>,
                     member<&LegacyControl::extras, keep_unknown_fields>>;
};

struct LegacyMetadata {
  Uuid message_id;
  std::string handler_name;
  Uuid sender_instance;
  LegacyControl control;

  bool operator==(const LegacyMetadata&) const = default;
  using wire = Rules<wire_policy, member<&LegacyMetadata::handler_name, min_length(1), max_length(255)>,
                     member<&LegacyMetadata::control, defaulted>>;
};

/// Payload of an ack and of a nack.
struct LegacyStatus {
  Uuid response_id;
  std::string status;  ///< `ok` or `error`.
  std::optional<std::string> message;
  bool operator==(const LegacyStatus&) const = default;
  using wire = Rules<wire_policy, member<&LegacyStatus::message, omit_empty>>;
};

/// Payload of a receipt.
struct LegacyRefusal {
  std::optional<std::string> contract_mismatch;
  std::optional<std::string> invalid_message;
  bool operator==(const LegacyRefusal&) const = default;
  using wire = Rules<wire_policy, member<&LegacyRefusal::contract_mismatch, name<"ContractMismatch">, omit_empty>,
                     member<&LegacyRefusal::invalid_message, name<"InvalidMessage">, omit_empty>>;
};
struct LegacyTypedHandler {
  std::string response_type;
  bool operator==(const LegacyTypedHandler&) const = default;
};
struct LegacyTyped {
  LegacyTypedHandler typed;
  bool operator==(const LegacyTyped&) const = default;
  using wire = Rules<wire_policy, member<&LegacyTyped::typed, name<"UnaryTyped">>>;
};
using LegacyHandlerType = std::variant<std::string, LegacyTyped>;  ///< `ActiveMessage`, `UnaryBytes`, or typed.
/// What the sender of a request takes its handler for. Those who judge want all of its members.
struct LegacyExpectation {
  LegacyHandlerType expected_handler_type;
  bool expects_response = false;
  std::optional<std::string> expected_response_type;  ///< A type's name in the sender's language.
  bool operator==(const LegacyExpectation&) const = default;
};
struct LegacyContract {
  LegacyHandlerType handler_type;
  std::optional<std::string> response_type;
  bool supports_operation = true;
  bool operator==(const LegacyContract&) const = default;
};
struct LegacyReceipt {
  Uuid message_id;                                  ///< The receipt's.
  std::variant<std::string, LegacyRefusal> status;  ///< `Delivered`, `HandlerNotFound`, or why not.
  std::optional<LegacyContract> contract_info;
  bool operator==(const LegacyReceipt&) const = default;
};

inline constexpr std::string_view legacy_ack_handler = "ack_response";
inline constexpr std::string_view legacy_nack_handler = "error_response";
inline constexpr std::string_view legacy_response_handler = "response_message";
inline constexpr std::string_view legacy_accept_handler = "_accept";
inline constexpr std::string_view legacy_receipt_handler = "_receipt_ack";

struct LegacyLimits {
  std::size_t metadata_bytes = 64u << 10;
  unsigned depth = 32;
  std::size_t payload_bytes = 16u << 20;
};

/// Errors: size_limit, and those of decoding JSON; nothing is kept of `bytes`.
Result<LegacyMetadata> decode_legacy_metadata(std::span<const std::byte> bytes, const LegacyLimits& limits = {});
Buffer encode_legacy_metadata(const LegacyMetadata& metadata);

enum class LegacyKind : std::uint8_t { request, acceptance, receipt, ack, nack, response };

/// What a message is. Errors: malformed for a reply that does not say what it answers.
Result<LegacyKind> kind_of(const LegacyMetadata& metadata, std::span<const std::byte> payload);

/// What answers to a request name.
Uuid answer_id_of(const LegacyMetadata& request) noexcept;
/// What its acceptance names; nothing where none is wanted.
std::optional<Uuid> accept_id_of(const LegacyControl& control) noexcept;

/// The value in the envelope of a response: JSON, or the text of an error. Errors: malformed for what is no envelope.
struct LegacyEnvelope {
  bool ok = false;
  Buffer value;      ///< Of `Ok`.
  std::string text;  ///< Of `Err`; what is no text there is its JSON.
};
Result<LegacyEnvelope> open_legacy_envelope(std::span<const std::byte> payload, const LegacyLimits& limits = {});

/// Message ids are UUIDs there: the same 16 bytes, as they stand in the binary header.
Uuid uuid_of(const MessageId& id) noexcept;
MessageId message_id_of(const Uuid& uuid) noexcept;

/// The member of `control` by which a program says that it speaks the binary protocol too, and where it listens for it.
/// Programs that do not know it keep it, and write it back.
inline constexpr std::string_view legacy_upgrade_member = "_sw";
struct LegacyUpgrade {
  std::uint8_t least = 1;  ///< Major versions.
  std::uint8_t most = 1;
  std::string address;
  bool operator==(const LegacyUpgrade&) const = default;
};
void add_upgrade(LegacyControl& control, const LegacyUpgrade& upgrade);
/// Nothing where there is none, or none that is understood.
std::optional<LegacyUpgrade> upgrade_of(const LegacyControl& control);

}  // namespace structwire::messaging
