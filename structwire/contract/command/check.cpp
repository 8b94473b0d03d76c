// SPDX-License-Identifier: Apache-2.0
#include <structwire/contract/command/check.hpp>

#include <algorithm>
#include <unordered_map>

#include <structwire/contract/command/excerpt.hpp>
#include <structwire/contract/compare/crossing.hpp>
#include <structwire/contract/compare/difference_of_values.hpp>
#include <structwire/contract/sample.hpp>
#include <structwire/contract/schema_reader.hpp>
#include <structwire/json.hpp>
#include <structwire/msgpack.hpp>

namespace structwire::contract {
namespace {

/// Random samples beside those of the edges.
constexpr std::uint64_t random_samples = 64;

const Format& format_of(WireForm form) noexcept { return form == WireForm::json ? json::format() : msgpack::format(); }

bool same_change(const Difference& a, const Difference& b) noexcept {
  return a.rule == b.rule && a.path == b.path && a.before == b.before && a.after == b.after;
}

std::string key_of(const Difference& difference) {
  std::string key;
  for (const std::string* part : {&difference.rule, &difference.path, &difference.before, &difference.after}) {
    key += std::to_string(part->size()) + ":" + *part;
  }
  return key;
}

/// The names of a path, without what stands for items: `Order.items[].price` and `$.items[3].price` are one.
std::vector<std::string> names_in(std::string_view path) {
  std::vector<std::string> names;
  std::string name;
  int inside = 0;
  for (std::size_t i = path.find_first_of(".[{<"); i < path.size(); ++i) {
    const char c = path[i];
    if (c == '[' || c == '{' || c == '<') ++inside;
    if (c == '.' && inside == 0) {
      if (!name.empty()) names.push_back(std::exchange(name, {}));
    } else if (inside == 0) {
      name += c;
    }
    if (c == ']' || c == '}' || c == '>') --inside;
  }
  if (!name.empty()) names.push_back(std::move(name));
  return names;
}

/// How well a finding's path explains what happened at another; 0: not at all.
std::size_t fit(const std::vector<std::string>& finding, const std::vector<std::string>& seen, const std::string& text) {
  const std::size_t common = std::min(finding.size(), seen.size());
  if (!std::ranges::equal(std::span(finding).first(common), std::span(seen).first(common))) return 0;
  if (finding.size() == seen.size()) return 1000;
  // A missing or unknown field is told at the struct around it, with its name in the sentence.
  if (finding.size() > seen.size()) return text.find("`" + finding.back() + "`") != std::string::npos ? 900 : 1;
  return 2 + finding.size();
}

/// What became of a renamed member's value: at the end of the path, through arrays on the way.
std::optional<std::string> lost_value(const Value& written, const Value& read, std::span<const std::string> parents,
                                      const std::string& from, const std::string& to) {
  const auto* from_items = written.get_if<Value::Array>();
  const auto* to_items = read.get_if<Value::Array>();
  if (from_items != nullptr && to_items != nullptr) {
    for (std::size_t i = 0; i < std::min(from_items->size(), to_items->size()); ++i) {
      if (auto lost = lost_value((*from_items)[i], (*to_items)[i], parents, from, to)) return lost;
    }
    return std::nullopt;
  }
  const Value* source = written.find(parents.empty() ? from : parents.front());
  const Value* target = read.find(parents.empty() ? to : parents.front());
  if (source == nullptr || target == nullptr) return std::nullopt;
  if (!parents.empty()) return lost_value(*source, *target, parents.subspan(1), from, to);
  if (*source == *target) return std::nullopt;
  return "`" + from + "` was " + quoted(*source) + ", and `" + to + "` is " + quoted(*target);
}

/// How likely a finding is the one that shows, of several at one path.
std::size_t aptness(std::string_view rule, Verdict foretold, Verdict seen, const std::string& text) {
  // These are about members that are not there, and a message with one is the rare case.
  if (rule == "absence_changed" || rule == "default_changed") return 1;
  const bool about_null = rule == "null_refused" || rule == "null_allowed";
  if (about_null) return text.find("got `null`") != std::string::npos ? 6 : 0;
  if ((foretold == Verdict::silent) == (seen == Verdict::silent)) return foretold == Verdict::conditional ? 4 : 5;
  return 2;
}

/// Runs messages of one direction and hands what goes wrong to the findings.
class Witness {
 public:
  Witness(std::vector<Finding>& findings, bool backward, std::string root)
      : findings_(findings), backward_(backward), root_(std::move(root)) {}

