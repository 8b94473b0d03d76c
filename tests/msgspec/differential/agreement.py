# SPDX-License-Identifier: Apache-2.0
"""Why a JSON Schema and a decoder may disagree about an input: what JSON Schema cannot say.

Each reason is a row of docs/guide/json_schema.md, in the same words.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any


def refuse_constant(name: str) -> Any:
    raise ValueError(f"{name} is no JSON")


def read_json(text: str) -> Any:
    return json.loads(text, parse_constant=refuse_constant)


@dataclass
class Case:
    """One input with both verdicts."""

    type: str
    text: str
    instance: Any
    schema: dict[str, Any]
    answer: dict[str, Any]
    is_valid: bool
    keywords: set[str]  # What the validator says no for.

    @property
    def decodes(self) -> bool:
        return bool(self.answer.get("decodes"))

    @property
    def message(self) -> str:
        return self.answer.get("message", "")

    @property
    def code(self) -> str:
        return self.answer.get("code", "")

    @property
    def is_syntax(self) -> bool:
        return self.answer.get("is_syntax", False)

    @property
    def has_float(self) -> bool:
        """Whether a member may be a float, which is written as null where JSON has no number for it."""
        text = json.dumps(self.schema)
        return '"number"' in text or "{}" in text

    def texts(self) -> list[str]:
        """All texts inside, keys as well."""
        return [leaf for leaf in self.leaves() if isinstance(leaf, str)]

    def leaves(self) -> list[Any]:
        found: list[Any] = []
        left = [self.instance]
        while left:
            node = left.pop()
            if isinstance(node, dict):
                found += node.keys()
                left += node.values()
            elif isinstance(node, list):
                left += node
            else:
                found.append(node)
        return found

    def has_equal_keys(self) -> bool:
        found = False

        def look(pairs: list[tuple[str, Any]]) -> None:
            nonlocal found
            found = found or len({key for key, _ in pairs}) < len(pairs)

        json.loads(self.text, object_pairs_hook=look)
        return found


def has_equal_keys(case: Case) -> bool:
    return case.has_equal_keys()


def is_whole_float(case: Case) -> bool:
    whole = any(isinstance(leaf, float) and leaf.is_integer() for leaf in case.leaves())
    return not case.decodes and whole and "`, got `float`" in case.message


def is_number_out_of_range(case: Case) -> bool:
    return case.code == "number_out_of_range"


def is_not_in_calendar(case: Case) -> bool:
    day = re.compile(r"[0-9]{4}-[0-9]{2}-(29|3[01])|0000-|9999-12-31")
    return case.message.startswith("Invalid RFC3339 encoded date") and any(
        day.match(text) for text in case.texts()
    )


def ends_in_line_feed(case: Case) -> bool:
    spelled = ("invalid_text", "invalid_enum_value")
    return case.code in spelled and any(text.endswith("\n") for text in case.texts())


def is_duration_out_of_range(case: Case) -> bool:
    return case.message.startswith("Duration is out of range")


def is_decimal_out_of_range(case: Case) -> bool:
    return case.message.startswith("Invalid decimal string") and any(
        re.search(r"[eE][+-]?[0-9]{18}", text) for text in case.texts()
    )


def is_length_of_bytes(case: Case) -> bool:
    return case.message.startswith("Expected `bytes` of length ")


def is_program(case: Case) -> bool:
    return case.code == "refused"


def is_bound_of_key(case: Case) -> bool:
    return "`key` in" in case.message and case.code in ("constraint_violated", "invalid_enum_value")


def is_size_of_set(case: Case) -> bool:
    too_few = case.message.startswith("Expected `array` of length >= ")
    return too_few or (case.decodes and case.keywords == {"maxItems"})


# The name of each reason, why it is, and whether it explains a disagreement.
REASONS: list[tuple[str, str, Callable[[Case], bool]]] = [
    (
        "A field that comes twice",
        "A validator sees the last one; the decoder reads both",
        has_equal_keys,
    ),
    (
        "A whole number written as a float",
        "To JSON Schema 1.0 is an integer; the decoder keeps integers and floats apart",
        is_whole_float,
    ),
    (
        "A number beyond 64 bits, or beyond the largest double",
        "No bound is told that floating-point validators would round",
        is_number_out_of_range,
    ),
    (
        "A day that the calendar does not have",
        "`2023-02-30`, the year 0: patterns know months of 31 days",
        is_not_in_calendar,
    ),
    (
        "A line feed behind a date, a duration, a Uuid, …",
        "To Python's `$` it is not there; by ECMA-262, which JSON Schema means, it is",
        ends_in_line_feed,
    ),
    (
        "A duration beyond what 64 bits of its unit hold",
        "Text has no bounds in JSON Schema",
        is_duration_out_of_range,
    ),
    (
        "A Decimal with an exponent of 18 digits and more",
        "Text has no bounds in JSON Schema",
        is_decimal_out_of_range,
    ),
    (
        "A length of bytes between multiples of three",
        "`minLength` and `maxLength` count characters of base64",
        is_length_of_bytes,
    ),
    (
        "What a validator or codec of the program refuses",
        "No schema sees into a function",
        is_program,
    ),
    (
        "A bound of keys that are numbers",
        "Keys are text, which has no bounds in JSON Schema",
        is_bound_of_key,
    ),
    (
        "The size of a set in which an item comes twice",
        "The decoder counts it once, `minItems` and `maxItems` twice",
        is_size_of_set,
    ),
]
