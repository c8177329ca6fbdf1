#include "fixture_project.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

/* ---- a whole project, in depth ---- */

static const char library[] =
	"project: library\n"
	"schema: main\n"
	"mixins:\n"
	"  noted:\n"
	"    fields: {note: text?, rank: {type: int32, default: 0}}\n"
	"    indexes: [{fields: [rank desc]}]\n"
	"    checks: {rank_range: \"rank BETWEEN 0 AND 10\"}\n"
	"databases:\n"
	"  main: {connection_string: \"${DATABASE_URL:-sqlite:data/main.db}\", default: true}\n"
	"  test: {schema: main, connection_string: \"sqlite::temp:\"}\n"
	"models:\n"
	"  author:\n"
	"    table: authors\n"
	"    mixins: [noted]\n"
	"    timestamps: true\n"
	"    version: true\n"
	"    soft_delete: true\n"
	"    fields:\n"
	"      id: id\n"
	"      name: string(80)\n"
	"      email: {type: string, length: 255, unique: true}\n"
	"      role: {type: enum, values: [member, admin], default: admin}\n"
	"      balance: {type: decimal, precision: 10, scale: 2, default: \"12.5\"}\n"
	"      remark: text\n"
	"      is_active: {type: bool, default: true}\n"
	"      label: {type: text, generated: \"name || ' ' || email\"}\n"
	"    relations:\n"
	"      books: {has_many: book}\n"
	"      profile: {has_one: profile}\n"
	"      tags: {has_many: tag, through: author_tag}\n"
	"      mentor: {belongs_to: author, optional: true, on_delete: set_null}\n"
	"    indexes:\n"
	"      - {fields: [name, is_active]}\n"
	"      - {fields: [name], unique: true, where: is_active, name: one_active}\n"
	"    checks: {positive: \"balance >= {dec 0.00}\"}\n"
	"  profile:\n"
	"    fields: {id: id, text: text}\n"
	"    relations:\n"
	"      author: {belongs_to: author, unique: true}\n"
	"  book:\n"
	"    key: isbn\n"
	"    fields: {isbn: string(13), author_id: int64, price: 'decimal(30,4)'}\n"
	"    relations:\n"
	"      author: {belongs_to: author, on_delete: cascade, index: false}\n"
	"  tag:\n"
	"    key: [kind, word]\n"
	"    fields: {kind: enum(topic), word: string(20)}\n"
	"  author_tag:\n"
	"    key: [author_id, tag_kind, tag_word]\n"
	"    relations:\n"
	"      author: {belongs_to: author}\n"
	"      tag: {belongs_to: tag}\n";

static struct loaded load_library(void)
{
	return load_text(library, true);
}

static void project__is_valid(void **state)
{
	struct loaded loaded = load_library();
	const ir_schema *schema;

	(void)state;
	assert_string_equal(loaded.text.data, "");
	assert_true(loaded.good);
	schema = loaded.project->schemas[0];
	assert_ptr_equal(loaded.project->databases[0]->schema, schema);
	assert_ptr_equal(loaded.project->databases[1]->schema, schema);
	/* Parents first, else by name; the mentor of an author is no cycle. */
	assert_string_equal(schema->creation_order[0]->name.text, "author");
	assert_string_equal(schema->creation_order[1]->name.text, "tag");
	assert_string_equal(schema->creation_order[2]->name.text, "author_tag");
	assert_string_equal(schema->creation_order[3]->name.text, "book");
	assert_string_equal(schema->creation_order[4]->name.text, "profile");
	unload(&loaded);
}

static void project__fields_in_order(void **state)
{
	static const char *const names[] = { "id", "name", "email", "role", "balance", "remark", "is_active",
		"label", "mentor_id", "note", "rank", "created_at", "updated_at", "version", "deleted_at" };
	static const ir_origin origins[] = { IR_DECLARED, IR_DECLARED, IR_DECLARED, IR_DECLARED, IR_DECLARED,
		IR_DECLARED, IR_DECLARED, IR_DECLARED, IR_FOREIGN_KEY, IR_MIXED_IN, IR_MIXED_IN,
		IR_CREATED_AT, IR_UPDATED_AT, IR_VERSION, IR_DELETED_AT };
	struct loaded loaded = load_library();
	const ir_model *author = model_of(&loaded, "author");

	(void)state;
	assert_int_equal(author->field_count, 15);
	for (size_t i = 0; i < 15; i++) {
		assert_string_equal(author->fields[i]->name.text, names[i]);
		assert_int_equal(author->fields[i]->origin, origins[i]);
		assert_int_equal(author->fields[i]->number, i);
		assert_ptr_equal(author->fields[i]->model, author);
		assert_non_null(author->fields[i]->column);
		assert_non_null(author->fields[i]->c_name);
	}
	assert_ptr_equal(author->created_at, author->fields[11]);
	assert_ptr_equal(author->updated_at, author->fields[12]);
	assert_ptr_equal(author->version_field, author->fields[13]);
	assert_ptr_equal(author->deleted_at, author->fields[14]);
	assert_int_equal(author->created_at->default_.kind, IR_DEFAULT_NOW);
	assert_int_equal(author->version_field->type, IR_INT64);
	assert_int_equal(author->version_field->default_.literal.integer, 1);
	assert_true(author->deleted_at->nullable);
	assert_true(author->reads_back);
	assert_false(model_of(&loaded, "tag")->reads_back);
	assert_ptr_equal(author->fields[8]->relation, relation_of(author, "mentor"));
	assert_true(author->fields[8]->nullable);
	assert_int_equal(author->fields[8]->type, IR_INT64);
	unload(&loaded);
}

