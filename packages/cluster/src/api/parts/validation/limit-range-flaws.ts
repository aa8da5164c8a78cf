import { compareQuantities, formatQuantity, type JsonObject, parseQuantity } from '@argosy/engine'
import { type Flaw, flawOf } from '../schema/flaw.ts'
import { at, objectAt, objectsAt, textAt } from '../table/at.ts'
import { qualifiedNameOrEmpty } from './name-rules.ts'
import { containerResourceFlaws, quantityFlaws, standardResourceFlaws } from './resource-flaws.ts'

const types = ['Pod', 'Container', 'PersistentVolumeClaim']
const members = ['max', 'min', 'default', 'defaultRequest', 'maxLimitRequestRatio']

/** What is wrong with a LimitRange's spec. */
export function limitRangeFlaws(spec: JsonObject): readonly Flaw[] {
  const seen = new Set<string>()
  return objectsAt(spec, 'limits').flatMap((limit, index) => {
    const path = `spec.limits[${index}]`
    const type = textAt(limit, 'type')
    const isTwice = seen.has(type)
    seen.add(type)
    return [
      ...typeFlaws(type, `${path}.type`),
      ...(isTwice ? [flawOf.duplicate(`${path}.type`, type)] : []),
      ...amountsFlaws(limit, type, path),
      ...orderFlaws(limit, path),
      ...(type === 'Pod' ? podFlaws(limit, path) : []),
      ...(type === 'PersistentVolumeClaim' ? claimFlaws(limit, path) : []),
    ]
  })
}

function typeFlaws(type: string, path: string): readonly Flaw[] {
  const flaws = qualifiedNameOrEmpty(path, type)
  if (flaws.length > 0 || types.includes(type) || type.includes('/')) return flaws
  return [flawOf.invalid(path, type, 'must be a standard limit type or fully qualified')]
}

function amountsFlaws(limit: JsonObject, type: string, path: string): readonly Flaw[] {
  const nameFlaws =
    type === 'Pod' || type === 'Container' ? containerResourceFlaws : standardResourceFlaws
  return members.flatMap((member) =>
    Object.entries(objectAt(limit, member)).flatMap(([name, amount]) => {
      const here = `${path}.${member}[${name}]`
      return [...nameFlaws(here, name), ...quantityFlaws(here, amount)]
    }),
  )
}

function podFlaws(limit: JsonObject, path: string): readonly Flaw[] {
  return ['default', 'defaultRequest']
    .filter((name) => Object.keys(objectAt(limit, name)).length > 0)
    .map((name) => flawOf.forbidden(`${path}.${name}`, "may not be specified when `type` is 'Pod'"))
}

function claimFlaws(limit: JsonObject, path: string): readonly Flaw[] {
  const isGiven = ['min', 'max'].some((name) => at(limit, name, 'storage') !== undefined)
  const why = 'either minimum or maximum storage value is required, but neither was provided'
  return isGiven ? [] : [flawOf.required(`${path}.limits`, why)]
}

/** What may not be more than what, as Kubernetes says it; the value told of is not always the culprit. */
const orders = [
  {
    low: 'min',
    high: 'max',
    lowWords: 'min value',
    highWords: 'max value',
    at: 'min',
    shown: 'low',
  },
  ...[
    {
      low: 'min',
      high: 'defaultRequest',
      lowWords: 'min value',
      highWords: 'default request value',
    },
    { low: 'min', high: 'default', lowWords: 'min value', highWords: 'default value' },
  ].map((one) => ({ ...one, at: one.high === 'default' ? 'min' : 'defaultRequest', shown: 'low' })),
  ...[
    { low: 'defaultRequest', high: 'max', at: 'defaultRequest', shown: 'low' },
    { low: 'defaultRequest', high: 'default', at: 'defaultRequest', shown: 'low' },
  ].map((one) => ({
    ...one,
    lowWords: 'default request value',
    highWords: one.high === 'max' ? 'max value' : 'default limit value',
  })),
  {
    low: 'default',
    high: 'max',
    lowWords: 'default value',
    highWords: 'max value',
    at: 'default',
    shown: 'high',
  },
]

function orderFlaws(limit: JsonObject, path: string): readonly Flaw[] {
  const names = new Set(members.flatMap((member) => Object.keys(objectAt(limit, member))))
  return [...names].flatMap((name) => [
    ...orders.flatMap(({ low, high, lowWords, highWords, at: member, shown }) => {
      const [less, more] = [low, high].map((one) => parseQuantity(textAt(limit, one, name)))
      if (!less || !more || 'error' in less || 'error' in more) return []
      if (compareQuantities(less, more) <= 0) return []
      const value = formatQuantity(shown === 'high' ? more : less)
      const why = `${lowWords} ${formatQuantity(less)} is greater than ${highWords} ${formatQuantity(more)}`
      return [flawOf.invalid(`${path}.${member}[${name}]`, value, why)]
    }),
    ...ratioFlaws(limit, name, path),
  ])
}

const one = 1_000_000_000n

function ratioFlaws(limit: JsonObject, name: string, path: string): readonly Flaw[] {
  const ratio = parseQuantity(textAt(limit, 'maxLimitRequestRatio', name))
  if ('error' in ratio) return []
  const here = `${path}.maxLimitRequestRatio[${name}]`
  const shown = formatQuantity(ratio)
  const [most, least] = ['max', 'min'].map((member) => parseQuantity(textAt(limit, member, name)))
  if (ratio.nano < one) return [flawOf.invalid(here, shown, `ratio ${shown} is less than 1`)]
  if (!most || !least || 'error' in most || 'error' in least || least.nano <= 0n) return []
  const widest = Number(most.nano) / Number(least.nano)
  const isOver = Number(ratio.nano) / Number(one) > widest
  const why = `ratio ${shown} is greater than max/min = ${widest.toFixed(6)}`
  return isOver ? [flawOf.invalid(here, shown, why)] : []
}
