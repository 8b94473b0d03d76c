// SPDX-License-Identifier: Apache-2.0
// What does the transport over ZeroMQ cost beside libzmq's own sockets?
//
// Two threads and one connection over TCP: round trips, one at a time, and one way as fast as it goes. Bare libzmq and the
// transport take turns in short rounds, so that what else the machine does meets both. Printed: the median round of each
// and their ratio, the best round, and the processor time of all threads, libzmq's own included.
//
// usage: zeromq [SECONDS_PER_CELL]
#include <zmq.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <functional>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include <structwire/messaging/zeromq.hpp>

namespace {

using namespace structwire::messaging;
using Clock = std::chrono::steady_clock;

double seconds_since(Clock::time_point begin) {
  return std::chrono::duration<double>(Clock::now() - begin).count();
}

/// One way to move messages: `round_trips` and `one_way` tell the seconds that so many took.
class Contestant {
 public:
  virtual ~Contestant() = default;
  virtual double round_trips(std::size_t count) = 0;
  virtual double one_way(std::size_t count) = 0;
};

// The receiving thread echoes a message whose first byte is 1; of the others it answers those whose first byte is 2.
constexpr unsigned char echo_mark = 1;
constexpr unsigned char last_mark = 2;

class Bare final : public Contestant {
 public:
  explicit Bare(std::size_t size) : message_(size, '\0') {
    zmq_bind(router_, "tcp://127.0.0.1:*");
    char address[256];
    std::size_t length = sizeof address;
    zmq_getsockopt(router_, ZMQ_LAST_ENDPOINT, address, &length);
    zmq_connect(dealer_, address);
    thread_ = std::thread([this] { serve(); });
  }
  ~Bare() override {
    zmq_send(dealer_, "\3", 1, 0);
    thread_.join();
    zmq_close(dealer_);
    zmq_close(router_);
    zmq_ctx_term(dealers_);
    zmq_ctx_term(routers_);
  }

  double round_trips(std::size_t count) override {
    const auto begin = Clock::now();
    for (std::size_t i = 0; i < count; ++i) {
      send(echo_mark);
      receive();
    }
    return seconds_since(begin);
  }

  double one_way(std::size_t count) override {
    const auto begin = Clock::now();
    for (std::size_t i = 1; i < count; ++i) send(0);
    send(last_mark);
    receive();
    return seconds_since(begin);
  }

 private:
  void send(unsigned char mark) {
    message_[0] = static_cast<char>(mark);
    zmq_send(dealer_, message_.data(), message_.size(), 0);
  }
  void receive() {
    zmq_msg_t part;
    zmq_msg_init(&part);
    zmq_msg_recv(&part, dealer_, 0);
    zmq_msg_close(&part);
  }
  void serve() {
    zmq_msg_t from;
    zmq_msg_t part;
    zmq_msg_init(&from);
    zmq_msg_init(&part);
    for (;;) {
      zmq_msg_recv(&from, router_, 0);
      zmq_msg_recv(&part, router_, 0);
      const auto mark = *static_cast<const unsigned char*>(zmq_msg_data(&part));
      if (mark == 3) break;
      if (mark == 0) continue;
      zmq_msg_send(&from, router_, ZMQ_SNDMORE);
      zmq_msg_send(&part, router_, 0);
    }
    zmq_msg_close(&from);
    zmq_msg_close(&part);
  }

  std::string message_;
  // Two, as two processes have: each with its own thread at the network.
  void* routers_ = zmq_ctx_new();
  void* dealers_ = zmq_ctx_new();
  void* router_ = zmq_socket(routers_, ZMQ_ROUTER);
  void* dealer_ = zmq_socket(dealers_, ZMQ_DEALER);
  std::thread thread_;
};

class Ours final : public Contestant, LinkEvents {
 public:
  explicit Ours(std::size_t size) : message_(size) {
    const auto address = echo_.transport->listen("tcp://127.0.0.1:*");
    transport_ = zeromq({});
    if (!address || !transport_->dial(*address)) std::abort();
    thread_ = std::thread([this] { echo_.serve(); });
    while (link_ == LinkId{}) transport_->poll(*this, Clock::now() + std::chrono::seconds(1));
  }
  ~Ours() override {
    echo_.stop = true;
    echo_.transport->wake();
    thread_.join();
  }

