/**
 * The intermediate representation: what the declarations say, as data. The loader fills it, the checker resolves and
 * completes it, the renderers read it. No file is read and nothing is printed here. Everything lives in one arena;
 * every word the user wrote keeps its position. Lists are arrays with a count, in the order of declaration.
 *
 * "Filled by" in the comments: L the loader, C the checker.
 */
#ifndef DBWRIGHT_MODEL_MODEL_H
#define DBWRIGHT_MODEL_MODEL_H

#include <base/arena.h>
#include <base/diagnostic.h>
#include <dbwright/engine.h>
#include <entries/entry.h>
#include <model/type.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct ir_project ir_project;
typedef struct ir_file ir_file;
typedef struct ir_schema ir_schema;
typedef struct ir_database ir_database;
typedef struct ir_member ir_member;
typedef struct ir_profile ir_profile;
typedef struct ir_model ir_model;
typedef struct ir_mixin ir_mixin;
typedef struct ir_field ir_field;
typedef struct ir_relation ir_relation;
typedef struct ir_index ir_index;
typedef struct ir_check ir_check;
typedef struct ir_constraint ir_constraint;

/** A word of the user's and where it stands. text is NULL where the word was not written. */
typedef struct ir_word {
	const char *text;
	dbw_position position;
} ir_word;

/**
 * A piece of SQL the user wrote (check, where, generated column, expression default, expression index). `text` is as
 * written, with {dec ...}; `sql` is what each engine gets.
 */
typedef struct ir_fragment {
	const char *text; /* L; NULL where there is none */
	dbw_position position;
	const char *only
		[DBW_ENGINE_COUNT]; /* L: written per engine ({sqlite: ..., postgresql: ...}); NULL = use text */
	const char *sql
		[DBW_ENGINE_COUNT]; /* C: with {dec} rendered; NULL for an engine the schema does not have */
} ir_fragment;

/** A YAML file that was read: each gives one C source. */
struct ir_file {
	const char *path;   /**< As it is opened (relative to the working directory or absolute). */
	const char *name;   /**< Relative to the project file's folder, with '/': "models/auth.yaml". */
	const char *source; /**< The C source it makes: "models_auth.c". */
	ir_model **models;  /**< L: the models declared in it, in order. */
	size_t model_count;
	bool says_schema;       /**< L: by its own word, or by the folder of an app. */
	const ir_schema *taken; /**< L: of models whose file says none, the project's only one; else NULL. */
	dbw_position taken_position; /**< Where those models begin. */
};

struct ir_project {
	dbw_arena *arena;
	ir_word name;              /**< "shop"; the program is <name>_program. */
	const char *folder;        /**< Of the project file, "." or "path/to". */
	const char *tables_source; /**< "dbwright_tables.c", the C source of create_tables. */
	ir_file **files;           /**< The project file first, then the includes in sorted order. */
	size_t file_count;
	ir_schema **schemas; /**< Sorted by name, so that output does not depend on the order of files. */
	size_t schema_count;
	ir_database **databases;
	size_t database_count;
	ir_member *members; /* C */
	size_t member_count;
	ir_profile *profiles;
	size_t profile_count;
	const char **inputs; /**< Files that were read and make no source: a database.yaml. */
	size_t input_count;
	ir_mixin **mixins;
	size_t mixin_count;
	bool incomplete; /**< L: some of it could not be read: what is missing elsewhere has been reported. */
};

struct ir_schema {
	ir_word name;
	bool listed;        /**< L: stands under `schemas:`; else a model file or a database implies it. */
	const char *prefix; /**< "" or "auth_": stands before every C name of the schema's models. */
	dbw_position prefix_position;
	bool engines[DBW_ENGINE_COUNT]; /**< Generated for and checked against; both unless said. */
	ir_storage storage;             /**< For all fields of the schema that do not say. */
	dbw_position storage_position;
	const char *namespace_; /**< PostgreSQL's schema; NULL for the search path. */
	dbw_position namespace_position;
	const char *comment;
	ir_model **models; /**< Sorted by name. */
	size_t model_count;
	ir_model **
		creation_order; /* C: parents before children; only for cycles a foreign key is added afterwards */
};

