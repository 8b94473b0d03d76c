// SPDX-License-Identifier: Apache-2.0
//
// The contract program as its user has it: a struct, a snapshot, a change, a check.
#include <structwire/contract/main.hpp>

#include <gtest/gtest.h>

#include <dirent.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>

#include <structwire/contract/command/commands.hpp>
#include <structwire/contract/command/files.hpp>
#include <structwire/contract/command/report.hpp>
#include <structwire/contract/contract_fingerprint.hpp>

namespace structwire::contract {
namespace {

struct ItemOne {
  std::string sku;
  std::int64_t quantity;
};
struct OrderOne {
  std::string id;
  std::vector<ItemOne> items;
  int priority = 3;
  using wire = Rules<member<&OrderOne::priority, defaulted>>;
};

struct ItemTwo {
  std::string sku;
  std::int32_t quantity;
};
struct OrderTwo {
  std::string id;
  std::vector<ItemTwo> items;
  int urgency = 3;
  std::optional<std::string> note;
  using wire = Rules<member<&OrderTwo::urgency, defaulted>>;
};

struct OrderMore {
  std::string id;
  std::vector<ItemOne> items;
  int priority = 3;
  std::string currency = "EUR";
  using wire = Rules<defaulted_from<&OrderMore::priority>>;
};

struct Wider {
  std::string id;
  std::vector<ItemOne> items;
  std::int64_t priority = 3;
  std::string currency = "EUR";
  using wire = Rules<defaulted_from<&Wider::priority>>;
};

/// What the rules cannot see: a validator that has become stricter. It calls itself the same.
bool accepts_all(const std::string&) { return true; }
bool accepts_none(const std::string&) { return false; }
template <auto Validator>
struct Checked {
  std::string text;
  using wire = Rules<member<&Checked::text, validated_by<Validator>>>;
};

class ContractProgram : public testing::Test {
 protected:
  void SetUp() override {
    char name[] = "contracts_XXXXXX";
    folder_ = std::string(testing::TempDir()) + name;
    ASSERT_NE(::mkdtemp(folder_.data()), nullptr);
  }
  void TearDown() override {
    for (const std::string& each : files()) ::unlink((folder_ + "/" + each).c_str());
    ::rmdir(folder_.c_str());
  }

  std::vector<std::string> files() const {
    std::vector<std::string> names;
    DIR* open = ::opendir(folder_.c_str());
    while (const dirent* entry = ::readdir(open)) {
      if (entry->d_name[0] != '.') names.emplace_back(entry->d_name);
    }
    ::closedir(open);
    std::ranges::sort(names);
    return names;
  }

  /// The exit code of a program whose type `Order` is T.
  template <class T>
  int run(std::vector<std::string> words) {
    words.insert(words.begin(), "contracts");
    words.insert(words.end(), {"--dir", folder_});
    std::vector<char*> pointers;
    for (std::string& each : words) pointers.push_back(each.data());
    const std::vector<Contract> contracts{contract_of<T>("Order")};
    testing::internal::CaptureStdout();
    testing::internal::CaptureStderr();
    const int code = contract::run(static_cast<int>(pointers.size()), pointers.data(), contracts);
    shown_ = testing::internal::GetCapturedStdout();
    told_ = testing::internal::GetCapturedStderr();
    return code;
  }

  template <class T>
  Report checked() const {
    auto history = load_history(folder_, "Order");
    auto goldens = load_goldens(folder_ + "/" + golden_name("Order", history->back().version));
    return check(contract_of<T>("Order"), history->back(), *goldens, std::span(*history).last(1), Level::full).value();
  }

  bool shows(std::string_view text) const { return shown_.find(text) != std::string::npos; }

