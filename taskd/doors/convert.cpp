// SPDX-License-Identifier: Apache-2.0
#include <taskd/doors/convert.hpp>

#include <structwire/msgpack.hpp>

#include <algorithm>
#include <string>
#include <utility>

namespace structwire::taskd::doors {
namespace {

Attempt<NewTask> new_task(api::SubmitTask&& task, const std::string& path) {
  auto payload = canonical_bytes(task.payload, path + ".payload");
  if (!payload) return std::unexpected(std::move(payload).error());
  return NewTask{
      .queue = std::move(task.queue),
      .type = std::move(task.type),
      .payload = std::move(*payload),
      .priority = static_cast<std::int32_t>(task.priority),
      .run_at_us = task.run_at_us,
      .max_attempts = static_cast<std::int32_t>(task.max_attempts),
      .lease_ms = task.lease_ms,
  };
}

}  // namespace

Attempt<SharedBytes> canonical_bytes(const Raw& raw, std::string_view path) {
  if (raw.empty()) return SharedBytes();
  const Result<Raw> canonical = msgpack::canonical(raw);
  if (!canonical) {
    return std::unexpected(
        Refusal{.code = api::Code::invalid_argument,
                .message = canonical.error().message() + " - at `" + std::string(path) + "`",
                .path = std::string(path)});
  }
  Bytes bytes(canonical->bytes().size());
  std::ranges::copy(canonical->bytes(), bytes.begin());
  return SharedBytes(std::move(bytes));
}

Attempt<Submit> submit_of(std::vector<api::SubmitTask>&& tasks) {
  Submit submit;
  submit.tasks.reserve(tasks.size());
  for (std::size_t i = 0; i < tasks.size(); ++i) {
    auto task = new_task(std::move(tasks[i]), "$.tasks[" + std::to_string(i) + "]");
    if (!task) return std::unexpected(std::move(task).error());
    submit.tasks.push_back(std::move(*task));
  }
  return submit;
}

Attempt<Submit> submit_of(api::SubmitTask&& task) {
  auto made = new_task(std::move(task), "$");
  if (!made) return std::unexpected(std::move(made).error());
  Submit submit{.batch = false};
  submit.tasks.push_back(std::move(*made));
  return submit;
}

Attempt<Command> command_of(api::HeartbeatItem&& item, const std::string&) {
  return Heartbeat{item.id, item.fence, item.lease_ms};
}

Attempt<Command> command_of(api::CompleteItem&& item, const std::string& path) {
  auto result = canonical_bytes(item.result, path + ".result");
  if (!result) return std::unexpected(std::move(result).error());
  return Complete{item.id, item.fence, std::move(*result)};
}

Attempt<Command> command_of(api::FailItem&& item, const std::string&) {
  return Fail{item.id, item.fence, std::move(item.error), item.retry};
}

Attempt<Command> command_of(api::CancelItem&& item, const std::string&) { return Cancel{item.id}; }

}  // namespace structwire::taskd::doors
