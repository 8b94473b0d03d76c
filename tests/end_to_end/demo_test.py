# SPDX-License-Identifier: Apache-2.0
"""The demo with fewer records, and the examples."""

import os
import re
import signal
import subprocess
import unittest

from cli import wait_until

FOLDER = os.environ["STRUCTWIRE_BIN"]
DEMO = os.path.join(FOLDER, "demo")
SMALL = ("--http", "127.0.0.1:0", "--records", "2500", "--source", "both")


def processes_with(text):
    """Command lines of processes that have the text in them."""
    found = []
    for entry in os.listdir("/proc"):
        if entry.isdigit():
            try:
                with open(f"/proc/{entry}/cmdline", "rb") as file:
                    line = file.read().replace(b"\0", b" ").decode(errors="replace")
            except OSError:
                continue
            if text in line:
                found.append(line)
    return found


class Demo(unittest.TestCase):
    def test_the_summaries_agree_after_a_worker_was_killed(self):
        ended = subprocess.run([DEMO, *SMALL, "--exit"], capture_output=True, timeout=200, text=True,
                               check=False)
        self.assertEqual((ended.returncode, ended.stderr), (0, ""), ended.stdout)
        self.assertIn("2,500 #include lines", ended.stdout)
        self.assertIn("The results are right.", ended.stdout)
        self.assertNotIn("DIFFERENT", ended.stdout)
        held = int(re.search(r"SIGKILL to worker-4 .* held (\d+) tasks", ended.stdout).group(1))
        again = int(re.search(r"(\d+) of them were started again", ended.stdout).group(1))
        self.assertGreater(held, 0)
        self.assertGreaterEqual(again, held)
        data = re.search(r"data in (\S+)", ended.stdout).group(1)
        self.assertFalse(os.path.exists(data))

    def test_it_invites_and_ends_cleanly(self):
        demo = subprocess.Popen([DEMO, *SMALL, "--records", "300", "--workers", "2"],
                                stdout=subprocess.PIPE, text=True)
        self.addCleanup(demo.stdout.close)
        self.addCleanup(demo.kill)
        text = ""
        while "Ctrl-C stops everything." not in text:
            line = demo.stdout.readline()
            self.assertTrue(line, text)
            text += line
        url = re.search(r"Daemon: (\S+),", text).group(1)
        # What it tells people to type is what is typed here.
        typed = text[text.index("Still running"):]
        commands = re.findall(r"^  ((?:\S*structwire|curl) (?:.*\\\n)*.*)$", typed, re.MULTILINE)
        self.assertEqual(len(commands), 7, typed)
        outputs = []
        for command in commands:
            run = subprocess.run(["bash", "-c", command], capture_output=True, text=True, timeout=60,
                                 stdin=subprocess.DEVNULL, check=False)
            self.assertEqual(run.returncode, 0, (command, run.stderr))
            outputs.append(run.stdout)
        self.assertIn("Hello, you!", outputs[2])
        self.assertIn('"result"', outputs[3])
        # The worker of the queue hello, and the one that was not killed; a fork has its parent's line for a moment.
        wait_until(lambda: len(processes_with(url)) == 2)
        demo.send_signal(signal.SIGINT)
        self.assertEqual(demo.wait(30), 0)
        self.assertEqual(processes_with(url), [])

    def test_a_killed_demo_leaves_no_processes(self):
        demo = subprocess.Popen([DEMO, "--http", "127.0.0.1:0"], stdout=subprocess.PIPE, text=True)
        self.addCleanup(demo.stdout.close)
        while "Daemon: " not in (line := demo.stdout.readline()):
            self.assertTrue(line)
        url, data = re.search(r"Daemon: (\S+), data in (\S+)", line).groups()
        self.addCleanup(subprocess.run, ["rm", "-rf", data], check=False)
        demo.kill()
        demo.wait()
        wait_until(lambda: not processes_with(url) and not processes_with(data), 40)

    def test_hello(self):
        ended = subprocess.run([os.path.join(FOLDER, "example_hello")], capture_output=True, text=True,
                               check=True)
        self.assertEqual(ended.stdout.splitlines(), [
            '100 bytes of JSON: {"id":7,"lines":[{"product":"tea","quantity":2},'
            '{"product":"cup","quantity":1}],"note":"ring twice"}',
            "74 bytes of MessagePack",
            "order 7 has 2 lines",
            "Expected `int` >= 1 - at `$.lines[0].quantity`",
        ])


if __name__ == "__main__":
    unittest.main()
