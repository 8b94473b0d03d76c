# SPDX-License-Identifier: Apache-2.0
"""The rules of active messages without threads, clocks and sockets: events go in, calls of a Port come out. Here: links,
who is at their other end, sessions, and what goes out when. outgoing.py has this side's sends, incoming.py the peers'
requests. The C++ endpoint (structwire/messaging/endpoint/endpoint.hpp) says the same at more length; docs/messages.md is the text.

Whoever drives it sets `now` before each call, and calls flush() after the calls of a round. Links are taken to be
lossless until they break, as ZeroMQ's are.
"""
import random
from dataclasses import dataclass

from structwire.messages import compression
from structwire.messages.failure import FailureCode, MessageFailure, ProtocolError
from structwire.messages.flow import Amount, Sent
from structwire.messages.frame import Received, join_frames, read_frame, write_message
from structwire.messages.header import Extension, ExtensionType, Flag, Header, MessageKind
from structwire.messages.hello import Feature, HandlerEntry, Hello, agree, decode_hello, encode_hello
from structwire.messages.incoming import Incoming
from structwire.messages.options import Options
from structwire.messages.outgoing import Outgoing
from structwire.messages.records import PeerRecord, PeerState, Port, Send, Session
from structwire.messages.timers import Timer, Timers

# How long somebody who has a link is waited for when another one says to be the same.
CHALLENGE = 0.5
FEATURES = Feature.batches | Feature.acks_of_many | (Feature.compression_zstd if compression.is_here() else Feature(0))

_HELLOS = (MessageKind.hello, MessageKind.hello_ack)
_STATUS = (MessageKind.ping, MessageKind.pong)
# Of a hello, whatever Options.payload_bytes_max is: a few thousand handlers.
_HELLO_BYTES_MAX = 4 << 20


@dataclass(slots=True)
class Link:
    number: int
    dial: int | None
    peer: PeerRecord | None = None
    waiting_hello: Hello | None = None
    """Of one who says to be somebody else who is here: that one is asked first."""
    asked: float = 0.0
    timer: Timer | None = None


class Refused(Exception):
    """A link whose other side does not keep to the protocol: nothing that follows could be trusted."""


def has_sequence(header: Header) -> bool:
    """Is it kept until it is acknowledged, and taken in once and in order?"""
    if header.kind == MessageKind.ack:
        return header.counter != 0  # Without an id it acknowledges sequences.
    return header.kind not in _HELLOS and header.kind not in _STATUS


