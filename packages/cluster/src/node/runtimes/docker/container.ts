import { rename, writeFile } from 'node:fs/promises'
import { codeIs } from '../../code-is.ts'
import type { ContainerSpec, Exit, Running } from '../../runtime.ts'
import { containerFiles } from './container-files.ts'
import type { Word } from './ends.ts'
import { type Engine, EngineError, type Hijacked } from './engine.ts'
import { saysAll } from './first-word.ts'
import { containerName } from './identity.ts'
import { LogCopy, type Sizes } from './log-copy.ts'
import { persevere } from './persevere.ts'
import { lateStartError, startErrorOf } from './start-error.ts'

/** What is written down of a container before the engine is asked for it. */
export interface EngineRecord {
  readonly spec: ContainerSpec
  /** How long its log files were. */
  readonly base: Sizes
}

/** What the engine says of a container, as far as it matters here. */
export interface Inspected {
  readonly Id: string
  readonly State: {
    readonly Status: string
    readonly Pid: number
    readonly ExitCode: number
    readonly OOMKilled: boolean
    readonly Error: string
    readonly StartedAt: string
    readonly FinishedAt: string
  }
  readonly Config: {
    readonly StopSignal?: string
    readonly Labels?: Readonly<Record<string, string>> | null
  }
  readonly NetworkSettings?: {
    readonly Networks?: Readonly<Record<string, { readonly IPAddress?: string }>> | null
  }
}

/** Undefined when there is no such container. */
export async function inspect(engine: Engine, name: string): Promise<Inspected | undefined> {
  try {
    return await engine.json<Inspected>({ path: `/containers/${name}/json` })
  } catch (error) {
    if (error instanceof EngineError && error.status === 404) return undefined
    throw error
  }
}

/** Its address in the first of its networks that gave it one. */
export function addressOf({ NetworkSettings }: Inspected): string | undefined {
  const networks = Object.values(NetworkSettings?.Networks ?? {})
  return networks.map(({ IPAddress }) => IPAddress).find((address) => address)
}

/** What is known of a container when it is taken up. */
export interface Known {
  readonly seen?: Inspected | undefined
  /** How it ended, when that is written down already. */
  readonly exit?: Exit
  /** All that it writes. */
  readonly output?: Hijacked
  /** When its start was answered, for what ended before anybody could look. */
  readonly startedAt?: number
  /** What is heard of its end by whoever has waited since before its start. */
  readonly word?: Promise<Word | undefined>
}

/** A container that the engine has started, from then to its end. */
export class EngineContainer implements Running {
  readonly pid: number
  readonly startedAt: number
  readonly address?: string
  readonly exited: Promise<Exit>
  readonly resolve: Running['resolve']
  readonly #engine: Engine
  readonly #record: EngineRecord
  readonly #name: string
  readonly #stopSignal: string
  #isOver = false

