# SPDX-License-Identifier: Apache-2.0
"""Fresh rows that take a value further: transcode, convert, convert_struct, to_builtins.

The pairs of convert_struct are those of the corpus, so that a program with a table needs no other.
"""

from __future__ import annotations

import functools
from random import Random
from typing import Any

import msgspec

from .decode_rows import document, spell
from .mutation import lax_spelling, mutate, replace_lax
from .notation import from_notation, to_notation
from .operations import OPERATIONS
from .outcome import Row, decoder, holds_set, text_or_hex
from .tags import (
    fits_before_newline,
    has_minus_zero,
    holds,
    integers_in_notation,
    is_invalid_json,
    is_odd_decimal,
    texts_in_notation,
)
from .tree import Node, Pairs
from .types import TYPES

# Python's errors that say nothing to others; "year 10000 is out of range" is one more.
LEAKS = ("OverflowError", "UnicodeDecodeError", "UnicodeEncodeError", "RecursionError")
CONVERSIONS = (
    ("MsgV1", "MsgV2"),
    ("MsgV3", "MsgV2"),
    ("MsgV2", "MsgV3"),
    ("MsgV2", "MsgV4Strict"),
    ("MsgV2", "MsgV1"),
    ("MsgV3", "MsgV3Break"),
    ("User", "Dataclass"),
    ("Dataclass", "User"),
    ("EvWiden", "EvOpt1"),
    ("Patch", "PatchOmit"),
    ("APoint", "Point"),
    ("Point", "APoint"),
    ("Get", "Put"),
    ("RenCamel", "RenPascal"),
    ("Inner", "Outer"),
    ("EvOpt2", "EvOpt1"),
    ("AUser", "User"),
    ("Frozen", "Inner"),
    ("Point", "Get_or_Put"),
    ("Get", "Get_or_Put"),
    ("CdfCursor", "map_str_any"),
    ("Point", "map_any"),
    ("Message", "MsgV2"),
    ("Interval", "list_Interval"),
)


def finished(row: Row, tags: set[str] | None = None) -> Row:
    """The question with its outcome and the tags that any operation can deserve."""
    outcome = OPERATIONS[row["op"]](row)
    found = set(tags or ())
    if outcome.get("kind") in LEAKS or "year" in outcome.get("error", ""):
        found.add("pyexc")
    numbers = [
        *integers_in_notation(outcome.get("value")),
        *integers_in_notation(row.get("value_in")),
    ]
    if any(not -(2**63) <= number < 2**64 for number in numbers):
        found.add("bigint")
    if any(2**63 <= number < 2**64 for number in numbers):
        found.add("uint64")
    if row.get("type") in TYPES and fits_before_newline(row["type"], outcome):
        found.add("line_end")
    return row | outcome | ({"tags": sorted(found)} if found else {})


def valid(type_id: str, random: Random, format_name: str, wild: float = 0.0) -> bytes:
    """An input that decodes; a plain one is found within a few attempts."""
    for _ in range(50):
        content = spell(document(type_id, random), random, format_name, wild)
        try:
            decoder(type_id, format_name, True).decode(content)
        except (msgspec.MsgspecError, ValueError, OverflowError):
            continue
        return content
    raise AssertionError(f"no valid document for {type_id} in 50 attempts")


@functools.cache
def usable_types(format_name: str) -> tuple[str, ...]:
    """The types that this format carries: JSON has no extensions."""
    return tuple(
        name for name in TYPES if format_name != "json" or not holds(name, msgspec.inspect.ExtType)
    )


# ---- one value after another ---------------------------------------------------------------------


def transcode(random: Random) -> Row:
    format_name, to = random.choice(("json", "msgpack")), random.choice(("json", "msgpack"))
    type_id = random.choice(usable_types(format_name))
    if random.random() < 0.2:
        type_id = random.choice(
            ("decimal", "uuid", "map_uuid_int", "map_decimal_int", "decimal_or_int", "Kitchen")
        )
    if holds(type_id, msgspec.inspect.RawType):
        to = format_name  # What a Raw holds goes through as it is.
    content = valid(type_id, random, format_name, random.choice((0.0, 0.0, 0.3)))
    question = {"op": "transcode", "type": type_id, "format": format_name}
    options = encode_options(type_id, to, random)
    row = finished(
        question | text_or_hex("input", content, format_name) | {"to": to, "options": options}
    )
    tags = set(row.get("tags", ()))
    tags |= integer_tags_of_input(row, content)
    if row["ok"] and to == "json" and is_invalid_json(output_of(row)):
        tags.add("invalid_output")
    if has_minus_zero(format_name, content):
        tags.add("minus_zero")
    return row | ({"tags": sorted(tags)} if tags else {})


