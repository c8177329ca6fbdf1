/*
 * Queries of every shape, with values of every kind, for both engines. The SQL is a function of the shape alone, holds
 * no byte of a value, and runs on SQLite; what `user` queries find there is compared with a second opinion in C.
 *
 * The first half of the input decides the shape, the second the values.
 */
#include "../unit/fixture_user.h"

#include "fuzz.h"

#include <base/arena.h>
#include <base/utf8.h>
#include <driver/bundled.h>
#include <statement/render.h>

#include <string.h>

enum { LIST_MAX = 40, TEXT_MAX = 24 };

/* No identifier holds this; every text value does. */
#define MARK "zqz"

/* The member and the element of each kind's filter. */
static const struct {
	size_t values, size;
} layout[] = {
#define LAYOUT(filter, type)                        \
	{                                           \
		offsetof(filter, as_), sizeof(type) \
	}
	[DBW_KIND_BOOL] = LAYOUT(dbw_bool_filter, bool),
	[DBW_KIND_INT16] = LAYOUT(dbw_i64_filter, int64_t),
	[DBW_KIND_INT32] = LAYOUT(dbw_i64_filter, int64_t),
	[DBW_KIND_INT64] = LAYOUT(dbw_i64_filter, int64_t),
	[DBW_KIND_FLOAT32] = LAYOUT(dbw_f64_filter, double),
	[DBW_KIND_FLOAT64] = LAYOUT(dbw_f64_filter, double),
	[DBW_KIND_DECIMAL] = LAYOUT(dbw_decimal_filter, dbw_decimal),
	[DBW_KIND_TEXT] = LAYOUT(dbw_text_filter, const char *),
	[DBW_KIND_BYTES] = LAYOUT(dbw_bytes_filter, dbw_bytes),
	[DBW_KIND_TIMESTAMP] = LAYOUT(dbw_timestamp_filter, dbw_timestamp),
	[DBW_KIND_DATE] = LAYOUT(dbw_date_filter, dbw_date),
	[DBW_KIND_TIME] = LAYOUT(dbw_time_filter, dbw_time),
	[DBW_KIND_UUID] = LAYOUT(dbw_uuid_filter, dbw_uuid),
	[DBW_KIND_ENUM] = LAYOUT(dbw_enum_filter, int),
#undef LAYOUT
};

/* A query struct for `everything`, which the fixture has none for: 64 bytes hold any filter. */
typedef struct everything_query {
	union {
		uint64_t aligned[8];
		dbw_decimal_filter decimal;
		dbw_uuid_filter uuid;
	} where[EVERYTHING__COLUMN_COUNT];
	dbw_nullness null_[EVERYTHING__COLUMN_COUNT];
	dbw_direction order_by[DBW_ORDER_MAX][EVERYTHING__COLUMN_COUNT];
	int64_t limit;
	int64_t offset;
	dbw_lock lock_;
} everything_query;

_Static_assert(sizeof((everything_query *)0)->where[0] == 64, "any filter fits");

typedef union any_query {
	user_query user;
	note_query note;
	everything_query everything;
} any_query;

enum { USER, NOTE, EVERYTHING, MODEL_COUNT };

/* The fixture's models with SQL for PostgreSQL as well. */
static dbw_model models[MODEL_COUNT];
static dbw_connection *connection;

/* What is in the table `users`, the same as in C. The id is the place, from 1. */
static const struct {
	const char *sql, *name, *email, *bio;
	user_role role;
	int64_t cents, created_at;
	bool is_active;
} rows[] = {
	{ "('zqz', 'a', NULL, 'member', 0, 0, 1)", "zqz", "a", NULL, USER_ROLE_MEMBER, 0, 0, true },
	{ "('zqzA%b', 'b', 'zqz', 'admin', 1, -1, 0)", "zqzA%b", "b", "zqz", USER_ROLE_ADMIN, 1, -1, false },
	{ "('zqza*b', 'c', 'zqz\xc3\xa9', 'member', 255, 255, 1)", "zqza*b", "c", "zqz\xc3\xa9",
		USER_ROLE_MEMBER, 255, 255, true },
	{ "('zqz[a]', 'd', 'ZQZ?', 'admin', 9999999999, 253402300799999999, 0)", "zqz[a]", "d", "ZQZ?",
		USER_ROLE_ADMIN, INT64_C(9999999999), INT64_C(253402300799999999), false },
	{ "('ZqZ\\_\xc3\x89', 'zqze', '', 'member', 1000, -62135596800000000, 1)", "ZqZ\\_\xc3\x89", "zqze",
		"", USER_ROLE_MEMBER, 1000, INT64_C(-62135596800000000), true },
};

