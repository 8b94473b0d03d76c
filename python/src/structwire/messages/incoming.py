# SPDX-License-Identifier: Apache-2.0
"""Of the endpoint: the peers' requests, from their arrival to the one reply."""
from __future__ import annotations

from typing import TYPE_CHECKING

from structwire.messages.crc32c import crc32c
from structwire.messages.failure import FailureCode, MessageFailure
from structwire.messages.flow import Amount
from structwire.messages.header import Delivery, ExtensionType, Flag, Header, MessageKind, failure_extension
from structwire.messages.hello import HandlerEntry
from structwire.messages.records import TRACE_PARENT_BYTES, Outcome, PeerRecord, Reply, Request, Trace

if TYPE_CHECKING:
    from structwire.messages.endpoint import Endpoint
    from structwire.messages.frame import Received

# The request certainly did not run, so it may come again under its id.
_DID_NOT_RUN = (FailureCode.overloaded, FailureCode.draining)
_WITHOUT_REPLY = (Delivery.fire_and_forget, Delivery.queued)
# Roughly what a kept result costs beside its bytes.
_RESULT_BYTES = 200


def _trace_of(header: Header) -> Trace | None:
    parent, state = header.find(ExtensionType.trace_parent), header.find(ExtensionType.trace_state)
    if parent is None or len(parent.data) != TRACE_PARENT_BYTES:
        return None
    return Trace(bytes(parent.data), bytes(state.data).decode(errors="replace") if state else "")


