import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { JsonObject } from '@argosy/engine'
import { systemClock } from '@argosy/kube'
import { expect, test } from 'vitest'
import { executorPrograms } from '../../packages/executor/src/index.ts'
import { bench, resources } from './bench.ts'

const { plugin } = executorPrograms()
if (!plugin) throw new Error('there is no program for plugins')

/** Asks a plugin that gives these answers, one after the other; returns the verdict and what it was asked. */
async function ask(...answers: readonly (readonly [status: number, body: JsonObject | string])[]) {
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
      metadata: { labels: { 'workflows.argoproj.io/configmap-type': 'ExecutorPlugin' } },
      data: { 'sidecar.container': `image: i\nports: [{containerPort: ${port}}]\n` },
    })
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
