// SPDX-License-Identifier: Apache-2.0
//
// Active messages: typed values that are encoded, checked and decoded on the way, where the others send bytes. Handlers
// run in the pool and callers wait on a thread of their own, as programs do at first; `chain` has both on the loop.
//
// Ways: `usual`; `unbatched`, a frame for each message; `timed`, each send is sampled; `encode_on_loop`, where nothing
// is encoded in the pool.
#include <structwire/messaging/node.hpp>

#include <latch>
#include <limits>
#include <optional>
#include <sstream>
#include <thread>
#include <utility>

#include <structwire/json.hpp>
#include <structwire/messaging/stream_sockets.hpp>
#include <structwire/messaging/zeromq.hpp>

#include <bench/messages/histogram.hpp>
#include <bench/messages/peer.hpp>

namespace messages_bench {
namespace {

namespace messaging = structwire::messaging;
using messaging::Answer;
using messaging::Node;
using messaging::RunOn;
using messaging::View;
using std::chrono::nanoseconds;

struct Packet {
  std::uint64_t number = 0;
  structwire::BytesView payload;
};
struct Count {
  std::uint64_t handled = 0;
};

// Of about 10 MB.
struct Entry {
  std::uint64_t id = 0;
  std::string name;
  double weight = 0;
};
struct Large {
  std::vector<Entry> entries;
};
constexpr std::size_t entries_of_large = 190'000;
constexpr std::size_t larges_at_most = 16;
constexpr std::size_t small_size = 100;

/// What a client is told on one line: two addresses, and with CURVE the keys.
struct Directions {
  std::string address;
  std::string second_address;
  std::string server_public;
  std::string client_public;
  std::string client_secret;
};

template <class Result>
auto must(Result&& result) {
  if (!result) stop(result.error().message());
  return *std::forward<Result>(result);
}

messaging::NodeOptions options_of(const Setting& setting) {
  messaging::NodeOptions options{.name = "bench"};
  // A handler that copies a megabyte would be sent to the pool, which is another row.
  options.inline_budget = std::chrono::milliseconds(100);
  options.sample_every = setting.way == "timed" ? 1 : 0;
  if (setting.way == "encode_on_loop")
    options.encode_off_loop_above = std::numeric_limits<std::size_t>::max();
  if (setting.way == "unbatched") options.endpoint.batch_bytes = 0;
  return options;
}

std::unique_ptr<messaging::Transport> transport_of(const Setting& setting,
                                                   const messaging::ZeromqOptions& options) {
  if (setting.transport.starts_with("stream_")) return messaging::stream_sockets();
  return messaging::zeromq(options);
}

std::string any_address(const Setting& setting) {
  if (setting.transport == "ipc") return "ipc://*";
  return setting.transport == "stream_ipc" ? "unix://*" : "tcp://127.0.0.1:*";
}

class NodeServer final : public Server {
 public:
  explicit NodeServer(const Setting& setting) {
    Directions directions;
    messaging::ZeromqOptions transport;
    if (setting.transport == "curve") {
      const auto own = must(messaging::curve_keypair());
      const auto clients = must(messaging::curve_keypair());
      transport.keys = own;
      transport.allowed_keys = {clients.public_key};
      directions.server_public = own.public_key;
      directions.client_public = clients.public_key;
      directions.client_secret = clients.secret_key;
    }
    for (std::string* address : {&directions.address, &directions.second_address}) {
      auto& node = nodes_.emplace_back(
          std::make_unique<Node>(options_of(setting), transport_of(setting, transport)));
      offer(*node);
      *address = must(node->listen(any_address(setting)));
    }
    address_ = structwire::json::encode(directions);
  }
  std::string address() const override { return address_; }
  std::string shares() override {
    std::string text = "{";
    for (const auto& handler : nodes_.front()->status().handlers) {
      if (handler.handler.count == 0) continue;
      text += (text.size() > 1 ? "," : "") + ("\"" + handler.name) + R"(":{"queued":)" +
              std::to_string(handler.queued.mean_us) +
              ",\"decode\":" + std::to_string(handler.decode.mean_us) +
              ",\"handler\":" + std::to_string(handler.handler.mean_us) +
              ",\"encode_reply\":" + std::to_string(handler.encode.mean_us) + "}";
    }
    return text + "}";
  }

