# SPDX-License-Identifier: Apache-2.0
"""The wire in Python against the golden frames that the library in C++ wrote (message_frames.cpp)."""
import json
import pathlib
import random
import unittest

from structwire.messages import compression, crc32c
from structwire.messages.failure import FailureCode, MessageFailure, ProtocolError
from structwire.messages.frame import join_frames, read_frame, write_message
from structwire.messages.header import (Extension, ExtensionType, Header, MessageKind, failure_extension, read_failure,
                                        read_header, write_header)
from structwire.messages.hello import agree, decode_hello, encode_hello

GOLDEN = pathlib.Path(__file__).with_name("golden")
FRAMES = json.loads((GOLDEN / "frames.json").read_text())
REFUSED = json.loads((GOLDEN / "refused.json").read_text())
FIELDS = ("kind", "delivery", "format", "compression", "flags", "incarnation", "counter", "sequence", "schema", "handler",
          "time_left_us", "payload_size")
HUGE = 1 << 62


def parts_of(frame: dict) -> list[bytes]:
    return [bytes.fromhex(each) for each in (frame["head_hex"], frame["body_hex"]) if each]


def messages_of(frame: dict) -> list:
    if frame["name"] == "payload_of_20_gib":  # Only its header is here.
        header, size = read_header(memoryview(parts_of(frame)[0]), payload_bytes_max=HUGE)
        return [(header, b"")]
    return [(each.header, bytes(each.payload)) for each in read_frame(parts_of(frame))]


