#include "call.h"

/* Runs a query for one integer; *found is false where it has no row. */
static dbw_status ask(dbw_session session, const dbw_model *model, const void *query, dbw__request_kind kind,
	bool has_place, int64_t *number, bool *found)
{
	dbw__request request;
	dbw__call call = { .model = model, .statement = kind == DBW__REQUEST_COUNT ? "count" : "exists" };
	dbw_prepared *prepared;
	dbw__lease *lease;
	dbw_status status = dbw__session_enter(session, false, &lease);

	if (status != DBW_OK)
		return status;
	dbw__request_init(&request, model, lease->engine, kind, dbw__lease_scratch(lease));
	status = dbw__check_schema(lease, model);
	if (status == DBW_OK && !has_place)
		status = dbw__misuse(lease, model, "there is no place for the result");
	if (status == DBW_OK)
		status = dbw__request_query(&request, query, lease->error);
	if (status == DBW_OK)
		status = dbw__shaped_statement(lease, &request, &call, &prepared);
	if (status == DBW_OK)
		status = lease->driver->query(
			lease->connection, prepared, request.values, request.count, lease->error);
	if (status == DBW_OK) {
		status = lease->driver->fetch_integer(
			lease->connection, prepared, number, found, lease->error);
		lease->driver->finish(lease->connection, prepared);
		call.rows = status == DBW_OK && *found;
	}
	status = dbw__leave_unnamed(lease, status, &call);
	dbw__request_clear(&request);
	return status;
}

dbw_status dbw__count(dbw_session session, const dbw_model *model, const void *query, int64_t *out)
{
	int64_t number = 0;
	bool found = false;
	dbw_status status;

	if (out != NULL)
		*out = 0;
	status = ask(session, model, query, DBW__REQUEST_COUNT, out != NULL, &number, &found);
	if (status == DBW_OK)
		*out = number;
	return status;
}

dbw_status dbw__exists(dbw_session session, const dbw_model *model, const void *query, bool *out)
{
	int64_t number = 0;
	bool found = false;
	dbw_status status;

	if (out != NULL)
		*out = false;
	status = ask(session, model, query, DBW__REQUEST_EXISTS, out != NULL, &number, &found);
	if (status == DBW_OK)
		*out = found;
	return status;
}
