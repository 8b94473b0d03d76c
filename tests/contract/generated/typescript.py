#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Compiles generated TypeScript with `tsc --strict`, together with constants that are what C++ wrote.

usage: typescript.py TSC CODE OURS PLACE

PLACE gets a folder of its own for the compiler. Types without a file are listed with the reason. To show that the types
refuse what is wrong, one constant for each struct lacks a member that it needs; tsc has to find exactly these.
"""
import collections
import json
import pathlib
import re
import shutil
import subprocess
import sys

from modules import TYPESCRIPT_NAME, root_name

SAMPLES_PER_TYPE = 25


def samples_of(ours, types):
    samples = collections.defaultdict(list)
    with open(ours, encoding="utf-8") as lines:
        for line in map(json.loads, lines):
            if line["format"] == "json" and line["type"] in types:
                text = bytes.fromhex(line["ours"]).decode()
                if len(samples[line["type"]]) < SAMPLES_PER_TYPE and '"__proto__"' not in text:
                    samples[line["type"]].append(text)
    return samples


def required_names(text, root):
    """Of an interface, the members that have to be there."""
    found = re.search(rf"^export interface {root} \{{\n(.*?)^\}}", text, re.MULTILINE | re.DOTALL)
    return [] if found is None else re.findall(r"^  (\w+): ", found.group(1), re.MULTILINE)


def write_constants(place, types, samples):
    """A file of constants beside each type; the lines that must not compile."""
    count, wrong = 0, set()
    for name, (text, root) in types.items():
        lines = [f'import type * as types from "./{name}";']
        for sample in samples[name]:
            lines.append(f"export const c{len(lines)}: types.{root} = {sample};")
            count += 1
        required = required_names(text, root)
        if samples[name] and required:
            value = json.loads(samples[name][0])
            value.pop(required[-1])
            lines.append(f"export const wrong: types.{root} = {json.dumps(value)};")
            wrong.add((f"{name}_constants.ts", "\n".join(lines).count("\n") + 1))
        (place / f"{name}_constants.ts").write_text("\n".join(lines) + "\n")
    return count, wrong


def main(tsc, code, ours, place):
    place = pathlib.Path(place)
    shutil.rmtree(place, ignore_errors=True)
    place.mkdir(parents=True)
    types = {}
    for path in sorted(pathlib.Path(code).glob("*.typescript.*")):
        name = path.name.split(".")[0]
        if path.suffix == ".error":
            print(f"TypeScript cannot express {name}: {path.read_text()}")
            continue
        text = path.read_text()
        types[name] = (text, root_name(TYPESCRIPT_NAME, text))
        (place / f"{name}.ts").write_text(text)
    count, wrong = write_constants(place, types, samples_of(ours, types))
    files = sorted(str(path.name) for path in place.glob("*.ts"))
    done = subprocess.run([tsc, "--strict", "--noEmit", "--target", "es2020", "--module", "es2020",
                           "--moduleResolution", "node", *files], cwd=place, capture_output=True, text=True)
    found = [line for line in (done.stdout + done.stderr).splitlines() if line and not line.startswith(" ")]
    seen = set()
    failures = []
    for line in found:
        place_of = re.match(r"(\w+\.ts)\((\d+),", line)
        where = (place_of.group(1), int(place_of.group(2))) if place_of else None
        if where in wrong:
            seen.add(where)
        else:
            failures.append(line)
    failures += [f"{name}:{line}: tsc takes a value that lacks a member" for name, line in sorted(wrong - seen)]
    print("\n".join(failures[:40]))
    print(f"tsc: {len(types)} files, {count} constants compiled, {len(seen)} wrong ones refused, {len(failures)} failed")
    return 1 if failures or not count else 0


if __name__ == "__main__":
    if len(sys.argv) != 5:
        sys.exit(__doc__)
    sys.exit(main(*sys.argv[1:]))
