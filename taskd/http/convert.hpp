// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <structwire/core/raw.hpp>
#include <taskd/api/submit.hpp>
#include <taskd/http/problem.hpp>
#include <taskd/tasks/command.hpp>

#include <expected>
#include <string_view>

/// From the wire structs to commands; the way back is `tasks/render.hpp`.
namespace structwire::taskd::http {

/// A payload or result in its canonical bytes. `path` names the member in a refusal.
[[nodiscard]] std::expected<SharedBytes, Problem> canonical_bytes(const Raw& raw,
                                                                  std::string_view path);

/// `path` names the task in the request: `$` or `$.tasks[3]`.
[[nodiscard]] std::expected<NewTask, Problem> new_task(api::SubmitTask&& task,
                                                       std::string_view path);

}  // namespace structwire::taskd::http
