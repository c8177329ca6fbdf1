/* For a dbwright that is built without loading (DBWRIGHT_LOAD_PROVIDERS=OFF). */
#include <provider/loading.h>

dbw_status dbw_load_provider(struct dbw__provider_loading *loading, dbw_error *error)
{
	return dbw__fail(error, DBW_PROVIDER,
		"the library %s is not loaded: this dbwright was built without loading (DBWRIGHT_LOAD_PROVIDERS)",
		loading->library);
}
