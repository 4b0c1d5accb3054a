#!/bin/sh
# Brings back the version that ran before a version: rollback-docker-compose.sh <environment> <version>
set -eu

environment=$1
failed=$2
export ENVIRONMENT="$environment"
cd "$(dirname "$0")/../.."
running="deployment/.version-$environment"

if [ ! -f "$running.before-$failed" ]; then
    echo "No version ran before $failed in $environment; nothing is brought back."
    VERSION="$failed" docker compose --project-name "toombos-$environment" --file docker-compose.prod.yml down
    rm -f "$running"
    exit 0
fi
VERSION=$(cat "$running.before-$failed")
export VERSION
docker compose --project-name "toombos-$environment" --file docker-compose.prod.yml down
docker compose --project-name "toombos-$environment" --file docker-compose.prod.yml up --detach --wait
echo "$VERSION" > "$running"
echo "Version $VERSION runs in $environment again."
