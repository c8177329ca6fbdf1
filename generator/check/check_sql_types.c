/* `sql_type:`, another type of a column than its field's usual one. */
#include "checker.h"

#include <string.h>

enum { TYPE_MAX = 100 };

#define OF(type) (1U << IR_##type)
#define INTEGERS (OF(INT16) | OF(INT32) | OF(INT64))
#define TEXTS    (OF(STRING) | OF(TEXT) | OF(JSON) | OF(ENUM))

/*
 * The types that PostgreSQL has by itself (manual, table 8.1), and the fields that the runtime reads from each: codec_of() in
 * runtime/driver/postgresql/decode.c. A type that is not among them is somebody's own, and taken for text or for what it
 * is made of.
 */
static const struct {
	const char *name;
	unsigned fields;
} known[] = {
	{ "boolean", OF(BOOL) },
	{ "bool", OF(BOOL) },
	{ "smallint", INTEGERS },
	{ "int2", INTEGERS },
	{ "integer", INTEGERS },
	{ "int", INTEGERS },
	{ "int4", INTEGERS },
	{ "bigint", INTEGERS },
	{ "int8", INTEGERS },
	{ "real", OF(FLOAT32) },
	{ "float4", OF(FLOAT32) },
	{ "double precision", OF(FLOAT64) },
	{ "float8", OF(FLOAT64) },
	{ "numeric", OF(DECIMAL) },
	{ "decimal", OF(DECIMAL) },
	{ "text", TEXTS },
	{ "varchar", TEXTS },
	{ "character varying", TEXTS },
	{ "char", TEXTS },
	{ "character", TEXTS },
	{ "char varying", TEXTS },
	{ "bpchar", TEXTS },
	{ "name", TEXTS },
	{ "json", OF(JSON) }, /* has no equality */
	{ "jsonb", OF(JSON) },
	{ "bytea", OF(BYTES) },
	{ "timestamptz", OF(TIMESTAMP) },
	{ "timestamp with time zone", OF(TIMESTAMP) },
	{ "timestamp", OF(TIMESTAMP) },
	{ "timestamp without time zone", OF(TIMESTAMP) },
	{ "date", OF(DATE) },
	{ "time", OF(TIME) },
	{ "time without time zone", OF(TIME) },
	{ "uuid", OF(UUID) },
	{ "float", 0 }, /* real or double precision, as its argument says */
	{ "bit", 0 },
	{ "bit varying", 0 },
	{ "varbit", 0 },
	{ "box", 0 },
	{ "cidr", 0 },
	{ "circle", 0 },
	{ "inet", 0 },
	{ "interval", 0 },
	{ "line", 0 },
	{ "lseg", 0 },
	{ "macaddr", 0 },
	{ "macaddr8", 0 },
	{ "money", 0 },
	{ "oid", 0 },
	{ "path", 0 },
	{ "pg_lsn", 0 },
	{ "pg_snapshot", 0 },
	{ "point", 0 },
	{ "polygon", 0 },
	{ "serial", 0 },
	{ "serial2", 0 },
	{ "serial4", 0 },
	{ "serial8", 0 },
	{ "smallserial", 0 },
	{ "bigserial", 0 },
	{ "time with time zone", 0 },
	{ "timetz", 0 },
	{ "tsquery", 0 },
	{ "tsvector", 0 },
	{ "txid_snapshot", 0 },
	{ "xml", 0 },
};

static bool is_letter(char byte)
{
	return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') || (byte >= '0' && byte <= '9') ||
	       byte == '_';
}

/*
 * The words of a type in small letters, with one blank between, and without what is in brackets: "Timestamp (3) with time zone"
 * becomes "timestamp with time zone". False for what is no type, or more than one: the text stands in CREATE TABLE as it is.
 */
