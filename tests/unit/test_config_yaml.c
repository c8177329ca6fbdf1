#include <yaml/tree.h>

#include <locale.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* One parse with its surroundings. */
struct parsed {
	dbw_arena *arena;
	dbw_diagnostics *diagnostics;
	const dbw_yaml_node *root;
};

static void parsed_end(struct parsed *parsed)
{
	dbw_diagnostics_free(parsed->diagnostics);
	dbw_arena_free(parsed->arena);
}

static struct parsed parse_n(const char *text, size_t length)
{
	struct parsed parsed = { dbw_arena_new(0), dbw_diagnostics_new(0), NULL };
	dbw_text_buffer out;
	bool done;

	assert_non_null(parsed.arena);
	assert_non_null(parsed.diagnostics);
	done = dbw_yaml_parse(parsed.arena, parsed.diagnostics, "f.yaml", text, length, NULL, &parsed.root);
	dbw_text_init(&out, NULL, 0);
	dbw_diagnostics_render(parsed.diagnostics, false, &out);
	assert_string_equal(out.data, "");
	dbw_text_clear(&out);
	assert_true(done);
	assert_non_null(parsed.root);
	return parsed;
}

static struct parsed parse(const char *text)
{
	return parse_n(text, strlen(text));
}

/* The tree on one line, so that a test shows all of it: text bare, other scalars with their type. */
static void dump(const dbw_yaml_node *node, dbw_text_buffer *out)
{
	static const char *const types[] = { "null", "bool", "int", "float", "text" };

	if (node->kind == DBW_YAML_SEQUENCE) {
		dbw_text_append_z(out, "[");
		for (size_t i = 0; i < node->count; i++) {
			dbw_text_append_z(out, i == 0 ? "" : ", ");
			dump(node->of.items[i], out);
		}
		dbw_text_append_z(out, "]");
	} else if (node->kind == DBW_YAML_MAPPING) {
		dbw_text_append_z(out, "{");
		for (size_t i = 0; i < node->count; i++) {
			dbw_text_printf(out, "%s%s%s: ", i == 0 ? "" : ", ",
				node->of.pairs[i].merged ? "<<" : "", node->of.pairs[i].key->of.text);
			dump(node->of.pairs[i].value, out);
		}
		dbw_text_append_z(out, "}");
	} else if (node->type == DBW_YAML_TEXT) {
		dbw_text_append_z(out, node->of.text);
	} else {
		dbw_text_printf(out, "%s(%s)", types[node->type], node->of.text);
	}
}

static void expect_tree(const char *text, const char *expected)
{
	struct parsed parsed = parse(text);
	dbw_text_buffer out;

	dbw_text_init(&out, NULL, 0);
	dump(parsed.root, &out);
	assert_string_equal(out.data, expected);
	dbw_text_clear(&out);
	parsed_end(&parsed);
}

