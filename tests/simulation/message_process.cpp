// SPDX-License-Identifier: Apache-2.0
#include <tests/simulation/message_process.hpp>

#include <algorithm>
#include <utility>

namespace structwire::messaging::simulation {
namespace {

/// Rounds at one moment of the clock above which a process turns in circles.
constexpr std::uint32_t rounds_max = 200;

HandlerEntry entry_of(std::size_t kind, std::uint32_t slot) {
  return {.name = std::string(kinds[kind].name),
          .slot = slot,
          .request = request_schema(kind),
          .response = reply_schema(kind),
          .accepts = {},
          .idempotent = kinds[kind].idempotent,
          .ordering = kinds[kind].ordering};
}

// What a reader of the log wants to know of a message. `behind`: what follows its header.
std::string text_of(const HeaderView& view, std::span<const std::byte> behind) {
  static constexpr std::string_view names[] = {"?",      "request", "accept", "ack",  "nack",  "response",  "cancel",
                                               "credit", "ping",    "pong",   "hello", "hello_ack", "drain"};
  const Header& header = view.header;
  const auto number = [](std::uint64_t value) { return std::to_string(value); };
  std::string text(names[std::min<std::size_t>(static_cast<std::size_t>(header.kind), std::size(names) - 1)]);
  if (header.sequence != 0) text += " number " + number(header.sequence);
  if (header.id.incarnation != 0) {
    text += " of message " + number(header.id.incarnation % 10'000) + "/" + number(header.id.counter);
  }
  if (header.payload_size != 0) text += " with " + number(header.payload_size) + " bytes";
  if (const auto acknowledged = view.extensions.find(ExtensionType::acknowledged)) {
    text += " expects " + number(acknowledged->u64().value_or(0));
  }
  if (const auto credit = view.extensions.find(ExtensionType::credit)) {
    text += " credit " + number(credit->u64().value_or(0)) + "/" + number(credit->u64(8).value_or(0));
  }
  if (header.kind != MessageKind::hello && header.kind != MessageKind::hello_ack) return text;
  const auto hello = decode_hello(behind.first(std::min<std::size_t>(behind.size(), header.payload_size)));
  if (!hello) return text;
  return text + " session " + number(hello->session % 10'000) + " of " + number(hello->peer_session % 10'000) +
         ", expects " + number(hello->received) + ", credit " + number(hello->credit_messages) + "/" +
         number(hello->credit_bytes);
}

EndpointOptions starting_at(EndpointOptions options, Instant now) {
  options.now = now;
  return options;
}

}  // namespace

/// Sends of this process as a program's threads hand them over: many at once.
class Process::LeavingTogether final : public ManyMessages {
 public:
  LeavingTogether(Process& process, std::uint8_t priority, Delivery delivery)
      : ManyMessages(priority, delivery), process_(process) {}
  ~LeavingTogether() override {
    if (ended_ != left_) process_.oracle_->violation("counters", "not all messages that ended together have left");
    std::erase_if(process_.together_, [this](const auto& each) { return each.second == this; });
  }
  void sent(const Message& message) override {
    ++ended_;
    process_.settled(message.tag, Reply{});
  }
  void failed(const Message& message, FailureCode why) override {
    ++ended_;
    process_.settled(message.tag, messaging::failed(why));
  }
  void done(const Message& message) override {
    ++ended_;
    process_.together_.erase(message.tag);
    process_.settled(message.tag, Reply{});
  }
  std::uint64_t parted(const Message& message, Ticket its_own) override {
    process_.together_.erase(message.tag);
    process_.oracle_->find(message.tag)->ticket = its_own;
    return message.tag;
  }
  void left(Amount amount) override { left_ += amount.messages; }