static void project__keys_and_relations(void **state)
{
	struct loaded loaded = load_library();
	const ir_model *author = model_of(&loaded, "author"), *tag = model_of(&loaded, "tag");
	const ir_model *author_tag = model_of(&loaded, "author_tag"), *book = model_of(&loaded, "book");
	const ir_relation *relation;

	(void)state;
	assert_int_equal(author->key_count, 1);
	assert_ptr_equal(author->key[0], field_of(author, "id"));
	assert_true(field_of(author, "id")->in_key);
	/* A key made of foreign keys, one of them to a key of two fields. */
	assert_int_equal(author_tag->key_count, 3);
	assert_ptr_equal(author_tag->key[1], field_of(author_tag, "tag_kind"));
	assert_int_equal(author_tag->key[1]->type, IR_ENUM);
	assert_int_equal(author_tag->key[1]->value_count, 1);
	assert_int_equal(author_tag->key[2]->length, 20);
	relation = relation_of(author_tag, "tag");
	assert_ptr_equal(relation->target, tag);
	assert_int_equal(relation->field_count, 2);
	assert_ptr_equal(relation->fields[1], field_of(author_tag, "tag_word"));
	assert_ptr_equal(relation->references[1], field_of(tag, "word"));
	/* A declared field serves as foreign key. */
	relation = relation_of(book, "author");
	assert_int_equal(relation->fields[0]->origin, IR_DECLARED);
	assert_ptr_equal(relation->fields[0]->relation, relation);
	assert_int_equal(book->field_count, 3);
	/* Both ends know each other. */
	assert_ptr_equal(relation_of(author, "books")->inverse, relation);
	assert_ptr_equal(
		relation_of(author, "profile")->inverse, relation_of(model_of(&loaded, "profile"), "author"));
	assert_ptr_equal(relation_of(author, "tags")->through, author_tag);
	assert_ptr_equal(relation_of(author, "tags")->inverse, relation_of(author_tag, "author"));
	assert_ptr_equal(relation_of(author, "tags")->far, relation_of(author_tag, "tag"));
	assert_false(relation_of(author, "mentor")->add_later);
	unload(&loaded);
}

static void project__indexes(void **state)
{
	struct loaded loaded = load_library();
	const ir_model *author = model_of(&loaded, "author"), *author_tag = model_of(&loaded, "author_tag");
	const ir_index *index = author->indexes[0];

	(void)state;
	assert_int_equal(author->index_count, 6);
	assert_true(index->primary && index->unique && index->implied && !index->create);
	assert_string_equal(index->finder, "id");
	assert_null(index->where.sql[DBW_SQLITE]);

	index = index_of(author, "authors_email_key");
	assert_non_null(index);
	assert_true(index->unique && index->implied && index->create && index->only_live);
	assert_string_equal(index->where.sql[DBW_SQLITE], "\"deleted_at\" IS NULL");
	assert_string_equal(index->where.sql[DBW_POSTGRESQL], "\"deleted_at\" IS NULL");
	assert_string_equal(index->finder, "email");

	index = index_of(author, "one_active");
	assert_non_null(index);
	assert_false(index->only_live);
	assert_string_equal(index->where.sql[DBW_SQLITE], "\"deleted_at\" IS NULL AND (\"is_active\")");
	assert_string_equal(index->finder, "");

	index = index_of(author, "authors_rank_idx");
	assert_non_null(index);
	assert_true(index->parts[0].descending && index->create && !index->implied);
	assert_ptr_equal(index->model, author);
	assert_non_null(index_of(author, "authors_mentor_id_idx"));
	/* The key serves the first relation, so that it has a finder and no index; the second has its own. */
	assert_int_equal(author_tag->index_count, 3);
	assert_false(author_tag->indexes[1]->create);
	assert_string_equal(author_tag->indexes[1]->finder, "author_id");
	assert_true(author_tag->indexes[2]->create);
	assert_string_equal(author_tag->indexes[2]->finder, "tag_kind_and_tag_word");
	/* index: false. */
	assert_int_equal(model_of(&loaded, "book")->index_count, 1);
	assert_true(index_of(model_of(&loaded, "profile"), "profile_author_id_key")->unique);
	unload(&loaded);
}

