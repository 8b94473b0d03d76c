// SPDX-License-Identifier: Apache-2.0
#pragma once

// The Reader of the numbered test format (format.hpp; the contract: structwire/core/reader.hpp).
//
// The tag of a field is read before core asks for the value, so `wire_` and `place_` say what is at
// the cursor. Inside a message `end_` is the end of that message.

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include <structwire/core/decode.hpp>
#include <tests/support/byte_reader.hpp>
#include <tests/support/numbered/format.hpp>

namespace structwire::testing::numbered {

class Reader : public ByteReader {
 public:
  static constexpr FormatTraits traits = numbered::traits;
  using ByteReader::ByteReader;

  struct StructScope {
    const std::byte* outer_end = nullptr;
  };
  struct ArrayScope {
    const std::byte* outer_end = nullptr;
    std::size_t count = 0;
    std::size_t hint = 0;
  };
  struct MapScope {
    const std::byte* outer_end = nullptr;
    const std::byte* map_end = nullptr;
    const std::byte* value = nullptr;
    unsigned value_wire = 0;
    std::size_t count = 0;
    bool in_entry = false;
  };

  bool read(bool& out) {
    std::uint64_t bits = 0;
    if (!begin(varint, Kind::boolean) || !take_varint(bits)) return false;
    if (bits > 1) return malformed("A bool that is neither 0 nor 1");
    out = bits == 1;
    return true;
  }
  template <class Integer>
    requires(std::is_integral_v<Integer> && !std::is_same_v<Integer, bool>)
  bool read(Integer& out) {
    return begin(varint, Kind::integer) && take_integer(out);
  }
  bool read(float& out) { return begin(fixed32, Kind::floating) && take_fixed(out); }
  bool read(double& out) { return begin(fixed64, Kind::floating) && take_fixed(out); }
  bool read_text(std::string_view& out) { return begin(counted, Kind::text) && take_text(out); }
  template <class Target>
  bool read_bytes(Target& out) {
    std::span<const std::byte> bytes;
    if (!begin(counted, Kind::bytes) || !take_counted(bytes)) return false;
    out = Target(bytes.begin(), bytes.end());
    return true;
  }
  bool read_bytes(Buffer& out) {
    std::span<const std::byte> bytes;
    if (!begin(counted, Kind::bytes) || !take_counted(bytes)) return false;
    out = Buffer(bytes);
    return true;
  }
  template <class E>
  bool read_enum(E& out) {
    const std::size_t start = offset();
    std::int64_t number = 0;
    if (!read(number)) return false;
    for (const E value : enum_values<E>.values) {
      if (static_cast<std::int64_t>(value) != number) continue;
      out = value;
      return true;
    }
    return fail(ErrorCode::invalid_enum_value, "Invalid enum value " + std::to_string(number),
                start);
  }

  bool read_some(bool& some) {
    if (place_ == Place::member) {
      place_ = Place::value;
      outer_ends_.push_back(nullptr);
      some = true;
      return true;
    }
    const std::byte* outer_end = nullptr;
    if (!open_message(outer_end, Kind::null)) return false;
    some = cursor_ != end_;
    if (!some) {
      end_ = outer_end;
      return true;
    }
    outer_ends_.push_back(outer_end);
    return open_field(1);
  }
  bool close_some() {
    const std::byte* outer_end = outer_ends_.back();
    outer_ends_.pop_back();
    if (outer_end == nullptr) return true;
    if (cursor_ != end_) return malformed("More than one value in an optional");
    end_ = outer_end;
    return true;
  }

  bool open_array(ArrayScope& scope) { return open_message(scope.outer_end, Kind::array); }
  bool more_items(ArrayScope& scope) {
    if (cursor_ == end_) {
      end_ = scope.outer_end;
      return false;
    }
    return ++scope.count <= limits().container_items ? open_field(1) : too_many();
  }

  bool open_map(MapScope& scope) { return open_message(scope.outer_end, Kind::object); }
  bool more_entries(MapScope& scope) {
    if (scope.in_entry) close_entry(scope);
    if (cursor_ == end_) {
      end_ = scope.outer_end;
      return false;
    }
    if (++scope.count > limits().container_items) return too_many();
    return open_field(1) && open_entry(scope);
  }
  bool close_key(MapScope& scope) noexcept {
    cursor_ = scope.value;
    wire_ = scope.value_wire;
    place_ = Place::value;
    return true;
  }

