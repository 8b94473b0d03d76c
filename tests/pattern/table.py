# SPDX-License-Identifier: Apache-2.0
"""The table of patterns: what Python's `re` (with re.ASCII) says to patterns and texts.

    table.py write FILE           makes the table anew
    table.py check FILE           runs every row of the table again in this Python
    table.py random COUNT SEED    prints COUNT random rows, for tests/pattern/pattern_table_test.cpp

A line is a JSON array: the pattern, the text, and whether `re.search` finds the one in the other. The text is
null in the rows of patterns that our dialect refuses; then comes what Python says, "error" or "accepted".
"""

import json
import random
import re
import sys
import warnings

warnings.simplefilter("ignore")  # Python announces future meanings of [[ and the like.

# Each pattern with texts chosen for it; every pattern also meets all of COMMON.
CHOSEN = [
    (r"", ["x"]),
    (r"a", ["ba", "b"]),
    (r"abc", ["xabcx", "ab", "abxabc", "aabc"]),
    (r"^[a-z_][a-z0-9_-]*$", ["a", "_a-9", "9a", "aB", "a\n", "a\n\n", "é", "a-"]),
    (r"^a$", ["a\n", "\na", "a\n\n", "aa"]),
    (r"a\Z", ["a\n", "ba"]),
    (r"\Aa", ["\na", "ab"]),
    (r"^", ["x"]),
    (r"$", ["x", "x\n"]),
    (r"^$", ["\n", "\n\n", "x"]),
    (r"$^", ["\n", "x\n"]),
    (r"a$b", ["ab", "a\nb"]),
    (r"a$\n", ["a\n", "a\n\n", "a"]),
    (r"a\n$", ["a\n", "a\n\n", "a"]),
    (r"$\n\Z", ["\n", "a\n", "a"]),
    (r"x*^a", ["a", "xa"]),
    (r"(^a|b)c", ["ac", "xac", "xbc"]),
    (r"(?:^)*a", ["ba"]),
    (r"^^a$$", ["a", "a\n"]),
    (r".", ["\n", "\r", "\u2028", "é", "\U0001F600", "\0"]),
    (r"^.$", ["é", "\U0001F600", "ab", "\n", "\n\n", "a\n", "\uFFFD"]),
    (r"^..$", ["\U0001F600\U0001F600", "éé", "é"]),
    (r"a.c", ["abc", "a\nc", "ac", "a\r\nc"]),
    (r"\d", ["7", "\u0667", "x"]),
    (r"^\D+$", ["abc", "a1", "\u0667"]),
    (r"^\w+$", ["aZ_9", "é", "a-b", "\u0667"]),
    (r"\W", ["é", "a", "_", "-"]),
    (r"\s", [" ", "\t", "\n", "\v", "\f", "\r", "\u00a0", "\u2003", "\x1c", "\x85", "x"]),
    (r"^\S+$", ["ab", "a b", "\u00a0", "\x1c"]),
    (r"\bfoo\b", ["foo", "a foo b", "afoo", "foo_", "foo-", "éfooé", "foo\n"]),
    (r"\Bo", ["o", "fo", "-o", "éo"]),
    (r"o\B", ["oo", "o", "o-"]),
    (r"\b", ["", "a", "-", "é", "-a"]),
    (r"[abc]", ["b", "d"]),
    (r"[^abc]", ["a", "abd", "\n", "é"]),
    (r"[]]", ["]", "a"]),
    (r"[^]]", ["]", "a"]),
    (r"[]a]+b", ["]b", "a]b", "b"]),
    (r"[a-]", ["-", "a", "b"]),
    (r"[-a]", ["-", "a", "b"]),
    (r"[^-a]", ["-", "a", "b"]),
    (r"[a\-z]", ["-", "m", "z"]),
    (r"[a-c-e]", ["b", "-", "d", "e"]),
    (r"[+--]", ["+", ",", "-", "."]),
    (r"[\d_]", ["5", "_", "x"]),
    (r"[^\d_]", ["5", "_", "x", "é"]),
    (r"[\W\d]", ["a", "5", "-", "_"]),
    (r"^[\D]$", ["a", "5", "é"]),
    (r"[\s\S]", ["\n", ""]),
    (r"^[^\s\S]$", ["\n", "a"]),
    (r"[\b]", ["\b", "b"]),
    (r"[.]", [".", "a"]),
    (r"[$^]", ["$", "^", "a"]),
    (r"[|(){}*+?]", ["|", "(", "}", "?", "a"]),
    (r"[[]", ["[", "]"]),
    (r"[\]]", ["]", "\\"]),
    (r"[\\]", ["\\", "]"]),
    (r"[\n\t\r\f\v]", ["\n", "\t", "\r", "\f", "\v", "n"]),
    (r"[\x41-\x43]", ["B", "D", "x"]),
    (r"[\u00e0-\u00ff]+", ["é", "e", "\u0100"]),
    (r"[à-ÿ]", ["é", "e", "\u0100", "Ã"]),
    (r"^[а-яё]+$", ["привет", "Привет", "ё"]),
    (r"[^а-я]", ["а", "я", "a", "ё"]),
    (r"[\U0001F600-\U0001F64F]".encode().decode("unicode_escape"), ["\U0001F600", "\U0001F650", "x"]),
    (r"[一-龥]{2}", ["漢字", "漢", "漢a字"]),
    (r"é", ["é", "e", "e\u0301"]),
    (r"^é?\u0301$", ["\u0301", "é\u0301"]),
    (r"\x41\u0042", ["AB", "x41"]),
    (r"\xe9", ["é", "\u00c3\u00a9"]),
    (r"\u20ac", ["€", "u20ac"]),
    (r"\n\t\r\f\v", ["\n\t\r\f\v", "ntrfv"]),
    (r"\.\*\+\?\(\)\[\]\{\}\|\^\$\\\/\-\_\ \"\é", [".*+?()[]{}|^$\\/-_ \"é", "x"]),
    (r"a*", ["", "b"]),
    (r"^a*$", ["", "aaa", "aab", "aaa\n"]),
    (r"^a+$", ["", "aaa", "aab"]),
    (r"^a?$", ["", "a", "aa"]),
    (r"^a*?b$", ["aab", "b", "a"]),
    (r"^a+?$", ["aa", ""]),
    (r"^a??$", ["a", "aa"]),
    (r"^a{3}$", ["aa", "aaa", "aaaa"]),
    (r"^a{3}?$", ["aa", "aaa", "aaaa"]),
    (r"^a{2,}$", ["a", "aa", "aaaaa"]),
    (r"^a{,2}$", ["", "aa", "aaa"]),
    (r"^a{2,4}$", ["a", "aa", "aaaa", "aaaaa"]),
    (r"^a{2,4}?$", ["a", "aa", "aaaa", "aaaaa"]),
    (r"^a{0}b$", ["b", "ab"]),
    (r"^a{0,0}b$", ["b", "ab"]),
    (r"^a{,}$", ["", "aaa", "b"]),
    (r"^a{1000}$", ["a" * 999, "a" * 1000, "a" * 1001]),
    (r"^(?:ab){0,3}$", ["", "abab", "ababab", "abababab", "aba"]),
    (r"^(?:a{2}){2}$", ["aaa", "aaaa", "aaaaa"]),
    (r"^(?:a{1,2}){2,3}$", ["a", "aa", "aaaaaa", "aaaaaaa"]),
    (r"a{", ["a{", "a"]),
    (r"a{}", ["a{}", "a"]),
    (r"a{x}", ["a{x}", "a"]),
    (r"a{1", ["a{1", "a"]),
    (r"a{1,x}", ["a{1,x}", "a"]),
    (r"a{ 1}", ["a{ 1}", "a"]),
    (r"^{}$", ["{}", ""]),
    (r"{", ["{", "a"]),
    (r"}", ["}", "a"]),
    (r"^{[a-z]*}$", ["{abc}", "{}", "{", "{A}"]),
    (r"a{2}{", ["aa{", "a{"]),
    (r"a|b", ["b", "c"]),
    (r"^a|b$", ["ax", "xb", "xa", "bx"]),
    (r"^(?:a|b)$", ["a", "b", "ab"]),
    (r"a||b", ["c"]),
    (r"^(?:|a)$", ["", "a", "b"]),
    (r"^(|a|b)c$", ["c", "ac", "bc", "abc"]),
    (r"|", [""]),
    (r"()", [""]),
    (r"()*a", ["a", "b"]),
    (r"(?:)+a", ["a", "b"]),
    (r"(?:){3}a", ["a", "b"]),
    (r"^(?:(?:a|b)|(?:c|d|e)f)+$", ["abcf", "efdf", "abc", "cfa"]),
    (r"^(a|ab)(c|bcd)(d*)$", ["abcd", "abcdd", "abc", "ac"]),
    (r"^(?:a*)*$", ["aaa", "aab", ""]),
    (r"^(?:a*)+$", ["aaa", "aab", ""]),
    (r"^(?:a*)*b$", ["aaab", "aaa", "b"]),
    (r"(a|aa)+$", ["aaaa", "aab"]),
    (r"^(?:a?){5}a{5}$", ["aaaaa", "aaaaaaaaaa", "aaaa", "aaaaaaaaaaa"]),
    (r"(x+x+)+y", ["xxxxy", "xxxx"]),
    (r"^(([a-z])+.)+[A-Z]([a-z])+$", ["aaaaA", "abcAbc", "a.Bc"]),
    (r"^(?:\w+\s?)+$", ["foo bar baz", "foo  bar", "foo!"]),
    (r"^[A-Za-z0-9._%+-]+@[A-Za-z0-9.-]+\.[A-Za-z]{2,}$", ["a.b@c.de", "a@b", "@c.de", "a@b.c1"]),
    (r"^\d{4}-\d{2}-\d{2}(?:[Tt ]\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?)?$",
     ["2024-01-31", "2024-01-31T10:20", "2024-01-31 10:20:30.5", "2024-1-31", "2024-01-31T"]),
    (r"^(?:25[0-5]|2[0-4]\d|1?\d?\d)(?:\.(?:25[0-5]|2[0-4]\d|1?\d?\d)){3}$",
     ["127.0.0.1", "255.255.255.255", "256.0.0.1", "1.2.3", "1.2.3.4\n"]),
    (r"^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$",
     ["c4524ac0-e81e-4aa8-a595-0aec605a659a", "c4524ac0-e81e-4aa8-a595-0aec605a659", "C4524AC0-e81e-4aa8-a595-0aec605a659a"]),
    (r"^#(?:[0-9a-fA-F]{3}){1,2}$", ["#fff", "#a0B1c2", "#ffff", "fff"]),
    (r"^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$", ["-1.5e+3", "01", "1.", "0", "-", "1e5"]),
    (r'^"(?:[^"\\]|\\.)*"$', ['"a\\"b"', '"a"b"', '""', '"\\"', '"\n"']),
    (r"\0".replace("\\0", "\0"), ["a\0b", "ab"]),
]

