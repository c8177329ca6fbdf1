#!/bin/sh
# The quickstart, twice in a new folder: the first run makes the tables, the second one meets them.
#   quickstart.sh PROGRAM WORK_FOLDER
set -eu

program=$1
rm -rf "$2"
mkdir -p "$2"
cd "$2"
unset DATABASE_URL

check()
{
	grep -qF "$2" "$1" || { echo "FAILED: $1 does not say: $2"; cat "$1"; exit 1; }
}

"$program" >first
check first "That address is taken: user.email: a row with this value exists (users_email_key)"
check first "  2  Grace Hopper   grace@example.com      999.99  "
check first "  1  Ada Lovelace   ada@example.com         10.50  "
[ -s quickstart.db ]
"$program" >second
check second "The tables are there from an earlier run."
tail -n 2 first >rows.first
tail -n 2 second >rows.second
cmp rows.first rows.second

# A folder that is not there is said, and the program fails.
if DATABASE_URL=sqlite:missing/x.db "$program" >third 2>&1; then
	echo "FAILED: a missing folder is no error"
	exit 1
fi
check third "missing"
echo "quickstart: as it should be"
