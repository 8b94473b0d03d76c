// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cli/terminal.hpp>
#include <taskd/api/task.hpp>

#include <cstdint>
#include <string>

/// How tasks look: as JSON for programs, in words for people.
namespace structwire::cli {

/// One line of JSON, payload and result included.
[[nodiscard]] std::string task_json(const taskd::api::Task& task);

/// A payload or result as one line of JSON; an empty one is `null`.
[[nodiscard]] std::string raw_json(const Raw& raw);

[[nodiscard]] Colour colour_of(taskd::api::TaskState state);

/// `just now`, `12 s`, `5 min`, `3 h`, `8 d`: how long something at `then_us` is ago.
[[nodiscard]] std::string age_text(std::int64_t then_us, std::int64_t now_us);

/// Microseconds since the Unix epoch.
[[nodiscard]] std::int64_t now_us();

}  // namespace structwire::cli
