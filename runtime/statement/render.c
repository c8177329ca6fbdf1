#include "render_group.h"
#include "render_key.h"
#include "render_page.h"
#include "render_writer.h"

#include <statement/render.h>

#include <string.h>

/* What follows the first FROM of `SELECT <columns> FROM <table>` that is not part of a quoted name. */
const char *dbw__table_text(const dbw_model *model, dbw_engine engine)
{
	static const char from[] = " FROM ";
	const char *at = model->select[engine];
	bool quoted = false;

	for (; *at != '\0'; at++) {
		if (*at == '"')
			quoted = !quoted;
		else if (!quoted && strncmp(at, from, sizeof from - 1) == 0)
			return at + sizeof from - 1;
	}
	return at;
}

/*
 * The values of a list that is one parameter on SQLite, as the driver codes it (dbw_value.kind DBW_VALUE_LIST): uuids in
 * a blob, 16 bytes each, all else in a JSON array.
 */
static void whole_list(struct writer *writer, const dbw_column *column)
{
	if (column->kind == DBW_KIND_UUID && (column->flags & DBW_COLUMN_TEXT_STORAGE) == 0) {
		text(writer,
			"WITH list(at_) AS (SELECT 1 UNION ALL SELECT at_ + 16 FROM list WHERE at_ + 16 < length(");
		parameter(writer);
		text(writer, ")) SELECT substr(");
		same_parameter(writer);
		text(writer, ", at_, 16) FROM list");
	} else {
		text(writer, "SELECT value FROM json_each(");
		parameter(writer);
		text(writer, ")");
	}
}

static void list(struct writer *writer, const dbw__key_item *item)
{
	const bool negated = item->what == DBW_OPERATOR_NOT_IN;

	if (item->list == DBW__LIST_EMPTY && !negated) {
		text(writer, "1 = 0");
		return;
	}
	column_name(writer, item->column);
	if (item->list == DBW__LIST_EMPTY) {
		text(writer, " IS NOT NULL");
		return;
	}
	if (writer->engine == DBW_POSTGRESQL) {
		text(writer, negated ? " <> ALL(" : " = ANY(");
		parameter(writer);
	} else if (item->list == DBW__LIST_WHOLE) {
		text(writer, negated ? " NOT IN (" : " IN (");
		whole_list(writer, &writer->model->columns[item->column]);
	} else {
		text(writer, negated ? " NOT IN (" : " IN (");
		for (uint32_t i = 0; i < (uint32_t)1 << item->list; i++) {
			if (i != 0)
				text(writer, ", ");
			parameter(writer);
		}
	}
	text(writer, ")");
}

static void pattern(struct writer *writer, const dbw__key_item *item)
{
	const bool fold = item->what == DBW_OPERATOR_ILIKE;

	if (fold)
		text(writer, "lower(");
	column_name(writer, item->column);
	/* Without a collation PostgreSQL folds by the locale; SQLite folds A-Z alone. */
	if (fold)
		text(writer, writer->engine == DBW_POSTGRESQL ? " COLLATE \"C\")" : ")");
	text(writer, writer->engine == DBW_POSTGRESQL ? " LIKE " : " GLOB ");
	parameter(writer);
}

static void comparison(struct writer *writer, const dbw__key_item *item)
{
	static const char *const symbols[] = {
		[DBW_OPERATOR_EQ] = " = ",
		[DBW_OPERATOR_NE] = " <> ",
		[DBW_OPERATOR_LT] = " < ",
		[DBW_OPERATOR_LE] = " <= ",
		[DBW_OPERATOR_GT] = " > ",
		[DBW_OPERATOR_GE] = " >= ",
		[DBW_OPERATOR_BETWEEN] = " BETWEEN ",
		[DBW_OPERATOR_FROM_UNTIL] = " >= ",
	};

	switch (item->what) {
	case DBW_OPERATOR_IN:
	case DBW_OPERATOR_NOT_IN: list(writer, item); return;
	case DBW_OPERATOR_LIKE:
	case DBW_OPERATOR_ILIKE: pattern(writer, item); return;
	default: break;
	}
	column_name(writer, item->column);
	text(writer, symbols[item->what]);
	parameter(writer);
	if (item->what == DBW_OPERATOR_BETWEEN) {
		text(writer, " AND ");
		parameter(writer);
	} else if (item->what == DBW_OPERATOR_FROM_UNTIL) {
		text(writer, " AND ");
		column_name(writer, item->column);
		text(writer, " < ");
		parameter(writer);
	}
}

