#!/bin/sh
# Show or make the changes of an environment: scripts/deploy.sh -e dev|staging|prod --version 1.2.3 [--dry-run]
set -eu
cd "$(dirname "$0")/.."
exec python3 infrastructure/deploy.py "$@"
