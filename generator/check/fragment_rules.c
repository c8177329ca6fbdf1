/*
 * What a fragment may not say, since the engines would not agree on it: bare numbers beside decimals, which SQLite
 * stores scaled; 0 and 1 for truth values; texts and numbers beside times and uuids, whose stored forms differ.
 */
#include "fragment.h"

#include <string.h>
#include <value/coefficient.h>

enum { NONE = -1 };

/* How two operands stand together. */
typedef enum ir_meeting {
	IR_MEET_NOT,
	IR_MEET_COMPARE,
	IR_MEET_ORDER,
	IR_MEET_ADD,
	IR_MEET_MULTIPLY,
	IR_MEET_DIVIDE
} ir_meeting;

/* A column that a literal, or another column, is compared or combined with. */
struct peer {
	const ir_field *field; /* NULL: none. */
	ir_meeting meeting;
	long token; /* Where a peer on the right stands. */
};

static ir_meeting meeting_of(const ir_scan *scan, size_t token)
{
	static const struct {
		const char *word;
		ir_meeting meeting;
	} known[] = {
		{ "=", IR_MEET_COMPARE },
		{ "==", IR_MEET_COMPARE },
		{ "<>", IR_MEET_COMPARE },
		{ "!=", IR_MEET_COMPARE },
		{ "IS", IR_MEET_COMPARE },
		{ "IN", IR_MEET_COMPARE },
		{ "FROM", IR_MEET_COMPARE },
		{ "<", IR_MEET_ORDER },
		{ ">", IR_MEET_ORDER },
		{ "<=", IR_MEET_ORDER },
		{ ">=", IR_MEET_ORDER },
		{ "BETWEEN", IR_MEET_ORDER },
		{ "+", IR_MEET_ADD },
		{ "-", IR_MEET_ADD },
		{ "*", IR_MEET_MULTIPLY },
		{ "/", IR_MEET_DIVIDE },
		{ "%", IR_MEET_DIVIDE },
	};

	if (token >= scan->count || scan->tokens[token].field != NULL)
		return IR_MEET_NOT;
	for (size_t i = 0; i < IR_COUNT(known); i++)
		if (ir__token_is(scan, token, known[i].word))
			return known[i].meeting;
	return IR_MEET_NOT;
}

static bool is_kind(const ir_scan *scan, long token, ir_token_kind kind)
{
	return token >= 0 && (size_t)token < scan->count && scan->tokens[token].kind == kind;
}

static bool is_keyword(const ir_scan *scan, long token, const char *word)
{
	return token >= 0 && (size_t)token < scan->count && ir__token_is(scan, (size_t)token, word);
}

/* A word that is neither column nor keyword, before a bracket: a function. */
static bool is_function(const ir_scan *scan, long token)
{
	return is_kind(scan, token, IR_TOKEN_WORD) && scan->tokens[token].field == NULL &&
	       is_kind(scan, token + 1, IR_TOKEN_OPEN) && !is_keyword(scan, token, "IN") &&
	       !is_keyword(scan, token, "AND") && !is_keyword(scan, token, "OR") &&
	       !is_keyword(scan, token, "NOT") && !is_keyword(scan, token, "BETWEEN") &&
	       !is_keyword(scan, token, "WHEN") && !is_keyword(scan, token, "THEN") &&
	       !is_keyword(scan, token, "ELSE") && !is_keyword(scan, token, "CASE") &&
	       !is_keyword(scan, token, "IS") && !is_keyword(scan, token, "FROM");
}

/* The sign of a number, as against an operator: nothing that could be subtracted from stands before it. */
static bool is_sign(const ir_scan *scan, long token)
{
	if (!is_keyword(scan, token, "-") && !is_keyword(scan, token, "+"))
		return false;
	if (token == 0 || is_kind(scan, token - 1, IR_TOKEN_OPERATOR) ||
		is_kind(scan, token - 1, IR_TOKEN_OPEN))
		return true;
	return is_kind(scan, token - 1, IR_TOKEN_WORD) && scan->tokens[token - 1].field == NULL;
}

