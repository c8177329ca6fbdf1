/* One test makes every allocation fail. */
#include "../../generator/check/names_system.h"
#include "../memory/allocations.h"
#include "fixture_names.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

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
		"f.yaml:3:1: error: model \"index\" would declare \"index\" in C, which is a function of <string.h> when compiling as gnu11, CMake's default\n"
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

/* ---- memory ---- */

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
	one->schema.engines[DBW_POSTGRESQL] = true;
	add_model(&build, one, "user_id_seq");
	add_model(&build, one, "user_order_enum");
	user->model.fields[2]->storage = IR_STORAGE_NATIVE;
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

			allocations_fail(number, all == 1);
			good = ir_check_names(build.project, build.diagnostics);
			met = allocations_recover();
			assert_false(good);
			if (!met)
				assert_int_equal(dbw_diagnostics_errors(build.diagnostics), 9);
			finish(&build);
			assert_true(number < 1000);
		}
	}
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
		cmocka_unit_test(names__members),
		cmocka_unit_test(names__reserved_members),
		cmocka_unit_test(names__models_and_the_system),
		cmocka_unit_test(names__enumerators_and_the_system),
		cmocka_unit_test(names__schemas_and_the_system),
		cmocka_unit_test(names__the_list_is_sorted),
		cmocka_unit_test(names__the_list_is_exact),
		cmocka_unit_test(names__memory_is_short),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
