// SPDX-License-Identifier: Apache-2.0
//
// The first two bytes of an input choose a type and options, the others are JSON Lines. All lines
// at once, one after another, and each by itself come to the same values and errors, but that all at once take the
// memory of all; what is written is read again, and has a line for each value.

#include <algorithm>
#include <string>
#include <vector>

#include <tests/fuzz/fuzz_choice.hpp>

namespace {

using namespace structwire;
using namespace structwire::testing;

template <class T>
void check_written(const std::vector<T>& values) {
  const auto text = json::encode_lines(values);
  STRUCTWIRE_ASSERT(text.has_value());
  STRUCTWIRE_ASSERT(std::ranges::count(*text, '\n') == std::ssize(values));
  if (const auto back = json::decode_lines<T>(*text); back && fuzz::alike(*back, values)) return;
  Value held;
  // Raws are compared as Values; where one holds a number that no Value can, only their bytes are left, and
  // encode_lines puts blanks for ends of lines.
  if (const auto held_all = to_value_into(values, held); !held_all) {
    STRUCTWIRE_ASSERT(held_all.error().code() == ErrorCode::number_out_of_range);
    return;
  }
  STRUCTWIRE_ASSERT(fuzz::has_number_without_json(held));
}

// A line by itself: the same value, or the same complaint.
template <class T>
void check_first_line(std::string_view line, const DecodeOptions& options,
                      const Result<std::vector<T>>& lines) {
  T alone{};
  if (!json::decode_into(line, alone, options) || !lines || lines->empty()) return;
  STRUCTWIRE_ASSERT(fuzz::alike(alone, lines->front()));
}

template <class T>
void check_lines(std::string_view text, const DecodeOptions& options) {
  const auto lines = json::decode_lines<T>(text, options);
  std::vector<T> seen;
  const auto each =
      json::for_each_line<T>(text, [&](T&& value) { seen.push_back(std::move(value)); }, options);
  if (!lines && lines.error().code() == ErrorCode::size_limit) return check_written(seen);
  STRUCTWIRE_ASSERT(each.has_value() == lines.has_value());
  if (each) {
    STRUCTWIRE_ASSERT(fuzz::alike(seen, *lines));
    check_first_line(text.substr(0, text.find('\n')), options, lines);
  } else {
    STRUCTWIRE_ASSERT(each.error().message() == lines.error().message());
    STRUCTWIRE_ASSERT(each.error().offset() == lines.error().offset());
    fuzz::check_error(each.error(), text.size());
    STRUCTWIRE_ASSERT(each.error().path().starts_with("$[" + std::to_string(seen.size()) + "]"));
  }
  check_written(seen);
}

void check_input(std::span<const std::byte> input) {
  const ExactBytes copy(input.subspan(2));
  const std::string_view text(reinterpret_cast<const char*>(copy.bytes().data()),
                              copy.bytes().size());
  const DecodeOptions options = fuzz::options_of(static_cast<std::uint8_t>(input[1]));
  fuzz::with_type(static_cast<std::size_t>(input[0]),
                  [&]<class T>(std::type_identity<T>) { check_lines<T>(text, options); });
}

// All seeds of a type, a line each.
Buffer seed_input(unsigned seed) {
  const std::span<const fuzz::Seed> all = fuzz::seeds();
  const std::size_t type = all[seed % all.size()].type;
  Buffer out = fuzz::chosen_by(static_cast<std::uint8_t>(type),
                               static_cast<std::uint8_t>(seed / all.size()), {});
  for (const fuzz::Seed& each : all) {
    if (each.type == type) out.append(Buffer(std::string(each.json) + '\n').bytes());
  }
  return out;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size >= 2) check_input(std::as_bytes(std::span(data, size)));
  return 0;
}
STRUCTWIRE_FUZZ_SEEDS(seed_input)
