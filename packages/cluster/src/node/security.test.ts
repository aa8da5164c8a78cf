import type { JsonObject, Pod } from '@argosy/engine'
import { expect, test } from 'vitest'
import { aPod } from './fixture.ts'
import { imageSecurity } from './security.ts'

function rights(ofPod: JsonObject, ofContainer: JsonObject, imageUser = '') {
  const pod: Pod = aPod('p', { securityContext: ofPod })
  const container = { name: 'main', securityContext: ofContainer }
  return imageSecurity(pod, container, imageUser)
}

test.each([
  [{}, {}, 'www:www', undefined],
  [{ runAsUser: 5 }, {}, 'www', '5'],
  [{ runAsUser: 5 }, { runAsUser: 6, runAsGroup: 7 }, 'www', '6:7'],
  [{ runAsGroup: 7 }, {}, 'www:www', 'www:7'],
  [{ runAsGroup: 7 }, {}, '', '0:7'],
])('who it runs as: pod %j, container %j, image %j', (pod, container, image, want) => {
  expect(rights(pod, container, image).user).toBe(want)
})

test.each([
  [{ runAsUser: 0 }, 'www', "container's runAsUser breaks non-root policy"],
  [{}, '', 'container has runAsNonRoot and image will run as root'],
  [{}, '0:0', 'container has runAsNonRoot and image will run as root'],
  [
    {},
    'www',
    'container has runAsNonRoot and image has non-numeric user (www), cannot verify user is non-root',
  ],
])('runAsNonRoot refuses root, and what may be root: %j in image %j', (more, image, want) => {
  expect(() => rights({ runAsNonRoot: true, ...more }, {}, image)).toThrow(want)
})

test('runAsNonRoot is content with a number', () => {
  expect(rights({ runAsNonRoot: true }, {}, '1000:1000').user).toBeUndefined()
  expect(rights({ runAsNonRoot: true, runAsUser: 9 }, {}).user).toBe('9')
})

test('rights of a container, groups of a pod', () => {
  const safety = {
    ...{ readOnlyRootFilesystem: true, privileged: true, allowPrivilegeEscalation: false },
    capabilities: { add: ['NET_ADMIN'], drop: ['ALL'] },
    seccompProfile: { type: 'Unconfined' },
    appArmorProfile: { type: 'RuntimeDefault' },
  }
  expect(rights({ fsGroup: 3, supplementalGroups: [2, 3] }, safety)).toEqual({
    ...{ groups: ['2', '3'], readOnlyRoot: true, privileged: true, mayGainPrivileges: false },
    ...{ addCapabilities: ['NET_ADMIN'], dropCapabilities: ['ALL'], unconfined: ['seccomp'] },
  })
})
