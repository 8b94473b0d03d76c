# SPDX-License-Identifier: Apache-2.0
"""The protocol in Python without sockets: two endpoints in one thread, virtual time, links that break when the dice say so.

Strategy: random sends of every kind of delivery, random handlers' times, links cut at random with what is on its way, and
one side's process replaced by a new one now and then.
Invariants: one outcome for each send, at its deadline at the latest; what succeeded was run, and only once in the life of a
receiver; a handler that is not idempotent is never run twice for one send; nothing is left when all is over.

STRUCTWIRE_SEED repeats a run; STRUCTWIRE_CHECK_SECONDS goes on with new seeds for that time.
"""
import os
import random
import sys
import time
import unittest
from collections import Counter

from structwire.messages.endpoint import Endpoint
from structwire.messages.failure import FailureCode, MessageFailure
from structwire.messages.flow import Amount, CreditToGrant, DedupeWindow, KeptResults
from structwire.messages.frame import read_frame
from structwire.messages.header import Delivery, Flag, Header, MessageKind
from structwire.messages.hello import HandlerEntry
from structwire.messages.options import Options
from structwire.messages.records import PeerState, Reply, Send


class Process:
    """An endpoint, its handlers and its sends."""

    def __init__(self, world: "World", options: Options) -> None:
        self.world = world
        self.endpoint = Endpoint(options, self, world.now)
        self.endpoint.set_handler(HandlerEntry("once", 1))
        self.endpoint.set_handler(HandlerEntry("often", 2, idempotent=True))
        self.endpoint.set_handler(HandlerEntry("typed", 3, request=77, accepts=[78]))
        self.runs = Counter()
        self.outcomes = {}
        self.receipts = Counter()
        self.items = Counter()
        self.running = {}
        self.alive = True

    def send(self, peer, handler, delivery, payload=b"", **more):
        send = Send(len(self.outcomes), handler, payload, delivery, **more)
        self.outcomes[send.tag] = None
        self.endpoint.outgoing.begin(peer, send)
        return send

    # Port
    def transmit(self, link, parts):
        self.world.carry(self, link, [bytes(part) for part in parts])

    def disconnect(self, link, reason):
        self.world.reasons[reason] += 1
        self.world.cut(link, but=self)

    def run(self, request):
        self.runs[bytes(request.payload)] += 1
        self.running[request] = None
        self.world.later(self.world.handler_time(), lambda: self.finish(request))

    def finish(self, request):
        if not self.alive or self.running.pop(request, 0) == 0:
            return
        if request.delivery in (Delivery.accepted, Delivery.receipt):
            self.endpoint.incoming.accepted(request)
        self.endpoint.incoming.finished(request, Reply(bytes(request.payload), 0))

    def stop(self, request):
        self.world.later(0, lambda: self.end_early(request))

    def end_early(self, request):
        if self.alive and self.running.pop(request, 0) is None:
            self.endpoint.incoming.finished(request, MessageFailure(request.stopped, "stopped"))

    def more_items(self, request, total):
        self.items[request] = total

    def settled(self, send, outcome):
        assert self.outcomes[send.tag] is None, "a second outcome"
        self.outcomes[send.tag] = outcome

    def receipt(self, send):
        assert self.outcomes[send.tag] is None
        self.receipts[send.tag] += 1

    def item(self, send, reply):
        self.items[send.tag] += 1

    def peer_changed(self, peer):
        pass

    def stalled(self, now):
        return 0.0


