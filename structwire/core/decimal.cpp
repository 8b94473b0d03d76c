// SPDX-License-Identifier: Apache-2.0
#include <structwire/core/decimal.hpp>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>
#include <utility>

#include <structwire/core/number.hpp>

namespace structwire {
namespace {

// Python's limits on 64-bit machines: of the exponent of the first digit, and of that of the last.
constexpr std::int64_t first_exponent_max = 999'999'999'999'999'999;
constexpr std::int64_t last_exponent_min = -1'999'999'999'999'999'997;

constexpr bool is_digit(char c) noexcept { return c >= '0' && c <= '9'; }

// What a text says: sign, and either a special value or digits around a point and an exponent.
struct Parts {
  bool is_negative = false;
  std::string_view special;  // Infinity, NaN, sNaN
  std::string_view whole;    // or the digits behind NaN
  std::string_view fraction;
  std::int64_t exponent = 0;
};

std::string_view take_digits(std::string_view& text) noexcept {
  const auto end = std::ranges::find_if_not(text, is_digit);
  const auto digits = text.substr(0, static_cast<std::size_t>(end - text.begin()));
  text.remove_prefix(digits.size());
  return digits;
}

bool take(std::string_view& text, std::string_view lower_case) noexcept {
  if (text.size() < lower_case.size()) return false;
  for (std::size_t i = 0; i < lower_case.size(); ++i) {
    const char c =
        text[i] >= 'A' && text[i] <= 'Z' ? static_cast<char>(text[i] - 'A' + 'a') : text[i];
    if (c != lower_case[i]) return false;
  }
  text.remove_prefix(lower_case.size());
  return true;
}

bool take_sign(std::string_view& text) noexcept {
  const bool is_negative = text.starts_with('-');
  if (is_negative || text.starts_with('+')) text.remove_prefix(1);
  return is_negative;
}

void skip_zeros(std::string_view& digits) noexcept {
  digits.remove_prefix(std::min(digits.find_first_not_of('0'), digits.size()));
}

// Stays at a number far outside the limits rather than overflow.
bool take_exponent(std::string_view& text, std::int64_t& exponent) noexcept {
  const bool is_negative = take_sign(text);
  const std::string_view digits = take_digits(text);
  if (digits.empty()) return false;
  constexpr std::int64_t far = 4'000'000'000'000'000'000;
  for (const char c : digits) exponent = exponent > far / 10 ? far : exponent * 10 + (c - '0');
  if (is_negative) exponent = -exponent;
  return true;
}

bool take_special(std::string_view& text, Parts& parts) noexcept {
  if (take(text, "infinity") || take(text, "inf")) {
    parts.special = "Infinity";
    return true;
  }
  const bool is_signalling = take(text, "s");
  if (!take(text, "nan")) return false;
  parts.special = is_signalling ? "sNaN" : "NaN";
  parts.whole = take_digits(text);
  return true;
}

bool split(std::string_view text, Parts& parts) noexcept {
  parts.is_negative = take_sign(text);
  if (text.empty()) return false;
  if (!is_digit(text.front()) && text.front() != '.')
    return take_special(text, parts) && text.empty();
  parts.whole = take_digits(text);
  if (take(text, ".")) parts.fraction = take_digits(text);
  if (parts.whole.empty() && parts.fraction.empty()) return false;
  if (take(text, "e") && !take_exponent(text, parts.exponent)) return false;
  return text.empty();
}

// The digits of a number without leading zeros, but one for zero, in two pieces; and the exponents.
struct Coefficient {
  std::string_view head;
  std::string_view tail;
  std::int64_t last_exponent = 0;

  explicit Coefficient(const Parts& parts) noexcept : head(parts.whole), tail(parts.fraction) {
    last_exponent = parts.exponent - static_cast<std::int64_t>(tail.size());
    skip_zeros(head);
    if (head.empty()) skip_zeros(tail);
    if (size() == 0) head = "0";
  }

