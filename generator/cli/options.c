#include "cli.h"

#include <base/suggest.h>
#include <base/text.h>

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { OPTIONS_MAX = 16, FIRST_CODE = 256, HELP_CODE = 1000 };

/* The tables of a command and the common one as getopt_long wants them; the code of an option is its place. */
typedef struct option_set {
	const cli_option *items[OPTIONS_MAX];
	int count;
	struct option longs[OPTIONS_MAX + 2];
	char letters[2 * OPTIONS_MAX + 4];
} option_set;

static void collect(option_set *set, const cli_option *options, size_t count)
{
	size_t letters = strlen(set->letters);

	for (size_t i = 0; i < count; i++) {
		set->longs[set->count] = (struct option){ .name = options[i].name,
			.has_arg = options[i].argument != NULL ? required_argument : no_argument,
			.val = FIRST_CODE + set->count };
		if (options[i].letter != 0) {
			set->letters[letters++] = options[i].letter;
			if (options[i].argument != NULL)
				set->letters[letters++] = ':';
			set->letters[letters] = '\0';
		}
		set->items[set->count++] = &options[i];
	}
}

static const cli_option *find_option(const option_set *set, int code)
{
	if (code >= FIRST_CODE)
		return code < FIRST_CODE + set->count ? set->items[code - FIRST_CODE] : NULL;
	for (int i = 0; i < set->count; i++)
		if (set->items[i]->letter == code)
			return set->items[i];
	return NULL;
}

static bool is_yaml(const char *word)
{
	size_t length = strlen(word);

	return (length > 5 && strcmp(word + length - 5, ".yaml") == 0) ||
	       (length > 4 && strcmp(word + length - 4, ".yml") == 0);
}

/* Says "<before><word><after>". */
static bool refuse(const cli_command *command, const char *before, const char *word, const char *after)
{
	char hint[64];

	if (is_yaml(word))
		snprintf(hint, sizeof hint, "-p names the project file: it includes the others");
	else
		snprintf(hint, sizeof hint, "dbwright %s --help lists the options", command->name);
	cli_usage_error(hint, "%s%s%s", before, word, after);
	return false;
}

/* Says that a word is missing or another one is meant, and which there are. */
static bool refuse_word(const cli_command *command, const cli_option *option, const char *word)
{
	char hint[200];
	dbw_suggestion near;

	if (option->values == NULL)
		return word == NULL ? refuse(command, command->name, " wants ", option->argument)
				    : refuse(command, "'", word, "' is not what this command takes");
	dbw_suggestion_begin(&near, word == NULL ? "" : word, word == NULL ? 0 : strlen(word));
	for (const char *const *each = option->values; *each != NULL; each++)
		dbw_suggestion_offer(&near, *each);
	if (near.best != NULL)
		snprintf(hint, sizeof hint, "did you mean '%s'? There is %s", near.best, option->help);
	else
		snprintf(hint, sizeof hint, "%s is %s", option->argument, option->help);
	if (word == NULL)
		cli_usage_error(hint, "%s wants %s", command->name, option->argument);
	else
		cli_usage_error(hint, "'%s' is not what %s takes", word, command->name);
	return false;
}

/* Says that the value is none of those the option takes, and which these are. */
static bool refuse_value(const cli_command *command, const cli_option *option, const char *value)
{
	char storage[160];
	dbw_text_buffer hint;
	dbw_suggestion near;

	if (option->values == NULL) {
		snprintf(storage, sizeof storage, "' is not a value for --%s", option->name);
		return refuse(command, "'", value, storage);
	}
	dbw_text_init(&hint, storage, sizeof storage);
	dbw_suggestion_begin(&near, value, strlen(value));
	for (const char *const *each = option->values; *each != NULL; each++)
		dbw_suggestion_offer(&near, *each);
	if (near.best != NULL)
		dbw_text_printf(&hint, "did you mean '%s'? ", near.best);
	for (const char *const *each = option->values; *each != NULL; each++)
		dbw_text_printf(&hint, "%s%s", each == option->values ? "it is one of " : ", ", *each);
	cli_usage_error(hint.data, "'%s' is not a value for --%s", value, option->name);
	dbw_text_clear(&hint);
	return false;
}

/* Whether the value is one of those allowed. */
static bool is_allowed(const cli_option *option, const char *value)
{
	if (option->values == NULL)
		return *value != '\0';
	for (const char *const *allowed = option->values; *allowed != NULL; allowed++)
		if (strcmp(*allowed, value) == 0)
			return true;
	return false;
}

/* The words that are left when the options are gone: the command, and those that some take. */
static bool take_words(const cli_command *command, int count, char **words, cli_arguments *arguments)
{
	const cli_option *const options[] = { command->word, command->second };
	int allowed = 1;

	while (allowed < 3 && options[allowed - 1] != NULL)
		allowed++;
	if (count > allowed)
		return refuse(command, "'", words[allowed], "' is one word too many");
	for (int i = 1; i < count; i++)
		if (!is_allowed(options[i - 1], words[i]))
			return refuse_word(command, options[i - 1], words[i]);
	if (count < 2 && command->needs_word)
		return refuse_word(command, command->word, NULL);
	arguments->word = count >= 2 ? words[1] : NULL;
	arguments->second = count == 3 ? words[2] : NULL;
	return true;
}

bool cli_parse(const cli_command *command, int argc, char **argv, cli_arguments *arguments, bool *help)
{
	option_set set = { .letters = ":h" };
	int code;

	arguments->prints = command->prints;
	collect(&set, command->options, command->option_count);
	if (command->project)
		collect(&set, cli_common_options, cli_common_option_count);
	set.longs[set.count] = (struct option){ .name = "help", .val = HELP_CODE };
	/* Room for two lists. */
	arguments->sources = calloc(2 * (size_t)argc, sizeof *arguments->sources);
	if (arguments->sources == NULL)
		return refuse(command, "out of memory", "", "");
	arguments->provider_dirs = arguments->sources + argc;
	/* getopt moves words that are no options to the end: the command's own word is left as the one at optind. */
	optind = 1;
	opterr = 0;
	while ((code = getopt_long(argc, argv, set.letters, set.longs, NULL)) != -1) {
		const cli_option *option;

		if (code == 'h' || code == HELP_CODE) {
			*help = true;
			continue;
		}
		if (code == ':')
			return refuse(command, "option '", argv[optind - 1], "' wants a value");
		option = code == '?' ? NULL : find_option(&set, code);
		if (option == NULL)
			return refuse(command, "there is no option '", argv[optind - 1], "'");
		if (option->argument != NULL && !is_allowed(option, optarg))
			return refuse_value(command, option, optarg);
		option->set(arguments, optarg);
	}
	return *help || take_words(command, argc - optind, argv + optind, arguments);
}
