// SPDX-License-Identifier: Apache-2.0
#pragma once

// One address that is listened at: a ROUTER, whose peers are told apart by their routing ids.
//
// libzmq tells the end of a connection by its descriptor, and a frame the descriptor that it came by; a descriptor is
// used again by a later connection. So each is followed from one `accepted` to the next: the first frame of an unknown
// peer claims the connection that it must have come by. Where two are possible it claims none, and the end of its link
// is found by sending to it, at the latest by the endpoint's heartbeat.
//
// Routing ids are drawn by the ROUTER, a new one for each connection. Who insists on one of its own can come back with
// it when libzmq has let go of the old connection; its frames are then told apart by what libzmq remembers of their
// connection. Diallers do better to set none.

#include <list>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include <structwire/messaging/zeromq/zeromq_monitor.hpp>
#include <structwire/messaging/zeromq/zeromq_socket.hpp>
#include <structwire/messaging/zeromq/zeromq_source.hpp>

namespace structwire::messaging::zeromq_detail {

class Listener final : public Source {
 public:
  Listener(Loop& loop, Socket socket, Monitor monitor);
  ~Listener() override;
  void start();

  bool serve(LinkEvents& events) override;
  void send(LinkId link, Frame frame) override;
  bool congested(LinkId link) const override;
  void close(LinkId link) override;
  bool has_waiting() const override { return !waiting_.empty(); }

 private:
  struct Peer {
    std::string routing_id;
    Message first;        ///< Its routing id as it came: keeps Message::connection() its own.
    LinkId link{};        ///< 0: this side has closed it.
    int descriptor = -1;  ///< -1: of no known connection.
    bool gone = false;    ///< Is in `gone_`.
    bool waits = false;   ///< Is in `waiting_`.
    std::list<Frame> waiting;
  };
  /// The connections that had one descriptor, one after the other.
  struct Connection {
    bool standing = false;
    Peer* claimed = nullptr;  ///< By whom the standing one is.
    int ended = 0;            ///< Unclaimed ones; a frame of theirs may still come.
  };
  struct Text {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const noexcept {
      return std::hash<std::string_view>()(text);
    }
  };

  void read_monitor();
  void connection_accepted(int descriptor);
  void connection_closed(int descriptor);
  bool receive_message(LinkEvents& events);
  void skip_parts(Message& part);
  Peer* find_peer(const Message& routing_id, LinkEvents& events);
  Peer* new_peer(Message& routing_id, const Message& part, LinkEvents& events);
  void claim(Peer& peer, int descriptor);
  void mark_gone(Peer& peer);
  void tell_gone(LinkEvents& events);
  void remove(Peer& peer);
  void send_waiting();
  bool send_waiting_of(Peer& peer);
  void drop_waiting(Peer& peer);
  void protocol_broken(Peer& peer, LinkEvents& events);
  void shut(Peer& peer);

  Socket socket_;
  Monitor monitor_;
  std::unordered_map<std::string, std::unique_ptr<Peer>, Text, std::equal_to<>> peers_;
  std::unordered_map<LinkId, Peer*> links_;
  std::unordered_map<int, Connection> connections_;
  std::vector<int> ended_;      ///< Descriptors with Connection::ended.
  std::vector<Peer*> gone_;     ///< To be told when all that they sent was received.
  std::vector<Peer*> waiting_;  ///< With frames that libzmq did not take yet.
  std::list<std::string>
      shut_;  ///< Closed by this side, of no known connection; the oldest is forgotten.
};

}  // namespace structwire::messaging::zeromq_detail
