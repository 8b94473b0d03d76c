# SPDX-License-Identifier: Apache-2.0
"""What is compared, and the measurements as tables.

A measurement: scenario, peer, size, round (a number, or "allocations"), and what the client and the server told.
"""
import re
import statistics

SIZES = [64, 1024, 65536, 1048576]
SCENARIOS = {
    "call": "Request and reply, one in flight",
    "chain": "The same, caller and handler on the loop",
    "pipelined": "Request and reply, several in flight",
    "chain_pipelined": "The same, caller and handler on the loop",
    "one_way": "Fire and forget",
    "confirmed": "Confirmed when the handler has returned, many in flight",
    "burst": "Bursts",
    "sustained": "Sustained load",
    "beside_large": "100-byte calls beside messages of 10 MB on the same loop",
    "beside_nothing": "The same calls alone",
}
# What has no time of its own: throughput only.
RATES_ONLY = {"one_way"}
ALL = ["call", "pipelined", "one_way", "burst", "sustained"]
OURS = ["call", "chain", "pipelined", "chain_pipelined", "one_way", "confirmed", "burst", "sustained"]

# base: what a peer's ratios are to, within a round.
PEERS = {
    "structwire ipc": {"program": ("structwire", "ipc", "usual"), "base": "libzmq ipc", "scenarios": OURS},
    "structwire tcp": {"program": ("structwire", "tcp", "usual"), "base": "libzmq tcp", "scenarios": OURS},
    "structwire stream ipc": {"program": ("structwire", "stream_ipc", "usual"), "base": "libzmq ipc", "scenarios": OURS},
    "structwire stream tcp": {"program": ("structwire", "stream_tcp", "usual"), "base": "libzmq tcp", "scenarios": OURS},
    "structwire CURVE": {"program": ("structwire", "curve", "usual"), "base": "libzmq CURVE", "scenarios": ["call", "chain", "pipelined", "one_way"]},
    "structwire stream ipc, unbatched": {"program": ("structwire", "stream_ipc", "unbatched"), "base": "libzmq ipc", "scenarios": ["one_way"], "sizes": [64, 1024]},
    "structwire stream ipc, timed": {"program": ("structwire", "stream_ipc", "timed"), "base": "libzmq ipc", "scenarios": ["call"]},
    "structwire ipc, unbatched": {"program": ("structwire", "ipc", "unbatched"), "base": "libzmq ipc", "scenarios": ["one_way"], "sizes": [64, 1024]},
    "structwire ipc, timed": {"program": ("structwire", "ipc", "timed"), "base": "libzmq ipc", "scenarios": ["call"]},
    "structwire ipc, encoding off the loop": {"program": ("structwire", "ipc", "usual"), "base": "libzmq ipc",
                                              "scenarios": ["beside_nothing", "beside_large"], "sizes": [64]},
    "structwire ipc, encoding on the loop": {"program": ("structwire", "ipc", "encode_on_loop"), "base": "libzmq ipc",
                                             "scenarios": ["beside_large"], "sizes": [64]},
    "libzmq ipc": {"program": ("zeromq", "ipc", "-"), "base": "libzmq ipc", "scenarios": ALL},
    "libzmq tcp": {"program": ("zeromq", "tcp", "-"), "base": "libzmq tcp", "scenarios": ALL},
    "libzmq CURVE": {"program": ("zeromq", "curve", "-"), "base": "libzmq CURVE", "scenarios": ["call", "pipelined", "one_way"]},
    "gRPC unary ipc": {"program": ("grpc", "ipc", "unary"), "base": "libzmq ipc", "scenarios": ALL},
    "gRPC unary tcp": {"program": ("grpc", "tcp", "unary"), "base": "libzmq tcp", "scenarios": ALL},
    "gRPC stream ipc": {"program": ("grpc", "ipc", "stream"), "base": "libzmq ipc", "scenarios": ALL},
    "gRPC stream tcp": {"program": ("grpc", "tcp", "stream"), "base": "libzmq tcp", "scenarios": ALL},
    "Cap'n Proto ipc": {"program": ("capnp", "ipc", "-"), "base": "libzmq ipc", "scenarios": ALL},
    "Cap'n Proto tcp": {"program": ("capnp", "tcp", "-"), "base": "libzmq tcp", "scenarios": ALL},
    "raw socket ipc": {"program": ("unix", "ipc", "-"), "base": "libzmq ipc", "scenarios": ALL},
}
# (figure, target, scenario and peer, those beside, size, what). Of times at most the target, of rates at least. Over ZeroMQ, and
# again over stream sockets.
BARS = [
    ("round trip beside bare libzmq, 1 KiB, on the loop", 1.10, ("chain", "structwire {t}"), ("call", "libzmq {t}"), 1024, "p50_us"),
    ("round trip beside bare libzmq, 1 KiB, as programs do at first", 1.10, ("call", "structwire {t}"), ("call", "libzmq {t}"), 1024, "p50_us"),
    ("round trip beside gRPC unary, 64 B", 0.6, ("call", "structwire {t}"), ("call", "gRPC unary {t}"), 64, "p50_us"),
    ("round trip beside gRPC unary, 1 MiB", 0.2, ("call", "structwire {t}"), ("call", "gRPC unary {t}"), 1048576, "p50_us"),
    ("round trip beside Cap'n Proto, 64 B", 0.9, ("call", "structwire {t}"), ("call", "Cap'n Proto {t}"), 64, "p50_us"),
    ("round trip beside Cap'n Proto, 1 MiB", 0.4, ("call", "structwire {t}"), ("call", "Cap'n Proto {t}"), 1048576, "p50_us"),
    ("throughput unbatched beside bare libzmq, 1 KiB", 0.9, ("one_way", "structwire {t}, unbatched"), ("one_way", "libzmq {t}"), 1024, "rate"),
    ("throughput batched beside bare libzmq, 64 B", 3.0, ("one_way", "structwire {t}"), ("one_way", "libzmq {t}"), 64, "rate"),
    ("confirmed beside fire and forget, 64 B", 0.65, ("confirmed", "structwire {t}"), ("one_way", "structwire {t}"), 64, "rate"),
]
OVER = {"": "structwire ", ", stream sockets": "structwire stream "}


