// Starts containers for a node process that must never fork itself. Static, no dependencies; Linux 5.12 or later.
//
// Usage: launcher process|sandbox. Requests come on fd 0, answers go to fd 1. A request is a 4-byte little-endian
// length and that many bytes of fields, each ended by NUL; an answer is words in a line ended by NUL.
//   S id mode dir cwd stdout stderr hostname uid gid memory cpu pids root view argc argv… envc env… mountc (from to ro)…
//                            -> "S id pid startedAt", later "E id code signal finishedAt oom"; or "F id finishedAt why"
//   K id signal              -> nothing; the id is that of S or A, for a process id may be another's by now
//   A id pid startTime       -> "G id" when that process (anyone's child) is gone
//   R id dir                 -> "R id" when the directory and all below it is removed
//   O id path                -> "O id 0|1": is this an opaque directory of an overlay's upper layer?
//
// Invariants
// 1. A directory starts once: `<dir>/pid` is made with O_EXCL before anything runs.
// 2. `<dir>/exit` is written (temp and rename) before E or F is sent.
// 3. The end of fd 0 ends nothing: children are waited for and their exits written down, then the launcher leaves.
// 4. In sandbox mode process 1 of the namespace is ours: it forwards signals, reaps, writes `exit` itself (so that not
//    even the launcher's death loses a status) and takes all others with it. It is not dumpable: a container cannot
//    look into it. In process mode the session is killed, as far as its members did not leave it.
#define _GNU_SOURCE
#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <limits.h>
#include <linux/capability.h>
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
struct container {
  struct container *next;
  enum kind kind;
  pid_t pid;
  int pidfd, oomfd, status, draining, reported;
  int64_t at;
  char *dir, *id;
  struct report *last;
};
struct request {
  char *id, *mode, *dir, *cwd, *out, *err, *host, *root, *view;
  long uid, gid, memory, cpu, pids;
  char **argv, **env, **mounts;
  int mountc;
};
// What a child tells the launcher over the shared pipe; one write below PIPE_BUF is never torn.
struct report {
  struct container *c;
  int failed, done, code, sig, oom;
  int64_t at;
  char text[600];
};

#define BUCKETS 4096
static struct container *table[BUCKETS];
static int live, draining, ep, sigs, report_r, report_w, null_fd, rootless, in_open = 1, out_full;
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

// --- small files ---

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

static void write_exit(int dir, const struct report *r) {
  char buf[4096], text[3700];
  int n = snprintf(buf, sizeof buf, "{\"code\":%d,\"signal\":%d,\"finishedAt\":%lld,\"outOfMemory\":%s", r->code, r->sig,
                   (long long)r->at, r->oom ? "true" : "false");
  if (r->failed) {
    json_text(text, sizeof text, r->text);
    n += snprintf(buf + n, sizeof buf - n, ",\"startError\":\"%s\"", text);
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

// --- answers ---

static void watch(int fd, void *what, uint32_t events, int op) {
  struct epoll_event e = {.events = events, .data.ptr = what};
  epoll_ctl(ep, op, fd, &e);
}

static void flush(void) {
  size_t done = 0;
  while (done < out.len) {
    ssize_t n = write(1, out.p + done, out.len - done);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0 && errno == EAGAIN) break;
    if (n < 0) done = out.len; // nobody listens any more: the files are the truth
    else done += n;
  }
  if (done) memmove(out.p, out.p + done, out.len - done);
  out.len -= done;
  // Only while it is full: a descriptor whose reader is gone would wake us for ever.
  if (!!out.len != out_full) watch(1, &out, EPOLLOUT, out.len ? EPOLL_CTL_ADD : EPOLL_CTL_DEL);
  out_full = !!out.len;
}

__attribute__((format(printf, 1, 2))) static void answer(const char *fmt, ...) {
  char buf[2048];
  va_list ap;
  va_start(ap, fmt);
  int n = vsnprintf(buf, sizeof buf, fmt, ap);
  va_end(ap);
  if (n >= (int)sizeof buf) n = sizeof buf - 1;
  grow(&out.p, &out.cap, out.len + n + 1);
  memcpy(out.p + out.len, buf, n);
  out.p[out.len + n] = 0;
  out.len += n + 1;
}

// --- the table of what lives ---

static struct container *add(enum kind kind, const char *id, const char *dir) {
  struct container *c = need(calloc(1, sizeof *c));
  c->kind = kind;
  c->pidfd = c->oomfd = -1;
  c->id = need(strdup(id));
  c->dir = need(strdup(dir));
  return c;
}

static void enter(struct container *c, pid_t pid) {
  c->pid = pid;
  c->next = table[pid % BUCKETS];
  table[pid % BUCKETS] = c;
  if (c->kind != ADOPTED) live++;
}

static struct container *find(pid_t pid) {
  struct container *c = table[pid % BUCKETS];
  while (c && c->pid != pid) c = c->next;
  return c;
}

// Rare (signals), so no table of its own.
static struct container *find_by_id(const char *id) {
  for (int i = 0; i < BUCKETS; i++)
    for (struct container *c = table[i]; c; c = c->next)
      if (!strcmp(c->id, id)) return c;
  return NULL;
}

static void leave(struct container *c) {
  struct container **at = &table[c->pid % BUCKETS];
  while (*at && *at != c) at = &(*at)->next;
  if (*at) {
    *at = c->next;
    if (c->kind != ADOPTED) live--;
  }
  if (c->pidfd >= 0) close(c->pidfd);
  if (c->oomfd >= 0) close(c->oomfd);
  free(c->id);
  free(c->dir);
  free(c);
}

// --- control groups: best effort, one group per container that asks for a limit ---

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

// --- running the program: inside a vfork child, so nothing here may allocate or change shared state ---

struct program {
  const struct request *r;
  int in, out, err, sandbox;
  char *text;
};

static void why(char *text, const char *what, const char *arg) {
  int e = errno;
  const char *words = e == ENOENT ? "no such file or directory" : e == EACCES ? "permission denied" : strerror(e);
  snprintf(text, 600, "%.200s%.250s: %s", what, arg, words);
}

// Docker's default set; without root in the machine's own namespace, none.
#define KEEP_CAPS \
  (1ull << CAP_CHOWN | 1ull << CAP_DAC_OVERRIDE | 1ull << CAP_FSETID | 1ull << CAP_FOWNER | 1ull << CAP_MKNOD | \
   1ull << CAP_NET_RAW | 1ull << CAP_SETGID | 1ull << CAP_SETUID | 1ull << CAP_SETFCAP | 1ull << CAP_SETPCAP | \
   1ull << CAP_NET_BIND_SERVICE | 1ull << CAP_SYS_CHROOT | 1ull << CAP_KILL | 1ull << CAP_AUDIT_WRITE)

static int drop_caps(void) {
  struct __user_cap_header_struct h = {.version = _LINUX_CAPABILITY_VERSION_3};
  struct __user_cap_data_struct d[2] = {0};
  uint64_t keep = rootless ? 0 : KEEP_CAPS;
  for (int cap = 0; cap < 64; cap++)
    if (!(keep >> cap & 1) && prctl(PR_CAPBSET_DROP, cap, 0, 0, 0) && errno == EINVAL) break;
  if (syscall(SYS_capget, &h, d)) return -1;
  for (int i = 0; i < 2; i++) {
    d[i].permitted &= (uint32_t)(keep >> (32 * i));
    d[i].effective &= (uint32_t)(keep >> (32 * i));
    d[i].inheritable = 0;
  }
  return (int)syscall(SYS_capset, &h, d);
}

static int become(const struct program *p) {
  const struct request *r = p->r;
  if (r->uid >= 0 && !(rootless && p->sandbox)) {
    if (syscall(SYS_setgroups, 0, NULL) && errno != EPERM) return -1;
    if (syscall(SYS_setresgid, r->gid, r->gid, r->gid)) return -1;
  }
  // Bounding set first, while CAP_SETPCAP is there; the user last, which clears what is left when it is not 0.
  if (p->sandbox && prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)) return -1;
  uid_t uid = (uid_t)r->uid;
  if (p->sandbox && drop_caps()) return -1;
  if (r->uid >= 0 && !(rootless && p->sandbox) && syscall(SYS_setresuid, uid, uid, uid)) return -1;
  return 0;
}

