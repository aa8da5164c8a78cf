// The directory that holds what a container writes: `<dir>/scratch`, or a link there to one on a larger disk.
//
// A file system that has to look for a free inode makes a directory slowly and renames one fast. So a directory that
// comes back as it was given out is kept for the next one.
#pragma once
#include "files.h"

#define SPARES 32
static char *spares[SPARES];
static int spare_count;
static unsigned spare_last;

// True when `path` is a former one now, from the same parent.
static int take_spare(const char *path) {
  char *slash = strrchr(path, '/');
  for (int i = spare_count - 1; slash && i >= 0; i--) {
    if (strncmp(spares[i], path, slash - path + 1) || strchr(spares[i] + (slash - path + 1), '/')) continue;
    int missed = rename(spares[i], path);
    free(spares[i]);
    spares[i] = spares[--spare_count];
    if (!missed) return 1;
  }
  return 0;
}

static int holds(const char *path, int names) {
  DIR *d = opendir(path);
  int found = -2;
  while (d && found <= names && readdir(d)) found++;
  if (d) closedir(d);
  return d && found == names;
}

// Empty, and nobody has changed whose it is or who may enter.
static int is_as_given(const char *path) {
  struct stat st;
  return !lstat(path, &st) && S_ISDIR(st.st_mode) && (st.st_mode & 07777) == 0755 && st.st_uid == geteuid() && holds(path, 0);
}

// Removes directories that hold nothing but others, as those that mounts were put on; true when all are gone.
static int prune(int at, const char *name, int *budget) {
  if (!unlinkat(at, name, AT_REMOVEDIR)) return 1;
  int fd = errno == ENOTEMPTY && --*budget >= 0 ? openat(at, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC) : -1;
  DIR *d = fd < 0 ? NULL : fdopendir(fd);
  int good = d != NULL;
  for (struct dirent *e; good && (e = readdir(d));)
    if (strcmp(e->d_name, ".") && strcmp(e->d_name, "..")) good = e->d_type == DT_DIR && prune(fd, e->d_name, budget);
  if (d) closedir(d);
  return good && !unlinkat(at, name, AT_REMOVEDIR);
}

// What remains of the layers of a sandbox that wrote nothing: their directory, and the overlay's own part without what an
// overlay leaves there. What the container saw goes: it may have given a descriptor of it to somebody who still lives.
static int keeps_layers(const char *path) {
  static const char *left[] = {"tmp", "work/work/incompat/volatile", "work/work/incompat", "work/work"};
  int budget = 8, fd = open(path, O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
  int good = fd >= 0 && prune(fd, "upper", &budget);
  for (int i = 0; i < 4 && good; i++) {
    if (i == 1) good = !unlinkat(fd, "work/work/incompat/volatile/dirty", 0);
    good = good && !unlinkat(fd, left[i], AT_REMOVEDIR);
  }
  close(fd);
  return good && holds(path, 1);
}

// Not for ever: what each overlay removes there slows the next one down, on a disk that steps around what was removed
// lately.
#define USES 16
static int use;

// True when it is put by; the caller removes it otherwise.
static int keep_spare(const char *path) {
  char name[PATH_MAX];
  char *slash = strrchr(path, '/');
  if (spare_count == SPARES || !slash || (sandboxes && ++use % USES == 0)) return 0;
  if (!(sandboxes ? keeps_layers(path) : is_as_given(path))) return 0;
  if (snprintf(name, sizeof name, "%.*s/spare.%d.%u", (int)(slash - path), path, getpid(), spare_last++) >= (int)sizeof name) return 0;
  if (rename(path, name)) return 0;
  spares[spare_count++] = need(strdup(name));
  return 1;
}

// In a sandbox the working directory is `dir` already.
static int make_layers(const struct request *r, int has_layers) {
  if (*r->scratch && ((!has_layers && mkdir(r->scratch, 0755)) || symlink(r->scratch, "scratch"))) return -1;
  if (!*r->scratch && mkdir("scratch", 0755)) return -1;
  return chdir("scratch") || mkdir("upper", 0755) || mkdir("tmp", 01777) || (!has_layers && mkdir("work", 0755));
}

static int make_plain_scratch(const struct request *r) {
  char link[PATH_MAX];
  if (!*r->scratch) return 0;
  if (snprintf(link, sizeof link, "%s/scratch", r->dir) >= (int)sizeof link) return -1;
  return (!take_spare(r->scratch) && mkdir(r->scratch, 0755)) || symlink(r->scratch, link);
}
