# SPDX-License-Identifier: Apache-2.0
"""Answers that may be errors of the program's own."""
from typing import Generic, TypeVar

import msgspec

T = TypeVar("T")
E = TypeVar("E")


class Either(msgspec.Struct, Generic[T, E], omit_defaults=True):
    """What a C++ handler returns as std::expected<T, E>: one of the two is there. To be asked for, or to be returned:
    `peer.call("tasks.show", TaskNumber(7), Either[Task, ErrorBody])`."""

    value: T | None = None
    error: E | None = None
