# SPDX-License-Identifier: Apache-2.0
"""Rows of the experiments as tables of a page and as a plot.

A row: experiment, subject, library (structwire, python), how, op, bytes, ns, allocations.
"""
import html
import math
import re

# For each experiment: its page, and its operations with what stands over their table and panel.
PAGES = {
    "state": ("state_map_or_struct", {"encode": "Encode", "decode": "Decode"}),
    "arrays": ("arrays", {"encode": "Encode", "decode": "Decode"}),
    "payload": ("payload", {"encode": "Encode", "read": "Decode envelope and payload", "forward": "Decode, change the envelope, encode"}),
    "sizes": ("json_or_messagepack", {"encode": "Encode", "decode": "Decode"}),
    "reuse": ("reuse", {"encode": "Encode", "decode": "Decode"}),
}
PEOPLE = {"structwire": "structwire", "python": "Python"}
COLOURS = {"structwire": ["#0b6e4f", "#6bbf59", "#30638e", "#8d6a9f", "#a3d9c9", "#5fa8d3", "#4f772d", "#b8b8ff"],
           "python": ["#d1495b", "#edae49", "#8c8c8c", "#f2a2a9", "#c9c9c9", "#a44a3f", "#f7d08a"]}


def in_order(items):
    return list(dict.fromkeys(items))


def find(rows, **wanted):
    return [row for row in rows if all(row[key] == value for key, value in wanted.items())]


def time_text(ns):
    if ns < 100:
        return f"{ns:.0f}" if ns >= 20 else f"{ns:.1f}"
    return f"{float(f'{ns:.3g}'):,.0f}"


def label(row):
    return f'{PEOPLE[row["library"]]}, {row["how"]}'


def table(title, rows, value):
    """Ways down, subjects across; ways that have no value for any subject are left out."""
    subjects = in_order(row["subject"] for row in rows)
    lines = [f"**{title}**", "", "| | " + " | ".join(subjects) + " |", "|---|" + "---:|" * len(subjects)]
    for way in in_order(label(row) for row in rows):
        cells = []
        for subject in subjects:
            found = [row for row in rows if label(row) == way and row["subject"] == subject]
            cells.append(value(found[0]) if found else "")
        lines.append(f"| {way} | " + " | ".join(cells) + " |")
    return "\n".join(lines) + "\n"


def size_table(rows):
    """One line for each way of both libraries that has the same bytes."""
    merged = {}
    for row in rows:
        merged.setdefault((row["how"], row["subject"]), row["bytes"])
    subjects, ways = in_order(subject for _, subject in merged), in_order(how for how, _ in merged)
    lines = ["**Bytes**", "", "| | " + " | ".join(subjects) + " |", "|---|" + "---:|" * len(subjects)]
    for how in ways:
        lines.append(f"| {how} | " + " | ".join(f'{merged[how, s]:,}' if (how, s) in merged else "" for s in subjects) + " |")
    if ways[:2] == ["JSON", "MessagePack"]:
        lines.append("| MessagePack / JSON | " +
                     " | ".join(f'{merged["MessagePack", s] / merged["JSON", s]:.2f}' for s in subjects) + " |")
    return "\n".join(lines) + "\n"


def figures(name, rows, environment):
    """What stands between the marks of a page."""
    page, operations = PAGES[name]
    own = find(rows, experiment=name)
    parts = []
    for operation, title in operations.items():
        chosen = find(own, op=operation)
        parts.append(table(f"{title}, nanoseconds", chosen, lambda row: time_text(row["ns"])))
    if name != "reuse":
        parts.append(size_table(own))
    if any("allocations" in row for row in own):
        for operation, title in operations.items():
            chosen = [row for row in find(own, op=operation) if "allocations" in row]
            parts.append(table(f"{title}, allocations", chosen, lambda row: f'{row["allocations"]:,}'))
    parts.append(f"![The same as a plot](../plots/experiment_{name}.svg)\n")
    parts.append(f'{environment}. Again: `./dev bench experiments {name}`; with `--docs` it writes these figures and the plot.\n')
    return "\n".join(parts)


MARKS = re.compile(r"(<!-- figures: (\w+) -->\n).*?(<!-- end of figures -->)", re.DOTALL)


