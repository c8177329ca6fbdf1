#!/bin/sh
# The quickstart, twice in a new folder: the first run makes the tables, the second one meets them.
#   quickstart.sh PROGRAM WORK_FOLDER
set -eu

program=$1
rm -rf "$2"
mkdir -p "$2"
cd "$2"
unset QUICKSTART_URL

check()
{
	grep -qF "$2" "$1" || { echo "FAILED: $1 does not say: $2"; cat "$1"; exit 1; }
}

"$program" >first
check first "  that address is taken: user.email: a row with this value exists (users_email_key)"
check first "  Ada Lovelace has a bio now"
check first "   2  Grace Hopper    999.99  "
check first "   1  Ada Lovelace     10.50  "
[ "$(tail -n 2 first | grep -c '(NULL)$')" = 1 ] || { echo "FAILED: one of the two has no bio"; cat first; exit 1; }
[ -s quickstart.db ]
"$program" >second
check second "the tables are there from an earlier run"
tail -n 3 first >rows.first
tail -n 3 second >rows.second
cmp rows.first rows.second

# A folder that is not there is said, and the program fails.
if QUICKSTART_URL=sqlite:missing/x.db "$program" >third 2>&1; then
	echo "FAILED: a missing folder is no error"
	exit 1
fi
check third "missing"
echo "quickstart: as it should be"
