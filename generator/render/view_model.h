/* Views of the intermediate representation: what each kind of generated file is filled with. */
#ifndef DBWRIGHT_RENDER_VIEW_MODEL_H
#define DBWRIGHT_RENDER_VIEW_MODEL_H

#include <render/view.h>

#include <base/text.h>
#include <model/model.h>

/** What is looked up in the whole project: names of types, and which foreign keys point where. */
typedef struct ir__facts ir__facts;

/** Collects the facts in the arena. NULL when memory is short. */
const ir__facts *ir__facts_of(dbw_arena *arena, const ir_project *project);

/** Whether a name is a type in the generated code, which no parameter may hide. */
bool ir__is_type_name(const ir__facts *facts, const char *name);

/** The foreign keys that point to a model, in the order of the models they belong to. */
const ir_constraint *const *ir__referenced_by(const ir__facts *facts, const ir_model *model, size_t *count);

/** The C type of a field's member: NOT NULL types for `plain`, as for parameters. Ends in a blank or a star. */
const char *ir__c_type(ir__view_maker *maker, const ir_field *field, bool plain);

/** What there is to know about a field, for the comment beside its member; may be empty. */
void ir__field_doc(dbw_text_buffer *out, const ir_field *field);

/** The member of <MODEL>_INIT for a field, ".role = USER_ROLE_MEMBER"; appends nothing if zero is right. */
void ir__field_init(dbw_text_buffer *out, const ir_field *field);

/** Whether the field has a member in the filter, and in the order. */
bool ir__has_filter(const ir_field *field);
bool ir__has_order(const ir_field *field);

/** Whether update may write the field. */
bool ir__is_writable(const ir_field *field);

/** Whether update may write any field of the model. */
bool ir__has_writable(const ir_model *model);

/** Whether the database computes the field. */
bool ir__is_generated(const ir_field *field);

/** Whether nothing but the program gives the field a value: it is NOT NULL and has no default. */
bool ir__is_required(const ir_field *field);

/** Whether 0 in the field refers to no row: it is NOT NULL and holds the id of another model, and ids count from 1. */
bool ir__needs_id(const ir_field *field);

/** The text in a buffer as a member of an object; the buffer is emptied. */
void ir__view_take(ir__view_maker *maker, ir__view *object, const char *key, dbw_text_buffer *text);

/** A comment of the user's as sentences: without blanks around, and with a full stop. */
void ir__append_sentence(dbw_text_buffer *out, const char *text);

/** Whether the member points to text or bytes. */
bool ir__has_text(const ir_field *field);

/** A name in a list of so many, as people write one: "id, email and name". */
void ir__append_listed(dbw_text_buffer *text, const char *name, size_t place, size_t count);

/** What the comments of the model's functions say of it. `text` is empty before and after, here and below. */
void ir__view_comments(ir__view_maker *maker, ir__view *view, const ir_model *model, const ir__facts *facts,
	dbw_text_buffer *text);

/** What the comments of the writes by a unique key say of it. */
void ir__view_unique_key_comments(
	ir__view_maker *maker, ir__view *view, const ir_index *index, dbw_text_buffer *text);

/** What c/writes.h and c/writes.c are filled with besides. */
void ir__view_writes(ir__view_maker *maker, ir__view *view, const ir_model *model, dbw_text_buffer *text);

/** What every file starts from: its own name, the YAML it comes from, the guard. NULL when memory is short. */
ir__view *ir__view_file(ir__view_maker *maker, const char *source, const char *path);

/** What fills c/forward.h, c/schema.h, c/model.h, c/models.c, c/program.h. */
void ir__view_schema(ir__view_maker *maker, ir__view *view, const ir_schema *schema);
void ir__view_model(ir__view_maker *maker, ir__view *view, const ir_model *model, const ir__facts *facts);
void ir__view_source(ir__view_maker *maker, ir__view *view, const ir_project *project, const ir_file *file,
	const ir__facts *facts);

/** Sets `text` to the SQL, and whether it is `long`: more than any compiler takes for a literal without a word. */
void ir__view_sql(ir__view_maker *maker, ir__view *object, const char *sql);

/** What fills c/tables.c. */
void ir__view_tables(ir__view_maker *maker, ir__view *view, const ir_project *project);

/** The members of the program's container: for c/databases.h and c/program.c. */
void ir__view_members(ir__view_maker *maker, ir__view *view, const ir_project *project);

/** What fills c/program.c, which stands in the source of the project file. */
void ir__view_program(ir__view_maker *maker, ir__view *view, const ir_project *project);

#endif
