# SPDX-License-Identifier: Apache-2.0
"""What a sender holds while its message is under way."""
import asyncio
import threading
from collections import deque
from collections.abc import Callable, Generator, Iterator
from concurrent.futures import Future
from typing import Any, Generic, TypeVar

from structwire.messages.codec import Decoder
from structwire.messages.failure import MessageFailure
from structwire.messages.records import Outcome, Reply, Send

T = TypeVar("T")


class Call(Generic[T]):
    """A message that was sent. Exactly one end comes: a result, or a MessageFailure, at its deadline at the latest.

    For threads: result(). For asyncio: `await call`. Both may be used often and by several.
    """

    def __init__(self, decoder: Decoder, cancel: Callable[[], object]) -> None:
        self._decoder = decoder
        self._cancel = cancel
        self._future: Future[Reply] = Future()
        self._receipt: Future[bool] = Future()

    def result(self) -> T:
        """Waits for the end. Raises MessageFailure."""
        return self._decoded(self._future.result())

    def receipt(self) -> None:
        """Waits for the verdict of the contract (Delivery.receipt): the handler will run. Raises MessageFailure."""
        self._receipt.result()

    def done(self) -> bool:
        return self._future.done()

    def cancel(self) -> None:
        """The peer is told; the end is `cancelled`, or the result where it was made already."""
        self._cancel()

    def add_done_callback(self, function: "Callable[[Call[T]], None]") -> None:
        """Called from the node's thread, or at once; it must not wait for anything."""
        self._future.add_done_callback(lambda _: function(self))

    def __await__(self) -> Generator[Any, None, T]:
        reply = yield from asyncio.wrap_future(self._future).__await__()
        return self._decoded(reply)

    def _decoded(self, reply: Reply) -> T:
        value: T = self._decoder.decode(reply.payload, reply.format)
        return value

    # ---- for the node's thread

    def receipt_came(self) -> None:
        if not self._receipt.done():
            self._receipt.set_result(True)

    def settled(self, outcome: Outcome) -> None:
        if isinstance(outcome, MessageFailure):
            if not self._receipt.done():
                self._receipt.set_exception(outcome)
            self._future.set_exception(outcome)
        else:
            self.receipt_came()
            self._future.set_result(outcome)

    def item_came(self, reply: Reply) -> None:
        """One reply was asked for: more are dropped."""


class Stream(Generic[T]):
    """Items as the peer's handler makes them: at most `ahead` of them wait here. Iterating raises MessageFailure where the
    stream did not end well. Leaving it early, as a context manager or by close(), cancels it."""

    def __init__(self, decoder: Decoder, ahead: int, cancel: Callable[[], object],
                 consumed: Callable[[int], object]) -> None:
        self._decoder = decoder
        self._ahead = ahead
        self._cancel = cancel
        self._consumed = consumed
        self._condition = threading.Condition()
        self._items: deque[Reply] = deque()
        self._outcome: Outcome | None = None
        self._taken = 0
        self._told = 0
        self._ended: Callable[[Stream[T]], None] | None = None

    def __iter__(self) -> Iterator[T]:
        return self

    def __next__(self) -> T:
        with self._condition:
            self._condition.wait_for(lambda: self._items or self._outcome is not None)
            if self._items:
                reply = self._items.popleft()
            elif isinstance(self._outcome, MessageFailure):
                raise self._outcome
            else:
                raise StopIteration
        self._taken += 1
        if self._taken - self._told >= max(self._ahead // 2, 1):
            self._told = self._taken
            self._consumed(self._taken)
        value: T = self._decoder.decode(reply.payload, reply.format)
        return value

    def cancel(self) -> None:
        self._cancel()

    def add_done_callback(self, function: "Callable[[Stream[T]], None]") -> None:
        """For one; before the stream begins."""
        self._ended = function

    def close(self) -> None:
        if self._outcome is None:
            self._cancel()

    def __enter__(self) -> "Stream[T]":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    # ---- for the node's thread

    def receipt_came(self) -> None:
        pass

    def item_came(self, reply: Reply) -> None:
        with self._condition:
            # Not more than were asked for: a peer that sends them does not keep to the protocol.
            if len(self._items) > 2 * self._ahead:
                self._cancel()
                return
            self._items.append(reply)
            self._condition.notify_all()

    def settled(self, outcome: Outcome) -> None:
        with self._condition:
            # A handler that returns one value makes a stream of one item.
            if isinstance(outcome, Reply) and len(outcome.payload):
                self._items.append(outcome)
            self._outcome = outcome
            self._condition.notify_all()
        if self._ended is not None:
            self._ended(self)


Waiter = Call[Any] | Stream[Any]


def waiter_of(send: Send) -> Waiter | None:
    waiter: Waiter | None = send.tag
    return waiter
