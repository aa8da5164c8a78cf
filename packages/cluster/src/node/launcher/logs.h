// The files that containers write to.
//
// Making a file is dear on some disks, and most short steps say nothing. So a log that stayed empty is put by for the next
// container: the absence of a log means that nothing was written.
#pragma once
#include "state.h"
#include "files.h"

#define LOG_SPARES 64
static char *log_spares[LOG_SPARES];
static int log_spare_count;
static unsigned log_spare_last;

// False while anybody reads the former log, or a process that left its session could still write to it.
static int is_ours_alone(int fd) {
  return !fcntl(fd, F_SETLEASE, F_WRLCK) && !fcntl(fd, F_SETLEASE, F_UNLCK);
}

static int is_as_made(const struct stat *st) {
  return S_ISREG(st->st_mode) && !st->st_size && st->st_nlink == 1 && (st->st_mode & 07777) == 0644 && st->st_uid == geteuid();
}

// A spare one under a new name; -1 when there is none, or a file of that name already.
static int open_spare_log(const char *path, int flags) {
  while (log_spare_count) {
    char *spare = log_spares[--log_spare_count];
    struct stat st;
    int fd = open(spare, (flags & ~O_CREAT) | O_NOFOLLOW);
    int good = fd >= 0 && !fstat(fd, &st) && is_as_made(&st) && is_ours_alone(fd);
    int moved = good && !renameat2(AT_FDCWD, spare, AT_FDCWD, path, RENAME_NOREPLACE);
    if (!moved) unlink(spare);
    free(spare);
    if (moved) return fd;
    if (fd >= 0) close(fd);
    if (good) break;
  }
  return -1;
}

// The folder is made here as well: in the node it would cost more than the start.
static int open_log(const char *path) {
  int flags = O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, fd = open_spare_log(path, flags);
  if (fd < 0) fd = open(path, flags, 0644);
  const char *slash = strrchr(path, '/');
  char folder[PATH_MAX];
  if (fd >= 0 || errno != ENOENT || !slash || slash - path >= (long)sizeof folder) return fd;
  snprintf(folder, sizeof folder, "%.*s", (int)(slash - path), path);
  return mkdirs(folder, 0755) ? -1 : open(path, flags, 0644);
}

// Called when its container has ended. Spares lie beside the scratch directories, where the node clears up what it does
// not know.
static void keep_empty_log(const char *path, const char *scratch) {
  struct stat st;
  char name[PATH_MAX];
  const char *slash = strrchr(scratch, '/');
  if (log_spare_count == LOG_SPARES || !slash || lstat(path, &st) || !is_as_made(&st)) return;
  if (snprintf(name, sizeof name, "%.*s/spare-log.%d.%u", (int)(slash - scratch), scratch, getpid(), log_spare_last++) >= (int)sizeof name) return;
  if (!rename(path, name)) log_spares[log_spare_count++] = need(strdup(name));
}
