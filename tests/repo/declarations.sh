#!/bin/sh
# The declarations of a page are right: each block of YAML after a comment `<!-- checked as FILE -->` is put into a project, which
# has a model for each schema that the pages speak of, and `dbwright check` finds nothing wrong with it. A project file that
# does not say so itself is told its name and its models.   declarations.sh PAGE GENERATOR WORK_FOLDER
set -u

page=$1
generator=$2
work=$3
failed=0
rm -rf "$work"
mkdir -p "$work/base/models" "$work/base/apps/shop/models" || exit 1

for schema in auth audit notes primary main; do
	printf 'schema: %s\nmodels:\n  %s_row: {fields: {id: id}}\n' $schema $schema >"$work/base/models/$schema.yaml"
done
printf 'models:\n  item: {fields: {id: id}}\n' >"$work/base/apps/shop/models/items.yaml"
printf 'project: page\ninclude: [models/*.yaml, apps/*/models/*.yaml]\n' >"$work/head"
cp "$work/head" "$work/base/dbwright.yaml"

awk -v work="$work" '
	/^<!-- checked as [a-z\/]+\.yaml -->$/ { file = $4; next }
	/^```yaml$/ && file != "" {
		printf "%d %s\n", NR, file
		out = work "/" NR ".yaml"
		inside = 1
		next
	}
	/^```/ { inside = 0; file = "" }
	inside { print >out }' "$page" >"$work/blocks"
while read -r line file; do
	cp -R "$work/base" "$work/$line"
	if [ "$file" = dbwright.yaml ] && ! grep -q '^project:' "$work/$line.yaml"; then
		cat "$work/head" "$work/$line.yaml" >"$work/$line/$file"
	else
		cp "$work/$line.yaml" "$work/$line/$file"
	fi
	if ! "$generator" check --quiet -p "$work/$line/dbwright.yaml" >"$work/said" 2>&1 || [ -s "$work/said" ]; then
		echo "FAILED: this is said to line $line of $page, checked as $file:"
		cat "$work/said"
		failed=1
	fi
done <"$work/blocks"

blocks=$(wc -l <"$work/blocks")
marks=$(grep -c '^<!-- checked as' "$page")
echo "declarations: $blocks blocks of $page"
[ $failed -eq 0 ] && [ "$blocks" -gt 0 ] && [ "$blocks" -eq "$marks" ]
