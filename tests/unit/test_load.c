#include "fixture_project.h"

#include <load/load.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

/* ---- the project and its files ---- */

static void project__one_file(void **state)
{
	struct loaded loaded = load_text("project: shop\n"
					 "schema: main\n"
					 "models:\n"
					 "  item:\n"
					 "    fields: {id: id}\n",
		false);

	(void)state;
	assert_string_equal(loaded.text.data, "");
	assert_string_equal(loaded.project->name.text, "shop");
	assert_int_equal(loaded.project->name.position.line, 1);
	assert_int_equal(loaded.project->name.position.column, 10);
	assert_string_equal(loaded.project->folder, ".");
	assert_int_equal(loaded.project->file_count, 1);
	assert_string_equal(loaded.project->files[0]->path, "dbwright.yaml");
	assert_string_equal(loaded.project->files[0]->name, "dbwright.yaml");
	assert_string_equal(loaded.project->files[0]->source, "dbwright.c");
	assert_int_equal(loaded.project->files[0]->model_count, 1);
	assert_int_equal(loaded.project->schema_count, 1);
	assert_string_equal(loaded.project->schemas[0]->prefix, "");
	assert_true(loaded.project->schemas[0]->engines[DBW_SQLITE]);
	assert_true(loaded.project->schemas[0]->engines[DBW_POSTGRESQL]);
	assert_ptr_equal(loaded.project->files[0]->models[0], model_of(&loaded, "item"));
	assert_ptr_equal(model_of(&loaded, "item")->file, loaded.project->files[0]);
	unload(&loaded);
}

static void project__files_are_sorted_by_bytes_and_read_once(void **state)
{
	static const char *const names[] = { "dbwright.yaml", "models/B.yaml", "models/a.yml",
		"models/c.yaml", "apps/shop/models/part.yaml" };
	static const char *const sources[] = { "dbwright.c", "models_B.c", "models_a.c", "models_c.c",
		"apps_shop_models_part.c" };
	struct loaded loaded;

	(void)state;
	enter_folder();
	/* The folder of the project has a name that is a pattern, and no match of itself. */
	write_file("[x]*/dbwright.yaml",
		"project: shop\n"
		"include: [models/*, apps/*/models/*.yaml, './models/[ac]*', '*.yaml']\n");
	write_file("[x]*/models/a.yml",
		"schema: main\nmodels: {zebra: {fields: {id: id}}, bear: {fields: {id: id}}}\n");
	write_file("[x]*/models/B.yaml", "schema: main\nmodels: {ape: {fields: {id: id}}}\n");
	write_file("[x]*/models/c.yaml", "schema: other\nmodels: {}\n");
	write_file("[x]*/models/folder/ignored.yaml", "not: read\n");
	write_file("[x]*/apps/shop/models/part.yaml", "models: {part: {fields: {id: id}}}\n");
	assert_int_equal(symlink("a.yml", "[x]*/models/d.yaml"), 0);
	loaded = load_path("[x]*/dbwright.yaml", false);
	leave_folder();
	assert_string_equal(loaded.text.data, "");
	assert_string_equal(loaded.project->folder, "[x]*");
	assert_int_equal(loaded.project->file_count, 5);
	for (size_t i = 0; i < 5; i++) {
		assert_string_equal(loaded.project->files[i]->name, names[i]);
		assert_string_equal(loaded.project->files[i]->source, sources[i]);
	}
	assert_string_equal(loaded.project->files[1]->path, "[x]*/models/B.yaml");
	/* Models of a file in its order, of a schema by name. */
	assert_string_equal(loaded.project->files[2]->models[0]->name.text, "zebra");
	assert_int_equal(loaded.project->schema_count, 3);
	assert_string_equal(loaded.project->schemas[0]->name.text, "main");
	assert_int_equal(loaded.project->schemas[0]->model_count, 3);
	assert_string_equal(loaded.project->schemas[0]->models[0]->name.text, "ape");
	assert_string_equal(loaded.project->schemas[0]->models[1]->name.text, "bear");
	assert_string_equal(loaded.project->schemas[0]->models[2]->name.text, "zebra");
	assert_string_equal(loaded.project->schemas[2]->name.text, "shop");
	assert_string_equal(loaded.project->schemas[2]->models[0]->name.text, "part");
	unload(&loaded);
}

