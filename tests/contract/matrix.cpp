// SPDX-License-Identifier: Apache-2.0
//
//   contract_matrix                every row of the rule table; 0 when each came out as the table says
//   contract_matrix --emit FILE    and each line as JSON, for msgspec to do the same (msgspec_matrix.py)
//
// A line: change, condition, format, direction, expected, seen, what the compatibility check said; below it the input
// bytes (JSON as it is, MessagePack as hexadecimal digits) and the decoded value or the error.
#include <tests/contract/matrix.hpp>

#include <cstdio>
#include <cstring>
#include <fstream>
#include <vector>

#include <structwire/contract/schema_reader.hpp>
#include <structwire/contract/schema_writer.hpp>
#include <structwire/core/key_text.hpp>

template <>
inline constexpr auto structwire::enum_values<structwire::contract::matrix::Outcome> =
    structwire::by_name<structwire::contract::matrix::Outcome::ok, structwire::contract::matrix::Outcome::error,
                        structwire::contract::matrix::Outcome::silent>;

namespace structwire::contract::matrix {
namespace {

constexpr std::string_view name_of(Outcome outcome) noexcept {
  constexpr std::array<std::string_view, 3> names = {"ok", "error", "silent-wrong-value"};
  return names[static_cast<std::size_t>(outcome)];
}

Outcome seen_in(const Line& line) noexcept {
  if (!line.decoded) return Outcome::error;
  return line.is_right ? Outcome::ok : Outcome::silent;
}

// The worst that was said of this direction.
Verdict foretold(const Line& line) {
  const bool is_backward = line.direction == Direction::backward;
  const Schema& before = is_backward ? *line.writer : *line.reader;
  const Schema& after = is_backward ? *line.reader : *line.writer;
  Verdict worst = Verdict::compatible;
  for (const Difference& each : differences(before, after, line.form.is_json() ? WireForm::json : WireForm::msgpack)) {
    worst = std::max(worst, is_backward ? each.backward : each.forward);
  }
  return worst;
}

bool is_foretold(Outcome seen, Verdict verdict) noexcept {
  switch (seen) {
    case Outcome::ok: return verdict != Verdict::breaks;
    case Outcome::error: return verdict != Verdict::compatible;
    case Outcome::silent: return verdict == Verdict::silent;
  }
  return false;
}

// Empty when the reader that the Schema drives made the same of it.
std::string unlike_by_schema(const Line& line) {
  const auto value = decode(*line.reader, *line.form.format, line.bytes.bytes());
  if (!value) {
    if (line.decoded) return "refused by schema: " + value.error().message();
    return value.error().message() == line.decoded.error().message() ? "" : "by schema: " + value.error().message();
  }
  if (!line.decoded) return "not refused by schema";
  const auto text = encode(*line.reader, json::format(), *value);
  if (!text) return "what the schema's reader gives cannot be written: " + text.error().message();
  return text->text() == *line.decoded ? "" : "by schema: " + std::string(text->text());
}

std::string shown_bytes(const Line& line) {
  return line.form.is_json() ? std::string(line.bytes.text()) : bytes_text<BytesStyle::hex>(line.bytes.bytes());
}

/// A line for other implementations.
struct Emitted {
  std::string change;
  std::string condition;
  std::string form;
  std::string direction;
  std::string format;
  Schema reader;
  Bytes bytes;
  Outcome seen;
  /// The decoded value; null where there is none.
  Value decoded;
};

void print(std::string_view text) { std::printf("%.*s", static_cast<int>(text.size()), text.data()); }

}  // namespace

std::array<Form, form_count> forms() {
  return {{{"json map", &json::format(), false},
           {"msgpack map", &msgpack::format(), false},
           {"json array", &json::format(), true},
           {"msgpack array", &msgpack::format(), true}}};
}

void Matrix::add(const Line& line) {
  const Outcome seen = seen_in(line);
  const Verdict verdict = foretold(line);
  std::vector<std::string> faults;
  if (seen != line.expected) faults.emplace_back("not as expected");
  if (std::string unlike = unlike_by_schema(line); !unlike.empty()) faults.push_back(std::move(unlike));
  if (!is_foretold(seen, verdict)) faults.emplace_back("not as the check said");

  std::string text(faults.empty() ? "" : "FAILED ");
  text.append(line.change).append(line.condition.empty() ? "" : " (").append(line.condition);
  text.append(line.condition.empty() ? "" : ")").append(", ").append(line.form.name);
  text.append(line.direction == Direction::backward ? ", backward" : ", forward");
  text.append(", expected ").append(name_of(line.expected)).append(", seen ").append(name_of(seen));
  text.append(", check ").append(contract::name_of(verdict)).append("\n  bytes ").append(shown_bytes(line));
  text.append(line.decoded ? "\n  value " + *line.decoded : "\n  error " + line.decoded.error().message()).append("\n");
  for (const std::string& fault : faults) text.append("  FAILED: ").append(fault).append("\n");
  print(text);
  emit(line, seen);
  ++(faults.empty() ? passed_ : failed_);
}

void Matrix::emit(const Line& line, Outcome seen) {
  Emitted emitted{.change = std::string(line.change),
                  .condition = std::string(line.condition),
                  .form = std::string(line.form.name),
                  .direction = line.direction == Direction::backward ? "backward" : "forward",
                  .format = std::string(line.form.format->name),
                  .reader = *line.reader,
                  .bytes = Bytes(line.bytes.bytes().begin(), line.bytes.bytes().end()),
                  .seen = seen,
                  .decoded = {}};
  if (line.decoded) emitted.decoded = json::decode<Value>(*line.decoded).value();
  emitted_ += json::encode(emitted) + "\n";
}

bool Matrix::save(const char* path) const {
  std::ofstream file(path, std::ios::binary);
  file << emitted_;
  return file.good();
}

bool Matrix::report() const {
  std::printf("%zu passed, %zu failed\n", passed_, failed_);
  return failed_ == 0 && passed_ != 0;
}

}  // namespace structwire::contract::matrix

int main(int count, char** arguments) {
  using namespace structwire::contract::matrix;
  Matrix matrix;
  member_changes(matrix);
  name_changes(matrix);
  type_changes(matrix);
  value_changes(matrix);
  union_changes(matrix);
  const bool emits = count == 3 && std::strcmp(arguments[1], "--emit") == 0;
  if (emits && !matrix.save(arguments[2])) {
    std::fprintf(stderr, "cannot write %s\n", arguments[2]);
    return 1;
  }
  return matrix.report() ? 0 : 1;
}
