import { afterAll, beforeAll, expect, it } from 'vitest'
import { Cluster, manifest } from './cluster.ts'
import { ourNode } from './our-node.ts'

/** S3 in a pod behind a Service of the same server: what upstream's quick start installs. */
let cluster: Cluster
beforeAll(async () => {
  cluster = await Cluster.open()
})
afterAll(async () => {
  await cluster.says('delete deployment/minio --cascade=foreground --timeout=30s')
  await cluster[Symbol.asyncDispose]()
})

const program = `
  import { startFauxqs } from ${JSON.stringify(import.meta.resolve('fauxqs'))}
  const server = await startFauxqs({ port: 9000, host: process.env.POD_IP, logger: false })
  server.createBucket('my-bucket')
`
const labels = { app: 'minio' }
const deployment = manifest({
  ...{ apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'minio' } },
  spec: {
    selector: { matchLabels: labels },
    template: {
      metadata: { labels },
      spec: {
        terminationGracePeriodSeconds: 1,
        volumes: ourNode.volumes,
        containers: [
          {
            ...{ name: 'minio', image: 'minio/minio' },
            volumeMounts: ourNode.volumeMounts,
            command: [process.execPath, '--input-type=module', '-e', program],
            env: [{ name: 'POD_IP', valueFrom: { fieldRef: { fieldPath: 'status.podIP' } } }],
            readinessProbe: { tcpSocket: { port: 9000 }, periodSeconds: 1, failureThreshold: 60 },
          },
        ],
      },
    },
  },
})
const service = manifest({
  ...{ apiVersion: 'v1', kind: 'Service', metadata: { name: 'minio' } },
  spec: { selector: labels, ports: [{ port: 9000 }] },
})
const secret = manifest({
  ...{ apiVersion: 'v1', kind: 'Secret', metadata: { name: 'my-minio-cred' } },
  stringData: { accesskey: 'admin', secretkey: 'password' },
})
const key = (key: string) => ({ name: 'my-minio-cred', key })
const repository = manifest({
  ...{ apiVersion: 'v1', kind: 'ConfigMap' },
  metadata: {
    name: 'artifact-repositories',
    annotations: { 'workflows.argoproj.io/default-artifact-repository': 'default-v1' },
  },
  data: {
    'default-v1': JSON.stringify({
      archiveLogs: true,
      s3: {
        ...{ bucket: 'my-bucket', endpoint: 'minio:9000', insecure: true },
        accessKeySecret: key('accesskey'),
        secretKeySecret: key('secretkey'),
      },
    }),
  },
})

const templates = [
  {
    name: 'main',
    steps: [
      [{ name: 'make', template: 'make' }],
      [
        {
          ...{ name: 'take', template: 'take' },
          arguments: {
            artifacts: [{ name: 'made', from: '{{steps.make.outputs.artifacts.made}}' }],
          },
        },
        { name: 'ask', template: 'ask' },
      ],
    ],
  },
  {
    name: 'make',
    container: { image: 'busybox', command: ['sh', '-c', 'echo from a pod > /tmp/made'] },
    outputs: { artifacts: [{ name: 'made', path: '/tmp/made', archive: { none: {} } }] },
  },
  {
    name: 'take',
    inputs: { artifacts: [{ name: 'made', path: '/tmp/made' }] },
    container: { image: 'busybox', command: ['cat', '/tmp/made'] },
  },
  {
    name: 'ask',
    http: {
      url: 'http://minio.default.svc.cluster.local:9000/my-bucket',
      successCondition: 'response.statusCode > 0',
    },
  },
]

it('artifacts and requests reach a server in a pod by the name of its Service', async () => {
  for (const one of [deployment, service, secret, repository]) await cluster.says('apply -f -', one)
  await cluster.says('rollout status deployment/minio --timeout=90s')
  await cluster.says(
    'create -f -',
    manifest({
      ...{ apiVersion: 'argoproj.io/v1alpha1', kind: 'Workflow', metadata: { name: 'keeps' } },
      spec: { entrypoint: 'main', templates },
    }),
  )
  await cluster.says('wait wf/keeps --for=jsonpath={.status.phase}=Succeeded --timeout=60s')
  const logs = 'logs -l workflows.argoproj.io/workflow=keeps -c main --tail=-1'
  expect(await cluster.says(logs)).toContain('from a pod')
  const nodes = JSON.parse(await cluster.says('get wf/keeps -o jsonpath={.status.nodes}'))
  const made = Object.values(nodes as Record<string, { displayName: string; outputs?: object }>)
  const { outputs } = made.find(({ displayName }) => displayName === 'make') ?? {}
  expect(JSON.stringify(outputs)).toContain('"endpoint":"minio:9000"')
})
