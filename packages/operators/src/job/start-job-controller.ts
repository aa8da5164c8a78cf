import type { KubeObject, Pod } from '@argosy/engine'
import { objectKey, resources } from '@argosy/kube'
import {
  claim,
  controllerOf,
  type Decided,
  type Effect,
  type KeeperOptions,
  plainPods,
  plainPodsOf,
  type Reader,
  refOf,
  startKeeper,
  withClaims,
} from '@argosy/kube/workload'
import { advanceJob } from './advance-job.ts'
import { isTracked, type Job, jobNameKey } from './job.ts'
import { release } from './release.ts'

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
  const { name = '', uid = '' } = job.metadata
  const pods = await plainPodsOf(job, reader)
  const known = selector ?? { matchLabels: { 'batch.kubernetes.io/controller-uid': uid } }
  const claimed = claim({ ...job, spec: { selector: known } }, resources.pods, pods)
  const { effects, wakeAt } = advanceJob(job, claimed.mine, reader.now)
  // Pods that somebody counted and let go since the job was read would be made once more.
  const makes = effects.some((effect) => effect.do === 'create')
  if (makes && !(await isLatest(job, reader))) return { effects: [], wakeAt: reader.now }
  const strays = pods.filter(
    (pod) => pod.metadata.labels?.[jobNameKey] === name && controllerOf(pod)?.uid !== uid,
  )
  return withClaims(claimed, { effects: [...letGo(strays), ...effects], wakeAt })
}

async function isLatest(job: Job, { client, signal }: Reader): Promise<boolean> {
  const now = await client.get<Job>(refOf(resources.jobs, job), signal)
  return now?.metadata.resourceVersion === job.metadata.resourceVersion
}

/** Pods of a job that is gone are counted by nobody any more. */
function letGo(pods: readonly Pod[]): readonly Effect[] {
  return release(pods.filter(isTracked))
}

function podsNamed(place: { readonly namespace: string; readonly name: string }, reader: Reader) {
  const labelSelector = `${jobNameKey}=${place.name}`
  return reader.all<Pod>({ resource: resources.pods, namespace: place.namespace, labelSelector })
}
