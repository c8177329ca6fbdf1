/** The SQL of a page. */
#ifndef DBWRIGHT_STATEMENT_RENDER_PAGE_H
#define DBWRIGHT_STATEMENT_RENDER_PAGE_H

#include "render_writer.h"

/** The statement of a DBW__REQUEST_PAGE with these items in its key: conditions, orders, limit. */
void dbw__write_page(struct writer *writer, const char *items, size_t count);

#endif
