// SPDX-License-Identifier: Apache-2.0
//
// gRPC C++ with its callback API. Ways: `unary`, a call for each message, those of one way answered by nothing; `stream`,
// one stream in both directions for all.
#include <grpcpp/grpcpp.h>

#include <thread>
#include <utility>

#include <echo.grpc.pb.h>
#include <bench/messages/peer.hpp>

namespace messages_bench {
namespace {

using grpc_echo::Nothing;
using grpc_echo::Packet;

constexpr int bytes_max = 64 << 20;

class EchoService final : public grpc_echo::Echo::CallbackService {
 public:
  explicit EchoService(Server& server) : server_(server) {}

  grpc::ServerUnaryReactor* Call(grpc::CallbackServerContext* context, const Packet* asked,
                                 Packet* reply) override {
    const Server::Running running(server_);
    reply->set_number(asked->number());
    reply->set_payload(asked->payload());
    auto* reactor = context->DefaultReactor();
    reactor->Finish(grpc::Status::OK);
    return reactor;
  }
  grpc::ServerUnaryReactor* Take(grpc::CallbackServerContext* context, const Packet*,
                                 Nothing*) override {
    const Server::Running running(server_);
    auto* reactor = context->DefaultReactor();
    reactor->Finish(grpc::Status::OK);
    return reactor;
  }
  grpc::ServerBidiReactor<Packet, Packet>* Talk(grpc::CallbackServerContext*) override {
    class Reactor final : public grpc::ServerBidiReactor<Packet, Packet> {
     public:
      explicit Reactor(Server& server) : server_(server) { StartRead(&packet_); }
      void OnReadDone(bool ok) override {
        if (!ok) return Finish(grpc::Status::OK);
        const Server::Running running(server_);
        if ((packet_.number() & one_way) != 0) return StartRead(&packet_);
        StartWrite(&packet_);
      }
      void OnWriteDone(bool) override { StartRead(&packet_); }
      void OnDone() override { delete this; }

     private:
      Server& server_;
      Packet packet_;
    };
    return new Reactor(server_);
  }

 private:
  Server& server_;
};

class GrpcServer final : public Server {
 public:
  explicit GrpcServer(const Setting& setting) : service_(*this) {
    grpc::ServerBuilder builder;
    int port = 0;
    const std::string where = setting.transport == "ipc" ? "unix:" + socket_path() : "127.0.0.1:0";
    builder.AddListeningPort(where, grpc::InsecureServerCredentials(), &port);
    builder.SetMaxReceiveMessageSize(bytes_max);
    builder.RegisterService(&service_);
    server_ = builder.BuildAndStart();
    if (server_ == nullptr) stop("gRPC does not start");
    address_ = setting.transport == "ipc" ? where : "127.0.0.1:" + std::to_string(port);
  }
  std::string address() const override { return address_; }

 private:
  EchoService service_;
  std::unique_ptr<grpc::Server> server_;
  std::string address_;
};

std::unique_ptr<grpc_echo::Echo::Stub> stub_to(const Setting& setting) {
  grpc::ChannelArguments arguments;
  arguments.SetMaxReceiveMessageSize(bytes_max);
  return grpc_echo::Echo::NewStub(
      grpc::CreateCustomChannel(setting.address, grpc::InsecureChannelCredentials(), arguments));
}

class UnaryClient final : public Client {
 public:
  explicit UnaryClient(const Setting& setting)
      : stub_(stub_to(setting)), payload_(setting.size, 'x') {}

