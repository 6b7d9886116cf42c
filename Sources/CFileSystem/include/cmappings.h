#ifndef GENRET_CMAPPINGS_H
#define GENRET_CMAPPINGS_H

#include <stddef.h>

// Mapped files that somebody cuts short while they are read. Without this the process gets SIGBUS. With it the pages
// that are gone read as zeros, and the mapping is marked, so that who read it can tell.

// Catches SIGBUS from now on, for faults in noted mappings; others go to the handler that was there. Process-wide;
// calling it again does nothing. 0, or -1 with errno.
int cf_mappings_watch(void);

// Notes a mapping. Returns its number, or -1 where nobody watches or there are too many.
int cf_mapping_note(const void *start, size_t length);

// Forgets a mapping, before it is unmapped.
void cf_mapping_forget(int number);

// Whether pages of a mapping were gone.
int cf_mapping_is_cut(int number);

#endif
