// SPDX-License-Identifier: Apache-2.0
#pragma once

// From one struct into another, by the names of their members:
//
//   auto row = sw::convert<Row>(task);               // std::expected<Row, sw::Error>
//
// A member of the target takes the member of the source that is declared with the same name; when there is none,
// the one whose declared name is the target's wire name. What the source has besides is passed over, whatever the
// target says of unknown fields; what it lacks is absent. Kinds, rules, lax mode and error texts are those of
// decoding; paths have the target's wire names. Structs inside are converted likewise; a struct is no map and no
// array here, however it stands on a wire, and an error calls it by its name. A map may become a struct, by wire
// names. Tags are compared only where they choose the alternative of a std::variant.
//
// Of the source is seen: every member but skipped ones, also those that encoding leaves out; an Unset that is
// absent is not there; fields kept by keep_unknown_fields have their names; codecs show their wire form.
// A Value takes a struct as a map of declared names.
//
// The cost: the source is copied once into a Value, strings and all, and the target is made from that. Into its
// own type a struct is copied as it is, unchecked (core/validate.hpp checks). Nothing is thrown; safe from any
// thread.

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

#include <structwire/core/convert.hpp>

namespace structwire {

// In the Value that stands between, a struct is a map whose first key is this byte and the struct's name, with
// the struct's tag as its value. No text that anybody else writes there can begin so: it is no UTF-8.
inline constexpr char struct_mark = '\xFF';

/// The first entry of what stands for a struct; nullptr for all other values.
const Value::Entry* find_struct_mark(const Value& value) noexcept;
/// A copy in which structs are plain maps.
Value without_struct_marks(const Value& value);

inline namespace STRUCTWIRE_INLINE {

/// Writes members under their declared names, all of them.
class MembersWriter : public ValueWriter {
 public:
  using Overrides = FlatRules<Rules<object_like>>;
  using ValueWriter::ValueWriter;

  template <class P>
  void open_struct(std::size_t size) {
    ValueWriter::open_struct<P>(size + 1);
    text_key(std::string(1, struct_mark).append(reflect::type_name<typename P::Struct>));
    if constexpr (P::tag.kind == TagKind::text) {
      ValueWriter::text(P::tag.text);
    } else if constexpr (P::tag.kind == TagKind::integer) {
      ValueWriter::write(P::tag.number);
    } else {
      ValueWriter::null();
    }
    end_entry();
  }
  /// The tag stands with the mark already; as a member it has no name that anybody asks for.
  template <class P, std::size_t I>
    requires(I == P::tag_index)
  void member_key() {
    text_key(std::string(1, struct_mark));
  }
  template <class P, std::size_t I, class M>
  void write_member(const M& member) {
    if constexpr (UnsetType<M>) {
      if (!member) return;
    }
    text_key(std::string(P::members[I].declared_name));
    write_value<typename P::template MemberRules<I>>(*this, member);
    end_member();
  }

 private:
  void text_key(std::string key) { set_key(Value(std::move(key))); }
};

/// Reads what MembersWriter wrote.
class MembersReader : public ValueReaderBase {
 public:
  static constexpr FormatTraits traits = value_traits;
  /// Array-like structs are matched by names as well.
  using Overrides = FlatRules<Rules<object_like>>;

  struct StructScope : MapScope {
    std::string_view key;
    std::size_t key_offset = no_offset;
    std::size_t member = 0;      ///< By members: the next one of the target.
    bool is_struct = false;
    bool shows_tag = false;
  };

  using ValueReaderBase::ValueReaderBase;

  // To what walks values without a type, a struct is one piece: read_scalar gives it as a map.
  Kind peek() const noexcept { return find_struct_mark(*current_) ? Kind::ext : ValueReaderBase::peek(); }
  Kind kind() noexcept {
    asked_ = current_;
    return ValueReaderBase::peek();
  }
  // A variant that looks for a tag asks the kind, and marks where it is before it reads on.
  Mark mark() noexcept {
    tag_wanted_ = asked_ == current_ ? current_ : nullptr;
    return ValueReaderBase::mark();
  }
  void rewind(const Mark& mark) noexcept {
    tag_wanted_ = nullptr;
    ValueReaderBase::rewind(mark);
  }

  STRUCTWIRE_COLD bool refuse(KindSet expected) { return named(ValueReaderBase::refuse(expected)); }
  bool read_scalar(Value& out) {
    out = without_struct_marks(*current_);
    return true;
  }
  bool capture(Raw& out);

  template <class T>
  bool read(T& out) {
    if constexpr (std::is_integral_v<T> && !std::is_same_v<T, bool>) {
      ValueReader integers(*current_, options());
      return integers.read(out) || named(adopt(integers.take_error()));
    } else {
      return ValueReaderBase::read(out) || named(false);
    }
  }
  bool read_text(std::string_view& out) { return ValueReaderBase::read_text(out) || named(false); }
  bool read_bytes(Bytes& out) { return ValueReaderBase::read_bytes(out) || named(false); }
  bool read_bytes(Buffer& out) { return ValueReaderBase::read_bytes(out) || named(false); }
  bool open_array(ArrayScope& scope) { return ValueReaderBase::open_array(scope) || named(false); }
  bool open_map(MapScope& scope) {
    if (find_struct_mark(*current_) != nullptr) return refuse(Kind::object);
    return ValueReaderBase::open_map(scope);
  }

  template <class P>
  bool open_struct(StructScope& scope) {
    scope.is_struct = find_struct_mark(*current_) != nullptr;
    scope.shows_tag = std::exchange(tag_wanted_, nullptr) == current_;
    return ValueReaderBase::open_map(scope);
  }

  template <class P, std::size_t I>
  int next_member(StructScope& scope) {
    if (!scope.is_struct) return next_by_wire_name<P>(scope);
    if (P::tagged && scope.shows_tag) {
      scope.shows_tag = false;
      if (take_tag(scope, P::tag.field)) return static_cast<int>(P::tag_index);
    }
    while (scope.member < P::size) {
      const MemberPlan& member = P::members[scope.member++];
      if (take(scope, member.declared_name) || take(scope, member.wire_name)) {
        return static_cast<int>(scope.member - 1);
      }
    }
    return member_end;
  }

 private:
  /// An error about the kind of a struct names the struct.
  STRUCTWIRE_COLD bool named(bool outcome);
  /// The value of the source's member with this name is current now.
  bool take(const StructScope& scope, std::string_view name) noexcept;
  /// Its tag, or the member that a struct without one has in place of it.
  bool take_tag(const StructScope& scope, std::string_view field) noexcept;

  template <class P>
  int next_by_wire_name(StructScope& scope) {
    if (!more_entries(scope)) return member_end;
    if (!read_text(scope.key)) {
      in_map_key();
      return member_error;
    }
    const int index = P::find(scope.key);
    close_key(scope);
    return index >= 0 ? index : member_unknown;
  }

  const Value* asked_ = nullptr;
  const Value* tag_wanted_ = nullptr;
};

/// Converts into an object whose memory is used again. After an error it holds parts of the old and the new value.
template <StructType T, class U>
Result<void> convert_into(const T& source, U& out, const DecodeOptions& options = {}) {
  if constexpr (std::is_same_v<T, U> && std::is_copy_assignable_v<U>) {
    out = source;
    return {};
  } else {
    WriterState state;
    state.strict = true;
    MembersWriter writer(state);
    if (auto written = encode_whole(writer, source, state); !written) return written;
    const Value between = writer.take();
    MembersReader reader(between, options);
    return decode_whole(reader, out);
  }
}

/// The members of `source` as a U.
template <class U, StructType T>
Result<U> convert(const T& source, const DecodeOptions& options = {}) {
  Result<U> result;
  if (auto converted = convert_into(source, *result, options); !converted) {
    return std::unexpected(std::move(converted.error()));
  }
  return result;
}

}  // namespace STRUCTWIRE_INLINE
}  // namespace structwire
