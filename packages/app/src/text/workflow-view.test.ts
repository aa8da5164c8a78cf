import { type NodeStatus, parseFieldSelector, type Workflow } from '@argosy/engine'
import { expect, it } from 'vitest'
import { plain } from '../output/paint.ts'
import { workflowTable } from './workflow-table.ts'
import { workflowView } from './workflow-view.ts'

const now = Date.parse('2026-01-01T00:10:00Z')
const options = { now, paint: plain, format: 'plain', utf8: true } as const

function node(name: string, more: Partial<NodeStatus>): NodeStatus {
  const displayName = name.replace(/^.*\.(?=[^.]*$)/, '')
  const times = { startedAt: '2026-01-01T00:00:00Z', finishedAt: '2026-01-01T00:00:12Z' }
  return { id: name, name, displayName, type: 'Pod', phase: 'Succeeded', ...times, ...more }
}

const nodes = [
  node('wf', { type: 'Steps', phase: 'Failed', templateName: 'main', message: 'child failed' }),
  node('wf[0]', { type: 'StepGroup', boundaryID: 'wf', children: ['wf[0].a'] }),
  node('wf[0].a', { boundaryID: 'wf', templateName: 'say', hostNodeName: 'host' }),
  node('wf[1]', { type: 'StepGroup', boundaryID: 'wf', children: ['wf[1].c', 'wf[1].b'] }),
  node('wf[1].c', { boundaryID: 'wf', phase: 'Failed', message: 'exit\ncode 1' }),
  node('wf[1].b', { boundaryID: 'wf', type: 'Suspend', phase: 'Running' }),
  node('wf.onExit', {
    displayName: 'wf.onExit',
    templateName: 'bye',
    templateRef: { name: 't', template: 'bye' },
  }),
]

const workflow: Workflow = {
  apiVersion: 'argoproj.io/v1alpha1',
  kind: 'Workflow',
  metadata: { name: 'wf', namespace: 'argo', creationTimestamp: '2026-01-01T00:00:00Z' },
  spec: {
    serviceAccountName: 'runner',
    shutdown: 'Stop',
    priority: 3,
    arguments: { parameters: [{ name: 'word', value: 'hello' }, { name: 'unset' }] },
  },
  status: {
    phase: 'Failed',
    message: 'child failed',
    startedAt: '2026-01-01T00:00:00Z',
    finishedAt: '2026-01-01T00:03:12Z',
    progress: '1/2',
    resourcesDuration: { memory: 2, cpu: 5 },
    conditions: [
      { type: 'SpecWarning', message: 'old' },
      { type: 'Completed', status: 'True' },
    ],
    outputs: {
      parameters: [{ name: 'out', value: '1' }],
      artifacts: [{ name: 'file', s3: { bucket: 'b', key: 'k/f' } }],
    },
    nodes: Object.fromEntries(nodes.map((one) => [one.id, one])),
  },
}

const withoutTimes = (text: string) => text.replace(/^(Created|Started|Finished):.*$/gm, '$1:')

it('shows what is known, and the steps as a tree', () => {
  expect(withoutTimes(workflowView(workflow, options))).toBe(
    [
      'Name:                wf',
      'Namespace:           argo',
      'ServiceAccount:      runner',
      'Status:              Failed (Terminated)',
      'Message:             child failed',
      'Conditions:          ',
      '⚠ SpecWarning        old',
      ' Completed           True',
      'Created:',
      'Started:',
      'Finished:',
      'Duration:            3 minutes 12 seconds',
      'Progress:            1/2',
      'ResourcesDuration:   5*(1 cpu),2*(100Mi memory)',
      'Parameters:          ',
      '  word:              hello',
      'Output Parameters:   ',
      '  out:               1',
      'Output Artifacts:    ',
      '  file:              s3 b/k/f',
      '',
      'STEP          TEMPLATE  PODNAME            DURATION  MESSAGE',
      ' ✖ wf         main                                   child failed  ',
      ' ├───✔ a      say       wf-say-3986212215  12s                     ',
      ' └─┬─ǁ b                                                           ',
      '   └─✖ c                wf-2743437592      12s       exit code 1   ',
      '                                                                   ',
      ' ✔ wf.onExit  t/bye     wf-bye-403321795   12s                     ',
      '',
    ].join('\n'),
  )
})

it('a terminal without UTF-8 gets words and plain rails', () => {
  const lines = workflowView(workflow, { ...options, utf8: false })
    .split('\n')
    .slice(-8)
  expect(lines.map((line) => line.split(/ {2,}/)[0])).toEqual([
    ...[
      'STEP',
      ' Failed wf',
      ' |---Succeeded a',
      ' `-+-Suspend b',
      '',
      '',
      ' Succeeded wf.onExit',
      '',
    ],
  ])
})

it('short is only the tree, with the machines', () => {
  const [head, , a] = workflowView(workflow, { ...options, format: 'short' }).split('\n')
  expect(head).toMatch(/^STEP .* MESSAGE {2,}NODENAME$/)
  expect(a).toMatch(/✔ a .* host$/)
})

it('a selector leaves nodes out; what is below them moves up', () => {
  const parsed = parseFieldSelector('displayName=c')
  if ('refused' in parsed) throw new Error(parsed.refused)
  const lines = workflowView(workflow, { ...options, select: parsed.matches }).split('\n')
  expect(lines.slice(-2).map((line) => line.split(/ {2,}/)[0])).toEqual([' ✖ c', ''])
})

it('lists one line for each workflow', () => {
  const table = { now, headers: true, namespace: true, wide: true }
  expect(workflowTable([workflow], table)).toBe(
    'NAMESPACE   NAME   STATUS                AGE   DURATION   PRIORITY   MESSAGE        P/R/C   PARAMETERS\n' +
      'argo        wf     Failed (Terminated)   10m   3m         3          child failed   0/0/3   word=hello\n',
  )
  expect(workflowTable([], table)).toBe('No workflows found\n')
})

it('says when there are very many', () => {
  const plainTable = { now, headers: false, namespace: false, wide: false }
  const text = workflowTable(
    Array.from({ length: 101 }, () => workflow),
    plainTable,
  )
  expect(text).toContain('\nYou have at least 101 completed workflows: ')
})
