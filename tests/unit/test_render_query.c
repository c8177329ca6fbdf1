/* The SQL of queries on both engines, word for word; and what a query may not say. */
#include "fixture_user.h"

#include <statement/render.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* A model for both engines, with odd names, a PostgreSQL schema, soft delete and a decimal that SQLite has as text. */

typedef struct thing {
	int64_t id;
	const char *label;
	const char *note;
	dbw_decimal amount;
	dbw_decimal huge;
	user_role role;
	float weight;
	int16_t rank;
	dbw_opt_timestamp deleted_at;
	dbw_row row_;
} thing;

typedef struct thing_filters {
	const struct thing_filter *items;
	size_t count;
} thing_filters;

#define THING_ALL_OF(...)  DBW__GROUP(thing_filter, __VA_ARGS__)
#define THING_ANY_OF(...)  DBW__GROUP(thing_filter, __VA_ARGS__)
#define THING_NONE_OF(...) DBW__GROUP(thing_filter, __VA_ARGS__)

typedef struct thing_filter {
	dbw_i64_filter id;
	dbw_text_filter label;
	dbw_text_filter note;
	dbw_decimal_filter amount;
	dbw_decimal_filter huge;
	user_role_filter role;
	dbw_f64_filter weight;
	dbw_i64_filter rank;
	dbw_timestamp_filter deleted_at;
	struct {
		dbw_nullness note, deleted_at;
	} null_;
	thing_filters all_of_, any_of_, none_of_;
} thing_filter;

typedef struct thing_order {
	dbw_direction id, label, note, huge;
} thing_order;

typedef struct thing_query {
	thing_filter where;
	thing_order order_by[DBW_ORDER_MAX];
	int64_t limit;
	int64_t offset;
	dbw_deleted deleted_;
	dbw_lock lock_;
} thing_query;

#define COLUMN(name_, member)                                                 \
	.name = (name_), .field = #member, .offset = offsetof(thing, member), \
	.filter_offset = offsetof(thing_filter, member)
#define NO_ORDER .order_offset = DBW_NO_MEMBER

static const char *const role_values[] = { "member", "admin" };
static const dbw_enum roles = { role_values, 2 };

static const dbw_column columns[] = {
	{ COLUMN("id", id), .order_offset = offsetof(thing_order, id), .kind = DBW_KIND_INT64,
		.flags = DBW_COLUMN_KEY | DBW_COLUMN_AUTO_ID },
	{ COLUMN("a \"b\" FROM c", label), .order_offset = offsetof(thing_order, label),
		.kind = DBW_KIND_TEXT, .length = 10 },
	{ COLUMN("note", note), .null_offset = offsetof(thing_filter, null_.note),
		.order_offset = offsetof(thing_order, note), .kind = DBW_KIND_TEXT,
		.flags = DBW_COLUMN_NULLABLE },
	{ COLUMN("amount", amount), NO_ORDER, .kind = DBW_KIND_DECIMAL, .precision = 10, .scale = 2 },
	{ COLUMN("huge", huge), .order_offset = offsetof(thing_order, huge), .kind = DBW_KIND_DECIMAL,
		.precision = 38, .scale = 2, .flags = DBW_COLUMN_TEXT_STORAGE },
	{ COLUMN("role", role), NO_ORDER, .kind = DBW_KIND_ENUM, .values = &roles },
	{ COLUMN("weight", weight), NO_ORDER, .kind = DBW_KIND_FLOAT32 },
	{ COLUMN("rank", rank), NO_ORDER, .kind = DBW_KIND_INT16 },
	{ COLUMN("deleted_at", deleted_at), .null_offset = offsetof(thing_filter, null_.deleted_at), NO_ORDER,
		.kind = DBW_KIND_TIMESTAMP, .flags = DBW_COLUMN_NULLABLE | DBW_COLUMN_DELETED_AT },
};

static const uint16_t key[] = { 0 };

#define NAMES                                                                                              \
	"\"id\", \"a \"\"b\"\" FROM c\", \"note\", \"amount\", \"huge\", \"role\", \"weight\", \"rank\", " \
	"\"deleted_at\""

static const dbw_model model = {
	.abi = DBW_ABI,
	.name = "thing",
	.table = "things",
	.schema = &auth__schema,
	.columns = columns,
	.column_count = sizeof columns / sizeof columns[0],
	.key_count = 1,
	.key = key,
	.id = 0,
	.version = -1,
	.deleted_at = 8,
	.row_size = sizeof(thing),
	.row_word = offsetof(thing, row_),
	.filter_size = sizeof(thing_filter),
	.groups = { offsetof(thing_filter, all_of_), offsetof(thing_filter, any_of_),
		offsetof(thing_filter, none_of_) },
	.query = { .where = offsetof(thing_query, where),
		.order_by = offsetof(thing_query, order_by),
		.order_size = sizeof(thing_order),
		.limit = offsetof(thing_query, limit),
		.offset = offsetof(thing_query, offset),
		.deleted = offsetof(thing_query, deleted_),
		.lock = offsetof(thing_query, lock_),
		.columns = DBW_NO_MEMBER },
	.select = { "SELECT " NAMES " FROM \"things\"", "SELECT " NAMES " FROM \"sales\".\"things\"" },
};

#define SELECT_SQLITE     "SELECT " NAMES " FROM \"things\""
#define SELECT_POSTGRESQL "SELECT " NAMES " FROM \"sales\".\"things\""
#define ALIVE             "\"deleted_at\" IS NULL"

static dbw_error error;

static dbw_status render(
	dbw_engine engine, dbw__request_kind kind, const thing_query *query, char *out, size_t size)
{
	dbw_text_buffer text;
	dbw_status status;

	dbw_text_init(&text, NULL, 0);
	dbw_error_clear(&error);
	status = dbw__render_query(&model, engine, kind, query, &text, &error);
	assert_true(text.length < size);
	memcpy(out, text.data, text.length + 1);
	dbw_text_clear(&text);
	return status;
}

static void check_kind(
	dbw__request_kind kind, const thing_query *query, const char *sqlite, const char *postgresql)
{
	char text[4096];

	assert_int_equal(render(DBW_SQLITE, kind, query, text, sizeof text), DBW_OK);
	assert_string_equal(text, sqlite);
	assert_int_equal(render(DBW_POSTGRESQL, kind, query, text, sizeof text), DBW_OK);
	assert_string_equal(text, postgresql);
}

/* Compares what follows SELECT ... FROM ...; the rows are not the deleted ones. */
static void check(const thing_query *query, const char *sqlite, const char *postgresql)
{
	char sqlite_text[4096] = SELECT_SQLITE;
	char postgresql_text[4096] = SELECT_POSTGRESQL;

	strcat(sqlite_text, sqlite);
	strcat(postgresql_text, postgresql);
	check_kind(DBW__REQUEST_FIND, query, sqlite_text, postgresql_text);
}

static void refused(const thing_query *query, dbw_status status, const char *message)
{
	static const dbw_engine engines[] = { DBW_SQLITE, DBW_POSTGRESQL };
	char text[4096];

	for (size_t i = 0; i < 2; i++) {
		assert_int_equal(render(engines[i], DBW__REQUEST_FIND, query, text, sizeof text), status);
		assert_string_equal(error.message, message);
	}
}

