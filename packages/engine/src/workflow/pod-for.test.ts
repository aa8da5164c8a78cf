import { describe, expect, test } from 'vitest'
import type { Pod } from '../spec/pod.ts'
import type { StepPlan } from '../spec/status.ts'
import type { Template, WorkflowSpec } from '../spec/workflow.ts'
import * as fixture from './pod-for.fixture.ts'
import { capturesResult, needsExecutor, type PodInput } from './pod-for.ts'
import { Scope } from './scope.ts'

const globals = new Scope()
globals.set('workflow.name', 'wf')
globals.set('workflow.parameters.claim', 'data')

const { now, plain } = fixture

const podOf = (template: Template, spec: WorkflowSpec = {}, more: Partial<PodInput> = {}): Pod =>
  fixture.podOf(template, { spec, globals, ...more })

const build = (template: Template, spec: WorkflowSpec = {}, more: Partial<PodInput> = {}) =>
  fixture.build(template, { spec, globals, ...more })

function planOf(pod: Pod): StepPlan | undefined {
  const text = pod.metadata.annotations?.['workflows.argoproj.io/template']
  return text === undefined ? undefined : JSON.parse(text)
}

test('a plain container makes a small pod', () => {
  expect(podOf(plain)).toEqual({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name: 'wf-t-1',
      namespace: 'ns',
      labels: {
        'workflows.argoproj.io/workflow': 'wf',
        'workflows.argoproj.io/completed': 'false',
      },
      annotations: {
        'workflows.argoproj.io/node-id': 'wf-1',
        'workflows.argoproj.io/node-name': 'wf[0].a',
        'kubectl.kubernetes.io/default-container': 'main',
      },
      ownerReferences: [
        {
          apiVersion: 'argoproj.io/v1alpha1',
          kind: 'Workflow',
          name: 'wf',
          uid: 'u-1',
          controller: true,
          blockOwnerDeletion: true,
        },
      ],
    },
    spec: {
      restartPolicy: 'Never',
      containers: [{ name: 'main', image: 'alpine', command: ['true'] }],
    },
  })
})

test('what user and template say of metadata wins, the template last', () => {
  const { metadata } = podOf(
    { ...plain, metadata: { labels: { a: 't' }, annotations: { c: 't' } } },
    { podMetadata: { labels: { a: 'w', b: 'w' } } },
    {
      onExit: true,
      workflow: {
        ...{ apiVersion: 'argoproj.io/v1alpha1', kind: 'Workflow', spec: {} },
        metadata: { name: 'wf', labels: { 'workflows.argoproj.io/controller-instanceid': 'i' } },
      },
    },
  )
  expect(metadata.labels).toMatchObject({
    a: 't',
    b: 'w',
    'workflows.argoproj.io/on-exit': 'true',
    'workflows.argoproj.io/controller-instanceid': 'i',
  })
  expect(metadata.annotations).toMatchObject({ c: 't' })
})

test('a script is written by the executor and is the last argument', () => {
  const pod = podOf({
    script: { name: '', image: 'py', command: ['python'], args: ['-u'], source: 'print(1)' },
  })
  expect(pod.spec.containers).toEqual([
    { name: 'main', image: 'py', command: ['python'], args: ['-u', '/argo/staging/script'] },
  ])
  expect(planOf(pod)).toEqual({
    nodeId: 'wf-1',
    template: { name: 't', script: { name: 'main', source: 'print(1)' } },
    archiveLocation: { disk: { key: 'wf/wf-t-1' } },
    includeResult: false,
  })
})

