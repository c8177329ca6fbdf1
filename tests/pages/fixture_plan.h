/* A large table of the model `event`, and pages from its middle, whose plans must not read up to there. */
#ifndef FIXTURE_PLAN_H
#define FIXTURE_PLAN_H

#include <dbwright/engine.h>
#include <places.h>
#include <statement/render.h>

extern const dbw_model event__model;

enum { EVENT_COUNT = 100000 };

/*
 * SQL that fills the table, to be printed with the time of event `n`, once more, and where `n` comes from: four events at a
 * time, half of them not noticed, ten kinds.
 */
#define FIXTURE_EVENTS                                                                \
	"INSERT INTO event (id, happened_at, noticed_at, kind, title) SELECT n, %s, " \
	"CASE WHEN n %% 2 = 0 THEN NULL ELSE %s END, n / 10000, 'title ' || (n %% 10000) %s;\n"

/* What create_tables makes for events. */
const dbw_objects *fixture_event_objects(dbw_engine engine);

/* What is done with a page. */
typedef void fixture_visitor(int number, const dbw__request *request, void *context);

/* Visits pages of 20 rows in several orders; false, with a message, where one is refused. */
bool fixture_plans(dbw_engine engine, fixture_visitor *visitor, void *context);

#endif
