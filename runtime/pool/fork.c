#include <pool/fork.h>

#include <pthread.h>

atomic_uint dbw__fork_counter;

static pthread_once_t once = PTHREAD_ONCE_INIT;
static int registered;

static void count_child(void)
{
	atomic_fetch_add_explicit(&dbw__fork_counter, 1, memory_order_relaxed);
}

static void register_handler(void)
{
	registered = pthread_atfork(NULL, NULL, count_child);
}

dbw_status dbw__fork_watch(void)
{
	pthread_once(&once, register_handler);
	return registered == 0 ? DBW_OK : DBW_OUT_OF_MEMORY;
}
