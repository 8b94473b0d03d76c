# SPDX-License-Identifier: Apache-2.0
"""The processes of real_processes_test.py: worker, client and the proxy between them, and what is to be seen of them."""
import json
import os
import pathlib
import queue
import random
import resource
import signal
import subprocess
import sys
import tempfile
import threading
import time
import unittest
from collections import Counter
from collections.abc import Callable

PROXY = pathlib.Path(__file__).parent.parent / "support" / "chaos_proxy.py"
PATIENCE = 60.0
LATE_MS = 5000
"""By how much an outcome may miss its deadline: the machine may be busy with other things."""
MIB = 1 << 20
SECONDS = float(os.environ.get("STRUCTWIRE_CHECK_SECONDS", 0))
SCENARIOS = 8
GIVEN_SEED = os.environ.get("STRUCTWIRE_SEED")
STREAM_SOCKETS = os.environ.get("STRUCTWIRE_TRANSPORT") == "stream_sockets"
FIRST_SEED = int(GIVEN_SEED) if GIVEN_SEED else random.SystemRandom().randrange(1 << 30)


def mebibytes(count: int) -> str:
    return f"{count / MIB:.1f} MiB"


def told(counts: Counter) -> str:
    return ", ".join(f"{count} {code}" for code, count in counts.most_common())


def wait_for(condition, what: str, patience: float = PATIENCE) -> float:
    """Returns the seconds that it took."""
    begun = time.monotonic()
    while not condition():
        if time.monotonic() > begun + patience:
            raise AssertionError(f"{what}: not within {patience} s")
        time.sleep(0.01)
    return time.monotonic() - begun


class Process:
    """A program that is driven by lines and answers by lines of JSON."""

    def __init__(self, program: str, settings: dict, descriptors: int | None = None) -> None:
        def limit() -> None:
            resource.setrlimit(resource.RLIMIT_NOFILE, (descriptors, descriptors))

        self.process = subprocess.Popen([program, json.dumps({**settings, "stream_sockets": STREAM_SOCKETS})], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                        text=True, preexec_fn=limit if descriptors else None)
        self.lines: list[dict] = []
        self._statuses: queue.Queue[dict] = queue.Queue()
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self) -> None:
        with self.process.stdout as lines:
            for line in lines:
                told = json.loads(line)
                if "event" in told:
                    self.lines.append(told)
                else:
                    self._statuses.put(told)

    def say(self, line: str) -> None:
        self.process.stdin.write(line + "\n")
        self.process.stdin.flush()

    def status(self) -> dict:
        self.say("status")
        return self._statuses.get(timeout=PATIENCE)

    def told(self, event: str) -> list[str]:
        return [line["text"] for line in self.lines if line["event"] == event]

    def memory(self) -> int:
        """Resident bytes."""
        status = pathlib.Path(f"/proc/{self.process.pid}/status").read_text()
        return next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmRSS:")) << 10

    def descriptors(self) -> int:
        return len(list(pathlib.Path(f"/proc/{self.process.pid}/fd").iterdir()))

    def signal(self, number: signal.Signals) -> None:
        self.process.send_signal(number)

    def kill(self) -> None:
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        try:
            self.process.stdin.close()
        except BrokenPipeError:
            pass

    def end(self) -> None:
        """Must end by itself, in order."""
        self.process.stdin.close()
        code = self.process.wait(PATIENCE)
        assert code == 0, f"it ended with {code}"


class Worker(Process):
    def __init__(self, program: str, folder: pathlib.Path, descriptors: int | None = None, **settings: object) -> None:
        self.program, self.folder = program, folder
        self.settings = {"life": 1, "effects": str(folder / "effects.txt"), **settings}
        super().__init__(program, self.settings, descriptors)
        wait_for(lambda: self.told("listening") or self.process.poll() is not None, "the worker listens")
        self.address = self.told("listening")[0]

    def next_life(self) -> "Worker":
        """Of the program that was killed, at the same address."""
        return Worker(self.program, self.folder,
                      **{**self.settings, "life": self.settings["life"] + 1, "address": self.address})

    def effects(self) -> list[tuple[int, int]]:
        """(life, id) of each that happened."""
        text = pathlib.Path(self.settings["effects"]).read_text()
        return [(int(line.split()[0]), int(line.split()[1])) for line in text.splitlines()]


