// SPDX-License-Identifier: Apache-2.0
#include <taskd/http/handlers.hpp>

#include <taskd/http/body.hpp>
#include <taskd/http/parameters.hpp>
#include <taskd/doors/render.hpp>

#include <string>
#include <utility>

/// The calls that change nothing.
namespace structwire::taskd::http {
namespace {

void answer_found(const Call& call, const Attempt<SharedTask>& found) {
  if (!found) return call.refuse(problem_of(found.error()));
  call.respond(answer(200, doors::render_task(**found), *call.answer_type));
}

void answer_page(const Call& call, const Attempt<ListPage>& page) {
  if (!page) return call.refuse(problem_of(page.error()));
  api::TaskList body{.next = page->next};
  body.tasks.reserve(page->tasks.size());
  for (const SharedTask& task : page->tasks) body.tasks.push_back(doors::render_task(*task));
  call.respond(answer(200, body, *call.answer_type));
}

// Carries what was read back onto the connection's thread.
template <class Found>
auto then(const Call& call, void (*answer)(const Call&, const Attempt<Found>&)) {
  return [call, answer](Attempt<Found> found) mutable {
    Exchange& exchange = *call.exchange;
    exchange.resume(
        [call = std::move(call), answer, found = std::move(found)] { answer(call, found); });
  };
}

void answer_health(const Call& call, const Attempt<void>& health) {
  if (health) return call.respond(answer(200, api::Health{"ok"}, *call.answer_type));
  Problem problem = problem_of(health.error());
  problem.status = 503;
  call.refuse(problem);
}

}  // namespace

void show_task(Call call) {
  const auto id = task_id_parameter(call.path.values[0]);
  if (!id) return call.refuse(id.error());
  const Attempt<void> asked = call.service->find(*id, then<SharedTask>(call, answer_found));
  if (!asked) call.refuse(problem_of(asked.error()));
}

void list_tasks(Call call) {
  auto query = list_query(call.query);
  if (!query) return call.refuse(query.error());
  const Attempt<void> asked =
      call.service->list(std::move(*query), then<ListPage>(call, answer_page));
  if (!asked) call.refuse(problem_of(asked.error()));
}

void show_live(Call call) { answer_health(call, call.service->live()); }
void show_ready(Call call) { answer_health(call, call.service->ready()); }

}  // namespace structwire::taskd::http
