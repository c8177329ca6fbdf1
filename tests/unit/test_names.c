/* Link with -Wl,--wrap=malloc,--wrap=calloc,--wrap=realloc: one test makes every allocation fail. */
#include "../../generator/check/names_system.h"

#include <check/names.h>
#include <model/list.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

void *__real_malloc(size_t size);
void *__real_calloc(size_t count, size_t size);
void *__real_realloc(void *old, size_t size);
void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t count, size_t size);
void *__wrap_realloc(void *old, size_t size);

static size_t allocations;
static size_t failing = SIZE_MAX; /* The number of the allocation that fails, from 1, ... */
static bool failing_on;           /* ... and all that follow it. */

static bool fails(void)
{
	allocations++;
	return allocations == failing || (failing_on && allocations > failing);
}

void *__wrap_malloc(size_t size)
{
	return fails() ? NULL : __real_malloc(size);
}

void *__wrap_calloc(size_t count, size_t size)
{
	return fails() ? NULL : __real_calloc(count, size);
}

void *__wrap_realloc(void *old, size_t size)
{
	return fails() ? NULL : __real_realloc(old, size);
}

/*
 * Projects are built by hand: what is tested here is names alone. Everything stands in the file "f.yaml", each thing on
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

static void *make(struct build *build, size_t size)
{
	void *made = dbw_arena_alloc_zeroed(build->arena, 1, size);

	assert_non_null(made);
	return made;
}

static dbw_position here(struct build *build)
{
	return (dbw_position){ "f.yaml", ++build->line, 1 };
}

static void add(struct build *build, ir_list *list, void *item)
{
	assert_true(ir_list_add(build->arena, list, item));
}

static struct build begin(const char *project)
{
	struct build build = { .arena = dbw_arena_new(0), .diagnostics = dbw_diagnostics_new(0) };

	assert_non_null(build.arena);
	assert_non_null(build.diagnostics);
	build.project = make(&build, sizeof(*build.project));
	build.project->arena = build.arena;
	build.project->name = (ir_word){ project, here(&build) };
	return build;
}

static struct schema *add_schema(struct build *build, const char *name)
{
	struct schema *schema = make(build, sizeof(*schema));

	schema->schema.name = (ir_word){ name, here(build) };
	schema->schema.prefix = "";
	add(build, &build->schemas, schema);
	build->project->schemas = (ir_schema **)build->schemas.items;
	build->project->schema_count = build->schemas.count;
	return schema;
}

static ir_field *add_field(struct build *build, struct model *model, const char *name, ir_type_id type)
{
	ir_field *field = make(build, sizeof(*field));

	field->name = (ir_word){ name, here(build) };
	field->model = &model->model;
	field->column = name;
	field->type = type;
	field->operators = type == IR_JSON ? 0 : IR_OP_EQUAL;
	add(build, &model->fields, field);
	model->model.fields = (ir_field **)model->fields.items;
	model->model.field_count = model->fields.count;
	return field;
}

static ir_field *find_field(const struct model *model, const char *name, size_t length)
{
	for (size_t i = 0; i < model->model.field_count; i++)
		if (strlen(model->model.fields[i]->name.text) == length &&
			memcmp(model->model.fields[i]->name.text, name, length) == 0)
			return model->model.fields[i];
	fail_msg("no field %.*s", (int)length, name);
	return NULL;
}

/* Values are separated by '|'. */
static ir_field *add_enum(struct build *build, struct model *model, const char *name, const char *values)
{
	ir_field *field = add_field(build, model, name, IR_ENUM);
	char *copy = dbw_arena_copy(build->arena, values, strlen(values));

	field->values = dbw_arena_alloc_zeroed(build->arena, 8, sizeof(*field->values));
	assert_non_null(field->values);
	while (copy != NULL) {
		char *end = strchr(copy, '|');

		if (end != NULL)
			*end++ = '\0';
		field->values[field->value_count++].word = (ir_word){ copy, here(build) };
		copy = end;
	}
	return field;
}

static ir_constraint *add_constraint(
	struct build *build, struct model *model, ir_constraint_kind kind, dbw_position position)
{
	ir_constraint *constraint = make(build, sizeof(*constraint));

	constraint->kind = kind;
	constraint->position = position;
	add(build, &model->constraints, constraint);
	model->model.constraints = (ir_constraint **)model->constraints.items;
	model->model.constraint_count = model->constraints.count;
	return constraint;
}

/* An index over fields, or expressions in brackets, separated by blanks. */
static ir_index *add_index(struct build *build, struct model *model, bool unique, const char *parts)
{
	ir_index *index = make(build, sizeof(*index));

	index->model = &model->model;
	index->position = here(build);
	index->unique = unique;
	index->create = true;
	index->parts = dbw_arena_alloc_zeroed(build->arena, 16, sizeof(*index->parts));
	assert_non_null(index->parts);
	while (*parts != '\0') {
		size_t length = strcspn(parts, " ");
		ir_index_part *part = &index->parts[index->part_count++];

		if (parts[0] == '(')
			part->expression.text = dbw_arena_copy(build->arena, parts, length);
		else
			part->field = find_field(model, parts, length);
		parts += length + (parts[length] == ' ');
	}
	add(build, &model->indexes, index);
	model->model.indexes = (ir_index **)model->indexes.items;
	model->model.index_count = model->indexes.count;
	if (unique) {
		index->constraint = add_constraint(build, model, IR_UNIQUE, index->position);
		index->constraint->index = index;
	}
	return index;
}

/* A model with the key "id". */
static struct model *add_model(struct build *build, struct schema *schema, const char *name)
{
	struct model *model = make(build, sizeof(*model));
	ir_index *key;

	model->model.name = (ir_word){ name, here(build) };
	model->model.schema = &schema->schema;
	model->model.table = (ir_word){ name, { NULL, 0, 0 } };
	add(build, &schema->models, model);
	schema->schema.models = (ir_model **)schema->models.items;
	schema->schema.model_count = schema->models.count;
	add_field(build, model, "id", IR_ID);
	key = add_index(build, model, true, "id");
	key->primary = true;
	key->constraint->kind = IR_PRIMARY_KEY;
	return model;
}

static ir_relation *add_relation(
	struct build *build, struct model *model, const char *name, ir_relation_kind kind)
{
	ir_relation *relation = make(build, sizeof(*relation));

