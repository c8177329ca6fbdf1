/*
 * The SQL of writes of many rows, upserts and changes, word for word on both engines. Without an argument it is compared;
 * `postgresql` prints a script for psql that makes the tables, prepares and runs each statement and checks what it did.
 */
#include <bank.h>

#include <dbwright/model.h>
#include <statement/render.h>

#include <stdio.h>
#include <string.h>

/* The tables, which are seen in their source alone, and the models. */
#include <dbwright_tables.c>

/* A request: parts that are a letter and a column's name, separated by blanks. */
typedef struct sample {
	const dbw_model *model;
	dbw__request_kind kind;
	const char *
		parts; /* r number of rows, c column, t target, l living, x excluded, s set, + add, 0 null, v count up */
	const void *where;
	const char *sqlite, *postgresql;
	const char *arguments; /* what PostgreSQL runs it with, */
	const char *check;     /* and what is true afterwards */
} sample;

static const int64_t ids[] = { 1, 2, 3 };

static uint16_t find_column(const dbw_model *model, const char *name, size_t length)
{
	for (uint16_t i = 0; i < model->column_count; i++)
		if (strlen(model->columns[i].name) == length &&
			strncmp(model->columns[i].name, name, length) == 0)
			return i;
	return UINT16_MAX;
}

static dbw_status add_part(dbw__request *request, const char *part, size_t length, dbw_error *error)
{
	const uint16_t column = find_column(request->model, part + 1, length - 1);

	switch (*part) {
	case 'r': return dbw__request_rows(request, (uint16_t)(part[1] - '0'), error);
	case 'l': return dbw__request_living(request, error);
	case 'c': return dbw__request_column(request, column, error);
	case 't': return dbw__request_conflict(request, column, error);
	case 'x': return dbw__request_excluded(request, column, error);
	case 's': return dbw__request_set(request, column, error);
	case '+': return dbw__request_add(request, column, error);
	case '0': return dbw__request_null(request, column, error);
	default: return dbw__request_count_up(request, column, error);
	}
}

static dbw_status render(const sample *from, dbw_engine engine, dbw_text_buffer *out)
{
	dbw_arena *scratch = dbw_arena_new(0);
	dbw_error error = { .status = DBW_OK };
	dbw__request request;
	dbw_status status = DBW_OK;

	if (scratch == NULL)
		return DBW_OUT_OF_MEMORY;
	dbw__request_init(&request, from->model, engine, from->kind, scratch);
	for (const char *part = from->parts; status == DBW_OK && *part != '\0';) {
		size_t length = strcspn(part, " ");

		status = add_part(&request, part, length, &error);
		part += length + strspn(part + length, " ");
	}
	if (status == DBW_OK &&
		(from->kind == DBW__REQUEST_UPDATE_WHERE || from->kind == DBW__REQUEST_DELETE_WHERE))
		status = dbw__request_where(&request, from->where, DBW_WITHOUT_DELETED, &error);
	if (status == DBW_OK)
		dbw__request_render(&request, out);
	if (status != DBW_OK)
		fprintf(stderr, "%s\n", error.message);
	dbw__request_clear(&request);
	dbw_arena_free(scratch);
	return status;
}

#define ACCOUNT_VALUES "0, 0, 0, 'c2b6b3a0-0000-4000-8000-000000000001', true, now(), now(), 1"
#define ACCOUNT_PARTS \
	"cemail crole cscore cbig cratio cbalance ctoken cis_active ccreated_at cupdated_at cversion "
#define ACCOUNT_NAMES                                                                                  \
	"(\"email\", \"role\", \"score\", \"big\", \"ratio\", \"balance\", \"token\", \"is_active\", " \
	"\"created_at\", \"updated_at\", \"version\")"

