# SPDX-License-Identifier: Apache-2.0
"""The header of every message: 64 bytes, little-endian, then extensions, then the payload. docs/messages.md draws it."""
import enum
import struct
from collections.abc import Iterator
from dataclasses import dataclass, field

from structwire.messages.crc32c import crc32c
from structwire.messages.failure import ON_WIRE_MAX, MessageFailure, ProtocolError

MAGIC = b"\xf7SWM"
MAJOR = 1
MINOR = 0
HEADER_SIZE = 64
HEADER_BYTES_MAX = 4096
PAYLOAD_BYTES_MAX = 64 << 20

_FIXED = struct.Struct("<4sBBHBBBBIQQQQIIII")
_EXTENSION_HEAD = struct.Struct("<HH")
_FAILURE_HEAD = struct.Struct("<HHI")
_SIZE_IN_EXTENSION = 0xFFFFFFFF
_HEADER_SIZE_MAX = 0xFFF8
_FAILURE_TEXT_MAX = 1024
_CRITICAL = 0x8000
_CRITICAL_FLAGS = 0xFFFF


class MessageKind(enum.IntEnum):
    request = 1
    accept = 2
    ack = 3
    nack = 4
    response = 5
    cancel = 6
    credit = 7
    ping = 8
    pong = 9
    hello = 10
    hello_ack = 11
    drain = 12


class Delivery(enum.IntEnum):
    """What a sender wants to hear of a request."""

    fire_and_forget = 0
    queued = 1
    """It is with the receiver."""
    accepted = 2
    """Its payload was decoded and it was admitted."""
    done = 3
    """The handler returned."""
    response = 4
    """What the handler returned."""
    receipt = 5
    """The contract's verdict before the handler runs, then the response."""


class Flag(enum.IntFlag):
    """The low half is critical: who does not know a bit of it refuses the message."""

    idempotent = 1 << 0
    ordered = 1 << 1
    retry = 1 << 2
    last = 1 << 3
    payload_checksum = 1 << 4
    trace = 1 << 16


_KNOWN_FLAGS = 0x1F | 1 << 16


class ExtensionType(enum.IntEnum):
    fill = 0
    handler_name = 1
    trace_parent = 2
    trace_state = 3
    failure = 4
    credit = 5
    acknowledged = 6
    attempt = 7
    depth = 8
    payload_size = 9
    payload_checksum = 10
    user_header = 11
    key = 12
    timing = 13
    progress = 14
    plain_size = 15
    done_too = 16


_KNOWN_EXTENSION_MAX = max(ExtensionType)


@dataclass(slots=True)
class Extension:
    type: int
    data: bytes
    critical: bool = False

    @classmethod
    def numbers(cls, type: ExtensionType, *values: int, width: int = 8) -> "Extension":
        return cls(type, b"".join(value.to_bytes(width, "little") for value in values))

    def u32(self, at: int = 0) -> int | None:
        return int.from_bytes(self.data[at : at + 4], "little") if len(self.data) >= at + 4 else None

    def u64(self, at: int = 0) -> int | None:
        return int.from_bytes(self.data[at : at + 8], "little") if len(self.data) >= at + 8 else None


@dataclass(slots=True)
class Header:
    kind: MessageKind
    delivery: Delivery = Delivery.fire_and_forget
    format: int = 0
    compression: int = 0
    flags: int = 0
    incarnation: int = 0
    """First half of the message's id: the session of who sent the request."""
    counter: int = 0
    """Second half."""
    sequence: int = 0
    schema: int = 0
    handler: int = 0
    time_left_us: int = 0
    payload_size: int = 0
    minor: int = MINOR
    extensions: list[Extension] = field(default_factory=list)

    @property
    def plain_size(self) -> int:
        """Of the payload in memory; of a compressed one, as its sender says, and 0 where it does not."""
        if self.compression == 0:
            return self.payload_size
        told = self.find(ExtensionType.plain_size)
        return (told.u64() or 0) if told is not None else 0

    def find(self, type: ExtensionType) -> Extension | None:
        return next((each for each in self.extensions if each.type == type), None)