COMMON = ["", "a", "b", "ab", "aab\n", "A-1_z", "é\n", "\U0001F600"]

# Refused by the dialect, whatever Python says.
REFUSED = [
    r"(a)\1", r"\2", r"(?P<n>a)(?P=n)", r"(?P<n>a)", r"(?<n>a)", r"(?=a)", r"(?!a)", r"(?<=a)b", r"(?<!a)b",
    r"(?i)a", r"(?i:a)", r"(?-i:a)", r"(?#x)", r"(?>a)", r"(a)(?(1)b)", r"(?", r"(?x", r"a++", r"a*+", r"a?+", r"a{2}+",
    r"(", r"a(b", r")", r"a)b", r"[", r"[a", r"[]", r"[^]", r"]", r"a]", r"((a)", r"*", r"+a", r"?", r"a|*", r"(*)",
    r"^*", r"$+", r"\b{2}", r"\A?", r"\Z*", r"{2}", r"a**", r"a*??", r"a{2}{3}", r"a+*", r"a{1001}", r"a{0,1001}",
    r"a{99999999999999999999}", r"a{3,2}", r"(?:a{1000}){5}", r"((((a{9}){9}){9}){9})", "a" * 4097, "\\", r"a\ "[:-1],
    r"[\ "[:-1], r"\q", r"\z", r"\a", r"\0", r"\e", r"\U0001F600", r"\N{DIGIT ONE}", r"\p{L}", r"\x4", r"\xg0", r"\u123",
    r"\u{41}", r"\ud800", r"[\ud800-\udfff]", r"[b-a]", r"[a-\d]", r"[\d-z]", r"[\1]", r"[\q]", r"[\A]", r"[\B]", r"[\Z]",
]

