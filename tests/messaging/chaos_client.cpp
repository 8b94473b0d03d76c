// SPDX-License-Identifier: Apache-2.0

// A node that sends, as a process that real_processes_test.py drives:
//
//   chaos_client '{"address": "tcp://127.0.0.1:39211", "outcomes": "outcomes.txt", …}'
//
// Its input: `status`, or a Burst in JSON, which it sends by a thread of its own. Each outcome is a line of the file, as often
// as the node tells it: the id, `ok` or a failure's code, the milliseconds since the send and those that were left until its
// deadline. It prints what becomes of the peer, `sent` when all of a burst is with the node, and `ended` when all of it has an
// outcome. It ends with its input.

#include <atomic>
#include <iostream>
#include <memory>
#include <thread>
#include <vector>

#include "tests/messaging/chaos_process.hpp"

namespace {

using namespace chaos;
using sw::messaging::Failure;
using sw::messaging::Instant;
using sw::messaging::WhenFull;

struct Settings {
  std::string address;
  std::string outcomes;
  std::uint32_t heartbeat_ms = 200;
  std::uint64_t pending_messages = 65536;
  std::uint64_t pending_bytes = 256u << 20;
  std::uint32_t redial_ms = 20;
  std::uint32_t redial_longest_ms = 2000;
  bool stream_sockets = false;
  using wire = sw::Rules<sw::all_defaulted>;
};

struct Burst {
  std::string handler;  ///< `echo` is called; the others are messages that are confirmed as done.
  std::uint64_t first = 0;  ///< Ids go on from here.
  std::uint64_t count = 1;
  std::uint64_t bytes = 16;
  std::uint64_t bytes_more = 0;  ///< Drawn, by the id.
  std::uint32_t wait_ms = 0;     ///< In the handler.
  std::uint32_t deadline_ms = 10000;
  std::uint32_t pause_us = 0;  ///< Between two sends.
  bool fails_when_full = false;
  using wire = sw::Rules<sw::all_defaulted>;
};

/// The bytes of an id: the same each time.
sw::Bytes bytes_of(const Burst& burst, std::uint64_t id) {
  std::uint64_t state = id * 0x9e3779b97f4a7c15u + 1;
  const auto draw = [&state] {
    state ^= state << 13;
    state ^= state >> 7;
    return state ^= state << 17;
  };
  sw::Bytes bytes(burst.bytes + (burst.bytes_more == 0 ? 0 : draw() % (burst.bytes_more + 1)));
  for (std::byte& byte : bytes) byte = static_cast<std::byte>(draw() >> 32);
  return bytes;
}

/// Counts the outcomes of a burst, and says when all are there.
class Running {
 public:
  Running(const Burst& burst, const LineFile& file)
      : burst_(burst), left_(burst.count), file_(file) {}

  const Burst& burst() const { return burst_; }

  void ended(std::uint64_t id, Instant begun, std::string_view code) {
    const auto now = std::chrono::steady_clock::now();
    const auto took = (now - begun) / std::chrono::milliseconds(1);
    file_.write(std::to_string(id) + " " + std::string(code) + " " + std::to_string(took) + " " +
                std::to_string(static_cast<std::int64_t>(burst_.deadline_ms) - took));
    if (--left_ == 0) tell("ended", std::to_string(burst_.first));
  }

 private:
  const Burst burst_;
  std::atomic<std::uint64_t> left_;
  const LineFile& file_;
};

std::string_view code_of(const Effect&, const std::expected<void, Failure>& answer) {
  return answer ? "ok" : name_of(answer.error().code);
}
std::string_view code_of(const Effect& sent, const std::expected<Echoed, Failure>& answer) {
  if (!answer) return name_of(answer.error().code);
  const bool same = answer->id == sent.id && answer->bytes == sent.bytes &&
                    answer->checksum == sw::crc32c(sent.bytes);
  return same ? "ok" : "corrupted";
}

template <class Reply>
void send(const sw::messaging::Peer& peer, const std::shared_ptr<Running>& running,
          std::uint64_t id) {
  const Burst& burst = running->burst();
  const Effect effect{id, burst.wait_ms, bytes_of(burst, id)};
  const Instant begun = std::chrono::steady_clock::now();
  peer.message<Reply>(burst.handler, effect)
      .deadline(std::chrono::milliseconds(burst.deadline_ms))
      .when_full(burst.fails_when_full ? WhenFull::fail : WhenFull::wait)
      .start()
      .then([running, begun, id](sw::messaging::Answer<Reply> answer) {
        // The bytes are made anew, so that nothing here holds those that were sent.
        const bool compares = !std::is_void_v<Reply> && answer;
        const Effect sent{id, 0, compares ? bytes_of(running->burst(), id) : sw::Bytes()};
        running->ended(id, begun, code_of(sent, answer));
      });
}

/// Threads that send; those that have ended are kept no longer than until the next one begins.
class Senders {
 public:
  template <class Function>
  void start(Function function) {
    std::erase_if(senders_, [](const Sender& sender) { return sender.ended->load(); });
    auto ended = std::make_shared<std::atomic<bool>>(false);
    senders_.push_back({ended, std::jthread([ended, function = std::move(function)] {
                          function();
                          *ended = true;
                        })});
  }

 private:
  struct Sender {
    std::shared_ptr<std::atomic<bool>> ended;
    std::jthread thread;
  };
  std::vector<Sender> senders_;
};

void send_all(const sw::messaging::Peer& peer, const std::shared_ptr<Running>& running) {
  const Burst& burst = running->burst();
  for (std::uint64_t id = burst.first; id != burst.first + burst.count; ++id) {
    if (burst.handler == "echo") {
      send<Echoed>(peer, running, id);
    } else {
      send<void>(peer, running, id);
    }
    if (burst.pause_us != 0) std::this_thread::sleep_for(std::chrono::microseconds(burst.pause_us));
  }
  tell("sent", std::to_string(burst.first));
}

}  // namespace

int main(int count, char** arguments) {
  const auto settings = sw::json::decode<Settings>(count == 2 ? arguments[1] : "");
  if (!settings) return give_up("usage: chaos_client SETTINGS: " + settings.error().message());
  const LineFile outcomes(settings->outcomes);
  if (!outcomes.is_open()) return give_up("no file for the outcomes");
  sw::messaging::NodeOptions options{.name = "client", .threads = 2};
  options.endpoint.heartbeat = std::chrono::milliseconds(settings->heartbeat_ms);
  options.endpoint.pending = {settings->pending_messages, settings->pending_bytes};
  sw::messaging::Node node(options, transport_of(settings->stream_sockets, settings->redial_ms, settings->redial_longest_ms));
  node.on_peer_change([](const sw::messaging::Peer&, sw::messaging::PeerState state) {
    tell("peer", name_of(state));
  });
  const auto peer = node.connect(settings->address);
  if (!peer) return give_up(peer.error().message());

  Senders senders;
  for (std::string line; std::getline(std::cin, line);) {
    if (line == "status") {
      print_line(sw::json::encode(node.status()));
      continue;
    }
    const auto burst = sw::json::decode<Burst>(line);
    if (!burst) return give_up(burst.error().message());
    senders.start([&peer, running = std::make_shared<Running>(*burst, outcomes)] {
      send_all(*peer, running);
    });
  }
  return 0;
}
