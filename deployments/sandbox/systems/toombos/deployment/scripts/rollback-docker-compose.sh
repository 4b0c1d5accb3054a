#!/bin/sh
# Brings back the version that ran before a version, by hand: rollback-docker-compose.sh <environment> <version>
set -eu

environment=$1
failed=$2
cd "$(dirname "$0")/../.."
file=docker-compose.$([ "$environment" = production ] && echo prod || echo "$environment").yml
running="deployment/.version-$environment"

VERSION="$failed" docker compose -p "toombos-$environment" -f "$file" down
if [ ! -f "$running.before-$failed" ]; then
    rm -f "$running"
    echo "No version ran before $failed in $environment; none runs now."
    exit 0
fi
VERSION=$(cat "$running.before-$failed")
export VERSION
docker compose -p "toombos-$environment" -f "$file" up --detach --wait
echo "$VERSION" > "$running"
echo "Version $VERSION runs in $environment again."
