// SPDX-License-Identifier: Apache-2.0
#include <structwire/contract/reader/schema_scalars.hpp>

#include <charconv>

namespace structwire::contract::schema_reading {
namespace {

bool read_number(std::string_view text, std::int64_t& out) noexcept {
  const char* const end = text.data() + text.size();
  const auto read = std::from_chars(text.data(), end, out);
  return read.ec == std::errc() && read.ptr == end && out > 0;
}

}  // namespace

std::optional<TickForm> TickForm::of(const TypeSchema& type) {
  TickForm form;
  if (type.tick.empty()) return form;
  const std::string_view text = type.tick;
  const std::size_t slash = text.find('/');
  form.denominator = 1;
  if (!read_number(text.substr(0, slash), form.numerator)) return std::nullopt;
  if (slash != text.npos && !read_number(text.substr(slash + 1), form.denominator)) return std::nullopt;
  form.bits = type.bits;
  form.is_unsigned = type.is_unsigned;
  const bool is_whole = form.numerator <= 86'400 && time_text::nanoseconds_per_second % form.denominator == 0;
  const bool is_size = form.bits == 8 || form.bits == 16 || form.bits == 32 || form.bits == 64;
  if (!is_whole || !is_size) return std::nullopt;
  if (type.kind == TypeKind::datetime && (form.numerator != 1 || form.places() < 0 || form.is_unsigned)) {
    return std::nullopt;
  }
  return form;
}

namespace {

const char* assign(const char* problem, time_text::Ticks ticks, TickedDuration& out) noexcept {
  if (problem != nullptr) return problem;
  const TickForm& form = out.form;
  const std::uint64_t max = ~std::uint64_t{0} >> (64 - form.bits + (form.is_unsigned ? 0 : 1));
  const std::uint64_t negative_max = form.is_unsigned ? 0 : max + 1;
  if (ticks.count > (ticks.is_negative ? negative_max : max)) return "Duration is out of range";
  out.ticks = ticks;
  return nullptr;
}

const char* assign(const time_text::Moment& moment, TickedInstant& out) noexcept {
  std::int64_t ticks = 0;
  if (!time_text::join_ticks(moment.seconds, moment.nanoseconds, out.form.places(), ticks)) {
    return time_text::out_of_range;
  }
  const std::int64_t max = static_cast<std::int64_t>(~std::uint64_t{0} >> (65 - out.form.bits));
  if (ticks > max || ticks < -max - 1) return time_text::out_of_range;
  out.ticks = ticks;
  return nullptr;
}

// A number is an instant, which a local time is not.
const char* take(const char* problem, const time_text::Moment& moment, TickedInstant& out) noexcept {
  if (problem != nullptr) return problem;
  return out.is_zoned ? assign(moment, out) : time_text::expected_naive;
}

}  // namespace
}  // namespace structwire::contract::schema_reading

namespace structwire {

using contract::schema_reading::TickedDuration;
using contract::schema_reading::TickedInstant;

char* TextScalar<TickedDuration>::write(char* out, const Duration& duration) noexcept {
  return time_text::write_duration(out, duration.ticks, duration.form.unit());
}
const char* TextScalar<TickedDuration>::parse(std::string_view text, Duration& out) noexcept {
  time_text::Ticks ticks;
  return contract::schema_reading::assign(time_text::parse_duration(text, out.form.unit(), ticks), ticks, out);
}
const char* TextScalar<TickedDuration>::from_number(std::int64_t seconds, Duration& out) noexcept {
  time_text::Ticks ticks;
  return contract::schema_reading::assign(time_text::duration_from(seconds, out.form.unit(), ticks), ticks, out);
}
const char* TextScalar<TickedDuration>::from_number(double seconds, Duration& out) noexcept {
  time_text::Ticks ticks;
  return contract::schema_reading::assign(time_text::duration_from(seconds, out.form.unit(), ticks), ticks, out);
}

char* TextScalar<TickedInstant>::write(char* out, const Instant& instant) noexcept {
  const auto [seconds, nanoseconds] = time_text::split_ticks(instant.ticks, instant.form.places());
  const auto offset = instant.is_zoned ? std::optional<std::int32_t>(0) : std::nullopt;
  return time_text::write_datetime(out, {seconds, nanoseconds, offset});
}
const char* TextScalar<TickedInstant>::parse(std::string_view text, Instant& out) noexcept {
  time_text::Moment moment;
  if (const char* problem = time_text::parse_datetime(text, out.form.places(), moment)) return problem;
  if (out.is_zoned != moment.offset.has_value()) {
    return out.is_zoned ? time_text::expected_aware : time_text::expected_naive;
  }
  if (out.is_zoned) {
    if (const char* problem = time_text::to_utc(moment)) return problem;
  }
  return contract::schema_reading::assign(moment, out);
}
const char* TextScalar<TickedInstant>::from_number(std::int64_t seconds, Instant& out) noexcept {
  return from_epoch(seconds, 0, out);
}
const char* TextScalar<TickedInstant>::from_number(double seconds, Instant& out) noexcept {
  time_text::Moment moment;
  return contract::schema_reading::take(time_text::from_epoch(seconds, out.form.places(), moment), moment, out);
}
const char* TextScalar<TickedInstant>::from_epoch(std::int64_t seconds, std::uint32_t nanoseconds,
                                                  Instant& out) noexcept {
  time_text::Moment moment;
  return contract::schema_reading::take(time_text::from_epoch(seconds, nanoseconds, out.form.places(), moment), moment, out);
}

}  // namespace structwire
