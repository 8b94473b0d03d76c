#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# The types of the Python package, by mypy from PyPI; and that it can be installed. Says in one line why it is skipped.
set -eu

folder=$(cd "$(dirname "$0")" && pwd)
. "$folder/../support/python_packages.sh"
[ -n "${STRUCTWIRE_CHECK_SECONDS:-}" ] || skip "mypy takes its time: ./dev check runs it"
place=${STRUCTWIRE_BINARY_DIR:-build}/messaging_types
make_venv "$1" "$place" mypy==2.4.1 msgspec==0.22.0 pyzmq==27.3.0 setuptools==80.9.0
rm -rf "$place/source"
cp -r "$folder/../../python" "$place/source" # What setuptools leaves behind stays out of the tree.
"$venv/bin/python" -m mypy --config-file "$place/source/pyproject.toml" --cache-dir "$place/cache" \
  "$place/source/src"
"$venv/bin/python" -m pip install --quiet --disable-pip-version-check --no-build-isolation --no-deps \
  --force-reinstall "$place/source"
"$venv/bin/python" -P -c "import structwire.messages"
