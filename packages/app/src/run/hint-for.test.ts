import type { NodeStatus, Workflow } from '@argosy/engine'
import { expect, test } from 'vitest'
import { hintFor } from './hint-for.ts'

const workflow = {
  apiVersion: 'argoproj.io/v1alpha1',
  kind: 'Workflow',
  metadata: { name: 'w' },
  spec: {
    templates: [
      { name: 'approve', suspend: {} },
      { name: 'pause', suspend: { duration: '5s' } },
    ],
  },
} as Workflow

const node = (more: Partial<NodeStatus>) => ({ id: 'w-1', name: 'w', ...more }) as NodeStatus
const suspended = (templateName: string) =>
  node({ type: 'Suspend', phase: 'Running', templateName })

test('a step that waits for approval is told to be for a server, one that only pauses is left', () => {
  expect(hintFor(suspended('approve'), workflow)).toContain('argosy resume')
  expect(hintFor(suspended('pause'), workflow)).toBeUndefined()
  expect(hintFor(suspended('elsewhere'), workflow)).toBeUndefined()
})

test('what a pod lacks is to be given beside the workflow', () => {
  const pending = (message: string) => node({ type: 'Pod', phase: 'Pending', message })
  const missing = 'CreateContainerConfigError: secret "key" not found'
  expect(hintFor(pending(missing), workflow)).toContain('waits for the Secret key: give a file')
  const claim = 'ContainerCreating: persistentvolumeclaim "work" not found'
  expect(hintFor(pending(claim), workflow)).toContain('the PersistentVolumeClaim work')
  expect(hintFor(pending('Unschedulable: Insufficient memory.'), workflow)).toBeUndefined()
  expect(
    hintFor(node({ type: 'Pod', phase: 'Failed', message: missing }), workflow),
  ).toBeUndefined()
})
