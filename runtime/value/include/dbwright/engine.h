/** The SQL dialects dbwright writes. */
#ifndef DBWRIGHT_ENGINE_H
#define DBWRIGHT_ENGINE_H

/** An engine: the dialect and the rules behind a provider. The numbers index tables of SQL text. */
typedef enum dbw_engine { DBW_SQLITE = 0, DBW_POSTGRESQL = 1 } dbw_engine;

/** How many engines there are: the length of every table that is indexed by dbw_engine. */
enum { DBW_ENGINE_COUNT = 2 };

#endif