 private:
  void offer(Node& node) {
    const auto echo = [this](const Packet& asked) {
      const Running running(*this);
      return asked;  // It still borrows from the request when it is encoded.
    };
    const auto take = [this](const Packet&) {
      const Running running(*this);
      taken_.fetch_add(1, std::memory_order_relaxed);
    };
    const messaging::HandlerOptions on_loop{.execution = messaging::Execution::on_loop};
    must(node.handle<Packet>("echo", echo));
    must(node.handle<Packet>("take", take));
    must(node.handle<Packet>("echo_on_loop", echo, on_loop));
    must(node.handle<Packet>("take_on_loop", take, on_loop));
    must(node.handle<Count>(
        "count", [this](const Count&) { return Count{taken_.load(std::memory_order_relaxed)}; }));
    must(node.handle<Large>("keep", [](View view) { return Count{view.bytes().size()}; }));
  }

  std::vector<std::unique_ptr<Node>> nodes_;
  std::string address_;
  std::atomic<std::uint64_t> taken_ = 0;
};

class NodeClient final : public Client {
 public:
  explicit NodeClient(const Setting& setting) : payload_(setting.size, std::byte{'x'}) {
    const auto directions = must(structwire::json::decode<Directions>(setting.address));
    messaging::ZeromqOptions transport;
    if (!directions.client_secret.empty()) {
      transport.keys = messaging::CurveKeys{directions.client_public, directions.client_secret};
      transport.server_keys[""] = directions.server_public;
    }
    node_ = std::make_unique<Node>(options_of(setting), transport_of(setting, transport));
    peer_ = must(node_->connect(directions.address));
    second_ = must(node_->connect(directions.second_address));
  }

  void call(std::uint64_t number) override {
    if (checked(peer_->message<View>("echo", packet(number)).call()) != number)
      stop("another reply");
  }
  void start(std::uint64_t number) override {
    peer_->message<View>("echo", packet(number))
        .start()
        .then([this](Answer<View> answer) { arrivals_.add(checked(std::move(answer))); },
              RunOn::loop);
  }
  void start_confirmed(std::uint64_t number) override {
    peer_->message("take", packet(number))
        .confirm(messaging::Delivery::done)
        .start()
        .then(
            [this, number](Answer<void> answer) {
              if (!answer) stop(answer.error().text);
              arrivals_.add(number);
            },
            RunOn::loop);
  }
  void collect(Clock::time_point until, std::vector<std::uint64_t>& ended) override {
    arrivals_.collect(until, ended);
  }

  void send(std::uint64_t number) override {
    if (auto sent = peer_->message("take", packet(number)).send(); !sent) stop(sent.error().text);
    ++unsettled_;
  }
  void settle() override {
    while (taken() - sent_ < unsettled_)
      std::this_thread::sleep_for(std::chrono::microseconds(200));
    sent_ += unsettled_;
    unsettled_ = 0;
  }

  void chain(int in_flight, Clock::time_point until,
             const std::function<void(nanoseconds)>& told) override {
    std::latch done(in_flight);
    // Everything below is on the loop's thread.
    struct Link {
      NodeClient& client;
      Clock::time_point until;
      const std::function<void(nanoseconds)>& told;
      std::latch& done;
      Clock::time_point begun = Clock::now();

      void next() {
        begun = Clock::now();
        client.peer_->message<View>("echo_on_loop", client.packet(1))
            .start()
            .then(
                [this](Answer<View> answer) {
                  client.checked(std::move(answer));
                  const auto now = Clock::now();
                  told(now - begun);
                  now < until ? next() : done.count_down();
                },
                RunOn::loop);
      }
    };
    std::vector<Link> links(static_cast<std::size_t>(in_flight), Link{*this, until, told, done});
    // The first ones go out together from there, too.
    peer_->message<View>("echo_on_loop", packet(1))
        .start()
        .then(
            [&](Answer<View>) {
              for (Link& link : links) link.next();
            },
            RunOn::loop);
    done.wait();
  }

  std::string special(const std::string& scenario, std::chrono::milliseconds duration) override {
    if (scenario != "beside_large" && scenario != "beside_nothing") return {};
    return small_ones(scenario == "beside_large", duration);
  }

