# SPDX-License-Identifier: Apache-2.0
"""The tags of a row that tell where another library may differ; README.md of the corpus lists them.

They are as narrow as can be found out, because each one excuses a difference:

  bigint         an integer beyond int64 and uint64 is in the decoded value, or before the error
  uint64         the same for one beyond int64 that uint64 holds (a C++ `int` is int64)
  pyexc          the error is none of msgspec's own
  skipped_field  msgspec fails earlier when it reads without a type than with it: the damage is in a
                 part that it skips, an unknown field or a Raw
  not_utf8       a text is not UTF-8; msgspec does not look where it needs no text, as in dates
  hollow         an array or map of MessagePack declares more items than there are bytes left, which
                 may be refused before its first item
  minus_zero     there is the integer -0, as a number of JSON or as a text: 0.0 as a float
  line_end       a text that ends with a newline fits a pattern that ends with `$`
  decimal_text   a text that Python's Decimal takes, and the plain grammar of decimals does not
  invalid_output JSON written by msgspec that is no JSON

bigint, pyexc, skipped_field and invalid_output are the corpus's; uint64, not_utf8, hollow,
minus_zero, line_end and decimal_text are only in fresh rows.
"""

from __future__ import annotations

import decimal
import json
import re
from collections.abc import Callable, Iterator
from typing import Any

import msgspec

from .outcome import Row, decoder, parts_of
from .spelling_msgpack import is_hollow, tokens
from .types import TYPES

OWN_ERRORS = ("ValidationError", "DecodeError")
JSON_INTEGER = re.compile(rb"-?\d{19,}(?![\d.eE])")
MINUS_ZERO = re.compile(rb'(?:^|[\[:,{\s])"?-0"?(?=[\s,\]}:]|$)')
JSON_STRING = re.compile(rb'"((?:[^"\\]|\\.)*)"')
PLAIN_DECIMAL = re.compile(
    r"[+-]?(\d+(\.\d*)?|\.\d+)(e[+-]?\d+)?|[+-]?(inf(inity)?|s?nan)", re.IGNORECASE | re.ASCII
)

Fails = Callable[[bytes], str | None]


def decode_tags(row: Row, content: bytes) -> set[str]:
    """What the outcome of one decode row deserves; `row` holds question and outcome."""
    found: set[str] = set()
    if row.get("kind", "DecodeError") not in OWN_ERRORS:
        found.add("pyexc")
    if is_skipped_damage(row, content):
        found.add("skipped_field")
    if not is_utf8(row["format"], content):
        found.add("not_utf8")
    if row["format"] == "msgpack" and not row["ok"] and is_hollow(content):
        found.add("hollow")
    found |= integer_tags(row, content)
    if has_minus_zero(row["format"], content):
        found.add("minus_zero")
    if fits_before_newline(row["type"], row):
        found.add("line_end")
    if holds(row["type"], msgspec.inspect.DecimalType) and has_odd_decimal(row["format"], content):
        found.add("decimal_text")
    return found


def holds(type_id: str, kind: type) -> bool:
    return any(
        isinstance(part, kind) for part in parts_of(msgspec.inspect.type_info(TYPES[type_id]))
    )


# ---- integers beyond 64 bits ---------------------------------------------------------------------


def integer_tags(row: Row, content: bytes) -> set[str]:
    if row["ok"]:
        numbers = list(integers_in_notation(row["value"]))
    else:
        # The end of a number in JSON is seen one byte later.
        end = error_end(typed_failure(row), content) - (row["format"] == "json")
        numbers = [number for number, stop in wide_integers(row["format"], content) if stop < end]
    found = set()
    for number in numbers:
        if not -(2**63) <= number < 2**64:
            found.add("bigint")
        elif number >= 2**63:
            found.add("uint64")
    return found


def integers_in_notation(value: Any) -> Iterator[int]:
    if isinstance(value, list):
        for item in value:
            yield from integers_in_notation(item)
    elif isinstance(value, dict):
        if isinstance(value.get("$int"), str):
            yield int(value["$int"])
        for item in value.values():
            yield from integers_in_notation(item)


