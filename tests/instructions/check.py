#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Two gates against slow decay of the decoder.

instructions: decoding one MessagePack message through the library takes at most 1.3 times the instructions of
              the decoder written by hand beside it, counted by callgrind (repeatable, whatever else runs).
instances:    in an object compiled without inlining, each member's reader exists once and is called from one
              place: the loop over members is written down once per struct, not once per order of members.

usage: check.py instructions PROGRAM | check.py instances OBJECT
"""
import pathlib
import re
import subprocess
import sys
import tempfile

RATIO_MAX = 1.3
MEMBERS = 5


def inclusive_counts(program):
    """Instructions per function, calls included."""
    with tempfile.TemporaryDirectory() as folder:
        out = pathlib.Path(folder) / "callgrind.out"
        subprocess.run(
            ["valgrind", "--tool=callgrind", f"--callgrind-out-file={out}", program],
            check=True, capture_output=True)
        table = subprocess.run(
            ["callgrind_annotate", "--inclusive=yes", "--threshold=100", "--auto=no", out],
            check=True, capture_output=True, text=True).stdout
    counts = {}
    for count, name in re.findall(r"^ *([\d,]+) \([^)]*\)  .*::(decode_by_\w+)\(", table, re.MULTILINE):
        counts[name] = max(counts.get(name, 0), int(count.replace(",", "")))
    return counts


def check_instructions(program):
    counts = inclusive_counts(program)
    by_hand, by_library = counts["decode_by_hand"], counts["decode_by_library"]
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


def main():
    checks = {"instructions": check_instructions, "instances": check_instances}
    if len(sys.argv) != 3 or sys.argv[1] not in checks:
        sys.exit(__doc__)
    sys.exit(0 if checks[sys.argv[1]](sys.argv[2]) else 1)


if __name__ == "__main__":
    main()
