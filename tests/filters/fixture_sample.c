#include "fixture_sample.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Values in the order of every engine: text and bytes by bytes, false before true. */
static const bool bools[] = { false, true };
static const int64_t smalls[] = { INT16_MIN, -1, 0, 7, INT16_MAX };
static const int64_t mediums[] = { INT32_MIN, -1, 0, 7, INT32_MAX };
static const int64_t larges[] = { INT64_MIN, -1, 0, INT64_C(1) << 53, INT64_MAX };
static const double ratios[] = { -INFINITY, -3.5, 0.0, 0.25, 1024.0, INFINITY };
static const double weights[] = { -INFINITY, -1e300, -0.1, 0.0, 0.1, 1e300, INFINITY };
static const dbw_decimal prices[] = { { -1, (uint64_t)-1050, 2 }, { 0, 0, 2 }, { 0, 1, 2 }, { 0, 1050, 2 } };
static const dbw_decimal huges[] = { { 0, 1, 2 }, { 0, UINT64_MAX, 2 }, { 7, 0, 2 } };
static const char *const texts[] = { "", "%", "'; DROP TABLE sample; --", "*", "A", "Ab", "[a]", "\\", "_",
	"a", "a%b", "a*b", "a?b", "a\\b", "a_b", "ab", "\xc3\x89t\xc3\xa9", "\xc3\xa9" };
static const char *const labels[] = { "\"", "$1", "?1", "x" };
static const dbw_bytes blobs[] = { { "", 0 }, { "\0", 1 }, { "\0a", 2 }, { "a", 1 }, { "\xff", 1 } };
static const dbw_timestamp stamps[] = { { -1 }, { 0 }, { 1 }, { INT64_C(1700000000123456) } };
static const dbw_date days[] = { { -1 }, { 0 }, { 1 }, { 20000 } };
static const dbw_time moments[] = { { 0 }, { 1 }, { INT64_C(86399999999) } };
static const dbw_uuid codes[] = { { { 0, 0, 1 } }, { { 0x7f } }, { { 0x80 } }, { { 0xff, 0xff } } };
static const sample_color colors[] = { SAMPLE_COLOR_RED, SAMPLE_COLOR_GREEN, SAMPLE_COLOR_BLUE };

static const char *const patterns[] = { "", "%", "a%", "_", "%_%", "\\%", "a\\_b", "a_b", "%'%", "*", "[a]",
	"A%", "\xc3\x89%", "%b", "%\\\\%", "a\\b", "%a%b%", "__" };
static const char *const needles[] = { "", "a", "A", "%", "_", "*", "?", "[", "]", "\\", "'", "\xc3\xa9",
	"\xc3\x89", "b", "a*" };

#define COUNT(array) ((int)(sizeof(array) / sizeof((array)[0])))

enum traits { NULLABLE = 1, ORDERED = 2, LISTED = 4, TEXT = 8 };

static const struct {
	int values;
	unsigned traits;
} columns[COLUMN_COUNT] = {
	[FLAG] = { COUNT(bools), NULLABLE },
	[SMALL] = { COUNT(smalls), NULLABLE | ORDERED | LISTED },
	[MEDIUM] = { COUNT(mediums), NULLABLE | ORDERED | LISTED },
	[LARGE] = { COUNT(larges), ORDERED | LISTED },
	[RATIO] = { COUNT(ratios), NULLABLE | ORDERED | LISTED },
	[WEIGHT] = { COUNT(weights), NULLABLE | ORDERED | LISTED },
	[PRICE] = { COUNT(prices), NULLABLE | ORDERED | LISTED },
	[HUGE_] = { COUNT(huges), NULLABLE | LISTED }, /* SQLite has no order for it. */
	[NAME] = { COUNT(texts), NULLABLE | ORDERED | LISTED | TEXT },
	[LABEL] = { COUNT(labels), ORDERED | LISTED },
	[DATA] = { COUNT(blobs), NULLABLE | ORDERED | LISTED },
	[SEEN] = { COUNT(stamps), NULLABLE | ORDERED | LISTED },
	[DAY] = { COUNT(days), NULLABLE | ORDERED | LISTED },
	[MOMENT] = { COUNT(moments), NULLABLE | ORDERED | LISTED },
	[CODE] = { COUNT(codes), NULLABLE | ORDERED | LISTED },
	[COLOR] = { COUNT(colors), NULLABLE | LISTED },
	[SEEN_TEXT] = { COUNT(stamps), NULLABLE | ORDERED | LISTED },
	[DAY_TEXT] = { COUNT(days), NULLABLE | ORDERED | LISTED },
	[CODE_TEXT] = { COUNT(codes), NULLABLE | ORDERED | LISTED },
};

