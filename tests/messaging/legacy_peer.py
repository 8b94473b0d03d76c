#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A peer of the older JSON protocol (legacy_wire.py), as a process that a test drives by lines of JSON.

It binds one PULL socket at each address; every answer is a message of its own over a PUSH socket to the requester, who
is known by `transport_hints.sender_endpoint` or from earlier.

    legacy_peer.py [--bind ADDRESS]... [--instance UUID] [--older]

--older: its replies have no `response_type`; without it, replies of others that have none are refused unless
`configure` says otherwise. Each line that it reads is a command:

    {"do": "send", "to": ADDRESS, "mode": MODE, "handler": NAME, "payload": JSON, ...}    also payload_hex, expectation,
                                                           control: {...} (merged over its own), message_id, tag
    {"do": "handler", "name": NAME, "behaviour": B, ...}   B: echo, reply (value), ok, fail (text), fail_in_envelope
                                                           (text), raw (payload_hex: no envelope), silent; delay_ms;
                                                           type: ActiveMessage, UnaryBytes or UnaryTyped; response_type
    {"do": "remove", "name": NAME}
    {"do": "register", "instance": UUID, "endpoint": ADDRESS}
    {"do": "configure", ...}     older, untyped, echo_extras: true or false; unknown_handler: error or silent;
                                 extras: {...}, which every message's control then has; hints: true or false
    {"do": "raw", "to": ADDRESS, "frames_hex": [...]}
    {"do": "stop"}