static void project__schema_may_be_left_out_where_there_is_one(void **state)
{
	struct loaded loaded = load_text("project: shop\n"
					 "databases:\n"
					 "  main: {connection_string: 'sqlite:a.db'}\n"
					 "  test: {schema: main, connection_string: 'sqlite::temp:'}\n"
					 "models:\n"
					 "  item: {fields: {id: id}}\n",
		false);

	(void)state;
	assert_string_equal(loaded.text.data, "");
	assert_string_equal(model_of(&loaded, "item")->schema->name.text, "main");
	unload(&loaded);
	/* A database that is misspelt is no second schema. */
	loaded = load_text("project: shop\n"
			   "schemas: {main: {engines: sqlite, prefix: m_, storage: text, comment: All.}}\n"
			   "databases: {mian: {connection_string: 'sqlite:a.db'}}\n"
			   "models:\n"
			   "  item: {fields: {id: id}}\n",
		false);
	assert_string_equal(loaded.text.data, "");
	assert_string_equal(model_of(&loaded, "item")->schema->name.text, "main");
	assert_string_equal(model_of(&loaded, "item")->schema->prefix, "m_");
	assert_int_equal(model_of(&loaded, "item")->schema->storage, IR_STORAGE_TEXT);
	assert_false(model_of(&loaded, "item")->schema->engines[DBW_POSTGRESQL]);
	unload(&loaded);
}

static void project__missing_file(void **state)
{
	struct loaded loaded;

	(void)state;
	enter_folder();
	loaded = load_path("dbwright.yaml", false);
	leave_folder();
	assert_false(loaded.good);
	assert_null(loaded.project);
	assert_non_null(strstr(loaded.text.data, "dbwright.yaml: error:"));
	unload(&loaded);
}

static void project__many_errors_in_one_run(void **state)
{
	struct loaded loaded;

	(void)state;
	enter_folder();
	write_file("dbwright.yaml", "project: 5\nincludes: 1\ninclude: [models/*.yaml, none/*.yaml]\n");
	write_file("models/a.yaml", "schema: main\nmodels:\n  item: {feilds: {id: id}}\n  Part: {}\n");
	write_file("models/b.yaml", "schema: main\nmodels: {a: [}\n");
	write_file("models/c.yaml", "schema: Main\nmodels: {other: {fields: {id: idd}}}\n");
	loaded = load_path("dbwright.yaml", true);
	leave_folder();
	assert_int_equal(dbw_diagnostics_errors(loaded.diagnostics), 7);
	assert_non_null(strstr(
		loaded.text.data, "dbwright.yaml:1:10: error: \"project\" of the project file must be text"));
	assert_non_null(strstr(loaded.text.data, "dbwright.yaml:2:1: error: unknown key \"includes\""));
	assert_non_null(
		strstr(loaded.text.data, "dbwright.yaml:3:26: error: no file matches \"none/*.yaml\""));
	assert_non_null(strstr(
		loaded.text.data, "models/a.yaml:3:10: error: unknown key \"feilds\" in model \"item\""));
	assert_non_null(strstr(loaded.text.data, "models/a.yaml:4:3: error: the model name \"Part\""));
	assert_non_null(strstr(loaded.text.data, "models/b.yaml:2:"));
	assert_non_null(strstr(loaded.text.data, "models/c.yaml:1:9: error: the schema name \"Main\""));
	unload(&loaded);
}

/* ---- fields ---- */

static void same_field(const ir_model *model, const char *a_name, const char *b_name)
{
	const ir_field *a = field_of(model, a_name), *b = field_of(model, b_name);

	assert_false(a->broken);
	assert_int_equal(a->type, b->type);
	assert_int_equal(a->nullable, b->nullable);
	assert_int_equal(a->length, b->length);
	assert_int_equal(a->precision, b->precision);
	assert_int_equal(a->scale, b->scale);
	assert_int_equal(a->value_count, b->value_count);
	for (size_t i = 0; i < a->value_count; i++)
		assert_string_equal(a->values[i].word.text, b->values[i].word.text);
}

