/*
 * Names in the database. At most 63 bytes: PostgreSQL cuts longer ones (NAMEDATALEN; manual, section 4.1.1),
 * and what it cuts by itself may meet another name. One rule for both engines, so that a constraint has one
 * name. All names are in small letters, so that it does not matter that SQLite would not tell them from
 * capitals.
 */
#include "names_private.h"

#include <model/name.h>
#include <string.h>

/* The text (NULL is unlike "") with its end, so that "a", "b" is not "ab". */
static uint32_t hash_text(uint32_t hash, const char *text)
{
	return text == NULL ? ir_name_hash(hash, "\1", 1) : ir_name_hash(hash, text, strlen(text) + 1);
}

/* The name under construction, cut to what fits and told apart by a hash of the whole. */
static const char *keep_short(ir__names *names)
{
	ir_name_shorten(&names->text);
	return ir__names_keep(names);
}

static void begin(ir__names *names, const ir_model *model)
{
	dbw_text_truncate(&names->text, 0);
	dbw_text_append_z(&names->text, model->table.text);
}

static void append_column(dbw_text_buffer *out, const char *column)
{
	dbw_text_append_char(out, '_');
	dbw_text_append_z(out, column);
}

/*
 * An engine that has no text of its own leaves no trace: a name must not change when dbwright learns a new
 * engine.
 */
static uint32_t hash_fragment(uint32_t hash, const ir_fragment *fragment)
{
	hash = hash_text(hash, fragment->text);
	for (size_t i = 0; i < DBW_ENGINE_COUNT; i++) {
		char engine = (char)(2 + i);

		if (fragment->only[i] != NULL)
			hash = hash_text(ir_name_hash(hash, &engine, 1), fragment->only[i]);
	}
	return hash;
}

static bool has_text(const ir_fragment *fragment)
{
	for (size_t i = 0; i < DBW_ENGINE_COUNT; i++)
		if (fragment->only[i] != NULL)
			return true;
	return fragment->text != NULL;
}

/* Everything that makes the index what it is, so that one name never stands for two indexes. */
static uint32_t hash_index(const ir_index *index)
{
	uint32_t hash = IR_NAME_HASH;

	for (size_t i = 0; i < index->part_count; i++) {
		const ir_index_part *part = &index->parts[i];
		char order[2] = { part->descending ? 'd' : 'a', (char)('0' + (int)part->nulls) };

		hash = hash_text(hash, part->field != NULL ? part->field->column : NULL);
		hash = hash_fragment(hash, &part->expression);
		hash = ir_name_hash(hash, order, sizeof(order));
	}
	return hash_fragment(hash, &index->where);
}

static void derive_index(ir__names *names, const ir_model *model, ir_index *index)
{
	bool expression = false;

	if (index->name.text != NULL)
		return;
	for (size_t i = 0; i < index->part_count; i++) {
		const ir_index_part *part = &index->parts[i];

		if (part->field == NULL && !has_text(&part->expression))
			return;
		expression = expression || part->field == NULL;
	}
	index->name.position = index->position;
	begin(names, model);
	if (index->primary) {
		dbw_text_append_z(&names->text, "_pkey");
		index->name.text = keep_short(names);
		return;
	}
	if (expression) {
		dbw_text_append_char(&names->text, '_');
		ir_name_append_hash(&names->text, hash_index(index));
	} else {
		for (size_t i = 0; i < index->part_count; i++)
			append_column(&names->text, index->parts[i].field->column);
	}
	dbw_text_append_z(&names->text, index->unique ? "_key" : "_idx");
	index->name.text = keep_short(names);
}

static void derive_constraint(ir__names *names, const ir_model *model, ir_constraint *constraint)
{
	switch (constraint->kind) {
	case IR_PRIMARY_KEY:
	case IR_UNIQUE:
		if (constraint->index != NULL)
			constraint->name = constraint->index->name.text;
		return;
	case IR_FOREIGN:
		if (constraint->relation == NULL || constraint->relation->field_count == 0)
			return;
		begin(names, model);
		for (size_t i = 0; i < constraint->relation->field_count; i++) {
			if (constraint->relation->fields[i] == NULL)
				return;
			append_column(&names->text, constraint->relation->fields[i]->column);
		}
		dbw_text_append_z(&names->text, "_fkey");
		break;
	case IR_CHECK:
		if (constraint->check == NULL)
			return;
		begin(names, model);
		append_column(&names->text, constraint->check->name.text);
		dbw_text_append_z(&names->text, "_check");
		break;
	}
	constraint->name = keep_short(names);
}

