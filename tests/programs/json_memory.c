/* JSON with every allocation failing in turn. */
#include "../memory/allocations.h"
#include "opened.h"

#include <store/json.h>

#include <stdlib.h>

/* Longer than the first piece of an arena, and of a text that is written. */
static char story[5000], document[6000];
static const char documents[] = "[{},{},{},{},{},{},{},{},{},{},{},{},{},{},{},{},{\"story\":\"s\"}]";
static dbw_error error;

/* All that was read is right, or it was not read. */
static dbw_status read_row(void)
{
	thing *row;
	dbw_status status = thing_from_json(document, strlen(document), NULL, &row, &error);

	if (status == DBW_OK) {
		assert_string_equal(row->story, story);
		assert_int_equal(row->large.value, INT64_C(1234567890123456));
		assert_int_equal(row->raw.size, 6);
		assert_true(row->real.value == 0.5);
	}
	assert_int_equal(row != NULL, status == DBW_OK);
	thing_free(row);
	return status;
}

static dbw_status read_list(void)
{
	thing_list list;
	dbw_status status = thing_list_from_json(documents, strlen(documents), NULL, &list, &error);

	assert_int_equal(list.count, status == DBW_OK ? 17 : 0);
	if (status == DBW_OK)
		assert_string_equal(list.items[16].story, "s");
	thing_list_free(&list);
	return status;
}

static dbw_status patch_row(void)
{
	static const uint64_t absent[] = { 1 };
	thing row = THING_INIT, *changed;
	thing_columns columns;
	dbw_status status;

	row.row_.absent = absent;
	status = thing_patch_json(&row, document, strlen(document), NULL, &changed, &columns, &error);
	if (status == DBW_OK)
		assert_string_equal(changed->story, story);
	assert_int_equal(changed != NULL, status == DBW_OK);
	assert_int_equal(columns.story, status == DBW_OK);
	thing_free(changed);
	return status;
}

static dbw_status write_row(void)
{
	thing row = THING_INIT;
	char *text;
	dbw_status status;

	row.story = story;
	status = thing_to_json(&row, NULL, &text, &error);
	if (status == DBW_OK)
		assert_non_null(strstr(text, story));
	assert_int_equal(text != NULL, status == DBW_OK);
	dbw_json_free(text);
	return status;
}

/* Short enough for the writer's own room: only the text that is handed over is asked for. */
static dbw_status write_short_row(void)
{
	thing row = THING_INIT;
	char *text;
	dbw_status status = thing_to_json(&row, NULL, &text, &error);

	assert_int_equal(text != NULL, status == DBW_OK);
	dbw_json_free(text);
	return status;
}

static void try_every(dbw_status (*step)(void))
{
	bool reached = true;
	size_t refusals = 0;

	for (size_t n = 1; reached; n++) {
		dbw_status status;

		allocations_fail(n, false);
		status = step();
		reached = allocations_recover();
		assert_int_equal(status, reached ? DBW_OUT_OF_MEMORY : DBW_OK);
		assert_int_equal(error.status, status);
		refusals += reached;
	}
	assert_true(refusals > 0);
}

static void memory__read(void **state)
{
	(void)state;
	try_every(read_row);
	try_every(read_list);
	try_every(patch_row);
}

static void memory__write(void **state)
{
	(void)state;
	try_every(write_row);
	try_every(write_short_row);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(memory__read),
		cmocka_unit_test(memory__write),
	};

	memset(story, 's', sizeof story - 1);
	snprintf(document, sizeof document,
		"{\"story\":\"%s\",\"large\":1234567890123456,\"raw\":\"AAAAAAAA\",\"doc\":[1,2],\"exact\":\"1.5\","
		"\"real\":0.5}",
		story);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
