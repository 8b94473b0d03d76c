#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# A hundred pairs of contracts and their edits as C++: written, compiled, run.
#
#   run_pairs.sh FOLDER BINARY_DIR     works in the folder, with write_pairs and the libraries of the build folder
set -euo pipefail
if [[ -z ${STRUCTWIRE_CHECK_SECONDS:-} ]]; then
  echo "skipped: a hundred pairs are compiled in ./dev check only"
  exit 77
fi
folder=${1:?a folder to work in}
build=${2:?the build folder}
compiler=${CXX:-g++}
cached=$(command -v ccache || true)
linker=$(command -v ld.lld >/dev/null && echo -fuse-ld=lld || true)
libraries=()
for name in contract json msgpack core; do libraries+=("$build/structwire/libstructwire_$name.a"); done

mkdir -p "$folder"
# Five in a file; the edits follow each other, so that every one comes at least twice.
for ((seed = 0; seed < 100; seed += 5)); do
  "$build/bin/write_pairs" $seed 5 "$folder/pairs_$seed.cpp"
  $cached $compiler -std=c++23 -O0 -I. -c "$folder/pairs_$seed.cpp" -o "$folder/pairs.o"
  $compiler $linker "$folder/pairs.o" "${libraries[@]}" -o "$folder/pairs"
  "$folder/pairs"
done
