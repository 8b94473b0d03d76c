#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# The rule table's lines in the real msgspec: contract_matrix ($2) writes them, Python ($1) has msgspec from PyPI in a
# virtual environment of the build folder. Says in one line why it is skipped.
set -eu
folder=$(cd "$(dirname "$0")" && pwd)
place=${STRUCTWIRE_BINARY_DIR:-build}/contract_msgspec
. "$folder/../support/python_packages.sh"

mkdir -p "$place"
make_venv "$1" "$place" "msgspec==0.22.0"
"$2" --emit "$place/lines.jsonl" >"$place/matrix"
PYTHONDONTWRITEBYTECODE=1 "$venv/bin/python" "$folder/msgspec_matrix.py" "$place/lines.jsonl"
