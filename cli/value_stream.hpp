// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <structwire/core/error.hpp>
#include <structwire/core/format.hpp>

#include <cstddef>
#include <cstdio>
#include <optional>
#include <span>
#include <string>

namespace structwire::cli {

/// A file of many values, one after the other: JSON has one per line, MessagePack just the next.
/// Holds one value and a block in memory, however long the file is.
class ValueStream {
 public:
  /// The file must live as long as the stream.
  ValueStream(std::FILE* file, const Format& format) : file_(file), format_(format) {}

  /// The bytes of the next value, valid until the next call; nothing at the end. They are complete
  /// in extent only; decoding tells whether they are a value.
  [[nodiscard]] Result<std::optional<std::span<const std::byte>>> next();

  /// Where the value given last began, in bytes from the start of the file.
  [[nodiscard]] std::size_t offset() const { return passed_ + begin_; }

 private:
  [[nodiscard]] bool fill();
  [[nodiscard]] std::string_view rest() const { return std::string_view(held_).substr(end_); }
  [[nodiscard]] Result<std::optional<std::size_t>> extent() const;

  std::FILE* file_;
  const Format& format_;
  std::string held_;        // what was read and is not yet passed
  std::size_t begin_ = 0;   // of the value given last, in held_
  std::size_t end_ = 0;     // behind it
  std::size_t passed_ = 0;  // bytes of the file before held_
  bool at_end_ = false;
};

}  // namespace structwire::cli
