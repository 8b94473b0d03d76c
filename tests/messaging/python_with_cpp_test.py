# SPDX-License-Identifier: Apache-2.0
"""Python and C++ (message_peer.cpp) with each other, in both directions, whoever dialled.

usage: python_with_cpp_test.py MESSAGE_PEER CLASSES [unittest's arguments]     CLASSES: the folder of artifact_messages.py
"""
import contextlib
import io
import pathlib
import random
import re
import subprocess
import sys
import tempfile
import threading
import time
import unittest
from unittest import mock

import msgspec
import zmq

from structwire.messages import Amount, Delivery, Encoded, FailureCode, MessageFailure, Node, Options, PeerState, compression
from structwire.messages.outgoing import Outgoing
from tcp_cutter import TcpCutter

PROGRAM = pathlib.Path(sys.argv.pop(1))
sys.path.insert(0, sys.argv.pop(1))
from artifact_messages import CrossWorkerUpdate, Message, QueryRequest, QueryResponse  # noqa: E402

PATIENCE = 60.0


class Drive(msgspec.Struct):
    handler: str
    delivery: str
    worker: str = "worker"
    seconds: float = PATIENCE
    count: int = 1


class Driven(msgspec.Struct):
    outcomes: list[str]
    receipts: int


class Counted(msgspec.Struct):
    messages: int
    stopped: int


def wait_for(condition, patience: float = PATIENCE) -> None:
    end = time.monotonic() + patience
    while not condition():
        if time.monotonic() > end:
            raise AssertionError("it did not come to pass")
        time.sleep(0.01)


class CppPeer:
    """The process."""

    def __init__(self, how: str, address: str) -> None:
        self.process = subprocess.Popen([PROGRAM, "cpp", how, address], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                        text=True)
        self.address = self.process.stdout.readline().strip()
        if not self.address:
            raise AssertionError("the C++ peer did not begin")

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()

    def end(self) -> int:
        """Its exit code."""
        self.process.stdin.close()
        code = self.process.wait(PATIENCE)
        self.process.stdout.close()
        return code


def make_node() -> tuple[Node, list]:
    """With the handlers that C++ is made to call; and what they saw."""
    node = Node("python", options=Options(heartbeat=0.2, credit=Amount(16, 4 << 20), payload_bytes_max=1 << 20,
                                          compress_from=16384))
    seen: list = []

    @node.handler("query", request=QueryRequest, response=QueryResponse)
    def query(request):
        seen.append(request)
        return QueryResponse(request.query_id, "python", b"\x01", 1.5)

    @node.handler("update", request=CrossWorkerUpdate)
    def update(request):
        seen.append(request)

    @node.handler("list", request=QueryRequest, response=Message, stream=True)
    def list_messages(request):
        for number in range(int(request.query_id)):
            yield Message(str(number), "python", b"", 0.0)

    @node.handler("wait", request=QueryRequest, response=QueryResponse)
    def wait(request, context):
        seen.append("waits")
        if context.wait_cancelled(request.timeout):
            seen.append("cancelled")
            time.sleep(0.2)
            raise RuntimeError("woken")
        return QueryResponse(request.query_id, "python", b"", 0.0)

    @node.handler("fail", request=QueryRequest, response=QueryResponse)
    def fail(request):
        if request.worker_id == "overloaded":
            raise MessageFailure(FailureCode.overloaded, "not now")
        if request.worker_id == "wrong reply":
            return Message("m", "python", b"", 0.0)
        raise ValueError("on purpose")

    return node, seen


