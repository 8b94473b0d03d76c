# SPDX-License-Identifier: Apache-2.0
"""What must not compile, and with which words.

    run.py COMPILER

Each *.cpp here is compiled twice: as it stands it must pass, with -DSTRUCTWIRE_MUST_FAIL it must fail, and the
compiler must print the sentence that the source's line `// Refused with: …` gives, and each when there are several.
"""

import concurrent.futures
import pathlib
import subprocess
import sys
import tempfile

FOLDER = pathlib.Path(__file__).resolve().parent
ROOT = FOLDER.parent.parent
FLAGS = ["-std=c++23", f"-I{ROOT}", "-fdiagnostics-color=never"]
MARK = "// Refused with: "


def compile_source(compiler, prelude, source, *flags):
    command = [compiler, *FLAGS, "-include", prelude, "-fsyntax-only", *flags, str(source)]
    return subprocess.run(command, capture_output=True, text=True)


def wanted_sentences(source):
    lines = source.read_text(encoding="utf-8").splitlines()
    sentences = [line[len(MARK):] for line in lines if line.startswith(MARK)]
    if not sentences:
        raise SystemExit(f"{source.name}: no line `{MARK}…`")
    return sentences


def check(compiler, prelude, source):
    """What is wrong with this source, or nothing."""
    good = compile_source(compiler, prelude, source)
    if good.returncode != 0:
        return f"{source.name}: must compile as it stands\n{good.stderr[:2000]}"
    bad = compile_source(compiler, prelude, source, "-DSTRUCTWIRE_MUST_FAIL")
    if bad.returncode == 0:
        return f"{source.name}: compiles and must not"
    for sentence in wanted_sentences(source):
        if sentence not in bad.stderr:
            return f"{source.name}: fails, but not with `{sentence}`\n{bad.stderr[:2000]}"
    return None


def main():
    compiler = sys.argv[1]
    sources = sorted(FOLDER.glob("*.cpp"))
    with tempfile.TemporaryDirectory() as folder:
        prelude = pathlib.Path(folder) / "precompiled.hpp"
        prelude.write_text("#include <tests/compile_fail/prelude.hpp>\n", encoding="utf-8")
        subprocess.run(
            [compiler, *FLAGS, "-x", "c++-header", str(prelude), "-o", f"{prelude}.gch"], check=True)
        with concurrent.futures.ThreadPoolExecutor(max_workers=2) as pool:
            problems = [p for p in pool.map(lambda s: check(compiler, str(prelude), s), sources) if p]
    for problem in problems:
        print(problem)
    print(f"{len(sources)} sources, {len(problems)} wrong")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
