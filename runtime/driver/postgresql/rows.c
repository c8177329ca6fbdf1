/*
 * Statements whose parameters are the members of rows: coded straight from the rows, in the binary form of the type that the
 * server takes, as parameters, as rows of a stream, or as one array per column.
 */
#include "connection.h"

#include <driver/plain.h>

#include <stdlib.h>

/* How a value goes out. */
enum code {
	CODE_NONE,     /* the parameter has a type that the kind has no binary form of */
	CODE_NULLABLE, /* text, json or bytes that may be a NULL pointer */
	CODE_OPTIONAL, /* in a dbw_opt_ struct */
	CODE_BOOL,
	CODE_INT16,
	CODE_INT32,
	CODE_INT64, /* less a number, as times are counted from 2000 on */
	CODE_DATE,
	CODE_FLOAT32,
	CODE_FLOAT64,
	CODE_DECIMAL,
	CODE_UUID,
	CODE_TEXT,
	CODE_JSON,
	CODE_JSONB, /* in binary form, behind the number of it */
	CODE_ENUM,
	CODE_BYTES,
};

struct row_member {
	dbw__plain_member plain;
	const dbw_column *column;
	Oid type; /* Of the parameter, or of the items of the array. */
	uint8_t code;
	uint8_t inner;  /* CODE_NULLABLE, CODE_OPTIONAL: of a value that is there. */
	bool binary;    /* False: as a parameter it is text. */
	int64_t less;   /* CODE_INT64 */
	bool has_null;  /* The array has one. */
	size_t used;    /* Bytes of the array in front of the present rows. */
	byte_room room; /* The array. */
};

/* The form that jsonb has in binary, of which there is one. */
enum { JSONB_FORM = 1 };

/* Bytes in front of each value in an array and in a stream: its length, which is -1 for NULL. */
enum { LENGTH_SIZE = 4 };

/* What is more than what is asked for at first. */
enum { FIRST_SIZE = 1024 };

/* Bytes of a value that is not text: a decimal of 18 digits is the longest. */
enum { FIXED_SIZE = NUMERIC_SHORT_SIZE };

/* What precedes the items of an array of one dimension; see list.c. */
enum { ARRAY_HEADER_SIZE = 20 };

/* Rows whose values go column by column: few, so that they are near for the next column. */
enum { ROWS_TOGETHER = 32 };

/* About how much the arrays of one run may have together, and what of their memory stays with the statement. */
enum { ARRAYS_SIZE = 16 << 20, KEPT_ARRAYS_SIZE = 512 * 1024, KEPT_STREAM_SIZE = 2 * PIECE_SIZE };

static enum code code_of(const dbw_column *column, Oid type)
{
	const bool is_text = dbw__postgresql_is_text(type);

	switch ((dbw_kind)column->kind) {
	case DBW_KIND_BOOL: return type == TYPE_BOOL ? CODE_BOOL : CODE_NONE;
	case DBW_KIND_INT16: return type == TYPE_INT2 ? CODE_INT16 : CODE_NONE;
	case DBW_KIND_INT32: return type == TYPE_INT4 ? CODE_INT32 : CODE_NONE;
	case DBW_KIND_INT64: return type == TYPE_INT8 ? CODE_INT64 : CODE_NONE;
	case DBW_KIND_FLOAT32: return type == TYPE_FLOAT4 ? CODE_FLOAT32 : CODE_NONE;
	case DBW_KIND_FLOAT64: return type == TYPE_FLOAT8 ? CODE_FLOAT64 : CODE_NONE;
	case DBW_KIND_DECIMAL: return type == TYPE_NUMERIC ? CODE_DECIMAL : CODE_NONE;
	case DBW_KIND_TEXT: return is_text ? CODE_TEXT : CODE_NONE;
	case DBW_KIND_JSON: return is_text ? CODE_JSON : type == TYPE_JSONB ? CODE_JSONB : CODE_NONE;
	case DBW_KIND_ENUM: return is_text ? CODE_ENUM : CODE_NONE;
	case DBW_KIND_BYTES: return type == TYPE_BYTEA ? CODE_BYTES : CODE_NONE;
	case DBW_KIND_TIMESTAMP:
		return type == TYPE_TIMESTAMPTZ || type == TYPE_TIMESTAMP ? CODE_INT64 : CODE_NONE;
	case DBW_KIND_DATE: return type == TYPE_DATE ? CODE_DATE : CODE_NONE;
	case DBW_KIND_TIME: return type == TYPE_TIME ? CODE_INT64 : CODE_NONE;
	case DBW_KIND_UUID: return type == TYPE_UUID ? CODE_UUID : CODE_NONE;
	}
	return CODE_NONE;
}

