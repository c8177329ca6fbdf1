/* The SQL that the user wrote: checks, conditions, generated columns, expression defaults, expression indexes. */
#include "fragment.h"

#include <string.h>
#include <value/coefficient.h>

/* One fragment, what holds it, and what is said about it. */
struct place {
	ir_model *model;
	ir_fragment *fragment;
	const char *subject;
	ir_role role;
	ir_field *field;       /* Generated column or default. */
	const ir_index *index; /* Condition or expression of an index. */
	bool where;
};

static bool is_per_engine(const ir_fragment *fragment)
{
	for (size_t engine = 0; engine < DBW_ENGINE_COUNT; engine++)
		if (fragment->only[engine] != NULL)
			return true;
	return false;
}

/* {dec 10.50} as the engine reads it. Negative numbers get brackets: "- -5" must not become a comment. */
static void append_decimal(const ir_token *token, size_t engine, dbw_text_buffer *out)
{
	char text[DBW_DECIMAL_SIZE];
	int64_t scaled = 0;

	if (engine == DBW_SQLITE &&
		dbw__decimal_to_scaled(token->decimal, (int32_t)token->scale, &scaled) == DBW_OK) {
		dbw_text_printf(out, scaled < 0 ? "(%lld)" : "%lld", (long long)scaled);
		return;
	}
	dbw_decimal_print(token->decimal, text);
	dbw_text_printf(out, text[0] == '-' ? "(%s)" : "%s", text);
}

static const char *render(ir_checker *checker, const ir_scan *scan, size_t engine)
{
	char storage[512];
	dbw_text_buffer out;
	const char *copy = NULL;
	size_t done = 0;

	dbw_text_init(&out, storage, sizeof(storage));
	for (size_t i = 0; i < scan->count; i++) {
		const ir_token *token = &scan->tokens[i];

		/* A column of the user's may be a word of the engine's: "user", "offset". */
		bool quote = scan->common && token->field != NULL && scan->text[token->offset] != '"';

		if (token->kind != IR_TOKEN_DECIMAL && !quote)
			continue;
		dbw_text_append(&out, scan->text + done, token->offset - done);
		if (quote)
			dbw_text_printf(&out, "\"%s\"", token->field->column);
		else
			append_decimal(token, engine, &out);
		done = token->offset + token->length;
	}
	dbw_text_append_z(&out, scan->text + done);
	if (!out.failed)
		copy = dbw_arena_copy(checker->arena, out.data, out.length);
	if (copy == NULL)
		checker->out_of_memory = true;
	dbw_text_clear(&out);
	return copy;
}

/* PostgreSQL: "A generated column cannot reference another generated column" (manual, section 5.3). */
static bool check_generated(ir_checker *checker, const ir_scan *scan, const ir_field *field)
{
	if (field == NULL || field->generated.text == NULL || !scan->engines[DBW_POSTGRESQL])
		return true;
	for (size_t i = 0; i < scan->count; i++) {
		const ir_field *other = scan->tokens[i].field;

		if (other == NULL || other->generated.text == NULL)
			continue;
		ir__fragment_error(checker, scan, "engine-limit", "repeat its expression instead",
			"it uses the generated column \"%s\", which PostgreSQL does not allow",
			other->column);
		return false;
	}
	return true;
}

static bool try_on_sqlite(
	ir_checker *checker, const struct place *place, const ir_scan *scan, const char *sql)
{
	if (place->field != NULL)
		return ir__try_field(checker, place->field, scan, sql);
	if (place->index != NULL)
		return ir__try_index(
			checker, place->index, scan, place->where ? NULL : sql, place->where ? sql : NULL);
	return ir__try_check(checker, place->model, scan, sql);
}

/* One text, for one engine or for all of the schema's. */
static bool check_text(ir_checker *checker, const struct place *place, ir_scan *scan)
{
	if (!ir__scan_fragment(checker, scan) || !ir__check_fragment_rules(checker, scan) ||
		!check_generated(checker, scan, place->field))
		return false;
	for (size_t engine = 0; engine < DBW_ENGINE_COUNT; engine++) {
		if (!scan->engines[engine])
			continue;
		place->fragment->sql[engine] = render(checker, scan, engine);
		if (place->fragment->sql[engine] == NULL)
			return false;
	}
	return !scan->engines[DBW_SQLITE] ||
	       (try_on_sqlite(checker, place, scan, place->fragment->sql[DBW_SQLITE]) &&
		       ir__check_fragment_types(checker, scan, place->field));
}

