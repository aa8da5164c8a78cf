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

// Takes the place of `mkdir`: a spare one from the same parent, else a new one.
static int take_spare(const char *path) {
  char *slash = strrchr(path, '/');
  for (int i = spare_count - 1; slash && i >= 0; i--) {
    if (strncmp(spares[i], path, slash - path + 1) || strchr(spares[i] + (slash - path + 1), '/')) continue;
    int missed = rename(spares[i], path);
    free(spares[i]);
    spares[i] = spares[--spare_count];
    if (!missed) return 0;
  }
  return mkdir(path, 0755);
}

// Empty, and nobody has changed whose it is or who may enter.
static int is_as_given(const char *path) {
  struct stat st;
  if (lstat(path, &st) || !S_ISDIR(st.st_mode) || (st.st_mode & 07777) != 0755 || st.st_uid != geteuid()) return 0;
  DIR *d = opendir(path);
  int names = 0;
  while (d && names < 3 && readdir(d)) names++;
  if (d) closedir(d);
  return d && names == 2;
}

// True when it is put by; the caller removes it otherwise.
static int keep_spare(const char *path) {
  char name[PATH_MAX];
  char *slash = strrchr(path, '/');
  if (spare_count == SPARES || !slash || !is_as_given(path)) return 0;
  if (snprintf(name, sizeof name, "%.*s/spare.%d.%u", (int)(slash - path), path, getpid(), spare_last++) >= (int)sizeof name) return 0;
  if (rename(path, name)) return 0;
  spares[spare_count++] = need(strdup(name));
  return 1;
}

// In a sandbox the working directory is `dir` already, and its spares are another process's.
static int make_scratch(const struct request *r) {
  if (!*r->scratch) return mkdir("scratch", 0755);
  return mkdir(r->scratch, 0755) || symlink(r->scratch, "scratch");
}

static int make_plain_scratch(const struct request *r) {
  char link[PATH_MAX];
  if (!*r->scratch) return 0;
  if (snprintf(link, sizeof link, "%s/scratch", r->dir) >= (int)sizeof link) return -1;
  return take_spare(r->scratch) || symlink(r->scratch, link);
}
