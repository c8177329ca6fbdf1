/* One database on its way from what is said to what it is; shared by resolve.c and place.c. */
#ifndef DBWRIGHT_ENTRIES_RESOLVER_H
#define DBWRIGHT_ENTRIES_RESOLVER_H

#include <entries/resolve.h>

struct resolver {
	const dbw__request *request;
	const char *what;   /* database "auth" */
	dbw__entry *levels; /* All sources, nearest first. */
	size_t level_count;
	size_t default_url; /* The level that is DATABASE_URL. */
	dbw__resolved *out;
	dbw_text_buffer file; /* What a ${file:} had, while its value is made. */
	const dbw__said *reading;
	bool secret; /* The value being made has a ${file:}. */
	bool good;
};

void dbw__resolver_refuse(struct resolver *resolver, dbw_position at, const char *code, const char *hint,
	const char *format, ...) __attribute__((format(printf, 5, 6)));

/* Reports that memory is short; NULL. */
void *dbw__resolver_no_memory(struct resolver *resolver);

/*
 * Uses a value: its variables are replaced, and it is looked whether it fits its key. Gives the text, NULL after a
 * report. For each value the work, and the report, is done once.
 */
const char *dbw__resolver_use(struct resolver *resolver, const dbw__said *said);

/* Gives up values that were used to learn a provider, which a nearer source says, or which is not the one. */
void dbw__resolver_lose(struct resolver *resolver, const dbw__said *said, size_t count);

/* Whether what says a provider names one from outside; what cannot be read does not. */
bool dbw__resolver_is_outside(struct resolver *resolver, const dbw__said *said);

/* The absolute path of one that `at` says; NULL when memory is short. */
const char *dbw__resolver_path(struct resolver *resolver, dbw_position at, const char *path);

/* place.c: finds where the database is; false after a report. */
bool dbw__resolver_find_place(struct resolver *resolver);

#endif
