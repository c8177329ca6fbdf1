#!/bin/sh
# service.sh PROGRAM FOLDER: the service works until SIGTERM and then ends in order; what it says it has written is there
# in the next run.
set -eu

program=$1
folder=$2
rm -rf "$folder"
mkdir -p "$folder"
cd "$folder"
unset SERVICE_URL JOURNAL_DATABASE_URL DATABASE_URL 2>/dev/null || true
export DBWRIGHT_ROOT="$folder"

# run OUTPUT: starts it, waits until it works, ends it
run()
{
	mkfifo pipe
	"$program" >pipe 2>errors &
	service=$!
	: >"$1"
	while IFS= read -r line; do
		echo "$line" >>"$1"
		case $line in *workers) sleep 1; kill -TERM $service ;; esac
	done <pipe
	rm pipe
	wait $service || { echo "the service exits with $?"; cat errors; exit 1; }
}

run first
grep -qx '0 deeds of earlier runs' first
grep -qx '8 workers' first
written=$(sed -n 's/ deeds of this run$//p' first)
[ "$written" -gt 0 ]
run second
grep -qx "$written deeds of earlier runs" second || {
	echo "written: $written; in the next run: $(head -1 second)"
	exit 1
}
[ ! -s errors ] || { cat errors; exit 1; }
rm -rf "$folder"
