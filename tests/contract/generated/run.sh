#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# Generated code of one target ($3: msgspec, pydantic, avro, typescript or proto) against what reads such code, with
# contract_generated ($2) as the C++ side. Python's packages come from PyPI ($1 is Python), tsc and protoc from Debian.
# Says in one line why it is skipped. The types are those of sample_types.hpp, with random values, and those of the
# msgspec corpus, with its rows where they are there.
#
# From the environment:
#   STRUCTWIRE_SEED           repeats a run; it is printed. Without it and without CHECK_SECONDS: one known seed
#   STRUCTWIRE_ROWS           random values of each type (default 200)
#   STRUCTWIRE_CHECK_SECONDS  goes on with the next seeds for about that time
#   STRUCTWIRE_SHARED         where the corpus is
set -eu

python=$1
program=$2
target=$3
folder=$(cd "$(dirname "$0")" && pwd)
. "$folder/../../support/python_packages.sh"
. "$folder/../../support/seeds.sh"
export PYTHONDONTWRITEBYTECODE=1

place=${STRUCTWIRE_BINARY_DIR:-build}/generated/$target
code=$place/code
corpus=${STRUCTWIRE_SHARED:-../shared}/conformance/msgspec-corpus
if [ ! -d "$corpus" ]; then
  echo "no msgspec corpus at $corpus: random values of our own types only"
  corpus=-
fi
rm -rf "$code"
mkdir -p "$place"
"$program" write "$code"

# there_and_back SEED: Python reads what C++ writes, and C++ what Python makes of it.
there_and_back() {
  "$program" encode "$corpus" "$1" "${STRUCTWIRE_ROWS:-200}" >"$place/ours.jsonl"
  "$venv/bin/python" "$folder/python_classes.py" "$target" "$code" "$place/ours.jsonl" "$place/theirs.jsonl"
  "$program" verify "$place/ours.jsonl" "$place/theirs.jsonl"
}

# Each file alone: they have no packages, so that their names would meet.
compile_protos() {
  compiled=0
  failed=0
  for file in "$code"/*.proto; do
    if protoc --proto_path="$code" --descriptor_set_out="$place/descriptors" "$file"; then
      compiled=$((compiled + 1))
    else
      failed=$((failed + 1))
    fi
  done
  for file in "$code"/*.proto.error; do
    echo "proto3 cannot express $(basename "$file" .proto.error): $(cat "$file")"
  done
  echo "protoc: $compiled files compiled, $failed failed"
  [ "$failed" -eq 0 ] && [ "$compiled" -gt 0 ]
}

case $target in
  msgspec)
    make_venv "$python" "$place" msgspec==0.22.0
    each_seed 11 there_and_back
    ;;
  pydantic)
    make_venv "$python" "$place" pydantic==2.14.3
    each_seed 12 there_and_back
    ;;
  avro)
    make_venv "$python" "$place" fastavro==1.13.1 avro==1.12.2
    "$venv/bin/python" "$folder/avro_schemas.py" "$code"
    identities() { "$venv/bin/python" "$folder/avro_identity.py" "$program" "$code" "$1" "${STRUCTWIRE_ROWS:-500}"; }
    each_seed 14 identities
    ;;
  typescript)
    command -v tsc >/dev/null || skip "there is no tsc (on Debian: node-typescript)"
    "$program" encode "$corpus" 13 25 >"$place/ours.jsonl"
    "$python" "$folder/typescript.py" tsc "$code" "$place/ours.jsonl" "$place/compiled"
    ;;
  proto)
    command -v protoc >/dev/null || skip "there is no protoc (on Debian: protobuf-compiler)"
    compile_protos
    ;;
  *) echo "run.sh: no target $target" >&2; exit 2 ;;
esac
