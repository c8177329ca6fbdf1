/* Rows as values: copied, compared and printed. */
#include "opened.h"

#include <locale.h>
#include <math.h>
#include <stdlib.h>

/* A thing with a value in every field. The text is in `memory`, so that a copy that borrows it shows. */
static thing full_thing(char memory[32])
{
	thing row = THING_INIT;

	strcpy(memory, "abc");
	assert_int_equal(dbw_uuid_parse("f81d4fae-7dec-11d0-a765-00a0c91e6bf6", 36, &row.id), DBW_OK);
	row.flag = dbw_some_bool(true);
	row.small = dbw_some_i16(-1);
	row.middle = dbw_some_i32(INT32_MIN);
	row.large = dbw_some_i64(INT64_MAX);
	row.single = dbw_some_f32(0.1F);
	row.real = dbw_some_f64(0.1);
	assert_int_equal(dbw_decimal_parse("1.50", 4, &row.exact.value), DBW_OK);
	row.exact.has = true;
	row.brief = row.story = memory;
	row.raw = dbw_bytes_of(memory, 3);
	row.at = dbw_some_timestamp((dbw_timestamp){ 1 });
	row.day = dbw_some_date((dbw_date){ 0 });
	row.time = dbw_some_time((dbw_time){ 0 });
	row.other = dbw_some_uuid(row.id);
	row.doc = "{\"a\": 1}";
	return row;
}

/* The thing with one field changed; false after the last. */
static bool change(thing *row, int number)
{
	switch (number) {
	case 0: row->id.bytes[15] ^= 1; return true;
	case 1: row->flag.value = !row->flag.value; return true;
	case 2: row->small.value++; return true;
	case 3: row->middle.value++; return true;
	case 4: row->large.value--; return true;
	case 5: row->single.value += 1; return true;
	case 6: row->real.value += 1; return true;
	case 7: row->exact.value = dbw_decimal_of(151, 2); return true;
	case 8: row->brief = "abd"; return true;
	case 9: row->story = "abcd"; return true;
	case 10: row->raw.size--; return true;
	case 11: row->at.value.us++; return true;
	case 12: row->day.value.days++; return true;
	case 13: row->time.value.us++; return true;
	case 14: row->other.value.bytes[0]++; return true;
	case 15: row->doc = "{\"a\":1}"; return true; /* The same to a reader of JSON, other bytes. */
	case 16: row->flag = dbw_none_bool(); return true;
	case 17: row->small = dbw_none_i16(); return true;
	case 18: row->middle = dbw_none_i32(); return true;
	case 19: row->large = dbw_none_i64(); return true;
	case 20: row->single = dbw_none_f32(); return true;
	case 21: row->real = dbw_none_f64(); return true;
	case 22: row->exact = dbw_none_decimal(); return true;
	case 23: row->brief = NULL; return true;
	case 24: row->story = NULL; return true;
	case 25: row->raw = dbw_bytes_of(NULL, 0); return true;
	case 26: row->at = dbw_none_timestamp(); return true;
	case 27: row->day = dbw_none_date(); return true;
	case 28: row->time = dbw_none_time(); return true;
	case 29: row->other = dbw_none_uuid(); return true;
	case 30: row->doc = NULL; return true;
	case 31: row->raw = dbw_bytes_of("abd", 3); return true;
	default: return false;
	}
}

static void copy__has_text_of_its_own(void **state)
{
	char memory[32];
	thing row = full_thing(memory), *copy;

	(void)state;
	assert_int_equal(thing_copy(&row, &copy), DBW_OK);
	assert_true(thing_equal(&row, copy));
	strcpy(memory, "xyz");
	assert_string_equal(copy->brief, "abc");
	assert_string_equal(copy->story, "abc");
	assert_memory_equal(copy->raw.data, "abc", 3);
	assert_false(thing_equal(&row, copy));
	thing_free(copy);
}

static void copy__of_nothing(void **state)
{
	thing row = THING_INIT, *copy;

	(void)state;
	assert_int_equal(thing_copy(&row, &copy), DBW_OK);
	assert_true(thing_equal(&row, copy));
	assert_null(copy->brief);
	assert_null(copy->raw.data);
	assert_false(copy->flag.has);
	thing_free(copy);
	row.raw = dbw_bytes_of("", 0);
	row.brief = "";
	assert_int_equal(thing_copy(&row, &copy), DBW_OK);
	assert_non_null(copy->raw.data);
	assert_int_equal(copy->raw.size, 0);
	assert_string_equal(copy->brief, "");
	thing_free(copy);
}

