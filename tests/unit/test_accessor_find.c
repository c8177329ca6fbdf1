/* Reading rows: finders, lists, and queries whose answers are known. */
#include "fixture_user.h"

#include <dbwright/generated.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static dbw_databases *databases;
static auth_session s;
static dbw_error error;

static int setup(void **state)
{
	dbw_session_options options = { .purpose = "find", .qualifier = "memory" };

	(void)state;
	assert_int_equal(dbw_databases_open(&databases, &fixture_program, NULL, &error), DBW_OK);
	assert_int_equal(dbw__begin(databases, &auth__schema, &options, true, &s.any, &error), DBW_OK);
	assert_int_equal(dbw__create_tables(s.any, &auth__tables), DBW_OK);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	assert_int_equal(dbw__end(s.any), DBW_OK);
	assert_int_equal(dbw_databases_close(databases, &error), DBW_OK);
	return 0;
}

#define TOLD(call, expected, text)                                            \
	do {                                                                  \
		assert_int_equal(call, expected);                             \
		assert_string_equal(dbw_session_error(s.any)->message, text); \
	} while (0)

/* Adds a user whose email is its number. */
static int64_t add(const char *name, const char *bio)
{
	static int number;
	char email[16];
	user row = USER_INIT;

	snprintf(email, sizeof email, "%d", ++number);
	row.name = name;
	row.email = email;
	row.bio = bio;
	assert_int_equal(dbw__insert(s.any, &user__model, &row), DBW_OK);
	return row.id;
}

/* Runs a query and writes the names it finds, in order of id unless the query has its own, with commas between. */
static const char *names(user_query query)
{
	static char text[1024];
	user_list list;

	text[0] = '\0';
	if (query.order_by[0].name == 0 && query.order_by[0].bio == 0)
		query.order_by[0].id = DBW_ASC;
	assert_int_equal(dbw__find(s.any, &user__model, &query, &list), DBW_OK);
	for (size_t i = 0; i < list.count; i++)
		strcat(strcat(text, i == 0 ? "" : ","), list.items[i].name);
	dbw__list_free(&list);
	return text;
}

#define FOUND(expected, ...) assert_string_equal(names((user_query){ __VA_ARGS__ }), expected)

static void like__means_the_same_as_on_postgresql(void **state)
{
	(void)state;
	add("apple", NULL);
	add("Apple", NULL);
	add("a*e", NULL);
	add("a?e", NULL);
	add("a[b]e", NULL);
	add("a%e", NULL);
	add("a_e", NULL);
	add("a\\e", NULL);
	add("\xc3\xa9t\xc3\xa9", NULL);
	add("\xc3\x89T\xc3\x89", NULL);
	FOUND("apple", .where = { .name = dbw_like("apple") });
	FOUND("apple,a*e,a?e,a[b]e,a%e,a_e,a\\e", .where = { .name = dbw_like("a%e") });
	FOUND("a*e,a?e,a%e,a_e,a\\e", .where = { .name = dbw_like("a_e") });
	FOUND("a*e", .where = { .name = dbw_like("a*e") });
	FOUND("a?e", .where = { .name = dbw_like("a?e") });
	FOUND("a[b]e", .where = { .name = dbw_like("a[b]e") });
	FOUND("a%e", .where = { .name = dbw_like("a\\%e") });
	FOUND("a_e", .where = { .name = dbw_like("a\\_e") });
	FOUND("a\\e", .where = { .name = dbw_like("a\\\\e") });
	FOUND("a*e", .where = { .name = dbw_like("a\\*e") });
	/* A wildcard is a character, not a byte; letters beyond A-Z keep their case. */
	FOUND("\xc3\xa9t\xc3\xa9", .where = { .name = dbw_like("_t_") });
	FOUND("\xc3\xa9t\xc3\xa9,\xc3\x89T\xc3\x89", .where = { .name = dbw_ilike("_T_") });
	FOUND("\xc3\x89T\xc3\x89", .where = { .name = dbw_ilike("\xc3\x89t\xc3\x89") });
	FOUND("apple,Apple", .where = { .name = dbw_ilike("APP%") });
	FOUND("a[b]e", .where = { .name = dbw_ilike("A[B]E") });
	FOUND("", .where = { .name = dbw_like("") });
}

