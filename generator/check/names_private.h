/*
 * What the files of the names checker share: the state of one run, the owners of names, and the table that
 * finds two owners of one name.
 */
#ifndef DBWRIGHT_CHECK_NAMES_PRIVATE_H
#define DBWRIGHT_CHECK_NAMES_PRIVATE_H

#include <base/arena.h>
#include <base/text.h>
#include <check/names.h>
#include <stdint.h>

/*
 * What can own a name. `item` is the project, schema, model, field, enum value, index, relation or
 * constraint.
 */
typedef enum ir__thing_kind {
	IR__PROJECT,
	IR__SCHEMA,
	IR__MODEL,
	IR__FIELD,
	IR__VALUE,
	IR__INDEX,
	IR__RELATION,
	IR__CONSTRAINT,
	IR__FILE,
	IR__WORD /* An entry of the lists of names that others own. */
} ir__thing_kind;

typedef struct ir__thing {
	ir__thing_kind kind;
	const void *item;
	const ir_model *model; /* Of a model and all within one, else NULL. */
	const ir_field *field; /* Of an enum value, else NULL. */
} ir__thing;

/* names_thing.c */

/* Appends what the thing is called in messages: `value "a" of field "role"`. */
void ir__thing_describe(dbw_text_buffer *out, const ir__thing *thing);
/* The same, and for what stands within a model also ` in model "user"`; `schema` adds ` in schema "auth"`. */
void ir__thing_describe_whole(dbw_text_buffer *out, const ir__thing *thing, bool schema);
/* Where the thing was written. */
dbw_position ir__thing_position(const ir__thing *thing);

/*
 * names_table.c: names and their owners, first come, first kept. What was put last can be taken back first.
 */
typedef struct ir__name_entry {
	const char *name; /* Borrowed. */
	uint64_t hash;
	uint32_t next; /* Number of the entry before it in its bucket, from 1. */
	ir__thing thing;
} ir__name_entry;

typedef struct ir__name_table {
	ir__name_entry *entries;
	size_t count, capacity;
	uint32_t *buckets;
	size_t bucket_count; /* A power of two. */
} ir__name_table;

/* FNV-1a, 64 bits, of the name. */
uint64_t ir__name_hash(const char *name, size_t length);
/* The owner of a name; NULL if it has none. */
const ir__thing *ir__table_find(const ir__name_table *table, const char *name, uint64_t hash);
/* Adds a name that is not in the table and stays where it is. False when memory is short. */
bool ir__table_add(ir__name_table *table, const char *name, uint64_t hash, const ir__thing *thing);
/* Takes back all but the first `count` entries. */
void ir__table_release(ir__name_table *table, size_t count);
void ir__table_clear(ir__name_table *table);

/* One run of the checker. */
typedef struct ir__names {
	ir_project *project;
	dbw_diagnostics *diagnostics;
	ir__name_table table; /* Empty whenever a function of another file is called, and when it returns. */
	/* Words that hurt members, and what follows the stem in names that every model has. */
	ir__name_table fixed;
	dbw_arena *scratch;   /* For names in `table`; reset by whoever empties it. */
	dbw_text_buffer text; /* For one name under construction; grows to the longest. */
	bool out_of_memory;
	bool reported; /* There were errors before: what is there twice was reported as such. */
} ir__names;

/* names.c: reports an error or warning; the message is complete. `hint` may be NULL. */
void ir__names_report(ir__names *names, dbw_severity severity, dbw_position position, const char *code,
	const char *hint, const char *format, ...) __attribute__((format(printf, 6, 7)));
/* A copy of names->text in the project's arena; NULL when memory is short, which is then noted. */
const char *ir__names_keep(ir__names *names);
/*
 * Looks up the name in the table and adds it; the owner it has already, or NULL. Notes when memory is short.
 */
const ir__thing *ir__names_claim(ir__names *names, const char *name, const ir__thing *thing);
/* Adds a copy of the name to names->fixed. Notes when memory is short. */
void ir__names_fix(ir__names *names, const char *name, size_t length, const ir__thing *thing);

/* names_derive.c: C names of a model and all in it. */
void ir__derive_c_names(ir__names *names, ir_model *model);
void ir__append_upper(dbw_text_buffer *out, const char *text);

/* Whether two indexes have the same fields in the same order, or expressions in the same places. */
bool ir__same_fields(const ir_index *a, const ir_index *b);

/* names_database.c: names of a model's indexes and constraints. */
void ir__derive_database_names(ir__names *names, ir_model *model);
/* Columns and constraints of a table against each other. */
void ir__check_table(ir__names *names, const ir_model *model);
/* Tables and indexes of a schema against each other. */
void ir__check_schema_tables(ir__names *names, const ir_schema *schema);

/*
 * names_member.c: the words that hurt members into names->fixed; then the members of a model's struct against
 * them and against each other.
 */
void ir__fix_words(ir__names *names);
void ir__check_members(ir__names *names, const ir_model *model);

/* names_container.c: the members of the program's container; names->fixed holds what hurts members and no more. */
void ir__name_members(ir__names *names);

/*
 * names_clash.c: the names that every model has into names->fixed; then the identifiers of a model against
 * each other.
 */
void ir__fix_shapes(ir__names *names);
void ir__check_inside(ir__names *names, const ir_model *model);
/*
 * Every identifier of the project against those of other models, schemas and the project, and against the
 * lists.
 */
void ir__check_identifiers(ir__names *names);

/*
 * names_word.c: words of the user's that C names are made of. The schema's says whether its prefix is good.
 */
void ir__check_project_word(ir__names *names);
bool ir__check_schema_words(ir__names *names, const ir_schema *schema);
void ir__check_model_words(ir__names *names, const ir_model *model, bool prefix_is_good);
/* The files that are made of the project. */
void ir__check_files(ir__names *names);

/*
 * Appends what a message says of a name that is in the lists: `a keyword of C++`, `a function of <time.h>`.
 * True for one that breaks every program, false for one that breaks those that include the header.
 */
struct ir__system_name;
bool ir__word_describe(dbw_text_buffer *out, const struct ir__system_name *name);

#endif
