# SPDX-License-Identifier: Apache-2.0
"""A frame: one or more messages back to back, each beginning at a multiple of 8 bytes. The payload of the last may be the
second part of a ZeroMQ message instead."""
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from structwire.messages.failure import ProtocolError
from structwire.messages.header import PAYLOAD_BYTES_MAX, Header, read_header, write_header

COPIED_BELOW = 8192
"""Larger payloads go as a part of their own."""


@dataclass(slots=True)
class Received:
    """A message as it came. The payload borrows the frame's memory, and keeps it."""

    header: Header
    payload: memoryview


def read_frame(parts: Sequence[bytes | memoryview], *, payload_bytes_max: int = PAYLOAD_BYTES_MAX) -> Iterator[Received]:
    """The messages of one ZeroMQ message, one by one. Raises ProtocolError at the first that is none."""
    if not 1 <= len(parts) <= 2:
        raise ProtocolError("malformed", f"a frame of {len(parts)} parts")
    head = memoryview(parts[0])
    body = memoryview(parts[1]) if len(parts) == 2 and len(parts[1]) else None
    place = 0
    while True:
        header, size = read_header(head[place:], payload_bytes_max=payload_bytes_max)
        behind = place + size
        if body is not None and behind == len(head):
            if len(body) != header.payload_size:
                raise ProtocolError("malformed", "the second part is not the payload that the header tells", behind)
            yield Received(header, body)
            return
        end = behind + header.payload_size
        if end > len(head):
            raise ProtocolError("unexpected_end", "the frame ends inside a payload", len(head))
        place = min((end + 7) & ~7, len(head))
        if place == len(head) and body is not None:
            raise ProtocolError("malformed", "a second part that belongs to no message", place)
        yield Received(header, head[behind:end])
        if place == len(head):
            return


def write_message(header: Header, payload: bytes | memoryview = b"") -> list[bytes | memoryview]:
    """A frame of one message, as the parts of a ZeroMQ message."""
    header.payload_size = len(payload)
    head = write_header(header)
    if len(payload) > COPIED_BELOW:
        return [head, payload]
    return [head + payload]


def join_frames(frames: Sequence[list[bytes | memoryview]], bytes_max: int) -> Iterator[list[bytes | memoryview]]:
    """Small frames as fewer ones of up to `bytes_max`; one with a second part ends its frame."""
    collected = bytearray()
    for frame in frames:
        head = frame[0]
        if collected and len(collected) + 7 + len(head) > bytes_max:
            yield [bytes(collected)]
            collected.clear()
        collected += bytes(-len(collected) % 8)
        collected += head
        if len(frame) == 2:
            yield [bytes(collected), frame[1]]
            collected.clear()
    if collected:
        yield [bytes(collected)]
