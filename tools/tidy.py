#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Holds the rules of ARCHITECTURE.md, and a few habits that no compiler checks, against the tree.

The tables "Who may include whom", "Third parties" and "Absences" are read from ARCHITECTURE.md
itself, so that what people read and what is enforced cannot differ.

usage: tidy.py              checks this tree; prints `file:line: what is wrong`, status 1 if anything is
       tidy.py --self-test  checks that each rule finds a violation made for it
"""
import dataclasses
import os
import pathlib
import re
import sys
import tempfile

CPP = (".hpp", ".cpp", ".h", ".cc")
TEXT = CPP + (".md", ".py", ".sh", ".cmake", ".txt", ".json", ".toml", ".yml", ".yaml", ".in", "")
LEFT_OUT = re.compile(r"^(\.git|build.*|__pycache__|\.cache|\.vscode|\.idea)$")
ROOTS = ("structwire", "taskd", "cli", "examples", "tests", "bench", "python")
# Spelled in two pieces, because this file is checked too.
PRIVATE_PATHS = re.compile(r"(?<![\w./*-])/" + r"(work|tmp/brief)(?=/|\b)")
INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^>"]+)[>"]')


@dataclasses.dataclass
class Part:
    """A row of the table: which files, and what they may include."""

    name: str
    paths: list
    may: list


@dataclasses.dataclass
class Scope:
    """Paths of the tree, and the headers (or words) that the row is about."""

    paths: list
    things: list


class Rules:
    """What the tables say."""

    def __init__(self, text):
        self.problems = []
        self.parts = []
        for cells in self.table(text, "Part", "Files", "May include"):
            may = [word.strip() for word in re.split(r"[,;]", cells[2]) if word.strip()]
            self.parts.append(Part(cells[0].strip(" *`"), code_words(cells[1]), may))
        self.adapters = [
            Scope(code_words(cells[2]), code_words(cells[1]))
            for cells in self.table(text, "Third party", "Headers", "Only in")
        ]
        self.absences = [
            Scope(code_words(cells[0]), code_words(cells[1]))
            for cells in self.table(text, "Where", "Never", "Why")
        ]
        names = {part.name for part in self.parts}
        for part in self.parts:
            for name in part.may:
                if name not in names and name not in ("nothing", "everything"):
                    self.problems.append(f"the row of {part.name} names an unknown part '{name}'")

    def table(self, text, *heads):
        """The rows under the table head that has these columns."""
        lines = text.splitlines()
        head = next((i for i, line in enumerate(lines) if split_row(line) == list(heads)), None)
        if head is None:
            self.problems.append("there is no table with the columns " + ", ".join(heads))
            return []
        rows = []
        for line in lines[head + 2 :]:
            if not line.startswith("|"):
                break
            rows.append(split_row(line))
        return rows

    def part_of(self, path):
        """The row whose path is the longest that fits."""
        best, length = None, -1
        for part in self.parts:
            for pattern in part.paths:
                if matches(path, pattern) and len(pattern) > length:
                    best, length = part, len(pattern)
        return best


def split_row(line):
    return [cell.strip() for cell in line.strip().strip("|").split("|")] if "|" in line else []


def code_words(cell):
    return re.findall(r"`([^`]+)`", cell)


def matches(path, pattern):
    """`folder/` fits all below it; `folder/name*` what starts so; anything else itself."""
    if pattern == "*":
        return True
    if pattern.endswith(("/", "*")):
        return path.startswith(pattern.rstrip("*"))
    return path == pattern


# ---- C++ text --------------------------------------------------------------------------------------

TOKEN = re.compile(
    r"""
      (?P<line_comment>//[^\n]*)
    | (?P<block_comment>/\*.*?\*/)
    | (?P<raw>R"(?P<delimiter>[^(\s]*)\(.*?\)(?P=delimiter)")
    | (?P<string>"(?:\\.|[^"\\\n])*")
    | (?P<character>(?<![0-9a-fA-F])'(?:\\.|[^'\\\n])+')
    """,
    re.VERBOSE | re.DOTALL,
)


def blank_out(text):
    """The text with comments and literals replaced by blanks, so that offsets and lines stay."""

    def blank(match):
        return re.sub(r"[^\n]", " ", match.group())

    return TOKEN.sub(blank, text)


def line_of(text, position):
    return text.count("\n", 0, position) + 1


WORD = re.compile(r"[A-Za-z_]\w*|::|->|\[\[|\]\]|[^\sA-Za-z_]")
BLOCK_BEFORE = {")", ";", "{", "}", "else", "do", "try", "const", "noexcept", "override", "final",
                "mutable", "extern", "", ":"}
SCOPES = {"namespace", "class", "struct", "union", "enum"}


@dataclasses.dataclass
class Statement:
    """One full expression while it is read: what it holds, and how deep in parentheses it is."""

    awaits: bool = False
    opens_scope: bool = False  # `struct Name {`, or a function with its result behind an arrow.
    suspects: list = dataclasses.field(default_factory=list)
    depth: int = 0
    lambda_at: list = dataclasses.field(default_factory=list)


def await_violations(text):
    """Lines of braced temporaries and capturing lambdas in an expression that contains co_await or co_yield.

    GCC 12 destroys such a temporary twice. A named object (`Request request{…};`) is not one.
    """
    found = []
    stack = []  # Enclosing statements, while a lambda's body or a block inside is read.
    braces = []  # What each open brace is: "block" or "value".
    now = Statement()
    tokens = [(match.group(), match.start()) for match in WORD.finditer(text)]

    def finish(statement):
        if statement.awaits:
            found.extend(statement.suspects)

    for index, (token, position) in enumerate(tokens):
        before = tokens[index - 1][0] if index else ""
        before_that = tokens[index - 2][0] if index > 1 else ""
        after = tokens[index + 1][0] if index + 1 < len(tokens) else ""
        if token in ("co_await", "co_yield"):
            now.awaits = True
        elif token in SCOPES or (token == "->" and before in BLOCK_BEFORE):
            now.opens_scope = now.opens_scope or now.depth == 0
        elif token == "[":
            is_subscript = re.fullmatch(r"\w+|\)|\]", before) and before not in (
                "return", "co_return", "co_await", "co_yield")
            if not is_subscript:
                now.lambda_at.append(now.depth)
                if after != "]":
                    now.suspects.append((line_of(text, position), "a capturing lambda"))
            now.depth += 1
        elif token == "(":
            now.depth += 1
        elif token in (")", "]"):
            now.depth = max(0, now.depth - 1)
        elif token == "{":
            is_body = bool(now.lambda_at) and now.lambda_at[-1] == now.depth
            in_declaration = now.depth == 0 and re.fullmatch(r"\w+", before) and (
                re.fullmatch(r"[\w>&*]+", before_that)
                and before_that not in ("return", "co_return", "co_await", "co_yield"))
            if is_body:
                now.lambda_at.pop()
                braces.append("body")
                stack.append(now)
                now = Statement()
            elif now.depth == 0 and (before in BLOCK_BEFORE or now.opens_scope):
                braces.append("block")
                finish(now)
                now = Statement()
            else:
                if not in_declaration:
                    now.suspects.append((line_of(text, position), "a braced temporary"))
                braces.append("value")
                now.depth += 1
        elif token == "}":
            kind = braces.pop() if braces else "block"
            if kind == "value":
                now.depth = max(0, now.depth - 1)
            else:
                finish(now)
                now = stack.pop() if kind == "body" and stack else Statement()
        elif token == ";":
            finish(now)
            now = Statement(depth=now.depth)
    finish(now)
    return sorted(set(found))


# ---- the checks ------------------------------------------------------------------------------------


class Tidy:
    """One pass over a tree."""

    def __init__(self, root):
        self.root = pathlib.Path(root)
        self.violations = []

    def say(self, path, line, text):
        self.violations.append(f"{path}:{line}: {text}")

    def check(self):
        architecture = self.root / "ARCHITECTURE.md"
        self.rules = Rules(architecture.read_text(encoding="utf-8"))
        for problem in self.rules.problems:
            self.say("ARCHITECTURE.md", 1, problem)
        for path in self.files():
            full = self.root / path
            if full.suffix not in TEXT:
                continue
            try:
                text = full.read_text(encoding="utf-8")
            except UnicodeDecodeError:
                continue  # Test data may be anything.
            self.check_private_paths(path, text)
            if full.suffix in CPP:
                self.check_cpp(path, text)
            if full.suffix == ".md":
                self.check_links(path, text)
        return self.violations

    def files(self):
        for folder, folders, names in os.walk(self.root):
            folders[:] = sorted(name for name in folders if not LEFT_OUT.match(name))
            # `.git` is a file in a worktree.
            for name in sorted(name for name in names if not LEFT_OUT.match(name)):
                yield pathlib.Path(folder, name).relative_to(self.root).as_posix()

    def check_private_paths(self, path, text):
        for match in PRIVATE_PATHS.finditer(text):
            self.say(path, line_of(text, match.start()), "names a path of somebody's machine")

    def check_links(self, path, text):
        without_code = re.sub(r"^```.*?^```$|`[^`\n]+`", lambda m: re.sub(r"[^\n]", " ", m.group()),
                              text, flags=re.MULTILINE | re.DOTALL)
        for match in re.finditer(r"\]\(([^)\s]+)\)", without_code):
            target = match.group(1).split("#")[0]
            if not target or re.match(r"[a-z]+:", target):
                continue
            if not (self.root / path).parent.joinpath(target).exists():
                self.say(path, line_of(text, match.start()), f"links to {target}, which is not there")

    def check_cpp(self, path, text):
        lines = text.splitlines() or [""]
        if lines[0] != "// SPDX-License-Identifier: Apache-2.0":
            self.say(path, 1, "the first line is not the SPDX line")
        if path.endswith(".hpp") and "#pragma once" not in lines:
            self.say(path, 1, "a header without #pragma once")
        code = blank_out(text)
        for match in TOKEN.finditer(text):
            if match.group("block_comment"):
                self.say(path, line_of(text, match.start()), "a /* comment */; write // lines")
        # What must not compile may hold what the compiler is to refuse.
        may_await = re.search("co_await|co_yield", code) and not path.startswith("tests/compile_fail/")
        for line, what in await_violations(code) if may_await else []:
            self.say(path, line, f"{what} in an expression with co_await or co_yield: name it, then move it")
        self.check_words(path, code)
        for number, line in enumerate(lines, 1):
            match = INCLUDE.match(line)
            # The blanked text tells a real directive from one inside a comment or a raw string.
            if match and code.splitlines()[number - 1].lstrip().startswith("#"):
                self.check_include(path, number, match.group(2), match.group(1) == '"')

    def check_words(self, path, code):
        for absence in self.rules.absences:
            if not any(matches(path, pattern) for pattern in absence.paths):
                continue
            for word in absence.things:
                if not word.startswith("<"):
                    start = r"(?<!\w)" if re.match(r"\w", word) else ""
                    for match in re.finditer(start + re.escape(word), code):
                        self.say(path, line_of(code, match.start()), f"`{word}` has no place here")

    def check_include(self, path, line, header, quoted):
        first = header.split("/")[0]
        if first in ROOTS:
            self.check_own(path, line, header)
        elif quoted:
            self.say(path, line, f'"{header}": write the path from the root of the tree')
        else:
            self.check_foreign(path, line, header)

    def check_own(self, path, line, header):
        if not (self.root / header).exists():
            self.say(path, line, f"includes {header}, which is not there")
            return
        source, target = self.rules.part_of(path), self.rules.part_of(header)
        if source is None or target is None:
            unknown = path if source is None else header
            self.say(path, line, f"{unknown} belongs to no row of the table in ARCHITECTURE.md")
            return
        if source.name == target.name or target.name in source.may or "everything" in source.may:
            return
        if path.endswith(("_test.cpp", "_suite.hpp")) and matches(header, "tests/support/"):
            return
        self.say(path, line, f"{source.name} may not include {target.name} ({header})")

    def check_foreign(self, path, line, header):
        for absence in self.rules.absences:
            if f"<{header}>" in absence.things and any(matches(path, p) for p in absence.paths):
                self.say(path, line, f"<{header}> has no place here")
        if re.fullmatch(r"[a-z0-9_]+", header):
            return  # The standard library.
        rows = [row for row in self.rules.adapters if any(matches(header, h) for h in row.things)]
        if not rows:
            self.say(path, line, f"<{header}> is in no row of the third-party table")
        elif not any(self.allowed(path, row) for row in rows):
            self.say(path, line, f"<{header}> is included outside its adapter")

    @staticmethod
    def allowed(path, row):
        for pattern in row.paths:
            if pattern.startswith("*"):
                if path.endswith(pattern[1:]):
                    return True
            elif matches(path, pattern):
                return True
        return False


# ---- the self-test ---------------------------------------------------------------------------------

SPDX = "// SPDX-License-Identifier: Apache-2.0\n"
HEADER = SPDX + "#pragma once\n"
PAGE = """
| Part | Files | May include |
|---|---|---|
| core | `structwire/core/` | nothing |
| json | `structwire/formats/json/`, `structwire/json.hpp` | core |
| tasks | `taskd/tasks/` | core |
| http | `taskd/http/` | core, json, tasks |
| tests | `tests/` | everything |

