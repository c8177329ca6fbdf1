/* The table of commands as a view: what the manual page and the completions are filled with. */
#include "cli.h"

static void set_value(ir__view_maker *maker, ir__view *view, const cli_option *option)
{
	ir__view_set_text(maker, view, "argument", option->argument);
	ir__view_set_text(maker, view, "help", option->help);
	ir__view_set_bool(maker, view, "file", option->kind == CLI_FILE);
	ir__view_set_bool(maker, view, "folder", option->kind == CLI_FOLDER);
	ir__view_set_bool(maker, view, "command_name", option->kind == CLI_COMMAND);
	ir__view *values = ir__view_set_list(maker, view, "values");
	for (const char *const *value = option->values; value != NULL && *value != NULL; value++)
		ir__view_add_text(maker, values, *value);
}

static void add_options(ir__view_maker *maker, ir__view *list, const cli_option *options, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		ir__view *view = ir__view_add_object(maker, list);

		ir__view_set_text(maker, view, "name", options[i].name);
		ir__view_printf(maker, view, "letter", "%.1s", &options[i].letter);
		set_value(maker, view, &options[i]);
	}
}

/* The words behind the command: at most two. */
static void add_words(ir__view_maker *maker, ir__view *list, const cli_command *command)
{
	const cli_option *const words[] = { command->word, command->second };

	for (size_t i = 0; i < sizeof words / sizeof *words && words[i] != NULL; i++) {
		ir__view *view = ir__view_add_object(maker, list);

		ir__view_printf(maker, view, "place", "%zu", i + 1);
		ir__view_set_bool(maker, view, "needed", i == 0 && command->needs_word);
		set_value(maker, view, words[i]);
	}
}

static void add_command(ir__view_maker *maker, ir__view *list, const cli_command *command)
{
	ir__view *view = ir__view_add_object(maker, list);

	ir__view_set_text(maker, view, "command", command->name);
	ir__view_set_text(maker, view, "summary", command->summary);
	ir__view_set_text(maker, view, "more", command->more);
	ir__view_set_text(maker, view, "example", command->example);
	ir__view_set_bool(maker, view, "project", command->project);
	add_options(
		maker, ir__view_set_list(maker, view, "options"), command->options, command->option_count);
	add_words(maker, ir__view_set_list(maker, view, "words"), command);
}

const ir__view *cli_table_view(dbw_arena *arena)
{
	ir__view_maker maker = { .arena = arena };
	ir__view *view = ir__view_object(&maker);

	ir__view_set_text(&maker, view, "version", DBWRIGHT_VERSION);
	ir__view *commands = ir__view_set_list(&maker, view, "commands");
	for (size_t i = 0; i < cli_command_count; i++)
		add_command(&maker, commands, &cli_commands[i]);
	add_options(&maker, ir__view_set_list(&maker, view, "common"), cli_common_options,
		cli_common_option_count);
	ir__view *exits = ir__view_set_list(&maker, view, "exits");
	for (size_t i = 0; i < cli_exit_count; i++) {
		ir__view *row = ir__view_add_object(&maker, exits);

		ir__view_printf(&maker, row, "code", "%d", cli_exits[i].code);
		ir__view_set_text(&maker, row, "meaning", cli_exits[i].meaning);
	}
	return maker.failed ? NULL : view;
}