def scenarios_of(peer, size):
    if size not in PEERS[peer].get("sizes", SIZES):
        return []
    return PEERS[peer]["scenarios"]


def value_of(row, what):
    return row["client"]["messages"] / row["client"]["seconds"] if what == "rate" else row["client"][what]


class Table:
    """The measurements by scenario, peer and size."""

    def __init__(self, rows):
        self.timed, self.counted = {}, {}
        for row in rows:
            key = row["scenario"], row["peer"], row["size"]
            if row["round"] == "allocations":
                self.counted[key] = row
            else:
                self.timed.setdefault(key, {})[row["round"]] = row

    def has(self, scenario, peer, size):
        return (scenario, peer, size) in self.timed

    def peers(self, scenario):
        there = {key[1] for key in self.timed if key[0] == scenario}
        return [peer for peer in PEERS if peer in there]

    def sizes(self, scenario):
        there = {key[2] for key in self.timed if key[0] == scenario}
        return [size for size in SIZES if size in there]

    def values(self, scenario, peer, size, what):
        return [value_of(row, what) for row in self.timed.get((scenario, peer, size), {}).values()]

    def median(self, scenario, peer, size, what):
        return statistics.median(self.values(scenario, peer, size, what))

    def ratio(self, key, base, what):
        """The median of the ratios within the rounds that have both."""
        mine, other = self.timed.get(key, {}), self.timed.get(base, {})
        ratios = [value_of(mine[i], what) / value_of(other[i], what) for i in mine if i in other and value_of(other[i], what) > 0]
        return statistics.median(ratios) if ratios else None

    def each(self, key, pick):
        """The median over the rounds of what `pick` makes of a measurement."""
        return statistics.median(pick(row) for row in self.timed[key].values())

    def per_message(self, key, what):
        """Of both processes together."""
        return self.each(key, lambda row: row["client"][what] / row["client"]["messages"] + row["server"][what] / max(1, row["server"]["handled"]))

    def allocations(self, key):
        row = self.counted.get(key)
        return row and (row["client"]["allocations"] / row["client"]["messages"] +
                        row["server"]["allocations"] / max(1, row["server"]["handled"]))


