#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# The differential test: corpus_check ($2) on fresh rows of the real msgspec, which Python ($1) gets
# from PyPI into a virtual environment of the build folder. Says in one line why it is skipped.
#
# From the environment:
#   STRUCTWIRE_SEED           repeats a run; it is printed. Without it and without CHECK_SECONDS: one known seed
#   STRUCTWIRE_ROWS           rows for each seed (default 20000)
#   STRUCTWIRE_CHECK_SECONDS  goes on with the next seeds for about that time
#   STRUCTWIRE_SHARED         where the corpus is, with which the types used here are proved first
set -eu

version=0.22.0
python=$1
corpus_check=$2
folder=$(cd "$(dirname "$0")" && pwd)
place=${STRUCTWIRE_BINARY_DIR:-build}/msgspec_differential
rows=$place/rows
corpus=${STRUCTWIRE_SHARED:-../shared}/conformance/msgspec-corpus

. "$folder/../support/python_packages.sh"

make_rows() {
  PYTHONDONTWRITEBYTECODE=1 "$venv/bin/python" "$folder/make_rows.py" "$@"
}

# check_seed SEED: both directions.
check_seed() {
  rm -rf "$rows"
  make_rows "$rows" --seed "$1" --rows "${STRUCTWIRE_ROWS:-20000}" || return 1
  "$corpus_check" "$rows" --emit "$place/emitted.jsonl" &&
    make_rows "$rows" --verify "$place/emitted.jsonl"
}

"$corpus_check" 2>&1 | grep -q -e '--emit' ||
  skip "corpus_check does not run every row yet: it has no --emit"
mkdir -p "$place"
make_venv "$python" "$place" "msgspec==$version"

if [ -d "$corpus" ]; then
  make_rows --replay "$corpus"
fi

# The suite repeats one seed; STRUCTWIRE_CHECK_SECONDS (`./dev check`) takes new ones.
if [ -n "${STRUCTWIRE_SEED:-}" ]; then
  seed=$STRUCTWIRE_SEED
elif [ -n "${STRUCTWIRE_CHECK_SECONDS:-}" ]; then
  seed=$(od -An -N4 -tu4 /dev/urandom | tr -d ' ')
else
  seed=3
  STRUCTWIRE_ROWS=${STRUCTWIRE_ROWS:-5000}
fi
end=$(($(date +%s) + ${STRUCTWIRE_CHECK_SECONDS:-0}))
while :; do
  echo "STRUCTWIRE_SEED=$seed"
  if ! check_seed "$seed"; then
    echo "the rows are in $rows; STRUCTWIRE_SEED=$seed makes them again"
    exit 1
  fi
  [ "$(date +%s)" -lt "$end" ] || break
  seed=$((seed + 1))
done
