/*
 * The hand-written side on PostgreSQL, as an expert writes it: statements prepared once, binary parameters and results,
 * texts that stay where libpq has them, many rows by COPY in its binary form. It believes what it is given and reads.
 */
#include "side.h"

#include <libpq-fe.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct hand_user {
	int64_t id;
	const char *name, *email, *bio;
	int role;
	int64_t balance; /* cents */
	int32_t score;
	uint8_t token[16];
	int64_t created_at;
	bool is_active;
} hand_user;

/* Microseconds from 1970 to 2000. */
#define EPOCH_US INT64_C(946684800000000)

#define COLUMNS "id, name, email, bio, role, balance, score, token, created_at, is_active"
#define WRITTEN "name, email, bio, role, balance, score, token, created_at, is_active"
enum { COLUMN_COUNT = 10, WRITTEN_COUNT = 9, NUMERIC_MAX = 8 + 2 * 6 };

static PGconn *link_;
static hand_user staged[SAMPLES_MAX];

static bool check(PGresult *result)
{
	const ExecStatusType status = PQresultStatus(result);
	const bool good = status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK || status == PGRES_COPY_IN;

	if (!good)
		fprintf(stderr, "bench: %s\n", PQerrorMessage(link_));
	PQclear(result);
	return good;
}

static bool command(const char *sql)
{
	return check(PQexec(link_, sql));
}

static bool prepare(const char *name, const char *sql)
{
	return check(PQprepare(link_, name, sql, 0, NULL));
}

static bool libpq_open(const char *url, bench_mode mode)
{
	link_ = PQconnectdb(url);
	if (PQstatus(link_) != CONNECTION_OK) {
		fprintf(stderr, "bench: %s\n", PQerrorMessage(link_));
		return false;
	}
	return (mode != BENCH_WRITES || command("BEGIN")) &&
	       prepare("find_user", "SELECT " COLUMNS " FROM users WHERE id = $1") &&
	       prepare("find_email", "SELECT " COLUMNS " FROM users WHERE email = $1") &&
	       prepare("list_users", "SELECT " COLUMNS " FROM users") &&
	       prepare("query_users",
		       "SELECT " COLUMNS " FROM users WHERE id >= $1 AND role = $2 ORDER BY id LIMIT $3") &&
	       prepare("insert_user", "INSERT INTO users (" WRITTEN
				      ") VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) RETURNING id") &&
	       prepare("upsert_user",
		       "INSERT INTO users (" WRITTEN ") VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) "
		       "ON CONFLICT (email) DO UPDATE SET bio = excluded.bio, score = excluded.score RETURNING id") &&
	       prepare("update_user", "UPDATE users SET bio = $1, score = $2 WHERE id = $3");
}

static void libpq_close(void)
{
	if (PQtransactionStatus(link_) != PQTRANS_IDLE)
		command("COMMIT");
	PQfinish(link_);
	link_ = NULL;
}

static void libpq_stage(const sample *rows, int count)
{
	for (int i = 0; i < count; i++) {
		staged[i] = (hand_user){ .name = rows[i].name,
			.email = rows[i].email,
			.bio = rows[i].has_bio ? rows[i].bio : NULL,
			.role = rows[i].role,
			.balance = rows[i].cents,
			.score = rows[i].score,
			.created_at = rows[i].created_at,
			.is_active = rows[i].is_active };
		memcpy(staged[i].token, rows[i].token, sizeof staged[i].token);
	}
}

static const char *const role_names[] = { "", "member", "admin" };

static void write_16(char *out, unsigned number)
{
	out[0] = (char)(number >> 8);
	out[1] = (char)number;
}

static void write_32(char *out, uint32_t number)
{
	number = __builtin_bswap32(number);
	memcpy(out, &number, sizeof number);
}

static void write_64(char *out, uint64_t number)
{
	number = __builtin_bswap64(number);
	memcpy(out, &number, sizeof number);
}

static unsigned read_16(const char *data)
{
	uint16_t number;

	memcpy(&number, data, sizeof number);
	return __builtin_bswap16(number);
}

static uint32_t read_32(const char *data)
{
	uint32_t number;

	memcpy(&number, data, sizeof number);
	return __builtin_bswap32(number);
}

static uint64_t read_64(const char *data)
{
	uint64_t number;

	memcpy(&number, data, sizeof number);
	return __builtin_bswap64(number);
}

