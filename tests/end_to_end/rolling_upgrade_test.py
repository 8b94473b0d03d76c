# SPDX-License-Identifier: Apache-2.0
"""A rolling upgrade, version 1 to 2 to 3 and back, one process at a time, under load.

Three processes submit messages as tasks, keep each in a file, and work on the tasks of all. Each in turn is replaced by
a program of the next version. Every task succeeds, every file is read, and the counts tell which versions came.

What is written is the older version until all programs know the newer one; so each step can be taken back. The last
step is different: when version 3 is written, programs of version 2 cannot read it, as the compatibility check says.
"""

import os
import re
import signal
import subprocess
import tempfile
import time
import unittest

from cli import wait_until
from daemon import Daemon, main

FOLDER = os.environ["STRUCTWIRE_BIN"]
# Between two replacements; longer where `./dev check` gives time.
SECONDS = max(0.3, float(os.environ.get("STRUCTWIRE_CHECK_SECONDS", "0")) / 100)


def program(version):
    return os.path.join(FOLDER, f"rolling_{version}")


class Peer:
    """One of the processes."""

    def __init__(self, url, folder, name, version, writes):
        self.name, self.version, self.writes = name, version, writes
        self.process = subprocess.Popen([program(version), url, folder, name, str(writes)], stdout=subprocess.PIPE,
                                        stderr=subprocess.PIPE, text=True)
        assert self.process.stdout.readline() == "ready\n"

    def stop(self):
        """What it has seen; it has to end well."""
        self.process.send_signal(signal.SIGTERM)
        output, errors = self.process.communicate(timeout=60)
        assert self.process.returncode == 0, (self.name, output, errors)
        return Seen(output)

    def kill(self):
        if self.process.poll() is None:
            self.process.kill()
            self.process.communicate()


class Seen:
    """The line that a process prints in the end."""

    def __init__(self, line):
        self.line = line.strip()
        self.submitted = int(re.search(r"submitted (\d+)", line).group(1))
        tasks, stored = line.split("; stored: ")
        self.tasks = self.counts(tasks)
        self.stored = self.counts(stored)

    @staticmethod
    def counts(text):
        found = {f"v{number}": int(count) for number, count in re.findall(r"version (\d+): (\d+)", text)}
        found["newer"] = int(re.search(r"newer: (\d+)", text).group(1))
        found["refused"] = int(re.search(r"refused: (\d+)", text).group(1))
        return found


class RollingUpgrade(unittest.TestCase):
    def setUp(self):
        self.files = tempfile.TemporaryDirectory(prefix="structwire-rolling-")
        self.addCleanup(self.files.cleanup)
        self.daemon = Daemon("--log-level", "warning")
        self.addCleanup(self.daemon.__exit__)
        self.peers, self.seen, self.started = [], [], 0
        self.addCleanup(lambda: [peer.kill() for peer in self.peers])

    def start(self, version, writes):
        self.started += 1
        return Peer(self.daemon.url, self.files.name, f"peer{self.started}", version, writes)

    def roll(self, version, writes):
        """Replaces one process after the other."""
        for place, old in enumerate(self.peers):
            self.seen.append(old.stop())
            self.peers[place] = self.start(version, writes)
            time.sleep(SECONDS)

    def unfinished(self):
        """Asked for in the order that a task takes: none passes by between two questions while no attempt fails."""
        api = self.daemon.api()
        try:
            return [task for state in ("scheduled", "queued", "running", "dead")
                    for task in api.get(f"/v1/tasks?state={state}&limit=1000").value["tasks"]]
        finally:
            api.close()

    def finish(self, version):
        """Stops all, then lets one of `version` work off what is left; returns how many tasks were seen of which."""
        self.seen += [peer.stop() for peer in self.peers]
        self.peers = [self.start(version, 0)]
        wait_until(lambda: not self.unfinished(), 60)
        self.seen.append(self.peers.pop().stop())
        return {key: sum(seen.tasks.get(key, 0) for seen in self.seen)
                for key in ("v1", "v2", "v3", "newer", "refused")}

    def check_nothing_lost(self):
        api = self.daemon.api()
        submitted = sum(seen.submitted for seen in self.seen)
        tasks, after = [], 0
        while after is not None:
            page = api.get(f"/v1/tasks?limit=1000&after={after}").value
            tasks += page["tasks"]
            after = page["next"]
        api.close()
        self.assertEqual(len(tasks), submitted)
        states = {}
        for task in tasks:
            states[task["state"]] = states.get(task["state"], 0) + 1
        self.assertEqual(states, {"succeeded": submitted})
        files = [name for name in os.listdir(self.files.name) if name.endswith(".stored")]
        self.assertEqual(len(files), submitted)
        return submitted

    def read_files(self, version):
        return subprocess.run([program(version), "--read", self.files.name], capture_output=True, text=True, check=False)

    def test_up_and_back_while_the_older_version_is_written(self):
        self.peers = [self.start(1, 1) for _ in range(3)]
        time.sleep(SECONDS)
        self.roll(2, 1)  # All know 2 ...
        self.roll(2, 2)  # ... before it is written; 1 could read it, too: see below.
        self.roll(3, 2)
        self.roll(2, 2)
        self.roll(1, 1)  # Programs of version 1 find messages of version 2, and read what they know of them.
        totals = self.finish(1)
        submitted = self.check_nothing_lost()
        print(f"{submitted} tasks; seen {totals}")
        for seen in self.seen:
            print(" ", seen.line)
            self.assertEqual((seen.tasks["refused"], seen.stored["refused"]), (0, 0), seen.line)
        self.assertGreater(totals["v1"], 0)
        self.assertGreater(totals["v2"], 0)
        self.assertGreaterEqual(totals["v1"] + totals["v2"], submitted, "started at least once")
        for version in (1, 2, 3):
            read = self.read_files(version)
            self.assertEqual((read.returncode, read.stderr), (0, ""))
            counts = Seen.counts(read.stdout)
            self.assertEqual(sum(counts.values()), submitted)
            self.assertGreater(counts["v2" if version > 1 else "newer"], 0, read.stdout)
        forward = subprocess.run([program(3), "--forward"], capture_output=True, text=True, check=True).stdout
        self.assertIn("1 to 2: compatible", forward)

    def test_going_back_behind_a_rename_is_what_the_check_warns_of(self):
        forward = subprocess.run([program(3), "--forward"], capture_output=True, text=True, check=True).stdout
        self.assertRegex(forward, "2 to 3: (breaks|silent)")
        self.peers = [self.start(3, 2) for _ in range(2)]
        self.roll(3, 3)  # From here on there is no way back.
        self.peers.append(self.start(2, 2))
        refused = wait_until(lambda: [task for task in self.unfinished() if "Invalid enum value 3" in str(task["errors"])], 30)
        self.assertTrue(refused, "it says so at each task, and another program may do it")
        self.seen.append(self.peers.pop().stop())
        self.assertGreater(self.seen[-1].tasks["refused"], 0)
        totals = self.finish(3)
        submitted = self.check_nothing_lost()
        print(f"{submitted} tasks; seen {totals}; the check: {forward.splitlines()[1]}")
        self.assertGreater(totals["v3"], 0)
        read = self.read_files(3)
        self.assertEqual((read.returncode, read.stderr), (0, ""))
        self.assertNotEqual(self.read_files(2).returncode, 0)


if __name__ == "__main__":
    main()
