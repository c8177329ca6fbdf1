/* The view of one model: what c/model.h is filled with, and what the source says of the model besides its tables. */
#include "view_model.h"

#include "c_text.h"
#include "statements.h"

#include <string.h>

enum { WIDTH = 110, TAB = 8 };

/* What is in the buffer, in the arena; the buffer is emptied. */
static const char *keep(ir__view_maker *maker, dbw_text_buffer *text)
{
	const char *copy = text->failed ? NULL : dbw_arena_copy(maker->arena, text->data, text->length);

	if (copy == NULL)
		maker->failed = true;
	dbw_text_truncate(text, 0);
	return copy == NULL ? "" : copy;
}

void ir__view_take(ir__view_maker *maker, ir__view *object, const char *key, dbw_text_buffer *text)
{
	ir__view_set_text(maker, object, key, keep(maker, text));
}

/* So many blanks. */
static void set_padding(ir__view_maker *maker, ir__view *object, size_t count)
{
	char *blanks = dbw_arena_alloc_bytes(maker->arena, count + 1);

	if (blanks == NULL) {
		maker->failed = true;
		return;
	}
	memset(blanks, ' ', count);
	blanks[count] = '\0';
	ir__view_set_text(maker, object, "padding", blanks);
}

/* A line of code with a comment behind it, as far as there is one. */
typedef struct line {
	const char *code;
	const char *doc;
	size_t length; /* of the code */
	size_t behind; /* of the comment, as it stands behind the code; 0 where it cannot */
} line;

static line line_of(const char *code, const char *doc)
{
	const bool stands_behind = doc[0] != '\0' && strchr(doc, '\n') == NULL;

	return (line){ code, doc, strlen(code), stands_behind ? strlen(" /**<  */") + strlen(doc) : 0 };
}

/* The lines in an arena, as long as lists of fields and constraints. */
static line *new_lines(ir__view_maker *maker, size_t count)
{
	line *lines = dbw_arena_alloc_zeroed(maker->arena, count + 1, sizeof *lines);

	if (lines == NULL)
		maker->failed = true;
	return lines;
}

/* Whether the line's comment fits behind its code, if that is padded to `column`. */
static bool fits_behind(const line *one, size_t column, size_t indent)
{
	return one->behind != 0 && one->length <= column && indent + column + one->behind <= WIDTH;
}

/* Whether the line's comment has to stand above it. */
static bool stands_above(const line *one, size_t indent)
{
	return one->doc[0] != '\0' && !fits_behind(one, one->length, indent);
}

/* The column where most comments fit behind their lines; of several, the nearest. */
static size_t column_of(const line *lines, size_t count, size_t indent)
{
	size_t best = 0, most = 0;

	for (size_t column = 0; column < WIDTH; column++) {
		size_t fitting = 0;

		for (size_t i = 0; i < count; i++)
			fitting += fits_behind(&lines[i], column, indent) ? 1 : 0;
		if (fitting > most) {
			most = fitting;
			best = column;
		}
	}
	return best;
}

/*
 * Sets out lines with their comments behind them, those of lines in a row in one column; one that does not fit there stands
 * above its line; with `alike`, all do where one has to. `indent` is how far the code is in.
 */
static void view_lines(
	ir__view_maker *maker, ir__view *list, const line *lines, size_t count, size_t indent, bool alike)
{
	size_t column = 0, end = 0;

	if (alike) {
		end = count;
		column = column_of(lines, count, indent);
	}
	for (size_t i = 0; alike && i < count; i++)
		if (!fits_behind(&lines[i], column, indent))
			column = 0;
	for (size_t i = 0; i < count; i++) {
		const line *one = &lines[i];
		ir__view *view = ir__view_add_object(maker, list);

		if (i == end) {
			while (end < count && !stands_above(&lines[end], indent))
				end++;
			column = column_of(one, end - i, indent);
			end += end == i ? 1 : 0;
		}
		bool behind = fits_behind(one, column, indent);
		ir__view_set_text(maker, view, "code", one->code);
		ir__view_set_text(maker, view, "doc", behind ? one->doc : "");
		ir__view_set_text(maker, view, "above", behind ? "" : one->doc);
		set_padding(maker, view, behind ? column - one->length : 0);
	}
}