static void null_test(struct writer *writer, const dbw__key_item *item)
{
	column_name(writer, item->column);
	text(writer, item->what == DBW__ITEM_NULL + DBW_IS_NULL ? " IS NULL" : " IS NOT NULL");
}

/*
 * A part of a group. `before` is what stands before the next condition, empty where a filter begins; what it is from here
 * on is returned.
 */
static const char *group(struct writer *writer, const char *items, size_t place, const char *before)
{
	const unsigned what = item_at(items, place).what;

	if (what == DBW__GROUP_BEGIN || what == DBW__GROUP_NEVER)
		text(writer, before);
	else if (before[0] == '\0')
		text(writer, "1 = 1"); /* An empty filter ends. */
	switch (what) {
	case DBW__GROUP_NEVER: text(writer, "1 = 0"); return " AND ";
	case DBW__GROUP_BEGIN:
		text(writer, "(");
		writer->depth++;
		break;
	case DBW__GROUP_OR: text(writer, writer->wrapped[writer->depth] ? ") OR " : " OR "); break;
	default:
		text(writer, writer->wrapped[writer->depth--] ? "))" : ")");
		if (what == DBW__GROUP_END_NONE)
			text(writer, " IS NOT TRUE");
		return " AND ";
	}
	writer->wrapped[writer->depth] = dbw__group_has_parts(items, place + 1);
	if (writer->wrapped[writer->depth])
		text(writer, "(");
	return "";
}

/* Limit, offset or lock; whether the statement has a limit from here on. */
static bool ending(struct writer *writer, const dbw__key_item *item, bool limited)
{
	switch (item->what) {
	case DBW__ITEM_ONE: text(writer, " LIMIT 1"); return true;
	case DBW__ITEM_LIMIT:
		text(writer, " LIMIT ");
		parameter(writer);
		return true;
	case DBW__ITEM_LOCK + DBW_FOR_UPDATE: text(writer, " FOR UPDATE"); return limited;
	case DBW__ITEM_LOCK + DBW_FOR_UPDATE_SKIP_LOCKED:
		text(writer, " FOR UPDATE SKIP LOCKED");
		return limited;
	case DBW__ITEM_LOCK + DBW_FOR_UPDATE_NO_WAIT: text(writer, " FOR UPDATE NOWAIT"); return limited;
	default:
		/* SQLite has OFFSET only behind a LIMIT; -1 is none (manual, "SELECT", section 5). */
		if (!limited && writer->engine == DBW_SQLITE)
			text(writer, " LIMIT -1");
		text(writer, " OFFSET ");
		parameter(writer);
		return limited;
	}
}

void dbw__write_query(struct writer *writer, const char *items, size_t count)
{
	const char *where = " WHERE ";
	const char *order_by = " ORDER BY ";
	bool limited = false;

	for (size_t i = 0; i < count; i++) {
		const dbw__key_item item = item_at(items, i);

		switch (item.what & DBW__ITEM_CLASS) {
		case DBW__ITEM_COMPARE:
		case DBW__ITEM_NULL:
			text(writer, where);
			where = " AND ";
			if ((item.what & DBW__ITEM_CLASS) == DBW__ITEM_NULL)
				null_test(writer, &item);
			else
				comparison(writer, &item);
			break;
		case DBW__ITEM_ORDER:
			text(writer, order_by);
			order_by = ", ";
			order(writer, &item);
			break;
		case DBW__ITEM_GROUP: where = group(writer, items, i, where); break;
		default: limited = ending(writer, &item, limited); break;
		}
	}
}

