// SPDX-License-Identifier: Apache-2.0
#include <structwire/core/duration.hpp>

#include <cmath>

#include <structwire/core/number.hpp>

namespace structwire::time_text {
namespace {

__extension__ using Wide = unsigned __int128;

constexpr char invalid[] = "Invalid ISO8601 duration";
constexpr char unsupported_unit[] =
    "Only units 'D', 'H', 'M', and 'S' are supported when parsing ISO8601 durations";
constexpr char out_of_range[] = "Duration is out of range";

constexpr std::uint64_t seconds_max = 1'000'000'000u * std::uint64_t{86'400};         // not reached
constexpr std::uint64_t negative_seconds_max = 999'999'999u * std::uint64_t{86'400};  // reached
// msgspec calls a number beyond out of range before it looks at the unit. A day times it fits 64
// bits.
constexpr std::uint64_t whole_max = std::uint64_t{1} << 47;

const char* to_ticks(bool is_negative, std::uint64_t seconds, std::uint64_t fraction,
                     std::uint64_t tick, Ticks& out) noexcept {
  if (seconds > seconds_max) return out_of_range;
  const Wide length = Wide{seconds} * fraction_unit + fraction;
  const Wide count = (length + tick / 2) / tick;
  const Wide rounded = count * tick;
  const bool fits = is_negative ? rounded <= Wide{negative_seconds_max} * fraction_unit
                                : rounded < Wide{seconds_max} * fraction_unit;
  if (!fits || count > std::numeric_limits<std::uint64_t>::max()) return out_of_range;
  out.count = static_cast<std::uint64_t>(count);
  out.is_negative = is_negative && count != 0;
  return nullptr;
}

// One number, its unit not yet read.
struct Part {
  std::uint64_t whole = 0;
  std::uint64_t fraction = 0;  // in units of 1 / fraction_unit
  bool has_fraction = false;
};

const char* read_part(Cursor& cursor, Part& part) noexcept {
  if (!cursor.at_digit()) return invalid;
  while (cursor.at_digit()) {
    part.whole = part.whole * 10 + cursor.digits(1);
    if (part.whole > whole_max) return out_of_range;
  }
  if (!cursor.skip_if('.')) return nullptr;
  if (!cursor.at_digit()) return invalid;
  part.has_fraction = true;
  std::int64_t place = fraction_unit;
  while (cursor.at_digit()) {
    place /= 10;  // 0 from the twelfth digit on
    part.fraction += static_cast<std::uint64_t>(place) * cursor.digits(1);
  }
  return nullptr;
}

// D is 86'400 and so on; 0 for no unit of ISO 8601 at this side of the T.
constexpr std::uint32_t unit_seconds(char unit, bool behind_t) noexcept {
  switch (unit) {
    case 'D':
      return behind_t ? 0 : 86'400;
    case 'H':
      return behind_t ? 3600 : 0;
    case 'M':
      return behind_t ? 60 : 0;
    case 'S':
      return behind_t ? 1 : 0;
    default:
      return 0;
  }
}

constexpr char upper_case(char c) noexcept {
  return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
}

// The sum of the parts, and where in the order D, H, M, S it is.
struct Sum {
  std::uint64_t seconds = 0;
  std::uint64_t fraction = 0;
  std::uint32_t last_unit = 86'401;
  bool behind_t = false;
  bool has_fraction = false;
};

// Errors come in the order of the text, as msgspec has them.
const char* add_part(Cursor& cursor, Sum& sum) noexcept {
  Part part;
  if (const char* problem = read_part(cursor, part)) return problem;
  if (cursor.at_end()) return invalid;
  const char unit = upper_case(cursor.peek());
  if (unit == 'Y' || unit == 'W' || (unit == 'M' && !sum.behind_t)) return unsupported_unit;
  const std::uint32_t length = unit_seconds(unit, sum.behind_t);
  if (length == 0 || length >= sum.last_unit) return invalid;
  cursor.skip_if(cursor.peek());
  sum.last_unit = length;
  sum.has_fraction = part.has_fraction;
  sum.seconds += part.whole * length;
  sum.fraction = part.fraction * length;
  return sum.seconds >= seconds_max ? out_of_range : nullptr;
}

const char* add_parts(Cursor& cursor, Sum& sum) noexcept {
  do {
    if (!sum.behind_t && (cursor.skip_if('T') || cursor.skip_if('t'))) sum.behind_t = true;
    if (const char* problem = add_part(cursor, sum)) return problem;
    if (sum.has_fraction && !cursor.at_end()) return invalid;
  } while (!cursor.at_end());
  return nullptr;
}

// Up to nine digits without the zeros at their end.
char* write_fraction(char* out, std::uint32_t nanoseconds) noexcept {
  *out++ = '.';
  for (std::uint32_t place = 100'000'000; nanoseconds != 0; place /= 10) {
    *out++ = static_cast<char>('0' + nanoseconds / place);
    nanoseconds %= place;
  }
  return out;
}

}  // namespace

const char* parse_duration(std::string_view text, std::uint64_t tick, Ticks& out) noexcept {
  Cursor cursor(text);
  const bool is_negative = cursor.skip_if('-');
  if (!is_negative) cursor.skip_if('+');
  cursor.either('P', 'p');
  if (!cursor.ok()) return invalid;
  Sum sum;
  if (const char* problem = add_parts(cursor, sum)) return problem;
  return to_ticks(is_negative, sum.seconds, sum.fraction, tick, out);
}

const char* duration_from(std::int64_t seconds, std::uint64_t tick, Ticks& out) noexcept {
  const auto bits = static_cast<std::uint64_t>(seconds);
  return to_ticks(seconds < 0, seconds < 0 ? 0 - bits : bits, 0, tick, out);
}

const char* duration_from(double seconds, std::uint64_t tick, Ticks& out) noexcept {
  const double magnitude = std::fabs(seconds);
  if (!(magnitude <= static_cast<double>(seconds_max))) return out_of_range;
  const double whole = std::trunc(magnitude);
  // Rounded once, in the unit of the type, where that is a part of a second.
  const std::uint64_t unit = tick < fraction_unit ? tick : 1;
  const double parts = std::round((magnitude - whole) *
                                  (static_cast<double>(fraction_unit) / static_cast<double>(unit)));
  return to_ticks(seconds < 0, static_cast<std::uint64_t>(whole),
                  static_cast<std::uint64_t>(parts) * unit, tick, out);
}

char* write_duration(char* out, Ticks ticks, std::uint64_t tick) noexcept {
  if (ticks.is_negative) *out++ = '-';
  *out++ = 'P';
  const Wide length = Wide{ticks.count} * tick;
  constexpr Wide day = Wide{fraction_unit} * seconds_per_day;
  const auto days = static_cast<std::uint64_t>(length / day);
  const auto rest = static_cast<std::uint64_t>(length % day);
  if (days != 0 || rest == 0) {
    out = write_number(out, days);
    *out++ = 'D';
  }
  if (rest == 0) return out;
  *out++ = 'T';
  out = write_number(out, rest / fraction_unit);
  const auto nanoseconds =
      static_cast<std::uint32_t>(rest % fraction_unit / (fraction_unit / nanoseconds_per_second));
  if (nanoseconds != 0) out = write_fraction(out, nanoseconds);
  *out++ = 'S';
  return out;
}

}  // namespace structwire::time_text
