# SPDX-License-Identifier: Apache-2.0
"""The older JSON protocol of active messages: what stands in the two frames of a message.

    [metadata: one JSON object][payload]

    {"message_id": uuid, "handler_name": text, "sender_instance": uuid, "control": {...}}

Members of `control` that are empty are left out, `mode` is always written, and members that are not known here are kept.
legacy_peer.py is a whole process that speaks it.
"""
import json
import uuid
from dataclasses import dataclass, field
from typing import Any

MODES = ("fire_and_forget", "confirmed", "with_response", "with_receipt_ack", "with_receipt_and_response")
KNOWN_MEMBERS = ("mode", "accept_id", "response", "receipt", "ack", "acceptance", "response_ctx", "response_type",
                 "transport_hints")
WITH_RESPONSE = ("with_response", "with_receipt_and_response")
WITH_RECEIPT = ("with_receipt_ack", "with_receipt_and_response")

ACK, ERROR, RESPONSE = "ack_response", "error_response", "response_message"
ACCEPT, RECEIPT = "_accept", "_receipt_ack"
REPLY_TYPES = {ACK: "ack", ERROR: "nack", RESPONSE: "response"}


class Malformed(Exception):
    """Frames that are no message."""


@dataclass
class LegacyMessage:
    """One message, sent or received."""

    handler_name: str
    sender_instance: str
    control: dict[str, Any]
    payload: bytes = b""
    message_id: str = field(default_factory=lambda: str(uuid.uuid4()))

    @property
    def mode(self) -> str:
        return self.control.get("mode", "fire_and_forget")

    @property
    def extras(self) -> dict[str, Any]:
        """The members of `control` that this protocol does not know."""
        return {name: value for name, value in self.control.items() if name not in KNOWN_MEMBERS}

    @property
    def sender_endpoint(self) -> str | None:
        return (self.control.get("transport_hints") or {}).get("sender_endpoint")

    def frames(self) -> list[bytes]:
        control = {"mode": self.mode} | {name: value for name, value in self.control.items() if value is not None}
        metadata = {"message_id": self.message_id, "handler_name": self.handler_name,
                    "sender_instance": self.sender_instance, "control": control}
        return [json.dumps(metadata, ensure_ascii=False).encode(), self.payload]


def read_frames(frames: list[bytes]) -> LegacyMessage:
    if len(frames) != 2:
        raise Malformed(f"{len(frames)} frames in place of 2")
    try:
        metadata = json.loads(frames[0])
    except ValueError as error:
        raise Malformed(f"the metadata is no JSON: {error}") from error
    if not isinstance(metadata, dict) or not isinstance(metadata.get("control", {}), dict):
        raise Malformed("the metadata or its control is no object")
    for name in ("message_id", "sender_instance"):
        if not is_uuid(metadata.get(name)):
            raise Malformed(f"{name} is no UUID")
    if not isinstance(metadata.get("handler_name"), str):
        raise Malformed("handler_name is no text")
    message = LegacyMessage(metadata["handler_name"], metadata["sender_instance"], metadata.get("control", {}),
                            frames[1], metadata["message_id"])
    if message.mode not in MODES:
        raise Malformed(f"no mode of delivery: {message.mode}")
    return message


def is_uuid(text: Any) -> bool:
    try:
        return isinstance(text, str) and bool(uuid.UUID(text))
    except ValueError:
        return False


def control_of_request(mode: str, expectation: Any = None) -> dict[str, Any]:
    """With fresh ids for the answers that the mode asks for."""
    control: dict[str, Any] = {"mode": mode}
    if mode == "confirmed":
        control["accept_id"] = str(uuid.uuid4())
    elif mode == "with_response":
        accept_id = str(uuid.uuid4())
        control |= {"accept_id": accept_id, "response": {"response_id": str(uuid.uuid4()), "accept_id": accept_id}}
    elif mode == "with_receipt_and_response":
        control["response"] = {"response_id": str(uuid.uuid4())}
    if mode in WITH_RECEIPT:
        control["receipt"] = {"receipt_id": str(uuid.uuid4()), "expectation": expectation}
    return control


def ids_of_request(control: dict[str, Any]) -> list[str]:
    """Those that an answer may name."""
    ids = [control.get("accept_id"), (control.get("ack") or {}).get("ack_id"),
           (control.get("receipt") or {}).get("receipt_id")]
    response = control.get("response") or {}
    ids += [response.get("response_id"), response.get("accept_id")]
    return list(dict.fromkeys(each for each in ids if each))


def answer_id(message: LegacyMessage) -> str:
    """What an answer to a request names as the one it responds to."""
    control = message.control
    return ((control.get("response") or {}).get("response_id") or (control.get("ack") or {}).get("ack_id")
            or control.get("accept_id") or message.message_id)


def kind_of_reply(message: LegacyMessage, untyped: bool) -> str | None:
    """ack, nack, response, accepted, receipt; None for a request. `untyped`: replies of older peers count, whose payload
    tells what they are."""
    if message.handler_name == ACCEPT:
        return "accepted"
    if message.handler_name == RECEIPT:
        return "receipt"
    if "response_ctx" not in message.control:
        return None
    if told := message.control.get("response_type"):
        if told not in REPLY_TYPES.values():
            raise Malformed(f"no response_type: {told}")
        return told
    if not untyped:
        raise Malformed("a reply without response_type")
    body = json_or_none(message.payload)
    if isinstance(body, dict) and is_uuid(body.get("response_id")) and body.get("status") in ("ok", "error"):
        return "ack" if body["status"] == "ok" else "nack"
    return "response"


def json_or_none(payload: bytes) -> Any:
    try:
        return json.loads(payload)
    except ValueError:
        return None
