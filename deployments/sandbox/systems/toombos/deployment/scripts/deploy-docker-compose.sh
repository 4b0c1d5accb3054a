#!/bin/sh
# Builds and starts $VERSION, and remembers the version before: deploy-docker-compose.sh <environment>
set -eu

environment=$1
: "${VERSION:?set VERSION to the version to deploy}"
export ENVIRONMENT="$environment"
cd "$(dirname "$0")/../.."
running="deployment/.version-$environment"

if [ -f "$running" ] && [ "$(cat "$running")" != "$VERSION" ]; then
    cp "$running" "$running.before-$VERSION"
fi
docker compose --project-name "toombos-$environment" --file docker-compose.prod.yml build
docker compose --project-name "toombos-$environment" --file docker-compose.prod.yml up --detach --wait
echo "$VERSION" > "$running"
echo "Version $VERSION runs in $environment."
