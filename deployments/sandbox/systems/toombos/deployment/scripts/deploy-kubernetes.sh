#!/bin/sh
# Deploys $VERSION: deploy-kubernetes.sh <environment> <namespace>
set -eu

environment=$1
namespace=$2
: "${VERSION:?set VERSION to the version to deploy}"
cd "$(dirname "$0")/../.."
domain=$(sed -n 's|^PUBLIC_URL=https://||p' ".env.$environment")

for name in config secrets deployment service autoscaler ingress; do
    sed -e "s/__VERSION__/$VERSION/g" -e "s/__ENVIRONMENT__/$environment/g" -e "s/__DOMAIN__/$domain/g" \
        "deployment/kubernetes/$name.yaml" | kubectl apply -n "$namespace" -f -
done
kubectl rollout status deployment/content-generator -n "$namespace" --timeout=300s
