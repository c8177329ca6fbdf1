/* Copies of rows that stand by themselves: one piece of memory each, text and all. */
#include "row.h"

#include <dbwright/generated.h>
#include <descriptor/member.h>

#include <stdlib.h>

static size_t absent_size(const dbw_model *model)
{
	return (model->column_count + 63U) / 64U * sizeof(uint64_t);
}

/* The bytes that a member points to; size 0 and data NULL for none. The mark of an unset member is no text of its own. */
static dbw_bytes pointed_to(const dbw_column *column, const void *member)
{
	dbw_bytes bytes = { NULL, 0 };

	if (column->kind == DBW_KIND_BYTES) {
		bytes = *(const dbw_bytes *)member;
	} else if (column->kind == DBW_KIND_TEXT || column->kind == DBW_KIND_JSON) {
		const char *text = *(const char *const *)member;

		if (text != NULL)
			bytes = dbw_bytes_of(text, strlen(text));
	}
	return bytes.data == dbw__text_unset ? (dbw_bytes){ NULL, 0 } : bytes;
}

static size_t text_size(const dbw_model *model, const void *row)
{
	size_t size = 0;

	for (uint16_t i = 0; i < model->column_count; i++) {
		const dbw_column *column = &model->columns[i];
		dbw_bytes bytes;

		if (dbw__row_is_absent(model, row, i))
			continue;
		bytes = pointed_to(column, dbw__row_member_of(column, row));
		if (bytes.data != NULL)
			size += bytes.size + 1;
	}
	return size;
}

static bool copy_member(const dbw_column *column, const void *from, void *to, dbw_arena *arena)
{
	const dbw_bytes bytes = pointed_to(column, from);
	char *copy;

	memcpy(to, from, dbw__member_size(column));
	if (bytes.data == NULL)
		return true;
	/* One byte more: the end of a text, and where there are no bytes, still an address. */
	copy = dbw_arena_alloc_bytes(arena, bytes.size + 1);
	if (copy == NULL)
		return false;
	memcpy(copy, bytes.data, bytes.size);
	copy[bytes.size] = '\0';
	if (column->kind == DBW_KIND_BYTES)
		((dbw_bytes *)to)->data = copy;
	else
		*(const char **)to = copy;
	return true;
}

/* The columns of a row, and which are absent; `to` is all zero. */
static bool copy_columns(const dbw_model *model, const void *from, void *to, dbw_arena *arena)
{
	const uint64_t *absent = dbw__row_word_of(model, from)->absent;

	for (uint16_t i = 0; i < model->column_count; i++) {
		const dbw_column *column = &model->columns[i];

		if (!dbw__row_is_absent(model, from, i) &&
			!copy_member(
				column, dbw__row_member_of(column, from), dbw__row_member(column, to), arena))
			return false;
	}
	if (absent != NULL) {
		uint64_t *copy = dbw_arena_alloc(arena, absent_size(model));

		if (copy == NULL)
			return false;
		dbw__row_word(model, to)->absent = memcpy(copy, absent, absent_size(model));
	}
	return true;
}

dbw_status dbw__row_copy(const dbw_model *model, const void *row, void *out)
{
	const uint64_t *absent;
	dbw_arena *arena;
	void *copy = NULL;

	/* `out` is the address of a pointer to a generated struct, which is not a `void *` to the compiler. */
	if (out == NULL)
		return DBW_MISUSE;
	memcpy(out, &copy, sizeof copy);
	if (row == NULL || !dbw__row_is_known(model, row))
		return DBW_MISUSE;
	absent = dbw__row_word_of(model, row)->absent;
	/* Objects end where the next one may begin. */
	copy = dbw__found_new(model,
		text_size(model, row) + DBW_ARENA_ALIGNMENT +
			(absent == NULL ? 0 : absent_size(model) + DBW_ARENA_ALIGNMENT),
		&arena);
	if (copy == NULL)
		return DBW_OUT_OF_MEMORY;
	dbw__mark_found(model, copy);
	if (!copy_columns(model, row, copy, arena)) {
		dbw_arena_free(arena);
		return DBW_OUT_OF_MEMORY;
	}
	memcpy(out, &copy, sizeof copy);
	return DBW_OK;
}

dbw_status dbw__list_copy(const dbw_model *model, const void *rows, size_t count, void *out)
{
	dbw__list list;

	if (out == NULL)
		return DBW_MISUSE;
	memset(&list, 0, sizeof list);
	dbw__list_free(&list);
	memcpy(out, &list, sizeof list);
	if (count == 0)
		return DBW_OK;
	list.arena_ = dbw_arena_new(0);
	list.items = calloc(count, model->row_size);
	list.count = count;
	if (list.arena_ == NULL || list.items == NULL)
		goto out_of_memory;
	for (size_t i = 0; i < count; i++) {
		const void *row = (const char *)rows + i * model->row_size;
		void *copy = (char *)list.items + i * model->row_size;

		if (!copy_columns(model, row, copy, list.arena_))
			goto out_of_memory;
		dbw__row_word(model, copy)->origin = DBW_ROW_READ;
	}
	memcpy(out, &list, sizeof list);
	return DBW_OK;
out_of_memory:
	dbw_arena_free(list.arena_);
	free(list.items);
	return DBW_OUT_OF_MEMORY;
}
