/* SQL of the program's own, with values that are bound, on every engine. */
#include "opened.h"

#include <math.h>

static int64_t insert_users(store_session s)
{
	user ada = new_user("Ada", "ada@example.com"), bob = new_user("Bob", "bob@example.com");

	ada.balance = dbw_decimal_of(1050, 2);
	ada.bio = "Countess";
	assert_ok(user_insert(s, &ada), s);
	assert_ok(user_insert(s, &bob), s);
	return ada.id;
}

static void sql__reads_what_the_typed_functions_wrote(void **state)
{
	store_session s = begin(state, "write");
	const int64_t id = insert_users(s);
	dbw_decimal balance;
	dbw_timestamp created;
	const char *name, *bio = "untouched";
	int64_t number;
	bool active;
	dbw_records rows;
	user *found;

	assert_ok(dbw_sql(s.any,
			  DBW_SQL("SELECT id, name, bio, balance, created_at, is_active FROM users "
				  "WHERE id >= $1 ORDER BY id"),
			  DBW_VALUES(dbw_bind(id)), &rows),
		s);
	assert_int_equal(rows.count, 2);
	assert_int_equal(rows.column_count, 6);
	assert_string_equal(rows.names[3], "balance");
	assert_int_equal(dbw_records_column(&rows, "created_at"), 4);
	assert_int_equal(dbw_records_column(&rows, "nowhere"), -1);
	assert_int_equal(dbw_records_int64(&rows, 0, 0, &number), DBW_OK);
	assert_int_equal(number, id);
	assert_int_equal(dbw_records_text(&rows, 0, 1, &name), DBW_OK);
	assert_string_equal(name, "Ada");
	assert_int_equal(dbw_records_text(&rows, 0, 2, &bio), DBW_OK);
	assert_string_equal(bio, "Countess");
	assert_true(dbw_records_is_null(&rows, 1, 2));
	assert_int_equal(dbw_records_text(&rows, 1, 2, &bio), DBW_DATA);
	assert_int_equal(dbw_records_decimal(&rows, 0, 3, 2, &balance), DBW_OK);
	assert_int_equal(dbw_decimal_compare(balance, dbw_decimal_of(1050, 2)), 0);
	assert_int_equal(dbw_records_timestamp(&rows, 0, 4, &created), DBW_OK);
	assert_int_equal(dbw_records_bool(&rows, 0, 5, &active), DBW_OK);
	assert_true(active);
	assert_int_equal(user_find_by_id(s.read, id, &found), DBW_OK);
	assert_int_equal(found->created_at.us, created.us);
	user_free(found);
	/* Places that are not there. */
	assert_int_equal(dbw_records_int64(&rows, 2, 0, &number), DBW_MISUSE);
	assert_int_equal(dbw_records_int64(&rows, 0, 6, &number), DBW_MISUSE);
	assert_true(dbw_records_is_null(&rows, 9, 9));
	/* Another type. */
	assert_int_equal(dbw_records_int64(&rows, 0, 1, &number), DBW_DATA);
	assert_int_equal(number, id);
	assert_ok(store_commit(s), s);
	/* The rows outlive their session. */
	assert_string_equal(name, "Ada");
	dbw_records_free(&rows);
	assert_int_equal(rows.count, 0);
	dbw_records_free(&rows);
	dbw_records_free(NULL);
}

