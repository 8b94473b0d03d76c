#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""./dev bench experiments: the questions of the user's documents, answered in one run of C++ and Python.

    ./dev bench experiments                     all: tables on standard output
    ./dev bench experiments state reuse         some of: state arrays payload sizes reuse
    ./dev bench experiments --docs              writes the figures of docs/experiments/ and their plots

Processes of C++ and of Python run in turn; the least time of a call over all of them counts. numpy and msgspec come from
PyPI into a virtual environment of the build folder.
"""
import argparse
import datetime
import json
import os
import pathlib
import platform
import subprocess
import sys

import report

TREE = pathlib.Path(__file__).resolve().parents[2]
BUILD = TREE / "build/bench"
REQUIREMENTS = ["numpy==2.2.6", "msgspec==0.22.0"]


def parse():
    parser = argparse.ArgumentParser(prog="./dev bench experiments", description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", nargs="*", metavar="NAME", help=" ".join(report.PAGES))
    parser.add_argument("--processes", type=int, default=5, help="of each language, in turn (5)")
    parser.add_argument("--rounds", type=int, default=12, help="over all rows in each process (12)")
    parser.add_argument("--json", type=pathlib.Path, help="one line of JSON per row")
    parser.add_argument("--from-json", type=pathlib.Path, help="the rows of an earlier --json in place of a run")
    parser.add_argument("--plot", type=pathlib.Path, help="a folder for the plots, experiment_NAME.svg")
    parser.add_argument("--docs", action="store_true", help="write docs/experiments/ and docs/plots/")
    options = parser.parse_args()
    unknown = set(options.names) - set(report.PAGES)
    if unknown:
        parser.error(f"there is no experiment {', '.join(sorted(unknown))}")
    options.names = options.names or list(report.PAGES)
    return options


def make_venv():
    """The Python of a virtual environment that has the requirements; made by the script of the tests."""
    script = f'set -eu; . "{TREE}/tests/support/python_packages.sh"; make_venv "$@" >&2; echo "$venv/bin/python"'
    done = subprocess.run(["sh", "-c", script, "sh", sys.executable, str(BUILD / "python"), *REQUIREMENTS],
                          stdout=subprocess.PIPE, text=True)
    if done.returncode != 0:
        sys.exit(done.returncode)
    return done.stdout.strip()


def rows_of(command, **environment):
    done = subprocess.run(command, env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1", **environment}, stdout=subprocess.PIPE,
                          text=True, check=True)
    return [json.loads(line) for line in done.stdout.splitlines()]


def key_of(row):
    return row["experiment"], row["library"], row["subject"], row["how"], row["op"]


def measure(names, options, python):
    """One row for each way: its least time, and what it allocates."""
    program = [str(BUILD / "bin/bench/experiments")]
    script = [python, "-B", str(TREE / "bench/experiments/python/rows.py")]
    least = {}
    for name in names:
        for process in range(options.processes):
            print(f"==> {name}, process {process + 1} of {options.processes}", file=sys.stderr)
            for command in (program, script):
                for row in rows_of([*command, name, str(options.rounds)]):
                    kept = least.setdefault(key_of(row), row)
                    kept["ns"] = min(kept["ns"], row["ns"])
        if name == "reuse":
            counting = {"LD_PRELOAD": str(next(BUILD.rglob("libcount_allocations.so"))), "PYTHONMALLOC": "malloc"}
            for command in (program, script):
                for row in rows_of([*command, name, "allocations"], **counting):
                    least[key_of(row)].update(allocations=row["allocations"], peak_bytes=row["peak_bytes"])
    return list(least.values())


def check_sizes(rows):
    """What both languages write in the same way has the same number of bytes."""
    sizes = {}
    for row in rows:
        sizes.setdefault((row["experiment"], row["subject"], row["how"]), set()).add(row["bytes"])
    wrong = [key for key, found in sizes.items() if len(found) != 1]
    if wrong:
        sys.exit(f"C++ and Python differ in size: {wrong}")


def environment_text(python):
    versions = subprocess.run([python, "-c", "import sys,msgspec,numpy;print(f'Python {sys.version.split()[0]}, msgspec "
                               "{msgspec.__version__}, numpy {numpy.__version__}')"], stdout=subprocess.PIPE, text=True, check=True)
    cache = (BUILD / "CMakeCache.txt").read_text(encoding="utf-8")
    compiler = next(line.split("=")[1] for line in cache.splitlines() if line.startswith("CMAKE_CXX_COMPILER:"))
    compiler = subprocess.run([compiler, "-dumpfullversion"], stdout=subprocess.PIPE, text=True, check=True).stdout.strip()
    cpu = next((line.split(":")[1].strip() for line in pathlib.Path("/proc/cpuinfo").read_text().splitlines()
                if line.startswith("model name")), platform.machine())
    return f"{cpu}, GCC {compiler} -O3, {versions.stdout.strip()}, {datetime.date.today()}"


def main():
    options = parse()
    if options.from_json:
        lines = [json.loads(line) for line in options.from_json.read_text(encoding="utf-8").splitlines()]
        environment, rows = lines[0]["environment"], lines[1:]
    else:
        python = make_venv()
        environment, rows = environment_text(python), measure(options.names, options, python)
    check_sizes(rows)
    if options.json:
        options.json.write_text("".join(json.dumps(line) + "\n" for line in [{"environment": environment}, *rows]), encoding="utf-8")
    plots = TREE / "docs/plots" if options.docs else options.plot
    for name in options.names:
        print(report.figures(name, rows, environment))
        if options.docs:
            page = TREE / f"docs/experiments/{report.PAGES[name][0]}.md"
            text = page.read_text(encoding="utf-8")
            page.write_text(report.into_page(text, name, rows, environment), encoding="utf-8")
        if plots:
            plots.mkdir(parents=True, exist_ok=True)
            (plots / f"experiment_{name}.svg").write_text(report.svg(name, rows, environment), encoding="utf-8")


if __name__ == "__main__":
    main()
