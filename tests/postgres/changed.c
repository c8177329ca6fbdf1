/* Tables that are changed, and statements that are forgotten, under the statements that are prepared for them. */
#include "fresh.h"
#include "through.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define assert_ok(call, session)                                                              \
	do {                                                                                  \
		if ((call) != DBW_OK)                                                         \
			fail_msg("%s: %s", #call, dbw_session_error((session).any)->message); \
	} while (0)

/* What the first user's score is stored as, in turn. */
static void change_score(int turn)
{
	assert_true(fresh_run("store", turn % 2 == 0 ? "ALTER TABLE users ALTER score TYPE bigint"
						     : "ALTER TABLE users ALTER score TYPE int"));
}

static user *find_first(store_reader r)
{
	user *found;

	assert_ok(user_find_by_id(r, 1, &found), r);
	assert_int_equal(found->score, 7);
	assert_string_equal(found->email, "a");
	return found;
}

static void prepare_store(void)
{
	store_session s;

	open_store(NULL);
	s = begin();
	insert_in(s, "a");
	assert_ok(store_commit(s), s);
}

/* Outside of a transaction nothing is lost, and nobody notices. */
static void changed__table_is_read_on(void **state)
{
	store_reader r;
	user_list list;

	(void)state;
	prepare_store();
	r = begin_reading();
	for (int turn = 0; turn < 4; turn++) {
		user_free(find_first(r));
		assert_string_equal(dbw_session_error(r.any)->message, "");
		assert_ok(user_find(r, &(user_query){ .where = { .score = dbw_ge(7) } }, &list), r);
		assert_int_equal(list.count, 1);
		user_list_free(&list);
		change_score(turn);
	}
	assert_int_equal(store_read_end(r), DBW_OK);
}

/* The first statement of a transaction has done nothing yet: the transaction begins anew by itself. */
static void changed__before_the_first_statement(void **state)
{
	store_session s, inner;

	(void)state;
	prepare_store();
	for (int turn = 0; turn < 4; turn++) {
		s = begin();
		user_free(find_first(s.read));
		assert_ok(store_commit(s), s);
		change_score(turn);
		s = begin();
		assert_int_equal(store_nest(s, "inner", &inner), DBW_OK);
		user_free(find_first(inner.read));
		assert_ok(store_commit(inner), inner);
		assert_ok(store_commit(s), s);
	}
}

/* In the middle of a transaction what was done before would be lost. */
static void changed__within_a_transaction(void **state)
{
	store_session s;
	user *found;

	(void)state;
	prepare_store();
	s = begin();
	user_free(find_first(s.read));
	assert_ok(store_commit(s), s);
	change_score(0);
	s = begin();
	assert_ok(user_exists(s.read, &(user_query){ .where = { .id = dbw_eq(1) } }, &(bool){ false }), s);
	assert_int_equal(user_find_by_id(s.read, 1, &found), DBW_BUSY);
	assert_null(found);
	assert_string_equal(dbw_session_error(s.any)->sqlstate, "0A000");
	assert_string_equal(dbw_session_error(s.any)->message,
		"user_find_by_id: what the statement reads has changed since it was prepared: begin again");
	assert_int_equal(store_commit(s), DBW_SESSION_FAILED);
	assert_int_equal(store_end(s), DBW_OK);
	/* As it says. */
	s = begin();
	assert_ok(user_exists(s.read, &(user_query){ .where = { .id = dbw_eq(1) } }, &(bool){ false }), s);
	user_free(find_first(s.read));
	assert_ok(store_commit(s), s);
}

static dbw_status find_twice(store_session s, void *argument)
{
	user *found;
	dbw_status status =
		user_exists(s.read, &(user_query){ .where = { .id = dbw_eq(1) } }, &(bool){ false });

	++*(int *)argument;
	if (status == DBW_OK)
		status = user_find_by_id(s.read, 1, &found);
	if (status == DBW_OK)
		user_free(found);
	return status;
}

static void changed__is_tried_again_by_transaction(void **state)
{
	const dbw_session_options options = { .purpose = "find twice" };
	dbw_error error;
	int turns = 0;

	(void)state;
	prepare_store();
	assert_int_equal(store_transaction(databases, &options, find_twice, &turns, &error), DBW_OK);
	assert_int_equal(turns, 1);
	change_score(0);
	assert_int_equal(store_transaction(databases, &options, find_twice, &turns, &error), DBW_OK);
	assert_int_equal(turns, 3);
}

/* A type that cannot be read any more is told, and what is read again once it can. */
static void changed__to_a_type_of_another_kind(void **state)
{
	store_reader r;
	user_cursor cursor;
	user *found;

	(void)state;
	prepare_store();
	r = begin_reading();
	user_free(find_first(r));
	assert_true(fresh_run("store", "ALTER TABLE users ALTER score TYPE text"));
	assert_int_equal(user_find_by_id(r, 1, &found), DBW_SCHEMA_MISMATCH);
	assert_string_equal(
		dbw_session_error(r.any)->message, "user.score: its column has another type in the database");
	assert_int_equal(user_cursor_open(r, NULL, &cursor), DBW_SCHEMA_MISMATCH);
	assert_int_equal(store_read_end(r), DBW_OK);
	assert_true(fresh_run("store", "ALTER TABLE users ALTER score TYPE int USING score::int"));
	r = begin_reading();
	user_free(find_first(r));
	assert_int_equal(store_read_end(r), DBW_OK);
}

/* A thing whose document is written; its column is of another type in each turn, which takes another parameter. */
static dbw_status write_thing(store_session s, void *argument)
{
	thing row = THING_INIT;

	(void)argument;
	row.doc = "{}";
	return thing_insert(s, &row);
}

static void change_doc(int turn)
{
	assert_true(fresh_run("store", turn % 2 == 0
					       ? "ALTER TABLE thing ALTER doc TYPE text"
					       : "ALTER TABLE thing ALTER doc TYPE jsonb USING doc::jsonb"));
}

static int things(void)
{
	char count[32];

	return atoi(fresh_ask("store", "SELECT count(*) FROM thing", count, sizeof count));
}

/* What has no rows is told by the parameters alone: nobody notices, or it is begun again. */
static void write_in_turns(const dbw_session_options *options)
{
	dbw_error error;
	store_session s;

	change_doc(0);
	for (int turn = 0; turn < 4; turn++) {
		assert_int_equal(store_begin_with(databases, options, &s, &error), DBW_OK);
		assert_ok(write_thing(s, NULL), s);
		assert_ok(dbw_flush(s.any), s);
		assert_ok(store_commit(s), s);
		assert_int_equal(things(), 2 * turn + 1);
		change_doc(turn + 1);
		assert_int_equal(store_transaction(databases, options, write_thing, NULL, &error), DBW_OK);
		assert_int_equal(things(), 2 * turn + 2);
	}
}

static void changed__types_that_are_written(void **state)
{
	static const dbw_session_options options = { .purpose = "write" };

	(void)state;
	open_store(NULL);
	write_in_turns(&options);
}

static void changed__types_of_a_pipelined_session(void **state)
{
	static const dbw_session_options options = { .purpose = "write", .pipeline = true };
	dbw_error error;

	(void)state;
	open_store(NULL);
	change_doc(0);
	for (int turn = 0; turn < 4; turn++) {
		assert_int_equal(store_transaction(databases, &options, write_thing, NULL, &error), DBW_OK);
		change_doc(turn + 1);
	}
	assert_int_equal(things(), 4);
}

static void changed__types_behind_a_pooler(void **state)
{
	static const dbw_setting settings[] = { { "pooler", "transaction" }, { NULL, NULL } };
	static const dbw_session_options options = { .purpose = "write" };

	(void)state;
	open_store(settings);
	write_in_turns(&options);
}

/* After something else it has to be begun again, and a column that is gone is told in the end. */
static void changed__types_within_a_transaction(void **state)
{
	store_session s;

	(void)state;
	prepare_store();
	change_doc(0);
	s = begin();
	assert_ok(write_thing(s, NULL), s);
	assert_ok(store_commit(s), s);
	change_doc(1);
	s = begin();
	insert_in(s, "b");
	assert_int_equal(write_thing(s, NULL), DBW_BUSY);
	assert_string_equal(dbw_session_error(s.any)->sqlstate, "42804");
	assert_int_equal(store_end(s), DBW_OK);
	s = begin();
	insert_in(s, "b");
	assert_ok(write_thing(s, NULL), s);
	assert_ok(store_commit(s), s);
	assert_true(fresh_run("store", "ALTER TABLE thing DROP doc"));
	s = begin();
	insert_in(s, "c");
	assert_int_equal(write_thing(s, NULL), DBW_BUSY);
	assert_int_equal(store_end(s), DBW_OK);
	for (int turn = 0; turn < 2; turn++) {
		s = begin();
		assert_int_equal(write_thing(s, NULL), DBW_SCHEMA_MISMATCH);
		assert_non_null(strstr(dbw_session_error(s.any)->message, "\"doc\""));
		assert_int_equal(store_end(s), DBW_OK);
	}
	assert_int_equal(things(), 2);
}

/* Rows of a stream are coded as the columns are, which nothing else would look at: the server takes the bytes as they come. */
static void changed__types_of_a_stream(void **state)
{
	static const struct {
		const char *change;
		dbw_status status;
	} turns[] = {
		{ "SELECT 1", DBW_OK },
		{ "ALTER TABLE users ALTER score TYPE bigint", DBW_OK },
		{ "ALTER TABLE users ALTER score TYPE smallint", DBW_OK },
		/* As many bytes, and another number. */
		{ "ALTER TABLE users ALTER score TYPE int", DBW_OK },
		{ "ALTER TABLE users ALTER score TYPE real", DBW_OK },
		{ "ALTER TABLE users DROP score", DBW_SCHEMA_MISMATCH },
	};
	int there = 0;

	(void)state;
	open_store(NULL);
	for (size_t turn = 0; turn < sizeof turns / sizeof *turns; turn++) {
		char emails[3][16], count[32];
		user rows[3];
		store_session s;

		for (int i = 0; i < 3; i++) {
			snprintf(emails[i], sizeof emails[i], "%zu of %d", turn, i);
			rows[i] = new_user(emails[i]);
		}
		assert_true(fresh_run("store", turns[turn].change));
		s = begin();
		assert_int_equal(user_load(s, rows, 3), turns[turn].status);
		assert_int_equal(dbw_session_error(s.any)->status, turns[turn].status);
		if (turns[turn].status == DBW_OK) {
			assert_ok(store_commit(s), s);
			there += 3;
			fresh_ask("store", "SELECT count(*) FROM users WHERE score = 7", count, sizeof count);
			assert_int_equal(atoi(count), there);
		}
		assert_int_equal(store_end(s), DBW_OK);
	}
}

static int64_t users_at(store_reader r, dbw_timestamp at)
{
	int64_t count;

	assert_ok(user_count(r, &(user_query){ .where = { .created_at = dbw_eq(at) } }, &count), r);
	return count;
}

/* Times are those of UTC in columns of either type, however they are written, and whatever the zone of the server is. */
static void write_times(const dbw_setting *settings)
{
	static const char *const changes[] = {
		"SELECT 1",
		"ALTER TABLE users ALTER created_at TYPE timestamp USING created_at AT TIME ZONE 'UTC'",
		"ALTER TABLE users ALTER created_at TYPE timestamptz USING created_at AT TIME ZONE 'UTC'",
	};
	dbw_timestamp at;

	assert_int_equal(setenv("PGTZ", "Asia/Tokyo", 1), 0);
	open_store(settings);
	unsetenv("PGTZ");
	assert_int_equal(dbw_timestamp_of(2020, 1, 1, 0, 0, 0, 0, &at), DBW_OK);
	for (int turn = 0; turn < 3; turn++) {
		char emails[7][16];
		user rows[7];
		store_session s;
		store_reader r;

		for (int i = 0; i < 7; i++) {
			snprintf(emails[i], sizeof emails[i], "%d of %d", turn, i);
			rows[i] = new_user(emails[i]);
			rows[i].created_at = at;
		}
		assert_true(fresh_run("store", changes[turn]));
		s = begin();
		assert_ok(user_insert(s, &rows[0]), s);
		assert_ok(user_insert_many(s, rows + 1, 3), s);
		assert_ok(user_load(s, rows + 4, 3), s);
		assert_int_equal(users_at(s.read, at), 7 * (turn + 1));
		assert_ok(store_commit(s), s);
		r = begin_reading();
		assert_int_equal(users_at(r, at), 7 * (turn + 1));
		assert_int_equal(store_read_end(r), DBW_OK);
	}
}

static void changed__times_with_and_without_a_zone(void **state)
{
	(void)state;
	write_times(NULL);
}

static void changed__times_behind_a_pooler(void **state)
{
	static const dbw_setting settings[] = { { "pooler", "transaction" }, { NULL, NULL } };

	(void)state;
	write_times(settings);
}

/* What a trigger misses is nothing that the statement could be prepared anew for. */
static void changed__not_what_a_trigger_misses(void **state)
{
	static const dbw_session_options options = { .purpose = "write" };
	dbw_error error;
	store_session s;

	(void)state;
	prepare_store();
	assert_true(fresh_run("store", "CREATE FUNCTION misses() RETURNS trigger LANGUAGE plpgsql AS "
				       "$$ BEGIN PERFORM 1 FROM there_is_none; RETURN NEW; END $$"));
	assert_true(fresh_run("store",
		"CREATE TRIGGER misses BEFORE INSERT ON thing FOR EACH ROW EXECUTE FUNCTION misses()"));
	s = begin();
	insert_in(s, "b");
	assert_int_equal(write_thing(s, NULL), DBW_SCHEMA_MISMATCH);
	assert_int_equal(store_end(s), DBW_OK);
	assert_int_equal(
		store_transaction(databases, &options, write_thing, NULL, &error), DBW_SCHEMA_MISMATCH);
	assert_int_equal(things(), 0);
}

/* The server knows the type of a parameter by its number alone. */
static void changed__type_that_is_gone(void **state)
{
	store_session s;

	(void)state;
	prepare_store();
	assert_true(fresh_run("store", "CREATE TYPE story AS ENUM ('good', 'bad')"));
	assert_true(fresh_run("store", "ALTER TABLE thing ALTER story TYPE story USING story::story"));
	s = begin();
	assert_ok(write_thing(s, NULL), s);
	assert_ok(store_commit(s), s);
	assert_true(fresh_run("store", "ALTER TABLE thing ALTER story TYPE text"));
	assert_true(fresh_run("store", "DROP TYPE story"));
	s = begin();
	assert_int_equal(write_thing(s, NULL), DBW_ENGINE);
	assert_string_equal(dbw_session_error(s.any)->sqlstate, "XX000");
	assert_int_equal(store_end(s), DBW_OK);
	/* Once, and not for as long as there is that connection. */
	s = begin();
	assert_ok(write_thing(s, NULL), s);
	assert_ok(store_commit(s), s);
}

/* Cursors and poolers have nothing prepared: their rows are read as they come. */
static void changed__for_cursors_and_poolers(void **state)
{
	const dbw_setting settings[] = { { "pooler", "transaction" }, { NULL, NULL } };
	store_session s;
	store_reader r;
	user_cursor cursor;
	const user *row;

	(void)state;
	open_store(settings);
	s = begin();
	insert_in(s, "a");
	assert_ok(store_commit(s), s);
	for (int turn = 0; turn < 4; turn++) {
		r = begin_reading();
		user_free(find_first(r));
		assert_ok(user_cursor_open(r, NULL, &cursor), r);
		assert_ok(user_cursor_next(&cursor, &row), r);
		assert_int_equal(row->score, 7);
		assert_int_equal(store_read_end(r), DBW_OK);
		change_score(turn);
	}
}

/* The program's own SQL. */
static void changed__for_sql(void **state)
{
	store_reader r;
	store_session s;
	dbw_records records;
	int64_t score;

	(void)state;
	prepare_store();
	for (int turn = 0; turn < 4; turn++) {
		r = begin_reading();
		assert_ok(dbw_sql(r.any, DBW_SQL("SELECT score FROM users"), NULL, 0, &records), r);
		assert_int_equal(dbw_records_int64(&records, 0, 0, &score), DBW_OK);
		assert_int_equal(score, 7);
		dbw_records_free(&records);
		assert_int_equal(store_read_end(r), DBW_OK);
		change_score(turn);
	}
	/* A writer that has done something else before is told to begin again. */
	for (int turn = 0; turn < 2; turn++) {
		dbw_status status;

		s = begin();
		assert_ok(dbw_sql_run(s.any, DBW_SQL("UPDATE users SET name = 'Eva'"), NULL, 0, NULL), s);
		status = dbw_sql(s.any, DBW_SQL("SELECT score FROM users"), NULL, 0, &records);
		assert_int_equal(status, turn == 0 ? DBW_OK : DBW_BUSY);
		dbw_records_free(&records);
		if (turn == 1)
			break;
		assert_ok(store_commit(s), s);
		change_score(0);
	}
	assert_int_equal(store_end(s), DBW_OK);
}

static dbw_status run_command(store_session s, void *argument)
{
	const char *command = argument;

	return dbw_sql_run(s.any, (dbw_sql_text){ .postgresql = command }, NULL, 0, NULL);
}

/* The server looks at what a command names when it runs. It is told what is wrong, and nothing is tried again. */
static void mistakes__of_commands(void **state)
{
	static char commands[][64] = { "CREATE TABLE made (a missing_type)",
		"CREATE VIEW made AS SELECT * FROM missing_table",
		"/* ( */ create table made (a int CHECK (missing > 1))" };
	static const dbw_session_options plain = { .purpose = "command" };
	static const dbw_session_options pipelined = { .purpose = "command", .pipeline = true };

	(void)state;
	open_store_directly();
	for (size_t i = 0; i < sizeof commands / sizeof *commands; i++) {
		for (int waits = 0; waits < 2; waits++) {
			dbw_error error;

			assert_int_equal(store_transaction(databases, waits == 1 ? &pipelined : &plain,
						 run_command, commands[i], &error),
				DBW_SCHEMA_MISMATCH);
			assert_non_null(strstr(error.message, "missing"));
		}
	}
}

/* DISCARD and DEALLOCATE are not for a session, but they are not its end either. */
static void forgotten__statements_are_prepared_again(void **state)
{
	store_session s;

	(void)state;
	prepare_store();
	s = begin();
	user_free(find_first(s.read));
	assert_ok(dbw_sql_run(s.any, DBW_SQL("DEALLOCATE ALL"), NULL, 0, NULL), s);
	assert_ok(store_commit(s), s);
	for (int turn = 0; turn < 2; turn++) {
		s = begin();
		user_free(find_first(s.read));
		assert_ok(store_commit(s), s);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_teardown(changed__table_is_read_on, close_store),
		cmocka_unit_test_teardown(changed__before_the_first_statement, close_store),
		cmocka_unit_test_teardown(changed__within_a_transaction, close_store),
		cmocka_unit_test_teardown(changed__is_tried_again_by_transaction, close_store),
		cmocka_unit_test_teardown(changed__to_a_type_of_another_kind, close_store),
		cmocka_unit_test_teardown(changed__types_that_are_written, close_store),
		cmocka_unit_test_teardown(changed__types_of_a_pipelined_session, close_store),
		cmocka_unit_test_teardown(changed__types_behind_a_pooler, close_store),
		cmocka_unit_test_teardown(changed__types_within_a_transaction, close_store),
		cmocka_unit_test_teardown(changed__types_of_a_stream, close_store),
		cmocka_unit_test_teardown(changed__times_with_and_without_a_zone, close_store),
		cmocka_unit_test_teardown(changed__times_behind_a_pooler, close_store),
		cmocka_unit_test_teardown(changed__not_what_a_trigger_misses, close_store),
		cmocka_unit_test_teardown(changed__type_that_is_gone, close_store),
		cmocka_unit_test_teardown(changed__for_cursors_and_poolers, close_store),
		cmocka_unit_test_teardown(changed__for_sql, close_store),
		cmocka_unit_test_teardown(mistakes__of_commands, close_store),
		cmocka_unit_test_teardown(forgotten__statements_are_prepared_again, close_store),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
