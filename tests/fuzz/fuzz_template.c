/* Templates of any bytes over a fixed view. What stands behind a line "---" is the partial `p`. */
#include <render/template.h>

#include "fuzz.h"

#include <string.h>

typedef struct source {
	const char *text;
	size_t length;
} source;

static bool find(void *context, const char *name, ir__template_text *out)
{
	const source *sources = context;
	const int place = strcmp(name, "t") == 0 ? 0 : strcmp(name, "p") == 0 ? 1 : -1;

	if (place < 0)
		return false;
	*out = (ir__template_text){ sources[place].text, sources[place].length, name };
	return true;
}

static size_t count(source text, const char *word)
{
	const size_t length = strlen(word);
	size_t found = 0;

	for (size_t i = 0; i + length <= text.length; i++)
		found += memcmp(text.text + i, word, length) == 0;
	return found;
}

/* Templates are the product's own: that one can be written which takes for ever is known and no finding. */
static bool ends_soon(const source sources[2])
{
	const size_t loops = count(sources[0], "#each") + count(sources[1], "#each");
	const size_t partials = count(sources[0], ">") + count(sources[1], ">");

	return loops == 0 ? partials <= 1 : loops <= 4 && count(sources[1], ">") == 0 && partials <= 3;
}

static ir__view *make_view(ir__view_maker *maker)
{
	static const char *const words[] = { "one", "t\"w\\o\n",
		"a long text, with (brackets, and commas), "
		"*/ and a \xc3\xa9, to be wrapped at some "
		"column of the line it stands in, if at all" };
	ir__view *view = ir__view_object(maker), *list, *rows;

	ir__view_set_text(maker, view, "name", "Ada");
	ir__view_set_text(maker, view, "empty", "");
	ir__view_set_text(maker, view, "text", words[2]);
	ir__view_set_bool(maker, view, "yes", true);
	ir__view_set_bool(maker, view, "no", false);
	ir__view_set_text(maker, ir__view_set_object(maker, view, "inner"), "name", "Byron");
	list = ir__view_set_list(maker, view, "words");
	for (size_t i = 0; i < 3; i++)
		ir__view_add_text(maker, list, words[i]);
	rows = ir__view_set_list(maker, view, "rows");
	for (int i = 0; i < 2; i++) {
		ir__view *row = ir__view_add_object(maker, rows);

		ir__view_printf(maker, row, "number", "%d", i);
		ir__view_set(maker, row, "words", list);
	}
	ir__view_set_list(maker, view, "nothing");
	return view;
}

static bool render(source sources[2], const ir__view *view, dbw_text_buffer *out)
{
	dbw_diagnostics *diagnostics = dbw_diagnostics_new(0);
	ir__templates *templates = ir__templates_new(find, sources);
	bool done;

	FUZZ_CHECK(diagnostics != NULL && templates != NULL);
	dbw_text_init(out, NULL, 0);
	done = ir__template_render(templates, "t", view, out, diagnostics);
	FUZZ_CHECK(done == (dbw_diagnostics_errors(diagnostics) == 0));
	FUZZ_CHECK(!out->failed && out->data[out->length] == '\0');
	fuzz_check_diagnostics(diagnostics);
	ir__templates_free(templates);
	dbw_diagnostics_free(diagnostics);
	return done;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char mark[] = "\n---\n";
	const char *cut = size == 0 ? NULL : memmem(data, size, mark, sizeof mark - 1);
	source sources[2] = { { (const char *)data, size }, { "", 0 } };
	ir__view_maker maker = { .arena = dbw_arena_new(0) };
	dbw_text_buffer first, second;
	bool done;

	if (cut != NULL) {
		sources[0].length = (size_t)(cut - sources[0].text) + 1;
		sources[1].text = cut + sizeof mark - 1;
		sources[1].length = size - sources[0].length - (sizeof mark - 2);
	}
	if (ends_soon(sources)) {
		const ir__view *view = make_view(&maker);

		FUZZ_CHECK(!maker.failed);
		done = render(sources, view, &first);
		FUZZ_CHECK(render(sources, view, &second) == done);
		FUZZ_CHECK(
			first.length == second.length && memcmp(first.data, second.data, first.length) == 0);
		if (count(sources[0], "{{") == 0)
			FUZZ_CHECK(done && first.length == sources[0].length &&
				   (first.length == 0 ||
					   memcmp(first.data, sources[0].text, first.length) == 0));
		dbw_text_clear(&first);
		dbw_text_clear(&second);
	}
	dbw_arena_free(maker.arena);
	return 0;
}
