/* Loads the Chinook store from its JSON file into the database that CHINOOK_URL names, and prints a report. */
#include "chinook_store.h"

#include <chinook_program.h>

#include <stdio.h>

static int run(const json_t *file)
{
	dbw_databases *databases;
	dbw_error error;

	if (dbw_databases_open(&databases, &chinook_program, NULL, &error) != DBW_OK) {
		fprintf(stderr, "chinook: %s\n", error.message);
		return 1;
	}
	bool done = store_load(databases, file) && store_report(databases);
	if (dbw_databases_close(databases, &error) != DBW_OK) {
		fprintf(stderr, "chinook: %s\n", error.message);
		done = false;
	}
	return done ? 0 : 1;
}

int main(int argc, char **argv)
{
	json_error_t problem;

	if (argc != 2) {
		fputs("usage: chinook ChinookData.json\n"
		      "The file is in the repository lerocha/chinook-database, in ChinookDatabase/DataSources/.\n"
		      "The database is a temporary SQLite file; CHINOOK_URL=sqlite:chinook.db keeps it, and\n"
		      "CHINOOK_URL=postgresql://user@host/store puts it on a server.\n",
			stderr);
		return 2;
	}
	json_t *file = json_load_file(argv[1], JSON_REJECT_DUPLICATES, &problem);
	if (file == NULL) {
		if (problem.line > 0)
			fprintf(stderr, "%s:%d:%d: ", argv[1], problem.line, problem.column);
		fprintf(stderr, "error: %s\n", problem.text);
		return 1;
	}
	int result = run(file);
	json_decref(file);
	return result;
}
