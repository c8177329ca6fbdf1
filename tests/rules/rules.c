/*
 * One test per row of the table "One behaviour on every engine" in docs/architecture.md. The program knows nothing of the
 * engine: it takes the database that it is given, and expects the same of every one.
 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <rules.h>
#include <rules_program.h>

#include "../postgres/fresh.h"

static dbw_databases *databases;

#define assert_ok(call, session)                                                              \
	do {                                                                                  \
		if ((call) != DBW_OK)                                                         \
			fail_msg("%s: %s", #call, dbw_session_error((session).any)->message); \
	} while (0)
#define assert_status(call, expected) assert_string_equal(dbw_status_name(call), dbw_status_name(expected))

static int open_databases(void **state)
{
	char url[FRESH_URL_SIZE];
	const dbw_entry entry = { .name = "rules", .connection_string = fresh_database("rules", url) };
	const dbw_options options = { .entries = &entry, .entry_count = 1 };
	rules_session s = { 0 };
	dbw_error error;

	(void)state;
	if (dbw_databases_open(&databases, &rules_program, &options, &error) != DBW_OK)
		fail_msg("%s", error.message);
	if (rules_begin(databases, "make the tables", &s, &error) != DBW_OK)
		fail_msg("%s", error.message);
	assert_ok(rules_create_tables(s), s);
	assert_ok(rules_commit(s), s);
	return 0;
}

static int close_databases(void **state)
{
	dbw_error error;

	(void)state;
	if (dbw_databases_close(databases, &error) != DBW_OK)
		fail_msg("%s", error.message);
	fresh_remove();
	return 0;
}

static rules_session begin(const char *purpose)
{
	rules_session s = { 0 };
	dbw_error error;

	if (rules_begin(databases, purpose, &s, &error) != DBW_OK)
		fail_msg("%s", error.message);
	return s;
}

/* Every test begins with empty tables. */
static int empty_tables(void **state)
{
	rules_session s = begin("empty the tables");

	(void)state;
	assert_ok(use_delete_all(s, NULL), s);
	assert_ok(word_delete_all(s, NULL), s);
	assert_ok(page_delete_all(s, NULL), s);
	assert_ok(rules_commit(s), s);
	return 0;
}

static word new_word(const char *spelling)
{
	word row = WORD_INIT;

	row.spelling = spelling;
	return row;
}

static void insert_words(rules_session s, const char *const *spellings, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		word row = new_word(spellings[i]);

		assert_ok(word_insert(s, &row), s);
	}
}

/* The spellings of a query's rows, joined by spaces. */
static void assert_found(rules_reader r, const word_query *query, const char *expected)
{
	char found[1000] = "";
	word_list list;

	assert_ok(word_find(r, query, &list), r);
	word_each(each, &list)
	{
		if (found[0] != '\0')
			strcat(found, " ");
		strcat(found, each->spelling);
	}
	word_list_free(&list);
	assert_string_equal(found, expected);
}

static int64_t count_words(void)
{
	rules_reader r;
	int64_t count;

	assert_int_equal(rules_read_begin(databases, "count", &r, NULL), DBW_OK);
	assert_ok(word_count(r, NULL, &count), r);
	rules_read_end(r);
	return count;
}

/* No locale: 'Z' before 'a', and what is not ASCII after it, by its bytes in UTF-8. */
static void text__orders_and_compares_as_bytes(void **state)
{
	static const char *const words[] = { "zebra", "Zebra", "apple", "\xc3\x84pfel", "\xf0\x9f\x8d\x8e",
		"\xef\xbf\xbd", "app-le", "app le", "_", "apple2", "APPLE" };
	rules_session s = begin("text order");

	(void)state;
	insert_words(s, words, sizeof words / sizeof *words);
	assert_found(s.read, &(word_query){ .order_by = { { .spelling = DBW_ASC } } },
		"APPLE Zebra _ app le app-le apple apple2 zebra \xc3\x84pfel \xef\xbf\xbd \xf0\x9f\x8d\x8e");
	assert_found(s.read,
		&(word_query){
			.where = { .spelling = dbw_lt("a") }, .order_by = { { .spelling = DBW_DESC } } },
		"_ Zebra APPLE");
	assert_found(s.read,
		&(word_query){ .where = { .spelling = dbw_from_until("apple", "zebra") },
			.order_by = { { .spelling = DBW_ASC } } },
		"apple apple2");
	assert_found(s.read, &(word_query){ .where = { .spelling = dbw_eq("Apple") } }, "");
	rules_end(s);
}

