#include <yaml/tree.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* Parses what has to fail and compares the JSON or the text of all that was reported. */
static void expect_report(
	const char *text, size_t length, const dbw_yaml_limits *limits, bool json, const char *expected)
{
	dbw_arena *arena = dbw_arena_new(0);
	dbw_diagnostics *diagnostics = dbw_diagnostics_new(0);
	const dbw_yaml_node *root = (const dbw_yaml_node *)expected;
	dbw_text_buffer out;

	assert_non_null(arena);
	assert_non_null(diagnostics);
	assert_false(dbw_yaml_parse(arena, diagnostics, "f", text, length, limits, &root));
	assert_null(root);
	dbw_text_init(&out, NULL, 0);
	if (json)
		dbw_diagnostics_render_json(diagnostics, &out);
	else
		dbw_diagnostics_render(diagnostics, false, &out);
	assert_string_equal(out.data, expected);
	dbw_text_clear(&out);
	dbw_diagnostics_free(diagnostics);
	dbw_arena_free(arena);
}

static void expect_error(const char *text, const char *expected)
{
	expect_report(text, strlen(text), NULL, false, expected);
}

/* One syntax error: its place, its words and its hint ("" for none), without the excerpt. */
static void expect_syntax(
	const char *text, uint32_t line, uint32_t column, const char *message, const char *hint)
{
	dbw_arena *arena = dbw_arena_new(0);
	dbw_diagnostics *diagnostics = dbw_diagnostics_new(0);
	const dbw_yaml_node *root;
	const dbw_diagnostic *first;

	assert_non_null(arena);
	assert_non_null(diagnostics);
	assert_false(dbw_yaml_parse(arena, diagnostics, "f", text, strlen(text), NULL, &root));
	assert_null(root);
	assert_int_equal(dbw_diagnostics_count(diagnostics), 1);
	first = dbw_diagnostics_at(diagnostics, 0);
	assert_string_equal(first->message, message);
	assert_string_equal(first->hint != NULL ? first->hint : "", hint);
	assert_string_equal(first->code, "yaml-syntax");
	assert_string_equal(first->position.file, "f");
	assert_int_equal(first->position.line, line);
	assert_int_equal(first->position.column, column);
	dbw_diagnostics_free(diagnostics);
	dbw_arena_free(arena);
}

static void syntax__tabs(void **state)
{
	static const char indent[] = "a tab cannot be used for indentation",
			  hint[] = "replace the tab with spaces";

	(void)state;
	expect_syntax("a:\n\tb: 1\n", 2, 1, indent, hint);
	expect_syntax("a:\n  b: 1\n\tc: 2\n", 3, 1, indent, hint);
	expect_syntax("a:\n  b:\n  \tc: 1\n", 3, 3, indent, hint);
	expect_syntax("a:\n  - x\n\t- y\n", 3, 1, indent, hint);
	expect_syntax("a: |\n\ttext\n", 2, 1, indent, hint);
	expect_syntax("-\tx\n-\ty: 1\n", 1, 2, "a tab is not allowed here", hint);
}

