/** Everything a program needs besides its generated headers. */
#ifndef DBWRIGHT_H
#define DBWRIGHT_H

#include <dbwright/assignment.h>
#include <dbwright/bytes.h>
#include <dbwright/cursor.h>
#include <dbwright/databases.h>
#include <dbwright/decimal.h>
#include <dbwright/error.h>
#include <dbwright/event.h>
#include <dbwright/filter.h>
#include <dbwright/model.h>
#include <dbwright/optional.h>
#include <dbwright/session.h>
#include <dbwright/sql.h>
#include <dbwright/status.h>
#include <dbwright/time.h>
#include <dbwright/uuid.h>

#endif