static void yaml__core_schema(void **state)
{
	static const struct {
		const char *text;
		dbw_yaml_type type;
	} cases[] = {
		{ "null", DBW_YAML_NULL },
		{ "Null", DBW_YAML_NULL },
		{ "NULL", DBW_YAML_NULL },
		{ "~", DBW_YAML_NULL },
		{ "", DBW_YAML_NULL },
		{ "nULL", DBW_YAML_TEXT },
		{ "nil", DBW_YAML_TEXT },
		{ "'null'", DBW_YAML_TEXT },
		{ "''", DBW_YAML_TEXT },
		{ "true", DBW_YAML_BOOL },
		{ "True", DBW_YAML_BOOL },
		{ "TRUE", DBW_YAML_BOOL },
		{ "false", DBW_YAML_BOOL },
		{ "False", DBW_YAML_BOOL },
		{ "FALSE", DBW_YAML_BOOL },
		{ "tRUE", DBW_YAML_TEXT },
		{ "yes", DBW_YAML_TEXT },
		{ "no", DBW_YAML_TEXT },
		{ "NO", DBW_YAML_TEXT },
		{ "on", DBW_YAML_TEXT },
		{ "off", DBW_YAML_TEXT },
		{ "y", DBW_YAML_TEXT },
		{ "n", DBW_YAML_TEXT },
		{ "\"true\"", DBW_YAML_TEXT },
		{ "0", DBW_YAML_INT },
		{ "-0", DBW_YAML_INT },
		{ "+12", DBW_YAML_INT },
		{ "010", DBW_YAML_INT },
		{ "0o17", DBW_YAML_INT },
		{ "0o18", DBW_YAML_TEXT },
		{ "0o", DBW_YAML_TEXT },
		{ "0O17", DBW_YAML_TEXT },
		{ "0x1F", DBW_YAML_INT },
		{ "0xg", DBW_YAML_TEXT },
		{ "0X1F", DBW_YAML_TEXT },
		{ "0x", DBW_YAML_TEXT },
		{ "-0x1F", DBW_YAML_TEXT },
		{ "+0o7", DBW_YAML_TEXT },
		{ "0b11", DBW_YAML_TEXT },
		{ "1_000", DBW_YAML_TEXT },
		{ "1,000", DBW_YAML_TEXT },
		{ "+", DBW_YAML_TEXT },
		{ "--1", DBW_YAML_TEXT },
		{ "190:20:30", DBW_YAML_TEXT },
		{ "2001-12-14", DBW_YAML_TEXT },
		{ "12e03", DBW_YAML_FLOAT },
		{ "99999999999999999999999999", DBW_YAML_INT },
		{ "0.", DBW_YAML_FLOAT },
		{ "-0.0", DBW_YAML_FLOAT },
		{ ".5", DBW_YAML_FLOAT },
		{ "+.5", DBW_YAML_FLOAT },
		{ "-2E+05", DBW_YAML_FLOAT },
		{ "1.5e-3", DBW_YAML_FLOAT },
		{ ".", DBW_YAML_TEXT },
		{ "-.", DBW_YAML_TEXT },
		{ "1e", DBW_YAML_TEXT },
		{ "1e+", DBW_YAML_TEXT },
		{ ".e1", DBW_YAML_TEXT },
		{ "1.2.3", DBW_YAML_TEXT },
		{ "e3", DBW_YAML_TEXT },
		{ "1.5f", DBW_YAML_TEXT },
		{ ".inf", DBW_YAML_FLOAT },
		{ "-.Inf", DBW_YAML_FLOAT },
		{ "+.INF", DBW_YAML_FLOAT },
		{ ".iNF", DBW_YAML_TEXT },
		{ "inf", DBW_YAML_TEXT },
		{ ".nan", DBW_YAML_FLOAT },
		{ ".NaN", DBW_YAML_FLOAT },
		{ ".NAN", DBW_YAML_FLOAT },
		{ "-.nan", DBW_YAML_TEXT },
		{ "nan", DBW_YAML_TEXT },
		{ "=", DBW_YAML_TEXT },
		{ "12 3", DBW_YAML_TEXT },
		{ "!!str 12", DBW_YAML_TEXT },
		{ "!!str", DBW_YAML_TEXT },
		{ "!!int '12'", DBW_YAML_INT },
		{ "!!float 12", DBW_YAML_FLOAT },
		{ "!!bool \"true\"", DBW_YAML_BOOL },
		{ "!!null ''", DBW_YAML_NULL },
		{ "!!null ~", DBW_YAML_NULL },
		{ "!!map {}", DBW_YAML_MAP },
		{ "!!seq []", DBW_YAML_LIST },
		{ "! []", DBW_YAML_LIST },
		{ "!<tag:yaml.org,2002:str> 1", DBW_YAML_TEXT },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		char text[128];
		struct parsed parsed;

		snprintf(text, sizeof(text), "key: %s\n", cases[i].text);
		parsed = parse(text);
		if (dbw_yaml_get(parsed.root, "key")->type != cases[i].type)
			fail_msg("%s is %s", cases[i].text,
				dbw_yaml_describe(dbw_yaml_get(parsed.root, "key")));
		parsed_end(&parsed);
	}
}

static void yaml__ints(void **state)
{
	static const struct {
		const char *text;
		bool fits;
		int64_t value;
	} cases[] = { { "0", true, 0 }, { "-0", true, 0 }, { "010", true, 10 }, { "+7", true, 7 },
		{ "0o17", true, 15 }, { "0xFf", true, 255 }, { "9223372036854775807", true, INT64_MAX },
		{ "9223372036854775808", false, 0 }, { "-9223372036854775808", true, INT64_MIN },
		{ "-9223372036854775809", false, 0 }, { "0x7FFFFFFFFFFFFFFF", true, INT64_MAX },
		{ "0x8000000000000000", false, 0 }, { "0o777777777777777777777", true, INT64_MAX },
		{ "0o1000000000000000000000", false, 0 }, { "18446744073709551616", false, 0 },
		{ "99999999999999999999999", false, 0 }, { "1.0", false, 0 }, { "'1'", false, 0 },
		{ "x", false, 0 } };

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct parsed parsed = parse(cases[i].text);
		int64_t value = 99;

		assert_int_equal(dbw_yaml_as_int(parsed.root, &value), cases[i].fits);
		assert_true(value == cases[i].value);
		parsed_end(&parsed);
	}
}