static void copy__refuses_what_comes_from_nowhere(void **state)
{
	user row, *copy = (user *)(void *)&row;

	(void)state;
	memset(&row, 0, sizeof row);
	assert_int_equal(user_copy(&row, &copy), DBW_MISUSE);
	assert_null(copy);
	copy = &row;
	assert_int_equal(user_copy(NULL, &copy), DBW_MISUSE);
	assert_null(copy);
	row = user_init();
	assert_int_equal(user_copy(&row, NULL), DBW_MISUSE);
}

/* A copy of a new row is inserted as the row would be: what is filled in, is filled in. */
static void copy__keeps_what_is_unset(void **state)
{
	store_session s = begin(state, "copy");
	label row = LABEL_INIT, *copy;

	row.first = "Ada";
	row.last = "Lovelace";
	assert_int_equal(label_copy(&row, &copy), DBW_OK);
	assert_ptr_equal(copy->slug, DBW_TEXT_UNSET);
	assert_ok(label_insert(s, copy), s);
	assert_string_equal(copy->slug, "made-here");
	assert_string_equal(copy->full, "Ada Lovelace");
	assert_ptr_equal(row.slug, DBW_TEXT_UNSET);
	label_free(copy);
	store_end(s);
}

/* Rows of finders and lists, and copies of copies, outlive what they come from. */
static void copy__of_rows_that_were_read(void **state)
{
	store_session s = begin(state, "copy");
	user row = new_user("Ada", "ada@example.com"), *found, *first, *second;
	user_list list;

	row.bio = "words";
	assert_ok(user_insert(s, &row), s);
	assert_ok(user_find(s.read, NULL, &list), s);
	assert_ok(user_find_by_id(s.read, row.id, &found), s);
	assert_int_equal(user_copy(&list.items[0], &first), DBW_OK);
	user_list_free(&list);
	assert_true(user_equal(first, found));
	user_free(found);
	assert_int_equal(user_copy(first, &second), DBW_OK);
	user_free(first);
	assert_string_equal(second->bio, "words");
	second->bio = "other words";
	assert_ok(user_update(s, second, (user_columns){ .bio = true }), s);
	user_free(second);
	store_end(s);
}

static void equal__minds_every_field(void **state)
{
	char memory[32], other_memory[32];
	const thing row = full_thing(memory), same = full_thing(other_memory);
	int number = 0;

	(void)state;
	assert_true(thing_equal(&row, &same));
	for (;; number++) {
		thing changed = row;

		if (!change(&changed, number))
			break;
		if (thing_equal(&row, &changed) || thing_equal(&changed, &row))
			fail_msg("change %d is not seen", number);
		assert_true(thing_equal(&changed, &changed));
	}
	assert_int_equal(number, 32);
}

static void equal__is_by_value(void **state)
{
	char memory[32];
	thing row = full_thing(memory), other = row;

	(void)state;
	other.exact.value = dbw_decimal_of(15000, 4);
	other.row_ = (dbw_row){ DBW_ROW_READ, 7, NULL };
	assert_true(thing_equal(&row, &other));
	row.real.value = 0.0;
	other.real.value = -0.0;
	assert_true(thing_equal(&row, &other));
	/* What is behind a NULL does not count. */
	row.large = (dbw_opt_i64){ false, 1 };
	other.large = (dbw_opt_i64){ false, 2 };
	assert_true(thing_equal(&row, &other));
	assert_true(thing_equal(NULL, NULL));
	assert_false(thing_equal(&row, NULL));
	assert_false(thing_equal(NULL, &row));
}

static void equal__unset_is_no_value(void **state)
{
	label row = LABEL_INIT, other = LABEL_INIT;

	(void)state;
	assert_true(label_equal(&row, &other));
	other.slug = "";
	assert_false(label_equal(&row, &other));
	assert_false(label_equal(&other, &row));
}

