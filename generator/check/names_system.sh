#!/bin/sh
# Makes names_system.inc: the names that a generated identifier must not or should not take, from the headers of the
# machine it runs on and from the lists of words below. Wants gcc, Universal Ctags, sqlite3.h and libpq-fe.h.
#
#   sh names_system.sh > names_system.new && mv names_system.new names_system.inc
#
# One string per name, "name XY place": X says whose it is (K keyword, C ISO C, G predefined in gnu modes, I included by
# dbwright's headers in gnu modes, P POSIX, S SQLite, Q libpq), Y are the kinds (k keyword, m object-like macro, g function-like macro, f function, t type,
# s tag, e enumerator, o object), place is the header or, for a keyword, the language. Sorted by bytes; a blank sorts
# before all letters, so that the lines are in the order of the names.
#
# Names that no generated identifier can equal are left out: those with a leading underscore, those in mixed case, and
# (except those of ISO C) those in capitals without an underscore.
set -eu
LC_ALL=C
export LC_ALL

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

iso_headers="assert complex ctype errno fenv float inttypes iso646 limits locale math setjmp signal stdalign stdarg
stdatomic stdbool stddef stdint stdio stdlib stdnoreturn string tgmath threads time uchar wchar wctype"

# The headers of POSIX.1-2008 (Base Definitions, chapter 13). What this machine lacks is skipped with a remark.
posix_headers="aio arpa/inet assert complex cpio ctype dirent dlfcn errno fcntl fenv float fmtmsg fnmatch ftw glob grp
iconv inttypes iso646 langinfo libgen limits locale math monetary mqueue ndbm net/if netdb netinet/in netinet/tcp
nl_types poll pthread pwd regex sched search semaphore setjmp signal spawn stdarg stdbool stddef stdint stdio stdlib
string strings stropts sys/ipc sys/mman sys/msg sys/resource sys/select sys/sem sys/shm sys/socket sys/stat
sys/statvfs sys/time sys/times sys/types sys/uio sys/un sys/utsname sys/wait syslog tar termios tgmath time trace
ulimit unistd utime utmpx wchar wctype wordexp"

# names <letter> <header> <gcc options...>: "name letter kind header weight" for all that the header brings in. The
# weight tells where a name belongs when several headers have it: the header that spells it out, else a small one.
names()
{
	letter=$1 include=$2
	shift 2
	if ! printf '#include <%s>\n' "$include" | gcc "$@" '-D__attribute__(x)=' '-D__asm__(x)=' -D__extension__= \
		-D__restrict= -D__inline=inline -E -dD -x c - > "$work/text.c" 2> "$work/text.err"; then
		echo "names_system.sh: no <$include> with $*" >&2
		return
	fi
	ctags -x --language-force=C --line-directives=yes --kinds-C=defgpstuvx --_xformat='%N %K %F %{signature}' \
		"$work/text.c" | awk -v letter="$letter" -v header="$include" '
		$1 ~ /^_/ || $3 ~ /^</ { next }
		{
			kind = ""
			if ($2 == "macro") kind = $4 == "-" ? "m" : "g"
			else if ($2 == "prototype" || $2 == "function") kind = "f"
			else if ($2 == "typedef") kind = "t"
			else if ($2 == "struct" || $2 == "union" || $2 == "enum") kind = "s"
			else if ($2 == "enumerator") kind = "e"
			else if ($2 == "externvar" || $2 == "variable") kind = "o"
			if (kind == "") next
			total++
			own = "/" header
			tail = substr($3, length($3) - length(own) + 1)
			row[total] = $1 " " letter " " kind " " header
			spelt[total] = tail == own
		}
		END { for (i = 1; i <= total; i++) print row[i], spelt[i] ? 0 : total }' | sort -u
}