static void check_float(const char *text, bool fits, double expected)
{
	struct parsed parsed = parse(text);
	double value = 99;

	assert_int_equal(dbw_yaml_as_float(parsed.root, &value), fits);
	assert_true(value == expected);
	parsed_end(&parsed);
}

static void yaml__floats(void **state)
{
	struct parsed parsed;
	double value = 0;

	(void)state;
	check_float("0.1", true, 0.1);
	check_float("-.5", true, -0.5);
	check_float("12e03", true, 12000);
	check_float("3", true, 3);
	check_float("010", true, 10);
	check_float("0o17", true, 15);
	check_float("!!float 0x10", true, 16);
	check_float("!!float 0o17", true, 15);
	check_float("0xFFFFFFFFFFFFFFFFF", false, 0);
	check_float("1e-400", true, 0);
	check_float("1e400", false, 0);
	check_float("-1e400", false, 0);
	check_float(".inf", true, (double)INFINITY);
	check_float("-.INF", true, -(double)INFINITY);
	check_float("text", false, 0);
	check_float("'1.5'", false, 0);
	check_float("true", false, 0);
	parsed = parse(".nan");
	assert_true(dbw_yaml_as_float(parsed.root, &value));
	assert_true(isnan(value));
	parsed_end(&parsed);
}

static void yaml__floats_whatever_the_locale(void **state)
{
	static const char *const names[] = { "de_DE.UTF-8", "de_DE.utf8", "fr_FR.UTF-8", "fr_FR.utf8" };
	bool found = false;

	(void)state;
	for (size_t i = 0; !found && i < sizeof(names) / sizeof(names[0]); i++)
		found = setlocale(LC_NUMERIC, names[i]) != NULL;
	if (!found)
		skip();
	check_float("2.5", true, 2.5);
	setlocale(LC_NUMERIC, "C");
}

static void yaml__getters_refuse_other_types(void **state)
{
	struct parsed parsed = parse("{t: true, f: FALSE, i: 1, s: x, z: \"a\\0b\", n: , l: [], m: {}}");
	bool truth = true;
	const char *text = "old";
	int64_t number = 5;

	(void)state;
	assert_true(dbw_yaml_as_bool(dbw_yaml_get(parsed.root, "t"), &truth));
	assert_true(truth);
	assert_true(dbw_yaml_as_bool(dbw_yaml_get(parsed.root, "f"), &truth));
	assert_false(truth);
	truth = true;
	assert_false(dbw_yaml_as_bool(dbw_yaml_get(parsed.root, "i"), &truth));
	assert_false(truth);
	assert_true(dbw_yaml_as_text(dbw_yaml_get(parsed.root, "s"), &text));
	assert_string_equal(text, "x");
	/* A C string would end early. */
	assert_false(dbw_yaml_as_text(dbw_yaml_get(parsed.root, "z"), &text));
	assert_null(text);
	assert_int_equal(dbw_yaml_get(parsed.root, "z")->count, 3);
	assert_false(dbw_yaml_as_text(dbw_yaml_get(parsed.root, "i"), &text));
	assert_false(dbw_yaml_as_int(dbw_yaml_get(parsed.root, "l"), &number));
	assert_false(dbw_yaml_as_int(dbw_yaml_get(parsed.root, "m"), &number));
	assert_true(dbw_yaml_is_null(dbw_yaml_get(parsed.root, "n")));
	assert_string_equal(dbw_yaml_describe(dbw_yaml_get(parsed.root, "n")), "null");
	assert_string_equal(dbw_yaml_describe(dbw_yaml_get(parsed.root, "t")), "a boolean");
	assert_string_equal(dbw_yaml_describe(dbw_yaml_get(parsed.root, "i")), "a number");
	assert_string_equal(dbw_yaml_describe(dbw_yaml_get(parsed.root, "s")), "text");
	assert_string_equal(dbw_yaml_describe(dbw_yaml_get(parsed.root, "l")), "a list");
	assert_string_equal(dbw_yaml_describe(dbw_yaml_get(parsed.root, "m")), "a mapping");
	assert_null(dbw_yaml_get(parsed.root, "none"));
	assert_null(dbw_yaml_get(dbw_yaml_get(parsed.root, "l"), "x"));
	assert_null(dbw_yaml_get(NULL, "x"));
	parsed_end(&parsed);
}

