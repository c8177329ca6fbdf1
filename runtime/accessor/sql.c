/* SQL of the user's own: bound, run, read. */
#include "call.h"

#include <base/utf8.h>
#include <dbwright/sql.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* What a statement may not begin with: the session sees to transactions. In capitals. */
static const char *const transaction_words[] = { "BEGIN", "START", "COMMIT", "END", "ROLLBACK", "ABORT",
	"SAVEPOINT", "RELEASE", "PREPARE", NULL };

static const char *skip_block(const char *text)
{
	int depth = 0;

	/* PostgreSQL's comments nest; where SQLite's end sooner, what is left is no word of a transaction's either way. */
	do {
		if (text[0] == '/' && text[1] == '*')
			depth++, text += 2;
		else if (text[0] == '*' && text[1] == '/')
			depth--, text += 2;
		else
			text++;
	} while (depth > 0 && *text != '\0');
	return text;
}

/* Where a statement's first word begins, behind blanks, comments and empty statements. */
static const char *first_word(const char *text)
{
	for (;;) {
		text += strspn(text, " \t\r\n\f\v;");
		if (text[0] == '-' && text[1] == '-')
			text += strcspn(text, "\n");
		else if (text[0] == '/' && text[1] == '*')
			text = skip_block(text);
		else
			return text;
	}
}

static bool is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

static bool ends_or_begins_transaction(const char *text)
{
	const char *word = first_word(text);

	for (const char *const *each = transaction_words; *each != NULL; each++) {
		size_t i = 0;

		while ((*each)[i] != '\0' && (word[i] & ~0x20) == (*each)[i])
			i++;
		if ((*each)[i] == '\0' && !is_letter(word[i]))
			return true;
	}
	return false;
}

static dbw_status choose_text(dbw__lease *lease, dbw_sql_text text, const char **out)
{
	const char *own = lease->engine == DBW_SQLITE ? text.sqlite : text.postgresql;

	*out = own != NULL ? own : text.any;
	if (*out == NULL)
		return dbw__fail(lease->error, DBW_MISUSE, "there is no SQL for this engine");
	if (*first_word(*out) == '\0')
		return dbw__fail(lease->error, DBW_MISUSE, "a statement without SQL");
	if (ends_or_begins_transaction(*out))
		return dbw__fail(lease->error, DBW_MISUSE,
			"transactions begin, end and nest by functions, not by SQL of their own");
	return DBW_OK;
}

static const char *text_wrong(const char *text, size_t *length)
{
	if (!dbw__utf8_check_z(text, length, NULL))
		return "the text is not UTF-8";
	return *length > UINT32_MAX ? "the text is too long" : NULL;
}

/* NULL, or what is wrong with the value. */
static const char *encode(const dbw_parameter *parameter, dbw_value *out)
{
	const char *wrong = NULL;
	size_t length = 0;

	*out = (dbw_value){ .kind = parameter->kind_ };
	switch (parameter->kind_) {
	case 0: break;
	case DBW_KIND_BOOL:
	case DBW_KIND_INT64: out->as.integer = parameter->as_.integer; break;
	case DBW_KIND_FLOAT64:
		out->as.real = parameter->as_.real;
		if (isnan(out->as.real))
			wrong = "it is not a number";
		break;
	case DBW_KIND_TEXT:
		if (parameter->as_.text == NULL) {
			out->kind = 0;
			break;
		}
		wrong = text_wrong(parameter->as_.text, &length);
		out->size = (uint32_t)length;
		out->as.data = parameter->as_.text;
		break;
	case DBW_KIND_BYTES:
		out->size = (uint32_t)parameter->as_.bytes.size;
		out->as.data = parameter->as_.bytes.data;
		if (out->as.data == NULL)
			out->kind = 0;
		else if (parameter->as_.bytes.size > UINT32_MAX)
			wrong = "there are too many bytes";
		break;
	case DBW_KIND_DECIMAL:
		out->as.decimal = parameter->as_.decimal;
		if (!dbw_decimal_is_valid(out->as.decimal))
			wrong = "it is not a decimal";
		break;
	case DBW_KIND_TIMESTAMP:
		out->as.integer = parameter->as_.integer;
		if (!dbw_timestamp_is_valid((dbw_timestamp){ out->as.integer }))
			wrong = "the timestamp is unset or out of range";
		break;
	case DBW_KIND_DATE:
		out->as.integer = parameter->as_.integer;
		if (out->as.integer < DBW_DATE_MIN || out->as.integer > DBW_DATE_MAX)
			wrong = "the date is unset or out of range";
		break;
	case DBW_KIND_TIME:
		out->as.integer = parameter->as_.integer;
		if (!dbw_time_is_valid((dbw_time){ out->as.integer }))
			wrong = "the time is unset or out of range";
		break;
	case DBW_KIND_UUID: out->as.uuid = parameter->as_.uuid; break;
	default: wrong = "it was not made by dbw_bind()"; break;
	}
	return wrong;
}

