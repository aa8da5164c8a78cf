import { appendFileSync, mkdirSync, renameSync, writeFileSync } from 'node:fs'
import { readFile, stat } from 'node:fs/promises'
import type { LookupFunction } from 'node:net'
import { dirname, join, resolve } from 'node:path'
import type { Pod } from '@argosy/engine'
import type { BuiltIn, BuiltInCall, BuiltIns, DriversFor } from '@argosy/executor'
import type { Client, Clock } from '@argosy/kube'
import { codeIs } from './code-is.ts'
import { placeInVolume } from './mounts.ts'
import type { ContainerSpec, Exit, Running } from './runtime.ts'
import { planOf } from './step.ts'
import { messageFileOf } from './termination-message.ts'

/** With whose rights a program of ours speaks; until `signal` aborts, when it is over. */
export type ClientFor = (pod: Pod, program: string, signal: AbortSignal) => Client

/** What programs of ours are played with. */
export interface BuiltInWorld {
  readonly builtIns: BuiltIns
  readonly clientFor: ClientFor
  readonly clock: Clock
  readonly drivers: DriversFor
  /** Where programs in pods of a namespace find hosts. */
  readonly lookup: (namespace: string) => LookupFunction
  /** Aborts when the node goes away: programs stop where they are, and are run again by the next node. */
  readonly signal: AbortSignal
}

/** What a program was begun with; kept in its directory. */
export interface Begun {
  readonly spec: ContainerSpec
  readonly startedAt: number
}

const executorError = 64

/** A program of ours while it plays a container. */
export class BuiltInRun implements Running {
  readonly pid = process.pid
  readonly startedAt: number
  readonly exited: Promise<Exit>
  readonly #begun: Begun
  readonly #world: BuiltInWorld
  readonly #stop = new AbortController()
  #isOver = false
  #exit: (exit: Exit) => void = () => undefined

  private constructor(begun: Begun, world: BuiltInWorld) {
    this.#begun = begun
    this.#world = world
    this.startedAt = begun.startedAt
    this.exited = new Promise((resolve) => {
      this.#exit = resolve
    })
  }

  static start(begun: Begun, world: BuiltInWorld): BuiltInRun {
    mkdirSync(begun.spec.dir, { recursive: true })
    writeFileSync(messageFileOf(begun.spec.dir), '')
    writeJson(join(begun.spec.dir, 'built-in.json'), begun)
    const run = new BuiltInRun(begun, world)
    run.#run(false)
    return run
  }

  /** Goes on with what another process began. Not at once: whoever adopts it to end it does so first. */
  static again(begun: Begun, world: BuiltInWorld): BuiltInRun {
    const run = new BuiltInRun(begun, world)
    setImmediate(() => run.#run(true))
    return run
  }

  static ended(begun: Begun, exit: Exit, world: BuiltInWorld): BuiltInRun {
    const run = new BuiltInRun(begun, world)
    run.#isOver = true
    run.#exit(exit)
    return run
  }

  kill(signal: 'SIGTERM' | 'SIGKILL' | 'SIGINT' | 'SIGUSR1'): void {
    if (signal === 'SIGUSR1') return
    this.#stop.abort()
    if (signal === 'SIGKILL') this.#end({ code: 137, signal: 9 })
  }

  async resolve(path: string): Promise<string | undefined> {
    const file = await this.#place(path)
    return stat(file).then(
      () => file,
      () => undefined,
    )
  }

  #run(again: boolean): void {
    const { spec } = this.#begun
    const { name = '', pod, args = [] } = spec.builtIn ?? {}
    const program = this.#world.builtIns[name]
    if (this.#isOver || !pod) return
    const done = program
      ? this.#play(program, { pod, args, again }, name)
      : Promise.reject(new Error(`there is no built-in program "${name}"`))
    done.then(
      (code) => this.#end({ code }),
      (error: unknown) => this.#failed(error),
    )
  }

  #play(
    program: BuiltIn,
    given: Pick<BuiltInCall, 'pod' | 'args' | 'again'>,
    name: string,
  ): Promise<number> {
    const { clientFor, clock } = this.#world
    const { spec, startedAt } = this.#begun
    const signal = AbortSignal.any([this.#world.signal, this.#stop.signal])
    return program({
      ...given,
      env: spec.env,
      plan: planOf(given.pod),
      client: clientFor(given.pod, name, signal),
      clock,
      drivers: this.#world.drivers(given.pod.metadata.namespace ?? 'default'),
      lookup: this.#world.lookup(given.pod.metadata.namespace ?? 'default'),
      startedAt,
      signal,
      print: (text) => append(spec.stdout, text),
      log: (line) => append(spec.stderr, `${line}\n`),
      read: async (path) => readText(await this.#place(path)),
      write: async (path, text) => {
        const file = await this.#place(path)
        mkdirSync(dirname(file), { recursive: true })
        writeFileSync(file, text)
      },
      recall: () => readText(join(spec.dir, 'memory')),
      remember: async (text) => writeWhole(join(spec.dir, 'memory'), text),
    })
  }

  #failed(error: unknown): void {
    if (this.#isOver || this.#world.signal.aborted) return
    if (this.#stop.signal.aborted) {
      this.#end({ code: 143, signal: 15 })
      return
    }
    const { stderr, dir } = this.#begun.spec
    const message = error instanceof Error ? error.message : String(error)
    append(stderr, `${message}\n`)
    writeFileSync(messageFileOf(dir), message)
    this.#end({ code: executorError })
  }

  /** A node that goes away ends nothing: the program is run again. */
  #end(how: Pick<Exit, 'code' | 'signal'>): void {
    if (this.#isOver || this.#world.signal.aborted) return
    this.#isOver = true
    const exit: Exit = { ...how, finishedAt: this.#world.clock.now() }
    writeJson(join(this.#begun.spec.dir, 'exit.json'), exit)
    this.#exit(exit)
  }

  async #place(path: string): Promise<string> {
    const { dir, scratch = dir, mounts } = this.#begun.spec
    return (await placeInVolume(mounts, path)) ?? join(scratch, 'files', resolve('/', path))
  }
}

function append(file: string, text: string): void {
  mkdirSync(dirname(file), { recursive: true })
  appendFileSync(file, text)
}

async function readText(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, 'utf8')
  } catch (error) {
    if (codeIs(error, 'ENOENT') || codeIs(error, 'ENOTDIR')) return undefined
    throw error
  }
}

function writeJson(file: string, value: object): void {
  writeWhole(file, JSON.stringify(value))
}

/** All of it or nothing, also when this process is killed. */
function writeWhole(file: string, text: string): void {
  writeFileSync(`${file}.new`, text)
  renameSync(`${file}.new`, file)
}