  std::size_t size() const noexcept { return head.size() + tail.size(); }
  std::int64_t first_exponent() const noexcept {
    return last_exponent + static_cast<std::int64_t>(size()) - 1;
  }
  bool is_in_range() const noexcept {
    return last_exponent >= last_exponent_min && first_exponent() <= first_exponent_max;
  }

  // The digits from `begin` to `end`.
  void append(std::string& text, std::size_t begin, std::size_t end) const {
    if (begin < head.size()) text += head.substr(begin, end - begin);
    if (end > head.size()) {
      const std::size_t from = std::max(begin, head.size()) - head.size();
      text += tail.substr(from, end - head.size() - from);
    }
  }
};

void append_scientific(std::string& text, const Coefficient& digits) {
  digits.append(text, 0, 1);
  if (digits.size() > 1) {
    text += '.';
    digits.append(text, 1, digits.size());
  }
  text += 'E';
  if (digits.first_exponent() >= 0) text += '+';
  char exponent[number_text_room];
  text.append(exponent, write_number(exponent, digits.first_exponent()));
}

// With a point, unless that takes zeros behind the digits or more than five between point and
// digits.
void append_normal(std::string& text, const Coefficient& digits) {
  if (digits.last_exponent > 0 || digits.first_exponent() < -6)
    return append_scientific(text, digits);
  const std::int64_t whole = digits.first_exponent() + 1;
  if (whole <= 0) {
    text += "0.";
    text.append(static_cast<std::size_t>(-whole), '0');
    return digits.append(text, 0, digits.size());
  }
  digits.append(text, 0, static_cast<std::size_t>(whole));
  if (digits.last_exponent == 0) return;
  text += '.';
  digits.append(text, static_cast<std::size_t>(whole), digits.size());
}

// The significant digits of a finite number in normal form, one after the other.
class Digits {
 public:
  explicit Digits(std::string_view text) noexcept : rest_(text) {
    skip_zeros(rest_);
    if (rest_.starts_with('.')) skip_zeros(rest_ = rest_.substr(1));
  }

  /// 0 behind the last.
  char next() noexcept {
    if (rest_.starts_with('.')) rest_.remove_prefix(1);
    if (rest_.empty() || rest_.front() == 'E') return 0;
    const char digit = rest_.front();
    rest_.remove_prefix(1);
    return digit;
  }

 private:
  std::string_view rest_;
};

// A finite number in normal form, apart.
struct Magnitude {
  std::string_view text;  // without the sign
  std::int64_t first_exponent = 0;
  bool is_zero = false;