describe('the plan', () => {
  test('is there only when there is something to do', () => {
    expect(planOf(podOf(plain))).toBeUndefined()
    expect(planOf(podOf(plain, {}, { includeResult: true }))).toMatchObject({ includeResult: true })
    expect(planOf(podOf(plain, { archiveLogs: true }))).toMatchObject({
      archiveLocation: { archiveLogs: true, disk: { key: 'wf/wf-t-1' } },
    })
  })

  test('has what the executor needs of inputs and outputs', () => {
    const outputs = {
      parameters: [{ name: 'p', valueFrom: { path: '/p' } }],
      artifacts: [{ name: 'out', path: '/out' }],
    }
    const artifacts = [{ name: 'in', path: '/in', raw: { data: 'x' } }]
    const inputs = { parameters: [{ name: 'big', value: 'x'.repeat(1000) }], artifacts }
    const plan = planOf(podOf({ ...plain, inputs, outputs }, {}, { deadlineAt: now + 60_000 }))
    expect(plan).toEqual({
      nodeId: 'wf-1',
      template: { name: 't', container: { name: 'main' }, inputs: { artifacts }, outputs },
      archiveLocation: { disk: { key: 'wf/wf-t-1' } },
      includeResult: false,
      deadline: '2026-01-01T00:01:00Z',
    })
  })

  test('puts artifacts that have only a key into the repository', () => {
    const repository = { s3: { endpoint: 'e', bucket: 'b', key: '{{workflow.name}}/{{pod.name}}' } }
    const artifacts = [
      { name: 'keyed', path: '/k', s3: { key: 'mine' } },
      { name: 'bare', path: '/b' },
    ]
    const pod = podOf({ ...plain, outputs: { artifacts } }, {}, { artifactRepository: repository })
    expect(planOf(pod)).toMatchObject({
      archiveLocation: { s3: { endpoint: 'e', bucket: 'b', key: 'wf/wf-t-1' } },
      template: {
        outputs: {
          artifacts: [{ s3: { endpoint: 'e', bucket: 'b', key: 'mine' } }, artifacts[1]],
        },
      },
    })
  })

  test('must know where artifacts go', () => {
    const artifactRepository = { s3: { endpoint: 'e', bucket: 'b', key: '{{nope}}' } }
    const outputs = { artifacts: [{ name: 'out', path: '/out' }] }
    expect(build({ ...plain, outputs }, {}, { artifactRepository })).toEqual({
      problem: 'failed to resolve {{nope}}',
    })
  })
})

describe('deadlines', () => {
  const seconds = (template: Template, more: Partial<PodInput> = {}) =>
    podOf({ ...plain, ...template }, {}, more).spec.activeDeadlineSeconds

  test('the smallest counts', () => {
    expect(seconds({})).toBeUndefined()
    expect(seconds({ activeDeadlineSeconds: '30' })).toBe(30)
    expect(seconds({ activeDeadlineSeconds: 30 }, { deadlineAt: now + 20_900 })).toBe(20)
    expect(seconds({ activeDeadlineSeconds: 10 }, { deadlineAt: now + 20_000 })).toBe(10)
    expect(seconds({ timeout: '1m' }, { startedAt: now - 20_000 })).toBe(40)
    expect(seconds({ timeout: '1m', activeDeadlineSeconds: 50 })).toBe(50)
  })

  test('no time is left', () => {
    expect(build(plain, {}, { deadlineAt: now })).toEqual({ expired: true })
    expect(build({ ...plain, timeout: '10s' }, {}, { startedAt: now - 9_000 })).toEqual({
      problem: 'wf[0].a exceeded its deadline',
    })
  })

  test('must be numbers and durations', () => {
    expect(build({ ...plain, activeDeadlineSeconds: '1m' })).toHaveProperty('problem')
    expect(build({ ...plain, timeout: '10' })).toEqual({
      problem: 'time: missing unit in duration "10"',
    })
  })
})

