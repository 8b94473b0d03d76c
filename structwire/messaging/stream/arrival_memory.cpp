// SPDX-License-Identifier: Apache-2.0
#include <structwire/messaging/stream/arrival_memory.hpp>

#include <algorithm>
#include <array>
#include <bit>
#include <mutex>
#include <new>
#include <utility>
#include <vector>

#include <sys/mman.h>
#include <unistd.h>

// ASan shall see who reads what nobody has, as with the system's allocator. Without it these do nothing.
#if __has_include(<sanitizer/asan_interface.h>)
#include <sanitizer/asan_interface.h>
#else
#define ASAN_POISON_MEMORY_REGION(begin, size) static_cast<void>(begin)
#define ASAN_UNPOISON_MEMORY_REGION(begin, size) static_cast<void>(begin)
#endif

namespace structwire::messaging {
namespace {

constexpr std::size_t unit = 512;  // Blocks begin and end at multiples of it.
constexpr std::size_t region_bytes = 16u << 20;
constexpr std::size_t region_units = region_bytes / unit;

std::size_t units_for(std::size_t bytes) noexcept { return (bytes + unit - 1) / unit; }

std::size_t units_a_page() noexcept {
  static const std::size_t units = std::max<std::size_t>(units_for(static_cast<std::size_t>(::sysconf(_SC_PAGESIZE))), 1);
  return units;
}

std::byte* map_memory(std::size_t bytes) {
  constexpr int flags = MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE;
  void* const mapped = ::mmap(nullptr, bytes, PROT_READ | PROT_WRITE, flags, -1, 0);
  if (mapped == MAP_FAILED) throw std::bad_alloc();
  return static_cast<std::byte*>(mapped);
}

void unmap_memory(std::byte* begin, std::size_t bytes) noexcept {
  ASAN_UNPOISON_MEMORY_REGION(begin, bytes);
  ::munmap(begin, bytes);
}

/// A bit for each of the units, or pages, of a region.
class Bits {
 public:
  bool operator[](std::size_t at) const noexcept { return (words_[at / 64] >> at % 64 & 1) != 0; }
  void assign(std::size_t begin, std::size_t end, bool value) noexcept {
    for (std::size_t at = begin; at < end;) {
      const std::size_t count = std::min(64 - at % 64, end - at);
      const std::uint64_t mask = (count == 64 ? ~std::uint64_t{0} : (std::uint64_t{1} << count) - 1) << at % 64;
      words_[at / 64] = value ? words_[at / 64] | mask : words_[at / 64] & ~mask;
      at += count;
    }
  }
  /// The first from `at` on that has this value; where there is none before `end`, that or one behind it.
  std::size_t next(bool value, std::size_t at, std::size_t end) const noexcept {
    while (at < end) {
      const std::uint64_t word = (value ? words_[at / 64] : ~words_[at / 64]) >> at % 64;
      if (word != 0) return at + static_cast<std::size_t>(std::countr_zero(word));
      at = (at / 64 + 1) * 64;
    }
    return end;
  }

 private:
  std::array<std::uint64_t, region_units / 64> words_{};
};

/// Memory in a row, of which some is in use. What is free at the lowest address is taken first, so that what is in use
/// stays together.
class Region {
 public:
  Region() : begin_(map_memory(region_bytes)) {}
  Region(const Region&) = delete;
  Region& operator=(const Region&) = delete;
  ~Region() { unmap_memory(begin_, region_bytes); }

  /// nullptr: not so many in a row.
  std::byte* take(std::size_t units) noexcept {
    if (units > region_units - used_) return nullptr;
    lowest_ = in_use_.next(false, lowest_, region_units);
    std::size_t first = lowest_;
    for (std::size_t end = first; first + units <= region_units; first = in_use_.next(false, end, region_units)) {
      end = in_use_.next(true, first, first + units);
      if (end - first >= units) break;
    }
    if (first + units > region_units) return nullptr;
    each_page(first, first + units, [this](std::size_t page) {
      kept_pages_ -= is_kept(page) ? 1 : 0;
      resident_.assign(page, page + 1, true);
    });
    in_use_.assign(first, first + units, true);
    used_ += units;
    return begin_ + first * unit;
  }
  bool has(const std::byte* block) const noexcept { return block >= begin_ && block < begin_ + region_bytes; }
  void give_back(const std::byte* block, std::size_t units) noexcept {
    const std::size_t first = static_cast<std::size_t>(block - begin_) / unit;
    in_use_.assign(first, first + units, false);
    each_page(first, first + units, [this](std::size_t page) { kept_pages_ += is_kept(page) ? 1 : 0; });
    used_ -= units;
    lowest_ = std::min(lowest_, first);
  }
  /// To the system, from the end on, until so many pages are kept.
  void shrink(std::size_t kept) noexcept {
    for (std::size_t page = region_units / units_a_page(); page != 0 && kept_pages_ > kept; --page) {
      const std::size_t end = page;
      for (; page != 0 && kept_pages_ > kept && is_kept(page - 1); --page) {
        resident_.assign(page - 1, page, false);
        --kept_pages_;
      }
      if (page == end) continue;
      const std::size_t page_bytes = units_a_page() * unit;
      ::madvise(begin_ + page * page_bytes, (end - page) * page_bytes, MADV_DONTNEED);
      if (page == 0) return;
    }
  }

