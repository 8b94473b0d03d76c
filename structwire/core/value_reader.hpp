// SPDX-License-Identifier: Apache-2.0
#pragma once

// The Reader over a Value (the contract: core/reader.hpp). There are no bytes: errors tell the path
// and no offset. Kinds are as strict as MessagePack's; keys of maps are any value. Bytes are bytes, or text in
// base64, as in msgspec.

#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <string_view>
#include <type_traits>
#include <utility>

#include <structwire/core/reader.hpp>
#include <structwire/core/value.hpp>

namespace structwire {

class Raw;

inline constexpr FormatTraits value_traits{
    .self_describing = true,
    .keys = true,
    .absent_is_visible = true,
    .takes_text_for_bytes = true,
};

// The state and everything that does not depend on the type being read.
class ValueReaderBase : public ReaderState {
 public:
  struct ArrayScope {
    const Value* next = nullptr;
    const Value* end = nullptr;
    std::size_t hint = 0;
    std::size_t announced = 0;
  };
  struct MapScope {
    const Value::Entry* next = nullptr;
    const Value::Entry* end = nullptr;
    std::size_t hint = 0;
  };
  using StructScope = MapScope;
  struct Mark {
    const Value* current;
    unsigned depth_left;
    std::size_t progress;
  };

  ValueReaderBase(const Value& value, const DecodeOptions& options) noexcept
      : ReaderState(options), current_(&value) {}

  std::size_t offset() const noexcept { return no_offset; }
  /// Items and entries that were come to, and the bytes of text that was read.
  std::size_t progress() const noexcept { return progress_; }
  bool finish() const noexcept { return true; }

  Kind peek() const noexcept;
  Kind kind() const noexcept { return peek(); }
  bool skip() const noexcept { return true; }
  STRUCTWIRE_COLD bool refuse(KindSet expected);
  Mark mark() const noexcept { return {current_, depth_left(), progress_}; }
  void rewind(const Mark& mark) noexcept {
    clear_error();
    current_ = mark.current;
    progress_ = mark.progress;
    restore_depth(mark.depth_left);
  }
  /// Nothing moves while a value is read, so it stands there still.
  void return_to(std::size_t) noexcept {}
  bool read_scalar(Value& out);
  bool capture(Raw& out);

  bool read(bool& out);
  bool read(double& out);
  bool read(float& out);
  bool read_text(std::string_view& out);
  bool read_bytes(Bytes& out);
  bool read_bytes(Buffer& out);
  bool read_some(bool& some) noexcept {
    some = !current_->is_null();
    return true;
  }

  bool open_array(ArrayScope& scope);
  bool more_items(ArrayScope& scope) noexcept {
    if (scope.next == scope.end) return false;
    current_ = scope.next++;
    ++progress_;
    return true;
  }
  bool open_map(MapScope& scope);
  bool more_entries(MapScope& scope) noexcept {
    if (scope.next == scope.end) return false;
    current_ = &scope.next->key;
    ++progress_;
    return true;
  }
  bool close_key(MapScope& scope) noexcept {
    current_ = &scope.next++->value;
    return true;
  }

 protected:
  bool read_bytes_view(std::span<const std::byte>& out);
  template <class Target>
  bool read_base64(Target& out);
  STRUCTWIRE_COLD bool out_of_range(bool above, std::int64_t low, std::uint64_t high);

  const Value* current_;
  std::size_t progress_ = 0;
};

inline namespace STRUCTWIRE_INLINE {

class ValueReader : public ValueReaderBase {
 public:
  static constexpr FormatTraits traits = value_traits;

  using ValueReaderBase::read;
  using ValueReaderBase::ValueReaderBase;

  template <class Integer>
    requires(std::is_integral_v<Integer> && !std::is_same_v<Integer, bool>)
  bool read(Integer& out) {
    if (const auto* number = current_->get_if<std::int64_t>()) return take(*number, out);
    if (const auto* number = current_->get_if<std::uint64_t>()) return take(*number, out);
    return refuse(Kind::integer);
  }

  template <class P>
  bool open_struct(StructScope& scope) {
    return open_map(scope);
  }

  template <class P, std::size_t I>
  int next_member(StructScope& scope) {
    if (!more_entries(scope)) return member_end;
    std::string_view key;
    if (!read_text(key)) {
      in_map_key();
      return member_error;
    }
    const int index = find<P, I>(key);
    close_key(scope);
    if (index >= 0) return index;
    unknown_key(key, no_offset);
    return member_unknown;
  }

 private:
  template <class P, std::size_t I>
  static int find(std::string_view key) noexcept {
    if constexpr (I < P::key_count) {
      if (key == P::key(I)) return static_cast<int>(I);
    }
    return P::find(key);
  }

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
};

}  // namespace STRUCTWIRE_INLINE
}  // namespace structwire