static void project__constraints(void **state)
{
	static const ir_constraint_kind kinds[] = { IR_PRIMARY_KEY, IR_UNIQUE, IR_UNIQUE, IR_FOREIGN,
		IR_CHECK, IR_CHECK };
	static const char *const names[] = { "AUTHOR_PKEY", "AUTHOR_EMAIL_KEY", NULL, "AUTHOR_MENTOR_ID_FKEY",
		"AUTHOR_POSITIVE_CHECK", "AUTHOR_RANK_RANGE_CHECK" };
	struct loaded loaded = load_library();
	const ir_model *author = model_of(&loaded, "author");

	(void)state;
	assert_int_equal(author->constraint_count, 6);
	for (size_t i = 0; i < 6; i++) {
		assert_int_equal(author->constraints[i]->kind, kinds[i]);
		if (names[i] != NULL)
			assert_string_equal(author->constraints[i]->c_name, names[i]);
	}
	assert_ptr_equal(author->constraints[1]->index->constraint, author->constraints[1]);
	assert_ptr_equal(author->constraints[3]->relation, relation_of(author, "mentor"));
	assert_ptr_equal(author->constraints[4]->check, author->checks[0]);
	assert_string_equal(author->checks[0]->expression.sql[DBW_SQLITE], "\"balance\" >= 0");
	assert_string_equal(author->checks[0]->expression.sql[DBW_POSTGRESQL], "\"balance\" >= 0.00");
	unload(&loaded);
}

static void project__operators_and_storage(void **state)
{
	struct loaded loaded;
	const ir_model *model;

	(void)state;
	enter_folder();
	write_file("dbwright.yaml", "project: shop\ninclude: [m/*.yaml]\nschemas:\n  both: {storage: text}\n"
				    "  server: {engines: [postgresql], storage: native}\n");
	write_file("m/both.yaml",
		"schema: both\nmodels:\n  mixed:\n    fields: {id: id, at: timestamp, word: text, "
		"big: 'decimal(19,2)', small: 'decimal(18,2)', kind: enum(a), data: json, raw: bytes, "
		"yes: bool, ref: uuid}\n");
	write_file("m/server.yaml",
		"schema: server\nmodels:\n  served:\n    fields: {id: id, at: timestamp, "
		"big: 'decimal(19,2)', kind: enum(a), name: {type: text, collation: de_DE}}\n");
	loaded = load_path("dbwright.yaml", true);
	leave_folder();
	assert_string_equal(loaded.text.data, "");
	model = model_of(&loaded, "mixed");
	assert_int_equal(field_of(model, "at")->storage, IR_STORAGE_TEXT);
	assert_int_equal(field_of(model, "at")->operators, IR_OP_EQUAL | IR_OP_ORDER);
	assert_int_equal(field_of(model, "ref")->storage, IR_STORAGE_TEXT);
	assert_int_equal(field_of(model, "word")->storage, IR_STORAGE_DEFAULT);
	assert_int_equal(field_of(model, "word")->operators, IR_OP_EQUAL | IR_OP_ORDER | IR_OP_PATTERN);
	assert_int_equal(field_of(model, "big")->storage, IR_STORAGE_TEXT);
	assert_int_equal(field_of(model, "big")->operators, IR_OP_EQUAL);
	assert_int_equal(field_of(model, "small")->storage, IR_STORAGE_DEFAULT);
	assert_int_equal(field_of(model, "small")->operators, IR_OP_EQUAL | IR_OP_ORDER);
	assert_int_equal(field_of(model, "kind")->operators, IR_OP_EQUAL | IR_OP_ORDER);
	assert_int_equal(field_of(model, "data")->operators, 0);
	assert_int_equal(field_of(model, "raw")->operators, IR_OP_EQUAL);
	assert_int_equal(field_of(model, "yes")->operators, IR_OP_EQUAL);
	model = model_of(&loaded, "served");
	assert_int_equal(field_of(model, "at")->storage, IR_STORAGE_DEFAULT);
	assert_int_equal(field_of(model, "big")->operators, IR_OP_EQUAL | IR_OP_ORDER);
	assert_int_equal(field_of(model, "kind")->storage, IR_STORAGE_NATIVE);
	assert_int_equal(field_of(model, "kind")->operators, IR_OP_EQUAL);
	unload(&loaded);
}

/* ---- relations ---- */