  template <class P>
  bool open_struct(StructScope& scope) {
    if (place_ != Place::top) return open_message(scope.outer_end, Kind::object);
    scope.outer_end = end_;
    return true;
  }
  template <class P, std::size_t I>
  int next_member(StructScope& scope) {
    while (cursor_ != end_) {
      const std::size_t start = offset();
      std::uint32_t number = 0;
      if (!take_tag(number)) return member_error;
      const int index = P::find(number);
      if (index >= 0) {
        place_ = Place::member;
        return index;
      }
      if (P::forbid_unknown_fields) {
        unknown_field(std::to_string(number), start);
        return member_error;
      }
      if (!skip_payload()) return member_error;
    }
    end_ = scope.outer_end;
    return member_end;
  }

  template <class P, std::size_t I, ArrayType M>
  bool read_member(M& items, bool again) {
    if (!again) items.clear();
    place_ = Place::value;
    return items.size() < limits().container_items ? decode_further_item(*this, items) : too_many();
  }
  template <class P, std::size_t I, MapType M>
  bool read_member(M& entries, bool again) {
    if (!again) entries.clear();
    if (entries.size() >= limits().container_items) return too_many();
    MapScope scope;
    place_ = Place::value;
    if (!open_entry(scope) || !decode_further_entry(*this, entries, scope)) return false;
    close_entry(scope);
    return true;
  }

 private:
  bool too_many() { return fail(ErrorCode::size_limit, "More items than the limit", offset()); }

  bool take_tag(std::uint32_t& number) {
    std::uint64_t tag = 0;
    if (!take_varint(tag)) return false;
    if (tag >> 3 == 0 || tag >> 3 > 0x1fffffff) return malformed("A field number that cannot be");
    number = static_cast<std::uint32_t>(tag >> 3);
    wire_ = tag & 7;
    return true;
  }
  bool open_field(std::uint32_t wanted) {
    std::uint32_t number = 0;
    if (!take_tag(number)) return false;
    if (number != wanted) return malformed("A field that this message does not have");
    place_ = Place::value;
    return true;
  }

  // Every read starts here: the field is of the wire type that the value has.
  bool begin(unsigned wire, KindSet expected) {
    if (place_ == Place::top && !open_field(1)) return false;
    if (wire_ != wire) return mismatch(expected, "wire type " + std::to_string(wire_), offset());
    return true;
  }
  bool open_message(const std::byte*& outer_end, KindSet expected) {
    std::uint64_t size = 0;
    if (!begin(counted, expected) || !take_varint(size)) return false;
    if (size > left()) return truncated(offset());
    outer_end = end_;
    end_ = cursor_ + size;
    return true;
  }

  // Key and value may come in either order: both are looked for first.
  bool open_entry(MapScope& scope) {
    if (!open_message(scope.map_end, Kind::object)) return false;
    const std::byte* key = nullptr;
    unsigned key_wire = 0;
    scope.value = nullptr;
    while (cursor_ != end_) {
      std::uint32_t number = 0;
      if (!take_tag(number)) return false;
      if (number == 1) {
        key = cursor_;
        key_wire = wire_;
      } else if (number == 2) {
        scope.value = cursor_;
        scope.value_wire = wire_;
      }
      if (!skip_payload()) return false;
    }
    if (key == nullptr || scope.value == nullptr)
      return malformed("A map entry without key or value");
    scope.in_entry = true;
    cursor_ = key;
    wire_ = key_wire;
    return true;
  }
  void close_entry(MapScope& scope) noexcept {
    cursor_ = end_;
    end_ = scope.map_end;
    scope.in_entry = false;
  }

  bool skip_payload() {
    std::uint64_t size = 0;
    const std::byte* payload = nullptr;
    switch (wire_) {
      case varint:
        return take_varint(size);
      case fixed64:
        return take(8, payload);
      case counted:
        return take_varint(size) && take(size, payload);
      case fixed32:
        return take(4, payload);
      default:
        return malformed("A wire type that is not in use");
    }
  }

  unsigned wire_ = counted;
  Place place_ = Place::top;
  std::vector<const std::byte*> outer_ends_;
};

}  // namespace structwire::testing::numbered