static void run(const char *sql)
{
	dbw_error error;

	if (dbw__sqlite_driver.run(connection, sql, &error) != DBW_OK) {
		fprintf(stderr, "%s: %s\n", sql, error.message);
		abort();
	}
}

static void close_connection(void)
{
	dbw__sqlite_driver.close(connection);
}

static void set_up(void)
{
	static dbw_column columns[EVERYTHING__COLUMN_COUNT];
	const dbw_address address = { .database = "fuzz", .location = ":memory:" };
	dbw_error error;

	models[USER] = user__model;
	models[NOTE] = note__model;
	models[EVERYTHING] = everything__model;
	for (size_t i = 0; i < EVERYTHING__COLUMN_COUNT; i++) {
		columns[i] = everything__model.columns[i];
		if (columns[i].kind != DBW_KIND_JSON)
			columns[i].filter_offset = (uint32_t)(64 * i);
		if ((columns[i].flags & DBW_COLUMN_NULLABLE) != 0)
			columns[i].null_offset = (uint32_t)(offsetof(everything_query, null_) + 4 * i);
		columns[i].order_offset = (uint32_t)i;
	}
	models[EVERYTHING].columns = columns;
	models[EVERYTHING].query.where = 0;
	models[EVERYTHING].query.order_by = offsetof(everything_query, order_by);
	models[EVERYTHING].query.order_size = EVERYTHING__COLUMN_COUNT;
	models[EVERYTHING].query.limit = offsetof(everything_query, limit);
	models[EVERYTHING].query.offset = offsetof(everything_query, offset);
	models[EVERYTHING].query.lock = offsetof(everything_query, lock_);
	for (size_t i = 0; i < MODEL_COUNT; i++)
		models[i].select[DBW_POSTGRESQL] = models[i].select[DBW_SQLITE];
	FUZZ_CHECK(dbw__sqlite_driver.open(&address, &connection, &error) == DBW_OK);
	atexit(close_connection);
	for (size_t i = 0; i < auth__tables.count; i++)
		for (size_t j = 0; j < auth__tables.items[i].objects[DBW_SQLITE].count; j++)
			run(auth__tables.items[i].objects[DBW_SQLITE].items[j].sql);
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		char sql[256];

		snprintf(sql, sizeof sql,
			"INSERT INTO users (name, email, bio, role, balance, created_at, is_active) VALUES %s",
			rows[i].sql);
		run(sql);
	}
	run("INSERT INTO notes (title, user_id, updated_at, version) VALUES ('zqz', 1, 0, 1), ('b', 2, 1, 2)");
	run("INSERT INTO notes (title, user_id, updated_at, version, deleted_at) VALUES ('zqzc', 1, 0, 1, 5)");
}

/* Values */

static const char *take_text(fuzz_bytes *bytes, dbw_arena *arena)
{
	static const char pieces[][3] = { "%", "_", "\\", "*", "?", "[", "]", "^", "a", "A", "b", "'", "\"",
		";", "\xc3\xa9", "\xc3\x89" };
	const unsigned choice = fuzz_take(bytes), length = choice % TEXT_MAX;
	char text[sizeof MARK + 2 * TEXT_MAX] = MARK;

	if (choice == 255)
		return NULL;
	for (unsigned i = 0; i < length; i++) {
		const unsigned byte = fuzz_take(bytes);
		const char raw[2] = { (char)byte, '\0' };

		strcat(text, byte < 32 ? pieces[byte % 16] : raw);
	}
	return dbw_arena_copy(arena, text, strlen(text));
}

