import { isObject, type JsonObject } from '@argosy/engine'
import { changed, eachOf, withDefaults } from './with-defaults.ts'

/** What Kubernetes adds to the spec of a pod. */
export function podSpecDefaults(spec: JsonObject): JsonObject {
  const lists = ['containers', 'initContainers', 'ephemeralContainers']
  let completed = lists.reduce((object, list) => eachOf(object, list, container), spec)
  completed = eachOf(completed, 'volumes', volume)
  return withDefaults(completed, {
    restartPolicy: 'Always',
    terminationGracePeriodSeconds: 30,
    dnsPolicy: 'ClusterFirst',
    securityContext: {},
    schedulerName: 'default-scheduler',
    enableServiceLinks: true,
  })
}

function container(given: JsonObject): JsonObject {
  const probes = ['livenessProbe', 'readinessProbe', 'startupProbe']
  let object = probes.reduce((one, name) => changed(one, name, probe), given)
  object = eachOf(object, 'ports', (port) => withDefaults(port, { protocol: 'TCP' }))
  object = eachOf(object, 'env', (variable) => changed(variable, 'valueFrom', fieldSource))
  return withDefaults(changed(object, 'resources', requests), {
    resources: {},
    terminationMessagePath: '/dev/termination-log',
    terminationMessagePolicy: 'File',
    imagePullPolicy: pullPolicy(String(object['image'] ?? '')),
  })
}

/** What is limited and not requested is requested up to its limit. */
function requests(resources: JsonObject): JsonObject {
  const { limits } = resources
  if (!isObject(limits)) return resources
  const given = isObject(resources['requests']) ? resources['requests'] : {}
  return { ...resources, requests: { ...limits, ...given } }
}

function pullPolicy(image: string): string {
  if (image.includes('@')) return 'IfNotPresent'
  const name = image.split('/').at(-1) ?? ''
  const tag = name.split(':')[1]
  return tag === undefined || tag === 'latest' ? 'Always' : 'IfNotPresent'
}

function probe(given: JsonObject): JsonObject {
  const object = changed(given, 'httpGet', (get) =>
    withDefaults(get, { path: '/', scheme: 'HTTP' }),
  )
  return withDefaults(object, {
    timeoutSeconds: 1,
    periodSeconds: 10,
    successThreshold: 1,
    failureThreshold: 3,
  })
}

function fieldSource(source: JsonObject): JsonObject {
  return changed(source, 'fieldRef', (field) => withDefaults(field, { apiVersion: 'v1' }))
}

const sources = ['configMap', 'secret', 'projected', 'downwardAPI']

function volume(given: JsonObject): JsonObject {
  if (Object.keys(given).every((name) => name === 'name')) return { ...given, emptyDir: {} }
  const object = sources.reduce(
    (one, name) => changed(one, name, (source) => withDefaults(source, { defaultMode: 420 })),
    given,
  )
  return changed(object, 'hostPath', (path) => withDefaults(path, { type: '' }))
}
