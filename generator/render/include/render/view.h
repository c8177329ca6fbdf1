/*
 * Views: what templates are filled with. A view is a small tree of texts, truths, lists and objects in an arena.
 *
 * Failure sticks: when memory is short, the maker remembers it, the functions give NULL and take NULL, and one look at
 * `failed` at the end is enough.
 */
#ifndef DBWRIGHT_RENDER_VIEW_H
#define DBWRIGHT_RENDER_VIEW_H

#include <base/arena.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef enum ir__view_kind {
	IR__VIEW_TEXT,
	IR__VIEW_BOOL,
	IR__VIEW_LIST,
	IR__VIEW_OBJECT,
} ir__view_kind;

/** A value. Only the functions here and the template engine look inside. */
typedef struct ir__view {
	ir__view_kind kind;
	bool truth;                    /* BOOL */
	const char *text;              /* TEXT */
	size_t length;                 /* TEXT: bytes; LIST: items */
	struct ir__view_member *first; /* LIST and OBJECT */
	struct ir__view_member **last;
} ir__view;

/* A member of an object, or an item of a list (whose key is NULL). */
typedef struct ir__view_member {
	const char *key;
	uint32_t hash;
	const ir__view *value;
	struct ir__view_member *next;
} ir__view_member;

/** Makes views in an arena that outlives them. */
typedef struct ir__view_maker {
	dbw_arena *arena;
	bool failed; /**< Memory was short: what was made is not complete. */
} ir__view_maker;

/** The hash by which members are found. */
uint32_t ir__view_hash(const char *name, size_t length);

/** An empty object, or list. */
ir__view *ir__view_object(ir__view_maker *maker);
ir__view *ir__view_list(ir__view_maker *maker);

/** Appends an item to a list. */
void ir__view_add(ir__view_maker *maker, ir__view *list, const ir__view *item);

/** Appends a new object to a list and returns it. */
ir__view *ir__view_add_object(ir__view_maker *maker, ir__view *list);

/** Appends a text to a list. The text is borrowed as long as the view is used. */
void ir__view_add_text(ir__view_maker *maker, ir__view *list, const char *text);

/** Gives an object a member. The key is static; a key is set once. */
void ir__view_set(ir__view_maker *maker, ir__view *object, const char *key, const ir__view *value);

/** The same with a text, which is borrowed as long as the view is used; NULL is the empty text. */
void ir__view_set_text(ir__view_maker *maker, ir__view *object, const char *key, const char *text);

/** The same with a text formatted as by printf. */
void ir__view_printf(ir__view_maker *maker, ir__view *object, const char *key, const char *format, ...)
	__attribute__((format(printf, 4, 5)));

/** The same with a truth. */
void ir__view_set_bool(ir__view_maker *maker, ir__view *object, const char *key, bool truth);

/** The same with a new list, or a new object, which is returned. */
ir__view *ir__view_set_list(ir__view_maker *maker, ir__view *object, const char *key);
ir__view *ir__view_set_object(ir__view_maker *maker, ir__view *object, const char *key);

/** The member of an object by name; NULL if it has none. `hash` is ir__view_hash() of the name. */
const ir__view *ir__view_member_of(const ir__view *object, const char *name, size_t length, uint32_t hash);

#endif
