#!/bin/sh
# The commands of an example's README: those that build name a target there is, those that run do run.
#   readme.sh README CMAKE BUILD_FOLDER WORK_FOLDER [FILE...]     the files are put into the work folder
set -eu

readme=$1
cmake=$2
build=$3
work=$4
shift 4
rm -rf "$work"
mkdir -p "$work"
for file; do
	cp "$file" "$work/"
done
cd "$work"
ln -s "$build" build
"$cmake" --build build --target help >targets
count=0
sed -n 's/^    //p' "$readme" >commands
while read -r command; do
	count=$((count + 1))
	case $command in
	'cmake --build build --target '*)
		grep -qE "(^|[ ./])${command##* }(:| |\$)" targets || { echo "FAILED: there is no target ${command##* }"; exit 1; }
		;;
	*)
		status=0
		sh -c "$command" >out 2>&1 </dev/null || status=$?
		[ $status -eq 0 ] || [ $status -eq 124 ] || { echo "FAILED: $command"; cat out; exit 1; }
		[ -s out ] || { echo "FAILED: $command says nothing"; exit 1; }
		;;
	esac
done <commands
[ $count -eq 2 ] || { echo "FAILED: $readme has $count commands"; exit 1; }
echo "readme: as it says"
