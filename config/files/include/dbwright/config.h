/**
 * Configuration files in YAML, read when the program runs: the library dbwright::config (dbwright-config in pkg-config).
 *
 *     dbw_options options = { .file = "shop.yaml", .reader = dbw_config_reader };
 *
 * The file holds `databases:`, `defaults:` and `profiles:` of docs/configuration.md, and nothing else.
 */
#ifndef DBWRIGHT_CONFIG_H
#define DBWRIGHT_CONFIG_H

#include <dbwright/databases.h>

DBW_BEGIN_DECLS

/** The reader for dbw_options.reader; dbw_databases_open() calls it. */
DBW_API bool dbw_config_reader(struct dbw__config_reading *reading);

DBW_END_DECLS
#endif
