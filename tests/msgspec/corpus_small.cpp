// SPDX-License-Identifier: Apache-2.0

// Single leaves, headers of every size, and extensions.

#include <bit>
#include <charconv>
#include <map>

#include <structwire/contract/sha256.hpp>
#include <tests/msgspec/corpus_operations.hpp>

namespace structwire::testing::corpus {

/// The corpus's extension with code 1: two doubles, the least significant byte first.
struct Complex {
  double real = 0;
  double imaginary = 0;
};

}  // namespace structwire::testing::corpus

template <>
struct structwire::extension_for<structwire::testing::corpus::Complex> {
  using Complex = structwire::testing::corpus::Complex;
  static constexpr std::int8_t code = 1;
  static Bytes to_bytes(const Complex& value) {
    Bytes bytes;
    for (const double part : {value.real, value.imaginary}) {
      const auto bits = std::bit_cast<std::uint64_t>(part);
      for (int shift = 0; shift < 64; shift += 8)
        bytes.push_back(static_cast<std::byte>(bits >> shift & 255));
    }
    return bytes;
  }
  static std::expected<Complex, std::string> from_bytes(std::span<const std::byte> bytes) {
    if (bytes.size() != 16) return std::unexpected("bad complex");
    const auto part = [&](std::size_t from) {
      std::uint64_t bits = 0;
      for (std::size_t i = 8; i-- > 0;)
        bits = bits << 8 | std::to_integer<std::uint64_t>(bytes[from + i]);
      return std::bit_cast<double>(bits);
    };
    return Complex{part(0), part(8)};
  }
};
template <>
struct structwire::extension_code<1> {
  using type = structwire::testing::corpus::Complex;
};

