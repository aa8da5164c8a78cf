import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { constants } from 'node:os'
import type { Readable, Writable } from 'node:stream'
import { fileURLToPath } from 'node:url'
import type { ContainerSpec, Exit } from '../runtime.ts'
import { type Launcher, notStarted, type Started } from './launcher.ts'
import { exitOf } from './records.ts'
import { type Answer, AnswerReader, RequestBuffer, startFields } from './wire.ts'

type Mode = 'process' | 'sandbox'

/** What `V`, the first answer, says about the machine; `refused` ends the launcher. */
interface Greeting {
  readonly rootless: boolean
  readonly limits: readonly string[]
  readonly refused: string
}

/** Which program speaks the protocol, and how it is started. */
export interface LauncherProgram {
  readonly name: Launcher['name']
  readonly mode: Mode
  readonly command: readonly [string, ...string[]]
}

/** Starts the launcher; throws an Error with the reason when it cannot work here. */
export async function openLauncher(program: LauncherProgram): Promise<Launcher> {
  const [file, ...args] = program.command
  const child = spawn(file, args, { detached: true, stdio: ['pipe', 'pipe', 'ignore'] })
  const launcher = new ProgramLauncher(child, program)
  await launcher.ready()
  return launcher
}

/** The C program, already found or built. */
export function nativeProgram(path: string, mode: Mode): LauncherProgram {
  return { name: 'native', mode, command: [path, mode] }
}

/** The same protocol in a Node process, which starts bwrap, unshare or plain programs. */
export function helperProgram(name: 'bwrap' | 'unshare' | 'node'): LauncherProgram {
  const helper = fileURLToPath(new URL('./helper.ts', import.meta.url))
  const kind = name === 'node' ? 'process' : name
  const mode = name === 'node' ? 'process' : 'sandbox'
  return { name, mode, command: [process.execPath, helper, kind] }
}

interface Waiting {
  start?: (started: Started) => void
  exit?: (exit: Exit) => void
  plain?: (answer: Answer | undefined) => void
}

class ProgramLauncher implements Launcher {
  readonly name: Launcher['name']
  limits: readonly string[] = []
  rootless = false
  readonly #mode: Mode
  readonly #child: ChildProcess
  readonly #input: Writable
  readonly #output: Readable
  readonly #greeting: Promise<Greeting>
  readonly #requests = new RequestBuffer()
  readonly #waiting = new Map<string, Waiting>()
  #last = 0
  #scheduled = false
  #ended = false

  constructor(child: ChildProcess, { name, mode }: LauncherProgram) {
    if (!child.stdin || !child.stdout) throw new Error('the launcher has no pipes')
    this.name = name
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
    child.on('exit', () => end())
  }

  async ready(): Promise<void> {
    const { refused, rootless, limits } = await this.#greeting
    if (refused !== '') throw new Error(refused)
    this.rootless = rootless
    this.limits = limits
  }

  start(spec: ContainerSpec, view: string): Promise<Started> {
    const id = this.#nextId()
    const fields = startFields(id, this.#mode, spec, view)
    if (!fields) return Promise.resolve(notStarted('a text holds a NUL byte', Date.now()))
    return new Promise((start) => this.#ask(id, { start }, fields))
  }

  async gone(pid: number, startTime: string): Promise<void> {
    const id = this.#nextId()
    await new Promise((plain) => this.#ask(id, { plain }, ['A', id, String(pid), startTime]))
  }

  kill(pid: number, signal: NodeJS.Signals): void {
    this.#send(['K', String(pid), String(constants.signals[signal])])
  }

  async remove(dir: string): Promise<void> {
    const id = this.#nextId()
    await new Promise((plain) => this.#ask(id, { plain }, ['R', id, dir]))
  }

  async isOpaque(path: string): Promise<boolean> {
    const id = this.#nextId()
    const answer = await new Promise<Answer | undefined>((plain) =>
      this.#ask(id, { plain }, ['O', id, path]),
    )
    return answer?.numbers[0] === 1
  }

  async close(): Promise<void> {
    this.#flush()
    this.#input.end()
    if (this.#waiting.size === 0 && !this.#ended) await once(this.#child, 'exit')
    this.#child.unref()
    this.#input.destroy()
    this.#output.destroy()
  }

  #nextId(): string {
    this.#last += 1
    return String(this.#last)
  }

  #ask(id: string, waiting: Waiting, fields: readonly string[]): void {
    this.#waiting.set(id, waiting)
    if (this.#ended) this.#forget(id, waiting)
    else this.#send(fields)
  }

  // One write per turn of the event loop: a write costs more than a start.
  #send(fields: readonly string[]): void {
    this.#requests.add(fields)
    if (this.#scheduled) return
    this.#scheduled = true
    setImmediate(() => this.#flush())
  }

  #flush(): void {
    this.#scheduled = false
    const bytes = this.#requests.take()
    if (bytes.length > 0 && !this.#ended) this.#input.write(bytes)
  }

  #hear(answer: Answer): void {
    const { op, id, numbers } = answer
    const waiting = this.#waiting.get(id)
    if (!waiting) return
    if (op === 'S') {
      const [pid = 0, startedAt = 0] = numbers
      const exited = new Promise<Exit>((exit) => {
        waiting.exit = exit
      })
      waiting.start?.({ pid, startedAt, exited })
      return
    }
    this.#waiting.delete(id)
    if (waiting.plain) waiting.plain(answer)
    else settle(waiting, answer)
  }

  #end(): void {
    this.#ended = true
    for (const [id, waiting] of this.#waiting) this.#forget(id, waiting)
  }

  #forget(id: string, { start, exit, plain }: Waiting): void {
    this.#waiting.delete(id)
    const startError = 'the launcher ended; the exit status was lost'
    const finishedAt = Date.now()
    if (plain) plain(undefined)
    else if (exit) exit({ code: 137, finishedAt, startError })
    else start?.(notStarted('the launcher ended', finishedAt))
  }
}

function settle(waiting: Waiting, { op, numbers, text }: Answer): void {
  const [first = 0, signal = 0, finishedAt = 0, oom = 0] = numbers
  if (op === 'F') {
    const started = notStarted(text, first)
    if (waiting.exit) waiting.exit({ code: 128, finishedAt: first, startError: text })
    else waiting.start?.(started)
    return
  }
  waiting.exit?.(exitOf({ code: first, signal, finishedAt }, undefined, oom === 1))
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
