// SPDX-License-Identifier: Apache-2.0
#include <structwire/core/number.hpp>

#include <algorithm>
#include <charconv>
#include <cstring>
#include <limits>

namespace structwire {
namespace {

// The shortest digits and the exponent of the first one: value = d.ddd × 10^exponent.
struct Digits {
  char text[32];
  int count;
  int exponent;
};

template <class Float>
Digits shortest_digits(Float magnitude) noexcept {
  char buffer[48];
  const auto end = std::to_chars(buffer, buffer + sizeof buffer, magnitude, std::chars_format::scientific).ptr;
  Digits digits{};
  const char* cursor = buffer;
  for (; *cursor != 'e'; ++cursor) {
    if (*cursor != '.') digits.text[digits.count++] = *cursor;
  }
  ++cursor;
  if (*cursor == '+') ++cursor;
  std::from_chars(cursor, end, digits.exponent);
  return digits;
}

char* put(char* out, const char* text, int count) noexcept {
  std::memcpy(out, text, static_cast<std::size_t>(count));
  return out + count;
}

char* put_zeros(char* out, int count) noexcept {
  std::memset(out, '0', static_cast<std::size_t>(count));
  return out + count;
}

// 1e16, 1.5e-7: no plus sign, no padding.
char* put_scientific(char* out, const Digits& digits) noexcept {
  *out++ = digits.text[0];
  if (digits.count > 1) {
    *out++ = '.';
    out = put(out, digits.text + 1, digits.count - 1);
  }
  *out++ = 'e';
  return std::to_chars(out, out + 8, digits.exponent).ptr;
}

char* put_positional(char* out, const Digits& digits) noexcept {
  if (digits.exponent < 0) {
    *out++ = '0';
    *out++ = '.';
    out = put_zeros(out, -digits.exponent - 1);
    return put(out, digits.text, digits.count);
  }
  const int whole = digits.exponent + 1;
  if (digits.count <= whole) {
    out = put(out, digits.text, digits.count);
    out = put_zeros(out, whole - digits.count);
    return put(out, ".0", 2);
  }
  out = put(out, digits.text, whole);
  *out++ = '.';
  return put(out, digits.text + whole, digits.count - whole);
}

template <class Float>
char* write_float(char* out, Float value) noexcept {
  if (__builtin_signbit(value)) {
    *out++ = '-';
    value = -value;
  }
  const Digits digits = shortest_digits(value);
  // msgspec's thresholds: positional from 1e-5 to below 1e16.
  if (digits.exponent < -5 || digits.exponent > 15) return put_scientific(out, digits);
  return put_positional(out, digits);
}

template <class Float>
Float parse_floating(std::string_view text) noexcept {
  Float value = 0;
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (failure != std::errc::result_out_of_range) return value;
  // Both overflow and underflow: the sign of the decimal exponent tells which.
  const bool negative = !text.empty() && text.front() == '-';
  long exponent = 0;
  const auto mark = text.find_first_of("eE");
  if (mark != text.npos) {
    const char* begin = text.data() + mark + 1;
    if (*begin == '+') ++begin;
    // Half the range leaves room to add the position, which is less than the length of the text.
    constexpr long most = std::numeric_limits<long>::max() / 2;
    if (std::from_chars(begin, text.data() + text.size(), exponent).ec == std::errc::result_out_of_range) {
      exponent = *begin == '-' ? -most : most;
    }
    exponent = std::clamp(exponent, -most, most);
  }
  // Add where the first non-zero digit stands, so that 0.000…1e400 and 1000…e-400 are told apart too.
  const std::string_view mantissa = text.substr(negative, (mark == text.npos ? text.size() : mark) - negative);
  const auto point = std::min(mantissa.find('.'), mantissa.size());
  const auto first = mantissa.find_first_of("123456789");
  if (first == mantissa.npos) return negative ? Float(-0.0) : Float(0);
  const long position = first < point ? static_cast<long>(point - first) : -static_cast<long>(first - point);
  const Float magnitude = exponent + position > 0 ? std::numeric_limits<Float>::infinity() : Float(0);
  return negative ? -magnitude : magnitude;
}

const char* skip_digits(const char* cursor, const char* end) noexcept {
  while (cursor != end && *cursor >= '0' && *cursor <= '9') ++cursor;
  return cursor;
}

// RFC 8259, section 6: int = zero / (digit1-9 *DIGIT). nullptr when there is none.
const char* skip_integer(const char* cursor, const char* end) noexcept {
  if (cursor != end && *cursor == '-') ++cursor;
  if (cursor == end) return nullptr;
  if (*cursor == '0') return cursor + 1;
  const char* after = skip_digits(cursor, end);
  return after == cursor ? nullptr : after;
}

}  // namespace

char* write_number(char* out, double value) noexcept { return write_float(out, value); }
char* write_number(char* out, float value) noexcept { return write_float(out, value); }
char* write_number(char* out, std::int64_t value) noexcept {
  return std::to_chars(out, out + integer_text_max, value).ptr;
}
char* write_number(char* out, std::uint64_t value) noexcept {
  return std::to_chars(out, out + integer_text_max, value).ptr;
}

std::string number_text(double value) {
  if (value != value) return "nan";
  if (value > std::numeric_limits<double>::max()) return "inf";
  if (value < std::numeric_limits<double>::lowest()) return "-inf";
  char text[double_text_max];
  return {text, write_number(text, value)};
}
std::string number_text(std::int64_t value) { return std::to_string(value); }
std::string number_text(std::uint64_t value) { return std::to_string(value); }

double parse_double(std::string_view text) noexcept { return parse_floating<double>(text); }
float parse_float(std::string_view text) noexcept { return parse_floating<float>(text); }

bool is_json_integer(std::string_view text) noexcept {
  const char* end = text.data() + text.size();
  return skip_integer(text.data(), end) == end && !text.empty();
}

bool is_json_number(std::string_view text) noexcept {
  const char* end = text.data() + text.size();
  const char* cursor = skip_integer(text.data(), end);
  if (cursor == nullptr) return false;
  if (cursor != end && *cursor == '.') {
    const char* after = skip_digits(cursor + 1, end);
    if (after == cursor + 1) return false;
    cursor = after;
  }
  if (cursor != end && (*cursor == 'e' || *cursor == 'E')) {
    ++cursor;
    if (cursor != end && (*cursor == '+' || *cursor == '-')) ++cursor;
    const char* after = skip_digits(cursor, end);
    if (after == cursor) return false;
    cursor = after;
  }
  return cursor == end;
}

}  // namespace structwire
