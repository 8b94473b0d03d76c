// SPDX-License-Identifier: Apache-2.0
#include <structwire/core/error.hpp>

#include <array>
#include <charconv>
#include <cstdio>
#include <cstdlib>
#include <utility>

#include <structwire/core/config.hpp>
#include <structwire/core/error_detail.hpp>

namespace structwire {

void assertion_failed(const char* text, const char* file, int line) noexcept {
  std::fprintf(stderr, "structwire: broken promise: %s (%s:%d)\n", text, file, line);
  std::abort();
}

namespace {


constexpr std::array<std::string_view, 21> code_names = {
    "none",           "unexpected_end",   "malformed",           "trailing_data",
    "invalid_utf8",   "type_mismatch",    "missing_field",       "unknown_field",
    "number_out_of_range", "constraint_violated", "invalid_enum_value", "invalid_tag", "refused", "invalid_text",
    "invalid_length", "depth_limit",      "size_limit",          "memory_exhausted",
    "unsupported",    "buffer_too_small", "io"};

// msgspec's form: `` `$.a[0]` ``, or `` `key` in `$.m` `` when the innermost step is a map's key.
std::string quoted_path(const ErrorDetail& detail, std::string_view path) {
  std::string text;
  if (!detail.path.empty() && detail.path.front().step == PathSegment::Step::map_key) {
    text += "`key` in ";
  }
  return text.append("`").append(path).append("`");
}

std::string sentence(const ErrorDetail& detail) {
  if (!detail.text.empty()) return detail.text;
  std::string text = "Expected ";
  text += detail.expected.empty() ? "`" + detail.expected_kinds.text() + "`" : detail.expected;
  if (detail.got.empty()) return text;
  // A kind stands in quotes, a length does not.
  const char* quote = detail.expected.empty() ? "`" : "";
  text.append(", got ").append(quote).append(detail.got).append(quote);
  return text;
}

}  // namespace

std::string KindSet::text() const {
  std::string text;
  for (std::size_t i = 0; i < kind_names.size(); ++i) {
    if (!contains(static_cast<Kind>(i))) continue;
    if (!text.empty()) text += " | ";
    text += kind_names[i];
  }
  return text;
}

std::string_view name_of(ErrorCode code) noexcept { return code_names[static_cast<std::size_t>(code)]; }

bool is_syntax(ErrorCode code) noexcept {
  return code == ErrorCode::unexpected_end || code == ErrorCode::malformed ||
         code == ErrorCode::trailing_data || code == ErrorCode::invalid_utf8;
}

Error::Error() noexcept = default;
Error::Error(ErrorCode code, std::string text, std::optional<std::size_t> offset)
    : detail_(std::make_unique<ErrorDetail>()) {
  detail_->code = code;
  detail_->text = std::move(text);
  detail_->offset = offset;
}
Error::Error(std::unique_ptr<ErrorDetail> detail) noexcept : detail_(std::move(detail)) {}
Error::Error(const Error& other)
    : detail_(other.detail_ ? std::make_unique<ErrorDetail>(*other.detail_) : nullptr) {}
Error::Error(Error&& other) noexcept = default;
Error& Error::operator=(const Error& other) { return *this = Error(other); }
Error& Error::operator=(Error&& other) noexcept = default;
Error::~Error() = default;

ErrorCode Error::code() const noexcept { return detail_ ? detail_->code : ErrorCode::none; }

std::optional<std::size_t> Error::offset() const noexcept {
  return detail_ ? detail_->offset : std::nullopt;
}

std::string Error::path() const {
  std::string text = "$";
  if (!detail_) return text;
  for (auto segment = detail_->path.rbegin(); segment != detail_->path.rend(); ++segment) {
    switch (segment->step) {
      case PathSegment::Step::member: text.append(".").append(segment->name); break;
      case PathSegment::Step::item: text.append("[").append(std::to_string(segment->index)).append("]"); break;
      case PathSegment::Step::map_value:
        text.append("[").append(segment->name.empty() ? "..." : segment->name).append("]");
        break;
      case PathSegment::Step::map_key: break;
    }
  }
  return text;
}

std::string Error::message() const {
  if (!detail_) return {};
  std::string text = sentence(*detail_);
  // As in msgspec, broken syntax has a byte position in its sentence, and no path.
  if (!detail_->path.empty() && !is_syntax(detail_->code)) text.append(" - at ").append(quoted_path(*detail_, path()));
  return text;
}

std::string Error::expected() const {
  if (!detail_) return {};
  return detail_->expected.empty() ? detail_->expected_kinds.text() : detail_->expected;
}

void move_offset(ErrorDetail& detail, std::size_t bytes) {
  if (!detail.offset || bytes == 0) return;
  *detail.offset += bytes;
  // `(byte 12)` at the end of a sentence about syntax, which need not be the offset.
  constexpr std::string_view mark = "(byte ";
  const std::size_t start = detail.text.rfind(mark);
  if (!is_syntax(detail.code) || start == std::string::npos || !detail.text.ends_with(')')) return;
  const char* const digits = detail.text.data() + start + mark.size();
  const char* const end = detail.text.data() + detail.text.size() - 1;
  std::size_t position = 0;
  if (const auto read = std::from_chars(digits, end, position);
      read.ec != std::errc() || read.ptr != end)
    return;
  detail.text.replace(start + mark.size(), std::string::npos,
                      std::to_string(position + bytes) + ")");
}

std::string Error::got() const { return detail_ ? detail_->got : std::string(); }

}  // namespace structwire