	relation->name = (ir_word){ name, here(build) };
	relation->model = &model->model;
	relation->kind = kind;
	add(build, &model->relations, relation);
	model->model.relations = (ir_relation **)model->relations.items;
	model->model.relation_count = model->relations.count;
	return relation;
}

static ir_relation *add_belongs_to(
	struct build *build, struct model *model, const char *name, const char *field)
{
	ir_relation *relation = add_relation(build, model, name, IR_BELONGS_TO);
	ir_constraint *constraint = add_constraint(build, model, IR_FOREIGN, relation->name.position);

	relation->fields = make(build, sizeof(*relation->fields));
	relation->fields[0] = add_field(build, model, field, IR_INT64);
	relation->fields[0]->origin = IR_FOREIGN_KEY;
	relation->field_count = 1;
	constraint->relation = relation;
	return relation;
}

static void add_check(struct build *build, struct model *model, const char *name)
{
	ir_check *check = make(build, sizeof(*check));

	check->name = (ir_word){ name, here(build) };
	check->model = &model->model;
	check->constraint = add_constraint(build, model, IR_CHECK, check->name.position);
	check->constraint->check = check;
	add(build, &model->checks, check);
	model->model.checks = (ir_check **)model->checks.items;
	model->model.check_count = model->checks.count;
}

static void finish(struct build *build)
{
	dbw_diagnostics_free(build->diagnostics);
	dbw_arena_free(build->arena);
}

/* Checks the project, compares all that is said, and releases everything. */
static void expect(struct build *build, const char *expected)
{
	dbw_text_buffer out;
	size_t errors = dbw_diagnostics_errors(build->diagnostics);
	bool good = ir_check_names(build->project, build->diagnostics);

	dbw_text_init(&out, NULL, 0);
	dbw_diagnostics_render(build->diagnostics, false, &out);
	assert_string_equal(out.data, expected);
	assert_int_equal(good, dbw_diagnostics_errors(build->diagnostics) == errors);
	dbw_text_clear(&out);
	finish(build);
}

/* A project of one model with one field, both of these names. */
static struct build one_model(const char *model)
{
	struct build build = begin("shop");

	add_model(&build, add_schema(&build, "primary"), model);
	return build;
}

static struct build one_field(const char *field)
{
	struct build build = begin("shop");

	add_field(&build, add_model(&build, add_schema(&build, "primary"), "user"), field, IR_TEXT);
	return build;
}

/* ---- derived names ---- */

static void names__of_a_model(void **state)
{
	struct build build = begin("shop");
	struct schema *schema = add_schema(&build, "auth");
	struct model *user = add_model(&build, schema, "user");
	struct model *note = add_model(&build, schema, "note");
	ir_field *role, *at;
	const ir_constraint *const *made;
	ir_index *by_name, *json;

	(void)state;
	user->model.table.text = "users";
	add_field(&build, user, "email", IR_STRING);
	add_field(&build, user, "name", IR_STRING);
	at = add_field(&build, user, "class", IR_TEXT);
	at->c_name_given = true;
	at->c_name = "category";
	add_field(&build, user, "settings", IR_JSON);
	role = add_enum(&build, user, "role", "member|Team admin|2nd|+x-y++");
	add_index(&build, user, true, "email");
	by_name = add_index(&build, user, false, "name class");
	json = add_index(&build, user, false, "settings");
	note->model.table.text = "notes";
	add_belongs_to(&build, note, "author", "author_id");
	note->model.fields[1]->column = "written_by";
	add_index(&build, note, false, "author_id");
	add_check(&build, note, "not_empty");
	assert_true(ir_check_names(build.project, build.diagnostics));
	assert_int_equal(dbw_diagnostics_count(build.diagnostics), 0);

	assert_string_equal(user->model.c_name, "user");
	assert_string_equal(user->model.c_upper, "USER");
	assert_string_equal(user->model.fields[1]->c_name, "email");
	assert_string_equal(at->c_name, "category");
	assert_string_equal(role->enum_c_type, "user_role");
	assert_string_equal(role->values[0].c_name, "USER_ROLE_MEMBER");
	assert_string_equal(role->values[1].c_name, "USER_ROLE_TEAM_ADMIN");
	assert_string_equal(role->values[2].c_name, "USER_ROLE_2ND");
	assert_string_equal(role->values[3].c_name, "USER_ROLE_X_Y");
	assert_string_equal(user->model.indexes[0]->name.text, "users_pkey");
	assert_string_equal(user->model.indexes[0]->finder, "id");
	assert_string_equal(user->model.indexes[1]->name.text, "users_email_key");
	assert_string_equal(user->model.indexes[1]->finder, "email");
	assert_string_equal(by_name->name.text, "users_name_class_idx");
	assert_string_equal(by_name->finder, "name_and_category");
	assert_string_equal(json->name.text, "users_settings_idx");
	assert_string_equal(json->finder, "");
	made = (const ir_constraint *const *)user->model.constraints;
	assert_string_equal(made[0]->name, "users_pkey");
	assert_string_equal(made[0]->c_name, "USER_PKEY");
	assert_string_equal(made[1]->name, "users_email_key");
	assert_string_equal(made[1]->c_name, "USER_EMAIL_KEY");
	made = (const ir_constraint *const *)note->model.constraints;
	assert_string_equal(made[1]->name, "notes_written_by_fkey");
	assert_string_equal(made[1]->c_name, "NOTE_AUTHOR_ID_FKEY");
	assert_string_equal(made[2]->name, "notes_not_empty_check");
	assert_string_equal(made[2]->c_name, "NOTE_NOT_EMPTY_CHECK");
	assert_string_equal(note->model.indexes[1]->name.text, "notes_written_by_idx");
	finish(&build);
}

static void names__with_a_prefix(void **state)
{
	struct build build = begin("shop");
	struct schema *schema = add_schema(&build, "auth");
	struct model *user = add_model(&build, schema, "user");
	ir_field *role = add_enum(&build, user, "role", "admin");

	(void)state;
	schema->schema.prefix = "auth_";
	user->model.c_name_given = true;
	user->model.c_name = "person";
	assert_true(ir_check_names(build.project, build.diagnostics));
	assert_string_equal(user->model.c_name, "auth_person");
	assert_string_equal(user->model.c_upper, "AUTH_PERSON");
	assert_string_equal(role->enum_c_type, "auth_person_role");
	assert_string_equal(role->values[0].c_name, "AUTH_PERSON_ROLE_ADMIN");
	assert_string_equal(user->model.indexes[0]->name.text, "user_pkey");
	assert_string_equal(user->model.constraints[0]->c_name, "AUTH_PERSON_PKEY");
	finish(&build);
}

