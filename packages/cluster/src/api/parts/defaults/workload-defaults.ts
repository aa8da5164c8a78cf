import type { Json, JsonObject } from '@argosy/engine'
import { all, type Edit, each, fill, has, is, when, within } from './edit.ts'
import { templateDefaults } from './pod-defaults.ts'

const rolling = (values: JsonObject): Edit =>
  when(
    is('type', 'RollingUpdate'),
    fill({ rollingUpdate: {} }),
    within('rollingUpdate', fill(values)),
  )

const quarter = { maxUnavailable: '25%', maxSurge: '25%' }

const deployment: Edit = all(
  templateDefaults,
  fill({
    replicas: 1,
    strategy: {},
    revisionHistoryLimit: 10,
    progressDeadlineSeconds: 600,
  }),
  within('strategy', fill({ type: 'RollingUpdate' }), rolling(quarter)),
)

const statefulSet: Edit = all(
  templateDefaults,
  fill({
    replicas: 1,
    podManagementPolicy: 'OrderedReady',
    updateStrategy: {},
    revisionHistoryLimit: 10,
    persistentVolumeClaimRetentionPolicy: {},
  }),
  within('updateStrategy', fill({ type: 'RollingUpdate' }), rolling({ partition: 0 })),
  within(
    'persistentVolumeClaimRetentionPolicy',
    fill({ whenDeleted: 'Retain', whenScaled: 'Retain' }),
  ),
  each(
    'volumeClaimTemplates',
    within('spec', fill({ volumeMode: 'Filesystem' })),
    fill({ status: { phase: 'Pending' }, apiVersion: 'v1', kind: 'PersistentVolumeClaim' }),
  ),
)

const daemonSet: Edit = all(
  templateDefaults,
  fill({ updateStrategy: {}, revisionHistoryLimit: 10 }),
  within(
    'updateStrategy',
    fill({ type: 'RollingUpdate' }),
    rolling({ maxUnavailable: 1, maxSurge: 0 }),
  ),
)

/** A job that says neither how many nor how many at once is one pod. */
const job: Edit = all(
  templateDefaults,
  when((spec) => !has('completions')(spec) && !has('parallelism')(spec), fill({ completions: 1 })),
  fill({ parallelism: 1 }),
  (spec) => fill({ backoffLimit: has('backoffLimitPerIndex')(spec) ? 2147483647 : 6 })(spec),
  when(has('podFailurePolicy'), fill({ podReplacementPolicy: 'Failed' })),
  fill({
    completionMode: 'NonIndexed',
    suspend: false,
    manualSelector: false,
    podReplacementPolicy: 'TerminatingOrFailed',
  }),
)

/** A job within a cron job gets what a job's template gets, and the rest when the job is created. */
const cronJob: Edit = all(
  fill({
    concurrencyPolicy: 'Allow',
    suspend: false,
    successfulJobsHistoryLimit: 3,
    failedJobsHistoryLimit: 1,
  }),
  within('jobTemplate', within('spec', templateDefaults)),
)

/** Without labels of its own such an object has those of its template. */
const labelsOfTemplate: Edit = (object) => {
  const labels = memberOf(memberOf(memberOf(object['spec'], 'template'), 'metadata'), 'labels')
  if (labels === undefined) return object
  return within('metadata', fill({ labels }))(object)
}

function memberOf(value: Json | undefined, name: string): Json | undefined {
  const isThing = typeof value === 'object' && value !== null && !Array.isArray(value)
  return isThing ? ((value as JsonObject)[name] ?? undefined) : undefined
}

export const workloadDefaults: Readonly<Record<string, Edit>> = {
  CronJob: within('spec', cronJob),
  DaemonSet: within('spec', daemonSet),
  Deployment: within('spec', deployment),
  Job: all(within('spec', job), labelsOfTemplate),
  PodTemplate: templateDefaults,
  ReplicaSet: within('spec', templateDefaults, fill({ replicas: 1 })),
  ReplicationController: all(
    within('spec', templateDefaults, fill({ replicas: 1 })),
    labelsOfTemplate,
  ),
  StatefulSet: within('spec', statefulSet),
}
