#include "row.h"

#include <statement/encode.h>

#include <string.h>

_Static_assert(offsetof(dbw_i64_filter, as_) == offsetof(dbw_text_filter, as_) &&
		       offsetof(dbw_i64_filter, as_) == offsetof(dbw_bool_filter, as_) &&
		       offsetof(dbw_i64_filter, as_) == offsetof(dbw_uuid_filter, as_) &&
		       offsetof(dbw_i64_filter, as_) == offsetof(dbw_decimal_filter, as_),
	"filters hold their lists at the same place");

/* Keys in one statement where each is a parameter of its own, and where they are one array. */
enum { KEYS_EACH = 1024, KEYS_TOGETHER = 1 << 20 };

/* A change of all rows that match, on its way. */
struct change {
	dbw__lease *lease;
	const dbw_model *model;
	dbw__request request;
	dbw__clock clock;
	size_t bound; /* values of the set */
	bool adds;
	bool counts; /* somebody wants to know how many rows there were */
};

static void begin_change(struct change *change, dbw__request_kind kind)
{
	change->clock.is_read = false;
	change->bound = 0;
	change->adds = false;
	dbw__request_init(&change->request, change->model, change->lease->engine, kind,
		dbw__lease_scratch(change->lease));
}

static dbw_status send_change(struct change *change, dbw__call *call, int64_t *rows)
{
	dbw__lease *lease = change->lease;
	dbw_effect effect = { 0, 0 };
	dbw_prepared *prepared;
	bool sent;
	dbw_status status = dbw__shaped_statement(lease, &change->request, call, &prepared);

	if (status != DBW_OK)
		return status;
	/* What is compared is not written: it explains no foreign key. */
	call->values = change->bound == 0 || change->adds ? NULL : change->request.values;
	call->value_count = change->bound;
	if (!change->counts) {
		status = dbw__lease_send(lease, call, prepared, change->request.values, change->request.count,
			DBW__NEEDS_NOTHING, &sent);
		if (status != DBW_OK || sent)
			return status;
	}
	status = lease->driver->execute(lease->connection, prepared, change->request.values,
		change->request.count, &effect, lease->error);
	if (status == DBW_SCHEMA_MISMATCH && change->adds && lease->engine == DBW_SQLITE) {
		const int code = lease->error->native_code;

		status = dbw__fail(lease->error, DBW_INVALID,
			"%s: dbw_add() makes a number that its column does not hold", change->model->name);
		lease->error->native_code = code;
	}
	if (status != DBW_OK)
		return status;
	call->rows += effect.rows;
	*rows += effect.rows;
	return DBW_OK;
}

/* update_where */

static dbw_status refuse(struct change *change, const dbw_column *column, const char *why)
{
	return dbw__fail(
		change->lease->error, DBW_MISUSE, "%s.%s: %s", change->model->name, column->field, why);
}

static bool is_null(const dbw_column *column, const void *value)
{
	if (column->kind == DBW_KIND_TEXT || column->kind == DBW_KIND_JSON)
		return *(const char *const *)value == NULL;
	if (column->kind == DBW_KIND_BYTES) {
		const dbw_bytes *bytes = value;

		return bytes->data == NULL && bytes->size == 0;
	}
	return false;
}

/* An integer or number of an assignment, as narrow as its column. */
static dbw_status encode_value(
	struct change *change, const dbw_column *column, const void *member, dbw_value *value)
{
	dbw_error *error = change->lease->error;
	const dbw_model *model = change->model;

	if (column->kind == DBW_KIND_INT16 || column->kind == DBW_KIND_INT32) {
		const bool narrow = column->kind == DBW_KIND_INT16;
		const int64_t number = *(const int64_t *)member;

		if (number < (narrow ? INT16_MIN : INT32_MIN) || number > (narrow ? INT16_MAX : INT32_MAX))
			return dbw__fail(error, DBW_INVALID, "%s.%s: the number does not fit %d bits",
				model->name, column->field, narrow ? 16 : 32);
		value->column = column;
		value->kind = column->kind;
		value->size = 0;
		value->as.integer = number;
		return DBW_OK;
	}
	/* Widths apart, assignments hold what filters do; text has to fit as well. */
	if (column->kind == DBW_KIND_FLOAT32)
		return dbw__encode_operand(model, column, member, value, error);
	return dbw__encode_argument(model, column, member, value, error);
}

