# SPDX-License-Identifier: Apache-2.0
"""What the measured rows say: medians over processes, ratios to the best peer, and the tables."""
import platform
import re
import statistics
import subprocess

SHAPES = ["a", "b", "c", "d", "twitter_full", "twitter_subset", "canada", "citm"]
DOCUMENTS = ["message_100", "message_1k", "message_10k", "message_100k", "state", "update"]
OPERATIONS = {"decode_fresh": "decode, fresh", "decode_reused": "decode, reused", "encode": "encode"}
FORMATS = {"json": "JSON", "msgpack": "MessagePack"}
# Formats that structwire does not have, and what their bytes hold of the members' names. No ratio is taken to them.
CONTEXT = {"cereal": "none", "protobuf": "numbers", "beve": "names"}
# Under this a row is a fault; the goals stand beside what was measured.
RATIO_MIN = 0.97
GOALS = {
    ("json", "decode_fresh"): [2.0, 1.3, 1.5, 1.5, 1.15, 1.0, 1.05, 1.1],
    ("json", "decode_reused"): [1.5, 1.8, 1.3, 1.3, 1.1, 1.1, 1.05, 1.1],
    ("json", "encode"): [1.1, 1.1, 1.1, 1.1, 1.4, 1.1, 1.05, 1.25],
    ("msgpack", "decode_fresh"): [1.5, 1.25, 1.35, 1.35, 1.3, 1.25, 1.0, 1.2],
    ("msgpack", "decode_reused"): [2.2, 3.0, 3.0, 3.0, 4.0, 3.0, 1.3, 3.0],
    ("msgpack", "encode"): [2.5, 1.2, 2.8, 2.8, 4.0, 2.0, 2.0, 2.8],
}
# How much longer other compilers' builds may take.
SELF_MAX = {"structwire_gcc12": 1.15, "structwire_clang19": 1.30}
FOREIGN_GOALS = {
    ("python pickle, dataclass", "pickle", "decode_fresh"): [15, 2.5, 2.5, 2.5],
    ("python pickle, dataclass", "pickle", "encode"): [12, 12, 12, 12],
    ("python msgspec", "msgpack", "decode_fresh"): [4, 1.6, 1.6, 1.6],
    ("python msgspec", "msgpack", "encode"): [3, 3, 3, 3],
}
KEY = ("library", "format", "op", "shape")
MEMORY = {"allocations": "Allocations", "peak_bytes": "Memory taken at most, bytes"}


def is_peer(library):
    """A C++ codec by name that the ratios are taken to."""
    return not library.startswith(("structwire", "limit", "python", "rust"))


class Results:
    def __init__(self):
        self.peers = []
        self.wrong = []
        self.minima = {}
        self.bytes = {}
        self.memory = {}
        self.environment = {}

    def add(self, lines):
        """The lines of one process."""
        for line in lines:
            if "peer" in line:
                if line not in self.peers:
                    self.peers.append(line)
            elif "wrong" in line:
                if line not in self.wrong:
                    self.wrong.append(line)
            else:
                key = tuple(line[name] for name in KEY)
                if "ns" in line:
                    self.minima.setdefault(key, []).append(line["ns"])
                    self.bytes[key] = line["bytes"]
                self.memory.setdefault(key, {}).update({name: line[name] for name in MEMORY if name in line})

    def rows(self):
        median = {key: statistics.median(minima) for key, minima in self.minima.items()}
        best = {}
        for (library, *group), ns in median.items():
            if is_peer(library):
                best[tuple(group)] = min(ns, best.get(tuple(group), ns))
        rows = []
        for key, ns in median.items():
            row = dict(zip(KEY, key)) | {"ns": round(ns, 2), "bytes": self.bytes[key]}
            if key[1:] in best:
                row["ratio_to_best_peer"] = round(best[key[1:]] / ns, 3)
            if len(self.minima[key]) > 1:
                row["spread"] = round((max(self.minima[key]) - min(self.minima[key])) / ns, 3)
            rows.append(row | self.memory.get(key, {}))
        return rows


