// SPDX-License-Identifier: Apache-2.0
#include <structwire/contract/sample/sample_scalar.hpp>

#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>
#include <limits>

#include <structwire/core/decimal.hpp>
#include <structwire/core/time.hpp>
#include <structwire/core/uuid.hpp>

namespace structwire::contract {
namespace {

template <class T>
const T& one_of(const std::vector<T>& candidates, Choice& choice) {
  return candidates[choice.below(candidates.size())];
}

// ---- numbers ----

// Holds the ends of every integer type, and the steps beyond them.
__extension__ typedef __int128 Wide;

Wide floor_of(const Value& bound) {
  if (const auto* number = bound.get_if<std::int64_t>()) return *number;
  if (const auto* number = bound.get_if<std::uint64_t>()) return static_cast<Wide>(*number);
  const auto* number = bound.get_if<double>();
  if (number == nullptr) return 0;
  return static_cast<Wide>(std::floor(std::clamp(*number, -1e19, 1e19)));
}
bool is_whole(const Value& bound) {
  const auto* number = bound.get_if<double>();
  return number == nullptr || std::floor(*number) == *number;
}

struct IntegerRange {
  Wide low;
  Wide high;
};

IntegerRange range_of(const TypeSchema& type) {
  const unsigned bits = type.bits == 0 || type.bits > 64 ? 64 : type.bits;
  const Wide one = 1;
  IntegerRange range{type.is_unsigned ? 0 : -(one << (bits - 1)),
                     type.is_unsigned ? (one << bits) - 1 : (one << (bits - 1)) - 1};
  const auto up = [](const Value& bound) { return is_whole(bound) ? floor_of(bound) : floor_of(bound) + 1; };
  if (type.ge) range.low = std::max(range.low, up(*type.ge));
  if (type.gt) range.low = std::max(range.low, floor_of(*type.gt) + 1);
  if (type.le) range.high = std::min(range.high, floor_of(*type.le));
  if (type.lt) range.high = std::min(range.high, up(*type.lt) - 1);
  if (const Wide step = type.multiple_of ? floor_of(*type.multiple_of) : 1; step > 1) {
    const auto down = [step](Wide n) { return n >= 0 ? n / step * step : -((-n + step - 1) / step) * step; };
    range.low = down(range.low + step - 1);
    range.high = down(range.high);
  }
  return range;
}

Value integer_value(Wide number) {
  return number < 0 ? Value(static_cast<std::int64_t>(number)) : Value(static_cast<std::uint64_t>(number));
}

std::optional<Value> integer_sample(const TypeSchema& type, Choice& choice) {
  const auto [low, high] = range_of(type);
  if (low > high) return std::nullopt;
  const Wide step = type.multiple_of ? std::max<Wide>(1, floor_of(*type.multiple_of)) : 1;
  if (choice.is_random() && choice.bits() % 2 == 0) {
    // Of every number of digits.
    const auto reach = static_cast<std::uint64_t>(std::min<Wide>(high - low, std::numeric_limits<std::uint64_t>::max()));
    const std::uint64_t shift = choice.bits() % 64;
    const std::uint64_t offset = reach == 0 ? 0 : (choice.bits() >> shift) % reach;
    const Wide middle = low <= 0 && high >= 0 ? 0 : low;
    Wide number = middle + static_cast<Wide>(offset) * (choice.bits() % 2 == 0 && low < 0 ? -1 : 1);
    number = std::clamp(number, low, high);
    return integer_value(low + (number - low) / step * step);
  }
  std::vector<Wide> candidates{low};
  for (const Wide each : {Wide{-1}, Wide{0}, Wide{1}, Wide{127}, Wide{128}, Wide{255}, Wide{256}, Wide{65535}, Wide{1} << 31,
                          (Wide{1} << 53) + 1}) {
    if (each > low && each < high && (each - low) % step == 0) candidates.push_back(each);
  }
  candidates.push_back(high);
  std::ranges::sort(candidates);
  return integer_value(one_of(candidates, choice));
}

double number_of(const Value& bound) {
  if (const auto* number = bound.get_if<std::int64_t>()) return static_cast<double>(*number);
  if (const auto* number = bound.get_if<std::uint64_t>()) return static_cast<double>(*number);
  const auto* number = bound.get_if<double>();
  return number == nullptr ? 0 : *number;
}

bool is_within(const TypeSchema& type, double number) {
  if (type.ge && !(number >= number_of(*type.ge))) return false;
  if (type.gt && !(number > number_of(*type.gt))) return false;
  if (type.le && !(number <= number_of(*type.le))) return false;
  if (type.lt && !(number < number_of(*type.lt))) return false;
  return !type.multiple_of || std::remainder(number, number_of(*type.multiple_of)) == 0;
}

std::optional<Value> floating_sample(const TypeSchema& type, Choice& choice) {
  const auto held = [&](double number) {
    return type.bits == 32 ? static_cast<double>(static_cast<float>(number)) : number;
  };
  const double step = type.multiple_of ? number_of(*type.multiple_of) : 0;
  const double largest = type.bits == 32 ? 1e38 : 1e300;
  std::vector<double> numbers{-largest, -2.25, -1, 0, 1e-7, 0.1, 0.5, 1, 1.5, 3, 1234.5678, 1e15, largest, step, 7 * step};
  for (const auto* bound : {&type.ge, &type.gt, &type.le, &type.lt}) {
    if (!*bound) continue;
    const double at = number_of(**bound);
    numbers.insert(numbers.end(), {at, at - 1, at + 1, at - at / 4, at + at / 4, at - 1e-3, at + 1e-3});
  }
  if (choice.is_random()) {
    const double spread = static_cast<double>(choice.bits() >> 11) * 0x1p-53;
    numbers = {std::ldexp(spread - 0.5, static_cast<int>(choice.bits() % 60) - 30),
               std::round((spread - 0.5) * 2000) * (step == 0 ? 0.25 : step), one_of(numbers, choice)};
    if (type.ge && type.le) numbers.push_back(std::lerp(number_of(*type.ge), number_of(*type.le), spread));
  }
  std::vector<Value> fitting;
  for (const double number : numbers) {
    if (is_within(type, held(number))) fitting.emplace_back(held(number));
  }
  if (fitting.empty() && choice.is_random()) {
    Choice ends(choice.bits() % 2 == 0 ? Choice::Way::smallest : Choice::Way::largest);
    return floating_sample(type, ends);
  }
  if (fitting.empty()) return std::nullopt;
  std::ranges::sort(fitting);
  return one_of(fitting, choice);
}

// ---- text and bytes ----

struct Lengths {
  std::uint64_t min;
  std::uint64_t max;
};

Lengths lengths_of(const TypeSchema& type) {
  return {type.min_length.value_or(0), type.max_length.value_or(std::numeric_limits<std::uint64_t>::max())};
}

std::uint64_t length_sample(const TypeSchema& type, Choice& choice) {
  const auto [min, max] = lengths_of(type);
  const std::uint64_t reach = std::min<std::uint64_t>(max - std::min(min, max), choice.is_random() && choice.bits() % 8 == 0 ? 60 : 9);
  return min + choice.below(reach + 1);
}

std::optional<Value> text_sample(const TypeSchema& type, Choice& choice) {
  if (type.pattern) {
    const auto [min, max] = lengths_of(type);
    auto text = pattern_sample(*type.pattern, min, max, choice);
    if (!text) return std::nullopt;
    return Value(std::move(*text));
  }
  // With what formats have to escape, and code points of every length.
  constexpr std::array<std::string_view, 16> characters = {"a", "b", "Z", "0", " ", "_", "\"", "\\",
                                                           "\n", "/", "\x7f", "\x01", "\xc3\xa9", "\xe2\x82\xac", "\xf0\x9f\x98\x80", "e"};
  std::string text;
  const std::uint64_t length = length_sample(type, choice);
  for (std::uint64_t i = 0; i < length; ++i) {
    text += choice.is_random() ? characters[choice.bits() % characters.size()] : characters[(i + choice.below(16)) % characters.size()];
  }
  return Value(std::move(text));
}

Value bytes_sample(const TypeSchema& type, Choice& choice) {
  Bytes bytes(length_sample(type, choice));
  std::uint8_t next = choice.is_random() ? static_cast<std::uint8_t>(choice.bits()) : 0xfe;
  for (std::byte& byte : bytes) {
    byte = static_cast<std::byte>(next);
    next = static_cast<std::uint8_t>(next * 5 + 3);
  }
  return Value(std::move(bytes));
}

// ---- what has a text form of its own ----

const std::string* text_of_bound(const std::optional<Value>& bound) noexcept {
  return bound ? bound->get_if<std::string>() : nullptr;
}

template <class T>
bool keeps_bound(const std::optional<Value>& bound, const T& value, bool above, bool equal_too) {
  const std::string* text = text_of_bound(bound);
  T limit{};
  if (text == nullptr || TextScalar<T>::parse(*text, limit) != nullptr) return true;
  if (value == limit) return equal_too;
  return above ? limit < value : value < limit;
}

template <class T>
bool keeps_bounds(const TypeSchema& type, const T& value) {
  return keeps_bound(type.ge, value, true, true) && keeps_bound(type.gt, value, true, false) &&
         keeps_bound(type.le, value, false, true) && keeps_bound(type.lt, value, false, false);
}

// `beside(value)` adds what lies close to a bound.
template <class T, class Beside>
std::optional<Value> text_scalar_sample(const TypeSchema& type, std::initializer_list<std::string_view> texts, Choice& choice,
                                        Beside beside) {
  std::vector<T> candidates;
  const auto add = [&](std::string_view text, bool is_bound) {
    T value{};
    if (TextScalar<T>::parse(text, value) != nullptr) return;
    if (is_bound) beside(value, candidates);
    candidates.push_back(std::move(value));
  };
  for (const std::string_view text : texts) add(text, false);
  for (const auto* bound : {&type.ge, &type.gt, &type.le, &type.lt}) {
    if (const std::string* text = text_of_bound(*bound)) add(*text, true);
  }
  std::erase_if(candidates, [&](const T& value) { return !keeps_bounds(type, value); });
  if (candidates.empty()) return std::nullopt;
  std::ranges::sort(candidates);
  return Value(text_of(one_of(candidates, choice)));
}

std::optional<Value> decimal_sample(const TypeSchema& type, Choice& choice) {
  const auto beside = [](const Decimal& bound, std::vector<Decimal>& out) {
    const double near = bound.to_double();
    for (const double step : {-1.0, -0.01, 0.01, 1.0}) out.push_back(Decimal::from_double(near + step));
  };
  return text_scalar_sample<Decimal>(type, {"0", "1.50", "-3.14", "12345678901234567890.123", "0.001", "100", "1E+5"}, choice,
                                     beside);
}

std::optional<Value> date_sample(const TypeSchema& type, Choice& choice) {
  using namespace std::chrono;
  const auto beside = [](const year_month_day& bound, std::vector<year_month_day>& out) {
    for (const int step : {-1, 1, -40, 40}) out.push_back(year_month_day(sys_days(bound) + days(step)));
  };
  return text_scalar_sample<year_month_day>(type, {"0001-01-01", "1970-01-01", "2024-02-29", "2026-11-21", "9999-12-31"}, choice,
                                            beside);
}

std::optional<Value> datetime_sample(const TypeSchema& type, Choice& choice) {
  using namespace std::chrono;
  const auto beside = [](const DateTime& bound, std::vector<DateTime>& out) {
    for (const hours step : {hours(-1), hours(1), hours(-2000), hours(2000)}) {
      out.push_back(DateTime{bound.local + step, bound.offset});
    }
  };
  if (type.zoned && !*type.zoned) {
    return text_scalar_sample<DateTime>(type, {"1970-01-01T00:00:00", "2024-02-29T12:00:00", "2199-12-31T23:00:00"}, choice, beside);
  }
  return text_scalar_sample<DateTime>(type, {"1970-01-01T00:00:00Z", "2024-02-29T12:00:00Z", "2199-12-31T23:00:00Z"}, choice, beside);
}

std::optional<Value> time_sample(const TypeSchema& type, Choice& choice) {
  const auto beside = [](const TimeOfDay& bound, std::vector<TimeOfDay>& out) {
    for (const int step : {-1, 1}) {
      const auto moved = bound.since_midnight + std::chrono::hours(step);
      if (moved.count() >= 0 && moved < std::chrono::hours(24)) out.push_back({moved, bound.offset});
    }
  };
  if (type.zoned && *type.zoned) return text_scalar_sample<TimeOfDay>(type, {"00:00:00Z", "12:00:00Z", "23:00:00Z"}, choice, beside);
  return text_scalar_sample<TimeOfDay>(type, {"00:00:00", "12:00:00", "23:00:00"}, choice, beside);
}

std::optional<Value> duration_sample(const TypeSchema& type, Choice& choice) {
  using Duration = std::chrono::microseconds;
  const auto beside = [](const Duration& bound, std::vector<Duration>& out) {
    for (const int step : {-1, 1}) out.push_back(bound + std::chrono::hours(step));
  };
  return text_scalar_sample<Duration>(type, {"P0D", "PT3600S", "P1D", "P400D", "-P2D"}, choice, beside);
}

std::optional<Value> uuid_sample(const TypeSchema& type, Choice& choice) {
  if (choice.is_random()) {
    Uuid uuid;
    for (std::byte& byte : uuid.bytes) byte = static_cast<std::byte>(choice.bits());
    return Value(text_of(uuid));
  }
  return text_scalar_sample<Uuid>(
      type, {"00000000-0000-0000-0000-000000000000", "123e4567-e89b-12d3-a456-426614174000", "ffffffff-ffff-ffff-ffff-ffffffffffff"},
      choice, [](const Uuid&, std::vector<Uuid>&) {});
}

std::optional<Value> any_sample(Choice& choice) {
  const std::vector<Value> some = {Value(),    Value(true), Value(7),
                                   Value(1.5), Value("x"),  Value(Value::Array{Value(1), Value("a")}),
                                   Value(Value::Map{{Value("key"), Value(-1)}})};
  return one_of(some, choice);
}

}  // namespace

std::optional<Value> scalar_sample(const TypeSchema& type, Choice& choice) {
  switch (type.kind) {
    case TypeKind::null: return Value();
    case TypeKind::boolean: return Value(choice.below(2) == 1);
    case TypeKind::integer: return integer_sample(type, choice);
    case TypeKind::floating: return floating_sample(type, choice);
    case TypeKind::text: return text_sample(type, choice);
    case TypeKind::bytes: return bytes_sample(type, choice);
    case TypeKind::datetime: return datetime_sample(type, choice);
    case TypeKind::date: return date_sample(type, choice);
    case TypeKind::time: return time_sample(type, choice);
    case TypeKind::duration: return duration_sample(type, choice);
    case TypeKind::uuid: return uuid_sample(type, choice);
    case TypeKind::decimal: return decimal_sample(type, choice);
    case TypeKind::ext: return Value(Ext{type.code.value_or(5), {std::byte{1}, std::byte{2}}});
    case TypeKind::literal:
      if (type.constants.empty()) return std::nullopt;
      return one_of(type.constants, choice);
    default: return any_sample(choice);
  }
}

}  // namespace structwire::contract
