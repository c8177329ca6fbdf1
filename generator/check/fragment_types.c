/*
 * Fragments that are written once: what they make, and of what. Two engines store times, decimals and truth values
 * differently and have functions of their own, so a small grammar lets through what both do alike, by type; everything
 * else is to be written per engine.
 */
#include "fragment.h"

#include <base/number.h>
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* What an expression is, as far as the engines must agree on it. */
typedef enum type_kind { K_BAD, K_NULL, K_BOOL, K_INT, K_FLOAT, K_DECIMAL, K_TEXT, K_OTHER } type_kind;

struct type {
	type_kind kind;
	unsigned detail; /* Decimal: the scale. Other: which type, and how it is stored. */
	bool literal;
	bool plain;             /* A number alone, without a minus. */
	size_t token;           /* Of a literal. */
	const ir_field *native; /* Of a native enum: each is a type of its own. */
};

/* Reads a fragment that is written once: only what both engines do alike gets through. */
struct reader {
	ir_checker *checker;
	const ir_scan *scan;
	size_t at;
	unsigned depth;
};

enum { MAX_DEPTH = 100 };

static const struct type bad = { .kind = K_BAD };

static struct type read_or(struct reader *reader);

/* Says at most one thing: every caller stops at K_BAD. */
static struct type refuse(struct reader *reader, size_t at)
{
	const ir_scan *scan = reader->scan;
	bool end = at >= scan->count;

	ir__fragment_error(reader->checker, scan, "engines-differ",
		"write the SQL per engine: {sqlite: \"...\", postgresql: \"...\"}",
		"%s%.*s%s is not among what both engines do alike", end ? "its end" : "\"",
		end ? 0 : (int)scan->tokens[at].length, end ? "" : scan->text + scan->tokens[at].offset,
		end ? "" : "\"");
	return bad;
}

static struct type mismatch(struct reader *reader, size_t at)
{
	const ir_token *token = &reader->scan->tokens[at];

	ir__fragment_error(reader->checker, reader->scan, "mixed-types",
		"give both sides one type (and decimals one scale), or write the SQL per engine: "
		"{sqlite: \"...\", postgresql: \"...\"}",
		"what \"%.*s\" takes is not of the types that both engines treat alike", (int)token->length,
		reader->scan->text + token->offset);
	return bad;
}

/* `problem` goes on behind the word: `"substr" counts ...`. */
static struct type differ(struct reader *reader, size_t at, const char *hint, const char *problem)
{
	const ir_token *token = &reader->scan->tokens[at];

	ir__fragment_error(reader->checker, reader->scan, "engines-differ", hint, "\"%.*s\" %s",
		(int)token->length, reader->scan->text + token->offset, problem);
	return bad;
}

static struct type null_alone(struct reader *reader, size_t at)
{
	return differ(reader, at, "give it a value of the type that is meant",
		"makes NULL and nothing else, which PostgreSQL takes for a text");
}

static bool next_is(const struct reader *reader, const char *word)
{
	return reader->at < reader->scan->count && reader->scan->tokens[reader->at].field == NULL &&
	       ir__token_is(reader->scan, reader->at, word);
}

static bool take(struct reader *reader, const char *word)
{
	bool found = next_is(reader, word);

	reader->at += found;
	return found;
}

static bool take_kind(struct reader *reader, ir_token_kind kind)
{
	bool found = reader->at < reader->scan->count && reader->scan->tokens[reader->at].kind == kind;

	reader->at += found;
	return found;
}

static struct type type_of(const ir_field *field)
{
	switch (field->type) {
	case IR_BOOL: return (struct type){ .kind = K_BOOL };
	case IR_ID:
	case IR_INT16:
	case IR_INT32:
	case IR_INT64: return (struct type){ .kind = K_INT };
	case IR_FLOAT32:
	case IR_FLOAT64: return (struct type){ .kind = K_FLOAT };
	case IR_STRING:
	case IR_TEXT: return (struct type){ .kind = K_TEXT };
	case IR_DECIMAL:
		/* More digits are a text on SQLite. */
		if (field->precision <= 18)
			return (struct type){ .kind = K_DECIMAL, .detail = field->scale };
		break;
	case IR_ENUM:
		if (field->storage != IR_STORAGE_NATIVE)
			return (struct type){ .kind = K_TEXT };
		break;
	default: break;
	}
	return (struct type){ .kind = K_OTHER,
		.detail = (unsigned)field->type * 8 + (unsigned)field->storage,
		.native = field->type == IR_ENUM ? field : NULL };
}

