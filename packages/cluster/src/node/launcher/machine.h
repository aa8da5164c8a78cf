// The sandbox's part of the machine: made once, when the launcher starts.
#pragma once
#include "bare.h"
#include "program.h"

static char *submounts[64]; // real file systems mounted below / : shown read-only
static int submountc;
static char **mount_points; // all of them, as far as they were there when we began
static int mount_pointc;

static int set_read_only(int fd) {
  struct mount_attr attr = {.attr_set = MOUNT_ATTR_RDONLY};
  return (int)syscall(SYS_mount_setattr, fd, "", AT_EMPTY_PATH | AT_RECURSIVE, &attr, sizeof attr);
}

static int open_tree(const char *path) {
  return (int)syscall(SYS_open_tree, AT_FDCWD, path, BIND_FLAGS);
}

// A mount's source; `how` may say, behind a colon, how much of it no container can change: what follows must hold no link.
static int open_source(const char *path, const char *how) {
  const char *colon = strchr(how, ':');
  size_t n = colon ? strtoul(colon + 1, NULL, 10) : 0;
  if (!n || n + 1 >= strlen(path)) return open_tree(path);
  char root[PATH_MAX];
  snprintf(root, sizeof root, "%.*s", (int)n, path);
  struct open_how beneath = {.flags = O_PATH | O_CLOEXEC, .resolve = RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS | RESOLVE_NO_MAGICLINKS};
  int dir = open(root, O_PATH | O_DIRECTORY | O_CLOEXEC);
  int fd = dir < 0 ? -1 : (int)syscall(SYS_openat2, dir, path + n + 1, &beneath, sizeof beneath);
  int tree = fd < 0 ? -1 : (int)syscall(SYS_open_tree, fd, "", BIND_FLAGS | AT_EMPTY_PATH), e = errno;
  close(fd), close(dir);
  errno = e;
  return tree;
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
    if (n >= 5) {
      mount_points = need(realloc(mount_points, (mount_pointc + 1) * sizeof *mount_points));
      mount_points[mount_pointc++] = need(strdup(field[4]));
    }
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

static int holds_mount(const char *path) {
  for (int i = 0; i < mount_pointc; i++)
    if (strcmp(mount_points[i], path) && below(mount_points[i], path)) return 1;
  return 0;
}

#define TERMINATION_LOG "/dev/termination-log"

// The devices of a container, on a file system of their own that is mounted at `at`.
static int make_dev(const char *at) {
  static const char *nodes[] = {"null", "zero", "full", "random", "urandom", "tty"};
  static const int minors[] = {3, 5, 7, 8, 9, 0};
  char from[64];
  if (mount("dev", at, "tmpfs", MS_NOSUID | MS_NOEXEC, "mode=755,size=64k")) return -1;
  int dir = open(at, O_RDONLY | O_DIRECTORY | O_CLOEXEC), bad = dir < 0;
  for (int i = 0; i < 6 && !bad; i++) {
    snprintf(from, sizeof from, "/dev/%s", nodes[i]);
    if (!rootless && !mknodat(dir, nodes[i], S_IFCHR | 0666, makedev(i == 5 ? 5 : 1, minors[i])) && !fchmodat(dir, nodes[i], 0666, 0)) continue;
    close(openat(dir, nodes[i], O_CREAT | O_WRONLY | O_CLOEXEC, 0666));
    int fd = open_tree(from);
    bad = fd < 0 || syscall(SYS_move_mount, fd, "", dir, nodes[i], MOVE_MOUNT_F_EMPTY_PATH);
    close(fd);
  }
  close(openat(dir, strrchr(TERMINATION_LOG, '/') + 1, O_CREAT | O_WRONLY | O_CLOEXEC, 0666));
  bad = bad || mkdirat(dir, "shm", 01777) || mkdirat(dir, "pts", 0755) || mkdirat(dir, "mqueue", 0755) ||
        symlinkat("/proc/self/fd", dir, "fd") || symlinkat("/proc/self/fd/0", dir, "stdin") || symlinkat("/proc/self/fd/1", dir, "stdout") ||
        symlinkat("/proc/self/fd/2", dir, "stderr") || symlinkat("pts/ptmx", dir, "ptmx");
  close(dir);
  return bad ? -1 : 0;
}

// One for all containers, which none of them can change.
static int make_shared_dev(void) {
  if (mkdir(STAGE "/dev", 0755) || mkdir(STAGE "/own-dev", 0755) || make_dev(STAGE "/dev")) return -1;
  struct mount_attr attr = {.attr_set = MOUNT_ATTR_RDONLY};
  return (int)syscall(SYS_mount_setattr, AT_FDCWD, STAGE "/dev", AT_RECURSIVE, &attr, sizeof attr);
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
  if (make_shared_dev()) return "devices cannot be made";
  make_bare_ns();
  drop_bounding_caps();
  return NULL;
}