/** An entry of `databases:`, unresolved: compiled into the program as it stands. */
struct ir_database {
	ir_word name;
	ir_word schema_name; /* L: the entry's own name unless said */
	ir_schema *schema;   /* C */
	ir_word qualifier;   /**< The name unless said. */
	bool is_default;
	dbw_position default_position;
	dbw__entry entry; /**< All that is said of it, with defaults, `extends` and its profile worked in. */
	bool broken;      /**< L: something in it was reported: what it does not say may be what was wrong. */
};

/** A member of the program's container, shop_databases. */
struct ir_member {
	const char *c_name;      /**< The database's or the schema's name, with '_' where C has the word. */
	const ir_schema *schema; /**< The database's. */
	const ir_database *database; /**< NULL: the schema's default one, since no entry is of the schema. */
};

/** A profile: the entries that it changes or adds, each in full. */
struct ir_profile {
	ir_word name;
	ir_database **databases;
	size_t database_count;
};

typedef enum ir_default_kind {
	IR_DEFAULT_NONE,
	IR_DEFAULT_LITERAL, /**< A value that INIT puts into the struct and the DDL repeats. */
	IR_DEFAULT_NOW,     /**< timestamp, date, time: made by the runtime at insert. */
	IR_DEFAULT_UUID_V4,
	IR_DEFAULT_UUID_V7,
	IR_DEFAULT_EXPRESSION, /**< Left to the database, read back after insert. */
} ir_default_kind;

/** How a literal was written in YAML: what tells 10 from "10". */
typedef enum ir_written { IR_WRITTEN_TEXT, IR_WRITTEN_BOOL, IR_WRITTEN_INT, IR_WRITTEN_FLOAT } ir_written;

/** A literal default, parsed by the type's own rules. Which member counts follows from the type. */
typedef struct ir_literal {
	const char *
		text; /**< bool "true"/"false", int and float as C reads them, decimal at the column's scale, text and json the text itself, enum the value, bytes and uuid as hex digits without dashes, times canonical ISO. */
	size_t length;
	int64_t integer; /**< bool, int, enum (index of the value), timestamp us, date days, time us. */
	int64_t high;    /**< decimal coefficient ... */
	uint64_t low;    /**< ... as dbw_decimal holds it, at the column's scale. */
} ir_literal;

typedef struct ir_default {
	ir_default_kind kind; /* L: LITERAL for every scalar; C: NOW and UUID_ where the text says so */
	dbw_position position;
	const char *text; /* L: the scalar as written */
	size_t length;
	ir_written written; /* L */
	int64_t integer;    /* L: the value of IR_WRITTEN_INT ... */
	bool integer_fits;  /* ... if 64 bits hold it */
	double number;      /* L: the nearest double of IR_WRITTEN_INT and IR_WRITTEN_FLOAT ... */
	bool number_fits;   /* ... if it is a finite number */
	ir_literal literal;
	ir_fragment expression;
} ir_default;

/** One value of an enum. */
typedef struct ir_enum_value {
	ir_word word;       /**< As stored: "admin". */
	const char *c_name; /* C: "USER_ROLE_ADMIN" */
	const char *comment;
} ir_enum_value;

/** Why a field is there. */
typedef enum ir_origin {
	IR_DECLARED,
	IR_FOREIGN_KEY, /**< Made by a belongs_to. */
	IR_MIXED_IN,
	IR_CREATED_AT,
	IR_UPDATED_AT,
	IR_VERSION,
	IR_DELETED_AT,
} ir_origin;

