# SPDX-License-Identifier: Apache-2.0
"""Enums, and the type ids of the corpus that are not structs, as real msgspec definitions.

TYPES.md of the corpus describes each of them; `make_rows.py --replay` proves that they agree.
"""

from __future__ import annotations

import datetime
import decimal
import enum
import uuid
from typing import Annotated, Any, Literal

from msgspec import Meta, Raw
from msgspec.msgpack import Ext


class Color(enum.Enum):
    """Lookup is case insensitive (Python `_missing_`)."""

    RED = "red"
    GREEN = "green"

    @classmethod
    def _missing_(cls, value: object) -> Color | None:
        if not isinstance(value, str):
            return None
        return next((member for member in cls if member.value == value.lower()), None)


class Fruit(enum.Enum):
    APPLE = "apple"
    BANANA = "banana"
    DRAGON = "dragon fruit"


class Level(enum.IntEnum):
    LOW = 1
    MID = 5
    HIGH = 10
    NEG = -3


class Mode(enum.Enum):
    READ = "r"
    WRITE = "w"


class Sparse(enum.Enum):
    A = 0
    B = 1000000
    C = -(2**63)
    D = 2**63 - 1


UNIX_NAME = "^[a-z_][a-z0-9_-]*$"

Aware = Annotated[datetime.datetime, Meta(tz=True)]
Naive = Annotated[datetime.datetime, Meta(tz=False)]
IntGe0 = Annotated[int, Meta(ge=0)]

SCALARS: dict[str, Any] = {
    "null": None,
    "bool": bool,
    "int": int,
    "float": float,
    "str": str,
    "bytes": bytes,
    "any": Any,
    "raw": Raw,
    "datetime": datetime.datetime,
    "datetime_aware": Aware,
    "datetime_naive": Naive,
    "date": datetime.date,
    "time": datetime.time,
    "time_aware": Annotated[datetime.time, Meta(tz=True)],
    "time_naive": Annotated[datetime.time, Meta(tz=False)],
    "duration": datetime.timedelta,
    "uuid": uuid.UUID,
    "decimal": decimal.Decimal,
    "ext": Ext,
}

UNIONS: dict[str, Any] = {
    "opt_int": int | None,
    "opt_str": str | None,
    "opt_float": float | None,
    "opt_bool": bool | None,
    "opt_bytes": bytes | None,
    "opt_datetime": datetime.datetime | None,
    "int_or_str": int | str,
    "int_or_float": int | float,
    "bool_or_int": bool | int,
    "float_or_str": float | str,
    "bool_int_float_str_null": bool | int | float | str | None,
    "int_or_list_int": int | list[int],
    "str_or_map": str | dict[str, int],
    "int_or_datetime": int | datetime.datetime,
    "float_or_decimal": float | decimal.Decimal,
    "decimal_or_int": decimal.Decimal | int,
    "bool_or_datetime": bool | datetime.datetime,
    "float_or_duration": float | datetime.timedelta,
    "bytes_or_int": bytes | int,
    "fruit_or_int": Fruit | int,
    "level_or_str": Level | str,
    "uuid_or_null": uuid.UUID | None,
}

CONSTRAINTS: dict[str, Any] = {
    "int_0_100": Annotated[int, Meta(ge=0, le=100)],
    "int_gt0_lt10": Annotated[int, Meta(gt=0, lt=10)],
    "int_mult5": Annotated[int, Meta(multiple_of=5)],
    "int_i8": Annotated[int, Meta(ge=-128, le=127)],
    "int_u8": Annotated[int, Meta(ge=0, le=255)],
    "int_i32": Annotated[int, Meta(ge=-(2**31), le=2**31 - 1)],
    "int_i64": Annotated[int, Meta(ge=-(2**63), le=2**63 - 1)],
    "int_ge0": IntGe0,
    "int_all": Annotated[int, Meta(gt=-10, le=50, multiple_of=3)],
    "float_ge_le": Annotated[float, Meta(ge=-180.0, le=180.0)],
    "float_gt0_lt1": Annotated[float, Meta(gt=0, lt=1)],
    "float_ge01": Annotated[float, Meta(ge=0.1)],
    "float_mult": Annotated[float, Meta(multiple_of=0.25)],
    "str_2_5": Annotated[str, Meta(min_length=2, max_length=5)],
    "str_pat_anch": Annotated[str, Meta(pattern=UNIX_NAME)],
    "str_pat_unanch": Annotated[str, Meta(pattern="es")],
    "str_unixname": Annotated[
        str,
        Meta(min_length=1, max_length=8, pattern=UNIX_NAME, description="A valid UNIX username"),
    ],
    "bytes_2_4": Annotated[bytes, Meta(min_length=2, max_length=4)],
    "list_1_3": Annotated[list[int], Meta(min_length=1, max_length=3)],
    "set_1_2": Annotated[set[int], Meta(min_length=1, max_length=2)],
    "vartuple_min2": Annotated[tuple[int, ...], Meta(min_length=2)],
    "map_1_2": Annotated[dict[str, int], Meta(min_length=1, max_length=2)],
    "map_key_pat": dict[Annotated[str, Meta(max_length=4, pattern="^[a-z]+$")], int],
    "map_val_ge0": dict[str, IntGe0],
    "list_elem_gt0": list[Annotated[int, Meta(gt=0)]],
    "opt_int_ge0": IntGe0 | None,  # pyright: ignore[reportOperatorIssue]
    "int_or_str_constr": Annotated[int, Meta(ge=1, le=3)] | Annotated[str, Meta(min_length=2)],
}

CONTAINERS: dict[str, Any] = {
    "list_int": list[int],
    "list_any": list[Any],
    "list_str": list[str],
    "list_list_int": list[list[int]],
    "list_opt_int": list[int | None],
    "list_union": list[int | str | None],
    "set_int": set[int],
    "set_str": set[str],
    "frozenset_int": frozenset[int],
    "set_tuple": set[tuple[int, str]],
    "tuple_isf": tuple[int, str, float],
    "tuple_empty": tuple[()],
    "tuple_nested": tuple[int, tuple[str, bool]],
    "vartuple_int": tuple[int, ...],
    "map_str_int": dict[str, int],
    "map_any": dict[Any, Any],
    "map_int_str": dict[int, str],
    "map_float_int": dict[float, int],
    "map_uuid_int": dict[uuid.UUID, int],
    "map_date_int": dict[datetime.date, int],
    "map_datetime_int": dict[datetime.datetime, int],
    "map_fruit_int": dict[Fruit, int],
    "map_level_int": dict[Level, int],
    "map_lit_int": dict[Literal["a", "b"], int],
    "map_str_list": dict[str, list[int]],
    "map_str_any": dict[str, Any],
    "map_str_map": dict[str, dict[str, int]],
    "map_opt_key": dict[int | str, int],
    "map_bytes_int": dict[bytes, int],
    "map_decimal_int": dict[decimal.Decimal, int],
}

ENUMS_AND_LITERALS: dict[str, Any] = {
    "fruit": Fruit,
    "level": Level,
    "color_ci": Color,
    "sparse": Sparse,
    "mode": Mode,
    "lit_str": Literal["one", "three", "two"],
    "lit_int": Literal[1, 2, 3],
    "lit_mixed": Literal[None, 1, "a"],
    "lit_true": Literal[True],
    "lit_bools": Literal[False, True],
    "lit_neg": Literal[-1, 0, 1],
    "list_fruit": list[Fruit],
    "opt_fruit": Fruit | None,
    "lit_str_or_float": Literal["auto", "none"] | float,
}
