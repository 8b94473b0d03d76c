// SPDX-License-Identifier: Apache-2.0
#include <structwire/contract/version_mark.hpp>

#include <algorithm>

#include <structwire/json.hpp>
#include <structwire/msgpack.hpp>

namespace structwire {

VersionCounts::VersionCounts(std::span<const std::uint32_t> numbers)
    : numbers_(numbers.begin(), numbers.end()),
      decoded_(std::make_unique<std::atomic<std::uint64_t>[]>(numbers.size())) {}

std::uint64_t VersionCounts::decoded(std::uint32_t number) const noexcept {
  for (std::size_t i = 0; i < numbers_.size(); ++i) {
    if (numbers_[i] == number) return decoded_[i].load(std::memory_order_relaxed);
  }
  return 0;
}

std::string VersionCounts::text() const {
  std::string text;
  for (const std::uint32_t number : numbers_) {
    text += "version " + std::to_string(number) + ": " + std::to_string(decoded(number)) + ", ";
  }
  return text + "newer: " + std::to_string(newer()) + ", refused: " + std::to_string(refused());
}

namespace version_detail {
namespace {

std::string listed(std::span<const std::uint32_t> numbers) {
  std::string text;
  for (const std::uint32_t number : numbers) text += (text.empty() ? "" : ", ") + std::to_string(number);
  return text;
}

std::string shown(const Found& found) {
  return found.kind == LiteralKind::text ? "'" + found.text + "'" : std::to_string(found.number);
}

std::string path_of(std::string_view field) {
  return field.empty() ? std::string(" - at `$[0]`") : " - at `$." + std::string(field) + "`";
}

}  // namespace

Result<Chosen> choose(const Known& known, const Found& found, NewerVersions newer) {
  if (!found.there) {
    if (known.oldest_without) return Chosen{0, false};
    return std::unexpected(Error(
        ErrorCode::missing_field,
        "Object missing required field `" + std::string(known.field) + "`, which tells its version", found.offset));
  }
  std::int64_t largest = 0;
  bool all_numbers = true;
  for (const Mark& mark : known.marks) {
    if (mark.kind == found.kind && mark.text == found.text && mark.number == found.number)
      return Chosen{mark.place, false};
    all_numbers = all_numbers && mark.kind == LiteralKind::integer;
    largest = std::max(largest, mark.number);
  }
  const bool is_newer = all_numbers && found.kind == LiteralKind::integer && found.number > largest;
  if (is_newer && newer == NewerVersions::read_as_newest) return Chosen{known.numbers.size() - 1, true};
  const std::string text =
      is_newer ? "Version " + shown(found) + " is newer than all that are known (" + listed(known.numbers) + ")"
               : "Invalid value " + shown(found) + ": no known version";
  return std::unexpected(Error(ErrorCode::invalid_tag, text + path_of(known.field), found.offset));
}

Result<Chosen> choose_number(const Known& known, std::uint32_t number, NewerVersions newer) {
  const auto found = std::ranges::find(known.numbers, number);
  if (found != known.numbers.end()) return Chosen{static_cast<std::size_t>(found - known.numbers.begin()), false};
  const bool is_newer = number > known.numbers.back();
  if (is_newer && newer == NewerVersions::read_as_newest) return Chosen{known.numbers.size() - 1, true};
  return std::unexpected(Error(ErrorCode::invalid_tag, "Version " + std::to_string(number) +
                                                           (is_newer ? " is newer than all that are known ("
                                                                     : " is none of those that are known (") +
                                                           listed(known.numbers) + ")"));
}

Result<std::optional<Chosen>> choose_by_envelope(const Known& known, const Envelope& envelope, NewerVersions newer) {
  if (envelope.fingerprint) {
    const auto found = std::ranges::find(known.fingerprints, *envelope.fingerprint);
    if (found != known.fingerprints.end())
      return Chosen{static_cast<std::size_t>(found - known.fingerprints.begin()), false};
  }
  // A known version whose type has changed in a compatible way has another fingerprint, and its number still.
  if (envelope.version) {
    auto chosen = choose_number(known, *envelope.version, newer);
    if (!chosen) return std::unexpected(std::move(chosen.error()));
    return *chosen;
  }
  if (!envelope.fingerprint) return std::nullopt;
  return std::unexpected(Error(ErrorCode::invalid_tag, "The envelope's fingerprint " +
                                                           fingerprint_text(*envelope.fingerprint) +
                                                           " is of no known version (" + listed(known.numbers) + ")"));
}

Error join(std::span<const std::uint32_t> numbers, std::span<const Error> errors) {
  std::string text = "No version fits";
  std::optional<std::size_t> offset;
  for (std::size_t i = 0; i < errors.size() && i < numbers.size(); ++i) {
    text += (i == 0 ? ": " : "; ") + ("version " + std::to_string(numbers[i])) + ": " + errors[i].message();
    offset = std::max(offset, errors[i].offset());
  }
  return Error(errors.empty() ? ErrorCode::malformed : errors.back().code(), std::move(text), offset);
}

std::optional<Error> refuse_trying(const DecodeOptions& options) {
  if (!options.lax && options.unknown_fields == UnknownFieldPolicy::by_struct) return std::nullopt;
  return Error(ErrorCode::unsupported,
               "Versions are tried in turn only with strict decoding and each struct's own rule for unknown fields: "
               "else one input may be several of them");
}

const Format* format_of(EnvelopeFormat format) noexcept {
  switch (format) {
    case EnvelopeFormat::json:
      return &json::format();
    case EnvelopeFormat::msgpack:
    case EnvelopeFormat::msgpack_array:
      return &msgpack::format();
    default:
      return nullptr;
  }
}

std::optional<EnvelopeFormat> envelope_format(const Format& format, bool array_like) noexcept {
  if (&format == &json::format()) return EnvelopeFormat::json;
  if (&format != &msgpack::format()) return std::nullopt;
  return array_like ? EnvelopeFormat::msgpack_array : EnvelopeFormat::msgpack;
}

std::unexpected<Error> no_codec(std::string_view name) {
  return std::unexpected(Error(ErrorCode::unsupported, "Versions are not decoded from " + std::string(name) + " here"));
}

bool is_final(ErrorCode code) noexcept {
  return is_syntax(code) || code == ErrorCode::memory_exhausted || code == ErrorCode::depth_limit ||
         code == ErrorCode::size_limit;
}

}  // namespace version_detail
}  // namespace structwire
