# SPDX-License-Identifier: Apache-2.0
"""Builds the program and the libraries' shared objects inside the root of Debian sid.

The sources are copied into the root where they differ, so that ninja rebuilds only what a change touches:
a change of structwire compiles STRUCTWIRE_SOURCES and what it touches of core and formats, and nothing of its peers.
"""
import contextlib
import dataclasses
import fcntl
import pathlib
import subprocess
import sys
import tomllib

TREE = pathlib.Path(__file__).resolve().parents[2]
FLAGS = "-O3 -march=native -DNDEBUG"
CPP23 = "-std=c++23"
CPP26 = "-std=c++26 -freflection"
SHARED = "-fPIC -fvisibility=hidden"

PACKAGES = {
    "glaze": "libglaze-dev", "simdjson": "libsimdjson-dev", "yyjson": "libyyjson-dev", "reflect-cpp": "libreflectcpp-dev",
    "ctre": "libctre-dev", "msgpack-c": "libmsgpack-c-dev", "nlohmann": "nlohmann-json3-dev",
    "msgpack-cxx": "libmsgpack-cxx-dev", "cereal": "libcereal-dev", "protobuf": "libprotobuf-dev",
}
TOOLS = ["ninja-build", "protobuf-compiler"]
PYTHON_TOOLS = ["python3-venv"]
PYTHON_PACKAGES = ["msgspec", "orjson", "pydantic", "msgpack"]
RUST_TOOLS = ["cargo"]
RUST_CRATES = ["serde_json", "sonic-rs", "rmp-serde"]
CERTIFICATES = "etc/ssl/certs/ca-certificates.crt"


@dataclasses.dataclass
class SharedObject:
    """One file of peers/, or one build of structwire."""

    sources: list
    dialect: str = CPP26
    compiler: str = "g++-16"
    links: str = ""
    library: str = ""  # structwire's name in the tables; empty for peers
    proto: str = ""  # of which protoc makes a header and a source


PEERS = {
    "glaze_json": SharedObject(["glaze_json.cpp"]),
    "glaze_json_missing": SharedObject(["glaze_json_missing.cpp"]),
    "glaze_msgpack": SharedObject(["glaze_msgpack.cpp"]),
    "glaze_beve": SharedObject(["glaze_beve.cpp"]),
    "simdjson": SharedObject(["simdjson.cpp"], links="-lsimdjson"),
    "yyjson": SharedObject(["yyjson.cpp"], links="-lyyjson"),
    "reflectcpp_json": SharedObject(["reflectcpp_json.cpp"], links="-lreflectcpp -lyyjson"),
    "reflectcpp_msgpack": SharedObject(["reflectcpp_msgpack.cpp"], links="-lreflectcpp -lmsgpack-c"),
    "nlohmann": SharedObject(["nlohmann.cpp"]),
    "msgpack_cxx": SharedObject(["msgpack_cxx.cpp"]),
    "cereal": SharedObject(["cereal.cpp"]),
    "protobuf": SharedObject(["protobuf.cpp"], links="-lprotobuf", proto="protobuf.proto"),
}
STRUCTWIRE_SOURCES = ["structwire.cpp", "structwire_json.cpp", "structwire_msgpack.cpp"]
STRUCTWIRE = {
    "structwire": SharedObject(STRUCTWIRE_SOURCES, CPP23, library="structwire"),
    "structwire_cpp26": SharedObject(STRUCTWIRE_SOURCES, CPP26, library="structwire_cpp26"),
}
# Other compilers, only where they are asked for: their packages, and the same flags.
COMPILERS = {
    "structwire_gcc12": (["g++-12"], SharedObject(STRUCTWIRE_SOURCES, CPP23, "g++-12", library="structwire_gcc12")),
    # With the standard library that it has on Debian 12.
    "structwire_clang19": (["clang-19", "g++-12"],
                           SharedObject(STRUCTWIRE_SOURCES, f"{CPP23} --gcc-install-dir=/usr/lib/gcc/x86_64-linux-gnu/12",
                                        "clang++-19", library="structwire_clang19")),
}
# The ones that are fastest in some row, for daily work.
QUICK = ["structwire", "glaze_json", "glaze_msgpack", "simdjson", "yyjson"]


