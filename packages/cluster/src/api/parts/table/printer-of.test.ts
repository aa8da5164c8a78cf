import type { KubeObject } from '@argosy/engine'
import { describe, expect, test } from 'vitest'
import cases from './printer.cases.json' with { type: 'json' }
import wantedColumns from './printer.columns.json' with { type: 'json' }
import { printerOf } from './printer-of.ts'

const now = Date.parse('2026-01-02T03:04:05Z')

/** `T-90` stands for ninety seconds ago. */
function withTimes<T>(value: T): T {
  const text = JSON.stringify(value).replace(/"T([+-]\d+)u?"/g, (_, seconds) =>
    JSON.stringify(new Date(now + Number(seconds) * 1000).toISOString()),
  )
  return JSON.parse(text) as T
}

interface Case {
  readonly name: string
  readonly object: KubeObject
  readonly cells: readonly unknown[]
}

function printerFor({ apiVersion, kind }: KubeObject) {
  const [group, version] = apiVersion.includes('/') ? apiVersion.split('/') : ['', apiVersion]
  return printerOf({ group: group ?? '', version: version ?? '', kind })
}

describe('as kubectl shows it', () => {
  test.each(cases as unknown as readonly Case[])('$name', ({ object, cells }) => {
    expect(printerFor(object).cells(withTimes(object), now)).toEqual(cells)
  })

  test.each(Object.entries(wantedColumns))('the columns of %s', (kind, want) => {
    const { object } = (cases as unknown as readonly Case[]).find(
      (each) => each.object.kind === kind,
    ) as Case
    const columns = printerFor(object).columns.map(({ name, type, format, priority }) => {
      return [priority === 0 ? name : `*${name}`, type, format].filter(Boolean).join('|')
    })
    expect(columns).toEqual(want)
  })
})

test('a row has a cell for every column', () => {
  for (const { object } of cases as unknown as readonly Case[]) {
    const { columns, cells } = printerFor(object)
    expect(cells(object, now), object.kind).toHaveLength(columns.length)
  }
})

test('kinds without columns of their own show when they were created', () => {
  const creationTimestamp = '2026-01-01T00:00:00Z'
  const role = {
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'Role',
    metadata: { name: 'r', creationTimestamp },
  }
  expect(printerFor(role).columns.map(({ name }) => name)).toEqual(['Name', 'Created At'])
  expect(printerFor(role).cells(role, now)).toEqual(['r', creationTimestamp])
})

test('a workflow shows its phase, when it started, and its message', () => {
  const workflow = {
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'Workflow',
    metadata: { name: 'w' },
    status: { phase: 'Running', startedAt: '2026-01-02T03:00:00Z' },
  }
  const { columns, cells } = printerFor(workflow)
  expect(columns.map(({ name }) => name)).toEqual(['Name', 'Status', 'Age', 'Message'])
  expect(cells(workflow, now)).toEqual(['w', 'Running', '4m5s', null])
})

test('other kinds of Argo show their age', () => {
  const metadata = { name: 'w', creationTimestamp: '2026-01-02T03:00:00Z' }
  const template = { apiVersion: 'argoproj.io/v1alpha1', kind: 'WorkflowTemplate', metadata }
  expect(printerFor(template).cells(template, now)).toEqual(['w', '4m5s'])
})
