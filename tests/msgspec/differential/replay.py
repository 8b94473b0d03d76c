# SPDX-License-Identifier: Apache-2.0
"""Runs the rows of a corpus through the installed msgspec, which proves our types."""

from __future__ import annotations

import json
import sys
from collections import Counter
from pathlib import Path

from .notation import dump_json
from .operations import OPERATIONS, QUESTION
from .outcome import Row, decode_outcome, input_of

# The corpus's own words, not msgspec's.
LEFT_OUT = {"type_info"}


def replay(directory: Path) -> int:
    """Prints every row that differs, and returns how many."""
    sys.setrecursionlimit(20000)  # Rows that are nested deep.
    counts: Counter[str] = Counter()
    for path in sorted(directory.glob("*.jsonl")):
        for line in filter(None, path.read_text().split("\n")):
            row = json.loads(line)
            if row.get("op") in LEFT_OUT:
                counts["left out"] += 1
            elif differences := compare(row):
                counts["differ"] += 1
                print(row["id"], *differences, sep="\n  ")
            else:
                counts["equal"] += 1
    print(", ".join(f"{count} {name}" for name, count in sorted(counts.items())))
    return counts["differ"]


def compare(row: Row) -> list[str]:
    if "op" in row:
        # The order of an sorted map is a matter of to_builtins and its like, not of the question.
        names = QUESTION - {"order"} if row["op"] != "to_builtins" else QUESTION | {"order"}
        return diff(row, {}, OPERATIONS[row["op"]](row), names)
    modes = (True, False) if row["strict"] == "both" else (row["strict"],)
    return [
        text
        for strict in modes
        for text in diff(
            row,
            {"strict": strict},
            decode_outcome(row["type"], row["format"], input_of(row), strict),
            QUESTION,
        )
    ]


def diff(row: Row, mode: Row, ours: Row, question: frozenset[str]) -> list[str]:
    expected = {name: item for name, item in row.items() if name not in question}
    if "depth" in row.get("tags", []):  # Too deep for the notation.
        ours.pop("value", None)
    if "pyexc" in row.get("tags", []) and ours.get("kind") == row["kind"]:
        return []  # The text is Python's, and changes with its version.
    if dump_json(expected) == dump_json(
        {name: ours[name] for name in expected if name in ours}
    ) and (len(expected) == len(ours)):
        return []
    asked = {name: item for name, item in row.items() if name in question} | mode
    return [f"asked {dump_json(asked)}", f"row   {dump_json(expected)}", f"ours  {dump_json(ours)}"]
