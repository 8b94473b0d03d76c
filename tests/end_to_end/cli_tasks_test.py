# SPDX-License-Identifier: Apache-2.0
"""submit, status, tasks and cancel against the real daemon."""

import json
import os
import tempfile
import threading
import time
import unittest

from cli import (BAD_DATA, FAILED, NO_INPUT, OK, TEMPORARY, UNAVAILABLE, USAGE, Terminal, run, start,
                 wait_until)
from daemon import Daemon, DaemonTest


class Tasks(DaemonTest):
    def run_ok(self, *arguments, **more):
        ended = run(*arguments, url=self.daemon.url, **more)
        self.assertEqual((ended.returncode, ended.stderr), (OK, b""), ended)
        return ended.stdout.decode()

    def submit(self, *arguments, **more):
        return int(self.run_ok("submit", *arguments, **more))

    def payload(self, number):
        return self.json.task(number)["payload"]

    def complete(self, queue, result):
        """Does the next task of the queue, when there is one."""
        api = self.daemon.api()
        task = wait_until(lambda: api.claim(queue, max=1))[0]
        api.post(f"/v1/tasks/{task['id']}/complete", {"fence": task["fence"], "result": result})
        api.close()

    def test_payloads_from_everywhere(self):
        self.assertEqual(self.payload(self.submit("p", "t", '{"a": [1, 2.5, null]}')), {"a": [1, 2.5, None]})
        self.assertEqual(self.payload(self.submit("p", "t", "-", stdin="[7]")), [7])
        self.assertEqual(self.payload(self.submit("p", "t", stdin="[8]")), [8])
        self.assertIsNone(self.payload(self.submit("p", "t")))
        self.assertEqual(self.payload(self.submit("p", "t", "--text", "to be")), "to be")
        self.assertEqual(self.payload(self.submit("p", "t", "--text", stdin="to be\n")), "to be\n")
        packed = run("encode", stdin="[9]").stdout
        self.assertEqual(self.payload(self.submit("p", "t", "--format", "msgpack", stdin=packed)), [9])
        with tempfile.TemporaryDirectory() as folder:
            for name, content in (("a.json", b"[10]"), ("a.msgpack", b"\x91\x0a")):
                path = os.path.join(folder, name)
                with open(path, "wb") as file:
                    file.write(content)
                self.assertEqual(self.payload(self.submit("p", "t", "--file", path)), [10])

    def test_lines_are_tasks(self):
        lines = "".join(f'{{"n": {n}}}\n' for n in range(600))
        ids = [int(line) for line in self.run_ok("submit", "l", "t", "--lines", stdin=lines).split()]
        self.assertEqual(len(ids), 600)
        self.assertEqual(self.payload(ids[599]), {"n": 599})
        text = self.run_ok("submit", "l", "t", "--lines", "--text", stdin="two words\nlast")
        self.assertEqual(self.payload(int(text.split()[0])), "two words")

    def test_options_reach_the_task(self):
        number = self.submit("o", "t", "1", "--priority", "-5", "--max-attempts", 3, "--lease-ms", 1234,
                             "--delay", 3600)
        task = self.json.task(number)
        self.assertEqual((task["priority"], task["max_attempts"], task["lease_ms"]), (-5, 3, 1234))
        self.assertEqual(task["state"], "scheduled")
        self.assertAlmostEqual(task["run_at_us"] / 1e6, time.time() + 3600, delta=60)

    def test_wait_prints_the_result(self):
        threading.Timer(0.3, self.complete, ("w", {"sum": 6})).start()
        self.assertEqual(self.run_ok("submit", "w", "t", "1", "--wait"), '{"sum":6}\n')

    def test_wait_tells_failure_and_time(self):
        waiting = start("submit", "dead", "t", "1", "--wait", url=self.daemon.url)
        task = wait_until(lambda: self.json.claim("dead"))[0]
        self.json.post(f"/v1/tasks/{task['id']}/fail", {"fence": task["fence"], "error": "no", "retry": False})
        output, errors = waiting.communicate(timeout=20)
        self.assertEqual((waiting.returncode, output), (FAILED, b""))
        self.assertEqual(errors.decode(), f"structwire: task {task['id']} is dead: no\n")
        late = run("submit", "late", "t", "1", "--wait", "--timeout", "0.3", url=self.daemon.url)
        self.assertEqual((late.returncode, late.stdout), (TEMPORARY, b""))

    def test_wait_shows_progress_at_a_terminal_only(self):
        with Terminal("submit", "seen", "t", "1", "--wait", url=self.daemon.url) as terminal:
            terminal.wait_for("queued")
            self.complete("seen", {"a": 1})
            self.assertEqual(terminal.end(), OK)
            self.assertTrue(terminal.text.endswith('{\r\n  "a": 1\r\n}\r\n'), terminal.text)

    def test_status(self):
        number = self.submit("s", "t", '{"a":1}')
        shown = json.loads(self.run_ok("status", number))
        self.assertEqual((shown["id"], shown["state"], shown["payload"]), (number, "queued", {"a": 1}))
        missing = run("status", 10**9, url=self.daemon.url)
        self.assertEqual((missing.returncode, missing.stdout), (FAILED, b""))
        self.assertIn(b"structwire: ", missing.stderr)
        self.assertEqual(run("status", "seven", url=self.daemon.url).returncode, USAGE)

    def test_tasks_as_lines_and_as_a_table(self):
        ids = [self.submit("list", "t", str(n)) for n in range(5)]
        listed = [json.loads(line) for line in self.run_ok("tasks", "-q", "list").splitlines()]
        self.assertEqual([task["id"] for task in listed], ids)
        self.assertEqual(len(self.run_ok("tasks", "-q", "list", "-n", 2).splitlines()), 2)
        self.assertEqual(len(self.run_ok("tasks", "-q", "list", "--after", ids[3]).splitlines()), 1)
        self.assertEqual(self.run_ok("tasks", "-q", "list", "-s", "dead"), "")
        self.assertEqual(len(self.run_ok("tasks", "-q", "list", "--all").splitlines()), 5)
        with Terminal("tasks", "-q", "list", url=self.daemon.url) as terminal:
            self.assertEqual(terminal.end(), OK)
            self.assertIn("QUEUE", terminal.text)
            self.assertIn("\x1b[", terminal.text)
            self.assertEqual(len(terminal.text.splitlines()), 6)
        for plain in ({"NO_COLOR": "1"}, {"TERM": "dumb"}):
            with Terminal("tasks", "-q", "list", url=self.daemon.url, **plain) as terminal:
                self.assertEqual(terminal.end(), OK)
                self.assertNotIn("\x1b[", terminal.text)

    def test_cancel(self):
        ids = [self.submit("c", "t", "1") for _ in range(3)]
        self.assertEqual(self.run_ok("cancel", *ids[:2]), f"{ids[0]} cancelled\n{ids[1]} cancelled\n")
        self.assertEqual(self.json.task(ids[0])["state"], "cancelled")
        self.complete("c", 1)
        partly = run("cancel", ids[1], ids[2], 10**9, url=self.daemon.url)
        self.assertEqual((partly.returncode, partly.stdout), (FAILED, f"{ids[1]} cancelled\n".encode()))
        self.assertEqual(len(partly.stderr.splitlines()), 2)

    def test_what_is_wrong_is_told_with_its_status(self):
        url = self.daemon.url
        for arguments, status, message in [
            (("submit", "q", "t", "{"), BAD_DATA, b"PAYLOAD: no valid json"),
            (("submit", "q", "t", "--file", "/no/such"), NO_INPUT, b"/no/such"),
            (("submit", "no such name!", "t", "1"), BAD_DATA, b"$.queue"),
            (("submit", "q", "t", "1", "--priority", "5000"), USAGE, b"--priority"),
            (("submit", "q"), USAGE, b"TYPE"),
            (("tasks", "--state", "lost"), USAGE, b"--state"),
            (("tasks", "--server", "https://localhost"), USAGE, b"http://"),
        ]:
            ended = run(*arguments, url=url)
            self.assertEqual((ended.returncode, ended.stdout), (status, b""), ended)
            self.assertIn(message, ended.stderr)

    def test_nobody_there(self):
        with Daemon() as gone:
            url = gone.url
        for arguments in [("submit", "q", "t", "1"), ("status", 1), ("tasks",), ("cancel", 1),
                          ("work", "--queue", "q", "--until-empty", "--", "cat")]:
            ended = run(*arguments, url=url)
            self.assertEqual((ended.returncode, ended.stdout), (UNAVAILABLE, b""), ended)
            self.assertIn(b"Is structwired running?", ended.stderr)


if __name__ == "__main__":
    unittest.main()
