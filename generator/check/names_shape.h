/*
 * The one table of the shapes of generated identifiers. Renderers write no identifier of file scope whose
 * shape is not here; shapes of features to come are here already, so that a program that is accepted today
 * stays accepted.
 *
 * All identifiers of an owner begin with its stem: the C name of a project, schema or model, small or in
 * capitals. What is internal has two underscores after the stem and cannot meet a name that users see.
 */
#ifndef DBWRIGHT_CHECK_NAMES_SHAPE_H
#define DBWRIGHT_CHECK_NAMES_SHAPE_H

#include "names_private.h"

/* What an identifier is in C. A type is a tag too. */
typedef enum ir__shape_kind {
	IR__SHAPE_TYPE,
	IR__SHAPE_FUNCTION,
	IR__SHAPE_OBJECT,
	IR__SHAPE_ENUMERATOR,
	IR__SHAPE_MACRO
} ir__shape_kind;

/* A project, a schema or a model with the start of its identifiers. */
typedef struct ir__stem {
	ir__thing thing;
	const char *lower, *upper; /* "auth_user", "AUTH_USER"; upper is NULL where nothing is in capitals. */
} ir__stem;

/* Called for each identifier of a stem; `name` is valid during the call and stands in names->text. */
typedef void ir__shape_visitor(ir__names *names, const char *name, size_t length, ir__shape_kind kind,
	const ir__thing *thing, void *context);

/*
 * Visits identifiers of a stem in a fixed order: first those that every stem of its kind has, its own name
 * first (if `fixed`), then those that come from fields, indexes, relations and constraints (if `variable`).
 */
void ir__shapes_visit(ir__names *names, const ir__stem *stem, bool fixed, bool variable,
	ir__shape_visitor *visit, void *context);

#endif
