# SPDX-License-Identifier: Apache-2.0
"""Structs of the corpus with options: renamed, array-like, tagged, omitting, checked."""

from __future__ import annotations

import datetime
import decimal
from typing import Annotated, Any, Literal

from msgspec import UNSET, Meta, Raw, Struct, UnsetType, field
from msgspec.msgpack import Ext

from .types_scalar import UNIX_NAME, Aware, Fruit, Level, Naive
from .types_struct import Point

# ---- names on the wire ---------------------------------------------------------------------------


class RenLower(Struct, rename="lower"):
    field_one: int
    field_two_x: str = "d"
    fieldThree: bool = False
    _private_f: int = 0
    x9_y: int = 9


class RenUpper(Struct, rename="upper"):
    field_one: int
    field_two_x: str = "d"
    fieldThree: bool = False
    _private_f: int = 0
    x9_y: int = 9


class RenCamel(Struct, rename="camel"):
    field_one: int
    field_two_x: str = "d"
    fieldThree: bool = False
    _private_f: int = 0
    x9_y: int = 9


class RenPascal(Struct, rename="pascal"):
    field_one: int
    field_two_x: str = "d"
    fieldThree: bool = False
    _private_f: int = 0
    x9_y: int = 9


class RenKebab(Struct, rename="kebab"):
    field_one: int
    field_two_x: str = "d"
    fieldThree: bool = False
    _private_f: int = 0
    x9_y: int = 9


class RenMap(Struct, rename={"field_one": "first", "x9_y": "n/a"}):
    field_one: int
    field_two_x: str = "d"
    fieldThree: bool = False
    _private_f: int = 0
    x9_y: int = 9


def with_prefix(name: str) -> str | None:
    return None if name == "field_one" else "f:" + name


class RenFunc(Struct, rename=with_prefix):
    field_one: int
    field_two_x: str = "d"
    fieldThree: bool = False
    _private_f: int = 0
    x9_y: int = 9


class RenField(Struct, rename="camel"):
    field_x: int
    field_y: int = field(name="y")
    field_z: int = field(default=3, name="field_z!")


# ---- arrays --------------------------------------------------------------------------------------


class APoint(Struct, array_like=True):
    x: int
    y: int


class AUser(Struct, array_like=True):
    name: str
    groups: list[str] = []
    email: str | None = None


class AStrict(Struct, array_like=True, forbid_unknown_fields=True):
    a: int
    b: int = 2


class AOmit(Struct, array_like=True, omit_defaults=True):
    a: int
    b: int = 2
    c: int | None = None


class ATag(Struct, array_like=True, tag=True):
    key: str
    n: int = 0


class ANest(Struct):
    pts: list[APoint]
    best: APoint | None = None


class AUnset(Struct, array_like=True):
    a: int
    b: int | UnsetType = UNSET
    c: int = 1


# ---- tags ----------------------------------------------------------------------------------------


class Get(Struct, tag=True):
    key: str


class Put(Struct, tag=True):
    key: str
    val: str


class OGet(Struct, tag_field="op", tag=str.lower):
    key: str


class OPut(Struct, tag_field="op", tag=str.lower):
    key: str
    val: int = 0


class ODel(Struct, tag_field="op", tag=str.lower, forbid_unknown_fields=True):
    key: str


class I1(Struct, tag=1):
    a: int


class I2(Struct, tag=2):
    b: str


class IN(Struct, tag=-5):
    c: bool = True


class AG(Struct, array_like=True, tag=True):
    key: str


class AP(Struct, array_like=True, tag=True):
    key: str
    val: int = 7


class AI1(Struct, array_like=True, tag=10):
    key: str


class AI2(Struct, array_like=True, tag=20):
    n: int


class Circle(Struct, tag_field="kind", tag="circle"):
    r: float
    name: str = ""


class Rect(Struct, tag_field="kind", tag="rect"):
    w: float
    h: float
    name: str = ""


class Scene(Struct, omit_defaults=True):
    shapes: list[Circle | Rect] = []
    bg: Circle | Rect | None = None
    alt: Circle | Rect | str | UnsetType = UNSET


# ---- what is written, and what is accepted -------------------------------------------------------


def one_and_two() -> list[int]:
    return [1, 2]


def origin() -> Point:
    return Point(0, 0)


class Omit(Struct, omit_defaults=True):
    req: int
    i: int = 5
    s: str = "dflt"
    n: int | None = None
    l: list[int] = []  # noqa: E741
    m: dict[str, int] = {}
    st: set[int] = set()
    f: float = 1.5
    b: bool = False
    fac: list[int] = field(default_factory=one_and_two)
    by: bytes = b""
    tup: tuple[int, ...] = ()


