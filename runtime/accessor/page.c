#include "list.h"
#include "select.h"

#include <accessor/page_text.h>

#include <stdlib.h>

/* A page in the making. */
struct paging {
	dbw__lease *lease;
	const dbw_model *model;
	dbw__request request;
	dbw__page_order order;
	uint64_t identity;
	bool placed;         /* It does not begin at the first row, ... */
	dbw__page_seal seal; /* ... but here. */
	int64_t limit;
};

static dbw_status not_of_this_query(const struct paging *paging)
{
	return dbw__fail(paging->lease->error, DBW_INVALID,
		"%s: the page text does not belong to this query; start at the first page",
		paging->model->name);
}

static int64_t number_at(const char *query, uint32_t offset)
{
	const void *member = query + offset;

	return *(const int64_t *)member;
}

static dbw_status check_query(struct paging *paging, const char *query, bool has_place)
{
	const dbw_model *model = paging->model;

	if (!has_place)
		return dbw__misuse(paging->lease, model, "there is no place for the page");
	paging->limit = query == NULL ? 0 : number_at(query, model->query.limit);
	if (paging->limit == 0)
		return dbw__misuse(paging->lease, model, "a page needs a limit: how many rows it has");
	if (paging->limit < 0)
		return dbw__misuse(paging->lease, model, "the limit is negative");
	if (number_at(query, model->query.offset) != 0)
		return dbw__misuse(
			paging->lease, model, "a page has no offset; its text says where it begins");
	return DBW_OK;
}

/* Where the page begins. */
static dbw_status add_place(struct paging *paging, const char *text)
{
	dbw_arena *scratch = dbw__lease_scratch(paging->lease);
	dbw__page_place place;
	dbw_status status = dbw__page_text_open(text, paging->identity, scratch, &paging->seal);

	if (status == DBW_INVALID)
		return not_of_this_query(paging);
	place.values = status != DBW_OK
			       ? NULL
			       : dbw_arena_alloc(scratch, paging->order.count * sizeof *place.values);
	if (place.values == NULL)
		return dbw__out_of_memory(paging->lease->error);
	if (!dbw__page_values_read(&paging->request, &paging->order, &paging->seal, place.values))
		return not_of_this_query(paging);
	place.backward = paging->seal.backward;
	place.included = paging->seal.included;
	return dbw__request_behind(&paging->request, &paging->order, &place, paging->lease->error);
}

/* One row more than the page has tells whether another page follows. */
static dbw_status fetch(struct paging *paging, const void *query, dbw__call *call, dbw__list *rows)
{
	const int64_t most = paging->limit < INT64_MAX ? paging->limit + 1 : paging->limit;
	dbw_prepared *prepared;
	dbw_status status = dbw__request_page_rows(&paging->request, most, paging->lease->error);

	if (status == DBW_OK)
		status = dbw__select_for_page(paging->lease, &paging->request, query, &paging->order);
	if (status == DBW_OK)
		status = dbw__shaped_statement(paging->lease, &paging->request, call, &prepared);
	if (status == DBW_OK)
		status = dbw__list_run(paging->lease, &paging->request.result, prepared,
			paging->request.values, paging->request.count, call, rows);
	return status;
}

static void swap(char *one, char *other, size_t size)
{
	for (size_t i = 0; i < size; i++) {
		const char byte = one[i];

		one[i] = other[i];
		other[i] = byte;
	}
}

/* Rows of a page that was read backward come nearest first. */
static void reverse(dbw__list *rows, size_t row_size)
{
	char *items = rows->items;

	for (size_t low = 0, high = rows->count; low + 1 < high; low++)
		swap(items + low * row_size, items + --high * row_size, row_size);
}

/* The text for the pages behind, or before, one of the rows. */
static const char *text_at(const struct paging *paging, const dbw__list *rows, size_t row, bool backward)
{
	char storage[256];
	dbw_text_buffer bytes;
	dbw__page_seal seal = { .backward = backward };
	const char *text = NULL;

	dbw_text_init(&bytes, storage, sizeof storage);
	dbw__page_values_write(&paging->request, &paging->order,
		(const char *)rows->items + row * paging->model->row_size, &bytes);
	seal.bytes = bytes.data;
	seal.size = bytes.length;
	if (!bytes.failed)
		text = dbw__page_text_make(&seal, paging->identity, rows->arena_);
	dbw_text_clear(&bytes);
	return text;
}

