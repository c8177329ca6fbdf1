/*
 * The hand-written side, as an expert writes it: statements prepared once, NOMUTEX, static binds, values read through
 * sqlite3_column_value, a found row with its text in one block, a list as one array with its texts in large chunks.
 */
#include "side.h"

#include <sqlite3.h>
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

typedef struct chunk {
	struct chunk *next;
	size_t used, size;
	char bytes[];
} chunk;

static sqlite3 *db;
static sqlite3_stmt *insert_user, *find_user, *list_users, *query_users, *upsert_user, *find_id, *update_user;

#define COLUMNS "id, name, email, bio, role, balance, score, token, created_at, is_active"

static bool prepare(const char *sql, sqlite3_stmt **out)
{
	if (sqlite3_prepare_v3(db, sql, -1, SQLITE_PREPARE_PERSISTENT, out, NULL) == SQLITE_OK)
		return true;
	fprintf(stderr, "bench: %s\n", sqlite3_errmsg(db));
	return false;
}

static bool hand_open(const char *path, bool writer)
{
	if (sqlite3_open_v2(path, &db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, NULL) != SQLITE_OK ||
		sqlite3_exec(db, "PRAGMA journal_mode=wal; PRAGMA synchronous=normal; PRAGMA foreign_keys=on",
			NULL, NULL, NULL) != SQLITE_OK ||
		sqlite3_exec(db, writer ? "BEGIN IMMEDIATE" : "BEGIN", NULL, NULL, NULL) != SQLITE_OK) {
		fprintf(stderr, "bench: %s\n", sqlite3_errmsg(db));
		return false;
	}
	return prepare("INSERT INTO users (name, email, bio, role, balance, score, token, created_at, is_active) "
		       "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
		       &insert_user) &&
	       prepare("SELECT " COLUMNS " FROM users WHERE id = ?1", &find_user) &&
	       prepare("SELECT " COLUMNS " FROM users", &list_users) &&
	       prepare("SELECT " COLUMNS " FROM users WHERE id >= ?1 AND role = ?2 ORDER BY id LIMIT ?3",
		       &query_users) &&
	       prepare("INSERT INTO users (name, email, bio, role, balance, score, token, created_at, is_active) "
		       "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9) ON CONFLICT (email) DO UPDATE SET "
		       "bio = excluded.bio, score = excluded.score",
		       &upsert_user) &&
	       prepare("SELECT id FROM users WHERE email = ?1", &find_id) &&
	       prepare("UPDATE users SET bio = ?1, score = ?2 WHERE id = ?3", &update_user);
}

static void hand_close(void)
{
	sqlite3_finalize(insert_user);
	sqlite3_finalize(find_user);
	sqlite3_finalize(list_users);
	sqlite3_finalize(query_users);
	sqlite3_finalize(upsert_user);
	sqlite3_finalize(find_id);
	sqlite3_finalize(update_user);
	sqlite3_exec(db, "COMMIT", NULL, NULL, NULL);
	sqlite3_close(db);
	db = NULL;
}

static const char *const role_names[] = { "", "member", "admin" };

static bool write_user(sqlite3_stmt *statement, const sample *row)
{
	int status;

	sqlite3_bind_text(statement, 1, row->name, -1, SQLITE_STATIC);
	sqlite3_bind_text(statement, 2, row->email, -1, SQLITE_STATIC);
	if (row->has_bio)
		sqlite3_bind_text(statement, 3, row->bio, -1, SQLITE_STATIC);
	else
		sqlite3_bind_null(statement, 3);
	sqlite3_bind_text(statement, 4, role_names[row->role], -1, SQLITE_STATIC);
	sqlite3_bind_int64(statement, 5, row->cents);
	sqlite3_bind_int(statement, 6, row->score);
	sqlite3_bind_blob(statement, 7, row->token, 16, SQLITE_STATIC);
	sqlite3_bind_int64(statement, 8, row->created_at);
	sqlite3_bind_int(statement, 9, row->is_active);
	status = sqlite3_step(statement);
	sqlite3_reset(statement);
	return status == SQLITE_DONE;
}

static uint64_t hand_insert(const sample *row)
{
	return write_user(insert_user, row) ? (uint64_t)sqlite3_last_insert_rowid(db) : 0;
}

static uint64_t hand_insert_many(const sample *rows, int count)
{
	uint64_t sum = 0;

	for (int i = 0; i < count; i++) {
		uint64_t id = hand_insert(&rows[i]);

		if (id == 0)
			return 0;
		sum += id;
	}
	return sum;
}

static uint64_t hand_upsert(const sample *row)
{
	uint64_t id = 0;

	if (!write_user(upsert_user, row))
		return 0;
	sqlite3_bind_text(find_id, 1, row->email, -1, SQLITE_STATIC);
	if (sqlite3_step(find_id) == SQLITE_ROW)
		id = (uint64_t)sqlite3_column_int64(find_id, 0);
	sqlite3_reset(find_id);
	return id;
}

