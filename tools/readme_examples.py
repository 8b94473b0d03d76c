#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Keeps the programs printed in pages true.

A program is a ```cpp block under the comment `<!-- test: name -->`; what it prints is a block under
`<!-- output: name -->`. Both comments are invisible to readers. A name stands once in all pages.

usage: readme_examples.py extract FOLDER PAGE...    writes FOLDER/name.cpp and name.txt, prints the names
       readme_examples.py compare EXPECTED PROGRAM
"""
import difflib
import pathlib
import re
import subprocess
import sys

BLOCK = re.compile(
    r"^<!-- (test|output): ([a-z0-9_]+) -->\n+```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL
)
MARK = re.compile(r"^<!-- (?:test|output):.*$", re.MULTILINE)


def extract(folder, pages):
    page_of = {}
    for page in pages:
        for name, program, output in programs_in(page):
            if name in page_of:
                sys.exit(f"{page}: {page_of[name]} has a program `{name}` too")
            page_of[name] = page
            write_if_changed(pathlib.Path(folder, f"{name}.cpp"), program)
            write_if_changed(pathlib.Path(folder, f"{name}.txt"), output)
            print(name)


def programs_in(page):
    text = pathlib.Path(page).read_text(encoding="utf-8")
    blocks = BLOCK.findall(text)
    if len(blocks) != len(MARK.findall(text)):
        sys.exit(f"{page}: a test or output comment does not stand right above a block")
    programs = [(name, body) for kind, name, _, body in blocks if kind == "test"]
    outputs = [(name, body) for kind, name, _, body in blocks if kind == "output"]
    if sorted(name for name, _ in programs) != sorted(name for name, _ in outputs):
        sys.exit(f"{page}: a program without its output, or an output without its program")
    return [(name, body, dict(outputs)[name]) for name, body in programs]


def write_if_changed(path, text):
    path.parent.mkdir(parents=True, exist_ok=True)
    if not path.exists() or path.read_text(encoding="utf-8") != text:
        path.write_text(text, encoding="utf-8")


def compare(expected_path, program):
    expected = pathlib.Path(expected_path).read_text(encoding="utf-8")
    run = subprocess.run([program], capture_output=True, text=True, encoding="utf-8", timeout=60)
    if run.returncode != 0:
        sys.exit(f"{program} ended with status {run.returncode}\n{run.stdout}{run.stderr}")
    if run.stdout != expected:
        difference = difflib.unified_diff(
            expected.splitlines(), run.stdout.splitlines(), "the page", "the program", lineterm=""
        )
        sys.exit("\n".join(difference))


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["extract", folder, _, *_]:
            extract(folder, sys.argv[3:])
        case ["compare", expected_path, program]:
            compare(expected_path, program)
        case _:
            sys.exit(__doc__)
