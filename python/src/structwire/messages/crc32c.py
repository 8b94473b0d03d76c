# SPDX-License-Identifier: Apache-2.0
"""CRC-32C (Castagnoli; RFC 3720 appendix B.4), which every header ends with.

The package google-crc32c (`pip install structwire[fast]`) is taken where it is installed; a table in Python, byte by byte,
where it is not: some microseconds for a header.
"""
from collections.abc import Callable


def _make_table() -> tuple[int, ...]:
    table = []
    for number in range(256):
        for _ in range(8):
            number = number >> 1 ^ (0x82F63B78 if number & 1 else 0)
        table.append(number)
    return tuple(table)


_TABLE = _make_table()


def crc32c_by_table(data: bytes | memoryview, before: int = 0) -> int:
    """Of `data`, behind bytes whose checksum is `before`."""
    table = _TABLE
    number = before ^ 0xFFFFFFFF
    for byte in data:
        number = number >> 8 ^ table[(number ^ byte) & 0xFF]
    return number ^ 0xFFFFFFFF


def _choose() -> tuple[Callable[..., int], str]:
    try:
        import google_crc32c
    except ImportError:
        return crc32c_by_table, "table"

    def by_package(data: bytes | memoryview, before: int = 0) -> int:
        return int(google_crc32c.extend(before, bytes(data)))

    return by_package, f"google-crc32c ({google_crc32c.implementation})"


crc32c, implementation = _choose()
