/* Pieces of SQL, and other texts that may differ per engine. */
#include "loader.h"

static const char *const engine_names[DBW_ENGINE_COUNT] = { "sqlite", "postgresql" };

bool ir__load_per_engine(
	ir_loader *loader, const dbw_yaml_node *node, const char *what, const char *out[DBW_ENGINE_COUNT])
{
	static const ir_keys keys = { engine_names, DBW_ENGINE_COUNT, NULL, 0, NULL, 0 };
	const ir_scope scope = { what, NULL, loader->scope }, *outer = loader->scope;
	ir_word word;
	bool good = true;

	if (node->kind != DBW_YAML_MAPPING) {
		if (!ir__load_text(loader, node, what, &word))
			return false;
		for (size_t engine = 0; engine < DBW_ENGINE_COUNT; engine++)
			out[engine] = word.text;
		return true;
	}
	loader->scope = &scope;
	good = ir__load_keys(loader, node, &keys);
	for (size_t engine = 0; engine < DBW_ENGINE_COUNT; engine++) {
		const dbw_yaml_node *text = dbw_yaml_get(node, engine_names[engine]);

		if (text == NULL)
			continue;
		good &= ir__load_text(loader, text, engine_names[engine], &word);
		out[engine] = word.text;
	}
	loader->scope = outer;
	return good;
}

bool ir__load_fragment(ir_loader *loader, const dbw_yaml_node *node, const char *what, ir_fragment *out)
{
	bool good;

	out->position = node->position;
	if (node->kind != DBW_YAML_MAPPING) {
		ir_word word;

		if (!ir__load_text(loader, node, what, &word))
			return false;
		out->text = word.text;
		return true;
	}
	good = ir__load_per_engine(loader, node, what, out->only);
	/* The rule "text is NULL where there is no fragment" holds for these too: it is what messages quote. */
	for (size_t engine = 0; good && out->text == NULL && engine < DBW_ENGINE_COUNT; engine++)
		out->text = out->only[engine];
	if (good && out->text == NULL) {
		ir__load_error(loader, node->position, "empty-mapping",
			"write the SQL as one text, or one per engine", "\"%s\" of %s has no SQL", what,
			ir__scope_text(loader));
		good = false;
	}
	return good;
}