static void field__short_and_long_forms_agree(void **state)
{
	struct loaded loaded =
		load_text("project: shop\n"
			  "schema: main\n"
			  "models:\n"
			  "  item:\n"
			  "    fields:\n"
			  "      a1: text?\n"
			  "      a2: {type: text, nullable: true}\n"
			  "      b1: string(255)\n"
			  "      b2: {type: string, length: 255}\n"
			  "      c1: decimal( 10 , 2 ) ?\n"
			  "      c2: {type: decimal, precision: 10, scale: 2, nullable: true}\n"
			  "      d1: enum(member, team admin)\n"
			  "      d2: {type: enum, values: [member, team admin]}\n"
			  "      d3: {type: enum, values: {member: A member., team admin: }}\n"
			  "      e1: {type: 'decimal(4,0)?', nullable: true}\n"
			  "      e2: decimal(4,0)?\n",
			false);
	const ir_model *item;

	(void)state;
	assert_string_equal(loaded.text.data, "");
	item = model_of(&loaded, "item");
	same_field(item, "a1", "a2");
	same_field(item, "b1", "b2");
	same_field(item, "c1", "c2");
	same_field(item, "d1", "d2");
	same_field(item, "d2", "d3");
	same_field(item, "e1", "e2");
	assert_int_equal(field_of(item, "c1")->precision, 10);
	assert_int_equal(field_of(item, "c1")->scale, 2);
	assert_true(field_of(item, "c1")->nullable);
	assert_string_equal(field_of(item, "d1")->values[1].word.text, "team admin");
	assert_string_equal(field_of(item, "d3")->values[0].comment, "A member.");
	assert_null(field_of(item, "d3")->values[1].comment);
	unload(&loaded);
}

static void field__all_types(void **state)
{
	struct loaded loaded =
		load_text("project: shop\n"
			  "schema: main\n"
			  "models:\n"
			  "  item:\n"
			  "    fields: {f0: id, f1: bool, f2: int16, f3: int32, f4: int64, f5: float32,\n"
			  "      f6: float64, f7: 'decimal(1,0)', f8: string(1), f9: text, f10: bytes,\n"
			  "      f11: timestamp, f12: date, f13: time, f14: uuid, f15: json, f16: enum(a)}\n",
			false);
	size_t count;
	const char *const *names = ir_type_names(&count);

	(void)state;
	assert_string_equal(loaded.text.data, "");
	assert_int_equal(count, IR_TYPE_COUNT);
	assert_int_equal(model_of(&loaded, "item")->field_count, IR_TYPE_COUNT);
	for (size_t i = 0; i < count; i++) {
		ir_type_id id;

		assert_int_equal(model_of(&loaded, "item")->fields[i]->type, i);
		assert_string_equal(ir_type_of((ir_type_id)i)->name, names[i]);
		assert_true(ir_type_find(names[i], strlen(names[i]), &id));
		assert_int_equal(id, i);
	}
	unload(&loaded);
}

static void field__every_key(void **state)
{
	struct loaded loaded = load_text(
		"project: shop\n"
		"schema: main\n"
		"models:\n"
		"  item:\n"
		"    fields:\n"
		"      é: text\n"
		"      name: {type: string(9), default: x, unique: true, index: true, comment: A name.,\n"
		"        c_name: label, column: item_name, sql_type: {postgresql: citext}, storage: text,\n"
		"        collation: de_DE, sensitive: true, generated: \"upper(code)\", autoincrement: true,\n"
		"        renamed_from: title}\n",
		false);
	const ir_field *name;

	(void)state;
	assert_string_equal(loaded.text.data,
		"dbwright.yaml:6:7: error: the field name \"é\" does not begin with a lower-case letter\n"
		"      é: text\n"
		"      ^\n"
		"hint: names are made of a-z, 0-9 and '_', and begin with a letter\n");
	name = field_of(model_of(&loaded, "item"), "name");
	assert_int_equal(name->name.position.line, 7);
	assert_int_equal(name->name.position.column, 7);
	assert_int_equal(name->type_position.column, 20);
	assert_int_equal(name->length, 9);
	assert_true(
		name->unique && name->index && name->sensitive && name->autoincrement && name->c_name_given);
	assert_string_equal(name->comment, "A name.");
	assert_string_equal(name->c_name, "label");
	assert_string_equal(name->column, "item_name");
	assert_null(name->sql_type[DBW_SQLITE]);
	assert_string_equal(name->sql_type[DBW_POSTGRESQL], "citext");
	assert_int_equal(name->storage, IR_STORAGE_TEXT);
	assert_string_equal(name->collation, "de_DE");
	assert_string_equal(name->generated.text, "upper(code)");
	assert_string_equal(name->renamed_from, "title");
	assert_int_equal(name->default_.kind, IR_DEFAULT_LITERAL);
	assert_string_equal(name->default_.text, "x");
	unload(&loaded);
}

