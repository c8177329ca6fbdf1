/** What every fallible call of dbwright returns. */
#ifndef DBWRIGHT_STATUS_H
#define DBWRIGHT_STATUS_H

#ifdef __cplusplus
#define DBW_BEGIN_DECLS extern "C" {
#define DBW_END_DECLS   }
#else
#define DBW_BEGIN_DECLS
#define DBW_END_DECLS
#endif

#if defined(__GNUC__) || defined(__clang__)
#define DBW_NODISCARD           __attribute__((warn_unused_result))
#define DBW_PRINTF(text, first) __attribute__((__format__(__printf__, text, first)))
#define DBW_API                 __attribute__((visibility("default")))
#else
#define DBW_NODISCARD
#define DBW_PRINTF(format, first)
#define DBW_API
#endif

/**
 * The one table of statuses: name, number, text. Numbers never change and are never used again; new ones go at
 * the end. DBW_OK is 0 and every error is negative.
 */
#define DBW_STATUS_MAP(X)                                                         \
	X(OK, 0, "ok")                                                            \
	X(NOT_FOUND, -1, "no row matches")                                        \
	X(CONFLICT, -2, "a constraint is violated")                               \
	X(STALE, -3, "the row was changed by somebody else")                      \
	X(INVALID, -4, "a value does not fit its field")                          \
	X(DATA, -5, "a stored value does not fit its field")                      \
	X(EXISTS, -6, "the object is there already")                              \
	X(BUSY, -7, "the database is busy")                                       \
	X(TIMEOUT, -8, "the deadline has passed")                                 \
	X(CONNECTION, -9, "the connection failed")                                \
	X(UNKNOWN_OUTCOME, -10, "the outcome of the commit is not known")         \
	X(SESSION_FAILED, -11, "the session has failed and can only be ended")    \
	X(ENDED, -12, "the session has ended")                                    \
	X(MISUSE, -13, "the call breaks a rule of the interface")                 \
	X(CONFIG, -14, "the configuration is wrong")                              \
	X(PROVIDER, -15, "the provider cannot be used")                           \
	X(LIFECYCLE, -16, "the databases are not in a state for this call")       \
	X(SCHEMA_MISMATCH, -17, "the database does not have the declared schema") \
	X(UNSUPPORTED, -18, "not supported by this engine")                       \
	X(CANCELLED, -19, "the call was cancelled")                               \
	X(FORKED, -20, "the databases belong to the parent process")              \
	X(OUT_OF_MEMORY, -21, "out of memory")                                    \
	X(ENGINE, -22, "the database engine reports an error")                    \
	X(DISK_FULL, -23, "there is no room left on the disk")                    \
	X(CORRUPT, -24, "the database is damaged")

typedef enum dbw_status {
#define DBW_STATUS_ENUMERATOR(name, number, text) DBW_##name = (number),
	DBW_STATUS_MAP(DBW_STATUS_ENUMERATOR)
#undef DBW_STATUS_ENUMERATOR
} dbw_status;

DBW_BEGIN_DECLS

/** The name of a status as it is written in C ("DBW_NOT_FOUND"); "unknown status" for any other number. Static. */
DBW_API const char *dbw_status_name(dbw_status status);

/** What a status means, in a few words without a full stop. Static. */
DBW_API const char *dbw_status_text(dbw_status status);

DBW_END_DECLS
#endif
