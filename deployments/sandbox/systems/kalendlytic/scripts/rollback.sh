#!/bin/sh
# Put the version before this one back, after a backup: scripts/rollback.sh -e dev|staging|prod [--backup-only]
set -eu
cd "$(dirname "$0")/.."
exec python3 infrastructure/rollback.py "$@"
