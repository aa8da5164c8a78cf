import { describe, expect, test } from 'vitest'
import type { Template, Workflow, WorkflowSpec, WorkflowTemplate } from '../spec/workflow.ts'
import { type Holder, Templates, type TemplateUse, templateScopeOf } from './templates.ts'
import type { World } from './world.ts'

const container = (name: string): Template => ({ name, container: { name: '', image: name } })

const inlined: Template = {
  name: 'parent',
  steps: [[{ name: 'in', inline: { container: { name: '', image: 'inline' } } }]],
}

const foreign: Record<string, WorkflowSpec> = {
  'namespaced/wft': {
    templates: [container('t'), inlined, { name: 'empty' }],
    podMetadata: { labels: { from: 'wft', own: 'wft' } },
    templateDefaults: { activeDeadlineSeconds: 9 },
  },
  'cluster/cwft': { templates: [container('ct')] },
}

function world(specs: Record<string, WorkflowSpec> = foreign): World {
  return {
    template: ({ name, clusterScope }) => {
      const spec = specs[`${clusterScope ? 'cluster' : 'namespaced'}/${name}`]
      return spec && ({ apiVersion: '', kind: '', metadata: { name }, spec } as WorkflowTemplate)
    },
    configMap: () => undefined,
  }
}

function templates(spec: WorkflowSpec = {}, status: Workflow['status'] = {}, specs = foreign) {
  const full = { templates: [container('a'), inlined], ...spec }
  const workflow = {
    apiVersion: '',
    kind: 'Workflow',
    metadata: { name: 'wf' },
    spec: full,
    status,
  }
  return new Templates({ workflow, spec: full, world: world(specs) })
}

const local: Holder = { kind: 'local', name: 'wf' }
const wft: Holder = { kind: 'namespaced', name: 'wft' }
const cwft: Holder = { kind: 'cluster', name: 'cwft' }

test('the scope of a node is that of its holder', () => {
  expect(templateScopeOf(templates().local)).toBe('local/wf')
  expect(templateScopeOf(wft)).toBe('namespaced/wft')
})

test('own templates and inline ones are found, and never stored', () => {
  const all = templates()
  expect(all.resolve(local, { template: 'a' })).toEqual({ template: container('a'), holder: local })
  const inline = container('x')
  expect(all.resolve(local, { inline })).toEqual({ template: inline, holder: local })
  expect(all.takeNewlyStored()).toEqual([])
})

test('a foreign template is stored once, with the podMetadata of its holder, and speaks for its holder', () => {
  const all = templates()
  const use = { templateRef: { name: 'wft', template: 't' } }
  const metadata = { labels: { from: 'wft', own: 'wft' } }
  const template = { ...container('t'), metadata }
  expect(all.resolve(local, use)).toEqual({ template, holder: wft })
  expect(all.takeNewlyStored()).toEqual([{ key: 'namespaced/wft/t', template }])
  expect(all.resolve(local, use)).toEqual({ template, holder: wft })
  expect(all.takeNewlyStored()).toEqual([])
})

test('cluster templates have keys of their own', () => {
  const all = templates()
  const use = { templateRef: { name: 'cwft', template: 'ct', clusterScope: true } }
  expect(all.resolve(local, use)).toMatchObject({ holder: cwft })
  expect(all.takeNewlyStored().map(({ key }) => key)).toEqual(['cluster/cwft/ct'])
})

test('bare names within a foreign template are looked up where it came from', () => {
  const all = templates()
  expect(all.resolve(wft, { template: 't' })).toMatchObject({
    template: { name: 't' },
    holder: wft,
  })
  expect(all.takeNewlyStored().map(({ key }) => key)).toEqual(['namespaced/wft/t'])
  expect(all.resolve(wft, { template: 'a' })).toEqual({ problem: 'template a not found' })
})

test('the bodies inside of a foreign template are stored with it', () => {
  const all = templates()
  all.resolve(local, { templateRef: { name: 'wft', template: 'parent' } })
  expect(all.takeNewlyStored().map(({ key }) => key)).toEqual([
    'namespaced/wft/parent',
    'namespaced/wft/inline/in',
  ])
  const other = container('substituted')
  expect(all.resolve(wft, { inline: other }, 'in')).toMatchObject({
    template: { container: { image: 'inline' } },
  })
  expect(all.resolve(wft, { inline: other }, 'in(0:x)')).toMatchObject({ template: other })
})

test('what is stored wins over a template that has changed or gone', () => {
  const storedTemplates = { 'namespaced/wft/t': container('before') }
  const use = { templateRef: { name: 'wft', template: 't' } }
  expect(templates({}, { storedTemplates }).resolve(local, use)).toMatchObject({
    template: { name: 'before' },
  })
  expect(templates({}, { storedTemplates }, {}).resolve(local, use)).toMatchObject({
    template: { name: 'before' },
    holder: wft,
  })
})

test('a name may also be that of a frozen or stored template', () => {
  const frozen = { templates: [container('frozen')] }
  const status = { storedWorkflowTemplateSpec: frozen, storedTemplates: { k: container('kept') } }
  const all = templates({}, status)
  expect(all.resolve(local, { template: 'frozen' })).toMatchObject({ template: { name: 'frozen' } })
  expect(all.resolve(local, { template: 'kept' })).toMatchObject({ template: { name: 'kept' } })
})

test.each<[TemplateUse, string]>([
  [{ template: 'nope' }, 'template nope not found'],
  [{ templateRef: { name: 'nope', template: 't' } }, 'workflow template nope not found'],
  [
    { templateRef: { name: 'wft', template: 'x' } },
    'template x not found in workflow template wft',
  ],
  [{ templateRef: { name: 'wft', template: 'empty' } }, "template 'empty' type is unknown"],
  [{}, 'failed to get a template'],
])('%j is refused', (use, problem) => {
  expect(templates().resolve(local, use)).toEqual({ problem })
})

describe('templateDefaults', () => {
  const templateDefaults: Template = {
    activeDeadlineSeconds: 5,
    container: {
      name: '',
      image: 'default',
      env: [
        { name: 'A', value: '1' },
        { name: 'B', value: '1' },
      ],
    },
    script: { name: '', source: 'no' },
    retryStrategy: { limit: '2' },
  }

  test('are merged under every template, but only those for its type', () => {
    const own: Template = {
      name: 'own',
      container: { name: '', command: ['x'], env: [{ name: 'B', value: '2' }] },
      retryStrategy: { retryPolicy: 'Always' },
    }
    const all = templates({ templates: [own], templateDefaults })
    const resolved = all.resolve(local, { template: 'own' })
    expect(resolved).toEqual({
      holder: local,
      template: {
        name: 'own',
        activeDeadlineSeconds: 5,
        container: {
          name: '',
          image: 'default',
          command: ['x'],
          env: [
            { name: 'A', value: '1' },
            { name: 'B', value: '2' },
          ],
        },
        retryStrategy: { limit: '2', retryPolicy: 'Always' },
      },
    })
    expect(all.resolve(local, { template: 'own' })).toEqual(resolved)
  })

  test('are those of the workflow, not of the template it uses', () => {
    const all = templates({ templateDefaults: { parallelism: 3 } })
    const resolved = all.resolve(local, { templateRef: { name: 'wft', template: 't' } })
    expect(resolved).toMatchObject({ template: { parallelism: 3 } })
    expect(resolved).not.toHaveProperty('template.activeDeadlineSeconds')
  })
})
