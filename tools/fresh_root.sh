#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# What a stranger meets: a Debian 12 with nothing but git, a clone of the last commit, the commands of the
# README. Makes such a root in build/roots/fresh (anew each time) and runs them in it.
# Status 77, and the reason, where a root cannot be made.
#
# usage: tools/fresh_root.sh [COMMAND…]       default: ./dev run --exit, then ./dev test
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

base=$PWD/build/roots/bookworm
root=$PWD/build/roots/fresh
mirror=${STRUCTWIRE_DEBIAN_MIRROR:-http://deb.debian.org/debian}
log=build/roots/fresh.log

skip() {
  printf 'no fresh root: %s\n' "$*" >&2
  exit 77
}

[[ $(id -u) -eq 0 ]] || skip "debootstrap needs root"
command -v debootstrap >/dev/null || skip "debootstrap is not installed"
mkdir -p build/roots
if [[ ! -e $base/.complete ]]; then
  rm -rf "$base"
  printf '==> make a root of Debian 12 with git and nothing else\n'
  debootstrap --variant=minbase --include=ca-certificates,git bookworm "$base" "$mirror" >"$log" 2>&1 ||
    skip "debootstrap failed; see $log"
  touch "$base/.complete"
fi

unmount() { mountpoint -q "$root/proc" && umount --lazy "$root/proc" || true; }
trap unmount EXIT
unmount
rm -rf "$root"
cp -a "$base" "$root"
git clone --quiet . "$root/structwire"
mount -t proc proc "$root/proc" 2>/dev/null || printf '==> /proc cannot be mounted\n'

in_root() {
  printf '==> in the fresh root: %s\n' "$*"
  env -i PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin TERM=dumb \
    chroot "$root" sh -c 'cd /structwire && "$@"' sh "$@"
}

if [[ $# -gt 0 ]]; then
  in_root "$@"
else
  in_root ./dev run --exit
  in_root ./dev test
fi
