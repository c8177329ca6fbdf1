/* The view of one model: what c/model.h is filled with, and what the source says of the model besides its tables. */
#include "view_model.h"

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
} line;

/* The lines in an arena, as long as lists of fields and constraints. */
static line *new_lines(ir__view_maker *maker, size_t count)
{
	line *lines = dbw_arena_alloc_zeroed(maker->arena, count + 1, sizeof *lines);

	if (lines == NULL)
		maker->failed = true;
	return lines;
}

/*
 * Sets out lines with their comments in one column behind them; where one of them does not fit, all stand above their
 * lines. `indent` is how far the code is in.
 */
static void view_lines(ir__view_maker *maker, ir__view *list, const line *lines, size_t count, size_t indent)
{
	size_t longest = 0;
	bool above = false;

	for (size_t i = 0; i < count; i++)
		if (strlen(lines[i].code) > longest)
			longest = strlen(lines[i].code);
	for (size_t i = 0; i < count; i++)
		above = above || strchr(lines[i].doc, '\n') != NULL ||
			(lines[i].doc[0] != '\0' &&
				indent + longest + strlen(" /**<  */") + strlen(lines[i].doc) > WIDTH);
	for (size_t i = 0; i < count; i++) {
		ir__view *view = ir__view_add_object(maker, list);

		ir__view_set_text(maker, view, "code", lines[i].code);
		ir__view_set_text(maker, view, "doc", above ? "" : lines[i].doc);
		ir__view_set_text(maker, view, "above", above ? lines[i].doc : "");
		set_padding(maker, view, longest - strlen(lines[i].code));
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
	lines[count++] = (line){ keep(maker, text), "" };
	dbw_text_printf(text, "%s_order order_by[DBW_ORDER_MAX];", model->c_name);
	lines[count++] = (line){ keep(maker, text), "The first decides; among equals, the next." };
	lines[count++] = (line){ "int64_t limit;", "At most so many rows; 0 is no limit." };
	lines[count++] = (line){ "int64_t offset;", "So many rows are skipped first." };
	if (model->deleted_at != NULL)
		lines[count++] = (line){ "dbw_deleted deleted_;",
			"Deleted rows are left out unless this asks for them." };
	if (!model->read_only)
		lines[count++] = (line){ "dbw_lock lock_;", "Locks the rows; see dbwright/filter.h." };
	dbw_text_printf(text, "%s_columns columns;", model->c_name);
	lines[count++] = (line){ keep(maker, text),
		loads_on_demand(model)
			? "What is read besides the key; none is all but what is loaded on demand."
			: "What is read besides the key; none is all." };
	view_lines(maker, ir__view_set_list(maker, view, "query"), lines, count, TAB);
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
		lines[i].code = keep(maker, text);
		dbw_text_printf(text, "\"%s\"", value->word.text);
		if (value->comment != NULL) {
			dbw_text_append_z(text, ": ");
			ir__append_sentence(text, value->comment);
		}
		lines[i].doc = keep(maker, text);
		ir__view_add_text(maker, stored, value->word.text);
	}
	view_lines(maker, ir__view_set_list(maker, view, "values"), lines, field->value_count, TAB);
}

static void view_members(ir__view_maker *maker, ir__view *view, const ir_model *model, dbw_text_buffer *text)
{
	line *lines = new_lines(maker, model->field_count + 1);

	if (lines == NULL)
		return;
	for (size_t i = 0; i < model->field_count; i++) {
		dbw_text_printf(
			text, "%s%s;", ir__c_type(maker, model->fields[i], false), model->fields[i]->c_name);
		lines[i].code = keep(maker, text);
		ir__field_doc(text, model->fields[i]);
		lines[i].doc = keep(maker, text);
	}
	lines[model->field_count].code = "dbw_row row_;";
	lines[model->field_count].doc = "The runtime's: where the row comes from.";
	view_lines(maker, ir__view_set_list(maker, view, "members"), lines, model->field_count + 1, TAB);
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
		dbw_text_printf(text, "%s%s",
			i == 0           ? ""
			: i + 1 == count ? " and "
					 : ", ",
			fields[i]->c_name);
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

static void append_index_fields(dbw_text_buffer *text, const ir_index *index)
{
	for (size_t i = 0; i < index->part_count; i++) {
		dbw_text_append_z(text, i == 0 ? "" : i + 1 == index->part_count ? " and " : ", ");
		append_sql(text, index->parts[i].field != NULL             ? index->parts[i].field->c_name
				 : index->parts[i].expression.text != NULL ? index->parts[i].expression.text
									   : "an expression");
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

static void append_constraint_doc(dbw_text_buffer *text, const ir_constraint *constraint)
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
			append_sql(text, constraint->index->where.text);
		}
		break;
	case IR_FOREIGN:
		append_fields(text, relation->fields, relation->field_count);
		dbw_text_printf(text, " refer%s to %s", relation->field_count == 1 ? "s" : "",
			relation->target->c_name);
		if (action_words(relation->on_delete) != NULL)
			dbw_text_printf(text, " and %s", action_words(relation->on_delete));
		break;
	case IR_CHECK:
		append_sql(text, constraint->check->expression.text != NULL
					 ? constraint->check->expression.text
					 : constraint->check->expression.sql[DBW_SQLITE]);
		break;
	}
	if (constraint->message != NULL)
		dbw_text_printf(text, ": \"%s\"", constraint->message);
	else
		dbw_text_append_char(text, '.');
}

