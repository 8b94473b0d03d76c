# SPDX-License-Identifier: Apache-2.0
"""Writes a document as JSON, plain or in one of the many other spellings of the same."""

from __future__ import annotations

import datetime
import decimal
import json
import math
import re
import uuid
from base64 import b64encode
from random import Random
from typing import Any

import msgspec
from msgspec.msgpack import Ext

from .tree import Node, Pairs

SPACES = ("", "", "", " ", "\n", "\t", "\r", "  ", " \n\t ")
SHORT_ESCAPES = {
    '"': '\\"',
    "\\": "\\\\",
    "\b": "\\b",
    "\f": "\\f",
    "\n": "\\n",
    "\r": "\\r",
    "\t": "\\t",
    "/": "\\/",
}


class JsonSpeller:
    """`wild` is the share of tokens that are spelled in another way than msgspec's own."""

    def __init__(self, random: Random, wild: float = 0.0) -> None:
        self.random = random
        self.wild = wild

    def spell(self, node: Node) -> bytes:
        text = self.space() + self.value(node) + self.space()
        return text.encode("utf-8", "surrogatepass")

    def space(self) -> str:
        return self.random.choice(SPACES) if self.is_wild() else ""

    def is_wild(self) -> bool:
        return self.wild > 0 and self.random.random() < self.wild

    def value(self, node: Node) -> str:
        if isinstance(node, Pairs):
            items = [
                self.key(key) + self.padded(":") + self.value(item) for key, item in node.items
            ]
            return self.enclosed("{", items, "}")
        if isinstance(node, list):
            return self.enclosed("[", [self.value(item) for item in node], "]")
        return self.leaf(node)

    def padded(self, mark: str) -> str:
        return self.space() + mark + self.space()

    def enclosed(self, opening: str, items: list[str], closing: str) -> str:
        body = items[0] if items else ""
        for item in items[1:]:
            body += self.padded(",") + item
        return opening + self.space() + body + self.space() + closing

    def key(self, key: Any) -> str:
        """Keys are texts: numbers get quotes."""
        text = self.leaf(key)
        return text if text.startswith('"') else f'"{text}"'

    def leaf(self, node: Any) -> str:
        if node is None or isinstance(node, bool):
            return json.dumps(node)
        if isinstance(node, int):
            return self.integer(node)
        if isinstance(node, float):
            return self.double(node)
        if isinstance(node, decimal.Decimal):
            return self.number_text(node)
        if isinstance(node, Ext):
            return '"ext"'  # JSON has none.
        return self.string(node if isinstance(node, str) else self.as_text(node))

    def integer(self, number: int) -> str:
        if self.is_wild() and self.random.random() < 0.1:
            return self.random.choice(
                (f"{number}.0", f"{number}e0", f"{number}E0", f"{number * 10}e-1")
            )
        return (
            "-0" if number == 0 and self.is_wild() and self.random.random() < 0.2 else str(number)
        )

    def double(self, number: float) -> str:
        if not math.isfinite(number):
            return "null"
        text = msgspec.json.encode(number).decode()
        return self.respelled(text) if self.is_wild() else text

    def respelled(self, text: str) -> str:
        """Another spelling of the same number."""
        mantissa, _, exponent = text.partition("e")
        choices = [
            f"{mantissa}e{exponent or 0}",
            f"{mantissa}E{exponent or '+0'}",
            f"{mantissa}E-0",
            f"{float(text):.17e}",
            f"{float(text):.25e}",
            repr(float(text)),
        ]
        if "." in mantissa:
            choices.append(mantissa + "000" + (f"e{exponent}" if exponent else ""))
        return self.random.choice(choices if exponent else choices + [f"{mantissa}e00"])

    def number_text(self, number: decimal.Decimal) -> str:
        text = str(number)
        is_number = re.fullmatch(r"-?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?", text)
        return text if is_number and self.is_wild() else f'"{text}"'

    def as_text(self, node: Any) -> str:
        if isinstance(node, bytes):
            return b64encode(node).decode()
        if isinstance(node, uuid.UUID):
            return self.identifier(node)
        text = msgspec.json.encode(node).decode()[1:-1]
        return self.time_text(text, node) if self.is_wild() else text

    def identifier(self, node: uuid.UUID) -> str:
        if not self.is_wild():
            return str(node)
        return self.random.choice((node.hex, str(node).upper(), node.hex.upper()))

    def time_text(self, text: str, node: Any) -> str:
        """Other texts of the same moment or duration."""
        if isinstance(node, datetime.timedelta):
            return self.random.choice((text.lower(), "+" + text if text[0] != "-" else text))
        if isinstance(node, datetime.datetime):
            text = text.replace("T", self.random.choice("Tt "))
        if not isinstance(node, (datetime.datetime, datetime.time)):
            return text
        text = text.replace("Z", self.random.choice(("Z", "z", "+00:00", "-00:00", "+0000")))
        digits = self.random.choice(("0", "00", "000", "4", "5", "000000001"))
        return re.sub(r"(\.\d{6})", r"\g<1>" + digits, text)

    def string(self, text: str) -> str:
        if not self.is_wild():
            return json.dumps(text, ensure_ascii=False)
        return '"' + "".join(map(self.letter, text)) + '"'

    def letter(self, letter: str) -> str:
        if self.random.random() < 0.3:
            return self.escaped(letter)
        if letter in SHORT_ESCAPES and letter != "/":
            return SHORT_ESCAPES[letter]
        return letter if letter >= " " else self.escaped(letter)

    def escaped(self, letter: str) -> str:
        if letter in SHORT_ESCAPES and self.random.random() < 0.5:
            return SHORT_ESCAPES[letter]
        code = json.dumps(letter)[1:-1] if ord(letter) > 0x7E else f"\\u{ord(letter):04x}"
        if self.random.random() < 0.5:
            return code.upper().replace("\\U", "\\u")
        return code
