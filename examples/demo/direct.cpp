// SPDX-License-Identifier: Apache-2.0
#include <examples/demo/direct.hpp>

#include <algorithm>
#include <array>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <string_view>
#include <thread>
#include <unordered_map>

namespace demo {
namespace {

namespace files = std::filesystem;
using Sums = std::unordered_map<std::string, std::string>;

/// `DIGITS  PATH`, each ended by a zero byte, as `md5sum --zero` prints them.
void parse_sums(std::string_view text, Sums& sums) {
  while (!text.empty()) {
    const std::string_view entry = text.substr(0, text.find('\0'));
    text.remove_prefix(std::min(text.size(), entry.size() + 1));
    const std::size_t blank = entry.find(' ');
    if (blank != entry.npos) sums[std::string(entry.substr(blank + 2))] = entry.substr(0, blank);
  }
}

// Runs md5sum over a list of files; of those it cannot read there is no entry.
Sums run_md5sum(const std::string& list_file, const std::vector<std::string>& paths,
                std::atomic<std::size_t>& done, const std::atomic<bool>& stop) {
  std::ofstream list(list_file, std::ios::binary);
  for (const std::string& path : paths) list << path << '\0';
  list.close();
  Sums sums;
  const std::string command =
      "exec xargs -0 -n 64 -a '" + list_file + "' md5sum --zero -- 2>/dev/null";
  std::FILE* out = ::popen(command.c_str(), "re");
  if (out == nullptr) return sums;
  std::string text;
  std::array<char, 65536> block;
  std::size_t got = 0;
  while (!stop && (got = std::fread(block.data(), 1, block.size(), out)) > 0) {
    text.append(block.data(), got);
    done += static_cast<std::size_t>(std::count(block.data(), block.data() + got, '\0'));
  }
  ::pclose(out);
  parse_sums(text, sums);
  return sums;
}

// Two md5sums at a time, each with every second file.
Sums md5_of_files(const std::vector<FileRecord>& records, const std::string& folder,
                  std::atomic<std::size_t>& done, const std::atomic<bool>& stop) {
  std::array<std::vector<std::string>, 2> paths;
  std::size_t count = 0;
  for (const FileRecord& record : records) {
    std::error_code error;
    const files::file_status status = files::symlink_status(record.path, error);
    if (record.md5 && files::is_regular_file(status)) paths[++count % 2].push_back(record.path);
  }
  done += records.size() - count;
  Sums other;
  std::thread second([&] { other = run_md5sum(folder + "/md5sum_1", paths[1], done, stop); });
  Sums sums = run_md5sum(folder + "/md5sum_0", paths[0], done, stop);
  second.join();
  sums.merge(other);
  return sums;
}

void add_directly(Summary& summary, const FileRecord& record, const Sums& sums) {
  Totals& totals = summary.groups[record.package];
  totals.records += 1;
  std::error_code error;
  switch (files::symlink_status(record.path, error).type()) {
    case files::file_type::not_found:
      totals.missing += 1;
      return;
    case files::file_type::directory:
      totals.directories += 1;
      return;
    case files::file_type::symlink:
      totals.links += 1;
      return;
    case files::file_type::regular:
      totals.files += 1;
      break;
    case files::file_type::none:
    case files::file_type::unknown:
      totals.unreadable += 1;
      return;
    default:
      totals.other += 1;
      return;
  }
  totals.bytes += static_cast<std::int64_t>(files::file_size(record.path, error));
  if (!record.md5) return;
  const auto sum = sums.find(record.path);
  if (sum == sums.end() && !std::ifstream(record.path)) {
    totals.unreadable += 1;
    return;
  }
  const bool same = sum != sums.end() && sum->second == *record.md5;
  totals.intact += same ? 1 : 0;
  totals.altered += same ? 0 : 1;
  if (!same) summary.altered.push_back(record.path);
}

void add_directly(Summary& summary, const IncludeRecord& record,
                  const std::vector<std::string>& folders) {
  std::vector<files::path> candidates;
  if (record.quoted) candidates.push_back(files::path(record.file).parent_path() / record.target);
  for (const std::string& folder : folders)
    candidates.push_back(files::path(folder) / record.target);
  const auto found = std::ranges::find_if(candidates, [](const files::path& path) {
    std::error_code error;
    return files::is_regular_file(path, error);
  });
  Totals& totals = summary.groups[group_of(record)];
  totals.records += 1;
  if (found == candidates.end()) return;
  totals.found += 1;
  totals.bytes += static_cast<std::int64_t>(files::file_size(*found));
}

}  // namespace

Summary summarize_directly(const std::vector<FileRecord>& file_records,
                           const std::vector<IncludeRecord>& includes, const std::string& folder,
                           std::atomic<std::size_t>& done, const std::atomic<bool>& stop) {
  Summary summary;
  const Sums sums = md5_of_files(file_records, folder, done, stop);
  for (const FileRecord& record : file_records) add_directly(summary, record, sums);
  const std::vector<std::string> folders = header_folders();
  for (const IncludeRecord& record : includes) {
    if (stop) break;
    add_directly(summary, record, folders);
    ++done;
  }
  std::ranges::sort(summary.altered);
  return summary;
}

}  // namespace demo