/* Columns that were left out: their members hold nothing that may be looked at. */
static void absent__is_kept_and_compared(void **state)
{
	static const uint64_t without_brief[] = { 1U << 8 };
	char memory[32], line[600];
	thing row = full_thing(memory), other = row, *copy, *again;

	(void)state;
	row.row_.absent = without_brief;
	row.brief = (const char *)(uintptr_t)1;
	assert_false(thing_equal(&row, &other));
	assert_false(thing_equal(&other, &row));
	assert_int_equal(thing_copy(&row, &copy), DBW_OK);
	assert_ptr_not_equal(copy->row_.absent, without_brief);
	assert_true(thing_equal(&row, copy));
	assert_null(copy->brief);
	assert_int_equal(thing_copy(copy, &again), DBW_OK);
	thing_free(copy);
	assert_true(thing_equal(&row, again));
	thing_print(again, line, sizeof line);
	assert_null(strstr(line, "brief"));
	assert_non_null(strstr(line, "story: \"abc\""));
	thing_free(again);
}

static void print__shows_every_type(void **state)
{
	char memory[32], line[600];
	thing row = full_thing(memory), empty = THING_INIT;
	size_t length;

	(void)state;
	length = thing_print(&row, line, sizeof line);
	assert_int_equal(length, strlen(line));
	assert_string_equal(line,
		"thing{id: f81d4fae-7dec-11d0-a765-00a0c91e6bf6, flag: true, small: -1, middle: -2147483648, "
		"large: 9223372036854775807, single: 0.1, real: 0.1, exact: 1.50, brief: \"abc\", "
		"story: \"abc\", raw: 3 bytes, at: 1970-01-01T00:00:00.000001Z, day: 1970-01-01, "
		"time: 00:00:00.000000, other: f81d4fae-7dec-11d0-a765-00a0c91e6bf6, doc: {\"a\": 1}}");
	thing_print(&empty, line, sizeof line);
	assert_string_equal(line,
		"thing{id: unset, flag: NULL, small: NULL, middle: NULL, large: NULL, single: NULL, real: NULL, "
		"exact: NULL, brief: NULL, story: NULL, raw: NULL, at: NULL, day: NULL, time: NULL, other: NULL, "
		"doc: NULL}");
	assert_int_equal(thing_print(NULL, line, sizeof line), 4);
	assert_string_equal(line, "NULL");
}

static void print__enums_and_unset_members(void **state)
{
	char line[400];
	user row = new_user(NULL, "a\"b");

	(void)state;
	row.mood = user_mood_some(USER_MOOD_BAD);
	row.role = (user_role)9;
	row.wakes = dbw_some_time((dbw_time){ -5 });
	user_print(&row, line, sizeof line);
	assert_string_equal(line,
		"user{id: 0, name: unset, email: \"a\\\"b\", bio: NULL, role: invalid, mood: bad, "
		"balance: 1.50, score: 7, rank: NULL, is_active: true, created_at: unset, born: NULL, "
		"wakes: invalid, token: unset}");
}

static void print__hides_what_is_sensitive(void **state)
{
	char line[100];
	billing_user row = BILLING_USER_INIT;

	(void)state;
	row.iban = "DE02120300000000202051";
	billing_user_print(&row, line, sizeof line);
	assert_string_equal(line, "user{id: 0, iban: ***}");
	row.iban = NULL;
	billing_user_print(&row, line, sizeof line);
	assert_string_equal(line, "user{id: 0, iban: ***}");
}

static void print__escapes(void **state)
{
	char line[700];
	label row = LABEL_INIT;

	(void)state;
	row.first = "a\nb\tc\rd\x1b[31m\x7f\\\"";
	row.last = "\xC3\xA9 \xC2\x85 \xFF \xE2\x82";
	row.slug = NULL;
	row.full = "";
	label_print(&row, line, sizeof line);
	assert_string_equal(line,
		"label{id: 0, first: \"a\\nb\\tc\\rd\\x1b[31m\\x7f\\\\\\\"\", "
		"last: \"\xC3\xA9 \\u0085 \\xff \\xe2\\x82\", full: \"\", slug: unset, owner_id: NULL}");
}

