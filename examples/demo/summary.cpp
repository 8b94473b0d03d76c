// SPDX-License-Identifier: Apache-2.0
#include <examples/demo/summary.hpp>

#include <algorithm>
#include <array>
#include <cstdio>
#include <utility>

namespace demo {
namespace {

/// A line of the comparison.
struct Row {
  const char* name;
  std::int64_t Totals::* member;
};

constexpr std::array<Row, 11> rows = {{{"records", &Totals::records},
                                       {"files", &Totals::files},
                                       {"directories", &Totals::directories},
                                       {"links", &Totals::links},
                                       {"devices and the like", &Totals::other},
                                       {"paths that are missing", &Totals::missing},
                                       {"not for this user to read", &Totals::unreadable},
                                       {"files with their MD5", &Totals::intact},
                                       {"files with another MD5", &Totals::altered},
                                       {"#includes of a file", &Totals::found},
                                       {"bytes of the files", &Totals::bytes}}};

Totals total_of(const Summary& summary) {
  Totals total;
  for (const auto& [name, totals] : summary.groups) total += totals;
  return total;
}

std::int64_t equal_groups(const Summary& a, const Summary& b) {
  return std::ranges::count_if(a.groups, [&](const auto& group) {
    const auto same = b.groups.find(group.first);
    return same != b.groups.end() && same->second == group.second;
  });
}

void print_differences(const Summary& by_tasks, const Summary& directly) {
  int shown = 0;
  for (const auto& [name, totals] : directly.groups) {
    const auto other = by_tasks.groups.find(name);
    if (other != by_tasks.groups.end() && other->second == totals) continue;
    if (++shown <= 10) std::printf("  differs: %s\n", name.c_str());
  }
}

}  // namespace

Totals& Totals::operator+=(const Totals& other_totals) {
  for (const Row& row : rows) this->*row.member += other_totals.*row.member;
  return *this;
}

void Summary::add(const FileRecord& record, const FileFinding& finding) {
  Totals& totals = groups[record.package];
  ++totals.records;
  totals.missing += finding.kind == PathKind::missing;
  totals.files += finding.kind == PathKind::file;
  totals.directories += finding.kind == PathKind::directory;
  totals.links += finding.kind == PathKind::link;
  totals.other += finding.kind == PathKind::other;
  totals.unreadable += !finding.readable;
  totals.bytes += finding.bytes;
  if (!finding.intact) return;
  ++(*finding.intact ? totals.intact : totals.altered);
  if (!*finding.intact) altered.push_back(record.path);
}

void Summary::add(const IncludeRecord& record, const IncludeFinding& finding) {
  Totals& totals = groups[group_of(record)];
  ++totals.records;
  totals.found += finding.found.has_value();
  totals.bytes += finding.bytes;
}

bool print_comparison(const Summary& by_tasks, const Summary& directly) {
  const Totals left = total_of(by_tasks);
  const Totals right = total_of(directly);
  std::printf("\n  %-25s %16s %16s\n", "", "by tasks", "directly");
  for (const Row& row : rows) {
    const std::int64_t a = left.*row.member;
    const std::int64_t b = right.*row.member;
    if (a == 0 && b == 0) continue;
    std::printf("  %-25s %16s %16s  %s\n", row.name, grouped(a).c_str(), grouped(b).c_str(),
                a == b ? "equal" : "DIFFERENT");
  }
  const auto groups = static_cast<std::int64_t>(directly.groups.size());
  const std::int64_t equal = equal_groups(by_tasks, directly);
  std::printf("  each of %s packages and header folders by itself: %s\n", grouped(groups).c_str(),
              equal == groups ? "equal" : "DIFFERENT");
  print_differences(by_tasks, directly);
  return by_tasks == directly;
}

void print_findings(const Summary& summary) {
  std::vector<std::pair<std::string, Totals>> groups(summary.groups.begin(), summary.groups.end());
  std::ranges::sort(groups, [](const auto& a, const auto& b) {
    return std::pair(b.second.bytes, a.first) < std::pair(a.second.bytes, b.first);
  });
  std::printf("\n  The largest:\n");
  for (std::size_t i = 0; i < std::min<std::size_t>(groups.size(), 5); ++i) {
    const auto& [name, totals] = groups[i];
    std::printf("  %16s bytes  %9s records  %s\n", grouped(totals.bytes).c_str(),
                grouped(totals.records).c_str(), name.c_str());
  }
  if (summary.altered.empty()) return;
  constexpr std::size_t shown = 5;
  std::printf("\n  Altered since they were installed:\n");
  for (std::size_t i = 0; i < std::min(summary.altered.size(), shown); ++i) {
    std::printf("    %s\n", summary.altered[i].c_str());
  }
  if (summary.altered.size() > shown)
    std::printf("    and %zu more\n", summary.altered.size() - shown);
}

std::string grouped(std::int64_t number) {
  std::string text = std::to_string(number);
  const std::size_t first = number < 0 ? 1 : 0;
  for (std::size_t at = text.size(); at > first + 3;) text.insert(at -= 3, ",");
  return text;
}

}  // namespace demo