static void sql__binds_every_type(void **state)
{
	static const unsigned char data[] = { 0, 1, 255 };
	const dbw_timestamp when = { INT64_C(1700000000123456) };
	const dbw_date day = { 19000 };
	const dbw_time noon = { INT64_C(43200000000) };
	store_reader r = begin_reading(state, "values");
	dbw_uuid key, read_key;
	dbw_decimal price;
	dbw_timestamp read_when;
	dbw_date read_day;
	dbw_time read_noon;
	dbw_bytes bytes;
	dbw_records rows;
	int64_t number;
	double real;
	const char *text;
	bool truth;

	assert_int_equal(dbw_uuid_v4(&key), DBW_OK);
	assert_ok(dbw_sql(r.any,
			  DBW_SQL_OF("SELECT $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11",
				  "SELECT $1::bigint, $2::float8, $3::text, $4::boolean, $5::numeric, "
				  "$6::timestamptz, $7::date, $8::time, $9::uuid, $10::bytea, $11::text"),
			  DBW_VALUES(dbw_bind(-5), dbw_bind(0.25), dbw_bind("x'; --"), dbw_bind_bool(true),
				  dbw_bind(dbw_decimal_of(-12345, 3)), dbw_bind(when), dbw_bind(day),
				  dbw_bind(noon), dbw_bind(key), dbw_bind(dbw_bytes_of(data, sizeof data)),
				  dbw_bind_null()),
			  &rows),
		r);
	assert_int_equal(rows.count, 1);
	assert_int_equal(dbw_records_int64(&rows, 0, 0, &number), DBW_OK);
	assert_int_equal(number, -5);
	assert_int_equal(dbw_records_double(&rows, 0, 1, &real), DBW_OK);
	assert_true(real == 0.25);
	assert_int_equal(dbw_records_text(&rows, 0, 2, &text), DBW_OK);
	assert_string_equal(text, "x'; --");
	assert_int_equal(dbw_records_bool(&rows, 0, 3, &truth), DBW_OK);
	assert_true(truth);
	assert_int_equal(dbw_records_decimal(&rows, 0, 4, 3, &price), DBW_OK);
	assert_int_equal(dbw_decimal_compare(price, dbw_decimal_of(-12345, 3)), 0);
	assert_int_equal(dbw_records_timestamp(&rows, 0, 5, &read_when), DBW_OK);
	assert_int_equal(read_when.us, when.us);
	assert_int_equal(dbw_records_date(&rows, 0, 6, &read_day), DBW_OK);
	assert_int_equal(read_day.days, day.days);
	assert_int_equal(dbw_records_time(&rows, 0, 7, &read_noon), DBW_OK);
	assert_int_equal(read_noon.us, noon.us);
	assert_int_equal(dbw_records_uuid(&rows, 0, 8, &read_key), DBW_OK);
	assert_int_equal(dbw_uuid_compare(key, read_key), 0);
	assert_int_equal(dbw_records_bytes(&rows, 0, 9, &bytes), DBW_OK);
	assert_int_equal(bytes.size, sizeof data);
	assert_memory_equal(bytes.data, data, sizeof data);
	assert_true(dbw_records_is_null(&rows, 0, 10));
	dbw_records_free(&rows);
	store_read_end(r);
}

static void sql__parameters_go_by_their_numbers(void **state)
{
	store_reader r = begin_reading(state, "values");
	const dbw_sql_text text =
		DBW_SQL_OF("SELECT $2, $1, $2 || $3", "SELECT $2::text, $1::bigint, $2::text || $3::text");
	dbw_records rows;
	int64_t number;
	const char *said;

	/* Twice: the second time the statement is there. */
	for (int turn = 0; turn < 2; turn++) {
		assert_ok(
			dbw_sql(r.any, text, DBW_VALUES(dbw_bind(turn), dbw_bind("b"), dbw_bind("c")), &rows),
			r);
		assert_int_equal(dbw_records_text(&rows, 0, 0, &said), DBW_OK);
		assert_string_equal(said, "b");
		assert_int_equal(dbw_records_int64(&rows, 0, 1, &number), DBW_OK);
		assert_int_equal(number, turn);
		assert_int_equal(dbw_records_text(&rows, 0, 2, &said), DBW_OK);
		assert_string_equal(said, "bc");
		dbw_records_free(&rows);
	}
	assert_int_equal(dbw_sql(r.any, text, DBW_VALUES(dbw_bind(1), dbw_bind("b")), &rows), DBW_MISUSE);
	assert_string_equal(dbw_session_error(r.any)->message,
		"the statement has 3 parameters, and 2 values are given");
	assert_int_equal(dbw_sql(r.any, text, NULL, 0, &rows), DBW_MISUSE);
	assert_int_equal(rows.count, 0);
	store_read_end(r);
}

static void sql__writes_and_counts(void **state)
{
	store_session s = begin(state, "write");
	int64_t changed = -1;
	dbw_records rows;

	insert_users(s);
	assert_ok(dbw_sql_run(s.any, DBW_SQL("UPDATE users SET name = $1"), DBW_VALUES(dbw_bind("Eve")),
			  &changed),
		s);
	assert_int_equal(changed, 2);
	assert_ok(dbw_sql_run(s.any, DBW_SQL("DELETE FROM users WHERE name = $1"),
			  DBW_VALUES(dbw_bind("Ada")), &changed),
		s);
	assert_int_equal(changed, 0);
	/* What changes no rows counts none, whatever ran before. */
	assert_ok(
		dbw_sql_run(s.any, DBW_SQL("UPDATE users SET name = $1"), DBW_VALUES(dbw_bind("Eva")), NULL),
		s);
	assert_ok(dbw_sql_run(s.any, DBW_SQL("CREATE INDEX users_bio ON users (bio)"), NULL, 0, &changed), s);
	assert_int_equal(changed, 0);
	assert_ok(dbw_sql(s.any, DBW_SQL("UPDATE users SET bio = $1 WHERE email = $2 RETURNING name"),
			  DBW_VALUES(dbw_bind("new"), dbw_bind("bob@example.com")), &rows),
		s);
	assert_int_equal(rows.count, 1);
	dbw_records_free(&rows);
	assert_ok(store_commit(s), s);
}