static const char *env_path(char **env) {
  for (; *env; env++)
    if (!strncmp(*env, "PATH=", 5)) return *env + 5;
  return "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
}

static void run_program(const struct program *p) {
  char **argv = p->r->argv, path[PATH_MAX];
  const char *name = argv[0];
  int denied = 0;
  if (strchr(name, '/')) {
    execve(name, argv, p->r->env);
    why(p->text, "exec: \"", name);
    if (errno == ENOENT) snprintf(p->text, 600, "exec: \"%.250s\": stat %.250s: no such file or directory", name, name);
    else snprintf(p->text, 600, "exec: \"%.400s\": %s", name, errno == EACCES ? "permission denied" : strerror(errno));
    return;
  }
  for (const char *at = env_path(p->r->env); *name;) {
    size_t n = strcspn(at, ":");
    if (n + strlen(name) + 2 < sizeof path) {
      snprintf(path, sizeof path, "%.*s%s%s", (int)n, at, n ? "/" : "./", name);
      execve(path, argv, p->r->env);
      struct stat st;
      if (errno == EACCES && !stat(path, &st) && S_ISREG(st.st_mode)) denied = 1;
      else if (errno != ENOENT && errno != ENOTDIR && errno != EACCES) {
        snprintf(p->text, 600, "exec %.400s: %s", path, errno == ENOEXEC ? "exec format error" : strerror(errno));
        return;
      }
    }
    if (!at[n]) break;
    at += n + 1;
  }
  snprintf(p->text, 600, "exec: \"%.400s\": %s", name, denied ? "permission denied" : "executable file not found in $PATH");
}

static int program(void *arg) {
  const struct program *p = arg;
  signal(SIGPIPE, SIG_DFL);
  sigprocmask(SIG_SETMASK, &old_mask, NULL);
  setsid();
  if (!p->sandbox) join_groups(p->r);
  if (dup2(p->in, 0) < 0 || dup2(p->out, 1) < 0 || dup2(p->err, 2) < 0) why(p->text, "standard output", "");
  else if (become(p)) why(p->text, "cannot take the user or drop rights", "");
  else if (chdir(p->r->cwd)) why(p->text, "chdir to cwd: ", p->r->cwd);
  else run_program(p);
  _exit(127);
}

static char vfork_stack[256 * 1024] __attribute__((aligned(16)));

// Returns the child, or 0 with `text` saying why it could not be started.
static pid_t vfork_program(struct program *p) {
  *p->text = 0;
  pid_t pid = clone(program, vfork_stack + sizeof vfork_stack, CLONE_VM | CLONE_VFORK | SIGCHLD, p);
  if (pid < 0) why(p->text, "fork", "");
  if (pid > 0 && *p->text) waitpid(pid, NULL, 0);
  return *p->text ? 0 : pid;
}

