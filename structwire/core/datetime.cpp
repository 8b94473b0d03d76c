// SPDX-License-Identifier: Apache-2.0
#include <structwire/core/datetime.hpp>

#include <cmath>
#include <limits>

namespace structwire {
namespace time_text {
namespace {

constexpr std::int64_t first_second = -62'135'596'800;  // 0001-01-01T00:00:00
constexpr std::int64_t last_second = 253'402'300'799;   // 9999-12-31T23:59:59

constexpr char invalid[] = "Invalid RFC3339 encoded datetime";

bool is_in_range(std::int64_t seconds) noexcept {
  return seconds >= first_second && seconds <= last_second;
}

void carry(Moment& moment) noexcept {
  if (moment.nanoseconds < nanoseconds_per_second) return;
  moment.nanoseconds -= nanoseconds_per_second;
  ++moment.seconds;
}

}  // namespace

const char* parse_datetime(std::string_view text, int places, Moment& out) noexcept {
  Cursor cursor(text);
  const Civil date = cursor.date();
  if (!cursor.skip_if(' ')) cursor.either('T', 't');
  const unsigned clock = cursor.clock();
  out.nanoseconds = cursor.skip_if('.') ? cursor.fraction(places) : 0;
  out.offset = cursor.offset();
  if (!cursor.done()) return invalid;
  out.seconds = days_of(date) * seconds_per_day + clock;
  carry(out);
  return is_in_range(out.seconds) ? nullptr : invalid;
}

char* write_datetime(char* out, const Moment& moment) noexcept {
  const std::int64_t days = floor_divide(moment.seconds, seconds_per_day);
  out = write_date(out, civil_of(days));
  *out++ = 'T';
  out = write_clock(out, static_cast<std::uint32_t>(moment.seconds - days * seconds_per_day),
                    moment.nanoseconds);
  return moment.offset ? write_offset(out, *moment.offset) : out;
}

const char* to_utc(Moment& moment) noexcept {
  moment.seconds -= moment.offset.value_or(0) * std::int64_t{60};
  moment.offset = 0;
  return is_in_range(moment.seconds) ? nullptr : out_of_range;
}

const char* from_epoch(std::int64_t seconds, std::uint32_t nanoseconds, int places,
                       Moment& out) noexcept {
  // Before rounding too: half a microsecond before the year 1 is still out of range.
  if (!is_in_range(seconds)) return out_of_range;
  out = {seconds, round_nanoseconds(nanoseconds, places), 0};
  carry(out);
  return is_in_range(out.seconds) ? nullptr : out_of_range;
}

const char* from_epoch(double seconds, int places, Moment& out) noexcept {
  if (!std::isfinite(seconds)) return "Invalid epoch timestamp";
  if (seconds < static_cast<double>(first_second) || seconds > static_cast<double>(last_second + 1))
    return out_of_range;
  const double whole = std::trunc(seconds);
  auto nanoseconds = static_cast<std::int64_t>((seconds - whole) * 1e9);
  auto whole_seconds = static_cast<std::int64_t>(whole);
  if (nanoseconds < 0) {
    nanoseconds += nanoseconds_per_second;
    --whole_seconds;
  }
  return from_epoch(whole_seconds, static_cast<std::uint32_t>(nanoseconds), places, out);
}

}  // namespace time_text

namespace {

using std::chrono::microseconds;
using std::chrono::minutes;
constexpr int microsecond_places = 6;

bool is_offset(minutes offset) noexcept {
  return offset > -minutes(24 * 60) && offset < minutes(24 * 60);
}

const char* assign(const time_text::Moment& moment, DateTime& out) noexcept {
  microseconds since_epoch{};
  if (const char* problem = time_text::ticks_of(moment, since_epoch)) return problem;
  out.local = std::chrono::local_time<microseconds>(since_epoch);
  out.offset = moment.offset ? std::optional(minutes(*moment.offset)) : std::nullopt;
  return nullptr;
}

}  // namespace

std::chrono::sys_time<microseconds> DateTime::utc() const noexcept {
  const std::int64_t ticks = local.time_since_epoch().count();
  std::int64_t shift = 0;
  std::int64_t result = 0;
  if (__builtin_mul_overflow(offset.value_or(minutes(0)).count(), std::int64_t{60'000'000},
                             &shift) ||
      __builtin_sub_overflow(ticks, shift, &result)) {
    using Limits = std::numeric_limits<std::int64_t>;
    result = *offset < minutes(0) ? Limits::max() : Limits::min();
  }
  return std::chrono::sys_time<microseconds>(microseconds(result));
}

char* TextScalar<DateTime>::write(char* out, const DateTime& value) noexcept {
  if (value.offset && !is_offset(*value.offset))
    return TextScalar<std::chrono::sys_time<microseconds>>::write(out, value.utc());
  std::optional<std::int32_t> offset;
  if (value.offset) offset = static_cast<std::int32_t>(value.offset->count());
  return time_text::write_datetime(out,
                                   time_text::moment_of(value.local.time_since_epoch(), offset));
}

const char* TextScalar<DateTime>::parse(std::string_view text, DateTime& out) noexcept {
  time_text::Moment moment;
  if (const char* problem = time_text::parse_datetime(text, microsecond_places, moment))
    return problem;
  return assign(moment, out);
}

const char* TextScalar<DateTime>::from_number(std::int64_t seconds, DateTime& out) noexcept {
  return from_epoch(seconds, 0, out);
}

const char* TextScalar<DateTime>::from_number(double seconds, DateTime& out) noexcept {
  time_text::Moment moment;
  if (const char* problem = time_text::from_epoch(seconds, microsecond_places, moment))
    return problem;
  return assign(moment, out);
}

bool TextScalar<DateTime>::to_epoch(const DateTime& value, std::int64_t& seconds,
                                    std::uint32_t& nanoseconds) noexcept {
  return value.is_aware() && TextScalar<std::chrono::sys_time<microseconds>>::to_epoch(
                                 value.utc(), seconds, nanoseconds);
}

const char* TextScalar<DateTime>::from_epoch(std::int64_t seconds, std::uint32_t nanoseconds,
                                             DateTime& out) noexcept {
  time_text::Moment moment;
  if (const char* problem = time_text::from_epoch(seconds, nanoseconds, microsecond_places, moment))
    return problem;
  return assign(moment, out);
}

}  // namespace structwire
