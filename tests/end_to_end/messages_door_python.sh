#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# A worker in Python ($1) over the daemon's door for messages; a contract program ($2) generates its classes.
set -eu

folder=$(cd "$(dirname "$0")" && pwd)
classes=${STRUCTWIRE_BINARY_DIR:-build}/messaging/tasks_api
mkdir -p "$classes"
"$2" generate msgspec --out "$classes/tasks_api.py"
exec sh "$folder/../messaging/python.sh" "$1" ../end_to_end/messages_door_python_test.py "$classes"
