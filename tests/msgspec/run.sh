#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# Runs a checker ($1) on the msgspec corpus, or says in one line that there is none.
corpus=${STRUCTWIRE_SHARED:-../shared}/conformance/msgspec-corpus
if [ ! -d "$corpus" ]; then
  echo "skipped: no msgspec corpus at $corpus (set STRUCTWIRE_SHARED)"
  exit 77
fi
exec "$1" "$corpus"
