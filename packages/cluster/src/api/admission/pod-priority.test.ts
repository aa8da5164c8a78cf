import type { JsonObject, KubeObject } from '@argosy/engine'
import { expect, it } from 'vitest'
import { withPriority } from './pod-priority.ts'

const classOf = (name: string, value: number, more: object = {}) =>
  ({ metadata: { name }, value, ...more }) as unknown as KubeObject
const classes = [classOf('high', 1000), classOf('patient', 5, { preemptionPolicy: 'Never' })]

/** A store of classes. */
const storeOf = (all: readonly KubeObject[]) =>
  ({
    newest: ({ name }: { readonly name: string }) => {
      const value = all.find(({ metadata }) => metadata.name === name)
      return value && { value }
    },
    list: () => all.map((value) => ({ value })),
  }) as unknown as Parameters<typeof withPriority>[0]

const specWith = (spec: JsonObject, all: readonly KubeObject[] = classes) => {
  const pod = { metadata: { name: 'p' }, spec } as unknown as KubeObject
  return (withPriority(storeOf(all), pod) as unknown as { readonly spec: JsonObject }).spec
}

it('a pod is worth what its class is', () => {
  expect(specWith({ priorityClassName: 'high' })).toEqual({
    ...{ priorityClassName: 'high', priority: 1000, preemptionPolicy: 'PreemptLowerPriority' },
  })
  expect(specWith({ priorityClassName: 'patient' })).toMatchObject({ preemptionPolicy: 'Never' })
})

it('a class that is not there is an error, as is a worth that somebody made up', () => {
  expect(() => specWith({ priorityClassName: 'nope' })).toThrow(
    'pods "p" is forbidden: no PriorityClass with name nope was found',
  )
  const made = 'must not be provided in pod spec; priority admission controller computed'
  expect(() => specWith({ priorityClassName: 'high', priority: 7 })).toThrow(`(7) ${made} 1000`)
  expect(() => specWith({ priority: 7 })).toThrow(`(7) ${made} 0`)
})

it('without a class it gets the one that is for all, or stays as it is', () => {
  const standard = classOf('standard', 3, { globalDefault: true })
  expect(specWith({}, [...classes, standard])).toMatchObject({ priorityClassName: 'standard' })
  expect(specWith({})).toEqual({})
})