void ir__derive_database_names(ir__names *names, ir_model *model)
{
	for (size_t i = 0; i < model->index_count; i++)
		derive_index(names, model, model->indexes[i]);
	for (size_t i = 0; i < model->constraint_count; i++)
		derive_constraint(names, model, model->constraints[i]);
}

static const char *way_out(const ir__thing *thing)
{
	const ir_constraint *constraint = thing->item;

	switch (thing->kind) {
	case IR__MODEL: return "write `table:` with another name in one of the models";
	case IR__FIELD: return "write `column:` with another name in one of the fields";
	case IR__INDEX: return "write `name:` with another name in the index";
	default:
		if (constraint->kind == IR_CHECK)
			return "give the check another name";
		return constraint->kind == IR_FOREIGN
			       ? "two relations cannot use the same fields; take one out"
			       : "write `name:` with another name in the index";
	}
}

static const char *what_in_database(const ir__thing *thing)
{
	switch (thing->kind) {
	case IR__MODEL: return "table";
	case IR__FIELD: return "column";
	case IR__INDEX: return "index";
	default: return "constraint";
	}
}

static const char *name_in_database(const ir__thing *thing)
{
	switch (thing->kind) {
	case IR__MODEL: return ((const ir_model *)thing->item)->table.text;
	case IR__FIELD: return ((const ir_field *)thing->item)->column;
	case IR__INDEX: return ((const ir_index *)thing->item)->name.text;
	default: return ((const ir_constraint *)thing->item)->name;
	}
}

static dbw_position place_in_database(const ir__thing *thing)
{
	const ir_model *model = thing->item;
	const ir_field *field = thing->item;
	const ir_index *index = thing->item;

	if (thing->kind == IR__MODEL && model->table.position.line != 0)
		return model->table.position;
	if (thing->kind == IR__FIELD && field->column_position.line != 0)
		return field->column_position;
	if (thing->kind == IR__INDEX && index->name.position.line != 0)
		return index->name.position;
	return ir__thing_position(thing);
}

static const char *whose(const ir__thing *first)
{
	switch (first->kind) {
	case IR__MODEL: return "the table";
	case IR__INDEX: return "an index";
	default: return "a constraint";
	}
}

static void report_clash(ir__names *names, const ir__thing *thing, const ir__thing *first)
{
	const char *name = name_in_database(thing);

	if (thing->kind == first->kind && thing->model == first->model)
		ir__names_report(names, DBW_SEVERITY_ERROR, place_in_database(thing), "database-name",
			way_out(thing), "model \"%s\" has two %s named \"%s\"", thing->model->name.text,
			thing->kind == IR__INDEX   ? "indexes"
			: thing->kind == IR__FIELD ? "columns"
						   : "constraints",
			name);
	else
		ir__names_report(names, DBW_SEVERITY_ERROR, place_in_database(thing), "database-name",
			way_out(thing), "%s \"%s\" in model \"%s\" has the name of %s in model \"%s\"",
			what_in_database(thing), name, thing->model->name.text, whose(first),
			first->model->name.text);
	ir__names_report(names, DBW_SEVERITY_NOTE, place_in_database(first), "database-name", NULL,
		"the other \"%s\" is here", name_in_database(first));
}

/* Primary keys and unique constraints have the name of their index, which is checked with the tables. */
static bool is_index(const ir__thing *thing)
{
	const ir_constraint *constraint = thing->item;

	return thing->kind == IR__CONSTRAINT &&
	       (constraint->kind == IR_PRIMARY_KEY || constraint->kind == IR_UNIQUE);
}

/* Whether the two are one thing written twice, which is wrong by itself. */
static bool is_twice(const ir__thing *thing, const ir__thing *first)
{
	const ir_index *a = thing->item, *b = first->item;

	if (thing->kind != first->kind || thing->model != first->model)
		return false;
	if (thing->kind == IR__FIELD)
		return strcmp(((const ir_field *)thing->item)->name.text,
			       ((const ir_field *)first->item)->name.text) == 0;
	return thing->kind == IR__INDEX && a->unique == b->unique &&
	       ((a->unique && ir__same_fields(a, b)) || hash_index(a) == hash_index(b));
}