/* Without any it is the model's own choice. */
size_t dbw__write_select(struct writer *writer, const char *items, size_t count)
{
	const dbw_model *model = writer->model;
	size_t end = count;

	while (end > 0 && item_at(items, end - 1).what == DBW__ITEM_COLUMN)
		end--;
	for (size_t i = end; i < count; i++) {
		text(writer, i == end ? "SELECT " : ", ");
		column_name(writer, item_at(items, i).column);
	}
	if (end == count) {
		text(writer, model->select[writer->engine]);
	} else {
		text(writer, " FROM ");
		text(writer, dbw__table_text(model, writer->engine));
	}
	return end;
}

static void insert(struct writer *writer, const char *items, size_t count)
{
	const dbw_model *model = writer->model;
	bool makes_id = model->id >= 0;

	text(writer, "INSERT INTO ");
	text(writer, dbw__table_text(model, writer->engine));
	for (size_t i = 0; i < count; i++) {
		text(writer, i == 0 ? " (" : ", ");
		column_name(writer, item_at(items, i).column);
		makes_id = makes_id && item_at(items, i).column != model->id;
	}
	for (size_t i = 0; i < count; i++) {
		text(writer, i == 0 ? ") VALUES (" : ", ");
		parameter(writer);
	}
	text(writer, count == 0 ? " DEFAULT VALUES" : ")");
	if (makes_id && writer->engine == DBW_POSTGRESQL) {
		text(writer, " RETURNING ");
		column_name(writer, (uint16_t)model->id);
	}
}

/* What a list of the column's values is on PostgreSQL. What the database makes of its items is the column's own type. */
static const char *array_type(uint8_t kind)
{
	static const char *const types[] = {
		[DBW_KIND_BOOL] = "boolean[]",
		[DBW_KIND_INT16] = "smallint[]",
		[DBW_KIND_INT32] = "integer[]",
		[DBW_KIND_INT64] = "bigint[]",
		[DBW_KIND_FLOAT32] = "real[]",
		[DBW_KIND_FLOAT64] = "double precision[]",
		[DBW_KIND_DECIMAL] = "numeric[]",
		[DBW_KIND_TEXT] = "text[]",
		[DBW_KIND_BYTES] = "bytea[]",
		[DBW_KIND_TIMESTAMP] = "timestamptz[]",
		[DBW_KIND_DATE] = "date[]",
		[DBW_KIND_TIME] = "time[]",
		[DBW_KIND_UUID] = "uuid[]",
		[DBW_KIND_JSON] = "jsonb[]",
		[DBW_KIND_ENUM] = "text[]",
	};

	return types[kind];
}

static void columns(struct writer *writer, const char *items, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		text(writer, i == 0 ? " (" : ", ");
		column_name(writer, item_at(items, i).column);
	}
	text(writer, ")");
}

/* The ids come as one array: as rows they would take the client longer than all that it sends. */
static void insert_arrays(struct writer *writer, const char *items, size_t count)
{
	const dbw_model *model = writer->model;

	text(writer, model->id >= 0 ? "WITH dbw_w AS (INSERT INTO " : "INSERT INTO ");
	text(writer, dbw__table_text(model, writer->engine));
	columns(writer, items, count);
	for (size_t i = 0; i < count; i++) {
		text(writer, i == 0 ? " SELECT * FROM unnest(" : ", ");
		parameter(writer);
		text(writer, "::");
		text(writer, array_type(model->columns[item_at(items, i).column].kind));
	}
	text(writer, ")");
	if (model->id >= 0) {
		text(writer, " RETURNING ");
		column_name(writer, (uint16_t)model->id);
		text(writer, ") SELECT pg_catalog.array_agg(");
		column_name(writer, (uint16_t)model->id);
		text(writer, "::pg_catalog.int8) FROM dbw_w");
	}
}

static void copy(struct writer *writer, const char *items, size_t count)
{
	text(writer, "COPY ");
	text(writer, dbw__table_text(writer->model, writer->engine));
	columns(writer, items, count);
	text(writer, " FROM STDIN (FORMAT binary)");
}

static void assignment(struct writer *writer, const char *before, uint16_t column, const char *between)
{
	text(writer, before);
	column_name(writer, column);
	text(writer, between);
	parameter(writer);
}

