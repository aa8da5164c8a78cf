import { execFileSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import type { Sample } from './samples.ts'

const source = `
#define _GNU_SOURCE
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
extern char **environ;
int main(int argc, char **argv) {
  int n = atoi(argv[1]), flight = atoi(argv[2]), started = 0, live = 0, status;
  struct timespec a, b;
  clock_gettime(CLOCK_MONOTONIC, &a);
  while (started < n || live) {
    while (started < n && live < flight) {
      pid_t pid;
      if (posix_spawn(&pid, argv[3], 0, 0, argv + 3, environ)) return 1;
      started++, live++;
    }
    wait(&status);
    if (status) return 2;
    live--;
  }
  clock_gettime(CLOCK_MONOTONIC, &b);
  struct rusage u, c;
  getrusage(RUSAGE_SELF, &u), getrusage(RUSAGE_CHILDREN, &c);
  printf("%f %f", (b.tv_sec - a.tv_sec) + (b.tv_nsec - a.tv_nsec) / 1e9,
         u.ru_utime.tv_sec + u.ru_stime.tv_sec + c.ru_utime.tv_sec + c.ru_stime.tv_sec +
             (u.ru_utime.tv_usec + u.ru_stime.tv_usec + c.ru_utime.tv_usec + c.ru_stime.tv_usec) / 1e6);
}
`

/** Starts a program so many times, so many at once, and checks each exit status. */
export type Floor = (
  count: number,
  flight: number,
  argv?: readonly [string, ...string[]],
) => Sample & { readonly perSecond: number }

/** Compiles what this machine's kernel can do at most: a loop of posix_spawn in C. */
export function compileFloor(dir: string): Floor {
  const program = `${dir}/floor`
  writeFileSync(`${program}.c`, source)
  execFileSync('cc', ['-O2', '-o', program, `${program}.c`])
  return (count, flight, argv = ['/bin/true']) => {
    const out = execFileSync(program, [String(count), String(flight), ...argv], {
      encoding: 'utf8',
    })
    const [seconds = 1, cpu = 0] = out.split(' ').map(Number)
    return {
      perSecond: count / seconds,
      msEach: (seconds * 1000) / count,
      cpuMsEach: (cpu * 1000) / count,
    }
  }
}
