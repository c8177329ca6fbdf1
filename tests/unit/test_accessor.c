/* Writing rows: insert, update, delete, the tables themselves, and what is refused on the way. */
#include "fixture_user.h"

#include <dbwright/generated.h>
#include <session/lease.h>

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static dbw_databases *databases;
static auth_session s;
static dbw_error error;

static void begin(const char *purpose)
{
	assert_int_equal(auth_begin(databases, purpose, &s, &error), DBW_OK);
}

static int setup(void **state)
{
	(void)state;
	assert_int_equal(dbw_databases_open(&databases, &fixture_program, NULL, &error), DBW_OK);
	begin("tables");
	assert_int_equal(dbw__create_tables(s.any, &auth__tables), DBW_OK);
	assert_int_equal(dbw__commit(s.any), DBW_OK);
	begin("test");
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
		assert_int_equal(dbw_session_error(s.any)->status, expected); \
	} while (0)

static user new_user(const char *name, const char *email)
{
	user row = USER_INIT;

	row.name = name;
	row.email = email;
	return row;
}

static int64_t add_user(const char *name, const char *email)
{
	user row = new_user(name, email);

	assert_int_equal(dbw__insert(s.any, &user__model, &row), DBW_OK);
	return row.id;
}

static note add_note(int64_t user_id, const char *title)
{
	note row = NOTE_INIT;

	row.title = title;
	row.user_id = user_id;
	assert_int_equal(dbw__insert(s.any, &note__model, &row), DBW_OK);
	return row;
}

static dbw_status find_user(int64_t id, user **out)
{
	const void *const key[] = { &id };

	return dbw__find_by(s.any, &user__model, DBW_STATEMENT_FIND, key, out);
}

static dbw_status find_note(int64_t id, note **out)
{
	const void *const key[] = { &id };

	return dbw__find_by(s.any, &note__model, DBW_STATEMENT_FIND, key, out);
}

static dbw_status delete_by_id(const dbw_model *model, uint16_t statement, int64_t id)
{
	const void *const key[] = { &id };

	return dbw__delete(s.any, model, statement, key);
}

static int64_t count_users(void)
{
	int64_t count = -1;

	assert_int_equal(dbw__count(s.any, &user__model, NULL, &count), DBW_OK);
	return count;
}

static void insert__writes_back_what_was_filled_in(void **state)
{
	user row = new_user("Ada", "ada@example.com");
	const dbw_timestamp before = dbw_timestamp_now();
	user *found;

	(void)state;
	assert_int_equal(dbw__insert(s.any, &user__model, &row), DBW_OK);
	assert_true(row.id > 0);
	assert_true(row.created_at.us >= before.us && row.created_at.us <= dbw_timestamp_now().us);
	assert_int_equal(find_user(row.id, &found), DBW_OK);
	assert_true(found->id == row.id && found->created_at.us == row.created_at.us);
	assert_string_equal(found->name, "Ada");
	assert_string_equal(found->email, "ada@example.com");
	assert_null(found->bio);
	assert_int_equal(found->role, USER_ROLE_MEMBER);
	assert_true(found->balance.low == 0 && found->balance.scale == 2);
	assert_true(found->is_active);
	dbw__row_free(&user__model, found);
}

static void insert__writes_what_is_in_the_struct(void **state)
{
	user row = new_user("", "e");
	user *found;

	(void)state;
	row.bio = "";
	row.role = USER_ROLE_ADMIN;
	row.balance = dbw_decimal_of(105, 1);
	row.created_at.us = 0;
	row.is_active = false;
	assert_int_equal(dbw__insert(s.any, &user__model, &row), DBW_OK);
	assert_true(row.created_at.us == 0);
	/* The row keeps what the caller put into it; the column has its own scale. */
	assert_true(row.balance.scale == 1);
	assert_int_equal(find_user(row.id, &found), DBW_OK);
	assert_string_equal(found->name, "");
	assert_string_equal(found->bio, "");
	assert_int_equal(found->role, USER_ROLE_ADMIN);
	assert_true(found->balance.low == 1050 && found->balance.scale == 2);
	assert_true(found->created_at.us == 0);
	assert_false(found->is_active);
	dbw__row_free(&user__model, found);
}

