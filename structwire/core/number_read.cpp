// SPDX-License-Identifier: Apache-2.0

// Numbers from text.

#include <bit>
#include <cfloat>
#include <charconv>
#include <limits>
#include <type_traits>

#if defined(__AVX512VBMI__)
#include <immintrin.h>
#endif

#include <structwire/core/config.hpp>
#include <structwire/core/digits.hpp>
#include <structwire/core/number.hpp>
#include <structwire/core/powers_of_ten.hpp>

namespace structwire {
namespace {

__extension__ using uint128 = unsigned __int128;

// A JSON number (RFC 8259, section 6) taken apart: ± digits × 10^exponent.
struct ScannedNumber {
  std::uint64_t digits = 0;
  std::int64_t exponent = 0;
  bool negative = false;
  // Neither a fraction nor an exponent.
  bool integer = true;
  // More than 19 digits count: `digits` and `exponent` are those of the first 19.
  bool cut = false;
};
constexpr bool is_digit(char c) noexcept { return c >= '0' && c <= '9'; }

constexpr std::uint64_t small_powers[] = {1, 10, 100, 1'000, 10'000, 100'000, 1'000'000, 10'000'000, 100'000'000};

// Digits added to `value`, which may overflow: the caller counts them. Eight at a time also at the end, where
// fewer are moved to the back of the word, behind zeros: how many there are is what a branch cannot foresee.
const char* add_digits(const char* at, const char* end, std::uint64_t& value) noexcept {
  while (end - at >= 8) {
    const std::uint64_t text = digits::load(at);
    const int count = digits::leading_digits(text);
    if (count == 0) return at;
    value = value * small_powers[count] + digits::join(text << (64 - 8 * count));
    at += count;
    if (count < 8) return at;
  }
  for (; at != end && is_digit(*at); ++at) value = value * 10 + static_cast<std::uint64_t>(*at - '0');
  return at;
}

// The same where few digits are likely.
const char* add_few_digits(const char* at, const char* end, std::uint64_t& value) noexcept {
  const char* const few = end - at > 4 ? at + 4 : end;
  for (; at != few && is_digit(*at); ++at) value = value * 10 + static_cast<std::uint64_t>(*at - '0');
  return at == few ? add_digits(at, end, value) : at;
}

constexpr int digits_kept = 19;  // 10^19 - 1 fits 64 bits.

// Too many digits for 64 bits: takes the first 19 that count again. `first` stands on the first of `count` digits,
// none of them a leading zero; a point may stand between them.
void cut_digits(const char* first, std::int64_t count, ScannedNumber& number) noexcept {
  number.digits = 0;
  number.cut = true;
  number.exponent += count - digits_kept;
  for (int kept = 0; kept < digits_kept; ++first) {
    if (*first == '.') continue;
    number.digits = number.digits * 10 + static_cast<std::uint64_t>(*first - '0');
    ++kept;
  }
}

// A JSON number but for leading zeros, which are passed over.
inline const char* take_apart(const char* at, const char* end, ScannedNumber& number) noexcept {
  number = {};
  if (at != end && *at == '-') {
    number.negative = true;
    ++at;
  }
  const char* const first = at;
  at = add_few_digits(at, end, number.digits);
  if (at == first) return nullptr;
  std::int64_t count = at - first;
  if (at != end && *at == '.') {
    number.integer = false;
    const char* const fraction = ++at;
    at = add_digits(at, end, number.digits);
    if (at == fraction) return nullptr;
    number.exponent = fraction - at;
    count += at - fraction;
  }
  if (at != end && (*at | 0x20) == 'e') {
    number.integer = false;
    ++at;
    const bool down = at != end && *at == '-';
    if (at != end && (*at == '+' || *at == '-')) ++at;
    const char* const power = at;
    // Beyond this the number is 0 or infinite, however many digits stand in front; 2^61 of them do not exist.
    constexpr std::int64_t most = std::int64_t{1} << 61;
    std::int64_t exponent = 0;
    for (; at != end && is_digit(*at); ++at) exponent = exponent < most / 16 ? exponent * 10 + (*at - '0') : most;
    if (at == power) return nullptr;
    number.exponent += down ? -exponent : exponent;
  }
  if (count > digits_kept) [[unlikely]] {
    const char* significant = first;
    while (count != 0 && (*significant == '0' || *significant == '.')) count -= *significant++ == '0';
    if (count > digits_kept) cut_digits(significant, count, number);
  }
  return at;
}

template <class Float>
struct Binary {
  using Bits = std::conditional_t<sizeof(Float) == 8, std::uint64_t, std::uint32_t>;
  static constexpr int stored_bits = std::numeric_limits<Float>::digits - 1;
  static constexpr int bias = std::numeric_limits<Float>::max_exponent - 1;
  static constexpr int infinite = 2 * bias + 1;
  // Powers of ten that the type holds exactly; a product or quotient of two exact numbers is rounded once.
  static constexpr int exact_power_max = sizeof(Float) == 8 ? 22 : 10;
  // Decimal exponents outside of these make 0 or infinity of every 64-bit number.
  static constexpr int exponent_min = sizeof(Float) == 8 ? -342 : -64;
  static constexpr int exponent_max = sizeof(Float) == 8 ? 308 : 38;
  // Where a decimal can stand exactly between two floats (Lemire 2021, section 6).
  static constexpr int tie_exponent_min = sizeof(Float) == 8 ? -4 : -17;
  static constexpr int tie_exponent_max = sizeof(Float) == 8 ? 23 : 10;
};

template <class Float>
constexpr Float exact_powers[] = {1e0f, 1e1f, 1e2f, 1e3f, 1e4f, 1e5f, 1e6f, 1e7f, 1e8f, 1e9f, 1e10f};
template <>
constexpr double exact_powers<double>[] = {1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,  1e8,  1e9,  1e10, 1e11,
                                           1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};

template <class Float>
Float assemble(std::uint64_t mantissa, int exponent) noexcept {
  using B = Binary<Float>;
  using Bits = typename B::Bits;
  return std::bit_cast<Float>(static_cast<Bits>((static_cast<Bits>(exponent) << B::stored_bits) |
                                                (static_cast<Bits>(mantissa) & ((Bits{1} << B::stored_bits) - 1))));
}

// D. Lemire, "Number parsing at a gigabyte per second" (2021); that 128 bits of the power always decide is
// shown in N. Mushtak and D. Lemire, "Fast number parsing without fallback" (2023). digits != 0.
template <class Float>
STRUCTWIRE_ALWAYS_INLINE Float nearest(std::uint64_t digits, std::int64_t decimal_exponent) noexcept {
  using B = Binary<Float>;
  if (decimal_exponent < B::exponent_min) return 0;
  if (decimal_exponent > B::exponent_max) return std::numeric_limits<Float>::infinity();
  const int e = static_cast<int>(decimal_exponent);
  const int leading = std::countl_zero(digits);
  digits <<= leading;
  PowerOfTen power = power_of_ten(e);
  if (e < 0) power.low += 1;  // The proof wants reciprocals rounded up.
  uint128 product = static_cast<uint128>(digits) * power.high;
  constexpr int spare = 64 - B::stored_bits - 3;
  constexpr std::uint64_t spare_mask = (std::uint64_t{1} << spare) - 1;
  if ((static_cast<std::uint64_t>(product >> 64) & spare_mask) == spare_mask) {
    product += static_cast<std::uint64_t>(static_cast<uint128>(digits) * power.low >> 64);
  }
  const auto high = static_cast<std::uint64_t>(product >> 64);
  const auto low = static_cast<std::uint64_t>(product);
  const int upper = static_cast<int>(high >> 63);
  std::uint64_t mantissa = high >> (upper + spare);  // One bit more than stored and hidden ones, to round with.
  int exponent = floor_log2_of_power(e) + 63 + upper - leading + B::bias;
  if (exponent <= 0) [[unlikely]] {
    if (1 - exponent >= 64) return 0;
    mantissa >>= 1 - exponent;
    mantissa += mantissa & 1;
    mantissa >>= 1;
    return assemble<Float>(mantissa, mantissa < std::uint64_t{1} << B::stored_bits ? 0 : 1);
  }
  const bool tie = low <= 1 && e >= B::tie_exponent_min && e <= B::tie_exponent_max && (mantissa & 3) == 1 &&
                   mantissa << (upper + spare) == high;
  if (tie) mantissa &= ~std::uint64_t{1};
  mantissa += mantissa & 1;
  mantissa >>= 1;
  if (mantissa >= std::uint64_t{2} << B::stored_bits) {
    mantissa = std::uint64_t{1} << B::stored_bits;
    ++exponent;
  }
  if (exponent >= B::infinite) return std::numeric_limits<Float>::infinity();
  return assemble<Float>(mantissa, exponent);
}

// The first 19 digits do not tell: all of them do.
template <class Float>
Float from_all_digits(std::string_view text, Float at_most) noexcept {
  Float value = 0;
  const auto failure = std::from_chars(text.data(), text.data() + text.size(), value).ec;
  if (failure == std::errc::result_out_of_range) return at_most > 1 ? at_most : 0;
  return value < 0 ? -value : value;
}

template <class Float>
Float magnitude_of(const ScannedNumber& number, std::string_view text) noexcept {
  using B = Binary<Float>;
  if (number.digits == 0) return 0;
  const std::uint64_t exact_max = std::uint64_t{1} << std::numeric_limits<Float>::digits;
  const bool exact = number.digits <= exact_max && number.exponent >= -B::exact_power_max &&
                     number.exponent <= B::exact_power_max && !number.cut;
  // A type that is computed in more bits than it has would round twice.
  if (FLT_EVAL_METHOD == 0 && exact) [[likely]] {
    const auto digits = static_cast<Float>(number.digits);
    return number.exponent < 0 ? digits / exact_powers<Float>[-number.exponent]
                               : digits * exact_powers<Float>[number.exponent];
  }
  const Float value = nearest<Float>(number.digits, number.exponent);
  if (!number.cut) return value;
  const Float at_most = nearest<Float>(number.digits + 1, number.exponent);
  return value == at_most ? value : from_all_digits(text, at_most);
}

template <class Float>
Float to_floating(const ScannedNumber& number, std::string_view text) noexcept {
  const Float magnitude = magnitude_of<Float>(number, text);
  return number.negative ? -magnitude : magnitude;
}

bool has_leading_zeros(const char* at, const char* end) noexcept {
  const char* const first = at + (at != end && *at == '-');
  return end - first > 1 && first[0] == '0' && is_digit(first[1]);
}

const char* scan_number(const char* at, const char* end, ScannedNumber& number) noexcept {
  return has_leading_zeros(at, end) ? nullptr : take_apart(at, end, number);
}

// Numbers as they mostly stand, in one straight line: up to 19 digits, a point between them or none, no exponent, and
// bytes enough behind them. nullptr for all others, which are taken apart.
constexpr std::ptrdiff_t plain_number_room = 40;
#if defined(__AVX512VBMI__) && defined(__AVX512VL__) && !defined(STRUCTWIRE_PORTABLE)

// 32 bytes at once: where the digits end two counts tell, and one permutation puts all of them behind zeros.
struct PlainNumber {
  const char* end;
  std::uint64_t digits;
  int fraction;
};
STRUCTWIRE_ALWAYS_INLINE PlainNumber plain_number_at(const char* at) noexcept {
  const __m256i text = _mm256_loadu_si256(reinterpret_cast<const __m256i_u*>(at));
  // Digits, point and minus stand together in ASCII. What comes next waits for nothing but this.
  const int size = std::countr_one(_mm256_cmplt_epu8_mask(_mm256_sub_epi8(text, _mm256_set1_epi8('-')), _mm256_set1_epi8(13)));
  const __m256i values = _mm256_sub_epi8(text, _mm256_set1_epi8('0'));
  const std::uint32_t others = ~_mm256_cmplt_epu8_mask(values, _mm256_set1_epi8(10));
  const int whole = std::countr_zero(others);
  const int count = size - 1;
  const int fraction = count - whole;
  const bool plain = count <= digits_kept && fraction > 0 && whole != 0 && at[whole] == '.' &&
                     std::countr_zero(others & (others - 1)) == size;
  if (!plain) [[unlikely]] return {nullptr, 0, 0};
  const __m256i places = _mm256_setr_epi8(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21,
                                          22, 23, 24, 25, 26, 27, 28, 29, 30, 31);
  const __m256i from = _mm256_add_epi8(places, _mm256_set1_epi8(static_cast<char>(count - 32)));
  const __m256i behind_point = _mm256_mask_add_epi8(from, ~std::uint32_t{0} << (32 - fraction), from, _mm256_set1_epi8(1));
  const __m256i digits = _mm256_maskz_permutexvar_epi8(~std::uint32_t{0} << (32 - count), behind_point, values);
  const __m256i pairs = _mm256_maddubs_epi16(digits, _mm256_set1_epi16(0x010A));
  const __m256i fours = _mm256_madd_epi16(pairs, _mm256_set1_epi32(0x00010064));
  const __m256i eights = _mm256_madd_epi16(_mm256_packus_epi32(fours, fours), _mm256_set1_epi32(0x00012710));
  const auto first = static_cast<std::uint64_t>(_mm256_extract_epi64(eights, 0));
  const auto last = static_cast<std::uint64_t>(_mm256_extract_epi64(eights, 2));
  const std::uint64_t number = ((first >> 32) * 100'000'000 + static_cast<std::uint32_t>(last)) * 100'000'000 + (last >> 32);
  return {at + size, number, fraction};
}
STRUCTWIRE_ALWAYS_INLINE const char* read_plain(const char* at, double& out) noexcept {
  const bool negative = *at == '-';
  at += negative;
  const PlainNumber plain = plain_number_at(at);
  if (plain.end == nullptr || (*at == '0' && at[1] != '.') || (*plain.end | 0x20) == 'e') [[unlikely]] return nullptr;
  double magnitude;
  // All digits of longer ones are beyond 2^53, but for a few that a branch would not foresee.
  if (FLT_EVAL_METHOD == 0 && plain.digits < 1'000'000'000'000'000) {
    magnitude = static_cast<double>(plain.digits) / exact_powers<double>[plain.fraction];
  } else {
    magnitude = nearest<double>(plain.digits, -plain.fraction);
  }
  out = negative ? -magnitude : magnitude;
  return plain.end;
}

#else

constexpr std::uint64_t powers[] = {1ull,
                                    10ull,
                                    100ull,
                                    1'000ull,
                                    10'000ull,
                                    100'000ull,
                                    1'000'000ull,
                                    10'000'000ull,
                                    100'000'000ull,
                                    1'000'000'000ull,
                                    10'000'000'000ull,
                                    100'000'000'000ull,
                                    1'000'000'000'000ull,
                                    10'000'000'000'000ull,
                                    100'000'000'000'000ull,
                                    1'000'000'000'000'000ull,
                                    10'000'000'000'000'000ull};

// Up to 16 digits; how many there are no branch foresees, but for whether they are more than seven.
struct Digits {
  std::uint64_t value;
  int count;
};
STRUCTWIRE_ALWAYS_INLINE Digits digits_at(const char* at) noexcept {
  const std::uint64_t first = digits::load(at);
  const int count = digits::leading_digits(first);
  if (count < 8) return {count == 0 ? 0 : digits::join(first << (64 - 8 * count)), count};
  const std::uint64_t second = digits::load(at + 8);
  const int more = digits::leading_digits(second);
  const std::uint64_t rest = more == 0 ? 0 : digits::join(second << (64 - 8 * more));
  return {digits::join(first) * small_powers[more] + rest, 8 + more};
}

STRUCTWIRE_ALWAYS_INLINE const char* read_plain(const char* at, double& out) noexcept {
  const bool negative = *at == '-';
  at += negative;
  const Digits whole = digits_at(at);
  if (whole.count == 0 || whole.count == 16 || (*at == '0' && whole.count != 1)) [[unlikely]] return nullptr;
  at += whole.count;
  std::uint64_t number = whole.value;
  int fraction = 0;
  if (*at == '.') {
    const Digits part = digits_at(++at);
    fraction = part.count;
    at += fraction;
    if (fraction == 0 || whole.count + fraction > digits_kept || is_digit(*at)) [[unlikely]] return nullptr;
    number = number * powers[fraction] + part.value;
  }
  if ((*at | 0x20) == 'e') [[unlikely]] return nullptr;
  double magnitude;
  if (FLT_EVAL_METHOD == 0 && number <= std::uint64_t{1} << 53) {
    magnitude = static_cast<double>(number) / exact_powers<double>[fraction];
  } else {
    magnitude = nearest<double>(number, -fraction);
  }
  out = negative ? -magnitude : magnitude;
  return at;
}

#endif

template <class Float>
const char* read_floating(const char* at, const char* end, Float& out) noexcept {
  ScannedNumber number;
  const char* const behind = take_apart(at, end, number);
  if (behind == nullptr || has_leading_zeros(at, end)) return nullptr;
  out = to_floating<Float>(number, {at, behind});
  return behind;
}

}  // namespace

const char* read_number(const char* at, const char* end, double& out) noexcept {
  if (end - at >= plain_number_room) [[likely]] {
    if (const char* const behind = read_plain(at, out)) [[likely]] return behind;
  }
  return read_floating(at, end, out);
}
std::size_t read_plain_numbers(const char*& at, const char* end, double* out, std::size_t count) noexcept {
  const char* next = at;
  for (std::size_t read = 0; read < count; ++read) {
    const char* const behind = end - next >= plain_number_room ? read_plain(next, out[read]) : nullptr;
    if (behind == nullptr) return read;
    at = behind;
    if (*at != ',') return read + 1;
    next = at + 1;
  }
  return count;
}
std::size_t read_plain_rows(const char*& at, const char* end, double* out, std::size_t width,
                            std::size_t rows) noexcept {
  const char* next = at;
  for (std::size_t read = 0; read < rows; ++read, out += width) {
    if (end - next <= plain_number_room || *next != '[') return read;
    for (std::size_t i = 0; i < width; ++i) {
      ++next;  // The bracket or the comma.
      next = end - next >= plain_number_room ? read_plain(next, out[i]) : nullptr;
      if (next == nullptr || *next != (i + 1 == width ? ']' : ',')) return read;
    }
    at = ++next;
    if (*next != ',') return read + 1;
    ++next;
  }
  return rows;
}
const char* read_number(const char* at, const char* end, float& out) noexcept { return read_floating(at, end, out); }

double parse_double(std::string_view text) noexcept {
  ScannedNumber number;
  take_apart(text.data(), text.data() + text.size(), number);
  return to_floating<double>(number, text);
}
float parse_float(std::string_view text) noexcept {
  ScannedNumber number;
  take_apart(text.data(), text.data() + text.size(), number);
  return to_floating<float>(number, text);
}

bool is_json_number(std::string_view text) noexcept {
  ScannedNumber number;
  return scan_number(text.data(), text.data() + text.size(), number) == text.data() + text.size() && !text.empty();
}
bool is_json_integer(std::string_view text) noexcept {
  ScannedNumber number;
  return scan_number(text.data(), text.data() + text.size(), number) == text.data() + text.size() && number.integer &&
         !text.empty();
}

}  // namespace structwire