/*
 * No row is left on this side of the place. The way back begins there too, and has the row at the place where this one
 * has not: it was the last one seen.
 */
static bool turn_round(const struct paging *paging, dbw__page *page)
{
	dbw__page_seal seal = paging->seal;
	const char *text;

	seal.backward = !seal.backward;
	seal.included = !seal.included;
	/* An empty list has no memory yet: its items are a block of their own, see dbw__list_free(). */
	page->rows.arena_ = dbw_arena_new(0);
	page->rows.items = page->rows.arena_ == NULL ? NULL : malloc(paging->model->row_size);
	if (page->rows.items == NULL) {
		dbw_arena_free(page->rows.arena_);
		dbw__list_empty(&page->rows);
		return false;
	}
	text = dbw__page_text_make(&seal, paging->identity, page->rows.arena_);
	*(seal.backward ? &page->previous : &page->next) = text;
	return text != NULL;
}

/* Whether more rows follow in the way it was read; there are some in the other way where it has a place. */
static bool add_texts(const struct paging *paging, bool more, dbw__page *page)
{
	const bool backward = paging->placed && paging->seal.backward;
	const bool has_next = backward || more;
	const bool has_previous = backward ? more : paging->placed;

	if (page->rows.count == 0)
		return !paging->placed || turn_round(paging, page);
	if (has_next)
		page->next = text_at(paging, &page->rows, page->rows.count - 1, false);
	if (has_previous)
		page->previous = text_at(paging, &page->rows, 0, true);
	return (!has_next || page->next != NULL) && (!has_previous || page->previous != NULL);
}

static dbw_status read_page(struct paging *paging, const void *query, dbw__call *call, dbw__page *page)
{
	dbw_status status = fetch(paging, query, call, &page->rows);
	bool more;

	if (status != DBW_OK)
		return status;
	more = (uint64_t)page->rows.count > (uint64_t)paging->limit;
	if (more)
		page->rows.count--;
	if (paging->placed && paging->seal.backward)
		reverse(&page->rows, paging->model->row_size);
	call->rows = (int64_t)page->rows.count;
	return add_texts(paging, more, page) ? DBW_OK : dbw__out_of_memory(paging->lease->error);
}

static void empty(dbw__page *page)
{
	dbw__list_empty(&page->rows);
	page->next = page->previous = NULL;
}

dbw_status dbw__find_page(
	dbw_session session, const dbw_model *model, const void *query, const char *from, void *out)
{
	struct paging paging = { .model = model, .placed = from != NULL };
	dbw__call call = { .model = model, .statement = "find_page" };
	dbw__lease *lease;
	dbw__page page;
	dbw_status status;

	empty(&page);
	/* `out` is a generated page struct: the same members, but another type to the compiler. */
	if (out != NULL)
		memcpy(out, &page, sizeof page);
	status = dbw__session_enter(session, false, &lease);
	if (status != DBW_OK)
		return status;
	paging.lease = lease;
	dbw__request_init(
		&paging.request, model, lease->engine, DBW__REQUEST_PAGE, dbw__lease_scratch(lease));
	status = dbw__check_schema(lease, model);
	if (status == DBW_OK)
		status = check_query(&paging, query, out != NULL);
	if (status == DBW_OK)
		status = dbw__request_page(&paging.request, query, &paging.order, lease->error);
	if (status == DBW_OK) {
		paging.identity = dbw__page_identity(&paging.request, &paging.order);
		if (paging.placed)
			status = add_place(&paging, from);
	}
	if (status == DBW_OK)
		status = read_page(&paging, query, &call, &page);
	status = dbw__leave_unnamed(lease, status, &call);
	dbw__request_clear(&paging.request);
	if (status == DBW_OK)
		memcpy(out, &page, sizeof page);
	else
		dbw__page_free(&page);
	return status;
}

void dbw__page_free(void *page)
{
	dbw__page own;

	if (page == NULL)
		return;
	memcpy(&own, page, sizeof own);
	dbw__list_free(&own.rows);
	own.next = own.previous = NULL;
	memcpy(page, &own, sizeof own);
}
