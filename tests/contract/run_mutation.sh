#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# The mutation test ($1) with a thousand messages for each direction that the check calls compatible. From the environment:
# tests/support/seeds.sh.
set -euo pipefail
. tests/support/seeds.sh
program=$1
one() { STRUCTWIRE_SEED=$1 STRUCTWIRE_MESSAGES=1000 "$program" --gtest_brief=1; }
each_seed 1 one