static void take_value(fuzz_bytes *bytes, uint8_t kind, void *out, dbw_arena *arena)
{
	switch (kind) {
	case DBW_KIND_BOOL: *(bool *)out = fuzz_take(bytes) % 2 != 0; break;
	case DBW_KIND_INT16:
	case DBW_KIND_INT32:
	case DBW_KIND_INT64: *(int64_t *)out = fuzz_take_number(bytes); break;
	case DBW_KIND_FLOAT32:
	case DBW_KIND_FLOAT64: {
		const int64_t bits = fuzz_take_number(bytes);

		if (fuzz_take(bytes) % 2 != 0)
			memcpy(out, &bits, sizeof bits);
		else
			*(double *)out = (double)bits / 8;
		break;
	}
	case DBW_KIND_DECIMAL: {
		const unsigned choice = fuzz_take(bytes);
		dbw_decimal *value = out;

		*value = dbw_decimal_of(fuzz_take_number(bytes), choice < 240 ? (int)choice % 12 : 99);
		if (choice % 16 == 7)
			value->high = fuzz_take_number(bytes);
		break;
	}
	case DBW_KIND_TEXT: *(const char **)out = take_text(bytes, arena); break;
	case DBW_KIND_BYTES: {
		dbw_bytes *value = out;

		value->data = (const void *)take_text(bytes, arena);
		value->size = value->data == NULL ? fuzz_take(bytes) % 2 : strlen((const char *)value->data);
		break;
	}
	case DBW_KIND_TIMESTAMP: ((dbw_timestamp *)out)->us = fuzz_take_number(bytes); break;
	case DBW_KIND_DATE: ((dbw_date *)out)->days = (int32_t)fuzz_take_number(bytes); break;
	case DBW_KIND_TIME: ((dbw_time *)out)->us = fuzz_take_number(bytes); break;
	case DBW_KIND_UUID:
		for (size_t i = 0; i < 16; i++)
			((dbw_uuid *)out)->bytes[i] = fuzz_take(bytes);
		break;
	case DBW_KIND_ENUM: *(int *)out = (int8_t)fuzz_take(bytes) % 4; break;
	default: abort();
	}
}

static void take_filter(fuzz_bytes *shape, fuzz_bytes *bytes, uint8_t kind, char *filter, dbw_arena *arena)
{
	dbw_predicate *predicate = (dbw_predicate *)(void *)filter;
	char *values = filter + layout[kind].values;
	const size_t size = layout[kind].size;
	const unsigned choice = fuzz_take(shape);

	/* Most columns without, so that queries with one condition are common; 19 is no operator. */
	if (choice < 128)
		return;
	predicate->operator_ = choice % 20;
	if (predicate->operator_ == DBW_OPERATOR_IN || predicate->operator_ == DBW_OPERATOR_NOT_IN) {
		const uint32_t count = fuzz_take(shape) % LIST_MAX;
		char *list = dbw_arena_alloc_zeroed(arena, count, size);

		FUZZ_CHECK(list != NULL);
		for (uint32_t i = 0; i < count; i++)
			take_value(bytes, kind, list + i * size, arena);
		predicate->count = count;
		memcpy(values, &list, sizeof list);
		return;
	}
	take_value(bytes, kind, values, arena);
	take_value(bytes, kind, values + size, arena);
}

/* The groups of a filter may be one deeper than is allowed. */
static void take_where(fuzz_bytes *shape, fuzz_bytes *bytes, const dbw_model *model, char *where,
	unsigned depth, dbw_arena *arena)
{
	for (uint16_t i = 0; i < model->column_count; i++) {
		const dbw_column *column = &model->columns[i];

		if (column->filter_offset != DBW_NO_MEMBER)
			take_filter(shape, bytes, column->kind, where + column->filter_offset, arena);
		if ((column->flags & DBW_COLUMN_NULLABLE) != 0) {
			const unsigned choice = fuzz_take(shape);
			const dbw_nullness nullness =
				choice < 192 ? DBW_NULL_OR_NOT : (dbw_nullness)(1 + choice % 2);

			memcpy(where + column->null_offset, &nullness, sizeof nullness);
		}
	}
	for (unsigned i = 0; model->filter_size != 0 && i < 3 && depth <= DBW_GROUP_DEPTH; i++) {
		const unsigned choice = fuzz_take(shape);
		dbw__filters group = { NULL, choice % 4 };
		char *items;

		if (choice < 200)
			continue;
		items = dbw_arena_alloc_zeroed(arena, group.count, model->filter_size);
		FUZZ_CHECK(items != NULL);
		for (size_t j = 0; j < group.count; j++)
			take_where(shape, bytes, model, items + j * model->filter_size, depth + 1, arena);
		group.items = choice < 250 ? items : NULL;
		memcpy(where + model->groups[i], &group, sizeof group);
	}
}

