#include <base/diagnostic.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static dbw_position at(const char *file, uint32_t line, uint32_t column)
{
	dbw_position position = { file, line, column };

	return position;
}

static void expect_text(dbw_diagnostics *diagnostics, const char *expected)
{
	dbw_text_buffer out;

	dbw_text_init(&out, NULL, 0);
	dbw_diagnostics_render(diagnostics, false, &out);
	assert_false(out.failed);
	assert_string_equal(out.data, expected);
	dbw_text_clear(&out);
}

static void expect_json(dbw_diagnostics *diagnostics, const char *expected)
{
	dbw_text_buffer out;

	dbw_text_init(&out, NULL, 0);
	dbw_diagnostics_render_json(diagnostics, &out);
	assert_string_equal(out.data, expected);
	dbw_text_clear(&out);
}

static dbw_diagnostics *with_source(const char *text)
{
	dbw_diagnostics *diagnostics = dbw_diagnostics_new(0);

	assert_non_null(diagnostics);
	assert_true(dbw_diagnostics_add_source(diagnostics, "f.yaml", text, strlen(text)));
	return diagnostics;
}

static void error_at(dbw_diagnostics *diagnostics, uint32_t line, uint32_t column)
{
	dbw_report(diagnostics, DBW_SEVERITY_ERROR, at("f.yaml", line, column), "c", NULL, "wrong");
}

/* One error in one line of text: what is shown below the message. */
static void expect_excerpt(const char *text, uint32_t column, const char *expected)
{
	dbw_diagnostics *diagnostics = with_source(text);
	char all[2048];

	error_at(diagnostics, 1, column);
	snprintf(all, sizeof(all), "f.yaml:1:%u: error: wrong\n%s", (unsigned)column, expected);
	expect_text(diagnostics, all);
	dbw_diagnostics_free(diagnostics);
}

static void diagnostic__line_caret_and_hint(void **state)
{
	dbw_diagnostics *diagnostics = with_source("models:\n  user:\n    feilds: {}\n");

	(void)state;
	dbw_report(diagnostics, DBW_SEVERITY_ERROR, at("f.yaml", 3, 5), "unknown-key",
		"did you mean \"fields\"?", "unknown key \"%s\" in %s", "feilds", "a model");
	expect_text(diagnostics, "f.yaml:3:5: error: unknown key \"feilds\" in a model\n"
				 "    feilds: {}\n"
				 "    ^\n"
				 "hint: did you mean \"fields\"?\n");
	expect_json(diagnostics,
		"{\"file\":\"f.yaml\",\"line\":3,\"column\":5,\"severity\":\"error\","
		"\"code\":\"unknown-key\",\"message\":\"unknown key \\\"feilds\\\" in a model\","
		"\"hint\":\"did you mean \\\"fields\\\"?\"}\n");
	dbw_diagnostics_free(diagnostics);
}

static void diagnostic__without_file_line_or_source(void **state)
{
	dbw_diagnostics *diagnostics = with_source("one line");

	(void)state;
	dbw_report(diagnostics, DBW_SEVERITY_ERROR, at(NULL, 0, 0), "a", NULL, "no file");
	dbw_report(diagnostics, DBW_SEVERITY_WARNING, at("f.yaml", 0, 0), "b", NULL, "no line");
	dbw_report(diagnostics, DBW_SEVERITY_ERROR, at("f.yaml", 7, 1), "c", NULL, "no such line");
	dbw_report(diagnostics, DBW_SEVERITY_ERROR, at("g.yaml", 1, 1), "d", NULL, "no source");
	expect_text(diagnostics, "error: no file\n"
				 "f.yaml: warning: no line\n"
				 "f.yaml:7:1: error: no such line\n"
				 "g.yaml:1:1: error: no source\n");
	assert_int_equal(dbw_diagnostics_errors(diagnostics), 3);
	assert_int_equal(dbw_diagnostics_warnings(diagnostics), 1);
	dbw_diagnostics_free(diagnostics);
	dbw_diagnostics_free(NULL);
}

