/*
 * Pipelined sessions, by one source on both engines: what fails is told by that call or by a later one, commit at the latest,
 * and nothing of it is kept.
 */
#include "opened.h"

#include <stdlib.h>

static const dbw_session_options pipelined = { .purpose = "pipeline", .pipeline = true };

static store_session begin_pipeline(void **state)
{
	dbw_error error;
	store_session s;

	if (store_begin_with(*state, &pipelined, &s, &error) != DBW_OK)
		fail_msg("%s", error.message);
	return s;
}

/* A user with an id of its own: nothing of it has to be read back. */
static user user_with_id(int64_t id, const char *email)
{
	user row = new_user("Ada", email);

	row.id = id;
	return row;
}

static void put_users(void **state, int count)
{
	store_session s = begin(state, "put");
	char email[32];

	for (int i = 1; i <= count; i++) {
		snprintf(email, sizeof email, "%d@there", i);
		user row = user_with_id(i, email);

		assert_ok(user_insert(s, &row), s);
	}
	assert_ok(store_commit(s), s);
}

static int64_t users(void **state)
{
	store_reader r = begin_reading(state, "count");
	int64_t count;

	assert_ok(user_count(r, NULL, &count), r);
	store_read_end(r);
	return count;
}

static void writes__are_there_after_the_commit(void **state)
{
	store_session s = begin_pipeline(state);
	user row = user_with_id(1, "ada@example.com"), *found;
	thing one = THING_INIT, *thing_found;

	one.brief = "abc";
	assert_ok(user_insert(s, &row), s);
	assert_ok(thing_insert(s, &one), s);
	row.name = "Grace";
	assert_ok(user_update(s, &row, (user_columns){ .name = 1 }), s);
	/* The caller's memory is not needed any more. */
	row.name = row.email = NULL;
	one.brief = NULL;
	assert_ok(
		user_update_where(s,
			&(user_change){ .where = { .id = dbw_eq(1) }, .set = { .score = dbw_add(3) } }, NULL),
		s);
	assert_ok(store_commit(s), s);
	store_reader r = begin_reading(state, "look");
	assert_ok(user_find_by_id(r, 1, &found), r);
	assert_string_equal(found->name, "Grace");
	assert_int_equal(found->score, 10);
	/* What the runtime makes is in the row as soon as it is accepted. */
	assert_true(found->created_at.us == row.created_at.us);
	user_free(found);
	assert_ok(thing_find_by_id(r, one.id, &thing_found), r);
	assert_string_equal(thing_found->brief, "abc");
	thing_free(thing_found);
	store_read_end(r);
}

/* A read sees the writes before it. */
static void reads__see_what_was_accepted(void **state)
{
	store_session s = begin_pipeline(state);
	user row = user_with_id(1, "ada@example.com"), next = new_user("Bob", "bob@example.com"), *found;
	user_cursor cursor;
	const user *each;
	int64_t count;
	dbw_records records;

	assert_ok(user_insert(s, &row), s);
	assert_ok(user_count(s.read, NULL, &count), s);
	assert_int_equal(count, 1);
	assert_ok(user_delete_by_id(s, 1), s);
	assert_int_equal(user_find_by_id(s.read, 1, &found), DBW_NOT_FOUND);
	/* That was an answer. */
	row.id = 2;
	assert_ok(user_insert(s, &row), s);
	assert_ok(user_insert(s, &next), s);
	assert_true(next.id > 2);
	row.name = "Grace";
	assert_ok(user_update(s, &row, (user_columns){ .name = 1 }), s);
	assert_ok(user_cursor_open(s.read, &(user_query){ .order_by = { { .id = DBW_ASC } } }, &cursor), s);
	assert_ok(user_cursor_next(&cursor, &each), s);
	assert_string_equal(each->name, "Grace");
	user_cursor_close(&cursor);
	assert_ok(dbw_sql_run(s.any, DBW_SQL("UPDATE users SET score = 1"), NULL, 0, NULL), s);
	assert_ok(dbw_sql(s.any, DBW_SQL("SELECT sum(score) FROM users"), NULL, 0, &records), s);
	assert_ok(dbw_records_int64(&records, 0, 0, &count), s);
	assert_int_equal(count, 2);
	dbw_records_free(&records);
	assert_ok(store_commit(s), s);
	assert_int_equal(users(state), 2);
}

