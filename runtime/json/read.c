#include "parse.h"
#include "scan.h"

#include <base/json.h>
#include <base/utf8.h>
#include <dbwright/generated.h>
#include <dbwright/json.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A document that is being read; `text` has been checked by begin(). */
struct reader {
	const dbw_model *model;
	const dbw_json_options *options;
	const char *text;
	size_t size;
	const void *original; /* The row that a patch changes, else NULL. */
	dbw_arena *arena;     /* What is read, until it is copied. */
	uint64_t *given;      /* A bit per column that the present object has. */
	dbw_error *error;
	bool is_list;
	size_t number; /* The row's, in a list. */
	dbw_status status;
};

static const dbw_json_options no_options;

static dbw_status out_of_memory(dbw_error *error)
{
	return dbw__fail(error, DBW_OUT_OF_MEMORY, "out of memory");
}

/* "3:14": lines and characters before `at`. */
static void find_position(const struct reader *reader, const char *at, size_t *line, size_t *column)
{
	*line = *column = 1;
	for (const char *byte = reader->text; byte < at; byte++)
		if (*byte == '\n') {
			++*line;
			*column = 1;
		} else if (((unsigned char)*byte & 0xC0U) != 0x80U) {
			++*column;
		}
}

/* The document is no JSON. */
static dbw_status fail_text(const struct reader *reader, const char *at, const char *what)
{
	size_t line, column;

	find_position(reader, at, &line, &column);
	return dbw__fail(reader->error, DBW_INVALID, "%zu:%zu: %s", line, column, what);
}

/* It is, and does not fit the model: "user[17].email is missing", or "user[17]: an object is expected" without a field. */
static void fail(struct reader *reader, const char *at, const char *field, const char *what)
{
	size_t line, column;
	char row[24] = "";

	find_position(reader, at, &line, &column);
	if (reader->is_list)
		snprintf(row, sizeof row, "[%zu]", reader->number);
	reader->status = dbw__fail(reader->error, DBW_INVALID, "%zu:%zu: %s%s%s%s %s", line, column,
		reader->model->name, row, field == NULL ? ":" : ".", field == NULL ? "" : field, what);
}

/* The column that a member is for; column_count if there is none. Members mostly come in the order of columns. */
static uint16_t find_column(const dbw_model *model, const char *name, size_t length, uint16_t expected)
{
	for (uint16_t i = 0; i < model->column_count; i++) {
		const uint16_t number = (uint16_t)((expected + i) % model->column_count);
		const char *field = model->columns[number].field;

		if (strncmp(field, name, length) == 0 && field[length] == '\0')
			return number;
	}
	return model->column_count;
}

