// SPDX-License-Identifier: Apache-2.0
#pragma once

// Counts the memory that this thread takes by operator new, which allocation_count.cpp replaces for
// the program that it is linked into.

#include <cstddef>

namespace structwire::testing {

/// The most bytes that were in use at one time since this object was made, beyond those in use
/// before.
class AllocationPeak {
 public:
  AllocationPeak() noexcept;
  std::size_t bytes() const noexcept;

 private:
  std::size_t before_;
};

}  // namespace structwire::testing
