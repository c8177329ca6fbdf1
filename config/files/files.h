/* What the files of the reader share. */
#ifndef DBWRIGHT_FILES_FILES_H
#define DBWRIGHT_FILES_FILES_H

#include <files/sections.h>

void dbw__files_report(dbw__file_reader *reader, dbw_position at, const char *code, const char *hint,
	const char *format, ...) __attribute__((format(printf, 5, 6)));
/* Text in the arena; "" when memory is short, which the reader then knows. */
const char *dbw__files_format(dbw__file_reader *reader, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
void *dbw__files_alloc(dbw__file_reader *reader, size_t count, size_t size);
/* Whether the node is a mapping; reports that `"what" of in` is not. */
bool dbw__files_mapping(
	dbw__file_reader *reader, const dbw_yaml_node *node, const char *what, const char *in);

/* read_value.c: the text of the key's value, with ${...} untouched; NULL after a report. `key` NULL: an option. */
const char *dbw__files_value(dbw__file_reader *reader, const dbw__key *key, const char *name,
	const dbw_yaml_node *node, const char *what);

#endif
