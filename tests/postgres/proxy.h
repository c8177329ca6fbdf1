/* Stands between a client and the private server: counts round trips, and hangs or breaks when it is told to. */
#ifndef TESTS_PROXY_H
#define TESTS_PROXY_H

/* Starts to listen; gives the folder of its socket, for host=. The server's folder is that of `server`, a conninfo. */
const char *proxy_start(const char *server);
void proxy_stop(void);

/* Round trips since the last call: how often the client began to send after it had listened. */
int proxy_trips(void);

/* Forwards nothing any more, or goes on. */
void proxy_freeze(int frozen);

/* Closes all connections. */
void proxy_cut(void);

#endif
