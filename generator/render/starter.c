#include <render/starter.h>

#include "write.h"

#include <model/name.h>
#include <render/template.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* A file of the new project, and the one build system that it is for; NULL: all. */
static const struct {
	const char *template;
	const char *path;
	const char *build;
} starter_files[] = {
	{ "init/dbwright.yaml", "dbwright.yaml", NULL },
	{ "init/notes.yaml", "models/notes.yaml", NULL },
	{ "init/main.c", "main.c", NULL },
	{ "init/store.h", "store.h", NULL },
	{ "init/store.c", "store.c", NULL },
	{ "init/test.c", "test.c", NULL },
	{ "init/CMakeLists.txt", "CMakeLists.txt", "cmake" },
	{ "init/Makefile", "Makefile", "make" },
	{ "init/meson.build", "meson.build", "meson" },
	{ "init/gitignore", ".gitignore", NULL },
	{ "init/readme", "README.md", NULL },
};
enum { FILES = sizeof starter_files / sizeof *starter_files, COMMANDS_MAX = 4 };

/* How a build system is told to build and to test. */
static const struct {
	const char *build;
	const char *commands[COMMANDS_MAX];
} builds[] = {
	{ "cmake", { "cmake -S . -B build", "cmake --build build", "ctest --test-dir build" } },
	{ "make", { "make", "make check" } },
	{ "meson", { "meson setup build", "meson compile -C build", "meson test -C build" } },
};

/* Longest name that is taken from a folder: names made of it stay well within IR_NAME_MAX. */
enum { NAME_MAX_TAKEN = 40 };

const char *ir_starter_name(dbw_arena *arena, const char *folder)
{
	const char *end = folder + strlen(folder);
	char name[NAME_MAX_TAKEN + 1];
	size_t length = 0;

	while (end > folder && end[-1] == '/')
		end--;
	const char *begin = end;
	while (begin > folder && begin[-1] != '/')
		begin--;
	for (; begin < end && length < NAME_MAX_TAKEN; begin++) {
		char c = *begin >= 'A' && *begin <= 'Z' ? (char)(*begin - 'A' + 'a') : *begin;
		bool is_letter = c >= 'a' && c <= 'z', is_digit = c >= '0' && c <= '9';

		if (is_letter || (is_digit && length > 0))
			name[length++] = c;
		else if (length > 0 && name[length - 1] != '_')
			name[length++] = '_';
	}
	while (length > 0 && name[length - 1] == '_')
		length--;
	return length > 0 ? dbw_arena_copy(arena, name, length) : "app";
}

const char *ir_starter_name_problem(const char *name, const char *build)
{
	/* Targets of CMake, make and Meson, and folders that the build makes. */
	static const char *const taken[] = { "all", "benchmark", "clean", "db", "dbwright", "dist", "help",
		"install", "package", "test", "uninstall" };
	const char *problem = ir_name_problem(name);

	for (size_t i = 0; problem == NULL && i < sizeof taken / sizeof *taken; i++)
		if (strcmp(name, taken[i]) == 0)
			problem = "means something else in a build";
	/* Beside the program is then the folder of the schema's headers. */
	if (problem == NULL && strcmp(build, "meson") == 0 && strcmp(name, "notes") == 0)
		problem = "is what the folder of the generated headers is called";
	if (problem == NULL && strlen(name) > NAME_MAX_TAKEN)
		problem = "is longer than 40 bytes";
	return problem;
}

/* A file to be written: where, and what. */
typedef struct starter_file {
	const char *path;
	dbw_text_buffer text;
} starter_file;

static bool out_of_memory(dbw_diagnostics *diagnostics)
{
	dbw_report(
		diagnostics, DBW_SEVERITY_ERROR, (dbw_position){ 0 }, "out-of-memory", NULL, "out of memory");
	return false;
}

static size_t build_of(const ir_starter *starter)
{
	size_t i = 0;

	while (i + 1 < sizeof builds / sizeof *builds && strcmp(builds[i].build, starter->build) != 0)
		i++;
	return i;
}

/* The commands of the build, and the one that runs the program. NULL when memory is short. */
static const char *const *commands_of(dbw_arena *arena, const ir_starter *starter)
{
	const char **commands = dbw_arena_alloc_zeroed(arena, COMMANDS_MAX + 2, sizeof *commands);
	size_t count = 0;

	if (commands == NULL)
		return NULL;
	for (const char *const *from = builds[build_of(starter)].commands; from[count] != NULL; count++)
		commands[count] = from[count];
	commands[count] = dbw_arena_printf(arena, "./build/%s \"Buy milk\"", starter->name);
	return commands[count] == NULL ? NULL : commands;
}

