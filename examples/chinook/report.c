/* What is in the store: rows read by generated functions, joined and summed in C. */
#include "chinook_store.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Everything the report reads; the rows stay until the report is done. */
typedef struct store {
	artist_list artists;
	album_list albums;
	track_list tracks;
	employee_list employees;
	customer_list customers;
	invoice_list invoices;
	invoice_line_list lines;
	playlist_list playlists;
} store;

/* An amount of money under a name, to be sorted. */
typedef struct ranked {
	const char *name;
	dbw_decimal amount;
} ranked;

static int by_amount(const void *a, const void *b)
{
	const ranked *left = a, *right = b;
	int order = dbw_decimal_compare(right->amount, left->amount);

	return order != 0 ? order : strcmp(left->name, right->name);
}

static void print_ranked(const char *title, ranked *items, size_t count, size_t most)
{
	char amount[DBW_DECIMAL_SIZE];

	qsort(items, count, sizeof *items, by_amount);
	printf("\n%s\n", title);
	for (size_t i = 0; i < count && i < most; i++) {
		dbw_decimal_print(items[i].amount, amount);
		printf("%10s  %s\n", amount, items[i].name);
	}
}

/* Lists come ordered by id, so a row is found by halving. */
#define FIND_BY_ID(type)                                                                          \
	static const type *type##_with_id(const type##_list *list, int64_t id)                    \
	{                                                                                         \
		size_t low = 0, high = list->count;                                               \
                                                                                                  \
		while (low < high) {                                                              \
			size_t middle = low + (high - low) / 2;                                   \
                                                                                                  \
			if (list->items[middle].id < id)                                          \
				low = middle + 1;                                                 \
			else                                                                      \
				high = middle;                                                    \
		}                                                                                 \
		return low < list->count && list->items[low].id == id ? &list->items[low] : NULL; \
	}
FIND_BY_ID(artist)
FIND_BY_ID(album)
FIND_BY_ID(track)
FIND_BY_ID(employee)
#undef FIND_BY_ID

static bool add_to(dbw_decimal *sum, dbw_decimal amount)
{
	return dbw_decimal_add(*sum, amount, sum) == DBW_OK;
}

static dbw_status read_store(chinook_reader r, store *in)
{
	dbw_status status =
		artist_find(r, &(artist_query){ .order_by = { { .id = DBW_ASC } } }, &in->artists);

	if (status == DBW_OK)
		status = album_find(r, &(album_query){ .order_by = { { .id = DBW_ASC } } }, &in->albums);
	if (status == DBW_OK)
		status = track_find(r, &(track_query){ .order_by = { { .id = DBW_ASC } } }, &in->tracks);
	if (status == DBW_OK)
		status = employee_find(
			r, &(employee_query){ .order_by = { { .id = DBW_ASC } } }, &in->employees);
	if (status == DBW_OK)
		status = customer_find(
			r, &(customer_query){ .order_by = { { .id = DBW_ASC } } }, &in->customers);
	if (status == DBW_OK)
		status =
			invoice_find(r, &(invoice_query){ .order_by = { { .id = DBW_ASC } } }, &in->invoices);
	if (status == DBW_OK)
		status = invoice_line_find(
			r, &(invoice_line_query){ .order_by = { { .id = DBW_ASC } } }, &in->lines);
	if (status == DBW_OK)
		status = playlist_find(
			r, &(playlist_query){ .order_by = { { .id = DBW_ASC } } }, &in->playlists);
	return status;
}

static void free_store(store *in)
{
	artist_list_free(&in->artists);
	album_list_free(&in->albums);
	track_list_free(&in->tracks);
	employee_list_free(&in->employees);
	customer_list_free(&in->customers);
	invoice_list_free(&in->invoices);
	invoice_line_list_free(&in->lines);
	playlist_list_free(&in->playlists);
}

static bool print_invoices(const store *in)
{
	dbw_decimal sum = dbw_decimal_of(0, 2);
	char amount[DBW_DECIMAL_SIZE];

	for (size_t i = 0; i < in->invoices.count; i++)
		if (!add_to(&sum, in->invoices.items[i].total))
			return false;
	dbw_decimal_print(sum, amount);
	printf("%zu tracks by %zu artists; %zu invoices, %s in all\n", in->tracks.count, in->artists.count,
		in->invoices.count, amount);
	return true;
}

