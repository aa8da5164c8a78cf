import { expect, test } from 'vitest'
import { advanceCron } from '../../packages/engine/src/cron/advance-cron.ts'
import type { CronWorkflow } from '../../packages/engine/src/spec/parse/parse-workflow.ts'
import type { Pod } from '../../packages/engine/src/spec/pod.ts'
import type { Workflow } from '../../packages/engine/src/spec/workflow.ts'
import { advance, load } from '../../packages/engine/src/workflow/advance.ts'
import { resolveInvocation } from '../../packages/engine/src/workflow/arguments.ts'
import { effectiveSpec } from '../../packages/engine/src/workflow/effective-spec.ts'
import { workflowExpiry } from '../../packages/engine/src/workflow/garbage.ts'
import { Locks } from '../../packages/engine/src/workflow/locks/locks.ts'
import { Scope } from '../../packages/engine/src/workflow/scope.ts'
import { played } from './played.ts'

// What implementers get wrong, one test for each point: those that are decided by functions alone.

const argo = (kind: string) => ({ apiVersion: 'argoproj.io/v1alpha1', kind })
const second = (text: string) => Date.parse(text) / 1000

test('7. a tag of steps that is not there yet makes its step wait, not fail; those of artifacts do not wait', () => {
  const asks = (value: string) =>
    resolveInvocation(
      { name: 'b', arguments: { parameters: [{ name: 'x', value }] } },
      new Scope(),
      'steps',
    )
  const later = '{{steps.a.outputs.parameters.v}}'
  expect(asks(later)).toEqual({ unresolved: ['steps.a.outputs.parameters.v'] })
  const artifact = '{{steps.a.outputs.artifacts.f}}'
  expect(asks(artifact)).toMatchObject({
    invocation: { arguments: { parameters: [{ value: artifact }] } },
  })
})

test('13. secondsAfterFailure means Failed and not Error, and nothing is deleted that is still to be archived', () => {
  const finishedAt = '2026-01-01T00:00:00Z'
  const expiry = (phase: 'Failed' | 'Error', archiving?: string) =>
    workflowExpiry({
      ...argo('Workflow'),
      metadata: {
        ...(archiving && {
          labels: { 'workflows.argoproj.io/workflow-archiving-status': archiving },
        }),
      },
      spec: { ttlStrategy: { secondsAfterFailure: 10, secondsAfterCompletion: 100 } },
      status: { phase, finishedAt },
    })
  const after = (seconds: number) => Date.parse(finishedAt) + seconds * 1000
  expect(expiry('Failed')).toBe(after(11))
  expect(expiry('Error')).toBe(after(101))
  expect(expiry('Failed', 'Pending')).toBe(undefined)
  expect(expiry('Failed', 'Archived')).toBe(after(11))
})

test('14. a run keeps the templates that it began with; a templateRef brings nothing but its template and podMetadata, and names mean those of its owner', () => {
  const frozen = { entrypoint: 'then' }
  const world = { template: () => undefined, configMap: () => undefined }
  const run: Workflow = {
    ...argo('Workflow'),
    metadata: { name: 'w' },
    spec: { workflowTemplateRef: { name: 'lib' } },
    status: { storedWorkflowTemplateSpec: frozen },
  }
  expect(effectiveSpec(run, world)).toMatchObject({ spec: frozen })

  const referred = played(`
stored:
  lib:
    serviceAccountName: theirs
    podMetadata: {labels: {from: lib}}
    T: {both: {steps: [[p one]]}, one: {container: {image: theirs}}}
main: {steps: [[{name: a, templateRef: {name: lib, template: both}}]]}
T: {one: {container: {image: mine}}}`)
  expect(referred.fact('[0].a[0].p', 'pod.spec.containers.0.image')).toBe('theirs')
  expect(referred.fact('[0].a[0].p', 'pod.spec.serviceAccountName')).toBe('none')
  const labels = JSON.parse(referred.fact('[0].a[0].p', 'pod.metadata.labels') ?? '')
  expect(labels).toMatchObject({ from: 'lib' })
})

const reported = 'workflows.argoproj.io/report-outputs-completed'

test('16. a pod that has ended ends its node only when its report is complete, or ten minutes later', () => {
  const workflow: Workflow = {
    ...argo('Workflow'),
    metadata: { name: 'w', namespace: 'default', uid: 'u' },
    spec: {
      entrypoint: 'main',
      templates: [
        {
          name: 'main',
          container: { name: 'main', image: 'i', command: ['c'] },
          outputs: { parameters: [{ name: 'v', valueFrom: { path: '/v' } }] },
        },
      ],
    },
  }
  const world = { template: () => undefined, configMap: () => undefined }
  const begin = Date.parse('2026-01-01T00:00:00Z')
  const begun = () => {
    const run = load({ workflow, pods: [], results: [], world })
    const pod = advance(run, [], begin).create[0] as Pod
    const state = { terminated: { exitCode: 0, reason: 'Completed' } }
    const status = { phase: 'Succeeded' as const, containerStatuses: [{ name: 'main', state }] }
    const first = advance(run, [{ kind: 'pod', pod: { ...pod, status } }], begin + 1000)
    return { run, first }
  }
  const report = (complete: string) => ({
    kind: 'result' as const,
    result: {
      ...argo('WorkflowTaskResult'),
      metadata: { name: 'w', labels: { [reported]: complete } },
      outputs: { parameters: [{ name: 'v', value: '1' }] },
    },
  })
  const { run, first } = begun()
  expect(first.done).toBe(false)
  expect(advance(run, [report('false')], begin + 2000).done).toBe(false)
  expect(advance(run, [report('true')], begin + 3000).done).toBe(true)

  const silent = begun()
  expect(silent.first.wakeAt).toBe(begin + 1000 + 600_000)
  expect(advance(silent.run, [], begin + 1000 + 600_000).done).toBe(true)
})

