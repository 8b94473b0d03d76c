# SPDX-License-Identifier: Apache-2.0
"""Keys of CURVE, in the files that `structwire keys FOLDER` writes: lines `secret …` and `public …`, 40 characters of Z85."""
from __future__ import annotations

import pathlib
from collections.abc import Iterator
from dataclasses import dataclass, field

import zmq

_FILE_BYTES_MAX = 4096


@dataclass(frozen=True, slots=True)
class CurveKeys:
    """A pair: with one, every link of a node is encrypted, and both ends have proved who they are."""

    public_key: str
    secret_key: str = field(repr=False)

    @classmethod
    def read(cls, path: str | pathlib.Path) -> CurveKeys:
        """From a `secret.key`. Raises OSError, and ValueError, which shows nothing of the file."""
        found = dict(_lines(path))
        if found.keys() != {"secret", "public"}:
            raise ValueError(f"{path}: a key pair is a line `secret …` and a line `public …`")
        if zmq.curve_public(found["secret"].encode()).decode() != found["public"]:
            raise ValueError(f"{path}: the public key does not belong to the secret one")
        return cls(found["public"], found["secret"])


def read_public_key(path: str | pathlib.Path) -> str:
    """From a `public.key`. Raises OSError and ValueError."""
    found = dict(_lines(path))
    if found.keys() != {"public"}:
        raise ValueError(f"{path}: a public key is one line `public …`")
    return found["public"]


def _lines(path: str | pathlib.Path) -> Iterator[tuple[str, str]]:
    with open(path, encoding="ascii", errors="replace") as file:
        text = file.read(_FILE_BYTES_MAX + 1)
    if len(text) > _FILE_BYTES_MAX:
        raise ValueError(f"{path}: it is too large for a file with a key")
    seen = set()
    for line in text.splitlines():
        if not line.strip():
            continue
        kind, _, key = line.rstrip().partition(" ")
        if kind not in ("secret", "public") or kind in seen or len(key) != 40:
            raise ValueError(f"{path}: a line that is no key")
        seen.add(kind)
        yield kind, key