/* Each way of writing a row that is there already, or of missing one that is not. */
static dbw_status insert_twice(store_session s)
{
	user row = user_with_id(9, "1@there");

	return user_insert(s, &row);
}

static dbw_status update_none(store_session s)
{
	user *found;
	dbw_status status = user_find_by_id(s.read, 1, &found);

	assert_int_equal(status, DBW_OK);
	found->id = 99;
	status = user_update(s, found, (user_columns){ .name = 1 });
	user_free(found);
	return status;
}

static dbw_status delete_none(store_session s)
{
	return user_delete_by_id(s, 99);
}

static dbw_status break_a_check(store_session s)
{
	return user_update_where(s,
		&(user_change){ .where = { .id = dbw_eq(1) },
			.set = { .balance = dbw_set(dbw_decimal_of(-100, 2)) } },
		NULL);
}

static dbw_status refer_to_nobody(store_session s)
{
	membership row = MEMBERSHIP_INIT;

	row.user_id = 1;
	row.page_id = 77;
	return membership_insert(s, &row);
}

static dbw_status sql_of_no_table(store_session s)
{
	return dbw_sql_run(s.any, DBW_SQL("UPDATE nothing_like_it SET a = 1"), NULL, 0, NULL);
}

typedef dbw_status (*way)(store_session s);

static dbw_status by_flush(store_session s)
{
	return dbw_flush(s.any);
}

static dbw_status by_commit(store_session s)
{
	return store_commit(s);
}

static dbw_status by_list(store_session s)
{
	user_list list;
	dbw_status status = user_find(s.read, NULL, &list);

	user_list_free(&list);
	return status;
}

static dbw_status by_insert(store_session s)
{
	user row = new_user("Eve", "eve@example.com");
	dbw_status status = user_insert(s, &row);

	assert_int_equal(row.id, 0);
	return status;
}

static dbw_status by_nest(store_session s)
{
	store_session inner;

	return store_nest(s, "inner", &inner);
}

static dbw_status by_insert_many(store_session s)
{
	user rows[2] = { new_user("Eve", "eve@example.com"), new_user("Eve", "eva@example.com") };
	dbw_status status = user_insert_many(s, rows, 2);

	assert_int_equal(rows[0].id, 0);
	return status;
}

static dbw_status by_load(store_session s)
{
	user rows[2] = { new_user("Eve", "eve@example.com"), new_user("Eve", "eva@example.com") };

	return user_load(s, rows, 2);
}

static void failures__are_told_now_or_later_and_nothing_is_kept(void **state)
{
	static const struct {
		way write;
		dbw_status status;
		const dbw_constraint *constraint;
		const char *says;
	} writes[] = {
		{ insert_twice, DBW_CONFLICT, USER_EMAIL_KEY, "user.email: a row with this value exists" },
		{ break_a_check, DBW_CONFLICT, USER_BALANCE_NOT_NEGATIVE_CHECK,
			"An account cannot be overdrawn." },
		{ refer_to_nobody, DBW_CONFLICT, MEMBERSHIP_PAGE_ID_FKEY, "no page has this value" },
		{ update_none, DBW_NOT_FOUND, NULL, "no row has this key" },
		{ delete_none, DBW_NOT_FOUND, NULL, "no row has this key" },
		{ sql_of_no_table, DBW_SCHEMA_MISMATCH, NULL, "nothing_like_it" },
	};
	static const way waits[] = { by_flush, by_commit, by_list, by_insert, by_nest, by_insert_many,
		by_load };
	put_users(state, 3);
	for (size_t i = 0; i < sizeof writes / sizeof *writes; i++)
		for (size_t j = 0; j < sizeof waits / sizeof *waits; j++) {
			store_session s = begin_pipeline(state);
			user row = user_with_id(50, "50@new");
			const dbw_error *said;
			dbw_status status;

			assert_ok(user_insert(s, &row), s);
			status = writes[i].write(s);
			if (status == DBW_OK) {
				/* Behind what fails, and so not done. */
				row.id = 51;
				row.email = "51@new";
				assert_ok(user_insert(s, &row), s);
				status = waits[j](s);
				/* For a call that reads it is an answer, and this is none. */
				if (writes[i].status == DBW_NOT_FOUND && waits[j] == by_list) {
					assert_int_equal(status, DBW_SESSION_FAILED);
					status = DBW_NOT_FOUND;
				}
			}
			said = dbw_session_error(s.any);
			if (status != writes[i].status || strstr(said->message, writes[i].says) == NULL)
				fail_msg("write %zu, wait %zu: %s: %s", i, j, dbw_status_name(status),
					said->message);
			if (writes[i].constraint != NULL)
				assert_true(dbw_violated(s.any, writes[i].constraint));
			/* The session has failed, on either engine. */
			assert_int_equal(user_insert(s, &row), DBW_SESSION_FAILED);
			assert_int_equal(dbw_flush(s.any), DBW_SESSION_FAILED);
			assert_int_equal(store_commit(s), DBW_SESSION_FAILED);
			assert_non_null(strstr(dbw_session_error(s.any)->message, writes[i].says));
			store_end(s);
			assert_int_equal(users(state), 3);
		}
}

