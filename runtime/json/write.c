#include "base64.h"

#include <base/number.h>
#include <base/text.h>
#include <dbwright/generated.h>
#include <dbwright/json.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Text that is written before memory is asked for. */
enum { STORAGE = 1024 };

struct writer {
	const dbw_model *model;
	const dbw_json_options *options;
	dbw_text_buffer text;
	dbw_error *error;
	bool is_list;
	size_t number; /* The row's, in a list. */
};

static const dbw_json_options no_options;

void dbw_json_free(char *text)
{
	free(text);
}

/* The text in quotes; only what JSON wants escaped is. */
static void write_string(dbw_text_buffer *out, const char *text)
{
	static const char escapes[] = "\"\"\\\\\bb\ff\nn\rr\tt";

	dbw_text_append_char(out, '"');
	while (*text != '\0') {
		size_t plain = 0;
		const char *escape = escapes;

		while ((unsigned char)text[plain] >= 0x20 && text[plain] != '"' && text[plain] != '\\')
			plain++;
		dbw_text_append(out, text, plain);
		text += plain;
		if (*text == '\0')
			break;
		while (*escape != '\0' && *escape != *text)
			escape += 2;
		if (*escape != '\0')
			dbw_text_printf(out, "\\%c", escape[1]);
		else
			dbw_text_printf(out, "\\u%04x", (unsigned)*text);
		text++;
	}
	dbw_text_append_char(out, '"');
}

static void write_integer(
	const struct writer *writer, dbw_text_buffer *out, const dbw_column *column, int64_t number)
{
	const bool quoted = writer->options->int64_as_text && column->kind == DBW_KIND_INT64;

	dbw_text_printf(out, quoted ? "\"%lld\"" : "%lld", (long long)number);
}

static void write_real(dbw_text_buffer *out, double number, bool single)
{
	char text[DBW__REAL_SIZE];

	dbw_text_append(out, text, dbw__real_print(number, single, text));
}

/* With as many places as the column has, as it would be read from the database. */
static void print_decimal(const dbw_column *column, dbw_decimal value, char out[DBW_DECIMAL_SIZE])
{
	dbw_decimal scaled;

	if (dbw_decimal_round(value, column->scale, DBW_ROUND_EXACT, &scaled) == DBW_OK)
		value = scaled;
	dbw_decimal_print(value, out);
}

/* The value has been checked. */
static void write_value(struct writer *writer, const dbw_column *column, const void *value)
{
	dbw_text_buffer *out = &writer->text;
	char printed[DBW_DECIMAL_SIZE] = "";

	switch ((dbw_kind)column->kind) {
	case DBW_KIND_BOOL: dbw_text_append_z(out, *(const bool *)value ? "true" : "false"); return;
	case DBW_KIND_INT16: write_integer(writer, out, column, *(const int16_t *)value); return;
	case DBW_KIND_INT32: write_integer(writer, out, column, *(const int32_t *)value); return;
	case DBW_KIND_INT64: write_integer(writer, out, column, *(const int64_t *)value); return;
	case DBW_KIND_FLOAT32: write_real(out, (double)*(const float *)value, true); return;
	case DBW_KIND_FLOAT64: write_real(out, *(const double *)value, false); return;
	case DBW_KIND_TEXT: write_string(out, *(const char *const *)value); return;
	case DBW_KIND_JSON: dbw_text_append_z(out, *(const char *const *)value); return;
	case DBW_KIND_ENUM: write_string(out, column->values->values[*(const int *)value - 1]); return;
	case DBW_KIND_BYTES: {
		const dbw_bytes *bytes = (const dbw_bytes *)value;

		dbw_text_append_char(out, '"');
		dbw__base64_append(out, bytes->data, bytes->size);
		dbw_text_append_char(out, '"');
		return;
	}
	case DBW_KIND_DECIMAL: print_decimal(column, *(const dbw_decimal *)value, printed); break;
	case DBW_KIND_TIMESTAMP: dbw_timestamp_print(*(const dbw_timestamp *)value, printed); break;
	case DBW_KIND_DATE: dbw_date_print(*(const dbw_date *)value, printed); break;
	case DBW_KIND_TIME: dbw_time_print(*(const dbw_time *)value, printed); break;
	case DBW_KIND_UUID: dbw_uuid_print(*(const dbw_uuid *)value, printed); break;
	}
	dbw_text_append_char(out, '"');
	dbw_text_append_z(out, printed);
	dbw_text_append_char(out, '"');
}

static bool is_infinite(const dbw_column *column, const void *value)
{
	switch (column->kind) {
	case DBW_KIND_FLOAT32: return isinf(*(const float *)value);
	case DBW_KIND_FLOAT64: return isinf(*(const double *)value);
	default: return false;
	}
}

