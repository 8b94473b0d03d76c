// SPDX-License-Identifier: Apache-2.0
#pragma once

// The bytes of a stream connection, without the sockets: what both sides begin with, and frames behind it.
//
//   preface   89 53 57 53 0d 0a  role  version     role: 'd' who dialled, 'l' who listens; version: the highest spoken
//   frame     length of the head, of the body (32 bits each, little-endian), head, body
//
// The lower of both versions holds. The role refuses a connection with oneself, which TCP makes of a dial to a local port
// that nobody listens at.

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <utility>

#include <structwire/messaging/payload.hpp>

namespace structwire::messaging::stream_detail {

enum class Role : std::uint8_t { dials = 'd', listens = 'l' };

inline constexpr std::size_t preface_size = 8;
inline constexpr std::size_t lengths_size = 8;
inline constexpr std::size_t part_bytes_limit = 0xffffffff;  ///< What a length can say.

std::array<std::byte, preface_size> preface_of(Role role) noexcept;
std::array<std::byte, lengths_size> lengths_of(const Frame& frame) noexcept;

/// What taking bytes led to.
enum class Step : std::uint8_t {
  more,     ///< All were taken, and more are needed.
  done,     ///< The preface, or a frame, is complete.
  refused,  ///< They are none, and nothing behind them will be.
};

/// Takes the preface of the other side.
class PrefaceReader {
 public:
  explicit PrefaceReader(Role from) noexcept : from_(from) {}
  /// Removes what it took from the front of `bytes`.
  Step take(std::span<const std::byte>& bytes) noexcept;
  std::size_t taken() const noexcept { return taken_; }

 private:
  Role from_;
  std::uint8_t taken_ = 0;
};

/// A head or body that arrives. Memory for a large one grows with it, from `claimed_bytes_max` on.
class ArrivingPart {
 public:
  void begin(std::size_t size, std::size_t claimed_bytes_max);
  std::size_t missing() const noexcept { return size_ - filled_; }
  /// Where bytes may be put that come next: some of it, not all that is missing.
  std::span<std::byte> room();
  void filled(std::size_t bytes) noexcept { filled_ += bytes; }
  void take(std::span<const std::byte>& bytes);
  Payload finish();
  std::size_t allocated() const noexcept { return allocated_; }

 private:
  void allocate(std::size_t bytes);

  std::size_t size_ = 0;
  std::size_t filled_ = 0;
  std::size_t allocated_ = 0;
  std::shared_ptr<std::byte[]> memory_;
};

/// Takes frames out of a stream of bytes. Each part is memory of its own, at a multiple of 8: a small frame keeps no
/// large buffer alive, and a large part is read to where it stays.
class FrameReader {
 public:
  FrameReader(std::size_t part_bytes_max, std::size_t claimed_bytes_max) noexcept
      : part_bytes_max_(part_bytes_max), claimed_bytes_max_(claimed_bytes_max) {}
  /// From the next frame on.
  void set_part_bytes_max(std::size_t bytes) noexcept { part_bytes_max_ = bytes; }

  /// Where the next bytes of the stream may be put in place of giving them to take(); empty where that is not worth it.
  std::span<std::byte> room();
  void filled(std::size_t bytes) noexcept { part_.filled(bytes); }
  /// Removes what it took from the front of `bytes`; after `done` there is a frame, and there may be more behind it.
  Step take(std::span<const std::byte>& bytes);
  Frame frame() noexcept { return std::exchange(frame_, {}); }
  /// Is the frame that arrives, or was the last one, large? Then it is worth while to read little before room() is there.
  bool large() const noexcept { return body_size_ >= large_from; }
  /// Memory for what has not arrived whole.
  std::size_t allocated() const noexcept { return frame_.head.size() + part_.allocated(); }

 private:
  static constexpr std::size_t large_from = 32u << 10;
  enum class Reads : std::uint8_t { lengths, head, body, nothing };

  bool read_lengths(std::span<const std::byte>& bytes);

  std::size_t part_bytes_max_;
  std::size_t claimed_bytes_max_;
  Reads reads_ = Reads::lengths;
  std::uint8_t lengths_taken_ = 0;
  std::array<std::byte, lengths_size> lengths_{};
  std::size_t body_size_ = 0;
  ArrivingPart part_;
  Frame frame_;
};

}  // namespace structwire::messaging::stream_detail