static void syntax__keys_and_indentation(void **state)
{
	static const char colon
		[] = "a \":\" is not allowed here",
	   quotes[] =
		   "a text with \": \" in it or \":\" at its end needs quotes; of a key, look at the indentation and at the \":\" of the line above",
	   after[] = "this cannot follow the value before it",
	   whole[] = "a text that goes on after a quote or a bracket needs quotes as a whole";

	(void)state;
	expect_syntax("a: 1\nbcd\ne: 2\n", 2, 1, "a \":\" is missing: this is not a pair of key and value",
		"write \"key: value\", with a space after the colon");
	expect_syntax("a: b: c\n", 1, 5, colon, quotes);
	expect_syntax("a: 1\n  b: 2\n", 2, 4, colon, quotes);
	expect_syntax("\xC3\xA4: \xE6\x97\xA5\xE6\x9C\xAC x: y\n", 1, 8, colon, quotes);
	expect_syntax("x: 1\na:\n   b: 1\n  c: 2\n", 4, 3, "a key was expected here",
		"check the indentation: the keys above it stand in column 4, those around them in column 1");
	expect_syntax("x: 1\na:\n    b:\n      c: 1\n  # no key\n\n   d: 2\n", 7, 4,
		"a key was expected here",
		"check the indentation: the keys above it stand in column 5, those around them in column 1");
	expect_syntax("a:\r\n   b: 1\r\n  c: 2\r\n", 3, 3, "a key was expected here",
		"check the indentation: the keys above it stand in column 4, those around them in column 1");
	expect_syntax("x:\n  - a\n  b: 1\n", 3, 3, "a list item (\"- \") was expected here",
		"check the indentation: the items stand in one column from line 2, column 3");
	expect_syntax("a: \"b\" c\n", 1, 8, after, whole);
	expect_syntax("a: {b: c}, {d: e}\n", 1, 10, after, whole);
	expect_syntax("- \"b\" c\n", 1, 7, after, whole);
	expect_syntax("a: 1\n: 2\n", 2, 1, "a key is missing before this \":\"", "");
	expect_syntax("a: - b\n", 1, 4, "a list item (\"- \") is not allowed here",
		"a list below a key begins on the next line");
	expect_syntax("a: ? b\n", 1, 4, "a \"?\" is not allowed here",
		"a text that begins with \"? \" needs quotes");
	expect_syntax("a: 1\n...\nb\n", 3, 1, "the document has ended before this",
		"check the indentation and the brackets");
}

static void expect_good(const char *text)
{
	dbw_arena *arena = dbw_arena_new(0);
	dbw_diagnostics *diagnostics = dbw_diagnostics_new(0);
	const dbw_yaml_node *root;

	assert_non_null(arena);
	assert_non_null(diagnostics);
	assert_true(dbw_yaml_parse(arena, diagnostics, "f", text, strlen(text), NULL, &root));
	assert_non_null(root);
	assert_int_equal(dbw_diagnostics_count(diagnostics), 0);
	dbw_diagnostics_free(diagnostics);
	dbw_arena_free(arena);
}

/* U+00A0 where a space was meant, found by the parser or taken for a part of a text. */
static void syntax__hard_space(void **state)
{
	static const char message[] = "this is a non-breaking space (U+00A0), not a space",
			  hint[] = "replace it with a space; in a text, write the whole text in quotes";

	(void)state;
	expect_syntax("a: 1\nb:\xC2\xA0"
		      "2\n",
		2, 3, message, hint);
	expect_syntax("a:\xC2\xA0"
		      "1\nb:\xC2\xA0"
		      "2\n",
		1, 3, message, hint);
	expect_syntax("a:\n \xC2\xA0"
		      "b: 1\n",
		2, 2, message, hint);
	expect_syntax("a:\n  b: 1\n\xC2\xA0 c: 1\n", 3, 1, message, hint);
	expect_syntax("a: \xC2\xA0"
		      "b\n",
		1, 4, message, hint);
	expect_syntax("a: {b:\xC2\xA0"
		      "c}\n",
		1, 7, message, hint);
	expect_syntax("\xC3\xA4:\xC2\xA0"
		      "c\n",
		1, 3, message, hint);
}

static void syntax__hard_space_in_text(void **state)
{
	static const char *const good[] = {
		"a: b\xC2\xA0"
		"c\n",
		"a: Note:\xC2\xA0"
		"c\n",
		"a: \"\xC2\xA0"
		"b:\xC2\xA0"
		"c\"\n",
		"a: |\n  \xC2\xA0"
		"b:\xC2\xA0"
		"c\n",
		"a: b # c:\xC2\xA0"
		"d\n",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++)
		expect_good(good[i]);
}

static void syntax__long_key(void **state)
{
	char text[1200];

	(void)state;
	memset(text, 'k', 1100);
	strcpy(text + 1100, ": x\n");
	expect_syntax(text, 1, 1101, "a key can have at most 1024 characters", "");
}

