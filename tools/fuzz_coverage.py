# SPDX-License-Identifier: Apache-2.0
"""Which lines of the readers does a fuzzer's corpus reach?

usage: fuzz_coverage.py NAME   replays the corpus of the fuzzer NAME in a build that counts lines,
                               and prints executions and line coverage; status 1 below the minimum

A line counts as reached when any instantiation of its template reaches it.
"""

import pathlib
import re
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
BUILD = ROOT / "build/fuzz_coverage"
MINIMUM = 90.0

JSON = "structwire/formats/json/"
MESSAGEPACK = "structwire/formats/msgpack/"
CORE = "structwire/core/"
NDARRAY = "structwire/ndarray/"
ARROW = "structwire/arrow/"
# What a fuzzer is for has to be covered; the others are shown.
REQUIRED = {
    "json": [JSON + "reader.", JSON + "skip.", JSON + "skip_loop.", JSON + "skip_masks.", CORE + "decode", CORE + "key_reader.",
             CORE + "number_read."],
    "msgpack": [MESSAGEPACK + "reader.", CORE + "decode"],
    "convert": [CORE + "value_reader.", CORE + "value_writer."],
    "lines": [CORE + "lines.", JSON + "reader."],
    "streams": [JSON + "scanner.", MESSAGEPACK + "scanner.", "structwire/streams/window.", "structwire/streams/feed."],
    "reformat": [JSON + "reformat.", JSON + "walk."],
    "envelope": ["structwire/contract/envelope."],
    "arrow": [ARROW + "flatbuffer.", ARROW + "schema_read.", ARROW + "type_text."],
    "npy": [NDARRAY + "npy", NDARRAY + "element_type.", NDARRAY + "layout."],
    "schema_reader": ["structwire/contract/reader/schema_preparation.", "structwire/contract/reader/schema_walk", CORE + "pattern_parse."],
    "snapshot": ["structwire/contract/command/snapshot.", "structwire/contract/compare/compare", "structwire/contract/compare/crossing",
                 "structwire/contract/compare/constraints.", "structwire/contract/command/check.", "structwire/contract/command/report."],
    "stream_wire": ["structwire/messaging/stream/stream_wire."],
    "pattern": [CORE + "pattern_parse.", CORE + "pattern.cpp"],
}
SHOWN = [JSON, MESSAGEPACK, CORE]


def run(*command, **options):
    return subprocess.run([str(part) for part in command], check=True, cwd=ROOT, **options)


def build(name):
    run("cmake", "--preset", "fuzz", "-B", BUILD, "-DSTRUCTWIRE_FUZZ_COVERAGE=ON",
        stdout=subprocess.DEVNULL)
    run("cmake", "--build", BUILD, "--target", f"{name}_fuzz", "--parallel", "1")
    return BUILD / "bin/fuzz" / name


def replay(program, corpus):
    """The number of inputs, and the profile of all of them."""
    raw, profile = BUILD / f"{program.name}.profraw", BUILD / f"{program.name}.profdata"
    done = run(program, "-runs=0", "-print_final_stats=1", *corpus, capture_output=True,
               env={"LLVM_PROFILE_FILE": str(raw), "PATH": "/usr/bin:/bin"}, text=True)
    run("llvm-profdata-19", "merge", "-o", profile, raw)
    return int(re.search(r"number_of_executed_units: (\d+)", done.stderr)[1]), profile


def lines_of(program, profile):
    """Of each file, its line numbers and whether they were reached, from the lcov format."""
    export = run("llvm-cov-19", "export", "-format=lcov", f"-instr-profile={profile}", program,
                 capture_output=True, text=True).stdout
    files, lines = {}, {}
    for row in export.splitlines():
        if row.startswith("SF:"):
            lines = files.setdefault(row[3:].removeprefix(f"{ROOT}/"), {})
        elif row.startswith("DA:"):
            number, count = row[3:].split(",")[:2]
            lines[int(number)] = lines.get(int(number), False) or int(count) > 0
    return files


def starts_with_any(path, beginnings):
    return any(path.startswith(beginning) for beginning in beginnings)


def report(title, files):
    total = sum(len(lines) for lines in files.values())
    reached = sum(sum(lines.values()) for lines in files.values())
    percent = 100.0 * reached / max(total, 1)
    print(f"{percent:6.1f} %  {reached:5} of {total:5} lines  {title}")
    return percent


def main():
    if len(sys.argv) != 2 or sys.argv[1] not in REQUIRED:
        sys.exit(__doc__)
    name = sys.argv[1]
    corpus = [folder for folder in (ROOT / "build/fuzz/corpus" / name, ROOT / "tests/fuzz/corpus" / name)
              if folder.is_dir()]
    if not corpus:
        sys.exit(f"no corpus yet: ./dev fuzz {name}")
    program = build(name)
    executions, profile = replay(program, corpus)
    files = lines_of(program, profile)
    required = {path: lines for path, lines in files.items() if starts_with_any(path, REQUIRED[name])}
    for path, lines in sorted(files.items()):
        if starts_with_any(path, SHOWN):
            report(path + (" *" if path in required else ""), {path: lines})
    print(f"{executions} executions")
    if report(f"all that {name} is for (*)", required) < MINIMUM:
        sys.exit(f"below {MINIMUM} %")


if __name__ == "__main__":
    main()