// The folder of a log is made here: in the node it would cost more than the start.
static int open_log(const char *path) {
  int flags = O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, fd = open(path, flags, 0644);
  const char *slash = strrchr(path, '/');
  char folder[PATH_MAX];
  if (fd >= 0 || errno != ENOENT || !slash || slash - path >= (long)sizeof folder) return fd;
  snprintf(folder, sizeof folder, "%.*s", (int)(slash - path), path);
  return mkdirs(folder, 0755) ? -1 : open(path, flags, 0644);
}

// --- sandbox: once, when the launcher starts ---

static char *submounts[64]; // real file systems mounted below / : shown read-only
static int submountc;

static int set_read_only(int fd) {
  struct mount_attr attr = {.attr_set = MOUNT_ATTR_RDONLY};
  return (int)syscall(SYS_mount_setattr, fd, "", AT_EMPTY_PATH | AT_RECURSIVE, &attr, sizeof attr);
}

static int open_tree(const char *path) {
  return (int)syscall(SYS_open_tree, AT_FDCWD, path, BIND_FLAGS);
}

static int attach(int fd, const char *target) {
  int bad = (int)syscall(SYS_move_mount, fd, "", AT_FDCWD, target, MOVE_MOUNT_F_EMPTY_PATH | MOVE_MOUNT_T_SYMLINKS);
  close(fd);
  return bad;
}

static int has_admin(void) {
  struct __user_cap_header_struct h = {.version = _LINUX_CAPABILITY_VERSION_3};
  struct __user_cap_data_struct d[2] = {0};
  return !syscall(SYS_capget, &h, d) && (d[0].effective >> CAP_SYS_ADMIN & 1);
}

static int map_ids(long uid, long gid, long outer_uid, long outer_gid) {
  char text[64];
  write_file("/proc/self/setgroups", "deny");
  snprintf(text, sizeof text, "%ld %ld 1", uid, outer_uid);
  if (write_file("/proc/self/uid_map", text)) return -1;
  snprintf(text, sizeof text, "%ld %ld 1", gid, outer_gid);
  return write_file("/proc/self/gid_map", text);
}

static int below(const char *path, const char *dir) {
  size_t n = strlen(dir);
  return !strncmp(path, dir, n) && (path[n] == '/' || !path[n]);
}

static void find_submounts(void) {
  static const char *hidden[] = {"/proc", "/sys", "/dev", "/run", "/tmp", "/boot", "/var/lib/docker", "/var/lib/containers"};
  static const char real[] = " ext2 ext3 ext4 xfs btrfs zfs f2fs bcachefs nfs nfs4 9p virtiofs vfat exfat ntfs3 fuseblk drvfs squashfs ";
  char line[8192], *field[6], type[64];
  FILE *f = fopen("/proc/self/mountinfo", "re");
  while (f && fgets(line, sizeof line, f) && submountc < 60) {
    char *dash = strstr(line, " - "), *save;
    if (!dash || sscanf(dash + 3, "%60s", type + 1) != 1) continue;
    type[0] = ' ';
    strcat(type, " ");
    int n = 0;
    for (char *w = strtok_r(line, " ", &save); w && n < 6; w = strtok_r(NULL, " ", &save)) field[n++] = w;
    int skip = n < 5 || !strcmp(field[4], "/") || strchr(field[4], '\\') || !strstr(real, type);
    for (size_t i = 0; !skip && i < sizeof hidden / sizeof *hidden; i++) skip = below(field[4], hidden[i]);
    for (int i = 0; !skip && i < submountc; i++) skip = below(field[4], submounts[i]);
    if (!skip) submounts[submountc++] = need(strdup(field[4]));
  }
  if (f) fclose(f);
  // Names must resolve: systemd keeps the file that /etc/resolv.conf points to on another file system.
  char *names = realpath("/etc/resolv.conf", NULL);
  struct stat a, b;
  if (names && below(names, "/run") && !stat(names, &a) && !stat("/", &b) && a.st_dev != b.st_dev) submounts[submountc++] = names;
  else free(names);
}

static int make_dev(void) {
  static const char *nodes[] = {"null", "zero", "full", "random", "urandom", "tty"};
  static const int minors[] = {3, 5, 7, 8, 9, 0};
  char path[64], from[64];
  if (mkdir(STAGE "/dev", 0755) || mount("dev", STAGE "/dev", "tmpfs", MS_NOSUID | MS_NOEXEC, "mode=755,size=64k")) return -1;
  for (int i = 0; i < 6; i++) {
    snprintf(path, sizeof path, STAGE "/dev/%s", nodes[i]);
    snprintf(from, sizeof from, "/dev/%s", nodes[i]);
    if (!rootless && !mknod(path, S_IFCHR | 0666, makedev(i == 5 ? 5 : 1, minors[i])) && !chmod(path, 0666)) continue;
    close(open(path, O_CREAT | O_WRONLY | O_CLOEXEC, 0666));
    if (mount(from, path, NULL, MS_BIND, NULL)) return -1;
  }
  if (mkdir(STAGE "/dev/shm", 01777) || mkdir(STAGE "/dev/pts", 0755) || mkdir(STAGE "/dev/mqueue", 0755)) return -1;
  return symlink("/proc/self/fd", STAGE "/dev/fd") || symlink("/proc/self/fd/0", STAGE "/dev/stdin") ||
         symlink("/proc/self/fd/1", STAGE "/dev/stdout") || symlink("/proc/self/fd/2", STAGE "/dev/stderr") ||
         symlink("pts/ptmx", STAGE "/dev/ptmx");
}

