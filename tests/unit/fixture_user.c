#include "fixture_user.h"

#define COUNT(array)    ((uint16_t)(sizeof(array) / sizeof((array)[0])))
#define NUMBERS(...)    ((const uint16_t[]){ __VA_ARGS__ })
#define PARAMETERS(...) .parameters = NUMBERS(__VA_ARGS__), .parameter_count = COUNT(NUMBERS(__VA_ARGS__))

static const char *const user__role_values[] = { "member", "admin" };
static const dbw_enum user__role_enum = { user__role_values, 2 };
static const uint16_t first_column[] = { 0 };

/* user */

#define USER_COLUMN(member)                                                  \
	.name = #member, .field = #member, .offset = offsetof(user, member), \
	.filter_offset = offsetof(user_filter, member)
#define USER_SORTED(member) .order_offset = offsetof(user_order, member)

static const dbw_column user__columns[] = {
	{ USER_COLUMN(id), USER_SORTED(id), .kind = DBW_KIND_INT64,
		.flags = DBW_COLUMN_KEY | DBW_COLUMN_AUTO_ID },
	{ USER_COLUMN(name), USER_SORTED(name), .kind = DBW_KIND_TEXT, .length = 255 },
	{ USER_COLUMN(email), USER_SORTED(email), .kind = DBW_KIND_TEXT, .length = 255 },
	{ USER_COLUMN(bio), USER_SORTED(bio), .null_offset = offsetof(user_filter, null_.bio),
		.kind = DBW_KIND_TEXT, .flags = DBW_COLUMN_NULLABLE },
	{ USER_COLUMN(role), .order_offset = DBW_NO_MEMBER, .kind = DBW_KIND_ENUM,
		.values = &user__role_enum },
	{ USER_COLUMN(balance), USER_SORTED(balance), .kind = DBW_KIND_DECIMAL, .precision = 10, .scale = 2 },
	{ USER_COLUMN(created_at), USER_SORTED(created_at), .kind = DBW_KIND_TIMESTAMP,
		.flags = DBW_COLUMN_NOW },
	{ USER_COLUMN(is_active), USER_SORTED(is_active), .kind = DBW_KIND_BOOL },
};

const dbw_constraint USER_PKEY[1] = { { .kind = DBW_PRIMARY_KEY,
	.name = "users_pkey",
	.column_count = 1,
	.model = &user__model,
	.column_numbers = first_column } };
const dbw_constraint USER_EMAIL_KEY[1] = { { .kind = DBW_UNIQUE,
	.name = "users_email_key",
	.column_count = 1,
	.model = &user__model,
	.column_numbers = NUMBERS(2) } };
const dbw_constraint USER_POSITIVE_BALANCE[1] = { { .kind = DBW_CHECK,
	.name = "users_positive_balance",
	.message = "the balance must not be negative",
	.model = &user__model } };

static const dbw_constraint *const user__constraints[] = { USER_PKEY, USER_EMAIL_KEY, USER_POSITIVE_BALANCE };
static const dbw_constraint *const user__referenced_by[] = { USER_SESSION_USER_FKEY, NOTE_USER_FKEY };

#define USER_SELECT                                                                                          \
	"SELECT \"id\", \"name\", \"email\", \"bio\", \"role\", \"balance\", \"created_at\", \"is_active\" " \
	"FROM \"users\""

static const dbw_statement user__statements[USER__STATEMENT_COUNT] = {
	[DBW_STATEMENT_INSERT] = { .name = "user_insert",
		.sql = { "INSERT INTO \"users\" (\"name\", \"email\", \"bio\", \"role\", \"balance\", \"created_at\", "
			 "\"is_active\") VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)" },
		PARAMETERS(1, 2, 3, 4, 5, 6, 7) },
	[DBW_STATEMENT_INSERT_WITH_ID] = { .name = "user_insert",
		.sql = { "INSERT INTO \"users\" (\"id\", \"name\", \"email\", \"bio\", \"role\", \"balance\", "
			 "\"created_at\", \"is_active\") VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)" },
		PARAMETERS(0, 1, 2, 3, 4, 5, 6, 7) },
	[DBW_STATEMENT_DELETE] = { .name = "user_delete_by_id",
		.sql = { "DELETE FROM \"users\" WHERE \"id\" = ?1" },
		PARAMETERS(0) },
	[DBW_STATEMENT_FIND] = { .name = "user_find_by_id",
		.sql = { USER_SELECT " WHERE \"id\" = ?1" },
		PARAMETERS(0) },
	[USER__FIND_BY_EMAIL] = { .name = "user_find_by_email",
		.sql = { " WHERE \"email\" = ?1" },
		.selects = true,
		PARAMETERS(2) },
	[USER__LIST_BY_NAME_AND_CREATED_AT] = { .name = "user_list_by_name_and_created_at",
		.sql = { USER_SELECT " WHERE \"name\" = ?1 AND \"created_at\" = ?2 ORDER BY \"id\"" },
		PARAMETERS(1, 6) },
};

