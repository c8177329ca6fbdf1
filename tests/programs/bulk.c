/*
 * Rows go to a database in several ways, straight from their members or by way of values, one by one or many at a time: every
 * way writes the same, and refuses the same with the same words.
 */
#include "opened.h"

#include <float.h>
#include <math.h>
#include <stdlib.h>

#define COUNT(array) (sizeof(array) / sizeof *(array))

/* What members are made of. */
static const int64_t integers[] = { 0, 1, -1, 77, INT16_MAX, INT16_MIN, 65536, INT32_MAX, INT32_MIN,
	INT64_MAX, INT64_MIN };
static const double reals[] = { 0, -0.0, 1.5, -1.0 / 3.0, (double)FLT_MAX, (double)FLT_MIN };
/* "double" alone: no float is like these. */
static const double doubles[] = { DBL_MAX, DBL_MIN, INFINITY, -INFINITY };
static const char *const decimals[] = { "0", "0.0000000000", "1", "-1.0000000000", "0.0000000001",
	"-0.0000000001", "12.3400000000", "10000.0000000000", "-10000.0001000000", "99999999.9999999999",
	"-99999999.9999999999", "123456789.0000000000", "1234567890123456789012345678.0123456789",
	"-9999999999999999999999999999.9999999999", "1000000000000000000000000000.0000000000", "5e3",
	"100000000.0000000000", "99990000.0000000000", "0.9999000000", "7.5" };
static const char *const texts[] = { "", "a", "Ren\xC3\xA9", "\xE2\x82\xAC\xE2\x82\xAC\xE2\x82\xAC",
	"\"quoted\", {in} \\braces", "NULL",
	"a text of more than a few words, which is longer than most words are",
	"\xF0\x9F\x98\x80 \x01 \x7F" };
static const char *const briefs[] = { "", "a", "z\xC3\xA9", "\xE2\x82\xAC\xE2\x82\xAC\xE2\x82\xAC" };
static const char *const documents[] = { "{}", "[1, null, \"a\"]", "\"text\"", "17", "null",
	"{\"a\": {\"b\": [true, false, 1.50]}}" };
static const int64_t times[] = { 0, 1, DBW_TIME_MAX };
static const int64_t timestamps[] = { 0, -1, 1, DBW_TIMESTAMP_MIN, DBW_TIMESTAMP_MAX,
	INT64_C(946684800000000), INT64_C(946684799999999) };
static const int32_t dates[] = { 0, -1, DBW_DATE_MIN, DBW_DATE_MAX, 10957, 10956 };

enum { THINGS = 40 };

static dbw_decimal decimal(const char *text)
{
	dbw_decimal out;

	assert_int_equal(dbw_decimal_parse(text, strlen(text), &out), DBW_OK);
	return out;
}

/* Bytes of any value, of more than a message takes at a time. */
static const dbw_bytes *large_bytes(void)
{
	static unsigned char data[150000];
	static const dbw_bytes bytes = { data, sizeof data };

	for (size_t i = 0; i < sizeof data; i++)
		data[i] = (unsigned char)(i * 7);
	return &bytes;
}

/* A long text of characters of two bytes. */
static const char *long_text(void)
{
	static char text[200001];

	for (size_t i = 0; i < sizeof text - 1; i += 2)
		memcpy(text + i, "\xC3\xA9", 2);
	return text;
}

