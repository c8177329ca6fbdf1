/* Models without an assigned id: keys that the runtime makes, keys of two columns, and every kind of unset member. */
#include <dbwright/databases.h>
#include <dbwright/filter.h>
#include <dbwright/generated.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define COUNT(array)    ((uint16_t)(sizeof(array) / sizeof((array)[0])))
#define NUMBERS(...)    ((const uint16_t[]){ __VA_ARGS__ })
#define PARAMETERS(...) .parameters = NUMBERS(__VA_ARGS__), .parameter_count = COUNT(NUMBERS(__VA_ARGS__))
#define NOT_IN_QUERIES  .filter_offset = DBW_NO_MEMBER, .order_offset = DBW_NO_MEMBER
#define NO_QUERY                                                                                             \
	{                                                                                                    \
		DBW_NO_MEMBER, DBW_NO_MEMBER, 0, DBW_NO_MEMBER, DBW_NO_MEMBER, DBW_NO_MEMBER, DBW_NO_MEMBER, \
			DBW_NO_MEMBER                                                                        \
	}

/* token: a uuid for a key; all that the runtime can make */

typedef struct token {
	dbw_uuid id;
	dbw_date issued_on;
	dbw_time issued_at;
	dbw_timestamp issued;
	dbw_opt_uuid secret;
	dbw_opt_timestamp seen;
	int16_t version;
	dbw_row row_;
} token;

#define TOKEN_INIT                                                                   \
	{                                                                            \
		.issued_on = DBW_DATE_UNSET_INIT, .issued_at = DBW_TIME_UNSET_INIT,  \
		.issued = DBW_TIMESTAMP_UNSET_INIT, .secret = { .has = true },       \
		.seen = { false, DBW_TIMESTAMP_UNSET_INIT }, .version = 1, .row_ = { \
			DBW_ROW_NEW,                                                 \
			0,                                                           \
			NULL                                                         \
		}                                                                    \
	}

typedef struct token_columns {
	bool id : 1, issued_on : 1, issued_at : 1, issued : 1, secret : 1, seen : 1, version : 1;
} token_columns;

#define TOKEN_COLUMN(member) \
	.name = #member, .field = #member, .offset = offsetof(token, member), NOT_IN_QUERIES

static const dbw_column token__columns[] = {
	{ TOKEN_COLUMN(id), .kind = DBW_KIND_UUID, .flags = DBW_COLUMN_KEY | DBW_COLUMN_UUID_V7 },
	{ TOKEN_COLUMN(issued_on), .kind = DBW_KIND_DATE, .flags = DBW_COLUMN_NOW },
	{ TOKEN_COLUMN(issued_at), .kind = DBW_KIND_TIME, .flags = DBW_COLUMN_NOW },
	{ TOKEN_COLUMN(issued), .kind = DBW_KIND_TIMESTAMP, .flags = DBW_COLUMN_NOW },
	{ TOKEN_COLUMN(secret), .kind = DBW_KIND_UUID, .flags = DBW_COLUMN_NULLABLE | DBW_COLUMN_UUID_V4 },
	{ TOKEN_COLUMN(seen), .kind = DBW_KIND_TIMESTAMP, .flags = DBW_COLUMN_NULLABLE | DBW_COLUMN_NOW },
	{ TOKEN_COLUMN(version), .kind = DBW_KIND_INT16, .flags = DBW_COLUMN_VERSION },
};

#define TOKEN_SELECT "SELECT id, issued_on, issued_at, issued, secret, seen, version FROM tokens"

static const dbw_statement token__statements[DBW_STATEMENT_FIRST_FINDER] = {
	[DBW_STATEMENT_INSERT] = { .name = "token_insert",
		.sql = { "INSERT INTO tokens (id, issued_on, issued_at, issued, secret, seen, version) "
			 "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)" },
		PARAMETERS(0, 1, 2, 3, 4, 5, 6) },
	[DBW_STATEMENT_FIND] = { .name = "token_find_by_id",
		.sql = { TOKEN_SELECT " WHERE id = ?1" },
		PARAMETERS(0) },
	[DBW_STATEMENT_EXISTS] = { .name = "token_exists_by_id",
		.sql = { "SELECT 1 FROM tokens WHERE id = ?1" },
		PARAMETERS(0) },
};

