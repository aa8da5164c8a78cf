// What all parts share: the kernel's words, what is known of each container, and memory.
#pragma once

#define _GNU_SOURCE
#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <limits.h>
#include <linux/capability.h>
#include <linux/openat2.h>
#include <linux/fs.h>
#include <linux/mount.h>
#include <sched.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <sys/wait.h>
#include <sys/xattr.h>
#include <time.h>
#include <unistd.h>

#define STAGE "/sys/kernel" // hidden below our own tmpfs, in the launcher's mount namespace only
#define BIND_FLAGS (OPEN_TREE_CLONE | AT_RECURSIVE | O_CLOEXEC)
int mount(const char *, const char *, const char *, unsigned long, const void *);
int umount2(const char *, int);

enum kind { PLAIN, SANDBOX, ADOPTED, REMOVER };
// With SIGTERM, to a sandbox among the processes of another: end your program at once.
#define KILL_BESIDE 0x6b696c6c

struct container {
  struct container *next;
  enum kind kind;
  pid_t pid;
  int pidfd, oomfd, status, draining, reported, limited, beside, has_layers, answered;
  int64_t at;
  char *dir, *id, *scratch, *out, *err, *removers;
  struct report *last;
  struct container *ending;
};
struct request {
  char *id, *mode, *dir, *scratch, *cwd, *out, *err, *host, *root, *view;
  long uid, gid, memory, cpu, pids;
  char **argv, **env, **mounts;
  int mountc;
};
// What a child tells the launcher over the shared pipe; one write below PIPE_BUF is never torn.
struct report {
  struct container *c;
  int failed, done, alone, code, sig, oom;
  int64_t at;
  char text[600];
};

#define BUCKETS 4096
static struct container *table[BUCKETS];
static struct container *ending; // answered, but not gone
static int live, draining, ep, sigs, report_r, report_w, null_fd, rootless, sandboxes, in_open = 1, out_full;
static sigset_t old_mask;
static char boot_id[64];
static struct { char *p; size_t len, cap; } in, out;

static int64_t now_ms(void) {
  struct timespec t;
  clock_gettime(CLOCK_REALTIME, &t);
  return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static void *need(void *p) {
  if (!p) _exit(70);
  return p;
}

static void grow(char **p, size_t *cap, size_t want) {
  if (want <= *cap) return;
  while (*cap < want) *cap = *cap ? *cap * 2 : 65536;
  *p = need(realloc(*p, *cap));
}
