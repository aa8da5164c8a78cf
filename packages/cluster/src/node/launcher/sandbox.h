// One sandbox: in the child that becomes process 1 of its namespace.
#pragma once
#include "root.h"

static int new_proc(void) {
  int fs = (int)syscall(SYS_fsopen, "proc", FSOPEN_CLOEXEC);
  if (fs < 0 || syscall(SYS_fsconfig, fs, FSCONFIG_CMD_CREATE, NULL, NULL, 0)) return -1;
  int fd = (int)syscall(SYS_fsmount, fs, FSMOUNT_CLOEXEC, MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV | MOUNT_ATTR_NOEXEC);
  close(fs);
  return fd;
}

// An overlay makes and removes a handful of inodes when it is mounted, and ext4 without a journal steps around every
// inode of a block group that was removed in the last minutes: thousands of containers in one group cost each other
// milliseconds. A directory with ext4's "top of a hierarchy" flag has its children spread over all groups, by their names.
static void spread_children(const char *path) {
  int flags = 0, fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (fd >= 0 && !ioctl(fd, FS_IOC_GETFLAGS, &flags) && !(flags & FS_TOPDIR_FL)) {
    flags |= FS_TOPDIR_FL;
    ioctl(fd, FS_IOC_SETFLAGS, &flags);
  }
  close(fd);
}

static void enter_layers(struct sandbox *s) {
  char parent[PATH_MAX];
  if (*s->r->scratch) {
    snprintf(parent, sizeof parent, "%.*s", (int)(strrchr(s->r->scratch, '/') - s->r->scratch), s->r->scratch);
    spread_children(parent);
  }
  if (make_layers(s->r, s->c->has_layers)) fail(s, "layers in ", s->r->dir);
}

// A mount with a layer of its own, in `mounts/<index>`: an overlay of the source, or of its directory when it is a file.
static int open_layered(struct sandbox *s, int index, const char *source) {
  char at[64], upper[80], work[80], target[PATH_MAX], dir[PATH_MAX], lower[64];
  const char *file = "";
  struct stat st;
  if (stat(source, &st)) return -1;
  snprintf(dir, sizeof dir, "%s", source);
  if (!S_ISDIR(st.st_mode)) {
    char *slash = strrchr(dir, '/');
    if (!slash) return -1;
    *slash = 0;
    file = strrchr(source, '/');
  }
  snprintf(at, sizeof at, "mounts/%d", index);
  snprintf(upper, sizeof upper, "%s/upper", at);
  snprintf(work, sizeof work, "%s/work", at);
  mkdir("mounts", 0755);
  if (mkdir(at, 0755) || mkdir(upper, 0755) || mkdir(work, 0755)) fail(s, "layers in ", s->r->dir);
  if (!*file) {
    // The overlay's own directory is what the layer's is.
    struct timespec times[2] = {st.st_atim, st.st_mtim};
    if (chown(upper, st.st_uid, st.st_gid)) errno = 0;
    chmod(upper, st.st_mode & 07777);
    utimensat(AT_FDCWD, upper, times, 0);
  }
  int source_fd = open(*dir ? dir : "/", O_PATH | O_DIRECTORY | O_CLOEXEC);
  snprintf(lower, sizeof lower, "/proc/self/fd/%d", source_fd);
  int fd = source_fd < 0 ? -1 : overlay(lower, upper, work);
  if (fd < 0) fail(s, "overlay over ", source);
  close(source_fd);
  if (!*file) return fd;
  own_mounts(s);
  snprintf(target, sizeof target, "%s/at", at);
  if (mkdir(target, 0755) || attach(fd, target)) fail(s, "overlay over ", source);
  snprintf(target, sizeof target, "%s/at%.*s", at, NAME_MAX + 1, file);
  return open_tree(target);
}

// The devices that all share, unless something is mounted among them.
static int open_dev(struct sandbox *s) {
  const struct request *r = s->r;
  for (int i = 0; i < r->mountc; i++) {
    const char *target = r->mounts[3 * i + 1];
    if (!below(target, "/dev") || !strcmp(target, TERMINATION_LOG) || below(target, "/dev/shm")) continue;
    own_mounts(s);
    return make_dev(STAGE "/own-dev") ? -1 : open_tree(STAGE "/own-dev");
  }
  return open_tree(STAGE "/dev");
}

