/* The smallest honest program: open, fill once, meet a conflict, find, change, ask, close. */
#include <auth.h>
#include <quickstart_program.h>

#include <stdio.h>

static int fail(const dbw_error *error)
{
	fprintf(stderr, "quickstart: %s\n", error->message);
	return 1;
}

static dbw_status add(auth_session s, const char *name, const char *email, dbw_decimal balance)
{
	user u = USER_INIT; /* role, created_at and the rest have their defaults */

	u.name = name;
	u.email = email;
	u.balance = balance;
	return user_insert(s, &u);
}

static int fill(dbw_databases *dbs, dbw_error *err)
{
	auth_session s;

	puts("Make the tables and insert Ada and Grace:");
	if (auth_begin(dbs, "fill", &s, err) != DBW_OK)
		return fail(err);
	dbw_status status = auth_create_tables(s);
	if (status == DBW_OK)
		status = add(s, "Ada Lovelace", "ada@example.com", dbw_decimal_of(1050, 2));
	if (status == DBW_OK)
		status = add(s, "Grace Hopper", "grace@example.com", dbw_decimal_of(99999, 2));
	if (status == DBW_OK)
		status = auth_commit(s);
	if (status == DBW_OK)
		puts("  done");
	else if (status == DBW_EXISTS)
		puts("  the tables are there from an earlier run");
	else
		fail(dbw_session_error(s.any));
	auth_end(s); /* rolls back whatever was not committed */
	return status != DBW_OK && status != DBW_EXISTS;
}

static int meet_a_conflict(dbw_databases *dbs, dbw_error *err)
{
	auth_session s;

	puts("Insert another Ada with the same address:");
	if (auth_begin(dbs, "conflict", &s, err) != DBW_OK)
		return fail(err);
	dbw_status status = add(s, "Another Ada", "ada@example.com", dbw_decimal_of(0, 2));
	bool taken = status == DBW_CONFLICT && dbw_violated(s.any, USER_EMAIL_KEY);
	if (taken)
		printf("  that address is taken: %s\n", dbw_session_error(s.any)->message);
	else if (status == DBW_OK)
		fputs("quickstart: the address was free\n", stderr);
	else
		fail(dbw_session_error(s.any));
	auth_end(s);
	return !taken;
}

static int change(dbw_databases *dbs, dbw_error *err)
{
	auth_session s;
	user *ada;

	puts("Find ada@example.com and write her bio:");
	if (auth_begin(dbs, "write a bio", &s, err) != DBW_OK)
		return fail(err);
	dbw_status status =
		user_find_by_email(s.read, "ada@example.com", &ada); /* DBW_NOT_FOUND: no such row */
	if (status == DBW_OK) {
		ada->bio = "Wrote the first program.";
		status = user_update(s, ada, (user_columns){ .bio = true });
	}
	if (status == DBW_OK)
		status = auth_commit(s);
	if (status == DBW_OK)
		printf("  %s has a bio now\n", ada->name);
	else
		fail(dbw_session_error(s.any));
	user_free(ada);
	auth_end(s);
	return status != DBW_OK;
}

static int list(dbw_databases *dbs, dbw_error *err)
{
	auth_reader r; /* cannot be passed to a function that writes */
	user_list users;

	puts("Members with 10 or more, the richest first:");
	if (auth_read_begin(dbs, "list", &r, err) != DBW_OK)
		return fail(err);
	dbw_status status = user_find(r,
		&(user_query){
			.where = { .role = user_role_eq(USER_ROLE_MEMBER),
				.balance = dbw_ge(dbw_decimal_of(10, 0)) },
			.order_by = { { .balance = DBW_DESC }, { .id = DBW_ASC } },
			.limit = 20,
		},
		&users);
	if (status == DBW_OK)
		printf("  %-2s  %-12s  %8s  %-27s  %s\n", "id", "name", "balance", "created_at", "bio");
	else
		fail(dbw_session_error(r.any));
	user_each(row, &users)
	{
		char balance[DBW_DECIMAL_SIZE], created[DBW_TIMESTAMP_SIZE];

		dbw_decimal_print(row->balance, balance);
		dbw_timestamp_print(row->created_at, created);
		printf("  %2lld  %-12s  %8s  %-27s  %s\n", (long long)row->id, row->name, balance, created,
			row->bio != NULL ? row->bio : "(NULL)");
	}
	user_list_free(&users); /* the rows and their text: one call */
	auth_read_end(r);
	return status != DBW_OK;
}

int main(void)
{
	dbw_databases *dbs;
	dbw_error err;

	if (dbw_databases_open(&dbs, &quickstart_program, NULL, &err) != DBW_OK)
		return fail(&err);
	int failed = fill(dbs, &err) || meet_a_conflict(dbs, &err) || change(dbs, &err) || list(dbs, &err);
	if (dbw_databases_close(dbs, &err) != DBW_OK)
		failed = fail(&err);
	return failed;
}
