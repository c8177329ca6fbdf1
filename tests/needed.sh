# shellcheck shell=sh
# For the scripts that start from nothing: installs Debian and Ubuntu packages that are not there yet.

# is_installed PACKAGE: any version of the server will do for `postgresql`.
is_installed()
{
	if [ "$1" = postgresql ] && ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1; then
		return 0
	fi
	dpkg-query -W -f '${Status}\n' "$1" 2>/dev/null | grep -q 'ok installed'
}

# need_packages PURPOSE PACKAGE...: 0 when all are installed afterwards. Elsewhere than on Debian it trusts the user.
need_packages()
{
	purpose=$1
	shift
	if ! command -v dpkg-query >/dev/null; then
		echo "No dpkg here: make sure that these, or what your system calls them, are installed: $*"
		return 0
	fi
	missing=
	for package; do
		is_installed "$package" || missing="$missing $package"
	done
	[ -n "$missing" ] || return 0
	echo "Installing what is missing to $purpose:$missing"
	as_root=
	if [ "$(id -u)" -ne 0 ]; then
		if ! command -v sudo >/dev/null; then
			echo "Neither root nor sudo. To $purpose, run this as root, then try again:  apt-get install$missing" >&2
			return 1
		fi
		as_root=sudo
	fi
	# shellcheck disable=SC2086 # the list of packages is words
	$as_root apt-get update -q && $as_root env DEBIAN_FRONTEND=noninteractive apt-get install -q -y \
		--no-install-recommends $missing
}
