# SPDX-License-Identifier: Apache-2.0
"""Fresh rows of the small operations: buffers, lines, reformatting, structs, hooks, single leaves.

Their types are those of the corpus, so that a program with a table of types needs no other.
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterator
from random import Random
from typing import Any

import msgspec

from . import leaves
from .decode_rows import document, spell
from .mutation import damage
from .notation import dump_json, to_notation
from .operation_rows import (
    convert,
    convert_struct,
    finished,
    integer_tags_of_input,
    to_builtins,
    transcode,
    valid,
)
from .outcome import Row, decoder, text_or_hex
from .tags import has_minus_zero
from .tree import Pairs
from .types import TYPES
from .values import Maker

LINES_TYPES = ("int", "any", "str", "opt_int", "Point", "Get_or_Put")
BUFFER_TYPES = ("int", "list_int", "str", "any", "Point")
STRUCTS = ("Point", "APoint", "Frozen", "Inner", "Message", "Outer", "Patch", "ReprOmit", "User")


# ---- buffers and lines ---------------------------------------------------------------------------


def decode_lines(random: Random) -> Row:
    type_id = random.choice(LINES_TYPES)
    content = b""
    for _ in range(random.randrange(6)):
        if random.random() < 0.15:
            content += spell(Maker(random).anything(None, 2), random, "json", 0.1)
        else:
            content += spell(document(type_id, random), random, "json", random.choice((0.0, 0.1)))
        content += random.choice((b"\n", b"\n", b"\n", b"\r\n", b"\n\n", b" \n ", b" ", b"\t", b""))
    if random.random() < 0.15:
        content, _ = damage(content, random, True)
    strict = random.random() < 0.6
    tags = set() if is_utf8(content) else {"not_utf8"}
    if has_minus_zero("json", content):
        tags.add("minus_zero")
    return finished(
        {"op": "decode_lines", "type": type_id}
        | text_or_hex("input", content, "json")
        | {"strict": strict},
        tags,
    )


def is_utf8(content: bytes) -> bool:
    return "input" in text_or_hex("input", content, "json")


def encode_into(random: Random) -> Row:
    type_id = random.choice(BUFFER_TYPES)
    length = random.choice((0, 0, 1, 8, 64, random.randrange(100)))
    content = valid(type_id, random, "json")
    while integer_tags_of_input({"type": type_id, "format": "json"}, content):
        content = valid(type_id, random, "json")  # What fails late leaves anything in the buffer.
    offset = random.choice(
        (0, -1, -2, None, 1, length, length + 1, length + 7, random.randrange(120))
    )
    return finished(
        {
            "op": "encode_into",
            "type": type_id,
            "value_json": content.decode(),
            "to": random.choice(("json", "msgpack")),
            "buffer": random.randbytes(length).hex(),
            "offset": offset,
        }
    )


def json_format(random: Random) -> Row:
    content = spell(
        Maker(random).anything(None, random.randrange(2)),
        random,
        "json",
        random.choice((0.0, 0.2, 0.4)),
    )
    if random.random() < 0.25:
        content, _ = damage(content, random, True)
    return finished(
        {"op": "json_format"}
        | text_or_hex("input", content, "json")
        | {"indent": random.choice((0, 1, 2, 3, 4, 8, -1, -5))},
        set() if is_utf8(content) else {"not_utf8"},
    )


# ---- structs -------------------------------------------------------------------------------------


def struct_operation(random: Random) -> Row:
    choice = random.randrange(4)
    if choice == 0:
        return replace(random)
    type_id = random.choice(STRUCTS)
    content = valid(type_id, random, "msgpack")
    if choice == 1:
        other = content if random.random() < 0.4 else valid(type_id, random, "msgpack")
        return finished(
            {"op": "compare", "type": type_id, "a_msgpack": content.hex(), "b_msgpack": other.hex()}
        )
    if choice == 2:
        return finished({"op": "asdict", "type": type_id, "input_msgpack": content.hex()})
    while type_id == "User" and len(decoder("User", "msgpack", True).decode(content).groups) > 1:
        content = valid(type_id, random, "msgpack")  # Sets are shown in any order.
    return finished({"op": "repr", "type": type_id, "input_msgpack": content.hex()})


def replace(random: Random) -> Row:
    type_id, changes = random.choice(
        (
            ("Point", {"x": leaves.double(random)}),
            ("RenCamel", {"field_one": leaves.integer(random)}),
            ("Patch", {"y": random.choice((None, msgspec.UNSET, 7))}),
            ("Interval", {"low": leaves.double(random)}),
        )
    )
    content = valid(type_id, random, "msgpack")
    return finished(
        {
            "op": "replace",
            "type": type_id,
            "input_msgpack": content.hex(),
            "changes": to_notation(changes),
        }
    )


def ext_hook(random: Random) -> Row:
    def extension() -> msgspec.msgpack.Ext:
        choice = random.random()
        if choice < 0.5:
            return msgspec.msgpack.Ext(1, struct.pack("<dd", leaves.double(random), 1.5))
        if choice < 0.7:
            return msgspec.msgpack.Ext(
                random.choice((1, 2)), random.randbytes(random.choice((1, 15, 16)))
            )
        return leaves.extension(random)

    node: Any = random.choice(
        (extension(), [extension(), extension()], Pairs([("a", extension())]), 5)
    )
    content = spell(node, random, "msgpack", random.choice((0.0, 0.3)))
    return finished(
        {
            "op": "ext_hook",
            "type": random.choice(("any", "ext", "complex", "list<complex>")),
            "format": "msgpack",
            "input": content.hex(),
        }
    )


# ---- leaves --------------------------------------------------------------------------------------


def float_encode(random: Random) -> Row:
    if random.random() < 0.15:
        return finished({"op": "msgpack_f32_decode", "input": "ca" + random.randbytes(4).hex()})
    bits = struct.pack(">d", leaves.double(random))
    return finished({"op": "float_encode", "bits": bits.hex()})


def string_encode(random: Random) -> Row:
    choice = random.random()
    if choice < 0.6:
        text = leaves.text(random, 0, random.choice((None, 3, 40)))
        return finished({"op": "string_encode", "utf8_hex": text.encode().hex()})
    if choice < 0.85:
        number = leaves.integer(random) if random.random() < 0.8 else leaves.wide_integer(random)
        return finished({"op": "int_encode", "int": str(number)})
    letter = random.choice('ax"\\é\n\x00日😀/')
    count = random.choice((0, 1, 15, 31, 32, 127, 128, 255, 256, random.randrange(70000)))
    if choice < 0.95:
        return finished({"op": "string_encode_repeat", "char": letter, "count": count})
    return finished({"op": "sizes", "count": max(count, 5)})


# ---- exports -------------------------------------------------------------------------------------


def schema(random: Random) -> Row:
    if random.random() < 0.7:
        return finished({"op": "schema", "type": random.choice(tuple(TYPES))})
    templates = ("#/$defs/{name}", "#/components/schemas/{name}", "other.json#/{name}", "{name}")
    return finished(
        {
            "op": "schema_components",
            "types": random.sample(tuple(TYPES), random.randint(1, 4)),
            "ref_template": random.choice(templates),
        }
    )


FILES: dict[str, tuple[Callable[[Random], Row], int]] = {
    # The file, what makes its rows, and its share of all rows in hundredths.
    "transcode": (transcode, 14),
    "convert": (convert, 14),
    "to_builtins": (to_builtins, 6),
    "convert_struct": (convert_struct, 3),
    "lines": (decode_lines, 3),
    "encode_into": (encode_into, 2),
    "json_format": (json_format, 3),
    "struct_ops": (struct_operation, 3),
    "ext_hook": (ext_hook, 1),
    "float_encode": (float_encode, 5),
    "string_encode": (string_encode, 3),
    "schema": (schema, 2),
}


def rows_of_file(name: str, random: Random, count: int) -> Iterator[Row]:
    """`count` rows that differ, or fewer where there are not so many."""
    make, seen = FILES[name][0], set()
    for _ in range(4 * count):
        row = make(random)
        text = dump_json(row)
        if text not in seen:
            seen.add(text)
            yield row
        if len(seen) == count:
            return
