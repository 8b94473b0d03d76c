# SPDX-License-Identifier: Apache-2.0
"""Random leaves with the values at the edges: numbers, texts, bytes, times and their like."""

from __future__ import annotations

import datetime
import decimal
import math
import struct
import uuid
from random import Random

from msgspec.msgpack import Ext

POWERS = (5, 7, 8, 15, 16, 31, 32, 53, 63)
WORDS = (
    "",
    "a",
    "key",
    "red",
    "RED",
    "apple",
    "desk",
    "one",
    "true",
    "null",
    "1",
    "-5",
    "1.0",
    "1e2",
    "2020-01-01",
    "héllo",
    "日本語",
    "😀",
    "a\u0301",
    "\u2028",
    "tab\there",
    'quo"te',
    "back\\slash",
    "nul\x00",
    "\x7f",
    "\x1f",
    "sl/ash",
    "\ufffd",
    "𝄞 clef",
    "_x-9",
    "line\nfeed",
    "\r\n",
    "nan",
)
LETTERS = 'abcxyz019_- "\\/\b\f\n\r\t\x00\x1f\x7féßжक日本\u2028\uffff😀𝄞\U0010ffff'
FLOATS = (
    0.0,
    -0.0,
    1.0,
    -1.0,
    0.1,
    0.5,
    1.5,
    1e15,
    1e16,
    123456789012345680.0,
    1e-5,
    1e-6,
    5e-324,
    2.2250738585072014e-308,
    1.7976931348623157e308,
    1e22,
    1e23,
    9007199254740993.0,
    4.35,
    0.25,
)
EPOCH_LIKE = (0, 1, -1, 1617405490, 2**32 - 1, 2**32, 2**34 - 1, 2**34, -62135596800, 253402300799)


def integer(random: Random, low: int = -(2**63), high: int = 2**63 - 1) -> int:
    """Small numbers and those beside powers of two, within the bounds."""
    choice = random.random()
    if choice < 0.4:
        number = random.randint(-40, 300)
    elif choice < 0.9:
        number = random.choice((-1, 1)) * 2 ** random.choice(POWERS) + random.randint(-2, 2)
    else:
        number = random.randint(-(2**63), 2**63 - 1)
    if random.random() < 0.1:
        number = random.choice((low, high, low + 1, high - 1))
    return number if low <= number <= high else random.randint(low, high)


def wide_integer(random: Random) -> int:
    """What int64 does not hold."""
    edge = random.choice((2**63, 2**64 - 1, 2**64, -(2**63) - 1, 10**26, -(10**19), 2**63 + 1))
    return edge + (random.randint(0, 3) if edge in (2**64, 10**26) else 0)


def double(random: Random) -> float:
    """Finite: JSON cannot write others."""
    choice = random.random()
    if choice < 0.3:
        return random.choice(FLOATS) * random.choice((1, -1))
    if choice < 0.5:
        return float(random.randint(-1000, 1000))
    if choice < 0.75:
        return random.randint(-(10**6), 10**6) / 10 ** random.randint(1, 12)
    while True:
        (value,) = struct.unpack(">d", random.getrandbits(64).to_bytes(8, "big"))
        if math.isfinite(value):
            return value


def text(random: Random, shortest: int = 0, longest: int | None = None) -> str:
    if shortest == 0 and longest is None and random.random() < 0.5:
        return random.choice(WORDS)
    most = shortest + random.choice((0, 1, 2, 4, 12)) if longest is None else longest
    length = random.randint(shortest, max(shortest, most))
    if longest is None and random.random() < 0.03:
        length = random.choice((31, 32, 255, 256, 300))
    letters = "abcdez" if random.random() < 0.5 else LETTERS
    return "".join(random.choice(letters) for _ in range(length))


def byte_string(random: Random, shortest: int = 0, longest: int | None = None) -> bytes:
    length = random.randint(shortest, longest if longest is not None else shortest + 9)
    if longest is None and random.random() < 0.03:
        length = random.choice((255, 256, 300))
    return random.randbytes(length)


def zone(random: Random) -> datetime.timezone:
    if random.random() < 0.4:
        return datetime.UTC
    minutes = random.choice((0, 1, -1, 60, -60, 330, 345, -210, 840, -720, 1439, -1439))
    if random.random() < 0.3:
        minutes = random.randint(-1439, 1439)
    return datetime.timezone(datetime.timedelta(minutes=minutes))


def microsecond(random: Random) -> int:
    return random.choice((0, 0, 0, 1, 500000, 999999, random.randint(0, 999999)))


def date(random: Random) -> datetime.date:
    year = random.choice((1, 2, 1600, 1900, 1969, 1970, 2000, 2020, 2038, 2100, 9998, 9999))
    first = datetime.date(year, 1, 1).toordinal()
    last = min(first + 365, datetime.date.max.toordinal())
    day = random.choice((first, first + 58, first + 59, last, random.randint(first, last)))
    return datetime.date.fromordinal(day)


def time(random: Random, aware: bool | None = None) -> datetime.time:
    hour, minute, second = random.choice(((0, 0, 0), (23, 59, 59), (12, 30, 5)))
    if random.random() < 0.5:
        hour, minute, second = (random.randint(0, 23), random.randint(0, 59), random.randint(0, 59))
    has_zone = random.random() < 0.4 if aware is None else aware
    return datetime.time(
        hour, minute, second, microsecond(random), zone(random) if has_zone else None
    )


def moment(random: Random, aware: bool | None = None) -> datetime.datetime:
    has_zone = random.random() < 0.6 if aware is None else aware
    return datetime.datetime.combine(date(random), time(random, has_zone))


def duration(random: Random) -> datetime.timedelta:
    seconds = random.choice(
        (0, 1, 59, 60, 3600, 86399, 86400, 86401, 999999999 * 86400, random.randint(0, 10**9))
    )
    sign = random.choice((1, 1, -1))
    result = datetime.timedelta(seconds=sign * min(seconds, 999999998 * 86400))
    return result + sign * datetime.timedelta(microseconds=microsecond(random))


def identifier(random: Random) -> uuid.UUID:
    edge = random.choice((0, 2**128 - 1, random.getrandbits(128), random.getrandbits(128)))
    return uuid.UUID(int=edge)


def number_text(random: Random) -> decimal.Decimal:
    choice = random.random()
    if choice < 0.5:
        return decimal.Decimal(random.randint(-(10**6), 10**6)).scaleb(-random.randint(0, 8))
    if choice < 0.6:
        return decimal.Decimal(random.choice(("NaN", "Infinity", "-Infinity")))
    digits = "".join(random.choice("0123456789") for _ in range(random.randint(1, 40)))
    exponent = random.choice(("", "", "E+5", "E-7", "E+400", "E-400"))
    point = random.choice(("", ".0", ".00", f".{random.randint(0, 10**9)}"))
    return decimal.Decimal(random.choice(("", "-")) + digits + point + exponent)


def extension(random: Random) -> Ext:
    code = random.choice((0, 1, 2, 5, 127, -2, -128, random.randint(-128, 127)))
    length = random.choice((0, 1, 2, 3, 4, 5, 8, 12, 15, 16, 17, 20))
    return Ext(5 if code == -1 else code, random.randbytes(length))
