# SPDX-License-Identifier: Apache-2.0
"""The plots: a panel for each payload, a bar for each peer, on a scale of powers of ten."""
import html
import math
import statistics

import report

COLOURS = {"structwire": "#0b6e4f", "libzmq": "#30638e", "gRPC unary": "#d1495b", "gRPC stream": "#edae49", "Cap'n Proto": "#8d6a9f",
           "raw socket": "#8c8c8c"}
STYLE = "<style>text{font:12px sans-serif;fill:#222}.title{font-weight:bold}.tick{stroke:#ddd}.far{stroke:#222;stroke-width:2}</style>"
LEFT, WIDTH, LINE = 250, 1080, 18


def colour(peer):
    return next((value for name, value in COLOURS.items() if peer.startswith(name)), "#222")


def frame(height, title, environment, body):
    return "\n".join([f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" width="{WIDTH}" height="{height}">', STYLE,
                      f'<rect width="{WIDTH}" height="{height}" fill="#fff"/>',
                      f'<text x="10" y="18" class="title">{html.escape(title)}</text>',
                      f'<text x="10" y="35" style="font-size:10px">{html.escape(environment)}</text>', *body, "</svg>"]) + "\n"


def panel(title, entries, unit, top):
    """Entries: label, value, a second value that a mark stands at or None."""
    values = [value for _, *pair in entries for value in pair if value]
    low, high = math.floor(math.log10(min(values))), max(math.ceil(math.log10(max(values))), math.floor(math.log10(min(values))) + 1)
    place = lambda value: LEFT + (math.log10(value) - low) / (high - low) * (WIDTH - LEFT - 90)
    bottom = top + 20 + LINE * len(entries)
    out = [f'<text x="10" y="{top + 12}" class="title">{html.escape(title)}</text>']
    for power in range(low, high + 1):
        out.append(f'<line x1="{place(10 ** power):.1f}" x2="{place(10 ** power):.1f}" y1="{top + 18}" y2="{bottom}" class="tick"/>'
                   f'<text x="{place(10 ** power):.1f}" y="{bottom + 12}" text-anchor="middle" style="font-size:10px">{10 ** power:,g} {unit}</text>')
    for i, (peer, value, far) in enumerate(entries):
        y = top + 20 + i * LINE
        out.append(f'<text x="{LEFT - 8}" y="{y + 12}" text-anchor="end">{html.escape(peer)}</text>'
                   f'<rect x="{LEFT}" y="{y + 2}" width="{max(1, place(value) - LEFT):.1f}" height="{LINE - 5}" fill="{colour(peer)}">'
                   f"<title>{html.escape(peer)}: {value:.4g}</title></rect>")
        if far:
            out.append(f'<line x1="{place(far):.1f}" x2="{place(far):.1f}" y1="{y + 1}" y2="{y + LINE - 2}" class="far"/>')
        out.append(f'<text x="{place(max(value, far or 0)) + 6:.1f}" y="{y + 12}" style="font-size:10px">{report.number(value)}'
                   f'{" / " + report.number(far) if far else ""}</text>')
    return out, bottom + 28


def scenario_plot(table, scenario, environment):
    rates = scenario not in ("call", "chain", "sustained")
    title = report.SCENARIOS[scenario] + (": messages a second, longer is better" if rates else
                                          ": median, and p99 as a mark; shorter is better")
    body, top = [], 50
    for size in table.sizes(scenario):
        entries = []
        for peer in table.peers(scenario):
            if table.has(scenario, peer, size):
                value = table.median(scenario, peer, size, "rate" if rates else "p50_us")
                entries.append((peer, value, None if rates else table.median(scenario, peer, size, "p99_us")))
        lines, top = panel(report.size_text(size), entries, "/s" if rates else "us", top)
        body += lines
    return frame(top, title, environment, body)


SHARE_COLOURS = ["#0b6e4f", "#6bbf59", "#30638e", "#5fa8d3", "#8d6a9f", "#d1495b", "#edae49", "#8c8c8c"]


def shares_plot(table, environment):
    """A bar of the whole width for each payload, divided as the time is."""
    body, top = [], 70
    for i, share in enumerate(report.SHARES):
        body.append(f'<rect x="{10 + i * 125}" y="46" width="10" height="10" fill="{SHARE_COLOURS[i]}"/>'
                    f'<text x="{24 + i * 125}" y="55">{share.replace("_", " ")}</text>')
    for size in table.sizes("call"):
        key = "call", "structwire ipc, timed", size
        if not table.has(*key):
            continue
        rounds = [report.shares_of(row)[0] for row in table.timed[key].values()]
        shares = {share: statistics.median(each[share] for each in rounds) for share in report.SHARES}
        together = sum(shares.values())
        body.append(f'<text x="10" y="{top + 16}">{report.size_text(size)}, {report.number(together)} us</text>')
        x = 150.0
        for i, share in enumerate(report.SHARES):
            width = shares[share] / together * (WIDTH - 170)
            body.append(f'<rect x="{x:.1f}" y="{top}" width="{width:.1f}" height="22" fill="{SHARE_COLOURS[i]}">'
                        f"<title>{share}: {shares[share]:.2f} us</title></rect>")
            x += width
        top += 30
    return frame(top + 6, "Where the time of a call goes, from sampled sends", environment, body)


def large_plot(table, environment):
    entries = []
    for scenario, peer, label in (("beside_nothing", "structwire ipc, encoding off the loop", "structwire, alone"),
                                  ("beside_large", "structwire ipc, encoding off the loop", "structwire, encoded in the pool"),
                                  ("beside_large", "structwire ipc, encoding on the loop", "structwire, encoded on the loop")):
        if table.has(scenario, peer, 64):
            entries.append((label, table.median(scenario, peer, 64, "p50_us"), table.median(scenario, peer, 64, "p99_us")))
    lines, bottom = panel("100-byte calls", entries, "us", 50)
    return frame(bottom, "100-byte calls beside messages of 10 MB on the same loop: median, and p99 as a mark", environment, lines)


def plots(table, environment):
    found = {scenario: scenario_plot(table, scenario, environment) for scenario in report.SCENARIOS
             if not scenario.startswith("beside") and table.sizes(scenario)}
    if any(table.has("call", "structwire ipc, timed", size) for size in report.SIZES):
        found["shares"] = shares_plot(table, environment)
    if table.sizes("beside_large"):
        found["large"] = large_plot(table, environment)
    return found
