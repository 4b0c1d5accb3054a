#!/bin/sh
# The secrets of an environment, in Parameter Store:
#   scripts/manage-secrets.sh init -e prod             make what is missing; what is there stays
#   scripts/manage-secrets.sh set NAME -e prod         set one, its value read from standard input
#   scripts/manage-secrets.sh list -e prod             names and ages, never values
set -eu
usage() { echo "usage: $0 init|list|set NAME -e dev|staging|prod" >&2; exit 2; }
command=${1:-}; [ $# -gt 0 ] && shift || usage
name=""
[ "$command" = set ] && { name=${1:-}; shift || usage; }
[ "${1:-}" = "-e" ] && [ -n "${2:-}" ] || usage
path="/kalendlytic/$2"

put() { # name, value: by a file, for an argument would show in the list of processes
  umask 077
  request=$(mktemp)
  trap 'rm -f "$request"' EXIT
  printf '%s' "$2" | jq -Rs --arg name "$path/$1" '{Name: $name, Value: ., Type: "SecureString", Overwrite: true}' >"$request"
  aws ssm put-parameter --cli-input-json "file://$request" >/dev/null
  rm -f "$request"
}

standing() {
  aws ssm get-parameters-by-path --path "$path" --output json
}

case $command in
  init)
    there=$(standing | jq -r '.Parameters[].Name')
    for each in BEDROCK_API_KEY JWT_SECRET CALENDAR_ENCRYPTION_KEY WEBHOOK_SECRET; do
      if printf '%s\n' "$there" | grep -qx "$path/$each"; then
        echo "$path/$each is there and stays."
      elif [ "$each" = BEDROCK_API_KEY ]; then
        put "$each" CHANGE_ME # somebody else's key cannot be made up
        echo "$path/$each has to be set by hand: echo KEY | $0 set $each -e $2"
      else
        put "$each" "$(head -c 36 /dev/urandom | base64 | tr -d '\n')"
        echo "$path/$each is made."
      fi
    done
    ;;
  set)
    put "$name" "$(cat)"
    echo "$path/$name is set."
    ;;
  list)
    standing | jq -r '.Parameters[] | "\(.Name) \(.Type) \(.LastModifiedDate)"'
    ;;
  *) usage ;;
esac
