/**
 * The shape key of a request: the model's address, the kind, then one item per condition, order or column. Made by
 * request.c and its neighbours, and read by render.c.
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
	DBW__ITEM_COLUMN = 98, /**< Of an insert or update; behind all else: that a find reads. */
	DBW__ITEM_ONE = 99,    /**< A limit of one row. */
	DBW__ITEM_AGAIN = 100, /**< Behind all else: says nothing. */
	DBW__ITEM_LOCK = 104,  /**< Together with a dbw_lock; PostgreSQL's. */

	/* Of writes of many rows and of upserts. */
	DBW__ITEM_ROWS = 112,     /**< How many rows, as the column's number. */
	DBW__ITEM_CONFLICT = 113, /**< A column of the conflict's target. */
	DBW__ITEM_LIVING = 114,   /**< The target is an index of the rows that are not deleted. */
	DBW__ITEM_EXCLUDED = 115, /**< Set to what the insert would have written. */
	DBW__ITEM_SET = 116,      /**< Set to a parameter. */
	DBW__ITEM_ADD = 117,      /**< Set to itself plus a parameter. */
	DBW__ITEM_SET_NULL = 118,
	DBW__ITEM_COUNT_UP = 119, /**< Set to itself plus 1. */
	DBW__ITEM_RETURN = 120,   /**< Read of the row as it is then. */
	DBW__ITEM_GROUP = 128,    /**< Together with what of a group begins or ends. */
	DBW__ITEM_CLASS = 0xe0    /**< Mask: which of the above that stand alone in these three bits. */
};

/** The parts of a group: BEGIN, its members with OR between them, END. */
enum {
	DBW__GROUP_BEGIN = DBW__ITEM_GROUP,
	DBW__GROUP_OR,
	DBW__GROUP_END_ANY,  /**< One member at least is true. */
	DBW__GROUP_END_NONE, /**< No member is true. */
	DBW__GROUP_NEVER     /**< By itself: what no row matches. */
};

/** dbw__key_item.list of an empty list, and of one that is a single parameter. */
enum { DBW__LIST_EMPTY = 0xff, DBW__LIST_WHOLE = 0xfe };

/**
 * dbw__key_item.list of an order of a page that does not begin at the first row: whether the column was NULL or a parameter
 * in the row that the page begins behind, and of the last order whether that row itself is meant, too.
 */
enum { DBW__PLACE_VALUE = 1, DBW__PLACE_NULL = 2, DBW__PLACE_INCLUDED = 4 };

/** An item, four bytes without gaps. */
typedef struct dbw__key_item {
	uint8_t what;
	uint8_t list; /**< IN, NOT IN: there are 1 << list parameters; or one of those above. */
	uint16_t column;
} dbw__key_item;

/** A key begins with the model's address and the kind. */
enum { DBW__KEY_HEADER_SIZE = sizeof(const dbw_model *) + 1 };

#endif
