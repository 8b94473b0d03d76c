// SPDX-License-Identifier: Apache-2.0
#include <structwire/messaging/loop/large_buffers.hpp>

#include <memory>
#include <mutex>
#include <ranges>
#include <utility>
#include <vector>

namespace structwire::messaging {
namespace {

struct Kept {
  std::mutex mutex;
  std::vector<Buffer> buffers;
  std::size_t bytes = 0;
  std::uint64_t reused = 0;
};

// Never destroyed: payloads may outlive what is static.
Kept& kept() {
  static Kept& all = *new Kept{.mutex = {}, .buffers = std::vector<Buffer>(), .bytes = 0, .reused = 0};
  return all;
}

}  // namespace

Buffer LargeBuffers::take(std::size_t size) {
  Kept& all = kept();
  const std::lock_guard lock(all.mutex);
  // The last one first: the processor may still have it at hand.
  for (Buffer& buffer : std::views::reverse(all.buffers)) {
    if (buffer.capacity() < size || buffer.capacity() > 4 * size) continue;
    std::swap(buffer, all.buffers.back());
    Buffer taken = std::move(all.buffers.back());
    all.buffers.pop_back();
    all.bytes -= taken.capacity();
    ++all.reused;
    return taken;
  }
  return {};
}

void LargeBuffers::give_back(Buffer&& buffer) noexcept {
  if (buffer.capacity() < large) return;
  buffer.clear();
  Kept& all = kept();
  const std::lock_guard lock(all.mutex);
  if (buffer.capacity() > kept_bytes_max) return;
  try {
    // Who asks now asks again soon: what nobody has taken for longest goes.
    while (buffer.capacity() > kept_bytes_max - all.bytes) {
      all.bytes -= all.buffers.front().capacity();
      all.buffers.erase(all.buffers.begin());
    }
    all.buffers.push_back(std::move(buffer));
    all.bytes += all.buffers.back().capacity();
  } catch (const std::bad_alloc&) {  // Then it is not kept.
  }
}

std::uint64_t LargeBuffers::reused() noexcept {
  Kept& all = kept();
  const std::lock_guard lock(all.mutex);
  return all.reused;
}

Payload LargeBuffers::payload(Buffer&& buffer) {
  struct GiveBack {
    void operator()(Buffer* sent) const noexcept {
      give_back(std::move(*sent));
      delete sent;
    }
  };
  const std::shared_ptr<Buffer> owner(new Buffer(std::move(buffer)), GiveBack());
  return {owner->bytes(), owner};
}

}  // namespace structwire::messaging
