/*
 * Members of a model's struct: fields and relations, against each other, and against keywords and macros,
 * which are all that can hurt a member. Function-like macros cannot: no member is written before a bracket.
 */
#include "names_private.h"
#include "names_system.h"

#include <string.h>

static const char *member_name(const ir__thing *thing)
{
	return thing->kind == IR__FIELD ? ((const ir_field *)thing->item)->c_name
					: ((const ir_relation *)thing->item)->name.text;
}

static const char *word_of(const ir__thing *thing)
{
	return thing->kind == IR__FIELD ? ((const ir_field *)thing->item)->name.text : member_name(thing);
}

/* Whether a member of this name would be new and safe. */
static bool is_free(const ir__names *names, const char *name, size_t length)
{
	ir__system_name found;

	return ir__table_find(&names->table, name, ir__name_hash(name, length)) == NULL &&
	       !ir__system_name_find(name, length, &found);
}

/* What to write: into `hint`, which is empty where there is nothing to propose. */
static void append_way_out(ir__names *names, dbw_text_buffer *hint, const ir__thing *thing)
{
	static const char *const endings[] = { "_value", "_field", "_column" };
	const char *name = member_name(thing);
	const ir_field *field = thing->item;
	dbw_text_buffer *text = &names->text;

	if (thing->kind == IR__RELATION) {
		dbw_text_append_z(hint, "give the relation another name");
		return;
	}
	for (size_t i = 0; i < sizeof(endings) / sizeof(endings[0]); i++) {
		dbw_text_truncate(text, 0);
		dbw_text_append_z(text, name);
		dbw_text_append_z(text, endings[i]);
		if (text->failed || is_free(names, text->data, text->length))
			break;
	}
	dbw_text_printf(hint, "write `c_name: %s` in the %s; its column stays \"%s\"", text->data,
		field->origin == IR_FOREIGN_KEY ? "relation" : "field", field->column);
}

static void check_system(ir__names *names, const ir__thing *thing)
{
	const char *name = member_name(thing);
	ir__system_name found;
	dbw_text_buffer what, hint;
	char what_storage[160], hint_storage[240];

	if (!ir__system_name_find(name, strlen(name), &found))
		return;
	dbw_text_init(&what, what_storage, sizeof(what_storage));
	dbw_text_init(&hint, hint_storage, sizeof(hint_storage));
	append_way_out(names, &hint, thing);
	dbw_text_truncate(&names->text, 0);
	ir__thing_describe_whole(&names->text, thing, false);
	if (ir__word_describe(&what, &found))
		ir__names_report(names, DBW_SEVERITY_ERROR, ir__thing_position(thing), "reserved-name",
			hint.data, "%s cannot be the struct member \"%s\", which is %s", names->text.data,
			name, what.data);
	else
		ir__names_report(names, DBW_SEVERITY_WARNING, ir__thing_position(thing), "system-name",
			hint.data,
			"%s is the struct member \"%s\", which is %s: it cannot be used where that is included",
			names->text.data, name, what.data);
	names->out_of_memory = names->out_of_memory || what.failed || hint.failed;
	dbw_text_clear(&what);
	dbw_text_clear(&hint);
}

static void report_clash(ir__names *names, const ir__thing *thing, const ir__thing *first)
{
	dbw_text_buffer other, hint;
	char other_storage[160], hint_storage[240];

	if (names->reported && thing->kind == first->kind && strcmp(word_of(thing), word_of(first)) == 0)
		return;
	dbw_text_init(&other, other_storage, sizeof(other_storage));
	dbw_text_init(&hint, hint_storage, sizeof(hint_storage));
	append_way_out(names, &hint, thing);
	ir__thing_describe(&other, first);
	dbw_text_truncate(&names->text, 0);
	ir__thing_describe_whole(&names->text, thing, false);
	ir__names_report(names, DBW_SEVERITY_ERROR, ir__thing_position(thing), "name-clash", hint.data,
		"%s would be the struct member \"%s\", as %s is", names->text.data, member_name(thing),
		other.data);
	ir__names_report(names, DBW_SEVERITY_NOTE, ir__thing_position(first), "name-clash", NULL,
		"%s is here", other.data);
	names->out_of_memory = names->out_of_memory || other.failed || hint.failed;
	dbw_text_clear(&other);
	dbw_text_clear(&hint);
}

static void check_member(ir__names *names, const ir__thing *thing)
{
	const char *name = member_name(thing);
	uint64_t hash = ir__name_hash(name, strlen(name));
	const ir__thing *first = ir__table_find(&names->table, name, hash);

	if (first != NULL) {
		report_clash(names, thing, first);
		return;
	}
	if (!ir__table_add(&names->table, name, hash, thing))
		names->out_of_memory = true;
	if (ir__table_find(&names->fixed, name, hash) != NULL)
		check_system(names, thing);
}

void ir__fix_words(ir__names *names)
{
	for (size_t i = 0; i < ir__system_name_count(); i++) {
		const char *entry = ir__system_name_entry(i);
		size_t length = strcspn(entry, " ");
		ir__thing thing = { IR__WORD, entry, NULL, NULL };
		ir__system_name found;

		/* Members are in small letters. */
		if (entry[0] >= 'a' && ir__system_name_find(entry, length, &found) &&
			ir__system_name_is(&found, "km"))
			ir__names_fix(names, entry, length, &thing);
	}
}

/* The struct names the type of an enum field: a member of that name would hide it. */
static void check_enum_type(ir__names *names, const ir__thing *thing)
{
	const ir_field *field = thing->item;
	const char *type = field->enum_c_type;
	const ir__thing *first =
		type == NULL ? NULL : ir__table_find(&names->table, type, ir__name_hash(type, strlen(type)));
	dbw_text_buffer hint;
	char hint_storage[240];

	if (first == NULL)
		return;
	dbw_text_init(&hint, hint_storage, sizeof(hint_storage));
	append_way_out(names, &hint, first);
	dbw_text_truncate(&names->text, 0);
	ir__thing_describe_whole(&names->text, first, false);
	ir__names_report(names, DBW_SEVERITY_ERROR, ir__thing_position(first), "name-clash", hint.data,
		"%s would be the struct member \"%s\", which is the type of field \"%s\"", names->text.data,
		type, field->name.text);
	names->out_of_memory = names->out_of_memory || hint.failed;
	dbw_text_clear(&hint);
}

void ir__check_members(ir__names *names, const ir_model *model)
{
	for (size_t i = 0; i < model->field_count; i++) {
		ir__thing thing = { IR__FIELD, model->fields[i], model, model->fields[i] };

		check_member(names, &thing);
	}
	for (size_t i = 0; i < model->relation_count; i++) {
		ir__thing thing = { IR__RELATION, model->relations[i], model, NULL };

		check_member(names, &thing);
	}
	for (size_t i = 0; i < model->field_count; i++) {
		ir__thing thing = { IR__FIELD, model->fields[i], model, model->fields[i] };

		check_enum_type(names, &thing);
	}
	ir__table_release(&names->table, 0);
}