/* Whether the statement takes rows: every parameter is of a type that its column's kind has a binary form of. */
void dbw__postgresql_plan_parameters(postgresql_statement *statement)
{
	const size_t count = statement->member_count;

	statement->takes = TAKES_NOTHING;
	statement->streams = true;
	if (count == 0 || statement->parameter_count == 0 || statement->parameter_count % count != 0)
		return;
	for (size_t i = 0; i < statement->parameter_count; i++) {
		struct row_member *member = &statement->members[i % count];
		const Oid items = dbw__postgresql_item_type(statement->types[i]);
		const Oid type = items != 0 ? items : statement->types[i];

		if (i >= count) {
			/* Every row of the statement is like its first one. */
			if (type != member->type || items != 0)
				return;
			continue;
		}
		if (i != 0 && (items != 0) != (dbw__postgresql_item_type(statement->types[0]) != 0))
			return;
		member->type = type;
		member->code = member->inner = (uint8_t)code_of(member->column, type);
		if (member->code == CODE_NONE)
			return;
		/* As a parameter it goes as text. In a stream only a label is sure to be the same in binary form. */
		if (type >= TYPE_FIRST_OWN && member->column->kind != DBW_KIND_ENUM)
			statement->streams = false;
		if (member->plain.way == DBW__WAY_NULLABLE)
			member->code = CODE_NULLABLE;
		if (member->plain.way == DBW__WAY_OPTIONAL)
			member->code = CODE_OPTIONAL;
		member->less = member->column->kind == DBW_KIND_TIMESTAMP ? EPOCH_US : 0;
		member->binary = type != TYPE_JSONB && (!dbw__postgresql_is_text(type) || type == TYPE_TEXT ||
							       type == TYPE_VARCHAR);
	}
	statement->takes = dbw__postgresql_item_type(statement->types[0]) != 0 ? TAKES_ARRAYS : TAKES_ROWS;
}

void dbw__postgresql_plan_members(dbw_connection *connection, dbw_prepared *prepared, const dbw_model *model,
	const uint16_t *columns, uint16_t count)
{
	postgresql_statement *statement = statement_of(prepared);
	struct row_member *members;

	(void)connection;
	if (count == 0 || statement->members != NULL)
		return;
	members = calloc(count, sizeof *members);
	if (members == NULL)
		return;
	for (uint16_t i = 0; i < count; i++) {
		members[i].column = &model->columns[columns[i]];
		if (!dbw__plain_plan(members[i].column, DBW_POSTGRESQL, &members[i].plain)) {
			free(members);
			return;
		}
	}
	statement->members = members;
	statement->member_count = count;
	statement->row_size = model->row_size;
	dbw__postgresql_plan_parameters(statement);
}

static void free_room(byte_room *room)
{
	free(room->data);
	*room = (byte_room){ NULL, NULL, NULL };
}

void dbw__postgresql_free_members(postgresql_statement *statement)
{
	for (uint16_t i = 0; i < statement->member_count; i++)
		free_room(&statement->members[i].room);
	free_room(&statement->stream);
	free(statement->members);
}

/* Room for `more` bytes from `at` on, which is in the room. NULL, or where `at` is now. */
static __attribute__((noinline)) char *grow(byte_room *room, char *at, size_t more)
{
	/* Of a room without memory all is NULL, and the differences are 0. */
	const size_t used = (size_t)(at - room->data), size = (size_t)(room->end - room->data);
	const size_t wanted = used + more < 2 * size ? 2 * size : used + more + FIRST_SIZE;
	char *data = realloc(room->data, wanted);

	if (data == NULL)
		return NULL;
	room->data = data;
	room->end = data + wanted;
	return data + used;
}

static inline char *make_room(byte_room *room, char *at, size_t more)
{
	return (size_t)(room->end - at) >= more ? at : grow(room, at, more);
}

/* Four bytes, with their length in front. */
static inline char *append_32(char *at, uint32_t number)
{
	write_64(at, UINT64_C(4) << 32 | number);
	return at + LENGTH_SIZE + 4;
}

static inline char *append_64(char *at, uint64_t number)
{
	write_32(at, 8);
	write_64(at + LENGTH_SIZE, number);
	return at + LENGTH_SIZE + 8;
}

/* What the member of a row is. */
enum found {
	FOUND_NULL,
	FOUND_CODED, /* up to *end */
	FOUND_TEXT,  /* *length bytes at *text */
	FOUND_JSONB, /* the same */
	FOUND_ODD,   /* not plain */
};

