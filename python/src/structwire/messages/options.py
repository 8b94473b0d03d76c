# SPDX-License-Identifier: Apache-2.0
"""Limits and times of a node. Times are seconds."""
import uuid
from dataclasses import dataclass, field

from structwire.messages.flow import Amount
from structwire.messages.hello import Format
from structwire.messages.keys import CurveKeys


@dataclass(slots=True)
class Options:
    name: str = ""
    """For people."""
    instance: uuid.UUID = field(default_factory=uuid.uuid4)
    """Of this program; may stay the same over its starts."""
    formats: tuple[int, ...] = (Format.msgpack, Format.json)
    """That this side reads, best first."""

    credit: Amount = field(default_factory=lambda: Amount(1024, 32 << 20))
    """What each peer may have on its way to this side's handlers."""
    payload_bytes_max: int = 16 << 20
    pending: Amount = field(default_factory=lambda: Amount(65536, 256 << 20))
    """What may wait here for one peer's credit."""
    unacknowledged: Amount = field(default_factory=lambda: Amount(4096, 64 << 20))
    """Of one session; replies beyond it stop the granting of credit."""
    peers: int = 4096
    """That dialled; one more is turned away."""
    results: int = 256
    """Kept for each peer, to be told again."""
    result_bytes: int = 1 << 20
    compress_from: int | None = None
    """Payloads of so many bytes are compressed on their way to peers that read that, where the package zstandard is
    installed; None: never. It is worth while between machines. What peers compress is read all the same."""
    batch_bytes: int = 16384
    """Small messages to one peer share frames of up to this size."""

    deadline: float = 30.0
    heartbeat: float = 1.0
    heartbeats_missed: int = 3
    session_kept: float = 60.0
    """Without a link."""
    ack_delay: float = 0.02
    ack_every: Amount = field(default_factory=lambda: Amount(256, 4 << 20))
    attempts: int = 4
    """In all, of one send that a nack called retryable."""
    retry_first: float = 0.05
    retry_longest: float = 5.0
    depth_max: int = 16
    """Handlers that call handlers that call ...: deeper sends fail as `overloaded`."""

    keys: CurveKeys | None = None
    """This node's pair: then nothing goes in the clear."""
    allowed_keys: tuple[str, ...] = ()
    """Public keys that may dial; others get nothing. With `keys` and none of these, nobody may."""
    server_keys: dict[str, str] = field(default_factory=dict)
    """The public key of who listens, by the address that is dialled; "" stands for all other addresses."""

    workers: int = 8
    """Threads that run handlers."""
    redial_first: float = 0.05
    redial_longest: float = 1.0
