/* The generated side: what a user of dbwright writes. */
#include "side.h"

#include <bench_program.h>
#include <shop.h>

#include <stdio.h>
#include <string.h>

static dbw_databases *databases;
static shop_session session;
static shop_reader reader;
static bench_mode opened;
static bool on_server;
static user staged[SAMPLES_MAX];

static bool generated_open(const char *path, bench_mode mode)
{
	char url[300];
	dbw_error error;
	dbw_status status;

	snprintf(url, sizeof url, "%s%s", is_server(path) ? "" : "sqlite:", path);
	const dbw_entry entry = { .name = "shop", .connection_string = url };
	const dbw_options options = { .entries = &entry, .entry_count = 1 };

	status = dbw_databases_open(&databases, &bench_program, &options, &error);
	opened = mode;
	on_server = is_server(path);
	if (status == DBW_OK && mode == BENCH_WRITES) {
		status = shop_begin(databases, "bench", &session, &error);
		reader = session.read;
	} else if (status == DBW_OK && mode == BENCH_READS) {
		status = shop_read_begin(databases, "bench", &reader, &error);
	}
	if (status != DBW_OK)
		fprintf(stderr, "bench: %s\n", error.message);
	return status == DBW_OK;
}

static void generated_close(void)
{
	if (opened == BENCH_WRITES && shop_commit(session) != DBW_OK)
		fprintf(stderr, "bench: %s\n", dbw_session_error(session.any)->message);
	if (opened == BENCH_WRITES)
		shop_end(session);
	else if (opened == BENCH_READS)
		shop_read_end(reader);
	if (dbw_databases_close(databases, NULL) != DBW_OK)
		fprintf(stderr, "bench: the database does not close\n");
}

static void generated_stage(const sample *rows, int count)
{
	for (int i = 0; i < count; i++) {
		user *row = &staged[i];

		*row = user_init();
		row->name = rows[i].name;
		row->email = rows[i].email;
		row->bio = rows[i].has_bio ? rows[i].bio : NULL;
		row->role = rows[i].role == 1 ? USER_ROLE_MEMBER : USER_ROLE_ADMIN;
		row->balance = dbw_decimal_of(rows[i].cents, 2);
		row->score = rows[i].score;
		memcpy(row->token.bytes, rows[i].token, sizeof rows[i].token);
		row->created_at.us = rows[i].created_at;
		row->is_active = rows[i].is_active;
	}
}

static uint64_t generated_insert(int number)
{
	user *row = &staged[number];

	return user_insert(session, row) == DBW_OK ? (uint64_t)row->id : 0;
}

static uint64_t generated_insert_many(int first, int count)
{
	uint64_t sum = 0;

	if (user_insert_many(session, &staged[first], (size_t)count) != DBW_OK)
		return 0;
	for (int i = first; i < first + count; i++)
		sum += (uint64_t)staged[i].id;
	return sum;
}

/* Rows of COPY have no ids to add up. */
static uint64_t generated_insert_some(int first, int count)
{
	if (on_server)
		return user_insert_many(session, &staged[first], (size_t)count) == DBW_OK;
	return generated_insert_many(first, count);
}

static uint64_t generated_load(int first, int count)
{
	return user_load(session, &staged[first], (size_t)count) == DBW_OK;
}

static uint64_t generated_upsert(int number)
{
	user *row = &staged[number];
	const user_columns columns = { .bio = true, .score = true };

	return user_upsert_by_email(session, row, columns) == DBW_OK ? (uint64_t)row->id : 0;
}

static uint64_t generated_update(int64_t id, int number)
{
	user *row = &staged[number];
	const user_columns columns = { .bio = true, .score = true };

	row->id = id;
	return user_update(session, row, columns) == DBW_OK ? 1 : 0;
}

static uint64_t sum_of(const user *row)
{
	const int64_t cents = (int64_t)row->balance.low;
	const seen all = { row->id, row->name, row->email, row->bio, row->role == USER_ROLE_MEMBER ? 1 : 2,
		cents, row->score, row->token.bytes, row->created_at.us, row->is_active };

	return sums_all ? sum_row(&all) : (uint64_t)row->id ^ (uint64_t)cents ^ (unsigned char)row->email[2];
}

static uint64_t generated_find(int64_t id)
{
	user *row;

	if (user_find_by_id(reader, id, &row) != DBW_OK)
		return 0;
	uint64_t sum = sum_of(row);
	user_free(row);
	return sum;
}

