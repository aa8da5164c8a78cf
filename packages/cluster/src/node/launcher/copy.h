// A container that makes us execute /proc/self/exe, or finds us in its /proc, holds whatever we run from: so that is a
// copy in memory which nobody can write, and never the file that the next launcher is started from.
#pragma once
#include "files.h"
#include <sys/mman.h>

#ifndef MFD_EXEC
#define MFD_EXEC 0x10U
#endif

// 0 in the copy; -1 when there can be none, and this is the file itself.
static int run_from_copy(char **argv) {
  int seals = F_SEAL_SEAL | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE;
  int self = open("/proc/self/exe", O_RDONLY | O_CLOEXEC);
  if (self < 0) return -1;
  if (fcntl(self, F_GET_SEALS) == seals) {
    // Or it would be called by the number of a descriptor.
    prctl(PR_SET_NAME, "launcher");
    close(self);
    return 0;
  }
  unsigned flags = MFD_CLOEXEC | MFD_ALLOW_SEALING;
  int copy = memfd_create("launcher", flags | MFD_EXEC);
  if (copy < 0 && errno == EINVAL) copy = memfd_create("launcher", flags);
  char buf[65536];
  ssize_t n = -1;
  while (copy >= 0 && (n = read(self, buf, sizeof buf)) > 0)
    if (write(copy, buf, n) != n) break;
  close(self);
  if (copy < 0) return -1;
  if (!n && !fcntl(copy, F_ADD_SEALS, seals)) fexecve(copy, argv, environ);
  close(copy);
  return -1;
}
