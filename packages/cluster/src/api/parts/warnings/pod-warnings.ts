import type { JsonObject } from '@argosy/engine'
import { at, numberAt, objectAt, objectsAt, textAt } from '../table/at.ts'

/** What in a pod's spec does something else than it seems to. */
export function podWarnings(spec: JsonObject, path: string): readonly string[] {
  const containers = containersIn(spec, path)
  return [
    ...spreadWarnings(spec, path),
    ...twice(spec, path, ['hostAliases', 'ip']),
    ...twice(spec, path, ['imagePullSecrets', 'name']),
    ...containers.flatMap(hiddenVariables),
    ...samePorts(containers),
    ...sameNames(containers),
    ...(numberAt(spec, 'terminationGracePeriodSeconds') < 0
      ? [
          `${path}.terminationGracePeriodSeconds: must be >= 0; negative values are invalid and will be treated as 1`,
        ]
      : []),
    ...affinityWarnings(spec, path),
  ]
}

interface Placed {
  readonly object: JsonObject
  readonly path: string
}

function placed(object: JsonObject, name: string, path: string): readonly Placed[] {
  return objectsAt(object, name).map((item, index) => ({
    object: item,
    path: `${path}.${name}[${index}]`,
  }))
}

function containersIn(spec: JsonObject, path: string): readonly Placed[] {
  const lists = ['initContainers', 'containers', 'ephemeralContainers']
  return lists.flatMap((name) => placed(spec, name, path))
}

function spreadWarnings(spec: JsonObject, path: string): readonly string[] {
  return unselective(placed(spec, 'topologySpreadConstraints', path), [])
}

function unselective(terms: readonly Placed[], way: readonly string[]): readonly string[] {
  return terms
    .filter(({ object }) => at(object, ...way, 'labelSelector') === undefined)
    .map((term) => {
      const where = [term.path, ...way, 'labelSelector'].join('.')
      return `${where}: a null labelSelector results in matching no pod`
    })
}

function twice(
  spec: JsonObject,
  path: string,
  [list, member]: readonly [string, string],
): readonly string[] {
  const seen = new Set<string>()
  return placed(spec, list, path).flatMap((item) => {
    const value = textAt(item.object, member)
    const isKnown = seen.has(value)
    seen.add(value)
    return isKnown ? [`${item.path}.${member}: duplicate ${member} ${JSON.stringify(value)}`] : []
  })
}

/** `A="$(A)1"` adds to what was there; everything else hides it. */
function hiddenVariables(container: Placed): readonly string[] {
  const seen = new Set<string>()
  return placed(container.object, 'env', container.path).flatMap(({ object, path }) => {
    const name = textAt(object, 'name')
    const isKnown = seen.has(name)
    seen.add(name)
    const [value, reference] = [textAt(object, 'value'), `$(${name})`]
    const adds = at(object, 'valueFrom') === undefined && value !== reference
    if (!isKnown || (adds && value.includes(reference))) return []
    const what = JSON.stringify(name)
    return [`${path}: hides previous definition of ${what}, which may be dropped when using apply`]
  })
}

function portsIn(containers: readonly Placed[]): readonly Placed[] {
  return containers.flatMap(({ object, path }) => placed(object, 'ports', path))
}

function samePorts(containers: readonly Placed[]): readonly string[] {
  const known = new Map<string, Placed[]>()
  return portsIn(containers).flatMap((port) => {
    const key = `${numberAt(port.object, 'containerPort')}/${textAt(port.object, 'protocol')}`
    const others = known.get(key) ?? []
    known.set(key, [...others, port])
    return others.flatMap((other) => {
      const how = clash(port.object, other.object)
      return how === undefined ? [] : [`${port.path}: ${how} port definition with ${other.path}`]
    })
  })
}

function clash(a: JsonObject, b: JsonObject): string | undefined {
  const [hostA, hostB] = [numberAt(a, 'hostPort'), numberAt(b, 'hostPort')]
  const [ipA, ipB] = [textAt(a, 'hostIP'), textAt(b, 'hostIP')]
  if (ipA === ipB && hostA === hostB) return 'duplicate'
  if (hostA === 0 || hostB === 0) return 'overlapping'
  return hostA === hostB && (ipA === '') !== (ipB === '') ? 'dangerously ambiguous' : undefined
}

function sameNames(containers: readonly Placed[]): readonly string[] {
  const known = new Map<string, string>()
  return portsIn(containers).flatMap(({ object, path }) => {
    const name = textAt(object, 'name')
    if (name === '') return []
    const other = known.get(name)
    if (other === undefined) known.set(name, path)
    const what = `duplicate port name ${JSON.stringify(name)} with ${other}`
    return other === undefined
      ? []
      : [`${path}: ${what}, services and probes that select ports by name will use ${other}`]
  })
}

const wanted = 'requiredDuringSchedulingIgnoredDuringExecution'
const preferred = 'preferredDuringSchedulingIgnoredDuringExecution'

function affinityWarnings(spec: JsonObject, path: string): readonly string[] {
  return ['podAffinity', 'podAntiAffinity'].flatMap((name) => {
    const affinity = objectAt(spec, 'affinity', name)
    const here = `${path}.affinity.${name}`
    return [
      ...unselective(placed(affinity, wanted, here), []),
      ...unselective(placed(affinity, preferred, here), ['podAffinityTerm']),
    ]
  })
}
