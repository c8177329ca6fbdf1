#include <accessor/page_text.h>

#include <descriptor/member.h>
#include <statement/encode.h>

#include <string.h>

enum { VERSION = 1, HEAD = 2, CHECKSUM = 8, BACKWARD = 1, INCLUDED = 2 };

static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/* Highest byte first. */
static void put_number(uint64_t number, unsigned size, char *out)
{
	for (unsigned i = size; i-- > 0; number >>= 8)
		out[i] = (char)(unsigned char)(number & 0xff);
}

static uint64_t get_number(const char *bytes, unsigned size)
{
	uint64_t number = 0;

	for (unsigned i = 0; i < size; i++)
		number = number << 8 | (unsigned char)bytes[i];
	return number;
}

/* Texts */

static uint64_t checksum(uint64_t identity, const char *head, const char *bytes, size_t size)
{
	return dbw__page_hash(dbw__page_hash(identity, head, HEAD), bytes, size);
}

/* Three bytes, or the last one or two, as one digit more than they are. */
static void put_digits(const unsigned char *bytes, size_t count, char *out)
{
	uint32_t bits = (uint32_t)bytes[0] << 16;

	if (count > 1)
		bits |= (uint32_t)bytes[1] << 8;
	if (count > 2)
		bits |= bytes[2];
	for (size_t i = 0; i <= count; i++)
		out[i] = digits[bits >> (18 - 6 * i) & 0x3f];
}

const char *dbw__page_text_make(const dbw__page_seal *seal, uint64_t identity, dbw_arena *arena)
{
	const size_t size = HEAD + CHECKSUM + seal->size;
	const size_t length = size / 3 * 4 + (size % 3 == 0 ? 0 : size % 3 + 1);
	unsigned char group[3];
	char head[HEAD + CHECKSUM];
	char *text = size < SIZE_MAX / 2 ? dbw_arena_alloc_bytes(arena, length + 1) : NULL;
	char *at = text;

	if (text == NULL)
		return NULL;
	head[0] = VERSION;
	head[1] = (char)((seal->backward ? BACKWARD : 0) | (seal->included ? INCLUDED : 0));
	put_number(checksum(identity, head, seal->bytes, seal->size), CHECKSUM, head + HEAD);
	for (size_t i = 0; i < size; i++) {
		group[i % 3] = (unsigned char)(i < sizeof head ? head[i] : seal->bytes[i - sizeof head]);
		if (i % 3 == 2 || i + 1 == size) {
			put_digits(group, i % 3 + 1, at);
			at += i % 3 + 2;
		}
	}
	*at = '\0';
	return text;
}

static int digit_of(char character)
{
	if (character >= 'A' && character <= 'Z')
		return character - 'A';
	if (character >= 'a' && character <= 'z')
		return character - 'a' + 26;
	if (character >= '0' && character <= '9')
		return character - '0' + 52;
	return character == '-' ? 62 : character == '_' ? 63 : -1;
}

/* The bytes of a text, as many as its length says. What is no digit, and bits too many at its end, are refused. */
static bool get_bytes(const char *text, size_t length, char *out)
{
	uint32_t bits = 0;
	unsigned held = 0;

	for (size_t i = 0; i < length; i++) {
		const int digit = digit_of(text[i]);

		if (digit < 0)
			return false;
		bits = (bits << 6 | (uint32_t)digit) & 0xffffff;
		held += 6;
		if (held >= 8) {
			held -= 8;
			*out++ = (char)(unsigned char)(bits >> held & 0xff);
		}
	}
	/* One spelling only: what a group leaves over is 0. */
	return length % 4 != 1 && (bits & ((1U << held) - 1)) == 0;
}

