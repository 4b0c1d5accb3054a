#!/bin/sh
# Bootstrap the CDK in an environment's account and region: scripts/bootstrap.sh -e dev|staging|prod
set -eu
[ "${1:-}" = "-e" ] && [ -n "${2:-}" ] || { echo "usage: $0 -e dev|staging|prod" >&2; exit 2; }
cd "$(dirname "$0")/.."
config="config/environments/$2.json"
[ -f "$config" ] || { echo "$config does not exist." >&2; exit 2; }
target="aws://$(jq -r .account "$config")/$(jq -r .region "$config")"
echo "Bootstrapping $target"
exec cdk bootstrap "$target"
