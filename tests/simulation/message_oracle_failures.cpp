// SPDX-License-Identifier: Apache-2.0
//
// What failure.hpp promises with each code: which say that the handler has not run, and what must have happened for a
// code to be told.
//
//   code               did not run   told only when
//   handler_not_found  yes           the peer lacked it at some time since the send
//   schema_mismatch    yes           the schema was not the handler's
//   bad_payload        yes           its payload was refused by the handler's decoder
//   expired            no            the deadline has passed
//   overloaded         yes           the peer's executor had refused it, or it is a call too deep
//   draining           yes           the peer was draining or stopping
//   cancelled          no            somebody cancelled it
//   handler_failed     no (it ran)   a run had finished so, or its reply is larger than this side takes
//   too_old            no
//   no_peer            yes           the peer was never up, or is gone; forget() makes no such promise
//   peer_lost          no            the peer's life ended, or it was out of touch
//   queue_full         yes           the sender did not want to wait, or waits are bounded
//   dropped            yes
//   superseded         yes
//   circuit_open       yes           the send takes part in circuit breaking
//   stopped            no            this process stopped
//   too_large          yes           it is larger than the peer takes
//   encoding_failed    yes           the peer does not read the format
#include <tests/simulation/message_oracle.hpp>

namespace structwire::messaging::simulation {

bool says_not_run(const Send& send, FailureCode code) {
  switch (code) {
    case FailureCode::handler_not_found:
    case FailureCode::schema_mismatch:
    case FailureCode::bad_payload:
    case FailureCode::overloaded:
    case FailureCode::draining:
    case FailureCode::queue_full:
    case FailureCode::dropped:
    case FailureCode::superseded:
    case FailureCode::circuit_open:
    case FailureCode::too_large:
    case FailureCode::encoding_failed: return true;
    case FailureCode::no_peer: return !send.forgotten;
    default: return false;
  }
}

std::string reason_against(const Send& send, FailureCode code, const ProcessFacts& own,
                           const ProcessFacts* target, Instant now) {
  const auto since_sent = [&](Instant at) { return at != unset_time && later(at, news_travel) >= send.sent; };
  if (target == nullptr) {
    return code == FailureCode::no_peer || code == FailureCode::stopped || code == FailureCode::cancelled ||
                   code == FailureCode::expired || code == FailureCode::superseded ||
                   code == FailureCode::queue_full || code == FailureCode::dropped ||
                   (code == FailureCode::overloaded && send.too_deep)
               ? ""
               : "there is nobody at the other end";
  }
  switch (code) {
    case FailureCode::handler_not_found:
      if (send.kind < kinds.size() && !since_sent(target->absent[send.kind]) && !since_sent(target->life_changed)) {
        return "the handler was there all the time";
      }
      return "";
    case FailureCode::schema_mismatch: return send.right_schema ? "the schema was right" : "";
    case FailureCode::bad_payload:
      return kinds[send.kind].behaviour == Behaviour::refusing || !send.common_format ? "" : "the payload was good";
    case FailureCode::expired: return now + std::chrono::microseconds(2) < send.deadline ? "it had time left" : "";
    case FailureCode::draining:
      return since_sent(target->drained) || since_sent(target->stopped) || since_sent(target->life_changed)
                 ? ""
                 : "the peer was not draining";
    case FailureCode::cancelled: return send.cancel_asked ? "" : "nobody cancelled it";
    case FailureCode::no_peer:
      return !send.forgotten && send.peer_was_up && !since_sent(target->out_of_touch) &&
                     !since_sent(target->life_changed) && !since_sent(own.out_of_touch)
                 ? "the peer was up"
                 : "";
    case FailureCode::peer_lost:
      return since_sent(target->life_changed) || since_sent(target->out_of_touch) || since_sent(own.out_of_touch)
                 ? ""
                 : "the peer was there all the time";
    case FailureCode::circuit_open: return send.breaker ? "" : "it takes no part in circuit breaking";
    case FailureCode::stopped: return own.stopped != unset_time ? "" : "nobody stopped this process";
    case FailureCode::too_large:
      return send.bytes <= target->payload_bytes_max && !since_sent(target->life_changed) ? "the peer takes as much"
                                                                                           : "";
    case FailureCode::encoding_failed: return send.common_format ? "the peer reads the format" : "";
    default: return "";
  }
}

}  // namespace structwire::messaging::simulation