def environment(versions, packages, flags):
    model = re.search(r"model name\s*: (.*)", open("/proc/cpuinfo").read())
    commit = subprocess.run(["git", "rev-parse", "--short", "HEAD"], capture_output=True, text=True).stdout.strip()
    date = subprocess.run(["date", "-u", "+%Y-%m-%d %H:%M"], capture_output=True, text=True).stdout.strip()
    return {
        "date": date, "commit": commit, "machine": model.group(1) if model else platform.machine(),
        "compiler": "g++-16 " + versions.get("g++-16", ""), "flags": flags, "libc": versions.get("libc6", ""),
        "packages": {package: versions.get(package, "") for package in packages},
    }


def short(ns):
    if ns >= 1e6:
        return f"{ns / 1e6:.2f}M"
    if ns >= 1e4:
        return f"{ns / 1e3:.1f}k"
    return f"{ns:.0f}"


def spread(row):
    """How far the processes were apart; nothing where there was one."""
    return f" ±{row['spread'] * 100:.0f}%" if "spread" in row else ""


def table(head, lines):
    """Columns as wide as what stands in them; Markdown, so that it can go into a page as it is."""
    widths = [max(len(str(line[i])) for line in [head, *lines]) for i in range(len(head))]
    put = lambda line: "| " + " | ".join(str(cell).ljust(width) for cell, width in zip(line, widths)) + " |"
    return "\n".join([put(head), "|" + "|".join("-" * (width + 2) for width in widths) + "|", *map(put, lines)])


def find(rows, **wanted):
    return [row for row in rows if all(row[name] == value for name, value in wanted.items())]


def in_order(names, order):
    return [name for name in order if name in names] + sorted(name for name in names if name not in order)


def ratio_table(rows, library):
    """The goals beside what was measured. `!` is under the least that is allowed, `-` under the goal."""
    shapes = [shape for shape in SHAPES if find(rows, library=library, shape=shape)]
    lines = []
    for (format_name, operation), goals in GOALS.items():
        line = [f"{FORMATS[format_name]} {OPERATIONS[operation]}"]
        for shape in shapes:
            found = find(rows, library=library, format=format_name, op=operation, shape=shape)
            ratio = found[0].get("ratio_to_best_peer") if found else None
            if ratio is None:
                line.append("")
                continue
            goal = goals[SHAPES.index(shape)]
            mark = "!" if ratio < RATIO_MIN else "-" if ratio < goal else " "
            line.append(f"{ratio:5.2f}{mark} ({goal})")
        if any(line[1:]):
            lines.append(line)
    return table([library, *shapes], lines) if lines else ""


def document_table(rows, library):
    shapes = [shape for shape in DOCUMENTS if find(rows, library=library, shape=shape)]
    lines = []
    for format_name, operation in GOALS:
        line = [f"{FORMATS[format_name]} {OPERATIONS[operation]}"]
        for shape in shapes:
            found = find(rows, library=library, format=format_name, op=operation, shape=shape)
            ratio = found[0].get("ratio_to_best_peer") if found else None
            line.append("" if ratio is None else f"{ratio:5.2f}{'!' if ratio < RATIO_MIN else ''}")
        if any(line[1:]):
            lines.append(line)
    return table([library, *shapes], lines) if shapes and lines else ""


def time_table(rows, format_name, operation):
    chosen = find(rows, format=format_name, op=operation)
    shapes = in_order({row["shape"] for row in chosen}, SHAPES + DOCUMENTS)
    libraries = in_order({row["library"] for row in chosen}, ["structwire", "structwire_cpp26", "glaze"])
    lines = []
    for library in libraries:
        line = [library]
        for shape in shapes:
            found = find(chosen, library=library, shape=shape)
            line.append(short(found[0]["ns"]) + spread(found[0]) if found else "")
        lines.append(line)
    return table([f"{format_name}, ns" if format_name != "object" else f"object, {operation}, ns", *shapes], lines)


