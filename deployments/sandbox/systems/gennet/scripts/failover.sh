#!/bin/sh
# failover.sh REGION FOLDER: the traffic goes to REGION, if it is well. FOLDER holds the name of the active one.
set -eu

[ "$(cat "$2/health-$1")" = ok ] || { echo "$1 is not well; the traffic stays where it is" >&2; exit 1; }
cp "$2/active" "$2/before"
echo "$1" > "$2/active"
