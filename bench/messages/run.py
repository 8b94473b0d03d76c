#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""./dev bench messages: active messages beside what else sends messages between two processes.

    ./dev bench messages                        tables on standard output
    ./dev bench messages --json FILE            one line of JSON per measurement and round, too
    ./dev bench messages --plot FOLDER          a plot for each scenario, messages_SCENARIO.svg
    ./dev bench messages --docs                 writes docs/messages_bench.md and docs/plots/

For each payload all peers are started, a server and a client each, and take turns with each scenario; that is a round.
Ratios are those within a round. Allocations are counted in a round of its own, of which no time counts.
"""
import argparse
import datetime
import json
import os
import pathlib
import platform
import subprocess
import sys

import plot
import report

TREE = pathlib.Path(__file__).resolve().parents[2]
BUILD = TREE / "build/bench"
PATIENCE_S = 120


def parse():
    parser = argparse.ArgumentParser(prog="./dev bench messages", description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=0.4, help="of each scenario of each peer in each round (0.4)")
    parser.add_argument("--rounds", type=int, default=5, help="(5)")
    parser.add_argument("--peers", nargs="*", metavar="PEER", default=list(report.PEERS), help=" ".join(report.PEERS))
    parser.add_argument("--sizes", nargs="*", type=int, default=report.SIZES, help="bytes of the payload (64 1024 65536 1048576)")
    parser.add_argument("--scenarios", nargs="*", metavar="SCENARIO", default=list(report.SCENARIOS), help=" ".join(report.SCENARIOS))
    parser.add_argument("--json", type=pathlib.Path, help="one line of JSON per measurement")
    parser.add_argument("--from-json", type=pathlib.Path, help="the measurements of an earlier --json in place of a run")
    parser.add_argument("--plot", type=pathlib.Path, help="a folder for the plots")
    parser.add_argument("--programs", type=pathlib.Path, default=BUILD / "bin/bench/messages_peers", help="where the programs are")
    parser.add_argument("--docs", action="store_true", help="write docs/messages_bench.md and its plots")
    return parser.parse_args()


class Pair:
    """A server and a client of one peer, for one payload."""

    def __init__(self, programs, peer, size, environment=None):
        program, transport, way = report.PEERS[peer]["program"]
        self.name = peer
        command = [str(programs / f"messages_{program}")]
        settings = {**os.environ, **(environment or {})}
        self.server = self.start([*command, "server", transport, way, str(size)], settings)
        address = self.line_of(self.server)
        self.client = self.start([*command, "client", transport, way, str(size), address], settings)
        self.line_of(self.client)

    @staticmethod
    def start(command, environment):
        return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1, env=environment)

    def line_of(self, process):
        line = process.stdout.readline()
        if not line:
            sys.exit(f"messages: a program of {self.name} has ended")
        return line.strip()

    def ask(self, process, question):
        process.stdin.write(question + "\n")
        process.stdin.flush()
        return json.loads(self.line_of(process))

    def measure(self, scenario, milliseconds):
        self.ask(self.server, "reset")
        client = self.ask(self.client, f"{scenario} {milliseconds}")
        return {"client": client, "server": self.ask(self.server, "stats")}

    def end(self):
        for process in (self.client, self.server):
            process.stdin.close()
            process.wait(PATIENCE_S)
            process.stdout.close()


def rows_of(options, rounds, milliseconds, environment=None):
    for round_number in range(rounds):
        for size in options.sizes:
            plan = {peer: [each for each in report.scenarios_of(peer, size) if each in options.scenarios] for peer in options.peers}
            peers = [peer for peer in options.peers if plan[peer]]
            if not peers:
                continue
            print(f"==> round {round_number + 1} of {rounds}, {size} bytes{', allocations' if environment else ''}", file=sys.stderr)
            pairs = {peer: Pair(options.programs, peer, size, environment) for peer in peers}
            # What ran just before leaves its traces, so each round begins with another peer.
            turn = round_number % len(peers)
            for scenario in options.scenarios:
                for peer in peers[turn:] + peers[:turn]:
                    if scenario in plan[peer]:
                        measured = pairs[peer].measure(scenario, milliseconds)
                        yield {"scenario": scenario, "peer": peer, "size": size, "round": round_number, **measured}
            for pair in pairs.values():
                pair.end()


def measure(options):
    rows = list(rows_of(options, options.rounds, max(1, round(options.seconds * 1000))))
    library = next(options.programs.glob("*count_message_allocations.so"), None)
    if library:
        counted = rows_of(options, 1, 200, {"LD_PRELOAD": str(library)})
        rows += [{**row, "round": "allocations"} for row in counted]
    return rows


def environment_text(options):
    cpu = next((line.split(":")[1].strip() for line in pathlib.Path("/proc/cpuinfo").read_text().splitlines()
                if line.startswith("model name")), platform.machine())
    versions = []
    for package, name in (("libzmq3-dev", "libzmq"), ("libgrpc++-dev", "gRPC"), ("libcapnp-dev", "Cap'n Proto")):
        done = subprocess.run(["dpkg-query", "--show", "--showformat", "${Version}", package], stdout=subprocess.PIPE,
                              stderr=subprocess.DEVNULL, text=True, check=False)
        versions.append(f"{name} {done.stdout.split('-')[0]}" if done.stdout else name)
    load = os.getloadavg()[0]
    return (f"{cpu}, {os.cpu_count()} cores, GCC 12 -O3, {', '.join(versions)}; {options.rounds} rounds of {options.seconds:g} s; "
            f"load of the machine at the end {load:.1f}; {datetime.date.today()}")


def main():
    options = parse()
    unknown = (set(options.peers) - set(report.PEERS)) | (set(options.scenarios) - set(report.SCENARIOS))
    if unknown:
        sys.exit(f"messages: there is no {', '.join(sorted(unknown))}")
    if options.from_json:
        lines = [json.loads(line) for line in options.from_json.read_text(encoding="utf-8").splitlines()]
        environment, rows = lines[0]["environment"], lines[1:]
    else:
        rows = measure(options)
        environment = environment_text(options)
    if options.json:
        lines = [{"environment": environment}, *rows]
        options.json.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
    table = report.Table(rows)
    print(report.figures(table, environment))
    plots = TREE / "docs/plots" if options.docs else options.plot
    if options.docs:
        page = TREE / "docs/messages_bench.md"
        page.write_text(report.into_page(page.read_text(encoding="utf-8"), table, environment), encoding="utf-8")
    if plots:
        plots.mkdir(parents=True, exist_ok=True)
        for name, text in plot.plots(table, environment).items():
            (plots / f"messages_{name}.svg").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