  std::string shares() override {
    std::string text = "{";
    for (const auto& sends : node_->status().sends) {
      text += (text.size() > 1 ? "," : "") + ("\"" + sends.handler) + R"(":{"encode":)" +
              std::to_string(sends.encode.mean_us) +
              ",\"queue\":" + std::to_string(sends.queue.mean_us) +
              ",\"transit\":" + std::to_string(sends.transit.mean_us) +
              ",\"remote\":" + std::to_string(sends.remote.mean_us) +
              ",\"total\":" + std::to_string(sends.total.mean_us) + "}";
    }
    return text + "}";
  }

 private:
  Packet packet(std::uint64_t number) const { return {.number = number, .payload = payload_}; }
  std::uint64_t checked(Answer<View> answer) const {
    if (!answer) stop(answer.error().text);
    const auto packet = answer->decode<Packet>();
    if (!packet || packet->payload.size() != payload_.size()) stop("no such reply");
    return packet->number;
  }
  std::uint64_t taken() const {
    const auto count = peer_->message<Count>("count", Count{}).call();
    if (!count) stop(count.error().text);
    return count->handled;
  }

  // Small messages to one peer, one after the other; on the same loop, large ones to another peer, each sent from a
  // callback on the loop when its predecessor has arrived.
  std::string small_ones(bool large_too, std::chrono::milliseconds duration) {
    const std::vector<std::byte> bytes(small_size, std::byte{'x'});
    Large large;
    for (std::size_t i = 0; large_too && i < entries_of_large; ++i) {
      large.entries.push_back(
          {i << 32, "entry number " + std::to_string(i), static_cast<double>(i) / 3});
    }
    std::atomic<std::uint64_t> larges = 0;
    std::atomic<std::uint64_t> large_bytes = 0;
    std::latch ended(1);
    // What is encoded later must belong to the message: values to give away, made before.
    std::vector<Large> values(large_too ? larges_at_most : 0, large);
    const auto until = Clock::now() + duration;
    std::function<void()> next = [&] {
      Large value = std::move(values.back());
      values.pop_back();
      second_->message<Count>("keep", std::move(value))
          .start()
          .then(
              [&](Answer<Count> count) {
                if (!count) stop(count.error().text);
                ++larges;
                large_bytes += count->handled;
                Clock::now() < until && !values.empty() ? next() : ended.count_down();
              },
              RunOn::loop);
    };
    if (large_too) {
      second_->message<Count>("count", Count{})
          .start()
          .then([&](Answer<Count>) { next(); }, RunOn::loop);
    } else {
      ended.count_down();
    }
    Histogram times;
    const auto begin = Clock::now();
    // As long as there are large ones.
    const auto goes_on = [&](Clock::time_point now) {
      return large_too ? !ended.try_wait() : now < until;
    };
    for (auto now = begin; goes_on(now); now = Clock::now()) {
      auto answer = peer_->message<View>("echo_on_loop", Packet{1, bytes}).call();
      if (!answer) stop(answer.error().text);
      times.add(Clock::now() - now);
    }
    const double seconds = std::chrono::duration<double>(Clock::now() - begin).count();
    std::ostringstream text;
    text << "\"messages\":" << times.count() << ",\"seconds\":" << seconds
         << ",\"mean_us\":" << times.mean_us() << ",\"p50_us\":" << times.quantile_us(0.5)
         << ",\"p95_us\":" << times.quantile_us(0.95) << ",\"p99_us\":" << times.quantile_us(0.99)
         << ",\"p999_us\":" << times.quantile_us(0.999) << ",\"max_us\":" << times.max_us()
         << ",\"larges\":" << larges << ",\"large_bytes\":" << large_bytes
         << ",\"encoded_off_loop\":" << node_->status().loop.encoded_off_loop;
    return text.str();
  }

  std::vector<std::byte> payload_;
  std::unique_ptr<Node> node_;
  std::optional<messaging::Peer> peer_;
  std::optional<messaging::Peer> second_;
  Arrivals arrivals_;
  std::uint64_t sent_ = 0;  ///< And settled.
  std::uint64_t unsettled_ = 0;
};

}  // namespace
}  // namespace messages_bench

int main(int count, char** arguments) {
  using namespace messages_bench;
  run_peer(
      count, arguments,
      {.serve = [](const Setting& setting) { return std::make_unique<NodeServer>(setting); },
       .connect = [](const Setting& setting) { return std::make_unique<NodeClient>(setting); }});
}