static void insert__of_a_row_from_nowhere_is_misuse(void **state)
{
	user row = { .name = "Ada", .email = "ada@example.com", .role = USER_ROLE_MEMBER };
	const uint64_t absent[1] = { 1U << 3 };

	(void)state;
	TOLD(dbw__insert(s.any, &user__model, &row), DBW_MISUSE,
		"user: the row comes from nowhere; start it with the INIT macro of its model, or read it");
	TOLD(dbw__insert(s.any, &user__model, NULL), DBW_MISUSE, "user: the row is NULL");
	row = new_user("Ada", "ada@example.com");
	row.row_.absent = absent;
	TOLD(dbw__insert(s.any, &user__model, &row), DBW_MISUSE,
		"user.bio was not read, so there is nothing to insert");
	/* Nothing was sent: the session goes on. */
	assert_int_equal(add_user("Ada", "ada@example.com") > 0, 1);
}

static void insert__checks_values_before_anything_is_sent(void **state)
{
	user row = USER_INIT;

	(void)state;
	TOLD(dbw__insert(s.any, &user__model, &row), DBW_INVALID, "user.name is not set");
	row.name = "Ada";
	row.email = "\xff";
	TOLD(dbw__insert(s.any, &user__model, &row), DBW_INVALID, "user.email is not UTF-8");
	row.email = "ada@example.com";
	row.role = (user_role)0;
	TOLD(dbw__insert(s.any, &user__model, &row), DBW_INVALID, "user.role is not set");
	row.role = USER_ROLE_MEMBER;
	row.balance = dbw_decimal_of(1, 3);
	TOLD(dbw__insert(s.any, &user__model, &row), DBW_INVALID, "user.balance does not fit decimal(10, 2)");
	assert_true(row.id == 0 && dbw_timestamp_is_unset(row.created_at));
	row.balance = dbw_decimal_of(0, 0);
	assert_int_equal(dbw__insert(s.any, &user__model, &row), DBW_OK);
	assert_int_equal(dbw__commit(s.any), DBW_OK);
}

static void table__that_is_not_there_is_told(void **state)
{
	dbw_session_options options = { .purpose = "empty", .qualifier = "memory" };
	user row = new_user("Ada", "a");
	auth_session empty;
	int64_t count;
	dbw__lease *lease;
	dbw__call call = { .model = &user__model, .statement = "by_hand", .writes = true, .sent = true };

	(void)state;
	assert_int_equal(dbw__begin(databases, &auth__schema, &options, true, &empty.any, &error), DBW_OK);
	assert_int_equal(dbw__insert(empty.any, &user__model, &row), DBW_SCHEMA_MISMATCH);
	assert_string_equal(dbw_session_error(empty.any)->message,
		"user_insert: there is no table \"users\" in database \"memory\": "
		"in a new session, auth_create_tables() makes the tables");
	assert_int_not_equal(dbw_session_error(empty.any)->native_code, 0);
	assert_non_null(dbw_session_error(empty.any)->statement);
	assert_int_equal(dbw__end(empty.any), DBW_OK);
	assert_int_equal(dbw__begin(databases, &auth__schema, &options, false, &empty.any, &error), DBW_OK);
	assert_int_equal(dbw__count(empty.any, &user__model, NULL, &count), DBW_SCHEMA_MISMATCH);
	assert_string_equal(dbw_session_error(empty.any)->message,
		"user_count: there is no table \"users\" in database \"memory\": "
		"in a new session, auth_create_tables() makes the tables");
	assert_int_equal(dbw__end(empty.any), DBW_OK);

	/* Another program's table of the same name. */
	assert_int_equal(dbw__begin(databases, &auth__schema, &options, true, &empty.any, &error), DBW_OK);
	assert_int_equal(dbw__session_enter(empty.any, true, &lease), DBW_OK);
	assert_int_equal(dbw__session_leave(lease,
				 lease->driver->run(
					 lease->connection, "CREATE TABLE users (id INTEGER)", lease->error),
				 &call),
		DBW_OK);
	assert_int_equal(dbw__insert(empty.any, &user__model, &row), DBW_SCHEMA_MISMATCH);
	assert_string_equal(dbw_session_error(empty.any)->message,
		"user_insert: table users has no column named name; "
		"database \"memory\" has another schema than this program");
	assert_int_equal(dbw__end(empty.any), DBW_OK);
}

