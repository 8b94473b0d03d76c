// SPDX-License-Identifier: Apache-2.0
#include <structwire/messaging/legacy.hpp>

#include <algorithm>
#include <map>
#include <unordered_map>
#include <utility>

#include <structwire/messaging/legacy/legacy_allow_list.hpp>
#include <structwire/messaging/legacy/legacy_inlet.hpp>
#include <structwire/messaging/legacy/legacy_line.hpp>
#include <structwire/messaging/transport_figures.hpp>

namespace structwire::messaging {
namespace legacy_detail {
namespace {

constexpr std::string_view prefix = "legacy+";

void add(LegacyPeerCounters& sum, const LegacyPeerCounters& more) {
  for (const auto member : {&LegacyPeerCounters::requests_sent, &LegacyPeerCounters::replies_received, &LegacyPeerCounters::replies_late,
                            &LegacyPeerCounters::replies_malformed, &LegacyPeerCounters::requests_received,
                            &LegacyPeerCounters::requests_refused, &LegacyPeerCounters::replies_sent,
                            &LegacyPeerCounters::failures_untold, &LegacyPeerCounters::items_dropped}) {
    sum.*member += more.*member;
  }
}

std::string_view scheme_of(std::string_view address) { return address.substr(0, address.find(':')); }

class Legacy final : public LegacyTransport, public Hub, public Switchboard {
 public:
  explicit Legacy(LegacyOptions options)
      : options_(std::move(options)), allowed_(LegacyAllowList::of(options_.allowed)), binary_(zeromq(options_.zeromq)), loop_(zeromq_detail::loop_of(*binary_)) {}

  // ---- Transport
  Result<std::string> listen(std::string_view address) override;
  Result<DialId> dial(std::string_view address) override;
  void hang_up(DialId dial) override;
  void send(LinkId link, Frame frame) override { binary_->send(link, std::move(frame)); }
  bool congested(LinkId link) const override { return binary_->congested(link); }
  void close(LinkId link) override;
  void poll(LinkEvents& events, Instant until) override;
  void wake() override { binary_->wake(); }
  LegacyCounters counters() const override;
  TransportFigures figures() const override;

 private:
  /// Between the binary transport and the endpoint: links of peers that change to the binary protocol are told in time.
  class Between final : public LinkEvents {
   public:
    Between(Legacy& legacy, LinkEvents& events) : legacy_(legacy), events_(events) {}
    void opened(LinkId link, const LinkInfo& info) override;
    void received(LinkId link, Frame frame) override;
    void closed(LinkId link, std::string_view reason) override;

   private:
    Legacy& legacy_;
    LinkEvents& events_;
  };

  // ---- Hub
  const LegacyOptions& options() const override { return options_; }
  LegacyCounters& counted() override { return counters_; }
  Result<DialId> dial_binary(Line& line, const std::string& address) override;
  void hang_up_binary(DialId dial) override;
  void room_again() override;
  void remove(Line& line) override;

  // ---- Switchboard
  const LegacyLimits& limits() const override { return options_.limits; }
  bool is_blocked() const override;
  void take(LegacyMetadata metadata, Payload payload) override;
  void refused() override { ++counters_.messages_refused; }

  void take_request(LegacyMetadata metadata, Payload payload);
  void take_reply(const LegacyMetadata& metadata, LegacyKind kind, const Payload& payload);
  void notice(const LegacyMetadata& metadata, Line* line);
  Line* dialled_at(std::string_view address);
  Line* line_of(const Uuid& instance, const std::string& address);
  Result<Line*> add_line(std::string address, bool dialled, const Uuid& instance);
  std::string reply_address_for(std::string_view address) const;
  std::optional<LegacyUpgrade> own_offer() const;
  void announce();

