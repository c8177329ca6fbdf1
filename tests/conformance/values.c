/* Values of every type: there and back, compared, ordered, and refused where they do not fit. */
#include "conformance.h"

#include <float.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static dbw_decimal decimal_of(const char *text)
{
	dbw_decimal value = dbw_decimal_of(0, 0);

	return dbw_decimal_parse(text, strlen(text), &value) == DBW_OK ? value : dbw_decimal_of(0, 0);
}

/* The least value of each type, the greatest, one in between, and none. */
enum { LEAST, GREATEST, ORDINARY, NOTHING, ROWS };

static const unsigned char bytes[] = { 0, 255, 0, 128, '\'', '"', '\\', '\n' };

static sample row_of(int kind)
{
	static const char *const labels[ROWS] = { "least", "greatest", "ordinary", "nothing" };
	sample row = SAMPLE_INIT;

	row.label = labels[kind];
	if (kind == NOTHING)
		return row;
	row.flag = dbw_some_bool(kind == GREATEST);
	row.small = dbw_some_i16(kind == LEAST ? INT16_MIN : kind == GREATEST ? INT16_MAX : 0);
	row.medium = dbw_some_i32(kind == LEAST ? INT32_MIN : kind == GREATEST ? INT32_MAX : 0);
	row.large = dbw_some_i64(kind == LEAST ? INT64_MIN : kind == GREATEST ? INT64_MAX : 0);
	row.ratio = dbw_some_f32(kind == LEAST ? -FLT_MAX : kind == GREATEST ? FLT_MAX : 0.1F);
	row.precise = dbw_some_f64(kind == LEAST ? -DBL_MAX : kind == GREATEST ? DBL_MAX : 0.1);
	row.price = dbw_some_decimal(decimal_of(kind == LEAST      ? "-99999999.99"
						: kind == GREATEST ? "99999999.99"
								   : "0.10"));
	row.huge = dbw_some_decimal(decimal_of(kind == LEAST      ? "-99999999999999999999.9999999999"
					       : kind == GREATEST ? "99999999999999999999.9999999999"
								  : "1.0000000000"));
	row.body = kind == LEAST      ? ""
		   : kind == GREATEST ? "\xf4\x8f\xbf\xbf"
				      : "it's \"so\" \\ ${X} $1 ?1 %s \xc3\xa9\n";
	row.data = kind == LEAST ? dbw_bytes_of("", 0) : dbw_bytes_of(bytes, sizeof bytes);
	row.happened_at = dbw_some_timestamp((dbw_timestamp){ kind == LEAST      ? DBW_TIMESTAMP_MIN
							      : kind == GREATEST ? DBW_TIMESTAMP_MAX
										 : 1 });
	row.day = dbw_some_date((dbw_date){ kind == LEAST      ? DBW_DATE_MIN
					    : kind == GREATEST ? DBW_DATE_MAX
							       : 0 });
	row.at = dbw_some_time((dbw_time){ kind == LEAST      ? DBW_TIME_MIN
					   : kind == GREATEST ? DBW_TIME_MAX
							      : 1 });
	memset(row.code.value.bytes, kind == LEAST ? 0 : kind == GREATEST ? 255 : 7, 16);
	/* All zero is a uuid that is not set. */
	row.code.value.bytes[15] |= 1;
	row.code.has = true;
	row.document = kind == LEAST ? "{}" : kind == GREATEST ? "[1, null, \"\\u00e9\"]" : "\"text\"";
	row.state = sample_state_some(kind == GREATEST ? SAMPLE_STATE_CLOSED : SAMPLE_STATE_OPEN);
	return row;
}

/* Whether two rows are the same, but for the bytes of their JSON, which an engine may write in its own way. */
static bool same(sample a, sample b)
{
	const bool documents = (a.document == NULL) == (b.document == NULL);

	a.document = b.document = NULL;
	return documents && sample_equal(&a, &b);
}

