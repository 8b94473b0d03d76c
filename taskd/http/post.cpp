// SPDX-License-Identifier: Apache-2.0
#include <taskd/http/post.hpp>

#include <taskd/http/body.hpp>
#include <taskd/doors/render.hpp>

#include <utility>

namespace structwire::taskd::http {

void post_one(Call call, Command command, Answer answer) {
  std::vector<Command> commands;
  commands.push_back(std::move(command));
  // The answer is rendered where the connection lives: the committer only passes records on.
  auto done = [call, answer](std::vector<Outcome> outcomes) mutable {
    Exchange& exchange = *call.exchange;
    exchange.resume([call = std::move(call), answer, outcome = std::move(outcomes.front())] {
      answer_outcome(call, outcome, answer);
    });
  };
  const Attempt<void> posted = call.service->post(std::move(commands), std::move(done));
  if (!posted) call.refuse(problem_of(posted.error()));
}

void answer_outcome(const Call& call, const Outcome& outcome, Answer answer) {
  if (!outcome) return call.refuse(problem_of(outcome.error()));
  answer(call, *outcome);
}

void answer_task(const Call& call, const std::vector<SharedTask>& tasks) {
  call.respond(answer(200, doors::render_task(*tasks.front()), *call.answer_type));
}

}  // namespace structwire::taskd::http
