/* The template engine: what tags make, and what mistakes in templates are answered with. */
#include <render/template.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

/* Templates by name, ended by one without. */
typedef struct source {
	const char *name;
	const char *text;
} source;

static bool find_source(void *context, const char *name, ir__template_text *out)
{
	for (const source *s = context; s->name != NULL; s++)
		if (strcmp(s->name, name) == 0) {
			*out = (ir__template_text){ s->text, strlen(s->text), s->name };
			return true;
		}
	return false;
}

typedef struct fixture {
	dbw_arena *arena;
	ir__view_maker maker;
	ir__view *view;
	dbw_diagnostics *diagnostics;
	dbw_text_buffer out;
	dbw_text_buffer said;
} fixture;

static int set_up(void **state)
{
	static fixture f;

	f = (fixture){ .arena = dbw_arena_new(0), .diagnostics = dbw_diagnostics_new(0) };
	f.maker.arena = f.arena;
	f.view = ir__view_object(&f.maker);
	dbw_text_init(&f.out, NULL, 0);
	dbw_text_init(&f.said, NULL, 0);
	ir__view_set_text(&f.maker, f.view, "name", "Ada");
	ir__view_set_text(&f.maker, f.view, "empty", "");
	ir__view_set_bool(&f.maker, f.view, "yes", true);
	ir__view_set_bool(&f.maker, f.view, "no", false);
	ir__view *inner = ir__view_set_object(&f.maker, f.view, "inner");
	ir__view_set_text(&f.maker, inner, "name", "Byron");
	ir__view *words = ir__view_set_list(&f.maker, f.view, "words");
	ir__view_add_text(&f.maker, words, "one");
	ir__view_add_text(&f.maker, words, "two");
	ir__view_add_text(&f.maker, words, "three");
	ir__view *rows = ir__view_set_list(&f.maker, f.view, "rows");
	for (int i = 0; i < 2; i++) {
		ir__view *row = ir__view_add_object(&f.maker, rows);

		ir__view_printf(&f.maker, row, "number", "%d", i + 10);
		if (i == 1)
			ir__view_set_text(&f.maker, row, "name", "inner name");
		else
			ir__view_set_text(&f.maker, row, "other", "");
		ir__view_set(&f.maker, row, "words", words);
	}
	ir__view_set_list(&f.maker, f.view, "nothing");
	*state = &f;
	return f.maker.failed;
}

static int tear_down(void **state)
{
	fixture *f = *state;

	dbw_text_clear(&f->out);
	dbw_text_clear(&f->said);
	dbw_diagnostics_free(f->diagnostics);
	dbw_arena_free(f->arena);
	return 0;
}

/* Fills the first of the templates; the text is in f->out, what was reported in f->said. */
static bool fill(fixture *f, const source *sources)
{
	/* The function takes no const, and does not write. */
	union {
		const source *in;
		void *out;
	} context = { .in = sources };
	ir__templates *templates = ir__templates_new(find_source, context.out);
	bool done;

	assert_non_null(templates);
	dbw_text_truncate(&f->out, 0);
	dbw_text_truncate(&f->said, 0);
	done = ir__template_render(templates, sources[0].name, f->view, &f->out, f->diagnostics);
	dbw_diagnostics_render(f->diagnostics, false, &f->said);
	ir__templates_free(templates);
	return done;
}

static void expect(fixture *f, const char *template, const char *text)
{
	const source sources[] = { { "t.in", template }, { NULL, NULL } };

	if (!fill(f, sources))
		fail_msg("%s", f->said.data);
	assert_string_equal(f->out.data, text);
	assert_int_equal(dbw_diagnostics_count(f->diagnostics), 0);
}

/* Both templates make the same text. */
static void expect_same(fixture *f, const char *template, const char *other)
{
	const source sources[] = { { "t.in", other }, { NULL, NULL } };
	char text[256];

	if (!fill(f, sources))
		fail_msg("%s", f->said.data);
	assert_true(f->out.length < sizeof text);
	memcpy(text, f->out.data, f->out.length + 1);
	expect(f, template, text);
}

