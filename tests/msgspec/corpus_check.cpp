// SPDX-License-Identifier: Apache-2.0

// Runs the msgspec reference corpus: thousands of inputs with what the real msgspec made of them.
//
//   corpus_check DIR      DIR holds decode_*.jsonl; see its README for the layout
//
// Prints the id of every row that differs, then `N passed, N failed, N skipped`. A row is skipped when its
// type or operation is not built yet; the counts by reason are printed, so that nothing is skipped silently.

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <functional>
#include <map>
#include <string>

#include <structwire/json.hpp>
#include <structwire/msgpack.hpp>

#include <tests/msgspec/corpus_types.hpp>

namespace structwire::testing {
namespace {

struct Row {
  std::string id;
  std::string type;
  std::string format;
  std::optional<std::string> input;
  std::optional<std::string> input_hex;
  Value strict;
  bool ok = false;
  std::optional<std::string> output;
  std::optional<std::string> output_eq;
  std::optional<std::string> error;
  std::optional<std::string> kind;
  std::optional<std::string> order;
  Value encode_error;
  std::vector<std::string> tags;

  using wire = Rules<member<&Row::strict, defaulted>, member<&Row::encode_error, defaulted>, member<&Row::tags, defaulted>>;

  bool has_tag(std::string_view tag) const { return std::ranges::find(tags, tag) != tags.end(); }
};

std::string from_hex(std::string_view hex) {
  std::string bytes;
  for (std::size_t i = 0; i + 1 < hex.size(); i += 2) {
    bytes.push_back(static_cast<char>(std::stoi(std::string(hex.substr(i, 2)), nullptr, 16)));
  }
  return bytes;
}

// What we made of one input.
struct Outcome {
  std::optional<Error> error;
  Buffer encoded;
  Value decoded;  ///< The value encoded again and read without a type, so that map order does not matter.
};

template <class T>
Outcome run_as(const std::string& format, std::string_view input) {
  const bool is_json = format == "json";
  auto decoded = is_json ? json::decode<T>(input) : msgpack::decode<T>(input);
  if (!decoded) return {decoded.error(), {}, {}};
  Buffer encoded;
  const auto written = is_json ? json::append_to(*decoded, encoded) : msgpack::append_to(*decoded, encoded);
  if (!written) return {written.error(), {}, {}};
  const Format& self = is_json ? json::format() : msgpack::format();
  auto value = self.decode(encoded, {});
  // A Raw may hold a number that nothing else can.
  return {std::nullopt, std::move(encoded), value ? std::move(*value) : Value()};
}

using Runner = std::function<Outcome(const std::string& format, std::string_view input)>;

const std::map<std::string, Runner>& runners() {
  static const std::map<std::string, Runner> table = {
      {"any", run_as<Value>},
      {"raw", run_as<Raw>},
      {"bool", run_as<bool>},
      {"int", run_as<std::int64_t>},
      {"float", run_as<double>},
      {"str", run_as<std::string>},
      {"bytes", run_as<Bytes>},
      {"opt_int", run_as<std::optional<std::int64_t>>},
      {"opt_str", run_as<std::optional<std::string>>},
      {"opt_float", run_as<std::optional<double>>},
      {"list_int", run_as<std::vector<std::int64_t>>},
      {"list_any", run_as<std::vector<Value>>},
      {"list_list_int", run_as<std::vector<std::vector<std::int64_t>>>},
      {"map_str_int", run_as<std::map<std::string, std::int64_t>>},
      {"Point", run_as<Point>},
      {"AnyHolder", run_as<AnyHolder>},
      {"Forbid", run_as<Forbid>},
      {"level", run_as<Level>},
      {"sparse", run_as<Sparse>},
  };
  return table;
}

// ---- where we rightly differ; each rule is counted ----

struct Divergence {
  const char* reason;
  std::function<bool(const Row&, const Outcome&)> applies;
};

bool mentions(const std::optional<std::string>& text, std::string_view part) {
  return text && text->find(part) != std::string::npos;
}

const std::vector<Divergence>& divergences() {
  static const std::vector<Divergence> rules = {
      {"integers beyond 64 bits are refused",
       [](const Row& row, const Outcome& ours) { return row.has_tag("bigint") && ours.error; }},
      {"errors that leak Python's insides: being refused is what counts",
       [](const Row& row, const Outcome& ours) { return row.has_tag("pyexc") && !row.ok && ours.error; }},
      {"unknown fields are checked like known ones",
       [](const Row& row, const Outcome& ours) {
         return row.has_tag("skipped_field") && ours.error && is_syntax(ours.error->code());
       }},
      {"undecoded pieces are checked like decoded ones",
       [](const Row& row, const Outcome& ours) {
         return row.type == "raw" && ours.error && is_syntax(ours.error->code());
       }},
      {"`int` is 64 bits with sign",
       [](const Row& row, const Outcome& ours) {
         return row.ok && row.type.ends_with("int") && ours.error &&
                ours.error->code() == ErrorCode::number_out_of_range;
       }},
      {"-0 stays negative in a float",
       [](const Row& row, const Outcome& ours) {
         return row.type.ends_with("float") && row.input == "-0" && row.output == "0.0" && ours.encoded.text() == "-0.0";
       }},
      {"text that is not UTF-8 has an error of ours with a byte offset",
       [](const Row& row, const Outcome& ours) {
         return !row.ok && ours.error && ours.error->code() == ErrorCode::invalid_utf8 && mentions(row.error, "utf-8");
       }},
      {"nil is `null` where msgspec says `None`",
       [](const Row& row, const Outcome& ours) {
         if (row.ok || !ours.error || row.format != "msgpack") return false;
         std::string text = row.error.value_or("");
         const auto at = text.find("`null`");
         return at != text.npos && ours.error->message() == text.replace(at, 6, "`None`");
       }},
  };
  return rules;
}

class Checker {
 public:
  void file(const std::filesystem::path& path) {
    std::ifstream lines(path);
    for (std::string line; std::getline(lines, line);) {
      if (!line.empty()) row(line);
    }
  }

