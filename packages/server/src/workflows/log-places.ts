import { type NodeStatus, type Pod, podName, type Workflow } from '@argosy/engine'
import { type Client, resources } from '@argosy/kube'
import type { LogOptions } from './log-options.ts'
import type { KeptLog, PodLogQuery, PodLogs } from './pod-logs.ts'

/** One container's attempt, whose lines are wanted. */
export interface LogPlace {
  readonly query: PodLogQuery
  /** In RFC 3339; by which pods are put in order. */
  readonly startedAt: string
  /** In milliseconds; not yet: infinite. */
  readonly endedAt: number
}

interface Source {
  readonly client: Client
  readonly logs: PodLogs
  readonly signal: AbortSignal
}

/** What there is to read of a workflow: its pods, and those that are gone but have left their logs. In order of their starts. */
export async function logPlaces(
  workflow: Workflow,
  options: LogOptions,
  source: Source,
): Promise<readonly LogPlace[]> {
  const pods = await podsOf(workflow, options, source)
  const live = await Promise.all(pods.map((pod) => placesOfPod(pod, options, source.logs)))
  const there = new Set(pods.map(({ metadata }) => metadata.name ?? ''))
  const gone = await placesOfGone(workflow, options, { there, logs: source.logs })
  return [...live.flat(), ...gone].sort((a, b) => compare(a.startedAt, b.startedAt))
}

export function podQuery({ metadata }: Workflow, { podName: name, selector }: LogOptions) {
  const { namespace = '', name: workflow = '' } = metadata
  const own = `workflows.argoproj.io/workflow=${workflow}`
  return {
    resource: resources.pods,
    namespace,
    labelSelector: selector === '' ? own : `${own},${selector}`,
    ...(name && { fieldSelector: `metadata.name=${name}` }),
  }
}

async function podsOf(
  workflow: Workflow,
  options: LogOptions,
  { client, signal }: Source,
): Promise<readonly Pod[]> {
  return (await client.list<Pod>(podQuery(workflow, options), signal)).items
}

/** A pod that waits for its start has no logs. */
export async function placesOfPod(
  pod: Pod,
  options: LogOptions,
  logs: PodLogs,
): Promise<readonly LogPlace[]> {
  const { metadata, spec, status } = pod
  if (status?.phase === 'Pending') return []
  const { namespace = '', name = '', uid = '' } = metadata
  const ref = { namespace, name, uid }
  const names = spec.containers.map((one) => one.name)
  const inits = (spec.initContainers ?? []).map((one) => one.name)
  const startedAt = status?.startTime ?? metadata.creationTimestamp ?? ''
  const place = (container: string, attempt?: number): LogPlace => ({
    query: options.queryOf({ ref, container, ...(attempt !== undefined && { attempt }) }),
    startedAt,
    endedAt: endOf(pod),
  })
  if (!options.allAttempts) return options.among(names, inits).map((one) => place(one))
  const kept = (await logs.kept?.(namespace, new Set([name]))) ?? []
  return wantedOf(kept, options).map((one) =>
    one.ref.uid === uid ? place(one.container, one.attempt) : placeOfKept(one, options, startedAt),
  )
}

/** Those of the workflow's nodes whose pods are not there. */
async function placesOfGone(
  workflow: Workflow,
  options: LogOptions,
  { there, logs }: { readonly there: ReadonlySet<string>; readonly logs: PodLogs },
): Promise<readonly LogPlace[]> {
  // What labels a pod had is not kept.
  if (!logs.kept || options.selector !== '') return []
  const started = startsOf(workflow)
  const names = [...started.keys()].filter(
    (name) => !there.has(name) && (options.podName === '' || options.podName === name),
  )
  if (names.length === 0) return []
  const kept = await logs.kept(workflow.metadata.namespace ?? '', new Set(names))
  const byPod = new Map<string, KeptLog[]>()
  for (const one of kept) byPod.set(one.ref.name, [...(byPod.get(one.ref.name) ?? []), one])
  return [...byPod].flatMap(([name, own]) =>
    wantedOf(own, options).map((one) => placeOfKept(one, options, started.get(name) ?? '')),
  )
}

/** When each pod of the workflow started. */
function startsOf({ metadata, status }: Workflow): ReadonlyMap<string, string> {
  const pods = Object.values(status?.nodes ?? {}).filter(({ type }) => type === 'Pod')
  return new Map(
    pods.flatMap((node) => {
      const at = node.startedAt ?? ''
      const name = podName(metadata.name ?? '', node.name, templateOf(node))
      // Upstream's first format of names.
      return [
        [name, at],
        [node.id, at],
      ] as const
    }),
  )
}

function templateOf({ templateRef, templateName }: NodeStatus): string | undefined {
  return templateRef?.template || templateName
}

/** Of one pod's name: what the last pod that had it left, or all of it, the oldest first. */
function wantedOf(kept: readonly KeptLog[], options: LogOptions): readonly KeptLog[] {
  const ordered = kept.toSorted((a, b) => a.writtenAt - b.writtenAt || a.attempt - b.attempt)
  const containers = new Set(ordered.map(({ container }) => container))
  const wanted = options.among([...containers], [])
  const fitting = ordered.filter(({ container }) => wanted.includes(container))
  if (options.allAttempts) return fitting
  const last = fitting.at(-1)?.ref.uid
  const own = fitting.filter(({ ref }) => ref.uid === last)
  return own.filter(({ container, attempt }) =>
    own.every((other) => other.container !== container || other.attempt <= attempt),
  )
}

function placeOfKept(
  { ref, container, attempt, writtenAt }: KeptLog,
  options: LogOptions,
  startedAt: string,
): LogPlace {
  // Nothing is added to it any more.
  const query = { ...options.queryOf({ ref, container, attempt }), follow: false }
  return { query, startedAt, endedAt: writtenAt }
}

function endOf({ status }: Pod): number {
  const ends = (status?.containerStatuses ?? []).map(
    ({ state }) => state?.terminated?.finishedAt ?? '',
  )
  if (ends.length === 0 || ends.includes('')) return Number.POSITIVE_INFINITY
  return Math.max(...ends.map((text) => Date.parse(text)))
}

function compare(a: string, b: string): number {
  return a < b ? -1 : Number(a > b)
}
