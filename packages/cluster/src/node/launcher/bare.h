// A mount namespace that holds nothing but an empty directory. A sandbox enters it and makes one like it: that costs the
// same on a machine of ten mounts and of a thousand, which a copy of the machine's own would not.
#pragma once
#include "state.h"

static int bare_ns = -1;

static int stays_alone(void) {
  const char *at = STAGE "/root";
  return !unshare(CLONE_NEWNS) && !mount("bare", at, "tmpfs", MS_NOSUID | MS_NODEV | MS_NOEXEC | MS_RDONLY, "mode=755,size=4k") &&
         !chdir(at) && !syscall(SYS_pivot_root, ".", ".") && !umount2(".", 2 /* MNT_DETACH */);
}

// Without one each sandbox starts from a copy of the machine's.
static void make_bare_ns(void) {
  int told[2];
  char path[64], yes = 0;
  if (pipe2(told, O_CLOEXEC)) return;
  pid_t pid = fork();
  if (!pid) {
    yes = stays_alone();
    (void)!write(told[1], &yes, 1);
    pause();
    _exit(0);
  }
  close(told[1]);
  snprintf(path, sizeof path, "/proc/%d/ns/mnt", pid);
  if (pid > 0 && read(told[0], &yes, 1) == 1 && yes) bare_ns = open(path, O_RDONLY | O_CLOEXEC);
  close(told[0]);
  if (pid > 0) kill(pid, SIGKILL), waitpid(pid, NULL, 0);
}

// True when the caller is in one of its own now.
static int enter_bare_ns(void) {
  return bare_ns >= 0 && !setns(bare_ns, CLONE_NEWNS) && !unshare(CLONE_NEWNS);
}