/* Cents as numeric: digits to the base of 10,000, the last one behind the point; zeros at the end are left out. */
static int write_cents(char *out, int64_t cents)
{
	uint64_t left = cents < 0 ? (uint64_t)-cents : (uint64_t)cents;
	unsigned digits[6];
	int count = 0, first = 0, weight = -1;

	digits[count++] = (unsigned)(left % 100 * 100);
	for (left /= 100; left != 0; left /= 10000, weight++)
		digits[count++] = (unsigned)(left % 10000);
	while (first < count && digits[first] == 0)
		first++;
	write_16(out, (unsigned)(count - first));
	write_16(out + 2, first == count ? 0 : (unsigned)weight);
	write_16(out + 4, cents < 0 ? 0x4000 : 0);
	write_16(out + 6, 2);
	for (int i = 0; i < count - first; i++)
		write_16(out + 8 + 2 * i, digits[count - 1 - i]);
	return 8 + 2 * (count - first);
}

static int64_t read_cents(const char *data)
{
	const int count = (int)read_16(data), weight = (int16_t)read_16(data + 2);
	int64_t cents = 0;

	for (int place = weight, i = 0; place >= -1; place--, i++) {
		const int64_t digit = i < count ? (int64_t)read_16(data + 8 + 2 * i) : 0;

		cents = place >= 0 ? cents * 10000 + digit : cents * 100 + digit / 100;
	}
	return read_16(data + 4) == 0x4000 ? -cents : cents;
}

/* The parameters of a row. */
typedef struct parameters {
	const char *values[WRITTEN_COUNT];
	int lengths[WRITTEN_COUNT];
	int formats[WRITTEN_COUNT];
	char balance[NUMERIC_MAX], score[4], created_at[8], is_active[1];
} parameters;

/* Texts go as text, with their NUL: libpq then takes their length by itself. */
static void bind_user(parameters *out, const hand_user *row)
{
	write_32(out->score, (uint32_t)row->score);
	write_64(out->created_at, (uint64_t)(row->created_at - EPOCH_US));
	out->is_active[0] = row->is_active;
	out->values[0] = row->name;
	out->values[1] = row->email;
	out->values[2] = row->bio;
	out->values[3] = role_names[row->role];
	for (int i = 0; i < 4; i++)
		out->formats[i] = out->lengths[i] = 0;
	for (int i = 4; i < WRITTEN_COUNT; i++)
		out->formats[i] = 1;
	out->values[4] = out->balance;
	out->lengths[4] = write_cents(out->balance, row->balance);
	out->values[5] = out->score;
	out->lengths[5] = sizeof out->score;
	out->values[6] = (const char *)row->token;
	out->lengths[6] = sizeof row->token;
	out->values[7] = out->created_at;
	out->lengths[7] = sizeof out->created_at;
	out->values[8] = out->is_active;
	out->lengths[8] = sizeof out->is_active;
}

static uint64_t write_row(const char *statement, hand_user *row)
{
	parameters all;
	PGresult *result;
	uint64_t id = 0;

	bind_user(&all, row);
	result = PQexecPrepared(link_, statement, WRITTEN_COUNT, all.values, all.lengths, all.formats, 1);
	if (PQresultStatus(result) == PGRES_TUPLES_OK && PQntuples(result) == 1)
		id = read_64(PQgetvalue(result, 0, 0));
	PQclear(result);
	row->id = (int64_t)id;
	return id;
}

static uint64_t libpq_insert(int number)
{
	return write_row("insert_user", &staged[number]);
}

static uint64_t libpq_upsert(int number)
{
	return write_row("upsert_user", &staged[number]);
}

/* Bound for update_user. */
typedef struct update_parameters {
	const char *values[3];
	char score[4], id[8];
} update_parameters;

static const int update_lengths[] = { 0, 4, 8 }, update_formats[] = { 0, 1, 1 };

static void bind_update(update_parameters *out, int64_t id, const hand_user *row)
{
	write_32(out->score, (uint32_t)row->score);
	write_64(out->id, (uint64_t)id);
	out->values[0] = row->bio;
	out->values[1] = out->score;
	out->values[2] = out->id;
}

static uint64_t libpq_update(int64_t id, int number)
{
	update_parameters all;
	PGresult *result;
	bool done;

	bind_update(&all, id, &staged[number]);
	result = PQexecPrepared(link_, "update_user", 3, all.values, update_lengths, update_formats, 1);
	done = PQresultStatus(result) == PGRES_COMMAND_OK && strcmp(PQcmdTuples(result), "1") == 0;
	PQclear(result);
	return done;
}

static void put_value(char **at, const char *data, size_t length)
{
	write_32(*at, (uint32_t)length);
	memcpy(*at + 4, data, length);
	*at += 4 + length;
}

