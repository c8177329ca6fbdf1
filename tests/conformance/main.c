/*
 * Whether a provider does what programs rely on: runs every check against a database of it and says which pass.
 *
 *     dbwright-conformance [-d DIR]... PROVIDER LOCATION [KEY=VALUE]...
 *     dbwright-conformance --help
 *
 * The lines are TAP, which many test runners read. Exits with 0 when all checks pass, with 1 when one does not, with 2 when
 * the words are wrong or the database cannot be opened.
 */
#include "conformance.h"

#include <dbwright/provider.h>

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

enum { SETTINGS_MAX = 32, FOLDERS_MAX = 8 };

bool run_fails(trial *run, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(run->reason, sizeof run->reason, format, arguments);
	va_end(arguments);
	return false;
}

bool run_gave(trial *run, const char *call, dbw_status got, dbw_status wanted, const char *message)
{
	return run_fails(run, "%s gives %s and not %s%s%s", call, dbw_status_name(got),
		dbw_status_name(wanted), message[0] == '\0' ? "" : ": ", message);
}

bool run_skips(trial *run, const char *why)
{
	run->skipped = true;
	run_fails(run, "%s", why);
	return true;
}

dbw_status run_open(const trial *run, uint32_t pool_size, dbw_databases **out, dbw_error *error)
{
	dbw_options options = *run->options;
	dbw_entry entry = options.entries[0];

	if (pool_size != 0)
		entry.pool_size = pool_size;
	options.entries = &entry;
	return dbw_databases_open(out, &conformance_program, &options, error);
}

/* Removes the tables that are there. */
static dbw_status clear(dbw_databases *databases, dbw_error *error)
{
	static const char *const statements[] = { "DROP TABLE IF EXISTS dbwright_conformance_parts",
		"DROP TABLE IF EXISTS dbwright_conformance_owners",
		"DROP TABLE IF EXISTS dbwright_conformance_samples" };
	probe_session s;
	dbw_status status = probe_begin(databases, "remove the tables", &s, error);

	for (size_t i = 0; i < sizeof statements / sizeof *statements && status == DBW_OK; i++)
		status = dbw_sql_run(s.any, (dbw_sql_text){ .any = statements[i] }, NULL, 0, NULL);
	if (status == DBW_OK)
		status = probe_commit(s);
	if (status != DBW_OK && error->status == DBW_OK)
		*error = *dbw_session_error(s.any);
	probe_end(s);
	return status;
}

static dbw_status make_tables(dbw_databases *databases, dbw_error *error)
{
	probe_session s;
	dbw_status status = probe_begin(databases, "make the tables", &s, error);

	if (status != DBW_OK)
		return status;
	status = probe_create_tables(s);
	if (status == DBW_OK)
		status = probe_commit(s);
	if (status != DBW_OK)
		*error = *dbw_session_error(s.any);
	probe_end(s);
	return status;
}

/* Opens, and makes the tables anew. */
static dbw_status prepare(trial *run, dbw_error *error)
{
	dbw_status status = run_open(run, 0, &run->databases, error);

	if (status != DBW_OK)
		return status;
	status = clear(run->databases, error);
	return status == DBW_OK ? make_tables(run->databases, error) : status;
}

/* Runs one check with tables of its own; whatever it leaves open is closed here. */
static bool passes(trial *run, const claim *one)
{
	dbw_error error = { .status = DBW_OK };
	bool good = false;
	dbw_status status;

	run->databases = NULL;
	run->skipped = false;
	status = prepare(run, &error);
	if (status == DBW_OK)
		good = one->passes(run);
	else
		run_fails(run, "no tables can be made: %s", error.message);
	status = dbw_databases_close(run->databases, &error);
	if (status != DBW_OK && good)
		good = run_fails(run, "closing: %s", error.message);
	return good;
}

/* Runs the checks of a list and counts on. */
static void run_list(trial *run, const claim *checks, unsigned *number, unsigned *failed)
{
	for (; checks->name != NULL; checks++) {
		const bool good = passes(run, checks);

		printf("%s %u - %s", good ? "ok" : "not ok", ++*number, checks->name);
		if (run->skipped)
			printf(" # SKIP %s", run->reason);
		putchar('\n');
		if (!good)
			printf("  # %s\n", run->reason);
		fflush(stdout);
		*failed += !good;
	}
}

/* All that is wrong with the words, and not the first alone. */
static void tell(void *argument, const dbw_problem *problem)
{
	if (problem->is_error)
		*(bool *)argument = true;
	fprintf(stderr, "dbwright-conformance: %s%s%s\n", problem->message, problem->hint == NULL ? "" : "; ",
		problem->hint == NULL ? "" : problem->hint);
}

