// SPDX-License-Identifier: Apache-2.0
//
// The least that a message can cost here: a socket of the system, a length and a number before the bytes, read and write.
#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <thread>

#include <bench/messages/peer.hpp>

namespace messages_bench {
namespace {

struct Head {
  std::uint64_t number;
  std::uint64_t size;
};

sockaddr_un unix_address(const std::string& path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  std::copy_n(path.c_str(), std::min(path.size() + 1, sizeof address.sun_path), address.sun_path);
  return address;
}

sockaddr_in tcp_address(int port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(static_cast<std::uint16_t>(port));
  return address;
}

/// A connection that is read through a buffer, so that many small messages take one call of the system.
class Wire {
 public:
  explicit Wire(int socket) : socket_(socket), buffer_(64 << 10) {
    const int on = 1;
    ::setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  }
  ~Wire() { ::close(socket_); }
  Wire(const Wire&) = delete;
  Wire& operator=(const Wire&) = delete;

  /// Where the other side does not read because it waits for being read itself, `when_full` reads.
  template <class WhenFull>
  void write(std::uint64_t number, const std::vector<char>& bytes, int flags, WhenFull when_full) {
    Head head{number, bytes.size()};
    std::array<iovec, 2> parts{iovec{&head, sizeof head},
                               iovec{const_cast<char*>(bytes.data()), bytes.size()}};
    std::size_t first = 0;
    while (first < parts.size()) {
      msghdr message{};
      message.msg_iov = &parts[first];
      message.msg_iovlen = parts.size() - first;
      ssize_t written = ::sendmsg(socket_, &message, MSG_NOSIGNAL | flags);
      if (written < 0 && errno == EINTR) continue;
      if (written < 0 && errno == EAGAIN) {
        pollfd entry{socket_, POLLIN | POLLOUT, 0};
        if (buffered() || (::poll(&entry, 1, -1) > 0 && (entry.revents & POLLIN) != 0)) when_full();
        continue;
      }
      if (written < 0) stop("cannot write");
      while (first < parts.size() && static_cast<std::size_t>(written) >= parts[first].iov_len) {
        written -= static_cast<ssize_t>(parts[first++].iov_len);
      }
      if (first == parts.size()) break;
      parts[first].iov_base = static_cast<char*>(parts[first].iov_base) + written;
      parts[first].iov_len -= static_cast<std::size_t>(written);
    }
  }

  /// False: the other side has closed it.
  bool read(std::uint64_t& number, std::vector<char>& bytes) {
    Head head{};
    if (!read_all(reinterpret_cast<char*>(&head), sizeof head)) return false;
    number = head.number;
    bytes.resize(head.size);
    return read_all(bytes.data(), bytes.size());
  }

  bool readable(Clock::time_point until) {
    if (at_ < end_) return true;
    pollfd entry{socket_, POLLIN, 0};
    const auto left = std::max<std::int64_t>((until - Clock::now()).count(), 0);
    const timespec patience{left / 1'000'000'000, left % 1'000'000'000};
    return ::ppoll(&entry, 1, &patience, nullptr) > 0;
  }
  bool buffered() const { return at_ < end_; }

 private:
  bool read_all(char* to, std::size_t size) {
    while (size > 0) {
      if (at_ < end_) {
        const std::size_t part = std::min(size, end_ - at_);
        std::memcpy(to, buffer_.data() + at_, part);
        at_ += part;
        to += part;
        size -= part;
        continue;
      }
      const bool direct = size >= buffer_.size();
      const ssize_t got =
          ::recv(socket_, direct ? to : buffer_.data(), direct ? size : buffer_.size(), 0);
      if (got < 0 && errno == EINTR) continue;
      if (got <= 0) return false;
      if (direct) {
        to += got;
        size -= static_cast<std::size_t>(got);
      } else {
        at_ = 0;
        end_ = static_cast<std::size_t>(got);
      }
    }
    return true;
  }

  int socket_;
  std::vector<char> buffer_;
  std::size_t at_ = 0;
  std::size_t end_ = 0;
};

class SocketServer final : public Server {
 public:
  explicit SocketServer(const Setting& setting) {
    if (setting.transport == "ipc") {
      address_ = socket_path();
      const auto address = unix_address(address_);
      listener_ = ::socket(AF_UNIX, SOCK_STREAM, 0);
      if (::bind(listener_, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0)
        stop("cannot bind");
    } else {
      auto address = tcp_address(0);
      listener_ = ::socket(AF_INET, SOCK_STREAM, 0);
      if (::bind(listener_, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0)
        stop("cannot bind");
      socklen_t size = sizeof address;
      ::getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size);
      address_ = std::to_string(ntohs(address.sin_port));
    }
    ::listen(listener_, 8);
    std::thread([this] { run(); }).detach();
  }
  std::string address() const override { return address_; }

 private:
  void run() {
    Wire wire(::accept(listener_, nullptr, nullptr));
    std::vector<char> bytes;
    for (std::uint64_t number = 0; wire.read(number, bytes);) {
      const Running running(*this);
      if ((number & one_way) == 0) wire.write(number, bytes, 0, [] {});
    }
  }

  int listener_ = -1;
  std::string address_;
};

int connected(const Setting& setting) {
  const bool local = setting.transport == "ipc";
  const int socket = ::socket(local ? AF_UNIX : AF_INET, SOCK_STREAM, 0);
  const auto unix = unix_address(setting.address);
  const auto tcp = tcp_address(std::atoi(setting.address.c_str()));
  const int failed = local
                         ? ::connect(socket, reinterpret_cast<const sockaddr*>(&unix), sizeof unix)
                         : ::connect(socket, reinterpret_cast<const sockaddr*>(&tcp), sizeof tcp);
  if (failed != 0) stop("cannot connect");
  return socket;
}

class SocketClient final : public Client {
 public:
  explicit SocketClient(const Setting& setting)
      : wire_(connected(setting)), bytes_(setting.size, 'x') {}

  void call(std::uint64_t number) override {
    send(number);
    if (read() != number) stop("another reply");
  }
  void start(std::uint64_t number) override { send(number); }
  void collect(Clock::time_point until, std::vector<std::uint64_t>& ended) override {
    if (early_.empty() && !wire_.readable(until)) return;
    ended.insert(ended.end(), early_.begin(), early_.end());
    early_.clear();
    while (wire_.readable(Clock::time_point())) ended.push_back(read());
  }
  void send(std::uint64_t number) override {
    wire_.write(number, bytes_, MSG_DONTWAIT, [this] { early_.push_back(read()); });
  }
  void settle() override { call(1); }

 private:
  std::uint64_t read() {
    std::uint64_t number = 0;
    if (!wire_.read(number, reply_) || reply_.size() != bytes_.size()) stop("no such reply");
    return number;
  }

  Wire wire_;
  std::vector<char> bytes_;
  std::vector<char> reply_;
  std::vector<std::uint64_t> early_;  ///< Read before anybody asked.
};

}  // namespace
}  // namespace messages_bench

int main(int count, char** arguments) {
  using namespace messages_bench;
  run_peer(
      count, arguments,
      {.serve = [](const Setting& setting) { return std::make_unique<SocketServer>(setting); },
       .connect = [](const Setting& setting) { return std::make_unique<SocketClient>(setting); }});
}
