# SPDX-License-Identifier: Apache-2.0
"""Why a message came to nothing: one code for every end but success, whether the other side said it or this one found
out."""
import enum


class FailureCode(enum.IntEnum):
    """Up to 255 they are on the wire; above, this side found out."""

    handler_not_found = 1
    schema_mismatch = 2
    bad_payload = 3
    expired = 4
    """The deadline passed; found by either side."""
    overloaded = 5
    draining = 6
    cancelled = 7
    handler_failed = 8
    too_old = 9
    """Sent again after the receiver forgot whether it had run."""

    no_peer = 256
    """None that was ever reached before the deadline."""
    peer_lost = 257
    """The peer's process went away, and it may have run."""
    queue_full = 258
    """No room to wait for credit, or the sender did not want to wait."""
    stopped = 262
    """This side shuts down."""
    too_large = 263
    """More than the peer takes."""
    encoding_failed = 264
    """The value has no form in the peer's formats."""

    @classmethod
    def _missing_(cls, value: object) -> "FailureCode | None":
        # A code of a later version: its number stays, its name is `unknown`.
        if not isinstance(value, int):
            return None
        member = int.__new__(cls, value)
        member._name_ = "unknown"
        member._value_ = value
        return member


ON_WIRE_MAX = 255


class MessageFailure(Exception):
    """A message came to nothing. A handler may raise it to choose what its caller is told."""

    def __init__(self, code: FailureCode | int, text: str = "", *, retryable: bool = False,
                 retry_after_ms: int = 0) -> None:
        super().__init__(code, text)
        self.code = FailureCode(code)
        self.text = text
        self.retryable = retryable
        self.retry_after_ms = retry_after_ms

    def __str__(self) -> str:
        name = self.code.name if self.code.name != "unknown" else f"code {self.code.value}"
        return f"{name}: {self.text}" if self.text else name


class ProtocolError(Exception):
    """Bytes that are no message, or a peer that does not keep to the protocol. `code` is that of the C++ reader."""

    def __init__(self, code: str, text: str, offset: int = 0) -> None:
        super().__init__(code, text, offset)
        self.code = code
        self.text = text
        self.offset = offset

    def __str__(self) -> str:
        return f"{self.text} (byte {self.offset})"
