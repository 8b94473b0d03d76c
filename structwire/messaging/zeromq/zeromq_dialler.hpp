// SPDX-License-Identifier: Apache-2.0
#pragma once

// One address that is dialled: a DEALER for each connection, the next one after a pause that grows with the failures.

#include <list>
#include <memory>
#include <string>
#include <string_view>

#include <structwire/messaging/zeromq/zeromq_monitor.hpp>
#include <structwire/messaging/zeromq/zeromq_socket.hpp>
#include <structwire/messaging/zeromq/zeromq_source.hpp>

namespace structwire::messaging::zeromq_detail {

class Dialler final : public Source {
 public:
  Dialler(Loop& loop, const Context& context, DialId dial, std::string address);
  ~Dialler() override { hang_up(); }

  /// Dials for the first time. Errors: of the address, the keys, and of the machine.
  Result<void> start() { return dial_again(std::chrono::steady_clock::now()); }

  bool serve(LinkEvents& events) override;
  void timer(Instant now) override;
  void send(LinkId link, Frame frame) override;
  bool congested(LinkId link) const override { return link == link_ && !waiting_.empty(); }
  void close(LinkId link) override;
  bool has_waiting() const override { return !waiting_.empty(); }

  /// Closes and does not dial again.
  void hang_up();

 private:
  Result<void> dial_again(Instant now);
  void read_monitor();
  void link_up(LinkEvents& events);
  bool receive_frames(LinkEvents& events);
  bool receive_frame(LinkEvents& events);
  void send_waiting();
  void link_down(LinkEvents& events);
  void drop_sockets(bool let_go);
  void pause(Instant now);

  const Context& context_;
  const DialId dial_;
  const std::string address_;
  Socket socket_;
  Monitor monitor_;
  LinkId link_{};            ///< 0: not connected.
  bool ready_ = false;       ///< The handshake is done.
  std::string_view broken_;  ///< Why the connection is at its end; empty while it is not.
  bool hung_up_ = false;
  Instant since_;     ///< Of the link.
  Duration pause_{};  ///< Before the next dialling; 0: none failed.
  std::list<Frame> waiting_;
};

}  // namespace structwire::messaging::zeromq_detail
