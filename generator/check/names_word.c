/* Words of the user's that C names are made of, and the files that are made of them. */
#include "names_private.h"
#include "names_system.h"

#include <stdio.h>
#include <string.h>

static const char *kind_of(const ir__system_name *name)
{
	static const struct {
		const char *letters, *text;
	} kinds[] = {
		{ "mg", "a macro" },
		{ "f", "a function" },
		{ "t", "a type" },
		{ "s", "a struct" },
		{ "e", "an enumerator" },
	};

	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (ir__system_name_is(name, kinds[i].letters))
			return kinds[i].text;
	return "a variable";
}

bool ir__word_describe(dbw_text_buffer *out, const ir__system_name *name)
{
	switch (name->owner) {
	case IR__OWNER_KEYWORD:
		if (ir__system_name_is(name, "k"))
			dbw_text_printf(out, "a keyword of %s", name->place);
		else
			dbw_text_append_z(out, "the namespace of the C++ library");
		return true;
	case IR__OWNER_ISO_C:
		if (strcmp(name->place, "main") == 0)
			dbw_text_append_z(out, "where every C program starts");
		else
			dbw_text_printf(out, "%s of <%s>", kind_of(name), name->place);
		return true;
	case IR__OWNER_PREDEFINED:
		dbw_text_append_z(out, "a macro when compiling as gnu11, CMake's default");
		return true;
	case IR__OWNER_INCLUDED:
		dbw_text_printf(out, "%s of <%s> when compiling as gnu11, CMake's default", kind_of(name),
			name->place);
		return true;
	case IR__OWNER_POSIX:
	case IR__OWNER_SQLITE:
	case IR__OWNER_LIBPQ: break;
	}
	dbw_text_printf(out, "%s of <%s>", kind_of(name), name->place);
	return false;
}

static bool is_ours(const char *word)
{
	return strcmp(word, "dbw") == 0 || strncmp(word, "dbw_", 4) == 0;
}

/* A word that is part of C identifiers. False when it was reported. */
static bool check_word(
	ir__names *names, const char *what, const char *word, dbw_position position, bool begins_names)
{
	if (word == NULL)
		return true;
	if (strstr(word, "__") != NULL) {
		ir__names_report(names, DBW_SEVERITY_ERROR, position, "reserved-name", "write one underscore",
			"%s \"%s\" has two underscores in a row, which are kept for generated internals",
			what, word);
		return false;
	}
	if (begins_names && is_ours(word)) {
		ir__names_report(names, DBW_SEVERITY_ERROR, position, "reserved-name", "choose another name",
			"%s \"%s\" would begin C names with \"dbw_\", which is dbwright's own", what, word);
		return false;
	}
	return true;
}

/* A foreign key's field carries the name of its relation or its target, where it was reported. */
static bool is_written(const ir_field *field)
{
	return field->c_name_given || field->origin == IR_DECLARED || field->origin == IR_MIXED_IN;
}

/* Such an index has no fields to make its constant of: its name stands in C. */
static bool has_expression(const ir_index *index)
{
	for (size_t i = 0; i < index->part_count; i++)
		if (index->parts[i].field == NULL)
			return true;
	return false;
}

static bool is_among(const char *word, const char *const *words, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (strcmp(words[i], word) == 0)
			return true;
	return false;
}

static void check_hides_type(ir__names *names, const ir__thing *thing)
{
	/*
	 * Parameters that stand before the model's type in a prototype or in the body of an inline function, and members of
	 * its list struct: a type of the same name is hidden there in C, or changes its meaning in C++.
	 */
	static const char *const kept[] = { "s", "r", "items", "count", "row", "json_text", "json_size",
		"options", "query", "cursor", "out", "error" };
	/* Other parameters and variables: all is well but for who asks the compiler. Those made of columns give way. */
	static const char *const shadowed[] = { "any", "argument", "assignment", "change", "changed",
		"columns", "databases", "deleted", "filter", "from", "function", "inserted", "keys", "none",
		"on", "other", "own", "purpose", "qualifier", "rows", "size", "some", "text", "value",
		"values", "where" };
	const ir_model *model = thing->item;
	bool hides = is_among(model->c_name, kept, sizeof(kept) / sizeof(kept[0]));
	char hint[160];

	if (!hides && !is_among(model->c_name, shadowed, sizeof(shadowed) / sizeof(shadowed[0])))
		return;
	snprintf(hint, sizeof(hint), "write `c_name: %s_row` in model \"%s\"", model->c_name,
		model->name.text);
	if (hides)
		ir__names_report(names, DBW_SEVERITY_ERROR, ir__thing_position(thing), "reserved-name", hint,
			"model \"%s\" would declare \"%s\" in C, which generated functions and lists use for a parameter or member",
			model->name.text, model->c_name);
	else
		ir__names_report(names, DBW_SEVERITY_WARNING, ir__thing_position(thing), "shadowed-name",
			hint,
			"model \"%s\" declares \"%s\" in C, as a parameter of generated functions is called: with -Wshadow compilers complain",
			model->name.text, model->c_name);
}

