// SPDX-License-Identifier: Apache-2.0
//
// Waiting, connections, and addresses as the system has them.
#include <structwire/messaging/stream/stream_system.hpp>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <ctime>
#include <system_error>

namespace structwire::messaging::stream_detail {

Descriptor::~Descriptor() {
  if (number_ >= 0) ::close(number_);
}

std::string error_text(int error) { return std::generic_category().message(error); }

Error system_error(const std::string& what, int error) {
  return Error(error == ENOMEM ? ErrorCode::memory_exhausted : ErrorCode::io, what + ": " + error_text(error));
}

// ---- Poller

bool Poller::open() noexcept {
  if (opened_.load(std::memory_order_relaxed) >= 0) return true;
  if (!epoll_) epoll_ = Descriptor(epoll_create1(EPOLL_CLOEXEC));
  if (!epoll_) return false;
  wakes_ = Descriptor(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK));
  if (!wakes_) return false;
  // Each write is an event of its own, so nobody has to read.
  epoll_event event{};
  event.events = EPOLLIN | EPOLLET;
  if (epoll_ctl(epoll_.number(), EPOLL_CTL_ADD, wakes_.number(), &event) != 0) return false;
  opened_.store(wakes_.number());
  return true;
}

namespace {

epoll_event event_of(std::uint64_t tag, Poller::Interest interest) noexcept {
  epoll_event event{};
  event.events = (interest.read ? EPOLLIN : 0u) | (interest.write ? EPOLLOUT : 0u);
  event.data.u64 = tag;
  return event;
}

int wait_for(int epoll, std::span<epoll_event> ready, Duration time) noexcept {
  const int size = static_cast<int>(ready.size());
  if (time <= Duration::zero()) return epoll_wait(epoll, ready.data(), size, 0);
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(time);
  const timespec left{.tv_sec = static_cast<std::time_t>(seconds.count()),
                      .tv_nsec = static_cast<long>((time - seconds).count())};
  const int count = epoll_pwait2(epoll, ready.data(), size, &left, nullptr);
  if (count >= 0 || errno != ENOSYS) return count;
  const auto whole = std::chrono::ceil<std::chrono::milliseconds>(time).count();
  return epoll_wait(epoll, ready.data(), size, static_cast<int>(std::min<std::int64_t>(whole, 1 << 30)));
}

}  // namespace

bool Poller::watch(const Descriptor& descriptor, std::uint64_t tag, Interest interest) noexcept {
  epoll_event event = event_of(tag, interest);
  return epoll_ctl(epoll_.number(), EPOLL_CTL_ADD, descriptor.number(), &event) == 0;
}

void Poller::change(const Descriptor& descriptor, std::uint64_t tag, Interest interest) noexcept {
  epoll_event event = event_of(tag, interest);
  epoll_ctl(epoll_.number(), EPOLL_CTL_MOD, descriptor.number(), &event);
}

void Poller::forget(const Descriptor& descriptor) noexcept {
  if (!descriptor) return;
  epoll_ctl(epoll_.number(), EPOLL_CTL_DEL, descriptor.number(), nullptr);
  shutdown(descriptor.number(), SHUT_RDWR);
}

std::span<const Poller::Ready> Poller::wait(Duration time) noexcept {
  std::array<epoll_event, 64> events;
  // Either this sees the mark of wake(), or wake() sees this one.
  sleeps_.store(true);
  if (woken_.load()) time = {};
  const int count = wait_for(epoll_.number(), events, time);
  sleeps_.store(false, std::memory_order_relaxed);
  std::size_t told = 0;
  for (const epoll_event& event : std::span(events).first(static_cast<std::size_t>(std::max(count, 0)))) {
    if (event.data.u64 == 0) continue;
    ready_[told++] = {.tag = event.data.u64,
                      .readable = (event.events & ~static_cast<std::uint32_t>(EPOLLOUT)) != 0,
                      .writable = (event.events & (EPOLLOUT | EPOLLERR | EPOLLHUP)) != 0};
  }
  return std::span(ready_).first(told);
}

void Poller::wake() noexcept {
  if (woken_.exchange(true)) return;
  if (!sleeps_.load()) return;
  const std::uint64_t one = 1;
  [[maybe_unused]] const auto written = write(opened_.load(), &one, sizeof one);
}

void pause_thread(Duration time) noexcept {
  ::poll(nullptr, 0, static_cast<int>(std::chrono::ceil<std::chrono::milliseconds>(time).count()));
}

// ---- connections