class BothWays:
    """What has to be true whoever dialled."""

    @classmethod
    def setUpClass(cls) -> None:
        cls.node, cls.seen = make_node()
        cls.addClassCleanup(cls.node.close)
        cls.connect()
        wait_for(lambda: cls.peer.state == PeerState.up)

    def setUp(self) -> None:
        self.seen.clear()

    def query(self, number: int = 1, timeout: float = 1.0) -> QueryRequest:
        return QueryRequest(str(number), "asked", timeout)

    def counted(self) -> Counted:
        return self.peer.call("counts", {"stopped": False}, Counted, deadline=PATIENCE)

    def drive(self, handler: str, delivery: str, **more: object) -> Driven:
        return self.peer.call("drive", Drive(handler, delivery, **more), Driven, deadline=PATIENCE)

    def code_of(self, *arguments: object, **more: object) -> MessageFailure:
        with self.assertRaises(MessageFailure) as failure:
            self.peer.call(*arguments, **more)
        return failure.exception

    # ---- Python asks C++

    def test_python_asks(self) -> None:
        self.assertEqual(self.peer.call("query", self.query(7), QueryResponse),
                         QueryResponse("7", "cpp", b"\x01", 1700000000.5))

    def test_python_asks_in_every_delivery(self) -> None:
        before = self.counted().messages
        for number, confirm in enumerate((None, "queued", "accepted", "done")):
            self.peer.send("message", Message(f"m-{number}", "python", b"\xff", 1.0, number), confirm=confirm)
        wait_for(lambda: self.counted().messages == before + 4)
        call = self.peer.begin("wait", self.query(1, 0.3), delivery=Delivery.receipt)
        call.receipt()
        self.assertFalse(call.done())
        self.assertEqual(call.result(), {"stopped": False})

    def test_many_are_confirmed_together(self) -> None:
        before = self.counted().messages
        with mock.patch.object(Outgoing, "_done_came", autospec=True, side_effect=Outgoing._done_came) as acknowledgements:
            calls = [self.peer.begin("message", Message(f"m-{number}", "python", b"", 1.0, number), delivery=Delivery.done)
                     for number in range(200)]
            for call in calls:
                self.assertIsNone(call.result())
        self.assertEqual(self.counted().messages, before + 200)
        self.assertLess(acknowledgements.call_count, 200)

    def test_an_update_goes_to_c_plus_plus_and_comes_back(self) -> None:
        update = CrossWorkerUpdate("a", "b", "kind", {"x": msgspec.Raw(msgspec.msgpack.encode([1, "zwei"]))}, 1.5,
                                   {"a": 1 << 40}, 4)
        back = self.peer.call("update", update, CrossWorkerUpdate)
        self.assertEqual((back.causal_clock, back.depth, back.source_worker_id), ({"a": 1 << 40}, 5, "a"))
        self.assertEqual(msgspec.msgpack.decode(back.payload["x"]), [1, "zwei"])

    def test_large_payloads_are_compressed_both_ways(self) -> None:
        if not compression.is_here():
            self.skipTest("there is no zstandard")
        endpoint, text = self.node.endpoint, b"a line of a log that says little; " * 10_000
        before = endpoint.compressed_sent, endpoint.compressed_received
        self.assertEqual(self.peer.call("echo", text, bytes), text)
        self.assertEqual((endpoint.compressed_sent, endpoint.compressed_received), (before[0] + 1, before[1] + 1))
        noise = random.Random(7).randbytes(100_000)
        self.assertEqual(self.peer.call("echo", noise, bytes), noise)
        self.assertEqual((endpoint.compressed_sent, endpoint.compressed_received), (before[0] + 1, before[1] + 1))

    def test_python_reads_a_stream(self) -> None:
        with self.peer.stream("list", self.query(200), Message, ahead=7) as items:
            self.assertEqual([each.message_id for each in items], [str(number) for number in range(200)])
        with self.peer.stream("list", self.query(1 << 30), Message, ahead=4) as items:
            self.assertEqual([next(items).message_id for _ in range(5)], ["0", "1", "2", "3", "4"])

    def test_what_goes_wrong_in_c_plus_plus_has_its_code(self) -> None:
        self.assertEqual(self.code_of("nobody").code, FailureCode.handler_not_found)
        self.assertEqual(self.code_of("query", Message("m", "w", b"", 0.0)).code, FailureCode.schema_mismatch)
        bad = self.code_of("query", {"query_id": 5})
        self.assertEqual(bad.code, FailureCode.bad_payload)
        self.assertIn("$.query_id", bad.text)
        self.assertEqual(self.code_of("query", Encoded(b"\xc1", 2)).code, FailureCode.bad_payload)
        self.assertEqual(self.code_of("echo", bytes(2 << 20)).code, FailureCode.too_large)
        overloaded = self.code_of("fail", self.query())
        self.assertEqual((overloaded.code, overloaded.text, overloaded.retry_after_ms),
                         (FailureCode.overloaded, "not now", 250))
        thrown = self.code_of("fail", QueryRequest("", "w"))
        self.assertEqual((thrown.code, thrown.text), (FailureCode.handler_failed, "on purpose"))

    def test_c_plus_plus_judges_by_itself(self) -> None:
        # A table that is out of date, as if C++ had changed its handlers.
        record = self.peer._record
        known = record.handlers
        try:
            record.handlers = {name: msgspec.structs.replace(entry, slot=entry.slot + 1000, request=0)
                               for name, entry in known.items()}
            self.assertEqual(self.code_of("query", self.query()).code, FailureCode.handler_not_found)
            record.handlers = {name: msgspec.structs.replace(entry, request=0) for name, entry in known.items()}
            self.assertEqual(self.code_of("query", Message("m", "w", b"", 0.0)).code, FailureCode.schema_mismatch)
            record.handlers, record.hello.more_handlers = {}, True
            self.assertEqual(self.peer.call("query", self.query(3), QueryResponse).query_id, "3")
            self.assertEqual(self.code_of("nobody", self.query()).code, FailureCode.handler_not_found)
        finally:
            record.handlers, record.hello.more_handlers = known, False

    def test_an_expired_and_a_cancelled_request_end_in_c_plus_plus_too(self) -> None:
        before = self.counted()
        self.assertEqual(self.code_of("wait", self.query(1, 30.0), deadline=0.2).code, FailureCode.expired)
        call = self.peer.begin("wait", self.query(1, 30.0))
        wait_for(lambda: self.counted().messages == before.messages + 2)
        call.cancel()
        self.assertEqual(call.result(), {"stopped": True})  # What it had made already.
        wait_for(lambda: self.counted().stopped == before.stopped + 2)

    def test_a_flood_to_c_plus_plus_waits_for_credit(self) -> None:
        calls = [self.peer.begin("wait", self.query(number, 0.02)) for number in range(100)]
        most, record = 0, self.peer._record
        while not all(call.done() for call in calls):
            session = record.session
            most = max(most, session.to_send.used.messages - session.to_send.granted.messages + 16)
            time.sleep(0.001)
        self.assertEqual([call.result() for call in calls], [{"stopped": False}] * 100)
        self.assertLessEqual(most, 16)

    def test_large_payloads(self) -> None:
        large = random.Random(2).randbytes(1_000_000)
        self.assertEqual(self.peer.call("echo", large, bytes), large)

    # ---- C++ asks Python

    def test_c_plus_plus_asks_in_every_delivery(self) -> None:
        for delivery in ("fire_and_forget", "queued", "accepted", "done", "response", "receipt"):
            driven = self.drive("query", delivery, count=20)
            answered = delivery in ("response", "receipt")
            self.assertEqual(driven.outcomes, [f"{number} python" if answered else "ok" for number in range(20)])
            self.assertEqual(driven.receipts, 20 if delivery == "receipt" else 0)
        wait_for(lambda: len(self.seen) == 120)
        self.assertEqual(self.seen[0], QueryRequest("0", "worker", 1000.0))

    def test_an_update_comes_from_c_plus_plus(self) -> None:
        self.assertEqual(self.drive("update", "update").outcomes, ["ok"])
        update = self.seen[0]
        self.assertEqual((update.target_worker_id, update.causal_clock, update.depth), ("python", {"a": 1, "b": 2}, 3))
        self.assertEqual(msgspec.msgpack.decode(update.payload["value"]), 42)

    def test_c_plus_plus_reads_a_stream(self) -> None:
        self.assertEqual(self.drive("list", "stream", count=50).outcomes, [*map(str, range(50)), "end"])

    def test_what_goes_wrong_in_python_has_its_code(self) -> None:
        self.assertEqual(self.drive("nobody", "response").outcomes, ["handler_not_found"])
        self.assertEqual(self.drive("query", "wrong").outcomes, ["schema_mismatch"])
        self.assertEqual(self.drive("fail", "response").outcomes, ["handler_failed"])
        self.assertEqual(self.drive("fail", "response", worker="overloaded").outcomes, ["overloaded"])
        # What Python answers is no QueryResponse.
        self.assertIn(self.drive("fail", "response", worker="wrong reply").outcomes[0], ("schema_mismatch", "bad_payload"))

    def test_python_judges_by_itself(self) -> None:
        # C++ knows the table of before.
        entry = self.node.endpoint.handlers["query"]
        known, entry.request = entry.request, 5
        self.assertEqual(self.drive("query", "response").outcomes, ["schema_mismatch"])
        entry.request = known
        self.node.endpoint.slots.pop(entry.slot)
        self.assertEqual(self.drive("query", "response").outcomes, ["handler_not_found"])
        self.node.endpoint.slots[entry.slot] = entry

    def test_an_expired_and_a_cancelled_request_end_in_python_too(self) -> None:
        self.assertEqual(self.drive("wait", "response", seconds=0.2).outcomes[0], "expired")
        self.assertEqual(self.drive("wait", "cancel", count=3).outcomes, ["cancelled"] * 3)
        wait_for(lambda: self.seen.count("cancelled") == 4)

    def test_a_flood_from_c_plus_plus_waits_for_credit(self) -> None:
        most = 0
        answer: list = []
        thread = threading.Thread(target=lambda: answer.append(self.drive("query", "response", count=300)))
        thread.start()
        record = self.peer._record
        while thread.is_alive():
            most = max(most, len(record.requests))
            time.sleep(0.0005)
        self.assertEqual(answer[0].outcomes, [f"{number} python" for number in range(300)])
        self.assertLessEqual(most, 16)


