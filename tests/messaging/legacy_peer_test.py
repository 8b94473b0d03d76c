# SPDX-License-Identifier: Apache-2.0
"""Two legacy peers, each a process, say everything to each other that the protocol has: what the C++ side is held against
keeps the protocol itself."""
import json
import pathlib
import queue
import subprocess
import sys
import tempfile
import threading
import unittest
import uuid

PEER = pathlib.Path(__file__).with_name("legacy_peer.py")
PATIENCE = 30


class Process:
    """A legacy peer, its commands and its events."""

    def __init__(self, *arguments: str) -> None:
        self.process = subprocess.Popen([sys.executable, PEER, *arguments], stdin=subprocess.PIPE,
                                        stdout=subprocess.PIPE, text=True)
        self.events: queue.Queue = queue.Queue()
        self.obeyed: queue.Queue = queue.Queue()
        threading.Thread(target=self.read, daemon=True).start()
        listening = self.expect("listening")
        self.endpoint, self.instance = listening["endpoints"][0], listening["instance"]

    def read(self) -> None:
        for line in self.process.stdout:
            event = json.loads(line)
            (self.obeyed if event["event"] == "ok" else self.events).put(event)

    def do(self, do: str, **members: object) -> None:
        self.process.stdin.write(json.dumps({"do": do} | members) + "\n")
        self.process.stdin.flush()
        if do != "send":
            self.obeyed.get(timeout=PATIENCE)

    def expect(self, kind: str) -> dict:
        """The next event, which has to be of this kind; that requests come and end is told to who asks for it only."""
        while True:
            event = self.events.get(timeout=PATIENCE)
            if event["event"] == kind:
                return event
            if event["event"] not in ("request", "done"):
                raise AssertionError(f"{kind} was expected, not {event}")

    def expect_of(self, kind: str, sent: dict) -> dict:
        while (event := self.expect(kind))["message_id"] != sent["message_id"]:
            pass
        return event

    def end(self) -> None:
        self.do("stop")
        self.process.stdin.close()
        if self.process.wait(PATIENCE) != 0:
            raise AssertionError(f"the peer ended with {self.process.returncode}")
        self.process.stdout.close()