static const dbw_object user__objects[] = {
	{ DBW_OBJECT_TABLE,
		"CREATE TABLE \"users\" (\n"
		"\t\"id\" INTEGER PRIMARY KEY,\n"
		"\t\"name\" TEXT NOT NULL CONSTRAINT \"users_name_valid\" CHECK (length(\"name\") <= 255),\n"
		"\t\"email\" TEXT NOT NULL CONSTRAINT \"users_email_valid\" CHECK (length(\"email\") <= 255),\n"
		"\t\"bio\" TEXT,\n"
		"\t\"role\" TEXT NOT NULL CONSTRAINT \"users_role_valid\" CHECK (\"role\" IN ('member', 'admin')),\n"
		"\t\"balance\" INTEGER NOT NULL CONSTRAINT \"users_balance_valid\" "
		"CHECK (abs(\"balance\") < 10000000000),\n"
		"\t\"created_at\" INTEGER NOT NULL,\n"
		"\t\"is_active\" INTEGER NOT NULL CONSTRAINT \"users_is_active_valid\" CHECK (\"is_active\" IN (0, 1)),\n"
		"\tCONSTRAINT \"users_positive_balance\" CHECK (\"balance\" >= 0)\n"
		") STRICT" },
	{ DBW_OBJECT_INDEX, "CREATE UNIQUE INDEX \"users_email_key\" ON \"users\" (\"email\")" },
	{ DBW_OBJECT_INDEX,
		"CREATE INDEX \"users_name_created_at_idx\" ON \"users\" (\"name\", \"created_at\")" },
};

static const uint32_t user__first_slot = 0;

const dbw_model user__model = {
	.abi = DBW_ABI,
	.name = "user",
	.table = "users",
	.schema = &auth__schema,
	.columns = user__columns,
	.column_count = COUNT(user__columns),
	.key_count = 1,
	.key = first_column,
	.id = 0,
	.version = DBW_NO_COLUMN,
	.deleted_at = DBW_NO_COLUMN,
	.row_size = sizeof(user),
	.row_word = offsetof(user, row_),
	.filter_size = sizeof(user_filter),
	.groups = { offsetof(user_filter, all_of_), offsetof(user_filter, any_of_),
		offsetof(user_filter, none_of_) },
	.query = { offsetof(user_query, where), offsetof(user_query, order_by), sizeof(user_order),
		offsetof(user_query, limit), offsetof(user_query, offset), DBW_NO_MEMBER,
		offsetof(user_query, lock_), offsetof(user_query, columns) },
	.statements = user__statements,
	.statement_count = USER__STATEMENT_COUNT,
	.first_slot = &user__first_slot,
	.select = { USER_SELECT },
	.constraints = user__constraints,
	.constraint_count = COUNT(user__constraints),
	.referenced_by = user__referenced_by,
	.referenced_by_count = COUNT(user__referenced_by),
};

/* user_session */

#define USER_SESSION_COLUMN(member)                                                  \
	.name = #member, .field = #member, .offset = offsetof(user_session, member), \
	.filter_offset = offsetof(user_session_filter, member),                      \
	.order_offset = offsetof(user_session_order, member)

static const dbw_column user_session__columns[] = {
	{ USER_SESSION_COLUMN(id), .kind = DBW_KIND_INT64, .flags = DBW_COLUMN_KEY | DBW_COLUMN_AUTO_ID },
	{ USER_SESSION_COLUMN(token), .kind = DBW_KIND_TEXT, .length = 255 },
	{ USER_SESSION_COLUMN(expires_at), .kind = DBW_KIND_TIMESTAMP },
	{ USER_SESSION_COLUMN(user_id), .kind = DBW_KIND_INT64, .flags = DBW_COLUMN_REFERENCE_ID },
};

