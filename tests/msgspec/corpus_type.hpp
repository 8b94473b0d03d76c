// SPDX-License-Identifier: Apache-2.0
#pragma once

// A type of the msgspec corpus behind its id: everything that rows do with a type, without naming
// it.

#include <memory>
#include <span>
#include <string_view>
#include <vector>

#include <structwire/contract/describe.hpp>
#include <structwire/core/convert.hpp>
#include <structwire/core/equal.hpp>
#include <structwire/json.hpp>
#include <structwire/msgpack.hpp>
#include <tests/msgspec/corpus_notation.hpp>

namespace structwire::testing::corpus {

/// A decoded value of one of the types.
class Held {
 public:
  virtual ~Held() = default;
  virtual Result<Buffer> encode(const Format& format, const EncodeOptions& options) const = 0;
  virtual Result<Value> to_value(const EncodeOptions& options) const = 0;
  /// Same type and equal by value.
  virtual bool equals(const Held& other) const = 0;
  virtual Result<void> encode_at(const Format& format, Buffer& out, std::size_t offset) const = 0;
  virtual Result<void> append(const Format& format, Buffer& out) const = 0;
  /// In the notation of the corpus.
  virtual Value notation() const = 0;
};
/// Several values behind each other.
class HeldLines {
 public:
  virtual ~HeldLines() = default;
  virtual Result<std::string> encode() const = 0;
  virtual Value notation() const = 0;
};
using HeldResult = Result<std::unique_ptr<Held>>;
using LinesResult = Result<std::unique_ptr<HeldLines>>;

struct CorpusType {
  std::string_view id;
  HeldResult (*decode)(const Format& format, std::span<const std::byte> bytes,
                       const DecodeOptions& options);
  HeldResult (*convert)(const Value& value, const DecodeOptions& options);
  LinesResult (*decode_lines)(std::string_view text, const DecodeOptions& options);
  contract::Schema (*describe)();
};

template <class T>
class HeldAs : public Held {
 public:
  T value{};

  Result<Buffer> encode(const Format& format, const EncodeOptions& options) const override {
    Buffer out;
    auto encoded = &format == &json::format() ? json::append_to(value, out, options)
                                              : msgpack::append_to(value, out, options);
    if (!encoded) return std::unexpected(std::move(encoded.error()));
    return out;
  }
  Result<Value> to_value(const EncodeOptions& options) const override {
    Value out;
    if (auto made = to_value_into(value, out, options); !made)
      return std::unexpected(std::move(made.error()));
    return out;
  }
  bool equals(const Held& other) const override {
    const auto* same = dynamic_cast<const HeldAs*>(&other);
    return same != nullptr && equal(value, same->value);
  }
  Result<void> encode_at(const Format& format, Buffer& out, std::size_t offset) const override {
    return &format == &json::format() ? json::encode_into(value, out, offset)
                                      : msgpack::encode_into(value, out, offset);
  }
  Result<void> append(const Format& format, Buffer& out) const override {
    return &format == &json::format() ? json::append_to(value, out)
                                      : msgpack::append_to(value, out);
  }
  Value notation() const override { return corpus::notation(value); }
};

template <class T>
class LinesOf : public HeldLines {
 public:
  std::vector<T> values;

  Result<std::string> encode() const override { return json::encode_lines(values); }
  Value notation() const override {
    Value::Array made;
    for (const T& value : values) made.push_back(corpus::notation(value));
    return Value(std::move(made));
  }
};

template <class T>
HeldResult decode_as(const Format& format, std::span<const std::byte> bytes,
                     const DecodeOptions& options) {
  auto held = std::make_unique<HeldAs<T>>();
  auto decoded = &format == &json::format() ? json::decode_into(bytes, held->value, options)
                                            : msgpack::decode_into(bytes, held->value, options);
  if (!decoded) return std::unexpected(std::move(decoded.error()));
  return held;
}
template <class T>
HeldResult convert_as(const Value& value, const DecodeOptions& options) {
  auto held = std::make_unique<HeldAs<T>>();
  if (auto converted = convert_into(value, held->value, options); !converted) {
    return std::unexpected(std::move(converted.error()));
  }
  return held;
}
template <class T>
LinesResult decode_lines_as(std::string_view text, const DecodeOptions& options) {
  auto held = std::make_unique<LinesOf<T>>();
  auto decoded = json::for_each_line<T>(
      text, [&](T&& value) { held->values.push_back(std::move(value)); }, options);
  if (!decoded) return std::unexpected(std::move(decoded.error()));
  return held;
}

template <class T>
constexpr CorpusType corpus_type(std::string_view id) {
  return {id, decode_as<T>, convert_as<T>, decode_lines_as<T>, contract::describe<T>};
}

// The tables, one file each so that they compile beside each other.
std::span<const CorpusType> scalar_types();
std::span<const CorpusType> union_types();
std::span<const CorpusType> constraint_types();
std::span<const CorpusType> container_types();
std::span<const CorpusType> constant_types();
std::span<const CorpusType> struct_types();
std::span<const CorpusType> seed_types();
std::span<const CorpusType> tagged_types();
std::span<const CorpusType> option_types();
std::span<const CorpusType> evolution_types();

/// All of them, table by table.
std::vector<std::span<const CorpusType>> all_types();
/// nullptr when there is no such id.
const CorpusType* find_type(std::string_view id);

}  // namespace structwire::testing::corpus
