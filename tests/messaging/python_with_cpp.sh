#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# Python ($1) and C++ (message_peer, $2) ask each other; a contract program ($3) generates Python's classes.
set -eu

folder=$(cd "$(dirname "$0")" && pwd)
classes=${STRUCTWIRE_BINARY_DIR:-build}/messaging/classes
mkdir -p "$classes"
"$3" generate msgspec --out "$classes/artifact_messages.py"
exec sh "$folder/python.sh" "$1" python_with_cpp_test.py "$2" "$classes"