def size_text(size):
    return f"{size} B" if size < 1024 else f"{size // 1024} KiB" if size < 1 << 20 else f"{size >> 20} MiB"


def number(value):
    if value is None:
        return ""
    if value >= 100:
        return f"{float(f'{value:.3g}'):,.0f}"
    return f"{value:.1f}" if value >= 10 else f"{value:.2f}"


def rate_text(value):
    return f"{value / 1e6:.2f} M" if value >= 1e6 else f"{value / 1e3:.3g} k" if value >= 1e3 else f"{value:.0f}"


def lines_of(head, rows):
    return ["| " + " | ".join(head) + " |", "|" + "---|" + "---:|" * (len(head) - 1), *("| " + " | ".join(row) + " |" for row in rows), ""]


def scenario_table(table, scenario, size):
    """One line for each peer: times, rate, what it took, and the ratio to bare libzmq."""
    times = scenario not in RATES_ONLY
    head = ["", *(["p50 least", "p50", "p95", "p99", "p99.9"] if times else []), "messages/s", "MB/s", "least to most",
            "CPU us", "sleeps", "allocations", "MiB", "handlers", "x libzmq"]
    rows = []
    for peer in table.peers(scenario):
        key = scenario, peer, size
        if not table.has(*key):
            continue
        rates = table.values(*key, "rate")
        rate = statistics.median(rates)
        cells = [peer]
        if times:
            cells.append(number(min(table.values(*key, "p50_us"))))
            cells += [number(table.median(*key, what)) for what in ("p50_us", "p95_us", "p99_us", "p999_us")]
        base_scenario = scenario.replace("chain", "call") if scenario == "chain" else scenario.removeprefix("chain_")
        what = "p50_us" if scenario in ("call", "chain", "sustained") else "rate"
        ratio = table.ratio(key, (base_scenario, PEERS[peer]["base"], size), what)
        memory = table.each(key, lambda row: (row["client"]["peak_kib"] + row["server"]["peak_kib"]) / 1024)
        handlers = table.each(key, lambda row: row["server"]["handlers_max"])
        cells += [rate_text(rate), number(rate * size / 1e6), f"{rate_text(min(rates))} – {rate_text(max(rates))}", number(table.per_message(key, "cpu_us")),
                  number(table.per_message(key, "sleeps")), number(table.allocations(key)), f"{memory:.0f}", f"{handlers:.0f}", number(ratio)]
        rows.append(cells)
    return lines_of(head, rows)


SHARES = ["encode", "queue", "transit", "queued", "decode", "handler", "encode_reply", "hand back"]


def shares_of(row, handler="echo"):
    """Microseconds by share, and what the caller's own clock says."""
    here, there = row["client"]["shares"][handler], row["server"]["shares"][handler]
    shares = {"encode": here["encode"], "queue": here["queue"], "transit": here["transit"], "queued": there["queued"],
              "decode": there["decode"], "handler": there["handler"], "encode_reply": there["encode_reply"]}
    shares["hand back"] = max(0.0, row["client"]["mean_us"] - here["total"])
    return shares, row["client"]["mean_us"]