  /// `written` is what the message means to its writer.
  void hear(WireForm form, const std::string& message, const Value& written, const Result<Value>& read,
            std::span<const std::byte> bytes) {
    std::string path = "$";
    std::string seen;
    Verdict verdict = Verdict::conditional;
    if (!read) {
      path = read.error().path();
      seen = read.error().message();
    } else if (const auto changed = difference_of_values(written, *read)) {
      path = changed->path;
      seen = changed->text;
      verdict = Verdict::silent;
    } else {
      return hear_renamed(form, message, written, *read, bytes);
    }
    Evidence evidence{form, backward_, message, seen, shown(form, bytes, path), bytes.size()};
    Finding* best = explanation(form, path, seen, verdict);
    if (best == nullptr) best = &unexplained(form, path, seen, verdict);
    add(*best, std::move(evidence));
  }

 private:
  /// The shortest message of the first form that shows it shows it best.
  static void add(Finding& finding, Evidence evidence) {
    const auto told = std::ranges::find(finding.evidence, evidence.backward, &Evidence::backward);
    if (told == finding.evidence.end()) {
      finding.evidence.push_back(std::move(evidence));
    } else if (evidence.form == told->form && evidence.size < told->size) {
      *told = std::move(evidence);
    }
  }

  /// Members that are passed over are no difference of values; renamed ones are.
  void hear_renamed(WireForm form, const std::string& message, const Value& written, const Value& read,
                    std::span<const std::byte> bytes) {
    for (Finding& each : findings_) {
      const Difference& first = each.first();
      if (!first.rule.starts_with("member_renamed") || verdict_of(each, form) != Verdict::silent) continue;
      std::vector<std::string> parents = names_in(first.path);
      if (parents.empty()) continue;
      parents.pop_back();
      std::string path = "$";
      for (const std::string& name : parents) path += "." + name;
      path += "." + (backward_ ? first.before : first.after);
      const auto lost = backward_ ? lost_value(written, read, parents, first.before, first.after)
                                  : lost_value(written, read, parents, first.after, first.before);
      if (lost) add(each, {form, backward_, message, *lost, shown(form, bytes, path), bytes.size()});
    }
  }

  static std::string shown(WireForm form, std::span<const std::byte> bytes, const std::string& path) {
    const auto value = format_of(form).decode(bytes, {});
    return value ? excerpt(*value, path) : std::string();
  }

  Verdict verdict_of(const Finding& finding, WireForm form) const noexcept {
    for (const Difference& each : finding.in_forms) {
      if (each.form == form) return backward_ ? each.backward : each.forward;
    }
    return Verdict::compatible;
  }

  /// The finding that foretold it. A silent verdict foretells errors too; an error none that is silent.
  Finding* explanation(WireForm form, const std::string& path, const std::string& seen, Verdict verdict) {
    const std::vector<std::string> names = names_in(path);
    Finding* best = nullptr;
    std::size_t best_fit = 0;
    for (Finding& each : findings_) {
      const Verdict foretold = verdict_of(each, form);
      if (foretold == Verdict::compatible || (verdict == Verdict::silent && foretold != Verdict::silent)) continue;
      const std::size_t place = fit(names_in(each.first().path), names, seen);
      if (place == 0) continue;
      const std::size_t fits = 8 * place + aptness(each.first().rule, foretold, verdict, seen);
      if (fits > best_fit) {
        best = &each;
        best_fit = fits;
      }
    }
    return best;
  }

  Finding& unexplained(WireForm form, const std::string& path, const std::string& seen, Verdict verdict) {
    const Rule& rule = *find_rule(verdict == Verdict::silent ? "message_changed" : "message_refused");
    Difference found;
    found.rule = rule.name;
    found.path = root_ + (path.starts_with('$') ? path.substr(1) : path);
    found.form = form;
    (backward_ ? found.backward : found.forward) = verdict;
    (backward_ ? found.backward_detail : found.forward_detail) =
        std::string(backward_ ? "New readers of old messages: " : "Old readers of new messages: ") + seen + ".";
    found.advice = rule.advice;
    const auto known = std::ranges::find_if(findings_, [&](const Finding& each) { return same_change(each.first(), found); });
    if (known != findings_.end()) {
      const bool told = std::ranges::any_of(known->in_forms, [&](const Difference& each) { return each.form == form; });
      if (!told) known->in_forms.push_back(std::move(found));
      return *known;
    }
    findings_.push_back({{std::move(found)}, std::nullopt, {}});
    return findings_.back();
  }

