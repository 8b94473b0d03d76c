# SPDX-License-Identifier: Apache-2.0
"""What is due when."""
import heapq
import itertools
from collections.abc import Callable

_FEW = 1000


class Timer:
    """One that was set. Cancelling it twice, or after it fired, does nothing."""

    __slots__ = ("action", "when", "_timers")

    def __init__(self, when: float, action: Callable[[], None], timers: "Timers") -> None:
        self.when = when
        self.action: Callable[[], None] | None = action
        self._timers = timers

    def cancel(self) -> None:
        if self.action is not None:
            self.action = None
            self._timers.cancelled += 1


class Timers:
    def __init__(self) -> None:
        self._heap: list[tuple[float, int, Timer]] = []
        self._turns = itertools.count()
        self.cancelled = 0

    def set(self, when: float, action: Callable[[], None]) -> Timer:
        # Deadlines are far away and mostly cancelled: those must not pile up.
        if self.cancelled > _FEW and self.cancelled > len(self._heap) // 2:
            self._heap = [each for each in self._heap if each[2].action is not None]
            heapq.heapify(self._heap)
            self.cancelled = 0
        timer = Timer(when, action, self)
        heapq.heappush(self._heap, (when, next(self._turns), timer))
        return timer

    def next(self) -> float | None:
        while self._heap and self._heap[0][2].action is None:
            heapq.heappop(self._heap)
            self.cancelled -= 1
        return self._heap[0][0] if self._heap else None

    def expire(self, now: float) -> None:
        while (when := self.next()) is not None and when <= now:
            timer = heapq.heappop(self._heap)[2]
            action, timer.action = timer.action, None
            if action is not None:
                action()