static void names__of_expression_indexes(void **state)
{
	struct build build = begin("shop");
	struct model *user = add_model(&build, add_schema(&build, "auth"), "user");
	ir_index *lower, *upper, *named, *plain, *partial;

	(void)state;
	user->model.table.text = "users";
	add_field(&build, user, "email", IR_STRING);
	lower = add_index(&build, user, true, "(lower(email))");
	upper = add_index(&build, user, true, "(upper(email))");
	plain = add_index(&build, user, false, "(lower(email)) id");
	named = add_index(&build, user, true, "(trim(email))");
	named->name.text = "users_trimmed_email_key";
	partial = add_index(&build, user, true, "email");
	partial->where.text = "id > 7";
	assert_true(ir_check_names(build.project, build.diagnostics));
	assert_int_equal(strlen(lower->name.text), strlen("users_") + 8 + strlen("_key"));
	assert_memory_equal(lower->name.text, "users_", 6);
	assert_int_equal(strspn(lower->name.text + 6, "0123456789abcdef"), 8);
	assert_string_equal(lower->name.text + 14, "_key");
	assert_string_equal(plain->name.text + 14, "_idx");
	assert_string_not_equal(lower->name.text, upper->name.text);
	assert_memory_equal(lower->constraint->c_name, "USER_", 5);
	assert_int_equal(strspn(lower->constraint->c_name + 5, "0123456789ABCDEF"), 8);
	assert_string_equal(lower->constraint->c_name + 13, "_KEY");
	assert_string_equal(named->constraint->c_name, "USER_TRIMMED_EMAIL_KEY");
	assert_string_equal(lower->finder, "");
	assert_string_equal(partial->finder, "");
	assert_string_equal(partial->name.text, "users_email_key");
	assert_string_equal(partial->constraint->c_name, "USER_EMAIL_KEY");
	finish(&build);
}

/* The hash is part of databases that exist: these bytes may never change. */
static void names__hashes_stay(void **state)
{
	struct build build = begin("shop");
	struct model *user = add_model(&build, add_schema(&build, "auth"), "user");
	ir_index *index = add_index(&build, user, false, "(lower(email))");

	(void)state;
	assert_true(ir_check_names(build.project, build.diagnostics));
	assert_string_equal(index->name.text, "user_f697a7bb_idx");
	finish(&build);
}

static void names__finders_of_equal_fields(void **state)
{
	struct build build = begin("shop");
	struct model *user = add_model(&build, add_schema(&build, "auth"), "user");
	ir_index *plain, *unique, *first, *second, *key, *live;

	(void)state;
	add_field(&build, user, "email", IR_STRING);
	add_field(&build, user, "name", IR_STRING);
	add_field(&build, user, "login", IR_STRING);
	plain = add_index(&build, user, false, "email");
	unique = add_index(&build, user, true, "email");
	first = add_index(&build, user, false, "name");
	second = add_index(&build, user, false, "name");
	second->parts[0].descending = true;
	second->name.text = "user_name_desc";
	key = add_index(&build, user, false, "id");
	live = add_index(&build, user, true, "login");
	live->only_live = true;
	live->where.sql[0] = "\"deleted_at\" IS NULL";
	assert_true(ir_check_names(build.project, build.diagnostics));
	assert_string_equal(plain->finder, "");
	assert_string_equal(unique->finder, "email");
	assert_string_equal(first->finder, "name");
	assert_string_equal(second->finder, "");
	assert_string_equal(key->finder, "");
	assert_string_equal(user->model.indexes[0]->finder, "id");
	assert_string_equal(live->finder, "login");
	finish(&build);
}

#define SIXTY "abcdefghijklmnopqrstuvwxyz_abcdefghijklmnopqrstuvwxyz_123456"

static void names__cut_at_63_bytes(void **state)
{
	struct build build = begin("shop");
	struct model *model = add_model(&build, add_schema(&build, "auth"), "user");
	ir_index *fits, *long_a, *long_b;

	(void)state;
	add_field(&build, model, SIXTY, IR_TEXT);
	add_field(&build, model, "a", IR_TEXT);
	add_field(&build, model, "b", IR_TEXT);
	add_field(&build, model, "abcdefghijklmnopqrstuvwxyz_abcdefghijklmnopqrstuvwxyz_", IR_TEXT);
	fits = add_index(&build, model, false, "abcdefghijklmnopqrstuvwxyz_abcdefghijklmnopqrstuvwxyz_");
	long_a = add_index(&build, model, false, SIXTY " a");
	long_b = add_index(&build, model, false, SIXTY " b");
	assert_true(ir_check_names(build.project, build.diagnostics));
	assert_int_equal(strlen(fits->name.text), 63);
	assert_string_equal(
		fits->name.text, "user_abcdefghijklmnopqrstuvwxyz_abcdefghijklmnopqrstuvwxyz__idx");
	assert_int_equal(strlen(long_a->name.text), 63);
	assert_string_equal(
		long_a->name.text, "user_abcdefghijklmnopqrstuvwxyz_abcdefghijklmnopqrstuv_686faffc");
	assert_string_equal(
		long_b->name.text, "user_abcdefghijklmnopqrstuvwxyz_abcdefghijklmnopqrstuv_64c66dd1");
	finish(&build);
}

/* ---- clashes in C ---- */

