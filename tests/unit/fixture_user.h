/**
 * A small schema in the form that the generator gives it, written by hand, for the tests of the runtime: users with
 * their sessions, notes (version, soft delete), and a model with a column of every kind. SQLite only.
 */
#ifndef FIXTURE_USER_H
#define FIXTURE_USER_H

#include <dbwright/databases.h>
#include <dbwright/filter.h>
#include <dbwright/generated.h>
#include <dbwright/model.h>

typedef struct auth_reader {
	dbw_session any;
} auth_reader;

typedef union auth_session {
	dbw_session any;
	auth_reader read;
} auth_session;

typedef enum user_role { USER_ROLE_MEMBER = 1, USER_ROLE_ADMIN = 2 } user_role;

typedef struct user_role_opt {
	bool has;
	user_role value;
} user_role_opt;

typedef struct user_role_filter {
	dbw_enum_filter any_;
} user_role_filter;

/* user */

typedef struct user {
	int64_t id;
	const char *name;
	const char *email;
	const char *bio;
	user_role role;
	dbw_decimal balance;
	dbw_timestamp created_at;
	bool is_active;
	dbw_row row_;
} user;

#define USER_INIT                                                                    \
	{                                                                            \
		.role = USER_ROLE_MEMBER, .balance = DBW_DECIMAL_INIT(0, 2),         \
		.created_at = DBW_TIMESTAMP_UNSET_INIT, .is_active = true, .row_ = { \
			DBW_ROW_NEW,                                                 \
			0,                                                           \
			NULL                                                         \
		}                                                                    \
	}

typedef struct user_list {
	user *items;
	size_t count;
	struct dbw_arena *arena_;
} user_list;

typedef struct user_nulls {
	dbw_nullness bio;
} user_nulls;

typedef struct user_filters {
	const struct user_filter *items;
	size_t count;
} user_filters;

#define USER_ALL_OF(...)  DBW__GROUP(user_filter, __VA_ARGS__)
#define USER_ANY_OF(...)  DBW__GROUP(user_filter, __VA_ARGS__)
#define USER_NONE_OF(...) DBW__GROUP(user_filter, __VA_ARGS__)

typedef struct user_filter {
	dbw_i64_filter id;
	dbw_text_filter name;
	dbw_text_filter email;
	dbw_text_filter bio;
	user_role_filter role;
	dbw_decimal_filter balance;
	dbw_timestamp_filter created_at;
	dbw_bool_filter is_active;
	user_nulls null_;
	user_filters all_of_;
	user_filters any_of_;
	user_filters none_of_;
} user_filter;

typedef struct user_order {
	dbw_direction id, name, email, bio, balance, created_at, is_active;
} user_order;

typedef struct user_columns {
	bool id : 1, name : 1, email : 1, bio : 1, role : 1, balance : 1, created_at : 1, is_active : 1;
} user_columns;

typedef struct user_query {
	user_filter where;
	user_order order_by[DBW_ORDER_MAX];
	int64_t limit;
	int64_t offset;
	dbw_lock lock_;
	user_columns columns;
} user_query;

enum {
	USER__FIND_BY_EMAIL = DBW_STATEMENT_FIRST_FINDER,
	USER__LIST_BY_NAME_AND_CREATED_AT,
	USER__STATEMENT_COUNT
};

extern const dbw_model user__model;
extern const dbw_constraint USER_PKEY[1];
extern const dbw_constraint USER_EMAIL_KEY[1];
extern const dbw_constraint USER_POSITIVE_BALANCE[1];

/* user_session: belongs to a user, goes with it */

typedef struct user_session {
	int64_t id;
	const char *token;
	dbw_timestamp expires_at;
	int64_t user_id;
	dbw_row row_;
} user_session;

#define USER_SESSION_INIT                                                                \
	{                                                                                \
		.expires_at = DBW_TIMESTAMP_UNSET_INIT, .row_ = { DBW_ROW_NEW, 0, NULL } \
	}

typedef struct user_session_list {
	user_session *items;
	size_t count;
	struct dbw_arena *arena_;
} user_session_list;

typedef struct user_session_filters {
	const struct user_session_filter *items;
	size_t count;
} user_session_filters;

#define USER_SESSION_ALL_OF(...)  DBW__GROUP(user_session_filter, __VA_ARGS__)
#define USER_SESSION_ANY_OF(...)  DBW__GROUP(user_session_filter, __VA_ARGS__)
#define USER_SESSION_NONE_OF(...) DBW__GROUP(user_session_filter, __VA_ARGS__)

typedef struct user_session_filter {
	dbw_i64_filter id;
	dbw_text_filter token;
	dbw_timestamp_filter expires_at;
	dbw_i64_filter user_id;
	user_session_filters all_of_;
	user_session_filters any_of_;
	user_session_filters none_of_;
} user_session_filter;

typedef struct user_session_order {
	dbw_direction id, token, expires_at, user_id;
} user_session_order;

typedef struct user_session_columns {
	bool id : 1, token : 1, expires_at : 1, user_id : 1;
} user_session_columns;

typedef struct user_session_query {
	user_session_filter where;
	user_session_order order_by[DBW_ORDER_MAX];
	int64_t limit;
	int64_t offset;
	dbw_lock lock_;
	user_session_columns columns;
} user_session_query;

