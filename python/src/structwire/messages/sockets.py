# SPDX-License-Identifier: Apache-2.0
"""Frames over ZeroMQ: a DEALER for each address that was dialled, a ROUTER for each that is listened on. One thread, the
node's, calls everything but wake().

A connection that breaks is a link that ends: its DEALER is closed with all that it still held, and a new one dials, so that
HELLO is first on every link. What is lost so, sessions send again. A ROUTER cannot end one connection: a message of one
empty part says that it has ended the link.
"""
import random
import socket
import time
from collections import deque
from dataclasses import dataclass, field
from typing import Any, Protocol

import zmq
from zmq.auth.thread import ThreadAuthenticator
from zmq.utils.monitor import parse_monitor_message

from structwire.messages.options import Options

Parts = list[bytes | memoryview]

_OPENED = zmq.EVENT_HANDSHAKE_SUCCEEDED
_ENDED = (zmq.EVENT_DISCONNECTED | zmq.EVENT_CLOSED | zmq.EVENT_HANDSHAKE_FAILED_NO_DETAIL
          | zmq.EVENT_HANDSHAKE_FAILED_PROTOCOL | zmq.EVENT_HANDSHAKE_FAILED_AUTH)
_FRAMES_AT_ONCE = 64
_RETRY = 0.005
_HANDSHAKE_MS = 5000
_HEADER_ROOM = 1 << 20
# Identities of links that this side ended: what they still send is not read.
_ENDED_MAX = 4096


class Events(Protocol):
    """Who is told, within poll()."""

    def link_opened(self, number: int, dial: int | None) -> None: ...
    def received(self, number: int, parts: list[memoryview]) -> None: ...
    def link_closed(self, number: int) -> None: ...


@dataclass(slots=True, eq=False)
class Dial:
    number: int
    address: str
    dealer: "zmq.Socket[bytes] | None" = None
    monitor: "zmq.Socket[bytes] | None" = None
    link: int | None = None
    failures: int = 0


@dataclass(slots=True, eq=False)
class OpenLink:
    number: int
    socket: "zmq.Socket[bytes]"
    identity: bytes | None
    """Of a link of a ROUTER."""
    dial: Dial | None
    backlog: deque[Parts] = field(default_factory=deque)


class AllowList:
    """Asked by pyzmq for each one who dials."""

    def __init__(self, keys: tuple[str, ...]) -> None:
        self._keys = frozenset(key.encode() for key in keys)

    def callback(self, _domain: str, key: bytes) -> bool:
        return key in self._keys


