// SPDX-License-Identifier: Apache-2.0
#include <tests/support/allocation_sizes.hpp>

#include <atomic>
#include <cstdint>

namespace {

// Constant-initialized: the first allocations come before any constructor.
constinit std::atomic<std::size_t> counted_from = SIZE_MAX;
constinit std::atomic<std::size_t> counted_to = 0;
constinit std::atomic<std::size_t> counted = 0;

void note(std::size_t size) noexcept {
  if (size >= counted_from.load(std::memory_order_relaxed) && size <= counted_to.load(std::memory_order_relaxed)) {
    counted.fetch_add(1, std::memory_order_relaxed);
  }
}

}  // namespace

// glibc's own names of what these replace.
extern "C" {

void* __libc_malloc(std::size_t size) noexcept;
void* __libc_calloc(std::size_t count, std::size_t size) noexcept;
void* __libc_realloc(void* memory, std::size_t size) noexcept;

void* malloc(std::size_t size) noexcept {
  note(size);
  return __libc_malloc(size);
}
void* calloc(std::size_t count, std::size_t size) noexcept {
  note(count * size);
  return __libc_calloc(count, size);
}
void* realloc(void* memory, std::size_t size) noexcept {
  note(size);
  return __libc_realloc(memory, size);
}

}  // extern "C"

namespace structwire::testing {

AllocationsOfSize::AllocationsOfSize(std::size_t from, std::size_t to) noexcept {
  counted = 0;
  counted_to = to;
  counted_from = from;
}

AllocationsOfSize::~AllocationsOfSize() {
  counted_from = SIZE_MAX;
  counted_to = 0;
}

std::size_t AllocationsOfSize::count() const noexcept { return counted; }

}  // namespace structwire::testing
