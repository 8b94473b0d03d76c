# SPDX-License-Identifier: Apache-2.0
"""Keys in Python: nodes with each other, and a node that calls the real daemon, with keys that `structwire keys` made.

usage: python_keys_test.py STRUCTWIRE STRUCTWIRED [unittest's arguments]
"""
import contextlib
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import unittest

import zmq

from structwire.messages import CurveKeys, FailureCode, MessageFailure, Node, Options, read_public_key

STRUCTWIRE, STRUCTWIRED = sys.argv.pop(1), sys.argv.pop(1)
README = pathlib.Path(__file__).parents[2] / "python" / "README.md"
PATIENCE = 60.0
SHORT = 1.0


class Keys(unittest.TestCase):
    def setUp(self) -> None:
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="structwire-keys-"))
        self.addCleanup(shutil.rmtree, self.folder)
        for who in ("server", "known", "unknown"):
            subprocess.run([STRUCTWIRE, "keys", self.folder / who], check=True, stdout=subprocess.DEVNULL)
        self.server_key = read_public_key(self.folder / "server" / "public.key")

    def pair_of(self, who: str) -> CurveKeys:
        return CurveKeys.read(self.folder / who / "secret.key")

    def node(self, options: Options) -> Node:
        node = Node("node", options=options)
        self.addCleanup(node.close)
        return node

    def ask(self, address: str, options: Options, handler: str, patience: float = PATIENCE) -> object:
        try:
            return self.node(options).connect(address).call(handler, {}, deadline=patience)
        except MessageFailure as failure:
            return failure.code

    def check(self, address: str, handler: str, answer: object) -> None:
        known = Options(keys=self.pair_of("known"), server_keys={"": self.server_key})
        self.assertEqual(self.ask(address, known, handler), answer)
        strangers = (Options(keys=self.pair_of("unknown"), server_keys={"": self.server_key}),
                     Options(keys=self.pair_of("known"), server_keys={"": self.pair_of("unknown").public_key}), Options())
        for stranger in strangers:
            self.assertEqual(self.ask(address, stranger, handler, SHORT), FailureCode.no_peer)

    def test_a_node_lets_in_who_is_on_its_list(self) -> None:
        server = self.node(Options(keys=self.pair_of("server"), allowed_keys=(self.pair_of("known").public_key,)))

        @server.handler("here")
        def here(_):
            return "yes"

        self.check(server.listen("tcp://127.0.0.1:*"), "here", "yes")
        nobody = self.node(Options(keys=self.pair_of("known")))
        with self.assertRaises(zmq.ZMQError):
            nobody.connect("tcp://127.0.0.1:9")

    def test_the_daemon_lets_in_who_is_on_its_list(self) -> None:
        (self.folder / "allowed").mkdir()
        shutil.copy(self.folder / "known" / "public.key", self.folder / "allowed" / "known.key")
        daemon = subprocess.Popen([STRUCTWIRED, "--http", "127.0.0.1:0", "--data", ":memory:", "--messages", "0.0.0.0:0",
                                   "--messages-key", self.folder / "server" / "secret.key", "--messages-allowed",
                                   self.folder / "allowed"], stdout=subprocess.PIPE, text=True)
        self.addCleanup(daemon.stdout.close)
        self.addCleanup(daemon.wait)
        self.addCleanup(daemon.terminate)
        port = re.search(r"tcp://0\.0\.0\.0:(\d+)", daemon.stdout.readline())[1]
        address = f"tcp://127.0.0.1:{port}"
        self.check(address, "tasks.ready", {"value": {"status": "ok"}})
        self.run_the_readme(address)

    def run_the_readme(self, address: str) -> None:
        shutil.copytree(self.folder / "known", self.folder / "worker-7")
        program = re.findall(r"```python\n(.*?)```", README.read_text(), re.DOTALL)[2].replace("tcp://10.0.0.5:9090", address)
        names: dict = {}
        with contextlib.chdir(self.folder):
            exec(compile(program, str(README), "exec"), names)
        self.addCleanup(names["worker"].close)
        self.assertEqual(names["tasks"].call("tasks.ready", {}, deadline=PATIENCE), {"value": {"status": "ok"}})

    def test_what_is_no_key_is_refused_and_not_shown(self) -> None:
        secret = self.pair_of("known").secret_key
        self.assertNotIn(secret, repr(self.pair_of("known")))
        whole = (self.folder / "known" / "secret.key").read_text()
        for text in ("", secret, whole + whole, whole.replace("public", "key"), whole.replace("\n", "x\n", 1), "x" * 5000,
                     whole.replace(self.pair_of("known").public_key, self.server_key)):
            place = self.folder / "wrong"
            place.write_text(text)
            with self.assertRaises(ValueError) as refusal:
                CurveKeys.read(place)
            self.assertNotIn(secret, str(refusal.exception))
            self.assertRaises(ValueError, read_public_key, place)
        self.assertRaises(ValueError, read_public_key, self.folder / "known" / "secret.key")


if __name__ == "__main__":
    unittest.main()