/* Row `number` of the things that every way writes. Its number tells it from the others. */
static thing sample(size_t number)
{
	thing row = THING_INIT;

	/* Every third column is NULL, each in its turn. */
#define THERE(column) ((number + (column)) % 3 != 0)
	if (THERE(0))
		row.flag = dbw_some_bool(number % 2 != 0);
	if (THERE(1))
		row.small = dbw_some_i16((int16_t)integers[number % COUNT(integers)]);
	row.middle = dbw_some_i32((int32_t)number);
	if (THERE(2))
		row.large = dbw_some_i64(integers[number % COUNT(integers)]);
	if (THERE(0))
		row.single = dbw_some_f32((float)reals[number % COUNT(reals)]);
	if (THERE(1))
		row.real = dbw_some_f64(number % 5 == 0 ? doubles[number / 5 % COUNT(doubles)]
							: reals[number % COUNT(reals)]);
	if (number % COUNT(decimals) != 0 || number == 0)
		row.exact = dbw_some_decimal(decimal(decimals[number % COUNT(decimals)]));
	if (THERE(0))
		row.brief = briefs[number % COUNT(briefs)];
	if (THERE(1))
		row.story = number == 7 ? long_text() : texts[number % COUNT(texts)];
	if (THERE(2))
		row.raw = number == 11 ? *large_bytes()
				       : dbw_bytes_of(texts[number % COUNT(texts)],
						 strlen(texts[number % COUNT(texts)]) + 1);
	if (number == 12)
		row.raw = dbw_bytes_of("", 0);
	if (THERE(0))
		row.at = dbw_some_timestamp((dbw_timestamp){ timestamps[number % COUNT(timestamps)] });
	if (THERE(1))
		row.day = dbw_some_date((dbw_date){ dates[number % COUNT(dates)] });
	if (THERE(2))
		row.time = dbw_some_time((dbw_time){ times[number % COUNT(times)] });
	if (THERE(0))
		row.other = dbw_some_uuid((dbw_uuid){ { (uint8_t)number, 255, 0, 9 } });
	if (THERE(1))
		row.doc = documents[number % COUNT(documents)];
	return row;
}

static int64_t ask(store_session s, dbw_sql_text sql)
{
	dbw_records records;
	int64_t number = -1;

	assert_ok(dbw_sql(s.any, sql, NULL, 0, &records), s);
	assert_int_equal(dbw_records_int64(&records, 0, 0, &number), DBW_OK);
	dbw_records_free(&records);
	return number;
}

#define COLUMNS                                                                                                        \
	"flag, small, middle, large, single, \"double\", exact, brief, story, raw, \"at\", \"day\", \"time\", other, " \
	"doc"

/* How many rows are there that differ in more than their ids, and how many in all. */
static void assert_things(store_session s, int64_t distinct, int64_t all)
{
	assert_int_equal(ask(s, DBW_SQL("SELECT count(*) FROM thing")), all);
	assert_int_equal(
		ask(s, DBW_SQL("SELECT count(*) FROM (SELECT DISTINCT " COLUMNS " FROM thing) AS d")),
		distinct);
}

static void bulk__every_way_writes_the_same(void **state)
{
	store_session s = begin(state, "ways");
	thing rows[THINGS];
	thing_columns all = thing_all_columns();

	all.id = false;
	for (size_t i = 0; i < THINGS; i++) {
		bool inserted;

		rows[i] = sample(i);
		assert_ok(thing_insert_or_ignore_by_id(s, &rows[i], &inserted), s);
		assert_true(inserted);
	}
	assert_things(s, THINGS, THINGS);
	for (size_t i = 0; i < THINGS; i++) {
		rows[i] = sample(i);
		assert_ok(thing_insert(s, &rows[i]), s);
	}
	assert_things(s, THINGS, 2 * THINGS);
	for (size_t i = 0; i < THINGS; i++) {
		thing row = THING_INIT;

		assert_ok(thing_insert(s, &row), s);
		rows[i] = sample(i);
		rows[i].id = row.id;
		assert_ok(thing_update(s, &rows[i], all), s);
	}
	assert_things(s, THINGS, 3 * THINGS);
	/* Ids are made in one half, and given in the other. */
	for (int way = 0; way < 2; way++) {
		for (size_t i = 0; i < THINGS; i++) {
			rows[i] = sample(i);
			if (i % 2 == 0)
				assert_int_equal(dbw_uuid_v4(&rows[i].id), DBW_OK);
		}
		if (way == 0)
			assert_ok(thing_insert_many(s, rows, THINGS), s);
		else
			assert_ok(thing_load(s, rows, THINGS), s);
		assert_things(s, THINGS, (4 + way) * THINGS);
		for (size_t i = 0; i < THINGS; i++)
			assert_int_equal(dbw_uuid_is_nil(rows[i].id), way == 1 && i % 2 != 0);
	}
	store_end(s);
}