static size_t value_offset(const dbw_column *column)
{
	switch ((dbw_kind)column->kind) {
	case DBW_KIND_BOOL: return offsetof(dbw_bool_assignment, value_);
	case DBW_KIND_INT16:
	case DBW_KIND_INT32:
	case DBW_KIND_INT64: return offsetof(dbw_i64_assignment, value_);
	case DBW_KIND_FLOAT32:
	case DBW_KIND_FLOAT64: return offsetof(dbw_f64_assignment, value_);
	case DBW_KIND_DECIMAL: return offsetof(dbw_decimal_assignment, value_);
	case DBW_KIND_TEXT:
	case DBW_KIND_JSON: return offsetof(dbw_text_assignment, value_);
	case DBW_KIND_BYTES: return offsetof(dbw_bytes_assignment, value_);
	case DBW_KIND_TIMESTAMP: return offsetof(dbw_timestamp_assignment, value_);
	case DBW_KIND_DATE: return offsetof(dbw_date_assignment, value_);
	case DBW_KIND_TIME: return offsetof(dbw_time_assignment, value_);
	case DBW_KIND_UUID: return offsetof(dbw_uuid_assignment, value_);
	case DBW_KIND_ENUM: break;
	}
	return offsetof(dbw_enum_assignment, value_);
}

static bool has_sums(const dbw_column *column)
{
	return column->kind == DBW_KIND_INT16 || column->kind == DBW_KIND_INT32 ||
	       column->kind == DBW_KIND_INT64 || column->kind == DBW_KIND_FLOAT32 ||
	       column->kind == DBW_KIND_FLOAT64 || column->kind == DBW_KIND_DECIMAL;
}

/* One column of the set; *given tells whether it is there. */
static dbw_status add_assignment(
	struct change *change, const dbw_settable *settable, const char *set, bool *given)
{
	static const char not_made[] = "the assignment was not made by dbw_set() or one of its kind";
	const dbw_column *column = &change->model->columns[settable->column];
	dbw_error *error = change->lease->error;
	const char *member = set + settable->offset;
	const void *null_member = set + settable->null_offset;
	const bool nullable = (column->flags & DBW_COLUMN_NULLABLE) != 0;
	const bool to_null = nullable && *(const bool *)null_member;
	dbw_assign_header header;
	dbw_value *value;
	dbw_status status;

	memcpy(&header, member, sizeof header);
	*given = to_null || header.assign_ != DBW_ASSIGN_NOTHING || header.made_ != NULL;
	if (!*given)
		return DBW_OK;
	if (header.made_ != NULL)
		return refuse(change, column, not_made);
	if (to_null && header.assign_ != DBW_ASSIGN_NOTHING)
		return refuse(change, column, "it is set and in .null_ as well");
	if (to_null)
		return dbw__request_null(&change->request, settable->column, error);
	if (header.assign_ != DBW_ASSIGN_SET && (header.assign_ != DBW_ASSIGN_ADD || !has_sums(column)))
		return refuse(change, column, not_made);
	member += value_offset(column);
	if (is_null(column, member))
		return refuse(change, column,
			nullable ? "dbw_set(NULL) is no value; name it in .null_"
				 : "dbw_set(NULL), and the field is never NULL");
	value = dbw__request_values(&change->request, 1);
	if (value == NULL)
		return dbw__out_of_memory(error);
	status = encode_value(change, column, member, value);
	if (status != DBW_OK)
		return status;
	change->adds = change->adds || header.assign_ == DBW_ASSIGN_ADD;
	return header.assign_ == DBW_ASSIGN_ADD ? dbw__request_add(&change->request, settable->column, error)
						: dbw__request_set(&change->request, settable->column, error);
}

/* A column becomes the present. */
static dbw_status add_now(struct change *change, uint16_t number)
{
	dbw_error *error = change->lease->error;
	dbw_value *value = dbw__request_values(&change->request, 1);
	dbw_status status;

	if (value == NULL)
		return dbw__out_of_memory(error);
	status = dbw__encode_now(
		change->lease, change->model, &change->model->columns[number], &change->clock, value);
	return status != DBW_OK ? status : dbw__request_set(&change->request, number, error);
}

static dbw_status count_up(struct change *change)
{
	if (change->model->version < 0)
		return DBW_OK;
	return dbw__request_count_up(
		&change->request, (uint16_t)change->model->version, change->lease->error);
}