static void diagnostic__order_is_by_place_and_stable(void **state)
{
	dbw_diagnostics *diagnostics = dbw_diagnostics_new(0);
	static const char *const expected[] = { "a1", "a1 again", "a2", "note of a2", "a10", "b1",
		"note of b1" };

	(void)state;
	assert_non_null(diagnostics);
	dbw_report(diagnostics, DBW_SEVERITY_ERROR, at("b", 1, 1), "c", NULL, "b1");
	/* Elsewhere, and yet right after what it belongs to. */
	dbw_report(diagnostics, DBW_SEVERITY_NOTE, at("a", 1, 1), "c", NULL, "note of b1");
	dbw_report(diagnostics, DBW_SEVERITY_ERROR, at("a", 10, 1), "c", NULL, "a10");
	dbw_report(diagnostics, DBW_SEVERITY_ERROR, at("a", 2, 9), "c", NULL, "a2");
	dbw_report(diagnostics, DBW_SEVERITY_NOTE, at("z", 99, 1), "c", NULL, "note of a2");
	dbw_report(diagnostics, DBW_SEVERITY_ERROR, at("a", 2, 8), "c", NULL, "a1");
	dbw_report(diagnostics, DBW_SEVERITY_WARNING, at("a", 2, 8), "c", NULL, "a1 again");
	assert_int_equal(dbw_diagnostics_count(diagnostics), 7);
	for (size_t i = 0; i < 7; i++)
		assert_string_equal(dbw_diagnostics_at(diagnostics, i)->message, expected[i]);
	assert_null(dbw_diagnostics_at(diagnostics, 7));
	/* A report after the order was made is put in order too. */
	dbw_report(diagnostics, DBW_SEVERITY_ERROR, at("a", 1, 1), "c", NULL, "first");
	dbw_report(diagnostics, DBW_SEVERITY_NOTE, at("b", 1, 1), "c", NULL, "note of first");
	assert_string_equal(dbw_diagnostics_at(diagnostics, 0)->message, "first");
	assert_string_equal(dbw_diagnostics_at(diagnostics, 1)->message, "note of first");
	assert_string_equal(dbw_diagnostics_at(diagnostics, 2)->message, "a1");
	dbw_diagnostics_free(diagnostics);
}

static void diagnostic__repetitions_go_with_their_notes(void **state)
{
	dbw_diagnostics *diagnostics = dbw_diagnostics_new(0);

	(void)state;
	assert_non_null(diagnostics);
	for (int i = 0; i < 3; i++) {
		dbw_report(diagnostics, DBW_SEVERITY_ERROR, at("a", 1, 1), "c", "h", "same");
		dbw_report(diagnostics, DBW_SEVERITY_NOTE, at("a", 2, 1), "c", NULL, "note");
		dbw_report(diagnostics, DBW_SEVERITY_NOTE, at("a", 2, 1), "c", NULL, "note");
	}
	dbw_report(diagnostics, DBW_SEVERITY_ERROR, at("a", 1, 2), "c", "h", "same");
	dbw_report(diagnostics, DBW_SEVERITY_ERROR, at("a", 1, 1), "c", "other", "same");
	dbw_report(diagnostics, DBW_SEVERITY_WARNING, at("a", 1, 1), "c", "h", "same");
	assert_int_equal(dbw_diagnostics_errors(diagnostics), 3);
	assert_int_equal(dbw_diagnostics_count(diagnostics), 5);
	dbw_diagnostics_free(diagnostics);
}

static void diagnostic__limits_errors_and_warnings_apart(void **state)
{
	dbw_diagnostics *diagnostics = dbw_diagnostics_new(2);

	(void)state;
	assert_non_null(diagnostics);
	for (uint32_t i = 1; i <= 9; i++)
		dbw_report(diagnostics, DBW_SEVERITY_WARNING, at("a", i, 1), "c", NULL, "w");
	for (uint32_t i = 1; i <= 5; i++) {
		dbw_report(diagnostics, DBW_SEVERITY_ERROR, at("b", i, 1), "c", NULL, "e");
		dbw_report(diagnostics, DBW_SEVERITY_NOTE, at("b", i, 2), "c", NULL, "n");
	}
	assert_int_equal(dbw_diagnostics_errors(diagnostics), 5);
	expect_text(diagnostics, "a:1:1: warning: w\na:2:1: warning: w\n"
				 "b:1:1: error: e\nb:1:2: note: n\nb:2:1: error: e\nb:2:2: note: n\n"
				 "warning: too many warnings: 7 more not shown\n"
				 "error: too many errors: 3 more not shown\n");
	dbw_diagnostics_free(diagnostics);
	diagnostics = dbw_diagnostics_new(0);
	assert_non_null(diagnostics);
	for (uint32_t i = 1; i <= 101; i++)
		error_at(diagnostics, i, 1);
	assert_int_equal(dbw_diagnostics_count(diagnostics), 100);
	assert_int_equal(dbw_diagnostics_errors(diagnostics), 101);
	dbw_diagnostics_free(diagnostics);
}

