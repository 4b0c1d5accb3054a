#!/bin/sh
# Builds and starts $VERSION, and remembers the version before: deploy-docker-compose.sh <environment>
set -eu

environment=$1
: "${VERSION:?set VERSION to the version to deploy}"
cd "$(dirname "$0")/../.."
file=docker-compose.$([ "$environment" = production ] && echo prod || echo "$environment").yml
running="deployment/.version-$environment"

if [ -f "$running" ] && [ "$(cat "$running")" != "$VERSION" ]; then
    cp "$running" "$running.before-$VERSION"
fi
docker compose -p "toombos-$environment" -f "$file" build
docker compose -p "toombos-$environment" -f "$file" up --detach --wait
echo "$VERSION" > "$running"
echo "Version $VERSION runs in $environment."