  constructor(engine: Engine, record: EngineRecord, known: Known) {
    const { seen, exit, startedAt = exit?.finishedAt ?? 0 } = known
    this.#engine = engine
    this.#record = record
    this.#name = containerName(record.spec.dir)
    this.pid = seen?.State.Pid ?? 0
    this.startedAt = Date.parse(seen?.State.StartedAt ?? '') || startedAt
    this.#stopSignal = seen?.Config.StopSignal || 'SIGTERM'
    const address = seen && addressOf(seen)
    if (address !== undefined) this.address = address
    this.resolve = containerFiles(engine, this.#name, record.spec)
    this.#isOver = exit !== undefined
    this.exited = exit ? Promise.resolve(exit) : this.#end(known)
    // Whoever waits for it hears of it; nobody has to.
    this.exited.catch(() => undefined)
  }

  kill(signal: Parameters<Running['kill']>[0]): void {
    if (this.#isOver) return
    // A kubelet ends a program by the signal that its image asks for.
    const sent = signal === 'SIGTERM' ? this.#stopSignal : signal
    const path = `/containers/${this.#name}/kill`
    persevere(this.#engine, async () => {
      if (this.#isOver) return
      await this.#engine.json({ method: 'POST', path, query: { signal: sent } })
      // What remains is that it has ended meanwhile.
    }).catch(() => undefined)
  }

  async #end({ output, word }: Known): Promise<Exit> {
    const { spec, base } = this.#record
    const engine = this.#engine
    const log = new LogCopy(engine, this.#name, spec, base)
    const copied = this.#copy(log, output)
    // Whatever it is that went wrong with that is heard of below.
    copied.catch(() => undefined)
    const first = await word
    const { answers, end } =
      first && saysAll(first, spec)
        ? { answers: 0, end: exitIn(first) }
        : await this.#over(first !== undefined)
    const isWhole = await copied
    // An engine may forget the last lines for those that follow them, and all for those it left alone.
    if (!output || !first || answers > 0 || !isWhole) {
      await persevere(engine, () => log.kept({ follow: false })).catch(ignoreGone)
    }
    const exit = end ? await withStartError(end, log) : lostExit()
    this.#isOver = true
    await writeExit(spec.dir, exit)
    return exit
  }

  /**
   * Until it is certain that it has ended: whoever waits may be sent away before that, by an engine that goes or comes.
   * Resolves to how often that was asked, and to what the engine says of it then, which no longer changes.
   */
  async #over(isTold: boolean): Promise<{ readonly answers: number; readonly end?: Exit }> {
    const engine = this.#engine
    let answers = 0
    const wait = () => {
      answers += 1
      return engine.json({ method: 'POST', path: `/containers/${this.#name}/wait` })
    }
    if (!isTold) await persevere(engine, wait).catch(ignoreGone)
    for (;;) {
      const seen = await persevere(engine, () => inspect(engine, this.#name))
      if (!seen) return { answers }
      if (!living.includes(seen.State.Status)) return { answers, end: exitOf(seen) }
      await engine.pause(betweenLooksMs)
      await persevere(engine, wait).catch(ignoreGone)
    }
  }

  /** Resolves to whether the connection ended as it should. */
  async #copy(log: LogCopy, output: Hijacked | undefined): Promise<boolean> {
    if (output) return log.live(output).then(() => true, isBroken)
    await persevere(this.#engine, () => log.kept({ follow: true })).catch(ignoreGone)
    return true
  }
}

const living = ['running', 'paused', 'restarting']
const betweenLooksMs = 500

/** What is missing then is read from what the engine has kept. */
function isBroken(error: unknown): false {
  const broken = ['ECONNRESET', 'EPIPE', 'ERR_STREAM_PREMATURE_CLOSE']
  if (broken.some((code) => codeIs(error, code))) return false
  throw error
}

function ignoreGone(error: unknown): void {
  if (!(error instanceof EngineError) || error.status !== 404) throw error
}

function exitIn({ code, at, outOfMemory }: Word): Exit {
  return { code, finishedAt: at, ...(outOfMemory && { outOfMemory }) }
}

function exitOf({ State: { ExitCode, OOMKilled, FinishedAt } }: Inspected): Exit {
  const finishedAt = Date.parse(FinishedAt) || Date.now()
  return { code: ExitCode, finishedAt, ...(OOMKilled && { outOfMemory: true }) }
}

async function withStartError(exit: Exit, log: LogCopy): Promise<Exit> {
  const startError = lateStartError(exit.code, log.onlyErrors ?? '')
  if (startError === undefined) return exit
  await log.undo()
  return { ...exit, code: 128, startError }
}

export function lostExit(): Exit {
  const startError = 'the container is not there any more; its exit status was lost'
  return { code: 137, finishedAt: Date.now(), startError }
}

/** A container that the engine refused to create or to start. */
export async function failedStart(dir: string, message: string): Promise<Exit> {
  const exit: Exit = { code: 128, finishedAt: Date.now(), startError: startErrorOf(message) }
  await writeExit(dir, exit)
  return exit
}

/** All of it or nothing (launcher/records.ts reads it). */
async function writeExit(dir: string, { startError, outOfMemory, ...exit }: Exit): Promise<void> {
  const record = { signal: 0, ...exit, startError, outOfMemory: outOfMemory === true }
  await writeWhole(`${dir}/exit`, JSON.stringify(record))
}

/** Also when this process is killed in the middle. Only for us: environments hold secrets. */
export async function writeWhole(path: string, text: string): Promise<void> {
  await writeFile(`${path}.new`, text, { mode: 0o600 })
  await rename(`${path}.new`, path)
}