/* Sales by artist: line -> track -> album -> artist. */
static bool print_artists(const store *in)
{
	ranked *sales = calloc(in->artists.count + 1, sizeof *sales);
	bool done = sales != NULL;

	for (size_t i = 0; done && i < in->artists.count; i++)
		sales[i] = (ranked){ in->artists.items[i].name, dbw_decimal_of(0, 2) };
	for (size_t i = 0; done && i < in->lines.count; i++) {
		const invoice_line *line = &in->lines.items[i];
		const track *sold = track_with_id(&in->tracks, line->track_id);
		const album *on = sold != NULL && sold->album_id.has
					  ? album_with_id(&in->albums, sold->album_id.value)
					  : NULL;
		const artist *by = on != NULL ? artist_with_id(&in->artists, on->artist_id) : NULL;
		dbw_decimal price;

		if (by == NULL)
			continue;
		done = dbw_decimal_multiply(line->unit_price, dbw_decimal_from_int(line->quantity), &price) ==
			       DBW_OK &&
		       add_to(&sales[by - in->artists.items].amount, price);
	}
	if (done)
		print_ranked("Best-selling artists", sales, in->artists.count, 5);
	free(sales);
	return done;
}

static bool print_countries(const store *in)
{
	ranked *countries = calloc(in->invoices.count + 1, sizeof *countries);
	size_t count = 0;
	bool done = countries != NULL;

	for (size_t i = 0; done && i < in->invoices.count; i++) {
		const invoice *each = &in->invoices.items[i];
		const char *name = each->billing_country != NULL ? each->billing_country : "(unknown)";
		size_t at = 0;

		while (at < count && strcmp(countries[at].name, name) != 0)
			at++;
		if (at == count)
			countries[count++] = (ranked){ name, dbw_decimal_of(0, 2) };
		done = add_to(&countries[at].amount, each->total);
	}
	if (done)
		print_ranked("Sales by country", countries, count, 5);
	free(countries);
	return done;
}

static void print_staff(const store *in)
{
	printf("\nWho reports to whom\n");
	for (size_t i = 0; i < in->employees.count; i++) {
		const employee *each = &in->employees.items[i];
		const employee *manager = each->reports_to.has
						  ? employee_with_id(&in->employees, each->reports_to.value)
						  : NULL;
		char hired[DBW_TIMESTAMP_SIZE] = "?";

		if (each->hire_date.has)
			dbw_timestamp_print(each->hire_date.value, hired);
		printf("  %s %s, %s, hired %.10s", each->first_name, each->last_name, each->title, hired);
		if (manager != NULL)
			printf(", reports to %s %s", manager->first_name, manager->last_name);
		putchar('\n');
	}
}

/* Playlists by name, with the number of their tracks counted by the database. */
static bool print_playlists(chinook_reader r, const store *in)
{
	printf("\nPlaylists with more than a hundred tracks\n");
	for (size_t i = 0; i < in->playlists.count; i++) {
		const playlist *each = &in->playlists.items[i];
		int64_t tracks;

		if (playlist_track_count(r,
			    &(playlist_track_query){ .where = { .playlist_id = dbw_eq(each->id) } },
			    &tracks) != DBW_OK)
			return false;
		if (tracks > 100)
			printf("%10" PRId64 "  %s (no. %" PRId64 ")\n", tracks, each->name, each->id);
	}
	return true;
}

/* Accented names come back byte for byte. */
static bool print_customers(chinook_reader r)
{
	customer_list found;

	if (customer_find(r,
		    &(customer_query){
			    .where = { .country = dbw_eq("Brazil"), .null_ = { .company = DBW_IS_NOT_NULL } },
			    .order_by = { { .last_name = DBW_ASC }, { .id = DBW_ASC } } },
		    &found) != DBW_OK)
		return false;
	printf("\nCompanies in Brazil\n");
	customer_each(each, &found)
		printf("  %s %s, %s, %s\n", each->first_name, each->last_name, each->company, each->city);
	customer_list_free(&found);
	return true;
}

bool store_report(dbw_databases *databases)
{
	store in = { 0 };
	chinook_reader r;
	dbw_error error;

	if (chinook_read_begin(databases, "report", &r, &error) != DBW_OK) {
		fprintf(stderr, "chinook: %s\n", error.message);
		return false;
	}
	bool done = read_store(r, &in) == DBW_OK && print_invoices(&in) && print_artists(&in) &&
		    print_countries(&in);
	if (done) {
		print_staff(&in);
		done = print_playlists(r, &in) && print_customers(r);
	}
	if (!done)
		fprintf(stderr, "chinook: the report failed: %s\n", dbw_session_error(r.any)->message);
	free_store(&in);
	chinook_read_end(r);
	return done;
}
