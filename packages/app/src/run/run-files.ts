import { findImage } from '@argosy/cluster'
import { builtInImage } from '@argosy/executor'
import { paintFor } from '../output/paint.ts'
import { hasFailed, isOver } from '../output/phase.ts'
import type { Progress } from '../output/progress.ts'
import { artifactsDeleted } from './artifacts-deleted.ts'
import { failureReport } from './failures.ts'
import { aborted, follow } from './follow.ts'
import { hintFor } from './hint-for.ts'
import { exitCodeOf, type Interrupts, listenForInterrupts } from './interrupts.ts'
import { lineView } from './line-view.ts'
import { liveView } from './live-view.ts'
import { PodBook } from './pod-book.ts'
import { InputError, type Prepared, prepare } from './prepare.ts'
import { printObjects } from './print-objects.ts'
import type { RunOptions, Streams } from './run-options.ts'
import { StepLogs } from './step-logs.ts'
import { stepName } from './step-name.ts'
import { kill, terminate } from './stop.ts'
import type { View } from './view.ts'

/** How long after a timeout steps may take to end by themselves. */
const patienceMs = 35_000

/** How long after the second Ctrl-C this process may take. */
const lastMs = 4000

/** Runs manifests to their end; resolves to the exit code. */
export async function runFiles(options: RunOptions, streams: Streams): Promise<number> {
  const complain = (line: string) => streams.stderr.write(`argosy: ${line}\n`)
  using interrupts = listenForInterrupts(Date.now)
  // Whatever hangs then: who asked twice is free again.
  interrupts.kill.addEventListener('abort', () => {
    setTimeout(() => process.exit(exitCodeOf(interrupts.kill.reason)), lastMs).unref()
  })
  try {
    const prepared = await prepare(options, streams, complain)
    await using _embedded = prepared.embedded
    if (interrupts.stop.aborted) return exitCodeOf(interrupts.stop.reason)
    if (prepared.submitted.keys.length === 0) return nothingToRun(options, prepared, complain)
    return await new RunInSight(options, streams, prepared).run(interrupts)
  } catch (error) {
    if (!(error instanceof InputError)) throw error
    streams.stderr.write(`${error.problems.join('\n\n')}\n`)
    return 2
  }
}

function nothingToRun(
  { dataDir, files }: RunOptions,
  { understood }: Prepared,
  complain: (line: string) => void,
): number {
  const { length } = understood.supplies
  if (dataDir !== undefined && length > 0) {
    complain(
      `wrote ${length} object${length === 1 ? '' : 's'} to ${dataDir}; there is no Workflow to run`,
    )
    return 0
  }
  complain(
    files.length === 0
      ? `nothing is unfinished in ${dataDir}: give a FILE to run`
      : `there is no Workflow in ${files.join(', ')}`,
  )
  return 2
}

/** One run, with everybody who looks at it. */
class RunInSight {
  readonly #options: RunOptions
  readonly #streams: Streams
  readonly #prepared: Prepared
  readonly #book: PodBook
  readonly #logs: StepLogs
  readonly #view: View
  readonly #watching = new AbortController()
  readonly #last: Promise<void>[] = []
  readonly #hinted = new Set<string>()

