/* Rows to and from JSON. */
#include "opened.h"

#include <billing/json.h>
#include <store/json.h>

#include <math.h>
#include <stdlib.h>

static const char uuid_text[] = "f81d4fae-7dec-11d0-a765-00a0c91e6bf6";

static thing full_thing(void)
{
	thing row = THING_INIT;

	assert_int_equal(dbw_uuid_parse(uuid_text, 36, &row.id), DBW_OK);
	row.flag = dbw_some_bool(true);
	row.small = dbw_some_i16(-1);
	row.middle = dbw_some_i32(INT32_MIN);
	row.large = dbw_some_i64(INT64_MAX);
	row.single = dbw_some_f32(0.1F);
	row.real = dbw_some_f64(0.1);
	row.exact = dbw_some_decimal(dbw_decimal_of(105000000000, 10));
	row.brief = "a\"\\";
	row.story = "\n\x01\x1f/\x7f\xC3\xA9\xF0\x9F\x98\x80";
	row.raw = dbw_bytes_of("\xff\x00\x10\x83", 4);
	row.at = dbw_some_timestamp((dbw_timestamp){ INT64_C(1706745599123456) });
	row.day = dbw_some_date((dbw_date){ 19753 });
	row.time = dbw_some_time((dbw_time){ INT64_C(86399999999) });
	row.other = dbw_some_uuid(row.id);
	row.doc = "{\"n\": 1.10, \"big\": 123456789012345678901234567890, \"e\": 1e400}";
	return row;
}

static const char full_text[] =
	"{\"id\":\"f81d4fae-7dec-11d0-a765-00a0c91e6bf6\",\"flag\":true,\"small\":-1,\"middle\":-2147483648,"
	"\"large\":9223372036854775807,\"single\":0.1,\"real\":0.1,\"exact\":\"10.5000000000\","
	"\"brief\":\"a\\\"\\\\\",\"story\":\"\\n\\u0001\\u001f/\x7f\xC3\xA9\xF0\x9F\x98\x80\","
	"\"raw\":\"/wAQgw==\",\"at\":\"2024-01-31T23:59:59.123456Z\",\"day\":\"2024-01-31\","
	"\"time\":\"23:59:59.999999\",\"other\":\"f81d4fae-7dec-11d0-a765-00a0c91e6bf6\","
	"\"doc\":{\"n\": 1.10, \"big\": 123456789012345678901234567890, \"e\": 1e400}}";

static void to_json__every_type(void **state)
{
	thing row = full_thing();
	dbw_error error;
	char *text;

	(void)state;
	assert_int_equal(thing_to_json(&row, NULL, &text, &error), DBW_OK);
	assert_string_equal(text, full_text);
	dbw_json_free(text);
}

static void from_json__every_type(void **state)
{
	thing row = full_thing(), *read;
	dbw_error error;

	(void)state;
	if (thing_from_json(full_text, strlen(full_text), NULL, &read, &error) != DBW_OK)
		fail_msg("%s", error.message);
	assert_true(thing_equal(&row, read));
	thing_free(read);
}

static void to_json__null_and_unset(void **state)
{
	thing row = THING_INIT, *read;
	user fresh = new_user("Ada", "ada@example.com");
	char *text;

	(void)state;
	assert_int_equal(thing_to_json(&row, NULL, &text, NULL), DBW_OK);
	assert_string_equal(text,
		"{\"flag\":null,\"small\":null,\"middle\":null,\"large\":null,\"single\":null,\"real\":null,"
		"\"exact\":null,\"brief\":null,\"story\":null,\"raw\":null,\"at\":null,\"day\":null,\"time\":null,"
		"\"other\":null,\"doc\":null}");
	assert_int_equal(thing_from_json(text, strlen(text), NULL, &read, NULL), DBW_OK);
	assert_true(thing_equal(&row, read));
	thing_free(read);
	dbw_json_free(text);
	/* created_at and token are made at insert. */
	assert_int_equal(user_to_json(&fresh, NULL, &text, NULL), DBW_OK);
	assert_string_equal(text,
		"{\"id\":0,\"name\":\"Ada\",\"email\":\"ada@example.com\",\"bio\":null,\"role\":\"member\","
		"\"mood\":null,\"balance\":\"1.50\",\"score\":7,\"rank\":null,\"is_active\":true,"
		"\"born\":null,\"wakes\":null}");
	dbw_json_free(text);
}

