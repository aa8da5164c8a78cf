// One more program in a container that runs: `launcher enter …`, a process of its own for each, started by the node.
//
// It enters the container's namespaces and limits, starts the program with the rights that containers have, and carries
// bytes between the node's sockets and the program's pipes (a socket cannot be opened again as /dev/stderr) or terminal.
// Descriptor 3 is the node: "S" tells it that the program runs, "F why" that it does not, "columns rows\n" from it is a
// new size, and its end means that nobody is there any more: the program's session is killed.
#pragma once
#include "copy.h"
#include "machine.h"
#include <poll.h>
#include <termios.h>

#define NODE_FD 3

struct entry {
  pid_t first;
  unsigned long long started;
  int sandbox, tty, has_stdin, columns, rows;
  char *dir;
  struct request r;
};
static pid_t entered;
static int first_fd = -1;

struct relay {
  int from, to, keeps_end;
  size_t at, len;
  char buf[65536];
};

__attribute__((noreturn)) static void refuse_entry(const char *what, const char *arg) {
  char text[600], line[640];
  if (arg) why(text, what, arg);
  else snprintf(text, sizeof text, "%.599s", what);
  int n = snprintf(line, sizeof line, "F%s", text);
  (void)!write(NODE_FD, line, n);
  _exit(128);
}

// The program that the container is about: below process 1 of its namespace, the first child that it ever had.
static pid_t main_of(const struct entry *e) {
  char path[64], buf[64];
  if (!e->sandbox) return e->first;
  snprintf(path, sizeof path, "/proc/%d/task/%d/children", e->first, e->first);
  return read_file(path, buf, sizeof buf) > 0 ? atoi(buf) : 0;
}

static char **environment_of(pid_t pid, int tty) {
  char path[64], *text = NULL;
  size_t cap = 0, len = 0, count = 0;
  snprintf(path, sizeof path, "/proc/%d/environ", pid);
  int fd = open(path, O_RDONLY | O_CLOEXEC);
  if (fd < 0) refuse_entry("the container's environment", "");
  for (ssize_t n = 1; n > 0; len += n) {
    grow(&text, &cap, len + 65536);
    if ((n = read(fd, text + len, 65535)) < 0) refuse_entry("the container's environment", "");
  }
  close(fd);
  text[len] = 0;
  for (size_t i = 0; i < len; i++) count += !text[i];
  char **env = need(calloc(count + 3, sizeof *env));
  int has_term = 0;
  size_t i = 0;
  for (char *p = text; p < text + len; p += strlen(p) + 1) {
    has_term |= !strncmp(p, "TERM=", 5);
    if (*p) env[i++] = p;
  }
  if (tty && !has_term) env[i] = "TERM=xterm";
  return env;
}

static void join_limits(const char *dir) {
  const char *bases[] = {groups.memory, groups.pids, groups.cpu};
  char group[PATH_MAX], path[PATH_MAX + 64];
  for (int i = 0; i < 3; i++) {
    if (!*bases[i]) continue;
    group_of(bases[i], dir, group);
    snprintf(path, sizeof path, "%s/cgroup.procs", group);
    write_file(path, "0");
  }
}

static int in_other_user_namespace(pid_t pid) {
  char path[64];
  struct stat own, other;
  snprintf(path, sizeof path, "/proc/%d/ns/user", pid);
  return !stat("/proc/self/ns/user", &own) && !stat(path, &other) && own.st_ino != other.st_ino;
}

// All of what is looked at by its number is looked at while the process still is the one that was meant.
static void go_in(struct entry *e) {
  int first = (int)syscall(SYS_pidfd_open, e->first, 0);
  if (first < 0 || start_time(e->first) != e->started) refuse_entry("the container is not running", NULL);
  pid_t pid = main_of(e);
  int target = pid > 0 ? (int)syscall(SYS_pidfd_open, pid, 0) : -1;
  if (target < 0) refuse_entry("the container is not running", NULL);
  e->r.env = environment_of(pid, e->tty);
  int flags = CLONE_NEWNS | CLONE_NEWPID | CLONE_NEWIPC | CLONE_NEWUTS;
  if (in_other_user_namespace(pid)) flags |= CLONE_NEWUSER;
  if (main_of(e) != pid || start_time(e->first) != e->started) refuse_entry("the container is not running", NULL);
  join_limits(e->dir);
  if (e->sandbox && setns(target, flags)) refuse_entry("the container's namespaces", "");
  close(target);
  first_fd = first;
}

