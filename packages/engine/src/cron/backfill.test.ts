import { describe, expect, test } from 'vitest'
import { isObject } from '../spec/json.ts'
import type { CronWorkflow } from '../spec/parse/parse-workflow.ts'
import type { Workflow } from '../spec/workflow.ts'
import { type BackfillOptions, backfill, backfillFormat } from './backfill.ts'

const say = {
  name: 'say',
  inputs: { parameters: [{ name: 'word' }] },
  container: { name: '', image: 'a', args: ['{{inputs.parameters.word}}', '"{{workflow.name}}"'] },
}

function cronOf(spec: Partial<CronWorkflow['spec']> = {}): CronWorkflow {
  return {
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'CronWorkflow',
    metadata: {
      name: 'daily',
      namespace: 'ns',
      uid: 'u',
      creationTimestamp: '2024-01-01T00:00:00Z',
    },
    spec: {
      schedules: ['0 2 * * *'],
      workflowSpec: {
        entrypoint: 'say',
        templates: [say],
        arguments: {
          parameters: [
            { name: 'date', value: 'old' },
            { name: 'x', value: '1' },
          ],
        },
      },
      ...spec,
    },
  }
}

const options: BackfillOptions = {
  name: 'Past',
  start: 'Mon, 21 Oct 2024 15:28:00 GMT',
  end: 'Thu, 24 Oct 2024 15:28:00 GMT',
  format: backfillFormat,
  argName: 'date',
  parallel: false,
  maxWorkflowCount: 1000,
  now: Date.parse('2024-10-26T00:00:00Z'),
}

function made(cron: CronWorkflow, more: Partial<BackfillOptions> = {}) {
  const result = backfill(cron, { ...options, ...more })
  if ('problem' in result) throw new Error(result.problem)
  return result
}

/** What the steps of a monitor go through. */
function itemsOf(workflow: Workflow | undefined): readonly Record<string, string>[] {
  return JSON.parse(workflow?.spec.templates?.[0]?.steps?.[0]?.[0]?.withParam ?? '[]')
}

/** The manifest with one tick in it, as the executor would read it. */
function runOf(workflow: Workflow | undefined, item: Record<string, string>): Workflow {
  const resource = workflow?.spec.templates?.[1]?.resource
  let text = String(isObject(resource) ? resource['manifest'] : '')
  for (const [name, value] of Object.entries(item)) {
    text = text.replaceAll(`{{inputs.parameters.${name}}}`, value)
  }
  expect(text).not.toContain('{{')
  return JSON.parse(text)
}

describe('a backfill', () => {
  test('has a run for each tick of the time, in the words of Go', () => {
    const { ticks, start, end, workflows } = made(cronOf())
    expect({ ticks, start, end }).toEqual({ ticks: 3, start: options.start, end: options.end })
    expect(workflows[0]?.metadata).toEqual({
      generateName: 'backfill-wf-',
      namespace: 'ns',
      labels: { 'workflows.argoproj.io/backfill': 'daily' },
    })
    expect(itemsOf(workflows[0]).map((item) => item['backfillscheduletime'])).toEqual([
      '2024-10-22 02:00:00 +0000 GMT',
      '2024-10-23 02:00:00 +0000 GMT',
      '2024-10-24 02:00:00 +0000 GMT',
    ])
  })

  test('names each run by its tick, so that none is made twice', () => {
    const [monitor] = made(cronOf()).workflows
    const [item = {}] = itemsOf(monitor)
    const run = runOf(monitor, item)
    expect(run.metadata.name).toBe(
      `daily-backfill-past-${Date.parse('2024-10-22T02:00:00Z') / 1000}`,
    )
    expect(run.metadata.annotations).toEqual({
      'workflows.argoproj.io/scheduled-time': '2024-10-22T02:00:00Z',
    })
    expect(run.spec.arguments?.parameters).toEqual([
      { name: 'x', value: '1' },
      { name: 'date', value: '2024-10-22 02:00:00 +0000 GMT' },
    ])
  })

  test('leaves the tags of the run to the run', () => {
    const [monitor] = made(cronOf()).workflows
    const [item = {}] = itemsOf(monitor)
    const resource = monitor?.spec.templates?.[1]?.resource
    const tags = String(resource?.['manifest']).match(/\{\{[^}]*\}\}/g)
    expect(new Set(tags)).toEqual(
      new Set([
        '{{inputs.parameters.backfilltick}}',
        '{{inputs.parameters.backfillscheduletime}}',
        '{{inputs.parameters.backfillscheduledat}}',
      ]),
    )
    expect(runOf(monitor, item).spec.templates).toEqual([say])
  })

  test('runs one after the other, before all else, unless it may be at once', () => {
    const [one] = made(cronOf()).workflows
    const [all] = made(cronOf(), { parallel: true }).workflows
    const [item = {}] = itemsOf(one)
    expect(runOf(one, item).spec).toMatchObject({
      priority: 2147483647,
      synchronization: { mutexes: [{ name: 'past' }] },
    })
    expect(runOf(all, item).spec).not.toHaveProperty('synchronization')
  })

  test('knows several schedules and their time zone, each tick once', () => {
    const cron = cronOf({ schedules: ['0 2 * * *', '0 2,3 * * *'], timezone: 'Europe/Berlin' })
    const { workflows } = made(cron, { end: 'Tue, 22 Oct 2024 15:28:00 GMT' })
    expect(itemsOf(workflows[0])).toMatchObject([
      { backfillscheduledat: '2024-10-22T00:00:00Z' },
      { backfillscheduledat: '2024-10-22T01:00:00Z' },
    ])
    expect(itemsOf(workflows[0])[0]?.['backfillscheduletime']).toBe(
      '2024-10-22 02:00:00 +0200 CEST',
    )
  })

  test('has no more runs in one workflow than it may, and no empty one', () => {
    const sizes = (maxWorkflowCount: number) =>
      made(cronOf(), { maxWorkflowCount }).workflows.map((one) => itemsOf(one).length)
    expect([sizes(2), sizes(3), sizes(1)]).toEqual([[2, 1], [3], [1, 1, 1]])
  })

  test('goes to the present when it has no end, and may be empty', () => {
    expect(made(cronOf(), { end: '' })).toMatchObject({
      ticks: 4,
      end: 'Sat, 26 Oct 2024 00:00:00 UTC',
    })
    expect(made(cronOf(), { end: 'Mon, 21 Oct 2024 16:28:00 GMT' })).toMatchObject({
      ticks: 0,
      workflows: [],
    })
  })

  test.each<[Partial<BackfillOptions>, RegExp]>([
    [{ start: '' }, /^start date should not be empty$/],
    [{ start: 'yesterday' }, /^parsing time "yesterday"/],
    [{ end: 'soon' }, /^parsing time "soon"/],
    [{ format: '2006-01-02', start: '2024-13-01' }, /month out of range/],
  ])('%j is refused', (more, words) => {
    expect(backfill(cronOf(), { ...options, ...more })).toMatchObject({
      problem: expect.stringMatching(words),
    })
  })

  test('of a year of seconds is refused', () => {
    const cron = cronOf({ schedules: ['@every 1s'] })
    expect(backfill(cron, options)).toMatchObject({ problem: expect.stringMatching(/^more than/) })
  })
})
