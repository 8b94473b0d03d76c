# SPDX-License-Identifier: Apache-2.0
"""encode, decode and convert: round trips, streams, errors and exit statuses."""

import json
import os
import tempfile
import unittest

import msgpack

from cli import BAD_DATA, IO, NO_INPUT, OK, USAGE, Terminal, run

VALUES = [
    None, True, False, 0, -1, 127, 128, -129, 2**53, 2**63 - 1, -(2**63), 2**64 - 1, 0.5, -0.0, 1e300,
    "", "to be", "ä\n\"\\ \U0001F600", [], {}, [1, [2, [3]]], {"a": {"b": [None, {}]}},
    {"text": "x" * 70000, "numbers": list(range(1000))},
]


class Convert(unittest.TestCase):
    def assert_ended(self, ended, status, output=None, message=b""):
        self.assertEqual(ended.returncode, status, ended)
        if output is not None:
            self.assertEqual(ended.stdout, output)
        self.assertIn(message, ended.stderr)
        if status == OK:
            self.assertEqual(ended.stderr, b"")

    def test_every_value_goes_round(self):
        for value in VALUES:
            text = json.dumps(value).encode()
            encoded = run("encode", stdin=text)
            self.assert_ended(encoded, OK)
            self.assertEqual(repr(msgpack.unpackb(encoded.stdout)), repr(value))
            decoded = run("decode", stdin=encoded.stdout)
            self.assert_ended(decoded, OK)
            self.assertTrue(decoded.stdout.endswith(b"\n"))
            self.assertEqual(repr(json.loads(decoded.stdout)), repr(value))

    def test_what_json_has_no_form_for_is_shown(self):
        for packed, shown in [
            (msgpack.packb(b"\x00\xff"), b'"AP8="\n'),
            (msgpack.packb(float("nan")), b"null\n"),
            (msgpack.packb({1: "a"}), b'{"1":"a"}\n'),
            (msgpack.packb(msgpack.ExtType(5, b"a")), b'{"$ext":5,"data":"YQ=="}\n'),
        ]:
            self.assert_ended(run("decode", stdin=packed), OK, shown)

    def test_inspect_names_the_format_and_shows_every_value(self):
        tree = (b"standard input: msgpack, 6 bytes\n"
                b"       0  81                        map of 1\n"
                b"       1  a1 61                       \"a\"\n"
                b"       3  cd 00 02                      uint16 2, longer than need be\n")
        self.assert_ended(run("inspect", stdin=b"\x81\xa1a\xcd\x00\x02"), OK, tree)
        self.assert_ended(run("inspect", stdin="[1]"), OK, b"standard input: json, 3 bytes\n")
        self.assert_ended(run("inspect", stdin="7"), OK, b"standard input: ambiguous: json or msgpack, 1 bytes\n")
        self.assert_ended(run("inspect", "--from", "msgpack", stdin="7"), OK,
                          b"standard input: msgpack, 1 bytes\n       0  37                        fixint 55\n")
        self.assert_ended(run("inspect", stdin="hello"), BAD_DATA, b"standard input: unknown, 5 bytes\n")
        self.assert_ended(run("inspect", "--from", "msgpack", stdin=b"\x92\x01"), BAD_DATA,
                          message=b"standard input: Input data was truncated (byte 2)")
        self.assert_ended(run("inspect", "/none/there"), NO_INPUT, b"", b"/none/there")

    def test_inspect_opens_the_envelope_of_stored_bytes(self):
        # The bytes of docs/formats/envelope.md.
        stored = bytes.fromhex("c1535701 02 58 efcdab8967452301 ac02 81a16101 e769bd9d")
        self.assert_ended(run("inspect", stdin=stored), OK,
                          b"standard input: structwire envelope 1: msgpack, fingerprint 0123456789abcdef, version 300, "
                          b"checksum right, payload of 4 bytes, 24 bytes\n"
                          b"       0  81                        map of 1\n"
                          b"       1  a1 61                       \"a\"\n"
                          b"       3  01                            fixint 1\n")
        self.assert_ended(run("inspect", stdin=stored[:-1]), BAD_DATA,
                          b"standard input: structwire envelope, damaged: The envelope's checksum does not match: its bytes "
                          b"were changed or cut, 23 bytes\n")

    def test_formats_are_told_by_names_or_options(self):
        with tempfile.TemporaryDirectory() as folder:
            names = [os.path.join(folder, name) for name in ("a.json", "b.msgpack", "c.json")]
            with open(names[0], "w", encoding="utf-8") as file:
                file.write('{"a": [1, 2.5]}')
            self.assert_ended(run("convert", names[0], names[1]), OK, b"")
            self.assert_ended(run("convert", names[1], names[2]), OK, b"")
            with open(names[2], "rb") as file:
                self.assertEqual(file.read(), b'{"a":[1,2.5]}\n')
            self.assert_ended(run("convert", names[1], "--to", "json"), OK, b'{"a":[1,2.5]}\n')
            self.assert_ended(run("convert", "--from", "json", "-", names[1], stdin="[3]"), OK, b"")
            self.assert_ended(run("decode", names[1]), OK, b"[3]\n")
            self.assert_ended(run("convert", names[1]), USAGE, b"", b"--to")
            self.assert_ended(run("convert", "--to", "json", stdin="1"), USAGE, b"", b"--from")
            self.assert_ended(run("encode", names[0], "-o", names[1]), OK, b"")
            self.assert_ended(run("encode", names[0], "-o", folder + "/no/such"), IO, b"", b"No such")

    def test_streams_of_lines(self):
        lines = b"".join(b'{"n":%d}\n' % n for n in range(20000))
        packed = run("encode", "--lines", stdin=lines)
        self.assert_ended(packed, OK)
        unpacker = msgpack.Unpacker()
        unpacker.feed(packed.stdout)
        self.assertEqual(sum(value["n"] for value in unpacker), sum(range(20000)))
        self.assert_ended(run("decode", "--lines", stdin=packed.stdout), OK, lines)
        self.assert_ended(run("encode", "--lines", stdin=b""), OK, b"")
        broken = run("encode", "--lines", stdin=b"1\n2\n[3,}\n4\n")
        self.assert_ended(broken, BAD_DATA, b"\x01\x02", b"(byte 7)")

    def test_layout(self):
        laid_out = b'{\n  "a": [\n    1\n  ],\n  "b": {}\n}\n'
        self.assert_ended(run("convert", "--from", "json", "--to", "json", "--pretty",
                              stdin='{"a":[1],"b":{}}'), OK, laid_out)
        self.assert_ended(run("decode", "--pretty", "--compact"), USAGE)

    def test_bad_data_is_told_with_its_place(self):
        self.assert_ended(run("encode", stdin=b'{"a":\n [1,}'), BAD_DATA, b"",
                          b"standard input: no valid json: JSON is malformed: invalid character "
                          b"(byte 10), line 2 column 5\n")
        self.assert_ended(run("encode", stdin=b""), BAD_DATA, b"", b"(byte 0)")
        self.assert_ended(run("encode", stdin=b'"\xff"'), BAD_DATA, b"", b"(byte 1)")
        self.assert_ended(run("decode", stdin=b"\x92\x01"), BAD_DATA, b"", b"truncated (byte 2)")
        self.assert_ended(run("decode", stdin=b"\x01\x01"), BAD_DATA, b"", b"(byte 1)")
        self.assert_ended(run("decode", stdin=b"\xc1"), BAD_DATA, b"", b"(byte 0)")

    def test_bad_data_leaves_an_existing_file_alone(self):
        with tempfile.NamedTemporaryFile() as file:
            file.write(b"precious")
            file.flush()
            self.assert_ended(run("encode", "--output", file.name, stdin=b"["), BAD_DATA)
            with open(file.name, "rb") as again:
                self.assertEqual(again.read(), b"precious")

    def test_wrong_usage(self):
        for arguments in [(), ("frobnicate",), ("encode", "--bogus"), ("encode", "--to", "xml"),
                          ("decode", "a", "b")]:
            ended = run(*arguments)
            self.assert_ended(ended, USAGE, b"")
            self.assertTrue(ended.stderr)
        self.assert_ended(run("encode", "/no/such/file"), NO_INPUT, b"", b"/no/such/file: No such")
        self.assert_ended(run("decode", "/"), NO_INPUT, b"", b"Is a directory")

    def test_help_and_version(self):
        for command in ("encode", "decode", "convert", "submit", "status", "tasks", "cancel", "work"):
            shown = run(command, "--help")
            self.assert_ended(shown, OK)
            self.assertIn(b"Examples:\n  ", shown.stdout)
            self.assertLess(max(len(line) for line in shown.stdout.splitlines()), 110)
            self.assertIn(command.encode(), run("--help").stdout)
        self.assertRegex(run("--version").stdout, rb"^structwire \d+\.\d+\.\d+\n$")

    def test_at_a_terminal_json_is_laid_out_and_bytes_are_refused(self):
        with tempfile.NamedTemporaryFile(suffix=".json") as file:
            file.write(b'{"a":1}')
            file.flush()
            with Terminal("convert", file.name, "--to", "json") as terminal:
                self.assertEqual(terminal.end(), OK)
                self.assertEqual(terminal.text, '{\r\n  "a": 1\r\n}\r\n')
            with Terminal("encode", file.name) as terminal:
                self.assertEqual(terminal.end(), USAGE)
                self.assertIn("--output", terminal.text)


if __name__ == "__main__":
    unittest.main()
