// Removing a container's directory.
#pragma once
#include "containers.h"

static int remove_tree(int at, const char *name, int type, int *budget) {
  if (--*budget < 0) return 1;
  if (type != DT_DIR && (!unlinkat(at, name, 0) || errno == ENOENT)) return 0;
  if (type != DT_DIR && errno != EISDIR && errno != EPERM) return -1;
  if (!unlinkat(at, name, AT_REMOVEDIR) || errno == ENOENT) return 0;
  int fd = openat(at, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
  if (fd < 0 && errno == EACCES && !fchmodat(at, name, 0700, 0))
    fd = openat(at, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
  if (fd < 0) return -1;
  fchmod(fd, 0700);
  DIR *d = fdopendir(fd);
  int bad = 0;
  for (struct dirent *e; d && bad <= 0 && (e = readdir(d));)
    if (strcmp(e->d_name, ".") && strcmp(e->d_name, "..")) bad = remove_tree(fd, e->d_name, e->d_type, budget);
  if (d) closedir(d);
  return bad > 0 ? 1 : unlinkat(at, name, AT_REMOVEDIR);
}

// True when process 1 is still to go: its end brings whoever asked back here.
static int remove_later(const char *id, const char *dir) {
  struct container *c = find_ending(dir);
  if (!c) return 0;
  size_t n = c->removers ? strlen(c->removers) : 0, more = strlen(id) + 2;
  c->removers = need(realloc(c->removers, n + more));
  snprintf(c->removers + n, more, "%s ", id);
  return 1;
}

// Small directories at once; the rest of a large one in a child, so that nobody waits for it.
static void remove_dir(const char *id, const char *dir) {
  char link[PATH_MAX], scratch[PATH_MAX];
  int budget = 64, left = 0;
  if (remove_later(id, dir)) return;
  drop_groups(dir);
  ssize_t n = snprintf(link, sizeof link, "%s/scratch", dir) < (int)sizeof link ? readlink(link, scratch, sizeof scratch - 1) : -1;
  if (n > 0) scratch[n] = 0, left = keep_spare(scratch) ? 0 : remove_tree(AT_FDCWD, scratch, DT_UNKNOWN, &budget);
  // The link goes last: who comes back later must still find what it leads to.
  if (left <= 0) left = remove_tree(AT_FDCWD, dir, DT_UNKNOWN, &budget);
  pid_t pid = left > 0 ? (pid_t)syscall(SYS_clone, SIGCHLD, 0, 0, 0, 0) : -1;
  if (!pid) {
    budget = INT_MAX;
    if (n > 0) remove_tree(AT_FDCWD, scratch, DT_UNKNOWN, &budget);
    _exit(remove_tree(AT_FDCWD, dir, DT_UNKNOWN, &budget) != 0);
  }
  if (pid < 0) answer("R %s", id);
  else enter(add(REMOVER, id, dir), pid);
}
