#include <render/render.h>

#include "depfile.h"
#include "manifest.h"
#include "outputs.h"
#include "view_model.h"
#include "write.h"

#include <render/template.h>
#include <string.h>

typedef struct render {
	const ir_project *project;
	dbw_diagnostics *diagnostics;
	dbw_arena *arena;   /* for the whole run */
	dbw_arena *scratch; /* for one file */
	ir__templates *templates;
	const ir__facts *facts;
	dbw_text_buffer text; /* of one file */
	ir__outputs outputs;
} render;

static bool out_of_memory(dbw_diagnostics *diagnostics)
{
	dbw_report(
		diagnostics, DBW_SEVERITY_ERROR, (dbw_position){ 0 }, "out-of-memory", NULL, "out of memory");
	return false;
}

/* The view of a file that is being made, in the scratch arena. */
static ir__view *begin(render *r, ir__view_maker *maker, const char *source, const char *path)
{
	dbw_arena_reset(r->scratch);
	*maker = (ir__view_maker){ .arena = r->scratch };
	return source == NULL || path == NULL ? NULL : ir__view_file(maker, source, path);
}

/* Fills a template and adds what it makes to the files. `path` is in the arena of the run. */
static bool finish(
	render *r, const ir__view_maker *maker, const ir__view *view, const char *template, const char *path)
{
	if (path == NULL || view == NULL || maker->failed)
		return out_of_memory(r->diagnostics);
	dbw_text_truncate(&r->text, 0);
	return ir__template_render(r->templates, template, view, &r->text, r->diagnostics) &&
	       ir__outputs_add(&r->outputs, path, r->text.data, r->text.length);
}

/* The longest text that is sure to fit a string literal: 4,095 bytes with its end (C11 5.2.4.1). */
enum { LITERAL_MAX = 4094 };

static void refuse_long(const render *r, dbw_position position, const char *what, size_t length)
{
	if (length > LITERAL_MAX)
		dbw_report(r->diagnostics, DBW_SEVERITY_ERROR, position, "too-long", NULL,
			"%s is %zu bytes long, and a string literal of C holds %d", what, length,
			LITERAL_MAX);
}

/* SQL may be of any length; what else goes into C as a literal may not. */
static bool literals_fit(const render *r)
{
	size_t before = dbw_diagnostics_errors(r->diagnostics);

	for (size_t i = 0; i < r->project->file_count; i++)
		for (size_t j = 0; j < r->project->files[i]->model_count; j++) {
			const ir_model *model = r->project->files[i]->models[j];

			for (size_t k = 0; k < model->field_count; k++) {
				const ir_default *value = &model->fields[k]->default_;
				bool is_hex = model->fields[k]->type == IR_BYTES;

				if (value->kind == IR_DEFAULT_LITERAL)
					refuse_long(r, value->position, "this default",
						is_hex ? value->literal.length / 2 : value->literal.length);
			}
			for (size_t k = 0; k < model->constraint_count; k++)
				if (model->constraints[k]->message != NULL)
					refuse_long(r, model->constraints[k]->position,
						"the message of this constraint",
						strlen(model->constraints[k]->message));
		}
	return dbw_diagnostics_errors(r->diagnostics) == before;
}

static bool render_model(render *r, const ir_model *model)
{
	const char *schema = model->schema->name.text;
	const char *path = dbw_arena_printf(r->arena, "%s/%s.h", schema, model->name.text);
	ir__view_maker maker;
	ir__view *view = begin(r, &maker, model->file->name, path);

	if (view != NULL) {
		ir__view_set_text(&maker, view, "schema", schema);
		ir__view_model(&maker, view, model, r->facts);
	}
	return finish(r, &maker, view, "c/model.h", path);
}

static bool has_models_of(const ir_file *file, const ir_schema *schema)
{
	for (size_t i = 0; i < file->model_count; i++)
		if (schema == NULL || file->models[i]->schema == schema)
			return true;
	return false;
}