const dbw_constraint USER_SESSION_PKEY[1] = { { .kind = DBW_PRIMARY_KEY,
	.name = "user_sessions_pkey",
	.column_count = 1,
	.model = &user_session__model,
	.column_numbers = first_column } };
const dbw_constraint USER_SESSION_TOKEN_KEY[1] = { { .kind = DBW_UNIQUE,
	.name = "user_sessions_token_key",
	.column_count = 1,
	.model = &user_session__model,
	.column_numbers = NUMBERS(1) } };
const dbw_constraint USER_SESSION_USER_FKEY[1] = { { .kind = DBW_FOREIGN_KEY,
	.name = "user_sessions_user_id_fkey",
	.column_count = 1,
	.model = &user_session__model,
	.column_numbers = NUMBERS(3),
	.references = &user__model,
	.referenced_numbers = first_column } };

static const dbw_constraint *const user_session__constraints[] = { USER_SESSION_PKEY, USER_SESSION_TOKEN_KEY,
	USER_SESSION_USER_FKEY };

#define USER_SESSION_SELECT "SELECT \"id\", \"token\", \"expires_at\", \"user_id\" FROM \"user_sessions\""

static const dbw_statement user_session__statements[USER_SESSION__STATEMENT_COUNT] = {
	[DBW_STATEMENT_INSERT] = { .name = "user_session_insert",
		.sql = { "INSERT INTO \"user_sessions\" (\"token\", \"expires_at\", \"user_id\") "
			 "VALUES (?1, ?2, ?3)" },
		PARAMETERS(1, 2, 3) },
	[DBW_STATEMENT_INSERT_WITH_ID] = { .name = "user_session_insert",
		.sql = { "INSERT INTO \"user_sessions\" (\"id\", \"token\", \"expires_at\", \"user_id\") "
			 "VALUES (?1, ?2, ?3, ?4)" },
		PARAMETERS(0, 1, 2, 3) },
	[DBW_STATEMENT_DELETE] = { .name = "user_session_delete_by_id",
		.sql = { "DELETE FROM \"user_sessions\" WHERE \"id\" = ?1" },
		PARAMETERS(0) },
	[DBW_STATEMENT_FIND] = { .name = "user_session_find_by_id",
		.sql = { USER_SESSION_SELECT " WHERE \"id\" = ?1" },
		PARAMETERS(0) },
	[USER_SESSION__FIND_BY_TOKEN] = { .name = "user_session_find_by_token",
		.sql = { USER_SESSION_SELECT " WHERE \"token\" = ?1" },
		PARAMETERS(1) },
	[USER_SESSION__LIST_BY_USER_ID] = { .name = "user_session_list_by_user_id",
		.sql = { USER_SESSION_SELECT " WHERE \"user_id\" = ?1 ORDER BY \"id\"" },
		PARAMETERS(3) },
};

static const dbw_object user_session__objects[] = {
	{ DBW_OBJECT_TABLE,
		"CREATE TABLE \"user_sessions\" (\n"
		"\t\"id\" INTEGER PRIMARY KEY,\n"
		"\t\"token\" TEXT NOT NULL CONSTRAINT \"user_sessions_token_valid\" CHECK (length(\"token\") <= 255),\n"
		"\t\"expires_at\" INTEGER NOT NULL,\n"
		"\t\"user_id\" INTEGER NOT NULL,\n"
		"\tCONSTRAINT \"user_sessions_user_id_fkey\" FOREIGN KEY (\"user_id\") REFERENCES \"users\" (\"id\") "
		"ON DELETE CASCADE\n"
		") STRICT" },
	{ DBW_OBJECT_INDEX,
		"CREATE UNIQUE INDEX \"user_sessions_token_key\" ON \"user_sessions\" (\"token\")" },
	{ DBW_OBJECT_INDEX, "CREATE INDEX \"user_sessions_user_id_idx\" ON \"user_sessions\" (\"user_id\")" },
};

static const uint32_t user_session__first_slot = USER__STATEMENT_COUNT;