  double round_trips(std::size_t count) override {
    const auto begin = Clock::now();
    for (std::size_t i = 0; i < count; ++i) {
      const std::size_t before = received_;
      send(echo_mark);
      while (received_ == before) transport_->poll(*this, begin + std::chrono::hours(1));
    }
    return seconds_since(begin);
  }

  double one_way(std::size_t count) override {
    const auto begin = Clock::now();
    const std::size_t before = received_;
    for (std::size_t i = 1; i < count; ++i) {
      while (transport_->congested(link_)) transport_->poll(*this, begin + std::chrono::hours(1));
      send(0);
    }
    send(last_mark);
    while (received_ == before) transport_->poll(*this, begin + std::chrono::hours(1));
    return seconds_since(begin);
  }

 private:
  struct Echo final : LinkEvents {
    void opened(LinkId, const LinkInfo&) override {}
    void received(LinkId link, Frame frame) override {
      if (frame.head.data()[0] != std::byte{0}) transport->send(link, std::move(frame));
    }
    void closed(LinkId, std::string_view) override {}
    void serve() {
      while (!stop) transport->poll(*this, Clock::now() + std::chrono::hours(1));
    }
    std::unique_ptr<ZeromqTransport> transport = zeromq({});
    std::atomic<bool> stop{false};
  };

  void opened(LinkId link, const LinkInfo&) override { link_ = link; }
  void received(LinkId, Frame) override { ++received_; }
  void closed(LinkId, std::string_view) override { std::abort(); }

  // As an encoder does: a buffer for each message, filled once.
  void send(unsigned char mark) {
    structwire::Buffer buffer{std::span<const std::byte>(message_)};
    buffer.data()[0] = static_cast<std::byte>(mark);
    transport_->send(link_, {Payload(std::move(buffer)), {}});
  }

  std::vector<std::byte> message_;
  Echo echo_;
  std::unique_ptr<ZeromqTransport> transport_;
  LinkId link_{};
  std::size_t received_ = 0;
  std::thread thread_;
};

double processor_seconds() {
  timespec time{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) * 1e-9;
}

/// Nanoseconds per message, of each round: of the clock, and of all threads.
struct Figures {
  std::vector<double> wall;
  std::vector<double> processor;

  void add(double seconds, double used, std::size_t count) {
    wall.push_back(seconds / static_cast<double>(count) * 1e9);
    processor.push_back(used / static_cast<double>(count) * 1e9);
  }
};

double median(std::vector<double> figures) {
  std::ranges::sort(figures);
  return figures[figures.size() / 2];
}
double best(const std::vector<double>& figures) { return *std::ranges::min_element(figures); }

/// In rounds of about 30 ms by turns.
void compare(const char* what, std::size_t size, double seconds,
             const std::function<double(Contestant&, std::size_t)>& run) {
  Bare bare(size);
  Ours ours(size);
  std::size_t count = 16;
  while (run(bare, count) < 0.03) count *= 2;
  run(ours, count);
  Figures theirs;
  Figures mine;
  const auto round = [&](Contestant& who, Figures& figures) {
    const double before = processor_seconds();
    const double time = run(who, count);
    figures.add(time, processor_seconds() - before, count);
  };
  for (const auto begin = Clock::now(); seconds_since(begin) < seconds;) {
    round(bare, theirs);
    round(ours, mine);
  }
  std::printf("%-10s %8zu", what, size);
  const auto print = [](double a, double b) { std::printf("  %9.0f %9.0f %5.2fx", a, b, b / a); };
  print(median(theirs.wall), median(mine.wall));
  print(best(theirs.wall), best(mine.wall));
  print(median(theirs.processor), median(mine.processor));
  std::printf("\n");
  std::fflush(stdout);
}

}  // namespace

int main(int argc, char** argv) {
  const double seconds = argc > 1 ? std::atof(argv[1]) : 3;
  std::printf("nanoseconds per message, bare libzmq, transport and ratio:\n");
  std::printf("%-10s %8s  %26s  %26s  %26s\n", "", "bytes", "median round", "best round",
              "processor");
  for (const std::size_t size : {64u, 1024u, 65536u, 1u << 20}) {
    compare("round trip", size, seconds,
            [](Contestant& who, std::size_t count) { return who.round_trips(count); });
  }
  for (const std::size_t size : {64u, 1024u, 65536u, 1u << 20}) {
    compare("one way", size, seconds,
            [](Contestant& who, std::size_t count) { return who.one_way(count); });
  }
}
