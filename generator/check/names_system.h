/*
 * The names that others own: keywords of C and C++, the C library, macros that compilers predefine, POSIX,
 * SQLite and libpq. Made into a table by names_system.sh. Reserved patterns of the C standard for names yet
 * to come (str..., is...) are not in it: they would take "story" and "island".
 */
#ifndef DBWRIGHT_CHECK_NAMES_SYSTEM_H
#define DBWRIGHT_CHECK_NAMES_SYSTEM_H

#include <stdbool.h>
#include <stddef.h>

/** Who owns a name. What comes first up to IR__OWNER_INCLUDED breaks every program, the rest some. */
typedef enum ir__name_owner {
	IR__OWNER_KEYWORD,    /**< A keyword of C11 to C23, of GNU C or of C++20; `place` says which. */
	IR__OWNER_ISO_C,      /**< In a header of C11 or C23. */
	IR__OWNER_PREDEFINED, /**< A macro before the first line in gnu modes, on one machine or another. */
	IR__OWNER_INCLUDED,   /**< In a header that dbwright's own include, in gnu modes. */
	IR__OWNER_POSIX,      /**< In a header of POSIX.1-2008, or what glibc's default mode adds to one. */
	IR__OWNER_SQLITE,
	IR__OWNER_LIBPQ
} ir__name_owner;

/** An entry of the table. Everything is static. */
typedef struct ir__system_name {
	ir__name_owner owner;
	/**
	 * `kind_count` letters: k keyword, m object-like macro, g function-like macro, f function, t type, s
	 * tag, e enumerator, o object, h header (whose names end in ".h").
	 */
	const char *kinds;
	size_t kind_count;
	const char *place; /**< "unistd.h"; "C++" for a keyword. */
} ir__system_name;

/** Looks up a name of `length` bytes. Fills *out and returns true where it is in the table. */
bool ir__system_name_find(const char *name, size_t length, ir__system_name *out);

/** Whether an entry is of one of the kinds whose letters stand in `kinds`. */
bool ir__system_name_is(const ir__system_name *name, const char *kinds);

/**
 * Whether any entry is the `length` bytes at `stem` or starts with them and an underscore: where none does,
 * no name made from the stem can be in the table.
 */
bool ir__system_name_begins(const char *stem, size_t length);

/** How many entries there are, and the entry at `index` as it stands in the table; for tests of its order. */
size_t ir__system_name_count(void);
const char *ir__system_name_entry(size_t index);

#endif
