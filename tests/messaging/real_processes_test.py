# SPDX-License-Identifier: Apache-2.0
"""Nodes as processes of their own (chaos_worker, chaos_client), joined through a proxy that does what bad networks do. They are
killed, stopped, wedged, starved of descriptors and cut off, and whatever happens every send has one outcome with a code, by its
deadline; what was confirmed has happened, and nothing has happened twice.

usage: real_processes_test.py CHAOS_WORKER CHAOS_CLIENT [unittest's arguments]

Each scenario prints a line with its figures. STRUCTWIRE_SEED repeats a run; STRUCTWIRE_CHECK_SECONDS goes on with new seeds for
that time. STRUCTWIRE_TRANSPORT=stream_sockets plays it over these in place of ZeroMQ."""
import pathlib
import random
import signal
import socket
import sys
import tempfile
import time
import unittest
from collections import Counter
from collections.abc import Callable
from unittest import mock

import msgspec

from chaos_processes import MIB, PATIENCE, SECONDS, STREAM_SOCKETS, Client, Scenarios, World, mebibytes, told, wait_for
from structwire.messages import Encoded, FailureCode, MessageFailure, Node, Options, header
from structwire.messages import endpoint as python_endpoint

WORKER = sys.argv.pop(1)
CLIENT = sys.argv.pop(1)


