#include "render_group.h"
#include "render_key.h"

#include <statement/render.h>

#include <string.h>

/* A text under construction: how many parameters and conditions it has so far. */
struct writer {
	dbw_text_buffer *out;
	const dbw_model *model;
	dbw_engine engine;
	unsigned parameters;
	unsigned depth;                    /* Groups that are open, ... */
	bool wrapped[DBW_GROUP_DEPTH + 1]; /* ... and whether the present member of each is in parentheses. */
};

static void text(struct writer *writer, const char *piece)
{
	dbw_text_append_z(writer->out, piece);
}

static void identifier(struct writer *writer, const char *name)
{
	dbw_text_append_char(writer->out, '"');
	for (; *name != '\0'; name++) {
		if (*name == '"')
			dbw_text_append_char(writer->out, '"');
		dbw_text_append_char(writer->out, *name);
	}
	dbw_text_append_char(writer->out, '"');
}

static void column_name(struct writer *writer, uint16_t number)
{
	identifier(writer, writer->model->columns[number].name);
}

/* The last parameter, ?1 in SQLite and $1 in PostgreSQL. */
static void same_parameter(struct writer *writer)
{
	char digits[10];
	size_t start = sizeof digits;
	unsigned number = writer->parameters;

	do {
		digits[--start] = (char)('0' + number % 10);
		number /= 10;
	} while (number != 0);
	dbw_text_append_char(writer->out, writer->engine == DBW_SQLITE ? '?' : '$');
	dbw_text_append(writer->out, digits + start, sizeof digits - start);
}

static void parameter(struct writer *writer)
{
	writer->parameters++;
	same_parameter(writer);
}

/*
 * The table as the model's own SQL spells it, with a PostgreSQL schema where it has one: what follows the first FROM
 * of `SELECT <columns> FROM <table>` that is not part of a quoted name.
 */
static const char *table_text(const dbw_model *model, dbw_engine engine)
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

/* NULLs stand where SQLite puts them by itself; PostgreSQL has to be told. A column without NULLs needs no word. */
static void order(struct writer *writer, const dbw__key_item *item)
{
	const bool nullable = (writer->model->columns[item->column].flags & DBW_COLUMN_NULLABLE) != 0;

	column_name(writer, item->column);
	if (item->what == DBW__ITEM_ORDER + DBW_ASC)
		text(writer, nullable ? " ASC NULLS FIRST" : " ASC");
	else
		text(writer, nullable ? " DESC NULLS LAST" : " DESC");
}

/* Items in a key need not be aligned. */
static dbw__key_item item_at(const char *items, size_t place)
{
	dbw__key_item item;

	memcpy(&item, items + place * sizeof item, sizeof item);
	return item;
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

static void query(struct writer *writer, const char *items, size_t count)
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
		default:
			if (item.what == DBW__ITEM_LIMIT) {
				text(writer, " LIMIT ");
				limited = true;
			} else {
				/* SQLite has OFFSET only behind a LIMIT; -1 is none (manual, "SELECT", section 5). */
				if (!limited && writer->engine == DBW_SQLITE)
					text(writer, " LIMIT -1");
				text(writer, " OFFSET ");
			}
			parameter(writer);
			break;
		}
	}
}

static void insert(struct writer *writer, const char *items, size_t count)
{
	const dbw_model *model = writer->model;

	text(writer, "INSERT INTO ");
	text(writer, table_text(model, writer->engine));
	for (size_t i = 0; i < count; i++) {
		text(writer, i == 0 ? " (" : ", ");
		column_name(writer, item_at(items, i).column);
	}
	for (size_t i = 0; i < count; i++) {
		text(writer, i == 0 ? ") VALUES (" : ", ");
		parameter(writer);
	}
	text(writer, count == 0 ? " DEFAULT VALUES" : ")");
	if (model->id >= 0 && writer->engine == DBW_POSTGRESQL) {
		text(writer, " RETURNING ");
		column_name(writer, (uint16_t)model->id);
	}
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
	text(writer, table_text(model, writer->engine));
	for (size_t i = 0; i < count; i++)
		assignment(writer, i == 0 ? " SET " : ", ", item_at(items, i).column, " = ");
	if (model->version >= 0)
		assignment(writer, ", ", (uint16_t)model->version, " = ");
	for (uint16_t i = 0; i < model->key_count; i++)
		assignment(writer, i == 0 ? " WHERE " : " AND ", model->key[i], " = ");
	if (model->version >= 0)
		assignment(writer, " AND ", (uint16_t)model->version, " = ");
}

void dbw__request_render(const dbw__request *request, dbw_text_buffer *out)
{
	struct writer writer = { .out = out, .model = request->model, .engine = request->engine };
	const char *items = request->key.data + DBW__KEY_HEADER_SIZE;
	const size_t count = (request->key.length - DBW__KEY_HEADER_SIZE) / sizeof(dbw__key_item);

	switch ((dbw__request_kind)items[-1]) {
	case DBW__REQUEST_INSERT: insert(&writer, items, count); break;
	case DBW__REQUEST_UPDATE: update(&writer, items, count); break;
	case DBW__REQUEST_FIND:
		text(&writer, request->model->select[request->engine]);
		query(&writer, items, count);
		break;
	case DBW__REQUEST_COUNT:
		text(&writer, "SELECT count(*) FROM ");
		text(&writer, table_text(request->model, request->engine));
		query(&writer, items, count);
		break;
	case DBW__REQUEST_EXISTS:
		text(&writer, "SELECT 1 FROM ");
		text(&writer, table_text(request->model, request->engine));
		query(&writer, items, count);
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
