// SPDX-License-Identifier: Apache-2.0
#include <structwire/messaging/zeromq/zeromq_socket.hpp>

#include <unistd.h>
#include <zmq.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <memory>
#include <new>
#include <vector>

namespace structwire::messaging {

namespace {

Error system_error(const std::string& what) {
  const int code = zmq_errno();
  return Error(code == ENOMEM ? ErrorCode::memory_exhausted : ErrorCode::io,
               what + ": " + zmq_strerror(code));
}

int milliseconds(Duration time) {
  return static_cast<int>(std::chrono::duration_cast<std::chrono::milliseconds>(time).count());
}

}  // namespace

namespace zeromq_detail {

// ---- Context

namespace {

// libzmq aborts the process when its threads find no descriptor for their epoll. So: are there enough, now?
bool descriptors_left(int count) {
  std::vector<int> taken;
  for (int i = 0; i < count; ++i) {
    const int copy = dup(STDERR_FILENO);
    if (copy < 0) break;
    taken.push_back(copy);
  }
  for (const int copy : taken) ::close(copy);
  return static_cast<int>(taken.size()) == count;
}

}  // namespace

Result<Context> Context::start(const ZeromqOptions& options) {
  const int threads = std::clamp(options.io_threads, 1, 64);
  if (!descriptors_left(8 + 2 * threads)) {
    return std::unexpected(
        Error(ErrorCode::io, "There are too few file descriptors to start ZeroMQ"));
  }
  Context context(zmq_ctx_new());
  if (!context) return std::unexpected(system_error("Cannot start ZeroMQ"));
  zmq_ctx_set(context.handle_, ZMQ_IO_THREADS, threads);
  zmq_ctx_set(context.handle_, ZMQ_MAX_SOCKETS, std::clamp(options.sockets_max, 16, 65535));
  // The first socket starts the threads.
  void* first = zmq_socket(context.handle_, ZMQ_PAIR);
  if (first == nullptr) return std::unexpected(system_error("Cannot start ZeroMQ"));
  zmq_close(first);
  return context;
}

Context& Context::operator=(Context&& other) noexcept {
  std::swap(handle_, other.handle_);
  return *this;
}

Context::~Context() {
  if (handle_ == nullptr) return;
  while (zmq_ctx_term(handle_) != 0 && zmq_errno() == EINTR) {
  }
}

// ---- Socket

Socket& Socket::operator=(Socket&& other) noexcept {
  std::swap(handle_, other.handle_);
  return *this;
}

void Socket::close() noexcept {
  if (handle_ != nullptr) zmq_close(std::exchange(handle_, nullptr));
}

void Socket::forget_sent() noexcept {
  const int none = 0;
  if (handle_ != nullptr) zmq_setsockopt(handle_, ZMQ_LINGER, &none, sizeof none);
}

Result<Socket> Socket::open(const Context& context, int type) {
  void* handle = zmq_socket(context.handle(), type);
  if (handle == nullptr) return std::unexpected(system_error("Cannot open a ZeroMQ socket"));
  return Socket(handle);
}

Result<void> Socket::set(int option, int value) {
  if (zmq_setsockopt(handle_, option, &value, sizeof value) == 0) return {};
  return std::unexpected(system_error("ZeroMQ refuses an option"));
}

Result<void> Socket::set(int option, const std::string& value) {
  if (zmq_setsockopt(handle_, option, value.c_str(), value.size()) == 0) return {};
  return std::unexpected(system_error("ZeroMQ refuses an option"));
}

Result<void> Socket::configure(const ZeromqOptions& options, const std::string& address) {
  const std::int64_t largest = static_cast<std::int64_t>(options.part_bytes_max);
  if (zmq_setsockopt(handle_, ZMQ_MAXMSGSIZE, &largest, sizeof largest) != 0)
    return std::unexpected(system_error("ZeroMQ refuses an option"));
  const std::pair<int, int> values[] = {
      {ZMQ_LINGER, milliseconds(options.linger)},
      {ZMQ_SNDHWM, std::max(options.queue_frames, 1)},
      {ZMQ_RCVHWM, std::max(options.queue_frames, 1)},
      {ZMQ_HANDSHAKE_IVL, milliseconds(options.connect_timeout)},
      {ZMQ_HEARTBEAT_IVL, milliseconds(options.heartbeat)},
      {ZMQ_HEARTBEAT_TIMEOUT, milliseconds(options.heartbeat_timeout)},
      {ZMQ_IPV6, address.find('[') == std::string::npos ? 0 : 1},
  };
  for (const auto& [option, value] : values) {
    if (auto done = set(option, value); !done) return done;
  }
  return {};
}

namespace {

Result<void> check_keys(const CurveKeys& keys) {
  if (keys.public_key.size() == 40 && keys.secret_key.size() == 40) return {};
  return std::unexpected(Error(ErrorCode::invalid_text, "A CURVE key is 40 characters of Z85"));
}

}  // namespace

Result<Socket> Socket::dealer(const Context& context, const ZeromqOptions& options,
                              const std::string& address) {
  auto socket = open(context, ZMQ_DEALER);
  if (!socket) return socket;
  if (auto done = socket->configure(options, address); !done) return std::unexpected(done.error());
  const std::pair<int, int> values[] = {
      // One connection for each socket: with the next one comes another socket.
      {ZMQ_RECONNECT_IVL, -1},
      {ZMQ_CONNECT_TIMEOUT, milliseconds(options.connect_timeout)},
      // No queue without a connection.
      {ZMQ_IMMEDIATE, 1},
  };
  for (const auto& [option, value] : values) {
    if (auto done = socket->set(option, value); !done) return std::unexpected(done.error());
  }
  if (!options.keys) return socket;
  if (auto good = check_keys(*options.keys); !good) return std::unexpected(good.error());
  auto server = options.server_keys.find(address);
  if (server == options.server_keys.end()) server = options.server_keys.find("");
  if (server == options.server_keys.end()) {
    return std::unexpected(
        Error(ErrorCode::refused, "There is no public key for who listens at " + address));
  }
  const std::pair<int, const std::string*> keys[] = {
      {ZMQ_CURVE_PUBLICKEY, &options.keys->public_key},
      {ZMQ_CURVE_SECRETKEY, &options.keys->secret_key},
      {ZMQ_CURVE_SERVERKEY, &server->second},
  };
  for (const auto& [option, key] : keys) {
    if (auto done = socket->set(option, *key); !done) {
      return std::unexpected(Error(ErrorCode::invalid_text, "Not a CURVE key in Z85"));
    }
  }
  return socket;
}

Result<Socket> Socket::router(const Context& context, const ZeromqOptions& options,
                              const std::string& address) {
  auto socket = open(context, ZMQ_ROUTER);
  if (!socket) return socket;
  if (auto done = socket->configure(options, address); !done) return std::unexpected(done.error());
  const std::pair<int, int> values[] = {
      // Tells of full queues and of peers that are gone, in place of dropping.
      {ZMQ_ROUTER_MANDATORY, 1},
      // Nobody takes over the place of another by taking its name.
      {ZMQ_ROUTER_HANDOVER, 0},
      {ZMQ_BACKLOG, 1024},
  };
  for (const auto& [option, value] : values) {
    if (auto done = socket->set(option, value); !done) return std::unexpected(done.error());
  }
  if (!options.keys) return socket;
  if (auto good = check_keys(*options.keys); !good) return std::unexpected(good.error());
  for (const std::string& key : options.allowed_keys) {
    std::array<std::uint8_t, 32> binary{};
    if (key.size() != 40 || zmq_z85_decode(binary.data(), key.c_str()) == nullptr)
      return std::unexpected(Error(ErrorCode::invalid_text, "Not a CURVE key in Z85"));
  }
  if (auto done = socket->set(ZMQ_CURVE_SERVER, 1); !done) return std::unexpected(done.error());
  if (auto done = socket->set(ZMQ_CURVE_SECRETKEY, options.keys->secret_key); !done)
    return std::unexpected(Error(ErrorCode::invalid_text, "Not a CURVE key in Z85"));
  return socket;
}

Result<Socket> Socket::push(const Context& context, const ZeromqOptions& options,
                            const std::string& address) {
  auto socket = open(context, ZMQ_PUSH);
  if (!socket) return socket;
  if (auto done = socket->configure(options, address); !done) return std::unexpected(done.error());
  const std::pair<int, int> values[] = {
      {ZMQ_RECONNECT_IVL, std::max(milliseconds(options.redial_first), 1)},
      {ZMQ_RECONNECT_IVL_MAX, milliseconds(options.redial_longest)},
      {ZMQ_CONNECT_TIMEOUT, milliseconds(options.connect_timeout)},
  };
  for (const auto& [option, value] : values) {
    if (auto done = socket->set(option, value); !done) return std::unexpected(done.error());
  }
  return socket;
}

Result<Socket> Socket::pull(const Context& context, const ZeromqOptions& options,
                            const std::string& address) {
  auto socket = open(context, ZMQ_PULL);
  if (!socket) return socket;
  if (auto done = socket->configure(options, address); !done) return std::unexpected(done.error());
  return socket;
}

Result<Socket> Socket::gate(const Context& context) {
  auto socket = open(context, ZMQ_REP);
  if (!socket) return socket;
  socket->forget_sent();
  if (auto bound = socket->bind("inproc://zeromq.zap.01"); !bound)
    return std::unexpected(bound.error());
  return socket;
}

Result<Socket> Socket::monitor_end(const Context& context, const std::string& address) {
  auto socket = open(context, ZMQ_PAIR);
  if (!socket) return socket;
  socket->forget_sent();
  // Without a bound: a full one would stop libzmq's thread. The events of a connection are few.
  if (auto done = socket->set(ZMQ_RCVHWM, 0); !done) return std::unexpected(done.error());
  if (auto done = socket->connect(address); !done) return std::unexpected(done.error());
  return socket;
}

namespace {

Error address_error(const std::string& verb, const std::string& address) {
  switch (zmq_errno()) {
    case EINVAL:
    case ENAMETOOLONG:
      return Error(ErrorCode::invalid_text, "Not an address: " + address);
    case EPROTONOSUPPORT:
      return Error(ErrorCode::unsupported, "No such protocol: " + address);
    default:
      return system_error("Cannot " + verb + " " + address);
  }
}

}  // namespace

Result<void> Socket::connect(const std::string& address) {
  if (zmq_connect(handle_, address.c_str()) == 0) return {};
  return std::unexpected(address_error("dial", address));
}

Result<std::string> Socket::bind(const std::string& address) {
  if (zmq_bind(handle_, address.c_str()) != 0)
    return std::unexpected(address_error("listen at", address));
  std::array<char, 512> actual{};
  std::size_t size = actual.size();
  if (zmq_getsockopt(handle_, ZMQ_LAST_ENDPOINT, actual.data(), &size) != 0)
    return std::unexpected(system_error("Cannot listen at " + address));
  return std::string(actual.data());
}

int Socket::descriptor() const noexcept {
  int descriptor = -1;
  std::size_t size = sizeof descriptor;
  if (handle_ == nullptr || zmq_getsockopt(handle_, ZMQ_FD, &descriptor, &size) != 0) return -1;
  return descriptor;
}

void Socket::take_notice() noexcept {
  int events = 0;
  std::size_t size = sizeof events;
  zmq_getsockopt(handle_, ZMQ_EVENTS, &events, &size);
}

namespace {

// Runs on libzmq's threads.
void release(void*, void* share) { delete static_cast<Payload*>(share); }

bool fill(zmq_msg_t* part, const Payload& payload, std::size_t zero_copy_from) {
  if (payload.size() < zero_copy_from) {
    if (zmq_msg_init_size(part, payload.size()) != 0) return false;
    if (!payload.empty()) std::memcpy(zmq_msg_data(part), payload.data(), payload.size());
    return true;
  }
  auto share = std::unique_ptr<Payload>(new (std::nothrow) Payload(payload));
  if (share == nullptr) return false;
  // libzmq writes to what it was given only where its owner asks it to.
  void* data = const_cast<std::byte*>(payload.data());
  if (zmq_msg_init_data(part, data, payload.size(), release, share.get()) != 0) return false;
  (void)share.release();
  return true;
}

Sent outcome_of_failure() { return zmq_errno() == EAGAIN ? Sent::full : Sent::no_peer; }

// After the first part the queue takes the others, unless the connection ends meanwhile: then the message is gone.
Sent send_part(void* socket, const Payload& payload, std::size_t zero_copy_from, int flags) {
  zmq_msg_t part;
  if (!fill(&part, payload, zero_copy_from)) return Sent::full;
  if (zmq_msg_send(&part, socket, flags | ZMQ_DONTWAIT) >= 0) return Sent::sent;
  const Sent failed = outcome_of_failure();
  zmq_msg_close(&part);
  return failed;
}

}  // namespace

Sent Socket::send(std::string_view to, const Frame& frame, std::size_t zero_copy_from) noexcept {
  bool begun = false;
  if (!to.empty()) {
    if (zmq_send(handle_, to.data(), to.size(), ZMQ_SNDMORE | ZMQ_DONTWAIT) < 0)
      return outcome_of_failure();
    begun = true;
  }
  const int more = frame.body.empty() ? 0 : ZMQ_SNDMORE;
  Sent sent = send_part(handle_, frame.head, zero_copy_from, more);
  if (sent == Sent::sent && more != 0) {
    begun = true;
    sent = send_part(handle_, frame.body, zero_copy_from, 0);
  }
  return begun && sent == Sent::full ? Sent::no_peer : sent;
}

Sent Socket::send_two(const Payload& first, const Payload& second,
                      std::size_t zero_copy_from) noexcept {
  const Sent sent = send_part(handle_, first, zero_copy_from, ZMQ_SNDMORE);
  if (sent != Sent::sent) return sent;
  return send_part(handle_, second, zero_copy_from, 0) == Sent::sent ? Sent::sent : Sent::no_peer;
}

void Socket::send_goodbye(std::string_view to) noexcept {
  if (zmq_send(handle_, to.data(), to.size(), ZMQ_SNDMORE | ZMQ_DONTWAIT) < 0) return;
  zmq_send(handle_, "", 0, ZMQ_DONTWAIT);
}

bool Socket::send_texts(std::initializer_list<std::string_view> parts) noexcept {
  std::size_t left = parts.size();
  for (const std::string_view part : parts) {
    const int more = --left == 0 ? 0 : ZMQ_SNDMORE;
    if (zmq_send(handle_, part.data(), part.size(), more | ZMQ_DONTWAIT) < 0) return false;
  }
  return true;
}

bool Socket::receive(Message& part) noexcept {
  for (;;) {
    if (zmq_msg_recv(static_cast<zmq_msg_t*>(part.raw()), handle_, ZMQ_DONTWAIT) >= 0) return true;
    if (zmq_errno() != EINTR) return false;
  }
}

}  // namespace zeromq_detail
}  // namespace structwire::messaging
