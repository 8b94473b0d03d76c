// SPDX-License-Identifier: Apache-2.0
#pragma once

// The Reader: what a format supplies so that core can decode any struct from it.
//
// Core owns the loops (core/decode.hpp); a Reader supplies the pieces. It derives from ReaderState, which
// holds what is the same in every format: the first error, the depth, the limits. Every piece returns false
// after it has recorded an error, and is not called again after that. The calls carry more than any one
// format needs (the member's name, number and position); they are constants that cost nothing where unused.
//
//   static constexpr FormatTraits traits;
//   std::size_t offset() const                   where the next value starts, in bytes; for messages. no_offset
//                                                where the input is no bytes
//   std::size_t progress() const                 where offset() does not tell it: how much was read, in values and
//                                                bytes of text; goes back with rewind
//   bool finish()                                the input ends here
//   bool read(bool&) read(Integer&) read(float&) read(double&)
//   bool read_text(std::string_view&)            valid UTF-8, valid until the next call; formats may refuse other kinds
//   bool read_bytes(Bytes&)
//   bool read_some(bool& some)                   is there a value, or null? Consumes the null
//   bool close_some()                            optional: after the value that read_some announced
//   struct ArrayScope { std::size_t hint; };     hint: item count bounded by the bytes that are left, or 0; formats
//                                                that tell the count in front have it in `announced`
//   bool open_array(ArrayScope&)  bool more_items(ArrayScope&)      the latter consumes the end
//   struct MapScope { std::size_t hint; };
//   bool open_map(MapScope&)  bool more_entries(MapScope&)  bool close_key(MapScope&)
//   struct StructScope;
//   bool open_struct<P>(StructScope&)
//   int next_member<P, I>(StructScope&)          index of the member whose value follows, or member_end, member_error.
//                                                I is the prediction; unknown fields are skipped or refused here
//   bool holds_all<T>(std::size_t count)         optional, with read_all, for the types T that the format can read many of
//   bool read_all(T*, std::size_t count)         at once: are there bytes for so many? Then so many are read; false, with
//                                                nothing read, where they need a closer look. ArrayScope::remaining
//                                                tells how many there are
//   int skip_members<P>(StructScope&)            optional: behind member_unknown, passes over that member and all that
//                                                follow it which P does not know; returns as next_member does
//   std::size_t read_plain_items(ArrayScope&, N*, std::size_t)         optional, for some types of numbers: the item that
//                                                more_items has announced and those behind it, as many as are plain
//                                                numbers; returns how many
//   bool read_member<P, I>(M&, bool again)       optional: the format decodes the member itself; `again` when it
//                                                was there before in this struct               (merged repeats)
//   bool read_enum<E>(E&)                        optional: by index, by number, …
//   bool read_alternative<V>(std::size_t&)       which alternative of a std::variant follows   (not self-describing)
//
// Self-describing formats also tell what is there before it is read:
//
//   Kind peek()                                  cheap; any number may be called an integer
//   Kind kind()                                  exact
//   bool refuse(KindSet expected)                records that another kind stands here
//   bool read_scalar(Value&)  bool skip()
//   bool capture(Raw&)  bool capture(RawView&)                                                 (those of bytes)
//   Mark mark()  void rewind(Mark)               back to a value, to read it again; no error is pending then
//   void return_to(std::size_t offset)           the same by offset, in front of a value that failed
//   bool borrowed(std::string_view)              does a text just read stand in the input?     (those of bytes)
//   bool read_number_text(std::string_view&)     optional: a number as it is spelled
//   bool refuse_tag(Kind, std::size_t start)     optional: no tag of that kind could be read at `start`, and an error is
//                                                pending; another may be put in its place
//   int next_member may return member_unknown    after it has said which by unknown_key(key, offset); its value
//                                                follows. Formats without that pass over unknown fields themselves
//
// A Reader is used by one thread, once, for one input; the input must outlive it.

#include <cstddef>
#include <string>
#include <string_view>

#include <structwire/core/config.hpp>
#include <structwire/core/error.hpp>
#include <structwire/core/limits.hpp>
#include <structwire/core/traits.hpp>

namespace structwire {

inline constexpr int member_end = -1;
inline constexpr int member_error = -2;
inline constexpr int member_unknown = -3;
/// The offset in inputs that are no bytes: errors then tell none.
inline constexpr std::size_t no_offset = static_cast<std::size_t>(-1);

class ReaderState {
 public:
  explicit ReaderState(const DecodeOptions& options) noexcept
      : options_(&options), depth_left_(options.limits.depth), memory_left_(options.limits.decoded_bytes) {}