static int run(bool print, const item_filter *some_ids, const item_filter *item_where,
	const account_filter *account_where)
{
	const sample samples[] = {
		{ &item__model, DBW__REQUEST_INSERT_MANY, "r3 cthe_label camount", NULL,
			"INSERT INTO \"items\" (\"the_label\", \"amount\") VALUES (?1, ?2), (?3, ?4), (?5, ?6)",
			"INSERT INTO \"items\" (\"the_label\", \"amount\") VALUES ($1, $2), ($3, $4), ($5, $6)",
			"('a', 1, 'b', 2, 'c', 3)", "(SELECT count(*) FROM items) = 3" },
		{ &item__model, DBW__REQUEST_UPSERT, "cthe_label camount tthe_label", NULL,
			"INSERT INTO \"items\" (\"the_label\", \"amount\") VALUES (?1, ?2) ON CONFLICT (\"the_label\") "
			"DO NOTHING",
			"INSERT INTO \"items\" (\"the_label\", \"amount\") VALUES ($1, $2) ON CONFLICT (\"the_label\") "
			"DO NOTHING RETURNING \"id\"",
			"('a', 7)", "(SELECT amount FROM items WHERE the_label = 'a') = 1" },
		{ &item__model, DBW__REQUEST_UPSERT, "cthe_label camount tthe_label xamount", NULL,
			"INSERT INTO \"items\" (\"the_label\", \"amount\") VALUES (?1, ?2) ON CONFLICT (\"the_label\") "
			"DO UPDATE SET \"amount\" = excluded.\"amount\"",
			"INSERT INTO \"items\" (\"the_label\", \"amount\") VALUES ($1, $2) ON CONFLICT (\"the_label\") "
			"DO UPDATE SET \"amount\" = excluded.\"amount\" RETURNING \"id\"",
			"('a', 8)", "(SELECT amount FROM items WHERE the_label = 'a') = 8" },
		{ &item__model, DBW__REQUEST_UPDATE_WHERE, "+amount 0account_id", item_where,
			"UPDATE \"items\" SET \"amount\" = CASE WHEN \"amount\" + ?1 NOT BETWEEN -2147483648 AND "
			"2147483647 THEN 0.5 ELSE \"amount\" + ?1 END, \"account_id\" = NULL WHERE \"id\" >= ?2",
			"UPDATE \"items\" SET \"amount\" = \"amount\" + $1, \"account_id\" = NULL WHERE \"id\" >= $2",
			"(10, 3)", "(SELECT sum(amount) FROM items) = 23" },
		{ &translation__model, DBW__REQUEST_UPSERT,
			"clanguage cword cmeaning tlanguage tword xmeaning", NULL,
			"INSERT INTO \"translations\" (\"language\", \"word\", \"meaning\") VALUES (?1, ?2, ?3) "
			"ON CONFLICT (\"language\", \"word\") DO UPDATE SET \"meaning\" = excluded.\"meaning\"",
			"INSERT INTO \"translations\" (\"language\", \"word\", \"meaning\") VALUES ($1, $2, $3) "
			"ON CONFLICT (\"language\", \"word\") DO UPDATE SET \"meaning\" = excluded.\"meaning\"",
			"('de', 'Katze', 'cat')", "(SELECT count(*) FROM translations) = 1" },
		{ &account__model, DBW__REQUEST_UPSERT, ACCOUNT_PARTS "temail l xscore supdated_at vversion",
			NULL,
			"INSERT INTO \"accounts\" " ACCOUNT_NAMES
			" VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11) ON CONFLICT (\"email\") "
			"WHERE \"deleted_at\" IS NULL DO UPDATE SET \"score\" = excluded.\"score\", "
			"\"updated_at\" = ?12, \"version\" = \"accounts\".\"version\" + 1",
			"INSERT INTO \"accounts\" " ACCOUNT_NAMES
			" VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) ON CONFLICT (\"email\") "
			"WHERE \"deleted_at\" IS NULL DO UPDATE SET \"score\" = excluded.\"score\", "
			"\"updated_at\" = $12, \"version\" = \"accounts\".\"version\" + 1 RETURNING \"id\"",
			"('a@x', 'member', 5, " ACCOUNT_VALUES
			", now()); EXECUTE \"writes_5\" ('a@x', 'member', 6, " ACCOUNT_VALUES ", now())",
			"(SELECT count(*) = 1 AND min(version) = 2 AND min(score) = 6 FROM accounts)" },
		{ &account__model, DBW__REQUEST_UPDATE_WHERE,
			"+small +big +ratio +balance srole 0bio supdated_at vversion", account_where,
			"UPDATE \"accounts\" SET \"small\" = CASE WHEN \"small\" + ?1 NOT BETWEEN -32768 AND 32767 "
			"THEN 0.5 ELSE \"small\" + ?1 END, \"big\" = \"big\" + ?2, \"ratio\" = \"ratio\" + ?3, "
			"\"balance\" = \"balance\" + ?4, \"role\" = ?5, \"bio\" = NULL, \"updated_at\" = ?6, "
			"\"version\" = \"version\" + 1 WHERE \"id\" >= ?7 AND \"deleted_at\" IS NULL",
			"UPDATE \"accounts\" SET \"small\" = \"small\" + $1, \"big\" = \"big\" + $2, "
			"\"ratio\" = \"ratio\" + $3, \"balance\" = \"balance\" + $4, \"role\" = $5, \"bio\" = NULL, "
			"\"updated_at\" = $6, \"version\" = \"version\" + 1 WHERE \"id\" >= $7 AND "
			"\"deleted_at\" IS NULL",
			"(1, 2, 0.5, 10.25, 'admin', now(), 0)",
			"(SELECT small IS NULL AND big = 2 AND ratio = 0.5 AND balance = 10.25 AND role = 'admin' "
			"AND version = 3 FROM accounts)" },
		{ &account__model, DBW__REQUEST_UPDATE_WHERE, "sdeleted_at vversion", NULL,
			"UPDATE \"accounts\" SET \"deleted_at\" = ?1, \"version\" = \"version\" + 1 "
			"WHERE \"deleted_at\" IS NULL",
			"UPDATE \"accounts\" SET \"deleted_at\" = $1, \"version\" = \"version\" + 1 "
			"WHERE \"deleted_at\" IS NULL",
			"(now())",
			"(SELECT count(*) FROM accounts WHERE deleted_at IS NOT NULL AND version = 4) = 1" },
		{ &item__model, DBW__REQUEST_DELETE_WHERE, "", some_ids,
			"DELETE FROM \"items\" WHERE \"id\" IN (?1, ?2, ?3, ?4)",
			"DELETE FROM \"items\" WHERE \"id\" = ANY($1)", "('{1,2,77}')",
			"(SELECT count(*) FROM items) = 1" },
		{ &item__model, DBW__REQUEST_DELETE_WHERE, "", NULL, "DELETE FROM \"items\"",
			"DELETE FROM \"items\"", "", "(SELECT count(*) FROM items) = 0" },
	};
	int failures = 0;

	for (size_t i = 0; i < sizeof samples / sizeof samples[0]; i++) {
		for (int engine = DBW_SQLITE; engine <= (int)DBW_POSTGRESQL; engine++) {
			const char *expected =
				engine == (int)DBW_SQLITE ? samples[i].sqlite : samples[i].postgresql;
			dbw_text_buffer text;

			dbw_text_init(&text, NULL, 0);
			if (render(&samples[i], (dbw_engine)engine, &text) != DBW_OK || text.failed ||
				strcmp(text.data, expected) != 0) {
				fprintf(stderr, "expected: %s\nrendered: %s\n", expected, text.data);
				failures++;
			}
			dbw_text_clear(&text);
		}
		if (!print)
			continue;
		printf("PREPARE \"writes_%zu\" AS %s;\nEXECUTE \"writes_%zu\"%s;\n", i, samples[i].postgresql,
			i, samples[i].arguments);
		printf("DO $$ BEGIN ASSERT %s, 'after statement %zu'; END $$;\n", samples[i].check, i);
	}
	return failures != 0;
}

static void print_tables(void)
{
	for (size_t i = 0; i < bank__tables.count; i++) {
		const dbw_objects *objects = &bank__tables.items[i].objects[DBW_POSTGRESQL];

		for (size_t j = 0; j < objects->count; j++)
			printf("%s;\n", objects->items[j].sql);
	}
}

int main(int argc, char **argv)
{
	const bool print = argc == 2 && strcmp(argv[1], "postgresql") == 0;
	const item_filter some_ids = { .id = dbw_in(ids, 3) }, items = { .id = dbw_ge(1) };
	const account_filter accounts = { .id = dbw_ge(1) };

	if (print)
		print_tables();
	return run(print, &some_ids, &items, &accounts);
}
