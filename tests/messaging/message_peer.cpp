// SPDX-License-Identifier: Apache-2.0

// A node in C++ as a process of its own, for tests of other implementations of the wire:
//
//   message_peer NAME (listen | dial) ADDRESS
//
// It prints the address in a line and ends when its standard input does. Who is connected to it calls its handlers; with
// `drive` they make it call theirs.

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <iostream>
#include <iterator>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include <examples/artifacts/messages.hpp>
#include <structwire/messaging/node.hpp>
#include <structwire/messaging/zeromq.hpp>

namespace {

namespace sw = structwire;
using namespace artifacts;
using namespace std::chrono_literals;
using sw::messaging::Context;
using sw::messaging::Delivery;
using sw::messaging::Failure;
using sw::messaging::FailureCode;
using sw::messaging::Peer;

/// What a peer has this one do: so many messages of a QueryRequest to its handler, all at once.
struct Drive {
  std::string handler;
  std::string delivery;  ///< A Delivery, `stream`, `cancel`, `update`, or `wrong` for a type that its handler does not take.
  std::string worker = "worker";
  double seconds = 30;
  std::int64_t count = 1;
  using wire = sw::Rules<sw::wire_policy, sw::defaulted_from<&Drive::worker>>;
};
struct Driven {
  std::vector<std::string> outcomes;  ///< `ok`, a text of the reply, or a failure's code.
  std::int64_t receipts = 0;
  using wire = sw::Rules<sw::wire_policy>;
};
struct Waited {
  bool stopped = false;
  using wire = sw::Rules<sw::wire_policy>;
};
struct Counted {
  std::int64_t messages = 0;
  std::int64_t stopped = 0;
  using wire = sw::Rules<sw::wire_policy>;
};

sw::messaging::Duration seconds(double count) {
  return std::chrono::duration_cast<sw::messaging::Duration>(std::chrono::duration<double>(count));
}

std::string code_of(const Failure& failure) { return std::string(name_of(failure.code)); }

template <class Reply, class Call>
std::string outcome_of(Call&& call) {
  const auto answer = std::forward<Call>(call).wait();
  if (!answer) return code_of(answer.error());
  if constexpr (std::is_same_v<Reply, QueryResponse>) return answer->query_id + " " + answer->worker_id;
  return "ok";
}

Delivery level_of(std::string_view name) {
  if (name == "queued") return Delivery::queued;
  return name == "accepted" ? Delivery::accepted : Delivery::done;
}

class Driver {
 public:
  Driver(const Drive& drive, const Peer& peer) : drive_(drive), peer_(peer) {}

  Driven run() {
    const std::string& how = drive_.delivery;
    if (how == "stream") {
      stream();
    } else if (how == "wrong") {
      driven_.outcomes.push_back(outcome_of<void>(peer_.message(drive_.handler, Waited{}).deadline(limit()).start()));
    } else if (how == "update") {
      update();
    } else if (how == "fire_and_forget") {
      forget();
    } else if (how == "response" || how == "receipt" || how == "cancel") {
      call(how);
    } else {
      confirm(level_of(how));
    }
    return std::move(driven_);
  }

 private:
  sw::messaging::Duration limit() const { return seconds(drive_.seconds); }
  QueryRequest query(std::int64_t number) const { return {std::to_string(number), drive_.worker, 1000.0}; }

  void forget() {
    for (std::int64_t i = 0; i < drive_.count; ++i) {
      const auto sent = peer_.message(drive_.handler, query(i)).deadline(limit()).send();
      driven_.outcomes.push_back(sent ? "ok" : code_of(sent.error()));
    }
  }
  void confirm(Delivery level) {
    std::vector<sw::messaging::Call<void>> calls;
    for (std::int64_t i = 0; i < drive_.count; ++i) {
      calls.push_back(peer_.message(drive_.handler, query(i)).deadline(limit()).confirm(level).start());
    }
    for (auto& each : calls) driven_.outcomes.push_back(outcome_of<void>(std::move(each)));
  }
  void call(std::string_view how) {
    std::atomic<std::int64_t> receipts = 0;
    std::vector<sw::messaging::Call<QueryResponse>> calls;
    for (std::int64_t i = 0; i < drive_.count; ++i) {
      auto draft = peer_.message<QueryResponse>(drive_.handler, query(i)).deadline(limit());
      if (how == "receipt") std::move(draft).on_receipt([&receipts] { ++receipts; });
      calls.push_back(std::move(draft).start());
    }
    if (how == "cancel") std::this_thread::sleep_for(100ms);
    for (auto& each : calls) {
      if (how == "cancel") each.cancel();
      driven_.outcomes.push_back(outcome_of<QueryResponse>(std::move(each)));
    }
    // The callbacks run in the pool, maybe after the answer is here.
    for (int i = 0; how == "receipt" && i < 1000 && receipts != drive_.count; ++i) std::this_thread::sleep_for(5ms);
    driven_.receipts = receipts;
  }
  void stream() {
    auto items = peer_.message<Message>(drive_.handler, query(drive_.count)).deadline(limit()).stream(4);
    while (const auto item = items.next()) driven_.outcomes.push_back(item->message_id);
    driven_.outcomes.push_back(items.end() ? "end" : code_of(items.end().error()));
  }
  void update() {
    CrossWorkerUpdate update{drive_.worker, "python", "counter", {}, 1700000000.5, {{"a", 1}, {"b", 2}}, 3};
    update.payload.emplace("value", sw::Raw::trusted(sw::msgpack::format(), sw::msgpack::encode(std::int64_t{42})));
    driven_.outcomes.push_back(outcome_of<void>(peer_.message(drive_.handler, update).deadline(limit()).start()));
  }