static void version__that_is_another_one(void **state)
{
	store_session s = begin(state, "put");
	user author = new_user("Ada", "ada@example.com");
	page row = PAGE_INIT, *first, *second;
	dbw_status status;

	assert_ok(user_insert(s, &author), s);
	row.path = "/";
	row.title = "one";
	row.author_id = author.id;
	assert_ok(page_insert(s, &row), s);
	assert_ok(store_commit(s), s);
	s = begin_pipeline(state);
	assert_ok(page_find_by_id(s.read, row.id, &first), s);
	assert_ok(page_find_by_id(s.read, row.id, &second), s);
	first->title = "two";
	assert_ok(page_update(s, first, (page_columns){ .title = 1 }), s);
	/* Again, with the version that it has by then. */
	first->title = "three";
	assert_ok(page_update(s, first, (page_columns){ .title = 1 }), s);
	assert_int_equal(first->version, 3);
	assert_ok(dbw_flush(s.any), s);
	status = page_update(s, second, (page_columns){ .title = 1 });
	if (status == DBW_OK)
		status = store_commit(s);
	assert_int_equal(status, DBW_STALE);
	assert_non_null(strstr(
		dbw_session_error(s.any)->message, "the row has another version than the one that was read"));
	assert_int_equal(store_commit(s), DBW_SESSION_FAILED);
	store_end(s);
	page_free(first);
	page_free(second);
}

/* What fails in a nested session leaves the outer one as it is; what was accepted by the outer one is the outer one's. */
static void nested__fails_alone(void **state)
{
	store_session s, inner;
	user row = user_with_id(10, "10@outer");
	dbw_status status;

	put_users(state, 1);
	s = begin_pipeline(state);
	assert_ok(user_insert(s, &row), s);
	assert_ok(store_nest(s, "inner", &inner), s);
	status = insert_twice(inner);
	if (status == DBW_OK)
		status = store_commit(inner);
	assert_int_equal(status, DBW_CONFLICT);
	assert_true(dbw_violated(inner.any, USER_EMAIL_KEY));
	store_end(inner);
	/* One that is given up, with what it has accepted. */
	assert_ok(store_nest(s, "given up", &inner), s);
	row = user_with_id(11, "11@inner");
	assert_ok(user_insert(inner, &row), inner);
	store_end(inner);
	assert_ok(store_nest(s, "kept", &inner), s);
	row = user_with_id(12, "12@inner");
	assert_ok(user_insert(inner, &row), inner);
	assert_ok(store_commit(inner), inner);
	row = user_with_id(13, "13@outer");
	assert_ok(user_insert(s, &row), s);
	assert_ok(store_commit(s), s);
	assert_int_equal(users(state), 4);
	/* Given up as a whole. */
	s = begin_pipeline(state);
	row = user_with_id(14, "14@outer");
	assert_ok(user_insert(s, &row), s);
	assert_ok(store_nest(s, "inner", &inner), s);
	row = user_with_id(15, "15@inner");
	assert_ok(user_insert(inner, &row), inner);
	store_end(s);
	assert_int_equal(users(state), 4);
}

