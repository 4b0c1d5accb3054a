#!/bin/sh
# Ends with 0 when the version was deployed, with 1 when another one or none was: is-deployed.sh <environment> <version>
cd "$(dirname "$0")/../.." || exit 2
[ "$(cat "deployment/.version-$1" 2> /dev/null)" = "$2" ]