static void refuse(fixture *f, const char *template, const char *message)
{
	const source sources[] = { { "t.in", template }, { NULL, NULL } };

	assert_false(fill(f, sources));
	assert_string_equal(f->said.data, message);
}

static void template__values(void **state)
{
	expect(*state, "", "");
	expect(*state, "plain { } text }}", "plain { } text }}");
	expect(*state, "Hello {{name}}, {{ inner.name }}!", "Hello Ada, Byron!");
	expect(*state, "{{name}}", "Ada");
	expect(*state, "[{{empty}}]", "[]");
	expect(*state, "{ {{name}} }", "{ Ada }");
	expect(*state, "{{name|upper}}", "ADA");
}

static void template__each(void **state)
{
	expect(*state, "{{#each words}}{{@index}}={{this}}{{#unless @last}}, {{/unless}}{{/each}}",
		"0=one, 1=two, 2=three");
	expect(*state, "{{#each words}}{{#if @first}}<{{/if}}{{this}}{{#if @last}}>{{/if}}{{/each}}",
		"<onetwothree>");
	expect(*state, "{{#each nothing}}never{{/each}}", "");
	/* The innermost object that has the name wins; what it lacks is looked for outwards. */
	expect(*state, "{{#each rows}}{{number}} {{name}};{{/each}}", "10 Ada;11 inner name;");
	expect(*state, "{{#each rows}}{{#each words}}{{number}}{{this}} {{/each}}{{@index}}|{{/each}}",
		"10one 10two 10three 0|11one 11two 11three 1|");
}

static void template__conditions(void **state)
{
	expect(*state, "{{#if yes}}a{{else}}b{{/if}}{{#if no}}a{{else}}b{{/if}}", "ab");
	expect(*state, "{{#unless yes}}a{{else}}b{{/unless}}{{#unless no}}a{{else}}b{{/unless}}", "ba");
	expect(*state,
		"{{#if name}}a{{/if}}{{#if empty}}b{{/if}}{{#if words}}c{{/if}}{{#if nothing}}d{{/if}}",
		"ac");
	expect(*state, "{{#if yes}}{{#if no}}a{{else}}b{{/if}}{{else}}c{{/if}}", "b");
}

static void template__lines_of_tags_vanish(void **state)
{
	expect(*state, "a\n{{#if yes}}\nb\n{{/if}}\nc\n", "a\nb\nc\n");
	expect(*state, "a\n\t{{#each words}}  \n\t{{this}}\n\t{{/each}}\nb", "a\n\tone\n\ttwo\n\tthree\nb");
	expect(*state, "{{! a comment }}\nx {{! inside }}y\n", "x y\n");
	/* A tag that prints something, or does not stand alone, keeps its line. */
	expect(*state, "{{empty}}\n", "\n");
	expect(*state, "a {{#if yes}}\nb{{/if}}\n", "a \nb\n");
}

static void template__partials(void **state)
{
	const source sources[] = { { "t.in", "a\n\t{{> lines}}\nb {{> word}}!\n" },
		{ "lines", "{{name}}\n\n\tdeeper\n{{> word}}\n" }, { "word", "w" }, { NULL, NULL } };
	fixture *f = *state;

	assert_true(fill(f, sources));
	assert_string_equal(f->out.data, "a\n\tAda\n\n\t\tdeeper\n\twb w!\n");
}

