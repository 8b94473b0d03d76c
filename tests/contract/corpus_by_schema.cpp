// SPDX-License-Identifier: Apache-2.0

// Reads every decode row of the msgspec corpus (its directory is the argument) twice: as its C++ type, and by the Schema
// of that type; strictly and laxly, with keys in paths and without. Prints where the two differ in value, code, sentence,
// path or offset, and counts; ends with 1 where they do.

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <map>
#include <set>
#include <vector>

#include <structwire/contract/schema_reader.hpp>
#include <tests/msgspec/corpus_row.hpp>
#include <tests/msgspec/corpus_type.hpp>

namespace structwire::testing::corpus {
namespace {

bool is_checked(const contract::TypeSchema& type) {
  return type.checked || std::ranges::any_of(type.parts, is_checked);
}

// A codec or validator of the program decides as well, which no Schema tells.
bool is_checked(const contract::Schema& schema) {
  const auto member_is = [](const contract::MemberSchema& member) { return is_checked(member.type); };
  return is_checked(schema.type) || std::ranges::any_of(schema.structs, [&](const contract::StructSchema& each) {
           return each.checked || std::ranges::any_of(each.members, member_is);
         });
}

struct Reading {
  contract::SchemaReader reader;
  bool checked;
};

std::string told(const Error& error) {
  const auto offset = error.offset();
  return std::string(name_of(error.code())) + ": " + error.message() + " | " + error.path() + " | " +
         (offset ? std::to_string(*offset) : "no offset");
}

std::string told(const Result<Value>& outcome) {
  if (!outcome) return told(outcome.error());
  EncodeOptions sorted;
  sorted.order = Order::sorted;
  Buffer text;
  return json::append_to(*outcome, text, sorted) ? std::string(text.text()) : "(a value that JSON cannot show)";
}

class BothWays {
 public:
  void file(const std::filesystem::path& path) {
    std::ifstream lines(path);
    for (std::string line; std::getline(lines, line);) {
      const auto row = read_row(line);
      if (row && row->op.empty()) this->row(*row);
    }
  }

  int report() const {
    for (const auto& [type, count] : differing_) std::printf("%zu rows of %s differ\n", count, type.c_str());
    for (const auto& [type, count] : excused_) {
      std::printf("%zu rows of %s differ by a codec or validator of the program\n", count, type.c_str());
    }
    std::printf("%zu readings of %zu types: %zu values equal (%zu have no exact Value), %zu errors equal, %zu differ, "
                "%zu excused\n",
                readings_, types_.size(), values_, inexact_, errors_, differ_, excused_count_);
    return differ_ == 0 && readings_ != 0 ? 0 : 1;
  }

 private:
  void row(const Row& row) {
    const CorpusType* type = find_type(row.type);
    if (type == nullptr) return;
    const std::string input = input_of(row);
    for (const bool lax : {false, true}) {
      for (const bool keys_in_paths : {false, true}) {
        DecodeOptions options;
        options.lax = lax;
        options.keys_in_paths = keys_in_paths;
        options.text_keys = keys_in_paths;
        compare(row, *type, input, options);
      }
    }
  }

  void compare(const Row& row, const CorpusType& type, const std::string& input, const DecodeOptions& options) {
    const Reading* reading = reading_of(type);
    if (reading == nullptr) return;
    ++readings_;
    const Format& format = format_named(row.format);
    auto held = type.decode(format, bytes_of(input), options);
    Result<Value> by_type = held ? (*held)->to_value({}) : std::unexpected(std::move(held.error()));
    const Result<Value> by_schema = reading->reader.decode(format, bytes_of(input), options);
    if (held && !by_type) {
      // Numbers in a Raw that no Value holds, an unset member of an array: the reader takes what is nearest.
      ++inexact_;
      by_type = by_schema;
    }
    const bool same = by_type && by_schema ? *by_type == *by_schema
                                           : !by_type && !by_schema && told(by_type) == told(by_schema);
    if (same) {
      ++(by_type ? values_ : errors_);
    } else if (reading->checked) {
      ++excused_count_;
      ++excused_[row.type];
    } else {
      ++differ_;
      if (++differing_[row.type] <= 5) {
        std::printf("%s %s %s%s %s\n  by type:   %s\n  by schema: %s\n", row.id.c_str(), row.type.c_str(),
                    row.format.c_str(), options.lax ? " lax" : "", row.input.value_or("").substr(0, 300).c_str(),
                    told(by_type).substr(0, 400).c_str(), told(by_schema).substr(0, 400).c_str());
      }
    }
  }

  const Reading* reading_of(const CorpusType& type) {
    const auto known = types_.find(type.id);
    if (known != types_.end()) return &known->second;
    const contract::Schema schema = type.describe();
    auto made = contract::SchemaReader::make(schema);
    if (!made) {
      std::printf("%s has no reader: %s\n", std::string(type.id).c_str(), told(made.error()).c_str());
      ++differ_;
      return nullptr;
    }
    return &types_.emplace(type.id, Reading{std::move(*made), is_checked(schema)}).first->second;
  }

  std::map<std::string_view, Reading> types_;
  std::map<std::string, std::size_t> differing_;
  std::map<std::string, std::size_t> excused_;
  std::size_t readings_ = 0;
  std::size_t values_ = 0;
  std::size_t errors_ = 0;
  std::size_t differ_ = 0;
  std::size_t excused_count_ = 0;
  std::size_t inexact_ = 0;
};

int check(const std::filesystem::path& directory) {
  std::vector<std::filesystem::path> files;
  for (const auto& entry : std::filesystem::directory_iterator(directory)) {
    if (entry.path().filename().string().starts_with("decode_")) files.push_back(entry.path());
  }
  std::ranges::sort(files);
  BothWays both;
  for (const auto& file : files) both.file(file);
  return both.report();
}

}  // namespace
}  // namespace structwire::testing::corpus

int main(int count, char** arguments) {
  if (count == 2 && std::filesystem::is_directory(arguments[1])) {
    return structwire::testing::corpus::check(arguments[1]);
  }
  std::fprintf(stderr, "usage: corpus_by_schema DIR\n  DIR  in the layout of the msgspec corpus\n");
  return 2;
}