dbw_status dbw__page_text_open(const char *text, uint64_t identity, dbw_arena *arena, dbw__page_seal *seal)
{
	const size_t length = strlen(text);
	const size_t size = length / 4 * 3 + (length % 4 == 0 ? 0 : length % 4 - 1);
	unsigned flags;
	char *bytes;

	if (size < HEAD + CHECKSUM)
		return DBW_INVALID;
	bytes = dbw_arena_alloc_bytes(arena, size + 1);
	if (bytes == NULL)
		return DBW_OUT_OF_MEMORY;
	bytes[size] = '\0';
	if (!get_bytes(text, length, bytes) || bytes[0] != VERSION)
		return DBW_INVALID;
	seal->bytes = bytes + HEAD + CHECKSUM;
	seal->size = size - HEAD - CHECKSUM;
	flags = (unsigned char)bytes[1];
	if ((flags & ~(unsigned)(BACKWARD | INCLUDED)) != 0 ||
		get_number(bytes + HEAD, CHECKSUM) != checksum(identity, bytes, seal->bytes, seal->size))
		return DBW_INVALID;
	seal->backward = (flags & BACKWARD) != 0;
	seal->included = (flags & INCLUDED) != 0;
	return DBW_OK;
}

/* Values */

static void append_number(dbw_text_buffer *out, uint64_t number, unsigned size)
{
	char bytes[sizeof number];

	put_number(number, size, bytes);
	dbw_text_append(out, bytes, size);
}

static void append_real(dbw_text_buffer *out, double real)
{
	uint64_t bits;

	memcpy(&bits, &real, sizeof bits);
	append_number(out, bits, sizeof bits);
}

static bool is_null(const dbw_column *column, const void *member)
{
	switch (column->kind) {
	case DBW_KIND_TEXT:
	case DBW_KIND_JSON: return *(const char *const *)member == NULL;
	case DBW_KIND_BYTES: return ((const dbw_bytes *)member)->data == NULL;
	default: return !*(const bool *)member; /* `has` comes first in every dbw_opt_ struct */
	}
}

/* A value that is there, in the column's NOT NULL type. */
static void append_value(dbw_text_buffer *out, const dbw_column *column, const void *plain)
{
	switch ((dbw_kind)column->kind) {
	case DBW_KIND_BOOL: append_number(out, *(const bool *)plain, 8); break;
	case DBW_KIND_INT16: append_number(out, (uint64_t) * (const int16_t *)plain, 8); break;
	case DBW_KIND_INT32: append_number(out, (uint64_t) * (const int32_t *)plain, 8); break;
	case DBW_KIND_INT64: append_number(out, (uint64_t) * (const int64_t *)plain, 8); break;
	case DBW_KIND_FLOAT32: append_real(out, (double)*(const float *)plain); break;
	case DBW_KIND_FLOAT64: append_real(out, *(const double *)plain); break;
	case DBW_KIND_TIMESTAMP: append_number(out, (uint64_t)((const dbw_timestamp *)plain)->us, 8); break;
	case DBW_KIND_DATE: append_number(out, (uint64_t)((const dbw_date *)plain)->days, 8); break;
	case DBW_KIND_TIME: append_number(out, (uint64_t)((const dbw_time *)plain)->us, 8); break;
	case DBW_KIND_ENUM: append_number(out, (uint64_t) * (const int *)plain, 8); break;
	case DBW_KIND_DECIMAL: {
		const dbw_decimal *decimal = plain;

		append_number(out, (uint64_t)decimal->high, 8);
		append_number(out, decimal->low, 8);
		break;
	}
	case DBW_KIND_UUID: dbw_text_append(out, plain, sizeof(dbw_uuid)); break;
	case DBW_KIND_TEXT:
	case DBW_KIND_JSON: {
		const char *text = *(const char *const *)plain;

		dbw_text_append(out, text, strlen(text) + 1);
		break;
	}
	case DBW_KIND_BYTES: {
		const dbw_bytes *bytes = plain;

		append_number(out, bytes->size, 4);
		dbw_text_append(out, bytes->data, bytes->size);
		break;
	}
	}
}

void dbw__page_values_write(
	const dbw__request *request, const dbw__page_order *order, const void *row, dbw_text_buffer *out)
{
	for (size_t i = 0; i < order->count; i++) {
		const dbw_column *column = &request->model->columns[dbw__page_column(request, order, i)];
		const char *member = (const char *)row + column->offset;

		if ((column->flags & DBW_COLUMN_NULLABLE) != 0) {
			const bool null = is_null(column, member);

			append_number(out, !null, 1);
			if (null)
				continue;
			member += dbw__member_value_offset(column);
		}
		append_value(out, column, member);
	}
}

