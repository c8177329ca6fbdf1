#include <base/suggest.h>
#include <base/text.h>
#include <base/utf8.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void text__starts_in_the_callers_memory(void **state)
{
	char storage[8];
	dbw_text_buffer text;

	(void)state;
	dbw_text_init(&text, storage, sizeof(storage));
	assert_string_equal(text.data, "");
	assert_true(dbw_text_append_z(&text, "1234567"));
	assert_ptr_equal(text.data, storage);
	assert_true(dbw_text_append_char(&text, '8'));
	assert_ptr_not_equal(text.data, storage);
	assert_string_equal(text.data, "12345678");
	assert_int_equal(text.length, 8);
	dbw_text_clear(&text);
	assert_string_equal(text.data, "");
	assert_true(dbw_text_append_z(&text, "again"));
	assert_string_equal(text.data, "again");
	dbw_text_clear(&text);
}

static void text__printf_grows_at_every_length(void **state)
{
	(void)state;
	for (int length = 0; length < 300; length++) {
		char storage[40];
		dbw_text_buffer text;

		dbw_text_init(&text, length % 2 ? storage : NULL, length % 2 ? sizeof(storage) : 0);
		assert_true(dbw_text_append_z(&text, "<"));
		assert_true(dbw_text_printf(&text, "%0*d", length, 7));
		assert_true(dbw_text_append_z(&text, ">"));
		assert_int_equal(text.length, (length == 0 ? 1 : length) + 2);
		assert_int_equal(strlen(text.data), text.length);
		assert_int_equal(text.data[text.length - 2], '7');
		dbw_text_clear(&text);
	}
}

static void text__steal_hands_over(void **state)
{
	char storage[64], *stolen;
	dbw_text_buffer text;
	size_t length;

	(void)state;
	dbw_text_init(&text, storage, sizeof(storage));
	dbw_text_append(&text, "a\0b", 3);
	stolen = dbw_text_steal(&text, &length);
	assert_non_null(stolen);
	assert_ptr_not_equal(stolen, storage);
	assert_int_equal(length, 3);
	assert_memory_equal(stolen, "a\0b", 4);
	assert_int_equal(text.length, 0);
	free(stolen);
	stolen = dbw_text_steal(&text, NULL);
	assert_string_equal(stolen, "");
	free(stolen);
}

static void text__impossible_length_sticks(void **state)
{
	dbw_text_buffer text;
	size_t length = 99;

	(void)state;
	dbw_text_init(&text, NULL, 0);
	assert_true(dbw_text_append_z(&text, "kept"));
	assert_false(dbw_text_reserve(&text, SIZE_MAX));
	assert_true(text.failed);
	assert_false(dbw_text_append_z(&text, "more"));
	assert_false(dbw_text_printf(&text, "%d", 1));
	assert_false(dbw_text_append(&text, "", 0));
	assert_string_equal(text.data, "kept");
	assert_null(dbw_text_steal(&text, &length));
	assert_int_equal(length, 0);
	assert_false(text.failed);
}

static void text__truncate(void **state)
{
	dbw_text_buffer text;

	(void)state;
	dbw_text_init(&text, NULL, 0);
	dbw_text_truncate(&text, 0);
	dbw_text_append_z(&text, "abcdef");
	dbw_text_truncate(&text, 10);
	assert_string_equal(text.data, "abcdef");
	dbw_text_truncate(&text, 2);
	dbw_text_append_z(&text, "z");
	assert_string_equal(text.data, "abz");
	dbw_text_clear(&text);
}

/* Straight from the definition: decode by the lead byte, then look at the value. */
static bool slow_check(const unsigned char *text, size_t length, size_t *characters)
{
	static const uint32_t least[] = { 0, 0, 0x80, 0x800, 0x10000 };

	*characters = 0;
	for (size_t at = 0; at < length; ++*characters) {
		unsigned lead = text[at];
		size_t size = lead < 0x80       ? 1
			      : lead >> 5 == 6  ? 2
			      : lead >> 4 == 14 ? 3
			      : lead >> 3 == 30 ? 4
						: 0;
		uint32_t value = size < 2 ? lead : lead & (0x7FU >> size);

		if (size == 0 || length - at < size) {
			*characters = 0;
			return false;
		}
		for (size_t i = 1; i < size; i++) {
			if (text[at + i] >> 6 != 2) {
				*characters = 0;
				return false;
			}
			value = value * 64 + (text[at + i] & 63U);
		}
		if (value < least[size] || value > 0x10FFFF || (value >= 0xD800 && value <= 0xDFFF)) {
			*characters = 0;
			return false;
		}
		at += size;
	}
	return true;
}

static void check_like_the_slow_one(const unsigned char *text, size_t length)
{
	size_t expected, characters = 77;
	bool valid = slow_check(text, length, &expected);

	assert_int_equal(dbw__utf8_check((const char *)text, length, &characters), valid);
	assert_int_equal(characters, expected);
	assert_int_equal(dbw__utf8_check((const char *)text, length, NULL), valid);
}

