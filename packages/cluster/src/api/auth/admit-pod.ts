import { isObject, type Json, type JsonObject, type KubeObject } from '@argosy/engine'
import { resources } from '@argosy/kube'
import type { Store } from '../../store/store.ts'
import { admitByNamespace, checkQuotas } from '../admission/namespace-rules.ts'
import { withPriority } from '../admission/pod-priority.ts'
import { generatedName } from '../names.ts'
import { forbidden } from '../refusals.ts'

interface AdmissionOptions {
  readonly store: Pick<Store, 'newest' | 'newestIn' | 'list' | 'witness'>
  /** Without, pods get their account but nothing to show of it: a plain process can have nothing mounted. */
  readonly mountsTokens: boolean
  readonly random?: () => number
}

/** Where programs look for the token of their pod. */
const tokenPath = '/var/run/secrets/kubernetes.io/serviceaccount'

/** As `admitPod`; throws `Forbidden` also when a quota has nothing left. To be called in the turn that creates the pod. */
export function admitCountedPod(options: AdmissionOptions): (pod: KubeObject) => KubeObject {
  const admit = admitPod(options)
  return (pod) => {
    const admitted = admit(pod)
    checkQuotas(options.store, resources.pods, admitted)
    return admitted
  }
}

/**
 * Gives a new pod its ServiceAccount, and the token of it, and what its namespace gives; throws `Forbidden` when there is
 * no such account, or the namespace does not want such pods.
 */
export function admitPod(options: AdmissionOptions): (pod: KubeObject) => KubeObject {
  const { store, mountsTokens, random = Math.random } = options
  return (given) => {
    const pod = withPriority(store, admitByNamespace(store, given))
    const { namespace = '' } = pod.metadata
    const spec = objectAt(pod as unknown as JsonObject, 'spec')
    const name = String(spec['serviceAccountName'] || spec['serviceAccount'] || 'default')
    const account = store.newest({ collection: 'serviceaccounts', namespace, name })?.value
    // `default` is on its way to a namespace that is new, or that has lost it.
    if (!account && name !== 'default') {
      const why = `error looking up service account ${namespace}/${name}: serviceaccount ${JSON.stringify(name)} not found`
      throw forbidden(resources.pods, pod.metadata.name ?? pod.metadata.generateName ?? '', why)
    }
    const owner = (account ?? {}) as unknown as JsonObject
    const named = { ...spec, serviceAccountName: name, serviceAccount: name }
    const pulling = withPullSecrets(named, owner)
    const wanted = mountsTokens && wantsToken(spec, owner)
    return { ...pod, spec: wanted ? withToken(pulling, random) : pulling } as KubeObject
  }
}

/** The pod's word counts more than the account's. */
function wantsToken(spec: JsonObject, account: JsonObject): boolean {
  return (
    (spec['automountServiceAccountToken'] ?? account['automountServiceAccountToken'] ?? true) ===
    true
  )
}

function withPullSecrets(spec: JsonObject, { imagePullSecrets }: JsonObject): JsonObject {
  const own = spec['imagePullSecrets']
  if (Array.isArray(own) && own.length > 0) return spec
  return imagePullSecrets === undefined ? spec : { ...spec, imagePullSecrets }
}

/** The token's volume, mounted wherever nothing else is. */
function withToken(spec: JsonObject, random: () => number): JsonObject {
  const volume = generatedName('kube-api-access-', random)
  const changed: JsonObject = Object.fromEntries(
    ['initContainers', 'containers'].flatMap((list) => {
      const containers = spec[list]
      return Array.isArray(containers)
        ? [[list, containers.map((one: Json) => (isObject(one) ? mounting(one, volume) : one))]]
        : []
    }),
  )
  const isUsed = JSON.stringify(changed).includes(`"${volume}"`)
  if (!isUsed) return spec
  const volumes = Array.isArray(spec['volumes']) ? spec['volumes'] : []
  return { ...spec, ...changed, volumes: [...volumes, volumeNamed(volume)] }
}

function mounting(container: JsonObject, name: string): JsonObject {
  const mounts = Array.isArray(container['volumeMounts']) ? container['volumeMounts'] : []
  if (mounts.some((one: Json) => isObject(one) && one['mountPath'] === tokenPath)) return container
  const mount = { name, mountPath: tokenPath, readOnly: true }
  return { ...container, volumeMounts: [...mounts, mount] }
}

function volumeNamed(name: string): JsonObject {
  const field = { apiVersion: 'v1', fieldPath: 'metadata.namespace' }
  return {
    name,
    projected: {
      defaultMode: 420,
      sources: [
        { serviceAccountToken: { expirationSeconds: 3607, path: 'token' } },
        { configMap: { name: 'kube-root-ca.crt', items: [{ key: 'ca.crt', path: 'ca.crt' }] } },
        { downwardAPI: { items: [{ path: 'namespace', fieldRef: field }] } },
      ],
    },
  }
}

function objectAt(object: JsonObject, name: string): JsonObject {
  const inner = object[name]
  return isObject(inner) ? inner : {}
}
