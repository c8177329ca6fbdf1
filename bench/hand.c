/*
 * The hand-written side, as an expert writes it: statements prepared once, NOMUTEX, static binds, values read through
 * sqlite3_column_value, a found row with its text in one block, a list as one array with its texts in large chunks.
 *
 * Compiled twice. As it stands it believes what it is given and what it reads. hand_checked.c, which defines CHECKS,
 * has the contract of generated code: texts are UTF-8 of at most their length, numbers in range and nothing missing
 * before a row is written; values of the declared type, in range, and texts without NUL inside when one is read.
 */
#include "side.h"

#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#ifndef CHECKS
#define CHECKS 0
#endif

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

typedef struct chunk {
	struct chunk *next;
	size_t used, size;
	char bytes[];
} chunk;

enum { BATCH = 100 };

static sqlite3 *db;
static sqlite3_stmt *insert_user, *insert_batch, *upsert_user, *update_user, *find_id;
static sqlite3_stmt *find_user, *find_email, *list_users, *query_users, *begin_reader, *end_reader;
static hand_user staged[SAMPLES_MAX];

#define COLUMNS "id, name, email, bio, role, balance, score, token, created_at, is_active"
#define WRITTEN "name, email, bio, role, balance, score, token, created_at, is_active"
enum { WRITTEN_COUNT = 9 };

static bool prepare(const char *sql, sqlite3_stmt **out)
{
	if (sqlite3_prepare_v3(db, sql, -1, SQLITE_PREPARE_PERSISTENT, out, NULL) == SQLITE_OK)
		return true;
	fprintf(stderr, "bench: %s\n", sqlite3_errmsg(db));
	return false;
}

static bool prepare_batch(void)
{
	static const char head[] = "INSERT INTO users (" WRITTEN ") VALUES ";
	char sql[sizeof head + BATCH * (2 * WRITTEN_COUNT + 3)];
	size_t length = sizeof head - 1;

	memcpy(sql, head, length);
	for (int i = 0; i < BATCH; i++)
		length += (size_t)snprintf(
			sql + length, sizeof sql - length, "%s(?,?,?,?,?,?,?,?,?)", i == 0 ? "" : ",");
	return prepare(sql, &insert_batch);
}

static bool hand_open(const char *path, bench_mode mode)
{
	if (sqlite3_open_v2(path, &db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, NULL) != SQLITE_OK ||
		sqlite3_exec(db, "PRAGMA journal_mode=wal; PRAGMA synchronous=normal; PRAGMA foreign_keys=on",
			NULL, NULL, NULL) != SQLITE_OK ||
		(mode != BENCH_ALONE && sqlite3_exec(db, mode == BENCH_WRITES ? "BEGIN IMMEDIATE" : "BEGIN",
						NULL, NULL, NULL) != SQLITE_OK)) {
		fprintf(stderr, "bench: %s\n", sqlite3_errmsg(db));
		return false;
	}
	return prepare("INSERT INTO users (" WRITTEN ") VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
		       &insert_user) &&
	       prepare_batch() && prepare("SELECT " COLUMNS " FROM users WHERE id = ?1", &find_user) &&
	       prepare("SELECT " COLUMNS " FROM users WHERE email = ?1", &find_email) &&
	       prepare("SELECT " COLUMNS " FROM users", &list_users) &&
	       prepare("SELECT " COLUMNS " FROM users WHERE id >= ?1 AND role = ?2 ORDER BY id LIMIT ?3",
		       &query_users) &&
	       prepare("INSERT INTO users (" WRITTEN ") VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9) "
		       "ON CONFLICT (email) DO UPDATE SET bio = excluded.bio, score = excluded.score",
		       &upsert_user) &&
	       prepare("SELECT id FROM users WHERE email = ?1", &find_id) &&
	       prepare("UPDATE users SET bio = ?1, score = ?2 WHERE id = ?3", &update_user) &&
	       prepare("BEGIN", &begin_reader) && prepare("COMMIT", &end_reader);
}

