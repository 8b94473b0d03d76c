#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Holds the golden files of the artifacts, which the C++ program wrote, against Python's msgspec.

usage: golden.py FOLDER

FOLDER has NAME.CLASS.msgpack, NAME.CLASS.json and, in digests.json, the SHA-256 of each MessagePack. For each, msgspec
decodes both into the same value, writes the same bytes from it, and hashlib computes the same digest.
"""
import hashlib
import json
import pathlib
import sys

try:
    import msgspec
except ImportError:
    print("skipped: there is no msgspec here; ./dev test installs it")
    sys.exit(77)

import classes

ENCODERS = {"msgpack": msgspec.msgpack.Encoder(order="deterministic"), "json": msgspec.json.Encoder(order="deterministic")}


def has_raw(target):
    """A Raw keeps the format that it came in, so the two formats do not decode to equal values."""
    return target in (classes.CrossWorkerUpdate, classes.AstArtifact, classes.TelemetryRecord)


def check(file, digests):
    name, class_name, suffix = file.name.split(".")
    target = getattr(classes, class_name)
    data = file.read_bytes()
    decode = (msgspec.msgpack if suffix == "msgpack" else msgspec.json).decode
    value = decode(data, type=target)
    problems = []
    if ENCODERS[suffix].encode(value) != data:
        problems.append(f"msgspec writes {ENCODERS[suffix].encode(value)!r}, the file has {data!r}")
    if suffix == "msgpack":
        if hashlib.sha256(data).hexdigest() != digests.get(f"{name}.{class_name}"):
            problems.append("hashlib computes another digest")
        other = file.with_suffix(".json")
        # Python has no extensions in JSON.
        if other.exists() and not has_raw(target) and msgspec.json.decode(other.read_bytes(), type=target) != value:
            problems.append("the JSON file holds another value")
    for problem in problems:
        print(f"{file.name}: {problem}")
    return not problems


def main():
    folder = pathlib.Path(sys.argv[1])
    digests = json.loads((folder / "digests.json").read_text())
    files = sorted(path for path in folder.iterdir() if path.name.count(".") == 2)
    wrong = sum(not check(file, digests) for file in files)
    if len([f for f in files if f.suffix == ".msgpack"]) != len(digests):
        print("digests.json tells of other files")
        wrong += 1
    print(f"{len(files) - wrong} passed, {wrong} failed")
    sys.exit(1 if wrong or not files else 0)


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    main()
