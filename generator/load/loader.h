/*
 * What the files of the loader share: the state of one load, and the readers of single values.
 *
 * A reader that returns false has reported why, and leaves its result empty. `what` names the value in a message; the
 * scope, what it belongs to: `"length" of field "name" in model "user"`.
 */
#ifndef DBWRIGHT_LOAD_LOADER_H
#define DBWRIGHT_LOAD_LOADER_H

#include <load/load.h>
#include <model/list.h>
#include <sys/types.h>
#include <yaml/tree.h>

/* What is being read, from the inside out; on the stack of the readers. */
typedef struct ir_scope {
	const char *kind; /* "model" */
	const char *name; /* "user"; NULL for what has no name of its own */
	const struct ir_scope *in;
} ir_scope;

typedef struct ir_loader {
	dbw_arena *arena;
	dbw_diagnostics *diagnostics;
	ir_project *project;
	ir_file *file; /* Being read. */
	const ir_scope *scope;
	ir_list files, schemas, models, databases, mixins;
	ir_list apps;   /* ir_app: folders that `discover:` found. */
	ir_list inputs; /* Paths of files that make no source. */
	ir_schema
		*only_schema; /* The one of models whose file does not say; NULL if there is not just one. */
	bool out_of_memory;
} ir_loader;

/* A folder of an app: what is in it belongs to the schema, and to the database, of its name. */
typedef struct ir_app {
	ir_word name;
	const char *folder; /* Relative to the project's folder. */
} ir_app;

/* A key that people bring along from elsewhere, and how to say the same here. */
typedef struct ir_foreign_word {
	const char *theirs;
	const char *hint;
} ir_foreign_word;

/*
 * The keys that a mapping may have, those that the language has but this version does not read yet, and those that it
 * will never have.
 */
typedef struct ir_keys {
	const char *const *known;
	size_t known_count;
	const char *const *later;
	size_t later_count;
	const ir_foreign_word *foreign;
	size_t foreign_count;
} ir_keys;

#define IR_COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* load_value.c */
void ir__load_error(ir_loader *loader, dbw_position at, const char *code, const char *hint,
	const char *format, ...) __attribute__((format(printf, 5, 6)));
void *ir__load_alloc(ir_loader *loader, size_t count, size_t size);
void ir__load_add(ir_loader *loader, ir_list *list, void *item);
char *ir__load_format(ir_loader *loader, const char *format, ...) __attribute__((format(printf, 2, 3)));
const char *ir__scope_text(ir_loader *loader);
bool ir__load_mapping(ir_loader *loader, const dbw_yaml_node *node, const char *what);
/* What to do about a key whose entries are not below it: `hint`, or more to the point where it has no value at all. */
const char *ir__empty_hint(const dbw_yaml_node *node, const char *hint);
bool ir__load_keys(ir_loader *loader, const dbw_yaml_node *mapping, const ir_keys *keys);
bool ir__load_text(ir_loader *loader, const dbw_yaml_node *node, const char *what, ir_word *out);
bool ir__load_name(ir_loader *loader, const dbw_yaml_node *node, const char *what, ir_word *out);
/* Reports a name that breaks the rule for names. */
bool ir__check_name(ir_loader *loader, dbw_position at, const char *kind, const char *name);
bool ir__load_names(
	ir_loader *loader, const dbw_yaml_node *node, const char *what, ir_word **out, size_t *count);
bool ir__load_bool(ir_loader *loader, const dbw_yaml_node *node, const char *what, bool *out);
bool ir__load_int(ir_loader *loader, const dbw_yaml_node *node, const char *what, int64_t least, int64_t most,
	int64_t *out);
bool ir__load_choice(ir_loader *loader, const dbw_yaml_node *node, const char *what,
	const char *const *choices, size_t count, int *out);

/* The same for the value of a key of a mapping; where there is no such key, false without a report. */
bool ir__get_text(ir_loader *loader, const dbw_yaml_node *mapping, const char *key, ir_word *out);
bool ir__get_name(ir_loader *loader, const dbw_yaml_node *mapping, const char *key, ir_word *out);
bool ir__get_bool(
	ir_loader *loader, const dbw_yaml_node *mapping, const char *key, bool *out, dbw_position *at);