PIECES = [
    "a", "b", "c", "ab", "_", "1", "-", "\n", "é", "Я", "\U0001F600", ".", r"\d", r"\w", r"\s", r"\D", r"\W", r"\S",
    "[ab]", "[^ab]", "[a-c1-3]", "[^a-c]", "[а-яé]", r"[\w-]", r"[^\n]", r"\n", r"\x61", r"\u00e9", r"\-", "{", "}",
]
PLACES = ["^", "$", r"\b", r"\B", r"\A", r"\Z"]
REPEATS = ["*", "+", "?", "{2}", "{1,}", "{0,2}", "{,1}", "{1,3}", "{0}", "*?", "+?", "??", "{1,2}?"]
LETTERS = "aaabbbc_1- \néЯ\U0001F600{}"


def random_pattern(source, depth):
    parts = []
    for _ in range(source.randint(0 if depth else 1, 4)):
        kind = source.random()
        if kind < 0.15:
            parts.append(source.choice(PLACES))
            continue
        if kind < 0.40 and depth < 3:
            inner = "|".join(random_pattern(source, depth + 1) for _ in range(source.choice([1, 1, 2, 3])))
            part = source.choice(["(", "(?:"]) + inner + ")"
        else:
            part = source.choice(PIECES)
        if len(part) < 3 or part[0] in "([\\":
            part += source.choice(REPEATS) if source.random() < 0.4 else ""
        parts.append(part)
    return "".join(parts)