static bool read_words(const char *text, char words[TYPE_MAX + 1])
{
	bool inside = false, done = false;
	size_t length = 0;

	if (strlen(text) > TYPE_MAX || !is_letter(text[0]))
		return false;
	for (; *text != '\0'; text++) {
		if (*text == '(' && !inside && !done) {
			inside = true;
		} else if (*text == ')' && inside) {
			inside = false;
			done = true;
		} else if (inside) {
			if (!is_letter(*text) && *text != ',' && *text != ' ')
				return false;
		} else if (is_letter(*text) || *text == '.') {
			if (length != 0 && !is_letter(text[-1]) && text[-1] != '.')
				words[length++] = ' ';
			words[length++] = (char)(*text >= 'A' && *text <= 'Z' ? *text - 'A' + 'a' : *text);
		} else if (*text != ' ') {
			return false;
		}
	}
	words[length] = '\0';
	return !inside;
}

/* "double precision or float8, or a type of your own": what a field can be. */
static const char *choices(ir_checker *checker, const ir_field *field)
{
	const char *text = NULL;

	for (size_t i = 0; i < IR_COUNT(known); i++)
		if ((known[i].fields & (1U << field->type)) != 0)
			text = text == NULL ? known[i].name
					    : ir__check_format(checker, "%s, %s", text, known[i].name);
	return ir__check_format(checker, "it can be %s, or a type of your own", text);
}

static void check_postgresql(ir_checker *checker, const ir_field *field, const char *type)
{
	const ir_model *model = field->model;
	char words[TYPE_MAX + 1];
	const char *name = words;
	size_t which = IR_COUNT(known);

	if (field->storage == IR_STORAGE_NATIVE) {
		ir__check_error(checker, field->sql_type_position, "contradiction",
			"take \"sql_type\" away, or storage: native",
			"field \"%s\" in model \"%s\" is to be a type of its own in PostgreSQL, and \"%s\"",
			field->name.text, model->name.text, type);
		return;
	}
	if (read_words(type, words)) {
		if (strncmp(name, "pg_catalog.", strlen("pg_catalog.")) == 0)
			name += strlen("pg_catalog.");
		/* SQL's own words for the same (src/backend/parser/gram.y, character). */
		if (strncmp(name, "national char", strlen("national char")) == 0)
			name += strlen("national ");
		else if (strncmp(name, "nchar", strlen("nchar")) == 0)
			name += strlen("n");
		for (which = 0; which < IR_COUNT(known) && strcmp(known[which].name, name) != 0;)
			which++;
		if (which == IR_COUNT(known) && strchr(name, ' ') == NULL)
			return;
	}
	if (which == IR_COUNT(known))
		ir__check_error(checker, field->sql_type_position, "bad-sql-type",
			"a type is a name with brackets, as in varchar(40) or citext; NULL, defaults, collations and constraints have keys of their own",
			"field \"%s\" in model \"%s\" cannot have \"%s\" as a type of PostgreSQL",
			field->name.text, model->name.text, type);
	else if ((known[which].fields & (1U << field->type)) == 0)
		ir__check_error(checker, field->sql_type_position, "bad-sql-type", choices(checker, field),
			"field \"%s\" in model \"%s\" is %s, which is not read from PostgreSQL's \"%s\"",
			field->name.text, model->name.text, ir_type_of(field->type)->name, type);
}

void ir__check_sql_type(ir_checker *checker, const ir_field *field)
{
	const ir_model *model = field->model;
	const char *sqlite = field->sql_type[DBW_SQLITE], *postgresql = field->sql_type[DBW_POSTGRESQL];
	const char *class = ir__sqlite_class(field);

	if (sqlite != NULL && model->schema->engines[DBW_SQLITE] && strcmp(sqlite, class) != 0)
		ir__check_error(checker, field->sql_type_position, "bad-sql-type",
			sqlite == postgresql
				? ir__check_format(checker,
					  "say for which engine: sql_type: {postgresql: \"%s\"}", sqlite)
				: "tables are STRICT in SQLite: the type of a column is INTEGER, TEXT, REAL or BLOB",
			"field \"%s\" in model \"%s\" is stored as %s in SQLite, not as \"%s\"",
			field->name.text, model->name.text, class, sqlite);
	else if (postgresql != NULL && model->schema->engines[DBW_POSTGRESQL])
		check_postgresql(checker, field, postgresql);
}
