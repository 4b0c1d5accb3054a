#!/bin/sh
# Look at what was deployed: scripts/validate-deployment.sh -e dev|staging|prod
set -eu
cd "$(dirname "$0")/.."
exec python3 infrastructure/validate.py "$@"
