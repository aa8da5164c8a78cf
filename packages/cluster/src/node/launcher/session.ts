import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { constants } from 'node:os'
import type { Readable, Writable } from 'node:stream'
import type { ContainerSpec, Exit } from '../runtime.ts'
import { type Launcher, notStarted, type Watched } from './launcher.ts'
import { exitOf, type PidRecord } from './records.ts'
import { type Answer, AnswerReader, RequestBuffer, startFields } from './wire.ts'

type Mode = 'process' | 'sandbox'

/** Which program speaks the protocol, and how it is started. */
export interface LauncherProgram {
  readonly name: Launcher['name']
  readonly mode: Mode
  readonly command: readonly [string, ...string[]]
}

/** Why a request to a helper got no answer. */
export class LauncherEnded extends Error {
  constructor() {
    super('the launcher ended')
  }
}

/** What `V`, the first answer, says about the machine; `refused` ends the launcher. */
interface Greeting {
  readonly rootless: boolean
  readonly limits: readonly string[]
  readonly refused: string
}

/** A start that was answered; `exited` rejects with `LauncherEnded` when the helper dies first. */
export interface Begun {
  readonly pid: number
  readonly startedAt: number
  readonly exited: Promise<Exit>
  kill(signal: NodeJS.Signals): void
}

/** Starts a helper; throws an Error with the reason when it cannot work here. */
export async function openSession(program: LauncherProgram): Promise<Session> {
  const [file, ...args] = program.command
  const child = spawn(file, args, { detached: true, stdio: ['pipe', 'pipe', 'ignore'] })
  const session = new Session(child, program)
  await session.ready()
  return session
}

function modeOf(mode: Mode, beside: PidRecord | undefined): string {
  return beside && mode === 'sandbox' ? `${mode}@${beside.pid}.${beside.startTime}` : mode
}

interface Waiting {
  start?: (begun: Begun) => void
  exit?: (exit: Exit) => void
  plain?: (answer: Answer) => void
  readonly fail: (error: Error) => void
}

/** One helper process, from its greeting to its end. Every request is answered or fails with `LauncherEnded`. */
export class Session {
  limits: readonly string[] = []
  rootless = false
  ended = false
  readonly #mode: Mode
  readonly #child: ChildProcess
  readonly #input: Writable
  readonly #output: Readable
  readonly #greeting: Promise<Greeting>
  readonly #requests = new RequestBuffer()
  readonly #waiting = new Map<string, Waiting>()
  #last = 0
  #scheduled = false
  #hurried = false

  constructor(child: ChildProcess, { mode }: LauncherProgram) {
    if (!child.stdin || !child.stdout) throw new Error('the launcher has no pipes')
    this.#child = child
    this.#mode = mode
    this.#input = child.stdin
    this.#output = child.stdout
    let resolve: (greeting: Greeting) => void = () => {}
    this.#greeting = new Promise((settled) => {
      resolve = settled
    })
    const reader = new AnswerReader()
    this.#output.setEncoding('utf8')
    this.#output.on('data', (chunk: string) => {
      for (const answer of reader.read(chunk)) {
        if (answer.op === 'V') resolve(greeting(answer.text))
        else this.#hear(answer)
      }
    })
    this.#input.on('error', () => {})
    const end = (error?: Error) => {
      resolve({ rootless: false, limits: [], refused: error?.message ?? 'it ended at once' })
      this.#end()
    }
    child.on('error', end)
    // Not `exit`: what it said last is still in the pipe then.
    child.on('close', () => end())
  }

  async ready(): Promise<void> {
    const { refused, rootless, limits } = await this.#greeting
    if (refused !== '') throw new Error(refused)
    this.rootless = rootless
    this.limits = limits
  }

  /** `beside`: the process whose namespace of processes it shares. */
  start(spec: ContainerSpec, view: string, beside?: PidRecord): Promise<Begun> | undefined {
    const id = this.#nextId()
    const fields = startFields(id, modeOf(this.#mode, beside), spec, view)
    if (!fields) return undefined
    return new Promise((start, fail) => {
      this.#ask(id, { start, fail }, fields)
      this.#hurry()
    })
  }

  watch(pid: number, startTime: string): Watched {
    const id = this.#nextId()
    const gone = new Promise<void>((plain, fail) => {
      const fields = ['A', id, String(pid), startTime]
      this.#ask(id, { plain: () => plain(), fail }, fields)
    })
    return { gone, kill: (signal) => this.#kill(id, signal) }
  }

  /** `R` and `O`: a path in, numbers out. */
  request(op: 'R' | 'O', path: string): Promise<Answer> {
    const id = this.#nextId()
    return new Promise((plain, fail) => this.#ask(id, { plain, fail }, [op, id, path]))
  }

  async close(): Promise<void> {
    this.#flush()
    this.#input.end()
    if (this.#waiting.size === 0 && !this.ended) await once(this.#child, 'exit')
    this.#child.unref()
    this.#input.destroy()
    this.#output.destroy()
  }

  #kill(id: string, signal: NodeJS.Signals): void {
    this.#send(['K', id, String(constants.signals[signal])])
  }

  #nextId(): string {
    this.#last += 1
    return String(this.#last)
  }

  #ask(id: string, waiting: Waiting, fields: readonly string[]): void {
    if (this.ended) {
      waiting.fail(new LauncherEnded())
      return
    }
    this.#waiting.set(id, waiting)
    this.#send(fields)
  }

  // One write per turn of the event loop: a write costs more than a start.
  #send(fields: readonly string[]): void {
    this.#requests.add(fields)
    if (this.#scheduled) return
    this.#scheduled = true
    setImmediate(() => this.#flush())
  }

  /** The first start of a turn does not wait for whatever else happens in it. */
  #hurry(): void {
    if (this.#hurried) return
    this.#hurried = true
    this.#write()
  }

  #flush(): void {
    this.#scheduled = false
    this.#hurried = false
    this.#write()
  }

  #write(): void {
    const bytes = this.#requests.take()
    if (bytes.length > 0 && !this.ended) this.#input.write(bytes)
  }

  #hear(answer: Answer): void {
    const { op, id, numbers } = answer
    const waiting = this.#waiting.get(id)
    if (!waiting) return
    if (op === 'S') {
      const [pid = 0, startedAt = 0] = numbers
      const exited = new Promise<Exit>((exit, fail) => {
        this.#waiting.set(id, { exit, fail })
      })
      waiting.start?.({ pid, startedAt, exited, kill: (signal) => this.#kill(id, signal) })
      return
    }
    this.#waiting.delete(id)
    if (waiting.plain) waiting.plain(answer)
    else settle(waiting, answer)
  }

  #end(): void {
    this.ended = true
    const waiting = [...this.#waiting.values()]
    this.#waiting.clear()
    for (const { fail } of waiting) fail(new LauncherEnded())
  }
}

function settle({ start, exit }: Waiting, { op, numbers, text }: Answer): void {
  const [first = 0, signal = 0, finishedAt = 0, oom = 0] = numbers
  if (op !== 'F') {
    exit?.(exitOf({ code: first, signal, finishedAt }, undefined, oom === 1))
  } else {
    const never = notStarted(text, first, signal === 1)
    if (start) start(never)
    else if (exit) void never.exited.then(exit)
  }
}

function greeting(text: string): Greeting {
  const dot = text.indexOf('.')
  const [rootless, ...limits] = text.slice(0, dot).split(' ')
  return {
    rootless: rootless === '1',
    limits: limits.filter(Boolean),
    refused: text.slice(dot + 2),
  }
}
