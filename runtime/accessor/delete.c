#include "row.h"

/* `storage` outlives the call: what was bound explains a conflict. */
static dbw_status delete_row(dbw__lease *lease, const dbw_model *model, uint16_t number,
	const void *const *key, dbw_value *storage, dbw__call *call)
{
	const dbw_statement *statement = &model->statements[number];
	const bool soft = number == DBW_STATEMENT_DELETE && model->deleted_at >= 0;
	dbw_value *values;
	dbw__clock clock = { { 0 }, false };
	dbw_effect effect = { 0, 0 };
	dbw_prepared *prepared;
	bool sent;
	dbw_status status;

	/* A soft delete writes the time of deletion: its first parameter. */
	status = dbw__encode_key(lease, model, statement, soft, key, storage, &values);
	if (status == DBW_OK && soft)
		status =
			dbw__encode_now(lease, model, &model->columns[model->deleted_at], &clock, &values[0]);
	if (status == DBW_OK)
		status = dbw__fixed_statement(lease, model, number, call, &prepared);
	if (status != DBW_OK)
		return status;
	call->deletes = !soft;
	call->values = values;
	call->value_count = statement->parameter_count;
	status = dbw__lease_send(
		lease, call, prepared, values, statement->parameter_count, DBW__NEEDS_ROW, &sent);
	if (status != DBW_OK || sent)
		return status;
	status = lease->driver->execute(
		lease->connection, prepared, values, statement->parameter_count, &effect, lease->error);
	call->rows = effect.rows;
	if (status == DBW_OK && effect.rows == 0)
		status = dbw__fail(lease->error, DBW_NOT_FOUND, "%s: no row has this key", model->name);
	return status;
}

dbw_status dbw__delete(
	dbw_session session, const dbw_model *model, uint16_t statement, const void *const *key)
{
	dbw_value storage[DBW__KEY_VALUES];
	dbw__call call = { .model = model, .statement = "delete", .writes = true };
	dbw__lease *lease;
	dbw_status status = dbw__session_enter(session, true, &lease);

	if (status != DBW_OK)
		return status;
	status = dbw__check_schema(lease, model);
	if (status == DBW_OK && key == NULL)
		status = dbw__misuse(lease, model, "the key is NULL");
	if (status == DBW_OK && statement != DBW_STATEMENT_DELETE && statement != DBW_STATEMENT_PURGE)
		status = dbw__misuse(lease, model, "the statement does not delete");
	if (status == DBW_OK)
		status = delete_row(lease, model, statement, key, storage, &call);
	return dbw__session_leave(lease, status, &call);
}
