// What the examples of @kubernetes/client-node do, against the server that KUBECONFIG names. One line per step.
import { once } from 'node:events'
import { connect, createServer } from 'node:net'
import { PassThrough } from 'node:stream'
import { setTimeout as sleep } from 'node:timers/promises'
import * as k8s from '@kubernetes/client-node'

const config = new k8s.KubeConfig()
config.loadFromDefault()
const api = (kind) => config.makeApiClient(kind)
const core = api(k8s.CoreV1Api)
const apps = api(k8s.AppsV1Api)
const batch = api(k8s.BatchV1Api)
const custom = api(k8s.CustomObjectsApi)
const namespace = 'node'
let failed = false

async function step(name, run) {
  try {
    process.stdout.write(`ok ${name} ${JSON.stringify((await run()) ?? null)}\n`)
  } catch (error) {
    failed = true
    process.stdout.write(
      `FAIL ${name} ${String(error.body ?? error.stack ?? error).slice(0, 600)}\n`,
    )
  }
}

async function until(test) {
  for (let tries = 0; tries < 300; tries++) {
    const got = await test()
    if (got) return got
    await sleep(100)
  }
  throw new Error('never came true')
}

const pod = (name, ...command) => ({
  metadata: { name },
  spec: { containers: [{ name: 'c', image: 'busybox', command }] },
})

/** What a stream says, as it comes. */
function listening() {
  const stream = new PassThrough()
  let text = ''
  stream.on('data', (chunk) => {
    text += chunk
  })
  return { stream, said: () => text }
}

await step('namespace', async () => {
  const made = await core.createNamespace({ body: { metadata: { name: namespace } } })
  return made.metadata.name
})

await step('informer', async () => {
  const path = `/api/v1/namespaces/${namespace}/configmaps`
  const list = () => core.listNamespacedConfigMap({ namespace })
  const informer = k8s.makeInformer(config, path, list)
  const heard = []
  for (const event of ['add', 'update', 'delete', 'error']) {
    informer.on(event, (object) => {
      if (object.metadata?.name !== 'kube-root-ca.crt') heard.push(event)
    })
  }
  await informer.start()
  await core.createNamespacedConfigMap({
    namespace,
    body: { metadata: { name: 'i' }, data: { a: '1' } },
  })
  const patch = [{ op: 'replace', path: '/data/a', value: '2' }]
  await core.patchNamespacedConfigMap({ namespace, name: 'i', body: patch })
  await core.deleteNamespacedConfigMap({ namespace, name: 'i' })
  await until(() => heard.length >= 3)
  await informer.stop()
  return heard
})

await step('watch', async () => {
  const heard = []
  const watch = new k8s.Watch(config)
  const path = `/api/v1/namespaces/${namespace}/pods`
  const hear = (type, object) => heard.push(`${type} ${object.metadata.name}`)
  const end = await watch.watch(path, { allowWatchBookmarks: true }, hear, () => undefined)
  const body = pod('p', 'sh', '-c', 'echo started; sleep 600')
  await core.createNamespacedPod({ namespace, body })
  await until(() => heard.length > 0)
  end.abort()
  await until(async () => {
    const { status } = await core.readNamespacedPod({ namespace, name: 'p' })
    return status.phase === 'Running'
  })
  return heard[0]
})

await step('exec', async () => {
  const exec = new k8s.Exec(config)
  const run = async (command, input) => {
    const { stream, said } = listening()
    const status = await new Promise((resolve, reject) => {
      exec
        .exec(namespace, 'p', 'c', command, stream, new PassThrough(), input, false, resolve)
        .catch(reject)
    })
    return [said().trim(), status.status, status.reason ?? '']
  }
  const input = new PassThrough()
  input.end('through\n')
  return [await run(['sh', '-c', 'echo hi; exit 2'], null), await run(['cat'], input)]
})

await step('log', async () => {
  const { stream, said } = listening()
  await new k8s.Log(config).log(namespace, 'p', 'c', stream, { tailLines: 10 })
  await until(() => said().includes('started'))
})

await step('attach', async () => {
  const { stream } = listening()
  const socket = await new k8s.Attach(config).attach(
    namespace,
    'p',
    'c',
    stream,
    stream,
    null,
    false,
  )
  socket.close()
})

