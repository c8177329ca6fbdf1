/* YAML of any bytes: either a tree that keeps what its header promises, or an error with a position. */
#include "fuzz.h"

#include <base/utf8.h>
#include <yaml/tree.h>

#include <math.h>
#include <string.h>

static void check_scalar(const dbw_yaml_node *node)
{
	const char *text;
	int64_t integer;
	double number;
	bool truth;

	FUZZ_CHECK(node->of.text[node->count] == '\0');
	FUZZ_CHECK(dbw__utf8_check(node->of.text, node->count, NULL));
	FUZZ_CHECK(node->type != DBW_YAML_LIST && node->type != DBW_YAML_MAP);
	FUZZ_CHECK(dbw_yaml_as_bool(node, &truth) == (node->type == DBW_YAML_BOOL));
	if (dbw_yaml_as_int(node, &integer)) {
		FUZZ_CHECK(node->type == DBW_YAML_INT);
		FUZZ_CHECK(dbw_yaml_as_float(node, &number) && number == (double)integer);
	} else {
		FUZZ_CHECK(integer == 0);
	}
	if (dbw_yaml_as_float(node, &number))
		FUZZ_CHECK(node->type == DBW_YAML_INT || node->type == DBW_YAML_FLOAT);
	else
		FUZZ_CHECK(number == 0);
	if (dbw_yaml_as_text(node, &text))
		FUZZ_CHECK(node->type == DBW_YAML_TEXT && strlen(text) == node->count);
	else
		FUZZ_CHECK(text == NULL);
	FUZZ_CHECK(dbw_yaml_is_null(node) == (node->type == DBW_YAML_NULL));
}

/* Returns the nodes from here down. */
static size_t check_node(const dbw_yaml_node *node, size_t depth, const dbw_yaml_limits *limits)
{
	size_t nodes = 1;

	FUZZ_CHECK(depth <= limits->depth);
	FUZZ_CHECK(node->position.line >= 1 && node->position.column >= 1);
	FUZZ_CHECK(strcmp(node->position.file, "input.yaml") == 0);
	FUZZ_CHECK(dbw_yaml_describe(node)[0] != '\0');
	switch (node->kind) {
	case DBW_YAML_SCALAR: check_scalar(node); break;
	case DBW_YAML_SEQUENCE:
		FUZZ_CHECK(node->type == DBW_YAML_LIST);
		for (size_t i = 0; i < node->count; i++)
			nodes += check_node(node->of.items[i], depth + 1, limits);
		break;
	case DBW_YAML_MAPPING:
		FUZZ_CHECK(node->type == DBW_YAML_MAP);
		for (size_t i = 0; i < node->count; i++) {
			const dbw_yaml_pair *pair = &node->of.pairs[i];

			FUZZ_CHECK(pair->key->kind == DBW_YAML_SCALAR && pair->key->type == DBW_YAML_TEXT);
			FUZZ_CHECK(dbw_yaml_find_n(node, pair->key->of.text, pair->key->count) == pair);
			nodes += check_node(pair->key, depth + 1, limits);
			nodes += check_node(pair->value, depth + 1, limits);
		}
		FUZZ_CHECK(dbw_yaml_get(node, "no such key here") == NULL);
		break;
	}
	FUZZ_CHECK(nodes <= limits->expanded);
	return nodes;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *const known[] = { "models", "fields", "type" };
	const dbw_yaml_limits limits = { .size = 1 << 16, .depth = 64, .aliases = 100, .expanded = 20000 };
	dbw_arena *arena = dbw_arena_new(0);
	dbw_diagnostics *diagnostics = dbw_diagnostics_new(0);
	const dbw_yaml_node *root;
	bool done;

	FUZZ_CHECK(arena != NULL && diagnostics != NULL);
	done = dbw_yaml_parse(arena, diagnostics, "input.yaml", (const char *)data, size, &limits, &root);
	FUZZ_CHECK(done == (root != NULL));
	FUZZ_CHECK(done == (dbw_diagnostics_errors(diagnostics) == 0));
	if (done) {
		FUZZ_CHECK(dbw__utf8_check((const char *)data, size, NULL));
		check_node(root, 1, &limits);
		if (root->kind == DBW_YAML_MAPPING)
			dbw_yaml_check_keys(diagnostics, root, known, 3, "a model");
	}
	fuzz_check_diagnostics(diagnostics);
	dbw_diagnostics_free(diagnostics);
	dbw_arena_free(arena);
	return 0;
}
