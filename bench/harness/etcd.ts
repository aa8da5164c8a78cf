import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, writeFileSync } from 'node:fs'
import { type ClientHttp2Session, connect } from 'node:http2'
import { setTimeout as delay } from 'node:timers/promises'
import type { ServerCertificate } from '@argosy/cluster/api-server'
import { freePort } from '@argosy/kube/free-port'

/** Writes and reads of one key, over gRPC as Kubernetes does it. */
export interface Etcd {
  put(key: string, value: string): Promise<void>
  get(key: string): Promise<void>
}

/** One etcd of our own, with TLS and a disk as ours has, while `work` runs. */
export async function withEtcd<T>(
  dir: string,
  tls: ServerCertificate,
  work: (etcd: Etcd) => Promise<T>,
): Promise<T> {
  const place = mkdtempSync(`${dir}/etcd-`)
  writeFileSync(`${place}/key`, tls.key)
  writeFileSync(`${place}/cert`, tls.cert)
  const [port, peer] = [await freePort(), await freePort()]
  const url = `https://127.0.0.1:${port}`
  const child = spawn(
    'etcd',
    [
      ...['--data-dir', `${place}/data`, '--cert-file', `${place}/cert`],
      ...['--key-file', `${place}/key`, '--logger', 'zap', '--log-level', 'error'],
      ...['--listen-client-urls', url, '--advertise-client-urls', url],
      ...['--listen-peer-urls', `http://127.0.0.1:${peer}`],
    ],
    { stdio: 'ignore' },
  )
  const ended = once(child, 'exit')
  try {
    const session = await connected(url, tls.ca)
    try {
      return await work({
        put: (key, value) => call(session, 'Put', message([key, value])),
        get: (key) => call(session, 'Range', message([key])),
      })
    } finally {
      session.destroy()
    }
  } finally {
    child.kill()
    await ended
  }
}

async function connected(url: string, ca: string): Promise<ClientHttp2Session> {
  for (let tries = 0; tries < 200; tries++) {
    const session = connect(url, { ca })
    session.on('error', () => undefined)
    const isThere = await new Promise<boolean>((resolve) => {
      session.once('connect', () => resolve(true))
      session.once('close', () => resolve(false))
    })
    if (isThere && (await isReady(session))) return session
    session.destroy()
    await delay(50)
  }
  throw new Error('etcd did not answer within ten seconds')
}

/** It listens before it has elected itself. */
function isReady(session: ClientHttp2Session): Promise<boolean> {
  return call(session, 'Put', message(['ready', ''])).then(
    () => true,
    () => false,
  )
}

/** A message of text fields numbered from 1, in protobuf and in gRPC's frame. */
function message(fields: readonly string[]): Buffer {
  const parts = fields.flatMap((text, index) => {
    const bytes = Buffer.from(text)
    return [Buffer.from([((index + 1) << 3) | 2, ...varint(bytes.length)]), bytes]
  })
  const body = Buffer.concat(parts)
  const frame = Buffer.alloc(5)
  frame.writeUInt32BE(body.length, 1)
  return Buffer.concat([frame, body])
}

function varint(value: number): readonly number[] {
  return value < 128 ? [value] : [(value & 127) | 128, ...varint(value >>> 7)]
}

async function call(session: ClientHttp2Session, method: string, body: Buffer): Promise<void> {
  const stream = session.request({
    ...{ ':method': 'POST', ':path': `/etcdserverpb.KV/${method}` },
    ...{ 'content-type': 'application/grpc', te: 'trailers' },
  })
  let status: unknown
  stream.on('response', (headers) => {
    status = headers['grpc-status']
  })
  stream.on('trailers', (trailers) => {
    status = trailers['grpc-status']
  })
  stream.resume()
  stream.end(body)
  await once(stream, 'close')
  if (status !== '0') throw new Error(`etcd answered ${status}`)
}
