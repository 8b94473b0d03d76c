# SPDX-License-Identifier: Apache-2.0
"""The real structwired under test, and small clients for it.

Three of them on purpose: `Api` (the standard library's HTTP, JSON or MessagePack), `curl` (the
program itself) and `Wire` (bare sockets, for what no client would send).
"""

import http.client
import json
import os
import re
import select
import shutil
import signal
import socket
import subprocess
import tempfile
import time
import unittest

import msgpack

PROGRAM = os.path.join(os.environ["STRUCTWIRE_BIN"], "structwired")
JSON = "application/json"
MSGPACK = "application/vnd.msgpack"


def encode(value, media_type):
    return msgpack.packb(value) if "msgpack" in media_type else json.dumps(value).encode()


def decode(body, media_type):
    if not body:
        return None
    if "msgpack" in media_type:
        return msgpack.unpackb(body, strict_map_key=False)
    return json.loads(body)


class Answer:
    """Status, fields (names in lower case) and the decoded body."""

    def __init__(self, status, fields, body):
        self.status = status
        self.fields = {name.lower(): value for name, value in fields}
        self.raw = body
        self.type = self.fields.get("content-type", "")

    @property
    def value(self):
        return decode(self.raw, self.type)

    def __repr__(self):
        return f"{self.status} {self.fields} {self.raw[:300]!r}"


class Daemon:
    """structwired on a free port; killed at the end of a `with`."""

    def __init__(self, *arguments, data=None, environment=None):
        self.own_data = data is None
        self.data = data or tempfile.mkdtemp(prefix="structwire-daemon-")
        self.log = tempfile.TemporaryFile()
        self.process = subprocess.Popen(
            [PROGRAM, "--http", "127.0.0.1:0", "--data", self.data, *arguments],
            stdout=subprocess.PIPE, stderr=self.log, env={**os.environ, **(environment or {})})
        self.line = self.process.stdout.readline().decode()
        found = re.search(r"http://127\.0\.0\.1:(\d+)", self.line)
        if not found:
            raise AssertionError(f"structwired did not start: {self.line!r} {self.stderr()}")
        self.port = int(found.group(1))
        self.url = f"http://127.0.0.1:{self.port}"

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.kill()
        self.process.stdout.close()
        self.log.close()
        if self.own_data:
            shutil.rmtree(self.data, ignore_errors=True)

    def stderr(self):
        self.log.seek(0)
        return self.log.read().decode()

    def kill(self):
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()

    def terminate(self, number=signal.SIGTERM):
        self.process.send_signal(number)

    def wait(self, seconds=20):
        return self.process.wait(seconds)

    def api(self, media_type=JSON):
        return Api(self.port, media_type)

    def wire(self):
        return Wire(self.port)

    def curl(self, *arguments, path, data=None):
        """The output of the real curl."""
        command = ["curl", "--silent", "--show-error", "--max-time", "20", *arguments]
        if data is not None:
            command += ["--data-binary", "@-"]
        run = subprocess.run([*command, self.url + path], input=data, capture_output=True, check=True)
        return run.stdout


class Api:
    """One keep-alive connection that speaks one format."""

    def __init__(self, port, media_type=JSON):
        self.port = port
        self.media_type = media_type
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)

    def call(self, method, path, body=None, fields=None, encoded=None):
        sent = {"Content-Type": self.media_type, "Accept": self.media_type}
        if body is None and encoded is None:
            del sent["Content-Type"]
        for name, value in (fields or {}).items():
            sent.pop(name, None)
            if value is not None:
                sent[name] = value
        data = encoded if encoded is not None else (
            None if body is None else encode(body, self.media_type))
        self.connection.request(method, path, body=data, headers=sent)
        response = self.connection.getresponse()
        return Answer(response.status, response.getheaders(), response.read())

    def get(self, path, **more):
        return self.call("GET", path, **more)

    def post(self, path, body=None, **more):
        return self.call("POST", path, body, **more)

    def submit(self, queue="q", kind="t", payload=None, **more):
        answer = self.post("/v1/tasks", {"queue": queue, "type": kind, "payload": payload, **more})
        assert answer.status == 201, answer
        return answer.value["id"]

    def claim(self, queue="q", **more):
        answer = self.post(f"/v1/queues/{queue}/claim", {"worker": "w", **more})
        assert answer.status == 200, answer
        return answer.value["tasks"]

    def task(self, number):
        return self.get(f"/v1/tasks/{number}").value

    def count(self):
        total, after = 0, 0
        while after is not None:
            page = self.get(f"/v1/tasks?limit=1000&after={after}").value
            total += len(page["tasks"])
            after = page["next"]
        return total

    def close(self):
        self.connection.close()


class Wire:
    """Bytes as they are."""

    def __init__(self, port):
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=20)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.buffer = b""

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.socket.close()

    def send(self, data):
        self.socket.sendall(data if isinstance(data, bytes) else data.encode())
        return self

    def receive(self):
        try:
            data = self.socket.recv(65536)
        except ConnectionResetError:
            data = b""
        self.buffer += data
        return data

    def answer(self, head_only=False):
        """The next answer, or None when the connection ended."""
        while b"\r\n\r\n" not in self.buffer:
            if not self.receive():
                return None
        head, _, rest = self.buffer.partition(b"\r\n\r\n")
        lines = head.decode().split("\r\n")
        status = int(lines[0].split(" ")[1])
        fields = [tuple(line.split(": ", 1)) for line in lines[1:]]
        length = 0
        if not head_only:
            length = int(dict((n.lower(), v) for n, v in fields).get("content-length", 0))
        while len(rest) < length:
            if not self.receive():
                return None
            rest = self.buffer.partition(b"\r\n\r\n")[2]
        self.buffer = rest[length:]
        return Answer(status, fields, rest[:length])

    def is_closed(self, seconds=10):
        """Whether the server closes the connection in this time, sending nothing more."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            ready, _, _ = select.select([self.socket], [], [], max(0, end - time.monotonic()))
            if ready:
                return not self.receive() and not self.buffer
        return False


class DaemonTest(unittest.TestCase):
    """Tests that share one daemon; each takes a queue of its own where it matters."""

    arguments = ()

    @classmethod
    def setUpClass(cls):
        cls.daemon = Daemon(*cls.arguments)
        cls.addClassCleanup(cls.daemon.__exit__)

    def setUp(self):
        self.json = self.daemon.api(JSON)
        self.msgpack = self.daemon.api(MSGPACK)
        self.addCleanup(self.json.close)
        self.addCleanup(self.msgpack.close)

    def assert_problem(self, answer, status, code, media_type="application/problem+json"):
        self.assertEqual(answer.status, status, answer)
        self.assertEqual(answer.type, media_type, answer)
        self.assertIn("Accept", answer.fields["vary"])
        self.assertEqual(answer.value["code"], code, answer)
        self.assertTrue(answer.value["message"], answer)
        return answer.value


def main():
    unittest.main(verbosity=1)
