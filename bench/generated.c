/* The generated side: what a user of dbwright writes. */
#include "side.h"

#include <bench_program.h>
#include <shop.h>

#include <stdio.h>
#include <string.h>

static dbw_databases *databases;
static shop_session session;
static shop_reader reader;
static bool writes;

static bool generated_open(const char *path, bool writer)
{
	char url[300];
	dbw_error error;
	dbw_status status;

	snprintf(url, sizeof url, "sqlite:%s", path);
	const dbw_entry entry = { .name = "shop", .connection_string = url };
	const dbw_options options = { .entries = &entry, .entry_count = 1 };

	status = dbw_databases_open(&databases, &bench_program, &options, &error);
	writes = writer;
	if (status == DBW_OK && writer) {
		status = shop_begin(databases, "bench", &session, &error);
		reader = session.read;
	} else if (status == DBW_OK) {
		status = shop_read_begin(databases, "bench", &reader, &error);
	}
	if (status != DBW_OK)
		fprintf(stderr, "bench: %s\n", error.message);
	return status == DBW_OK;
}

static void generated_close(void)
{
	if (writes && shop_commit(session) != DBW_OK)
		fprintf(stderr, "bench: %s\n", dbw_session_error(session.any)->message);
	if (writes)
		shop_end(session);
	else
		shop_read_end(reader);
	dbw_databases_close(databases, NULL);
}

static user user_of(const sample *from)
{
	user row = USER_INIT;

	row.name = from->name;
	row.email = from->email;
	row.bio = from->has_bio ? from->bio : NULL;
	row.role = from->role == 1 ? USER_ROLE_MEMBER : USER_ROLE_ADMIN;
	row.balance = dbw_decimal_of(from->cents, 2);
	row.score = from->score;
	memcpy(row.token.bytes, from->token, sizeof from->token);
	row.created_at.us = from->created_at;
	row.is_active = from->is_active;
	return row;
}

static uint64_t generated_insert(const sample *from)
{
	user row = user_of(from);

	return user_insert(session, &row) == DBW_OK ? (uint64_t)row.id : 0;
}

static uint64_t generated_insert_many(const sample *from, int count)
{
	static user rows[2048];
	uint64_t sum = 0;

	for (int i = 0; i < count; i++)
		rows[i] = user_of(&from[i]);
	if (user_insert_many(session, rows, (size_t)count) != DBW_OK)
		return 0;
	for (int i = 0; i < count; i++)
		sum += (uint64_t)rows[i].id;
	return sum;
}

static uint64_t generated_upsert(const sample *from)
{
	user row = user_of(from);
	const user_columns columns = { .bio = true, .score = true };

	return user_upsert_by_email(session, &row, columns) == DBW_OK ? (uint64_t)row.id : 0;
}

static uint64_t generated_update(int64_t id, const sample *from)
{
	user row = user_of(from);
	const user_columns columns = { .bio = true, .score = true };

	row.id = id;
	return user_update(session, &row, columns) == DBW_OK ? 1 : 0;
}

static uint64_t generated_find(int64_t id)
{
	user *row;
	uint64_t sum = SUM_START;

	if (user_find_by_id(reader, id, &row) != DBW_OK)
		return 0;
	int64_t cents = (int64_t)row->balance.low;
	int role = (int)row->role;
	sum = sum_bytes(sum, &row->id, sizeof row->id);
	sum = sum_bytes(sum, &cents, sizeof cents);
	sum = sum_bytes(sum, &role, sizeof role);
	sum = sum_bytes(sum, row->token.bytes, sizeof row->token.bytes);
	sum ^= (uint64_t)(unsigned char)row->email[2] ^ (row->bio != NULL);
	user_free(row);
	return sum;
}

static uint64_t read_all(const user_query *query)
{
	user_list rows;
	uint64_t sum = SUM_START;

	if (user_find(reader, query, &rows) != DBW_OK)
		return 0;
	user_each(each, &rows) sum += (uint64_t)each->id ^ each->balance.low ^ (unsigned char)each->email[2];
	user_list_free(&rows);
	return sum;
}

static uint64_t generated_list(void)
{
	return read_all(NULL);
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

const side generated = { "generated", generated_open, generated_close, generated_insert, generated_find,
	generated_list, generated_query, generated_insert_many, generated_upsert, generated_update };
