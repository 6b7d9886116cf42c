#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include "include/cfilesystem.h"

#include <errno.h>
#include <stdio.h>

#if defined(__APPLE__)

int cf_rename_new(const char *from, const char *to) { return renamex_np(from, to, RENAME_EXCL); }

int cf_exchange(const char *a, const char *b) { return renamex_np(a, b, RENAME_SWAP); }

#elif defined(__linux__)

#include <fcntl.h>

#ifndef RENAME_NOREPLACE
#define RENAME_NOREPLACE 1
#endif
#ifndef RENAME_EXCHANGE
#define RENAME_EXCHANGE 2
#endif

static int with_flags(const char *from, const char *to, unsigned flags) {
  int status = renameat2(AT_FDCWD, from, AT_FDCWD, to, flags);
  if (status != 0 && (errno == EINVAL || errno == ENOSYS)) errno = ENOTSUP;
  return status;
}

int cf_rename_new(const char *from, const char *to) { return with_flags(from, to, RENAME_NOREPLACE); }

int cf_exchange(const char *a, const char *b) { return with_flags(a, b, RENAME_EXCHANGE); }

#else

int cf_rename_new(const char *from, const char *to) {
  (void)from, (void)to;
  errno = ENOTSUP;
  return -1;
}

int cf_exchange(const char *a, const char *b) { return cf_rename_new(a, b); }

#endif