static bool they_come_back(trial *run)
{
	int64_t ids[ROWS];
	probe_session s;
	dbw_error error;

	WANT_WITH(error, probe_begin(run->databases, "write", &s, &error), DBW_OK);
	for (int kind = 0; kind < ROWS; kind++) {
		sample row = row_of(kind);

		WANT(s, sample_insert(s, &row), DBW_OK);
		ids[kind] = row.id;
		HOLDS(kind == 0 || ids[kind] > ids[kind - 1]);
	}
	WANT(s, probe_commit(s), DBW_OK);
	WANT_WITH(error, probe_begin(run->databases, "read", &s, &error), DBW_OK);
	for (int kind = 0; kind < ROWS; kind++) {
		sample row = row_of(kind), *found;

		row.id = ids[kind];
		WANT(s, sample_find_by_id(s.read, ids[kind], &found), DBW_OK);
		if (!same(row, *found)) {
			run_fails(run, "the row \"%s\" is another one when it is read", row.label);
			sample_free(found);
			return false;
		}
		sample_free(found);
	}
	WANT(s, probe_end(s), DBW_OK);
	return true;
}

static bool many_come_back(trial *run)
{
	enum { COUNT = 300 };
	sample rows[COUNT];
	char labels[COUNT][16];
	sample_list list = { 0 };
	probe_session s;
	dbw_error error;
	bool good = true;

	WANT_WITH(error, probe_begin(run->databases, "write many", &s, &error), DBW_OK);
	for (int turn = 0; turn < 2; turn++) {
		for (int i = 0; i < COUNT; i++) {
			rows[i] = row_of(i % ROWS);
			snprintf(labels[i], sizeof labels[i], "%d-%d", turn, i);
			rows[i].label = labels[i];
		}
		if (turn == 0) {
			WANT(s, sample_insert_many(s, rows, COUNT), DBW_OK);
			for (int i = 1; i < COUNT; i++)
				HOLDS(rows[i].id != 0 && rows[i].id != rows[i - 1].id);
		} else {
			WANT(s, sample_load(s, rows, COUNT), DBW_OK);
		}
	}
	WANT(s, sample_find(s.read, &(sample_query){ .order_by = { { .id = DBW_ASC } } }, &list), DBW_OK);
	for (size_t i = 0; i < list.count && good; i++) {
		sample row = row_of((int)(i % COUNT) % ROWS);

		row.id = list.items[i].id;
		row.label = list.items[i].label;
		good = same(row, list.items[i]);
	}
	good = good && list.count == 2 * COUNT;
	sample_list_free(&list);
	WANT(s, probe_end(s), DBW_OK);
	return good || run_fails(run, "rows written together are others when they are read");
}

static bool count_where(trial *run, probe_session s, const char *what, sample_filter where, int64_t wanted)
{
	int64_t count;

	WANT(s, sample_count(s.read, &(sample_query){ .where = where }, &count), DBW_OK);
	if (count != wanted)
		return run_fails(
			run, "%s matches %lld rows and not %lld", what, (long long)count, (long long)wanted);
	return true;
}