static void utf8__every_short_sequence(void **state)
{
	unsigned char text[4];

	(void)state;
	/* All of one to three bytes, and four bytes with the interesting ends. */
	for (uint32_t i = 0; i < 0x1000000; i += i < 0x10000 ? 1 : 7) {
		text[0] = (unsigned char)(i >> 16);
		text[1] = (unsigned char)(i >> 8);
		text[2] = (unsigned char)i;
		check_like_the_slow_one(text, 3);
	}
	for (uint32_t i = 0; i < 0x10000; i++) {
		text[0] = (unsigned char)(i >> 8);
		text[1] = (unsigned char)i;
		check_like_the_slow_one(text, 1);
		check_like_the_slow_one(text, 2);
		for (unsigned last = 0; last < 4; last++) {
			text[2] = (unsigned char)(0x7F + last * 0x21);
			text[3] = (unsigned char)(last % 2 ? 0xBF : 0x80);
			check_like_the_slow_one(text, 4);
		}
	}
}

static void utf8__mixed_text_at_every_length_and_place(void **state)
{
	static const char *const pieces[] = { "a", "\xC3\xA4", "\xE2\x82\xAC", "\xF0\x9F\x98\x80", "\xFF",
		"\xED\xA0\x80", "\xC3" };
	uint64_t random = 42;

	(void)state;
	for (int round = 0; round < 20000; round++) {
		/* Exactly as long as the text, so that a byte too far is seen. */
		char *text;
		char built[64];
		size_t length = 0, pieces_left = (size_t)round % 20;

		while (pieces_left-- > 0) {
			const char *piece;

			random = random * 6364136223846793005U + 1442695040888963407U;
			piece = pieces[(random >> 33) % 16 < 12 ? 0 : (random >> 40) % 7];
			if (length + strlen(piece) > sizeof(built) - 1)
				break;
			memcpy(built + length, piece, strlen(piece));
			length += strlen(piece);
		}
		text = malloc(length == 0 ? 1 : length);
		assert_non_null(text);
		memcpy(text, built, length);
		check_like_the_slow_one((const unsigned char *)text, length);
		free(text);
		built[length] = '\0';
		{
			size_t expected, characters, size = 99;
			bool valid = slow_check((const unsigned char *)built, length, &expected);

			assert_int_equal(dbw__utf8_check_z(built, &size, &characters), valid);
			assert_int_equal(size, length);
			assert_int_equal(characters, expected);
		}
	}
}

static void utf8__decode(void **state)
{
	static const struct {
		const char *text;
		size_t length, size;
		uint32_t character;
	} cases[] = { { "a", 1, 1, 'a' }, { "\xC3\xA4", 2, 2, 0xE4 }, { "\xE2\x82\xAC", 3, 3, 0x20AC },
		{ "\xF4\x8F\xBF\xBF", 4, 4, 0x10FFFF }, { "\xF4\x90\x80\x80", 4, 0, 0xFFFD },
		{ "\xC3", 1, 0, 0xFFFD }, { "\x80", 1, 0, 0xFFFD }, { "\0", 1, 1, 0 } };

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		uint32_t character = 1;

		assert_int_equal(dbw__utf8_decode(cases[i].text, cases[i].length, &character), cases[i].size);
		assert_int_equal(character, cases[i].character);
	}
}

static void suggest__finds_the_nearest(void **state)
{
	static const char *const known[] = { "fields", "relations", "indexes", "checks", "table", "comment",
		"id", "pool_size" };
	static const struct {
		const char *word, *expected;
	} cases[] = { { "feilds", "fields" }, { "field", "fields" }, { "Fields", "fields" },
		{ "relation", "relations" }, { "realtions", "relations" }, { "indexs", "indexes" },
		{ "tabel", "table" }, { "pool-size", "pool_size" }, { "poolsize", "pool_size" },
		{ "ID", "id" }, { "ip", NULL }, { "", NULL }, { "x", NULL }, { "completely", NULL },
		{ "cable", "table" }, { "coment", "comment" }, { "check", "checks" },
		{ "a word that is far too long to be compared with anything at all, really", NULL } };

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const char *found = dbw_suggest(cases[i].word, known, sizeof(known) / sizeof(known[0]));

		if (cases[i].expected == NULL)
			assert_null(found);
		else
			assert_string_equal(found, cases[i].expected);
	}
	assert_null(dbw_suggest("fields", NULL, 0));
}

static void suggest__first_of_equals_and_exact_before_near(void **state)
{
	static const char *const known[] = { "nome", "name", "nime" };

	(void)state;
	assert_string_equal(dbw_suggest("nume", known, 3), "nome");
	assert_string_equal(dbw_suggest("name", known, 3), "name");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(text__starts_in_the_callers_memory),
		cmocka_unit_test(text__printf_grows_at_every_length),
		cmocka_unit_test(text__steal_hands_over),
		cmocka_unit_test(text__impossible_length_sticks),
		cmocka_unit_test(text__truncate),
		cmocka_unit_test(utf8__every_short_sequence),
		cmocka_unit_test(utf8__mixed_text_at_every_length_and_place),
		cmocka_unit_test(utf8__decode),
		cmocka_unit_test(suggest__finds_the_nearest),
		cmocka_unit_test(suggest__first_of_equals_and_exact_before_near),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