Each line that it writes is an event: listening, ok (a command was obeyed), sent, request (one for it came), done (its handler ended), accepted, ack,
nack, response, receipt (answers; `for` is the message id of the send), refused (with `reason`), error (of a command).
"""
import argparse
import heapq
import itertools
import json
import os
import sys
import time
import uuid
from typing import Any, Callable

import zmq

from legacy_wire import (ACCEPT, ACK, ERROR, RECEIPT, REPLY_TYPES, RESPONSE, WITH_RECEIPT, WITH_RESPONSE, LegacyMessage,
                         Malformed, answer_id, control_of_request, ids_of_request, is_uuid, json_or_none, kind_of_reply,
                         read_frames)

SENDS_REMEMBERED = 100_000


class LegacyPeer:
    """One process's state. One thread."""

    def __init__(self, addresses: list[str], instance: str, older: bool, tell: Callable[[dict], None]) -> None:
        self.instance = instance
        self.tell = tell
        self.context = zmq.Context()
        self.pulls = []
        self.endpoints = []
        for address in addresses:
            pull = self.context.socket(zmq.PULL)
            pull.bind(address)
            self.pulls.append(pull)
            self.endpoints.append(pull.getsockopt_string(zmq.LAST_ENDPOINT).rstrip("\0"))
        self.pushes: dict[str, zmq.Socket] = {}
        self.peers: dict[str, str] = {}
        self.handlers: dict[str, dict] = {}
        self.sends: dict[str, tuple[str, Any]] = {}
        self.later: list[tuple[float, int, Callable[[], None]]] = []
        self.turns = itertools.count()
        self.settings = {"older": older, "untyped": older, "echo_extras": True, "unknown_handler": "error",
                         "extras": {}, "hints": True}
        self.running = True
        tell({"event": "listening", "endpoints": self.endpoints, "instance": instance})

    # ---- what it says

    def transmit(self, endpoint: str, frames: list[bytes]) -> None:
        push = self.pushes.get(endpoint)
        if push is None:
            push = self.pushes[endpoint] = self.context.socket(zmq.PUSH)
            push.linger = 1000
            push.connect(endpoint)
        push.send_multipart(frames, zmq.DONTWAIT)

    def own_endpoint(self, to: str) -> str:
        """The one of the same kind as the other side's, if there is one."""
        scheme = to.partition(":")[0]
        return next((each for each in self.endpoints if each.startswith(scheme)), self.endpoints[0])

    def post(self, endpoint: str, handler: str, control: dict, payload: bytes = b"", message_id: str = "") -> str:
        control = self.settings["extras"] | control
        if self.settings["hints"]:
            control = {"transport_hints": {"sender_endpoint": self.own_endpoint(endpoint)}} | control
        message = LegacyMessage(handler, self.instance, control, payload)
        if message_id:
            message.message_id = message_id
        self.transmit(endpoint, message.frames())
        return message.message_id

    def answer(self, request: LegacyMessage, handler: str, control: dict, payload: Any = b"") -> None:
        endpoint = request.sender_endpoint or self.peers.get(request.sender_instance)
        if endpoint is None:
            self.tell({"event": "refused", "reason": "nobody knows where the requester is", "message_id":
                       request.message_id})
            return
        extras = request.extras if self.settings["echo_extras"] else {}
        self.post(endpoint, handler, extras | control, payload if isinstance(payload, bytes) else encode(payload))

    def answer_finally(self, request: LegacyMessage, handler: str, payload: Any, error: str | None = None,
                       envelope: bool = False) -> None:
        """An ack, an error or a full response."""
        context = {"response_to": answer_id(request), "original_handler": request.handler_name,
                   "envelope_format": envelope}
        if error is not None:
            context["error_message"] = error
        control: dict[str, Any] = {"mode": "fire_and_forget", "response_ctx": context}
        if not self.settings["older"]:
            control["response_type"] = REPLY_TYPES[handler]
        self.answer(request, handler, control, payload)

    def answer_ok(self, request: LegacyMessage) -> None:
        self.answer_finally(request, ACK, {"response_id": answer_id(request), "status": "ok"})

    def answer_error(self, request: LegacyMessage, text: str) -> None:
        self.answer_finally(request, ERROR, {"response_id": answer_id(request), "status": "error", "message": text},
                            error=text)

    # ---- what it hears

    def take(self, frames: list[bytes]) -> None:
        try:
            message = read_frames(frames)
            kind = kind_of_reply(message, self.settings["untyped"])
        except Malformed as error:
            self.tell({"event": "refused", "reason": str(error)})
            return
        if message.sender_endpoint:
            self.peers.setdefault(message.sender_instance, message.sender_endpoint)
        if kind is None:
            self.take_request(message)
        else:
            self.take_reply(message, kind)

    def take_reply(self, message: LegacyMessage, kind: str) -> None:
        body = json_or_none(message.payload)
        context = message.control.get("response_ctx") or {}
        if kind == "accepted":
            named = (message.control.get("acceptance") or {}).get("accept_for")
        elif kind == "receipt":
            named = body.get("message_id") if isinstance(body, dict) else None
        else:
            named = context.get("response_to")
        event = {"event": kind, "handler": message.handler_name, "response_ctx": context, "extras": message.extras,
                 "response_type": message.control.get("response_type"), "payload": body,
                 "payload_hex": message.payload.hex(), "sender_instance": message.sender_instance}
        send = self.sends.get(named)
        if send is None:
            self.tell(event | {"event": "refused", "reason": f"a reply ({kind}) to nothing that was sent: {named}"})
            return
        if kind == "nack":
            event["message"] = context.get("error_message") or (body or {}).get("message")
        if kind == "response" and context.get("envelope_format"):
            if not isinstance(body, dict) or len(body) != 1 or not body.keys() <= {"Ok", "Err"}:
                self.tell(event | {"event": "refused", "reason": "no envelope"})
                return
            event["ok"], event["value"] = "Ok" in body, next(iter(body.values()))
        elif kind == "response":
            event["value"] = body
        self.tell(event | {"for": send[0], "tag": send[1]})

    def take_request(self, request: LegacyMessage) -> None:
        self.tell({"event": "request", "handler": request.handler_name, "mode": request.mode,
                   "message_id": request.message_id, "sender_instance": request.sender_instance,
                   "control": request.control, "extras": request.extras, "payload": json_or_none(request.payload),
                   "payload_hex": request.payload.hex()})
        handler = self.handlers.get(request.handler_name)
        if request.mode in WITH_RECEIPT:
            status, contract = self.judge(request, handler)
            receipt_id = (request.control.get("receipt") or {}).get("receipt_id", request.message_id)
            self.answer(request, RECEIPT, {"mode": "fire_and_forget"},
                        {"message_id": receipt_id, "status": status, "contract_info": contract})
            if status != "Delivered":
                return
        if handler is None:
            if self.settings["unknown_handler"] == "error" and request.mode != "fire_and_forget":
                self.answer_error(request, f"there is no handler {request.handler_name}")
            return
        if request.mode == "with_response":
            accept_for = (request.control.get("response") or {}).get("accept_id") or request.control.get("accept_id")
            if accept_for:
                self.answer(request, ACCEPT, {"mode": "fire_and_forget", "acceptance": {"accept_for": accept_for}})
        delay = handler.get("delay_ms", 0) / 1000
        heapq.heappush(self.later, (time.monotonic() + delay, next(self.turns), lambda: self.run(request, handler)))

    def judge(self, request: LegacyMessage, handler: dict | None) -> tuple[Any, dict | None]:
        """A receipt's status, and what the contract of the handler is."""
        if handler is None:
            return "HandlerNotFound", None
        handler_type = handler.get("type", "UnaryBytes")
        returned = handler.get("response_type")
        wants_response = request.mode in WITH_RESPONSE
        supports = not wants_response or handler_type != "ActiveMessage"
        told = {"UnaryTyped": {"response_type": returned}} if handler_type == "UnaryTyped" else handler_type
        contract = {"handler_type": told, "response_type": returned, "supports_operation": supports}
        expectation = (request.control.get("receipt") or {}).get("expectation")
        expected = expectation.get("response_type") if isinstance(expectation, dict) else None
        if not supports:
            return {"ContractMismatch": "the handler returns nothing"}, contract
        if expected is not None and returned is not None and expected != returned:
            return {"ContractMismatch": f"the handler returns {returned}, not {expected}"}, contract
        if handler_type == "UnaryTyped" and json_or_none(request.payload) is None and request.payload != b"null":
            return {"InvalidMessage": "the payload is no JSON"}, contract
        return "Delivered", contract

    def run(self, request: LegacyMessage, handler: dict) -> None:
        behaviour = handler.get("behaviour", "echo")
        self.tell({"event": "done", "handler": request.handler_name, "message_id": request.message_id})
        if behaviour == "silent" or request.mode in ("fire_and_forget", "with_receipt_ack"):
            return
        if behaviour == "fail":
            self.answer_error(request, handler.get("text", "the handler failed"))
        elif behaviour == "ok" or request.mode == "confirmed":
            self.answer_ok(request)
        elif behaviour == "fail_in_envelope":
            self.answer_finally(request, RESPONSE, {"Err": handler.get("text", "the handler failed")}, envelope=True)
        elif behaviour == "raw":
            payload = bytes.fromhex(handler["payload_hex"]) if "payload_hex" in handler else request.payload
            self.answer_finally(request, RESPONSE, payload)
        else:
            value = handler.get("value") if behaviour == "reply" else json_or_none(request.payload)
            self.answer_finally(request, RESPONSE, {"Ok": value}, envelope=True)

    # ---- what it is told to do

    def obey(self, command: dict) -> None:
        do = command.get("do")
        if do == "send":
            self.send(command)
            return
        if do == "handler":
            self.handlers[command["name"]] = command
        elif do == "remove":
            self.handlers.pop(command["name"], None)
        elif do == "register":
            self.peers[command["instance"]] = command["endpoint"]
        elif do == "configure":
            wrong = [name for name in command if name != "do" and name not in self.settings]
            if wrong:
                raise ValueError(f"no such setting: {', '.join(wrong)}")
            self.settings |= {name: value for name, value in command.items() if name != "do"}
        elif do == "raw":
            self.transmit(command["to"], [bytes.fromhex(each) for each in command["frames_hex"]])
        elif do == "stop":
            self.running = False
        else:
            raise ValueError(f"no such command: {do}")
        self.tell({"event": "ok", "do": do})

    def send(self, command: dict) -> None:
        control = control_of_request(command.get("mode", "fire_and_forget"), command.get("expectation"))
        control |= command.get("control", {})
        message_id = command.get("message_id") or str(uuid.uuid4())
        # Answers may come before this function returns to the loop, and name any of these.
        for each in ids_of_request(control) + [message_id]:
            self.sends[each] = (message_id, command.get("tag"))
        while len(self.sends) > SENDS_REMEMBERED:
            del self.sends[next(iter(self.sends))]
        payload = bytes.fromhex(command["payload_hex"]) if "payload_hex" in command else encode(command.get("payload"))
        self.post(command["to"], command["handler"], control, payload, message_id)
        self.tell({"event": "sent", "message_id": message_id, "tag": command.get("tag"), "control": control})

    # ---- the loop

    def serve(self, lines: int) -> None:
        poller = zmq.Poller()
        for pull in self.pulls:
            poller.register(pull, zmq.POLLIN)
        poller.register(lines, zmq.POLLIN)
        text = b""
        while self.running:
            wait = max(0.0, self.later[0][0] - time.monotonic()) * 1000 if self.later else None
            ready = dict(poller.poll(wait))
            for pull in self.pulls:
                if pull in ready:
                    self.take(pull.recv_multipart())
            while self.later and self.later[0][0] <= time.monotonic():
                heapq.heappop(self.later)[2]()
            if lines in ready:
                more = os.read(lines, 65536)
                if not more:
                    break
                *whole, text = (text + more).split(b"\n")
                for line in whole:
                    self.obey_line(line)
        self.context.destroy(linger=1000)

    def obey_line(self, line: bytes) -> None:
        try:
            self.obey(json.loads(line))
        except (ValueError, KeyError, TypeError, zmq.ZMQError) as error:
            self.tell({"event": "error", "reason": f"{type(error).__name__}: {error}", "line": line.decode("replace")})


def encode(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False).encode()


def tell_as_line(event: dict) -> None:
    sys.stdout.write(json.dumps(event, ensure_ascii=False) + "\n")
    sys.stdout.flush()


def uuid_of(text: str) -> str:
    if not is_uuid(text):
        raise argparse.ArgumentTypeError(f"{text} is no UUID")
    return text


def main() -> None:
    arguments = argparse.ArgumentParser(description="A peer of the older JSON protocol, driven by lines of JSON.")
    arguments.add_argument("--bind", action="append", help="address of a PULL socket; tcp://127.0.0.1:* without one")
    arguments.add_argument("--instance", type=uuid_of, default=None)
    arguments.add_argument("--older", action="store_true", help="replies have no response_type")
    given = arguments.parse_args()
    peer = LegacyPeer(given.bind or ["tcp://127.0.0.1:*"], given.instance or str(uuid.uuid4()), given.older, tell_as_line)
    peer.serve(sys.stdin.fileno())


if __name__ == "__main__":
    main()
