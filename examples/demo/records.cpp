// SPDX-License-Identifier: Apache-2.0
#include <examples/demo/records.hpp>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <string_view>
#include <unordered_map>

namespace demo {
namespace {

namespace files = std::filesystem;

constexpr const char* database = "/var/lib/dpkg/info";
constexpr std::string_view headers = "/usr/include";
constexpr std::size_t md5_digits = 32;

std::vector<std::string> sorted_files(const files::path& folder, std::string_view ending) {
  std::vector<std::string> names;
  std::error_code error;
  for (const auto& entry : files::directory_iterator(folder, error)) {
    if (entry.path().extension() == ending) names.push_back(entry.path().string());
  }
  std::ranges::sort(names);
  return names;
}

/// `DIGITS  usr/bin/ls` per line.
std::unordered_map<std::string, std::string> read_sums(const std::string& file) {
  std::unordered_map<std::string, std::string> sums;
  std::ifstream in(file);
  for (std::string line; std::getline(in, line);) {
    if (line.size() > md5_digits + 2)
      sums["/" + line.substr(md5_digits + 2)] = line.substr(0, md5_digits);
  }
  return sums;
}

void skip_blanks(std::string_view& text) {
  text.remove_prefix(std::min(text.size(), text.find_first_not_of(" \t")));
}

// `#include <x>` or `#include "x"`; an include of a macro is none of ours.
std::optional<IncludeRecord> parse_include(std::string_view line) {
  skip_blanks(line);
  if (!line.starts_with('#')) return std::nullopt;
  line.remove_prefix(1);
  skip_blanks(line);
  constexpr std::string_view word = "include";
  if (!line.starts_with(word)) return std::nullopt;
  line.remove_prefix(word.size());
  skip_blanks(line);
  if (line.empty() || (line.front() != '<' && line.front() != '"')) return std::nullopt;
  const bool quoted = line.front() == '"';
  const std::size_t end = line.find(quoted ? '"' : '>', 1);
  if (end == line.npos || end < 2) return std::nullopt;
  return IncludeRecord{.target = std::string(line.substr(1, end - 1)), .quoted = quoted};
}

void read_includes(const std::string& file, std::vector<IncludeRecord>& records) {
  std::ifstream in(file);
  std::int64_t number = 0;
  for (std::string line; std::getline(in, line);) {
    ++number;
    auto record = parse_include(line);
    if (!record) continue;
    record->file = file;
    record->line = number;
    records.push_back(std::move(*record));
  }
}

}  // namespace

std::vector<FileRecord> read_file_records() {
  std::vector<FileRecord> records;
  for (const std::string& list : sorted_files(database, ".list")) {
    const files::path path(list);
    const auto sums = read_sums(files::path(path).replace_extension(".md5sums").string());
    std::ifstream in(list);
    for (std::string line; std::getline(in, line);) {
      if (line.empty()) continue;
      FileRecord& record = records.emplace_back(path.stem().string(), line);
      if (const auto sum = sums.find(line); sum != sums.end()) record.md5 = sum->second;
    }
  }
  return records;
}

std::vector<IncludeRecord> read_include_records() {
  std::vector<std::string> names;
  std::error_code error;
  for (auto entry = files::recursive_directory_iterator(headers, error);
       entry != files::recursive_directory_iterator(); entry.increment(error)) {
    if (error) break;
    if (!entry->is_symlink() && entry->is_regular_file(error))
      names.push_back(entry->path().string());
  }
  std::ranges::sort(names);
  std::vector<IncludeRecord> records;
  for (const std::string& name : names) read_includes(name, records);
  return records;
}

std::vector<std::string> header_folders() {
  std::vector<std::string> folders;
  std::error_code error;
  const auto add_below = [&](const std::string& parent, const std::string& below) {
    std::vector<std::string> found;
    for (const auto& entry : files::directory_iterator(parent, error)) {
      const std::string name = entry.path().string() + below;
      if (files::is_directory(name, error)) found.push_back(name);
    }
    std::ranges::sort(found);
    folders.insert(folders.end(), found.begin(), found.end());
  };
  add_below("/usr/include/c++", "");
  for (const auto& machine : files::directory_iterator("/usr/lib/gcc", error)) {
    const std::string name = machine.path().filename().string();
    add_below("/usr/include/" + name + "/c++", "");
    add_below(machine.path().string(), "/include");
    folders.push_back("/usr/include/" + name);
  }
  folders.emplace_back(headers);
  return folders;
}

std::string group_of(const IncludeRecord& record) {
  const std::string_view inside = std::string_view(record.file).substr(headers.size() + 1);
  const std::size_t slash = inside.find('/');
  return "#include in " +
         std::string(slash == inside.npos ? "/usr/include" : inside.substr(0, slash));
}

}  // namespace demo