class LegacyPeers(unittest.TestCase):
    older = False

    @classmethod
    def start(cls, *addresses: str) -> Process:
        binds = [each for address in addresses for each in ("--bind", address)]
        return Process(*binds, *(["--older"] if cls.older else []))

    @classmethod
    def setUpClass(cls) -> None:
        folder = cls.enterClassContext(tempfile.TemporaryDirectory())
        cls.there = cls.start("tcp://127.0.0.1:*")
        cls.addClassCleanup(cls.there.end)
        cls.here = cls.start(f"ipc://{folder}/here", "tcp://127.0.0.1:*")
        cls.addClassCleanup(cls.here.end)

    def setUp(self) -> None:
        for peer in (self.here, self.there):
            peer.do("configure", older=self.older, untyped=self.older, unknown_handler="error", hints=True)

    def send(self, mode: str, handler: str, payload: object = None, **more: object) -> dict:
        self.here.do("send", **{"to": self.there.endpoint, "mode": mode, "handler": handler, "payload": payload,
                                "tag": "mine"} | more)
        return self.here.expect("sent")

    def answer(self, kind: str, sent: dict) -> dict:
        event = self.here.expect(kind)
        self.assertEqual((event["for"], event["tag"]), (sent["message_id"], "mine"))
        return event

    def test_fire_and_forget_is_run_and_not_answered(self) -> None:
        self.there.do("handler", name="echo")
        sent = self.send("fire_and_forget", "echo", {"n": 1})
        request = self.there.expect_of("request", sent)
        self.assertEqual((request["message_id"], request["payload"], request["mode"]),
                         (sent["message_id"], {"n": 1}, "fire_and_forget"))
        self.assertEqual(request["sender_instance"], self.here.instance)
        self.there.expect_of("done", sent)
        self.assertTrue(self.here.events.empty())

    def test_a_confirmed_message_is_acknowledged(self) -> None:
        self.there.do("handler", name="echo")
        sent = self.send("confirmed", "echo")
        ack = self.answer("ack", sent)
        self.assertEqual(ack["payload"], {"response_id": sent["control"]["accept_id"], "status": "ok"})
        self.assertEqual(ack["handler"], "ack_response")
        self.assertEqual(ack["response_type"], None if self.older else "ack")

    def test_a_confirmed_message_whose_handler_fails_is_an_error(self) -> None:
        self.there.do("handler", name="sad", behaviour="fail", text="no room")
        nack = self.answer("nack", self.send("confirmed", "sad"))
        self.assertEqual((nack["message"], nack["handler"]), ("no room", "error_response"))
        self.assertEqual(nack["response_ctx"]["error_message"], "no room")

    def test_a_response_comes_after_its_acceptance(self) -> None:
        self.there.do("handler", name="echo", delay_ms=50)
        sent = self.send("with_response", "echo", [1, "zwei"])
        self.answer("accepted", sent)
        response = self.answer("response", sent)
        self.assertEqual((response["ok"], response["value"]), (True, [1, "zwei"]))
        self.assertEqual(response["payload"], {"Ok": [1, "zwei"]})
        self.assertEqual(response["response_ctx"]["original_handler"], "echo")

    def test_a_response_without_envelope_is_the_payload(self) -> None:
        self.there.do("handler", name="plain", behaviour="raw", payload_hex=b'{"Ok":1}'.hex())
        sent = self.send("with_response", "plain")
        self.answer("accepted", sent)
        self.assertEqual(self.answer("response", sent)["value"], {"Ok": 1})

    def test_an_error_comes_in_the_envelope(self) -> None:
        self.there.do("handler", name="sad", behaviour="fail_in_envelope", text="never")
        sent = self.send("with_response", "sad")
        self.answer("accepted", sent)
        response = self.answer("response", sent)
        self.assertEqual((response["ok"], response["value"]), (False, "never"))

    def test_a_receipt_comes_before_the_response(self) -> None:
        self.there.do("handler", name="typed", behaviour="reply", value=7, type="UnaryTyped", response_type="i32")
        sent = self.send("with_receipt_and_response", "typed", 1, expectation={"response_type": "i32"})
        receipt = self.answer("receipt", sent)["payload"]
        self.assertEqual(receipt, {
            "message_id": sent["control"]["receipt"]["receipt_id"], "status": "Delivered",
            "contract_info": {"handler_type": {"UnaryTyped": {"response_type": "i32"}}, "response_type": "i32",
                              "supports_operation": True}})
        self.assertEqual(self.answer("response", sent)["value"], 7)

    def test_a_receipt_alone(self) -> None:
        self.there.do("handler", name="note", type="ActiveMessage")
        sent = self.send("with_receipt_ack", "note")
        self.assertEqual(self.answer("receipt", sent)["payload"]["status"], "Delivered")

    def test_receipts_refuse_what_does_not_fit(self) -> None:
        self.there.do("handler", name="note", type="ActiveMessage")
        self.there.do("handler", name="typed", type="UnaryTyped", response_type="i32")

        def status(handler: str, **more: object) -> object:
            return self.answer("receipt", self.send("with_receipt_and_response", handler, **more))["payload"]["status"]

        self.assertEqual(status("nobody"), "HandlerNotFound")
        self.assertEqual(status("note"), {"ContractMismatch": "the handler returns nothing"})
        self.assertEqual(status("typed", expectation={"response_type": "u8"}),
                         {"ContractMismatch": "the handler returns i32, not u8"})
        self.assertEqual(status("typed", payload_hex="ff"), {"InvalidMessage": "the payload is no JSON"})

    def test_unknown_handlers_are_told_or_not(self) -> None:
        nack = self.answer("nack", self.send("confirmed", "nobody"))
        self.assertEqual(nack["message"], "there is no handler nobody")
        self.there.do("configure", unknown_handler="silent")
        self.there.expect_of("request", self.send("confirmed", "nobody"))
        self.assertTrue(self.here.events.empty())

    def test_unknown_members_of_control_are_written_back(self) -> None:
        self.there.do("handler", name="echo", behaviour="ok")
        extra = {"_next": {"v": [1, 1]}, "colour": "blue"}
        sent = self.send("confirmed", "echo", control=extra)
        self.assertEqual(self.answer("ack", sent)["extras"], extra)
        self.assertEqual(self.there.expect_of("request", sent)["extras"], extra)

    def test_the_way_back_may_be_known_from_earlier(self) -> None:
        stranger = self.start("tcp://127.0.0.1:*")
        self.addCleanup(stranger.end)
        stranger.do("handler", name="echo")
        self.here.do("configure", hints=False)
        self.send("confirmed", "echo", to=stranger.endpoint)
        self.assertEqual(stranger.expect("refused")["reason"], "nobody knows where the requester is")
        stranger.do("register", instance=self.here.instance, endpoint=self.here.endpoint)
        self.answer("ack", self.send("confirmed", "echo", to=stranger.endpoint))

    def test_what_is_no_message_is_refused(self) -> None:
        for frames in ([b"{}"], [b"{", b""], [b"[]", b""], [b'{"message_id":"1"}', b""], [b"{}", b"", b""]):
            self.here.do("raw", to=self.there.endpoint, frames_hex=[each.hex() for each in frames])
            self.there.expect("refused")

    def test_replies_without_response_type_are_refused_by_newer_peers(self) -> None:
        self.there.do("handler", name="echo")
        self.there.do("configure", older=True)
        self.here.do("configure", untyped=False)
        self.send("confirmed", "echo")
        self.assertEqual(self.here.expect("refused")["reason"], "a reply without response_type")

    def test_replies_to_nothing_are_refused(self) -> None:
        self.here.do("send", to=self.there.endpoint, handler="ack_response", payload={},
                     control={"response_type": "ack", "response_ctx": {"response_to": str(uuid.uuid4())}})
        self.here.expect("sent")
        self.assertIn("to nothing that was sent", self.there.expect("refused")["reason"])


class OlderPeers(LegacyPeers):
    """Without response_type: the payload tells what a reply is."""

    older = True


if __name__ == "__main__":
    unittest.main()
