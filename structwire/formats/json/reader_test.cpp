// SPDX-License-Identifier: Apache-2.0

// The Reader's short cuts: indentation is predicted, and runs of unknown members are passed over at once. Random
// documents, whole and damaged, in many layouts: whatever the layout, the value is that of the compact text; and the
// struct that passes over what it does not know ends as the one that keeps it.

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include <structwire/core/raw.hpp>
#include <structwire/formats/json/reformat.hpp>
#include <structwire/json.hpp>
#include <tests/support/exact_bytes.hpp>
#include <tests/support/random.hpp>

namespace structwire::json {
namespace {

struct Item {
  std::int64_t id;
  std::string name;
  std::vector<std::int32_t> numbers;
  std::map<std::string, std::int64_t> counts;
  std::optional<double> ratio;
  friend bool operator==(const Item&, const Item&) = default;
};

struct Document {
  std::string title;
  std::vector<Item> items;
  std::map<std::string, Item> named;
  bool flag;
  friend bool operator==(const Document&, const Document&) = default;
};

struct KeptItem {
  std::int64_t id;
  std::string name;
  std::vector<std::int32_t> numbers;
  std::map<std::string, std::int64_t> counts;
  std::optional<double> ratio;
  std::map<std::string, Raw> others;
  using wire = Rules<member<&KeptItem::others, keep_unknown_fields>>;
  friend bool operator==(const KeptItem& a, const Item& b) {
    return a.id == b.id && a.name == b.name && a.numbers == b.numbers && a.counts == b.counts && a.ratio == b.ratio;
  }
};

struct KeptDocument {
  std::string title;
  std::vector<KeptItem> items;
  std::map<std::string, KeptItem> named;
  bool flag;
  std::map<std::string, Raw> others;
  using wire = Rules<member<&KeptDocument::others, keep_unknown_fields>>;
  friend bool operator==(const KeptDocument& a, const Document& b) {
    if (a.title != b.title || a.flag != b.flag || a.named.size() != b.named.size()) return false;
    for (const auto& [key, item] : a.named) {
      if (!b.named.contains(key) || !(item == b.named.at(key))) return false;
    }
    return std::equal(a.items.begin(), a.items.end(), b.items.begin(), b.items.end());
  }
};

class Text {
 public:
  explicit Text(test::Random& random) : random_(random) {}

  std::string document() {
    return object({"\"title\":" + text(), "\"items\":" + items(), "\"named\":" + named(),
                   std::string("\"flag\":") + (random_.once_in(2) ? "true" : "false")});
  }

