# SPDX-License-Identifier: Apache-2.0
"""The other direction: msgspec reads what the program under test wrote.

Each line of the file says `id`, `type`, `format` and `output` (hex): the encoding of what the
program decoded from the row with this id. msgspec must read from it what it reads from the row's
input.
"""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

import msgspec

from .notation import dump_json, to_notation
from .outcome import Row, decoder, encoder, input_of
from .tags import holds


def verify(directory: Path, emitted: Path) -> int:
    """Prints every encoding that msgspec reads differently, and returns how many."""
    rows = rows_by_id(directory)
    counts: Counter[str] = Counter()
    for line in filter(None, emitted.read_text().split("\n")):
        written = json.loads(line)
        problem = difference(rows[written["id"]], written)
        counts["differ" if problem else "equal"] += 1
        if problem:
            print(written["id"], written["type"], written["format"], problem)
    print(f"{counts['equal']} encodings equal, {counts['differ']} differ")
    if not counts["equal"]:
        print("nothing was verified")
    return counts["differ"] + (not counts["equal"])


def rows_by_id(directory: Path) -> dict[str, Row]:
    rows: dict[str, Row] = {}
    for path in sorted(directory.glob("*.jsonl")):
        for line in filter(None, path.read_text().split("\n")):
            row = json.loads(line)
            rows[row["id"]] = row
    return rows


def difference(row: Row, written: Row) -> str | None:
    content = bytes.fromhex(written["output"])
    strict = row.get("strict", True) is not False
    options = row.get("options", {})
    expected = decoder(row["type"], row["format"], strict).decode(input_of(row))
    try:
        got = decoder(row["type"], written["format"], True).decode(content)
    except Exception as error:  # noqa: BLE001
        if is_own_encoding(row["type"], written["format"], expected, options, content):
            return None
        return f"msgspec cannot read it: {error}; it is {content!r}"
    if not holds(row["type"], msgspec.inspect.RawType):
        expected = once_around(row["type"], written["format"], expected, options)
        got = once_around(row["type"], written["format"], got, options)
    zero_has_sign = "minus_zero" not in row.get("tags", ())
    ours = canonical(expected, row["format"], zero_has_sign)
    theirs = canonical(got, written["format"], zero_has_sign)
    return None if ours == theirs else f"msgspec reads {theirs} where it should be {ours}"


def is_own_encoding(
    type_id: str, format_name: str, value: Any, options: Row, content: bytes
) -> bool:
    """Whether msgspec writes the same, which it cannot read: JSON has null for NaN."""
    try:
        own = encoder(format_name, type_id, **options)(value)
        if own == content:
            return True
        decode = decoder("any", format_name, True).decode
        return canonical(decode(own), format_name, True) == canonical(
            decode(content), format_name, True
        )
    except (msgspec.MsgspecError, TypeError, ValueError, OverflowError):
        return False


def once_around(type_id: str, format_name: str, value: Any, options: Row) -> Any:
    """The value as msgspec itself hands it on: MessagePack loses offsets, JSON has no NaN."""
    try:
        content = encoder(format_name, type_id, **options)(value)
        return decoder(type_id, format_name, True).decode(content)
    except (msgspec.MsgspecError, TypeError, ValueError, OverflowError):
        return value


def canonical(value: Any, format_name: str, zero_has_sign: bool) -> str:
    """A text that is the same for equal values, whatever the order of their maps."""
    return dump_json(in_order(to_notation(value), format_name, zero_has_sign))


def in_order(value: Any, format_name: str, zero_has_sign: bool) -> Any:
    def part(item: Any) -> Any:
        return in_order(item, format_name, zero_has_sign)

    if isinstance(value, list):
        return [part(item) for item in value]
    if isinstance(value, float) and value == 0 and not zero_has_sign:
        return 0.0
    if not isinstance(value, dict):
        return value
    if isinstance(value.get("$raw"), str):
        return {"$raw": part(content_of_raw(value["$raw"], format_name))}
    if isinstance(value.get("$map"), list):
        return {"$map": sorted(map(part, value["$map"]), key=dump_json)}
    return {key: part(value[key]) for key in sorted(value)}


def content_of_raw(content: str, format_name: str) -> Any:
    """What is in a Raw; its bytes where msgspec took what is not valid."""
    try:
        return to_notation(decoder("any", format_name, True).decode(bytes.fromhex(content)))
    except (msgspec.MsgspecError, ValueError):
        return content
