#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Installs the libraries from a build folder into a fresh prefix, then builds and runs the
stranger's projects of this folder against them, far from the source tree. Then configures the first
one with the source tree embedded, which has to look for no third party.

usage: run.py BUILD_DIR CXX_COMPILER
"""
import pathlib
import shutil
import subprocess
import sys
import tempfile


def run(*command):
    print("+", *command, flush=True)
    return subprocess.run([str(word) for word in command], check=True)


def main():
    build_dir, compiler = sys.argv[1:3]
    here = pathlib.Path(__file__).resolve().parent
    with tempfile.TemporaryDirectory(prefix="structwire-install-") as temporary:
        root = pathlib.Path(temporary)
        prefix, project, build = root / "prefix", root / "project", root / "build"
        run("cmake", "--install", build_dir, "--prefix", prefix, "--component", "library")
        unexpected = [
            path
            for path in prefix.rglob("*")
            if path.is_file() and path.name.endswith(("_test.cpp", "_test.hpp", ".cpp"))
        ]
        if unexpected:
            sys.exit(f"installed, but not for strangers: {unexpected}")
        project.mkdir()
        for name in ("CMakeLists.txt", "stranger.cpp"):
            shutil.copy(here / "stranger" / name, project)
        run("cmake", "-S", project, "-B", build, "-G", "Ninja", f"-DCMAKE_PREFIX_PATH={prefix}",
            f"-DCMAKE_CXX_COMPILER={compiler}", "-DCMAKE_CXX_FLAGS=-O0")
        run("cmake", "--build", build)
        output = subprocess.run([build / "stranger"], check=True, capture_output=True, text=True)
        print(output.stdout, end="")
        expected = [
            '{"id":7,"customer":"Ada","prices":[1.5,20.25],"note":"soon","priority":4}',
            "Expected `int` <= 9 - at `$.priority`",
        ]
        if output.stdout.splitlines() != expected:
            sys.exit("the stranger's program printed something else than:\n" + "\n".join(expected))
        if "libzmq" in (build / "CMakeCache.txt").read_text():
            sys.exit("who asks for no messaging has to have libzmq")

        messenger = root / "messenger"
        run("cmake", "-S", here / "messenger", "-B", messenger, "-G", "Ninja", f"-DCMAKE_PREFIX_PATH={prefix}",
            f"-DCMAKE_CXX_COMPILER={compiler}", "-DCMAKE_CXX_FLAGS=-O0")
        run("cmake", "--build", messenger)
        output = subprocess.run([messenger / "messenger"], check=True, capture_output=True, text=True)
        if output.stdout != "a frame for myself\n":
            sys.exit(f"the messenger's program printed {output.stdout!r}")

        embedded = root / "embedded"
        run("cmake", "-S", project, "-B", embedded, "-G", "Ninja", f"-DCMAKE_CXX_COMPILER={compiler}",
            f"-DSTRUCTWIRE_TREE={here.parent.parent}")
        cache = (embedded / "CMakeCache.txt").read_text()
        wanted = [name for name in ("Boost", "SQLite3", "GTest", "CLI11", "tomlplusplus")
                  if f"\n{name}_" in cache]
        if wanted:
            sys.exit(f"a project that embeds the tree has to have {wanted}")


if __name__ == "__main__":
    try:
        main()
    except subprocess.CalledProcessError as error:
        sys.exit(f"failed with status {error.returncode}: {error.cmd}\n{error.stdout or ''}")
