#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# The simulation ($1) over its default seeds; in `./dev check` then over new ones for STRUCTWIRE_CHECK_SECONDS.
set -euo pipefail
program=$1
log=$(mktemp)
trap 'rm -f "$log"' EXIT
"$program"
[[ -n ${STRUCTWIRE_CHECK_SECONDS:-} ]] || exit 0
end=$(($(date +%s) + STRUCTWIRE_CHECK_SECONDS))
while [[ $(date +%s) -lt $end ]]; do
  first=$(od -An -N4 -tu4 /dev/urandom | tr -d ' ')
  echo "--seeds $first:$((first + 4999))"
  "$program" --seeds "$first:$((first + 4999))" >"$log" ||
    { tail -250 "$log"; exit 1; }
  tail -1 "$log"
done