static void names__two_schemas_with_one_model(void **state)
{
	struct build build = begin("shop");
	struct schema *auth = add_schema(&build, "auth"), *billing = add_schema(&build, "billing");

	(void)state;
	add_enum(&build, add_model(&build, auth, "user"), "role", "admin");
	add_enum(&build, add_model(&build, billing, "user"), "role", "admin");
	expect(&build,
		"f.yaml:9:1: error: model \"user\" in schema \"billing\" would declare \"user\" in C, as model \"user\" in schema \"auth\" does\n"
		"hint: give schema \"billing\" a prefix, `schemas: {billing: {prefix: billing_}}`, or write `c_name: user_row` in model \"user\"\n"
		"f.yaml:4:1: note: model \"user\" in schema \"auth\" is here\n");

	build = begin("shop");
	auth = add_schema(&build, "auth");
	billing = add_schema(&build, "billing");
	add_model(&build, auth, "user");
	add_model(&build, auth, "note");
	add_model(&build, auth, "mail");
	add_model(&build, billing, "user");
	add_model(&build, billing, "note");
	add_model(&build, billing, "mail");
	expect(&build,
		"f.yaml:19:1: error: model \"mail\" in schema \"billing\" would declare \"mail\" in C, as model \"mail\" in schema \"auth\" does; 2 more models of these schemas clash likewise\n"
		"hint: give schema \"billing\" a prefix, `schemas: {billing: {prefix: billing_}}`, or write `c_name: mail_row` in model \"mail\"\n"
		"f.yaml:10:1: note: model \"mail\" in schema \"auth\" is here\n");
}

static void names__two_schemas_with_a_prefix(void **state)
{
	struct build build = begin("shop");
	struct schema *auth = add_schema(&build, "auth"), *billing = add_schema(&build, "billing");

	(void)state;
	billing->schema.prefix = "billing_";
	add_enum(&build, add_model(&build, auth, "user"), "role", "admin");
	add_enum(&build, add_model(&build, billing, "user"), "role", "admin");
	expect(&build, "");
}

static void names__model_and_shape(void **state)
{
	struct build build = begin("shop");
	struct schema *schema = add_schema(&build, "primary");
	struct model *entry;

	(void)state;
	add_model(&build, schema, "price");
	add_model(&build, schema, "price_list");
	expect(&build,
		"f.yaml:6:1: error: model \"price_list\" would declare \"price_list\" in C, as model \"price\" does\n"
		"hint: write `c_name: price_list_row` in model \"price_list\"\n"
		"f.yaml:3:1: note: model \"price\" is here\n");

	build = begin("shop");
	schema = add_schema(&build, "primary");
	add_model(&build, schema, "price");
	entry = add_model(&build, schema, "price_list");
	entry->model.c_name_given = true;
	entry->model.c_name = "price_entry";
	expect(&build, "");

	/* Between two schemas, with the prefix as the way out; a longer name in between does not hide it. */
	build = begin("shop");
	schema = add_schema(&build, "primary");
	add_model(&build, schema, "price");
	add_model(&build, schema, "price_group");
	add_model(&build, add_schema(&build, "stock"), "price_page");
	expect(&build,
		"f.yaml:10:1: error: model \"price_page\" in schema \"stock\" would declare \"price_page\" in C, as model \"price\" in schema \"primary\" does\n"
		"hint: give schema \"stock\" a prefix, `schemas: {stock: {prefix: stock_}}`, or write `c_name: price_page_row` in model \"price_page\"\n"
		"f.yaml:3:1: note: model \"price\" in schema \"primary\" is here\n");

	/* The name that would be proposed is taken. */
	build = begin("shop");
	schema = add_schema(&build, "primary");
	add_model(&build, schema, "price");
	add_model(&build, schema, "price_list");
	add_model(&build, schema, "price_list_row");
	expect(&build,
		"f.yaml:6:1: error: model \"price_list\" would declare \"price_list\" in C, as model \"price\" does\n"
		"hint: write `c_name: price_list_entry` in model \"price_list\"\n"
		"f.yaml:3:1: note: model \"price\" is here\n");
}

static void names__model_and_schema(void **state)
{
	struct build build = begin("shop");
	struct schema *schema = add_schema(&build, "auth");

	(void)state;
	add_model(&build, schema, "auth");
	add_model(&build, schema, "auth_session");
	expect(&build,
		"f.yaml:6:1: error: model \"auth_session\" would declare \"auth_session\" in C, as schema \"auth\" does\n"
		"hint: write `c_name: auth_session_row` in model \"auth_session\"\n"
		"f.yaml:2:1: note: schema \"auth\" is here\n");

	build = begin("auth");
	add_schema(&build, "auth");
	add_schema(&build, "auth_read");
	expect(&build,
		"f.yaml:3:1: error: schema \"auth_read\" would declare \"auth_read_begin\" in C, as schema \"auth\" does\n"
		"hint: give the schema another name\n"
		"f.yaml:2:1: note: schema \"auth\" is here\n");
}

static void names__enum_and_enum(void **state)
{
	struct build build = begin("shop");
	struct model *user = add_model(&build, add_schema(&build, "auth"), "user");

	/* A column is no identifier of file scope, so this is fine ... */
	(void)state;
	add_enum(&build, user, "role", "admin|member");
	add_field(&build, user, "role_admin", IR_BOOL);
	add_field(&build, user, "email_key", IR_TEXT);
	expect(&build, "");

	/* ... and these are not. */
	build = begin("shop");
	user = add_model(&build, add_schema(&build, "auth"), "user");
	add_enum(&build, user, "role", "admin_all|member");
	add_enum(&build, user, "role_admin", "all|some");
	expect(&build,
		"f.yaml:10:1: error: value \"all\" of field \"role_admin\" in model \"user\" would declare \"USER_ROLE_ADMIN_ALL\" in C, as value \"admin_all\" of field \"role\" does\n"
		"hint: write another `c_name:` in field \"role_admin\", such as `c_name: role_admin_value`\n"
		"f.yaml:7:1: note: value \"admin_all\" of field \"role\" is here\n");

	build = begin("shop");
	user = add_model(&build, add_schema(&build, "auth"), "user");
	add_enum(&build, user, "role", "a-b|a b|a_b|c");
	expect(&build,
		"f.yaml:8:1: error: value \"a b\" of field \"role\" in model \"user\" would declare \"USER_ROLE_A_B\" in C, as value \"a-b\" of field \"role\" does\n"
		"hint: spell one of them differently: C keeps only letters and digits, in capitals\n"
		"f.yaml:7:1: note: value \"a-b\" of field \"role\" is here\n"
		"f.yaml:9:1: error: value \"a_b\" of field \"role\" in model \"user\" would declare \"USER_ROLE_A_B\" in C, as value \"a-b\" of field \"role\" does\n"
		"hint: spell one of them differently: C keeps only letters and digits, in capitals\n"
		"f.yaml:7:1: note: value \"a-b\" of field \"role\" is here\n");

	build = begin("shop");
	user = add_model(&build, add_schema(&build, "auth"), "user");
	add_enum(&build, user, "email", "key|door");
	add_index(&build, user, true, "email");
	expect(&build,
		"f.yaml:9:1: error: constraint \"user_email_key\" in model \"user\" would declare \"USER_EMAIL_KEY\" in C, as value \"key\" of field \"email\" does\n"
		"hint: write another `c_name:` in one of its fields\n"
		"f.yaml:7:1: note: value \"key\" of field \"email\" is here\n");

	build = begin("shop");
	user = add_model(&build, add_schema(&build, "auth"), "user");
	add_enum(&build, user, "role", "+|admin");
	expect(&build,
		"f.yaml:7:1: error: value \"+\" of field \"role\" in model \"user\" has no letter or digit to name it by\n"
		"hint: an enumerator is made of the ASCII letters and digits of its value\n");
}