class Endpoint:
    def __init__(self, options: Options, port: Port, now: float) -> None:
        self.options = options
        self.port = port
        self.now = now
        self.timers = Timers()
        self.incarnation = _draw()
        self.peers: dict[int, PeerRecord] = {}
        self.handlers: dict[str, HandlerEntry] = {}
        self.slots: dict[int, HandlerEntry] = {}
        self.table = 1
        self.draining = False
        self.stopped = False
        self.outgoing = Outgoing(self)
        self.incoming = Incoming(self)
        self._links: dict[int, Link] = {}
        self._dialled_in: dict[tuple[object, int], PeerRecord] = {}
        self._dialled_out: dict[int, PeerRecord] = {}
        self._last_peer = 0
        self.compressed_sent = 0
        """Messages; counted since the beginning."""
        self.compressed_received = 0
        self._touched: dict[int, PeerRecord] = {}

    # ---- what this side offers

    def set_handler(self, entry: HandlerEntry) -> None:
        self.handlers[entry.name] = entry
        self.slots[entry.slot] = entry
        self._table_changed()

    def remove_handler(self, name: str) -> None:
        del self.slots[self.handlers.pop(name).slot]
        self._table_changed()

    def _table_changed(self) -> None:
        self.table += 1
        for peer in self.peers.values():
            if peer.greeted:
                self._greet(peer, MessageKind.hello)

    def drain(self) -> None:
        """New requests are refused as `draining`, and peers are told so; what runs goes on."""
        if self.draining:
            return
        self.draining = True
        for peer in self.peers.values():
            if peer.greeted:
                self.append(peer, Header(MessageKind.drain))

    def idle(self) -> bool:
        """Nothing runs, nothing is on its way."""
        return not any(peer.requests or peer.sends or (peer.session and peer.session.sent.amount.messages)
                       for peer in self.peers.values())

    def stop(self) -> None:
        """Every send ends as `stopped`."""
        self.stopped = True
        for peer in list(self.peers.values()):
            for send in list(peer.sends):
                self.outgoing.fail(send, FailureCode.stopped, "this side is stopped")

    # ---- links

    def dialled(self, dial: int) -> PeerRecord:
        peer = self._new_peer(None, dial)
        self._dialled_out[dial] = peer
        return peer

    def _new_peer(self, channel: int | None, dial: int | None) -> PeerRecord:
        self._last_peer += 1
        peer = PeerRecord(self._last_peer, self._last_peer if channel is None else channel, dial)
        self.peers[peer.number] = peer
        return peer

    def forget(self, peer: PeerRecord, why: FailureCode = FailureCode.no_peer) -> None:
        """Everything to it fails."""
        self._drop_link(peer, "its peer is forgotten")
        for send in list(peer.sends):
            self.outgoing.fail(send, why, "the peer is gone")
        self.incoming.orphan(peer)
        for timer in (peer.expiry, peer.acknowledge, peer.heartbeat):
            cancel(timer)
        self._change(peer, PeerState.gone)
        if peer.dial is not None:
            self._dialled_out.pop(peer.dial, None)
        elif peer.hello:
            self._dialled_in.pop((peer.hello.instance, peer.channel), None)
        self.peers.pop(peer.number, None)

    def link_opened(self, number: int, dial: int | None) -> None:
        if len(self._links) >= self.options.peers * 2 + len(self._dialled_out):
            self.port.disconnect(number, "more links than Options.peers allows")
            return
        link = self._links[number] = Link(number, dial)
        if dial is None:
            patience = self.options.heartbeat * self.options.heartbeats_missed
            link.timer = self.timers.set(self.now + patience, lambda: self._hello_is_late(link))
            return
        peer = self._dialled_out.get(dial)
        if peer is None:
            del self._links[number]
            self.port.disconnect(number, "nobody wants it any more")
            return
        self._drop_link(peer, "another one was opened")
        self._take_link(peer, link)
        if peer.session is None:
            self._begin_session(peer)
        self._greet(peer, MessageKind.hello)

    def link_closed(self, number: int) -> None:
        link = self._links.get(number)
        if link is None:
            return
        if link.peer is not None and link.peer.link == number:
            self._drop_link(link.peer, None)
        else:
            self._forget_link(link)

    def _forget_link(self, link: Link) -> None:
        cancel(link.timer)
        self._links.pop(link.number, None)

    def _take_link(self, peer: PeerRecord, link: Link) -> None:
        cancel(link.timer)
        link.peer = peer
        peer.link = link.number
        peer.greeted = peer.wedged = False
        peer.outbox.clear()
        cancel(peer.expiry)
        peer.heard = self.now
        self._set_heartbeat(peer)

    def _drop_link(self, peer: PeerRecord, reason: str | None) -> None:
        """None: the link is closed already."""
        if peer.link is None:
            return
        number, peer.link = peer.link, None
        peer.greeted = False
        peer.outbox.clear()
        cancel(peer.heartbeat)
        cancel(peer.acknowledge)
        peer.acknowledge = None
        self._links.pop(number, None)
        if reason is not None:
            self.port.disconnect(number, reason)
        peer.expiry = self.timers.set(self.now + self.options.session_kept, lambda: self._session_expired(peer))
        self._settle_state(peer)

    def _session_expired(self, peer: PeerRecord) -> None:
        if peer.dial is None:
            self.forget(peer, FailureCode.peer_lost)
        elif peer.session is not None:
            self._begin_session(peer)

    def _refuse(self, link: Link, why: str) -> None:
        if link.peer is not None and link.peer.link == link.number:
            self._drop_link(link.peer, why)
        else:
            self._forget_link(link)
            self.port.disconnect(link.number, why)

    # ---- HELLO

    def _hello_for(self, peer: PeerRecord) -> Hello:
        options, session = self.options, peer.session
        assert session is not None
        granted = session.to_grant.granted
        return Hello(instance=options.instance, incarnation=self.incarnation, name=options.name, features=FEATURES,
                     formats=list(options.formats), payload_bytes_max=options.payload_bytes_max,
                     credit_messages=granted.messages, credit_bytes=granted.bytes,
                     heartbeat_ms=max(int(options.heartbeat * 1000), 1), channel=peer.channel, session=session.own,
                     peer_session=session.peer, received=session.expected, table=self.table,
                     handlers=list(self.handlers.values()))

    def _greet(self, peer: PeerRecord, kind: MessageKind) -> None:
        peer.table_told = self.table
        self.append(peer, Header(kind, format=2), encode_hello(self._hello_for(peer)))

    def _hello_came(self, link: Link, hello: Hello) -> None:
        peer = link.peer
        if peer is not None:  # Known on this link: its table changed, or its hello came twice.
            if peer.session is None or peer.hello is None or hello.session != peer.session.peer:
                raise Refused("a hello of another session")
            if hello.table > peer.hello.table:
                self._learn(peer, hello)
            self._greet(peer, MessageKind.hello_ack)
            return
        if link.dial is not None or link.waiting_hello is not None:
            raise Refused("a hello out of place")
        known = self._dialled_in.get((hello.instance, hello.channel))
        if known is None and len(self._dialled_in) >= self.options.peers:
            raise Refused("more peers than Options.peers")
        if known is not None and known.link is not None and known.session and hello.session != known.session.peer:
            # Either a program that came back before its old connection was noticed to be dead, or one that takes
            # another's name. Who is there is asked; silence gives the name away.
            link.waiting_hello, link.asked = hello, self.now
            cancel(link.timer)
            link.timer = self.timers.set(self.now + min(self.options.heartbeat, CHALLENGE),
                                         lambda: self._hello_is_late(link))
            self.append_status(known, MessageKind.ping, self._ping_number())
            return
        self._admit(link, hello)

    def _hello_is_late(self, link: Link) -> None:
        hello, link.waiting_hello = link.waiting_hello, None
        if hello is None:
            self._refuse(link, "no HELLO came")
            return
        known = self._dialled_in.get((hello.instance, hello.channel))
        if known is not None and known.link is not None and known.heard > link.asked:
            self._refuse(link, "this instance is here already")
            return
        try:
            self._admit(link, hello)
        except (Refused, ProtocolError) as refusal:
            self._refuse(link, str(refusal))

    def _admit(self, link: Link, hello: Hello) -> None:
        key = (hello.instance, hello.channel)
        peer = self._dialled_in.get(key)
        if peer is None:
            peer = self._dialled_in[key] = self._new_peer(hello.channel, None)
        self._drop_link(peer, "its peer has a newer one")
        self._take_link(peer, link)
        session = peer.session
        goes_on = session is not None and hello.session == session.peer and hello.peer_session == session.own
        if not goes_on:
            # A dialler that asks again for its session, and does not know this side's, never had an answer: nothing of it
            # arrived there. One that asks for another session may have let this one expire.
            had_nothing = (session is not None and hello.session == session.peer and hello.peer_session == 0
                           and peer.hello is not None and hello.incarnation == peer.hello.incarnation)
            self._begin_session(peer, peer_session=hello.session, arrived_before=1 if had_nothing else 0)
        self._learn(peer, hello)
        self._greet(peer, MessageKind.hello_ack)
        self._welcome(peer, hello.received if goes_on else None)

    def _hello_answered(self, peer: PeerRecord, hello: Hello) -> None:
        session = peer.session
        if session is None or hello.peer_session != session.own:
            raise Refused("a hello_ack of another session")
        if peer.greeted:
            if peer.hello is not None and hello.session == session.peer and hello.table > peer.hello.table:
                self._learn(peer, hello)
            return
        goes_on = session.peer != 0 and hello.session == session.peer
        if session.peer == 0:
            session.peer = hello.session
        elif not goes_on:
            # Its number was told in the hello that this answers.
            self._begin_session(peer, own=session.own, peer_session=hello.session)
            self.acknowledge_soon(peer)  # Tells the credit of this session: that hello told another's.
        self._learn(peer, hello)
        self._welcome(peer, hello.received if goes_on else None)

    def _learn(self, peer: PeerRecord, hello: Hello) -> None:
        assert peer.session is not None
        peer.agreement = agree(self._hello_for(peer), hello)
        peer.handlers = {entry.name: entry for entry in hello.handlers}
        # Who offers to go on with a session that is not known here any more tells that one's credit.
        if hello.peer_session in (0, peer.session.own):
            peer.session.to_send.grant(hello.credit_messages, hello.credit_bytes)
        peer.hello = hello

    # ---- sessions

    def window_for(self, peer: PeerRecord) -> Amount:
        """What is held of former sessions counts: who begins one after the other gets no more room by that."""
        # Who could not take the largest message that it allows would wait for it for ever.
        most = Amount(self.options.credit.messages, max(self.options.credit.bytes, self.options.payload_bytes_max))
        return most.less(peer.orphaned)

    def _begin_session(self, peer: PeerRecord, own: int = 0, peer_session: int = 0, arrived_before: int = 0) -> None:
        """`arrived_before`: of what was sent in the session that ends, nothing from there on arrived; 0: not known."""
        if peer.session is not None:
            self.incoming.orphan(peer)
            self.outgoing.start_over(peer, arrived_before)
        peer.session = Session(own or _draw(), self.options, self.window_for(peer))
        peer.session.peer = peer_session
        peer.draining = False
        peer.unacknowledged = Amount()
        peer.acknowledge_now = False

    def _welcome(self, peer: PeerRecord, goes_on_from: int | None) -> None:
        """Both have said who they are; `goes_on_from` is what the peer expects next in a session that goes on."""
        assert peer.session is not None
        peer.greeted = True
        self._set_heartbeat(peer)
        if goes_on_from is not None:
            self._acknowledged(peer, goes_on_from, 0)
            for message in peer.session.sent.waiting():
                message.header.flags |= Flag.retry
                if message.deadline is not None:
                    message.header.time_left_us = microseconds(message.deadline - self.now)
                self._put(peer, message.header, message.payload)
        self._settle_state(peer)
        if peer.table_told != self.table:  # It changed while the answer to the hello was on its way.
            self._greet(peer, MessageKind.hello)
        if self.draining:
            self.append(peer, Header(MessageKind.drain))
        self.outgoing.pump(peer)

    def _acknowledged(self, peer: PeerRecord, expected: int, behind: int) -> None:
        assert peer.session is not None
        arrived = peer.session.sent.acknowledge(expected, behind)
        if arrived is None:
            raise Refused("it acknowledges what was never sent")
        for message in arrived:
            if isinstance(message.owner, Send):
                self.outgoing.arrived(message.owner)
        # What unacknowledged replies held up may be granted now.
        if arrived and peer.session.to_grant.grant_due():
            self.acknowledge_soon(peer)

    def _change(self, peer: PeerRecord, state: PeerState) -> None:
        if peer.state != state:
            peer.state = state
            self.port.peer_changed(peer)

    def _settle_state(self, peer: PeerRecord) -> None:
        if peer.link is None or not peer.greeted:
            connecting = peer.state == PeerState.connecting
            self._change(peer, PeerState.connecting if connecting else PeerState.down)
        elif peer.draining:
            self._change(peer, PeerState.draining)
        else:
            self._change(peer, PeerState.wedged if peer.wedged else PeerState.up)

    # ---- what comes

    def received(self, number: int, parts: list[memoryview]) -> None:
        link = self._links.get(number)
        if link is None:
            return
        try:
            for message in read_frame(parts, payload_bytes_max=max(self.options.payload_bytes_max, _HELLO_BYTES_MAX)):
                self._take_message(link, message)
                if self._links.get(number) is not link:
                    return
        except (Refused, ProtocolError) as refusal:
            self._refuse(link, str(refusal))

    def _take_message(self, link: Link, message: Received) -> None:
        header, peer = message.header, link.peer
        if header.payload_size > (_HELLO_BYTES_MAX if header.kind in _HELLOS else self.options.payload_bytes_max):
            raise Refused("a payload larger than Options.payload_bytes_max")
        if header.kind == MessageKind.hello:
            self._hello_came(link, decode_hello(message.payload))
            return
        if peer is None or peer.link != link.number:
            raise Refused("a message before HELLO")
        peer.heard = self.now
        if header.kind == MessageKind.hello_ack:
            self._hello_answered(peer, decode_hello(message.payload))
        elif not peer.greeted:
            raise Refused("a message before HELLO")
        elif has_sequence(header):
            self._take_sequenced(peer, message)
        else:
            self._take_status(peer, header)

    def _take_sequenced(self, peer: PeerRecord, message: Received) -> None:
        session, header = peer.session, message.header
        assert session is not None
        if header.sequence == 0 or header.sequence > session.expected:
            raise Refused("a gap in what it sends")
        if header.sequence < session.expected:
            self.acknowledge_soon(peer)
            return
        session.expected += 1
        peer.unacknowledged += Amount(1, len(message.payload))
        if header.delivery == 1:  # queued: its sender waits for nothing else.
            peer.acknowledge_now = True
        if peer.acknowledge is None:
            peer.acknowledge = self.timers.set(self.now + self.options.ack_delay, lambda: self.acknowledge_soon(peer))
        self.touch(peer)
        if header.kind == MessageKind.request:
            if not self.incoming.request_came(peer, message):
                raise Refused("it sends more than it was granted, or under an id of another session")
        elif header.kind == MessageKind.cancel:
            self.incoming.cancel_came(peer, header)
        elif header.kind == MessageKind.credit:
            self.incoming.more_items(peer, header)
        elif header.kind == MessageKind.drain:
            peer.draining = True
            self._settle_state(peer)
        else:
            self.outgoing.reply_came(peer, message)

    def _take_status(self, peer: PeerRecord, header: Header) -> None:
        """An acknowledgement, ping or pong: what arrived there, and what it grants."""
        assert peer.session is not None and peer.agreement is not None
        if acknowledged := header.find(ExtensionType.acknowledged):
            self._acknowledged(peer, _number(acknowledged), _number(acknowledged, 8))
        if credit := header.find(ExtensionType.credit):
            peer.session.to_send.grant(_number(credit), _number(credit, 8))
        if header.kind == MessageKind.ping:
            self.append_status(peer, MessageKind.pong, header.counter, header.incarnation)
        elif header.kind == MessageKind.pong:
            peer.round_trip = max(self.now - header.counter / 1e9, 0.0)
            progress = header.find(ExtensionType.progress)
            stalled = ((progress.u32() if progress else 0) or 0) / 1000
            peer.wedged = stalled >= peer.agreement.heartbeat_ms / 1000 * self.options.heartbeats_missed
            self._settle_state(peer)
        self.outgoing.pump(peer)

    # ---- what goes out

    def append(self, peer: PeerRecord, header: Header, payload: bytes | memoryview = b"", owner: object = None,
               deadline: float | None = None) -> None:
        """One with a sequence is kept, and so reaches the peer also when there is no link now. `owner`: a send."""
        goes_out = peer.link is not None and (peer.greeted or header.kind in _HELLOS)
        payload = self._smaller(peer, header, payload)
        header.payload_size = len(payload)
        if has_sequence(header):
            assert peer.session is not None
            header.sequence = peer.session.sent.next
            peer.session.sent.keep(Sent(header, payload, owner, deadline))
        if goes_out:
            self._put(peer, header, payload)

    def _smaller(self, peer: PeerRecord, header: Header, payload: bytes | memoryview) -> bytes | memoryview:
        start = self.options.compress_from
        agreed = peer.agreement is not None and peer.agreement.features & Feature.compression_zstd
        if start is None or not compression.is_here() or not agreed or not payload or len(payload) < start or header.kind in _HELLOS:
            return payload
        small = compression.compress(payload)
        if small is None:
            return payload
        header.compression = compression.NUMBER
        header.extensions.append(Extension.numbers(ExtensionType.plain_size, len(payload)))
        self.compressed_sent += 1
        return small

    def plain(self, peer: PeerRecord, message: Received) -> memoryview | str:
        """The payload without its compression, or why it cannot be had. Nothing larger than payload_bytes_max is made."""
        header = message.header
        if header.compression == 0:
            return message.payload
        agreed = peer.agreement is not None and peer.agreement.features & Feature.compression_zstd
        if header.compression != compression.NUMBER or not agreed:
            return "the payload is compressed in a way that was not agreed on"
        if not 0 < header.plain_size <= self.options.payload_bytes_max:
            return "the size of the payload without its compression is missing, or more than this side takes"
        made = compression.decompress(message.payload, header.plain_size)
        if made is None:
            return "the compressed payload is damaged, or of another size than its header tells"
        self.compressed_received += 1
        return memoryview(made)

    def _put(self, peer: PeerRecord, header: Header, payload: bytes | memoryview) -> None:
        assert peer.link is not None
        if header.kind in _HELLOS:
            self._pass_on(peer)
            self.port.transmit(peer.link, write_message(header, payload))
            return
        peer.outbox.append(write_message(header, payload))
        self.touch(peer)

    def append_status(self, peer: PeerRecord, kind: MessageKind, counter: int = 0, incarnation: int = 0) -> None:
        session = peer.session
        if session is None or not peer.greeted:
            return
        peer.unacknowledged = Amount()
        peer.acknowledge_now = False
        cancel(peer.acknowledge)
        peer.acknowledge = None
        # Who does not take replies gets no room for more requests: their replies are what would pile up here.
        replies, most = session.sent.replies, self.options.unacknowledged
        if replies.messages < most.messages and replies.bytes < most.bytes:
            if kind != MessageKind.ack or session.to_grant.grant_due():
                session.to_grant.grant()
        granted = session.to_grant.granted
        extensions = [Extension.numbers(ExtensionType.acknowledged, session.expected, 0),
                      Extension.numbers(ExtensionType.credit, granted.messages, granted.bytes)]
        if kind == MessageKind.pong:
            stalled = min(int(self.port.stalled(self.now) * 1000), 0xFFFFFFFF)
            extensions.append(Extension.numbers(ExtensionType.progress, stalled, width=4))
        self.append(peer, Header(kind, counter=counter, incarnation=incarnation, extensions=extensions))

    def touch(self, peer: PeerRecord) -> None:
        self._touched[peer.number] = peer

    def acknowledge_soon(self, peer: PeerRecord) -> None:
        peer.acknowledge_now = True
        self.touch(peer)

    def flush(self) -> None:
        """Sends what the calls since the last flush have to say."""
        for peer in list(self._touched.values()):
            came, most = peer.unacknowledged, self.options.ack_every
            if peer.acknowledge_now or came.messages >= most.messages or came.bytes >= most.bytes:
                self.append_status(peer, MessageKind.ack)
            self._pass_on(peer)
        self._touched.clear()

    def _pass_on(self, peer: PeerRecord) -> None:
        if peer.link is None or peer.agreement is None or not peer.outbox:
            return
        frames, peer.outbox = peer.outbox, []
        batches = len(frames) > 1 and peer.agreement.features & Feature.batches
        for frame in join_frames(frames, self.options.batch_bytes) if batches else frames:
            self.port.transmit(peer.link, frame)

    def _ping_number(self) -> int:
        return int(self.now * 1e9)

    def _set_heartbeat(self, peer: PeerRecord) -> None:
        cancel(peer.heartbeat)
        agreed = peer.agreement.heartbeat_ms / 1000 if peer.greeted and peer.agreement else self.options.heartbeat
        peer.heartbeat = self.timers.set(self.now + agreed, lambda: self._beat(peer, agreed))

    def _beat(self, peer: PeerRecord, period: float) -> None:
        if self.now - peer.heard >= period * self.options.heartbeats_missed:
            self._drop_link(peer, "it was silent for too long")
            return
        self.append_status(peer, MessageKind.ping, self._ping_number())
        self._set_heartbeat(peer)


def cancel(timer: Timer | None) -> None:
    if timer is not None:
        timer.cancel()


def microseconds(seconds: float) -> int:
    return min(max(int(seconds * 1e6), 1), 0xFFFFFFFF)


def _number(extension: Extension, at: int = 0) -> int:
    number = extension.u64(at)
    if number is None:
        raise Refused("an extension that is cut off")
    return number


def _draw() -> int:
    return random.SystemRandom().randrange(1, 1 << 64)