static void to_json__sensitive_and_absent(void **state)
{
	static const uint64_t without_iban[] = { 2 };
	const dbw_json_options all = { .sensitive = true }, quoted = { .int64_as_text = true };
	billing_user row = BILLING_USER_INIT;
	char *text;

	(void)state;
	row.id = INT64_C(9007199254740993);
	row.iban = "DE02";
	assert_int_equal(billing_user_to_json(&row, NULL, &text, NULL), DBW_OK);
	assert_string_equal(text, "{\"id\":9007199254740993}");
	dbw_json_free(text);
	assert_int_equal(billing_user_to_json(&row, &all, &text, NULL), DBW_OK);
	assert_string_equal(text, "{\"id\":9007199254740993,\"iban\":\"DE02\"}");
	dbw_json_free(text);
	assert_int_equal(billing_user_to_json(&row, &quoted, &text, NULL), DBW_OK);
	assert_string_equal(text, "{\"id\":\"9007199254740993\"}");
	dbw_json_free(text);
	row.row_.absent = without_iban;
	row.iban = (const char *)(uintptr_t)1;
	assert_int_equal(billing_user_to_json(&row, &all, &text, NULL), DBW_OK);
	assert_string_equal(text, "{\"id\":9007199254740993}");
	dbw_json_free(text);
}

static void to_json__refuses(void **state)
{
	billing_user nowhere;
	thing row = full_thing();
	thing_list list = { &row, 1, NULL };
	dbw_error error;
	char *text;

	(void)state;
	row.brief = "\xff";
	assert_int_equal(thing_to_json(&row, NULL, &text, &error), DBW_INVALID);
	assert_null(text);
	assert_string_equal(error.message, "thing.brief is not UTF-8");
	assert_int_equal(thing_list_to_json(&list, NULL, &text, &error), DBW_INVALID);
	assert_null(text);
	assert_string_equal(error.message, "thing[0].brief is not UTF-8");
	row.brief = NULL;
	row.real = dbw_some_f64(-HUGE_VAL);
	assert_int_equal(thing_to_json(&row, NULL, &text, &error), DBW_INVALID);
	assert_string_equal(error.message, "thing.real is infinite, for which JSON has no number");
	row.real = dbw_none_f64();
	row.doc = "{";
	assert_int_equal(thing_to_json(&row, NULL, &text, &error), DBW_INVALID);
	assert_string_equal(error.message, "thing.doc is not JSON");
	memset(&nowhere, 0, sizeof nowhere);
	assert_int_equal(billing_user_to_json(&nowhere, NULL, &text, &error), DBW_MISUSE);
	assert_int_equal(billing_user_to_json(NULL, NULL, &text, &error), DBW_MISUSE);
	assert_string_equal(error.message, "user: the row is NULL");
	assert_int_equal(thing_to_json(&row, NULL, NULL, NULL), DBW_MISUSE);
}