static bool loads_on_demand(const ir_model *model)
{
	for (size_t i = 0; i < model->field_count; i++)
		if (model->fields[i]->on_demand)
			return true;
	return false;
}

/* The members of the query. */
static void view_query(ir__view_maker *maker, ir__view *view, const ir_model *model, dbw_text_buffer *text)
{
	line lines[7] = { 0 };
	size_t count = 0;

	dbw_text_printf(text, "%s_filter where;", model->c_name);
	lines[count++] = line_of(keep(maker, text), "");
	dbw_text_printf(text, "%s_order order_by[DBW_ORDER_MAX];", model->c_name);
	lines[count++] = line_of(keep(maker, text), "The first decides; among equals, the next.");
	lines[count++] = line_of("int64_t limit;", "At most so many rows; 0 is no limit.");
	lines[count++] = line_of("int64_t offset;", "So many rows are skipped first.");
	if (model->deleted_at != NULL)
		lines[count++] = line_of(
			"dbw_deleted deleted_;", "Deleted rows are left out unless this asks for them.");
	if (!model->read_only)
		lines[count++] = line_of("dbw_lock lock_;", "Locks the rows; see dbwright/filter.h.");
	dbw_text_printf(text, "%s_columns columns;", model->c_name);
	lines[count++] = line_of(keep(maker, text),
		loads_on_demand(model)
			? "What is read besides the key; none is all but what is loaded on demand."
			: "What is read besides the key; none is all.");
	view_lines(maker, ir__view_set_list(maker, view, "query"), lines, count, TAB, false);
}

static void view_enum(ir__view_maker *maker, ir__view *list, const ir_field *field, dbw_text_buffer *text)
{
	ir__view *view = ir__view_add_object(maker, list);
	line *lines = new_lines(maker, field->value_count);

	if (lines == NULL)
		return;
	ir__view_set_text(maker, view, "type", field->enum_c_type);
	ir__view_set_text(maker, view, "field", field->c_name);
	ir__view_set_bool(maker, view, "nullable", field->nullable);
	ir__view_printf(maker, view, "count", "%zu", field->value_count);
	ir__view *stored = ir__view_set_list(maker, view, "stored");
	for (size_t i = 0; i < field->value_count; i++) {
		const ir_enum_value *value = &field->values[i];

		dbw_text_printf(
			text, "%s = %zu%s", value->c_name, i + 1, i + 1 < field->value_count ? "," : "");
		const char *code = keep(maker, text);
		ir__c_shown(text, value->word.text, strlen(value->word.text));
		if (value->comment != NULL) {
			dbw_text_append_z(text, ": ");
			ir__append_sentence(text, value->comment);
		}
		lines[i] = line_of(code, keep(maker, text));
		ir__view_add_text(maker, stored, value->word.text);
	}
	view_lines(maker, ir__view_set_list(maker, view, "values"), lines, field->value_count, TAB, false);
}

static void view_members(ir__view_maker *maker, ir__view *view, const ir_model *model, dbw_text_buffer *text)
{
	line *lines = new_lines(maker, model->field_count + 1);

	if (lines == NULL)
		return;
	for (size_t i = 0; i < model->field_count; i++) {
		dbw_text_printf(
			text, "%s%s;", ir__c_type(maker, model->fields[i], false), model->fields[i]->c_name);
		const char *code = keep(maker, text);
		ir__field_doc(text, model->fields[i]);
		lines[i] = line_of(code, keep(maker, text));
	}
	lines[model->field_count] = line_of("dbw_row row_;", "The runtime's: where the row comes from.");
	view_lines(
		maker, ir__view_set_list(maker, view, "members"), lines, model->field_count + 1, TAB, false);
	ir__view *init = ir__view_set_list(maker, view, "init");
	bool uses_nan = false;
	for (size_t i = 0; i < model->field_count; i++) {
		ir__field_init(text, model->fields[i]);
		uses_nan = uses_nan || strstr(text->data, "DBW_FLOAT_UNSET") != NULL;
		if (text->length > 0)
			ir__view_add_text(maker, init, keep(maker, text));
	}
	ir__view_set_bool(maker, view, "uses_nan", uses_nan);
}

