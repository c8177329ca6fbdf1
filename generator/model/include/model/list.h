/** A list of pointers that grows in an arena: how the arrays of the intermediate representation come to be. */
#ifndef DBWRIGHT_MODEL_LIST_H
#define DBWRIGHT_MODEL_LIST_H

#include <base/arena.h>
#include <stdbool.h>

/** All zero is an empty list. The pointers are borrowed. */
typedef struct ir_list {
	void **items;
	size_t count;
	size_t capacity;
} ir_list;

/** Appends a pointer. False when memory is short; the list is then as before. */
bool ir_list_add(dbw_arena *arena, ir_list *list, void *item);

#endif