def context_table(rows, operation):
    """The formats that are context, below structwire's MessagePack."""
    ours = find(rows, library="structwire", format="msgpack", op=operation)
    chosen = [row for row in rows if row["format"] in CONTEXT and row["op"] == operation]
    shapes = in_order({row["shape"] for row in chosen}, SHAPES + DOCUMENTS)
    lines = []
    for format_name in ["msgpack", *CONTEXT]:
        found = {(row["library"], row["shape"]): row for row in ours + chosen if row["format"] == format_name}
        for library in sorted({library for library, _ in found}):
            cells = [found.get((library, shape)) for shape in shapes]
            lines.append([f"{library}, {format_name}", CONTEXT.get(format_name, "names"),
                          *(short(row["ns"]) + spread(row) if row else "" for row in cells)])
    return table([f"{OPERATIONS[operation]}, ns", "keys", *shapes], lines) if chosen else ""


def self_table(rows, other):
    """Another build of structwire beside the one of GCC 16 in C++23: how much longer it takes, `!` over its limit."""
    shapes = [shape for shape in SHAPES if find(rows, library=other, shape=shape)]
    lines = []
    for format_name, operation in GOALS:
        line = [f"{FORMATS[format_name]} {OPERATIONS[operation]}"]
        for shape in shapes:
            pair = [find(rows, library=library, format=format_name, op=operation, shape=shape) for library in ("structwire", other)]
            if all(pair):
                more = pair[1][0]["ns"] / pair[0][0]["ns"]
                line.append(f"{more:.2f}{'!' if more > SELF_MAX.get(other, 9) else ''}")
            else:
                line.append("")
        lines.append(line)
    return table([f"{other} / structwire", *shapes], lines) if shapes and find(rows, library="structwire") else ""


def foreign_table(rows, language, shapes):
    """How many times as fast structwire is as each library of another language, in that library's format or, where
    structwire has none such (pickle), in MessagePack. Both decode fresh objects and encode."""
    lines = []
    names = []
    for row in rows:
        name = (row["library"], row["format"], row["op"])
        if row["library"].startswith(language) and name not in names:
            names.append(name)
    for library, format_name, operation in sorted(names, key=lambda name: (list(OPERATIONS).index(name[2]), name[1])):
        ours = format_name if format_name in FORMATS else "msgpack"
        goals = FOREIGN_GOALS.get((library, format_name, operation), [])
        line = [f"{OPERATIONS[operation]}: {FORMATS[ours]} to {library}, {format_name}"]
        for i, shape in enumerate(shapes):
            theirs = find(rows, library=library, format=format_name, op=operation, shape=shape)
            mine = find(rows, library="structwire", format=ours, op=operation, shape=shape)
            if not theirs or not mine:
                line.append("")
                continue
            ratio = theirs[0]["ns"] / mine[0]["ns"]
            line.append(f"{ratio:5.1f}" + (f"{'-' if ratio < goals[i] else ' '} ({goals[i]})" if i < len(goals) else ""))
        lines.append(line)
    return table([f"structwire beside {language}", *shapes], lines) if lines else ""


def value_table(rows, title, operation, value):
    chosen = [row for row in rows if row["op"] == operation and value in row]
    shapes = in_order({row["shape"] for row in chosen}, SHAPES + DOCUMENTS)
    names = []
    for row in chosen:
        if (row["library"], row["format"]) not in names:
            names.append((row["library"], row["format"]))
    lines = []
    for library, format_name in names:
        found = {row["shape"]: row[value] for row in chosen if (row["library"], row["format"]) == (library, format_name)}
        lines.append([f"{library}, {format_name}", *(f"{found[s]:.0f}" if s in found else "" for s in shapes)])
    return table([title, *shapes], lines) if lines else ""