class Sockets:
    def __init__(self, options: Options, events: Events) -> None:
        self._options = options
        self._events = events
        self._context = zmq.Context()
        self._poller = zmq.Poller()
        self._woken, self._waker = socket.socketpair()
        self._woken.setblocking(False)
        self._waker.setblocking(False)
        self._poller.register(self._woken, zmq.POLLIN)
        self._links: dict[int, OpenLink] = {}
        self._routers: dict[Any, dict[bytes, int]] = {}
        self._dials: dict[int, Dial] = {}
        self._by_socket: dict[Any, Dial] = {}
        self._by_monitor: dict[Any, Dial] = {}
        self._redials: list[tuple[float, Dial]] = []
        self._ended: dict[bytes, None] = {}
        self._lost: list[int] = []
        self._last = 0
        self._authenticator: ThreadAuthenticator | None = None

    # ---- addresses

    def listen(self, address: str) -> str:
        """Returns the address to dial, in which the system has put a free port for `*`."""
        router = self._context.socket(zmq.ROUTER)
        router.setsockopt(zmq.ROUTER_MANDATORY, 1)
        self._set_options(router)
        try:
            self._guard(router)
            router.bind(address)
        except zmq.ZMQError:
            router.close(0)
            raise
        self._routers[router] = {}
        self._poller.register(router, zmq.POLLIN)
        return router.getsockopt_string(zmq.LAST_ENDPOINT).rstrip("\0")

    def _guard(self, router: "zmq.Socket[bytes]") -> None:
        keys = self._options.keys
        if keys is None:
            return
        if self._authenticator is None:
            self._authenticator = ThreadAuthenticator(self._context)
            self._authenticator.start()
            self._authenticator.configure_curve_callback("*", AllowList(self._options.allowed_keys))
        router.curve_server = True
        router.curve_publickey = keys.public_key.encode()
        router.curve_secretkey = keys.secret_key.encode()

    def _prove(self, dealer: "zmq.Socket[bytes]", address: str) -> None:
        keys, known = self._options.keys, self._options.server_keys
        if keys is None:
            return
        server_key = known.get(address) or known.get("")
        if server_key is None:
            raise zmq.ZMQError(zmq.EINVAL, f"Options.server_keys has no key of who listens at {address}")
        dealer.curve_serverkey = server_key.encode()
        dealer.curve_publickey = keys.public_key.encode()
        dealer.curve_secretkey = keys.secret_key.encode()

    def dial(self, address: str) -> int:
        """Keeps a link to it open from now on. An error only for an address that makes no sense."""
        self._last += 1
        dial = Dial(self._last, address)
        self._open(dial)
        self._dials[dial.number] = dial
        return dial.number

    def hang_up(self, number: int) -> None:
        dial = self._dials.pop(number, None)
        if dial is not None:
            self._end(dial, tell=False)
            self._redials = [each for each in self._redials if each[1] is not dial]

    def _set_options(self, each: "zmq.Socket[bytes]") -> None:
        each.setsockopt(zmq.LINGER, 0)
        each.setsockopt(zmq.SNDHWM, _FRAMES_AT_ONCE)
        each.setsockopt(zmq.RCVHWM, _FRAMES_AT_ONCE)
        each.setsockopt(zmq.HANDSHAKE_IVL, _HANDSHAKE_MS)
        each.setsockopt(zmq.MAXMSGSIZE, self._options.payload_bytes_max + _HEADER_ROOM)

    def _open(self, dial: Dial) -> None:
        dealer = self._context.socket(zmq.DEALER)
        self._set_options(dealer)
        dealer.setsockopt(zmq.RECONNECT_IVL, -1)
        monitor = dealer.get_monitor_socket(_OPENED | _ENDED)
        try:
            self._prove(dealer, dial.address)
            dealer.connect(dial.address)
        except zmq.ZMQError:
            dealer.disable_monitor()
            monitor.close(0)
            dealer.close(0)
            raise
        dial.dealer, dial.monitor = dealer, monitor
        self._by_socket[dealer] = self._by_monitor[monitor] = dial
        self._poller.register(dealer, zmq.POLLIN)
        self._poller.register(monitor, zmq.POLLIN)

    def _end(self, dial: Dial, tell: bool = True) -> None:
        """Closes its socket, and dials again unless it was hung up."""
        dealer, monitor, link = dial.dealer, dial.monitor, dial.link
        dial.dealer = dial.monitor = dial.link = None
        if dealer is None or monitor is None:
            return
        self._poller.unregister(dealer)
        self._poller.unregister(monitor)
        del self._by_socket[dealer], self._by_monitor[monitor]
        dealer.disable_monitor()
        monitor.close(0)
        dealer.close(0)
        if dial.number in self._dials:
            pause = min(self._options.redial_first * 2**dial.failures, self._options.redial_longest)
            dial.failures = min(dial.failures + 1, 16)
            self._redials.append((time.monotonic() + pause * (0.5 + random.random() / 2), dial))
        if link is not None:
            del self._links[link]
            if tell:
                self._events.link_closed(link)

    # ---- links

    def send(self, number: int, parts: Parts) -> None:
        """Sends, or keeps it until the link takes it; one to a link that is closed is dropped."""
        link = self._links.get(number)
        if link is None:
            return
        if link.backlog or not self._try_send(link, parts):
            link.backlog.append(parts)
            if link.dial is not None:
                self._poller.register(link.socket, zmq.POLLIN | zmq.POLLOUT)

    def _try_send(self, link: OpenLink, parts: Parts) -> bool:
        """False where the socket takes no more now."""
        whole = parts if link.identity is None else [link.identity, *parts]
        try:
            link.socket.send_multipart(whole, zmq.DONTWAIT)
        except zmq.Again:
            return False
        except zmq.ZMQError:
            self._lose(link)
        return True

    def _lose(self, link: OpenLink) -> None:
        """The other side of a ROUTER is gone. Told at the end of poll(): the endpoint may be within a call."""
        link.backlog.clear()
        self._lost.append(link.number)

    def close(self, number: int) -> None:
        """Ends a link, without an event; what was dialled is dialled again."""
        link = self._links.get(number)
        if link is None:
            return
        if link.dial is not None:
            self._end(link.dial, tell=False)
            return
        del self._links[number]
        if link.identity is not None:
            try:
                link.socket.send_multipart([link.identity, b""], zmq.DONTWAIT)
            except zmq.ZMQError:
                pass  # It is gone already, or takes nothing: its heartbeat finds out.
            self._routers[link.socket].pop(link.identity, None)
            self._ended[link.identity] = None
            while len(self._ended) > _ENDED_MAX:
                del self._ended[next(iter(self._ended))]

    # ---- events

    def wake(self) -> None:
        """Ends the poll() that runs, or else the next one. From any thread."""
        try:
            self._waker.send(b"\0")
        except (BlockingIOError, OSError):
            pass

    def poll(self, until: float | None) -> None:
        now = time.monotonic()
        times = [each for each in (until, *(when for when, _ in self._redials)) if each is not None]
        if any(link.backlog and link.dial is None for link in self._links.values()):
            times.append(now + _RETRY)
        wait = None if not times else max(0.0, min(times) - now) * 1000
        ready = dict(self._poller.poll(None if wait is None else int(wait) + (wait > 0)))
        if self._woken.fileno() in ready:
            try:
                self._woken.recv(4096)
            except BlockingIOError:
                pass
        # What came over a link goes before the news of its end.
        for each, flags in ready.items():
            if each in self._routers:
                self._read_router(each)
            elif each in self._by_socket and flags & zmq.POLLIN:
                self._read_dealer(self._by_socket[each])
        for each in ready:
            if each in self._by_monitor:
                self._read_monitor(self._by_monitor[each])
        self._send_backlogs()
        while self._lost:
            number = self._lost.pop()
            if number in self._links:
                self.close(number)
                self._events.link_closed(number)
        self._redial()

    def _read_router(self, router: Any) -> None:
        links = self._routers[router]
        for _ in range(_FRAMES_AT_ONCE):
            try:
                identity, *parts = router.recv_multipart(zmq.DONTWAIT)
            except zmq.ZMQError:
                return
            if identity in self._ended:
                continue
            number = links.get(identity)
            if number is None:
                self._last += 1
                number = links[identity] = self._last
                self._links[number] = OpenLink(number, router, identity, None)
                self._events.link_opened(number, None)
            self._events.received(number, [memoryview(part) for part in parts])

    def _read_dealer(self, dial: Dial) -> None:
        for _ in range(_FRAMES_AT_ONCE):
            if dial.dealer is None or dial.link is None:
                return
            try:
                parts = dial.dealer.recv_multipart(zmq.DONTWAIT)
            except zmq.ZMQError:
                return
            if parts == [b""]:
                self._end(dial)
                return
            self._events.received(dial.link, [memoryview(part) for part in parts])

    def _read_monitor(self, dial: Dial) -> None:
        while dial.monitor is not None and dial.dealer is not None:
            try:
                event = parse_monitor_message(dial.monitor.recv_multipart(zmq.DONTWAIT))["event"]
            except zmq.ZMQError:
                return
            if event & _OPENED and dial.link is None:
                self._last += 1
                dial.link = self._last
                dial.failures = 0
                self._links[dial.link] = OpenLink(dial.link, dial.dealer, None, dial)
                self._events.link_opened(dial.link, dial.number)
            elif event & _ENDED:
                self._end(dial)

    def _send_backlogs(self) -> None:
        for link in list(self._links.values()):
            had = bool(link.backlog)
            while link.backlog and self._try_send(link, link.backlog[0]):
                if link.backlog:
                    link.backlog.popleft()
            if had and not link.backlog and link.dial is not None:
                self._poller.register(link.socket, zmq.POLLIN)

    def _redial(self) -> None:
        now = time.monotonic()
        due = [dial for when, dial in self._redials if when <= now]
        if due:
            self._redials = [each for each in self._redials if each[0] > now]
        for dial in due:
            try:
                self._open(dial)
            except zmq.ZMQError:
                self._redials.append((now + self._options.redial_longest, dial))

    def shut(self, linger: float) -> None:
        """Ends it all; what links still hold may take `linger` seconds to leave."""
        for dial in list(self._dials.values()):
            if dial.dealer is not None:
                dial.dealer.disable_monitor()
        if self._authenticator is not None:
            self._authenticator.stop()
        self._context.destroy(linger=int(linger * 1000))
        self._woken.close()
        self._waker.close()
