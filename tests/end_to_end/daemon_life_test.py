# SPDX-License-Identifier: Apache-2.0
"""How structwired starts, is configured, ends, and finds its tasks again."""

import os
import re
import shutil
import signal
import subprocess
import tempfile
import threading
import time
import unittest

from daemon import PROGRAM, Daemon, main


def run(*arguments, environment=None, cwd=None):
    """Runs structwired until it ends by itself."""
    return subprocess.run([PROGRAM, *arguments], capture_output=True, text=True, timeout=20, cwd=cwd,
                          env={**os.environ, **(environment or {})})


class Scratch(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.mkdtemp(prefix="structwire-life-")
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)

    def path(self, name, text=None):
        path = os.path.join(self.folder, name)
        if text is not None:
            with open(path, "w", encoding="utf-8") as file:
                file.write(text)
        return path


class Ending(Scratch):
    def test_sigterm_ends_it_cleanly_and_the_tasks_stay(self):
        with Daemon(data=self.path("data")) as daemon:
            api = daemon.api()
            numbers = [api.submit(payload=n) for n in range(10)]
            [held] = api.claim()
            daemon.terminate()
            self.assertEqual(daemon.wait(), 0)
            self.assertIn("stopped", daemon.stderr())
        with Daemon(data=self.path("data")) as daemon:
            api = daemon.api()
            self.assertEqual([api.task(n)["payload"] for n in numbers], list(range(10)))
            # The worker outlived the daemon, and its lease did, too.
            done = api.post(f"/v1/tasks/{held['id']}/complete", {"fence": held["fence"]})
            self.assertEqual((done.status, done.value["state"]), (200, "succeeded"))

    def test_kill_9_needs_no_repair(self):
        for n in range(5):
            with Daemon(data=self.path("data")) as daemon:
                api = daemon.api()
                self.assertEqual(api.count(), n)
                api.submit()
                daemon.kill()

    def test_while_it_drains_new_work_is_refused_and_old_work_ends(self):
        with Daemon("--drain-ms", "3000", data=self.path("data")) as daemon:
            api, worker = daemon.api(), daemon.api()
            number = api.submit()
            [held] = worker.claim()
            api.get("/readyz")
            daemon.terminate()
            time.sleep(0.3)
            # Each answer is now its connection's last, so each question is on a new one.
            probes = [daemon.api() for _ in range(5)]
            ready = probes[0].get("/readyz")
            self.assertEqual((ready.status, ready.value["code"]), (503, "draining"))
            self.assertEqual(probes[1].get("/livez").status, 200)
            for probe, path, body in ((probes[2], "/v1/tasks", {"queue": "q", "type": "t"}),
                                      (probes[3], "/v1/queues/q/claim", {"worker": "w"}),
                                      (probes[4], "/v1/queues/q/claim",
                                       {"worker": "w", "wait_ms": 5000})):
                answer = probe.post(path, body)
                self.assertEqual((answer.status, answer.value["code"]), (503, "draining"))
                self.assertEqual(answer.fields["retry-after"], "1")
                self.assertEqual(answer.fields["connection"], "close")
            done = worker.post(f"/v1/tasks/{number}/complete",
                               {"fence": held["fence"], "result": "in time"})
            self.assertEqual((done.status, done.value["state"]), (200, "succeeded"))
            api.close()
            worker.close()
            self.assertEqual(daemon.wait(), 0)
        with Daemon(data=self.path("data")) as daemon:
            self.assertEqual(daemon.api().task(number)["result"], "in time")

    def test_long_polls_are_answered_when_it_ends(self):
        with Daemon(data=":memory:") as daemon:
            answers = []
            polls = [threading.Thread(target=lambda: answers.append(daemon.api().post(
                "/v1/queues/q/claim", {"worker": "w", "wait_ms": 30000}))) for _ in range(10)]
            for poll in polls:
                poll.start()
            time.sleep(0.5)
            daemon.terminate()
            for poll in polls:
                poll.join()
            self.assertEqual({(a.status, str(a.value)) for a in answers}, {(200, "{'tasks': []}")})
            self.assertEqual(daemon.wait(), 0)

    def test_every_answer_given_while_it_ends_is_true(self):
        with Daemon("--drain-ms", "200", data=self.path("data")) as daemon:
            made, others = [], []

            def submit():
                try:
                    api = daemon.api()
                    while True:
                        answer = api.post("/v1/tasks", {"queue": "q", "type": "t"})
                        if answer.status != 201:
                            others.append(answer.status)
                            return
                        made.append(answer.value["id"])
                except OSError:
                    return

            threads = [threading.Thread(target=submit) for _ in range(16)]
            for thread in threads:
                thread.start()
            time.sleep(0.4)
            daemon.terminate()
            for thread in threads:
                thread.join()
            self.assertEqual(daemon.wait(), 0)
            self.assertGreater(len(made), 10)
            self.assertEqual(set(others) - {503}, set())
        with Daemon(data=self.path("data")) as daemon:
            self.assertEqual(daemon.api().count(), len(set(made)))

    def test_a_second_signal_ends_it_at_once(self):
        for first, second in ((signal.SIGTERM, signal.SIGTERM), (signal.SIGINT, signal.SIGINT)):
            with Daemon("--drain-ms", "60000", data=":memory:") as daemon:
                api = daemon.api()
                api.get("/livez")  # an open connection is what it waits for
                daemon.terminate(first)
                time.sleep(0.3)
                self.assertIsNone(daemon.process.poll())
                daemon.terminate(second)
                self.assertEqual(daemon.wait(2), 128 + second)
                api.close()

    def test_without_connections_it_ends_without_waiting(self):
        with Daemon("--drain-ms", "60000", data=":memory:") as daemon:
            start = time.monotonic()
            daemon.terminate()
            self.assertEqual(daemon.wait(), 0)
            self.assertLess(time.monotonic() - start, 2)


