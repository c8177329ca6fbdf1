/* One side of the comparison: the same work on the same table, by hand or through generated functions. */
#ifndef BENCH_SIDE_H
#define BENCH_SIDE_H

#include <stdbool.h>
#include <stdint.h>

/* The values of row `number`, the same on both sides. `storage` holds the texts. */
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

void sample_make(sample *out, int64_t number);

typedef struct side {
	const char *name;
	/* Opens the database file, which has the table already; begins one transaction. False: said why on stderr. */
	bool (*open)(const char *path, bool writer);
	void (*close)(void); /* Commits and closes. */
	/* Each does one operation and returns a checksum over all it read; 0 is failure. */
	uint64_t (*insert)(const sample *row);
	uint64_t (*find)(int64_t id);
	uint64_t (*list)(void);          /* All rows into memory, looked at, freed. */
	uint64_t (*query)(int64_t from); /* Ten members with an id from `from` on, by id, likewise. */
	uint64_t (*insert_many)(const sample *rows, int count); /* By hand: row by row. */
	uint64_t (*upsert)(const sample *row);             /* By email; sets bio and score, finds the id. */
	uint64_t (*update)(int64_t id, const sample *row); /* Sets bio and score. */
} side;

extern const side hand, generated;

/* FNV-1a over what was read. */
uint64_t sum_bytes(uint64_t sum, const void *data, unsigned long size);

#define SUM_START UINT64_C(14695981039346656037)

#endif
