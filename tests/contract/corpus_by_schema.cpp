// SPDX-License-Identifier: Apache-2.0

// Reads every decode row of the msgspec corpus (its directory is the argument) twice: as its C++ type, and by the Schema
// of that type; strictly and laxly, with keys in paths and without. Prints where the two differ in value, code, sentence,
// path or offset, and counts; ends with 1 where they do.
//
// What was read is written twice as well, in both formats: by the type's encoder and by its Schema. And samples of every
// Schema, written by it, are read by the type and written to the same bytes. A Raw's spelling is not in its Value; there,
// as with other spellings of the same value, the two are compared as Values, and counted.

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <map>
#include <optional>
#include <set>
#include <vector>

#include <structwire/contract/sample.hpp>
#include <structwire/contract/schema_reader.hpp>
#include <structwire/contract/schema_writer.hpp>
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

bool holds_raw(const contract::TypeSchema& type) {
  const bool is = type.kind == contract::TypeKind::raw || type.kind == contract::TypeKind::unknown;
  return is || std::ranges::any_of(type.parts, holds_raw);
}

bool holds_raw(const contract::Schema& schema) {
  const auto member_is = [](const contract::MemberSchema& member) { return holds_raw(member.type); };
  return holds_raw(schema.type) || std::ranges::any_of(schema.structs, [&](const contract::StructSchema& each) {
           return each.unknown_fields == contract::UnknownFields::keep || std::ranges::any_of(each.members, member_is);
         });
}

struct Reading {
  contract::SchemaReader reader;
  bool checked;
  bool raw;
};

constexpr std::uint64_t random_samples = 100;

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
    std::printf("%zu writings, %zu samples: %zu the same bytes, %zu the same value with a Raw in it, %zu errors equal, "
                "%zu differ, %zu excused\n",
                writings_, samples_, same_bytes_, same_raw_, write_errors_, write_differ_, write_excused_);
    return differ_ == 0 && write_differ_ == 0 && readings_ != 0 && samples_ != 0 ? 0 : 1;
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
    if (held && by_type && !options.lax && !options.keys_in_paths) written(row.id, type, *reading, **held, *by_type);
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

  /// The same object by its encoder and, as the Value that it is, by its Schema.
  void written(const std::string& id, const CorpusType& type, const Reading& reading, const Held& held, const Value& value) {
    for (const Format* format : {&json::format(), &msgpack::format()}) {
      ++writings_;
      const Result<Buffer> by_type = held.encode(*format, {});
      const Result<Buffer> by_schema = contract::encode(reading.reader.schema(), *format, value);
      if (by_type && by_schema && by_type->text() == by_schema->text()) {
        ++same_bytes_;
      } else if (!by_type && !by_schema) {
        ++write_errors_;
      } else if (reading.raw && by_type && by_schema && decoded(*format, *by_type) == decoded(*format, *by_schema)) {
        ++same_raw_;
      } else if (++write_differ_; ++differing_[std::string(type.id)] <= 5) {
        std::printf("%s %s, written in %s\n  by type:   %s\n  by schema: %s\n", id.c_str(), std::string(type.id).c_str(),
                    std::string(format->name).c_str(), shown(*format, by_type).c_str(), shown(*format, by_schema).c_str());
      }
    }
  }

  static std::optional<Value> decoded(const Format& format, const Buffer& bytes) {
    auto value = format.decode(bytes.bytes(), {});
    return value ? std::optional(std::move(*value)) : std::nullopt;
  }

  static std::string shown(const Format& format, const Result<Buffer>& bytes) {
    if (!bytes) return told(bytes.error());
    return (&format == &json::format() ? std::string(bytes->text()) : to_hex(bytes->text())).substr(0, 400);
  }

  void samples(const CorpusType& type, const Reading& reading) {
    const contract::Schema& schema = reading.reader.schema();
    std::vector<contract::Sample> all = contract::edge_samples(schema).value_or(std::vector<contract::Sample>{});
    for (std::uint64_t seed = 1; seed <= random_samples; ++seed) {
      if (auto value = contract::random_sample(schema, seed)) all.push_back({"random " + std::to_string(seed), std::move(*value)});
    }
    for (const contract::Sample& each : all) {
      const auto text = contract::encode(schema, json::format(), each.value);
      if (!text) continue;
      ++samples_;
      const auto held = type.decode(json::format(), text->bytes(), {});
      if (held) {
        const auto value = (*held)->to_value({});
        if (value) written(each.name, type, reading, **held, *value);
      } else if (reading.checked) {
        ++write_excused_;
      } else if (++write_differ_; ++differing_[std::string(type.id)] <= 5) {
        std::printf("%s of %s is refused: %s\n  %s\n", each.name.c_str(), std::string(type.id).c_str(),
                    told(held.error()).c_str(), shown(json::format(), text).c_str());
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
    const Reading& reading =
        types_.emplace(type.id, Reading{std::move(*made), is_checked(schema), holds_raw(schema)}).first->second;
    samples(type, reading);
    return &reading;
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
  std::size_t writings_ = 0;
  std::size_t samples_ = 0;
  std::size_t same_bytes_ = 0;
  std::size_t same_raw_ = 0;
  std::size_t write_errors_ = 0;
  std::size_t write_differ_ = 0;
  std::size_t write_excused_ = 0;
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
