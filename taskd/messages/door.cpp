// SPDX-License-Identifier: Apache-2.0
#include <taskd/messages/door.hpp>

#include <taskd/api/messages.hpp>
#include <taskd/doors/convert.hpp>
#include <taskd/doors/render.hpp>
#include <taskd/messages/keys.hpp>

#include <structwire/core/config.hpp>

#include <string>
#include <utility>
#include <vector>

namespace structwire::taskd::messages {
namespace {

using messaging::Context;
using messaging::Failure;
using messaging::FailureCode;

template <class Answer>
using Either = std::expected<Answer, api::ErrorBody>;
template <class Answer>
using Replier = messaging::Replier<Either<Answer>>;

// What may pass is for the sender to try again; everything else is an answer.
template <class Answer>
void refuse(Replier<Answer> replier, const Refusal& refusal) {
  if (!api::row(refusal.code).retry) {
    return std::move(replier).answer(std::unexpected(doors::render_error(refusal)));
  }
  const bool draining = refusal.code == api::Code::draining;
  std::move(replier).fail({.code = draining ? FailureCode::draining : FailureCode::overloaded,
                           .retryable = true,
                           .retry_after_ms = 100,
                           .text = std::string(api::name(refusal.code)) + ": " + refusal.message});
}

// Posts commands and answers with what `render` makes of their outcomes, an Attempt<Answer>.
template <class Answer, class Render>
void post(Service& service, std::vector<Command> commands, Replier<Answer> replier, Render render) {
  auto shared = std::make_shared<Replier<Answer>>(std::move(replier));
  auto done = [shared, render = std::move(render)](const std::vector<Outcome>& outcomes) mutable {
    Attempt<Answer> answer = render(outcomes);
    if (!answer) return refuse(std::move(*shared), answer.error());
    std::move(*shared).answer(std::move(*answer));
  };
  if (const Attempt<void> posted = service.post(std::move(commands), std::move(done)); !posted) {
    refuse(std::move(*shared), posted.error());
  }
}

void submit(Service& service, api::SubmitTasks&& request, Replier<api::SubmittedBatch> replier) {
  auto made = doors::submit_of(std::move(request.tasks));
  if (!made) return refuse(std::move(replier), made.error());
  std::vector<Command> commands;
  commands.push_back(std::move(*made));
  post(service, std::move(commands), std::move(replier),
       [](const std::vector<Outcome>& outcomes) -> Attempt<api::SubmittedBatch> {
         if (!outcomes.front()) return std::unexpected(outcomes.front().error());
         api::SubmittedBatch answer;
         for (const SharedTask& task : *outcomes.front()) answer.tasks.push_back(doors::render_submitted(*task));
         return answer;
       });
}

Attempt<api::ClaimAnswer> claimed(const Outcome& outcome) {
  if (!outcome) return std::unexpected(outcome.error());
  api::ClaimAnswer answer;
  for (const SharedTask& task : *outcome) answer.tasks.push_back(doors::render_claimed(*task));
  return answer;
}

void claim(Service& service, WaitTimer& timer, api::ClaimFrom&& request, const Context& context,
           Replier<api::ClaimAnswer> replier) {
  if (!api::is_queue_name(request.queue)) {
    return refuse(std::move(replier), {.code = api::Code::invalid_argument,
                                       .message = "A queue name has letters, digits, `.`, `_` or `-` - at `$.queue`",
                                       .path = "$.queue"});
  }
  Claim wanted{.queue = std::move(request.queue),
               .worker = std::move(request.worker),
               .max = request.max,
               .lease_ms = request.lease_ms};
  // Whoever waits no longer gets no tasks: they would wait for the end of their lease.
  const auto patience = std::min<messaging::Duration>(std::chrono::milliseconds(request.wait_ms),
                                                      context.time_left() - context.time_left() / 8);
  const auto wait = std::chrono::duration_cast<std::chrono::milliseconds>(patience);
  if (wait.count() <= 0) {
    std::vector<Command> commands;
    commands.push_back(std::move(wanted));
    return post(service, std::move(commands), std::move(replier),
                [](const std::vector<Outcome>& outcomes) { return claimed(outcomes.front()); });
  }
  auto shared = std::make_shared<Replier<api::ClaimAnswer>>(std::move(replier));
  // A claim that is cancelled while it waits is ended at once; its answer goes nowhere.
  auto stopping = std::make_shared<std::unique_ptr<std::stop_callback<std::function<void()>>>>();
  auto done = [shared, stopping](const Outcome& outcome) {
    Attempt<api::ClaimAnswer> answer = claimed(outcome);
    if (!answer) return refuse(std::move(*shared), answer.error());
    std::move(*shared).answer(std::move(*answer));
  };
  const Attempt<WaitId> waiting = service.claim_waiting(std::move(wanted), std::move(done));
  if (!waiting) return refuse(std::move(*shared), waiting.error());
  const auto end = [&service, id = *waiting] { service.stop_waiting(id); };
  timer.after(wait, end);
  *stopping = std::make_unique<std::stop_callback<std::function<void()>>>(context.stop_token(), end);
}

template <class Item>
void batch(Service& service, api::Batch<Item>&& request, Replier<api::BatchAnswer> replier) {
  api::BatchAnswer answer;
  std::vector<Command> commands;
  for (std::size_t index = 0; index != request.tasks.size(); ++index) {
    api::BatchEntry entry{.id = request.tasks[index].id};
    auto command = doors::command_of(std::move(request.tasks[index]), "$.tasks[" + std::to_string(index) + "]");
    if (command) {
      commands.push_back(std::move(*command));
    } else {
      entry.error = doors::render_error(command.error());
    }
    answer.tasks.push_back(std::move(entry));
  }
  post(service, std::move(commands), std::move(replier),
       [answer = std::move(answer)](const std::vector<Outcome>& outcomes) mutable -> Attempt<api::BatchAnswer> {
         if (const Refusal* const refusal = doors::refusal_of_all(outcomes)) return std::unexpected(*refusal);
         std::size_t next = 0;
         for (api::BatchEntry& entry : answer.tasks) {
           if (!entry.error) entry = doors::render_entry(entry.id, outcomes[next++]);
         }
         return std::move(answer);
       });
}

void show(Service& service, const api::TaskNumber& request, Replier<api::Task> replier) {
  auto shared = std::make_shared<Replier<api::Task>>(std::move(replier));
  auto done = [shared](const Attempt<SharedTask>& found) {
    if (!found) return refuse(std::move(*shared), found.error());
    std::move(*shared).answer(doors::render_task(**found));
  };
  if (const auto asked = service.find(request.id, std::move(done)); !asked) refuse(std::move(*shared), asked.error());
}

void list(Service& service, api::ListTasks&& request, Replier<api::TaskList> replier) {
  auto shared = std::make_shared<Replier<api::TaskList>>(std::move(replier));
  auto done = [shared](const Attempt<ListPage>& page) {
    if (!page) return refuse(std::move(*shared), page.error());
    api::TaskList answer{.next = page->next};
    for (const SharedTask& task : page->tasks) answer.tasks.push_back(doors::render_task(*task));
    std::move(*shared).answer(std::move(answer));
  };
  ListQuery query{.queue = std::move(request.queue),
                  .state = request.state,
                  .after = request.after,
                  .limit = static_cast<std::size_t>(request.limit)};
  if (const auto asked = service.list(std::move(query), std::move(done)); !asked) {
    refuse(std::move(*shared), asked.error());
  }
}

Either<api::Health> ready(const Service& service) {
  if (const Attempt<void> health = service.ready(); !health) return std::unexpected(doors::render_error(health.error()));
  return api::Health{"ok"};
}

// Adds a handler that answers later. The same again does no harm to what is marked idempotent: a fence names the
// attempt, and a lost answer is given again.
template <class Request, class Answer, class Function>
void offer(messaging::Node& node, std::string_view name, bool idempotent, Function function) {
  const auto added = node.handle<Request, Either<Answer>>(
      name,
      [function = std::move(function)](const Request& request, Context& context, Replier<Answer> replier) {
        function(Request(request), context, std::move(replier));
      },
      {.idempotent = idempotent});
  STRUCTWIRE_ASSERT(added.has_value());  // Names are all different.
}

void offer_all(messaging::Node& node, Service& service, WaitTimer& timer) {
  using namespace api::handler;
  offer<api::SubmitTasks, api::SubmittedBatch>(node, api::handler::submit, false, [&](auto&& request, Context&, auto replier) {
    messages::submit(service, std::move(request), std::move(replier));
  });
  offer<api::ClaimFrom, api::ClaimAnswer>(node, api::handler::claim, false, [&](auto&& request, Context& context, auto replier) {
    messages::claim(service, timer, std::move(request), context, std::move(replier));
  });
  const auto offer_batch = [&]<class Item>(std::string_view name, Item) {
    offer<api::Batch<Item>, api::BatchAnswer>(node, name, true, [&](auto&& request, Context&, auto replier) {
      messages::batch<Item>(service, std::move(request), std::move(replier));
    });
  };
  offer_batch(heartbeat, api::HeartbeatItem{});
  offer_batch(complete, api::CompleteItem{});
  offer_batch(fail, api::FailItem{});
  offer_batch(cancel, api::CancelItem{});
  offer<api::TaskNumber, api::Task>(node, api::handler::show, true, [&](auto&& request, Context&, auto replier) {
    messages::show(service, request, std::move(replier));
  });
  offer<api::ListTasks, api::TaskList>(node, api::handler::list, true, [&](auto&& request, Context&, auto replier) {
    messages::list(service, std::move(request), std::move(replier));
  });
  offer<api::HealthQuestion, api::Health>(node, api::handler::ready, true, [&](auto&&, Context&, auto replier) {
    std::move(replier).answer(messages::ready(service));
  });
}

}  // namespace

std::expected<std::unique_ptr<Door>, std::string> Door::open(Service& service, const DoorOptions& options) {
  messaging::ZeromqOptions sockets;
  if (!options.key_file.empty()) {
    auto keys = read_keys(options.key_file, options.allowed_folder);
    if (!keys) return std::unexpected(std::move(keys.error()));
    sockets.keys = std::move(keys->own);
    sockets.allowed_keys = std::move(keys->allowed);
  }
  std::unique_ptr<Door> door(new Door);
  door->timer_ = std::make_unique<WaitTimer>();
  messaging::NodeOptions made{.name = "structwired", .threads = options.threads};
  made.endpoint.peers = options.peers_max;
  made.endpoint.payload_bytes_max = api::body_bytes_max;
  door->node_ = std::make_unique<messaging::Node>(std::move(made), messaging::zeromq(std::move(sockets)));
  offer_all(*door->node_, service, *door->timer_);
  auto address = door->node_->listen(options.address);
  if (!address) return std::unexpected(address.error().message());
  door->address_ = std::move(*address);
  return door;
}

}  // namespace structwire::taskd::messages
