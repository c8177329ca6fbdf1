/*
 * YAML as a tree in which every node knows where it stands.
 *
 * The file is YAML 1.2 with the scalars of its core schema (section 10.3.2 of the specification): `no`,
 * `on` and `yes` are text, `010` is ten. Anchors, aliases and the merge key `<<` are resolved. What a
 * declaration has no use for is an error with a position: duplicate keys, keys that are not text, tags of
 * one's own, cycles, several documents.
 *
 * Trees, their texts and their positions live in the arena they were parsed into. They are never changed
 * after parsing and may be read by several threads.
 */
#ifndef DBWRIGHT_YAML_TREE_H
#define DBWRIGHT_YAML_TREE_H

#include <base/arena.h>
#include <base/diagnostic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/** What a node is in the text. */
typedef enum dbw_yaml_kind { DBW_YAML_SCALAR, DBW_YAML_MAPPING, DBW_YAML_SEQUENCE } dbw_yaml_kind;

/** What a node means under the core schema. */
typedef enum dbw_yaml_type {
	DBW_YAML_NULL,  /**< `null`, `Null`, `NULL`, `~` or nothing. */
	DBW_YAML_BOOL,  /**< `true`, `True`, `TRUE`, `false`, `False`, `FALSE`. */
	DBW_YAML_INT,   /**< Decimal, 0o octal or 0x hexadecimal; of any size. */
	DBW_YAML_FLOAT, /**< With a point or an exponent, `.inf`, `.nan`. */
	DBW_YAML_TEXT,  /**< Everything else, and everything in quotes. */
	DBW_YAML_LIST,
	DBW_YAML_MAP
} dbw_yaml_type;

/** How a scalar is written. */
typedef enum dbw_yaml_style {
	DBW_YAML_PLAIN,
	DBW_YAML_QUOTED, /**< In single or double quotes. */
	DBW_YAML_BLOCK   /**< With | or >. */
} dbw_yaml_style;

typedef struct dbw_yaml_node dbw_yaml_node;

/** One key with its value. The key is a scalar of type text, with a position of its own. */
typedef struct dbw_yaml_pair {
	const dbw_yaml_node *key;
	const dbw_yaml_node *value;
	bool merged; /**< It came here by `<<`. */
} dbw_yaml_pair;

/**
 * A node. Which of text, items and pairs is meant follows from kind. A node that is used through an alias,
 * or merged, keeps the position at which it is written.
 */
struct dbw_yaml_node {
	dbw_position position;
	dbw_yaml_kind kind;
	dbw_yaml_type type;
	dbw_yaml_style style; /**< Scalars only. */
	size_t count;         /**< Bytes of the text, items of the sequence, pairs of the mapping. */
	union {
		const char *text; /**< UTF-8, NUL-terminated; a NUL byte inside is possible by "\0". */
		const dbw_yaml_node *const *items; /**< In the order of the file. */
		const dbw_yaml_pair *pairs; /**< In the order of the file; merged ones where `<<` stands. */
	} of;
	const uint32_t *index; /* Private: hash table over the keys of a large mapping. */
	uint32_t index_mask;   /* Private. */
	uint32_t expanded;     /* Private: nodes from here down, those behind aliases each time. */
};

/** What a file may cost at most. */
typedef struct dbw_yaml_limits {
	size_t size;     /**< Bytes of the file. */
	size_t depth;    /**< Levels of nesting; at most 1000 is honoured. */
	size_t aliases;  /**< Uses of anchors. */
	size_t expanded; /**< Nodes, keys included, when every alias is written out. */
} dbw_yaml_limits;

/** 16 MB, 64 levels, 1000 aliases, 1,000,000 nodes. */
extern const dbw_yaml_limits dbw_yaml_default_limits;

/**
 * Parses the `length` bytes at `text`, borrowed for the call, as one document. `file_name` is what messages
 * call it. `limits` NULL takes the defaults. On success returns true and the root, in the arena, in
 * `*root`. Otherwise `*root` is NULL and at least one error was reported, with these codes:
 *
 *   "yaml-syntax" not YAML (one per run: the parser cannot go on); "encoding" not UTF-8; "control-character";
 *   "empty-document"; "several-documents"; "duplicate-key"; "non-string-key"; "complex-key"; "alias-key";
 *   "unknown-anchor"; "alias-cycle"; "custom-tag"; "bad-tag" a standard tag on the wrong thing; "bad-merge";
 *   "too-large", "too-deep", "too-many-aliases", "too-many-nodes" over a limit; "out-of-memory".
 */
bool dbw_yaml_parse(dbw_arena *arena, dbw_diagnostics *diagnostics, const char *file_name, const char *text,
	size_t length, const dbw_yaml_limits *limits, const dbw_yaml_node **root);

/**
 * As dbw_yaml_parse() for the file at `path`, which is also what messages call it. A file that cannot be
 * read is reported with the code "unreadable-file" and the system's reason.
 */
bool dbw_yaml_read_file(dbw_arena *arena, dbw_diagnostics *diagnostics, const char *path,
	const dbw_yaml_limits *limits, const dbw_yaml_node **root);

/** The pair with the NUL-terminated `key`; NULL if there is none, or `mapping` is NULL or no mapping. */
const dbw_yaml_pair *dbw_yaml_find(const dbw_yaml_node *mapping, const char *key);

/** As dbw_yaml_find() with the length of the key in bytes. */
const dbw_yaml_pair *dbw_yaml_find_n(const dbw_yaml_node *mapping, const char *key, size_t length);

/**
 * The value of `key`; NULL if there is none, or `mapping` is NULL or no mapping. A null in the file is a
 * node.
 */
const dbw_yaml_node *dbw_yaml_get(const dbw_yaml_node *mapping, const char *key);

/** Whether the node means null. */
bool dbw_yaml_is_null(const dbw_yaml_node *node);

/** The truth value of a bool. False, and `*out` false, when the node is of another type. */
bool dbw_yaml_as_bool(const dbw_yaml_node *node, bool *out);

/**
 * The value of an int. False, and `*out` 0, when the node is of another type or, its type being
 * DBW_YAML_INT, the number does not fit.
 */
bool dbw_yaml_as_int(const dbw_yaml_node *node, int64_t *out);

/**
 * The nearest double of an int or float, whatever the locale. False, and `*out` 0, for other types and on
 * overflow.
 */
bool dbw_yaml_as_float(const dbw_yaml_node *node, double *out);

/**
 * The text of a node of type text, as long as the arena. False, and `*out` NULL, for other types and where
 * a NUL byte stands inside the text.
 */
bool dbw_yaml_as_text(const dbw_yaml_node *node, const char **out);

/** What the node is, for messages: "null", "a boolean", "a number", "text", "a list" or "a mapping". */
const char *dbw_yaml_describe(const dbw_yaml_node *node);

/**
 * Reports each key of `mapping` that is not among the `count` words of `known` with the code "unknown-key";
 * the message reads: unknown key "x" in `what` ("a model", "database \"auth\""). The hint is the nearest
 * known key, or all of them. Returns whether all keys are known. Keys that came by `<<` are looked at like
 * others.
 */
bool dbw_yaml_check_keys(dbw_diagnostics *diagnostics, const dbw_yaml_node *mapping, const char *const *known,
	size_t count, const char *what);

#ifdef __cplusplus
}
#endif

#endif