static const ir__view *view_of(
	dbw_arena *arena, const ir_starter *starter, const char *const *commands, bool *failed)
{
	ir__view_maker maker = { .arena = arena };
	ir__view *view = ir__view_object(&maker);
	const char *version = DBWRIGHT_VERSION;

	ir__view_set_text(&maker, view, "name", starter->name);
	/* Until 1.0 the second number is the interface's. */
	ir__view_printf(&maker, view, "interface", "%.*s", (int)(strrchr(version, '.') - version), version);
	ir__view_set_text(&maker, view, "variable", "${"); /* two braces would begin a tag */
	for (size_t i = 0; i < sizeof builds / sizeof *builds; i++)
		ir__view_set_bool(&maker, view, builds[i].build, i == build_of(starter));
	ir__view *list = ir__view_set_list(&maker, view, "commands");
	for (; *commands != NULL; commands++)
		ir__view_add_text(&maker, list, *commands);
	*failed = maker.failed;
	return view;
}

/* Fills the templates of the files that are wanted; *count is how many, also after an error. */
static bool fill(dbw_arena *arena, const ir_starter *starter, const ir__view *view, starter_file *files,
	size_t *count, dbw_diagnostics *diagnostics)
{
	ir__templates *templates = ir__templates_new(ir__find_embedded, NULL);
	bool done = templates != NULL || out_of_memory(diagnostics);

	for (size_t i = 0; done && i < FILES; i++) {
		starter_file *file = &files[*count];

		if (starter_files[i].build != NULL && strcmp(starter_files[i].build, starter->build) != 0)
			continue;
		file->path =
			strcmp(starter->folder, ".") == 0
				? starter_files[i].path
				: dbw_arena_printf(arena, "%s/%s", starter->folder, starter_files[i].path);
		dbw_text_init(&file->text, NULL, 0);
		++*count;
		done = ir__template_render(
			templates, starter_files[i].template, view, &file->text, diagnostics);
		if (done && (file->path == NULL || file->text.failed))
			done = out_of_memory(diagnostics);
	}
	ir__templates_free(templates);
	return done;
}

static bool is_there(const char *path)
{
	struct stat status;

	return lstat(path, &status) == 0;
}

static bool none_is_there(const starter_file *files, size_t count, dbw_diagnostics *diagnostics)
{
	size_t found = 0;

	for (size_t i = 0; i < count; i++)
		if (is_there(files[i].path)) {
			found++;
			dbw_report(diagnostics, DBW_SEVERITY_ERROR, (dbw_position){ .file = files[i].path },
				"file-exists", NULL, "there is such a file already: nothing was written");
		}
	return found == 0;
}

/* All files or none; folders that were made for nothing go, too. */
static bool write_files(dbw_arena *arena, const ir_starter *starter, const starter_file *files, size_t count,
	dbw_diagnostics *diagnostics)
{
	const char *models = dbw_arena_printf(arena, "%s/models", starter->folder);
	size_t written = 0;

	if (models == NULL)
		return out_of_memory(diagnostics);
	bool had_folder = is_there(starter->folder), had_models = is_there(models);
	while (written < count && ir__create_file(files[written].path, files[written].text.data,
					  files[written].text.length, diagnostics))
		written++;
	if (written == count)
		return true;
	while (written > 0)
		unlink(files[--written].path);
	if (!had_models)
		rmdir(models);
	if (!had_folder)
		rmdir(starter->folder);
	return false;
}

bool ir_render_starter(
	dbw_arena *arena, const ir_starter *starter, ir_starter_result *result, dbw_diagnostics *diagnostics)
{
	starter_file files[FILES];
	bool failed = false;
	bool done = false;

	*result = (ir_starter_result){ .commands = commands_of(arena, starter) };
	const ir__view *view =
		result->commands == NULL ? NULL : view_of(arena, starter, result->commands, &failed);
	if (view == NULL || failed)
		return out_of_memory(diagnostics);
	done = fill(arena, starter, view, files, &result->files, diagnostics) &&
	       none_is_there(files, result->files, diagnostics) &&
	       write_files(arena, starter, files, result->files, diagnostics);
	for (size_t i = 0; i < result->files; i++)
		dbw_text_clear(&files[i].text);
	return done;
}
