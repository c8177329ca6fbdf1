/* What the comments of a model's functions say of it: what is filled in, what goes when a row goes. */
#include "view_model.h"

void ir__append_listed(dbw_text_buffer *text, const char *name, size_t place, size_t count)
{
	dbw_text_append_z(text, place == 0 ? "" : place + 1 == count ? " and " : ", ");
	dbw_text_append_z(text, name);
}

static bool is_own_default(const ir_field *field)
{
	const ir_default_kind kind = field->default_.kind;

	return kind != IR_DEFAULT_NONE && kind != IR_DEFAULT_LITERAL;
}

/* Whether insert gives the field a value that the caller did not. */
static bool is_filled_in(const ir_field *field)
{
	return field->type == IR_ID || ir__is_generated(field) || is_own_default(field);
}

/* Whether update does. */
static bool is_updated(const ir_field *field)
{
	return ir__is_generated(field) || field == field->model->updated_at ||
	       field == field->model->version_field;
}

/* Whether the field is a text that comes from the database behind an insert, and behind an update. */
static bool is_text_of_insert(const ir_field *field)
{
	return ir__has_text(field) &&
	       (ir__is_generated(field) || field->default_.kind == IR_DEFAULT_EXPRESSION);
}

static bool is_text_of_update(const ir_field *field)
{
	return ir__has_text(field) && ir__is_generated(field);
}

/* "id, created_at and updated_at": the fields that pass a test. "" for none. */
static void view_fields(ir__view_maker *maker, ir__view *view, const char *key, const ir_model *model,
	bool (*test)(const ir_field *), dbw_text_buffer *text)
{
	size_t count = 0, place = 0;

	for (size_t i = 0; i < model->field_count; i++)
		count += test(model->fields[i]) ? 1 : 0;
	for (size_t i = 0; i < model->field_count; i++)
		if (test(model->fields[i]))
			ir__append_listed(text, model->fields[i]->c_name, place++, count);
	ir__view_take(maker, view, key, text);
}

static bool is_part_of(const ir_index *index, const ir_field *field)
{
	for (size_t i = 0; i < index->part_count; i++)
		if (index->parts[i].field == field)
			return true;
	return false;
}

/* What a write by a unique key gives the row back. */
typedef enum given { NOTHING, ALWAYS, WHERE_UNSET } given;

/* Where the row that is there is left alone, only what finds it. */
static given given_back(const ir_field *field, const ir_index *index, bool changes)
{
	if (field->type == IR_ID && index->primary && changes)
		return ALWAYS;
	if (is_part_of(index, field))
		return changes && is_own_default(field) && field->default_.kind != IR_DEFAULT_EXPRESSION
			       ? WHERE_UNSET
			       : NOTHING;
	if (field->in_key || (changes && is_updated(field)))
		return ALWAYS;
	return changes && is_own_default(field) ? WHERE_UNSET : NOTHING;
}

static void view_given(ir__view_maker *maker, ir__view *view, const char *key, const ir_index *index,
	bool changes, given what, dbw_text_buffer *text)
{
	const ir_model *model = index->model;
	size_t count = 0, place = 0;

	for (size_t i = 0; i < model->field_count; i++)
		count += given_back(model->fields[i], index, changes) == what ? 1 : 0;
	for (size_t i = 0; i < model->field_count; i++)
		if (given_back(model->fields[i], index, changes) == what)
			ir__append_listed(text, model->fields[i]->c_name, place++, count);
	ir__view_take(maker, view, key, text);
}

void ir__view_unique_key_comments(
	ir__view_maker *maker, ir__view *view, const ir_index *index, dbw_text_buffer *text)
{
	const ir_model *model = index->model;
	bool fills = false;

	for (size_t i = 0; i < model->field_count; i++)
		fills = fills || (is_filled_in(model->fields[i]) &&
					 given_back(model->fields[i], index, false) == NOTHING);
	ir__view_set_bool(maker, view, "fills_new", fills);
	view_given(maker, view, "found", index, false, ALWAYS, text);
	view_given(maker, view, "upserted", index, true, ALWAYS, text);
	view_given(maker, view, "upserted_unset", index, true, WHERE_UNSET, text);
}

static const ir_model *child_of(const ir_constraint *constraint)
{
	return constraint->relation->fields[0]->model;
}

/* The next foreign key with this action that points here, each model once; NULL behind the last. */
static const ir_model *next_child(
	const ir_constraint *const *incoming, size_t count, ir_action action, size_t *at)
{
	while (*at < count) {
		const ir_constraint *const constraint = incoming[(*at)++];
		bool is_new = constraint->relation->on_delete == action;

		for (size_t i = 0; is_new && i + 1 < *at; i++)
			is_new = incoming[i]->relation->on_delete != action ||
				 child_of(incoming[i]) != child_of(constraint);
		if (is_new)
			return child_of(constraint);
	}
	return NULL;
}

