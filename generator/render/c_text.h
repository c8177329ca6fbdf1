/* Text as it is written in C source. */
#ifndef DBWRIGHT_RENDER_C_TEXT_H
#define DBWRIGHT_RENDER_C_TEXT_H

#include <base/text.h>
#include <stdint.h>

/**
 * Appends text as it stands between the quotes of a string literal. UTF-8 stays as it is; control characters, bytes
 * that are no UTF-8, and marks that would change the direction of reading become octal; no trigraph comes about
 * (C11 5.2.1.1). `before` is the character before the text in the same literal, 0 if there is none.
 */
void ir__c_escape(dbw_text_buffer *out, const char *text, size_t length, char before);

/** Appends a whole literal, quotes included. */
void ir__c_literal(dbw_text_buffer *out, const char *text, size_t length);

/** The same for a literal that is shown in a comment: nothing in it ends the comment or begins another. */
void ir__c_shown(dbw_text_buffer *out, const char *text, size_t length);

/** Whether a character changes the direction of text (Unicode's UAX #9, section 2): what is read is not what is compiled. */
bool ir__changes_direction(uint32_t character);

#endif
