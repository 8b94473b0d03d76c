#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# numpy_check ($2) against the real numpy, which Python ($1) gets from PyPI into a virtual environment of the build
# folder. Says in one line why it is skipped.
#
# From the environment:
#   STRUCTWIRE_SEED           repeats a run; it is printed. Without it and without CHECK_SECONDS: one known seed
#   STRUCTWIRE_CASES          arrays for each seed (default 3000)
#   STRUCTWIRE_CHECK_SECONDS  goes on with the next seeds for about that time
set -eu

python=$1
numpy_check=$2
folder=$(cd "$(dirname "$0")" && pwd)
. "$folder/../support/python_packages.sh"
. "$folder/../support/seeds.sh"

place=${STRUCTWIRE_BINARY_DIR:-build}/numpy
make_venv "$python" "$place" numpy==2.2.6 msgspec==0.22.0

compare() {
  PYTHONDONTWRITEBYTECODE=1 "$venv/bin/python" "$folder/compare.py" "$@"
}

check_seed() {
  compare make "$place/cases" --seed "$1" --cases "${STRUCTWIRE_CASES:-3000}"
  "$numpy_check" "$place/cases" "$place/answers" "$1"
  compare verify "$place/cases" "$place/answers"
}
each_seed 5 check_seed