static void syntax__brackets(void **state)
{
	(void)state;
	expect_syntax("a: [1, 2\nb: 3\n", 2, 2, "\",\" or \"]\" was expected here",
		"the list begins with \"[\" at line 1, column 4");
	expect_syntax("a: {x: 1\nb: 3\n", 2, 2, "\",\" or \"}\" was expected here",
		"the mapping begins with \"{\" at line 1, column 4");
	expect_syntax("a: [1, 2\n", 2, 1, "\",\" or \"]\" was expected here",
		"the list begins with \"[\" at line 1, column 4");
	expect_syntax("a: {x: ${X:-1}}\n", 1, 8, "inside { } and [ ] a text with \"${\" needs quotes",
		"write \"${NAME}\", the whole text in quotes");
	expect_syntax("a: [x, y${X}]\n", 1, 9, "inside { } and [ ] a text with \"${\" needs quotes",
		"write \"${NAME}\", the whole text in quotes");
	expect_syntax("a: [1,,2]\n", 1, 7, "a value is missing before this \",\"", "");
	expect_syntax("a: ]\n", 1, 4, "this \"]\" closes nothing", "a text that begins with it needs quotes");
	expect_syntax("a: }\n", 1, 4, "this \"}\" closes nothing", "a text that begins with it needs quotes");
}

static void syntax__quotes_and_escapes(void **state)
{
	(void)state;
	expect_syntax("a: \"abc\nb: 1\n", 1, 4, "the quoted text that begins here is not closed", "");
	expect_syntax("a: 'abc\n", 1, 4, "the quoted text that begins here is not closed", "");
	expect_syntax("a: \"x\n---\ny\"\n", 2, 1,
		"a line of quoted text cannot begin with \"---\" or \"...\"",
		"is a closing quote missing? the text begins at line 1, column 4");
	expect_syntax("a: \"C:\\path\"\n", 1, 7, "this escape is not known in double quotes",
		"write \\\\ for a backslash, or use single quotes");
	expect_syntax("a: \"\\xZZ\"\n", 1, 7, "this escape lacks hexadecimal digits",
		"\\x takes 2 of them, \\u 4 and \\U 8; write \\\\ for a backslash");
	expect_syntax("a: \"\\uD800\"\n", 1, 7, "this escape is no Unicode character", "");
	expect_syntax("a: |x\n b\n", 1, 5, "nothing may follow \"|\" or \">\" on its line",
		"the text begins on the next line");
	expect_syntax("a: |0\n b\n", 1, 5, "the indentation after \"|\" or \">\" is a digit from 1 to 9", "");
}

static void syntax__signs_at_the_front(void **state)
{
	(void)state;
	expect_syntax("a: @foo\n", 1, 4, "a text cannot begin with @", "write it in quotes");
	expect_syntax("a: `foo`\n", 1, 4, "a text cannot begin with `", "write it in quotes");
	expect_syntax("a: %foo\n", 1, 4, "a text cannot begin with %", "write it in quotes");
	expect_syntax("a: * b\n", 1, 4, "an alias is \"*\" and a name of letters, digits, - and _",
		"a text that begins with * needs quotes");
	expect_syntax("a: & b\n", 1, 4, "an anchor is \"&\" and a name of letters, digits, - and _",
		"a text that begins with & needs quotes");
	expect_syntax("a: !x!y z\n", 1, 4, "this tag is not known", "a text that begins with ! needs quotes");
	expect_syntax("a: !<foo\n", 1, 4, "this is not a tag", "a text that begins with ! needs quotes");
	expect_syntax("a: !!%zz x\n", 1, 4, "this is not a tag", "a text that begins with ! needs quotes");
	expect_syntax("%foo\na: 1\n", 1, 1, "this is not a directive of YAML",
		"a text that begins with % needs quotes");
	expect_syntax("%YAML 2.0\n---\na: 1\n", 1, 1, "only YAML 1.1 and 1.2 are understood", "");
}

static void error__duplicate_keys(void **state)
{
	(void)state;
	expect_error("a: 1\nb: {x: 1, y: 2, x: 3}\n\"a\": 2\n", "f:2:17: error: duplicate key \"x\"\n"
								"b: {x: 1, y: 2, x: 3}\n"
								"                ^\n"
								"f:2:5: note: \"x\" stands here already\n"
								"b: {x: 1, y: 2, x: 3}\n"
								"    ^\n"
								"f:3:1: error: duplicate key \"a\"\n"
								"\"a\": 2\n"
								"^\n"
								"f:1:1: note: \"a\" stands here already\n"
								"a: 1\n"
								"^\n");
}

