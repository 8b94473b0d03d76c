// SPDX-License-Identifier: Apache-2.0
#pragma once

// What every transport keeps. A transport runs the suite with one line,
//
//   INSTANTIATE_TEST_SUITE_P(ZeromqTcp, TransportSuite, testing::Values(TransportSetup{…}), name_of_setup);
//
// linked with transport_suite.cpp. The dialling side sends the first frame of every link, as HELLO does.

#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include <structwire/messaging/transport.hpp>

namespace structwire::messaging::testing {

/// A world in which transports meet. What it makes, it outlives.
class TransportWorld {
 public:
  virtual ~TransportWorld() = default;
  /// One node.
  virtual std::unique_ptr<Transport> transport() = 0;
  /// To listen at; the system picks the rest.
  virtual std::string any_address() = 0;
  /// A free address that is known before anybody listens there.
  virtual std::string fixed_address() = 0;
  virtual Instant now() = 0;
};

struct TransportSetup {
  std::string name;
  std::function<std::unique_ptr<TransportWorld>()> world;
  bool threads = true;  ///< wake() may be called from another thread, and time passes by itself.
};
std::string name_of_setup(const ::testing::TestParamInfo<TransportSetup>& setup);
void PrintTo(const TransportSetup& setup, std::ostream* out);

/// A transport and what it told.
class TransportNode final : public LinkEvents {
 public:
  struct Link {
    LinkId id{};
    LinkInfo info;
    std::vector<Frame> frames;
    bool closed = false;
    std::string reason;
  };

  explicit TransportNode(std::unique_ptr<Transport> of) : transport(std::move(of)) {}

  void opened(LinkId link, const LinkInfo& info) override;
  void received(LinkId link, Frame frame) override;
  void closed(LinkId link, std::string_view reason) override;

  /// The newest link; fails the test where there is none.
  Link& last();
  Link& link(LinkId id);
  std::size_t open_links() const;
  std::size_t frames() const;

  std::unique_ptr<Transport> transport;
  std::vector<std::unique_ptr<Link>> links;
  bool greets = true;    ///< Sends a first frame over each link that it dialled.
  bool answers = false;  ///< Sends each frame back.
  bool keeps = true;     ///< Keeps the frames; otherwise only counts them.
  std::size_t received_count = 0;
  std::function<void(LinkId)> on_open;
  std::function<void(LinkId, const Frame&)> on_frame;
  std::function<void(LinkId)> on_close;
};

Frame frame_of(std::size_t head, std::size_t body, unsigned seed);
bool same_frame(const Frame& a, const Frame& b);
/// Its head: what TransportNode greets with.
std::string_view text_of(const Frame& frame);

/// Polls the nodes in turn until the condition holds; false after half a minute.
bool pump(TransportWorld& world, std::vector<TransportNode*> nodes,
          const std::function<bool()>& condition, Duration patience = std::chrono::seconds(30));
/// Polls the nodes for so long.
void pump_for(TransportWorld& world, std::vector<TransportNode*> nodes, Duration time);

class TransportSuite : public ::testing::TestWithParam<TransportSetup> {
 protected:
  TransportSuite() : world_(GetParam().world()) {}
  TransportNode node() { return TransportNode(world_->transport()); }
  /// Both ends know the link, and the greeting arrived.
  void connect(TransportNode& dialler, TransportNode& listener);
  std::unique_ptr<TransportWorld> world_;
};

}  // namespace structwire::messaging::testing
