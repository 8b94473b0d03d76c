// SPDX-License-Identifier: Apache-2.0
#pragma once

// Messages to a peer:
//
//   auto answer = peer.message<Ack>("cross_worker.update", update).deadline(1s).call();   // std::expected<Ack, Failure>
//   auto queued = peer.message("log", line).send();                 // fire and forget
//   auto done = peer.message("update", update).confirm(Delivery::done).call();            // std::expected<void, Failure>
//   auto call = peer.message<Ack>("slow", query).start();           // call.wait(), call.cancel()
//   peer.message<Ack>("slow", query).start().then([](Answer<Ack> answer) { … });
//   auto items = peer.message<Item>("list", query).stream();        // while (auto item = items.next()) …
//
// A value is encoded once, on the thread that sends it, into the buffer that travels. What is encoded already
// (Encoded<T>, EncodedBytes, Raw, View) is sent as it is: one Encoded<T> to n peers is encoded once.
//
// Within a handler, a send inherits: it ends no later than the handler's own request, it is cancelled with it, carries
// its trace, and stands one deeper.

#include <algorithm>
#include <array>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <expected>
#include <functional>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

#include <structwire/messaging/either.hpp>
#include <structwire/messaging/loop/call_state.hpp>
#include <structwire/messaging/loop/loop.hpp>
#include <structwire/messaging/typed_payload.hpp>

namespace structwire::messaging {

/// What a call comes to: the reply, or why there is none.
template <class Reply>
using Answer = std::expected<Reply, Failure>;

/// Decodes an outcome. Replies own what they hold; for one that borrows, ask for a View.
template <class Wanted, class List>
Answer<Wanted> answer_of(Outcome&& outcome) {
  using Wire = WireOf<Wanted>;
  if (!outcome) return std::unexpected(std::move(outcome.error()));
  if constexpr (std::is_void_v<Wanted>) {
    return {};
  } else {
    if (auto plain = decompress(*outcome); !plain) {
      return std::unexpected(failure_of(plain.error(), FailureCode::bad_payload));
    }
    View view{.payload = std::move(outcome->payload), .schema = outcome->schema, .format = outcome->format};
    if constexpr (std::is_same_v<Wanted, View>) {
      return view;
    } else {
      auto value = view.template decode<Wire, List>();
      if (!value) {
        const bool other = view.schema != 0 && view.schema != wire_fingerprint<Wire>;
        return std::unexpected(
            failure_of(value.error(), other ? FailureCode::schema_mismatch : FailureCode::bad_payload));
      }
      if constexpr (std::is_same_v<Wire, Wanted>) {
        return std::move(*value);
      } else {
        auto result = from_wire(std::move(*value));
        if (!result) return failed(FailureCode::bad_payload, "The reply holds neither a value nor an error");
        return std::move(*result);
      }
    }
  }
}

/// A send whose outcome somebody wants. Destroyed without having been asked, it cancels. For one thread at a time.
template <class Reply, class List = MessagePack>
class [[nodiscard]] Call {
 public:
  explicit Call(std::shared_ptr<CallState> state) : state_(std::move(state)) {}
  Call(Call&&) noexcept = default;
  Call& operator=(Call&& other) noexcept {
    if (state_ != nullptr && this != &other) state_->cancel();
    state_ = std::move(other.state_);
    return *this;
  }
  ~Call() {
    if (state_ != nullptr) state_->cancel();
  }

  /// wait() would return at once.
  bool ready() const { return state_->ready(); }
  /// Returns at the deadline at the latest; at once with `would_block` on the loop's own thread. The reply is decoded
  /// here. Once: the call is over then.
  Answer<Reply> wait() && {
    const auto state = std::move(state_);
    return answer_of<Reply, List>(state->wait());
  }
  /// The same; nothing where there is no outcome after `patience`: then the call goes on.
  std::optional<Answer<Reply>> wait_for(Duration patience) {
    auto outcome = state_->wait_until(later(Loop::now(), patience));
    if (!outcome) return std::nullopt;
    state_ = nullptr;
    return answer_of<Reply, List>(std::move(*outcome));
  }
  /// Calls `callback` with the Answer, once; it must not throw. The reply is decoded there.
  template <std::invocable<Answer<Reply>> Callback>
  void then(Callback callback, RunOn where = RunOn::pool) && {
    const auto state = std::move(state_);
    state->then(
        [callback = std::move(callback)](Outcome outcome) mutable {
          callback(answer_of<Reply, List>(std::move(outcome)));
        },
        where);
  }
  /// Tells the peer, too. The outcome is `cancelled`, or what it was before that was known.
  void cancel() { state_->cancel(); }