/* The type that both have; K_BAD where there is none. A whole number is also a float. */
static struct type join(struct type a, struct type b)
{
	struct type both = a.kind == K_NULL ? b : a;

	both.literal = a.literal && b.literal;
	both.plain = false;
	if (a.kind == K_NULL || b.kind == K_NULL ||
		(a.kind == b.kind && a.detail == b.detail && a.native == b.native))
		return both;
	if (a.kind == K_FLOAT && b.kind == K_INT && b.literal)
		return a;
	if (b.kind == K_FLOAT && a.kind == K_INT && a.literal)
		return b;
	return bad;
}

static bool is_json(struct type type)
{
	return type.kind == K_OTHER && type.detail / 8 == IR_JSON;
}

/* Native enums are in the order of declaration, and long decimals are texts on SQLite. */
static bool has_order(struct type type)
{
	return type.kind != K_OTHER || (type.detail / 8 != IR_ENUM && type.detail / 8 != IR_DECIMAL);
}

static struct type read_call(struct reader *reader)
{
	static const struct {
		const char *name;
		size_t least, most;
	} known[] = { { "ABS", 1, 1 }, { "LENGTH", 1, 1 }, { "LOWER", 1, 1 }, { "UPPER", 1, 1 },
		{ "TRIM", 1, 1 }, { "LTRIM", 1, 1 }, { "RTRIM", 1, 1 }, { "REPLACE", 3, 3 },
		{ "SUBSTR", 2, 3 }, { "COALESCE", 2, 100 }, { "NULLIF", 2, 2 } };
	size_t name = reader->at++, count = 0, which = 0;
	struct type first = bad;

	while (which < IR_COUNT(known) && !ir__token_is(reader->scan, name, known[which].name))
		which++;
	if (which == IR_COUNT(known))
		return refuse(reader, name);
	reader->at++;
	do {
		struct type type = read_or(reader);

		if (type.kind == K_BAD)
			return bad;
		if (count == 0)
			first = type;
		else if (which == 8 && (type.kind != K_INT || !type.plain))
			return differ(reader, name, "write numbers, without a minus",
				"takes a place and a length, and anything but numbers from 0 on means something else on each engine");
		else if (which != 8)
			first = join(first, type);
		if (first.kind == K_BAD)
			return mismatch(reader, name);
		count++;
	} while (take(reader, ","));
	if (!take_kind(reader, IR_TOKEN_CLOSE))
		return refuse(reader, reader->at);
	if (count < known[which].least || count > known[which].most)
		return refuse(reader, name);
	first.literal = first.plain = false;
	if (which >= 9)
		return is_json(first)         ? mismatch(reader, name)
		       : first.kind == K_NULL ? null_alone(reader, name)
					      : first;
	if (which == 0)
		return first.kind >= K_INT && first.kind <= K_DECIMAL ? first : mismatch(reader, name);
	if (first.kind != K_TEXT)
		return mismatch(reader, name);
	return which == 1 ? (struct type){ .kind = K_INT } : first;
}

static struct type read_case(struct reader *reader)
{
	size_t start = reader->at++;
	struct type result = { .kind = K_NULL }, type;