/*
 * Finds the value of a member. What is not text is coded at `at`, with its length in front. `check` is a constant where this is
 * inlined: whether what is not plain is looked for.
 */
static inline __attribute__((always_inline)) enum found find_value(const struct row_member *member,
	const unsigned char *row, bool check, char *at, char **end, const char **text, size_t *length)
{
	const dbw__plain_member *plain = &member->plain;
	const void *value = row + plain->offset;
	unsigned code = member->code;
	uint64_t bits;
	uint32_t narrow;
	size_t size;

again:
	switch ((enum code)code) {
	case CODE_NULLABLE:
		code = member->inner;
		if (dbw__plain_is_null(plain, value))
			return FOUND_NULL;
		goto again;
	case CODE_OPTIONAL:
		code = member->inner;
		if (!*(const bool *)value) /* `has` comes first in every dbw_opt_ struct */
			return FOUND_NULL;
		value = (const char *)value + plain->inside;
		goto again;
	case CODE_BOOL:
		write_32(at, 1);
		at[LENGTH_SIZE] = *(const bool *)value;
		*end = at + LENGTH_SIZE + 1;
		return FOUND_CODED;
	case CODE_INT16:
		write_32(at, 2);
		write_16(at + LENGTH_SIZE, *(const uint16_t *)value);
		*end = at + LENGTH_SIZE + 2;
		return FOUND_CODED;
	case CODE_INT32: *end = append_32(at, *(const uint32_t *)value); return FOUND_CODED;
	case CODE_INT64:
		if (check && !dbw__plain_in_range(plain, *(const int64_t *)value))
			return FOUND_ODD;
		*end = append_64(at, *(const uint64_t *)value - (uint64_t)member->less);
		return FOUND_CODED;
	case CODE_DATE:
		if (check && !dbw__plain_in_range(plain, *(const int32_t *)value))
			return FOUND_ODD;
		*end = append_32(at, *(const uint32_t *)value - (uint32_t)EPOCH_DAYS);
		return FOUND_CODED;
	case CODE_FLOAT32:
		if (check && isnan(*(const float *)value))
			return FOUND_ODD;
		memcpy(&narrow, value, sizeof narrow);
		*end = append_32(at, narrow);
		return FOUND_CODED;
	case CODE_FLOAT64:
		if (check && isnan(*(const double *)value))
			return FOUND_ODD;
		memcpy(&bits, value, sizeof bits);
		*end = append_64(at, bits);
		return FOUND_CODED;
	case CODE_DECIMAL:
		if (check && !dbw__plain_decimal(plain, value))
			return FOUND_ODD;
		size = dbw__postgresql_numeric_write_short(
			(int64_t)((const dbw_decimal *)value)->low, plain->scale, at + LENGTH_SIZE);
		write_32(at, (uint32_t)size);
		*end = at + LENGTH_SIZE + size;
		return FOUND_CODED;
	case CODE_UUID:
		if (check && !dbw__plain_uuid(value))
			return FOUND_ODD;
		write_32(at, sizeof(dbw_uuid));
		memcpy(at + LENGTH_SIZE, value, sizeof(dbw_uuid));
		*end = at + LENGTH_SIZE + sizeof(dbw_uuid);
		return FOUND_CODED;
	case CODE_TEXT:
		*text = *(const char *const *)value;
		if (check)
			return dbw__plain_text(plain, *text, length) ? FOUND_TEXT : FOUND_ODD;
		break;
	case CODE_JSON:
		*text = *(const char *const *)value;
		if (check)
			return dbw__plain_json(plain, *text, length) ? FOUND_TEXT : FOUND_ODD;
		break;
	case CODE_JSONB:
		*text = *(const char *const *)value;
		if (check)
			return dbw__plain_json(plain, *text, length) ? FOUND_JSONB : FOUND_ODD;
		*length = strlen(*text);
		return FOUND_JSONB;
	case CODE_ENUM:
		if (check && !dbw__plain_enum(plain, *(const int *)value))
			return FOUND_ODD;
		*text = plain->values->values[*(const int *)value - 1];
		break;
	case CODE_BYTES:
		if (check && !dbw__plain_bytes(value))
			return FOUND_ODD;
		*text = ((const dbw_bytes *)value)->data;
		*length = ((const dbw_bytes *)value)->size;
		return FOUND_TEXT;
	default: __builtin_unreachable();
	}
	*length = strlen(*text);
	return FOUND_TEXT;
}