/* What is wrong with a row. */
static const struct wrong {
	const char *what;
	const char *told; /* behind "thing" or "thing[1]" */
} wrong[] = {
	{ "long", ".brief has 4 characters, 3 is the most" },
	{ "not UTF-8", ".story is not UTF-8" },
	{ "cut", ".brief is not UTF-8" },
	{ "not JSON", ".doc is not JSON" },
	{ "no data", ".raw has a size but no data" },
	{ "places", ".exact does not fit decimal(38, 10)" },
	{ "digits", ".exact does not fit decimal(38, 10)" },
	{ "year 0", ".at is outside the years 1 to 9999" },
	{ "unset", ".at is not set" },
	{ "late day", ".day is outside the years 1 to 9999" },
	{ "24 hours", ".time is not within one day" },
	{ "single", ".single is not a number" },
	{ "double", ".real is not a number" },
	{ "nil", ".other is not set" },
};

static thing wrong_thing(const char *what)
{
	thing row = sample(5);

	if (strcmp(what, "long") == 0)
		row.brief = "abcd";
	else if (strcmp(what, "not UTF-8") == 0)
		row.story = "a \xFF b";
	else if (strcmp(what, "cut") == 0)
		row.brief = "a\xC3";
	else if (strcmp(what, "not JSON") == 0)
		row.doc = "{";
	else if (strcmp(what, "no data") == 0)
		row.raw = (dbw_bytes){ NULL, 1 };
	else if (strcmp(what, "places") == 0)
		row.exact = dbw_some_decimal(decimal("0.00000000001"));
	else if (strcmp(what, "digits") == 0)
		row.exact = dbw_some_decimal(decimal("10000000000000000000000000000"));
	else if (strcmp(what, "year 0") == 0)
		row.at = dbw_some_timestamp((dbw_timestamp){ DBW_TIMESTAMP_MIN - 1 });
	else if (strcmp(what, "unset") == 0)
		row.at = dbw_some_timestamp((dbw_timestamp)DBW_TIMESTAMP_UNSET_INIT);
	else if (strcmp(what, "late day") == 0)
		row.day = dbw_some_date((dbw_date){ DBW_DATE_MAX + 1 });
	else if (strcmp(what, "24 hours") == 0)
		row.time = dbw_some_time((dbw_time){ DBW_TIME_MAX + 1 });
	else if (strcmp(what, "single") == 0)
		row.single = dbw_some_f32((float)NAN);
	else if (strcmp(what, "double") == 0)
		row.real = dbw_some_f64(NAN);
	else
		row.other = dbw_some_uuid((dbw_uuid){ { 0 } });
	return row;
}

/* The session goes on: nothing was sent. */
static void bulk__what_is_wrong_is_told_the_same_way(void **state)
{
	store_session s = begin(state, "wrong");

	/* The first row prepares what later ones use. */
	for (int prepared = 0; prepared < 2; prepared++) {
		for (size_t i = 0; i < COUNT(wrong); i++) {
			thing rows[3] = { sample(1), wrong_thing(wrong[i].what), sample(2) };
			char one[80], many[80];

			snprintf(one, sizeof one, "thing%s", wrong[i].told);
			snprintf(many, sizeof many, "thing[1]%s", wrong[i].told);
			assert_refused(thing_insert(s, &rows[1]), DBW_INVALID, s, one);
			assert_refused(thing_insert_many(s, rows, 3), DBW_INVALID, s, many);
			assert_refused(thing_load(s, rows, 3), DBW_INVALID, s, many);
			assert_true(dbw_uuid_is_nil(rows[0].id));
		}
		assert_int_equal(ask(s, DBW_SQL("SELECT count(*) FROM thing")), 3 * prepared);
		if (prepared == 0) {
			thing rows[3] = { sample(1), sample(2), sample(3) };

			assert_ok(thing_insert(s, &rows[0]), s);
			assert_ok(thing_insert_many(s, &rows[1], 2), s);
		}
	}
	store_end(s);
}

