import { describe, expect, test } from 'vitest'
import type { Template } from '../spec/workflow.ts'
import { build, now, plain, podOf } from './pod-for.fixture.ts'

describe('what only the engine can tell a container', () => {
  test('is the deadline of its workflow, after what the user says', () => {
    const template = { container: { name: '', env: [{ name: 'ARGO_DEADLINE', value: 'mine' }] } }
    const { spec } = podOf(template, { deadlineAt: now + 60_000 })
    expect(spec.containers[0]?.env?.at(-1)).toEqual({
      name: 'ARGO_DEADLINE',
      value: '2026-01-01T00:01:00Z',
    })
    expect(podOf(plain).spec.containers[0]?.env).toBeUndefined()
  })

  test('is the template, for what runs before the step', () => {
    const { initContainers } = podOf({ ...plain, initContainers: [{ name: 'before' }] }).spec
    const variable = initContainers?.[0]?.env?.find(({ name }) => name === 'ARGO_TEMPLATE')
    expect(JSON.parse(variable?.value ?? '')).toMatchObject({
      name: 't',
      container: plain.container,
    })
  })

  test('is not a template that no environment can hold', () => {
    const args = ['x'.repeat(200_000)]
    const template = { container: { name: '', args }, initContainers: [{ name: 'before' }] }
    const { initContainers } = podOf(template).spec
    expect(initContainers?.[0]?.env).toEqual([{ name: 'ARGO_TEMPLATE', value: 'offloaded' }])
  })
})

test('a pod without a token of its own needs an account for its executor', () => {
  const bare: Template = { ...plain, automountServiceAccountToken: false }
  expect(build(bare)).toEqual({
    problem:
      'executor.serviceAccountName must not be empty if automountServiceAccountToken is false',
  })
  const own = podOf({ ...bare, executor: { serviceAccountName: 'e' } })
  const common = podOf(bare, { spec: { executor: { serviceAccountName: 'e' } } })
  expect([own, common].map(({ spec }) => spec.automountServiceAccountToken)).toEqual([false, false])
})

test('a resource template acts as its executor, everything else as itself', () => {
  const accounts = { serviceAccountName: 'w', executor: { serviceAccountName: 'e' } }
  const accountOf = (template: Template) =>
    podOf({ ...template, ...accounts }).spec.serviceAccountName
  expect(accountOf(plain)).toBe('w')
  expect(accountOf({ name: 'r', resource: { action: 'get' } })).toBe('e')
})
