# SPDX-License-Identifier: Apache-2.0
"""What two peers tell each other once, when they meet: the payload of `hello` and `hello_ack`, in MessagePack."""
import enum
import uuid
from dataclasses import dataclass
from typing import Annotated

import msgspec

from structwire.messages.failure import ProtocolError

UInt64 = Annotated[int, msgspec.Meta(ge=0)]
UInt32 = Annotated[int, msgspec.Meta(ge=0, le=0xFFFFFFFF)]
UInt8 = Annotated[int, msgspec.Meta(ge=0, le=0xFF)]


class Ordering(enum.Enum):
    """How the messages of a handler may run beside each other."""

    none = "none"
    by_key = "by_key"
    by_sender = "by_sender"
    all = "global"


class Format(enum.IntEnum):
    """What a payload is in."""

    bytes = 0
    json = 1
    msgpack = 2


class Feature(enum.IntFlag):
    """On where both sides have it."""

    batches = 1 << 0
    selective_acks = 1 << 1
    compression_lz4 = 1 << 2
    compression_zstd = 1 << 3
    traces = 1 << 4
    acks_of_many = 1 << 5


class HandlerEntry(msgspec.Struct):
    """A row of a peer's table of handlers."""

    name: str
    slot: UInt32 = 0
    request: UInt64 = 0
    """Wire fingerprint of what it takes; 0: any bytes."""
    response: UInt64 = 0
    accepts: Annotated[list[UInt64], msgspec.Meta(max_length=64)] = []
    """Further fingerprints of requests, such as those of older versions."""
    idempotent: bool = False
    ordering: Ordering = Ordering.none

    def takes(self, schema: int) -> bool:
        return schema == 0 or self.request in (0, schema) or schema in self.accepts


class Hello(msgspec.Struct):
    instance: uuid.UUID
    """The program's; stays over reconnects."""
    incarnation: UInt64 = 0
    """Of this start of it."""
    name: Annotated[str, msgspec.Meta(max_length=256)] = ""
    minor_max: UInt8 = 0
    features: UInt64 = 0
    formats: Annotated[list[UInt8], msgspec.Meta(max_length=32)] = []
    payload_bytes_max: UInt64 = 0
    credit_messages: UInt64 = 0
    """What it has granted in this session, as totals."""
    credit_bytes: UInt64 = 0
    heartbeat_ms: UInt32 = 1000
    channel: UInt64 = 0
    """Which of the dialler's connections to this peer."""
    session: UInt64 = 0
    """Of who speaks; ids of its requests carry it."""
    peer_session: UInt64 = 0
    """Of who is spoken to, where it is known."""
    received: UInt64 = 0
    """The sequence that is expected next."""
    table: UInt64 = 0
    """Counts the changes of `handlers`."""
    handlers: Annotated[list[HandlerEntry], msgspec.Meta(max_length=4096)] = []
    more_handlers: bool = False
    """It may have others than `handlers` tells: they are called by their names."""


@dataclass(slots=True)
class Agreement:
    """What two peers do together."""

    features: int
    formats: list[int]
    payload_bytes_max: int
    heartbeat_ms: int


def agree(mine: Hello, theirs: Hello) -> Agreement:
    formats = [each for each in mine.formats if each in theirs.formats]
    if not formats:
        raise ProtocolError("unsupported", "there is no format that both peers read")
    return Agreement(mine.features & theirs.features, formats, theirs.payload_bytes_max,
                     max(mine.heartbeat_ms, theirs.heartbeat_ms))


_encoder = msgspec.msgpack.Encoder()
_decoder = msgspec.msgpack.Decoder(Hello)


def encode_hello(hello: Hello) -> bytes:
    return _encoder.encode(hello)


def decode_hello(payload: bytes | memoryview) -> Hello:
    """Raises ProtocolError, also for handlers that share a slot or have slot 0."""
    try:
        hello = _decoder.decode(payload)
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise ProtocolError("malformed", f"a hello that cannot be read: {error}") from error
    slots = [each.slot for each in hello.handlers]
    if 0 in slots or len(set(slots)) != len(slots):
        raise ProtocolError("unsupported", "two handlers have one slot, or one has slot 0")
    return hello
