import { afterAll, beforeAll, expect, it } from 'vitest'
import { Cluster, manifest } from './cluster.ts'

let cluster: Cluster
beforeAll(async () => {
  cluster = await Cluster.open()
})
afterAll(async () => {
  // What runs would outlive the server.
  await cluster.says('delete daemonset/agent pod/alone --grace-period=1 --ignore-not-found')
  await cluster.says('wait --for=delete pod --all --timeout=30s')
  await cluster[Symbol.asyncDispose]()
})

const labels = { app: 'agent' }
const sleeps = { name: 'c', image: 'busybox', command: ['sleep', '600'] }
const daemons = (more: object) =>
  manifest({
    ...{ apiVersion: 'apps/v1', kind: 'DaemonSet', metadata: { name: 'agent' } },
    spec: {
      selector: { matchLabels: labels },
      updateStrategy: { rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } },
      template: {
        metadata: { labels },
        spec: { terminationGracePeriodSeconds: 1, containers: [sleeps], ...more },
      },
    },
  })

it('a daemon comes to the node that it selects, follows its template, and goes when it does not', async () => {
  await cluster.says('apply -f -', daemons({}))
  await cluster.says('rollout status ds/agent --timeout=60s')
  await cluster.says('set env ds/agent A=b')
  await cluster.says('rollout status ds/agent --timeout=60s')
  expect(await cluster.says('get ds agent -o jsonpath={.status.updatedNumberScheduled}')).toBe('1')
  await cluster.says('apply -f -', daemons({ nodeSelector: { disk: 'nowhere' } }))
  await cluster.says('wait --for=delete pod -l app=agent --timeout=60s')
  const wanted = 'get ds agent -o jsonpath={.status.desiredNumberScheduled}'
  expect(await cluster.says(wanted)).toBe('0')
})

it('a drain that is rehearsed leaves everybody where he is', async () => {
  await cluster.says('run alone --image=busybox --restart=Never -- sleep 600')
  await cluster.says('wait --for=condition=Ready pod/alone --timeout=60s')
  const uid = await cluster.says('get pod alone -o jsonpath={.metadata.uid}')
  const [node = ''] = (await cluster.says('get nodes -o name')).split('\n')
  const drain = `drain ${node} --dry-run=server --force --ignore-daemonsets`
  expect(await cluster.says(drain)).toContain('drained (server dry run)')
  const now = await cluster.says(
    'get pod alone -o jsonpath={.metadata.uid}{.metadata.deletionTimestamp}',
  )
  expect(now).toBe(uid)
})

it('what Kubernetes refuses is refused in its words', async () => {
  const pod = {
    ...{ apiVersion: 'v1', kind: 'Pod', metadata: { name: 'odd' } },
    spec: { containers: [sleeps], dnsPolicy: 'None', tolerations: [{ operator: 'Equal' }] },
  }
  const said = await cluster.refuses('create -f -', manifest(pod))
  expect(said).toContain('spec.dnsConfig: Required value: must provide `dnsConfig` when')
  expect(said).toContain('spec.tolerations[0].operator: Invalid value: "Equal": operator must be')
  expect(
    await cluster.refuses('run p --image=i --overrides={"spec":{"priorityClassName":"no"}}'),
  ).toBe(
    'Error from server (Forbidden): pods "p" is forbidden: no PriorityClass with name no was found',
  )
})
