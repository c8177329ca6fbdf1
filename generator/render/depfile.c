#include "depfile.h"

/*
 * A path as gcc writes it: a blank or # gets a backslash, and so does each backslash before it; $ is doubled (GNU Make's
 * manual, sections 4.4 and 3.1.1).
 */
static void append_path(dbw_text_buffer *out, const char *path)
{
	size_t backslashes = 0;

	for (; *path != '\0'; path++) {
		if (*path == ' ' || *path == '\t' || *path == '#') {
			while (backslashes-- > 0)
				dbw_text_append_char(out, '\\');
			dbw_text_append_char(out, '\\');
		} else if (*path == '$') {
			dbw_text_append_char(out, '$');
		}
		backslashes = *path == '\\' ? backslashes + 1 : 0;
		dbw_text_append_char(out, *path);
	}
}

void ir__depfile(dbw_text_buffer *out, const char *target, const char *const *paths, size_t count)
{
	append_path(out, target);
	dbw_text_append_char(out, ':');
	for (size_t i = 0; i < count; i++) {
		dbw_text_append_z(out, " \\\n  ");
		append_path(out, paths[i]);
	}
	dbw_text_append_char(out, '\n');
	for (size_t i = 0; i < count; i++) {
		dbw_text_append_char(out, '\n');
		append_path(out, paths[i]);
		dbw_text_append_z(out, ":\n");
	}
}