	if (!next_is(reader, "WHEN"))
		return refuse(reader, start);
	while (take(reader, "WHEN")) {
		type = read_or(reader);
		if (type.kind == K_BAD)
			return bad;
		if (type.kind != K_BOOL)
			return mismatch(reader, start);
		if (!take(reader, "THEN"))
			return refuse(reader, reader->at);
		type = read_or(reader);
		if (type.kind == K_BAD)
			return bad;
		result = join(result, type);
		if (result.kind == K_BAD)
			return mismatch(reader, start);
	}
	if (take(reader, "ELSE")) {
		type = read_or(reader);
		if (type.kind == K_BAD)
			return bad;
		result = join(result, type);
		if (result.kind == K_BAD)
			return mismatch(reader, start);
	}
	if (!take(reader, "END"))
		return refuse(reader, reader->at);
	if (result.kind == K_NULL)
		return null_alone(reader, start);
	result.literal = false;
	return result;
}

/* Whether a number is written with no digit but 0, leaving its exponent aside. */
static bool is_zero(const char *text, size_t length)
{
	for (size_t i = 0; i < length && text[i] != 'e' && text[i] != 'E'; i++)
		if (text[i] >= '1' && text[i] <= '9')
			return false;
	return true;
}

/*
 * A number that is what it says: SQLite makes a float of an integer that is too large, and infinity of a float that is;
 * PostgreSQL refuses what is too small for anything but zero.
 */
static struct type read_number(struct reader *reader)
{
	const ir_token *token = &reader->scan->tokens[reader->at];
	struct type type = { .kind = K_FLOAT, .literal = true, .plain = true, .token = reader->at++ };
	char text[64];
	double number;

	if (token->length >= sizeof(text))
		return refuse(reader, type.token);
	memcpy(text, reader->scan->text + token->offset, token->length);
	text[token->length] = '\0';
	if (text[strspn(text, "0123456789.eE+-")] != '\0')
		return refuse(reader, type.token);
	if (text[strspn(text, "0123456789")] == '\0') {
		type.kind = K_INT;
		errno = 0;
		(void)strtoll(text, NULL, 10);
		return errno == 0 ? type : refuse(reader, type.token);
	}
	if (!dbw__real_parse(text, false, &number)) {
		reader->checker->out_of_memory = true;
		return bad;
	}
	if (!isfinite(number) || (number == 0 && !is_zero(text, token->length)))
		return refuse(reader, type.token);
	return type;
}

static struct type read_operand(struct reader *reader)
{
	const ir_scan *scan = reader->scan;
	const ir_token *token = &scan->tokens[reader->at];
	struct type type;

	if (reader->at >= scan->count)
		return refuse(reader, reader->at);
	switch (token->kind) {
	case IR_TOKEN_TEXT: return (struct type){ .kind = K_TEXT, .literal = true, .token = reader->at++ };
	case IR_TOKEN_DECIMAL:
		reader->at++;
		return (struct type){ .kind = K_DECIMAL, .detail = token->scale };
	case IR_TOKEN_NUMBER: return read_number(reader);
	case IR_TOKEN_OPEN:
		reader->at++;
		type = read_or(reader);
		if (type.kind != K_BAD && !take_kind(reader, IR_TOKEN_CLOSE))
			return refuse(reader, reader->at);
		return type;
	case IR_TOKEN_WORD:
		if (token->field != NULL) {
			reader->at++;
			return type_of(token->field);
		}
		if (next_is(reader, "CASE"))
			return read_case(reader);
		if (take(reader, "NULL"))
			return (struct type){ .kind = K_NULL };
		if (take(reader, "TRUE") || take(reader, "FALSE"))
			return (struct type){ .kind = K_BOOL };
		if (reader->at + 1 < scan->count && scan->tokens[reader->at + 1].kind == IR_TOKEN_OPEN)
			return read_call(reader);
		break;
	default: break;
	}
	return refuse(reader, reader->at);
}

static struct type read_signed(struct reader *reader)
{
	size_t at = reader->at;
	bool minus = take(reader, "-");
	struct type type;

	if (!minus && !take(reader, "+"))
		return read_operand(reader);
	type = read_operand(reader);
	type.plain = type.plain && !minus;
	if (type.kind != K_BAD && (type.kind < K_INT || type.kind > K_DECIMAL))
		return mismatch(reader, at);
	return type;
}

