/**
 * Finding things in the intermediate representation by the name the user gave them. All arguments are borrowed; what
 * is returned belongs to the project. NULL where there is none.
 */
#ifndef DBWRIGHT_MODEL_FIND_H
#define DBWRIGHT_MODEL_FIND_H

#include <model/model.h>

/** The schema of this name. */
ir_schema *ir_find_schema(const ir_project *project, const char *name);

/** The model of this name in a schema, whose models are sorted by name. */
ir_model *ir_find_model(const ir_schema *schema, const char *name);

/** The field of this name. */
ir_field *ir_find_field(const ir_model *model, const char *name);

/** The field with this column; only after the checker has filled the columns. */
ir_field *ir_find_column(const ir_model *model, const char *column);

/** The relation of this name. */
ir_relation *ir_find_relation(const ir_model *model, const char *name);

/** The field name that is nearest to a wrong one, for "did you mean". */
const char *ir_suggest_field(const ir_model *model, const char *name);

/** The model name that is nearest to a wrong one, for "did you mean". */
const char *ir_suggest_model(const ir_schema *schema, const char *name);

#endif