static void reference__of_zero_is_not_set(void **state)
{
	const int64_t nobody = 0;
	const void *const key[] = { &nobody };
	note row = NOTE_INIT;
	note_query query = { .where = { .user_id = dbw_eq(0) } };
	note_list list;
	int64_t count = -1;

	(void)state;
	row.title = "t";
	TOLD(dbw__insert(s.any, &note__model, &row), DBW_INVALID, "note.user_id is not set");
	assert_true(row.id == 0);
	TOLD(dbw__insert_many(s.any, &note__model, &row, 1), DBW_INVALID, "note[0].user_id is not set");
	/* Nothing was sent: the session goes on. */
	row = add_note(add_user("Ada", "a"), "t");
	row.user_id = 0;
	TOLD(dbw__update(s.any, &note__model, &row, &(note_columns){ .user_id = 1 }), DBW_INVALID,
		"note.user_id is not set");
	/* A column that is not written may hold what it will. */
	row.title = "u";
	assert_int_equal(dbw__update(s.any, &note__model, &row, &(note_columns){ .title = 1 }), DBW_OK);
	/* To ask for it is a question like others. */
	assert_int_equal(dbw__count(s.any, &note__model, &query, &count), DBW_OK);
	assert_true(count == 0);
	assert_int_equal(
		dbw__list_by(s.any, &user_session__model, USER_SESSION__LIST_BY_USER_ID, key, &list), DBW_OK);
	assert_int_equal(list.count, 0);
	dbw__list_free(&list);
	assert_int_equal(dbw__commit(s.any), DBW_OK);
}

static void insert__takes_an_explicit_id(void **state)
{
	user row = new_user("Ada", "a");
	user again = new_user("Bob", "b");
	user *found;

	(void)state;
	row.id = again.id = -7;
	assert_int_equal(dbw__insert(s.any, &user__model, &row), DBW_OK);
	assert_true(row.id == -7);
	assert_int_equal(find_user(-7, &found), DBW_OK);
	dbw__row_free(&user__model, found);
	assert_int_equal(dbw__insert(s.any, &user__model, &again), DBW_CONFLICT);
	assert_true(dbw_violated(s.any, USER_PKEY));
}

static void insert__conflict_leaves_the_row_and_keeps_nothing(void **state)
{
	user row = new_user("Eve", "ada@example.com");

	(void)state;
	add_user("Ada", "ada@example.com");
	assert_int_equal(dbw__insert(s.any, &user__model, &row), DBW_CONFLICT);
	assert_true(dbw_violated(s.any, USER_EMAIL_KEY));
	assert_false(dbw_violated(s.any, USER_PKEY));
	assert_true(row.id == 0 && dbw_timestamp_is_unset(row.created_at));
	assert_int_equal(dbw__insert(s.any, &user__model, &row), DBW_SESSION_FAILED);
	assert_int_equal(dbw__commit(s.any), DBW_SESSION_FAILED);
	dbw__end(s.any);
	begin("after");
	assert_true(count_users() == 0);
}

static void insert__of_a_child_without_parent_names_the_key(void **state)
{
	note row = NOTE_INIT;

	(void)state;
	row.title = "t";
	row.user_id = 99;
	assert_int_equal(dbw__insert(s.any, &note__model, &row), DBW_CONFLICT);
	assert_true(dbw_violated(s.any, NOTE_USER_FKEY));
	assert_true(row.id == 0 && row.version == 1 && dbw_timestamp_is_unset(row.updated_at));
	assert_ptr_equal(row.slug, DBW_TEXT_UNSET);
}

static void insert__reads_back_defaults_and_generated_columns(void **state)
{
	const int64_t owner = add_user("Ada", "a");
	note row = add_note(owner, "h\xc3\xa9");
	note given = NOTE_INIT;
	note null = NOTE_INIT;
	note *found;

	(void)state;
	assert_string_equal(row.slug, "note");
	assert_true(row.title_bytes == 3 && row.version == 1 && row.id > 0);
	assert_false(dbw_timestamp_is_unset(row.updated_at));
	/* The text is the session's, not the scratch memory of the call. */
	add_note(owner, "another");
	assert_string_equal(row.slug, "note");
	given.title = "x";
	given.slug = "mine";
	given.user_id = null.user_id = owner;
	assert_int_equal(dbw__insert(s.any, &note__model, &given), DBW_OK);
	assert_string_equal(given.slug, "mine");
	assert_true(given.title_bytes == 1);
	null.title = "y";
	null.slug = NULL;
	assert_int_equal(dbw__insert(s.any, &note__model, &null), DBW_OK);
	assert_string_equal(null.slug, "note");
	assert_int_equal(find_note(given.id, &found), DBW_OK);
	assert_string_equal(found->slug, "mine");
	dbw__row_free(&note__model, found);
}

static void insert__into_a_reader_is_misuse(void **state)
{
	user row = new_user("Ada", "a");
	auth_reader reader;

	(void)state;
	assert_int_equal(dbw__commit(s.any), DBW_OK);
	assert_int_equal(auth_read_begin(databases, "reader", &reader, &error), DBW_OK);
	assert_int_equal(dbw__insert(reader.any, &user__model, &row), DBW_MISUSE);
	assert_int_equal(
		dbw__update(reader.any, &user__model, &row, &(user_columns){ .name = 1 }), DBW_MISUSE);
	assert_int_equal(dbw__create_tables(reader.any, &auth__tables), DBW_MISUSE);
	dbw__end(reader.any);
}

