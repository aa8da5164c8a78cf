import { expect, test } from 'vitest'
import type { Workflow } from '../../spec/workflow.ts'
import { Play } from '../testing/play.ts'

test('a key that is not there is an empty one, and an error', () => {
  const memoize = { cache: { configMap: { name: 'c' } } }
  const workflow: Workflow = {
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'Workflow',
    metadata: { name: 'w' },
    spec: {
      entrypoint: 'main',
      templates: [{ name: 'main', memoize, container: { name: 'main', image: 'i' } }],
    },
  }
  const { status } = new Play(workflow, { outcome: () => ({}) }).run().workflow
  expect(status?.phase).toBe('Error')
  expect(status?.message).toBe('error in entry template execution: invalid cache key: ')
})
