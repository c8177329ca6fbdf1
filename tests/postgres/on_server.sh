#!/bin/sh
# A test program on the private server:   on_server.sh SERVER_FOLDER PROGRAM ARGUMENT...
set -eu

DBWRIGHT_TEST_SERVER=$(cat "$1/conninfo")
export DBWRIGHT_TEST_SERVER
shift
exec "$@"
