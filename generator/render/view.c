#include <render/view.h>

#include <string.h>

uint32_t ir__view_hash(const char *name, size_t length)
{
	uint32_t hash = UINT32_C(2166136261); /* FNV-1a */

	for (size_t i = 0; i < length; i++)
		hash = (hash ^ (unsigned char)name[i]) * UINT32_C(16777619);
	return hash;
}

static ir__view *make(ir__view_maker *maker, ir__view_kind kind)
{
	ir__view *view = dbw_arena_alloc_zeroed(maker->arena, 1, sizeof *view);

	if (view == NULL) {
		maker->failed = true;
		return NULL;
	}
	view->kind = kind;
	view->last = &view->first;
	return view;
}

/* Takes over a text of the arena; NULL says that memory was short. */
static ir__view *make_text(ir__view_maker *maker, const char *text)
{
	ir__view *view = make(maker, IR__VIEW_TEXT);

	if (text == NULL)
		maker->failed = true;
	if (view == NULL || text == NULL)
		return NULL;
	view->text = text;
	view->length = strlen(text);
	return view;
}

ir__view *ir__view_object(ir__view_maker *maker)
{
	return make(maker, IR__VIEW_OBJECT);
}

ir__view *ir__view_list(ir__view_maker *maker)
{
	return make(maker, IR__VIEW_LIST);
}

static void append(ir__view_maker *maker, ir__view *to, const char *key, const ir__view *value)
{
	if (to == NULL || value == NULL)
		return;
	ir__view_member *member = dbw_arena_alloc_zeroed(maker->arena, 1, sizeof *member);
	if (member == NULL) {
		maker->failed = true;
		return;
	}
	member->key = key;
	member->hash = key == NULL ? 0 : ir__view_hash(key, strlen(key));
	member->value = value;
	*to->last = member;
	to->last = &member->next;
	to->length++;
}

void ir__view_add(ir__view_maker *maker, ir__view *list, const ir__view *item)
{
	append(maker, list, NULL, item);
}

ir__view *ir__view_add_object(ir__view_maker *maker, ir__view *list)
{
	ir__view *object = ir__view_object(maker);

	append(maker, list, NULL, object);
	return object;
}

void ir__view_add_text(ir__view_maker *maker, ir__view *list, const char *text)
{
	append(maker, list, NULL, make_text(maker, text));
}

void ir__view_set(ir__view_maker *maker, ir__view *object, const char *key, const ir__view *value)
{
	append(maker, object, key, value);
}

void ir__view_set_text(ir__view_maker *maker, ir__view *object, const char *key, const char *text)
{
	append(maker, object, key, make_text(maker, text == NULL ? "" : text));
}

void ir__view_printf(ir__view_maker *maker, ir__view *object, const char *key, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	append(maker, object, key, make_text(maker, dbw_arena_vprintf(maker->arena, format, arguments)));
	va_end(arguments);
}

void ir__view_set_bool(ir__view_maker *maker, ir__view *object, const char *key, bool truth)
{
	ir__view *view = make(maker, IR__VIEW_BOOL);

	if (view != NULL)
		view->truth = truth;
	append(maker, object, key, view);
}

ir__view *ir__view_set_list(ir__view_maker *maker, ir__view *object, const char *key)
{
	ir__view *list = ir__view_list(maker);

	append(maker, object, key, list);
	return list;
}

ir__view *ir__view_set_object(ir__view_maker *maker, ir__view *object, const char *key)
{
	ir__view *member = ir__view_object(maker);

	append(maker, object, key, member);
	return member;
}

const ir__view *ir__view_member_of(const ir__view *object, const char *name, size_t length, uint32_t hash)
{
	for (const ir__view_member *member = object->first; member != NULL; member = member->next)
		if (member->hash == hash && strncmp(member->key, name, length) == 0 &&
			member->key[length] == '\0')
			return member->value;
	return NULL;
}
