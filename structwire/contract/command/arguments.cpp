// SPDX-License-Identifier: Apache-2.0
#include <structwire/contract/command/arguments.hpp>

#include <algorithm>
#include <span>

#include <structwire/contract/compare.hpp>

namespace structwire::contract {
namespace {

Error usage(std::string text) { return Error(ErrorCode::refused, std::move(text)); }

template <class Enum>
Result<Enum> listed(std::string_view option, std::string_view word) {
  constexpr const auto& table = enum_table<Enum>;
  std::string words;
  for (std::size_t i = 0; i < table.names.size(); ++i) {
    if (table.names[i] == word) return table.values[i];
    words += (words.empty() ? "" : ", ") + std::string(table.names[i]);
  }
  return std::unexpected(usage(std::string(option) + " takes one of: " + words));
}

class Parser {
 public:
  explicit Parser(std::span<char*> words) : words_(words) {}

  Result<Arguments> parse() {
    arguments_.program = words_.empty() ? "contracts" : words_.front();
    while (++at_ < words_.size()) {
      const std::string_view word = words_[at_];
      const bool is_option = word.starts_with('-') && word.size() > 1;
      if (auto taken = is_option ? option(word) : plain(word); !taken) return std::unexpected(std::move(taken.error()));
    }
    for (Allowance& each : arguments_.allowances) {
      if (each.reason.empty()) each.reason = last_reason_;
      if (each.reason.empty()) return std::unexpected(usage("--allow needs --reason \"...\": who reads it later should know why"));
    }
    if (arguments_.allowances.empty() && !last_reason_.empty()) return std::unexpected(usage("--reason belongs to an --allow"));
    return std::move(arguments_);
  }

 private:
  Result<void> plain(std::string_view word) {
    if (arguments_.command.empty()) {
      arguments_.command = word;
    } else if (arguments_.command == "generate" && arguments_.target.empty()) {
      arguments_.target = word;
    } else {
      arguments_.types.emplace_back(word);
    }
    return {};
  }

  Result<std::string> next(std::string_view option, std::string_view what) {
    if (at_ + 1 >= words_.size()) return std::unexpected(usage(std::string(option) + " needs " + std::string(what)));
    return std::string(words_[++at_]);
  }

  Result<void> option(std::string_view word) {
    if (word == "--help" || word == "-h") return flag(arguments_.help);
    if (word == "--json") return flag(arguments_.as_json);
    if (word == "--quiet" || word == "-q") return flag(arguments_.quiet);
    if (word == "--transitive") return arguments_.transitive = true, Result<void>{};
    if (word == "--latest") return arguments_.transitive = false, Result<void>{};
    if (word == "--dir") return text("--dir", "a folder", arguments_.folder);
    if (word == "--out") return text("--out", "a file", arguments_.out);
    if (word == "--level") return level();
    if (word == "--forms") return forms();
    if (word == "--allow") return allow();
    if (word == "--reason") return reason();
    return std::unexpected(usage("there is no option " + std::string(word)));
  }

  static Result<void> flag(bool& value) {
    value = true;
    return {};
  }

  Result<void> text(std::string_view option, std::string_view what, std::string& target) {
    auto value = next(option, what);
    if (!value) return std::unexpected(std::move(value.error()));
    if (value->empty()) return std::unexpected(usage(std::string(option) + " needs " + std::string(what)));
    target = std::move(*value);
    return {};
  }

  Result<void> level() {
    auto value = next("--level", "backward, forward or full");
    if (!value) return std::unexpected(std::move(value.error()));
    auto level = listed<Level>("--level", *value);
    if (!level) return std::unexpected(std::move(level.error()));
    arguments_.level = *level;
    return {};
  }

  Result<void> forms() {
    auto value = next("--forms", "json, msgpack or json,msgpack");
    if (!value) return std::unexpected(std::move(value.error()));
    for (std::size_t start = 0; start <= value->size();) {
      const std::size_t end = std::min(value->find(',', start), value->size());
      auto form = listed<WireForm>("--forms", std::string_view(*value).substr(start, end - start));
      if (!form) return std::unexpected(std::move(form.error()));
      if (std::ranges::find(arguments_.forms, *form) == arguments_.forms.end()) arguments_.forms.push_back(*form);
      start = end + 1;
    }
    return {};
  }

  Result<void> allow() {
    auto rule = next("--allow", "a rule and a path, as the report shows them");
    if (!rule) return std::unexpected(std::move(rule.error()));
    auto path = next("--allow", "a path behind the rule, as the report shows it");
    if (!path) return std::unexpected(std::move(path.error()));
    if (find_rule(*rule) == nullptr) return std::unexpected(usage("there is no rule " + *rule));
    arguments_.allowances.push_back({std::move(*rule), std::move(*path), {}});
    return {};
  }

  Result<void> reason() {
    auto text = next("--reason", "a text");
    if (!text) return std::unexpected(std::move(text.error()));
    last_reason_ = *text;
    // It is that of all in front of it that have none.
    for (Allowance& each : arguments_.allowances) {
      if (each.reason.empty()) each.reason = *text;
    }
    return {};
  }

  std::span<char*> words_;
  std::size_t at_ = 0;
  Arguments arguments_;
  std::string last_reason_;
};

}  // namespace

Result<Arguments> parse_arguments(int count, char** words) {
  return Parser(std::span(words, static_cast<std::size_t>(count))).parse();
}

}  // namespace structwire::contract
