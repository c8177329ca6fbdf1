/* The actions of `dbwright db` that are about no database in particular: config, providers. */
#include "db.h"

#include <base/json.h>
#include <entries/outside.h>
#include <provider/outside.h>
#include <render/template.h>

#include <stdio.h>
#include <string.h>

static bool append_example(const dbw__provider *provider, bool json, dbw_text_buffer *out)
{
	char name[64], copy[2048];
	ir__template_text example;

	snprintf(name, sizeof name, "cli/config_%s", provider->name);
	if (!ir__find_embedded(NULL, name, &example) || example.length >= sizeof copy)
		return false;
	memcpy(copy, example.text, example.length);
	copy[example.length] = '\0';
	if (json) {
		db_append_text(out, "provider", provider->name, true);
		db_append_text(out, "example", copy, false);
		dbw_text_append_z(out, "}\n");
	} else {
		dbw_text_append_z(out, copy);
	}
	return true;
}

/* `db config [PROVIDER]` */
int db_config(const cli_arguments *arguments)
{
	dbw_text_buffer text;
	bool done = true;

	if (arguments->second != NULL && dbw__provider_find(arguments->second) == NULL)
		return cli_usage_error(
			"dbwright db providers lists them", "there is no provider '%s'", arguments->second);
	dbw_text_init(&text, NULL, 0);
	for (size_t i = 0; done && i < dbw__provider_count; i++) {
		const dbw__provider *provider = &dbw__providers[i];

		if (arguments->second != NULL && strcmp(arguments->second, provider->name) != 0)
			continue;
		if (!arguments->json && text.length > 0)
			dbw_text_append_char(&text, '\n');
		done = append_example(provider, arguments->json, &text);
	}
	done = cli_write(&text) && done;
	dbw_text_clear(&text);
	return done ? CLI_DONE : CLI_FAILED;
}

static void append_provider(const cli_arguments *arguments, const char *name, const char *title,
	const char *origin, const char *reason, dbw_text_buffer *out)
{
	if (arguments->json) {
		db_append_text(out, "provider", name, true);
		db_append_text(out, "title", title, false);
		dbw_text_printf(out, ",\"available\":%s", reason == NULL ? "true" : "false");
		db_append_text(out, "reason", reason, false);
		dbw_text_append_z(out, "}\n");
	} else if (title == NULL) {
		dbw_text_printf(out, "%s: not available: %s\n", name, reason);
	} else if (reason == NULL) {
		dbw_text_printf(out, "%s: %s, %s\n", name, title, origin);
	} else {
		dbw_text_printf(out, "%s: %s, not available: %s\n", name, title, reason);
	}
}

/* `db providers LIBRARY:SYMBOL`: loads it as `db test` does. */
static int try_provider(const cli_arguments *arguments, dbw_text_buffer *out)
{
	dbw__outside_providers outside = { .load = dbw_load_provider,
		.folders = arguments->provider_dirs,
		.folder_count = arguments->provider_dir_count,
		.setting = "--provider-dir" };
	const char *name = arguments->second;
	char problem[DBW__PROBLEM_SIZE], library[4096];
	dbw__resolved resolved = { .provider = name, .library = library };
	dbw__used_provider provider;
	dbw_error error = { .status = DBW_OK };
	dbw__outside split;
	dbw_status status;

	if (!dbw__outside_split(name, &split, problem))
		return cli_usage_error(NULL, "the name of a provider %s", problem);
	if (split.library_length == 0 || split.library_length >= sizeof library)
		return cli_usage_error(NULL, "only a program has providers that it registers");
	snprintf(library, sizeof library, "%.*s", (int)split.library_length, name);
	resolved.symbol = split.symbol;
	status = dbw__provider_use(&outside, &resolved, &provider, &error);
	append_provider(arguments, name, status == DBW_OK ? provider.title : NULL,
		status == DBW_OK && provider.store != NULL ? "loaded, a store" : "loaded",
		status == DBW_OK ? NULL : error.message, out);
	dbw__outside_end(&outside, false);
	return status == DBW_OK ? CLI_DONE : CLI_FAILED;
}

static void list_bundled(const cli_arguments *arguments, dbw_text_buffer *out)
{
	for (size_t i = 0; i < dbw__provider_count; i++) {
		const dbw__provider *provider = &dbw__providers[i];
		dbw_error error = { .status = DBW_OK };
		const bool good = dbw__provider_check(provider, &error) == DBW_OK;

		append_provider(arguments, provider->name, provider->title, "built in",
			good ? NULL : error.message, out);
	}
}

/* `db providers [LIBRARY:SYMBOL]` */
int db_providers(const cli_arguments *arguments)
{
	dbw_text_buffer text;
	int code = CLI_DONE;

	if (arguments->second != NULL && !dbw__is_outside(arguments->second))
		return cli_usage_error(NULL, "db providers takes no NAME but LIBRARY:SYMBOL");
	dbw_text_init(&text, NULL, 0);
	if (arguments->second != NULL)
		code = try_provider(arguments, &text);
	else
		list_bundled(arguments, &text);
	if (!cli_write(&text))
		code = CLI_FAILED;
	dbw_text_clear(&text);
	return code;
}