static void field__defaults_as_written(void **state)
{
	struct loaded loaded =
		load_text("project: shop\n"
			  "schema: main\n"
			  "models:\n"
			  "  item:\n"
			  "    fields:\n"
			  "      a: {type: text, default: \"10\"}\n"
			  "      b: {type: int32, default: 16}\n"
			  "      c: {type: float64, default: 1e3}\n"
			  "      d: {type: bool, default: false}\n"
			  "      e: {type: int64, default: 99999999999999999999}\n"
			  "      f: {type: text, default: {sql: \"now()\"}}\n"
			  "      g: {type: text, default: {sqlite: \"1\", postgresql: \"2\"}}\n"
			  "      h: {type: text, default: {sql: {sqlite: \"3\", postgresql: \"4\"}}}\n"
			  "      i: text\n",
			false);
	const ir_model *item;

	(void)state;
	assert_string_equal(loaded.text.data, "");
	item = model_of(&loaded, "item");
	assert_int_equal(field_of(item, "a")->default_.written, IR_WRITTEN_TEXT);
	assert_int_equal(field_of(item, "b")->default_.written, IR_WRITTEN_INT);
	assert_true(field_of(item, "b")->default_.integer_fits);
	assert_int_equal(field_of(item, "b")->default_.integer, 16);
	assert_int_equal(field_of(item, "c")->default_.written, IR_WRITTEN_FLOAT);
	assert_true(field_of(item, "c")->default_.number_fits);
	assert_int_equal((int)field_of(item, "c")->default_.number, 1000);
	assert_int_equal(field_of(item, "d")->default_.written, IR_WRITTEN_BOOL);
	assert_int_equal(field_of(item, "e")->default_.written, IR_WRITTEN_INT);
	assert_false(field_of(item, "e")->default_.integer_fits);
	assert_int_equal(field_of(item, "f")->default_.kind, IR_DEFAULT_EXPRESSION);
	assert_string_equal(field_of(item, "f")->default_.expression.text, "now()");
	assert_null(field_of(item, "f")->default_.expression.only[DBW_SQLITE]);
	assert_string_equal(field_of(item, "g")->default_.expression.only[DBW_SQLITE], "1");
	assert_string_equal(field_of(item, "g")->default_.expression.only[DBW_POSTGRESQL], "2");
	assert_string_equal(field_of(item, "h")->default_.expression.only[DBW_POSTGRESQL], "4");
	assert_int_equal(field_of(item, "i")->default_.kind, IR_DEFAULT_NONE);
	unload(&loaded);
}

/* ---- models, relations, indexes, checks, mixins ---- */