/* 200 bytes, or fewer so as not to cut a character. */
static void print__cuts_long_texts(void **state)
{
	char text[302], line[700], wanted[700];
	label row = LABEL_INIT;

	(void)state;
	memset(text, 'x', 200);
	text[200] = '\0';
	row.last = row.slug = row.full = "";
	row.first = text;
	label_print(&row, line, sizeof line);
	snprintf(wanted, sizeof wanted,
		"label{id: 0, first: \"%s\", last: \"\", full: \"\", slug: \"\", owner_id: NULL}", text);
	assert_string_equal(line, wanted);
	for (int i = 199; i < 299; i += 2)
		memcpy(text + i, "\xC3\xA9", 3);
	label_print(&row, line, sizeof line);
	snprintf(wanted, sizeof wanted,
		"label{id: 0, first: \"%.199s\"... 299 bytes, last: \"\", full: \"\", slug: \"\", owner_id: NULL}",
		text);
	assert_string_equal(line, wanted);
}

/* As snprintf, and in any room what is there is a text without half a character. */
static void print__fits_its_room(void **state)
{
	char whole[200], line[200];
	label row = LABEL_INIT;
	size_t length;

	(void)state;
	row.first = "\xC3\xA9\xE2\x82\xAC\n";
	row.last = row.slug = row.full = "";
	length = label_print(&row, NULL, 0);
	assert_int_equal(label_print(&row, whole, sizeof whole), length);
	assert_int_equal(strlen(whole), length);
	for (size_t size = 1; size <= length + 1; size++) {
		memset(line, '#', sizeof line);
		assert_int_equal(label_print(&row, line, size), length);
		assert_true(strlen(line) < size);
		assert_memory_equal(line, whole, strlen(line));
		assert_true(((unsigned char)whole[strlen(line)] & 0xC0) != 0x80);
		assert_int_equal(line[size], '#');
	}
	assert_string_equal(line + 0, whole);
}

/* The fewest digits that give the number back, and a point whatever the locale. */
static void print__numbers(void **state)
{
	static const struct {
		double number;
		const char *text;
	} cases[] = { { 0.1, "0.1" }, { 1.0 / 3, "0.3333333333333333" },
		{ 0.30000000000000004, "0.30000000000000004" }, { 5e-324, "5e-324" }, { 1e22, "1e+22" },
		{ -0.0, "-0" }, { 100, "100" }, { 1.7976931348623157e308, "1.7976931348623157e+308" },
		{ -2.2250738585072014e-308, "-2.2250738585072014e-308" }, { HUGE_VAL, "inf" },
		{ -HUGE_VAL, "-inf" } };
	char line[600], wanted[64];
	thing row = THING_INIT;

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		row.real = dbw_some_f64(cases[i].number);
		thing_print(&row, line, sizeof line);
		snprintf(wanted, sizeof wanted, "real: %s,", cases[i].text);
		if (strstr(line, wanted) == NULL)
			fail_msg("no %s in %s", wanted, line);
	}
	row.single = dbw_some_f32(16777216.0F);
	thing_print(&row, line, sizeof line);
	assert_non_null(strstr(line, "single: 16777216,"));
	if (setlocale(LC_NUMERIC, "de_DE.UTF-8") != NULL) {
		row.real = dbw_some_f64(1.5);
		thing_print(&row, line, sizeof line);
		setlocale(LC_NUMERIC, "C");
		assert_non_null(strstr(line, "real: 1.5,"));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(copy__has_text_of_its_own),
		cmocka_unit_test(copy__of_nothing),
		cmocka_unit_test(copy__refuses_what_comes_from_nowhere),
		CASE(copy__keeps_what_is_unset),
		CASE(copy__of_rows_that_were_read),
		cmocka_unit_test(equal__minds_every_field),
		cmocka_unit_test(equal__is_by_value),
		cmocka_unit_test(equal__unset_is_no_value),
		cmocka_unit_test(absent__is_kept_and_compared),
		cmocka_unit_test(print__shows_every_type),
		cmocka_unit_test(print__enums_and_unset_members),
		cmocka_unit_test(print__hides_what_is_sensitive),
		cmocka_unit_test(print__escapes),
		cmocka_unit_test(print__cuts_long_texts),
		cmocka_unit_test(print__fits_its_room),
		cmocka_unit_test(print__numbers),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
