// SPDX-License-Identifier: Apache-2.0
#pragma once

// Who may dial, by CURVE key: answers libzmq's questions (ZAP, rfc.zeromq.org/spec/27) within poll(), without a thread.

#include <array>
#include <memory>
#include <set>
#include <string>

#include <structwire/messaging/zeromq/zeromq_socket.hpp>
#include <structwire/messaging/zeromq/zeromq_source.hpp>

namespace structwire::messaging::zeromq_detail {

class Gate final : public Source {
 public:
  static Result<std::unique_ptr<Gate>> open(Loop& loop, const Context& context);
  ~Gate() override;
  void start();

  bool serve(LinkEvents& events) override;

 private:
  Gate(Loop& loop, Socket socket);
  void answer(std::string_view request, std::string_view mechanism, std::string_view key);

  Socket socket_;
  std::set<std::string, std::less<>> allowed_;  ///< Z85.
};

}  // namespace structwire::messaging::zeromq_detail