/* More than may wait at a time, by their number and by their bytes. */
static void many__are_all_there(void **state)
{
	enum { COUNT = 300, SIZE = 9000 };
	static char story[SIZE];
	store_session s = begin_pipeline(state);
	int64_t count;

	memset(story, 'x', SIZE - 1);
	for (int i = 1; i <= COUNT; i++) {
		char email[32];

		snprintf(email, sizeof email, "%d@many", i);
		user row = user_with_id(i, email);

		row.bio = i % 3 == 0 ? story : NULL;
		assert_ok(user_insert(s, &row), s);
		if (i % 7 == 0)
			assert_ok(user_delete_by_id(s, i - 1), s);
	}
	assert_ok(user_delete_where(s, &(user_filter){ .id = dbw_gt(290) }, NULL), s);
	assert_ok(store_commit(s), s);
	store_reader r = begin_reading(state, "count");
	assert_ok(user_count(r, NULL, &count), r);
	assert_int_equal(count, 290 - 41);
	assert_ok(
		user_count(r, &(user_query){ .where = { .null_ = { .bio = DBW_IS_NOT_NULL } } }, &count), r);
	assert_int_equal(count, 96 - 14);
	store_read_end(r);
}

static void upserts__that_give_nothing_back(void **state)
{
	store_session s;
	user author = user_with_id(1, "1@there");
	page one = PAGE_INIT;
	membership row = MEMBERSHIP_INIT, *found;
	bool inserted;

	s = begin_pipeline(state);
	assert_ok(user_insert(s, &author), s);
	one.path = "/";
	one.title = "one";
	one.author_id = 1;
	assert_ok(page_insert(s, &one), s);
	row.user_id = 1;
	row.page_id = one.id;
	row.since = (dbw_date){ 100 };
	assert_ok(membership_upsert_by_user_id_and_page_id(s, &row, (membership_columns){ .since = 1 }), s);
	row.since = (dbw_date){ 200 };
	assert_ok(membership_upsert_by_user_id_and_page_id(s, &row, (membership_columns){ .since = 1 }), s);
	row.since = (dbw_date){ 300 };
	assert_ok(membership_insert_or_ignore_by_user_id_and_page_id(s, &row, NULL), s);
	assert_ok(membership_insert_or_ignore_by_user_id_and_page_id(s, &row, &inserted), s);
	assert_false(inserted);
	assert_ok(store_commit(s), s);
	store_reader r = begin_reading(state, "look");
	assert_ok(membership_find_by_user_id_and_page_id(r, 1, one.id, &found), r);
	assert_int_equal(found->since.days, 200);
	membership_free(found);
	store_read_end(r);
}

/* What is refused here is told at once, and leaves the session as it was. */
static void refused__at_once(void **state)
{
	store_session s = begin_pipeline(state);
	user row = user_with_id(1, "1@there"), wrong = row;
	store_reader r;

	assert_ok(user_insert(s, &row), s);
	wrong.name = NULL;
	assert_int_equal(user_insert(s, &wrong), DBW_INVALID);
	assert_int_equal(user_update(s, &row, (user_columns){ .id = 1 }), DBW_MISUSE);
	assert_ok(dbw_flush(s.any), s);
	assert_ok(dbw_flush(s.any), s);
	assert_ok(store_commit(s), s);
	assert_int_equal(dbw_flush(s.any), DBW_ENDED);
	r = begin_reading(state, "read");
	assert_int_equal(dbw_flush(r.any), DBW_MISUSE);
	store_read_end(r);
	/* A session that is not pipelined has nothing to wait for. */
	s = begin(state, "plain");
	row = user_with_id(2, "2@there");
	assert_ok(user_insert(s, &row), s);
	assert_ok(dbw_flush(s.any), s);
	/* Nor is a row that is not there a failure of it. */
	assert_int_equal(user_delete_by_id(s, 99), DBW_NOT_FOUND);
	assert_ok(store_commit(s), s);
	assert_int_equal(users(state), 2);
}

struct outcomes {
	dbw_status status[4];
	int count;
};