const dbw_model user_session__model = {
	.abi = DBW_ABI,
	.name = "user_session",
	.table = "user_sessions",
	.schema = &auth__schema,
	.columns = user_session__columns,
	.column_count = COUNT(user_session__columns),
	.key_count = 1,
	.key = first_column,
	.id = 0,
	.version = DBW_NO_COLUMN,
	.deleted_at = DBW_NO_COLUMN,
	.row_size = sizeof(user_session),
	.row_word = offsetof(user_session, row_),
	.filter_size = sizeof(user_session_filter),
	.groups = { offsetof(user_session_filter, all_of_), offsetof(user_session_filter, any_of_),
		offsetof(user_session_filter, none_of_) },
	.query = { offsetof(user_session_query, where), offsetof(user_session_query, order_by),
		sizeof(user_session_order), offsetof(user_session_query, limit),
		offsetof(user_session_query, offset), DBW_NO_MEMBER, offsetof(user_session_query, lock_),
		offsetof(user_session_query, columns) },
	.statements = user_session__statements,
	.statement_count = USER_SESSION__STATEMENT_COUNT,
	.first_slot = &user_session__first_slot,
	.select = { USER_SESSION_SELECT },
	.constraints = user_session__constraints,
	.constraint_count = COUNT(user_session__constraints),
};

/* note */

#define NOTE_COLUMN(member)                                                  \
	.name = #member, .field = #member, .offset = offsetof(note, member), \
	.filter_offset = offsetof(note_filter, member), .order_offset = offsetof(note_order, member)

static const dbw_column note__columns[] = {
	{ NOTE_COLUMN(id), .kind = DBW_KIND_INT64, .flags = DBW_COLUMN_KEY | DBW_COLUMN_AUTO_ID },
	{ NOTE_COLUMN(title), .kind = DBW_KIND_TEXT },
	{ NOTE_COLUMN(slug), .kind = DBW_KIND_TEXT, .flags = DBW_COLUMN_EXPRESSION },
	{ NOTE_COLUMN(title_bytes), .kind = DBW_KIND_INT64, .flags = DBW_COLUMN_GENERATED },
	{ NOTE_COLUMN(user_id), .kind = DBW_KIND_INT64, .flags = DBW_COLUMN_REFERENCE_ID },
	{ NOTE_COLUMN(updated_at), .kind = DBW_KIND_TIMESTAMP,
		.flags = DBW_COLUMN_NOW | DBW_COLUMN_NOW_ON_UPDATE },
	{ NOTE_COLUMN(version), .kind = DBW_KIND_INT64, .flags = DBW_COLUMN_VERSION },
	{ NOTE_COLUMN(deleted_at), .null_offset = offsetof(note_filter, null_.deleted_at),
		.kind = DBW_KIND_TIMESTAMP, .flags = DBW_COLUMN_NULLABLE | DBW_COLUMN_DELETED_AT },
};

const dbw_constraint NOTE_PKEY[1] = { { .kind = DBW_PRIMARY_KEY,
	.name = "notes_pkey",
	.column_count = 1,
	.model = &note__model,
	.column_numbers = first_column } };
const dbw_constraint NOTE_USER_FKEY[1] = { { .kind = DBW_FOREIGN_KEY,
	.name = "notes_user_id_fkey",
	.column_count = 1,
	.model = &note__model,
	.column_numbers = NUMBERS(4),
	.references = &user__model,
	.referenced_numbers = first_column } };

static const dbw_constraint *const note__constraints[] = { NOTE_PKEY, NOTE_USER_FKEY };

#define NOTE_SELECT                                                                                       \
	"SELECT \"id\", \"title\", \"slug\", \"title_bytes\", \"user_id\", \"updated_at\", \"version\", " \
	"\"deleted_at\" FROM \"notes\""