class GoldenFrames(unittest.TestCase):
    def test_are_read_as_the_library_reads_them(self) -> None:
        for frame in FRAMES:
            messages = messages_of(frame)
            self.assertEqual(len(messages), len(frame["messages"]), frame["name"])
            for (header, payload), golden in zip(messages, frame["messages"]):
                self.assertEqual({name: int(getattr(header, name)) for name in FIELDS},
                                 {name: golden[name] for name in FIELDS}, frame["name"])
                self.assertEqual([{"type": each.type, "critical": each.critical, "hex": each.data.hex()}
                                  for each in header.extensions], golden["extensions"], frame["name"])
                self.assertEqual(payload.hex(), golden["payload_hex"], frame["name"])

    def test_are_written_byte_for_byte(self) -> None:
        for frame in FRAMES:
            messages = messages_of(frame)
            if frame["body_hex"] or frame["name"] == "payload_of_20_gib":
                for header, _ in messages:
                    # A size that is too large for its field stands in an extension, which is written anew.
                    header.extensions = [each for each in header.extensions if each.type != ExtensionType.payload_size]
                self.assertEqual(b"".join(write_header(header) for header, _ in messages).hex(), frame["head_hex"])
                continue
            written = list(join_frames([write_message(header, payload) for header, payload in messages], 1 << 20))
            self.assertEqual([each[0].hex() for each in written], [frame["head_hex"]], frame["name"])

    def test_hellos_are_read_and_written(self) -> None:
        hellos = []
        for frame in FRAMES:
            if frame["name"] in ("hello", "hello_ack"):
                payload = messages_of(frame)[0][1]
                hellos.append(decode_hello(payload))
                self.assertEqual(encode_hello(hellos[-1]), payload)
        mine, theirs = hellos
        self.assertEqual([each.name for each in mine.handlers], ["query", "message"])
        self.assertTrue(mine.handlers[0].takes(0x1122334455667788) and mine.handlers[0].takes(0))
        self.assertFalse(mine.handlers[0].takes(7))
        both = agree(mine, theirs)
        self.assertEqual((both.formats, both.features, both.payload_bytes_max, both.heartbeat_ms), ([2], 0, 1 << 20, 2000))
        theirs.formats = [9]
        self.assertRaises(ProtocolError, agree, mine, theirs)
        for size in range(0, len(encode_hello(mine)), 7):
            self.assertRaises(ProtocolError, decode_hello, encode_hello(mine)[:size])
        mine.handlers[1].slot = 1
        self.assertRaises(ProtocolError, decode_hello, encode_hello(mine))

    def test_the_compressed_one_holds_the_plain_ones_payload(self) -> None:
        if not compression.is_here():
            self.skipTest("there is no zstandard")
        frames = {frame["name"]: messages_of(frame)[0] for frame in FRAMES if frame["name"] in ("request", "compressed")}
        header, payload = frames["compressed"]
        self.assertEqual((header.compression, header.plain_size), (compression.NUMBER, frames["request"][0].payload_size))
        self.assertEqual(compression.decompress(payload, header.plain_size), frames["request"][1])
        for lie in (header.plain_size - 1, header.plain_size + 1, 0, 1 << 40):
            self.assertIsNone(compression.decompress(payload, lie))
        for size in range(len(payload)):
            self.assertIsNone(compression.decompress(payload[:size], header.plain_size))

    def test_every_truncation_is_refused(self) -> None:
        for frame in FRAMES:
            head, *body = parts_of(frame)
            if frame["name"] == "payload_of_20_gib":
                continue
            whole = {size for size in range(len(head)) if not body and self.ends_between_messages(frame, size)}
            for size in range(len(head)):
                if size not in whole:
                    with self.assertRaises(ProtocolError, msg=f"{frame['name']}, {size} bytes"):
                        list(read_frame([head[:size], *body]))
            if body:
                for size in (0, 1, len(body[0]) - 1):
                    with self.assertRaises(ProtocolError):
                        list(read_frame([head, body[0][:size]]))

    def ends_between_messages(self, frame: dict, size: int) -> bool:
        """A batch that ends behind one of its messages is a batch of fewer."""
        end = 0
        for golden in frame["messages"][:-1]:
            _, header = read_header(memoryview(parts_of(frame)[0])[end:])
            behind = end + header + golden["payload_size"]
            end = (behind + 7) & ~7
            if behind <= size <= end:
                return True
        return False

    def test_what_the_library_refuses_is_refused_here_for_the_same_reason(self) -> None:
        for row in REFUSED:
            with self.assertRaises(ProtocolError, msg=row["name"]) as refusal:
                read_header(memoryview(bytes.fromhex(row["hex"])))
            self.assertEqual(refusal.exception.code, row["code"], row["name"])

    def test_every_changed_bit_of_a_header_is_noticed(self) -> None:
        for frame in FRAMES:
            head = parts_of(frame)[0]
            size = int.from_bytes(head[6:8], "little")
            for bit in range(size * 8):
                damaged = bytearray(head)
                damaged[bit // 8] ^= 1 << bit % 8
                with self.assertRaises(ProtocolError, msg=f"{frame['name']}, bit {bit}"):
                    read_header(memoryview(bytes(damaged)), payload_bytes_max=HUGE)


class Frames(unittest.TestCase):
    def test_random_headers_are_read_as_they_were_written(self) -> None:
        generator = random.Random(3)
        for _ in range(500):
            extensions = [Extension(generator.choice((1, 3, 5, 11, 999)), generator.randbytes(generator.randrange(40)))
                          for _ in range(generator.randrange(4))]
            header = Header(generator.choice(list(MessageKind)), format=generator.randrange(256),
                            incarnation=generator.randrange(1 << 64), counter=generator.randrange(1 << 64),
                            sequence=generator.randrange(1 << 64), schema=generator.randrange(1 << 64),
                            handler=generator.randrange(1 << 32), time_left_us=generator.randrange(1 << 32),
                            payload_size=generator.randrange(1 << 40), extensions=extensions)
            read, size = read_header(memoryview(write_header(header) + b"x"), payload_bytes_max=HUGE)
            if header.payload_size >= 0xFFFFFFFF:
                read.extensions.pop()
            self.assertEqual(read, header)
            self.assertEqual(size % 8, 0)

    def test_small_frames_are_joined_and_large_ones_keep_their_second_part(self) -> None:
        payloads = [b"a" * 3, b"b" * 9000, b"c" * 100, b"d", b"e" * 8000]
        frames = [write_message(Header(MessageKind.request, counter=number + 1), payload)
                  for number, payload in enumerate(payloads)]
        joined = list(join_frames(frames, 4096))
        self.assertEqual([len(each) for each in joined], [2, 1, 1])
        read = [(each.header.counter, bytes(each.payload)) for frame in joined for each in read_frame(frame)]
        self.assertEqual(read, list(enumerate(payloads, 1)))

    def test_a_second_part_belongs_to_the_last_message(self) -> None:
        head = write_message(Header(MessageKind.request, counter=1), b"whole")[0]
        self.assertRaises(ProtocolError, lambda: list(read_frame([head, b"more"])))
        self.assertRaises(ProtocolError, lambda: list(read_frame([head, b"", b""])))
        self.assertRaises(ProtocolError, lambda: list(read_frame([])))

    def test_failures(self) -> None:
        failure = MessageFailure(FailureCode.overloaded, "zu viel \u00fc", retryable=True, retry_after_ms=250)
        read = read_failure(failure_extension(failure))
        self.assertEqual((read.code, read.text, read.retryable, read.retry_after_ms),
                         (FailureCode.overloaded, "zu viel \u00fc", True, 250))
        long = read_failure(failure_extension(MessageFailure(3, "x" * 1023 + "\u00e4")))
        self.assertEqual(long.text, "x" * 1023)
        later = read_failure(failure_extension(MessageFailure(200, "of a later version")))
        self.assertEqual((later.code, str(later)), (200, "code 200: of a later version"))
        for data in (b"", b"\0" * 8, b"\x01\x01" + b"\0" * 6, b"\x01\0" + b"\0" * 6 + b"\xff"):
            self.assertRaises(ProtocolError, read_failure, Extension(ExtensionType.failure, data))
        self.assertEqual(str(MessageFailure(FailureCode.peer_lost)), "peer_lost")

    def test_the_checksum(self) -> None:
        # RFC 3720 B.4.
        for data, expected in ((b"\0" * 32, 0x8A9136AA), (b"\xff" * 32, 0x62A8AB43), (bytes(range(32)), 0x46DD794E),
                               (b"123456789", 0xE3069283)):
            for function in (crc32c.crc32c, crc32c.crc32c_by_table):
                self.assertEqual(function(data), expected)
                self.assertEqual(function(data[5:], function(data[:5])), expected)


if __name__ == "__main__":
    unittest.main()
