#!/bin/sh
# validate_setup.sh [resources|probes|shutdown]: what will be applied is complete; without a word, all of it.
set -eu

cd "$(dirname "$0")/.."
if [ $# -eq 1 ]; then
    exec python3 scripts/manifests.py "$1"
fi
for word in resources probes shutdown; do
    python3 scripts/manifests.py "$word"
done
for script in scripts/*.sh; do
    sh -n "$script" || { echo "$script cannot be understood" >&2; exit 1; }
done
echo "the setup is valid"