/* Takes a name for `thing`, or reports who has it. NULL is passed over. */
static void claim(ir__names *names, const char *name, const ir__thing *thing)
{
	const ir__thing *first = name != NULL ? ir__names_claim(names, name, thing) : NULL;

	if (first == NULL)
		return;
	if (names->reported && is_twice(thing, first))
		return;
	if (is_index(thing) && is_index(first))
		return;
	report_clash(names, thing, first);
}

/*
 * The name that PostgreSQL gives to the sequence behind an id: the longer one of the two names is cut until all fits
 * (makeObjectName(), src/backend/commands/indexcmds.c).
 */
static void name_sequence(dbw_text_buffer *out, const char *table, const char *column)
{
	const size_t room = IR_NAME_MAX - strlen("__seq");
	size_t table_length = strlen(table), column_length = strlen(column);

	while (table_length + column_length > room) {
		if (table_length > column_length)
			table_length--;
		else
			column_length--;
	}
	dbw_text_truncate(out, 0);
	dbw_text_printf(out, "%.*s_%.*s_seq", (int)table_length, table, (int)column_length, column);
}

/*
 * Sequences are named among tables and indexes. PostgreSQL finds another name for one that is taken, but the table may be
 * made after the sequence.
 */
static void check_sequence(ir__names *names, const ir_model *model)
{
	const ir_field *id = NULL;
	const ir__thing *taken;
	const char *name;

	for (size_t i = 0; i < model->field_count; i++)
		if (model->fields[i]->type == IR_ID)
			id = model->fields[i];
	if (id == NULL)
		return;
	name_sequence(&names->text, model->table.text, id->column);
	if (names->text.failed)
		return;
	name = names->text.data;
	taken = ir__table_find(&names->table, name, ir__name_hash(name, strlen(name)));
	if (taken != NULL)
		ir__names_report(names, DBW_SEVERITY_ERROR, place_in_database(taken), "database-name",
			taken->kind == IR__MODEL ? "write `table:` with another name in the model"
						 : way_out(taken),
			"%s \"%s\" in model \"%s\" has the name of the sequence that PostgreSQL makes for the id of model \"%s\"",
			what_in_database(taken), name, taken->model->name.text, model->name.text);
}

/*
 * Native enums are types, and every table of PostgreSQL is one, too (manual, CREATE TABLE, Description). The tables are in
 * the names that are taken.
 */
static void check_types(ir__names *names, const ir_model *model)
{
	for (size_t i = 0; i < model->field_count; i++) {
		const ir_field *field = model->fields[i];
		const ir__thing thing = { IR__FIELD, field, model, field };
		const ir__thing *first;
		const char *name;

		if (field->type != IR_ENUM || field->storage != IR_STORAGE_NATIVE)
			continue;
		ir_name_of_column(&names->text, field, "enum");
		name = ir__names_keep(names);
		first = name != NULL ? ir__names_claim(names, name, &thing) : NULL;
		if (first == NULL)
			continue;
		ir__names_report(names, DBW_SEVERITY_ERROR, place_in_database(&thing), "database-name",
			way_out(&thing),
			"the type \"%s\" of field \"%s\" in model \"%s\" has the name of %s in model \"%s\"",
			name, field->name.text, model->name.text,
			first->kind == IR__MODEL ? "the table" : "a type", first->model->name.text);
	}
}

static bool is_kept(const char *name, const char *prefix)
{
	return strncmp(name, prefix, strlen(prefix)) == 0;
}

static void check_table_name(ir__names *names, const ir_model *model)
{
	const char *table = model->table.text;
	dbw_position position =
		model->table.position.line != 0 ? model->table.position : model->name.position;

	const char *prefix = is_kept(table, "sqlite_") ? "sqlite_" : is_kept(table, "pg_") ? "pg_" : NULL;

	if (prefix != NULL)
		ir__names_report(names, DBW_SEVERITY_ERROR, position, "database-name",
			"write `table:` with another name in the model",
			"table \"%s\" in model \"%s\" begins with \"%s\", which %s keeps for itself", table,
			model->name.text, prefix, prefix[0] == 's' ? "SQLite" : "PostgreSQL");
}