static void null__is_first_ascending_and_last_descending(void **state)
{
	rules_session s = begin("nulls");

	(void)state;
	for (int i = 0; i < 5; i++) {
		char spelling[] = { (char)('a' + i), '\0' };
		word row = new_word(spelling);

		if (i % 2 == 0)
			row.rank = dbw_some_i32(10 - i);
		row.note = i < 2 ? NULL : spelling;
		assert_ok(word_insert(s, &row), s);
	}
	assert_found(s.read, &(word_query){ .order_by = { { .rank = DBW_ASC }, { .spelling = DBW_ASC } } },
		"b d e c a");
	assert_found(s.read, &(word_query){ .order_by = { { .rank = DBW_DESC }, { .spelling = DBW_ASC } } },
		"a c e b d");
	assert_found(s.read, &(word_query){ .order_by = { { .note = DBW_ASC }, { .rank = DBW_DESC } } },
		"a b c d e");
	assert_found(s.read,
		&(word_query){ .order_by = { { .note = DBW_DESC }, { .rank = DBW_ASC } }, .limit = 4 },
		"e d c b");
	/* What no comparison finds, the test for NULL does. */
	assert_found(s.read,
		&(word_query){ .where = { .rank = dbw_ne(4) }, .order_by = { { .spelling = DBW_ASC } } },
		"a c e");
	assert_found(s.read,
		&(word_query){ .where = { .null_ = { .rank = DBW_IS_NULL } },
			.order_by = { { .spelling = DBW_ASC } } },
		"b d");
	rules_end(s);
}

static void like__minds_case_and_ilike_folds_ascii_alone(void **state)
{
	static const char *const words[] = { "Lima", "lima", "LIMA", "l%ma", "l_ma", "\xc3\xa4ra",
		"\xc3\x84ra", "a\\b" };
	rules_session s = begin("like");

	(void)state;
	insert_words(s, words, sizeof words / sizeof *words);
#define FOUND(filter, expected)                                                                            \
	assert_found(s.read,                                                                               \
		&(word_query){ .where = { .spelling = filter }, .order_by = { { .spelling = DBW_ASC } } }, \
		expected)
	FOUND(dbw_like("l%"), "l%ma l_ma lima");
	FOUND(dbw_ilike("l_MA"), "LIMA Lima l%ma l_ma lima");
	FOUND(dbw_like("l\\%ma"), "l%ma");
	FOUND(dbw_like("l\\_ma"), "l_ma");
	FOUND(dbw_like("a\\\\b"), "a\\b");
	FOUND(dbw_contains("%"), "l%ma");
	FOUND(dbw_contains("\\"), "a\\b");
	FOUND(dbw_istarts_with("LI"), "LIMA Lima lima");
	FOUND(dbw_ends_with("_ma"), "l_ma");
	/* A-Z and a-z, no other letters. */
	FOUND(dbw_ilike("\xc3\xa4RA"), "\xc3\xa4ra");
	FOUND(dbw_icontains("\xc3\x84"), "\xc3\x84ra");
	/* A wildcard is a character, however many bytes it has. */
	FOUND(dbw_like("_ra"), "\xc3\x84ra \xc3\xa4ra");
#undef FOUND
	rules_end(s);
}

