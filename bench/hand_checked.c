/* The hand-written side with the checks that generated code makes. */
#define CHECKS 1
#include "hand.c" /* NOLINT */