static const dbw_object token__objects[] = { { DBW_OBJECT_TABLE,
	"CREATE TABLE tokens (id BLOB NOT NULL PRIMARY KEY, issued_on INTEGER NOT NULL, issued_at INTEGER NOT NULL, "
	"issued INTEGER NOT NULL, secret BLOB, seen INTEGER, version INTEGER NOT NULL) STRICT" } };

static const dbw_schema box__schema;
static const uint32_t token__first_slot = 0;
static const uint32_t seat__first_slot = DBW_STATEMENT_FIRST_FINDER;

static const dbw_model token__model = {
	.abi = DBW_ABI,
	.name = "token",
	.table = "tokens",
	.schema = &box__schema,
	.columns = token__columns,
	.column_count = COUNT(token__columns),
	.key_count = 1,
	.key = NUMBERS(0),
	.id = DBW_NO_COLUMN,
	.version = 6,
	.deleted_at = DBW_NO_COLUMN,
	.row_size = sizeof(token),
	.row_word = offsetof(token, row_),
	.query = NO_QUERY,
	.statements = token__statements,
	.statement_count = COUNT(token__statements),
	.first_slot = &token__first_slot,
	.select = { TOKEN_SELECT },
};

/* seat: a key of two columns, a generated column, and defaults of the database for members of several kinds */

typedef struct seat {
	int32_t line;
	const char *letter;
	const char *label; /* Generated. */
	dbw_opt_i64 price;
	dbw_bytes color;
	dbw_decimal weight;
	double width;
	const char *remark; /* Nullable. */
	dbw_row row_;
} seat;

#define SEAT_INIT                                                                                   \
	{                                                                                           \
		.price = { false, DBW_INT64_UNSET }, .color = { DBW_TEXT_UNSET, 0 },                \
		.weight = DBW_DECIMAL_UNSET_INIT, .width = 1.5, .remark = DBW_TEXT_UNSET, .row_ = { \
			DBW_ROW_NEW,                                                                \
			0,                                                                          \
			NULL                                                                        \
		}                                                                                   \
	}

typedef struct seat_columns {
	bool line : 1, letter : 1, label : 1, price : 1, color : 1, weight : 1, width : 1, remark : 1;
} seat_columns;

#define SEAT_COLUMN(member) \
	.name = #member, .field = #member, .offset = offsetof(seat, member), NOT_IN_QUERIES

static const dbw_column seat__columns[] = {
	{ SEAT_COLUMN(line), .kind = DBW_KIND_INT32, .flags = DBW_COLUMN_KEY },
	{ SEAT_COLUMN(letter), .kind = DBW_KIND_TEXT, .flags = DBW_COLUMN_KEY },
	{ SEAT_COLUMN(label), .kind = DBW_KIND_TEXT, .flags = DBW_COLUMN_GENERATED },
	{ SEAT_COLUMN(price), .kind = DBW_KIND_INT64, .flags = DBW_COLUMN_NULLABLE | DBW_COLUMN_EXPRESSION },
	{ SEAT_COLUMN(color), .kind = DBW_KIND_BYTES, .flags = DBW_COLUMN_EXPRESSION },
	{ SEAT_COLUMN(weight), .kind = DBW_KIND_DECIMAL, .precision = 5, .scale = 1,
		.flags = DBW_COLUMN_EXPRESSION },
	{ SEAT_COLUMN(width), .kind = DBW_KIND_FLOAT64, .flags = DBW_COLUMN_EXPRESSION },
	{ SEAT_COLUMN(remark), .kind = DBW_KIND_TEXT, .flags = DBW_COLUMN_NULLABLE | DBW_COLUMN_EXPRESSION },
};

