#include <base/arena.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

/* A library built with DBWRIGHT_DEBUG_ARENA never has room in the window. */
static bool has_window(void)
{
	dbw_arena *arena = dbw_arena_new(0);
	bool window;

	assert_non_null(arena);
	window = arena->top != arena->bottom;
	dbw_arena_free(arena);
	return window;
}

static void arena__objects_are_aligned_and_apart(void **state)
{
	enum { COUNT = 3000 };
	static unsigned char *objects[COUNT];
	dbw_arena *arena = dbw_arena_new(0);

	(void)state;
	assert_non_null(arena);
	for (size_t i = 0; i < COUNT; i++) {
		size_t size = 1 + i % 97;

		objects[i] = dbw_arena_alloc(arena, size);
		assert_non_null(objects[i]);
		assert_int_equal((uintptr_t)objects[i] % DBW_ARENA_ALIGNMENT, 0);
		memset(objects[i], (int)(i & 0xFF), size);
		/* Text between the objects must not disturb them. */
		assert_non_null(dbw_arena_copy(arena, "text between", i % 12));
	}
	for (size_t i = 0; i < COUNT; i++)
		for (size_t j = 0; j < 1 + i % 97; j++)
			assert_int_equal(objects[i][j], i & 0xFF);
	dbw_arena_free(arena);
}

static void arena__bytes_are_packed(void **state)
{
	dbw_arena *arena = dbw_arena_new(64);
	unsigned char *a, *b;

	(void)state;
	assert_non_null(arena);
	a = dbw_arena_alloc_bytes(arena, 5);
	b = dbw_arena_alloc_bytes(arena, 3);
	assert_non_null(a);
	assert_non_null(b);
	if (has_window())
		assert_ptr_equal(b + 3, a);
	memset(a, 'a', 5);
	memset(b, 'b', 3);
	assert_memory_equal(a, "aaaaa", 5);
	dbw_arena_free(arena);
}

static void arena__first_chunk_holds_what_was_asked(void **state)
{
	dbw_arena *arena = dbw_arena_new(1000);

	(void)state;
	assert_non_null(arena);
	assert_non_null(dbw_arena_alloc_bytes(arena, 999));
	assert_non_null(dbw_arena_alloc_bytes(arena, 1));
	assert_true(arena->chunks == NULL || !has_window());
	assert_non_null(dbw_arena_alloc_bytes(arena, 100));
	assert_non_null(arena->chunks);
	dbw_arena_free(arena);
}

static void arena__sizes_that_wrap_are_refused(void **state)
{
	dbw_arena *arena = dbw_arena_new(0);

	(void)state;
	assert_non_null(arena);
	for (size_t back = 0; back < 40; back++) {
		assert_null(dbw_arena_alloc(arena, SIZE_MAX - back));
		assert_null(dbw_arena_alloc_bytes(arena, SIZE_MAX - back));
		assert_null(dbw_arena_copy(arena, "", SIZE_MAX - back));
	}
	assert_null(dbw_arena_alloc_zeroed(arena, SIZE_MAX / 2, 3));
	assert_null(dbw_arena_alloc_zeroed(arena, 3, SIZE_MAX / 2));
	assert_null(dbw_arena_new(SIZE_MAX));
	assert_null(dbw_arena_new(SIZE_MAX - 64));
	assert_non_null(dbw_arena_alloc(arena, 16));
	dbw_arena_free(arena);
}

static void arena__zero_bytes_are_no_failure(void **state)
{
	dbw_arena *arena = dbw_arena_new(16);

	(void)state;
	assert_non_null(arena);
	for (int i = 0; i < 100; i++) {
		assert_non_null(dbw_arena_alloc(arena, 0));
		assert_non_null(dbw_arena_alloc_bytes(arena, 0));
		assert_non_null(dbw_arena_alloc_zeroed(arena, 0, 8));
	}
	assert_string_equal(dbw_arena_copy(arena, NULL, 0), "");
	dbw_arena_free(arena);
	dbw_arena_free(NULL);
}

