// SPDX-License-Identifier: Apache-2.0
#include <structwire/contract/command/report.hpp>

#include <algorithm>

#include <structwire/contract/command/excerpt.hpp>
#include <structwire/json.hpp>

namespace structwire::contract {
namespace {

std::string_view in_words(Verdict verdict) noexcept {
  switch (verdict) {
    case Verdict::compatible: return "compatible";
    case Verdict::conditional: return "some messages are refused";
    case Verdict::breaks: return "messages are refused";
    case Verdict::silent: return "WRONG VALUES, and no error";
  }
  return {};
}

Paint paint_of(Verdict verdict) noexcept {
  if (verdict == Verdict::compatible) return Paint::good;
  return verdict == Verdict::silent ? Paint::silent : Paint::error;
}

/// `backward (json, msgpack)` for each verdict that the forms have in this direction.
struct Ruling {
  Verdict verdict;
  std::string forms;
  std::string detail;
};

std::vector<Ruling> rulings(const Finding& finding, bool backward) {
  std::vector<Ruling> found;
  for (const Difference& each : finding.in_forms) {
    const Verdict verdict = backward ? each.backward : each.forward;
    const std::string& detail = backward ? each.backward_detail : each.forward_detail;
    const auto known = std::ranges::find_if(found, [&](const Ruling& r) { return r.verdict == verdict && r.detail == detail; });
    if (known != found.end()) {
      known->forms += ", " + std::string(name_of(each.form));
    } else {
      found.push_back({verdict, std::string(name_of(each.form)), detail});
    }
  }
  return found;
}

/// The sentence without the words that the line's first column says already.
std::string_view reason(std::string_view detail) noexcept {
  const std::size_t colon = detail.find(": ");
  return colon == std::string_view::npos ? detail : detail.substr(colon + 2);
}

std::string change_text(const Difference& difference, const Style& style) {
  const std::string before = printable(difference.before);
  const std::string after = printable(difference.after);
  if (before.empty() && after.empty()) return "";
  if (before.empty()) return "  " + style(Paint::good, "+ " + after);
  if (after.empty()) return "  " + style(Paint::error, "- " + before);
  return "  " + before + style(Paint::frame, " -> ") + after;
}

std::string shell_quoted(std::string_view text) {
  std::string quoted = "'";
  for (const char c : text) quoted += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return quoted + "'";
}

class Page {
 public:
  Page(const Report& report, const Style& style) : report_(report), style_(style) {}

  void finding(const Finding& finding) {
    const Difference& first = finding.first();
    const bool fails = finding.fails(report_.level);
    const bool harmless = finding.worst(true) == Verdict::compatible && finding.worst(false) == Verdict::compatible;
    if (harmless) return harmless_line(first);
    head(finding, fails);
    text_ += style_(Paint::frame, "  --> ") + style_(Paint::strong, printable(first.path)) + change_text(first, style_) + "\n";
    bar("");
    direction(finding, true);
    direction(finding, false);
    bar("");
    if (finding.accepted) {
      note("accepted", *finding.accepted);
    } else if (!first.advice.empty()) {
      note("help", first.advice);
    }
    text_ += "\n";
  }

  std::string take() && { return std::move(text_); }

 private:
  void head(const Finding& finding, bool fails) {
    const Difference& first = finding.first();
    const Rule* rule = find_rule(first.rule);
    const std::string_view word = finding.accepted ? "accepted" : fails ? "error" : "note";
    const Paint paint = finding.accepted ? Paint::accepted : fails ? Paint::error : Paint::note;
    text_ += style_(paint, std::string(word) + "[" + first.rule + "]") + style_(Paint::strong, ": ") +
             style_(Paint::strong, rule != nullptr ? rule->change : "") + "\n";
  }

  void harmless_line(const Difference& difference) {
    text_ += style_(Paint::note, "note[" + difference.rule + "]") + ": " + style_(Paint::strong, printable(difference.path)) +
             change_text(difference, style_) + "\n";
  }

  void direction(const Finding& finding, bool backward) {
    std::string name = backward ? "backward  " : "forward   ";
    for (const Ruling& each : rulings(finding, backward)) {
      bar(name + style_(paint_of(each.verdict), in_words(each.verdict)) + style_(Paint::dim, "  (" + each.forms + ")"));
      if (!each.detail.empty()) bar(std::string(10, ' ') + printable(reason(each.detail)));
      name = std::string(10, ' ');
    }
    for (const Evidence& each : finding.evidence) {
      if (each.backward != backward) continue;
      bar(std::string(10, ' ') + style_(Paint::dim, "seen with the " + printable(each.message) + ", " + std::string(name_of(each.form)) + ":"));
      bar(std::string(12, ' ') + printable(each.json));
      bar(std::string(12, ' ') + style_(Paint::error, printable(each.seen)));
    }
  }

  void bar(const std::string& line) { text_ += style_(Paint::frame, "   |") + (line.empty() ? "" : " " + line) + "\n"; }

  void note(std::string_view name, std::string_view line) {
    text_ += style_(Paint::frame, "   = ") + style_(Paint::strong, name) + ": " + printable(line) + "\n";
  }

