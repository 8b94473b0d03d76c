#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# Makes a root of Debian sid with GCC 16 in build/roots/sid, the compiler that has C++26 reflection,
# and prints its path. Packages named as arguments are installed into it too. What is installed, with
# versions, stands in build/roots/sid/packages.txt. Status 77, and the reason, where it cannot be made.
# Nothing is mounted into the root, so it can be removed like any folder.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

root=$PWD/build/roots/sid
mirror=${STRUCTWIRE_DEBIAN_MIRROR:-http://deb.debian.org/debian}
log=build/roots/sid.log

skip() {
  printf 'no GCC 16 root: %s\n' "$*" >&2
  exit 77
}

is_installed() {
  [[ $(chroot "$root" dpkg-query --show --showformat '${db:Status-Status}' "$1" 2>/dev/null) == installed ]]
}

[[ $(id -u) -eq 0 ]] || skip "debootstrap needs root"
command -v debootstrap >/dev/null || skip "debootstrap is not installed"
mkdir -p build/roots

if [[ ! -e $root/.complete ]]; then
  rm -rf "$root"
  printf '==> make a root of Debian sid with g++-16 (about 1 GB, a few minutes)\n' >&2
  debootstrap --variant=minbase --include=ca-certificates sid "$root" "$mirror" >"$log" 2>&1 ||
    skip "debootstrap failed; see $log"
  touch "$root/.complete"
fi
missing=()
for package in g++-16 "$@"; do
  is_installed "$package" || missing+=("$package")
done
if [[ ${#missing[@]} -gt 0 ]]; then
  printf '==> install into it %s\n' "${missing[*]}" >&2
  # A mirror may stand still for a while; sid's index is then older than its own expiry date.
  chroot "$root" env DEBIAN_FRONTEND=noninteractive LC_ALL=C.UTF-8 sh -c \
    'apt-get -qq -o Acquire::Check-Valid-Until=false update &&
    apt-get -qq install --yes --no-install-recommends "$@"' sh "${missing[@]}" \
    >>"$log" 2>&1 || skip "${missing[*]} could not be installed; see $log"
fi
chroot "$root" dpkg-query --show >"$root/packages.txt"
printf '%s\n' "$root"