/* Whether it can be opened at all, and what it is. */
static bool greet(trial *run)
{
	dbw_error error = { .status = DBW_OK };
	dbw_databases *databases;
	dbw_status status;
	probe_reader one, other;
	dbw_options listening = *run->options;
	const dbw_options *usual = run->options;
	bool told = false;

	listening.on_problem = tell;
	listening.problem_argument = &told;
	run->options = &listening;
	status = run_open(run, 2, &databases, &error);
	run->options = usual;
	if (status == DBW_OK) {
		status = probe_read_begin(databases, "connect", &one, &error);
		if (status == DBW_OK) {
			/*
			 * A second session is refused where the database lives in the first one's connection. Neither writes:
			 * a driver that cannot open a connection beside a writer has connections enough, and is at fault.
			 */
			run->single_connection =
				probe_read_begin(databases, "connect again", &other, NULL) == DBW_BUSY;
			probe_read_end(other);
		}
		probe_read_end(one);
		dbw_databases_close(databases, NULL);
	}
	if (status != DBW_OK && !told)
		fprintf(stderr, "dbwright-conformance: %s\n", error.message);
	if (status == DBW_PROVIDER && strchr(run->provider, ':') != NULL &&
		run->options->provider_folder_count == 0)
		fputs("hint: -d DIR names the folder that the library is in\n", stderr);
	return status == DBW_OK;
}

/* Leaves the database as it was. */
static bool clean_up(trial *run)
{
	dbw_error error = { .status = DBW_OK };
	dbw_databases *databases;
	dbw_status status = run_open(run, 0, &databases, &error);

	if (status == DBW_OK)
		status = clear(databases, &error);
	dbw_databases_close(databases, NULL);
	if (status != DBW_OK)
		fprintf(stderr, "dbwright-conformance: the tables cannot be removed: %s\n", error.message);
	return status == DBW_OK;
}

static void print_usage(FILE *stream)
{
	fputs("usage: dbwright-conformance [-d DIR]... PROVIDER LOCATION [KEY=VALUE]...\n"
	      "    PROVIDER   sqlite, postgresql, or LIBRARY:SYMBOL in one of the folders DIR\n"
	      "    LOCATION   what an entry says as connection_string, \"\" for nothing; a database for tests alone\n"
	      "    KEY=VALUE  what else it says; options.KEY=VALUE for an option of the provider\n",
		stream);
}

static int usage(const char *reason)
{
	fprintf(stderr, "dbwright-conformance: %s\n", reason);
	print_usage(stderr);
	return 2;
}

/* Takes KEY=VALUE apart, in place. */
static bool read_setting(char *word, dbw_setting *out)
{
	char *sign = strchr(word, '=');

	if (sign == NULL || sign == word)
		return false;
	*sign = '\0';
	*out = (dbw_setting){ word, sign + 1 };
	return true;
}

int main(int argc, char **argv)
{
	static const char *const only[] = { "probe" };
	const claim *const lists[] = { value_checks, write_checks, session_checks, limit_checks };
	const char *folders[FOLDERS_MAX];
	dbw_setting settings[SETTINGS_MAX];
	dbw_entry entry = { .name = "probe", .settings = settings };
	dbw_options options = { .entries = &entry,
		.entry_count = 1,
		.only = only,
		.only_count = 1,
		.dotenv = "",
		.load_provider = dbw_load_provider,
		.provider_folders = folders };
	unsigned number = 0, failed = 0;
	trial run = { .options = &options };
	int at = 1;

	if (argc == 2 && (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0)) {
		print_usage(stdout);
		return ferror(stdout) ? 1 : 0;
	}
	for (; at + 1 < argc && strcmp(argv[at], "-d") == 0; at += 2) {
		if (options.provider_folder_count == FOLDERS_MAX)
			return usage("too many folders");
		folders[options.provider_folder_count++] = argv[at + 1];
	}
	if (argc - at < 2 || argv[at][0] == '-')
		return usage("a PROVIDER and a LOCATION are needed");
	run.provider = entry.provider = argv[at++];
	run.location = argv[at++];
	entry.connection_string = run.location[0] == '\0' ? NULL : run.location;
	for (; at < argc; at++) {
		if (entry.setting_count == SETTINGS_MAX)
			return usage("too many settings");
		if (!read_setting(argv[at], &settings[entry.setting_count++]))
			return usage("a setting is KEY=VALUE");
	}
	if (!greet(&run))
		return 2;
	for (size_t i = 0; i < sizeof lists / sizeof *lists; i++)
		run_list(&run, lists[i], &number, &failed);
	printf("1..%u\n", number);
	if (failed > 0)
		printf("# %u of %u checks fail\n", failed, number);
	return clean_up(&run) && failed == 0 ? 0 : 1;
}