const cronOf = (spec: Partial<CronWorkflow['spec']>, status = {}): CronWorkflow => ({
  ...argo('CronWorkflow'),
  metadata: {
    name: 'c',
    namespace: 'n',
    uid: 'u',
    creationTimestamp: '2026-01-01T00:30:00Z',
    labels: { mine: 'label' },
    annotations: { mine: 'note', 'cronworkflows.argoproj.io/last-used-schedule': '0 * * * *' },
  },
  spec: { schedules: ['0 * * * *'], workflowSpec: { entrypoint: 'e' }, ...spec },
  status,
})

function tick(cron: CronWorkflow, since: string | undefined, now: string) {
  const handledUntil = since === undefined ? undefined : Date.parse(since)
  const memory = handledUntil === undefined ? {} : { memory: { handledUntil, triedUntil: 0 } }
  return advanceCron({ cron, workflows: [], problems: [], ...memory }, Date.parse(now))
}

test('18. runs of a schedule are named by their second, missed ones need a deadline and the same schedule, stopStrategy stops for good, and annotations are the labels', () => {
  const [ten, eleven] = ['2026-01-01T10:30:00Z', '2026-01-01T11:00:00Z']
  const names = (decision: ReturnType<typeof tick>) =>
    decision.create.map(({ metadata }) => metadata.name)
  const name = `c-${second(eleven)}`
  // Two schedules that mean one second make one run.
  const twice = cronOf({ schedules: ['0 * * * *', '0 11 * * *'] })
  expect(names(tick(twice, ten, eleven))).toEqual([name])

  const missed = (spec: Partial<CronWorkflow['spec']>) => {
    const status = { lastScheduledTime: '2026-01-01T10:00:00Z' }
    return names(tick(cronOf(spec, status), undefined, '2026-01-01T11:00:20Z'))
  }
  expect(missed({})).toEqual([])
  expect(missed({ startingDeadlineSeconds: 60 })).toEqual([name])
  expect(missed({ startingDeadlineSeconds: 60, schedules: ['0 11 * * *'] })).toEqual([])

  const stopped = cronOf(
    { stopStrategy: { expression: 'cronworkflow.failed >= 99' } },
    { phase: 'Stopped', failed: 1 },
  )
  expect(names(tick(stopped, ten, eleven))).toEqual([])

  const noted = cronOf({ stopStrategy: { expression: "cronworkflow.annotations.mine == 'label'" } })
  expect(tick(noted, ten, eleven).patch).toMatchObject({ status: { phase: 'Stopped' } })
})

test('28. locks are taken all or none, by priority and then age; who waits is Pending; holders outlive a lowered limit', () => {
  const locks = new Locks()
  const ask = (holder: string, names: readonly string[], priority = 0) =>
    locks.ask({
      holder,
      locks: names.map((one) => ({ name: `ns/ConfigMap/cm/${one}`, limit: 1 })),
      priority,
      createdAt: '2026-01-01T00:00:00Z',
      order: [],
    }).kind
  expect(ask('ns/a', ['x'])).toBe('granted')
  expect(ask('ns/b', ['y', 'x'])).toBe('waiting')
  expect(locks.holdersOf('ns/ConfigMap/cm/y')).toEqual([])
  ask('ns/c', ['x'])
  ask('ns/d', ['x'], 5)
  expect(locks.lineOf('ns/ConfigMap/cm/x')).toEqual(['ns/d', 'ns/b', 'ns/c'])
  locks.setLimit('ns/ConfigMap/cm/x', 0)
  expect(locks.holdersOf('ns/ConfigMap/cm/x')).toEqual(['ns/a'])

  const node = played(`
main: {steps: [[a locked, b locked]]}
T: {locked: {synchronization: {mutexes: [{name: m}]}, container: {image: i}}}
--
'[0].a': {never: true}
events: ['[0].b Pending: terminate']`)
  const first = node.play.decisions[0]?.ops.find((op) => JSON.stringify(op).includes('"w[0].b"'))
  expect(first).toMatchObject({
    value: { phase: 'Pending', message: 'Waiting for default/Mutex/m lock. Lock status: 0/1' },
  })
})

test('29. the workflow goes before its template, that before the defaults, lists by their keys; suspend is the word of the workflow', () => {
  const world = {
    template: () => ({
      ...argo('WorkflowTemplate'),
      metadata: { name: 'lib' },
      spec: {
        suspend: true,
        serviceAccountName: 'template',
        arguments: {
          parameters: [
            { name: 'p', value: 'template' },
            { name: 'q', value: 'template' },
          ],
        },
      },
    }),
    configMap: () => undefined,
  }
  const workflow: Workflow = {
    ...argo('Workflow'),
    metadata: { name: 'w' },
    spec: {
      workflowTemplateRef: { name: 'lib' },
      arguments: { parameters: [{ name: 'p', value: 'workflow' }] },
    },
  }
  const defaults = { serviceAccountName: 'defaults', priority: 3 }
  const merged = effectiveSpec(workflow, world, defaults)
  if ('problem' in merged) throw new Error(merged.problem)
  expect(merged.spec).toMatchObject({ serviceAccountName: 'template', priority: 3 })
  const { parameters = [] } = merged.spec.arguments ?? {}
  expect(Object.fromEntries(parameters.map(({ name, value }) => [name, value]))).toEqual({
    p: 'workflow',
    q: 'template',
  })
  expect(merged.spec.suspend).toBe(undefined)
})
