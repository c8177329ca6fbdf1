/*
 * A web shop on three databases: accounts in one, the shop in another, and a rehearsal of the shop in a third one, by the
 * same functions.
 */
#include "multi.h"
#include "store/store.h"

#include <auth.h>
#include <multi_program.h>

#include <stdio.h>

bool fail(const dbw_error *error)
{
	fprintf(stderr, "multi: %s\n", error->message);
	return false;
}

/* Ends a session in which something failed, which rolls it back. */
static bool give_up(shop_session s)
{
	fail(dbw_session_error(s.any));
	shop_end(s);
	return false;
}

/* Makes the tables, unless `dbwright db setup` or an earlier run has. */
static bool open_accounts(auth_database accounts)
{
	auth_session s;
	dbw_error err;

	if (auth_begin_on(accounts, "make tables", &s, &err) != DBW_OK)
		return fail(&err);
	dbw_status status = auth_create_tables(s);
	if (status == DBW_OK)
		status = auth_commit(s);
	if (status != DBW_OK && status != DBW_EXISTS)
		fail(dbw_session_error(s.any));
	auth_end(s);
	return status == DBW_OK || status == DBW_EXISTS;
}

static bool open_shop(shop_database shop)
{
	shop_session s;
	dbw_error err;

	if (shop_begin_on(shop, "make tables", &s, &err) != DBW_OK)
		return fail(&err);
	dbw_status status = shop_create_tables(s);
	if (status == DBW_EXISTS)
		status = DBW_OK;
	if (status == DBW_OK)
		status = catalogue_put(s, "mug", "Mug", dbw_decimal_of(850, 2), 10);
	if (status == DBW_OK)
		status = catalogue_put(s, "pot", "Tea pot", dbw_decimal_of(2495, 2), 2);
	if (status != DBW_OK || shop_commit(s) != DBW_OK)
		return give_up(s);
	return true;
}

/* A purchase and its shipment, or neither. *sold_out is set when there is not enough of something. */
static bool sell(shop_database shop, int64_t account_id, const wish *wishes, size_t count, bool *sold_out)
{
	shop_session s;
	dbw_error err;
	int64_t id;

	*sold_out = false;
	if (shop_begin_on(shop, "sell", &s, &err) != DBW_OK)
		return fail(&err);
	dbw_status status = sales_buy(s, account_id, wishes, count, &id);
	if (status == DBW_CONFLICT && dbw_violated(s.any, PRODUCT_IN_STOCK_CHECK)) {
		*sold_out = true;
		shop_end(s);
		return true;
	}
	if (status == DBW_OK)
		status = shipping_send(s, id, "Bicycle");
	if (status != DBW_OK || shop_commit(s) != DBW_OK)
		return give_up(s);
	return true;
}

/* The same functions on the database `test`, before anything is sold for real. */
static bool rehearse(shop_database test)
{
	const wish some[] = { { "mug", 1 }, { "pot", 1 } }, too_many[] = { { "mug", 1 }, { "pot", 100 } };
	bool sold_out;

	if (!open_shop(test) || !sell(test, 1, some, 2, &sold_out) || sold_out ||
		!sell(test, 1, too_many, 2, &sold_out) || !sold_out)
		return false;
	puts("rehearsed on the database test");
	return true;
}

static bool trade(shop_database shop, auth_database accounts)
{
	const wish tea[] = { { "mug", 2 }, { "pot", 1 } }, mugs[] = { { "mug", 3 } },
		   pots[] = { { "pot", 5 } };
	int64_t ada, grace;
	bool sold_out;

	if (!open_shop(shop) || !sign_up(accounts, "Ada Lovelace", "ada@example.com", &ada) ||
		!sign_up(accounts, "Grace Hopper", "grace@example.com", &grace) ||
		!sell(shop, ada, tea, 2, &sold_out) || !sell(shop, grace, mugs, 1, &sold_out) ||
		!sell(shop, ada, pots, 1, &sold_out))
		return false;
	puts(sold_out ? "five tea pots: sold out, and nothing is bought" : "five tea pots: sold");
	return true;
}

int main(void)
{
	dbw_databases *dbs;
	multi_databases on;
	dbw_error err;

	if (dbw_databases_open(&dbs, &multi_program, NULL, &err) != DBW_OK)
		return !fail(&err);
	bool done = multi_databases_of(dbs, &on, &err) == DBW_OK || fail(&err);
	done = done && open_accounts(on.auth) && rehearse(on.test) && trade(on.primary, on.auth) &&
	       report(&on);
	if (dbw_databases_close(dbs, &err) != DBW_OK)
		done = fail(&err);
	return done ? 0 : 1;
}
