/*
 * Texts of pages: the input as it is, and the input as the values of a text whose checksum is right, as somebody would make
 * who knows the format. A page comes, or DBW_INVALID; what comes leads on to other pages.
 *
 * The first byte chooses the query, the second the way and the columns; the rest are the values.
 */
#include "../unit/fixture_user.h"

#include "fuzz.h"

#include <accessor/page_text.h>
#include <base/utf8.h>
#include <dbwright/generated.h>

#include <math.h>
#include <string.h>

typedef struct user_page {
	user_list rows;
	const char *next;
	const char *previous;
} user_page;

static const user_query queries[] = {
	{ .limit = 2 },
	{ .order_by = { { .id = DBW_DESC } }, .limit = 1 },
	{ .order_by = { { .name = DBW_ASC } }, .limit = 2 },
	{ .order_by = { { .bio = DBW_DESC }, { .email = DBW_DESC } }, .limit = 1 },
	{ .order_by = { { .bio = DBW_ASC }, { .balance = DBW_DESC } }, .limit = 3 },
	{ .order_by = { { .is_active = DBW_ASC }, { .created_at = DBW_ASC }, { .name = DBW_DESC } },
		.limit = 2 },
};

enum { QUERIES = sizeof queries / sizeof queries[0], COLUMNS_TOGETHER = 4 };

static auth_session s;

/* One database and one session for all inputs. */
static void open_once(void)
{
	static dbw_databases *databases;
	static const char *const bios[] = { NULL, "", "b", NULL };
	const dbw_session_options options = { .purpose = "fuzz", .qualifier = "memory" };

	if (databases != NULL)
		return;
	FUZZ_CHECK(dbw_databases_open(&databases, &fixture_program, NULL, NULL) == DBW_OK);
	FUZZ_CHECK(dbw__begin(databases, &auth__schema, &options, true, &s.any, NULL) == DBW_OK);
	FUZZ_CHECK(dbw__create_tables(s.any, &auth__tables) == DBW_OK);
	for (int i = 0; i < 4; i++) {
		const char email[] = { (char)('a' + i), '\0' };
		user row = USER_INIT;

		row.name = i % 2 == 0 ? "even" : "odd";
		row.email = email;
		row.bio = bios[i];
		row.created_at = (dbw_timestamp){ i };
		FUZZ_CHECK(dbw__insert(s.any, &user__model, &row) == DBW_OK);
	}
}

/* Whether the text leads to a page; what it has of texts does. */
static bool leads(const user_query *query, const char *text, bool follow)
{
	user_page page;
	const dbw_status status = dbw__find_page(s.any, &user__model, query, text, &page);

	FUZZ_CHECK(status == DBW_OK || status == DBW_INVALID);
	FUZZ_CHECK(page.rows.items != NULL && page.rows.count <= (size_t)query->limit);
	if (status != DBW_OK) {
		FUZZ_CHECK(page.rows.count == 0 && page.next == NULL && page.previous == NULL);
		FUZZ_CHECK(
			strcmp(dbw_session_error(s.any)->message,
				"user: the page text does not belong to this query; start at the first page") ==
			0);
	} else if (follow) {
		FUZZ_CHECK(page.next == NULL || leads(query, page.next, false));
		FUZZ_CHECK(page.previous == NULL || leads(query, page.previous, false));
		FUZZ_CHECK(page.rows.count != 0 || page.next != NULL || page.previous != NULL);
	}
	dbw__page_free(&page);
	return status == DBW_OK;
}

