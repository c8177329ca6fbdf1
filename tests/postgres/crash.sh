#!/bin/sh
# A server that is killed while threads work, twice, and comes back: what it has said is committed is there, and nothing else.
#   crash.sh FOLDER STORM
set -eu

here=$(cd "$(dirname "$0")" && pwd)
folder=$1
storm=$2
# A commit is one when it is in the file, which a process that dies leaves as it is.
DBWRIGHT_SERVER_OPTIONS="-c synchronous_commit=on"
DBWRIGHT_STORM_SECONDS=${DBWRIGHT_STORM_SECONDS:-8}
export DBWRIGHT_SERVER_OPTIONS DBWRIGHT_STORM_SECONDS
DBWRIGHT_TEST_SERVER=$(sh "$here/private_server.sh" start "$folder")
export DBWRIGHT_TEST_SERVER
trap 'sh "$here/private_server.sh" stop "$folder"' EXIT
"$storm" crash &
program=$!
for turn in 1 2; do
	sleep 2
	sh "$here/private_server.sh" crash "$folder" || {
		kill "$program"
		exit 1
	}
done
wait "$program"
