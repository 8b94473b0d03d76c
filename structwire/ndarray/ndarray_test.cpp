// SPDX-License-Identifier: Apache-2.0
//
// Arrays without numpy: what is refused and where, views in place, orders. That numpy agrees, and
// arrays in messages: tests/numpy/.
#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <cstring>
#include <limits>
#include <string>

#include <structwire/ndarray.hpp>
#include <tests/support/random.hpp>

namespace structwire::ndarray {
namespace {

std::span<const std::byte> bytes_of(std::string_view text) {
  return std::as_bytes(std::span(text));
}

std::string npy(std::string_view dict, std::size_t data_size, char major = 1) {
  std::string text = "\x93NUMPY";
  text += major;
  text += '\0';
  text += static_cast<char>(dict.size() & 0xFF);
  text += static_cast<char>(dict.size() >> 8);
  if (major != 1) text.append(2, '\0');
  return text.append(dict).append(data_size, '\0');
}

Array numbers(Extents shape, ElementOrder order = ElementOrder::row_major) {
  auto layout = Layout::make(element_type_of<std::int32_t>, std::move(shape), order);
  auto array = Array::zeros(*layout);
  std::int32_t next = 0;
  for (std::int32_t& each : array->as<std::int32_t>()->span()) each = next++;
  return *array;
}

// ---- element types ----

TEST(ElementType, names_and_codes_are_those_of_numpy) {
  const std::array<std::array<std::string_view, 3>, 12> rows = {{{"float64", "<f8", "float64"},
                                                                 {"<f8", "<f8", "float64"},
                                                                 {">f8", ">f8", ">f8"},
                                                                 {"=f4", "<f4", "float32"},
                                                                 {"f2", "<f2", "float16"},
                                                                 {"bool", "|b1", "bool"},
                                                                 {"|u1", "|u1", "uint8"},
                                                                 {">i1", "|i1", "int8"},
                                                                 {"complex64", "<c8", "complex64"},
                                                                 {">c16", ">c16", ">c16"},
                                                                 {"|S5", "|S5", "|S5"},
                                                                 {">U3", ">U3", ">U3"}}};
  for (const auto& [text, code, name] : rows) {
    const auto type = ElementType::parse(text);
    ASSERT_TRUE(type) << text << ": " << type.error().message();
    EXPECT_EQ(type->code(), code);
    EXPECT_EQ(type->name(), name);
    EXPECT_TRUE(type->is_supported());
    EXPECT_EQ(*ElementType::parse(type->code()), *type);
  }
}

TEST(ElementType, everything_else_is_refused) {
  const auto code_of = [](std::string_view text) {
    const auto type = ElementType::parse(text);
    return type ? ErrorCode::none : type.error().code();
  };
  for (const std::string_view text : {"object", "O", "|O", "|O8"})
    EXPECT_EQ(code_of(text), ErrorCode::refused) << text;
  for (const std::string_view text : {"<M8[s]", "<m8", "datetime64[ns]", "|V4", "<f16", "float128",
                                      "<f3", "<i16", "<c4", "|b2", "<U536870912", "|S4294967295"}) {
    const ErrorCode code = code_of(text);
    EXPECT_TRUE(code == ErrorCode::unsupported || code == ErrorCode::invalid_text) << text;
  }
  for (const std::string_view text : {"", "<", "f", "<<f8", "f08", "f8 ", " f8", "f-8", "f+8",
                                      "|S0", "U", "Float64", "f8,f8", "x4"}) {
    EXPECT_EQ(code_of(text), ErrorCode::invalid_text) << text;
  }
  EXPECT_EQ(ElementType::parse("object").error().message(),
            "Arrays of Python objects are refused: their bytes are a pickle");
  EXPECT_EQ(ElementType::parse("a\nb").error().message(), "Unsupported dtype \"a\\nb\"");
  EXPECT_FALSE((ElementType{ElementKind::signed_integer, 3}.is_supported()));
  EXPECT_FALSE((ElementType{ElementKind::bytes, 0}.is_supported()));
  EXPECT_FALSE((ElementType{ElementKind::text, 6}.is_supported()));
}

// ---- layouts ----

TEST(Layout, products_that_overflow_are_refused_also_beside_a_zero) {
  const std::size_t half = std::size_t{1} << 32;
  const ElementType type = element_type_of<double>;
  ArrayLimits all;
  all.data_bytes = std::numeric_limits<std::size_t>::max();
  for (const Extents& shape :
       {Extents{half, half}, Extents{half, half, 0}, Extents{0, half, half},
        Extents{std::numeric_limits<std::size_t>::max()}, Extents{std::size_t{1} << 60}}) {
    const auto layout = Layout::make(type, shape, ElementOrder::row_major, all);
    ASSERT_FALSE(layout);
    EXPECT_EQ(layout.error().code(), ErrorCode::size_limit);
  }
  EXPECT_TRUE(Layout::make(type, {half, 0}, ElementOrder::row_major, all));
  EXPECT_FALSE(Layout::make(type, Extents(65, 1)));
  EXPECT_TRUE(Layout::make(type, Extents(64, 1)));
  EXPECT_EQ(Layout::make(type, {})->count(), 1u);
  EXPECT_FALSE(Layout::make({ElementKind::bytes, 0}, {2}));
  EXPECT_FALSE(Layout::make(type, {3, 3}, ElementOrder::row_major, {.data_bytes = 71}));
  EXPECT_TRUE(Layout::make(type, {3, 3}, ElementOrder::row_major, {.data_bytes = 72}));
}

TEST(Layout, an_order_that_makes_no_difference_is_row_major) {
  const ElementType type = element_type_of<double>;
  for (const Extents& shape : {Extents{}, Extents{7}, Extents{1, 7, 1}, Extents{3, 0, 4}}) {
    EXPECT_EQ(Layout::make(type, shape, ElementOrder::column_major)->order(),
              ElementOrder::row_major);
  }
  const auto layout = *Layout::make(type, {2, 3, 4}, ElementOrder::column_major);
  EXPECT_EQ(layout.order(), ElementOrder::column_major);
  EXPECT_EQ(layout.strides(), (std::vector<std::size_t>{1, 2, 6}));
  EXPECT_EQ(layout.plain().strides(), (std::vector<std::size_t>{12, 4, 1}));
}

// ---- views and arrays ----

TEST(View, elements_are_used_in_place_where_type_order_and_address_fit) {
  alignas(8) std::array<std::byte, 24> memory{};
  const auto layout = *Layout::make(element_type_of<double>, {2});
  const auto all = std::span<const std::byte>(memory);
  const auto aligned = *View::make(layout, all.first(16));
  ASSERT_TRUE(aligned.as<double>());
  EXPECT_EQ(static_cast<const void*>(aligned.as<double>()->span().data()), memory.data());
  EXPECT_EQ(aligned.as<float>().error().code(), ErrorCode::type_mismatch);
  EXPECT_EQ(aligned.as<std::int64_t>().error().message(),
            "Expected elements of `int64`, got `float64`");

  const auto shifted = *View::make(layout, all.subspan(1, 16));
  EXPECT_EQ(shifted.as<double>().error().code(), ErrorCode::unsupported);
  EXPECT_EQ(shifted.to_vector<double>()->size(), 2u);

  const auto swapped = *View::make(*Layout::make(*ElementType::parse(">f8"), {2}), all.first(16));
  EXPECT_EQ(swapped.as<double>().error().code(), ErrorCode::unsupported);
  EXPECT_TRUE(swapped.to_vector<double>());
  EXPECT_EQ(View::make(layout, all).error().code(), ErrorCode::invalid_length);
}

TEST(View, a_bool_that_is_neither_0_nor_1_is_not_used_in_place) {
  std::array<std::byte, 3> memory{std::byte{0}, std::byte{1}, std::byte{2}};
  const auto flags = *View::make(*Layout::make(element_type_of<bool>, {3}), memory);
  EXPECT_EQ(flags.as<bool>().error().code(), ErrorCode::constraint_violated);
  memory[2] = std::byte{1};
  EXPECT_TRUE((*flags.as<bool>())(2));
}

TEST(View, every_shape_and_size_is_reordered_as_its_indices_say) {
  test::Random random(test::random_seed());
  for (int round = 0; round < 500; ++round) {
    Extents shape(1 + random.below(5));
    for (std::size_t& length : shape) length = 1 + random.below(shape.size() == 2 ? 80 : 6);
    const auto size = static_cast<std::uint32_t>(1 + random.below(20));
    const auto layout =
        *Layout::make({ElementKind::bytes, size}, shape, ElementOrder::column_major);
    Bytes bytes(layout.size_bytes());
    for (std::byte& byte : bytes) byte = static_cast<std::byte>(random.bits());
    Bytes reordered(bytes.size());
    View::make(layout, bytes)->copy_plain_to(reordered);
    // Both orders, counted by an odometer of the row-major one.
    const std::vector<std::size_t> strides = layout.strides();
    std::vector<std::size_t> index(shape.size());
    for (std::size_t to = 0; to < layout.count(); ++to) {
      std::size_t from = 0;
      for (std::size_t i = 0; i < shape.size(); ++i) from += index[i] * strides[i];
      ASSERT_EQ(std::memcmp(reordered.data() + to * size, bytes.data() + from * size, size), 0);
      for (std::size_t i = shape.size(); i-- > 0 && ++index[i] == shape[i];) index[i] = 0;
    }
  }
}

TEST(Array, indices_mean_the_same_in_both_orders) {
  const Array rows = numbers({2, 3});
  const Array columns = numbers({2, 3}, ElementOrder::column_major);
  EXPECT_EQ((*rows.as<std::int32_t>())(1, 0), 3);
  EXPECT_EQ((*columns.as<std::int32_t>())(1, 0), 1);
  EXPECT_NE(rows, columns);
  EXPECT_EQ(*columns.view().to_vector<std::int32_t>(),
            (std::vector<std::int32_t>{0, 2, 4, 1, 3, 5}));
  const auto plain = *Array::plain_copy_of(columns.view());
  EXPECT_EQ((*plain.as<std::int32_t>())(1, 2), (*columns.as<std::int32_t>())(1, 2));
}

TEST(ArrayOf, takes_any_order_and_byte_order_and_refuses_other_types_and_ranks) {
  using Grid = ArrayOf<std::int32_t, 2>;
  const auto grid = *Grid::from_array(numbers({2, 3}, ElementOrder::column_major));
  EXPECT_EQ(grid(0, 1), 2);
  EXPECT_EQ(grid.shape(), (std::array<std::size_t, 2>{2, 3}));
  Bytes big(24);
  big[3] = std::byte{5};
  const auto swapped =
      *Grid::from_array(*Array::make(*Layout::make(*ElementType::parse(">i4"), {2, 3}), big));
  EXPECT_EQ(swapped(0, 0), 5);
  EXPECT_EQ((ArrayOf<std::int32_t, 1>::from_array(numbers({2, 3})).error().message()),
            "Expected 1 dimensions, got 2");
  EXPECT_EQ((ArrayOf<float, 2>::from_array(numbers({2, 3})).error().code()),
            ErrorCode::type_mismatch);
  Grid made({3, 4});
  made(2, 3) = 7;
  EXPECT_EQ(made.span().back(), 7);
  EXPECT_EQ(Grid().size(), 0u);
  EXPECT_DEATH(made(3, 0), "index");
}

TEST(Array, that_was_moved_from_has_no_elements) {
  Array array = numbers({2, 3});
  const Array moved = std::move(array);
  EXPECT_EQ(moved, numbers({2, 3}));
  EXPECT_EQ(array.size(), 0u);
  EXPECT_TRUE(array.as<std::int32_t>()->span().empty());
  array = moved;
  EXPECT_EQ(array, moved);
}

TEST(Array, text_is_filled_up_and_comes_back) {
  const std::array<std::string_view, 3> texts = {"a", "grün", "\U0001F600\U0001F600"};
  const auto array = *Array::of_texts(texts, {3});
  EXPECT_EQ(array.type().name(), "<U4");
  EXPECT_EQ(*array.view().to_texts(),
            (std::vector<std::string>{"a", "grün", "\U0001F600\U0001F600"}));
  EXPECT_EQ(Array::of_texts(texts, {2}).error().code(), ErrorCode::invalid_length);
  const std::array<std::string_view, 1> broken = {"\xFF"};
  EXPECT_EQ(Array::of_texts(broken, {1}).error().code(), ErrorCode::invalid_utf8);
  const auto surrogate = *View::make(*Layout::make(*ElementType::parse("<U1"), {1}),
                                     bytes_of({"\x00\xD8\x00\x00", 4}));
  EXPECT_EQ(surrogate.to_texts().error().code(), ErrorCode::invalid_utf8);
}

TEST(Half, every_value_comes_back_and_ties_go_to_even) {
  for (std::uint32_t bits = 0; bits < 0x10000; ++bits) {
    const auto half = Half::from_bits(static_cast<std::uint16_t>(bits));
    const auto value = static_cast<float>(half);
    EXPECT_EQ(Half(value).bits, bits);
    if (std::isnan(value) || std::isinf(value) || (bits & 0x7FFFu) >= 0x7BFFu) continue;
    const auto next = static_cast<float>(Half::from_bits(static_cast<std::uint16_t>(bits + 1)));
    const float middle = value + (next - value) / 2;
    const auto even = static_cast<std::uint16_t>(bits % 2 == 0 ? bits : bits + 1);
    EXPECT_EQ(Half(middle).bits, even) << bits;
  }
  EXPECT_EQ(Half(65519.99f).bits, 0x7BFFu);
  EXPECT_EQ(Half(65520.0f).bits, 0x7C00u);
  EXPECT_EQ(Half(-1e-10f).bits, 0x8000u);
}

// ---- .npy ----

struct Refused {
  std::string_view dict;
  ErrorCode code;
  std::size_t offset;
};

TEST(Npy, headers_are_read_as_python_writes_them) {
  for (const std::string_view dict :
       {"{'descr': '<i4', 'fortran_order': False, 'shape': (2, 3), }    \n",
        "{'shape':(2,3),'descr':'<i4','fortran_order':False}",
        "{\"descr\": \"<i4\",\n \"fortran_order\" : False , 'shape': ( 2 , 3 , ) , }\n",
        "{'descr': '<i4', 'fortran_order': False, 'shape': (2L, 3L), }"}) {
    const std::string file = npy(dict, 24);
    const auto view = read_npy(bytes_of(file));
    ASSERT_TRUE(view) << dict << ": " << view.error().message();
    EXPECT_EQ(view->shape(), (Extents{2, 3}));
    EXPECT_EQ(view->type().code(), "<i4");
  }
  EXPECT_EQ(read_npy(bytes_of(npy("{'descr': '<i4', 'fortran_order': True, 'shape': (2, 3)}", 24)))
                ->order(),
            ElementOrder::column_major);
  EXPECT_TRUE(read_npy(bytes_of(npy("{'descr': '<i4', 'fortran_order': True, 'shape': ()}", 4)))
                  ->shape()
                  .empty());
  EXPECT_TRUE(
      read_npy(bytes_of(npy("{'descr': '<i4', 'fortran_order': True, 'shape': (2, 3)}", 24, 3))));
  EXPECT_EQ(
      read_npy(bytes_of(npy("{'descr': '<i4', 'fortran_order': True, 'shape': (2L, 3)}", 24, 3)))
          .error()
          .code(),
      ErrorCode::malformed);
}

TEST(Npy, other_headers_are_refused_with_code_and_offset) {
  using enum ErrorCode;
  const Refused rows[] = {
      {"", malformed, 10},
      {"[]", malformed, 10},
      {"{}", malformed, 12},
      {"{'descr': '<i4', 'fortran_order': False, 'shape': (2, 3)", malformed, 66},
      {"{'descr': '<i4', 'fortran_order': False, 'shape': (2, 3)} x", malformed, 68},
      {"{'descr': '<i4', 'fortran_order': False, 'shape': (2, 3), 'x': 1}", malformed, 72},
      {"{'descr': '<i4', 'fortran_order': False}", malformed, 50},
      {"{'descr': '<i4', 'descr': '<i4', 'fortran_order': False, 'shape': (6,)}", malformed, 35},
      {"{'descr' '<i4', 'fortran_order': False, 'shape': (6,)}", malformed, 19},
      {"{'descr': '<i4' 'fortran_order': False, 'shape': (6,)}", malformed, 26},
      {"{'descr': '\\x3ci4', 'fortran_order': False, 'shape': (6,)}", malformed, 21},
      {"{'descr': '<i4', 'fortran_order': 0, 'shape': (6,)}", malformed, 44},
      {"{'descr': '<i4', 'fortran_order': False, 'shape': (6)}", malformed, 63},
      {"{'descr': '<i4', 'fortran_order': False, 'shape': [6]}", malformed, 60},
      {"{'descr': '<i4', 'fortran_order': False, 'shape': (-6,)}", malformed, 61},
      {"{'descr': '<i4', 'fortran_order': False, 'shape': (06,)}", malformed, 61},
      {"{'descr': '<i4', 'fortran_order': False, 'shape': (6.0,)}", malformed, 62},
      {"{'descr': '<i4', 'fortran_order': False, 'shape': (2 3)}", malformed, 63},
      {"{'descr': '<i4', 'fortran_order': False, 'shape': (99999999999999999999,)}", size_limit,
       61},
      {"{'descr': '<i4', 'fortran_order': False, 'shape': (4294967296, 4294967296)}", size_limit,
       10},
      {"{'descr': '|O', 'fortran_order': False, 'shape': (6,)}", refused, 20},
      {"{'descr': [('a', '<i4')], 'fortran_order': False, 'shape': (6,)}", unsupported, 20},
      {"{'descr': '<M8[s]', 'fortran_order': False, 'shape': (6,)}", unsupported, 20},
      {"__import__('os').system('x')", malformed, 10},
  };
  for (const Refused& row : rows) {
    const std::string file = npy(row.dict, 24);
    const auto view = read_npy(bytes_of(file));
    ASSERT_FALSE(view) << row.dict;
    EXPECT_EQ(view.error().code(), row.code) << row.dict << ": " << view.error().message();
    EXPECT_EQ(view.error().offset(), row.offset) << row.dict << ": " << view.error().message();
  }
}

TEST(Npy, a_file_that_stops_or_goes_on_anywhere_is_refused) {
  for (const NpyVersion version : {NpyVersion::v1, NpyVersion::v2, NpyVersion::v3}) {
    Bytes file = to_npy(numbers({2, 3}).view(), version);
    EXPECT_EQ((file.size() - 24) % 64, 0u);
    for (std::size_t size = 0; size < file.size(); ++size) {
      const auto view = read_npy(std::span<const std::byte>(file).first(size));
      ASSERT_FALSE(view);
      EXPECT_EQ(view.error().code(), ErrorCode::unexpected_end) << size;
      EXPECT_EQ(view.error().offset(), size);
    }
    const std::size_t size = file.size();
    EXPECT_EQ(*read_npy(file), numbers({2, 3}).view());
    file.insert(file.end(), file.begin(), file.end());
    EXPECT_EQ(read_npy(file).error().code(), ErrorCode::trailing_data);
    EXPECT_EQ(read_npy_prefix(file)->size, size);
    EXPECT_EQ(read_npy_header(file)->layout.shape(), (Extents{2, 3}));
  }
  EXPECT_EQ(read_npy(bytes_of("\x93NUMPX\x01")).error().offset(), 5u);
  EXPECT_EQ(read_npy(bytes_of(npy("{}", 0, 4))).error().code(), ErrorCode::unsupported);
  Buffer appended(std::string_view("x"));
  append_npy(numbers({2, 3}).view(), appended);
  EXPECT_EQ(*read_npy(appended.bytes().subspan(1)), numbers({2, 3}).view());
}

TEST(Npy, limits_are_held) {
  const Bytes file = to_npy(numbers({2, 3}).view());
  EXPECT_EQ(read_npy(file, {.header_bytes = 64}).error().code(), ErrorCode::size_limit);
  EXPECT_EQ(read_npy(file, {.dimensions = 1}).error().code(), ErrorCode::size_limit);
  EXPECT_EQ(read_npy(file, {.data_bytes = 23}).error().code(), ErrorCode::size_limit);
  EXPECT_TRUE(read_npy(file, {.dimensions = 2, .data_bytes = 24, .header_bytes = 128}));
}

}  // namespace
}  // namespace structwire::ndarray