static uint64_t libpq_load(int first, int count)
{
	static const char signature[] = "PGCOPY\n\377\r\n\0\0\0\0\0\0\0\0";
	enum { PIECE = 64 * 1024, ROW_MAX = 1024 };
	static char piece[PIECE + ROW_MAX];
	char *at = piece + sizeof signature;

	if (!command("COPY users (" WRITTEN ") FROM STDIN (FORMAT binary)"))
		return 0;
	memcpy(piece, signature, sizeof signature);
	for (int i = first; i < first + count; i++) {
		const hand_user *row = &staged[i];
		char storage[NUMERIC_MAX];

		write_16(at, WRITTEN_COUNT);
		at += 2;
		put_value(&at, row->name, strlen(row->name));
		put_value(&at, row->email, strlen(row->email));
		if (row->bio == NULL) {
			write_32(at, UINT32_MAX);
			at += 4;
		} else {
			put_value(&at, row->bio, strlen(row->bio));
		}
		put_value(&at, role_names[row->role], strlen(role_names[row->role]));
		put_value(&at, storage, (size_t)write_cents(storage, row->balance));
		write_32(storage, (uint32_t)row->score);
		put_value(&at, storage, 4);
		put_value(&at, (const char *)row->token, sizeof row->token);
		write_64(storage, (uint64_t)(row->created_at - EPOCH_US));
		put_value(&at, storage, 8);
		storage[0] = row->is_active;
		put_value(&at, storage, 1);
		if (at - piece >= PIECE) {
			if (PQputCopyData(link_, piece, (int)(at - piece)) != 1)
				return 0;
			at = piece;
		}
	}
	write_16(at, 0xffff);
	at += 2;
	if (PQputCopyData(link_, piece, (int)(at - piece)) != 1 || PQputCopyEnd(link_, NULL) != 1)
		return 0;
	const bool done = check(PQgetResult(link_));

	return done && PQgetResult(link_) == NULL;
}

/* The texts stay the result's. */
static void read_row(const PGresult *from, int number, hand_user *row)
{
	row->id = (int64_t)read_64(PQgetvalue(from, number, 0));
	row->name = PQgetvalue(from, number, 1);
	row->email = PQgetvalue(from, number, 2);
	row->bio = PQgetisnull(from, number, 3) ? NULL : PQgetvalue(from, number, 3);
	row->role = strcmp(PQgetvalue(from, number, 4), "member") == 0 ? 1 : 2;
	row->balance = read_cents(PQgetvalue(from, number, 5));
	row->score = (int32_t)read_32(PQgetvalue(from, number, 6));
	memcpy(row->token, PQgetvalue(from, number, 7), sizeof row->token);
	row->created_at = (int64_t)read_64(PQgetvalue(from, number, 8)) + EPOCH_US;
	row->is_active = PQgetvalue(from, number, 9)[0] != 0;
}

static uint64_t sum_of(const hand_user *row)
{
	const seen all = { row->id, row->name, row->email, row->bio, row->role, row->balance, row->score,
		row->token, row->created_at, row->is_active };

	return sums_all ? sum_row(&all)
			: (uint64_t)row->id ^ (uint64_t)row->balance ^ (unsigned char)row->email[2];
}

/* A row that stands by itself, in one block with its result's address. */
static uint64_t take_row(PGresult *result)
{
	uint64_t sum = 0;
	hand_user *row = malloc(sizeof *row);

	if (row != NULL && PQresultStatus(result) == PGRES_TUPLES_OK && PQntuples(result) == 1) {
		read_row(result, 0, row);
		sum = sum_of(row);
	}
	free(row);
	PQclear(result);
	return sum;
}

static uint64_t libpq_find(int64_t id)
{
	char key[8];
	const char *const values[] = { key };
	const int lengths[] = { sizeof key }, formats[] = { 1 };

	write_64(key, (uint64_t)id);
	return take_row(PQexecPrepared(link_, "find_user", 1, values, lengths, formats, 1));
}

static uint64_t libpq_find_text(const char *email)
{
	return take_row(PQexecPrepared(link_, "find_email", 1, &email, NULL, NULL, 1));
}

/* All rows in one array, their texts in the result. */
static uint64_t take_rows(PGresult *result)
{
	const int count = PQntuples(result);
	hand_user *rows = malloc(((size_t)count + 1) * sizeof *rows);
	uint64_t sum = PQresultStatus(result) == PGRES_TUPLES_OK && rows != NULL;

	for (int i = 0; sum != 0 && i < count; i++)
		read_row(result, i, &rows[i]);
	for (int i = 0; sum != 0 && i < count; i++)
		sum += sum_of(&rows[i]);
	free(rows);
	PQclear(result);
	return sum;
}

static uint64_t libpq_list(void)
{
	return take_rows(PQexecPrepared(link_, "list_users", 0, NULL, NULL, NULL, 1));
}