| Third party | Headers | Only in |
|---|---|---|
| Boost | `boost/` | `taskd/http/` |
| GoogleTest | `gtest/` | `*_test.cpp`, `tests/` |

| Where | Never | Why |
|---|---|---|
| `*` | `<regex>` | slow |
| `taskd/tasks/` | `::now(`, `<thread>`, `printf(` | time is given |
"""
GOOD = {
    "ARCHITECTURE.md": PAGE,
    "structwire/core/a.hpp": HEADER + "#include <vector>\n",
    "structwire/json.hpp": HEADER + "#include <structwire/core/a.hpp>\n",
    "taskd/tasks/t.hpp": HEADER + "#include <structwire/core/a.hpp>\n",
    "taskd/http/door.cpp": SPDX + "#include <boost/beast.hpp>\n#include <structwire/json.hpp>\n"
    "// #include <taskd/tasks/gone.hpp> is only talked about: clock::now(\n"
    'auto text = "/* no comment */"; int big = 1\'000;  // and clock::now( again\n',
    "taskd/tasks/v.cpp": SPDX + "int n = snprintf(0, 0, 0);\n",
    "taskd/http/door_test.cpp": SPDX + "#include <gtest/gtest.h>\n"
    "#include <tests/support/s.hpp>\n",
    "tests/support/s.hpp": HEADER + "#include <taskd/tasks/t.hpp>\n",
    "README.md": "[code](taskd/http/door.cpp) [web](https://example.org) [here](#x) `[a](b)`\n",
}
# Each row: the file, its content, and a piece of what has to be said about it.
BAD = [
    ("structwire/core/b.hpp", HEADER + "#include <structwire/json.hpp>\n", "core may not include json"),
    ("structwire/core/b.hpp", HEADER + '#include "a.hpp"\n', "write the path from the root"),
    ("structwire/core/b.hpp", HEADER + "#include <boost/asio.hpp>\n", "outside its adapter"),
    ("structwire/core/b.hpp", HEADER + "#include <gtest/gtest.h>\n", "outside its adapter"),
    ("structwire/core/b.hpp", HEADER + "#include <tests/support/s.hpp>\n", "core may not include tests"),
    ("structwire/core/b.hpp", HEADER + "#include <unknown/thing.h>\n", "no row of the third-party"),
    ("structwire/core/b.hpp", HEADER + "#include <regex>\n", "<regex> has no place"),
    ("structwire/core/b.hpp", HEADER + "#include <structwire/core/z.hpp>\n", "is not there"),
    ("structwire/core/b.hpp", "#pragma once\n", "SPDX"),
    ("structwire/core/b.hpp", SPDX, "#pragma once"),
    ("structwire/core/b.hpp", HEADER + "/* old */\n", "/* comment */"),
    ("structwire/new/b.hpp", HEADER + "#include <structwire/core/a.hpp>\n", "belongs to no row"),
    ("taskd/tasks/u.cpp", SPDX + "auto t = Clock::now();\n", "`::now(` has no place"),
    ("taskd/tasks/u.cpp", SPDX + "void f() { std::printf(0); }\n", "`printf(` has no place"),
    ("taskd/tasks/u.cpp", SPDX + "#include <thread>\n", "<thread> has no place"),
    ("taskd/tasks/u.cpp", SPDX + "#include <taskd/http/door.hpp>\n", "is not there"),
    ("docs/a.md", "[gone](nowhere.md)\n", "links to nowhere.md"),
    ("docs/a.md", "see /" + "work/main\n", "somebody's machine"),
    ("ARCHITECTURE.md", PAGE.replace("| core |", "| other |", 1), "unknown part 'core'"),
    ("ARCHITECTURE.md", PAGE.replace("May include", "Might"), "no table with the columns"),
]
AWAIT_BAD = [
    "void f() { co_await send(Request{1}); }",
    "void f() { co_yield Item{1}; }",
    "void f() { auto r = co_await send({.id = 1}); }",
    "void f() { co_await send([x] { return x; }); }",
    "void f() { co_await [&]() -> Task { co_return; }(); }",
    "void f() { g(Foo{1}, co_await h()); }",
    "void f() { if (auto r = co_await h(Foo{}); r) { return; } }",
    "void f() { co_return Foo{co_await h()}; }",
    "void f() { run([] { co_await h(Foo{1}); }); }",
    "namespace n { class C { auto f() -> Task<int> { co_await h({1}); } }; }",
]
AWAIT_GOOD = [
    "void f() { Request request{1}; co_await send(std::move(request)); }",
    "void f() { const Request request{.id = 1}; if (co_await send(request)) { g(Foo{1}); } }",
    "void f() { auto call = [x] { return x; }; co_await send(call); }",
    "void f() { co_await send([] { return 1; }); }",
    "void f() { spawn([x] () -> Task { co_await h(x); }); g(Foo{}); }",
    "void f() { for (;;) { auto n = co_await read(a[0]); values[n] = Foo{n}; } }",
    "struct S { int a{1}; }; Task f() { co_await h(); }",
    "namespace n { class C { Task f() { co_await h(); } C() : a_{1} { g(Foo{}); } }; }",
    "auto f() -> Task<int> { co_await h(); g(Foo{1}); }",
    "namespace n { Task f() { try { co_await h(); } catch (...) { g({}); } } }",
    "void f() { while (co_await more()) { run(Foo{}); } }",
]


def violations_of(files):
    with tempfile.TemporaryDirectory(prefix="structwire-tidy-") as root:
        for name, text in files.items():
            path = pathlib.Path(root, name)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        return Tidy(root).check()


def self_test():
    failures = []
    clean = violations_of(GOOD)
    if clean:
        failures.append(f"a good tree is refused: {clean}")
    for name, text, expected in BAD:
        found = violations_of({**GOOD, name: text})
        if not any(expected in line for line in found):
            failures.append(f"not found: '{expected}' in {name}; found {found}")
    for code in AWAIT_BAD:
        if not await_violations(code):
            failures.append(f"not found: {code}")
    for code in AWAIT_GOOD:
        if await_violations(code):
            failures.append(f"refused, though good: {code}")
    print("\n".join(failures) or f"{len(BAD) + len(AWAIT_BAD)} violations found, good code accepted")
    return 1 if failures else 0


def main():
    if sys.argv[1:] == ["--self-test"]:
        return self_test()
    if sys.argv[1:]:
        sys.exit(__doc__)
    violations = Tidy(pathlib.Path(__file__).resolve().parent.parent).check()
    for violation in violations:
        print(violation)
    if violations:
        print(f"{len(violations)} violations; ARCHITECTURE.md tells the rules")
    return 1 if violations else 0


if __name__ == "__main__":
    sys.exit(main())
