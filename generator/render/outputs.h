/*
 * The files of a run. None is written before all are made: until then the texts that are new wait in a file without a
 * name, so that they take no memory, and nothing of them is left when the run ends early. None gets its name before all
 * are written, so that a disk that is full leaves the files of the last run.
 */
#ifndef DBWRIGHT_RENDER_OUTPUTS_H
#define DBWRIGHT_RENDER_OUTPUTS_H

#include "write.h"

#include <base/arena.h>
#include <base/diagnostic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/** A file that is made. */
typedef struct ir__output {
	const char *path; /**< Below the output folder. */
	uint64_t sum;     /**< ir__checksum() of its text. */
	size_t length;
	off_t at; /**< Where the text waits; -1 when the file has it already. */
	ir__beside beside;
	struct ir__output *next;
} ir__output;

/** The files so far. Read `first` and `count`; the rest is private. */
typedef struct ir__outputs {
	ir__output *first, **last;
	size_t count;
	const char *folder;
	dbw_arena *arena;
	dbw_diagnostics *diagnostics;
	size_t longest; /* of the texts that wait */
	off_t end;
	int waiting; /* the file without a name, -1 before there is one */
} ir__outputs;

/** No files yet. Arena, diagnostics and `folder` (where the files go) are borrowed. End it with ir__outputs_end(). */
void ir__outputs_begin(
	ir__outputs *outputs, const char *folder, dbw_arena *arena, dbw_diagnostics *diagnostics);

/**
 * Adds a file. The path is borrowed, the text is not. False, with a report: "write-failed", "out-of-memory".
 */
bool ir__outputs_add(ir__outputs *outputs, const char *path, const char *text, size_t length);

/** Writes what is new, all of it beside its place. False, with a report: "write-failed", "out-of-memory". */
bool ir__outputs_write(ir__outputs *outputs);

/** Puts what was written in its place; `*written` is how many files that were. False, with a report: "write-failed". */
bool ir__outputs_place(ir__outputs *outputs, size_t *written);

/** Lets go of what is not written, and removes what is not in its place. */
void ir__outputs_end(ir__outputs *outputs);

#endif