static const dbw_statement note__statements[NOTE__STATEMENT_COUNT] = {
	[DBW_STATEMENT_INSERT] = { .name = "note_insert",
		.sql = { "INSERT INTO \"notes\" (\"title\", \"slug\", \"user_id\", \"updated_at\", \"version\", "
			 "\"deleted_at\") VALUES (?1, ?2, ?3, ?4, ?5, ?6)" },
		PARAMETERS(1, 2, 4, 5, 6, 7) },
	[DBW_STATEMENT_INSERT_WITH_ID] = { .name = "note_insert",
		.sql = { "INSERT INTO \"notes\" (\"id\", \"title\", \"slug\", \"user_id\", \"updated_at\", \"version\", "
			 "\"deleted_at\") VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)" },
		PARAMETERS(0, 1, 2, 4, 5, 6, 7) },
	[DBW_STATEMENT_DELETE] = { .name = "note_delete_by_id",
		.sql = { "UPDATE \"notes\" SET \"deleted_at\" = ?1, \"version\" = \"version\" + 1 "
			 "WHERE \"id\" = ?2 AND \"deleted_at\" IS NULL" },
		PARAMETERS(7, 0) },
	[DBW_STATEMENT_PURGE] = { .name = "note_purge_by_id",
		.sql = { "DELETE FROM \"notes\" WHERE \"id\" = ?1" },
		PARAMETERS(0) },
	[DBW_STATEMENT_FIND] = { .name = "note_find_by_id",
		.sql = { " WHERE \"id\" = ?1 AND \"deleted_at\" IS NULL" },
		.selects = true,
		PARAMETERS(0) },
	[DBW_STATEMENT_EXISTS] = { .name = "note_exists_by_id",
		.sql = { "SELECT 1 FROM \"notes\" WHERE \"id\" = ?1" },
		PARAMETERS(0) },
	[NOTE__LIST_BY_USER_ID] = { .name = "note_list_by_user_id",
		.sql = { NOTE_SELECT " WHERE \"user_id\" = ?1 AND \"deleted_at\" IS NULL ORDER BY \"id\"" },
		PARAMETERS(4) },
};

static const dbw_object note__objects[] = {
	{ DBW_OBJECT_TABLE,
		"CREATE TABLE \"notes\" (\n"
		"\t\"id\" INTEGER PRIMARY KEY,\n"
		"\t\"title\" TEXT NOT NULL,\n"
		"\t\"slug\" TEXT NOT NULL DEFAULT (lower('NOTE')),\n"
		"\t\"title_bytes\" INTEGER NOT NULL AS (length(CAST(\"title\" AS BLOB))) STORED,\n"
		"\t\"user_id\" INTEGER NOT NULL,\n"
		"\t\"updated_at\" INTEGER NOT NULL,\n"
		"\t\"version\" INTEGER NOT NULL,\n"
		"\t\"deleted_at\" INTEGER,\n"
		"\tCONSTRAINT \"notes_user_id_fkey\" FOREIGN KEY (\"user_id\") REFERENCES \"users\" (\"id\") "
		"ON DELETE RESTRICT\n"
		") STRICT" },
	{ DBW_OBJECT_INDEX, "CREATE INDEX \"notes_user_id_idx\" ON \"notes\" (\"user_id\")" },
};

static const uint32_t note__first_slot = USER__STATEMENT_COUNT + USER_SESSION__STATEMENT_COUNT;

const dbw_model note__model = {
	.abi = DBW_ABI,
	.name = "note",
	.table = "notes",
	.schema = &auth__schema,
	.columns = note__columns,
	.column_count = COUNT(note__columns),
	.key_count = 1,
	.key = first_column,
	.id = 0,
	.version = 6,
	.deleted_at = 7,
	.row_size = sizeof(note),
	.row_word = offsetof(note, row_),
	.filter_size = sizeof(note_filter),
	.groups = { offsetof(note_filter, all_of_), offsetof(note_filter, any_of_),
		offsetof(note_filter, none_of_) },
	.query = { offsetof(note_query, where), offsetof(note_query, order_by), sizeof(note_order),
		offsetof(note_query, limit), offsetof(note_query, offset), offsetof(note_query, deleted_),
		offsetof(note_query, lock_), offsetof(note_query, columns) },
	.statements = note__statements,
	.statement_count = NOTE__STATEMENT_COUNT,
	.first_slot = &note__first_slot,
	.select = { NOTE_SELECT },
	.constraints = note__constraints,
	.constraint_count = COUNT(note__constraints),
	.reads_back = true,
};

/* everything: no filters, no order; the name in the database is the name of the member */

#define EVERY(member, kind_, ...)                                                                        \
	{                                                                                                \
		.name = #member, .field = #member, .offset = offsetof(everything, member),               \
		.filter_offset = DBW_NO_MEMBER, .order_offset = DBW_NO_MEMBER, .kind = DBW_KIND_##kind_, \
		__VA_ARGS__                                                                              \
	}
#define NULLABLE .flags = DBW_COLUMN_NULLABLE
#define AS_TEXT  .flags = DBW_COLUMN_TEXT_STORAGE

