/* The other schema, from another target. */
#include <stock.h>

int item_count_of(const item_list *list)
{
	return (int)list->count;
}
