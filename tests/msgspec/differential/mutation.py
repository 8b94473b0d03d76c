# SPDX-License-Identifier: Apache-2.0
"""Random damage: to a document before it is spelled, and to the bytes behind.

Each mutation says the tags of the row that it makes, in the corpus's words.
"""

from __future__ import annotations

import datetime
import decimal
from collections.abc import Callable
from random import Random
from typing import Any

from msgspec import Raw
from msgspec.msgpack import Ext

from . import leaves
from .tree import Node, Pairs, Place, clone, pick, places
from .values import UNKNOWN_NAMES, Maker

Tags = set[str]
LAX_TEXTS = (
    "true",
    "False",
    "TRUE",
    "0",
    "1",
    "null",
    "NULL",
    "none",
    "1.0",
    "1e2",
    " 1",
    "+1",
    "01",
    "-0",
    "",
    "nan",
    "-Infinity",
    "inf",
    "1_0",
    "0x1",
    "9007199254740993.0",
    "1.5",
    "P1D",
    "1617405490",
    "-1.5",
    "1e400",
    "18446744073709551616",
    "PT1.5S",
    "yes",
    "-",
)
JSON_BYTES = b'{}[],:"\\ntf0123456789-+.eE \n\t\x00\x1f\x7f\x80\xff\xc3\xed/u'
MSGPACK_BYTES = (
    bytes(range(0xC0, 0xE1)) + b"\x00\x01\x7f\x80\x81\x8f\x90\x91\x9f\xa0\xa1\xbf\xe0\xff"
)


# ---- documents -----------------------------------------------------------------------------------


def replace_any(root: Node, random: Random) -> tuple[Node, Tags]:
    return pick(root, random).replaced(root, Maker(random).anything(None, 2)), set()


def replace_lax(root: Node, random: Random) -> tuple[Node, Tags]:
    """Another kind of the same value, which lax mode may take."""
    place = random.choice(
        [p for p in places(root) if not isinstance(p.node, (list, Pairs))] or [Place(None, 0, root)]
    )
    return place.replaced(root, lax_spelling(place.node, random)), set()


def lax_spelling(node: Node, random: Random) -> Node:
    if random.random() < 0.25 or isinstance(node, (list, Pairs, bytes, Ext, Raw)):
        return random.choice(LAX_TEXTS)
    if node is None:
        return random.choice(("null", "NULL", "Null", "none"))
    if isinstance(node, bool):
        return random.choice((int(node), str(node), str(node).upper(), str(int(node)), float(node)))
    if isinstance(node, int):
        return random.choice((str(node), f"{node}.0", float(node) if abs(node) < 2**200 else 0.5))
    if isinstance(node, float):
        return random.choice((repr(node), str(int(node)) if abs(node) < 1e30 else "1e30"))
    return random.choice((lax_number(node, random), str(node)))


def lax_number(node: Node, random: Random) -> Node:
    """The number of seconds, as a number or as text, where the leaf is a time."""
    seconds: Any = random.choice((1, 0, 0.5, -1, 253402300800, 1e300, "1e3"))
    if isinstance(node, datetime.timedelta):
        seconds = node.total_seconds()
    elif isinstance(node, datetime.datetime) and node.tzinfo is not None:
        seconds = random.choice(leaves.EPOCH_LIKE) + random.choice((0, 0.5, 0.000001, 0.1234567))
    elif isinstance(node, decimal.Decimal) and node.is_finite():
        seconds = float(node)
    return str(seconds) if random.random() < 0.4 else seconds


def replace_leaf(root: Node, random: Random) -> tuple[Node, Tags]:
    made = random.choice(
        (
            leaves.moment,
            leaves.date,
            leaves.time,
            leaves.duration,
            leaves.identifier,
            leaves.number_text,
            leaves.byte_string,
            leaves.text,
            leaves.double,
            leaves.extension,
            leaves.integer,
            leaves.wide_integer,
        )
    )(random)
    return pick(root, random).replaced(root, made), set()


def objects(root: Node) -> list[Pairs]:
    return [place.node for place in places(root) if isinstance(place.node, Pairs)]


def arrays(root: Node) -> list[list[Node]]:
    return [place.node for place in places(root) if isinstance(place.node, list)]


def drop_member(root: Node, random: Random) -> tuple[Node, Tags]:
    pairs = random.choice([found for found in objects(root) if found.items])
    pairs.items.pop(random.randrange(len(pairs.items)))
    return root, set()


def rename_member(root: Node, random: Random) -> tuple[Node, Tags]:
    pairs = random.choice([found for found in objects(root) if found.items])
    index = random.randrange(len(pairs.items))
    name, item = pairs.items[index]
    names = [random.choice(UNKNOWN_NAMES)]
    if isinstance(name, str):
        names += [name.upper(), name + "_", name[:-1], name.replace("_", "-"), f" {name}"]
    pairs.items[index] = (random.choice(names), item)
    return root, set()


def add_unknown(root: Node, random: Random) -> tuple[Node, Tags]:
    pairs = random.choice(objects(root))
    item = Maker(random).anything(None, random.randrange(3))
    pairs.items.insert(random.randint(0, len(pairs.items)), (random.choice(UNKNOWN_NAMES), item))
    return root, set()