/* Defaults where members are missing, blanks and escapes anywhere, any order; and it can be inserted. */
static void from_json__what_a_client_sends(void **state)
{
	static const char text[] =
		"\r\n\t{ \"em\\u0061il\" : \"ada@\\u00e9xample.com\",\n"
		"  \"name\" : \"\\ud83d\\ude00 \\/ \\b\\f\\n\\r\\t\\\"\\\\\" , \"balance\":12,\n"
		"  \"wakes\": \"08:30:00\", \"mood\": \"good\", \"rank\": -0 }\n";
	store_session s = begin(state, "json");
	user *row, *found;
	dbw_error error;

	if (user_from_json(text, sizeof text - 1, NULL, &row, &error) != DBW_OK)
		fail_msg("%s", error.message);
	assert_string_equal(row->email, "ada@\xC3\xA9xample.com");
	assert_string_equal(row->name, "\xF0\x9F\x98\x80 / \b\f\n\r\t\"\\");
	assert_int_equal(row->score, 7);
	assert_int_equal(row->role, USER_ROLE_MEMBER);
	assert_true(row->mood.has && row->mood.value == USER_MOOD_GOOD);
	assert_true(row->rank.has && row->rank.value == 0);
	assert_int_equal(dbw_decimal_compare(row->balance, dbw_decimal_from_int(12)), 0);
	assert_ok(user_insert(s, row), s);
	assert_int_equal(row->id, 1);
	assert_ok(user_find_by_id(s.read, 1, &found), s);
	assert_true(user_equal(row, found));
	user_free(found);
	user_free(row);
	store_end(s);
}