  constructor(options: RunOptions, streams: Streams, prepared: Prepared) {
    this.#options = options
    this.#streams = streams
    this.#prepared = prepared
    this.#logs = new StepLogs(prepared.embedded, this.#watching.signal)
    this.#book = new PodBook({
      newImage: (image) => this.#sayImage(image),
      started: (pod) => {
        if (options.log) this.#logs.follow(pod, (lines) => this.#view.log(lines))
      },
      ended: (pod) => this.#logs.ended(pod),
    })
    this.#view = this.#newView()
  }

  async run(interrupts: Interrupts): Promise<number> {
    const { embedded } = this.#prepared
    this.#sayFirst()
    const pods = this.#book.follow(embedded.client, this.#watching.signal)
    try {
      await embedded.start()
      const { progress, code } = await this.#toTheEnd(interrupts)
      await this.#logs.settled()
      await Promise.all(this.#last)
      this.#view.end()
      await this.#report(progress)
      return code ?? (progress.every(({ phase }) => phase === 'Succeeded') ? 0 : 1)
    } finally {
      this.#view.end()
      this.#watching.abort()
      await pods
    }
  }

  /** Follows until all have ended; who interrupts decides on the exit code. */
  async #toTheEnd(
    interrupts: Interrupts,
  ): Promise<{ progress: readonly Progress[]; code: number | undefined }> {
    const { embedded, submitted } = this.#prepared
    const { client, clock } = embedded
    const giveUp = new AbortController()
    const over = new AbortController()
    let code: number | undefined
    whenAborted(interrupts.stop, () => {
      code = exitCodeOf(interrupts.stop.reason)
      this.#view.note('stopping the steps; once more (Ctrl-C) kills them')
      return terminate(client, submitted.keys)
    })
    whenAborted(interrupts.kill, async () => {
      this.#view.note('killing the steps')
      await kill(client, clock)
      giveUp.abort()
    })
    const timeout = this.#timeout(over.signal).then(async (late) => {
      if (!late) return
      code ??= 1
      await terminate(client, submitted.keys)
      await clock.until(clock.now() + patienceMs, over.signal)
      await kill(client, clock)
      giveUp.abort()
    })
    const moved = (...args: Parameters<View['moved']>) => this.#moved(...args)
    const { keys, continued: before } = submitted
    const progress = await follow({ client, clock, keys, before, moved }, giveUp.signal)
    await this.#podsOver(giveUp.signal)
    await artifactsDeleted({ client, clock, keys }, giveUp.signal)
    over.abort()
    await timeout.catch(() => undefined)
    return { progress, code }
  }

  /** A workflow that was stopped has ended before its steps have. */
  async #podsOver(giveUp: AbortSignal): Promise<void> {
    const { clock } = this.#prepared.embedded
    const patience = new AbortController()
    const over = this.#book.allOver().finally(() => patience.abort())
    const slow = clock.until(clock.now() + 1000, patience.signal).then(() => {
      this.#view.note(`waiting for ${this.#book.active} steps to end`)
    })
    await Promise.race([over, aborted(giveUp)])
    patience.abort()
    await slow.catch(() => undefined)
  }

  /** That a workflow has ended is the last thing to be said of it, after what its steps wrote. */
  #moved(...args: Parameters<View['moved']>): void {
    const [progress, changes] = args
    if (!this.#options.log || !progress.done) this.#view.moved(...args)
    else this.#last.push(this.#logs.caughtUp().then(() => this.#view.moved(...args)))
    this.#hint(progress, changes)
  }

  /** Once for each template: a loop has many steps of it. */
  #hint(...[{ name, workflow }, changes]: Parameters<View['moved']>): void {
    for (const { node } of changes) {
      const hint = hintFor(node, workflow)
      const what = `${node.templateName} ${hint}`
      if (hint === undefined || this.#hinted.has(what)) continue
      this.#hinted.add(what)
      this.#view.note(`${stepName(name, node)} ${hint}`)
    }
  }

  /** True when the time is up. */
  async #timeout(over: AbortSignal): Promise<boolean> {
    const { timeoutMs } = this.#options
    if (timeoutMs === undefined) return false
    const { clock } = this.#prepared.embedded
    await clock.until(clock.now() + timeoutMs, over)
    this.#view.note('the --timeout is over: stopping the steps')
    return true
  }

  #sayFirst(): void {
    const { embedded, submitted } = this.#prepared
    if (embedded.fallback) this.#view.note(embedded.fallback)
    for (const { metadata, status } of submitted.continued) {
      const nodes = Object.values(status?.nodes ?? {}).filter(({ type }) => type === 'Pod')
      const ended = nodes.filter(({ phase }) => isOver(phase)).length
      const so = nodes.length > 0 ? ` (${ended} of ${nodes.length} steps so far have ended)` : ''
      this.#view.note(`continues ${metadata.name}${so}`)
    }
  }

  #sayImage(image: string): void {
    if (image === builtInImage) return
    const rule = findImage(this.#prepared.embedded.images, image)
    if (rule?.run === 'host' && image !== '') {
      this.#view.note(`image ${image} is played by this machine's own programs`)
    }
  }

  #newView(): View {
    const { output } = this.#options
    const { stdout, stderr } = this.#streams
    const out = output === 'json' || output === 'yaml' ? stderr : stdout
    const podName: Parameters<typeof liveView>[0]['podName'] = (workflow, node) =>
      this.#book.of(workflow, node)?.name
    const common = {
      paint: paintFor(out),
      now: this.#prepared.embedded.clock.now,
      format: output === 'wide' ? 'wide' : 'tree',
      podName,
    } as const
    if (out.isTTY && process.env['TERM'] !== 'dumb') return liveView({ ...common, out })
    const workflows = this.#prepared.submitted.keys.length
    return lineView({ ...common, workflows, write: (text) => out.write(text) })
  }

  async #report(progress: readonly Progress[]): Promise<void> {
    const { output } = this.#options
    const { stdout, stderr } = this.#streams
    const objects = output === 'json' || output === 'yaml'
    const out = objects ? stderr : stdout
    const sources = { book: this.#book, logs: this.#logs, paint: paintFor(out) }
    for (const one of progress) {
      const lines = hasFailed(one.phase) ? await failureReport(one, sources) : outputsOf(one)
      if (lines.length > 0) out.write(`${lines.join('\n')}\n`)
    }
    if (objects)
      await printObjects(
        progress.map(({ workflow }) => workflow),
        output,
        stdout,
      )
  }
}

function whenAborted(signal: AbortSignal, act: () => Promise<unknown>): void {
  // A failure of these ends the process, as any that nobody expects.
  if (signal.aborted) void act()
  else signal.addEventListener('abort', () => void act(), { once: true })
}

/** What the workflow says it made. */
function outputsOf({ workflow }: Progress): readonly string[] {
  const parameters = workflow.status?.outputs?.parameters ?? []
  return parameters.map(({ name, value }) => `  ${name}: ${value ?? ''}`)
}
