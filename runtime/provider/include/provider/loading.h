/** What the runtime asks the loader of providers, without knowing how it loads. */
#ifndef DBWRIGHT_PROVIDER_LOADING_H
#define DBWRIGHT_PROVIDER_LOADING_H

#include <dbwright/provider.h>

/** One loading. The strings are borrowed for the call. */
struct dbw__provider_loading {
	const char *
		library; /**< An absolute path, or a name without a slash, which is looked for in the folders. */
	const char *symbol;
	const char *const *folders;
	size_t folder_count;
	const char *setting;          /**< What names the folders, for messages: "provider_folders". */
	const dbw_provider *provider; /**< Given back: the symbol, of which nothing has been read. */
	void *handle;                 /**< Given back, for ... */
	void (*unload)(void *handle); /**< ... this, when nothing of the provider is used any more. */
};

#endif
