/* Scripts for psql: tables, rows of the model `sample`, and values. */
#ifndef FIXTURE_SCRIPT_H
#define FIXTURE_SCRIPT_H

#include "fixture_sample.h"

#include <dbwright/driver.h>

#include <stdio.h>

extern const dbw_model sample__model;

/* Where all of these write. */
extern FILE *script;

/* A value as PostgreSQL reads it. */
void script_literal(const dbw_value *value);

/* What create_tables makes for a model; false where that is nothing. */
bool script_objects(const dbw_objects *objects);

/* The same for the model `sample`. */
bool script_samples(void);

/* Inserts a row; false, with a message, where that is none. */
bool script_row(const sample_places *places);

#endif
