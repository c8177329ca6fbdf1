/* The actions of `dbwright db` that are about no database in particular: config, providers. */
#include "db.h"

#include <base/json.h>
#include <provider/provider.h>
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

/* `db providers` */
int db_providers(const cli_arguments *arguments)
{
	dbw_text_buffer text;
	bool done;

	if (arguments->second != NULL)
		return cli_usage_error(NULL, "db providers takes no NAME");
	dbw_text_init(&text, NULL, 0);
	for (size_t i = 0; i < dbw__provider_count; i++) {
		const dbw__provider *provider = &dbw__providers[i];
		dbw_error error = { .status = DBW_OK };
		const bool good = dbw__provider_check(provider, &error) == DBW_OK;

		if (arguments->json) {
			db_append_text(&text, "provider", provider->name, true);
			db_append_text(&text, "title", provider->title, false);
			dbw_text_printf(&text, ",\"available\":%s", good ? "true" : "false");
			db_append_text(&text, "reason", good ? NULL : error.message, false);
			dbw_text_append_z(&text, "}\n");
		} else if (good) {
			dbw_text_printf(&text, "%s: %s, built in\n", provider->name, provider->title);
		} else {
			dbw_text_printf(&text, "%s: %s, not available: %s\n", provider->name, provider->title,
				error.message);
		}
	}
	done = cli_write(&text);
	dbw_text_clear(&text);
	return done ? CLI_DONE : CLI_FAILED;
}
