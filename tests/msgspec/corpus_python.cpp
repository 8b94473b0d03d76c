// SPDX-License-Identifier: Apache-2.0
#include <tests/msgspec/corpus_python.hpp>

#include <array>
#include <charconv>
#include <cstdint>
#include <utility>

#include <structwire/core/number.hpp>
#include <structwire/core/show.hpp>

namespace structwire::testing::corpus {
namespace {

void add_code_point(std::string& out, std::uint32_t code) {
  const auto add = [&](std::uint32_t byte) { out.push_back(static_cast<char>(byte)); };
  if (code < 0x80) return add(code);
  if (code < 0x800) {
    add(0xC0 | code >> 6);
  } else if (code < 0x10000) {
    add(0xE0 | code >> 12);
    add(0x80 | (code >> 6 & 63));
  } else {
    add(0xF0 | code >> 18);
    add(0x80 | (code >> 12 & 63));
    add(0x80 | (code >> 6 & 63));
  }
  add(0x80 | (code & 63));
}

/// Reads Python's literals from the front of a text.
class Scanner {
 public:
  explicit Scanner(std::string_view text) : rest_(text) {}

  bool done() const { return rest_.empty(); }
  std::string_view rest() const { return rest_; }
  char next() {
    const char c = rest_.front();
    rest_.remove_prefix(1);
    return c;
  }
  bool at_text() const { return rest_.starts_with('\'') || rest_.starts_with('"'); }
  bool at_bytes() const { return rest_.starts_with("b'") || rest_.starts_with("b\""); }

  /// What a quoted literal means.
  std::string text(bool is_bytes) {
    if (is_bytes) next();
    const char quote = next();
    std::string out;
    while (!done() && rest_.front() != quote) {
      const char c = next();
      if (c != '\\' || done()) {
        out.push_back(c);
      } else {
        escape(out, is_bytes);
      }
    }
    if (!done()) next();
    return out;
  }

  /// A name or a number; empty when there is none.
  std::string_view word() {
    const bool is_number = is_digit(rest_.front()) || rest_.front() == '-';
    std::size_t size = 0;
    while (size < rest_.size() &&
           (is_letter(rest_[size]) || is_digit(rest_[size]) ||
            (is_number && (rest_[size] == '-' || rest_[size] == '+' || rest_[size] == '.')))) {
      ++size;
    }
    const std::string_view found = rest_.substr(0, size);
    rest_.remove_prefix(size);
    return found;
  }

 private:
  static bool is_digit(char c) { return c >= '0' && c <= '9'; }
  static bool is_letter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
  }

  void escape(std::string& out, bool is_bytes) {
    const char c = next();
    constexpr std::array<std::pair<char, char>, 6> simple{
        {{'n', '\n'}, {'r', '\r'}, {'t', '\t'}, {'\\', '\\'}, {'\'', '\''}, {'"', '"'}}};
    for (const auto& [letter, meant] : simple) {
      if (c == letter) return out.push_back(meant);
    }
    const std::size_t digits = c == 'x' ? 2 : c == 'u' ? 4 : 8;
    std::uint32_t code = 0;
    std::from_chars(rest_.data(), rest_.data() + std::min(digits, rest_.size()), code, 16);
    rest_.remove_prefix(std::min(digits, rest_.size()));
    if (is_bytes) return out.push_back(static_cast<char>(code));
    add_code_point(out, code);
  }

  std::string_view rest_;
};

std::string shown_word(std::string_view word) {
  constexpr std::array<std::pair<std::string_view, std::string_view>, 6> words{{{"None", "null"},
                                                                                {"True", "true"},
                                                                                {"False", "false"},
                                                                                {"UNSET", "unset"},
                                                                                {"nan", "null"},
                                                                                {"inf", "null"}}};
  for (const auto& [python, ours] : words) {
    if (word == python) return std::string(ours);
  }
  const bool is_number =
      !word.empty() && (word.front() == '-' || (word.front() >= '0' && word.front() <= '9'));
  if (!is_number || word.find_first_of(".ein") == word.npos) return std::string(word);
  double number = 0;
  const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), number);
  return error == std::errc() && end == word.data() + word.size() ? show(number)
                                                                  : std::string(word);
}

}  // namespace

std::string repr_as_shown(std::string_view repr) {
  Scanner scanner(repr);
  std::string out;
  while (!scanner.done()) {
    if (scanner.at_text()) {
      out += show(scanner.text(false));
    } else if (scanner.at_bytes()) {
      const std::string bytes = scanner.text(true);
      const auto all = std::as_bytes(std::span(bytes));
      out += show(Bytes(all.begin(), all.end()));
    } else if (scanner.rest().starts_with("set()")) {
      for (int i = 0; i < 5; ++i) scanner.next();
      out += "{}";
    } else if (const std::string_view word = scanner.word(); !word.empty()) {
      out += shown_word(word);
    } else {
      out += scanner.next();
    }
  }
  return out;
}

std::string message_in_plain_text(std::string_view message) {
  for (const std::string_view start : {"Invalid enum value ", "Invalid value "}) {
    if (!message.starts_with(start)) continue;
    Scanner scanner(message.substr(start.size()));
    std::string out(start);
    if (scanner.at_text()) {
      out += '\'' + scanner.text(false) + '\'';
    } else {
      out += shown_word(scanner.word());
    }
    return out + std::string(scanner.rest());
  }
  return std::string(message);
}

}  // namespace structwire::testing::corpus