def say(text):
    print(f"==> {text}", file=sys.stderr, flush=True)


def make_root(packages):
    """The root's path; leaves with its status where there can be none."""
    done = subprocess.run([TREE / "tools/gcc16_root.sh", *packages], stdout=subprocess.PIPE, text=True)
    if done.returncode != 0:
        sys.exit(done.returncode)
    return pathlib.Path(done.stdout.strip())


def versions(root):
    """Package name to version, as the root has them."""
    lines = (root / "packages.txt").read_text().splitlines()
    return {name.split(":")[0]: version for name, version in (line.split("\t") for line in lines)}


@contextlib.contextmanager
def locked(root):
    """One build, and one measurement, at a time in this root."""
    (root / "bench").mkdir(exist_ok=True)
    with open(root / "bench/lock", "w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say("wait for another ./dev bench codec in the same root")
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def write_if_changed(path, content):
    if not path.exists() or path.read_bytes() != content:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)


def copy_sources(root):
    wanted = set()
    suffixes = (".hpp", ".cpp", ".proto", ".json", ".py", ".rs", ".toml", ".lock")
    for top in ("structwire", "bench/codec"):
        for path in sorted((TREE / top).rglob("*")):
            if path.suffix in suffixes and not path.stem.endswith("_test"):
                wanted.add(root / "bench/src" / path.relative_to(TREE))
                write_if_changed(root / "bench/src" / path.relative_to(TREE), path.read_bytes())
    for path in list((root / "bench/src").rglob("*")):
        if path.is_file() and path not in wanted:
            path.unlink()


def copy_data(root, data):
    """The public files; what is not there is told by the program."""
    for name in ("twitter.json", "canada.json", "citm_catalog.json"):
        if (data / name).exists():
            write_if_changed(root / "bench/data" / name, (data / name).read_bytes())


RULES = """\
rule compile
  command = $compiler $flags -I/bench/src -MD -MF $out.d -c $in -o $out
  depfile = $out.d
  deps = gcc
  description = $compiler $out
rule link
  command = g++-16 $flags $in -o $out $links
  description = link $out
rule generate
  command = protoc -I/bench/src/bench/codec/peers --cpp_out=$folder $in
  description = protoc $in
"""


def compile_flags(peer, package_versions):
    flags = f"{peer.dialect} {FLAGS} {SHARED}" + (" -fno-gnu-unique" if peer.compiler.startswith("g++") else "")
    if peer.library:
        build = f"{peer.compiler} {peer.dialect}"
        return f"{flags} -DCODEC_BENCH_LIBRARY='\"{peer.library}\"' -DCODEC_BENCH_BUILD='\"{build}\"'"
    for name, package in (("REFLECTCPP", "libreflectcpp-dev"), ("CEREAL", "libcereal-dev")):
        flags += f" -DCODEC_BENCH_VERSION_{name}='\"{package_versions[package]}\"'"
    return flags + " -w"


