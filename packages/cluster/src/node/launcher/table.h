// Answers to the node, and the table of what lives.
#pragma once
#include "files.h"

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
  // Sandboxes that were started meanwhile hold copies of the descriptor: closing ours alone would not take it off the list.
  if (c->pidfd >= 0) watch(c->pidfd, NULL, 0, EPOLL_CTL_DEL), close(c->pidfd);
  if (c->oomfd >= 0) close(c->oomfd);
  free(c->id);
  free(c->scratch);
  free(c->out);
  free(c->err);
  free(c->dir);
  free(c->removers);
  free(c->last);
  free(c);
}
