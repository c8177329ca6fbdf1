/** What holds for every database that was resolved. */
#ifndef FUZZ_RESOLVED_H
#define FUZZ_RESOLVED_H

#include <entries/resolve.h>

/**
 * Checks what dbw__resolve() gave and reported: that it is complete, that what was used fits its key, that a server's
 * location is a URL in which the parts can be found again, and that no message and nothing to be shown has a password.
 */
void fuzz_check_resolved(const dbw__request *request, bool good, const dbw__resolved *resolved);

#endif
