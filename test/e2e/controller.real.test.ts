import type { KubeObject, Workflow } from '@argosy/engine'
import { type Client, resources } from '@argosy/kube'
import { Connection, httpClient, readContext } from '@argosy/kube/remote'
import { expect, test } from 'vitest'
import { Workplace } from './argosy.ts'

const hello: KubeObject = {
  apiVersion: 'argoproj.io/v1alpha1',
  kind: 'Workflow',
  metadata: { generateName: 'hello-', namespace: 'default' },
  ...{ spec: { entrypoint: 'main', templates: [{ name: 'main', container: container() }] } },
}

function container() {
  return { image: 'busybox', command: ['sh', '-c', 'sleep 0.3; echo hello'] }
}

async function succeeds(client: Client): Promise<void> {
  const { name = '' } = await client.create(resources.workflows, hello)
  const query = { resource: resources.workflows, fieldSelector: `metadata.name=${name}` }
  for await (const batch of client.watch<Workflow>(query, AbortSignal.timeout(60_000))) {
    const phase = batch.at(-1)?.object.status?.phase
    if (phase === 'Succeeded') return
    expect(['', 'Running', 'Pending', undefined]).toContain(phase)
  }
  throw new Error(`${name} did not succeed in time`)
}

test('controllers in processes of their own: one acts over HTTPS, and when it is killed the next one does', async () => {
  await using place = await Workplace.open()
  const data = place.path('data')
  const server = place.start([
    'server',
    '--data-dir',
    data,
    '--port',
    '0',
    '--http-port',
    '0',
    '--no-controllers',
  ])
  await server.says('argosy is ready')
  const kubeconfig = `${data}/kubeconfig`
  using connection = new Connection((await readContext({ kubeconfig })).access)
  const client = httpClient(connection)
  const control = () => place.start(['controller', '--kubeconfig', kubeconfig])
  const first = control()
  await first.says('argosy controls the workflows')
  const second = control()
  await second.says('waiting for its place')
  await succeeds(client)
  first.child.kill('SIGKILL')
  await first.ended
  // Nobody says goodbye for the dead one: its lease has to run out first.
  await succeeds(client)
  await second.says('argosy controls the workflows')
  second.child.kill('SIGTERM')
  expect((await second.ended).code).toBe(0)
}, 120_000)
