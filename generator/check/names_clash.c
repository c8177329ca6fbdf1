/*
 * Every C identifier of the project against all others, for all of them link into one program, and against
 * the lists of names that others own.
 *
 * Identifiers begin with a stem, and an underscore follows the stem or nothing does. So two owners can only
 * meet where one stem is the other, or the other with an underscore and more: "price" and "price_list".
 * Sorted with '_' before all letters, a stem comes directly before those that it starts: one walk over them
 * finds every clash with nothing in the table but the identifiers of the few stems that the present one
 * starts with. Most stems start no other and start with no other, so that their identifiers need not even be
 * made. Within one stem only what follows it needs comparing, and the shapes that every model has are the
 * same for all.
 */
#include "names_shape.h"
#include "names_system.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ENDINGS = 3 };
static const char *const endings[ENDINGS] = { "_row", "_entry", "_record" };

/* Two schemas that declare models of one C name: reported once for the two. */
struct twins {
	ir__thing thing, first; /* The first models found. */
	size_t more;
};

struct clash {
	ir__stem *stems;
	size_t stem_count;
	size_t *open;  /* Numbers of the stems that the present one starts with, */
	size_t *marks; /* and how large the table was before each. */
	size_t open_count;
	struct twins *twins;
	size_t twin_count, twin_capacity;
};

enum { OWNERS_TOLD = 8 };

/* The present stem, while its identifiers are visited. */
struct walk {
	struct clash *clash;
	const ir__stem *stem;
	const void *told[OWNERS_TOLD]; /* Owners of other stems that it was reported to clash with. */
	size_t told_count;
	const void *told_inside; /* The last of its own things that was reported. */
	bool errors;             /* In the lists: look for what is an error, not for what is a warning. */
	bool refused;            /* In the lists: one was reported. */
};

static int compare_names(const char *a, const char *b)
{
	while (*a != '\0' && *a == *b) {
		a++;
		b++;
	}
	return (*a == '_' ? 1 : (unsigned char)*a) - (*b == '_' ? 1 : (unsigned char)*b);
}

static int compare_stems(const void *left, const void *right)
{
	const ir__stem *a = left, *b = right;
	int order = compare_names(a->lower, b->lower);

	if (order != 0)
		return order;
	if (a->thing.kind != b->thing.kind)
		return a->thing.kind < b->thing.kind ? -1 : 1;
	if (a->thing.model == NULL || b->thing.model == NULL)
		return 0;
	order = strcmp(a->thing.model->schema->name.text, b->thing.model->schema->name.text);
	return order != 0 ? order : strcmp(a->thing.model->name.text, b->thing.model->name.text);
}

static bool starts(const char *stem, const char *name)
{
	size_t length = strlen(stem);

	return strncmp(stem, name, length) == 0 && (name[length] == '\0' || name[length] == '_');
}

static bool is_stem(const struct clash *clash, const char *name)
{
	size_t low = 0, high = clash->stem_count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		int order = compare_names(name, clash->stems[middle].lower);

		if (order == 0)
			return true;
		if (order < 0)
			high = middle;
		else
			low = middle + 1;
	}
	return false;
}

static bool has_prefix(const ir_schema *schema)
{
	return schema->prefix != NULL && schema->prefix[0] != '\0';
}

/* Appends `c_name: price_list_row` with a name that is not taken. */
static void append_c_name(const struct clash *clash, dbw_text_buffer *hint, const ir_model *model)
{
	const char *prefix = model->schema->prefix != NULL ? model->schema->prefix : "";
	const char *word = model->c_name + strlen(prefix);
	char whole[4 * 64];
	ir__system_name found;

	for (size_t i = 0; i < ENDINGS; i++) {
		int length = snprintf(whole, sizeof(whole), "%s%s%s", prefix, word, endings[i]);

		if (length < 0 || (size_t)length >= sizeof(whole))
			break;
		if (is_stem(clash, whole) || ir__system_name_find(whole, (size_t)length, &found))
			continue;
		dbw_text_printf(hint, "`c_name: %s%s` in model \"%s\"", word, endings[i], model->name.text);
		return;
	}
	dbw_text_printf(hint, "another `c_name:` in model \"%s\"", model->name.text);
}

/* A way out by renaming a thing inside a model. */
static void append_inner(dbw_text_buffer *hint, const ir__thing *thing, const ir__thing *first)
{
	const ir_constraint *constraint = thing->item;

	switch (thing->kind) {
	case IR__FIELD:
		dbw_text_printf(hint, "write another `c_name:` in field \"%s\", such as `c_name: %s_value`",
			thing->field->name.text, thing->field->c_name);
		return;
	case IR__VALUE:
		if (first->kind == IR__VALUE && first->field == thing->field)
			dbw_text_append_z(hint,
				"spell one of them differently: C keeps only letters and digits, in capitals");
		else
			dbw_text_printf(hint,
				"write another `c_name:` in field \"%s\", such as `c_name: %s_value`",
				thing->field->name.text, thing->field->c_name);
		return;
	case IR__RELATION: dbw_text_append_z(hint, "give the relation another name"); return;
	case IR__CONSTRAINT:
		if (constraint->kind == IR_CHECK) {
			dbw_text_append_z(hint, "give the check another name");
			return;
		}
		break;
	default: break;
	}
	dbw_text_append_z(hint, "write another `c_name:` in one of its fields");
}

