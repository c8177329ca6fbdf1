/*
 * Fragments of SQL taken apart: enough of the grammar to find literals and the columns beside them. Whether the SQL is
 * right is asked of SQLite itself.
 */
#ifndef DBWRIGHT_CHECK_FRAGMENT_H
#define DBWRIGHT_CHECK_FRAGMENT_H

#include "checker.h"

#include <dbwright/decimal.h>

typedef enum ir_token_kind {
	IR_TOKEN_WORD,     /* A name, a keyword, a function. */
	IR_TOKEN_TEXT,     /* 'text' */
	IR_TOKEN_NUMBER,   /* 10.50 */
	IR_TOKEN_DECIMAL,  /* {dec 10.50} */
	IR_TOKEN_OPERATOR, /* Also '.' and ','. */
	IR_TOKEN_OPEN,
	IR_TOKEN_CLOSE,
} ir_token_kind;

typedef struct ir_token {
	ir_token_kind kind;
	size_t offset, length;
	const ir_field *field; /* The column a word means; NULL for all others. */
	dbw_decimal decimal;   /* Of {dec ...}, as written. */
	uint32_t scale;        /* Of {dec ...}: that of the columns it stands by, found by the rules. */
} ir_token;

/* Where a fragment stands and what it may be. */
typedef enum ir_role { IR_ROLE_CONDITION, IR_ROLE_VALUE } ir_role;

/* A fragment's text for one engine, or for all of them. */
typedef struct ir_scan {
	const ir_model *model;
	const char *subject; /* For messages: `check "positive" in model "user"`. */
	const char *text;
	dbw_position position;
	ir_role role;
	const ir_field *target;         /* The column that the value fills; NULL: none. */
	bool common;                    /* The same text is for every engine of the schema. */
	bool engines[DBW_ENGINE_COUNT]; /* Which it is for. */
	ir_token *tokens;
	size_t count;
} ir_scan;

/* fragment_scan.c: fills the tokens. False when the text cannot be taken apart, which was reported. */
bool ir__scan_fragment(ir_checker *checker, ir_scan *scan);
/* Whether the token is this keyword or operator; keywords in capitals here, in any case there. */
bool ir__token_is(const ir_scan *scan, size_t token, const char *word);

/* fragment_rules.c: what means different things on the engines. False when something was reported. */
bool ir__check_fragment_rules(ir_checker *checker, ir_scan *scan);

/* fragment_trial.c: how SQLite takes the fragments of a model. The SQL is what SQLite gets. */
bool ir__try_check(ir_checker *checker, const ir_model *model, const ir_scan *scan, const char *sql);
bool ir__try_field(ir_checker *checker, const ir_field *field, const ir_scan *scan, const char *sql);
bool ir__try_index(
	ir_checker *checker, const ir_index *index, const ir_scan *scan, const char *part, const char *where);

void ir__fragment_error(ir_checker *checker, const ir_scan *scan, const char *code, const char *hint,
	const char *format, ...) __attribute__((format(printf, 5, 6)));

/*
 * fragment_types.c: a text written once has to be of what the schema's engines do alike, and to make what `field` (NULL:
 * none) holds. False when an error was reported.
 */
bool ir__check_fragment_types(ir_checker *checker, const ir_scan *scan, const ir_field *field);

#endif
