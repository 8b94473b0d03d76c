// SPDX-License-Identifier: Apache-2.0
#pragma once

// Everything that the stream transport asks of the operating system. stream_system.cpp and stream_listening.cpp are
// Linux's (epoll, eventfd, SO_PEERCRED); another system is a port of these two.

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <utility>

#include <structwire/core/error.hpp>
#include <structwire/messaging/instant.hpp>
#include <structwire/messaging/stream/stream_address.hpp>
#include <structwire/messaging/stream_sockets.hpp>
#include <structwire/messaging/transport.hpp>

namespace structwire::messaging::stream_detail {

/// A file descriptor; closed at its end.
class Descriptor {
 public:
  Descriptor() noexcept = default;
  explicit Descriptor(int number) noexcept : number_(number) {}
  Descriptor(Descriptor&& other) noexcept : number_(std::exchange(other.number_, -1)) {}
  Descriptor& operator=(Descriptor&& other) noexcept {
    std::swap(number_, other.number_);
    return *this;
  }
  ~Descriptor();

  explicit operator bool() const noexcept { return number_ >= 0; }
  int number() const noexcept { return number_; }

 private:
  int number_ = -1;
};

// ---- waiting

/// Waits for many descriptors, and for wake() of another thread.
class Poller {
 public:
  struct Ready {
    std::uint64_t tag;
    bool readable;  ///< Or it has ended, which reading tells.
    bool writable;
  };
  struct Interest {
    bool read;
    bool write;
  };

  /// False: there are no descriptors. It may be called again.
  bool open() noexcept;
  /// Tags are not 0. False: the system has no room.
  bool watch(const Descriptor& descriptor, std::uint64_t tag, Interest interest) noexcept;
  void change(const Descriptor& descriptor, std::uint64_t tag, Interest interest) noexcept;
  /// Before it is closed: a process that was forked may hold the connection open. It ends for the other side, too.
  void forget(const Descriptor& descriptor) noexcept;
  /// What is ready after `time` at most; valid until the next call.
  std::span<const Ready> wait(Duration time) noexcept;
  /// Was wake() called since the last time that this said so?
  bool take_wake() noexcept { return woken_.load(std::memory_order_relaxed) && woken_.exchange(false); }
  /// From any thread; ends the wait() that runs, or the next one. Asks the system only where somebody sleeps.
  void wake() noexcept;

 private:
  Descriptor epoll_;
  Descriptor wakes_;
  std::atomic<int> opened_{-1};  ///< wakes_, for other threads.
  std::atomic<bool> woken_{false};
  std::atomic<bool> sleeps_{false};
  std::array<Ready, 64> ready_{};
};

/// Without a poller there is nothing else to do.
void pause_thread(Duration time) noexcept;

// ---- connections

enum class Moving : std::uint8_t {
  moved,        ///< Some bytes; fewer than there was room for: there are no more now.
  would_block,  ///< None now.
  ended,        ///< The other side has closed; for sends: takes nothing any more, but what it sent may still be there.
  failed,
};
struct Moved {
  Moving how;
  std::size_t bytes = 0;
  int error = 0;
};

/// Into `first`, and what is more into `second`.
Moved receive(const Descriptor& socket, std::span<std::byte> first, std::span<std::byte> second) noexcept;
Moved send(const Descriptor& socket, std::span<const std::span<const std::byte>> pieces) noexcept;
/// Tells the other side that nothing more comes.
void finish_sending(const Descriptor& socket) noexcept;
std::string error_text(int error);

struct Dialled {
  Descriptor socket;
  bool connected = false;  ///< Otherwise it will be writable then, or have failed.
  bool refused = false;    ///< Nobody there, now.
};
/// Errors: of the address, or for want of descriptors.
Result<Dialled> dial(const StreamAddress& address, const StreamOptions& options);
/// How the dialling ended: 0, or the error.
int dialling_error(const Descriptor& socket) noexcept;

struct Other {
  std::string address;
  bool on_this_machine = false;
  bool tcp = false;
  bool has_user = false;
  std::uint32_t user = 0;
};
/// Who is at the other end.
Other other_end(const Descriptor& socket);

// ---- listening

enum class Accepting : std::uint8_t { accepted, nobody, no_descriptors };
struct Accepted {
  Accepting how;
  Descriptor socket;
};

/// A socket that listens; its file, where it has one, is removed at its end.
class ListeningSocket {
 public:
  static Result<ListeningSocket> open(const StreamAddress& address, const StreamOptions& options);
  ListeningSocket(ListeningSocket&& other) noexcept;
  ListeningSocket& operator=(ListeningSocket&&) = delete;
  ~ListeningSocket();

  const Descriptor& socket() const noexcept { return socket_; }
  /// With the port or name that the system has put.
  const std::string& address() const noexcept { return address_; }
  Accepted accept(const StreamOptions& options) const noexcept;

 private:
  ListeningSocket() = default;
  Result<void> open_file(const StreamAddress& address, const StreamOptions& options);
  Result<void> open_tcp(const StreamAddress& address, const StreamOptions& options);

  Descriptor socket_;
  bool tcp_ = false;
  std::string address_;
  std::string folder_;  ///< Made for this socket.
  std::string file_;
  std::uint64_t device_ = 0;  ///< Of the file, to know it again.
  std::uint64_t inode_ = 0;
};

/// An address as the system takes it.
struct SystemAddress {
  alignas(8) std::array<std::byte, 128> bytes{};
  std::uint32_t size = 0;
};
/// `*` is no host to dial.
Result<SystemAddress> system_address(const StreamAddress& address, bool to_dial);
Result<Descriptor> new_socket(const SystemAddress& address, const StreamOptions& options);
void configure_tcp(const Descriptor& socket, const StreamOptions& options) noexcept;
/// For TCP whose other end is here, too.
void configure_within_machine(const Descriptor& socket, const StreamOptions& options) noexcept;
Error system_error(const std::string& what, int error);

}  // namespace structwire::messaging::stream_detail
