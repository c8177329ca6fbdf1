#include "fixture_user.h"

#include <driver/bundled.h>
#include <setjmp.h>
#include <statement/cache.h>
#include <statement/render.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static const dbw_driver *const driver = &dbw__sqlite_driver;
static dbw_driver counting; /* The driver, with calls counted. */
static int prepared, released;
static dbw_connection *connection;
static dbw__cache cache;
static dbw_error error;

static dbw_status count_prepare(
	dbw_connection *c, const char *sql, const dbw_result *result, dbw_prepared **out, dbw_error *e)
{
	dbw_status status = driver->prepare(c, sql, result, out, e);

	prepared += status == DBW_OK;
	return status;
}

static void count_release(dbw_connection *c, dbw_prepared *statement)
{
	released++;
	driver->release(c, statement);
}

static int open_cache(void **state)
{
	dbw_address address = {
		.database = "test", .location = ":memory:", .settings = NULL, .setting_count = 0
	};

	(void)state;
	counting = *driver;
	counting.prepare = count_prepare;
	counting.release = count_release;
	prepared = released = 0;
	return driver->open(&address, &connection, &error) != DBW_OK ||
	       dbw__cache_init(&cache, &counting, connection, 3) != DBW_OK;
}

static int close_cache(void **state)
{
	(void)state;
	dbw__cache_clear(&cache);
	driver->close(connection);
	return prepared != released;
}

static dbw__shape *insert(const char *key)
{
	dbw__shape *shape;

	if (dbw__shape_insert(&cache, key, strlen(key), "SELECT 1", NULL, &shape, &error) != DBW_OK)
		fail_msg("%s", error.message);
	return shape;
}

static dbw__shape *lookup(const char *key)
{
	return dbw__shape_lookup(&cache, key, strlen(key));
}

static dbw_status fixed(uint32_t slot, const char *sql, dbw_prepared **out)
{
	*out = dbw__cache_fixed(&cache, slot);
	return *out != NULL ? DBW_OK : dbw__cache_prepare(&cache, slot, sql, NULL, out, &error);
}

static void fixed__are_prepared_once_and_at_first_use(void **state)
{
	dbw_prepared *one, *again, *bad;

	(void)state;
	assert_int_equal(fixed(2, "SELECT 1", &one), DBW_OK);
	assert_int_equal(fixed(2, "SELECT 1", &again), DBW_OK);
	assert_ptr_equal(one, again);
	assert_int_equal(prepared, 1);
	assert_int_equal(fixed(3, "SELECT 1", &bad), DBW_MISUSE);
	assert_int_equal(fixed(0, "SELECT missing", &bad), DBW_SCHEMA_MISMATCH);
	assert_null(bad);
	assert_int_equal(fixed(0, "SELECT 2", &bad), DBW_OK);
}

static void fixed__of_two_texts_keep_the_whole(void **state)
{
	dbw_prepared *one;
	const char *text, *again;

	(void)state;
	assert_int_equal(dbw__cache_join(&cache, 1, "SELECT 1", " WHERE missing", &text, &error), DBW_OK);
	assert_string_equal(text, "SELECT 1 WHERE missing");
	assert_int_equal(fixed(1, text, &one), DBW_SCHEMA_MISMATCH);
	/* What failed can still be read. */
	assert_ptr_equal(dbw__cache_text(&cache, 1), text);
	assert_int_equal(dbw__cache_join(&cache, 1, "SELECT 1", " WHERE missing", &again, &error), DBW_OK);
	assert_ptr_equal(again, text);
	assert_int_equal(dbw__cache_join(&cache, 3, "SELECT 1", "", &text, &error), DBW_MISUSE);
	assert_null(text);
}

