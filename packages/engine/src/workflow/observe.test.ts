import { describe, expect, test } from 'vitest'
import type { ContainerState, Pod, PodStatus } from '../spec/pod.ts'
import type { WorkflowTaskResult } from '../spec/status.ts'
import { observePod } from './observe.ts'
import { milliQuantity } from './observe-quantity.ts'

const now = Date.parse('2026-01-01T00:01:00Z')

function pod(status: PodStatus, spec: Partial<Pod['spec']> = {}): Pod {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'p', namespace: 'ns' },
    spec: { nodeName: 'node-1', containers: [{ name: 'main' }], ...spec },
    status,
  }
}

function ended(exitCode: number, more: object = {}): ContainerState {
  return {
    terminated: {
      exitCode,
      reason: exitCode === 0 ? 'Completed' : 'Error',
      startedAt: '2026-01-01T00:00:00Z',
      finishedAt: '2026-01-01T00:00:10Z',
      ...more,
    },
  }
}

function result(more: Partial<WorkflowTaskResult> = {}): WorkflowTaskResult {
  const labels = { 'workflows.argoproj.io/report-outputs-completed': 'true' }
  return { apiVersion: '', kind: '', metadata: { name: 'n', labels }, ...more }
}

function observe(
  status: PodStatus,
  more: { expectsResult?: boolean; daemon?: boolean; result?: WorkflowTaskResult } = {},
) {
  const options = { expectsResult: false, daemon: false, now, ...more }
  return observePod(pod(status), more.result, options)
}

const main = (state: ContainerState, ready = false) => [{ name: 'main', state, ready }]

describe('progress', () => {
  const annotated = (progress: string): Pod => {
    const bare = pod({ phase: 'Running' })
    const annotations = { 'workflows.argoproj.io/progress': progress }
    return { ...bare, metadata: { ...bare.metadata, annotations } }
  }
  const options = { expectsResult: false, daemon: false, now }

  test('is what the step has reported, before what its pod was created with', () => {
    expect(observePod(annotated('0/50'), undefined, options).progress).toBe('0/50')
    expect(observePod(annotated('0/50'), result({ progress: '7/9' }), options).progress).toBe('7/9')
  })

  test('is none when what is said makes no sense', () => {
    expect(observePod(annotated('much'), result({ progress: '3/2' }), options).progress).toBe(
      undefined,
    )
  })
})

describe('while it waits and runs', () => {
  test.each<[PodStatus, string | undefined]>([
    [{ phase: 'Pending' }, undefined],
    [{}, undefined],
    [
      { phase: 'Pending', containerStatuses: main({ waiting: { reason: 'ContainerCreating' } }) },
      'ContainerCreating',
    ],
    [
      {
        phase: 'Pending',
        containerStatuses: main({ waiting: { reason: 'ErrImagePull', message: 'no such image' } }),
      },
      'ErrImagePull: no such image',
    ],
    [
      {
        phase: 'Pending',
        conditions: [
          { type: 'PodScheduled', status: 'False', reason: 'Unschedulable', message: '0/1 nodes' },
        ],
      },
      'Unschedulable: 0/1 nodes',
    ],
  ])('%j is pending', (status, message) => {
    const seen = observe(status)
    expect(seen.phase).toBe('Pending')
    expect(seen.message).toBe(message)
  })

  test('a running pod runs on its node', () => {
    expect(observe({ phase: 'Running' })).toEqual({ phase: 'Running', hostNodeName: 'node-1' })
  })

  test('a daemon runs once everything in it is ready', () => {
    const running = { running: { startedAt: '2026-01-01T00:00:00Z' } }
    const status: PodStatus = { phase: 'Running', podIP: '1.2.3.4' }
    expect(
      observe({ ...status, containerStatuses: main(running) }, { daemon: true }),
    ).not.toHaveProperty('daemoned')
    expect(
      observe({ ...status, containerStatuses: main(running, true) }, { daemon: true }),
    ).toMatchObject({ phase: 'Running', daemoned: true, podIP: '1.2.3.4' })
  })

  test('a phase that nobody knows is an error', () => {
    expect(observe({ phase: 'Unknown' })).toMatchObject({
      phase: 'Error',
      message: 'Unexpected pod phase for p: Unknown',
    })
  })
})

describe('when it has succeeded', () => {
  const status: PodStatus = { phase: 'Succeeded', containerStatuses: main(ended(0)) }

  test('everything about it is known', () => {
    expect(observe(status)).toEqual({
      phase: 'Succeeded',
      hostNodeName: 'node-1',
      outputs: { exitCode: '0' },
      finishedAt: '2026-01-01T00:00:10Z',
      resourcesDuration: { cpu: 1, memory: 10 },
    })
  })

  test('a daemon should not have', () => {
    expect(observe(status, { daemon: true })).toMatchObject({ phase: 'Failed' })
  })

  test('it still runs while its report is missing', () => {
    expect(observe(status, { expectsResult: true })).toMatchObject({ phase: 'Running' })
    const begun = { ...result(), metadata: { name: 'n' } }
    expect(observe(status, { expectsResult: true, result: begun })).toMatchObject({
      phase: 'Running',
    })
  })

  test('the report brings its outputs', () => {
    const outputs = { result: 'hi', parameters: [{ name: 'p', value: 'v' }] }
    expect(observe(status, { expectsResult: true, result: result({ outputs }) })).toMatchObject({
      phase: 'Succeeded',
      outputs: { ...outputs, exitCode: '0' },
    })
  })

  test('the report may say that its outputs could not be saved', () => {
    const bad = result({ phase: 'Error', message: 'no such file' })
    expect(observe(status, { expectsResult: true, result: bad })).toMatchObject({
      phase: 'Error',
      message: 'no such file',
    })
  })
})