  bool failed() const noexcept { return static_cast<bool>(error_); }
  Error take_error() noexcept { return std::move(error_); }
  const Limits& limits() const noexcept { return options_->limits; }
  const DecodeOptions& options() const noexcept { return *options_; }

  /// The field that next_member has just reported as unknown: its key, valid until the next read.
  struct FieldKey {
    std::string_view text;
    std::size_t offset = 0;
  };
  const FieldKey& unknown_key() const noexcept { return unknown_key_; }
  void unknown_key(std::string_view text, std::size_t offset) noexcept { unknown_key_ = {text, offset}; }

  /// One level down; false when that is one too many.
  bool enter(std::size_t offset) { return depth_left_-- != 0 || too_deep(offset); }
  void leave() noexcept { ++depth_left_; }
  unsigned depth_left() const noexcept { return depth_left_; }
  void restore_depth(unsigned depth_left) noexcept { depth_left_ = depth_left; }

  /// Counts memory that containers take; false when it is more than the limit.
  bool charge(std::size_t bytes, std::size_t offset) {
    if (bytes > memory_left_) return too_large(offset);
    memory_left_ -= bytes;
    return true;
  }

  /// What was charged so far is gone again: for inputs of many values that are held one at a time.
  void forget_charges() noexcept { memory_left_ = options_->limits.decoded_bytes; }

  /// An alternative that was tried failed; it had read from `from` to `to` of the reader's progress. False when all of
  /// them together have read more than the limit.
  STRUCTWIRE_COLD bool count_attempt(std::size_t from, std::size_t to, std::size_t offset);
  /// A number that stands as `text` at `offset` is no longer than the limit.
  bool within_digits(std::string_view text, std::size_t offset) {
    return text.size() <= limits().number_digits || too_many_digits(offset);
  }

  // The cold path. Each records the first error and returns false.
  STRUCTWIRE_COLD bool fail(ErrorCode code, std::string_view text, std::size_t offset);
  STRUCTWIRE_COLD bool truncated(std::size_t offset);
  STRUCTWIRE_COLD bool mismatch(KindSet expected, std::string_view got, std::size_t offset);
  /// A value outside its rules: `expected` is the condition, `` `int` <= 9 ``.
  /// `got`: what was there instead, where that is no kind: a length.
  STRUCTWIRE_COLD bool violated(ErrorCode code, std::string expected, std::size_t offset, std::string got = {});
  STRUCTWIRE_COLD bool missing_field(std::string_view wire_name, std::size_t offset);
  STRUCTWIRE_COLD bool unknown_field(std::string_view wire_name, std::size_t offset);
  STRUCTWIRE_COLD bool too_deep(std::size_t offset);
  STRUCTWIRE_COLD bool too_large(std::size_t offset);
  STRUCTWIRE_COLD bool too_many_digits(std::size_t offset);

  /// In a mode that collects errors: puts the pending error aside, when it is one that reading can go on after.
  STRUCTWIRE_COLD bool forgive();
  std::size_t errors_left_to_forgive() const noexcept { return errors_to_forgive_; }
  static bool can_go_on_after(ErrorCode code) noexcept;
  /// How many errors forgive() puts aside before it lets one stand.
  void forgive_first(std::size_t count) noexcept { errors_to_forgive_ = count; }

  void clear_error() noexcept { error_ = Error(); }
  /// An error of a reader that read a part of this one's input.
  bool adopt(Error error) noexcept {
    error_ = std::move(error);
    return false;
  }
  ErrorCode error_code() const noexcept { return error_.code(); }
  std::size_t error_offset() const noexcept { return error_.offset().value_or(no_offset); }

  // On the way out: where the error is, innermost step first. Each returns false.
  STRUCTWIRE_COLD bool in_member(std::string_view wire_name);
  STRUCTWIRE_COLD bool in_item(std::size_t index);
  STRUCTWIRE_COLD bool in_map_value(std::string key = {});
  STRUCTWIRE_COLD bool in_map_key();
  /// The place that a kind mismatch is reported for takes these as well.
  STRUCTWIRE_COLD bool or_kinds(KindSet others);

 private:
  const DecodeOptions* options_;
  Error error_;
  unsigned depth_left_;
  std::size_t memory_left_;
  std::size_t errors_to_forgive_ = 0;
  std::size_t read_in_vain_ = 0;
  std::size_t furthest_ = 0;
  FieldKey unknown_key_;
};

}  // namespace structwire