static void shapes__are_found_by_their_bytes(void **state)
{
	static const char with_nul[] = { 'a', '\0', 'b' };
	dbw__shape *shape, *other;

	(void)state;
	assert_null(lookup("a"));
	shape = insert("a");
	assert_string_equal(shape->sql, "SELECT 1");
	assert_ptr_equal(lookup("a"), shape);
	assert_null(lookup("b"));
	assert_null(lookup(""));
	assert_null(dbw__shape_lookup(&cache, with_nul, sizeof with_nul));
	assert_int_equal(
		dbw__shape_insert(&cache, with_nul, sizeof with_nul, "SELECT 2", NULL, &other, &error),
		DBW_OK);
	assert_ptr_equal(dbw__shape_lookup(&cache, with_nul, sizeof with_nul), other);
	assert_ptr_equal(lookup("a"), shape);
	assert_int_equal(dbw__shape_insert(&cache, "bad", 3, "SELECT missing", NULL, &other, &error),
		DBW_SCHEMA_MISMATCH);
	assert_null(other);
	assert_null(lookup("bad"));
}

static void shapes__the_one_used_longest_ago_is_forgotten(void **state)
{
	char key[16];

	(void)state;
	for (int i = 0; i < DBW__SHAPE_LIMIT; i++) {
		snprintf(key, sizeof key, "k%d", i);
		insert(key);
	}
	assert_non_null(lookup("k0"));
	insert("more");
	assert_int_equal(released, 1);
	assert_null(lookup("k1"));
	assert_non_null(lookup("k0"));
	assert_non_null(lookup("more"));
	/* Thousands come and go; the table stays whole. */
	for (int i = 0; i < 5000; i++) {
		snprintf(key, sizeof key, "n%d", i);
		insert(key);
		assert_non_null(lookup("k0"));
	}
	for (int i = 0; i < 5000; i++) {
		snprintf(key, sizeof key, "n%d", i);
		assert_int_equal(lookup(key) != NULL, i >= 5000 - (DBW__SHAPE_LIMIT - 1));
	}
	assert_int_equal(prepared - released, DBW__SHAPE_LIMIT);
}

static void shapes__that_are_held_stay(void **state)
{
	dbw__shape *first, *shape, *none;
	char key[16];

	(void)state;
	first = insert("first");
	first->held++;
	for (int i = 0; i < 1000; i++) {
		snprintf(key, sizeof key, "k%d", i);
		shape = insert(key);
	}
	assert_ptr_equal(lookup("first"), first);
	for (int i = 1000 - (DBW__SHAPE_LIMIT - 1); i < 1000; i++) {
		snprintf(key, sizeof key, "k%d", i);
		shape = lookup(key);
		assert_non_null(shape);
		shape->held++;
	}
	assert_int_equal(dbw__shape_insert(&cache, "more", 4, "SELECT 1", NULL, &none, &error), DBW_BUSY);
	first->held--;
	assert_int_equal(dbw__shape_insert(&cache, "more", 4, "SELECT 1", NULL, &none, &error), DBW_OK);
	assert_null(lookup("first"));
}

/* Keeps the shape of an update of these columns. */
static dbw__shape *insert_update(bool email, bool name)
{
	const user_columns columns = { .email = email, .name = name };
	dbw_arena *scratch = dbw_arena_new(0);
	dbw__request request;
	dbw__shape *shape;

	assert_non_null(scratch);
	dbw__request_init(&request, &user__model, DBW_SQLITE, DBW__REQUEST_UPDATE, scratch);
	for (uint16_t i = 0; i < user__model.column_count; i++)
		if (dbw__columns_has(&columns, i))
			assert_int_equal(dbw__request_column(&request, i, &error), DBW_OK);
	if (dbw__shape_insert(
		    &cache, request.key.data, request.key.length, "SELECT 1", NULL, &shape, &error) != DBW_OK)
		fail_msg("%s", error.message);
	dbw__request_clear(&request);
	dbw_arena_free(scratch);
	return shape;
}

static dbw__shape *lookup_update(bool email, bool name)
{
	const user_columns columns = { .email = email, .name = name };

	return dbw__update_shape(&cache, &user__model, &columns);
}

