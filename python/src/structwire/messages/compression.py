# SPDX-License-Identifier: Apache-2.0
"""Payloads that are smaller on their way: zstd, where the package `zstandard` is installed and both sides said so in HELLO."""
from __future__ import annotations

from typing import Any

try:
    import zstandard
except ImportError:  # Then this side does not offer it.
    zstandard: Any = None  # type: ignore[no-redef]

NUMBER = 2
"""Of zstd, in headers."""
LEVEL = 1


def is_here() -> bool:
    return zstandard is not None


def compress(payload: bytes | memoryview) -> bytes | None:
    """Nothing where it saves less than an eighth."""
    small: bytes = zstandard.ZstdCompressor(level=LEVEL).compress(payload)
    return small if len(small) <= len(payload) - len(payload) // 8 else None


def decompress(payload: bytes | memoryview, plain_size: int) -> bytes | None:
    """Nothing for what is not zstd, or of another size; takes `plain_size` bytes at most, which the caller has bounded."""
    try:
        # The size that the bytes tell of themselves would be taken before anything is looked at.
        if zstandard.frame_content_size(payload) not in (-1, plain_size):
            return None
        plain: bytes = zstandard.ZstdDecompressor().decompress(payload, max_output_size=plain_size)
    except zstandard.ZstdError:
        return None
    return plain if len(plain) == plain_size else None