def wide_integers(format_name: str, content: bytes) -> Iterator[tuple[int, int]]:
    """Integers that may be beyond int64, in numbers and in texts, and where they end."""
    if format_name == "json":
        for match in JSON_INTEGER.finditer(content):
            yield int(match[0][:4000]), match.end()
        return
    for start, end, payload in tokens(content):
        if content[start] == 0xCF:
            yield int.from_bytes(payload, "big"), end
        elif JSON_INTEGER.fullmatch(payload):
            yield int(payload[:4000]), end


# ---- damage in skipped parts ---------------------------------------------------------------------


def typed_failure(row: Row) -> Fails:
    strict = row["strict"] is not False
    return failure_of(decoder(row["type"], row["format"], strict).decode)


def failure_of(decode: Callable[[bytes], Any]) -> Fails:
    def fails(content: bytes) -> str | None:
        try:
            decode(content)
        except Exception as error:  # noqa: BLE001 - Python's own errors are outcomes, too.
            return f"{type(error).__name__}: {error}"
        return None

    return fails


UNTYPED: dict[str, Fails] = {
    "json": failure_of(msgspec.json.Decoder().decode),
    "msgpack": failure_of(msgspec.msgpack.Decoder().decode),
}


def is_skipped_damage(row: Row, content: bytes) -> bool:
    """Whether reading without a type fails, differently, and earlier than reading with it."""
    untyped = UNTYPED[row["format"]]
    text = untyped(content)
    if text is None:
        return False
    if row["ok"]:
        return True
    if text == f"{row['kind']}: {row['error']}":
        return False
    return error_end(untyped, content) < error_end(typed_failure(row), content)


def error_end(fails: Fails, content: bytes) -> int:
    """How many bytes are needed to get this very error; more than all for a truncation."""
    text = fails(content)
    if text is None or "truncated" in text:
        return len(content) + 2
    low, high = 0, len(content)
    while low < high:
        middle = (low + high) // 2
        if fails(content[:middle]) == text:
            high = middle
        else:
            low = middle + 1
    return high


# ---- texts ---------------------------------------------------------------------------------------


def texts_in_notation(value: Any) -> Iterator[str]:
    """All texts of a value in the notation, also the keys."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, list):
        for item in value:
            yield from texts_in_notation(item)
    elif isinstance(value, dict):
        yield from value
        for item in value.values():
            yield from texts_in_notation(item)


def has_odd_decimal(format_name: str, content: bytes) -> bool:
    if format_name == "json":
        texts = [match[1] for match in JSON_STRING.finditer(content)]
    else:
        texts = [payload for _, _, payload in tokens(content)]
    return any(map(is_odd_decimal, texts))


def is_odd_decimal(content: bytes) -> bool:
    text = content.decode("utf-8", "replace")
    if "\\" in text:
        try:
            text = json.loads(f'"{text}"')
        except ValueError:
            return False
    try:
        decimal.Decimal(text)
    except decimal.InvalidOperation:
        return False
    return not PLAIN_DECIMAL.fullmatch(text)


def has_minus_zero(format_name: str, content: bytes) -> bool:
    if format_name == "json":
        return MINUS_ZERO.search(content) is not None
    return any(payload == b"-0" for _, _, payload in tokens(content))


def fits_before_newline(type_id: str, outcome: Row) -> bool:
    """Python's `$` is also before a newline at the end."""
    has_pattern = any(
        isinstance(part, msgspec.inspect.StrType) and (part.pattern or "").endswith("$")
        for part in parts_of(msgspec.inspect.type_info(TYPES[type_id]))
    )
    texts = texts_in_notation(outcome.get("value"))
    return has_pattern and any(text.endswith("\n") for text in texts)


def is_utf8(format_name: str, content: bytes) -> bool:
    texts = [content]
    if format_name == "msgpack":
        is_text = [0xA0 <= code < 0xC0 or 0xD9 <= code <= 0xDB for code in range(256)]
        texts = [payload for start, _, payload in tokens(content) if is_text[content[start]]]
    try:
        for text in texts:
            text.decode()
    except UnicodeDecodeError:
        return False
    return True


def is_invalid_json(content: bytes) -> bool:
    def refuse(constant: str) -> None:
        raise ValueError(constant)

    try:
        json.loads(content, parse_constant=refuse)
    except ValueError:
        return True
    return False
