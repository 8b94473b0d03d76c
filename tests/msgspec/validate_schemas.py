#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Holds our exported JSON Schemas against our decoders, with jsonschema from PyPI as the judge.

usage: validate_schemas.py PROGRAM --page PAGE [--seed N] [--inputs N] [--suite DIR]

For each type of the msgspec corpus, random inputs, fitting and mutated, go to the decoder (PROGRAM is
corpus_schemas) and to the validator. They agree, or one of the reasons in agreement.py explains it; PAGE
has to list exactly those reasons. What the decoder takes is written again, and that has to be valid on both
sides. Before that, the validator itself runs the tests in SUITE, the JSON Schema Test Suite.
"""

from __future__ import annotations

import argparse
import json
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from random import Random
from typing import Any

from jsonschema import Draft202012Validator

from differential.agreement import REASONS, Case, read_json
from differential.decode_rows import random_input
from differential.types import TYPES


def check_suite(directory: Path) -> int:
    """How many tests of the suite the validator fails. Patterns that Python does not know are left out."""
    counts: Counter[str] = Counter()
    for path in sorted(directory.glob("*.json")):
        for group in json.loads(path.read_text(encoding="utf-8")):
            validator = Draft202012Validator(group["schema"])
            for test in group["tests"]:
                try:
                    right = validator.is_valid(test["data"]) == test["valid"]
                except re.error:
                    counts["not run"] += 1
                    continue
                counts["passed" if right else "failed"] += 1
                if not right:
                    print(f"{path.name}: {group['description']}: {test['description']}")
    told = ", ".join(f"{counts[name]} {name}" for name in ("passed", "failed", "not run"))
    print(f"the validator on the JSON Schema Test Suite: {told}")
    return counts["failed"]


def inputs_of(type_id: str, random: Random, count: int) -> Iterator[str]:
    """JSON texts that differ; what is no JSON is no matter of schemas."""
    seen: set[str] = set()
    for _ in range(4 * count):
        content, _ = random_input(type_id, random, "json")
        try:
            text = content.decode()
            read_json(text)
        except (ValueError, RecursionError):
            continue
        if text not in seen:
            seen.add(text)
            yield text
        if len(seen) == count:
            return


def ask(program: str, what: str, lines: list[str]) -> list[Any]:
    given = "".join(line + "\n" for line in lines)
    result = subprocess.run(
        [program, what], input=given.encode(), capture_output=True, check=True, timeout=600
    )
    return [json.loads(line) for line in result.stdout.decode().split("\n") if line]


class Judge:
    """Counts where decoder and validator agree, and why not where they do not."""

    def __init__(self) -> None:
        self.counts: Counter[str] = Counter()
        self.unexplained: list[str] = []

    def input(self, case: Case) -> None:
        if case.is_syntax:
            self.counts["no JSON to the decoder"] += 1
        elif case.decodes == case.is_valid:
            self.counts["both take it" if case.decodes else "both refuse it"] += 1
        else:
            reason = next((name for name, _, applies in REASONS if applies(case)), None)
            if reason is None:
                self.fail(case, case.message or "decodes, but is not valid")
            else:
                self.counts[reason] += 1

    def output(self, case: Case, output: str, sides: dict[str, Draft202012Validator]) -> None:
        for side, validator in sides.items():
            if validator.is_valid(read_json(output)):
                self.counts[f"written, and valid to the schema of what is {side}d"] += 1
            elif "null" in output and case.has_float:
                self.counts["written null: NaN and the infinities"] += 1
            else:
                self.fail(case, f"written {output}, which is not valid ({side})")

    def fail(self, case: Case, why: str) -> None:
        self.unexplained.append(f"{case.type} {case.text[:300]}\n  {why[:300]}")


def keywords_of(errors: Iterable[Any]) -> set[str]:
    """The keywords that refuse something; of a choice, those of all alternatives."""
    found: set[str] = set()
    for error in errors:
        found |= keywords_of(error.context) if error.context else {error.validator}
    return found


def judge_type(schemas: dict[str, Any], asked: list[tuple[str, Any]], judge: Judge) -> None:
    sides = {side: Draft202012Validator(schemas[side]) for side in ("decode", "encode")}
    for validator in sides.values():
        Draft202012Validator.check_schema(validator.schema)
    for text, answer in asked:
        instance = read_json(text)
        try:
            is_valid = sides["decode"].is_valid(instance)
        except OverflowError:  # 1e400 became infinite, and is asked what it is a multiple of.
            judge.counts["the validator gives up"] += 1
            continue
        said = set() if is_valid else keywords_of(sides["decode"].iter_errors(instance))
        case = Case(schemas["type"], text, instance, schemas["decode"], answer, is_valid, said)
        judge.input(case)
        if "output" in answer:
            judge.output(case, answer["output"], sides)


def check_page(page: Path) -> list[str]:
    """Reasons that the page does not list as code has them, and rows that no code knows."""
    rows = [line for line in page.read_text(encoding="utf-8").split("\n") if line.startswith("| ")]
    listed = {tuple(cell.strip() for cell in row.strip("|").split("|")) for row in rows}
    missing = [name for name, why, _ in REASONS if (name, why) not in listed]
    return [f"{page} has no row `| {name} | … |` with the words of agreement.py" for name in missing]


def main() -> int:
    parser = argparse.ArgumentParser(description="Exported schemas against decoders.")
    parser.add_argument("program")
    parser.add_argument("--page", type=Path, required=True)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--inputs", type=int, default=1000)
    parser.add_argument("--suite", type=Path)
    arguments = parser.parse_args()
    failed = check_suite(arguments.suite) if arguments.suite else 0
    schemas = {line["type"]: line for line in ask(arguments.program, "schemas", [])}
    judge = Judge()
    for type_id in (name for name in TYPES if name in schemas):
        random = Random(f"{arguments.seed} {type_id}")
        texts = list(inputs_of(type_id, random, arguments.inputs))
        lines = [json.dumps({"type": type_id, "input": text}) for text in texts]
        answers = ask(arguments.program, "decode", lines)
        judge_type(schemas[type_id], list(zip(texts, answers, strict=True)), judge)
    for name, count in sorted(judge.counts.items()):
        print(f"{count:8}  {name}")
    problems = judge.unexplained + check_page(arguments.page)
    print(*problems[:40], sep="\n")
    inputs = sum(judge.counts.values())
    print(f"{len(schemas)} types, seed {arguments.seed}, {inputs} judgements, {len(problems)} unexplained")
    return int(failed > 0 or bool(problems) or not inputs)


if __name__ == "__main__":
    sys.exit(main())
