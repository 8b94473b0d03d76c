# SPDX-License-Identifier: Apache-2.0
"""Random documents that fit a type, made from msgspec's own description of it.

Most of them are valid. Now and then a leaf misses its constraint: an outcome to compare, too.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from random import Random
from typing import Any

import msgspec
from msgspec import NODEFAULT, UNSET, inspect

from . import leaves
from .tree import Node, Pairs

DEEPEST = 5
FITTING_TEXTS: dict[str, tuple[str, ...]] = {
    "^[a-z_][a-z0-9_-]*$": ("a", "root", "_x", "a-b_9", "www-data", "z9", "a1234567"),
    "es": ("es", "test", "yes!", "eses"),
    "^[a-z]+$": ("a", "key", "abcd", "zz"),
}
UNKNOWN_NAMES = ("zz", "extra", "X", "typ", "a.b", "é", "", "name2", "field_", "0")


class Maker:
    """Makes nodes; everything random comes from the one generator that it is given."""

    def __init__(self, random: Random) -> None:
        self.random = random

    def fit(self, info: Any, depth: int = 0) -> Node:
        """A document for the type that `info` describes."""
        if isinstance(info, inspect.Metadata):
            return self.fit(info.type, depth)
        return MAKERS[type(info)](self, info, depth)

    def chance(self, share: float) -> bool:
        return self.random.random() < share

    # ---- leaves ----

    def integer(self, info: inspect.IntType, _: int) -> int:
        if self.chance(0.02):
            return leaves.wide_integer(self.random)
        if self.chance(0.06):
            return leaves.integer(self.random)
        low = max(-(2**63), bound(info.ge, info.gt, 1))
        high = min(2**63 - 1, -bound(negated(info.le), negated(info.lt), 1))
        number = leaves.integer(self.random, low, high)
        step = info.multiple_of or 1
        rounded = number // step * step
        return rounded if low <= rounded else rounded + step

    def double(self, info: inspect.FloatType, _: int) -> float | int:
        low = next((float(limit) for limit in (info.ge, info.gt) if limit is not None), -math.inf)
        high = next((float(limit) for limit in (info.le, info.lt) if limit is not None), math.inf)
        if self.chance(0.1) or (low, high, info.multiple_of) == (-math.inf, math.inf, None):
            number = leaves.double(self.random)
        else:
            first = 0.0 if math.isinf(low) else low
            last = first + 100.0 if math.isinf(high) else high
            number = self.random.choice((first, last, self.random.uniform(first, last)))
        if info.multiple_of is not None and self.chance(0.8):
            number = self.random.randint(-400, 400) * float(info.multiple_of)
        if self.chance(0.2) and number.is_integer() and abs(number) < 2**53:
            return int(number)
        return number

    def text(self, info: inspect.StrType, _: int) -> str:
        if self.chance(0.05):
            return leaves.text(self.random)
        if info.pattern is not None and self.chance(0.9):
            return self.random.choice(FITTING_TEXTS[info.pattern])
        return leaves.text(self.random, info.min_length or 0, info.max_length)

    def byte_string(self, info: inspect.BytesType, _: int) -> bytes:
        if self.chance(0.05):
            return leaves.byte_string(self.random)
        return leaves.byte_string(self.random, info.min_length or 0, info.max_length)

    def chosen(self, values: list[Any]) -> Any:
        if self.chance(0.05):
            return self.random.choice(("", "nope", 0, 7, -1, "Apple", None, True, 2**63 - 1))
        return self.random.choice(values)

    def enum(self, info: inspect.EnumType, _: int) -> Any:
        value = self.chosen([member.value for member in info.cls])
        is_color = info.cls.__name__ == "Color" and isinstance(value, str)
        return value.upper() if is_color and self.chance(0.5) else value

    def literal(self, info: inspect.LiteralType, _: int) -> Any:
        return self.chosen(sorted(info.values, key=repr))

    # ---- containers ----

    def count(self, info: Any, depth: int) -> int:
        if self.chance(0.05):
            return self.random.choice((0, 1, 4, 7))
        low = info.min_length or 0
        high = info.max_length if info.max_length is not None else low + (4 if depth < 2 else 2)
        if info.max_length is None and depth == 0 and self.chance(0.04):
            high = low = self.random.choice((15, 16, 17, 40))
        return self.random.randint(low, high)

    def array(self, info: Any, depth: int) -> list[Node]:
        if depth >= DEEPEST and not info.min_length:
            return []
        return [self.fit(info.item_type, depth + 1) for _ in range(self.count(info, depth))]

    def tuple(self, info: inspect.TupleType, depth: int) -> list[Node]:
        return [self.fit(item, depth + 1) for item in info.item_types]

    def map(self, info: inspect.DictType, depth: int) -> Pairs:
        pairs: dict[Any, tuple[Node, Node]] = {}
        is_any = isinstance(info.key_type, inspect.AnyType)
        for _ in range(0 if depth >= DEEPEST else self.count(info, depth)):
            key = self.any_key() if is_any else self.fit(info.key_type, depth + 1)
            pairs.setdefault(equality_of(key), (key, self.fit(info.value_type, depth + 1)))
        return Pairs(list(pairs.values()))

    def any_key(self) -> Node:
        return leaves.text(self.random) if self.chance(0.8) else leaves.integer(self.random, 2, 999)

    def union(self, info: inspect.UnionType, depth: int) -> Node:
        kinds = info.types
        if depth >= DEEPEST and any(isinstance(kind, inspect.NoneType) for kind in kinds):
            return None
        return self.fit(self.random.choice(kinds), depth)

    def anything(self, _: Any = None, depth: int = 0) -> Node:
        """A document that fits no type in particular."""
        choice = self.random.randrange(10 if depth < 3 else 7)
        if choice < 7:
            return self.any_leaf(choice)
        if choice == 7:
            return Pairs(
                [
                    (
                        f"{leaves.text(self.random, 0, 6)}{number or ''}",
                        self.anything(None, depth + 1),
                    )
                    for number in range(self.random.randrange(4))
                ]
            )
        return [self.anything(None, depth + 1) for _ in range(self.random.randrange(5))]

    def any_leaf(self, choice: int) -> Node:
        if choice == 0:
            return self.random.choice((None, True, False))
        if choice < 3:
            return leaves.integer(self.random)
        return leaves.double(self.random) if choice < 5 else leaves.text(self.random)

    # ---- structs ----

    def struct(self, info: inspect.StructType, depth: int) -> Node:
        items = [(member.encode_name, self.member(member, depth)) for member in info.fields]
        if info.array_like:
            nodes = [] if info.tag is None else [info.tag]
            return nodes + self.leading(info.fields, [item for _, item in items])
        kept = [(name, item) for name, item in items if item is not UNSET]
        if info.tag is not None and info.tag_field is not None:
            kept.insert(0, (info.tag_field, info.tag))
        return Pairs(kept)

    def member(self, member: inspect.Field, depth: int) -> Node:
        """The member's document; UNSET where it is left out."""
        if not member.required and (depth >= DEEPEST or self.chance(0.35)):
            return UNSET
        default = default_of(member)
        if default is not NODEFAULT and self.chance(0.15):
            return as_node(default)
        return self.fit(member.type, depth + 1)

    def leading(self, fields: tuple[inspect.Field, ...], items: list[Node]) -> list[Node]:
        """An array ends before the first member that is left out."""
        end = next((i for i, item in enumerate(items) if item is UNSET), len(items))
        required = max((i + 1 for i, member in enumerate(fields) if member.required), default=0)
        return items[: max(end, required)]

    def named_tuple(self, info: inspect.NamedTupleType, depth: int) -> list[Node]:
        return self.leading(info.fields, [self.member(member, depth) for member in info.fields])

    def custom(self, info: inspect.CustomType, _: int) -> Node:
        if info.cls is complex:
            return [leaves.double(self.random), leaves.integer(self.random, -9, 9)]
        return self.random.choice(("/a/b", "x", "rel/ative", "/", "a/../b", "ключ", ""))