static void take_query(
	fuzz_bytes shape, fuzz_bytes bytes, const dbw_model *model, char *query, dbw_arena *arena)
{
	const unsigned first = fuzz_take(&shape), orders = first % 16, lock = first / 16,
		       bounds = fuzz_take(&shape);
	char *where = query + model->query.where;

	for (unsigned i = 0; i < orders && i < DBW_ORDER_MAX; i++) {
		const unsigned choice = fuzz_take(&shape);
		const uint32_t offset = model->columns[choice % model->column_count].order_offset;

		if (offset != DBW_NO_MEMBER)
			query[model->query.order_by + i * model->query.order_size + offset] =
				(char)(choice < 128    ? DBW_ASC
					: choice < 250 ? DBW_DESC
						       : 3);
	}
	for (unsigned i = 0; i < 2; i++) {
		int64_t bound = fuzz_take_number(&bytes);

		/* Negative ones are refused: seldom. */
		if (bound == 0 || (bound < 0 && bounds < 250))
			bound = bound % 5 == 0 ? 1 : -(bound % 5);
		if ((bounds >> i) % 2 != 0)
			memcpy(query + (i == 0 ? model->query.limit : model->query.offset), &bound,
				sizeof bound);
	}
	/* Half of the queries lock nothing, some ask for a lock that there is not. */
	if (lock < DBW_FOR_UPDATE_NO_WAIT + 2)
		memcpy(query + model->query.lock, &(dbw_lock){ (dbw_lock)lock }, sizeof(dbw_lock));
	if (model->query.deleted != DBW_NO_MEMBER) {
		const dbw_deleted deleted = (dbw_deleted)(bounds / 4 % 3);

		memcpy(query + model->query.deleted, &deleted, sizeof deleted);
	}
	take_where(&shape, &bytes, model, where, 0, arena);
}

/* The second opinion */

/* The bytes of the character at `text`, which is UTF-8 and not at its end. */
static size_t character(const char *text)
{
	size_t length = 1;

	while (((unsigned char)text[length] & 0xc0) == 0x80)
		length++;
	return length;
}

static char folded(char byte, bool fold)
{
	return fold && byte >= 'A' && byte <= 'Z' ? (char)(byte + 'a' - 'A') : byte;
}

static bool like(const char *pattern, const char *text, bool fold)
{
	for (; *pattern != '\0'; pattern++, text++) {
		if (*pattern == '%') {
			while (!like(pattern + 1, text, fold))
				if (*text++ == '\0')
					return false;
			return true;
		}
		if (*text == '\0')
			return false;
		if (*pattern == '_') {
			text += character(text) - 1;
			continue;
		}
		if (*pattern == '\\')
			pattern++;
		if (folded(*pattern, fold) != folded(*text, fold))
			return false;
	}
	return *text == '\0';
}

/* SQL's truths, so that AND is the lesser and OR the greater. */
enum truth { NO, UNKNOWN, YES };

/* Whether a value stands in the relation to those of a filter; `order` has its comparisons with each. */
static bool holds(unsigned operation, const int *order, uint32_t count)
{
	switch (operation) {
	case DBW_OPERATOR_EQ: return order[0] == 0;
	case DBW_OPERATOR_NE: return order[0] != 0;
	case DBW_OPERATOR_LT: return order[0] < 0;
	case DBW_OPERATOR_LE: return order[0] <= 0;
	case DBW_OPERATOR_GT: return order[0] > 0;
	case DBW_OPERATOR_GE: return order[0] >= 0;
	case DBW_OPERATOR_BETWEEN: return order[0] >= 0 && order[1] <= 0;
	case DBW_OPERATOR_FROM_UNTIL: return order[0] >= 0 && order[1] < 0;
	default:
		for (uint32_t i = 0; i < count; i++)
			if (order[i] == 0)
				return operation == DBW_OPERATOR_IN;
		return operation == DBW_OPERATOR_NOT_IN;
	}
}

/* Whether the text has another at `at`. */
static bool has_at(const char *text, size_t at, const char *other, bool fold)
{
	for (; *other != '\0'; at++, other++)
		if (folded(text[at], fold) != folded(*other, fold))
			return false;
	return true;
}

