# SPDX-License-Identifier: Apache-2.0
"""All type ids of the corpus, by the group that its files are named after, and the user's hooks."""

from __future__ import annotations

import struct
from pathlib import PurePosixPath
from typing import Any

from msgspec.msgpack import Ext

from . import types_option as option
from . import types_scalar as scalar
from . import types_struct as plain

GROUPS: dict[str, dict[str, Any]] = {
    "scalar": scalar.SCALARS,
    "union": scalar.UNIONS,
    "constraint": scalar.CONSTRAINTS,
    "container": scalar.CONTAINERS,
    "enum_literal": scalar.ENUMS_AND_LITERALS,
    "struct": plain.PLAIN,
    "seed": plain.SEED,
    "rename": option.RENAMED,
    "array_like": option.ARRAY_LIKE,
    "tagged": option.TAGGED,
    "options": option.OPTIONS,
    "schema": {"Schemad": option.Schemad},
    "ordering": {"Det": option.Det},
    "raw": {"RawField": option.RawField},
    "ext": {"WithExt": option.WithExt},
    "time": {"DTs": option.DTs},
    "lax": {"Query": option.Query},
    "evolution": plain.EVOLUTION,
    "pytypes": plain.PYTHON_CLASSES,
    "hooks": {"Config": plain.Config},
}

TYPES: dict[str, Any] = {name: kind for group in GROUPS.values() for name, kind in group.items()}

# Types of ext_hook rows only.
EXT_HOOK_TYPES: dict[str, Any] = {
    "any": Any,
    "ext": Ext,
    "complex": complex,
    "list<complex>": list[complex],
}


def decode_hook(kind: type, value: Any) -> Any:
    """Makes the two types of Config that msgspec does not know."""
    if kind is PurePosixPath:
        return to_path(value)
    if kind is complex:
        return to_complex(value)
    raise NotImplementedError(f"no hook for {kind}")


def to_path(value: Any) -> PurePosixPath:
    if not isinstance(value, str):
        raise TypeError("path must be a string")
    if not value:
        raise ValueError("empty path")
    return PurePosixPath(value)


def to_complex(value: Any) -> complex:
    is_pair = isinstance(value, (list, tuple)) and len(value) == 2
    if not is_pair or not all(isinstance(part, (int, float)) for part in value):
        raise ValueError("bad complex")
    return complex(value[0], value[1])


def encode_hook(value: Any) -> Any:
    if isinstance(value, PurePosixPath):
        return str(value)
    if isinstance(value, complex):
        return [value.real, value.imag]
    raise NotImplementedError(f"Encoding objects of type {type(value).__name__} is unsupported")


def ext_decode_hook(code: int, data: memoryview) -> Any:
    """Code 1 is a complex number, code 2 is refused, everything else stays what it is."""
    if code == 1:
        if len(data) != 16:
            raise ValueError("bad complex")
        return complex(*struct.unpack("<dd", data))
    if code == 2:
        raise TypeError("code 2 refused")
    return Ext(code, bytes(data))


def ext_encode_hook(value: Any) -> Any:
    if isinstance(value, complex):
        return Ext(1, struct.pack("<dd", value.real, value.imag))
    raise NotImplementedError(f"Encoding objects of type {type(value).__name__} is unsupported")
