#include "proxy.h"

#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

enum { LINK_LIMIT = 32, TICK_MS = 10, LAST_WORDS = 64 };

struct link {
	int client, server;
	bool listening; /* The client has read since it sent. */
	bool struck;    /* By the fault; so much is still let through. */
	proxy_fault fault;
	size_t left;
};

static char folder[64], upstream[256];
static struct link links[LINK_LIMIT];
static int link_count, listener;
static pthread_t thread;
static atomic_int trips, frozen, cut, stopping, delay_ms;

/* The fault to come. */
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static struct {
	proxy_fault fault;
	char word[64];
	size_t bytes;
	int times;
} strike;

static int open_socket(const char *path, struct sockaddr_un *address)
{
	memset(address, 0, sizeof *address);
	address->sun_family = AF_UNIX;
	snprintf(address->sun_path, sizeof address->sun_path, "%.90s/.s.PGSQL.5432", path);
	return socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
}

static void close_link(int place)
{
	close(links[place].client);
	close(links[place].server);
	links[place] = links[--link_count];
}

static void accept_client(void)
{
	struct sockaddr_un address;
	struct link made = { .listening = true };

	made.client = accept(listener, NULL, NULL);
	made.server = open_socket(upstream, &address);
	if (made.client < 0 || link_count == LINK_LIMIT ||
		connect(made.server, (struct sockaddr *)&address, sizeof address) != 0) {
		close(made.client);
		close(made.server);
		return;
	}
	links[link_count++] = made;
}

static bool send_all(int to, const char *bytes, ssize_t size)
{
	ssize_t done = 0;

	while (done < size) {
		const ssize_t some = send(to, bytes + done, (size_t)(size - done), MSG_NOSIGNAL);

		if (some <= 0)
			return false;
		done += some;
	}
	return size > 0;
}

/* Whether the fault comes with what the client says. */
static bool strikes(struct link *link, const char *bytes, ssize_t size)
{
	bool struck = false;

	if (link->struck || size <= 0)
		return false;
	pthread_mutex_lock(&mutex);
	if (strike.times > 0 && memmem(bytes, (size_t)size, strike.word, strlen(strike.word)) != NULL) {
		strike.times--;
		link->struck = struck = true;
		link->fault = strike.fault;
		link->left = strike.bytes;
	}
	pthread_mutex_unlock(&mutex);
	return struck;
}

/* False: the connection is to be closed. A client whose words are left unread sees that as a reset. */
static bool pass_on(struct link *link)
{
	char bytes[65536];
	ssize_t size = recv(link->client, bytes, sizeof bytes, MSG_PEEK);

	/* The answer was shorter than what was let through. */
	if (link->listening)
		link->struck = false;
	link->listening = false;
	if (strikes(link, bytes, size) && link->fault == PROXY_RESET)
		return false;
	return send_all(link->server, bytes, recv(link->client, bytes, size < 0 ? 0 : (size_t)size, 0));
}

/* False when it is said: what the server has answered up to the end of the exchange is passed on in front of it, or not. */
static bool say(const struct link *link, char *bytes, ssize_t size)
{
	static const char crashed[] = "E\0\0\0\060SFATAL\0VFATAL\0C08P01\0Mserver conn crashed?\0";
	static const char ended[] = "E\0\0\0\060SFATAL\0VFATAL\0C57P01\0Mterminating\0Rdie_now\0";
	const bool whole = link->fault == PROXY_END;

	_Static_assert(sizeof crashed == 1 + 060, "the length is that of what is said");
	_Static_assert(sizeof ended == 1 + 060, "the length is that of what is said");
	if (size < 6 || memcmp(bytes + size - 6, "Z\0\0\0\005", 5) != 0)
		return size > 0 && (!whole || send_all(link->client, bytes, size));
	if (whole) {
		memcpy(bytes + size, ended, sizeof ended);
		send_all(link->client, bytes, size + (ssize_t)sizeof ended);
	} else {
		send_all(link->client, crashed, sizeof crashed);
	}
	return false;
}