static uint64_t hand_update(int64_t id, const sample *row)
{
	int status;

	if (row->has_bio)
		sqlite3_bind_text(update_user, 1, row->bio, -1, SQLITE_STATIC);
	else
		sqlite3_bind_null(update_user, 1);
	sqlite3_bind_int(update_user, 2, row->score);
	sqlite3_bind_int64(update_user, 3, id);
	status = sqlite3_step(update_user);
	sqlite3_reset(update_user);
	return status == SQLITE_DONE ? (uint64_t)sqlite3_changes(db) : 0;
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

static const char *take_text(sqlite3_stmt *from, int column, chunk **chunks)
{
	sqlite3_value *value = sqlite3_column_value(from, column);
	const void *text = sqlite3_value_text(value);
	size_t size = (size_t)sqlite3_value_bytes(value);
	char *copy = text != NULL ? take(chunks, size + 1) : NULL;

	if (copy != NULL)
		memcpy(copy, text, size + 1);
	return copy;
}

static void read_row(sqlite3_stmt *from, hand_user *row, chunk **chunks)
{
	const char *role;

	row->id = sqlite3_value_int64(sqlite3_column_value(from, 0));
	row->name = take_text(from, 1, chunks);
	row->email = take_text(from, 2, chunks);
	row->bio = take_text(from, 3, chunks);
	role = (const char *)sqlite3_value_text(sqlite3_column_value(from, 4));
	row->role = strcmp(role, "member") == 0 ? 1 : strcmp(role, "admin") == 0 ? 2 : 0;
	row->balance = sqlite3_value_int64(sqlite3_column_value(from, 5));
	row->score = sqlite3_value_int(sqlite3_column_value(from, 6));
	memcpy(row->token, sqlite3_value_blob(sqlite3_column_value(from, 7)), 16);
	row->created_at = sqlite3_value_int64(sqlite3_column_value(from, 8));
	row->is_active = sqlite3_value_int(sqlite3_column_value(from, 9)) != 0;
}

static uint64_t sum_row(uint64_t sum, const hand_user *row)
{
	sum = sum_bytes(sum, &row->id, sizeof row->id);
	sum = sum_bytes(sum, &row->balance, sizeof row->balance);
	sum = sum_bytes(sum, &row->role, sizeof row->role);
	sum = sum_bytes(sum, row->token, sizeof row->token);
	return sum ^ (uint64_t)(unsigned char)row->email[2] ^ (row->bio != NULL);
}

static uint64_t hand_find(int64_t id)
{
	/* One block: the first chunk holds the row and, nearly always, its text. */
	chunk *chunks = malloc(sizeof *chunks + 512);
	hand_user *row;
	uint64_t sum = 0;

	if (chunks == NULL)
		return 0;
	*chunks = (chunk){ .size = 512, .used = sizeof *row };
	row = (hand_user *)(void *)chunks->bytes;
	sqlite3_bind_int64(find_user, 1, id);
	if (sqlite3_step(find_user) == SQLITE_ROW) {
		read_row(find_user, row, &chunks);
		sum = sum_row(SUM_START, row);
	}
	sqlite3_reset(find_user);
	while (chunks != NULL) {
		chunk *next = chunks->next;

		free(chunks);
		chunks = next;
	}
	return sum;
}

static uint64_t read_all(sqlite3_stmt *from)
{
	hand_user *rows = NULL;
	chunk *chunks = NULL;
	size_t count = 0, capacity = 0;
	uint64_t sum = SUM_START;

	while (sqlite3_step(from) == SQLITE_ROW) {
		if (count == capacity) {
			size_t grown = capacity == 0 ? 16 : capacity * 2;
			hand_user *moved = realloc(rows, grown * sizeof *rows);

			if (moved == NULL)
				abort();
			rows = moved;
			capacity = grown;
		}
		read_row(from, &rows[count++], &chunks);
	}
	sqlite3_reset(from);
	for (size_t i = 0; i < count; i++)
		sum += (uint64_t)rows[i].id ^ (uint64_t)rows[i].balance ^ (unsigned char)rows[i].email[2];
	free(rows);
	while (chunks != NULL) {
		chunk *next = chunks->next;

		free(chunks);
		chunks = next;
	}
	return sum;
}

static uint64_t hand_list(void)
{
	return read_all(list_users);
}

static uint64_t hand_query(int64_t first)
{
	sqlite3_bind_int64(query_users, 1, first);
	sqlite3_bind_text(query_users, 2, "member", -1, SQLITE_STATIC);
	sqlite3_bind_int64(query_users, 3, 10);
	return read_all(query_users);
}

const side hand = { "hand", hand_open, hand_close, hand_insert, hand_find, hand_list, hand_query,
	hand_insert_many, hand_upsert, hand_update };