static void error__keys_that_are_no_text(void **state)
{
	(void)state;
	expect_error("? [a]\n: b\n{x: 1}: 2\n1: 2\ntrue: 3\n~: 4\n&k key: 5\n*k : 6\n\"a\\0b\": 7\n",
		"f:1:3: error: a key must be text, not a list\n"
		"? [a]\n"
		"  ^\n"
		"hint: a text that begins with [ needs quotes\n"
		"f:3:1: error: a key must be text, not a mapping\n"
		"{x: 1}: 2\n"
		"^\n"
		"hint: a text that begins with { needs quotes\n"
		"f:4:1: error: a key must be text, but 1 is a number\n"
		"1: 2\n"
		"^\n"
		"hint: write it in quotes: \"1\"\n"
		"f:5:1: error: a key must be text, but true is a boolean\n"
		"true: 3\n"
		"^\n"
		"hint: write it in quotes: \"true\"\n"
		"f:6:1: error: a key must be text, but ~ is null\n"
		"~: 4\n"
		"^\n"
		"hint: write it in quotes: \"~\"\n"
		"f:8:1: error: an alias cannot be a key\n"
		"*k : 6\n"
		"^\n"
		"hint: write the key itself; to merge a mapping, write <<: *name\n"
		"f:9:1: error: a key cannot hold a NUL character\n"
		"\"a\\0b\": 7\n"
		"^\n");
	expect_error("{: 1}", "f:1:2: error: a key is missing before this \":\"\n{: 1}\n ^\n");
	expect_error("?\n: x\n", "f:1:2: error: a key is missing here\n?\n ^\n");
}

static void error__anchors(void **state)
{
	(void)state;
	expect_error("a: &base 1\nb: *bsae\nc: *zzzzz\n",
		"f:2:4: error: no anchor &bsae stands before this alias\n"
		"b: *bsae\n"
		"   ^\n"
		"hint: did you mean *base?\n"
		"f:3:4: error: no anchor &zzzzz stands before this alias\n"
		"c: *zzzzz\n"
		"   ^\n"
		"hint: a text that begins with * needs quotes\n");
	expect_error("a: &a [*a]\nb: &b {<<: *b}\n",
		"f:1:8: error: the alias *a stands inside what it repeats\n"
		"a: &a [*a]\n"
		"       ^\n"
		"f:1:4: note: &a begins here\n"
		"a: &a [*a]\n"
		"   ^\n"
		"f:2:12: error: the alias *b stands inside what it repeats\n"
		"b: &b {<<: *b}\n"
		"           ^\n"
		"f:2:4: note: &b begins here\n"
		"b: &b {<<: *b}\n"
		"   ^\n");
}

static void error__tags(void **state)
{
	(void)state;
	expect_error("a: !foo 1\nb: !!binary xx\nc: !!int abc\nd: !!map [1]\ne: !!str {}\nf: !!seq\n",
		"f:1:4: error: the tag !foo is not known\n"
		"a: !foo 1\n"
		"   ^\n"
		"hint: known tags are !!str, !!int, !!float, !!bool, !!null, !!map and !!seq\n"
		"f:2:4: error: the tag !!binary is not known\n"
		"b: !!binary xx\n"
		"   ^\n"
		"hint: known tags are !!str, !!int, !!float, !!bool, !!null, !!map and !!seq\n"
		"f:3:4: error: the tag !!int does not fit: this is text\n"
		"c: !!int abc\n"
		"   ^\n"
		"f:4:4: error: the tag !!map does not fit: this is a list\n"
		"d: !!map [1]\n"
		"   ^\n"
		"f:5:4: error: the tag !!str does not fit: this is a mapping\n"
		"e: !!str {}\n"
		"   ^\n"
		"f:6:4: error: the tag !!seq does not fit: this is null\n"
		"f: !!seq\n"
		"   ^\n");
}

