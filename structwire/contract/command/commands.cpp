// SPDX-License-Identifier: Apache-2.0
#include <structwire/contract/command/commands.hpp>

#include <algorithm>

#include <structwire/contract/command/excerpt.hpp>
#include <structwire/contract/command/files.hpp>
#include <structwire/contract/command/report.hpp>
#include <structwire/contract/contract_fingerprint.hpp>
#include <structwire/contract/generate.hpp>
#include <structwire/json.hpp>

namespace structwire::contract {
namespace {

std::string padded(std::string text, std::size_t width) {
  text.resize(std::max(width, text.size()), ' ');
  return text;
}

std::size_t width_of(const std::vector<const Contract*>& contracts) {
  std::size_t width = 0;
  for (const Contract* each : contracts) width = std::max(width, each->name.size());
  return width;
}

/// Allowances that fitted nothing are mistakes.
int unused_allowances(const Arguments& arguments, const std::vector<std::size_t>& used) {
  for (std::size_t i = 0; i < used.size(); ++i) {
    if (used[i] != 0) continue;
    const Allowance& each = arguments.allowances[i];
    complain("--allow " + each.rule + " '" + each.path + "' fits no difference; nothing was kept for it\n");
    return exit_unusable;
  }
  return exit_compatible;
}

std::string proof_text(const Report& report, const Style& style) {
  return style(Paint::dim, "  [" + std::to_string(report.proof.goldens) + " old and " + std::to_string(report.proof.samples) +
                               " new messages run]");
}

/// The line of one comparison under the findings.
std::string line_of(const Report& report, const Style& style, std::size_t width) {
  const bool fails = report.fails();
  std::string line = fails ? style(Paint::error, "x ") : style(Paint::good, "+ ");
  line += style(Paint::strong, padded(report.type, width)) + "  " + summary(report, style);
  if (report.newer == 0) line += proof_text(report, style);
  return line + "\n";
}

/// What to do about breaks, said once.
std::string way_out(const Arguments& arguments, const std::string& allowance, const Style& style) {
  if (allowance.empty()) return {};
  const std::string folder = arguments.folder == "contracts" ? "" : " --dir " + arguments.folder;
  return style(Paint::strong, "Each `help:` tells how to make the change without a break. What is meant to break is accepted one by one:") +
         "\n  " + arguments.program + " check" + folder + " " + allowance + "\n";
}

/// The findings of all types, then a line for each comparison.
int judge(const Arguments& arguments, std::span<const Contract> contracts) {
  const Style style = style_of_output();
  const std::vector<const Contract*> types = chosen(arguments, contracts);
  std::vector<std::size_t> used(arguments.allowances.size());
  std::string lines;
  std::string allowance;
  bool fails = false;
  bool missing = false;
  for (const Contract* contract : types) {
    auto examination = examine(arguments, *contract, used);
    if (!examination) return unusable(examination.error());
    for (const Report& report : examination->reports) {
      if (!put(to_text(report, {style, !arguments.quiet}))) return exit_unusable;
      lines += line_of(report, style, width_of(types));
      if (allowance.empty() && report.newer == 0) allowance = allowance_of(report);
    }
    fails = fails || examination->fails();
    if (examination->history.empty()) {
      missing = true;
      lines += style(Paint::error, "? ") + style(Paint::strong, padded(contract->name, width_of(types))) + "  no snapshot in " +
               arguments.folder + ": " + arguments.program + " snapshot makes one\n";
    }
  }
  if (!put(lines + way_out(arguments, allowance, style))) return exit_unusable;
  if (fails) return exit_breaks;
  if (const int code = unused_allowances(arguments, used); code != exit_compatible) return code;
  return missing ? exit_unusable : exit_compatible;
}

std::vector<WireForm> forms_for(const Arguments& arguments, const std::vector<Snapshot>& history) {
  if (!arguments.forms.empty()) return arguments.forms;
  if (!history.empty()) return history.back().forms;
  return {WireForm::json, WireForm::msgpack};
}

/// The number of the next snapshot: what sw::version says, else one more than the last.
Result<std::uint32_t> next_version(const Contract& contract, const std::vector<Snapshot>& history) {
  const std::uint32_t last = history.empty() ? 0 : history.back().version;
  const StructSchema* root = contract.schema.root();
  if (root == nullptr || !root->version) return last + 1;
  if (*root->version > last) return *root->version;
  return std::unexpected(Error(ErrorCode::refused, contract.name + " says sw::version<" + std::to_string(*root->version) +
                                                       ">, and v" + std::to_string(last) +
                                                       " is another contract already: count it up"));
}

/// Nothing new to keep: the same contract, the same promises.
bool is_kept(const Contract& contract, const Examination& examination, const std::vector<WireForm>& forms) {
  if (examination.history.empty()) return false;
  const Snapshot& last = examination.history.back();
  return last.policy == examination.policy && last.forms == forms &&
         last.fingerprint == fingerprint_text(contract_fingerprint(contract.schema));
}

/// A promise that alone has changed is written into the last snapshot, for the contract is the same.
bool same_contract(const Contract& contract, const Examination& examination) {
  return !examination.history.empty() &&
         examination.history.back().fingerprint == fingerprint_text(contract_fingerprint(contract.schema));
}

Result<std::string> keep(const Arguments& arguments, const Contract& contract, const Examination& examination) {
  const std::vector<WireForm> forms = forms_for(arguments, examination.history);
  if (is_kept(contract, examination, forms)) return "v" + std::to_string(examination.history.back().version) + " is it already";
  const bool same = same_contract(contract, examination);
  auto version = same ? Result<std::uint32_t>(examination.history.back().version) : next_version(contract, examination.history);
  if (!version) return std::unexpected(std::move(version.error()));
  auto goldens = make_goldens(contract, *version, forms);
  if (!goldens) return std::unexpected(std::move(goldens.error()));
  Snapshot snapshot{contract.name, *version, fingerprint_text(contract_fingerprint(contract.schema)), forms,
                    examination.policy, same ? examination.history.back().accepted : std::vector<Accepted>{}, contract.schema};
  if (auto saved = save_snapshot(arguments.folder, snapshot, &*goldens); !saved) return std::unexpected(std::move(saved.error()));
  return arguments.folder + "/" + snapshot_name(contract.name, *version) + " and " + std::to_string(goldens->cases.size()) +
         " golden messages" + (same ? ", with another promise" : "");
}

}  // namespace

std::vector<const Contract*> chosen(const Arguments& arguments, std::span<const Contract> contracts) {
  std::vector<const Contract*> found;
  for (const Contract& each : contracts) {
    const bool named = std::ranges::find(arguments.types, each.name) != arguments.types.end();
    if (named || arguments.types.empty()) found.push_back(&each);
  }
  return found;
}

int unusable(const Error& error) {
  complain(printable(error.message()) + "\n");
  return exit_unusable;
}

int check_command(const Arguments& arguments, std::span<const Contract> contracts) { return judge(arguments, contracts); }

int snapshot_command(const Arguments& arguments, std::span<const Contract> contracts) {
  const Style style = style_of_output();
  const std::vector<const Contract*> types = chosen(arguments, contracts);
  std::vector<std::size_t> used(arguments.allowances.size());
  bool fails = false;
  for (const Contract* contract : types) {
    auto examination = examine(arguments, *contract, used);
    if (!examination) return unusable(examination.error());
    const std::string name = style(Paint::strong, padded(contract->name, width_of(types))) + "  ";
    if (examination->fails()) {
      fails = true;
      std::string allowance;
      for (const Report& report : examination->reports) {
        if (!put(to_text(report, {style, false}) + (report.fails() ? line_of(report, style, width_of(types)) : ""))) return exit_unusable;
        if (allowance.empty() && report.newer == 0) allowance = allowance_of(report);
      }
      const std::string refusal = style(Paint::error, "x ") + name + "no snapshot over a break\n";
      if (!put(refusal + way_out(arguments, allowance, style))) return exit_unusable;
      continue;
    }
    auto kept = keep(arguments, *contract, *examination);
    if (!kept) return unusable(kept.error());
    if (!put(style(Paint::good, "+ ") + name + *kept + "\n")) return exit_unusable;
  }
  return fails ? exit_breaks : unused_allowances(arguments, used);
}

int diff_command(const Arguments& arguments, std::span<const Contract> contracts) {
  // What check says, without a judgement in the exit code.
  const int code = judge(arguments, contracts);
  return code == exit_breaks ? exit_compatible : code;
}

int show_command(const Arguments& arguments, std::span<const Contract> contracts) {
  const Style style = style_of_output();
  for (const Contract* contract : chosen(arguments, contracts)) {
    std::string text = arguments.as_json ? json::reformat(json::encode(contract->schema)).value_or("") + "\n"
                                         : to_text(contract->schema, style) +
                                               style(Paint::dim, "fingerprint " + fingerprint_text(contract_fingerprint(contract->schema))) + "\n\n";
    if (!put(text)) return exit_unusable;
  }
  return exit_compatible;
}

int generate_command(const Arguments& arguments, std::span<const Contract> contracts) {
  std::vector<Schema> schemas;
  std::vector<Fingerprint> fingerprints;
  for (const Contract* each : chosen(arguments, contracts)) {
    schemas.push_back(each->schema);
    fingerprints.push_back(each->wire);
  }
  const Generator& generator = *find_generator(arguments.target);
  auto text = generator.generate(schemas);
  if (!text) return unusable(text.error());
  if (generator.fingerprints != nullptr) {
    const auto behind = generator.fingerprints(schemas, fingerprints);
    if (!behind) return unusable(behind.error());
    *text += *behind;
  }
  if (arguments.out.empty()) return put(*text) ? exit_compatible : exit_unusable;
  const auto saved = save_file(arguments.out, *text);
  return saved ? exit_compatible : unusable(saved.error());
}

}  // namespace structwire::contract