/* The names of the fields that pass a test, as `pattern` with a separator between them. */
static void view_names(ir__view_maker *maker, ir__view *view, const char *key, const ir_model *model,
	bool (*test)(const ir_field *), const char *before, const char *behind, dbw_text_buffer *text)
{
	for (size_t i = 0; i < model->field_count; i++)
		if (test(model->fields[i]))
			dbw_text_printf(text, "%s%s%s%s", text->length == 0 ? "" : ", ", before,
				model->fields[i]->c_name, behind);
	ir__view_take(maker, view, key, text);
}

static bool any_field(const ir_field *field)
{
	(void)field;
	return true;
}

static bool is_nullable(const ir_field *field)
{
	return field->nullable;
}

/* The fields that are loaded on demand, in words. */
static void view_on_demand(
	ir__view_maker *maker, ir__view *view, const ir_model *model, dbw_text_buffer *text)
{
	size_t left = 0, count = 0;

	for (size_t i = 0; i < model->field_count; i++)
		left += model->fields[i]->on_demand ? 1 : 0;
	ir__view_set_bool(maker, view, "one_on_demand", left == 1);
	for (size_t i = 0; i < model->field_count; i++)
		if (model->fields[i]->on_demand)
			dbw_text_printf(text, "%s%s",
				count++ == 0  ? ""
				: --left == 1 ? " and "
					      : ", ",
				model->fields[i]->c_name);
	ir__view_take(maker, view, "on_demand", text);
}

static void view_filter(ir__view_maker *maker, ir__view *view, const ir_model *model, dbw_text_buffer *text)
{
	ir__view *filters = ir__view_set_list(maker, view, "filters");

	for (size_t i = 0; i < model->field_count; i++) {
		const ir_field *field = model->fields[i];

		if (!ir__has_filter(field))
			continue;
		ir__view *filter = ir__view_add_object(maker, filters);
		ir__view_set_text(maker, filter, "name", field->c_name);
		if (field->type == IR_ENUM)
			ir__view_printf(maker, filter, "type", "%s_filter", field->enum_c_type);
		else
			ir__view_set_text(maker, filter, "type", ir_type_of(field->type)->filter);
	}
	const ir_field *example = NULL;
	for (size_t i = 0; i < model->field_count && example == NULL; i++)
		example = ir__is_writable(model->fields[i]) ? model->fields[i] : NULL;
	ir__view_set_bool(maker, view, "update", ir__has_writable(model) && !model->read_only);
	if (example == NULL)
		example = model->fields[0];
	ir__view_set_text(maker, view, "example", example->c_name);
	view_names(maker, view, "nulls", model, is_nullable, "", "", text);
	view_names(maker, view, "orders", model, ir__has_order, "", "", text);
	view_names(maker, view, "columns", model, any_field, "", " : 1", text);
	view_on_demand(maker, view, model, text);
	view_names(maker, view, "every", model, any_field, ".", " = true", text);
	view_names(maker, view, "writable", model, ir__is_writable, ".", " = true", text);
}

static void append_fields(dbw_text_buffer *text, ir_field *const *fields, size_t count)
{
	for (size_t i = 0; i < count; i++)
		ir__append_listed(text, fields[i]->c_name, i, count);
}