def text(results, rows, full):
    environment = results.environment
    parts = [f"{environment['date']}, commit {environment['commit']}, {environment['machine']}\n"
             f"{environment['compiler']}, {environment['flags']}, glibc {environment['libc']}"]
    if full:
        parts.append("packages: " + ", ".join(f"{name} {version}" for name, version in environment["packages"].items()))
        parts.append(table(["library", "format", "version", "options", "leaves out"],
                           [[p["peer"], p["format"], p["version"], p["options"], p["leaves_out"]] for p in results.peers]))
    groups = []
    for row in rows:
        if (row["format"], row["op"]) not in groups and row["library"] != "limit" and row["format"] not in CONTEXT:
            groups.append((row["format"], row["op"]))
    for format_name in in_order({name for name, _ in groups}, list(FORMATS)):
        for operation in OPERATIONS:
            if (format_name, operation) in groups:
                parts.append(f"{FORMATS.get(format_name, format_name)} {OPERATIONS[operation]}: nanoseconds, the median of the "
                             "processes' minima, ± (largest - smallest) / median\n" + time_table(rows, format_name, operation))
    context = [part for part in (context_table(rows, operation) for operation in OPERATIONS) if part]
    if context:
        parts.append("As context: the formats without names (cereal, protobuf), and BEVE; nanoseconds as above\n" +
                     "\n\n".join(context))
    limits = [time_table(rows, name, operation) for name, operation in
              (("object", "decode_fresh"), ("object", "decode_reused"), ("memcpy", "encode"), ("scan", "decode_fresh"))
              if find(rows, format=name, op=operation)]
    if limits:
        parts.append("Limits: nanoseconds; an object copied and destroyed, assigned; its JSON text copied, scanned\n" +
                     "\n".join(limits))
    if full:
        parts.append("Wire size\n" + value_table([r for r in rows if r["library"] != "limit"], "bytes", "encode", "bytes"))
        for name, title in MEMORY.items():
            for operation in OPERATIONS:
                memory = value_table(rows, name.replace("_", " "), operation, name)
                if memory:
                    parts.append(f"{title}, {OPERATIONS[operation]}\n" + memory)
    for library in in_order({row["library"] for row in rows if row["library"].startswith("structwire")}, ["structwire"]):
        ratios = "\n\n".join(part for part in (ratio_table(rows, library), document_table(rows, library)) if part)
        if ratios:
            parts.append(f"Ratio to the best peer, over 1 is faster (the goal); ! under {RATIO_MIN}, - under the goal\n" + ratios)
    for library in sorted({row["library"] for row in rows if row["library"].startswith("structwire_")}):
        beside = self_table(rows, library)
        if beside:
            parts.append("structwire's builds beside each other: under 1 is faster\n" + beside)
    for language, shapes in (("python", SHAPES[:4] + DOCUMENTS[:4]), ("rust", SHAPES)):
        foreign = foreign_table(rows, language, shapes)
        if foreign:
            parts.append("Times as fast as another language's library; - under the goal\n" + foreign)
    for line in results.wrong:
        parts.append(f"WRONG: {line['library']} {line['format']} {line['shape']}: {line['wrong']}; not measured")
    return "\n\n".join(part for part in parts if part)


def comparison(rows, before):
    """structwire's rows beside those of an earlier file. Times of two runs differ by what else the machine did; the
    ratio to the best peer of the same run does so less."""
    old = {tuple(row[name] for name in KEY): row for row in before}
    lines = []
    for row in rows:
        key = tuple(row[name] for name in KEY)
        if row["library"].startswith("structwire") and key in old:
            then = old[key]
            lines.append([*key, short(then["ns"]), short(row["ns"]), f"{then['ns'] / row['ns']:.2f}",
                          then.get("ratio_to_best_peer", ""), row.get("ratio_to_best_peer", "")])
    head = [*KEY, "before", "now", "times as fast", "ratio to best peer before", "now"]
    return "\nBeside the earlier file\n" + table(head, lines)