# words <letters> <place> <name...>: lines for names that are listed here.
words()
{
	letter=$(printf %.1s "$1") kind=${1#?} place=$2
	shift 2
	for word; do
		printf '%s %s %s %s 0\n' "$word" "$letter" "$kind" "$place"
	done
}

{
	# Keywords of C11 and C17 (6.4.1) and C23, and of C++20 ([lex.key], [lex.digraph]).
	words Kk C auto break case char const continue default do double else enum extern float for goto if inline int \
		long register restrict return short signed sizeof static struct switch typedef union unsigned void \
		volatile while
	words Kk C23_and_C++ alignas alignof bool constexpr false nullptr static_assert thread_local true
	words Kk C23_and_GNU_C typeof
	words Kk C23 typeof_unqual
	words Kk GNU_C_and_C++ asm
	words Kk C++ and and_eq bitand bitor catch char16_t char32_t char8_t class co_await co_return co_yield compl \
		concept const_cast consteval constinit decltype delete dynamic_cast explicit export friend mutable \
		namespace new noexcept not not_eq operator or or_eq private protected public reinterpret_cast requires \
		static_cast template this throw try typeid typename using virtual wchar_t xor xor_eq
	words Kt C++ std # The namespace of the library; no type may have its name.
	words Cf main main

	for header in $iso_headers; do
		names C "$header.h" -std=c11
		names C "$header.h" -std=c2x
	done
	# What C23 adds and the C library of this machine may not have yet.
	words Cf stdlib.h free_sized free_aligned_sized memalignment strfromd strfromf strfroml
	words Cf string.h memccpy memset_explicit strdup strndup
	words Cf time.h gmtime_r localtime_r timegm timespec_getres
	words Cf uchar.h c8rtomb mbrtoc8
	words Ct stddef.h nullptr_t
	words Ct uchar.h char8_t
	words Cg stddef.h unreachable
	words Cg stdckdint.h ckd_add ckd_mul ckd_sub
	for root in leading_zeros leading_ones trailing_zeros trailing_ones first_leading_zero first_leading_one \
		first_trailing_zero first_trailing_one count_zeros count_ones has_single_bit bit_width bit_floor \
		bit_ceil; do
		words Cg stdbit.h "stdc_$root"
		for suffix in uc us ui ul ull; do words Cf stdbit.h "stdc_${root}_$suffix"; done
	done
	for root in acospi asinpi atan2pi atanpi ceil compoundn cospi exp10 exp10m1 exp2m1 fmaximum fmaximum_mag \
		fmaximum_mag_num fmaximum_num fminimum fminimum_mag fminimum_mag_num fminimum_num fromfp fromfpx \
		llogb log10p1 log2p1 logp1 nextdown nextup pown powr rootn roundeven rsqrt sinpi tanpi ufromfp ufromfpx; do
		words Cf math.h "$root" "${root}f" "${root}l"
	done

	# Macros that gcc predefines in gnu modes: on this machine, and for Linux on other processors.
	for mode in -m64 -m32; do
		gcc -std=gnu11 $mode -dM -E -x c /dev/null 2> "$work/text.err" |
			awk '$2 !~ /^_/ { print $2, "G", "m", "gnu_C", 0 }'
	done
	words Gm gnu_C hppa i386 linux m68k mc68000 mips powerpc sparc unix

	# Of what dbwright's headers include only <string.h> has more than ISO C's in gnu modes. <math.h> has, too, and is
	# included for a few models only.
	names I string.h -std=gnu11

	for header in $posix_headers; do
		names P "$header.h" -std=gnu11 -D_DEFAULT_SOURCE -D_XOPEN_SOURCE=700
	done
	names S sqlite3.h -std=gnu11
	names Q libpq-fe.h -std=gnu11 "-I$(pg_config --includedir)"
} > "$work/all"

# Headers, so that no generated header hides one: schema `time` would make time.h.
{
	for header in $iso_headers stdbit stdckdint; do echo "$header.h Ch ISO C"; done
	for header in $posix_headers; do echo "$header.h Ph POSIX"; done
	echo "sqlite3.h Sh SQLite"
	echo "libpq-fe.h Qh libpq"
} | awk '!seen[$1]++' > "$work/headers"

{
	awk '
	BEGIN { rank["K"] = 1; rank["C"] = 2; rank["G"] = 3; rank["I"] = 4; rank["P"] = 5; rank["S"] = 6; rank["Q"] = 7 }
	$1 ~ /[a-z]/ && $1 ~ /[A-Z]/ { next }
	$2 != "C" && $2 != "K" && $1 ~ /[A-Z]/ && $1 !~ /_/ { next }
	{
		name = $1
		if (!(name in letter) || rank[$2] < rank[letter[name]]) {
			letter[name] = $2; kinds[name] = ""; place[name] = $4; weight[name] = $5
		}
		if ($2 != letter[name]) {
			# A keyword that is a macro in C11 is still one.
			if (letter[name] == "K" && $2 == "C" && $3 == "m" && !index(kinds[name], "m")) kinds[name] = kinds[name] "m"
			next
		}
		if (!index(kinds[name], $3)) kinds[name] = kinds[name] $3
		if ($5 < weight[name]) { place[name] = $4; weight[name] = $5 }
	}
	END {
		for (name in letter) {
			gsub("_", " ", place[name])
			print name " " letter[name] kinds[name] " " place[name]
		}
	}' "$work/all"
	cat "$work/headers"
} | sort > "$work/sorted"

glibc=$(ldd --version | awk 'NR == 1 { print $NF }')
sqlite=$(awk '$1 == "#define" && $2 == "SQLITE_VERSION" { gsub("\"", "", $3); print $3 }' /usr/include/sqlite3.h)
libpq=$(pg_config --version | awk '{ print $2 }')
echo "/* Made by names_system.sh, which says what the letters mean; do not edit."
echo " * From the headers of glibc $glibc, SQLite $sqlite and libpq $libpq. */"
awk '{
	item = "\"" $0 "\","
	if (line != "" && length(line) + 1 + length(item) > 110) { print line; line = "" }
	line = line == "" ? item : line " " item
}
END { if (line != "") print line }' "$work/sorted"