static const dbw_column everything__columns[] = {
	EVERY(id, INT64, .flags = DBW_COLUMN_KEY | DBW_COLUMN_AUTO_ID),
	EVERY(a_bool, BOOL, .flags = 0),
	EVERY(a_int16, INT16, .flags = 0),
	EVERY(a_int32, INT32, .flags = 0),
	EVERY(a_int64, INT64, .flags = 0),
	EVERY(a_float32, FLOAT32, .flags = 0),
	EVERY(a_float64, FLOAT64, .flags = 0),
	EVERY(a_decimal, DECIMAL, .precision = 18, .scale = 4),
	EVERY(a_string, TEXT, .length = 20),
	EVERY(a_bytes, BYTES, .flags = 0),
	EVERY(a_timestamp, TIMESTAMP, .flags = 0),
	EVERY(a_date, DATE, .flags = 0),
	EVERY(a_time, TIME, .flags = 0),
	EVERY(a_uuid, UUID, .flags = 0),
	EVERY(a_json, JSON, .flags = 0),
	EVERY(a_enum, ENUM, .values = &user__role_enum),
	EVERY(n_bool, BOOL, NULLABLE),
	EVERY(n_int16, INT16, NULLABLE),
	EVERY(n_int32, INT32, NULLABLE),
	EVERY(n_int64, INT64, NULLABLE),
	EVERY(n_float32, FLOAT32, NULLABLE),
	EVERY(n_float64, FLOAT64, NULLABLE),
	EVERY(n_decimal, DECIMAL, NULLABLE, .precision = 18, .scale = 4),
	EVERY(n_string, TEXT, NULLABLE, .length = 20),
	EVERY(n_bytes, BYTES, NULLABLE),
	EVERY(n_timestamp, TIMESTAMP, NULLABLE),
	EVERY(n_date, DATE, NULLABLE),
	EVERY(n_time, TIME, NULLABLE),
	EVERY(n_uuid, UUID, NULLABLE),
	EVERY(n_json, JSON, NULLABLE),
	EVERY(n_enum, ENUM, NULLABLE, .values = &user__role_enum),
	EVERY(t_decimal, DECIMAL, AS_TEXT, .precision = 38, .scale = 10),
	EVERY(t_timestamp, TIMESTAMP, AS_TEXT),
	EVERY(t_date, DATE, AS_TEXT),
	EVERY(t_time, TIME, AS_TEXT),
	EVERY(t_uuid, UUID, AS_TEXT),
};

#define EVERYTHING_NAMES                                                                                           \
	"\"a_bool\", \"a_int16\", \"a_int32\", \"a_int64\", \"a_float32\", \"a_float64\", \"a_decimal\", "         \
	"\"a_string\", \"a_bytes\", \"a_timestamp\", \"a_date\", \"a_time\", \"a_uuid\", \"a_json\", \"a_enum\", " \
	"\"n_bool\", \"n_int16\", \"n_int32\", \"n_int64\", \"n_float32\", \"n_float64\", \"n_decimal\", "         \
	"\"n_string\", \"n_bytes\", \"n_timestamp\", \"n_date\", \"n_time\", \"n_uuid\", \"n_json\", \"n_enum\", " \
	"\"t_decimal\", \"t_timestamp\", \"t_date\", \"t_time\", \"t_uuid\""
#define EVERYTHING_SELECT "SELECT \"id\", " EVERYTHING_NAMES " FROM \"everything\""

static const dbw_statement everything__statements[DBW_STATEMENT_FIRST_FINDER] = {
	[DBW_STATEMENT_INSERT] = { .name = "everything_insert",
		.sql = { "INSERT INTO \"everything\" (" EVERYTHING_NAMES
			 ") VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, "
			 "?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21, ?22, ?23, ?24, ?25, ?26, "
			 "?27, ?28, ?29, ?30, ?31, ?32, ?33, ?34, ?35)" },
		PARAMETERS(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23,
			24, 25, 26, 27, 28, 29, 30, 31, 32, 33, 34, 35) },
	[DBW_STATEMENT_DELETE] = { .name = "everything_delete_by_id",
		.sql = { "DELETE FROM \"everything\" WHERE \"id\" = ?1" },
		PARAMETERS(0) },
	[DBW_STATEMENT_FIND] = { .name = "everything_find_by_id",
		.sql = { EVERYTHING_SELECT " WHERE \"id\" = ?1" },
		PARAMETERS(0) },
};

