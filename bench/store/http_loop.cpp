// SPDX-License-Identifier: Apache-2.0
// Cycles through the real daemon over HTTP, with MessagePack bodies and the client that users have.
#include <taskd/client/client.hpp>

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <bench/store/measure.hpp>
#include <tests/end_to_end/daemon_process.hpp>

namespace structwire::bench {
namespace {

class Client {
 public:
  Client(std::uint16_t port, int batch, int number)
      : client_({.server = "http://127.0.0.1:" + std::to_string(port)}),
        batch_(batch),
        queue_("bench" + std::to_string(number)),
        payload_(taskd::to_raw(Bytes(payload_size, std::byte{'p'}))),
        result_(taskd::to_raw(Bytes(result_size, std::byte{'r'}))) {}

  void cycle() {
    std::vector<taskd::api::SubmitTask> tasks(static_cast<std::size_t>(batch_));
    for (auto& task : tasks) {
      task.queue = queue_;
      task.type = "type";
      task.payload = payload_;
    }
    check(client_.submit_many(std::move(tasks)));

    const auto claimed = client_.claim(queue_, {.worker = "worker", .max = batch_});
    check(claimed);
    if (claimed->tasks.size() != static_cast<std::size_t>(batch_)) stop("the daemon lost tasks");

    taskd::api::CompleteBatch batch;
    for (const auto& task : claimed->tasks) {
      batch.tasks.push_back({.id = task.id, .fence = task.fence, .result = result_});
    }
    const auto completed = client_.complete_many(batch);
    check(completed);
    for (const auto& entry : completed->tasks) {
      if (entry.error) stop(entry.error->message);
    }
  }

 private:
  template <class Answer>
  static void check(const Answer& answer) {
    if (!answer) stop(answer.error().message);
  }

  taskd::Client client_;
  int batch_;
  std::string queue_;
  Raw payload_;
  Raw result_;
};

}  // namespace

double http_rate(const Options& options, int batch, int clients) {
  const Scratch scratch(options.data);
  end_to_end::DaemonProcess daemon(
      STRUCTWIRE_DAEMON, {"--http", "127.0.0.1:0", "--data", (scratch.path() / "data").string()});
  const auto port = daemon.wait_for_port();
  if (!port) stop("structwired did not start");
  return rate_of_clients(options.milliseconds, batch, clients, [&](int number) {
    return [client = std::make_shared<Client>(*port, batch, number)] { client->cycle(); };
  });
}

}  // namespace structwire::bench
