#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# Runs one of this folder's Python tests ($2 and its arguments) with the packages that it needs, which Python ($1) gets from
# PyPI into a virtual environment of the build folder. Says in one line why it is skipped.
set -eu

python=$1
test=$2
shift 2
folder=$(cd "$(dirname "$0")" && pwd)
. "$folder/../support/python_packages.sh"
mkdir -p "${STRUCTWIRE_BINARY_DIR:-build}/messaging"
exec 9>"${STRUCTWIRE_BINARY_DIR:-build}/messaging/lock" # Tests run beside each other, and one of them makes it.
flock 9
make_venv "$python" "${STRUCTWIRE_BINARY_DIR:-build}/messaging" msgspec==0.22.0 pyzmq==27.3.0 zstandard==0.25.0
flock -u 9
PYTHONDONTWRITEBYTECODE=1 PYTHONPATH="$folder/../../python/src" exec "$venv/bin/python" "$folder/$test" "$@"