static void yaml__trees(void **state)
{
	(void)state;
	expect_tree("a: 1\nb: [x, 2, {c: d}]\ne:\n  - f\n  - g: h\n    i: ~\n",
		"{a: int(1), b: [x, int(2), {c: d}], e: [f, {g: h, i: null(~)}]}");
	expect_tree("just text", "just text");
	expect_tree("- a\n-\n- 'it''s'\n", "[a, null(), it's]");
	expect_tree("sql: |\n  SELECT 1\n  FROM t\nfold: >\n  a\n  b\n",
		"{sql: SELECT 1\nFROM t\n, fold: a b\n}");
	expect_tree("\xEF\xBB\xBF"
		    "a: b\n",
		"{a: b}");
	expect_tree("%YAML 1.2\n---\na: b\n...\n", "{a: b}");
	expect_tree("? a\n: b\n\"c d\": e\n\"1\": one\n'': empty\n", "{a: b, c d: e, 1: one, : empty}");
	expect_tree("{}", "{}");
	expect_tree("[]", "[]");
	expect_tree("{a, b: c}", "{a: null(), b: c}");
}

static void yaml__anchors_share_nodes(void **state)
{
	struct parsed parsed = parse("a: &x {k: &y v}\nb: *x\nc: *y\nd: &x other\ne: *x\n");

	(void)state;
	assert_ptr_equal(dbw_yaml_get(parsed.root, "a"), dbw_yaml_get(parsed.root, "b"));
	assert_ptr_equal(dbw_yaml_get(dbw_yaml_get(parsed.root, "a"), "k"), dbw_yaml_get(parsed.root, "c"));
	/* A name given again means the later node. */
	assert_ptr_equal(dbw_yaml_get(parsed.root, "d"), dbw_yaml_get(parsed.root, "e"));
	parsed_end(&parsed);
	expect_tree("&k key: v\nother: *k\n", "{key: v, other: key}");
}

static void yaml__merge(void **state)
{
	(void)state;
	expect_tree("b: &b {x: 1, y: 2}\nm: {<<: *b, z: 3}\n",
		"{b: {x: int(1), y: int(2)}, m: {<<x: int(1), <<y: int(2), z: int(3)}}");
	/* Own keys win, before and after; merged ones stand where << does. */
	expect_tree("b: &b {x: 1, y: 2, w: 0}\nm: {y: own, <<: *b, x: own}\n",
		"{b: {x: int(1), y: int(2), w: int(0)}, m: {y: own, <<w: int(0), x: own}}");
	/* The earlier of a list wins. */
	expect_tree("- &a {x: a, y: a}\n- &b {y: b, z: b}\n- {<<: [*a, *b], q: c}\n",
		"[{x: a, y: a}, {y: b, z: b}, {<<x: a, <<y: a, <<z: b, q: c}]");
	/* In place, over two levels, and of nothing. */
	expect_tree("{<<: {a: 1}, b: 2}", "{<<a: int(1), b: int(2)}");
	expect_tree("- &a {x: 1}\n- &b {<<: *a, y: 2}\n- {<<: *b}\n",
		"[{x: int(1)}, {<<x: int(1), y: int(2)}, {<<x: int(1), <<y: int(2)}]");
	expect_tree("{<<: [], a: b}", "{a: b}");
	expect_tree("{<<: {}, a: b}", "{a: b}");
	/* Quoted or in a value it is text. */
	expect_tree("{'<<': x, \"y\": <<}", "{<<: x, y: <<}");
}

static void yaml__large_mappings_are_found_and_merged(void **state)
{
	dbw_text_buffer text;
	struct parsed parsed;
	const dbw_yaml_node *merged;

	(void)state;
	dbw_text_init(&text, NULL, 0);
	dbw_text_append_z(&text, "base: &base\n");
	for (int i = 0; i < 5000; i++)
		dbw_text_printf(&text, "  key%d: %d\n", i, i);
	dbw_text_append_z(&text, "more:\n  <<: *base\n  key7: own\n  extra: x\n");
	parsed = parse(text.data);
	merged = dbw_yaml_get(parsed.root, "more");
	assert_int_equal(merged->count, 5001);
	for (int i = 0; i < 5000; i++) {
		char key[16];
		int64_t value = -1;

		snprintf(key, sizeof(key), "key%d", i);
		assert_int_equal(dbw_yaml_as_int(dbw_yaml_get(merged, key), &value), i != 7);
		assert_int_equal(value, i == 7 ? 0 : i);
		assert_int_equal(dbw_yaml_find(merged, key)->merged, i != 7);
	}
	assert_null(dbw_yaml_get(merged, "key5000"));
	assert_non_null(dbw_yaml_find_n(merged, "extraordinary", 5));
	parsed_end(&parsed);
	dbw_text_clear(&text);
}

