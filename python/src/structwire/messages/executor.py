# SPDX-License-Identifier: Apache-2.0
"""Runs handlers on threads. What waits for one is bounded by the credit that the peers were granted."""
import contextvars
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from structwire.messages.codec import Decoder, encode
from structwire.messages.failure import FailureCode, MessageFailure
from structwire.messages.header import Delivery
from structwire.messages.hello import HandlerEntry, Ordering
from structwire.messages.records import Outcome, Reply, Request

_STREAM_ITEMS_MAX = 1 << 32


class Context:
    """What a handler may know of the request that it runs for."""

    def __init__(self, request: Request, peer: Any) -> None:
        self.peer = peer
        """Who asked: messages may be sent to it."""
        self.handler = request.handler.name
        self.message_id = (request.session, request.counter)
        self.delivery = request.delivery
        self.key = request.key
        self.depth = request.depth
        self.trace = request.trace
        """W3C Trace Context, as it came; messages that the handler sends carry it on."""
        self.deadline = request.deadline
        """A moment of time.monotonic(); None: there is none."""
        self._stopped = threading.Event()
        self._condition = threading.Condition()
        self._allowed = min(request.stream_items, _STREAM_ITEMS_MAX)
        self._sends: set[Any] = set()

    @property
    def cancelled(self) -> bool:
        """The caller does not want it any more, or its deadline passed: a handler that runs for long should look."""
        return self._stopped.is_set()

    def wait_cancelled(self, seconds: float | None = None) -> bool:
        """Sleeps so long, or until it is cancelled; tells whether it is."""
        return self._stopped.wait(seconds)

    def time_left(self) -> float | None:
        return None if self.deadline is None else max(self.deadline - time.monotonic(), 0.0)

    def stop(self) -> None:
        self._stopped.set()
        with self._condition:
            self._condition.notify_all()
            sends = list(self._sends)
        for send in sends:
            send.cancel()

    def began(self, call: Any) -> None:
        """A send of this handler: it is cancelled with it."""
        with self._condition:
            self._sends.add(call)
        if self.cancelled:
            call.cancel()

    def ended(self, call: Any) -> None:
        with self._condition:
            self._sends.discard(call)

    def allow(self, total: int) -> None:
        """So many items of a stream may have been sent."""
        with self._condition:
            self._allowed = max(self._allowed, total)
            self._condition.notify_all()

    def wait_allowed(self, item: int) -> bool:
        """Until the item of this number may be sent; False where nobody wants it any more."""
        with self._condition:
            self._condition.wait_for(lambda: item <= self._allowed or self.cancelled)
        return not self.cancelled


current: contextvars.ContextVar[Context | None] = contextvars.ContextVar("structwire_context", default=None)
"""Of the handler that runs on this thread."""


@dataclass(slots=True, eq=False)
class Handler:
    entry: HandlerEntry
    function: Callable[..., Any]
    takes_context: bool
    stream: bool
    request: Decoder


@dataclass(slots=True, eq=False)
class Job:
    request: Request
    handler: Handler
    context: Context
    lane: Any
    started: bool = False
    dropped: bool = False
    queued: float = 0.0


@dataclass(slots=True, eq=False)
class Tell:
    """How a thread of a handler tells what it did."""

    accepted: Callable[[Request], None]
    item: Callable[[Request, Reply], None]
    finished: Callable[[Request, Outcome], None]