static bool pass_back(struct link *link)
{
	char bytes[65536];
	ssize_t size = read(link->server, bytes, sizeof bytes - LAST_WORDS);

	if (atomic_load(&delay_ms) != 0)
		usleep((unsigned)atomic_load(&delay_ms) * 1000);
	if (!link->struck || size <= 0)
		return send_all(link->client, bytes, size);
	if (link->fault == PROXY_SAY || link->fault == PROXY_END)
		return say(link, bytes, size);
	if ((size_t)size > link->left)
		size = (ssize_t)link->left;
	link->left -= (size_t)size;
	if (size > 0 && !send_all(link->client, bytes, size))
		return false;
	return link->fault != PROXY_CUT || link->left > 0;
}

static bool is_stalled(const struct link *link)
{
	return link->struck && link->fault == PROXY_STALL && link->left == 0;
}

static void serve_link(int place, short client, short server)
{
	struct link *link = &links[place];

	if (is_stalled(link)) {
		/* The server has to hear that the client has given up. */
		if ((client & (POLLRDHUP | POLLHUP | POLLERR)) != 0)
			close_link(place);
		return;
	}
	if (client != 0) {
		if (link->listening)
			atomic_fetch_add(&trips, 1);
		if (!pass_on(link)) {
			close_link(place);
			return;
		}
	}
	if (server != 0) {
		link->listening = true;
		if (!pass_back(link))
			close_link(place);
	}
}

static void *serve(void *argument)
{
	(void)argument;
	while (!atomic_load(&stopping)) {
		struct pollfd waiting[2 * LINK_LIMIT + 1] = { { .fd = listener, .events = POLLIN } };
		const int count = link_count;

		for (int i = 0; i < count; i++) {
			const bool stalled = is_stalled(&links[i]);

			waiting[1 + 2 * i] = (struct pollfd){ .fd = links[i].client,
				.events = (short)(stalled ? POLLRDHUP : POLLIN) };
			waiting[2 + 2 * i] =
				(struct pollfd){ .fd = stalled ? -1 : links[i].server, .events = POLLIN };
		}
		if (atomic_exchange(&cut, 0))
			while (link_count > 0)
				close_link(0);
		if (atomic_load(&frozen)) {
			usleep(TICK_MS * 1000);
			continue;
		}
		if (poll(waiting, (nfds_t)(1 + 2 * count), TICK_MS) <= 0 || link_count != count)
			continue;
		for (int i = count; i-- > 0;)
			serve_link(i, waiting[1 + 2 * i].revents, waiting[2 + 2 * i].revents);
		if (waiting[0].revents != 0)
			accept_client();
	}
	while (link_count > 0)
		close_link(0);
	return NULL;
}

const char *proxy_start(const char *server)
{
	struct sockaddr_un address;

	snprintf(folder, sizeof folder, "/tmp/dbwright-proxy-XXXXXX");
	if (sscanf(server, "host=%255s", upstream) != 1 || mkdtemp(folder) == NULL)
		return NULL;
	listener = open_socket(folder, &address);
	if (bind(listener, (struct sockaddr *)&address, sizeof address) != 0 || listen(listener, 8) != 0)
		return NULL;
	atomic_store(&stopping, 0);
	return pthread_create(&thread, NULL, serve, NULL) == 0 ? folder : NULL;
}

void proxy_stop(void)
{
	char path[128];

	atomic_store(&stopping, 1);
	pthread_join(thread, NULL);
	close(listener);
	snprintf(path, sizeof path, "%s/.s.PGSQL.5432", folder);
	unlink(path);
	rmdir(folder);
}

int proxy_trips(void)
{
	return atomic_exchange(&trips, 0);
}

void proxy_freeze(int on)
{
	atomic_store(&frozen, on);
}

void proxy_cut(void)
{
	atomic_store(&cut, 1);
	usleep(5 * TICK_MS * 1000);
}

void proxy_strike(proxy_fault fault, const char *word, size_t bytes, int times)
{
	pthread_mutex_lock(&mutex);
	strike.fault = fault;
	snprintf(strike.word, sizeof strike.word, "%s", word);
	strike.bytes = bytes;
	strike.times = times;
	pthread_mutex_unlock(&mutex);
}

int proxy_calm(void)
{
	int left;

	pthread_mutex_lock(&mutex);
	left = strike.times;
	strike.times = 0;
	pthread_mutex_unlock(&mutex);
	return left;
}

void proxy_delay(int milliseconds)
{
	atomic_store(&delay_ms, milliseconds);
}