static bool finds(unsigned operation, const char *text, const char *other)
{
	const bool fold = operation >= DBW_OPERATOR_ICONTAINS;
	const size_t length = strlen(text), other_length = strlen(other);
	size_t first = 0, last = length - other_length;

	if (other_length > length)
		return false;
	if (operation == DBW_OPERATOR_STARTS_WITH || operation == DBW_OPERATOR_ISTARTS_WITH)
		last = 0;
	if (operation == DBW_OPERATOR_ENDS_WITH || operation == DBW_OPERATOR_IENDS_WITH)
		first = last;
	for (size_t at = first; at <= last; at++)
		if (has_at(text, at, other, fold))
			return true;
	return false;
}

#define MATCH(filter, comparison)                                                                         \
	do {                                                                                              \
		const unsigned operation_ = (filter).predicate_.operator_;                                \
		const bool is_list_ = operation_ == DBW_OPERATOR_IN || operation_ == DBW_OPERATOR_NOT_IN; \
		const uint32_t count_ = is_list_ ? (filter).predicate_.count : 2;                         \
		int order_[LIST_MAX + 2];                                                                 \
                                                                                                          \
		if (operation_ == DBW_OPERATOR_NONE)                                                      \
			break;                                                                            \
		for (uint32_t i_ = 0; i_ < count_; i_++) {                                                \
			const void *that = is_list_ ? (const void *)&(filter).as_.list[i_]                \
						    : (const void *)&(filter).as_.value[i_];              \
			order_[i_] = (comparison);                                                        \
		}                                                                                         \
		if (!holds(operation_, order_, count_))                                                   \
			return NO;                                                                        \
	} while (0)

static int compare_integers(int64_t left, int64_t right)
{
	return left < right ? -1 : left > right;
}

/* A filter with one operand has none, NULL, as its second. */
static int compare_texts(const char *left, const char *right)
{
	return right == NULL ? 1 : strcmp(left, right);
}

static enum truth text_matches(const dbw_text_filter *filter, const char *text)
{
	const unsigned operation = filter->predicate_.operator_;

	if (operation == DBW_OPERATOR_NONE)
		return YES;
	/* An empty list needs no look at the text, but for `not in`, which no NULL is. */
	if (text == NULL)
		return (operation == DBW_OPERATOR_IN || operation == DBW_OPERATOR_NOT_IN) &&
				       filter->predicate_.count == 0
			       ? NO
			       : UNKNOWN;
	if (operation == DBW_OPERATOR_LIKE || operation == DBW_OPERATOR_ILIKE)
		return like(filter->as_.value[0], text, operation == DBW_OPERATOR_ILIKE) ? YES : NO;
	if (operation >= DBW_OPERATOR_CONTAINS)
		return finds(operation, text, filter->as_.value[0]) ? YES : NO;
	MATCH(*filter, compare_texts(text, *(const char *const *)that));
	return YES;
}

static enum truth columns_match(const user_filter *filter, size_t place)
{
	const dbw_decimal balance = dbw_decimal_of(rows[place].cents, 2);
	const dbw_text_filter *filters[] = { &filter->name, &filter->email, &filter->bio };
	const char *const texts[] = { rows[place].name, rows[place].email, rows[place].bio };
	enum truth truth = YES;

	for (size_t i = 0; i < 3; i++) {
		const enum truth one = text_matches(filters[i], texts[i]);

		truth = one < truth ? one : truth;
	}
	if (filter->null_.bio != DBW_NULL_OR_NOT &&
		(filter->null_.bio == DBW_IS_NULL) != (rows[place].bio == NULL))
		return NO;
	MATCH(filter->id, compare_integers((int64_t)place + 1, *(const int64_t *)that));
	MATCH(filter->role.any_, compare_integers(rows[place].role, *(const int *)that));
	MATCH(filter->balance, dbw_decimal_compare(balance, *(const dbw_decimal *)that));
	MATCH(filter->created_at,
		compare_integers(rows[place].created_at, ((const dbw_timestamp *)that)->us));
	MATCH(filter->is_active, (int)rows[place].is_active - (int)*(const bool *)that);
	return truth;
}

static enum truth user_matches(const user_filter *filter, size_t place)
{
	enum truth truth = columns_match(filter, place);
	enum truth all = YES, any = NO;

