# SPDX-License-Identifier: Apache-2.0
"""Nodes in Python with each other, over real sockets: in one process, in two, and with a proxy between that cuts."""
import asyncio
import pathlib
import random
import subprocess
import sys
import tempfile
import threading
import time
import unittest

import msgspec
import zmq

from structwire.messages import (Amount, Delivery, Encoded, FailureCode, MessageFailure, Node, Options, Ordering, PeerState,
                                 Trace)
from tcp_cutter import TcpCutter

PATIENCE = 30.0


class Query(msgspec.Struct):
    text: str
    __wire_fingerprint__ = 0x1111


class Other(msgspec.Struct):
    number: int
    __wire_fingerprint__ = 0x2222


class Answer(msgspec.Struct):
    text: str
    count: int


def wait_for(condition, patience: float = PATIENCE) -> None:
    end = time.monotonic() + patience
    while not condition():
        if time.monotonic() > end:
            raise AssertionError("it did not come to pass")
        time.sleep(0.005)


class Pair(unittest.TestCase):
    """A node that listens and one that dials, anew for each test."""

    address = "tcp://127.0.0.1:*"

    def setUp(self) -> None:
        self.server = Node("server", options=Options(heartbeat=0.2, credit=Amount(16, 1 << 20), payload_bytes_max=1 << 20))
        self.client = Node("client", options=Options(heartbeat=0.2))
        self.addCleanup(self.client.close)
        self.addCleanup(self.server.close)
        self.seen = []
        self.gate = threading.Event()
        self.add_handlers()
        self.here = self.server.listen(self.address)
        self.peer = self.client.connect(self.here)

    def add_handlers(self) -> None:
        @self.server.handler("query", request=Query, response=Answer)
        def query(request):
            self.seen.append(request)
            return Answer(request.text.upper(), len(self.seen))

        @self.server.handler("echo")
        def echo(value):
            return value

        @self.server.handler("fail")
        def fail(value, context):
            if value is None:
                raise ValueError("nothing to do")
            raise MessageFailure(FailureCode.overloaded, "full", retryable=value)

        @self.server.handler("wait")
        def wait(value, context):
            self.seen.append(value)
            while not self.gate.wait(0.01):
                if context.cancelled:
                    self.seen.append("cancelled")
                    raise RuntimeError("given up")
            return value

        @self.server.handler("count", request=int, response=int, stream=True)
        def count(most):
            for number in range(most):
                self.seen.append(number)
                yield number

    def server_knows(self, handler: str) -> bool:
        return any(handler in peer.handlers for peer in self.server.peers())

    def code_of(self, *arguments, **more) -> FailureCode:
        with self.assertRaises(MessageFailure) as failure:
            self.peer.call(*arguments, **more)
        return failure.exception.code


