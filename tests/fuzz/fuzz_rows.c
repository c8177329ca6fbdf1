/*
 * Documents as rows of every type. What is read is written to a document that is read as the same row and written as the
 * same text; what is refused is told with a position inside of it.
 */
#include "../unit/fixture_user.h"
#include "fuzz.h"

#include <base/utf8.h>
#include <dbwright/json.h>

#include <string.h>

static const everything start = { .row_ = DBW_ROW_INIT };
static const dbw_json_options options[] = { { .sensitive = true },
	{ .int64_as_text = true, .sensitive = true }, { .ignore_unknown = true, .sensitive = true } };

static void check_error(const char *text, size_t size, const dbw_error *error)
{
	const char *message = error->message;
	unsigned long lines = 1, line, column;

	FUZZ_CHECK(error->status == DBW_INVALID);
	FUZZ_CHECK(dbw__utf8_check(message, strlen(message), NULL));
	for (const char *at = message; *at != '\0'; at++)
		FUZZ_CHECK((unsigned char)*at >= 0x20);
	FUZZ_CHECK(sscanf(message, "%lu:%lu: ", &line, &column) == 2);
	for (size_t i = 0; i < size; i++)
		lines += text[i] == '\n';
	FUZZ_CHECK(line >= 1 && line <= lines && column >= 1 && column <= size + 1);
}

/* Whatever room there is, what is printed is the beginning of the whole. */
static void check_print(const everything *row)
{
	char whole[4096], part[100];
	const size_t length = dbw__row_print(&everything__model, row, whole, sizeof whole);

	FUZZ_CHECK(dbw__row_print(&everything__model, row, part, sizeof part) == length);
	FUZZ_CHECK(strncmp(whole, part, strlen(part)) == 0 && dbw__utf8_check(part, strlen(part), NULL));
	for (const char *at = whole; *at != '\0'; at++)
		FUZZ_CHECK((unsigned char)*at >= 0x20);
}

static void check_row(const everything *row, const dbw_json_options *how)
{
	everything *again, *copy;
	char *text, *same;
	dbw_error error;

	FUZZ_CHECK(dbw__row_to_json(&everything__model, row, how, &text, &error) == DBW_OK);
	FUZZ_CHECK(dbw__row_from_json(&everything__model, &start, text, strlen(text), how, &again, &error) ==
		   DBW_OK);
	FUZZ_CHECK(dbw__row_equal(&everything__model, row, again));
	FUZZ_CHECK(dbw__row_to_json(&everything__model, again, how, &same, &error) == DBW_OK);
	FUZZ_CHECK(strcmp(text, same) == 0);
	FUZZ_CHECK(dbw__row_copy(&everything__model, again, &copy) == DBW_OK);
	FUZZ_CHECK(dbw__row_equal(&everything__model, again, copy));
	check_print(copy);
	dbw_json_free(text);
	dbw_json_free(same);
	dbw__row_free(&everything__model, again);
	dbw__row_free(&everything__model, copy);
}

/* A patch by the same text names a column for each member but the key's, and gives the same values. */
static void check_patch(const char *text, size_t size, const everything *row, const dbw_json_options *how)
{
	unsigned char columns[(EVERYTHING__COLUMN_COUNT + 7) / 8];
	everything *changed;
	dbw_error error;
	const dbw_status status =
		dbw__row_patch_json(&everything__model, row, text, size, how, &changed, columns, &error);

	FUZZ_CHECK(status == DBW_OK);
	FUZZ_CHECK(dbw__row_equal(&everything__model, row, changed));
	dbw__row_free(&everything__model, changed);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const unsigned choice = size == 0 ? 0 : data[0];
	const dbw_json_options *how = &options[choice / 2 % 3];
	const char *text = size == 0 ? "" : (const char *)data + 1;
	everything_list list;
	everything *row;
	dbw_error error;

	size -= size != 0;
	if (choice % 2 == 0) {
		if (dbw__row_from_json(&everything__model, &start, text, size, how, &row, &error) == DBW_OK) {
			check_row(row, how);
			check_patch(text, size, row, how);
			dbw__row_free(&everything__model, row);
		} else {
			FUZZ_CHECK(row == NULL);
			check_error(text, size, &error);
		}
		return 0;
	}
	if (dbw__list_from_json(&everything__model, &start, text, size, how, &list, &error) == DBW_OK) {
		char *again;

		for (size_t i = 0; i < list.count; i++)
			check_row(&list.items[i], how);
		FUZZ_CHECK(dbw__list_to_json(&everything__model, &list, how, &again, &error) == DBW_OK);
		dbw_json_free(again);
	} else {
		FUZZ_CHECK(list.count == 0);
		check_error(text, size, &error);
	}
	dbw__list_free(&list);
	return 0;
}