static void in__takes_lists_of_all_lengths(void **state)
{
	int64_t ids[17];
	user_list list;
	char name[2] = "a";

	(void)state;
	for (size_t i = 0; i < 17; i++, name[0]++)
		ids[i] = add(name, NULL);
	for (uint32_t count = 0; count <= 17; count++) {
		user_query query = { .where = { .id = dbw_in(ids, count) } };
		int64_t counted;
		bool exists;

		assert_int_equal(dbw__find(s.any, &user__model, &query, &list), DBW_OK);
		assert_int_equal(list.count, count);
		dbw__list_free(&list);
		assert_int_equal(dbw__count(s.any, &user__model, &query, &counted), DBW_OK);
		assert_true(counted == (int64_t)count);
		assert_int_equal(dbw__exists(s.any, &user__model, &query, &exists), DBW_OK);
		assert_int_equal(exists, count != 0);
	}
	FOUND("a,c", .where = { .name = dbw_in(((const char *const[]){ "a", "x", "c", "A", "c" }), 5) });
	FOUND("b", .where = { .id = dbw_in(&ids[1], 1), .name = dbw_in(((const char *[]){ "a", "b" }), 2) });
}

static void in__has_limits_that_are_told(void **state)
{
	int64_t *ids = calloc(16385, sizeof *ids);
	const char **texts = calloc(16384, sizeof *texts);
	user_query query = { .limit = 0 };
	user_list list;
	dbw_status status;

	(void)state;
	assert_non_null(ids);
	assert_non_null(texts);
	ids[16383] = add("last", NULL);
	query.where.id = dbw_in(ids, 16384);
	assert_int_equal(dbw__find(s.any, &user__model, &query, &list), DBW_OK);
	assert_int_equal(list.count, 1);
	dbw__list_free(&list);
	query.where.id = dbw_in(ids, 16385);
	assert_int_equal(dbw__find(s.any, &user__model, &query, &list), DBW_OK);
	assert_int_equal(list.count, 1);
	dbw__list_free(&list);
	for (size_t i = 0; i < 16384; i++)
		texts[i] = "last";
	query.where.id = dbw_in(ids, 16384);
	query.where.name = dbw_in(texts, 16384);
	/* Together they are more than SQLite takes unless it was built to take more: told, or done. */
	status = dbw__find(s.any, &user__model, &query, &list);
	if (status == DBW_OK)
		assert_int_equal(list.count, 1);
	else
		TOLD(status, DBW_UNSUPPORTED,
			"user: the call has 32768 values, and the engine takes no more than 32766 in one statement");
	dbw__list_free(&list);
	query.where.name = dbw_not_in(texts, SIZE_MAX);
	TOLD(dbw__find(s.any, &user__model, &query, &list), DBW_MISUSE,
		"user.name: the list of dbw_not_in is too long");
	/* Nothing that was refused was sent. */
	assert_true(add("goes on", NULL) > 0);
	free(ids);
	free(texts);
}

static void comparison__of_text_is_by_bytes(void **state)
{
	(void)state;
	add("Zoe", NULL);
	add("adam", NULL);
	add("\xc3\xa9", NULL);
	add("", NULL);
	FOUND(",Zoe,adam,\xc3\xa9", .order_by = { { .name = DBW_ASC } });
	FOUND("\xc3\xa9,adam,Zoe,", .order_by = { { .name = DBW_DESC } });
	FOUND("adam,\xc3\xa9", .where = { .name = dbw_gt("Zoe") });
	FOUND("Zoe,adam", .where = { .name = dbw_between("Z", "b") });
	FOUND("Zoe,", .where = { .name = dbw_from_until("", "adam") });
	FOUND("adam", .where = { .name = dbw_from_until("adam", "adan") });
	FOUND("Zoe,adam,\xc3\xa9", .where = { .name = dbw_ne("") });
}

static void null__comes_first_upwards_and_last_downwards(void **state)
{
	(void)state;
	add("none", NULL);
	add("empty", "");
	add("some", "x");
	FOUND("none,empty,some", .order_by = { { .bio = DBW_ASC } });
	FOUND("some,empty,none", .order_by = { { .bio = DBW_DESC } });
	FOUND("none", .where = { .null_ = { .bio = DBW_IS_NULL } });
	FOUND("empty,some", .where = { .null_ = { .bio = DBW_IS_NOT_NULL } });
	/* SQL's: what is NULL is not unequal to anything. */
	FOUND("empty", .where = { .bio = dbw_ne("x") });
	FOUND("", .where = { .bio = dbw_eq("x"), .null_ = { .bio = DBW_IS_NULL } });
	FOUND("some", .where = { .bio = dbw_like("%_%") });
}