static dbw_status encode_all(
	dbw__lease *lease, const dbw_parameter *parameters, size_t count, dbw_value **out)
{
	dbw_value *values;

	*out = NULL;
	if (count == 0)
		return DBW_OK;
	if (parameters == NULL || count > UINT16_MAX)
		return dbw__fail(lease->error, DBW_MISUSE,
			parameters == NULL ? "the values are NULL" : "there are too many values");
	values = dbw_arena_alloc(dbw__lease_scratch(lease), count * sizeof *values);
	if (values == NULL)
		return dbw__out_of_memory(lease->error);
	for (size_t i = 0; i < count; i++) {
		const char *wrong = encode(&parameters[i], &values[i]);

		if (wrong != NULL)
			return dbw__fail(lease->error, DBW_INVALID, "$%zu: %s", i + 1, wrong);
	}
	*out = values;
	return DBW_OK;
}

/* Kept with the shapes of filters, whose keys begin with the address of a model. */
static dbw_status prepare(dbw__lease *lease, const char *sql, dbw__shape **out)
{
	const dbw_model *const none = NULL;
	const size_t length = strlen(sql);
	char *key = dbw_arena_alloc(dbw__lease_scratch(lease), sizeof none + length);

	*out = NULL;
	if (key == NULL)
		return dbw__out_of_memory(lease->error);
	memcpy(key, &none, sizeof none);
	memcpy(key + sizeof none, sql, length);
	*out = dbw__shape_lookup(lease->cache, key, sizeof none + length);
	if (*out != NULL)
		return DBW_OK;
	dbw__lease_settle(lease);
	return dbw__shape_insert(lease->cache, key, sizeof none + length, sql, NULL, out, lease->error);
}

struct statement {
	dbw__lease *lease;
	dbw__shape *shape;
	dbw_value *values;
	size_t count;
	dbw__call call;
	bool writer;
};

/* Everything up to the run. When it fails, or is done, leave() has to follow where there is a lease. */
static dbw_status enter(struct statement *own, dbw_session session, bool writes, dbw_sql_text text,
	const dbw_parameter *parameters, size_t count)
{
	dbw__lease *lease;
	const char *sql;
	dbw_status status;

	*own = (struct statement){ .count = count, .call = { .statement = "sql" } };
	status = dbw__session_enter_sql(session, &own->writer, &own->lease);
	if (status != DBW_OK)
		return status;
	lease = own->lease;
	own->call.writes = own->writer;
	if (writes && !own->writer)
		return dbw__fail(
			lease->error, DBW_MISUSE, "session \"%s\": a reader cannot write", lease->purpose);
	status = choose_text(lease, text, &sql);
	if (status == DBW_OK)
		status = encode_all(lease, parameters, count, &own->values);
	if (status != DBW_OK)
		return status;
	own->call.sent = true;
	status = prepare(lease, sql, &own->shape);
	if (status != DBW_OK)
		return status;
	own->call.sql = own->shape->sql;
	own->call.shape = own->shape;
	if (!own->writer && lease->driver->may_write != NULL &&
		lease->driver->may_write(own->shape->prepared))
		return dbw__fail(
			lease->error, DBW_MISUSE, "session \"%s\": a reader cannot write", lease->purpose);
	return DBW_OK;
}

static dbw_status leave(struct statement *own, dbw_status status)
{
	/* PostgreSQL's word for a reader that would write. */
	if (status != DBW_OK && !own->writer && strcmp(own->lease->error->sqlstate, "25006") == 0)
		status = dbw__fail(own->lease->error, DBW_MISUSE, "session \"%s\": a reader cannot write",
			own->lease->purpose);
	return dbw__session_leave(own->lease, status, &own->call);
}

/*
 * The rows that an INSERT gives are ids to a driver, and what is no integer is refused once all is done. Here they are nobody's.
 * What the database itself says has a number.
 */
static bool is_about_ids(const dbw_error *error)
{
	return error->sqlstate[0] == '\0' && error->native_code == 0;
}