/* A name is shown only where it looks like one: a document may have anything there. */
static void fail_unknown(struct reader *reader, const char *at, const char *name, size_t length)
{
	char what[96] = "there is no such field";

	if (length > 0 && length <= 63 &&
		strspn(name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-") == length)
		snprintf(what, sizeof what, "there is no field \"%s\"", name);
	fail(reader, at, NULL, what);
}

static size_t given_words(const dbw_model *model)
{
	return (model->column_count + 63U) / 64U;
}

static bool is_given(const struct reader *reader, uint16_t number)
{
	return (reader->given[number / 64] >> number % 64 & 1U) != 0;
}

/* What a patch may not change has to be as it is in the row. */
static const char *frozen(const struct reader *reader, uint16_t number, const void *member)
{
	const dbw_column *column = &reader->model->columns[number];

	if (reader->original == NULL || (column->flags & (DBW_COLUMN_KEY | DBW_COLUMN_GENERATED)) == 0)
		return NULL;
	if (!dbw__row_is_absent(reader->model, reader->original, number) &&
		dbw__column_equal(column, (const char *)reader->original + column->offset, member))
		return NULL;
	return (column->flags & DBW_COLUMN_KEY) != 0 ? "is the key, which update does not change"
						     : "is computed by the database";
}

/* Whether a value is null; JSON columns that are NOT NULL hold that as any other JSON. */
static bool is_null(const dbw_column *column, dbw__json_slice value)
{
	return *value.begin == 'n' &&
	       (column->kind != DBW_KIND_JSON || (column->flags & DBW_COLUMN_NULLABLE) != 0);
}

/* Puts a value into its member. Returns NULL, or what is wrong, to be put behind the field's name. */
static const char *set_member(const struct reader *reader, const dbw_column *column, dbw__json_slice value,
	void *member, dbw_error *error)
{
	void *room = dbw__column_room(column, member);

	if (is_null(column, value)) {
		if ((column->flags & DBW_COLUMN_NULLABLE) == 0)
			return "is null";
		if (room != member)
			*(bool *)member = false; /* `has` comes first in every dbw_opt_ struct */
	} else {
		const char *wrong = dbw__json_parse(reader->arena, column, value, room);

		if (wrong != NULL)
			return wrong;
	}
	/* Its messages begin with the model, the field, and a blank. */
	if (dbw__column_check(reader->model, column, member, error) != DBW_OK)
		return error->message + strlen(reader->model->name) + strlen(column->field) + 2;
	return NULL;
}

/* The same with the failure told. */
static bool read_member(struct reader *reader, uint16_t number, dbw__json_slice value, void *row)
{
	const dbw_column *column = &reader->model->columns[number];
	void *member = (char *)row + column->offset;
	dbw_error error;
	const char *wrong = set_member(reader, column, value, member, &error);

	if (wrong == NULL)
		wrong = frozen(reader, number, member);
	if (wrong == dbw__json_no_memory)
		reader->status = out_of_memory(reader->error);
	else if (wrong != NULL)
		fail(reader, value.begin, column->field, wrong);
	return wrong == NULL;
}

/* A member of an object, from its name on; returns what is behind its value, NULL on failure. */
static const char *read_pair(struct reader *reader, const char *at, uint16_t *expected, void *row)
{
	const dbw_model *model = reader->model;
	const dbw__json_slice name = { at, dbw__json_skip_string(at) };
	dbw__json_slice value;
	size_t length;
	const char *text = dbw__json_decode(reader->arena, name, &length);
	uint16_t number;

	if (text == NULL) {
		reader->status = out_of_memory(reader->error);
		return NULL;
	}
	value.begin = dbw__json_skip_blanks(dbw__json_skip_blanks(name.end) + 1);
	value.end = dbw__json_skip_value(value.begin);
	number = find_column(model, text, length, *expected);
	if (number == model->column_count) {
		if (reader->options->ignore_unknown)
			return value.end;
		fail_unknown(reader, at, text, length);
		return NULL;
	}
	if (is_given(reader, number)) {
		fail(reader, at, model->columns[number].field, "is there twice");
		return NULL;
	}
	reader->given[number / 64] |= UINT64_C(1) << number % 64;
	*expected = (uint16_t)(number + 1);
	return read_member(reader, number, value, row) ? value.end : NULL;
}

/* Whether all is there that nothing else gives a value. A patch changes a row that has it all. */
static bool is_complete(struct reader *reader, const char *begin)
{
	for (uint16_t i = 0; reader->original == NULL && i < reader->model->column_count; i++) {
		const dbw_column *column = &reader->model->columns[i];

		if ((column->flags & DBW_COLUMN_REQUIRED) != 0 && !is_given(reader, i)) {
			fail(reader, begin, column->field, "is missing");
			return false;
		}
	}
	return true;
}

/* An object; returns what is behind it, NULL on failure. */
static const char *read_row(struct reader *reader, const char *at, void *row)
{
	const char *begin = at;
	uint16_t expected = 0;

	if (*at != '{') {
		fail(reader, at, NULL, "an object is expected");
		return NULL;
	}
	memset(reader->given, 0, given_words(reader->model) * sizeof *reader->given);
	at = dbw__json_skip_blanks(at + 1);
	while (*at != '}') {
		at = read_pair(reader, at, &expected, row);
		if (at == NULL)
			return NULL;
		at = dbw__json_skip_blanks(at);
		if (*at == ',')
			at = dbw__json_skip_blanks(at + 1);
	}
	return is_complete(reader, begin) ? at + 1 : NULL;
}

/* The first byte that is no UTF-8; NULL if all is. */
static const char *find_foreign(const char *text, size_t size)
{
	uint32_t character;

	if (dbw__utf8_check(text, size, NULL))
		return NULL;
	for (size_t at = 0;;) {
		const size_t length = dbw__utf8_decode(text + at, size - at, &character);

		if (length == 0)
			return text + at;
		at += length;
	}
}

/* Looks at the whole text; *at is where its value begins. end() has to follow, on failure too. */
static dbw_status begin(struct reader *reader, const char **at)
{
	dbw__json_problem problem;
	const char *foreign;

	dbw_error_clear(reader->error);
	if (reader->text == NULL)
		return dbw__fail(reader->error, DBW_MISUSE, "%s: the text is NULL", reader->model->name);
	foreign = find_foreign(reader->text, reader->size);
	if (foreign != NULL)
		return fail_text(reader, foreign, "this is not UTF-8");
	/* What a column may hold, in an object, in a list. */
	if (!dbw__json_check(
		    reader->text, reader->size, DBW__JSON_DEPTH + (reader->is_list ? 2 : 1), &problem))
		return fail_text(reader, reader->text + problem.offset, problem.what);
	reader->arena = dbw_arena_new(0);
	if (reader->arena == NULL)
		return out_of_memory(reader->error);
	reader->given =
		dbw_arena_alloc_zeroed(reader->arena, given_words(reader->model), sizeof *reader->given);
	if (reader->given == NULL)
		return out_of_memory(reader->error);
	*at = dbw__json_skip_blanks(reader->text);
	return DBW_OK;
}

/* A copy of a row in memory of the reader. */
static void *row_like(const struct reader *reader, const void *row)
{
	void *copy = dbw_arena_alloc(reader->arena, reader->model->row_size);

	return copy == NULL ? NULL : memcpy(copy, row, reader->model->row_size);
}

dbw_status dbw__row_from_json(const dbw_model *model, const void *start, const char *text, size_t size,
	const dbw_json_options *options, void *out, dbw_error *error)
{
	struct reader reader = { .model = model,
		.options = options != NULL ? options : &no_options,
		.text = text,
		.size = size,
		.error = error };
	const char *at;
	void *row = NULL;
	dbw_status status;

	if (out == NULL)
		return dbw__fail(error, DBW_MISUSE, "%s: there is no place for the row", model->name);
	memcpy(out, &row, sizeof row);
	status = begin(&reader, &at);
	if (status == DBW_OK) {
		row = row_like(&reader, start);
		if (row == NULL)
			status = out_of_memory(error);
		else if (read_row(&reader, at, row) == NULL)
			status = reader.status;
		else if (dbw__row_copy(model, row, out) != DBW_OK)
			status = out_of_memory(error);
	}
	dbw_arena_free(reader.arena);
	return status;
}

/* Rows while they are being read, one behind the other. */
struct rows {
	char *items;
	size_t count, capacity;
};

/* Room for one more, which is as `start`. NULL when memory is short. */
static void *add_row(struct rows *rows, const dbw_model *model, const void *start)
{
	if (rows->count == rows->capacity) {
		const size_t more = rows->capacity == 0 ? 16 : rows->capacity * 2;
		char *items = more > PTRDIFF_MAX / model->row_size
				      ? NULL
				      : realloc(rows->items, more * model->row_size);

		if (items == NULL)
			return NULL;
		rows->items = items;
		rows->capacity = more;
	}
	return memcpy(rows->items + rows->count++ * model->row_size, start, model->row_size);
}

static dbw_status read_rows(struct reader *reader, const char *at, const void *start, struct rows *rows)
{
	if (*at != '[')
		return fail_text(reader, at, "a list is expected");
	at = dbw__json_skip_blanks(at + 1);
	while (*at != ']') {
		void *row = add_row(rows, reader->model, start);

		if (row == NULL)
			return out_of_memory(reader->error);
		reader->number = rows->count - 1;
		at = read_row(reader, at, row);
		if (at == NULL)
			return reader->status;
		at = dbw__json_skip_blanks(at);
		if (*at == ',')
			at = dbw__json_skip_blanks(at + 1);
	}
	return DBW_OK;
}

dbw_status dbw__list_from_json(const dbw_model *model, const void *start, const char *text, size_t size,
	const dbw_json_options *options, void *out, dbw_error *error)
{
	struct reader reader = { .model = model,
		.options = options != NULL ? options : &no_options,
		.text = text,
		.size = size,
		.error = error,
		.is_list = true };
	struct rows rows = { NULL, 0, 0 };
	const char *at;
	dbw_status status;

	if (out == NULL || dbw__list_copy(model, NULL, 0, out) != DBW_OK)
		return dbw__fail(error, DBW_MISUSE, "%s: there is no place for the rows", model->name);
	status = begin(&reader, &at);
	if (status == DBW_OK)
		status = read_rows(&reader, at, start, &rows);
	if (status == DBW_OK && dbw__list_copy(model, rows.items, rows.count, out) != DBW_OK)
		status = out_of_memory(error);
	free(rows.items);
	dbw_arena_free(reader.arena);
	return status;
}

/* What is given is no longer absent. */
static bool show_given(const struct reader *reader, void *row)
{
	const size_t words = given_words(reader->model);
	dbw_row *word = (dbw_row *)(void *)((char *)row + reader->model->row_word);
	uint64_t *absent;

	if (word->absent == NULL)
		return true;
	absent = dbw_arena_alloc(reader->arena, words * sizeof *absent);
	if (absent == NULL)
		return false;
	for (size_t i = 0; i < words; i++)
		absent[i] = word->absent[i] & ~reader->given[i];
	word->absent = absent;
	return true;
}

static void name_given(const struct reader *reader, void *columns)
{
	enum {
		NOT_WRITTEN =
			DBW_COLUMN_KEY | DBW_COLUMN_GENERATED | DBW_COLUMN_VERSION | DBW_COLUMN_NOW_ON_UPDATE
	};

	for (uint16_t i = 0; i < reader->model->column_count; i++)
		if (is_given(reader, i) && (reader->model->columns[i].flags & NOT_WRITTEN) == 0)
			dbw__columns_add(columns, i);
}

dbw_status dbw__row_patch_json(const dbw_model *model, const void *row, const char *text, size_t size,
	const dbw_json_options *options, void *out, void *columns, dbw_error *error)
{
	struct reader reader = { .model = model,
		.options = options != NULL ? options : &no_options,
		.text = text,
		.size = size,
		.original = row,
		.error = error };
	const char *at;
	void *changed = NULL;
	dbw_status status;

	if (out == NULL || columns == NULL)
		return dbw__fail(error, DBW_MISUSE, "%s: there is no place for the %s", model->name,
			out == NULL ? "row" : "columns");
	memcpy(out, &changed, sizeof changed);
	memset(columns, 0, (model->column_count + 7U) / 8U);
	if (row == NULL || !dbw__row_is_known(model, row))
		return dbw__fail(error, DBW_MISUSE, "%s: the row %s", model->name,
			row == NULL ? "is NULL" : "comes from nowhere");
	status = begin(&reader, &at);
	if (status == DBW_OK) {
		changed = row_like(&reader, row);
		if (changed == NULL)
			status = out_of_memory(error);
		else if (read_row(&reader, at, changed) == NULL)
			status = reader.status;
		else if (!show_given(&reader, changed) || dbw__row_copy(model, changed, out) != DBW_OK)
			status = out_of_memory(error);
		else
			name_given(&reader, columns);
	}
	dbw_arena_free(reader.arena);
	return status;
}
