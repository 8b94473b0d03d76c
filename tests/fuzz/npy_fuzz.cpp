// SPDX-License-Identifier: Apache-2.0
//
// An input is a `.npy` file, several behind each other, or a dtype. What is refused says why and
// where; what is accepted comes back from its own file in every version, and from its state, and
// views never read beyond the input (ASan). Nearly empty inputs become files.

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <string_view>

#include <structwire/ndarray.hpp>

namespace {

using namespace structwire;
using namespace structwire::ndarray;

constexpr ArrayLimits limits{.dimensions = 16, .data_bytes = 1u << 20, .header_bytes = 4096};

void check_array(const View& view) {
  STRUCTWIRE_ASSERT(view.bytes().size() == view.layout().size_bytes() &&
                    view.size() <= view.bytes().size());
  for (const NpyVersion version : {NpyVersion::v1, NpyVersion::v2, NpyVersion::v3}) {
    const Bytes file = to_npy(view, version);
    STRUCTWIRE_ASSERT((file.size() - view.bytes().size()) % 64 == 0);
    const auto again = read_npy(file);
    STRUCTWIRE_ASSERT(again.has_value() && *again == view);
  }
  const StateWithArray state = to_state(view);
  const auto from_state = view_of(state);
  STRUCTWIRE_ASSERT(from_state.has_value() && from_state->shape() == view.shape());
  STRUCTWIRE_ASSERT(from_state->type() == view.type());
  const auto plain = Array::plain_copy_of(view);
  const auto plain_state = Array::plain_copy_of(*from_state);
  STRUCTWIRE_ASSERT(plain.has_value() && plain_state.has_value() && *plain == *plain_state);
  if (const auto texts = view.to_texts()) STRUCTWIRE_ASSERT(texts->size() == view.size());
  if (const auto flags = view.as<bool>()) STRUCTWIRE_ASSERT(flags->size() == view.size());
}

void check_dtype(std::string_view text) {
  const auto type = ElementType::parse(text);
  if (!type) {
    STRUCTWIRE_ASSERT(!type.error().message().empty());
    return;
  }
  STRUCTWIRE_ASSERT(type->is_supported());
  STRUCTWIRE_ASSERT(*ElementType::parse(type->code()) == *type &&
                    *ElementType::parse(type->name()) == *type);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  auto rest = std::as_bytes(std::span(data, size));
  check_dtype({reinterpret_cast<const char*>(data), size});
  while (true) {
    const auto array = read_npy_prefix(rest, limits);
    if (!array) {
      STRUCTWIRE_ASSERT(array.error().offset().has_value() &&
                        *array.error().offset() <= rest.size());
      return 0;
    }
    check_array(array->view);
    rest = rest.subspan(array->size);
  }
}

extern "C" std::size_t LLVMFuzzerMutate(std::uint8_t* data, std::size_t size, std::size_t size_max);

// A file to start from; from any other, the length of its header made right again half the time,
// which a mutation would hardly ever hit.
extern "C" std::size_t LLVMFuzzerCustomMutator(std::uint8_t* data, std::size_t size,
                                               std::size_t size_max, unsigned seed) {
  if (size < 8 && size_max >= 256) {
    static constexpr std::string_view types[] = {"<f8", ">i2", "|b1", "|S3", "<U2", "<c8"};
    const Extents shape(seed % 4, 1 + seed / 4 % 3);
    const ElementOrder order =
        seed / 16 % 2 == 0 ? ElementOrder::row_major : ElementOrder::column_major;
    const auto layout =
        Layout::make(*ElementType::parse(types[seed / 32 % std::size(types)]), shape, order);
    const auto array = Array::zeros(*layout);
    const Bytes file = to_npy(array->view(), static_cast<NpyVersion>(1 + seed / 256 % 3));
    size = std::min(file.size(), size_max);
    std::memcpy(data, file.data(), size);
    return size;
  }
  size = LLVMFuzzerMutate(data, size, size_max);
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  if (seed % 2 == 0 && size > 10 && data[6] == 1) {
    const std::size_t end = text.find('\n');
    if (end != text.npos && end >= 10) {
      data[8] = static_cast<std::uint8_t>((end - 9) & 0xFF);
      data[9] = static_cast<std::uint8_t>((end - 9) >> 8);
    }
  }
  return size;
}
