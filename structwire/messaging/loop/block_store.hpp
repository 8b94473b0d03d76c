// SPDX-License-Identifier: Apache-2.0
#pragma once

// Memory for objects that one thread makes by the hundreds and any thread lets go: what comes back is used again. The
// allocator of the system does badly at just that (hundreds of instructions an object, for blocks that were freed in
// another thread or in a burst).

#include <atomic>
#include <cstddef>
#include <memory>
#include <new>
#include <utility>

namespace structwire::messaging {

/// Blocks of one size. One thread takes them, any gives them back; blocks may outlive everything but the store, which
/// they share.
class BlockStore {
 public:
  BlockStore() noexcept = default;
  BlockStore(const BlockStore&) = delete;
  BlockStore& operator=(const BlockStore&) = delete;
  ~BlockStore() {
    free_all(mine_);
    free_all(returned_.load(std::memory_order_acquire));
  }

  /// Always with the same size. Throws std::bad_alloc.
  void* take(std::size_t size) {
    if (mine_ == nullptr) mine_ = returned_.exchange(nullptr, std::memory_order_acquire);
    if (mine_ == nullptr) return ::operator new(size);
    kept_.fetch_sub(1, std::memory_order_relaxed);
    return std::exchange(mine_, mine_->next);
  }
  void give_back(void* block) noexcept {
    if (kept_.fetch_add(1, std::memory_order_relaxed) >= kept_max) {
      kept_.fetch_sub(1, std::memory_order_relaxed);
      ::operator delete(block);
      return;
    }
    // Only ever taken as a whole, so no block can be there twice (Treiber 1986, without his pop).
    Free* const added = new (block) Free{returned_.load(std::memory_order_relaxed)};
    while (!returned_.compare_exchange_weak(added->next, added, std::memory_order_release, std::memory_order_relaxed)) {
    }
  }

 private:
  static constexpr std::size_t kept_max = 1024;
  struct Free {
    Free* next;
  };
  static void free_all(Free* first) noexcept {
    while (first != nullptr) ::operator delete(std::exchange(first, first->next));
  }

  Free* mine_ = nullptr;
  std::atomic<Free*> returned_ = nullptr;
  std::atomic<std::size_t> kept_ = 0;
};

/// Of a store, for std::allocate_shared; for objects of one type.
template <class Object>
class BlockAllocator {
 public:
  using value_type = Object;

  explicit BlockAllocator(std::shared_ptr<BlockStore> store) noexcept : store_(std::move(store)) {}
  template <class Other>
  BlockAllocator(const BlockAllocator<Other>& other) noexcept : store_(other.store()) {}

  Object* allocate(std::size_t) {
    static_assert(alignof(Object) <= __STDCPP_DEFAULT_NEW_ALIGNMENT__);
    return static_cast<Object*>(store_->take(sizeof(Object)));
  }
  void deallocate(Object* object, std::size_t) noexcept { store_->give_back(object); }
  const std::shared_ptr<BlockStore>& store() const noexcept { return store_; }

  template <class Other>
  friend bool operator==(const BlockAllocator& a, const BlockAllocator<Other>& b) noexcept {
    return a.store() == b.store();
  }

 private:
  std::shared_ptr<BlockStore> store_;
};

}  // namespace structwire::messaging
