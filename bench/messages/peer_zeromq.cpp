// SPDX-License-Identifier: Apache-2.0
//
// libzmq with nothing on top: a DEALER and a ROUTER, one part for each message, copied as its guide does it.
#include <poll.h>
#include <zmq.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <thread>

#include <bench/messages/peer.hpp>

namespace messages_bench {
namespace {

void must(bool done) {
  if (!done) stop(std::string("libzmq: ") + zmq_strerror(zmq_errno()));
}

void* context() {
  static void* const it = zmq_ctx_new();
  return it;
}

// So that both ends know them: the keys of the specification's example.
constexpr const char* server_public = "rq:rM>}U?@Lns47E1%kR.o@n%FcmmsL/@{H8]yf7";
constexpr const char* server_secret = "JTKVSB%%)wK0E.X)V>+}o?pNmC{O&4W4b!Ni{Lh6";
constexpr const char* client_public = "Yne@$w-vo<fVvi]a<NY6T1ed:M$fCG*[IaLV{hID";
constexpr const char* client_secret = "D:)Q[IlAW!ahhC2ac:9*A}h:p?([4%wOTJ%JR%cs";

void* open_socket(int type, const Setting& setting) {
  void* const socket = zmq_socket(context(), type);
  must(socket != nullptr);
  // As many as fit into 64 MiB, as far as nobody waits for ever: a ROUTER drops what is too much.
  const int most = static_cast<int>(
      std::clamp<std::size_t>((64u << 20) / std::max<std::size_t>(setting.size, 1), 64, 20000));
  const int linger = 0;
  zmq_setsockopt(socket, ZMQ_SNDHWM, &most, sizeof most);
  zmq_setsockopt(socket, ZMQ_RCVHWM, &most, sizeof most);
  zmq_setsockopt(socket, ZMQ_LINGER, &linger, sizeof linger);
  if (setting.transport == "curve") {
    if (type == ZMQ_ROUTER) {
      const int on = 1;
      must(zmq_setsockopt(socket, ZMQ_CURVE_SERVER, &on, sizeof on) == 0);
      must(zmq_setsockopt(socket, ZMQ_CURVE_SECRETKEY, server_secret, 41) == 0);
    } else {
      must(zmq_setsockopt(socket, ZMQ_CURVE_SERVERKEY, server_public, 41) == 0);
      must(zmq_setsockopt(socket, ZMQ_CURVE_PUBLICKEY, client_public, 41) == 0);
      must(zmq_setsockopt(socket, ZMQ_CURVE_SECRETKEY, client_secret, 41) == 0);
    }
  }
  return socket;
}

std::uint64_t number_of(zmq_msg_t& message) {
  std::uint64_t number = 0;
  if (zmq_msg_size(&message) < sizeof number) stop("too short");
  std::memcpy(&number, zmq_msg_data(&message), sizeof number);
  return number;
}

class ZeromqServer final : public Server {
 public:
  explicit ZeromqServer(const Setting& setting) : socket_(open_socket(ZMQ_ROUTER, setting)) {
    const std::string where =
        setting.transport == "ipc" ? "ipc://" + socket_path() : "tcp://127.0.0.1:*";
    must(zmq_bind(socket_, where.c_str()) == 0);
    std::array<char, 256> bound{};
    std::size_t size = bound.size();
    must(zmq_getsockopt(socket_, ZMQ_LAST_ENDPOINT, bound.data(), &size) == 0);
    address_ = bound.data();
    std::thread([this] { run(); }).detach();
  }
  std::string address() const override { return address_; }

 private:
  void run() {
    for (;;) {
      zmq_msg_t from;
      zmq_msg_t message;
      zmq_msg_init(&from);
      zmq_msg_init(&message);
      must(zmq_msg_recv(&from, socket_, 0) >= 0);
      must(zmq_msg_recv(&message, socket_, 0) >= 0);
      const Running running(*this);
      if ((number_of(message) & one_way) == 0) {
        must(zmq_msg_send(&from, socket_, ZMQ_SNDMORE) >= 0);
        must(zmq_msg_send(&message, socket_, 0) >= 0);
      }
      zmq_msg_close(&from);
      zmq_msg_close(&message);
    }
  }

  void* socket_;
  std::string address_;
};

class ZeromqClient final : public Client {
 public:
  explicit ZeromqClient(const Setting& setting)
      : socket_(open_socket(ZMQ_DEALER, setting)),
        bytes_(std::max<std::size_t>(setting.size, 8), 'x') {
    must(zmq_connect(socket_, setting.address.c_str()) == 0);
    std::size_t size = sizeof descriptor_;
    must(zmq_getsockopt(socket_, ZMQ_FD, &descriptor_, &size) == 0);
  }

  void call(std::uint64_t number) override {
    send(number);
    if (receive(0) != number) stop("another reply");
  }
  void start(std::uint64_t number) override { send(number); }
  void collect(Clock::time_point until, std::vector<std::uint64_t>& ended) override {
    while (!readable()) {
      const auto left = (until - Clock::now()).count();
      if (left <= 0) return;
      pollfd entry{descriptor_, POLLIN, 0};
      const timespec patience{left / 1'000'000'000, left % 1'000'000'000};
      ::ppoll(&entry, 1, &patience, nullptr);
    }
    do ended.push_back(receive(0));
    while (readable());
  }
  void send(std::uint64_t number) override {
    std::memcpy(bytes_.data(), &number, sizeof number);
    zmq_msg_t message;
    must(zmq_msg_init_size(&message, bytes_.size()) == 0);
    std::memcpy(zmq_msg_data(&message), bytes_.data(), bytes_.size());
    must(zmq_msg_send(&message, socket_, 0) >= 0);
  }
  void settle() override { call(1); }

 private:
  bool readable() {
    int events = 0;
    std::size_t size = sizeof events;
    must(zmq_getsockopt(socket_, ZMQ_EVENTS, &events, &size) == 0);
    return (events & ZMQ_POLLIN) != 0;
  }
  std::uint64_t receive(int flags) {
    zmq_msg_t message;
    zmq_msg_init(&message);
    must(zmq_msg_recv(&message, socket_, flags) >= 0);
    if (zmq_msg_size(&message) != bytes_.size()) stop("a reply of another size");
    const std::uint64_t number = number_of(message);
    zmq_msg_close(&message);
    return number;
  }

  void* socket_;
  int descriptor_ = -1;
  std::vector<char> bytes_;
};

}  // namespace
}  // namespace messages_bench

int main(int count, char** arguments) {
  using namespace messages_bench;
  run_peer(
      count, arguments,
      {.serve = [](const Setting& setting) { return std::make_unique<ZeromqServer>(setting); },
       .connect = [](const Setting& setting) { return std::make_unique<ZeromqClient>(setting); }});
}
