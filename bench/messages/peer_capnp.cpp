// SPDX-License-Identifier: Apache-2.0
//
// Cap'n Proto RPC with its two-party connection. Messages of one way are its streaming calls, with its flow control.
#include <capnp/ez-rpc.h>
#include <echo.capnp.h>
#include <kj/async-io.h>

#include <cstring>
#include <thread>
#include <utility>

#include <bench/messages/peer.hpp>

namespace messages_bench {
namespace {

using capnp_echo::Echo;

class EchoService final : public Echo::Server {
 public:
  explicit EchoService(messages_bench::Server& server) : server_(server) {}

  kj::Promise<void> call(CallContext context) override {
    const messages_bench::Server::Running running(server_);
    const auto asked = context.getParams();
    auto reply = context.getResults(capnp::MessageSize{asked.getPayload().size() / 8 + 16, 0});
    reply.setNumber(asked.getNumber());
    reply.setPayload(asked.getPayload());
    return kj::READY_NOW;
  }
  kj::Promise<void> take(TakeContext) override {
    const messages_bench::Server::Running running(server_);
    return kj::READY_NOW;
  }

 private:
  messages_bench::Server& server_;
};

capnp::ReaderOptions large() {
  capnp::ReaderOptions options;
  options.traversalLimitInWords = std::uint64_t{1} << 40;
  return options;
}

class CapnpServer final : public messages_bench::Server {
 public:
  explicit CapnpServer(const Setting& setting) {
    const std::string where = setting.transport == "ipc" ? "unix:" + socket_path() : "127.0.0.1";
    Arrivals started;
    std::thread([this, where, &started] {
      capnp::EzRpcServer server(kj::heap<EchoService>(*this), where.c_str(), 0, large());
      const unsigned port = server.getPort().wait(server.getWaitScope());
      address_ = where.starts_with("unix:") ? where : where + ":" + std::to_string(port);
      started.add(1);
      kj::NEVER_DONE.wait(server.getWaitScope());
    }).detach();
    std::vector<std::uint64_t> told;
    while (told.empty()) started.collect(Clock::now() + std::chrono::seconds(1), told);
  }
  std::string address() const override { return address_; }

 private:
  std::string address_;
};

class CapnpClient final : public Client {
  capnp::Data::Reader bytes() const {
    return {reinterpret_cast<const capnp::byte*>(payload_.data()), payload_.size()};
  }
  auto request(std::uint64_t number) {
    auto asked = echo_.callRequest(capnp::MessageSize{payload_.size() / 8 + 16, 0});
    asked.setNumber(number);
    asked.setPayload(bytes());
    return asked;
  }

 public:
  explicit CapnpClient(const Setting& setting)
      : client_(setting.address.c_str(), 0, large()),
        echo_(client_.getMain<Echo>()),
        payload_(setting.size, 'x'),
        tasks_(errors_) {}

  ~CapnpClient() noexcept override = default;

  void call(std::uint64_t number) override {
    const auto reply = request(number).send().wait(client_.getWaitScope());
    if (checked(reply) != number) stop("another reply");
  }
  void start(std::uint64_t number) override {
    tasks_.add(request(number).send().then([this](auto reply) {
      ended_.push_back(checked(reply));
      if (std::exchange(waits_, false)) waiting_->fulfill();
    }));
  }
  void collect(Clock::time_point until, std::vector<std::uint64_t>& ended) override {
    auto& scope = client_.getWaitScope();
    scope.poll();
    if (ended_.empty()) {
      auto pair = kj::newPromiseAndFulfiller<void>();
      waiting_ = kj::mv(pair.fulfiller);
      auto& timer = client_.getIoProvider().getTimer();
      const auto left = until - Clock::now();
      if (left.count() <= 0) return;
      waits_ = true;
      timer.afterDelay(left.count() * kj::NANOSECONDS)
          .exclusiveJoin(kj::mv(pair.promise))
          .wait(scope);
      waits_ = false;
      scope.poll();
    }
    ended.insert(ended.end(), ended_.begin(), ended_.end());
    ended_.clear();
  }
  void send(std::uint64_t number) override {
    auto taken = echo_.takeRequest(capnp::MessageSize{payload_.size() / 8 + 16, 0});
    taken.setNumber(number);
    taken.setPayload(bytes());
    taken.send().wait(client_.getWaitScope());
  }
  void settle() override { call(1); }

 private:
  class Errors final : public kj::TaskSet::ErrorHandler {
   public:
    void taskFailed(kj::Exception&& exception) override { stop(exception.getDescription().cStr()); }
  };

  template <class Reply>
  std::uint64_t checked(const Reply& reply) const {
    if (reply.getPayload().size() != payload_.size()) stop("a reply of another size");
    return reply.getNumber();
  }

  capnp::EzRpcClient client_;
  Echo::Client echo_;
  std::string payload_;
  Errors errors_;
  std::vector<std::uint64_t> ended_;
  bool waits_ = false;
  kj::Own<kj::PromiseFulfiller<void>> waiting_;
  kj::TaskSet tasks_;
};

}  // namespace
}  // namespace messages_bench

int main(int count, char** arguments) {
  using namespace messages_bench;
  run_peer(
      count, arguments,
      {.serve = [](const Setting& setting) { return std::make_unique<CapnpServer>(setting); },
       .connect = [](const Setting& setting) { return std::make_unique<CapnpClient>(setting); }});
}
