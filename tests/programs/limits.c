/* What is too much, or made up by somebody: every case has a status, and nothing of it is written in part. */
#include "opened.h"

#include <signal.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/resource.h>

#include <store/json.h>

static user *find(store_reader r, int64_t id)
{
	user *found;

	assert_ok(user_find_by_id(r, id, &found), r);
	return found;
}

static int64_t count_users(store_reader r)
{
	int64_t count;

	assert_ok(user_count(r, NULL, &count), r);
	return count;
}

/* Users "0" to "<count - 1>". */
static void add_users(store_session s, int count)
{
	for (int i = 0; i < count; i++) {
		char name[12];
		user row = new_user(name, name);

		snprintf(name, sizeof name, "%d", i);
		row.score = i;
		assert_ok(user_insert(s, &row), s);
	}
}

enum { MANY_KEYS = 1000000 };

/* The keys 2, 4, 6 and so on; free() them. */
static int64_t *even_keys(void)
{
	int64_t *keys = malloc(MANY_KEYS * sizeof *keys);

	assert_non_null(keys);
	for (int64_t i = 0; i < MANY_KEYS; i++)
		keys[i] = 2 * (i + 1);
	return keys;
}

static void list__of_a_million_keys(void **state)
{
	int64_t *keys = even_keys(), count;
	store_session s = begin(state, "keys");
	user_query query = { .where = { .id = dbw_in(keys, MANY_KEYS) }, .limit = 2 };
	user_page first;
	char *next;

	add_users(s, 10);
	assert_ok(user_count(s.read, &query, &count), s);
	assert_int_equal(count, 5);
	query.where.id = dbw_not_in(keys, MANY_KEYS);
	assert_ok(user_count(s.read, &query, &count), s);
	assert_int_equal(count, 5);
	query.where.id = dbw_in(keys, MANY_KEYS);
	assert_ok(user_find_page(s.read, &query, NULL, &first), s);
	assert_non_null(first.next);
	next = strdup(first.next);
	user_page_free(&first);
	assert_ok(user_find_page(s.read, &query, next, &first), s);
	assert_int_equal(first.rows.count, 2);
	assert_int_equal(first.rows.items[0].id, 6);
	user_page_free(&first);
	/* With one key of another value it is another query. */
	keys[MANY_KEYS - 1] = -1;
	assert_int_equal(user_find_page(s.read, &query, next, &first), DBW_INVALID);
	assert_int_equal(first.rows.count, 0);
	assert_ok(user_delete_many_by_id(s, keys, MANY_KEYS, &count), s);
	assert_int_equal(count, 5);
	assert_int_equal(count_users(s.read), 5);
	free(next);
	free(keys);
	store_end(s);
}

/* The text of a page may come from anybody. */
static void page__of_an_edited_text(void **state)
{
	static const char *const made_up[] = { "", "A", "AAAA", "' OR 1=1 --", "%00",
		"AQAAAAAAAAAAAAAAAAAA" };
	store_session s = begin(state, "pages");
	const user_query query = { .order_by = { { .score = DBW_DESC } }, .limit = 3 },
			 other = { .order_by = { { .score = DBW_ASC } }, .limit = 3 },
			 filtered = { .where = { .score = dbw_lt(100) },
				 .order_by = { { .score = DBW_DESC } },
				 .limit = 3 };
	user_page first, refused;

	add_users(s, 5);
	assert_ok(user_find_page(s.read, &query, NULL, &first), s);
	assert_int_equal(first.rows.items[0].score, 4);
	assert_refused(user_find_page(s.read, &other, first.next, &refused), DBW_INVALID, s,
		"user: the page text does not belong to this query; start at the first page");
	assert_int_equal(user_find_page(s.read, &filtered, first.next, &refused), DBW_INVALID);
	for (size_t i = 0; i < strlen(first.next); i++) {
		char *edited = strdup(first.next);

		edited[i] = edited[i] == 'A' ? 'B' : 'A';
		assert_int_equal(user_find_page(s.read, &query, edited, &refused), DBW_INVALID);
		edited[i] = '\0';
		assert_int_equal(user_find_page(s.read, &query, edited, &refused), DBW_INVALID);
		assert_null(refused.next);
		assert_int_equal(refused.rows.count, 0);
		free(edited);
	}
	for (size_t i = 0; i < sizeof made_up / sizeof *made_up; i++)
		assert_int_equal(user_find_page(s.read, &query, made_up[i], &refused), DBW_INVALID);
	/* Nobody's text fails a session. */
	assert_ok(user_find_page(s.read, &query, first.next, &refused), s);
	assert_int_equal(refused.rows.items[0].score, 1);
	user_page_free(&refused);
	user_page_free(&first);
	assert_ok(store_commit(s), s);
}

