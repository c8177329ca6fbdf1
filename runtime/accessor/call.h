/** What all accessors do between entering and leaving a session: find the statement, code the key, look at the row. */
#ifndef DBWRIGHT_ACCESSOR_CALL_H
#define DBWRIGHT_ACCESSOR_CALL_H

#include <dbwright/generated.h>
#include <session/lease.h>
#include <statement/render.h>

/** Values of a key that need no memory. */
enum { DBW__KEY_VALUES = 8 };

/** The most parameters that a statement takes from a row. */
enum { DBW__ROW_COLUMNS = 128 };

/** Says that memory is short. */
dbw_status dbw__out_of_memory(dbw_error *error);

/** DBW_MISUSE, told with a text that names the model. */
dbw_status dbw__misuse(dbw__lease *lease, const dbw_model *model, const char *what);

/** DBW_MISUSE: the model is not one of the session's schema. */
dbw_status dbw__other_schema(dbw__lease *lease, const dbw_model *model);

/** dbw__other_schema() where that is so. */
static inline dbw_status dbw__check_schema(dbw__lease *lease, const dbw_model *model)
{
	return model->schema == lease->schema ? DBW_OK : dbw__other_schema(lease, model);
}

/** Whether the model has a statement with this number. */
static inline bool dbw__has_statement(const dbw_model *model, uint16_t number)
{
	return number < model->statement_count && model->statements[number].name != NULL;
}

/** DBW_MISUSE: the model has no statement with this number. */
dbw_status dbw__no_statement(dbw__lease *lease, const dbw_model *model);

/** dbw__fixed_statement() at the first use of the statement. */
dbw_status dbw__prepare_fixed(
	dbw__lease *lease, const dbw_model *model, uint16_t number, dbw__call *call, dbw_prepared **out);

/**
 * The prepared statement at a place in the model's table; from here on the call counts as sent.
 * \return DBW_OK; DBW_MISUSE where the model has no such statement; what preparing says.
 */
static inline dbw_status dbw__fixed_statement(
	dbw__lease *lease, const dbw_model *model, uint16_t number, dbw__call *call, dbw_prepared **out)
{
	const dbw_statement *statement = &model->statements[number];

	if (!dbw__has_statement(model, number))
		return dbw__no_statement(lease, model);
	call->statement = statement->name;
	call->sent = true;
	*out = dbw__cache_fixed(lease->cache, *model->first_slot + number);
	if (*out == NULL)
		return dbw__prepare_fixed(lease, model, number, call, out);
	call->sql = dbw__cache_text(lease->cache, *model->first_slot + number);
	if (call->sql == NULL)
		call->sql = statement->sql[lease->engine];
	return DBW_OK;
}

/**
 * The prepared statement of a request, built if this connection sees its shape for the first time; from here on the call
 * counts as sent.
 * \return DBW_OK; DBW_UNSUPPORTED for more values than the engine takes; DBW_OUT_OF_MEMORY; what preparing says.
 */
dbw_status dbw__shaped_statement(
	dbw__lease *lease, dbw__request *request, dbw__call *call, dbw_prepared **out);

/** The same with what the statement is kept as, for one that runs across calls. */
dbw_status dbw__find_shape(dbw__lease *lease, dbw__request *request, dbw__call *call, dbw__shape **out);

/**
 * dbw__session_leave() for a call of a request, whose statement is called "find" so far: where anybody will see the
 * name, it becomes "user_find".
 */
dbw_status dbw__leave_unnamed(dbw__lease *lease, dbw_status status, dbw__call *call);

/** dbw__encode_key() for more than one 64-bit integer. */
dbw_status dbw__encode_any_key(dbw__lease *lease, const dbw_model *model, const dbw_statement *statement,
	uint16_t first, const void *const *key, dbw_value *storage, dbw_value **out);

/**
 * Codes the arguments of a fixed statement: `key` has one pointer per parameter from `first` on.
 * \param storage DBW__KEY_VALUES values, used where they are enough.
 * \return DBW_OK with all of the statement's values in *out, those before `first` left to the caller; DBW_MISUSE,
 * DBW_INVALID, DBW_OUT_OF_MEMORY.
 */
static inline dbw_status dbw__encode_key(dbw__lease *lease, const dbw_model *model,
	const dbw_statement *statement, uint16_t first, const void *const *key, dbw_value *storage,
	dbw_value **out)
{
	const dbw_column *column;

	/* Most keys are an id, and every 64-bit integer is one that columns take. */
	if (first != 0 || statement->parameter_count != 1 ||
		(column = &model->columns[statement->parameters[0]])->kind != DBW_KIND_INT64)
		return dbw__encode_any_key(lease, model, statement, first, key, storage, out);
	storage->column = column;
	storage->kind = DBW_KIND_INT64;
	storage->size = 0;
	storage->as.integer = *(const int64_t *)key[0];
	*out = storage;
	return DBW_OK;
}

/** Whether any row has the key: runs DBW_STATEMENT_EXISTS with the model's key_count values. */
dbw_status dbw__key_exists(dbw__lease *lease, const dbw_model *model, const dbw_value *values, bool *out);

#endif
