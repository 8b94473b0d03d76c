// SPDX-License-Identifier: Apache-2.0

// std::pmr members and DecodeOptions::memory: everything that is decoded comes from the resource of
// the decode.

#include <array>
#include <cstddef>
#include <map>
#include <memory_resource>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <variant>
#include <vector>

#include <gtest/gtest.h>

#include <tests/conformance/three_formats.hpp>
#include <tests/support/allocation_count.hpp>

namespace structwire::testing {
namespace {

struct Sensor {
  std::pmr::string name;
  std::pmr::vector<double> samples;
  bool operator==(const Sensor&) const = default;
};

struct Station {
  std::pmr::string place;
  std::pmr::vector<Sensor> sensors;
  std::pmr::map<std::pmr::string, std::pmr::string> labels;
  std::pmr::unordered_map<std::pmr::string, std::pmr::string> numbered;
  std::pmr::set<std::pmr::string> tags;
  std::optional<std::pmr::string> note;
  std::variant<std::monostate, std::pmr::string> extra;
  bool operator==(const Station&) const = default;
};

constexpr std::string_view station =
    R"({"place":"a place whose name is too long for a string that holds it in itself",)"
    R"("sensors":[{"name":"the first of the sensors, with a name of some length","samples":[1.5,2.5,3.5]},)"
    R"({"name":"the second of the sensors, with a longer name than the first","samples":[]}],)"
    R"("labels":{"a first key which is longer than sixteen bytes":"and a value that is longer as well",)"
    R"("b second key which is longer than sixteen bytes":"and a value that is longer as well"},)"
    R"("numbered":{"the seventh of the entries":"the seventh, again with more than sixteen bytes"},)"
    R"("tags":["a tag that is longer than sixteen bytes","b tag that is longer than sixteen bytes"],)"
    R"("note":"an optional text which is longer than sixteen bytes","extra":"an alternative, longer than sixteen bytes"})";

// Refuses to allocate: what takes memory from it fails the test.
class Nothing final : public std::pmr::memory_resource {
  void* do_allocate(std::size_t, std::size_t) override {
    ADD_FAILURE() << "memory was taken from the default resource";
    return std::pmr::new_delete_resource()->allocate(1);
  }
  void do_deallocate(void*, std::size_t, std::size_t) override {}
  bool do_is_equal(const memory_resource& other) const noexcept override { return this == &other; }
};

class Counting final : public std::pmr::memory_resource {
 public:
  std::size_t live = 0;
  std::size_t calls = 0;

 private:
  void* do_allocate(std::size_t size, std::size_t alignment) override {
    live += size;
    ++calls;
    return std::pmr::new_delete_resource()->allocate(size, alignment);
  }
  void do_deallocate(void* memory, std::size_t size, std::size_t alignment) override {
    live -= size;
    std::pmr::new_delete_resource()->deallocate(memory, size, alignment);
  }
  bool do_is_equal(const memory_resource& other) const noexcept override { return this == &other; }
};

template <class Decode>
void takes_all_memory_from(Decode&& decode) {
  Counting memory;
  DecodeOptions options;
  options.memory = &memory;
  {
    const Station value = decode(options);
    EXPECT_GT(memory.live, station.size() / 2);
    for (const auto* resource :
         {value.place.get_allocator().resource(), value.sensors.get_allocator().resource(),
          value.sensors.at(1).name.get_allocator().resource(),
          value.sensors.at(0).samples.get_allocator().resource(),
          value.labels.begin()->first.get_allocator().resource(),
          value.labels.begin()->second.get_allocator().resource(),
          value.numbered.begin()->second.get_allocator().resource(),
          value.tags.begin()->get_allocator().resource(), value.note->get_allocator().resource(),
          std::get<1>(value.extra).get_allocator().resource()}) {
      EXPECT_EQ(resource, &memory);
    }
  }
  EXPECT_EQ(memory.live, 0u);
}

TEST(MemoryResource, HoldsAllThatIsDecodedInEveryFormat) {
  const Station expected = decoded<Station>(station);
  Nothing nothing;
  const auto check = [&](auto&& decode) {
    takes_all_memory_from([&](const DecodeOptions& options) {
      std::pmr::set_default_resource(&nothing);
      auto value = decode(options);
      std::pmr::set_default_resource(nullptr);
      EXPECT_TRUE(value.has_value()) << value.error().message();
      EXPECT_TRUE(equal(*value, expected));
      return std::move(*value);
    });
  };
  const Buffer bytes = msgpack::encode(expected);
  const Value dynamic = to_value(expected);
  check([&](const DecodeOptions& options) { return json::decode<Station>(station, options); });
  check([&](const DecodeOptions& options) {
    return msgpack::decode<Station>(bytes.bytes(), options);
  });
  check([&](const DecodeOptions& options) { return convert<Station>(dynamic, options); });
}

TEST(MemoryResource, IsTakenOnByAReusedObject) {
  Counting first;
  Counting second;
  Station value = decoded<Station>(station);
  const Station expected = value;
  DecodeOptions options;
  for (Counting* memory : {&first, &second}) {
    options.memory = memory;
    ASSERT_TRUE(json::decode_into(station, value, options));
    EXPECT_TRUE(equal(value, expected));
    EXPECT_EQ(value.labels.get_allocator().resource(), memory);
    EXPECT_EQ(value.sensors.front().name.get_allocator().resource(), memory);
  }
  EXPECT_EQ(first.live, 0u);
  // The same resource again: memory is used again, and little is new.
  const std::size_t calls = second.calls;
  ASSERT_TRUE(json::decode_into(station, value, options));
  EXPECT_LT(second.calls - calls, calls / 2);
}

TEST(MemoryResource, KeepsWhatMembersHaveWhereNoneIsGiven) {
  Counting memory;
  Sensor value{std::pmr::string(&memory), std::pmr::vector<double>(&memory)};
  ASSERT_TRUE(json::decode_into(
      R"({"name":"a name that is longer than sixteen bytes","samples":[1,2,3]})", value));
  EXPECT_EQ(value.name.get_allocator().resource(), &memory);
  EXPECT_GT(memory.live, 24u);
}

TEST(MemoryResource, OfAnArrayOnTheStackLeavesTheHeapAlone) {
  const Buffer bytes = msgpack::encode(decoded<Station>(station));
  std::array<std::byte, 16384> room;
  std::pmr::monotonic_buffer_resource arena(room.data(), room.size(),
                                            std::pmr::null_memory_resource());
  DecodeOptions options;
  options.memory = &arena;
  Station value;
  const AllocationPeak heap;
  const auto done = msgpack::decode_into(bytes.bytes(), value, options);
  EXPECT_EQ(heap.bytes(), 0u);
  EXPECT_TRUE(done.has_value());
  EXPECT_EQ(value.sensors.size(), 2u);
}

// A resource that is used up is an error like any other, and what it gave stays valid.
TEST(MemoryResource, ThatIsUsedUpIsToldAsNoMemory) {
  std::array<std::byte, 256> room;
  std::pmr::monotonic_buffer_resource arena(room.data(), room.size(),
                                            std::pmr::null_memory_resource());
  DecodeOptions options;
  options.memory = &arena;
  const auto value = json::decode<Station>(station, options);
  ASSERT_FALSE(value.has_value());
  EXPECT_EQ(value.error().code(), ErrorCode::memory_exhausted);
}

}  // namespace
}  // namespace structwire::testing
