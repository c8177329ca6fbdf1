/* JSON of any bytes: what is let through has to be taken by SQLite's json_valid() as well. */
#include "fuzz.h"

#include <base/json.h>
#include <base/utf8.h>

#include <sqlite3.h>
#include <string.h>

static bool sqlite_takes(const char *text, size_t length)
{
	static sqlite3 *db;
	static sqlite3_stmt *ask;
	bool taken;

	if (ask == NULL)
		FUZZ_CHECK(sqlite3_open(":memory:", &db) == SQLITE_OK &&
			   sqlite3_prepare_v2(db, "SELECT json_valid(?)", -1, &ask, NULL) == SQLITE_OK);
	FUZZ_CHECK(sqlite3_bind_text(ask, 1, text, (int)length, SQLITE_STATIC) == SQLITE_OK);
	FUZZ_CHECK(sqlite3_step(ask) == SQLITE_ROW);
	taken = sqlite3_column_int(ask, 0) == 1;
	sqlite3_reset(ask);
	sqlite3_clear_bindings(ask);
	return taken;
}

/* `text` inside an array and an object, `depth` times each; NULL when memory is short. */
static char *nested(const char *text, size_t length, unsigned depth, size_t *out)
{
	static const char before[] = "[{\"a\" : ", after[] = "}]";
	const size_t around = sizeof before - 1 + sizeof after - 1;
	char *deep = malloc(length + depth * around + 1), *at = deep;

	if (deep == NULL)
		return NULL;
	for (unsigned i = 0; i < depth; i++, at += sizeof before - 1)
		memcpy(at, before, sizeof before - 1);
	if (length != 0)
		memcpy(at, text, length);
	at += length;
	for (unsigned i = 0; i < depth; i++, at += sizeof after - 1)
		memcpy(at, after, sizeof after - 1);
	*out = (size_t)(at - deep);
	return deep;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *text = (const char *)data;
	const bool good = dbw__json_is_valid(text, size);
	size_t length;
	char *deep;

	if (!dbw__utf8_check(text, size, NULL))
		return 0;
	if (good)
		FUZZ_CHECK(sqlite_takes(text, size));
	deep = nested(text, size, 3, &length);
	if (deep == NULL)
		return 0;
	/* Six deeper is at most too deep; a text with a comma may have become several members. */
	FUZZ_CHECK(!dbw__json_is_valid(deep, length) || good || memchr(text, ',', size) != NULL);
	if (good && size < 400)
		FUZZ_CHECK(dbw__json_is_valid(deep, length));
	free(deep);
	return 0;
}
