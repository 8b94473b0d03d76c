// SPDX-License-Identifier: Apache-2.0
#pragma once

// Within the legacy transport: one peer, its PUSH socket and its way from the older protocol to the binary one.

#include <string>
#include <string_view>

#include <structwire/messaging/legacy.hpp>
#include <structwire/messaging/zeromq/zeromq_monitor.hpp>
#include <structwire/messaging/zeromq/zeromq_socket.hpp>
#include <structwire/messaging/zeromq/zeromq_source.hpp>

namespace structwire::messaging::legacy_detail {

class Line;

/// The transport, as its lines see it.
class Hub {
 public:
  virtual const LegacyOptions& options() const = 0;
  virtual LegacyCounters& counted() = 0;
  /// In the binary protocol; the links of it go to the line.
  virtual Result<DialId> dial_binary(Line& line, const std::string& address) = 0;
  virtual void hang_up_binary(DialId dial) = 0;
  /// It has room for requests again, or does not count any more.
  virtual void room_again() = 0;
  /// Ends within its own serve().
  virtual void remove(Line& line) = 0;

 protected:
  ~Hub() = default;
};

class Line final : public zeromq_detail::Source {
 public:
  /// `address`: the peer's; empty for one that can only send.
  Line(zeromq_detail::Loop& loop, Hub& hub, std::string address, bool dialled, LegacyPeerOptions options);

  /// Connects. Errors: of the address, and of the machine.
  Result<void> start(const zeromq_detail::Context& context);
  void hang_up();

  bool serve(LinkEvents& events) override;
  void timer(Instant now) override;
  void send(LinkId link, Frame frame) override;
  void close(LinkId link) override;
  bool has_waiting() const override { return connected_ && peer_.next_message() != nullptr; }

  // ---- what the peer says
  void request(LegacyMetadata metadata, Payload payload);
  void reply(const LegacyMetadata& metadata, LegacyKind kind, const Payload& payload);
  /// A program speaks at the dialled address.
  void heard(const Uuid& instance, bool offers_binary);
  /// It speaks the binary protocol too.
  void offer(const std::string& address);
  /// No more of its requests can be taken now, and they may still wait.
  bool blocks(Instant now) const noexcept { return full_ && now < full_until_; }

  // ---- the binary link, which the endpoint is told of in time
  void binary_opened(LinkId link, LinkInfo info, LinkEvents& events);
  void binary_closed(LinkId link, std::string_view reason, LinkEvents* events);
  bool passes_binary() const noexcept { return state_ == State::binary; }

  const std::string& address() const noexcept { return address_; }
  const Uuid& instance() const noexcept { return instance_; }
  bool dialled() const noexcept { return dialled_; }
  DialId dial() const noexcept { return DialId{number}; }
  const LegacyPeer& peer() const noexcept { return peer_; }
  LegacyPeer& peer() noexcept { return peer_; }

 private:
  enum class State : std::uint8_t {
    older,
    connecting,  ///< The binary connection.
    draining,    ///< What is on its way in the older protocol.
    binary,
    lost,        ///< The binary connection.
  };
  bool speaks_older() const noexcept { return state_ != State::binary && state_ != State::lost; }
  void read_monitor();
  void link_up(LinkEvents& events);
  void link_down(LinkEvents& events, std::string_view reason);
  void carry(LinkEvents& events);
  void write_messages();
  void step(LinkEvents& events, Instant now);
  void give_up_binary(Instant now);
  void go_binary(LinkEvents& events);
  void note_room(Instant now);
  void set_timers(Instant now);

  Hub& hub_;
  const std::string address_;
  const bool dialled_;
  LegacyPeer peer_;
  zeromq_detail::Socket socket_;
  zeromq_detail::Monitor monitor_;
  bool connected_ = false;
  bool ended_ = false;
  LinkId link_{};        ///< In the older protocol; 0: none.
  Instant link_after_{}; ///< After the endpoint closed one.
  Uuid instance_;        ///< Zero: not heard yet.
  bool renewed_ = false; ///< Another program is there now.
  Instant used_{};       ///< When anything came last.

  bool full_ = false;
  Instant full_until_{};

  State state_ = State::older;
  std::string offered_;
  DialId binary_dial_{};
  LinkId binary_link_{};
  LinkInfo binary_info_;
  Instant step_until_ = never;  ///< The end of patience in this state.
  Instant offer_after_{};
};

}  // namespace structwire::messaging::legacy_detail
