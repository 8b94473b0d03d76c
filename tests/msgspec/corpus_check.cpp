// SPDX-License-Identifier: Apache-2.0

// Runs the msgspec reference corpus: thousands of inputs with what the real msgspec made of them.
//
//   corpus_check DIR                DIR is in the layout that the corpus's README.md describes
//   corpus_check DIR --emit FILE    and writes what it encoded, for msgspec to read
//   (run_differential.sh)
//
// Prints the id of every row that differs, how many rows each divergence (corpus_divergences.cpp)
// excuses, how many are skipped and why, and `N passed, N failed, N skipped`.

#include <array>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <map>
#include <set>

#include <tests/msgspec/corpus_divergences.hpp>
#include <tests/msgspec/corpus_operations.hpp>

namespace structwire::testing::corpus {
namespace {

/// Which operation a row of which file is; decode rows have no `op`.
struct FileOperation {
  std::string_view file;
  std::string_view op;
  Operation run;
};
constexpr std::array operations = {
    FileOperation{"decode_", "", run_decode},
    FileOperation{"transcode", "transcode", run_transcode},
    FileOperation{"lines", "decode_lines", run_decode_lines},
    FileOperation{"encode_into", "encode_into", run_encode_into},
    FileOperation{"json_format", "json_format", run_json_format},
    FileOperation{"convert", "convert", run_convert},
    FileOperation{"convert_struct", "convert_struct", run_convert_struct},
    FileOperation{"to_builtins", "to_builtins", run_to_builtins},
    FileOperation{"struct_ops", "repr", run_repr},
    FileOperation{"struct_ops", "compare", run_compare},
    FileOperation{"struct_ops", "replace", run_replace},
    FileOperation{"struct_ops", "asdict", run_asdict},
    FileOperation{"ext_hook", "ext_hook", run_ext_hook},
    FileOperation{"float_encode", "float_encode", run_float_encode},
    FileOperation{"float_encode", "msgpack_f32_decode", run_msgpack_f32_decode},
    FileOperation{"string_encode", "string_encode", run_string_encode},
    FileOperation{"string_encode", "string_encode_repeat", run_string_encode_repeat},
    FileOperation{"string_encode", "sizes", run_sizes},
    FileOperation{"string_encode", "int_encode", run_int_encode},
    FileOperation{"schema", "schema", run_schema},
    FileOperation{"schema", "schema_components", run_schema_components},
    FileOperation{"type_info", "type_info", run_type_info},
};

bool is_file(const FileOperation& operation, std::string_view stem) {
  return operation.file == "decode_" ? stem.starts_with("decode_") : operation.file == stem;
}

class Checker {
 public:
  explicit Checker(std::ofstream* emitted) : emitted_(emitted) {}

  void file(const std::filesystem::path& path) {
    const std::string name = path.filename().string();
    if (name == "README.md" || name == "TYPES.md") return;
    stem_ = path.stem().string();
    const bool known = path.extension() == ".jsonl" &&
                       std::ranges::any_of(operations, [&](const FileOperation& each) {
                         return is_file(each, stem_);
                       });
    if (!known) return fail(name, "unknown file");
    std::ifstream lines(path, std::ios::binary);
    for (std::string line; std::getline(lines, line);) {
      if (!line.empty()) row(line);
    }
  }

  bool report() const {
    for (const auto& [reason, count] : divergent_by_)
      std::printf("differs %6zu  %s\n", count, reason.c_str());
    for (const auto& [reason, count] : skipped_by_)
      std::printf("skipped %6zu  %s\n", count, reason.c_str());
    std::printf("%zu passed, %zu failed, %zu skipped\n", passed_, failed_, skipped_);
    return failed_ == 0 && passed_ != 0;
  }

 private:
  void row(const std::string& line) {
    const auto parsed = read_row(line);
    if (!parsed) return fail(stem_, "unreadable row: " + parsed.error().message());
    const auto* operation = std::ranges::find_if(operations, [&](const FileOperation& each) {
      return is_file(each, stem_) && each.op == parsed->op;
    });
    if (operation == operations.end()) return fail(parsed->id, "unknown operation " + parsed->op);
    const Verdict verdict = operation->run(*parsed);
    if (!verdict.broken.empty()) return fail(parsed->id, verdict.broken);
    if (!verdict.skipped.empty()) return skip(verdict.skipped);
    judge(*parsed, verdict);
    if (emitted_ != nullptr) emit(*parsed, verdict.outcomes.front());
  }