static const ir_field *column_at(const ir_scan *scan, long token)
{
	return is_kind(scan, token, IR_TOKEN_WORD) ? scan->tokens[token].field : NULL;
}

/* The column that ends at `token`, behind brackets of its own: "(balance)". */
static const ir_field *column_before(const ir_scan *scan, long token)
{
	while (is_kind(scan, token, IR_TOKEN_CLOSE))
		token--;
	if (is_keyword(scan, token, "NOT"))
		token--;
	return column_at(scan, token);
}

/* The bracket that opens the group in which `token` stands. */
static long group_of(const ir_scan *scan, long token)
{
	long depth = 0;

	for (token--; token >= 0; token--) {
		depth += is_kind(scan, token, IR_TOKEN_CLOSE);
		if (is_kind(scan, token, IR_TOKEN_OPEN) && depth-- == 0)
			return token;
	}
	return NONE;
}

/* Functions whose arguments are of one kind. */
static bool mixes_arguments(const ir_scan *scan, long function)
{
	static const char *const names[] = { "COALESCE", "IFNULL", "NULLIF", "MIN", "MAX", "GREATEST",
		"LEAST" };

	for (size_t i = 0; i < IR_COUNT(names); i++)
		if (is_keyword(scan, function, names[i]))
			return true;
	return false;
}

/* `balance IN (1, 2)` and `coalesce(balance, 0)`: the column that the members of the group go with. */
static struct peer peer_in_group(const ir_scan *scan, long token)
{
	long open = group_of(scan, token);

	if (open == NONE)
		return (struct peer){ NULL, IR_MEET_NOT, NONE };
	if (is_keyword(scan, open - 1, "IN"))
		return (struct peer){ column_before(scan, open - 2), IR_MEET_COMPARE, NONE };
	if (!mixes_arguments(scan, open - 1))
		return (struct peer){ NULL, IR_MEET_NOT, NONE };
	for (long i = open + 1; i < (long)scan->count && !is_kind(scan, i, IR_TOKEN_CLOSE); i++) {
		bool alone = is_kind(scan, i - 1, IR_TOKEN_OPEN) || is_keyword(scan, i - 1, ",");

		alone = alone && (is_kind(scan, i + 1, IR_TOKEN_CLOSE) || is_keyword(scan, i + 1, ","));
		if (alone && column_at(scan, i) != NULL)
			return (struct peer){ column_at(scan, i), IR_MEET_COMPARE, NONE };
	}
	return (struct peer){ NULL, IR_MEET_NOT, NONE };
}

/* What stands on the left of the operand that begins at `token`. */
static struct peer peer_on_left(const ir_scan *scan, long token)
{
	struct peer peer = { NULL, IR_MEET_NOT, NONE };
	long at = token - 1;

	if (is_sign(scan, at))
		at--;
	while (is_kind(scan, at, IR_TOKEN_OPEN) && !is_function(scan, at - 1) &&
		!is_keyword(scan, at - 1, "IN"))
		at--;
	if (at < 0 || is_kind(scan, at, IR_TOKEN_OPEN) || is_keyword(scan, at, ","))
		return peer_in_group(scan, token);
	/* The second bound of BETWEEN low AND high. */
	if (is_keyword(scan, at, "AND")) {
		at -= 2;
		if (is_sign(scan, at))
			at--;
		if (!is_keyword(scan, at, "BETWEEN"))
			return peer;
	}
	if (is_keyword(scan, at, "NOT") && is_keyword(scan, at - 1, "IS"))
		at--;
	peer.meeting = meeting_of(scan, (size_t)at);
	if (peer.meeting != IR_MEET_NOT)
		peer.field = column_before(scan, at - 1);
	return peer;
}

/* What stands on the right of the operand that ends at `token`. */
static struct peer peer_on_right(const ir_scan *scan, long token)
{
	struct peer peer = { NULL, IR_MEET_NOT, NONE };
	long at = token + 1;