static void statement__that_failed_fails_the_session(void **state)
{
	rules_session s = begin("conflict, then commit"), inner;
	word one = new_word("one"), again = new_word("one"), two = new_word("two");
	word *found;

	(void)state;
	assert_ok(word_insert(s, &one), s);
	assert_status(word_insert(s, &again), DBW_CONFLICT);
	assert_status(word_insert(s, &two), DBW_SESSION_FAILED);
	assert_status(word_find_by_spelling(s.read, "one", &found), DBW_SESSION_FAILED);
	assert_status(rules_commit(s), DBW_SESSION_FAILED);
	rules_end(s);
	assert_int_equal(count_words(), 0);

	/* A savepoint takes it back alone. */
	s = begin("conflict in a savepoint");
	one.id = again.id = two.id = 0;
	assert_ok(word_insert(s, &one), s);
	assert_ok(rules_nest(s, "try", &inner), s);
	assert_status(word_insert(inner, &again), DBW_CONFLICT);
	assert_true(dbw_violated(inner.any, WORD_SPELLING_KEY));
	rules_end(inner);
	assert_ok(word_insert(s, &two), s);
	assert_ok(rules_commit(s), s);
	assert_int_equal(count_words(), 2);

	/* An answer is no failure, and neither is what was never sent. */
	s = begin("not found, then commit");
	two.id = 0;
	two.spelling = NULL;
	assert_status(word_find_by_spelling(s.read, "nowhere", &found), DBW_NOT_FOUND);
	assert_status(word_delete_by_id(s, -1), DBW_NOT_FOUND);
	assert_status(word_insert(s, &two), DBW_INVALID);
	two.spelling = "three";
	assert_ok(word_insert(s, &two), s);
	assert_ok(rules_commit(s), s);
	assert_int_equal(count_words(), 3);
}

/* Tries one write in a savepoint that it leaves. */
#define assert_violates(call, constant)                                    \
	do {                                                               \
		rules_session inner;                                       \
		assert_ok(rules_nest(s, "try", &inner), s);                \
		assert_status(call, DBW_CONFLICT);                         \
		assert_true(dbw_violated(inner.any, constant));            \
		assert_ptr_equal(dbw_session_error(inner.any)->constraint, \
			(const struct dbw_constraint *)(constant));        \
		rules_end(inner);                                          \
	} while (0)

static void constraint__is_one_constant(void **state)
{
	rules_session s = begin("constraints");
	word one = new_word("one"), two = new_word("two"), row;
	use use_ = USE_INIT;

	(void)state;
	assert_ok(word_insert(s, &one), s);
	assert_ok(word_insert(s, &two), s);
	row = new_word("one");
	assert_violates(word_insert(inner, &row), WORD_SPELLING_KEY);
	row = new_word("three");
	row.id = one.id;
	assert_violates(word_insert(inner, &row), WORD_PKEY);
	row = new_word("three");
	row.weight = -1;
	assert_violates(word_insert(inner, &row), WORD_WEIGHT_NOT_NEGATIVE_CHECK);
	row = two;
	row.spelling = "one";
	assert_violates(word_update(inner, &row, (word_columns){ .spelling = true }), WORD_SPELLING_KEY);
	assert_violates(word_update_where(inner,
				&(word_change){ .where = { .spelling = dbw_eq("two") },
					.set = { .weight = dbw_set((int16_t)-5) } },
				NULL),
		WORD_WEIGHT_NOT_NEGATIVE_CHECK);

	/* Which of two foreign keys it is; and from either side. */
	use_.place = 1;
	use_.word_id = one.id;
	use_.instead_of_id = two.id + 1000;
	assert_violates(use_insert(inner, &use_), USE_INSTEAD_OF_ID_FKEY);
	use_.word_id = two.id + 1000;
	use_.instead_of_id = two.id;
	assert_violates(use_insert(inner, &use_), USE_WORD_ID_FKEY);
	use_.word_id = one.id;
	assert_ok(use_insert(s, &use_), s);
	assert_violates(word_delete_by_id(inner, one.id), USE_WORD_ID_FKEY);
	assert_violates(word_delete_by_id(inner, two.id), USE_INSTEAD_OF_ID_FKEY);
	use_.id = 0;
	assert_violates(use_insert(inner, &use_), USE_PLACE_KEY);
	rules_end(s);
}

static void upsert__gives_the_id_of_the_row_that_is_there(void **state)
{
	rules_session s = begin("upsert");
	word one = new_word("one"), other = new_word("other"), again = new_word("one"),
	     ignored = new_word("one");
	bool inserted = true;

	(void)state;
	assert_ok(word_insert(s, &one), s);
	assert_ok(word_insert(s, &other), s); /* The id that was assigned last is not the one looked for. */
	again.weight = 5;
	assert_ok(word_upsert_by_spelling(s, &again, (word_columns){ .weight = true }), s);
	assert_int_equal(again.id, one.id);
	assert_ok(word_insert_or_ignore_by_spelling(s, &ignored, &inserted), s);
	assert_false(inserted);
	assert_int_equal(ignored.id, one.id);
	again = new_word("new");
	assert_ok(word_upsert_by_spelling(s, &again, (word_columns){ .weight = true }), s);
	assert_true(again.id != one.id && again.id != other.id && again.id != 0);
	assert_found(s.read, &(word_query){ .where = { .id = dbw_eq(again.id) } }, "new");
	assert_found(s.read, &(word_query){ .where = { .weight = dbw_eq(5) } }, "one");
	rules_end(s);
}

