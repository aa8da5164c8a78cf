import { isObject, type Json, type JsonObject } from '@argosy/engine'
import { all, type Edit, each, fill, has, within } from './edit.ts'

const httpGet = within('httpGet', fill({ path: '/', scheme: 'HTTP' }))
const grpc = within('grpc', fill({ service: '' }))

const probe = all(
  httpGet,
  grpc,
  fill({ timeoutSeconds: 1, periodSeconds: 10, successThreshold: 1, failureThreshold: 3 }),
)

const fieldRef = within('fieldRef', fill({ apiVersion: 'v1' }))

const resourceFieldRef = within('resourceFieldRef', fill({ divisor: '0' }))

const container = all(
  (object) => fill({ imagePullPolicy: pullPolicyOf(object['image']) })(object),
  fill({
    terminationMessagePath: '/dev/termination-log',
    terminationMessagePolicy: 'File',
    resources: {},
  }),
  each('ports', fill({ protocol: 'TCP' })),
  each('env', within('valueFrom', fieldRef, resourceFieldRef)),
  within('livenessProbe', probe),
  within('readinessProbe', probe),
  within('startupProbe', probe),
  within('lifecycle', within('postStart', httpGet), within('preStop', httpGet)),
)

/** What has no tag, or the tag `latest`, is always looked for anew. */
function pullPolicyOf(image: Json | undefined): string {
  const name = String(image ?? '')
  if (name.includes('@')) return 'IfNotPresent'
  const tag = /:([^/:]+)$/.exec(name)?.[1] ?? 'latest'
  return tag === 'latest' ? 'Always' : 'IfNotPresent'
}

function requestsFromLimits(resources: JsonObject): JsonObject {
  const { limits, requests } = resources
  if (!isObject(limits) || Object.keys(limits).length === 0) return resources
  return { ...resources, requests: { ...limits, ...(isObject(requests) && requests) } }
}

const downwardItems = each('items', fieldRef, resourceFieldRef)

const volume: Edit = all(
  (object) => (Object.keys(object).length > 1 ? object : { ...object, emptyDir: {} }),
  within('configMap', fill({ defaultMode: 420 })),
  within('secret', fill({ defaultMode: 420 })),
  within('downwardAPI', fill({ defaultMode: 420 }), downwardItems),
  within('hostPath', fill({ type: '' })),
  within(
    'projected',
    fill({ defaultMode: 420 }),
    each(
      'sources',
      within('serviceAccountToken', fill({ expirationSeconds: 3600 })),
      within('downwardAPI', downwardItems),
    ),
  ),
  within(
    'ephemeral',
    within('volumeClaimTemplate', within('spec', fill({ volumeMode: 'Filesystem' }))),
  ),
  within('iscsi', fill({ iscsiInterface: 'default' })),
  within('rbd', fill({ pool: 'rbd', user: 'admin', keyring: '/etc/ceph/keyring' })),
)

/** What a pod's spec and a template's have in common. */
const podSpecDefaults: Edit = all(
  fill({
    restartPolicy: 'Always',
    dnsPolicy: 'ClusterFirst',
    terminationGracePeriodSeconds: 30,
    schedulerName: 'default-scheduler',
    securityContext: {},
  }),
  each('containers', container),
  each('initContainers', container),
  each('ephemeralContainers', container),
  each('volumes', volume),
  accountTwice,
  hostPorts,
)

/** The old name of the field is still written. */
function accountTwice(spec: JsonObject): JsonObject {
  const { serviceAccountName, serviceAccount } = spec
  if (has('serviceAccountName')(spec)) {
    if (serviceAccount === serviceAccountName) return spec
    return { ...spec, serviceAccount: serviceAccountName ?? '' }
  }
  return has('serviceAccount')(spec)
    ? fill({ serviceAccountName: serviceAccount ?? '' })(spec)
    : spec
}

/** On the node's own network a port is the node's. */
function hostPorts(spec: JsonObject): JsonObject {
  if (spec['hostNetwork'] !== true) return spec
  const port: Edit = (object) => fill({ hostPort: object['containerPort'] ?? 0 })(object)
  return all(
    each('containers', each('ports', port)),
    each('initContainers', each('ports', port)),
  )(spec)
}

const asksForLimits = within('resources', requestsFromLimits)

/** What a pod does not ask for it asks for as much as it may have; a template says only what it says. */
export const podDefaults: Edit = within(
  'spec',
  podSpecDefaults,
  each('containers', asksForLimits),
  each('initContainers', asksForLimits),
  fill({ enableServiceLinks: true }),
)

export const templateDefaults: Edit = within('template', within('spec', podSpecDefaults))
