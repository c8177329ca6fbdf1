#!/bin/sh
# The JSON Schema of the declarations: see check.py.   run.sh SOURCE_FOLDER GENERATOR
#
# Needs the Debian packages python3-jsonschema and python3-yaml. Without them it exits with 77, which CTest calls skipped.
set -u

here=$(cd "$(dirname "$0")" && pwd)
failed=0

# What the schema is said to accept in full, the generator has to accept, too.
(cd "$here/valid" && "$2" check --quiet) || failed=1

# The modules belong to the system's Python, which need not be the first one.
for python in python3 /usr/bin/python3; do
	if "$python" -c 'import jsonschema, yaml; yaml.CSafeLoader' 2>/dev/null; then
		"$python" -B "$here/check.py" "$1" || failed=1
		exit $failed
	fi
done
[ $failed -eq 0 ] || exit 1
echo "skipped: no Python with the modules jsonschema and yaml, the latter with libyaml (Debian: python3-jsonschema python3-yaml)"
exit 77