/* The parameters of a row from the one at `place` on. False at the first member that is not plain. */
static bool bind_row(postgresql_statement *statement, const unsigned char *row, size_t place, size_t *size)
{
	const struct row_member *const last = statement->members + statement->member_count;

	for (const struct row_member *member = statement->members; member != last; member++, place++) {
		char *at = statement->storage[place], *end = at;
		const char *text = NULL;
		size_t length = 0;

		switch (find_value(member, row, true, at, &end, &text, &length)) {
		case FOUND_NULL: break;
		case FOUND_CODED:
			text = at + LENGTH_SIZE;
			length = (size_t)(end - text);
			break;
		case FOUND_TEXT:
		case FOUND_JSONB: *size += length; break;
		case FOUND_ODD: return false;
		}
		statement->values[place] = text;
		statement->lengths[place] = (int)length;
		statement->formats[place] = member->binary;
	}
	return true;
}

static bool bind_rows(postgresql_statement *statement, const unsigned char *row, size_t count)
{
	size_t place = 0, size = 0;

	if (count * statement->member_count != statement->parameter_count)
		return false;
	for (; count != 0; count--, row += statement->row_size) {
		if (!bind_row(statement, row, place, &size))
			return false;
		place += statement->member_count;
	}
	return size <= VALUES_SIZE_LIMIT;
}

/*
 * Appends a value that is plain, with its length, at `at`, where there is room for one that is not text. Behind it there is
 * room for `spare` bytes. Returns where it ends; NULL: memory is short. *null is set where the value is NULL.
 */
static inline __attribute__((always_inline)) char *append(const struct row_member *member,
	const unsigned char *row, byte_room *room, char *at, size_t spare, bool *null)
{
	const char *text;
	size_t length;
	char *end;

	switch (find_value(member, row, false, at, &end, &text, &length)) {
	case FOUND_CODED: return end;
	case FOUND_TEXT:
		at = make_room(room, at, LENGTH_SIZE + length + spare);
		if (at == NULL)
			return NULL;
		write_32(at, (uint32_t)length);
		memcpy(at + LENGTH_SIZE, text, length);
		return at + LENGTH_SIZE + length;
	case FOUND_JSONB:
		at = make_room(room, at, LENGTH_SIZE + 1 + length + spare);
		if (at == NULL)
			return NULL;
		write_32(at, (uint32_t)length + 1);
		at[LENGTH_SIZE] = JSONB_FORM;
		memcpy(at + LENGTH_SIZE + 1, text, length);
		return at + LENGTH_SIZE + 1 + length;
	case FOUND_NULL:
	case FOUND_ODD: break;
	}
	*null = true;
	write_32(at, UINT32_MAX);
	return at + LENGTH_SIZE;
}

static dbw_status out_of_memory(dbw_error *error)
{
	return dbw__fail(error, DBW_OUT_OF_MEMORY, "out of memory");
}

/* A row of a stream: how many values it has, then the values. NULL: memory is short. */
static char *append_row(const postgresql_statement *statement, const unsigned char *row, byte_room *room)
{
	const struct row_member *const end = statement->members + statement->member_count;
	const size_t most = 2 + statement->member_count * (size_t)(LENGTH_SIZE + FIXED_SIZE);
	char *at = make_room(room, room->at, most);
	bool null;

	if (at == NULL)
		return NULL;
	write_16(at, statement->member_count);
	at += 2;
	for (const struct row_member *member = statement->members; member != end && at != NULL; member++)
		at = append(member, row, room, at, most, &null);
	return at;
}

dbw_status dbw__postgresql_load_members(dbw_connection *connection, dbw_prepared *insert, const void *rows,
	size_t count, bool *taken, dbw_error *error)
{
	postgresql_connection *own = connection_of(connection);
	postgresql_statement *statement = statement_of(insert);
	const unsigned char *row = rows;
	byte_room *room = &statement->stream;
	dbw_status status;

	*taken = statement->takes == TAKES_ROWS && statement->streams;
	if (!*taken)
		return DBW_OK;
	room->at = room->data;
	status = dbw__postgresql_start(own, error);
	for (; status == DBW_OK && count != 0; count--, row += statement->row_size) {
		char *at = append_row(statement, row, room);

		if (at == NULL)
			return out_of_memory(error);
		room->at = at;
		if (at - room->data < PIECE_SIZE && count != 1)
			continue;
		status = dbw__postgresql_put(own, room->data, (size_t)(at - room->data), error);
		room->at = room->data;
	}
	if (room->end - room->data > KEPT_STREAM_SIZE)
		free_room(room);
	return status;
}