static void names__enum_and_shape(void **state)
{
	struct build build = begin("shop");
	struct schema *schema = add_schema(&build, "auth");
	struct model *user = add_model(&build, schema, "user");

	(void)state;
	add_enum(&build, user, "order", "first|last");
	expect(&build,
		"f.yaml:6:1: error: field \"order\" in model \"user\" would declare \"user_order\" in C, as the model itself does\n"
		"hint: write another `c_name:` in field \"order\", such as `c_name: order_value`\n"
		"f.yaml:3:1: note: the model itself is here\n");

	build = begin("shop");
	schema = add_schema(&build, "auth");
	add_enum(&build, add_model(&build, schema, "user"), "role", "admin|member");
	add_model(&build, schema, "user_role");
	expect(&build,
		"f.yaml:9:1: error: model \"user_role\" would declare \"user_role\" in C, as field \"role\" in model \"user\" does\n"
		"hint: write `c_name: user_role_row` in model \"user_role\"\n"
		"f.yaml:6:1: note: field \"role\" in model \"user\" is here\n");
}

static void names__finder_and_finder(void **state)
{
	struct build build = begin("shop");
	struct model *user = add_model(&build, add_schema(&build, "auth"), "user");

	(void)state;
	add_field(&build, user, "a", IR_TEXT);
	add_field(&build, user, "b", IR_TEXT);
	add_field(&build, user, "a_and_b", IR_TEXT);
	add_index(&build, user, true, "a b");
	add_index(&build, user, true, "a_and_b");
	expect(&build,
		"f.yaml:10:1: error: index \"user_a_and_b_key\" in model \"user\" would declare \"user_find_by_a_and_b\" in C, as index \"user_a_b_key\" does\n"
		"hint: write another `c_name:` in one of its fields\n"
		"f.yaml:9:1: note: index \"user_a_b_key\" is here\n");
}

/* ---- members ---- */

static void names__members(void **state)
{
	struct build build = begin("shop");
	struct model *user = add_model(&build, add_schema(&build, "auth"), "user");
	ir_field *field;

	(void)state;
	add_field(&build, user, "sessions", IR_INT32);
	add_relation(&build, user, "sessions", IR_HAS_MANY);
	field = add_field(&build, user, "nick", IR_TEXT);
	field->c_name_given = true;
	field->c_name_position = (dbw_position){ "f.yaml", 90, 9 };
	field->c_name = "id";
	expect(&build,
		"f.yaml:7:1: error: relation \"sessions\" in model \"user\" would be the struct member \"sessions\", as field \"sessions\" is\n"
		"hint: give the relation another name\n"
		"f.yaml:6:1: note: field \"sessions\" is here\n"
		"f.yaml:90:9: error: field \"nick\" in model \"user\" would be the struct member \"id\", as field \"id\" is\n"
		"hint: write `c_name: id_value` in the field; its column stays \"nick\"\n"
		"f.yaml:4:1: note: field \"id\" is here\n");
}

static void names__reserved_members(void **state)
{
	struct build build;

	(void)state;
	build = one_field("type");
	expect(&build, "");
	build = one_field("count");
	expect(&build, "");
	build = one_field("limit");
	expect(&build, "");
	build = one_field("printf");
	expect(&build, "");
	build = one_field("assert");
	expect(&build, "");
	build = one_field("std");
	expect(&build, "");
	build = one_field("class");
	expect(&build,
		"f.yaml:6:1: error: field \"class\" in model \"user\" cannot be the struct member \"class\", which is a keyword of C++\n"
		"hint: write `c_name: class_value` in the field; its column stays \"class\"\n");
	build = one_field("default");
	expect(&build,
		"f.yaml:6:1: error: field \"default\" in model \"user\" cannot be the struct member \"default\", which is a keyword of C\n"
		"hint: write `c_name: default_value` in the field; its column stays \"default\"\n");
	build = one_field("true");
	expect(&build,
		"f.yaml:6:1: error: field \"true\" in model \"user\" cannot be the struct member \"true\", which is a keyword of C23 and C++\n"
		"hint: write `c_name: true_value` in the field; its column stays \"true\"\n");
	build = one_field("linux");
	expect(&build,
		"f.yaml:6:1: error: field \"linux\" in model \"user\" cannot be the struct member \"linux\", which is a macro when compiling as gnu11, CMake's default\n"
		"hint: write `c_name: linux_value` in the field; its column stays \"linux\"\n");
	build = one_field("errno");
	expect(&build,
		"f.yaml:6:1: error: field \"errno\" in model \"user\" cannot be the struct member \"errno\", which is a macro of <errno.h>\n"
		"hint: write `c_name: errno_value` in the field; its column stays \"errno\"\n");
	build = one_field("st_mtime");
	expect(&build,
		"f.yaml:6:1: warning: field \"st_mtime\" in model \"user\" is the struct member \"st_mtime\", which is a macro of <sys/stat.h>: it cannot be used where that is included\n"
		"hint: write `c_name: st_mtime_value` in the field; its column stays \"st_mtime\"\n");
	build = begin("shop");
	add_belongs_to(
		&build, add_model(&build, add_schema(&build, "primary"), "user"), "template", "template_id");
	expect(&build,
		"f.yaml:6:1: error: relation \"template\" in model \"user\" cannot be the struct member \"template\", which is a keyword of C++\n"
		"hint: give the relation another name\n");
}

/* ---- names of others ---- */

