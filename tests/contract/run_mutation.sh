#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# The mutation test ($1). In `./dev check`, a thousand messages for each direction that the check calls compatible; else a
# hundred. From the environment: tests/support/seeds.sh.
set -euo pipefail
. tests/support/seeds.sh
program=$1
messages=100
[[ -z ${STRUCTWIRE_CHECK_SECONDS:-} ]] || messages=1000
one() { STRUCTWIRE_SEED=$1 STRUCTWIRE_MESSAGES=${STRUCTWIRE_MESSAGES:-$messages} "$program" --gtest_brief=1; }
each_seed 1 one
