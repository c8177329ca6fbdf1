/* How children of fork() end in tests. */
#ifndef TESTS_CHILD_H
#define TESTS_CHILD_H

#include <stdio.h>
#include <unistd.h>

/*
 * Ends with a number: as another program, since valgrind would count what the child must not touch, and so cannot free,
 * as lost when it exits.
 */
static inline void leave_child(int number)
{
	char text[12];

	snprintf(text, sizeof text, "%d", number);
	execl("/bin/sh", "sh", "-c", "exit \"$0\"", text, (char *)NULL);
	_exit(99);
}

#endif
