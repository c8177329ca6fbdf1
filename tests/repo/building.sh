#!/bin/sh
# What docs/building.md shows of makefiles and meson.build is what `dbwright init` writes, which the package tests build.
#   building.sh PAGE GENERATOR WORK_FOLDER
set -eu

rm -rf "$3"
for system in make meson; do
	"$2" init "$3/$system" --name shop --build $system --quiet
done
sh "$(dirname "$0")/readme.sh" "$1" "$3"
