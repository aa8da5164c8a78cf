import type { Pod } from '@argosy/engine'
import { expect, test } from 'vitest'
import { podRequests } from './requests.ts'

const wants = (cpu: string, more: object = {}) => ({
  ...{ name: cpu, image: 'i', resources: { requests: { cpu } } },
  ...more,
})
const requests = (spec: Partial<Pod['spec']>) =>
  podRequests({ apiVersion: 'v1', kind: 'Pod', metadata: {}, spec: { containers: [], ...spec } })

test.each([
  ['a pod that asks for nothing', { containers: [{ name: 'main' }] }, undefined],
  ['the sum of the containers', { containers: [wants('1'), wants('500m')] }, 1500],
  ['the biggest init container', { initContainers: [wants('2'), wants('3')] }, 3000],
  [
    'sidecars count beside the containers, and beside the init containers after them',
    {
      initContainers: [wants('1', { restartPolicy: 'Always' }), wants('3')],
      containers: [wants('2')],
    },
    4000,
  ],
  [
    'an init container that ends before a sidecar begins is not beside it',
    {
      initContainers: [wants('3'), wants('1', { restartPolicy: 'Always' })],
      containers: [wants('1')],
    },
    3000,
  ],
])('%s', (_, spec, cpu) => {
  expect(requests(spec)).toEqual(cpu === undefined ? {} : { cpu })
})