static void update__writes_the_set_and_nothing_else(void **state)
{
	user row = new_user("Ada", "a");
	user *found;

	(void)state;
	assert_int_equal(dbw__insert(s.any, &user__model, &row), DBW_OK);
	row.name = "Augusta";
	row.bio = "Countess";
	row.is_active = false;
	assert_int_equal(
		dbw__update(s.any, &user__model, &row, &(user_columns){ .bio = 1, .is_active = 1 }), DBW_OK);
	assert_int_equal(find_user(row.id, &found), DBW_OK);
	assert_string_equal(found->name, "Ada");
	assert_string_equal(found->bio, "Countess");
	assert_false(found->is_active);
	dbw__row_free(&user__model, found);
	row.bio = NULL;
	assert_int_equal(dbw__update(s.any, &user__model, &row, &(user_columns){ .bio = 1 }), DBW_OK);
	assert_int_equal(find_user(row.id, &found), DBW_OK);
	assert_null(found->bio);
	/* What was found can be changed as it is. */
	found->name = "Lovelace";
	assert_int_equal(dbw__update(s.any, &user__model, found, &(user_columns){ .name = 1 }), DBW_OK);
	dbw__row_free(&user__model, found);
	assert_int_equal(find_user(row.id, &found), DBW_OK);
	assert_string_equal(found->name, "Lovelace");
	dbw__row_free(&user__model, found);
}

static void update__refuses_sets_that_cannot_be_meant(void **state)
{
	const uint64_t absent[1] = { 1U << 3 };
	user row = new_user("Ada", "a");
	user nowhere = { .id = 1, .name = "x" };
	note text = add_note(add_user("Bob", "b"), "t");

	(void)state;
	assert_int_equal(dbw__insert(s.any, &user__model, &row), DBW_OK);
	TOLD(dbw__update(s.any, &user__model, &row, &(user_columns){ .bio = 0 }), DBW_MISUSE,
		"user: the set of columns to update is empty");
	TOLD(dbw__update(s.any, &user__model, &row, NULL), DBW_MISUSE, "user: the set of columns is NULL");
	TOLD(dbw__update(s.any, &user__model, &row, &(user_columns){ .id = 1, .name = 1 }), DBW_MISUSE,
		"user.id is the key, which update does not change");
	TOLD(dbw__update(s.any, &user__model, &nowhere, &(user_columns){ .name = 1 }), DBW_MISUSE,
		"user: the row comes from nowhere; start it with the INIT macro of its model, or read it");
	row.row_.absent = absent;
	TOLD(dbw__update(s.any, &user__model, &row, &(user_columns){ .bio = 1 }), DBW_MISUSE,
		"user.bio was not read, so there is nothing to write: leave it out of the columns, or read it");
	assert_int_equal(dbw__update(s.any, &user__model, &row, &(user_columns){ .name = 1 }), DBW_OK);
	TOLD(dbw__update(s.any, &note__model, &text, &(note_columns){ .version = 1 }), DBW_MISUSE,
		"note.version is the version, which update counts by itself");
	TOLD(dbw__update(s.any, &note__model, &text, &(note_columns){ .title_bytes = 1 }), DBW_MISUSE,
		"note.title_bytes is computed by the database");
	TOLD(dbw__update(s.any, &note__model, &text, &(note_columns){ .version = 0 }), DBW_MISUSE,
		"note: the set of columns to update is empty");
	text.slug = DBW_TEXT_UNSET;
	TOLD(dbw__update(s.any, &note__model, &text, &(note_columns){ .slug = 1 }), DBW_INVALID,
		"note.slug is not set");
	text.title = NULL;
	TOLD(dbw__update(s.any, &note__model, &text, &(note_columns){ .title = 1 }), DBW_INVALID,
		"note.title is not set");
	assert_true(text.version == 1);
	assert_int_equal(dbw__commit(s.any), DBW_OK);
}

static void update__of_no_row_is_not_found(void **state)
{
	user row = new_user("Ada", "a");
	note text = NOTE_INIT;

	(void)state;
	row.id = 12;
	TOLD(dbw__update(s.any, &user__model, &row, &(user_columns){ .name = 1 }), DBW_NOT_FOUND,
		"user: no row has this key");
	text.id = 12;
	text.title = "t";
	TOLD(dbw__update(s.any, &note__model, &text, &(note_columns){ .title = 1 }), DBW_NOT_FOUND,
		"note: no row has this key");
	assert_true(text.version == 1 && dbw_timestamp_is_unset(text.updated_at));
	assert_int_equal(dbw__commit(s.any), DBW_OK);
}