static void names__models_and_the_system(void **state)
{
	static const char *const fine[] = { "user", "session", "order", "price", "role", "account", "page",
		"event", "customer", "product", "invoice", "payment", "message", "post", "comment", "tag",
		"setting", "file" };
	struct build build;

	(void)state;
	for (size_t i = 0; i < sizeof(fine) / sizeof(fine[0]); i++) {
		build = one_model(fine[i]);
		expect(&build, "");
	}
	build = one_model("index");
	expect(&build,
		"f.yaml:3:1: warning: model \"index\" declares \"index\" in C, which is a function of <strings.h>: no source can include both\n"
		"hint: write `c_name: index_row` in model \"index\"\n");
	build = one_model("group");
	expect(&build,
		"f.yaml:3:1: warning: model \"group\" declares \"group\" in C, which is a struct of <grp.h>: no source can include both\n"
		"hint: write `c_name: group_row` in model \"group\"\n");
	build = one_model("time");
	expect(&build,
		"f.yaml:3:1: error: model \"time\" would declare \"time\" in C, which is a function of <time.h>\n"
		"hint: write `c_name: time_row` in model \"time\"\n");
	build = one_model("unix");
	expect(&build,
		"f.yaml:3:1: error: model \"unix\" would declare \"unix\" in C, which is a macro when compiling as gnu11, CMake's default\n"
		"hint: write `c_name: unix_row` in model \"unix\"\n");
	build = one_model("main");
	expect(&build,
		"f.yaml:3:1: error: model \"main\" would declare \"main\" in C, which is where every C program starts\n"
		"hint: write `c_name: main_row` in model \"main\"\n");
	build = one_model("template");
	expect(&build,
		"f.yaml:3:1: error: model \"template\" would declare \"template\" in C, which is a keyword of C++\n"
		"hint: write `c_name: template_row` in model \"template\"\n");
	build = one_model("std");
	expect(&build,
		"f.yaml:3:1: error: model \"std\" would declare \"std\" in C, which is the namespace of the C++ library\n"
		"hint: write `c_name: std_row` in model \"std\"\n");
	/* Not the name itself but one that is made of it. */
	build = one_model("sem");
	add_index(&build, (struct model *)(void *)build.project->schemas[0]->models[0], false, "id");
	expect(&build,
		"f.yaml:3:1: warning: model \"sem\" declares \"sem_init\" in C, which is a function of <semaphore.h>: no source can include both\n"
		"hint: write `c_name: sem_row` in model \"sem\"\n");
}

static void names__enumerators_and_the_system(void **state)
{
	struct build build = begin("shop");
	struct model *model = add_model(&build, add_schema(&build, "primary"), "clock");

	(void)state;
	model->model.c_name_given = true;
	model->model.c_name = "sqlite";
	add_enum(&build, model, "open", "create|readonly");
	expect(&build,
		"f.yaml:7:1: warning: value \"create\" of field \"open\" in model \"clock\" declares \"SQLITE_OPEN_CREATE\" in C, which is a macro of <sqlite3.h>: no source can include both\n"
		"hint: write `c_name: sqlite_row` in model \"clock\"\n");
}

static void names__schemas_and_the_system(void **state)
{
	struct build build = begin("shop");

	(void)state;
	add_schema(&build, "time");
	expect(&build,
		"f.yaml:2:1: error: schema \"time\" makes the header \"time.h\", which hides <time.h> of ISO C\n"
		"hint: give the schema another name\n");
	build = begin("shop");
	add_schema(&build, "pthread");
	expect(&build,
		"f.yaml:2:1: warning: schema \"pthread\" makes the header \"pthread.h\", which hides <pthread.h> of POSIX\n"
		"hint: give the schema another name\n"
		"f.yaml:2:1: warning: schema \"pthread\" declares \"pthread_cancel\" in C, which is a function of <pthread.h>: no source can include both\n"
		"hint: give the schema another name\n");
	build = begin("shop");
	add_model(&build, add_schema(&build, "sys"), "mman");
	expect(&build,
		"f.yaml:3:1: warning: model \"mman\" makes the header \"sys/mman.h\", which hides <sys/mman.h> of POSIX\n"
		"hint: give the model another name\n");
}

static void names__our_own(void **state)
{
	struct build build = begin("dbw");
	struct schema *schema;

	(void)state;
	add_schema(&build, "dbw_auth");
	schema = add_schema(&build, "dbwright");
	schema->schema.prefix = "dbw_";
	schema->schema.prefix_position = (dbw_position){ "f.yaml", 50, 5 };
	add_model(&build, schema, "one");
	add_model(&build, schema, "two");
	add_model(&build, add_schema(&build, "third"), "dbw_three");
	expect(&build,
		"f.yaml:1:1: error: project \"dbw\" would begin C names with \"dbw_\", which is dbwright's own\n"
		"hint: choose another name\n"
		"f.yaml:2:1: error: schema \"dbw_auth\" would begin C names with \"dbw_\", which is dbwright's own\n"
		"hint: choose another name\n"
		"f.yaml:3:1: error: schema \"dbwright\" would make headers in the folder of dbwright's own\n"
		"hint: give the schema another name\n"
		"f.yaml:11:1: error: model \"dbw_three\" would begin C names with \"dbw_\", which is dbwright's own\n"
		"hint: choose another name\n"
		"f.yaml:50:5: error: prefix \"dbw_\" would begin C names with \"dbw_\", which is dbwright's own\n"
		"hint: choose another name\n");

	build = begin("my__shop");
	schema = add_schema(&build, "a");
	add_field(&build, add_model(&build, schema, "b__c"), "d__e", IR_TEXT);
	expect(&build,
		"f.yaml:1:1: error: project \"my__shop\" has two underscores in a row, which are kept for generated internals\n"
		"hint: write one underscore\n"
		"f.yaml:3:1: error: model \"b__c\" has two underscores in a row, which are kept for generated internals\n"
		"hint: write one underscore\n"
		"f.yaml:6:1: error: field \"d__e\" has two underscores in a row, which are kept for generated internals\n"
		"hint: write one underscore\n");
}

