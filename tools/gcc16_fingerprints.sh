#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# The same source means the same contract on every compiler: compiles the program that prints the
# fingerprints of the sample structs with GCC 12 and Clang 19 (C++23) and with GCC 16 (C++26, which
# sees structs by reflection), and compares what they print. Status 77 where GCC 16 is not to be had.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

program=tests/fingerprint/print_fingerprints.cpp
out=build/fingerprints
if [[ ! -f $program ]]; then
  echo "there is no $program yet"
  exit 77
fi
mkdir -p "$out"

# The library's own sources, without tests; globbed, so that a new folder is there by itself. Messages need libzmq and
# libzstd, and no fingerprint needs them.
mapfile -t sources < <(
  find structwire -path structwire/messaging -prune -o -name '*.cpp' ! -name '*_test.cpp' -print | sort)

"${GCC:-g++-12}" -std=c++23 -O1 -I. "$program" "${sources[@]}" -o "$out/gcc12"
"$out/gcc12" >"$out/gcc12.txt"
if command -v clang++-19 >/dev/null; then
  clang++-19 -std=c++23 -O1 -I. "$program" "${sources[@]}" -o "$out/clang19"
  "$out/clang19" >"$out/clang19.txt"
  diff -u "$out/gcc12.txt" "$out/clang19.txt"
fi

root=$(tools/gcc16_root.sh)
rm -rf "$root/src"
mkdir "$root/src"
cp -r structwire tests "$root/src"
for dialect in '-std=c++23' '-std=c++26' '-std=c++26 -freflection'; do
  name=gcc16$(tr -d ' =+' <<<"$dialect")
  chroot "$root" sh -c "cd /src && g++-16 $dialect -O1 -I. $program ${sources[*]} -o fingerprints && ./fingerprints" \
    >"$out/$name.txt"
  diff -u "$out/gcc12.txt" "$out/$name.txt"
  echo "GCC 16 $dialect: the same $(wc -l <"$out/$name.txt") fingerprints as GCC 12"
done