static void error__merges(void **state)
{
	(void)state;
	expect_error("a: &a {x: 1}\nb: {<<: 5}\nc: {<<: [*a, y]}\nd:\n  <<: *a\n  <<: *a\n",
		"f:2:5: error: \"<<\" merges a mapping or a list of mappings, but this is a number\n"
		"b: {<<: 5}\n"
		"    ^\n"
		"hint: to use << as a key of its own, write it in quotes\n"
		"f:3:5: error: \"<<\" merges mappings, but item 2 of this list is text\n"
		"c: {<<: [*a, y]}\n"
		"    ^\n"
		"f:6:3: error: duplicate key \"<<\"\n"
		"  <<: *a\n"
		"  ^\n"
		"f:5:3: note: \"<<\" stands here already\n"
		"  <<: *a\n"
		"  ^\n");
}

static void error__documents(void **state)
{
	(void)state;
	expect_error("a: 1\n---\nb: 2\n", "f:2:1: error: a second document begins here\n"
					  "---\n"
					  "^\n"
					  "hint: put it into a file of its own\n");
	expect_error("", "f:1:1: error: the file is empty\n");
	expect_error("# only this\n", "f:1:1: error: the file is empty\n# only this\n^\n");
	expect_error("---\n", "f:1:1: error: the file is empty\n---\n^\n");
}

static void error__encodings(void **state)
{
	static const struct {
		const char *text;
		size_t length;
		const char *name;
	} wide[] = { { "\xFF\xFE"
		       "a\0",
			     4, "UTF-16 (little-endian)" },
		{ "\xFE\xFF\0a", 4, "UTF-16 (big-endian)" }, { "a\0:\0", 4, "UTF-16 (little-endian)" },
		{ "\0a\0:", 4, "UTF-16 (big-endian)" }, { "\xFF\xFE\0\0", 4, "UTF-32 (little-endian)" },
		{ "\0\0\xFE\xFF", 4, "UTF-32 (big-endian)" } };

	(void)state;
	for (size_t i = 0; i < sizeof(wide) / sizeof(wide[0]); i++) {
		char expected[200];

		snprintf(expected, sizeof(expected),
			"f: error: the file is %s, not UTF-8\nhint: save it as UTF-8\n", wide[i].name);
		expect_report(wide[i].text, wide[i].length, NULL, false, expected);
	}
	expect_error("a: 1\n\xC3\xA4: \xE4\xF6\n",
		"f:2:4: error: the byte 0xE4 here is not UTF-8\n"
		"\xC3\xA4: \xEF\xBF\xBD\xEF\xBF\xBD\n"
		"   ^\n"
		"hint: save the file as UTF-8; it may be Latin-1 or Windows-1252 now\n");
	expect_report("a: \xED\xA0\x80", 6, NULL, true,
		"{\"file\":\"f\",\"line\":1,\"column\":4,\"severity\":\"error\",\"code\":\"encoding\","
		"\"message\":\"the byte 0xED here is not UTF-8\","
		"\"hint\":\"save the file as UTF-8; it may be Latin-1 or Windows-1252 now\"}\n");
}

static void error__control_characters(void **state)
{
	static const struct {
		const char *text;
		size_t length;
		const char *name;
	} cases[] = { { "ab\0cd", 5, "U+0000" }, { "ab\x1B[0m", 6, "U+001B" }, { "ab\x7F", 3, "U+007F" },
		{ "ab\xC2\x9B", 4, "U+009B" }, { "ab\xEF\xBB\xBF", 5, "U+FEFF" },
		{ "ab\xEF\xBF\xBE", 5, "U+FFFE" } };

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		char expected[400];

		snprintf(expected, sizeof(expected),
			"{\"file\":\"f\",\"line\":1,\"column\":3,\"severity\":\"error\","
			"\"code\":\"control-character\","
			"\"message\":\"the character %s is not allowed in YAML\","
			"\"hint\":\"in double quotes it can be written as an escape, "
			"such as \\\"\\\\x1B\\\"\"}\n",
			cases[i].name);
		expect_report(cases[i].text, cases[i].length, NULL, true, expected);
	}
}