class OmitNested(Struct, omit_defaults=True):
    p: Point = field(default_factory=origin)
    q: Point | None = None
    r: int = 300
    e: Fruit = Fruit.APPLE


class Forbid(Struct, forbid_unknown_fields=True):
    field_one: int
    field_two: bool = False


class ForbidTag(Struct, forbid_unknown_fields=True, tag_field="t", tag="ft"):
    a: int = 0


class Patch(Struct):
    x: int
    y: int | None | UnsetType = UNSET
    z: str | UnsetType = UNSET
    l: list[int] | UnsetType = UNSET  # noqa: E741


class PatchOmit(Struct, omit_defaults=True):
    x: int = 0
    y: int | None | UnsetType = UNSET
    z: int | None = None


class Interval(Struct):
    """low must not exceed high"""

    low: float
    high: float

    def __post_init__(self) -> None:
        if self.low > self.high:
            raise ValueError("`low` may not be greater than `high`")


class ConstrUser(Struct):
    name: Annotated[str, Meta(min_length=1, max_length=32, pattern=UNIX_NAME)]
    groups: Annotated[set[Annotated[str, Meta(min_length=1, max_length=5)]], Meta(max_length=3)] = (
        set()
    )
    cpu_limit: Annotated[float, Meta(ge=0.1, le=8)] = 1
    mem_limit: Annotated[int, Meta(ge=256, le=8192, multiple_of=64)] = 1024


class Schemad(Struct):
    """Documented fields"""

    id: Annotated[int, Meta(gt=0, title="Identifier", description="Positive id", examples=[1, 2])]
    tag: Annotated[str, Meta(extra_json_schema={"x-index": True, "default": "zz"})] = "t"
    when: Aware | None = None
    kind: Fruit = Fruit.APPLE
    lv: Level | None = None
    shape: Circle | Rect | None = None
    data: Annotated[bytes, Meta(max_length=10)] = b""
    pt: APoint | None = None
    mp: dict[Annotated[str, Meta(min_length=2)], Annotated[float, Meta(lt=5)]] = {}
    tup: tuple[int, str] = (1, "a")


class Frozen(Struct, frozen=True, order=True):
    a: int
    b: str = ""


class ReprOmit(Struct, repr_omit_defaults=True):
    a: int
    b: int = 2
    c: list[int] = []


class Det(Struct):
    z: dict[str, int] = {}
    a: set[str] = set()
    m: dict[str, Any] = {}
    k: dict[int, str] = {}


class RawField(Struct):
    kind: int
    body: Raw
    opt: Raw | UnsetType = UNSET


class WithExt(Struct):
    e: Ext
    l: list[Ext] = []  # noqa: E741


class DTs(Struct):
    a: datetime.datetime
    b: datetime.datetime | None = None
    n: Naive | None = None
    w: Aware | None = None


class Query(Struct):
    """Typical URL query string target: everything arrives as a string (lax mode)"""

    page: int = 1
    ratio: float = 1.0
    on: bool = False
    lim: int | None = None
    lv: Level = Level.LOW
    lit: Literal[1, 2] = 1
    dec: decimal.Decimal = decimal.Decimal("0")
    at: datetime.datetime | None = None
    ttl: datetime.timedelta | None = None
    ids: list[int] = []


RENAMED: dict[str, Any] = {
    kind.__name__: kind
    for kind in (RenLower, RenUpper, RenCamel, RenPascal, RenKebab, RenMap, RenFunc, RenField)
}

ARRAY_LIKE: dict[str, Any] = {
    kind.__name__: kind for kind in (APoint, AUser, AStrict, AOmit, ATag, ANest, AUnset)
}

TAGGED: dict[str, Any] = {
    "Get": Get,
    "Put": Put,
    "Get_or_Put": Get | Put,
    "Get_Put_int_null": Get | Put | int | None,
    "list_Get_or_Put": list[Get | Put],
    "map_Get_or_Put": dict[str, Get | Put],
    "Op": OGet | OPut | ODel,
    "IntTags": I1 | I2 | IN,
    "ArrTags": AG | AP,
    "ArrIntTags": AI1 | AI2,
    "Scene": Scene,
}

OPTIONS: dict[str, Any] = {
    kind.__name__: kind
    for kind in (Omit, OmitNested, Forbid, ForbidTag, Patch, PatchOmit, Interval, ConstrUser)
    + (Frozen, ReprOmit)
} | {"list_Interval": list[Interval]}