class Incoming:
    def __init__(self, endpoint: Endpoint) -> None:
        self._endpoint = endpoint
        self._options = endpoint.options

    def request_came(self, peer: PeerRecord, message: Received) -> bool:
        """False: the peer does not keep to the protocol."""
        session, header = peer.session, message.header
        assert session is not None
        # What cannot be read takes no more than it is.
        readable = 0 < header.plain_size <= self._options.payload_bytes_max
        size = header.plain_size if readable else len(message.payload)
        if not session.to_grant.receive(size):
            return False
        if header.incarnation != session.peer or header.counter == 0:
            return False
        if self._is_repeat(peer, header, size):
            return True
        refusal = self._judge(peer, message)
        if refusal is None and not session.seen.admit(header.counter):
            refusal = MessageFailure(FailureCode.too_old, "it came before, and what it came to is not kept any more")
        if refusal is not None:
            self._nack(peer, header.incarnation, header.counter, refusal)
            self._give_back(peer, size)
            return True
        self._run(peer, message)
        return True

    def _is_repeat(self, peer: PeerRecord, header: Header, size: int) -> bool:
        """What it came to was told before this side began to drain, or lost its handler."""
        session = peer.session
        assert session is not None
        if running := session.running.get(header.counter):
            if running.accepted:
                running.accepted = False
                self.accepted(running)
        elif (kept := session.results.find(header.counter)) is not None:
            self._tell(peer, header.delivery, header.incarnation, header.counter, kept)
        else:
            return False
        self._give_back(peer, size)
        return True

    def _judge(self, peer: PeerRecord, message: Received) -> MessageFailure | None:
        """Why it will not run; nothing: it may, and its payload is plain."""
        endpoint, header = self._endpoint, message.header
        if endpoint.draining or endpoint.stopped:
            return MessageFailure(FailureCode.draining, "this side takes no new requests", retryable=True)
        entry = self._handler_of(header)
        if entry is None:
            return MessageFailure(FailureCode.handler_not_found, "there is no such handler")
        if not entry.takes(header.schema):
            return MessageFailure(FailureCode.schema_mismatch, "the handler takes another type")
        depth = header.find(ExtensionType.depth)
        if depth is not None and (depth.u32() or 0) > self._options.depth_max:
            return MessageFailure(FailureCode.overloaded, "handlers call each other too deep")
        checksum = header.find(ExtensionType.payload_checksum)
        if header.flags & Flag.payload_checksum and (checksum is None or checksum.u32() != crc32c(message.payload)):
            return MessageFailure(FailureCode.bad_payload, "the payload has another checksum")
        payload = endpoint.plain(peer, message)
        if isinstance(payload, str):
            return MessageFailure(FailureCode.bad_payload, payload)
        message.payload = payload
        return None

    def _handler_of(self, header: Header) -> HandlerEntry | None:
        if header.handler:
            return self._endpoint.slots.get(header.handler)
        name = header.find(ExtensionType.handler_name)
        return self._endpoint.handlers.get(name.data.decode(errors="replace")) if name else None

    def _run(self, peer: PeerRecord, message: Received) -> None:
        endpoint, header = self._endpoint, message.header
        entry = self._handler_of(header)
        assert peer.session is not None and entry is not None
        depth, key, items = (header.find(each) for each in (ExtensionType.depth, ExtensionType.key, ExtensionType.credit))
        deadline = endpoint.now + header.time_left_us / 1e6 if header.time_left_us else None
        request = Request(peer, header.incarnation, header.counter, entry, header.delivery, message.payload, header.format,
                          header.schema, endpoint.now, deadline, (depth.u32() if depth else 0) or 0,
                          (key.u64() if key else 0) or 0, (items.u64() if items else 0) or 0, _trace_of(header),
                          bytes=len(message.payload))
        peer.session.running[header.counter] = request
        peer.requests.add(request)
        if deadline is not None:
            request.timer = endpoint.timers.set(deadline, lambda: self._stop(request, FailureCode.expired))
        endpoint.port.run(request)

    def _stop(self, request: Request, why: FailureCode) -> None:
        if request.stopped is None and not request.finished:
            request.stopped = why
            self._endpoint.port.stop(request)

    def cancel_came(self, peer: PeerRecord, header: Header) -> None:
        assert peer.session is not None
        request = peer.session.running.get(header.counter) if header.incarnation == peer.session.peer else None
        if request is not None:
            self._stop(request, FailureCode.cancelled)

    def more_items(self, peer: PeerRecord, header: Header) -> None:
        assert peer.session is not None
        request, credit = peer.session.running.get(header.counter), header.find(ExtensionType.credit)
        if request is not None and credit is not None and header.incarnation == peer.session.peer:
            self._endpoint.port.more_items(request, credit.u64() or 0)

    # ---- what the executor tells

    def _is_awaited(self, request: Request) -> bool:
        session = request.peer.session
        return session is not None and session.peer == request.session and not request.orphaned

    def accepted(self, request: Request) -> None:
        """Its payload was decoded and its handler will run."""
        if request.finished or request.accepted:
            return
        request.accepted = True
        if self._is_awaited(request) and request.delivery in (Delivery.accepted, Delivery.receipt):
            self._endpoint.append(request.peer, Header(MessageKind.accept, request.delivery, incarnation=request.session,
                                                       counter=request.counter))

    def item(self, request: Request, reply: Reply) -> None:
        if request.finished or not self._is_awaited(request):
            return
        self._endpoint.append(request.peer, Header(MessageKind.response, request.delivery, reply.format,
                                                   incarnation=request.session, counter=request.counter,
                                                   schema=reply.schema), reply.payload)

    def finished(self, request: Request, outcome: Outcome) -> None:
        if request.finished:
            return
        request.finished = True
        request.payload = memoryview(b"")
        peer = request.peer
        peer.requests.discard(request)
        if request.timer is not None:
            request.timer.cancel()
        if request.orphaned:
            peer.orphaned += Amount(-1, -request.bytes)
            if peer.session is not None:
                peer.session.to_grant.window = self._endpoint.window_for(peer)
                self._grant_if_due(peer)
            return
        session = peer.session
        assert session is not None
        session.running.pop(request.counter, None)
        if isinstance(outcome, MessageFailure) and outcome.code in _DID_NOT_RUN:
            session.seen.forget(request.counter)
        elif not request.handler.idempotent and request.delivery != Delivery.fire_and_forget:
            size = len(outcome.text) if isinstance(outcome, MessageFailure) else len(outcome.payload)
            session.results.keep(request.counter, outcome, size + _RESULT_BYTES)
        if not (request.delivery == Delivery.accepted and request.accepted):
            self._tell(peer, request.delivery, request.session, request.counter, outcome)
        self._give_back(peer, request.bytes)

    def orphan(self, peer: PeerRecord) -> None:
        """The session of its requests ends: nobody waits for their replies, and what they hold counts still."""
        for request in list(peer.requests):
            if not request.orphaned:
                request.orphaned = True
                peer.orphaned += Amount(1, request.bytes)
                self._stop(request, FailureCode.cancelled)

    # ---- what is told

    def _give_back(self, peer: PeerRecord, size: int) -> None:
        assert peer.session is not None
        peer.session.to_grant.release(size)
        self._grant_if_due(peer)

    def _grant_if_due(self, peer: PeerRecord) -> None:
        assert peer.session is not None
        if peer.session.to_grant.grant_due():
            self._endpoint.acknowledge_soon(peer)

    def _tell(self, peer: PeerRecord, delivery: Delivery, incarnation: int, counter: int, outcome: Outcome) -> None:
        if delivery in _WITHOUT_REPLY:
            return
        if isinstance(outcome, MessageFailure):
            return self._nack(peer, incarnation, counter, outcome)
        header = Header(MessageKind.ack, delivery, incarnation=incarnation, counter=counter)
        payload: bytes | memoryview = b""
        if delivery == Delivery.accepted:
            header.kind = MessageKind.accept
        elif delivery in (Delivery.response, Delivery.receipt):
            if peer.agreement is not None and len(outcome.payload) > peer.agreement.payload_bytes_max:
                return self._nack(peer, incarnation, counter, MessageFailure(
                    FailureCode.handler_failed, "the reply is larger than its receiver takes"))
            header.kind = MessageKind.response
            header.format, header.schema, header.flags = outcome.format, outcome.schema, Flag.last
            payload = outcome.payload
        self._endpoint.append(peer, header, payload)

    def _nack(self, peer: PeerRecord, incarnation: int, counter: int, failure: MessageFailure) -> None:
        self._endpoint.append(peer, Header(MessageKind.nack, incarnation=incarnation, counter=counter,
                                           extensions=[failure_extension(failure)]))
