#!/bin/sh
# Makes every secret that can be made and is not there yet; says which keys of others are still to be stored.
# setup_aws_secrets.sh <environment>
set -eu

environment=$1
there=$(aws secretsmanager list-secrets --query 'SecretList[].Name' --output text | tr '\t' '\n')

missing() {
    ! echo "$there" | grep -qx "toombos/$environment/$1"
}

for name in jwt-secret api-key-encryption content-generator-api-key webhook-crm webhook-platform; do
    if missing "$name"; then
        value=$(head -c 36 /dev/urandom | base64)
        aws secretsmanager create-secret --name "toombos/$environment/$name" --secret-string "$value" > /dev/null
        echo "Made toombos/$environment/$name."
    fi
done

lacking=""
for name in crm-api-key platform-api-key openai-api-key google-service-account; do
    if missing "$name"; then
        lacking="$lacking toombos/$environment/$name"
    fi
done
if [ -n "$lacking" ]; then
    echo "Still to be stored by hand:$lacking"
else
    echo "Every secret of $environment is there."
fi