def read_header(data: memoryview, *, header_bytes_max: int = HEADER_BYTES_MAX,
                payload_bytes_max: int = PAYLOAD_BYTES_MAX) -> tuple[Header, int]:
    """The header at the start of `data`, and where its payload begins. Raises ProtocolError."""
    if len(data) < HEADER_SIZE:
        raise ProtocolError("unexpected_end", "the frame ends inside a header", len(data))
    (magic, major, minor, size, kind, delivery, format, compression, flags, incarnation, counter, sequence, schema, handler,
     time_left_us, payload_size, checksum) = _FIXED.unpack_from(data)
    if magic != MAGIC:
        raise ProtocolError("malformed", "no message begins here", 0)
    if major != MAJOR:
        raise ProtocolError("unsupported", "a message of another version of the protocol", 4)
    if size < HEADER_SIZE or size % 8 != 0:
        raise ProtocolError("malformed", "no size of a header", 6)
    if size > header_bytes_max:
        raise ProtocolError("size_limit", "a larger header than is taken here", 6)
    if size > len(data):
        raise ProtocolError("unexpected_end", "the frame ends inside a header", len(data))
    if crc32c(data[HEADER_SIZE:size], crc32c(data[:60])) != checksum:
        raise ProtocolError("malformed", "a header with a wrong checksum", 60)
    if not MessageKind.request <= kind <= MessageKind.drain:
        raise ProtocolError("unsupported", "a kind of message that is not known here", 8)
    if delivery > Delivery.receipt:
        raise ProtocolError("unsupported", "a kind of delivery that is not known here", 9)
    if flags & _CRITICAL_FLAGS & ~_KNOWN_FLAGS:
        raise ProtocolError("unsupported", "the message has a critical flag that is not known here", 12)
    header = Header(MessageKind(kind), Delivery(delivery), format, compression, flags, incarnation, counter, sequence, schema,
                    handler, time_left_us, payload_size, minor, list(_read_extensions(data, size)))
    if payload_size == _SIZE_IN_EXTENSION:
        large = header.find(ExtensionType.payload_size)
        told = large.u64() if large else None
        if told is None:
            raise ProtocolError("malformed", "the size of the payload is missing", 56)
        header.payload_size = told
    if header.payload_size > payload_bytes_max:
        raise ProtocolError("size_limit", "a larger payload than is taken here", 56)
    return header, size


def _read_extensions(data: memoryview, size: int) -> Iterator[Extension]:
    place = HEADER_SIZE
    while place < size:
        if size - place < _EXTENSION_HEAD.size:
            raise ProtocolError("malformed", "an extension is cut off", place)
        type, length = _EXTENSION_HEAD.unpack_from(data, place)
        whole = _aligned(_EXTENSION_HEAD.size + length, 4)
        if whole > size - place:
            raise ProtocolError("malformed", "an extension ends behind its header", place)
        critical, type = bool(type & _CRITICAL), type & ~_CRITICAL
        if critical and type > _KNOWN_EXTENSION_MAX:
            raise ProtocolError("unsupported", "the message needs an extension that is not known here", place)
        if type != ExtensionType.fill:
            yield Extension(type, bytes(data[place + 4 : place + 4 + length]), critical)
        place += whole


def write_header(header: Header) -> bytes:
    """The bytes of a header; the payload goes straight behind them. Raises ProtocolError (size_limit)."""
    extensions = b"".join(map(_write_extension, header.extensions))
    payload_size = header.payload_size
    if payload_size >= _SIZE_IN_EXTENSION and header.find(ExtensionType.payload_size) is None:
        extensions += _write_extension(Extension.numbers(ExtensionType.payload_size, payload_size))
    size = _aligned(HEADER_SIZE + len(extensions), 8)
    if size > _HEADER_SIZE_MAX:
        raise ProtocolError("size_limit", "more extensions than a header holds", HEADER_SIZE)
    fixed = _FIXED.pack(MAGIC, MAJOR, header.minor, size, header.kind, header.delivery, header.format, header.compression,
                        header.flags, header.incarnation, header.counter, header.sequence, header.schema, header.handler,
                        header.time_left_us, min(payload_size, _SIZE_IN_EXTENSION), 0)[:60]
    behind = extensions.ljust(size - HEADER_SIZE, b"\0")
    return fixed + crc32c(behind, crc32c(fixed)).to_bytes(4, "little") + behind


def _write_extension(extension: Extension) -> bytes:
    data = extension.data
    if len(data) > 0xFFFF:
        raise ProtocolError("size_limit", "an extension of more than 65535 bytes", HEADER_SIZE)
    head = _EXTENSION_HEAD.pack(extension.type | (_CRITICAL if extension.critical else 0), len(data))
    return (head + data).ljust(_aligned(len(head) + len(data), 4), b"\0")


def _aligned(size: int, to: int) -> int:
    return (size + to - 1) // to * to


def failure_extension(failure: MessageFailure) -> Extension:
    """How a nack tells it. A longer text is cut at a character."""
    code = failure.code if failure.code <= ON_WIRE_MAX else 8
    text = failure.text.encode(errors="replace")
    if len(text) > _FAILURE_TEXT_MAX:
        text = text[:_FAILURE_TEXT_MAX].decode(errors="ignore").encode()
    return Extension(ExtensionType.failure, _FAILURE_HEAD.pack(code, failure.retryable, failure.retry_after_ms) + text)


def read_failure(extension: Extension) -> MessageFailure:
    if len(extension.data) < _FAILURE_HEAD.size:
        raise ProtocolError("malformed", "a failure that is cut off")
    code, flags, retry_after_ms = _FAILURE_HEAD.unpack_from(extension.data)
    if not 1 <= code <= ON_WIRE_MAX:
        raise ProtocolError("malformed", "a failure without a code of the wire")
    try:
        text = extension.data[_FAILURE_HEAD.size :].decode()
    except UnicodeDecodeError as error:
        raise ProtocolError("invalid_utf8", "a failure whose text is not UTF-8", _FAILURE_HEAD.size) from error
    return MessageFailure(code, text, retryable=bool(flags & 1), retry_after_ms=retry_after_ms)