/* SQL as people read it: {dec 10.50} is 10.50. */
static void append_sql(dbw_text_buffer *text, const char *sql)
{
	static const char brace[] = "{dec ";

	while (sql != NULL && *sql != '\0') {
		const char *open = strstr(sql, brace), *close = open != NULL ? strchr(open, '}') : NULL;

		if (close == NULL) {
			dbw_text_append_z(text, sql);
			return;
		}
		dbw_text_append(text, sql, (size_t)(open - sql));
		open += strlen(brace);
		dbw_text_append(text, open, (size_t)(close - open));
		sql = close + 1;
	}
}

/* The fragment that an engine gets, as it is declared; NULL for an engine that the schema does not have. */
static const char *fragment_of(const ir_fragment *fragment, const ir_schema *schema, dbw_engine engine)
{
	if (!schema->engines[engine])
		return NULL;
	return fragment->only[engine] != NULL ? fragment->only[engine] : fragment->text;
}

/* What engines get; where that is not the same, each with its name. */
static void append_fragment(dbw_text_buffer *text, const ir_fragment *fragment, const ir_schema *schema)
{
	const char *sqlite = fragment_of(fragment, schema, DBW_SQLITE);
	const char *postgresql = fragment_of(fragment, schema, DBW_POSTGRESQL);

	append_sql(text, sqlite != NULL ? sqlite : postgresql);
	if (sqlite == NULL || postgresql == NULL || strcmp(sqlite, postgresql) == 0)
		return;
	dbw_text_append_z(text, " on SQLite, ");
	append_sql(text, postgresql);
	dbw_text_append_z(text, " on PostgreSQL");
}

static void append_index_fields(dbw_text_buffer *text, const ir_index *index)
{
	for (size_t i = 0; i < index->part_count; i++) {
		const ir_index_part *part = &index->parts[i];

		ir__append_listed(text, part->field != NULL ? part->field->c_name : "", i, index->part_count);
		if (part->field == NULL)
			append_fragment(text, &part->expression, index->model->schema);
	}
}

static const char *action_words(ir_action action)
{
	switch (action) {
	case IR_CASCADE: return "goes with it";
	case IR_SET_NULL: return "is set to NULL with it";
	case IR_SET_DEFAULT: return "is set to its default with it";
	case IR_RESTRICT:
	case IR_NO_ACTION: break;
	}
	return NULL;
}

static void append_constraint_doc(
	dbw_text_buffer *text, const ir_model *model, const ir_constraint *constraint)
{
	const ir_relation *relation = constraint->relation;

	switch (constraint->kind) {
	case IR_PRIMARY_KEY:
	case IR_UNIQUE:
		append_index_fields(text, constraint->index);
		dbw_text_append_z(
			text, constraint->index->part_count == 1 ? " is unique" : " together are unique");
		if (constraint->kind == IR_UNIQUE && constraint->index->only_live)
			dbw_text_append_z(text, " among rows that are not deleted");
		else if (constraint->kind == IR_UNIQUE && constraint->index->where.text != NULL) {
			dbw_text_append_z(text, " where ");
			append_fragment(text, &constraint->index->where, model->schema);
		}
		break;
	case IR_FOREIGN:
		append_fields(text, relation->fields, relation->field_count);
		dbw_text_printf(text, " refer%s to %s", relation->field_count == 1 ? "s" : "",
			relation->target->c_name);
		if (action_words(relation->on_delete) != NULL)
			dbw_text_printf(text, " and %s", action_words(relation->on_delete));
		break;
	case IR_CHECK: append_fragment(text, &constraint->check->expression, model->schema); break;
	}
	if (constraint->message != NULL) {
		dbw_text_append_z(text, ": ");
		ir__c_shown(text, constraint->message, strlen(constraint->message));
	} else {
		dbw_text_append_char(text, '.');
	}
}

