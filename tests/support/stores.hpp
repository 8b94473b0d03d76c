// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <gtest/gtest.h>
#include <taskd/store/store_memory.hpp>
#include <taskd/store/store_sqlite.hpp>
#include <taskd/tasks/clock.hpp>
#include <taskd/tasks/engine.hpp>
#include <tests/support/random.hpp>

#include <atomic>
#include <filesystem>
#include <memory>
#include <string>
#include <utility>
#include <vector>

/// What the tests of this folder share: the stores under test, a directory of one's own, a clock
/// that stands still, and commands in short form.
namespace structwire::taskd::test {

using structwire::test::Random;
using structwire::test::random_seed;

/// A directory that is removed with all it holds.
class TemporaryDirectory {
 public:
  TemporaryDirectory() {
    std::string name = (std::filesystem::temp_directory_path() / "structwire_XXXXXX").string();
    path_ = ::mkdtemp(name.data());
  }
  ~TemporaryDirectory() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  TemporaryDirectory(const TemporaryDirectory&) = delete;
  TemporaryDirectory& operator=(const TemporaryDirectory&) = delete;
  [[nodiscard]] const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

/// Time that moves only when told.
class ClockSimulated final : public Clock {
 public:
  [[nodiscard]] std::int64_t now_us() const override { return now_us_; }
  void advance(std::int64_t duration_us) { now_us_ += duration_us; }

 private:
  std::atomic<std::int64_t> now_us_{1'700'000'000'000'000};
};

/// A kind of store, for parameterised suites; a new store is one row in `store_kinds`.
struct StoreKind {
  std::string name;
  bool durable;  ///< opened again, it holds what it held
  std::unique_ptr<Store> (*open)(const std::filesystem::path& directory);
};

inline std::unique_ptr<Store> open_sqlite(const StoreSqliteOptions& options) {
  auto store = open_store_sqlite(options);
  EXPECT_TRUE(store) << store.error().message;
  return store ? std::move(*store) : nullptr;
}

inline const std::vector<StoreKind>& store_kinds() {
  static const std::vector<StoreKind> kinds = {
      {"memory", false, [](const std::filesystem::path&) { return make_store_memory(); }},
      {"sqlite", true,
       [](const std::filesystem::path& directory) {
         return open_sqlite({.directory = directory / "data"});
       }},
      // So small a cache that nearly every record is read from the file again.
      {"sqlite_uncached", true,
       [](const std::filesystem::path& directory) {
         return open_sqlite({.directory = directory / "data", .cache_bytes_max = 1500});
       }},
  };
  return kinds;
}

inline std::string kind_name(const ::testing::TestParamInfo<StoreKind>& info) {
  return info.param.name;
}
inline void PrintTo(const StoreKind& kind, std::ostream* out) { *out << kind.name; }

inline Bytes bytes_of(std::string_view text) {
  const auto bytes = std::as_bytes(std::span(text));
  Bytes copy;
  copy.assign(bytes.begin(), bytes.end());
  return copy;
}

/// One command in one commit.
inline Outcome run(Store& store, const Command& command, std::int64_t now_us) {
  Outcome outcome;
  Effects effects;
  const auto committed = store.commit(
      [&](Transaction& transaction) { outcome = execute(command, transaction, now_us, effects); });
  if (!committed) return std::unexpected(committed.error());
  return outcome;
}

inline Submit submit_of(std::vector<NewTask> tasks) { return {.tasks = std::move(tasks)}; }
inline Submit submit_one(std::string queue, std::string payload = "p") {
  return submit_of({{.queue = std::move(queue), .type = "type", .payload = bytes_of(payload)}});
}

}  // namespace structwire::taskd::test
