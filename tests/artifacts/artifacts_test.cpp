// SPDX-License-Identifier: Apache-2.0

#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <thread>
#include <unordered_set>
#include <vector>

#include <gtest/gtest.h>

#include <examples/artifacts/artifacts.hpp>
#include <examples/artifacts/cursor_store.hpp>
#include <examples/artifacts/digest.hpp>
#include <examples/artifacts/options.hpp>
#include <examples/artifacts/telemetry.hpp>
#include <structwire/core/equal.hpp>
#include <structwire/core/hash.hpp>
#include <structwire/json.hpp>

namespace artifacts {
namespace {

sw::Value value_of(std::string_view json) { return sw::json::decode<sw::Value>(json).value(); }

class Cursors : public testing::Test {
 protected:
  static std::filesystem::path new_folder() {
    std::string name =
        (std::filesystem::temp_directory_path() / "structwire-cursors-XXXXXX").string();
    return ::mkdtemp(name.data());
  }
  ~Cursors() override { std::filesystem::remove_all(folder); }

  void put(std::string_view dataset, std::string_view text) const {
    std::ofstream(store.file_of(dataset), std::ios::binary) << text;
  }
  CursorProblem problem_of(std::string_view dataset) const {
    const auto loaded = store.load(dataset);
    EXPECT_FALSE(loaded.has_value());
    if (loaded) return CursorProblem::unreadable;
    EXPECT_NE(loaded.error().message.find(store.file_of(dataset).string()), std::string::npos)
        << loaded.error().message;
    return loaded.error().problem;
  }