def repeat_member(root: Node, random: Random) -> tuple[Node, Tags]:
    pairs = random.choice([found for found in objects(root) if found.items])
    name, item = random.choice(pairs.items)
    again = clone(item) if random.random() < 0.6 else Maker(random).anything(None, 3)
    pairs.items.insert(random.randint(0, len(pairs.items)), (name, again))
    return root, set()


def shuffle_members(root: Node, random: Random) -> tuple[Node, Tags]:
    for pairs in objects(root):
        random.shuffle(pairs.items)
    return root, set()


def change_key_kind(root: Node, random: Random) -> tuple[Node, Tags]:
    """A key that is no text; only MessagePack can write it."""
    pairs = random.choice(objects(root))
    key = random.choice((None, True, 1, -1, 2.5, b"a", leaves.identifier(random), [1], 2**40))
    if key in [name for name, _ in pairs.items]:  # 1 and True are equal in Python only.
        return root, set()
    pairs.items.insert(random.randint(0, len(pairs.items)), (key, 5))
    return root, {"key_type"}


def change_length(root: Node, random: Random) -> tuple[Node, Tags]:
    array = random.choice(arrays(root))
    if array and random.random() < 0.5:
        array.pop(random.randrange(len(array)))
    else:
        again = clone(random.choice(array)) if array and random.random() < 0.6 else None
        array.insert(random.randint(0, len(array)), again or Maker(random).anything(None, 3))
    return root, set()


def wrap(root: Node, random: Random) -> tuple[Node, Tags]:
    place = pick(root, random)
    inside = clone(place.node)
    return place.replaced(root, random.choice(([inside], Pairs([("a", inside)])))), set()


def change_tag(root: Node, random: Random) -> tuple[Node, Tags]:
    """Another value for a tag, or a tag where it is not first."""
    names = ("type", "op", "kind", "t")
    tagged = [found for found in objects(root) if any(key in names for key, _ in found.items)]
    if not tagged:
        return change_length(root, random)
    pairs = random.choice(tagged)
    index = next(i for i, (key, _) in enumerate(pairs.items) if key in names)
    name, value = pairs.items.pop(index)
    if random.random() < 0.6:
        value = random.choice(
            (
                "Get",
                "Put",
                "oget",
                "odel",
                "circle",
                "rect",
                "t1",
                "t3",
                "ft",
                "",
                "nope",
                1,
                2,
                -5,
                10,
                None,
                True,
                1.0,
                "1",
                2**63,
                [],
            )
        )
    pairs.items.insert(random.randint(0, len(pairs.items)), (name, value))
    return root, set()


DOCUMENT_MUTATIONS: list[Callable[[Node, Random], tuple[Node, Tags]]] = [
    replace_any,
    replace_lax,
    replace_lax,
    replace_leaf,
    drop_member,
    rename_member,
    add_unknown,
    add_unknown,
    repeat_member,
    shuffle_members,
    shuffle_members,
    change_length,
    wrap,
    change_tag,
]


def mutate(root: Node, random: Random, is_json: bool) -> tuple[Node, Tags]:
    """One mutation that applies to this document, which it may change in place."""
    choices = DOCUMENT_MUTATIONS + ([] if is_json else [change_key_kind])
    for _ in range(20):
        try:
            root, tags = random.choice(choices)(root, random)
        except IndexError:  # It needs an object or an array, and there is none.
            continue
        return root, tags | ({"dupkey"} if has_equal_keys(root) else set())
    return replace_any(root, random)


def has_equal_keys(root: Node) -> bool:
    for pairs in objects(root):
        keys = [repr(name) for name, _ in pairs.items]
        if len(set(keys)) < len(keys):
            return True
    return False


# ---- bytes ---------------------------------------------------------------------------------------


def damage(content: bytes, random: Random, is_json: bool) -> tuple[bytes, Tags]:
    """A truncation, something behind the end, or a few bytes flipped, set, dropped or put in."""
    choice = random.random()
    if choice < 0.2 and content:
        return content[: random.randrange(len(content))], {"truncated"}
    if choice < 0.28:
        behind = random.choice((b" ", b"\n", b"\x00", b"1", b"}", b",", b"\xc0", b"null", b" []"))
        return content + behind, {"trailing"}
    for _ in range(random.choice((1, 1, 1, 2, 3))):
        content = damage_once(content, random, JSON_BYTES if is_json else MSGPACK_BYTES)
    return content, {"malformed"}


def damage_once(content: bytes, random: Random, likely: bytes) -> bytes:
    at = random.randrange(len(content)) if content else 0
    byte = bytes([random.choice(likely)])
    choice = random.randrange(6)
    if choice == 0 and content:
        return content[:at] + bytes([content[at] ^ 1 << random.randrange(8)]) + content[at + 1 :]
    if choice == 1:
        return content[:at] + content[at + random.choice((1, 1, 2, 5)) :]
    if choice == 2:
        return content[:at] + byte + content[at:]
    if choice == 3:
        end = at + random.randint(1, 6)
        return content[:end] + content[at:]
    return content[:at] + byte + content[at + 1 :]
