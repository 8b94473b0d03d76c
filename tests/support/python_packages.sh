# SPDX-License-Identifier: Apache-2.0
#
# For test scripts, to be read with `.`: packages from PyPI in a virtual environment of their own.

skip() {
  echo "skipped: $*"
  exit 77
}

# make_venv PYTHON PLACE REQUIREMENT…: sets $venv to one that has them; skips the test where that cannot be.
make_venv() {
  python_used=$1
  place_used=$2
  shift 2
  mkdir -p "$place_used"
  venv=$place_used/venv-$(echo "$*" | tr -c 'a-z0-9.\n' '_')
  [ -e "$venv/complete" ] && return
  rm -rf "$venv"
  "$python_used" -m venv "$venv" >"$place_used/install.log" 2>&1 ||
    skip "$python_used cannot make a virtual environment (on Debian: python3-venv)"
  "$venv/bin/python" -m pip install --quiet --disable-pip-version-check --retries 1 --timeout 15 \
    "$@" >>"$place_used/install.log" 2>&1 || skip "$* cannot be had from PyPI (see $place_used/install.log)"
  : >"$venv/complete"
}