static void relation__cycles_are_added_later(void **state)
{
	struct loaded loaded = load_text(
		"project: shop\n"
		"schema: main\n"
		"models:\n"
		"  first:\n"
		"    fields: {id: id}\n"
		"    relations: {second: {belongs_to: second}, self: {belongs_to: first, optional: true}}\n"
		"  second:\n"
		"    fields: {id: id}\n"
		"    relations: {middle: {belongs_to: middle}, last: {belongs_to: last}}\n"
		"  middle:\n"
		"    fields: {id: id}\n"
		"    relations: {first: {belongs_to: first, optional: true}}\n"
		"  last: {fields: {id: id}}\n"
		"  above:\n"
		"    fields: {id: id}\n"
		"    relations: {first: {belongs_to: first}}\n",
		true);
	static const char *const order[] = { "middle", "last", "second", "first", "above" };

	(void)state;
	assert_string_equal(loaded.text.data, "");
	for (size_t i = 0; i < 5; i++)
		assert_string_equal(loaded.project->schemas[0]->creation_order[i]->name.text, order[i]);
	assert_true(relation_of(model_of(&loaded, "middle"), "first")->add_later);
	assert_false(relation_of(model_of(&loaded, "first"), "second")->add_later);
	assert_false(relation_of(model_of(&loaded, "first"), "self")->add_later);
	assert_false(relation_of(model_of(&loaded, "second"), "last")->add_later);
	assert_false(relation_of(model_of(&loaded, "above"), "first")->add_later);
	unload(&loaded);
}

static void relation__names_and_references(void **state)
{
	struct loaded loaded = load_text(
		"project: shop\n"
		"schema: main\n"
		"models:\n"
		"  user:\n"
		"    fields: {id: id, email: {type: string(80), unique: true}}\n"
		"    relations: {sent: {has_many: mail, inverse: sender}}\n"
		"  mail:\n"
		"    fields: {id: id, size: 'int64?'}\n"
		"    relations:\n"
		"      sender: {belongs_to: user, field: from_id, column: from_no, c_name: from_number}\n"
		"      reader: {belongs_to: user, references: email, on_update: cascade}\n"
		"      sized: {belongs_to: user, field: size, on_delete: set_null}\n",
		true);
	const ir_model *mail;

	(void)state;
	assert_string_equal(loaded.text.data, "");
	mail = model_of(&loaded, "mail");
	assert_string_equal(field_of(mail, "from_id")->column, "from_no");
	assert_string_equal(field_of(mail, "from_id")->c_name, "from_number");
	assert_int_equal(field_of(mail, "reader_email")->type, IR_STRING);
	assert_int_equal(field_of(mail, "reader_email")->length, 80);
	/* A nullable field makes the relation optional. */
	assert_true(relation_of(mail, "sized")->optional);
	assert_ptr_equal(
		relation_of(model_of(&loaded, "user"), "sent")->inverse, relation_of(mail, "sender"));
	unload(&loaded);
}

static void relation__a_partial_index_serves_no_foreign_key(void **state)
{
	struct loaded loaded = load_text(
		"project: shop\n"
		"schema: main\n"
		"models:\n"
		"  user: {fields: {id: id}}\n"
		"  mail:\n"
		"    soft_delete: true\n"
		"    fields: {id: id, read: bool}\n"
		"    relations: {a: {belongs_to: user}, b: {belongs_to: user}, c: {belongs_to: user}}\n"
		"    indexes:\n"
		"      - {fields: [a_id], where: read}\n"
		"      - {fields: [b_id, read], unique: true}\n"
		"      - {fields: [c_id, read]}\n",
		true);
	const ir_model *mail;

	(void)state;
	mail = model_of(&loaded, "mail");
	/* The key, the three declared ones, and an implied one for each relation. */
	assert_int_equal(mail->index_count, 7);
	assert_true(mail->indexes[4]->create);
	assert_true(mail->indexes[5]->create);
	assert_false(mail->indexes[6]->create);
	unload(&loaded);
}

/* ---- defaults ---- */

