#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# The library's suites in C++26: builds the preset `gcc16` (GCC 16, -std=c++26 -freflection) in a root of
# Debian sid and runs there what needs no daemon, no program of the tree and no package of PyPI: the unit
# tests, conformance, the corpus of msgspec where there is one ($STRUCTWIRE_SHARED, else ../shared), the
# guide's programs, and what only C++26 has, tests/cpp26/. Status 77, and the reason, where the root is not
# to be had.
#
# usage: tools/gcc16_suites.sh [FILTER]      a regular expression of test names, as ctest takes it
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

filter=${1:-.}
jobs=${STRUCTWIRE_JOBS:-2}
shared=${STRUCTWIRE_SHARED:-../shared}
# These look at the tree, install it, or hold sentences against another compiler; the others fetch what they compare with.
elsewhere='^gcc16\.(tidy.*|install|compile_fail|codec_bench_report|experiments_report|fuzz_planted_bug|.*_instructions|decode_instances)$'
fetched='^gcc16\.(msgspec_differential|contract_msgspec|json_schema_validation|generated_(msgspec|pydantic|avro|typescript|proto)|numpy|pyarrow|pattern_python)$'

root=$(tools/gcc16_root.sh cmake ninja-build ccache libgtest-dev python3 pkg-config libzmq3-dev libzstd-dev)
place=$root/suites

# Times are kept, so that ninja builds only what changed.
rm -rf "$place/src" "$place/shared"
mkdir -p "$place/src" "$place/shared"
cp -rp CMakeLists.txt CMakePresets.json README.md bench cmake docs structwire tests tools "$place/src"
if [[ -d $shared/conformance ]]; then
  cp -rp "$shared/conformance" "$place/shared"
else
  echo "there is no corpus of msgspec at $shared/conformance: what needs it is skipped"
fi

# Tests count a process's descriptors there.
unmount() { mountpoint -q "$root/proc" && umount --lazy "$root/proc" || true; }
trap unmount EXIT
mountpoint -q "$root/proc" || mount -t proc proc "$root/proc" 2>/dev/null || echo '/proc cannot be mounted there'

in_root() {
  env -i PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin LC_ALL=C.UTF-8 HOME=/root CXX=g++-16 \
    STRUCTWIRE_SHARED=/suites/shared chroot "$root" sh -c 'cd /suites/src && "$@"' sh "$@"
}

in_root cmake --preset gcc16 -B ../build >"$place/configure.log" 2>&1 || {
  cat "$place/configure.log" >&2
  exit 1
}
in_root cmake --build ../build --parallel "$jobs" -- -k 0
in_root ctest --test-dir ../build --parallel "$jobs" --output-on-failure --no-tests=error \
  --tests-regex "$filter" --exclude-regex "$elsewhere|$fetched"
