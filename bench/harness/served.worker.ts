import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { parentPort, workerData } from 'node:worker_threads'
import { localClient, registry, Store } from '@argosy/cluster'
import {
  openAccess,
  type ServerCertificate,
  serverCertificate,
  startApiServer,
} from '@argosy/cluster/api-server'
import { systemClock } from '@argosy/kube'
import type { ServedOrder } from './served.ts'

/** A server in a thread of its own: who asks it must not take its time. */
const { what, pki, directory, token, small } = workerData as ServedOrder
const tls = await serverCertificate(pki, ['127.0.0.1'], Date.now())
parentPort?.postMessage(what === 'echo' ? await echo(tls) : await api(tls))

async function echo({ key, cert }: ServerCertificate): Promise<string> {
  const server = createServer({ key, cert }, (incoming, response) => {
    const chunks: Buffer[] = []
    incoming.on('data', (chunk: Buffer) => chunks.push(chunk))
    incoming.on('end', () => {
      response.setHeader('Content-Type', 'application/json')
      if (incoming.method === 'GET') response.end(small)
      else response.end(JSON.stringify(JSON.parse(Buffer.concat(chunks).toString())))
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return `https://127.0.0.1:${(server.address() as AddressInfo).port}`
}

async function api(certificate: ServerCertificate): Promise<string> {
  const store = new Store({ directory, fatal: fail })
  const kinds = registry()
  const client = localClient({ store, registry: kinds })
  const access = await openAccess({ store, client, adminToken: token, ca: certificate.ca })
  const server = await startApiServer({
    ...{ store, tls: certificate, registry: kinds, clock: systemClock, host: '127.0.0.1', port: 0 },
    ...access,
  })
  return server.url
}

function fail(error: Error): never {
  throw error
}
