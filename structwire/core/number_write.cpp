// SPDX-License-Identifier: Apache-2.0

// Numbers to text.

#include <array>
#include <bit>
#include <cmath>
#include <cstring>
#include <limits>

// GCC 12 with sanitizers takes its own _mm_undefined_si128 (in _mm512_castsi512_si128) for a mistake.
#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC diagnostic ignored "-Wuninitialized"
#pragma GCC diagnostic ignored "-Wmaybe-uninitialized"
#endif

#include <structwire/core/digits.hpp>
#include <structwire/core/number.hpp>
#include <structwire/core/shortest.hpp>

namespace structwire {
namespace {

constexpr std::uint64_t ten_to_8 = 100'000'000;
constexpr std::uint64_t ten_to_16 = ten_to_8 * ten_to_8;

// value < 10^8, without leading zeros.
STRUCTWIRE_ALWAYS_INLINE char* put_short(char* out, std::uint64_t value) noexcept {
  const std::uint64_t spread = digits::eight(value);
  // The bit of the last digit keeps the zero of 0.
  const int leading = std::countr_zero(spread | std::uint64_t{1} << 56) & ~7;
  digits::store(out, (spread | digits::ascii_zeros) >> leading);
  return out + 8 - leading / 8;
}

struct Pair {
  char text[2];
};
constexpr auto pairs = [] {
  std::array<Pair, 100> made{};
  for (int i = 0; i < 100; ++i) {
    const char ones = static_cast<char>('0' + i % 10);
    made[static_cast<std::size_t>(i)] = i < 10 ? Pair{{ones}} : Pair{{static_cast<char>('0' + i / 10), ones}};
  }
  return made;
}();

// value < 100, without a leading zero.
STRUCTWIRE_ALWAYS_INLINE char* put_pair(char* out, std::uint64_t value) noexcept {
  std::memcpy(out, &pairs[value], sizeof(Pair));
  return out + 1 + (value >= 10);
}

// Branches on the sizes that numbers mostly have, none on the number of digits.
STRUCTWIRE_ALWAYS_INLINE char* put_integer(char* out, std::uint64_t value) noexcept {
  if (value < ten_to_8) [[likely]] return put_short(out, value);
  const std::uint64_t high = value / ten_to_8;
  const std::uint64_t low = value - high * ten_to_8;
  if (high < 100) {
    out = put_pair(out, high);
    digits::put_eight(out, low);
    return out + 8;
  }
  if (value < ten_to_16) {
    const digits::Sixteen digits(high, low);
    const int leading = std::countr_zero(digits.nonzero());
    digits.put_behind(leading, out);
    return out + 16 - leading;
  }
  const std::uint64_t top = high / ten_to_8;
  out = put_short(out, top);
  digits::Sixteen(high - top * ten_to_8, low).put_behind(0, out);
  return out + 16;
}

// 17 digits with at most one zero in front: 16 that stay in a register, as loading again what was just stored in other
// pieces costs more than making it, and the last one.
class Digits {
 public:
  /// tens >= 10^14.
  STRUCTWIRE_ALWAYS_INLINE explicit Digits(const ShortestDecimal& decimal) noexcept
      : upper_(decimal.tens / ten_to_8, decimal.tens % ten_to_8),
        last_(static_cast<char>('0' + decimal.ones)),
        skipped_(static_cast<int>(decimal.tens < ten_to_16 / 10)) {
    whole_ = decimal.exponent + 17 - skipped_;
    const unsigned nonzero = upper_.nonzero() | static_cast<unsigned>(decimal.ones != 0) << 16;
    count_ = 32 - std::countl_zero(nonzero) - skipped_;
  }

  /// Digits in front of the point; 0 or less where the value is below 1.
  int whole() const noexcept { return whole_; }
  /// All digits, without zeros at the end.
  int count() const noexcept { return count_; }