static void names__files(void **state)
{
	static ir_file files[3] = { { .path = "x/a_b.yaml", .name = "a_b.yaml", .source = "a_b.c" },
		{ .path = "x/a/b.yaml", .name = "a/b.yaml", .source = "a_b.c" },
		{ .path = "x/shop_program.yaml", .name = "shop_program.yaml", .source = "shop_program.c" } };
	ir_file *list[3] = { &files[0], &files[1], &files[2] };
	struct build build = begin("shop");

	(void)state;
	add_model(&build, add_schema(&build, "primary"), "forward");
	add_schema(&build, "shop_program");
	build.project->files = list;
	build.project->file_count = 3;
	expect(&build,
		"f.yaml:3:1: error: model \"forward\" would make the header \"primary/forward.h\", which every schema has\n"
		"hint: give the model another name, with `table: forward` to keep the table\n"
		"f.yaml:6:1: error: schema \"shop_program\" would make the header \"shop_program.h\", as project \"shop\" does\n"
		"hint: give the schema another name\n"
		"x/a/b.yaml: error: \"a/b.yaml\" would make the source \"a_b.c\", as \"a_b.yaml\" does\n"
		"hint: rename the file\n"
		"x/shop_program.yaml: error: \"shop_program.yaml\" would make the source \"shop_program.c\", as project \"shop\" does\n"
		"hint: rename the file\n");
}

/* ---- names in the database ---- */

static void names__in_the_database(void **state)
{
	struct build build = begin("shop");
	struct schema *schema = add_schema(&build, "primary");
	struct model *user = add_model(&build, schema, "user"), *person = add_model(&build, schema, "person");

	(void)state;
	user->model.table.text = "users";
	person->model.table = (ir_word){ "users", here(&build) };
	expect(&build,
		"f.yaml:9:1: error: table \"users\" in model \"person\" has the name of the table in model \"user\"\n"
		"hint: write `table:` with another name in one of the models\n"
		"f.yaml:3:1: note: the other \"users\" is here\n");

	build = begin("shop");
	schema = add_schema(&build, "primary");
	user = add_model(&build, schema, "user");
	add_field(&build, user, "name", IR_TEXT);
	add_index(&build, user, false, "name");
	add_index(&build, user, false, "name")->parts[0].descending = true;
	expect(&build, "f.yaml:8:1: error: model \"user\" has two indexes named \"user_name_idx\"\n"
		       "hint: write `name:` with another name in the index\n"
		       "f.yaml:7:1: note: the other \"user_name_idx\" is here\n");

	build = begin("shop");
	schema = add_schema(&build, "primary");
	user = add_model(&build, schema, "user");
	add_field(&build, user, "name", IR_TEXT);
	add_index(&build, user, false, "name");
	add_model(&build, schema, "person")->model.table.text = "user_name_idx";
	expect(&build,
		"f.yaml:7:1: error: index \"user_name_idx\" in model \"user\" has the name of the table in model \"person\"\n"
		"hint: write `name:` with another name in the index\n"
		"f.yaml:8:1: note: the other \"user_name_idx\" is here\n");

	build = begin("shop");
	user = add_model(&build, add_schema(&build, "primary"), "user");
	add_belongs_to(&build, user, "one", "other_id");
	add_belongs_to(&build, user, "two", "other_id")->fields[0] = user->model.relations[0]->fields[0];
	user->model.field_count--;
	expect(&build, "f.yaml:8:1: error: model \"user\" has two constraints named \"user_other_id_fkey\"\n"
		       "hint: two relations cannot use the same fields; take one out\n"
		       "f.yaml:6:1: note: the other \"user_other_id_fkey\" is here\n");

	build = begin("shop");
	user = add_model(&build, add_schema(&build, "primary"), "user");
	add_field(&build, user, "name", IR_TEXT);
	add_check(&build, user, "name");
	add_index(&build, user, true, "name")->name.text = "user_name_check";
	expect(&build, "f.yaml:8:1: error: model \"user\" has two constraints named \"user_name_check\"\n"
		       "hint: write `name:` with another name in the index\n"
		       "f.yaml:7:1: note: the other \"user_name_check\" is here\n");

	/* An index that is not created has no name to clash. */
	build = begin("shop");
	user = add_model(&build, add_schema(&build, "primary"), "user");
	add_field(&build, user, "name", IR_TEXT);
	add_index(&build, user, false, "name");
	add_index(&build, user, false, "name")->create = false;
	expect(&build, "");

	build = begin("shop");
	user = add_model(&build, add_schema(&build, "primary"), "user");
	add_field(&build, user, "name", IR_TEXT)->column = "title";
	add_field(&build, user, "title", IR_TEXT);
	user->model.table = (ir_word){ "sqlite_users", here(&build) };
	expect(&build,
		"f.yaml:7:1: error: model \"user\" has two columns named \"title\"\n"
		"hint: write `column:` with another name in one of the fields\n"
		"f.yaml:6:1: note: the other \"title\" is here\n"
		"f.yaml:8:1: error: table \"sqlite_users\" in model \"user\" begins with \"sqlite_\", which SQLite keeps for itself\n"
		"hint: write `table:` with another name in the model\n");

	build = begin("shop");
	user = add_model(&build, add_schema(&build, "primary"), "pg_class");
	expect(&build,
		"f.yaml:3:1: error: table \"pg_class\" in model \"pg_class\" begins with \"pg_\", which PostgreSQL keeps for itself\n"
		"hint: write `table:` with another name in the model\n");
}

/* What is there twice was reported as that; where nothing was reported it is a clash like any other. */
static void names__things_that_are_there_twice(void **state)
{
	(void)state;
	for (int reported = 0; reported < 2; reported++) {
		struct build build = begin("shop");
		struct model *user = add_model(&build, add_schema(&build, "primary"), "user");

		add_field(&build, user, "name", IR_TEXT);
		add_field(&build, user, "name", IR_TEXT);
		add_index(&build, user, true, "name");
		add_index(&build, user, true, "name")->name.text = "other";
		add_index(&build, user, false, "id");
		add_index(&build, user, false, "id");
		if (reported)
			dbw_report(build.diagnostics, DBW_SEVERITY_ERROR, here(&build), "before", NULL,
				"before");
		if (reported)
			expect(&build, "f.yaml:12:1: error: before\n");
		else
			expect(&build,
				"f.yaml:7:1: error: field \"name\" in model \"user\" would be the struct member \"name\", as field \"name\" is\n"
				"hint: write `c_name: name_value` in the field; its column stays \"name\"\n"
				"f.yaml:6:1: note: field \"name\" is here\n"
				"f.yaml:7:1: error: model \"user\" has two columns named \"name\"\n"
				"hint: write `column:` with another name in one of the fields\n"
				"f.yaml:6:1: note: the other \"name\" is here\n"
				"f.yaml:9:1: error: constraint \"other\" in model \"user\" would declare \"USER_NAME_KEY\" in C, as constraint \"user_name_key\" does\n"
				"hint: write another `c_name:` in one of its fields\n"
				"f.yaml:8:1: note: constraint \"user_name_key\" is here\n"
				"f.yaml:11:1: error: model \"user\" has two indexes named \"user_id_idx\"\n"
				"hint: write `name:` with another name in the index\n"
				"f.yaml:10:1: note: the other \"user_id_idx\" is here\n");
	}
}