static void view_constraints(
	ir__view_maker *maker, ir__view *view, const ir_model *model, dbw_text_buffer *text)
{
	line *lines = new_lines(maker, model->constraint_count);
	bool refers = false;

	if (lines == NULL)
		return;
	for (size_t i = 0; i < model->constraint_count; i++) {
		dbw_text_printf(text, "extern const dbw_constraint %s[1];", model->constraints[i]->c_name);
		const char *code = keep(maker, text);
		append_constraint_doc(text, model, model->constraints[i]);
		lines[i] = line_of(code, keep(maker, text));
		refers = refers || model->constraints[i]->kind == IR_FOREIGN;
	}
	ir__view_set_bool(maker, view, "refers", refers);
	view_lines(maker, ir__view_set_list(maker, view, "constraints"), lines, model->constraint_count, 0,
		true);
}

/* A parameter's name: the column's, unless that hides another parameter or a type. */
static const ir__view *view_parameters(ir__view_maker *maker, ir__view *view, const ir_field *const *fields,
	size_t count, const ir__facts *facts)
{
	ir__view *list = ir__view_set_list(maker, view, "parameters");

	for (size_t i = 0; i < count; i++) {
		const char *name = fields[i]->c_name;
		bool hides = strcmp(name, "r") == 0 || strcmp(name, "s") == 0 || strcmp(name, "out") == 0 ||
			     ir__is_type_name(facts, name);
		ir__view *parameter = ir__view_add_object(maker, list);

		ir__view_set_text(maker, parameter, "type", ir__c_type(maker, fields[i], true));
		ir__view_printf(maker, parameter, "name", hides ? "%s_value" : "%s", name);
	}
	return list;
}

/* A text of an object; "" where memory was short. */
static const char *text_of(const ir__view *object, const char *key)
{
	size_t length = strlen(key);
	const ir__view *text = ir__view_member_of(object, key, length, ir__view_hash(key, length));

	return text == NULL ? "" : text->text;
}

/*
 * A function that takes a key: "dbw_status user_find_by_email(auth_reader r, const char *email, user **out)". `by` is
 * "find_by_email"; `out` is NULL or what the function gives, with its star.
 */
static void view_prototype(ir__view_maker *maker, ir__view *view, const char *key, const ir_model *model,
	const char *by, const ir__view *parameters, const char *out, dbw_text_buffer *text)
{
	const char *schema = model->schema->name.text;

	dbw_text_printf(text, out == NULL ? "dbw_status %s_%s(%s_session s" : "dbw_status %s_%s(%s_reader r",
		model->c_name, by, schema);
	for (const ir__view_member *p = parameters == NULL ? NULL : parameters->first; p != NULL; p = p->next)
		dbw_text_printf(text, ", %s%s", text_of(p->value, "type"), text_of(p->value, "name"));
	if (out != NULL)
		dbw_text_printf(text, ", %s%sout", model->c_name, out);
	dbw_text_append_char(text, ')');
	ir__view_take(maker, view, key, text);
}

bool ir__has_text(const ir_field *field)
{
	return field->type == IR_STRING || field->type == IR_TEXT || field->type == IR_JSON ||
	       field->type == IR_BYTES;
}

/* Whether an argument may hold what no row has. */
static bool may_be_invalid(const ir_field *field)
{
	return field->type != IR_ID && field->type != IR_BOOL && field->type != IR_INT16 &&
	       field->type != IR_INT32 && field->type != IR_INT64;
}

/* Which arguments a function by this key refuses. */
static void view_refusals(ir__view_maker *maker, ir__view *view, const ir_field *const *fields, size_t count)
{
	bool invalid = false, null = false;

	for (size_t i = 0; i < count; i++) {
		invalid = invalid || may_be_invalid(fields[i]);
		null = null || ir__has_text(fields[i]);
	}
	ir__view_set_bool(maker, view, "checked", invalid);
	ir__view_set_bool(maker, view, "pointed", null);
}

