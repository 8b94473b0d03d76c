# SPDX-License-Identifier: Apache-2.0
"""What an endpoint remembers of peers, their sessions, sends and requests."""
import enum
from dataclasses import dataclass, field
from typing import Any, NamedTuple, Protocol

from structwire.messages.failure import FailureCode, MessageFailure
from structwire.messages.flow import Amount, CreditToGrant, CreditToSend, DedupeWindow, KeptResults, SentMessages
from structwire.messages.header import Delivery
from structwire.messages.hello import Agreement, HandlerEntry, Hello
from structwire.messages.options import Options
from structwire.messages.timers import Timer


@dataclass(slots=True)
class Reply:
    """What a handler returned, or one item of a stream. Empty: confirmed, with nothing to tell."""

    payload: bytes | memoryview = b""
    format: int = 0
    schema: int = 0


Outcome = Reply | MessageFailure


TRACE_PARENT_BYTES = 26
TRACE_STATE_BYTES_MAX = 512


class Trace(NamedTuple):
    """W3C Trace Context: what a message is a part of. Sends from within a handler carry its request's on."""

    parent: bytes
    """26 bytes: version, trace id, parent id, flags."""
    state: str = ""
    """The vendors' part, up to 512 bytes."""


class PeerState(enum.Enum):
    connecting = "connecting"
    """Dialled; nobody has answered yet."""
    up = "up"
    draining = "draining"
    """Takes no new requests."""
    wedged = "wedged"
    """Its process answers, its handlers have made no progress for three heartbeats."""
    down = "down"
    """No link; its session is kept for a while."""
    gone = "gone"


class SendState(enum.Enum):
    waiting = 0
    pausing = 1
    sent = 2
    over = 3


@dataclass(slots=True, eq=False)
class Send:
    """A send until it has its outcome."""

    tag: Any
    """The caller's: Port is told of it."""
    handler: str
    payload: bytes
    delivery: Delivery
    format: int = 0
    schema: int = 0
    seconds: float = 0.0
    """Until its deadline; 0: that of the options."""
    waits: bool = True
    """For credit; otherwise it fails as queue_full where there is none."""
    depth: int = 0
    key: int = 0
    stream_items: int = 0
    trace: Trace | None = None

    peer: "PeerRecord | None" = None
    state: SendState = SendState.waiting
    incarnation: int = 0
    counter: int = 0
    sequence: int = 0
    attempt: int = 0
    deadline: float = 0.0
    arrived: bool = False
    idempotent: bool = False
    cancelled: bool = False
    may_run: bool = False
    """Waits, and what a former session made of it is not known."""
    timer: Timer | None = None


@dataclass(slots=True, eq=False)
class Request:
    """A request of a peer, until its handler is done with it."""

    peer: "PeerRecord"
    session: int
    """The peer's, in which it came."""
    counter: int
    handler: HandlerEntry
    delivery: Delivery
    payload: memoryview
    format: int
    schema: int
    received: float
    deadline: float | None
    depth: int
    key: int
    stream_items: int
    trace: Trace | None = None
    bytes: int = 0
    accepted: bool = False
    stopped: FailureCode | None = None
    finished: bool = False
    orphaned: bool = False
    """Its session is over; it still counts against its peer's credit."""
    timer: Timer | None = None
    tag: Any = None
    """The executor's."""


class Session:
    """All of a session that ends with it."""

    def __init__(self, own: int, options: Options, window: Amount) -> None:
        self.own = own
        self.peer = 0
        self.sent = SentMessages()
        self.expected = 1
        self.to_send = CreditToSend()
        self.to_grant = CreditToGrant(window)
        self.seen = DedupeWindow()
        self.running: dict[int, Request] = {}
        self.results = KeptResults(options.results, options.result_bytes)
        self.sends: dict[int, Send] = {}


@dataclass(slots=True, eq=False)
class PeerRecord:
    number: int
    channel: int
    dial: int | None
    """None: it dialled."""
    link: int | None = None
    greeted: bool = False
    """HELLO went both ways on this link."""
    hello: Hello | None = None
    agreement: Agreement | None = None
    handlers: dict[str, HandlerEntry] = field(default_factory=dict)
    state: PeerState = PeerState.connecting
    draining: bool = False
    wedged: bool = False
    session: Session | None = None
    counter: int = 0
    """Of the last id of a request to it; goes on over sessions."""
    waiting: dict[Send, None] = field(default_factory=dict)
    """For credit, in order."""
    waiting_amount: Amount = field(default_factory=Amount)
    orphaned: Amount = field(default_factory=Amount)
    requests: set[Request] = field(default_factory=set)
    sends: set[Send] = field(default_factory=set)
    table_told: int = 0
    """The table of this side's handlers that was last told to it."""
    outbox: list[list[bytes | memoryview]] = field(default_factory=list)
    unacknowledged: Amount = field(default_factory=Amount)
    acknowledge_now: bool = False
    heard: float = 0.0
    round_trip: float = 0.0
    heartbeat: Timer | None = None
    expiry: Timer | None = None
    acknowledge: Timer | None = None


class Port(Protocol):
    """What an endpoint wants done. Called from within its functions; must not call it back."""

    def transmit(self, link: int, parts: list[bytes | memoryview]) -> None: ...
    def disconnect(self, link: int, reason: str) -> None: ...
    def run(self, request: Request) -> None:
        """Runs its handler, now or later; then Incoming.finished() is due."""
    def stop(self, request: Request) -> None:
        """It is not wanted any more: `request.stopped` says why. finished() is still due; a handler that did not start
        must not."""
    def more_items(self, request: Request, total: int) -> None: ...
    def settled(self, send: Send, outcome: Outcome) -> None:
        """The end of a send: once for each."""
    def receipt(self, send: Send) -> None: ...
    def item(self, send: Send, reply: Reply) -> None: ...
    def peer_changed(self, peer: PeerRecord) -> None: ...
    def stalled(self, now: float) -> float:
        """For how long queued work has waited without any being done."""