static void sql__many_rows(void **state)
{
	store_reader r = begin_reading(state, "many");
	dbw_records rows;
	int64_t number;

	assert_ok(
		dbw_sql(r.any,
			DBW_SQL("WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1000) "
				"SELECT i, 'number ' || i FROM n"),
			NULL, 0, &rows),
		r);
	assert_int_equal(rows.count, 1000);
	for (size_t i = 0; i < rows.count; i++) {
		assert_int_equal(dbw_records_int64(&rows, i, 0, &number), DBW_OK);
		assert_int_equal(number, i + 1);
	}
	dbw_records_free(&rows);
	assert_ok(dbw_sql(r.any, DBW_SQL("SELECT id FROM users WHERE 1 = 0"), NULL, 0, &rows), r);
	assert_int_equal(rows.count, 0);
	assert_int_equal(rows.column_count, 1);
	dbw_records_free(&rows);
	store_read_end(r);
}

static void sql__a_reader_does_not_write(void **state)
{
	store_reader r = begin_reading(state, "sneaky");
	dbw_records rows;
	int64_t count;

	assert_int_equal(dbw_sql_run(r.any, DBW_SQL("DELETE FROM users"), NULL, 0, NULL), DBW_MISUSE);
	assert_int_equal(
		dbw_sql(r.any, DBW_SQL("DELETE FROM users RETURNING id"), NULL, 0, &rows), DBW_MISUSE);
	assert_non_null(strstr(dbw_session_error(r.any)->message, "a reader cannot write"));
	store_read_end(r);
	r = begin_reading(state, "after");
	assert_ok(user_count(r, NULL, &count), r);
	store_read_end(r);
}

static void refused(void **state, dbw_sql_text text)
{
	store_session s = begin(state, "refused");
	dbw_records rows;

	assert_int_equal(dbw_sql(s.any, text, NULL, 0, &rows), DBW_MISUSE);
	assert_int_equal(dbw_sql_run(s.any, text, NULL, 0, NULL) == DBW_OK, false);
	store_end(s);
}

static void sql__what_is_refused(void **state)
{
	store_session s;
	store_reader r;
	dbw_records rows;
	user_cursor cursor;
	const user *row;

	refused(state, DBW_SQL("COMMIT"));
	refused(state, DBW_SQL(" ; -- well\n /* so /* it */ is */ rollback"));
	refused(state, DBW_SQL("Savepoint x"));
	refused(state, DBW_SQL("end"));
	refused(state, DBW_SQL("PREPARE TRANSACTION 'x'"));
	refused(state, DBW_SQL(""));
	refused(state, DBW_SQL("-- nothing"));
	refused(state, (dbw_sql_text){ .any = NULL });
	assert_int_equal(dbw_records_column(NULL, "id"), -1);
	assert_true(dbw_records_is_null(NULL, 0, 0));
	assert_int_equal(dbw_records_int64(NULL, 0, 0, &(int64_t){ 0 }), DBW_MISUSE);

	s = begin(state, "two");
	assert_int_not_equal(
		dbw_sql_run(s.any, DBW_SQL("DELETE FROM pages; DELETE FROM users"), NULL, 0, NULL), DBW_OK);
	store_end(s);
	s = begin(state, "one");
	assert_ok(dbw_sql_run(s.any, DBW_SQL("DELETE FROM pages; "), NULL, 0, NULL), s);
	/* Values that cannot be sent leave the session as it was. */
	assert_int_equal(
		dbw_sql(s.any, DBW_SQL("SELECT $1"), DBW_VALUES(dbw_bind("\xff")), &rows), DBW_INVALID);
	assert_int_equal(
		dbw_sql(s.any, DBW_SQL("SELECT $1"), DBW_VALUES(dbw_bind((double)NAN)), &rows), DBW_INVALID);
	assert_non_null(strstr(dbw_session_error(s.any)->message, "$1"));
	assert_int_equal(dbw_sql(s.any, DBW_SQL("SELECT $1"),
				 DBW_VALUES(dbw_bind((dbw_timestamp)DBW_TIMESTAMP_UNSET_INIT)), &rows),
		DBW_INVALID);
	insert_users(s);
	/* Nobody knows whether SQL writes. */
	assert_ok(user_cursor_open(s.read, NULL, &cursor), s);
	assert_ok(user_cursor_next(&cursor, &row), s);
	assert_int_equal(dbw_sql(s.any, DBW_SQL("SELECT 1"), NULL, 0, &rows), DBW_MISUSE);
	user_cursor_close(&cursor);
	assert_ok(store_commit(s), s);
	assert_int_equal(dbw_sql(s.any, DBW_SQL("SELECT 1"), NULL, 0, &rows), DBW_ENDED);
	r = begin_reading(state, "wrong");
	assert_int_equal(
		dbw_sql(r.any, DBW_SQL("SELECT a FROM nowhere"), NULL, 0, &rows), DBW_SCHEMA_MISMATCH);
	store_read_end(r);
}

