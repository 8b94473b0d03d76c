# SPDX-License-Identifier: Apache-2.0
"""Of the endpoint: this side's sends, from the call to their one outcome."""
from __future__ import annotations

import random
from typing import TYPE_CHECKING

from structwire.messages.failure import FailureCode, MessageFailure, ProtocolError
from structwire.messages.flow import Amount
from structwire.messages.header import Delivery, Extension, ExtensionType, Flag, Header, MessageKind, read_failure
from structwire.messages.records import TRACE_STATE_BYTES_MAX, Outcome, PeerRecord, PeerState, Reply, Send, SendState, Session

if TYPE_CHECKING:
    from structwire.messages.endpoint import Endpoint
    from structwire.messages.frame import Received

# A nack of these says that the request certainly did not run.
_DID_NOT_RUN = (FailureCode.overloaded, FailureCode.draining)


class Outgoing:
    def __init__(self, endpoint: Endpoint) -> None:
        self._endpoint = endpoint
        self._options = endpoint.options

    def begin(self, peer: PeerRecord, send: Send) -> None:
        """Never fails: what is wrong is the send's outcome, which may be told before this returns."""
        endpoint = self._endpoint
        send.peer = peer
        send.deadline = endpoint.now + (send.seconds if send.seconds > 0 else self._options.deadline)
        peer.sends.add(send)
        if endpoint.stopped:
            return self.fail(send, FailureCode.stopped, "this side is stopped")
        if peer.state == PeerState.gone:
            return self.fail(send, FailureCode.no_peer, "the peer is gone")
        if not 1 <= len(send.handler.encode()) <= 255:
            return self.fail(send, FailureCode.handler_not_found, "a handler's name has 1 to 255 bytes")
        if send.depth > self._options.depth_max:
            return self.fail(send, FailureCode.overloaded, "handlers call each other too deep")
        send.timer = endpoint.timers.set(send.deadline, lambda: self._deadline_came(send))
        if peer.waiting or not self._transmit(peer, send):
            self._enqueue(peer, send)

    def cancel(self, send: Send) -> None:
        """Tells the peer; the outcome is `cancelled`, or what it had made already."""
        if send.state == SendState.over or send.cancelled:
            return
        if send.state != SendState.sent:
            if send.may_run:
                return self.fail(send, FailureCode.peer_lost, "its session ended, and it may have run")
            return self.fail(send, FailureCode.cancelled, "it was cancelled before it was sent")
        send.cancelled = True
        self._tell_cancel(send)

    def consumed(self, send: Send, total: int) -> None:
        """So many items in all of a stream of replies were used up."""
        if send.state != SendState.sent or send.peer is None:
            return
        more = Extension.numbers(ExtensionType.credit, total + send.stream_items, 0)
        self._endpoint.append(send.peer, Header(MessageKind.credit, incarnation=send.incarnation, counter=send.counter,
                                                extensions=[more]))

    def _tell_cancel(self, send: Send) -> None:
        assert send.peer is not None
        self._endpoint.append(send.peer, Header(MessageKind.cancel, incarnation=send.incarnation, counter=send.counter))

    # ---- the queue for credit

    def _enqueue(self, peer: PeerRecord, send: Send) -> None:
        if send.state == SendState.over:
            return
        if not send.waits and peer.greeted:
            return self.fail(send, FailureCode.queue_full, "the peer's credit is used up")
        amount, most = peer.waiting_amount + Amount(1, len(send.payload)), self._options.pending
        if amount.messages > most.messages or amount.bytes > most.bytes:
            self._refused(send, FailureCode.queue_full, "as much as Options.pending allows waits already")
            return
        peer.waiting_amount = amount
        send.state = SendState.waiting
        peer.waiting[send] = None

    def pump(self, peer: PeerRecord) -> None:
        while peer.waiting:
            send = next(iter(peer.waiting))
            if not self._transmit(peer, send):
                return
            self._waits_no_more(send)

    def _waits_no_more(self, send: Send) -> None:
        peer = send.peer
        if peer is not None and send in peer.waiting:
            del peer.waiting[send]
            peer.waiting_amount += Amount(-1, -len(send.payload))

    def _transmit(self, peer: PeerRecord, send: Send) -> bool:
        """True where it needs to wait no longer: it is on its way, or ended."""
        session, agreement = peer.session, peer.agreement
        if not peer.greeted or peer.draining or session is None or agreement is None:
            return False
        if len(send.payload) > agreement.payload_bytes_max:
            return self._refused(send, FailureCode.too_large, "the peer takes no payload so large")
        if send.format and send.format not in agreement.formats:
            return self._refused(send, FailureCode.encoding_failed, "the peer does not read the payload's format")
        entry = peer.handlers.get(send.handler)
        if entry is None and not (peer.hello is not None and peer.hello.more_handlers):
            return self._refused(send, FailureCode.handler_not_found, "the peer has no such handler")
        if entry is not None and not entry.takes(send.schema):
            return self._refused(send, FailureCode.schema_mismatch, "the peer's handler takes another type")
        if session.sent.amount.messages >= self._options.unacknowledged.messages:
            return False
        if not session.to_send.take(len(send.payload)):
            return False
        # Tried again in its session it keeps its id, by which the peer knows it.
        if send.incarnation != session.own:
            peer.counter += 1
            send.incarnation, send.counter = session.own, peer.counter
        send.idempotent = entry is not None and entry.idempotent
        send.sequence = session.sent.next
        send.arrived = False
        send.attempt += 1
        send.state = SendState.sent
        send.may_run = False
        self._write(peer, send, entry.slot if entry is not None else 0)
        if send.delivery == Delivery.fire_and_forget:
            self.settle(send, Reply())
        else:
            session.sends[send.counter] = send
        return True

    def _write(self, peer: PeerRecord, send: Send, slot: int) -> None:
        extensions = []
        if slot == 0:
            extensions.append(Extension(ExtensionType.handler_name, send.handler.encode()))
        if send.attempt > 1:
            extensions.append(Extension.numbers(ExtensionType.attempt, send.attempt, width=4))
        if send.trace is not None:
            extensions.append(Extension(ExtensionType.trace_parent, send.trace.parent))
            if 0 < len(state := send.trace.state.encode()) <= TRACE_STATE_BYTES_MAX:
                extensions.append(Extension(ExtensionType.trace_state, state))
        if send.depth:
            extensions.append(Extension.numbers(ExtensionType.depth, send.depth, width=4))
        if send.key:
            extensions.append(Extension.numbers(ExtensionType.key, send.key))
        if send.stream_items:
            extensions.append(Extension.numbers(ExtensionType.credit, send.stream_items, 0))
        flags = (Flag.idempotent if send.idempotent else 0) | (Flag.retry if send.attempt > 1 else 0)
        left = send.deadline - self._endpoint.now
        header = Header(MessageKind.request, send.delivery, send.format, flags=flags, incarnation=send.incarnation,
                        counter=send.counter, schema=send.schema, handler=slot,
                        time_left_us=min(max(int(left * 1e6), 1), 0xFFFFFFFF), extensions=extensions)
        self._endpoint.append(peer, header, send.payload, send, send.deadline)

    def _refused(self, send: Send, code: FailureCode, text: str) -> bool:
        self.fail(send, FailureCode.peer_lost if send.may_run else code, text)
        return True

    # ---- what becomes of them

    def arrived(self, send: Send) -> None:
        """The peer acknowledged it."""
        send.arrived = True
        if send.delivery == Delivery.queued and send.state == SendState.sent:
            self.settle(send, Reply())

    def reply_came(self, peer: PeerRecord, message: Received) -> None:
        header, session = message.header, peer.session
        assert session is not None
        if header.kind == MessageKind.ack:
            return self._done_came(session, header)
        send = session.sends.get(header.counter) if header.incarnation == session.own else None
        if send is None or send.state != SendState.sent:
            return  # It has its outcome.
        send.arrived = True
        if header.kind == MessageKind.nack:
            return self._nack_came(send, header)
        if header.kind == MessageKind.accept:
            if send.delivery == Delivery.accepted:
                self.settle(send, Reply())
            elif send.delivery == Delivery.receipt:
                self._endpoint.port.receipt(send)
            return
        payload = self._endpoint.plain(peer, message)
        if isinstance(payload, str):
            return self.fail(send, FailureCode.bad_payload, payload)
        reply = Reply(payload, header.format, header.schema)
        if header.flags & Flag.last:
            self.settle(send, reply)
        else:
            self._endpoint.port.item(send, reply)

    def _done_came(self, session: Session, header: Header) -> None:
        """The one that it names, and others of whose handlers it tells the same."""
        if header.incarnation != session.own:
            return
        others = header.find(ExtensionType.done_too)
        bits = ((others.u64() or 0) if others is not None else 0) << 1 | 1
        while bits:
            bit = bits & -bits
            bits ^= bit
            send = session.sends.get(header.counter + bit.bit_length() - 1)
            if send is not None and send.state == SendState.sent:
                send.arrived = True
                self.settle(send, Reply())

    def _nack_came(self, send: Send, header: Header) -> None:
        told = header.find(ExtensionType.failure)
        failure = MessageFailure(FailureCode.handler_failed, "a nack that says nothing")
        if told is not None:
            try:
                failure = read_failure(told)
            except ProtocolError as error:
                failure = MessageFailure(FailureCode.handler_failed, str(error))
        tries_again = (failure.retryable and not send.cancelled and send.attempt < self._options.attempts
                       and failure.code in _DID_NOT_RUN)
        if not tries_again:
            return self.settle(send, failure)
        pause = min(self._options.retry_first * 2 ** (send.attempt - 1), self._options.retry_longest)
        pause = max(pause / 2 + random.random() * pause / 2, failure.retry_after_ms / 1000)
        when = self._endpoint.now + pause
        if when >= send.deadline:
            return self.settle(send, failure)
        self._unregister(send)
        send.state = SendState.pausing
        if send.timer is not None:
            send.timer.cancel()
        send.timer = self._endpoint.timers.set(when, lambda: self._pause_over(send))

    def _pause_over(self, send: Send) -> None:
        assert send.peer is not None
        send.timer = self._endpoint.timers.set(send.deadline, lambda: self._deadline_came(send))
        if send.peer.waiting or not self._transmit(send.peer, send):
            send.waits = True
            self._enqueue(send.peer, send)

    def _deadline_came(self, send: Send) -> None:
        if send.state == SendState.sent and not send.cancelled:
            self._tell_cancel(send)
        assert send.peer is not None
        if send.peer.hello is None:
            return self.fail(send, FailureCode.no_peer, "nobody answered there before the deadline")
        self.fail(send, FailureCode.expired, "its deadline passed")

    def start_over(self, peer: PeerRecord, arrived_before: int) -> None:
        """The session ends: what was on its way is sent in the next one, or its fate is unknown."""
        for send in sorted((each for each in peer.sends if each.state == SendState.sent), key=lambda each: each.sequence):
            did_not_arrive = not send.arrived and 0 < arrived_before <= send.sequence
            if not send.cancelled and (did_not_arrive or (send.idempotent and not send.stream_items)):
                send.waits = True
                send.may_run = not did_not_arrive
                self._unregister(send)
                self._enqueue(peer, send)
            else:
                code = FailureCode.cancelled if did_not_arrive else FailureCode.peer_lost
                self.fail(send, code, "the peer's process went away, and it may have run")

    def fail(self, send: Send, code: FailureCode, text: str) -> None:
        self.settle(send, MessageFailure(code, text))

    def settle(self, send: Send, outcome: Outcome) -> None:
        if send.state == SendState.over:
            return
        self._unregister(send)
        self._waits_no_more(send)
        send.state = SendState.over
        if send.timer is not None:
            send.timer.cancel()
        if send.peer is not None:
            send.peer.sends.discard(send)
        self._endpoint.port.settled(send, outcome)

    def _unregister(self, send: Send) -> None:
        session = send.peer.session if send.peer is not None else None
        if session is not None and send.incarnation == session.own:
            session.sends.pop(send.counter, None)