  const Report& report_;
  const Style& style_;
  std::string text_;
};

std::string counted(std::size_t count, std::string_view one, std::string_view many) {
  return std::to_string(count) + " " + std::string(count == 1 ? one : many);
}

/// Failing ones first, then what was accepted, then what harms nobody here.
int rank(const Finding& finding, Level level) {
  if (finding.fails(level)) return 0;
  return finding.accepted ? 1 : 2;
}

void add_member(std::string& text, const MemberSchema& member, const Style& style, std::size_t width) {
  std::string name = printable(member.name);
  name.resize(std::max(width, name.size()), ' ');
  text += "  " + name + "  " + style(Paint::note, printable(in_words(member.type)));
  if (member.presence == Presence::defaulted && member.default_value) {
    text += style(Paint::dim, " = " + printable(json::encode(*member.default_value)));
  }
  if (member.presence == Presence::unset) text += style(Paint::dim, ", may be unset");
  for (const std::string& alias : member.aliases) text += style(Paint::dim, ", also `" + printable(alias) + "`");
  if (member.encode_only) text += style(Paint::dim, ", only written");
  if (member.decode_only) text += style(Paint::dim, ", only read");
  text += "\n";
}

std::string traits_of(const StructSchema& structure) {
  std::string text;
  const auto say = [&](const std::string& word) { text += (text.empty() ? "" : ", ") + word; };
  if (structure.version) say("version " + std::to_string(*structure.version));
  if (structure.array_like) say("an array");
  if (structure.tag) say("tag " + printable(structure.tag_field + ": " + json::encode(*structure.tag)));
  if (structure.unknown_fields == UnknownFields::forbid) say("forbids unknown fields");
  if (structure.unknown_fields == UnknownFields::keep) say("keeps unknown fields");
  if (structure.omit_defaults) say("leaves out defaults");
  return text.empty() ? text : " (" + text + ")";
}

}  // namespace

std::string summary(const Report& report, const Style& style) {
  std::size_t failing = 0;
  std::size_t accepted = 0;
  std::size_t silent = 0;
  for (const Finding& each : report.findings) {
    if (each.accepted) {
      ++accepted;
    } else if (each.fails(report.level)) {
      ++failing;
      silent += each.worst(true) == Verdict::silent || each.worst(false) == Verdict::silent;
    }
  }
  const std::size_t others = report.findings.size() - failing - accepted;
  std::string text = "v" + std::to_string(report.version) + " -> " +
                     (report.newer == 0 ? std::string("this program") : "v" + std::to_string(report.newer)) + ":  ";
  if (report.findings.empty()) return text + style(Paint::good, "unchanged");
  std::string counts;
  const auto say = [&](Paint paint, const std::string& part) { counts += (counts.empty() ? "" : ", ") + style(paint, part); };
  if (failing != 0) say(Paint::error, counted(failing, "break", "breaks"));
  if (silent != 0) say(Paint::silent, counted(silent, "of them silent", "of them silent"));
  if (accepted != 0) say(Paint::accepted, std::to_string(accepted) + " accepted");
  if (others != 0) say(Paint::good, counted(others, "harmless change", "harmless changes"));
  return text + counts;
}

std::string to_text(const Report& report, const ReportOptions& options) {
  std::vector<const Finding*> order;
  for (const Finding& each : report.findings) order.push_back(&each);
  std::ranges::stable_sort(order, {}, [&](const Finding* each) { return rank(*each, report.level); });
  Page page(report, options.style);
  for (const Finding* each : order) {
    if (options.with_compatible || rank(*each, report.level) != 2) page.finding(*each);
  }
  std::string text = std::move(page).take();
  if (text.ends_with("\n") && !text.ends_with("\n\n")) text += "\n";
  return text;
}

std::string allowance_of(const Report& report) {
  const auto failing = std::ranges::find_if(report.findings, [&](const Finding& each) { return each.fails(report.level); });
  if (failing == report.findings.end()) return {};
  return "--allow " + failing->first().rule + " " + shell_quoted(failing->first().path) + " --reason \"...\"";
}

std::string to_text(const Schema& schema, const Style& style) {
  std::string text;
  if (schema.root() == nullptr) text += style(Paint::strong, printable(in_words(schema.type))) + "\n";
  for (const StructSchema& structure : schema.structs) {
    text += style(Paint::strong, printable(structure.name)) + style(Paint::dim, traits_of(structure)) + "\n";
    std::size_t width = 0;
    for (const MemberSchema& member : structure.members) width = std::max(width, std::min<std::size_t>(member.name.size(), 32));
    for (const MemberSchema& member : structure.members) add_member(text, member, style, width);
  }
  for (const EnumSchema& each : schema.enums) {
    const std::string otherwise = each.catch_all.empty() ? "" : " (else " + printable(each.catch_all) + ")";
    text += style(Paint::strong, printable(each.name)) + style(Paint::dim, otherwise) + "\n ";
    for (const EnumValueSchema& value : each.values) text += " " + printable(json::encode(value.value));
    text += "\n";
  }
  return text;
}

}  // namespace structwire::contract
