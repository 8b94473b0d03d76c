# SPDX-License-Identifier: Apache-2.0
"""What must not compile, and with which words.

    run.py COMPILER [--cpp26] [SOURCE…]

Each *.cpp here is compiled twice: as it stands it must pass, with -DSTRUCTWIRE_MUST_FAIL it must fail, and the
compiler must print the sentence that the source's line `// Refused with: …` gives, at its first error, where a
reader finds it. Further lines of that kind are details that it must print as well.

The sentences are those of the headers in structwire/: every text that begins with `structwire: `, what the parser
of patterns refuses, and names of functions that say it. Each has a case, and each case has the words of exactly one of them.

With --cpp26 it is the cases of tests/cpp26/refused/, in C++26 with reflection: sentences that have a case here, met by
an annotation.
"""

import concurrent.futures
import os
import pathlib
import re
import subprocess
import sys
import tempfile

FOLDER = pathlib.Path(__file__).resolve().parent
ROOT = FOLDER.parent.parent
FLAGS = ["-std=c++23", f"-I{ROOT}", "-fdiagnostics-color=never"]
CPP26 = ["-std=c++26", "-freflection"]
MARK = "// Refused with: "
# What one compiler refuses for a fault of its own: a condition of the preprocessor.
ONLY = "// Only where: "

TEXT = r'"(?:[^"\\]|\\.)*"'
SENTENCE = re.compile(rf'"structwire: (?:[^"\\]|\\.)*"(?:\s*{TEXT})*')
# A function that no constant expression can call: the compiler prints its name.
NAMED = re.compile(r"inline void (this_is_\w+)\(\) \{\}")
PATTERN_PARSER = ROOT / "structwire/core/pattern_parse.hpp"
PATTERN_REFUSAL = re.compile(rf"(?:refuse\(|Refusal\{{|return )({TEXT})")


def joined(literals):
    """The text of string literals that stand one behind another."""
    parts = re.findall(TEXT, literals)
    return "".join(re.sub(r"\\(.)", r"\1", part[1:-1]) for part in parts)


def declared_sentences():
    """Every sentence that the headers refuse with, and the header it stands in."""
    found = {}
    for header in sorted((ROOT / "structwire").rglob("*.hpp")):
        text = header.read_text(encoding="utf-8")
        for match in SENTENCE.finditer(text):
            found[joined(match.group()).removeprefix("structwire: ")] = header
        for match in NAMED.finditer(text):
            found[match.group(1)] = header
    # The compiler prints these as the template argument What<…>{"…"}.
    for match in PATTERN_REFUSAL.finditer(PATTERN_PARSER.read_text(encoding="utf-8")):
        found['{"' + joined(match.group(1)) + '"}'] = PATTERN_PARSER
    return found


def wanted_texts(source):
    """The sentence of the case, and the details behind it."""
    lines = source.read_text(encoding="utf-8").splitlines()
    texts = [line[len(MARK):] for line in lines if line.startswith(MARK)]
    if not texts:
        raise SystemExit(f"{source.name}: no line `{MARK}…`")
    return texts


def check_cases_and_sentences(sources, all_have_cases):
    """Cases without a sentence; where all have cases, sentences without one."""
    problems = []
    missing = declared_sentences()
    sentences = list(missing)
    for source in sources:
        wanted = wanted_texts(source)[0]
        matching = [sentence for sentence in sentences if wanted in sentence]
        if len(matching) != 1:
            where = "no sentence" if not matching else f"{len(matching)} sentences"
            problems.append(f"{source.name}: `{wanted}` stands in {where} of structwire/**/*.hpp")
        for sentence in matching:
            missing.pop(sentence, None)
    for sentence, header in missing.items() if all_have_cases else ():
        problems.append(f"{header.relative_to(ROOT)}: no case here for `{sentence}`")
    return problems, len(sentences)


def compile_source(compiler, prelude, source, *flags):
    command = [*compiler, "-include", prelude, "-fsyntax-only", *flags, str(source)]
    return subprocess.run(command, capture_output=True, text=True)


def concerns(compiler, source):
    """Whether this compiler is one of those that the case is for."""
    conditions = [line[len(ONLY):] for line in source.read_text(encoding="utf-8").splitlines() if line.startswith(ONLY)]
    text = "".join(f"#if !({condition})\n#error\n#endif\n" for condition in conditions)
    command = [*compiler, "-fsyntax-only", "-x", "c++", "-"]
    return not text or subprocess.run(command, input=text, capture_output=True, text=True).returncode == 0


def first_error(output):
    """What the compiler printed before its second error."""
    parts = re.split(r"^.*error: ", output, maxsplit=2, flags=re.MULTILINE)
    return "".join(parts[:2])


def check(compiler, prelude, source):
    """What is wrong with this source, or nothing."""
    good = compile_source(compiler, prelude, source)
    if good.returncode != 0:
        return f"{source.name}: must compile as it stands\n{good.stderr[:2000]}"
    bad = compile_source(compiler, prelude, source, "-DSTRUCTWIRE_MUST_FAIL")
    if bad.returncode == 0:
        return f"{source.name}: compiles and must not"
    wanted = wanted_texts(source)
    if wanted[0] not in first_error(bad.stderr):
        return f"{source.name}: fails, but not with `{wanted[0]}` first\n{bad.stderr[:2000]}"
    for detail in wanted[1:]:
        if detail not in bad.stderr:
            return f"{source.name}: fails, but without `{detail}`\n{bad.stderr[:2000]}"
    return None


def main():
    compiler, *names = sys.argv[1:]
    cpp26 = "--cpp26" in names
    names = [name for name in names if name != "--cpp26"]
    folder = ROOT / "tests/cpp26/refused" if cpp26 else FOLDER
    command = [compiler, *FLAGS, *(CPP26 if cpp26 else [])]
    sources = sorted(folder.glob("*.cpp"))
    if names:  # Only these, while working on them.
        sources = [folder / name for name in names]
        problems, count = [], 0
    else:
        problems, count = check_cases_and_sentences(sources, all_have_cases=not cpp26)
    elsewhere = [source for source in sources if not concerns(command, source)]
    for source in elsewhere:
        print(f"{source.name}: skipped, not for this compiler")
    sources = [source for source in sources if source not in elsewhere]
    with tempfile.TemporaryDirectory() as place:
        prelude = pathlib.Path(place) / "precompiled.hpp"
        prelude.write_text("#include <tests/compile_fail/prelude.hpp>\n", encoding="utf-8")
        subprocess.run([*command, "-x", "c++-header", str(prelude), "-o", f"{prelude}.gch"], check=True)
        with concurrent.futures.ThreadPoolExecutor(max_workers=os.cpu_count()) as pool:
            problems += [p for p in pool.map(lambda s: check(command, str(prelude), s), sources) if p]
    for problem in problems:
        print(problem)
    print(f"{len(sources)} sources, {count} sentences, {len(problems)} wrong")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