static void error__codes(void **state)
{
	static const struct {
		const char *text, *code;
	} cases[] = { { "a: {", "yaml-syntax" }, { "", "empty-document" },
		{ "a\n---\nb", "several-documents" }, { "{a: 1, a: 2}", "duplicate-key" },
		{ "1: 2", "non-string-key" }, { "[1]: 2", "complex-key" },
		{ "{&a a: 1, *a : 2}", "alias-key" }, { "*a", "unknown-anchor" },
		{ "&a [*a]", "alias-cycle" }, { "!a b", "custom-tag" }, { "!!int b", "bad-tag" },
		{ "<<: 1", "bad-merge" } };

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		dbw_arena *arena = dbw_arena_new(0);
		dbw_diagnostics *diagnostics = dbw_diagnostics_new(0);
		const dbw_yaml_node *root;

		assert_false(dbw_yaml_parse(
			arena, diagnostics, "f", cases[i].text, strlen(cases[i].text), NULL, &root));
		assert_int_equal(dbw_diagnostics_errors(diagnostics), 1);
		assert_string_equal(dbw_diagnostics_at(diagnostics, 0)->code, cases[i].code);
		dbw_diagnostics_free(diagnostics);
		dbw_arena_free(arena);
	}
}

static void error__many_in_one_run(void **state)
{
	(void)state;
	expect_error("a: *x\na: !t v\n1: [{b: 1, b: 2}]\nlast: {\n",
		"f:1:4: error: no anchor &x stands before this alias\n"
		"a: *x\n"
		"   ^\n"
		"hint: a text that begins with * needs quotes\n"
		"f:2:4: error: the tag !t is not known\n"
		"a: !t v\n"
		"   ^\n"
		"hint: known tags are !!str, !!int, !!float, !!bool, !!null, !!map and !!seq\n"
		"f:3:1: error: a key must be text, but 1 is a number\n"
		"1: [{b: 1, b: 2}]\n"
		"^\n"
		"hint: write it in quotes: \"1\"\n"
		"f:3:12: error: duplicate key \"b\"\n"
		"1: [{b: 1, b: 2}]\n"
		"           ^\n"
		"f:3:6: note: \"b\" stands here already\n"
		"1: [{b: 1, b: 2}]\n"
		"     ^\n"
		"f:5:1: error: the file ends where a value was expected\n"
		"hint: is a bracket left open?\n");
}

/* `count` times `piece`. */
static char *repeat(const char *piece, size_t count)
{
	dbw_text_buffer text;

	dbw_text_init(&text, NULL, 0);
	for (size_t i = 0; i < count; i++)
		dbw_text_append_z(&text, piece);
	return dbw_text_steal(&text, NULL);
}

static void expect_json_start(const char *text, const dbw_yaml_limits *limits, const char *expected)
{
	char all[512];

	snprintf(all, sizeof(all), "{\"file\":\"f\",%s}\n", expected);
	expect_report(text, strlen(text), limits, true, all);
}

static void limit__depth(void **state)
{
	char *text = repeat("[", 200000);
	dbw_yaml_limits limits = dbw_yaml_default_limits;
	dbw_arena *arena = dbw_arena_new(0);
	dbw_diagnostics *diagnostics = dbw_diagnostics_new(0);
	const dbw_yaml_node *root;

	(void)state;
	assert_non_null(text);
	expect_json_start(text, NULL,
		"\"line\":1,\"column\":65,\"severity\":\"error\",\"code\":\"too-deep\","
		"\"message\":\"nested more than 64 levels deep\",\"hint\":null");
	/* More than a thousand is not honoured: the parser's own stack must hold. */
	limits.depth = SIZE_MAX;
	expect_json_start(text, &limits,
		"\"line\":1,\"column\":1001,\"severity\":\"error\",\"code\":\"too-deep\","
		"\"message\":\"nested more than 1000 levels deep\",\"hint\":null");
	free(text);
	text = repeat("{a: ", 200000);
	expect_json_start(text, NULL,
		"\"line\":1,\"column\":257,\"severity\":\"error\",\"code\":\"too-deep\","
		"\"message\":\"nested more than 64 levels deep\",\"hint\":null");
	free(text);
	/* 64 levels are allowed. */
	text = repeat("[", 64);
	assert_non_null(text);
	{
		char closed[129];

		memcpy(closed, text, 64);
		memset(closed + 64, ']', 64);
		assert_true(dbw_yaml_parse(arena, diagnostics, "f", closed, 128, NULL, &root));
	}
	free(text);
	dbw_diagnostics_free(diagnostics);
	dbw_arena_free(arena);
}

