// SPDX-License-Identifier: Apache-2.0
#include <structwire/core/reader.hpp>

#include <algorithm>
#include <memory>
#include <utility>

#include <structwire/core/error_detail.hpp>

namespace structwire {
namespace {

std::unique_ptr<ErrorDetail> detail_of(ErrorCode code, std::size_t offset) {
  auto detail = std::make_unique<ErrorDetail>();
  detail->code = code;
  if (offset != no_offset) detail->offset = offset;
  return detail;
}

// What small inputs may be tried with before their own size counts.
constexpr std::size_t attempts_start = 1024;

}  // namespace

bool ReaderState::fail(ErrorCode code, std::string_view text, std::size_t offset) {
  auto detail = detail_of(code, offset);
  detail->text = text;
  error_ = Error(std::move(detail));
  return false;
}

bool ReaderState::truncated(std::size_t offset) {
  return fail(ErrorCode::unexpected_end, "Input data was truncated", offset);
}

bool ReaderState::mismatch(KindSet expected, std::string_view got, std::size_t offset) {
  auto detail = detail_of(ErrorCode::type_mismatch, offset);
  detail->expected_kinds = expected;
  detail->got = got;
  error_ = Error(std::move(detail));
  return false;
}

bool ReaderState::violated(ErrorCode code, std::string expected, std::size_t offset, std::string got) {
  auto detail = detail_of(code, offset);
  detail->expected = std::move(expected);
  detail->got = std::move(got);
  error_ = Error(std::move(detail));
  return false;
}

bool ReaderState::missing_field(std::string_view wire_name, std::size_t offset) {
  return fail(ErrorCode::missing_field, "Object missing required field `" + std::string(wire_name) + "`",
              offset);
}

bool ReaderState::unknown_field(std::string_view wire_name, std::size_t offset) {
  return fail(ErrorCode::unknown_field, "Object contains unknown field `" + std::string(wire_name) + "`",
              offset);
}

bool ReaderState::too_deep(std::size_t offset) {
  return fail(ErrorCode::depth_limit,
              "Nested deeper than " + std::to_string(limits().depth) + " levels", offset);
}

bool ReaderState::too_many_digits(std::size_t offset) {
  return fail(ErrorCode::size_limit, "Number longer than the limit", offset);
}

bool ReaderState::too_large(std::size_t offset) {
  return fail(ErrorCode::size_limit,
              "Decoded containers would take more than " + std::to_string(limits().decoded_bytes) +
                  " bytes of memory",
              offset);
}

bool ReaderState::count_attempt(std::size_t from, std::size_t to, std::size_t offset) {
  furthest_ = std::max(furthest_, to);
  read_in_vain_ += 1 + (to - std::min(from, to));
  const std::size_t times = limits().attempts;
  if (times != 0 && (read_in_vain_ - 1) / times < attempts_start + furthest_) return true;
  return fail(ErrorCode::size_limit,
              "Alternatives were tried in vain over more than " + std::to_string(times) + " times the input (limits.attempts)",
              offset);
}

bool ReaderState::in_member(std::string_view wire_name) {
  error_.detail()->path.push_back({PathSegment::Step::member, std::string(wire_name)});
  return false;
}

bool ReaderState::in_item(std::size_t index) {
  error_.detail()->path.push_back({PathSegment::Step::item, {}, index});
  return false;
}

bool ReaderState::in_map_value(std::string key) {
  error_.detail()->path.push_back({PathSegment::Step::map_value, std::move(key)});
  return false;
}

bool ReaderState::in_map_key() {
  // Syntax has no path: only what the schema refuses is somewhere.
  error_.detail()->path.push_back({PathSegment::Step::map_key, {}});
  return false;
}

bool ReaderState::or_kinds(KindSet others) {
  ErrorDetail& detail = *error_.detail();
  if (detail.code == ErrorCode::type_mismatch && detail.path.empty()) detail.expected_kinds.insert(others);
  return false;
}

bool ReaderState::can_go_on_after(ErrorCode code) noexcept {
  return !is_syntax(code) && code != ErrorCode::depth_limit && code != ErrorCode::size_limit &&
         code != ErrorCode::memory_exhausted;
}

bool ReaderState::forgive() {
  if (errors_to_forgive_ == 0 || !can_go_on_after(error_.code())) return false;
  --errors_to_forgive_;
  error_ = Error();
  return true;
}

}  // namespace structwire
