#!/bin/sh
# The completions, asked as each shell asks them. bash always; zsh and fish where they are installed.
#   completions.sh GENERATOR WORK_FOLDER
set -u

generator=$1
rm -rf "$2"
mkdir -p "$2/folder one" "$2/fonts"
cd "$2" || exit 1
: >form.yaml
failed=0
count=0
shells=

# offers SHELL LINE WORDS...: at the end of the line exactly these words are offered, in any order
offers()
{
	asked=$1
	line=$2
	shift 2
	count=$((count + 1))
	ask_"$asked" "$line" 2>said | sort >offered
	[ ! -s said ] || { cat said; failed=$((failed + 1)); echo "FAILED: $asked complains about: $line"; }
	if [ $# -gt 0 ]; then printf '%s\n' "$@" | sort; fi >wanted
	if ! cmp -s wanted offered; then
		failed=$((failed + 1))
		echo "FAILED: $asked, $line|"
		diff wanted offered
	fi
}

# As the shell itself: words are split at blanks and at =, and the function that is registered is called.
ask_bash()
{
	bash --norc -c '
		set -u
		source ./completions.bash
		function=$(complete -p dbwright | sed "s/.*-F \([^ ]*\) .*/\1/")
		line=${1//=/ = }
		read -ra COMP_WORDS <<<"$line"
		[[ $line != *" " ]] || COMP_WORDS+=("")
		COMP_CWORD=$((${#COMP_WORDS[@]} - 1)) COMP_LINE=$1 COMP_POINT=${#1}
		"$function" dbwright "${COMP_WORDS[COMP_CWORD]}" "${COMP_WORDS[COMP_CWORD - 1]}"
		for word in "${COMPREPLY[@]}"; do echo "$word"; done
	' bash "$1"
}

# shellcheck disable=SC2016 # fish puts it in
ask_fish()
{
	HOME=$PWD XDG_CONFIG_HOME=$PWD fish --no-config -c 'source ./completions.fish; complete -C $argv[1]' "$1" | cut -f 1
}

for shell in bash zsh fish; do
	"$generator" completions "$shell" >"completions.$shell" || failed=$((failed + 1))
	command -v "$shell" >/dev/null || continue
	shells="$shells $shell"
	"$shell" -n "completions.$shell" || { failed=$((failed + 1)); echo "FAILED: $shell does not read its completions"; }
done
commands=$("$generator" help | sed -n '/^Commands:/,/^$/s/^  \([a-z]*\) .*/\1/p')

# options COMMAND: those of its help, in their long form
options()
{
	"$generator" help "$1" | sed -n '/^Options:/,/^$/s/^ .*\(--[a-z-]*\).*/\1/p'
}

for shell in $shells; do
	[ "$shell" != zsh ] || continue
	# shellcheck disable=SC2046,SC2086 # words
	offers "$shell" 'dbwright ' $commands
	offers "$shell" 'dbwright ch' check
	offers "$shell" 'dbwright xyz'
	for command in $commands; do
		# shellcheck disable=SC2046 # words
		offers "$shell" "dbwright $command --" $(options "$command")
	done
	offers "$shell" 'dbwright sql --engine ' sqlite postgresql
	offers "$shell" 'dbwright sql -e s' sqlite
	offers "$shell" 'dbwright sql --schema '
	offers "$shell" 'dbwright check --color ' auto always never
	offers "$shell" 'dbwright init --build m' make meson
	offers "$shell" 'dbwright completions ' bash zsh fish
	# shellcheck disable=SC2086 # words
	offers "$shell" 'dbwright help ' $commands
	offers "$shell" 'dbwright help s' sql schema
done
offers bash 'dbwright check --color=a' auto always
offers bash 'dbwright check --color=' auto always never
offers bash 'dbwright --color=never -p form.yaml ge' generate
offers bash 'dbwright --project x.yaml sql --e' --engine
offers bash 'dbwright --v' --version
offers bash 'dbwright check --project fo' form.yaml 'folder one' fonts
offers bash 'dbwright --project form' form.yaml
offers bash 'dbwright check '
offers bash 'dbwright generate -o fo' 'folder one' fonts
offers bash 'dbwright init fo' 'folder one' fonts
case $shells in
*fish*)
	offers fish 'dbwright check --color=a' --color=auto --color=always
	offers fish 'dbwright check --project for' form.yaml
	offers fish 'dbwright generate -o fon' fonts/
	;;
esac

# zsh completes on a terminal only, so that it is asked whether it knows the function and takes it.
case $shells in
*zsh*)
	count=$((count + 1))
	mkdir functions && cp completions.zsh functions/_dbwright
	zsh -f -c 'fpath=($PWD/functions $fpath); autoload -Uz compinit && compinit -u -D
		[[ $_comps[dbwright] == _dbwright ]] && autoload +X _dbwright' || {
		failed=$((failed + 1))
		echo "FAILED: zsh does not take its completions"
	}
	;;
esac

echo "completions:$shells, $count questions, $failed failures"
[ $failed -eq 0 ]