static void limit__billion_laughs(void **state)
{
	dbw_text_buffer text;

	(void)state;
	dbw_text_init(&text, NULL, 0);
	dbw_text_append_z(&text, "a: &a [1,1,1,1,1,1,1,1,1]\n");
	for (char name = 'b'; name < 'z'; name++) {
		dbw_text_printf(&text, "%c: &%c [", name, name);
		for (int i = 0; i < 9; i++)
			dbw_text_printf(&text, "%s*%c", i == 0 ? "" : ",", name - 1);
		dbw_text_append_z(&text, "]\n");
	}
	expect_json_start(text.data, NULL,
		"\"line\":7,\"column\":8,\"severity\":\"error\",\"code\":\"too-many-nodes\","
		"\"message\":\"the file has more than 1000000 nodes when its aliases are written out\","
		"\"hint\":\"split the file, or use fewer aliases of aliases\"");
	dbw_text_clear(&text);
}

static void limit__merged_laughs(void **state)
{
	dbw_text_buffer text;

	(void)state;
	/* Each level merges the one before into ten mappings. */
	dbw_text_init(&text, NULL, 0);
	dbw_text_append_z(&text, "a: &a {k: 1}\n");
	for (char name = 'b'; name < 'z'; name++) {
		dbw_text_printf(&text, "%c: &%c {", name, name);
		for (int i = 0; i < 10; i++)
			dbw_text_printf(&text, "%sm%d: {<<: *%c}", i == 0 ? "" : ", ", i, name - 1);
		dbw_text_append_z(&text, "}\n");
	}
	expect_json_start(text.data, NULL,
		"\"line\":7,\"column\":17,\"severity\":\"error\",\"code\":\"too-many-nodes\","
		"\"message\":\"the file has more than 1000000 nodes when its aliases are written out\","
		"\"hint\":\"split the file, or use fewer aliases of aliases\"");
	dbw_text_clear(&text);
}

static void limit__aliases_nodes_and_size(void **state)
{
	dbw_yaml_limits limits = { 30, 5, 2, 6 };

	(void)state;
	expect_json_start("[&a x, *a, *a, *a]", &limits,
		"\"line\":1,\"column\":16,\"severity\":\"error\",\"code\":\"too-many-aliases\","
		"\"message\":\"the file has more than 2 aliases\",\"hint\":null");
	expect_json_start("{a: 1, b: [2, 3, 4]}", &limits,
		"\"line\":1,\"column\":15,\"severity\":\"error\",\"code\":\"too-many-nodes\","
		"\"message\":\"the file has more than 6 nodes when its aliases are written out\","
		"\"hint\":\"split the file, or use fewer aliases of aliases\"");
	expect_json_start("a text of thirty-one characters", &limits,
		"\"line\":0,\"column\":0,\"severity\":\"error\",\"code\":\"too-large\","
		"\"message\":\"the file is larger than 30 bytes\",\"hint\":null");
}

static void limit__many_errors(void **state)
{
	char *text = repeat("- {a: 1, a: 2}\n", 500);
	dbw_arena *arena = dbw_arena_new(0);
	dbw_diagnostics *diagnostics = dbw_diagnostics_new(0);
	const dbw_yaml_node *root;

	(void)state;
	assert_non_null(text);
	assert_false(dbw_yaml_parse(arena, diagnostics, "f", text, strlen(text), NULL, &root));
	assert_int_equal(dbw_diagnostics_errors(diagnostics), 500);
	assert_int_equal(dbw_diagnostics_count(diagnostics), 200);
	dbw_diagnostics_free(diagnostics);
	dbw_arena_free(arena);
	free(text);
}

