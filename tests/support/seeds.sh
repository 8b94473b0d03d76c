# SPDX-License-Identifier: Apache-2.0
#
# For test scripts, to be read with `.`: random tests that print their seed.

# each_seed SEED COMMAND: COMMAND with a seed, which is printed. STRUCTWIRE_SEED repeats a run; STRUCTWIRE_CHECK_SECONDS
# takes new seeds for about that time; without either it is SEED. Ends the script at the first that fails.
each_seed() {
  if [ -n "${STRUCTWIRE_SEED:-}" ]; then
    seed=$STRUCTWIRE_SEED
  elif [ -n "${STRUCTWIRE_CHECK_SECONDS:-}" ]; then
    seed=$(od -An -N4 -tu4 /dev/urandom | tr -d ' ')
  else
    seed=$1
  fi
  end=$(($(date +%s) + ${STRUCTWIRE_CHECK_SECONDS:-0}))
  while :; do
    echo "STRUCTWIRE_SEED=$seed"
    "$2" "$seed"
    [ "$(date +%s)" -lt "$end" ] || break
    seed=$((seed + 1))
  done
}