	for (size_t i = 0; i < filter->all_of_.count; i++) {
		const enum truth one = user_matches(&filter->all_of_.items[i], place);

		all = one < all ? one : all;
	}
	for (size_t i = 0; i < filter->any_of_.count; i++) {
		const enum truth one = user_matches(&filter->any_of_.items[i], place);

		any = one > any ? one : any;
	}
	truth = all < truth ? all : truth;
	if (filter->any_of_.items != NULL && any < truth)
		truth = any;
	for (size_t i = 0; i < filter->none_of_.count; i++)
		if (user_matches(&filter->none_of_.items[i], place) == YES)
			return NO;
	return truth;
}

/* The SQL */

/* Quotes stand around names only; parameters are numbered in order, each once. */
static void check_text(const dbw_text_buffer *sql, char placeholder, size_t parameters)
{
	bool quoted = false;
	size_t seen = 0;

	FUZZ_CHECK(!sql->failed && strlen(sql->data) == sql->length);
	FUZZ_CHECK(strstr(sql->data, MARK) == NULL);
	for (const char *at = sql->data; *at != '\0'; at++) {
		quoted = quoted != (*at == '"');
		if (quoted)
			continue;
		FUZZ_CHECK(*at != '\'' && *at != ';' && *at >= ' ' && *at <= '~');
		if (*at == placeholder)
			FUZZ_CHECK(strtoul(at + 1, NULL, 10) == ++seen);
	}
	FUZZ_CHECK(!quoted && seen == parameters);
}

/* The rows of a find, the number of a count, 1 or 0 for exists. */
static int64_t run_request(const dbw__request *request, const char *sql, bool is_find, dbw_arena *arena)
{
	const dbw_driver *driver = &dbw__sqlite_driver;
	const dbw_result result_rows = { .model = request->model };
	dbw_error error = { 0 };
	dbw_prepared *statement;
	int64_t result = 0;
	dbw_status status =
		driver->prepare(connection, sql, is_find ? &result_rows : NULL, &statement, &error);
	bool more = true;

	if (status == DBW_OK)
		status = driver->query(connection, statement, request->values, request->count, &error);
	while (status == DBW_OK && more) {
		/* A row of any of the models. */
		union {
			user user;
			note note;
			everything everything;
		} row;

		if (!is_find) {
			status = driver->fetch_integer(connection, statement, &result, &more, &error);
			break;
		}
		memset(&row, 0, sizeof row);
		status = driver->fetch(connection, statement, &row, arena, &more, &error);
		result += more;
	}
	if (status != DBW_OK) {
		fprintf(stderr, "%s: %s\n%s\n", dbw_status_name(status), error.message, sql);
		abort();
	}
	driver->finish(connection, statement);
	driver->release(connection, statement);
	return result;
}

typedef struct outcome {
	dbw_status status;
	int64_t rows; /* SQLite */
} outcome;

static dbw_lock lock_of(const dbw_model *model, const any_query *query)
{
	dbw_lock lock;

	memcpy(&lock, (const char *)query + model->query.lock, sizeof lock);
	return lock;
}

/* A lock ends the statement, on the engine that has such a thing. */
static void check_lock(const dbw__request *request, dbw_engine engine, dbw_lock lock, const char *sql)
{
	static const char *const ends[] = { [DBW_FOR_UPDATE] = " FOR UPDATE",
		[DBW_FOR_UPDATE_SKIP_LOCKED] = " FOR UPDATE SKIP LOCKED",
		[DBW_FOR_UPDATE_NO_WAIT] = " FOR UPDATE NOWAIT" };
	const char *found = strstr(sql, " FOR UPDATE");

	FUZZ_CHECK(request->locks == (lock != DBW_NOT_LOCKED));
	if (lock == DBW_NOT_LOCKED || engine == DBW_SQLITE)
		FUZZ_CHECK(found == NULL);
	else
		FUZZ_CHECK(found != NULL && strcmp(found, ends[lock]) == 0);
}

