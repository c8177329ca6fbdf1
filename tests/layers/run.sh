#!/bin/sh
# A layer can include the headers of the layers below it and no others.   run.sh LAYERS_FILE WORK_FOLDER
#
# LAYERS_FILE, written by CMake, has a line per layer: its name, its include folder, all layers below it (by comma),
# and the include folders its sources are compiled with (by comma).
set -u

layers=$1
work=$2
failed=0
count=0

rm -rf "$work"
mkdir -p "$work"

headers_of()
{
	(cd "$1" 2>/dev/null && find . -name '*.h' | sed 's,^\./,,' | sort)
}

while IFS='|' read -r name own below includes; do
	count=$((count + 1))
	flags=$(printf '%s' "$includes" | tr ',' '\n' | sed 's/.*/"-I&"/' | tr '\n' ' ')
	probe=$work/$name.c
	echo 'typedef int nothing;' >"$probe"
	while IFS='|' read -r other folder rest; do
		case ",$name,$below," in
		*",$other,"*) test='!' wrong='cannot see' ;;
		*) test='' wrong='sees' ;;
		esac
		for header in $(headers_of "$folder"); do
			printf '#if %s__has_include(<%s>)\n#error %s %s <%s> of %s\n#endif\n' \
				"$test" "$header" "$name" "$wrong" "$header" "$other" >>"$probe"
		done
	done <"$layers"
	eval "gcc -fsyntax-only $flags \"$probe\"" || {
		failed=$((failed + 1))
		echo "FAILED: $name"
	}
done <"$layers"

# The probe itself must be able to fail: the lowest layer including the highest.
first=$(head -n 1 "$layers" | cut -d'|' -f4 | tr ',' '\n' | sed 's/.*/"-I&"/' | tr '\n' ' ')
last=$(tail -n 1 "$layers" | cut -d'|' -f2)
printf '#include <%s>\n' "$(headers_of "$last" | head -n 1)" >"$work/upward.c"
if eval "gcc -fsyntax-only $first \"$work/upward.c\"" 2>/dev/null; then
	failed=$((failed + 1))
	echo "FAILED: an upward #include compiles"
fi
echo "layers: $count, $failed failures"
[ $count -gt 0 ] && [ $failed -eq 0 ]
