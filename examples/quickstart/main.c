/* The smallest honest program: open, create the tables once, insert, meet a conflict, ask, close. */
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

	if (auth_begin(dbs, "fill", &s, err) != DBW_OK)
		return fail(err);
	dbw_status status = auth_create_tables(s);
	if (status == DBW_OK)
		status = add(s, "Ada Lovelace", "ada@example.com", dbw_decimal_of(1050, 2));
	if (status == DBW_OK)
		status = add(s, "Grace Hopper", "grace@example.com", dbw_decimal_of(99999, 2));
	if (status == DBW_OK)
		status = auth_commit(s);
	if (status == DBW_EXISTS)
		puts("The tables are there from an earlier run.");
	else if (status != DBW_OK)
		fail(dbw_session_error(s.any));
	auth_end(s); /* rolls back whatever was not committed */
	return status != DBW_OK && status != DBW_EXISTS;
}

static int meet_a_conflict(dbw_databases *dbs, dbw_error *err)
{
	auth_session s;

	if (auth_begin(dbs, "conflict", &s, err) != DBW_OK)
		return fail(err);
	if (add(s, "Another Ada", "ada@example.com", dbw_decimal_of(0, 2)) == DBW_CONFLICT &&
		dbw_violated(s.any, USER_EMAIL_KEY))
		printf("That address is taken: %s\n", dbw_session_error(s.any)->message);
	auth_end(s);
	return 0;
}

static int list(dbw_databases *dbs, dbw_error *err)
{
	auth_reader r; /* cannot be passed to a function that writes */
	user_list users;

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
	if (status != DBW_OK)
		fail(dbw_session_error(r.any));
	user_each(each, &users)
	{
		char balance[DBW_DECIMAL_SIZE], created[DBW_TIMESTAMP_SIZE];

		dbw_decimal_print(each->balance, balance);
		dbw_timestamp_print(each->created_at, created);
		printf("%3lld  %-14s %-20s %8s  %s\n", (long long)each->id, each->name, each->email, balance,
			created);
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
	int failed = fill(dbs, &err) || meet_a_conflict(dbs, &err) || list(dbs, &err);
	if (dbw_databases_close(dbs, &err) != DBW_OK)
		return fail(&err);
	return failed;
}
