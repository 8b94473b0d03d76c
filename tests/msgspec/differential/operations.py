# SPDX-License-Identifier: Apache-2.0
"""The rows with an `op`: what the installed msgspec makes of each, one function per operation."""

from __future__ import annotations

import datetime
import decimal
import hashlib
import struct
import uuid
from typing import Any

import msgspec
from msgspec.msgpack import Ext

from . import types
from .notation import from_notation, to_notation
from .outcome import (
    Row,
    decoder,
    failure,
    input_of,
    text_or_hex,
    transcode_outcome,
)

# The value that all rows with native types have means these.
NATIVE_TYPES = (
    bytes,
    datetime.datetime,
    datetime.date,
    datetime.time,
    datetime.timedelta,
    uuid.UUID,
    decimal.Decimal,
)
ORDERINGS = ("lt", "le", "gt", "ge")


def decode_lines(row: Row) -> Row:
    lines = decoder(row["type"], "json", row["strict"])
    try:
        values = lines.decode_lines(input_of(row))
    except Exception as error:  # noqa: BLE001
        return failure(error)
    output = msgspec.json.Encoder().encode_lines(values)
    return {"ok": True, "value": to_notation(values)} | text_or_hex("output", output, "json")


def encode_into(row: Row) -> Row:
    value = decoder(row["type"], "json", True).decode(row["value_json"])
    module = msgspec.json if row["to"] == "json" else msgspec.msgpack
    buffer = bytearray.fromhex(row["buffer"])
    length, offset = len(buffer), row["offset"]
    try:
        module.Encoder().encode_into(value, buffer, offset)
    except Exception as error:  # noqa: BLE001
        return failure(error) | {"buffer_after": bytes(buffer).hex()}
    if offset <= length:
        return {"ok": True, "output": bytes(buffer).hex()}
    buffer[length:offset] = bytes(offset - length)
    return {"ok": True, "output": bytes(buffer).hex(), "unspecified": [length, offset]}


def json_format(row: Row) -> Row:
    try:
        output = msgspec.json.format(input_of(row), indent=row["indent"])
    except Exception as error:  # noqa: BLE001
        return failure(error)
    return {"ok": True} | text_or_hex("output", output, "json")


def convert(row: Row) -> Row:
    try:
        value = msgspec.convert(
            from_notation(row["value_in"]),
            types.TYPES[row["type"]],
            strict=row["strict"],
            str_keys=row["str_keys"],
            dec_hook=types.decode_hook,
        )
    except Exception as error:  # noqa: BLE001
        return failure(error)
    return {"ok": True, "value": to_notation(value)}


def convert_struct(row: Row) -> Row:
    source = decoder(row["from_type"], "msgpack", True).decode(bytes.fromhex(row["from_msgpack"]))
    try:
        value = msgspec.convert(
            source,
            types.TYPES[row["type"]],
            strict=row["strict"],
            from_attributes=row["from_attributes"],
            dec_hook=types.decode_hook,
        )
    except Exception as error:  # noqa: BLE001
        return failure(error)
    return {"ok": True, "value": to_notation(value)}


def to_builtins(row: Row) -> Row:
    value = decoder(row["type"], "msgpack", True).decode(bytes.fromhex(row["input_msgpack"]))
    native = NATIVE_TYPES if row["builtin_types"] else ()
    try:
        result = msgspec.to_builtins(
            value,
            order=row["order"],
            str_keys=row["str_keys"],
            builtin_types=native,
            enc_hook=types.encode_hook if row["type"] == "Config" else None,
        )
    except Exception as error:  # noqa: BLE001
        return failure(error)
    return {"ok": True, "value": to_notation(result)}


def from_msgpack(row: Row, name: str = "input_msgpack") -> Any:
    return decoder(row["type"], "msgpack", True).decode(bytes.fromhex(row[name]))


def show(row: Row) -> Row:
    return {"output": repr(from_msgpack(row))}


def compare(row: Row) -> Row:
    a, b = from_msgpack(row, "a_msgpack"), from_msgpack(row, "b_msgpack")
    outcome: Row = {"eq": a == b}
    config = getattr(a, "__struct_config__", None)
    if config is not None and config.order:
        outcome |= {name: bool(getattr(a, f"__{name}__")(b)) for name in ORDERINGS}
    if config is not None and config.frozen:
        outcome |= hash_outcome(a, b)
    return outcome