/* The tables whose rows an action of the database reaches when a row goes: "playlists" and "tracks", in quotes. */
static void view_children(ir__view_maker *maker, ir__view *view, const char *key,
	const ir_constraint *const *incoming, size_t incoming_count, ir_action action, dbw_text_buffer *text)
{
	size_t count = 0, place = 0;

	for (size_t at = 0; next_child(incoming, incoming_count, action, &at) != NULL;)
		count++;
	for (size_t at = 0; place < count; place++) {
		const ir_model *child = next_child(incoming, incoming_count, action, &at);

		ir__append_listed(text, "\"", place, count);
		dbw_text_append_z(text, child->table.text);
		dbw_text_append_char(text, '"');
	}
	ir__view_take(maker, view, key, text);
}

static bool refuses(const ir_constraint *constraint)
{
	return constraint->relation->on_delete != IR_CASCADE &&
	       constraint->relation->on_delete != IR_SET_NULL;
}

/* What a delete may be refused for: "others refer to it". "" for nothing. */
static const char *conflict_of(ir__view_maker *maker, const ir_model *model, const ir__facts *facts)
{
	const ir_model **gone =
		dbw_arena_alloc_zeroed(maker->arena, model->schema->model_count + 1, sizeof *gone);
	size_t gone_count = 1;

	if (gone == NULL) {
		maker->failed = true;
		return "";
	}
	gone[0] = model;
	for (size_t i = 0; i < gone_count; i++) {
		size_t count;
		const ir_constraint *const *incoming = ir__referenced_by(facts, gone[i], &count);

		for (size_t j = 0; j < count; j++) {
			const ir_model *child = child_of(incoming[j]);
			size_t known = 0;

			if (refuses(incoming[j]))
				return i == 0 ? "others refer to it" : "others refer to what goes with it";
			while (known < gone_count && gone[known] != child)
				known++;
			if (incoming[j]->relation->on_delete == IR_CASCADE && known == gone_count)
				gone[gone_count++] = child;
		}
	}
	return "";
}

static void view_removal(ir__view_maker *maker, ir__view *view, const ir_model *model, const ir__facts *facts,
	dbw_text_buffer *text)
{
	size_t count;
	const ir_constraint *const *incoming = ir__referenced_by(facts, model, &count);
	bool reaches = false;

	for (size_t i = 0; i < count; i++)
		reaches = reaches || incoming[i]->relation->on_delete == IR_CASCADE ||
			  incoming[i]->relation->on_delete == IR_SET_NULL ||
			  incoming[i]->relation->on_delete == IR_SET_DEFAULT;
	ir__view_set_bool(maker, view, "reaches", reaches);
	view_children(maker, view, "removed_with", incoming, count, IR_CASCADE, text);
	view_children(maker, view, "nulled_with", incoming, count, IR_SET_NULL, text);
	view_children(maker, view, "defaulted_with", incoming, count, IR_SET_DEFAULT, text);
	ir__view_set_text(maker, view, "conflict", conflict_of(maker, model, facts));
}

void ir__view_comments(ir__view_maker *maker, ir__view *view, const ir_model *model, const ir__facts *facts,
	dbw_text_buffer *text)
{
	const bool assigns = model->key_count == 1 && model->key[0]->type == IR_ID;

	ir__view_set_text(
		maker, view, "deleted_at", model->deleted_at == NULL ? "" : model->deleted_at->c_name);
	ir__view_set_text(
		maker, view, "counted_up", model->version_field == NULL ? "" : model->version_field->c_name);
	ir__view_set_text(maker, view, "assigned", assigns ? model->key[0]->c_name : "");
	if (model->updated_at != NULL)
		dbw_text_printf(text, "sets %s", model->updated_at->c_name);
	if (model->version_field != NULL)
		dbw_text_printf(text, "%scounts up %s", text->length == 0 ? "" : " and ",
			model->version_field->c_name);
	ir__view_take(maker, view, "touches", text);
	for (size_t i = 0; i < model->key_count; i++)
		ir__append_listed(text, model->key[i]->c_name, i, model->key_count);
	ir__view_take(maker, view, "key_names", text);
	view_fields(maker, view, "filled", model, is_filled_in, text);
	view_fields(maker, view, "updated", model, is_updated, text);
	view_fields(maker, view, "insert_text", model, is_text_of_insert, text);
	view_fields(maker, view, "update_text", model, is_text_of_update, text);
	view_removal(maker, view, model, facts, text);
}