static void default__literals(void **state)
{
	static const struct {
		const char *type, *written, *text;
		int64_t integer;
	} cases[] = {
		{ "bool", "TRUE", "true", 1 },
		{ "bool", "false", "false", 0 },
		{ "int16", "-32768", "-32768", -32768 },
		{ "int32", "0x10", "16", 16 },
		{ "int64", "-9223372036854775808", "-9223372036854775808", INT64_MIN },
		{ "int64", "010", "10", 10 },
		{ "float64", "1", "1.0", 0 },
		{ "float64", "1.5e3", "1.5e3", 0 },
		{ "float32", "-0.25", "-0.25", 0 },
		{ "decimal(10,2)", "\"1.5\"", "1.50", 0 },
		{ "decimal(10,2)", "-1.50", "-1.50", 0 },
		{ "decimal(4,0)", "1e3", "1000", 0 },
		{ "string(3)", "äöü", "äöü", 0 },
		{ "text", "\"it's\"", "it's", 0 },
		{ "text", "\"\"", "", 0 },
		{ "bytes", "\"0x00Ff\"", "00ff", 0 },
		{ "bytes", "0x", "", 0 },
		{ "timestamp", "1970-01-01T00:00:01+00:00", "1970-01-01T00:00:01.000000Z", 1000000 },
		{ "date", "1970-01-02", "1970-01-02", 1 },
		{ "time", "\"00:00:01.5\"", "00:00:01.500000", 1500000 },
		{ "uuid", "F81D4FAE-7DEC-11D0-A765-00A0C91E6BF6", "f81d4fae7dec11d0a76500a0c91e6bf6", 0 },
		{ "json", "'{\"a\": [1, -2.5e3, true, null, \"\\u00e9\\ud83d\\ude00\"]}'",
			"{\"a\": [1, -2.5e3, true, null, \"\\u00e9\\ud83d\\ude00\"]}", 0 },
		{ "enum(red, green)", "green", "green", 1 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		char text[512];
		struct loaded loaded;
		const ir_default *default_;

		snprintf(text, sizeof(text),
			"project: shop\nschema: main\nmodels:\n  item:\n    fields:\n      id: id\n"
			"      f: {type: \"%s\", default: %s}\n",
			cases[i].type, cases[i].written);
		loaded = load_text(text, true);
		assert_string_equal(loaded.text.data, "");
		default_ = &field_of(model_of(&loaded, "item"), "f")->default_;
		assert_int_equal(default_->kind, IR_DEFAULT_LITERAL);
		assert_string_equal(default_->literal.text, cases[i].text);
		assert_int_equal(default_->literal.length, strlen(cases[i].text));
		assert_true(default_->literal.integer == cases[i].integer);
		unload(&loaded);
	}
}

static void default__decimal_coefficient(void **state)
{
	struct loaded loaded =
		load_text("project: shop\nschema: main\nmodels:\n  item:\n    fields:\n      id: id\n"
			  "      f: {type: 'decimal(10,3)', default: \"-1.5\"}\n",
			true);
	const ir_literal *literal = &field_of(model_of(&loaded, "item"), "f")->default_.literal;

	(void)state;
	assert_string_equal(loaded.text.data, "");
	assert_true(literal->high == -1);
	assert_true(literal->low == (uint64_t)INT64_C(-1500));
	unload(&loaded);
}

static void default__refused(void **state)
{
	static const struct {
		const char *type, *written, *said;
	} cases[] = {
		{ "int16", "32768", "does not fit its type" },
		{ "int64", "9223372036854775808", "does not fit its type" },
		{ "float32", "1e39", "does not fit its type" },
		{ "float64", ".inf", "is not a finite number" },
		{ "float64", "1e999", "is not a finite number" },
		{ "decimal(4,2)", "123", "does not fit its type" },
		{ "decimal(4,2)", "0.001", "does not fit its type" },
		{ "decimal(4,2)", "0x10", "is not a decimal number" },
		{ "string(2)", "äöü", "is too long" },
		{ "text", "\"a\\0b\"", "has a NUL byte" },
		{ "bytes", "0x0", "is not bytes" },
		{ "bytes", "\"0xgg\"", "is not bytes" },
		{ "timestamp", "2024-01-01T00:00:60Z", "is not a timestamp" },
		{ "date", "2023-02-29", "is not a date" },
		{ "time", "\"24:00:00\"", "is not a time of day" },
		{ "json", "\"{'a': 1}\"", "is not JSON" },
		{ "json", "\"[1,]\"", "is not JSON" },
		{ "json", "\"01\"", "is not JSON" },
		{ "json", "\"1 2\"", "is not JSON" },
		{ "json", "'\"\\ud800\"'", "is not JSON" },
		{ "json", "'\"\\u0000\"'", "is not JSON" },
		{ "json", "\"\"", "is not JSON" },
		{ "enum(red, green)", "blue", "is not one of its values" },
		{ "uuid", "now", "is not a uuid" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		char text[512], said[256];
		struct loaded loaded;

		snprintf(text, sizeof(text),
			"project: shop\nschema: main\nmodels:\n  item:\n    fields:\n      id: id\n"
			"      f: {type: \"%s\", default: %s}\n",
			cases[i].type, cases[i].written);
		snprintf(said, sizeof(said), "error: the default of field \"f\" in model \"item\" %s",
			cases[i].said);
		loaded = load_text(text, true);
		assert_int_equal(dbw_diagnostics_errors(loaded.diagnostics), 1);
		if (strstr(loaded.text.data, said) == NULL)
			fail_msg("%s: %s", said, loaded.text.data);
		unload(&loaded);
	}
}

/* ---- fragments ---- */

static struct loaded load_check(const char *fragment, const char *engines)
{
	char text[1024];

	snprintf(text, sizeof(text),
		"project: shop\nschema: main\nschemas: {main: {engines: [%s]}}\nmodels:\n  item:\n    fields:\n"
		"      id: id\n      price: decimal(10,2)\n      cost: decimal(8,2)\n      rate: decimal(10,4)\n"
		"      count: int32\n      active: bool\n      name: text\n      sold_at: timestamp\n"
		"      ref: uuid\n      big: decimal(30,2)\n    checks:\n      rule: %s\n",
		engines, fragment);
	return load_text(text, true);
}

static void fragment__accepted(void **state)
{
	static const struct {
		const char *written, *sqlite, *postgresql;
	} cases[] = {
		{ "\"price >= {dec 10.50}\"", "\"price\" >= 1050", "\"price\" >= 10.50" },
		{ "\"price >= {dec -1}\"", "\"price\" >= (-100)", "\"price\" >= (-1)" },
		{ "\"price -{dec -1} > cost\"", "\"price\" -(-100) > \"cost\"",
			"\"price\" -(-1) > \"cost\"" },
		{ "\"{dec 1} < price AND rate < {dec 1.5}\"", "100 < \"price\" AND \"rate\" < 15000",
			"1 < \"price\" AND \"rate\" < 1.5" },
		{ "\"price BETWEEN {dec 1} AND {dec 2} AND count > 5\"",
			"\"price\" BETWEEN 100 AND 200 AND \"count\" > 5",
			"\"price\" BETWEEN 1 AND 2 AND \"count\" > 5" },
		{ "\"price IN ({dec 1}, {dec 2.5})\"", "\"price\" IN (100, 250)", "\"price\" IN (1, 2.5)" },
		{ "\"coalesce(price, {dec 0}) >= cost + {dec 1}\"",
			"coalesce(\"price\", 0) >= \"cost\" + 100",
			"coalesce(\"price\", 0) >= \"cost\" + 1" },
		{ "\"price * 2 > cost\"", "\"price\" * 2 > \"cost\"", "\"price\" * 2 > \"cost\"" },
		{ "\"price * count > cost\"", "\"price\" * \"count\" > \"cost\"",
			"\"price\" * \"count\" > \"cost\"" },
		{ "\"abs(price) > {dec 1} AND cost > price * count\"",
			"abs(\"price\") > 100 AND \"cost\" > \"price\" * \"count\"",
			"abs(\"price\") > 1 AND \"cost\" > \"price\" * \"count\"" },
		{ "\"active AND NOT (count > 1)\"", "\"active\" AND NOT (\"count\" > 1)",
			"\"active\" AND NOT (\"count\" > 1)" },
		{ "active", "\"active\"", "\"active\"" },
		{ "\"length(name) > 3 AND name <> 'it''s; -- {x}'\"",
			"length(\"name\") > 3 AND \"name\" <> 'it''s; -- {x}'",
			"length(\"name\") > 3 AND \"name\" <> 'it''s; -- {x}'" },
		{ "\"\\\"name\\\" = 'x' AND (count - -1) > 0\"", "\"name\" = 'x' AND (\"count\" - -1) > 0",
			"\"name\" = 'x' AND (\"count\" - -1) > 0" },
		{ "{sqlite: \"sold_at > 1000\", postgresql: \"sold_at > '2024-01-01'\"}", "sold_at > 1000",
			"sold_at > '2024-01-01'" },
		{ "{check: {sqlite: \"price > 5\", postgresql: \"price > 0.05\"}, message: Low.}",
			"price > 5", "price > 0.05" },
		{ "\"CASE WHEN active THEN count > 1 ELSE price > {dec 1} END\"",
			"CASE WHEN \"active\" THEN \"count\" > 1 ELSE \"price\" > 100 END",
			"CASE WHEN \"active\" THEN \"count\" > 1 ELSE \"price\" > 1 END" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct loaded loaded = load_check(cases[i].written, "sqlite, postgresql");
		const ir_fragment *expression;

		if (strcmp(loaded.text.data, "") != 0)
			fail_msg("%s: %s", cases[i].written, loaded.text.data);
		expression = &model_of(&loaded, "item")->checks[0]->expression;
		assert_string_equal(expression->sql[DBW_SQLITE], cases[i].sqlite);
		assert_string_equal(expression->sql[DBW_POSTGRESQL], cases[i].postgresql);
		unload(&loaded);
	}
}

static void fragment__refused(void **state)
{
	static const struct {
		const char *written, *said;
	} cases[] = {
		{ "\"price > 5\"", "the number 5 stands beside decimal \"price\"" },
		{ "\"5 < price\"", "the number 5 stands beside decimal \"price\"" },
		{ "\"price > -5\"", "the number 5 stands beside decimal \"price\"" },
		{ "\"(price) > (5)\"", "the number 5 stands beside decimal \"price\"" },
		{ "\"price BETWEEN 1 AND {dec 2}\"", "the number 1 stands beside decimal \"price\"" },
		{ "\"price BETWEEN {dec 1} AND -2\"", "the number 2 stands beside decimal \"price\"" },
		{ "\"price NOT IN ({dec 1}, 2)\"", "the number 2 stands beside decimal \"price\"" },
		{ "\"max(price, 2) > cost\"", "the number 2 stands beside decimal \"price\"" },
		{ "\"price + 1 > cost\"", "the number 1 stands beside decimal \"price\"" },
		{ "\"PRICE > 5\"", "the number 5 stands beside decimal \"price\"" },
		{ "\"item.price > 5\"", "the number 5 stands beside decimal \"price\"" },
		{ "\"\\\"price\\\" > 5\"", "the number 5 stands beside decimal \"price\"" },
		{ "\"price > '5'\"", "a text stands beside decimal \"price\"" },
		{ "\"price / 2 > cost\"", "decimal \"price\" is multiplied or divided by 2" },
		{ "\"price * 0.5 > cost\"", "decimal \"price\" is multiplied or divided by 0.5" },
		{ "\"price * cost > {dec 1}\"", "decimal \"price\" is multiplied or divided by \"cost\"" },
		{ "\"price / count > cost\"", "decimal \"price\" is multiplied or divided by \"count\"" },
		{ "\"price > rate\"", "\"price\" and \"rate\" are not of one scale" },
		{ "\"count < price\"", "\"count\" and \"price\" are not of one scale" },
		{ "\"price > {dec 1.001}\"", "{dec 1.001} does not fit decimal(10,2)" },
		{ "\"price > {dec 123456789}\"", "{dec 123456789} does not fit decimal(10,2)" },
		{ "\"price > {dec ten}\"", "\"ten\" is not a decimal number" },
		{ "\"count > {dec 1}\"", "{dec ...} stands beside \"count\", which is int32" },
		{ "\"big > {dec 1}\"", "decimal \"big\" has more than 18 digits" },
		{ "\"active = 1\"", "bool \"active\" is compared with the number 1" },
		{ "\"active IS NOT 0\"", "bool \"active\" is compared with the number 0" },
		{ "\"active IN (0, 1)\"", "bool \"active\" is compared with the number 0" },
		{ "\"sold_at > '2024-01-01'\"", "a text stands beside timestamp \"sold_at\"" },
		{ "\"sold_at > 0\"", "the number 0 stands beside timestamp \"sold_at\"" },
		{ "\"ref <> 'x'\"", "a text stands beside uuid \"ref\"" },
		{ "\"count > 1; SELECT 1\"", "it has a ';'" },
		{ "\"count > 1 /* x */\"", "it has a comment" },
		{ "\"count > 1) OR (1\"", "a bracket closes that was not opened" },
		{ "\"(count > 1\"", "a bracket does not close" },
		{ "\"name = 'x\"", "a quote does not close" },
		{ "\"name = $1\"", "it has a '$'" },
		{ "\"name = ?\"", "it has a '?'" },
		{ "\"name = E'x'\"", "it has an E'...' text" },
		{ "\" \"", "it is empty" },
		{ "\"name = :x\"", "SQLite says: parameters prohibited in CHECK constraints" },
		{ "\"name = \\\"x\\\"\"", "SQLite says: no such column: x" },
		{ "\"nosuch(name)\"", "SQLite says: no such function: nosuch" },
		{ "\"count > 1,\"", "SQLite says: near \",\": syntax error" },
		{ "\"count > (SELECT 1)\"", "SQLite says: subqueries prohibited in CHECK constraints" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct loaded loaded = load_check(cases[i].written, "sqlite, postgresql");

		if (strstr(loaded.text.data, cases[i].said) == NULL)
			fail_msg("%s: %s", cases[i].written, loaded.text.data);
		assert_int_equal(dbw_diagnostics_errors(loaded.diagnostics), 1);
		assert_non_null(strstr(loaded.text.data, "error: check \"rule\" in model \"item\": "));
		unload(&loaded);
	}
}

/* What only one engine would misunderstand is no mistake without it. */
static void fragment__follows_the_engines(void **state)
{
	static const struct {
		const char *written, *engines;
		bool good;
	} cases[] = {
		{ "\"count == 1\"", "sqlite", true },
		{ "\"count == 1\"", "postgresql", false },
		{ "\"sold_at > '2024-01-01'\"", "postgresql", true },
		{ "\"price > rate\"", "postgresql", true },
		{ "\"big > {dec 1}\"", "postgresql", true },
		{ "count", "sqlite", true },
		{ "count", "postgresql", false },
		{ "{sqlite: \"count > 1\"}", "sqlite", true },
		{ "{sqlite: \"count > 1\"}", "sqlite, postgresql", false },
		{ "\"nosuch(name)\"", "postgresql", true },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct loaded loaded = load_check(cases[i].written, cases[i].engines);

		if (loaded.good != cases[i].good)
			fail_msg("%s on %s: %s", cases[i].written, cases[i].engines, loaded.text.data);
		unload(&loaded);
	}
}

/* ---- one mistake, one message ---- */

static void mistakes__have_no_follow_up(void **state)
{
	static const char *const projects[] = {
		/* A field that is gone is missed by the key, an index, a check and a relation. */
		"  item:\n    key: code\n    fields: {code: strin(9), n: int32}\n    indexes: [{fields: [code]}]\n"
		"    checks: {c: \"code > 'x'\"}\n  part:\n    fields: {id: id}\n"
		"    relations: {item: {belongs_to: item}}\n",
		"  item:\n    feilds: {id: id, name: text}\n    indexes: [{fields: [name]}]\n"
		"    checks: {c: \"name > 'x'\"}\n    relations: {parts: {has_many: part}}\n"
		"  part:\n    fields: {id: id}\n    relations: {item: {belongs_to: item}}\n",
		/* A model that is gone is missed by those that lead to it. */
		"  Item: {fields: {id: id}}\n  part:\n    fields: {id: id}\n    relations: {item: {belongs_to: item}}\n"
		"    indexes: [{fields: [item_id]}]\n    checks: {c: \"item_id > 0\"}\n",
		/* A model without a key is missed by its children. */
		"  item: {fields: {name: text}}\n  part:\n    key: [item_id, n]\n    fields: {n: int32}\n"
		"    relations: {item: {belongs_to: item}}\n",
		/* A relation that is wrong is missed by its inverse. */
		"  item:\n    fields: {id: id}\n    relations: {parts: {has_many: part}}\n"
		"  part:\n    fields: {id: id}\n    relations: {item: {belongs_to: itm}}\n",
		"  item:\n    mixins: [nothing]\n    fields: {id: id}\n    indexes: [{fields: [note]}]\n",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(projects) / sizeof(projects[0]); i++) {
		char text[1024];
		struct loaded loaded;

		snprintf(text, sizeof(text), "project: shop\nschema: main\nmodels:\n%s", projects[i]);
		loaded = load_text(text, true);
		if (dbw_diagnostics_errors(loaded.diagnostics) != 1)
			fail_msg("%zu: %s", i, loaded.text.data);
		unload(&loaded);
	}
}

static void mistakes__have_codes(void **state)
{
	struct loaded loaded = load_text("project: shop\n"
					 "schema: main\n"
					 "models:\n"
					 "  item:\n"
					 "    fields: {id: id, at: tiestamp}\n"
					 "    tabel: items\n",
		true);
	const dbw_diagnostic *first = dbw_diagnostics_at(loaded.diagnostics, 0);
	const dbw_diagnostic *second = dbw_diagnostics_at(loaded.diagnostics, 1);

	(void)state;
	assert_int_equal(dbw_diagnostics_count(loaded.diagnostics), 2);
	assert_string_equal(first->code, "unknown-type");
	assert_string_equal(
		first->message, "field \"at\" in model \"item\" has the unknown type \"tiestamp\"");
	assert_string_equal(first->hint, "did you mean \"timestamp\"?");
	assert_int_equal(first->position.line, 5);
	assert_int_equal(first->position.column, 26);
	assert_string_equal(second->code, "unknown-key");
	unload(&loaded);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(project__is_valid),
		cmocka_unit_test(project__fields_in_order),
		cmocka_unit_test(project__keys_and_relations),
		cmocka_unit_test(project__indexes),
		cmocka_unit_test(project__constraints),
		cmocka_unit_test(project__operators_and_storage),
		cmocka_unit_test(relation__cycles_are_added_later),
		cmocka_unit_test(relation__names_and_references),
		cmocka_unit_test(relation__a_partial_index_serves_no_foreign_key),
		cmocka_unit_test(default__literals),
		cmocka_unit_test(default__decimal_coefficient),
		cmocka_unit_test(default__refused),
		cmocka_unit_test(fragment__accepted),
		cmocka_unit_test(fragment__refused),
		cmocka_unit_test(fragment__follows_the_engines),
		cmocka_unit_test(mistakes__have_no_follow_up),
		cmocka_unit_test(mistakes__have_codes),
	};

	return cmocka_run_group_tests_name("check", tests, NULL, NULL);
}