static uint64_t generated_find_session(int64_t id)
{
	uint64_t sum;

	if (shop_read_begin(databases, "bench", &reader, NULL) != DBW_OK)
		return 0;
	sum = generated_find(id);
	return shop_read_end(reader) == DBW_OK ? sum : 0;
}

static uint64_t generated_unit(int64_t id, int number)
{
	uint64_t sum;

	if (shop_begin(databases, "bench", &session, NULL) != DBW_OK)
		return 0;
	reader = session.read;
	sum = generated_find(id);
	if (sum == 0 || generated_update(id, number) == 0 || shop_commit(session) != DBW_OK)
		sum = 0;
	shop_end(session);
	return sum;
}

/* Nothing is read: the writes wait for nobody. */
static uint64_t generated_pair(int64_t id, int number)
{
	const dbw_session_options options = { .purpose = "bench", .pipeline = true };
	uint64_t good;

	if (shop_begin_with(databases, &options, &session, NULL) != DBW_OK)
		return 0;
	good = generated_update(id, number) != 0 && generated_update(id + 1, number) != 0 &&
	       shop_commit(session) == DBW_OK;
	shop_end(session);
	return good;
}

static uint64_t generated_find_text(const char *email)
{
	user *row;

	if (user_find_by_email(reader, email, &row) != DBW_OK)
		return 0;
	uint64_t sum = sum_of(row);
	user_free(row);
	return sum;
}

static uint64_t read_all(const user_query *query)
{
	user_list rows;
	uint64_t sum = 1;

	if (user_find(reader, query, &rows) != DBW_OK)
		return 0;
	user_each(each, &rows) sum += sum_of(each);
	user_list_free(&rows);
	return sum;
}

static uint64_t generated_list(void)
{
	return read_all(NULL);
}

static uint64_t generated_cursor(void)
{
	user_cursor cursor;
	const user *row = NULL;
	uint64_t sum = 1;
	dbw_status status = user_cursor_open(reader, NULL, &cursor);

	while (status == DBW_OK && (status = user_cursor_next(&cursor, &row)) == DBW_OK && row != NULL)
		sum += sum_of(row);
	user_cursor_close(&cursor);
	return status == DBW_OK ? sum : 0;
}

static uint64_t generated_query(int64_t first)
{
	const user_query query = {
		.where = { .id = dbw_ge(first), .role = user_role_eq(USER_ROLE_MEMBER) },
		.order_by = { { .id = DBW_ASC } },
		.limit = 10,
	};

	return read_all(&query);
}

static uint64_t generated_query_new(int64_t first, const shape *of)
{
	const dbw_decimal most = dbw_decimal_of(INT64_C(9999999999), 2),
			  least = dbw_decimal_of(INT64_C(-9999999999), 2);
	const dbw_timestamp begin = { INT64_C(-62135596800000000) }, end = { INT64_C(253402300799999999) };
	user_query query = {
		.where = { .id = of->descending ? dbw_le(first) : dbw_ge(first) },
		.order_by = { { .id = of->descending ? DBW_DESC : DBW_ASC } },
		.limit = 10,
	};

	if (of->name)
		query.where.name = dbw_ge("R");
	if (of->bio != 0)
		query.where.null_.bio = of->bio == 1 ? DBW_IS_NULL : DBW_IS_NOT_NULL;
	if (of->role)
		query.where.role = user_role_eq(USER_ROLE_MEMBER);
	if (of->balance != 0)
		query.where.balance = of->balance == 1 ? dbw_ge(least) : dbw_lt(most);
	if (of->score != 0)
		query.where.score = of->score == 1 ? dbw_ge(INT32_MIN) : dbw_lt(INT32_MAX);
	if (of->created_at != 0)
		query.where.created_at = of->created_at == 1 ? dbw_ge(begin) : dbw_lt(end);
	if (of->is_active)
		query.where.is_active = dbw_is(true);
	return read_all(&query);
}

const side generated = {
	.name = "generated",
	.open = generated_open,
	.close = generated_close,
	.stage = generated_stage,
	.insert = generated_insert,
	.insert_many = generated_insert_some,
	.load = generated_load,
	.insert_batch = generated_insert_many,
	.upsert = generated_upsert,
	.update = generated_update,
	.unit = generated_unit,
	.pair = generated_pair,
	.find = generated_find,
	.find_session = generated_find_session,
	.find_alone = generated_find_session,
	.find_text = generated_find_text,
	.query = generated_query,
	.query_new = generated_query_new,
	.list = generated_list,
	.cursor = generated_cursor,
};
