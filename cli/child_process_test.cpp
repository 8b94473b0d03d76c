// SPDX-License-Identifier: Apache-2.0
#include <cli/child_process.hpp>

#include <gtest/gtest.h>

#include <chrono>
#include <csignal>
#include <string>

namespace structwire::cli {
namespace {

constexpr std::size_t plenty = 16 * 1024 * 1024;

ChildEnd run_shell(
    const std::string& script, std::string input = {},
    const std::function<bool()>& go_on = [] { return true; }) {
  std::signal(SIGPIPE, SIG_IGN);
  return run_child({.words = {"sh", "-c", script},
                    .environment = {{"STRUCTWIRE_TEST", "7"}},
                    .input = std::move(input),
                    .output_bytes_max = plenty},
                   go_on);
}

TEST(ChildProcessSuite, input_goes_through_and_comes_back) {
  const std::string input(3 * 1024 * 1024, 'x');  // more than any pipe holds
  const ChildEnd end = run_shell("cat", input);
  EXPECT_EQ(end.how, ChildEnd::How::exited);
  EXPECT_EQ(end.status, 0);
  EXPECT_EQ(end.output, input);
}

TEST(ChildProcessSuite, input_that_nobody_reads_does_no_harm) {
  const ChildEnd end = run_shell("exit 3", std::string(3 * 1024 * 1024, 'x'));
  EXPECT_EQ(end.how, ChildEnd::How::exited);
  EXPECT_EQ(end.status, 3);
}

TEST(ChildProcessSuite, the_environment_is_added_to) {
  EXPECT_EQ(run_shell("echo $STRUCTWIRE_TEST; test -n \"$PATH\"").output, "7\n");
}

TEST(ChildProcessSuite, the_end_of_what_it_complained_about_is_kept) {
  const ChildEnd end = run_shell("for i in $(seq 5000); do echo line $i >&2; done; exit 1");
  EXPECT_TRUE(end.error_tail.starts_with("line "));
  EXPECT_TRUE(end.error_tail.ends_with("line 5000\n"));
  EXPECT_LE(end.error_tail.size(), 3000U);
}

TEST(ChildProcessSuite, a_stopped_child_takes_its_children_along) {
  const auto start = std::chrono::steady_clock::now();
  const ChildEnd end = run_shell("sleep 60 & sleep 60; echo late", {}, [] { return false; });
  EXPECT_EQ(end.how, ChildEnd::How::stopped);
  EXPECT_EQ(end.output, "");
  EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(10));
}

TEST(ChildProcessSuite, one_that_ignores_the_request_is_killed) {
  const ChildEnd end =
      run_shell("trap '' TERM; while :; do sleep 0.05; done", {}, [] { return false; });
  EXPECT_EQ(end.how, ChildEnd::How::stopped);
}

TEST(ChildProcessSuite, a_background_process_is_not_waited_for) {
  const auto start = std::chrono::steady_clock::now();
  const ChildEnd end = run_shell("sleep 3 & echo done");
  EXPECT_EQ(end.output, "done\n");
  EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(2));
}

TEST(ChildProcessSuite, too_much_output_ends_it) {
  const ChildEnd end = run_child({.words = {"yes"}, .output_bytes_max = 1000}, [] { return true; });
  EXPECT_EQ(end.how, ChildEnd::How::too_much);
}

TEST(ChildProcessSuite, death_by_a_signal_is_told) {
  const ChildEnd end = run_shell("kill -9 $$");
  EXPECT_EQ(end.how, ChildEnd::How::signalled);
  EXPECT_EQ(end.status, 9);
}

TEST(ChildProcessSuite, a_program_that_is_not_there_is_told) {
  const ChildEnd end = run_child({.words = {"no-such-program"}}, [] { return true; });
  EXPECT_EQ(end.how, ChildEnd::How::not_started);
  EXPECT_EQ(end.error_tail, "no-such-program: No such file or directory");
  EXPECT_FALSE(program_exists("no-such-program"));
  EXPECT_TRUE(program_exists("sh"));
}

}  // namespace
}  // namespace structwire::cli