class PythonDials(BothWays, unittest.TestCase):
    @classmethod
    def connect(cls) -> None:
        cls.cpp = CppPeer("listen", "tcp://127.0.0.1:*")
        cls.addClassCleanup(cls.cpp.end)
        cls.peer = cls.node.connect(cls.cpp.address)

    def test_nonsense_ends_a_link_and_harms_nobody(self) -> None:
        with zmq.Context() as context:
            for parts in ([b"{}"], [b"\xf7SWM" + bytes(60)], [b"\xf7SWM\x01\x00\x40\x00" + bytes(4000)]):
                with context.socket(zmq.DEALER) as stranger:
                    stranger.linger = 0
                    stranger.connect(self.cpp.address)
                    stranger.send_multipart([b"1", b"2", b"3"])  # Of no shape that a frame has: passed over.
                    stranger.send_multipart(parts)
                    self.assertTrue(stranger.poll(PATIENCE * 1000))
                    self.assertEqual(stranger.recv_multipart(), [b""])
        self.assertEqual(self.peer.call("query", self.query(1), QueryResponse).worker_id, "cpp")


class CppDials(BothWays, unittest.TestCase):
    @classmethod
    def connect(cls) -> None:
        folder = cls.enterClassContext(tempfile.TemporaryDirectory())
        cls.cpp = CppPeer("dial", cls.node.listen(f"ipc://{folder}/python"))
        cls.addClassCleanup(cls.cpp.end)
        wait_for(lambda: cls.node.peers())
        cls.peer = cls.node.peers()[0]