static void updates__are_found_by_their_columns(void **state)
{
	dbw__shape *email, *name;
	char key[16];

	(void)state;
	assert_null(lookup_update(true, false));
	email = insert_update(true, false);
	assert_ptr_equal(lookup_update(true, false), email);
	assert_ptr_equal(lookup_update(true, false), email);
	assert_null(lookup_update(false, true));
	name = insert_update(false, true);
	assert_ptr_equal(lookup_update(false, true), name);
	assert_ptr_equal(lookup_update(true, false), email);
	/* What is used is not forgotten, what was used before it is, and then it is found no more. */
	for (int i = 0; i < 1000; i++) {
		snprintf(key, sizeof key, "k%d", i);
		insert(key);
		assert_ptr_equal(lookup_update(true, false), email);
	}
	assert_null(lookup_update(false, true));
	for (int i = 0; i < DBW__SHAPE_LIMIT; i++) {
		snprintf(key, sizeof key, "n%d", i);
		insert(key);
	}
	assert_null(lookup_update(true, false));
	email = insert_update(true, false);
	assert_ptr_equal(lookup_update(true, false), email);
}

static const dbw__known_upsert *again(uint16_t finder, uint16_t insert, const user_columns *columns)
{
	return dbw__upsert_again(&cache, &user__model, finder, insert, columns);
}

static void upserts__are_known_as_long_as_their_statements(void **state)
{
	const user_columns email = { .email = true }, name = { .name = true };
	dbw__known_upsert upsert = { .model = &user__model, .finder = 7, .insert = 1 };
	char key[16];

	(void)state;
	assert_null(again(7, 1, &email));
	upsert.shape = insert("write");
	upsert.back = insert("read");
	dbw__upsert_keep(&cache, &upsert, &email);
	assert_non_null(again(7, 1, &email));
	assert_ptr_equal(again(7, 1, &email)->shape, upsert.shape);
	assert_ptr_equal(again(7, 1, &email)->back, upsert.back);
	assert_null(again(7, 1, &name));
	assert_null(again(7, 1, NULL));
	assert_null(again(8, 1, &email));
	assert_null(again(7, 2, &email));
	assert_null(dbw__upsert_again(&cache, NULL, 7, 1, &email));
	/* A cursor runs what would read back. */
	upsert.back->held++;
	assert_null(again(7, 1, &email));
	upsert.back->held--;
	/* Both are used, and stay. */
	for (int i = 0; i < 1000; i++) {
		snprintf(key, sizeof key, "k%d", i);
		insert(key);
		assert_non_null(again(7, 1, &email));
	}
	/* One of them is used, the other forgotten. */
	for (int i = 0; i < DBW__SHAPE_LIMIT; i++) {
		snprintf(key, sizeof key, "n%d", i);
		insert(key);
		assert_ptr_equal(lookup("write"), upsert.shape);
	}
	assert_null(lookup("read"));
	assert_null(again(7, 1, &email));
	/* Without a set, and without anything that is read. */
	upsert.back = NULL;
	dbw__upsert_keep(&cache, &upsert, NULL);
	assert_ptr_equal(again(7, 1, NULL)->shape, upsert.shape);
	assert_null(again(7, 1, &email));
	for (int i = 0; i < DBW__SHAPE_LIMIT; i++) {
		snprintf(key, sizeof key, "o%d", i);
		insert(key);
	}
	assert_null(again(7, 1, NULL));
}

#define WITH_CACHE(test) cmocka_unit_test_setup_teardown(test, open_cache, close_cache)

int main(void)
{
	const struct CMUnitTest tests[] = {
		WITH_CACHE(fixed__are_prepared_once_and_at_first_use),
		WITH_CACHE(fixed__of_two_texts_keep_the_whole),
		WITH_CACHE(shapes__are_found_by_their_bytes),
		WITH_CACHE(shapes__the_one_used_longest_ago_is_forgotten),
		WITH_CACHE(shapes__that_are_held_stay),
		WITH_CACHE(updates__are_found_by_their_columns),
		WITH_CACHE(upserts__are_known_as_long_as_their_statements),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
