#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# Exported JSON Schemas against decoders: validate_schemas.py with corpus_schemas ($2), in a virtual environment with
# jsonschema and, for the inputs, msgspec, which Python ($1) gets from PyPI. Says in one line why it is skipped.
#
# From the environment:
#   STRUCTWIRE_SEED           repeats a run; it is printed
#   STRUCTWIRE_ROWS           inputs for each type (default 300; with CHECK_SECONDS 2000)
#   STRUCTWIRE_CHECK_SECONDS  goes on with the next seeds for about that time
set -eu

python=$1
program=$2
folder=$(cd "$(dirname "$0")" && pwd)
place=${STRUCTWIRE_BINARY_DIR:-build}/json_schema_validation
suite=${STRUCTWIRE_SHARED:-../shared}/conformance/json-schema-test-suite/draft2020-12

. "$folder/../support/python_packages.sh"
make_venv "$python" "$place" jsonschema==4.26.0 msgspec==0.22.0

seed=${STRUCTWIRE_SEED:-5}
rows=${STRUCTWIRE_ROWS:-300}
if [ -n "${STRUCTWIRE_CHECK_SECONDS:-}" ] && [ -z "${STRUCTWIRE_SEED:-}" ]; then
  seed=$(od -An -N4 -tu4 /dev/urandom | tr -d ' ')
  rows=${STRUCTWIRE_ROWS:-2000}
fi
end=$(($(date +%s) + ${STRUCTWIRE_CHECK_SECONDS:-0}))
set -- "$program" --page docs/guide/json_schema.md
if [ -d "$suite" ]; then
  set -- "$@" --suite "$suite"
fi
while :; do
  echo "STRUCTWIRE_SEED=$seed"
  PYTHONDONTWRITEBYTECODE=1 PYTHONHASHSEED=0 "$venv/bin/python" "$folder/validate_schemas.py" "$@" \
    --seed "$seed" --inputs "$rows"
  [ "$(date +%s)" -lt "$end" ] || break
  seed=$((seed + 1))
done
