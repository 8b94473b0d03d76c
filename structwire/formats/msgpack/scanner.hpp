// SPDX-License-Identifier: Apache-2.0
#pragma once

// Where a MessagePack value ends, in bytes that come piece by piece (the contract:
// core/scanner.hpp).
//
// Values still to come are one number, whatever the nesting: a header adds what it announces. A
// byte that begins no value ends everything.

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

namespace structwire::msgpack {

class Scanner {
 public:
  std::optional<std::size_t> find_end(std::span<const std::byte> bytes) noexcept;
  std::size_t least_to_come() const noexcept;

 private:
  bool open(std::uint8_t opcode) noexcept;
  const std::uint8_t* pass_short_values(const std::uint8_t* at, const std::uint8_t* end) noexcept;

  std::uint64_t values_ = 1;   ///< That have not begun.
  std::uint64_t payload_ = 0;  ///< Bytes of the one that has, behind its header.
  unsigned length_left_ = 0;   ///< Bytes of its length that have not come,
  std::uint64_t length_ = 0;   ///< and what the others say.
  std::uint8_t opcode_ = 0;
};

}  // namespace structwire::msgpack
