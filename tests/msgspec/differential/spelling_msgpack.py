# SPDX-License-Identifier: Apache-2.0
"""Writes a document as MessagePack, in the shortest form or in any other; reads its tokens."""

from __future__ import annotations

import datetime
import decimal
import struct
import uuid
from collections.abc import Iterator
from random import Random
from typing import Any

import msgspec
from msgspec.msgpack import Ext

from .tree import Node, Pairs

SIGNED = ((0xD0, 8), (0xD1, 16), (0xD2, 32), (0xD3, 64))
UNSIGNED = ((0xCC, 8), (0xCD, 16), (0xCE, 32), (0xCF, 64))
FIXED_EXT = {1: 0xD4, 2: 0xD5, 4: 0xD6, 8: 0xD7, 16: 0xD8}


class MsgpackSpeller:
    """`wild` is the share of tokens that are spelled in another way than msgspec's own."""

    def __init__(self, random: Random, wild: float = 0.0) -> None:
        self.random = random
        self.wild = wild

    def spell(self, node: Node) -> bytes:
        if isinstance(node, Pairs):
            body = b"".join(self.spell(key) + self.spell(item) for key, item in node.items)
            return self.header(len(node.items), 0x80, 15, None, 0xDE) + body
        if isinstance(node, list):
            return self.header(len(node), 0x90, 15, None, 0xDC) + b"".join(map(self.spell, node))
        return self.leaf(node)

    def is_wild(self) -> bool:
        return self.wild > 0 and self.random.random() < self.wild

    def header(self, length: int, fix: int, fix_most: int, one: int | None, two: int) -> bytes:
        """The head of what has a length: `fix` holds it, or one, two or four bytes follow."""
        forms = [bytes([fix | length])] if length <= fix_most else []
        if one is not None and length < 2**8:
            forms.append(struct.pack(">BB", one, length))
        if length < 2**16:
            forms.append(struct.pack(">BH", two, length))
        forms.append(struct.pack(">BI", two + 1, length))
        return self.random.choice(forms) if self.is_wild() else forms[0]

    def leaf(self, node: Any) -> bytes:
        if node is None or isinstance(node, bool):
            return msgspec.msgpack.encode(node)
        if isinstance(node, int):
            return self.integer(node)
        if isinstance(node, float):
            return self.double(node)
        if isinstance(node, bytes):
            return self.header(len(node), 0, -1, 0xC4, 0xC5) + node
        if isinstance(node, Ext):
            return self.extension(node.code, bytes(node.data))
        if isinstance(node, str):
            return self.string(node)
        return self.typed(node)

    def typed(self, node: Any) -> bytes:
        """What MessagePack has as text, or as bytes or an extension."""
        if isinstance(node, uuid.UUID):
            return msgspec.msgpack.encode(node.bytes) if self.is_wild() else self.string(str(node))
        if isinstance(node, decimal.Decimal):
            return self.string(str(node))
        if isinstance(node, datetime.datetime) and node.tzinfo is not None:
            return self.moment(node)
        return self.string(msgspec.json.encode(node).decode()[1:-1])

    def integer(self, number: int) -> bytes:
        forms = [bytes([number & 0xFF])] if -32 <= number <= 127 else []
        for code, bits in UNSIGNED:
            if 0 <= number < 2**bits:
                forms.append(bytes([code]) + number.to_bytes(bits // 8, "big"))
        for code, bits in SIGNED:
            if -(2 ** (bits - 1)) <= number < 2 ** (bits - 1):
                forms.append(bytes([code]) + number.to_bytes(bits // 8, "big", signed=True))
        if not forms:  # Beyond 64 bits: a text, which lax mode reads.
            return self.string(str(number))
        return self.random.choice(forms) if self.is_wild() else forms[0]

    def double(self, number: float) -> bytes:
        if self.is_wild() and abs(number) < 3e38:
            return struct.pack(">Bf", 0xCA, number)
        return struct.pack(">Bd", 0xCB, number)

    def string(self, text: str) -> bytes:
        content = text.encode("utf-8", "surrogatepass")
        return self.header(len(content), 0xA0, 31, 0xD9, 0xDA) + content

    def extension(self, code: int, data: bytes) -> bytes:
        length = len(data)
        head = self.header(length, 0, -1, 0xC7, 0xC8)
        if length in FIXED_EXT and not self.is_wild():
            head = bytes([FIXED_EXT[length]])
        return head + struct.pack(">b", code) + data

    def moment(self, node: datetime.datetime) -> bytes:
        """An extension; now and then the text, which says the offset, or a wider extension."""
        text = msgspec.json.encode(node).decode()[1:-1]
        epoch = datetime.datetime(1970, 1, 1, tzinfo=datetime.UTC)
        elapsed = node - epoch
        seconds, nanoseconds = elapsed.days * 86400 + elapsed.seconds, elapsed.microseconds * 1000
        if not self.is_wild():
            try:
                return msgspec.msgpack.encode(node)
            except OverflowError:
                return self.string(text)
        forms = [self.string(text), self.extension(-1, struct.pack(">Iq", nanoseconds, seconds))]
        if 0 <= seconds < 2**34:
            forms.append(self.extension(-1, struct.pack(">Q", nanoseconds << 34 | seconds)))
        return self.random.choice(forms)


# ---- tokens --------------------------------------------------------------------------------------

LENGTH_SIZES = {0xC4: 1, 0xC5: 2, 0xC6: 4, 0xD9: 1, 0xDA: 2, 0xDB: 4}
EXT_SIZES = {0xC7: 1, 0xC8: 2, 0xC9: 4}
NUMBER_SIZES = {
    0xCA: 4,
    0xCB: 8,
    0xCC: 1,
    0xCD: 2,
    0xCE: 4,
    0xCF: 8,
    0xD0: 1,
    0xD1: 2,
    0xD2: 4,
    0xD3: 8,
    0xDC: 2,
    0xDD: 4,
    0xDE: 2,
    0xDF: 4,
}


def tokens(content: bytes) -> Iterator[tuple[int, int, bytes]]:
    """Start, end and payload of each token, without regard to nesting; the last may be cut off."""
    start = 0
    while start < len(content):
        head, end = token_size(content, start)
        yield start, end, content[start + head : end]
        start = end


def token_size(content: bytes, start: int) -> tuple[int, int]:
    """How long the token's head is, and where the token ends."""
    code = content[start]
    if 0xA0 <= code < 0xC0:
        return 1, start + 1 + (code & 31)
    if 0xD4 <= code <= 0xD8:
        return 2, start + 2 + (1 << (code - 0xD4))
    if code in NUMBER_SIZES:
        return 1, start + 1 + NUMBER_SIZES[code]
    is_ext = code in EXT_SIZES
    size = EXT_SIZES.get(code, LENGTH_SIZES.get(code))
    if size is None:
        return 1, start + 1
    length = int.from_bytes(content[start + 1 : start + 1 + size], "big")
    return 1 + size + is_ext, start + 1 + size + is_ext + length


def is_hollow(content: bytes) -> bool:
    """Whether an array or map declares more items than there are bytes left."""
    for start, end, payload in tokens(content):
        code = content[start]
        is_map = 0x80 <= code < 0x90 or 0xDE <= code <= 0xDF
        if not is_map and not (0x90 <= code < 0xA0 or 0xDC <= code <= 0xDD):
            continue
        count = int.from_bytes(payload, "big") if code >= 0xDC else code & 15
        if count * (1 + is_map) > len(content) - end:
            return True
    return False
