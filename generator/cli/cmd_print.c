/* The commands that print what is made of the table of commands, or of what is compiled in. */
#include "cli.h"

#include <render/template.h>
#include <stdio.h>

/* Fills a template with the table. */
static int print_table(const cli_arguments *arguments, const char *template)
{
	cli_run run;
	bool done = cli_begin(&run, arguments);
	const ir__view *view = done ? cli_table_view(run.arena) : NULL;
	ir__templates *templates = view != NULL ? ir__templates_new(ir__find_embedded, NULL) : NULL;
	dbw_text_buffer text;

	dbw_text_init(&text, NULL, 0);
	if (done && templates == NULL)
		fputs("dbwright: out of memory\n", stderr);
	done = templates != NULL && ir__template_render(templates, template, view, &text, run.diagnostics) &&
	       cli_write(&text);
	dbw_text_clear(&text);
	ir__templates_free(templates);
	return cli_close(&run, done);
}

int cli_man(const cli_arguments *arguments)
{
	return print_table(arguments, "cli/man");
}

int cli_completions(const cli_arguments *arguments)
{
	char template[16];

	snprintf(template, sizeof template, "cli/%s", arguments->word);
	return print_table(arguments, template);
}

int cli_schema(const cli_arguments *arguments)
{
	ir__template_text schema;

	(void)arguments;
	if (!ir__find_embedded(NULL, "schema", &schema))
		return CLI_FAILED;
	fwrite(schema.text, 1, schema.length, stdout);
	return cli_flush() ? CLI_DONE : CLI_FAILED;
}