static void from_json__errors(void **state)
{
#define USER "{\"name\":\"a\",\"email\":\"b\","
	static const struct {
		const char *text, *message;
	} cases[] = {
		{ "", "1:1: a value is expected" },
		{ "{", "1:2: a name in quotes is expected" },
		{ "{\n  \"name\" 1}", "2:10: a colon is expected" },
		{ "{\"name\":\"a\"", "1:12: a comma or the end of the object is expected" },
		{ "{\"name\":\"\xC3\xA9\xC3\xA9\",}", "1:14: a name in quotes is expected" },
		{ "{\"name\":\"\\u0000\"}", "1:10: \\u0000 is no part of a text" },
		{ "{\"name\":\"\\ud800\"}", "1:10: half of a pair of surrogates" },
		{ "{\"name\":\"\\ud800\\u0041\"}", "1:10: half of a pair of surrogates" },
		{ "{\"name\":\"\\udc00\"}", "1:10: half of a pair of surrogates" },
		{ "{\"name\":\"a\\x\"}", "1:11: there is no such escape" },
		{ "{\"name\":\"a\tb\"}", "1:11: control characters have to be escaped" },
		{ "{\"name\":\"\xC3\"}", "1:10: this is not UTF-8" },
		{ "{\"name\":\"a}", "1:9: the string does not end" },
		{ "{\"score\":01}", "1:11: a comma or the end of the object is expected" },
		{ "{\"score\":-}", "1:11: a digit is expected" },
		{ "{\"score\":1.}", "1:12: a digit is expected" },
		{ "{\"score\":nul}", "1:10: a value is expected" },
		{ "{} 1", "1:4: nothing is expected behind the value" },
		{ "\xEF\xBB\xBF{}", "1:1: a byte order mark: leave it out" },
		{ " \xEF\xBB\xBF{}", "1:2: a value is expected" },
		{ "[]", "1:1: user: an object is expected" },
		{ "null", "1:1: user: an object is expected" },
		{ "1", "1:1: user: an object is expected" },
		{ "{}", "1:1: user.name is missing" },
		{ "{\"name\":\"a\"}", "1:1: user.email is missing" },
		{ "{\"nmae\":1}", "1:2: user: there is no field \"nmae\"" },
		{ "{\"\\u001b\":1}", "1:2: user: there is no such field" },
		{ "{\"\":1}", "1:2: user: there is no such field" },
		{ "{\"name\":\"a\",\"n\\u0061me\":\"b\"}", "1:13: user.name is there twice" },
		{ "{\"name\":null}", "1:9: user.name is null" },
		{ "{\"name\":1}", "1:9: user.name is not a text" },
		{ "{\"name\":[\"a\"]}", "1:9: user.name is not a text" },
		{ "{\"name\":\"123456789012345678901\"}",
			"1:9: user.name has 21 characters, 20 is the most" },
		{ USER "\"id\":1.0}", "1:30: user.id is not an integer" },
		{ USER "\"id\":\"01\"}", "1:30: user.id is not an integer" },
		{ USER "\"id\":\"\"}", "1:30: user.id is not an integer" },
		{ USER "\"id\":\"-\"}", "1:30: user.id is not an integer" },
		{ USER "\"id\":9223372036854775808}", "1:30: user.id is out of range" },
		{ USER "\"id\":-9223372036854775809}", "1:30: user.id is out of range" },
		{ USER "\"id\":123456789012345678901234567890}", "1:30: user.id is out of range" },
		{ USER "\"score\":2147483648}", "1:33: user.score is out of range" },
		{ USER "\"score\":\"1\"}", "1:33: user.score is not an integer" },
		{ USER "\"score\":1e3}", "1:33: user.score is not an integer" },
		{ USER "\"score\":true}", "1:33: user.score is not an integer" },
		{ USER "\"rank\":-32769}", "1:32: user.rank is out of range" },
		{ USER "\"is_active\":1}", "1:37: user.is_active is neither true nor false" },
		{ USER "\"is_active\":null}", "1:37: user.is_active is null" },
		{ USER "\"balance\":1.5}",
			"1:35: user.balance has to be in quotes: a number with a point may have lost digits" },
		{ USER "\"balance\":1e2}",
			"1:35: user.balance has to be in quotes: a number with a point may have lost digits" },
		{ USER "\"balance\":\"1.505\"}", "1:35: user.balance does not fit decimal(10, 2)" },
		{ USER "\"balance\":\"100000000\"}", "1:35: user.balance does not fit decimal(10, 2)" },
		{ USER "\"balance\":\"1,5\"}", "1:35: user.balance is not a decimal in quotes" },
		{ USER "\"balance\":{}}", "1:35: user.balance is not a decimal in quotes" },
		{ USER "\"role\":\"root\"}", "1:32: user.role is none of its values" },
		{ USER "\"role\":1}", "1:32: user.role is none of its values" },
		{ USER "\"created_at\":\"2024-02-30T00:00:00Z\"}",
			"1:38: user.created_at is not a timestamp like \"2024-01-31T23:59:59Z\"" },
		{ USER "\"created_at\":0}",
			"1:38: user.created_at is not a timestamp like \"2024-01-31T23:59:59Z\"" },
		{ USER "\"born\":\"2023-02-29\"}", "1:32: user.born is not a date like \"2024-01-31\"" },
		{ USER "\"wakes\":\"24:00:00\"}", "1:33: user.wakes is not a time like \"23:59:59\"" },
		{ USER "\"token\":\"1\"}", "1:33: user.token is not a uuid in quotes" },
		{ USER "\"token\":\"00000000-0000-0000-0000-000000000000\"}", "1:33: user.token is not set" },
	};
	dbw_error error;
	user *row = NULL;

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		/* In memory of its own size, so that reading beyond it is seen. */
		const size_t size = strlen(cases[i].text);
		char *text = malloc(size == 0 ? 1 : size);

		assert_non_null(text);
		memcpy(text, cases[i].text, size);
		assert_int_equal(user_from_json(text, size, NULL, &row, &error), DBW_INVALID);
		assert_int_equal(error.status, DBW_INVALID);
		if (strcmp(error.message, cases[i].message) != 0)
			fail_msg(
				"%s\n gives  %s\n, not   %s", cases[i].text, error.message, cases[i].message);
		assert_null(row);
		assert_int_equal(user_from_json(text, size, NULL, &row, NULL), DBW_INVALID);
		free(text);
	}
	assert_int_equal(user_from_json(NULL, 0, NULL, &row, &error), DBW_MISUSE);
	assert_int_equal(user_from_json("{}", 2, NULL, NULL, &error), DBW_MISUSE);
}