/* What could not be resolved was reported elsewhere, and makes no noise here. */
static void names__unresolved_parts(void **state)
{
	struct build build = begin("shop");
	struct model *user = add_model(&build, add_schema(&build, "primary"), "user");
	ir_index *index = add_index(&build, user, true, "id id");
	ir_relation *relation = add_relation(&build, user, "owner", IR_BELONGS_TO);
	ir_constraint *foreign = add_constraint(&build, user, IR_FOREIGN, relation->name.position);

	(void)state;
	index->parts[1].field = NULL;
	foreign->relation = relation;
	add_constraint(&build, user, IR_CHECK, relation->name.position);
	assert_true(ir_check_names(build.project, build.diagnostics));
	assert_int_equal(dbw_diagnostics_count(build.diagnostics), 0);
	assert_null(index->name.text);
	assert_null(index->constraint->c_name);
	assert_null(foreign->c_name);
	assert_string_equal(index->finder, "");
	finish(&build);
}

/* A project with something of everything, right and wrong. */
static struct build everything(void)
{
	struct build build = begin("shop");
	struct schema *one = add_schema(&build, "one"), *two = add_schema(&build, "two");
	struct model *user = add_model(&build, one, "user"), *index = add_model(&build, one, "index");

	add_enum(&build, user, "role", "a|b|a-b|a+b");
	add_enum(&build, user, "order", "a|b");
	add_field(&build, user, SIXTY, IR_TEXT);
	add_index(&build, user, false, SIXTY " role");
	add_index(&build, user, true, "(lower(role))");
	add_belongs_to(&build, index, "class", "class_id");
	add_check(&build, index, "class");
	add_model(&build, one, "user_list");
	add_model(&build, two, "user");
	add_model(&build, two, "index");
	return build;
}

static void names__memory_is_short(void **state)
{
	(void)state;
	for (int all = 0; all < 2; all++) {
		bool met = true;

		for (size_t number = 1; met; number++) {
			struct build build = everything();
			bool good;

			allocations = 0;
			failing = number;
			failing_on = all == 1;
			good = ir_check_names(build.project, build.diagnostics);
			met = allocations >= number;
			failing = SIZE_MAX;
			failing_on = false;
			assert_false(good);
			if (!met)
				assert_int_equal(dbw_diagnostics_errors(build.diagnostics), 5);
			finish(&build);
			assert_true(number < 1000);
		}
	}
}

/* ---- the lists ---- */

static void names__the_list_is_sorted(void **state)
{
	(void)state;
	for (size_t i = 1; i < ir__system_name_count(); i++)
		assert_true(strcmp(ir__system_name_entry(i - 1), ir__system_name_entry(i)) < 0);
	for (size_t i = 0; i < ir__system_name_count(); i++) {
		const char *entry = ir__system_name_entry(i);
		size_t length = strcspn(entry, " ");
		ir__system_name found;

		assert_true(ir__system_name_find(entry, length, &found));
		assert_true(found.kind_count > 0);
		assert_int_equal(strspn(found.kinds, "kmgftseoh"), found.kind_count);
		assert_true(found.place[0] != '\0');
		assert_true(ir__system_name_begins(entry, length));
	}
}

static void names__the_list_is_exact(void **state)
{
	ir__system_name found;

	(void)state;
	assert_true(ir__system_name_find("stat", 4, &found));
	assert_int_equal(found.owner, IR__OWNER_POSIX);
	assert_true(ir__system_name_is(&found, "f"));
	assert_true(ir__system_name_is(&found, "s"));
	assert_false(ir__system_name_is(&found, "kmgt"));
	assert_memory_equal(found.place, "sys/stat.h", sizeof("sys/stat.h"));
	assert_false(ir__system_name_find("sta", 3, &found));
	assert_false(ir__system_name_find("statt", 5, &found));
	assert_false(ir__system_name_find("", 0, &found));
	assert_false(ir__system_name_find("zzz", 3, &found));
	assert_false(ir__system_name_find("user", 4, &found));
	assert_true(ir__system_name_find("stat and more", 4, &found));
	assert_true(ir__system_name_begins("pthread", 7));
	assert_false(ir__system_name_begins("pthrea", 6));
	assert_false(ir__system_name_begins("zzz", 3));
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(names__of_a_model),
		cmocka_unit_test(names__with_a_prefix),
		cmocka_unit_test(names__of_expression_indexes),
		cmocka_unit_test(names__hashes_stay),
		cmocka_unit_test(names__finders_of_equal_fields),
		cmocka_unit_test(names__cut_at_63_bytes),
		cmocka_unit_test(names__two_schemas_with_one_model),
		cmocka_unit_test(names__two_schemas_with_a_prefix),
		cmocka_unit_test(names__model_and_shape),
		cmocka_unit_test(names__model_and_schema),
		cmocka_unit_test(names__enum_and_enum),
		cmocka_unit_test(names__enum_and_shape),
		cmocka_unit_test(names__finder_and_finder),
		cmocka_unit_test(names__members),
		cmocka_unit_test(names__reserved_members),
		cmocka_unit_test(names__models_and_the_system),
		cmocka_unit_test(names__enumerators_and_the_system),
		cmocka_unit_test(names__schemas_and_the_system),
		cmocka_unit_test(names__our_own),
		cmocka_unit_test(names__files),
		cmocka_unit_test(names__in_the_database),
		cmocka_unit_test(names__things_that_are_there_twice),
		cmocka_unit_test(names__unresolved_parts),
		cmocka_unit_test(names__memory_is_short),
		cmocka_unit_test(names__the_list_is_sorted),
		cmocka_unit_test(names__the_list_is_exact),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
