/*
 * Projects that are built by hand, for tests of names: without the loader, and with what the loader would
 * refuse.
 */
#ifndef DBWRIGHT_TESTS_FIXTURE_NAMES_H
#define DBWRIGHT_TESTS_FIXTURE_NAMES_H

#include <check/names.h>
#include <model/list.h>

/*
 * A project under construction. Everything stands in the file "f.yaml", each thing on
 * the next line, at column 1.
 */
struct build {
	dbw_arena *arena;
	dbw_diagnostics *diagnostics;
	ir_project *project;
	uint32_t line;
	ir_list schemas;
};

/* The lists of a model under construction stand behind it. */
struct model {
	ir_model model;
	ir_list fields, relations, indexes, checks, constraints;
};

struct schema {
	ir_schema schema;
	ir_list models;
};

/* The position on the next line. */
dbw_position here(struct build *build);

/* A project of this name without anything in it. Release with finish() or expect(). */
struct build begin(const char *project);

/* An empty schema. */
struct schema *add_schema(struct build *build, const char *name);

/* A declared field, whose column has its name. */
ir_field *add_field(struct build *build, struct model *model, const char *name, ir_type_id type);

/* Values are separated by '|'. */
ir_field *add_enum(struct build *build, struct model *model, const char *name, const char *values);

/* A constraint of which nothing but the kind is known. */
ir_constraint *add_constraint(
	struct build *build, struct model *model, ir_constraint_kind kind, dbw_position position);

/* An index over fields, or expressions in brackets, separated by blanks. */
ir_index *add_index(struct build *build, struct model *model, bool unique, const char *parts);

/* A model with the key "id". */
struct model *add_model(struct build *build, struct schema *schema, const char *name);

/* A relation without fields. */
ir_relation *add_relation(struct build *build, struct model *model, const char *name, ir_relation_kind kind);

/* A belongs_to with its field, which is added, and its constraint. */
ir_relation *add_belongs_to(struct build *build, struct model *model, const char *name, const char *field);

/* A check and its constraint. */
void add_check(struct build *build, struct model *model, const char *name);

/* Releases everything. */
void finish(struct build *build);

/* Checks the project, compares all that is said, and releases everything. */
void expect(struct build *build, const char *expected);

/* A project of one schema, "primary", with one model. */
struct build one_model(const char *model);

/* The same with the model "user", which has one text field besides its key. */
struct build one_field(const char *field);

#endif