static void update__counts_versions_and_sees_lost_updates(void **state)
{
	note mine = add_note(add_user("Ada", "a"), "first");
	note theirs = mine;
	dbw_timestamp updated;

	(void)state;
	theirs.title = "theirs";
	theirs.updated_at.us = 0;
	assert_int_equal(dbw__update(s.any, &note__model, &theirs, &(note_columns){ .title = 1 }), DBW_OK);
	assert_true(
		theirs.version == 2 && theirs.title_bytes == 6 && theirs.updated_at.us >= mine.updated_at.us);
	mine.title = "lost";
	updated = mine.updated_at;
	TOLD(dbw__update(s.any, &note__model, &mine, &(note_columns){ .title = 1 }), DBW_STALE,
		"note: the row has another version than the one that was read");
	assert_true(mine.version == 1 && mine.updated_at.us == updated.us);
	/* The session goes on, and so may the row once it is read again. */
	mine.version = 2;
	assert_int_equal(dbw__update(s.any, &note__model, &mine, &(note_columns){ .title = 1 }), DBW_OK);
	assert_true(mine.version == 3);
	mine.version = INT64_MAX;
	TOLD(dbw__update(s.any, &note__model, &mine, &(note_columns){ .title = 1 }), DBW_INVALID,
		"note.version has no next version");
	assert_int_equal(dbw__commit(s.any), DBW_OK);
}

static void update__alone_touches_updated_at(void **state)
{
	note row = add_note(add_user("Ada", "a"), "t");
	note *found;

	(void)state;
	row.updated_at.us = 0;
	assert_int_equal(dbw__update(s.any, &note__model, &row, &(note_columns){ .updated_at = 1 }), DBW_OK);
	assert_true(row.updated_at.us > 0 && row.version == 2);
	assert_int_equal(find_note(row.id, &found), DBW_OK);
	assert_true(found->updated_at.us == row.updated_at.us);
	dbw__row_free(&note__model, found);
}

static void update__conflict_changes_nothing(void **state)
{
	user row = new_user("Ada", "a");

	(void)state;
	assert_int_equal(dbw__insert(s.any, &user__model, &row), DBW_OK);
	add_user("Bob", "b");
	row.email = "b";
	assert_int_equal(dbw__update(s.any, &user__model, &row, &(user_columns){ .email = 1 }), DBW_CONFLICT);
	assert_true(dbw_violated(s.any, USER_EMAIL_KEY));
	assert_int_equal(dbw__commit(s.any), DBW_SESSION_FAILED);
}

static void delete__removes_and_says_when_there_is_nothing(void **state)
{
	const int64_t id = add_user("Ada", "a");
	user *found;

	(void)state;
	assert_int_equal(delete_by_id(&user__model, DBW_STATEMENT_DELETE, id), DBW_OK);
	assert_int_equal(find_user(id, &found), DBW_NOT_FOUND);
	assert_null(found);
	TOLD(delete_by_id(&user__model, DBW_STATEMENT_DELETE, id), DBW_NOT_FOUND,
		"user: no row has this key");
	assert_int_equal(dbw__commit(s.any), DBW_OK);
}

static void delete__of_a_parent_names_the_childs_key(void **state)
{
	const int64_t id = add_user("Ada", "a");

	(void)state;
	add_note(id, "t");
	assert_int_equal(delete_by_id(&user__model, DBW_STATEMENT_DELETE, id), DBW_CONFLICT);
	assert_true(dbw_violated(s.any, NOTE_USER_FKEY));
}

static void delete__is_soft_where_the_model_says_so(void **state)
{
	note row = add_note(add_user("Ada", "a"), "t");
	const dbw_timestamp before = dbw_timestamp_now();
	note_list list;
	note *found;

	(void)state;
	assert_int_equal(delete_by_id(&note__model, DBW_STATEMENT_DELETE, row.id), DBW_OK);
	assert_int_equal(find_note(row.id, &found), DBW_NOT_FOUND);
	assert_int_equal(delete_by_id(&note__model, DBW_STATEMENT_DELETE, row.id), DBW_NOT_FOUND);
	assert_int_equal(dbw__find(s.any, &note__model, NULL, &list), DBW_OK);
	assert_int_equal(list.count, 0);
	assert_int_equal(
		dbw__find(s.any, &note__model, &(note_query){ .deleted_ = DBW_ONLY_DELETED }, &list), DBW_OK);
	assert_int_equal(list.count, 1);
	assert_true(list.items[0].deleted_at.has && list.items[0].deleted_at.value.us >= before.us);
	assert_true(list.items[0].version == 2);
	/* Back it comes by an update that takes the mark away. */
	list.items[0].deleted_at = dbw_none_timestamp();
	assert_int_equal(
		dbw__update(s.any, &note__model, &list.items[0], &(note_columns){ .deleted_at = 1 }), DBW_OK);
	dbw__list_free(&list);
	assert_int_equal(find_note(row.id, &found), DBW_OK);
	dbw__row_free(&note__model, found);
	assert_int_equal(delete_by_id(&note__model, DBW_STATEMENT_PURGE, row.id), DBW_OK);
	assert_int_equal(
		dbw__find(s.any, &note__model, &(note_query){ .deleted_ = DBW_WITH_DELETED }, &list), DBW_OK);
	assert_int_equal(list.count, 0);
	TOLD(delete_by_id(&user__model, DBW_STATEMENT_PURGE, 1), DBW_MISUSE,
		"user: the model has no such statement");
	TOLD(delete_by_id(&user__model, DBW_STATEMENT_FIND, 1), DBW_MISUSE,
		"user: the statement does not delete");
}

