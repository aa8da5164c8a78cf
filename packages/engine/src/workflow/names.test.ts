import { expect, test } from 'vitest'
import { displayName, fnv1a32, invocationName, nodeId, podName } from './names.ts'

test.each([
  ['agent', 1340600742],
  ['wf', 1497869040],
  ['wf[0].step-1', 3950035720],
  ['wf.task(0:a b)', 59375567],
  ['wf.hé😀', 1694267515],
  ['', 2166136261],
])('FNV-1a of %j', (text, hash) => {
  expect(fnv1a32(text)).toBe(hash)
})

test('a node id is the workflow name for the root, else the name with the hash of the node name', () => {
  expect(nodeId('wf', 'wf')).toBe('wf')
  expect(nodeId('wf', 'wf[0].step-1')).toBe('wf-3950035720')
})

test('a pod is named after workflow, template and node', () => {
  expect(podName('wf', 'wf', 'main')).toBe('wf')
  expect(podName('wf', 'wf[0].step-1', 'main')).toBe('wf-main-3950035720')
  expect(podName('wf', 'wf[0].step-1')).toBe('wf-3950035720')
  expect(podName('wf', 'wf[0].step-1', '')).toBe('wf-3950035720')
})

test('a pod name fits into 253 characters', () => {
  const name = podName('w'.repeat(200), 'w'.repeat(200) + '.x', 't'.repeat(100))
  expect(name.lastIndexOf('-')).toBe(242)
  expect(name.length).toBeLessThanOrEqual(253)
})

test.each([
  ['wf', undefined, 'wf'],
  ['wf[0].a', 'wf', 'a'],
  ['wf[0]', 'wf', '[0]'],
  ['wf.task', 'wf', 'task'],
  ['wf.task(0:x)', 'wf', 'task(0:x)'],
  ['wf[0].a(1)', 'wf[0].a', '(1)'],
  ['other', 'wf', 'other'],
])('%s within %s is shown as %s', (name, boundary, shown) => {
  expect(displayName(name, boundary)).toBe(shown)
})

test.each([
  ['wf[0].gen', 'gen'],
  ['wf.fan(0:1)(0)[0]', 'fan'],
  ['wf[1].step(2:a.b)', 'step'],
  ['wf', 'wf'],
])('%s was invoked as %s', (name, invoked) => {
  expect(invocationName(name)).toBe(invoked)
})