Moved receive(const Descriptor& socket, std::span<std::byte> first, std::span<std::byte> second) noexcept {
  const std::array<iovec, 2> places{iovec{.iov_base = first.data(), .iov_len = first.size()},
                                    iovec{.iov_base = second.data(), .iov_len = second.size()}};
  for (;;) {
    const ssize_t count = first.empty() ? recv(socket.number(), second.data(), second.size(), 0)
                                        : readv(socket.number(), places.data(), 2);
    if (count > 0) return {.how = Moving::moved, .bytes = static_cast<std::size_t>(count)};
    if (count == 0) return {.how = Moving::ended};
    if (errno == EINTR) continue;
    if (errno == EAGAIN) return {.how = Moving::would_block};
    return {.how = errno == ECONNRESET ? Moving::ended : Moving::failed, .error = errno};
  }
}

Moved send(const Descriptor& socket, std::span<const std::span<const std::byte>> pieces) noexcept {
  std::array<iovec, 64> places;
  const std::size_t count = std::min(pieces.size(), places.size());
  for (std::size_t i = 0; i < count; ++i)
    places[i] = {.iov_base = const_cast<std::byte*>(pieces[i].data()), .iov_len = pieces[i].size()};
  msghdr message{};
  message.msg_iov = places.data();
  message.msg_iovlen = count;
  for (;;) {
    const ssize_t sent = count == 1 ? ::send(socket.number(), places[0].iov_base, places[0].iov_len, MSG_NOSIGNAL)
                                    : sendmsg(socket.number(), &message, MSG_NOSIGNAL);
    if (sent >= 0) return {.how = Moving::moved, .bytes = static_cast<std::size_t>(sent)};
    if (errno == EINTR) continue;
    if (errno == EAGAIN) return {.how = Moving::would_block};
    return {.how = errno == EPIPE || errno == ECONNRESET ? Moving::ended : Moving::failed, .error = errno};
  }
}

void finish_sending(const Descriptor& socket) noexcept { shutdown(socket.number(), SHUT_WR); }

Result<Dialled> dial(const StreamAddress& address, const StreamOptions& options) {
  auto to = system_address(address, true);
  if (!to) return std::unexpected(std::move(to.error()));
  auto socket = new_socket(*to, options);
  if (!socket) return std::unexpected(std::move(socket.error()));
  if (address.kind == StreamAddress::Kind::tcp) configure_tcp(*socket, options);
  const int done = connect(socket->number(), reinterpret_cast<const sockaddr*>(to->bytes.data()), to->size);
  const bool waits = done != 0 && (errno == EINPROGRESS || errno == EINTR);
  return Dialled{.socket = std::move(*socket), .connected = done == 0, .refused = done != 0 && !waits};
}

int dialling_error(const Descriptor& socket) noexcept {
  int error = 0;
  socklen_t size = sizeof error;
  return getsockopt(socket.number(), SOL_SOCKET, SO_ERROR, &error, &size) == 0 ? error : errno;
}

namespace {

// The host as 16 bytes; IPv4 as IPv6 maps it.
std::array<std::uint8_t, 16> host_of(const sockaddr_storage& address) noexcept {
  std::array<std::uint8_t, 16> host{};
  if (address.ss_family == AF_INET6) {
    std::memcpy(host.data(), &reinterpret_cast<const sockaddr_in6&>(address).sin6_addr, 16);
  } else {
    host[10] = host[11] = 0xff;
    std::memcpy(host.data() + 12, &reinterpret_cast<const sockaddr_in&>(address).sin_addr, 4);
  }
  return host;
}

bool is_loopback(const std::array<std::uint8_t, 16>& host) noexcept {
  const bool first_are_zero = std::all_of(host.begin(), host.begin() + 10, [](std::uint8_t each) { return each == 0; });
  if (!first_are_zero) return false;
  if (host[10] == 0xff && host[11] == 0xff) return host[12] == 127;
  return std::all_of(host.begin() + 10, host.begin() + 15, [](std::uint8_t each) { return each == 0; }) && host[15] == 1;
}

Other tcp_end(const sockaddr_storage& there, const sockaddr_storage& here) {
  std::array<char, INET6_ADDRSTRLEN> text{};
  const bool six = there.ss_family == AF_INET6;
  const auto& address6 = reinterpret_cast<const sockaddr_in6&>(there);
  const auto& address4 = reinterpret_cast<const sockaddr_in&>(there);
  const void* host = six ? static_cast<const void*>(&address6.sin6_addr) : &address4.sin_addr;
  inet_ntop(there.ss_family, host, text.data(), text.size());
  const StreamAddress shown{.kind = StreamAddress::Kind::tcp,
                            .name = text.data(),
                            .port = ntohs(six ? address6.sin6_port : address4.sin_port)};
  const auto other = host_of(there);
  return {.address = shown.text(), .on_this_machine = is_loopback(other) || other == host_of(here), .tcp = true};
}

}  // namespace