class World:
    """Virtual time, and one link between a dialler and a listener."""

    def __init__(self, seed: int, client: Options, server: Options) -> None:
        self.random = random.Random(seed)
        self.now = 100.0
        self.events = []
        self.links = {}
        self.reasons = Counter()
        self.turn = 0
        self.delay = (0.0001, 0.002)
        self.server_options = server
        self.client = Process(self, client)
        self.server = Process(self, server)
        self.last_link = 0
        self.peer = self.client.endpoint.dialled(1)
        self.dial()

    def handler_time(self):
        return self.random.choice((0, 0.0005, 0.005, 0.05))

    def later(self, seconds, action):
        self.turn += 1
        self.events.append((self.now + seconds, self.turn, action))

    def dial(self):
        self.last_link += 2
        here, there = self.last_link, self.last_link + 1
        self.links[here] = (self.client, there)
        self.links[there] = (self.server, here)
        self.client.endpoint.link_opened(here, 1)
        self.server.endpoint.link_opened(there, None)

    def carry(self, sender, link, parts):
        if link not in self.links:
            return
        other = self.links[link][1]
        arrival = max(self.now + self.random.uniform(*self.delay), self.links_busy.get(other, 0) + 1e-9)
        self.links_busy[other] = arrival
        self.turn += 1
        self.events.append((arrival, self.turn, lambda: self.deliver(other, parts)))

    @property
    def links_busy(self):
        return self.__dict__.setdefault("busy", {})

    def deliver(self, link, parts):
        if link in self.links:
            self.links[link][0].endpoint.received(link, [memoryview(part) for part in parts])

    def cut(self, link, but=None):
        """Breaks a link with what is on its way; the client dials again."""
        if link not in self.links:
            return
        process, other = self.links.pop(link)
        peer, _ = self.links.pop(other)
        for each, number in ((process, link), (peer, other)):
            if each is not but and each.alive:
                self.later(0, lambda each=each, number=number: each.endpoint.link_closed(number))
        self.later(self.random.uniform(0.001, 0.1), self.dial)

    def cut_any(self):
        for link in list(self.links)[:1]:
            self.cut(link)

    def replace_server(self):
        """As kill -9 does it: nobody is told but by the link."""
        old, self.server = self.server, Process(self, self.server_options)
        old.alive = False
        self.server.runs_before = old.runs
        self.cut_any()

    def step(self, until):
        processes = (self.client, self.server)
        for each in processes:
            each.endpoint.flush()
        times = [each[0] for each in self.events]
        times += [when for each in processes if (when := each.endpoint.timers.next()) is not None]
        self.now = min(min(times, default=until), until)
        due = sorted(each for each in self.events if each[0] <= self.now)
        self.events = [each for each in self.events if each[0] > self.now]
        for each in processes:
            each.endpoint.now = self.now
        for _, _, action in due:
            action()
        for each in (self.client, self.server):
            each.endpoint.now = self.now
            each.endpoint.timers.expire(self.now)
            each.endpoint.flush()

    def run(self, seconds, done=lambda: False):
        end = self.now + seconds
        while self.now < end and not done():
            self.step(end)


def options(**more) -> Options:
    return Options(heartbeat=0.5, session_kept=5.0, credit=Amount(8, 1 << 20), payload_bytes_max=1 << 16, **more)


def is_success(outcome) -> bool:
    return isinstance(outcome, Reply)


