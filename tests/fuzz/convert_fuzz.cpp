// SPDX-License-Identifier: Apache-2.0
//
// The first two bytes of an input choose a type and options, the others are MessagePack. What they
// hold becomes a Value, the Value an object, and the object a Value again; on the way the direct
// decoding must come to the same.

#include <tests/fuzz/fuzz_choice.hpp>

namespace {

using namespace structwire;
using namespace structwire::testing;

DecodeOptions convert_options(DecodeOptions options) {
  options.raw_format = &msgpack::format();
  return options;
}

template <class T>
bool converts_back(const T& value, const EncodeOptions& options) {
  Value held;
  T back{};
  return to_value_into(value, held, options) && convert_into(held, back, convert_options({})) &&
         fuzz::alike(value, back);
}

// Sorted, converted back and sorted again: the same bytes.
template <class T>
bool keeps_order(const T& value) {
  const EncodeOptions sorted{.order = Order::sorted};
  T back{};
  Value held;
  Value again;
  Buffer bytes;
  Buffer bytes_again;
  return to_value_into(value, held, sorted) && convert_into(held, back, convert_options({})) &&
         to_value_into(back, again, sorted) && msgpack::append_to(held, bytes) &&
         msgpack::append_to(again, bytes_again) && bytes == bytes_again;
}

// A Value may come from JSON, so that convert takes base64 text for bytes, which MessagePack does not.
bool is_text_for_bytes(const Error& error) {
  return error.got() == "str" && error.expected().find("bytes") != std::string::npos;
}

// Directly decoded, the same comes out. Refusals have MessagePack's own words, and where
// alternatives are tried its offsets choose another one's; limits count what each way holds
// meanwhile, so that tight ones can stop either alone.
template <class T>
void check_direct(std::span<const std::byte> bytes, const DecodeOptions& options,
                  const Result<void>& in_memory, const T& converted) {
  T decoded{};
  const auto direct = msgpack::decode_into(bytes, decoded, options);
  if (in_memory && direct) {
    STRUCTWIRE_ASSERT(fuzz::alike(converted, decoded));
  } else if (!fuzz::limits_are_tight(options)) {
    STRUCTWIRE_ASSERT(!direct && (!in_memory || is_text_for_bytes(direct.error())));
  }
}

template <class T>
void check_convert(const Value& value, std::span<const std::byte> bytes,
                   const DecodeOptions& options) {
  T converted{};
  const auto in_memory = convert_into(value, converted, convert_options(options));
  check_direct(bytes, options, in_memory, converted);
  if (!in_memory) {
    STRUCTWIRE_ASSERT(!in_memory.error().message().empty() && !in_memory.error().offset());
    return;
  }
  STRUCTWIRE_ASSERT(converts_back(converted, {}));
  STRUCTWIRE_ASSERT(converts_back(converted, {.order = Order::sorted}));
  STRUCTWIRE_ASSERT(keeps_order(converted));
}

void check_input(std::span<const std::byte> input) {
  const auto rest = input.subspan(2);
  const auto value = msgpack::decode<Value>(rest);
  if (!value) return;
  const DecodeOptions options = fuzz::options_of(static_cast<std::uint8_t>(input[1]));
  fuzz::with_type(static_cast<std::size_t>(input[0]),
                  [&]<class T>(std::type_identity<T>) { check_convert<T>(*value, rest, options); });
}

Buffer seed_input(unsigned seed) {
  const std::span<const fuzz::Seed> all = fuzz::seeds();
  const fuzz::Seed& chosen = all[seed % all.size()];
  return fuzz::chosen_by(static_cast<std::uint8_t>(chosen.type),
                         static_cast<std::uint8_t>(seed / all.size()),
                         fuzz::in_messagepack(chosen).bytes());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size >= 2) check_input(std::as_bytes(std::span(data, size)));
  return 0;
}
STRUCTWIRE_FUZZ_SEEDS(seed_input)
