// Small files: reading and writing them whole, a container's exit record.
#pragma once
#include "state.h"

static int write_file(const char *path, const char *text) {
  int fd = open(path, O_WRONLY | O_CLOEXEC);
  if (fd < 0) return -1;
  ssize_t n = write(fd, text, strlen(text));
  close(fd);
  return n < 0 ? -1 : 0;
}

static ssize_t read_file(const char *path, char *buf, size_t size) {
  int fd = open(path, O_RDONLY | O_CLOEXEC);
  if (fd < 0) return -1;
  ssize_t n = read(fd, buf, size - 1);
  close(fd);
  buf[n < 0 ? 0 : n] = 0;
  return n;
}

// Field 22 of /proc/<pid>/stat; the name in field 2 may hold anything, so count from its last bracket.
static unsigned long long start_time(pid_t pid) {
  char path[64], buf[1024];
  snprintf(path, sizeof path, "/proc/%d/stat", pid);
  if (read_file(path, buf, sizeof buf) <= 0) return 0;
  char *p = strrchr(buf, ')');
  for (int field = 2; p && field < 22; field++) p = strchr(p + 1, ' ');
  return p ? strtoull(p + 1, NULL, 10) : 0;
}

static int mkdirs(const char *path, mode_t mode) {
  char buf[PATH_MAX];
  if (snprintf(buf, sizeof buf, "%s", path) >= (int)sizeof buf) return -1;
  for (char *p = buf + 1; *p; p++)
    if (*p == '/') {
      *p = 0;
      mkdir(buf, 0755);
      *p = '/';
    }
  return mkdir(buf, mode) && errno != EEXIST ? -1 : 0;
}

static void json_text(char *to, size_t size, const char *from) {
  size_t n = 0;
  for (const unsigned char *p = (const unsigned char *)from; *p && n + 8 < size; p++) {
    if (*p == '"' || *p == '\\') n += snprintf(to + n, size - n, "\\%c", *p);
    else if (*p < 32) n += snprintf(to + n, size - n, "\\u%04x", *p);
    else to[n++] = (char)*p;
  }
  to[n] = 0;
}

// Did the machine lack what it may have again in a moment? All that is told of errors ends with the kernel's words.
static int is_shortage(const char *text) {
  static const int codes[] = {ENOSPC, EDQUOT, EMFILE, ENFILE, ENOMEM, EAGAIN};
  for (size_t i = 0; i < sizeof codes / sizeof *codes; i++) {
    const char *words = strerror(codes[i]);
    size_t n = strlen(text), m = strlen(words);
    if (n >= m && !strcmp(text + n - m, words)) return 1;
  }
  return 0;
}

static void write_exit(int dir, const struct report *r) {
  char buf[4096], text[3700];
  int n = snprintf(buf, sizeof buf, "{\"code\":%d,\"signal\":%d,\"finishedAt\":%lld,\"outOfMemory\":%s", r->code, r->sig,
                   (long long)r->at, r->oom ? "true" : "false");
  if (r->failed) {
    json_text(text, sizeof text, r->text);
    n += snprintf(buf + n, sizeof buf - n, ",\"startError\":\"%s\",\"shortage\":%s", text, is_shortage(r->text) ? "true" : "false");
  }
  n += snprintf(buf + n, sizeof buf - n, "}\n");
  int fd = openat(dir, "exit.new", O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
  if (fd < 0) return;
  int whole = write(fd, buf, n) == n;
  close(fd);
  if (whole) renameat(dir, "exit.new", dir, "exit");
}

static void write_exit_in(const char *path, const struct report *r) {
  int dir = open(path, O_PATH | O_DIRECTORY | O_CLOEXEC);
  if (dir < 0) return;
  write_exit(dir, r);
  close(dir);
}