/* A condition: `a` and `b` are places of values, or of a pattern or needle. */
typedef struct sample_condition {
	enum column column;
	unsigned operation; /* dbw_operator */
	int a, b;
	int list[4];
	int count;
} sample_condition;

enum { CONDITIONS = 3, MEMBERS = 3, ALL_OF = 0, ANY_OF = 1, NONE_OF = 2 };

struct sample_node {
	sample_condition conditions[CONDITIONS];
	int condition_count;
	dbw_nullness nullness[COLUMN_COUNT];
	struct {
		bool is_set;
		int count;
		const sample_node *members[MEMBERS];
	} groups[3];
};

/* splitmix64, with its constants. */
static uint64_t next(sample_fixture *fixture)
{
	uint64_t z = fixture->seed += UINT64_C(0x9e3779b97f4a7c15);

	z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
	return z ^ (z >> 31);
}

/* 0 to limit - 1. */
static int choose(sample_fixture *fixture, int limit)
{
	return (int)(next(fixture) % (uint64_t)limit);
}

int fixture_choose(sample_fixture *fixture, int limit)
{
	return choose(fixture, limit);
}

void fixture_places(sample_fixture *fixture, sample_places *row)
{
	for (int c = 0; c < COLUMN_COUNT; c++)
		row->of[c] = (columns[c].traits & NULLABLE) != 0 && choose(fixture, 5) == 0
				     ? -1
				     : choose(fixture, columns[c].values);
}

void fixture_rows(sample_fixture *fixture)
{
	for (int i = 0; i < ROW_COUNT; i++)
		fixture_places(fixture, &fixture->rows[i]);
}

sample fixture_row(const sample_places *places)
{
	sample row = SAMPLE_INIT;

#define SET(column, member, optional, value) \
	if (places->of[column] >= 0)         \
	row.member = optional(value[places->of[column]])
#define PLAIN(value) (value)
	SET(FLAG, flag, dbw_some_bool, bools);
	SET(SMALL, small, dbw_some_i16, (int16_t)smalls);
	SET(MEDIUM, medium, dbw_some_i32, (int32_t)mediums);
	SET(LARGE, large, PLAIN, larges);
	SET(RATIO, ratio, dbw_some_f32, (float)ratios);
	SET(WEIGHT, weight, dbw_some_f64, weights);
	SET(PRICE, price, dbw_some_decimal, prices);
	SET(HUGE_, huge, dbw_some_decimal, huges);
	SET(NAME, name, PLAIN, texts);
	SET(LABEL, label, PLAIN, labels);
	SET(DATA, data, PLAIN, blobs);
	SET(SEEN, seen, dbw_some_timestamp, stamps);
	SET(DAY, day, dbw_some_date, days);
	SET(MOMENT, moment, dbw_some_time, moments);
	SET(CODE, code, dbw_some_uuid, codes);
	SET(COLOR, color, sample_color_some, colors);
	SET(SEEN_TEXT, seen_text, dbw_some_timestamp, stamps);
	SET(DAY_TEXT, day_text, dbw_some_date, days);
	SET(CODE_TEXT, code_text, dbw_some_uuid, codes);
#undef SET
	return row;
}