describe('volumes', () => {
  const mounting = (name: string): Template => ({
    container: { name: '', image: 'a', volumeMounts: [{ name, mountPath: '/m' }] },
  })

  test('of the workflow come along when they are mounted; tags in them are replaced', () => {
    const volumes = [
      { name: 'work', persistentVolumeClaim: { claimName: '{{workflow.parameters.claim}}' } },
      { name: 'unused', emptyDir: {} },
    ]
    expect(podOf(mounting('work'), { volumes }).spec.volumes).toEqual([
      { name: 'work', persistentVolumeClaim: { claimName: 'data' } },
    ])
  })

  test('of the template come first', () => {
    const template = { ...mounting('v'), volumes: [{ name: 'v', emptyDir: {} }] }
    expect(
      podOf(template, { volumes: [{ name: 'v', hostPath: { path: '/' } }] }).spec.volumes,
    ).toEqual([{ name: 'v', emptyDir: {} }])
  })

  test('must exist', () => {
    expect(build(mounting('nope'))).toEqual({ problem: "volume 'nope' not found in workflow spec" })
  })

  test('of main are mirrored where that is wanted', () => {
    const template: Template = {
      ...mounting('v'),
      volumes: [{ name: 'v', emptyDir: {} }],
      sidecars: [{ name: 'side', mirrorVolumeMounts: true } as never],
      initContainers: [{ name: 'before' }],
    }
    const { containers, initContainers } = podOf(template).spec
    expect(containers[1]).toEqual({ name: 'side', volumeMounts: [{ name: 'v', mountPath: '/m' }] })
    expect(initContainers).toMatchObject([{ name: 'before' }])
    expect(initContainers?.[0]).not.toHaveProperty('volumeMounts')
  })
})

describe('where it may run', () => {
  const boundaryTemplate: Template = {
    nodeSelector: { from: 'boundary' },
    tolerations: [{ key: 'b' }],
  }
  const spec: WorkflowSpec = {
    nodeSelector: { from: 'spec' },
    affinity: { from: 'spec' },
    tolerations: [{ key: 's' }],
    serviceAccountName: 'spec',
    schedulerName: 'spec',
    podPriorityClassName: 'spec',
    hostAliases: [{ ip: '1.1.1.1' }],
    securityContext: { runAsUser: 1 },
    imagePullSecrets: [{ name: 's' }],
    hostNetwork: true,
    dnsPolicy: 'None',
  }

  test('the first of template, boundary and workflow decides', () => {
    const own: Template = { ...plain, nodeSelector: { from: 'own' }, serviceAccountName: 'own' }
    expect(podOf(own, spec, { boundaryTemplate }).spec).toMatchObject({
      nodeSelector: { from: 'own' },
      tolerations: [{ key: 'b' }],
      affinity: { from: 'spec' },
      serviceAccountName: 'own',
      schedulerName: 'spec',
      priorityClassName: 'spec',
      securityContext: { runAsUser: 1 },
      imagePullSecrets: [{ name: 's' }],
      hostNetwork: true,
      dnsPolicy: 'None',
    })
  })

  test('host aliases add up', () => {
    const template = { ...plain, hostAliases: [{ ip: '2.2.2.2' }] }
    expect(podOf(template, spec).spec.hostAliases).toEqual([{ ip: '1.1.1.1' }, { ip: '2.2.2.2' }])
  })
})

test('the pod as a whole has the budget of its template, else of its workflow', () => {
  const budget = (cpu: string) => ({ limits: { cpu } })
  const spec = { podResources: budget('2') }
  expect(podOf(plain, spec).spec.resources).toEqual(budget('2'))
  expect(podOf({ ...plain, podResources: budget('1') }, spec).spec.resources).toEqual(budget('1'))
  expect(podOf(plain).spec).not.toHaveProperty('resources')
})

