# SPDX-License-Identifier: Apache-2.0
"""HTTP itself: connections, pipelining, slow and hostile clients, and what cannot be agreed on
between two servers (request smuggling)."""

import json
import socket
import threading
import time
import unittest

from daemon import Daemon, DaemonTest, main

BODY = b'{"queue":"wire","type":"t"}'


def post(extra=b"", body=BODY, path=b"/v1/tasks", length=True):
    head = b"POST " + path + b" HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n" + extra
    if length:
        head += b"Content-Length: %d\r\n" % len(body)
    return head + b"\r\n" + body


class Connections(DaemonTest):
    def test_pipelined_requests_are_answered_in_order(self):
        with self.daemon.wire() as wire:
            wire.send(b"".join(post(b"X-Request-Id: n%d\r\n" % n) for n in range(50)))
            answers = [wire.answer() for _ in range(50)]
        self.assertEqual([a.fields["x-request-id"] for a in answers], [f"n{n}" for n in range(50)])
        numbers = [a.value["id"] for a in answers]
        self.assertEqual(numbers, sorted(set(numbers)))

    def test_pipelined_requests_behind_a_long_poll_wait_for_it(self):
        with self.daemon.wire() as wire:
            wire.send(post(path=b"/v1/queues/behind/claim", body=b'{"worker":"w","wait_ms":300}')
                      + b"GET /livez HTTP/1.1\r\nHost: x\r\n\r\n")
            start = time.monotonic()
            self.assertEqual(wire.answer().value, {"tasks": []})
            self.assertGreater(time.monotonic() - start, 0.25)
            self.assertEqual(wire.answer().value, {"status": "ok"})

    def test_a_request_may_come_byte_by_byte(self):
        with self.daemon.wire() as wire:
            for byte in post(b"Accept: */*\r\n"):
                wire.send(bytes([byte]))
            self.assertEqual(wire.answer().status, 201)

    def test_chunked_bodies_are_read(self):
        with self.daemon.wire() as wire:
            for _ in range(2):
                wire.send(post(b"Transfer-Encoding: chunked\r\n", b"", length=False))
                for byte in BODY:
                    wire.send(b"1;x=y\r\n" + bytes([byte]) + b"\r\n")
                wire.send(b"0\r\nContent-Type: text/plain\r\nX-More: 1\r\n\r\n")
                self.assertEqual(wire.answer().status, 201)

    def test_connections_stay_open_as_the_client_likes(self):
        get = b"GET /livez HTTP/1.1\r\nHost: x\r\n"
        rows = [(get + b"\r\n", False), (get + b"Connection: close\r\n\r\n", True),
                (b"GET /livez HTTP/1.0\r\n\r\n", True),
                (b"GET /livez HTTP/1.0\r\nConnection: keep-alive\r\n\r\n", False)]
        for request, closes in rows:
            with self.subTest(request=request), self.daemon.wire() as wire:
                answer = wire.send(request).answer()
                self.assertEqual(answer.status, 200)
                self.assertEqual(answer.fields.get("connection") == "close", closes)
                if closes:
                    self.assertTrue(wire.is_closed())
                else:
                    self.assertEqual(wire.send(get + b"\r\n").answer().status, 200)

    def test_a_refused_request_does_not_end_the_connection(self):
        with self.daemon.wire() as wire:
            for request, status in ((post(body=b"{"), 400), (post(path=b"/nowhere"), 404),
                                    (post(body=b"[]"), 422), (post(b"Accept: text/css\r\n"), 406),
                                    (post(b"Content-Encoding: gzip\r\n"), 415), (post(), 201)):
                answer = wire.send(request).answer()
                self.assertEqual(answer.status, status)
                self.assertNotIn("connection", answer.fields)

    def test_expect_continue_spares_the_body_of_a_refused_request(self):
        expect = b"Expect: 100-continue\r\n"
        with self.daemon.wire() as wire:
            wire.send(post(expect)[:-len(BODY)])
            self.assertEqual(wire.answer(head_only=True).status, 100)
            self.assertEqual(wire.send(BODY).answer().status, 201)
        for extra, path, status in ((b"Accept: text/html\r\n", b"/v1/tasks", 406),
                                    (b"", b"/nowhere", 404), (b"", b"/livez", 405),
                                    (b"Content-Encoding: gzip\r\n", b"/v1/tasks", 415)):
            with self.daemon.wire() as wire:
                wire.send(post(expect + extra, path=path)[:-len(BODY)])
                answer = wire.answer()
                self.assertEqual(answer.status, status)
                self.assertEqual(answer.fields["connection"], "close")
        with self.daemon.wire() as wire:
            self.assertEqual(wire.send(post(b"Expect: tea\r\n")).answer().status, 417)

    def test_the_proxy_form_of_a_target_is_understood(self):
        for target, status in (("http://x/livez", 200), ("HTTP://x:80/v1/tasks?limit=1", 200),
                               ("http://x", 404), ("*", 404), ("livez", 404)):
            with self.daemon.wire() as wire:
                wire.send(f"GET {target} HTTP/1.1\r\nHost: x\r\n\r\n")
                self.assertEqual(wire.answer().status, status)

    def test_a_client_that_ends_early_harms_nobody(self):
        before = self.json.count()
        whole = post()
        for end in (1, 20, len(whole) - 30, len(whole) - 1):
            with self.daemon.wire() as wire:
                wire.send(whole[:end])
                wire.socket.shutdown(socket.SHUT_WR)
                self.assertTrue(wire.is_closed())
        self.assertEqual(self.json.count(), before)

    def test_a_client_that_only_ends_its_own_side_gets_its_answer(self):
        with self.daemon.wire() as wire:
            wire.send(post())
            wire.socket.shutdown(socket.SHUT_WR)
            self.assertEqual(wire.answer().status, 201)

    def test_many_clients_at_once(self):
        failures = []

        def work():
            api = self.daemon.api()
            for _ in range(20):
                if api.post("/v1/tasks", {"queue": "many", "type": "t"}).status != 201:
                    failures.append(1)
            api.close()

        before = self.json.count()
        threads = [threading.Thread(target=work) for _ in range(32)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual(failures, [])
        self.assertEqual(self.json.count(), before + 640)


class Hostile(DaemonTest):
    def refused(self, request, *statuses):
        """The request is refused, the connection ends, and what was smuggled behind is not run."""
        before = self.json.count()
        with self.daemon.wire() as wire:
            wire.send(request)
            answer = wire.answer()
            self.assertIsNotNone(answer, request)
            self.assertIn(answer.status, statuses, request)
            self.assertEqual(answer.fields["connection"], "close")
            self.assertIn("code", json.loads(answer.raw))
            self.assertIsNone(wire.answer(), request)
        self.assertEqual(self.json.count(), before)

    def test_two_ends_of_one_body_are_refused(self):
        smuggled = post()
        chunked = b"Transfer-Encoding: chunked\r\n"
        for extra in (chunked + b"Content-Length: 4\r\n", b"Content-Length: 4\r\n" + chunked,
                      b"Content-Length: 4\r\nTransfer-Encoding: xchunked\r\n",
                      b"Transfer-Encoding: xchunked\r\nContent-Length: 4\r\n",
                      b"Content-Length: 4\r\nContent-Length: 5\r\n", b"Content-Length: 4, 5\r\n",
                      chunked + chunked, b"Transfer-Encoding: gzip, chunked\r\n",
                      b"Transfer-Encoding: chunked, identity\r\n", b"Transfer-Encoding: identity\r\n",
                      b"Transfer-Encoding: \x0bchunked\r\n", b"Transfer-Encoding : chunked\r\n",
                      b"Content-Length : 4\r\n", b"Content-Length: +4\r\n", b"Content-Length: -1\r\n",
                      b"Content-Length: 0x4\r\n", b"Content-Length: 4 4\r\n", b"Content-Length: \r\n",
                      b"Content-Length: 18446744073709551617\r\n"):
            with self.subTest(extra=extra):
                self.refused(post(extra, b"0\r\n\r\n" + smuggled, length=False), 400, 413, 501)
        self.refused(b"POST /v1/tasks HTTP/1.0\r\nHost: x\r\nContent-Type: application/json\r\n"
                     + chunked + b"\r\n0\r\n\r\n" + smuggled, 400)

    def test_broken_chunks_are_refused(self):
        for chunks in (b"x\r\n", b"-1\r\n", b"5\r\nabc\r\n0\r\n\r\n", b"1\r\nab\r\n",
                       b"ffffffffffffffff1\r\n", b"1 \n{\r\n"):
            with self.subTest(chunks=chunks):
                request = post(b"Transfer-Encoding: chunked\r\n", chunks + post(), length=False)
                self.refused(request, 400, 413)

    def test_broken_heads_are_refused(self):
        for head, *statuses in (
                (b"GET /livez HTTP/1.1\r\n\r\n", 400),
                (b"GET /livez HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", 400),
                (b"GET /livez HTTP/1.1\r\nHost: x\r\n bad\r\n: y\r\n\r\n", 400),
                (b"GET /livez HTTP/1.1\r\nHost: x\r\nA\x00b: y\r\n\r\n", 400),
                (b"GET /livez HTTP/1.1\nHost: x\n\n" + b" " * 20, 400, 505),
                (b"GET  /livez HTTP/1.1\r\nHost: x\r\n\r\n", 400, 505),
                (b"GET /livez\r\nHost: x\r\n\r\n", 400, 505),
                (b"GET /livez HTTP/2.0\r\nHost: x\r\n\r\n", 505),
                (b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 505),
                (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + b"x" * 30, 400),
                (b"GET /livez HTTP/1.1\r\nHost: x\r\nA: " + b"a" * 20000 + b"\r\n\r\n", 431),
                (b"GET /" + b"a" * 20000 + b" HTTP/1.1\r\nHost: x\r\n\r\n", 431),
                (b"GET /livez HTTP/1.1\r\nHost: x\r\n" + b"A: b\r\n" * 4000 + b"\r\n", 431)):
            with self.subTest(head=head[:60]):
                self.refused(head, *statuses)

    def test_nothing_a_client_sends_comes_back_as_a_field(self):
        with self.daemon.wire() as wire:
            wire.send(b"GET /livez HTTP/1.1\r\nHost: x\r\nX-Request-Id: a b\r\n\r\n")
            self.assertNotIn(" ", wire.answer().fields["x-request-id"])


class SlowClients(DaemonTest):
    arguments = ("--request-timeout-ms", "600", "--idle-timeout-ms", "900")

    def test_a_head_that_drips_is_ended(self):
        with self.daemon.wire() as wire:
            start = time.monotonic()
            wire.send(b"GET /livez HTTP/1.1\r\nHost: x\r\n")
            try:
                while time.monotonic() - start < 5 and not wire.buffer:
                    wire.send(b"A: b\r\n")
                    wire.socket.settimeout(0.1)
                    try:
                        wire.receive()
                    except TimeoutError:
                        pass
            except OSError:
                pass
            wire.socket.settimeout(5)
            self.assert_problem(wire.answer(), 408, "request_timeout")
            self.assertLess(time.monotonic() - start, 3)

    def test_a_body_that_stops_is_ended(self):
        before = self.json.count()
        with self.daemon.wire() as wire:
            wire.send(post()[:-1])
            answer = wire.answer()
            self.assert_problem(answer, 408, "request_timeout")
            self.assertEqual(answer.fields["retry-after"], "1")
        self.assertEqual(self.json.count(), before)

    def test_a_silent_connection_is_closed(self):
        with self.daemon.wire() as wire:
            self.assertTrue(wire.is_closed(4))
        with self.daemon.wire() as wire:
            wire.send(b"GET /livez HTTP/1.1\r\nHost: x\r\n\r\n")
            self.assertEqual(wire.answer().status, 200)
            self.assertTrue(wire.is_closed(4))

    def test_a_client_that_does_not_read_is_dropped(self):
        self.json.post("/v1/tasks", {"tasks": [{"queue": "big", "type": "t",
                                                "payload": "x" * 500000}] * 14})
        with self.daemon.wire() as wire:
            wire.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            wire.send(b"GET /v1/tasks?queue=big HTTP/1.1\r\nHost: x\r\n\r\n" * 4)
            time.sleep(3)
            total = 0
            while data := wire.receive():
                total += len(data)
            self.assertLess(total, 4 * 7_000_000)

    def test_a_long_poll_is_not_taken_for_a_slow_client(self):
        self.assertEqual(self.json.claim("patient", wait_ms=2000), [])


class FewConnections(unittest.TestCase):
    def test_one_too_many_is_turned_away_and_the_rest_go_on(self):
        with Daemon("--connections", "3") as daemon:
            wires = [daemon.wire() for _ in range(3)]
            for wire in wires:
                self.assertEqual(
                    wire.send(b"GET /livez HTTP/1.1\r\nHost: x\r\n\r\n").answer().status, 200)
            with daemon.wire() as extra:
                answer = extra.answer()
                self.assertEqual((answer.status, answer.value["code"]), (503, "overloaded"))
                self.assertEqual(answer.fields["retry-after"], "1")
                self.assertTrue(extra.is_closed())
            wires.pop().socket.close()
            time.sleep(0.2)
            with daemon.wire() as next_one:
                self.assertEqual(
                    next_one.send(b"GET /livez HTTP/1.1\r\nHost: x\r\n\r\n").answer().status, 200)
            for wire in wires:
                wire.socket.close()


if __name__ == "__main__":
    main()
