import { fileURLToPath } from 'node:url'
import type { ContainerSpec, ExecSpec, Executing } from '../runtime.ts'
import { enter } from './enter.ts'
import { ExecRefused } from './exec-refused.ts'
import { type Launcher, notStarted, type Started, type Watched } from './launcher.ts'
import { type PidRecord, readPid } from './records.ts'
import {
  type Begun,
  LauncherEnded,
  type LauncherProgram,
  openSession,
  type Session,
} from './session.ts'
import { takeOver } from './take-over.ts'

export type { LauncherProgram } from './session.ts'

/** Starts the launcher; throws an Error with the reason when it cannot work here. */
export async function openLauncher(program: LauncherProgram): Promise<Launcher> {
  return new LastingLauncher(program, await openSession(program))
}

/** The C program, already found or built. */
export function nativeProgram(path: string, mode: LauncherProgram['mode']): LauncherProgram {
  return { name: 'native', mode, command: [path, mode] }
}

/** The same protocol in a Node process, which starts bwrap, unshare or plain programs. */
export function helperProgram(name: 'bwrap' | 'unshare' | 'node'): LauncherProgram {
  const helper = fileURLToPath(new URL('./helper.ts', import.meta.url))
  const kind = name === 'node' ? 'process' : name
  const mode = name === 'node' ? 'process' : 'sandbox'
  return { name, mode, command: [process.execPath, helper, kind] }
}

/** How often one request is given to a new helper after its helper died. */
const mostAttempts = 3

/**
 * The launcher over the lives of its helpers. When one dies its containers live on (a sandbox even writes down its own
 * end); the next request starts another helper, and who waits for a container is moved over to it.
 */
class LastingLauncher implements Launcher {
  readonly name: Launcher['name']
  readonly limits: readonly string[]
  readonly rootless: boolean
  readonly #program: LauncherProgram
  #session: Session
  #opening: Promise<Session> | undefined
  #closed = false

  constructor(program: LauncherProgram, session: Session) {
    this.name = program.name
    this.limits = session.limits
    this.rootless = session.rootless
    this.#program = program
    this.#session = session
  }

  async start(spec: ContainerSpec, view: string): Promise<Started> {
    try {
      return await this.#start(spec, view)
    } catch (error) {
      if (!(error instanceof LauncherEnded)) return notStarted(wordsOf(error), Date.now())
    }
    // It may have got as far as starting the container: nothing is started twice.
    const record = await readPid(spec.dir)
    if (record?.pid === 0) return notStarted('the launcher ended while it started it', Date.now())
    if (record) return { ...record, ...(await takeOver(this, spec.dir, record)) }
    return this.#start(spec, view).catch((error) => notStarted(wordsOf(error), Date.now()))
  }

  watch(pid: number, startTime: string): Watched {
    let current: Watched | undefined
    const gone = this.#again((session) => {
      current = session.watch(pid, startTime)
      return current.gone
    })
    // Without a helper nobody knows: whoever asks looks at the records next.
    return { gone: gone.catch(() => undefined), kill: (signal) => current?.kill(signal) }
  }

  async remove(dir: string): Promise<void> {
    await this.#again((session) => session.request('R', dir)).catch(ignoreEnd)
  }

  async isOpaque(path: string): Promise<boolean> {
    const answer = await this.#again((session) => session.request('O', path)).catch(ignoreEnd)
    return answer?.numbers[0] === 1
  }

  async exec(dir: string, spec: ExecSpec): Promise<Executing> {
    const { name, mode, command } = this.#program
    if (name !== 'native') {
      throw new ExecRefused(
        `the ${name} launcher of this machine cannot start a program in a running container: it needs the C launcher ` +
          '(prebuilt, or built where there is a C compiler)',
      )
    }
    const record = await readPid(dir)
    if (!record || record.pid === 0) throw new ExecRefused('the container is not running')
    // The same program by the same user: only its last word, the mode, is another.
    return enter([...command.slice(0, -1), 'enter', mode], dir, record, spec)
  }

  async close(): Promise<void> {
    this.#closed = true
    await this.#session.close()
  }

  async #start(spec: ContainerSpec, view: string): Promise<Started> {
    const session = this.#session.ended ? await this.#reopen() : this.#session
    const beside = spec.processesOf === undefined ? undefined : await readPid(spec.processesOf)
    if (spec.processesOf !== undefined && this.#program.mode === 'sandbox') {
      const why = whyNotBeside(this.name, beside)
      if (why !== undefined) return notStarted(why, Date.now())
    }
    const begun = await session.start(spec, view, beside)
    return begun ? this.#follow(begun, spec.dir) : notStarted('a text holds a NUL byte', Date.now())
  }

  #follow(begun: Begun, dir: string): Started {
    let kill = begun.kill
    const exited = begun.exited.catch(async () => {
      const next = await takeOver(this, dir, await readPid(dir))
      kill = next.kill
      return next.exited
    })
    return { pid: begun.pid, startedAt: begun.startedAt, exited, kill: (signal) => kill(signal) }
  }

  /** Asks at once while a helper lives, so that requests leave in the order they were made. */
  async #again<T>(ask: (session: Session) => Promise<T>): Promise<T> {
    for (let attempt = 1; ; attempt++) {
      const session = this.#session.ended ? await this.#reopen() : this.#session
      try {
        return await ask(session)
      } catch (error) {
        if (!(error instanceof LauncherEnded) || attempt === mostAttempts) throw error
      }
    }
  }

  async #reopen(): Promise<Session> {
    if (this.#closed) throw new LauncherEnded()
    this.#opening ??= openSession(this.#program)
    try {
      this.#session = await this.#opening
      return this.#session
    } finally {
      this.#opening = undefined
    }
  }
}

function whyNotBeside(name: Launcher['name'], beside: PidRecord | undefined): string | undefined {
  if (name !== 'native')
    return `the ${name} launcher of this machine cannot show a container the processes of another: it needs the C launcher`
  return beside ? undefined : 'the target container does not run'
}

function ignoreEnd(error: unknown): undefined {
  if (!(error instanceof LauncherEnded)) throw error
  return undefined
}

function wordsOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
