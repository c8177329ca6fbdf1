/* From the JSON file into the database, through generated functions, in one session. */
#include "chinook_store.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/* A row of the file on its way: the first thing that does not fit is remembered and ends the load. */
typedef struct source {
	const json_t *row;
	const char *table;
	size_t number;
	bool failed;
} source;

static void refuse(source *from, const char *key, const char *what)
{
	if (!from->failed)
		fprintf(stderr, "chinook: %s[%zu].%s: %s\n", from->table, from->number, key, what);
	from->failed = true;
}

static int64_t integer(source *from, const char *key)
{
	const json_t *value = json_object_get(from->row, key);

	if (!json_is_integer(value)) {
		refuse(from, key, "an integer is wanted");
		return 0;
	}
	return json_integer_value(value);
}

static int32_t integer32(source *from, const char *key)
{
	int64_t value = integer(from, key);

	if (value < INT32_MIN || value > INT32_MAX) {
		refuse(from, key, "the integer is too large");
		return 0;
	}
	return (int32_t)value;
}

static dbw_opt_i64 reference(source *from, const char *key)
{
	if (json_is_null(json_object_get(from->row, key)))
		return dbw_none_i64();
	return dbw_some_i64(integer(from, key));
}

static const char *text(source *from, const char *key)
{
	const json_t *value = json_object_get(from->row, key);

	if (!json_is_string(value)) {
		refuse(from, key, "a text is wanted");
		return "";
	}
	return json_string_value(value);
}

/* The file writes "" where the store does not know a value. */
static const char *known_text(source *from, const char *key)
{
	const char *value = text(from, key);

	return *value == '\0' ? NULL : value;
}

/* JSON has only doubles: the conversion takes one that is exactly what a price prints as, and nothing else. */
static dbw_decimal money(source *from, const char *key)
{
	dbw_decimal amount = dbw_decimal_of(0, 2);

	if (dbw_decimal_from_double(json_number_value(json_object_get(from->row, key)), 2, &amount) != DBW_OK)
		refuse(from, key, "an amount with two decimals is wanted");
	return amount;
}

/* The file's times have no zone: they are UTC. */
static dbw_timestamp moment(source *from, const char *key)
{
	const char *written = text(from, key);
	dbw_timestamp value = { 0 };

	if (dbw_timestamp_parse(written, strlen(written), &value) != DBW_OK)
		refuse(from, key, "a time is wanted");
	return value;
}

static dbw_status insert_genre(chinook_session s, source *from)
{
	genre row = GENRE_INIT;

	row.id = integer(from, "GenreId");
	row.name = text(from, "Name");
	return from->failed ? DBW_INVALID : genre_insert(s, &row);
}

static dbw_status insert_media_type(chinook_session s, source *from)
{
	media_type row = MEDIA_TYPE_INIT;

	row.id = integer(from, "MediaTypeId");
	row.name = text(from, "Name");
	return from->failed ? DBW_INVALID : media_type_insert(s, &row);
}

static dbw_status insert_artist(chinook_session s, source *from)
{
	artist row = ARTIST_INIT;

	row.id = integer(from, "ArtistId");
	row.name = text(from, "Name");
	return from->failed ? DBW_INVALID : artist_insert(s, &row);
}

static dbw_status insert_album(chinook_session s, source *from)
{
	album row = ALBUM_INIT;

	row.id = integer(from, "AlbumId");
	row.title = text(from, "Title");
	row.artist_id = integer(from, "ArtistId");
	return from->failed ? DBW_INVALID : album_insert(s, &row);
}

static dbw_status insert_track(chinook_session s, source *from)
{
	track row = TRACK_INIT;

	row.id = integer(from, "TrackId");
	row.name = text(from, "Name");
	row.composer = known_text(from, "Composer");
	row.milliseconds = integer32(from, "Milliseconds");
	row.bytes = integer32(from, "Bytes");
	row.unit_price = money(from, "UnitPrice");
	row.album_id = reference(from, "AlbumId");
	row.media_type_id = integer(from, "MediaTypeId");
	row.genre_id = reference(from, "GenreId");
	return from->failed ? DBW_INVALID : track_insert(s, &row);
}

static dbw_status insert_employee(chinook_session s, source *from)
{
	employee row = EMPLOYEE_INIT;

	row.id = integer(from, "EmployeeId");
	row.last_name = text(from, "LastName");
	row.first_name = text(from, "FirstName");
	row.title = known_text(from, "Title");
	row.birth_date = dbw_some_timestamp(moment(from, "BirthDate"));
	row.hire_date = dbw_some_timestamp(moment(from, "HireDate"));
	row.email = text(from, "Email");
	row.reports_to = reference(from, "ReportsTo");
	row.address = known_text(from, "Address");
	row.city = known_text(from, "City");
	row.state = known_text(from, "State");
	row.country = known_text(from, "Country");
	row.postal_code = known_text(from, "PostalCode");
	row.phone = known_text(from, "Phone");
	row.fax = known_text(from, "Fax");
	return from->failed ? DBW_INVALID : employee_insert(s, &row);
}

