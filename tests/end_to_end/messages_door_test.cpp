// SPDX-License-Identifier: Apache-2.0
//
// The real daemon over active messages: what HTTP can do, done by a node.
#include <structwire/messaging/node.hpp>
#include <structwire/messaging/zeromq_keys.hpp>
#include <structwire/msgpack.hpp>

#include <taskd/api/messages.hpp>

#include <tests/end_to_end/daemon_process.hpp>

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <vector>

namespace structwire::end_to_end {
namespace {

using namespace structwire::taskd::api;
using namespace std::chrono_literals;

template <class Answer>
using Either = std::expected<Answer, ErrorBody>;

class MessagesDoor : public testing::Test {
 protected:
  void SetUp() override {
    std::string name = testing::TempDir() + "/structwire-messages-XXXXXX";
    ASSERT_NE(::mkdtemp(name.data()), nullptr);
    data_ = name;
    start();
  }
  void TearDown() override {
    node_.reset();
    daemon_.reset();
    std::filesystem::remove_all(data_);
  }

  void start() {
    const char* folder = std::getenv("STRUCTWIRE_BIN");
    ASSERT_NE(folder, nullptr);
    daemon_ = std::make_unique<DaemonProcess>(
        std::string(folder) + "/structwired",
        std::vector<std::string>{"--http", "127.0.0.1:0", "--data", data_, "--messages", address(), "--log-level",
                                 "warning"});
    ASSERT_TRUE(daemon_->wait_for_port());
    if (node_ == nullptr) node_ = std::make_unique<messaging::Node>(messaging::NodeOptions{.name = "test"});
    if (!peer_) {
      auto peer = node_->connect(address());
      ASSERT_TRUE(peer) << peer.error().message();
      peer_.emplace(std::move(*peer));
    }
  }
  std::string address() const { return "ipc://" + data_ + "/messages"; }

  template <class Answer, class Request>
  Either<Answer> call(std::string_view handler, const Request& request) {
    auto answer = peer_->message<Either<Answer>>(handler, request).deadline(30s).call();
    if (!answer) {
      ADD_FAILURE() << handler << ": " << messaging::name_of(answer.error().code) << ": " << answer.error().text;
      return std::unexpected(ErrorBody{.code = "none"});
    }
    return std::move(*answer);
  }
  std::vector<std::uint64_t> submit(int count, std::string_view queue = "q") {
    SubmitTasks request;
    for (int index = 0; index != count; ++index) {
      request.tasks.push_back({.queue = std::string(queue), .type = "t", .payload = Raw::trusted(msgpack::format(), msgpack::encode(index))});
    }
    std::vector<std::uint64_t> ids;
    if (const auto answer = call<SubmittedBatch>(handler::submit, request)) {
      for (const Submitted& each : answer->tasks) ids.push_back(each.id);
    }
    return ids;
  }