def hash_outcome(a: Any, b: Any) -> Row:
    try:
        return {"hash_eq": hash(a) == hash(b)}
    except TypeError:
        return {}


def replace(row: Row) -> Row:
    try:
        value = msgspec.structs.replace(from_msgpack(row), **from_notation(row["changes"]))
    except Exception as error:  # noqa: BLE001
        return failure(error)
    return {"ok": True, "value": to_notation(value)}


def asdict(row: Row) -> Row:
    value = from_msgpack(row)
    return {
        "value": to_notation(msgspec.structs.asdict(value)),
        "tuple": to_notation(msgspec.structs.astuple(value)),
    }


def ext_hook(row: Row) -> Row:
    decode = msgspec.msgpack.Decoder(
        types.EXT_HOOK_TYPES[row["type"]], ext_hook=types.ext_decode_hook
    ).decode
    try:
        value = decode(input_of(row))
    except Exception as error:  # noqa: BLE001
        return failure(error)
    output = msgspec.msgpack.Encoder(enc_hook=types.ext_encode_hook).encode(value)
    return {"ok": True, "value": to_notation(value), "output": output.hex()}


def float_encode(row: Row) -> Row:
    (value,) = struct.unpack(">d", bytes.fromhex(row["bits"]))
    return {"json": msgspec.json.encode(value).decode()}


def msgpack_f32_decode(row: Row) -> Row:
    value = msgspec.msgpack.decode(bytes.fromhex(row["input"]))
    return {"json": msgspec.json.encode(value).decode()}


def string_encode(row: Row) -> Row:
    text = bytes.fromhex(row["utf8_hex"]).decode()
    return {
        "json": msgspec.json.encode(text).decode(),
        "msgpack": msgspec.msgpack.encode(text).hex(),
    }


def string_encode_repeat(row: Row) -> Row:
    text = row["char"] * row["count"]
    as_json, packed = msgspec.json.encode(text), msgspec.msgpack.encode(text)
    return {
        "msgpack_header": packed[:5].hex(),
        "json_len": len(as_json),
        "msgpack_len": len(packed),
        "msgpack_sha256": hashlib.sha256(packed).hexdigest(),
        "json_sha256": hashlib.sha256(as_json).hexdigest(),
    }


def sizes(row: Row) -> Row:
    count, encode = row["count"], msgspec.msgpack.encode
    array = encode([0] * count)
    return {
        "array_of_zero_header": array[:5].hex(),
        "array_len": len(array),
        "map_int_header": encode(dict.fromkeys(range(count), 0))[:5].hex(),
        "bin_header": encode(bytes(count))[:5].hex(),
        "ext5_header": encode(Ext(5, bytes(count)))[:6].hex(),
    }


def int_encode(row: Row) -> Row:
    number = int(row["int"])
    outcome: Row = {"json": msgspec.json.encode(number).decode()}
    try:
        return outcome | {"msgpack": msgspec.msgpack.encode(number).hex()}
    except OverflowError as error:
        return outcome | {"msgpack_error": str(error)}


def schema(row: Row) -> Row:
    try:
        return {"ok": True, "schema": msgspec.json.schema(types.TYPES[row["type"]])}
    except TypeError as error:
        return failure(error)


def schema_components(row: Row) -> Row:
    try:
        schemas, components = msgspec.json.schema_components(
            [types.TYPES[name] for name in row["types"]], ref_template=row["ref_template"]
        )
    except TypeError as error:
        return failure(error)
    return {"ok": True, "schemas": list(schemas), "components": components}


OPERATIONS: dict[str, Any] = {
    "transcode": transcode_outcome,
    "repr": show,
    **{
        function.__name__: function
        for function in (decode_lines, encode_into, json_format, convert, convert_struct)
        + (to_builtins, compare, replace, asdict, ext_hook, float_encode, msgpack_f32_decode)
        + (string_encode, string_encode_repeat, sizes, int_encode, schema, schema_components)
    },
}

# The part of a row that is the question; the rest of it is the outcome.
QUESTION = frozenset(
    ("id", "op", "type", "format", "input", "input_hex", "strict", "tags", "to", "options")
    + ("value_json", "buffer", "offset", "indent", "value_in", "str_keys", "from_type")
    + ("from_msgpack", "from_attributes", "builtin_types", "input_msgpack", "a_msgpack")
    + ("b_msgpack", "changes", "bits", "utf8_hex", "char", "count", "int", "types", "ref_template")
)