class Deliveries(Pair):
    def test_a_typed_request_is_answered(self) -> None:
        self.assertEqual(self.peer.call("query", Query("a"), Answer), Answer("A", 1))
        self.assertEqual(self.peer.call("query", Query("b")), {"text": "B", "count": 2})
        self.assertEqual(self.seen, [Query("a"), Query("b")])
        self.assertEqual((self.peer.state, self.peer.name), (PeerState.up, "server"))
        self.assertEqual(self.peer.handlers, ["count", "echo", "fail", "query", "wait"])

    def test_every_confirmation(self) -> None:
        for number, confirm in enumerate((None, "queued", "accepted", "done")):
            self.peer.send("query", Query(str(number)), confirm=confirm)
        wait_for(lambda: len(self.seen) == 4)
        # Two handlers may run at a time.
        self.assertEqual(sorted(each.text for each in self.seen), ["0", "1", "2", "3"])

    def test_a_receipt_comes_before_the_handler_ends(self) -> None:
        call = self.peer.begin("wait", 5, delivery=Delivery.receipt)
        call.receipt()
        self.assertFalse(call.done())
        self.gate.set()
        self.assertEqual(call.result(), 5)
        with self.assertRaises(MessageFailure):
            self.peer.begin("nobody", 5, delivery=Delivery.receipt).receipt()

    def test_bytes_and_encoded_values_go_as_they_are(self) -> None:
        self.assertEqual(self.peer.call("echo", b"\x01\x02", bytes), b"\x01\x02")
        self.assertIsNone(self.peer.call("echo", None))
        ready = Encoded(msgspec.json.encode(Query("json")), 1, 0x1111)
        self.assertEqual(self.peer.call("query", ready, Answer).text, "JSON")
        large = random.Random(1).randbytes(900_000)
        self.assertEqual(self.peer.call("echo", large, bytes), large)

    def test_asyncio(self) -> None:
        async def ask() -> list:
            calls = [self.peer.begin("echo", number, int) for number in range(20)]
            with self.assertRaises(MessageFailure):
                await self.peer.begin("nobody")
            return await asyncio.gather(*calls)
        self.assertEqual(asyncio.run(ask()), list(range(20)))

    def test_messages_arrive_in_order(self) -> None:
        @self.server.handler("ordered", ordering=Ordering.by_sender)
        def ordered(value):
            if value % 3 == 0:
                time.sleep(0.002)
            self.seen.append(value)
        wait_for(lambda: "ordered" in self.peer.handlers)
        calls = [self.peer.begin("ordered", number, delivery=Delivery.done) for number in range(60)]
        for call in calls:
            call.result()
        self.assertEqual(self.seen, list(range(60)))

    def test_who_was_dialled_may_call_back(self) -> None:
        @self.client.handler("double", request=int, response=int)
        def double(number):
            return number * 2

        @self.server.handler("ask_back", request=int)
        def ask_back(number, context):
            return context.peer.call("double", number, int) + context.depth
        wait_for(lambda: "ask_back" in self.peer.handlers and self.server_knows("double"))
        self.assertEqual(self.peer.call("ask_back", 21, int), 42)

    def test_a_trace_is_carried_on(self) -> None:
        @self.client.handler("look", response=bytes)
        def look(_, context):
            return (context.trace.parent + context.trace.state.encode()) if context.trace else b""

        @self.server.handler("pass_on", response=bytes)
        def pass_on(_, context):
            return context.peer.call("look", None, bytes)
        wait_for(lambda: "pass_on" in self.peer.handlers and self.server_knows("look"))
        parent = bytes(range(26))
        self.assertEqual(self.peer.call("pass_on", None, bytes, trace=Trace(parent, "vendor=1")), parent + b"vendor=1")
        self.assertEqual(self.peer.call("pass_on", None, bytes), b"")
        with self.assertRaises(ValueError):
            self.peer.call("pass_on", trace=Trace(b"short"))

    def test_streams(self) -> None:
        self.assertEqual(list(self.peer.stream("count", 100, int, ahead=7)), list(range(100)))
        self.assertEqual(list(self.peer.stream("count", 0, int)), [])
        self.assertEqual(list(self.peer.stream("query", Query("one"), Answer)), [Answer("ONE", 101)])
        with self.assertRaises(MessageFailure):
            list(self.peer.stream("fail", None))
        self.assertEqual(self.code_of("count", 3), FailureCode.handler_failed)

    def test_a_stream_is_not_ahead_of_its_reader_and_ends_with_it(self) -> None:
        with self.peer.stream("count", 1 << 30, int, ahead=8) as stream:
            self.assertEqual([next(stream) for _ in range(10)], list(range(10)))
            time.sleep(0.2)
            self.assertLessEqual(len(self.seen), 10 + 8 + 4 + 1)
        wait_for(lambda: not any(peer.requests for peer in self.server.endpoint.peers.values()))