	while (is_kind(scan, at, IR_TOKEN_CLOSE) && !is_function(scan, group_of(scan, at) - 1) &&
		!is_keyword(scan, group_of(scan, at) - 1, "IN"))
		at++;
	peer.meeting = at < (long)scan->count ? meeting_of(scan, (size_t)at) : IR_MEET_NOT;
	if (peer.meeting == IR_MEET_NOT)
		return peer;
	at++;
	while (is_kind(scan, at, IR_TOKEN_OPEN) || is_sign(scan, at))
		at++;
	peer.field = column_at(scan, at);
	peer.token = at;
	return peer;
}

static bool is_time(ir_type_id type)
{
	return type == IR_TIMESTAMP || type == IR_DATE || type == IR_TIME;
}

static bool is_whole(const ir_scan *scan, const ir_token *token)
{
	return strspn(scan->text + token->offset, "0123456789") == token->length;
}

static bool check_number(ir_checker *checker, const ir_scan *scan, const ir_token *token, struct peer peer)
{
	const char *text = scan->text + token->offset;
	int length = (int)token->length;

	if (peer.field == NULL)
		return true;
	if (peer.field->type == IR_DECIMAL && peer.meeting == IR_MEET_MULTIPLY && is_whole(scan, token))
		return true;
	if (peer.field->type == IR_DECIMAL &&
		(peer.meeting == IR_MEET_MULTIPLY || peer.meeting == IR_MEET_DIVIDE)) {
		ir__fragment_error(checker, scan, "decimal-arithmetic",
			"only whole numbers multiply a decimal exactly on every engine",
			"decimal \"%s\" is multiplied or divided by %.*s", peer.field->column, length, text);
		return false;
	}
	if (peer.field->type == IR_DECIMAL) {
		ir__fragment_error(checker, scan, "bare-decimal",
			ir__check_format(checker, "write {dec %.*s}", length, text),
			"the number %.*s stands beside decimal \"%s\"", length, text, peer.field->column);
		return false;
	}
	if (peer.field->type == IR_BOOL) {
		ir__fragment_error(checker, scan, "bool-number",
			ir__check_format(
				checker, "write %s or NOT %s", peer.field->column, peer.field->column),
			"bool \"%s\" is compared with the number %.*s, which PostgreSQL refuses",
			peer.field->column, length, text);
		return false;
	}
	if (is_time(peer.field->type) || peer.field->type == IR_UUID) {
		ir__fragment_error(checker, scan, "stored-form",
			"write one text for each engine: {sqlite: ..., postgresql: ...}",
			"the number %.*s stands beside %s \"%s\", which the engines store in different forms",
			length, text, ir_type_of(peer.field->type)->name, peer.field->column);
		return false;
	}
	return true;
}

static bool check_text(ir_checker *checker, const ir_scan *scan, struct peer peer)
{
	if (peer.field == NULL || peer.field->storage == IR_STORAGE_TEXT || !scan->engines[DBW_SQLITE])
		return true;
	if (!is_time(peer.field->type) && peer.field->type != IR_UUID && peer.field->type != IR_DECIMAL &&
		peer.field->type != IR_BOOL)
		return true;
	ir__fragment_error(checker, scan, "stored-form",
		peer.field->type == IR_DECIMAL ? "write {dec 10.50}"
		: peer.field->type == IR_BOOL
			? ir__check_format(
				  checker, "write %s or NOT %s", peer.field->column, peer.field->column)
			: "write one text for each engine: {sqlite: ..., postgresql: ...}",
		"a text stands beside %s \"%s\", which SQLite does not store as text",
		ir_type_of(peer.field->type)->name, peer.field->column);
	return false;
}

/* Of an operand between two operators, the product binds: 2 in `price * 2 > cost` is not compared with cost. */
static void bind_tighter(struct peer *left, struct peer *right)
{
	if (left->meeting >= IR_MEET_MULTIPLY && right->meeting < IR_MEET_MULTIPLY)
		right->field = NULL;
	if (right->meeting >= IR_MEET_MULTIPLY && left->meeting < IR_MEET_MULTIPLY)
		left->field = NULL;
}

