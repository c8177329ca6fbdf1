/* Apps: folders that bring their models and their database along. */
#include "loader.h"

#include <glob.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

static const char usual_pattern[] = "apps/*";

static bool is_folder(const char *path)
{
	struct stat about;

	return stat(path, &about) == 0 && S_ISDIR(about.st_mode);
}

static const ir_app *find_app(const ir_loader *loader, const char *name)
{
	for (size_t i = 0; i < loader->apps.count; i++) {
		const ir_app *app = loader->apps.items[i];

		if (strcmp(app->name.text, name) == 0)
			return app;
	}
	return NULL;
}

static void add_folder(ir_loader *loader, const char *path, dbw_position at)
{
	const char *folder = ir__load_format(loader, "%s", ir__name_of_path(loader, path));
	const char *slash = folder == NULL ? NULL : strrchr(folder, '/');
	const ir_app *other;
	ir_app *app;

	if (folder == NULL || !is_folder(path))
		return;
	slash = slash == NULL ? folder : slash + 1;
	other = find_app(loader, slash);
	if (other != NULL && strcmp(other->folder, folder) != 0)
		ir__load_error(loader, at, "duplicate-name", "rename one of the folders",
			"the folders \"%s\" and \"%s\" are both the app \"%s\"", other->folder, folder,
			slash);
	app = other != NULL ? NULL : ir__load_alloc(loader, 1, sizeof(*app));
	if (app == NULL)
		return;
	app->name = (ir_word){ slash, at };
	app->folder = folder;
	ir__load_add(loader, &loader->apps, app);
}

static void load_pattern(ir_loader *loader, const char *text, dbw_position at, bool is_said)
{
	const char *problem = ir__pattern_problem(text);
	char storage[512];
	dbw_text_buffer pattern;
	glob_t found;
	int result;

	if (problem != NULL) {
		ir__load_error(loader, at, "bad-include", NULL, "the pattern \"%s\" of \"discover\" %s", text,
			problem);
		return;
	}
	dbw_text_init(&pattern, storage, sizeof(storage));
	result = ir__build_pattern(loader, text, &pattern) ? glob(pattern.data, GLOB_NOSORT, NULL, &found)
							   : GLOB_NOSPACE;
	if (result == 0) {
		qsort(found.gl_pathv, found.gl_pathc, sizeof(*found.gl_pathv), ir__compare_paths);
		for (size_t i = 0; i < found.gl_pathc; i++)
			add_folder(loader, found.gl_pathv[i], at);
		globfree(&found);
	} else if (result == GLOB_NOSPACE) {
		loader->out_of_memory = true;
	} else if (is_said) {
		ir__load_error(loader, at, "no-match", "patterns are relative to the project file",
			"no folder matches \"%s\"", text);
	}
	dbw_text_clear(&pattern);
}

void ir__load_apps(ir_loader *loader, const dbw_yaml_node *node)
{
	const ir_scope scope = { "the project file", NULL, NULL };
	const bool list = node != NULL && node->kind == DBW_YAML_SEQUENCE;
	ir_word word;

	if (node == NULL) {
		load_pattern(loader, usual_pattern, (dbw_position){ NULL, 0, 0 }, false);
		return;
	}
	loader->scope = &scope;
	for (size_t i = 0; i < (list ? node->count : 1); i++) {
		const dbw_yaml_node *item = list ? node->of.items[i] : node;

		if (ir__load_text(loader, item, "discover", &word))
			load_pattern(loader, word.text, item->position, true);
	}
	loader->scope = NULL;
}

const ir_app *ir__app_of(const ir_loader *loader, const char *name)
{
	const ir_app *found = NULL;

	/* Of folders one in the other, the inner one. */
	for (size_t i = 0; i < loader->apps.count; i++) {
		const ir_app *app = loader->apps.items[i];
		const size_t length = strlen(app->folder);

		if (strncmp(name, app->folder, length) == 0 && name[length] == '/' &&
			(found == NULL || length > strlen(found->folder)))
			found = app;
	}
	return found;
}