static void arena__large_objects_leave_the_window(void **state)
{
	dbw_arena *arena = dbw_arena_new(0);
	unsigned char *bottom, *large;

	(void)state;
	assert_non_null(arena);
	bottom = arena->bottom;
	large = dbw_arena_alloc(arena, (size_t)3 * 1024 * 1024);
	assert_non_null(large);
	memset(large, 1, (size_t)3 * 1024 * 1024);
	assert_ptr_equal(arena->bottom, bottom);
	dbw_arena_free(arena);
}

static void arena__zeroed_after_reset_is_zero(void **state)
{
	dbw_arena *arena = dbw_arena_new(256);
	unsigned char *again;

	(void)state;
	assert_non_null(arena);
	memset(dbw_arena_alloc(arena, 200), 0xAA, 200);
	memset(dbw_arena_alloc(arena, 20000), 0xAA, 20000);
	dbw_arena_reset(arena);
	assert_null(arena->chunks);
	again = dbw_arena_alloc_zeroed(arena, 25, 8);
	for (size_t i = 0; i < 200; i++)
		assert_int_equal(again[i], 0);
	/* It is the first chunk that is used again. */
	assert_true(!has_window() || arena->chunks == NULL);
	dbw_arena_free(arena);
}

static void arena__printf_of_any_length(void **state)
{
	dbw_arena *arena = dbw_arena_new(0);
	char *text;

	(void)state;
	assert_non_null(arena);
	assert_string_equal(dbw_arena_printf(arena, "%s-%d", "a", -7), "a--7");
	assert_string_equal(dbw_arena_printf(arena, "%s", ""), "");
	for (int length = 1; length < 2000; length++) {
		text = dbw_arena_printf(arena, "%0*d", length, 7);
		assert_non_null(text);
		assert_int_equal(strlen(text), length);
		assert_int_equal(text[length - 1], '7');
	}
	text = dbw_arena_printf(arena, "%0*d", 100000, 5);
	assert_non_null(text);
	assert_int_equal(strlen(text), 100000);
	assert_int_equal(text[99999], '5');
	dbw_arena_free(arena);
}

static void arena__a_copy_may_hold_nul(void **state)
{
	dbw_arena *arena = dbw_arena_new(0);

	(void)state;
	assert_non_null(arena);
	assert_memory_equal(dbw_arena_copy(arena, "a\0b", 3), "a\0b", 4);
	dbw_arena_free(arena);
}

/* What they are released with, in turn. */
static char released[8];

static void release(void *object)
{
	const size_t length = strlen(released);

	released[length] = *(char *)object;
	released[length + 1] = '\0';
}

static void arena__adopted_objects_go_with_it(void **state)
{
	char names[] = "abc";
	dbw_arena *arena = dbw_arena_new(0);

	(void)state;
	assert_non_null(arena);
	released[0] = '\0';
	assert_true(dbw_arena_adopt(arena, release, &names[0]));
	assert_true(dbw_arena_adopt(arena, release, &names[1]));
	assert_string_equal(released, "");
	/* The last one first; once. */
	dbw_arena_reset(arena);
	assert_string_equal(released, "ba");
	dbw_arena_reset(arena);
	assert_true(dbw_arena_adopt(arena, release, &names[2]));
	dbw_arena_free(arena);
	assert_string_equal(released, "bac");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(arena__objects_are_aligned_and_apart),
		cmocka_unit_test(arena__bytes_are_packed),
		cmocka_unit_test(arena__first_chunk_holds_what_was_asked),
		cmocka_unit_test(arena__sizes_that_wrap_are_refused),
		cmocka_unit_test(arena__zero_bytes_are_no_failure),
		cmocka_unit_test(arena__large_objects_leave_the_window),
		cmocka_unit_test(arena__zeroed_after_reset_is_zero),
		cmocka_unit_test(arena__printf_of_any_length),
		cmocka_unit_test(arena__a_copy_may_hold_nul),
		cmocka_unit_test(arena__adopted_objects_go_with_it),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
