#!/bin/sh
# deploy.sh ENVIRONMENT SUFFIX: rolls $VERSION out into $NAMESPACE, those behind the gateway first.
set -eu

environment=$1
suffix=$2
: "${VERSION:?set VERSION to the version to deploy}" "${NAMESPACE:=gennet-system}"
cd "$(dirname "$0")/.."
. scripts/render.sh
grep -q "^ENVIRONMENT=$environment$" "config/$suffix.env" || { echo "config/$suffix.env is not for $environment" >&2; exit 1; }

render kubernetes/config.yaml | kubectl apply -n "$NAMESPACE" -f -
for service in auth networks inference gateway; do
    render kubernetes/service.yaml | kubectl apply -n "$NAMESPACE" -f -
done
render kubernetes/ingress.yaml | kubectl apply -n "$NAMESPACE" -f -
for service in auth networks inference gateway; do
    kubectl rollout status "deployment/$service" -n "$NAMESPACE" --timeout=120s
done
