import { describe, expect, test } from 'vitest'
import type { Template, WorkflowSpec } from '../../spec/workflow.ts'
import {
  unsupportedInHdfs,
  unsupportedInSpec,
  unsupportedInTemplate,
  unsupportedLocations,
} from './supported.table.ts'
import { unsupported } from './supported.ts'

const paths = (spec: object) => unsupported(spec as WorkflowSpec).map(({ path }) => path)
const withTemplate = (template: object) => ({ templates: [template as Template] })

test('a plain workflow is fine', () => {
  const steps = [[{ name: 'a', template: 'leaf', hooks: { exit: { template: 'leaf' } } }]]
  const leaf = {
    name: 'leaf',
    container: { name: '', image: 'x' },
    retryStrategy: { limit: 2 },
    inputs: {
      artifacts: [
        { name: 'a', path: '/a', http: { url: 'u' } },
        { name: 'b', raw: { data: 'd' } },
      ],
    },
    outputs: {
      artifacts: [
        { name: 'o', path: '/o' },
        { name: 'p', path: '/p', disk: { key: 'k' } },
      ],
    },
  }
  expect(unsupported({ entrypoint: 'main', templates: [{ name: 'main', steps }, leaf] })).toEqual(
    [],
  )
})

describe('every row of the tables refuses', () => {
  test.each(Object.keys(unsupportedInSpec))('spec.%s', (field) => {
    expect(paths({ [field]: { some: 'thing' } })).toEqual([`spec.${field}`])
  })

  test.each(Object.keys(unsupportedInTemplate))('templates[0].%s', (field) => {
    expect(paths(withTemplate({ [field]: { some: 'thing' } }))).toEqual([
      `spec.templates[0].${field}`,
    ])
    expect(paths({ templateDefaults: { [field]: true } })).toEqual([
      `spec.templateDefaults.${field}`,
    ])
  })

  test.each(Object.keys(unsupportedInHdfs))('hdfs.%s', (field) => {
    const artifacts = [{ name: 'a', path: '/a', hdfs: { [field]: 'x' } }]
    const template = { inputs: { artifacts }, outputs: { artifacts } }
    expect(paths(withTemplate(template))).toEqual([
      `spec.templates[0].inputs.artifacts[0].hdfs.${field}`,
      `spec.templates[0].outputs.artifacts[0].hdfs.${field}`,
    ])
  })

  test.each(Object.keys(unsupportedLocations))('an artifact on %s', (field) => {
    const inputs = { artifacts: [{ name: 'a', [field]: {} }] }
    expect(paths(withTemplate({ inputs }))).toEqual([
      `spec.templates[0].inputs.artifacts[0].${field}`,
    ])
  })
})

test('locks in a database are locks like others', () => {
  const synchronization = {
    mutexes: [{ name: 'n', database: true }],
    semaphores: [{ database: { key: 'k' } }],
  }
  expect(paths({ synchronization, templates: [{ name: 't', synchronization }] })).toEqual([])
})

test('a field that is off is no reason to refuse', () => {
  expect(paths({ ...withTemplate({ daemon: false }), podSpecPatch: '', podGC: {} })).toEqual([])
})

test('the message names the field and says why', () => {
  expect(unsupported({ resourceClaims: [{}] })).toEqual([
    {
      path: 'spec.resourceClaims',
      message:
        'resourceClaims is not supported: this machine has no driver that could hand out devices',
    },
  ])
})

test('steps, tasks and their inline templates are looked into', () => {
  const stored = { artifacts: [{ name: 'a', plugin: {} }] }
  const hooks = { running: { template: 'x', expression: 'true', arguments: stored } }
  const inline: Template = { resourceClaims: [{}] }
  expect(
    paths({
      templates: [
        {
          steps: [
            [
              { name: 'a', hooks },
              { name: 'b', inline },
            ],
          ],
        },
        { dag: { tasks: [{ name: 'a', hooks, inline }] } },
        {
          outputs: { artifacts: [{ name: 'a', git: {} }] },
          archiveLocation: { plugin: {} },
        },
      ],
    }),
  ).toEqual([
    'spec.templates[0].steps[0][0].hooks.running.arguments.artifacts[0].plugin',
    'spec.templates[0].steps[0][1].inline.resourceClaims',
    'spec.templates[1].dag.tasks[0].hooks.running.arguments.artifacts[0].plugin',
    'spec.templates[1].dag.tasks[0].inline.resourceClaims',
    'spec.templates[2].outputs.artifacts[0].git',
    'spec.templates[2].archiveLocation.plugin',
  ])
})