class Rules(unittest.TestCase):
    """One thing at a time."""

    def setUp(self) -> None:
        self.world = World(1, options(), options())
        self.client, self.peer = self.world.client, self.world.peer
        self.world.run(0.1)
        self.assertEqual(self.peer.state, PeerState.up)

    def end_of(self, send, seconds=40.0):
        self.world.run(seconds, lambda: self.client.outcomes[send.tag] is not None)
        return self.client.outcomes[send.tag]

    def code_of(self, send):
        outcome = self.end_of(send)
        self.assertIsInstance(outcome, MessageFailure)
        return outcome.code

    def test_every_delivery_has_its_end(self) -> None:
        for delivery in Delivery:
            send = self.client.send(self.peer, "once", delivery, b"x%d" % delivery)
            reply = self.end_of(send)
            self.assertIsInstance(reply, Reply)
            wants_value = delivery in (Delivery.response, Delivery.receipt)
            self.assertEqual(bytes(reply.payload), b"x%d" % delivery if wants_value else b"")
            self.world.run(0.1)
            self.assertEqual(self.world.server.runs[b"x%d" % delivery], 1)
        self.assertEqual(list(self.client.receipts), [int(Delivery.receipt)])

    def test_who_asks_for_what_is_not_there_is_told_so(self) -> None:
        self.assertEqual(self.code_of(self.client.send(self.peer, "nobody", Delivery.done)), FailureCode.handler_not_found)
        for schema, fits in ((77, True), (78, True), (0, True), (79, False)):
            outcome = self.end_of(self.client.send(self.peer, "typed", Delivery.done, schema=schema))
            self.assertEqual(is_success(outcome), fits, schema)
        self.assertEqual(outcome.code, FailureCode.schema_mismatch)
        too_large = self.client.send(self.peer, "once", Delivery.done, bytes(1 << 17))
        self.assertEqual(self.code_of(too_large), FailureCode.too_large)

    def test_the_receiver_judges_as_well(self) -> None:
        # A sender that knows an older table.
        self.world.server.endpoint.handlers.pop("often")
        self.world.server.endpoint.slots.pop(2)
        self.assertEqual(self.code_of(self.client.send(self.peer, "often", Delivery.done)), FailureCode.handler_not_found)
        self.world.server.endpoint.slots[3].request = 5
        self.assertEqual(self.code_of(self.client.send(self.peer, "typed", Delivery.done, schema=77)),
                         FailureCode.schema_mismatch)

    def test_a_changed_table_is_told(self) -> None:
        self.world.server.endpoint.set_handler(HandlerEntry("late", 4))
        self.world.run(0.1)
        self.assertTrue(is_success(self.end_of(self.client.send(self.peer, "late", Delivery.done))))
        self.world.server.endpoint.remove_handler("late")
        self.world.run(0.1)
        self.assertEqual(self.code_of(self.client.send(self.peer, "late", Delivery.done)), FailureCode.handler_not_found)

    def test_a_table_that_changes_before_the_answer_to_hello_is_told(self) -> None:
        former = self.peer.link
        self.world.cut_any()
        self.world.run(1, lambda: self.peer.link not in (None, former))
        self.assertFalse(self.peer.greeted)
        self.client.endpoint.set_handler(HandlerEntry("late", 4))
        self.world.run(0.1)
        peer = next(iter(self.world.server.endpoint.peers.values()))
        self.assertIn("late", peer.handlers)

    def test_who_does_not_tell_all_handlers_is_called_by_name(self) -> None:
        self.peer.hello.more_handlers = True
        self.peer.handlers.clear()
        self.assertTrue(is_success(self.end_of(self.client.send(self.peer, "once", Delivery.done))))
        self.assertEqual(self.code_of(self.client.send(self.peer, "nobody", Delivery.done)), FailureCode.handler_not_found)

    def test_no_more_is_on_its_way_than_was_granted(self) -> None:
        self.world.handler_time = lambda: 0.05
        sends = [self.client.send(self.peer, "once", Delivery.done, b"%d" % number) for number in range(100)]
        most = 0
        while any(self.client.outcomes[send.tag] is None for send in sends):
            self.world.step(self.world.now + 1)
            most = max(most, len(self.world.server.running))
        self.assertEqual(most, 8)
        self.assertTrue(all(is_success(self.client.outcomes[send.tag]) for send in sends))
        self.assertEqual(set(self.world.server.runs.values()), {1})

    def test_without_credit_who_does_not_wait_fails_at_once(self) -> None:
        self.world.handler_time = lambda: 0.5
        for number in range(8):
            self.client.send(self.peer, "once", Delivery.done, b"%d" % number)
        send = self.client.send(self.peer, "once", Delivery.done, waits=False)
        self.assertEqual(self.client.outcomes[send.tag].code, FailureCode.queue_full)
        self.client.endpoint.options.pending = Amount(2, 100)
        for payload, fits in ((b"", True), (bytes(101), False), (b"", True), (b"", False)):
            send = self.client.send(self.peer, "once", Delivery.done, payload)
            self.assertEqual(self.client.outcomes[send.tag] is None, fits)

    def test_a_peer_that_sends_more_than_it_was_granted_is_not_spoken_to_any_longer(self) -> None:
        self.world.handler_time = lambda: 0.5
        self.peer.session.to_send.granted = Amount(1000, 1 << 30)
        for number in range(9):
            self.client.send(self.peer, "once", Delivery.done, b"%d" % number)
        self.world.run(0.2)
        self.assertGreater(self.world.reasons["it sends more than it was granted, or under an id of another session"], 0)

    def test_a_deadline_ends_it_on_both_sides(self) -> None:
        self.world.handler_time = lambda: 10
        send = self.client.send(self.peer, "once", Delivery.response, seconds=0.2)
        start = self.world.now
        self.assertEqual(self.code_of(send), FailureCode.expired)
        self.assertAlmostEqual(self.world.now - start, 0.2, places=3)
        self.world.run(0.1)
        self.assertEqual(self.world.server.running, {})
        self.world.run(1)
        self.assertTrue(self.client.endpoint.idle() and self.world.server.endpoint.idle())

    def test_a_cancelled_one_ends_as_cancelled_or_with_its_result(self) -> None:
        self.world.handler_time = lambda: 1
        send = self.client.send(self.peer, "once", Delivery.response)
        self.world.run(0.1)
        self.client.endpoint.outgoing.cancel(send)
        self.assertEqual(self.code_of(send), FailureCode.cancelled)
        self.assertEqual(self.world.server.running, {})
        self.world.handler_time = lambda: 0
        send = self.client.send(self.peer, "once", Delivery.response, b"quick")
        self.world.run(0.0005)
        self.client.endpoint.outgoing.cancel(send)
        self.assertIsNotNone(self.end_of(send))

    def test_nobody_there_is_told_at_the_deadline(self) -> None:
        peer = self.client.endpoint.dialled(2)
        self.assertEqual(self.code_of(self.client.send(peer, "once", Delivery.done, seconds=1)), FailureCode.no_peer)

    def test_a_cut_link_loses_nothing(self) -> None:
        self.world.handler_time = lambda: 0.01
        sends = [self.client.send(self.peer, "once", Delivery.response, b"%d" % number) for number in range(50)]
        for _ in range(10):
            self.world.run(0.02)
            self.world.cut_any()
        self.world.run(5)
        self.assertTrue(all(is_success(self.client.outcomes[send.tag]) for send in sends))
        self.assertEqual(set(self.world.server.runs.values()), {1})

    def test_what_may_have_run_in_a_process_that_is_gone_is_peer_lost(self) -> None:
        self.world.handler_time = lambda: 1
        once = self.client.send(self.peer, "once", Delivery.response, b"once")
        often = self.client.send(self.peer, "often", Delivery.response, b"often")
        self.world.run(0.1)
        self.world.replace_server()
        self.assertEqual(self.code_of(once), FailureCode.peer_lost)
        self.assertTrue(is_success(self.end_of(often)))
        self.assertEqual(self.world.server.runs, Counter({b"often": 1}))

    def test_what_a_former_session_may_still_start_is_not_told_as_cancelled(self) -> None:
        self.world.handler_time = lambda: 60
        send = self.client.send(self.peer, "often", Delivery.response, b"often", seconds=50)
        self.world.run(0.1)
        self.world.dial = lambda: None
        self.world.cut_any()
        self.world.run(10)  # A new session is to begin; the server has the request, and may still start it.
        self.client.endpoint.outgoing.cancel(send)
        self.assertEqual(self.code_of(send), FailureCode.peer_lost)

    def test_a_draining_peer_takes_nothing_new(self) -> None:
        self.world.handler_time = lambda: 0.1
        before = self.client.send(self.peer, "once", Delivery.response)
        self.world.run(0.05)
        self.world.server.endpoint.drain()
        after = self.client.send(self.peer, "once", Delivery.response, seconds=1)
        self.world.run(0.05)
        self.assertEqual(self.peer.state, PeerState.draining)
        self.assertTrue(is_success(self.end_of(before)))
        self.assertIn(self.code_of(after), (FailureCode.draining, FailureCode.expired))

    def test_silence_ends_a_link(self) -> None:
        self.world.deliver = lambda link, parts: None
        self.world.run(2.5)
        self.assertGreater(self.world.reasons["it was silent for too long"], 0)

    def test_a_request_that_comes_again_is_told_the_same(self) -> None:
        send = self.client.send(self.peer, "once", Delivery.response, b"x")
        self.end_of(send)
        server = next(iter(self.world.server.endpoint.peers.values()))
        header = Header(MessageKind.request, Delivery.response, incarnation=send.incarnation, counter=send.counter, handler=1,
                        flags=Flag.retry)
        self.client.endpoint.append(self.peer, header, b"x")
        frames = []
        self.world.server.transmit = lambda link, parts: frames.append(parts)
        self.world.run(0.2)
        replies = [each for parts in frames for each in read_frame(parts) if each.header.kind == MessageKind.response]
        self.assertEqual([bytes(each.payload) for each in replies], [b"x"])
        self.assertEqual(self.world.server.runs[b"x"], 1)
        self.assertEqual(server.session.to_grant.received.messages, 2)