/* What the models of a schema, or with NULL all, are made from: "models/auth.yaml and 2 others". NULL without memory. */
static const char *files_of(const render *r, const ir_schema *schema)
{
	const ir_file *found[2] = { NULL, NULL };
	size_t count = 0;

	for (size_t i = 0; i < r->project->file_count; i++)
		if (has_models_of(r->project->files[i], schema) && ++count <= 2)
			found[count - 1] = r->project->files[i];
	if (count == 0)
		return r->project->files[0]->name;
	if (count == 1)
		return found[0]->name;
	return count == 2 ? dbw_arena_printf(r->arena, "%s and %s", found[0]->name, found[1]->name)
			  : dbw_arena_printf(r->arena, "%s and %zu others", found[0]->name, count - 1);
}

/* A header of a whole schema. */
static bool render_schema_header(render *r, const ir_schema *schema, const char *template, const char *ending)
{
	const char *path = dbw_arena_printf(r->arena, "%s%s", schema->name.text, ending);
	ir__view_maker maker;
	ir__view *view = begin(r, &maker, files_of(r, schema), path);

	if (view != NULL)
		ir__view_schema(&maker, view, schema);
	return finish(r, &maker, view, template, path);
}

static bool render_program(render *r)
{
	const char *path = dbw_arena_printf(r->arena, "%s_program.h", r->project->name.text);
	ir__view_maker maker;
	ir__view *view = begin(r, &maker, r->project->files[0]->name, path);

	if (view != NULL)
		ir__view_set_text(&maker, view, "program", r->project->name.text);
	return finish(r, &maker, view, "c/program.h", path);
}

/* The schemas of the members, each once. */
static void view_member_schemas(ir__view_maker *maker, ir__view *view, const ir_project *project)
{
	ir__view *schemas = ir__view_set_list(maker, view, "schemas");

	for (size_t i = 0; i < project->schema_count; i++)
		for (size_t j = 0; j < project->member_count; j++) {
			if (project->members[j].schema != project->schemas[i])
				continue;
			ir__view_set_text(maker, ir__view_add_object(maker, schemas), "schema",
				project->schemas[i]->name.text);
			break;
		}
}

static bool render_databases(render *r)
{
	const char *path = dbw_arena_printf(r->arena, "%s_databases.h", r->project->name.text);
	ir__view_maker maker;
	ir__view *view = begin(r, &maker, r->project->files[0]->name, path);

	if (r->project->member_count == 0)
		return true;
	if (view != NULL) {
		ir__view_set_text(&maker, view, "program", r->project->name.text);
		ir__view_set_text(&maker, view, "example", r->project->members[0].schema->name.text);
		view_member_schemas(&maker, view, r->project);
		ir__view_members(&maker, view, r->project);
	}
	return finish(r, &maker, view, "c/databases.h", path);
}

static bool render_source(render *r, const ir_file *file)
{
	ir__view_maker maker;
	ir__view *view = begin(r, &maker, file->name, file->source);

	if (view != NULL)
		ir__view_source(&maker, view, r->project, file, r->facts);
	return finish(r, &maker, view, "c/models.c", file->source);
}

static bool render_tables(render *r)
{
	const char *path = r->project->tables_source;
	ir__view_maker maker;
	ir__view *view = begin(r, &maker, files_of(r, NULL), path);

	if (view != NULL)
		ir__view_tables(&maker, view, r->project);
	return finish(r, &maker, view, "c/tables.c", path);
}

static bool render_all(render *r)
{
	const ir_project *project = r->project;
	bool done = literals_fit(r) && render_program(r) && render_databases(r);

	for (size_t i = 0; done && i < project->schema_count; i++) {
		const ir_schema *schema = project->schemas[i];

		done = render_schema_header(r, schema, "c/schema.h", ".h") &&
		       render_schema_header(r, schema, "c/forward.h", "/forward.h") &&
		       render_schema_header(r, schema, "c/json.h", "/json.h");
		for (size_t j = 0; done && j < schema->model_count; j++)
			done = render_model(r, schema->models[j]);
	}
	for (size_t i = 0; done && i < project->file_count; i++)
		done = render_source(r, project->files[i]);
	return done && render_tables(r);
}

