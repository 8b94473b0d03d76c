# SPDX-License-Identifier: Apache-2.0
"""What one translation unit with the 33 structs costs the compiler, library by library.

Each unit decodes and encodes the seven roots of the shapes, with the flags of the speed build. User seconds are the
least of several runs, and a unit that uses no library (the headers of the structs and of the standard library) is
subtracted; peak memory is not reduced by it. Code is the object's text and data.
"""
import dataclasses
import os
import re
import subprocess

import builder
import report

UNITS = {
    "structwire_json": ("structwire", "json", "structwire"),
    "structwire_msgpack": ("structwire", "msgpack", "structwire"),
    "structwire_cpp26_json": ("structwire_cpp26", "json", "structwire_cpp26"),
    "structwire_cpp26_msgpack": ("structwire_cpp26", "msgpack", "structwire_cpp26"),
    "glaze_json": ("glaze", "json", "glaze_json"),
    "glaze_msgpack": ("glaze", "msgpack", "glaze_msgpack"),
    "simdjson": ("simdjson", "json", "simdjson"),
    "yyjson": ("yyjson", "json", "yyjson"),
    "reflectcpp_json": ("reflect-cpp", "json", "reflectcpp_json"),
    "reflectcpp_msgpack": ("reflect-cpp", "msgpack", "reflectcpp_msgpack"),
    "msgpack_cxx": ("msgpack-cxx", "msgpack", "msgpack_cxx"),
    "glaze_beve": ("glaze", "beve", "glaze_beve"),
    "cereal": ("cereal", "cereal", "cereal"),
}
# At most, to glaze's unit of the same format: (the most, the goal).
GOALS = {"json": (1.0, 0.75), "msgpack": (0.4, 0.4)}


@dataclasses.dataclass
class Cost:
    seconds: float
    peak_mb: float
    code_bytes: int


def compile_once(root, source, peer, flags):
    out = "/bench/build/compile_cost.o"
    command = ["chroot", str(root), "sh", "-c",
               f"exec {peer.compiler} {flags} -DCODEC_BENCH_COMPILE_COST -I/bench/src -c {source} -o {out}"]
    process = subprocess.Popen(command)
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        raise SystemExit(f"does not compile: {source}")
    sizes = subprocess.run(["chroot", str(root), "size", out], capture_output=True, text=True, check=True).stdout
    text, data = re.findall(r"^\s*(\d+)\s+(\d+)", sizes, re.MULTILINE)[0]
    return Cost(usage.ru_utime, usage.ru_maxrss / 1024, int(text) + int(data))


def least(root, name, peer, times, versions):
    source = f"/bench/src/bench/codec/peers/{name}.cpp"
    costs = [compile_once(root, source, peer, builder.compile_flags(peer, versions)) for _ in range(times)]
    return Cost(*(min(getattr(cost, field.name) for cost in costs) for field in dataclasses.fields(Cost)))


def measure(root, times, chosen):
    """Rows as --json has them; `chosen` are names of UNITS, empty for all."""
    builder.copy_sources(root)
    versions = builder.versions(root)
    nothing = {dialect: least(root, "nothing", builder.SharedObject([], dialect), times, versions)
               for dialect in (builder.CPP23, builder.CPP26)}
    rows = []
    for unit, (library, format_name, object_name) in UNITS.items():
        if chosen and unit not in chosen:
            continue
        peer = (builder.PEERS | builder.STRUCTWIRE)[object_name]
        source = f"structwire_{format_name}" if peer.library else unit
        cost, base = least(root, source, peer, times, versions), nothing[peer.dialect]
        builder.say(f"{unit}: {cost.seconds - base.seconds:.1f} s, {cost.peak_mb:.0f} MB, "
                    f"{(cost.code_bytes - base.code_bytes) / 1000:.0f} KB")
        rows.append({"library": library, "format": format_name, "op": "compile", "seconds": round(cost.seconds - base.seconds, 2),
                     "peak_mb": round(cost.peak_mb), "code_bytes": cost.code_bytes - base.code_bytes,
                     "seconds_of_nothing": round(base.seconds, 2)})
    return rows


def text(rows):
    lines = []
    for row in rows:
        glaze = report.find(rows, library="glaze", format=row["format"])
        seconds = row["seconds"] / glaze[0]["seconds"] if glaze else None
        code = row["code_bytes"] / glaze[0]["code_bytes"] if glaze else None
        most, goal = GOALS.get(row["format"], (None, None))
        mark = lambda ratio: "!" if ratio > most else "-" if ratio > goal else ""
        ours = row["library"].startswith("structwire") and glaze
        lines.append([row["library"], row["format"], row["seconds"], row["peak_mb"], f"{row['code_bytes'] / 1000:.0f}",
                      f"{seconds:.2f}{mark(seconds) if ours else ''}" if glaze else "",
                      f"{code:.2f}{mark(code) if ours and row['format'] == 'json' else ''}" if glaze else ""])
    goals = "; ".join(f"{report.FORMATS[name]}: at most {most}, goal {goal}" for name, (most, goal) in GOALS.items())
    return (f"Compile cost of one unit, over a unit without a library; ratios to glaze ({goals}; ! over the most, - over "
            "the goal)\n" + report.table(["library", "format", "user s", "peak MB", "code KB", "seconds / glaze", "code / glaze"], lines))
