// Control groups: best effort, one group per container that asks for a limit.
#pragma once
#include "files.h"
#include "table.h"

static struct { int v2; char memory[PATH_MAX], cpu[PATH_MAX], pids[PATH_MAX]; } groups;

// The group this process is in: limits of whoever contains us must hold for the steps too.
static void own_group(const char *controller, char *to, size_t size) {
  char line[PATH_MAX];
  FILE *f = fopen("/proc/self/cgroup", "re");
  *to = 0;
  while (f && fgets(line, sizeof line, f)) {
    char *names = strchr(line, ':'), *path = names ? strchr(names + 1, ':') : NULL;
    if (!path) continue;
    *path++ = 0;
    path[strcspn(path, "\n")] = 0;
    for (char *save, *n = strtok_r(names + 1, ",", &save); n; n = strtok_r(NULL, ",", &save))
      if (!strcmp(n, controller)) snprintf(to, size, "%s", path);
  }
  if (f) fclose(f);
}

static void find_group(const char *controller, const char *file, char *to) {
  char own[1024], path[PATH_MAX];
  own_group(controller, own, sizeof own);
  for (int nested = 1; nested >= 0; nested--) {
    snprintf(to, PATH_MAX, "/sys/fs/cgroup/%s%s/argosy", controller, nested && own[1] ? own : "");
    mkdir(to, 0755);
    snprintf(path, sizeof path, "%.4000s/%s", to, file);
    if (!access(path, W_OK)) return;
  }
  *to = 0;
}

static void find_groups(void) {
  char have[512];
  if (read_file("/sys/fs/cgroup/cgroup.controllers", have, sizeof have) > 0) {
    groups.v2 = 1;
    mkdir("/sys/fs/cgroup/argosy", 0755);
    write_file("/sys/fs/cgroup/cgroup.subtree_control", "+memory +pids +cpu");
    write_file("/sys/fs/cgroup/argosy/cgroup.subtree_control", "+memory +pids +cpu");
    if (read_file("/sys/fs/cgroup/argosy/cgroup.subtree_control", have, sizeof have) > 0) {
      if (strstr(have, "memory")) strcpy(groups.memory, "/sys/fs/cgroup/argosy");
      if (strstr(have, "cpu")) strcpy(groups.cpu, "/sys/fs/cgroup/argosy");
      if (strstr(have, "pids")) strcpy(groups.pids, "/sys/fs/cgroup/argosy");
    }
    return;
  }
  find_group("memory", "memory.limit_in_bytes", groups.memory);
  find_group("cpu", "cpu.cfs_quota_us", groups.cpu);
  find_group("pids", "pids.max", groups.pids); // only the argosy group has the file, never the root
}

// Named after the directory, so that a later launcher finds it again.
static void group_of(const char *base, const char *dir, char *to) {
  uint64_t h = 14695981039346656037u;
  for (const char *p = dir; *p; p++) h = (h ^ (unsigned char)*p) * 1099511628211u;
  snprintf(to, PATH_MAX, "%.4000s/%016llx", base, (unsigned long long)h);
}

static void limit(const char *base, const char *dir, const char *file, long long value) {
  char group[PATH_MAX], path[PATH_MAX + 64], text[64];
  group_of(base, dir, group);
  mkdir(group, 0755);
  snprintf(path, sizeof path, "%s/%s", group, file);
  snprintf(text, sizeof text, "%lld", value);
  write_file(path, text);
}

static void make_groups(struct container *c, const struct request *r) {
  char path[PATH_MAX + 64], group[PATH_MAX];
  if (r->memory > 0 && *groups.memory) {
    limit(groups.memory, r->dir, groups.v2 ? "memory.max" : "memory.limit_in_bytes", r->memory);
    limit(groups.memory, r->dir, groups.v2 ? "memory.swap.max" : "memory.memsw.limit_in_bytes", groups.v2 ? 0 : r->memory);
    group_of(groups.memory, r->dir, group);
    snprintf(path, sizeof path, "%s/%s", group, groups.v2 ? "memory.events" : "memory.oom_control");
    c->oomfd = open(path, O_RDONLY | O_CLOEXEC);
  }
  if (r->pids > 0 && *groups.pids) limit(groups.pids, r->dir, "pids.max", r->pids);
  if (r->cpu > 0 && *groups.cpu) limit(groups.cpu, r->dir, groups.v2 ? "cpu.max" : "cpu.cfs_quota_us", r->cpu * 100);
}

static void join_groups(const struct request *r) {
  const char *bases[] = {r->memory > 0 ? groups.memory : "", r->pids > 0 ? groups.pids : "", r->cpu > 0 ? groups.cpu : ""};
  char group[PATH_MAX], path[PATH_MAX + 64];
  for (int i = 0; i < 3; i++) {
    if (!*bases[i]) continue;
    group_of(bases[i], r->dir, group);
    snprintf(path, sizeof path, "%s/cgroup.procs", group);
    write_file(path, "0");
  }
}

static void drop_groups(const char *dir) {
  const char *bases[] = {groups.memory, groups.pids, groups.cpu};
  char group[PATH_MAX];
  for (int i = 0; i < 3; i++)
    if (*bases[i]) {
      group_of(bases[i], dir, group);
      rmdir(group);
    }
}

static int oom_kills(int fd) {
  char buf[1024];
  ssize_t n = fd < 0 ? -1 : pread(fd, buf, sizeof buf - 1, 0);
  if (n <= 0) return 0;
  buf[n] = 0;
  char *p = strstr(buf, "oom_kill ");
  return p ? atoi(p + 9) > 0 : 0;
}
