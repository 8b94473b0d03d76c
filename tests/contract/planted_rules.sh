#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# Does the matrix see a rule that is broken? Three copies of the reader that a Schema drives lose one rule each.
# contract_matrix, linked with such a copy, has to fail in the lines that the sound reader refuses for that rule: in all
# of them, and in no other.
#
#   planted_rules.sh FOLDER BINARY_DIR     works in the folder, with contract_matrix and the libraries of the build folder
set -euo pipefail
if [[ -z ${STRUCTWIRE_CHECK_SECONDS:-} ]]; then
  echo "skipped: three readers are built in ./dev check only"
  exit 77
fi
folder=${1:?a folder to work in}
build=${2:?the build folder}
compiler=${CXX:-g++}
cached=$(command -v ccache || true)
linker=$(command -v ld.lld >/dev/null && echo -fuse-ld=lld || true)
objects=("$build"/tests/contract/CMakeFiles/contract_matrix.dir/*.o)
libraries=()
for name in contract json msgpack core; do libraries+=("$build/structwire/libstructwire_$name.a"); done

mkdir -p "$folder"
"$build/bin/contract_matrix" >"$folder/sound" || { tail -1 "$folder/sound"; echo "the matrix fails without any plant"; exit 1; }

# A line's name is what it says before `, expected`.
refused_for() { # REASON: of the lines below which the error is like this
  awk -v reason="$1" '/, expected /{ line = $0; sub(/, expected .*/, "", line) } /^  error / && $0 ~ reason { print line }' \
    "$folder/sound" | sort
}
failed_in() { sed -n 's/^FAILED \(.*\), expected .*/\1/p' "$1" | sort; }

# plant NAME FILE SED-COMMAND REASON SOURCE…: FILE of the contract library is changed in one line, by which the SOURCEs
# are others.
plant() {
  local name=$1 file=$2 command=$3 reason=$4 place=$folder/$1 planted=() source
  shift 4
  mkdir -p "$place/structwire/contract/$(dirname "$file")"
  sed "$command" "structwire/contract/$file" >"$place/structwire/contract/$file"
  if [[ $(diff "structwire/contract/$file" "$place/structwire/contract/$file" | grep -c '^>') -ne 1 ]]; then
    echo "the rule to break is not where it was: see '$name' in $0"
    exit 1
  fi
  for source in "$@"; do
    local from=structwire/contract/$source.cpp object=$place/$(basename "$source").o
    [[ $source.cpp != "$file" ]] || from=$place/$from
    $cached $compiler -std=c++23 -O0 -I"$place" -I. -c "$from" -o "$object"
    planted+=("$object")
  done
  $compiler $linker "${objects[@]}" "${planted[@]}" "${libraries[@]}" -o "$place/contract_matrix"
  "$place/contract_matrix" >"$place/seen" || true
  refused_for "$reason" >"$place/expected_lines"
  failed_in "$place/seen" >"$place/failed_lines"
  if [[ ! -s $place/expected_lines ]] || ! diff "$place/expected_lines" "$place/failed_lines"; then
    echo "$name: the lines that fail are not those of the rule"
    exit 1
  fi
  echo "$name: $(tail -1 "$place/seen"), each refused before with: $reason"
}

readers=(reader/schema_decode_json reader/schema_decode_msgpack)
# The tag of a struct is no member: that it is missing is another rule.
plant required_members reader/schema_walk_struct.hpp \
  's/schema\.presence != Presence::required) continue;/true) continue;/' \
  'missing required field `([a-c]|rank|title|label|value|first.*)`' "${readers[@]}"
plant number_bounds schema_check.cpp 's/if (const auto\* number = value.get_if<std::int64_t>()) return broken_by(.*/;/' \
  'Expected `int` <= 1?00 - at' schema_check
plant unknown_fields reader/schema_plan.hpp \
  's/&& schema->unknown_fields == UnknownFields::forbid);/\&\& false);/' \
  'unknown field|of at most length' "${readers[@]}"
