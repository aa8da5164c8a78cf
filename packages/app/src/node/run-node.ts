import { X509Certificate } from 'node:crypto'
import { homedir, hostname } from 'node:os'
import { join, resolve } from 'node:path'
import { layoutOf, lockDirectory, startNode } from '@argosy/cluster'
import { certificateAnnotation, ownCertificate, startNodeServer } from '@argosy/cluster/api-server'
import { allDrivers, executorPrograms } from '@argosy/executor'
import { type Client, Patience, patientClient, systemClock } from '@argosy/kube'
import { type Access, Connection, httpClient, readContext } from '@argosy/kube/remote'
import { registerMachine } from '@argosy/operators/built-in'
import { idleKinds } from '../idle-kinds.ts'
import { InputError, readImages } from '../run/prepare.ts'
import { untilEnded } from '../run/until-ended.ts'
import { atPort } from '../server/at-port.ts'
import { machineFacts } from '../server/machine-facts.ts'
import { sweeping } from '../sweep.ts'
import { chooseRuntime, type RuntimeChoice } from './choose-runtime.ts'
import { mayAskNode } from './may-ask-node.ts'
import { podAccess } from './pod-access.ts'
import { podTokens } from './pod-tokens.ts'

export interface NodeFlags {
  readonly kubeconfig: string
  readonly context?: string
  readonly dataDir: string
  readonly artifactsDir?: string
  readonly nodeName?: string
  readonly address: string
  readonly nodePort: number
  readonly maxPods: number
  readonly runtime: RuntimeChoice
  readonly images?: string
  readonly hide: readonly string[]
}

interface Streams {
  readonly stdout: { write(text: string): unknown }
  readonly stderr: { write(text: string): unknown }
}

const heartbeatMs = 10_000

/** Runs the pods that a Kubernetes gives this node until somebody ends it; resolves to the exit code. */
export async function runNode(flags: NodeFlags, { stdout, stderr }: Streams): Promise<number> {
  const log = (line: string) => stderr.write(`argosy: ${line}\n`)
  return untilEnded(stderr, async ({ stop, stopped }) => {
    const node = await open(flags, { log, stop })
    await using _ = node
    stdout.write(
      `argosy node ${node.name} runs pods of ${node.server}; logs and streams at ${flags.address}:${node.port}\n`,
    )
    await stopped()
    log('stopping: steps that run go on')
  })
}

interface Surroundings {
  readonly log: (line: string) => void
  readonly stop: AbortSignal
}

interface RunningNode extends AsyncDisposable {
  readonly name: string
  readonly server: string
  readonly port: number
}

async function open(flags: NodeFlags, { log, stop }: Surroundings): Promise<RunningNode> {
  const { kubeconfig, context, address } = flags
  const stack = new AsyncDisposableStack()
  try {
    const { access } = await readContext({ kubeconfig, ...(context && { context }) })
    const name = flags.nodeName ?? nameIn(access.cert) ?? hostname()
    const dataDir = resolve(flags.dataDir)
    const lock = lockDirectory(dataDir, 'node-lock.db')
    stack.defer(() => lock.close())
    const images = await readImages(flags.images)
    const { runtime, fallback } = await chooseRuntime(flags.runtime)
    if (fallback) log(fallback)
    stack.use(runtime)
    const world = connect(access, { log, stop }, stack)
    const { client, clock } = world
    const token = podTokens(world.connection)
    const connection = stack.use(new Connection(withoutCertificate(access)))
    const pods = podAccess({ connection, token, clock })
    const tls = await ownCertificate(dataDir, [name, address], clock.now())
    const doors = startNodeServer({
      ...{ client, clock, runtime, dataDir, tls, log, host: address, port: flags.nodePort },
      ...{ clientCa: caOf(access), mayAsk: mayAskNode(world, name) },
    })
    const door = stack.use(await atPort('--node-port, --address', doors))
    const facts = {
      ...machineFacts(runtime.name, flags.maxPods),
      ...{ name, addresses: [address], isApart: true, nodePort: door.port },
      annotations: { [certificateAnnotation]: tls.cert },
    }
    stack.use(registerMachine({ client, clock, log, facts, heartbeatMs }))
    const root = resolve(flags.artifactsDir ?? layoutOf(dataDir).artifacts)
    stack.use(
      await startNode({
        ...{ client, clock, dataDir, runtime, images, boundOnly: true, nodeName: name },
        drivers: allDrivers({ root, client }),
        builtIns: executorPrograms(idleKinds(true)),
        hides: [...flags.hide, kubeconfig, join(homedir(), '.argosy')],
        // A pod that waits for its token waits for the server.
        api: {
          ...pods.door,
          token: (...ask) => world.patience.until(() => token(...ask), undefined),
        },
        maxPods: flags.maxPods,
        clientFor: pods.clientFor,
        hostIP: address,
        onNoNameServer: log,
        onError: (error) => log(`node: ${String(error)}`),
      }),
    )
    const swept = sweeping(runtime, log)
    stack.defer(() => swept)
    return {
      ...{ name, server: access.server, port: door.port },
      [Symbol.asyncDispose]: () => stack.disposeAsync(),
    }
  } catch (error) {
    await stack.disposeAsync()
    throw error
  }
}

/** What everything on a node speaks to its server with. */
export interface NodeWorld {
  readonly client: Client
  readonly connection: Connection
  readonly patience: Patience
  readonly clock: typeof systemClock
}

/** The server may be away: what the node has to say waits until it is back. */
function connect(
  access: Access,
  { log, stop }: Surroundings,
  stack: AsyncDisposableStack,
): NodeWorld {
  const connection = stack.use(new Connection(access))
  const over = new AbortController()
  stack.defer(() => over.abort())
  const patience = new Patience({
    clock: systemClock,
    signal: AbortSignal.any([stop, over.signal]),
    onAway: ({ message }) => log(`waiting for the server: ${message}`),
    onBack: () => log('the server is back'),
  })
  const client = patientClient(httpClient(connection), patience)
  return { client, connection, patience, clock: systemClock }
}

/** Programs in pods show the tokens of their accounts, and nothing of the node's own. */
function withoutCertificate({ cert: _cert, key: _key, ...access }: Access): Access {
  return access
}

/** `system:node:NAME`, in a node's certificate. */
function nameIn(cert: string | undefined): string | undefined {
  if (cert === undefined) return undefined
  return /^CN=system:node:(.+)$/m.exec(new X509Certificate(cert).subject)?.[1]
}

function caOf({ ca }: Access): string {
  if (ca !== undefined) return ca
  throw new InputError([
    "the kubeconfig has no certificate-authority of its cluster: by it a node knows who may ask for its pods' logs",
  ])
}
