// SPDX-License-Identifier: Apache-2.0
#include <structwire/core/time_of_day.hpp>

#include <structwire/core/time_text.hpp>

namespace structwire {
namespace {

using std::chrono::microseconds;
using std::chrono::minutes;

constexpr microseconds day = std::chrono::hours(24);

microseconds wrapped(microseconds time) noexcept {
  const microseconds rest = time % day;
  return rest < microseconds(0) ? rest + day : rest;
}

minutes wrapped(minutes offset) noexcept { return offset % std::chrono::hours(24); }

}  // namespace

microseconds TimeOfDay::utc() const noexcept {
  return wrapped(since_midnight) - (offset ? wrapped(*offset) : minutes(0));
}

char* TextScalar<TimeOfDay>::write(char* out, const TimeOfDay& time) noexcept {
  const microseconds clock = wrapped(time.since_midnight);
  const auto second = static_cast<std::uint32_t>(clock / std::chrono::seconds(1));
  out = time_text::write_clock(
      out, second, static_cast<std::uint32_t>((clock % std::chrono::seconds(1)).count() * 1000));
  if (!time.offset) return out;
  return time_text::write_offset(out, static_cast<std::int32_t>(wrapped(*time.offset).count()));
}

const char* TextScalar<TimeOfDay>::parse(std::string_view text, TimeOfDay& out) noexcept {
  time_text::Cursor cursor(text);
  const std::chrono::seconds clock(cursor.clock());
  const std::uint32_t nanoseconds = cursor.skip_if('.') ? cursor.fraction(6) : 0;
  const auto offset = cursor.offset();
  if (!cursor.done()) return "Invalid RFC3339 encoded time";
  out.since_midnight = wrapped(clock + microseconds(nanoseconds / 1000));
  out.offset = offset ? std::optional(minutes(*offset)) : std::nullopt;
  return nullptr;
}

}  // namespace structwire
