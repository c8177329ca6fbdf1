/* The two halves of the example: reading the file into the database, and telling what is in it. */
#ifndef CHINOOK_STORE_H
#define CHINOOK_STORE_H

#include <chinook.h>
#include <jansson.h>

/*
 * Makes the tables and inserts every row of the file in one session: all of it or nothing. On failure says why on
 * standard error and returns false.
 */
bool store_load(dbw_databases *databases, const json_t *file);

/* Prints the report. On failure says why on standard error and returns false. */
bool store_report(dbw_databases *databases);

#endif
