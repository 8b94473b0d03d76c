# SPDX-License-Identifier: Apache-2.0
"""Python on the shapes a-d and message_100 to message_100k: one process, the same lines as codec_bench prints.

usage: rows.py DATA ROUNDS

Every decode is compared with the golden object before anything is timed. Times are of this thread's processor,
the minimum over rounds of batches of about a millisecond, the rows of one shape one after the other. What memory one
call takes at most is traced after all times were taken, since tracing slows.
"""
import importlib.metadata
import json
import math
import pathlib
import pickle
import random
import sys
import time
import tracemalloc

import msgpack
import msgspec
import orjson
import pydantic

import shapes_dataclass
import shapes_msgspec
import shapes_pydantic

FILES = {"a": ("worker_message.json", "WorkerMsg"), "b": ("cross_worker_update.json", "CrossUpdate"),
         "c": ("snapshot_10k.json", "Snapshot"), "d": ("snapshot_100k.json", "Snapshot")}
MESSAGES = {"message_100": 100, "message_1k": 1000, "message_10k": 10_000, "message_100k": 100_000}
BATCH_NS = 1_000_000


def samples(data):
    """(shape, name of its type, the object as dicts, its JSON text) of every shape."""
    for shape, (file, name) in FILES.items():
        text = (data / file).read_bytes()
        yield shape, name, json.loads(text), text
    for shape, size in MESSAGES.items():
        plain = {"message_id": "msg-0b052d17e154", "worker_id": "worker-17", "payload": random.Random(size).randbytes(size),
                 "timestamp": 1790000350.745479, "priority": 5}
        yield shape, "Message", plain, msgspec.json.encode(plain)


def codecs(plain, text, name):
    """(library, format, golden, encode, decode) of every row. The dicts of a message have bytes, which JSON does not."""
    struct_type = getattr(shapes_msgspec, name)
    struct = msgspec.convert(plain, struct_type)
    dataclass = msgspec.convert(plain, getattr(shapes_dataclass, name))
    model_type = getattr(shapes_pydantic, name)
    model = model_type.model_validate(plain)
    json_encoder, json_decoder = msgspec.json.Encoder(), msgspec.json.Decoder(struct_type)
    msgpack_encoder, msgpack_decoder = msgspec.msgpack.Encoder(), msgspec.msgpack.Decoder(struct_type)
    dump = lambda value: pickle.dumps(value, protocol=5)
    dicts_of_json = [] if name == "Message" else [
        ("python orjson, dict", "json", plain, orjson.dumps, orjson.loads),
        ("python json, dict", "json", plain, lambda value: json.dumps(value).encode(), json.loads),
    ]
    return [
        ("python pickle, dataclass", "pickle", dataclass, dump, pickle.loads),
        ("python pickle, dict", "pickle", plain, dump, pickle.loads),
        ("python msgspec", "json", struct, json_encoder.encode, json_decoder.decode),
        ("python msgspec", "msgpack", struct, msgpack_encoder.encode, msgpack_decoder.decode),
        *dicts_of_json,
        ("python msgpack, dict", "msgpack", plain, msgpack.packb, msgpack.unpackb),
        ("python pydantic", "json", model, lambda value: value.model_dump_json().encode(), model_type.model_validate_json),
    ]


class Row:
    def __init__(self, library, format_name, operation, shape, size, call, argument):
        self.line = {"library": library, "format": format_name, "op": operation, "shape": shape, "bytes": size}
        self.call, self.argument, self.times, self.best = call, argument, 1, math.inf

    def batch(self):
        call, argument = self.call, self.argument
        begin = time.thread_time_ns()
        for _ in range(self.times):
            call(argument)
        return time.thread_time_ns() - begin

    def choose_times(self):
        while (ns := self.batch()) < BATCH_NS * 0.7 and self.times < 1_000_000:
            self.times = int(self.times * min(10, BATCH_NS / max(ns, 1))) + 1

    def measure(self):
        self.best = min(self.best, self.batch() / self.times)

    def trace(self):
        """The most bytes that one call holds at a time, its result among them. Memory is kept by what ran before, so
        the least of a few calls counts."""
        peaks = []
        for _ in range(3):
            tracemalloc.start()
            self.call(self.argument)
            peaks.append(tracemalloc.get_traced_memory()[1])
            tracemalloc.stop()
        self.line["peak_bytes"] = min(peaks)


def groups(data):
    for shape, name, plain, text in samples(data):
        decodes, encodes = [], []
        for library, format_name, golden, encode, decode in codecs(plain, text, name):
            encoded = encode(golden)
            given = text if format_name == "json" else encoded
            if decode(given) != golden or decode(encode(golden)) != golden:
                print(json.dumps({"wrong": "decodes something else", "library": library, "format": format_name,
                                  "shape": shape}))
                continue
            decodes.append(Row(library, format_name, "decode_fresh", shape, len(given), decode, given))
            encodes.append(Row(library, format_name, "encode", shape, len(encoded), encode, golden))
        yield decodes
        yield encodes


def print_peers():
    version = importlib.metadata.version
    python = "Python " + sys.version.split()[0]
    for library, formats, its_version, options, leaves_out in [
        ("python pickle, dataclass", ["pickle"], python, "protocol 5, dataclasses with slots", "types, missing and unknown keys"),
        ("python pickle, dict", ["pickle"], python, "protocol 5, dicts", "types, missing and unknown keys"),
        ("python msgspec", ["json", "msgpack"], version("msgspec"), "Struct, encoder and decoder made once", "unknown keys"),
        ("python orjson, dict", ["json"], version("orjson"), "dicts", "types, missing and unknown keys"),
        ("python json, dict", ["json"], python, "dicts", "types, missing and unknown keys"),
        ("python msgpack, dict", ["msgpack"], version("msgpack"), "dicts", "types, missing and unknown keys"),
        ("python pydantic", ["json"], version("pydantic"), "models, default", "unknown keys"),
    ]:
        for format_name in formats:
            print(json.dumps({"peer": library, "format": format_name, "version": its_version, "options": options,
                              "leaves_out": leaves_out}))


def main():
    print_peers()
    all_groups = list(groups(pathlib.Path(sys.argv[1])))
    for rows in all_groups:
        for row in rows:
            row.choose_times()
    for number in range(int(sys.argv[2])):
        for rows in all_groups:
            for i in range(len(rows)):
                rows[(i + number) % len(rows)].measure()
    for rows in all_groups:
        for row in rows:
            row.trace()
            print(json.dumps(row.line | {"ns": round(row.best, 2)}))


if __name__ == "__main__":
    main()
