#!/bin/sh
# Ask much of what was deployed: scripts/load-test.sh -e dev|staging|prod --url URL; the result lies in reports/
set -eu
cd "$(dirname "$0")/.."
exec python3 infrastructure/load.py "$@"