static void version__finds_a_lost_update(void **state)
{
	rules_session s = begin("write");
	page row = PAGE_INIT, *first, *second;

	(void)state;
	row.title = "draft";
	assert_ok(page_insert(s, &row), s);
	assert_ok(page_find_by_id(s.read, row.id, &first), s);
	assert_ok(page_find_by_id(s.read, row.id, &second), s);
	first->title = "mine";
	assert_ok(page_update(s, first, (page_columns){ .title = true }), s);
	second->title = "theirs";
	assert_status(page_update(s, second, (page_columns){ .title = true }), DBW_STALE);
	page_free(second);
	assert_ok(page_find_by_id(s.read, row.id, &second), s);
	assert_string_equal(second->title, "mine");
	assert_int_equal(second->version, first->version);
	page_free(first);
	page_free(second);
	rules_end(s);
}

static void integer__is_checked_against_its_column(void **state)
{
	rules_session s = begin("ranges");
	word row = new_word("least"), *found;
	word_list list;

	(void)state;
	row.weight = INT16_MAX;
	row.rank = dbw_some_i32(INT32_MIN);
	row.seen = INT64_MIN;
	assert_ok(word_insert(s, &row), s);
	assert_ok(word_find_by_spelling(s.read, "least", &found), s);
	assert_int_equal(found->weight, INT16_MAX);
	assert_true(found->rank.has && found->rank.value == INT32_MIN && found->seen == INT64_MIN);
	word_free(found);

	/* An operand that no row can have is a mistake, not an empty answer; so is a sum that does not fit. */
	assert_status(
		word_find(s.read, &(word_query){ .where = { .weight = dbw_gt(40000) } }, &list), DBW_INVALID);
	assert_status(
		word_update_where(s,
			&(word_change){ .where = { .id = dbw_eq(row.id) }, .set = { .weight = dbw_add(1) } },
			NULL),
		DBW_INVALID);
	rules_end(s);
}

static void real__takes_no_nan(void **state)
{
	rules_session s = begin("nan");
	word row = new_word("nan"), *found;
	word_list list;

	(void)state;
	row.real = NAN;
	assert_status(word_insert(s, &row), DBW_INVALID);
	row.real = INFINITY;
	row.narrow = -INFINITY;
	assert_ok(word_insert(s, &row), s);
	assert_ok(word_find_by_id(s.read, row.id, &found), s);
	assert_true(found->real == (double)INFINITY && found->narrow == -INFINITY);
	word_free(found);
	assert_status(word_find(s.read, &(word_query){ .where = { .real = dbw_eq((double)NAN) } }, &list),
		DBW_INVALID);
	/* Of 24 bits where the column has 24: what was stored is what is found. */
	row = new_word("tenth");
	row.narrow = 0.1F;
	row.real = 0.1;
	assert_ok(word_insert(s, &row), s);
	assert_found(s.read, &(word_query){ .where = { .narrow = dbw_eq(0.1) } }, "tenth");
	assert_found(s.read, &(word_query){ .where = { .real = dbw_eq(0.1) } }, "tenth");
	rules_end(s);
}

static void decimal__is_exact(void **state)
{
	rules_session s = begin("decimal");
	word row = new_word("cheap"), *found;
	char printed[DBW_DECIMAL_SIZE];

	(void)state;
	row.price = dbw_decimal_of(1, 1);
	assert_ok(word_insert(s, &row), s);
	for (int i = 0; i < 9; i++)
		assert_ok(word_update_where(s,
				  &(word_change){ .where = { .id = dbw_eq(row.id) },
					  .set = { .price = dbw_add(dbw_decimal_of(10, 2)) } },
				  NULL),
			s);
	assert_ok(word_find_by_id(s.read, row.id, &found), s);
	dbw_decimal_print(found->price, printed);
	assert_string_equal(printed, "1.00");
	word_free(found);
	assert_found(s.read, &(word_query){ .where = { .price = dbw_eq(dbw_decimal_of(1, 0)) } }, "cheap");
	row = new_word("third digit");
	row.price = dbw_decimal_of(1005, 3);
	assert_status(word_insert(s, &row), DBW_INVALID);
	rules_end(s);
}

