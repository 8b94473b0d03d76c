// SPDX-License-Identifier: Apache-2.0
//
// The incremental reader against decoding the whole input. The first bytes of an input choose a
// type, options, a format and a framing, and how the others are cut. Fed in these pieces, all at
// once, and on two threads, they come to the same values and the same error; but for what the guide
// says, they are those of the whole input in memory.

#include <algorithm>
#include <string>
#include <vector>

#include <structwire/streams.hpp>
#include <tests/fuzz/fuzz_choice.hpp>

namespace {

using namespace structwire;
using namespace structwire::testing;

constexpr std::size_t head = 4;

struct Cuts {
  std::uint8_t size;
  std::size_t operator()(std::size_t piece) const {
    return 1 + (size + piece * 7 * (size & 3)) % 61;
  }
};

template <class T>
struct Seen {
  std::vector<T> values;
  std::string error;
  ErrorCode code = ErrorCode::none;

  void stop(const Error& why) {
    code = why.code();
    error = std::to_string(why.offset().value_or(0)) + ' ' + why.path() + ' ' + why.message();
  }
};

template <class Codec, class T>
Seen<T> fed(std::span<const std::byte> bytes, Framing framing, const DecodeOptions& options,
            Cuts cuts) {
  Seen<T> seen;
  Feed<Codec> feed(framing, options);
  for (std::size_t piece = 0;;) {
    T value{};
    const Result<Next> next = feed.next(value);
    if (!next) {
      seen.stop(next.error());
      return seen;
    }
    if (*next == Next::end) return seen;
    if (*next == Next::value) {
      seen.values.push_back(std::move(value));
    } else if (bytes.empty()) {
      feed.finish();
    } else {
      const std::size_t size = std::min(cuts(piece++), bytes.size());
      STRUCTWIRE_ASSERT(feed.feed(bytes.first(size)).has_value());
      bytes = bytes.subspan(size);
    }
  }
}

template <class Codec, class T>
Seen<T> by_threads(std::span<const std::byte> bytes, Framing framing, const DecodeOptions& options,
                   Cuts cuts) {
  Seen<T> seen;
  const auto done = decode_in_parallel<Codec, T>(
      read_from(bytes), [&](T&& value) { seen.values.push_back(std::move(value)); },
      {.framing = framing, .chunk_bytes = cuts(0)}, options,
      {.threads = 2, .batch_bytes = cuts(1)});
  if (!done) seen.stop(done.error());
  return seen;
}

template <class Codec, class T>
void check_against_memory(std::span<const std::byte> bytes, Framing framing,
                          const DecodeOptions& options, const Seen<T>& seen) {
  using Reader = typename Codec::Reader;
  Seen<T> whole;
  const auto input = reader_input<Reader>(bytes);
  const Result<void> decoded = framing == Framing::array
                                   ? decode_with<Reader>(input, whole.values, options)
                                   : decode_each<Reader, T>(input, options, [&](T&& value) {
                                       whole.values.push_back(std::move(value));
                                     });
  if (!decoded) whole.stop(decoded.error());
  // Limits of all values together, and what looks ahead at the end of the input.
  if (whole.code == ErrorCode::size_limit || whole.code == ErrorCode::unexpected_end ||
      seen.code == ErrorCode::size_limit) {
    return;
  }
  STRUCTWIRE_ASSERT(whole.error == seen.error);
  if (framing == Framing::values || decoded)
    STRUCTWIRE_ASSERT(fuzz::alike(whole.values, seen.values));
}

template <class Codec, class T>
void check_streams(std::span<const std::byte> bytes, Framing framing, const DecodeOptions& options,
                   Cuts cuts) {
  const Seen<T> seen = fed<Codec, T>(bytes, framing, options, cuts);
  const Seen<T> at_once = fed<Codec, T>(bytes, framing, options, {60});
  STRUCTWIRE_ASSERT(seen.error == at_once.error);
  STRUCTWIRE_ASSERT(fuzz::alike(seen.values, at_once.values));
  const Seen<T> threads = by_threads<Codec, T>(bytes, framing, options, cuts);
  STRUCTWIRE_ASSERT(seen.error == threads.error);
  STRUCTWIRE_ASSERT(fuzz::alike(seen.values, threads.values));
  check_against_memory<Codec>(bytes, framing, options, seen);
}

void check_input(std::span<const std::byte> input) {
  const auto choice = [&](std::size_t i) { return static_cast<std::uint8_t>(input[i]); };
  const ExactBytes copy(input.subspan(head));
  const DecodeOptions options = fuzz::options_of(choice(1));
  const Framing framing = (choice(2) & 1) != 0 ? Framing::array : Framing::values;
  const Cuts cuts{choice(3)};
  fuzz::with_type(choice(0), [&]<class T>(std::type_identity<T>) {
    if ((choice(2) & 2) != 0) {
      check_streams<msgpack::Codec, T>(copy.bytes(), framing, options, cuts);
    } else {
      check_streams<json::Codec, T>(copy.bytes(), framing, options, cuts);
    }
  });
}

// All seeds of a type, as values or as one array.
Buffer seed_input(unsigned seed) {
  const std::span<const fuzz::Seed> all = fuzz::seeds();
  const std::size_t type = all[seed % all.size()].type;
  const unsigned rest = seed / static_cast<unsigned>(all.size());
  const std::array chosen{static_cast<std::byte>(type), std::byte{0},
                          static_cast<std::byte>(rest & 3), static_cast<std::byte>(rest >> 2)};
  std::string text = (rest & 1) != 0 ? "[" : "";
  Buffer values;
  std::uint8_t count = 0;
  for (const fuzz::Seed& each : all) {
    if (each.type != type || count == 15) continue;
    if (count++ != 0) text += (rest & 1) != 0 ? "," : "\n";
    text += each.json;
    values.append(fuzz::in_messagepack(each));
  }
  if ((rest & 1) != 0) text += ']';
  Buffer out{std::span(chosen)};
  if ((rest & 2) == 0) {
    out.append(Buffer(text));
  } else {
    const auto array = static_cast<std::byte>(0x90 | count);
    if ((rest & 1) != 0) out.append(std::span(&array, 1));
    out.append(values);
  }
  return out;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size >= head) check_input(std::as_bytes(std::span(data, size)));
  return 0;
}
STRUCTWIRE_FUZZ_SEEDS(seed_input)