static dbw_status insert_customer(chinook_session s, source *from)
{
	customer row = CUSTOMER_INIT;

	row.id = integer(from, "CustomerId");
	row.first_name = text(from, "FirstName");
	row.last_name = text(from, "LastName");
	row.company = known_text(from, "Company");
	row.email = text(from, "Email");
	row.support_rep_id = reference(from, "SupportRepId");
	row.address = known_text(from, "Address");
	row.city = known_text(from, "City");
	row.state = known_text(from, "State");
	row.country = known_text(from, "Country");
	row.postal_code = known_text(from, "PostalCode");
	row.phone = known_text(from, "Phone");
	row.fax = known_text(from, "Fax");
	return from->failed ? DBW_INVALID : customer_insert(s, &row);
}

static dbw_status insert_invoice(chinook_session s, source *from)
{
	invoice row = INVOICE_INIT;

	row.id = integer(from, "InvoiceId");
	row.customer_id = integer(from, "CustomerId");
	row.invoice_date = moment(from, "InvoiceDate");
	row.billing_address = known_text(from, "BillingAddress");
	row.billing_city = known_text(from, "BillingCity");
	row.billing_state = known_text(from, "BillingState");
	row.billing_country = known_text(from, "BillingCountry");
	row.billing_postal_code = known_text(from, "BillingPostalCode");
	row.total = money(from, "Total");
	return from->failed ? DBW_INVALID : invoice_insert(s, &row);
}

static dbw_status insert_invoice_line(chinook_session s, source *from)
{
	invoice_line row = INVOICE_LINE_INIT;

	row.id = integer(from, "InvoiceLineId");
	row.invoice_id = integer(from, "InvoiceId");
	row.track_id = integer(from, "TrackId");
	row.unit_price = money(from, "UnitPrice");
	row.quantity = integer32(from, "Quantity");
	return from->failed ? DBW_INVALID : invoice_line_insert(s, &row);
}

static dbw_status insert_playlist(chinook_session s, source *from)
{
	playlist row = PLAYLIST_INIT;

	row.id = integer(from, "PlaylistId");
	row.name = text(from, "Name");
	return from->failed ? DBW_INVALID : playlist_insert(s, &row);
}

static dbw_status insert_playlist_track(chinook_session s, source *from)
{
	playlist_track row = PLAYLIST_TRACK_INIT;

	row.playlist_id = integer(from, "PlaylistId");
	row.track_id = integer(from, "TrackId");
	return from->failed ? DBW_INVALID : playlist_track_insert(s, &row);
}

/* The tables of the file, parents before children. */
static const struct {
	const char *name;
	dbw_status (*insert)(chinook_session s, source *from);
} tables[] = {
	{ "Genre", insert_genre },
	{ "MediaType", insert_media_type },
	{ "Artist", insert_artist },
	{ "Album", insert_album },
	{ "Track", insert_track },
	{ "Employee", insert_employee },
	{ "Customer", insert_customer },
	{ "Invoice", insert_invoice },
	{ "InvoiceLine", insert_invoice_line },
	{ "Playlist", insert_playlist },
	{ "PlaylistTrack", insert_playlist_track },
};

static bool load_table(chinook_session s, const json_t *file, size_t table, size_t *count)
{
	const json_t *rows = json_object_get(file, tables[table].name);

	if (!json_is_array(rows)) {
		fprintf(stderr, "chinook: the file has no list %s\n", tables[table].name);
		return false;
	}
	for (size_t i = 0; i < json_array_size(rows); i++) {
		source from = { .row = json_array_get(rows, i), .table = tables[table].name, .number = i };

		if (tables[table].insert(s, &from) != DBW_OK) {
			if (!from.failed)
				fprintf(stderr, "chinook: %s[%zu]: %s\n", from.table, i,
					dbw_session_error(s.any)->message);
			return false;
		}
		++*count;
	}
	return true;
}

bool store_load(dbw_databases *databases, const json_t *file)
{
	chinook_session s;
	dbw_error error;
	size_t count = 0;

	if (chinook_begin(databases, "load the store", &s, &error) != DBW_OK) {
		fprintf(stderr, "chinook: %s\n", error.message);
		return false;
	}
	bool done = chinook_create_tables(s) == DBW_OK;
	if (!done)
		fprintf(stderr, "chinook: %s\n", dbw_session_error(s.any)->message);
	for (size_t i = 0; done && i < sizeof tables / sizeof *tables; i++)
		done = load_table(s, file, i, &count);
	if (done && chinook_commit(s) != DBW_OK) {
		fprintf(stderr, "chinook: %s\n", dbw_session_error(s.any)->message);
		done = false;
	}
	chinook_end(s);
	if (done)
		printf("%zu rows loaded in one session\n", count);
	return done;
}