/* A word that is nearly a column: what is wrong is more likely the word than what stands beside it. */
static bool report_near_word(ir_checker *checker, const ir_scan *scan)
{
	for (size_t i = 0; i < scan->count; i++) {
		const ir_token *token = &scan->tokens[i];
		const char *word, *near;

		if (token->kind != IR_TOKEN_WORD || token->field != NULL ||
			is_kind(scan, (long)i + 1, IR_TOKEN_OPEN))
			continue;
		word = dbw_arena_copy(checker->arena, scan->text + token->offset, token->length);
		checker->out_of_memory |= word == NULL;
		near = word != NULL ? ir_suggest_field(scan->model, word) : NULL;
		if (near == NULL)
			continue;
		ir__fragment_error(checker, scan, "unknown-field",
			ir__did_you_mean(checker, ir_find_field(scan->model, near)->column),
			"there is no column \"%s\"", word);
		return true;
	}
	return false;
}

/* The one scale of all decimals that the fragment mentions; false where there is none, or several. */
static bool common_decimal(ir_checker *checker, const ir_scan *scan, const ir_field **out)
{
	*out = NULL;
	for (size_t i = 0; i < scan->count; i++) {
		const ir_field *field = scan->tokens[i].field;

		if (field == NULL || field->type != IR_DECIMAL)
			continue;
		if (*out != NULL && (*out)->scale != field->scale) {
			ir__fragment_error(checker, scan, "mixed-scales",
				"put each {dec ...} right beside the decimal it goes with",
				"decimals \"%s\" and \"%s\" have different scales", (*out)->column,
				field->column);
			return false;
		}
		*out = field;
	}
	if (*out == NULL && scan->target != NULL && scan->target->type == IR_DECIMAL)
		*out = scan->target;
	if (*out == NULL && !report_near_word(checker, scan))
		ir__fragment_error(checker, scan, "bad-fragment", "write the number as it is",
			"{dec ...} stands by no decimal field");
	return *out != NULL;
}

static bool check_decimal(
	ir_checker *checker, const ir_scan *scan, ir_token *token, struct peer left, struct peer right)
{
	const ir_field *field = left.field != NULL ? left.field : right.field;

	if (left.meeting >= IR_MEET_MULTIPLY || right.meeting >= IR_MEET_MULTIPLY) {
		ir__fragment_error(checker, scan, "decimal-arithmetic",
			"only whole numbers multiply a decimal exactly on every engine: write them without {dec}",
			"{dec ...} is multiplied or divided");
		return false;
	}
	if (field != NULL && field->type != IR_DECIMAL) {
		ir__fragment_error(checker, scan, "bad-fragment", "write the number as it is",
			"{dec ...} stands beside \"%s\", which is %s", field->column,
			ir_type_of(field->type)->name);
		return false;
	}
	if (field == NULL && !common_decimal(checker, scan, &field))
		return false;
	if (field->precision > 18 && scan->engines[DBW_SQLITE]) {
		ir__fragment_error(checker, scan, "engine-limit",
			"18 digits are the most that compare on SQLite",
			"decimal \"%s\" has more than 18 digits, which SQLite stores as text: order is not available",
			field->column);
		return false;
	}
	if (!dbw__decimal_fits(token->decimal, (int32_t)field->precision, (int32_t)field->scale)) {
		ir__fragment_error(checker, scan, "bad-fragment", NULL,
			"%.*s does not fit decimal(%u,%u), the type of \"%s\"", (int)token->length,
			scan->text + token->offset, field->precision, field->scale, field->column);
		return false;
	}
	token->scale = field->scale;
	return true;
}

static bool is_numeric(const ir_field *field)
{
	return field->type == IR_ID || (field->type >= IR_INT16 && field->type <= IR_DECIMAL);
}