class RealProcesses(Scenarios):
    # ---- the worker goes

    def test_a_worker_that_is_killed(self) -> None:
        self.repeat(self.killed)

    def killed(self, draw: random.Random) -> str:
        world = World(self, WORKER, CLIENT)
        client = world.client()
        bursts = [client.send(handler, 500, pause_us=1000, deadline_ms=20000) for handler in ("count", "count_again")]
        kill_at = draw.randrange(50, 800)
        wait_for(lambda: len(world.worker.effects()) >= kill_at, "some effects")
        world.worker.kill()
        killed_at = len(world.worker.effects())
        time.sleep(draw.uniform(0, 0.5))
        world.worker = world.keep(world.worker.next_life())
        client.wait_ended(*bursts)
        once, again = bursts
        world.check_effects(client, once, again)
        self.only(client.codes(once), "ok", "peer_lost")
        # It may happen again: a new life is asked once more.
        self.only(client.codes(again), "ok")
        second = client.send("count", 10)
        client.wait_ended(second)
        self.only(client.codes(second), "ok")
        lives = Counter(life for life, _ in world.worker.effects())
        return f"killed after {killed_at} effects; {told(client.codes(once))}; idempotent: {told(client.codes(again))}; " \
               f"{lives[1]} effects in the first life, {lives[2]} in the second, none double"

    # ---- the worker stands still

    def test_a_worker_that_stands_still(self) -> None:
        self.repeat(self.stopped)

    def stopped(self, draw: random.Random) -> str:
        world = World(self, WORKER, CLIENT, credit_messages=64, credit_bytes=MIB)
        client = world.client(pending_messages=1000, pending_bytes=4 * MIB)
        warm = client.send("count", 500, bytes=4000)
        client.wait_ended(warm)
        before = client.memory()
        behind = len(client.told("peer"))
        stands = draw.uniform(2.5, 3.5)
        world.worker.signal(signal.SIGSTOP)
        begun = time.monotonic()
        # 66 MB are offered; more than `pending` is not kept.
        short = client.send("count", 10000, bytes=4000, deadline_ms=1500)
        long = client.send("count_again", 6000, bytes=4000, deadline_ms=20000, pause_us=100)
        full = client.send("on_loop", 500, bytes=4000, deadline_ms=20000, fails_when_full=True, pause_us=1000)
        noticed = client.wait_state("down", behind=behind)
        most = client.memory()
        while time.monotonic() < begun + stands:
            most = max(most, client.memory())
            time.sleep(0.02)
        world.worker.signal(signal.SIGCONT)
        client.wait_ended(short, long, full)
        world.check_effects(client, range(client.sent))
        self.only(client.codes(short), "ok", "expired", "circuit_open")
        self.assertGreater(client.codes(short)["expired"], 0)
        self.only(client.codes(long), "ok")
        self.only(client.codes(full), "ok", "queue_full")
        self.assertLess(most - before, 1.1 * (4 + 1) * MIB + 8 * MIB)
        after = client.send("echo", 100)
        client.wait_ended(after)
        self.only(client.codes(after), "ok")
        return f"stood for {stands:.1f} s, noticed after {noticed:.1f} s; 1.5 s: {told(client.codes(short))}; 20 s: " \
               f"{told(client.codes(long))}; not to wait: {told(client.codes(full))}; " \
               f"the sender grew by {mebibytes(most - before)}"

    def test_a_handler_that_never_returns(self) -> None:
        self.repeat(self.wedged)

    def wedged(self, draw: random.Random) -> str:
        world = World(self, WORKER, CLIENT, threads=2)
        client = world.client()
        one = client.send("wedge", 1, deadline_ms=1500)
        beside = client.send("echo", 200, bytes_more=5000)
        client.wait_ended(beside)
        self.only(client.codes(beside), "ok")
        client.wait_ended(one)
        self.only(client.codes(one), "expired")
        behind = len(client.told("peer"))
        # The first is on a thread of the pool, or on the one that received it.
        other = client.send("wedge", 2, deadline_ms=20000)
        client.wait_sent(other)
        waits = client.send("count", draw.randrange(1, 20), deadline_ms=20000)
        noticed = client.wait_state("wedged", behind=behind)
        on_loop = client.send("on_loop", 100, deadline_ms=5000)
        client.wait_ended(on_loop)
        self.only(client.codes(on_loop), "ok")
        self.assertEqual(client.status()["peers"][0]["state"], "wedged")
        self.assertFalse(client.has_ended(waits))
        behind = len(client.told("peer"))

        def released() -> bool:
            world.worker.say("release")
            return client.has_ended(other)

        wait_for(released, "they return")
        client.wait_ended(waits)
        self.only(client.codes(range(other.start, waits.stop)), "ok")
        client.wait_state("up", behind=behind)
        world.check_effects(client, range(other.start, on_loop.stop))
        return f"one thread: {told(client.codes(one))}, {len(beside)} calls answered beside it; all: said to be " \
               f"wedged after {noticed:.1f} s, {len(on_loop)} on the loop answered, up again when they returned"

    def test_a_consumer_that_is_slow(self) -> None:
        self.repeat(self.slow)

    def slow(self, draw: random.Random) -> str:
        credit = 16 * MIB
        world = World(self, WORKER, CLIENT, credit_messages=1024, credit_bytes=credit)
        client = world.client(pending_messages=1024, pending_bytes=credit)
        size = draw.randrange(40, 60) << 10
        processes = (client, world.worker)
        # Everything happens that happens later too, with next to nothing on its way: what it takes is the allowance.
        small = [each.memory() for each in processes]
        warm = client.send("count", 300, bytes=size, pause_us=3000)
        client.wait_ended(warm)
        time.sleep(0.2)
        before = [each.memory() for each in processes]
        allowances = [max(0, then - first) for first, then in zip(small, before)]
        most = list(before)

        def offer(**burst: object) -> range:
            ids = client.send("count", 1500, bytes=size, wait_ms=3, deadline_ms=40000, **burst)
            while not client.has_ended(ids):
                for at, each in enumerate(processes):
                    most[at] = max(most[at], each.memory())
                time.sleep(0.005)
            return ids

        fails, waits = offer(fails_when_full=True), offer()
        self.only(client.codes(waits), "ok")
        self.only(client.codes(fails), "ok", "queue_full")
        self.assertTrue(client.codes(fails)["queue_full"] and client.status()["counters"]["credit_waits"])
        world.check_effects(client, range(client.sent))
        grown = [then - first for first, then in zip(before, most)]
        for who, growth, allowance in zip(("sender", "receiver"), grown, allowances):
            self.assertLessEqual(growth, 1.1 * credit + allowance, f"the {who} grew by {mebibytes(growth)}")
        return f"credit {mebibytes(credit)}, offered {mebibytes(3000 * size)}: the sender grew by " \
               f"{mebibytes(grown[0])} (allowance {mebibytes(allowances[0])}), the receiver by {mebibytes(grown[1])} " \
               f"({mebibytes(allowances[1])}); not to wait: {told(client.codes(fails))}"

    # ---- the network goes

    def test_a_network_that_is_cut_again_and_again(self) -> None:
        self.repeat(self.cut)

    def cut(self, draw: random.Random) -> str:
        cuts = 1000 if SECONDS else 200
        world = World(self, WORKER, CLIENT)
        client = world.client(redial_ms=1, redial_longest_ms=4)
        processes = (client, world.worker)

        def cut_once(at: int) -> range:
            # One that is being made is in nobody's reach yet.
            wait_for(lambda: world.proxy.stats()["open"], "a connection")
            before = world.proxy.stats()["accepted"]
            ids = client.send("count", draw.randrange(1, 6), bytes_more=2000, deadline_ms=30000)
            if at % 2:
                world.proxy.do(f"cut_after {draw.randrange(1, 3000)}")
                client.send("count", 3, bytes=2000, deadline_ms=30000)
            else:
                world.proxy.do("cut")
            wait_for(lambda: world.proxy.stats()["accepted"] > before, "the next connection")
            return ids

        for at in range(50):
            last = cut_once(at)
        client.wait_ended(last)
        before = [(each.memory(), each.descriptors()) for each in processes]
        for at in range(cuts):
            last = cut_once(at)
        world.proxy.do("pass")
        client.wait_ended(last)
        wait_for(lambda: client.outcome_lines() >= client.sent, "each has an outcome")
        self.only(client.codes(range(client.sent)), "ok")
        world.check_effects(client, range(client.sent))
        for each, (_, descriptors) in zip(processes, before):
            wait_for(lambda: each.descriptors() <= descriptors + 4, f"descriptors as before: {descriptors}", 15)
        grown = [each.memory() - memory for each, (memory, _) in zip(processes, before)]
        for growth in grown:
            self.assertLess(growth, 2 * MIB)
        descriptors = [(was, each.descriptors()) for each, (_, was) in zip(processes, before)]
        counters = client.status()["counters"]
        return f"{world.proxy.stats()['accepted'] - 1} reconnects, {counters['resumed']} resumed, {client.sent} sends ok, " \
               f"{counters['resent']} sent again; descriptors {descriptors}; memory grew by " \
               f"{[mebibytes(each) for each in grown]}"

    def test_a_network_in_every_bad_mood(self) -> None:
        self.repeat(self.moods)

    def moods(self, draw: random.Random) -> str:
        world = World(self, WORKER, CLIENT)
        client = world.client()
        figures = []

        def play(mood: str, count: int, bytes_more: int, until: Callable[[], object] = lambda: None) -> None:
            ids = client.send("echo", count, bytes_more=bytes_more, deadline_ms=20000, pause_us=200)
            world.proxy.do(mood)
            until()
            client.wait_ended(ids)
            world.proxy.do("pass")
            self.only(client.codes(ids), "ok")
            figures.append(f"{mood} {count}")

        def passes_after(seconds: float) -> Callable[[], object]:
            return lambda: (time.sleep(seconds), world.proxy.do("pass"))

        def passes_when_noticed() -> None:
            # A connection that goes on behind a hole in its bytes is none of TCP: it is cut.
            client.wait_state("down", behind=behind)
            world.proxy.do("cut")
            world.proxy.do("pass")

        def refuses_for_a_while() -> None:
            world.proxy.do("cut")
            time.sleep(0.3)
            world.proxy.do("pass")

        play("delay 30 40", 300, 2000)
        for _ in range(4):
            play(f"cut_after {draw.randrange(1, 200_000)}", 100, 20_000)
        for gone in ("server", "client"):
            play(f"half_open {gone}", 100, 2000)
        play("trickle 1 0", 20, 100, passes_after(1.0))
        behind = len(client.told("peer"))
        play("blackhole", 200, 2000, passes_when_noticed)
        play("stall", 200, 20_000, passes_after(draw.uniform(0.2, 1.0)))
        play("refuse", 50, 2000, refuses_for_a_while)
        counters = client.status()["counters"]
        return f"ok, and the bytes are those: {', '.join(figures)}; {counters['sessions']} session, resumed " \
               f"{counters['resumed']} times, {counters['resent']} sent again"

    # ---- no room

    def test_strangers_who_take_all_descriptors(self) -> None:
        self.repeat(self.strangers)

    def strangers(self, draw: random.Random) -> str:
        world = World(self, WORKER, CLIENT, descriptors=64)
        client = world.client()
        client.wait_ended(client.send("echo", 10))
        before = world.worker.descriptors()
        host, port = world.worker.address.removeprefix("tcp://").split(":")
        guests: list[socket.socket] = []
        self.addCleanup(lambda: [each.close() for each in guests])
        for _ in range(200):
            guests.append(socket.create_connection((host, int(port)), timeout=PATIENCE))
            if draw.random() < 0.3:
                guests[-1].send(b"GET / HTTP/1.1\r\n\r\n"[: draw.randrange(1, 18)])
        wait_for(lambda: world.worker.descriptors() >= 63, "no descriptor is left")
        taken = world.worker.descriptors()
        ids = client.send("echo", 300, bytes_more=5000, pause_us=500)
        late = world.keep(Client(CLIENT, self.fresh_folder(), world.worker.address))
        early = late.send("echo", 5, deadline_ms=30000)
        client.wait_ended(ids)
        self.only(client.codes(ids), "ok")
        in_before = "up" in late.told("peer")
        for each in guests:
            each.close()
        took = wait_for(lambda: "up" in late.told("peer"), "the new one is in")
        late.wait_ended(early)
        self.only(late.codes(early), "ok")
        wait_for(lambda: world.worker.descriptors() <= before + 4, "the strangers' descriptors are free")
        return f"64 descriptors: {before} before, {taken} with 200 strangers; {len(ids)} calls of a peer ok meanwhile; " \
               f"a new one {'in before they left' if in_before else f'in {took:.1f} s after they left'}"

    # ---- other versions

    @unittest.skipIf(STREAM_SOCKETS, "the Python peers speak ZeroMQ")
    def test_peers_of_other_versions(self) -> None:
        self.repeat(self.versions)

    def versions(self, draw: random.Random) -> str:
        later = draw.randrange(1, 256), draw.getrandbits(63)
        return "; ".join((self.other_contract(), self.other_minor(0, 0), self.other_minor(*later), self.other_major()))

    def other_contract(self) -> str:
        """Of a handler: told within a round trip, long before the deadline."""
        world = World(self, WORKER, CLIENT, other_contract=True)
        client = world.client()
        world.proxy.do("delay 100")
        wrong = client.send("count", 5, deadline_ms=20000)
        right = client.send("echo", 5, deadline_ms=20000)
        client.wait_ended(wrong, right)
        self.only(client.codes(wrong), "schema_mismatch")
        self.only(client.codes(right), "ok")
        outcomes = client.outcomes()
        known = max(outcomes[number][1] for number in wrong)
        # Who has a table from before: the worker itself says so.
        with Node("python", options=Options(deadline=PATIENCE)) as node:
            peer = node.connect(world.proxy.address)
            self.assertTrue(peer.wait_up(PATIENCE))
            peer._record.handlers["count"] = msgspec.structs.replace(peer._record.handlers["count"], request=0)
            begun = time.monotonic()
            with self.assertRaises(MessageFailure) as failure:
                peer.call("count", Encoded(b"\x80", 2, schema=4711))
            asked = int((time.monotonic() - begun) * 1000)
            self.assertEqual(failure.exception.code, FailureCode.schema_mismatch)
        self.assertLess(max(known, asked), 5000)
        return f"another contract: schema_mismatch in {known} ms, and in {asked} ms where it is not known, over 200 ms of " \
               f"round trip"

    def other_minor(self, minor: int, features: int) -> str:
        """A Python peer says to be of it, in both directions."""
        own_hello = python_endpoint.Hello

        def hello(**members: object):
            members.update(minor_max=minor, features=features)
            return own_hello(**members)

        with mock.patch.object(python_endpoint, "Hello", hello), Node("python", options=Options(heartbeat=0.2)) as node:
            @node.handler("echo")
            def echo(payload):
                return payload

            world = World(self, WORKER, CLIENT)
            peer = node.connect(world.proxy.address)
            for number in range(20):
                answer = peer.call("echo", {"id": number, "wait_ms": 0, "bytes": b"abc"}, deadline=PATIENCE)
                self.assertEqual((answer["id"], answer["bytes"]), (number, b"abc"))
            client = world.keep(Client(CLIENT, self.fresh_folder(), node.listen()))
            ids = client.send("nobody", 5, deadline_ms=20000)
            client.wait_ended(ids)
            self.only(client.codes(ids), "handler_not_found")
        return f"minor {minor}, features {features:#x}: 20 calls and {len(ids)} refusals as they should be"

    def other_major(self) -> str:
        """It is refused: what is sent to it, and by it, has an outcome with a code."""
        with mock.patch.object(header, "MAJOR", 2), Node("python", options=Options(heartbeat=0.2)) as node:
            world = World(self, WORKER, CLIENT)
            client = world.keep(Client(CLIENT, self.fresh_folder(), node.listen()))
            ids = client.send("count", 5, deadline_ms=1500)
            node.connect(world.proxy.address)
            wait_for(lambda: world.worker.status()["counters"]["frames_refused"] > 0, "its hello is refused")
            client.wait_ended(ids)
            self.only(client.codes(ids), "no_peer")
            refused = world.worker.status()["counters"]["frames_refused"]
        good = world.client()
        ids = good.send("echo", 20)
        good.wait_ended(ids)
        self.only(good.codes(ids), "ok")
        return f"major 2: no_peer for what is sent to it, {refused} of its frames refused, others served"

    def fresh_folder(self) -> pathlib.Path:
        return pathlib.Path(self.enterContext(tempfile.TemporaryDirectory()))


if __name__ == "__main__":
    unittest.main()