 private:
  std::string text() {
    const std::string_view pieces[] = {"", "a", "plain text", "é", "日本", "\\n", "\\u00e9", "\\\"", "\\\\",
                                       "text that goes on and on and on, longer than a block of any kind, surely"};
    std::string text = "\"";
    for (auto count = random_.below(3); count > 0; --count) text += pieces[random_.below(10)];
    return text + "\"";
  }
  std::string number() {
    const std::string_view numbers[] = {"0", "7", "-1", "12345", "2147483647"};
    return std::string(numbers[random_.below(5)]);
  }
  std::string item() {
    std::string counts = "{";
    for (auto count = random_.below(4); count > 0; --count) {
      counts += (counts.size() > 1 ? ",\"" : "\"") + std::string(1, static_cast<char>('a' + count)) + "\":" + number();
    }
    std::vector<std::string> members = {"\"id\":" + number(), "\"name\":" + text(), "\"numbers\":" + numbers(),
                                        "\"counts\":" + counts + "}"};
    if (random_.once_in(2)) members.push_back(random_.once_in(2) ? "\"ratio\":null" : "\"ratio\":1.5");
    return object(members);
  }
  std::string numbers() {
    std::string text = "[";
    for (auto count = random_.below(5); count > 0; --count) text += number() + (count > 1 ? "," : "");
    return text + "]";
  }
  std::string items() {
    std::string text = "[";
    for (auto count = random_.below(4); count > 0; --count) text += item() + (count > 1 ? "," : "");
    return text + "]";
  }
  std::string named() {
    std::string text = "{";
    for (auto count = random_.below(3); count > 0; --count) {
      text += "\"k" + std::to_string(count) + "\":" + item() + (count > 1 ? "," : "");
    }
    return text + "}";
  }
  // With members that nobody knows in between, and rarely out of order or without one.
  std::string object(std::vector<std::string> members) {
    if (random_.once_in(10)) std::swap(members[0], members[random_.below(members.size())]);
    if (random_.once_in(200)) members.erase(members.begin());
    std::string text = "{";
    const auto add = [&](const std::string& member) { text += (text.size() > 1 ? "," : "") + member; };
    for (const std::string& member : members) {
      for (auto count = random_.below(random_.once_in(2) ? 5 : 1); count > 0; --count) add(unknown(2));
      add(member);
    }
    for (auto count = random_.below(random_.once_in(2) ? 5 : 1); count > 0; --count) add(unknown(2));
    return text + "}";
  }
  std::string unknown(int depth) {
    const std::string_view keys[] = {"x", "id_text", "nested", "names", "", "flagged", "title of all", "日", "a\\tb", "id2"};
    return "\"" + std::string(keys[random_.below(10)]) + "\":" + value(depth);
  }
  std::string value(int depth) {
    const std::string_view words[] = {"true", "false", "null", "0", "-1.5e3", "17", "1.25", "{}", "[]"};
    const auto choice = random_.below(depth == 0 ? 4 : 6);
    if (choice < 2) return std::string(words[random_.below(9)]);
    if (choice < 4) return text();
    std::string text(1, choice == 4 ? '[' : '{');
    for (auto count = random_.below(4); count > 0; --count) {
      text += (choice == 4 ? value(depth - 1) : unknown(depth - 1)) + (count > 1 ? "," : "");
    }
    return text + (choice == 4 ? ']' : '}');
  }