/* The filter of a condition, for a type whose functions end in `suffix`. */
#define EQUALITY(suffix, values, member)                                                          \
	if (condition->operation == DBW_OPERATOR_EQ || condition->operation == DBW_OPERATOR_NE) { \
		filter->member = condition->operation == DBW_OPERATOR_EQ                          \
					 ? dbw_eq_##suffix(values[condition->a])                  \
					 : dbw_ne_##suffix(values[condition->a]);                 \
		break;                                                                            \
	}
#define LIST(in, not_in, type, values, member)                                                        \
	if (condition->operation == DBW_OPERATOR_IN || condition->operation == DBW_OPERATOR_NOT_IN) { \
		type *list = dbw_arena_alloc(fixture->arena, 4 * sizeof *list);                       \
		for (int i = 0; i < condition->count; i++)                                            \
			list[i] = values[condition->list[i]];                                         \
		filter->member = condition->operation == DBW_OPERATOR_IN                              \
					 ? in(list, (size_t)condition->count)                         \
					 : not_in(list, (size_t)condition->count);                    \
		break;                                                                                \
	}
#define COMPARE(suffix, type, values, member)                                                        \
	EQUALITY(suffix, values, member)                                                             \
	LIST(dbw_in_##suffix, dbw_not_in_##suffix, type, values, member)                             \
	switch (condition->operation) {                                                              \
	case DBW_OPERATOR_LT: filter->member = dbw_lt(values[condition->a]); break;                  \
	case DBW_OPERATOR_LE: filter->member = dbw_le(values[condition->a]); break;                  \
	case DBW_OPERATOR_GT: filter->member = dbw_gt(values[condition->a]); break;                  \
	case DBW_OPERATOR_GE: filter->member = dbw_ge(values[condition->a]); break;                  \
	case DBW_OPERATOR_BETWEEN:                                                                   \
		filter->member = dbw_between(values[condition->a], values[condition->b]);            \
		break;                                                                               \
	default: filter->member = dbw_from_until(values[condition->a], values[condition->b]); break; \
	}                                                                                            \
	break

static dbw_text_filter text_filter(const sample_condition *condition)
{
	const char *text =
		condition->operation <= DBW_OPERATOR_ILIKE ? patterns[condition->a] : needles[condition->a];

	switch (condition->operation) {
	case DBW_OPERATOR_LIKE: return dbw_like(text);
	case DBW_OPERATOR_ILIKE: return dbw_ilike(text);
	case DBW_OPERATOR_CONTAINS: return dbw_contains(text);
	case DBW_OPERATOR_STARTS_WITH: return dbw_starts_with(text);
	case DBW_OPERATOR_ENDS_WITH: return dbw_ends_with(text);
	case DBW_OPERATOR_ICONTAINS: return dbw_icontains(text);
	case DBW_OPERATOR_ISTARTS_WITH: return dbw_istarts_with(text);
	default: return dbw_iends_with(text);
	}
}

static bool looks_at_text(unsigned operation)
{
	return operation >= DBW_OPERATOR_LIKE && operation != DBW_OPERATOR_NOT_IN;
}

static void set_condition(sample_fixture *fixture, const sample_condition *condition, sample_filter *filter)
{
	if (looks_at_text(condition->operation)) {
		filter->name = text_filter(condition);
		return;
	}
	switch (condition->column) {
	case FLAG: EQUALITY(bool, bools, flag) break;
	case SMALL: COMPARE(i64, int64_t, smalls, small);
	case MEDIUM: COMPARE(i64, int64_t, mediums, medium);
	case LARGE: COMPARE(i64, int64_t, larges, large);
	case RATIO: COMPARE(f64, double, ratios, ratio);
	case WEIGHT: COMPARE(f64, double, weights, weight);
	case PRICE: COMPARE(decimal, dbw_decimal, prices, price);
	case HUGE_: COMPARE(decimal, dbw_decimal, huges, huge);
	case NAME: COMPARE(text, const char *, texts, name);
	case LABEL: COMPARE(text, const char *, labels, label);
	case DATA: COMPARE(bytes, dbw_bytes, blobs, data);
	case SEEN: COMPARE(timestamp, dbw_timestamp, stamps, seen);
	case DAY: COMPARE(date, dbw_date, days, day);
	case MOMENT: COMPARE(time, dbw_time, moments, moment);
	case CODE: COMPARE(uuid, dbw_uuid, codes, code);
	case COLOR:
		LIST(sample_color_in, sample_color_not_in, sample_color, colors, color)
		filter->color = condition->operation == DBW_OPERATOR_EQ
					? sample_color_eq(colors[condition->a])
					: sample_color_ne(colors[condition->a]);
		break;
	case SEEN_TEXT: COMPARE(timestamp, dbw_timestamp, stamps, seen_text);
	case DAY_TEXT: COMPARE(date, dbw_date, days, day_text);
	case CODE_TEXT: COMPARE(uuid, dbw_uuid, codes, code_text);
	case COLUMN_COUNT: break;
	}
}

static void set_nullness(enum column column, dbw_nullness nullness, sample_nulls *nulls)
{
	dbw_nullness *const members[COLUMN_COUNT] = {
		[FLAG] = &nulls->flag,
		[SMALL] = &nulls->small,
		[MEDIUM] = &nulls->medium,
		[RATIO] = &nulls->ratio,
		[WEIGHT] = &nulls->weight,
		[PRICE] = &nulls->price,
		[HUGE_] = &nulls->huge,
		[NAME] = &nulls->name,
		[DATA] = &nulls->data,
		[SEEN] = &nulls->seen,
		[DAY] = &nulls->day,
		[MOMENT] = &nulls->moment,
		[CODE] = &nulls->code,
		[COLOR] = &nulls->color,
		[SEEN_TEXT] = &nulls->seen_text,
		[DAY_TEXT] = &nulls->day_text,
		[CODE_TEXT] = &nulls->code_text,
	};

	*members[column] = nullness;
}

static unsigned choose_operation(sample_fixture *fixture, unsigned traits)
{
	static const dbw_operator text_operators[] = { DBW_OPERATOR_LIKE, DBW_OPERATOR_ILIKE,
		DBW_OPERATOR_CONTAINS, DBW_OPERATOR_STARTS_WITH, DBW_OPERATOR_ENDS_WITH,
		DBW_OPERATOR_ICONTAINS, DBW_OPERATOR_ISTARTS_WITH, DBW_OPERATOR_IENDS_WITH };
	static const dbw_operator ordered[] = { DBW_OPERATOR_LT, DBW_OPERATOR_LE, DBW_OPERATOR_GT,
		DBW_OPERATOR_GE, DBW_OPERATOR_BETWEEN, DBW_OPERATOR_FROM_UNTIL };

	if ((traits & TEXT) != 0 && choose(fixture, 3) != 0)
		return text_operators[choose(fixture, COUNT(text_operators))];
	if ((traits & ORDERED) != 0 && choose(fixture, 2) != 0)
		return ordered[choose(fixture, COUNT(ordered))];
	if ((traits & LISTED) != 0 && choose(fixture, 2) != 0)
		return choose(fixture, 2) != 0 ? DBW_OPERATOR_IN : DBW_OPERATOR_NOT_IN;
	return choose(fixture, 2) != 0 ? DBW_OPERATOR_EQ : DBW_OPERATOR_NE;
}

static sample_condition choose_condition(sample_fixture *fixture, enum column column)
{
	const int values = columns[column].values;
	sample_condition condition = { .column = column,
		.operation = choose_operation(fixture, columns[column].traits) };

	if (!looks_at_text(condition.operation))
		condition.a = choose(fixture, values);
	else
		condition.a = choose(fixture,
			condition.operation <= DBW_OPERATOR_ILIKE ? COUNT(patterns) : COUNT(needles));
	condition.b = choose(fixture, values);
	condition.count = choose(fixture, 5);
	for (int i = 0; i < condition.count; i++)
		condition.list[i] = choose(fixture, values);
	return condition;
}

static void choose_group(
	sample_fixture *fixture, unsigned depth, int group, sample_node *node, sample_filters *out)
{
	sample_filter *items = dbw_arena_alloc(fixture->arena, MEMBERS * sizeof *items);

	node->groups[group].is_set = true;
	node->groups[group].count = choose(fixture, MEMBERS + 1);
	for (int i = 0; i < node->groups[group].count; i++)
		node->groups[group].members[i] = fixture_filter(fixture, depth - 1, &items[i]);
	out->items = items;
	out->count = (size_t)node->groups[group].count;
}

const sample_node *fixture_filter(sample_fixture *fixture, unsigned depth, sample_filter *out)
{
	sample_node *node = dbw_arena_alloc(fixture->arena, sizeof *node);
	sample_filters *const groups[] = { &out->all_of_, &out->any_of_, &out->none_of_ };
	bool used[COLUMN_COUNT] = { false };
	const int wanted = choose(fixture, CONDITIONS);

	memset(node, 0, sizeof *node);
	memset(out, 0, sizeof *out);
	for (int i = 0; i < wanted; i++) {
		enum column column =
			choose(fixture, 4) == 0 ? NAME : (enum column)choose(fixture, COLUMN_COUNT);

		if (used[column])
			continue;
		used[column] = true;
		if ((columns[column].traits & NULLABLE) != 0 && choose(fixture, 6) == 0) {
			node->nullness[column] = choose(fixture, 2) != 0 ? DBW_IS_NULL : DBW_IS_NOT_NULL;
			set_nullness(column, node->nullness[column], &out->null_);
			continue;
		}
		node->conditions[node->condition_count] = choose_condition(fixture, column);
		set_condition(fixture, &node->conditions[node->condition_count++], out);
	}
	for (int group = 0; depth != 0 && group < 3; group++)
		if (choose(fixture, 3) == 0)
			choose_group(fixture, depth, group, node, groups[group]);
	return node;
}

/* Evaluation. */

enum truth { IS_FALSE, UNKNOWN, IS_TRUE };

static enum truth of_bool(bool condition)
{
	return condition ? IS_TRUE : IS_FALSE;
}

static size_t character(const char *text)
{
	size_t length = 1;

	while (((unsigned char)text[length] & 0xc0) == 0x80)
		length++;
	return length;
}

static char folded(char byte, bool fold)
{
	return fold && byte >= 'A' && byte <= 'Z' ? (char)(byte - 'A' + 'a') : byte;
}

static bool is_like(const char *text, const char *pattern, bool fold)
{
	if (*pattern == '\0')
		return *text == '\0';
	if (*pattern == '%')
		return is_like(text, pattern + 1, fold) ||
		       (*text != '\0' && is_like(text + character(text), pattern, fold));
	if (*text == '\0')
		return false;
	if (*pattern == '_')
		return is_like(text + character(text), pattern + 1, fold);
	if (*pattern == '\\')
		pattern++;
	return folded(*text, fold) == folded(*pattern, fold) && is_like(text + 1, pattern + 1, fold);
}

static bool begins(const char *text, const char *needle, bool fold)
{
	for (; *needle != '\0'; text++, needle++)
		if (folded(*text, fold) != folded(*needle, fold))
			return false;
	return true;
}

static bool text_matches(const sample_condition *condition, const char *text)
{
	const bool fold =
		condition->operation == DBW_OPERATOR_ILIKE || condition->operation >= DBW_OPERATOR_ICONTAINS;
	const char *needle = needles[condition->operation <= DBW_OPERATOR_ILIKE ? 0 : condition->a];
	const size_t length = strlen(text);

	switch (condition->operation) {
	case DBW_OPERATOR_LIKE:
	case DBW_OPERATOR_ILIKE: return is_like(text, patterns[condition->a], fold);
	case DBW_OPERATOR_STARTS_WITH:
	case DBW_OPERATOR_ISTARTS_WITH: return begins(text, needle, fold);
	case DBW_OPERATOR_ENDS_WITH:
	case DBW_OPERATOR_IENDS_WITH:
		return strlen(needle) <= length && begins(text + length - strlen(needle), needle, fold);
	default:
		for (size_t i = 0; i <= length; i++)
			if (begins(text + i, needle, fold))
				return true;
		return false;
	}
}

static bool is_listed(const sample_condition *condition, int place)
{
	for (int i = 0; i < condition->count; i++)
		if (condition->list[i] == place)
			return true;
	return false;
}

static enum truth truth_of_condition(const sample_condition *condition, const sample_places *row)
{
	const int place = row->of[condition->column];

	if (condition->operation == DBW_OPERATOR_IN && condition->count == 0)
		return IS_FALSE;
	if (condition->operation == DBW_OPERATOR_NOT_IN && condition->count == 0)
		return of_bool(place >= 0);
	if (place < 0)
		return UNKNOWN;
	switch (condition->operation) {
	case DBW_OPERATOR_EQ: return of_bool(place == condition->a);
	case DBW_OPERATOR_NE: return of_bool(place != condition->a);
	case DBW_OPERATOR_LT: return of_bool(place < condition->a);
	case DBW_OPERATOR_LE: return of_bool(place <= condition->a);
	case DBW_OPERATOR_GT: return of_bool(place > condition->a);
	case DBW_OPERATOR_GE: return of_bool(place >= condition->a);
	case DBW_OPERATOR_BETWEEN: return of_bool(place >= condition->a && place <= condition->b);
	case DBW_OPERATOR_FROM_UNTIL: return of_bool(place >= condition->a && place < condition->b);
	case DBW_OPERATOR_IN: return of_bool(is_listed(condition, place));
	case DBW_OPERATOR_NOT_IN: return of_bool(!is_listed(condition, place));
	default: return of_bool(text_matches(condition, texts[place]));
	}
}

static enum truth truth_of(const sample_node *filter, const sample_places *row);

static enum truth truth_of_group(const sample_node *filter, int group, const sample_places *row)
{
	enum truth least = IS_TRUE;
	enum truth most = IS_FALSE;

	for (int i = 0; i < filter->groups[group].count; i++) {
		const enum truth truth = truth_of(filter->groups[group].members[i], row);

		least = truth < least ? truth : least;
		most = truth > most ? truth : most;
	}
	if (group == ALL_OF)
		return least;
	return group == ANY_OF ? most : of_bool(most != IS_TRUE);
}

static enum truth truth_of(const sample_node *filter, const sample_places *row)
{
	enum truth truth = IS_TRUE;

	for (int i = 0; i < filter->condition_count; i++) {
		const enum truth one = truth_of_condition(&filter->conditions[i], row);

		truth = one < truth ? one : truth;
	}
	for (int c = 0; c < COLUMN_COUNT; c++)
		if ((filter->nullness[c] == DBW_IS_NULL && row->of[c] >= 0) ||
			(filter->nullness[c] == DBW_IS_NOT_NULL && row->of[c] < 0))
			truth = IS_FALSE;
	for (int group = 0; group < 3; group++)
		if (filter->groups[group].is_set) {
			const enum truth one = truth_of_group(filter, group, row);

			truth = one < truth ? one : truth;
		}
	return truth;
}

bool fixture_matches(const sample_node *filter, const sample_places *row)
{
	return truth_of(filter, row) == IS_TRUE;
}