static void view_constraints(
	ir__view_maker *maker, ir__view *view, const ir_model *model, dbw_text_buffer *text)
{
	line *lines = new_lines(maker, model->constraint_count);

	if (lines == NULL)
		return;
	for (size_t i = 0; i < model->constraint_count; i++) {
		dbw_text_printf(text, "extern const dbw_constraint %s[1];", model->constraints[i]->c_name);
		lines[i].code = keep(maker, text);
		append_constraint_doc(text, model->constraints[i]);
		lines[i].doc = keep(maker, text);
	}
	view_lines(maker, ir__view_set_list(maker, view, "constraints"), lines, model->constraint_count, 0);
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

static void append_finder_doc(dbw_text_buffer *text, const ir_model *model, const ir_index *index, bool one)
{
	dbw_text_printf(
		text, "The %s%s with this ", model->deleted_at == NULL ? "" : "live ", one ? "row" : "rows");
	append_index_fields(text, index);
	if (one)
		dbw_text_printf(
			text, ". DBW_NOT_FOUND: there is none. Free it with %s_free().", model->c_name);
	if (one)
		return;
	dbw_text_append_z(text, ", ordered by ");
	append_fields(text, model->key, model->key_count);
	dbw_text_printf(text, "; none is DBW_OK. Free them with %s_list_free().", model->c_name);
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
	append_finder_doc(text, model, index, one);
	ir__view_take(maker, view, "doc", text);
	const ir__view *parameters = view_parameters(maker, view, fields, index->part_count, facts);
	view_prototype(maker, view, "prototype", model, by, parameters, one ? " **" : "_list *", text);
}

/* Whether insert gives the field a value that the caller did not. */
static bool is_filled_in(const ir_field *field)
{
	ir_default_kind kind = field->default_.kind;

	return field->type == IR_ID || ir__is_generated(field) ||
	       (kind != IR_DEFAULT_NONE && kind != IR_DEFAULT_LITERAL);
}

/* The members that insert fills in: "id, created_at and updated_at". */
static void append_written_back(dbw_text_buffer *text, const ir_model *model)
{
	size_t left = 0, count = 0;

	for (size_t i = 0; i < model->field_count; i++)
		left += is_filled_in(model->fields[i]) ? 1 : 0;
	for (size_t i = 0; i < model->field_count; i++)
		if (is_filled_in(model->fields[i])) {
			left--;
			dbw_text_append_z(text, count++ == 0 ? "" : left == 0 ? " and " : ", ");
			dbw_text_append_z(text, model->fields[i]->c_name);
		}
}

/* What insert and update do, as paragraphs. */
static void view_writers(ir__view_maker *maker, ir__view *view, const ir_model *model, dbw_text_buffer *text)
{
	dbw_text_printf(text, "Inserts a row that began as %s_INIT.", model->c_upper);
	size_t before = text->length;
	dbw_text_append_z(text, " Writes back ");
	size_t behind = text->length;
	append_written_back(text, model);
	if (text->length == behind)
		dbw_text_truncate(text, before);
	else
		dbw_text_printf(text, "%s.",
			model->reads_back ? "; text that is read back belongs to the session until it ends"
					  : "");
	dbw_text_append_z(text,
		"\nDBW_CONFLICT: a constraint is violated. DBW_INVALID: a value does not fit its field.");
	if (model->key_count == 1 && model->key[0]->type == IR_ID)
		dbw_text_printf(text,
			"\nAfter a rollback the struct keeps its %s: set %s to 0 to insert it again.",
			model->key[0]->c_name, model->key[0]->c_name);
	ir__view_take(maker, view, "insert_doc", text);

	dbw_text_append_z(text, "Writes these columns of the row to the one with its ");
	append_fields(text, model->key, model->key_count);
	dbw_text_append_char(text, '.');
	if (model->updated_at != NULL)
		dbw_text_printf(text, " Sets %s.", model->updated_at->c_name);
	if (model->version_field != NULL)
		dbw_text_printf(text,
			" Counts up %s.\nDBW_STALE: the row has been changed since this one was read.",
			model->version_field->c_name);
	dbw_text_printf(text,
		"\nDBW_NOT_FOUND: there is no such row. DBW_CONFLICT, DBW_INVALID: as %s_insert().",
		model->c_name);
	ir__view_take(maker, view, "update_doc", text);
	ir__view_set_bool(maker, view, "reads_back", model->reads_back);
	ir__view_set_text(
		maker, view, "deleted_at", model->deleted_at == NULL ? "" : model->deleted_at->c_name);
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
	ir__view_set_bool(maker, view, "pages", has_pages(model));
	ir__view *enums = ir__view_set_list(maker, view, "enums");
	for (size_t i = 0; i < model->field_count; i++)
		if (model->fields[i]->type == IR_ENUM)
			view_enum(maker, enums, model->fields[i], &text);
	view_members(maker, view, model, &text);
	view_filter(maker, view, model, &text);
	view_query(maker, view, model, &text);
	view_constraints(maker, view, model, &text);
	view_writers(maker, view, model, &text);
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