def integer_tags_of_input(row: Row, content: bytes) -> set[str]:
    value = to_notation(decoder(row["type"], row["format"], True).decode(content))
    numbers = list(integers_in_notation(value))
    found = {"bigint"} if any(not -(2**63) <= number < 2**64 for number in numbers) else set()
    return found | ({"uint64"} if any(2**63 <= number < 2**64 for number in numbers) else set())


def output_of(row: Row) -> bytes:
    return bytes.fromhex(row["output_hex"]) if "output_hex" in row else row["output"].encode()


def encode_options(type_id: str, to: str, random: Random) -> Row:
    options: Row = {}
    if holds_set(type_id) or random.random() < 0.5:
        options["order"] = random.choice(("deterministic", "sorted"))
    if holds(type_id, msgspec.inspect.DecimalType) and random.random() < 0.6:
        options["decimal_format"] = random.choice(("string", "number"))
    if holds(type_id, msgspec.inspect.UUIDType) and random.random() < 0.7:
        options["uuid_format"] = random.choice(
            ("canonical", "hex") if to == "json" else ("canonical", "hex", "bytes")
        )
    return options


def to_builtins(random: Random) -> Row:
    type_id = random.choice(usable_types("msgpack"))
    order = random.choice(
        ("deterministic", "sorted")
        if holds_set(type_id)
        else (None, None, "deterministic", "sorted")
    )
    return finished(
        {
            "op": "to_builtins",
            "type": type_id,
            "input_msgpack": valid(type_id, random, "msgpack").hex(),
            "order": order,
            "str_keys": random.random() < 0.3,
            "builtin_types": random.choice(("", "", "bytes,datetime,uuid,decimal")),
        }
    )


def convert(random: Random) -> Row:
    type_id = random.choice(usable_types("msgpack"))
    node = document(type_id, random)
    if holds(type_id, msgspec.inspect.RawType):
        node = random.choice((node, msgspec.Raw(b"1")))
    choice = random.random()
    if choice < 0.35:
        node, _ = mutate(node, random, True)
    elif choice < 0.5:
        node, _ = replace_lax(node, random)
    elif choice < 0.6:
        node = texts_of_leaves(node, random)
    value = to_notation(as_value(node, random))
    if to_notation(from_notation(value)) != value:
        return convert(random)  # NaN, or keys that are equal in Python.
    tags = {"minus_zero"} if "-0" in texts_in_notation(value) else set()
    if holds(type_id, msgspec.inspect.DecimalType) and any(
        is_odd_decimal(text.encode()) for text in texts_in_notation(value)
    ):
        tags.add("decimal_text")
    return finished(
        {
            "op": "convert",
            "type": type_id,
            "value_in": value,
            "strict": random.random() < 0.5,
            "str_keys": random.random() < 0.3,
        },
        tags,
    )


def texts_of_leaves(node: Node, random: Random) -> Node:
    """All leaves in other kinds, as they come from a query or a table."""
    if isinstance(node, Pairs):
        return Pairs([(key, texts_of_leaves(item, random)) for key, item in node.items])
    if isinstance(node, list):
        return [texts_of_leaves(item, random) for item in node]
    return node if isinstance(node, str) else lax_spelling(node, random)


def as_value(node: Node, random: Random) -> Any:
    if isinstance(node, Pairs):
        return {
            (tuple(key) if isinstance(key, list) else key): as_value(item, random)
            for key, item in node.items
        }
    if isinstance(node, list):
        return [as_value(item, random) for item in node]
    return node


def convert_struct(random: Random) -> Row:
    from_type, type_id = random.choice(CONVERSIONS)
    return finished(
        {
            "op": "convert_struct",
            "from_type": from_type,
            "from_msgpack": valid(from_type, random, "msgpack").hex(),
            "type": type_id,
            "from_attributes": random.random() < 0.7,
            "strict": random.random() < 0.5,
        }
    )