static dbw_status add_set(struct change *change, const char *set)
{
	const dbw_model *model = change->model;
	bool any = false;
	dbw_status status = DBW_OK;

	for (uint16_t i = 0; status == DBW_OK && i < model->settable_count; i++) {
		bool given = false;

		status = add_assignment(change, &model->settable[i], set, &given);
		any = any || given;
	}
	if (status == DBW_OK && !any)
		return dbw__misuse(change->lease, model, "there is nothing to set");
	for (uint16_t i = 0; status == DBW_OK && i < model->column_count; i++)
		if ((model->columns[i].flags & DBW_COLUMN_NOW_ON_UPDATE) != 0)
			status = add_now(change, i);
	if (status == DBW_OK)
		status = count_up(change);
	change->bound = change->request.count;
	return status;
}

static dbw_status update_rows(struct change *change, const char *members, dbw__call *call, int64_t *rows)
{
	const dbw_model *model = change->model;
	dbw_deleted deleted = DBW_WITHOUT_DELETED;
	dbw_status status;

	if (dbw__filter_is_empty(model, members + model->change.where))
		return dbw__misuse(change->lease, model,
			"the filter is empty; to change every row, name a condition that all of them meet");
	if (model->change.deleted != DBW_NO_MEMBER) {
		const void *member = members + model->change.deleted;

		deleted = *(const dbw_deleted *)member;
	}
	status = add_set(change, members + model->change.set);
	if (status == DBW_OK)
		status = dbw__request_where(
			&change->request, members + model->change.where, deleted, change->lease->error);
	return status != DBW_OK ? status : send_change(change, call, rows);
}

dbw_status dbw__update_where(
	dbw_session session, const dbw_model *model, const void *change_struct, int64_t *changed)
{
	struct change change = { .model = model, .counts = changed != NULL };
	dbw__call call = { .model = model, .statement = "update_where", .unnamed = true, .writes = true };
	int64_t rows = 0;
	dbw_status status;

	if (changed != NULL)
		*changed = 0;
	status = dbw__session_enter(session, true, &change.lease);
	if (status != DBW_OK)
		return status;
	begin_change(&change, DBW__REQUEST_UPDATE_WHERE);
	status = dbw__check_schema(change.lease, model);
	if (status == DBW_OK && (model->read_only || model->settable_count == 0))
		status = dbw__misuse(change.lease, model, "rows cannot be changed here");
	if (status == DBW_OK && change_struct == NULL)
		status = dbw__misuse(change.lease, model, "the change is NULL");
	if (status == DBW_OK)
		status = update_rows(&change, change_struct, &call, &rows);
	status = dbw__leave_unnamed(change.lease, status, &call);
	dbw__request_clear(&change.request);
	if (status == DBW_OK && changed != NULL)
		*changed = rows;
	return status;
}

/* delete_where, delete_all, delete_many */

/* Deletes, or marks as deleted, what matches; NULL is every row. */
static dbw_status delete_rows(struct change *change, const void *where, dbw__call *call, int64_t *rows)
{
	const dbw_model *model = change->model;
	const bool soft = model->deleted_at >= 0;
	dbw_status status = DBW_OK;

	begin_change(change, soft ? DBW__REQUEST_UPDATE_WHERE : DBW__REQUEST_DELETE_WHERE);
	call->deletes = !soft;
	if (soft) {
		status = add_now(change, (uint16_t)model->deleted_at);
		if (status == DBW_OK)
			status = count_up(change);
	}
	if (status == DBW_OK)
		status = dbw__request_where(
			&change->request, where, DBW_WITHOUT_DELETED, change->lease->error);
	if (status == DBW_OK)
		status = send_change(change, call, rows);
	dbw__request_clear(&change->request);
	/* The values went with the request. */
	call->values = NULL;
	call->value_count = 0;
	return status;
}

static dbw_status begin_deleting(
	dbw_session session, const dbw_model *model, struct change *change, int64_t *deleted)
{
	dbw_status status;

	if (deleted != NULL)
		*deleted = 0;
	status = dbw__session_enter(session, true, &change->lease);
	if (status != DBW_OK)
		change->lease = NULL;
	if (status == DBW_OK)
		status = dbw__check_schema(change->lease, model);
	if (status == DBW_OK && model->read_only)
		status = dbw__misuse(change->lease, model, "rows cannot be removed here");
	return status;
}

static dbw_status end_deleting(
	struct change *change, dbw_status status, dbw__call *call, int64_t rows, int64_t *deleted)
{
	if (change->lease == NULL)
		return status;
	status = dbw__leave_unnamed(change->lease, status, call);
	if (status == DBW_OK && deleted != NULL)
		*deleted = rows;
	return status;
}

