// SPDX-License-Identifier: Apache-2.0
#pragma once

// Gives std::pmr members the memory resource of the decode. Allocators of the standard library stay
// with their container for life, also when it is assigned, so a member that has another one is made
// anew, empty.

#include <memory>
#include <memory_resource>
#include <utility>

#include <structwire/core/types.hpp>

namespace structwire {
inline namespace STRUCTWIRE_INLINE {

/// `value` takes its memory from DecodeOptions::memory from now on. What it held is gone if it had
/// another resource.
template <class R, class T>
void seat(R& reader, T& value) {
  if constexpr (PooledType<T>) {
    std::pmr::memory_resource* memory = reader.options().memory;
    if (memory == nullptr || value.get_allocator().resource() == memory) return;
    T made(typename T::allocator_type{memory});
    std::destroy_at(&value);
    std::construct_at(&value, std::move(made));
  }
}

/// A new one.
template <class T, class R>
T seated(R& reader) {
  if constexpr (PooledType<T>) {
    if (std::pmr::memory_resource* memory = reader.options().memory)
      return T(typename T::allocator_type{memory});
  }
  return T{};
}

}  // namespace STRUCTWIRE_INLINE
}  // namespace structwire
