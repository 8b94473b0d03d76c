// SPDX-License-Identifier: Apache-2.0
//
// Over real sockets: how often a value is encoded and decoded between two nodes, and what is allocated on the way.
#include <atomic>
#include <chrono>
#include <memory>
#include <optional>
#include <ostream>
#include <string>
#include <tuple>
#include <vector>

#include <gtest/gtest.h>

#include <structwire/messaging/loop/large_buffers.hpp>
#include <structwire/messaging/node.hpp>
#include <structwire/messaging/stream/arrival_memory.hpp>
#include <structwire/messaging/stream_sockets.hpp>
#include <structwire/messaging/zeromq.hpp>
#include <tests/support/allocation_sizes.hpp>

namespace structwire::messaging::node_tests {
namespace {

using namespace std::chrono_literals;

struct Text {
  std::string text;
};
struct Length {
  std::uint64_t bytes = 0;
};

// MessagePack that counts how often it is begun.
std::atomic<int> encodes = 0;
std::atomic<int> decodes = 0;
struct CountedWriter : msgpack::Writer {
  CountedWriter(std::byte* out, WriterState& state) noexcept : Writer(out, state) { ++encodes; }
};
struct CountedReader : msgpack::Reader {
  CountedReader(std::span<const std::byte> bytes, const DecodeOptions& options) : Reader(bytes, options) { ++decodes; }
};
struct CountedCodec {
  using Writer = CountedWriter;
  using Reader = CountedReader;
};
using Counted = Formats<CountedCodec>;

struct Kind {
  std::string name;
  std::string any_address;
  bool stream = false;
};
void PrintTo(const Kind& kind, std::ostream* out) { *out << kind.name; }
const Kind kinds[] = {{"zeromq", "tcp://127.0.0.1:*"}, {"stream_tcp", "tcp://127.0.0.1:*", true}, {"stream_unix", "unix://*", true}};
const auto all_kinds = ::testing::ValuesIn(kinds);

std::unique_ptr<Transport> transport_of(const Kind& kind) {
  if (kind.stream) return stream_sockets();
  return zeromq({});
}

class NodesOver {
 protected:
  explicit NodesOver(const Kind& kind)
      : kind_(kind),
        server_({.name = "server", .threads = 2}, transport_of(kind)),
        client_({.name = "client", .threads = 2}, transport_of(kind)) {
    encodes = decodes = 0;
    (void)server_.handle<Text, Length, Counted>("length", [](const Text& text) { return Length{text.text.size()}; });
    (void)server_.handle<Text, Text, Counted>("echo", [](Text text) { return text; });
    (void)server_.handle<Text>("view", [](View view) { return view; });
  }
  Peer connected() {
    const auto address = server_.listen(kind_.any_address);
    EXPECT_TRUE(address) << address.error().message();
    auto peer = client_.connect(*address);
    EXPECT_TRUE(peer) << peer.error().message();
    return *peer;
  }