static void expect_position(const dbw_yaml_node *node, uint32_t line, uint32_t column)
{
	assert_non_null(node);
	assert_string_equal(node->position.file, "f.yaml");
	assert_int_equal(node->position.line, line);
	assert_int_equal(node->position.column, column);
}

static void yaml__positions(void **state)
{
	/* A mark in front, letters of two, three and four bytes, all line ends, separators of YAML 1.1. */
	struct parsed parsed = parse("\xEF\xBB\xBF"
				     "\xC3\xA4\xC3\xB6: x\r\n"
				     "\"\xE6\x97\xA5\xE6\x9C\xAC\": {\xF0\x9F\x98\x80: y, z: [1,\r\n  2]}\r"
				     "text: \"a\xE2\x80\xA8"
				     "b\xC2\x85"
				     "c\"\n"
				     "last:   end\n");

	(void)state;
	expect_position(parsed.root, 1, 1);
	expect_position(dbw_yaml_find(parsed.root, "\xC3\xA4\xC3\xB6")->key, 1, 1);
	expect_position(dbw_yaml_get(parsed.root, "\xC3\xA4\xC3\xB6"), 1, 5);
	expect_position(dbw_yaml_get(parsed.root, "\xE6\x97\xA5\xE6\x9C\xAC"), 2, 7);
	expect_position(parsed.root->of.pairs[1].value->of.pairs[0].key, 2, 8);
	expect_position(parsed.root->of.pairs[1].value->of.pairs[0].value, 2, 11);
	expect_position(parsed.root->of.pairs[1].value->of.pairs[1].key, 2, 14);
	expect_position(parsed.root->of.pairs[1].value->of.pairs[1].value, 2, 17);
	expect_position(parsed.root->of.pairs[1].value->of.pairs[1].value->of.items[1], 3, 3);
	expect_position(dbw_yaml_find(parsed.root, "text")->key, 4, 1);
	expect_position(dbw_yaml_find(parsed.root, "last")->key, 5, 1);
	expect_position(dbw_yaml_get(parsed.root, "last"), 5, 9);
	parsed_end(&parsed);
}

static void yaml__everything_outlives_the_text(void **state)
{
	char text[] = "key: [value]", name[] = "f.yaml";
	dbw_arena *arena = dbw_arena_new(0);
	dbw_diagnostics *diagnostics = dbw_diagnostics_new(0);
	const dbw_yaml_node *root;

	(void)state;
	assert_true(dbw_yaml_parse(arena, diagnostics, name, text, strlen(text), NULL, &root));
	dbw_diagnostics_free(diagnostics);
	memset(text, 'x', sizeof(text));
	memset(name, 'x', sizeof(name));
	assert_string_equal(dbw_yaml_get(root, "key")->of.items[0]->of.text, "value");
	expect_position(root, 1, 1);
	dbw_arena_free(arena);
}

static void yaml__read_file(void **state)
{
	struct parsed parsed = { dbw_arena_new(0), dbw_diagnostics_new(0), NULL };
	char path[] = "/tmp/dbwright_yaml_XXXXXX";
	int descriptor = mkstemp(path);
	FILE *file;

	(void)state;
	assert_true(descriptor >= 0);
	file = fdopen(descriptor, "wb");
	assert_non_null(file);
	/* Longer than one block of reading. */
	for (int i = 0; i < 3000; i++)
		fprintf(file, "- item %d\n", i);
	assert_int_equal(fclose(file), 0);
	assert_true(dbw_yaml_read_file(parsed.arena, parsed.diagnostics, path, NULL, &parsed.root));
	assert_int_equal(parsed.root->count, 3000);
	assert_string_equal(parsed.root->of.items[2999]->of.text, "item 2999");
	assert_string_equal(parsed.root->position.file, path);
	assert_int_equal(remove(path), 0);
	parsed_end(&parsed);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(yaml__core_schema),
		cmocka_unit_test(yaml__ints),
		cmocka_unit_test(yaml__floats),
		cmocka_unit_test(yaml__floats_whatever_the_locale),
		cmocka_unit_test(yaml__getters_refuse_other_types),
		cmocka_unit_test(yaml__trees),
		cmocka_unit_test(yaml__anchors_share_nodes),
		cmocka_unit_test(yaml__merge),
		cmocka_unit_test(yaml__large_mappings_are_found_and_merged),
		cmocka_unit_test(yaml__positions),
		cmocka_unit_test(yaml__everything_outlives_the_text),
		cmocka_unit_test(yaml__read_file),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
