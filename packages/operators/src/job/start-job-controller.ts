import type { KubeObject, Pod } from '@argosy/engine'
import { objectKey, resources } from '@argosy/kube'
import {
  claim,
  controllerOf,
  type Decided,
  type Effect,
  type KeeperOptions,
  plainPods,
  type Reader,
  startKeeper,
} from '@argosy/kube/workload'
import { advanceJob } from './advance-job.ts'
import { isTracked, type Job, jobNameKey, tracking } from './job.ts'

/** Runs the pods of Jobs, counts how they end, and deletes what is over when its time to live is. */
export function startJobController(options: KeeperOptions): AsyncDisposable {
  return startKeeper<Job>(
    {
      component: 'job-controller',
      resource: resources.jobs,
      with: [{ resource: resources.pods, labelSelector: plainPods, keys: jobOfLabels }],
      decide,
      gone: async (place, reader) => ({ effects: letGo(await podsNamed(place, reader)) }),
    },
    options,
  )
}

function* jobOfLabels({ metadata }: KubeObject): Iterable<string> {
  const name = metadata.labels?.[jobNameKey]
  if (name !== undefined) yield objectKey(metadata.namespace, name)
}

async function decide(job: Job, reader: Reader): Promise<Decided | undefined> {
  const { managedBy, selector } = job.spec
  if (managedBy !== undefined && managedBy !== 'kubernetes.io/job-controller') return undefined
  const { namespace = '', name = '', uid = '' } = job.metadata
  const query = { resource: resources.pods, namespace, labelSelector: plainPods }
  const pods = await reader.all<Pod>(query)
  const known = selector ?? { matchLabels: { 'batch.kubernetes.io/controller-uid': uid } }
  const { mine, effects } = claim({ ...job, spec: { selector: known } }, resources.pods, pods)
  const { effects: own, wakeAt } = advanceJob(job, mine, reader.now)
  const strays = pods.filter(
    (pod) => pod.metadata.labels?.[jobNameKey] === name && controllerOf(pod)?.uid !== uid,
  )
  return { effects: [...effects, ...letGo(strays), ...own], wakeAt }
}

/** Pods of a job that is gone are counted by nobody any more. */
function letGo(pods: readonly Pod[]): readonly Effect[] {
  return pods.filter(isTracked).map(({ metadata }) => {
    const { namespace = '', name = '' } = metadata
    const finalizers = (metadata.finalizers ?? []).filter((one) => one !== tracking)
    const ref = { resource: resources.pods, namespace, name }
    return { do: 'patch', ref, body: { metadata: { finalizers } } }
  })
}

function podsNamed(place: { readonly namespace: string; readonly name: string }, reader: Reader) {
  const labelSelector = `${jobNameKey}=${place.name}`
  return reader.all<Pod>({ resource: resources.pods, namespace: place.namespace, labelSelector })
}
