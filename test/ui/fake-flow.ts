import { at } from './fake-runs.ts'

/** Sources, sensors and bindings as a server tells them: made by hand, never shipped. */

const argo = (kind: string, name: string, more: object) => ({
  ...{ apiVersion: 'argoproj.io/v1alpha1', kind },
  metadata: {
    ...{ name, namespace: 'argo', uid: `uid-${kind}-${name}`, resourceVersion: '1' },
    creationTimestamp: at(0),
  },
  ...more,
})

const ready = {
  status: {
    conditions: ['Deployed', 'SourcesProvided'].map((type) => ({ type, status: 'True' })),
  },
}

const failed = {
  status: {
    conditions: [
      { type: 'Deployed', status: 'False', reason: 'EventBusNotFound', message: 'no bus' },
    ],
  },
}

const depends = (name: string, eventSourceName: string, eventName: string) => ({
  ...{ name, eventSourceName, eventName },
})

const sources = [
  argo('EventSource', 'git-hosts', {
    spec: {
      github: { push: { owner: 'acme', repository: 'shop', active: true } },
      gitlab: { merge: { projects: ['acme/shop'] } },
    },
  }),
  argo('EventSource', 'clock', {
    ...{ spec: { calendar: { nightly: { schedule: '30 2 * * *', timezone: 'UTC' } } } },
    ...ready,
  }),
  argo('EventSource', 'orders', {
    ...{
      spec: { eventBusName: 'trade', kafka: { order: { topic: 'orders', url: 'kafka:9092' } } },
    },
    ...failed,
  }),
]

const template = (name: string, more: object) => ({ template: { name, ...more } })

const sensors = [
  argo('Sensor', 'build', {
    spec: {
      dependencies: [
        depends('push', 'git-hosts', 'push'),
        depends('merge', 'git-hosts', 'merge'),
        depends('gone', 'removed-source', 'tag'),
      ],
      triggers: [
        template('build-and-test', {
          conditions: 'push || merge',
          argoWorkflow: { operation: 'submit', source: { resource: {} } },
        }),
        template('tell-people', { conditions: 'gone', slack: { channel: '#builds' } }),
      ],
    },
  }),
  argo('Sensor', 'nightly', {
    spec: {
      dependencies: [depends('tick', 'clock', 'nightly')],
      triggers: [template('etl', { k8s: { operation: 'create' } })],
    },
    ...ready,
  }),
  argo('Sensor', 'odd', {
    spec: {
      dependencies: [depends('order', 'orders', 'order')],
      eventBusName: 'trade',
      triggers: [template('never', { conditions: 'nobody', log: {} })],
    },
  }),
]

const binding = (name: string, selector: string, parameters: readonly object[] = []) =>
  argo('WorkflowEventBinding', name, {
    spec: {
      event: { selector },
      submit: { workflowTemplateRef: { name: 'nightly-etl' }, arguments: { parameters } },
    },
  })

const run = (name: string, phase: string, labels: object, seconds: number) => {
  const made = argo('Workflow', name, {
    status: { phase, startedAt: at(seconds), finishedAt: at(seconds + 40) },
  })
  return { ...made, metadata: { ...made.metadata, labels } }
}

const byBinding = { 'workflows.argoproj.io/workflow-event-binding': 'on-push' }
const bySensor = {
  'events.argoproj.io/sensor': 'build',
  'events.argoproj.io/trigger': 'build-and-test',
}

const runs = [
  ...[0, 1, 2, 3, 4].map((one) => run(`etl-push-${one}`, 'Succeeded', byBinding, one * 60)),
  run('build-x7k2p', 'Failed', bySensor, 30),
  run('build-9qq4z', 'Running', bySensor, 90),
]

export const fakeFlow = [
  ...sources,
  ...sensors,
  argo('EventBus', 'default', { spec: { jetstream: { version: 'latest' } }, ...ready }),
  binding('on-push', 'discriminator == "push" && payload.branch != ""', [
    { name: 'branch', valueFrom: { event: 'payload.branch' } },
  ]),
  binding('on-release', 'discriminator == "release"'),
  ...runs,
]

/** The lines of the pods of `git-hosts`. */
export const fakeEventLog = ['started', 'dispatching an event'].map((msg) => ({
  ...{ namespace: 'argo', eventSourceName: 'git-hosts', eventName: 'push', level: 'info' },
  ...{ time: at(10), msg },
}))
