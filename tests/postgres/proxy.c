#include "proxy.h"

#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

enum { LINK_LIMIT = 16, TICK_MS = 10 };

struct link {
	int client, server;
	int listening; /* The client has read since it sent. */
};

static char folder[64], upstream[256];
static struct link links[LINK_LIMIT];
static int link_count, listener;
static pthread_t thread;
static atomic_int trips, frozen, cut, stopping;

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
	struct link made = { .listening = 1 };

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

/* Gives what `from` sends to `to`; 0 at the end. */
static int forward(int from, int to)
{
	char bytes[65536];
	ssize_t size = read(from, bytes, sizeof bytes), done = 0;

	while (done < size) {
		const ssize_t some = send(to, bytes + done, (size_t)(size - done), MSG_NOSIGNAL);

		if (some <= 0)
			return 0;
		done += some;
	}
	return size > 0;
}

static void serve_link(int place, const struct pollfd *client, const struct pollfd *server)
{
	struct link *link = &links[place];

	if (client->revents != 0) {
		if (link->listening)
			atomic_fetch_add(&trips, 1);
		link->listening = 0;
		if (!forward(link->client, link->server)) {
			close_link(place);
			return;
		}
	}
	if (server->revents != 0) {
		link->listening = 1;
		if (!forward(link->server, link->client))
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
			waiting[1 + 2 * i] = (struct pollfd){ .fd = links[i].client, .events = POLLIN };
			waiting[2 + 2 * i] = (struct pollfd){ .fd = links[i].server, .events = POLLIN };
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
			serve_link(i, &waiting[1 + 2 * i], &waiting[2 + 2 * i]);
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
