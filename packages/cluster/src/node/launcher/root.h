// A sandbox's root: an overlay of the machine's files or an image's, in a namespace of mounts that shows nothing else.
#pragma once
#include "scratch.h"

struct sandbox {
  const struct request *r;
  struct container *c;
  int dir, proc, dev, sys, tmp, own_mounts, *mounts, *subs;
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

static int configured(int fs, const char *const *strings) {
  for (; *strings; strings += 2)
    if (syscall(SYS_fsconfig, fs, FSCONFIG_SET_STRING, strings[0], strings[1], 0)) return 0;
  return 1;
}

// Mounted nowhere yet.
static int overlay(const char *lower, const char *upper, const char *work) {
  const char *layers[] = {"lowerdir", lower, "upperdir", upper, "workdir", work, "xino", "off", NULL};
  const char *careful[] = {"redirect_dir", "nofollow", "metacopy", "off", "index", "off", NULL};
  int fs = (int)syscall(SYS_fsopen, "overlay", FSOPEN_CLOEXEC);
  int ready = fs >= 0 && configured(fs, layers);
  ready = ready && (rootless ? !syscall(SYS_fsconfig, fs, FSCONFIG_SET_FLAG, "userxattr", NULL, 0) : configured(fs, careful));
  // volatile: else every end of a container would sync the whole file system.
  ready = ready && !syscall(SYS_fsconfig, fs, FSCONFIG_SET_FLAG, "volatile", NULL, 0) &&
          !syscall(SYS_fsconfig, fs, FSCONFIG_CMD_CREATE, NULL, NULL, 0);
  int fd = ready ? (int)syscall(SYS_fsmount, fs, FSMOUNT_CLOEXEC, MOUNT_ATTR_NODEV) : -1, e = errno;
  close(fs);
  errno = e;
  return fd;
}

// Until here the mounts are the launcher's, in which nobody else may change anything.
static void own_mounts(struct sandbox *s) {
  if (!s->own_mounts && unshare(CLONE_NEWNS)) fail(s, "namespace of mounts", "");
  s->own_mounts = 1;
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
  if (empty || (*path && !holds_mount(path) && !mkdirs(work, 0755) && (fd = overlay(path, upper, work)) >= 0 && !attach(fd, target))) goto out;
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
  own_mounts(s);
  int root = open_tree("upper");
  if (root < 0 || attach(root, STAGE "/root")) fail(s, "mount ", "/");
  piece(s, "", 0);
}

static void leave_for(struct sandbox *s, const char *root) {
  if (chdir(root) || syscall(SYS_pivot_root, ".", ".") || umount2(".", 2 /* MNT_DETACH */) || chdir("/")) fail(s, "pivot_root", "");
}

// In a namespace that holds nothing else it need not be turned around: what lies below the root is empty, and no way leads
// there. A turn would look at every process of the machine.
static void enter_overlay(struct sandbox *s, int fd) {
  int bare = enter_bare_ns();
  if (!bare) own_mounts(s);
  if (syscall(SYS_move_mount, fd, "", AT_FDCWD, bare ? "/" : STAGE "/root", MOVE_MOUNT_F_EMPTY_PATH)) fail(s, "mount ", "/");
  if (!bare) leave_for(s, STAGE "/root");
  else if (fchdir(fd) || chroot(".")) fail(s, "chroot", "");
  close(fd);
}

static void enter_root(struct sandbox *s) {
  char lower[64] = "/";
  const char *root = s->r->root;
  if (rootless && !*root) {
    piecewise_root(s);
    leave_for(s, STAGE "/root");
    return;
  }
  int below = *root ? open(root, O_PATH | O_DIRECTORY | O_CLOEXEC) : -1;
  if (*root && below < 0) fail(s, "root directory ", root);
  if (*root) snprintf(lower, sizeof lower, "/proc/self/fd/%d", below);
  int fd = overlay(lower, "upper", "work");
  if (fd < 0) fail(s, "overlay over ", *root ? root : "/");
  close(below);
  enter_overlay(s, fd);
}
