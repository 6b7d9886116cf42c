#ifndef GENRET_CFILESYSTEM_H
#define GENRET_CFILESYSTEM_H

#include "cmappings.h"

// Renames that Swift's view of the C library leaves out. Both return 0, or -1 with errno; where the
// system or the file system knows no such rename, errno is ENOTSUP.

// Renames `from` to `to`, which must not exist (EEXIST).
int cf_rename_new(const char *from, const char *to);

// Exchanges two files or folders in one step.
int cf_exchange(const char *a, const char *b);

#endif