/*
 * What to write so that `thing` gets another name. `first` is its other owner, NULL for a name of the system.
 */
static void append_way_out(
	const struct clash *clash, dbw_text_buffer *hint, const ir__thing *thing, const ir__thing *first)
{
	const ir_model *model = thing->model;

	if (first != NULL && model != NULL && first->model == model) {
		append_inner(hint, thing, first);
		return;
	}
	if (model == NULL && first != NULL && first->model != NULL)
		model = first->model;
	if (model == NULL) {
		dbw_text_printf(
			hint, "give the %s another name", thing->kind == IR__PROJECT ? "project" : "schema");
		return;
	}
	if (first != NULL && first->model != NULL && first->model->schema != model->schema &&
		!has_prefix(model->schema)) {
		const char *schema = model->schema->name.text;

		dbw_text_printf(hint,
			"give schema \"%s\" a prefix, `schemas: {%s: {prefix: %s_}}`, or write ", schema,
			schema, schema);
	} else {
		dbw_text_append_z(hint, "write ");
	}
	append_c_name(clash, hint, model);
}

static void describe_first(dbw_text_buffer *out, const ir__thing *first, const ir__thing *thing, bool schemas)
{
	if (first->model == NULL || first->model != thing->model)
		ir__thing_describe_whole(out, first, schemas);
	else if (first->kind == IR__MODEL)
		dbw_text_append_z(out, "the model itself");
	else
		ir__thing_describe(out, first);
}

/*
 * Reports that two things have the identifier `name`; `more` models of their two schemas meet in the same
 * way.
 */
static void report_clash(ir__names *names, const struct clash *clash, const char *name,
	const ir__thing *thing, const ir__thing *first, size_t more)
{
	bool schemas =
		thing->model != NULL && first->model != NULL && thing->model->schema != first->model->schema;
	dbw_text_buffer text, hint;
	char text_storage[320], hint_storage[320];
	size_t other, end;

	dbw_text_init(&text, text_storage, sizeof(text_storage));
	dbw_text_init(&hint, hint_storage, sizeof(hint_storage));
	append_way_out(clash, &hint, thing, first);
	ir__thing_describe_whole(&text, thing, schemas);
	dbw_text_printf(&text, " would declare \"%s\" in C, as ", name);
	other = text.length;
	describe_first(&text, first, thing, schemas);
	end = text.length;
	dbw_text_append_z(&text, " does");
	if (more != 0)
		dbw_text_printf(&text, "; %zu more model%s of these schemas clash%s likewise", more,
			more == 1 ? "" : "s", more == 1 ? "es" : "");
	ir__names_report(names, DBW_SEVERITY_ERROR, ir__thing_position(thing), "name-clash", hint.data, "%s",
		text.data);
	ir__names_report(names, DBW_SEVERITY_NOTE, ir__thing_position(first), "name-clash", NULL,
		"%.*s is here", (int)(end - other), text.data + other);
	names->out_of_memory = names->out_of_memory || text.failed || hint.failed;
	dbw_text_clear(&text);
	dbw_text_clear(&hint);
}

/* Remembers two models of one C name in two schemas. */
static void add_twins(ir__names *names, struct clash *clash, const ir__thing *thing, const ir__thing *first)
{
	for (size_t i = 0; i < clash->twin_count; i++) {
		struct twins *twins = &clash->twins[i];

		if (twins->thing.model->schema == thing->model->schema &&
			twins->first.model->schema == first->model->schema) {
			twins->more++;
			return;
		}
	}
	if (clash->twin_count == clash->twin_capacity) {
		size_t capacity = clash->twin_capacity == 0 ? 8 : clash->twin_capacity * 2;
		struct twins *grown = realloc(clash->twins, capacity * sizeof(*grown));

		if (grown == NULL) {
			names->out_of_memory = true;
			return;
		}
		clash->twins = grown;
		clash->twin_capacity = capacity;
	}
	clash->twins[clash->twin_count++] = (struct twins){ *thing, *first, 0 };
}

/* Whether two constraints were reported for their names in the database, or as two of one kind. */
static bool clash_in_database(const ir__names *names, const ir_constraint *a, const ir_constraint *b)
{
	if (strcmp(a->name, b->name) == 0)
		return true;
	return names->reported && a->kind == IR_UNIQUE && b->kind == IR_UNIQUE &&
	       ir__same_fields(a->index, b->index);
}