// Returns what went wrong, or NULL.
static const char *prepare_sandbox(void) {
  uid_t uid = getuid();
  gid_t gid = getgid();
  rootless = !has_admin();
  if (unshare(CLONE_NEWNS | (rootless ? CLONE_NEWUSER : 0)))
    return rootless ? "user namespaces are not allowed" : "mount namespaces are not allowed";
  if (rootless && map_ids(0, 0, uid, gid)) return "the user namespace cannot be mapped";
  if (mount(NULL, "/", NULL, MS_REC | MS_SLAVE, NULL)) return "mounts cannot be made private";
  find_submounts();
  int sys = (int)syscall(SYS_open_tree, AT_FDCWD, "/sys", OPEN_TREE_CLONE | O_CLOEXEC | (rootless ? AT_RECURSIVE : 0));
  if (mount("stage", STAGE, "tmpfs", MS_NOSUID, "mode=755,size=1m")) return "tmpfs cannot be mounted";
  if (mkdir(STAGE "/root", 0755) || mkdir(STAGE "/sys", 0755)) return "staging failed";
  if (sys < 0 || set_read_only(sys) || attach(sys, STAGE "/sys")) return "the mount calls of Linux 5.12 are missing";
  if (make_dev()) return "devices cannot be made";
  return NULL;
}

// --- sandbox: per container, in the child that becomes process 1 ---

struct sandbox {
  const struct request *r;
  struct container *c;
  int dir, proc, dev, sys, tmp, log[3], *mounts, *subs;
};

__attribute__((noreturn)) static void give_up(struct sandbox *s, const char *text) {
  struct report rep = {.c = s->c, .failed = 1, .done = 1, .code = 128, .at = now_ms()};
  snprintf(rep.text, sizeof rep.text, "%.599s", text);
  write_exit(s->dir, &rep);
  (void)!write(report_w, &rep, sizeof rep);
  _exit(0);
}

__attribute__((noreturn)) static void fail(struct sandbox *s, const char *what, const char *arg) {
  char text[600];
  why(text, what, arg);
  give_up(s, text);
}

static int new_proc(void) {
  int fs = (int)syscall(SYS_fsopen, "proc", FSOPEN_CLOEXEC);
  if (fs < 0 || syscall(SYS_fsconfig, fs, FSCONFIG_CMD_CREATE, NULL, NULL, 0)) return -1;
  int fd = (int)syscall(SYS_fsmount, fs, FSMOUNT_CLOEXEC, MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV | MOUNT_ATTR_NOEXEC);
  close(fs);
  return fd;
}

// Makes `layers` and goes there. An overlay makes and removes a handful of inodes when it is mounted, and ext4 without a
// journal steps around every inode of a block group that was removed in the last minutes: thousands of containers in
// one group cost each other milliseconds. A directory with ext4's "top of a hierarchy" flag has its children spread over
// all groups, by their names; so the directory is made under a name that no other has.
static void enter_layers(struct sandbox *s) {
  char name[64];
  int flags = 0, fd = open(".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (fd >= 0 && !ioctl(fd, FS_IOC_GETFLAGS, &flags)) {
    flags |= FS_TOPDIR_FL;
    ioctl(fd, FS_IOC_SETFLAGS, &flags);
  }
  close(fd);
  snprintf(name, sizeof name, "%lld.%.40s", (long long)s->c->at, s->r->id);
  if (mkdir(name, 0755) || rename(name, "layers") || chdir("layers")) fail(s, "layers in ", s->r->dir);
}

// Everything of the machine that the container will see is opened before its root is left.
static void collect(struct sandbox *s) {
  const struct request *r = s->r;
  s->log[0] = null_fd;
  s->log[1] = open_log(r->out);
  s->log[2] = strcmp(r->out, r->err) ? open_log(r->err) : s->log[1];
  if (s->log[1] < 0 || s->log[2] < 0) fail(s, "standard output: ", s->log[1] < 0 ? r->out : r->err);
  s->mounts = need(calloc(r->mountc + 1, sizeof(int)));
  for (int i = 0; i < r->mountc; i++) {
    char **m = r->mounts + 3 * i;
    if ((s->mounts[i] = open_tree(m[0])) < 0) fail(s, "mount ", m[0]);
    if (*m[2] == '1' && set_read_only(s->mounts[i])) fail(s, "mount read-only ", m[0]);
  }
  s->proc = new_proc();
  s->dev = open_tree(STAGE "/dev");
  s->sys = open_tree(STAGE "/sys");
  if (s->proc < 0 || s->dev < 0 || s->sys < 0) fail(s, "mount ", s->proc < 0 ? "/proc" : "/dev or /sys");
  s->tmp = -1;
  s->subs = need(calloc(submountc + 1, sizeof(int)));
  if (*r->root) return;
  if (mkdir("tmp", 01777) || (s->tmp = open_tree("tmp")) < 0) fail(s, "private ", "/tmp");
  for (int i = 0; i < submountc; i++)
    if ((s->subs[i] = open_tree(submounts[i])) >= 0 && set_read_only(s->subs[i])) fail(s, "mount read-only ", submounts[i]);
}

static int overlay(const char *lower, const char *upper, const char *work, const char *target) {
  char options[PATH_MAX * 2];
  snprintf(options, sizeof options, "lowerdir=%.1000s,upperdir=%.1000s,workdir=%.1000s,%s,xino=off", lower, upper, work,
           rootless ? "userxattr" : "redirect_dir=nofollow,metacopy=off,index=off");
  // volatile: else every end of a container would sync the whole file system. Unknown before Linux 5.10.
  size_t n = strlen(options);
  strcat(options, ",volatile");
  if (!mount("overlay", target, "overlay", MS_NODEV, options)) return 0;
  options[n] = 0;
  return mount("overlay", target, "overlay", MS_NODEV, options);
}

