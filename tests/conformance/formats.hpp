// SPDX-License-Identifier: Apache-2.0
#pragma once

// One row per format. The suites beside this file run over every row and ask its Traits, never its
// name.
//
// A row says:
//   name                     for messages
//   Reader                   its traits
//   Encoded, is_bytes        what an encoding is; suites that damage bytes run where it is bytes
//   encode(value, depth)     depth: levels allowed, so that too deep inputs can be made
//   decode_into(encoded, out, options)
//   hostile()                where it is bytes: inputs that announce far more than they hold

#include <concepts>
#include <cstddef>
#include <initializer_list>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <structwire/core/convert.hpp>
#include <structwire/json.hpp>
#include <structwire/msgpack.hpp>
#include <tests/support/exact_bytes.hpp>
#include <tests/support/numbered/reader.hpp>
#include <tests/support/numbered/writer.hpp>
#include <tests/support/positional/reader.hpp>
#include <tests/support/positional/writer.hpp>
#include <tests/support/tokens/reader.hpp>
#include <tests/support/tokens/writer.hpp>

namespace structwire::testing {

/// What the rows of formats of bytes share. Inputs are handed over in blocks of exactly their size.
template <class FormatReader, class Writer>
struct BytesFormat {
  using Reader = FormatReader;
  using Encoded = Buffer;
  static constexpr bool is_bytes = true;

  template <class T>
  STRUCTWIRE_NOINLINE static Result<Buffer> encode(const T& value,
                                                   unsigned depth = WriterState::depth_max) {
    Buffer out;
    WriterState state;
    state.strict = true;
    state.depth_limit = depth;
    if (auto encoded = append_encoded<Writer>(value, out, state); !encoded) {
      return std::unexpected(std::move(encoded.error()));
    }
    return out;
  }

  template <class T>
  STRUCTWIRE_NOINLINE static Result<void> decode_into(std::span<const std::byte> bytes, T& out,
                                                      const DecodeOptions& options = {}) {
    const ExactBytes input(bytes);
    Reader reader = make_reader(input.bytes(), options);
    const Result<void> decoded = decode_whole(reader, out);
    // What borrows must own before the input goes.
    if constexpr (requires { out.own(); }) out.own();
    return decoded;
  }

 private:
  static Reader make_reader(std::span<const std::byte> bytes, const DecodeOptions& options) {
    if constexpr (std::constructible_from<Reader, std::string_view, const DecodeOptions&>) {
      return Reader(std::string_view(reinterpret_cast<const char*>(bytes.data()), bytes.size()),
                    options);
    } else {
      return Reader(bytes, options);
    }
  }
};

inline Buffer from_text(std::string_view text) { return Buffer(text); }
inline Buffer from_bytes(std::initializer_list<int> values) {
  Buffer out;
  for (const int value : values) {
    const auto byte = static_cast<std::byte>(value);
    out.append(std::span(&byte, 1));
  }
  return out;
}

struct Json : BytesFormat<json::Reader, json::Writer> {
  static constexpr const char* name = "json";
  static std::vector<Buffer> hostile() {
    return {from_text(std::string(5000, '[')),       from_text(std::string(5000, '{')),
            from_text("\"" + std::string(400, 'x')), from_text(std::string(5000, '1')),
            from_text("1e" + std::string(400, '9')), from_text("[" + std::string(400, ' '))};
  }
};

struct MessagePack : BytesFormat<msgpack::Reader, msgpack::Writer> {
  static constexpr const char* name = "msgpack";
  static std::vector<Buffer> hostile() {
    std::vector<Buffer> inputs;
    for (const int opcode : {0xc6, 0xc9, 0xdb, 0xdd, 0xdf}) {
      inputs.push_back(from_bytes({opcode, 0xff, 0xff, 0xff, 0xff}));
      inputs.push_back(from_bytes({opcode, 0x01, 0x00, 0x00, 0x00, 0x01, 0x01}));
      inputs.push_back(from_bytes({opcode, 0x7f, 0xff, 0xff, 0xff, 0x90, 0x90, 0x90, 0x90}));
      inputs.push_back(
          from_bytes({0x92, opcode, 0x03, 0x00, 0x00, 0x00, 0xdd, 0x03, 0x00, 0x00, 0x00}));
    }
    inputs.push_back(from_text(std::string(5000, '\x91')));
    return inputs;
  }
};

struct Numbered : BytesFormat<numbered::Reader, numbered::Writer> {
  static constexpr const char* name = "numbered";
  static std::vector<Buffer> hostile() {
    return {from_bytes({0x0a, 0xff, 0xff, 0xff, 0xff, 0x0f, 0x00}),
            from_bytes({0x0a, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01}),
            from_bytes({0x0a, 0x05, 0x0a, 0xff, 0xff, 0xff, 0x7f}),
            from_bytes({0x0a, 0x80, 0x80, 0x80, 0x80})};
  }
};

struct Positional : BytesFormat<positional::Reader, positional::Writer> {
  static constexpr const char* name = "positional";
  static std::vector<Buffer> hostile() {
    return {from_bytes({0xfe, 0xff, 0xff, 0x3f}), from_bytes({0xfe, 0xff, 0xff, 0x3f, 0x02, 0x02}),
            from_bytes({0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01, 0x02}),
            from_bytes({0xff, 0xff, 0xff, 0x1f, 0x02, 0x02, 0x02}),
            from_bytes({0x80, 0x80, 0x80, 0x80})};
  }
};

struct InMemory {
  using Reader = ValueReader;
  using Encoded = Value;
  static constexpr const char* name = "value";
  static constexpr bool is_bytes = false;

  template <class T>
  STRUCTWIRE_NOINLINE static Result<Value> encode(const T& value,
                                                  unsigned depth = WriterState::depth_max) {
    WriterState state;
    state.depth_limit = depth;
    ValueWriter writer(state);
    if (auto written = encode_whole(writer, value, state); !written)
      return std::unexpected(std::move(written.error()));
    return writer.take();
  }
  template <class T>
  STRUCTWIRE_NOINLINE static Result<void> decode_into(const Value& value, T& out,
                                                      DecodeOptions options = {}) {
    options.raw_format = &msgpack::format();
    return convert_into(value, out, options);
  }
};

struct TokenList {
  using Reader = tokens::Reader;
  using Encoded = tokens::Tokens;
  static constexpr const char* name = "tokens";
  static constexpr bool is_bytes = false;

  template <class T>
  STRUCTWIRE_NOINLINE static Result<tokens::Tokens> encode(
      const T& value, unsigned depth = WriterState::depth_max) {
    WriterState state;
    state.depth_limit = depth;
    tokens::Writer writer(state);
    if (auto written = encode_whole(writer, value, state); !written)
      return std::unexpected(std::move(written.error()));
    return writer.take();
  }
  template <class T>
  STRUCTWIRE_NOINLINE static Result<void> decode_into(const tokens::Tokens& tokens, T& out,
                                                      const DecodeOptions& options = {}) {
    return tokens::decode_into(tokens, out, options);
  }
};

}  // namespace structwire::testing