/* No checks here, so that tests can store what does not fit. */
static const dbw_object everything__objects[] = { { DBW_OBJECT_TABLE,
	"CREATE TABLE \"everything\" (\"id\" INTEGER PRIMARY KEY, \"a_bool\" ANY, \"a_int16\" ANY, \"a_int32\" ANY, "
	"\"a_int64\" ANY, \"a_float32\" ANY, \"a_float64\" ANY, \"a_decimal\" ANY, \"a_string\" ANY, \"a_bytes\" ANY, "
	"\"a_timestamp\" ANY, \"a_date\" ANY, \"a_time\" ANY, \"a_uuid\" ANY, \"a_json\" ANY, \"a_enum\" ANY, "
	"\"n_bool\" ANY, \"n_int16\" ANY, \"n_int32\" ANY, \"n_int64\" ANY, \"n_float32\" ANY, \"n_float64\" ANY, "
	"\"n_decimal\" ANY, \"n_string\" ANY, \"n_bytes\" ANY, \"n_timestamp\" ANY, \"n_date\" ANY, \"n_time\" ANY, "
	"\"n_uuid\" ANY, \"n_json\" ANY, \"n_enum\" ANY, \"t_decimal\" ANY, \"t_timestamp\" ANY, \"t_date\" ANY, "
	"\"t_time\" ANY, \"t_uuid\" ANY) STRICT" } };

static const uint32_t everything__first_slot =
	USER__STATEMENT_COUNT + USER_SESSION__STATEMENT_COUNT + NOTE__STATEMENT_COUNT;

const dbw_model everything__model = {
	.abi = DBW_ABI,
	.name = "everything",
	.table = "everything",
	.schema = &auth__schema,
	.columns = everything__columns,
	.column_count = COUNT(everything__columns),
	.key_count = 1,
	.key = first_column,
	.id = 0,
	.version = DBW_NO_COLUMN,
	.deleted_at = DBW_NO_COLUMN,
	.row_size = sizeof(everything),
	.row_word = offsetof(everything, row_),
	.query = { DBW_NO_MEMBER, DBW_NO_MEMBER, 0, DBW_NO_MEMBER, DBW_NO_MEMBER, DBW_NO_MEMBER,
		DBW_NO_MEMBER, DBW_NO_MEMBER },
	.statements = everything__statements,
	.statement_count = DBW_STATEMENT_FIRST_FINDER,
	.first_slot = &everything__first_slot,
	.select = { EVERYTHING_SELECT },
};

_Static_assert(COUNT(everything__columns) == EVERYTHING__COLUMN_COUNT, "one column per member");

/* The schema and the program */

static const dbw_model *const auth__models[] = { &user__model, &user_session__model, &note__model,
	&everything__model };

const dbw_schema auth__schema = { .abi = DBW_ABI,
	.name = "auth",
	.engines = 1U << DBW_SQLITE,
	.models = auth__models,
	.model_count = COUNT(auth__models) };

#define TABLE(model)                                                                 \
	{                                                                            \
		&model##__model,                                                     \
		{                                                                    \
			[DBW_SQLITE] = { model##__objects, COUNT(model##__objects) } \
		}                                                                    \
	}

static const dbw_table auth__table_list[] = { TABLE(user), TABLE(user_session), TABLE(note),
	TABLE(everything) };

const dbw_tables auth__tables = { &auth__schema, auth__table_list, COUNT(auth__table_list) };

static const dbw_schema *const fixture__schemas[] = { &auth__schema };

static const dbw_entry fixture__entries[] = {
	{ .name = "auth", .connection_string = "sqlite::temp:", .pool_size = 4 },
	{ .name = "memory", .schema = "auth", .connection_string = "sqlite::memory:" },
};

const dbw_program fixture_program = { .abi = DBW_ABI,
	.name = "fixture",
	.schemas = fixture__schemas,
	.schema_count = 1,
	.entries = fixture__entries,
	.entry_count = COUNT(fixture__entries),
	.slot_count = USER__STATEMENT_COUNT + USER_SESSION__STATEMENT_COUNT + NOTE__STATEMENT_COUNT +
		      DBW_STATEMENT_FIRST_FINDER };

dbw_status auth_begin(dbw_databases *databases, const char *purpose, auth_session *out, dbw_error *error)
{
	dbw_session_options options = { .purpose = purpose };

	return dbw__begin(databases, &auth__schema, &options, true, &out->any, error);
}

dbw_status auth_read_begin(dbw_databases *databases, const char *purpose, auth_reader *out, dbw_error *error)
{
	dbw_session_options options = { .purpose = purpose };

	return dbw__begin(databases, &auth__schema, &options, false, &out->any, error);
}
