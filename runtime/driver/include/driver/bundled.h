/* The drivers that dbwright brings along. */
#ifndef DBWRIGHT_DRIVER_BUNDLED_H
#define DBWRIGHT_DRIVER_BUNDLED_H

#include <dbwright/driver.h>

/** For SQLite 3.37 and later. */
extern const dbw_driver dbw__sqlite_driver;

/** For PostgreSQL, in builds that have libpq 14 or later. */
extern const dbw_driver dbw__postgresql_driver;

#endif
