import type { Workflow } from '@argosy/engine'
import { type Client, type Clock, instanceClient, resources, StatusError } from '@argosy/kube'
import { controllerSettings } from '../controller-settings.ts'
import type { Archive } from './archive.ts'
import { bites } from './bites.ts'
import { type Persistence, persistenceIn } from './persistence.ts'

export interface ArchiverOptions {
  readonly client: Client
  readonly clock: Clock
  readonly archive: Archive
  /** Only what belongs to this controller, '' being the one without an id; all by default. */
  readonly instance?: string
  readonly log: (line: string) => void
}

/** Puts every workflow that has ended into the archive, and notes when its object goes. */
export async function startArchiver(options: ArchiverOptions): Promise<AsyncDisposable> {
  const stop = new AbortController()
  const persistence = persistenceIn(await controllerSettings(options.client, stop.signal))
  for (const problem of persistence.problems) options.log(`archive: ${problem}`)
  const work = [follow(options, persistence, stop.signal)]
  if (persistence.ttlMs !== undefined) work.push(expire(options, persistence.ttlMs, stop.signal))
  return {
    [Symbol.asyncDispose]: async () => {
      stop.abort()
      await Promise.all(work)
    },
  }
}

const pauseMs = 1000

async function follow(
  options: ArchiverOptions,
  persistence: Persistence,
  signal: AbortSignal,
): Promise<void> {
  const { clock, log } = options
  while (!signal.aborted) {
    try {
      await keepUp(options, persistence, signal)
    } catch (error) {
      if (signal.aborted) return
      if (!isExpired(error)) log(lineOf(error))
      await clock.until(clock.now() + pauseMs, signal).catch(() => undefined)
    }
  }
}

async function keepUp(
  { client: whole, archive, instance }: ArchiverOptions,
  persistence: Persistence,
  signal: AbortSignal,
): Promise<void> {
  const resource = resources.workflows
  const client = instance === undefined ? whole : instanceClient(whole, instance)
  const put = async (workflows: readonly Workflow[]) => {
    for (const bite of bites(workflows.filter(isPut(persistence)))) {
      if (signal.aborted) return
      await archive.put(bite)
      // After a start there may be many: others have their turn.
      await new Promise(setImmediate)
    }
  }
  const { items, resourceVersion } = await client.list<Workflow>({ resource }, signal)
  const live = new Set(items.map(uidOf))
  await put(items)
  const known = await archive.notDeleted()
  await archive.markDeleted(known.filter((uid) => !live.has(uid)))
  for await (const batch of client.watch<Workflow>({ resource, resourceVersion }, signal)) {
    const heard = batch.filter(({ type }) => type !== 'BOOKMARK')
    await put(heard.map(({ object }) => object))
    const gone = heard.filter(({ type }) => type === 'DELETED')
    await archive.markDeleted(gone.map(({ object }) => uidOf(object)))
  }
}

function lineOf(error: unknown): string {
  return `archive: ${error instanceof Error ? error.message : String(error)}`
}

function isExpired(error: unknown): boolean {
  return error instanceof StatusError && error.reason === 'Expired'
}

const uidOf = ({ metadata }: Workflow) => metadata.uid ?? ''

function isPut({ archive, isWanted }: Persistence) {
  return ({ metadata, status }: Workflow) =>
    archive &&
    ['Succeeded', 'Failed', 'Error'].includes(status?.phase ?? '') &&
    isWanted(metadata.labels)
}

const dayMs = 86_400_000

/** argo: ARCHIVED_WORKFLOW_GC_PERIOD. */
async function expire(
  { archive, clock, log }: ArchiverOptions,
  ttlMs: number,
  signal: AbortSignal,
): Promise<void> {
  while (!signal.aborted) {
    try {
      await archive.forget(clock.now() - ttlMs)
    } catch (error) {
      log(lineOf(error))
    }
    await clock.until(clock.now() + dayMs, signal).catch(() => undefined)
  }
}
