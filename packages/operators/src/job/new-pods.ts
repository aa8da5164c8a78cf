import type { Container, Pod } from '@argosy/engine'
import { resources } from '@argosy/kube'
import { type Effect, podFrom, shortHash } from '@argosy/kube/workload'
import { indexKey, indexOf, isIndexed, type Job, jobNameKey, tracking } from './job.ts'
import type { Tally } from './tally.ts'

/** What of one look is made at most. */
const atOnce = 500

/** The pods that a job starts now. */
export function newPods(
  job: Job,
  pods: readonly Pod[],
  tally: Tally,
  wanted: number,
): readonly Effect[] {
  const count = Math.min(wanted, atOnce)
  if (count <= 0) return []
  const taken = new Set(pods.map(({ metadata }) => metadata.name ?? ''))
  const made = isIndexed(job)
    ? freeIndexes(job, pods, tally, count).map((index) => indexedPod(job, index, taken))
    : freeNames(job, taken, count, counted(job)).map((name) => plainPod(job, name))
  return made.map((object) => ({ do: 'create', resource: resources.pods, object }))
}

function freeIndexes(
  job: Job,
  pods: readonly Pod[],
  tally: Tally,
  count: number,
): readonly number[] {
  const waitsForEnd = job.spec.podReplacementPolicy === 'Failed'
  const ended = ({ status }: Pod) => status?.phase === 'Succeeded' || status?.phase === 'Failed'
  const busy = waitsForEnd ? pods.filter((pod) => !ended(pod)) : tally.active
  const taken = new Set([...tally.completedIndexes, ...busy.map(indexOf)])
  const free: number[] = []
  const end = job.spec.completions ?? 0
  for (let index = 0; index < end && free.length < count; index++) {
    if (!taken.has(index)) free.push(index)
  }
  return free
}

function counted({ status }: Job): number {
  return (status?.succeeded ?? 0) + (status?.failed ?? 0)
}

/**
 * The names of the next pods follow from what is there: who decides the same at the same time makes no other ones, and
 * there is one pod of a name. `from`: how many are over, and may be gone.
 */
function freeNames(
  { metadata }: Job,
  taken: ReadonlySet<string>,
  count: number,
  from: number,
  index?: number,
): readonly string[] {
  const { name = '', uid } = metadata
  const prefix = index === undefined ? `${name}-` : `${name}-${index}-`
  const names: string[] = []
  for (let number = from; names.length < count; number++) {
    const next = `${prefix.slice(-240)}${shortHash([uid, index ?? null, number])}`
    if (!taken.has(next)) names.push(next)
  }
  return names
}

function indexedPod(job: Job, index: number, taken: ReadonlySet<string>): Pod {
  const [name = ''] = freeNames(job, taken, 1, 0, index)
  const pod = plainPod(job, name)
  const { labels, annotations } = pod.metadata
  const variable = {
    name: 'JOB_COMPLETION_INDEX',
    valueFrom: { fieldRef: { apiVersion: 'v1', fieldPath: `metadata.annotations['${indexKey}']` } },
  }
  const knows = (container: Container): Container => {
    const { env = [] } = container
    if (env.some(({ name }) => name === variable.name)) return container
    return { ...container, env: [...env, variable] }
  }
  const { initContainers, containers, hostname } = pod.spec
  return {
    ...pod,
    metadata: {
      ...pod.metadata,
      labels: { ...labels, [indexKey]: String(index) },
      annotations: { ...annotations, [indexKey]: String(index) },
    },
    spec: {
      ...pod.spec,
      hostname: hostname ?? `${job.metadata.name}-${index}`.slice(0, 63),
      ...(initContainers && { initContainers: initContainers.map(knows) }),
      containers: containers.map(knows),
    },
  }
}

function plainPod(job: Job, name: string): Pod {
  const { metadata } = podFrom(job, job.spec.template, name)
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      ...metadata,
      labels: { ...metadata.labels, ...podLabels(job) },
      finalizers: [...(metadata.finalizers ?? []), tracking],
    },
    spec: job.spec.template.spec,
  }
}

/** By these a job knows its pods. */
export function podLabels({
  metadata: { name = '', uid = '' },
  spec,
}: Job): Record<string, string> {
  if (spec.manualSelector) return { [jobNameKey]: name, 'job-name': name }
  return {
    'batch.kubernetes.io/controller-uid': uid,
    [jobNameKey]: name,
    'controller-uid': uid,
    'job-name': name,
  }
}
