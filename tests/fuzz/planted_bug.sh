#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# Does a fuzzer find a bug that is there? A copy of the JSON reader loses the check that an escape's
# four digits stand in the input; the fuzzer `reformat`, built with that copy, has a minute to see
# the read beyond the end.
#
#   planted_bug.sh FOLDER     builds and works in the folder
set -euo pipefail
folder=${1:?a folder to work in}
compiler=clang++-19
flags=(-std=c++23 -O1 -g1 -I. -fsanitize=fuzzer,address,undefined -fno-sanitize-recover=all)
seconds=60

command -v $compiler >/dev/null || { echo "there is no $compiler"; exit 77; }
mkdir -p "$folder"
rm -f "$folder"/find-*

reader=structwire/formats/json/reader.cpp
sed 's/if (end_ - cursor_ < 4) {/if (false) {/' $reader >"$folder/reader.cpp"
if [[ $(diff $reader "$folder/reader.cpp" | grep -c '^>') -ne 1 ]]; then
  echo "the check to remove is not where it was: see the sed command in $0"
  exit 1
fi

objects=()
cached=$(command -v ccache || true)
for source in structwire/core/*.cpp structwire/formats/json/*.cpp tests/fuzz/reformat_fuzz.cpp; do
  case $source in
    *_test.cpp) continue ;;
    "$reader") source=$folder/reader.cpp ;;
  esac
  object=$folder/$(basename "$source" .cpp)_$(cksum <<<"$source" | cut -d' ' -f1).o
  $cached $compiler "${flags[@]}" -c "$source" -o "$object"
  objects+=("$object")
done
$compiler "${flags[@]}" "${objects[@]}" -o "$folder/reformat"

if "$folder/reformat" -max_total_time=$seconds -seed=1 -print_final_stats=1 -dict=tests/fuzz/json.dict \
  -artifact_prefix="$folder/find-" >"$folder/log" 2>&1; then
  tail -3 "$folder/log"
  echo "the planted bug was not found in $seconds s"
  exit 1
fi
grep -E 'AddressSanitizer: heap-buffer-overflow|number_of_executed_units' "$folder/log"
grep -q 'AddressSanitizer: heap-buffer-overflow' "$folder/log" || { tail -30 "$folder/log"; exit 1; }
if ! grep -qF '\u' "$folder"/find-*; then
  echo "found something, and not the planted bug:"
  tail -30 "$folder/log"
  exit 1
fi
