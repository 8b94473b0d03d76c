// SPDX-License-Identifier: Apache-2.0
//
// One type of the program against its snapshots: what `check` and `snapshot` have in common.
#include <algorithm>

#include <structwire/contract/command/commands.hpp>
#include <structwire/contract/command/files.hpp>

namespace structwire::contract {
namespace {

/// Accepts what the command line allows, in the report and in the snapshot. Returns whether the snapshot has changed.
bool apply_allowances(const Arguments& arguments, Report& report, Snapshot& snapshot, std::vector<std::size_t>& used) {
  bool changed = false;
  for (Finding& finding : report.findings) {
    for (std::size_t i = 0; i < arguments.allowances.size(); ++i) {
      const Allowance& allowance = arguments.allowances[i];
      const Difference& first = finding.first();
      if (allowance.rule != first.rule || allowance.path != first.path) continue;
      ++used[i];
      if (finding.accepted) continue;
      finding.accepted = allowance.reason;
      snapshot.accepted.push_back({first.rule, first.path, first.before, first.after, allowance.reason});
      changed = true;
    }
  }
  return changed;
}

/// A snapshot that was taken over a break which nobody accepted: the check would be blind to it otherwise.
Result<void> look_back(Examination& examination) {
  std::vector<Snapshot>& history = examination.history;
  for (std::size_t i = 1; i < history.size(); ++i) {
    auto report = check(history[i], history[i - 1], Goldens{}, std::span(history).subspan(i - 1), history[i].policy.level);
    if (!report) return std::unexpected(std::move(report.error()));
    if (report->fails()) examination.reports.push_back(std::move(*report));
  }
  return {};
}

}  // namespace

bool Examination::fails() const noexcept {
  return std::ranges::any_of(reports, [](const Report& each) { return each.fails(); });
}

Result<Examination> examine(const Arguments& arguments, const Contract& contract, std::vector<std::size_t>& used) {
  auto history = load_history(arguments.folder, contract.name);
  if (!history) return std::unexpected(std::move(history.error()));
  Examination examination{std::move(*history), {}, {}};
  std::vector<Snapshot>& snapshots = examination.history;
  if (!snapshots.empty()) examination.policy = snapshots.back().policy;
  if (arguments.level) examination.policy.level = *arguments.level;
  if (arguments.transitive) examination.policy.transitive = *arguments.transitive;

  const std::size_t first = examination.policy.transitive || snapshots.empty() ? 0 : snapshots.size() - 1;
  for (std::size_t i = first; i < snapshots.size(); ++i) {
    auto goldens = load_goldens(arguments.folder + "/" + golden_name(contract.name, snapshots[i].version));
    if (!goldens) return std::unexpected(std::move(goldens.error()));
    auto report = check(contract, snapshots[i], *goldens, std::span(snapshots).subspan(i), examination.policy.level);
    if (!report) return std::unexpected(std::move(report.error()));
    if (apply_allowances(arguments, *report, snapshots[i], used)) {
      if (auto saved = save_snapshot(arguments.folder, snapshots[i], nullptr); !saved) return std::unexpected(std::move(saved.error()));
    }
    examination.reports.push_back(std::move(*report));
  }
  if (auto looked = look_back(examination); !looked) return std::unexpected(std::move(looked.error()));
  return examination;
}

}  // namespace structwire::contract