class Starting(Scratch):
    def test_one_line_tells_where_and_what(self):
        with Daemon(data=self.path("data")) as daemon:
            self.assertRegex(daemon.line, r"^structwired \d+\.\d+\.\d+: http://127\.0\.0\.1:\d+, "
                                          rf"data in {re.escape(self.path('data'))}\n$")
        with Daemon(data=":memory:") as daemon:
            self.assertTrue(daemon.line.endswith(", data in memory\n"))
            self.assertEqual(os.path.exists(":memory:"), False)

    def test_the_same_data_is_served_once(self):
        with Daemon(data=self.path("data")):
            second = run("--http", "127.0.0.1:0", "--data", self.path("data"))
            self.assertEqual(second.returncode, 1)
            self.assertIn(self.path("data"), second.stderr)

    def test_a_port_that_is_taken_is_named(self):
        with Daemon(data=":memory:") as daemon:
            second = run("--http", f"127.0.0.1:{daemon.port}", "--data", ":memory:")
            self.assertEqual(second.returncode, 1)
            self.assertIn(f"127.0.0.1:{daemon.port}", second.stderr)

    def test_other_loopback_addresses_are_served(self):
        with Daemon("--log-level", "debug", data=":memory:",
                    environment={"STRUCTWIRE_THREADS": "4"}) as daemon:
            self.assertEqual(daemon.api().get("/livez").status, 200)
            self.assertRegex(daemon.stderr(), r"debug GET /livez 200")

    def test_help_and_version(self):
        shown = run("--help")
        self.assertEqual(shown.returncode, 0)
        for word in ("--http", "--data", "--config", "127.0.0.1:8080", "structwired-data",
                     "STRUCTWIRE_HTTP", "SIGTERM", "curl"):
            self.assertIn(word, shown.stdout)
        self.assertNotIn("--grpc", shown.stdout)
        shown = run("--version")
        self.assertRegex(shown.stdout, r"^structwired \d+\.\d+\.\d+\n$")

    def test_a_wrong_setting_is_refused_with_its_origin(self):
        toml = self.path("wrong.toml", "threads = 2\n\nthreads_max = 3\n")
        number = self.path("number.toml", "threads = \"2\"\n")
        broken = self.path("broken.toml", "http = \n")
        port = self.path("port.toml", "http = \"127.0.0.1\"\n")
        rows = [
            (["--threads", "0"], {}, "--threads", "1 to 64"),
            (["--threads", "many"], {}, "--threads", "1 to 64"),
            (["--http", "8080"], {}, "--http", "ADDRESS:PORT"),
            (["--http", "127.0.0.1:99999"], {}, "--http", "ADDRESS:PORT"),
            (["--http", "0.0.0.0:8080"], {}, "--http", "loopback"),
            (["--http", "192.168.1.1:8080"], {}, "--http", "loopback"),
            (["--http", "[::]:8080"], {}, "--http", "loopback"),
            (["--grpc", "127.0.0.1:9090"], {}, "--grpc", "not in this version"),
            (["--messages", "0.0.0.0:9090"], {}, "--messages", "loopback"),
            (["--messages", "0.0.0.0:9090"], {}, "--messages", "--messages-key"),
            (["--messages-key", "k"], {}, "--messages-key", "need each other"),
            (["--messages-allowed", "k"], {}, "--messages-allowed", "need each other"),
            (["--messages", "ipc://"], {}, "--messages", "ipc://PATH"),
            (["--log-level", "loud"], {}, "--log-level", "debug, info, warning or error"),
            (["--colour", "red"], {}, "--colour", ""),
            ([], {"STRUCTWIRE_THREADS": "0"}, "STRUCTWIRE_THREADS", "1 to 64"),
            ([], {"STRUCTWIRE_HTTP": "10.0.0.1:1"}, "STRUCTWIRE_HTTP", "loopback"),
            ([], {"STRUCTWIRE_GRPC": "127.0.0.1:1"}, "STRUCTWIRE_GRPC", "not in this version"),
            (["--config", toml], {}, "wrong.toml:3: threads_max", "no such setting"),
            (["--config", number], {}, "number.toml:1: threads", "whole number"),
            (["--config", port], {}, "port.toml:1: http", "ADDRESS:PORT"),
            (["--config", broken], {}, "broken.toml:1", ""),
            (["--config", self.path("none.toml")], {}, "none.toml", ""),
            ([], {"STRUCTWIRE_CONFIG": toml}, "wrong.toml:3", "no such setting"),
        ]
        for arguments, environment, origin, word in rows:
            with self.subTest(arguments=arguments, environment=environment):
                ended = run(*arguments, environment=environment, cwd=self.folder)
                self.assertEqual(ended.returncode, 2, ended)
                self.assertIn(origin, ended.stderr)
                self.assertIn(word, ended.stderr)

    def test_a_flag_beats_the_environment_and_that_beats_the_file(self):
        config = self.path("a.toml", f"data = \"{self.path('from-file')}\"\nlog_level = \"debug\"\n")
        process = {"STRUCTWIRE_CONFIG": config}
        for arguments, environment, expected in (
                ([], {}, "from-file"),
                ([], {"STRUCTWIRE_DATA": self.path("from-environment")}, "from-environment"),
                (["--data", self.path("from-flag")], {"STRUCTWIRE_DATA": self.path("x")},
                 "from-flag")):
            child = subprocess.Popen([PROGRAM, "--http", "127.0.0.1:0", *arguments],
                                     stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
                                     env={**os.environ, **process, **environment})
            try:
                self.assertIn(f"data in {self.path(expected)}\n", child.stdout.readline().decode())
            finally:
                child.kill()
                child.wait()
                child.stdout.close()

    def test_without_a_word_the_data_is_where_it_was_started(self):
        child = subprocess.Popen([PROGRAM, "--http", "localhost:0"], stdout=subprocess.PIPE,
                                 stderr=subprocess.DEVNULL, cwd=self.folder)
        try:
            self.assertIn("data in structwired-data\n", child.stdout.readline().decode())
            self.assertTrue(os.path.isdir(self.path("structwired-data")))
        finally:
            child.kill()
            child.wait()
            child.stdout.close()


if __name__ == "__main__":
    main()