/* What was not read is not saved as nothing: not by way of a copy, a list, or JSON either. */
static void projection__saved_back(void **state)
{
	store_session s = begin(state, "projection");
	user row = new_user("Ada", "ada@example.com"), *found, *copy, *patched;
	user_columns changed;
	user_list list;
	char *json;

	row.bio = "wrote this";
	assert_ok(user_insert(s, &row), s);
	assert_ok(user_find(s.read, &(user_query){ .columns = { .name = true } }, &list), s);
	assert_int_equal(user_copy(&list.items[0], &copy), DBW_OK);
	user_list_free(&list);
	assert_refused(user_update(s, copy, user_all_columns()), DBW_MISUSE, s,
		"user.email was not read, so there is nothing to write: leave it out of the columns, or read it");
	copy->name = "Grace";
	copy->id = 0;
	assert_int_equal(user_insert(s, copy), DBW_MISUSE);
	assert_int_equal(user_insert_many(s, copy, 1), DBW_MISUSE);
	assert_int_equal(user_load(s, copy, 1), DBW_MISUSE);
	copy->id = row.id;
	assert_ok(user_update(s, copy, (user_columns){ .name = true }), s);
	assert_int_equal(user_to_json(copy, NULL, &json, NULL), DBW_OK);
	assert_string_equal(json, "{\"id\":1,\"name\":\"Grace\"}");
	assert_int_equal(user_patch_json(copy, json, strlen(json), NULL, &patched, &changed, NULL), DBW_OK);
	assert_ok(user_update(s, patched, changed), s);
	assert_int_equal(user_update(s, patched, user_all_columns()), DBW_MISUSE);
	dbw_json_free(json);
	user_free(patched);
	user_free(copy);
	found = find(s.read, row.id);
	assert_string_equal(found->name, "Grace");
	assert_string_equal(found->email, "ada@example.com");
	assert_string_equal(found->bio, "wrote this");
	user_free(found);
	assert_ok(store_commit(s), s);
}

/* A document of other types than the model's gives no row, and a list with one such row none at all. */
static void json__of_wrong_types(void **state)
{
	static const char *const members[] = { "\"name\":1", "\"name\":null", "\"name\":[\"a\"]",
		"\"bio\":{}", "\"score\":\"1\"", "\"score\":1.5", "\"score\":2147483648", "\"score\":true",
		"\"rank\":-32769", "\"is_active\":0", "\"is_active\":\"true\"", "\"role\":1",
		"\"role\":\"owner\"", "\"balance\":1.5", "\"balance\":\"1,5\"", "\"created_at\":0",
		"\"born\":\"1999-02-29\"", "\"wakes\":\"24:00:00\"", "\"token\":\"1\"",
		"\"id\":9223372036854775808" };

	(void)state;
	for (size_t i = 0; i < sizeof members / sizeof *members; i++) {
		const char *name = strncmp(members[i], "\"name\"", 6) == 0 ? "" : "\"name\":\"a\",";
		char text[256];
		user row = new_user("a", "a"), *found = &row, *patched = &row;
		user_columns changed = user_all_columns();
		user_list list;

		snprintf(text, sizeof text, "{%s\"email\":\"a\",%s}", name, members[i]);
		assert_int_equal(user_from_json(text, strlen(text), NULL, &found, NULL), DBW_INVALID);
		assert_null(found);
		snprintf(text, sizeof text, "{%s}", members[i]);
		assert_int_equal(user_patch_json(&row, text, strlen(text), NULL, &patched, &changed, NULL),
			DBW_INVALID);
		assert_null(patched);
		assert_false(changed.name || changed.score || changed.balance);
		snprintf(text, sizeof text, "[{\"name\":\"b\",\"email\":\"b\"},{%s\"email\":\"a\",%s}]", name,
			members[i]);
		assert_int_equal(user_list_from_json(text, strlen(text), NULL, &list, NULL), DBW_INVALID);
		assert_int_equal(list.count, 0);
		user_list_free(&list);
	}
}