 private:
  Process& process_;
  std::uint64_t ended_ = 0;
  std::uint64_t left_ = 0;
};

std::string host_name(std::uint32_t process) { return "p" + std::to_string(process); }
std::string address_of(std::uint32_t process) { return "sim://p" + std::to_string(process); }
Uuid instance_of(std::uint32_t process) {
  Uuid uuid;
  uuid.bytes[0] = std::byte{0xa5};
  uuid.bytes[15] = static_cast<std::byte>(process);
  return uuid;
}

Process::Process(Life life, ProcessOptions options, SimulatedNetwork& network, Oracle& oracle, SeededRandom random)
    : life_(life),
      clock_(options.clock),
      network_(&network),
      oracle_(&oracle),
      random_(random),
      options_(starting_at(options.endpoint, local())),
      takes_many_(options_.seed % 4 != 1),
      slots_(std::move(options.slots)),
      transport_(network.attach(host_name(life.process))),
      executor_(options.executor, random_.split(), oracle, life),
      endpoint_(std::make_unique<Endpoint>(options_, static_cast<Port&>(*this))) {
  for (std::size_t kind = 0; kind < kinds.size(); ++kind) {
    if (slots_[kind] != 0) endpoint_->set_handler(entry_of(kind, slots_[kind]), local());
  }
  if (!transport_->listen(address_of(life.process))) oracle.violation("network", "cannot listen");
}

Process::~Process() = default;

// ---- the world's hand

void Process::dial(std::string_view address, std::uint32_t process) {
  const auto dialled = transport_->dial(address);
  if (!dialled) return oracle_->violation("network", "cannot dial");
  const PeerId id = endpoint_->dialled(*dialled);
  peers_.push_back({.id = id, .process = process, .dial = *dialled, .address = std::string(address)});
  touched_ = true;
}

void Process::send(Send& send, OutgoingMessage message) {
  touched_ = true;
  ++sends_;
  if (leaves_with_others(send, message)) {
    const SendOptions& wanted = message.options;
    const Duration lasts = wanted.deadline == Duration::zero() ? options_.deadline : wanted.deadline;
    if (leaving_->is_confirmed()) together_.emplace(send.id, leaving_.get());
    return leaving_->add({.handler = message.handler,
                          .schema = message.schema,
                          .format = message.format,
                          .key = wanted.key,
                          .depth = wanted.depth,
                          .payload = message.payload.bytes(),
                          .deadline = later(local(), lasts),
                          .tag = send.id});
  }
  hand_over();
  send.ticket = endpoint_->send(send.peer, std::move(message), send.id, local());
}

bool Process::leaves_with_others(const Send& send, const OutgoingMessage& message) {
  const SendOptions& wanted = message.options;
  if (wanted.delivery != Delivery::fire_and_forget && wanted.delivery != Delivery::done) return false;
  if (wanted.when_full != WhenFull::wait) return false;
  if (wanted.stream_items != 0 || !wanted.circuit_breaker || random_.chance(0.2)) return false;
  if (leaving_ != nullptr && (leaving_to_ != send.peer || leaving_->priority() != wanted.priority || leaving_->delivery() != wanted.delivery)) {
    hand_over();
  }
  if (leaving_ == nullptr) leaving_ = std::make_unique<LeavingTogether>(*this, wanted.priority, wanted.delivery);
  leaving_to_ = send.peer;
  return true;
}

void Process::hand_over() {
  if (leaving_ != nullptr) endpoint_->send(leaving_to_, std::exchange(leaving_, nullptr), local());
}

void Process::cancel(Send& send) {
  touched_ = true;
  oracle_->cancelling(send);
  hand_over();
  const auto together = together_.find(send.id);
  if (together == together_.end()) return endpoint_->cancel(send.ticket, local());
  endpoint_->cancel(together->second->ticket, send.id, local());
}

void Process::forget(Peer& peer) {
  touched_ = true;
  hand_over();
  log("forgets peer " + std::to_string(static_cast<std::uint64_t>(peer.id)));
  oracle_->forgetting(life_, peer.id);
  peer.forgotten = true;
  if (peer.dial != DialId{}) transport_->hang_up(peer.dial);
  endpoint_->forget(peer.id, local());
}

void Process::set_handler(std::size_t kind, std::uint32_t slot) {
  touched_ = true;
  slots_[kind] = slot;
  endpoint_->set_handler(entry_of(kind, slot), local());
}

void Process::remove_handler(std::size_t kind) {
  touched_ = true;
  endpoint_->remove_handler(std::exchange(slots_[kind], 0), local());
}

void Process::drain() {
  touched_ = draining_ = true;
  log("drains");
  endpoint_->drain(local());
}

void Process::stop() {
  log("stops");
  hand_over();
  endpoint_->stop(local());
  endpoint_->flush(local());
  if (oracle_->some_open(life_, 0) != nullptr) {
    oracle_->violation("one outcome", text_of(life_) + " is stopped, and not all of its sends have ended");
  }
  check_counters();
}

// ---- the loop

bool Process::due() const {
  return touched_ || transport_->ready() || executor_.stirred() || next_due() <= network_->now();
}

Instant Process::next_due() const {
  Instant next = std::min(global(endpoint_->next_deadline()), executor_.next_due());
  for (const Consumption& each : consumption_) next = std::min(next, each.at);
  return next;
}

void Process::step() {
  const Instant now = network_->now();
  ++steps_;
  steps_at_once_ = now == last_step_ ? steps_at_once_ + 1 : 0;
  if (steps_at_once_ == rounds_max) {
    oracle_->violation("no busy loop", text_of(life_) + " has " + std::to_string(rounds_max) +
                                           " rounds at one moment; next_deadline() is " +
                                           text_of(global(endpoint_->next_deadline())));
  }
  last_step_ = now;
  touched_ = false;
  hand_over();
  transport_->poll(*this, now);
  // A transport may tell of a link's end although the endpoint closed it.
  for (const LinkId link : std::exchange(dropped_links_, {})) {
    if (random_.chance(0.5)) endpoint_->link_closed(link, local());
  }
  if (endpoint_->next_deadline() <= local()) endpoint_->tick(local());
  consume();
  executor_.step(*endpoint_, now, local());
  endpoint_->flush(local());
  note_peers();
}

void Process::consume() {
  const Instant now = network_->now();
  for (std::size_t at = 0; at < consumption_.size();) {
    if (consumption_[at].at > now) {
      ++at;
      continue;
    }
    Send* const send = oracle_->find(consumption_[at].send);
    consumption_.erase(consumption_.begin() + static_cast<std::ptrdiff_t>(at));
    if (send->outcomes != 0 || send->consumed >= send->items) continue;
    send->consumed = send->items;
    endpoint_->consumed(send->ticket, send->consumed, local());
  }
}

void Process::note_peers() {
  for (const auto& [id, state] : std::exchange(changes_, {})) {
    auto found = std::ranges::find(peers_, id, &Peer::id);
    if (found == peers_.end()) {
      const auto status = endpoint_->status(id);
      if (!status || status->instance.bytes[0] != std::byte{0xa5}) continue;
      peers_.push_back({.id = id, .process = static_cast<std::uint32_t>(status->instance.bytes[15]), .address = {}});
      found = peers_.end() - 1;
    }
    found->state = state;
    if (state == PeerState::gone) found->forgotten = true;
  }
}

std::string Process::describe() const {
  return text_of(life_) + " is not idle: " + executor_.describe() + ", its endpoint " +
         (endpoint_->idle() ? "is idle" : "is not");
}

void Process::check() {
  const EndpointOptions& limits = options_;
  std::uint64_t allowed = 0;
  for (const PeerId id : endpoint_->peers()) {
    const auto status = endpoint_->status(id);
    if (!status) continue;
    if (status->held.messages > limits.credit.messages || status->held.bytes > limits.credit.bytes) {
      oracle_->violation("held", text_of(life_) + " says it holds " + std::to_string(status->held.messages) +
                                     " requests of a peer");
    }
    if (status->waiting.messages > limits.pending.messages || status->waiting.bytes > limits.pending.bytes) {
      oracle_->violation("held", text_of(life_) + " has " + std::to_string(status->waiting.messages) +
                                     " messages waiting for credit");
    }
    // Requests held, sends waiting, what is not acknowledged, and the replies that granted credit may still make.
    constexpr std::uint64_t header_most = 512;
    constexpr std::uint64_t reply_most = 32'768;
    allowed += limits.credit.bytes + limits.pending.bytes + limits.unacknowledged.bytes + limits.result_bytes +
               limits.credit.messages * (reply_most + header_most) + limits.pending.messages * header_most +
               limits.unacknowledged.messages * header_most + (1u << 20);
  }
  if (endpoint_->bytes_held() > allowed) {
    oracle_->violation("memory", text_of(life_) + " holds " + std::to_string(endpoint_->bytes_held()) +
                                     " bytes, allowed are " + std::to_string(allowed));
  }
}

void Process::check_counters() {
  const Counters& counted = endpoint_->counters();
  if (counted.sent != sends_ || counted.succeeded != successes_ || counted.failed != failures_) {
    oracle_->violation("counters", text_of(life_) + " counts " + std::to_string(counted.sent) + " sends, " +
                                       std::to_string(counted.succeeded) + " good, " + std::to_string(counted.failed) +
                                       " failed; there were " + std::to_string(sends_) + ", " +
                                       std::to_string(successes_) + ", " + std::to_string(failures_));
  }
}

// ---- Port

void Process::transmit(LinkId link, Frame frame) {
  if (oracle_->verbose()) log_frame("sends", link, frame);
  transport_->send(link, std::move(frame));
}

void Process::received(LinkId link, Frame frame) {
  if (oracle_->verbose()) log_frame("gets", link, frame);
  endpoint_->received(link, std::move(frame), local());
}

void Process::log_frame(std::string_view verb, LinkId link, const Frame& frame) const {
  const std::string where = " over link " + std::to_string((static_cast<std::uint64_t>(link) + 1) / 2) + ": ";
  for (std::size_t place = 0; place < frame.head.size();) {
    const auto view = read_header(frame.head.bytes().subspan(place));
    if (!view) return log(std::string(verb) + where + "what is no message");
    const std::size_t behind = place + view->size;
    const auto size = static_cast<std::size_t>(view->header.payload_size);
    const bool in_body = behind >= frame.head.size();
    log(std::string(verb) + where + text_of(*view, in_body ? frame.body.bytes() : frame.head.bytes().subspan(behind)));
    place = (behind + size + 7) / 8 * 8;
  }
}

void Process::disconnect(LinkId link, std::string_view reason) {
  if (oracle_->verbose()) log("disconnects a link: " + std::string(reason));
  transport_->close(link);
  dropped_links_.push_back(link);
}

void Process::run(Work work) {
  const auto found = std::ranges::find(slots_, work.handler);
  if (work.handler == 0 || found == slots_.end()) {
    // Removed between the judgement and now; the executor's table would say the same.
    return oracle_->violation("routing", text_of(life_) + " is to run a handler that it does not have");
  }
  const Instant deadline = global(work.deadline);
  touched_ = true;
  executor_.run(std::move(work), static_cast<std::size_t>(found - slots_.begin()), deadline);
}

void Process::run_many(ManyWorks many) {
  const auto found = std::ranges::find(slots_, many.handler);
  if (many.handler == 0 || found == slots_.end()) {
    return oracle_->violation("routing", text_of(life_) + " is to run a handler that it does not have");
  }
  touched_ = true;
  for (const ManyWorks::One& one : many.works) {
    Work work{.peer = many.peer,
              .handler = many.handler,
              .message = {many.incarnation, one.counter},
              .delivery = many.delivery,
              .schema = many.schema,
              .format = many.format,
              .payload = Payload::copy(one.payload),
              .received = many.received,
              .deadline = one.deadline};
    executor_.run(std::move(work), static_cast<std::size_t>(found - slots_.begin()), global(one.deadline), many.id);
  }
}

void Process::stop(WorkId work, FailureCode why) {
  if (oracle_->verbose()) {
    log("is to stop work " + std::to_string(static_cast<std::uint64_t>(work)) + ": " + std::string(name_of(why)));
  }
  executor_.stop(work, why);
}

void Process::settled(std::uint64_t tag, Outcome outcome) {
  ++(outcome ? successes_ : failures_);
  oracle_->settled(life_, tag, outcome);
}

void Process::item(std::uint64_t tag, Reply reply) {
  oracle_->item(life_, tag, reply);
  consumption_.push_back({.at = network_->now() + random_.between(Duration::zero(), Duration(3'000'000)), .send = tag});
}

void Process::peer_changed(PeerId peer, PeerState state) {
  if (oracle_->verbose()) {
    log("peer " + std::to_string(static_cast<std::uint64_t>(peer)) + " is " + std::string(name_of(state)));
  }
  changes_.emplace_back(peer, state);
  if (state == PeerState::up) oracle_->peer_up(life_, peer);
}

void Process::closed(LinkId link, std::string_view reason) {
  if (oracle_->verbose()) log("a link is closed: " + std::string(reason));
  endpoint_->link_closed(link, local());
}

}  // namespace structwire::messaging::simulation
