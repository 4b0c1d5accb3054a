#!/bin/sh
# Use what was deployed as a user would: scripts/smoke-test.sh -e dev|staging|prod events|files|invitations
set -eu
cd "$(dirname "$0")/.."
exec python3 infrastructure/smoke.py "$@"