/* What a user typed into a search box is text, whatever it looks like. */
static void search__for_wildcards(void **state)
{
	static const char *const typed[] = { "%", "_", "\\", "%_\\", "100%", "a_c", "*", "?", "[a-z]", "'" };
	enum { TYPED = sizeof typed / sizeof *typed };
	store_session s = begin(state, "search");
	user plain = new_user("abc", "plain");
	int64_t count;

	plain.bio = "abc 100 abc";
	assert_ok(user_insert(s, &plain), s);
	for (size_t i = 0; i < TYPED; i++) {
		user row = new_user("x", typed[i]);
		char bio[32];

		snprintf(bio, sizeof bio, "<%s>", typed[i]);
		row.bio = bio;
		assert_ok(user_insert(s, &row), s);
	}
	for (size_t i = 0; i < TYPED; i++) {
		char whole[32];
		size_t expected = 0;

		for (size_t other = 0; other < TYPED; other++)
			expected += strstr(typed[other], typed[i]) != NULL;
		snprintf(whole, sizeof whole, "<%s>", typed[i]);
		const user_query queries[] = {
			{ .where = { .bio = dbw_contains(typed[i]) } },
			{ .where = { .bio = dbw_icontains(typed[i]) } },
			{ .where = { .bio = dbw_starts_with(whole) } },
			{ .where = { .bio = dbw_iends_with(whole) } },
		};

		for (size_t q = 0; q < sizeof queries / sizeof *queries; q++) {
			assert_ok(user_count(s.read, &queries[q], &count), s);
			assert_int_equal(count, q < 2 ? expected : 1);
		}
	}
	store_end(s);
}

/* A text of C ends at a NUL: nothing puts one inside, and nothing loses what would be behind it. */
static void text__with_a_nul_inside(void **state)
{
	static const char escaped[] = "{\"name\":\"a\\u0000b\",\"email\":\"a\"}";
	static const char raw[] = "{\"name\":\"a\0b\",\"email\":\"a\"}";
	store_session s = begin(state, "nul");
	thing row = THING_INIT, *found;
	user *read;

	assert_int_equal(user_from_json(escaped, sizeof escaped - 1, NULL, &read, NULL), DBW_INVALID);
	assert_null(read);
	assert_int_equal(user_from_json(raw, sizeof raw - 1, NULL, &read, NULL), DBW_INVALID);
	assert_null(read);
	row.doc = "{\"a\":\"\\u0000\"}";
	assert_refused(thing_insert(s, &row), DBW_INVALID, s, "thing.doc is not JSON");
	/* Bytes are no text. */
	row.doc = NULL;
	row.raw = dbw_bytes_of("a\0b", 3);
	assert_ok(thing_insert(s, &row), s);
	assert_ok(thing_find_one(s.read, &(thing_query){ .where = { .raw = dbw_eq(row.raw) } }, &found), s);
	assert_int_equal(found->raw.size, 3);
	assert_memory_equal(found->raw.data, "a\0b", 3);
	thing_free(found);
	store_end(s);
}

/* A row with the last of all ids leaves ids for others: where it stays, and where it does not. */
static void id__that_is_the_last(void **state)
{
	store_session s = begin(state, "last");
	user last = new_user("last", "last"), row = new_user("next", "next"), rows[3];

	last.id = INT64_MAX;
	assert_ok(user_insert(s, &last), s);
	store_end(s);
	s = begin(state, "after a rollback");
	assert_ok(user_insert(s, &row), s);
	assert_int_equal(row.id, 1);
	for (int i = 0; i < 3; i++)
		rows[i] = new_user("many", i == 0 ? "0" : i == 1 ? "1" : "2");
	rows[0].id = INT64_MAX;
	assert_ok(user_insert_many(s, rows, 3), s);
	assert_true(rows[1].id > 0 && rows[2].id > 0);
	assert_true(rows[1].id != row.id && rows[2].id != rows[1].id);
	assert_ok(store_commit(s), s);
	s = begin(state, "behind it");
	row = new_user("behind", "behind");
	assert_ok(user_insert(s, &row), s);
	assert_int_equal(count_users(s.read), 5);
	store_end(s);
}

