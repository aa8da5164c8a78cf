import type { NodeStatus, Pod, Workflow } from '@argosy/engine'
import { describe, expect, it } from 'vitest'
import { debugPod, planKey, stepToDebug } from './debug-pod.ts'

const plan = {
  nodeId: 'r-1',
  template: {
    name: 'use',
    inputs: { artifacts: [{ name: 'in', path: '/in', raw: { data: 'x' } }] },
    outputs: { parameters: [{ name: 'out', valueFrom: { path: '/out' } }] },
  },
  includeResult: true,
  deadline: '2026-01-01T00:00:00Z',
}
const step: Pod = {
  ...{ apiVersion: 'v1', kind: 'Pod' },
  metadata: {
    ...{ name: 'r-use-1', namespace: 'argo', uid: 'u', finalizers: ['x/y'] },
    labels: { 'workflows.argoproj.io/workflow': 'r' },
    annotations: { [planKey]: JSON.stringify(plan), 'workflows.argoproj.io/node-id': 'r-1' },
    ownerReferences: [{ apiVersion: 'v1', kind: 'Workflow', name: 'r', uid: 'w' }],
  },
  spec: {
    ...{ nodeName: 'here', restartPolicy: 'OnFailure', activeDeadlineSeconds: 5 },
    volumes: [{ name: 'v', emptyDir: {} }],
    containers: [
      {
        ...{ name: 'main', image: 'busybox', command: ['make'], args: ['all'] },
        env: [
          { name: 'A', value: 'b' },
          { name: 'ARGO_DEBUG_PAUSE_AFTER', value: 'true' },
        ],
        volumeMounts: [{ name: 'v', mountPath: '/v' }],
        livenessProbe: { exec: { command: ['false'] } },
      },
      { name: 'db', image: 'postgres' },
    ],
  },
}
const choice = { container: 'main', tty: true }

describe('the copy of a step', () => {
  it('has its image, variables, volumes and sidecars, and a shell instead of its program', () => {
    const { spec } = debugPod(step, choice)
    const [main, sidecar] = spec.containers
    expect(main).toEqual({
      ...{
        name: 'main',
        image: 'busybox',
        command: ['sh', '-c', expect.stringContaining('exec sh')],
      },
      ...{ stdin: true, stdinOnce: true, tty: true },
      env: [{ name: 'A', value: 'b' }],
      volumeMounts: [{ name: 'v', mountPath: '/v' }],
    })
    expect(sidecar?.name).toBe('db')
    expect(spec).toMatchObject({ restartPolicy: 'Never', activeDeadlineSeconds: 43_200 })
    expect(spec).not.toHaveProperty('nodeName')
    expect(spec.volumes).toEqual(step.spec.volumes)
  })

  it('is nothing that its workflow would take for its own', () => {
    const { metadata } = debugPod(step, choice)
    expect(metadata).toEqual({
      ...{ generateName: 'r-use-1-debug-', namespace: 'argo' },
      labels: { 'app.kubernetes.io/managed-by': 'argosy-debug' },
      annotations: { [planKey]: expect.any(String) },
    })
  })

  it('gets the inputs, and has no outputs, result or deadline', () => {
    const text = debugPod(step, choice).metadata.annotations?.[planKey] ?? ''
    expect(JSON.parse(text)).toEqual({
      ...{ nodeId: 'r-1', includeResult: false, isCopy: true },
      template: { name: 'use', inputs: plan.template.inputs },
    })
  })

  it('runs one command, of another image, and reads nothing then', () => {
    const one = { ...choice, command: 'ls', image: 'alpine' }
    const [main] = debugPod(step, one).spec.containers
    expect(main).toMatchObject({ image: 'alpine', command: ['sh', '-c', 'ls'] })
    expect(main).not.toHaveProperty('stdin')
  })

  it('of a container set is one of its containers alone', () => {
    const template = { ...plan.template, containerSet: { containers: [{ name: 'main' }] } }
    const annotations = { [planKey]: JSON.stringify({ ...plan, template }) }
    const pod = { ...step, metadata: { ...step.metadata, annotations } }
    expect(debugPod(pod, choice).spec.containers.map(({ name }) => name)).toEqual(['main'])
  })

  it('cannot be made of what is not there, or has no files', () => {
    expect(() => debugPod(step, { ...choice, container: 'x' })).toThrow('one of main, db')
    const containers = [{ name: 'main', image: 'argosy' }]
    const own = { ...step, spec: { ...step.spec, containers } }
    expect(() => debugPod(own, choice)).toThrow('played by the server itself')
  })
})

describe('the step that is meant', () => {
  const node = (name: string, phase: NodeStatus['phase'], finishedAt: string, type = 'Pod') =>
    ({
      id: `r-${name}`,
      name: `r.${name}`,
      displayName: name,
      type,
      phase,
      finishedAt,
    }) as NodeStatus
  const nodes = [
    node('a', 'Failed', '1'),
    node('b(0)', 'Failed', '2'),
    node('b(1)', 'Succeeded', '3'),
    node('b', 'Failed', '3', 'Retry'),
  ]
  const run = {
    metadata: { name: 'r' },
    status: { nodes: Object.fromEntries(nodes.map((one) => [one.id, one])) },
  } as unknown as Workflow

  it.each([
    ['the one that failed last', undefined, 'b(0)'],
    ['by its name', 'a', 'a'],
    ['by its full name', 'r.a', 'a'],
    ['by its id', 'r-b(0)', 'b(0)'],
    ['the last attempt of one that is retried', 'b', 'b(1)'],
  ])('%s', (_, wanted, found) => {
    expect(stepToDebug(run, wanted).displayName).toBe(found)
  })

  it('is none: then there is a choice', () => {
    expect(() => stepToDebug(run, 'x')).toThrow(
      'workflow r has no step x: name one of a, b(0), b(1)',
    )
  })
})
