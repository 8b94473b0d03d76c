// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <examples/demo/records.hpp>

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace demo {

/// Counts and sums of one group: a package, or the headers of one folder.
struct Totals {
  std::int64_t records = 0;
  std::int64_t files = 0;
  std::int64_t directories = 0;
  std::int64_t links = 0;
  std::int64_t other = 0;
  std::int64_t missing = 0;
  std::int64_t unreadable = 0;
  std::int64_t intact = 0;   ///< files whose content has the stated MD5
  std::int64_t altered = 0;  ///< files whose content has not
  std::int64_t found = 0;    ///< includes that mean a file
  std::int64_t bytes = 0;

  Totals& operator+=(const Totals& other_totals);
  friend bool operator==(const Totals&, const Totals&) = default;
};

/// What came out, however it was computed.
struct Summary {
  std::map<std::string, Totals> groups;
  std::vector<std::string> altered;  ///< paths, sorted

  void add(const FileRecord& record, const FileFinding& finding);
  void add(const IncludeRecord& record, const IncludeFinding& finding);

  friend bool operator==(const Summary&, const Summary&) = default;
};

/// Prints both side by side, and where they differ; true when they are equal.
bool print_comparison(const Summary& by_tasks, const Summary& directly);

/// Prints the largest groups, and what is altered or missing.
void print_findings(const Summary& summary);

/// `1234567` as `1,234,567`.
[[nodiscard]] std::string grouped(std::int64_t number);

}  // namespace demo