class Breaks(unittest.TestCase):
    """Connections that are cut, processes that are killed."""

    def setUp(self) -> None:
        self.node, self.seen = make_node()
        self.addCleanup(self.node.close)

    def ask_while_cutting(self, peer, proxy: TcpCutter) -> None:
        """Both ask each other; nothing is lost, nothing comes twice."""
        generator = random.Random(5)
        wait_for(lambda: peer.state == PeerState.up)
        calls, drives = [], []
        for number in range(150):
            calls.append(peer.begin("query", QueryRequest(str(number), "w"), QueryResponse, deadline=PATIENCE))
            if number % 15 == 0:
                drives.append(peer.begin("drive", Drive("query", "response", f"d{number}", count=10), Driven,
                                         deadline=PATIENCE))
            if number % 30 == 10:
                proxy.cut()
            elif number % 30 == 25:
                proxy.cut_after(generator.randrange(1, 2000))
            time.sleep(0.004)
        self.assertEqual([call.result().query_id for call in calls], [str(number) for number in range(150)])
        for drive in drives:
            self.assertEqual(drive.result().outcomes, [f"{number} python" for number in range(10)])
        self.assertEqual(len(self.seen), 100)
        self.assertGreater(proxy.connections, 4)

    def test_nothing_is_lost_when_pythons_connection_breaks(self) -> None:
        cpp = CppPeer("listen", "tcp://127.0.0.1:*")
        self.addCleanup(cpp.end)
        proxy = TcpCutter(cpp.address)
        self.addCleanup(proxy.close)
        self.ask_while_cutting(self.node.connect(proxy.address), proxy)

    def test_nothing_is_lost_when_the_connection_of_c_plus_plus_breaks(self) -> None:
        proxy = TcpCutter(self.node.listen("tcp://127.0.0.1:*"))
        self.addCleanup(proxy.close)
        cpp = CppPeer("dial", proxy.address)
        self.addCleanup(cpp.end)
        wait_for(lambda: self.node.peers())
        self.ask_while_cutting(self.node.peers()[0], proxy)

    def test_a_killed_c_plus_plus_process_comes_back_as_another(self) -> None:
        cpp = CppPeer("listen", "tcp://127.0.0.1:*")
        peer = self.node.connect(cpp.address)
        self.assertEqual(peer.call("query", QueryRequest("1", "w"), QueryResponse).worker_id, "cpp")
        once = peer.begin("wait", QueryRequest("1", "w", 30.0), deadline=PATIENCE)
        peer.send("message", Message("m", "w", b"", 0.0), confirm="done")
        cpp.kill()
        wait_for(lambda: peer.state == PeerState.down)
        waiting = peer.begin("query", QueryRequest("2", "w"), QueryResponse, deadline=PATIENCE)
        again = CppPeer("listen", cpp.address)
        self.addCleanup(again.end)
        self.assertEqual(waiting.result().query_id, "2")
        with self.assertRaises(MessageFailure) as failure:
            once.result()
        self.assertEqual(failure.exception.code, FailureCode.peer_lost)
        cpp.end()

    def test_a_killed_python_process_harms_nobody(self) -> None:
        cpp = CppPeer("listen", "tcp://127.0.0.1:*")
        self.addCleanup(cpp.end)
        script = pathlib.Path(__file__).with_name("python_peer.py")
        child = subprocess.Popen([sys.executable, script, "child", "dial", cpp.address], stdin=subprocess.PIPE,
                                 stdout=subprocess.PIPE, text=True)
        child.stdout.readline()
        peer = self.node.connect(cpp.address)
        self.assertEqual(peer.call("query", QueryRequest("1", "w"), QueryResponse).worker_id, "cpp")
        child.kill()
        child.wait()
        child.stdin.close()
        child.stdout.close()
        self.assertEqual(peer.call("query", QueryRequest("2", "w"), QueryResponse).query_id, "2")

    def test_a_draining_python_node_takes_nothing_new(self) -> None:
        cpp = CppPeer("listen", "tcp://127.0.0.1:*")
        self.addCleanup(cpp.end)
        peer = self.node.connect(cpp.address)
        self.assertEqual(peer.call("drive", Drive("query", "response"), Driven).outcomes, ["0 python"])
        self.node.ask(self.node.endpoint.drain)
        outcomes = peer.call("drive", Drive("query", "response", seconds=0.5), Driven).outcomes
        self.assertIn(outcomes[0], ("draining", "expired"))
        self.assertTrue(self.node.drain(PATIENCE))


class Readme(unittest.TestCase):
    def test_what_it_shows_happens(self) -> None:
        text = (pathlib.Path(__file__).parents[2] / "python/README.md").read_text()
        answering, calling, _ = re.findall(r"```python\n(.*?)```", text, re.DOTALL)  # The last: python_keys_test.py.
        expected = re.search(r"```text\n(.*?)```", text, re.DOTALL).group(1)
        names: dict = {}
        exec(answering.replace("tcp://127.0.0.1:7100", "tcp://127.0.0.1:*"), names)
        self.addCleanup(names["node"].close)
        told = io.StringIO()
        with contextlib.redirect_stdout(told):
            exec(calling.replace("tcp://127.0.0.1:7100", names["address"]), {})
        self.assertEqual(told.getvalue(), expected)


if __name__ == "__main__":
    unittest.main()
