# SPDX-License-Identifier: Apache-2.0
"""What the installed msgspec makes of one row: everything of the row behind its question."""

from __future__ import annotations

import functools
import re
from collections.abc import Callable
from typing import Any, get_origin

import msgspec

from . import types
from .notation import to_notation
from .omission import encode_by_value, holds_omission

Row = dict[str, Any]
PATH = re.compile(r"^.* - at (`.*)$", re.DOTALL)
MODULES: dict[str, Any] = {"json": msgspec.json, "msgpack": msgspec.msgpack}


# ---- decoders and encoders -----------------------------------------------------------------------


@functools.cache
def decoder(type_id: str, format_name: str, strict: bool) -> Any:
    kind = types.TYPES[type_id]
    return MODULES[format_name].Decoder(kind, strict=strict, dec_hook=types.decode_hook)


def encoder(format_name: str, type_id: str, **options: Any) -> Callable[[Any], bytes]:
    hook = types.encode_hook if type_id == "Config" else None
    return MODULES[format_name].Encoder(enc_hook=hook, **options).encode


@functools.cache
def holds_set(type_id: str) -> bool:
    """Whether a set is anywhere in the type: its output is written in order, to be comparable."""
    return any(
        isinstance(part, msgspec.inspect.SetType | msgspec.inspect.FrozenSetType)
        for part in parts_of(msgspec.inspect.type_info(types.TYPES[type_id]))
    )


@functools.cache
def may_omit(type_id: str) -> bool:
    """Whether a struct with omit_defaults is anywhere in the type."""
    structs = (
        part
        for part in parts_of(msgspec.inspect.type_info(types.TYPES[type_id]))
        if isinstance(part, msgspec.inspect.StructType)
    )
    return any(
        (get_origin(part.cls) or part.cls).__struct_config__.omit_defaults for part in structs
    )


def parts_of(info: Any) -> list[Any]:
    """This description of a type and all below it, each struct once."""
    found: list[Any] = []
    seen: set[Any] = set()

    def walk(node: Any) -> None:
        if isinstance(node, (list, tuple)):
            for part in node:
                walk(part)
            return
        if isinstance(node, msgspec.inspect.Field):
            walk(node.type)
            return
        if not isinstance(node, msgspec.inspect.Type):
            return
        kind = getattr(node, "cls", None)
        if kind is not None and kind in seen:
            return
        seen.add(kind)
        found.append(node)
        for name in node.__struct_fields__:
            walk(getattr(node, name))

    walk(info)
    return found


# ---- one value -----------------------------------------------------------------------------------


def failure(error: Exception) -> Row:
    text = str(error)
    row: Row = {"ok": False, "kind": type(error).__name__, "error": text}
    if isinstance(error, msgspec.ValidationError) and (match := PATH.match(text)):
        row["path"] = match[1]
    return row


def text_or_hex(name: str, content: bytes, format_name: str) -> Row:
    """JSON is text where it is valid UTF-8; everything else is hex."""
    if format_name != "json":
        return {name: content.hex()}
    try:
        return {name: content.decode()}
    except UnicodeDecodeError:
        return {name + "_hex": content.hex()}


def input_of(row: Row) -> bytes:
    if "input_hex" in row:
        return bytes.fromhex(row["input_hex"])
    return (
        row["input"].encode()
        if row.get("format", "json") == "json"
        else bytes.fromhex(row["input"])
    )


def decode_outcome(type_id: str, format_name: str, content: bytes, strict: bool) -> Row:
    try:
        value = decoder(type_id, format_name, strict).decode(content)
    except Exception as error:  # noqa: BLE001 - Python's own errors are outcomes, too.
        return failure(error)
    order = "deterministic" if holds_set(type_id) else None
    row: Row = {"ok": True} | encode_outcome(value, type_id, format_name, {"order": order})
    if order and "encode_error" not in row:
        row["order"] = order
    return row | {"value": to_notation(value)}


def encode_outcome(value: Any, type_id: str, to: str, options: Row) -> Row:
    encode = encoder(to, type_id, **options)
    try:
        output = encode(value)
    except Exception as error:  # noqa: BLE001
        return {"encode_error": {"kind": type(error).__name__, "error": str(error)}}
    row = text_or_hex("output", output, to)
    if may_omit(type_id) and holds_omission(value):
        in_order = encoder(to, type_id, **(options | {"order": None}))
        by_value = encode_by_value(value, encode, in_order, options.get("order") == "sorted")
        if by_value != output:
            row |= text_or_hex("output_eq", by_value, to)
    return row


def transcode_outcome(row: Row) -> Row:
    try:
        value = decoder(row["type"], row["format"], True).decode(input_of(row))
    except Exception as error:  # noqa: BLE001
        return failure(error)
    outcome = encode_outcome(value, row["type"], row["to"], row["options"])
    error = outcome.pop("encode_error", None)
    return {"ok": False} | error if error else {"ok": True} | outcome