  const std::filesystem::path folder = new_folder();
  const CdfCursorStore store{folder / "cursors"};
};

TEST_F(Cursors, AreLoadedAsTheyWereSaved) {
  for (const std::string name : {"clicks", "a/b", "..", "", "é %41", "A", "a"}) {
    ASSERT_TRUE(store.save({name, 7}).has_value());
    ASSERT_TRUE(store.save({name, 8}).has_value());
    const auto loaded = store.load(name);
    ASSERT_TRUE(loaded.has_value()) << loaded.error().message;
    EXPECT_TRUE(sw::equal(*loaded, CdfCursor{name, 8}));
    EXPECT_EQ(store.file_of(name).parent_path(), folder / "cursors");
  }
  const std::string much(5000, 'x');
  EXPECT_NE(store.file_of(much + "1"), store.file_of(much + "2"));
  ASSERT_TRUE(store.save({much, 1}).has_value());
  EXPECT_EQ(std::int64_t{store.load(much)->last_version}, 1);
}

TEST_F(Cursors, TellAbsentCorruptAndWrongSchemaApart) {
  EXPECT_EQ(problem_of("none"), CursorProblem::absent);
  ASSERT_TRUE(store.save({"clicks", 7}).has_value());
  EXPECT_EQ(problem_of("none"), CursorProblem::absent);
  for (const char* text :
       {"", "{", "{\"dataset_name\": \"clicks\", \"last_ver", "\xff\xfe", "{} {}"}) {
    put("clicks", text);
    EXPECT_EQ(problem_of("clicks"), CursorProblem::corrupt) << text;
  }
  for (const char* text : {"{}", "[]", R"({"dataset_name": "clicks", "last_version": -1})",
                           R"({"dataset_name": "clicks", "last_version": "7"})",
                           R"({"dataset_name": "clicks", "last_version": 7, "more": 1})",
                           R"({"dataset_name": "other", "last_version": 7})"}) {
    put("clicks", text);
    EXPECT_EQ(problem_of("clicks"), CursorProblem::wrong_schema) << text;
  }
  put("clicks", std::string(2 << 20, ' '));
  EXPECT_EQ(problem_of("clicks"), CursorProblem::unreadable);
  std::filesystem::remove(store.file_of("clicks"));
  std::filesystem::create_directory(store.file_of("clicks"));
  EXPECT_EQ(problem_of("clicks"), CursorProblem::unreadable);
}

TEST_F(Cursors, AreNotSavedWhereTheyBreakTheirRules) {
  const auto saved = store.save({"clicks", -1});
  ASSERT_FALSE(saved.has_value());
  EXPECT_EQ(saved.error().message, "Expected `int` >= 0 - at `$.last_version`");
  EXPECT_EQ(problem_of("clicks"), CursorProblem::absent);
}

TEST_F(Cursors, SayWhyTheyCannotBeSaved) {
  std::ofstream(folder / "cursors") << "a file where the folder should be";
  const auto saved = store.save({"clicks", 1});
  ASSERT_FALSE(saved.has_value());
  EXPECT_EQ(saved.error().problem, CursorProblem::unreadable);
}

// Processes that are killed while they save, and readers all the time: no reader sees anything but
// a whole cursor.
TEST_F(Cursors, AreWholeWhileOthersSaveAndDie) {
  ASSERT_TRUE(store.save({"clicks", 0}).has_value());
  for (int round = 0; round < 20; ++round) {
    std::vector<pid_t> savers;
    for (int saver = 0; saver < 3; ++saver) {
      const pid_t child = ::fork();
      ASSERT_GE(child, 0);
      if (child == 0) {
        for (std::int64_t version = 0;; ++version) {
          if (!store.save({"clicks", version})) ::_exit(1);
        }
      }
      savers.push_back(child);
    }
    for (int time = 0; time < 200; ++time) {
      const auto loaded = store.load("clicks");
      EXPECT_TRUE(loaded.has_value()) << loaded.error().message;
    }
    for (const pid_t saver : savers) {
      ::kill(saver, SIGKILL);
      int status = 0;
      ::waitpid(saver, &status, 0);
      EXPECT_TRUE(WIFSIGNALED(status)) << "a saver failed";
    }
    const auto loaded = store.load("clicks");
    EXPECT_TRUE(loaded.has_value()) << loaded.error().message;
  }
}

TEST(Digest, IsSha256) {
  // FIPS 180-4's examples.
  EXPECT_EQ(sha256_hex({}), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  EXPECT_EQ(sha256_hex(std::as_bytes(std::span("abc", 3))),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

TEST(Digest, IsThatOfTheValueWhateverOrderItsMapsHave) {
  EXPECT_EQ(digest(value_of(R"({"a":1,"b":{"c":2,"d":3}})")),
            digest(value_of(R"({"b":{"d":3,"c":2},"a":1})")));
  EXPECT_NE(digest(value_of(R"({"a":1})")), digest(value_of(R"({"a":1.0})")));
}

TEST(RuntimeProfiles, AreSealedByTheirOwnDigest) {
  RuntimeProfile profile{};
  profile.name = "default";
  const RuntimeProfile made = sealed(profile);
  EXPECT_TRUE(is_sealed(made));
  EXPECT_EQ(sealed(made).profile_hash, made.profile_hash);
  RuntimeProfile changed = made;
  changed.datafusion = Object{};
  EXPECT_FALSE(is_sealed(changed));
}

TEST(Asts, KeepTheirTreeUndecodedThroughJson) {
  const AstNodes tree{{{"class", sw::Value("Select")}}};
  const auto made = make_ast("SELECT 1", tree, "h");
  ASSERT_TRUE(made.has_value());
  EXPECT_EQ(nodes(*made), tree);
  const auto through_json = sw::json::decode<AstArtifact>(sw::json::encode(*made));
  ASSERT_TRUE(through_json.has_value());
  EXPECT_EQ(nodes(*through_json), tree);
  AstArtifact wrong = *made;
  wrong.ast_raw = sw::Raw::checked(sw::json::format(), std::as_bytes(std::span("[1]", 3))).value();
  EXPECT_EQ(nodes(wrong).error().message(), "Expected `object`, got `int` - at `$[0]`");
}

TEST(CompilerDiffs, TellNullFromMissing) {
  const Object before{{"gone", {}}, {"same", sw::Value(1)}, {"changed", sw::Value(1)}};
  const Object after{{"same", sw::Value(1)}, {"changed", {}}, {"added", sw::Value(2)}};
  EXPECT_EQ(sw::json::encode(diff(before, after).changes),
            R"({"added":{"after":2},"changed":{"before":1,"after":null},"gone":{"before":null}})");
  EXPECT_TRUE(diff(before, before).changes.empty());
}

TEST(Options, TakeTheDefaultsWhereTheySayNothing) {
  const ExtractOptions defaults{"repo", 100, 200};
  const auto normalized = [&](std::string_view json) {
    return normalize_options(value_of(json), defaults);
  };
  EXPECT_TRUE(sw::equal(*normalized("null"), defaults));
  EXPECT_TRUE(sw::equal(*normalized("{}"), defaults));
  EXPECT_TRUE(sw::equal(*normalized(R"({"max_rows": "7", "max_bytes": null})"),
                        ExtractOptions{"repo", 7, {}}));
  EXPECT_EQ(normalized(R"({"max_rows": -1})").error().message(),
            "Expected `int` >= 0 - at `$.max_rows`");
  EXPECT_EQ(normalized(R"({"maxrows": 1})").error().message(),
            "Object contains unknown field `maxrows`");
}

TEST(Telemetry, TakesTheTimeOfArrivalWhereNoneIsTold) {
  EXPECT_EQ(
      std::int64_t{*normalize_explain(value_of(R"({"sql": "s", "explain_analyze": "true"})"), 5)
                        ->event_time_unix_ms},
      5);
  EXPECT_EQ(
      std::int64_t{*normalize_explain(value_of(R"({"sql": "s", "event_time_unix_ms": "0"})"), 5)
                        ->event_time_unix_ms},
      0);
  EXPECT_FALSE(normalize_explain(value_of(R"({"event_time_unix_ms": 1})"), 5).has_value());
}

TEST(Telemetry, RowsAreDecodedByTableWhenTheyAreRead) {
  TelemetryBuffer buffer(200);
  EXPECT_TRUE(buffer.add("scans", ScanTelemetry{1, 2, {}}));
  EXPECT_TRUE(buffer.add("plans", DatafusionExplainEvent{{}, "SELECT 1"}));
  EXPECT_TRUE(buffer.add("scans", ScanTelemetry{3, 4, 5}));
  const std::vector<ScanTelemetry> scans{{1, 2, {}}, {3, 4, 5}};
  EXPECT_EQ(buffer.rows<ScanTelemetry>("scans"), scans);
  EXPECT_EQ(buffer.rows<DatafusionExplainEvent>("plans")->front().sql, "SELECT 1");
  EXPECT_EQ(buffer.rows<ScanTelemetry>("plans").error().message(),
            "Expected `array`, got `object`");

  const auto other = TelemetryBuffer::read(buffer.bytes());
  ASSERT_TRUE(other.has_value());
  EXPECT_EQ(other->size(), 3u);
  EXPECT_EQ(other->rows<ScanTelemetry>("scans"), scans);
  EXPECT_FALSE(TelemetryBuffer::read(buffer.bytes().first(buffer.bytes().size() - 1)).has_value());
  EXPECT_FALSE(TelemetryBuffer::read(buffer.bytes(), 10).has_value());

  // Full: it stays as it was.
  const std::size_t size = buffer.bytes().size();
  EXPECT_FALSE(buffer.add("scans", std::string(200, 'x')));
  EXPECT_EQ(buffer.bytes().size(), size);
  EXPECT_EQ(buffer.size(), 3u);
  buffer.clear();
  EXPECT_EQ(buffer.rows<ScanTelemetry>("scans")->size(), 0u);
}

TEST(Telemetry, ScansAreCountedOnce) {
  std::unordered_set<sw::CachedHash<ScanTelemetry>> scans;
  for (int time = 0; time < 2; ++time) {
    scans.insert(ScanTelemetry{1, 2, {}});
    scans.insert(ScanTelemetry{1, 2, 0});
  }
  EXPECT_EQ(scans.size(), 2u);
}

}  // namespace
}  // namespace artifacts