/* The identifier `name` of `thing` is taken by `first` of another stem: says so once for a pair of owners. */
static void meet_other(
	ir__names *names, struct walk *walk, const char *name, const ir__thing *thing, const ir__thing *first)
{
	const void *owner = first->model != NULL ? (const void *)first->model : first->item;

	for (size_t i = 0; i < walk->told_count; i++)
		if (walk->told[i] == owner)
			return;
	if (walk->told_count == OWNERS_TOLD)
		return;
	walk->told[walk->told_count++] = owner;
	if (thing->kind == IR__MODEL && first->kind == IR__MODEL &&
		thing->model->schema != first->model->schema &&
		strcmp(thing->model->c_name, first->model->c_name) == 0)
		add_twins(names, walk->clash, thing, first);
	else
		report_clash(names, walk->clash, name, thing, first, 0);
}

/* Whether an identifier of this kind meets one of the system's: functions do not meet tags. */
static bool hurts(const ir__system_name *found, ir__shape_kind kind)
{
	return kind == IR__SHAPE_TYPE || kind == IR__SHAPE_MACRO || ir__system_name_is(found, "kmgfteo");
}

/* Adds a name, which is copied. */
static void keep(ir__names *names, const char *name, size_t length, uint64_t hash, const ir__thing *thing)
{
	const char *copy = dbw_arena_copy(names->scratch, name, length);

	if (copy == NULL || !ir__table_add(&names->table, copy, hash, thing))
		names->out_of_memory = true;
}

/* A visitor that claims an identifier, or reports that another stem has it. */
static void claim(ir__names *names, const char *name, size_t length, ir__shape_kind kind,
	const ir__thing *thing, void *context)
{
	uint64_t hash = ir__name_hash(name, length);
	const ir__thing *first = ir__table_find(&names->table, name, hash);

	(void)kind;
	if (first == NULL)
		keep(names, name, length, hash, thing);
	else if (thing->model == NULL || thing->model != first->model)
		meet_other(names, context, name, thing, first);
}

/* A visitor that claims what follows the stem. */
static void claim_inside(ir__names *names, const char *name, size_t length, ir__shape_kind kind,
	const ir__thing *thing, void *context)
{
	struct walk *walk = context;
	size_t stem = strlen(walk->stem->lower);
	uint64_t hash = ir__name_hash(name + stem, length - stem);
	const ir__thing *first = ir__table_find(&names->table, name + stem, hash);

	(void)kind;
	if (ir__table_find(&names->fixed, name + stem, hash) != NULL)
		first = &walk->stem->thing;
	if (first == NULL) {
		keep(names, name + stem, length - stem, hash, thing);
		return;
	}
	if (walk->told_inside == thing->item)
		return;
	walk->told_inside = thing->item;
	if (thing->kind != IR__CONSTRAINT || first->kind != IR__CONSTRAINT ||
		!clash_in_database(names, thing->item, first->item))
		report_clash(names, walk->clash, name, thing, first, 0);
}

void ir__check_inside(ir__names *names, const ir_model *model)
{
	struct clash nothing = { 0 };
	ir__stem stem = { { IR__MODEL, model, model, NULL }, model->c_name, model->c_upper };
	struct walk walk = { .clash = &nothing, .stem = &stem };

	ir__shapes_visit(names, &stem, false, true, claim_inside, &walk);
	ir__table_release(&names->table, 0);
	dbw_arena_reset(names->scratch);
}

static void fix(ir__names *names, const char *name, size_t length, ir__shape_kind kind,
	const ir__thing *thing, void *context)
{
	(void)kind;
	(void)context;
	ir__names_fix(names, name, length, thing);
}

void ir__fix_shapes(ir__names *names)
{
	ir__stem any = { { IR__MODEL, NULL, NULL, NULL }, "", "" };

	ir__shapes_visit(names, &any, true, false, fix, NULL);
}

/* Reports an identifier that is in the lists: one for a stem. */
static void look_up(ir__names *names, const char *name, size_t length, ir__shape_kind kind,
	const ir__thing *thing, void *context)
{
	struct walk *walk = context;
	dbw_text_buffer text, hint;
	char text_storage[320], hint_storage[320];
	ir__system_name found;
	bool error;

	if (walk->refused || !ir__system_name_find(name, length, &found) || !hurts(&found, kind))
		return;
	error = found.owner <= IR__OWNER_INCLUDED;
	if (error != walk->errors)
		return;
	walk->refused = true;
	dbw_text_init(&text, text_storage, sizeof(text_storage));
	dbw_text_init(&hint, hint_storage, sizeof(hint_storage));
	append_way_out(walk->clash, &hint, thing, NULL);
	ir__thing_describe_whole(&text, thing, false);
	dbw_text_printf(&text,
		error ? " would declare \"%s\" in C, which is " : " declares \"%s\" in C, which is ", name);
	ir__word_describe(&text, &found);
	if (!error)
		dbw_text_append_z(&text, ": no source can include both");
	ir__names_report(names, error ? DBW_SEVERITY_ERROR : DBW_SEVERITY_WARNING, ir__thing_position(thing),
		error ? "reserved-name" : "system-name", hint.data, "%s", text.data);
	names->out_of_memory = names->out_of_memory || text.failed || hint.failed;
	dbw_text_clear(&text);
	dbw_text_clear(&hint);
}

