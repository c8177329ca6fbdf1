/* Uses what is generated for one schema only: a change of the other one is none of its business. */
#include <consumer_program.h>
#include <people.h>
#include <people/json.h>

#include <stdio.h>
#include <string.h>

/* The row through JSON and back, by the library that an installed one finds beside the first. */
static dbw_status through_json(const person *row, dbw_error *error)
{
	char *text;
	person *read = NULL;
	dbw_status status = person_to_json(row, NULL, &text, error);

	if (status == DBW_OK)
		status = person_from_json(text, strlen(text), NULL, &read, error);
	if (status == DBW_OK && !person_equal(row, read))
		status = DBW_DATA;
	person_free(read);
	dbw_json_free(text);
	return status;
}

static dbw_status add_and_find(dbw_databases *dbs, dbw_error *error)
{
	people_session s;
	person ada = PERSON_INIT, *found;
	dbw_status status = people_begin(dbs, "consumer", &s, error);

	if (status != DBW_OK)
		return status;
	ada.name = "Ada";
	status = people_create_tables(s);
	if (status == DBW_OK)
		status = person_insert(s, &ada);
	if (status == DBW_OK)
		status = person_find_by_name(s.read, "Ada", &found);
	if (status == DBW_OK) {
		printf("%s has id %d\n", found->name, (int)found->id);
		person_free(found);
		status = people_commit(s);
	}
	if (status != DBW_OK)
		*error = *dbw_session_error(s.any);
	people_end(s);
	return status == DBW_OK ? through_json(&ada, error) : status;
}

int main(void)
{
	dbw_databases *dbs;
	dbw_error error;
	dbw_status status = dbw_databases_open(&dbs, &consumer_program, NULL, &error);

	if (status == DBW_OK) {
		status = add_and_find(dbs, &error);
		if (status != DBW_OK)
			fprintf(stderr, "consumer: %s\n", error.message);
		if (dbw_databases_close(dbs, NULL) != DBW_OK)
			return 1;
	}
	return status != DBW_OK;
}
