#!/bin/sh
# prepare_cluster.sh SUFFIX: the namespace with all that services find there: settings, secrets, policies, certificate.
set -eu

suffix=$1
: "${NAMESPACE:=gennet-system}"
cd "$(dirname "$0")/.."
. scripts/render.sh
for name in namespace config secrets policies certificate; do
    render "kubernetes/$name.yaml" | kubectl apply -n "$NAMESPACE" -f -
done
