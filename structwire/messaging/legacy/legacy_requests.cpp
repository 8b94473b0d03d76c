// SPDX-License-Identifier: Apache-2.0
//
// Of a legacy peer: requests and what becomes of them, this side's and the peer's.

#include <structwire/contract/envelope.hpp>
#include <structwire/json.hpp>
#include <structwire/messaging/legacy/legacy_peer.hpp>

namespace structwire::messaging {
namespace {

constexpr auto json_format = static_cast<std::uint8_t>(EnvelopeFormat::json);

LegacyMode mode_for(Delivery delivery) noexcept {
  switch (delivery) {
    case Delivery::fire_and_forget: return LegacyMode::fire_and_forget;
    case Delivery::queued:
    case Delivery::accepted: return LegacyMode::with_receipt_ack;
    case Delivery::done: return LegacyMode::confirmed;
    case Delivery::response: return LegacyMode::with_response;
    case Delivery::receipt: return LegacyMode::with_receipt_and_response;
  }
  return LegacyMode::confirmed;
}

// What has to be heard of it, so that the peer can be told all that its mode wants.
Delivery delivery_for(LegacyMode mode) noexcept {
  switch (mode) {
    case LegacyMode::fire_and_forget: return Delivery::fire_and_forget;
    case LegacyMode::confirmed: return Delivery::done;
    case LegacyMode::with_receipt_ack: return Delivery::accepted;
    case LegacyMode::with_response:
    case LegacyMode::with_receipt_and_response: return Delivery::receipt;
  }
  return Delivery::done;
}

bool has_receipt(LegacyMode mode) noexcept {
  return mode == LegacyMode::with_receipt_ack || mode == LegacyMode::with_receipt_and_response;
}

// Whoever judges it refuses a message without it.
Raw expectation_for(LegacyMode mode) {
  const bool answers = mode == LegacyMode::with_receipt_and_response;
  const LegacyExpectation expected{.expected_handler_type = answers ? "UnaryBytes" : "ActiveMessage",
                                   .expects_response = answers,
                                   .expected_response_type = {}};
  return Raw::trusted(json::format(), Buffer(std::string_view(json::encode(expected))));
}

// Nothing for what is no expectation as it is known here.
std::optional<bool> expects_response(const LegacyControl& control) {
  if (!has_receipt(control.mode) || !control.receipt || control.receipt->expectation.empty()) return std::nullopt;
  const auto expected = json::decode<LegacyExpectation>(control.receipt->expectation.bytes());
  return expected ? std::optional(expected->expects_response) : std::nullopt;
}

Payload payload_of(std::string_view text) { return Payload(Buffer(text)); }
template <class T>
Payload json_of(const T& value) {
  return payload_of(json::encode(value));
}

std::string text_of(const Failure& failure) {
  const std::string name(name_of(failure.code));
  if (failure.text.empty()) return name;
  return failure.code == FailureCode::handler_failed ? failure.text : name + ": " + failure.text;
}

}  // namespace

// ---- this side's requests

void LegacyPeer::request_from_endpoint(const HeaderView& view, const Payload& payload) {
  const Header& header = view.header;
  const auto refuse = [&](FailureCode code, const char* text) {
    ++released_.messages;
    released_.bytes += payload.size();
    nack(header.id, code, text);
  };
  const auto handler = view.extensions.find(ExtensionType::handler_name);
  if (!handler || handler->text().empty()) return refuse(FailureCode::handler_not_found, "a legacy peer knows handlers by their names");
  if (header.format > json_format || header.compression != 0) {
    return refuse(FailureCode::bad_payload, "a legacy peer takes JSON only");
  }
  if (view.extensions.find(ExtensionType::credit)) {
    return refuse(FailureCode::bad_payload, "a legacy peer has no streams");
  }
  const bool ends_here = header.delivery == Delivery::fire_and_forget;
  if (!ends_here && outstanding_.size() >= options_.outstanding) {
    return refuse(FailureCode::overloaded, "as many requests as may be have no answer yet");
  }

  const Uuid id = uuid_of(header.id);
  LegacyMetadata metadata{.message_id = id, .handler_name = std::string(handler->text()), .sender_instance = own_instance_, .control = {}};
  LegacyControl& control = metadata.control;
  control.mode = mode_for(header.delivery);
  if (control.mode == LegacyMode::confirmed || control.mode == LegacyMode::with_response) control.accept_id = id;
  if (control.mode == LegacyMode::with_response) control.response.emplace(id, id);
  if (control.mode == LegacyMode::with_receipt_and_response) control.response.emplace(id, std::nullopt);
  if (has_receipt(control.mode)) control.receipt.emplace(LegacyReceiptWanted{id, expectation_for(control.mode)});
  // `queued` ends with the acknowledgement of its sequence, which so has to wait for the receipt.
  const bool awaits_receipt = header.delivery == Delivery::queued;
  if (!ends_here) {
    outstanding_.insert_or_assign(header.id.counter,
                                  Outstanding{header.delivery, awaits_receipt ? header.sequence : 0});
  }
  ++counters_.requests_sent;
  post(std::move(metadata), {.metadata = {},
                             .payload = payload,
                             .sequence = header.sequence,
                             .request = true,
                             .awaits_receipt = awaits_receipt});
}

void LegacyPeer::cancel_from_endpoint(const MessageId& id) {
  if (!owns(id) || !outstanding_.contains(id.counter)) return;
  nack(id, FailureCode::cancelled, "a legacy peer cannot be told, and may run it");
  end(id);
}

void LegacyPeer::end(const MessageId& id) {
  const auto found = outstanding_.find(id.counter);
  if (found == outstanding_.end()) return;
  if (found->second.sequence != 0) arrived(found->second.sequence);
  outstanding_.erase(found);
}

void LegacyPeer::post(LegacyMetadata metadata, LegacyMessage message) {
  // What the endpoint said is bounded by it; refusals that its peer does not read are not.
  if (message.sequence == 0 && outbox_.size() >= options_.waiting.messages) {
    ++counters_.failures_untold;
    return;
  }
  if (!options_.reply_address.empty()) metadata.control.transport_hints.emplace(options_.reply_address);
  if (options_.upgrade) {
    add_upgrade(metadata.control, *options_.upgrade);
  } else {
    metadata.control.extras.erase(std::string(legacy_upgrade_member));
  }
  if (message.sequence != 0) held_.insert(message.sequence);
  message.metadata = Payload(encode_legacy_metadata(metadata));
  outbox_.push_back(std::move(message));
}

void LegacyPeer::written() {
  if (outbox_.empty()) return;
  const LegacyMessage message = std::move(outbox_.front());
  outbox_.pop_front();
  if (message.request) {
    ++released_.messages;
    released_.bytes += message.payload.size();
    acknowledge_ = true;
  } else {
    ++counters_.replies_sent;
  }
  if (!message.awaits_receipt) arrived(message.sequence);
}

// ---- the peer's replies to them

Result<MessageId> LegacyPeer::answered_by(const LegacyMetadata& reply, LegacyKind kind, const Payload& payload,
                                          const LegacyLimits& limits) {
  switch (kind) {
    case LegacyKind::acceptance: return message_id_of(reply.control.acceptance->accept_for);
    case LegacyKind::receipt: {
      DecodeOptions options;
      options.limits.depth = limits.depth;
      auto receipt = json::decode<LegacyReceipt>(payload.bytes(), options);
      if (!receipt) return std::unexpected(std::move(receipt.error()));
      return message_id_of(receipt->message_id);
    }
    case LegacyKind::ack:
    case LegacyKind::nack:
    case LegacyKind::response: return message_id_of(reply.control.response_ctx->response_to);
    case LegacyKind::request: break;
  }
  return std::unexpected(Error(ErrorCode::malformed, "A request is no reply"));
}

void LegacyPeer::reply_came(const LegacyMetadata& reply, LegacyKind kind, const Payload& payload) {
  const auto id = answered_by(reply, kind, payload, options_.limits);
  if (!id) {
    ++counters_.replies_malformed;
    return;
  }
  ++counters_.replies_received;
  const auto found = owns(*id) ? outstanding_.find(id->counter) : outstanding_.end();
  if (found == outstanding_.end()) {
    ++counters_.replies_late;
    return;
  }
  const Outstanding send = found->second;
  const ExtensionWriter none;
  const auto fail = [&](std::string text) {
    nack(*id, FailureCode::handler_failed, std::move(text));
    end(*id);
  };
  const auto succeed = [&](MessageKind how, std::uint8_t format, Payload value) {
    if (value.size() > endpoint_payload_max_) return fail("the response is larger than this side takes");
    Header header{.kind = how, .delivery = send.delivery, .format = format, .id = *id};
    if (how == MessageKind::response) header.set(Flag::last);
    say(header, none, std::move(value));
    end(*id);
  };
  switch (kind) {
    case LegacyKind::acceptance: return;  // The response says it as well.
    case LegacyKind::receipt: return receipt_came(*id, send, payload);
    case LegacyKind::ack: return succeed(MessageKind::ack, 0, {});
    case LegacyKind::nack: {
      if (reply.control.response_ctx->error_message) return fail(*reply.control.response_ctx->error_message);
      const auto status = json::decode<LegacyStatus>(payload.bytes());
      return fail(status && status->message ? *status->message : "the legacy peer's handler failed");
    }
    case LegacyKind::response: break;
    case LegacyKind::request: return;
  }
  const bool takes_value = send.delivery == Delivery::response || send.delivery == Delivery::receipt;
  if (!reply.control.response_ctx->envelope_format) {
    if (!takes_value) return succeed(MessageKind::ack, 0, {});
    return succeed(MessageKind::response, json_format, payload);
  }
  auto envelope = open_legacy_envelope(payload.bytes(), options_.limits);
  if (!envelope) {
    ++counters_.replies_malformed;
    return fail("its response is no envelope: " + envelope.error().message());
  }
  if (!envelope->ok) return fail(std::move(envelope->text));
  if (!takes_value) return succeed(MessageKind::ack, 0, {});
  succeed(MessageKind::response, json_format, Payload(std::move(envelope->value)));
}

void LegacyPeer::receipt_came(const MessageId& id, const Outstanding& send, const Payload& payload) {
  const auto receipt = json::decode<LegacyReceipt>(payload.bytes());
  if (!receipt) return;  // answered_by() read it.
  const bool ends_with_it = send.delivery == Delivery::queued || send.delivery == Delivery::accepted;
  const auto refuse = [&](FailureCode code, std::string text) {
    nack(id, code, std::move(text));
    end(id);
  };
  if (const auto* refusal = std::get_if<LegacyRefusal>(&receipt->status)) {
    if (refusal->contract_mismatch) return refuse(FailureCode::schema_mismatch, *refusal->contract_mismatch);
    return refuse(FailureCode::bad_payload, refusal->invalid_message.value_or("its receipt says neither yes nor no"));
  }
  const std::string& status = std::get<std::string>(receipt->status);
  if (status == "HandlerNotFound") return refuse(FailureCode::handler_not_found, "the peer has no such handler");
  if (status != "Delivered") return refuse(FailureCode::bad_payload, "its receipt says: " + status);
  const ExtensionWriter none;
  if (send.delivery == Delivery::accepted || send.delivery == Delivery::receipt) {
    say({.kind = MessageKind::accept, .delivery = send.delivery, .id = id}, none, {});
  }
  if (ends_with_it) end(id);
}

// ---- the peer's requests

bool LegacyPeer::is_full() const noexcept {
  return waiting_.size() >= options_.waiting.messages || waiting_amount_.bytes >= options_.waiting.bytes;
}

bool LegacyPeer::request_came(LegacyMetadata request, Payload payload) {
  Running running{.mode = request.control.mode,
                  .handler = std::move(request.handler_name),
                  .answer_id = answer_id_of(request),
                  .receipt_id = request.control.receipt ? request.control.receipt->receipt_id : request.message_id,
                  .accept_id = accept_id_of(request.control),
                  .extras = std::move(request.control.extras),
                  .expects_response = expects_response(request.control)};
  ++counters_.requests_received;
  const bool full = is_full();
  const bool too_large = greeted_ && payload.size() > endpoint_payload_max_;
  if (full || too_large || payload.size() > options_.limits.payload_bytes) {
    ++counters_.requests_refused;
    answer_failure(running,
                   full ? Failure{.code = FailureCode::overloaded, .text = "as many requests wait as may"}
                        : Failure{.code = FailureCode::too_large, .text = "the payload is larger than this side takes"},
                   0);
    return !full;
  }
  waiting_amount_.bytes += payload.size();
  waiting_.push_back({std::move(running), std::move(payload)});
  pump();
  return true;
}

// What is known of it before the endpoint hears of it; nothing: it may run.
std::optional<Failure> LegacyPeer::verdict_on(const Running& running, std::uint64_t size) const {
  if (size > endpoint_payload_max_) {
    return Failure{.code = FailureCode::too_large, .text = "the payload is larger than this side takes"};
  }
  if (running.expects_response == false && answering_.contains(running.handler)) {
    return Failure{.code = FailureCode::schema_mismatch, .text = "its sender expects no response, and the handler gives one"};
  }
  return std::nullopt;
}

void LegacyPeer::pump() {
  while (greeted_ && !waiting_.empty()) {
    Waiting& next = waiting_.front();
    const std::uint64_t size = next.payload.size();
    const std::optional<Failure> refused = verdict_on(next.running, size);
    if (!refused && !credit_.take(size)) return;
    Waiting taken = std::move(next);
    waiting_.pop_front();
    waiting_amount_.bytes -= size;
    if (refused) {
      ++counters_.requests_refused;
      answer_failure(taken.running, *refused, 0);
      continue;
    }
    const MessageId id{session_, ++messages_};
    ExtensionWriter extensions;
    extensions.add(ExtensionType::handler_name, taken.running.handler);
    const Delivery delivery = delivery_for(taken.running.mode);
    say({.kind = MessageKind::request, .delivery = delivery, .format = size == 0 ? std::uint8_t{0} : json_format, .id = id},
        extensions, std::move(taken.payload));
    if (delivery != Delivery::fire_and_forget) running_.emplace(id.counter, std::move(taken.running));
  }
}

// ---- this side's replies to them

void LegacyPeer::reply_from_endpoint(const HeaderView& view, Payload payload) {
  const Header& header = view.header;
  const auto found = header.id.incarnation == session_ ? running_.find(header.id.counter) : running_.end();
  if (found == running_.end()) {
    if (header.kind == MessageKind::nack) ++counters_.failures_untold;
    return;
  }
  Running& running = found->second;
  switch (header.kind) {
    case MessageKind::accept:
      if (std::exchange(running.accepted, true)) return;
      if (has_receipt(running.mode)) {
        answer_receipt(running, nullptr, header.sequence);
      } else {
        answer_acceptance(running, header.sequence);
      }
      if (header.delivery != Delivery::accepted) return;
      break;
    case MessageKind::ack: answer_status(running, nullptr, header.sequence); break;
    case MessageKind::nack: {
      Failure failure;
      if (const auto told = view.extensions.find(ExtensionType::failure)) {
        if (auto read = read_failure(*told)) failure = std::move(*read);
      }
      answer_failure(running, failure, header.sequence);
      break;
    }
    default:
      if (!header.has(Flag::last)) {
        ++counters_.items_dropped;
        return;
      }
      answer_response(running, header, std::move(payload), header.sequence);
      break;
  }
  running_.erase(found);
}

LegacyMetadata LegacyPeer::reply_to(const Running& running, std::string_view handler) const {
  LegacyMetadata metadata{.message_id = {}, .handler_name = std::string(handler), .sender_instance = own_instance_, .control = {}};
  metadata.control.extras = running.extras;
  return metadata;
}

void LegacyPeer::answer_acceptance(const Running& running, std::uint64_t sequence) {
  if (!running.accept_id) return;
  LegacyMetadata metadata = reply_to(running, legacy_accept_handler);
  metadata.message_id = uuid_of({session_, ++messages_});
  metadata.control.acceptance.emplace(*running.accept_id);
  post(std::move(metadata), {.metadata = {}, .payload = {}, .sequence = sequence});
}

void LegacyPeer::answer_receipt(const Running& running, const Failure* failure, std::uint64_t sequence) {
  LegacyReceipt receipt{.message_id = running.receipt_id, .status = "Delivered", .contract_info = {}};
  if (failure != nullptr && failure->code == FailureCode::handler_not_found) {
    receipt.status = "HandlerNotFound";
  } else if (failure != nullptr && failure->code == FailureCode::schema_mismatch) {
    receipt.status = LegacyRefusal{.contract_mismatch = text_of(*failure), .invalid_message = {}};
  } else if (failure != nullptr) {
    // The protocol has no other word for it; the text tells which it is.
    receipt.status = LegacyRefusal{.contract_mismatch = {}, .invalid_message = text_of(*failure)};
  }
  LegacyMetadata metadata = reply_to(running, legacy_receipt_handler);
  metadata.message_id = uuid_of({session_, ++messages_});
  post(std::move(metadata), {.metadata = {}, .payload = json_of(receipt), .sequence = sequence});
}

void LegacyPeer::answer_status(const Running& running, const Failure* failure, std::uint64_t sequence) {
  LegacyMetadata metadata = reply_to(running, failure == nullptr ? legacy_ack_handler : legacy_nack_handler);
  metadata.message_id = uuid_of({session_, ++messages_});
  metadata.control.response_ctx = {.response_to = running.answer_id, .original_handler = running.handler, .envelope_format = false, .error_message = {}};
  metadata.control.response_type = failure == nullptr ? LegacyResponseType::ack : LegacyResponseType::nack;
  LegacyStatus status{.response_id = running.answer_id, .status = failure == nullptr ? "ok" : "error", .message = {}};
  if (failure != nullptr) status.message = metadata.control.response_ctx->error_message = text_of(*failure);
  post(std::move(metadata), {.metadata = {}, .payload = json_of(status), .sequence = sequence});
}

void LegacyPeer::answer_response(const Running& running, const Header& header, Payload payload, std::uint64_t sequence) {
  if (header.format > json_format || header.compression != 0) {
    const Failure failure{.code = FailureCode::encoding_failed, .text = "the reply is no JSON"};
    return answer_status(running, &failure, sequence);
  }
  LegacyMetadata metadata = reply_to(running, legacy_response_handler);
  metadata.message_id = uuid_of({session_, ++messages_});
  // Bytes of no known format go as they are.
  const bool in_envelope = header.format == json_format || payload.empty();
  metadata.control.response_ctx = {.response_to = running.answer_id, .original_handler = running.handler, .envelope_format = in_envelope, .error_message = {}};
  metadata.control.response_type = LegacyResponseType::response;
  if (in_envelope) {
    const auto bytes_of = [](std::string_view text) { return std::as_bytes(std::span(text)); };
    Buffer envelope(std::string_view(R"({"Ok":)"));
    envelope.append(payload.empty() ? bytes_of("null") : payload.bytes());
    envelope.append(bytes_of("}"));
    payload = Payload(std::move(envelope));
  }
  post(std::move(metadata), {.metadata = {}, .payload = std::move(payload), .sequence = sequence});
}

// `sequence` 0: this side's endpoint has not heard of the request.
void LegacyPeer::answer_failure(const Running& running, const Failure& failure, std::uint64_t sequence) {
  if (running.mode == LegacyMode::fire_and_forget) {
    ++counters_.failures_untold;
  } else if (has_receipt(running.mode) && !running.accepted) {
    answer_receipt(running, &failure, sequence);
  } else {
    answer_status(running, &failure, sequence);
  }
}

}  // namespace structwire::messaging
