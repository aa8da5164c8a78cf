import { generateKeyPairSync } from 'node:crypto'
import {
  createServer,
  Agent as HttpAgent,
  type IncomingMessage,
  request,
  type ServerResponse,
} from 'node:http'
import { createServer as createSecureServer, Agent as HttpsAgent } from 'node:https'
import { type AddressInfo, connect, type Server, Socket } from 'node:net'
import { join } from 'node:path'
import { buffer } from 'node:stream/consumers'
import { type FauxqsServer, startFauxqs } from 'fauxqs'
import {
  type ServerCertificate,
  serverCertificate,
} from '../../packages/cluster/src/api/http/certificates.ts'
import { StandIn } from '../../packages/executor/src/artifacts/hdfs/stand-in.fixture.ts'
import { repositories } from './internet-repositories.ts'
import { type Answer, answerOf, type Sites, siteNames, type Told } from './internet-sites.ts'

/** What the other sites have to begin with. */
const files = [
  ['mywebhdfsprovider.com/webhdfs/v1/file.txt', 'from the HDFS\n'],
  ['gcs/my-bucket-name/path/in/bucket', 'from Google\n'],
  [
    'myazurestorageaccountname.blob.core.windows.net/my-container/path/in/container',
    'from Azure\n',
  ],
] as const

/** What is in the buckets that the examples name. */
const buckets: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'my-bucket-name': { 'path/in/bucket': 'from the bucket\n' },
  'my-bucket': { 'a/main.log': 'the log of a\n', 'a/other.log': 'not this\n', 'b/main.log': 'b\n' },
  'test-bucket-name': { 'test/mydirectory/file': 'from Alibaba\n' },
  'your-bucket-name': { 'input-file/upload.zip': 'uploaded\n' },
}

/** Of upstream's example for HDFS. */
const nameNodes = /^my-hdfs-namenode-\d\.my-hdfs-namenode\./

/** Where programs find the proxy, and whose certificates they trust; read when a program starts. */
const variables = ['https_proxy', 'GIT_SSL_CAINFO'] as const

/**
 * The internet as far as upstream's examples ask for it: real servers on the loopback, with certificates, behind the names
 * of those that are meant. Connections of this process are led there by their agents, those of `git` by a proxy.
 */
export class Internet implements AsyncDisposable {
  /** Of a client of its own. */
  readonly certificate: ServerCertificate
  /** Of somebody whom Google knows. */
  readonly serviceAccount = JSON.stringify({
    ...{ type: 'service_account', client_email: 'somebody@example.com' },
    private_key: generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({
      ...{ type: 'pkcs8', format: 'pem' },
    }),
  })
  readonly #open = new AsyncDisposableStack()

  private constructor(certificate: ServerCertificate) {
    this.certificate = certificate
  }

  static async open(folder: string): Promise<Internet> {
    const certificate = await serverCertificate(join(folder, 'pki'), siteNames, Date.now())
    const internet = new Internet(certificate)
    const objects = await internet.#startObjects()
    const sites: Sites = {
      folder: await repositories(folder),
      stored: new Map(files.map(([name, text]) => [name, Buffer.from(text)])),
    }
    const handle = (told: Told) => answerOf(told, sites)
    const plain = await internet.#serve(createServer(listener(handle, objects)))
    const secure = await internet.#serve(createSecureServer(certificate, listener(handle, objects)))
    internet.#lead(HttpAgent.prototype, { port: plain })
    internet.#lead(HttpsAgent.prototype, { port: secure, ca: certificate.ca })
    await internet.#leadPrograms(folder, secure)
    await internet.#leadHadoop()
    return internet
  }

