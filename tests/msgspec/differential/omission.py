# SPDX-License-Identifier: Apache-2.0
"""The encoding that omits defaults by value, which is what a C++ library does.

msgspec compares scalars with `is`, so a decoded text that equals its default is still written. The
corpus gives the encoding by value as `output_eq`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import msgspec
from msgspec import NODEFAULT, UNSET, Raw, Struct

Encode = Callable[[Any], bytes]


def holds_omission(value: Any) -> bool:
    """Whether a struct with omit_defaults is anywhere in this value."""
    if isinstance(value, Struct):
        if value.__struct_config__.omit_defaults:
            return True
        return any(holds_omission(getattr(value, name)) for name in value.__struct_fields__)
    if isinstance(value, dict):
        return any(map(holds_omission, value.values()))
    return isinstance(value, (list, tuple)) and any(map(holds_omission, value))


def encode_by_value(value: Any, encode: Encode, encode_in_order: Encode, is_sorted: bool) -> bytes:
    """`encode` follows the row's order; `encode_in_order` keeps the order of maps as they are."""

    def part(item: Any) -> Raw:
        return Raw(encode_by_value(item, encode, encode_in_order, is_sorted))

    if not holds_omission(value):
        return encode(value)
    if isinstance(value, Struct):
        if value.__struct_config__.array_like:
            items = [part(getattr(value, name)) for name in value.__struct_fields__]
            tag = value.__struct_config__.tag
            return encode(items if tag is None else [tag, *items])
        members = {name: part(item) for name, item in written_members(value)}
        return (encode if is_sorted else encode_in_order)(members)
    if isinstance(value, dict):
        return encode({key: part(item) for key, item in value.items()})
    return encode([part(item) for item in value])


def written_members(value: Struct) -> list[tuple[str, Any]]:
    """Wire names and values, the tag first."""
    config = value.__struct_config__
    members: list[tuple[str, Any]] = []
    if config.tag is not None and config.tag_field is not None:
        members.append((config.tag_field, config.tag))
    for member in msgspec.structs.fields(type(value)):
        item = getattr(value, member.name)
        if item is UNSET or (config.omit_defaults and is_default(member, item)):
            continue
        members.append((member.encode_name, item))
    return members


def is_default(member: msgspec.structs.FieldInfo, item: Any) -> bool:
    if member.default is not NODEFAULT:
        default = member.default
    elif member.default_factory is not NODEFAULT:
        default = member.default_factory()
    else:
        return False
    return type(default) is type(item) and default == item
