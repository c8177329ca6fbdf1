/** What a pool of connections has done, and what it is doing: for metrics, and to choose its size. */
#ifndef DBWRIGHT_STATISTICS_H
#define DBWRIGHT_STATISTICS_H

#include <stdint.h>

/** The pool of a database at one moment. Entries of the same place share a pool. Counts begin when it is made. */
typedef struct dbw_pool_statistics {
	uint32_t size;     /**< pool_size: 1 for a database in memory, once that is known. */
	uint32_t overflow; /**< max_overflow */

	uint32_t open;    /**< Connections there are now, in whatever state. */
	uint32_t idle;    /**< Of them, those that nobody uses. */
	uint32_t leased;  /**< Of them, those that sessions have. */
	uint32_t waiting; /**< Threads that wait for one. */

	uint64_t leases;         /**< Connections that sessions were given. */
	uint64_t waits;          /**< Calls that had to wait, however that ended. */
	uint64_t timeouts;       /**< Calls that waited in vain. */
	int64_t waited_ms;       /**< All waits together. */
	int64_t longest_wait_ms; /**< The longest of them. */

	/* The turn to write, on SQLite, where one transaction at a time can; all 0 on others. It comes before the connection. */
	uint32_t write_waiting;        /**< Threads that wait for it now. */
	uint64_t write_waits;          /**< Sessions that had to wait, however that ended. */
	uint64_t write_timeouts;       /**< Sessions that waited in vain: DBW_BUSY or DBW_TIMEOUT. */
	int64_t write_waited_ms;       /**< All these waits together. */
	int64_t longest_write_wait_ms; /**< The longest of them. */

	uint64_t opened;          /**< Connections that were opened. */
	uint64_t open_failures;   /**< ... and that could not be. */
	uint64_t closed_broken;   /**< Closed because they did not come back clean, or the server had gone. */
	uint64_t closed_idle;     /**< Closed after idle_timeout_ms. */
	uint64_t closed_old;      /**< Closed after max_lifetime_ms. */
	uint64_t closed_overflow; /**< Closed because they were above pool_size and nobody waited. */
} dbw_pool_statistics;

#endif