def random_text(source):
    return "".join(source.choice(LETTERS) for _ in range(source.randint(0, 7)))


def found(pattern, text):
    return re.search(pattern, text, re.ASCII) is not None


def verdict(pattern):
    try:
        re.compile(pattern, re.ASCII)
    except (re.error, OverflowError):
        return "error"
    return "accepted"


def is_fair(pattern, text):
    r"""Python before 3.14 says that \B is nowhere in an empty text."""
    return text != "" or r"\B" not in pattern


def random_rows(count, seed):
    source = random.Random(seed)
    rows = 0
    while rows < count:
        pattern = random_pattern(source, 0)
        if verdict(pattern) == "error":
            continue
        for text in {random_text(source) for _ in range(4)}:
            if is_fair(pattern, text):
                yield [pattern, text, found(pattern, text)]
                rows += 1


def table():
    for pattern, texts in CHOSEN:
        for text in dict.fromkeys(texts + COMMON):
            if is_fair(pattern, text):
                yield [pattern, text, found(pattern, text)]
    for pattern in REFUSED:
        yield [pattern, None, verdict(pattern)]
    yield from sorted(random_rows(400, 3))


def print_rows(rows, file):
    for row in rows:
        print(json.dumps(row), file=file)


def check(path):
    wrong = 0
    with open(path, encoding="utf-8") as file:
        rows = [json.loads(line) for line in file]
    for pattern, text, outcome in rows:
        got = verdict(pattern) if text is None else found(pattern, text)
        if got != outcome and text is not None:
            print(f"{pattern!r} in {text!r}: {outcome} in the table, {got} in this Python")
            wrong += 1
    print(f"{len(rows)} rows, {wrong} wrong")
    return 1 if wrong else 0


def main():
    match sys.argv[1:]:
        case ["write", path]:
            with open(path, "w", encoding="utf-8") as file:
                print_rows(table(), file)
        case ["check", path]:
            return check(path)
        case ["random", count, seed]:
            print_rows(random_rows(int(count), int(seed)), sys.stdout)
        case _:
            print(__doc__)
            return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