// A user namespace may not overlay a directory below which the machine has mounted something. So the root is put
// together from pieces: an overlay where that is allowed, else a plain directory with the pieces below it. Their upper
// layers lie side by side in `upper`; a single file is shown read-only over a placeholder without any permission.
static void piece(struct sandbox *s, const char *path, int depth) {
  static const char *own[] = {"/proc", "/sys", "/dev", "/tmp", "/run", "/boot", "/lost+found"};
  char upper[PATH_MAX], work[PATH_MAX], target[PATH_MAX], child[PATH_MAX], link[PATH_MAX];
  struct dirent *e;
  snprintf(upper, sizeof upper, "upper%.1000s", path);
  snprintf(work, sizeof work, "work%.1000s", path);
  snprintf(target, sizeof target, STAGE "/root%.1000s", path);
  mkdir(upper, 0755);
  for (int i = 0; i < 7; i++)
    if (!strcmp(path, own[i])) return;
  DIR *d = opendir(*path ? path : "/");
  int empty = 1;
  while (d && empty && (e = readdir(d))) empty = !strcmp(e->d_name, ".") || !strcmp(e->d_name, "..");
  int fd = -1;
  if (empty || (*path && !mkdirs(work, 0755) && !overlay(path, upper, work, target))) goto out;
  if (depth > 5) {
    if ((fd = open_tree(path)) < 0 || set_read_only(fd) || attach(fd, target)) fail(s, "mount ", path);
    goto out;
  }
  rewinddir(d);
  while ((e = readdir(d))) {
    struct stat st;
    if (!strcmp(e->d_name, ".") || !strcmp(e->d_name, "..") || fstatat(dirfd(d), e->d_name, &st, AT_SYMLINK_NOFOLLOW)) continue;
    snprintf(child, sizeof child, "%.1000s/%s", path, e->d_name);
    if (S_ISDIR(st.st_mode)) {
      piece(s, child, depth + 1);
      continue;
    }
    snprintf(upper, sizeof upper, "upper%.1300s", child);
    ssize_t n = S_ISLNK(st.st_mode) ? readlink(child, link, sizeof link - 1) : -1;
    if (n > 0) {
      link[n] = 0;
      if (symlink(link, upper)) fail(s, "link ", child);
    } else if (S_ISREG(st.st_mode)) {
      snprintf(target, sizeof target, STAGE "/root%.1300s", child);
      close(open(upper, O_CREAT | O_WRONLY | O_CLOEXEC, 0));
      if ((fd = open_tree(child)) >= 0 && (set_read_only(fd) || attach(fd, target))) fail(s, "mount ", child);
    }
  }
out:
  if (d) closedir(d);
}

static void piecewise_root(struct sandbox *s) {
  int root = open_tree("upper");
  if (root < 0 || attach(root, STAGE "/root")) fail(s, "mount ", "/");
  piece(s, "", 0);
}

static void enter_root(struct sandbox *s) {
  char lower[64] = "/";
  if (mkdir("upper", 0755) || mkdir("work", 0755)) fail(s, "layers in ", s->r->dir);
  if (rootless && !*s->r->root) {
    piecewise_root(s);
  } else {
    if (*s->r->root) {
      int fd = open(s->r->root, O_PATH | O_DIRECTORY | O_CLOEXEC);
      if (fd < 0) fail(s, "root directory ", s->r->root);
      snprintf(lower, sizeof lower, "/proc/self/fd/%d", fd);
    }
    if (overlay(lower, "upper", "work", STAGE "/root")) fail(s, "overlay over ", *s->r->root ? s->r->root : "/");
  }
  if (chdir(STAGE "/root") || syscall(SYS_pivot_root, ".", ".") || umount2(".", 2 /* MNT_DETACH */) || chdir("/"))
    fail(s, "pivot_root", "");
}

// Paths are walked inside the new root now: a link in an image cannot lead outside.
static void place(struct sandbox *s, int fd, const char *target) {
  struct stat st;
  if (fstat(fd, &st)) fail(s, "mount at ", target);
  if (S_ISDIR(st.st_mode)) {
    if (mkdirs(target, 0755)) fail(s, "mount point ", target);
  } else if (access(target, F_OK)) {
    char parent[PATH_MAX];
    snprintf(parent, sizeof parent, "%s", target);
    char *slash = strrchr(parent, '/');
    if (slash && slash != parent) {
      *slash = 0;
      mkdirs(parent, 0755);
    }
    close(open(target, O_CREAT | O_WRONLY | O_CLOEXEC, 0644));
  }
  if (attach(fd, target)) fail(s, "mount at ", target);
}

// Root here is root of the machine: what Docker masks in /proc, we mask.
static void mask_proc(struct sandbox *s) {
  static const char *read_only[] = {"/proc/sys", "/proc/sysrq-trigger", "/proc/irq", "/proc/bus", "/proc/fs"};
  static const char *empty[] = {"/proc/kcore", "/proc/keys", "/proc/timer_list"};
  for (int i = 0; i < 5; i++) {
    int fd = open_tree(read_only[i]);
    if (fd >= 0 && (set_read_only(fd) || attach(fd, read_only[i]))) fail(s, "mask ", read_only[i]);
  }
  for (int i = 0; i < 3; i++) {
    int fd = access(empty[i], F_OK) ? -1 : open_tree("/dev/null");
    if (fd >= 0 && attach(fd, empty[i])) fail(s, "mask ", empty[i]);
  }
}

