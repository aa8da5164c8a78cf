// Running the program: inside a vfork child, so nothing here may allocate or change shared state.
#pragma once
#include "groups.h"

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

// What a program could gain by being executed. The launcher of sandboxes gives it up once, for all that it starts.
static int bounding_dropped;

static void drop_bounding_caps(void) {
  uint64_t keep = rootless ? 0 : KEEP_CAPS;
  for (int cap = 0; cap < 64 && !bounding_dropped; cap++)
    if (!(keep >> cap & 1) && prctl(PR_CAPBSET_DROP, cap, 0, 0, 0) && errno == EINVAL) break;
  bounding_dropped = 1;
}

static int drop_caps(void) {
  struct __user_cap_header_struct h = {.version = _LINUX_CAPABILITY_VERSION_3};
  struct __user_cap_data_struct d[2] = {0};
  uint64_t keep = rootless ? 0 : KEEP_CAPS;
  drop_bounding_caps();
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