def bound(inclusive: int | None, exclusive: int | None, step: int) -> int:
    if inclusive is not None:
        return inclusive
    return exclusive + step if exclusive is not None else -(2**63)


def negated(limit: int | None) -> int | None:
    return None if limit is None else -limit


def equality_of(key: Node) -> Any:
    """Keys that Python finds equal, or may find so, are the same: 1 and 1.0, 0.0 and -0.0."""
    if isinstance(key, (list, Pairs)):
        return repr(key)
    return float(key) if isinstance(key, int) and abs(key) < 2**53 else key


def default_of(member: inspect.Field) -> Any:
    if member.default is not NODEFAULT:
        return member.default
    return member.default_factory() if member.default_factory is not NODEFAULT else NODEFAULT


def as_node(default: Any) -> Node:
    """The document that msgspec writes for this default."""
    return UNSET if default is UNSET else from_builtins(msgspec.to_builtins(default))


def from_builtins(value: Any) -> Node:
    if isinstance(value, dict):
        return Pairs([(key, from_builtins(item)) for key, item in value.items()])
    return [from_builtins(item) for item in value] if isinstance(value, (list, tuple)) else value


def leaf(make: Callable[[Random], Any]) -> Callable[[Maker, Any, int], Node]:
    return lambda maker, _, __: make(maker.random)


MAKERS: dict[type, Callable[[Maker, Any, int], Node]] = {
    inspect.AnyType: Maker.anything,
    inspect.RawType: Maker.anything,
    inspect.NoneType: lambda *_: None,
    inspect.BoolType: lambda maker, *_: maker.chance(0.5),
    inspect.IntType: Maker.integer,
    inspect.FloatType: Maker.double,
    inspect.StrType: Maker.text,
    inspect.BytesType: Maker.byte_string,
    inspect.DateTimeType: lambda maker, info, _: leaves.moment(maker.random, info.tz),
    inspect.DateType: leaf(leaves.date),
    inspect.TimeType: lambda maker, info, _: leaves.time(maker.random, info.tz),
    inspect.TimeDeltaType: leaf(leaves.duration),
    inspect.UUIDType: leaf(leaves.identifier),
    inspect.DecimalType: leaf(leaves.number_text),
    inspect.ExtType: leaf(leaves.extension),
    inspect.EnumType: Maker.enum,
    inspect.LiteralType: Maker.literal,
    inspect.ListType: Maker.array,
    inspect.SetType: Maker.array,
    inspect.FrozenSetType: Maker.array,
    inspect.VarTupleType: Maker.array,
    inspect.TupleType: Maker.tuple,
    inspect.DictType: Maker.map,
    inspect.UnionType: Maker.union,
    inspect.StructType: Maker.struct,
    inspect.TypedDictType: lambda maker, info, depth: Pairs(
        [
            (member.encode_name, item)
            for member in info.fields
            if (item := maker.member(member, depth)) is not UNSET
        ]
    ),
    inspect.DataclassType: lambda maker, info, depth: Pairs(
        [
            (member.encode_name, item)
            for member in info.fields
            if (item := maker.member(member, depth)) is not UNSET
        ]
    ),
    inspect.NamedTupleType: Maker.named_tuple,
    inspect.CustomType: Maker.custom,
}