// Everything of the machine that the container will see is opened before its root is left.
static void collect(struct sandbox *s) {
  const struct request *r = s->r;
  s->mounts = need(calloc(r->mountc + 1, sizeof(int)));
  for (int i = 0; i < r->mountc; i++) {
    char **m = r->mounts + 3 * i;
    // A file of the container's own directory, which nobody else could have made before.
    if (below(m[0], r->dir)) close(open(m[0], O_WRONLY | O_CREAT | O_CLOEXEC, 0666));
    s->mounts[i] = *m[2] == '2' ? open_layered(s, i, m[0]) : open_source(m[0], m[2]);
    if (s->mounts[i] < 0) fail(s, "mount ", m[0]);
    if (*m[2] == '1' && set_read_only(s->mounts[i])) fail(s, "mount read-only ", m[0]);
  }
  s->proc = new_proc();
  s->dev = open_dev(s);
  s->sys = open_tree(STAGE "/sys");
  if (s->proc < 0 || s->dev < 0 || s->sys < 0) fail(s, "mount ", s->proc < 0 ? "/proc" : "/dev or /sys");
  s->tmp = -1;
  s->subs = need(calloc(submountc + 1, sizeof(int)));
  if (*r->root) return;
  if ((s->tmp = open_tree("tmp")) < 0) fail(s, "private ", "/tmp");
  for (int i = 0; i < submountc; i++)
    if ((s->subs[i] = open_tree(submounts[i])) >= 0 && set_read_only(s->subs[i])) fail(s, "mount read-only ", submounts[i]);
}

// Paths are walked inside the new root now: a link in an image cannot lead outside.
static int place_at(int fd, const char *target) {
  return (int)syscall(SYS_move_mount, fd, "", AT_FDCWD, target, MOVE_MOUNT_F_EMPTY_PATH | MOVE_MOUNT_T_SYMLINKS);
}

static void make_place(struct sandbox *s, int fd, const char *target) {
  struct stat st;
  char parent[PATH_MAX];
  if (fstat(fd, &st)) fail(s, "mount at ", target);
  if (S_ISDIR(st.st_mode)) {
    if (mkdirs(target, 0755)) fail(s, "mount point ", target);
    return;
  }
  snprintf(parent, sizeof parent, "%s", target);
  char *slash = strrchr(parent, '/');
  if (slash && slash != parent) {
    *slash = 0;
    mkdirs(parent, 0755);
  }
  close(open(target, O_CREAT | O_WRONLY | O_CLOEXEC, 0644));
}

static void place(struct sandbox *s, int fd, const char *target) {
  int bad = place_at(fd, target);
  if (bad && errno == ENOENT) {
    make_place(s, fd, target);
    bad = place_at(fd, target);
  }
  if (bad) fail(s, "mount at ", target);
  close(fd);
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
  if (access(r->cwd, F_OK) && mkdirs(r->cwd, 0755)) fail(s, "working directory ", r->cwd);
  if (rootless && r->uid > 0 && (unshare(CLONE_NEWUSER) || map_ids(r->uid, r->gid, 0, 0))) fail(s, "user namespace", "");
}

__attribute__((noreturn)) static void end_with(struct sandbox *s, int status) {
  struct report rep = {.c = s->c, .done = 1, .at = now_ms(), .oom = oom_kills(s->c->oomfd)};
  // Whoever is still here must be waited for, which the end of this process does.
  rep.alone = !s->c->beside && kill(-1, SIGKILL) && errno == ESRCH;
  rep.sig = WIFSIGNALED(status) ? WTERMSIG(status) : 0;
  rep.code = rep.sig ? 128 + rep.sig : WEXITSTATUS(status);
  write_exit(s->dir, &rep);
  (void)!write(report_w, &rep, sizeof rep);
  _exit(0);
}

// Among the processes of others no namespace takes what a program leaves behind with it.
static void kill_rest(void) {
  char path[64], buf[16384], *end;
  snprintf(path, sizeof path, "/proc/self/task/%d/children", (int)syscall(SYS_gettid));
  do {
    if (read_file(path, buf, sizeof buf) <= 0) return;
    for (char *p = buf; *p; p = end) {
      pid_t pid = (pid_t)strtol(p, &end, 10);
      if (end == p) break;
      kill(pid, SIGKILL);
      while (*end == ' ') end++;
    }
  } while (waitpid(-1, NULL, 0) > 0);
}

__attribute__((noreturn)) static void process_one(struct container *c, const struct request *r, const int log[2]) {
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
  if (c->beside) prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0);
  struct program p = {.r = r, .in = null_fd, .out = log[0], .err = log[1], .sandbox = 1, .text = text};
  pid_t main = vfork_program(&p);
  if (!main) give_up(&s, text);
  struct report rep = {.c = c};
  (void)!write(report_w, &rep, sizeof rep);
  for (int status;;) {
    siginfo_t info;
    int sig = sigwaitinfo(&all, &info);
    if (sig > 0 && info.si_code == SI_QUEUE && info.si_value.sival_int == KILL_BESIDE) sig = SIGKILL;
    if (sig > 0 && sig != SIGCHLD) kill(main, sig);
    for (pid_t pid; sig == SIGCHLD && (pid = waitpid(-1, &status, WNOHANG)) > 0;)
      if (pid == main) {
        if (c->beside) kill_rest();
        end_with(&s, status);
      }
  }
}
