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

#include <tests/msgspec/corpus_type.hpp>

namespace structwire::testing::corpus {
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
  std::unique_ptr<Held> held;
  Buffer encoded;
  std::optional<Error> encode_error;
  Value decoded;  ///< The value encoded again and read without a type, so that map order does not matter.
};

Outcome run(const CorpusType& type, const Format& format, std::string_view input, bool lax, const Row& row) {
  DecodeOptions options;
  options.lax = lax;
  auto held = type.decode(format, std::as_bytes(std::span(input)), options);
  if (!held) return {held.error(), nullptr, {}, std::nullopt, {}};
  EncodeOptions encode_options;
  if (row.order) encode_options.order = *row.order == "sorted" ? Order::sorted : Order::deterministic;
  auto encoded = (*held)->encode(format, encode_options);
  if (!encoded) return {std::nullopt, std::move(*held), {}, encoded.error(), {}};
  auto value = format.decode(*encoded, {});
  // A Raw may hold a number that nothing else can.
  return {std::nullopt, std::move(*held), std::move(*encoded), std::nullopt, value ? std::move(*value) : Value()};
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

const std::map<std::string_view, const CorpusType*>& all_types() {
  static const auto table = [] {
    std::map<std::string_view, const CorpusType*> found;
    for (const auto types : {scalar_types(), union_types(), constraint_types(), container_types(), constant_types(),
                             struct_types(), seed_types(), tagged_types(), option_types(), evolution_types()}) {
      for (const CorpusType& type : types) found[type.id] = &type;
    }
    return found;
  }();
  return table;
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
    const CorpusType* type = find_type(parsed->type);
    if (type == nullptr) return skip("type " + parsed->type);
    const auto* strict = parsed->strict.get_if<bool>();
    if (strict == nullptr || *strict) check(*parsed, *type, false);
    if (strict == nullptr || !*strict) check(*parsed, *type, true);
  }

  void check(const Row& row, const CorpusType& type, bool lax) {
    const bool is_json = row.format == "json";
    const std::string input = row.input_hex ? from_hex(*row.input_hex)
                              : is_json     ? row.input.value_or("")
                                            : from_hex(row.input.value_or(""));
    const Outcome ours = run(type, is_json ? json::format() : msgpack::format(), input, lax, row);
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
                ours.error          ? ours.error->message().c_str()
                : ours.encode_error ? ours.encode_error->message().c_str()
                                    : json::encode(ours.decoded).c_str());
  }

  static bool same(const Row& row, const Outcome& ours) {
    if (!row.ok) return ours.error && ours.error->message() == row.error.value_or("");
    if (ours.error) return false;
    return is_output(row, row.output, ours) || is_output(row, row.output_eq, ours);
  }

  static bool is_output(const Row& row, const std::optional<std::string>& output, const Outcome& ours) {
    if (!row.encode_error.is_null()) return true;
    if (!output) return false;
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

const CorpusType* find_type(std::string_view id) {
  const auto found = all_types().find(id);
  return found == all_types().end() ? nullptr : found->second;
}

}  // namespace structwire::testing::corpus

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
  structwire::testing::corpus::Checker checker;
  for (const auto& file : files) checker.file(file);
  return checker.report();
}