static void query__of_nothing_is_every_row_not_deleted(void **state)
{
	const thing_query all = { .limit = 0 };

	(void)state;
	check(NULL, " WHERE " ALIVE, " WHERE " ALIVE);
	check(&all, " WHERE " ALIVE, " WHERE " ALIVE);
	check(&(thing_query){ .deleted_ = DBW_WITH_DELETED }, "", "");
	check(&(thing_query){ .deleted_ = DBW_ONLY_DELETED }, " WHERE \"deleted_at\" IS NOT NULL",
		" WHERE \"deleted_at\" IS NOT NULL");
	refused(&(thing_query){ .deleted_ = (dbw_deleted)3 }, DBW_MISUSE,
		"thing: .deleted_ is none of the numbers of dbw_deleted");
}

static void query__of_one_row_has_a_limit_of_its_own(void **state)
{
	thing_query query = { .order_by = { { .id = DBW_DESC } }, .limit = 7, .offset = 2 };
	char text[4096];

	(void)state;
	check_kind(DBW__REQUEST_FIND_ONE, NULL, SELECT_SQLITE " WHERE " ALIVE " LIMIT 1",
		SELECT_POSTGRESQL " WHERE " ALIVE " LIMIT 1");
	check_kind(DBW__REQUEST_FIND_ONE, &query,
		SELECT_SQLITE " WHERE " ALIVE " ORDER BY \"id\" DESC LIMIT 1 OFFSET ?1",
		SELECT_POSTGRESQL " WHERE " ALIVE " ORDER BY \"id\" DESC LIMIT 1 OFFSET $1");
	query.limit = -1;
	assert_int_equal(render(DBW_SQLITE, DBW__REQUEST_FIND_ONE, &query, text, sizeof text), DBW_MISUSE);
	assert_string_equal(error.message, "thing: the limit is negative");
}

