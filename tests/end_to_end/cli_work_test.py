# SPDX-License-Identifier: Apache-2.0
"""work: any program as a worker, against the real daemon."""

import os
import signal
import subprocess
import tempfile
import time
import unittest

import daemon
from cli import FAILED, OK, USAGE, Terminal, run, start, wait_until
from daemon import Daemon, DaemonTest


def alive(process_id):
    """Whether a process is there; a zombie is none."""
    try:
        with open(f"/proc/{process_id}/stat", encoding="utf-8") as file:
            return file.read().rsplit(")", 1)[1].split()[0] != "Z"
    except FileNotFoundError:
        return False


class Work(DaemonTest):
    def work(self, queue, *command, options=()):
        """Does all that is there."""
        ended = run("work", "--queue", queue, "--until-empty", *options, "--", *command,
                    url=self.daemon.url)
        self.assertEqual((ended.returncode, ended.stdout), (OK, b""), ended)
        return ended.stderr

    def started(self, queue, *command, options=()):
        process = start("work", "--queue", queue, *options, "--", *command, url=self.daemon.url)
        self.addCleanup(process.communicate)
        self.addCleanup(process.kill)
        return process

    def one(self, payload, *command, options=(), kind="t", **more):
        """The task, after one was done."""
        queue = f"q{time.monotonic_ns()}"
        number = self.json.submit(queue, kind, payload, **more)
        self.errors = self.work(queue, *command, options=options)
        return self.json.task(number)

    def reached(self, number, state, seconds=20):
        return wait_until(lambda: (task := self.json.task(number))["state"] == state and task, seconds)

    def number_in(self, name):
        """The number that somebody writes into the file."""

        def content():
            with open(name, encoding="utf-8") as file:
                return file.read().strip()

        return int(wait_until(content))

    def file_for_id(self):
        handle, name = tempfile.mkstemp()
        os.close(handle)
        self.addCleanup(os.unlink, name)
        return name

    def test_json_goes_in_and_comes_back(self):
        payload = {"a": [1, 2.5, None, "ä"], "b": {"c": True}}
        task = self.one(payload, "cat")
        self.assertEqual((task["state"], task["result"]), ("succeeded", payload))
        self.assertEqual(self.errors, b"")
        self.assertEqual(self.one({"n": 1}, "wc", "-c")["result"], len('{"n":1}\n'))

    def test_output_that_is_no_json_is_text(self):
        self.assertEqual(self.one(1, "echo", "to be")["result"], "to be")
        self.assertIsNone(self.one(1, "true")["result"])
        self.assertEqual(self.one(1, "printf", r"\377")["result"], "/w==")

    def test_text_and_messagepack(self):
        self.assertEqual(self.one("to be\nor not", "wc", "-w", options=["--text"])["result"], 4)
        refused = self.one([1], "cat", options=["--text"])
        self.assertEqual(refused["state"], "dead")
        self.assertEqual(self.one([1, "a"], "cat", options=["--format", "msgpack"])["result"], [1, "a"])
        self.assertEqual(self.one([1], "od", "-An", "-tx1", options=["--format", "msgpack"])["state"], "dead")

    def test_the_environment_tells_about_the_task(self):
        task = self.one(1, "sh", "-c", "echo $STRUCTWIRE_TASK_ID $STRUCTWIRE_TASK_ATTEMPT "
                        "$STRUCTWIRE_TASK_QUEUE $STRUCTWIRE_TASK_TYPE", kind="kind/a:b")
        self.assertEqual(task["result"], f"{task['id']} 1 {task['queue']} kind/a:b")

    def test_failure_keeps_the_end_of_standard_error_and_is_tried_again(self):
        task = self.one(1, "sh", "-c", "echo first >&2; echo it broke >&2; exit 3")
        self.assertEqual(task["state"], "scheduled")
        self.assertEqual(task["errors"][0]["message"], "exit status 3: first\nit broke")
        self.assertEqual(self.errors, b"")
        self.assertEqual(self.one(1, "false")["errors"][0]["message"], "exit status 1")
        self.assertEqual(self.one(1, "sh", "-c", "kill -9 $$")["errors"][0]["message"], "ended by signal 9")

    def test_failure_may_be_final(self):
        self.assertEqual(self.one(1, "sh", "-c", "exit 65")["state"], "dead")
        self.assertEqual(self.one(1, "false", options=["--no-retry"])["state"], "dead")
        self.assertIn(b"exit status 65",
                      (self.one(1, "sh", "-c", "exit 65", options=["--verbose"]), self.errors)[1])

    def test_large_payloads_and_too_large_results(self):
        text = "x" * 900_000
        self.assertEqual(self.one(text, "cat", options=["--text"])["result"], text)
        task = self.one(1, "head", "-c", "2000000", "/dev/zero")
        self.assertEqual((task["state"], task["errors"][0]["message"]),
                         ("dead", "it wrote more than a result may hold"))

    def test_a_command_may_take_longer_than_its_lease(self):
        # Three seconds: a busy machine may keep a heartbeat waiting for longer than a lease of one.
        started = time.monotonic()
        task = self.one(1, "sh", "-c", "sleep 7; echo 7", options=["--lease", "3"])
        self.assertGreater(time.monotonic() - started, 7)
        self.assertEqual((task["state"], task["attempt"]), ("succeeded", 1), self.errors)
        self.assertEqual(task["result"], 7)

    def test_many_at_a_time(self):
        ids = [self.json.submit("many", "t", n) for n in range(12)]
        started = time.monotonic()
        self.work("many", "sh", "-c", "sleep 0.5; cat", options=["-j", "6"])
        self.assertLess(time.monotonic() - started, 5.5)
        self.assertEqual([self.json.task(number)["result"] for number in ids], list(range(12)))

    def test_cancelling_ends_the_command(self):
        name = self.file_for_id()
        number = self.json.submit("cancel", "t", 1)
        process = self.started("cancel", "sh", "-c", f"echo $$ > {name}; sleep 60 & wait")
        child = self.number_in(name)
        self.assertEqual(run("cancel", number, url=self.daemon.url).returncode, OK)
        wait_until(lambda: not alive(child))
        self.assertIsNone(process.poll())
        after = self.json.submit("cancel", "t", 1)
        wait_until(lambda: self.json.task(after)["state"] == "running")
        self.assertEqual(self.json.task(number)["state"], "cancelled")

    def test_a_signal_finishes_what_is_under_way(self):
        number = self.json.submit("finish", "t", 1)
        process = self.started("finish", "sh", "-c", "sleep 1; echo 5")
        self.reached(number, "running")
        process.send_signal(signal.SIGTERM)
        self.assertEqual(process.wait(20), OK)
        self.assertEqual(self.json.task(number)["result"], 5)

    def test_a_second_signal_hands_back(self):
        number = self.json.submit("back", "t", 1)
        process = self.started("back", "sleep", "60")
        self.reached(number, "running")
        process.send_signal(signal.SIGINT)
        time.sleep(0.3)
        process.send_signal(signal.SIGINT)
        self.assertEqual(process.wait(20), OK)
        task = self.json.task(number)
        self.assertEqual(task["state"], "scheduled")
        self.assertEqual(task["errors"][0]["message"], "handed back: the worker was stopped")

    def test_a_killed_worker_takes_its_command_along(self):
        name = self.file_for_id()
        self.json.submit("killed", "t", 1)
        process = self.started("killed", "sh", "-c", f"echo $$ > {name}; exec sleep 60")
        child = self.number_in(name)
        process.kill()
        wait_until(lambda: not alive(child))

    def test_an_outage_is_sat_out(self):
        with tempfile.TemporaryDirectory() as data:
            with Daemon(data=data) as first:
                api = first.api()
                number = api.submit("q", "t", 1)
                process = start("work", "--queue", "q", "--", "sh", "-c", "sleep 1; echo 5", url=first.url)
                self.addCleanup(process.communicate)
                self.addCleanup(process.kill)
                wait_until(lambda: api.task(number)["state"] == "running")
                api.close()
            time.sleep(1.5)
            again = subprocess.Popen([daemon.PROGRAM, "--http", f"127.0.0.1:{first.port}", "--data", data],
                                     stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
            self.addCleanup(again.communicate)
            self.addCleanup(again.kill)
            self.assertIn(b"http://", again.stdout.readline())
            api = first.api()
            task = wait_until(lambda: (t := api.task(number))["state"] == "succeeded" and t)
            self.assertEqual((task["result"], task["attempt"]), (5, 1))
            process.terminate()
            self.assertEqual(process.wait(20), OK)
            api.close()

    def test_progress_at_a_terminal(self):
        number = self.json.submit("shown", "t", 1)
        with Terminal("work", "-q", "shown", "--", "sleep", "0.5", url=self.daemon.url) as terminal:
            terminal.wait_for("queue shown: ")
            terminal.wait_for("1 running")
            self.reached(number, "succeeded")
            terminal.wait_for("1 done, 0 running")
            terminal.type("\x03")
            self.assertEqual(terminal.end(), OK)
            self.assertTrue(terminal.text.endswith("structwire: 1 done\r\n"), terminal.text)

    def test_ctrl_c_does_not_hit_the_command(self):
        number = self.json.submit("ctrl", "t", 1)
        with Terminal("work", "-q", "ctrl", "--", "sh", "-c", "sleep 1; echo 5", url=self.daemon.url) as terminal:
            self.reached(number, "running")
            terminal.type("\x03")
            self.assertEqual(terminal.end(), OK)
        self.assertEqual(self.json.task(number)["result"], 5)

    def test_wrong_usage(self):
        for arguments in [("work", "--", "cat"), ("work", "-q", "q"), ("work", "-q", "q", "--", "no-such-program"),
                          ("work", "-q", "q", "-j", "0", "--", "cat")]:
            self.assertEqual(run(*arguments, url=self.daemon.url).returncode, USAGE)
        refused = run("work", "-q", "no such name!", "--", "cat", url=self.daemon.url)
        self.assertNotIn(refused.returncode, (OK, FAILED))


if __name__ == "__main__":
    unittest.main()
