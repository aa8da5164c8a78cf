import { expect, test } from 'vitest'
import { aPod } from './fixture.ts'
import { hostsOf, sharesNetwork } from './pod-network.ts'

const main = { name: 'main', image: 'busybox' }
const other = { name: 'other', image: 'busybox' }
const ownAddress = { name: 'IP', valueFrom: { fieldRef: { fieldPath: 'status.podIP' } } }

test.each([
  ['one container that runs once has a network of its own', {}, false],
  ['two containers share one', { containers: [main, other] }, true],
  ['so do an init container and its main one', { initContainers: [other] }, true],
  ['one that is started again keeps its address', { restartPolicy: 'Always' as const }, true],
  [
    'who asks for its address has to have it first',
    { containers: [{ ...main, env: [ownAddress] }] },
    true,
  ],
  ['the machine’s network needs nothing', { hostNetwork: true, containers: [main, other] }, false],
  [
    'our own programs are in no network',
    { containers: [{ name: 'main', image: 'argosy' }] },
    false,
  ],
  ['nor do they make one necessary', { containers: [main, { name: 'x', image: 'argosy' }] }, false],
])('%s', (_, spec, want) => {
  expect(sharesNetwork(aPod('p', spec))).toBe(want)
})

test('hostAliases are told by name', () => {
  const hostAliases = [{ ip: '10.0.0.1', hostnames: ['a', 'b'] }, { ip: '10.0.0.2' }]
  expect(hostsOf(aPod('p', { hostAliases }))).toEqual(['a:10.0.0.1', 'b:10.0.0.1'])
})