static void hand_close(void)
{
	sqlite3_stmt **const statements[] = { &insert_user, &insert_batch, &upsert_user, &update_user,
		&find_id, &find_user, &find_email, &list_users, &query_users, &begin_reader, &end_reader };

	for (size_t i = 0; i < sizeof statements / sizeof statements[0]; i++)
		sqlite3_finalize(*statements[i]);
	if (!sqlite3_get_autocommit(db))
		sqlite3_exec(db, "COMMIT", NULL, NULL, NULL);
	sqlite3_close(db);
	db = NULL;
}

static void hand_stage(const sample *rows, int count)
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

/* How many bytes from `at` on are ASCII, eight of them being there; 8 for all. */
static int ascii_bytes(const unsigned char *at)
{
	uint64_t word;

	memcpy(&word, at, sizeof word);
	word &= UINT64_C(0x8080808080808080);
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
	return word == 0 ? 8 : __builtin_ctzll(word) / 8;
#else
	return word == 0 ? 8 : __builtin_clzll(word) / 8;
#endif
}

/* The length of the character at `at`, which is no ASCII; 0 if it is none by RFC 3629. */
static int character_bytes(const unsigned char *at, ptrdiff_t left)
{
	const unsigned char lead = at[0];
	const int size = lead < 0xC2 ? 0 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : lead < 0xF5 ? 4 : 0;

	if (size == 0 || left < size || (lead == 0xE0 && at[1] < 0xA0) || (lead == 0xED && at[1] > 0x9F) ||
		(lead == 0xF0 && at[1] < 0x90) || (lead == 0xF4 && at[1] > 0x8F))
		return 0;
	for (int i = 1; i < size; i++)
		if ((at[i] & 0xC0) != 0x80)
			return 0;
	return size;
}

/* ASCII goes eight bytes at a time, the last eight of a text that has as many together. */
static bool is_utf8(const char *text, size_t size)
{
	const unsigned char *at = (const unsigned char *)text, *const end = at + size;

	while (at < end) {
		if (end - at >= 8) {
			const int plain = ascii_bytes(at);

			at += plain;
			if (plain == 8)
				continue;
		} else if (size >= 8 && ascii_bytes(end - 8) == 8) {
			return true;
		} else if (*at < 0x80) {
			at++;
			continue;
		}
		const int bytes = character_bytes(at, end - at);

		if (bytes == 0)
			return false;
		at += bytes;
	}
	return true;
}

/* Whether a text may be written: UTF-8 of at most `most` characters; 0 is no limit. */
static bool is_text(const char *text, size_t most)
{
	size_t size, characters;

	if (text == NULL)
		return false;
	size = characters = strlen(text);
	if (size > INT32_MAX || !is_utf8(text, size))
		return false;
	if (most == 0 || size <= most)
		return true;
	for (size_t i = 0; i < size; i++)
		characters -= (text[i] & 0xC0) == 0x80;
	return characters <= most;
}

/* Without its size: SQLite then knows that it ends in a NUL, and the CHECKs of the table need no copy that does. */
static bool bind_text(sqlite3_stmt *statement, int number, const char *text, size_t most)
{
	if (CHECKS && !is_text(text, most))
		return false;
	return sqlite3_bind_text(statement, number, text, -1, SQLITE_STATIC) == SQLITE_OK;
}

static bool bind_bio(sqlite3_stmt *statement, int number, const hand_user *row)
{
	if (row->bio == NULL)
		return sqlite3_bind_null(statement, number) == SQLITE_OK;
	return bind_text(statement, number, row->bio, 0);
}

static const int64_t greatest_balance = INT64_C(9999999999);
static const int64_t least_time = INT64_C(-62135596800000000), greatest_time = INT64_C(253402300799999999);

static bool is_writable(const hand_user *row)
{
	static const uint8_t nil[16];

	return row->role >= 1 && row->role <= 2 && row->balance >= -greatest_balance &&
	       row->balance <= greatest_balance && memcmp(row->token, nil, sizeof nil) != 0 &&
	       row->created_at >= least_time && row->created_at <= greatest_time;
}