static void read_file__what_cannot_be_read(void **state)
{
	static const struct {
		const char *path, *expected;
	} cases[] = {
		{ "/nonexistent/f.yaml",
			"/nonexistent/f.yaml: error: cannot read this file: No such file or directory\n" },
		{ "/tmp", "/tmp: error: cannot read this file: Is a directory\n" },
		{ "/dev/zero", "/dev/zero: error: the file is larger than 16777216 bytes\n" },
		{ "/dev/null", "/dev/null:1:1: error: the file is empty\n" }
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		dbw_arena *arena = dbw_arena_new(0);
		dbw_diagnostics *diagnostics = dbw_diagnostics_new(0);
		const dbw_yaml_node *root;
		dbw_text_buffer out;

		assert_false(dbw_yaml_read_file(arena, diagnostics, cases[i].path, NULL, &root));
		assert_null(root);
		dbw_text_init(&out, NULL, 0);
		dbw_diagnostics_render(diagnostics, false, &out);
		assert_string_equal(out.data, cases[i].expected);
		dbw_text_clear(&out);
		dbw_diagnostics_free(diagnostics);
		dbw_arena_free(arena);
	}
}

static void check_keys__unknown_keys(void **state)
{
	static const char *const known[] = { "table", "fields", "indexes" };
	static const char text[] = "tabel: x\nfields: {}\nowner: y\n";
	dbw_arena *arena = dbw_arena_new(0);
	dbw_diagnostics *diagnostics = dbw_diagnostics_new(0);
	const dbw_yaml_node *root;
	dbw_text_buffer out;

	(void)state;
	assert_true(dbw_yaml_parse(arena, diagnostics, "f", text, strlen(text), NULL, &root));
	assert_false(dbw_yaml_check_keys(diagnostics, root, known, 3, "a model"));
	dbw_text_init(&out, NULL, 0);
	dbw_diagnostics_render(diagnostics, false, &out);
	assert_string_equal(out.data, "f:1:1: error: unknown key \"tabel\" in a model\n"
				      "tabel: x\n"
				      "^\n"
				      "hint: did you mean \"table\"?\n"
				      "f:3:1: error: unknown key \"owner\" in a model\n"
				      "owner: y\n"
				      "^\n"
				      "hint: known keys are table, fields, indexes\n");
	assert_string_equal(dbw_diagnostics_at(diagnostics, 0)->code, "unknown-key");
	dbw_text_clear(&out);
	dbw_diagnostics_free(diagnostics);
	diagnostics = dbw_diagnostics_new(0);
	assert_true(dbw_yaml_check_keys(diagnostics, dbw_yaml_get(root, "fields"), known, 3, "a model"));
	assert_true(dbw_yaml_check_keys(diagnostics, dbw_yaml_get(root, "owner"), known, 3, "a model"));
	assert_true(dbw_yaml_check_keys(diagnostics, NULL, known, 3, "a model"));
	assert_false(dbw_yaml_check_keys(diagnostics, root, known, 0, "an empty mapping"));
	assert_int_equal(dbw_diagnostics_errors(diagnostics), 3);
	assert_null(dbw_diagnostics_at(diagnostics, 0)->hint);
	dbw_diagnostics_free(diagnostics);
	dbw_arena_free(arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(syntax__tabs),
		cmocka_unit_test(syntax__keys_and_indentation),
		cmocka_unit_test(syntax__hard_space),
		cmocka_unit_test(syntax__hard_space_in_text),
		cmocka_unit_test(syntax__long_key),
		cmocka_unit_test(syntax__brackets),
		cmocka_unit_test(syntax__quotes_and_escapes),
		cmocka_unit_test(syntax__signs_at_the_front),
		cmocka_unit_test(error__duplicate_keys),
		cmocka_unit_test(error__keys_that_are_no_text),
		cmocka_unit_test(error__anchors),
		cmocka_unit_test(error__tags),
		cmocka_unit_test(error__merges),
		cmocka_unit_test(error__documents),
		cmocka_unit_test(error__encodings),
		cmocka_unit_test(error__control_characters),
		cmocka_unit_test(error__codes),
		cmocka_unit_test(error__many_in_one_run),
		cmocka_unit_test(limit__depth),
		cmocka_unit_test(limit__billion_laughs),
		cmocka_unit_test(limit__merged_laughs),
		cmocka_unit_test(limit__aliases_nodes_and_size),
		cmocka_unit_test(limit__many_errors),
		cmocka_unit_test(read_file__what_cannot_be_read),
		cmocka_unit_test(check_keys__unknown_keys),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
