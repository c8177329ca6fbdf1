/*
 * Puts every statement of a generated program before an engine: for each schema the objects of create_tables in their
 * order, then the fixed statements. `sqlite` does so on a database in memory per schema; `postgresql SCHEMA` prints a
 * script for psql, in which the fixed statements are prepared; `schemas` prints the names of PostgreSQL's schemas.
 * PROGRAM is the program's name, TABLES the addresses of its schemas' tables.
 */
#include <statement/render.h>

#include <sqlite3.h>
#include <stdio.h>
#include <string.h>

/* The tables are seen in their source alone. */
#include <dbwright_tables.c>

extern const dbw_program PROGRAM;

static const dbw_tables *const all_tables[] = { TABLES };

typedef struct sink {
	dbw_engine engine;
	sqlite3 *db; /* NULL: print */
	int statements;
	int failures;
} sink;

static void complain(sink *to, const char *name, const char *sql)
{
	fprintf(stderr, "%s: %s\n  %s\n", name, sqlite3_errmsg(to->db), sql);
	to->failures++;
}

static void create(sink *to, const dbw_object *object)
{
	to->statements++;
	if (to->db == NULL)
		printf("%s;\n", object->sql);
	else if (sqlite3_exec(to->db, object->sql, NULL, NULL, NULL) != SQLITE_OK)
		complain(to, "create_tables", object->sql);
}

/* Whether parameter n is called $n, or ?n: then the numbers that values are bound to are those that the text says. */
static bool counts_on(sqlite3_stmt *prepared, int parameters)
{
	char name[16];

	for (int i = 1; i <= parameters; i++) {
		const char *given = sqlite3_bind_parameter_name(prepared, i);

		snprintf(name, sizeof name, "$%d", i);
		if (given == NULL || strcmp(given + 1, name + 1) != 0)
			return false;
	}
	return true;
}

/* An insert as the runtime writes it. False where it does not. */
static bool write_insert(
	dbw_engine engine, const dbw_model *model, const dbw_statement *statement, char *out, size_t size)
{
	dbw_arena *scratch = dbw_arena_new(0);
	dbw__request request;
	dbw_text_buffer sql;
	dbw_error error;
	bool done = scratch != NULL;

	if (!done)
		return false;
	dbw__request_init(&request, model, engine, DBW__REQUEST_INSERT, scratch);
	dbw_text_init(&sql, out, size);
	for (uint16_t i = 0; done && i < statement->parameter_count; i++)
		done = dbw__request_column(&request, statement->parameters[i], &error) == DBW_OK;
	if (done)
		dbw__request_render(&request, &sql);
	done = done && !sql.failed && sql.data == out;
	dbw__request_clear(&request);
	dbw_text_clear(&sql);
	dbw_arena_free(scratch);
	return done;
}

static void prepare(sink *to, const dbw_model *model, const dbw_statement *statement)
{
	const char *sql = statement->sql[to->engine];
	sqlite3_stmt *prepared = NULL;
	static char joined[1 << 16];

	if (statement->name == NULL)
		return;
	if (sql == NULL) {
		if (!write_insert(to->engine, model, statement, joined, sizeof joined)) {
			fprintf(stderr, "%s: there is no text\n", statement->name);
			to->failures++;
			return;
		}
		sql = joined;
	} else if (statement->selects) {
		snprintf(joined, sizeof joined, "%s%s", model->select[to->engine], sql);
		sql = joined;
	}
	to->statements++;
	if (to->db == NULL) {
		printf("PREPARE \"%s\" AS %s;\n", statement->name, sql);
		return;
	}
	if (sqlite3_prepare_v2(to->db, sql, -1, &prepared, NULL) != SQLITE_OK) {
		complain(to, statement->name, sql);
	} else if (sqlite3_bind_parameter_count(prepared) != statement->parameter_count) {
		fprintf(stderr, "%s: %d parameters, the text has %d\n", statement->name,
			statement->parameter_count, sqlite3_bind_parameter_count(prepared));
		to->failures++;
	} else if (!counts_on(prepared, statement->parameter_count)) {
		fprintf(stderr, "%s: the parameters are not in order\n  %s\n", statement->name, sql);
		to->failures++;
	}
	sqlite3_finalize(prepared);
}

static void put_model(sink *to, const dbw_model *model)
{
	const dbw_statement all = { .name = model->name, .sql = { model->select[0], model->select[1] } };

	prepare(to, model, &all);
	for (size_t i = 0; i < model->statement_count; i++)
		prepare(to, model, &model->statements[i]);
}

static void put_schema(sink *to, const dbw_schema *schema)
{
	const dbw_tables *const *found = all_tables;

	while ((*found)->schema != schema)
		found++;
	const dbw_tables *tables = *found;

	/* As create_tables does: foreign keys that close a cycle come after all tables. */
	for (size_t later = 0; later < 2; later++)
		for (size_t i = 0; i < tables->count; i++) {
			const dbw_objects *objects = &tables->items[i].objects[to->engine];

			for (size_t j = 0; j < objects->count; j++)
				if ((objects->items[j].kind == DBW_OBJECT_FOREIGN_KEY) == (later == 1))
					create(to, &objects->items[j]);
		}
	for (size_t i = 0; i < schema->model_count; i++)
		put_model(to, schema->models[i]);
}

static bool runs_on(const dbw_schema *schema, dbw_engine engine)
{
	return (schema->engines & (1U << engine)) != 0;
}

static int run_sqlite(void)
{
	sink to = { .engine = DBW_SQLITE };

	for (size_t i = 0; i < PROGRAM.schema_count; i++) {
		if (!runs_on(PROGRAM.schemas[i], DBW_SQLITE))
			continue;
		if (sqlite3_open(":memory:", &to.db) != SQLITE_OK)
			return 1;
		/* Names in double quotes are names, never texts. */
		sqlite3_db_config(to.db, SQLITE_DBCONFIG_DQS_DML, 0, (int *)NULL);
		sqlite3_db_config(to.db, SQLITE_DBCONFIG_DQS_DDL, 0, (int *)NULL);
		put_schema(&to, PROGRAM.schemas[i]);
		sqlite3_close(to.db);
	}
	printf("%d statements, %d failures\n", to.statements, to.failures);
	return to.failures != 0 || to.statements == 0;
}

static int print_postgresql(const char *name)
{
	sink to = { .engine = DBW_POSTGRESQL };

	for (size_t i = 0; i < PROGRAM.schema_count; i++)
		if (strcmp(PROGRAM.schemas[i]->name, name) == 0)
			put_schema(&to, PROGRAM.schemas[i]);
	return to.statements == 0;
}

int main(int argc, char **argv)
{
	if (argc == 2 && strcmp(argv[1], "sqlite") == 0)
		return run_sqlite();
	if (argc == 3 && strcmp(argv[1], "postgresql") == 0)
		return print_postgresql(argv[2]);
	if (argc == 2 && strcmp(argv[1], "schemas") == 0) {
		for (size_t i = 0; i < PROGRAM.schema_count; i++)
			if (runs_on(PROGRAM.schemas[i], DBW_POSTGRESQL))
				puts(PROGRAM.schemas[i]->name);
		return 0;
	}
	fputs("usage: statements sqlite | schemas | postgresql SCHEMA\n", stderr);
	return 2;
}