  std::string data_;
  std::unique_ptr<DaemonProcess> daemon_;
  std::unique_ptr<messaging::Node> node_;
  std::optional<messaging::Peer> peer_;
};

TEST_F(MessagesDoor, a_task_goes_its_whole_way) {
  EXPECT_EQ(call<Health>(handler::ready, HealthQuestion{})->status, "ok");
  const auto ids = submit(3);
  ASSERT_EQ(ids.size(), 3u);
  const auto claimed = call<ClaimAnswer>(handler::claim, ClaimFrom{.queue = "q", .worker = "w", .max = 10});
  ASSERT_TRUE(claimed);
  ASSERT_EQ(claimed->tasks.size(), 3u);
  EXPECT_EQ(msgpack::decode<int>(claimed->tasks[1].payload.bytes()), 1);

  const auto beaten = call<BatchAnswer>(
      handler::heartbeat, HeartbeatBatch{{{.id = ids[0], .fence = claimed->tasks[0].fence}, {.id = 12345, .fence = 1}}});
  ASSERT_TRUE(beaten);
  EXPECT_TRUE(beaten->tasks[0].lease_until_us.has_value());
  EXPECT_EQ(beaten->tasks[1].error->code, "not_found");

  ASSERT_TRUE(call<BatchAnswer>(handler::complete, CompleteBatch{{{.id = ids[0], .fence = claimed->tasks[0].fence}}}));
  ASSERT_TRUE(call<BatchAnswer>(
      handler::fail, FailBatch{{{.id = ids[1], .fence = claimed->tasks[1].fence, .error = "no", .retry = false}}}));
  ASSERT_TRUE(call<BatchAnswer>(handler::cancel, CancelBatch{{{.id = ids[2]}}}));
  EXPECT_EQ(call<Task>(handler::show, TaskNumber{ids[0]})->state, TaskState::succeeded);
  EXPECT_EQ(call<Task>(handler::show, TaskNumber{ids[1]})->errors.at(0).message, "no");
  const auto page = call<TaskList>(handler::list, ListTasks{.queue = "q", .limit = 2});
  ASSERT_TRUE(page);
  EXPECT_EQ(page->tasks.size(), 2u);
  EXPECT_TRUE(page->next.has_value());
}

TEST_F(MessagesDoor, a_refusal_is_an_answer_and_nonsense_a_nack) {
  EXPECT_EQ(call<Task>(handler::show, TaskNumber{777}).error().code, "not_found");
  EXPECT_EQ(call<ClaimAnswer>(handler::claim, ClaimFrom{.queue = "a b", .worker = "w"}).error().path, "$.queue");
  const auto late = call<BatchAnswer>(handler::complete, CompleteBatch{{{.id = submit(1)[0], .fence = 99}}});
  EXPECT_EQ(late->tasks[0].error->code, "lease_lost");

  SubmitTasks unnamed;
  unnamed.tasks.push_back({.queue = "", .type = "t"});
  const auto refused = peer_->message<Either<SubmittedBatch>>(handler::submit, unnamed).call();
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, messaging::FailureCode::bad_payload);
  EXPECT_NE(refused.error().text.find("$.tasks[0].queue"), std::string::npos) << refused.error().text;
}

TEST_F(MessagesDoor, a_claim_waits_for_work) {
  const auto begun = std::chrono::steady_clock::now();
  const auto nothing = call<ClaimAnswer>(handler::claim, ClaimFrom{.queue = "q", .worker = "w", .wait_ms = 300});
  ASSERT_TRUE(nothing);
  EXPECT_TRUE(nothing->tasks.empty());
  EXPECT_GE(std::chrono::steady_clock::now() - begun, 250ms);

  auto waiting = peer_->message<Either<ClaimAnswer>>(handler::claim, ClaimFrom{.queue = "q", .worker = "w", .wait_ms = 20'000})
                     .deadline(30s)
                     .start();
  std::this_thread::sleep_for(100ms);
  EXPECT_FALSE(waiting.ready());
  const auto ids = submit(1);
  const auto claimed = std::move(waiting).wait();
  ASSERT_TRUE(claimed && *claimed);
  EXPECT_EQ((*claimed)->tasks.at(0).id, ids.at(0));
}

TEST_F(MessagesDoor, a_claim_that_is_cancelled_takes_nothing) {
  {
    auto waiting = peer_->message<Either<ClaimAnswer>>(handler::claim, ClaimFrom{.queue = "q", .worker = "w", .wait_ms = 20'000})
                       .deadline(30s)
                       .start();
    std::this_thread::sleep_for(200ms);
    waiting.cancel();
    const auto outcome = std::move(waiting).wait();
    EXPECT_TRUE(!outcome || (*outcome)->tasks.empty());
  }
  const auto ids = submit(1);
  std::this_thread::sleep_for(100ms);
  EXPECT_EQ(call<Task>(handler::show, TaskNumber{ids.at(0)})->state, TaskState::queued);
}

// The node finds the daemon again by itself, and what was acknowledged is there.
TEST_F(MessagesDoor, the_daemon_may_be_killed_and_come_back) {
  const auto before = submit(5);
  daemon_->kill_9();
  daemon_->wait();
  start();
  for (const std::uint64_t id : before) EXPECT_EQ(call<Task>(handler::show, TaskNumber{id})->state, TaskState::queued);
  EXPECT_EQ(submit(1).size(), 1u);
}

TEST_F(MessagesDoor, many_workers_share_a_queue) {
  constexpr int tasks = 2000;
  submit(tasks);
  std::atomic<int> done = 0;
  std::vector<std::jthread> workers;
  for (int number = 0; number != 4; ++number) {
    workers.emplace_back([&, number] {
      for (;;) {
        const auto claimed = call<ClaimAnswer>(
            handler::claim, ClaimFrom{.queue = "q", .worker = "w" + std::to_string(number), .max = 50});
        if (!claimed || claimed->tasks.empty()) return;
        CompleteBatch batch;
        for (const ClaimedTask& task : claimed->tasks) batch.tasks.push_back({.id = task.id, .fence = task.fence, .result = task.payload});
        const auto answer = call<BatchAnswer>(handler::complete, batch);
        if (!answer) return;
        for (const BatchEntry& entry : answer->tasks) done += entry.state == TaskState::succeeded ? 1 : 0;
      }
    });
  }
  workers.clear();
  EXPECT_EQ(done, tasks);
}

// ---- with keys: what `structwire keys` makes, and who is let in by them

class MessagesDoorWithKeys : public testing::Test {
 protected:
  void SetUp() override {
    std::string name = testing::TempDir() + "/structwire-keys-XXXXXX";
    ASSERT_NE(::mkdtemp(name.data()), nullptr);
    folder_ = name;
    ASSERT_NE(std::getenv("STRUCTWIRE_BIN"), nullptr);
    programs_ = std::getenv("STRUCTWIRE_BIN");
    for (const auto* who : {"server", "known", "unknown"}) ASSERT_EQ(make_keys(who), 0) << who;
    std::filesystem::create_directory(folder_ + "/allowed");
    std::filesystem::copy_file(folder_ + "/known/public.key", folder_ + "/allowed/known.key");
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  int make_keys(const std::string& who) const {
    return std::system((programs_ + "/structwire keys " + folder_ + "/" + who + " >" + folder_ + "/told 2>&1").c_str());
  }
  std::string text(const std::string& file) const {
    std::ifstream in(folder_ + "/" + file);
    return {std::istreambuf_iterator<char>(in), {}};
  }
  messaging::CurveKeys keys_of(const std::string& who) const {
    return messaging::read_curve_keys(text(who + "/secret.key")).value();
  }
  std::unique_ptr<DaemonProcess> start() const {
    return std::make_unique<DaemonProcess>(
        programs_ + "/structwired",
        std::vector<std::string>{"--http", "127.0.0.1:0", "--data", ":memory:", "--messages", "0.0.0.0:0", "--messages-key",
                                 folder_ + "/server/secret.key", "--messages-allowed", folder_ + "/allowed", "--log-level",
                                 "warning"});
  }

  std::string folder_;
  std::string programs_;
};

/// A node that may hold keys, and its question whether the daemon is there.
class Asker {
 public:
  Asker(const std::string& address, std::optional<messaging::CurveKeys> keys, const std::string& server_key)
      : node_({.name = "asker"}, messaging::zeromq({.keys = std::move(keys), .server_keys = {{"", server_key}}})),
        peer_(node_.connect(address).value()) {}

  std::string ready(messaging::Duration patience) {
    const auto answer = peer_.message<Either<Health>>(handler::ready, HealthQuestion{}).deadline(patience).call();
    if (!answer) return std::string(messaging::name_of(answer.error().code));
    return *answer ? (*answer)->status : (*answer).error().code;
  }

 private:
  messaging::Node node_;
  messaging::Peer peer_;
};

TEST_F(MessagesDoorWithKeys, who_is_on_the_list_is_let_in_and_nobody_else_gets_anything) {
  const auto daemon = start();
  ASSERT_TRUE(daemon->wait_for_port());
  const std::string& line = daemon->announced();
  const std::size_t place = line.find("tcp://0.0.0.0:");
  ASSERT_NE(place, std::string::npos) << line;
  const std::string address = "tcp://127.0.0.1:" + std::to_string(std::atoi(line.c_str() + place + 14));
  const std::string server = keys_of("server").public_key;

  Asker known(address, keys_of("known"), server);
  Asker unknown(address, keys_of("unknown"), server);
  Asker misled(address, keys_of("known"), keys_of("unknown").public_key);
  Asker bare(address, std::nullopt, "");
  EXPECT_EQ(known.ready(60s), "ok");
  EXPECT_EQ(unknown.ready(2s), "no_peer");
  EXPECT_EQ(misled.ready(1s), "no_peer");
  EXPECT_EQ(bare.ready(1s), "no_peer");
  EXPECT_EQ(known.ready(60s), "ok");
}

TEST_F(MessagesDoorWithKeys, secret_keys_are_for_their_owner_and_are_never_replaced) {
  namespace fs = std::filesystem;
  const auto rights = [&](const std::string& file) { return fs::status(folder_ + "/" + file).permissions(); };
  EXPECT_EQ(rights("known/secret.key"), fs::perms::owner_read | fs::perms::owner_write);
  EXPECT_EQ(rights("known"), fs::perms::owner_all);
  const std::string before = text("known/secret.key");
  EXPECT_NE(make_keys("known"), 0);
  EXPECT_EQ(text("known/secret.key"), before);
  EXPECT_NE(text("told").find("secret.key"), std::string::npos);

  const auto refuses = [&] {
    const auto daemon = start();
    return !daemon->wait_for_port() && daemon->wait() == 1;
  };
  fs::permissions(folder_ + "/server/secret.key", fs::perms::group_read, fs::perm_options::add);
  EXPECT_TRUE(refuses()) << "others may read its key";
  fs::permissions(folder_ + "/server/secret.key", fs::perms::group_read, fs::perm_options::remove);
  fs::copy_file(folder_ + "/unknown/secret.key", folder_ + "/allowed/mistake.key");
  EXPECT_TRUE(refuses()) << "a secret among the public ones";
  fs::remove(folder_ + "/allowed/mistake.key");
  EXPECT_FALSE(refuses());
}

}  // namespace
}  // namespace structwire::end_to_end