void ir__check_model_words(ir__names *names, const ir_model *model, bool prefix_is_good)
{
	ir__thing thing = { IR__MODEL, model, model, NULL };
	const char *prefix = model->schema->prefix;
	const char *word = model->c_name + (prefix != NULL ? strlen(prefix) : 0);

	if (check_word(
		    names, "model", word, ir__thing_position(&thing), prefix == NULL || prefix[0] == '\0') &&
		prefix_is_good && strcmp(model->c_name, word) != 0)
		check_word(names, "with its prefix, model", model->c_name, ir__thing_position(&thing), true);
	check_hides_type(names, &thing);
	for (size_t i = 0; i < model->field_count; i++) {
		const ir_field *field = model->fields[i];
		ir__thing member = { IR__FIELD, field, model, field };

		if (is_written(field))
			check_word(names, "field", field->c_name, ir__thing_position(&member), true);
	}
	for (size_t i = 0; i < model->relation_count; i++)
		check_word(names, "relation", model->relations[i]->name.text,
			model->relations[i]->name.position, false);
	for (size_t i = 0; i < model->check_count; i++)
		check_word(
			names, "check", model->checks[i]->name.text, model->checks[i]->name.position, false);
	for (size_t i = 0; i < model->index_count; i++) {
		const ir_index *index = model->indexes[i];

		if (index->unique && has_expression(index))
			check_word(names, "index", index->name.text, index->name.position, false);
	}
}

void ir__check_project_word(ir__names *names)
{
	const ir_project *project = names->project;

	check_word(names, "project", project->name.text, project->name.position, true);
}

bool ir__check_schema_words(ir__names *names, const ir_schema *schema)
{
	check_word(names, "schema", schema->name.text, schema->name.position, true);
	return check_word(names, "prefix", schema->prefix, schema->prefix_position, true);
}

/*
 * A header of ours, named in names->text, that stands where `#include <...>` looks hides the one of the
 * system.
 */
static void check_hidden(ir__names *names, dbw_position position, const char *what, const char *name)
{
	dbw_text_buffer *text = &names->text;
	ir__system_name found;
	bool error;
	char hint[64];

	if (text->failed || !ir__system_name_find(text->data, text->length, &found))
		return;
	error = found.owner == IR__OWNER_ISO_C;
	snprintf(hint, sizeof(hint), "give the %s another name", what);
	ir__names_report(names, error ? DBW_SEVERITY_ERROR : DBW_SEVERITY_WARNING, position,
		error ? "reserved-name" : "system-name", hint,
		"%s \"%s\" makes the header \"%s\", which hides <%s> of %s", what, name, text->data,
		text->data, found.place);
}

static void check_headers(ir__names *names, const ir_schema *schema)
{
	dbw_text_buffer *text = &names->text;
	size_t program = strlen(names->project->name.text);

	dbw_text_truncate(text, 0);
	dbw_text_append_z(text, schema->name.text);
	dbw_text_append_z(text, ".h");
	check_hidden(names, schema->name.position, "schema", schema->name.text);
	if (strcmp(schema->name.text, "dbwright") == 0)
		ir__names_report(names, DBW_SEVERITY_ERROR, schema->name.position, "reserved-name",
			"give the schema another name",
			"schema \"dbwright\" would make headers in the folder of dbwright's own");
	if (strncmp(schema->name.text, names->project->name.text, program) == 0 &&
		(strcmp(schema->name.text + program, "_program") == 0 ||
			strcmp(schema->name.text + program, "_databases") == 0))
		ir__names_report(names, DBW_SEVERITY_ERROR, schema->name.position, "name-clash",
			"give the schema another name",
			"schema \"%s\" would make the header \"%s.h\", as project \"%s\" does",
			schema->name.text, schema->name.text, names->project->name.text);
	for (size_t i = 0; i < schema->model_count; i++) {
		const ir_model *model = schema->models[i];
		char hint[160];

		if (strcmp(model->name.text, "forward") == 0 || strcmp(model->name.text, "json") == 0) {
			snprintf(hint, sizeof(hint),
				"give the model another name, with `table: %.80s` to keep the table",
				model->table.text != NULL ? model->table.text : model->name.text);
			ir__names_report(names, DBW_SEVERITY_ERROR, model->name.position, "reserved-name",
				hint,
				"model \"%s\" would make the header \"%s/%s.h\", which every schema has",
				model->name.text, schema->name.text, model->name.text);
		}
		dbw_text_truncate(text, 0);
		dbw_text_append_z(text, schema->name.text);
		dbw_text_append_char(text, '/');
		dbw_text_append_z(text, model->name.text);
		dbw_text_append_z(text, ".h");
		check_hidden(names, model->name.position, "model", model->name.text);
	}
}

void ir__check_files(ir__names *names)
{
	const ir_project *project = names->project;
	ir__thing whole = { IR__PROJECT, project, NULL, NULL };
	const ir__thing *first;

	for (size_t i = 0; i < project->schema_count; i++)
		check_headers(names, project->schemas[i]);
	if (project->tables_source != NULL)
		ir__names_claim(names, project->tables_source, &whole);
	for (size_t i = 0; i < project->file_count; i++) {
		ir__thing thing = { IR__FILE, project->files[i], NULL, NULL };

		if (project->files[i]->source == NULL)
			continue;
		first = ir__names_claim(names, project->files[i]->source, &thing);
		if (first == NULL)
			continue;
		dbw_text_truncate(&names->text, 0);
		ir__thing_describe(&names->text, first);
		ir__names_report(names, DBW_SEVERITY_ERROR, ir__thing_position(&thing), "name-clash",
			"rename the file", "\"%s\" would make the source \"%s\", as %s does",
			project->files[i]->name, project->files[i]->source, names->text.data);
	}
	ir__table_release(&names->table, 0);
}
