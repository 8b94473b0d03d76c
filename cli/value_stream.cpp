// SPDX-License-Identifier: Apache-2.0
#include <cli/value_stream.hpp>

#include <structwire/msgpack.hpp>

#include <algorithm>
#include <cerrno>
#include <cstring>

namespace structwire::cli {
namespace {

constexpr std::size_t block_bytes = 64 * 1024;

std::span<const std::byte> bytes_of(std::string_view text) {
  return std::as_bytes(std::span(text));
}

bool is_blank(std::string_view line) { return line.find_first_not_of(" \t\r") == line.npos; }

}  // namespace

Result<std::optional<std::span<const std::byte>>> ValueStream::next() {
  while (true) {
    Result<std::optional<std::size_t>> size = extent();
    if (!size) return std::unexpected(std::move(size.error()));
    if (*size) {
      begin_ = end_;
      end_ += **size;
      const std::string_view value = std::string_view(held_).substr(begin_, **size);
      if (&format_ != &msgpack::format() && is_blank(value.substr(0, value.find('\n')))) continue;
      return bytes_of(value);
    }
    if (!fill()) {
      if (std::ferror(file_) != 0) {
        return std::unexpected(Error(ErrorCode::io, std::strerror(errno)));
      }
      if (rest().empty()) return std::nullopt;
    }
  }
}

// The size of the next value; nothing where more has to be read to know.
Result<std::optional<std::size_t>> ValueStream::extent() const {
  const std::string_view text = rest();
  if (text.empty()) return std::nullopt;
  if (&format_ != &msgpack::format()) {
    const std::size_t line_end = text.find('\n');
    if (line_end != text.npos) return line_end + 1;
    return at_end_ ? std::optional(text.size()) : std::nullopt;
  }
  const DecodeOptions options;
  msgpack::Reader reader(bytes_of(text), options);
  if (reader.skip()) return reader.offset();
  if (at_end_) return text.size();  // decoding it tells what is wrong
  Error error = reader.take_error();
  if (error.code() == ErrorCode::unexpected_end) return std::nullopt;
  return text.size();
}

// Reads as much again as is held, so that a long value is looked at a few times only.
bool ValueStream::fill() {
  if (at_end_) return false;
  held_.erase(0, end_);
  passed_ += end_;
  begin_ = end_ = 0;
  const std::size_t had = held_.size();
  held_.resize(had + std::max(block_bytes, had));
  const std::size_t got = std::fread(held_.data() + had, 1, held_.size() - had, file_);
  held_.resize(had + got);
  at_end_ = got == 0;
  return got > 0;
}

}  // namespace structwire::cli