  const Drive& drive_;
  const Peer& peer_;
  Driven driven_;
};

void add_handlers(sw::messaging::Node& node, const std::string& name, Counted& counted, std::atomic<std::int64_t>& messages,
                  std::atomic<std::int64_t>& stopped) {
  const auto must = [](sw::Result<void> done) {
    if (!done) std::fprintf(stderr, "%s\n", done.error().message().c_str());
  };
  must(node.handle<QueryRequest, QueryResponse>(
      "query",
      [name](const QueryRequest& query) { return QueryResponse{query.query_id, name, sw::Bytes{std::byte{1}}, 1700000000.5}; },
      {.idempotent = true}));
  must(node.handle<Message>("message", [&](const Message&) { ++messages; }));
  must(node.handle<CrossWorkerUpdate, CrossWorkerUpdate>("update", [](CrossWorkerUpdate update) {
    ++update.depth;
    return update;
  }));
  must(node.handle<QueryRequest, Waited>("wait", [&](const QueryRequest& query, Context& context) {
    ++messages;
    const auto end = sw::messaging::later(std::chrono::steady_clock::now(), seconds(query.timeout));
    while (std::chrono::steady_clock::now() < end && !context.stop_requested()) std::this_thread::sleep_for(2ms);
    if (context.stop_requested()) {
      // Whoever does not want it any more has found so for himself by now.
      std::this_thread::sleep_for(200ms);
      ++stopped;
    }
    return Waited{context.stop_requested()};
  }));
  must(node.handle<QueryRequest, QueryResponse>("fail", [](const QueryRequest& query) -> std::expected<QueryResponse, Failure> {
    if (query.query_id.empty()) throw std::runtime_error("on purpose");
    return std::unexpected(Failure{FailureCode::overloaded, false, 250, "not now"});
  }));
  must(node.handle<QueryRequest>("list", [](const QueryRequest& query) {
    return sw::messaging::Stream<Message>([number = 0, count = std::stoi(query.query_id)]() mutable -> std::optional<Message> {
      if (number == count) return std::nullopt;
      return Message{std::to_string(number++), "list", {}, 0, 0};
    });
  }));
  must(node.handle<Waited, Counted>("counts", [&](const Waited&) {
    counted.messages = messages;
    counted.stopped = stopped;
    return counted;
  }, {.ordering = sw::messaging::Ordering::global}));
  must(node.handle<sw::messaging::View>("echo", [](sw::messaging::View view) { return view; }));
  must(node.handle<Drive, Driven>("drive", [](const Drive& drive, Context& context) { return Driver(drive, context.peer()).run(); }));
}

}  // namespace

int main(int count, char** arguments) {
  const std::string_view how = count == 4 ? arguments[2] : "";
  if (how != "listen" && how != "dial") {
    std::fputs("usage: message_peer NAME (listen | dial) ADDRESS\n", stderr);
    return 2;
  }
  sw::messaging::NodeOptions options{.name = arguments[1], .threads = 8};
  options.endpoint.heartbeat = 200ms;
  options.endpoint.credit = {16, 4u << 20};
  options.endpoint.payload_bytes_max = 1u << 20;
  options.compression.to = sw::messaging::CompressTo::everybody;
  sw::messaging::Node node(options, sw::messaging::zeromq({}));
  Counted counted;
  std::atomic<std::int64_t> messages = 0;
  std::atomic<std::int64_t> stopped = 0;
  add_handlers(node, arguments[1], counted, messages, stopped);
  std::string address = arguments[3];
  if (how == "listen") {
    const auto bound = node.listen(address);
    if (!bound) {
      std::fprintf(stderr, "%s\n", bound.error().message().c_str());
      return 1;
    }
    address = *bound;
  } else if (const auto peer = node.connect(address); !peer) {
    std::fprintf(stderr, "%s\n", peer.error().message().c_str());
    return 1;
  }
  std::puts(address.c_str());
  std::fflush(stdout);
  std::istreambuf_iterator<char> input(std::cin);
  while (input != std::istreambuf_iterator<char>()) ++input;
  return 0;
}