static bool is_zero_token(const struct reader *reader, size_t at)
{
	const ir_token *token = &reader->scan->tokens[at];

	return is_zero(reader->scan->text + token->offset, token->length);
}

static struct type read_product(struct reader *reader)
{
	struct type left = read_signed(reader);

	while (left.kind != K_BAD && (next_is(reader, "*") || next_is(reader, "/") || next_is(reader, "%"))) {
		size_t at = reader->at++;
		bool times = ir__token_is(reader->scan, at, "*");
		struct type right = read_signed(reader), both;

		if (right.kind == K_BAD)
			return bad;
		if (!times && right.plain && is_zero_token(reader, right.token))
			return differ(reader, at, "divide by something else",
				"by 0 is NULL on SQLite and an error on PostgreSQL");
		if (times && left.kind == K_DECIMAL && right.kind == K_INT)
			continue;
		if (times && left.kind == K_INT && right.kind == K_DECIMAL) {
			left = right;
			continue;
		}
		both = join(left, right);
		if (both.kind != K_INT && (both.kind != K_FLOAT || ir__token_is(reader->scan, at, "%")))
			return mismatch(reader, at);
		left = both;
	}
	return left;
}

/* Sums, and || over texts: no operand goes with both, so that their order does not matter. */
static struct type read_sum(struct reader *reader)
{
	struct type left = read_product(reader);

	while (left.kind != K_BAD &&
		(next_is(reader, "+") || next_is(reader, "-") || next_is(reader, "||"))) {
		size_t at = reader->at++;
		bool texts = ir__token_is(reader->scan, at, "||");
		struct type right = read_product(reader);

		if (right.kind == K_BAD)
			return bad;
		left = join(left, right);
		if (texts ? left.kind != K_TEXT : left.kind < K_INT || left.kind > K_DECIMAL)
			return mismatch(reader, at);
		left.literal = left.literal && !texts;
	}
	return left;
}

/* Whether the token, a text in quotes, is a value of the enum. A quote within is written twice. */
static bool is_value(const struct reader *reader, size_t at, const ir_field *field)
{
	const ir_token *token = &reader->scan->tokens[at];
	const char *end = reader->scan->text + token->offset + token->length - 1;

	for (size_t i = 0; i < field->value_count; i++) {
		const char *text = reader->scan->text + token->offset + 1;
		const char *value = field->values[i].word.text;

		while (text < end && *text == *value) {
			text += *text == '\'' ? 2 : 1;
			value++;
		}
		if (text == end && *value == '\0')
			return true;
	}
	return false;
}

static bool compares(struct reader *reader, size_t at, struct type left, bool order, struct type right)
{
	struct type both = join(left, right);

	if (right.kind == K_BAD)
		return false;
	/* A native enum takes its values as texts. */
	if (left.native != NULL && right.kind == K_TEXT && right.literal) {
		if (!is_value(reader, right.token, left.native)) {
			const ir_token *token = &reader->scan->tokens[right.token];

			ir__fragment_error(reader->checker, reader->scan, "bad-enum-value",
				"PostgreSQL takes none but its values, for it is a type of its own",
				"%.*s is not a value of \"%s\"", (int)token->length,
				reader->scan->text + token->offset, left.native->column);
			return false;
		}
		both = left;
	}
	if (both.kind != K_BAD && !is_json(both) && (!order || has_order(both)))
		return true;
	mismatch(reader, at);
	return false;
}

/* One comparison: what binds first in `a = b < c` differs. */
static struct type read_comparison(struct reader *reader)
{
	static const char *const operators[] = { "=", "<>", "!=", "<", ">", "<=", ">=" };
	const struct type truth = { .kind = K_BOOL };
	struct type left = read_sum(reader);
	size_t at = reader->at;