static void update(struct writer *writer, const char *items, size_t count)
{
	const dbw_model *model = writer->model;

	text(writer, "UPDATE ");
	text(writer, dbw__table_text(model, writer->engine));
	for (size_t i = 0; i < count; i++)
		assignment(writer, i == 0 ? " SET " : ", ", item_at(items, i).column, " = ");
	if (model->version >= 0)
		assignment(writer, ", ", (uint16_t)model->version, " = ");
	for (uint16_t i = 0; i < model->key_count; i++)
		assignment(writer, i == 0 ? " WHERE " : " AND ", model->key[i], " = ");
	if (model->version >= 0)
		assignment(writer, " AND ", (uint16_t)model->version, " = ");
}

/* The columns of an insert, with their parameters `rows` times. Gives how many items they are. */
static size_t insert_rows(struct writer *writer, const char *items, size_t count, size_t rows)
{
	size_t columns = 0;

	while (columns < count && item_at(items, columns).what == DBW__ITEM_COLUMN)
		columns++;
	text(writer, "INSERT INTO ");
	text(writer, dbw__table_text(writer->model, writer->engine));
	for (size_t i = 0; i < columns; i++) {
		text(writer, i == 0 ? " (" : ", ");
		column_name(writer, item_at(items, i).column);
	}
	for (size_t row = 0; row < rows; row++) {
		text(writer, row == 0 ? ") VALUES (" : ", (");
		for (size_t i = 0; i < columns; i++) {
			if (i != 0)
				text(writer, ", ");
			parameter(writer);
		}
		text(writer, ")");
	}
	return columns;
}

/* The column of the row that is there: in an upsert its bare name could be that of the new row, too. */
static void stored_column(struct writer *writer, uint16_t column, bool upserts)
{
	if (upserts) {
		identifier(writer, writer->model->table);
		text(writer, ".");
	}
	column_name(writer, column);
}

/*
 * A sum. SQLite's integers are as wide as they need to be: a sum that the column's type does not hold becomes a number
 * that a STRICT table refuses. Sums of 64 bits become such a number by themselves.
 */
static void sum(struct writer *writer, uint16_t column)
{
	const uint8_t kind = writer->model->columns[column].kind;
	const bool narrow = kind == DBW_KIND_INT16 || kind == DBW_KIND_INT32;

	if (writer->engine == DBW_SQLITE && narrow) {
		text(writer, "CASE WHEN ");
		column_name(writer, column);
		text(writer, " + ");
		parameter(writer);
		text(writer, kind == DBW_KIND_INT16 ? " NOT BETWEEN -32768 AND 32767"
						    : " NOT BETWEEN -2147483648 AND 2147483647");
		text(writer, " THEN 0.5 ELSE ");
		writer->parameters--;
	}
	column_name(writer, column);
	text(writer, " + ");
	parameter(writer);
	if (writer->engine == DBW_SQLITE && narrow)
		text(writer, " END");
}

/* What a row that is there becomes: the items from `first` on that set something. Gives the place of the next one. */
static size_t set_columns(struct writer *writer, const char *items, size_t first, size_t count,
	const char *before, bool upserts)
{
	for (; first < count; first++, before = ", ") {
		const dbw__key_item item = item_at(items, first);

		if (item.what < DBW__ITEM_EXCLUDED || item.what > DBW__ITEM_COUNT_UP)
			break;
		text(writer, before);
		column_name(writer, item.column);
		text(writer, " = ");
		switch (item.what) {
		case DBW__ITEM_EXCLUDED:
			text(writer, "excluded.");
			column_name(writer, item.column);
			break;
		case DBW__ITEM_SET: parameter(writer); break;
		case DBW__ITEM_ADD: sum(writer, item.column); break;
		case DBW__ITEM_SET_NULL: text(writer, "NULL"); break;
		default:
			stored_column(writer, item.column, upserts);
			text(writer, " + 1");
			break;
		}
	}
	return first;
}