  std::string folder_;
  std::string shown_;
  std::string told_;
};

TEST_F(ContractProgram, keeps_a_snapshot_and_finds_it_unchanged) {
  EXPECT_EQ(run<OrderOne>({"check"}), exit_unusable) << "there is nothing to check against";
  EXPECT_EQ(run<OrderOne>({"snapshot"}), exit_compatible) << told_;
  EXPECT_EQ(files(), (std::vector<std::string>{"Order.v1.golden.json", "Order.v1.json"}));
  EXPECT_EQ(run<OrderOne>({"check"}), exit_compatible);
  EXPECT_TRUE(shows("unchanged")) << shown_;
  EXPECT_EQ(run<OrderOne>({"snapshot"}), exit_compatible);
  EXPECT_EQ(files().size(), 2u) << "the same contract is kept once";
}

TEST_F(ContractProgram, a_harmless_change_passes_and_becomes_the_next_version) {
  ASSERT_EQ(run<OrderOne>({"snapshot"}), exit_compatible);
  EXPECT_EQ(run<OrderMore>({"check"}), exit_compatible) << shown_;
  EXPECT_TRUE(shows("note[member_added]: ")) << shown_;
  EXPECT_EQ(run<OrderMore>({"snapshot"}), exit_compatible);
  EXPECT_EQ(files().size(), 4u);
  EXPECT_EQ(load_history(folder_, "Order")->back().version, 2u);
}

TEST_F(ContractProgram, breaks_are_told_with_a_message_that_breaks) {
  ASSERT_EQ(run<OrderOne>({"snapshot"}), exit_compatible);
  EXPECT_EQ(run<OrderTwo>({"check"}), exit_breaks);
  EXPECT_TRUE(shows("error[integer_narrowed]")) << shown_;
  EXPECT_TRUE(shows("Expected `int` <= 2147483647 - at `$.items[")) << shown_;
  EXPECT_TRUE(shows("error[member_renamed]")) << shown_;
  EXPECT_TRUE(shows("WRONG VALUES")) << shown_;
  EXPECT_FALSE(shows("\x1b[")) << "this is no terminal";
  EXPECT_EQ(run<OrderTwo>({"snapshot"}), exit_breaks);
  EXPECT_EQ(files().size(), 2u) << "no snapshot over a break";
  EXPECT_EQ(run<OrderTwo>({"diff"}), exit_compatible) << "it shows, and does not judge";
}

TEST_F(ContractProgram, a_level_asks_for_its_direction_only) {
  ASSERT_EQ(run<OrderMore>({"snapshot", "--level", "backward"}), exit_compatible);
  EXPECT_EQ(load_history(folder_, "Order")->back().policy.level, Level::backward);
  EXPECT_EQ(run<Wider>({"check"}), exit_compatible) << shown_;
  EXPECT_EQ(run<Wider>({"check", "--level", "forward"}), exit_breaks);
  EXPECT_EQ(run<Wider>({"check", "--level", "sideways"}), exit_unusable);
}

TEST_F(ContractProgram, what_is_accepted_is_kept_with_its_reason_and_covers_nothing_else) {
  ASSERT_EQ(run<OrderOne>({"snapshot"}), exit_compatible);
  const std::string rename = "OrderTwo.urgency";
  EXPECT_EQ(run<OrderTwo>({"check", "--allow", "member_renamed", rename}), exit_unusable) << "a reason is asked for";
  const Report before = checked<OrderTwo>();
  std::vector<std::string> words{"check"};
  for (const Finding& each : before.findings) {
    if (!each.fails(Level::full)) continue;
    words.insert(words.end(), {"--allow", each.first().rule, each.first().path});
  }
  words.insert(words.end(), {"--reason", "nobody has used it"});
  EXPECT_EQ(run<OrderTwo>(words), exit_compatible) << shown_ << told_;
  EXPECT_EQ(run<OrderTwo>({"check"}), exit_compatible) << "it is kept";
  EXPECT_TRUE(shows("nobody has used it")) << shown_;
  EXPECT_EQ(run<OrderTwo>({"snapshot"}), exit_compatible) << shown_;
  EXPECT_EQ(run<OrderTwo>({"check", "--transitive"}), exit_compatible);
  EXPECT_EQ(run<OrderOne>({"check"}), exit_breaks) << "back is another change";
  EXPECT_EQ(run<OrderTwo>({"check", "--allow", "member_renamed", "OrderTwo.nowhere", "--reason", "x"}), exit_unusable);
}

TEST_F(ContractProgram, messages_tell_what_no_rule_sees) {
  ASSERT_EQ(run<Checked<accepts_all>>({"snapshot"}), exit_compatible) << told_;
  const Report report = checked<Checked<accepts_none>>();
  ASSERT_FALSE(report.findings.empty());
  EXPECT_EQ(report.findings.front().first().rule, "message_refused");
  EXPECT_TRUE(report.fails());
}

TEST_F(ContractProgram, a_snapshot_that_was_edited_is_refused) {
  ASSERT_EQ(run<OrderOne>({"snapshot"}), exit_compatible);
  const std::string path = folder_ + "/Order.v1.json";
  std::string text = load_file(path).value();
  text.replace(text.find("\"quantity\""), 10, "\"quantitx\"");
  ASSERT_TRUE(save_file(path, text));
  EXPECT_EQ(run<OrderOne>({"check"}), exit_unusable);
  EXPECT_NE(told_.find("fingerprint"), std::string::npos) << told_;
  ASSERT_TRUE(save_file(path, "{"));
  EXPECT_EQ(run<OrderOne>({"check"}), exit_unusable);
  EXPECT_NE(told_.find(path), std::string::npos) << told_;
}

TEST_F(ContractProgram, a_snapshot_that_promises_nothing_is_refused) {
  ASSERT_EQ(run<OrderOne>({"snapshot", "--forms", "json,json"}), exit_compatible);
  EXPECT_EQ(load_history(folder_, "Order")->back().forms, std::vector<WireForm>{WireForm::json});
  const std::string path = folder_ + "/Order.v1.json";
  const std::string text = load_file(path).value();
  for (const char* forms : {"[]", "[\"json\", \"msgpack\", \"json\"]"}) {
    std::string edited = text;
    const std::size_t at = edited.find('[', edited.find("\"forms\""));
    edited.replace(at, edited.find(']', at) - at + 1, forms);
    ASSERT_TRUE(save_file(path, edited));
    EXPECT_EQ(run<OrderTwo>({"check"}), exit_unusable) << "with no format, nothing would break";
    EXPECT_NE(told_.find("format"), std::string::npos) << told_;
  }
}

TEST_F(ContractProgram, a_broken_schema_is_refused_with_its_place_in_the_file) {
  ASSERT_EQ(run<OrderOne>({"snapshot"}), exit_compatible);
  const std::string path = folder_ + "/Order.v1.json";
  std::string text = load_file(path).value();
  text.replace(text.find("\"str\""), 5, "\"map\"");
  ASSERT_TRUE(save_file(path, text));
  EXPECT_EQ(run<OrderOne>({"check"}), exit_unusable);
  EXPECT_NE(told_.find("at `$.schema.structs[0].members[0].type`"), std::string::npos) << told_;
}

TEST_F(ContractProgram, what_it_shows_obeys_no_terminal_and_shows_the_place) {
  Schema before = describe<OrderOne>();
  before.structs[0].members[0].name = "i\x1b[31md";
  Schema after = before;
  after.structs[0].members[0].type.kind = TypeKind::boolean;
  const std::vector<WireForm> forms{WireForm::json};
  Report report{"Order", 1, 2, Level::full, compare(before, after, forms), {}};
  report.findings[0].evidence.push_back({WireForm::json, true, "golden", "\x7f", "\"\xC2\x9B\""});
  const std::string text = to_text(report, {}) + to_text(after, {});
  EXPECT_EQ(text.find_first_of("\x1b\x7f"), text.npos) << text;
  EXPECT_NE(text.find("i\\u001b[31md"), text.npos) << text;
  EXPECT_NE(text.find("\\u009b"), text.npos) << text;
}

TEST_F(ContractProgram, a_snapshot_over_a_break_is_found_later) {
  ASSERT_EQ(run<OrderOne>({"snapshot"}), exit_compatible);
  const Contract two = contract_of<OrderTwo>("Order");
  Snapshot forged = load_history(folder_, "Order")->back();
  forged.version = 2;
  forged.schema = two.schema;
  forged.fingerprint = fingerprint_text(contract_fingerprint(two.schema));
  ASSERT_TRUE(save_snapshot(folder_, forged, nullptr));
  EXPECT_EQ(run<OrderTwo>({"check"}), exit_breaks) << shown_;
  EXPECT_TRUE(shows("v1 -> v2")) << shown_;
}

TEST_F(ContractProgram, its_command_line_is_checked) {
  EXPECT_EQ(run<OrderOne>({}), exit_unusable);
  EXPECT_EQ(run<OrderOne>({"chekc"}), exit_unusable);
  EXPECT_EQ(run<OrderOne>({"check", "Invoice"}), exit_unusable);
  EXPECT_EQ(run<OrderOne>({"check", "--levle"}), exit_unusable);
  EXPECT_EQ(run<OrderOne>({"check", "--allow", "no_such_rule", "x", "--reason", "y"}), exit_unusable);
  EXPECT_EQ(run<OrderOne>({"--help"}), exit_compatible);
  EXPECT_TRUE(shows("How to live with it")) << shown_;
  EXPECT_EQ(run<OrderOne>({"show"}), exit_compatible);
  EXPECT_TRUE(shows("quantity  int64")) << shown_;
  EXPECT_EQ(run<OrderOne>({"show", "--json"}), exit_compatible);
  EXPECT_TRUE(json::decode<Schema>(shown_)) << shown_;
  EXPECT_EQ(run<OrderOne>({"generate"}), exit_unusable);
  EXPECT_EQ(run<OrderOne>({"generate", "cobol"}), exit_unusable);
  EXPECT_EQ(run<OrderOne>({"generate", "msgspec"}), exit_compatible);
  EXPECT_TRUE(shows("class OrderOne")) << shown_;
  EXPECT_TRUE(shows("OrderOne: 0x" + fingerprint_text(wire_fingerprint<OrderOne>))) << shown_;
  EXPECT_EQ(run<OrderOne>({"generate", "msgspec", "--out", folder_ + "/order.py"}), exit_compatible);
  EXPECT_TRUE(load_file(folder_ + "/order.py")) << told_;
}

TEST(Snapshot, files_hold_the_bytes_as_they_are) {
  const Contract contract = contract_of<OrderOne>("a::Order<int>");
  EXPECT_EQ(snapshot_name(contract.name, 3), "a.Order_int.v3.json");
  const std::vector<WireForm> forms{WireForm::json, WireForm::msgpack};
  const Goldens goldens = make_goldens(contract, 3, forms).value();
  ASSERT_FALSE(goldens.cases.empty());
  const Goldens back = parse_goldens(to_text(goldens)).value();
  ASSERT_EQ(back.cases.size(), goldens.cases.size());
  for (std::size_t i = 0; i < back.cases.size(); ++i) {
    EXPECT_EQ(back.cases[i].json, goldens.cases[i].json);
    EXPECT_EQ(back.cases[i].msgpack, goldens.cases[i].msgpack);
  }
}

}  // namespace
}  // namespace structwire::contract
