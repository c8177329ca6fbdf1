/* One side of the comparison: the same work on the same table, by hand, through generated functions, or by a peer. */
#ifndef BENCH_SIDE_H
#define BENCH_SIDE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#ifdef __cplusplus
extern "C" {
#endif

/* The values of row `number`, the same on all sides. */
typedef struct sample {
	char name[40], email[48], bio[48];
	bool has_bio;
	int role; /* 1 or 2 */
	int64_t cents;
	int32_t score;
	uint8_t token[16];
	int64_t created_at;
	bool is_active;
} sample;

/* A row as a side has read it, for sum_row(). */
typedef struct seen {
	int64_t id;
	const char *name, *email, *bio;
	int role;
	int64_t cents;
	int32_t score;
	const uint8_t *token;
	int64_t created_at;
	bool is_active;
} seen;

/* Whether checksums cover every byte that was read. Not so while instructions are counted: there a few members do. */
extern bool sums_all;

/* A checksum over all of a row. */
uint64_t sum_row(const seen *row);

/* A shape of query among SHAPES: which conditions there are, and which way the rows are ordered. */
typedef struct shape {
	int score, balance, created_at; /* 0: no condition, 1: >= the least, 2: < the greatest */
	int bio;                        /* 0: no condition, 1: NULL, 2: not NULL */
	bool is_active, role, name;     /* active, member, a name from "R" on */
	bool descending;                /* by id; the rows from an id down instead of up */
} shape;

enum { SHAPES = 3 * 3 * 3 * 3 * 2 * 2 * 2 * 2 };

typedef enum bench_mode { BENCH_READS, BENCH_WRITES, BENCH_ALONE } bench_mode;

/* Whether a path is the URL of a server's database. */
static inline bool is_server(const char *path)
{
	return strncmp(path, "postgresql:", 11) == 0;
}

/* All operations return a checksum over what they read, or 0 for failure. Those that are NULL a side does not have. */
typedef struct side {
	const char *name;
	/* Opens the file or the server's database, which has the table already, and begins one transaction, of a reader or of
	 * a writer; none for BENCH_ALONE, and none for readers of a server. False: said why on stderr. */
	bool (*open)(const char *path, bench_mode mode);
	void (*close)(void); /* Commits and closes. */
	/* Makes row structs of samples, before anything is measured: the next writes write them. */
	void (*stage)(const sample *rows, int count);
	uint64_t (*insert)(int row);
	uint64_t (*insert_many)(int first, int count);  /* By hand: row by row. */
	uint64_t (*insert_batch)(int first, int count); /* By hand: a hundred rows to a statement. */
	uint64_t (*upsert)(int row);                    /* By email; sets bio and score, finds the id. */
	uint64_t (*update)(int64_t id, int row);        /* Sets bio and score. */
	uint64_t (*find)(int64_t id);
	uint64_t (*find_session)(int64_t id); /* In a transaction of its own. */
	uint64_t (*find_alone)(int64_t id);   /* By hand: without a transaction. */
	uint64_t (*find_text)(const char *email);
	uint64_t (*query)(int64_t first); /* Ten members with an id from `first` on, by id. */
	uint64_t (*query_new)(int64_t first, const shape *of); /* At most ten rows. */
	uint64_t (*list)(void);                                /* All rows into memory, looked at, freed. */
	uint64_t (*cursor)(void);               /* All rows, one after the other, looked at where they are. */
	uint64_t (*load)(int first, int count); /* Nothing is written back. */
	uint64_t (*unit)(int64_t id, int row);  /* A transaction: finds the row, and updates it as above. */
	uint64_t (*pair)(
		int64_t id, int row); /* A transaction: updates this row and the next one, as above. */
} side;

/* Written by hand: bare, with the checks that generated code makes, and with a copy by strdup() of every text. */
extern const side hand, checked, copied;
extern const side generated;
#ifdef BENCH_POSTGRESQL
extern const side libpq; /* By hand. */
#endif
#ifdef BENCH_SOCI
extern const side soci_side;
#endif

/* Round trips so far. */
extern uint64_t trips;

/* pool.c: a connection leased and given back `count` times, which may have an age limit. False: said why on stderr. */
bool pool_open(bool aging);
void pool_close(void);
bool pool_by_hand(int64_t count);
bool pool_of_ours(int64_t count);

enum { SAMPLES_MAX = 4096 };

#ifdef __cplusplus
}
#endif

#endif