static void create__refuses_tables_that_are_there(void **state)
{
	(void)state;
	add_user("Ada", "a");
	TOLD(dbw__create_tables(s.any, &auth__tables), DBW_EXISTS, "the table users is there already");
	assert_true(count_users() == 1);
	assert_int_equal(dbw__commit(s.any), DBW_OK);
}

static void create__rolls_back_with_the_session(void **state)
{
	dbw_session_options options = { .purpose = "tables", .qualifier = "memory" };
	auth_session memory;

	(void)state;
	assert_int_equal(dbw__begin(databases, &auth__schema, &options, true, &memory.any, &error), DBW_OK);
	assert_int_equal(dbw__create_tables(memory.any, &auth__tables), DBW_OK);
	dbw__end(memory.any);
	assert_int_equal(dbw__begin(databases, &auth__schema, &options, true, &memory.any, &error), DBW_OK);
	assert_int_equal(dbw__create_tables(memory.any, &auth__tables), DBW_OK);
	assert_int_equal(dbw__create_tables(memory.any, &auth__tables), DBW_EXISTS);
	dbw__end(memory.any);
}

static void row__of_every_type_comes_back(void **state)
{
	everything row = { .a_bool = true,
		.a_int16 = INT16_MIN,
		.a_int32 = INT32_MAX,
		.a_int64 = INT64_MIN,
		.a_float32 = 0.1F,
		.a_float64 = -1e300,
		.a_decimal = dbw_decimal_of(-15, 1),
		.a_string = "h\xc3\xa9llo",
		.a_bytes = { "\0\1\2", 3 },
		.a_timestamp = { DBW_TIMESTAMP_MIN },
		.a_date = { DBW_DATE_MAX },
		.a_time = { DBW_TIME_MAX },
		.a_uuid = { { 1, 2, 3 } },
		.a_json = "{\"a\": [1]}",
		.a_enum = USER_ROLE_ADMIN,
		.t_decimal = dbw_decimal_of(-5, 1),
		.t_timestamp = { 1 },
		.t_date = { -1 },
		.t_time = { 0 },
		.t_uuid = { { 9 } },
		.row_ = { DBW_ROW_NEW, 0, NULL } };
	const void *const key[] = { &row.id };
	everything *found;

	(void)state;
	for (int full = 0; full < 2; full++) {
		if (full) {
			row.id = 0;
			row.n_bool = dbw_some_bool(false);
			row.n_int16 = dbw_some_i16(0);
			row.n_int32 = dbw_some_i32(-1);
			row.n_int64 = dbw_some_i64(INT64_MAX);
			row.n_float32 = dbw_some_f32(INFINITY);
			row.n_float64 = dbw_some_f64(0);
			row.n_decimal = dbw_some_decimal(dbw_decimal_of(7, 0));
			row.n_string = "";
			row.n_bytes = dbw_bytes_of("", 0);
			row.n_timestamp = dbw_some_timestamp((dbw_timestamp){ 0 });
			row.n_date = dbw_some_date((dbw_date){ 0 });
			row.n_time = dbw_some_time((dbw_time){ 0 });
			row.n_uuid = dbw_some_uuid(row.a_uuid);
			row.n_json = "null";
			row.n_enum = (user_role_opt){ true, USER_ROLE_MEMBER };
		}
		assert_int_equal(dbw__insert(s.any, &everything__model, &row), DBW_OK);
		assert_int_equal(
			dbw__find_by(s.any, &everything__model, DBW_STATEMENT_FIND, key, &found), DBW_OK);
		assert_true(found->a_bool && found->a_int16 == INT16_MIN && found->a_int32 == INT32_MAX);
		assert_true(found->a_int64 == INT64_MIN);
		assert_memory_equal(&found->a_float32, &row.a_float32, sizeof row.a_float32);
		assert_memory_equal(&found->a_float64, &row.a_float64, sizeof row.a_float64);
		assert_int_equal(dbw_decimal_compare(found->a_decimal, row.a_decimal), 0);
		assert_int_equal(found->a_decimal.scale, 4);
		assert_string_equal(found->a_string, row.a_string);
		assert_int_equal(found->a_bytes.size, 3);
		assert_memory_equal(found->a_bytes.data, "\0\1\2", 3);
		assert_true(found->a_timestamp.us == DBW_TIMESTAMP_MIN && found->a_date.days == DBW_DATE_MAX);
		assert_true(found->a_time.us == DBW_TIME_MAX && found->a_enum == USER_ROLE_ADMIN);
		assert_memory_equal(found->a_uuid.bytes, row.a_uuid.bytes, 16);
		assert_string_equal(found->a_json, row.a_json);
		assert_int_equal(dbw_decimal_compare(found->t_decimal, row.t_decimal), 0);
		assert_true(found->t_timestamp.us == 1 && found->t_date.days == -1 && found->t_time.us == 0);
		assert_memory_equal(found->t_uuid.bytes, row.t_uuid.bytes, 16);
		assert_int_equal(found->n_bool.has, full);
		assert_int_equal(found->n_int16.has, full);
		assert_int_equal(found->n_uuid.has, full);
		assert_int_equal(found->n_enum.has, full);
		assert_int_equal(found->n_string != NULL, full);
		assert_int_equal(found->n_bytes.data != NULL, full);
		if (full) {
			assert_true(found->n_int32.value == -1 && found->n_int64.value == INT64_MAX);
			assert_true(isinf(found->n_float32.value) && found->n_date.has && found->n_time.has);
			assert_int_equal(found->n_bytes.size, 0);
			assert_string_equal(found->n_json, "null");
			assert_int_equal(found->n_enum.value, USER_ROLE_MEMBER);
		}
		dbw__row_free(&everything__model, found);
	}
	/* This model has no statement for an id of the caller's. */
	TOLD(dbw__insert(s.any, &everything__model, &row), DBW_MISUSE,
		"everything: the id is the database's to give; it has to be 0");
}