dbw_status dbw_sql_run(
	dbw_session session, dbw_sql_text text, const dbw_parameter *values, size_t count, int64_t *changed)
{
	struct statement own;
	dbw_effect effect = { .rows = 0 };
	bool sent = false;
	dbw_status status = enter(&own, session, true, text, values, count);

	if (changed != NULL)
		*changed = 0;
	if (own.lease == NULL)
		return status;
	if (status == DBW_OK && changed == NULL)
		status = dbw__lease_send(own.lease, &own.call, own.shape->prepared, own.values, own.count,
			DBW__NEEDS_NOTHING, &sent);
	if (status == DBW_OK && !sent)
		status = own.lease->driver->execute(own.lease->connection, own.shape->prepared, own.values,
			own.count, &effect, own.lease->error);
	if (status == DBW_DATA && is_about_ids(own.lease->error)) {
		dbw_error_clear(own.lease->error);
		status = DBW_OK;
	}
	own.call.rows = effect.rows;
	if (status == DBW_OK && changed != NULL)
		*changed = effect.rows;
	return leave(&own, status);
}

/* Rows double their memory as they come; an arena keeps what was grown out of until the end. */
enum { FIRST_RECORDS = 16 };

static dbw_status add_names(const struct statement *own, dbw_records *records)
{
	const dbw_driver *driver = own->lease->driver;
	const dbw_prepared *prepared = own->shape->prepared;
	const char **names =
		dbw_arena_alloc_zeroed(records->arena_, records->column_count + (size_t)1, sizeof *names);

	if (names == NULL)
		return dbw__out_of_memory(own->lease->error);
	for (uint32_t i = 0; i < records->column_count; i++) {
		const char *name = driver->column_name(prepared, i);

		/* SQLite makes names when they are asked for. */
		names[i] = name == NULL ? NULL : dbw_arena_copy(records->arena_, name, strlen(name));
		if (names[i] == NULL)
			return dbw__out_of_memory(own->lease->error);
	}
	records->names = names;
	return DBW_OK;
}

static dbw_status read_rows(const struct statement *own, dbw_records *records)
{
	dbw__lease *lease = own->lease;
	const size_t row_size = records->column_count * sizeof(dbw_value);
	dbw_value *values = NULL;
	size_t capacity = 0;
	bool more = true;
	dbw_status status = add_names(own, records);

	while (status == DBW_OK && more) {
		if (records->count == capacity) {
			const size_t next = capacity == 0 ? FIRST_RECORDS : 2 * capacity;
			dbw_value *grown = row_size != 0 && next > PTRDIFF_MAX / row_size
						   ? NULL
						   : dbw_arena_alloc(records->arena_, next * row_size + 1);

			if (grown == NULL)
				return dbw__out_of_memory(lease->error);
			if (values != NULL)
				memcpy(grown, values, capacity * row_size);
			values = grown;
			capacity = next;
			records->values_ = values;
		}
		status = lease->driver->fetch_values(lease->connection, own->shape->prepared,
			values + records->count * records->column_count, records->column_count,
			records->arena_, &more, lease->error);
		if (status == DBW_OK && more)
			records->count++;
	}
	return status;
}

static dbw_status read_all(struct statement *own, dbw_records *records)
{
	dbw__lease *lease = own->lease;
	dbw_status status;

	records->arena_ = dbw_arena_new(0);
	if (records->arena_ == NULL)
		return dbw__out_of_memory(lease->error);
	status = lease->driver->query(
		lease->connection, own->shape->prepared, own->values, own->count, lease->error);
	if (status != DBW_OK)
		return status;
	records->column_count = lease->driver->column_count(own->shape->prepared);
	status = read_rows(own, records);
	lease->driver->finish(lease->connection, own->shape->prepared);
	own->call.rows = (int64_t)records->count;
	return status;
}

dbw_status dbw_sql(
	dbw_session session, dbw_sql_text text, const dbw_parameter *values, size_t count, dbw_records *out)
{
	struct statement own;
	dbw_status status;

	if (out != NULL)
		*out = (dbw_records){ .count = 0 };
	status = enter(&own, session, false, text, values, count);
	if (own.lease == NULL)
		return status;
	if (status == DBW_OK && out == NULL)
		status = dbw__fail(own.lease->error, DBW_MISUSE, "there is no place for the rows");
	if (status == DBW_OK)
		status = read_all(&own, out);
	if (status != DBW_OK)
		dbw_records_free(out);
	return leave(&own, status);
}