class Failures(Pair):
    def test_each_has_its_code(self) -> None:
        self.assertEqual(self.code_of("nobody"), FailureCode.handler_not_found)
        self.assertEqual(self.code_of("query", Other(1)), FailureCode.schema_mismatch)
        self.assertEqual(self.code_of("query", {"text": 5}), FailureCode.bad_payload)
        self.assertEqual(self.code_of("query", Encoded(b"\xc1", 2, 0x1111)), FailureCode.bad_payload)
        self.assertEqual(self.code_of("query", Encoded(b"", 9, 0x1111)), FailureCode.encoding_failed)
        self.assertEqual(self.code_of("query", object()), FailureCode.encoding_failed)
        self.assertEqual(self.code_of("fail"), FailureCode.handler_failed)
        self.assertEqual(self.code_of("fail", False), FailureCode.overloaded)
        self.assertEqual(self.code_of("echo", bytes(2 << 20)), FailureCode.too_large)
        self.assertEqual(self.code_of("wait", 1, deadline=0.1), FailureCode.expired)

    def test_what_is_retryable_is_tried_again_and_then_told(self) -> None:
        start = time.monotonic()
        self.assertEqual(self.code_of("fail", True, deadline=5), FailureCode.overloaded)
        self.assertGreater(time.monotonic() - start, 0.1)

    def test_the_answer_may_be_of_another_type(self) -> None:
        self.assertEqual(self.code_of("echo", 5, Answer), FailureCode.bad_payload)

    def test_an_expired_one_is_told_to_its_handler(self) -> None:
        self.assertEqual(self.code_of("wait", 1, deadline=0.1), FailureCode.expired)
        wait_for(lambda: "cancelled" in self.seen)

    def test_a_cancelled_one_is_told_to_its_handler(self) -> None:
        call = self.peer.begin("wait", 1)
        wait_for(lambda: self.seen)
        call.cancel()
        with self.assertRaises(MessageFailure) as failure:
            call.result()
        self.assertEqual(failure.exception.code, FailureCode.cancelled)
        self.assertEqual(self.seen, [1, "cancelled"])

    def test_what_a_handler_began_is_cancelled_with_it(self) -> None:
        @self.client.handler("slow")
        def slow(value, context):
            self.seen.append("started")
            self.seen.append(context.wait_cancelled(PATIENCE))
            raise RuntimeError("given up")

        @self.server.handler("through")
        def through(value, context):
            return context.peer.call("slow", value)
        wait_for(lambda: "through" in self.peer.handlers and self.server_knows("slow"))
        call = self.peer.begin("through")
        wait_for(lambda: self.seen)
        call.cancel()
        wait_for(lambda: self.seen == ["started", True])
        self.assertRaises(MessageFailure, call.result)

    def test_a_chain_of_handlers_has_an_end(self) -> None:
        for node, name in ((self.server, "ping"), (self.client, "pong")):
            @node.handler(name)
            def on(value, context, other="pong" if name == "ping" else "ping"):
                return context.peer.call(other, value + 1)
        self.server.options.depth_max = self.client.options.depth_max = 4
        wait_for(lambda: "ping" in self.peer.handlers and self.server_knows("pong"))
        self.assertEqual(self.code_of("ping", 0), FailureCode.overloaded)

    def test_a_flood_waits_for_credit(self) -> None:
        calls = [self.peer.begin("wait", number) for number in range(200)]
        wait_for(lambda: len(self.seen) >= 8)
        record = next(iter(self.server.endpoint.peers.values()))
        time.sleep(0.1)
        self.assertEqual(len(record.requests), 16)
        with self.assertRaises(MessageFailure) as failure:
            self.peer.call("echo", 1, wait=False)
        self.assertEqual(failure.exception.code, FailureCode.queue_full)
        self.gate.set()
        self.assertEqual([call.result() for call in calls], list(range(200)))

    def test_nobody_there(self) -> None:
        peer = self.client.connect("tcp://127.0.0.1:1")
        with self.assertRaises(MessageFailure) as failure:
            peer.call("echo", 1, deadline=0.3)
        self.assertEqual(failure.exception.code, FailureCode.no_peer)
        self.assertRaises(zmq.ZMQError, self.client.connect, "nonsense")

    def test_a_peer_that_is_drained_takes_nothing_new_and_ends_what_runs(self) -> None:
        call = self.peer.begin("wait", 1)
        wait_for(lambda: self.seen)
        self.assertFalse(self.server.drain(0.05))
        wait_for(lambda: self.peer.state == PeerState.draining)
        self.assertIn(self.code_of("echo", 1, deadline=0.2), (FailureCode.draining, FailureCode.expired))
        self.gate.set()
        self.assertEqual(call.result(), 1)
        self.assertTrue(self.server.drain(PATIENCE))

    def test_a_closed_node_ends_everything(self) -> None:
        call = self.peer.begin("wait", 1)
        wait_for(lambda: self.seen)
        self.client.close()
        with self.assertRaises(MessageFailure) as failure:
            call.result()
        self.assertEqual(failure.exception.code, FailureCode.stopped)
        self.assertEqual(self.code_of("echo", 1), FailureCode.stopped)

    def test_a_wedged_peer_is_noticed(self) -> None:
        for number in range(16):
            self.peer.begin("wait", number)
        wait_for(lambda: self.peer.state == PeerState.wedged)
        self.gate.set()
        wait_for(lambda: self.peer.state == PeerState.up)

    def test_what_is_no_message_ends_its_link_only(self) -> None:
        with zmq.Context() as context, context.socket(zmq.DEALER) as stranger:
            stranger.linger = 0
            stranger.connect(self.here)
            for parts in ([b"{}"], [b"", b"x"], [b"1", b"2", b"3"], [b"\xf7SWM" + bytes(60)]):
                stranger.send_multipart(parts)
            self.assertTrue(stranger.poll(PATIENCE * 1000))
            self.assertEqual(stranger.recv_multipart(), [b""])
        self.assertEqual(self.peer.call("echo", 1, int), 1)