static void note(dbw_status outcome, void *argument)
{
	struct outcomes *outcomes = argument;

	outcomes->status[outcomes->count++] = outcome;
}

static void after__is_called_once(void **state)
{
	struct outcomes outcomes = { .count = 0 };
	store_session s;
	dbw_status status;

	put_users(state, 1);
	s = begin_pipeline(state);
	assert_ok(dbw_after_commit(s.any, note, &outcomes), s);
	assert_ok(dbw_after_rollback(s.any, note, &outcomes), s);
	status = insert_twice(s);
	if (status == DBW_OK)
		status = store_commit(s);
	assert_int_equal(status, DBW_CONFLICT);
	store_end(s);
	assert_int_equal(outcomes.count, 1);
	assert_int_equal(outcomes.status[0], DBW_CONFLICT);
	s = begin_pipeline(state);
	assert_ok(dbw_after_commit(s.any, note, &outcomes), s);
	assert_ok(dbw_after_rollback(s.any, note, &outcomes), s);
	user row = user_with_id(2, "2@there");
	assert_ok(user_insert(s, &row), s);
	assert_ok(store_commit(s), s);
	assert_int_equal(outcomes.count, 2);
	assert_int_equal(outcomes.status[1], DBW_OK);
}

struct seen {
	char names[16][40];
	dbw_status status[16];
	int64_t rows[16];
	int count;
};

static void see(const dbw_event *event, void *argument)
{
	struct seen *seen = argument;

	if (event->kind != DBW_EVENT_STATEMENT || strcmp(event->purpose, "pipeline") != 0)
		return;
	assert_true(seen->count < 16);
	assert_non_null(event->sql);
	assert_true(event->writes);
	assert_true(event->duration_ns >= 0);
	assert_int_equal(event->error == NULL, event->status == DBW_OK);
	snprintf(seen->names[seen->count], sizeof seen->names[0], "%s", event->statement);
	seen->status[seen->count] = event->status;
	seen->rows[seen->count++] = event->rows;
}

/* Each statement has one event, in order, with what became of it. */
static void events__come_with_the_answers(void **state)
{
	static const char *const names[] = { "user_insert_with_id", "user_update", "user_update_where",
		"user_delete_by_id", "user_insert_with_id", "user_insert_with_id" };
	struct seen seen = { .count = 0 };
	char url[FRESH_URL_SIZE];
	const dbw_entry entry = { .name = "store", .connection_string = fresh_database("store", url) };
	const char *const used[] = { "store" };
	const dbw_options options = { .entries = &entry,
		.entry_count = 1,
		.only = used,
		.only_count = 1,
		.on_event = see,
		.event_argument = &seen };
	dbw_databases *own = NULL;
	dbw_error error;
	store_session s, inner;
	user row = user_with_id(1, "1@there");
	dbw_status status;

	(void)state;
	if (dbw_databases_open(&own, &programs_program, &options, &error) != DBW_OK)
		fail_msg("%s", error.message);
	assert_int_equal(store_begin(own, "make", &s, &error), DBW_OK);
	assert_ok(store_create_tables(s), s);
	assert_ok(store_commit(s), s);
	assert_int_equal(store_begin_with(own, &pipelined, &s, &error), DBW_OK);
	assert_ok(user_insert(s, &row), s);
	row.name = "Grace";
	assert_ok(user_update(s, &row, (user_columns){ .name = 1 }), s);
	assert_ok(
		user_update_where(s,
			&(user_change){ .where = { .id = dbw_gt(1) }, .set = { .score = dbw_add(3) } }, NULL),
		s);
	assert_ok(user_delete_by_id(s, 1), s);
	assert_ok(user_insert(s, &row), s);
	assert_ok(dbw_flush(s.any), s);
	assert_int_equal(seen.count, 5);
	row.id = 2;
	status = user_insert(s, &row);
	if (status == DBW_OK)
		status = dbw_flush(s.any);
	assert_int_equal(status, DBW_CONFLICT);
	assert_int_equal(seen.count, 6);
	/* What was given up before it was sent has no event, and is in nobody's way. */
	store_end(s);
	assert_int_equal(store_begin_with(own, &pipelined, &s, &error), DBW_OK);
	for (int i = 0; i < 100; i++) {
		assert_ok(store_nest(s, "inner", &inner), s);
		row.id = 2;
		row.email = "2@there";
		assert_ok(user_insert(inner, &row), inner);
		store_end(inner);
	}
	assert_ok(user_insert(s, &row), s);
	assert_ok(store_commit(s), s);
	assert_int_equal(seen.count, 7);
	assert_string_equal(seen.names[6], "user_insert_with_id");
	assert_int_equal(seen.rows[6], 1);
	for (int i = 0; i < 6; i++) {
		assert_string_equal(seen.names[i], names[i]);
		assert_int_equal(seen.status[i], i == 5 ? DBW_CONFLICT : DBW_OK);
		assert_int_equal(seen.rows[i], i != 2 && i != 5);
	}
	/* More keys than go together are one call, which says what all of them came to. */
	const size_t count = fresh_on_postgresql() ? (1 << 20) + 1 : 2049;
	int64_t *keys = calloc(count, sizeof *keys);
	assert_non_null(keys);
	keys[0] = 2;
	assert_int_equal(store_begin_with(own, &pipelined, &s, &error), DBW_OK);
	assert_ok(user_delete_many_by_id(s, keys, count, NULL), s);
	assert_ok(store_commit(s), s);
	free(keys);
	assert_int_equal(seen.count, 8);
	assert_string_equal(seen.names[7], "user_delete_many");
	assert_int_equal(seen.rows[7], 1);
	assert_int_equal(dbw_databases_close(own, &error), DBW_OK);
	fresh_remove();
}