await step('port-forward', async () => {
  const program =
    "import http.server as h; h.HTTPServer(('0.0.0.0', 18474), h.SimpleHTTPRequestHandler).serve_forever()"
  await core.createNamespacedPod({ namespace, body: pod('web', 'python3', '-c', program) })
  await until(async () => {
    const { status } = await core.readNamespacedPod({ namespace, name: 'web' })
    return status.phase === 'Running'
  })
  const forward = new k8s.PortForward(config)
  const server = createServer((socket) => {
    socket.on('error', () => undefined)
    forward
      .portForward(namespace, 'web', [18474], socket, null, socket)
      .catch(() => socket.destroy())
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const said = await until(async () => {
    const socket = connect(server.address().port, '127.0.0.1')
    let text = ''
    socket.on('data', (chunk) => {
      text += chunk
    })
    socket.on('error', () => undefined)
    socket.write('GET / HTTP/1.0\r\n\r\n')
    await sleep(300)
    socket.destroy()
    return text
  })
  server.close()
  return said.slice(0, 8)
})

await step('objects of any kind, and server-side apply', async () => {
  const objects = k8s.KubernetesObjectApi.makeApiClient(config)
  const object = {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: 'o', namespace },
    data: { a: '1' },
  }
  await objects.create(object)
  await objects.patch({ ...object, data: { a: '2' } })
  const applied = { ...object, data: { a: '3' } }
  const { ServerSideApply } = k8s.PatchStrategy
  await objects.patch(applied, undefined, undefined, 'test', true, ServerSideApply)
  const { data } = await objects.read(object)
  await objects.delete(object)
  return data
})

await step('deployment, scaled and merge-patched', async () => {
  const labels = { app: 'd' }
  const template = { metadata: { labels }, spec: pod('', 'sleep', '600').spec }
  const spec = { replicas: 1, selector: { matchLabels: labels }, template }
  await apps.createNamespacedDeployment({ namespace, body: { metadata: { name: 'd' }, spec } })
  // The controller writes to it too: whoever was slower reads again.
  await until(async () => {
    const scale = await apps.readNamespacedDeploymentScale({ name: 'd', namespace })
    scale.spec.replicas = 2
    const write = apps.replaceNamespacedDeploymentScale({ name: 'd', namespace, body: scale })
    return write.catch((error) => {
      if (error.code !== 409) throw error
    })
  })
  const merge = k8s.setHeaderOptions('Content-Type', k8s.PatchStrategy.MergePatch)
  const body = { metadata: { labels: { x: 'y' } } }
  await apps.patchNamespacedDeployment({ name: 'd', namespace, body }, merge)
  return until(async () => {
    const { metadata, status } = await apps.readNamespacedDeployment({ name: 'd', namespace })
    return status.availableReplicas === 2 && metadata.labels
  })
})

await step('job', async () => {
  const { spec } = pod('', 'true')
  const body = {
    metadata: { name: 'j' },
    spec: { template: { spec: { ...spec, restartPolicy: 'Never' } } },
  }
  await batch.createNamespacedJob({ namespace, body })
  return until(
    async () => (await batch.readNamespacedJobStatus({ name: 'j', namespace })).status.succeeded,
  )
})

await step('workflow', async () => {
  const kind = { group: 'argoproj.io', version: 'v1alpha1', namespace, plural: 'workflows' }
  const templates = [{ name: 'main', container: { image: 'busybox', command: ['true'] } }]
  const body = {
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'Workflow',
    metadata: { generateName: 'w-' },
    spec: { entrypoint: 'main', templates },
  }
  await custom.createNamespacedCustomObject({ ...kind, body })
  return until(async () => {
    const { items } = await custom.listNamespacedCustomObject(kind)
    return items[0]?.status?.phase === 'Succeeded'
  })
})

await step('events of both groups, tokens, reviews, health', async () => {
  const events = await core.listNamespacedEvent({ namespace })
  const newer = await api(k8s.EventsV1Api).listNamespacedEvent({ namespace })
  const body = { spec: { audiences: [], expirationSeconds: 3600 } }
  const { status } = await core.createNamespacedServiceAccountToken({
    name: 'default',
    namespace,
    body,
  })
  const review = { spec: { resourceAttributes: { verb: 'get', resource: 'pods' } } }
  const answer = await api(k8s.AuthorizationV1Api).createSelfSubjectAccessReview({ body: review })
  const isReady = await new k8s.Health(config).readyz({})
  return [
    events.items.length > 0,
    newer.items.length > 0,
    status.token.length > 100,
    answer.status.allowed,
    isReady,
  ]
})

await step('delete the namespace', async () => {
  await core.deleteNamespace({ name: namespace })
  const gone = (error) => error.code === 404
  return until(() => core.readNamespace({ name: namespace }).then(() => false, gone))
})

process.exit(failed ? 1 : 0)