describe('podSpecPatch', () => {
  test('is merged last, the template over the workflow', () => {
    const patch = (cpu: string, more = {}) =>
      JSON.stringify({ containers: [{ name: 'main', resources: { limits: { cpu } } }], ...more })
    const { spec } = podOf(
      { ...plain, podSpecPatch: patch('2') },
      { podSpecPatch: patch('1', { hostname: '{{workflow.name}}' }) },
    )
    expect(spec).toMatchObject({
      hostname: 'wf',
      containers: [{ name: 'main', image: 'alpine', resources: { limits: { cpu: '2' } } }],
    })
  })

  test('may be in a language that the caller can read', () => {
    const parseYaml = (text: string) =>
      text === 'hostname: h' ? { value: { hostname: 'h' } } : { problem: 'no' }
    expect(podOf({ ...plain, podSpecPatch: 'hostname: h' }, {}, { parseYaml }).spec.hostname).toBe(
      'h',
    )
    expect(build({ ...plain, podSpecPatch: 'nonsense' }, {}, { parseYaml })).toEqual({
      problem: 'Error applying PodSpecPatch: Failed to convert the PodSpecPatch yaml to json: no',
    })
  })

  test('of the workflow sees the inputs of each template', () => {
    const template: Template = { ...plain, inputs: { parameters: [{ name: 'h', value: 'hi' }] } }
    const spec = { podSpecPatch: '{"hostname":"{{inputs.parameters.h}}-{{pod.name}}"}' }
    expect(podOf(template, spec).spec.hostname).toMatch(/^hi-wf/)
  })

  test.each([
    ['[]', 'invalid podSpecPatch "[]": it is no object'],
    ['{"hostname":1}', 'invalid podSpecPatch "{\\"hostname\\":1}": hostname: expected a string'],
    ['{"contaners":[]}', 'unknown field "contaners"; did you mean "containers"?'],
    ['{"containers":[{"image":"b"}]}', 'does not contain declared merge key: name'],
  ])('%s is refused', (podSpecPatch, message) => {
    const made = build({ ...plain, podSpecPatch })
    expect('problem' in made && made.problem).toContain(message)
    expect('problem' in made && made.problem).toMatch(/^Error applying PodSpecPatch: /)
  })

  test('its directives are no mistakes', () => {
    const template: Template = { ...plain, volumes: [{ name: 'a' }, { name: 'b' }] }
    const patch = { volumes: [{ name: 'a', $patch: 'delete' }], '$setElementOrder/volumes': [] }
    const { spec } = podOf({ ...template, podSpecPatch: JSON.stringify(patch) })
    expect(spec.volumes).toEqual([{ name: 'b' }])
  })
})

test('tags that nobody knows reach the container', () => {
  const args = ['{{handlebars}} {{ .Values.x }}']
  const template: Template = { container: { name: '', image: 'a', args } }
  expect(podOf(template).spec.containers[0]?.args).toEqual(args)
})

test('only what has something to stage or report needs the executor', () => {
  expect(needsExecutor(plain, false)).toBe(false)
  expect(needsExecutor({ ...plain, inputs: { parameters: [{ name: 'p' }] } }, false)).toBe(false)
  expect(needsExecutor(plain, true)).toBe(true)
  expect(needsExecutor({ ...plain, outputs: { parameters: [{ name: 'p' }] } }, false)).toBe(true)
  expect(needsExecutor({ ...plain, inputs: { artifacts: [{ name: 'a' }] } }, false)).toBe(true)
  expect(needsExecutor({ script: { name: '', source: '' } }, false)).toBe(true)
})

test.each([
  ['gen', true],
  ['in-expression', true],
  ['bracket-1', true],
  ['params', false],
  ['ge', false],
  ['generate', false],
])('the result of %s is captured: %s', (name, captured) => {
  const parameters = [
    '{{steps.gen.outputs.result}}',
    '{{=steps.in-expression.outputs.result}}',
    "{{=steps['bracket-1'].outputs.result}}",
    '{{steps.params.outputs.parameters.x}}',
  ].map((value, i) => ({ name: `p${i}`, value }))
  const boundary: Template = {
    steps: [[{ name: 'use', template: 't', arguments: { parameters } }]],
  }
  expect(capturesResult(boundary, name)).toBe(captured)
})

test('a DAG speaks of tasks', () => {
  const value = '{{tasks.a.outputs.result}} {{steps.b.outputs.result}}'
  const use = { name: 'use', arguments: { parameters: [{ name: 'p', value }] } }
  const boundary: Template = { dag: { tasks: [use] } }
  expect(capturesResult(boundary, 'a')).toBe(true)
  expect(capturesResult(boundary, 'b')).toBe(false)
})
