# SPDX-License-Identifier: Apache-2.0
"""C++ (legacy_node, given as the first argument) against a program of the older protocol that was written from its description
alone: everything the protocol has, in both directions and both ages, and the change to the binary protocol while both run."""
import json
import queue
import subprocess
import sys
import tempfile
import threading
import time
import unittest

from legacy_peer_test import PATIENCE, Process

NODE = sys.argv.pop(1)


class Node:
    """A C++ process, its commands and its events."""

    def __init__(self, name: str, *allowed: str) -> None:
        patterns = [each for pattern in allowed for each in ("--allow", pattern)]
        self.process = subprocess.Popen([NODE, name, *patterns], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.events: list[dict] = []
        self.news = queue.Queue()
        self.tags = 0
        threading.Thread(target=self.read, daemon=True).start()

    def read(self) -> None:
        for line in self.process.stdout:
            self.news.put(json.loads(line))

    def do(self, line: str) -> None:
        self.process.stdin.write(line + "\n")
        self.process.stdin.flush()

    def expect(self, kind: str, **members: object) -> dict:
        """The first event of a kind, with these members, that was not asked for before."""
        end = time.monotonic() + PATIENCE
        while True:
            for index, event in enumerate(self.events):
                if event["event"] == kind and all(event.get(name) == value for name, value in members.items()):
                    return self.events.pop(index)
            try:
                self.events.append(self.news.get(timeout=max(0.0, end - time.monotonic())))
            except queue.Empty:
                raise AssertionError(f"no {kind} {members} among {self.events[-20:]}") from None

    def listen(self, address: str) -> str:
        self.do(f"listen {address}")
        return self.expect("listening")["address"]

    def dial(self, address: str, up: bool = True) -> int:
        self.do(f"dial {address}")
        peer = self.expect("dialled")["peer"]
        if up:
            self.expect("state", peer=peer, state="up")
        return peer

    def send(self, peer: int, delivery: str, handler: str, payload: str = "1") -> int:
        self.tags += 1
        self.do(f"send {peer} {delivery} {self.tags} {handler} {payload}")
        return self.tags

    def outcome(self, tag: int) -> object:
        """The payload of what came, or (code, text)."""
        event = self.expect("outcome", tag=tag)
        return event.get("payload", "") if event.get("ok") else (event["code"], event.get("text", ""))

    def counters(self) -> dict:
        self.do("counters")
        return self.expect("counters")["counters"]

    def wait_for(self, counter: str, value: int) -> None:
        end = time.monotonic() + PATIENCE
        while (now := self.counters())[counter] < value:
            if time.monotonic() > end:
                raise AssertionError(f"{counter} is {now[counter]}, not {value}: {now}")
            time.sleep(0.02)

    def end(self) -> None:
        self.process.stdin.close()
        if self.process.wait(PATIENCE) != 0:
            raise AssertionError(f"the node ended with {self.process.returncode}")
        self.process.stdout.close()


class BothWays(unittest.TestCase):
    older = False

    @classmethod
    def setUpClass(cls) -> None:
        folder = cls.enterClassContext(tempfile.TemporaryDirectory())
        cls.node = Node("node", "tcp://127.0.0.1:*", f"ipc://{folder}/*")
        cls.addClassCleanup(cls.node.end)
        cls.endpoints = {each.partition("+")[2].partition(":")[0]: each.partition("+")[2] for each in
                         (cls.node.listen("legacy+tcp://127.0.0.1:*"), cls.node.listen(f"legacy+ipc://{folder}/node"))}
        older = ["--older"] if cls.older else []
        cls.peer = Process("--bind", "tcp://127.0.0.1:*", "--bind", f"ipc://{folder}/peer", *older)
        cls.addClassCleanup(cls.peer.end)
        cls.peer.do("configure", older=cls.older, untyped=False)  # What C++ says is whole, whatever it hears.
        cls.there = {"tcp": cls.node.dial("legacy+" + cls.peer.endpoint), "ipc": cls.node.dial(f"legacy+ipc://{folder}/peer")}
        for name, behaviour in (("echo", {}), ("ok", {"behaviour": "ok"}), ("sad", {"behaviour": "fail", "text": "no room"}),
                                ("envelope", {"behaviour": "fail_in_envelope", "text": "never"}),
                                ("raw", {"behaviour": "raw", "payload_hex": b'{"Ok":1}'.hex()}),
                                ("typed", {"behaviour": "reply", "value": 7, "type": "UnaryTyped", "response_type": "i32"}),
                                ("mute", {"type": "ActiveMessage"})):
            cls.peer.do("handler", name=name, **behaviour)

    # ---- what C++ sends

    def test_each_delivery_ends_as_it_says(self) -> None:
        for there in self.there.values():
            for delivery, handler, payload, outcome in (
                    ("fire_and_forget", "echo", "1", ""), ("queued", "echo", "1", ""), ("accepted", "echo", "1", ""),
                    ("done", "ok", "1", ""), ("response", "echo", '{"n": [1, "zwei"]}', '{"n": [1, "zwei"]}'),
                    ("response", "raw", "1", '{"Ok":1}'), ("receipt", "typed", "1", "7"),
                    ("done", "sad", "1", ("handler_failed", "no room")), ("response", "sad", "1", ("handler_failed", "no room")),
                    ("response", "envelope", "1", ("handler_failed", "never")),
                    ("done", "nobody", "1", ("handler_failed", "there is no handler nobody"))):
                with self.subTest(delivery=delivery, handler=handler):
                    self.assertEqual(self.node.outcome(self.node.send(there, delivery, handler, payload)), outcome)

    def test_receipts_are_verdicts(self) -> None:
        there = self.there["tcp"]
        self.assertEqual(self.node.outcome(self.node.send(there, "receipt", "nobody"))[0], "handler_not_found")
        self.assertEqual(self.node.outcome(self.node.send(there, "queued", "nobody"))[0], "handler_not_found")
        self.assertEqual(self.node.outcome(self.node.send(there, "receipt", "mute")), ("schema_mismatch", "the handler returns nothing"))
        self.assertEqual(self.node.outcome(self.node.send(there, "accepted", "typed", "{")), ("bad_payload", "the payload is no JSON"))
        tag = self.node.send(there, "receipt", "echo", "5")
        self.node.expect("receipt", tag=tag)
        self.assertEqual(self.node.outcome(tag), "5")

    def test_many_at_once_are_each_answered(self) -> None:
        tags = {self.node.send(self.there["tcp"], "response", "echo", str(n)): str(n) for n in range(300)}
        for tag, payload in tags.items():
            self.assertEqual(self.node.outcome(tag), payload)

    # ---- what the peer sends

    def ask(self, mode: str, handler: str, payload: object = 1, to: str = "tcp", **more: object) -> dict:
        self.peer.do("send", to=self.endpoints[to], mode=mode, handler=handler, payload=payload, **more)
        return self.peer.expect("sent")

    def answer(self, kind: str, sent: dict) -> dict:
        event = self.peer.expect(kind)
        self.assertEqual(event["for"], sent["message_id"])
        return event

    def test_each_mode_is_answered(self) -> None:
        for to in ("tcp", "ipc"):
            with self.subTest(to=to):
                self.ask("fire_and_forget", "echo", {"n": 1}, to)
                self.node.expect("request", handler="echo", payload='{"n": 1}', delivery="fire_and_forget")
                ack = self.answer("ack", self.ask("confirmed", "note", 1, to))
                self.assertEqual((ack["response_type"], ack["payload"]["status"]), ("ack", "ok"))
                nack = self.answer("nack", self.ask("confirmed", "fail", 1, to))
                self.assertEqual((nack["message"], nack["response_type"]), ("no room", "nack"))
                sent = self.ask("with_response", "slow", [1, "zwei"], to)
                self.answer("accepted", sent)
                response = self.answer("response", sent)
                self.assertEqual((response["ok"], response["value"], response["response_type"]), (True, [1, "zwei"], "response"))
                sent = self.ask("with_receipt_ack", "note", 1, to)
                self.assertEqual(self.answer("receipt", sent)["payload"]["status"], "Delivered")
                sent = self.ask("with_receipt_and_response", "echo", {"Ok": 2}, to)
                self.assertEqual(self.answer("receipt", sent)["payload"]["message_id"], sent["control"]["receipt"]["receipt_id"])
                self.assertEqual(self.answer("response", sent)["value"], {"Ok": 2})

    def test_what_cannot_be_done_is_told(self) -> None:
        sent = self.ask("with_receipt_and_response", "nobody")
        self.assertEqual(self.answer("receipt", sent)["payload"]["status"], "HandlerNotFound")
        self.assertIn("handler_not_found", self.answer("nack", self.ask("confirmed", "nobody"))["message"])
        sent = self.ask("with_response", "fail")
        self.answer("accepted", sent)
        self.assertEqual(self.answer("nack", sent)["message"], "no room")

    def test_unknown_members_of_control_are_written_back(self) -> None:
        sent = self.ask("confirmed", "note", control={"colour": {"a": [1]}})
        self.assertEqual(self.answer("ack", sent)["extras"], {"colour": {"a": [1]}})

    def test_the_way_back_works_for_sends_too(self) -> None:
        self.ask("fire_and_forget", "echo", "back")
        peer = self.node.expect("request", payload='"back"')["peer"]
        self.assertEqual(self.node.outcome(self.node.send(peer, "response", "echo", "3")), "3")

    def test_what_is_no_message_is_refused(self) -> None:
        before = self.node.counters()["messages_refused"]
        for frames in ([b"{}"], [b"{", b""], [b"[]", b""], [b'{"message_id":"1"}', b""], [b"{}", b"", b""]):
            self.peer.do("raw", to=self.endpoints["tcp"], frames_hex=[each.hex() for each in frames])
        self.node.wait_for("messages_refused", before + 5)
        self.answer("ack", self.ask("confirmed", "note"))

    def test_who_is_not_allowed_gets_no_answer(self) -> None:
        before = self.node.counters()["endpoints_refused"]
        self.ask("confirmed", "echo", "x", control={"transport_hints": {"sender_endpoint": "tcp://127.0.0.2:1"}})
        self.node.wait_for("endpoints_refused", before + 1)
        self.ask("fire_and_forget", "echo", "one way", control={"transport_hints": {"sender_endpoint": "tcp://127.0.0.2:1"}})
        self.node.expect("request", payload='"one way"')


class OlderPeer(BothWays):
    """Its replies have no `response_type`."""

    older = True


class Upgrade(unittest.TestCase):
    """The peer begins to tell that it speaks the binary protocol too, at the address where another C++ process listens."""

    def setUp(self) -> None:
        self.node = Node("node", "tcp://127.0.0.1:*")
        self.addCleanup(self.node.end)
        self.inlet = self.node.listen("legacy+tcp://127.0.0.1:*").partition("+")[2]
        self.own_binary = self.node.listen("tcp://127.0.0.1:*")
        self.peer = Process("--bind", "tcp://127.0.0.1:*")
        self.addCleanup(self.peer.end)
        self.peer.do("handler", name="echo", delay_ms=20)
        self.there = self.node.dial("legacy+" + self.peer.endpoint)
        self.binary = Node("binary")
        self.address = self.binary.listen("tcp://127.0.0.1:*")

    def offer(self, address: str) -> None:
        self.peer.do("configure", extras={"_sw": {"v": [1, 1], "e": address}}, echo_extras=False)

    def test_sends_go_on_in_the_binary_protocol(self) -> None:
        self.addCleanup(self.binary.end)
        tag = self.node.send(self.there, "response", "echo", "0")
        self.assertEqual(self.node.outcome(tag), "0")
        # Whoever does not know it writes it back; that is no offer.
        self.assertEqual(self.node.counters()["upgrades"], 0)
        self.peer.do("send", to=self.inlet, handler="note", mode="confirmed", payload=1)
        self.peer.expect("sent")
        self.assertEqual(self.peer.expect("ack")["extras"], {"_sw": {"v": [1, 1], "e": self.own_binary}})

        self.offer(self.address)
        tags = {}
        for n in range(200):
            tags[self.node.send(self.there, "response", "echo", str(n))] = str(n)
            time.sleep(0.002)
        for tag, payload in tags.items():
            self.assertEqual(self.node.outcome(tag), payload)
        self.node.wait_for("upgrades", 1)
        tag = self.node.send(self.there, "response", "echo", '"binary"')
        self.assertEqual(self.node.outcome(tag), '"binary"')
        self.binary.expect("request", payload='"binary"')
        # Each ran once, here or there.
        ran = []
        while not self.peer.events.empty():
            event = self.peer.events.get()
            if event["event"] == "request" and event["handler"] == "echo":
                ran.append(event["payload"] if isinstance(event["payload"], str) else json.dumps(event["payload"]))
        older = len(ran)
        while not self.binary.news.empty():
            self.binary.events.append(self.binary.news.get())
        ran += [event["payload"] for event in self.binary.events if event["event"] == "request"]
        self.assertEqual(sorted(ran), sorted(tags.values()))
        self.assertGreater(older, 0)
        self.assertGreater(len(ran), older)

    def test_falls_back_when_the_binary_side_goes(self) -> None:
        self.offer(self.address)
        self.assertEqual(self.node.outcome(self.node.send(self.there, "response", "echo", "1")), "1")
        self.node.wait_for("upgrades", 1)
        self.assertEqual(self.node.outcome(self.node.send(self.there, "response", "echo", "2")), "2")
        self.binary.expect("request", payload="2")
        self.peer.do("configure", extras={})
        self.binary.process.kill()
        self.binary.process.communicate()
        self.node.wait_for("fallbacks", 1)
        self.assertEqual(self.node.outcome(self.node.send(self.there, "response", "echo", "3")), "3")

    def test_an_offer_that_leads_nowhere_changes_nothing(self) -> None:
        self.addCleanup(self.binary.end)
        self.offer("tcp://127.0.0.2:1")
        self.assertEqual(self.node.outcome(self.node.send(self.there, "response", "echo", "1")), "1")
        self.node.wait_for("upgrades_refused", 1)
        self.offer("tcp://127.0.0.1:1")
        self.assertEqual(self.node.outcome(self.node.send(self.there, "response", "echo", "2")), "2")
        self.node.wait_for("upgrades_failed", 1)
        self.assertEqual(self.node.outcome(self.node.send(self.there, "response", "echo", "3")), "3")
        self.assertEqual(self.node.counters()["upgrades"], 0)


if __name__ == "__main__":
    unittest.main()