/* Where the list of what was made goes: "dbwright.manifest" beside "dbwright.c". NULL if there is no memory. */
static const char *list_path(const render *r, const char *folder)
{
	static const char tables[] = "_tables.c";
	const char *source = r->project->tables_source;

	return dbw_arena_printf(
		r->arena, "%s/%.*s.manifest", folder, (int)(strlen(source) - (sizeof tables - 1)), source);
}

/*
 * What can fail for want of room or memory comes first. The list of the last run stays until what is no longer made is
 * gone: the next run goes on with what could not be removed.
 */
static bool write_all(render *r, const char *folder, ir_render_result *result)
{
	const char *path = list_path(r, folder);
	ir__made *made = dbw_arena_alloc_zeroed(r->arena, r->outputs.count + 1, sizeof *made);
	ir__beside list = { 0 };
	size_t count = 0;
	bool done;

	if (path == NULL || made == NULL)
		return out_of_memory(r->diagnostics);
	for (const ir__output *file = r->outputs.first; file != NULL; file = file->next)
		made[count++] = (ir__made){ file->path, file->sum };
	done = ir__outputs_write(&r->outputs) && ir__write_list(&list, path, made, count, r->diagnostics) &&
	       ir__outputs_place(&r->outputs, &result->written) &&
	       ir__tidy_folder(folder, path, made, count, &result->removed, r->diagnostics) &&
	       ir__place_file(&list, r->diagnostics);
	ir__drop_file(&list);
	return done;
}

static bool write_depfile(const render *r, const ir_render_options *options)
{
	const ir_project *project = r->project;
	const char **paths = dbw_arena_alloc_zeroed(
		r->arena, project->file_count + project->input_count + 1, sizeof *paths);
	dbw_text_buffer text;
	bool done;

	if (paths == NULL)
		return out_of_memory(r->diagnostics);
	for (size_t i = 0; i < project->file_count; i++)
		paths[i] = project->files[i]->path;
	for (size_t i = 0; i < project->input_count; i++)
		paths[project->file_count + i] = project->inputs[i];
	dbw_text_init(&text, NULL, 0);
	ir__depfile(&text, options->stamp, paths, project->file_count + project->input_count);
	done = text.failed ? out_of_memory(r->diagnostics)
			   : ir__write_file(options->depfile, text.data, text.length, NULL, r->diagnostics);
	dbw_text_clear(&text);
	return done;
}

bool ir_render_project(const ir_project *project, const ir_render_options *options, ir_render_result *result,
	dbw_diagnostics *diagnostics)
{
	render r = { .project = project, .diagnostics = diagnostics };
	ir_render_result unwanted;
	bool done = false;

	if (result == NULL)
		result = &unwanted;
	*result = (ir_render_result){ 0 };
	r.arena = dbw_arena_new(0);
	r.scratch = dbw_arena_new(0);
	dbw_text_init(&r.text, NULL, 0);
	ir__outputs_begin(&r.outputs, options->out_dir, r.arena, diagnostics);
	r.templates = ir__templates_new(ir__find_embedded, NULL);
	r.facts = r.arena == NULL ? NULL : ir__facts_of(r.arena, project);
	if (r.scratch == NULL || r.templates == NULL || r.facts == NULL) {
		out_of_memory(diagnostics);
		goto out;
	}
	done = render_all(&r);
	/* What it took to make the files is not needed to write them. */
	dbw_arena_reset(r.scratch);
	dbw_text_clear(&r.text);
	done = done && write_all(&r, options->out_dir, result) &&
	       (options->depfile == NULL || options->stamp == NULL || write_depfile(&r, options)) &&
	       (options->stamp == NULL || ir__touch_file(options->stamp, "", 0, diagnostics));
	result->files = r.outputs.count;
out:
	ir__outputs_end(&r.outputs);
	dbw_text_clear(&r.text);
	ir__templates_free(r.templates);
	dbw_arena_free(r.scratch);
	dbw_arena_free(r.arena);
	return done;
}
