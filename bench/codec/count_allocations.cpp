// SPDX-License-Identifier: Apache-2.0

// Preloaded into the process that counts allocations; no process that measures time has it.

#include <dlfcn.h>

#include <cstddef>
#include <cstdlib>

namespace {

std::size_t allocations = 0;

}  // namespace

extern "C" {

void* __libc_malloc(std::size_t size);
void* __libc_calloc(std::size_t count, std::size_t size);
void* __libc_realloc(void* memory, std::size_t size);

void* malloc(std::size_t size) {
  ++allocations;
  return __libc_malloc(size);
}
void* calloc(std::size_t count, std::size_t size) {
  ++allocations;
  return __libc_calloc(count, size);
}
void* realloc(void* memory, std::size_t size) {
  ++allocations;
  return __libc_realloc(memory, size);
}

std::size_t codec_bench_allocations() { return allocations; }
}