static void template__c_string(void **state)
{
	fixture *f = *state;

	ir__view_set_text(&f->maker, f->view, "text", "a\"b\\c\t?\?-\x01\xc3\xa9\xe2\x80\xae\xff");
	ir__view_set_text(&f->maker, f->view, "lines", "SELECT\n  1\n");
	ir__view_set_text(&f->maker, f->view, "long",
		"SELECT one, two, three, four, five, six, seven, eight, nine, ten, eleven, twelve, thirteen, "
		"fourteen, fifteen FROM numbers");
	expect(f, "{{text|c_string}}", "\"a\\\"b\\\\c\\t?\\?-\\001\xc3\xa9\\342\\200\\256\\377\"");
	expect(f, "{{empty|c_string}}", "\"\"");
	expect(f, "\tx =\n\t\t{{lines|c_string}},\n", "\tx =\n\t\t\"SELECT\\n\"\n\t\t\"  1\\n\",\n");
	expect(f, "\t{{long|c_string}};\n",
		"\t\"SELECT one, two, three, four, five, six, seven, eight, nine, ten, eleven, twelve, thirteen, \"\n"
		"\t\"fourteen, fifteen FROM numbers\";\n");
	/* The line has room for 99 characters, of which the first takes two. */
	ir__view_printf(&f->maker, f->view, "fits", "\"%089d a word.", 1);
	ir__view_printf(&f->maker, f->view, "whole", "\t\"\\\"%089d a word.\"", 1);
	ir__view_printf(&f->maker, f->view, "exceeds", "\"%090d a word.", 1);
	ir__view_printf(&f->maker, f->view, "parts", "\t\"\\\"%090d a \"\n\t\"word.\"", 1);
	/* Parts of SQL are kept together, and a line of blanks alone is none. */
	ir__view_printf(&f->maker, f->view, "sql",
		"CREATE (\n  \"name\" TEXT NOT NULL DEFAULT 'nobody' CONSTRAINT \"name_valid\" CHECK (%028d <= "
		"120)\n)",
		1);
	expect(f, "\t{{sql|c_string}}",
		"\t\"CREATE (\\n\"\n"
		"\t\"  \\\"name\\\" TEXT NOT NULL DEFAULT 'nobody' \"\n"
		"\t\"CONSTRAINT \\\"name_valid\\\" CHECK (0000000000000000000000000001 <= 120)\\n\"\n"
		"\t\")\"");
	ir__view_printf(&f->maker, f->view, "word", "  %090d", 1);
	expect(f, "\t\t{{word|c_string}}",
		"\t\t\"  00000000000000000000000000000000000000000000000000000000000000000000000000000000000000"
		"0001\"");
	expect_same(f, "\t{{fits|c_string}}", "{{whole}}");
	expect_same(f, "\t{{exceeds|c_string}}", "{{parts}}");
}

static void template__c_tail(void **state)
{
	fixture *f = *state;

	ir__view_set_text(&f->maker, f->view, "short", "WHERE 1");
	ir__view_set_text(&f->maker, f->view, "lines", "a\nb");
	ir__view_printf(&f->maker, f->view, "fits", "%093d", 1);
	ir__view_printf(&f->maker, f->view, "whole", "\tx = \"%093d\" },", 1);
	ir__view_printf(&f->maker, f->view, "exceeds", "%094d", 1);
	ir__view_printf(&f->maker, f->view, "below", "\tx =\n\t\t\"%094d\" },", 1);
	expect(f, "\tx ={{short|c_tail}},", "\tx = \"WHERE 1\",");
	expect(f, "\tx = F({{short|c_tail}}),", "\tx = F(\"WHERE 1\"),");
	expect(f, "\tx = F({{lines|c_tail}}),", "\tx = F(\n\t\t\"a\\n\"\n\t\t\"b\"),");
	expect_same(f, "\tx ={{fits|c_tail}} },", "{{whole}}");
	expect_same(f, "\tx ={{exceeds|c_tail}} },", "{{below}}");
}

static void template__shells_and_manual_pages(void **state)
{
	fixture *f = *state;

	ir__view_set_text(&f->maker, f->view, "nasty", ".it's a \\ -d `ls` ~ ^");
	expect(f, "'{{nasty|shell}}'", "'.it'\\''s a \\ -d `ls` ~ ^'");
	expect(f, "{{nasty|man}}\n", "\\&.it\\(aqs a \\e \\-d \\(gals\\(ga \\(ti \\(ha\n");
	expect(f, "a {{nasty|man}}\n", "a .it\\(aqs a \\e \\-d \\(gals\\(ga \\(ti \\(ha\n");
}

