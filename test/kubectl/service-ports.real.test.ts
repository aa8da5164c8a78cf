import { once } from 'node:events'
import { type AddressInfo, createServer } from 'node:net'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { Cluster, manifest } from './cluster.ts'

let cluster: Cluster
beforeAll(async () => {
  cluster = await Cluster.open()
  for (const name of ['one', 'two']) await cluster.says('apply -f -', pod(name))
  await cluster.says('run asks --image=busybox -- sleep 600')
  await cluster.says('wait pod/one pod/two pod/asks --for=condition=Ready --timeout=60s')
})
afterAll(async () => {
  await cluster.says('delete pod/one pod/two pod/asks --grace-period=1')
  await cluster[Symbol.asyncDispose]()
})

/** Nobody else's: pods share the machine's network. */
const podPort = 30_100 - 10_000 - (process.pid % 5000)
const port = podPort - 6000
const labels = { app: 'web' }

const pod = (name: string) =>
  manifest({
    ...{ apiVersion: 'v1', kind: 'Pod', metadata: { name, labels } },
    spec: {
      ...{ hostname: name, subdomain: 'near', terminationGracePeriodSeconds: 1 },
      containers: [
        {
          ...{ name: 'c', image: 'busybox' },
          command: [
            ...['sh', '-c'],
            `cd /tmp && hostname > index.html && exec python3 -m http.server ${podPort} --bind $(POD_IP)`,
          ],
          env: [{ name: 'POD_IP', valueFrom: { fieldRef: { fieldPath: 'status.podIP' } } }],
          ports: [{ name: 'http', containerPort: podPort }],
          readinessProbe: {
            ...{ tcpSocket: { port: podPort }, periodSeconds: 1 },
            ...{ timeoutSeconds: 9, failureThreshold: 60 },
          },
        },
      ],
    },
  })

const service = (name: string, spec: object) =>
  manifest({
    ...{ apiVersion: 'v1', kind: 'Service', metadata: { name } },
    spec: { selector: labels, ...spec },
  })

const read = async (path: string, of: string) =>
  (await cluster.says(['get', of, '-o', `jsonpath={${path}}`])).trim()
const inPod = async (words: string) =>
  (await cluster.kubectl(['exec', 'asks', '--', 'sh', '-c', words])).stdout
const ask = (url: string) =>
  fetch(url).then(
    async (answer) => (await answer.text()).trim(),
    () => '',
  )
const eventually = (look: () => Promise<string>, want: RegExp) =>
  expect.poll(look, { timeout: 30_000, interval: 200 }).toMatch(want)

it('a node port answers at the loopback of the machine, with each pod in turn', async () => {
  const ports = [{ port, targetPort: 'http' }]
  await cluster.says('apply -f -', service('node', { type: 'NodePort', ports }))
  const nodePort = await read('.spec.ports[0].nodePort', 'service/node')
  await eventually(() => ask(`http://127.0.0.1:${nodePort}/`), /^(one|two)$/)
  const heard = new Set<string>()
  for (let count = 0; count < 4; count++) heard.add(await ask(`http://127.0.0.1:${nodePort}/`))
  expect([...heard].sort()).toEqual(['one', 'two'])
  const chosen = service('other', {
    type: 'NodePort',
    ports: [{ port, nodePort: Number(nodePort) }],
  })
  expect(await cluster.refuses('apply -f -', chosen)).toContain(
    `spec.ports[0].nodePort: Invalid value: ${nodePort}: provided port is already allocated`,
  )
  await cluster.says('delete service node')
  await eventually(() => ask(`http://127.0.0.1:${nodePort}/`), /^$/)
})

it('a port that is another than that of the pods is passed on, by every name', async () => {
  await cluster.says('apply -f -', service('web', { ports: [{ port, targetPort: podPort }] }))
  await eventually(() => inPod(`curl -s http://web.default.svc:${port}/`), /^(one|two)$/m)
  const address = await read('.spec.clusterIP', 'service/web')
  expect(await inPod('getent hosts web')).toContain(address)
  expect(await ask(`http://${address}:${port}/`)).toMatch(/^(one|two)$/)
})

it('a balancer has an address that serves it', async () => {
  const ports = [{ port: podPort }]
  await cluster.says('apply -f -', service('balanced', { type: 'LoadBalancer', ports }))
  await eventually(() => read('.status.loadBalancer.ingress[0].ip', 'service/balanced'), /^127\./)
  const ip = await read('.status.loadBalancer.ingress[0].ip', 'service/balanced')
  expect(await ask(`http://${ip}:${podPort}/`)).toMatch(/^(one|two)$/)
  expect(await cluster.says('get service balanced')).toContain(ip)
})

it('a node port that another program has is told of, and nothing breaks', async () => {
  const mine = createServer()
  for (let taken = 32_500 + (process.pid % 200); !mine.listening; taken++) {
    mine.listen(taken, '127.0.0.1')
    await Promise.race([once(mine, 'listening'), once(mine, 'error')])
  }
  const { port: taken } = mine.address() as AddressInfo
  const ports = [{ port, nodePort: taken }]
  await cluster.says('apply -f -', service('late', { type: 'NodePort', ports }))
  await eventually(
    () => cluster.says('get events --field-selector involvedObject.name=late'),
    new RegExp(`node port ${taken}/TCP at 127.0.0.1 is in use by another program`),
  )
  mine.close()
  await cluster.says('delete service late')
})

it('pods with a hostname have names below their headless service', async () => {
  const ports = [{ port: podPort }]
  await cluster.says('apply -f -', service('near', { clusterIP: 'None', ports }))
  await eventually(() => inPod(`curl -s http://two.near:${podPort}/`), /^two$/m)
  expect(await inPod(`curl -s http://one.near.default.svc.cluster.local:${podPort}/`)).toBe('one\n')
  await eventually(() => inPod("getent ahosts near | awk '{ print $1 }' | sort -u | wc -l"), /^2$/m)
})