describe('when it has failed', () => {
  const failed = (status: Partial<PodStatus>) => observe({ phase: 'Failed', ...status })

  test.each<[string, Partial<PodStatus>, string, string]>([
    [
      'the pod speaks first',
      { message: 'evicted', containerStatuses: main(ended(1)) },
      'Failed',
      'evicted',
    ],
    ['main', { containerStatuses: main(ended(2)) }, 'Failed', 'main: Error (exit code 2)'],
    [
      'main, with its last words',
      { containerStatuses: main(ended(137, { reason: 'OOMKilled', message: 'oh' })) },
      'Failed',
      'main: OOMKilled (exit code 137): oh',
    ],
    [
      'init before main',
      {
        initContainerStatuses: [{ name: 'init', state: ended(1, { message: 'no artifact' }) }],
        containerStatuses: main(ended(1)),
      },
      'Error',
      'init: Error (exit code 1): no artifact',
    ],
    [
      'main before wait and sidecars',
      {
        containerStatuses: [
          { name: 'side', state: ended(3) },
          { name: 'wait', state: ended(1) },
          { name: 'main', state: ended(2) },
        ],
      },
      'Failed',
      'main: Error (exit code 2)',
    ],
    [
      'wait',
      {
        containerStatuses: [
          { name: 'wait', state: ended(1, { message: 'cannot save' }) },
          { name: 'main', state: ended(0) },
        ],
      },
      'Error',
      'wait: Error (exit code 1): cannot save',
    ],
    [
      'a sidecar',
      { containerStatuses: [{ name: 'side', state: ended(3) }, ...main(ended(0))] },
      'Failed',
      'side: Error (exit code 3)',
    ],
    [
      'a container that never began',
      { containerStatuses: main({ waiting: { reason: 'CrashLoop', message: 'why' } }) },
      'Error',
      'Pod failed before main container starts due to CrashLoop: why',
    ],
    ['nobody', {}, 'Failed', "can't find failed message for pod p namespace ns"],
    [
      'nobody, with containers',
      { containerStatuses: main({}) },
      'Failed',
      'pod failed: neither main nor wait container completed successfully',
    ],
  ])('%s is to blame', (_, status, phase, message) => {
    expect(failed(status)).toMatchObject({ phase, message })
  })

  test('a sidecar that was killed did nothing wrong', () => {
    for (const code of [137, 143]) {
      const containerStatuses = [{ name: 'side', state: ended(code) }, ...main(ended(0))]
      expect(failed({ containerStatuses })).toMatchObject({ phase: 'Succeeded' })
    }
  })

  test('the exit code is an output all the same', () => {
    expect(failed({ containerStatuses: main(ended(3)) })).toMatchObject({
      outputs: { exitCode: '3' },
    })
  })

  test('what the report says of outputs does not hide that the command failed', () => {
    const status: PodStatus = { phase: 'Failed', containerStatuses: main(ended(2)) }
    const bad = result({ phase: 'Error', message: 'no output file' })
    expect(observe(status, { expectsResult: true, result: bad })).toMatchObject({
      phase: 'Failed',
      message: 'main: Error (exit code 2)',
    })
    expect(observe(status, { expectsResult: true })).toMatchObject({ phase: 'Running' })
  })

  test('a pod that ended by force owes no report', () => {
    const status: PodStatus = {
      phase: 'Failed',
      reason: 'DeadlineExceeded',
      message: 'Pod was active on the node longer than the specified deadline',
      containerStatuses: main(ended(137)),
    }
    expect(observe(status, { expectsResult: true })).toMatchObject({
      phase: 'Failed',
      message: status.message,
    })
  })
})

test('a program that is not there is told as the emissary tells it', () => {
  const why = 'exec: "/x": stat /x: no such file or directory'
  const state = ended(128, { reason: 'StartError', message: why })
  const seen = observe({ phase: 'Failed', containerStatuses: [{ name: 'main', state }] })
  expect(seen).toMatchObject({
    phase: 'Failed',
    message: `main: Error (exit code 64): failed to find name in PATH: ${why}`,
    outputs: { exitCode: '64' },
  })
})

test('a pod without containers ended when it was seen', () => {
  expect(observe({ phase: 'Failed' }).finishedAt).toBe('2026-01-01T00:01:00Z')
})

test('resources count requests, else limits, for the seconds that a container ran', () => {
  const resources = { requests: { cpu: '2', 'nvidia.com/gpu': '1' }, limits: { memory: '1Gi' } }
  const containers = [{ name: 'main', resources }, { name: 'side' }]
  const statuses = [...main(ended(0)), { name: 'side', state: ended(0) }]
  const seen = observePod(
    pod({ phase: 'Succeeded', containerStatuses: statuses }, { containers }),
    undefined,
    { expectsResult: false, daemon: false, now },
  )
  expect(seen.resourcesDuration).toEqual({ cpu: 21, memory: 112, 'nvidia.com/gpu': 10 })
})

test.each([
  ['100m', 100],
  ['1', 1000],
  ['1.5', 1500],
  ['0.0001', 1],
  ['1Ki', 1024000],
  ['2e3', 2000000],
  ['5M', 5e9],
  [3, 3000],
  ['x', undefined],
  ['1kk', undefined],
])('the quantity %s', (text, milli) => {
  expect(milliQuantity(text)).toBe(milli)
})
