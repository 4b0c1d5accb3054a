#!/bin/sh
# pre-deployment-check.sh ENVIRONMENT: nothing in the checkout speaks against deploying there.
set -eu

environment=$1
cd "$(dirname "$0")/.."
trouble() { echo "$1" >&2; exit 1; }

settings=$(grep -l "^ENVIRONMENT=$environment$" config/*.env) || trouble "no file of config/ is for $environment"
[ "$environment" != production ] || grep -q '^DEBUG=false$' "$settings" || trouble "$settings leaves DEBUG on"
grep -q 'image: .*:__VERSION__$' kubernetes/service.yaml || trouble "kubernetes/service.yaml does not take the version it is given"
last=0
for migration in migrations/*.sql; do
    last=$((last + 1))
    case $migration in migrations/000$last*) ;; *) trouble "$migration is not number $last" ;; esac
done
[ -s docs/deployment.md ] || trouble "docs/deployment.md is empty"
echo "$settings, $last migrations: ready to deploy"
