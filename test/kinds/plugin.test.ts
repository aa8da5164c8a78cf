import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { JsonObject } from '@argosy/engine'
import { systemClock } from '@argosy/kube'
import { expect, test } from 'vitest'
import { executorPrograms } from '../../packages/executor/src/index.ts'
import { bench, resources } from './bench.ts'

const { plugin } = executorPrograms()
if (!plugin) throw new Error('there is no program for plugins')

type Answers = readonly (readonly [status: number, body: JsonObject | string])[]

interface World {
  /** More of the plugin's ConfigMap. */
  readonly data?: Readonly<Record<string, string>>
  /** Where the plugin is; default: beside the workflow. */
  readonly namespace?: string
  readonly prepare?: (made: ReturnType<typeof bench>) => Promise<unknown>
}

/** Asks a plugin that gives these answers, one after the other; returns the verdict and what it was asked. */
function ask(...answers: Answers) {
  return askIn({}, ...answers)
}

async function askIn({ data, namespace, prepare }: World, ...answers: Answers) {
  const asked: { token: string | undefined; body: JsonObject }[] = []
  const server = createServer(async (request, response) => {
    const body = JSON.parse((await request.toArray()).join('')) as JsonObject
    asked.push({ token: request.headers.authorization, body })
    const [status, answer] = answers[Math.min(asked.length, answers.length) - 1] ?? [404, '']
    response.statusCode = status
    response.end(typeof answer === 'string' ? answer : JSON.stringify(answer))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  try {
    const made = bench()
    await made.create(resources.workflows, 'w', { spec: {} })
    await made.create(resources.configMaps, 'hello-executor-plugin', {
      metadata: {
        labels: { 'workflows.argoproj.io/configmap-type': 'ExecutorPlugin' },
        ...(namespace !== undefined && { namespace }),
      },
      data: { 'sidecar.container': `image: i\nports: [{containerPort: ${port}}]\n`, ...data },
    })
    await prepare?.(made)
    const template = { name: 'main', plugin: { hello: { a: 1 } } }
    const container = made.container(template, { clock: systemClock })
    const call = container.call()
    const { uid = '' } = (await made.get(resources.workflows, 'w'))?.metadata ?? {}
    const ownerReferences = call.pod.metadata.ownerReferences?.map((one) => ({ ...one, uid })) ?? []
    const pod = { ...call.pod, metadata: { ...call.pod.metadata, ownerReferences } }
    await plugin?.({ ...call, pod })
    const agent = await made.get(resources.pods, 'w-1340600742-agent')
    const text = container.files.get('/var/run/argo/verdict.json') ?? ''
    return { verdict: JSON.parse(text) as JsonObject, asked, agent }
  } finally {
    server.closeAllConnections()
    server.close()
  }
}

const done = { node: { phase: 'Succeeded', message: 'hi', outputs: { result: 'r' } } }

test('a plugin is asked with its token, and its answer is the node’s', async () => {
  const { verdict, asked, agent } = await ask([200, done])
  expect(verdict).toEqual(done.node)
  expect(asked[0]?.token).toMatch(/^Bearer [\w-]{32}$/)
  expect(asked[0]?.body).toMatchObject({
    workflow: { metadata: { name: 'w', namespace: 'default' } },
    template: { name: 'main', plugin: { hello: { a: 1 } } },
  })
  expect(agent).toMatchObject({
    metadata: { labels: { 'workflows.argoproj.io/component': 'agent' } },
    spec: {
      containers: [
        { name: 'hello', image: 'i' },
        { name: 'main', args: ['agent'] },
      ],
    },
  })
})

test('a plugin that is not done is asked again when it says', async () => {
  const { verdict, asked } = await ask(
    [200, { node: { phase: 'Running' }, requeue: '10ms' }],
    [503, 'busy'],
    [200, done],
  )
  expect(verdict).toEqual(done.node)
  expect(asked.length).toBe(3)
})

test.each<readonly [string, number, JsonObject | string, string]>([
  ['knows no such method', 404, '', 'no plugin executed the template'],
  ['does not take the template', 200, {}, 'no plugin executed the template'],
  ['breaks', 500, 'boom', '500 Internal Server Error: boom'],
])('a plugin that %s', async (_, status, body, message) => {
  await expect(ask([status, body])).rejects.toThrow(message)
})

const withToken = { 'sidecar.automountServiceAccountToken': 'true' }
const account = 'hello-executor-plugin'

test('a plugin that asks for it has the token of its own account', async () => {
  const prepare = async (made: ReturnType<typeof bench>) => {
    await made.create(resources.serviceAccounts, account, {})
    await made.create(resources.secrets, `${account}.service-account-token`, {})
  }
  const { agent } = await askIn({ data: withToken, prepare }, [200, done])
  const mount = {
    name: 'kube-api-access-hello',
    mountPath: '/var/run/secrets/kubernetes.io/serviceaccount',
    readOnly: true,
  }
  const secretName = `${account}.service-account-token`
  expect(agent).toMatchObject({
    spec: {
      automountServiceAccountToken: false,
      containers: [{ name: 'hello', volumeMounts: [{}, mount] }, { name: 'main' }],
      volumes: [{}, { name: mount.name, secret: { secretName } }],
    },
  })
})

test('the account may say which secret holds its token', async () => {
  const prepare = async (made: ReturnType<typeof bench>) => {
    const annotations = { 'workflows.argoproj.io/service-account-token.name': 'mine' }
    await made.create(resources.serviceAccounts, account, { metadata: { annotations } })
    await made.create(resources.secrets, 'mine', {})
  }
  const { agent } = await askIn({ data: withToken, prepare }, [200, done])
  expect(agent).toMatchObject({ spec: { volumes: [{}, { secret: { secretName: 'mine' } }] } })
})

test('a plugin without its account, or without a token of it, is not started', async () => {
  const of = 'executor plugin hello: failed to get token volumes:'
  await expect(askIn({ data: withToken }, [200, done])).rejects.toThrow(
    `${of} serviceaccounts "${account}" not found`,
  )
  const prepare = (made: ReturnType<typeof bench>) =>
    made.create(resources.serviceAccounts, account, {})
  await expect(askIn({ data: withToken, prepare }, [200, done])).rejects.toThrow(
    `${of} secrets "${account}.service-account-token" not found; create one of type kubernetes.io/service-account-token`,
  )
})

test('plugins of the controller’s namespace are for everybody', async () => {
  const { verdict } = await askIn({ namespace: 'argo' }, [200, done])
  expect(verdict).toEqual(done.node)
})