  explicit Magnitude(std::string_view normal) noexcept : text(normal) {
    Parts parts;
    split(text, parts);
    const Coefficient digits(parts);
    first_exponent = digits.first_exponent();
    is_zero = digits.head == "0";
  }
};

std::weak_ordering compare_digits(Digits a, Digits b) noexcept {
  for (;;) {
    const char x = a.next();
    const char y = b.next();
    if (x == 0 && y == 0) return std::weak_ordering::equivalent;
    // Zeros may follow in one of them.
    const auto order = std::max(x, '0') <=> std::max(y, '0');
    if (order != 0) return order;
  }
}

std::weak_ordering compare_magnitudes(std::string_view a, std::string_view b) noexcept {
  const Magnitude x(a);
  const Magnitude y(b);
  if (x.is_zero || y.is_zero) return y.is_zero <=> x.is_zero;
  if (x.first_exponent != y.first_exponent) return x.first_exponent <=> y.first_exponent;
  return compare_digits(Digits(a), Digits(b));
}

// Of numbers of different rank the rank decides: -Infinity, below zero, zero, above, Infinity, NaN.
int rank_of(const Decimal& value) noexcept {
  if (value.is_nan()) return 3;
  const bool is_negative = value.text().starts_with('-');
  if (value.is_infinite()) return is_negative ? -2 : 2;
  const std::string_view text = value.text().substr(is_negative ? 1 : 0);
  if (Magnitude(text).is_zero) return 0;
  return is_negative ? -1 : 1;
}

constexpr char invalid_decimal[] = "Invalid decimal string";

}  // namespace

std::weak_ordering operator<=>(const Decimal& a, const Decimal& b) noexcept {
  const int rank = rank_of(a);
  if (const int other = rank_of(b); rank != other) return rank <=> other;
  if (rank == 1) return compare_magnitudes(a.text(), b.text());
  if (rank == -1) return compare_magnitudes(b.text().substr(1), a.text().substr(1));
  return std::weak_ordering::equivalent;
}

std::size_t Decimal::hash() const noexcept {
  const int rank = rank_of(*this);
  std::uint64_t hash = 0xCBF29CE484222325u + static_cast<std::uint64_t>(rank + 2);
  const auto mix = [&hash](std::uint64_t value) { hash = (hash ^ value) * 0x100000001B3u; };
  if (rank == 1 || rank == -1) {
    const std::string_view magnitude = text().substr(rank < 0 ? 1 : 0);
    mix(static_cast<std::uint64_t>(Magnitude(magnitude).first_exponent));
    std::uint64_t zeros = 0;  // those at the end do not count
    Digits digits(magnitude);
    for (char digit = digits.next(); digit != 0; digit = digits.next()) {
      if (digit == '0') {
        ++zeros;
      } else {
        mix(zeros << 8 | static_cast<unsigned char>(digit));
        zeros = 0;
      }
    }
  }
  return static_cast<std::size_t>(hash ^ hash >> 32);
}

double Decimal::to_double() const noexcept {
  const double sign = text().starts_with('-') ? -1.0 : 1.0;
  if (is_nan()) return std::copysign(std::numeric_limits<double>::quiet_NaN(), sign);
  if (is_infinite()) return sign * std::numeric_limits<double>::infinity();
  return parse_double(text());
}

Decimal Decimal::from_double(double value) {
  Decimal decimal;
  TextScalar<Decimal>::from_number(value, decimal);
  return decimal;
}

std::optional<Decimal> Decimal::from_text(std::string_view text) {
  std::optional<Decimal> decimal(std::in_place);
  if (TextScalar<Decimal>::parse(text, *decimal)) decimal.reset();
  return decimal;
}

char* TextScalar<Decimal>::write(char* out, const Decimal& value) noexcept {
  const std::string_view text = value.text();
  std::memcpy(out, text.data(), text.size());
  return out + text.size();
}

const char* TextScalar<Decimal>::parse(std::string_view text, Decimal& out) {
  Parts parts;
  if (!split(text, parts)) return invalid_decimal;
  std::string normal;
  normal.reserve(std::min(text.size() + 8, text.size() * 2));
  if (parts.is_negative) normal += '-';
  if (!parts.special.empty()) {
    normal += parts.special;
    skip_zeros(parts.whole);
    normal += parts.whole;
  } else {
    const Coefficient digits(parts);
    if (!digits.is_in_range()) return invalid_decimal;
    append_normal(normal, digits);
  }
  out.text_ = std::move(normal);
  return nullptr;
}

const char* TextScalar<Decimal>::parse_number(std::string_view text, Decimal& out) {
  return parse(text == "-0" ? "0" : text, out);
}

const char* TextScalar<Decimal>::from_number(std::int64_t number, Decimal& out) {
  out = Decimal(number);
  return nullptr;
}

const char* TextScalar<Decimal>::from_number(std::uint64_t number, Decimal& out) {
  out = Decimal(number);
  return nullptr;
}

const char* TextScalar<Decimal>::from_number(double number, Decimal& out) {
  if (std::isfinite(number)) {
    char text[number_text_room];
    return parse({text, write_number(text, number)}, out);
  }
  const char* name = std::isnan(number) ? "NaN" : number < 0 ? "-Infinity" : "Infinity";
  out.text_ = name;
  return nullptr;
}

}  // namespace structwire
