#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# The golden files in Python ($1), with msgspec from PyPI. Says in one line why it is skipped.
set -eu

folder=$(cd "$(dirname "$0")" && pwd)
. "$folder/../support/python_packages.sh"
make_venv "$1" "${STRUCTWIRE_BINARY_DIR:-build}/artifacts" msgspec==0.22.0
PYTHONDONTWRITEBYTECODE=1 "$venv/bin/python" "$folder/golden.py" "$folder/golden"