// By the descriptor, not by a name: names are the container's.
static int other_end(int terminal, const struct entry *e) {
  int unlocked = 0;
  struct winsize size = {.ws_col = (unsigned short)e->columns, .ws_row = (unsigned short)e->rows};
  if (terminal < 0 || ioctl(terminal, TIOCSPTLCK, &unlocked)) return -1;
  if (size.ws_col) ioctl(terminal, TIOCSWINSZ, &size);
  int end = ioctl(terminal, TIOCGPTPEER, O_RDWR | O_NOCTTY | O_CLOEXEC);
  if (end >= 0 && e->r.uid > 0 && !rootless) (void)!fchown(end, (uid_t)e->r.uid, (gid_t)-1);
  return end;
}

__attribute__((noreturn)) static void entered_program(const struct entry *e, int in, int out, int err, int told) {
  char text[600] = "";
  struct program p = {.r = &e->r, .sandbox = e->sandbox, .text = text};
  signal(SIGPIPE, SIG_DFL);
  sigprocmask(SIG_SETMASK, &old_mask, NULL);
  setsid();
  if (dup2(in, 0) < 0 || dup2(out, 1) < 0 || dup2(err, 2) < 0) why(text, "standard output", "");
  else if (e->tty && ioctl(0, TIOCSCTTY, 0)) why(text, "a terminal of its own", "");
  else if (become(&p)) why(text, "cannot take the user or drop rights", "");
  else if (chdir(e->r.cwd)) why(text, "chdir to cwd: ", e->r.cwd);
  else run_program(&p);
  (void)!write(told, text, strlen(text));
  _exit(127);
}

// Nothing, or the end of what can come, is 0: no more to wait for now.
static int fill(struct relay *r) {
  if (r->from < 0 || r->len) return 0;
  ssize_t n = read(r->from, r->buf, sizeof r->buf);
  if (n < 0 && (errno == EAGAIN || errno == EINTR)) return 0;
  if (n <= 0) {
    close(r->from), r->from = -1;
    if (!r->keeps_end) close(r->to), r->to = -1;
    return 0;
  }
  r->at = 0, r->len = n;
  return 1;
}

static void drain(struct relay *r) {
  while (r->len) {
    ssize_t n = write(r->to, r->buf + r->at, r->len);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0 && errno == EAGAIN) return;
    if (n < 0) {
      // Nobody reads any more: whoever writes shall hear of it.
      if (r->from >= 0) close(r->from);
      if (!r->keeps_end) close(r->to), r->to = -1;
      r->from = -1, r->len = 0;
      return;
    }
    r->at += n, r->len -= n;
  }
}

static void kill_session(void) {
  kill(-entered, SIGKILL);
  kill(entered, SIGKILL);
}

static void hear_node(int terminal) {
  char text[256];
  ssize_t n = read(NODE_FD, text, sizeof text - 1);
  if (n < 0 && (errno == EAGAIN || errno == EINTR)) return;
  if (n <= 0) {
    kill_session();
    _exit(137);
  }
  text[n] = 0;
  int columns, rows;
  for (char *line = text; line && *line; line = strchr(line, '\n') ? strchr(line, '\n') + 1 : NULL)
    if (terminal >= 0 && sscanf(line, "%d %d", &columns, &rows) == 2) {
      struct winsize size = {.ws_col = (unsigned short)columns, .ws_row = (unsigned short)rows};
      ioctl(terminal, TIOCSWINSZ, &size);
    }
}