  void call(std::uint64_t number) override {
    grpc::ClientContext context;
    packet_.set_number(number);
    packet_.set_payload(payload_);
    Packet reply;
    check(stub_->Call(&context, packet_, &reply), reply);
    if (reply.number() != number) stop("another reply");
  }
  void start(std::uint64_t number) override {
    auto* const begun = new Begun<Packet>(number, payload_);
    stub_->async()->Call(&begun->context, &begun->packet, &begun->reply,
                         [this, begun](const grpc::Status& status) {
                           check(status, begun->reply);
                           arrivals_.add(begun->reply.number());
                           delete begun;
                         });
  }
  void collect(Clock::time_point until, std::vector<std::uint64_t>& ended) override {
    arrivals_.collect(until, ended);
  }
  void send(std::uint64_t number) override {
    // Nothing bounds calls but who makes them.
    while (open_ >= 64) take_back();
    ++open_;
    auto* const begun = new Begun<Nothing>(number, payload_);
    stub_->async()->Take(&begun->context, &begun->packet, &begun->reply,
                         [this, begun](const grpc::Status& status) {
                           if (!status.ok()) stop(status.error_message());
                           taken_.add(1);
                           delete begun;
                         });
  }
  void settle() override {
    while (open_ > 0) take_back();
  }

 private:
  template <class Reply>
  struct Begun {
    Begun(std::uint64_t number, const std::string& payload) {
      packet.set_number(number);
      packet.set_payload(payload);
    }
    grpc::ClientContext context;
    Packet packet;
    Reply reply;
  };

  void check(const grpc::Status& status, const Packet& reply) const {
    if (!status.ok()) stop(status.error_message());
    if (reply.payload().size() != payload_.size()) stop("a reply of another size");
  }
  void take_back() {
    ended_.clear();
    taken_.collect(Clock::now() + std::chrono::seconds(30), ended_);
    if (ended_.empty()) stop("no reply for 30 s");
    open_ -= ended_.size();
  }

  std::unique_ptr<grpc_echo::Echo::Stub> stub_;
  std::string payload_;
  Packet packet_;
  Arrivals arrivals_;
  Arrivals taken_;
  std::size_t open_ = 0;
  std::vector<std::uint64_t> ended_;
};

/// One stream for calls, which this thread reads, and one whose replies a thread of its own reads.
class StreamClient final : public Client {
 public:
  explicit StreamClient(const Setting& setting)
      : stub_(stub_to(setting)), payload_(setting.size, 'x') {
    calls_ = stub_->Talk(&of_calls_);
    many_ = stub_->Talk(&of_many_);
    std::thread([this] {
      Packet reply;
      while (many_->Read(&reply)) arrivals_.add(checked(reply));
    }).detach();
  }

  void call(std::uint64_t number) override {
    write(*calls_, number);
    if (!calls_->Read(&reply_)) stop("the stream ended");
    if (checked(reply_) != number) stop("another reply");
  }
  void start(std::uint64_t number) override { write(*many_, number); }
  void collect(Clock::time_point until, std::vector<std::uint64_t>& ended) override {
    arrivals_.collect(until, ended);
  }
  void send(std::uint64_t number) override { write(*calls_, number); }
  void settle() override { call(1); }

 private:
  using Stream = grpc::ClientReaderWriter<Packet, Packet>;

  void write(Stream& stream, std::uint64_t number) {
    packet_.set_number(number);
    packet_.set_payload(payload_);
    if (!stream.Write(packet_)) stop("the stream ended");
  }
  std::uint64_t checked(const Packet& reply) const {
    if (reply.payload().size() != payload_.size()) stop("a reply of another size");
    return reply.number();
  }

  std::unique_ptr<grpc_echo::Echo::Stub> stub_;
  std::string payload_;
  Packet packet_;
  Packet reply_;
  Arrivals arrivals_;
  grpc::ClientContext of_calls_;
  grpc::ClientContext of_many_;
  std::unique_ptr<Stream> calls_;
  std::unique_ptr<Stream> many_;
};

}  // namespace
}  // namespace messages_bench

int main(int count, char** arguments) {
  using namespace messages_bench;
  run_peer(count, arguments,
           {.serve = [](const Setting& setting) { return std::make_unique<GrpcServer>(setting); },
            .connect = [](const Setting& setting) -> std::unique_ptr<Client> {
              if (setting.way == "stream") return std::make_unique<StreamClient>(setting);
              return std::make_unique<UnaryClient>(setting);
            }});
}
