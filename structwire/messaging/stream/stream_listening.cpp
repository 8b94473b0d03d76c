// SPDX-License-Identifier: Apache-2.0
//
// Sockets that listen, and the files of those that have one.
#include <structwire/messaging/stream/stream_system.hpp>

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <sys/file.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>

namespace structwire::messaging::stream_detail {

namespace {

constexpr int waiting_to_be_accepted = 1024;

const sockaddr* to_bind(const SystemAddress& address) { return reinterpret_cast<const sockaddr*>(address.bytes.data()); }

std::unexpected<Error> cannot_listen(const StreamAddress& address, int error) {
  return std::unexpected(system_error("Cannot listen at " + address.text(), error));
}

/// While it lives, nobody else who asks for it makes or removes sockets in this folder: between bind() and listen() a
/// socket looks like one that was left behind. Where it is not to be had, it is done without.
class FolderLock {
 public:
  explicit FolderLock(const std::string& file)
      : folder_(::open(folder_of(file).c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)) {
    for (int tries = 0; folder_ && tries < 100 && flock(folder_.number(), LOCK_EX | LOCK_NB) != 0; ++tries)
      pause_thread(std::chrono::milliseconds(1));
  }

 private:
  static std::string folder_of(const std::string& file) {
    const std::size_t slash = file.rfind('/');
    return slash == std::string::npos ? "." : file.substr(0, slash + 1);
  }
  Descriptor folder_;
};

// A socket that nobody listens at. Whoever made it is gone.
bool left_behind(const StreamAddress& address, const SystemAddress& bytes) {
  struct stat file {};
  if (lstat(address.name.c_str(), &file) != 0 || !S_ISSOCK(file.st_mode)) return false;
  auto probe = new_socket(bytes, {});
  return probe && connect(probe->number(), to_bind(bytes), bytes.size) != 0 && errno == ECONNREFUSED;
}

}  // namespace

ListeningSocket::ListeningSocket(ListeningSocket&& other) noexcept
    : socket_(std::move(other.socket_)),
      tcp_(other.tcp_),
      address_(std::move(other.address_)),
      folder_(std::exchange(other.folder_, {})),
      file_(std::exchange(other.file_, {})),
      device_(other.device_),
      inode_(other.inode_) {}

ListeningSocket::~ListeningSocket() {
  struct stat file {};
  const bool own = !file_.empty() && lstat(file_.c_str(), &file) == 0 && file.st_dev == device_ && file.st_ino == inode_;
  if (own) unlink(file_.c_str());
  if (!folder_.empty()) rmdir(folder_.c_str());
}

Result<ListeningSocket> ListeningSocket::open(const StreamAddress& wanted, const StreamOptions& options) {
  ListeningSocket made;
  StreamAddress address = wanted;
  if (wanted.any_name()) {
    const char* parent = std::getenv("TMPDIR");
    made.folder_ = std::string(parent == nullptr ? "/tmp" : parent) + "/structwire-XXXXXX";
    if (mkdtemp(made.folder_.data()) == nullptr)
      return std::unexpected(system_error("Cannot make a folder for a socket: " + std::exchange(made.folder_, {}), errno));
    auto inside = parse_address("unix://" + made.folder_ + "/socket");
    if (!inside) return std::unexpected(std::move(inside.error()));
    address = std::move(*inside);
  }
  made.tcp_ = address.kind == StreamAddress::Kind::tcp;
  auto done = address.kind == StreamAddress::Kind::file ? made.open_file(address, options) : made.open_tcp(address, options);
  if (!done) return std::unexpected(std::move(done.error()));
  return made;
}

Result<void> ListeningSocket::open_file(const StreamAddress& address, const StreamOptions& options) {
  const auto bytes = system_address(address, false);
  auto socket = new_socket(*bytes, options);
  if (!socket) return std::unexpected(std::move(socket.error()));
  const FolderLock lock(address.name);
  int bound = bind(socket->number(), to_bind(*bytes), bytes->size);
  if (bound != 0 && errno == EADDRINUSE) {
    if (!left_behind(address, *bytes)) return cannot_listen(address, EADDRINUSE);
    unlink(address.name.c_str());
    bound = bind(socket->number(), to_bind(*bytes), bytes->size);
  }
  if (bound != 0) return cannot_listen(address, errno);
  struct stat file {};
  if (lstat(address.name.c_str(), &file) != 0) return cannot_listen(address, errno);
  file_ = address.name;
  device_ = file.st_dev;
  inode_ = file.st_ino;
  // Nobody gets in before it listens.
  if (options.socket_mode != 0 && chmod(file_.c_str(), options.socket_mode) != 0) return cannot_listen(address, errno);
  if (::listen(socket->number(), waiting_to_be_accepted) != 0) return cannot_listen(address, errno);
  socket_ = std::move(*socket);
  address_ = address.text();
  return {};
}

// Or at an abstract name.
Result<void> ListeningSocket::open_tcp(const StreamAddress& address, const StreamOptions& options) {
  const auto bytes = system_address(address, false);
  if (!bytes) return std::unexpected(bytes.error());
  auto socket = new_socket(*bytes, options);
  if (!socket) return std::unexpected(std::move(socket.error()));
  const int on = 1;
  if (tcp_) setsockopt(socket->number(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  if (bind(socket->number(), to_bind(*bytes), bytes->size) != 0 || ::listen(socket->number(), waiting_to_be_accepted) != 0)
    return cannot_listen(address, errno);
  socket_ = std::move(*socket);
  StreamAddress actual = address;
  if (tcp_) {
    SystemAddress own;
    socklen_t size = sizeof own.bytes;
    auto* const to = reinterpret_cast<sockaddr*>(own.bytes.data());
    if (getsockname(socket_.number(), to, &size) != 0) return cannot_listen(address, errno);
    const bool six = to->sa_family == AF_INET6;
    actual.port = ntohs(six ? reinterpret_cast<sockaddr_in6*>(to)->sin6_port : reinterpret_cast<sockaddr_in*>(to)->sin_port);
    if (address.name == "*") actual.name = "0.0.0.0";
  }
  address_ = actual.text();
  return {};
}

Accepted ListeningSocket::accept(const StreamOptions& options) const noexcept {
  for (;;) {
    Descriptor socket(accept4(socket_.number(), nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC));
    if (socket) {
      if (tcp_) configure_tcp(socket, options);
      return {.how = Accepting::accepted, .socket = std::move(socket)};
    }
    switch (errno) {
      case EMFILE:
      case ENFILE:
      case ENOBUFS:
      case ENOMEM: return {.how = Accepting::no_descriptors, .socket = {}};
      case EAGAIN: return {.how = Accepting::nobody, .socket = {}};
      // Who was about to be accepted has gone.
      case EINTR:
      case ECONNABORTED:
      case EPROTO:
      case EPERM: continue;
      default: return {.how = Accepting::nobody, .socket = {}};
    }
  }
}

}  // namespace structwire::messaging::stream_detail