/* The next `size` bytes; NULL where there are not so many. */
static const char *take(dbw__page_seal *rest, size_t size)
{
	const char *bytes = rest->bytes;

	if (size > rest->size)
		return NULL;
	rest->bytes += size;
	rest->size -= size;
	return bytes;
}

/* Any value as a filter of the column holds it. */
union operand {
	int64_t integer;
	double real;
	bool truth;
	int enumerator;
	dbw_timestamp timestamp;
	dbw_date date;
	dbw_time time;
	dbw_decimal decimal;
	dbw_bytes bytes;
	const char *text;
};

static bool read_integer(const dbw_column *column, int64_t integer, union operand *out)
{
	switch (column->kind) {
	case DBW_KIND_BOOL: out->truth = integer != 0; return integer == 0 || integer == 1;
	case DBW_KIND_ENUM: out->enumerator = (int)integer; return out->enumerator == integer;
	case DBW_KIND_DATE: out->date.days = (int32_t)integer; return out->date.days == integer;
	case DBW_KIND_TIMESTAMP: out->timestamp.us = integer; return true;
	case DBW_KIND_TIME: out->time.us = integer; return true;
	case DBW_KIND_FLOAT32:
	case DBW_KIND_FLOAT64: memcpy(&out->real, &integer, sizeof out->real); return true;
	default: out->integer = integer; return true;
	}
}

static bool read_operand(const dbw_column *column, dbw__page_seal *rest, union operand *out)
{
	const char *bytes;

	switch (column->kind) {
	case DBW_KIND_DECIMAL:
		bytes = take(rest, 16);
		if (bytes == NULL)
			return false;
		out->decimal.high = (int64_t)get_number(bytes, 8);
		out->decimal.low = get_number(bytes + 8, 8);
		out->decimal.scale = column->scale;
		return true;
	case DBW_KIND_TEXT:
	case DBW_KIND_JSON:
		bytes = memchr(rest->bytes, '\0', rest->size);
		if (bytes == NULL)
			return false;
		out->text = take(rest, (size_t)(bytes - rest->bytes) + 1);
		return true;
	case DBW_KIND_BYTES:
		bytes = take(rest, 4);
		if (bytes == NULL)
			return false;
		out->bytes.size = (size_t)get_number(bytes, 4);
		out->bytes.data = (const void *)take(rest, out->bytes.size);
		return out->bytes.data != NULL;
	default:
		bytes = take(rest, 8);
		return bytes != NULL && read_integer(column, (int64_t)get_number(bytes, 8), out);
	}
}

static bool read_value(
	const dbw_model *model, const dbw_column *column, dbw__page_seal *rest, dbw_value *value)
{
	union operand operand;

	*value = (dbw_value){ .column = column };
	if ((column->flags & DBW_COLUMN_NULLABLE) != 0) {
		const char *given = take(rest, 1);

		if (given == NULL || (*given != 0 && *given != 1))
			return false;
		if (*given == 0)
			return true;
	}
	/* The nil uuid is no value that dbwright writes, but another program may have. */
	if (column->kind == DBW_KIND_UUID) {
		const char *bytes = take(rest, sizeof value->as.uuid);

		if (bytes == NULL)
			return false;
		value->kind = DBW_KIND_UUID;
		memcpy(&value->as.uuid, bytes, sizeof value->as.uuid);
		return true;
	}
	return read_operand(column, rest, &operand) &&
	       dbw__encode_operand(model, column, &operand, value, NULL) == DBW_OK;
}

bool dbw__page_values_read(const dbw__request *request, const dbw__page_order *order,
	const dbw__page_seal *seal, dbw_value *values)
{
	const dbw_model *model = request->model;
	dbw__page_seal rest = *seal;

	for (size_t i = 0; i < order->count; i++)
		if (!read_value(
			    model, &model->columns[dbw__page_column(request, order, i)], &rest, &values[i]))
			return false;
	return rest.size == 0;
}