def shares_table(table):
    rows = []
    for size, peer in ((size, peer) for size in table.sizes("call") for peer in ("structwire ipc, timed", "structwire stream ipc, timed")):
        key = "call", peer, size
        if not table.has(*key):
            continue
        cells = [size_text(size) + (", stream sockets" if "stream" in peer else "")]
        of_rounds = [shares_of(row) for row in table.timed[key].values()]
        for share in SHARES:
            cells.append(number(statistics.median(shares[share] for shares, _ in of_rounds)))
        total = statistics.median(total for _, total in of_rounds)
        sums = statistics.median(sum(shares.values()) for shares, _ in of_rounds)
        without = statistics.median((sum(shares.values()) - shares["hand back"]) / total for shares, total in of_rounds)
        rows.append([*cells, number(sums), number(total), f"{without:.2f}"])
    names = [share.replace("_", " ") for share in SHARES]
    return lines_of(["", *names, "together", "caller's clock", "without handing back"], rows) if rows else []


def large_table(table):
    rows = []
    for scenario, peer, label in (("beside_nothing", "structwire ipc, encoding off the loop", "alone"),
                                  ("beside_large", "structwire ipc, encoding off the loop", "encoded in the pool"),
                                  ("beside_large", "structwire ipc, encoding on the loop", "encoded on the loop")):
        if not table.has(scenario, peer, 64):
            continue
        key = scenario, peer, 64
        larges = table.each(key, lambda row: row["client"]["larges"] / row["client"]["seconds"])
        rows.append([label, *(number(table.median(*key, what)) for what in ("p50_us", "p95_us", "p99_us", "p999_us", "max_us")),
                     rate_text(table.median(*key, "rate")), number(larges)])
    return lines_of(["the 10 MB messages are", "p50", "p95", "p99", "p99.9", "most", "calls/s", "10 MB messages/s"], rows) if rows else []


def bars_table(table):
    rows = []
    for title, target, (scenario, peer), (base_scenario, base), size, what in BARS:
        for over, name in OVER.items():
            for transport in ("ipc", "tcp"):
                here, there = (each.replace("structwire ", name).format(t=transport) for each in (peer, base))
                ratio = table.ratio((scenario, here, size), (base_scenario, there, size), what)
                if ratio is None:
                    continue
                met = ratio <= target if what == "p50_us" else ratio >= target
                sign = "≤" if what == "p50_us" else "≥"
                rows.append([f"{title}, {transport}{over}", f"{sign} {target:g}", f"{ratio:.2f}", "yes" if met else "**no**"])
    return lines_of(["", "bar", "measured", "met"], rows) if rows else []


def figures(table, environment):
    """What stands between the marks of the page."""
    parts = []
    bars = bars_table(table)
    if bars:
        parts += ["### The bars", "", "Medians of the ratios within the rounds.", "", *bars]
    for scenario, title in SCENARIOS.items():
        if scenario.startswith("beside") or not table.sizes(scenario):
            continue
        parts += [f"### {title}", ""]
        for size in table.sizes(scenario):
            parts += [f"**{size_text(size)}**", "", *scenario_table(table, scenario, size)]
        parts += [f"![{title}](plots/messages_{scenario}.svg)", ""]
    shares = shares_table(table)
    if shares:
        parts += ["### Where the time of a call goes", "", "Means in microseconds, of sampled sends over a Unix socket.", "", *shares,
                  "![Where the time of a call goes](plots/messages_shares.svg)", ""]
    large = large_table(table)
    if large:
        parts += ["### 100-byte calls beside messages of 10 MB on the same loop", "", *large,
                  "![Calls beside large messages](plots/messages_large.svg)", ""]
    parts += [f"{environment}. Times are microseconds."]
    return "\n".join(parts) + "\n"


MARKS = re.compile(r"(<!-- figures -->\n).*?(<!-- end of figures -->)", re.DOTALL)


def into_page(text, table, environment):
    return MARKS.sub(lambda match: match.group(1) + "\n" + figures(table, environment) + "\n" + match.group(2), text)
