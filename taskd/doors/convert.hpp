// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <structwire/core/raw.hpp>
#include <taskd/api/submit.hpp>
#include <taskd/api/work.hpp>
#include <taskd/tasks/command.hpp>
#include <taskd/tasks/refusal.hpp>

#include <string>
#include <string_view>
#include <vector>

/// From the wire structs to commands, for every door; the way back is `render.hpp`.
namespace structwire::taskd::doors {

/// A payload or result in its canonical bytes. `path` names the member in a refusal.
[[nodiscard]] Attempt<SharedBytes> canonical_bytes(const Raw& raw, std::string_view path);

/// All of them or none: a refusal names its task, as `$.tasks[3]`.
[[nodiscard]] Attempt<Submit> submit_of(std::vector<api::SubmitTask>&& tasks);
/// One, whose refusal names its own members.
[[nodiscard]] Attempt<Submit> submit_of(api::SubmitTask&& task);

/// An entry of a batch form; `path` names it in a refusal.
[[nodiscard]] Attempt<Command> command_of(api::HeartbeatItem&& item, const std::string& path);
[[nodiscard]] Attempt<Command> command_of(api::CompleteItem&& item, const std::string& path);
[[nodiscard]] Attempt<Command> command_of(api::FailItem&& item, const std::string& path);
[[nodiscard]] Attempt<Command> command_of(api::CancelItem&& item, const std::string& path);

}  // namespace structwire::taskd::doors