static void upsert(struct writer *writer, const char *items, size_t count)
{
	const dbw_model *model = writer->model;
	size_t place = insert_rows(writer, items, count, 1);
	const char *before = " ON CONFLICT (";
	bool returns = false;

	for (; place < count && item_at(items, place).what == DBW__ITEM_CONFLICT; place++, before = ", ") {
		text(writer, before);
		column_name(writer, item_at(items, place).column);
	}
	text(writer, ")");
	if (place < count && item_at(items, place).what == DBW__ITEM_LIVING) {
		text(writer, " WHERE ");
		column_name(writer, (uint16_t)model->deleted_at);
		text(writer, " IS NULL");
		place++;
	}
	if (place == count)
		text(writer, " DO NOTHING");
	else
		place = set_columns(writer, items, place, count, " DO UPDATE SET ", true);
	for (size_t first = place; place < count; place++) {
		text(writer, place == first ? " RETURNING " : ", ");
		column_name(writer, item_at(items, place).column);
		returns = true;
	}
	if (!returns && model->id >= 0 && writer->engine == DBW_POSTGRESQL) {
		text(writer, " RETURNING ");
		column_name(writer, (uint16_t)model->id);
	}
}

static void update_where(struct writer *writer, const char *items, size_t count)
{
	size_t place;

	text(writer, "UPDATE ");
	text(writer, dbw__table_text(writer->model, writer->engine));
	place = set_columns(writer, items, 0, count, " SET ", false);
	dbw__write_query(writer, items + place * sizeof(dbw__key_item), count - place);
}

void dbw__request_render(const dbw__request *request, dbw_text_buffer *out)
{
	struct writer writer = { .out = out, .model = request->model, .engine = request->engine };
	const char *items = request->key.data + DBW__KEY_HEADER_SIZE;
	size_t count = (request->key.length - DBW__KEY_HEADER_SIZE) / sizeof(dbw__key_item);

	while (count > 0 && item_at(items, count - 1).what == DBW__ITEM_AGAIN)
		count--;
	switch ((dbw__request_kind)items[-1]) {
	case DBW__REQUEST_INSERT: insert(&writer, items, count); break;
	case DBW__REQUEST_UPDATE: update(&writer, items, count); break;
	case DBW__REQUEST_INSERT_MANY:
		insert_rows(&writer, items + sizeof(dbw__key_item), count - 1, item_at(items, 0).column);
		break;
	case DBW__REQUEST_INSERT_ARRAYS: insert_arrays(&writer, items, count); break;
	case DBW__REQUEST_COPY: copy(&writer, items, count); break;
	case DBW__REQUEST_UPSERT: upsert(&writer, items, count); break;
	case DBW__REQUEST_UPDATE_WHERE: update_where(&writer, items, count); break;
	case DBW__REQUEST_DELETE_WHERE:
		text(&writer, "DELETE FROM ");
		text(&writer, dbw__table_text(request->model, request->engine));
		dbw__write_query(&writer, items, count);
		break;
	case DBW__REQUEST_FIND:
	case DBW__REQUEST_FIND_ONE:
		dbw__write_query(&writer, items, dbw__write_select(&writer, items, count));
		break;
	case DBW__REQUEST_PAGE: dbw__write_page(&writer, items, count); break;
	case DBW__REQUEST_COUNT:
		text(&writer, "SELECT count(*) FROM ");
		text(&writer, dbw__table_text(request->model, request->engine));
		dbw__write_query(&writer, items, count);
		break;
	case DBW__REQUEST_EXISTS:
		text(&writer, "SELECT 1 FROM ");
		text(&writer, dbw__table_text(request->model, request->engine));
		dbw__write_query(&writer, items, count);
		text(&writer, " LIMIT 1");
		break;
	}
}

dbw_status dbw__render_query(const dbw_model *model, dbw_engine engine, dbw__request_kind kind,
	const void *query_struct, dbw_text_buffer *out, dbw_error *error)
{
	dbw_arena *scratch = dbw_arena_new(0);
	dbw__request request;
	dbw_status status;

	if (scratch == NULL)
		return dbw__fail(error, DBW_OUT_OF_MEMORY, "out of memory");
	dbw__request_init(&request, model, engine, kind, scratch);
	status = dbw__request_query(&request, query_struct, error);
	if (status == DBW_OK) {
		dbw__request_render(&request, out);
		if (out->failed)
			status = dbw__fail(error, DBW_OUT_OF_MEMORY, "out of memory");
	}
	dbw__request_clear(&request);
	dbw_arena_free(scratch);
	return status;
}
