import type { Workflow } from '@argosy/engine'
import { expect, test } from 'vitest'
import { asNew, hasRun } from './as-new.ts'

const spec = { entrypoint: 'main' }
const written: Workflow = {
  apiVersion: 'argoproj.io/v1alpha1',
  kind: 'Workflow',
  metadata: { name: 'a', labels: { team: 'x' }, annotations: { b: 'c' } },
  spec,
}

test('of a workflow that a server has handed out is left what was written', () => {
  const ended: Workflow = {
    ...written,
    metadata: {
      ...written.metadata,
      ...{
        uid: 'u',
        resourceVersion: '7',
        generation: 2,
        creationTimestamp: '2026-01-02T03:04:05Z',
      },
      labels: {
        team: 'x',
        'workflows.argoproj.io/completed': 'true',
        'workflows.argoproj.io/phase': 'Succeeded',
      },
    },
    status: { phase: 'Succeeded' },
  }
  expect(hasRun(ended)).toBe(true)
  expect(asNew(ended)).toEqual(written)
})

test('what was never run stays as it is', () => {
  expect(hasRun({ ...written, status: {} })).toBe(false)
  expect(asNew(written)).toEqual(written)
})
