# SPDX-License-Identifier: Apache-2.0
"""Payloads: msgspec values in MessagePack or JSON, or bytes as they are."""
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import msgspec

from structwire.messages.failure import FailureCode, MessageFailure
from structwire.messages.hello import Format

_msgpack_encoder = msgspec.msgpack.Encoder()
_json_encoder = msgspec.json.Encoder()


@dataclass(frozen=True, slots=True)
class Encoded:
    """A value that is encoded already: its bytes go out as they are."""

    payload: bytes
    format: int = Format.bytes
    schema: int = 0


def wire_fingerprint(type: Any) -> int:
    """By which both sides know that they mean the same type; 0 where nobody knows it. A contract program writes it beside
    the classes that it generates, as WIRE_FINGERPRINTS; a class of one's own may have it as `__wire_fingerprint__`."""
    own = getattr(type, "__wire_fingerprint__", None)
    if isinstance(own, int):
        return own
    module = sys.modules.get(getattr(type, "__module__", ""))
    known = getattr(module, "WIRE_FINGERPRINTS", {})
    try:
        return int(known.get(type, 0))
    except TypeError:  # A type that cannot be a key.
        return 0


def encode(value: Any, formats: Iterable[int] = (Format.msgpack,)) -> Encoded:
    """In the first of these formats that is known here. None is an empty payload, bytes stay what they are."""
    if isinstance(value, Encoded):
        return value
    if value is None:
        return Encoded(b"")
    if isinstance(value, (bytes, bytearray, memoryview)):
        return Encoded(bytes(value))
    format = next((each for each in formats if each in (Format.msgpack, Format.json)), Format.msgpack)
    encoder = _msgpack_encoder if format == Format.msgpack else _json_encoder
    try:
        return Encoded(encoder.encode(value), format, wire_fingerprint(type(value)))
    except (TypeError, ValueError, OverflowError, msgspec.MsgspecError) as error:
        raise MessageFailure(FailureCode.encoding_failed, str(error)) from error


class Decoder:
    """Of one type, in any format. Without a type, whatever comes; for `bytes`, the payload itself."""

    def __init__(self, type: Any = None) -> None:
        self._type = type
        self._is_bytes = type is bytes
        if not self._is_bytes:
            target = Any if type is None else type
            self._msgpack: Any = msgspec.msgpack.Decoder(target)
            self._json: Any = msgspec.json.Decoder(target)

    def decode(self, payload: bytes | memoryview, format: int) -> Any:
        """Raises MessageFailure (bad_payload)."""
        if self._is_bytes or (format == Format.bytes and self._type is None and len(payload)):
            return bytes(payload)
        if format == Format.bytes and not len(payload):
            if self._type is None or self._type is type(None):
                return None
            raise MessageFailure(FailureCode.bad_payload, "the payload is empty")
        try:
            if format == Format.msgpack:
                return self._msgpack.decode(payload)
            if format == Format.json:
                return self._json.decode(payload)
        except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
            raise MessageFailure(FailureCode.bad_payload, str(error)) from error
        raise MessageFailure(FailureCode.bad_payload, f"a payload in format {format}, which is not read here")