struct ir_field {
	ir_word name;
	ir_model *model;
	size_t number;      /* C: place in model->fields = in the struct, the DDL and the column sets */
	const char *c_name; /* C: the C member; `c_name:` or the name */
	dbw_position c_name_position;
	bool c_name_given;
	const char *column; /* C: `column:` or the name */
	dbw_position column_position;
	ir_type_id type;
	dbw_position type_position;
	bool nullable;
	uint32_t length;    /**< string: greatest number of characters; text and bytes 0. */
	uint32_t precision; /**< decimal */
	uint32_t scale;     /**< decimal */
	bool autoincrement; /**< id on SQLite */
	dbw_position autoincrement_position;
	ir_enum_value *values;
	size_t value_count;
	const char *enum_c_type; /* C: "user_role" */
	ir_default default_;
	ir_fragment generated; /**< text NULL if it is an ordinary column; always STORED. */
	bool unique;           /* L: `unique: true`; C adds an index for it */
	dbw_position unique_position;
	bool index; /* L: `index: true`; C adds an index for it */
	bool sensitive;
	bool on_demand; /**< `load: on_demand`: read only where a query names it. */
	dbw_position on_demand_position;
	const char *comment;
	const char *sql_type[DBW_ENGINE_COUNT]; /**< Override, NULL if none. */
	dbw_position sql_type_position;
	ir_storage storage; /* C: resolved: never DEFAULT where the type has a choice and the schema says */
	dbw_position storage_position;
	const char *collation; /**< PostgreSQL; NULL: "C" for text. Refused where the schema has SQLite. */
	dbw_position collation_position;
	const char *renamed_from;
	dbw_position renamed_from_position;
	ir_origin origin;
	bool broken;           /**< Something about its type was reported: nothing more is said about it. */
	ir_relation *relation; /* C: the belongs_to it is the (or a) foreign key of; NULL if none */
	bool in_key;           /* C: part of the primary key */
	unsigned
		operators; /* C: the IR_OP_ bits this field has on every engine of its schema (decimal text has no order, native enum none) */
};

typedef enum ir_relation_kind { IR_BELONGS_TO, IR_HAS_MANY, IR_HAS_ONE } ir_relation_kind;

typedef enum ir_action { IR_NO_ACTION, IR_RESTRICT, IR_CASCADE, IR_SET_NULL, IR_SET_DEFAULT } ir_action;

struct ir_relation {
	ir_word name;
	ir_model *model;
	ir_relation_kind kind;
	ir_word target_name;
	ir_model *target; /* C */
	bool optional;    /**< belongs_to: nullable foreign key. */
	bool unique;      /**< belongs_to: one-to-one. */
	ir_action on_delete, on_update;
	ir_word *field_names; /* L: `field:` (one or a list); empty: derived */
	size_t field_name_count;
	ir_field **fields;     /* C: belongs_to: the foreign key columns, parallel to `references` */
	ir_field **references; /* C: belongs_to: the target's key columns */
	size_t field_count;
	ir_word references_name; /* L: `references:` a unique field of the target other than its key */
	bool index;              /**< belongs_to: make an index (true unless said). */
	ir_word through_name;
	ir_model *through;    /* C: has_many through */
	ir_word inverse_name; /* L: `inverse:` the belongs_to on the other side where there are several */
	ir_relation *
		inverse; /* C: the belongs_to that a has_many or has_one mirrors (on `through` where given) */
	ir_word column, c_name; /* L: `column:` and `c_name:` of the field that a belongs_to makes */
	dbw_position on_delete_position, on_update_position;
	const char *comment;
	bool broken;        /**< Reported already: C leaves it out of the model. */
	ir_relation *far;   /* C: has_many through: the belongs_to of `through` that leads to the target */
	unsigned char mark; /* Private to the checker. */
	bool add_later; /* C: part of a cycle of foreign keys: PostgreSQL adds it after all tables stand */
};