/* load_fragment.c: a piece of SQL, one text or one per engine. */
bool ir__load_fragment(ir_loader *loader, const dbw_yaml_node *node, const char *what, ir_fragment *out);
/* One text for all engines, or one per engine in a mapping; not SQL that is looked into. */
bool ir__load_per_engine(
	ir_loader *loader, const dbw_yaml_node *node, const char *what, const char *out[DBW_ENGINE_COUNT]);

/* The name of a key, checked as a name of `kind`; NULL after a report. */
bool ir__load_key_name(ir_loader *loader, const dbw_yaml_node *key, const char *kind, ir_word *out);

/*
 * load_type.c: "decimal(10,2)?" into the field; what is wrong is reported and makes the field broken. `keys` is the
 * mapping of a field with keys, for advice that goes with them; NULL for `name: type`.
 */
void ir__load_type(ir_loader *loader, const dbw_yaml_node *node, const dbw_yaml_node *keys, ir_field *field,
	bool *length_given, bool *precision_given);
void ir__load_values(ir_loader *loader, const dbw_yaml_node *node, ir_field *field);

/* The parts of a file. */
ir_field *ir__load_field(ir_loader *loader, const dbw_yaml_pair *pair);
ir_relation *ir__load_relation(ir_loader *loader, const dbw_yaml_pair *pair);
void ir__load_fields(ir_loader *loader, const dbw_yaml_node *node, ir_field ***out, size_t *count);
void ir__load_indexes(ir_loader *loader, const dbw_yaml_node *node, ir_index ***out, size_t *count);
void ir__load_checks(ir_loader *loader, const dbw_yaml_node *node, ir_check ***out, size_t *count);
void ir__load_models(ir_loader *loader, const dbw_yaml_node *node, ir_schema *schema);
void ir__load_mixins(ir_loader *loader, const dbw_yaml_node *node, ir_word schema_name);
/* load_discover.c: finds the apps; `node` is `discover:`, NULL where it is not said. */
void ir__load_apps(ir_loader *loader, const dbw_yaml_node *node);
/* The app whose folder the file stands in; NULL if none. */
const ir_app *ir__app_of(const ir_loader *loader, const char *name);
/* load_database.c: `databases:`, `defaults:`, `profiles:` of the project file, and the apps' own files. */
void ir__load_databases(ir_loader *loader, const dbw_yaml_node *root);
/* Entries for apps that have models and no database. All models are known. */
void ir__load_implied_databases(ir_loader *loader);
void ir__load_schemas(ir_loader *loader, const dbw_yaml_node *node);

/* The schema of this name, made if there is none yet; NULL when memory is short. */
ir_schema *ir__load_schema_named(ir_loader *loader, ir_word name);

/* load_file.c: a file that was found, and its tree (NULL if it cannot be read). */
typedef struct ir_source {
	ir_file *file;
	const dbw_yaml_node *root;
	dev_t device; /* Which file it is, whatever its path. */
	ino_t number;
} ir_source;

/* The C source of a file: "models/auth.yaml" makes "models_auth.c" with the ending ".c". NULL when memory is short. */
const char *ir__load_source_name(ir_loader *loader, const char *name, const char *ending);
/* Reads one file; NULL when memory is short. `name` is relative to the project's folder. */
ir_source *ir__load_source(ir_loader *loader, const char *path, const char *name);
/* What is wrong with a pattern; NULL if nothing. */
const char *ir__pattern_problem(const char *pattern);
/* The pattern below the project's folder, for glob(3). */
bool ir__build_pattern(const ir_loader *loader, const char *pattern, dbw_text_buffer *out);
/* A path that glob(3) gave, relative to the project's folder. */
const char *ir__name_of_path(const ir_loader *loader, const char *path);
int ir__compare_paths(const void *left, const void *right);
/* Appends the sources of the files that `include:` names, without those in the list already. */
void ir__load_includes(ir_loader *loader, const dbw_yaml_node *node, ir_list *sources);

#endif
