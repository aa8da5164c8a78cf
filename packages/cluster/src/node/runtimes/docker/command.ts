import { readdir, readFile } from 'node:fs/promises'
import type { Socket } from 'node:net'
import { PassThrough, type Readable, type Writable } from 'node:stream'
import { setTimeout as delay } from 'node:timers/promises'
import { ExecRefused } from '../../launcher/exec-refused.ts'
import type { ExecSpec, Executing, TerminalSize } from '../../runtime.ts'
import { type Engine, EngineError, type Hijacked } from './engine.ts'
import { FrameReader } from './frames.ts'
import { startErrorOf } from './start-error.ts'

/** Starts one more program in a running container. Rejects with `ExecRefused`. */
export async function runCommand(
  engine: Engine,
  container: string,
  spec: ExecSpec,
): Promise<Executing> {
  const id = await prepare(engine, container, spec)
  const stream = await open(engine, id, spec)
  const { stdout, stderr, over } = split(stream, spec.tty)
  return {
    stdin: stdinOf(stream.socket, spec),
    stdout,
    stderr,
    exited: codeOf(engine, id, over),
    resize: (size) => void resize(engine, id, size),
    kill: () => void kill(engine, id, stream.socket),
  }
}

async function prepare(engine: Engine, container: string, spec: ExecSpec): Promise<string> {
  if (spec.argv.some((word) => word.includes('\0')))
    throw new ExecRefused('a text holds a NUL byte')
  const body = {
    AttachStdin: spec.stdin,
    AttachStdout: true,
    AttachStderr: !spec.tty,
    Tty: spec.tty,
    Cmd: spec.argv,
    ...(spec.tty && { Env: ['TERM=xterm'] }),
  }
  try {
    const path = `/containers/${container}/exec`
    const made = await engine.json<{ Id: string }>({ method: 'POST', path, body })
    return made?.Id ?? ''
  } catch (error) {
    throw refusal(error)
  }
}

async function open(engine: Engine, id: string, { tty, size }: ExecSpec): Promise<Hijacked> {
  const body = { Detach: false, Tty: tty, ...(size && { ConsoleSize: [size.rows, size.columns] }) }
  try {
    const opened = await engine.hijack({ method: 'POST', path: `/exec/${id}/start`, body })
    await begun(engine, id, opened)
    // Engines before API 1.42 know of no size at the start.
    if (size) await resize(engine, id, size)
    return opened
  } catch (error) {
    throw refusal(error)
  }
}

interface ExecState {
  readonly Running: boolean
  readonly ExitCode: number | null
  readonly Pid: number
  readonly ContainerID: string
}

/** An engine hands the stream over first, and says there why the program could not be started. */
async function begun(engine: Engine, id: string, { socket, head }: Hijacked): Promise<void> {
  let state = await stateOf(engine, id)
  while (state && state.Pid === 0 && state.ExitCode === null) {
    await delay(lookAgainMs)
    state = await stateOf(engine, id)
  }
  if (state?.Pid !== 0) return
  let said = head.toString()
  for await (const chunk of socket) said += chunk
  throw new EngineError(400, said)
}

function refusal(error: unknown): unknown {
  if (!(error instanceof EngineError)) return error
  if (error.status === 0) return new ExecRefused(error.message)
  if (error.status === 404 || error.status === 409)
    return new ExecRefused('the container is not running')
  return new ExecRefused(startErrorOf(error.message))
}

function stdinOf(socket: Socket, { stdin }: ExecSpec): Writable {
  const input = new PassThrough()
  input.on('error', () => undefined)
  if (stdin) input.pipe(socket)
  else input.resume()
  return input
}

interface Split {
  readonly stdout: Readable
  readonly stderr: Readable
  /** Resolves when nothing more comes. */
  readonly over: Promise<void>
}

/** The streams of a program; what is not read yet waits in the engine. */
function split({ socket, head }: Hijacked, tty: boolean): Split {
  const stdout = new PassThrough()
  const stderr = new PassThrough()
  const frames = new FrameReader()
  const take = async (chunk: Buffer) => {
    const pieces = tty ? [{ stream: 'stdout', bytes: chunk } as const] : frames.read(chunk)
    for (const { stream, bytes } of pieces) {
      await written(stream === 'stdout' ? stdout : stderr, bytes)
    }
  }
  const carry = async () => {
    try {
      if (head.length > 0) await take(head)
      for await (const chunk of socket) await take(chunk as Buffer)
    } catch {
      // The engine, or who reads, went away: what has come is all there is.
    } finally {
      stdout.end()
      stderr.end()
    }
  }
  return { stdout, stderr, over: carry() }
}

async function written(to: PassThrough, bytes: Buffer): Promise<void> {
  if (to.destroyed || to.write(bytes)) return
  await new Promise<void>((resolve) => {
    to.once('drain', resolve)
    to.once('close', resolve)
  })
}

const lookAgainMs = 5
const killed = 137

/** Its exit code, as soon as the engine knows it: not when the last of its output has been read. */
async function codeOf(engine: Engine, id: string, over: Promise<void>): Promise<number> {
  let isOver = false
  void over.then(() => {
    isOver = true
  })
  for (let wait = lookAgainMs; ; wait = Math.min(wait * 2, 500)) {
    const state = await stateOf(engine, id)
    if (!state) return killed
    if (!state.Running && state.ExitCode !== null) return state.ExitCode
    if (isOver) await delay(lookAgainMs)
    else await Promise.race([over, delay(wait)])
  }
}

/** Undefined when its container is gone. */
async function stateOf(engine: Engine, id: string): Promise<ExecState | undefined> {
  try {
    return await engine.json<ExecState>({ path: `/exec/${id}/json` })
  } catch (error) {
    if (error instanceof EngineError) return undefined
    throw error
  }
}

/** A program that has ended has no size. */
async function resize(engine: Engine, id: string, { rows, columns }: TerminalSize): Promise<void> {
  const query = { h: rows, w: columns }
  await engine.json({ method: 'POST', path: `/exec/${id}/resize`, query }).catch(() => undefined)
}

/**
 * The engine cannot end such a program. Where its processes are this machine's they are ended by us; else it ends when
 * it reads or writes, since nobody is there any more.
 */
async function kill(engine: Engine, id: string, socket: Socket): Promise<void> {
  const state = await stateOf(engine, id)
  if (!state?.Running) return
  const session = await sessionOf(state)
  if (session.length === 0) socket.destroy()
  for (const pid of session) end(pid)
}

function end(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL')
  } catch {
    // It has ended by itself, or belongs to a user that we may not touch.
  }
}

/** The engine makes such a program the leader of a session; none when its number is another's on this machine. */
async function sessionOf({ Pid, ContainerID }: ExecState): Promise<readonly number[]> {
  const group = await readFile(`/proc/${Pid}/cgroup`, 'utf8').catch(() => '')
  if (!group.includes(ContainerID) || (await sessionIdOf(Pid)) !== Pid) return []
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name)).map(Number)
  const sessions = await Promise.all(pids.map(sessionIdOf))
  return pids.filter((_, index) => sessions[index] === Pid)
}

/** The sixth field; the second one may hold anything, but ends with the last parenthesis. */
async function sessionIdOf(pid: number): Promise<number | undefined> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '')
  const [, , , session] = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return session === undefined ? undefined : Number(session)
}