static void model__every_key(void **state)
{
	struct loaded loaded = load_text(
		"project: shop\n"
		"schema: main\n"
		"mixins:\n"
		"  noted: {fields: {note: text?}, indexes: [{fields: note}], checks: {short: \"length(note) < 9\"}}\n"
		"models:\n"
		"  item:\n"
		"    table: items\n"
		"    comment: A thing.\n"
		"    mixins: noted\n"
		"    key: [code, place]\n"
		"    timestamps: true\n"
		"    version: true\n"
		"    soft_delete: true\n"
		"    read_only: true\n"
		"    c_name: thing\n"
		"    renamed_from: part\n"
		"    fields: {code: string(9), place: int32}\n"
		"    relations:\n"
		"      owner: {belongs_to: user, optional: true, unique: true, on_delete: set_null,\n"
		"        on_update: cascade, field: [a, b], references: email, index: false, comment: Whose.,\n"
		"        column: owner_no, c_name: owner_number}\n"
		"      parts: {has_many: part, through: item_part, inverse: whole}\n"
		"      label: {has_one: label}\n"
		"    indexes:\n"
		"      - {fields: [code, place desc, {field: note, order: asc, nulls: last}], unique: true,\n"
		"         where: {sqlite: a, postgresql: b}, name: by_code, message: Twice., comment: Fast.}\n"
		"      - {expression: [lower(code), \"place\"]}\n"
		"    checks:\n"
		"      low: \"place < 9\"\n"
		"      high: {check: \"place > 0\", message: Too low.}\n"
		"      both: {sqlite: \"1\", postgresql: \"true\"}\n",
		false);
	const ir_model *item;
	const ir_relation *owner;
	const ir_index *index;

	(void)state;
	assert_string_equal(loaded.text.data, "");
	item = model_of(&loaded, "item");
	assert_string_equal(item->table.text, "items");
	assert_string_equal(item->comment, "A thing.");
	assert_string_equal(item->mixin_names[0].text, "noted");
	assert_int_equal(item->key_name_count, 2);
	assert_string_equal(item->key_names[1].text, "place");
	assert_true(item->timestamps && item->version && item->soft_delete && item->read_only);
	assert_string_equal(item->c_name, "thing");
	assert_string_equal(item->renamed_from, "part");

	owner = relation_of(item, "owner");
	assert_int_equal(owner->kind, IR_BELONGS_TO);
	assert_string_equal(owner->target_name.text, "user");
	assert_true(owner->optional && owner->unique && !owner->index);
	assert_int_equal(owner->on_delete, IR_SET_NULL);
	assert_int_equal(owner->on_update, IR_CASCADE);
	assert_int_equal(owner->field_name_count, 2);
	assert_string_equal(owner->references_name.text, "email");
	assert_string_equal(owner->column.text, "owner_no");
	assert_string_equal(owner->c_name.text, "owner_number");
	assert_int_equal(relation_of(item, "parts")->kind, IR_HAS_MANY);
	assert_string_equal(relation_of(item, "parts")->through_name.text, "item_part");
	assert_string_equal(relation_of(item, "parts")->inverse_name.text, "whole");
	assert_int_equal(relation_of(item, "label")->kind, IR_HAS_ONE);

	index = item->indexes[0];
	assert_int_equal(index->part_count, 3);
	assert_true(index->unique && index->create);
	assert_false(index->parts[0].descending);
	assert_string_equal(index->parts[1].field_name.text, "place");
	assert_true(index->parts[1].descending);
	assert_int_equal(index->parts[2].nulls, IR_NULLS_LAST);
	assert_string_equal(index->where.only[DBW_POSTGRESQL], "b");
	assert_string_equal(index->name.text, "by_code");
	assert_string_equal(index->message, "Twice.");
	assert_string_equal(item->indexes[1]->parts[0].expression.text, "lower(code)");
	assert_int_equal(item->indexes[1]->part_count, 2);
	assert_int_equal(item->check_count, 3);
	assert_string_equal(item->checks[1]->expression.text, "place > 0");
	assert_string_equal(item->checks[1]->message, "Too low.");
	assert_string_equal(item->checks[2]->expression.only[DBW_POSTGRESQL], "true");

	assert_int_equal(loaded.project->mixin_count, 1);
	assert_int_equal(loaded.project->mixins[0]->field_count, 1);
	assert_int_equal(loaded.project->mixins[0]->index_count, 1);
	assert_int_equal(loaded.project->mixins[0]->check_count, 1);
	unload(&loaded);
}

/* What an entry says, sorted by key: "host=h pool_size=5 ". */
static const char *said_of(const ir_database *database)
{
	static char text[1000];
	const dbw__entry *entry = &database->entry;
	size_t used = 0;

	text[0] = '\0';
	for (size_t key = 0; key < dbw__key_count; key++)
		for (size_t i = 0; i < entry->count; i++)
			if (entry->said[i].key == &dbw__keys[key])
				used += (size_t)snprintf(text + used, sizeof(text) - used, "%s=%s ",
					entry->said[i].name, entry->said[i].value);
	for (size_t i = 0; i < entry->count; i++)
		if (entry->said[i].key == NULL)
			used += (size_t)snprintf(text + used, sizeof(text) - used, "options.%s=%s ",
				entry->said[i].name, entry->said[i].value);
	return text;
}

static const ir_database *database_of(const struct loaded *loaded, const char *profile, const char *name)
{
	ir_database *const *list = loaded->project->databases;
	size_t count = loaded->project->database_count;

	for (size_t i = 0; profile != NULL && i < loaded->project->profile_count; i++) {
		if (strcmp(loaded->project->profiles[i].name.text, profile) == 0) {
			list = loaded->project->profiles[i].databases;
			count = loaded->project->profiles[i].database_count;
		}
	}
	for (size_t i = 0; i < count; i++)
		if (strcmp(list[i]->name.text, name) == 0)
			return list[i];
	return NULL;
}