static uint64_t libpq_query(int64_t first)
{
	char key[8], limit[8];
	const char *const values[] = { key, "member", limit };
	const int lengths[] = { sizeof key, 0, sizeof limit }, formats[] = { 1, 0, 1 };

	write_64(key, (uint64_t)first);
	write_64(limit, 10);
	return take_rows(PQexecPrepared(link_, "query_users", 3, values, lengths, formats, 1));
}

/* A thousand rows at a time. */
static uint64_t libpq_cursor(void)
{
	uint64_t sum = 1;
	int count;

	if (!command("BEGIN; DECLARE users_read CURSOR FOR SELECT " COLUMNS " FROM users"))
		return 0;
	do {
		PGresult *result =
			PQexecParams(link_, "FETCH 1000 FROM users_read", 0, NULL, NULL, NULL, NULL, 1);

		count = PQresultStatus(result) == PGRES_TUPLES_OK ? PQntuples(result) : -1;
		for (int i = 0; i < count; i++) {
			hand_user row;

			read_row(result, i, &row);
			sum += sum_of(&row);
		}
		PQclear(result);
	} while (count == 1000);
	return command("COMMIT") && count >= 0 ? sum : 0;
}

/* What a pipeline answers: the last rows that came are *rows, for PQclear(); *changed is how many were changed. */
static bool gather(PGresult **rows, int *changed)
{
	bool good = PQpipelineSync(link_) == 1;

	*rows = NULL;
	*changed = 0;
	for (;;) {
		PGresult *result = PQgetResult(link_);
		const ExecStatusType status = PQresultStatus(result);

		if (result == NULL)
			continue;
		if (status == PGRES_COMMAND_OK)
			*changed += atoi(PQcmdTuples(result));
		if (status == PGRES_TUPLES_OK)
			*rows = result;
		else
			PQclear(result);
		if (status == PGRES_PIPELINE_SYNC)
			return PQexitPipelineMode(link_) == 1 && good;
		good = good && (status == PGRES_TUPLES_OK || status == PGRES_COMMAND_OK);
	}
}

/* Two round trips: BEGIN with what is read, what is written with COMMIT. */
static uint64_t libpq_unit(int64_t id, int number)
{
	update_parameters all;
	char key[8];
	const char *const values[] = { key };
	const int lengths[] = { sizeof key }, formats[] = { 1 };
	PGresult *rows;
	uint64_t sum;
	int changed;
	bool good;

	write_64(key, (uint64_t)id);
	good = PQenterPipelineMode(link_) == 1 &&
	       PQsendQueryParams(link_, "BEGIN", 0, NULL, NULL, NULL, NULL, 1) == 1 &&
	       PQsendQueryPrepared(link_, "find_user", 1, values, lengths, formats, 1) == 1;
	good = gather(&rows, &changed) && good;
	sum = take_row(rows);
	bind_update(&all, id, &staged[number]);
	good = good && PQenterPipelineMode(link_) == 1 &&
	       PQsendQueryPrepared(link_, "update_user", 3, all.values, update_lengths, update_formats, 1) ==
		       1 &&
	       PQsendQueryParams(link_, "COMMIT", 0, NULL, NULL, NULL, NULL, 1) == 1;
	return good && gather(&rows, &changed) ? sum : 0;
}

/* Two round trips: the commit depends on whether both rows were there. */
static uint64_t libpq_pair(int64_t id, int number)
{
	update_parameters all[2];
	PGresult *rows;
	int changed;
	bool good = PQenterPipelineMode(link_) == 1 &&
		    PQsendQueryParams(link_, "BEGIN", 0, NULL, NULL, NULL, NULL, 1) == 1;

	for (int i = 0; i < 2; i++) {
		bind_update(&all[i], id + i, &staged[number]);
		good = good && PQsendQueryPrepared(link_, "update_user", 3, all[i].values, update_lengths,
				       update_formats, 1) == 1;
	}
	good = gather(&rows, &changed) && good;
	return command(good && changed == 2 ? "COMMIT" : "ROLLBACK") && good && changed == 2;
}

const side libpq = {
	.name = "libpq",
	.open = libpq_open,
	.close = libpq_close,
	.stage = libpq_stage,
	.insert = libpq_insert,
	.insert_many = libpq_load,
	.load = libpq_load,
	.upsert = libpq_upsert,
	.update = libpq_update,
	.find = libpq_find,
	.find_session = libpq_find,
	.find_text = libpq_find_text,
	.query = libpq_query,
	.list = libpq_list,
	.cursor = libpq_cursor,
	.unit = libpq_unit,
	.pair = libpq_pair,
};
