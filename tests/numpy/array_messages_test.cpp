// SPDX-License-Identifier: Apache-2.0
//
// Arrays in messages: as an extension, as a struct, in MessagePack and in JSON.
#include <gtest/gtest.h>

#include <random>
#include <string>

#include <tests/support/allocation_count.hpp>

#include <structwire/json.hpp>
#include <structwire/msgpack.hpp>
#include <structwire/ndarray.hpp>

namespace structwire::ndarray {
namespace {

Array numbers(Extents shape, ElementOrder order = ElementOrder::row_major) {
  auto layout = Layout::make(element_type_of<std::int32_t>, std::move(shape), order);
  auto array = Array::zeros(*layout);
  std::int32_t next = 0;
  for (std::int32_t& each : array->as<std::int32_t>()->span()) each = next++;
  return *array;
}

struct Model {
  std::string name;
  Array weights;
  ArrayOf<double, 1> bias;
  ArrayOf<std::int32_t, 2> state;

  using wire = Rules<member<&Model::state, with<AsState<ArrayOf<std::int32_t, 2>>>>>;
};

TEST(ArrayOnTheWire, comes_back_from_every_form) {
  Model model{"m", numbers({2, 3}, ElementOrder::column_major), ArrayOf<double, 1>({2}),
              ArrayOf<std::int32_t, 2>({1, 2})};
  model.bias(1) = 0.5;
  model.state(0, 1) = 7;
  const Buffer bytes = msgpack::encode(model);
  const auto back = msgpack::decode<Model>(bytes.bytes());
  ASSERT_TRUE(back) << back.error().message();
  EXPECT_EQ(back->weights, model.weights);
  EXPECT_EQ(back->bias, model.bias);
  EXPECT_EQ(back->state, model.state);
  const std::string text = json::encode(model);
  EXPECT_NE(text.find(R"("weights":{"$ext":4,"data":"k05VTVBZ)"), text.npos) << text;
  EXPECT_NE(text.find(R"("state":{"data":"AAAAAAcAAAA=","shape":[1,2],"dtype":"int32"})"),
            text.npos)
      << text;
  const auto read = json::decode<Model>(text);
  ASSERT_TRUE(read) << read.error().message();
  EXPECT_EQ(read->weights, model.weights);
  EXPECT_EQ(read->state, model.state);
}

// The two pieces that an encoder puts together are the bytes of the extension.
TEST(ArrayOnTheWire, is_the_same_in_pieces_and_in_one) {
  const auto seed = std::random_device()();
  SCOPED_TRACE(seed);
  std::mt19937 random(seed);
  for (int round = 0; round < 300; ++round) {
    Extents shape(random() % 4);
    for (auto& extent : shape) extent = random() % 12;
    const Array array =
        numbers(shape, random() % 2 ? ElementOrder::row_major : ElementOrder::column_major);
    const Ext whole{array_extension, extension_for<Array>::to_bytes(array)};
    EXPECT_EQ(msgpack::encode(array), msgpack::encode(whole));
    EXPECT_EQ(json::encode(array), json::encode(whole));
    EXPECT_EQ(msgpack::decode<Array>(msgpack::encode(whole).bytes()), array);
  }
}

TEST(ArrayOnTheWire, its_elements_are_copied_once) {
  const Array array = numbers({1 << 20});
  const std::size_t size = array.bytes().size();
  Buffer out;
  out.reserve(size + 1024);
  const testing::AllocationPeak encoding;
  ASSERT_TRUE(msgpack::append_to(array, out));
  EXPECT_LT(encoding.bytes(), 1024u);
  const testing::AllocationPeak decoding;
  const auto back = msgpack::decode<Array>(out.bytes());
  ASSERT_TRUE(back);
  EXPECT_LT(decoding.bytes(), size + 8192);
  EXPECT_EQ(*back, array);
}

// The length that an input announces is not believed before its bytes are there.
TEST(ArrayOnTheWire, an_extension_that_is_cut_off_is_refused) {
  const Buffer bytes = msgpack::encode(numbers({3, 2}));
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    EXPECT_EQ(msgpack::decode<Array>(bytes.bytes().first(size)).error().code(),
              ErrorCode::unexpected_end);
  }
}

TEST(ArrayOnTheWire, refusals_name_the_place) {
  const auto message = [](std::string_view text) {
    return json::decode<Model>(text).error().message();
  };
  EXPECT_EQ(message(R"({"name":"m","weights":{"$ext":5,"data":""}})"),
            "Expected extension 4, got 5 - at `$.weights`");
  EXPECT_EQ(message(R"({"name":"m","weights":{"$ext":4,"data":""}})"),
            "Input data was truncated - at `$.weights`");
  EXPECT_EQ(json::decode<std::vector<StateWithArray>>(R"([{"data":"","shape":[-1],"dtype":"<f8"}])")
                .error()
                .path(),
            "$[0].shape[0]");
}

TEST(StateWithArray, is_viewed_in_place_and_refused_by_member) {
  const Array columns = numbers({2, 3}, ElementOrder::column_major);
  const StateWithArray state = to_state(columns.view());
  EXPECT_EQ(state.dtype, "int32");
  EXPECT_EQ(view_of(state)->bytes().data(), state.data.data());
  EXPECT_EQ(*view_of(state)->to_vector<std::int32_t>(), *columns.view().to_vector<std::int32_t>());
  EXPECT_EQ(to_array(state)->view(), *view_of(state));
  EXPECT_EQ(to_state_view(columns.view()).error().code(), ErrorCode::unsupported);

  const Array rows = numbers({2, 3});
  const Buffer bytes = msgpack::encode(*to_state_view(rows.view()));
  EXPECT_EQ(bytes, msgpack::encode(to_state(rows.view())));
  const auto borrowed = msgpack::decode<StateWithArrayView>(bytes.bytes());
  EXPECT_GE(borrowed->data.data(), bytes.data());
  EXPECT_EQ(*view_of(*borrowed), rows.view());

  const auto path = [](StateWithArray wrong) { return view_of(wrong).error().path(); };
  EXPECT_EQ(path({Bytes(8), {1}, "object"}), "$.dtype");
  EXPECT_EQ(path({Bytes(8), {std::uint64_t{1} << 40, std::uint64_t{1} << 40}, "float64"}),
            "$.shape");
  EXPECT_EQ(path({Bytes(8), Extents(65, 1), "float64"}), "$.shape");
  EXPECT_EQ(path({Bytes(7), {1}, "float64"}), "$.data");
  EXPECT_EQ(to_array({Bytes(7), {1}, "float64"}).error().message(),
            "Expected 8 bytes of `float64` elements, got 7 - at `$.data`");
}

}  // namespace
}  // namespace structwire::ndarray
