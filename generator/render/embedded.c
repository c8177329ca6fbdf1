#include "embedded.h"

#include <render/template.h>
#include <string.h>

bool ir__find_embedded(void *context, const char *name, ir__template_text *out)
{
	(void)context;
	for (size_t i = 0; i < ir__embedded_count; i++) {
		const ir__embedded *template = &ir__embedded_templates[i];

		if (strcmp(template->name, name) == 0) {
			*out = (ir__template_text){ template->text, template->length, template->file };
			return true;
		}
	}
	return false;
}