static void cancelled__keeps_nothing(void **state)
{
	store_session s = begin_pipeline(state);
	user row = user_with_id(1, "1@there");

	assert_ok(user_insert(s, &row), s);
	if (store_cancel(s.read) == DBW_OK) {
		assert_int_equal(dbw_flush(s.any), DBW_CANCELLED);
		assert_int_equal(store_commit(s), DBW_CANCELLED);
	}
	store_end(s);
	assert_int_equal(users(state), 0);
}

struct work {
	int runs;
	dbw_status status;
};

static dbw_status write_some(store_session s, void *argument)
{
	struct work *work = argument;
	user row = user_with_id(2, "2@there");
	dbw_status status = user_insert(s, &row);

	if (status == DBW_OK && work->status == DBW_NOT_FOUND)
		status = delete_none(s);
	if (++work->runs == 1 && status == DBW_OK && work->status == DBW_BUSY)
		return DBW_BUSY;
	return status;
}

static void transactions__as_ever(void **state)
{
	struct work work = { .status = DBW_BUSY };
	dbw_error error;

	put_users(state, 1);
	assert_int_equal(store_transaction(*state, &pipelined, write_some, &work, &error), DBW_OK);
	assert_int_equal(work.runs, 2);
	assert_int_equal(users(state), 2);
	work = (struct work){ .status = DBW_OK };
	assert_int_equal(store_transaction(*state, &pipelined, write_some, &work, &error), DBW_CONFLICT);
	assert_ptr_equal(error.constraint, USER_PKEY);
	assert_int_equal(work.runs, 1);
	work = (struct work){ .status = DBW_NOT_FOUND };
	store_session s = begin(state, "make room");
	assert_ok(user_delete_by_id(s, 2), s);
	assert_ok(store_commit(s), s);
	assert_int_equal(store_transaction(*state, &pipelined, write_some, &work, &error), DBW_NOT_FOUND);
	assert_int_equal(error.status, DBW_NOT_FOUND);
	assert_int_equal(work.runs, 1);
	assert_int_equal(users(state), 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(writes__are_there_after_the_commit),
		CASE(reads__see_what_was_accepted),
		CASE(failures__are_told_now_or_later_and_nothing_is_kept),
		CASE(version__that_is_another_one),
		CASE(nested__fails_alone),
		CASE(many__are_all_there),
		CASE(upserts__that_give_nothing_back),
		CASE(refused__at_once),
		CASE(after__is_called_once),
		cmocka_unit_test(events__come_with_the_answers),
		CASE(cancelled__keeps_nothing),
		CASE(transactions__as_ever),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
