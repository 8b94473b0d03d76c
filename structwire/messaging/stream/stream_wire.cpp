// SPDX-License-Identifier: Apache-2.0
#include <structwire/messaging/stream/stream_wire.hpp>

#include <algorithm>
#include <cstring>

#include <structwire/messaging/little_endian.hpp>
#include <structwire/messaging/stream/arrival_memory.hpp>

namespace structwire::messaging::stream_detail {

namespace {

constexpr std::uint8_t version_spoken = 1;
constexpr std::size_t role_at = 6;
constexpr std::size_t version_at = 7;

// Smaller rests come with what is behind them.
constexpr std::size_t room_from = 4096;

std::span<const std::byte> take_first(std::span<const std::byte>& bytes, std::size_t count) {
  const auto first = bytes.first(std::min(count, bytes.size()));
  bytes = bytes.subspan(first.size());
  return first;
}

}  // namespace

std::array<std::byte, preface_size> preface_of(Role role) noexcept {
  constexpr std::array<std::uint8_t, role_at> magic{0x89, 'S', 'W', 'S', '\r', '\n'};
  std::array<std::byte, preface_size> preface{};
  std::ranges::transform(magic, preface.begin(), [](std::uint8_t each) { return std::byte{each}; });
  preface[role_at] = static_cast<std::byte>(role);
  preface[version_at] = std::byte{version_spoken};
  return preface;
}

std::array<std::byte, lengths_size> lengths_of(const Frame& frame) noexcept {
  std::array<std::byte, lengths_size> lengths{};
  store_little(lengths.data(), static_cast<std::uint32_t>(frame.head.size()));
  store_little(lengths.data() + 4, static_cast<std::uint32_t>(frame.body.size()));
  return lengths;
}

Step PrefaceReader::take(std::span<const std::byte>& bytes) noexcept {
  const auto expected = preface_of(from_);
  while (taken_ != preface_size) {
    if (bytes.empty()) return Step::more;
    const std::byte next = bytes.front();
    // Every version from 1 on.
    if (taken_ == version_at ? next == std::byte{} : next != expected[taken_]) return Step::refused;
    bytes = bytes.subspan(1);
    ++taken_;
  }
  return Step::done;
}

// ---- ArrivingPart

void ArrivingPart::begin(std::size_t size, std::size_t claimed_bytes_max) {
  size_ = size;
  filled_ = 0;
  allocated_ = 0;
  allocate(std::min(size, std::max(claimed_bytes_max, ArrivalMemory::smallest)));
}

void ArrivingPart::allocate(std::size_t bytes) {
  auto memory = bytes < ArrivalMemory::smallest ? std::make_shared_for_overwrite<std::byte[]>(bytes)
                                                : ArrivalMemory::allocate(bytes);
  if (filled_ != 0) std::memcpy(memory.get(), memory_.get(), filled_);
  memory_ = std::move(memory);
  allocated_ = bytes;
}

std::span<std::byte> ArrivingPart::room() {
  // Four times what came: what is copied to grow is less than half of the part.
  if (filled_ == allocated_ && missing() != 0) allocate(std::min(size_, 4 * allocated_));
  return {memory_.get() + filled_, allocated_ - filled_};
}

void ArrivingPart::take(std::span<const std::byte>& bytes) {
  while (missing() != 0 && !bytes.empty()) {
    const std::span<std::byte> to = room();
    const auto from = take_first(bytes, to.size());
    std::memcpy(to.data(), from.data(), from.size());
    filled(from.size());
  }
}

Payload ArrivingPart::finish() {
  allocated_ = 0;
  const std::span<const std::byte> bytes(memory_.get(), size_);
  return {bytes, std::exchange(memory_, nullptr)};
}

// ---- FrameReader

std::span<std::byte> FrameReader::room() {
  const bool in_part = reads_ == Reads::head || reads_ == Reads::body;
  return in_part && part_.missing() >= room_from ? part_.room() : std::span<std::byte>();
}

// False: they lie.
bool FrameReader::read_lengths(std::span<const std::byte>& bytes) {
  const auto taken = take_first(bytes, lengths_size - lengths_taken_);
  if (taken.empty()) return true;
  std::memcpy(lengths_.data() + lengths_taken_, taken.data(), taken.size());
  lengths_taken_ = static_cast<std::uint8_t>(lengths_taken_ + taken.size());
  if (lengths_taken_ != lengths_size) return true;
  lengths_taken_ = 0;
  const std::size_t head_size = load_little<std::uint32_t>(lengths_.data());
  body_size_ = load_little<std::uint32_t>(lengths_.data() + 4);
  if (head_size == 0 || head_size > part_bytes_max_ || body_size_ > part_bytes_max_) return false;
  part_.begin(head_size, claimed_bytes_max_);
  reads_ = Reads::head;
  return true;
}

Step FrameReader::take(std::span<const std::byte>& bytes) {
  if (reads_ == Reads::lengths && !read_lengths(bytes)) reads_ = Reads::nothing;
  if (reads_ == Reads::nothing) return Step::refused;
  if (reads_ == Reads::lengths) return Step::more;
  part_.take(bytes);
  if (part_.missing() != 0) return Step::more;
  if (reads_ == Reads::head) {
    frame_.head = part_.finish();
    if (body_size_ != 0) {
      part_.begin(body_size_, claimed_bytes_max_);
      reads_ = Reads::body;
      part_.take(bytes);
      if (part_.missing() != 0) return Step::more;
    }
  }
  if (body_size_ != 0) frame_.body = part_.finish();
  reads_ = Reads::lengths;
  return Step::done;
}

}  // namespace structwire::messaging::stream_detail
