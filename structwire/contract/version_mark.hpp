// SPDX-License-Identifier: Apache-2.0
#pragma once

// What the decoding of any version needs and is no template, so that it stands outside the inline namespace: the
// counters, the options, the marks that tell versions apart, and the sentences of its errors.

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <structwire/contract/envelope.hpp>
#include <structwire/core/error.hpp>
#include <structwire/core/format.hpp>
#include <structwire/core/limits.hpp>
#include <structwire/core/literal.hpp>

namespace structwire {

/// How many messages came in each version, for whoever wants to know when an old one can be forgotten. Counted by any
/// thread; what is read while others count is some state on the way.
///   sw::VersionCounts counts(Messages::numbers);
class VersionCounts {
 public:
  explicit VersionCounts(std::span<const std::uint32_t> numbers);

  /// Of version `number`; 0 when it is none of these.
  std::uint64_t decoded(std::uint32_t number) const noexcept;
  /// Newer than all of these, read as the newest (NewerVersions::read_as_newest).
  std::uint64_t newer() const noexcept { return newer_.load(std::memory_order_relaxed); }
  /// What became no message at all.
  std::uint64_t refused() const noexcept { return refused_.load(std::memory_order_relaxed); }
  /// `version 1: 12, version 2: 340, newer: 0, refused: 1`.
  std::string text() const;

  void count(std::size_t place) noexcept { decoded_[place].fetch_add(1, std::memory_order_relaxed); }
  void count_newer() noexcept { newer_.fetch_add(1, std::memory_order_relaxed); }
  void count_refused() noexcept { refused_.fetch_add(1, std::memory_order_relaxed); }

 private:
  std::vector<std::uint32_t> numbers_;
  std::unique_ptr<std::atomic<std::uint64_t>[]> decoded_;
  std::atomic<std::uint64_t> newer_ = 0;
  std::atomic<std::uint64_t> refused_ = 0;
};

/// What becomes of a message that says it is of a newer version than all that are known.
enum class NewerVersions : std::uint8_t {
  refuse,
  read_as_newest,  ///< As the newest known one: right where newer versions only add what old code may pass over.
};

struct AnyVersionOptions {
  DecodeOptions decode;
  EnvelopeUse envelope = EnvelopeUse::forbidden;
  EnvelopeLimits envelope_limits;
  NewerVersions newer = NewerVersions::refuse;
  /// Must outlive the call.
  VersionCounts* counts = nullptr;
};

namespace version_detail {

/// A constant that tells a version: of a tag or of a field.
struct Mark {
  LiteralKind kind = LiteralKind::integer;
  std::string_view text;
  std::int64_t number = 0;
  std::size_t place = 0;  ///< Of the version.
};

/// What stood in the message.
struct Found {
  bool there = false;
  LiteralKind kind = LiteralKind::integer;
  std::string text;
  std::int64_t number = 0;
  std::size_t offset = 0;
};

struct Chosen {
  std::size_t place = 0;
  bool newer = false;
};

/// The versions as data: what the template knows.
struct Known {
  std::span<const std::uint32_t> numbers;
  std::span<const Fingerprint> fingerprints;
  std::span<const Mark> marks;
  std::string_view field;
  /// A message without the field is of the oldest version.
  bool oldest_without = false;
};

/// The version that a mark names.
Result<Chosen> choose(const Known& known, const Found& found, NewerVersions newer);
/// The version of this number.
Result<Chosen> choose_number(const Known& known, std::uint32_t number, NewerVersions newer);
/// The version that an envelope names by fingerprint, else by number; nothing when it has neither.
Result<std::optional<Chosen>> choose_by_envelope(const Known& known, const Envelope& envelope, NewerVersions newer);

const Format* format_of(EnvelopeFormat format) noexcept;
/// For a root of this shape; nothing for formats that envelopes of typed messages do not hold yet.
std::optional<EnvelopeFormat> envelope_format(const Format& format, bool array_like) noexcept;
std::unexpected<Error> no_codec(std::string_view name);

/// One error from those of all versions: errors[i] is of numbers[i].
Error join(std::span<const std::uint32_t> numbers, std::span<const Error> errors);
/// Decoders may not be tried in turn under these options.
std::optional<Error> refuse_trying(const DecodeOptions& options);
/// Another version would fail in the same way.
bool is_final(ErrorCode code) noexcept;

}  // namespace version_detail
}  // namespace structwire