#define MATCHES(number, ...)                                                                    \
	do {                                                                                    \
		if (!count_where(run, s, #__VA_ARGS__, (sample_filter){ __VA_ARGS__ }, number)) \
			return false;                                                           \
	} while (0)

static bool they_are_compared(trial *run)
{
	static const int64_t large[] = { INT64_MIN, INT64_MAX };
	const dbw_decimal prices[] = { decimal_of("0.10"), decimal_of("99999999.99") };
	const dbw_timestamp moments[] = { { DBW_TIMESTAMP_MIN }, { 1 } };
	static const char *const words[] = { "least", "nothing", "nobody" };
	static const sample_state states[] = { SAMPLE_STATE_OPEN };
	const sample row = row_of(ORDINARY);
	probe_session s;
	dbw_error error;

	WANT_WITH(error, probe_begin(run->databases, "compare", &s, &error), DBW_OK);
	for (int kind = 0; kind < ROWS; kind++) {
		sample each = row_of(kind);

		WANT(s, sample_insert(s, &each), DBW_OK);
	}
	MATCHES(1, .flag = dbw_is(true));
	MATCHES(1, .small = dbw_eq(INT16_MIN));
	MATCHES(2, .medium = dbw_ge(0));
	MATCHES(1, .large = dbw_gt(0));
	MATCHES(2, .large = dbw_in(large, 2));
	MATCHES(0, .large = dbw_in(large, 0));
	MATCHES(1, .precise = dbw_lt(0.0));
	MATCHES(1, .price = dbw_eq(row.price.value));
	MATCHES(2, .price = dbw_in(prices, 2));
	MATCHES(2, .price = dbw_ge(decimal_of("0.1")));
	MATCHES(1, .huge = dbw_eq(row.huge.value));
	MATCHES(1, .body = dbw_eq(row.body));
	MATCHES(1, .body = dbw_eq(""));
	MATCHES(1, .body = dbw_like("it's %"));
	MATCHES(0, .body = dbw_like("IT'S %"));
	MATCHES(1, .body = dbw_ilike("IT'S %"));
	MATCHES(2, .label = dbw_in(words, 3));
	MATCHES(2, .data = dbw_eq(dbw_bytes_of(bytes, sizeof bytes)));
	MATCHES(2, .happened_at = dbw_in(moments, 2));
	MATCHES(2, .day = dbw_ge((dbw_date){ 0 }));
	MATCHES(1, .at = dbw_eq((dbw_time){ DBW_TIME_MAX }));
	MATCHES(1, .code = dbw_eq(row.code.value));
	MATCHES(2, .state = sample_state_in(states, 1));
	MATCHES(1, .null_ = { .large = DBW_IS_NULL, .body = DBW_IS_NULL, .data = DBW_IS_NULL });
	MATCHES(3, .null_ = { .document = DBW_IS_NOT_NULL });
	WANT(s, probe_end(s), DBW_OK);
	return true;
}

/* Text is ordered by its bytes, and NULL comes first. */
static bool they_are_ordered(trial *run)
{
	static const char *const texts[] = { "a", NULL, "B", "\xc3\xa9", "" };
	static const char *const wanted[] = { NULL, "", "B", "a", "\xc3\xa9" };
	enum { COUNT = sizeof texts / sizeof *texts };
	sample_list list = { 0 };
	bool good = true;
	probe_session s;
	dbw_error error;

	WANT_WITH(error, probe_begin(run->databases, "order", &s, &error), DBW_OK);
	for (int i = 0; i < COUNT; i++) {
		char label[8];
		sample row = SAMPLE_INIT;

		snprintf(label, sizeof label, "%d", i);
		row.label = label;
		row.body = texts[i];
		WANT(s, sample_insert(s, &row), DBW_OK);
	}
	WANT(s, sample_find(s.read, &(sample_query){ .order_by = { { .body = DBW_ASC } } }, &list), DBW_OK);
	for (int i = 0; i < COUNT && good; i++) {
		const char *text = list.items[i].body;

		good = wanted[i] == NULL ? text == NULL : text != NULL && strcmp(text, wanted[i]) == 0;
	}
	sample_list_free(&list);
	WANT(s, probe_end(s), DBW_OK);
	return good || run_fails(run, "text is not ordered by its bytes with NULL first");
}

static bool large_ones_come_back(trial *run)
{
	enum { SIZE = 1 << 20 };
	char *text = malloc(SIZE + 1);
	sample row = SAMPLE_INIT, *found = NULL;
	bool good = text != NULL;
	probe_session s;
	dbw_error error;

	WANT_WITH(error, probe_begin(run->databases, "write much", &s, &error), DBW_OK);
	if (good) {
		memset(text, 'x', SIZE);
		text[SIZE] = '\0';
		row.label = "large";
		row.body = text;
		row.data = dbw_bytes_of(text, SIZE);
		good = sample_insert(s, &row) == DBW_OK &&
		       sample_find_by_id(s.read, row.id, &found) == DBW_OK && same(row, *found);
	}
	if (!good)
		run_fails(run, "a text of %d bytes does not come back: %s", (int)SIZE,
			dbw_session_error(s.any)->message);
	sample_free(found);
	free(text);
	WANT(s, probe_end(s), DBW_OK);
	return good;
}

/* Statements that nobody generated: kinds, names, NULL. */
static bool own_sql_has_kinds(trial *run)
{
	dbw_records rows;
	int64_t integer = 0;
	/* A constant may be more exact than its type; an object is not. */
	const double tenth = 0.1;
	double real = 0;
	const char *text = "";
	dbw_bytes blob = { NULL, 0 };
	bool good;
	probe_reader r;
	dbw_error error;

	WANT_WITH(error, probe_read_begin(run->databases, "ask", &r, &error), DBW_OK);
	WANT(r,
		dbw_sql(r.any,
			DBW_SQL_OF("SELECT $1 AS a, $2 AS b, $3 AS c, $4 AS d, NULL AS e",
				"SELECT $1::bigint AS a, $2::double precision AS b, $3::text AS c, $4::bytea AS d, NULL::text AS e"),
			DBW_VALUES(dbw_bind(INT64_MAX), dbw_bind(tenth), dbw_bind("\xc3\xa9"),
				dbw_bind(dbw_bytes_of(bytes, sizeof bytes))),
			&rows),
		DBW_OK);
	good = rows.count == 1 && rows.column_count == 5 && dbw_records_column(&rows, "d") == 3 &&
	       dbw_records_int64(&rows, 0, 0, &integer) == DBW_OK && integer == INT64_MAX &&
	       dbw_records_double(&rows, 0, 1, &real) == DBW_OK && real >= tenth && real <= tenth &&
	       dbw_records_text(&rows, 0, 2, &text) == DBW_OK && strcmp(text, "\xc3\xa9") == 0 &&
	       dbw_records_bytes(&rows, 0, 3, &blob) == DBW_OK && blob.size == sizeof bytes &&
	       memcmp(blob.data, bytes, sizeof bytes) == 0 && dbw_records_is_null(&rows, 0, 4);
	dbw_records_free(&rows);
	WANT(r, probe_read_end(r), DBW_OK);
	return good || run_fails(run, "a statement of the program's own gives other values or names");
}

static bool own_sql_is_refused(trial *run)
{
	dbw_records rows;
	probe_reader r;
	dbw_error error;

	WANT_WITH(error, probe_read_begin(run->databases, "ask wrongly", &r, &error), DBW_OK);
	WANT(r, dbw_sql(r.any, DBW_SQL("SELECT missing FROM dbwright_conformance_nowhere"), NULL, 0, &rows),
		DBW_SCHEMA_MISMATCH);
	WANT(r, probe_read_end(r), DBW_OK);
	WANT_WITH(error, probe_read_begin(run->databases, "ask wrongly", &r, &error), DBW_OK);
	WANT(r, dbw_sql(r.any, DBW_SQL("SELECT 1; SELECT 2"), NULL, 0, &rows), DBW_MISUSE);
	WANT(r, probe_read_end(r), DBW_OK);
	WANT_WITH(error, probe_read_begin(run->databases, "write while reading", &r, &error), DBW_OK);
	WANT(r, dbw_sql(r.any, DBW_SQL("DELETE FROM dbwright_conformance_owners"), NULL, 0, &rows),
		DBW_MISUSE);
	WANT(r, probe_read_end(r), DBW_OK);
	return true;
}

const claim value_checks[] = {
	{ "values of every type come back as they were", they_come_back },
	{ "values of many rows at once come back as they were", many_come_back },
	{ "values of every type are compared", they_are_compared },
	{ "text is ordered by its bytes, NULL first", they_are_ordered },
	{ "a megabyte of text and one of bytes come back", large_ones_come_back },
	{ "statements of the program's own give values by their kinds", own_sql_has_kinds },
	{ "statements that are wrong, several, or write for a reader are refused", own_sql_is_refused },
	{ NULL, NULL },
};
