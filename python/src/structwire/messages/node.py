# SPDX-License-Identifier: Apache-2.0
"""A program's place among its peers: handlers that others call, and peers that it calls."""
import inspect
import itertools
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable
from concurrent.futures import Future
from types import TracebackType
from typing import Any, TypeVar

import msgspec

from structwire.messages.calls import Call, Stream, waiter_of
from structwire.messages.codec import Decoder, encode, wire_fingerprint
from structwire.messages.endpoint import Endpoint
from structwire.messages.executor import Context, Executor, Handler, Job, Tell, current, lane_of
from structwire.messages.failure import FailureCode, MessageFailure
from structwire.messages.header import Delivery
from structwire.messages.hello import HandlerEntry, Ordering
from structwire.messages.options import Options
from structwire.messages.records import TRACE_PARENT_BYTES, Outcome, PeerRecord, PeerState, Reply, Request, Send, Trace
from structwire.messages.sockets import Sockets

T = TypeVar("T")
F = TypeVar("F", bound=Callable[..., Any])

CONFIRMS = {None: Delivery.fire_and_forget, "queued": Delivery.queued, "accepted": Delivery.accepted, "done": Delivery.done}


class Peer:
    """Somebody whose handlers can be called: dialled, or one who dialled (Context.peer). Any thread may use it."""

    def __init__(self, node: "Node", record: PeerRecord) -> None:
        self._node = node
        self._record = record

    def call(self, handler: str, request: Any = None, response_type: type[T] | Any = None, *,
             deadline: float | None = None, key: int = 0, wait: bool = True, trace: Trace | None = None) -> Any:
        """Sends a request and waits for what the handler returns. Raises MessageFailure.

        `deadline`: seconds from now; within a handler, at most what its own caller left. `response_type`: what the answer
        is decoded as; whatever comes, without it. `wait=False`: fails as queue_full where the peer's credit is used up.
        """
        return self.begin(handler, request, response_type, deadline=deadline, key=key, wait=wait, trace=trace).result()

    def send(self, handler: str, request: Any = None, *, confirm: str | None = None, deadline: float | None = None,
             key: int = 0, wait: bool = True, trace: Trace | None = None) -> None:
        """Sends a message whose handler's return value does not matter. Without `confirm` it returns at once, and nobody
        hears what becomes of it. With it, waits until the message is `queued` (with the receiver), `accepted` (decoded and
        admitted) or `done` (the handler returned), or raises MessageFailure."""
        call: Call[Any] = self.begin(handler, request, delivery=CONFIRMS[confirm], deadline=deadline, key=key, wait=wait,
                                     trace=trace)
        if confirm is not None:
            call.result()

    def begin(self, handler: str, request: Any = None, response_type: Any = None, *,
              delivery: Delivery = Delivery.response, deadline: float | None = None, key: int = 0,
              wait: bool = True, trace: Trace | None = None) -> Call[Any]:
        """Sends without waiting; Call.result() or `await` waits. With Delivery.receipt, Call.receipt() waits for the
        verdict before the handler runs."""
        send, decoder = self._prepare(handler, request, response_type, delivery, deadline, key, trace)
        send.waits = wait
        call: Call[Any] = Call(decoder, lambda: self._node.post(lambda: self._node.endpoint.outgoing.cancel(send)))
        send.tag = call
        self._begin(send)
        return call

    def stream(self, handler: str, request: Any = None, item_type: Any = None, *, ahead: int = 16,
               deadline: float | None = None, key: int = 0, trace: Trace | None = None) -> Stream[Any]:
        """The items that a handler returns one by one; it is at most `ahead` of who iterates."""
        send, decoder = self._prepare(handler, request, item_type, Delivery.response, deadline, key, trace)
        send.stream_items = ahead
        outgoing, post = self._node.endpoint.outgoing, self._node.post
        stream: Stream[Any] = Stream(decoder, ahead, lambda: post(lambda: outgoing.cancel(send)),
                                     lambda total: post(lambda: outgoing.consumed(send, total)))
        send.tag = stream
        self._begin(send)
        return stream

    def _prepare(self, handler: str, request: Any, response_type: Any, delivery: Delivery, deadline: float | None,
                 key: int, trace: Trace | None) -> tuple[Send, Decoder]:
        decoder = self._node.decoder(response_type)
        agreement = self._record.agreement
        encoded = encode(request, agreement.formats if agreement is not None else self._node.options.formats)
        if trace is not None and len(trace.parent) != TRACE_PARENT_BYTES:
            raise ValueError(f"the parent of a trace has {TRACE_PARENT_BYTES} bytes, not {len(trace.parent)}")
        send = Send(None, handler, encoded.payload, delivery, encoded.format, encoded.schema, key=key, trace=trace)
        send.seconds = self._node.options.deadline if deadline is None else deadline
        if send.seconds <= 0:
            raise MessageFailure(FailureCode.expired, "its deadline passed before it was sent")
        context = current.get()
        if context is not None:
            send.depth = context.depth + 1
            send.trace = send.trace or context.trace
            left = context.time_left()
            if left is not None:
                send.seconds = min(send.seconds, left)
                if left <= 0:
                    raise MessageFailure(FailureCode.expired, "the deadline of the request that this handler runs for passed")
        return send, decoder

    def _begin(self, send: Send) -> None:
        context = current.get()
        if context is not None:
            waiter = send.tag
            context.began(waiter)
            waiter.add_done_callback(context.ended)
        if not self._node.post(lambda: self._node.endpoint.outgoing.begin(self._record, send)):
            self._node.settled(send, MessageFailure(FailureCode.stopped, "the node is closed"))

    @property
    def state(self) -> PeerState:
        return self._record.state

    @property
    def name(self) -> str:
        return self._record.hello.name if self._record.hello else ""

    @property
    def handlers(self) -> list[str]:
        return sorted(self._record.handlers)

    @property
    def round_trip(self) -> float:
        """Seconds, of the last heartbeat; 0: there was none yet."""
        return self._record.round_trip

    def wait_up(self, timeout: float | None = None) -> bool:
        """Until it answers. Not needed: what is sent before waits."""
        return self._node.wait_for(lambda: self.state == PeerState.up, timeout)

    def forget(self) -> None:
        """No link to it any more; what is under way to it fails."""
        self._node.forget(self._record)


