#include <model/list.h>
#include <string.h>

bool ir_list_add(dbw_arena *arena, ir_list *list, void *item)
{
	if (list->count == list->capacity) {
		size_t capacity = list->capacity == 0 ? 8 : list->capacity * 2;
		void **items = dbw_arena_alloc_zeroed(arena, capacity, sizeof(*items));

		if (items == NULL)
			return false;
		if (list->count != 0)
			memcpy(items, list->items, list->count * sizeof(*items));
		list->items = items;
		list->capacity = capacity;
	}
	list->items[list->count++] = item;
	return true;
}
