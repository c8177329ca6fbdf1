/* Declarations that bytes choose from a grammar: most of them pass the checks, which bytes alone never do. */
#ifndef FUZZ_DECLARATIONS_H
#define FUZZ_DECLARATIONS_H

#include "fuzz.h"

#include <base/text.h>

/** Appends a project file of one schema on both engines, or on SQLite alone. */
void fuzz_declare(fuzz_bytes *bytes, dbw_text_buffer *out);

#endif
