# SPDX-License-Identifier: Apache-2.0
"""What bounds and orders the messages of one session: credit, acknowledgement, and how repeats are told."""
from collections import OrderedDict, deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from structwire.messages.header import Header


@dataclass(slots=True)
class Amount:
    messages: int = 0
    bytes: int = 0

    def __add__(self, other: "Amount") -> "Amount":
        return Amount(self.messages + other.messages, self.bytes + other.bytes)

    def less(self, other: "Amount") -> "Amount":
        return Amount(max(self.messages - other.messages, 0), max(self.bytes - other.bytes, 0))


class CreditToSend:
    """At the sender: may one more go out? Grants are totals since the session began; a smaller one is late."""

    def __init__(self) -> None:
        self.granted = Amount()
        self.used = Amount()

    def grant(self, messages: int, bytes: int) -> None:
        self.granted = Amount(max(self.granted.messages, messages), max(self.granted.bytes, bytes))

    def take(self, bytes: int) -> bool:
        if self.used.messages >= self.granted.messages or self.used.bytes + bytes > self.granted.bytes:
            return False
        self.used += Amount(1, bytes)
        return True


class CreditToGrant:
    """At the receiver: what was granted, what came, what is held no longer."""

    def __init__(self, window: Amount) -> None:
        self.window = window
        self.granted = Amount(window.messages, window.bytes)
        self.received = Amount()
        self.released = Amount()

    def receive(self, bytes: int) -> bool:
        """A message came. False for one that no credit covers."""
        self.received += Amount(1, bytes)
        return self.received.messages <= self.granted.messages and self.received.bytes <= self.granted.bytes

    def release(self, bytes: int) -> None:
        self.released += Amount(1, bytes)

    def grant_due(self) -> bool:
        """Is it worth a message? Half a window more than before."""
        total = self._to_grant()
        return (total.messages - self.granted.messages >= max(self.window.messages // 2, 1)
                or total.bytes - self.granted.bytes >= max(self.window.bytes // 2, 1))

    def grant(self) -> None:
        self.granted = self._to_grant()

    def _to_grant(self) -> Amount:
        total = self.released + self.window
        return Amount(max(self.granted.messages, total.messages), max(self.granted.bytes, total.bytes))


class DedupeWindow:
    """Which of the last 1024 counters of a session were seen."""

    SIZE = 1024

    def __init__(self) -> None:
        self._next = 0
        self._bits = 0

    def admit(self, counter: int) -> bool:
        """True, and remembered, for one that was not seen. False also for one behind the window: nobody knows."""
        if counter >= self._next:
            step = counter + 1 - self._next
            self._bits = (self._bits << step if step < self.SIZE else 0) & (1 << self.SIZE) - 1 | 1
            self._next = counter + 1
            return True
        place = self._next - 1 - counter
        if place >= self.SIZE or self._bits >> place & 1:
            return False
        self._bits |= 1 << place
        return True

    def forget(self, counter: int) -> None:
        """It was not run after all: it may come again."""
        if 0 <= self._next - 1 - counter < self.SIZE:
            self._bits &= ~(1 << self._next - 1 - counter)


class KeptResults:
    """What requests came to, for a while, by their counter: one that comes again is told the same."""

    def __init__(self, count_max: int, bytes_max: int) -> None:
        self._count_max = count_max
        self._bytes_max = bytes_max
        self._kept: OrderedDict[int, tuple[Any, int]] = OrderedDict()
        self._bytes = 0

    def keep(self, counter: int, result: Any, bytes: int) -> None:
        if bytes > self._bytes_max or counter in self._kept:
            return
        self._kept[counter] = (result, bytes)
        self._bytes += bytes
        while len(self._kept) > self._count_max or self._bytes > self._bytes_max:
            self._bytes -= self._kept.popitem(last=False)[1][1]

    def find(self, counter: int) -> Any | None:
        found = self._kept.get(counter)
        return found[0] if found else None


@dataclass(slots=True)
class Sent:
    """A message that may have to be sent again."""

    header: Header
    payload: bytes | memoryview
    owner: Any
    """The send of a request; None: a reply."""
    deadline: float | None
    acknowledged: bool = False

    def size(self) -> int:
        return 64 + len(self.payload)


@dataclass(slots=True)
class SentMessages:
    """What the other side has not acknowledged yet, in order of sequence."""

    kept: deque[Sent] = field(default_factory=deque)
    first: int = 1
    amount: Amount = field(default_factory=Amount)
    replies: Amount = field(default_factory=Amount)

    @property
    def next(self) -> int:
        return self.first + len(self.kept)

    def keep(self, message: Sent) -> None:
        self._count(message, 1)
        self.kept.append(message)

    def acknowledge(self, expected: int, behind: int) -> list[Sent] | None:
        """Those that newly arrived: all before `expected`, and of those behind it what the bits say. None for what was
        never sent."""
        if expected > self.next:
            return None
        arrived = []
        while self.first < expected:
            arrived.append(self.kept.popleft())
            self.first += 1
        if behind != 0 and expected == self.first:
            arrived += [message for bit, message in enumerate(islice(self.kept, 1, 65)) if behind >> bit & 1]
        arrived = [message for message in arrived if not message.acknowledged]
        for message in arrived:
            message.acknowledged = True
            self._count(message, -1)
        return arrived

    def waiting(self) -> Iterator[Sent]:
        return (message for message in self.kept if not message.acknowledged)

    def _count(self, message: Sent, sign: int) -> None:
        amount = Amount(sign, sign * message.size())
        self.amount += amount
        if message.owner is None:
            self.replies += amount