static void check_fragment(ir_checker *checker, const struct place *place)
{
	static const char *const names[DBW_ENGINE_COUNT] = { "sqlite", "postgresql" };
	ir_fragment *fragment = place->fragment;
	const ir_schema *schema = place->model->schema;
	ir_scan scan = { .model = place->model,
		.subject = place->subject,
		.position = fragment->position,
		.role = place->role,
		.target = place->field };

	if (place->subject == NULL)
		return;
	if (!is_per_engine(fragment)) {
		scan.text = fragment->text;
		scan.common = true;
		memcpy(scan.engines, schema->engines, sizeof(scan.engines));
		check_text(checker, place, &scan);
		return;
	}
	for (size_t engine = 0; engine < DBW_ENGINE_COUNT; engine++) {
		if (!schema->engines[engine])
			continue;
		memset(scan.engines, 0, sizeof(scan.engines));
		scan.engines[engine] = true;
		scan.text = fragment->only[engine];
		if (scan.text == NULL)
			ir__fragment_error(checker, &scan, "missing-engine",
				ir__check_format(checker, "add %s:, or take it out of the schema's engines",
					names[engine]),
				"there is no SQL for %s", names[engine]);
		else
			check_text(checker, place, &scan);
	}
}

static void check_field(ir_checker *checker, ir_model *model, ir_field *field)
{
	struct place place = { .model = model, .role = IR_ROLE_VALUE, .field = field };

	if (field->generated.text != NULL) {
		place.fragment = &field->generated;
		place.subject = ir__check_format(checker, "generated field \"%s\" in model \"%s\"",
			field->name.text, model->name.text);
		check_fragment(checker, &place);
	}
	if (field->default_.kind == IR_DEFAULT_EXPRESSION) {
		place.fragment = &field->default_.expression;
		place.subject = ir__check_format(checker, "the default of field \"%s\" in model \"%s\"",
			field->name.text, model->name.text);
		check_fragment(checker, &place);
	}
}

/* Unique among the rows that are not deleted: the condition that soft_delete adds. */
static void add_live_condition(ir_checker *checker, ir_index *index)
{
	const ir_model *model = index->model;

	if (!index->unique || index->primary || model->deleted_at == NULL)
		return;
	for (size_t engine = 0; engine < DBW_ENGINE_COUNT; engine++) {
		const char *own = index->where.sql[engine];

		if (!model->schema->engines[engine] || (index->where.text != NULL && own == NULL))
			continue;
		index->where.sql[engine] =
			own == NULL ? ir__check_format(checker, "\"%s\" IS NULL", model->deleted_at->column)
				    : ir__check_format(checker, "\"%s\" IS NULL AND (%s)",
					      model->deleted_at->column, own);
	}
}

static void check_index(ir_checker *checker, ir_model *model, ir_index *index)
{
	struct place place = { .model = model, .index = index };

	for (size_t i = 0; i < index->part_count; i++) {
		if (index->parts[i].expression.text == NULL)
			continue;
		place.role = IR_ROLE_VALUE;
		place.fragment = &index->parts[i].expression;
		place.subject = ir__check_format(
			checker, "the expression of an index in model \"%s\"", model->name.text);
		check_fragment(checker, &place);
	}
	if (index->where.text != NULL) {
		place.role = IR_ROLE_CONDITION;
		place.where = true;
		place.fragment = &index->where;
		place.subject = ir__check_format(
			checker, "the condition of an index in model \"%s\"", model->name.text);
		check_fragment(checker, &place);
	}
	add_live_condition(checker, index);
}

void ir__check_fragments(ir_checker *checker, ir_model *model)
{
	/* Where fields are missing, "no such column" would say again what was said. */
	if (model->broken)
		return;
	for (size_t i = 0; i < model->field_count; i++)
		check_field(checker, model, model->fields[i]);
	for (size_t i = 0; i < model->index_count; i++)
		check_index(checker, model, model->indexes[i]);
	for (size_t i = 0; i < model->check_count; i++) {
		struct place place = {
			.model = model, .fragment = &model->checks[i]->expression, .role = IR_ROLE_CONDITION
		};

		place.subject = ir__check_format(checker, "check \"%s\" in model \"%s\"",
			model->checks[i]->name.text, model->name.text);
		check_fragment(checker, &place);
	}
}