static void null__in_a_filter_is_misuse(void **state)
{
	const char *missing = NULL;
	user_query query = { .where = { .email = dbw_eq(missing) } };
	user_list list;
	int64_t count;
	bool exists;

	(void)state;
	TOLD(dbw__find(s.any, &user__model, &query, &list), DBW_MISUSE,
		"user.email: dbw_eq(NULL) matches nothing, and the field is never NULL");
	assert_int_equal(dbw__count(s.any, &user__model, &query, &count), DBW_MISUSE);
	assert_int_equal(dbw__exists(s.any, &user__model, &query, &exists), DBW_MISUSE);
	query = (user_query){ .where = { .bio = dbw_eq(missing) } };
	TOLD(dbw__find(s.any, &user__model, &query, &list), DBW_MISUSE,
		"user.bio: dbw_eq(NULL) matches nothing; use .null_ = { .bio = DBW_IS_NULL }");
	assert_true(list.count == 0 && list.items != NULL);
	add("goes on", NULL);
}

static void page__is_limit_and_offset(void **state)
{
	int64_t count;

	(void)state;
	for (char name[2] = "a"; name[0] <= 'e'; name[0]++)
		add(name, NULL);
	FOUND("a,b", .limit = 2);
	FOUND("c,d", .limit = 2, .offset = 2);
	FOUND("d,e", .offset = 3);
	FOUND("", .limit = 2, .offset = 9);
	FOUND("a,b,c,d,e", .limit = INT64_MAX);
	assert_int_equal(
		dbw__count(s.any, &user__model, &(user_query){ .limit = 2, .offset = 3 }, &count), DBW_OK);
	assert_true(count == 5);
}

static void filter__of_every_other_type(void **state)
{
	user row = USER_INIT;
	const dbw_decimal balances[] = { dbw_decimal_of(1050, 2), dbw_decimal_of(7, 0) };

	(void)state;
	row.name = "rich";
	row.email = "rich@example.com";
	row.role = USER_ROLE_ADMIN;
	row.balance = dbw_decimal_of(105, 1);
	row.created_at.us = 1000;
	row.is_active = false;
	assert_int_equal(dbw__insert(s.any, &user__model, &row), DBW_OK);
	add("poor", NULL);
	FOUND("rich", .where = { .balance = dbw_gt(dbw_decimal_of(9, 0)) });
	FOUND("rich", .where = { .balance = dbw_in(balances, 2) });
	FOUND("poor", .where = { .balance = dbw_between(dbw_decimal_of(0, 2), dbw_decimal_of(1049, 2)) });
	FOUND("rich", .where = { .is_active = dbw_is(false) });
	FOUND("poor", .where = { .is_active = dbw_ne((bool)false) });
	FOUND("rich",
		.where = { .created_at = dbw_from_until((dbw_timestamp){ 1000 }, (dbw_timestamp){ 1001 }) });
	FOUND("", .where = { .created_at = dbw_from_until((dbw_timestamp){ 0 }, (dbw_timestamp){ 1000 }) });
	FOUND("rich",
		.where = { .role = { { { { NULL }, DBW_OPERATOR_EQ, 0 }, { { USER_ROLE_ADMIN, 0 } } } } });
	FOUND("poor",
		.where = { .role = { { { { NULL }, DBW_OPERATOR_NE, 0 }, { { USER_ROLE_ADMIN, 0 } } } } });
}

static void list__of_nothing_has_items(void **state)
{
	user_list list;
	user_list zero;

	(void)state;
	assert_int_equal(dbw__find(s.any, &user__model, NULL, &list), DBW_OK);
	assert_true(list.count == 0 && list.items != NULL && list.arena_ == NULL);
	for (user *each = list.items, *end = each + list.count; each != end; each++)
		fail();
	dbw__list_free(&list);
	dbw__list_free(&list);
	dbw__list_free(NULL);
	memset(&zero, 0, sizeof zero);
	dbw__list_free(&zero);
	assert_non_null(zero.items);
}

static void list__keeps_rows_and_text_together(void **state)
{
	char long_bio[5001];
	user_list list;

	(void)state;
	memset(long_bio, 'x', 5000);
	long_bio[5000] = '\0';
	for (int i = 0; i < 1000; i++) {
		char name[16];

		snprintf(name, sizeof name, "name %d", i);
		add(name, i % 10 == 0 ? long_bio : NULL);
	}
	assert_int_equal(
		dbw__find(s.any, &user__model, &(user_query){ .order_by = { { .id = DBW_ASC } } }, &list),
		DBW_OK);
	assert_int_equal(list.count, 1000);
	for (size_t i = 0; i < list.count; i++) {
		char name[16];

		snprintf(name, sizeof name, "name %d", (int)i);
		assert_string_equal(list.items[i].name, name);
		if (i % 10 == 0)
			assert_string_equal(list.items[i].bio, long_bio);
		else
			assert_null(list.items[i].bio);
		assert_int_equal(list.items[i].row_.origin, DBW_ROW_READ);
	}
	/* A row of a list is the list's. */
	dbw__row_free(&user__model, &list.items[1]);
	dbw__list_free(&list);
	assert_int_equal(list.count, 0);
}

