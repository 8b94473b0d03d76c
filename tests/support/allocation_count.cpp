// SPDX-License-Identifier: Apache-2.0
#include <tests/support/allocation_count.hpp>

#include <malloc.h>

#include <cstdlib>
#include <new>

namespace {

thread_local std::size_t in_use = 0;
thread_local std::size_t peak = 0;

void* allocate(std::size_t size) noexcept {
  void* memory = std::malloc(size == 0 ? 1 : size);
  if (memory == nullptr) return nullptr;
  in_use += malloc_usable_size(memory);
  if (in_use > peak) peak = in_use;
  return memory;
}

void* allocate_or_throw(std::size_t size) {
  void* memory = allocate(size);
  if (memory == nullptr) throw std::bad_alloc();
  return memory;
}

// What another thread allocated can make the count wrap round; the tests that look do all in one
// thread.
void release(void* memory) noexcept {
  if (memory == nullptr) return;
  in_use -= malloc_usable_size(memory);
  std::free(memory);
}

}  // namespace

void* operator new(std::size_t size) { return allocate_or_throw(size); }
void* operator new[](std::size_t size) { return allocate_or_throw(size); }
void* operator new(std::size_t size, const std::nothrow_t&) noexcept { return allocate(size); }
void* operator new[](std::size_t size, const std::nothrow_t&) noexcept { return allocate(size); }
void operator delete(void* memory) noexcept { release(memory); }
void operator delete[](void* memory) noexcept { release(memory); }
void operator delete(void* memory, std::size_t) noexcept { release(memory); }
void operator delete[](void* memory, std::size_t) noexcept { release(memory); }

namespace structwire::testing {

AllocationPeak::AllocationPeak() noexcept : before_(in_use) { peak = in_use; }
std::size_t AllocationPeak::bytes() const noexcept { return peak - before_; }

}  // namespace structwire::testing
