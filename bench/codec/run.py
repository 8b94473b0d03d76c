#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""./dev bench codec: structwire beside its peers, in one process and one run.

    ./dev bench codec                  everything: five processes, medians of their minima, table, plot
    ./dev bench codec --quick          one process, few rounds, the fastest peers: a minute, for daily work
    ./dev bench codec --shape a,b --format json --operation decode_fresh
    ./dev bench codec --compile 5      what one unit with the 33 structs costs the compiler, least of five
    ./dev bench codec --quick --compare FILE    beside the structwire of an earlier --json FILE
"""
import argparse
import json
import os
import pathlib
import subprocess
import sys

import builder
import compile_cost
import plot
import report

OPERATIONS = ["decode_fresh", "decode_reused", "encode"]


def parse():
    parser = argparse.ArgumentParser(
        prog="./dev bench codec", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="one process, 8 rounds, the fastest peers only")
    parser.add_argument("--processes", type=int, help="how many processes; the median of their minima counts (5)")
    parser.add_argument("--rounds", type=int, help="rounds over all rows in each process (20)")
    parser.add_argument("--filter", dest="objects", default="", help="these shared objects only: " +
                        ", ".join([*builder.STRUCTWIRE, *builder.COMPILERS, *builder.PEERS]))
    parser.add_argument("--compile", type=int, metavar="TIMES", help="measure the compiler instead: " +
                        ", ".join(compile_cost.UNITS) + " (--filter chooses)")
    parser.add_argument("--library", default="", help="rows of these libraries only")
    parser.add_argument("--shape", default="", help="rows of these shapes only, such as a,b,twitter_full")
    parser.add_argument("--format", default="", help="rows of these formats only, such as json,msgpack")
    parser.add_argument("--operation", default="", help="of " + ", ".join(OPERATIONS))
    parser.add_argument("--compilers", action="store_true", help="structwire also built by GCC 12 and Clang 19")
    parser.add_argument("--python", action=argparse.BooleanOptionalAction, help="Python's rows (not with --quick or --filter)")
    parser.add_argument("--rust", action=argparse.BooleanOptionalAction, help="Rust's rows (not with --quick or --filter)")
    parser.add_argument("--data", type=pathlib.Path, default=builder.TREE.parent / "shared/data",
                        help="where twitter.json, canada.json and citm_catalog.json are (../shared/data)")
    parser.add_argument("--json", type=pathlib.Path, help="one row per measurement, as JSON")
    parser.add_argument("--plot", type=pathlib.Path, help="the plot, as SVG (a run of everything writes docs/codec_bench.svg)")
    parser.add_argument("--report", type=pathlib.Path, help="what is printed, into a file too")
    parser.add_argument("--compare", type=pathlib.Path, help="an earlier --json file to compare structwire with")
    parser.add_argument("--jobs", type=int, default=int(os.environ.get("STRUCTWIRE_JOBS", "1")), help="compilers at a time (1)")
    options = parser.parse_args()
    everything = not (options.quick or options.objects)
    options.python = everything if options.python is None else options.python
    options.rust = everything if options.rust is None else options.rust
    if everything and not options.plot and not (options.shape or options.format or options.operation or options.library):
        options.plot = builder.TREE / "docs/codec_bench.svg"
    options.processes = options.processes or (1 if options.quick else 5)
    options.rounds = options.rounds or (8 if options.quick else 20)
    return options


def chosen_objects(options):
    known = [*builder.STRUCTWIRE, *builder.PEERS]
    if options.objects:
        names = options.objects.split(",")
        wrong = [name for name in names if name not in [*known, *builder.COMPILERS]]
        if wrong:
            sys.exit(f"there is no shared object {', '.join(wrong)}")
        return names
    if options.quick:
        return builder.QUICK
    return known + (list(builder.COMPILERS) if options.compilers else [])


def program(root, options, objects, more=(), environment=()):
    """The command of one process."""
    command = ["chroot", str(root), "env", *environment, "/bench/build/codec_bench", "--own", "/bench/src/bench/codec/data",
               "--data", "/bench/data", "--rounds", str(options.rounds)]
    for name in ("library", "shape", "format", "operation"):
        if getattr(options, name):
            command += ["--" + name, getattr(options, name)]
    return command + [*more, *objects]


def lines_of(command):
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True)
    if done.returncode != 0:
        sys.exit(f"failed with status {done.returncode}: {' '.join(command)}")
    return [json.loads(line) for line in done.stdout.splitlines()]


def is_chosen(options, line):
    """The other languages measure everything that they have."""
    chosen = lambda name, value: not getattr(options, name) or value in getattr(options, name).split(",")
    return "shape" not in line or (chosen("shape", line["shape"]) and chosen("format", line["format"]) and
                                chosen("operation", line["op"]))


def measure(root, options, objects, others):
    """Other languages have processes of their own, which run in between."""
    results = report.Results()
    for number in range(options.processes):
        builder.say(f"process {number + 1} of {options.processes}")
        for command in [program(root, options, objects), *others]:
            results.add([line for line in lines_of(command) if is_chosen(options, line)])
    if not options.quick:
        builder.say("count allocations")
        results.add(lines_of(
            program(root, options, objects, ["--allocations"], ["LD_PRELOAD=/bench/build/count_allocations.so"])))
    return results


def write_json(options, rows):
    if options.json:
        options.json.write_text("[\n" + ",\n".join(json.dumps(row) for row in rows) + "\n]\n")


def measure_compilers(options):
    root = builder.make_root([*builder.PACKAGES.values(), *builder.TOOLS])
    with builder.locked(root):
        rows = compile_cost.measure(root, options.compile, options.objects.split(",") if options.objects else [])
    write_json(options, rows)
    print(compile_cost.text(rows))
    return 0


def main():
    options = parse()
    if options.compile:
        return measure_compilers(options)
    objects = chosen_objects(options)
    packages = list(builder.PACKAGES.values()) + builder.TOOLS
    for name in objects:
        packages += builder.COMPILERS[name][0] if name in builder.COMPILERS else []
    packages += builder.PYTHON_TOOLS if options.python else []
    packages += builder.RUST_TOOLS if options.rust else []
    root = builder.make_root(packages)
    with builder.locked(root):
        paths = builder.build(root, objects, options.jobs, options.data)
        others = [builder.make_python(root)] if options.python else []
        others += [builder.make_rust(root, options.jobs)] if options.rust else []
        results = measure(root, options, paths, [[*command, str(options.rounds)] for command in others])
    results.environment = report.environment(builder.versions(root), list(builder.PACKAGES.values()), builder.FLAGS)
    rows = results.rows()
    write_json(options, rows)
    text = report.text(results, rows, full=not options.quick)
    print(text)
    if options.report:
        options.report.write_text(text + "\n")
    if options.compare:
        print(report.comparison(rows, json.loads(options.compare.read_text())))
    if options.plot:
        options.plot.write_text(plot.svg(rows, results.environment))
    return 1 if results.wrong else 0


if __name__ == "__main__":
    sys.exit(main())