  std::vector<Finding>& findings_;
  bool backward_;
  std::string root_;
};

/// Old messages at the new reader.
template <class Read>
void run_goldens(Report& report, const SchemaReader& old, const Goldens& goldens, std::span<const WireForm> forms, Read read) {
  Witness witness(report.findings, true, report.type);
  for (const Golden& each : goldens.cases) {
    for (const WireForm form : forms) {
      const auto bytes = each.bytes(form);
      if (bytes.empty()) continue;
      const auto written = old.decode(format_of(form), bytes);
      // A message that its own schema does not read says nothing of a change.
      if (!written) continue;
      ++report.proof.goldens;
      witness.hear(form, "golden " + each.name, *written, read(form, bytes), bytes);
    }
  }
}

std::vector<Sample> samples_of(const Schema& schema) {
  std::vector<Sample> samples = edge_samples(schema).value_or(std::vector<Sample>{});
  for (std::uint64_t seed = 1; seed <= random_samples; ++seed) {
    auto value = random_sample(schema, seed);
    if (!value) break;
    samples.push_back({"random " + std::to_string(seed), std::move(*value)});
  }
  return samples;
}

/// New messages at the old reader.
void run_samples(Report& report, const Contract& contract, const SchemaReader& old, std::span<const WireForm> forms) {
  Witness witness(report.findings, false, report.type);
  for (const Sample& each : samples_of(contract.schema)) {
    for (const WireForm form : forms) {
      const auto bytes = contract.encode(form, each.value);
      if (!bytes) continue;
      const auto written = contract.decode(form, bytes->bytes());
      if (!written) continue;
      ++report.proof.samples;
      witness.hear(form, "sample " + each.name, *written, old.decode(format_of(form), bytes->bytes()), bytes->bytes());
    }
  }
}

}  // namespace

Verdict Finding::worst(bool backward) const noexcept {
  Verdict worst = Verdict::compatible;
  for (const Difference& each : in_forms) worst = std::max(worst, backward ? each.backward : each.forward);
  return worst;
}

bool Finding::fails(Level level) const noexcept {
  if (accepted) return false;
  return std::ranges::any_of(in_forms, [&](const Difference& each) { return breaks(each, level); });
}

bool Report::fails() const noexcept {
  return std::ranges::any_of(findings, [&](const Finding& each) { return each.fails(level); });
}

std::vector<Finding> compare(const Schema& before, const Schema& after, std::span<const WireForm> forms) {
  std::vector<Finding> findings;
  std::unordered_map<std::string, std::size_t> places;
  for (const WireForm form : forms) {
    for (Difference& each : differences(before, after, form)) {
      const auto [place, is_new] = places.try_emplace(key_of(each), findings.size());
      if (is_new) findings.emplace_back();
      findings[place->second].in_forms.push_back(std::move(each));
    }
  }
  return findings;
}

void accept(std::vector<Finding>& findings, std::span<const Snapshot> newer) {
  for (Finding& finding : findings) {
    for (const Snapshot& snapshot : newer) {
      for (const Accepted& each : snapshot.accepted) {
        if (each.covers(finding.first())) finding.accepted = each.reason;
      }
    }
  }
}

Result<Report> check(const Contract& contract, const Snapshot& snapshot, const Goldens& goldens,
                     std::span<const Snapshot> history, Level level) {
  Report report{contract.name, snapshot.version, 0, level, compare(snapshot.schema, contract.schema, snapshot.forms), {}};
  auto old = SchemaReader::make(snapshot.schema);
  if (!old) return std::unexpected(std::move(old.error()));
  run_goldens(report, *old, goldens, snapshot.forms, contract.decode);
  run_samples(report, contract, *old, snapshot.forms);
  accept(report.findings, history);
  return report;
}

Result<Report> check(const Snapshot& newer, const Snapshot& snapshot, const Goldens& goldens,
                     std::span<const Snapshot> history, Level level) {
  Report report{newer.type, snapshot.version, newer.version, level, compare(snapshot.schema, newer.schema, snapshot.forms), {}};
  auto old = SchemaReader::make(snapshot.schema);
  if (!old) return std::unexpected(std::move(old.error()));
  auto reader = SchemaReader::make(newer.schema);
  if (!reader) return std::unexpected(std::move(reader.error()));
  run_goldens(report, *old, goldens, snapshot.forms,
              [&](WireForm form, std::span<const std::byte> bytes) { return reader->decode(format_of(form), bytes); });
  accept(report.findings, history);
  return report;
}

Result<Goldens> make_goldens(const Contract& contract, std::uint32_t version, std::span<const WireForm> forms) {
  auto samples = edge_samples(contract.schema);
  if (!samples) return std::unexpected(std::move(samples.error()));
  Goldens goldens{contract.name, version, {}};
  for (const Sample& sample : *samples) {
    Golden golden{sample.name, {}, {}};
    for (const WireForm form : forms) {
      auto bytes = contract.encode(form, sample.value);
      if (!bytes || !contract.decode(form, bytes->bytes())) continue;
      if (form == WireForm::json) {
        golden.json = Raw::trusted(json::format(), std::move(*bytes));
      } else {
        const auto held = bytes->bytes();
        golden.msgpack.assign(held.begin(), held.end());
      }
    }
    if (!golden.json.empty() || !golden.msgpack.empty()) goldens.cases.push_back(std::move(golden));
  }
  return goldens;
}

}  // namespace structwire::contract