  test::Random& random_;
};

void replace_all(std::string& text, std::string_view from, std::string_view to) {
  for (std::size_t at = 0; (at = text.find(from, at)) != text.npos; at += to.size()) text.replace(at, from.size(), to);
}

std::string laid_out(const std::string& compact, test::Random& random) {
  const int indents[] = {-1, 0, 1, 2, 3, 4, 8, 13, 31, 70};
  std::string text = reformat(compact, indents[random.below(10)]).value();
  switch (random.below(8)) {
    case 0: replace_all(text, "\n", "\r\n"); break;
    case 1: replace_all(text, "    ", "\t"); break;
    case 2: replace_all(text, "\n", ""); break;
    case 3: replace_all(text, ": ", ":"); break;
    case 4: replace_all(text, "[\n", "[ "); break;
    case 5: text.insert(text.find_first_of(",{[") + 1, "\n\n                      "); break;
    default: break;
  }
  return text;
}

void damage(std::string& text, test::Random& random) {
  const std::string_view bytes = "{}[]:,\"\\ \n\t\x01tfn0-.eE5u\xC3\xFF";
  const std::size_t at = random.below(text.size());
  switch (random.below(4)) {
    case 0: text[at] = bytes[random.below(bytes.size())]; break;
    case 1: text.erase(at, 1); break;
    case 2: text.insert(at, 1, bytes[random.below(bytes.size())]); break;
    default: text.resize(at);
  }
}

// From memory of exactly this size, so that a sanitizer sees what is read behind it.
template <class T>
Result<T> decoded(const std::string& text) {
  const structwire::testing::ExactBytes exact(std::as_bytes(std::span(text)));
  return decode<T>(exact.bytes());
}

void expect_same(const std::string& text) {
  const auto document = decoded<Document>(text);
  const auto kept = decoded<KeptDocument>(text);
  ASSERT_EQ(document.has_value(), kept.has_value()) << text;
  const auto compact = reformat(text, -1);
  if (document) {
    ASSERT_TRUE(*kept == *document) << text;
    ASSERT_TRUE(compact.has_value()) << text;
  } else {
    ASSERT_EQ(document.error().code(), kept.error().code()) << text;
    ASSERT_EQ(document.error().offset(), kept.error().offset()) << text;
  }
  if (!compact) return;
  const auto plain = decoded<Document>(*compact);
  ASSERT_EQ(document.has_value(), plain.has_value()) << text;
  if (document) {
    ASSERT_TRUE(*plain == *document) << text;
  } else {
    ASSERT_EQ(document.error().code(), plain.error().code()) << text;
  }
}

TEST(Reader, gives_the_same_whatever_the_layout) {
  test::Random random(test::random_seed());
  for (int i = 0; i < 4'000; ++i) {
    ASSERT_NO_FATAL_FAILURE(expect_same(laid_out(Text(random).document(), random)));
  }
}

TEST(Reader, gives_the_same_error_whether_it_passes_over_or_keeps) {
  test::Random random(test::random_seed());
  for (int i = 0; i < 20'000; ++i) {
    std::string text = laid_out(Text(random).document(), random);
    damage(text, random);
    ASSERT_NO_FATAL_FAILURE(expect_same(text));
  }
}

TEST(Reader, keeps_its_limits_in_runs_of_unknown_members) {
  DecodeOptions options;
  const auto error = [&](const std::string& text) {
    Item item{};
    const auto done = decode_into(text, item, options);
    return done ? std::string() : done.error().message();
  };
  const std::string known = R"("id": 1, "name": "", "numbers": [], "counts": {})";
  const std::string many = "{" + known + R"(, "a": 1, "b": "text of 18 letters", "c": {"d": [[2]]}, "e": 12345})";
  EXPECT_EQ(error(many), "");
  options.limits.container_items = 8;
  EXPECT_EQ(error(many), "");
  options.limits.container_items = 7;
  EXPECT_NE(error(many).find("More entries than the limit"), std::string::npos) << error(many);
  options.limits = {};
  options.limits.string_bytes = 18;
  EXPECT_EQ(error(many), "");
  options.limits.string_bytes = 17;
  EXPECT_NE(error(many).find("longer than the limit"), std::string::npos) << error(many);
  options.limits = {};
  options.limits.depth = 4;
  EXPECT_EQ(error(many), "");
  options.limits.depth = 3;
  EXPECT_NE(error(many), "");
  options.limits = {};
  options.limits.number_digits = 5;
  EXPECT_EQ(error(many), "");
  options.limits.number_digits = 4;
  EXPECT_NE(error(many), "");
}

// Every number of digits, every distance to the end of the input, where fewer are loaded at once.
TEST(Reader, reads_integers_of_every_length_wherever_the_input_ends) {
  test::Random random(test::random_seed());
  for (std::size_t size = 1; size <= 18; ++size) {
    std::string digits(1, static_cast<char>('1' + random.below(9)));
    while (digits.size() < size) digits += static_cast<char>('0' + random.below(10));
    for (std::size_t behind = 0; behind < 26; ++behind) {
      for (const std::string& text : {digits, "-" + digits}) {
        const auto value = decode<std::int64_t>(std::string(text + std::string(behind, ' ')));
        ASSERT_TRUE(value.has_value()) << text;
        EXPECT_EQ(*value, std::stoll(text)) << text;
        if (behind == 0) continue;
        const auto values = decode<std::vector<std::int64_t>>("[" + text + "," + text + "]" + std::string(behind - 1, ' '));
        ASSERT_TRUE(values.has_value()) << text;
        EXPECT_EQ(*values, std::vector<std::int64_t>(2, std::stoll(text))) << text;
        EXPECT_FALSE(decode<std::int64_t>(text + std::string(behind - 1, ' ') + "x").has_value());
      }
    }
    EXPECT_FALSE(decode<std::int64_t>("0" + digits + std::string(20, ' ')).has_value());
    EXPECT_FALSE(decode<std::int64_t>(digits + ":" + std::string(20, ' ')).has_value());
    EXPECT_FALSE(decode<std::int64_t>(digits + "/" + std::string(20, ' ')).has_value());
  }
}

TEST(Reader, finds_keys_behind_unknown_ones_however_they_are_spelled) {
  const auto item = decode<Item>(
      R"({"x":1,"\u0069d":7,"y":[{"id":2}],"na\u006De":"n","é":{"numbers":[1]},"numbers":[3],"idd":0,"counts":{},"z":null})");
  ASSERT_TRUE(item.has_value());
  EXPECT_EQ(*item, (Item{7, "n", {3}, {}, std::nullopt}));
}

}  // namespace
}  // namespace structwire::json