static void from_json__floats_and_bytes(void **state)
{
	static const struct {
		const char *text, *message;
	} cases[] = {
		{ "{\"real\":1e400}", "1:9: thing.real is out of range" },
		{ "{\"single\":1e39}", "1:11: thing.single is out of range" },
		{ "{\"real\":\"1\"}", "1:9: thing.real is not a number" },
		{ "{\"raw\":\"AA\"}", "1:8: thing.raw is not base64 in quotes" },
		{ "{\"raw\":\"AB==\"}", "1:8: thing.raw is not base64 in quotes" },
		{ "{\"raw\":\"AAB=\"}", "1:8: thing.raw is not base64 in quotes" },
		{ "{\"raw\":\"====\"}", "1:8: thing.raw is not base64 in quotes" },
		{ "{\"raw\":\"A===\"}", "1:8: thing.raw is not base64 in quotes" },
		{ "{\"raw\":\"AA==AAAA\"}", "1:8: thing.raw is not base64 in quotes" },
		{ "{\"raw\":\"AA-_\"}", "1:8: thing.raw is not base64 in quotes" },
		{ "{\"raw\":7}", "1:8: thing.raw is not base64 in quotes" },
	};
	static const char good[] = "{\"raw\":\"\",\"real\":-1.5E+2,\"single\":1e-400}";
	dbw_error error;
	thing *row;

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		assert_int_equal(thing_from_json(cases[i].text, strlen(cases[i].text), NULL, &row, &error),
			DBW_INVALID);
		assert_string_equal(error.message, cases[i].message);
	}
	assert_int_equal(thing_from_json(good, sizeof good - 1, NULL, &row, &error), DBW_OK);
	assert_non_null(row->raw.data);
	assert_int_equal(row->raw.size, 0);
	assert_true(row->real.value == -150.0 && row->single.value == 0.0F);
	thing_free(row);
}

/* Names that start as a field does, or are longer. */
static void from_json__names_in_full(void **state)
{
	const dbw_json_options tolerant = { .ignore_unknown = true };
	static const char text[] =
		"{\"nam\":1,\"name\":\"a\",\"names\":{\"name\":[\"}\\\"\"]},\"email\":\"b\","
		"\"x\":[[],{}],\"x\":null}";
	dbw_error error;
	user *row;

	(void)state;
	assert_int_equal(user_from_json(text, sizeof text - 1, NULL, &row, &error), DBW_INVALID);
	assert_string_equal(error.message, "1:2: user: there is no field \"nam\"");
	assert_int_equal(user_from_json(text, sizeof text - 1, &tolerant, &row, &error), DBW_OK);
	assert_string_equal(row->name, "a");
	assert_string_equal(row->email, "b");
	user_free(row);
}

static void from_json__depth(void **state)
{
	char text[1100];
	dbw_error error;
	thing *row;
	char *again;

	(void)state;
	for (size_t depth = 499; depth <= 501; depth++) {
		size_t length = (size_t)sprintf(text, "{\"doc\":");

		memset(text + length, '[', depth);
		memset(text + length + depth, ']', depth);
		length += 2 * depth;
		text[length++] = '}';
		text[length] = '\0';
		if (depth == 501) {
			assert_int_equal(thing_from_json(text, length, NULL, &row, &error), DBW_INVALID);
			assert_string_equal(error.message, "1:508: this is too deep");
			break;
		}
		assert_int_equal(thing_from_json(text, length, NULL, &row, &error), DBW_OK);
		assert_int_equal(thing_to_json(row, NULL, &again, &error), DBW_OK);
		assert_non_null(strstr(again, "[[[["));
		dbw_json_free(again);
		thing_free(row);
	}
}

