import type { JsonObject, KubeObject, Pod } from '@argosy/engine'
import { resources } from '@argosy/kube'
import type { ObjectVersion } from '../../store/object-version.ts'
import { notFound } from '../refusals.ts'
import { rfc3339 } from '../time.ts'
import type { Call } from './call.ts'
import { sendJson } from './reply.ts'
import type { ResourceTarget } from './target.ts'
import type { World } from './world.ts'

/** What a machine's programs use, as Kubernetes' metrics-server would say it: what `kubectl top` asks. */
export interface ResourceUsage {
  /** The Node that the machine is. */
  readonly nodeName: string
  read(signal: AbortSignal): Promise<{
    readonly at: number
    readonly windowMs: number
    readonly machine: Used
    readonly containers: readonly (Used & { readonly uid: string; readonly container: string })[]
  }>
}

interface Used {
  /** Processors. */
  readonly cpu: number
  /** Bytes. */
  readonly memory: number
}

type Measured = Awaited<ReturnType<ResourceUsage['read']>>

export const metricsGroup = 'metrics.k8s.io'
const apiVersion = `${metricsGroup}/v1beta1`

/** Whether somebody asks for what is measured. */
export function isMeasured({ group, version, plural, subresource }: ResourceTarget): boolean {
  const isKnown = plural === 'nodes' || plural === 'pods'
  return group === metricsGroup && version === 'v1beta1' && isKnown && subresource === undefined
}

/** Answers with one object, or with those of a collection. */
export async function answerMetrics(
  call: Call & { readonly target: ResourceTarget },
  usage: ResourceUsage,
  world: World,
): Promise<void> {
  const { target, response, left } = call
  const { plural, name } = target
  const of = (items: readonly KubeObject[]) =>
    plural === 'nodes' ? nodeMetrics(items, usage.nodeName) : podMetrics(items as readonly Pod[])
  const describe = of(objectsOf(call, world))
  const items = describe(await usage.read(left()))
  if (name !== undefined) {
    const [found] = items
    if (!found) throw notFound({ ...resources.pods, group: metricsGroup, plural }, name)
    return sendJson(response, 200, found)
  }
  const kind = plural === 'nodes' ? 'NodeMetricsList' : 'PodMetricsList'
  const resourceVersion = String(world.objects.store.revision)
  sendJson(response, 200, { kind, apiVersion, metadata: { resourceVersion }, items })
}

/** What they are measured of: the objects of the core group that a request means. */
function objectsOf(
  { target, query }: Call & { readonly target: ResourceTarget },
  { objects }: World,
): readonly KubeObject[] {
  const { plural, name, namespace } = target
  const resource = plural === 'nodes' ? resources.nodes : resources.pods
  const labelSelector = query.get('labelSelector')
  const fieldSelector = name === undefined ? query.get('fieldSelector') : `metadata.name=${name}`
  const found: readonly ObjectVersion[] = objects.list(objects.registry.kind(resource), {
    ...(namespace !== undefined && { namespace }),
    ...(labelSelector && { labelSelector }),
    ...(fieldSelector && { fieldSelector }),
  })
  return found.map(({ value }) => value)
}

function nodeMetrics(nodes: readonly KubeObject[], nodeName: string) {
  return (measured: Measured): readonly JsonObject[] =>
    nodes
      .filter(({ metadata }) => metadata.name === nodeName)
      .map((node) => ({
        ...headOf('NodeMetrics', node, measured),
        usage: amounts(measured.machine),
      }))
}

/** Pods of which nothing runs are left out. */
function podMetrics(pods: readonly Pod[]) {
  return (measured: Measured): readonly JsonObject[] => {
    return pods.flatMap((pod) => {
      const its = measured.containers.filter(({ uid }) => uid === pod.metadata.uid)
      if (its.length === 0) return []
      const containers = its.map((one) => ({ name: one.container, usage: amounts(one) }))
      return [{ ...headOf('PodMetrics', pod, measured), containers }]
    })
  }
}

function headOf(kind: string, { metadata }: KubeObject, { at, windowMs }: Measured): JsonObject {
  const { name = '', namespace, labels } = metadata
  return {
    ...{ kind, apiVersion },
    metadata: {
      ...{ name, creationTimestamp: rfc3339(at) },
      ...(namespace !== undefined && { namespace }),
      ...(labels && { labels }),
    },
    ...{ timestamp: rfc3339(at), window: `${windowMs / 1000}s` },
  }
}

function amounts({ cpu, memory }: Used): JsonObject {
  return { cpu: `${Math.round(cpu * 1e9)}n`, memory: `${Math.round(memory / 1024)}Ki` }
}
