// SPDX-License-Identifier: Apache-2.0
#pragma once

// The rule table of contract changes, executed. A change is a pair of structs; a line of the matrix is one object of
// the one, encoded, and decoded as the other. What came out is held against what a correct migration would give, and
// that against what the table says:
//
//   ok       decoded, and every member is as a correct migration gives it
//   error    refused with an error
//   silent   decoded without an error, and something is wrong
//
// Each line runs in four forms, JSON and MessagePack, structs as maps and as arrays, and by two readers: the compiled
// decoder of the struct, and the one that its Schema drives. And `contract::differences` is asked beforehand: an error
// or a silent change that it had not said fails the line.

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include <structwire/contract/compare.hpp>
#include <structwire/contract/describe.hpp>
#include <structwire/core/equal.hpp>
#include <structwire/json.hpp>
#include <structwire/msgpack.hpp>

namespace structwire::contract::matrix {

enum class Outcome : std::uint8_t { ok, error, silent };
enum class Direction : std::uint8_t { backward, forward };

/// One of the four.
struct Form {
  std::string_view name;
  const Format* format;
  bool array_like;
  bool is_json() const noexcept { return format == &json::format(); }
};
inline constexpr std::size_t form_count = 4;
std::array<Form, form_count> forms();

/// What the table says, for each form in the order of forms(): JSON map, MessagePack map, JSON array, MessagePack array.
using Expected = std::array<Outcome, form_count>;
constexpr Expected everywhere(Outcome outcome) { return {outcome, outcome, outcome, outcome}; }
constexpr Expected by_layout(Outcome map, Outcome array) { return {map, map, array, array}; }
constexpr Expected by_format(Outcome json, Outcome msgpack) { return {json, msgpack, json, msgpack}; }

/// What happened, as data.
struct Line {
  std::string_view change;
  std::string_view condition;
  Direction direction = Direction::backward;
  Form form{};
  Outcome expected = Outcome::ok;
  Buffer bytes;
  /// The decoded object as JSON, in the form's layout; or why there is none.
  Result<std::string> decoded = {};
  bool is_right = false;
  /// Of the struct that was written, and of the one that it was read as.
  const Schema* writer = nullptr;
  const Schema* reader = nullptr;
};

class Matrix {
 public:
  /// Judges a line, prints and counts it.
  void add(const Line& line);
  /// `N passed, N failed`; true when all passed.
  bool report() const;
  /// All lines as JSON; false where the file cannot be written.
  bool save(const char* path) const;

 private:
  void emit(const Line& line, Outcome seen);

  std::string emitted_;
  std::size_t passed_ = 0;
  std::size_t failed_ = 0;
};

template <class T>
Result<Buffer> encode_as(const T& value, const Form& form) {
  Buffer out;
  const auto append = [&](auto encoder) { return encoder.append_to(value, out); };
  const Result<void> done = form.is_json()
                                ? (form.array_like ? append(json::Encoder<array_like>()) : append(json::Encoder<>()))
                                : (form.array_like ? append(msgpack::Encoder<array_like>()) : append(msgpack::Encoder<>()));
  if (!done) return std::unexpected(done.error());
  return out;
}

template <class T>
Result<T> decode_as(const Buffer& bytes, const Form& form) {
  if (form.is_json()) {
    return form.array_like ? json::Decoder<array_like>().decode<T>(bytes.text()) : json::Decoder<>().decode<T>(bytes.text());
  }
  return form.array_like ? msgpack::Decoder<array_like>().decode<T>(bytes.bytes()) : msgpack::Decoder<>().decode<T>(bytes.bytes());
}

/// The Schema of T as a map or as an array, as an Encoder<array_like> writes it.
template <class T>
Schema schema_as(bool array_like) {
  Schema schema = describe<T>();
  for (StructSchema& each : schema.structs) each.array_like = array_like;
  return schema;
}

template <class T>
std::string shown(const T& value, bool array_like) {
  const Form form{"", &json::format(), array_like};
  const auto text = encode_as(value, form);
  return text ? std::string(text->text()) : text.error().message();
}

/// Which forms the structs of a change are for. Most are written as maps and as arrays by an Encoder<array_like>; the
/// alternatives of a union have to be the one or the other themselves.
enum class Layouts : std::uint8_t { both, maps, arrays };

/// There is no right value: only an error is right.
inline constexpr std::nullopt_t nothing = std::nullopt;

template <class Old, class New>
class Change {
 public:
  Change(Matrix& matrix, std::string_view name, Layouts layouts = Layouts::both)
      : matrix_(&matrix), name_(name), layouts_(layouts) {}

  /// The old program wrote `written`; a correct migration would make `right` of it.
  void backward(std::string_view condition, const Old& written, const std::optional<New>& right, Expected expected) {
    run(Direction::backward, condition, written, [&](const Form&) { return right; }, expected, old_, new_);
  }
  /// The new program wrote it, the old one reads.
  void forward(std::string_view condition, const New& written, const std::optional<Old>& right, Expected expected) {
    run(Direction::forward, condition, written, [&](const Form&) { return right; }, expected, new_, old_);
  }
  /// The same, where what is right holds bytes of the form.
  template <class Right>
  void forward_as(std::string_view condition, const New& written, Right right, Expected expected) {
    run(Direction::forward, condition, written, [&](const Form& form) { return std::optional<Old>(right(form)); }, expected, new_,
        old_);
  }

 private:
  using Schemas = std::array<Schema, 2>;

  template <class From, class Right>
  void run(Direction direction, std::string_view condition, const From& written, Right right, Expected expected,
           const Schemas& writer, const Schemas& reader) {
    const auto all = forms();
    for (std::size_t i = 0; i < form_count; ++i) {
      const Form& form = all[i];
      if (layouts_ != Layouts::both && form.array_like != (layouts_ == Layouts::arrays)) continue;
      Line line{name_, condition, direction, form, expected[i]};
      line.writer = &writer[form.array_like];
      line.reader = &reader[form.array_like];
      line.bytes = encode_as(written, form).value();
      judge(line, right(form));
      matrix_->add(line);
    }
  }

  template <class To>
  void judge(Line& line, const std::optional<To>& right) {
    auto decoded = decode_as<To>(line.bytes, line.form);
    if (!decoded) {
      line.decoded = std::unexpected(std::move(decoded.error()));
      return;
    }
    line.decoded = shown(*decoded, line.form.array_like);
    line.is_right = right && equal(*decoded, *right);
  }

  Matrix* matrix_;
  std::string_view name_;
  Layouts layouts_;
  Schemas old_ = {schema_as<Old>(false), schema_as<Old>(true)};
  Schemas new_ = {schema_as<New>(false), schema_as<New>(true)};
};

// The rows of the table, one file each so that they compile beside each other.
void member_changes(Matrix& matrix);
void name_changes(Matrix& matrix);
void type_changes(Matrix& matrix);
void value_changes(Matrix& matrix);
void union_changes(Matrix& matrix);

}  // namespace structwire::contract::matrix