  Kind kind_;
  Node server_;
  Node client_;
};

class NodesOverSockets : public NodesOver, public ::testing::TestWithParam<Kind> {
 protected:
  NodesOverSockets() : NodesOver(GetParam()) {}
};
INSTANTIATE_TEST_SUITE_P(Kinds, NodesOverSockets, all_kinds, [](const auto& kind) { return kind.param.name; });

TEST_P(NodesOverSockets, a_request_and_its_reply_are_encoded_once_and_decoded_once_each) {
  const Peer peer = connected();
  for (const std::size_t size : {10u, 100'000u}) {
    encodes = decodes = 0;
    const Text request{std::string(size, 'x')};
    const auto answer = peer.message<Length>("length", request).in<CountedCodec>().deadline(30s).call();
    ASSERT_TRUE(answer) << answer.error().text;
    EXPECT_EQ(answer->bytes, size);
    EXPECT_EQ(encodes, 2);
    EXPECT_EQ(decodes, 2);
  }
}

TEST_P(NodesOverSockets, what_is_encoded_and_not_looked_at_costs_neither) {
  const Peer peer = connected();
  const auto once = encoded<CountedCodec>(Text{"abc"});
  ASSERT_TRUE(once);
  EXPECT_EQ(encodes, 1);
  for (int i = 0; i < 5; ++i) {
    const auto back = peer.message<View>("view", *once).deadline(30s).call();
    ASSERT_TRUE(back) << back.error().text;
    EXPECT_EQ(back->decode<Text>()->text, "abc");
  }
  EXPECT_EQ(encodes, 1);
  EXPECT_EQ(decodes, 0);
  EXPECT_GE(server_.status().transport.at("frames_received"), 5u);
}

TEST_P(NodesOverSockets, one_value_to_many_peers_is_encoded_once) {
  const Peer first = connected();
  std::vector<std::unique_ptr<Node>> others;
  std::vector<Peer> peers{first};
  for (int i = 0; i < 3; ++i) {
    others.push_back(std::make_unique<Node>(NodeOptions{.name = "other", .threads = 1}, transport_of(kind_)));
    (void)others.back()->handle<Text, Length, Counted>("length", [](const Text& text) { return Length{text.text.size()}; });
    const auto address = others.back()->listen(kind_.any_address);
    ASSERT_TRUE(address) << address.error().message();
    peers.push_back(*client_.connect(*address));
  }
  const auto once = encoded<CountedCodec>(Text{"abc"});
  ASSERT_TRUE(once);
  for (const Peer& peer : peers) {
    const auto length = peer.message<Length>("length", *once).deadline(30s).call();
    ASSERT_TRUE(length) << length.error().text;
    EXPECT_EQ(length->bytes, 3u);
  }
  EXPECT_EQ(encodes, 1 + 4) << "the value once, and each reply";
  EXPECT_EQ(decodes, 4);
}

// Allocations of a payload's size, of all threads and of libzmq too, while one goes there or there and back. Its receiver
// has one for each time that it arrives; what a sender allocates beyond that would be a copy.
class NoCopies : public NodesOver, public ::testing::TestWithParam<std::tuple<Kind, std::size_t>> {
 protected:
  NoCopies() : NodesOver(std::get<0>(GetParam())), request_{std::string(std::get<1>(GetParam()), 'x')}, once_(encoded(request_).value()) {
    (void)server_.handle<Text>("take", [](View) {});
  }
  void SetUp() override {
    peer_.emplace(connected());
    for (int i = 0; i < 3; ++i) {
      ASSERT_TRUE(peer_->message<View>("view", once_).deadline(30s).call());
      ASSERT_TRUE(peer_->message("take", once_).deadline(30s).call());
    }
  }
  // Sizes that are no payload's: libzmq reads into blocks of 18 KiB, frames of small messages are in blocks of 64 KiB.
  // A large buffer that is used again counts as allocated, and so does what a stream connection reads to.
  template <class Send>
  std::size_t allocations(Send&& send) {
    const std::size_t size = once_.payload.size();
    const testing::AllocationsOfSize counted(size, size + size / 16 + 256);
    const std::uint64_t elsewhere = LargeBuffers::reused() + ArrivalMemory::figures().allocations;
    EXPECT_TRUE(send());
    const std::uint64_t now = LargeBuffers::reused() + ArrivalMemory::figures().allocations;
    return counted.count() + static_cast<std::size_t>(now - elsewhere);
  }

  Text request_;
  Encoded<Text> once_;
  std::optional<Peer> peer_;
};

TEST_P(NoCopies, of_bytes_that_are_sent) {
  EXPECT_EQ(allocations([&] { return peer_->message("take", once_).deadline(30s).call().has_value(); }), 1u);
  const EncodedBytes bytes = once_;
  EXPECT_EQ(allocations([&] { return peer_->message("take", bytes).deadline(30s).call().has_value(); }), 1u);
  EXPECT_EQ(allocations([&] { return peer_->message("take", View{bytes.payload, bytes.schema, bytes.format}).deadline(30s).call().has_value(); }), 1u);
}

TEST_P(NoCopies, of_a_value_but_the_buffer_that_it_is_encoded_into) {
  EXPECT_EQ(allocations([&] { return peer_->message("take", request_).deadline(30s).call().has_value(); }), 2u);
  // Given away, it is moved and never copied.
  Text own = request_;
  EXPECT_EQ(allocations([&] { return peer_->message("take", std::move(own)).deadline(30s).call().has_value(); }), 2u);
}

TEST_P(NoCopies, of_a_reply_that_is_a_view_of_the_request) {
  EXPECT_EQ(allocations([&] { return peer_->message<View>("view", once_).deadline(30s).call().has_value(); }), 2u);
}

// Encoded, received, decoded into a string; its reply is encoded, received and decoded.
TEST_P(NoCopies, of_a_request_and_a_reply_that_are_values) {
  EXPECT_EQ(allocations([&] {
    auto answer = peer_->message<Text>("echo", request_).in<CountedCodec>().deadline(30s).call();
    return answer && answer->text == request_.text;
  }), 4u) << "and two strings, which are smaller than the payload";
}

INSTANTIATE_TEST_SUITE_P(Sizes, NoCopies, ::testing::Combine(all_kinds, ::testing::Values(8 << 10, 64 << 10, 256 << 10, 1 << 20)),
                         [](const auto& each) {
                           return std::get<0>(each.param).name + "_" + std::to_string(std::get<1>(each.param));
                         });

TEST_P(NodesOverSockets, a_peer_that_nobody_hears_ends_a_call_at_its_deadline) {
  auto nobody = client_.connect(kind_.name == "stream_unix" ? "unix:///not/there" : "tcp://127.0.0.1:9");
  ASSERT_TRUE(nobody);
  const auto answer = nobody->message<Length>("length", Text{}).deadline(200ms).call();
  ASSERT_FALSE(answer);
  EXPECT_TRUE(answer.error().code == FailureCode::no_peer || answer.error().code == FailureCode::expired)
      << name_of(answer.error().code);
  EXPECT_FALSE(client_.connect("nonsense"));
}

}  // namespace
}  // namespace structwire::messaging::node_tests