static void row_free__leaves_alone_what_is_not_the_finders(void **state)
{
	user row = new_user("Ada", "a");
	user copy;
	user *found;

	(void)state;
	assert_int_equal(dbw__insert(s.any, &user__model, &row), DBW_OK);
	assert_int_equal(find_user(row.id, &found), DBW_OK);
	copy = *found;
	dbw__row_free(&user__model, &copy);
	assert_string_equal(found->name, "Ada");
	/* A copy is as good as the row for writing. */
	copy.name = "Bob";
	assert_int_equal(dbw__update(s.any, &user__model, &copy, &(user_columns){ .name = 1 }), DBW_OK);
	dbw__row_free(&user__model, found);
	dbw__row_free(&user__model, &row);
	dbw__row_free(&user__model, NULL);
}

/* What the compiler does with one-bit fields is not the language's to say: here it is asked. */
static void columns__are_read_as_the_compiler_lays_them_out(void **state)
{
	typedef struct wide_columns {
		bool c0 : 1, c1 : 1, c2 : 1, c3 : 1, c4 : 1, c5 : 1, c6 : 1, c7 : 1, c8 : 1, c9 : 1, c10 : 1,
			c11 : 1, c12 : 1, c13 : 1, c14 : 1, c15 : 1, c16 : 1, c17 : 1;
	} wide_columns;
	const wide_columns sets[] = {
		{ .c0 = 1 },
		{ .c1 = 1 },
		{ .c7 = 1 },
		{ .c8 = 1 },
		{ .c15 = 1 },
		{ .c16 = 1 },
		{ .c17 = 1 },
	};
	static const uint16_t numbers[] = { 0, 1, 7, 8, 15, 16, 17 };

	(void)state;
	assert_int_equal(sizeof(wide_columns), 3);
	for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++)
		for (uint16_t number = 0; number < 18; number++) {
			assert_int_equal(dbw__columns_has(&sets[i], number), number == numbers[i]);
			/* A set of fewer columns does not see what is behind them. */
			assert_int_equal(dbw__columns_is_empty(&sets[i], number), number <= numbers[i]);
		}
}

