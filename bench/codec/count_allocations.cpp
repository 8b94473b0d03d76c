// SPDX-License-Identifier: Apache-2.0

// Preloaded into the process that counts allocations; no process that measures time has it.

#include <malloc.h>

#include <cerrno>
#include <cstddef>
#include <cstdlib>

namespace {

std::size_t allocations = 0;
// Bytes that are taken now, rounded up as malloc does, and the most that were at a time.
std::ptrdiff_t live = 0;
std::ptrdiff_t peak = 0;

void* taken(void* memory) {
  ++allocations;
  live += static_cast<std::ptrdiff_t>(malloc_usable_size(memory));
  if (live > peak) peak = live;
  return memory;
}
void give_back(void* memory) { live -= static_cast<std::ptrdiff_t>(malloc_usable_size(memory)); }

}  // namespace

extern "C" {

void* __libc_malloc(std::size_t size);
void* __libc_calloc(std::size_t count, std::size_t size);
void* __libc_realloc(void* memory, std::size_t size);
void* __libc_memalign(std::size_t alignment, std::size_t size);
void __libc_free(void* memory);

void* malloc(std::size_t size) { return taken(__libc_malloc(size)); }
void* calloc(std::size_t count, std::size_t size) { return taken(__libc_calloc(count, size)); }
void* realloc(void* memory, std::size_t size) {
  give_back(memory);
  return taken(__libc_realloc(memory, size));
}
void* aligned_alloc(std::size_t alignment, std::size_t size) {
  return taken(__libc_memalign(alignment, size));
}
void* memalign(std::size_t alignment, std::size_t size) {
  return taken(__libc_memalign(alignment, size));
}
int posix_memalign(void** memory, std::size_t alignment, std::size_t size) {
  *memory = taken(__libc_memalign(alignment, size));
  return *memory == nullptr ? ENOMEM : 0;
}
void free(void* memory) {
  give_back(memory);
  __libc_free(memory);
}

std::size_t codec_bench_allocations() { return allocations; }
/// The most bytes that were taken at a time, over those taken at the last call.
std::size_t codec_bench_peak() {
  static std::ptrdiff_t start = 0;
  const std::ptrdiff_t most = peak - start;
  start = peak = live;
  return static_cast<std::size_t>(most);
}
}
