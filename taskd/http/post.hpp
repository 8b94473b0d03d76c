// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <taskd/http/call.hpp>

#include <vector>

/// From a handler to the service and back onto the connection's thread.
namespace structwire::taskd::http {

/// Makes the answer of one command that was executed.
using Answer = void (*)(const Call& call, const std::vector<SharedTask>& tasks);

/// Posts one command; a refusal is answered as a problem.
void post_one(Call call, Command command, Answer answer);

/// Answers with the outcome of one command. On the connection's thread.
void answer_outcome(const Call& call, const Outcome& outcome, Answer answer);

/// The first task of an outcome as a whole, 200: what most calls answer with.
void answer_task(const Call& call, const std::vector<SharedTask>& tasks);

}  // namespace structwire::taskd::http
