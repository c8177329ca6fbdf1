/*
 * Stands between clients and the private server: counts round trips, and is slow, hangs or breaks when it is told to. It
 * knows no more of the protocol than that messages hold words: those of a statement that is prepared or sent as text, and
 * texts that are bound.
 */
#ifndef TESTS_PROXY_H
#define TESTS_PROXY_H

#include <stddef.h>

/* Starts to listen; gives the folder of its socket, for host=. The server's folder is that of `server`, a conninfo. */
const char *proxy_start(const char *server);
void proxy_stop(void);

/* Round trips since the last call: how often the client began to send after it had listened. */
int proxy_trips(void);

/* Forwards nothing any more, or goes on. */
void proxy_freeze(int frozen);

/* Closes all connections. */
void proxy_cut(void);

/* What becomes of a connection on which a client says a word. */
typedef enum proxy_fault {
	PROXY_RESET, /* What the client says does not arrive: the connection is reset. */
	PROXY_CUT, /* It arrives, and so much of the answer is let through; then the connection is closed. */
	PROXY_STALL, /* It arrives, and so much of the answer is let through; then nothing is, in either direction. */
	PROXY_SAY, /* It arrives, and in place of the whole answer comes what PgBouncer says when it has lost the server. */
	PROXY_END, /* It arrives, and with the whole answer comes what the server says when it is told to end. */
} proxy_fault;

/* The next `times` connections on which the word is said have the fault. `bytes` of the answer are let through. */
void proxy_strike(proxy_fault fault, const char *word, size_t bytes, int times);

/* How often the last fault did not come to pass; there is none any more. */
int proxy_calm(void);

/* Lets each answer wait for so long; 0: not at all. */
void proxy_delay(int milliseconds);

#endif
