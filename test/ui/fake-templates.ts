/** Templates and schedules, made by hand. */

const parameters = [
  { name: 'date', value: '2026-11-22', description: 'The day to work on, as year-month-day.' },
  {
    name: 'mode',
    value: 'full',
    enum: ['full', 'delta'],
    description: 'Everything, or what changed.',
  },
  { name: 'regions', default: '["north", "south"]' },
]

const spec = {
  entrypoint: 'main',
  arguments: { parameters },
  templates: [
    { name: 'main', steps: [[{ name: 'hello', template: 'work' }]] },
    { name: 'work', container: { image: 'alpine', command: ['echo', 'hello'] } },
  ],
}

const meta = (name: string) => ({
  name,
  namespace: 'argo',
  uid: `uid-${name}`,
  creationTimestamp: '2026-11-01T08:00:00Z',
  labels: { team: 'data' },
  annotations: {
    'workflows.argoproj.io/description': 'Loads what the shops sold and rebuilds the reports.',
  },
})

export function fakeTemplates(kind: string) {
  return ['nightly-etl', 'train-model', 'release'].map((name) => ({
    apiVersion: 'argoproj.io/v1alpha1',
    kind,
    metadata: meta(name),
    spec,
  }))
}

export function fakeCrons() {
  const cron = (name: string, schedules: readonly string[], more: object = {}) => ({
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'CronWorkflow',
    metadata: meta(name),
    spec: { schedules, timezone: 'Europe/Berlin', workflowSpec: spec, ...more },
    status: { lastScheduledTime: '2026-11-22T01:30:00Z', succeeded: 41, failed: 2 },
  })
  return [
    cron('nightly-etl', ['30 2 * * *']),
    cron('sync-crm', ['*/30 8-18 * * 1-5']),
    hourly(cron('hourly-sync', ['0 * * * *'], { timezone: 'UTC' })),
    cron('weekly-report', ['0 7 * * 1'], { suspend: true }),
  ]
}

/** It began at three; its run of nine is missing. */
function hourly<T extends { readonly metadata: object }>(cron: T) {
  return {
    ...cron,
    metadata: { ...cron.metadata, creationTimestamp: '2026-11-22T02:30:00Z' },
    status: { lastScheduledTime: '2026-11-22T11:00:00Z', succeeded: 7, failed: 1 },
  }
}
