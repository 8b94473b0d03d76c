// SPDX-License-Identifier: Apache-2.0
#pragma once

// Error: what went wrong with an input, as facts (code, path, byte offset, expected, got) and as one sentence.
//
// An Error is one pointer, so that `Result<int>` is 16 bytes and passing one up costs nothing; everything
// behind the pointer is built only after something failed. The sentence is msgspec's, so that people who know
// it from Python find it again: ``Expected `int`, got `str` - at `$.priority` ``.
// An Error is a value: copyable, movable, shareable between threads once built. A moved-from or
// default-constructed Error holds nothing and answers code() == ErrorCode::none.

#include <cstddef>
#include <cstdint>
#include <expected>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include <structwire/core/kind.hpp>

namespace structwire {

enum class ErrorCode : std::uint8_t {
  none,                 ///< No error.
  unexpected_end,       ///< The input stops inside a value.
  malformed,            ///< The bytes are not of the format.
  trailing_data,        ///< A complete value, then more bytes.
  invalid_utf8,         ///< Text that is not UTF-8.
  type_mismatch,        ///< A value of another kind than the struct declares.
  missing_field,        ///< A required member is absent.
  unknown_field,        ///< A field that a struct with forbid_unknown_fields does not declare.
  number_out_of_range,  ///< A number that its member's type cannot hold.
  constraint_violated,  ///< A value outside the rules of its member.
  invalid_enum_value,   ///< A value that the enum does not list.
  invalid_tag,          ///< A tag that no alternative has, or that is not the struct's own.
  refused,              ///< A validator or a codec of the program said no.
  invalid_text,         ///< Text that does not spell what it should (base64, a number as map key, …).
  invalid_length,       ///< Another number of items than the type has.
  depth_limit,          ///< Nested deeper than Limits::depth.
  size_limit,           ///< Larger than a limit in Limits.
  memory_exhausted,     ///< The machine has no memory for it.
  unsupported,          ///< A value that this format cannot carry.
  buffer_too_small,     ///< A fixed output that is too short.
  io,                   ///< A file or device failed.
};

/// The code's own name, `type_mismatch`, as interfaces show it.
std::string_view name_of(ErrorCode code) noexcept;

/// True for bytes that no schema could read (HTTP 400); false where the schema refused (HTTP 422).
bool is_syntax(ErrorCode code) noexcept;

struct ErrorDetail;

class Error {
 public:
  Error() noexcept;
  /// An error with its own sentence. `offset` counts bytes from the start of the input.
  Error(ErrorCode code, std::string text, std::optional<std::size_t> offset = std::nullopt);
  explicit Error(std::unique_ptr<ErrorDetail> detail) noexcept;
  Error(const Error& other);
  Error(Error&& other) noexcept;
  Error& operator=(const Error& other);
  Error& operator=(Error&& other) noexcept;
  ~Error();

  ErrorCode code() const noexcept;
  /// The sentence, with the path where it is not the root.
  std::string message() const;
  /// Where in the value: `$`, `$.workers[3].name`, `$.clock[...]`.
  std::string path() const;
  /// Where in the input, in bytes from its start; absent where there was no input.
  std::optional<std::size_t> offset() const noexcept;
  /// What would have been right, `` `int` <= 9 ``; empty where the code says it all.
  std::string expected() const;
  /// What was there instead, `str`; empty where it has no kind.
  std::string got() const;

  /// True when this holds an error.
  explicit operator bool() const noexcept { return detail_ != nullptr; }
  ErrorDetail* detail() noexcept { return detail_.get(); }

 private:
  std::unique_ptr<ErrorDetail> detail_;
};

template <class T>
using Result = std::expected<T, Error>;

static_assert(sizeof(Error) == sizeof(void*));
static_assert(sizeof(Result<int>) == 16);

}  // namespace structwire