/* The values as those of a query of users. */
static void check_page(unsigned number, const dbw__page_seal *seal, dbw_arena *arena)
{
	const user_query *query = &queries[number % QUERIES];
	dbw__request request;
	dbw__page_order order;
	dbw__page_seal opened;
	dbw_value *values;
	uint64_t identity;
	const char *text;
	bool good;

	dbw__request_init(&request, &user__model, DBW_SQLITE, DBW__REQUEST_PAGE, arena);
	FUZZ_CHECK(dbw__request_page(&request, query, &order, NULL) == DBW_OK);
	identity = dbw__page_identity(&request, &order);
	text = dbw__page_text_make(seal, identity, arena);
	FUZZ_CHECK(text != NULL && dbw__page_text_open(text, identity, arena, &opened) == DBW_OK);
	FUZZ_CHECK(opened.size == seal->size && memcmp(opened.bytes, seal->bytes, seal->size) == 0);
	FUZZ_CHECK(opened.backward == seal->backward && opened.included == seal->included);
	FUZZ_CHECK(dbw__page_text_open(text, identity ^ 1, arena, &opened) == DBW_INVALID);
	values = dbw_arena_alloc(arena, order.count * sizeof *values);
	FUZZ_CHECK(values != NULL);
	good = dbw__page_values_read(&request, &order, seal, values);
	FUZZ_CHECK(leads(query, text, true) == good);
	dbw__request_clear(&request);
}

/* The values as those of some neighbouring columns of every kind. */
static void check_values(unsigned choice, const dbw__page_seal *seal, dbw_arena *arena)
{
	uint16_t numbers[COLUMNS_TOGETHER];
	dbw_model model = everything__model;
	dbw_value values[COLUMNS_TOGETHER];
	dbw__request request;
	dbw__page_order order;

	model.key = numbers;
	model.key_count = (uint16_t)(1 + choice / EVERYTHING__COLUMN_COUNT % COLUMNS_TOGETHER);
	for (uint16_t i = 0; i < model.key_count; i++)
		numbers[i] = (uint16_t)((choice + i) % EVERYTHING__COLUMN_COUNT);
	dbw__request_init(&request, &model, DBW_SQLITE, DBW__REQUEST_PAGE, arena);
	FUZZ_CHECK(dbw__request_page(&request, NULL, &order, NULL) == DBW_OK);
	FUZZ_CHECK(order.count == model.key_count);
	for (size_t i = 0; dbw__page_values_read(&request, &order, seal, values) && i < order.count; i++) {
		const dbw_column *column = &model.columns[numbers[i]];
		const dbw_value *value = &values[i];

		FUZZ_CHECK(value->column == column);
		if (value->kind == 0) {
			FUZZ_CHECK((column->flags & DBW_COLUMN_NULLABLE) != 0);
			continue;
		}
		FUZZ_CHECK(value->kind == column->kind);
		if (value->kind == DBW_KIND_TEXT || value->kind == DBW_KIND_BYTES) {
			const char *data = value->as.data;

			FUZZ_CHECK(data >= seal->bytes && data + value->size <= seal->bytes + seal->size);
			if (value->kind == DBW_KIND_TEXT)
				FUZZ_CHECK(strlen(data) == value->size &&
					   dbw__utf8_check(data, value->size, NULL));
		} else if (value->kind == DBW_KIND_FLOAT32 || value->kind == DBW_KIND_FLOAT64) {
			FUZZ_CHECK(!isnan(value->as.real));
		} else if (value->kind == DBW_KIND_ENUM) {
			FUZZ_CHECK(value->as.integer >= 1 && value->as.integer <= column->values->count);
		} else if (value->kind == DBW_KIND_DECIMAL) {
			FUZZ_CHECK(dbw_decimal_is_valid(value->as.decimal));
		}
	}
	dbw__request_clear(&request);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	fuzz_bytes bytes = { data, size };
	const unsigned number = fuzz_take(&bytes), choice = fuzz_take(&bytes);
	dbw_arena *arena = dbw_arena_new(0);
	dbw__page_seal seal = { .backward = (choice & 1) != 0, .included = (choice & 2) != 0 };
	char *text = malloc(size + 1);

	FUZZ_CHECK(arena != NULL && text != NULL);
	open_once();
	if (size != 0)
		memcpy(text, data, size);
	text[size] = '\0';
	(void)leads(&queries[number % QUERIES], text, true);
	/* Memory of just this size, so that a byte too many is seen. */
	free(text);
	text = malloc(bytes.left + 1);
	FUZZ_CHECK(text != NULL);
	if (bytes.left != 0)
		memcpy(text, bytes.at, bytes.left);
	text[bytes.left] = '\0';
	seal.bytes = text;
	seal.size = bytes.left;
	check_page(number, &seal, arena);
	check_values(choice, &seal, arena);
	free(text);
	dbw_arena_free(arena);
	return 0;
}
