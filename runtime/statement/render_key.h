/**
 * The shape key of a request: the model's address, the kind, then one item per condition, order or column. Made by
 * render_request.c and read by render.c.
 */
#ifndef DBWRIGHT_STATEMENT_RENDER_KEY_H
#define DBWRIGHT_STATEMENT_RENDER_KEY_H

#include <dbwright/model.h>

/** What an item says. A comparison is its dbw_operator, of which there are fewer than 32. */
enum {
	DBW__ITEM_COMPARE = 0,
	DBW__ITEM_NULL = 32,  /**< Together with a dbw_nullness. */
	DBW__ITEM_ORDER = 64, /**< Together with a dbw_direction. */
	DBW__ITEM_LIMIT = 96,
	DBW__ITEM_OFFSET = 97,
	DBW__ITEM_COLUMN = 98, /**< Of an insert or update. */
	DBW__ITEM_CLASS = 0xe0 /**< Mask: which of the first four. */
};

/** dbw__key_item.list of an empty list. */
enum { DBW__LIST_EMPTY = 0xff };

/** An item, four bytes without gaps. */
typedef struct dbw__key_item {
	uint8_t what;
	uint8_t list; /**< IN: the number of parameters is 1 << list; or DBW__LIST_EMPTY. */
	uint16_t column;
} dbw__key_item;

/** A key begins with the model's address and the kind. */
enum { DBW__KEY_HEADER_SIZE = sizeof(const dbw_model *) + 1 };

#endif
