// Starts containers for a node process that must never fork itself. Static, no dependencies; Linux 5.12 or later.
//
// Usage: launcher process|sandbox (or `enter …`, see enter.h). Requests come on fd 0, answers go to fd 1. A request is a 4-byte little-endian
// length and that many bytes of fields, each ended by NUL; an answer is words in a line ended by NUL.
//   S id mode dir scratch cwd stdout stderr hostname uid gid memory cpu pids root view argc argv… envc env… mountc (from to how)…
//                            -> "S id pid startedAt", later "E id code signal finishedAt oom"; or "F id finishedAt shortage why"
//   K id signal              -> nothing; the id is that of S or A, for a process id may be another's by now
//   A id pid startTime       -> "G id" when that process (anyone's child) is gone
//   R id dir                 -> "R id" when the directory and all below it is removed
//   O id path                -> "O id 0|1": is this an opaque directory of an overlay's upper layer?
// The mode `sandbox@pid.startTime` is a sandbox among the processes of that one.
//
// Invariants
// 1. A container starts once: `<dir>` is made before anything runs, and must not be there already.
// 2. `<dir>/exit` is written (temp and rename) before E or F is sent.
// 3. The end of fd 0 ends nothing: children are waited for and their exits written down, then the launcher leaves.
// 4. In sandbox mode process 1 of the namespace is ours: it forwards signals, reaps, writes `exit` itself (so that not
//    even the launcher's death loses a status) and takes all others with it. It is not dumpable: a container cannot
//    look into it. In process mode the session is killed, as far as its members did not leave it.
// 5. E means that every process of the container but process 1 is gone. R waits for that one, so that nothing is reused
//    while it is mounted.
//
// One program in parts, each below the ones it needs; `cc launcher.c` compiles them all.
#include "state.h"
#include "files.h"
#include "table.h"
#include "groups.h"
#include "logs.h"
#include "program.h"
#include "bare.h"
#include "machine.h"
#include "scratch.h"
#include "root.h"
#include "sandbox.h"
#include "containers.h"
#include "remove.h"
#include "copy.h"
#include "enter.h"

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
  char **text[] = {&r.id, &r.mode, &r.dir, &r.scratch, &r.cwd, &r.out, &r.err, &r.host};
  long *numbers[] = {&r.uid, &r.gid, &r.memory, &r.cpu, &r.pids};
  for (int i = 0; i < 8; i++) *text[i] = word(&at, end);
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

// It must end its program by itself: dead it could not.
static void kill_beside(pid_t pid) {
  siginfo_t info = {.si_signo = SIGTERM, .si_code = SI_QUEUE};
  info.si_pid = getpid(), info.si_uid = getuid();
  info.si_value.sival_int = KILL_BESIDE;
  syscall(SYS_rt_sigqueueinfo, pid, SIGTERM, &info);
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
      else if (c && c->beside && sig == SIGKILL) kill_beside(c->pid);
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
  while (in_open || live || removals) {
    int n = epoll_wait(ep, events, 64, removals ? 0 : -1);
    for (int i = 0; i < n; i++) handle(events[i].data.ptr);
    if (removals && !n) remove_some();
    while (removal_count > REMOVALS) remove_some();
    if (out.len) flush();
  }
}

int main(int argc, char **argv) {
  int entering = argc > 1 && !strcmp(argv[1], "enter");
  // What whoever started the node left open must not show up in a container.
  syscall(SYS_close_range, entering ? 4 : 3, ~0u, 0);
  if (entering) return enter_main(argc, argv);
  // A machine that allows no programs in memory has its launcher run from the file all the same.
  (void)run_from_copy(argv);
  int pipes[2];
  sandboxes = argc > 1 && !strcmp(argv[1], "sandbox");
  const char *refused = sandboxes ? prepare_sandbox() : NULL;
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