static void furnish(struct sandbox *s) {
  const struct request *r = s->r;
  place(s, s->proc, "/proc");
  place(s, s->sys, "/sys");
  place(s, s->dev, "/dev");
  if (s->tmp >= 0) place(s, s->tmp, "/tmp");
  if (mount("shm", "/dev/shm", "tmpfs", MS_NOSUID | MS_NODEV, "mode=1777") ||
      mount("devpts", "/dev/pts", "devpts", MS_NOSUID | MS_NOEXEC, "newinstance,ptmxmode=0666,mode=0620"))
    fail(s, "mount ", "/dev/shm or /dev/pts");
  if (!*r->root)
    for (int i = 0; i < submountc; i++)
      if (s->subs[i] >= 0) place(s, s->subs[i], submounts[i]);
  if (!rootless) mask_proc(s);
  for (int i = 0; i < r->mountc; i++) place(s, s->mounts[i], r->mounts[3 * i + 1]);
  if (*r->host && sethostname(r->host, strlen(r->host))) fail(s, "hostname ", r->host);
  if (mkdirs(r->cwd, 0755)) fail(s, "working directory ", r->cwd);
  if (rootless && r->uid > 0 && (unshare(CLONE_NEWUSER) || map_ids(r->uid, r->gid, 0, 0))) fail(s, "user namespace", "");
}

__attribute__((noreturn)) static void end_with(struct sandbox *s, int status) {
  struct report rep = {.c = s->c, .done = 1, .at = now_ms(), .oom = oom_kills(s->c->oomfd)};
  rep.sig = WIFSIGNALED(status) ? WTERMSIG(status) : 0;
  rep.code = rep.sig ? 128 + rep.sig : WEXITSTATUS(status);
  write_exit(s->dir, &rep);
  (void)!write(report_w, &rep, sizeof rep);
  _exit(0);
}

__attribute__((noreturn)) static void process_one(struct container *c, const struct request *r) {
  struct sandbox s = {.r = r, .c = c};
  sigset_t all;
  char text[600];
  sigfillset(&all);
  sigprocmask(SIG_SETMASK, &all, NULL);
  // Kept taken: a log that got one of these numbers would be closed by exec.
  dup2(null_fd, 0), dup2(null_fd, 1), close(ep), close(sigs), close(report_r);
  if ((s.dir = open(r->dir, O_PATH | O_DIRECTORY | O_CLOEXEC)) < 0 || fchdir(s.dir)) fail(&s, "directory ", r->dir);
  umask(0);
  join_groups(r);
  enter_layers(&s);
  collect(&s);
  enter_root(&s);
  furnish(&s);
  umask(022);
  prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
  struct program p = {.r = r, .in = s.log[0], .out = s.log[1], .err = s.log[2], .sandbox = 1, .text = text};
  pid_t main = vfork_program(&p);
  if (!main) give_up(&s, text);
  struct report rep = {.c = c};
  (void)!write(report_w, &rep, sizeof rep);
  for (int status;;) {
    int sig = sigwaitinfo(&all, NULL);
    if (sig > 0 && sig != SIGCHLD) kill(main, sig);
    for (pid_t pid; sig == SIGCHLD && (pid = waitpid(-1, &status, WNOHANG)) > 0;)
      if (pid == main) end_with(&s, status);
  }
}

// --- starting and ending ---

static void failed(struct container *c, const char *text) {
  struct report rep = {.failed = 1, .code = 128, .at = now_ms()};
  snprintf(rep.text, sizeof rep.text, "%.599s", text);
  write_exit_in(c->dir, &rep);
  drop_groups(c->dir);
  answer("F %s %lld %s", c->id, (long long)rep.at, rep.text);
  leave(c);
}

// Invariant 1. What follows the first line is the node's own: how to find the container's files again.
static int claim(const struct request *r) {
  char path[PATH_MAX];
  if (snprintf(path, sizeof path, "%s/pid", r->dir) >= (int)sizeof path) return -1;
  return open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
}

static void record_pid(int fd, const struct container *c, const struct request *r) {
  char line[256];
  int n = snprintf(line, sizeof line, "%d %llu %s %lld\n", c->pid, start_time(c->pid), boot_id, (long long)c->at);
  struct { const void *p; size_t n; } iov[2] = {{line, n}, {r->view, strlen(r->view)}};
  (void)!syscall(SYS_writev, fd, iov, 2);
}

static void start_plain(struct container *c, const struct request *r, int claimed) {
  char text[600];
  struct program p = {.r = r, .in = null_fd, .out = open_log(r->out), .text = text};
  p.err = strcmp(r->out, r->err) ? open_log(r->err) : p.out;
  if (p.out < 0 || p.err < 0) why(text, "standard output: ", p.out < 0 ? r->out : r->err);
  pid_t pid = p.out < 0 || p.err < 0 ? 0 : vfork_program(&p);
  close(p.out);
  if (p.err != p.out) close(p.err);
  if (!pid) {
    failed(c, text);
    return;
  }
  enter(c, pid);
  record_pid(claimed, c, r);
  answer("S %s %d %lld", c->id, pid, (long long)c->at);
}

static void start_sandbox(struct container *c, const struct request *r, int claimed) {
  long flags = CLONE_NEWNS | CLONE_NEWPID | CLONE_NEWIPC | CLONE_NEWUTS | SIGCHLD;
  pid_t pid = (pid_t)syscall(SYS_clone, flags, 0, 0, 0, 0);
  if (!pid) process_one(c, r);
  if (pid < 0) {
    failed(c, "namespaces cannot be made");
    return;
  }
  enter(c, pid);
  record_pid(claimed, c, r);
}

static void start(const struct request *r) {
  struct container *c = add(*r->mode == 's' ? SANDBOX : PLAIN, r->id, r->dir);
  c->at = now_ms();
  int claimed = claim(r);
  if (claimed < 0) {
    // Not `failed`: the exit record of this directory may be another's.
    answer("F %s %lld %s: %s", c->id, (long long)c->at, r->dir, errno == EEXIST ? "already started" : strerror(errno));
    leave(c);
    return;
  }
  make_groups(c, r);
  if (c->kind == SANDBOX) start_sandbox(c, r, claimed);
  else start_plain(c, r, claimed);
  close(claimed);
}

