// SPDX-License-Identifier: Apache-2.0
//
// A typed worker: does the tasks of type `greet` in the queue `hello`. Try it:
//   structwire submit hello greet '{"name": "you"}' --wait
#include <taskd/client/worker.hpp>

#include <csignal>
#include <cstdio>
#include <optional>
#include <string>

namespace sw = structwire;

struct Greet {
  std::string name;
  std::optional<std::string> language;
};

struct Greeting {
  std::string text;
  std::int64_t attempt;
};

static sw::taskd::Worker* worker_to_stop = nullptr;

int main(int argument_count, char** arguments) {
  const std::string server = argument_count > 1 ? arguments[1] : "http://127.0.0.1:8080";
  sw::taskd::Worker worker({.client = {.server = server}, .queue = "hello"});
  worker.handle<Greet, Greeting>(
      "greet", [](const Greet& greet, const sw::taskd::TaskContext& task) -> sw::Result<Greeting> {
        const bool german = greet.language == "de";
        return Greeting{(german ? "Hallo, " : "Hello, ") + greet.name + "!", task.attempt()};
      });

  worker_to_stop = &worker;
  std::signal(SIGINT, [](int) { worker_to_stop->stop(); });
  std::signal(SIGTERM, [](int) { worker_to_stop->stop(); });
  const auto ended = worker.run();
  if (!ended) std::fprintf(stderr, "%s\n", ended.error().message.c_str());
  return ended ? 0 : 1;
}
