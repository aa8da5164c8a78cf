import { isObject, type Json, type JsonObject } from '@argosy/engine'
import { podSpecDefaults } from './pod-defaults.ts'
import { changed, eachOf, withDefaults } from './with-defaults.ts'

type Defaults = (object: JsonObject) => JsonObject

/** What Kubernetes adds to objects of its own kinds, by collection. */
export function defaultsOf(collection: string): Defaults | undefined {
  return defaults.get(collection)
}

const inSpec =
  (change: Defaults): Defaults =>
  (object) =>
    changed(object, 'spec', change)

const inTemplate: Defaults = (spec) =>
  changed(spec, 'template', (template) => changed(template, 'spec', podSpecDefaults))

const rolling = { type: 'RollingUpdate', rollingUpdate: { maxUnavailable: '25%', maxSurge: '25%' } }

const deployment: Defaults = (spec) =>
  withDefaults(inTemplate(spec), {
    replicas: 1,
    strategy: rolling,
    revisionHistoryLimit: 10,
    progressDeadlineSeconds: 600,
  })

const statefulSet: Defaults = (spec) =>
  withDefaults(inTemplate(spec), {
    replicas: 1,
    podManagementPolicy: 'OrderedReady',
    updateStrategy: { type: 'RollingUpdate', rollingUpdate: { partition: 0 } },
    revisionHistoryLimit: 10,
    persistentVolumeClaimRetentionPolicy: { whenDeleted: 'Retain', whenScaled: 'Retain' },
  })

const daemonSet: Defaults = (spec) =>
  withDefaults(inTemplate(spec), {
    updateStrategy: {
      type: 'RollingUpdate',
      rollingUpdate: { maxUnavailable: 1, maxSurge: 0 },
    },
    revisionHistoryLimit: 10,
  })

const jobSpec: Defaults = (given) => {
  const spec = inTemplate(given)
  const isQueue = spec['completions'] === undefined && spec['parallelism'] !== undefined
  return withDefaults(spec, {
    ...(!isQueue && { completions: 1 }),
    parallelism: 1,
    backoffLimit: 6,
    completionMode: 'NonIndexed',
    suspend: false,
    podReplacementPolicy: 'TerminatingOrFailed',
  })
}

const cronJob: Defaults = (spec) =>
  withDefaults(
    changed(spec, 'jobTemplate', (template) => changed(template, 'spec', inTemplate)),
    {
      concurrencyPolicy: 'Allow',
      suspend: false,
      successfulJobsHistoryLimit: 3,
      failedJobsHistoryLimit: 1,
    },
  )

const service: Defaults = (given) => {
  const spec = eachOf(given, 'ports', (port) =>
    withDefaults(withDefaults(port, { protocol: 'TCP' }), { targetPort: port['port'] }),
  )
  return withDefaults(spec, {
    type: 'ClusterIP',
    sessionAffinity: 'None',
    internalTrafficPolicy: 'Cluster',
  })
}

/** `stringData` is for writing only: it ends in `data`. */
const secret: Defaults = (object) => {
  const { stringData, ...rest } = object
  const typed = withDefaults(rest, { type: 'Opaque' })
  if (!isObject(stringData)) return typed
  const data: Record<string, Json | undefined> = { ...(rest['data'] as JsonObject | undefined) }
  for (const [name, value] of Object.entries(stringData)) {
    data[name] = Buffer.from(String(value)).toString('base64')
  }
  return { ...typed, data }
}

/** Bindings and their subjects name groups that everybody leaves out. */
const rbac = 'rbac.authorization.k8s.io'
const binding: Defaults = (object) =>
  changed(
    eachOf(object, 'subjects', (subject) =>
      subject['kind'] === 'ServiceAccount' ? subject : withDefaults(subject, { apiGroup: rbac }),
    ),
    'roleRef',
    (role) => withDefaults(role, { apiGroup: rbac }),
  )

const claim: Defaults = (object) =>
  withDefaults(
    changed(object, 'spec', (spec) => withDefaults(spec, { volumeMode: 'Filesystem' })),
    { status: { phase: 'Pending' } },
  )

const storageClass: Defaults = (object) =>
  withDefaults(object, { reclaimPolicy: 'Delete', volumeBindingMode: 'Immediate' })

const defaults: ReadonlyMap<string, Defaults> = new Map([
  ['pods', inSpec(podSpecDefaults)],
  ['podtemplates', inTemplate],
  ['replicationcontrollers', inSpec((spec) => withDefaults(inTemplate(spec), { replicas: 1 }))],
  ['secrets', secret],
  ['services', inSpec(service)],
  ['persistentvolumeclaims', claim],
  ['deployments.apps', inSpec(deployment)],
  ['replicasets.apps', inSpec((spec) => withDefaults(inTemplate(spec), { replicas: 1 }))],
  ['statefulsets.apps', inSpec(statefulSet)],
  ['daemonsets.apps', inSpec(daemonSet)],
  ['jobs.batch', inSpec(jobSpec)],
  ['cronjobs.batch', inSpec(cronJob)],
  [`rolebindings.${rbac}`, binding],
  [`clusterrolebindings.${rbac}`, binding],
  ['storageclasses.storage.k8s.io', storageClass],
])