static void database__every_style_means_the_same(void **state)
{
	struct loaded loaded = load_text(
		"project: shop\n"
		"databases:\n"
		"  flat: {connection_string: \"${URL:-postgresql://h/d}\", default: true, pool_size: 1000, max_overflow: 5,\n"
		"         idle_timeout_ms: \"${IDLE:-16}\", sslmode: require, sslrootcert: ca.pem, sslkey: k, options: {x: 1.50}}\n"
		"  nested:\n"
		"    connection_string: ${URL:-postgresql://h/d}\n"
		"    settings: {pool: {size: 1000}, sslmode: require}\n"
		"    pool: {max_overflow: 5, idle_timeout_ms: \"${IDLE:-16}\"}\n"
		"    security: {ca: ca.pem, key: k}\n"
		"    options: {x: 1.50}\n"
		"    default: false\n"
		"  lite:\n"
		"    schema: main\n"
		"    provider: sqlite\n"
		"    qualifier: tenant_east\n"
		"    shared_default: True\n"
		"    settings: {path: b.db, busy_timeout_ms: 0o12, foreign_keys: TRUE}\n",
		false);

	(void)state;
	assert_true(loaded.good);
	/* What has no effect yet is said, wherever it stands. */
	assert_int_equal(dbw_diagnostics_warnings(loaded.diagnostics), 4);
	assert_string_equal(said_of(database_of(&loaded, NULL, "flat")),
		"default=true connection_string=${URL:-postgresql://h/d} pool_size=1000 max_overflow=5 "
		"idle_timeout_ms=${IDLE:-16} sslmode=require sslrootcert=ca.pem sslkey=k options.x=1.50 ");
	assert_string_equal(said_of(database_of(&loaded, NULL, "nested")),
		"default=false connection_string=${URL:-postgresql://h/d} pool_size=1000 max_overflow=5 "
		"idle_timeout_ms=${IDLE:-16} sslmode=require sslrootcert=ca.pem sslkey=k options.x=1.50 ");
	assert_string_equal(said_of(database_of(&loaded, NULL, "lite")),
		"schema=main qualifier=tenant_east shared_default=true provider=sqlite path=b.db "
		"busy_timeout_ms=10 foreign_keys=true ");
	assert_true(database_of(&loaded, NULL, "flat")->is_default);
	assert_false(database_of(&loaded, NULL, "nested")->is_default);
	assert_string_equal(database_of(&loaded, NULL, "lite")->schema_name.text, "main");
	assert_string_equal(database_of(&loaded, NULL, "lite")->qualifier.text, "tenant_east");
	unload(&loaded);
}

static void database__defaults_extends_and_profiles_are_worked_in(void **state)
{
	struct loaded loaded = load_text(
		"project: shop\n"
		"defaults: {pool_size: 3, busy_timeout_ms: 7}\n"
		"databases:\n"
		"  main: {qualifier: first, default: true, connection_string: 'sqlite:a.db', pool_size: 4}\n"
		"  test: {extends: main, path: test.db, journal_mode: delete}\n"
		"  deep: {extends: test, qualifier: deep, settings: {journal_mode: wal}}\n"
		"  alone: {schema: main}\n"
		"profiles:\n"
		"  production:\n"
		"    databases:\n"
		"      main: {connection_string: '${DATABASE_URL}'}\n"
		"      more: {extends: main}\n"
		"  busy: {defaults: {pool_size: 9, sslmode: require}}\n",
		false);

	(void)state;
	assert_string_equal(loaded.text.data, "");
	assert_string_equal(said_of(database_of(&loaded, NULL, "main")),
		"qualifier=first default=true connection_string=sqlite:a.db pool_size=4 busy_timeout_ms=7 ");
	assert_string_equal(said_of(database_of(&loaded, NULL, "test")),
		"schema=main path=test.db pool_size=4 journal_mode=delete busy_timeout_ms=7 ");
	assert_string_equal(said_of(database_of(&loaded, NULL, "deep")),
		"schema=main qualifier=deep path=test.db pool_size=4 journal_mode=wal busy_timeout_ms=7 ");
	assert_string_equal(
		said_of(database_of(&loaded, NULL, "alone")), "schema=main pool_size=3 busy_timeout_ms=7 ");
	assert_int_equal(loaded.project->database_count, 4);
	/* A profile has what it changes, by itself or by what it extends. */
	assert_int_equal(loaded.project->profiles[0].database_count, 4);
	assert_string_equal(said_of(database_of(&loaded, "production", "main")),
		"qualifier=first default=true connection_string=${DATABASE_URL} pool_size=4 busy_timeout_ms=7 ");
	assert_string_equal(said_of(database_of(&loaded, "production", "more")),
		"schema=main connection_string=${DATABASE_URL} pool_size=4 busy_timeout_ms=7 ");
	assert_string_equal(said_of(database_of(&loaded, "production", "deep")),
		"schema=main qualifier=deep path=test.db pool_size=4 journal_mode=wal busy_timeout_ms=7 ");
	assert_null(database_of(&loaded, "production", "alone"));
	assert_int_equal(loaded.project->profiles[1].database_count, 4);
	assert_string_equal(said_of(database_of(&loaded, "busy", "alone")),
		"schema=main pool_size=9 busy_timeout_ms=7 sslmode=require ");
	unload(&loaded);
}