/* What became of a block of rows. */
enum appended { APPENDED, TOO_MUCH, NO_MEMORY };

/* The values of some rows in one column behind those that its array has. */
static enum appended append_column(
	struct row_member *member, const unsigned char *row, uint32_t row_size, size_t count, bool limited)
{
	byte_room *room = &member->room;
	const size_t most = count * (LENGTH_SIZE + FIXED_SIZE);
	char *at = make_room(room, room->at, most);

	for (size_t i = 0; at != NULL && i < count; i++, row += row_size) {
		at = append(member, row, room, at, most, &member->has_null);
		if (limited && at != NULL && at - room->data > ARRAYS_SIZE)
			return TOO_MUCH;
	}
	if (at == NULL)
		return NO_MEMORY;
	room->at = at;
	return APPENDED;
}

/* The same in all columns. What is too much is taken back; without a limit nothing is. */
static enum appended append_block(
	postgresql_statement *statement, const unsigned char *row, size_t count, bool limited, size_t *size)
{
	enum appended done = APPENDED;
	size_t used = 0;

	for (uint16_t i = 0; i < statement->member_count && done == APPENDED; i++) {
		struct row_member *member = &statement->members[i];

		member->used = (size_t)(member->room.at - member->room.data);
		done = append_column(member, row, statement->row_size, count, limited);
		used += (size_t)(member->room.at - member->room.data);
		if (done == APPENDED && limited && used > ARRAYS_SIZE)
			done = TOO_MUCH;
		if (done != TOO_MUCH)
			continue;
		for (uint16_t back = 0; back <= i; back++)
			statement->members[back].room.at =
				statement->members[back].room.data + statement->members[back].used;
	}
	if (done == APPENDED)
		*size = used;
	return done;
}

/* One array per column, of as many rows as have ARRAYS_SIZE together; *taken is how many, of *size. False: memory is short. */
static bool code_arrays(
	postgresql_statement *statement, const unsigned char *row, size_t count, size_t *taken, size_t *size)
{
	size_t block = ROWS_TOGETHER;

	*taken = *size = 0;
	for (uint16_t i = 0; i < statement->member_count; i++) {
		struct row_member *member = &statement->members[i];
		char *at = make_room(&member->room, member->room.data, ARRAY_HEADER_SIZE);

		if (at == NULL)
			return false;
		member->room.at = at + ARRAY_HEADER_SIZE;
		member->has_null = false;
	}
	while (*taken < count && block != 0) {
		const size_t some = count - *taken < block ? count - *taken : block;
		/* One row at least. */
		const bool limited = some > 1 || *taken != 0;
		const enum appended done =
			append_block(statement, row + *taken * statement->row_size, some, limited, size);

		if (done == NO_MEMORY)
			return false;
		if (done == TOO_MUCH)
			block = some / 2;
		else
			*taken += some;
	}
	return true;
}

static void place_arrays(postgresql_statement *statement, size_t count)
{
	for (uint16_t i = 0; i < statement->member_count; i++) {
		const struct row_member *member = &statement->members[i];
		char *header = member->room.data;

		write_32(header, 1);
		write_32(header + 4, member->has_null);
		write_32(header + 8, member->type);
		write_32(header + 12, (uint32_t)count);
		write_32(header + 16, 1);
		statement->values[i] = header;
		statement->lengths[i] = (int)(member->room.at - header);
		statement->formats[i] = 1;
	}
}

void dbw__postgresql_end_rows(postgresql_statement *statement)
{
	size_t kept = 0;

	for (uint16_t i = 0; i < statement->member_count; i++) {
		byte_room *room = &statement->members[i].room;

		kept += (size_t)(room->end - room->data);
		if (kept > KEPT_ARRAYS_SIZE)
			free_room(room);
	}
}

dbw_status dbw__postgresql_bind_rows(
	postgresql_statement *statement, const void *rows, size_t count, size_t *taken, dbw_error *error)
{
	size_t size;

	*taken = 0;
	if (statement->takes == TAKES_ROWS && bind_rows(statement, rows, count))
		*taken = count;
	if (statement->takes != TAKES_ARRAYS)
		return DBW_OK;
	if (!code_arrays(statement, rows, count, taken, &size))
		return out_of_memory(error);
	/* One row alone that is too much: who codes it by its values says so. */
	if (size > VALUES_SIZE_LIMIT)
		*taken = 0;
	else
		place_arrays(statement, *taken);
	return DBW_OK;
}
