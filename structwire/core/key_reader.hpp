// SPDX-License-Identifier: Apache-2.0
#pragma once

// The Reader of one map key that stands as text (the contract: core/reader.hpp): every type that is a number, an
// enum, a literal or a text of its own grammar reads itself from it, with the rules that it has elsewhere.
// Numbers are JSON numbers, bytes are base64. There is no bool and no null.

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <type_traits>

#include <structwire/core/kinds.hpp>
#include <structwire/core/reader.hpp>
#include <structwire/core/value.hpp>

namespace structwire {

/// True for types that a text can spell.
template <class Key>
inline constexpr bool is_text_key = [] {
  constexpr KindSet kinds = kinds_of<Key>();
  if (shape_of<Key> == Shape::value) return true;
  KindSet refused;
  for (const Kind kind : {Kind::array, Kind::object, Kind::ext, Kind::null, Kind::boolean}) refused.insert(kind);
  return !kinds.overlaps(refused);
}();

class KeyReader : public ReaderState {
 public:
  static constexpr FormatTraits traits{
      .self_describing = true, .text_keys = true, .tells_bytes_from_text = false};
  static constexpr bool numbers_are_text = true;
  struct ArrayScope {};
  struct Mark {};

  /// `offset`: where the key stands, for messages.
  KeyReader(std::string_view text, const DecodeOptions& options, std::size_t offset) noexcept
      : ReaderState(options), text_(text), offset_(offset) {}

  std::size_t offset() const noexcept { return offset_; }
  Kind peek() const noexcept { return Kind::text; }
  Kind kind() const noexcept { return Kind::text; }
  STRUCTWIRE_COLD bool refuse(KindSet expected) { return mismatch(expected, "str", offset_); }
  bool skip() const noexcept { return true; }
  Mark mark() const noexcept { return {}; }
  void rewind(Mark) noexcept { clear_error(); }
  void return_to(std::size_t) noexcept {}

  bool read(bool&) { return refuse(Kind::boolean); }
  bool read(double& out);
  bool read(float& out);
  template <class Integer>
    requires(std::is_integral_v<Integer> && !std::is_same_v<Integer, bool>)
  bool read(Integer& out) {
    std::int64_t number = 0;
    std::uint64_t large = 0;
    switch (read_integer(number, large)) {
      case Found::none: return refuse_integer();
      case Found::integer: return take(number, out);
      case Found::large: return take(large, out);
      case Found::beyond: break;
    }
    return fail(ErrorCode::number_out_of_range, "Integer value out of range", offset_);
  }
  bool read_text(std::string_view& out) noexcept {
    out = text_;
    return true;
  }
  bool read_bytes(Bytes& out);
  bool read_bytes(Buffer& out);
  bool read_some(bool& some) noexcept {
    some = true;
    return true;
  }
  bool read_scalar(Value& out);

 private:
  enum class Found { none, integer, large, beyond };
  Found read_integer(std::int64_t& number, std::uint64_t& large) const noexcept;
  STRUCTWIRE_COLD bool refuse_integer();
  STRUCTWIRE_COLD bool out_of_range(bool above, std::int64_t low, std::uint64_t high);

  template <class Held, class Integer>
  bool take(Held number, Integer& out) {
    using Range = std::numeric_limits<Integer>;
    const bool above = std::cmp_greater(number, Range::max());
    if (above || std::cmp_less(number, Range::min())) {
      return out_of_range(above, static_cast<std::int64_t>(Range::min()), Range::max());
    }
    out = static_cast<Integer>(number);
    return true;
  }

  std::string_view text_;
  std::size_t offset_;
};

/// A text key as paths show it, quoted and escaped: `"worker 1"`.
std::string shown_key_text(std::string_view key);

}  // namespace structwire
