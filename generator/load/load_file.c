/* Files: reading them, and following `include:`. */
#include "loader.h"

#include <glob.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

const char *ir__load_source_name(ir_loader *loader, const char *name, const char *ending)
{
	size_t length = strlen(name);
	char *source;

	if (length > 5 && strcmp(name + length - 5, ".yaml") == 0)
		length -= 5;
	else if (length > 4 && strcmp(name + length - 4, ".yml") == 0)
		length -= 4;
	source = ir__load_format(loader, "%.*s%s", (int)length, name, ending);
	for (size_t i = 0; source != NULL && i < length; i++) {
		char byte = source[i];

		if (!((byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') ||
			    (byte >= '0' && byte <= '9')))
			source[i] = '_';
	}
	return source;
}

ir_source *ir__load_source(ir_loader *loader, const char *path, const char *name)
{
	ir_source *source = ir__load_alloc(loader, 1, sizeof(*source));
	ir_file *file = ir__load_alloc(loader, 1, sizeof(*file));
	struct stat about;

	if (source == NULL || file == NULL)
		return NULL;
	file->path = ir__load_format(loader, "%s", path);
	file->name = ir__load_format(loader, "%s", name);
	file->source = ir__load_source_name(loader, name, ".c");
	if (file->path == NULL || file->name == NULL || file->source == NULL)
		return NULL;
	source->file = file;
	if (stat(path, &about) == 0) {
		source->device = about.st_dev;
		source->number = about.st_ino;
	}
	if (!dbw_yaml_read_file(loader->arena, loader->diagnostics, file->path, NULL, &source->root))
		source->root = NULL;
	if (source->root != NULL && source->root->kind != DBW_YAML_MAPPING) {
		ir__load_error(loader, source->root->position, "wrong-kind", NULL,
			"a file of declarations must be a mapping, not %s", dbw_yaml_describe(source->root));
		source->root = NULL;
	}
	return source;
}

/* Whether the same file, whatever its path, is in the list. */
static bool is_read(const ir_list *sources, const struct stat *about)
{
	for (size_t i = 0; i < sources->count; i++) {
		const ir_source *source = sources->items[i];

		if (source->device == about->st_dev && source->number == about->st_ino)
			return true;
	}
	return false;
}

/* Two files that would make one C source. */
static bool check_source_name(ir_loader *loader, const ir_list *sources, const ir_file *file, dbw_position at)
{
	for (size_t i = 0; i < sources->count; i++) {
		const ir_source *other = sources->items[i];

		if (strcmp(other->file->source, file->source) != 0)
			continue;
		ir__load_error(loader, at, "file-clash", "rename one of the files",
			"the files \"%s\" and \"%s\" both make the source \"%s\"", other->file->name,
			file->name, file->source);
		return false;
	}
	return true;
}

int ir__compare_paths(const void *left, const void *right)
{
	return strcmp(*(char *const *)left, *(char *const *)right);
}

/* The folder's own name must not be taken for a pattern. */
bool ir__build_pattern(const ir_loader *loader, const char *pattern, dbw_text_buffer *out)
{
	for (const char *at = loader->project->folder; *at != '\0'; at++) {
		if (strchr("*?[\\", *at) != NULL)
			dbw_text_append_char(out, '\\');
		dbw_text_append_char(out, *at);
	}
	dbw_text_printf(out, "/%s", pattern);
	return !out->failed;
}

/* Patterns whose files could not be named relative to the project's folder, or that glob(3) reads differently. */
const char *ir__pattern_problem(const char *pattern)
{
	if (pattern[0] == '/')
		return "is not relative to the project file";
	if (strncmp(pattern, "../", 3) == 0 || strstr(pattern, "/../") != NULL)
		return "leaves the project's folder";
	if (strstr(pattern, "**") != NULL)
		return "has \"**\", which is not supported: write one pattern for each level of folders";
	return pattern[0] == '\0' ? "is empty" : NULL;
}

const char *ir__name_of_path(const ir_loader *loader, const char *path)
{
	const char *name = path + strlen(loader->project->folder) + 1;

	while (name[0] == '.' && name[1] == '/')
		name += 2;
	return name;
}

/* Adds what a pattern matches, unless it has been read; false for a folder. */
static bool add_match(ir_loader *loader, const char *path, dbw_position at, ir_list *sources)
{
	const char *name = ir__name_of_path(loader, path);
	ir_source *source;
	struct stat about;

	/* In the project's own folder paths are shown as people write them, without "./". */
	if (strcmp(loader->project->folder, ".") == 0)
		path = name;
	if (stat(path, &about) == 0) {
		if (S_ISDIR(about.st_mode))
			return false;
		if (is_read(sources, &about))
			return true;
	}
	source = ir__load_source(loader, path, name);
	if (source != NULL && check_source_name(loader, sources, source->file, at))
		ir__load_add(loader, sources, source);
	return true;
}

static void load_pattern(ir_loader *loader, const dbw_yaml_node *node, ir_list *sources)
{
	char storage[512];
	dbw_text_buffer pattern;
	ir_word word;
	const char *problem;
	glob_t found;
	bool files = false;
	int result;

	if (!ir__load_text(loader, node, "include", &word)) {
		loader->project->incomplete = true;
		return;
	}
	problem = ir__pattern_problem(word.text);
	if (problem != NULL) {
		loader->project->incomplete = true;
		ir__load_error(loader, node->position, "bad-include", NULL, "the include pattern \"%s\" %s",
			word.text, problem);
		return;
	}
	dbw_text_init(&pattern, storage, sizeof(storage));
	result = ir__build_pattern(loader, word.text, &pattern)
			 ? glob(pattern.data, GLOB_NOSORT, NULL, &found)
			 : GLOB_NOSPACE;
	if (result == 0) {
		/* By bytes, not by the locale: the order of files must not depend on who builds. */
		qsort(found.gl_pathv, found.gl_pathc, sizeof(*found.gl_pathv), ir__compare_paths);
		for (size_t i = 0; i < found.gl_pathc; i++)
			files |= add_match(loader, found.gl_pathv[i], node->position, sources);
		if (!files) {
			loader->project->incomplete = true;
			ir__load_error(loader, node->position, "no-match",
				ir__load_format(loader, "write %s/*.yaml", word.text),
				"\"%s\" is a folder, and no file", word.text);
		}
		globfree(&found);
	} else if (result == GLOB_NOMATCH) {
		loader->project->incomplete = true;
		ir__load_error(loader, node->position, "no-match",
			"patterns are relative to the project file", "no file matches \"%s\"", word.text);
	} else if (result == GLOB_NOSPACE) {
		loader->out_of_memory = true;
	} else {
		loader->project->incomplete = true;
		ir__load_error(loader, node->position, "unreadable-file", NULL,
			"the folders of \"%s\" cannot be read", word.text);
	}
	dbw_text_clear(&pattern);
}

void ir__load_includes(ir_loader *loader, const dbw_yaml_node *node, ir_list *sources)
{
	const ir_scope scope = { "the project file", NULL, NULL };

	if (node->kind == DBW_YAML_MAPPING || dbw_yaml_is_null(node)) {
		loader->project->incomplete = true;
		ir__load_error(loader, node->position, "wrong-kind", "write include: [models/*.yaml]",
			"\"include\" of the project file must be a list of patterns, not %s",
			dbw_yaml_describe(node));
		return;
	}
	loader->scope = &scope;
	if (node->kind == DBW_YAML_SCALAR)
		load_pattern(loader, node, sources);
	else if (node->count == 0)
		ir__load_error(loader, node->position, "empty-list",
			"write include: [models/*.yaml], or leave it out",
			"\"include\" of the project file has no pattern");
	else
		for (size_t i = 0; i < node->count; i++)
			load_pattern(loader, node->of.items[i], sources);
	loader->scope = NULL;
}