namespace structwire::testing::corpus {
namespace {

Value complex_notation(const Complex& value) {
  return notation_of(std::complex<double>(value.real, value.imaginary));
}

// What a program makes of the extensions that it finds in a dynamic value.
Value with_complex(const Value& value, std::optional<Error>& error) {
  if (const auto* ext = value.get_if<Ext>(); ext != nullptr && (ext->code == 1 || ext->code == 2)) {
    // The first refusal is the one that is told.
    if (error) return {};
    if (ext->code == 2) {
      error = Error(ErrorCode::refused, "code 2 refused");
      return {};
    }
    const auto made = extension_for<Complex>::from_bytes(ext->data);
    if (made) return complex_notation(*made);
    error = Error(ErrorCode::refused, made.error());
    return {};
  }
  if (const auto* items = value.get_if<Value::Array>()) {
    Value::Array made;
    for (const Value& item : *items) made.push_back(with_complex(item, error));
    return Value(std::move(made));
  }
  if (const auto* map = value.get_if<Value::Map>()) {
    std::vector<std::pair<Value, Value>> entries;
    for (const auto& [key, mapped] : *map) {
      Value shown = with_complex(key, error);
      entries.emplace_back(std::move(shown), with_complex(mapped, error));
    }
    return notation_of_map(std::move(entries));
  }
  return notation_of_dynamic(value);
}

template <class T>
Value extension_notation(const T& value, std::optional<Error>& error) {
  if constexpr (std::is_same_v<T, Value>) {
    return with_complex(value, error);
  } else if constexpr (std::is_same_v<T, Complex>) {
    return complex_notation(value);
  } else if constexpr (std::is_same_v<T, Ext>) {
    return notation_of(value);
  } else {
    Value::Array made;
    for (const Complex& item : value) made.push_back(complex_notation(item));
    return Value(std::move(made));
  }
}

template <class T>
Verdict run_extension(const Row& row) {
  Outcome ours;
  auto decoded = msgpack::decode<T>(bytes_of(input_of(row)));
  if (decoded) {
    ours.value = extension_notation(*decoded, ours.error);
  } else {
    ours.error = std::move(decoded.error());
  }
  if (ours.error) {
    ours.same = is_error(row, ours.error);
    return ours;
  }
  Buffer buffer;
  if (auto encoded = msgpack::append_to(*decoded, buffer); !encoded)
    ours.encode_error = std::move(encoded.error());
  ours.output = std::string(buffer.text());
  ours.output_format = "msgpack";
  ours.same = row.ok && row.value && is_value(*row.value, ours) && is_output(row, ours);
  return ours;
}

template <class T>
std::string packed(const T& value) {
  Buffer buffer;
  (void)msgpack::append_to(value, buffer);
  return std::string(buffer.text());
}

template <class T>
Verdict expect_text(const T& ours, const T& theirs) {
  if constexpr (std::is_same_v<T, std::string>) {
    return expect(ours == theirs, ours);
  } else {
    return expect(ours == theirs, std::to_string(ours));
  }
}

// Leaves have one answer in each format.
template <class T>
Verdict expect_leaf(const Row& row, const T& value) {
  return expect_text(json::encode(value) + ' ' + to_hex(packed(value)),
                     row.json + ' ' + row.msgpack);
}

std::string header_of(std::string_view bytes, std::size_t size) {
  return to_hex(bytes.substr(0, size));
}
std::string digest_of(std::string_view bytes) {
  const auto digest = sha256::digest(bytes);
  return to_hex({reinterpret_cast<const char*>(digest.data()), digest.size()});
}

}  // namespace

Verdict run_ext_hook(const Row& row) {
  if (row.type == "any") return run_extension<Value>(row);
  if (row.type == "ext") return run_extension<Ext>(row);
  if (row.type == "complex") return run_extension<Complex>(row);
  if (row.type == "list<complex>") return run_extension<std::vector<Complex>>(row);
  return unknown_type(row.type);
}

Verdict run_float_encode(const Row& row) {
  std::uint64_t bits = 0;
  std::from_chars(row.bits.data(), row.bits.data() + row.bits.size(), bits, 16);
  return expect_text(json::encode(std::bit_cast<double>(bits)), row.json);
}

Verdict run_msgpack_f32_decode(const Row& row) {
  const std::string input = from_hex(row.input.value_or(""));
  const auto decoded = msgpack::decode<double>(bytes_of(input));
  return expect_text(decoded ? json::encode(*decoded) : decoded.error().message(), row.json);
}

Verdict run_string_encode(const Row& row) { return expect_leaf(row, from_hex(row.utf8_hex)); }

Verdict run_string_encode_repeat(const Row& row) {
  std::string text;
  for (std::uint64_t i = 0; i < row.count; ++i) text += row.letter;
  const std::string as_json = json::encode(text);
  const std::string as_msgpack = packed(text);
  const auto all = [](const auto&... part) { return ((part + ' ') + ...); };
  return expect_text(
      all(header_of(as_msgpack, 5), std::to_string(as_json.size()),
          std::to_string(as_msgpack.size()), digest_of(as_json), digest_of(as_msgpack)),
      all(row.msgpack_header, std::to_string(row.json_len), std::to_string(row.msgpack_len),
          row.json_sha256, row.msgpack_sha256));
}

Verdict run_sizes(const Row& row) {
  const std::string array = packed(std::vector<std::int64_t>(row.count));
  std::map<std::int64_t, std::int64_t> map;
  for (std::uint64_t i = 0; i < row.count; ++i) map[static_cast<std::int64_t>(i)] = 0;
  const auto all = [](const auto&... part) { return ((part + ' ') + ...); };
  return expect_text(
      all(header_of(array, 5), std::to_string(array.size()), header_of(packed(map), 5),
          header_of(packed(Bytes(row.count)), 5), header_of(packed(Ext{5, Bytes(row.count)}), 6)),
      all(row.array_of_zero_header, std::to_string(row.array_len), row.map_int_header,
          row.bin_header, row.ext5_header));
}

Verdict run_int_encode(const Row& row) {
  const Value number = to_plain(tagged("int", Value(row.integer))).value;
  if (const auto* small = number.get_if<std::int64_t>()) return expect_leaf(row, *small);
  if (const auto* large = number.get_if<std::uint64_t>()) return expect_leaf(row, *large);
  return expect(false, "an integer that C++ does not have");
}

}  // namespace structwire::testing::corpus