	if (left.kind == K_BAD)
		return bad;
	for (size_t i = 0; i < IR_COUNT(operators); i++)
		if (take(reader, operators[i]))
			return compares(reader, at, left, i > 2, read_sum(reader)) ? truth : bad;
	if (take(reader, "IS")) {
		take(reader, "NOT");
		if (take(reader, "NULL") ||
			(left.kind == K_BOOL && (take(reader, "TRUE") || take(reader, "FALSE"))))
			return truth;
		return refuse(reader, at);
	}
	take(reader, "NOT");
	if (take(reader, "BETWEEN")) {
		if (!compares(reader, at, left, true, read_sum(reader)))
			return bad;
		if (!take(reader, "AND"))
			return refuse(reader, reader->at);
		return compares(reader, at, left, true, read_sum(reader)) ? truth : bad;
	}
	if (take(reader, "IN")) {
		if (!take_kind(reader, IR_TOKEN_OPEN))
			return refuse(reader, reader->at);
		do {
			struct type right = read_sum(reader);

			if (!compares(reader, at, left, false, right))
				return bad;
			if (left.kind == K_NULL)
				left = right;
		} while (take(reader, ","));
		return take_kind(reader, IR_TOKEN_CLOSE) ? truth : refuse(reader, reader->at);
	}
	return reader->at == at ? left : refuse(reader, reader->at);
}

static struct type read_not(struct reader *reader)
{
	size_t at = reader->at;
	bool inverted = false;
	struct type type;

	while (take(reader, "NOT"))
		inverted = true;
	type = read_comparison(reader);
	return inverted && type.kind != K_BAD && type.kind != K_BOOL ? mismatch(reader, at) : type;
}

static struct type read_and(struct reader *reader)
{
	struct type left = read_not(reader);

	while (left.kind != K_BAD && next_is(reader, "AND")) {
		size_t at = reader->at++;
		struct type right = read_not(reader);

		if (right.kind == K_BAD)
			return bad;
		if (left.kind != K_BOOL || right.kind != K_BOOL)
			return mismatch(reader, at);
	}
	return left;
}

static struct type read_or(struct reader *reader)
{
	struct type left = bad;

	if (++reader->depth > MAX_DEPTH)
		return refuse(reader, reader->at);
	left = read_and(reader);
	while (left.kind != K_BAD && next_is(reader, "OR")) {
		size_t at = reader->at++;
		struct type right = read_and(reader);

		if (right.kind == K_BAD)
			return bad;
		if (left.kind != K_BOOL || right.kind != K_BOOL)
			return mismatch(reader, at);
	}
	reader->depth--;
	return left;
}

bool ir__check_fragment_types(ir_checker *checker, const ir_scan *scan, const ir_field *field)
{
	struct reader reader = { checker, scan, 0, 0 };
	struct type type, target;

	if (!scan->common || !scan->engines[DBW_SQLITE])
		return true;
	/* SQLite by itself is free, but for the scale of a decimal that it fills. */
	if (!scan->engines[DBW_POSTGRESQL] && (field == NULL || field->type != IR_DECIMAL))
		return true;
	type = read_or(&reader);
	if (type.kind != K_BAD && reader.at < scan->count)
		type = refuse(&reader, reader.at);
	if (type.kind == K_BAD)
		return false;
	if (scan->role == IR_ROLE_CONDITION && type.kind != K_BOOL) {
		ir__fragment_error(checker, scan, "no-condition", "write a comparison",
			"it is no condition on PostgreSQL");
		return false;
	}
	if (field == NULL && type.kind == K_NULL) {
		ir__fragment_error(checker, scan, "mixed-types", "index an expression over a column",
			"it is NULL in every row, and of no type");
		return false;
	}
	if (field == NULL)
		return true;
	target = type_of(field);
	if (type.kind == K_NULL || join(target, type).kind != K_BAD)
		return true;
	ir__fragment_error(checker, scan, "mixed-types",
		target.kind == K_DECIMAL ? "write numbers as {dec 10.50}, and use decimals of the same scale"
					 : "write the SQL per engine: {sqlite: \"...\", postgresql: \"...\"}",
		"it does not make the type of \"%s\", %s, on both engines", field->column,
		ir_type_of(field->type)->name);
	return false;
}
