import { expect, test } from 'vitest'
import type { Workflow } from '../spec/workflow.ts'
import { matchesQuery } from './matches-query.ts'
import { parseQuery } from './parse-query.ts'
import { runFacts } from './run-facts.ts'

const now = Date.UTC(2026, 0, 10)

const run: Workflow = {
  apiVersion: 'argoproj.io/v1alpha1',
  kind: 'Workflow',
  metadata: {
    name: 'nightly-x7',
    namespace: 'data',
    uid: 'u1',
    creationTimestamp: '2026-01-01T00:00:00Z',
    labels: { team: 'Blue', 'workflows.argoproj.io/creator': 'ann' },
  },
  spec: {
    workflowTemplateRef: { name: 'nightly' },
    arguments: { parameters: [{ name: 'size', value: '12' }, { name: 'unset' }] },
  },
  status: {
    phase: 'Failed',
    startedAt: '2026-01-01T00:00:10Z',
    finishedAt: '2026-01-01T01:00:10Z',
    message: "child 'a' failed",
    nodes: {
      a: node('a', 'Failed', 'OOMKilled (exit code 137)'),
      b: node('b', 'Succeeded', 'all is well'),
    },
  },
}

function node(id: string, phase: 'Failed' | 'Succeeded', message: string) {
  return { id, name: id, displayName: id, type: 'Pod', phase, message } as const
}

test.each([
  'nightly',
  'NIGHT',
  'name=nightly-x7',
  'name=night*7',
  'name~LY-X',
  'namespace:data uid=u1',
  'template=nightly',
  'status=failed',
  'status not in (running, error)',
  'label.team=Blue',
  'label.team~blue',
  'label=ann',
  'label.workflows.argoproj.io/creator:an',
  'blue',
  '"team=blue"',
  'param.size>11.5 param.size<=12',
  'param=12',
  'param.size',
  'not param.unset',
  'message:oomkilled',
  'oomkilled',
  `message = "child 'a' failed"`,
  'message !~ well',
  'started=2026-01-01',
  'started=2026-01-01T00:00:10Z',
  'started>=2026-01-01T00:00:10Z',
  'not started>2026-01-01T00:00:10Z',
  'finished<-8d',
  'duration=1h',
  'duration>59m',
])('a run is found by %s', (text) => {
  expect(found(text)).toBe(true)
})

test.each([
  'weekly',
  'name=nightly',
  'name=night*8',
  'label.team=blue',
  'label.Team',
  'blue and not blue',
  'param.size<12',
  'param.team>1',
  'param.unset',
  'message:well',
  'status!=failed',
  'started>now',
  'duration<1h',
])('a run is not found by %s', (text) => {
  expect(found(text)).toBe(false)
})

test('what has not ended has no end, and lasts until now', () => {
  const running: Workflow = {
    ...run,
    status: { phase: 'Running', startedAt: '2026-01-09T23:00:00Z' },
  }
  expect(found('finished>2000-01-01', running)).toBe(false)
  expect(found('finished<now', running)).toBe(false)
  expect(found('not finished<now', running)).toBe(true)
  expect(found('duration=1h', running)).toBe(true)
  expect(found('status=pending', { ...run, status: {} })).toBe(true)
})

test('the creator is no part of what is looked at when no field is named', () => {
  expect(found('ann')).toBe(false)
})

function found(text: string, workflow = run): boolean {
  const parsed = parseQuery(text, now)
  if ('problem' in parsed) throw new Error(parsed.problem.message)
  return matchesQuery(parsed.query, runFacts(workflow, now))
}
