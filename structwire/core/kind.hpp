// SPDX-License-Identifier: Apache-2.0
#pragma once

// The kinds of value that formats tell apart and that error messages name.

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace structwire {

/// In the order in which messages list them.
enum class Kind : std::uint8_t {
  boolean,
  integer,
  floating,
  text,
  bytes,
  datetime,
  date,
  time,
  duration,
  uuid,
  decimal,
  ext,
  object,
  array,
  null,
};

inline constexpr std::array<std::string_view, 15> kind_names = {
    "bool", "int",      "float", "str",     "bytes", "datetime", "date", "time",
    "duration", "uuid", "decimal", "ext", "object", "array", "null"};
/// The name that messages use: `bool`, `int`, `float`, `str`, `bytes`, …
constexpr std::string_view name_of(Kind kind) noexcept { return kind_names[static_cast<std::size_t>(kind)]; }

/// A set of kinds: what a reader would have accepted at one place.
class KindSet {
 public:
  constexpr KindSet() noexcept = default;
  constexpr KindSet(Kind kind) noexcept : bits_(bit(kind)) {}
  static constexpr KindSet any() noexcept {
    KindSet set;
    set.bits_ = (bit(Kind::null) << 1) - 1;
    return set;
  }
  constexpr bool contains(Kind kind) const noexcept { return (bits_ & bit(kind)) != 0; }
  constexpr bool empty() const noexcept { return bits_ == 0; }
  constexpr bool overlaps(KindSet other) const noexcept { return (bits_ & other.bits_) != 0; }
  friend constexpr bool operator==(KindSet, KindSet) = default;
  constexpr void insert(KindSet other) noexcept { bits_ |= other.bits_; }

  /// `int | null`, in the order of Kind.
  std::string text() const;

 private:
  static constexpr std::uint32_t bit(Kind kind) noexcept { return 1u << static_cast<unsigned>(kind); }
  std::uint32_t bits_ = 0;
};

}  // namespace structwire
