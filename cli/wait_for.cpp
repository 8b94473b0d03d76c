// SPDX-License-Identifier: Apache-2.0
#include <cli/wait_for.hpp>

#include <cli/exit_codes.hpp>
#include <cli/pretty_json.hpp>
#include <cli/server.hpp>
#include <cli/show_task.hpp>
#include <cli/terminal.hpp>

#include <algorithm>
#include <chrono>
#include <thread>

namespace structwire::cli {
namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;
using taskd::api::Task;
using taskd::api::TaskState;

class Waiting {
 public:
  Waiting(taskd::Client& client, std::optional<double> timeout_seconds) : client_(client) {
    if (timeout_seconds) {
      deadline_ = started_ + std::chrono::duration_cast<Clock::duration>(
                                 std::chrono::duration<double>(*timeout_seconds));
    }
  }

  int run(const std::vector<std::uint64_t>& ids) {
    int worst = exit_ok;
    for (std::size_t i = 0; i < ids.size(); ++i) {
      position_ =
          ids.size() > 1 ? std::to_string(i + 1) + " of " + std::to_string(ids.size()) + ": " : "";
      const int status = wait_for_one(ids[i]);
      if (status == exit_temporary || status == exit_io) return status;
      worst = std::max(worst, status);
    }
    return worst;
  }

 private:
  int wait_for_one(std::uint64_t id) {
    milliseconds pause{10};
    while (true) {
      const auto task = client_.get(id);
      if (task && taskd::api::is_final(task->state)) return tell(*task);
      if (!task && !task.error().may_pass()) {
        line_.clear();
        return report(task.error());
      }
      show(id, task);
      if (Clock::now() + pause > deadline_) return give_up(id);
      std::this_thread::sleep_for(pause);
      pause = std::min(pause * 3 / 2, milliseconds(500));
    }
  }

  void show(std::uint64_t id, const taskd::Answer<Task>& task) {
    const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(Clock::now() - started_);
    std::string text = position_ + "task " + std::to_string(id) + " ";
    if (!task) {
      text += "(" + task.error().message + ")";
    } else {
      text += taskd::api::name(task->state);
      if (task->attempt > 1) text += ", attempt " + std::to_string(task->attempt);
    }
    line_.show(text + "  " + std::to_string(seconds.count()) + " s");
  }

  int tell(const Task& task) {
    line_.clear();
    if (task.state != TaskState::succeeded) {
      std::string text =
          "task " + std::to_string(task.id) + " is " + std::string(taskd::api::name(task.state));
      if (!task.errors.empty()) text += ": " + task.errors.back().message;
      complain(text);
      return exit_failed;
    }
    const std::string result = raw_json(task.result);
    return put_line(output_is_terminal() ? pretty_json(result) : result) ? exit_ok : exit_io;
  }

  int give_up(std::uint64_t id) {
    line_.clear();
    complain("task " + std::to_string(id) + " has not ended in time; structwire status " +
             std::to_string(id) + " tells more");
    return exit_temporary;
  }

  taskd::Client& client_;
  Clock::time_point started_ = Clock::now();
  Clock::time_point deadline_ = Clock::time_point::max();
  std::string position_;
  ProgressLine line_;
};

}  // namespace

int wait_for(taskd::Client& client, const std::vector<std::uint64_t>& ids,
             std::optional<double> timeout_seconds) {
  return Waiting(client, timeout_seconds).run(ids);
}

}  // namespace structwire::cli
