// SPDX-License-Identifier: Apache-2.0
#pragma once

// Memory for what arrives. The system's allocator keeps what was freed for the thread that had asked for it (glibc: an arena
// for each), and a loop is led by one thread after the other: each of them would come to hold what the peers' credit
// allows. With 16 MiB of credit 26 were resident, now and then. So this is one place for all threads,
// and what nobody uses goes back to the system.

#include <cstddef>
#include <cstdint>
#include <memory>

namespace structwire::messaging {

/// Of the process; for any thread.
class ArrivalMemory {
 public:
  static constexpr std::size_t smallest = 8u << 10;        ///< Less is better off with the system's allocator.
  static constexpr std::size_t kept_bytes_max = 8u << 20;  ///< Stay resident though nobody uses them.

  /// Of any content, in memory of at most a sixteenth more. Throws std::bad_alloc. Costs 0.2 us,
  /// and page faults where it was given back to the system before.
  static std::shared_ptr<std::byte[]> allocate(std::size_t bytes);

  struct Figures {
    std::uint64_t allocations = 0;  ///< Since the program began.
    std::size_t used_bytes = 0;
    std::size_t kept_bytes = 0;
  };
  static Figures figures() noexcept;
};

}  // namespace structwire::messaging
