// SPDX-License-Identifier: Apache-2.0
#pragma once

// Counts what any thread allocates, in this program's own code and in the libraries that it uses: allocation_sizes.cpp
// stands before the C library's malloc, calloc and realloc, and with it before operator new. Not together with sanitizers,
// which do the same.

#include <cstddef>

namespace structwire::testing {

/// Allocations of `from` to `to` bytes, both included, between its making and its end. One at a time.
class AllocationsOfSize {
 public:
  AllocationsOfSize(std::size_t from, std::size_t to) noexcept;
  ~AllocationsOfSize();
  AllocationsOfSize(const AllocationsOfSize&) = delete;
  AllocationsOfSize& operator=(const AllocationsOfSize&) = delete;

  std::size_t count() const noexcept;
};

}  // namespace structwire::testing