dbw_status dbw__delete_where(dbw_session session, const dbw_model *model, const void *where, int64_t *deleted)
{
	struct change change = { .model = model, .counts = deleted != NULL };
	dbw__call call = { .model = model, .statement = "delete_where", .unnamed = true, .writes = true };
	int64_t rows = 0;
	dbw_status status = begin_deleting(session, model, &change, deleted);

	if (status == DBW_OK && (where == NULL || dbw__filter_is_empty(model, where)))
		status = dbw__misuse(change.lease, model,
			"the filter is empty; delete_all is the function that removes every row");
	if (status == DBW_OK)
		status = delete_rows(&change, where, &call, &rows);
	return end_deleting(&change, status, &call, rows, deleted);
}

dbw_status dbw__delete_all(dbw_session session, const dbw_model *model, int64_t *deleted)
{
	struct change change = { .model = model, .counts = deleted != NULL };
	dbw__call call = { .model = model, .statement = "delete_all", .unnamed = true, .writes = true };
	int64_t rows = 0;
	dbw_status status = begin_deleting(session, model, &change, deleted);

	if (status == DBW_OK)
		status = delete_rows(&change, NULL, &call, &rows);
	return end_deleting(&change, status, &call, rows, deleted);
}

/* Bytes of one value in a list of the column's filter. */
static size_t key_size(const dbw_column *column)
{
	switch (column->kind) {
	case DBW_KIND_INT16:
	case DBW_KIND_INT32: return sizeof(int64_t);
	case DBW_KIND_FLOAT32: return sizeof(double);
	case DBW_KIND_DECIMAL: return sizeof(dbw_decimal);
	case DBW_KIND_BYTES: return sizeof(dbw_bytes);
	case DBW_KIND_UUID: return sizeof(dbw_uuid);
	case DBW_KIND_BOOL: return sizeof(bool);
	case DBW_KIND_ENUM: return sizeof(int);
	case DBW_KIND_DATE: return sizeof(dbw_date);
	case DBW_KIND_TEXT: return sizeof(const char *);
	default: return sizeof(int64_t);
	}
}

/* All keys are looked at before the first is sent. */
static dbw_status check_keys(struct change *change, const dbw_column *column, const char *keys, size_t count)
{
	const size_t size = key_size(column);
	dbw_value value;
	dbw_status status = DBW_OK;

	for (size_t i = 0; status == DBW_OK && i < count; i++)
		status = dbw__encode_operand(
			change->model, column, keys + i * size, &value, change->lease->error);
	return status;
}

static dbw_status delete_keys(
	struct change *change, const char *keys, size_t count, dbw__call *call, int64_t *rows)
{
	const dbw_model *model = change->model;
	const dbw_column *column = &model->columns[model->key[0]];
	const size_t most = change->lease->capabilities->array_parameters ? KEYS_TOGETHER : KEYS_EACH;
	dbw_i64_filter list;
	char *where;
	dbw_status status = check_keys(change, column, keys, count);

	/* Pieces are one call, with one event: it ends when all are done. */
	change->counts = change->counts || count > most;
	for (size_t done = 0; status == DBW_OK && done < count;) {
		const size_t some = count - done < most ? count - done : most;

		if (done != 0)
			dbw_arena_reset(dbw__lease_scratch(change->lease));
		where = dbw_arena_alloc_zeroed(dbw__lease_scratch(change->lease), 1, model->filter_size);
		if (where == NULL)
			return dbw__out_of_memory(change->lease->error);
		/* All filters hold their list at the same place, see dbw_predicate. */
		list = dbw_in_i64(NULL, some);
		{
			const void *first = keys + done * key_size(column);

			list.as_.list = first;
		}
		memcpy(where + column->filter_offset, &list,
			offsetof(dbw_i64_filter, as_) + sizeof list.as_.list);
		status = delete_rows(change, where, call, rows);
		done += some;
	}
	return status;
}

dbw_status dbw__delete_many(
	dbw_session session, const dbw_model *model, const void *keys, size_t count, int64_t *deleted)
{
	struct change change = { .model = model, .counts = deleted != NULL };
	dbw__call call = { .model = model, .statement = "delete_many", .unnamed = true, .writes = true };
	int64_t rows = 0;
	dbw_status status = begin_deleting(session, model, &change, deleted);

	if (status == DBW_OK &&
		(model->key_count != 1 || model->columns[model->key[0]].filter_offset == DBW_NO_MEMBER))
		status = dbw__misuse(change.lease, model, "its key is not one column that is compared");
	if (status == DBW_OK && keys == NULL && count != 0)
		status = dbw__misuse(change.lease, model, "there are no keys at NULL");
	if (status == DBW_OK)
		status = delete_keys(&change, keys, count, &call, &rows);
	return end_deleting(&change, status, &call, rows, deleted);
}