static void view_finder(ir__view_maker *maker, ir__view *list, const ir_model *model, const ir_index *index,
	const ir__facts *facts, dbw_text_buffer *text)
{
	ir__view *view = ir__view_add_object(maker, list);
	const ir_field **fields = dbw_arena_alloc_zeroed(maker->arena, index->part_count + 1, sizeof *fields);
	bool one = index->unique || index->primary;
	const char *by = dbw_arena_printf(maker->arena, "%s_by_%s", one ? "find" : "list", index->finder);

	if (fields == NULL || by == NULL) {
		maker->failed = true;
		return;
	}
	for (size_t i = 0; i < index->part_count; i++)
		fields[i] = index->parts[i].field;
	ir__view_set_text(maker, view, "verb", one ? "find" : "list");
	ir__view_printf(
		maker, view, "slot", index->primary ? "DBW_STATEMENT_FIND" : "%s__%s", model->c_upper, by);
	ir__view_set_bool(maker, view, "one", one);
	append_index_fields(text, index);
	ir__view_take(maker, view, "words", text);
	view_refusals(maker, view, fields, index->part_count);
	const ir__view *parameters = view_parameters(maker, view, fields, index->part_count, facts);
	view_prototype(maker, view, "prototype", model, by, parameters, one ? " **" : "_list *", text);
}

/* The functions that delete by key. */
static void view_delete(ir__view_maker *maker, ir__view *view, const ir_model *model, const ir__facts *facts,
	dbw_text_buffer *text)
{
	const char *key = model->indexes[0]->finder;
	const ir__view *parameters =
		view_parameters(maker, view, (const ir_field *const *)model->key, model->key_count, facts);
	const char *delete_by = dbw_arena_printf(maker->arena, "delete_by_%s", key);
	const char *purge_by = dbw_arena_printf(maker->arena, "purge_by_%s", key);

	if (delete_by == NULL || purge_by == NULL) {
		maker->failed = true;
		return;
	}
	view_prototype(maker, view, "delete_prototype", model, delete_by, parameters, NULL, text);
	view_prototype(maker, view, "purge_prototype", model, purge_by, parameters, NULL, text);
	view_refusals(maker, view, (const ir_field *const *)model->key, model->key_count);
}

/* The text of a page shows the key. */
static bool has_pages(const ir_model *model)
{
	for (size_t i = 0; i < model->key_count; i++)
		if (model->key[i]->sensitive)
			return false;
	return true;
}

void ir__view_model(ir__view_maker *maker, ir__view *view, const ir_model *model, const ir__facts *facts)
{
	char storage[1024];
	dbw_text_buffer text;

	dbw_text_init(&text, storage, sizeof storage);
	ir__view_set_text(maker, view, "model", model->c_name);
	ir__view_set_text(maker, view, "upper", model->c_upper);
	ir__view_set_text(maker, view, "table", model->table.text);
	if (model->comment != NULL) {
		ir__append_sentence(&text, model->comment);
		dbw_text_append_char(&text, ' ');
	}
	dbw_text_printf(&text, "A row of \"%s\".", model->table.text);
	ir__view_take(maker, view, "row_doc", &text);
	ir__view_set_bool(maker, view, "writes", !model->read_only);
	ir__view_set_bool(maker, view, "reads_back", model->reads_back);
	ir__view_set_bool(maker, view, "pages", has_pages(model));
	ir__view *enums = ir__view_set_list(maker, view, "enums");
	for (size_t i = 0; i < model->field_count; i++)
		if (model->fields[i]->type == IR_ENUM)
			view_enum(maker, enums, model->fields[i], &text);
	view_members(maker, view, model, &text);
	view_filter(maker, view, model, &text);
	view_query(maker, view, model, &text);
	view_constraints(maker, view, model, &text);
	ir__view_comments(maker, view, model, facts, &text);
	ir__view *finders = ir__view_set_list(maker, view, "finders");
	view_finder(maker, finders, model, model->indexes[0], facts, &text);
	for (size_t i = 0; i < model->index_count; i++)
		if (ir__makes_finder(model->indexes[i]))
			view_finder(maker, finders, model, model->indexes[i], facts, &text);
	view_delete(maker, view, model, facts, &text);
	ir__view_writes(maker, view, model, &text);
	if (text.failed)
		maker->failed = true;
	dbw_text_clear(&text);
}
