/* Names are in one database and purchases in another: two readers, and a join in C. */
#include "multi.h"

#include <auth.h>
#include <shop.h>

#include <stdio.h>

typedef struct books {
	account_list accounts;
	purchase_list purchases;
	purchase_line_list lines;
} books;

static bool read_accounts(auth_database accounts, books *out)
{
	auth_reader r;
	dbw_error err;

	if (auth_read_begin_on(accounts, "report", &r, &err) != DBW_OK)
		return fail(&err);
	dbw_status status =
		account_find(r, &(account_query){ .order_by = { { .name = DBW_ASC } } }, &out->accounts);
	if (status != DBW_OK)
		fail(dbw_session_error(r.any));
	auth_read_end(r);
	return status == DBW_OK;
}

static bool read_purchases(shop_database shop, books *out)
{
	shop_reader r;
	dbw_error err;

	if (shop_read_begin_on(shop, "report", &r, &err) != DBW_OK)
		return fail(&err);
	dbw_status status =
		purchase_find(r, &(purchase_query){ .order_by = { { .id = DBW_ASC } } }, &out->purchases);
	if (status == DBW_OK)
		status = purchase_line_find(r, NULL, &out->lines);
	if (status != DBW_OK)
		fail(dbw_session_error(r.any));
	shop_read_end(r);
	return status == DBW_OK;
}

static bool add_lines(const books *in, int64_t purchase_id, dbw_decimal *sum)
{
	purchase_line_each(line, &in->lines)
	{
		dbw_decimal amount;

		if (line->purchase_id == purchase_id &&
			(dbw_decimal_multiply(line->price, dbw_decimal_from_int(line->quantity), &amount) !=
					DBW_OK ||
				dbw_decimal_add(*sum, amount, sum) != DBW_OK))
			return false;
	}
	return true;
}

static bool print(const books *in)
{
	puts("who             purchases       sum");
	account_each(who, &in->accounts)
	{
		dbw_decimal sum = dbw_decimal_of(0, 2);
		char text[DBW_DECIMAL_SIZE];
		int count = 0;

		purchase_each(bought, &in->purchases)
		{
			if (bought->account_id != who->id)
				continue;
			count++;
			if (!add_lines(in, bought->id, &sum)) {
				fputs("multi: a sum is too large\n", stderr);
				return false;
			}
		}
		dbw_decimal_print(sum, text);
		printf("%-14s  %9d  %8s\n", who->name, count, text);
	}
	return true;
}

bool report(const multi_databases *on)
{
	books in = { 0 };
	bool done = read_accounts(on->auth, &in) && read_purchases(on->primary, &in) && print(&in);

	purchase_line_list_free(&in.lines);
	purchase_list_free(&in.purchases);
	account_list_free(&in.accounts);
	return done;
}