static void bulk__enums_and_defaults(void **state)
{
	store_session s = begin(state, "users");
	user rows[3];

	for (int i = 0; i < 3; i++) {
		char *email = (char[]){ (char)('a' + i), 0 };

		rows[i] = new_user("Ada", strdup(email));
		rows[i].created_at = (dbw_timestamp){ 5 };
		assert_int_equal(dbw_uuid_v4(&rows[i].token), DBW_OK);
	}
	rows[1].role = (user_role)3;
	assert_refused(
		user_insert_many(s, rows, 3), DBW_INVALID, s, "user[1].role is none of its enumerators");
	assert_refused(user_load(s, rows, 3), DBW_INVALID, s, "user[1].role is none of its enumerators");
	rows[1].role = (user_role)0;
	assert_refused(user_insert_many(s, rows, 3), DBW_INVALID, s, "user[1].role is not set");
	assert_refused(user_load(s, rows, 3), DBW_INVALID, s, "user[1].role is not set");
	rows[1].role = USER_ROLE_ADMIN;
	rows[1].mood = user_mood_some((user_mood)-1);
	assert_refused(
		user_insert_many(s, rows, 3), DBW_INVALID, s, "user[1].mood is none of its enumerators");
	rows[1].mood = user_mood_some(USER_MOOD_BAD);
	rows[1].name = NULL;
	assert_refused(user_insert_many(s, rows, 3), DBW_INVALID, s, "user[1].name is not set");
	rows[1].name = "Grace";
	/* A decimal of fewer places is the same number. */
	rows[1].balance = dbw_decimal_of(12, 0);
	assert_ok(user_insert_many(s, rows, 3), s);
	assert_int_equal(
		ask(s, DBW_SQL("SELECT count(*) FROM users WHERE role = 'admin' AND mood = 'bad'")), 1);
	assert_true(rows[0].id != 0 && rows[2].id == rows[0].id + 2);
	for (int i = 0; i < 3; i++)
		free((char *)(uintptr_t)rows[i].email);
	store_end(s);
}

enum { MANY = 2500, FEW = 150, EMAIL_SIZE = 16 };

static user *many_users(char (**emails)[EMAIL_SIZE], bool whole)
{
	user *rows = calloc(MANY, sizeof *rows);

	*emails = calloc(MANY, sizeof **emails);
	assert_true(rows != NULL && *emails != NULL);
	for (int i = 0; i < MANY; i++) {
		snprintf((*emails)[i], EMAIL_SIZE, "%d@many", i);
		rows[i] = new_user("Ada", (*emails)[i]);
		rows[i].score = i;
		rows[i].bio = i % 3 == 0 ? NULL : "b";
		if (whole) {
			rows[i].created_at = (dbw_timestamp){ i };
			assert_int_equal(dbw_uuid_v4(&rows[i].token), DBW_OK);
		}
	}
	return rows;
}

