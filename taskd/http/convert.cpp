// SPDX-License-Identifier: Apache-2.0
#include <taskd/http/convert.hpp>

#include <structwire/msgpack.hpp>

#include <algorithm>
#include <string>
#include <utility>

namespace structwire::taskd::http {

std::expected<SharedBytes, Problem> canonical_bytes(const Raw& raw, std::string_view path) {
  if (raw.empty()) return SharedBytes();
  const Result<Raw> canonical = msgpack::canonical(raw);
  if (!canonical) {
    return std::unexpected(problem(
        api::Code::invalid_argument,
        canonical.error().message() + " - at `" + std::string(path) + "`", std::string(path)));
  }
  Bytes bytes(canonical->bytes().size());
  std::ranges::copy(canonical->bytes(), bytes.begin());
  return SharedBytes(std::move(bytes));
}

std::expected<NewTask, Problem> new_task(api::SubmitTask&& task, std::string_view path) {
  auto payload = canonical_bytes(task.payload, std::string(path) + ".payload");
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

}  // namespace structwire::taskd::http