static void finder__finds_one_or_says_not_found(void **state)
{
	const char *email = "nobody@example.com";
	const void *const key[] = { &email };
	const char *null = NULL;
	const void *const null_key[] = { &null };
	user row = USER_INIT;
	user *found = &row;

	(void)state;
	TOLD(dbw__find_by(s.any, &user__model, USER__FIND_BY_EMAIL, key, &found), DBW_NOT_FOUND,
		"user_find_by_email: no row matches");
	assert_null(found);
	TOLD(dbw__find_by(s.any, &user__model, USER__FIND_BY_EMAIL, null_key, &found), DBW_INVALID,
		"user.email is not set");
	row.name = "somebody";
	row.email = email;
	assert_int_equal(dbw__insert(s.any, &user__model, &row), DBW_OK);
	assert_int_equal(dbw__find_by(s.any, &user__model, USER__FIND_BY_EMAIL, key, &found), DBW_OK);
	assert_true(found->id == row.id);
	dbw__row_free(&user__model, found);
	TOLD(dbw__find_by(s.any, &user__model, USER__FIND_BY_EMAIL, NULL, &found), DBW_MISUSE,
		"user: the key is NULL");
	TOLD(dbw__find_by(s.any, &user__model, USER__FIND_BY_EMAIL, key, NULL), DBW_MISUSE,
		"user: there is no place for the row");
	TOLD(dbw__find_by(s.any, &user__model, USER__STATEMENT_COUNT, key, &found), DBW_MISUSE,
		"user: the model has no such statement");
	TOLD(dbw__find(s.any, &user__model, NULL, NULL), DBW_MISUSE, "user: there is no place for the rows");
	TOLD(dbw__count(s.any, &user__model, NULL, NULL), DBW_MISUSE,
		"user: there is no place for the result");
	TOLD(dbw__exists(s.any, &user__model, NULL, NULL), DBW_MISUSE,
		"user: there is no place for the result");
}

static void finder__of_many_lists_them_in_order(void **state)
{
	const int64_t owner = add("owner", NULL);
	const void *const key[] = { &owner };
	note_list list;

	(void)state;
	for (int i = 0; i < 3; i++) {
		note row = NOTE_INIT;

		row.title = i == 0 ? "a" : "b";
		row.user_id = owner;
		assert_int_equal(dbw__insert(s.any, &note__model, &row), DBW_OK);
	}
	assert_int_equal(dbw__list_by(s.any, &note__model, NOTE__LIST_BY_USER_ID, key, &list), DBW_OK);
	assert_int_equal(list.count, 3);
	assert_string_equal(list.items[0].title, "a");
	assert_string_equal(list.items[2].title, "b");
	assert_true(list.items[1].id < list.items[2].id);
	dbw__list_free(&list);
	assert_int_equal(dbw__list_by(s.any, &note__model, NOTE__LIST_BY_USER_ID,
				 (const void *const[]){ &(int64_t){ 99 } }, &list),
		DBW_OK);
	assert_int_equal(list.count, 0);
	TOLD(dbw__list_by(s.any, &note__model, NOTE__LIST_BY_USER_ID, NULL, &list), DBW_MISUSE,
		"note: the key is NULL");
}

static void model__of_another_schema_is_misuse(void **state)
{
	static const dbw_schema other = { .abi = DBW_ABI, .name = "other" };
	static const dbw_tables tables = { &other, NULL, 0 };
	dbw_model stranger = user__model;
	int64_t count;

	(void)state;
	stranger.schema = &other;
	TOLD(dbw__count(s.any, &stranger, NULL, &count), DBW_MISUSE,
		"user belongs to schema other, the session to schema auth");
	TOLD(dbw__create_tables(s.any, &tables), DBW_MISUSE,
		"the tables of schema other in a session of schema auth");
}