/* Every function, on a handle that must not be used: each gives `expected`, and none touches what it was given. */
static void check_every_function(dbw_session session, dbw_status expected)
{
	user row = new_user("Ada", "a");
	const int64_t id = 1;
	const void *const key[] = { &id };
	user *found = &row;
	user_list list;
	int64_t count = 5;
	bool exists = true;

	assert_int_equal(dbw__insert(session, &user__model, &row), expected);
	assert_true(row.id == 0 && dbw_timestamp_is_unset(row.created_at));
	assert_int_equal(dbw__update(session, &user__model, &row, &(user_columns){ .name = 1 }), expected);
	assert_int_equal(dbw__delete(session, &user__model, DBW_STATEMENT_DELETE, key), expected);
	assert_int_equal(dbw__find_by(session, &user__model, DBW_STATEMENT_FIND, key, &found), expected);
	assert_null(found);
	assert_int_equal(dbw__list_by(session, &user__model, USER__FIND_BY_EMAIL, key, &list), expected);
	assert_true(list.count == 0 && list.items != NULL);
	memset(&list, 0xff, sizeof list);
	assert_int_equal(dbw__find(session, &user__model, NULL, &list), expected);
	assert_true(list.count == 0 && list.items != NULL && list.arena_ == NULL);
	assert_int_equal(dbw__count(session, &user__model, NULL, &count), expected);
	assert_true(count == 0);
	assert_int_equal(dbw__exists(session, &user__model, NULL, &exists), expected);
	assert_false(exists);
	assert_int_equal(dbw__create_tables(session, &auth__tables), expected);
	assert_int_equal(dbw__commit(session), expected);
}

static void session__that_has_ended_is_refused_everywhere(void **state)
{
	const dbw_session nothing = { NULL, 0 };
	const dbw_session ended = s.any;

	(void)state;
	assert_int_equal(dbw__commit(s.any), DBW_OK);
	check_every_function(ended, DBW_ENDED);
	check_every_function(nothing, DBW_ENDED);
	begin("in the same slot");
	check_every_function(ended, DBW_ENDED);
	assert_true(count_users() == 0);
}

static void session__that_has_failed_is_refused_everywhere(void **state)
{
	user row = new_user("Eve", "a");

	(void)state;
	add_user("Ada", "a");
	assert_int_equal(dbw__insert(s.any, &user__model, &row), DBW_CONFLICT);
	check_every_function(s.any, DBW_SESSION_FAILED);
}

static void session__with_an_open_inner_one_refuses_calls(void **state)
{
	user row = new_user("Ada", "a");
	dbw_session inner;

	(void)state;
	assert_int_equal(dbw__nest(s.any, "inner", &inner), DBW_OK);
	assert_int_equal(dbw__insert(s.any, &user__model, &row), DBW_MISUSE);
	assert_int_equal(dbw__insert(inner, &user__model, &row), DBW_OK);
	row.id = 0;
	row.email = "a";
	assert_int_equal(dbw__insert(inner, &user__model, &row), DBW_CONFLICT);
	dbw__end(inner);
	/* The inner one took its rows with it; the outer one goes on. */
	assert_true(count_users() == 0);
	assert_int_equal(dbw__insert(s.any, &user__model, &row), DBW_OK);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(insert__writes_back_what_was_filled_in),
		TEST(insert__writes_what_is_in_the_struct),
		TEST(insert__of_a_row_from_nowhere_is_misuse),
		TEST(insert__checks_values_before_anything_is_sent),
		TEST(table__that_is_not_there_is_told),
		TEST(reference__of_zero_is_not_set),
		TEST(insert__takes_an_explicit_id),
		TEST(insert__conflict_leaves_the_row_and_keeps_nothing),
		TEST(insert__of_a_child_without_parent_names_the_key),
		TEST(insert__reads_back_defaults_and_generated_columns),
		TEST(insert__into_a_reader_is_misuse),
		TEST(update__writes_the_set_and_nothing_else),
		TEST(update__refuses_sets_that_cannot_be_meant),
		TEST(update__of_no_row_is_not_found),
		TEST(update__counts_versions_and_sees_lost_updates),
		TEST(update__alone_touches_updated_at),
		TEST(update__conflict_changes_nothing),
		TEST(delete__removes_and_says_when_there_is_nothing),
		TEST(delete__of_a_parent_names_the_childs_key),
		TEST(delete__is_soft_where_the_model_says_so),
		TEST(create__refuses_tables_that_are_there),
		TEST(create__rolls_back_with_the_session),
		TEST(row__of_every_type_comes_back),
		TEST(row_free__leaves_alone_what_is_not_the_finders),
		TEST(columns__are_read_as_the_compiler_lays_them_out),
		TEST(session__that_has_ended_is_refused_everywhere),
		TEST(session__that_has_failed_is_refused_everywhere),
		TEST(session__with_an_open_inner_one_refuses_calls),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
