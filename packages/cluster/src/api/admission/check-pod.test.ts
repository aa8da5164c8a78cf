import type { KubeObject } from '@argosy/engine'
import { expect, test } from 'vitest'
import { checkPod } from './check-pod.ts'

const main = { name: 'main', image: 'busybox' }
const pod = (...containers: readonly object[]) =>
  ({
    ...{ apiVersion: 'v1', kind: 'Pod', metadata: { name: 'p', namespace: 'default' } },
    spec: { containers },
  }) as unknown as KubeObject

test('a pod that is well stays as it is, without defaults', () => {
  const good = pod(main)
  expect(checkPod(good)).toBe(good)
})

test('names of containers that lead out of their folder, or meet, are no names', () => {
  const words = (...names: readonly string[]) =>
    expect(() => checkPod(pod(main, ...names.map((name) => ({ ...main, name })))))
  words('../../x').toThrow('Pod "p" is invalid: spec.containers[1].name: Invalid value: "../../x"')
  words('a.b').toThrow('spec.containers[1].name: Invalid value: "a.b"')
  words('main').toThrow('spec.containers[1].name: Duplicate value: "main"')
})
