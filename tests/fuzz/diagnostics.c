#include "fuzz.h"

#include <base/utf8.h>

#include <string.h>

static void check_lines(const dbw_text_buffer *text, bool json)
{
	FUZZ_CHECK(!text->failed);
	FUZZ_CHECK(strlen(text->data) == text->length);
	FUZZ_CHECK(dbw__utf8_check(text->data, text->length, NULL));
	FUZZ_CHECK(text->length == 0 || text->data[text->length - 1] == '\n');
	for (size_t i = 0; i < text->length; i++) {
		const unsigned char byte = (unsigned char)text->data[i];

		/* Source lines keep their tabs. */
		FUZZ_CHECK(byte == '\n' || (byte == '\t' && !json) || (byte >= ' ' && byte != 0x7f));
		if (json && (i == 0 || text->data[i - 1] == '\n'))
			FUZZ_CHECK(byte == '{');
		if (json && byte == '\n')
			FUZZ_CHECK(text->data[i - 1] == '}');
	}
}

void fuzz_check_diagnostics(dbw_diagnostics *diagnostics)
{
	const size_t count = dbw_diagnostics_count(diagnostics);
	dbw_text_buffer text;

	FUZZ_CHECK(!dbw_diagnostics_failed(diagnostics));
	for (size_t i = 0; i < count; i++) {
		const dbw_diagnostic *one = dbw_diagnostics_at(diagnostics, i);

		FUZZ_CHECK(one != NULL && one->message[0] != '\0' && one->code[0] != '\0');
		FUZZ_CHECK((one->position.line == 0) == (one->position.column == 0));
	}
	FUZZ_CHECK(dbw_diagnostics_at(diagnostics, count) == NULL);
	dbw_text_init(&text, NULL, 0);
	dbw_diagnostics_render(diagnostics, false, &text);
	check_lines(&text, false);
	dbw_text_truncate(&text, 0);
	dbw_diagnostics_render_json(diagnostics, &text);
	check_lines(&text, true);
	dbw_text_clear(&text);
}