def ninja_file(objects, package_versions):
    lines = [RULES]
    source = "/bench/src/bench/codec"

    def compile_one(out, path, compiler, flags, after=""):
        lines.append(f"build {out}: compile {path}{after}\n  compiler = {compiler}\n  flags = {flags}")
        return out

    main = [
        compile_one(f"main/{name}.o", f"{source}/{name}.cpp", "g++-16", f"{CPP26} {FLAGS}")
        for name in ("main", "golden", "limits")
    ]
    lines.append(f"build codec_bench: link {' '.join(main)}\n  flags = -O3\n  links = -ldl -rdynamic")
    counter = compile_one("main/count_allocations.o", f"{source}/count_allocations.cpp", "g++-16", f"{CPP23} -O2 -fPIC")
    lines.append(f"build count_allocations.so: link {counter}\n  flags = -shared\n  links =")

    # Nothing else takes part in encoding or decoding a value.
    library_sources = sorted(
        path.relative_to(TREE) for part in ("core", "formats") for path in (TREE / "structwire" / part).rglob("*.cpp")
        if not path.stem.endswith("_test"))
    for name, peer in objects.items():
        flags = compile_flags(peer, package_versions)
        sources, after = [f"{source}/peers/{s}" for s in peer.sources], ""
        if peer.proto:
            generated = f"{name}/{pathlib.Path(peer.proto).stem}.pb"
            lines.append(f"build {generated}.cc {generated}.h: generate {source}/peers/{peer.proto}\n  folder = {name}")
            sources.append(f"{generated}.cc")
            flags += f" -I{name}"
            after = f" || {generated}.h"
        parts = [compile_one(f"{name}/{pathlib.Path(s).stem}.o", s, peer.compiler, flags, after) for s in sources]
        if peer.library:
            parts += [compile_one(f"{name}/library/{path.with_suffix('.o')}", f"/bench/src/{path}", peer.compiler, flags)
                      for path in library_sources]
        lines.append(f"build {name}.so: link {' '.join(parts)}\n"
                     f"  flags = -shared -Wl,-Bsymbolic\n  links = {peer.links}")
    return "\n".join(lines) + "\n"


def build(root, names, jobs, data):
    """Builds the program and these shared objects; returns the objects' paths inside the root."""
    objects = PEERS | STRUCTWIRE | {name: peer for name, (_, peer) in COMPILERS.items()}
    copy_sources(root)
    copy_data(root, data)
    write_if_changed(root / "bench/build/build.ninja", ninja_file(objects, versions(root)).encode())
    targets = ["codec_bench", "count_allocations.so"] + [f"{name}.so" for name in names]
    say("build " + " ".join(names))
    subprocess.run(["chroot", root, "ninja", "-C", "/bench/build", "-j", str(jobs), "--quiet", *targets], check=True)
    return [f"/bench/build/{name}.so" for name in names]


# ---- Python and Rust -------------------------------------------------------------------------------

def run_in(root, command, quiet=False):
    """In the root, with this machine's certificates, which the registries' clients need."""
    here, there = pathlib.Path("/") / CERTIFICATES, "/bench/ca-certificates.crt"
    if here.exists():
        write_if_changed(root / there.lstrip("/"), here.read_bytes())
    names = ("SSL_CERT_FILE", "PIP_CERT", "REQUESTS_CA_BUNDLE", "CARGO_HTTP_CAINFO")
    environment = [f"{name}={there}" for name in names if here.exists()]
    subprocess.run(["chroot", root, "env", "-u", "SSL_CERT_DIR", "CARGO_HOME=/bench/cargo", *environment, "sh", "-c", command],
                   check=True, stdout=subprocess.DEVNULL if quiet else sys.stderr)


def make_python(root):
    """The command that measures Python, but for the number of rounds."""
    if not (root / "bench/venv/.complete").exists():
        say("install from PyPI " + " ".join(PYTHON_PACKAGES))
        run_in(root, "python3 -m venv /bench/venv && /bench/venv/bin/pip install --quiet --only-binary=:all: " +
               " ".join(PYTHON_PACKAGES), quiet=True)
        (root / "bench/venv/.complete").touch()
    return ["chroot", str(root), "/bench/venv/bin/python", "-B", "/bench/src/bench/codec/python/rows.py",
            "/bench/src/bench/codec/data"]


def make_rust(root, jobs):
    """The command that measures Rust, but for the number of rounds."""
    lock = tomllib.loads((TREE / "bench/codec/rust/Cargo.lock").read_text())
    found = {package["name"]: package["version"] for package in lock["package"]}
    crates = ", ".join(f"{name} {found[name]}" for name in RUST_CRATES)
    say("build with cargo")
    run_in(root, f"cd /bench/src/bench/codec/rust && CODEC_BENCH_CRATES='{crates}' RUSTFLAGS='-C target-cpu=native' "
           f"cargo build --quiet --locked --release --jobs {jobs} --target-dir /bench/rust")
    return ["chroot", str(root), "/bench/rust/release/codec_bench_rust", "/bench/src/bench/codec/data", "/bench/data"]