  int report() const {
    for (const auto& [reason, count] : skipped_by_) std::printf("skipped %6zu  %s\n", count, reason.c_str());
    for (const auto& [reason, count] : divergent_by_) std::printf("differs %6zu  %s\n", count, reason.c_str());
    std::printf("%zu passed, %zu failed, %zu skipped\n", passed_, failed_, skipped_);
    return failed_ == 0 ? 0 : 1;
  }

 private:
  void row(const std::string& line) {
    auto parsed = json::decode<Row>(line);
    if (!parsed) {
      std::printf("unreadable row: %s\n", parsed.error().message().c_str());
      ++failed_;
      return;
    }
    if (const auto* strict = parsed->strict.get_if<bool>(); strict && !*strict) return skip("lax mode: step 2");
    const auto runner = runners().find(parsed->type);
    if (runner == runners().end()) return skip("types of step 2");
    if (parsed->order) return skip("sorted output: step 2");
    if (is_timestamp(*parsed)) return skip("timestamps in untyped MessagePack: step 2");
    if (is_wide_enum(*parsed)) return skip("integers beyond int64 for an enum: step 2");
    check(*parsed, runner->second);
  }

  // Ext code -1 in a place without a type.
  static bool is_timestamp(const Row& row) {
    return row.format == "msgpack" && (row.type == "any" || row.type == "AnyHolder" || row.type == "list_any") &&
           (mentions(row.input, "d6ff") || mentions(row.input, "d7ff") || mentions(row.input, "c70cff") ||
            mentions(row.input, "d5ff"));
  }
  static bool is_wide_enum(const Row& row) {
    return (row.type == "level" || row.type == "sparse") &&
           (mentions(row.input, "1844674407370955161") || mentions(row.input, "9223372036854775809") ||
            mentions(row.input, "cf8000000000000000") || mentions(row.input, "cfffffffffffffffff"));
  }

  void check(const Row& row, const Runner& run) {
    const bool is_json = row.format == "json";
    const std::string input = row.input_hex ? from_hex(*row.input_hex)
                              : is_json     ? row.input.value_or("")
                                            : from_hex(row.input.value_or(""));
    const Outcome ours = run(row.format, input);
    if (same(row, ours)) {
      ++passed_;
      return;
    }
    for (const Divergence& rule : divergences()) {
      if (rule.applies(row, ours)) {
        ++divergent_by_[rule.reason];
        ++passed_;
        return;
      }
    }
    ++failed_;
    std::printf("%s %s %s %s\n  msgspec: %s\n  ours:    %s\n", row.id.c_str(), row.type.c_str(), row.format.c_str(),
                row.input.value_or(row.input_hex.value_or("")).substr(0, 200).c_str(),
                row.ok ? row.output.value_or("(ok)").c_str() : row.error.value_or("").c_str(),
                ours.error ? ours.error->message().c_str() : json::encode(ours.decoded).c_str());
  }

  static bool same(const Row& row, const Outcome& ours) {
    if (!row.ok) return ours.error && ours.error->message() == row.error.value_or("");
    if (ours.error) return false;
    return is_output(row, row.output, ours) || is_output(row, row.output_eq, ours);
  }

  static bool is_output(const Row& row, const std::optional<std::string>& output, const Outcome& ours) {
    if (!output) return !row.encode_error.is_null();
    const bool is_json = row.format == "json";
    const std::string bytes = is_json ? *output : from_hex(*output);
    if (ours.encoded.text() == bytes) return true;
    const Format& format = is_json ? json::format() : msgpack::format();
    const auto theirs = format.decode(std::as_bytes(std::span(bytes)), {});
    // Compared in canonical form, which knows that the last of two equal keys counts.
    if (!theirs) return false;
    const auto a = msgpack::canonical(*theirs);
    const auto b = msgpack::canonical(ours.decoded);
    return a && b && *a == *b;
  }

  void skip(const std::string& reason) {
    ++skipped_;
    ++skipped_by_[reason];
  }

  std::size_t passed_ = 0;
  std::size_t failed_ = 0;
  std::size_t skipped_ = 0;
  std::map<std::string, std::size_t> skipped_by_;
  std::map<std::string, std::size_t> divergent_by_;
};

}  // namespace
}  // namespace structwire::testing

int main(int count, char** arguments) {
  if (count != 2 || !std::filesystem::is_directory(arguments[1])) {
    std::fprintf(stderr, "usage: corpus_check DIR    (DIR holds decode_*.jsonl)\n");
    return 2;
  }
  std::vector<std::filesystem::path> files;
  for (const auto& entry : std::filesystem::directory_iterator(arguments[1])) {
    if (entry.path().filename().string().starts_with("decode_")) files.push_back(entry.path());
  }
  std::ranges::sort(files);
  structwire::testing::Checker checker;
  for (const auto& file : files) checker.file(file);
  return checker.report();
}
