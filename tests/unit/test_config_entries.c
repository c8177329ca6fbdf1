#include <entries/expand.h>
#include <entries/url.h>
#include <errno.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* The variables of these tests; the context is a word that must come through. */
static const char *variable(void *context, const char *name)
{
	assert_string_equal(context, "context");
	if (strcmp(name, "A") == 0)
		return "one";
	if (strcmp(name, "EMPTY") == 0)
		return "";
	if (strcmp(name, "NESTED") == 0)
		return "${A}$$";
	if (strcmp(name, "_x9") == 0)
		return "under";
	if (strcmp(name, "file:/run/secrets/a b") == 0)
		return "from a file";
	if (strncmp(name, "file:", 5) == 0)
		errno = ENOENT;
	return NULL;
}

static void expand__good(void **state)
{
	static const struct {
		const char *text, *expected;
	} cases[] = {
		{ "", "" },
		{ "plain", "plain" },
		{ "${A}", "one" },
		{ "<${A}${A}>", "<oneone>" },
		{ "${EMPTY}", "" },
		{ "${NESTED}", "${A}$$" },
		{ "${_x9}", "under" },
		{ "${A:-two}", "one" },
		{ "${EMPTY:-two}", "two" },
		{ "${NONE:-two}", "two" },
		{ "${NONE:-}", "" },
		{ "${NONE:-sqlite:data/primary.db}", "sqlite:data/primary.db" },
		{ "${NONE:-a{b}c}", "a{bc}" },
		{ "${NONE:-a$$b$c$}", "a$b$c$" },
		{ "$", "$" },
		{ "$$", "$" },
		{ "$$$", "$$" },
		{ "$$$$", "$$" },
		{ "$A ${A} $", "$A one $" },
		{ "$${A}", "${A}" },
		{ "$$${A}", "$one" },
		{ "100%d {A}", "100%d {A}" },
		{ "<${file:/run/secrets/a b}>", "<from a file>" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		char context[] = "context", problem[DBW__PROBLEM_SIZE] = "old";
		dbw_text_buffer out;
		size_t offset = 9;

		dbw_text_init(&out, NULL, 0);
		dbw_text_append_z(&out, "before ");
		assert_true(dbw__expand(cases[i].text, variable, context, &out, problem));
		assert_string_equal(out.data + 7, cases[i].expected);
		assert_string_equal(problem, "");
		assert_true(dbw__expand_check(cases[i].text, problem, &offset));
		assert_int_equal(offset, 0);
		dbw_text_clear(&out);
	}
}

static void expand__broken(void **state)
{
	static const char name[] = "the name of a variable has only letters, digits and _,"
				   " and does not begin with a digit";
	static const char follow[] = "only \":-\" and a default, or \"}\", may follow the name of a variable";
	static const char open[] = "\"${\" has no closing \"}\"";
	static const struct {
		const char *text, *problem;
		size_t offset;
	} cases[] = {
		{ "${", open, 0 },
		{ "ab${A", open, 2 },
		{ "$$${A:-x", open, 2 },
		{ "${}", "\"${}\" names no variable", 0 },
		{ "${A}${}", "\"${}\" names no variable", 4 },
		{ "${9A}", name, 0 },
		{ "${pass word}", name, 0 },
		{ "${ A}", name, 0 },
		{ "${:-x}", name, 0 },
		{ "${\xC3\xA4}", name, 0 },
		{ "${A:?x}", follow, 0 },
		{ "${A-x}", follow, 0 },
		{ "${A:=x}", follow, 0 },
		{ "${A:}", follow, 0 },
		{ "${NONE:-${A}}", "a default cannot hold \"${\"", 0 },
		{ "x${file:}", "\"${file:}\" names no file", 1 },
		{ "x${file:a", open, 1 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		char context[] = "context", problem[DBW__PROBLEM_SIZE];
		dbw_text_buffer out;
		size_t offset = 99;

		dbw_text_init(&out, NULL, 0);
		dbw_text_append_z(&out, "before");
		assert_false(dbw__expand(cases[i].text, variable, context, &out, problem));
		assert_string_equal(problem, cases[i].problem);
		assert_string_equal(out.data, "before");
		assert_false(dbw__expand_check(cases[i].text, problem, &offset));
		assert_string_equal(problem, cases[i].problem);
		assert_int_equal(offset, cases[i].offset);
		dbw_text_clear(&out);
	}
}

static void expand__unset_is_named_and_only_at_run_time(void **state)
{
	char context[] = "context", problem[DBW__PROBLEM_SIZE];
	dbw_text_buffer out;
	size_t offset;

	(void)state;
	dbw_text_init(&out, NULL, 0);
	assert_false(dbw__expand("${A}${NONE}", variable, context, &out, problem));
	assert_string_equal(problem, "the environment variable NONE is not set");
	assert_string_equal(out.data, "");
	assert_true(dbw__expand_check("${A}${NONE}", problem, &offset));
	assert_false(dbw__expand("${A}${file:not/there}", variable, context, &out, problem));
	assert_string_equal(problem, "the file not/there cannot be read: No such file or directory");
	assert_string_equal(out.data, "");
	assert_true(dbw__expand_check("${file:not/there}", problem, &offset));
	dbw_text_clear(&out);
}

static void expand__names_have_a_longest(void **state)
{
	char text[160] = "${", context[] = "context", problem[DBW__PROBLEM_SIZE];
	dbw_text_buffer out;
	size_t offset;

	(void)state;
	memset(text + 2, 'N', 127);
	strcpy(text + 129, "}");
	assert_true(dbw__expand_check(text, problem, &offset));
	dbw_text_init(&out, NULL, 0);
	assert_false(dbw__expand(text, variable, context, &out, problem));
	assert_memory_equal(problem, "the environment variable NNNN", 29);
	strcpy(text + 129, "N}");
	assert_false(dbw__expand_check(text, problem, &offset));
	assert_string_equal(problem, "the name of a variable has at most 127 characters");
	dbw_text_clear(&out);
}

static void url__good(void **state)
{
	static const struct {
		const char *text, *provider;
		dbw_url_kind kind;
		const char *path, *opaque;
	} cases[] = {
		{ "sqlite:data/app.db", "sqlite", DBW_URL_PATH, "data/app.db", NULL },
		{ "sqlite:/var/app.db", "sqlite", DBW_URL_PATH, "/var/app.db", NULL },
		{ "sqlite:///data/app.db", "sqlite", DBW_URL_PATH, "data/app.db", NULL },
		{ "sqlite:////var/app.db", "sqlite", DBW_URL_PATH, "/var/app.db", NULL },
		{ "SQLite:a.db", "sqlite", DBW_URL_PATH, "a.db", NULL },
		{ "sqlite:./:odd:", "sqlite", DBW_URL_PATH, "./:odd:", NULL },
		{ "sqlite:100%25 #1.db", "sqlite", DBW_URL_PATH, "100%25 #1.db", NULL },
		{ "sqlite:///a%20b%2Fc%3f%23%25.db", "sqlite", DBW_URL_PATH, "a b/c?#%.db", NULL },
		{ "sqlite:///%C3%A4.db", "sqlite", DBW_URL_PATH, "\xC3\xA4.db", NULL },
		{ "sqlite::memory:", "sqlite", DBW_URL_MEMORY, NULL, NULL },
		{ "sqlite:///:memory:", "sqlite", DBW_URL_MEMORY, NULL, NULL },
		{ "sqlite::temp:", "sqlite", DBW_URL_TEMPORARY, NULL, NULL },
		{ "postgresql://u:p@h:5432/db?x=y", "postgresql", DBW_URL_SERVER, NULL,
			"postgresql://u:p@h:5432/db?x=y" },
		{ "postgres://h/db", "postgresql", DBW_URL_SERVER, NULL, "postgresql://h/db" },
		{ "postgresql://[::1]:5,b,:6,[::2]/d?x=a@b:c", "postgresql", DBW_URL_SERVER, NULL,
			"postgresql://[::1]:5,b,:6,[::2]/d?x=a@b:c" },
		{ "postgresql://h/d?a=&b=c&", "postgresql", DBW_URL_SERVER, NULL,
			"postgresql://h/d?a=&b=c&" },
		{ "postgresql://h/d?", "postgresql", DBW_URL_SERVER, NULL, "postgresql://h/d?" },
		{ "postgresql://h:/d", "postgresql", DBW_URL_SERVER, NULL, "postgresql://h:/d" },
		{ "Postgresql://", "postgresql", DBW_URL_SERVER, NULL, "postgresql://" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		char problem[DBW__PROBLEM_SIZE] = "old";
		dbw_arena *arena = dbw_arena_new(0);
		dbw_url url;

		assert_non_null(arena);
		assert_true(dbw__url_parse(arena, cases[i].text, problem, &url));
		assert_string_equal(problem, "");
		assert_string_equal(url.provider, cases[i].provider);
		assert_int_equal(url.kind, cases[i].kind);
		if (cases[i].path == NULL)
			assert_null(url.path);
		else
			assert_string_equal(url.path, cases[i].path);
		if (cases[i].opaque == NULL)
			assert_null(url.opaque);
		else
			assert_string_equal(url.opaque, cases[i].opaque);
		dbw_arena_free(arena);
	}
}

static void url__refused(void **state)
{
	static const char no_scheme[] = "a database URL begins with sqlite: or postgresql://;"
					" for a file write sqlite: before its path";
	static const char no_file[] =
		"the URL names no file; write sqlite:path, sqlite::memory: or sqlite::temp:";
	static const char percent[] =
		"a % in a sqlite:// URL wants two hexadecimal digits; write %25 for a % itself";
	static const char front[] = "a path cannot begin with \":\" or \"file:\"; write ./ before it."
				    " Without a path there are sqlite::memory: and sqlite::temp:";
	static const char options[] = "options after \"?\" are not supported yet;"
				      " a \"?\" in a path is %3F in a sqlite:/// URL";
	static const char host[] = "two slashes would name a host: write sqlite:///path for a relative path,"
				   " sqlite:////path for an absolute one";
	static const char unknown[] = "this kind of URL is not known; known are sqlite: and postgresql://";
	static const char postgresql[] = "this kind of URL is not known; did you mean postgresql://?";
	static const char no_port[] = "a port is not a number; a password stands before an @,"
				      " and an @ in it is written %40, a / %2F, a ? %3F";
	static const char many[] =
		"there is an @ too many: in a user, a password or a name it is written %40, and a / %2F";
	static const struct {
		const char *text, *problem;
	} cases[] = {
		{ "", no_scheme },
		{ "data/geheim.db", no_scheme },
		{ ":memory:", no_scheme },
		{ "://x", no_scheme },
		{ "geheim@host:5432/db", no_scheme },
		{ "/var/lib/x:y", no_scheme },
		{ "a-very-long-word-that-is-certainly-no-scheme:x", no_scheme },
		{ "sqlite:", no_file },
		{ "sqlite://", no_file },
		{ "sqlite:///", no_file },
		{ "sqlite://host/x.db", host },
		{ "sqlite:a.db?mode=ro", options },
		{ "sqlite:///a.db?key=geheim", options },
		{ "sqlite:///a#b", "a \"#\" in a sqlite:// URL must be written %23" },
		{ "sqlite:///a%", percent },
		{ "sqlite:///a%4", percent },
		{ "sqlite:///a%zz", percent },
		{ "sqlite:///a%00b", "a path cannot hold a NUL character (%00)" },
		{ "sqlite::mem:", front },
		{ "sqlite:///%3Amemory:", front },
		{ "sqlite:file:x.db", front },
		{ "sqlite:data/", "the path ends in a slash: it names a folder, not a file" },
		{ "sqlite:////", "the path ends in a slash: it names a folder, not a file" },
		{ "postgresql:x", "after postgresql: two slashes are missing" },
		{ "postgresql:/x", "after postgresql: two slashes are missing" },
		{ "postgresql://u:geheim", no_port },
		{ "postgresql://u:ge/heim@h/d", many },
		{ "postgresql://u:1/geheim@h/d", many },
		{ "postgresql://u:ge@heim@h/d", many },
		{ "postgresql://u:ge?heim@h/d", no_port },
		{ "postgresql://u:p@a:1,b:geheim/d", no_port },
		{ "postgresql://[::1]:geheim/d", no_port },
		{ "postgresql://h/d?geheim", "a parameter behind the ? of a URL is name=value" },
		{ "postgresql://h/d?&a=b", "a parameter behind the ? of a URL is name=value" },
		{ "postgresql://h/d?a=geheim=b", "an = in the value of a parameter is written %3D" },
		{ "postgresql://[::1:geheim/d", "the bracket of an address is not closed" },
		{ "sqlit:x", "this kind of URL is not known; did you mean sqlite:?" },
		{ "sqlite3:x", "this kind of URL is not known; did you mean sqlite:?" },
		{ "postgesql://u:geheim@h/d", postgresql },
		{ "postgresql+asyncpg://u:geheim@h/d", postgresql },
		{ "mysql://u:geheim@h/d", unknown },
		{ "geheim:geheim@h", unknown },
		{ "C:\\data\\x.db", unknown },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		char problem[DBW__PROBLEM_SIZE];
		dbw_arena *arena = dbw_arena_new(0);
		dbw_url url;

		assert_non_null(arena);
		memset(&url, 1, sizeof(url));
		assert_false(dbw__url_parse(arena, cases[i].text, problem, &url));
		assert_string_equal(problem, cases[i].problem);
		assert_null(strstr(problem, "geheim"));
		assert_null(url.provider);
		assert_null(url.path);
		assert_null(url.opaque);
		dbw_arena_free(arena);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(expand__good),
		cmocka_unit_test(expand__broken),
		cmocka_unit_test(expand__unset_is_named_and_only_at_run_time),
		cmocka_unit_test(expand__names_have_a_longest),
		cmocka_unit_test(url__good),
		cmocka_unit_test(url__refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
