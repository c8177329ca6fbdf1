/*
 * What the files of the checker share: the state of one run, and the steps in the order of ir_check_project().
 */
#ifndef DBWRIGHT_CHECK_CHECKER_H
#define DBWRIGHT_CHECK_CHECKER_H

#include <check/check.h>
#include <model/find.h>
#include <model/list.h>
#include <model/name.h>

struct sqlite3;

typedef struct ir_checker {
	ir_project *project;
	dbw_arena *arena;
	dbw_diagnostics *diagnostics;
	struct sqlite3 *scratch; /* Opened with the first fragment. */
	bool takers_noted;       /* Files that say no schema have had their note. */
	bool out_of_memory;
} ir_checker;

#define IR_COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* check.c */
void ir__check_error(ir_checker *checker, dbw_position at, const char *code, const char *hint,
	const char *format, ...) __attribute__((format(printf, 5, 6)));
void *ir__check_alloc(ir_checker *checker, size_t count, size_t size);
char *ir__check_format(ir_checker *checker, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* `did you mean "x"?`; NULL for NULL. */
const char *ir__did_you_mean(ir_checker *checker, const char *word);
/* Appends a field to a model, or an index. False when memory is short. */
bool ir__add_field(ir_checker *checker, ir_model *model, ir_field *field);
bool ir__add_index(ir_checker *checker, ir_model *model, ir_index *index);

/* check_types.c: what a field says about itself, whatever its schema. `owner` is `model "user"`. */
void ir__check_field_type(ir_checker *checker, ir_field *field, const char *owner);
/* check_defaults.c */
void ir__check_default(ir_checker *checker, ir_field *field, const char *owner);
/* check_mixins.c */
void ir__check_mixins(ir_checker *checker);
void ir__mix_in(ir_checker *checker, ir_model *model);
/* check_fields.c: the fields that model keys add, and what depends on the schema's engines. */
void ir__check_model_fields(ir_checker *checker, ir_model *model);
void ir__check_field_engines(ir_checker *checker, ir_field *field);
void ir__order_fields(ir_checker *checker, ir_model *model);
/* Which fields may be left out when a row is read; once keys, relations and indexes are resolved. */
void ir__check_on_demand(ir_checker *checker, ir_model *model);
/* The type of its column in a STRICT table, storage resolved. */
const char *ir__sqlite_class(const ir_field *field);
/* check_sql_types.c; storage is resolved. */
void ir__check_sql_type(ir_checker *checker, const ir_field *field);
/* check_keys.c */
void ir__check_key(ir_checker *checker, ir_model *model, unsigned depth);
/* check_relations.c */
void ir__check_belongs_to(ir_checker *checker, ir_relation *relation, unsigned depth);
ir_model *ir__find_target(ir_checker *checker, ir_relation *relation, ir_word name);
void ir__drop_broken_relations(ir_model *model);
/* check_inverses.c: the two ends of a relation, once all belongs_to and all indexes are resolved. */
void ir__check_inverse(ir_checker *checker, ir_relation *relation);
/* check_indexes.c */
void ir__check_indexes(ir_checker *checker, ir_model *model);
void ir__check_references(ir_checker *checker, ir_model *model);
/* Whether exactly these fields, in any order, are unique among all rows. */
bool ir__is_unique(const ir_model *model, ir_field *const *fields, size_t count);
/* check_fragments.c */
void ir__check_fragments(ir_checker *checker, ir_model *model);
/* check_inverses.c: whether a has_many or has_one of another model, which misses its belongs_to here, wants this field. */
bool ir__is_awaited(const ir_model *model, const char *field);
/* check_schemas.c: reports before all others, for models in a schema whose name is misspelt are missed elsewhere. */
void ir__check_schemas(ir_checker *checker);
/* Of files that do not say their schema while others do; after the databases, which may have noted them. */
void ir__warn_of_takers(ir_checker *checker);
bool ir__has_models(const ir_project *project, const ir_schema *schema);
/* The schema with nearly this name among those that pass the test; NULL if there is none. */
const char *ir__suggest_schema(const ir_project *project, const char *name,
	bool (*test)(const ir_project *project, const ir_schema *schema));
/* check_databases.c */
void ir__check_databases(ir_checker *checker);
/* order.c */
void ir__order_models(ir_checker *checker, ir_schema *schema);
/* constraints.c */
void ir__make_constraints(ir_checker *checker, ir_model *model);

/* How deep keys may depend on keys of other models. */
enum { IR_KEY_DEPTH = 100 };

/* Values of ir_model.mark and ir_relation.mark. */
enum { IR_UNSEEN, IR_IN_WORK, IR_DONE };

#endif
