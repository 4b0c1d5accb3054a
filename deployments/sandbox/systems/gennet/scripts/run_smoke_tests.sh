#!/bin/sh
# run_smoke_tests.sh ENVIRONMENT: asks what is deployed there, over the public address.
set -eu

cd "$(dirname "$0")/.."
settings=$(grep -l "^ENVIRONMENT=$1$" config/*.env)
exec python3 scripts/smoke_tests.py "$(sed -n 's/^PUBLIC_URL=//p' "$settings")" "$1"