#define SEAT_SELECT "SELECT line, letter, label, price, color, weight, width, remark FROM seats"
#define SEAT_KEY    " WHERE line = ?1 AND letter = ?2"

static const dbw_statement seat__statements[DBW_STATEMENT_FIRST_FINDER] = {
	[DBW_STATEMENT_INSERT] = { .name = "seat_insert",
		.sql = { "INSERT INTO seats (line, letter, price, color, weight, width, remark) "
			 "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)" },
		PARAMETERS(0, 1, 3, 4, 5, 6, 7) },
	[DBW_STATEMENT_DELETE] = { .name = "seat_delete_by_line_and_letter",
		.sql = { "DELETE FROM seats" SEAT_KEY },
		PARAMETERS(0, 1) },
	[DBW_STATEMENT_FIND] = { .name = "seat_find_by_line_and_letter",
		.sql = { SEAT_SELECT SEAT_KEY },
		PARAMETERS(0, 1) },
};

static const dbw_object seat__objects[] = {
	{ DBW_OBJECT_TABLE,
		"CREATE TABLE seats (line INTEGER NOT NULL, letter TEXT NOT NULL, "
		"label TEXT NOT NULL AS (line || letter) STORED, price INTEGER DEFAULT (40 + 2), "
		"color BLOB NOT NULL DEFAULT (x'ff00'), weight INTEGER NOT NULL DEFAULT (100 + 5), "
		"width REAL NOT NULL DEFAULT (2.0), remark TEXT DEFAULT (lower('FREE')), PRIMARY KEY (line, letter)) STRICT" }
};

static const dbw_model seat__model = {
	.abi = DBW_ABI,
	.name = "seat",
	.table = "seats",
	.schema = &box__schema,
	.columns = seat__columns,
	.column_count = COUNT(seat__columns),
	.key_count = 2,
	.key = NUMBERS(0, 1),
	.id = DBW_NO_COLUMN,
	.version = DBW_NO_COLUMN,
	.deleted_at = DBW_NO_COLUMN,
	.row_size = sizeof(seat),
	.row_word = offsetof(seat, row_),
	.query = NO_QUERY,
	.statements = seat__statements,
	.statement_count = COUNT(seat__statements),
	.first_slot = &seat__first_slot,
	.select = { SEAT_SELECT },
	.reads_back = true,
};

static const dbw_model *const box__models[] = { &token__model, &seat__model };
static const dbw_schema box__schema = { .abi = DBW_ABI,
	.name = "box",
	.engines = 1U << DBW_SQLITE,
	.models = box__models,
	.model_count = COUNT(box__models) };
static const dbw_table box__table_list[] = {
	{ &token__model, { [DBW_SQLITE] = { token__objects, COUNT(token__objects) } } },
	{ &seat__model, { [DBW_SQLITE] = { seat__objects, COUNT(seat__objects) } } },
};
static const dbw_tables box__tables = { &box__schema, box__table_list, COUNT(box__table_list) };
static const dbw_schema *const schemas[] = { &box__schema };
static const dbw_entry entries[] = { { .name = "box", .connection_string = "sqlite::memory:" } };
static const dbw_program program = { .abi = DBW_ABI,
	.name = "keys",
	.schemas = schemas,
	.schema_count = 1,
	.entries = entries,
	.entry_count = 1,
	.slot_count = 2 * DBW_STATEMENT_FIRST_FINDER };

static dbw_databases *databases;
static dbw_session s;
static dbw_error error;

static int setup(void **state)
{
	const dbw_session_options options = { .purpose = "keys" };

	(void)state;
	assert_int_equal(dbw_databases_open(&databases, &program, NULL, &error), DBW_OK);
	assert_int_equal(dbw__begin(databases, &box__schema, &options, true, &s, &error), DBW_OK);
	assert_int_equal(dbw__create_tables(s, &box__tables), DBW_OK);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	assert_int_equal(dbw__end(s), DBW_OK);
	assert_int_equal(dbw_databases_close(databases, &error), DBW_OK);
	return 0;
}

