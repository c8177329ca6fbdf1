/** The SQL dialects dbwright writes. */
#ifndef DBWRIGHT_ENGINE_H
#define DBWRIGHT_ENGINE_H

/** An engine: the dialect and the rules behind a provider. The numbers index tables of SQL text. */
typedef enum dbw_engine { DBW_SQLITE = 0, DBW_POSTGRESQL = 1 } dbw_engine;

/** How many engines there are: the length of every table that is indexed by dbw_engine. */
enum { DBW_ENGINE_COUNT = 2 };

/**
 * What a transaction may see of others. An engine gives what is asked for or more: SQLite's transactions are all
 * serializable, and all that a session reads there is of one moment.
 */
typedef enum dbw_isolation {
	DBW_ISOLATION_DEFAULT, /**< The engine's: the server's own setting on PostgreSQL. */
	DBW_READ_COMMITTED,    /**< Each statement sees what is committed when it begins. */
	DBW_REPEATABLE_READ,   /**< All statements see one moment. */
	DBW_SERIALIZABLE       /**< As if one transaction ran after the other, or DBW_BUSY. */
} dbw_isolation;

#endif