// Until the program has ended and all that it wrote is handed over. What its children write later, nobody waits for.
static int carry(struct relay *relays, int terminal) {
  int child = (int)syscall(SYS_pidfd_open, entered, 0), status = 0, over = 0, fills = 0;
  for (;;) {
    struct pollfd fds[9] = {
      {.fd = NODE_FD, .events = POLLIN}, {.fd = over ? -1 : child, .events = POLLIN}, {.fd = over ? -1 : first_fd, .events = POLLIN}};
    int busy = 0;
    for (int i = 0; i < 3; i++) {
      struct relay *r = relays + i;
      fds[3 + i] = (struct pollfd){.fd = r->len || over ? -1 : r->from, .events = POLLIN};
      fds[6 + i] = (struct pollfd){.fd = r->len && !(over && !i) ? r->to : -1, .events = POLLOUT};
      if (i && r->len) busy = 1;
    }
    if (over && !busy) return status;
    if (poll(fds, 9, -1) < 0 && errno != EINTR) return status;
    if (fds[0].revents) hear_node(terminal);
    if (fds[2].revents) kill_session();
    // Looked at before the pipes: what was written before the end is read after it.
    if (!over && fds[1].revents && waitpid(entered, &status, WNOHANG) == entered) over = 1;
    for (int i = over ? 1 : 0; i < 3; i++) {
      drain(relays + i);
      // A pipe holds no more than this; a terminal gives it in small pieces.
      while ((!over || fills++ < 64) && fill(relays + i)) drain(relays + i);
    }
  }
}

static struct relay relays[3];

static void open_relay(int i, int from, int to, int keeps_end) {
  relays[i].from = from, relays[i].to = to, relays[i].keeps_end = keeps_end;
  if (from >= 0) fcntl(from, F_SETFL, O_NONBLOCK);
  if (to >= 0) fcntl(to, F_SETFL, O_NONBLOCK);
}

static int start_entered(const struct entry *e) {
  int in[2] = {null_fd, -1}, out[2] = {-1, -1}, err[2] = {-1, -1}, told[2], terminal = -1;
  if (pipe2(told, O_CLOEXEC)) refuse_entry("pipes", "");
  if (e->tty) {
    terminal = open(e->sandbox ? "/dev/pts/ptmx" : "/dev/ptmx", O_RDWR | O_NOCTTY | O_CLOEXEC | O_NOFOLLOW);
    if ((in[0] = other_end(terminal, e)) < 0) refuse_entry("a terminal", "");
    out[1] = err[1] = in[0];
  } else if ((e->has_stdin && pipe2(in, O_CLOEXEC)) || pipe2(out, O_CLOEXEC) || pipe2(err, O_CLOEXEC)) {
    refuse_entry("pipes", "");
  }
  prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
  entered = fork();
  if (entered < 0) refuse_entry("fork", "");
  if (!entered) entered_program(e, in[0], out[1], err[1], told[1]);
  close(told[1]), close(in[0]), close(out[1]);
  if (err[1] != out[1]) close(err[1]);
  char text[600];
  ssize_t n = read(told[0], text, sizeof text - 1);
  text[n > 0 ? n : 0] = 0;
  if (n > 0) refuse_entry(text, NULL);
  close(told[0]);
  open_relay(0, e->has_stdin ? 0 : -1, e->tty ? terminal : in[1], e->tty);
  open_relay(1, e->tty ? terminal : out[0], 1, 1);
  open_relay(2, err[0], 2, 1);
  return terminal;
}

// enter mode pid startTime dir cwd uid gid tty columns rows stdin argv…
static int enter_main(int argc, char **argv) {
  if (argc < 14) return 64;
  if (run_from_copy(argv)) refuse_entry("a copy of the launcher", "");
  struct entry e = {.sandbox = !strcmp(argv[2], "sandbox"), .first = atoi(argv[3]), .dir = argv[5]};
  e.started = strtoull(argv[4], NULL, 10);
  e.r = (struct request){.cwd = argv[6], .uid = atol(argv[7]), .gid = atol(argv[8]), .argv = argv + 13};
  e.tty = atoi(argv[9]), e.columns = atoi(argv[10]), e.rows = atoi(argv[11]), e.has_stdin = atoi(argv[12]);
  rootless = !has_admin();
  signal(SIGPIPE, SIG_IGN);
  sigemptyset(&old_mask);
  fcntl(NODE_FD, F_SETFD, FD_CLOEXEC);
  null_fd = open("/dev/null", O_RDWR | O_CLOEXEC);
  umask(022);
  find_groups();
  go_in(&e);
  int terminal = start_entered(&e);
  (void)!write(NODE_FD, "S", 1);
  int status = carry(relays, terminal);
  _exit(WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status));
}