 private:
  std::shared_ptr<CallState> state_;
};

/// The items of a stream of replies, as they come. Destroyed before the end, it cancels. For one thread at a time.
template <class Item, class List = MessagePack>
class [[nodiscard]] ItemStream {
 public:
  explicit ItemStream(std::shared_ptr<CallState> state) : state_(std::move(state)) {}
  ItemStream(ItemStream&&) noexcept = default;
  ItemStream& operator=(ItemStream&&) = delete;
  ~ItemStream() {
    if (state_ != nullptr && !over_) state_->cancel();
  }

  /// Waits for the next item; nothing behind the last and after a failure, which end() tells apart.
  std::optional<Item> next() {
    if (over_) return std::nullopt;
    auto reply = state_->next_item();
    if (!reply) {
      over_ = true;
      // A handler that returns one value has a stream of one item.
      Outcome outcome = state_->wait();
      if (!outcome) {
        end_ = std::unexpected(std::move(outcome.error()));
        return std::nullopt;
      }
      if (outcome->payload.empty()) return std::nullopt;
      reply = std::move(*outcome);
    }
    auto item = answer_of<Item, List>(std::move(*reply));
    if (item) return std::move(*item);
    if (!over_) state_->cancel();
    over_ = true;
    end_ = std::unexpected(std::move(item.error()));
    return std::nullopt;
  }
  /// Whether the stream came to its end, once next() returned nothing.
  const std::expected<void, Failure>& end() const noexcept { return end_; }
  void cancel() { state_->cancel(); }

 private:
  std::shared_ptr<CallState> state_;
  bool over_ = false;
  std::expected<void, Failure> end_;
};

/// Where a message goes.
struct Destination {
  std::shared_ptr<Loop> loop;
  std::shared_ptr<PeerGate> gate;
  PeerId peer{};
};

/// A message that is being put together; ends in send(), call(), start() or stream(). It refers to a value that was
/// given as an lvalue, and keeps one that was given as an rvalue.
template <class Reply, class Value, class List = MessagePack>
class [[nodiscard]] Draft {
 public:
  Draft(Destination to, std::string_view handler, Value&& value)
      : to_(std::move(to)), value_(std::forward<Value>(value)), message_{.handler = std::string(handler)} {}

  /// From now on; EndpointOptions::deadline where it is not set. Not later than the request whose handler sends.
  Draft&& deadline(Duration from_now) && { return set(message_.options.deadline, from_now); }
  /// 0 to 7; higher ones pass lower ones that wait for credit, and none waits for ever.
  Draft&& priority(std::uint8_t priority) && { return set(message_.options.priority, std::min(priority, priority_max)); }
  /// What to do when the peer takes no more. WhenFull::wait, the usual one, blocks the sending thread when
  /// EndpointOptions::pending is used up, until the deadline; except on the loop's own thread.
  Draft&& when_full(WhenFull what) && { return set(message_.options.when_full, what); }
  /// What a handler ordered by key orders by, and what WhenFull::latest replaces.
  Draft&& key(std::uint64_t key) && { return set(message_.options.key, key); }
  /// What call() waits for where no reply is wanted: queued, accepted, or done, the usual one.
  Draft&& confirm(Delivery level) && {
    static_assert(std::is_void_v<Reply>, "structwire: a message with a reply is confirmed by it");
    return set(confirm_, level);
  }
  /// Called in the pool when the peer has found the contract right and the handler will run.
  Draft&& on_receipt(std::move_only_function<void()> callback) && { return set(on_receipt_, std::move(callback)); }
  Draft&& without_circuit_breaker() && { return set(message_.options.circuit_breaker, false); }
  /// W3C Trace Context: 26 bytes, and the vendors' part.
  Draft&& trace(std::array<std::byte, 26> parent, std::string state = {}) && {
    message_.options.trace_state = std::move(state);
    return set(message_.options.trace_parent, parent);
  }
  /// Cancelled when a stop is requested there.
  Draft&& cancelled_by(std::stop_token token) && { return set(stop_, std::move(token)); }
  /// The codec that encodes the value and decodes the reply, in place of MessagePack: `.in<json::Codec>()`.
  template <class Codec>
  auto in() && {
    return Draft<Reply, Value, Formats<Codec>>(std::move(*this), 0);
  }

