/* Prints where the file says the database is. */
#include <dbwright/config.h>
#include <shop_program.h>

#include <stdio.h>

static void tell(void *argument, const dbw_problem *problem)
{
	(void)argument;
	fprintf(stderr, "%s: %s\n", problem->source, problem->message);
}

int main(int argc, char **argv)
{
	dbw_options options = { .file = argv[argc - 1], .reader = dbw_config_reader, .on_problem = tell };
	dbw_databases *dbs;
	dbw_database_list list;
	dbw_error error;

	if (dbw_databases_open(&dbs, &shop_program, &options, &error) != DBW_OK)
		return 1;
	if (dbw_databases_list(dbs, &list, &error) == DBW_OK)
		printf("%s, said by %s\n", list.items[0].url, list.items[0].source);
	dbw_database_list_free(&list);
	return dbw_databases_close(dbs, &error) != DBW_OK;
}