  const LegacyOptions options_;
  const Result<LegacyAllowList> allowed_;
  LegacyCounters counters_;
  std::vector<std::string> listens_;  ///< For the older protocol, without the prefix.
  std::string binary_address_;
  std::vector<Line*> lines_;          ///< Owned by the loop, as the inlets are.
  std::vector<Inlet*> inlets_;
  std::size_t dialled_in_ = 0;
  std::uint64_t channels_ = 0;
  std::unordered_map<DialId, Line*> upgrades_;
  std::unordered_map<LinkId, Line*> binary_links_;
  std::unique_ptr<ZeromqTransport> binary_;
  zeromq_detail::Loop& loop_;
};

// ---- listening and dialling

Result<std::string> Legacy::listen(std::string_view address) {
  if (!allowed_) return std::unexpected(allowed_.error());
  if (!address.starts_with(prefix)) {
    auto bound = binary_->listen(address);
    if (bound && binary_address_.empty()) binary_address_ = *bound;
    announce();
    return bound;
  }
  auto context = loop_.context();
  if (!context) return std::unexpected(std::move(context.error()));
  const std::string own(address.substr(prefix.size()));
  auto socket = zeromq_detail::Socket::pull(**context, options_.zeromq, own);
  if (!socket) return std::unexpected(std::move(socket.error()));
  auto bound = socket->bind(own);
  if (!bound) return bound;
  auto inlet = std::make_unique<Inlet>(loop_, *this, std::move(*socket));
  inlets_.push_back(inlet.get());
  loop_.adopt(std::move(inlet));
  inlets_.back()->start();
  listens_.push_back(*bound);
  announce();
  return std::string(prefix) + *bound;
}

Result<DialId> Legacy::dial(std::string_view address) {
  if (!allowed_) return std::unexpected(allowed_.error());
  if (!address.starts_with(prefix)) return binary_->dial(address);
  auto line = add_line(std::string(address.substr(prefix.size())), true, {});
  if (!line) return std::unexpected(std::move(line.error()));
  return (*line)->dial();
}

void Legacy::hang_up(DialId dial) {
  for (Line* const line : lines_) {
    if (line->dialled() && line->dial() == dial) return remove(*line);
  }
  binary_->hang_up(dial);
}

Result<Line*> Legacy::add_line(std::string address, bool dialled, const Uuid& instance) {
  auto context = loop_.context();
  if (!context) return std::unexpected(std::move(context.error()));
  LegacyPeerOptions peer;
  peer.instance = instance;
  for (const Line* const line : lines_) {
    if (line->peer().own_instance() != Uuid{}) peer.own_instance = line->peer().own_instance();
  }
  peer.dials = !dialled;
  peer.channel = ++channels_;
  peer.name = address;
  peer.reply_address = reply_address_for(address);
  peer.upgrade = own_offer();
  peer.limits = options_.limits;
  peer.waiting = options_.waiting;
  peer.window = options_.window;
  peer.outstanding = options_.outstanding;
  auto made = std::make_unique<Line>(loop_, *this, std::move(address), dialled, std::move(peer));
  Line* const line = made.get();
  loop_.adopt(std::move(made));
  if (auto started = line->start(**context); !started) {
    loop_.release(*line);
    return std::unexpected(std::move(started.error()));
  }
  lines_.push_back(line);
  dialled_in_ += dialled ? 0 : 1;
  return line;
}

void Legacy::remove(Line& line) {
  if (std::erase(lines_, &line) == 0) return;
  add(counters_.peers, line.peer().counters());
  dialled_in_ -= line.dialled() ? 0 : 1;
  std::erase_if(binary_links_, [&](const auto& each) { return each.second == &line; });
  line.hang_up();
  loop_.release(line);
}

std::string Legacy::reply_address_for(std::string_view address) const {
  for (const auto* const list : {&options_.announced, &listens_}) {
    for (const std::string& own : *list) {
      if (scheme_of(own) == scheme_of(address)) return own;
    }
  }
  if (!options_.announced.empty()) return options_.announced.front();
  return listens_.empty() ? std::string() : listens_.front();
}

std::optional<LegacyUpgrade> Legacy::own_offer() const {
  const std::string& own = options_.announced_binary.empty() ? binary_address_ : options_.announced_binary;
  if (!options_.upgrade || own.empty()) return std::nullopt;
  return LegacyUpgrade{.least = protocol_major, .most = protocol_major, .address = own};
}

void Legacy::announce() {
  for (Line* const line : lines_) line->peer().announce(reply_address_for(line->address()), own_offer());
}

LegacyCounters Legacy::counters() const {
  LegacyCounters all = counters_;
  for (const Line* const line : lines_) add(all.peers, line->peer().counters());
  return all;
}

TransportFigures Legacy::figures() const {
  TransportFigures all = figures_of(counters());
  for (const auto& [name, count] : binary_->figures()) all.emplace("binary." + name, count);
  return all;
}

// ---- what comes

bool Legacy::is_blocked() const {
  const Instant now = std::chrono::steady_clock::now();
  return std::ranges::any_of(lines_, [&](const Line* line) { return line->blocks(now); });
}

void Legacy::room_again() {
  for (Inlet* const inlet : inlets_) loop_.attend(*inlet);
}

void Legacy::take(LegacyMetadata metadata, Payload payload) {
  ++counters_.messages_received;
  const auto kind = kind_of(metadata, payload.bytes());
  if (!kind) return refused();
  if (*kind == LegacyKind::request) return take_request(std::move(metadata), std::move(payload));
  take_reply(metadata, *kind, payload);
}

Line* Legacy::dialled_at(std::string_view address) {
  const auto found = std::ranges::find_if(lines_, [&](const Line* line) { return line->dialled() && line->address() == address; });
  return found == lines_.end() ? nullptr : *found;
}

Line* Legacy::line_of(const Uuid& instance, const std::string& address) {
  const auto is = [&](const Line* line) {
    return !line->dialled() && line->instance() == instance && line->address() == address;
  };
  const auto found = std::ranges::find_if(lines_, is);
  return found == lines_.end() ? nullptr : *found;
}

// Who speaks at an address that was dialled, and what he offers.
void Legacy::notice(const LegacyMetadata& metadata, Line* line) {
  if (line == nullptr || !line->dialled()) return;
  auto offered = upgrade_of(metadata.control);
  const auto own = own_offer();
  // Older programs write back what they do not know, this side's own offer too.
  if (offered && own && offered->address == own->address) offered.reset();
  line->heard(metadata.sender_instance, offered.has_value());
  if (!offered || !options_.upgrade) return;
  if (offered->least > protocol_major || offered->most < protocol_major || !allowed_->allows(offered->address)) {
    ++counters_.upgrades_refused;
    return;
  }
  line->offer(offered->address);
}

void Legacy::take_request(LegacyMetadata metadata, Payload payload) {
  std::string address;
  if (metadata.control.transport_hints) address = metadata.control.transport_hints->sender_endpoint.value_or("");
  Line* const dialled = address.empty() ? nullptr : dialled_at(address);
  notice(metadata, dialled);
  if (!address.empty() && dialled == nullptr && !allowed_->allows(address)) {
    ++counters_.endpoints_refused;
    if (metadata.control.mode != LegacyMode::fire_and_forget) return;
    address.clear();
  }
  const bool answers = metadata.control.mode != LegacyMode::fire_and_forget;
  if (address.empty()) {
    // The way back may be known from earlier.
    const auto known = std::ranges::find_if(lines_, [&](const Line* line) {
      return !line->dialled() && line->instance() == metadata.sender_instance && (!answers || !line->address().empty());
    });
    if (known != lines_.end()) return (*known)->request(std::move(metadata), std::move(payload));
    if (answers) {
      ++counters_.endpoints_refused;
      return;
    }
  }
  Line* line = line_of(metadata.sender_instance, address);
  if (line == nullptr) {
    auto made = dialled_in_ < options_.peers ? add_line(std::move(address), false, metadata.sender_instance)
                                             : std::unexpected(Error(ErrorCode::size_limit, "Too many peers"));
    if (!made) {
      ++counters_.peers_refused;
      return;
    }
    line = *made;
  }
  line->request(std::move(metadata), std::move(payload));
}

void Legacy::take_reply(const LegacyMetadata& metadata, LegacyKind kind, const Payload& payload) {
  const auto id = LegacyPeer::answered_by(metadata, kind, payload, options_.limits);
  if (!id) return refused();
  const auto owner = std::ranges::find_if(lines_, [&](const Line* line) { return line->peer().owns(*id); });
  if (owner == lines_.end()) {
    if (metadata.control.transport_hints) notice(metadata, dialled_at(metadata.control.transport_hints->sender_endpoint.value_or("")));
    ++counters_.replies_unknown;
    return;
  }
  notice(metadata, *owner);
  (*owner)->reply(metadata, kind, payload);
}

// ---- the binary protocol

Result<DialId> Legacy::dial_binary(Line& line, const std::string& address) {
  auto dial = binary_->dial(address);
  if (dial) upgrades_.emplace(*dial, &line);
  return dial;
}

void Legacy::hang_up_binary(DialId dial) {
  upgrades_.erase(dial);
  binary_->hang_up(dial);
}

void Legacy::close(LinkId link) {
  binary_->close(link);
  const auto found = binary_links_.find(link);
  if (found == binary_links_.end()) return;
  Line* const line = found->second;
  binary_links_.erase(found);
  line->binary_closed(link, {}, nullptr);
}

void Legacy::Between::opened(LinkId link, const LinkInfo& info) {
  const auto found = legacy_.upgrades_.find(info.dial);
  if (found == legacy_.upgrades_.end()) return events_.opened(link, info);
  legacy_.binary_links_.emplace(link, found->second);
  found->second->binary_opened(link, info, events_);
}

void Legacy::Between::received(LinkId link, Frame frame) {
  const auto found = legacy_.binary_links_.find(link);
  // Who was dialled does not speak first.
  if (found != legacy_.binary_links_.end() && !found->second->passes_binary()) return;
  events_.received(link, std::move(frame));
}

void Legacy::Between::closed(LinkId link, std::string_view reason) {
  const auto found = legacy_.binary_links_.find(link);
  if (found == legacy_.binary_links_.end()) return events_.closed(link, reason);
  Line* const line = found->second;
  legacy_.binary_links_.erase(found);
  line->binary_closed(link, reason, &events_);
}

void Legacy::poll(LinkEvents& events, Instant until) {
  Between between(*this, events);
  binary_->poll(between, until);
}

}  // namespace
}  // namespace legacy_detail

std::unique_ptr<LegacyTransport> legacy(LegacyOptions options) {
  return std::make_unique<legacy_detail::Legacy>(std::move(options));
}

}  // namespace structwire::messaging
