#!/bin/sh
# Every service that runs the failed version goes back to the revision before it; the others are left alone.
set -eu

if [ "${1:-}" = --help ] || [ $# -ne 1 ]; then
    echo "rollback.sh ENVIRONMENT, with FAILED_VERSION and, but for production, NAMESPACE"
    [ $# -eq 1 ]
    exit
fi
: "${FAILED_VERSION:?set FAILED_VERSION to the version to leave}" "${NAMESPACE:=gennet-system}"

undone=
for service in gateway inference networks auth; do
    image=$(kubectl get deployment "$service" -n "$NAMESPACE" -o 'jsonpath={.spec.template.spec.containers[0].image}') || continue
    if [ "${image##*:}" = "$FAILED_VERSION" ]; then
        kubectl rollout undo "deployment/$service" -n "$NAMESPACE"
        undone="$undone $service"
    fi
done
for service in $undone; do
    kubectl rollout status "deployment/$service" -n "$NAMESPACE" --timeout=120s
done
echo "rolled back in $1: ${undone:-nothing, for nothing runs $FAILED_VERSION}"
