/* The templates, compiled into the program by cmake/DbwrightEmbed.cmake. */
#ifndef DBWRIGHT_RENDER_EMBEDDED_H
#define DBWRIGHT_RENDER_EMBEDDED_H

#include <stddef.h>

typedef struct ir__embedded {
	const char *name; /**< "c/model.h", without the ending ".in". */
	const char *file; /**< What messages call it: "templates/c/model.h.in". */
	const char *text; /**< Not NUL-terminated. */
	size_t length;
} ir__embedded;

extern const ir__embedded ir__embedded_templates[];
extern const size_t ir__embedded_count;

#endif