/* Two requests of one shape. */
static outcome check_requests(const dbw_model *model, dbw_engine engine, dbw__request_kind kind,
	const any_query *query, const any_query *other_query, dbw_arena *arena)
{
	dbw__request request, other;
	dbw_text_buffer sql, other_sql;
	dbw_error error = { 0 };
	outcome result = { DBW_OK, 0 };

	dbw_text_init(&sql, NULL, 0);
	dbw_text_init(&other_sql, NULL, 0);
	dbw__request_init(&request, model, engine, kind, arena);
	dbw__request_init(&other, model, engine, kind, arena);
	result.status = dbw__request_query(&request, query, &error);
	FUZZ_CHECK(strstr(error.message, MARK) == NULL);
	if (result.status == DBW_OK) {
		dbw__request_render(&request, &sql);
		check_text(&sql, engine == DBW_SQLITE ? '?' : '$', request.count);
		check_lock(&request, engine, lock_of(model, query), sql.data);
		if (dbw__request_query(&other, other_query, &error) == DBW_OK) {
			FUZZ_CHECK(request.key.length == other.key.length &&
				   memcmp(request.key.data, other.key.data, other.key.length) == 0);
			dbw__request_render(&other, &other_sql);
			FUZZ_CHECK(strcmp(sql.data, other_sql.data) == 0);
			FUZZ_CHECK(request.count == other.count);
		}
		if (engine == DBW_SQLITE)
			result.rows = run_request(&request, sql.data, kind == DBW__REQUEST_FIND, arena);
	} else {
		FUZZ_CHECK(result.status == DBW_INVALID || result.status == DBW_MISUSE ||
			   result.status == DBW_UNSUPPORTED);
		FUZZ_CHECK(error.status == result.status && error.message[0] != '\0');
	}
	dbw__request_clear(&request);
	dbw__request_clear(&other);
	dbw_text_clear(&sql);
	dbw_text_clear(&other_sql);
	return result;
}

static int64_t min(int64_t left, int64_t right)
{
	return left < right ? left : right;
}

static void check_query(unsigned number, const any_query *query, const any_query *other, dbw_arena *arena)
{
	const dbw_model *model = &models[number];
	const char *members = (const char *)query;
	int64_t limit, offset;
	outcome found = check_requests(model, DBW_SQLITE, DBW__REQUEST_FIND, query, other, arena);
	outcome counted = check_requests(model, DBW_SQLITE, DBW__REQUEST_COUNT, query, other, arena);
	outcome exists = check_requests(model, DBW_SQLITE, DBW__REQUEST_EXISTS, query, other, arena);

	check_requests(model, DBW_POSTGRESQL, DBW__REQUEST_FIND, query, other, arena);
	check_requests(model, DBW_POSTGRESQL, DBW__REQUEST_COUNT, query, other, arena);
	FUZZ_CHECK(exists.status == counted.status);
	if (lock_of(model, query) != DBW_NOT_LOCKED) {
		/* What counts locks nothing. */
		FUZZ_CHECK(counted.status != DBW_OK);
		return;
	}
	/* An order or a bound may be refused, that a count does not look at. */
	FUZZ_CHECK(found.status != DBW_OK || counted.status == DBW_OK);
	if (counted.status != DBW_OK)
		return;
	FUZZ_CHECK((counted.rows != 0) == (exists.rows != 0));
	if (number == USER) {
		int64_t matching = 0;

		for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
			matching += user_matches(&query->user.where, i) == YES;
		FUZZ_CHECK(counted.rows == matching);
	}
	if (found.status != DBW_OK)
		return;
	memcpy(&limit, members + model->query.limit, sizeof limit);
	memcpy(&offset, members + model->query.offset, sizeof offset);
	counted.rows -= min(counted.rows, offset);
	FUZZ_CHECK(found.rows == (limit == 0 ? counted.rows : min(limit, counted.rows)));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const size_t half = size / 2;
	any_query query, other;
	fuzz_bytes shape, values, other_values;
	uint8_t *reversed;
	dbw_arena *arena;
	unsigned number;

	if (size == 0 || size > 4096)
		return -1;
	if (connection == NULL)
		set_up();
	arena = dbw_arena_new(0);
	reversed = malloc(size);
	FUZZ_CHECK(arena != NULL && reversed != NULL);
	for (size_t i = half; i < size; i++)
		reversed[i - half] = data[size - 1 - (i - half)];
	shape = (fuzz_bytes){ data, half };
	values = (fuzz_bytes){ data + half, size - half };
	other_values = (fuzz_bytes){ reversed, size - half };
	number = fuzz_take(&shape) % MODEL_COUNT;
	memset(&query, 0, sizeof query);
	memset(&other, 0, sizeof other);
	take_query(shape, values, &models[number], (char *)&query, arena);
	take_query(shape, other_values, &models[number], (char *)&other, arena);
	check_query(number, &query, &other, arena);
	free(reversed);
	dbw_arena_free(arena);
	return 0;
}
