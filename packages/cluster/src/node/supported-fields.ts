import { type Container, type EphemeralContainer, isObject, type Pod } from '@argosy/engine'
import { strangeHooks } from './hook.ts'
import type { Runtime } from './runtime.ts'
import {
  containerFields,
  grantedWithImages,
  podFields,
  probeFields,
  type Support,
  securityFields,
} from './supported-fields.table.ts'

/** The paths of the fields that this node cannot honour, as `spec.containers[0].livenessProbe`. */
export function unsupportedFields(pod: Pod, runtime: Pick<Runtime, 'images'>): readonly string[] {
  const granted = runtime.images ? grantedWithImages : []
  return refusedFields(pod).filter((path) => !granted.some((end) => path.endsWith(`.${end}`)))
}

/** The same of a container that is put into a pod. */
export function unsupportedInEphemeral(
  { targetContainerName: _, ...container }: EphemeralContainer,
  { images }: Pick<Runtime, 'images'>,
): readonly string[] {
  const paths = inContainer('spec.ephemeralContainers')(container, 0).map((path) =>
    path.replace('[0]', `[${container.name}]`),
  )
  return paths.filter(
    (path) => !images || !grantedWithImages.some((end) => path.endsWith(`.${end}`)),
  )
}

function refusedFields(pod: Pod): readonly string[] {
  return [
    ...refused(pod.spec, podFields, 'spec'),
    ...refused(pod.spec.securityContext, securityFields, 'spec.securityContext'),
    ...(pod.spec.initContainers ?? []).flatMap(inContainer('spec.initContainers')),
    ...pod.spec.containers.flatMap(inContainer('spec.containers')),
  ]
}

const probes = ['livenessProbe', 'readinessProbe', 'startupProbe'] as const

/** What `kubectl debug` adds: who looks around without it sees a little less, and is told so. */
const tracing = 'SYS_PTRACE'

/** Of a runtime that gives none: whether the container does without it. */
export function lacksTracing(container: Container, { images }: Pick<Runtime, 'images'>): boolean {
  return !images && addedCapabilities(container).includes(tracing)
}

function addedCapabilities({ securityContext }: Container): readonly unknown[] {
  const capabilities = securityContext?.capabilities
  const add = isObject(capabilities) ? capabilities['add'] : undefined
  return Array.isArray(add) ? add : []
}

function inContainer(list: string) {
  return (container: Container, index: number): readonly string[] => {
    const path = `${list}[${index}]`
    const strange = addedCapabilities(container).filter((name) => name !== tracing)
    return [
      ...refused(container, containerFields, path),
      ...refused(container.securityContext, securityFields, `${path}.securityContext`),
      ...strangeHooks(container['lifecycle']).map((part) => `${path}.lifecycle.${part}`),
      ...probes.flatMap((name) => refused(container[name], probeFields, `${path}.${name}`)),
      ...(isAbsent(strange) ? [] : [`${path}.securityContext.capabilities.add`]),
    ]
  }
}

function refused(
  object: object | undefined,
  table: Readonly<Record<string, Support>>,
  path: string,
): readonly string[] {
  if (!object) return []
  return Object.entries(object)
    .filter(([name, value]) => !isAbsent(value) && (table[name] ?? 'refused') === 'refused')
    .map(([name]) => `${path}.${name}`)
}

function isAbsent(value: unknown): boolean {
  if (value === undefined || value === null || value === false || value === '') return true
  return typeof value === 'object' && Object.keys(value).length === 0
}
