#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Makes fresh rows in the layout of the msgspec corpus, by asking the installed msgspec.

usage: make_rows.py OUT_DIR --seed N --rows N   writes decode_*.jsonl and the other files there;
                                                the same for the same seed and msgspec
       make_rows.py --replay DIR                every row of the corpus in DIR through the installed
                                                msgspec, which proves the types used here
       make_rows.py OUT_DIR --verify FILE       msgspec reads the encodings in FILE (JSON lines: id,
                                                type, format, output in hex) of the rows in OUT_DIR
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from random import Random

import msgspec

from differential.decode_rows import rows_of_group
from differential.notation import dump_json
from differential.outcome import Row
from differential.replay import replay
from differential.small_rows import FILES, rows_of_file
from differential.types import GROUPS
from differential.verify import verify

SIMPLE_GROUPS = ("scalar", "union", "constraint", "container", "enum_literal")


def decode_counts(rows: int) -> dict[str, int]:
    """How many rows each group gets: by its types, of which structs have more to get wrong."""
    weights = {
        name: max(4, len(group) * (1 if name in SIMPLE_GROUPS else 2))
        for name, group in GROUPS.items()
    }
    return {
        name: max(8, rows * weight // sum(weights.values())) for name, weight in weights.items()
    }


def all_rows(seed: int, rows: int) -> Iterator[tuple[str, Iterator[Row]]]:
    """The name of each file, and its rows."""
    shares = {name: share for name, (_, share) in FILES.items()}
    decode_share = 100 - sum(shares.values())
    for group, count in decode_counts(rows * decode_share // 100).items():
        name = f"decode_{group}"
        yield name, rows_of_group(group, Random(f"{seed} {name}"), count)
    for name, share in shares.items():
        yield name, rows_of_file(name, Random(f"{seed} {name}"), max(4, rows * share // 100))


def make(directory: Path, seed: int, rows: int) -> int:
    directory.mkdir(parents=True, exist_ok=True)
    total = 0
    for name, made in all_rows(seed, rows):
        with (directory / f"{name}.jsonl").open("w", encoding="utf-8", newline="\n") as out:
            for number, row in enumerate(made):
                out.write(dump_json({"id": f"{name}-s{seed}-{number}"} | row) + "\n")
                total += 1
    print(f"{total} rows of msgspec {msgspec.__version__}, seed {seed}, in {directory}")
    return 0


def main() -> int:
    parser = argparse.ArgumentParser(description="Fresh rows in the layout of the msgspec corpus.")
    parser.add_argument("directory", type=Path, nargs="?", metavar="OUT_DIR")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--rows", type=int, default=10000)
    parser.add_argument("--replay", type=Path, metavar="DIR")
    parser.add_argument("--verify", type=Path, metavar="FILE")
    arguments = parser.parse_args()
    if arguments.replay:
        return int(replay(arguments.replay) > 0)
    if arguments.directory is None:
        parser.error("OUT_DIR is missing")
    if arguments.verify:
        return int(verify(arguments.directory, arguments.verify) > 0)
    return make(arguments.directory, arguments.seed, arguments.rows)


if __name__ == "__main__":
    if os.environ.get("PYTHONHASHSEED") != "0":  # The order of sets is part of what a seed decides.
        os.execve(sys.executable, [sys.executable, *sys.argv], os.environ | {"PYTHONHASHSEED": "0"})
    sys.exit(main())
