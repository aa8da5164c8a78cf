import { readFile, writeFile } from 'node:fs/promises'
import type { Container } from '@argosy/engine'
import { Console } from './console.ts'
import type { ContainerSpec, Exit, Running } from './runtime.ts'
import { waitProgram } from './wait-program.ts'
import type { World } from './world.ts'

/** Whether a container's program is to read from somebody, or to have a terminal. */
export function hasConsole({ stdin, tty }: Container): boolean {
  return stdin === true || tty === true
}

/**
 * Starts such a container: its first program only waits, and the one that it is about is started beside it with its
 * other end in this process. It cannot be adopted: when this process ends, it does (exit code 137).
 */
export async function startWithConsole(
  container: Container,
  spec: ContainerSpec,
  world: World,
): Promise<Running> {
  const waiter = await world.runtime.start(await waiting(spec, world))
  const { stdin = false, tty = false, stdinOnce } = container
  const ask = { argv: spec.argv, stdin, tty }
  const program = await world.runtime.exec(spec.dir, ask).catch((error: Error) => error)
  if (program instanceof Error) return notStarted(waiter, program)
  const { stdout, stderr } = spec
  const opened = new Console(program, { stdout, stderr, once: stdinOnce === true })
  world.consoles.set(spec.dir, opened)
  const exited = endOf(opened, waiter, spec.dir).finally(() => world.consoles.delete(spec.dir))
  return { ...facts(waiter), exited, kill: () => opened.kill() }
}

function facts(waiter: Running): Running {
  const { pid, startedAt, address } = waiter
  return {
    ...{ pid, startedAt, exited: waiter.exited },
    ...(address !== undefined && { address }),
    kill: (signal) => waiter.kill(signal),
    resolve: (path) => waiter.resolve(path),
  }
}

async function waiting(spec: ContainerSpec, { layout, runtime }: World): Promise<ContainerSpec> {
  const { argv, mounts } = await waitProgram(layout.images, runtime.name)
  const { root } = spec
  const entry = root.kind === 'image' ? ({ ...root, argv: 'entrypoint' } as const) : root
  return { ...spec, argv, root: entry, mounts: [...spec.mounts, ...mounts] }
}

async function notStarted(waiter: Running, { message }: Error): Promise<Running> {
  waiter.kill('SIGKILL')
  const { startError = message, finishedAt } = await waiter.exited
  return { ...facts(waiter), exited: Promise.resolve({ code: 128, finishedAt, startError }) }
}

/** The code is on the disk before anybody is told. */
async function endOf(opened: Console, waiter: Running, dir: string): Promise<Exit> {
  const code = await opened.ended
  await writeFile(codeFile(dir), String(code)).catch(() => undefined)
  waiter.kill('SIGKILL')
  const { finishedAt, outOfMemory } = await waiter.exited
  return {
    ...{ code, finishedAt },
    ...(code > 128 && { signal: code - 128 }),
    ...(outOfMemory && { outOfMemory }),
  }
}

/** What an earlier process started: its program has lost its other end, and is no more. */
export async function lostConsole(running: Running, dir: string): Promise<Running> {
  running.kill('SIGKILL')
  const { finishedAt } = await running.exited
  const text = await readFile(codeFile(dir), 'utf8').catch(() => undefined)
  const code = text === undefined ? 137 : Number(text)
  return { ...facts(running), exited: Promise.resolve({ code, finishedAt }) }
}

function codeFile(dir: string): string {
  return `${dir}/console-exit`
}