/* More rows than go in one statement, with what the runtime makes of each or without. */
static void bulk__ids_are_those_of_the_rows(void **state)
{
	store_session s = begin(state, "ids");

	for (int whole = 0; whole < 2; whole++) {
		char(*emails)[EMAIL_SIZE];
		user *rows = many_users(&emails, whole != 0);
		const user_query by_id = { .order_by = { { .id = DBW_ASC } } };
		const dbw_timestamp before = dbw_timestamp_now();
		user_list list;

		/* One in between brings its own. */
		rows[1700].id = 1000000 * (whole + 1);
		assert_ok(user_insert_many(s, rows, MANY), s);
		assert_ok(user_find(s.read, &by_id, &list), s);
		assert_int_equal(list.count, MANY);
		for (size_t i = 0; i < MANY; i++) {
			const user *row = &rows[i];
			user *found;

			if (i % 250 != 0 && i != 1700)
				continue;
			assert_ok(user_find_by_email(s.read, emails[i], &found), s);
			assert_int_equal(found->id, row->id);
			assert_int_equal(found->score, (int)i);
			assert_int_equal(found->created_at.us, row->created_at.us);
			assert_int_equal(dbw_uuid_compare(found->token, row->token), 0);
			if (!whole)
				assert_true(row->created_at.us >= before.us && !dbw_uuid_is_nil(row->token));
			user_free(found);
		}
		user_list_free(&list);
		assert_ok(user_delete_all(s, NULL), s);
		/* Loaded rows stay what they are. */
		for (int i = 0; i < MANY; i++) {
			rows[i] = new_user("Ada", emails[i]);
			if (whole)
				rows[i].created_at = (dbw_timestamp){ i };
		}
		assert_ok(user_load(s, rows, MANY), s);
		assert_int_equal(rows[0].id, 0);
		assert_true(dbw_uuid_is_nil(rows[7].token));
		assert_int_equal(ask(s, DBW_SQL("SELECT count(DISTINCT token) FROM users")), MANY);
		assert_int_equal(
			ask(s, DBW_SQL("SELECT count(DISTINCT created_at) FROM users")), whole ? MANY : 1);
		assert_ok(user_delete_all(s, NULL), s);
		free(rows);
		free(emails);
	}
	store_end(s);
}

/* Which row it was, in the middle of the second statement; and the rows are what they were. */
static void bulk__the_row_in_conflict_is_named(void **state)
{
	for (int whole = 0; whole < 2; whole++) {
		for (int way = 0; way < 2; way++) {
			store_session s = begin(state, "conflict");
			char(*emails)[EMAIL_SIZE];
			user *rows = many_users(&emails, whole != 0), first = new_user("Ada", "first");
			const dbw_timestamp created_at = rows[3].created_at;
			const char told[] =
				"user[1777].email: a row with this value exists (users_email_key)";

			assert_ok(user_insert(s, &first), s);
			rows[1777].email = "first";
			if (way == 0)
				assert_refused(user_insert_many(s, rows, MANY), DBW_CONFLICT, s, told);
			else
				assert_refused(user_load(s, rows, MANY), DBW_CONFLICT, s, told);
			for (int i = 0; i < MANY; i++)
				assert_int_equal(rows[i].id, 0);
			assert_int_equal(rows[3].created_at.us, created_at.us);
			assert_int_equal(dbw_uuid_is_nil(rows[3].token), whole == 0);
			store_end(s);
			free(rows);
			free(emails);
		}
	}
}

/* SQLite's transaction may be over with the statement: nothing is tried outside of it to find out more. */
static void bulk__a_trigger_that_ends_the_transaction(void **state)
{
	store_session s, inner;

	if (fresh_on_postgresql())
		return;
	s = begin(state, "trigger");
	assert_ok(dbw_sql_run(s.any,
			  DBW_SQL("CREATE TRIGGER refuses BEFORE INSERT ON users WHEN NEW.email = 'u57' "
				  "BEGIN SELECT RAISE(ROLLBACK, 'no'); END"),
			  NULL, 0, NULL),
		s);
	assert_ok(store_commit(s), s);
	for (int way = 0; way < 4; way++) {
		user rows[FEW], before = new_user("Ada", "before");
		char emails[FEW][EMAIL_SIZE];

		for (int i = 0; i < FEW; i++) {
			snprintf(emails[i], sizeof emails[i], "u%d", i);
			rows[i] = new_user("Ada", emails[i]);
			rows[i].id = way % 2 == 0 ? 0 : 1000 + i;
		}
		s = begin(state, "many");
		assert_ok(user_insert(s, &before), s);
		assert_ok(store_nest(s, "inner", &inner), s);
		assert_int_equal(way < 2 ? user_insert_many(inner, rows, FEW) : user_load(inner, rows, FEW),
			DBW_CONFLICT);
		assert_int_equal(store_commit(inner), DBW_SESSION_FAILED);
		store_end(inner);
		assert_int_equal(store_commit(s), DBW_SESSION_FAILED);
		store_end(s);
		s = begin(state, "count");
		assert_int_equal(ask(s, DBW_SQL("SELECT count(*) FROM users")), 0);
		store_end(s);
	}
}

