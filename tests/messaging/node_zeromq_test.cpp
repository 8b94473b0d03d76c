// SPDX-License-Identifier: Apache-2.0
//
// Over real sockets: how often a value is encoded and decoded between two nodes, and what is allocated on the way.
#include <atomic>
#include <chrono>
#include <cstdlib>
#include <new>
#include <optional>
#include <string>

#include <gtest/gtest.h>

#include <structwire/messaging/node.hpp>

namespace {

// Allocations of at least so many bytes, of all threads.
std::atomic<std::size_t> counted_from = SIZE_MAX;
std::atomic<int> large_allocations = 0;

void* allocate(std::size_t size) {
  if (size >= counted_from.load(std::memory_order_relaxed)) ++large_allocations;
  void* memory = std::malloc(size == 0 ? 1 : size);
  if (memory == nullptr) throw std::bad_alloc();
  return memory;
}

}  // namespace

void* operator new(std::size_t size) { return allocate(size); }
void* operator new[](std::size_t size) { return allocate(size); }
void operator delete(void* memory) noexcept { std::free(memory); }
void operator delete[](void* memory) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }
void operator delete[](void* memory, std::size_t) noexcept { std::free(memory); }

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

class NodesOverZeromq : public ::testing::Test {
 protected:
  NodesOverZeromq() {
    encodes = decodes = 0;
    (void)server_.handle<Text, Length, Counted>("length", [](const Text& text) { return Length{text.text.size()}; });
    (void)server_.handle<Text, Text, Counted>("echo", [](Text text) { return text; });
    (void)server_.handle<Text>("view", [](View view) { return view; });
  }
  Peer connected() {
    const auto address = server_.listen("tcp://127.0.0.1:*");
    EXPECT_TRUE(address) << address.error().message();
    auto peer = client_.connect(*address);
    EXPECT_TRUE(peer) << peer.error().message();
    return *peer;
  }

  Node server_{{.name = "server", .threads = 2}};
  Node client_{{.name = "client", .threads = 2}};
};

TEST_F(NodesOverZeromq, a_request_and_its_reply_are_encoded_once_and_decoded_once_each) {
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

TEST_F(NodesOverZeromq, what_is_encoded_and_not_looked_at_costs_neither) {
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
}

// One allocation of that size where the value is encoded, one where libzmq receives it with malloc, which is not counted,
// and one where it is decoded into a string.
TEST_F(NodesOverZeromq, a_large_payload_is_not_copied_on_its_way) {
  const Peer peer = connected();
  const Text small{"warm up"};
  ASSERT_TRUE(peer.message<Length>("length", small).in<CountedCodec>().deadline(30s).call());
  const Text request{std::string(1 << 20, 'x')};
  const auto view = encoded(request);
  ASSERT_TRUE(view);

  large_allocations = 0;
  counted_from = 1 << 18;
  const auto unlooked = peer.message<View>("view", *view).deadline(30s).call();
  counted_from = SIZE_MAX;
  ASSERT_TRUE(unlooked) << unlooked.error().text;
  EXPECT_EQ(unlooked->bytes().size(), view->payload.size());
  EXPECT_EQ(large_allocations, 0);

  large_allocations = 0;
  counted_from = 1 << 18;
  const auto answer = peer.message<Length>("length", request).in<CountedCodec>().deadline(30s).call();
  counted_from = SIZE_MAX;
  ASSERT_TRUE(answer) << answer.error().text;
  EXPECT_LE(large_allocations, 2);
}

TEST_F(NodesOverZeromq, a_peer_that_nobody_hears_ends_a_call_at_its_deadline) {
  auto nobody = client_.connect("tcp://127.0.0.1:9");
  ASSERT_TRUE(nobody);
  const auto answer = nobody->message<Length>("length", Text{}).deadline(200ms).call();
  ASSERT_FALSE(answer);
  EXPECT_TRUE(answer.error().code == FailureCode::no_peer || answer.error().code == FailureCode::expired)
      << name_of(answer.error().code);
  EXPECT_FALSE(client_.connect("nonsense"));
}

}  // namespace
}  // namespace structwire::messaging::node_tests