static void ended(const struct container *c, const struct report *rep) {
  drop_groups(c->dir);
  if (rep->failed) answer("F %s %lld %s", c->id, (long long)rep->at, rep->text);
  else answer("E %s %d %d %lld %d", c->id, rep->code, rep->sig, (long long)rep->at, rep->oom);
}

// Kills what is left of a session; true while something is. Members whose parents ended are our children now.
static int session_lives(pid_t session) {
  char buf[16384], path[64];
  int alive = !kill(-session, SIGKILL);
  snprintf(path, sizeof path, "/proc/self/task/%d/children", getpid());
  if (read_file(path, buf, sizeof buf) <= 0) return alive;
  char *end;
  for (char *p = buf; *p; p = end) {
    pid_t pid = (pid_t)strtol(p, &end, 10);
    if (end == p) break;
    if (!find(pid) && getsid(pid) == session && !kill(pid, SIGKILL)) alive = 1;
    while (*end == ' ') end++;
  }
  return alive;
}

static void finish_plain(struct container *c) {
  if (session_lives(c->pid)) {
    if (!c->draining) draining++;
    c->draining = 1;
    return;
  }
  if (c->draining) draining--;
  struct report rep = {.at = c->at, .oom = oom_kills(c->oomfd)};
  rep.sig = WIFSIGNALED(c->status) ? WTERMSIG(c->status) : 0;
  rep.code = rep.sig ? 128 + rep.sig : WEXITSTATUS(c->status);
  write_exit_in(c->dir, &rep);
  ended(c, &rep);
  leave(c);
}

static void hear(void) {
  struct report rep;
  while (read(report_r, &rep, sizeof rep) == sizeof rep) {
    struct container *c = rep.c;
    if (rep.done) {
      c->last = need(malloc(sizeof rep));
      *c->last = rep;
    } else {
      c->reported = 1;
      answer("S %s %d %lld", c->id, c->pid, (long long)c->at);
    }
  }
}

// The namespace is gone with its first process; what that had to say came through the pipe, unless it was killed.
static void finish_sandbox(struct container *c) {
  hear(); // it may have spoken after we last listened; nothing of it may stay in the pipe
  if (!c->last) {
    struct report rep = {.c = c, .done = 1, .at = now_ms(), .oom = oom_kills(c->oomfd)};
    rep.sig = WIFSIGNALED(c->status) ? WTERMSIG(c->status) : 0;
    rep.code = 128 + rep.sig;
    if (!c->reported) {
      rep.failed = 1;
      if (rep.sig) snprintf(rep.text, sizeof rep.text, "ended by signal %d before the program ran", rep.sig);
      else snprintf(rep.text, sizeof rep.text, "ended with %d before the program ran", WEXITSTATUS(c->status));
    }
    write_exit_in(c->dir, &rep);
    ended(c, &rep);
  } else {
    ended(c, c->last);
    free(c->last);
  }
  leave(c);
}

static void recheck_draining(void) {
  for (int i = 0; draining && i < BUCKETS; i++)
    for (struct container *c = table[i], *next; c; c = next) {
      next = c->next;
      if (c->draining) finish_plain(c);
    }
}

static void reap(void) {
  struct signalfd_siginfo si[16];
  while (read(sigs, si, sizeof si) > 0);
  int status, any = 0;
  for (pid_t pid; (pid = waitpid(-1, &status, WNOHANG)) > 0; any = 1) {
    struct container *c = find(pid);
    if (!c || c->draining || c->kind == ADOPTED) continue;
    c->status = status;
    if (c->kind == PLAIN) {
      c->at = now_ms();
      finish_plain(c);
    } else if (c->kind == SANDBOX) {
      finish_sandbox(c);
    } else {
      answer("R %s", c->id);
      leave(c);
    }
  }
  if (any && draining) recheck_draining();
}

// --- removing ---

