#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Three gates against slow decay of the codec.

instructions: decoding one MessagePack message through the library takes at most 1.3 times the instructions of
              the decoder written by hand beside it, counted by callgrind (repeatable, whatever else runs).
instances:    in an object compiled without inlining, each member's reader exists once and is called from one
              place: the loop over members is written down once per struct, not once per order of members.

codec:        JSON and MessagePack, decoding and encoding, on the shapes a to c of the codec benchmark, with the paths of
              x86-64-v3: no row may take over 5 % more instructions than codec_counts.json says. --accept writes
              that file anew: its difference, in the commit that causes it, is the record of what was accepted and why.

usage: check.py instructions PROGRAM | check.py instances OBJECT | check.py codec PROGRAM COMPILER [--accept]
"""
import json
import pathlib
import re
import subprocess
import sys
import tempfile

RATIO_MAX = 1.3
MEMBERS = 5
REGRESSION_MAX = 1.05
ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
COUNTS = pathlib.Path(__file__).resolve().parent / "codec_counts.json"
SHAPES = {"WorkerMsg": "a", "CrossUpdate": "b", "Snapshot": "c"}
CALLS = 100
SKIPPED = 77


def inclusive_counts(command, function):
    """Instructions per function, calls included. `function` is a regular expression; its groups are the key."""
    with tempfile.TemporaryDirectory() as folder:
        out = pathlib.Path(folder) / "callgrind.out"
        subprocess.run(
            ["valgrind", "--tool=callgrind", f"--callgrind-out-file={out}", *command],
            check=True, capture_output=True)
        table = subprocess.run(
            ["callgrind_annotate", "--inclusive=yes", "--threshold=100", "--auto=no", out],
            check=True, capture_output=True, text=True).stdout
    counts = {}
    for count, *name in re.findall(r"^ *([\d,]+) \([^)]*\)  .*" + function, table, re.MULTILINE):
        counts[tuple(name)] = max(counts.get(tuple(name), 0), int(count.replace(",", "")))
    return counts


def check_instructions(program):
    counts = inclusive_counts([program], r"::(decode_by_\w+)\(")
    by_hand, by_library = counts["decode_by_hand",], counts["decode_by_library",]
    ratio = by_library / by_hand
    print(f"by hand {by_hand / 1000:.0f} instructions a message, by the library {by_library / 1000:.0f}: "
          f"{ratio:.2f} times (at most {RATIO_MAX})")
    return ratio <= RATIO_MAX


def check_instances(binary):
    symbols = subprocess.run(["nm", "-C", "--defined-only", binary], check=True, capture_output=True, text=True).stdout
    # The lambda inside decode_member is a function of its own; only decode_member itself counts.
    readers = [line for line in symbols.splitlines() if re.search(r" [TtWw] bool structwire::\w+::decode_member<", line)]
    code = subprocess.run(["objdump", "-drC", "--no-show-raw-insn", binary], check=True, capture_output=True, text=True).stdout
    calls = re.findall(r"R_X86_64_PLT32\s+bool structwire::\w+::decode_member<|R_AARCH64_CALL26\s+bool structwire::\w+::decode_member<", code)
    if not calls:  # Calls within one section need no relocation.
        calls = re.findall(r"\s(?:call|bl)\s+\w+ <bool structwire::\w+::decode_member<", code)
    print(f"{len(readers)} member readers of {MEMBERS} members, called from {len(calls)} places")
    return len(readers) == MEMBERS and len(calls) == MEMBERS


def codec_counts(program):
    """Instructions of one call, by format, operation and shape."""
    counts = inclusive_counts([program, ROOT / "bench/codec/data"],
                              r"::(decode_fresh|decode_reused|encode)<.*::(Json|Msgpack), codec_bench::(\w+)>\(")
    return {f"{codec.lower()} {operation} {SHAPES[shape]}": count // CALLS
            for (operation, codec, shape), count in sorted(counts.items(), key=lambda row: row[0][1:] + row[0][:1])}


def check_codec(program, compiler, accept=None):
    if "avx2" not in pathlib.Path("/proc/cpuinfo").read_text():
        print("skipped: the counts are of x86-64-v3, which this processor is not")
        return SKIPPED
    counts = codec_counts(program)
    if accept:
        COUNTS.write_text(json.dumps({"compiler": compiler, "instructions": counts}, indent=2) + "\n")
    recorded = json.loads(COUNTS.read_text())
    if recorded["compiler"] != compiler:
        print(f"skipped: the counts are of {recorded['compiler']}, and this is {compiler}")
        return SKIPPED
    worse = 0
    for row in sorted({*counts, *recorded["instructions"]}):
        before, now = recorded["instructions"].get(row), counts.get(row)
        fails = not before or not now or now > REGRESSION_MAX * before
        worse += fails
        change = f"{100 * (now / before - 1):+6.1f} %" if before and now else "no pair"
        print(f"{row:26} {before or 0:9} -> {now or 0:9}  {change}{'  FAILED' if fails else ''}")
    if worse:
        print(f"{worse} rows over {REGRESSION_MAX}: mend them, or record why not (check.py codec {program} {compiler} --accept)")
    return 1 if worse else 0


def main():
    checks = {"instructions": (check_instructions, 1), "instances": (check_instances, 1), "codec": (check_codec, 2)}
    name, arguments = (sys.argv[1:2] or [""])[0], sys.argv[2:]
    if name not in checks or len(arguments) - (arguments[-1:] == ["--accept"]) != checks[name][1]:
        sys.exit(__doc__)
    result = checks[name][0](*arguments)
    sys.exit(result if name == "codec" else 0 if result else 1)


if __name__ == "__main__":
    main()