static void diagnostic__carets(void **state)
{
	(void)state;
	expect_excerpt("abc", 1, "abc\n^\n");
	expect_excerpt("abc", 3, "abc\n  ^\n");
	expect_excerpt("abc", 4, "abc\n   ^\n");
	expect_excerpt("abc", 99, "abc\n   ^\n");
	expect_excerpt("\ta\tb", 4, "\ta\tb\n\t \t^\n");
	/* Characters, not bytes; two columns for wide ones, none for combining ones. */
	expect_excerpt("\xC3\xA4\xC3\xB6x", 3, "\xC3\xA4\xC3\xB6x\n  ^\n");
	expect_excerpt("\xE6\x97\xA5\xE6\x9C\xACx", 3, "\xE6\x97\xA5\xE6\x9C\xACx\n    ^\n");
	expect_excerpt("e\xCC\x81x", 3, "e\xCC\x81x\n ^\n");
	/* Empty lines show nothing; all line ends of YAML 1.2 end the line. */
	expect_excerpt("", 1, "");
	expect_excerpt("\nabc", 1, "");
	expect_excerpt("ab\r\ncd", 1, "ab\n^\n");
	expect_excerpt("ab\rcd", 1, "ab\n^\n");
}

static void diagnostic__lines_are_counted_over_all_line_ends(void **state)
{
	dbw_diagnostics *diagnostics = with_source("1\n2\r\n3\r4\n\n6\r\r8");

	(void)state;
	for (uint32_t line = 1; line <= 9; line++)
		error_at(diagnostics, line, 1);
	expect_text(diagnostics, "f.yaml:1:1: error: wrong\n1\n^\nf.yaml:2:1: error: wrong\n2\n^\n"
				 "f.yaml:3:1: error: wrong\n3\n^\nf.yaml:4:1: error: wrong\n4\n^\n"
				 "f.yaml:5:1: error: wrong\nf.yaml:6:1: error: wrong\n6\n^\n"
				 "f.yaml:7:1: error: wrong\nf.yaml:8:1: error: wrong\n8\n^\n"
				 "f.yaml:9:1: error: wrong\n");
	dbw_diagnostics_free(diagnostics);
}

static void diagnostic__control_characters_never_get_out(void **state)
{
	dbw_diagnostics *diagnostics;

	(void)state;
	/* Escape, C1 (as UTF-8 and as a bare byte), DEL, override of direction, line separator. */
	expect_excerpt("a\x1B[31mb", 7, "a\xEF\xBF\xBD[31mb\n      ^\n");
	expect_excerpt("\xC2\x9B\x9B\x7F\xE2\x80\xAE\xE2\x80\xA8x", 6,
		"\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBDx\n     ^\n");
	diagnostics = dbw_diagnostics_new(0);
	assert_non_null(diagnostics);
	dbw_report(diagnostics, DBW_SEVERITY_ERROR, at("f\x1B\n.yaml", 1, 1), "c\"", "h\x07\xFF",
		"m\x1B]0;\n\xE2\x80\xAE\\");
	expect_text(diagnostics,
		"f\xEF\xBF\xBD\xEF\xBF\xBD.yaml:1:1: error: m\xEF\xBF\xBD]0;\xEF\xBF\xBD\xEF\xBF\xBD\\\n"
		"hint: h\xEF\xBF\xBD\xEF\xBF\xBD\n");
	expect_json(diagnostics,
		"{\"file\":\"f\\u001b\\u000a.yaml\",\"line\":1,\"column\":1,\"severity\":\"error\","
		"\"code\":\"c\\\"\",\"message\":\"m\\u001b]0;\\u000a\\u202e\\\\\","
		"\"hint\":\"h\\u0007\\ufffd\"}\n");
	dbw_diagnostics_free(diagnostics);
}

static void diagnostic__passwords_in_urls_are_not_shown(void **state)
{
	(void)state;
	expect_excerpt("url: postgresql://ada:geheim@host/db x", 38,
		"url: postgresql://ada:***@host/db x\n"
		"                                  ^\n");
	expect_excerpt("u: p://a:b@c@h/ \"p://a:x@h\" q://h:1/d", 1,
		"u: p://a:***@h/ \"p://a:***@h\" q://h:1/d\n^\n");
	expect_excerpt("u: p://a:b@h", 10, "u: p://a:***@h\n         ^\n");
	expect_excerpt("see http://h:80/x", 1, "see http://h:80/x\n^\n");
	/* Blanks in a password, slashes that are missing, words of libpq. */
	expect_excerpt("u: \"p://a:b c@h\", e: a@b", 1, "u: \"p://a:***@h\", e: a@b\n^\n");
	expect_excerpt("u: p:a:geheim@h/d, e: a@b", 1, "u: p:***@h/d, e: a@b\n^\n");
	expect_excerpt("u: \"host=h password = geheim sslpassword=x&y=1 a=b", 1,
		"u: \"host=h password = *** sslpassword=***&y=1 a=b\n^\n");
	/* A comma and a brace may be a password's, a quote too. */
	expect_excerpt("  password: a,b}c", 3, "  password: ***\n  ^\n");
	expect_excerpt("{password: \"a,b}\\\"c\", x: 1}", 2, "{password: ***, x: 1}\n ^\n");
	expect_excerpt("{password: 'a,b', x: 'c", 2, "{password: ***, x: 'c\n ^\n");
	expect_excerpt("{'password': 'a", 2, "{'password': ***\n ^\n");
	expect_excerpt("{oauth_client_secret: a, scram_client_key: b}", 2,
		"{oauth_client_secret: ***, scram_client_key: ***}\n ^\n");
	expect_excerpt("password:", 1, "password:\n^\n");
	expect_excerpt("password", 1, "password\n^\n");
	expect_excerpt("secretary", 1, "secretary\n^\n");
	expect_excerpt("{a: 1, password: geheim, sslpassword: \"x\"} # passwords: 2", 2,
		"{a: 1, password: ***, sslpassword: ***} # passwords: ***\n ^\n");
}

