#!/bin/sh
# The JSON Schema of the declarations: see check.py.   run.sh SOURCE_FOLDER GENERATOR WORK_FOLDER
#
# Needs the Debian packages python3-jsonschema and python3-yaml. Without them it exits with 77, which CTest calls skipped.
set -u

here=$(cd "$(dirname "$0")" && pwd)
failed=0

# A new project, and that of the tutorial.
rm -rf "$3"
"$2" init "$3/new" --quiet || failed=1
mkdir -p "$3/tutorial/models"
for name in $(sed -n 's/^<!-- file: \(.*\.yaml\) -->$/\1/p' "$1/docs/tutorial.md"); do
	awk -v mark="<!-- file: $name -->" '
		$0 == mark { armed = 1; next }
		/^```/ { if (inside) exit; if (armed) inside = 1; next }
		inside { print }' "$1/docs/tutorial.md" >"$3/tutorial/$name"
done

# The modules belong to the system's Python, which need not be the first one.
for python in python3 /usr/bin/python3; do
	if "$python" -c 'import jsonschema, yaml; yaml.CSafeLoader' 2>/dev/null; then
		"$python" -B "$here/check.py" "$1" "$2" "$3" || failed=1
		exit $failed
	fi
done
[ $failed -eq 0 ] || exit 1
echo "skipped: no Python with the modules jsonschema and yaml, the latter with libyaml (Debian: python3-jsonschema python3-yaml)"
exit 77
