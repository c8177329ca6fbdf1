/** The groups of a filter: where they are in its struct, and what their parts in a shape key add up to. */
#ifndef DBWRIGHT_STATEMENT_RENDER_GROUP_H
#define DBWRIGHT_STATEMENT_RENDER_GROUP_H

#include <dbwright/filter.h>

/** Whether a constructor made the filter, or nobody: else it is a value that stands where a filter belongs. */
static inline bool dbw__predicate_is_made(const dbw_predicate *predicate)
{
	return predicate->made_ == NULL;
}

/** Indexes of dbw_model.groups. */
enum { DBW__GROUP_ALL_OF, DBW__GROUP_ANY_OF, DBW__GROUP_NONE_OF, DBW__GROUP_KINDS };

/** One group of a filter struct of a model that is filtered (filter_size is not 0). */
dbw__filters dbw__group_at(const dbw_model *model, const void *filter, unsigned group);

/** Whether the member of a group whose items begin at `place` in a key has several conditions beside one another. */
bool dbw__group_has_parts(const char *items, size_t place);

/**
 * How high the expression of a key's conditions may be, not lower than it is: SQLite counts operators of the same kind
 * in a row as one above the other. `size` is in bytes. Items that are no conditions may follow or not.
 */
size_t dbw__group_height(const char *items, size_t size);

#endif