/* More shapes than a connection keeps, each asked twice: what was forgotten is built again. */
static void shapes__come_and_go(void **state)
{
	static const dbw_operator operators[] = { DBW_OPERATOR_EQ, DBW_OPERATOR_LT, DBW_OPERATOR_LE,
		DBW_OPERATOR_GT, DBW_OPERATOR_GE, DBW_OPERATOR_NE };
	const int64_t id = add("a", NULL);

	(void)state;
	for (int round = 0; round < 2; round++)
		for (unsigned shape = 0; shape < 216; shape++) {
			user_query query = { .where = { .id = dbw_eq(id),
						     .name = dbw_eq("a"),
						     .created_at = dbw_eq((dbw_timestamp){ 5 }) } };
			const unsigned a = shape % 6;
			const unsigned b = shape / 6 % 6;
			const unsigned c = shape / 36;
			int64_t count;

			query.where.id.predicate_.operator_ = operators[a];
			query.where.name.predicate_.operator_ = operators[b];
			query.where.created_at.predicate_.operator_ = operators[c];
			assert_int_equal(dbw__count(s.any, &user__model, &query, &count), DBW_OK);
			/* id and name are equal to theirs, created_at is greater. */
			assert_true(count ==
				    ((a == 0 || a == 2 || a == 4) && (b == 0 || b == 2 || b == 4) && c >= 3));
		}
}

/* Two queries of one shape with other values, and a call between that takes memory of the same kind. */
static void shapes__do_not_remember_values(void **state)
{
	(void)state;
	add("a", NULL);
	add("b", NULL);
	FOUND("a", .where = { .name = dbw_eq("a") });
	FOUND("b", .where = { .name = dbw_eq("b") });
	FOUND("a", .where = { .name = dbw_in(((const char *[]){ "a", "x" }), 2) });
	FOUND("b", .where = { .name = dbw_in(((const char *[]){ "b", "y" }), 2) });
}

static size_t events;
static char event_name[64];

static void on_event(const dbw_event *event, void *argument)
{
	(void)argument;
	if (event->kind != DBW_EVENT_STATEMENT)
		return;
	events++;
	snprintf(event_name, sizeof event_name, "%s %lld", event->statement, (long long)event->rows);
}

static void events__name_every_statement(void **state)
{
	dbw_session_options options = { .purpose = "watched", .qualifier = "memory" };
	dbw_databases *watched;
	auth_session w;
	user row = USER_INIT;
	user *found;
	user_list list;
	int64_t count;
	bool exists;
	const void *const key[] = { &row.id };

	(void)state;
	assert_int_equal(dbw_databases_open(
				 &watched, &fixture_program, &(dbw_options){ .on_event = on_event }, &error),
		DBW_OK);
	assert_int_equal(dbw__begin(watched, &auth__schema, &options, true, &w.any, &error), DBW_OK);
	assert_int_equal(dbw__create_tables(w.any, &auth__tables), DBW_OK);
	row.name = "a";
	assert_int_equal(dbw__insert(w.any, &user__model, &row), DBW_INVALID);
	row.email = "a";
	events = 0;
#define SEEN(call, text)                               \
	do {                                           \
		assert_int_equal(call, DBW_OK);        \
		assert_string_equal(event_name, text); \
	} while (0)
	SEEN(dbw__insert(w.any, &user__model, &row), "user_insert 1");
	SEEN(dbw__update(w.any, &user__model, &row, &(user_columns){ .bio = 1 }), "user_update 1");
	SEEN(dbw__find_by(w.any, &user__model, DBW_STATEMENT_FIND, key, &found), "user_find_by_id 1");
	SEEN(dbw__find(w.any, &user__model, NULL, &list), "user_find 1");
	SEEN(dbw__count(w.any, &user__model, NULL, &count), "user_count 1");
	SEEN(dbw__exists(w.any, &user__model, NULL, &exists), "user_exists 1");
	SEEN(dbw__delete(w.any, &user__model, DBW_STATEMENT_DELETE, key), "user_delete_by_id 1");
	assert_int_equal(events, 7);
#undef SEEN
	dbw__row_free(&user__model, found);
	dbw__list_free(&list);
	dbw__end(w.any);
	assert_int_equal(dbw_databases_close(watched, &error), DBW_OK);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(like__means_the_same_as_on_postgresql),
		TEST(in__takes_lists_of_all_lengths),
		TEST(in__has_limits_that_are_told),
		TEST(comparison__of_text_is_by_bytes),
		TEST(null__comes_first_upwards_and_last_downwards),
		TEST(null__in_a_filter_is_misuse),
		TEST(page__is_limit_and_offset),
		TEST(filter__of_every_other_type),
		TEST(list__of_nothing_has_items),
		TEST(list__keeps_rows_and_text_together),
		TEST(finder__finds_one_or_says_not_found),
		TEST(finder__of_many_lists_them_in_order),
		TEST(model__of_another_schema_is_misuse),
		TEST(shapes__come_and_go),
		TEST(shapes__do_not_remember_values),
		TEST(events__name_every_statement),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