def into_page(text, name, rows, environment):
    def replace(match):
        return match.group(1) + "\n" + figures(name, rows, environment) + "\n" + match.group(3) if match.group(2) == name else match.group(0)
    return MARKS.sub(replace, text)


# ---- the plot: a panel for each operation, bars on a scale of powers of ten ----

LEFT, PANEL, LINE = 70, 230, 16


def svg(name, rows, environment):
    own = find(rows, experiment=name)
    ways = in_order((row["library"], row["how"]) for row in own)
    colour = {}
    for library, how in ways:
        palette = COLOURS[library]
        colour[library, how] = palette[len([key for key in colour if key[0] == library]) % len(palette)]
    subjects = in_order(row["subject"] for row in own)
    operations = PAGES[name][1]
    width = LEFT + max(760, len(subjects) * (len(ways) * 13 + 24)) + 10
    columns = 3 if max(len(way[0] + way[1]) for way in ways) < 36 else 2
    legend = math.ceil(len(ways) / columns) * LINE
    top = 44 + legend
    height = top + PANEL * len(operations) + 6
    out = [f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}">',
           "<style>text{font:12px sans-serif;fill:#222}.title{font-weight:bold}.tick{stroke:#ddd}.base{stroke:#222}</style>",
           f'<rect width="{width}" height="{height}" fill="#fff"/>',
           f'<text x="{LEFT}" y="18" class="title">Time of a call, shorter is better; each line of the scale is ten times the one below</text>',
           f'<text x="{LEFT}" y="34">{html.escape(environment)}</text>']
    for i, way in enumerate(ways):
        x, y = LEFT + i % columns * (810 // columns), 44 + i // columns * LINE
        out.append(f'<rect x="{x}" y="{y}" width="10" height="10" fill="{colour[way]}"/>'
                   f'<text x="{x + 15}" y="{y + 10}">{html.escape(PEOPLE[way[0]] + ", " + way[1])}</text>')
    for k, (operation, title) in enumerate(operations.items()):
        out += panel(find(own, op=operation), title, subjects, colour, top + k * PANEL, width)
    return "\n".join(out + ["</svg>"]) + "\n"


def panel(rows, title, subjects, colour, top, width):
    low = math.floor(math.log10(min(row["ns"] for row in rows)))
    high = math.ceil(math.log10(max(row["ns"] for row in rows)))
    first, bottom = top + 26, top + PANEL - 26
    place = lambda ns: bottom - (math.log10(ns) - low) / (high - low) * (bottom - first)
    out = [f'<text x="{LEFT}" y="{top + 14}" class="title">{html.escape(title)}</text>']
    for power in range(low, high + 1):
        y = place(10 ** power)
        text = f"{10 ** (power - 9):g} s" if power >= 9 else f"{10 ** (power - 6):g} ms" if power >= 6 else \
            f"{10 ** (power - 3):g} us" if power >= 3 else f"{10 ** power:g} ns"
        out.append(f'<line x1="{LEFT}" x2="{width - 10}" y1="{y:.1f}" y2="{y:.1f}" class="{"base" if power == low else "tick"}"/>'
                   f'<text x="{LEFT - 6}" y="{y + 4:.1f}" text-anchor="end">{text}</text>')
    group = (width - LEFT - 10) / len(subjects)
    for i, subject in enumerate(subjects):
        there = in_order((row["library"], row["how"]) for row in find(rows, subject=subject))
        if not there:
            continue
        bar = min(26, group * 0.88 / len(there))
        left = LEFT + i * group + (group - bar * len(there)) / 2
        out.append(f'<text x="{LEFT + (i + 0.5) * group:.1f}" y="{bottom + 15}" text-anchor="middle">{html.escape(subject)}</text>')
        for j, way in enumerate(there):
            ns = find(rows, subject=subject, library=way[0], how=way[1])[0]["ns"]
            out.append(f'<rect x="{left + j * bar:.1f}" y="{place(ns):.1f}" width="{bar * 0.9:.1f}" height="{bottom - place(ns):.1f}" '
                       f'fill="{colour[way]}"><title>{html.escape(subject)}, {html.escape(way[1])}: {time_text(ns)} ns</title></rect>')
    return out