static token *find_token(dbw_uuid id)
{
	const void *const key[] = { &id };
	token *found;

	assert_int_equal(dbw__find_by(s, &token__model, DBW_STATEMENT_FIND, key, &found), DBW_OK);
	return found;
}

static void made__uuids_and_times_are_written_back(void **state)
{
	token row = TOKEN_INIT;
	token second = TOKEN_INIT;
	token *found;

	(void)state;
	assert_int_equal(dbw__insert(s, &token__model, &row), DBW_OK);
	assert_int_equal(row.id.bytes[6] >> 4, 7);
	assert_true(row.secret.has);
	assert_int_equal(row.secret.value.bytes[6] >> 4, 4);
	assert_true(row.seen.has);
	/* One reading of the clock for the whole row. */
	assert_true(row.issued.us == row.seen.value.us);
	assert_true(row.issued.us == row.issued_on.days * INT64_C(86400000000) + row.issued_at.us);
	found = find_token(row.id);
	assert_true(found->issued.us == row.issued.us && found->issued_on.days == row.issued_on.days);
	assert_true(found->issued_at.us == row.issued_at.us && found->seen.value.us == row.seen.value.us);
	assert_memory_equal(found->secret.value.bytes, row.secret.value.bytes, 16);
	dbw__row_free(&token__model, found);
	assert_int_equal(dbw__insert(s, &token__model, &second), DBW_OK);
	assert_true(dbw_uuid_compare(row.id, second.id) < 0);
}

static void made__what_is_set_stays(void **state)
{
	token row = TOKEN_INIT;
	token *found;

	(void)state;
	row.id.bytes[0] = 9;
	row.issued_on.days = 0;
	row.issued_at.us = 0;
	row.issued.us = -1;
	row.secret = dbw_none_uuid();
	row.seen = dbw_none_timestamp();
	assert_int_equal(dbw__insert(s, &token__model, &row), DBW_OK);
	assert_true(row.id.bytes[0] == 9 && row.issued_on.days == 0 && row.issued_at.us == 0 &&
		    row.issued.us == -1);
	assert_false(row.secret.has || row.seen.has);
	found = find_token(row.id);
	assert_false(found->secret.has || found->seen.has);
	assert_true(found->issued.us == -1);
	dbw__row_free(&token__model, found);
}

static void made__null_beside_made_ones_stays_null(void **state)
{
	token row = TOKEN_INIT;

	(void)state;
	row.seen = dbw_none_timestamp();
	assert_int_equal(dbw__insert(s, &token__model, &row), DBW_OK);
	assert_false(row.seen.has);
	assert_true(row.secret.has);
}

static void made__nothing_on_failure(void **state)
{
	token row = TOKEN_INIT;
	token same = TOKEN_INIT;

	(void)state;
	row.id.bytes[0] = same.id.bytes[0] = 1;
	assert_int_equal(dbw__insert(s, &token__model, &row), DBW_OK);
	assert_int_equal(dbw__insert(s, &token__model, &same), DBW_CONFLICT);
	assert_true(dbw_timestamp_is_unset(same.issued) && dbw_date_is_unset(same.issued_on));
	assert_true(dbw_uuid_is_nil(same.secret.value) && !same.seen.has);
}

static void version__ends_with_its_type(void **state)
{
	token row = TOKEN_INIT;

	(void)state;
	row.version = INT16_MAX - 1;
	assert_int_equal(dbw__insert(s, &token__model, &row), DBW_OK);
	assert_int_equal(dbw__update(s, &token__model, &row, &(token_columns){ .secret = 1 }), DBW_OK);
	assert_int_equal(row.version, INT16_MAX);
	assert_int_equal(dbw__update(s, &token__model, &row, &(token_columns){ .secret = 1 }), DBW_INVALID);
	assert_string_equal(dbw_session_error(s)->message, "token.version has no next version");
	assert_int_equal(row.version, INT16_MAX);
}