class Node:
    """Owns one thread, which owns the sockets and runs the protocol, and threads for handlers. A context manager."""

    def __init__(self, name: str = "", *, options: Options | None = None) -> None:
        self.options = options or Options(name=name)
        if name:
            self.options.name = name
        self.endpoint = Endpoint(self.options, self, time.monotonic())
        self._sockets = Sockets(self.options, self)
        self._executor = Executor(self.options.workers, Tell(self._accepted, self._item, self._finished))
        self._handlers: dict[int, Handler] = {}
        self._slots = itertools.count(1)
        self._decoders: dict[Any, Decoder] = {}
        self._peers: dict[PeerRecord, Peer] = {}
        self._posts: deque[Callable[[], None]] = deque()
        self._lock = threading.Condition()
        self._awake = True
        self._closed = False
        self._thread = threading.Thread(target=self._loop, name="structwire-messages", daemon=True)
        self._thread.start()

    # ---- handlers

    def handler(self, name: str, *, request: Any = None, response: Any = None, idempotent: bool = False,
                ordering: Ordering | str = Ordering.none, stream: bool = False,
                accepts: Iterable[int] = ()) -> Callable[[F], F]:
        """Decorates a function that answers messages: `function(request)` or `function(request, context)`.

        It is called on one of the node's threads with a value of type `request`, and what it returns is the reply. It may
        raise MessageFailure to choose the code; anything else that it raises is told as handler_failed. `stream`: it
        returns an iterator, each of whose items is sent by itself. `idempotent`: it may be run twice for one message.
        `accepts`: further wire fingerprints of requests that it takes.
        """
        def decorate(function: F) -> F:
            entry = HandlerEntry(name, next(self._slots), wire_fingerprint(request), wire_fingerprint(response),
                                 list(accepts), idempotent, Ordering(ordering))
            handler = Handler(entry, function, _takes_context(function), stream, Decoder(request))
            self.ask(lambda: self._add_handler(handler))
            return function
        return decorate

    def _add_handler(self, handler: Handler) -> None:
        former = self.endpoint.handlers.get(handler.entry.name)
        if former is not None:
            self.endpoint.remove_handler(former.name)
        self._handlers[handler.entry.slot] = handler
        self.endpoint.set_handler(handler.entry)

    def remove_handler(self, name: str) -> None:
        """Messages to it end as handler_not_found; those that wait already are run."""
        self.ask(lambda: self.endpoint.remove_handler(name))

    # ---- peers

    def listen(self, address: str = "tcp://127.0.0.1:*") -> str:
        """Waits for others there; returns the address to dial, with the port that was free for `*`."""
        return self.ask(lambda: self._sockets.listen(address))

    def connect(self, address: str) -> Peer:
        """Returns at once, and keeps a connection to the address open from now on; what is sent before it stands
        waits. An error (zmq.ZMQError) only for an address that makes no sense."""
        return self.ask(lambda: self._peer_of(self.endpoint.dialled(self._sockets.dial(address))))

    def peers(self) -> list[Peer]:
        return self.ask(lambda: [self._peer_of(each) for each in self.endpoint.peers.values()])

    def forget(self, record: PeerRecord) -> None:
        def forget() -> None:
            self.endpoint.forget(record)
            if record.dial is not None:
                self._sockets.hang_up(record.dial)
        self.ask(forget)

    def _peer_of(self, record: PeerRecord) -> Peer:
        return self._peers.setdefault(record, Peer(self, record))

    # ---- the end

    def drain(self, timeout: float | None = None) -> bool:
        """Refuses new requests, tells the peers so, and waits until nothing runs and nothing is on its way. False: the
        time was over before."""
        self.ask(self.endpoint.drain)
        end = None if timeout is None else time.monotonic() + timeout
        while not self.ask(self.endpoint.idle):
            if end is not None and time.monotonic() >= end:
                return False
            time.sleep(0.005)
        return True

    def close(self) -> None:
        """At once: what is under way ends as `stopped`; handlers that run are told, and not waited for."""
        with self._lock:
            if self._closed:
                return
        self.post(self._end)
        if threading.current_thread() is not self._thread:
            self._thread.join()

    def _end(self) -> None:
        self.endpoint.stop()
        for peer in list(self.endpoint.peers.values()):
            self.endpoint.incoming.orphan(peer)
        self.endpoint.flush()
        self._executor.stop()
        with self._lock:
            self._closed = True

    def __enter__(self) -> "Node":
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None,
                 trace: TracebackType | None) -> None:
        self.close()

    # ---- the thread

    def post(self, action: Callable[[], None]) -> bool:
        """Has it done on the node's thread. False: there is none any more."""
        with self._lock:
            if self._closed:
                return False
            self._posts.append(action)
            wakes, self._awake = not self._awake, True
        if wakes:
            self._sockets.wake()
        return True

    def ask(self, action: Callable[[], T]) -> T:
        """Has it done there, and waits for what it returns."""
        if threading.current_thread() is self._thread:
            return action()
        answer: Future[T] = Future()

        def act() -> None:
            try:
                answer.set_result(action())
            except BaseException as error:  # noqa: BLE001  It is raised where it was asked for.
                answer.set_exception(error)
        if not self.post(act):
            raise MessageFailure(FailureCode.stopped, "the node is closed")
        return answer.result()

    def wait_for(self, condition: Callable[[], bool], timeout: float | None) -> bool:
        with self._lock:
            return self._lock.wait_for(condition, timeout)

    def _loop(self) -> None:
        endpoint, sockets = self.endpoint, self._sockets
        while not self._closed:
            endpoint.now = time.monotonic()
            self._take_posts()
            endpoint.timers.expire(endpoint.now)
            endpoint.flush()
            with self._lock:
                if self._posts or self._closed:
                    continue
                self._awake = False
            sockets.poll(endpoint.timers.next())
            with self._lock:
                self._awake = True
        self._take_posts()
        sockets.shut(linger=1.0)

    def _take_posts(self) -> None:
        while True:
            try:
                action = self._posts.popleft()
            except IndexError:
                return
            action()

    def link_opened(self, number: int, dial: int | None) -> None:
        self.endpoint.now = time.monotonic()
        self.endpoint.link_opened(number, dial)

    def received(self, number: int, parts: list[memoryview]) -> None:
        self.endpoint.now = time.monotonic()
        self.endpoint.received(number, parts)

    def link_closed(self, number: int) -> None:
        self.endpoint.now = time.monotonic()
        self.endpoint.link_closed(number)

    # ---- what the endpoint wants done (Port)

    def transmit(self, link: int, parts: list[bytes | memoryview]) -> None:
        self._sockets.send(link, parts)

    def disconnect(self, link: int, reason: str) -> None:
        self._sockets.close(link)

    def run(self, request: Request) -> None:
        handler = self._handlers[request.handler.slot]
        job = Job(request, handler, Context(request, self._peer_of(request.peer)), lane_of(request))
        request.tag = job
        self._executor.submit(job)

    def stop(self, request: Request) -> None:
        if self._executor.drop(request.tag):
            code = request.stopped or FailureCode.cancelled
            self._posts.append(lambda: self.endpoint.incoming.finished(request, MessageFailure(
                code, "it was not run any more")))

    def more_items(self, request: Request, total: int) -> None:
        request.tag.context.allow(total)

    def settled(self, send: Send, outcome: Outcome) -> None:
        waiter = waiter_of(send)
        if waiter is not None:
            waiter.settled(outcome)

    def receipt(self, send: Send) -> None:
        waiter = waiter_of(send)
        if waiter is not None:
            waiter.receipt_came()

    def item(self, send: Send, reply: Reply) -> None:
        waiter = waiter_of(send)
        if waiter is not None:
            waiter.item_came(reply)

    def peer_changed(self, peer: PeerRecord) -> None:
        with self._lock:
            self._lock.notify_all()
        if peer.state == PeerState.gone:
            self._peers.pop(peer, None)

    def stalled(self, now: float) -> float:
        return self._executor.stalled(now)

    # ---- what handlers' threads tell

    def _accepted(self, request: Request) -> None:
        self.post(lambda: self.endpoint.incoming.accepted(request))

    def _item(self, request: Request, reply: Reply) -> None:
        self.post(lambda: self.endpoint.incoming.item(request, reply))

    def _finished(self, request: Request, outcome: Outcome) -> None:
        self.post(lambda: self.endpoint.incoming.finished(request, outcome))

    def decoder(self, type: Any) -> Decoder:
        """One for each type that is asked for again and again."""
        try:
            found = self._decoders.get(type)
        except TypeError:
            return Decoder(type)
        if found is None:
            found = Decoder(type)
            if isinstance(type, msgspec.StructMeta) or type in (None, bytes, str, int, float, bool):
                self._decoders[type] = found
        return found


def _takes_context(function: Callable[..., Any]) -> bool:
    parameters = inspect.signature(function).parameters.values()
    places = (inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD)
    return sum(each.kind in places for each in parameters) >= 2
