# SPDX-License-Identifier: Apache-2.0
"""Fresh rows for decode_*.jsonl: random documents of every type, respelled, mutated, damaged."""

from __future__ import annotations

import functools
from collections.abc import Iterator
from random import Random
from typing import Any

import msgspec

from .mutation import Tags, damage, mutate
from .notation import dump_json
from .outcome import Row, decode_outcome, text_or_hex
from .spelling_json import JsonSpeller
from .spelling_msgpack import MsgpackSpeller
from .tags import decode_tags
from .tree import Node
from .types import GROUPS, TYPES
from .values import Maker

# How much of each kind: as it is, other spellings, mutated documents, damaged bytes.
SHARES = {"plain": 0.15, "respelled": 0.25, "mutated": 0.42, "damaged": 0.18}


@functools.cache
def description(type_id: str) -> Any:
    return msgspec.inspect.type_info(TYPES[type_id])


def spell(node: Node, random: Random, format_name: str, wild: float) -> bytes:
    speller = JsonSpeller if format_name == "json" else MsgpackSpeller
    return speller(random, wild).spell(node)


def document(type_id: str, random: Random) -> Node:
    return Maker(random).fit(description(type_id))


def random_input(type_id: str, random: Random, format_name: str) -> tuple[bytes, Tags]:
    node = document(type_id, random)
    kind = random.choices(list(SHARES), list(SHARES.values()))[0]
    wild = 0.0 if kind == "plain" or random.random() < 0.4 else random.choice((0.1, 0.4))
    tags: Tags = set()
    if kind == "mutated":
        for _ in range(random.choice((1, 1, 1, 2, 3))):
            node, added = mutate(node, random, format_name == "json")
            tags |= added
    content = spell(node, random, format_name, wild)
    if kind == "damaged":
        content, tags = damage(content, random, format_name == "json")
    return content, tags


def decode_rows(type_id: str, content: bytes, format_name: str, tags: Tags) -> Iterator[Row]:
    """One row where both modes agree, else one for each."""
    outcomes = {
        strict: decode_outcome(type_id, format_name, content, strict) for strict in (True, False)
    }
    question = {"type": type_id, "format": format_name} | text_or_hex("input", content, format_name)
    same = dump_json(outcomes[True]) == dump_json(outcomes[False])
    modes: dict[Any, Row] = {"both": outcomes[True]} if same else outcomes
    for strict, outcome in modes.items():
        row = question | {"strict": strict} | outcome
        if found := sorted(tags | decode_tags(row, content)):
            row["tags"] = found
        yield row


def rows_of_group(group: str, random: Random, count: int) -> Iterator[Row]:
    """At least `count` rows that no other row of the group is equal to."""
    seen: set[tuple[str, str, bytes]] = set()
    type_ids = list(GROUPS[group])
    made = attempts = 0
    while made < count and attempts < 4 * count + 100:
        type_id = type_ids[attempts % len(type_ids)]
        attempts += 1
        format_name = random.choice(("json", "msgpack"))
        content, tags = random_input(type_id, random, format_name)
        if (type_id, format_name, content) in seen:
            continue
        seen.add((type_id, format_name, content))
        for row in decode_rows(type_id, content, format_name, tags):
            made += 1
            yield row
