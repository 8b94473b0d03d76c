// SPDX-License-Identifier: Apache-2.0
//
// What happens to numbers, text, bytes and what has a text form, when they are read as another type.
#include <structwire/contract/compare/constraints.hpp>
#include <structwire/contract/compare/crossing.hpp>

#include <cmath>

namespace structwire::contract {
namespace {

using enum TypeKind;

// ---- numbers ----

Crossing cross_integer_to_float(const TypeSchema& written, const TypeSchema& read) {
  const int digits = read.bits == 32 ? 24 : 53;
  const long double exact = static_cast<long double>(std::uint64_t{1} << digits);
  const Interval range = interval_of(written);
  if (range.low >= -exact && range.high <= exact) return cross_constraints(written, read);
  return wrong("integers beyond 2^" + std::to_string(digits) + " are rounded");
}

Crossing cross_float_to_float(const TypeSchema& written, const TypeSchema& read) {
  if (written.bits <= read.bits) return cross_constraints(written, read);
  return wrong("numbers are rounded to 24 binary digits, and too large ones refused");
}

// ---- values with a text form ----

/// MessagePack has a timestamp for instants; without a zone a datetime is text.
Crossing cross_datetime_to_text(const TypeSchema& written, WireForm form) {
  if (form == WireForm::json || written.zoned == false) return fine();
  const std::string reason = "a datetime with a zone is a timestamp extension, which is refused where text is expected";
  return written.zoned == true ? all(reason) : some(reason);
}

Crossing cross_to_text(const TypeSchema& written, const TypeSchema& read, WireForm form) {
  Crossing crossing = written.kind == datetime ? cross_datetime_to_text(written, form) : fine();
  if (written.kind != text && is_constrained(read)) {
    return worse(std::move(crossing), some("text outside the rules of the reader is refused"));
  }
  return worse(std::move(crossing), cross_constraints(written, read));
}

/// Text that could spell bytes in this style; base64 has neither `-` nor `:`.
bool may_look_like(BytesStyle style, TypeKind kind) noexcept {
  if (kind == time) return false;
  if (kind == date || kind == datetime || kind == uuid) return style == BytesStyle::base64url;
  return true;
}

Crossing cross_to_bytes(const TypeSchema& written, const TypeSchema& read, WireForm form) {
  if (form == WireForm::msgpack) return all("text is refused where bytes are expected");
  if (!may_look_like(read.bytes_text, written.kind)) return all("the text is refused, because it spells no bytes");
  return wrong("text that happens to spell bytes is decoded to other bytes, without an error; other text is refused");
}

Crossing cross_from_bytes(const TypeSchema& read, WireForm form) {
  if (read.kind == uuid) return some("bytes that are no UUID are refused");
  if (form == WireForm::msgpack) return all("bytes are refused where text is expected");
  if (read.kind == text) return wrong("the reader takes the spelling of the bytes for the text itself");
  return all("the spelling of bytes is refused as " + in_words(read));
}

Crossing cross_bytes(const TypeSchema& written, const TypeSchema& read, WireForm form) {
  Crossing crossing = cross_constraints(written, read);
  if (form != WireForm::json || written.bytes_text == read.bytes_text) return crossing;
  if (written.bytes_text != BytesStyle::hex && read.bytes_text != BytesStyle::hex) {
    return worse(std::move(crossing), some("bytes whose spelling holds one of + / - _ are refused"));
  }
  return worse(std::move(crossing), wrong("bytes in one spelling are decoded as the other, where both are possible"));
}

/// Seconds, of `1/1000` or `60`; microseconds where nothing is said.
long double seconds_of(std::string_view tick) noexcept {
  if (tick.empty()) return 1e-6L;
  const auto number = [](std::string_view digits) {
    long double value = 0;
    for (const char c : digits) value = value * 10 + (c - '0');
    return value;
  };
  const std::size_t slash = tick.find('/');
  if (slash == std::string_view::npos) return number(tick);
  return number(tick.substr(0, slash)) / number(tick.substr(slash + 1));
}

Crossing cross_ticks(const TypeSchema& written, const TypeSchema& read) {
  const long double ratio = seconds_of(written.tick) / seconds_of(read.tick);
  if (std::abs(ratio - std::round(ratio)) > 1e-9L || ratio < 0.5L) return wrong("what lies between two ticks of the reader is rounded");
  if (ratio > 1.5L || read.bits < written.bits || read.is_unsigned != written.is_unsigned) {
    return some("values beyond the range of the reader are refused");
  }
  return {};
}

Crossing cross_extensions(const TypeSchema& written, const TypeSchema& read) {
  if (!read.code || written.code == read.code) return fine();
  return written.code ? all("the extension code " + std::to_string(*written.code) + " is refused")
                      : some("extensions of another code are refused");
}

}  // namespace

bool has_text_form(TypeKind kind) noexcept {
  return kind == text || kind == date || kind == time || kind == duration || kind == uuid || kind == decimal ||
         kind == datetime;
}

Crossing refused(const TypeSchema& written, const TypeSchema& read) {
  return all(in_words(written) + " is refused where " + in_words(read) + " is expected");
}

Crossing cross_scalars(const TypeSchema& from, const TypeSchema& to, WireForm form) {
  if (from.kind == integer && to.kind == floating) return cross_integer_to_float(from, to);
  if ((from.kind == integer || from.kind == floating) && to.kind == decimal) {
    return is_constrained(to) ? some("numbers outside the rules of the reader are refused") : fine();
  }
  if (from.kind == floating && to.kind == floating) return cross_float_to_float(from, to);
  if (from.kind == bytes && to.kind == bytes) return cross_bytes(from, to, form);
  if (from.kind == ext && to.kind == ext) return cross_extensions(from, to);
  if (from.kind == datetime || from.kind == duration) {
    if (from.kind == to.kind) return worse(cross_ticks(from, to), cross_constraints(from, to));
  }
  if (from.kind == to.kind) return cross_constraints(from, to);
  if (to.kind == bytes && has_text_form(from.kind)) return cross_to_bytes(from, to, form);
  if (from.kind == bytes && has_text_form(to.kind)) return cross_from_bytes(to, form);
  if (to.kind == text && has_text_form(from.kind)) return cross_to_text(from, to, form);
  if (from.kind == text && has_text_form(to.kind)) return some("text that spells no " + in_words(to) + " is refused");
  return refused(from, to);
}

}  // namespace structwire::contract
