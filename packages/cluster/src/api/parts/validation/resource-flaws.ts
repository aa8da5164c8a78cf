import type { Json, JsonObject } from '@argosy/engine'
import { compareQuantities, formatQuantity, parseQuantity } from '@argosy/engine'
import { type Flaw, flawOf } from '../schema/flaw.ts'
import { objectAt, objectsAt, textAt } from '../table/at.ts'
import { oneOf } from './rules.ts'

/** What is wrong with what a container is to have. */
export function resourceFlaws(
  container: JsonObject,
  path: string,
  claims: readonly string[],
): readonly Flaw[] {
  const resources = objectAt(container, 'resources')
  const here = `${path}.resources`
  const [limits, requests] = [objectAt(resources, 'limits'), objectAt(resources, 'requests')]
  return [
    ...amountFlaws(limits, `${here}.limits`),
    ...amountFlaws(requests, `${here}.requests`),
    ...Object.keys(requests).flatMap((name) => overLimit(name, { limits, requests }, here)),
    ...hugePageFlaws([...Object.keys(limits), ...Object.keys(requests)], here),
    ...claimFlaws(resources, here, claims),
    ...resizeFlaws(container, `${path}.resizePolicy`),
  ]
}

const bare = /^(cpu|memory|ephemeral-storage|hugepages-.+)$/
const standard = new Set([
  ...['cpu', 'memory', 'ephemeral-storage', 'storage', 'pods', 'services', 'secrets'],
  ...['replicationcontrollers', 'resourcequotas', 'configmaps', 'persistentvolumeclaims'],
  ...['services.nodeports', 'services.loadbalancers', 'requests.cpu', 'requests.memory'],
  ...['requests.storage', 'requests.ephemeral-storage', 'limits.cpu', 'limits.memory'],
  'limits.ephemeral-storage',
])

/** What is wrong with a resource's name, for what runs in containers. */
export function containerResourceFlaws(path: string, name: string): readonly Flaw[] {
  const isBare = !name.includes('/')
  return [
    ...standardResourceFlaws(path, name),
    ...(isBare && !bare.test(name)
      ? [flawOf.invalid(path, name, 'must be a standard resource for containers')]
      : []),
  ]
}

export function standardResourceFlaws(path: string, name: string): readonly Flaw[] {
  if (name.includes('/') || standard.has(name) || name.startsWith('hugepages-')) return []
  return [flawOf.invalid(path, name, 'must be a standard resource type or fully qualified')]
}

/** What is wrong with an amount; some things are had whole only. */
export function quantityFlaws(
  path: string,
  value: Json | undefined,
  isWhole = false,
): readonly Flaw[] {
  const quantity = parseQuantity(String(value))
  if ('error' in quantity) return [flawOf.invalid(path, value ?? null, quantity.error)]
  const isBroken = isWhole && quantity.nano % 1_000_000_000n !== 0n
  const shown = formatQuantity(quantity)
  return [
    ...(quantity.nano < 0n
      ? [flawOf.invalid(path, shown, 'must be greater than or equal to 0')]
      : []),
    ...(isBroken ? [flawOf.invalid(path, shown, 'must be an integer')] : []),
  ]
}

/** Of others no more is promised than there is. */
function isOvercommitAllowed(name: string): boolean {
  return (
    !name.startsWith('hugepages-') && (!name.includes('/') || /(^|\.)kubernetes\.io\//.test(name))
  )
}

function amountFlaws(amounts: JsonObject, path: string): readonly Flaw[] {
  return Object.entries(amounts).flatMap(([name, amount]) => [
    ...containerResourceFlaws(`${path}[${name}]`, name),
    ...quantityFlaws(`${path}[${name}]`, amount, name.includes('/') && !isOvercommitAllowed(name)),
    ...(name.startsWith('hugepages-') ? pageFlaws(`${path}[${name}]`, name, amount) : []),
  ])
}

function pageFlaws(path: string, name: string, amount: Json | undefined): readonly Flaw[] {
  const page = parseQuantity(name.slice('hugepages-'.length))
  const wanted = parseQuantity(String(amount))
  if ('error' in page || 'error' in wanted || page.nano <= 0n) return []
  if (wanted.nano % page.nano === 0n) return []
  const shown = formatQuantity(wanted)
  return [flawOf.invalid(path, shown, `${shown} is not positive integer multiple of ${name}`)]
}

function hugePageFlaws(names: readonly string[], path: string): readonly Flaw[] {
  const isHuge = names.some((name) => name.startsWith('hugepages-'))
  if (!isHuge || names.includes('cpu') || names.includes('memory')) return []
  return [flawOf.forbidden(path, 'HugePages require cpu or memory')]
}

interface Amounts {
  readonly limits: JsonObject
  readonly requests: JsonObject
}

function overLimit(name: string, { limits, requests }: Amounts, path: string): readonly Flaw[] {
  const isFree = isOvercommitAllowed(name)
  const limit = limits[name]
  if (limit === undefined) {
    const why = 'Limit must be set for non overcommitable resources'
    return isFree ? [] : [flawOf.required(`${path}.limits`, why)]
  }
  const [most, wanted] = [parseQuantity(String(limit)), parseQuantity(String(requests[name]))]
  if ('error' in most || 'error' in wanted) return []
  const order = compareQuantities(wanted, most)
  if (order === 0 || (isFree && order < 0)) return []
  const must = isFree ? 'less than or equal to' : 'equal to'
  const why = `must be ${must} ${name} limit of ${formatQuantity(most)}`
  return [flawOf.invalid(`${path}.requests`, formatQuantity(wanted), why)]
}

function claimFlaws(
  resources: JsonObject,
  path: string,
  known: readonly string[],
): readonly Flaw[] {
  const where =
    known.length === 0
      ? ': must be one of the names in pod.spec.resourceClaims which is empty'
      : ': must be one of the names in pod.spec.resourceClaims'
  return objectsAt(resources, 'claims').flatMap((claim, index) => {
    const name = textAt(claim, 'name')
    const here = `${path}.claims[${index}]`
    if (name === '') return [flawOf.required(`${here}.name`)]
    if (known.includes(name)) return []
    const flaw = flawOf.notFound(here, name)
    return [{ ...flaw, message: flaw.message + where }]
  })
}

const resized = oneOf(['cpu', 'memory'])
const manners = oneOf(['NotRequired', 'RestartContainer'])

function resizeFlaws(container: JsonObject, path: string): readonly Flaw[] {
  const seen = new Set<string>()
  return objectsAt(container, 'resizePolicy').flatMap((policy, index) => {
    const name = textAt(policy, 'resourceName')
    const isTwice = seen.has(name)
    seen.add(name)
    return [
      ...(isTwice ? [flawOf.duplicate(`${path}[${index}]`, name)] : []),
      ...resized(path, name),
      ...manners(path, policy['restartPolicy']),
    ]
  })
}