/* Bytes of which nobody has written any: they take no memory. */
static dbw_bytes no_memory_of(size_t size)
{
	void *bytes = mmap(NULL, size, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

	return dbw_bytes_of(bytes == MAP_FAILED ? NULL : bytes, size);
}

static void bytes__of_more_than_an_engine_takes(void **state)
{
	static const char too_large[] = "thing.raw has more than 1000000000 bytes";
	store_session s = begin(state, "huge");
	thing row = THING_INIT, kept = THING_INIT, *found;
	int64_t count;

	row.raw = no_memory_of(1000000001);
	if (row.raw.data == NULL) {
		store_end(s);
		skip();
	}
	/* The second time the statement is there already. */
	for (int i = 0; i < 2; i++) {
		assert_refused(thing_insert(s, &row), DBW_INVALID, s, too_large);
		kept = (thing)THING_INIT;
		assert_ok(thing_insert(s, &kept), s);
	}
	assert_refused(
		thing_insert_many(s, &row, 1), DBW_INVALID, s, "thing[0].raw has more than 1000000000 bytes");
	assert_refused(thing_load(s, &row, 1), DBW_INVALID, s, "thing[0].raw has more than 1000000000 bytes");
	assert_refused(
		thing_upsert_by_id(s, &row, (thing_columns){ .raw = true }), DBW_INVALID, s, too_large);
	row.id = kept.id;
	for (int i = 0; i < 2; i++) {
		assert_refused(
			thing_update(s, &row, (thing_columns){ .raw = true }), DBW_INVALID, s, too_large);
		assert_ok(thing_update(s, &kept, (thing_columns){ .raw = true }), s);
	}
	assert_refused(thing_update_where(s,
			       &(thing_change){ .where = { .id = dbw_eq(kept.id) },
				       .set = { .raw = dbw_set(row.raw) } },
			       NULL),
		DBW_INVALID, s, too_large);
	assert_refused(thing_count(s.read, &(thing_query){ .where = { .raw = dbw_eq(row.raw) } }, &count),
		DBW_INVALID, s, too_large);
	/* Refused before it was sent: the session is as it was. */
	assert_ok(thing_find_by_id(s.read, kept.id, &found), s);
	assert_null(found->raw.data);
	thing_free(found);
	assert_ok(store_commit(s), s);
	munmap((void *)(uintptr_t)row.raw.data, row.raw.size);
}

static void bytes__of_many_pages(void **state)
{
	enum { SIZE = 5000000, ROWS = 8 };
	unsigned char *bytes = malloc(SIZE);
	store_session s = begin(state, "large");
	thing rows[ROWS], *found;
	int64_t count;

	assert_non_null(bytes);
	for (size_t i = 0; i < SIZE; i++)
		bytes[i] = (unsigned char)(i * 2654435761U >> 13);
	for (int i = 0; i < ROWS; i++) {
		rows[i] = (thing)THING_INIT;
		rows[i].raw = dbw_bytes_of(bytes, SIZE);
	}
	assert_ok(thing_insert_many(s, rows, ROWS), s);
	assert_ok(thing_count(s.read, &(thing_query){ .where = { .raw = dbw_eq(rows[0].raw) } }, &count), s);
	assert_int_equal(count, ROWS);
	assert_ok(thing_find_by_id(s.read, rows[ROWS - 1].id, &found), s);
	assert_int_equal(found->raw.size, SIZE);
	assert_memory_equal(found->raw.data, bytes, SIZE);
	thing_free(found);
	store_end(s);
	free(bytes);
}

enum { MOST_FILE_BYTES = 300 * 1024, FULL_ROWS = 2000 };

/* From here on files do not grow beyond a size, or do again: the disk is full for them. */
static void fill_disk(bool full)
{
	struct rlimit limit;

	signal(SIGXFSZ, SIG_IGN);
	assert_int_equal(getrlimit(RLIMIT_FSIZE, &limit), 0);
	limit.rlim_cur = full ? MOST_FILE_BYTES : limit.rlim_max;
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &limit), 0);
}