static void json__is_equal_as_a_value(void **state)
{
	rules_session s = begin("json");
	word row = new_word("document"), *found;

	(void)state;
	row.doc = "{\"b\": [1, true, null], \"a\": \"\\u00e4\"}";
	assert_ok(word_insert(s, &row), s);
	assert_ok(word_find_by_id(s.read, row.id, &found), s);
	/* Spaces, order and escapes are the engine's business. */
	assert_non_null(strstr(found->doc, "\"a\""));
	assert_non_null(strstr(found->doc, "\"b\""));
	assert_non_null(strstr(found->doc, "true"));
	word_free(found);
	row = new_word("none");
	row.doc = "{\"a\": }";
	assert_status(word_insert(s, &row), DBW_INVALID);
	rules_end(s);
}

static void enum__orders_as_the_bytes_of_its_name(void **state)
{
	static const word_size sizes[] = { WORD_SIZE_SMALL, WORD_SIZE_MEDIUM, WORD_SIZE_LARGE };
	rules_session s = begin("enum");

	(void)state;
	for (int i = 0; i < 3; i++) {
		word row = new_word(word_size_name(sizes[i]));

		row.size = sizes[i];
		assert_ok(word_insert(s, &row), s);
	}
	assert_found(s.read, &(word_query){ .order_by = { { .size = DBW_ASC } } }, "large medium small");
	assert_found(s.read,
		&(word_query){
			.where = { .size = word_size_in(sizes, 2) }, .order_by = { { .size = DBW_DESC } } },
		"small medium");
	rules_end(s);
}

static void bool__is_two_values(void **state)
{
	rules_session s = begin("bool");
	word row = new_word("unused");

	(void)state;
	row.is_used = false;
	assert_ok(word_insert(s, &row), s);
	row = new_word("used");
	assert_ok(word_insert(s, &row), s);
	assert_found(s.read, &(word_query){ .where = { .is_used = dbw_is(true) } }, "used");
	assert_found(s.read, &(word_query){ .where = { .is_used = dbw_is(false) } }, "unused");
	rules_end(s);
}

/* NULL in NOT IN, and lists without values. */
static void list__has_one_meaning(void **state)
{
	static const char *const none[] = { "" };
	int64_t ranks[] = { 1, 2 };
	rules_session s = begin("lists");
	word row = new_word("ranked");

	(void)state;
	row.rank = dbw_some_i32(3);
	assert_ok(word_insert(s, &row), s);
	row = new_word("unranked");
	assert_ok(word_insert(s, &row), s);
	assert_found(s.read, &(word_query){ .where = { .rank = dbw_not_in(ranks, 2) } }, "ranked");
	assert_found(s.read, &(word_query){ .where = { .rank = dbw_not_in(ranks, 0) } }, "ranked");
	assert_found(s.read, &(word_query){ .where = { .rank = dbw_in(ranks, 0) } }, "");
	assert_found(s.read,
		&(word_query){ .where = { .spelling = dbw_not_in(none, 0) },
			.order_by = { { .spelling = DBW_ASC } } },
		"ranked unranked");
	rules_end(s);
}

int main(void)
{
#define RULE(name) cmocka_unit_test_setup(name, empty_tables)
	const struct CMUnitTest tests[] = {
		RULE(text__orders_and_compares_as_bytes),
		RULE(null__is_first_ascending_and_last_descending),
		RULE(like__minds_case_and_ilike_folds_ascii_alone),
		RULE(statement__that_failed_fails_the_session),
		RULE(constraint__is_one_constant),
		RULE(upsert__gives_the_id_of_the_row_that_is_there),
		RULE(version__finds_a_lost_update),
		RULE(integer__is_checked_against_its_column),
		RULE(real__takes_no_nan),
		RULE(decimal__is_exact),
		RULE(json__is_equal_as_a_value),
		RULE(enum__orders_as_the_bytes_of_its_name),
		RULE(bool__is_two_values),
		RULE(list__has_one_meaning),
	};

	return cmocka_run_group_tests(tests, open_databases, close_databases);
}
