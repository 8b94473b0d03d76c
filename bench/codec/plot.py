# SPDX-License-Identifier: Apache-2.0
"""The plot: for each operation one panel, the ratio of every library to the best peer, shape by shape."""
import html
import math

import report

WIDTH, PANEL, LEFT, TOP, LABELS = 1080, 190, 60, 70, 40
COLOURS = {"structwire": "#0b6e4f", "structwire_cpp26": "#6bbf59", "glaze": "#d1495b", "glaze_missing_keys": "#edae49",
           "simdjson": "#30638e", "yyjson": "#8d6a9f", "reflect-cpp": "#8c8c8c", "msgpack-cxx": "#30638e", "nlohmann": "#c9c9c9"}
RATIO_MAX = 6


def libraries_of(rows):
    names = {row["library"] for row in rows if row["library"] in COLOURS}
    return [name for name in COLOURS if name in names]


def panel(rows, format_name, operation, top):
    """Bars from the bottom line up; the line of the best peer at 1."""
    chosen = report.find(rows, format=format_name, op=operation)
    shapes = report.in_order({row["shape"] for row in chosen if "ratio_to_best_peer" in row}, report.SHAPES)
    shapes = [shape for shape in shapes if shape in report.SHAPES]
    libraries = libraries_of(chosen)
    if not shapes:
        return []
    height = PANEL - LABELS
    bottom = top + height
    ratios = [row["ratio_to_best_peer"] for row in chosen if row["shape"] in shapes and row["library"] in libraries]
    top_ratio = min(RATIO_MAX, max(2, math.ceil(max(ratios))))
    place = lambda ratio: bottom - min(ratio, top_ratio) / top_ratio * (height - 14)
    title = f"{report.FORMATS[format_name]} {report.OPERATIONS[operation]}"
    out = [f'<text x="{LEFT}" y="{top - 4}" class="title">{html.escape(title)}</text>']
    for tick in range(1, top_ratio + 1):
        out.append(f'<line x1="{LEFT}" x2="{WIDTH - 10}" y1="{place(tick):.1f}" y2="{place(tick):.1f}" '
                   f'class="{"one" if tick == 1 else "tick"}"/>'
                   f'<text x="{LEFT - 6}" y="{place(tick) + 4:.1f}" text-anchor="end">{tick}</text>')
    group = (WIDTH - LEFT - 10) / len(shapes)
    bar = group * 0.86 / len(libraries)
    for i, shape in enumerate(shapes):
        left = LEFT + i * group + group * 0.07
        out.append(f'<text x="{left + group * 0.43:.1f}" y="{bottom + 15}" text-anchor="middle">{shape}</text>')
        for j, library in enumerate(libraries):
            found = report.find(chosen, library=library, shape=shape)
            if not found:
                continue
            ratio = found[0]["ratio_to_best_peer"]
            x, y = left + j * bar, place(ratio)
            out.append(f'<rect x="{x:.1f}" y="{y:.1f}" width="{bar * 0.9:.1f}" height="{bottom - y:.1f}" '
                       f'fill="{COLOURS[library]}"><title>{library} {shape}: {ratio}</title></rect>')
            if library == "structwire":
                out.append(f'<text x="{x + bar * 0.45:.1f}" y="{y - 3:.1f}" text-anchor="middle" class="value">{ratio:.2f}</text>')
    return out


def svg(rows, environment):
    panels = [key for key in report.GOALS if report.find(rows, format=key[0], op=key[1])]
    height = TOP + PANEL * len(panels) + 10
    out = [f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" width="{WIDTH}" height="{height}">',
           "<style>text{font:12px sans-serif;fill:#222}.title{font-weight:bold}.value{font-size:10px}"
           ".tick{stroke:#ddd}.one{stroke:#222}</style>",
           f'<rect width="{WIDTH}" height="{height}" fill="#fff"/>',
           f'<text x="{LEFT}" y="18" class="title">Speed beside the best peer of the same format: 1 is the best peer, higher is '
           f'faster (cut at {RATIO_MAX})</text>',
           f'<text x="{LEFT}" y="34">{html.escape(environment["machine"])}, {html.escape(environment["compiler"])} '
           f'{html.escape(environment["flags"])}, {environment["date"]}, {environment["commit"]}</text>']
    x = LEFT
    for library in libraries_of(rows):
        out.append(f'<rect x="{x}" y="41" width="10" height="10" fill="{COLOURS[library]}"/><text x="{x + 14}" y="50">{library}</text>')
        x += 30 + 7 * len(library)
    for i, (format_name, operation) in enumerate(panels):
        out += panel(rows, format_name, operation, TOP + 10 + i * PANEL)
    return "\n".join(out + ["</svg>"]) + "\n"