static void list__there_and_back(void **state)
{
	store_session s = begin(state, "json");
	static char names[200][8];
	user rows[200];
	user_list list, read;
	dbw_error error;
	char *text;

	for (int i = 0; i < 200; i++) {
		snprintf(names[i], sizeof names[i], "%d", i);
		rows[i] = new_user(names[i], names[i]);
	}
	assert_ok(user_insert_many(s, rows, 200), s);
	assert_ok(user_find(s.read, NULL, &list), s);
	assert_int_equal(user_list_to_json(&list, NULL, &text, &error), DBW_OK);
	if (user_list_from_json(text, strlen(text), NULL, &read, &error) != DBW_OK)
		fail_msg("%s", error.message);
	dbw_json_free(text);
	assert_int_equal(read.count, 200);
	for (size_t i = 0; i < 200; i++)
		assert_true(user_equal(&list.items[i], &read.items[i]));
	read.items[199].bio = "mine";
	assert_ok(user_update(s, &read.items[199], (user_columns){ .bio = true }), s);
	user_list_free(&read);
	user_list_free(&list);
	assert_int_equal(user_list_to_json(NULL, NULL, &text, &error), DBW_MISUSE);
	assert_string_equal(error.message, "user: the rows are NULL");
	assert_null(text);
	assert_int_equal(user_list_to_json(&list, NULL, &text, &error), DBW_OK);
	assert_string_equal(text, "[]");
	assert_int_equal(user_list_from_json(text, 2, NULL, &read, &error), DBW_OK);
	assert_int_equal(read.count, 0);
	assert_non_null(read.items);
	dbw_json_free(text);
	store_end(s);
}

static void list__errors(void **state)
{
	static const struct {
		const char *text, *message;
	} cases[] = {
		{ "{}", "1:1: a list is expected" },
		{ "[{\"name\":\"a\",\"email\":\"b\"},\n {\"name\":\"a\"}]", "2:2: user[1].email is missing" },
		{ "[1]", "1:2: user[0]: an object is expected" },
		{ "[{\"name\":\"a\",\"email\":\"b\"},{\"name\":\"a\",\"email\":2}]",
			"1:47: user[1].email is not a text" },
		{ "[{\"name\":\"a\",\"email\":\"b\"}", "1:26: a comma or the end of the list is expected" },
		{ "[,]", "1:2: a value is expected" },
	};
	dbw_error error;
	user_list list;

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		assert_int_equal(
			user_list_from_json(cases[i].text, strlen(cases[i].text), NULL, &list, &error),
			DBW_INVALID);
		assert_string_equal(error.message, cases[i].message);
		assert_int_equal(list.count, 0);
		assert_non_null(list.items);
	}
}

static void patch__names_what_it_changes(void **state)
{
	static const char text[] = "{\"bio\":null,\"name\":\"Ada L.\",\"id\":1,\"rank\":3}";
	store_session s = begin(state, "json");
	user row = new_user("Ada", "ada@example.com"), *changed, *found;
	user_columns columns;
	dbw_error error;

	row.bio = "words";
	assert_ok(user_insert(s, &row), s);
	if (user_patch_json(&row, text, sizeof text - 1, NULL, &changed, &columns, &error) != DBW_OK)
		fail_msg("%s", error.message);
	assert_string_equal(row.name, "Ada");
	assert_true(columns.bio && columns.name && columns.rank);
	assert_false(columns.id || columns.email || columns.score || columns.token || columns.wakes);
	assert_string_equal(changed->email, "ada@example.com");
	assert_ok(user_update(s, changed, columns), s);
	assert_ok(user_find_by_id(s.read, row.id, &found), s);
	assert_true(user_equal(found, changed));
	assert_null(found->bio);
	assert_string_equal(found->name, "Ada L.");
	user_free(found);
	user_free(changed);
	store_end(s);
}