  std::size_t used() const noexcept { return used_; }
  /// Resident, and nothing in them is in use.
  std::size_t kept_pages() const noexcept { return kept_pages_; }

 private:
  template <class Visit>
  static void each_page(std::size_t begin, std::size_t end, Visit&& visit) noexcept {
    for (std::size_t page = begin / units_a_page(); page * units_a_page() < end; ++page) visit(page);
  }
  bool is_kept(std::size_t page) const noexcept {
    const std::size_t end = (page + 1) * units_a_page();
    return resident_[page] && in_use_.next(true, page * units_a_page(), end) >= end;
  }

  std::byte* const begin_;
  Bits in_use_;    // Units.
  Bits resident_;  // Pages; or were, at least.
  std::size_t used_ = 0;
  std::size_t kept_pages_ = 0;
  std::size_t lowest_ = 0;  // All before it are in use.
};

class Regions {
 public:
  std::byte* take(std::size_t units) {
    const std::lock_guard lock(mutex_);
    ++allocations_;
    for (const auto& region : regions_) {
      if (std::byte* const taken = region->take(units)) return taken;
    }
    if (units > region_units / 4) {
      std::byte* const alone = map_memory(units * unit);
      alone_ += units;
      return alone;
    }
    regions_.push_back(std::make_unique<Region>());
    return regions_.back()->take(units);
  }
  void give_back(std::byte* block, std::size_t units) noexcept {
    const std::lock_guard lock(mutex_);
    const auto found = std::ranges::find_if(regions_, [&](const auto& region) { return region->has(block); });
    if (found == regions_.end()) {
      alone_ -= units;
      return unmap_memory(block, units * unit);
    }
    Region& region = **found;
    region.give_back(block, units);
    if (region.used() == 0 && regions_.size() > 1) regions_.erase(found);
    // Half of it, so that the next ones to come back don't cost a call each.
    const std::size_t most = ArrivalMemory::kept_bytes_max / unit / units_a_page();
    std::size_t kept = kept_pages();
    if (kept <= most) return;
    for (auto each = regions_.rbegin(); each != regions_.rend() && kept > most / 2; ++each) {
      const std::size_t before = (*each)->kept_pages();
      (*each)->shrink(before - std::min(before, kept - most / 2));
      kept -= before - (*each)->kept_pages();
    }
  }
  ArrivalMemory::Figures figures() const noexcept {
    const std::lock_guard lock(mutex_);
    std::size_t used = alone_;
    for (const auto& region : regions_) used += region->used();
    return {allocations_, used * unit, kept_pages() * units_a_page() * unit};
  }

 private:
  std::size_t kept_pages() const noexcept {
    std::size_t all = 0;
    for (const auto& region : regions_) all += region->kept_pages();
    return all;
  }

  mutable std::mutex mutex_;
  std::vector<std::unique_ptr<Region>> regions_;
  std::size_t alone_ = 0;  // Units of blocks that are too large for a region.
  std::uint64_t allocations_ = 0;
};

// Never destroyed: payloads may outlive what is static.
Regions& regions() {
  static Regions& all = *new Regions();
  return all;
}

}  // namespace

std::shared_ptr<std::byte[]> ArrivalMemory::allocate(std::size_t bytes) {
  const std::size_t units = units_for(bytes);
  std::byte* const block = regions().take(units);
  ASAN_POISON_MEMORY_REGION(block, units * unit);
  ASAN_UNPOISON_MEMORY_REGION(block, bytes);
  const auto give_back = [units](std::byte* used) {
    ASAN_POISON_MEMORY_REGION(used, units * unit);
    regions().give_back(used, units);
  };
  return {block, give_back};
}

ArrivalMemory::Figures ArrivalMemory::figures() noexcept { return regions().figures(); }

}  // namespace structwire::messaging
