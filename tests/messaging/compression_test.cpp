// SPDX-License-Identifier: Apache-2.0
//
// Payloads that are compressed on their way, over real sockets; and those that lie about it, by a peer that writes its
// frames itself.
#include <structwire/messaging/compression.hpp>

#include <zstd.h>

#include <chrono>
#include <optional>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include <structwire/messaging/node.hpp>
#include <structwire/messaging/zeromq.hpp>

namespace structwire::messaging {
namespace {

using namespace std::chrono_literals;

struct Text {
  std::string text;
};

std::string compressible(std::size_t size) {
  std::string text;
  for (int line = 0; text.size() < size; ++line) text += "line " + std::to_string(line) + " of a log that says little; ";
  text.resize(size);
  return text;
}

std::string noise(std::size_t size) {
  std::mt19937_64 random(size);
  std::string text(size, '\0');
  for (char& each : text) each = static_cast<char>(random());
  return text;
}

Payload payload_of(std::string_view text) { return Payload::copy(std::as_bytes(std::span(text))); }
std::string_view text_of(const Payload& payload) {
  return {reinterpret_cast<const char*>(payload.data()), payload.size()};
}

// ---- the bytes

TEST(Compression, what_was_compressed_comes_back_and_is_smaller_on_the_way) {
  for (const std::size_t size : {100u, 10'000u, 3'000'000u}) {
    const std::string text = compressible(size);
    const auto small = compressed(payload_of(text), 1);
    ASSERT_TRUE(small) << size;
    EXPECT_LT(small->size(), size - size / 8);
    const auto plain = decompressed(*small, zstd_compression, size);
    ASSERT_TRUE(plain) << plain.error().message();
    EXPECT_EQ(text_of(*plain), text);
  }
  EXPECT_FALSE(compressed(payload_of(noise(100'000)), 1));
  EXPECT_FALSE(compressed(payload_of("x"), 1));
}

TEST(Compression, a_lie_is_an_error) {
  const Payload small = *compressed(payload_of(compressible(5000)), 1);
  const auto code = [](const Payload& payload, std::uint64_t size, std::uint8_t compression = zstd_compression) {
    const auto plain = decompressed(payload, compression, size);
    return plain ? std::string("none") : std::string(name_of(plain.error().code()));
  };
  EXPECT_EQ(code(small, 5000), "none");
  EXPECT_EQ(code(small, 4999), "malformed");
  EXPECT_EQ(code(small, 5001), "malformed");
  EXPECT_EQ(code(small, 0), "malformed");
  EXPECT_EQ(code(small, std::uint64_t{1} << 60), "malformed");  // Nothing of it is taken.
  EXPECT_EQ(code(small, 5000, 1), "unsupported");
  EXPECT_EQ(code({}, 5000), "malformed");
  for (std::size_t size = 0; size < small.size(); ++size) EXPECT_EQ(code(small.part(0, size), 5000), "malformed") << size;
  for (std::size_t bit = 0; bit < small.size() * 8; ++bit) {
    Buffer damaged(small.bytes());
    damaged.data()[bit / 8] ^= std::byte{1} << bit % 8;
    const auto plain = decompressed(Payload(std::move(damaged)), zstd_compression, 5000);
    EXPECT_TRUE(!plain || plain->size() == 5000);
  }
  // One that does not tell its own size, and is larger than the header says.
  std::string bomb(1000, '\0');
  ZSTD_CCtx* const context = ZSTD_createCCtx();
  ZSTD_CCtx_setParameter(context, ZSTD_c_contentSizeFlag, 0);
  const std::string zeros(1 << 20, '\0');
  bomb.resize(ZSTD_compress2(context, bomb.data(), bomb.size(), zeros.data(), zeros.size()));
  ZSTD_freeCCtx(context);
  EXPECT_EQ(code(payload_of(bomb), 1 << 20), "none");
  EXPECT_EQ(code(payload_of(bomb), 1000), "malformed");
  EXPECT_EQ(code(payload_of(bomb), (1 << 20) + 1), "malformed");
}

// ---- nodes

NodeOptions options(CompressTo to, unsigned threads = 2) {
  NodeOptions made{.threads = threads};
  made.compression = {.to = to};
  return made;
}

class Two {
 public:
  explicit Two(NodeOptions of_server = options(CompressTo::everybody), NodeOptions of_client = options(CompressTo::everybody))
      : server(std::move(of_server)), client(std::move(of_client)) {
    (void)server.handle<Text>("echo", [](Text text) { return text; });
    (void)server.handle<Text>("here", [](Text text) { return text; }, {.execution = Execution::on_loop});
    (void)server.handle<Text>("view", [](View view) { return view; });
    (void)server.handle<Text>("many", [](std::span<const Text> texts) { return std::vector<Text>(texts.begin(), texts.end()); });
    (void)server.handle<Text>("thrice", [](const Text& text) {
      return Stream<Text>([text, left = 3]() mutable -> std::optional<Text> {
        if (left-- == 0) return std::nullopt;
        return text;
      });
    });
    (void)client.handle<Text>("own", [](Text text) { return text; });
    peer.emplace(*client.connect(*server.listen("tcp://127.0.0.1:*")));
    // What is sent before HELLO is not compressed: nobody knows yet who is there.
    EXPECT_TRUE(peer->message<Text>("echo", Text{"hello"}).deadline(60s).call());
  }

  std::string echo(std::string_view handler, const std::string& text) {
    auto answer = peer->message<Text>(handler, Text{text}).deadline(60s).call();
    return answer ? answer->text : "failed: " + answer.error().text;
  }

  Node server;
  Node client;
  std::optional<Peer> peer;
};

TEST(CompressionOverSockets, requests_and_replies_are_compressed_and_every_kind_of_handler_reads_them) {
  Two two;
  const std::string text = compressible(200'000);
  std::uint64_t calls = 0;
  for (const auto* handler : {"echo", "here", "view", "many"}) {
    EXPECT_TRUE(two.echo(handler, text) == text) << handler;
    ++calls;
    EXPECT_EQ(two.client.counters().compressed_sent, calls) << handler;
    EXPECT_EQ(two.server.counters().compressed_sent, calls) << handler;
  }
  auto items = two.peer->message<Text>("thrice", Text{text}).deadline(60s).stream();
  int count = 0;
  while (const auto item = items.next()) count += item->text == text ? 1 : 0;
  EXPECT_TRUE(items.end());
  EXPECT_EQ(count, 3);
  const Counters sent = two.client.counters();
  const Counters received = two.server.counters();
  EXPECT_EQ(sent.compressed_sent, 5u);
  EXPECT_EQ(received.compressed_received, 5u);
  EXPECT_EQ(sent.compressed_received, 7u);
  EXPECT_GT(sent.compressed_sent_plain_bytes, 5 * text.size());
  EXPECT_LT(sent.compressed_sent_bytes, sent.compressed_sent_plain_bytes / 4);
  EXPECT_EQ(sent.compressed_sent_bytes, received.compressed_received_bytes);
  EXPECT_EQ(sent.compressed_sent_plain_bytes, received.compressed_received_plain_bytes);
  EXPECT_LT(sent.bytes_sent, text.size());
  EXPECT_EQ(two.client.status().counters.compressed_sent, 5u);
}

TEST(CompressionOverSockets, what_is_small_or_does_not_shrink_goes_as_it_is) {
  Two two;
  const std::string small = compressible(1000);
  EXPECT_TRUE(two.echo("echo", small) == small);
  const std::string dense = noise(200'000);
  const EncodedBytes bytes{.payload = payload_of(dense), .schema = 0, .format = 2};
  const auto back = two.peer->message<View>("view", bytes).deadline(60s).call();
  ASSERT_TRUE(back) << back.error().text;
  EXPECT_TRUE(text_of(back->payload) == dense);
  EXPECT_EQ(two.client.counters().compressed_sent, 0u);
  EXPECT_EQ(two.server.counters().compressed_sent, 0u);
}

TEST(CompressionOverSockets, only_what_both_have_said_and_the_sender_wants) {
  const std::string text = compressible(100'000);
  NodeOptions without = options(CompressTo::everybody);
  without.endpoint.features &= ~static_cast<std::uint64_t>(Feature::compression_zstd);
  struct Row {
    NodeOptions server;
    NodeOptions client;
    std::uint64_t requests;
    std::uint64_t replies;
  };
  const std::vector<Row> rows{{without, options(CompressTo::everybody), 0, 0},
                              {options(CompressTo::everybody), without, 0, 0},
                              {options(CompressTo::nobody), options(CompressTo::everybody), 1, 0},
                              {options(CompressTo::everybody), options(CompressTo::nobody), 0, 1},
                              // Both ends of these links are on this machine.
                              {options(CompressTo::other_machines), options(CompressTo::other_machines), 0, 0}};
  for (std::size_t row = 0; row < rows.size(); ++row) {
    Two two(rows[row].server, rows[row].client);
    EXPECT_TRUE(two.echo("echo", text) == text) << row;
    EXPECT_EQ(two.client.counters().compressed_sent, rows[row].requests) << row;
    EXPECT_EQ(two.server.counters().compressed_sent, rows[row].replies) << row;
  }
}

// 4 MiB of credit in bytes, and payloads of 3 MiB that are next to nothing on their way: they are reckoned by what they
// are at the receiver, one after the other.
TEST(CompressionOverSockets, credit_is_reckoned_by_the_size_in_memory) {
  NodeOptions of_server = options(CompressTo::everybody);
  of_server.endpoint.credit = {1024, 4 << 20};
  of_server.endpoint.adaptive = false;
  Two two(of_server);
  const std::string large(3 << 20, 'x');
  std::vector<Call<Text>> calls;
  for (int i = 0; i < 4; ++i) calls.push_back(two.peer->message<Text>("echo", Text{large}).deadline(60s).start());
  for (auto& call : calls) {
    const auto answer = std::move(call).wait();
    ASSERT_TRUE(answer) << answer.error().text;
    EXPECT_TRUE(answer->text == large);
  }
  const Counters sent = two.client.counters();
  EXPECT_EQ(sent.compressed_sent, 4u);
  EXPECT_GE(sent.credit_waits, 1u);
  EXPECT_EQ(two.server.counters().credit_violations, 0u);
  NodeOptions of_small = options(CompressTo::everybody);
  of_small.endpoint.payload_bytes_max = 1 << 20;
  Two small(of_small);
  const auto refused = small.peer->message<Text>("echo", Text{large}).deadline(60s).call();
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, FailureCode::too_large);
}

// What was compressed for a peer that could read it, and now goes to a program that cannot.
TEST(CompressionOverSockets, what_was_compressed_for_another_is_made_plain_for_who_cannot_read_it) {
  NodeOptions without = options(CompressTo::nobody);
  without.endpoint.features &= ~static_cast<std::uint64_t>(Feature::compression_zstd);
  Node server(without);
  (void)server.handle<Text>("length", [](const Text& text) { return Text{std::to_string(text.text.size())}; });
  const auto loop = std::make_shared<Loop>(options(CompressTo::everybody), zeromq({}));
  loop->start();
  const auto [peer, gate] = loop->connect(*server.listen("tcp://127.0.0.1:*")).value();
  const auto once = encoded(Text{compressible(70'000)});
  ASSERT_TRUE(once);
  auto departure = std::make_unique<Departure>(*loop);
  departure->peer = peer;
  departure->gate = gate;
  departure->begun = Loop::now();
  departure->deadline = departure->begun + 60s;
  departure->message = {.handler = "length", .schema = once->schema, .format = once->format, .payload = once->payload, .options = {}};
  compress(departure->message, {});
  ASSERT_EQ(departure->message.compression, zstd_compression);
  const auto call = std::make_shared<CallState>(loop);
  departure->pending = call;
  ASSERT_TRUE(loop->send(std::move(departure)));
  const auto answer = answer_of<Text, MessagePack>(call->wait());
  ASSERT_TRUE(answer) << answer.error().text;
  EXPECT_EQ(answer->text, "70000");
  EXPECT_EQ(loop->counters().compressed_sent, 0u);
  EXPECT_EQ(server.counters().compressed_received, 0u);
  loop->stop();
}

// A send from the loop's own thread, and an answer there: compressed in the pool, like large values are encoded there.
TEST(CompressionOverSockets, the_loop_compresses_nothing_large_itself) {
  Two two;
  const std::string text = compressible(1 << 20);
  const auto once = encoded(Text{text});
  ASSERT_TRUE(once);
  (void)two.server.handle<Text, Text>("back", [&](const Text&, Context& context, Replier<Text> replier) {
    context.peer().message<Text>("own", *once).deadline(60s).start().then(
        [replier = std::make_shared<Replier<Text>>(std::move(replier))](Answer<Text> answer) {
          answer ? std::move(*replier).answer(std::move(*answer)) : std::move(*replier).fail(std::move(answer.error()));
        });
  }, {.execution = Execution::on_loop});
  auto answer = two.peer->message<Text>("back", Text{"x"}).deadline(60s).call();
  for (int tries = 0; !answer && answer.error().code == FailureCode::handler_not_found && tries < 100; ++tries) {
    std::this_thread::sleep_for(50ms);  // Until the tables were told.
    answer = two.peer->message<Text>("back", Text{"x"}).deadline(60s).call();
  }
  ASSERT_TRUE(answer) << answer.error().text;
  EXPECT_TRUE(answer->text == text);
  EXPECT_EQ(two.server.status().loop.encoded_off_loop, 1u);
  EXPECT_EQ(two.server.counters().compressed_sent, 2u);
}

// ---- a peer that writes its frames itself

class Stranger final : private LinkEvents {
 public:
  Stranger(const std::string& address, std::uint64_t features) {
    EXPECT_TRUE(transport_->dial(address));
    wait([&] { return link_ != LinkId{}; });
    Hello hello;
    hello.instance.bytes[0] = std::byte{7};
    hello.incarnation = 1;
    hello.features = features;
    hello.formats = {2};
    hello.payload_bytes_max = 1 << 20;
    hello.credit_messages = 100;
    hello.credit_bytes = 1 << 20;
    hello.session = session;
    hello.received = 1;
    send({.kind = MessageKind::hello, .format = 2}, Payload(encode_hello(hello)));
    wait([&] { return answered_; });
  }

  /// What comes back for a request to `echo`: `ok`, or the failure's code.
  std::string ask(std::uint8_t compression, std::uint64_t plain_size, Payload payload) {
    outcome_.clear();
    send({.kind = MessageKind::request,
          .delivery = Delivery::response,
          .format = 2,
          .compression = compression,
          .id = {session, ++last_},
          .sequence = last_,
          .schema = wire_fingerprint<Text>,
          .handler = slot_,
          .plain_size = plain_size},
         std::move(payload));
    wait([&] { return !outcome_.empty() || closed_; });
    return closed_ ? "closed" : outcome_;
  }

 private:
  static constexpr std::uint64_t session = 0x1234;

  template <class Condition>
  void wait(Condition condition) {
    const auto end = Loop::now() + 60s;
    while (!condition() && Loop::now() < end) transport_->poll(*this, Loop::now() + 50ms);
    EXPECT_TRUE(condition());
  }
  void send(Header header, Payload payload) {
    header.payload_size = payload.size();
    Buffer head;
    EXPECT_TRUE(append_header(header, {}, head));
    transport_->send(link_, {Payload(std::move(head)), std::move(payload)});
  }

  void opened(LinkId link, const LinkInfo&) override { link_ = link; }
  void closed(LinkId, std::string_view) override { closed_ = true; }
  void received(LinkId, Frame frame) override {
    for (std::size_t place = 0; place < frame.head.size();) {
      const auto view = read_header(frame.head.bytes().subspan(place));
      ASSERT_TRUE(view) << view.error().message();
      const auto size = static_cast<std::size_t>(view->header.payload_size);
      const std::size_t behind = place + view->size;
      if (view->header.kind == MessageKind::hello_ack) {
        const auto hello = decode_hello(frame.body.empty() ? frame.head.bytes().subspan(behind, size) : frame.body.bytes());
        ASSERT_TRUE(hello);
        for (const HandlerEntry& entry : hello->handlers) slot_ = entry.name == "echo" ? entry.slot : slot_;
        answered_ = true;
      } else if (view->header.kind == MessageKind::nack) {
        outcome_ = name_of(read_failure(*view->extensions.find(ExtensionType::failure)).value().code);
      } else if (view->header.kind == MessageKind::response) {
        outcome_ = "ok";
      }
      if (!frame.body.empty() && behind == frame.head.size()) return;
      place = (behind + size + 7) / 8 * 8;
    }
  }

  std::unique_ptr<Transport> transport_ = zeromq({});
  LinkId link_{};
  bool answered_ = false;
  bool closed_ = false;
  std::uint32_t slot_ = 0;
  std::uint64_t last_ = 0;
  std::string outcome_;
};

constexpr auto zstd_feature = static_cast<std::uint64_t>(Feature::compression_zstd);

TEST(CompressionLies, end_as_bad_payload_and_take_no_memory) {
  NodeOptions of_server = options(CompressTo::everybody);
  of_server.endpoint.payload_bytes_max = 1 << 20;
  of_server.endpoint.credit = {100, 8 << 20};
  Node server(of_server);
  (void)server.handle<Text>("echo", [](const Text& text) { return Text{std::to_string(text.text.size())}; });
  const std::string address = *server.listen("tcp://127.0.0.1:*");
  Stranger stranger(address, zstd_feature);
  const auto once = encoded(Text{compressible(50'000)});
  ASSERT_TRUE(once);
  const std::uint64_t size = once->payload.size();
  const Payload small = *compressed(once->payload, 1);
  const Payload bomb = *compressed(payload_of(std::string(900 << 20 >> 2, '\0')), 1);
  EXPECT_LT(bomb.size(), 64u << 10);

  EXPECT_EQ(stranger.ask(zstd_compression, size, small), "ok");
  EXPECT_EQ(stranger.ask(zstd_compression, 0, small), "bad_payload") << "no size";
  EXPECT_EQ(stranger.ask(zstd_compression, size - 1, small), "bad_payload");
  EXPECT_EQ(stranger.ask(zstd_compression, size + 1, small), "bad_payload");
  EXPECT_EQ(stranger.ask(zstd_compression, size, small.part(0, small.size() / 2)), "bad_payload") << "cut off";
  EXPECT_EQ(stranger.ask(zstd_compression, size, once->payload), "bad_payload") << "not compressed";
  EXPECT_EQ(stranger.ask(zstd_compression, size, {}), "bad_payload") << "empty";
  EXPECT_EQ(stranger.ask(1, size, small), "bad_payload") << "lz4";
  EXPECT_EQ(stranger.ask(200, size, small), "bad_payload");
  EXPECT_EQ(stranger.ask(zstd_compression, 900u << 20 >> 2, bomb), "bad_payload") << "a bomb that says so";
  EXPECT_EQ(stranger.ask(zstd_compression, 1 << 20, bomb), "bad_payload") << "a bomb that lies";
  EXPECT_EQ(stranger.ask(zstd_compression, ~std::uint64_t{0}, bomb), "bad_payload");
  EXPECT_EQ(stranger.ask(zstd_compression, size, small), "ok") << "the link goes on";
  EXPECT_EQ(server.counters().credit_violations, 0u);
  EXPECT_EQ(server.counters().frames_refused, 0u);

  Stranger nothing_said(address, 0);
  EXPECT_EQ(nothing_said.ask(zstd_compression, size, small), "bad_payload");
  EXPECT_EQ(nothing_said.ask(0, 0, once->payload), "ok");
}

TEST(CompressionLies, what_says_to_be_more_than_the_credit_ends_the_link) {
  NodeOptions of_server = options(CompressTo::everybody);
  of_server.endpoint.payload_bytes_max = 1 << 20;
  of_server.endpoint.credit = {100, 1 << 20};
  Node server(of_server);
  std::optional<View> kept;  // As long as it is, its bytes are not granted again.
  (void)server.handle<Text>("echo", [&](View view) {
    kept = view;
    return Text{"kept"};
  });
  Stranger stranger(*server.listen("tcp://127.0.0.1:*"), zstd_feature);
  const auto size = std::uint64_t{600} << 10;
  const Payload small = *compressed(payload_of(compressible(size)), 1);
  EXPECT_EQ(stranger.ask(zstd_compression, size, small), "ok");
  EXPECT_EQ(stranger.ask(zstd_compression, size, small), "closed");
  EXPECT_EQ(server.counters().credit_violations, 1u);
}

}  // namespace
}  // namespace structwire::messaging