class Parts(unittest.TestCase):
    def test_the_window_tells_repeats_and_forgets(self) -> None:
        window = DedupeWindow()
        generator = random.Random(5)
        seen = set()
        for _ in range(20000):
            counter = generator.randrange(1, 4000)
            known = counter in seen or (seen and counter <= max(seen) - DedupeWindow.SIZE)
            self.assertEqual(window.admit(counter), not known, counter)
            seen.add(counter)
        window = DedupeWindow()
        self.assertTrue(window.admit(7))
        window.forget(7)
        self.assertTrue(window.admit(7))

    def test_results_are_bounded(self) -> None:
        kept = KeptResults(3, 100)
        for counter in range(5):
            kept.keep(counter, f"r{counter}", 10)
        self.assertEqual([kept.find(each) for each in range(5)], [None, None, "r2", "r3", "r4"])
        kept.keep(9, "large", 101)
        self.assertIsNone(kept.find(9))
        kept.keep(10, "much", 95)
        self.assertIsNone(kept.find(4))

    def test_grants_are_totals(self) -> None:
        credit = CreditToGrant(Amount(4, 1000))
        for _ in range(4):
            self.assertTrue(credit.receive(10))
        self.assertFalse(credit.grant_due())
        credit.release(10)
        credit.release(10)
        self.assertTrue(credit.grant_due())
        credit.grant()
        self.assertEqual(credit.granted, Amount(6, 1020))
        self.assertTrue(credit.receive(10) and credit.receive(10))
        self.assertFalse(credit.receive(10))