/* Binds a row from parameter `first` + 1 on. */
static bool bind_user(sqlite3_stmt *statement, int first, const hand_user *row)
{
	if (CHECKS && !is_writable(row))
		return false;
	return bind_text(statement, first + 1, row->name, 255) &&
	       bind_text(statement, first + 2, row->email, 255) && bind_bio(statement, first + 3, row) &&
	       sqlite3_bind_text(statement, first + 4, role_names[row->role], -1, SQLITE_STATIC) ==
		       SQLITE_OK &&
	       sqlite3_bind_int64(statement, first + 5, row->balance) == SQLITE_OK &&
	       sqlite3_bind_int(statement, first + 6, row->score) == SQLITE_OK &&
	       sqlite3_bind_blob(statement, first + 7, row->token, 16, SQLITE_STATIC) == SQLITE_OK &&
	       sqlite3_bind_int64(statement, first + 8, row->created_at) == SQLITE_OK &&
	       sqlite3_bind_int(statement, first + 9, row->is_active) == SQLITE_OK;
}

static bool execute(sqlite3_stmt *statement)
{
	int status = sqlite3_step(statement);

	sqlite3_reset(statement);
	return status == SQLITE_DONE;
}

static uint64_t hand_insert(int number)
{
	hand_user *row = &staged[number];

	if (!bind_user(insert_user, 0, row) || !execute(insert_user))
		return 0;
	row->id = sqlite3_last_insert_rowid(db);
	return (uint64_t)row->id;
}

static uint64_t hand_insert_many(int first, int count)
{
	uint64_t sum = 0;

	for (int i = first; i < first + count; i++) {
		uint64_t id = hand_insert(i);

		if (id == 0)
			return 0;
		sum += id;
	}
	return sum;
}

/* The ids of one statement follow each other: nobody else writes in the transaction. */
static uint64_t hand_insert_batch(int first, int count)
{
	uint64_t sum = 0;

	for (; count >= BATCH; first += BATCH, count -= BATCH) {
		for (int i = 0; i < BATCH; i++)
			if (!bind_user(insert_batch, i * WRITTEN_COUNT, &staged[first + i]))
				return 0;
		if (!execute(insert_batch))
			return 0;
		for (int i = 0; i < BATCH; i++) {
			staged[first + i].id = sqlite3_last_insert_rowid(db) - BATCH + 1 + i;
			sum += (uint64_t)staged[first + i].id;
		}
	}
	return sum + hand_insert_many(first, count);
}

static uint64_t hand_upsert(int number)
{
	hand_user *row = &staged[number];

	if (!bind_user(upsert_user, 0, row) || !execute(upsert_user))
		return 0;
	sqlite3_bind_text(find_id, 1, row->email, -1, SQLITE_STATIC);
	row->id = sqlite3_step(find_id) == SQLITE_ROW ? sqlite3_column_int64(find_id, 0) : 0;
	sqlite3_reset(find_id);
	return (uint64_t)row->id;
}

static uint64_t hand_update(int64_t id, int number)
{
	const hand_user *row = &staged[number];

	if (!bind_bio(update_user, 1, row))
		return 0;
	sqlite3_bind_int(update_user, 2, row->score);
	sqlite3_bind_int64(update_user, 3, id);
	return execute(update_user) ? (uint64_t)sqlite3_changes(db) : 0;
}

/* Makes room in the newest chunk, or opens one of twice the size. */
static char *take(chunk **chunks, size_t size)
{
	chunk *top = *chunks;

	if (top == NULL || top->size - top->used < size) {
		size_t capacity = top == NULL ? 4096 : top->size < (1 << 20) ? top->size * 2 : top->size;

		while (capacity < size)
			capacity *= 2;
		top = malloc(sizeof *top + capacity);
		if (top == NULL)
			return NULL;
		*top = (chunk){ .next = *chunks, .size = capacity };
		*chunks = top;
	}
	top->used += size;
	return top->bytes + top->used - size;
}

static void free_chunks(chunk *chunks)
{
	while (chunks != NULL) {
		chunk *next = chunks->next;

		free(chunks);
		chunks = next;
	}
}