Other other_end(const Descriptor& socket) {
  sockaddr_storage there{};
  sockaddr_storage here{};
  socklen_t size = sizeof there;
  if (getpeername(socket.number(), reinterpret_cast<sockaddr*>(&there), &size) != 0) return {};
  size = sizeof here;
  if (getsockname(socket.number(), reinterpret_cast<sockaddr*>(&here), &size) != 0) return {};
  if (there.ss_family != AF_UNIX) return tcp_end(there, here);
  ucred who{};
  size = sizeof who;
  Other other{.address = {}, .on_this_machine = true};
  if (getsockopt(socket.number(), SOL_SOCKET, SO_PEERCRED, &who, &size) != 0) return other;
  other.address = "process " + std::to_string(who.pid);
  other.has_user = true;
  other.user = who.uid;
  return other;
}

// ---- addresses

namespace {

SystemAddress packed(const void* address, std::size_t size) {
  SystemAddress result;
  std::memcpy(result.bytes.data(), address, size);
  result.size = static_cast<std::uint32_t>(size);
  return result;
}

SystemAddress unix_address(const StreamAddress& address) {
  sockaddr_un system{};
  system.sun_family = AF_UNIX;
  const bool abstract = address.kind == StreamAddress::Kind::abstract;
  std::memcpy(system.sun_path + (abstract ? 1 : 0), address.name.data(), address.name.size());
  // An abstract name has no zero at its end, a path has one.
  return packed(&system, offsetof(sockaddr_un, sun_path) + address.name.size() + 1);
}

}  // namespace

Result<SystemAddress> system_address(const StreamAddress& address, bool to_dial) {
  if (address.kind != StreamAddress::Kind::tcp) {
    if (!to_dial || !address.any_name()) return unix_address(address);
    return std::unexpected(Error(ErrorCode::invalid_text, "Nothing to dial: " + address.text()));
  }
  std::string host = address.name == "localhost" ? "127.0.0.1" : address.name;
  if (host == "*" && !to_dial) host = "0.0.0.0";
  if (to_dial && (host == "*" || address.port == 0))
    return std::unexpected(Error(ErrorCode::invalid_text, "Nothing to dial: " + address.text()));
  sockaddr_in four{};
  four.sin_family = AF_INET;
  four.sin_port = htons(address.port);
  if (inet_pton(AF_INET, host.c_str(), &four.sin_addr) == 1) return packed(&four, sizeof four);
  sockaddr_in6 six{};
  six.sin6_family = AF_INET6;
  six.sin6_port = htons(address.port);
  if (inet_pton(AF_INET6, host.c_str(), &six.sin6_addr) == 1) return packed(&six, sizeof six);
  return std::unexpected(
      Error(ErrorCode::unsupported, "Hosts are numeric or localhost here, names are not looked up: " + address.text()));
}

Result<Descriptor> new_socket(const SystemAddress& address, const StreamOptions& options) {
  const int family = reinterpret_cast<const sockaddr*>(address.bytes.data())->sa_family;
  Descriptor made(socket(family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  if (!made) return std::unexpected(system_error("Cannot open a socket", errno));
  if (const int size = options.socket_buffer_bytes; size > 0) {
    setsockopt(made.number(), SOL_SOCKET, SO_SNDBUF, &size, sizeof size);
    setsockopt(made.number(), SOL_SOCKET, SO_RCVBUF, &size, sizeof size);
  }
  return made;
}

void configure_tcp(const Descriptor& socket, const StreamOptions& options) noexcept {
  const auto silence = std::chrono::duration_cast<std::chrono::milliseconds>(options.silence_max).count();
  const int milliseconds = static_cast<int>(std::clamp<std::int64_t>(silence, 1000, 1 << 30));
  // Silent for half of the time: asked, and again each tenth of it.
  const std::pair<int, int> values[] = {{TCP_NODELAY, 1},
                                        {TCP_USER_TIMEOUT, milliseconds},
                                        {TCP_KEEPIDLE, std::max(milliseconds / 2000, 1)},
                                        {TCP_KEEPINTVL, std::max(milliseconds / 10000, 1)},
                                        {TCP_KEEPCNT, 5}};
  for (const auto& [option, value] : values) setsockopt(socket.number(), IPPROTO_TCP, option, &value, sizeof value);
  const int on = 1;
  setsockopt(socket.number(), SOL_SOCKET, SO_KEEPALIVE, &on, sizeof on);
}

// Left alone, the system would keep megabytes of what is sent, and a large message would leave the processor's cache
// before it is read: with this a round trip of 1 MiB takes half of the time. Beyond this machine the network needs it.
void configure_within_machine(const Descriptor& socket, const StreamOptions& options) noexcept {
  constexpr int buffer_bytes = 192 << 10;
  if (options.socket_buffer_bytes == 0)
    setsockopt(socket.number(), SOL_SOCKET, SO_SNDBUF, &buffer_bytes, sizeof buffer_bytes);
}

}  // namespace structwire::messaging::stream_detail