static bool is_listed(const ir__stem *stem)
{
	return ir__system_name_begins(stem->lower, strlen(stem->lower)) ||
	       (stem->upper != NULL && ir__system_name_begins(stem->upper, strlen(stem->upper)));
}

static void check_lists(ir__names *names, struct clash *clash, const ir__stem *stem)
{
	struct walk walk = { .clash = clash, .stem = stem, .errors = true };

	if (!is_listed(stem))
		return;
	ir__shapes_visit(names, stem, true, true, look_up, &walk);
	walk.errors = false;
	ir__shapes_visit(names, stem, true, true, look_up, &walk);
}

/* Whether a name in the table, of another stem, could be one of this stem's. */
static bool is_touched(const ir__names *names, const ir__stem *stem)
{
	for (size_t i = 0; i < names->table.count; i++)
		if (starts(stem->lower, names->table.entries[i].name) ||
			(stem->upper != NULL && starts(stem->upper, names->table.entries[i].name)))
			return true;
	return false;
}

/* The identifiers of a stem against those of the stems that it starts with, which come before it. */
static void check_between(ir__names *names, struct clash *clash, size_t number)
{
	const ir__stem *stem = &clash->stems[number];
	struct walk walk = { .clash = clash, .stem = stem };
	bool starts_next =
		number + 1 < clash->stem_count && starts(stem->lower, clash->stems[number + 1].lower);

	while (clash->open_count != 0 &&
		!starts(clash->stems[clash->open[clash->open_count - 1]].lower, stem->lower)) {
		clash->open_count--;
		ir__table_release(&names->table, clash->marks[clash->open_count]);
		if (clash->open_count == 0)
			dbw_arena_reset(names->scratch);
	}
	if (!starts_next && !is_touched(names, stem))
		return;
	clash->open[clash->open_count] = number;
	clash->marks[clash->open_count++] = names->table.count;
	ir__shapes_visit(names, stem, true, true, claim, &walk);
}

/* The stems of the project, sorted. False when memory is short. */
static bool collect(const ir_project *project, struct clash *clash)
{
	size_t count = 1 + project->schema_count;
	ir__stem *stem;

	for (size_t i = 0; i < project->schema_count; i++)
		count += project->schemas[i]->model_count;
	clash->stems = calloc(count, sizeof(*clash->stems));
	clash->open = calloc(count, sizeof(*clash->open));
	clash->marks = calloc(count, sizeof(*clash->marks));
	if (clash->stems == NULL || clash->open == NULL || clash->marks == NULL)
		return false;
	stem = clash->stems;
	if (project->name.text != NULL)
		*stem++ = (ir__stem){ { IR__PROJECT, project, NULL, NULL }, project->name.text, NULL };
	for (size_t i = 0; i < project->schema_count; i++) {
		const ir_schema *schema = project->schemas[i];

		*stem++ = (ir__stem){ { IR__SCHEMA, schema, NULL, NULL }, schema->name.text, NULL };
		for (size_t k = 0; k < schema->model_count; k++) {
			const ir_model *model = schema->models[k];

			*stem++ = (ir__stem){ { IR__MODEL, model, model, NULL }, model->c_name,
				model->c_upper };
		}
	}
	clash->stem_count = (size_t)(stem - clash->stems);
	qsort(clash->stems, clash->stem_count, sizeof(*clash->stems), compare_stems);
	return true;
}

void ir__check_identifiers(ir__names *names)
{
	struct clash clash = { 0 };

	if (!collect(names->project, &clash))
		names->out_of_memory = true;
	for (size_t i = 0; i < clash.stem_count && !names->out_of_memory; i++) {
		check_between(names, &clash, i);
		check_lists(names, &clash, &clash.stems[i]);
	}
	for (size_t i = 0; i < clash.twin_count; i++) {
		const struct twins *twins = &clash.twins[i];

		report_clash(
			names, &clash, twins->thing.model->c_name, &twins->thing, &twins->first, twins->more);
	}
	ir__table_release(&names->table, 0);
	dbw_arena_reset(names->scratch);
	free(clash.stems);
	free(clash.open);
	free(clash.marks);
	free(clash.twins);
}