/* Schemas that are PostgreSQL's own (manual, CREATE SCHEMA and "The Information Schema"). */
static void check_namespace(ir__names *names, const ir_schema *schema)
{
	const char *name = schema->namespace_;

	if (name != NULL && (is_kept(name, "pg_") || strcmp(name, "information_schema") == 0))
		ir__names_report(names, DBW_SEVERITY_ERROR, schema->namespace_position, "database-name",
			"give it another name", "the namespace \"%s\" of schema \"%s\" is PostgreSQL's own",
			name, schema->name.text);
}

/* The columns that every table of PostgreSQL has (manual, "System Columns"). */
static void check_system_columns(ir__names *names, const ir_model *model)
{
	static const char *const system[] = { "tableoid", "xmin", "cmin", "xmax", "cmax", "ctid" };

	for (size_t i = 0; model->schema->engines[DBW_POSTGRESQL] && i < model->field_count; i++) {
		const ir_field *field = model->fields[i];
		const ir__thing thing = { IR__FIELD, field, model, field };

		for (size_t k = 0; k < sizeof system / sizeof *system; k++)
			if (strcmp(field->column, system[k]) == 0)
				ir__names_report(names, DBW_SEVERITY_ERROR, place_in_database(&thing),
					"database-name", "write `column:` with another name in the field",
					"column \"%s\" in model \"%s\" has the name of a system column of PostgreSQL",
					field->column, model->name.text);
	}
}

/* Columns of a table, then its constraints: PostgreSQL keeps their names apart per table. */
void ir__check_table(ir__names *names, const ir_model *model)
{
	bool renames = false;

	check_table_name(names, model);
	check_system_columns(names, model);
	/* Without a column of another name than its field, columns differ as the members of the struct do. */
	for (size_t i = 0; i < model->field_count && !renames; i++)
		renames = strcmp(model->fields[i]->column, model->fields[i]->name.text) != 0;
	for (size_t i = 0; i < model->field_count && renames; i++) {
		ir__thing thing = { IR__FIELD, model->fields[i], model, model->fields[i] };

		claim(names, model->fields[i]->column, &thing);
	}
	ir__table_release(&names->table, 0);
	for (size_t i = 0; i < model->constraint_count; i++) {
		ir__thing thing = { IR__CONSTRAINT, model->constraints[i], model, NULL };

		claim(names, model->constraints[i]->name, &thing);
	}
	ir__table_release(&names->table, 0);
}

/* Whether no other model has the table: then the names of its indexes would only repeat that they clash. */
static bool owns_table(const ir__names *names, const ir_model *model)
{
	const char *table = model->table.text;
	const ir__thing *owner = ir__table_find(&names->table, table, ir__name_hash(table, strlen(table)));

	return owner != NULL && owner->item == model;
}

/*
 * Tables and indexes share one namespace, in SQLite ("there is already an index named ...") and in PostgreSQL
 * (both are relations of a schema; manual, CREATE INDEX). An index that is not created takes no name.
 */
void ir__check_schema_tables(ir__names *names, const ir_schema *schema)
{
	size_t tables;

	check_namespace(names, schema);
	for (size_t i = 0; i < schema->model_count; i++) {
		ir__thing thing = { IR__MODEL, schema->models[i], schema->models[i], NULL };

		claim(names, schema->models[i]->table.text, &thing);
	}
	tables = names->table.count;
	for (size_t i = 0; i < schema->model_count; i++) {
		const ir_model *model = schema->models[i];

		if (!owns_table(names, model))
			continue;
		for (size_t k = 0; k < model->index_count; k++) {
			ir__thing thing = { IR__INDEX, model->indexes[k], model, NULL };

			if (model->indexes[k]->create || model->indexes[k]->primary)
				claim(names, model->indexes[k]->name.text, &thing);
		}
	}
	for (size_t i = 0; schema->engines[DBW_POSTGRESQL] && i < schema->model_count; i++)
		check_sequence(names, schema->models[i]);
	ir__table_release(&names->table, tables);
	for (size_t i = 0; schema->engines[DBW_POSTGRESQL] && i < schema->model_count; i++)
		check_types(names, schema->models[i]);
	ir__table_release(&names->table, 0);
}