enum {
	USER_SESSION__FIND_BY_TOKEN = DBW_STATEMENT_FIRST_FINDER,
	USER_SESSION__LIST_BY_USER_ID,
	USER_SESSION__STATEMENT_COUNT
};

extern const dbw_model user_session__model;
extern const dbw_constraint USER_SESSION_PKEY[1];
extern const dbw_constraint USER_SESSION_TOKEN_KEY[1];
extern const dbw_constraint USER_SESSION_USER_FKEY[1];

/* note: of a user that cannot be removed while it has notes; version, updated_at, soft delete, a generated column and
 * a default that is an expression */

typedef struct note {
	int64_t id;
	const char *title;
	const char *slug;    /* Default: an expression. */
	int64_t title_bytes; /* Generated. */
	int64_t user_id;
	dbw_timestamp updated_at;
	int64_t version;
	dbw_opt_timestamp deleted_at;
	dbw_row row_;
} note;

#define NOTE_INIT                                                                                       \
	{                                                                                               \
		.slug = DBW_TEXT_UNSET, .updated_at = DBW_TIMESTAMP_UNSET_INIT, .version = 1, .row_ = { \
			DBW_ROW_NEW,                                                                    \
			0,                                                                              \
			NULL                                                                            \
		}                                                                                       \
	}

typedef struct note_list {
	note *items;
	size_t count;
	struct dbw_arena *arena_;
} note_list;

typedef struct note_nulls {
	dbw_nullness deleted_at;
} note_nulls;

typedef struct note_filters {
	const struct note_filter *items;
	size_t count;
} note_filters;

#define NOTE_ALL_OF(...)  DBW__GROUP(note_filter, __VA_ARGS__)
#define NOTE_ANY_OF(...)  DBW__GROUP(note_filter, __VA_ARGS__)
#define NOTE_NONE_OF(...) DBW__GROUP(note_filter, __VA_ARGS__)

typedef struct note_filter {
	dbw_i64_filter id;
	dbw_text_filter title;
	dbw_text_filter slug;
	dbw_i64_filter title_bytes;
	dbw_i64_filter user_id;
	dbw_timestamp_filter updated_at;
	dbw_i64_filter version;
	dbw_timestamp_filter deleted_at;
	note_nulls null_;
	note_filters all_of_;
	note_filters any_of_;
	note_filters none_of_;
} note_filter;

typedef struct note_order {
	dbw_direction id, title, slug, title_bytes, user_id, updated_at, version, deleted_at;
} note_order;

typedef struct note_columns {
	bool id : 1, title : 1, slug : 1, title_bytes : 1, user_id : 1, updated_at : 1, version : 1,
		deleted_at : 1;
} note_columns;

typedef struct note_query {
	note_filter where;
	note_order order_by[DBW_ORDER_MAX];
	int64_t limit;
	int64_t offset;
	dbw_deleted deleted_;
	dbw_lock lock_;
	note_columns columns;
} note_query;

enum { NOTE__LIST_BY_USER_ID = DBW_STATEMENT_FIRST_FINDER, NOTE__STATEMENT_COUNT };

extern const dbw_model note__model;
extern const dbw_constraint NOTE_PKEY[1];
extern const dbw_constraint NOTE_USER_FKEY[1];

/* everything: a column of every kind, then each of them nullable, then those that may be stored as text */

typedef struct everything {
	int64_t id;
	bool a_bool;
	int16_t a_int16;
	int32_t a_int32;
	int64_t a_int64;
	float a_float32;
	double a_float64;
	dbw_decimal a_decimal;
	const char *a_string;
	dbw_bytes a_bytes;
	dbw_timestamp a_timestamp;
	dbw_date a_date;
	dbw_time a_time;
	dbw_uuid a_uuid;
	const char *a_json;
	user_role a_enum;
	dbw_opt_bool n_bool;
	dbw_opt_i16 n_int16;
	dbw_opt_i32 n_int32;
	dbw_opt_i64 n_int64;
	dbw_opt_f32 n_float32;
	dbw_opt_f64 n_float64;
	dbw_opt_decimal n_decimal;
	const char *n_string;
	dbw_bytes n_bytes;
	dbw_opt_timestamp n_timestamp;
	dbw_opt_date n_date;
	dbw_opt_time n_time;
	dbw_opt_uuid n_uuid;
	const char *n_json;
	user_role_opt n_enum;
	dbw_decimal t_decimal;
	dbw_timestamp t_timestamp;
	dbw_date t_date;
	dbw_time t_time;
	dbw_uuid t_uuid;
	dbw_row row_;
} everything;

typedef struct everything_list {
	everything *items;
	size_t count;
	struct dbw_arena *arena_;
} everything_list;

enum { EVERYTHING__COLUMN_COUNT = 36 };

extern const dbw_model everything__model;

extern const dbw_schema auth__schema;
extern const dbw_tables auth__tables;
extern const dbw_program
	fixture_program; /* Its entry `auth` is sqlite::temp:, its entry `memory` sqlite::memory:. */

dbw_status auth_begin(dbw_databases *databases, const char *purpose, auth_session *out, dbw_error *error);
dbw_status auth_read_begin(dbw_databases *databases, const char *purpose, auth_reader *out, dbw_error *error);

#endif