  /// Fire and forget, or with confirm() delivered at least so far, without anybody who waits for it. An error says that
  /// it is not even on its way; what happens behind that is counted.
  std::expected<void, Failure> send() && {
    message_.options.delivery = confirm_.value_or(Delivery::fire_and_forget);
    return leaves_with_others() ? leave_with_others(nullptr) : leave(nullptr);
  }
  /// Sends and waits.
  Answer<Reply> call() && {
    waits_ = true;
    return std::move(*this).start().wait();
  }
  /// Sends; the outcome is the call's.
  Call<Reply, List> start() && {
    message_.options.delivery = std::is_void_v<Reply> ? confirm_.value_or(Delivery::done) : Delivery::response;
    return Call<Reply, List>(begin(0));
  }
  /// Sends; `ahead` items at most come before they are asked for.
  ItemStream<Reply, List> stream(std::uint32_t ahead = 16) && {
    message_.options.delivery = Delivery::response;
    return ItemStream<Reply, List>(begin(std::max(ahead, 1u)));
  }

 private:
  template <class, class, class>
  friend class Draft;
  using Plain = std::remove_cvref_t<Value>;
  using Codec = typename List::Preferred;

  template <class Other>
  Draft(Draft<Reply, Value, Other>&& other, int)
      : to_(std::move(other.to_)),
        value_(std::forward<Value>(other.value_)),
        message_(std::move(other.message_)),
        confirm_(other.confirm_),
        on_receipt_(std::move(other.on_receipt_)),
        stop_(std::move(other.stop_)) {}

  template <class Member, class To>
  Draft&& set(Member& member, To&& to) {
    member = std::forward<To>(to);
    return std::move(*this);
  }

  std::shared_ptr<CallState> begin(std::uint32_t items_ahead) {
    auto state = std::make_shared<CallState>(to_.loop, items_ahead);
    message_.options.stream_items = items_ahead;
    if (on_receipt_) {
      message_.options.delivery = Delivery::receipt;
      state->on_receipt(std::move(on_receipt_));
    }
    message_.options.sampled = to_.loop->sampled();
    const bool with_others = message_.options.delivery == Delivery::done && items_ahead == 0 && leaves_with_others();
    if (auto done = with_others ? leave_with_others(state) : leave(state); !done) state->refuse(std::move(done.error()));
    return state;
  }

  std::expected<void, Failure> leave(const std::shared_ptr<CallState>& state) {
    auto departure = departure_for(state);
    const Instant begun = departure->begun;
    if constexpr (!SentAs<Plain>::is_encoded && !std::is_lvalue_reference_v<Value>) {
      if (to_.loop->on_loop() && size_bound<Codec>(value_) > to_.loop->options().encode_off_loop_above) {
        return to_.loop->send_later(std::move(departure), [value = std::move(value_)](OutgoingMessage& message) mutable {
          return encode_into(value, message);
        });
      }
    }
    if (auto done = encode_into(value_, departure->message); !done) return done;
    if (departure->message.options.sampled) departure->encode = Loop::now() - begun;
    return to_.loop->send(std::move(departure), waits_);
  }

  std::unique_ptr<Departure> departure_for(const std::shared_ptr<CallState>& state) {
    auto departure = std::make_unique<Departure>(*to_.loop);
    departure->peer = to_.peer;
    departure->gate = to_.gate;
    departure->pending = state;
    departure->begun = Loop::now();
    departure->deadline = deadline_from(departure->begun);
    if (const auto parent = RunningRequest::current()) inherit(*parent, *departure, state.get());
    if (state != nullptr) state->cancel_with(stop_);
    departure->message = std::move(message_);
    return departure;
  }

  // Nothing that is particular to this one message has to be remembered on its way. One that is waited for at once goes alone:
  // it finds nobody to go with, and a group costs more than it.
  bool leaves_with_others() const {
    const SendOptions& options = message_.options;
    return (options.delivery == Delivery::fire_and_forget || (options.delivery == Delivery::done && !waits_)) &&
           options.when_full == WhenFull::wait && options.circuit_breaker && !options.sampled && !options.trace_parent &&
           options.trace_state.empty() && !stop_.stop_possible() && !compresses_small_ones() && !to_.loop->on_loop() &&
           RunningRequest::has_no_trace();
  }
  bool compresses_small_ones() const {
    return to_.gate->compresses() && to_.loop->options().compression.from <= small_payload;
  }