/* COPY would have the server send, or wait, for ever. SQLite has none. */
static void sql__copy_does_not_hang(void **state)
{
	const dbw_status expected = fresh_on_postgresql() ? DBW_UNSUPPORTED : DBW_ENGINE;
	store_reader r = begin_reading(state, "copy");
	store_session s = begin(state, "copy");
	dbw_records rows;
	int64_t count;

	insert_users(s);
	assert_int_equal(dbw_sql_run(s.any, DBW_SQL("COPY users TO STDOUT"), NULL, 0, NULL), expected);
	store_end(s);
	s = begin(state, "copy");
	assert_int_equal(dbw_sql(s.any, DBW_SQL("COPY users FROM STDIN"), NULL, 0, &rows), expected);
	assert_int_equal(store_commit(s), DBW_SESSION_FAILED);
	store_end(s);
	assert_int_equal(dbw_sql(r.any, DBW_SQL("COPY (SELECT 1) TO STDOUT"), NULL, 0, &rows), expected);
	store_read_end(r);
	r = begin_reading(state, "after");
	assert_ok(user_count(r, NULL, &count), r);
	assert_int_equal(count, 0);
	store_read_end(r);
}

/* Rows of a statement that is only to be run are passed over, whatever they are. */
static void sql__rows_that_nobody_reads(void **state)
{
	store_session s = begin(state, "run");
	int64_t count, changed;

	insert_users(s);
	assert_ok(dbw_sql_run(s.any, DBW_SQL("SELECT name FROM users"), NULL, 0, NULL), s);
	assert_ok(dbw_sql_run(s.any, DBW_SQL("UPDATE users SET name = 'x' RETURNING name"), NULL, 0, &count),
		s);
	assert_true(count > 0);
	assert_ok(dbw_sql_run(s.any, DBW_SQL("CREATE TABLE words (word TEXT)"), NULL, 0, NULL), s);
	assert_ok(dbw_sql_run(s.any, DBW_SQL("INSERT INTO words VALUES ('a'), ('b') RETURNING word"), NULL, 0,
			  &changed),
		s);
	assert_int_equal(changed, 2);
	store_end(s);
}

static void sql__names_the_constraint(void **state)
{
	store_session s = begin(state, "twice");

	insert_users(s);
	assert_int_equal(dbw_sql_run(s.any, DBW_SQL("UPDATE users SET email = $1"),
				 DBW_VALUES(dbw_bind("same")), NULL),
		DBW_CONFLICT);
	assert_true(dbw_violated(s.any, USER_EMAIL_KEY));
	assert_null(strstr(dbw_session_error(s.any)->message, "same"));
	assert_int_equal(dbw_sql_run(s.any, DBW_SQL("DELETE FROM users"), NULL, 0, NULL), DBW_SESSION_FAILED);
	store_end(s);
}

static void sql__the_native_handle(void **state)
{
	store_reader r = begin_reading(state, "native");
	dbw_engine engine;

	assert_non_null(dbw_native_handle(r.any, &engine));
	assert_int_equal(engine, fresh_on_postgresql() ? DBW_POSTGRESQL : DBW_SQLITE);
	store_read_end(r);
	assert_null(dbw_native_handle(r.any, NULL));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(sql__reads_what_the_typed_functions_wrote),
		CASE(sql__binds_every_type),
		CASE(sql__parameters_go_by_their_numbers),
		CASE(sql__writes_and_counts),
		CASE(sql__many_rows),
		CASE(sql__a_reader_does_not_write),
		CASE(sql__what_is_refused),
		CASE(sql__copy_does_not_hang),
		CASE(sql__rows_that_nobody_reads),
		CASE(sql__names_the_constraint),
		CASE(sql__the_native_handle),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