/* Two columns: scaled integers of one scale only go together. */
static bool check_columns(ir_checker *checker, const ir_scan *scan, const ir_field *a, struct peer with)
{
	const ir_field *b = with.field, *decimal = a->type == IR_DECIMAL ? a : b;
	const ir_field *other = decimal == a ? b : a;

	if (b == NULL || !scan->engines[DBW_SQLITE] || decimal->type != IR_DECIMAL || !is_numeric(other))
		return true;
	if (with.meeting == IR_MEET_DIVIDE ||
		(with.meeting == IR_MEET_MULTIPLY && other->type == IR_DECIMAL)) {
		ir__fragment_error(checker, scan, "decimal-arithmetic",
			"SQLite stores decimals as scaled integers: only sums, and products with integers, are exact",
			"decimal \"%s\" is multiplied or divided by \"%s\"", a->column, b->column);
		return false;
	}
	if (with.meeting == IR_MEET_MULTIPLY && other->type != IR_FLOAT32 && other->type != IR_FLOAT64)
		return true;
	if (other->type != IR_DECIMAL || other->scale != decimal->scale) {
		ir__fragment_error(checker, scan, "mixed-scales",
			ir__check_format(checker,
				"SQLite stores \"%s\" as an integer of %u digits after the point: give both fields one type",
				decimal->column, decimal->scale),
			"\"%s\" and \"%s\" are not of one scale", a->column, b->column);
		return false;
	}
	if (decimal->precision > 18 && with.meeting != IR_MEET_COMPARE) {
		ir__fragment_error(checker, scan, "engine-limit",
			"18 digits are the most that compare on SQLite",
			"decimal \"%s\" has more than 18 digits, which SQLite stores as text: order is not available",
			decimal->column);
		return false;
	}
	return true;
}

static bool check_token(ir_checker *checker, ir_scan *scan, size_t place)
{
	ir_token *token = &scan->tokens[place];
	struct peer left = peer_on_left(scan, (long)place), right = peer_on_right(scan, (long)place);

	if (token->kind != IR_TOKEN_DECIMAL)
		bind_tighter(&left, &right);
	/* The same on the far side: in `cost > price * count`, it is the product that is compared. */
	if (token->kind == IR_TOKEN_WORD && right.meeting < IR_MEET_MULTIPLY &&
		meeting_of(scan, (size_t)(right.token + 1)) >= IR_MEET_MULTIPLY)
		right.field = NULL;
	if (token->kind == IR_TOKEN_DECIMAL)
		return check_decimal(checker, scan, token, left, right);
	/* Who writes for one engine knows how it stores things. */
	if (!scan->common)
		return true;
	switch (token->kind) {
	case IR_TOKEN_NUMBER:
		return check_number(checker, scan, token, left) && check_number(checker, scan, token, right);
	case IR_TOKEN_TEXT: return check_text(checker, scan, left) && check_text(checker, scan, right);
	case IR_TOKEN_WORD: return token->field == NULL || check_columns(checker, scan, token->field, right);
	case IR_TOKEN_OPERATOR:
		if (!ir__token_is(scan, place, "==") || !scan->engines[DBW_POSTGRESQL])
			return true;
		ir__fragment_error(checker, scan, "engine-limit", "write =", "PostgreSQL has no ==");
		return false;
	case IR_TOKEN_DECIMAL:
	case IR_TOKEN_OPEN:
	case IR_TOKEN_CLOSE: break;
	}
	return true;
}

bool ir__check_fragment_rules(ir_checker *checker, ir_scan *scan)
{
	const ir_field *only = scan->count == 1 ? scan->tokens[0].field : NULL;
	bool good = true;

	if (scan->role == IR_ROLE_CONDITION && only != NULL && only->type != IR_BOOL &&
		scan->engines[DBW_POSTGRESQL]) {
		ir__fragment_error(checker, scan, "no-condition",
			ir__check_format(checker, "write %s IS NOT NULL, or a comparison", only->column),
			"\"%s\" is %s, which is no condition on PostgreSQL", only->column,
			ir_type_of(only->type)->name);
		return false;
	}
	/* One report is enough: a fragment is a line of text. */
	for (size_t i = 0; good && i < scan->count; i++)
		good = check_token(checker, scan, i);
	return good;
}