def play(seed: int) -> Counter:
    """One random run; what happened in it."""
    world = World(seed, options(), options())
    client, generator = world.client, random.Random(seed)
    sends = {}
    lives = [world.server]
    for number in range(generator.randrange(20, 120)):
        handler = generator.choice(("once", "often"))
        payload = b"%s %d" % (handler.encode(), number)
        send = client.send(world.peer, handler, generator.choice(list(Delivery)), payload,
                           seconds=generator.choice((0.05, 1.0, 5.0)))
        sends[payload] = send
        if generator.random() < 0.1:
            world.later(generator.random() * 0.05, lambda send=send: client.endpoint.outgoing.cancel(send))
        event = generator.random()
        if event < 0.06:
            world.cut_any()
        elif event < 0.07:
            world.replace_server()
            lives.append(world.server)
        world.run(generator.choice((0, 0.001, 0.02, 0.1)))
    world.run(30, lambda: None not in client.outcomes.values())
    happened = Counter()
    for payload, send in sends.items():
        outcome = client.outcomes[send.tag]
        assert outcome is not None, f"{payload!r} has no end"
        runs = [life.runs[payload] for life in lives]
        if send.handler == "once":
            assert sum(runs) <= 1, f"{payload!r} was run {runs}"
        assert max(runs) <= 1, f"{payload!r} was run {runs} in one life"
        if is_success(outcome) and send.delivery not in (Delivery.fire_and_forget, Delivery.queued):
            assert sum(runs) >= 1, f"{payload!r} succeeded and was not run"
        happened["succeeded" if is_success(outcome) else outcome.code.name] += 1
    world.run(12)
    assert client.endpoint.idle(), "the client is not idle"
    held = [peer for each in (client, world.server) for peer in each.endpoint.peers.values()
            if peer.waiting or peer.waiting_amount != Amount() or peer.requests or peer.orphaned != Amount()]
    assert not held, held
    refused = [reason for reason in world.reasons if "newer" not in reason and "silent" not in reason]
    assert not refused, refused
    happened["links"] += world.last_link // 2
    happened["lives"] += len(lives)
    return happened


class RandomRuns(unittest.TestCase):
    def test_every_send_has_one_end_whatever_breaks(self) -> None:
        seconds = float(os.environ.get("STRUCTWIRE_CHECK_SECONDS", 0))
        given = os.environ.get("STRUCTWIRE_SEED")
        first = int(given) if given else random.SystemRandom().randrange(1 << 30) if seconds else 1
        end = time.monotonic() + seconds
        happened = Counter()
        seed = first
        while seed < first + (1 if given else 40) or time.monotonic() < end:
            try:
                happened += play(seed)
            except Exception as error:
                raise AssertionError(f"STRUCTWIRE_SEED={seed}: {error}") from error
            seed += 1
        sys.stderr.write(f"seeds {first} to {seed - 1}: {dict(happened)}\n")
        if not given:
            for each in ("succeeded", "expired", "cancelled", "peer_lost"):
                self.assertGreater(happened[each], 0, each)


if __name__ == "__main__":
    unittest.main()
