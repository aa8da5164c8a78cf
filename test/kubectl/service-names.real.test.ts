import { afterAll, beforeAll, expect, it } from 'vitest'
import { Cluster, manifest } from './cluster.ts'

let cluster: Cluster
beforeAll(async () => {
  cluster = await Cluster.open()
})
afterAll(async () => {
  // What runs would outlive the server.
  await cluster.says('delete statefulset/db pod/asks --grace-period=1')
  await cluster.says('delete namespace other')
  await cluster.says('wait --for=delete pod -l app=db --timeout=30s')
  await cluster[Symbol.asyncDispose]()
})

const labels = { app: 'db' }
/** Nobody else's: pods share the machine's network. */
const port = 20_000 + (process.pid % 10_000)

/** Says its own name; several of them share the machine's network, so each listens at its own address. */
const container = {
  name: 'c',
  image: 'busybox',
  command: [
    ...['sh', '-c'],
    `cd /tmp && hostname > index.html && exec python3 -m http.server ${port} --bind $(POD_IP)`,
  ],
  env: [{ name: 'POD_IP', valueFrom: { fieldRef: { fieldPath: 'status.podIP' } } }],
  // Whoever is ready stays so, however busy the machine is.
  readinessProbe: {
    tcpSocket: { port },
    periodSeconds: 1,
    timeoutSeconds: 9,
    failureThreshold: 30,
  },
}
const set = (replicas: number) =>
  manifest({
    ...{ apiVersion: 'apps/v1', kind: 'StatefulSet', metadata: { name: 'db' } },
    spec: {
      ...{ replicas, serviceName: 'db', selector: { matchLabels: labels } },
      template: {
        metadata: { labels },
        spec: { terminationGracePeriodSeconds: 1, containers: [container] },
      },
    },
  })
const service = manifest({
  ...{ apiVersion: 'v1', kind: 'Service', metadata: { name: 'db' } },
  spec: { clusterIP: 'None', selector: labels, ports: [{ port }] },
})

const inPod = (words: string, where = 'asks -n default') =>
  cluster.kubectl([...`exec ${where} -- sh -c`.split(' '), words])

/** What it says as soon as it says it so. */
async function eventually(words: string, want: RegExp, where?: string): Promise<void> {
  await expect
    .poll(async () => (await inPod(words, where)).stdout, { timeout: 30_000, interval: 200 })
    .toMatch(want)
}

it('pods find services by every name, as they come, grow and go', async () => {
  await cluster.says('create namespace other')
  await cluster.says('run asks --image=busybox -- sleep 600')
  await cluster.says('run asks -n other --image=busybox -- sleep 600')
  await cluster.says('wait pod/asks --for=condition=Ready --timeout=30s')
  await cluster.says('wait pod/asks -n other --for=condition=Ready --timeout=30s')
  expect((await inPod('getent hosts db')).code).not.toBe(0)
  await cluster.says('apply -f -', service)
  await cluster.says('apply -f -', set(2))
  await cluster.says('rollout status statefulset/db --timeout=60s')
  await eventually("getent ahosts db | awk '{ print $1 }' | sort -u | wc -l", /^2$/m)
  for (const name of ['db-1.db', 'db-1.db.default', 'db-1.db.default.svc.cluster.local'])
    expect((await inPod(`curl -sf http://${name}:${port}/`)).stdout).toBe('db-1\n')
  for (const name of ['db', 'db.default', 'db.default.svc', 'db.default.svc.cluster.local'])
    expect((await inPod(`curl -sf http://${name}:${port}/`)).stdout).toMatch(/^db-[01]\n$/)
  const other = 'asks -n other'
  await eventually(`curl -sf http://db.default:${port}/`, /^db-/, other)
  expect((await inPod('getent hosts db', other)).code).not.toBe(0)
  expect((await inPod('getent hosts $(hostname)')).stdout).toMatch(/^127\.\d+\.\d+\.\d+ +asks$/m)
  await cluster.says('scale statefulset/db --replicas=1')
  await cluster.says('wait --for=delete pod/db-1 --timeout=60s')
  await eventually("getent ahosts db | awk '{ print $1 }' | sort -u | wc -l", /^1$/m)
  await cluster.says('delete service db')
  await eventually('getent hosts db || echo nobody', /^nobody$/m)
})

it('a step finds what a step before it has made', async () => {
  await cluster.says('apply -f -', service)
  await cluster.says('apply -f -', set(1))
  await cluster.says('rollout status statefulset/db --timeout=60s')
  const template = {
    name: 'main',
    container: {
      ...{ image: 'busybox', command: ['sh', '-c'] },
      args: [`getent hosts db.default.svc && curl -sf http://db:${port}/`],
    },
  }
  await cluster.says(
    'create -f -',
    manifest({
      ...{ apiVersion: 'argoproj.io/v1alpha1', kind: 'Workflow', metadata: { name: 'finds' } },
      spec: { entrypoint: 'main', templates: [template] },
    }),
  )
  await cluster.says('wait wf/finds --for=jsonpath={.status.phase}=Succeeded --timeout=60s')
  expect(await cluster.says('logs -l workflows.argoproj.io/workflow=finds -c main')).toMatch(
    /^127\.\S+ +db\.default\.svc\.cluster\.local .*\ndb-0$/m,
  )
})