static void template__comments(void **state)
{
	fixture *f = *state;

	ir__view_set_text(&f->maker, f->view, "nasty", "a */ b /* c\nd \xe2\x80\xae/**/");
	ir__view_set_text(&f->maker, f->view, "long",
		"A person who can log in, or could, if it had not forgotten its words, which happens to the best of "
		"us now and then.\nSecond.");
	expect(f, "/* {{nasty|c_comment}} */", "/* a * / b / * c d / ** / */");
	expect(f, "{{name|c_doc}}\n", "/** Ada */\n");
	expect(f, "\t{{long|c_doc}}\n",
		"\t/**\n"
		"\t * A person who can log in, or could, if it had not forgotten its words, which happens to the best of\n"
		"\t * us now and then.\n"
		"\t * Second.\n"
		"\t */\n");
}

static void template__wrap(void **state)
{
	fixture *f = *state;

	ir__view_set_text(&f->maker, f->view, "call",
		"dbw_status a_long_name(first_type first, second_type second, third_type third, "
		"fourth_type fourth, fifth_type fifth)");
	expect(f, "\t{{call|wrap}};\n",
		"\tdbw_status a_long_name(first_type first, second_type second, third_type third, "
		"fourth_type fourth,\n\t\tfifth_type fifth);\n");
	ir__view_set_text(&f->maker, f->view, "list",
		"aaaaaaaaaaaaaaaaaaaa, bbbbbbbbbbbbbbbbbbbb, cccccccccccccccccccc, dddddddddddddddddddd, "
		"offsetof(e, f), gggggg");
	expect(f, "\t{ {{list|wrap}} }\n",
		"\t{ aaaaaaaaaaaaaaaaaaaa, bbbbbbbbbbbbbbbbbbbb, cccccccccccccccccccc, dddddddddddddddddddd,\n"
		"\t\toffsetof(e, f), gggggg }\n");
}

static void template__fill(void **state)
{
	fixture *f = *state;

	expect(f, "{{#fill c_doc}}\n{{name}} is\none.\n{{/fill}}\nint a;\n", "/** Ada is one. */\nint a;\n");
	expect(f,
		"{{#fill c_doc}}\n{{#if yes}}\nYes,\n{{/if}}\n{{#if no}}\nno,\n{{/if}}\n{{name}}.\n{{/fill}}\n",
		"/** Yes, Ada. */\n");
	expect(f,
		"\t{{#fill wrap}}f(int aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa, int bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb, "
		"int cccccccccccccccccccccccc);{{/fill}} /* {{name}} */\n",
		"\tf(int aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa, int bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb,\n"
		"\t\tint cccccccccccccccccccccccc); /* Ada */\n");
	expect(f, "{{#fill c_doc}}\n{{name}}\nis\n{{#if yes}}\n\none.\n{{/if}}\n\nTwo.\n{{/fill}}\n",
		"/**\n * Ada is\n * one.\n * Two.\n */\n");
}

static void template__unknown_names(void **state)
{
	refuse(*state, "a\nb {{nobody}}\n", "t.in:2:3: error: there is no \"nobody\"\n");
}

static void template__unknown_member(void **state)
{
	refuse(*state, "{{inner.age}}", "t.in:1:1: error: there is no \"inner.age\"\n");
}

static void template__item_outside_of_each(void **state)
{
	refuse(*state, "{{@first}}", "t.in:1:1: error: there is no \"@first\"\n");
}

static void template__wrong_kinds(void **state)
{
	refuse(*state, "{{words}}\n", "t.in:1:1: error: \"words\" is a list, not a text\n");
}

static void template__wrong_kind_of_truth(void **state)
{
	refuse(*state, "{{yes}}\n", "t.in:1:1: error: \"yes\" is a truth, not a text\n");
}

static void template__wrong_kind_of_list(void **state)
{
	refuse(*state, "\n{{#each name}}{{/each}}\n", "t.in:2:1: error: \"name\" is a text, not a list\n");
}

static void template__wrong_kind_of_condition(void **state)
{
	refuse(*state, "{{#if inner}}{{/if}}\n",
		"t.in:1:1: error: \"inner\" is an object, not a truth, text or list\n");
}