  async #startObjects(): Promise<FauxqsServer> {
    const objects = await startFauxqs({ port: 0, host: '127.0.0.1', logger: false })
    this.#open.defer(() => objects.stop())
    for (const [bucket, files] of Object.entries(buckets)) {
      objects.createBucket(bucket)
      for (const [key, body] of Object.entries(files)) {
        const url = `http://127.0.0.1:${objects.port}/${bucket}/${key}`
        const { status } = await fetch(url, { method: 'PUT', body })
        if (status !== 200) throw new Error(`${url}: ${status}`)
      }
    }
    return objects
  }

  async #serve(server: Server): Promise<number> {
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    this.#open.defer(() => void server.close())
    return (server.address() as AddressInfo).port
  }

  /** Whoever asks an agent for a connection to one of the sites gets one to its stand-in. */
  #lead(agents: object, there: { readonly port: number; readonly ca?: string }): void {
    const holder = agents as { createConnection: (...words: unknown[]) => unknown }
    const before = holder.createConnection
    holder.createConnection = function (this: unknown, options: unknown, ...rest: unknown[]) {
      const { host, servername } = options as { host?: string; servername?: string }
      if (host === undefined || !isSite(host)) return before.call(this, options, ...rest)
      const other = { host: '127.0.0.1', ...there, servername: servername || host }
      return before.call(this, { ...(options as object), ...other }, ...rest)
    }
    this.#open.defer(() => {
      holder.createConnection = before
    })
  }

  /** Hadoop's protocol is no HTTP: whoever connects to one of its name nodes is connected to a stand-in. */
  async #leadHadoop(): Promise<void> {
    const hadoop = this.#open.use(await StandIn.open())
    const { hostname: host, port } = new URL(`tcp://${hadoop.address}`)
    const there = { host, port: Number(port) }
    const before = Socket.prototype.connect
    Socket.prototype.connect = function (this: Socket, ...words: unknown[]) {
      // From node:net the options come in a list, from node:tls as they are; there may be none, but a path.
      const [options] = [words[0]].flat()
      const { host } = Object(options) as { readonly host?: string }
      if (nameNodes.test(host ?? '')) Object.assign(options as object, there)
      return Reflect.apply(before, this, words)
    } as typeof before
    this.#open.defer(() => {
      Socket.prototype.connect = before
    })
  }

  /** A proxy that connects to nobody else, for programs that are told of it. */
  async #leadPrograms(folder: string, port: number): Promise<void> {
    const proxy = createServer()
    proxy.on('connect', (_, socket) => {
      const there = connect(port, '127.0.0.1', () => {
        socket.write('HTTP/1.1 200 OK\r\n\r\n')
        socket.pipe(there).pipe(socket)
      })
      there.on('error', () => socket.destroy())
      socket.on('error', () => there.destroy())
    })
    const at = await this.#serve(proxy)
    const before = variables.map((name) => [name, process.env[name]] as const)
    process.env['https_proxy'] = `http://127.0.0.1:${at}`
    process.env['GIT_SSL_CAINFO'] = join(folder, 'pki', 'ca.crt')
    this.#open.defer(() => {
      for (const [name, value] of before) {
        if (value === undefined) delete process.env[name]
        else process.env[name] = value
      }
    })
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#open.disposeAsync()
  }
}

function isSite(host: string): boolean {
  return siteNames.some((name) =>
    name.startsWith('*.') ? host.endsWith(name.slice(1)) : host === name,
  )
}

function listener(handle: (told: Told) => Promise<Answer>, objects: FauxqsServer) {
  return async (asked: IncomingMessage, response: ServerResponse): Promise<void> => {
    const [host = ''] = (asked.headers.host ?? '').split(':')
    const { method = 'GET', url = '/', headers } = asked
    if (/(?:amazonaws|aliyuncs)\.com$/.test(host) || host === 'minio') {
      forward(asked, response, { port: objects.port, path: pathOf(host, url) })
      return
    }
    const answer = await handle({ host, method, url, headers, body: await buffer(asked) })
    response.writeHead(answer.status ?? 200, answer.headers).end(answer.body ?? '')
  }
}

/** A bucket may be in the name of the host. */
function pathOf(host: string, url: string): string {
  const [, bucket] = /^(.+)\.(?:s3[.-][\w.-]*amazonaws|oss-[\w-]+\.aliyuncs)\.com$/.exec(host) ?? []
  return bucket === undefined ? url : `/${bucket}${url}`
}

function forward(
  asked: IncomingMessage,
  response: ServerResponse,
  { port, path }: { readonly port: number; readonly path: string },
): void {
  const { method, headers } = asked
  const host = `127.0.0.1:${port}`
  const on = request({ host: '127.0.0.1', port, path, method, headers: { ...headers, host } })
  on.on('response', (answer) => {
    response.writeHead(answer.statusCode ?? 502, answer.headers)
    answer.pipe(response)
  })
  on.on('error', () => response.destroy())
  asked.pipe(on)
}