/** One column or expression of an index. Exactly one of field and expression.text is set. */
typedef struct ir_index_part {
	ir_word field_name;
	ir_field *field; /* C */
	ir_fragment expression;
	bool descending;
	enum { IR_NULLS_DEFAULT, IR_NULLS_FIRST, IR_NULLS_LAST } nulls; /* C refuses what SQLite cannot */
	dbw_position position;
} ir_index_part;

struct ir_index {
	ir_word name; /* L: where given; C: the index's name in the database */
	ir_model *model;
	dbw_position position;
	ir_index_part *parts;
	size_t part_count;
	bool unique;
	bool primary; /* C: the primary key (no CREATE INDEX of its own) */
	ir_fragment
		where; /**< Partial index. With soft_delete, C adds "deleted_at IS NULL" to unique ones in where.sql. */
	const char *message;
	const char *comment;
	bool implied; /* C: made from a field's unique/index or from a belongs_to */
	bool broken;  /**< Reported already: C leaves it out of the model. */
	bool create; /* C: false where the primary key or another index already serves it (no SQL, finder only) */
	bool only_live;            /* C: unique and made partial by soft_delete alone: still has a finder */
	ir_constraint *constraint; /* C: for unique ones */
	/* C: the finder it makes: "" for none (partial by `where`, expression); else "id", "email",
	 * "playlist_id_and_track_id": the tail of user_find_by_... (unique) or user_list_by_... */
	const char *finder;
};

struct ir_check {
	ir_word name;
	ir_model *model;
	ir_fragment expression;
	const char *message;
	ir_constraint *constraint; /* C */
};

typedef enum ir_constraint_kind { IR_PRIMARY_KEY, IR_UNIQUE, IR_FOREIGN, IR_CHECK } ir_constraint_kind;

/** A constraint that has a C constant. C fills all of it, in the order: key, uniques, foreign keys, checks. */
struct ir_constraint {
	ir_constraint_kind kind;
	const char *name;   /**< In the database: "users_email_key", at most 63 bytes. */
	const char *c_name; /**< "USER_EMAIL_KEY" */
	const char *message;
	ir_index *index;       /**< Primary key and unique. */
	ir_relation *relation; /**< Foreign key. */
	ir_check *check;
	dbw_position position;
};

/** Fields, indexes and checks that models share by naming the mixin. Its members are copied into the model. */
struct ir_mixin {
	ir_word name;
	ir_word schema_name; /**< text NULL: for every schema. */
	ir_field **fields;
	size_t field_count;
	ir_index **indexes;
	size_t index_count;
	ir_check **checks;
	size_t check_count;
};

struct ir_model {
	ir_word name;
	ir_schema *schema;
	ir_file *file;
	const char *c_name;  /* C: `c_name:` or the name, with the schema's prefix: "user", "auth_user" */
	const char *c_upper; /* C: the same in capitals: "USER" */
	dbw_position c_name_position;
	bool c_name_given;
	ir_word table; /* L where given; C: else the model's name */
	const char *comment;
	const char *renamed_from;
	dbw_position renamed_from_position;
	bool timestamps, version, soft_delete, read_only;
	dbw_position timestamps_position, version_position, soft_delete_position;
	ir_word *mixin_names;
	size_t mixin_name_count;
	ir_field **fields; /* L: as declared; C: complete, in the order of struct and DDL */
	size_t field_count;
	ir_relation **relations;
	size_t relation_count;
	ir_index **indexes; /* C: complete, the primary key first */
	size_t index_count;
	ir_check **checks;
	size_t check_count;
	ir_word *key_names; /* L: `key:` */
	size_t key_name_count;
	dbw_position key_position;
	bool broken;    /**< Something in it was reported: no follow-up errors about what is missing. */
	ir_field **key; /* C: the primary key */
	size_t key_count;
	ir_field *created_at, *updated_at, *version_field, *deleted_at; /* C: NULL where there is none */
	ir_constraint **constraints;                                    /* C */
	size_t constraint_count;
	bool reads_back;    /* C: has generated columns or expression defaults */
	unsigned char mark; /* Private to the checker. */
};

#endif
