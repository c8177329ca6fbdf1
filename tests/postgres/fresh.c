#include "fresh.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#ifdef FRESH_WITHOUT_POSTGRESQL

bool fresh_on_postgresql(void)
{
	return false;
}

const char *fresh_database(const char *name, char url[FRESH_URL_SIZE])
{
	(void)name;
	snprintf(url, FRESH_URL_SIZE, "sqlite::temp:");
	return url;
}

void fresh_remove(void)
{
}

bool fresh_run(const char *name, const char *sql)
{
	(void)name;
	(void)sql;
	return false;
}

const char *fresh_ask(const char *name, const char *sql, char *out, size_t size)
{
	(void)name;
	(void)sql;
	snprintf(out, size, "%s", "");
	return out;
}

#else

#include <libpq-fe.h>

static PGconn *server;
static char made[16][64];
static int made_count;

static void fail(const char *what)
{
	fprintf(stderr, "fresh database: %s: %s\n", what, server == NULL ? "" : PQerrorMessage(server));
	exit(1);
}

bool fresh_on_postgresql(void)
{
	const char *said = getenv("DBWRIGHT_TEST_SERVER");

	return said != NULL && said[0] != '\0';
}

static void ignore_notice(void *argument, const char *text)
{
	(void)argument;
	(void)text;
}

static PGresult *ask(const char *sql)
{
	if (server == NULL) {
		server = PQconnectdb(getenv("DBWRIGHT_TEST_SERVER"));
		if (PQstatus(server) != CONNECTION_OK)
			fail("no server");
		PQsetNoticeProcessor(server, ignore_notice, NULL);
	}
	return PQexec(server, sql);
}

static bool run(const char *sql)
{
	PGresult *result = ask(sql);
	const ExecStatusType status = PQresultStatus(result);

	PQclear(result);
	return status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK;
}

static void space_of(const char *name, char space[64])
{
	snprintf(space, 64, "test_%ld_%s", (long)getpid(), name);
}

const char *fresh_database(const char *name, char url[FRESH_URL_SIZE])
{
	char space[64], sql[256];
	int place = 0;

	if (!fresh_on_postgresql()) {
		snprintf(url, FRESH_URL_SIZE, "sqlite::temp:");
		return url;
	}
	space_of(name, space);
	snprintf(sql, sizeof sql, "DROP SCHEMA IF EXISTS %s CASCADE; CREATE SCHEMA %s", space, space);
	if (!run(sql))
		fail("CREATE SCHEMA");
	while (place < made_count && strcmp(made[place], space) != 0)
		place++;
	if (place == made_count && made_count < 16)
		memcpy(made[made_count++], space, sizeof space);
	snprintf(url, FRESH_URL_SIZE, "postgresql:///%s?host=%s&user=%s&options=-csearch_path%%3D%s",
		PQdb(server), PQhost(server), PQuser(server), space);
	return url;
}

void fresh_remove(void)
{
	char sql[256];

	while (made_count > 0) {
		snprintf(sql, sizeof sql, "DROP SCHEMA IF EXISTS %s CASCADE", made[--made_count]);
		run(sql);
	}
	PQfinish(server);
	server = NULL;
}

static void enter(const char *name)
{
	char space[64], sql[128];

	space_of(name, space);
	snprintf(sql, sizeof sql, "SET search_path = %s", space);
	if (!run(sql))
		fail(sql);
}

bool fresh_run(const char *name, const char *sql)
{
	enter(name);
	return run(sql);
}

const char *fresh_ask(const char *name, const char *sql, char *out, size_t size)
{
	PGresult *result;

	enter(name);
	result = ask(sql);
	if (PQresultStatus(result) != PGRES_TUPLES_OK)
		fail(sql);
	snprintf(out, size, "%s", PQntuples(result) == 0 ? "" : PQgetvalue(result, 0, 0));
	PQclear(result);
	return out;
}

#endif