static void template__open_block(void **state)
{
	refuse(*state, "x\n{{#if yes}}\n", "t.in:2:1: error: {{#if}} is not closed\n");
}

static void template__wrong_close(void **state)
{
	refuse(*state, "{{#if yes}}\n{{/each}}\n",
		"t.in:2:1: error: {{/each}} does not close {{#if}} of line 1\n");
}

static void template__stray_close(void **state)
{
	refuse(*state, "{{/if}}\n", "t.in:1:1: error: {{/if}} closes nothing\n");
}

static void template__stray_else(void **state)
{
	refuse(*state, "{{#each words}}{{else}}{{/each}}\n",
		"t.in:1:16: error: {{else}} belongs to no {{#if}} or {{#unless}}\n");
}

static void template__unknown_filter(void **state)
{
	refuse(*state, "{{name|shout}}\n", "t.in:1:1: error: there is no filter \"shout\"\n");
}

static void template__unknown_filter_of_a_block(void **state)
{
	refuse(*state, "\n{{#fill shout}}{{/fill}}\n", "t.in:2:1: error: there is no filter \"shout\"\n");
}

static void template__else_in_a_filtered_block(void **state)
{
	refuse(*state, "{{#fill wrap}}{{else}}{{/fill}}\n",
		"t.in:1:15: error: {{else}} belongs to no {{#if}} or {{#unless}}\n");
}

static void template__open_filtered_block(void **state)
{
	refuse(*state, "{{#fill wrap}}\n", "t.in:1:1: error: {{#fill}} is not closed\n");
}

static void template__unknown_partial(void **state)
{
	refuse(*state, "\n  {{> gone}}\n", "t.in:2:3: error: there is no template \"gone\"\n");
}

static void template__unknown_block(void **state)
{
	refuse(*state, "{{#while yes}}\n", "t.in:1:1: error: there is no block \"#while yes\"\n");
}

static void template__unfinished_tag(void **state)
{
	refuse(*state, "a {{name\n}}\n", "t.in:1:3: error: this tag does not end in its line\n");
}

static void template__bad_name(void **state)
{
	refuse(*state, "{{a..b}}\n", "t.in:1:1: error: \"a..b\" is not a name\n");
}

static void template__partial_inside_itself(void **state)
{
	refuse(*state, "{{> t.in}}\n",
		"t.in:1:1: error: more than 16 partials inside each other, or too far to the right\n");
}

static void template__error_in_a_partial_names_its_file(void **state)
{
	const source sources[] = { { "t.in", "{{> part}}\n" }, { "part", "\n{{nobody}}\n" }, { NULL, NULL } };
	fixture *f = *state;

	assert_false(fill(f, sources));
	assert_string_equal(f->said.data, "part:2:1: error: there is no \"nobody\"\n");
}

#define CASE(name) cmocka_unit_test_setup_teardown(template__##name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(values),
		CASE(each),
		CASE(conditions),
		CASE(lines_of_tags_vanish),
		CASE(partials),
		CASE(c_string),
		CASE(c_tail),
		CASE(comments),
		CASE(shells_and_manual_pages),
		CASE(wrap),
		CASE(fill),
		CASE(unknown_names),
		CASE(unknown_member),
		CASE(item_outside_of_each),
		CASE(wrong_kinds),
		CASE(wrong_kind_of_truth),
		CASE(wrong_kind_of_list),
		CASE(wrong_kind_of_condition),
		CASE(open_block),
		CASE(wrong_close),
		CASE(stray_close),
		CASE(stray_else),
		CASE(unknown_filter),
		CASE(unknown_filter_of_a_block),
		CASE(else_in_a_filtered_block),
		CASE(open_filtered_block),
		CASE(unknown_partial),
		CASE(unknown_block),
		CASE(unfinished_tag),
		CASE(bad_name),
		CASE(partial_inside_itself),
		CASE(error_in_a_partial_names_its_file),
	};

	return cmocka_run_group_tests_name("template", tests, NULL, NULL);
}
