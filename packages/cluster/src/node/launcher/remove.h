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

// What is to be removed, in the order of the requests. Whoever starts a container waits for it, whoever removes one does
// not: so it is done a little at a time while there is nothing else to do.
struct removal {
  struct removal *next;
  char *id, *dir;
  int slices;
};
static struct removal *removals, **last_removal = &removals;
static int removal_count;
#define REMOVALS 64 // more do not wait for idleness
#define SLICE 16
#define SLICES 4

static void remove_dir(const char *id, const char *dir) {
  if (remove_later(id, dir)) return;
  struct removal *r = need(calloc(1, sizeof *r));
  r->id = need(strdup(id)), r->dir = need(strdup(dir));
  *last_removal = r, last_removal = &r->next;
  removal_count++;
}

// Above 0: something is left. The link goes last: who comes back later must still find what it leads to.
static int remove_container(const char *dir, const char *scratch, int budget) {
  int left = *scratch ? remove_tree(AT_FDCWD, scratch, DT_UNKNOWN, &budget) : 0;
  return left > 0 ? left : remove_tree(AT_FDCWD, dir, DT_UNKNOWN, &budget);
}

// The next piece of the first of them. What is large goes in a child of its own.
static void remove_some(void) {
  struct removal *r = removals;
  char link[PATH_MAX], scratch[PATH_MAX] = "";
  ssize_t n = snprintf(link, sizeof link, "%s/scratch", r->dir) < (int)sizeof link ? readlink(link, scratch, sizeof scratch - 1) : -1;
  scratch[n > 0 ? n : 0] = 0;
  if (!r->slices) drop_groups(r->dir);
  if (!r->slices && *scratch && keep_spare(scratch)) *scratch = 0;
  int left = remove_container(r->dir, scratch, SLICE);
  if (left > 0 && ++r->slices < SLICES) return;
  pid_t pid = left > 0 ? (pid_t)syscall(SYS_clone, SIGCHLD, 0, 0, 0, 0) : -1;
  if (!pid) _exit(remove_container(r->dir, scratch, INT_MAX) != 0);
  if (pid < 0) answer("R %s", r->id);
  else enter(add(REMOVER, r->id, r->dir), pid);
  removals = r->next;
  if (!removals) last_removal = &removals;
  removal_count--;
  free(r->id), free(r->dir), free(r);
}
