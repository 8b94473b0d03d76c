# SPDX-License-Identifier: Apache-2.0
"""The corpus's notation of values: plain JSON, with `{"$kind": …}` for what JSON cannot say."""

from __future__ import annotations

import dataclasses
import datetime
import decimal
import enum
import json
import math
import uuid
from pathlib import PurePosixPath
from typing import Any

import msgspec
from msgspec.msgpack import Ext

from . import types_scalar

EXACT_INTEGER = 2**53
MICROSECOND = datetime.timedelta(microseconds=1)


def dump_json(value: Any) -> str:
    """The compact JSON of rows and of values in the notation."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)


# ---- from Python ---------------------------------------------------------------------------------


def to_notation(value: Any) -> Any:
    if value is None or value is True or value is False or type(value) is str:
        return value
    if type(value) is int:
        return value if abs(value) <= EXACT_INTEGER else {"$int": str(value)}
    if type(value) is float:
        return value if math.isfinite(value) else {"$float": repr(value)}
    if isinstance(value, (list, tuple)) and not hasattr(value, "_fields"):
        return [to_notation(item) for item in value]
    if isinstance(value, dict):
        return map_notation(value)
    return tagged_notation(value)


def map_notation(value: dict[Any, Any]) -> Any:
    if all(type(key) is str and not key.startswith("$") for key in value):
        return {key: to_notation(item) for key, item in value.items()}
    return {"$map": [[to_notation(key), to_notation(item)] for key, item in value.items()]}


def tagged_notation(value: Any) -> Any:
    if isinstance(value, enum.Enum):
        return {"$enum": f"{type(value).__name__}.{value.name}"}
    if isinstance(value, (set, frozenset)):
        return {"$set": [to_notation(item) for item in sorted(value)]}
    if isinstance(value, complex):
        return {"$complex": [to_notation(value.real), to_notation(value.imag)]}
    if isinstance(value, Ext):
        return {"$ext": [value.code, bytes(value.data).hex()]}
    if value is msgspec.UNSET:
        return {"$unset": True}
    return text_notation(value) or struct_notation(value)


def text_notation(value: Any) -> Any:
    """The kinds that are one text; nothing for the rest."""
    if isinstance(value, (bytes, bytearray)):
        return {"$bytes": bytes(value).hex()}
    if isinstance(value, msgspec.Raw):
        return {"$raw": bytes(value).hex()}
    if isinstance(value, datetime.datetime):
        return {"$datetime": value.isoformat()}
    if isinstance(value, datetime.date):
        return {"$date": value.isoformat()}
    if isinstance(value, datetime.time):
        return {"$time": value.isoformat()}
    if isinstance(value, datetime.timedelta):
        return {"$duration_us": value // MICROSECOND}
    for kind, name in ((uuid.UUID, "$uuid"), (decimal.Decimal, "$decimal")):
        if isinstance(value, kind):
            return {name: str(value)}
    return {"$path": str(value)} if isinstance(value, PurePosixPath) else None


def struct_notation(value: Any) -> dict[str, Any]:
    members = {name: to_notation(getattr(value, name)) for name in member_names(value)}
    return {"$struct": type(value).__name__} | members


def member_names(value: Any) -> list[str]:
    if isinstance(value, msgspec.Struct):
        return list(value.__struct_fields__)
    if dataclasses.is_dataclass(value):
        return [member.name for member in dataclasses.fields(value)]
    if hasattr(value, "_fields"):
        return list(value._fields)
    raise TypeError(f"no notation for {type(value)}")


# ---- to Python -----------------------------------------------------------------------------------


def from_notation(value: Any) -> Any:
    if isinstance(value, list):
        return [from_notation(item) for item in value]
    if not isinstance(value, dict):
        return value
    if len(value) == 1:
        name, content = next(iter(value.items()))
        if name in READERS:
            return READERS[name](content)
    return {key: from_notation(item) for key, item in value.items()}


def read_enum(name: str) -> enum.Enum:
    kind, member = name.split(".")
    return getattr(types_scalar, kind)[member]


READERS: dict[str, Any] = {
    "$int": int,
    "$float": float,
    "$bytes": bytes.fromhex,
    "$raw": lambda text: msgspec.Raw(bytes.fromhex(text)),
    "$ext": lambda parts: Ext(parts[0], bytes.fromhex(parts[1])),
    "$datetime": datetime.datetime.fromisoformat,
    "$date": datetime.date.fromisoformat,
    "$time": datetime.time.fromisoformat,
    "$duration_us": lambda count: datetime.timedelta(microseconds=count),
    "$uuid": uuid.UUID,
    "$decimal": decimal.Decimal,
    "$enum": read_enum,
    "$set": lambda items: {from_notation(item) for item in items},
    "$map": lambda pairs: {from_notation(key): from_notation(item) for key, item in pairs},
    "$unset": lambda _: msgspec.UNSET,
    "$complex": lambda parts: complex(*[from_notation(part) for part in parts]),
    "$path": PurePosixPath,
}
