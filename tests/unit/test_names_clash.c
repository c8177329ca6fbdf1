#include "fixture_names.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

/* ---- clashes in C ---- */

static void names_clash__two_schemas_with_one_model(void **state)
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

static void names_clash__two_schemas_with_a_prefix(void **state)
{
	struct build build = begin("shop");
	struct schema *auth = add_schema(&build, "auth"), *billing = add_schema(&build, "billing");

	(void)state;
	billing->schema.prefix = "billing_";
	add_enum(&build, add_model(&build, auth, "user"), "role", "admin");
	add_enum(&build, add_model(&build, billing, "user"), "role", "admin");
	expect(&build, "");
}

static void names_clash__model_and_shape(void **state)
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

static void names_clash__model_and_schema(void **state)
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

static void names_clash__enum_and_enum(void **state)
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

static void names_clash__enum_and_shape(void **state)
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

static void names_clash__finder_and_finder(void **state)
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

/* ---- words and files of our own ---- */

static void names_clash__our_own(void **state)
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

/* A source "shop_program.c" is in nobody's way. */
static void names_clash__files(void **state)
{
	static ir_file files[3] = { { .path = "x/a_b.yaml", .name = "a_b.yaml", .source = "a_b.c" },
		{ .path = "x/a/b.yaml", .name = "a/b.yaml", .source = "a_b.c" },
		{ .path = "x/shop_program.yaml", .name = "shop_program.yaml", .source = "shop_program.c" } };
	ir_file *list[3] = { &files[0], &files[1], &files[2] };
	struct build build = begin("shop");

	(void)state;
	add_model(&build, add_schema(&build, "primary"), "forward");
	add_schema(&build, "shop_program");
	add_schema(&build, "shop_databases");
	build.project->files = list;
	build.project->file_count = 3;
	expect(&build,
		"f.yaml:3:1: error: model \"forward\" would make the header \"primary/forward.h\", which every schema has\n"
		"hint: give the model another name, with `table: forward` to keep the table\n"
		"f.yaml:6:1: error: schema \"shop_program\" would make the header \"shop_program.h\", as project \"shop\" does\n"
		"hint: give the schema another name\n"
		"f.yaml:7:1: error: schema \"shop_databases\" would make the header \"shop_databases.h\", as project \"shop\" does\n"
		"hint: give the schema another name\n"
		"x/a/b.yaml: error: \"a/b.yaml\" would make the source \"a_b.c\", as \"a_b.yaml\" does\n"
		"hint: rename the file\n");
}

/* ---- names in the database ---- */

#define CUT "abcdefghijklmnopqrstuvwxyz_abcdefghijklmnopqrstuvwxyz_ab_id_seq"

/* PostgreSQL cuts the table's name in that of a sequence, which is made before the table. Without PostgreSQL there is none. */
static void names_clash__with_sequences(void **state)
{
	static const char table[] = "abcdefghijklmnopqrstuvwxyz_abcdefghijklmnopqrstuvwxyz_abcdefghi";

	(void)state;
	assert_int_equal(sizeof table - 1, 63);
	for (int postgresql = 0; postgresql < 2; postgresql++) {
		struct build build = begin("shop");
		struct schema *schema = add_schema(&build, "primary");

		schema->schema.engines[DBW_POSTGRESQL] = postgresql == 1;
		add_model(&build, schema, "user")->model.table.text = table;
		add_model(&build, schema, "person")->model.table.text = CUT;
		expect(&build,
			postgresql == 0
				? ""
				: "f.yaml:6:1: error: table \"" CUT
				  "\" in model \"person\" has the name of the sequence that PostgreSQL makes for the id of model \"user\"\n"
				  "hint: write `table:` with another name in the model\n"
				  "f.yaml:6:1: error: table \"" CUT
				  "\" in model \"person\" has the name of the sequence that PostgreSQL makes for the id of model \"person\"\n"
				  "hint: write `table:` with another name in the model\n");
	}
}

static void names_clash__in_the_database(void **state)
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
static void names_clash__things_that_are_there_twice(void **state)
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
				"f.yaml:9:1: error: constraint \"other\" in model \"user\" would declare \"USER_NAME_KEY\" in C, as constraint \"user_name_key\" does\n"
				"hint: write another `c_name:` in one of its fields\n"
				"f.yaml:8:1: note: constraint \"user_name_key\" is here\n"
				"f.yaml:11:1: error: model \"user\" has two indexes named \"user_id_idx\"\n"
				"hint: write `name:` with another name in the index\n"
				"f.yaml:10:1: note: the other \"user_id_idx\" is here\n");
	}
}

/* What could not be resolved was reported elsewhere, and makes no noise here. */
static void names_clash__unresolved_parts(void **state)
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

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(names_clash__two_schemas_with_one_model),
		cmocka_unit_test(names_clash__two_schemas_with_a_prefix),
		cmocka_unit_test(names_clash__model_and_shape),
		cmocka_unit_test(names_clash__model_and_schema),
		cmocka_unit_test(names_clash__enum_and_enum),
		cmocka_unit_test(names_clash__enum_and_shape),
		cmocka_unit_test(names_clash__finder_and_finder),
		cmocka_unit_test(names_clash__our_own),
		cmocka_unit_test(names_clash__files),
		cmocka_unit_test(names_clash__with_sequences),
		cmocka_unit_test(names_clash__in_the_database),
		cmocka_unit_test(names_clash__things_that_are_there_twice),
		cmocka_unit_test(names_clash__unresolved_parts),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
