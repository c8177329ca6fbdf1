/*
 * What the files of the YAML layer share: the state of one parse.
 */
#ifndef DBWRIGHT_YAML_PARSER_H
#define DBWRIGHT_YAML_PARSER_H

#include <yaml/tree.h>

/* Before yaml/tree.h nothing of libyaml: its header is <yaml.h> and stands in another folder. */
#include <yaml.h>

/* The place in a text that belongs to a mark of libyaml. */
struct dbw__locator {
	const char *text;
	size_t length;
	size_t index;  /* Characters before the place: libyaml's count, in which CR LF are two. */
	size_t offset; /* Bytes before it. */
	uint32_t line;
	uint32_t column;
};

/* A name that was given with &. */
struct dbw__anchor {
	struct dbw__anchor *next;
	const char *name;
	dbw_position position;
	const dbw_yaml_node *node; /* NULL while the node is still being read: an alias to it is a cycle. */
};

struct dbw__parse {
	dbw_arena *arena;
	dbw_diagnostics *diagnostics;
	const char *file;
	dbw_yaml_limits limits;
	yaml_parser_t parser;
	struct dbw__locator locator;
	struct dbw__anchor *anchors; /* The latest first, so that a name given twice means the later node. */
	size_t aliases;
	size_t expanded; /* Nodes so far, those behind aliases each time. */
	bool failed;     /* Something was reported. */
	bool stopped;    /* ... after which nothing sensible can follow. */
};

/* Reports an error; the parse will fail. */
void dbw__parse_error(struct dbw__parse *parse, dbw_position position, const char *code, const char *hint,
	const char *format, ...) __attribute__((format(printf, 5, 6)));

/* Reports that memory is short, and stops. */
void dbw__parse_out_of_memory(struct dbw__parse *parse);

/* The position of a mark of libyaml. Marks usually go forward; one that lies behind costs a new start. */
dbw_position dbw__locate(struct dbw__parse *parse, const yaml_mark_t *mark);

/* Starts the locator at the first character of its text. */
void dbw__locator_restart(struct dbw__locator *locator);

/*
 * Checks that the text is UTF-8 and free of control characters, and puts it, without a byte order mark,
 * into the locator and among the sources of the diagnostics.
 */
bool dbw__prepare_text(struct dbw__parse *parse, const char *text, size_t length);

/* Reports the error in which libyaml's parser stands, in words of our own. */
void dbw__report_syntax(struct dbw__parse *parse);

/*
 * Reports a non-breaking space that was taken for a part of the plain text at the locator, where a space was meant: at
 * its front, or behind the colon of a key.
 */
void dbw__check_spaces(struct dbw__parse *parse, const char *text, size_t length);

/* The type of a scalar without a tag, by the core schema. */
dbw_yaml_type dbw__resolve_scalar(const char *text, size_t length, dbw_yaml_style style);

/* Whether a scalar may carry the standard tag of this type. */
bool dbw__scalar_fits(const char *text, size_t length, dbw_yaml_type type);

/* The pairs of a mapping while it is read; the array lives in the arena. */
struct dbw__pairs {
	dbw_yaml_pair *items;
	size_t count;
	size_t capacity;
	const dbw_yaml_pair
		*merge;           /* The pair of `<<`, which is not among the items; NULL if there is none, */
	dbw_yaml_pair merge_pair; /* else this one, */
	size_t merge_at;          /* and the number of items before it. */
};

/*
 * Gives `mapping` the pairs that were read: reports duplicate keys, puts what `<<` merges in its place, and
 * builds the index. Keeps only the first of duplicates.
 */
void dbw__finish_mapping(struct dbw__parse *parse, dbw_yaml_node *mapping, struct dbw__pairs *pairs);

/* Reports a second `key` in one mapping; `first` is the one before it. */
void dbw__report_duplicate(struct dbw__parse *parse, const dbw_yaml_node *first, const dbw_yaml_node *key);

#endif