/* A text that is copied, or, where there are no chunks, borrowed until the next step. */
static bool read_text(sqlite3_value *value, bool nullable, chunk **chunks, const char **out)
{
	const char *text = (const char *)sqlite3_value_text(value);
	size_t size;
	char *copy;

	*out = text;
	if (text == NULL)
		return nullable && (!CHECKS || sqlite3_value_type(value) == SQLITE_NULL);
	if (CHECKS && sqlite3_value_type(value) != SQLITE_TEXT)
		return false;
	if (chunks == NULL && !CHECKS)
		return true;
	size = (size_t)sqlite3_value_bytes(value);
	if (CHECKS && strlen(text) != size)
		return false;
	if (chunks == NULL)
		return true;
	copy = take(chunks, size + 1);
	if (copy == NULL)
		return false;
	*out = memcpy(copy, text, size + 1);
	return true;
}

static bool read_integer(sqlite3_value *value, int64_t least, int64_t greatest, int64_t *out)
{
	if (CHECKS && sqlite3_value_type(value) != SQLITE_INTEGER)
		return false;
	*out = sqlite3_value_int64(value);
	return !CHECKS || (*out >= least && *out <= greatest);
}

static bool read_role(sqlite3_value *value, int *out)
{
	const char *role = (const char *)sqlite3_value_text(value);

	if (CHECKS && sqlite3_value_type(value) != SQLITE_TEXT)
		return false;
	*out = strcmp(role, "member") == 0 ? 1 : strcmp(role, "admin") == 0 ? 2 : 0;
	return *out != 0;
}

static bool read_token(sqlite3_value *value, uint8_t *out)
{
	const void *bytes = sqlite3_value_blob(value);

	if (CHECKS && (sqlite3_value_type(value) != SQLITE_BLOB || sqlite3_value_bytes(value) != 16))
		return false;
	memcpy(out, bytes, 16);
	return true;
}

static bool read_row(sqlite3_stmt *from, hand_user *row, chunk **chunks)
{
	int64_t score, is_active;
	bool done =
		read_integer(sqlite3_column_value(from, 0), INT64_MIN, INT64_MAX, &row->id) &&
		read_text(sqlite3_column_value(from, 1), false, chunks, &row->name) &&
		read_text(sqlite3_column_value(from, 2), false, chunks, &row->email) &&
		read_text(sqlite3_column_value(from, 3), true, chunks, &row->bio) &&
		read_role(sqlite3_column_value(from, 4), &row->role) &&
		read_integer(
			sqlite3_column_value(from, 5), -greatest_balance, greatest_balance, &row->balance) &&
		read_integer(sqlite3_column_value(from, 6), INT32_MIN, INT32_MAX, &score) &&
		read_token(sqlite3_column_value(from, 7), row->token) &&
		read_integer(sqlite3_column_value(from, 8), least_time, greatest_time, &row->created_at) &&
		read_integer(sqlite3_column_value(from, 9), 0, 1, &is_active);

	if (!done)
		return false;
	row->score = (int32_t)score;
	row->is_active = is_active != 0;
	return true;
}

static uint64_t sum_of(const hand_user *row)
{
	const seen all = { row->id, row->name, row->email, row->bio, row->role, row->balance, row->score,
		row->token, row->created_at, row->is_active };

	return sums_all ? sum_row(&all)
			: (uint64_t)row->id ^ (uint64_t)row->balance ^ (unsigned char)row->email[2];
}

/* Runs a statement that gives one row: into one block, which holds the row and, nearly always, its text. */
static uint64_t find_row(sqlite3_stmt *statement)
{
	chunk *chunks = malloc(sizeof *chunks + 512);
	hand_user *row;
	uint64_t sum = 0;

	if (chunks == NULL)
		return 0;
	*chunks = (chunk){ .size = 512, .used = sizeof *row };
	row = (hand_user *)(void *)chunks->bytes;
	if (sqlite3_step(statement) == SQLITE_ROW && read_row(statement, row, &chunks))
		sum = sum_of(row);
	sqlite3_reset(statement);
	free_chunks(chunks);
	return sum;
}