static void patch__minds_version_and_times(void **state)
{
	static const char text[] =
		"{\"title\":\"New\",\"version\":1,\"updated_at\":\"2024-01-31T00:00:00Z\"}";
	store_session s = begin(state, "json");
	page row = PAGE_INIT, *changed;
	page_columns columns;
	user author = new_user("Ada", "ada@example.com");

	assert_ok(user_insert(s, &author), s);
	row.path = "/";
	row.title = "Old";
	row.author_id = author.id;
	assert_ok(page_insert(s, &row), s);
	assert_int_equal(
		page_patch_json(&row, text, sizeof text - 1, NULL, &changed, &columns, NULL), DBW_OK);
	assert_true(columns.title);
	assert_false(columns.version || columns.updated_at);
	assert_ok(page_update(s, changed, columns), s);
	page_free(changed);
	/* The version that the client saw is no longer the one that is stored. */
	assert_int_equal(
		page_patch_json(&row, text, sizeof text - 1, NULL, &changed, &columns, NULL), DBW_OK);
	assert_int_equal(page_update(s, changed, columns), DBW_STALE);
	page_free(changed);
	store_end(s);
}

static void patch__refuses(void **state)
{
	static const struct {
		const char *text, *message;
	} cases[] = {
		{ "{\"id\":2}", "1:7: label.id is the key, which update does not change" },
		{ "{\"full\":\"x\"}", "1:9: label.full is computed by the database" },
		{ "{\"first\":null}", "1:10: label.first is null" },
		{ "[]", "1:1: label: an object is expected" },
	};
	label row = LABEL_INIT, nowhere, *changed;
	label_columns columns;
	dbw_error error;

	(void)state;
	row.id = 1;
	row.full = "a b";
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		assert_int_equal(label_patch_json(&row, cases[i].text, strlen(cases[i].text), NULL, &changed,
					 &columns, &error),
			DBW_INVALID);
		assert_string_equal(error.message, cases[i].message);
		assert_null(changed);
	}
	memset(&nowhere, 0, sizeof nowhere);
	assert_int_equal(label_patch_json(&nowhere, "{}", 2, NULL, &changed, &columns, &error), DBW_MISUSE);
	assert_int_equal(label_patch_json(NULL, "{}", 2, NULL, &changed, &columns, &error), DBW_MISUSE);
	assert_int_equal(label_patch_json(&row, "{}", 2, NULL, &changed, NULL, &error), DBW_MISUSE);
	assert_null(changed);
	assert_int_equal(
		label_patch_json(&row, "{\"full\":\"a b\"}", 14, NULL, &changed, &columns, &error), DBW_OK);
	assert_false(columns.full);
	label_free(changed);
}

/* What a patch gives is there afterwards, though the row was read without it. */
static void patch__of_a_row_with_absent_columns(void **state)
{
	static const uint64_t absent[] = { 1U << 8 | 1U << 9 };
	thing row = full_thing(), *changed;
	thing_columns columns;

	(void)state;
	row.row_.absent = absent;
	row.brief = row.story = (const char *)(uintptr_t)1;
	assert_int_equal(
		thing_patch_json(&row, "{\"brief\":\"new\"}", 15, NULL, &changed, &columns, NULL), DBW_OK);
	assert_string_equal(changed->brief, "new");
	assert_int_equal(changed->row_.absent[0], 1U << 9);
	assert_true(columns.brief);
	assert_false(columns.story);
	thing_free(changed);
}

static uint64_t seed = UINT64_C(88172645463325252);

/* Xorshift: the same numbers in every run. */
static uint64_t any(void)
{
	seed ^= seed << 13;
	seed ^= seed >> 7;
	seed ^= seed << 17;
	return seed;
}

static const char *any_text(char *out, size_t characters)
{
	static const char *const pieces[] = { "a", "\"", "\\", "/", "\n", "\x01", "\x7f", " ", "\xC3\xA9",
		"\xE2\x82\xAC", "\xF0\x9F\x98\x80", "{", "}", ",", "u0000" };
	size_t length = 0;

	for (size_t left = (size_t)(any() % (characters + 1)); left > 0; left--) {
		const char *piece = pieces[any() % (characters < 4 ? 11 : 15)];

		memcpy(out + length, piece, strlen(piece));
		length += strlen(piece);
	}
	out[length] = '\0';
	return any() % 8 == 0 ? NULL : out;
}

