/**
 * How fast containers start, against what this machine's kernel can do. Prints one JSON line.
 * Usage: node bench/start.ts [starts per measurement, default 2000] [directory, default the temporary one]
 *
 * An ext4 without a journal (Firecracker machines) steps around inodes deleted in the last minutes one by one: nothing is
 * removed before the end, and a machine that has just removed much is slow for a while.
 */
import { execFileSync } from 'node:child_process'
import * as fs from 'node:fs'
import { loadavg, tmpdir } from 'node:os'
import type { ContainerSpec, Runtime } from '../packages/cluster/src/node/runtime.ts'
import { processRuntime } from '../packages/cluster/src/node/runtimes/process.ts'
import { sandboxRuntime } from '../packages/cluster/src/node/runtimes/sandbox.ts'

const floorSource = `
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

interface Rate {
  readonly perSecond: number
  /** Of this process, per start. */
  readonly nodeCpuMicros?: number
  /** Of the launcher and all it started, per start: what a busy neighbour changes least. */
  readonly childCpuMicros: number
  readonly latencyMs?: { readonly p50: number; readonly p99: number }
}

const starts = Number(process.argv[2] ?? 2000)
const base = fs.mkdtempSync(`${process.argv[3] ?? tmpdir()}/argosy-bench-`)
const rounds = 5

try {
  console.log(JSON.stringify(await measure()))
} finally {
  fs.rmSync(base, { recursive: true, force: true })
}

// Limit, ours and peer take turns, so that a neighbour's work hits all of them.
async function measure() {
  const floor = compileFloor()
  const load = loadavg()
  await using plain = await processRuntime({ launcher: 'native' })
  await using sandbox = await sandboxRuntime({ launchers: ['native'], scratchDir: base })
  const runs: [string, () => Promise<Rate> | Rate][] = [
    ...[1, 2, 4].map((n) => [`posixSpawn.${n}`, () => spawnFloor(floor, starts, n)] as const),
    ...[1, 2, 4, 16].map((n) => [`process.${n}`, () => rate(plain, starts, n)] as const),
    ...[1, 4, 16].map((n) => [`sandbox.${n}`, () => rate(sandbox, starts / 2, n)] as const),
    ['bwrap.1', () => bwrapLoop(floor, starts / 8, 1)],
    ['bwrap.4', () => bwrapLoop(floor, starts / 8, 4)],
  ].map(([name, run]) => [name, run] as [string, () => Promise<Rate> | Rate])
  const results: Record<string, Rate[]> = {}
  for (let round = 0; round < rounds; round++) {
    for (const [name, run] of runs) {
      results[name] ??= []
      results[name].push(await run())
    }
  }
  const rates = Object.entries(results).map(([name, all]) => [name, median(all)] as const)
  return {
    bench: 'start',
    starts,
    rounds,
    ...Object.fromEntries(rates),
    load,
    loadAfter: loadavg(),
    node: process.version,
    program: '/bin/true',
  }
}

function compileFloor(): string {
  fs.writeFileSync(`${base}/floor.c`, floorSource)
  execFileSync('cc', ['-O2', '-o', `${base}/floor`, `${base}/floor.c`])
  return `${base}/floor`
}

function spawnFloor(floor: string, count: number, flight: number, argv = ['/bin/true']): Rate {
  const out = execFileSync(floor, [String(count), String(flight), ...argv], { encoding: 'utf8' })
  const [seconds = 1, cpu = 0] = out.split(' ').map(Number)
  return { perSecond: Math.round(count / seconds), childCpuMicros: micros(cpu, count) }
}

function bwrapLoop(floor: string, count: number, flight: number): Rate {
  const bwrap = ['--unshare-all', '--share-net', '--ro-bind', '/', '/', '--dev', '/dev']
  return spawnFloor(floor, Math.round(count), flight, [
    ...['/usr/bin/bwrap', ...bwrap, '--proc', '/proc', '--tmpfs', '/tmp', '/bin/true'],
  ])
}

/** Containers per second; directories are made before the clock runs. */
async function rate(runtime: Runtime, count: number, flight: number): Promise<Rate> {
  const root = fs.mkdtempSync(`${base}/run-`)
  const specs = Array.from({ length: count }, (_, i) => specOf(`${root}/${i}`))
  const latencies: number[] = []
  const next = specs.values()
  const cpu = process.cpuUsage()
  const before = childCpu()
  const begin = performance.now()
  await Promise.all(
    Array.from({ length: flight }, async () => {
      for (const spec of next) {
        const at = performance.now()
        const { code, startError } = await (await runtime.start(spec)).exited
        if (code !== 0) throw new Error(startError ?? `${spec.dir} ended with ${code}`)
        latencies.push(performance.now() - at)
      }
    }),
  )
  const seconds = (performance.now() - begin) / 1000
  const { user, system } = process.cpuUsage(cpu)
  const after = childCpu()
  latencies.sort((a, b) => a - b)
  return {
    perSecond: Math.round(count / seconds),
    nodeCpuMicros: Math.round((user + system) / count),
    childCpuMicros: micros(after - before, count),
    latencyMs: { p50: at(latencies, 0.5), p99: at(latencies, 0.99) },
  }
}

// The launchers are this process's children: their own time and that of the children they waited for.
function childCpu(): number {
  const pids = fs.readFileSync(`/proc/self/task/${process.pid}/children`, 'utf8').split(' ')
  const ticks = pids.filter(Boolean).map((pid) => {
    const stat = fs.readFileSync(`/proc/${pid}/stat`, 'utf8')
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    return fields.slice(11, 15).reduce((sum, field) => sum + Number(field), 0)
  })
  return ticks.reduce((sum, tick) => sum + tick, 0) / 100
}

function micros(seconds: number, count: number): number {
  return Math.round((seconds * 1e6) / count)
}

function specOf(dir: string): ContainerSpec {
  fs.mkdirSync(dir)
  return {
    ...{ dir, argv: ['/bin/true'], env: { PATH: '/usr/bin:/bin', HOME: '/' }, workingDir: '/' },
    ...{ root: { kind: 'host' }, mounts: [], stdout: `${dir}/log`, stderr: `${dir}/log` },
  }
}

function at(sorted: readonly number[], share: number): number {
  return Math.round((sorted[Math.floor(sorted.length * share)] ?? 0) * 1000) / 1000
}

function median(rates: readonly Rate[]): Rate & { readonly min: number; readonly max: number } {
  const sorted = rates.toSorted((a, b) => a.perSecond - b.perSecond)
  const middle = sorted[Math.floor(sorted.length / 2)] ?? { perSecond: 0, childCpuMicros: 0 }
  return { ...middle, min: sorted[0]?.perSecond ?? 0, max: sorted.at(-1)?.perSecond ?? 0 }
}