static uint64_t hand_find(int64_t id)
{
	sqlite3_bind_int64(find_user, 1, id);
	return find_row(find_user);
}

static uint64_t hand_find_session(int64_t id)
{
	uint64_t sum = execute(begin_reader) ? hand_find(id) : 0;

	return execute(end_reader) ? sum : 0;
}

static uint64_t hand_find_text(const char *email)
{
	return bind_text(find_email, 1, email, 0) ? find_row(find_email) : 0;
}

static uint64_t read_all(sqlite3_stmt *from)
{
	hand_user *rows = NULL;
	chunk *chunks = NULL;
	size_t count = 0, capacity = 0;
	uint64_t sum = 1;
	int status;

	while ((status = sqlite3_step(from)) == SQLITE_ROW) {
		if (count == capacity) {
			size_t grown = capacity == 0 ? 16 : capacity * 2;
			hand_user *moved = realloc(rows, grown * sizeof *rows);

			if (moved == NULL)
				break;
			rows = moved;
			capacity = grown;
		}
		if (!read_row(from, &rows[count], &chunks))
			break;
		count++;
	}
	sqlite3_reset(from);
	for (size_t i = 0; i < count; i++)
		sum += sum_of(&rows[i]);
	free(rows);
	free_chunks(chunks);
	return status == SQLITE_DONE ? sum : 0;
}

static uint64_t hand_list(void)
{
	return read_all(list_users);
}

/* Every row where SQLite has it, good until the next step. */
static uint64_t hand_cursor(void)
{
	hand_user row;
	uint64_t sum = 1;
	int status;

	while ((status = sqlite3_step(list_users)) == SQLITE_ROW && read_row(list_users, &row, NULL))
		sum += sum_of(&row);
	sqlite3_reset(list_users);
	return status == SQLITE_DONE ? sum : 0;
}

static uint64_t hand_query(int64_t first)
{
	sqlite3_bind_int64(query_users, 1, first);
	sqlite3_bind_text(query_users, 2, "member", -1, SQLITE_STATIC);
	sqlite3_bind_int64(query_users, 3, 10);
	return read_all(query_users);
}

/* A query that nobody has asked before: its text is put together, prepared, run once and forgotten. */
static uint64_t hand_query_new(int64_t first, const shape *of)
{
	char sql[512];
	sqlite3_stmt *statement;
	uint64_t sum;
	int number = 0;

#define SAY(condition, yes) ((condition) ? (yes) : "")
	snprintf(sql, sizeof sql,
		"SELECT " COLUMNS " FROM users WHERE id %s ?%s%s%s%s%s%s%s ORDER BY id%s LIMIT ?",
		of->descending ? "<=" : ">=", SAY(of->name, " AND name >= ?"),
		of->bio == 0   ? ""
		: of->bio == 1 ? " AND bio IS NULL"
			       : " AND bio IS NOT NULL",
		SAY(of->role, " AND role = ?"),
		of->balance == 0   ? ""
		: of->balance == 1 ? " AND balance >= ?"
				   : " AND balance < ?",
		of->score == 0   ? ""
		: of->score == 1 ? " AND score >= ?"
				 : " AND score < ?",
		of->created_at == 0   ? ""
		: of->created_at == 1 ? " AND created_at >= ?"
				      : " AND created_at < ?",
		SAY(of->is_active, " AND is_active = ?"), SAY(of->descending, " DESC"));
#undef SAY
	if (sqlite3_prepare_v2(db, sql, -1, &statement, NULL) != SQLITE_OK)
		return 0;
	sqlite3_bind_int64(statement, ++number, first);
	if (of->name)
		sqlite3_bind_text(statement, ++number, "R", -1, SQLITE_STATIC);
	if (of->role)
		sqlite3_bind_text(statement, ++number, "member", -1, SQLITE_STATIC);
	if (of->balance != 0)
		sqlite3_bind_int64(
			statement, ++number, of->balance == 1 ? -greatest_balance : greatest_balance);
	if (of->score != 0)
		sqlite3_bind_int(statement, ++number, of->score == 1 ? INT32_MIN : INT32_MAX);
	if (of->created_at != 0)
		sqlite3_bind_int64(statement, ++number, of->created_at == 1 ? least_time : greatest_time);
	if (of->is_active)
		sqlite3_bind_int(statement, ++number, 1);
	sqlite3_bind_int64(statement, ++number, 10);
	sum = read_all(statement);
	sqlite3_finalize(statement);
	return sum;
}