static void diagnostic__long_lines_are_cut_around_the_caret(void **state)
{
	char line[1001], expected[1400];

	(void)state;
	for (size_t i = 0; i < 1000; i++)
		line[i] = (char)('a' + i % 26);
	line[1000] = '\0';
	snprintf(expected, sizeof(expected), "%.100s...\n   ^\n", line);
	expect_excerpt(line, 4, expected);
	snprintf(expected, sizeof(expected), "...%.100s...\n%63s^\n", line + 439, "");
	expect_excerpt(line, 500, expected);
	snprintf(expected, sizeof(expected), "...%s\n%63s^\n", line + 940, "");
	expect_excerpt(line, 1001, expected);
	line[100] = '\0';
	snprintf(expected, sizeof(expected), "%s\n%99s^\n", line, "");
	expect_excerpt(line, 100, expected);
}

static void diagnostic__colours(void **state)
{
	dbw_diagnostics *diagnostics = with_source("ab");
	dbw_text_buffer out;

	(void)state;
	dbw_report(diagnostics, DBW_SEVERITY_WARNING, at("f.yaml", 1, 2), "c", "h", "m");
	dbw_text_init(&out, NULL, 0);
	dbw_diagnostics_render(diagnostics, true, &out);
	assert_string_equal(out.data, "\x1B[1mf.yaml:1:2: \x1B[1;35mwarning: \x1B[0m\x1B[1mm\x1B[0m\n"
				      "ab\n \x1B[1;32m^\x1B[0m\n\x1B[1mhint: \x1B[0mh\n");
	dbw_text_clear(&out);
	dbw_diagnostics_free(diagnostics);
}

static void diagnostic__sources_and_messages_are_copied(void **state)
{
	dbw_diagnostics *diagnostics = dbw_diagnostics_new(0);
	char file[] = "f.yaml", text[] = "abc", code[] = "code", hint[] = "hint";

	(void)state;
	assert_non_null(diagnostics);
	assert_true(dbw_diagnostics_add_source(diagnostics, file, text, 3));
	dbw_report(diagnostics, DBW_SEVERITY_ERROR, at(file, 1, 1), code, hint, "%s", text);
	memset(file, 'x', 3);
	memset(text, 'x', 3);
	memset(code, 'x', 3);
	memset(hint, 'x', 3);
	assert_true(dbw_diagnostics_add_source(diagnostics, "f.yaml", "other", 5));
	expect_text(diagnostics, "f.yaml:1:1: error: abc\nabc\n^\nhint: hint\n");
	assert_string_equal(dbw_diagnostics_at(diagnostics, 0)->code, "code");
	dbw_diagnostics_free(diagnostics);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(diagnostic__line_caret_and_hint),
		cmocka_unit_test(diagnostic__without_file_line_or_source),
		cmocka_unit_test(diagnostic__order_is_by_place_and_stable),
		cmocka_unit_test(diagnostic__repetitions_go_with_their_notes),
		cmocka_unit_test(diagnostic__limits_errors_and_warnings_apart),
		cmocka_unit_test(diagnostic__carets),
		cmocka_unit_test(diagnostic__lines_are_counted_over_all_line_ends),
		cmocka_unit_test(diagnostic__control_characters_never_get_out),
		cmocka_unit_test(diagnostic__passwords_in_urls_are_not_shown),
		cmocka_unit_test(diagnostic__long_lines_are_cut_around_the_caret),
		cmocka_unit_test(diagnostic__colours),
		cmocka_unit_test(diagnostic__sources_and_messages_are_copied),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