class OverIpc(Deliveries):
    def setUp(self) -> None:
        folder = self.enterContext(tempfile.TemporaryDirectory())
        self.address = f"ipc://{folder}/server"
        super().setUp()


class BrokenConnections(Pair):
    def setUp(self) -> None:
        super().setUp()
        self.proxy = TcpCutter(self.here)
        self.addCleanup(self.proxy.close)
        self.peer = self.client.connect(self.proxy.address)

    def test_no_message_is_lost_or_run_twice(self) -> None:
        generator = random.Random(7)

        @self.server.handler("note")
        def note(value):
            self.seen.append(value)
            return value
        wait_for(lambda: "note" in self.peer.handlers)
        calls = []
        for number in range(300):
            calls.append(self.peer.begin("note", number, int, deadline=PATIENCE))
            if number % 30 == 7:
                self.proxy.cut()
            elif number % 30 == 20:
                self.proxy.cut_after(generator.randrange(1, 3000))
            time.sleep(0.001)
        self.assertEqual([call.result() for call in calls], list(range(300)))
        self.assertEqual(sorted(self.seen), list(range(300)))
        self.assertGreater(self.proxy.connections, 5)

    def test_silence_is_noticed_and_what_waited_goes_on(self) -> None:
        self.assertEqual(self.peer.call("echo", 1, int), 1)
        call = self.peer.begin("wait", 2, int, deadline=PATIENCE)
        wait_for(lambda: self.seen)
        holder = threading.Thread(target=self.proxy.hold, args=(1.5,))
        holder.start()
        wait_for(lambda: self.peer.state == PeerState.down)
        self.gate.set()
        holder.join()
        self.assertEqual(call.result(), 2)
        self.assertEqual(self.seen, [2])


class Processes(unittest.TestCase):
    """The other side is a process that is killed."""

    def setUp(self) -> None:
        self.client = Node("client", options=Options(heartbeat=0.2))
        self.addCleanup(self.client.close)

    def start(self, how: str, address: str) -> tuple[subprocess.Popen, str]:
        process = subprocess.Popen([sys.executable, pathlib.Path(__file__).with_name("python_peer.py"), "peer", how, address],
                                   stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

        def end() -> None:
            process.kill()
            process.wait()
            process.stdin.close()
            process.stdout.close()
        self.addCleanup(end)
        return process, process.stdout.readline().strip()

    def test_a_killed_server_comes_back_as_another_process(self) -> None:
        process, address = self.start("listen", "tcp://127.0.0.1:*")
        peer = self.client.connect(address)
        self.assertEqual(peer.call("echo", 1, int), 1)
        once, again = peer.begin("sleep", 0.5), peer.begin("sleep_again", 0.5, float)
        peer.send("echo", 1, confirm="done")
        process.kill()
        process.wait()
        wait_for(lambda: peer.state == PeerState.down)
        waiting = peer.begin("echo", 5, int, deadline=PATIENCE)
        self.start("listen", address)
        self.assertEqual(waiting.result(), 5)
        with self.assertRaises(MessageFailure) as failure:
            once.result()
        self.assertEqual(failure.exception.code, FailureCode.peer_lost)
        self.assertEqual(again.result(), 0.5)

    def test_a_killed_dialler_leaves_nothing_behind(self) -> None:
        address = self.client.listen()
        met = []

        @self.client.handler("hello")
        def hello(value, context):
            met.append(context.peer)
        process, _ = self.start("dial", address)
        wait_for(lambda: [each for each in self.client.peers() if each.state == PeerState.up])
        peer = self.client.peers()[0]
        self.assertEqual(list(peer.stream("count", 5, int)), list(range(5)))
        call = peer.begin("sleep", 30.0, deadline=1.0)
        process.kill()
        wait_for(lambda: peer.state == PeerState.down)
        with self.assertRaises(MessageFailure) as failure:
            call.result()
        self.assertEqual(failure.exception.code, FailureCode.expired)


if __name__ == "__main__":
    unittest.main()