#if CHECKS
const side checked =
#else
const side hand =
#endif
	{
		.name = CHECKS ? "checked" : "hand",
		.open = hand_open,
		.close = hand_close,
		.stage = hand_stage,
		.insert = hand_insert,
		.insert_many = hand_insert_many,
		.insert_batch = hand_insert_batch,
		.upsert = hand_upsert,
		.update = hand_update,
		.find = hand_find,
		.find_session = hand_find_session,
		.find_alone = hand_find,
		.find_text = hand_find_text,
		.query = hand_query,
		.query_new = hand_query_new,
		.list = hand_list,
		.cursor = hand_cursor,
	};

#if !CHECKS
/* What many programs do: sqlite3_column_*() and a strdup() for every text. */
static char *copy_text(sqlite3_stmt *from, int column)
{
	const char *text = (const char *)sqlite3_column_text(from, column);

	return text != NULL ? strdup(text) : NULL;
}

typedef struct copied_user {
	int64_t id;
	char *name, *email, *bio;
	int role;
	int64_t balance;
	int32_t score;
	uint8_t token[16];
	int64_t created_at;
	bool is_active;
} copied_user;

static void copy_row(sqlite3_stmt *from, copied_user *row)
{
	row->id = sqlite3_column_int64(from, 0);
	row->name = copy_text(from, 1);
	row->email = copy_text(from, 2);
	row->bio = copy_text(from, 3);
	row->role = strcmp((const char *)sqlite3_column_text(from, 4), "member") == 0 ? 1 : 2;
	row->balance = sqlite3_column_int64(from, 5);
	row->score = sqlite3_column_int(from, 6);
	memcpy(row->token, sqlite3_column_blob(from, 7), 16);
	row->created_at = sqlite3_column_int64(from, 8);
	row->is_active = sqlite3_column_int(from, 9) != 0;
}

static uint64_t drop_row(copied_user *row)
{
	const seen all = { row->id, row->name, row->email, row->bio, row->role, row->balance, row->score,
		row->token, row->created_at, row->is_active };
	uint64_t sum = sums_all ? sum_row(&all)
				: (uint64_t)row->id ^ (uint64_t)row->balance ^ (unsigned char)row->email[2];

	free(row->name);
	free(row->email);
	free(row->bio);
	return sum;
}

static uint64_t copied_find(int64_t id)
{
	copied_user *row = malloc(sizeof *row);
	uint64_t sum = 0;

	sqlite3_bind_int64(find_user, 1, id);
	if (row != NULL && sqlite3_step(find_user) == SQLITE_ROW) {
		copy_row(find_user, row);
		sum = drop_row(row);
	}
	sqlite3_reset(find_user);
	free(row);
	return sum;
}

static uint64_t copied_list(void)
{
	copied_user *rows = NULL;
	size_t count = 0, capacity = 0;
	uint64_t sum = 1;

	while (sqlite3_step(list_users) == SQLITE_ROW) {
		if (count == capacity) {
			copied_user *moved;

			capacity = capacity == 0 ? 16 : capacity * 2;
			moved = realloc(rows, capacity * sizeof *rows);
			if (moved == NULL)
				break;
			rows = moved;
		}
		copy_row(list_users, &rows[count++]);
	}
	sqlite3_reset(list_users);
	for (size_t i = 0; i < count; i++)
		sum += drop_row(&rows[i]);
	free(rows);
	return sum;
}

const side copied = { .name = "copied",
	.open = hand_open,
	.close = hand_close,
	.stage = hand_stage,
	.find = copied_find,
	.list = copied_list };
#endif