class Executor:
    def __init__(self, workers: int, tell: Tell) -> None:
        self._workers = workers
        self._tell = tell
        self._lock = threading.Condition()
        self._ready: deque[Job] = deque()
        self._lanes: dict[Any, deque[Job]] = {}
        self._threads: list[threading.Thread] = []
        self._idle = 0
        self._waiting = 0
        self._progress = 0.0
        self._stopped = False

    def submit(self, job: Job) -> None:
        with self._lock:
            job.queued = time.monotonic()
            self._waiting += 1
            if job.lane is not None:
                lane = self._lanes.setdefault(job.lane, deque())
                lane.append(job)
                if len(lane) > 1:
                    return  # The one before it brings it on.
            self._make_ready(job)

    def _make_ready(self, job: Job) -> None:
        self._ready.append(job)
        if self._idle < len(self._ready) and len(self._threads) < self._workers:
            thread = threading.Thread(target=self._work, name="structwire-handler", daemon=True)
            self._threads.append(thread)
            thread.start()
        self._lock.notify()

    def drop(self, job: Job) -> bool:
        """True where it did not start, and will not."""
        with self._lock:
            if job.started:
                job.context.stop()
                return False
            job.dropped = True
            return True

    def stalled(self, now: float) -> float:
        """For how long work has waited without any being done."""
        with self._lock:
            if self._waiting == 0 or not self._ready:
                return 0.0
            return max(now - max(self._progress, self._ready[0].queued), 0.0)

    def stop(self) -> None:
        with self._lock:
            self._stopped = True
            self._lock.notify_all()

    def _work(self) -> None:
        while (job := self._next()) is not None:
            if not job.dropped:
                self._run(job)
            self._done(job)

    def _next(self) -> Job | None:
        with self._lock:
            self._idle += 1
            self._lock.wait_for(lambda: self._ready or self._stopped)
            self._idle -= 1
            if self._stopped:
                return None
            job = self._ready.popleft()
            self._waiting -= 1
            job.started = not job.dropped
            return job

    def _done(self, job: Job) -> None:
        with self._lock:
            self._progress = time.monotonic()
            if job.lane is None:
                return
            lane = self._lanes[job.lane]
            lane.popleft()
            if lane:
                self._make_ready(lane[0])
            else:
                del self._lanes[job.lane]

    # ---- one job

    def _run(self, job: Job) -> None:
        request = job.request
        try:
            outcome: Outcome = self._outcome(job)
        except MessageFailure as failure:
            outcome = failure
        except BaseException as error:  # noqa: BLE001  Whatever it is: its caller is told.
            code = FailureCode.cancelled if job.context.cancelled else FailureCode.handler_failed
            outcome = MessageFailure(code, f"{type(error).__name__}: {error}")
        if isinstance(outcome, MessageFailure) and request.stopped is not None:
            outcome = MessageFailure(request.stopped, outcome.text)
        self._tell.finished(request, outcome)

    def _outcome(self, job: Job) -> Outcome:
        request, handler = job.request, job.handler
        if job.context.deadline is not None and time.monotonic() >= job.context.deadline:
            raise MessageFailure(FailureCode.expired, "its deadline passed before its handler ran")
        value = handler.request.decode(request.payload, request.format)
        if request.delivery in (Delivery.accepted, Delivery.receipt):
            self._tell.accepted(request)
        token = current.set(job.context)
        try:
            arguments = (value, job.context) if handler.takes_context else (value,)
            result = handler.function(*arguments)
            if handler.stream:
                return self._stream(job, iter(result))
            return self._reply(job, result)
        finally:
            current.reset(token)

    def _reply(self, job: Job, value: Any) -> Reply:
        encoded = encode(value, _formats(job.request))
        return Reply(encoded.payload, encoded.format, encoded.schema)

    def _stream(self, job: Job, items: Iterator[Any]) -> Reply:
        if job.request.stream_items == 0:
            raise MessageFailure(FailureCode.handler_failed, "the handler returns a stream, and its caller wants none")
        for number, item in enumerate(items, 1):
            if not job.context.wait_allowed(number):
                close = getattr(items, "close", None)
                if close is not None:
                    close()
                raise MessageFailure(FailureCode.cancelled, "the stream is not wanted any more")
            self._tell.item(job.request, self._reply(job, item))
        return Reply()


def _formats(request: Request) -> list[int]:
    """That of the request first: its sender has it at hand."""
    agreement = request.peer.agreement
    return [request.format, *(agreement.formats if agreement is not None else ())]


def lane_of(request: Request) -> Any:
    """Requests of one lane run one after the other; None: as it comes."""
    slot, ordering = request.handler.slot, request.handler.ordering
    if ordering == Ordering.by_key:
        return slot, request.key
    if ordering == Ordering.by_sender:
        return slot, "sender", request.peer.number
    if ordering == Ordering.all:
        return slot, "all"
    return None