/* What PostgreSQL does not do for the rows of a statement with rules. */
static void bulk__a_table_with_rules_takes_rows(void **state)
{
	store_session s;
	user rows[3] = { new_user("Ada", "a"), new_user("Ada", "b"), new_user("Grace", "c") };

	if (!fresh_on_postgresql())
		return;
	s = begin(state, "rules");
	assert_ok(dbw_sql_run(s.any, DBW_SQL("CREATE TABLE names (name text)"), NULL, 0, NULL), s);
	assert_ok(dbw_sql_run(s.any,
			  DBW_SQL("CREATE RULE also AS ON INSERT TO users DO ALSO INSERT INTO names "
				  "VALUES ('one more')"),
			  NULL, 0, NULL),
		s);
	assert_ok(user_insert_many(s, rows, 3), s);
	assert_true(rows[0].id != 0 && rows[1].id == rows[0].id + 1 && rows[2].id == rows[1].id + 1);
	assert_int_equal(ask(s, DBW_SQL("SELECT count(*) FROM users")), 3);
	assert_int_equal(ask(s, DBW_SQL("SELECT count(*) FROM names")), 3);
	/* Nor for rows that bring their ids. */
	for (int i = 0; i < 3; i++) {
		rows[i] = new_user("Ada", (const char *const[]){ "d", "e", "f" }[i]);
		rows[i].id = 100 + i;
	}
	assert_ok(user_insert_many(s, rows, 3), s);
	assert_int_equal(ask(s, DBW_SQL("SELECT count(*) FROM users WHERE id >= 100")), 3);
	store_end(s);
}

/* A table that somebody else made: its id is narrower than ours would be. */
static void bulk__ids_of_four_bytes(void **state)
{
	store_session s;
	user rows[3] = { new_user("Ada", "a"), new_user("Ada", "b"), new_user("Grace", "c") };

	if (!fresh_on_postgresql())
		return;
	s = begin(state, "narrow ids");
	assert_ok(
		dbw_sql_run(s.any, DBW_SQL("ALTER TABLE users ALTER COLUMN id TYPE integer"), NULL, 0, NULL),
		s);
	assert_ok(user_insert_many(s, rows, 3), s);
	assert_true(rows[0].id != 0 && rows[1].id == rows[0].id + 1 && rows[2].id == rows[1].id + 1);
	store_end(s);
}

/* What such a type is like in a stream is not known here. */
static void bulk__a_type_of_somebodys_own(void **state)
{
	store_session s;
	thing rows[2] = { sample(1), sample(2) };

	if (!fresh_on_postgresql())
		return;
	rows[0].doc = "{}";
	s = begin(state, "a domain");
	assert_ok(dbw_sql_run(s.any, DBW_SQL("CREATE DOMAIN document AS jsonb"), NULL, 0, NULL), s);
	assert_ok(dbw_sql_run(
			  s.any, DBW_SQL("ALTER TABLE thing ALTER COLUMN doc TYPE document"), NULL, 0, NULL),
		s);
	assert_ok(thing_load(s, rows, 2), s);
	assert_int_equal(ask(s, DBW_SQL("SELECT count(*) FROM thing")), 2);
	assert_int_equal(ask(s, DBW_SQL("SELECT count(*) FROM thing WHERE doc = '{}'")), 1);
	store_end(s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(bulk__every_way_writes_the_same),
		CASE(bulk__what_is_wrong_is_told_the_same_way),
		CASE(bulk__enums_and_defaults),
		CASE(bulk__ids_are_those_of_the_rows),
		CASE(bulk__the_row_in_conflict_is_named),
		CASE(bulk__a_trigger_that_ends_the_transaction),
		CASE(bulk__a_table_with_rules_takes_rows),
		CASE(bulk__ids_of_four_bytes),
		CASE(bulk__a_type_of_somebodys_own),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