  std::expected<void, Failure> leave_with_others(const std::shared_ptr<CallState>& state) {
    if constexpr (SentAs<Plain>::is_encoded) {
      const EncodedBytes bytes = bytes_of(value_);
      if (bytes.payload.size() > small_payload) return leave(state);
      return leave_with_others(bytes.payload.bytes(), bytes.schema, bytes.format, state);
    } else {
      EncodingRoom room;
      if (auto done = append_with<typename Codec::Writer>(value_, room.buffer(), EncodeOptions{}); !done) {
        return std::unexpected(failure_of(done.error(), FailureCode::encoding_failed));
      }
      if (room.is_small()) {
        return leave_with_others(room.buffer().bytes(), wire_fingerprint<Plain>, format_number<Codec>(), state);
      }
      auto departure = departure_for(state);
      departure->message.schema = wire_fingerprint<Plain>;
      departure->message.format = format_number<Codec>();
      departure->message.payload = room.take();
      return to_.loop->send(std::move(departure));
    }
  }

  std::expected<void, Failure> leave_with_others(std::span<const std::byte> payload, std::uint64_t schema, std::uint8_t format,
                                                 const std::shared_ptr<CallState>& state) {
    const SendOptions& options = message_.options;
    SmallMessage message{.handler = message_.handler,
                   .schema = schema,
                   .format = format,
                   .key = options.key,
                   .payload = payload,
                   .deadline = deadline_from(Loop::now())};
    const auto parent = RunningRequest::current();
    if (parent != nullptr) {
      if (state != nullptr && parent->stop_requested()) return failed(FailureCode::cancelled);
      message.deadline = std::min(message.deadline, parent->work().deadline);
      message.depth = parent->work().depth + 1;
    }
    auto done = to_.loop->send(to_.peer, to_.gate, options.priority, options.delivery, message, state);
    // Then, so that the loop hears of the message before it may hear of its cancel.
    if (done && parent != nullptr && state != nullptr) state->cancel_with(parent->stop_token());
    return done;
  }

  Instant deadline_from(Instant begun) const {
    const Duration wanted = message_.options.deadline;
    return later(begun, wanted == Duration::zero() ? to_.loop->options().endpoint.deadline : wanted);
  }

  void inherit(RunningRequest& parent, Departure& departure, CallState* state) {
    const Work& work = parent.work();
    SendOptions& options = message_.options;
    departure.deadline = std::min(departure.deadline, work.deadline);
    options.depth = work.depth + 1;
    if (!options.trace_parent) {
      options.trace_parent = work.trace_parent;
      options.trace_state = work.trace_state;
    }
    if (state != nullptr && !stop_.stop_possible()) stop_ = parent.stop_token();
  }

  static std::expected<void, Failure> encode_into(const Plain& value, OutgoingMessage& message) {
    auto bytes = to_bytes<Codec>(value);
    if (!bytes) return std::unexpected(failure_of(bytes.error(), FailureCode::encoding_failed));
    message.schema = bytes->schema;
    message.format = bytes->format;
    message.payload = std::move(bytes->payload);
    return {};
  }

  Destination to_;
  Value value_;
  OutgoingMessage message_;
  std::optional<Delivery> confirm_;
  bool waits_ = false;  // call() does, and at once.
  std::move_only_function<void()> on_receipt_;
  std::stop_token stop_;
};

/// A node's handle on another one: cheap to copy, for any number of threads, and no danger after the node is gone, when
/// every send fails as `stopped`.
class Peer {
 public:
  explicit Peer(Destination to) : to_(std::move(to)) {}

  PeerId id() const noexcept { return to_.peer; }

  /// A message to one of its handlers.
  template <class Reply = void, class Value>
  Draft<Reply, Value> message(std::string_view handler, Value&& value) const {
    return Draft<Reply, Value>(to_, handler, std::forward<Value>(value));
  }

  /// What is known of it; nothing where it is gone. Asks the loop's thread and waits.
  std::optional<PeerStatus> status() const { return to_.loop->status(to_.peer); }
  /// What is on its way fails as `no_peer`; nobody dials it any more.
  void disconnect() const { to_.loop->disconnect(to_.peer); }

  friend bool operator==(const Peer& a, const Peer& b) noexcept {
    return a.to_.loop == b.to_.loop && a.to_.peer == b.to_.peer;
  }

 private:
  Destination to_;
};

}  // namespace structwire::messaging