static int remove_tree(int at, const char *name, int *budget) {
  if (--*budget < 0) return 1;
  if (!unlinkat(at, name, 0) || errno == ENOENT) return 0;
  if (errno != EISDIR && errno != EPERM) return -1;
  if (!unlinkat(at, name, AT_REMOVEDIR)) return 0;
  int fd = openat(at, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
  if (fd < 0 && errno == EACCES && !fchmodat(at, name, 0700, 0))
    fd = openat(at, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
  if (fd < 0) return -1;
  fchmod(fd, 0700);
  DIR *d = fdopendir(fd);
  int bad = 0;
  for (struct dirent *e; d && bad <= 0 && (e = readdir(d));)
    if (strcmp(e->d_name, ".") && strcmp(e->d_name, "..")) bad = remove_tree(fd, e->d_name, budget);
  if (d) closedir(d);
  return bad > 0 ? 1 : unlinkat(at, name, AT_REMOVEDIR);
}

// Small directories at once; the rest of a large one in a child, so that nobody waits for it.
static void remove_dir(const char *id, const char *dir) {
  int budget = 256;
  drop_groups(dir);
  pid_t pid = remove_tree(AT_FDCWD, dir, &budget) > 0 ? (pid_t)syscall(SYS_clone, SIGCHLD, 0, 0, 0, 0) : -1;
  if (!pid) {
    budget = INT_MAX;
    _exit(remove_tree(AT_FDCWD, dir, &budget) != 0);
  }
  if (pid < 0) answer("R %s", id);
  else enter(add(REMOVER, id, dir), pid);
}

// --- requests ---

static char *word(char **at, const char *end) {
  char *p = *at;
  if (p >= end) _exit(71);
  *at = p + strlen(p) + 1;
  return p;
}

static char **words(char **at, const char *end, int n) {
  char **list = need(calloc(n + 1, sizeof *list));
  for (int i = 0; i < n; i++) list[i] = word(at, end);
  return list;
}

static void start_request(char *at, const char *end) {
  struct request r;
  char **text[] = {&r.id, &r.mode, &r.dir, &r.cwd, &r.out, &r.err, &r.host};
  long *numbers[] = {&r.uid, &r.gid, &r.memory, &r.cpu, &r.pids};
  for (int i = 0; i < 7; i++) *text[i] = word(&at, end);
  for (int i = 0; i < 5; i++) *numbers[i] = atol(word(&at, end));
  r.root = word(&at, end);
  r.view = word(&at, end);
  r.argv = words(&at, end, atoi(word(&at, end)));
  r.env = words(&at, end, atoi(word(&at, end)));
  r.mountc = atoi(word(&at, end));
  r.mounts = words(&at, end, 3 * r.mountc);
  start(&r);
  free(r.argv), free(r.env), free(r.mounts);
}

static void adopt(const char *id, pid_t pid, unsigned long long started) {
  struct container *c = add(ADOPTED, id, "");
  c->pidfd = (int)syscall(SYS_pidfd_open, pid, 0);
  if (c->pidfd < 0 || start_time(pid) != started) {
    answer("G %s", id);
    leave(c);
    return;
  }
  enter(c, pid);
  watch(c->pidfd, c, EPOLLIN, EPOLL_CTL_ADD);
}

static void request(char *at, const char *end) {
  char *op = word(&at, end), *a;
  char value;
  switch (*op) {
    case 'S': start_request(at, end); return;
    case 'R': a = word(&at, end); remove_dir(a, word(&at, end)); return;
    case 'A': {
      a = word(&at, end);
      pid_t pid = atoi(word(&at, end));
      adopt(a, pid, strtoull(word(&at, end), NULL, 10));
      return;
    }
    case 'K': {
      struct container *c = find_by_id(word(&at, end));
      int sig = atoi(word(&at, end));
      if (c && c->pidfd >= 0) syscall(SYS_pidfd_send_signal, c->pidfd, sig, NULL, 0);
      else if (c && !c->draining) kill(c->pid, sig);
      return;
    }
    case 'O': {
      a = word(&at, end);
      char *path = word(&at, end);
      int opaque = (lgetxattr(path, "trusted.overlay.opaque", &value, 1) == 1 && value == 'y') ||
                   (lgetxattr(path, "user.overlay.opaque", &value, 1) == 1 && value == 'y');
      answer("O %s %d", a, opaque);
    }
  }
}

static void read_requests(void) {
  for (;;) {
    grow(&in.p, &in.cap, in.len + 65536);
    ssize_t n = read(0, in.p + in.len, in.cap - in.len);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0 && errno == EAGAIN) break;
    if (n <= 0) {
      in_open = 0;
      watch(0, NULL, 0, EPOLL_CTL_DEL);
      break;
    }
    in.len += n;
  }
  size_t at = 0;
  for (uint32_t n; in.len - at >= 4; at += 4 + n) {
    memcpy(&n, in.p + at, 4);
    if (in.len - at - 4 < n) break;
    if (n) request(in.p + at + 4, in.p + at + 4 + n);
  }
  if (at) memmove(in.p, in.p + at, in.len - at);
  in.len -= at;
}

static void handle(void *what) {
  struct container *c = what;
  if (what == &in) read_requests();
  else if (what == &sigs) reap();
  else if (what == &report_r) hear();
  else if (what == &out) flush();
  else {
    answer("G %s", c->id);
    leave(c);
  }
}

static void serve(void) {
  struct epoll_event events[64];
  while (in_open || live) {
    int n = epoll_wait(ep, events, 64, -1);
    for (int i = 0; i < n; i++) handle(events[i].data.ptr);
    if (out.len) flush();
  }
}

int main(int argc, char **argv) {
  int sandbox = argc > 1 && !strcmp(argv[1], "sandbox"), pipes[2];
  const char *refused = sandbox ? prepare_sandbox() : NULL;
  sigset_t chld;
  sigemptyset(&chld);
  sigaddset(&chld, SIGCHLD);
  sigprocmask(SIG_BLOCK, &chld, &old_mask);
  sigemptyset(&old_mask);
  signal(SIGPIPE, SIG_IGN);
  prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0);
  if (read_file("/proc/sys/kernel/random/boot_id", boot_id, sizeof boot_id) > 0) boot_id[strcspn(boot_id, "\n")] = 0;
  find_groups();
  if (pipe2(pipes, O_CLOEXEC)) return 1;
  report_r = pipes[0], report_w = pipes[1];
  fcntl(report_r, F_SETFL, O_NONBLOCK);
  fcntl(0, F_SETFL, O_NONBLOCK);
  fcntl(1, F_SETFL, O_NONBLOCK);
  null_fd = open("/dev/null", O_RDONLY | O_CLOEXEC);
  ep = epoll_create1(EPOLL_CLOEXEC);
  sigs = signalfd(-1, &chld, SFD_NONBLOCK | SFD_CLOEXEC);
  watch(0, &in, EPOLLIN, EPOLL_CTL_ADD);
  watch(sigs, &sigs, EPOLLIN, EPOLL_CTL_ADD);
  watch(report_r, &report_r, EPOLLIN, EPOLL_CTL_ADD);
  answer("V 1 %d %s%s%s. %s", rootless, *groups.memory ? "memory " : "", *groups.cpu ? "cpu " : "", *groups.pids ? "pids " : "",
         refused ? refused : "");
  flush();
  if (!refused) serve();
  return 0;
}
