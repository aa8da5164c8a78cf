import { mkdirSync, rmSync } from 'node:fs'
import { ExecRefused } from '../launcher/exec-refused.ts'
import type { ContainerSpec, ExecSpec, Executing, Exit, Running, Runtime } from '../runtime.ts'

type Signal = Parameters<Running['kill']>[0]

/** What a fake container does. */
export interface FakeContainer {
  readonly spec: ContainerSpec
  readonly running: boolean
  /** Every signal it got, in order. */
  readonly signals: readonly Signal[]
  /** Ends it; a number is an exit code. Does nothing when it has ended. */
  end(exit: number | Partial<Exit>): void
}

export interface FakeOptions {
  readonly now?: () => number
  /**
   * Decides at the start: an exit (or its code) ends the container at once, undefined leaves it running until
   * `end` or a signal. Default: everything exits 0 at once.
   */
  readonly program?: (spec: ContainerSpec) => number | Partial<Exit> | undefined
  /** What a signal does; default: SIGTERM, SIGINT and SIGKILL end it with 128 + number. */
  readonly onSignal?: (container: FakeContainer, signal: Signal) => void
  /** Plays programs started in running containers; default: there are none. */
  readonly exec?: (container: ContainerSpec, spec: ExecSpec) => Executing
  /** Machine path of a container's path; default: the path below `<dir>/upper`, whether it exists or not. */
  readonly resolve?: (spec: ContainerSpec, path: string) => string | undefined
}

/** A runtime without processes, which a test ends by hand; of files it has the containers' directories only. */
export interface FakeRuntime extends Runtime {
  /** By directory, in order of start; also ended ones until `remove`. */
  readonly containers: ReadonlyMap<string, FakeContainer>
}

const numbers: Readonly<Record<Signal, number>> = {
  SIGINT: 2,
  SIGKILL: 9,
  SIGUSR1: 10,
  SIGTERM: 15,
}

/** Instant, programmable containers. `adopt` finds what this object started: hand it to the next engine. */
export function fakeRuntime(options: FakeOptions = {}): FakeRuntime {
  const now = options.now ?? Date.now
  const program = options.program ?? (() => 0)
  const containers = new Map<string, Fake>()
  let lastPid = 0
  return {
    name: 'fake',
    describe: 'no containers at all: exits are programmed by a test',
    containers,
    async start(spec) {
      if (containers.has(spec.dir)) throw new Error(`${spec.dir}: already started`)
      mkdirSync(spec.dir, { recursive: true })
      lastPid += 1
      const exit = program(spec)
      const isStarted = typeof exit !== 'object' || exit.startError === undefined
      const container = new Fake(spec, isStarted ? lastPid : 0, now, options)
      containers.set(spec.dir, container)
      if (exit !== undefined) container.end(exit)
      return container
    },
    adopt: async (dir) => containers.get(dir),
    async exec(dir, spec) {
      const container = containers.get(dir)
      if (!container?.running || !options.exec)
        throw new ExecRefused('the container is not running')
      return options.exec(container.spec, spec)
    },
    async remove(dir) {
      containers.delete(dir)
      rmSync(dir, { recursive: true, force: true })
    },
    async [Symbol.asyncDispose]() {},
  }
}

class Fake implements FakeContainer, Running {
  readonly spec: ContainerSpec
  readonly pid: number
  readonly startedAt: number
  readonly exited: Promise<Exit>
  readonly signals: Signal[] = []
  running = true
  readonly #now: () => number
  readonly #options: FakeOptions
  #exit: (exit: Exit) => void = () => {}

  constructor(spec: ContainerSpec, pid: number, now: () => number, options: FakeOptions) {
    this.spec = spec
    this.pid = pid
    this.startedAt = now()
    this.exited = new Promise((resolve) => {
      this.#exit = resolve
    })
    this.#now = now
    this.#options = options
  }

  end(exit: number | Partial<Exit>): void {
    if (!this.running) return
    this.running = false
    const given = typeof exit === 'number' ? { code: exit } : exit
    this.#exit({ code: 0, finishedAt: this.#now(), ...given })
  }

  kill(signal: Signal): void {
    if (!this.running) return
    this.signals.push(signal)
    if (this.#options.onSignal) this.#options.onSignal(this, signal)
    else if (signal !== 'SIGUSR1') {
      this.end({ code: 128 + numbers[signal], signal: numbers[signal] })
    }
  }

  async resolve(path: string): Promise<string | undefined> {
    const { resolve } = this.#options
    return resolve ? resolve(this.spec, path) : `${this.spec.dir}/upper${path}`
  }
}