static void defaults__of_the_database_are_read_back(void **state)
{
	seat row = SEAT_INIT;

	(void)state;
	row.line = 12;
	row.letter = "A";
	assert_int_equal(dbw__insert(s, &seat__model, &row), DBW_OK);
	assert_string_equal(row.label, "12A");
	assert_true(row.price.has && row.price.value == 42);
	assert_int_equal(row.color.size, 2);
	assert_memory_equal(row.color.data, "\xff\0", 2);
	assert_true(row.weight.low == 105 && row.weight.scale == 1);
	assert_true(row.width >= 1.5 && row.width <= 1.5);
	assert_string_equal(row.remark, "free");
}

static void defaults__give_way_to_what_is_set(void **state)
{
	seat row = SEAT_INIT;
	const int32_t line = 1;
	const char *letter = "B";
	const void *const key[] = { &line, &letter };
	seat *found;

	(void)state;
	row.line = line;
	row.letter = letter;
	row.price = dbw_none_i64();
	row.color = dbw_bytes_of("", 0);
	row.weight = dbw_decimal_of(0, 0);
	row.remark = NULL;
	assert_int_equal(dbw__insert(s, &seat__model, &row), DBW_OK);
	assert_false(row.price.has);
	assert_null(row.remark);
	assert_int_equal(dbw__find_by(s, &seat__model, DBW_STATEMENT_FIND, key, &found), DBW_OK);
	assert_false(found->price.has);
	assert_null(found->remark);
	assert_non_null(found->color.data);
	assert_int_equal(found->color.size, 0);
	assert_true(found->weight.low == 0);
	dbw__row_free(&seat__model, found);
}

static void key__of_two_columns_names_one_row(void **state)
{
	seat rows[2] = { SEAT_INIT, SEAT_INIT };
	const int32_t line = 3;
	const char *letter = "B";
	const void *const key[] = { &line, &letter };
	seat *found;

	(void)state;
	for (int i = 0; i < 2; i++) {
		rows[i].line = 3;
		rows[i].letter = i == 0 ? "A" : "B";
		assert_int_equal(dbw__insert(s, &seat__model, &rows[i]), DBW_OK);
	}
	rows[1].price = dbw_some_i64(7);
	assert_int_equal(dbw__update(s, &seat__model, &rows[1], &(seat_columns){ .price = 1 }), DBW_OK);
	assert_int_equal(dbw__update(s, &seat__model, &rows[1], &(seat_columns){ .letter = 1 }), DBW_MISUSE);
	assert_int_equal(dbw__find_by(s, &seat__model, DBW_STATEMENT_FIND, key, &found), DBW_OK);
	assert_true(found->price.value == 7);
	dbw__row_free(&seat__model, found);
	assert_int_equal(dbw__delete(s, &seat__model, DBW_STATEMENT_DELETE, key), DBW_OK);
	assert_int_equal(dbw__delete(s, &seat__model, DBW_STATEMENT_DELETE, key), DBW_NOT_FOUND);
	letter = "A";
	assert_int_equal(dbw__find_by(s, &seat__model, DBW_STATEMENT_FIND, key, &found), DBW_OK);
	assert_true(found->price.value == 42);
	dbw__row_free(&seat__model, found);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(made__uuids_and_times_are_written_back),
		TEST(made__what_is_set_stays),
		TEST(made__null_beside_made_ones_stays_null),
		TEST(made__nothing_on_failure),
		TEST(version__ends_with_its_type),
		TEST(defaults__of_the_database_are_read_back),
		TEST(defaults__give_way_to_what_is_set),
		TEST(key__of_two_columns_names_one_row),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