static void discover__apps_bring_their_database(void **state)
{
	struct loaded loaded;

	(void)state;
	enter_folder();
	write_file("dbwright.yaml",
		"project: shop\ninclude: [apps/*/models/*.yaml]\ndatabases: {shop: {pool_size: 2}}\n");
	write_file("apps/shop/models/item.yaml", "models: {item: {fields: {id: id}}}\n");
	write_file("apps/shop/database.yaml", "path: shop.db\n");
	write_file("apps/blog/models/post.yaml", "models: {post: {fields: {id: id}}}\n");
	write_file("apps/Empty One/readme", "");
	loaded = load_path("dbwright.yaml", true);
	assert_string_equal(loaded.text.data, "");
	assert_int_equal(loaded.project->database_count, 2);
	assert_string_equal(said_of(database_of(&loaded, NULL, "shop")), "path=shop.db pool_size=2 ");
	assert_string_equal(
		database_of(&loaded, NULL, "shop")->entry.said[1].at.file, "apps/shop/database.yaml");
	assert_string_equal(said_of(database_of(&loaded, NULL, "blog")), "");
	assert_int_equal(loaded.project->input_count, 1);
	assert_string_equal(loaded.project->inputs[0], "apps/shop/database.yaml");
	unload(&loaded);
	/* From another folder, by another pattern; apps/ is a folder like others then. */
	write_file("x/dbwright.yaml", "project: shop\ndiscover: modules/*/*\ninclude: [modules/*/*/*.yml]\n");
	write_file("x/modules/eu/shop/item.yml", "models: {item: {fields: {id: id}}}\n");
	write_file("x/modules/eu/shop/database.yaml", "path: shop.db\n");
	loaded = load_path("x/dbwright.yaml", true);
	assert_string_equal(loaded.text.data, "");
	assert_int_equal(loaded.project->database_count, 1);
	assert_string_equal(loaded.project->databases[0]->name.text, "shop");
	assert_string_equal(
		loaded.project->databases[0]->entry.said[0].at.file, "x/modules/eu/shop/database.yaml");
	assert_string_equal(loaded.project->schemas[0]->name.text, "shop");
	unload(&loaded);
	leave_folder();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(project__one_file),
		cmocka_unit_test(project__files_are_sorted_by_bytes_and_read_once),
		cmocka_unit_test(project__schema_may_be_left_out_where_there_is_one),
		cmocka_unit_test(project__missing_file),
		cmocka_unit_test(project__many_errors_in_one_run),
		cmocka_unit_test(field__short_and_long_forms_agree),
		cmocka_unit_test(field__all_types),
		cmocka_unit_test(field__every_key),
		cmocka_unit_test(field__defaults_as_written),
		cmocka_unit_test(model__every_key),
		cmocka_unit_test(database__every_style_means_the_same),
		cmocka_unit_test(database__defaults_extends_and_profiles_are_worked_in),
		cmocka_unit_test(discover__apps_bring_their_database),
	};

	return cmocka_run_group_tests_name("load", tests, NULL, NULL);
}
