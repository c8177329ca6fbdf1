#include "render_page.h"

/*
 * The rows behind a place, in an order by a, b and c, come in parts:
 *
 *     a and b as in the place, and c behind it
 *     a as in the place, and b behind it
 *     a behind it
 *
 * Each is one range of an index over a, b and c. Neighbours of the same direction are one part, a comparison of rows:
 * (b, c) > (?, ?). That leaves out the NULLs, which is right in ASC, where they come first; in DESC, where they come last,
 * they are a part of their own.
 */
struct page {
	const char *items;
	size_t all;          /* Items. */
	size_t first, count; /* Of the orders. */
	unsigned bound;      /* Parameters of the conditions, which come first. */
};

static dbw__key_item order_at(const struct page *page, size_t place)
{
	return item_at(page->items, page->first + place);
}

static bool has_value(const dbw__key_item *item)
{
	return (item->list & DBW__PLACE_VALUE) != 0;
}

/* The number of the first parameter behind those of the columns before `place`. */
static unsigned parameter_at(const struct page *page, size_t place)
{
	unsigned number = page->bound + 1;

	for (size_t i = 0; i < place; i++) {
		const dbw__key_item item = order_at(page, i);

		number += has_value(&item);
	}
	return number;
}

static void write_end(struct writer *writer, const struct page *page)
{
	for (size_t i = 0; i < page->count; i++) {
		const dbw__key_item item = order_at(page, i);

		text(writer, i == 0 ? " ORDER BY " : ", ");
		order(writer, &item);
	}
	text(writer, " LIMIT ");
	numbered_parameter(writer, parameter_at(page, page->count));
}

static void write_begin(struct writer *writer, struct page *page)
{
	(void)dbw__write_select(writer, page->items, page->all);
	writer->parameters = 0;
	dbw__write_query(writer, page->items, page->first);
	page->bound = writer->parameters;
}

/* The columns as they are in the place. */
static void write_equal(struct writer *writer, const struct page *page, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		const dbw__key_item item = order_at(page, i);

		column_name(writer, item.column);
		if (has_value(&item)) {
			text(writer, " = ");
			numbered_parameter(writer, parameter_at(page, i));
		} else {
			text(writer, " IS NULL");
		}
		text(writer, " AND ");
	}
}

/* Columns of one direction behind the place. */
static void write_behind(struct writer *writer, const struct page *page, size_t start, size_t end)
{
	const dbw__key_item last = order_at(page, end - 1);
	const bool one = end - start == 1;

	text(writer, one ? "" : "(");
	for (size_t i = start; i < end; i++) {
		text(writer, i == start ? "" : ", ");
		column_name(writer, order_at(page, i).column);
	}
	text(writer, one ? "" : ")");
	text(writer, last.what == DBW__ITEM_ORDER + DBW_ASC ? " >" : " <");
	text(writer, (last.list & DBW__PLACE_INCLUDED) != 0 ? "= " : " ");
	text(writer, one ? "" : "(");
	for (size_t i = start; i < end; i++) {
		text(writer, i == start ? "" : ", ");
		numbered_parameter(writer, parameter_at(page, i));
	}
	text(writer, one ? "" : ")");
}

enum part { BEHIND, NULLS, NOT_NULLS };

/* Where there are several parts, each is a query of its own inside: only so it has its own order and limit. */
struct parts {
	struct writer *writer;
	struct page *page;
	bool written; /* Else they are counted. */
	bool several;
	size_t count;
};

static void write_part(struct parts *parts, enum part part, size_t start, size_t end)
{
	struct writer *writer = parts->writer;

	parts->count++;
	if (!parts->written)
		return;
	if (parts->several)
		text(writer, parts->count == 1 ? "SELECT * FROM (" : " UNION ALL SELECT * FROM (");
	write_begin(writer, parts->page);
	text(writer, parts->page->first == 0 ? " WHERE " : " AND ");
	write_equal(writer, parts->page, start);
	if (part == BEHIND) {
		write_behind(writer, parts->page, start, end);
	} else {
		column_name(writer, order_at(parts->page, start).column);
		text(writer, part == NULLS ? " IS NULL" : " IS NOT NULL");
	}
	write_end(writer, parts->page);
	if (parts->several)
		text(writer, ") AS part");
}

static void visit_parts(struct parts *parts)
{
	const struct page *page = parts->page;

	parts->count = 0;
	for (size_t start, end = page->count; end > 0; end = start) {
		const dbw__key_item last = order_at(page, end - 1);
		const bool ascending = last.what == DBW__ITEM_ORDER + DBW_ASC;

		start = end - 1;
		if (!has_value(&last)) {
			/* Nothing is behind a NULL in DESC. */
			if (ascending)
				write_part(parts, NOT_NULLS, start, end);
			continue;
		}
		for (; start > 0; start--) {
			const dbw__key_item item = order_at(page, start - 1);

			if (!has_value(&item) || item.what != last.what)
				break;
		}
		write_part(parts, BEHIND, start, end);
		for (size_t i = start; !ascending && i < end; i++)
			if ((parts->writer->model->columns[order_at(page, i).column].flags &
				    DBW_COLUMN_NULLABLE) != 0)
				write_part(parts, NULLS, i, i + 1);
	}
}

static bool is_order(const char *items, size_t place)
{
	return (item_at(items, place).what & DBW__ITEM_CLASS) == DBW__ITEM_ORDER;
}

void dbw__write_page(struct writer *writer, const char *items, size_t count)
{
	struct page page = { .items = items, .all = count };
	struct parts parts = { .writer = writer, .page = &page };

	while (page.first < count && !is_order(items, page.first))
		page.first++;
	while (page.first + page.count < count && is_order(items, page.first + page.count))
		page.count++;
	if (page.count == 0 || order_at(&page, 0).list == 0) {
		write_begin(writer, &page);
		write_end(writer, &page);
		return;
	}
	visit_parts(&parts);
	parts.written = true;
	parts.several = parts.count > 1;
	visit_parts(&parts);
	if (parts.several)
		write_end(writer, &page);
}
