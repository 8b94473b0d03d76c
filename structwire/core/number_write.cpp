// SPDX-License-Identifier: Apache-2.0

// Numbers to text.

#include <bit>
#include <cstring>
#include <limits>

#include <structwire/core/digits.hpp>
#include <structwire/core/number.hpp>
#include <structwire/core/shortest.hpp>

namespace structwire {
namespace {

constexpr std::uint64_t ten_to_8 = 100'000'000;
constexpr std::uint64_t ten_to_16 = ten_to_8 * ten_to_8;

// value < 10^8, without leading zeros.
char* put_short(char* out, std::uint64_t value) noexcept {
  const std::uint64_t spread = digits::spread(value);
  // The bit of the last digit keeps the zero of 0.
  const int leading = std::countr_zero(spread | std::uint64_t{1} << 56) & ~7;
  digits::store(out, (spread | digits::ascii_zeros) >> leading);
  return out + 8 - leading / 8;
}

char* put_eight(char* out, std::uint64_t value) noexcept {
  digits::store(out, digits::spread(value) | digits::ascii_zeros);
  return out + 8;
}

// 17 digits, the first of them not 0, and its exponent: d.ddd × 10^exponent. They stay in registers: loading
// again what was just stored in other pieces costs more than making it.
struct Digits {
  int exponent;
  char first;
  digits::Sixteen others;
  int count;  // without trailing zeros

  static Digits of(ShortestDecimal decimal) noexcept {
    int exponent = decimal.exponent + 16;
    // Floats and the smallest doubles have less than 16 digits.
    while (decimal.digits < ten_to_16 / 10) [[unlikely]] {
      decimal.digits *= 10;
      --exponent;
    }
    if (decimal.digits < ten_to_16) {
      decimal.digits *= 10;
      --exponent;
    }
    const std::uint64_t front = decimal.digits / ten_to_8;
    const std::uint64_t top = front / ten_to_8;
    const digits::Sixteen others(front - top * ten_to_8, decimal.digits - front * ten_to_8);
    return {exponent, static_cast<char>('0' + top), others, 1 + others.significant()};
  }
};

// 1e16, 1.5e-7: no plus sign, no padding.
STRUCTWIRE_NOINLINE char* put_scientific(char* out, const Digits& digits) noexcept {
  out[0] = digits.first;
  out[1] = '.';
  digits.others.put(out + 2);
  out += digits.count == 1 ? 1 : digits.count + 1;
  *out++ = 'e';
  return write_number(out, std::int64_t{digits.exponent});
}

STRUCTWIRE_ALWAYS_INLINE char* put_positional(char* out, const Digits& digits) noexcept {
  if (digits.exponent < 0) {
    std::memcpy(out, "0.000000", 8);
    out += 1 - digits.exponent;
    *out = digits.first;
    digits.others.put(out + 1);
    return out + digits.count;
  }
  // The whole part ends behind the digit of exponent 0; at least one digit follows the point.
  const int whole = digits.exponent + 1;
  out[0] = digits.first;
  digits.others.put(out + 1);
  out[whole] = '.';
  digits.others.put_behind(digits.exponent, out + whole + 1);
  return out + (digits.count > whole ? digits.count + 1 : whole + 2);
}

template <class Float>
char* write_float(char* out, Float value) noexcept {
  *out = '-';
  out += __builtin_signbit(value) != 0;
  if (value == 0) {
    std::memcpy(out, "0.0", 3);
    return out + 3;
  }
  const Digits digits = Digits::of(shortest_decimal(value < 0 ? -value : value));
  // msgspec's thresholds: positional from 1e-5 to below 1e16.
  if (digits.exponent < -5 || digits.exponent > 15) [[unlikely]] return put_scientific(out, digits);
  return put_positional(out, digits);
}

}  // namespace

char* write_number(char* out, double value) noexcept { return write_float(out, value); }
char* write_number(char* out, float value) noexcept { return write_float(out, value); }

char* write_number(char* out, std::uint64_t value) noexcept {
  if (value < ten_to_8) [[likely]] return put_short(out, value);
  if (value < ten_to_16) return put_eight(put_short(out, value / ten_to_8), value % ten_to_8);
  const std::uint64_t rest = value % ten_to_16;
  return put_eight(put_eight(put_short(out, value / ten_to_16), rest / ten_to_8), rest % ten_to_8);
}

char* write_number(char* out, std::int64_t value) noexcept {
  *out = '-';
  const auto bits = static_cast<std::uint64_t>(value);
  return write_number(out + (value < 0), value < 0 ? std::uint64_t{0} - bits : bits);
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