  /// Returns where zeros follow.
  char* put(char* out) const noexcept {
    upper_.put_behind(skipped_, out);
    out[16 - skipped_] = last_;
    return out + count_;
  }
  /// With a point behind `whole` of them, 1 to 16, and at least one digit behind it.
  STRUCTWIRE_ALWAYS_INLINE char* put_with_point(int whole, char* out) const noexcept {
    // The last digit once for each side of the point; what is stored later covers the one that is not right.
    put(out);
    upper_.put_behind(skipped_ + whole, out + whole + 1);
    out[17 - skipped_] = last_;
    out[whole] = '.';
    return out + (count_ > whole ? count_ + 1 : whole + 2);
  }

 private:
  digits::Sixteen upper_;
  char last_;
  int skipped_;
  int whole_ = 0;
  int count_ = 0;
};

// msgspec's thresholds: positional from 1e-5 to below 1e16.
constexpr int whole_min = -4;
constexpr int whole_max = 16;

// 1e16, 1.5e-7: no plus sign, no padding.
STRUCTWIRE_NOINLINE char* put_scientific(char* out, ShortestDecimal decimal) noexcept {
  const Digits digits(decimal);
  out = digits.count() == 1 ? digits.put(out) : digits.put_with_point(1, out);
  *out++ = 'e';
  return write_number(out, std::int64_t{digits.whole() - 1});
}

STRUCTWIRE_ALWAYS_INLINE char* put_decimal(char* out, const ShortestDecimal& decimal) noexcept {
  const Digits digits(decimal);
  const int whole = digits.whole();
  if (whole > 0 && whole <= whole_max) [[likely]] return digits.put_with_point(whole, out);
  if (whole < whole_min || whole > whole_max) return put_scientific(out, decimal);
  std::memcpy(out, "0.000000", 8);
  return digits.put(out + 2 - whole);
}

// What the quick way below cannot do. Apart, and without a way back: where its results join those of the quick way,
// GCC 16 keeps twice as much in memory.
template <class Float>
STRUCTWIRE_NOINLINE char* write_slowly(char* out, Float magnitude) noexcept {
  if (magnitude == 0) {
    std::memcpy(out, "0.0", 3);
    return out + 3;
  }
  ShortestDecimal decimal = shortest_decimal(magnitude);
  while (decimal.tens < ten_to_16 / 100) {
    decimal.tens = 10 * decimal.tens + decimal.ones;
    decimal.ones = 0;
    --decimal.exponent;
  }
  return put_decimal(out, decimal);
}

}  // namespace

char* write_number(char* out, double value) noexcept {
  constexpr std::uint64_t hidden = std::uint64_t{1} << 52;
  const auto bits = std::bit_cast<std::uint64_t>(value);
  *out = '-';
  out += bits >> 63;
  const std::uint64_t c = bits & (hidden - 1);
  const int biased = static_cast<int>(bits >> 52 & 0x7FF);
  ShortestDecimal decimal;
  // Zero, powers of two; and the smallest doubles, which have few digits.
  if (c == 0 || biased == 0 || !shortest_quickly(c | hidden, biased - 1075, decimal)) [[unlikely]] {
    return write_slowly(out, std::abs(value));
  }
  return put_decimal(out, decimal);
}

char* write_number(char* out, float value) noexcept {
  *out = '-';
  out += std::signbit(value);
  return write_slowly(out, std::abs(value));
}

char* write_number(char* out, std::uint64_t value) noexcept { return put_integer(out, value); }

char* write_number(char* out, std::int64_t value) noexcept {
  *out = '-';
  const auto bits = static_cast<std::uint64_t>(value);
  return put_integer(out + (value < 0), value < 0 ? std::uint64_t{0} - bits : bits);
}

std::string number_text(double value) {
  if (value != value) return "nan";
  if (value > std::numeric_limits<double>::max()) return "inf";
  if (value < std::numeric_limits<double>::lowest()) return "-inf";
  char text[number_text_room];
  return {text, write_number(text, value)};
}
std::string number_text(std::int64_t value) { return std::to_string(value); }
std::string number_text(std::uint64_t value) { return std::to_string(value); }

}  // namespace structwire
