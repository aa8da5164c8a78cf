import type { Container, Pod } from '@argosy/engine'
import { resources } from '@argosy/kube'
import { type Effect, podFrom } from '@argosy/kube/workload'
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
  const made = isIndexed(job)
    ? freeIndexes(job, pods, tally, count).map((index) => indexedPod(job, index))
    : Array.from({ length: count }, () => plainPod(job, `${job.metadata.name}-`))
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

function indexedPod(job: Job, index: number): Pod {
  const pod = plainPod(job, `${job.metadata.name}-${index}-`)
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

function plainPod(job: Job, generateName: string): Pod {
  const { name: _, ...metadata } = podFrom(job, job.spec.template, '').metadata
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      generateName: generateName.slice(-248),
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
