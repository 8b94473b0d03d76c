// SPDX-License-Identifier: Apache-2.0
#include <structwire/formats/json/reader.hpp>

#include <algorithm>
#include <charconv>

#include <structwire/core/base64.hpp>
#include <structwire/core/digits.hpp>
#include <structwire/core/number.hpp>
#include <structwire/core/text_kernels.hpp>
#include <structwire/core/utf8.hpp>
#include <structwire/formats/json/skip.hpp>
#include <structwire/formats/json/walk.hpp>

// The sentences about malformed JSON are those of msgspec 0.22, which says a few things differently where it
// passes over a value without decoding it: for unknown fields, Raw and reformatting.

namespace structwire::json {
namespace {

constexpr bool is_space(std::uint8_t c) noexcept { return c == ' ' || c == '\n' || c == '\r' || c == '\t'; }
constexpr bool is_digit(std::uint8_t c) noexcept { return c >= '0' && c <= '9'; }

std::string_view view(const std::uint8_t* begin, const std::uint8_t* end) noexcept {
  return {reinterpret_cast<const char*>(begin), static_cast<std::size_t>(end - begin)};
}

// False when the magnitude does not fit 64 bits.
bool to_integer(std::string_view text, Integer& out) noexcept {
  out.negative = text.front() == '-';
  if (out.negative) text.remove_prefix(1);
  return std::from_chars(text.data(), text.data() + text.size(), out.magnitude).ec == std::errc();
}

void append_code_point(std::string& out, std::uint32_t code) {
  const auto put = [&](std::uint32_t byte) { out.push_back(static_cast<char>(byte)); };
  if (code < 0x80) {
    put(code);
  } else if (code < 0x800) {
    put(0xC0 | code >> 6);
    put(0x80 | (code & 0x3F));
  } else if (code < 0x10000) {
    put(0xE0 | code >> 12);
    put(0x80 | (code >> 6 & 0x3F));
    put(0x80 | (code & 0x3F));
  } else {
    put(0xF0 | code >> 18);
    put(0x80 | (code >> 12 & 0x3F));
    put(0x80 | (code >> 6 & 0x3F));
    put(0x80 | (code & 0x3F));
  }
}

}  // namespace

bool ReaderBase::malformed(const char* what, std::size_t at) {
  return fail(ErrorCode::malformed,
              std::string("JSON is malformed: ") + what + " (byte " + std::to_string(at) + ")", at);
}

bool ReaderBase::finish() {
  skip_space();
  if (cursor_ == end_) return true;
  // msgspec counts the first character too many as read.
  return fail(ErrorCode::trailing_data,
              "JSON is malformed: trailing characters (byte " + std::to_string(offset() + 1) + ")", offset());
}

void ReaderBase::skip_space_slow() noexcept {
  while (cursor_ != end_ && is_space(*cursor_)) ++cursor_;
}

// `read`: how many bytes msgspec has taken before it complains.
bool ReaderBase::expect(std::string_view word, std::size_t read) {
  const auto left = static_cast<std::size_t>(end_ - cursor_);
  const std::string_view here = view(cursor_, cursor_ + std::min(left, word.size()));
  if (here == word) {
    cursor_ += word.size();
    return true;
  }
  if (here.size() < word.size()) return truncated(static_cast<std::size_t>(end_ - begin_));
  return malformed("invalid character", offset() + read);
}

bool ReaderBase::refuse(KindSet expected) {
  if (cursor_ == end_) return truncated(offset());
  const std::size_t start = offset();
  switch (*cursor_) {
    case '"': {
      std::string_view text;
      return read_text(text) && mismatch(expected, "str", start);
    }
    case '{': return mismatch(expected, "object", start);
    case '[': return mismatch(expected, "array", start);
    case 'n': return expect("null") && mismatch(expected, "null", start);
    case 't': return expect("true") && mismatch(expected, "bool", start);
    case 'f': return expect("false") && mismatch(expected, "bool", start);
    default: break;
  }
  NumberText number;
  return scan_number(number) && mismatch_number(expected, number, start);
}

// msgspec passes over what is no tag of the wanted kind before it says so, and tells malformed input as it does there.
bool ReaderBase::refuse_tag(Kind wanted, std::size_t start) {
  return_to(start);
  if (cursor_ == end_) return false;
  const Kind found = kind();
  if (wanted == Kind::text && found == Kind::text) return false;
  clear_error();
  return skip() && mismatch(wanted, name_of(found), start);
}

// msgspec reads the number before it complains: integers beyond 64 bits have become floats by then, and
// numbers beyond the largest float are an error of their own.
bool ReaderBase::mismatch_number(KindSet expected, const NumberText& number, std::size_t start) {
  const double value = parse_double(number.text);
  if (value - value != 0) return fail(ErrorCode::number_out_of_range, "Number out of range", start);
  Integer integer;
  const bool fits = number.integer && to_integer(number.text, integer) &&
                    (!integer.negative || integer.magnitude <= std::uint64_t{1} << 63);
  return mismatch(expected, fits ? "int" : "float", start);
}

bool ReaderBase::out_of_range(bool above, std::int64_t low, std::uint64_t high, std::size_t start) {
  return violated(ErrorCode::number_out_of_range,
                  above ? "`int` <= " + std::to_string(high) : "`int` >= " + std::to_string(low), start);
}

// ---- scalars ----

bool ReaderBase::read_null() { return expect("null"); }

bool ReaderBase::read(bool& out) {
  if (cursor_ == end_ || (*cursor_ != 't' && *cursor_ != 'f')) return refuse(Kind::boolean);
  out = *cursor_ == 't';
  return expect(out ? "true" : "false");
}

// RFC 8259, section 6. On success the cursor is behind the number.
bool ReaderBase::scan_number(NumberText& out) {
  const std::uint8_t* const start = cursor_;
  const std::uint8_t* at = cursor_;
  const auto stop = [&](const char* what) {
    cursor_ = at;
    return malformed_here(what);
  };
  const auto digits = [&] {
    const std::uint8_t* first = at;
    while (at != end_ && is_digit(*at)) ++at;
    return at != first;
  };
  if (at != end_ && *at == '-') ++at;
  if (at == end_) return at == start ? truncated(offset()) : stop("invalid number");
  if (!is_digit(*at)) return stop("invalid character");
  if (*at == '0') {
    ++at;
    if (at != end_ && is_digit(*at)) return stop("invalid number");
  } else {
    digits();
  }
  out.integer = true;
  if (at != end_ && *at == '.') {
    ++at;
    out.integer = false;
    if (!digits()) return stop("invalid number");
  }
  if (at != end_ && (*at | 0x20) == 'e') {
    ++at;
    out.integer = false;
    if (at != end_ && (*at == '+' || *at == '-')) ++at;
    if (!digits()) return stop("invalid number");
  }
  out.text = view(start, at);
  cursor_ = at;
  return true;
}

bool ReaderBase::integer_fits(std::string_view text, Integer& out) {
  return text.size() <= limits().number_digits && to_integer(text, out) &&
         (!out.negative || out.magnitude <= std::uint64_t{1} << 63);
}

bool ReaderBase::integer_of(std::string_view text, std::size_t start, Integer& out) {
  if (text.size() <= limits().number_digits && to_integer(text, out)) return true;
  return fail(ErrorCode::number_out_of_range, "Integer value out of range", start);
}

namespace {
constexpr std::uint64_t powers_of_ten[] = {1,         10,        100,        1'000,      10'000,
                                           100'000,   1'000'000, 10'000'000, 100'000'000};

// A sign, digits, and what stands behind.
constexpr std::ptrdiff_t short_integer_room = 1 + 8 + 8 + 1;

// Where an integer of up to 15 digits ends that begins at `first`, which is behind a sign and has room; nullptr for
// what else may stand there.
STRUCTWIRE_ALWAYS_INLINE const std::uint8_t* read_short_integer(const std::uint8_t* first,
                                                                std::uint64_t& magnitude) noexcept {
  const auto eight = [](const std::uint8_t* at) { return digits::load(reinterpret_cast<const char*>(at)); };
  std::uint64_t text = eight(first);
  int size = digits::leading_digits(text);
  const std::uint8_t* behind = first + size;
  // Eight at once; how many digits there are no branch foresees, but where they are eight and more, so that what comes
  // behind does not wait for the count.
  if (size != 8) {
    if (size == 0) return nullptr;
    magnitude = digits::join(text << (64 - 8 * size));
  } else {
    magnitude = digits::join(text);
    behind = first + 8;
    if (is_digit(behind[3])) {
      text = eight(behind);
      size = digits::leading_digits(text);
      if (size == 8) return nullptr;
      if (size != 0) magnitude = magnitude * powers_of_ten[size] + digits::join(text << (64 - 8 * size));
      behind += size;
    } else {
      for (; is_digit(*behind); ++behind) magnitude = magnitude * 10 + (*behind - '0');
    }
  }
  const bool goes_on = *behind == '.' || (*behind | 0x20) == 'e';
  const bool padded = *first == '0' && behind != first + 1;
  return goes_on || padded ? nullptr : behind;
}

}  // namespace

PlainInteger read_plain_integer(const std::uint8_t* at, const std::uint8_t* end) noexcept {
  std::uint64_t magnitude = 0;
  at += at != end && *at == '-';
  const std::uint8_t* const first = at;
  if (end - at >= short_integer_room) [[likely]] {
    if (const std::uint8_t* const behind = read_short_integer(at, magnitude)) [[likely]] return {behind, magnitude};
    magnitude = 0;
  }
  // Up to 18 digits cannot overflow; what follows decides whether this was all of the number.
  const std::uint8_t* const last = end - at > 18 ? at + 18 : end;
  for (; at != last && is_digit(*at); ++at) magnitude = magnitude * 10 + (*at - '0');
  const bool plain = at != first && (*first != '0' || at == first + 1) &&
                     (at == end || (!is_digit(*at) && *at != '.' && (*at | 0x20) != 'e'));
  return {plain ? at : nullptr, magnitude};
}

template <StandardInteger I>
std::size_t read_plain_integers(const std::uint8_t*& at, const std::uint8_t* end, I* out, std::size_t count) noexcept {
  constexpr auto most = static_cast<std::uint64_t>(std::numeric_limits<I>::max());
  const std::uint8_t* next = at;
  for (std::size_t read = 0; read < count; ++read) {
    if (end - next < short_integer_room) return read;
    const bool negative = *next == '-';
    std::uint64_t magnitude = 0;
    const std::uint8_t* const behind = read_short_integer(next + negative, magnitude);
    // The least of a signed type is not worth its own comparison.
    if (behind == nullptr || magnitude > most || (negative && std::is_unsigned_v<I>)) return read;
    out[read] = static_cast<I>(negative ? std::uint64_t{0} - magnitude : magnitude);
    at = behind;
    if (*behind != ',') return read + 1;
    next = behind + 1;
  }
  return count;
}

using At = const std::uint8_t*;
template std::size_t read_plain_integers(At&, At, signed char*, std::size_t) noexcept;
template std::size_t read_plain_integers(At&, At, unsigned char*, std::size_t) noexcept;
template std::size_t read_plain_integers(At&, At, short*, std::size_t) noexcept;
template std::size_t read_plain_integers(At&, At, unsigned short*, std::size_t) noexcept;
template std::size_t read_plain_integers(At&, At, int*, std::size_t) noexcept;
template std::size_t read_plain_integers(At&, At, unsigned*, std::size_t) noexcept;
template std::size_t read_plain_integers(At&, At, long*, std::size_t) noexcept;
template std::size_t read_plain_integers(At&, At, unsigned long*, std::size_t) noexcept;
template std::size_t read_plain_integers(At&, At, long long*, std::size_t) noexcept;
template std::size_t read_plain_integers(At&, At, unsigned long long*, std::size_t) noexcept;

bool ReaderBase::read_integer(Integer& out) {
  const PlainInteger plain = read_plain_integer(cursor_, end_);
  if (plain.end != nullptr) [[likely]] {
    out = {plain.magnitude, *cursor_ == '-'};
    cursor_ = plain.end;
    return true;
  }
  const std::size_t start = offset();
  NumberText number;
  if (!number_at_cursor(number)) return !failed() && refuse(Kind::integer);
  if (!number.integer) return mismatch_number(Kind::integer, number, start);
  return integer_of(number.text, start, out);
}

// False without an error when no number starts here.
bool ReaderBase::number_at_cursor(NumberText& out) {
  if (cursor_ == end_ || (*cursor_ != '-' && !is_digit(*cursor_))) return false;
  return scan_number(out);
}

// What is no number, or a number that breaks off, is read once more for its error.
template <class Float>
bool ReaderBase::read_floating(Float& out) {
  const std::size_t start = offset();
  const auto* const text = reinterpret_cast<const char*>(cursor_);
  const char* const behind = read_number(text, reinterpret_cast<const char*>(end_), out);
  if (behind == nullptr) [[unlikely]] return refuse(Kind::floating);
  if (!within_digits({text, behind}, start)) [[unlikely]] return false;
  cursor_ += behind - text;
  // x - x is 0 for every finite x.
  return out - out == 0 || fail(ErrorCode::number_out_of_range, "Number out of range", start);
}

bool ReaderBase::read(double& out) { return read_floating(out); }
bool ReaderBase::read(float& out) { return read_floating(out); }

// ---- text ----

bool ReaderBase::check_run(std::string_view text, bool ascii) {
  if (ascii || text_kernels::is_utf8(text)) return true;
  const std::size_t at = static_cast<std::size_t>(reinterpret_cast<const std::uint8_t*>(text.data()) - begin_) +
                         utf8::valid_prefix(text);
  return fail(ErrorCode::invalid_utf8, "JSON is malformed: invalid UTF-8 in string (byte " + std::to_string(at) + ")",
              at);
}

bool ReaderBase::read_text(std::string_view& out) {
  if (cursor_ == end_ || *cursor_ != '"') return refuse(Kind::text);
  const std::uint8_t* const first = cursor_ + 1;
  const text_kernels::Run run = run_from(first);
  const auto* const stop = reinterpret_cast<const std::uint8_t*>(run.end);
  if (stop != end_ && *stop == '"') [[likely]] {
    out = view(first, stop);
    if (out.size() > limits().string_bytes) return fail(ErrorCode::size_limit, "Text longer than the limit", offset());
    if (!check_run(out, run.ascii)) return false;
    cursor_ = stop + 1;
    return true;
  }
  return read_escaped(first, out);
}

text_kernels::Run ReaderBase::run_from(const std::uint8_t* at) const noexcept {
  return text_kernels::plain_run(reinterpret_cast<const char*>(at), reinterpret_cast<const char*>(end_));
}

struct ReaderBase::EscapeSentences {
  const char* unknown;
  std::size_t unknown_at;  // From the letter behind the backslash.
  const char* no_low_surrogate;
};

// Text from behind its first quote to behind its last. `add_run` gets the pieces without escapes and returns
// the decoded size so far.
template <class AddRun, class AddCodePoint>
bool ReaderBase::scan_text(const EscapeSentences& sentences, AddRun add_run, AddCodePoint add_code_point) {
  while (true) {
    const text_kernels::Run here = run_from(cursor_);
    const std::string_view run = view(cursor_, reinterpret_cast<const std::uint8_t*>(here.end));
    if (!check_run(run, here.ascii)) return false;
    cursor_ += run.size();
    if (add_run(run) > limits().string_bytes) {
      return fail(ErrorCode::size_limit, "Text longer than the limit", offset());
    }
    if (cursor_ == end_) return truncated(offset());
    if (*cursor_ == '"') {
      ++cursor_;
      return true;
    }
    if (*cursor_ != '\\') return malformed_here("invalid character");
    ++cursor_;
    std::uint32_t code = 0;
    if (!read_escape(sentences, code)) return false;
    add_code_point(code);
  }
}

// Text with at least one escape, or an error. It is put together in scratch_.
bool ReaderBase::read_escaped(const std::uint8_t* run, std::string_view& out) {
  constexpr EscapeSentences sentences{"invalid escape character in string", 1,
                                      "unexpected end of escaped utf-16 surrogate pair"};
  scratch_.clear();
  cursor_ = run;
  const auto add_run = [this](std::string_view text) { return scratch_.append(text).size(); };
  const auto add_code_point = [this](std::uint32_t code) { append_code_point(scratch_, code); };
  if (!scan_text(sentences, add_run, add_code_point)) return false;
  out = scratch_;
  return true;
}

bool ReaderBase::skip_text() {
  constexpr EscapeSentences sentences{"invalid escaped character", 0, "unexpected end of hex escape"};
  ++cursor_;
  std::size_t size = 0;
  const auto add_run = [&size](std::string_view text) { return size += text.size(); };
  const auto add_code_point = [&size](std::uint32_t code) {
    size += code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
  };
  return scan_text(sentences, add_run, add_code_point);
}

bool ReaderBase::read_escape(const EscapeSentences& sentences, std::uint32_t& code) {
  if (cursor_ == end_) return truncated(offset());
  switch (*cursor_++) {
    case '"': code = '"'; return true;
    case '\\': code = '\\'; return true;
    case '/': code = '/'; return true;
    case 'b': code = '\b'; return true;
    case 'f': code = '\f'; return true;
    case 'n': code = '\n'; return true;
    case 'r': code = '\r'; return true;
    case 't': code = '\t'; return true;
    case 'u': return read_unicode_escape(sentences, code);
    default: break;
  }
  return malformed(sentences.unknown, offset() - 1 + sentences.unknown_at);
}

bool ReaderBase::read_code_unit(std::uint32_t& unit) {
  if (end_ - cursor_ < 4) {
    cursor_ = end_;
    return truncated(offset());
  }
  unit = 0;
  for (int i = 0; i < 4; ++i, ++cursor_) {
    const std::uint32_t c = *cursor_;
    const std::uint32_t letter = (c | 0x20) - 'a';
    if (!is_digit(*cursor_) && letter > 5) {
      return malformed("invalid character in unicode escape", offset() + 1);
    }
    unit = unit << 4 | (is_digit(*cursor_) ? c - '0' : letter + 10);
  }
  return true;
}

// Unicode 15, section 3.9: code points above U+FFFF come as a high and a low surrogate, always both.
bool ReaderBase::read_unicode_escape(const EscapeSentences& sentences, std::uint32_t& code) {
  if (!read_code_unit(code)) return false;
  if (code >= 0xDC00 && code <= 0xDFFF) return malformed_here("invalid utf-16 surrogate pair");
  if (code >= 0xD800 && code <= 0xDBFF) {
    if (end_ - cursor_ < 6) {
      cursor_ = end_;
      return truncated(offset());
    }
    if (cursor_[0] != '\\' || cursor_[1] != 'u') {
      return malformed_here(sentences.no_low_surrogate);
    }
    cursor_ += 2;
    std::uint32_t low = 0;
    if (!read_code_unit(low)) return false;
    if (low < 0xDC00 || low > 0xDFFF) return malformed_here("invalid utf-16 surrogate pair");
    code = 0x10000 + ((code - 0xD800) << 10) + (low - 0xDC00);
  }
  return true;
}

bool ReaderBase::read_base64_text(std::string_view& out) {
  if (cursor_ == end_ || *cursor_ != '"') return refuse(Kind::bytes);
  return read_text(out);
}

bool ReaderBase::read_bytes(Bytes& out) {
  const std::size_t start = offset();
  std::string_view text;
  if (!read_base64_text(text)) return false;
  return base64::decode(text, out) || fail(ErrorCode::invalid_text, "Invalid base64 encoded string", start);
}

bool ReaderBase::read_bytes(Buffer& out) {
  const std::size_t start = offset();
  std::string_view text;
  if (!read_base64_text(text)) return false;
  return base64::decode(text, out) || fail(ErrorCode::invalid_text, "Invalid base64 encoded string", start);
}

// ---- structure ----

bool ReaderBase::too_many(const char* text) { return fail(ErrorCode::size_limit, text, offset()); }

bool ReaderBase::open_array(ArrayScope&) {
  if (cursor_ == end_ || *cursor_ != '[') return refuse(Kind::array);
  ++cursor_;
  return true;
}

bool ReaderBase::more_items(ArrayScope& scope) {
  skip_space();
  if (cursor_ == end_) return truncated(offset());
  if (*cursor_ == ']') {
    ++cursor_;
    return false;
  }
  if (scope.count == limits().container_items) return too_many("More items than the limit");
  if (scope.count++ == 0) return true;
  if (*cursor_ != ',') return malformed_here("expected ',' or ']'");
  ++cursor_;
  skip_space();
  if (cursor_ != end_ && *cursor_ == ']') return malformed_here("trailing comma in array");
  return true;
}

bool ReaderBase::open_map(MapScope&) {
  if (cursor_ == end_ || *cursor_ != '{') return refuse(Kind::object);
  ++cursor_;
  return true;
}

bool ReaderBase::more_entries(MapScope& scope) { return more_entries(scope, "object keys must be strings"); }

bool ReaderBase::more_entries(MapScope& scope, const char* no_key) {
  skip_space();
  if (cursor_ == end_) return truncated(offset());
  if (*cursor_ == '}') {
    ++cursor_;
    return false;
  }
  if (scope.count == limits().container_items) return too_many("More entries than the limit");
  if (scope.count++ != 0) {
    if (*cursor_ != ',') return malformed_here("expected ',' or '}'");
    ++cursor_;
    skip_space();
    if (cursor_ == end_) return truncated(offset());
    if (*cursor_ == '}') return malformed_here("trailing comma in object");
  }
  return *cursor_ == '"' || malformed_here(no_key);
}

bool ReaderBase::close_key(MapScope&) {
  skip_space();
  if (cursor_ == end_) return truncated(offset());
  if (*cursor_ != ':') return malformed_here("expected ':'");
  ++cursor_;
  skip_space();
  return true;
}

// ---- without a type ----

Kind ReaderBase::peek() const noexcept {
  if (cursor_ == end_) return Kind::null;
  switch (*cursor_) {
    case '{': return Kind::object;
    case '[': return Kind::array;
    case '"': return Kind::text;
    case 't':
    case 'f': return Kind::boolean;
    case 'n': return Kind::null;
    default: return Kind::integer;
  }
}

Kind ReaderBase::kind() const noexcept {
  const Kind coarse = peek();
  if (coarse != Kind::integer) return coarse;
  const std::uint8_t* at = cursor_;
  if (at != end_ && *at == '-') ++at;
  while (at != end_ && is_digit(*at)) ++at;
  const bool fraction = at != end_ && (*at == '.' || (*at | 0x20) == 'e');
  return fraction ? Kind::floating : Kind::integer;
}

bool ReaderBase::read_number_text(std::string_view& out) {
  const std::size_t start = offset();
  NumberText number;
  if (!scan_number(number) || !within_digits(number.text, start)) return false;
  out = number.text;
  return true;
}

// The form in which the Writer shows an ext: {"$ext": code, "data": base64}.
bool ReaderBase::read_ext(Ext& out) {
  const Mark start = mark();
  MapScope scope;
  std::string_view key;
  std::int64_t code = 0;
  Integer number;
  const auto entry = [&](std::string_view name) {
    return more_entries(scope) && read_text(key) && key == name && close_key(scope);
  };
  const bool is_ext = peek() == Kind::object && open_map(scope) && entry("$ext") && read_integer(number) &&
                      number.magnitude <= 127u + number.negative && entry("data") && read_bytes(out.data) &&
                      !more_entries(scope) && !failed();
  if (!is_ext) {
    rewind(start);
    return refuse(Kind::ext);
  }
  code = static_cast<std::int64_t>(number.magnitude);
  out.code = static_cast<std::int8_t>(number.negative ? -code : code);
  return true;
}

bool ReaderBase::read_scalar(Value& out) {
  const std::size_t start = offset();
  switch (peek()) {
    case Kind::null: out = Value(); return read_null();
    case Kind::boolean: {
      bool boolean = false;
      if (!read(boolean)) return false;
      out = Value(boolean);
      return true;
    }
    case Kind::text: {
      std::string_view text;
      if (!read_text(text)) return false;
      out = Value(text);
      return true;
    }
    default: break;
  }
  NumberText number;
  return scan_number(number) && number_value(number, start, out);
}

bool ReaderBase::number_value(const NumberText& number, std::size_t start, Value& out) {
  const bool nearest = options().nearest_numbers;
  Integer integer;
  if (number.integer && integer_fits(number.text, integer)) {
    out = integer.negative ? Value(static_cast<std::int64_t>(std::uint64_t{0} - integer.magnitude))
                           : Value(integer.magnitude);
    return true;
  }
  if (number.integer && !nearest) return fail(ErrorCode::number_out_of_range, "Integer value out of range", start);
  if (!within_digits(number.text, start)) return false;
  const double value = parse_double(number.text);
  out = Value(value);
  return nearest || value - value == 0 || fail(ErrorCode::number_out_of_range, "Number out of range", start);
}

bool ReaderBase::skip() {
  const auto* const at = reinterpret_cast<const char*>(cursor_);
  const char* const behind = skip_value(at, reinterpret_cast<const char*>(end_), {depth_left(), limits().number_digits});
  const std::size_t size_max = std::min(limits().string_bytes, limits().container_items);
  // What is longer than a limit may hold something that is: the slow way counts.
  if (behind == nullptr || static_cast<std::size_t>(behind - at) > size_max) [[unlikely]] return walk(Unseen{});
  cursor_ += behind - at;
  return true;
}

ReaderBase::NextKey ReaderBase::pass_members(StructScope& scope, const KeyFilter& known, bool from_key) {
  // What is longer than a limit may hold something that is: no run is.
  const std::size_t size_max = std::min(limits().string_bytes, limits().container_items);
  const auto* const at = reinterpret_cast<const char*>(cursor_);
  const std::size_t size = std::min(static_cast<std::size_t>(end_ - cursor_), size_max);
  scope.count -= from_key;
  const SkippedMembers run = structwire::json::skip_members(at, at + size, {depth_left(), limits().number_digits}, known,
                                                            limits().container_items - scope.count, from_key);
  scope.count += run.count;
  if (!run.passed && from_key && run.count == 0) [[unlikely]] {
    ++scope.count;
    return NextKey::other;
  }
  cursor_ += run.at - at;
  if (!run.passed) [[unlikely]] return skip() && more_entries(scope) ? NextKey::other : NextKey::none;
  if (*cursor_ == '"') {
    ++scope.count;
    return NextKey::other;
  }
  ++cursor_;
  line_ = scope.outer;
  return NextKey::none;
}

bool ReaderBase::skip_scalar(Kind kind) {
  switch (kind) {
    case Kind::text: return skip_text();
    case Kind::boolean: return expect(*cursor_ == 't' ? "true" : "false", 1);
    case Kind::null: return expect("null", 1);
    default: break;
  }
  if (*cursor_ == '-' && end_ - cursor_ == 1) return malformed("invalid character", offset() + 1);
  const std::size_t start = offset();
  NumberText number;
  return scan_number(number) && within_digits(number.text, start);
}

bool ReaderBase::capture(RawView& out) {
  const std::uint8_t* start = cursor_;
  if (!skip()) return false;
  out = {&json::format(), std::as_bytes(std::span(view(start, cursor_)))};
  return true;
}

bool ReaderBase::capture(Raw& out) {
  RawView there;
  if (!capture(there)) return false;
  out = Raw(there);
  return true;
}

}  // namespace structwire::json
