// Starting and ending containers, in the launcher itself.
#pragma once
#include "logs.h"
#include "sandbox.h"

static void remove_dir(const char *id, const char *dir);

static void failed(struct container *c, const char *text) {
  struct report rep = {.failed = 1, .code = 128, .at = now_ms()};
  snprintf(rep.text, sizeof rep.text, "%.599s", text);
  write_exit_in(c->dir, &rep);
  drop_groups(c->dir);
  answer("F %s %lld %d %s", c->id, (long long)rep.at, is_shortage(rep.text), rep.text);
  leave(c);
}

// Invariant 1. What follows the first line is the node's own: how to find the container's files again.
static int claim(const struct request *r) {
  char path[PATH_MAX];
  if (snprintf(path, sizeof path, "%s/pid", r->dir) >= (int)sizeof path || mkdir(r->dir, 0755)) return -1;
  return open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
}

static void record_pid(int fd, const struct container *c, const struct request *r) {
  char line[256];
  int n = snprintf(line, sizeof line, "%d %llu %s %lld\n", c->pid, start_time(c->pid), boot_id, (long long)c->at);
  struct { const void *p; size_t n; } iov[2] = {{line, n}, {r->view, strlen(r->view)}};
  (void)!syscall(SYS_writev, fd, iov, 2);
}

static void start_plain(struct container *c, const struct request *r, int claimed, const int log[2]) {
  char text[600] = "";
  struct program p = {.r = r, .in = null_fd, .out = log[0], .err = log[1], .text = text};
  if (make_plain_scratch(r)) why(text, "scratch directory ", r->scratch);
  pid_t pid = *text ? 0 : vfork_program(&p);
  if (!pid) {
    failed(c, text);
    return;
  }
  enter(c, pid);
  record_pid(claimed, c, r);
  answer("S %s %d %lld", c->id, pid, (long long)c->at);
}

// As clone, but among the processes of another container, `sandbox@pid.startTime`. Who enters there may not come back: so
// a child does it, and its child is ours.
static pid_t clone_beside(const struct request *r, long flags) {
  int told[2], target = 0;
  unsigned long long started = 0;
  pid_t pid = -1;
  if (pipe2(told, O_CLOEXEC)) return -1;
  pid_t sent = fork();
  if (!sent) {
    sscanf(strchr(r->mode, '@') + 1, "%d.%llu", &target, &started);
    // Its process 1 lets nobody look into it; its program is in the same place.
    char path[64], children[64];
    snprintf(path, sizeof path, "/proc/%d/task/%d/children", target, target);
    int inside = read_file(path, children, sizeof children) > 0 ? atoi(children) : 0;
    int other = inside > 0 ? (int)syscall(SYS_pidfd_open, inside, 0) : -1;
    if (other >= 0 && start_time(target) == started && !setns(other, CLONE_NEWPID))
      pid = (pid_t)syscall(SYS_clone, (flags & ~CLONE_NEWPID) | CLONE_PARENT, 0, 0, 0, 0);
    if (!pid) {
      close(told[0]), close(told[1]);
      return 0;
    }
    (void)!write(told[1], &pid, sizeof pid);
    _exit(0);
  }
  close(told[1]);
  if (read(told[0], &pid, sizeof pid) != sizeof pid) pid = -1;
  close(told[0]);
  if (sent > 0) waitpid(sent, NULL, 0);
  return pid;
}

static void start_sandbox(struct container *c, const struct request *r, int claimed, const int log[2]) {
  char text[600];
  long flags = CLONE_NEWPID | CLONE_NEWIPC | CLONE_NEWUTS | SIGCHLD;
  c->beside = strchr(r->mode, '@') != NULL;
  c->has_layers = *r->scratch && take_spare(r->scratch);
  pid_t pid = c->beside ? clone_beside(r, flags) : (pid_t)syscall(SYS_clone, flags, 0, 0, 0, 0);
  if (!pid) process_one(c, r, log);
  if (pid < 0 && c->beside) {
    failed(c, "the processes of the target container cannot be joined: it does not run, or was started by another launcher");
    return;
  }
  if (pid < 0) {
    why(text, "namespaces cannot be made", "");
    failed(c, text);
    return;
  }
  enter(c, pid);
  record_pid(claimed, c, r);
}

static void start_logged(struct container *c, const struct request *r, int claimed) {
  char text[600];
  int one = !strcmp(r->out, r->err), log[2] = {open_log(r->out)};
  log[1] = one ? log[0] : open_log(r->err);
  if (log[0] < 0 || log[1] < 0) {
    why(text, "standard output: ", log[0] < 0 ? r->out : r->err);
    failed(c, text);
  } else if (c->kind == SANDBOX) {
    start_sandbox(c, r, claimed, log);
  } else {
    start_plain(c, r, claimed, log);
  }
  close(log[0]);
  if (!one) close(log[1]);
}

static void start(const struct request *r) {
  struct container *c = add(*r->mode == 's' ? SANDBOX : PLAIN, r->id, r->dir);
  c->at = now_ms();
  int claimed = claim(r);
  if (claimed < 0) {
    // Not `failed`: the exit record of this directory may be another's.
    const char *words = errno == EEXIST ? "already started" : strerror(errno);
    answer("F %s %lld %d %s: %s", c->id, (long long)c->at, is_shortage(words), r->dir, words);
    leave(c);
    return;
  }
  c->limited = r->memory > 0 || r->cpu > 0 || r->pids > 0;
  make_groups(c, r);
  c->scratch = need(strdup(r->scratch));
  c->out = need(strdup(r->out));
  c->err = strcmp(r->out, r->err) ? need(strdup(r->err)) : NULL;
  start_logged(c, r, claimed);
  close(claimed);
}

static void ended(const struct container *c, const struct report *rep) {
  keep_empty_log(c->out, c->scratch);
  if (c->err) keep_empty_log(c->err, c->scratch);
  if (rep->failed) answer("F %s %lld %d %s", c->id, (long long)rep->at, is_shortage(rep->text), rep->text);
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
  if (c->limited) drop_groups(c->dir);
  ended(c, &rep);
  leave(c);
}

// Invariant 5: taking a namespace apart takes longer than many a step.
static void answer_early(struct container *c) {
  ended(c, c->last);
  c->answered = 1;
  c->ending = ending;
  ending = c;
}

static struct container *find_ending(const char *dir) {
  struct container *c = ending;
  while (c && strcmp(c->dir, dir)) c = c->ending;
  return c;
}

static void finish_answered(struct container *c) {
  struct container **at = &ending;
  while (*at != c) at = &(*at)->ending;
  *at = c->ending;
  if (c->limited) drop_groups(c->dir);
  char *save;
  for (char *id = c->removers ? strtok_r(c->removers, " ", &save) : NULL; id; id = strtok_r(NULL, " ", &save)) remove_dir(id, c->dir);
  leave(c);
}

static void hear(void) {
  struct report rep;
  while (read(report_r, &rep, sizeof rep) == sizeof rep) {
    struct container *c = rep.c;
    if (rep.done) {
      c->last = need(malloc(sizeof rep));
      *c->last = rep;
      if (rep.alone) answer_early(c);
    } else {
      c->reported = 1;
      answer("S %s %d %lld", c->id, c->pid, (long long)c->at);
    }
  }
}

// The namespace is gone with its first process; what that had to say came through the pipe, unless it was killed.
static void finish_sandbox(struct container *c) {
  hear(); // it may have spoken after we last listened; nothing of it may stay in the pipe
  if (c->answered) {
    finish_answered(c);
    return;
  }
  if (c->limited) drop_groups(c->dir);
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