  void judge(const Row& row, const Verdict& verdict) {
    bool all = true;
    std::set<std::string> excused_by;
    for (const Outcome& outcome : verdict.outcomes) {
      if (outcome.same) continue;
      const Divergence* rule = excuse(row, outcome);
      if (rule != nullptr) {
        excused_by.insert(rule->reason);
        continue;
      }
      all = false;
      std::printf("%s %s %s%s %s\n  msgspec: %s\n  ours:    %s\n", row.id.c_str(), row.type.c_str(),
                  row.format.c_str(), outcome.lax ? " lax" : "", question(row).c_str(),
                  show_expected(row).c_str(), show(outcome).c_str());
    }
    ++(all ? passed_ : failed_);
    for (const std::string& reason : excused_by) ++divergent_by_[reason];
  }

  static const Divergence* excuse(const Row& row, const Outcome& outcome) {
    for (const auto rules : {schema_divergences(), divergences()}) {
      for (const Divergence& rule : rules) {
        if (rule.applies(row, outcome)) return &rule;
      }
    }
    return nullptr;
  }

  static std::string question(const Row& row) {
    const std::string text = !row.value_in.is_null()      ? json::encode(row.value_in)
                             : !row.input_msgpack.empty() ? row.input_msgpack
                             : row.input_hex              ? *row.input_hex
                                                          : row.input.value_or("");
    return text.substr(0, 200);
  }

  // Only what msgspec could read itself is worth asking it.
  void emit(const Row& row, const Outcome& outcome) {
    const bool asked =
        (row.op.empty() || row.op == "transcode") && row.ok && row.encode_error.is_null();
    if (!asked || outcome.error || outcome.encode_error) return;
    const auto means_other = [&](const Divergence& rule) {
      return rule.is_other_value && rule.applies(row, outcome);
    };
    if (!outcome.same && std::ranges::any_of(divergences(), means_other)) return;
    const Value::Map line{{Value("id"), Value(row.id)},
                          {Value("type"), Value(row.type)},
                          {Value("format"), Value(outcome.output_format)},
                          {Value("output"), Value(to_hex(outcome.output))}};
    *emitted_ << json::encode(Value(line)) << '\n';
  }

  void fail(const std::string& what, const std::string& why) {
    ++failed_;
    std::printf("%s %s\n", what.c_str(), why.c_str());
  }
  void skip(const std::string& reason) {
    ++skipped_;
    ++skipped_by_[reason];
  }

  std::ofstream* emitted_;
  std::string stem_;
  std::size_t passed_ = 0;
  std::size_t failed_ = 0;
  std::size_t skipped_ = 0;
  std::map<std::string, std::size_t> skipped_by_;
  std::map<std::string, std::size_t> divergent_by_;
};

int usage() {
  std::fprintf(stderr,
               "usage: corpus_check DIR [--emit FILE]\n"
               "  DIR   in the layout of the msgspec corpus\n"
               "  FILE  gets a line for each encoding of a decode or transcode row: id, type, "
               "format, output (hex)\n");
  return 2;
}

int check(const std::filesystem::path& directory, std::ofstream* emitted) {
  std::vector<std::filesystem::path> files;
  for (const auto& entry : std::filesystem::directory_iterator(directory))
    files.push_back(entry.path());
  std::ranges::sort(files);
  Checker checker(emitted);
  for (const auto& file : files) checker.file(file);
  return checker.report() ? 0 : 1;
}

int main_of(std::span<char*> arguments) {
  const bool emits = arguments.size() == 4 && std::strcmp(arguments[2], "--emit") == 0;
  if (!emits && arguments.size() != 2) return usage();
  if (!std::filesystem::is_directory(arguments[1])) return usage();
  if (!emits) return check(arguments[1], nullptr);
  std::ofstream emitted(arguments[3], std::ios::binary);
  const int result = check(arguments[1], &emitted);
  if (emitted.flush()) return result;
  std::fprintf(stderr, "cannot write %s\n", arguments[3]);
  return 2;
}

}  // namespace

}  // namespace structwire::testing::corpus

int main(int count, char** arguments) {
  return structwire::testing::corpus::main_of({arguments, static_cast<std::size_t>(count)});
}
