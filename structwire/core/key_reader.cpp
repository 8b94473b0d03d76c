// SPDX-License-Identifier: Apache-2.0
#include <structwire/core/key_reader.hpp>

#include <charconv>

#include <structwire/core/base64.hpp>
#include <structwire/core/number.hpp>
#include <structwire/core/quoted.hpp>

namespace structwire {

KeyReader::Found KeyReader::read_integer(std::int64_t& number, std::uint64_t& large) const noexcept {
  if (!is_json_integer(text_) || text_.size() > limits().number_digits) return Found::none;
  const char* end = text_.data() + text_.size();
  if (std::from_chars(text_.data(), end, number).ec == std::errc()) return Found::integer;
  if (text_.front() != '-' && std::from_chars(text_.data(), end, large).ec == std::errc()) return Found::large;
  return Found::beyond;
}

// A number beyond the largest double is told as such before its kind is, as in values.
bool KeyReader::refuse_integer() {
  const double number = is_json_number(text_) && !is_json_integer(text_) ? parse_double(text_) : 0;
  if (number - number == 0) return refuse(Kind::integer);
  return fail(ErrorCode::number_out_of_range, "Number out of range", offset_);
}

bool KeyReader::out_of_range(bool above, std::int64_t low, std::uint64_t high) {
  return violated(ErrorCode::number_out_of_range,
                  above ? "`int` <= " + std::to_string(high) : "`int` >= " + std::to_string(low), offset_);
}

bool KeyReader::read(double& out) {
  if (!is_json_number(text_)) return refuse(Kind::floating);
  if (!within_digits(text_, offset_)) return false;
  out = parse_double(text_);
  // x - x is 0 for every finite x.
  return out - out == 0 || fail(ErrorCode::number_out_of_range, "Number out of range", offset_);
}

bool KeyReader::read(float& out) {
  if (!is_json_number(text_)) return refuse(Kind::floating);
  if (!within_digits(text_, offset_)) return false;
  out = parse_float(text_);
  return out - out == 0 || fail(ErrorCode::number_out_of_range, "Number out of range", offset_);
}

bool KeyReader::read_bytes(Bytes& out) {
  return base64::decode(text_, out) || fail(ErrorCode::invalid_text, "Invalid base64 encoded string", offset_);
}

bool KeyReader::read_bytes(Buffer& out) {
  return base64::decode(text_, out) || fail(ErrorCode::invalid_text, "Invalid base64 encoded string", offset_);
}

bool KeyReader::read_scalar(Value& out) {
  out = Value(text_);
  return true;
}

std::string shown_key_text(std::string_view key) {
  std::string shown;
  append_quoted(shown, key);
  return shown;
}

}  // namespace structwire
