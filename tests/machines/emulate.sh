#!/bin/sh
# A program of another machine that can be called: puts a script in its place, and the program beside it.
#
#   emulate.sh QEMU SYSROOT PROGRAM
set -eu

mv "$3" "$3.machine"
printf '#!/bin/sh\nexec %s -L "%s" "$0.machine" "$@"\n' "$1" "$2" >"$3"
chmod +x "$3"