static double any_real(void)
{
	double number;

	do {
		const uint64_t bits = any();

		memcpy(&number, &bits, sizeof number);
	} while (!isfinite(number));
	return number;
}

static float any_single(void)
{
	float number;

	do {
		const uint32_t bits = (uint32_t)any();

		memcpy(&number, &bits, sizeof number);
	} while (!isfinite(number));
	return number;
}

static void roundtrip__of_any_row(void **state)
{
	static const char *const documents[] = { "{}", "[1, 2.50,\n3e99999]", "\"x\\u00e9\"", "-0.0", "true",
		NULL };
	char brief[16], story[200];
	unsigned char raw[64];
	dbw_error error;

	(void)state;
	for (int i = 0; i < 4000; i++) {
		thing row = THING_INIT, *read;
		char *text, *again;

		for (size_t j = 0; j < sizeof raw; j++)
			raw[j] = (unsigned char)any();
		do
			row.id = (dbw_uuid){ { (uint8_t)any(), (uint8_t)any(), [15] = (uint8_t)any() } };
		while (dbw_uuid_is_nil(row.id));
		row.flag = (dbw_opt_bool){ any() % 2, false };
		if (row.flag.has)
			row.flag.value = any() % 2;
		row.small = dbw_some_i16((int16_t)any());
		row.middle = dbw_some_i32((int32_t)any());
		row.large = dbw_some_i64((int64_t)(any() >> any() % 64));
		row.single = dbw_some_f32(any_single());
		row.real = dbw_some_f64(any_real());
		row.exact = dbw_some_decimal(dbw_decimal_of((int64_t)any(), (int32_t)(any() % 11)));
		row.brief = any_text(brief, 3);
		row.story = any_text(story, 40);
		row.raw = dbw_bytes_of(any() % 8 == 0 ? NULL : raw, any() % 64);
		if (row.raw.data == NULL)
			row.raw.size = 0;
		row.at = dbw_some_timestamp((dbw_timestamp){
			(int64_t)(any() % (uint64_t)(DBW_TIMESTAMP_MAX - DBW_TIMESTAMP_MIN)) +
			DBW_TIMESTAMP_MIN });
		row.day = dbw_some_date((dbw_date){
			(int32_t)(any() % (uint64_t)(DBW_DATE_MAX - DBW_DATE_MIN)) + DBW_DATE_MIN });
		row.time = dbw_some_time((dbw_time){ (int64_t)(any() % (uint64_t)DBW_TIME_MAX) });
		row.doc = documents[any() % 6];
		if (thing_to_json(&row, &(dbw_json_options){ .int64_as_text = any() % 2 }, &text, &error) !=
			DBW_OK)
			fail_msg("%s", error.message);
		if (thing_from_json(text, strlen(text), NULL, &read, &error) != DBW_OK)
			fail_msg("%s: %s", text, error.message);
		if (!thing_equal(&row, read))
			fail_msg("not the same: %s", text);
		assert_int_equal(thing_to_json(read, NULL, &again, &error), DBW_OK);
		thing_free(read);
		dbw_json_free(text);
		dbw_json_free(again);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(to_json__every_type),
		cmocka_unit_test(from_json__every_type),
		cmocka_unit_test(to_json__null_and_unset),
		cmocka_unit_test(to_json__sensitive_and_absent),
		cmocka_unit_test(to_json__refuses),
		CASE(from_json__what_a_client_sends),
		cmocka_unit_test(from_json__errors),
		cmocka_unit_test(from_json__floats_and_bytes),
		cmocka_unit_test(from_json__names_in_full),
		cmocka_unit_test(from_json__depth),
		CASE(list__there_and_back),
		cmocka_unit_test(list__errors),
		CASE(patch__names_what_it_changes),
		CASE(patch__minds_version_and_times),
		cmocka_unit_test(patch__refuses),
		cmocka_unit_test(patch__of_a_row_with_absent_columns),
		cmocka_unit_test(roundtrip__of_any_row),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