static user *large_users(char (*names)[12], const char *bio)
{
	user *rows = calloc(FULL_ROWS, sizeof *rows);

	assert_non_null(rows);
	for (int i = 0; i < FULL_ROWS; i++) {
		snprintf(names[i], sizeof names[i], "large%d", i);
		rows[i] = new_user(names[i], names[i]);
		rows[i].bio = bio;
	}
	return rows;
}

static void disk__full_in_the_middle_of_many_rows(void **state)
{
	char bio[4000], names[FULL_ROWS][12];
	user *rows, row = new_user("before", "before");
	store_session s, inner;

	if (fresh_on_postgresql())
		skip();
	memset(bio, 'x', sizeof bio - 1);
	bio[sizeof bio - 1] = '\0';
	rows = large_users(names, bio);
	s = begin(state, "kept");
	assert_ok(user_insert(s, &row), s);
	assert_ok(store_commit(s), s);
	s = begin(state, "outer");
	row = new_user("outer", "outer");
	assert_ok(user_insert(s, &row), s);
	assert_ok(store_nest(s, "inner", &inner), s);
	fill_disk(true);
	assert_int_equal(user_insert_many(inner, rows, FULL_ROWS), DBW_DISK_FULL);
	assert_string_equal(dbw_session_error(inner.any)->message,
		"user_insert_many: no room to write, by the disk, a quota or a limit of file sizes: make room");
	/* The rows are as they were. */
	for (int i = 0; i < FULL_ROWS; i++)
		assert_true(rows[i].id == 0 && dbw_timestamp_is_unset(rows[i].created_at));
	assert_int_equal(store_commit(inner), DBW_SESSION_FAILED);
	store_end(inner);
	/* SQLite has rolled back all of it: nothing may go on as if the outer session's part were there. */
	assert_refused(user_insert(s, &row), DBW_SESSION_FAILED, s,
		"session \"outer\" has failed: user_insert_many: no room to write, by the disk, a quota or a limit of "
		"file sizes: make room");
	assert_int_equal(store_commit(s), DBW_SESSION_FAILED);
	store_end(s);
	fill_disk(false);
	s = begin(state, "after");
	assert_int_equal(count_users(s.read), 1);
	assert_ok(user_insert_many(s, rows, FULL_ROWS), s);
	assert_ok(store_commit(s), s);
	free(rows);
}

static void disk__full_at_the_commit(void **state)
{
	char bio[4000], names[FULL_ROWS][12];
	user *rows;
	store_session s;

	if (fresh_on_postgresql())
		skip();
	memset(bio, 'x', sizeof bio - 1);
	bio[sizeof bio - 1] = '\0';
	rows = large_users(names, bio);
	s = begin(state, "full");
	assert_ok(user_insert_many(s, rows, 200), s);
	fill_disk(true);
	assert_refused(store_commit(s), DBW_DISK_FULL, s,
		"no room to write, by the disk, a quota or a limit of file sizes: make room");
	assert_int_equal(store_commit(s), DBW_SESSION_FAILED);
	store_end(s);
	fill_disk(false);
	s = begin(state, "after");
	assert_int_equal(count_users(s.read), 0);
	store_end(s);
	free(rows);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(list__of_a_million_keys),
		CASE(page__of_an_edited_text),
		CASE(projection__saved_back),
		CASE(json__of_wrong_types),
		CASE(search__for_wildcards),
		CASE(text__with_a_nul_inside),
		CASE(id__that_is_the_last),
		CASE(bytes__of_more_than_an_engine_takes),
		CASE(bytes__of_many_pages),
		CASE(disk__full_in_the_middle_of_many_rows),
		CASE(disk__full_at_the_commit),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