/* A failure of the row that is being written; `what` begins behind the model's name. */
static dbw_status fail(const struct writer *writer, dbw_status status, const char *what)
{
	if (writer->is_list)
		return dbw__fail(
			writer->error, status, "%s[%zu]%s", writer->model->name, writer->number, what);
	return dbw__fail(writer->error, status, "%s%s", writer->model->name, what);
}

static dbw_status check_value(const struct writer *writer, const dbw_column *column, const void *member)
{
	const void *value = dbw__column_value(column, member);
	dbw_error error;
	dbw_status status = dbw__column_check(writer->model, column, member, &error);

	if (status == DBW_OK && value != NULL && is_infinite(column, value))
		status = dbw__fail(&error, DBW_INVALID, "%s.%s is infinite, for which JSON has no number",
			writer->model->name, column->field);
	/* Messages begin with the model's name. */
	return status == DBW_OK ? DBW_OK : fail(writer, status, error.message + strlen(writer->model->name));
}

static bool is_written(const struct writer *writer, const void *row, uint16_t number)
{
	const dbw_column *column = &writer->model->columns[number];

	if ((column->flags & DBW_COLUMN_SENSITIVE) != 0 && !writer->options->sensitive)
		return false;
	return !dbw__row_is_absent(writer->model, row, number) &&
	       !dbw__column_is_unset(column, (const char *)row + column->offset);
}

static dbw_status write_row(struct writer *writer, const void *row)
{
	const dbw_model *model = writer->model;
	dbw_text_buffer *out = &writer->text;
	const char *separator = "{";

	if (!dbw__row_is_known(model, row))
		return fail(writer, DBW_MISUSE,
			": the row comes from nowhere; start it with the INIT macro of its model, or read it");
	for (uint16_t i = 0; i < model->column_count; i++) {
		const dbw_column *column = &model->columns[i];
		const void *member = (const char *)row + column->offset;
		const void *value;
		dbw_status status;

		if (!is_written(writer, row, i))
			continue;
		status = check_value(writer, column, member);
		if (status != DBW_OK)
			return status;
		dbw_text_append_z(out, separator);
		write_string(out, column->field);
		dbw_text_append_char(out, ':');
		value = dbw__column_value(column, member);
		if (value == NULL)
			dbw_text_append_z(out, "null");
		else
			write_value(writer, column, value);
		separator = ",";
	}
	dbw_text_append_z(out, *separator == '{' ? "{}" : "}");
	return DBW_OK;
}

/* Hands over what was written. */
static dbw_status finish(struct writer *writer, dbw_status status, char **out)
{
	if (status == DBW_OK) {
		*out = dbw_text_steal(&writer->text, NULL);
		if (*out == NULL)
			status = dbw__fail(writer->error, DBW_OUT_OF_MEMORY, "out of memory");
	}
	dbw_text_clear(&writer->text);
	return status;
}

dbw_status dbw__row_to_json(const dbw_model *model, const void *row, const dbw_json_options *options,
	char **out, dbw_error *error)
{
	struct writer writer = {
		.model = model, .options = options != NULL ? options : &no_options, .error = error
	};
	char storage[STORAGE];

	if (out == NULL)
		return dbw__fail(error, DBW_MISUSE, "%s: there is no place for the text", model->name);
	*out = NULL;
	dbw_error_clear(error);
	if (row == NULL)
		return dbw__fail(error, DBW_MISUSE, "%s: the row is NULL", model->name);
	dbw_text_init(&writer.text, storage, sizeof storage);
	return finish(&writer, write_row(&writer, row), out);
}

dbw_status dbw__list_to_json(const dbw_model *model, const void *rows, const dbw_json_options *options,
	char **out, dbw_error *error)
{
	struct writer writer = { .model = model,
		.options = options != NULL ? options : &no_options,
		.error = error,
		.is_list = true };
	const dbw__list *list = rows;
	char storage[STORAGE];
	dbw_status status = DBW_OK;

	if (out == NULL)
		return dbw__fail(error, DBW_MISUSE, "%s: there is no place for the text", model->name);
	*out = NULL;
	dbw_error_clear(error);
	if (list == NULL || (list->items == NULL && list->count != 0))
		return dbw__fail(error, DBW_MISUSE, "%s: the rows are NULL", model->name);
	dbw_text_init(&writer.text, storage, sizeof storage);
	dbw_text_append_char(&writer.text, '[');
	for (size_t i = 0; i < list->count && status == DBW_OK; i++) {
		writer.number = i;
		if (i != 0)
			dbw_text_append_char(&writer.text, ',');
		status = write_row(&writer, (const char *)list->items + i * model->row_size);
	}
	dbw_text_append_char(&writer.text, ']');
	return finish(&writer, status, out);
}