static void comparison__of_each_kind(void **state)
{
	static const struct {
		dbw_i64_filter filter;
		const char *sqlite, *postgresql;
	} cases[] = {
		{ { { { NULL }, DBW_OPERATOR_EQ, 0 }, { { 1, 0 } } }, "\"id\" = ?1", "\"id\" = $1" },
		{ { { { NULL }, DBW_OPERATOR_NE, 0 }, { { 1, 0 } } }, "\"id\" <> ?1", "\"id\" <> $1" },
		{ { { { NULL }, DBW_OPERATOR_LT, 0 }, { { 1, 0 } } }, "\"id\" < ?1", "\"id\" < $1" },
		{ { { { NULL }, DBW_OPERATOR_LE, 0 }, { { 1, 0 } } }, "\"id\" <= ?1", "\"id\" <= $1" },
		{ { { { NULL }, DBW_OPERATOR_GT, 0 }, { { 1, 0 } } }, "\"id\" > ?1", "\"id\" > $1" },
		{ { { { NULL }, DBW_OPERATOR_GE, 0 }, { { 1, 0 } } }, "\"id\" >= ?1", "\"id\" >= $1" },
		{ { { { NULL }, DBW_OPERATOR_BETWEEN, 0 }, { { 1, 2 } } }, "\"id\" BETWEEN ?1 AND ?2",
			"\"id\" BETWEEN $1 AND $2" },
		{ { { { NULL }, DBW_OPERATOR_FROM_UNTIL, 0 }, { { 1, 2 } } }, "\"id\" >= ?1 AND \"id\" < ?2",
			"\"id\" >= $1 AND \"id\" < $2" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		thing_query query = { .where = { .id = cases[i].filter } };
		char sqlite[256] = " WHERE ";
		char postgresql[256] = " WHERE ";

		strcat(strcat(sqlite, cases[i].sqlite), " AND " ALIVE);
		strcat(strcat(postgresql, cases[i].postgresql), " AND " ALIVE);
		check(&query, sqlite, postgresql);
	}
}

static void comparison__quotes_names_and_counts_parameters(void **state)
{
	(void)state;
	check(
		&(thing_query){
			.where = { .id = dbw_gt(1),
				.label = dbw_ne("x"),
				.amount = dbw_eq(dbw_decimal_of(5, 1)),
				.role = { { { { NULL }, DBW_OPERATOR_EQ, 0 }, { { USER_ROLE_ADMIN, 0 } } } },
				.weight = dbw_lt(2.5),
				.rank = dbw_le(3) },
			.deleted_ = DBW_WITH_DELETED,
			.limit = 20 },
		" WHERE \"id\" > ?1 AND \"a \"\"b\"\" FROM c\" <> ?2 AND \"amount\" = ?3 AND \"role\" = ?4 AND "
		"\"weight\" < ?5 AND \"rank\" <= ?6 LIMIT ?7",
		" WHERE \"id\" > $1 AND \"a \"\"b\"\" FROM c\" <> $2 AND \"amount\" = $3 AND \"role\" = $4 AND "
		"\"weight\" < $5 AND \"rank\" <= $6 LIMIT $7");
}

static void null_test__stands_beside_the_comparison(void **state)
{
	(void)state;
	check(&(thing_query){ .where = { .note = dbw_ne("a"), .null_ = { .note = DBW_IS_NOT_NULL } } },
		" WHERE \"note\" <> ?1 AND \"note\" IS NOT NULL AND " ALIVE,
		" WHERE \"note\" <> $1 AND \"note\" IS NOT NULL AND " ALIVE);
	check(&(thing_query){ .where = { .null_ = { .note = DBW_IS_NULL } } },
		" WHERE \"note\" IS NULL AND " ALIVE, " WHERE \"note\" IS NULL AND " ALIVE);
	/* A contradiction is the caller's to make. */
	check(&(thing_query){ .where = { .null_ = { .deleted_at = DBW_IS_NOT_NULL } } },
		" WHERE \"deleted_at\" IS NOT NULL AND " ALIVE,
		" WHERE \"deleted_at\" IS NOT NULL AND " ALIVE);
	refused(&(thing_query){ .where = { .null_ = { .note = (dbw_nullness)7 } } }, DBW_MISUSE,
		"thing.null_.note is neither DBW_IS_NULL nor DBW_IS_NOT_NULL");
}

static void pattern__is_glob_on_sqlite(void **state)
{
	(void)state;
	check(&(thing_query){ .where = { .note = dbw_like("a%") }, .deleted_ = DBW_WITH_DELETED },
		" WHERE \"note\" GLOB ?1", " WHERE \"note\" LIKE $1");
	check(&(thing_query){ .where = { .note = dbw_ilike("a%") }, .deleted_ = DBW_WITH_DELETED },
		" WHERE lower(\"note\") GLOB ?1", " WHERE lower(\"note\" COLLATE \"C\") LIKE $1");
	refused(&(thing_query){ .where = { .note = dbw_like("a\\") } }, DBW_INVALID,
		"thing.note: the pattern ends in a single \\, which has nothing to make plain");
	refused(&(thing_query){ .where = { .note = dbw_ilike("\\\\\\") } }, DBW_INVALID,
		"thing.note: the pattern ends in a single \\, which has nothing to make plain");
	check(&(thing_query){ .where = { .note = dbw_like("a\\\\") }, .deleted_ = DBW_WITH_DELETED },
		" WHERE \"note\" GLOB ?1", " WHERE \"note\" LIKE $1");
	refused(&(thing_query){ .where = { .id = { { { NULL }, DBW_OPERATOR_LIKE, 0 }, { { 0, 0 } } } } },
		DBW_MISUSE, "thing.id: the filter was not made by dbw_eq() or one of its kind");
}

/* The value that a pattern is bound as. */
static void check_pattern(dbw_engine engine, dbw_text_filter filter, const char *expected)
{
	thing_query query = { .where = { .note = filter } };
	dbw_arena *scratch = dbw_arena_new(0);
	dbw__request request;

	assert_non_null(scratch);
	dbw__request_init(&request, &model, engine, DBW__REQUEST_FIND, scratch);
	assert_int_equal(dbw__request_query(&request, &query, &error), DBW_OK);
	assert_int_equal(request.count, 1);
	assert_int_equal(request.values[0].size, strlen(expected));
	assert_memory_equal(request.values[0].as.data, expected, strlen(expected));
	dbw__request_clear(&request);
	dbw_arena_free(scratch);
}

static void pattern__is_translated(void **state)
{
	(void)state;
	check_pattern(DBW_SQLITE, dbw_like("a%b_c"), "a*b?c");
	check_pattern(DBW_SQLITE, dbw_like("*?[]"), "[*][?][[]]");
	check_pattern(DBW_SQLITE, dbw_like("\\%\\_\\\\"), "%_\\");
	check_pattern(DBW_SQLITE, dbw_like("\\*\\?\\[\\x"), "[*][?][[]x");
	check_pattern(DBW_SQLITE, dbw_like(""), "");
	check_pattern(DBW_SQLITE, dbw_like("\xc3\x89%"), "\xc3\x89*");
	check_pattern(DBW_SQLITE, dbw_ilike("AbZ\xc3\x89\\_%"), "abz\xc3\x89_*");
	check_pattern(DBW_SQLITE, dbw_ilike("\\A"), "a");
	check_pattern(DBW_POSTGRESQL, dbw_like("A%*[\\_"), "A%*[\\_");
	check_pattern(DBW_POSTGRESQL, dbw_ilike("A%\\A@[\xc3\x89"), "a%\\a@[\xc3\x89");
}

static void pattern__too_long_for_sqlite_is_said(void **state)
{
	char *pattern = malloc(50002);
	thing_query query;
	char text[4096];

	(void)state;
	assert_non_null(pattern);
	memset(pattern, 'a', 50001);
	pattern[50001] = '\0';
	memset(&query, 0, sizeof query);
	query.where.note = dbw_like(pattern);
	assert_int_equal(render(DBW_SQLITE, DBW__REQUEST_FIND, &query, text, sizeof text), DBW_UNSUPPORTED);
	assert_string_equal(
		error.message, "thing.note: the pattern has more than the 50000 bytes that SQLite takes");
	assert_int_equal(render(DBW_POSTGRESQL, DBW__REQUEST_FIND, &query, text, sizeof text), DBW_OK);
	pattern[50000] = '\0';
	assert_int_equal(render(DBW_SQLITE, DBW__REQUEST_FIND, &query, text, sizeof text), DBW_OK);
	pattern[0] = '*'; /* becomes [*] */
	assert_int_equal(render(DBW_SQLITE, DBW__REQUEST_FIND, &query, text, sizeof text), DBW_UNSUPPORTED);
	free(pattern);
}

static void list__is_padded_on_sqlite_and_one_array_on_postgresql(void **state)
{
	const int64_t ids[] = { 1, 2, 3, 4, 5 };

	(void)state;
	check(&(thing_query){ .where = { .id = dbw_in(ids, 1) }, .deleted_ = DBW_WITH_DELETED },
		" WHERE \"id\" IN (?1)", " WHERE \"id\" = ANY($1)");
	check(&(thing_query){ .where = { .id = dbw_in(ids, 3) }, .deleted_ = DBW_WITH_DELETED, .offset = 1 },
		" WHERE \"id\" IN (?1, ?2, ?3, ?4) LIMIT -1 OFFSET ?5", " WHERE \"id\" = ANY($1) OFFSET $2");
	check(&(thing_query){ .where = { .id = dbw_in(ids, 5), .label = dbw_eq("a") },
		      .deleted_ = DBW_WITH_DELETED },
		" WHERE \"id\" IN (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8) AND \"a \"\"b\"\" FROM c\" = ?9",
		" WHERE \"id\" = ANY($1) AND \"a \"\"b\"\" FROM c\" = $2");
	check(&(thing_query){ .where = { .id = dbw_in(ids, 0) }, .deleted_ = DBW_WITH_DELETED },
		" WHERE 1 = 0", " WHERE 1 = 0");
	check(&(thing_query){ .where = { .id = dbw_in((const int64_t *)NULL, 0) },
		      .deleted_ = DBW_WITH_DELETED },
		" WHERE 1 = 0", " WHERE 1 = 0");
}

static void list__repeats_its_last_value(void **state)
{
	const char *const labels[] = { "a", "b", "c" };
	const thing_query query = { .where = { .label = dbw_in(labels, 3), .rank = dbw_eq(9) } };
	dbw_arena *scratch = dbw_arena_new(0);
	dbw__request request;

	(void)state;
	assert_non_null(scratch);
	dbw__request_init(&request, &model, DBW_SQLITE, DBW__REQUEST_FIND, scratch);
	assert_int_equal(dbw__request_query(&request, &query, &error), DBW_OK);
	assert_int_equal(request.count, 5);
	assert_ptr_equal(request.values[0].as.data, labels[0]);
	assert_ptr_equal(request.values[2].as.data, labels[2]);
	assert_ptr_equal(request.values[3].as.data, labels[2]);
	assert_true(request.values[4].as.integer == 9);
	dbw__request_clear(&request);
	dbw__request_init(&request, &model, DBW_POSTGRESQL, DBW__REQUEST_FIND, scratch);
	assert_int_equal(dbw__request_query(&request, &query, &error), DBW_OK);
	assert_int_equal(request.count, 2);
	assert_int_equal(request.values[0].kind, DBW_VALUE_LIST);
	assert_int_equal(request.values[0].size, 3);
	assert_ptr_equal(request.values[0].column, &columns[1]);
	assert_ptr_equal(request.values[0].as.items[2].as.data, labels[2]);
	assert_int_equal(request.values[0].as.items[2].kind, DBW_KIND_TEXT);
	dbw__request_clear(&request);
	dbw_arena_free(scratch);
}

static void list__is_one_value_on_sqlite_where_it_is_long(void **state)
{
	int64_t *ids = calloc(20000, sizeof *ids);
	double *weights = calloc(20000, sizeof *weights);
	thing_query query;
	dbw_text_buffer text;

	(void)state;
	assert_non_null(ids);
	assert_non_null(weights);
	memset(&query, 0, sizeof query);
	dbw_text_init(&text, NULL, 0);
	query.deleted_ = DBW_WITH_DELETED;
	query.where.id = dbw_in(ids, 20000);
	query.where.rank = dbw_not_in(ids, 20000);
	check(&query,
		" WHERE \"id\" IN (SELECT value FROM json_each(?1)) AND "
		"\"rank\" NOT IN (SELECT value FROM json_each(?2))",
		" WHERE \"id\" = ANY($1) AND \"rank\" <> ALL($2)");
	memset(&query.where, 0, sizeof query.where);
	query.where.weight = dbw_in(weights, 20000);
	assert_int_equal(dbw__render_query(&model, DBW_SQLITE, DBW__REQUEST_FIND, &query, &text, &error),
		DBW_UNSUPPORTED);
	assert_string_equal(error.message,
		"thing.weight: SQLite takes lists of up to 16384 such values, this one has 20000; split it");
	assert_int_equal(
		dbw__render_query(&model, DBW_POSTGRESQL, DBW__REQUEST_FIND, &query, &text, &error), DBW_OK);
	dbw_text_clear(&text);
	memset(&query.where, 0, sizeof query.where);
	query.where.id = dbw_in(ids, 16384);
	assert_int_equal(
		dbw__render_query(&model, DBW_SQLITE, DBW__REQUEST_FIND, &query, &text, &error), DBW_OK);
	assert_non_null(strstr(text.data, ", ?16384)"));
	dbw_text_clear(&text);
	free(ids);
	free(weights);
}

static void list__of_what_is_not(void **state)
{
	const int64_t ids[] = { 1, 2, 3 };

	(void)state;
	check(&(thing_query){ .where = { .id = dbw_not_in(ids, 3) }, .deleted_ = DBW_WITH_DELETED },
		" WHERE \"id\" NOT IN (?1, ?2, ?3, ?4)", " WHERE \"id\" <> ALL($1)");
	check(&(thing_query){ .where = { .note = dbw_not_in((const char **)NULL, 0) },
		      .deleted_ = DBW_WITH_DELETED },
		" WHERE \"note\" IS NOT NULL", " WHERE \"note\" IS NOT NULL");
}

static void text__is_found_as_it_is(void **state)
{
	(void)state;
	check(&(thing_query){ .where = { .note = dbw_contains("a") }, .deleted_ = DBW_WITH_DELETED },
		" WHERE \"note\" GLOB ?1", " WHERE \"note\" LIKE $1");
	check(&(thing_query){ .where = { .note = dbw_iends_with("a") }, .deleted_ = DBW_WITH_DELETED },
		" WHERE lower(\"note\") GLOB ?1", " WHERE lower(\"note\" COLLATE \"C\") LIKE $1");
	check_pattern(DBW_SQLITE, dbw_contains("A%_\\*?[]"), "*A%_\\[*][?][[]]*");
	check_pattern(DBW_SQLITE, dbw_starts_with("*"), "[*]*");
	check_pattern(DBW_SQLITE, dbw_ends_with("*"), "*[*]");
	check_pattern(DBW_SQLITE, dbw_icontains("A\xc3\x89"), "*a\xc3\x89*");
	check_pattern(DBW_SQLITE, dbw_istarts_with("A"), "a*");
	check_pattern(DBW_SQLITE, dbw_iends_with("A"), "*a");
	check_pattern(DBW_SQLITE, dbw_contains(""), "**");
	check_pattern(DBW_POSTGRESQL, dbw_contains("A%_\\*?[]"), "%A\\%\\_\\\\*?[]%");
	check_pattern(DBW_POSTGRESQL, dbw_starts_with("\\"), "\\\\%");
	check_pattern(DBW_POSTGRESQL, dbw_ends_with("\\"), "%\\\\");
	check_pattern(DBW_POSTGRESQL, dbw_icontains("A\xc3\x89"), "%a\xc3\x89%");
	check_pattern(DBW_POSTGRESQL, dbw_istarts_with("A"), "a%");
	check_pattern(DBW_POSTGRESQL, dbw_iends_with("A"), "%a");
	refused(&(thing_query){ .where = { .id = { { { NULL }, DBW_OPERATOR_CONTAINS, 0 }, { { 0, 0 } } } } },
		DBW_MISUSE, "thing.id: the filter was not made by dbw_eq() or one of its kind");
}

static void group__of_each_kind(void **state)
{
	(void)state;
	check(&(thing_query){ .where = { .id = dbw_gt(1),
				      .any_of_ = THING_ANY_OF({ .rank = dbw_eq(2) },
					      { .note = dbw_eq("a"), .rank = dbw_from_until(3, 4) }) },
		      .limit = 5 },
		" WHERE \"id\" > ?1 AND (\"rank\" = ?2 OR (\"note\" = ?3 AND \"rank\" >= ?4 AND \"rank\" < ?5)) "
		"AND " ALIVE " LIMIT ?6",
		" WHERE \"id\" > $1 AND (\"rank\" = $2 OR (\"note\" = $3 AND \"rank\" >= $4 AND \"rank\" < $5)) "
		"AND " ALIVE " LIMIT $6");
	check(&(thing_query){ .where = { .all_of_ =
						 THING_ALL_OF({ .rank = dbw_ge(2) }, { .rank = dbw_ne(4) }) },
		      .deleted_ = DBW_WITH_DELETED },
		" WHERE \"rank\" >= ?1 AND \"rank\" <> ?2", " WHERE \"rank\" >= $1 AND \"rank\" <> $2");
	check(&(thing_query){ .where = { .none_of_ = THING_NONE_OF({ .note = dbw_eq("a") },
						 { .null_ = { .note = DBW_IS_NULL } }) },
		      .deleted_ = DBW_WITH_DELETED },
		" WHERE (\"note\" = ?1 OR \"note\" IS NULL) IS NOT TRUE",
		" WHERE (\"note\" = $1 OR \"note\" IS NULL) IS NOT TRUE");
	check(&(thing_query){ .where = { .all_of_ = THING_ALL_OF({ .id = dbw_eq(1) }),
				      .any_of_ = THING_ANY_OF({ .id = dbw_eq(2) }),
				      .none_of_ = THING_NONE_OF({ .id = dbw_eq(3) }) },
		      .deleted_ = DBW_WITH_DELETED },
		" WHERE \"id\" = ?1 AND (\"id\" = ?2) AND (\"id\" = ?3) IS NOT TRUE",
		" WHERE \"id\" = $1 AND (\"id\" = $2) AND (\"id\" = $3) IS NOT TRUE");
}

static void group__nests(void **state)
{
	(void)state;
	check(&(thing_query){ .where = { .any_of_ = THING_ANY_OF(
						 { .any_of_ = THING_ANY_OF(
							   { .id = dbw_eq(1) }, { .id = dbw_eq(2) }),
							 .rank = dbw_eq(3) },
						 { .none_of_ = THING_NONE_OF(
							   { .all_of_ = THING_ALL_OF({ .id = dbw_eq(4) },
								     { .rank = dbw_eq(5) }) }) }) },
		      .deleted_ = DBW_WITH_DELETED },
		" WHERE ((\"rank\" = ?1 AND (\"id\" = ?2 OR \"id\" = ?3)) OR "
		"((\"id\" = ?4 AND \"rank\" = ?5)) IS NOT TRUE)",
		" WHERE ((\"rank\" = $1 AND (\"id\" = $2 OR \"id\" = $3)) OR "
		"((\"id\" = $4 AND \"rank\" = $5)) IS NOT TRUE)");
}

static void group__without_items_or_conditions(void **state)
{
	static const thing_filter nothing;

	(void)state;
	check(&(thing_query){ .where = { .all_of_ = { &nothing, 0 }, .none_of_ = { &nothing, 0 } },
		      .deleted_ = DBW_WITH_DELETED },
		"", "");
	check(&(thing_query){ .where = { .any_of_ = { &nothing, 0 } }, .deleted_ = DBW_WITH_DELETED },
		" WHERE 1 = 0", " WHERE 1 = 0");
	check(&(thing_query){ .where = { .all_of_ = { &nothing, 1 } }, .deleted_ = DBW_WITH_DELETED }, "",
		"");
	check(&(thing_query){ .where = { .any_of_ = { &nothing, 1 } }, .deleted_ = DBW_WITH_DELETED },
		" WHERE (1 = 1)", " WHERE (1 = 1)");
	check(&(thing_query){ .where = { .none_of_ = { &nothing, 1 } } },
		" WHERE (1 = 1) IS NOT TRUE AND " ALIVE, " WHERE (1 = 1) IS NOT TRUE AND " ALIVE);
	check(&(thing_query){ .where = { .any_of_ = THING_ANY_OF({ .id = dbw_eq(1) }, { .id = dbw_eq(2) },
						 { .any_of_ = { &nothing, 0 } }, nothing) },
		      .deleted_ = DBW_WITH_DELETED },
		" WHERE (\"id\" = ?1 OR \"id\" = ?2 OR 1 = 0 OR 1 = 1)",
		" WHERE (\"id\" = $1 OR \"id\" = $2 OR 1 = 0 OR 1 = 1)");
}

static void group__that_cannot_be_is_refused(void **state)
{
	thing_filter chain[DBW_GROUP_DEPTH + 2];
	thing_filter *many = calloc(2000, sizeof *many);
	thing_query query = { .where = { .any_of_ = { NULL, 2 } } };
	char text[60000];

	(void)state;
	assert_non_null(many);
	refused(&query, DBW_MISUSE, "thing.any_of_: items is NULL, and count is not 0");

	memset(chain, 0, sizeof chain);
	for (int i = 0; i <= DBW_GROUP_DEPTH; i++)
		chain[i].none_of_ = (thing_filters){ &chain[i + 1], 1 };
	chain[DBW_GROUP_DEPTH + 1].id = dbw_eq(1);
	query.where = chain[1];
	assert_int_equal(render(DBW_SQLITE, DBW__REQUEST_FIND, &query, text, sizeof text), DBW_OK);
	query.where = chain[0];
	refused(&query, DBW_MISUSE, "thing.none_of_: groups stand more than 8 deep in groups");
	/* A filter that contains itself has no end. */
	chain[0].all_of_ = (thing_filters){ &chain[0], 1 };
	query.where = chain[0];
	refused(&query, DBW_MISUSE, "thing.all_of_: groups stand more than 8 deep in groups");

	for (int i = 0; i < 2000; i++)
		many[i].id = dbw_eq(i);
	memset(&query, 0, sizeof query);
	query.where.any_of_ = (thing_filters){ many, 800 };
	assert_int_equal(render(DBW_SQLITE, DBW__REQUEST_FIND, &query, text, sizeof text), DBW_OK);
	query.where.any_of_.count = 2000;
	assert_int_equal(render(DBW_SQLITE, DBW__REQUEST_FIND, &query, text, sizeof text), DBW_UNSUPPORTED);
	assert_string_equal(error.message,
		"thing: the groups have more members than SQLite takes in one query, about 900; split it");
	assert_int_equal(render(DBW_POSTGRESQL, DBW__REQUEST_FIND, &query, text, sizeof text), DBW_OK);
	query.where.any_of_.count = 0;
	query.where.all_of_ = (thing_filters){ many, 2000 };
	assert_int_equal(render(DBW_SQLITE, DBW__REQUEST_FIND, &query, text, sizeof text), DBW_UNSUPPORTED);
	free(many);
}

/* The brace macros, in groups in groups, where nothing but constant expressions will do. */
static const thing_query constant = {
	.where = { .id = DBW_BETWEEN_I64(1, 9),
		.weight = DBW_LT_F64(2.5),
		.note = DBW_EQ_TEXT("x"),
		.any_of_ = THING_ANY_OF({ .rank = DBW_EQ_I64(1) },
			{ .none_of_ = THING_NONE_OF(
				  { .label = DBW_STARTS_WITH("a%") }, { .rank = DBW_NE_I64(3) }) }) },
	.order_by = { { .id = DBW_ASC } },
	.deleted_ = DBW_WITH_DELETED,
};

static void group__may_be_constant(void **state)
{
	(void)state;
	check(&constant,
		" WHERE \"id\" BETWEEN ?1 AND ?2 AND \"note\" = ?3 AND \"weight\" < ?4 AND (\"rank\" = ?5 OR "
		"(\"a \"\"b\"\" FROM c\" GLOB ?6 OR \"rank\" <> ?7) IS NOT TRUE) ORDER BY \"id\" ASC",
		" WHERE \"id\" BETWEEN $1 AND $2 AND \"note\" = $3 AND \"weight\" < $4 AND (\"rank\" = $5 OR "
		"(\"a \"\"b\"\" FROM c\" LIKE $6 OR \"rank\" <> $7) IS NOT TRUE) ORDER BY \"id\" ASC");
}

static void text__never_changes_the_shape(void **state)
{
	static const char *const nasty[] = { "'", "''; DROP TABLE things; --", "\"", "x\" OR 1 = 1 --", "?1",
		"$1", ":a", "%", "_", "\\\\", "*", "[", "]", "[^a]", "\n", "\x01", "\xc3\xa9", "/*",
		"E'\\\\'", ") OR (1 = 1", "NULL" };
	static const dbw_operator operators[] = { DBW_OPERATOR_EQ, DBW_OPERATOR_NE, DBW_OPERATOR_LT,
		DBW_OPERATOR_LE, DBW_OPERATOR_GT, DBW_OPERATOR_GE, DBW_OPERATOR_BETWEEN,
		DBW_OPERATOR_FROM_UNTIL, DBW_OPERATOR_IN, DBW_OPERATOR_NOT_IN, DBW_OPERATOR_LIKE,
		DBW_OPERATOR_ILIKE, DBW_OPERATOR_CONTAINS, DBW_OPERATOR_STARTS_WITH, DBW_OPERATOR_ENDS_WITH,
		DBW_OPERATOR_ICONTAINS, DBW_OPERATOR_ISTARTS_WITH, DBW_OPERATOR_IENDS_WITH };

	(void)state;
	for (size_t o = 0; o < sizeof operators / sizeof operators[0]; o++) {
		for (size_t n = 0; n < sizeof nasty / sizeof nasty[0]; n++) {
			const char *plain_list[] = { "a", "b" };
			const char *nasty_list[] = { nasty[n], nasty[n] };
			dbw_text_filter plain = dbw_between("a", "b");
			dbw_text_filter odd = dbw_between(nasty[n], nasty[n]);

			if (operators[o] == DBW_OPERATOR_IN || operators[o] == DBW_OPERATOR_NOT_IN) {
				plain = dbw_in(plain_list, 2);
				odd = dbw_in(nasty_list, 2);
			}
			plain.predicate_.operator_ = odd.predicate_.operator_ = operators[o];
			for (int engine = 0; engine < 2; engine++) {
				char expected[4096];
				char text[4096];

				assert_int_equal(
					render((dbw_engine)engine, DBW__REQUEST_FIND,
						&(thing_query){ .where = { .any_of_ = THING_ANY_OF(
										   { .note = plain }) } },
						expected, sizeof expected),
					DBW_OK);
				assert_int_equal(
					render((dbw_engine)engine, DBW__REQUEST_FIND,
						&(thing_query){ .where = { .any_of_ = THING_ANY_OF(
										   { .note = odd }) } },
						text, sizeof text),
					DBW_OK);
				assert_string_equal(text, expected);
			}
		}
	}
}

static bool is_empty(thing_filter filter)
{
	return dbw__filter_is_empty(&model, &filter);
}

static void empty__is_what_excludes_no_row(void **state)
{
	static const thing_filter nothing;
	const int64_t ids[] = { 1 };
	thing_filter itself;

	(void)state;
	assert_true(is_empty(nothing));
	assert_false(is_empty((thing_filter){ .id = dbw_eq(1) }));
	assert_true(is_empty((thing_filter){ .id = dbw_when(false, dbw_eq(1)) }));
	assert_false(is_empty((thing_filter){ .null_ = { .note = DBW_IS_NOT_NULL } }));
	assert_false(is_empty((thing_filter){ .id = dbw_in(ids, 0) }));
	assert_true(is_empty((thing_filter){ .id = dbw_not_in(ids, 0) }));
	assert_false(is_empty((thing_filter){ .id = dbw_not_in(ids, 1) }));

	assert_true(is_empty((thing_filter){ .all_of_ = { &nothing, 0 } }));
	assert_false(is_empty((thing_filter){ .any_of_ = { &nothing, 0 } }));
	assert_true(is_empty((thing_filter){ .none_of_ = { &nothing, 0 } }));
	assert_true(is_empty((thing_filter){ .all_of_ = { &nothing, 1 } }));
	assert_true(is_empty((thing_filter){ .any_of_ = { &nothing, 1 } }));
	assert_false(is_empty((thing_filter){ .none_of_ = { &nothing, 1 } }));

	/* One member that takes all is enough for any_of_; a condition beside the group is one. */
	assert_true(is_empty((thing_filter){ .any_of_ = THING_ANY_OF({ .id = dbw_eq(1) }, nothing) }));
	assert_false(is_empty((thing_filter){ .any_of_ = THING_ANY_OF({ .id = dbw_eq(1) }) }));
	assert_false(is_empty((thing_filter){ .rank = dbw_eq(1), .any_of_ = { &nothing, 1 } }));
	assert_true(
		is_empty((thing_filter){ .all_of_ = THING_ALL_OF(nothing, { .all_of_ = { &nothing, 1 } }) }));
	assert_false(is_empty((thing_filter){ .all_of_ = THING_ALL_OF(nothing, { .id = dbw_eq(1) }) }));
	assert_true(is_empty((thing_filter){ .none_of_ = THING_NONE_OF({ .id = dbw_in(ids, 0) }) }));
	assert_true(is_empty((thing_filter){ .none_of_ = THING_NONE_OF({ .none_of_ = { &nothing, 1 } }) }));
	assert_false(is_empty((thing_filter){ .none_of_ = THING_NONE_OF({ .id = dbw_eq(1) }) }));

	/* What the query refuses is not taken for all rows. */
	assert_false(is_empty((thing_filter){ .all_of_ = { NULL, 1 } }));
	memset(&itself, 0, sizeof itself);
	itself.all_of_ = (thing_filters){ &itself, 1 };
	assert_false(is_empty(itself));
}

static void null__in_a_filter_is_misuse_that_names_the_field(void **state)
{
	const char *const holes[] = { "a", NULL };

	(void)state;
	refused(&(thing_query){ .where = { .note = dbw_eq(NULL) } }, DBW_MISUSE,
		"thing.note: dbw_eq(NULL) matches nothing; use .null_ = { .note = DBW_IS_NULL }");
	refused(&(thing_query){ .where = { .label = dbw_like(NULL) } }, DBW_MISUSE,
		"thing.label: dbw_like(NULL) matches nothing, and the field is never NULL");
	refused(&(thing_query){ .where = { .note = dbw_between("a", (const char *)NULL) } }, DBW_MISUSE,
		"thing.note: dbw_between(NULL) matches nothing; use .null_ = { .note = DBW_IS_NULL }");
	refused(&(thing_query){ .where = { .label = dbw_in(holes, 2) } }, DBW_MISUSE,
		"thing.label: item 1 of the list in the filter is NULL");
	refused(&(thing_query){ .where = { .note = dbw_not_in(holes, 2) } }, DBW_MISUSE,
		"thing.note: item 1 of the list in the filter is NULL");
	refused(&(thing_query){ .where = { .note = dbw_istarts_with(NULL) } }, DBW_MISUSE,
		"thing.note: dbw_istarts_with(NULL) matches nothing; use .null_ = { .note = DBW_IS_NULL }");
	refused(&(thing_query){ .where = { .id = dbw_not_in((int64_t *)NULL, 2) } }, DBW_MISUSE,
		"thing.id: dbw_not_in(NULL, 2) has no list");
	refused(
		&(thing_query){
			.where = { .any_of_ = THING_ANY_OF({ .id = dbw_eq(1) },
					   { .none_of_ = THING_NONE_OF({ .note = dbw_eq(NULL) }) }) } },
		DBW_MISUSE, "thing.note: dbw_eq(NULL) matches nothing; use .null_ = { .note = DBW_IS_NULL }");
	refused(&(thing_query){ .where = { .id = dbw_in((int64_t *)NULL, 2) } }, DBW_MISUSE,
		"thing.id: dbw_in(NULL, 2) has no list");
}

static void value__that_does_not_fit_is_invalid(void **state)
{
	(void)state;
	refused(&(thing_query){ .where = { .rank = dbw_eq(40000) } }, DBW_INVALID,
		"thing.rank: the number in the filter does not fit 16 bits");
	refused(&(thing_query){ .where = { .amount = dbw_gt(dbw_decimal_of(1005, 3)) } }, DBW_INVALID,
		"thing.amount does not fit decimal(10, 2)");
	refused(&(thing_query){ .where = { .label = dbw_eq("\xff") } }, DBW_INVALID,
		"thing.label is not UTF-8");
	refused(&(thing_query){ .where = { .id = { { { NULL }, 99, 0 }, { { 0, 0 } } } } }, DBW_MISUSE,
		"thing.id: the filter was not made by dbw_eq() or one of its kind");
	refused(&(thing_query){ .where = { .role = { { { { NULL }, DBW_OPERATOR_LT, 0 }, { { 2, 0 } } } } } },
		DBW_MISUSE, "thing.role: the filter was not made by dbw_eq() or one of its kind");
}

/* What `.where = { .id = 6 }` leaves behind where the compiler's warning went unseen. */
static void value__without_a_constructor_is_misuse(void **state)
{
	static const char text[] = "a";
	const char *const address = text;
	const uintptr_t six = 6;
	thing_query query;
	thing_filter filter;

	(void)state;
	memset(&query, 0, sizeof query);
	memcpy(&query.where.id, &six, sizeof six);
	refused(&query, DBW_MISUSE, "thing.id: the filter was not made by dbw_eq() or one of its kind");
	assert_false(is_empty(query.where));
	query.where.id = dbw_eq(6);
	check(&query, " WHERE \"id\" = ?1 AND \"deleted_at\" IS NULL",
		" WHERE \"id\" = $1 AND \"deleted_at\" IS NULL");
	memcpy(&query.where.note, &address, sizeof address);
	refused(&query, DBW_MISUSE, "thing.note: the filter was not made by dbw_eq() or one of its kind");
	/* Also where it would not have counted. */
	memset(&query, 0, sizeof query);
	memset(&filter, 0, sizeof filter);
	memcpy(&filter.role, &six, sizeof six);
	query.where.any_of_.items = &filter;
	query.where.any_of_.count = 1;
	refused(&query, DBW_MISUSE, "thing.role: the filter was not made by dbw_eq() or one of its kind");
	assert_false(is_empty(query.where));
}

static void order__says_where_nulls_go(void **state)
{
	(void)state;
	check(&(thing_query){ .order_by = { { .note = DBW_DESC }, { .label = DBW_ASC }, { .id = DBW_DESC } },
		      .deleted_ = DBW_WITH_DELETED },
		" ORDER BY \"note\" DESC NULLS LAST, \"a \"\"b\"\" FROM c\" ASC, \"id\" DESC",
		" ORDER BY \"note\" DESC NULLS LAST, \"a \"\"b\"\" FROM c\" ASC, \"id\" DESC");
	check(&(thing_query){ .order_by = { { .note = DBW_ASC } }, .limit = 10, .offset = 30 },
		" WHERE " ALIVE " ORDER BY \"note\" ASC NULLS FIRST LIMIT ?1 OFFSET ?2",
		" WHERE " ALIVE " ORDER BY \"note\" ASC NULLS FIRST LIMIT $1 OFFSET $2");
}

static void order__refuses_what_would_be_lost(void **state)
{
	(void)state;
	refused(&(thing_query){ .order_by = { { .note = DBW_ASC, .label = DBW_ASC } } }, DBW_MISUSE,
		"thing.note: order_by[0] names more than one column; give each an entry of its own");
	refused(&(thing_query){ .order_by = { { .id = DBW_ASC }, { .id = 0 }, { .note = DBW_ASC } } },
		DBW_MISUSE, "thing: order_by[1] is empty but a later entry is not");
	refused(&(thing_query){ .order_by = { { .id = 3 } } }, DBW_MISUSE,
		"thing.id: order_by[0] is neither DBW_ASC nor DBW_DESC");
	refused(&(thing_query){ .limit = -1 }, DBW_MISUSE, "thing: the limit is negative");
	refused(&(thing_query){ .offset = INT64_MIN }, DBW_MISUSE, "thing: the offset is negative");
}

static void check_selection(dbw_engine engine, const uint16_t *numbers, uint16_t count, const char *expected)
{
	thing_query query = { .where = { .id = dbw_eq(1) }, .order_by = { { .id = DBW_ASC } }, .limit = 2 };
	dbw_arena *scratch = dbw_arena_new(0);
	dbw__request request;
	dbw_text_buffer text;

	assert_non_null(scratch);
	dbw__request_init(&request, &model, engine, DBW__REQUEST_FIND, scratch);
	assert_int_equal(dbw__request_query(&request, &query, &error), DBW_OK);
	assert_int_equal(dbw__request_select(&request, numbers, count, &error), DBW_OK);
	assert_ptr_equal(request.result.columns, count == model.column_count ? NULL : numbers);
	dbw_text_init(&text, NULL, 0);
	dbw__request_render(&request, &text);
	assert_string_equal(text.data, expected);
	dbw_text_clear(&text);
	dbw__request_clear(&request);
	dbw_arena_free(scratch);
}

static void selection__names_the_columns(void **state)
{
	static const uint16_t some[] = { 0, 1, 8 }, all[] = { 0, 1, 2, 3, 4, 5, 6, 7, 8 };

	(void)state;
	check_selection(DBW_SQLITE, some, 3,
		"SELECT \"id\", \"a \"\"b\"\" FROM c\", \"deleted_at\" FROM \"things\" WHERE \"id\" = ?1 AND " ALIVE
		" ORDER BY \"id\" ASC LIMIT ?2");
	check_selection(DBW_POSTGRESQL, some, 3,
		"SELECT \"id\", \"a \"\"b\"\" FROM c\", \"deleted_at\" FROM \"sales\".\"things\" WHERE \"id\" = $1 AND " ALIVE
		" ORDER BY \"id\" ASC LIMIT $2");
	check_selection(DBW_SQLITE, all, 9,
		SELECT_SQLITE " WHERE \"id\" = ?1 AND " ALIVE " ORDER BY \"id\" ASC LIMIT ?2");
}

static void order__takes_all_entries(void **state)
{
	thing_query query = { .deleted_ = DBW_WITH_DELETED };

	(void)state;
	for (size_t i = 0; i < DBW_ORDER_MAX; i++)
		query.order_by[i].id = DBW_ASC;
	check(&query,
		" ORDER BY \"id\" ASC, \"id\" ASC, \"id\" ASC, \"id\" ASC, \"id\" ASC, \"id\" ASC, \"id\" ASC, "
		"\"id\" ASC",
		" ORDER BY \"id\" ASC, \"id\" ASC, \"id\" ASC, \"id\" ASC, \"id\" ASC, \"id\" ASC, \"id\" ASC, "
		"\"id\" ASC");
}

static void text_decimal__has_equality_alone_on_sqlite(void **state)
{
	const thing_query less = { .where = { .huge = dbw_lt(dbw_decimal_of(1, 0)) } };
	const thing_query ordered = { .order_by = { { .huge = DBW_ASC } } };
	char text[4096];

	(void)state;
	check(&(thing_query){ .where = { .huge = dbw_eq(dbw_decimal_of(1, 0)) },
		      .deleted_ = DBW_WITH_DELETED },
		" WHERE \"huge\" = ?1", " WHERE \"huge\" = $1");
	assert_int_equal(render(DBW_SQLITE, DBW__REQUEST_FIND, &less, text, sizeof text), DBW_UNSUPPORTED);
	assert_string_equal(error.message,
		"thing.huge: dbw_lt needs an order, and SQLite stores this decimal as text without one");
	assert_int_equal(render(DBW_POSTGRESQL, DBW__REQUEST_FIND, &less, text, sizeof text), DBW_OK);
	assert_int_equal(render(DBW_SQLITE, DBW__REQUEST_FIND, &ordered, text, sizeof text), DBW_UNSUPPORTED);
	assert_int_equal(render(DBW_POSTGRESQL, DBW__REQUEST_FIND, &ordered, text, sizeof text), DBW_OK);
}

static void count__and_exists_take_the_table_as_it_is_spelled(void **state)
{
	const thing_query query = {
		.where = { .id = dbw_gt(1) }, .order_by = { { .id = DBW_ASC } }, .limit = 5
	};

	(void)state;
	check_kind(DBW__REQUEST_COUNT, &query, "SELECT count(*) FROM \"things\" WHERE \"id\" > ?1 AND " ALIVE,
		"SELECT count(*) FROM \"sales\".\"things\" WHERE \"id\" > $1 AND " ALIVE);
	check_kind(DBW__REQUEST_EXISTS, &query,
		"SELECT 1 FROM \"things\" WHERE \"id\" > ?1 AND " ALIVE " LIMIT 1",
		"SELECT 1 FROM \"sales\".\"things\" WHERE \"id\" > $1 AND " ALIVE " LIMIT 1");
}

static void write__names_columns_and_key(void **state)
{
	static const uint16_t chosen[] = { 1, 7 };
	static const struct {
		dbw_engine engine;
		dbw__request_kind kind;
		size_t count;
		const char *text;
	} cases[] = {
		{ DBW_SQLITE, DBW__REQUEST_INSERT, 2,
			"INSERT INTO \"things\" (\"a \"\"b\"\" FROM c\", \"rank\") VALUES (?1, ?2)" },
		{ DBW_POSTGRESQL, DBW__REQUEST_INSERT, 2,
			"INSERT INTO \"sales\".\"things\" (\"a \"\"b\"\" FROM c\", \"rank\") VALUES ($1, $2) "
			"RETURNING \"id\"" },
		{ DBW_SQLITE, DBW__REQUEST_INSERT, 0, "INSERT INTO \"things\" DEFAULT VALUES" },
		{ DBW_POSTGRESQL, DBW__REQUEST_INSERT, 0,
			"INSERT INTO \"sales\".\"things\" DEFAULT VALUES RETURNING \"id\"" },
		{ DBW_SQLITE, DBW__REQUEST_UPDATE, 2,
			"UPDATE \"things\" SET \"a \"\"b\"\" FROM c\" = ?1, \"rank\" = ?2 WHERE \"id\" = ?3" },
		{ DBW_POSTGRESQL, DBW__REQUEST_UPDATE, 1,
			"UPDATE \"sales\".\"things\" SET \"a \"\"b\"\" FROM c\" = $1 WHERE \"id\" = $2" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		dbw_text_buffer text;
		dbw__request request;

		dbw_text_init(&text, NULL, 0);
		dbw__request_init(&request, &model, cases[i].engine, cases[i].kind, NULL);
		for (size_t c = 0; c < cases[i].count; c++)
			assert_int_equal(dbw__request_column(&request, chosen[c], &error), DBW_OK);
		dbw__request_render(&request, &text);
		assert_false(text.failed);
		assert_string_equal(text.data, cases[i].text);
		dbw__request_clear(&request);
		dbw_text_clear(&text);
	}
}

static void update__counts_the_version(void **state)
{
	dbw_text_buffer text;
	dbw__request request;

	(void)state;
	dbw_text_init(&text, NULL, 0);
	dbw__request_init(&request, &note__model, DBW_SQLITE, DBW__REQUEST_UPDATE, NULL);
	assert_int_equal(dbw__request_column(&request, 1, &error), DBW_OK);
	dbw__request_render(&request, &text);
	assert_string_equal(text.data,
		"UPDATE \"notes\" SET \"title\" = ?1, \"version\" = ?2 WHERE \"id\" = ?3 AND \"version\" = ?4");
	dbw__request_clear(&request);
	dbw_text_clear(&text);
}

static bool same_key_on(dbw_engine engine, const thing_query *a, const thing_query *b)
{
	dbw_arena *scratch = dbw_arena_new(0);
	dbw__request one;
	dbw__request two;
	bool same;

	assert_non_null(scratch);
	dbw__request_init(&one, &model, engine, DBW__REQUEST_FIND, scratch);
	dbw__request_init(&two, &model, engine, DBW__REQUEST_FIND, scratch);
	assert_int_equal(dbw__request_query(&one, a, &error), DBW_OK);
	assert_int_equal(dbw__request_query(&two, b, &error), DBW_OK);
	same = one.key.length == two.key.length && memcmp(one.key.data, two.key.data, one.key.length) == 0;
	dbw__request_clear(&one);
	dbw__request_clear(&two);
	dbw_arena_free(scratch);
	return same;
}

static bool same_key(const thing_query *a, const thing_query *b)
{
	return same_key_on(DBW_SQLITE, a, b);
}

static void key__is_the_shape_and_not_the_values(void **state)
{
	const int64_t ids[] = { 1, 2, 3, 4, 5 };
	const thing_query one = { .where = { .id = dbw_eq(1), .label = dbw_eq("a") }, .limit = 1 };
	const thing_query other_values = { .where = { .id = dbw_eq(2), .label = dbw_eq("b") }, .limit = 9 };
	const thing_query other_operator = { .where = { .id = dbw_ne(1), .label = dbw_eq("a") }, .limit = 1 };
	const thing_query offset = { .where = { .id = dbw_eq(1), .label = dbw_eq("a") }, .offset = 1 };
	const thing_query three = { .where = { .id = dbw_in(ids, 3) } };
	const thing_query four = { .where = { .id = dbw_in(ids, 4) } };
	const thing_query five = { .where = { .id = dbw_in(ids, 5) } };
	const thing_query none = { .where = { .id = dbw_in(ids, 0) } };

	(void)state;
	assert_true(same_key(&one, &other_values));
	assert_false(same_key(&one, &other_operator));
	assert_false(same_key(&one, &offset));
	assert_true(same_key(&three, &four));
	assert_false(same_key(&four, &five));
	assert_false(same_key(&none, &three));
}

static void lock__is_part_of_the_shape(void **state)
{
	thing_query locks[4];

	(void)state;
	for (unsigned i = 0; i < 4; i++)
		locks[i] = (thing_query){ .limit = 1, .lock_ = (dbw_lock)i };
	for (unsigned i = 0; i < 4; i++)
		for (unsigned j = 0; j < 4; j++) {
			assert_true(same_key_on(DBW_POSTGRESQL, &locks[i], &locks[j]) == (i == j));
			/* The same text, so the same statement. */
			assert_true(same_key_on(DBW_SQLITE, &locks[i], &locks[j]));
		}
}

static void lock__stands_behind_all_else(void **state)
{
	const thing_query query = { .order_by = { { .id = DBW_ASC } },
		.limit = 5,
		.offset = 2,
		.deleted_ = DBW_WITH_DELETED,
		.lock_ = DBW_FOR_UPDATE_SKIP_LOCKED };

	(void)state;
	check(&query, " ORDER BY \"id\" ASC LIMIT ?1 OFFSET ?2",
		" ORDER BY \"id\" ASC LIMIT $1 OFFSET $2 FOR UPDATE SKIP LOCKED");
	check_kind(DBW__REQUEST_FIND_ONE, &query, SELECT_SQLITE " ORDER BY \"id\" ASC LIMIT 1 OFFSET ?1",
		SELECT_POSTGRESQL " ORDER BY \"id\" ASC LIMIT 1 OFFSET $1 FOR UPDATE SKIP LOCKED");
	check(&(thing_query){ .lock_ = DBW_FOR_UPDATE }, " WHERE " ALIVE, " WHERE " ALIVE " FOR UPDATE");
	check(&(thing_query){ .lock_ = DBW_FOR_UPDATE_NO_WAIT }, " WHERE " ALIVE,
		" WHERE " ALIVE " FOR UPDATE NOWAIT");
}

static void lock__of_what_is_no_find_is_misuse(void **state)
{
	static const dbw__request_kind kinds[] = { DBW__REQUEST_COUNT, DBW__REQUEST_EXISTS,
		DBW__REQUEST_PAGE };
	const thing_query query = { .lock_ = DBW_FOR_UPDATE };
	char text[4096];

	(void)state;
	for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
		assert_int_equal(render(DBW_SQLITE, kinds[i], &query, text, sizeof text), DBW_MISUSE);
		assert_string_equal(error.message, "thing: .lock_ is for find, find_one and cursors");
		assert_int_equal(render(DBW_POSTGRESQL, kinds[i], &query, text, sizeof text), DBW_MISUSE);
	}
	refused(&(thing_query){ .lock_ = (dbw_lock)4 }, DBW_MISUSE,
		"thing: .lock_ is none of the numbers of dbw_lock");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(query__of_nothing_is_every_row_not_deleted),
		cmocka_unit_test(query__of_one_row_has_a_limit_of_its_own),
		cmocka_unit_test(comparison__of_each_kind),
		cmocka_unit_test(comparison__quotes_names_and_counts_parameters),
		cmocka_unit_test(null_test__stands_beside_the_comparison),
		cmocka_unit_test(pattern__is_glob_on_sqlite),
		cmocka_unit_test(pattern__is_translated),
		cmocka_unit_test(pattern__too_long_for_sqlite_is_said),
		cmocka_unit_test(list__is_padded_on_sqlite_and_one_array_on_postgresql),
		cmocka_unit_test(list__repeats_its_last_value),
		cmocka_unit_test(list__is_one_value_on_sqlite_where_it_is_long),
		cmocka_unit_test(list__of_what_is_not),
		cmocka_unit_test(text__is_found_as_it_is),
		cmocka_unit_test(group__of_each_kind),
		cmocka_unit_test(group__nests),
		cmocka_unit_test(group__without_items_or_conditions),
		cmocka_unit_test(group__that_cannot_be_is_refused),
		cmocka_unit_test(group__may_be_constant),
		cmocka_unit_test(text__never_changes_the_shape),
		cmocka_unit_test(empty__is_what_excludes_no_row),
		cmocka_unit_test(null__in_a_filter_is_misuse_that_names_the_field),
		cmocka_unit_test(value__that_does_not_fit_is_invalid),
		cmocka_unit_test(value__without_a_constructor_is_misuse),
		cmocka_unit_test(order__says_where_nulls_go),
		cmocka_unit_test(order__refuses_what_would_be_lost),
		cmocka_unit_test(selection__names_the_columns),
		cmocka_unit_test(order__takes_all_entries),
		cmocka_unit_test(text_decimal__has_equality_alone_on_sqlite),
		cmocka_unit_test(count__and_exists_take_the_table_as_it_is_spelled),
		cmocka_unit_test(write__names_columns_and_key),
		cmocka_unit_test(update__counts_the_version),
		cmocka_unit_test(key__is_the_shape_and_not_the_values),
		cmocka_unit_test(lock__is_part_of_the_shape),
		cmocka_unit_test(lock__stands_behind_all_else),
		cmocka_unit_test(lock__of_what_is_no_find_is_misuse),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