class Client(Process):
    def __init__(self, program: str, folder: pathlib.Path, address: str, **settings: object) -> None:
        self._outcomes = folder / "outcomes.txt"
        super().__init__(program, {"address": address, "outcomes": str(self._outcomes), **settings})
        self.sent = 0

    def wait_state(self, *states: str, behind: int = 0) -> float:
        """Until the peer was said to be in one of the states, not counting what was said before."""
        return wait_for(lambda: any(each in states for each in self.told("peer")[behind:]), f"the peer is {states}")

    def send(self, handler: str, count: int, **burst: object) -> range:
        """Has them sent; returns their ids."""
        ids = range(self.sent, self.sent + count)
        self.sent += count
        self.say(json.dumps({"handler": handler, "first": ids.start, "count": count, **burst}))
        return ids

    def wait_sent(self, ids: range) -> None:
        """All of a burst is with its node; bursts overtake each other before."""
        wait_for(lambda: str(ids.start) in self.told("sent"), f"{ids} is sent")

    def has_ended(self, ids: range) -> bool:
        return str(ids.start) in self.told("ended")

    def wait_ended(self, *bursts: range, patience: float = PATIENCE) -> float:
        return max(wait_for(lambda: self.has_ended(ids), f"each of {ids} has an outcome", patience) for ids in bursts)

    def outcome_lines(self) -> int:
        return self._outcomes.read_text().count("\n")

    def outcomes(self, ids: range | None = None) -> dict[int, tuple[str, int]]:
        """Code and milliseconds by id: each of `ids`, or of all that was sent, has one, by its deadline."""
        found: dict[int, tuple[str, int]] = {}
        for line in self._outcomes.read_text().splitlines():
            number, code, took, left = line.split()
            assert int(number) not in found, f"{number} has another outcome: {found[int(number)]} and {line}"
            assert int(left) >= -LATE_MS, f"{line}: too late"
            found[int(number)] = code, int(took)
        missing = set(range(self.sent) if ids is None else ids) - set(found)
        assert not missing, f"without an outcome: {sorted(missing)[:20]}"
        return found

    def codes(self, ids: range) -> Counter:
        outcomes = self.outcomes(ids)
        return Counter(outcomes[number][0] for number in ids)


class Proxy:
    """chaos_proxy.py tells its commands."""

    def __init__(self, target: str) -> None:
        self.process = subprocess.Popen([sys.executable, PROXY, target.removeprefix("tcp://")], stdin=subprocess.PIPE,
                                        stdout=subprocess.PIPE, text=True)
        self.address = f"tcp://127.0.0.1:{self.process.stdout.readline().split()[1]}"

    def do(self, command: str) -> str:
        self.process.stdin.write(command + "\n")
        self.process.stdin.flush()
        answer = self.process.stdout.readline()
        assert answer.startswith("ok"), f"{command}: {answer}"
        return answer

    def stats(self) -> dict[str, int]:
        return {name: int(value) for name, value in (each.split("=") for each in self.do("stats").split()[1:])}

    def end(self) -> None:
        self.process.stdin.close()
        self.process.wait(PATIENCE)
        self.process.stdout.close()


class World:
    """A worker, a proxy in front of it and, where it is asked for, a client that dials the proxy."""

    def __init__(self, case: unittest.TestCase, worker: str, client: str, **settings: object) -> None:
        self.case, self._client = case, client
        self.folder = pathlib.Path(case.enterContext(tempfile.TemporaryDirectory()))
        self.worker = self.keep(Worker(worker, self.folder, **settings))
        self.proxy = Proxy(self.worker.address)
        case.addCleanup(self.proxy.end)

    def keep(self, process):
        self.case.addCleanup(process.kill)
        return process

    def client(self, **settings: object) -> Client:
        client = self.keep(Client(self._client, self.folder, self.proxy.address, **settings))
        client.wait_state("up")
        return client

    def check_effects(self, client: Client, once: range, *again: range) -> None:
        """What is done has happened; what may not happen twice has not, and nothing twice in one life."""
        effects = self.worker.effects()
        lives = Counter(effects)
        self.case.assertEqual([each for each, count in lives.items() if count > 1], [], "happened twice in one life")
        happened = Counter(number for _, number in effects)
        self.case.assertEqual([number for number in once if happened[number] > 1], [], "happened twice")
        outcomes = client.outcomes()
        done = [number for ids in (once, *again) for number in ids if outcomes[number][0] == "ok"]
        self.case.assertEqual([number for number in done if not happened[number]], [], "done, and did not happen")


class Scenarios(unittest.TestCase):
    def repeat(self, play: Callable[[random.Random], str]) -> None:
        """A scenario with a seed; in the long form with one after the other, for this scenario's part of the time."""
        end = time.monotonic() + SECONDS / SCENARIOS
        seed = FIRST_SEED
        while True:
            try:
                with self.subTest(seed=seed):
                    begun = time.monotonic()
                    figures = play(random.Random(seed))
                    name = play.__name__.replace("_", " ")
                    sys.stderr.write(f"{name}: {figures} ({time.monotonic() - begun:.1f} s, seed {seed})\n")
            finally:
                self.doCleanups()
            seed += 1
            if GIVEN_SEED or time.monotonic() >= end:
                return

    def only(self, counts: Counter, *codes: str) -> None:
        self.assertLessEqual(set(counts), set(codes), told(counts))
