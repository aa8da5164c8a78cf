import { type ClientRequest, request as httpRequest, type IncomingMessage } from 'node:http'
import { request as httpsRequest } from 'node:https'
import { pipeline } from 'node:stream/promises'
import type { JsonObject, KubeObject } from '@argosy/engine'
import { resources, StatusError } from '@argosy/kube'
import { numberAt, objectsAt, textAt } from '../parts/table/at.ts'
import { badRequest } from '../refusals.ts'
import type { ObjectCall } from './call.ts'
import type { World } from './world.ts'

/** Any method of `pods/x/proxy/…` and `services/x/proxy/…`: what the pod behind it answers over HTTP. */
export async function proxy(call: ObjectCall, world: World): Promise<void> {
  const named = nameParts(call.place.name)
  const place = { ...call.place, name: named.name }
  const object = world.objects.get(call.kind, place) as unknown as JsonObject
  const isPod = call.kind.resource.plural === 'pods'
  const address = isPod
    ? podAddress(object, named.port)
    : serviceAddress(object, named.port, endpointsOf(world, place))
  await forward(call, named.scheme, address)
}

interface Named {
  readonly scheme: 'http' | 'https'
  readonly name: string
  readonly port: string
}

/** `name`, `name:port` or `scheme:name:port`; the port may be a name. */
function nameParts(text: string): Named {
  const parts = text.split(':')
  const [scheme = '', name = '', port = ''] = parts.length === 3 ? parts : ['', ...parts]
  if (parts.length > 3 || name === '' || !['', 'http', 'https'].includes(scheme))
    throw badRequest(`invalid proxy target ${JSON.stringify(text)}: expected [scheme:]name[:port]`)
  return { scheme: scheme === 'https' ? 'https' : 'http', name, port }
}

interface Address {
  readonly host: string
  readonly port: number
}

function podAddress(pod: JsonObject, wanted: string): Address {
  const host = textAt(pod, 'status', 'podIP')
  if (host === '') throw unavailable(`pod ${textAt(pod, 'metadata', 'name')} has no address yet`)
  const ports = objectsAt(pod, 'spec', 'containers').flatMap((one) => objectsAt(one, 'ports'))
  const named = ports.find(({ name }) => name === wanted)
  const first = wanted === '' ? ports[0] : named
  const port = Number(wanted) || numberAt(first, 'containerPort') || (wanted === '' ? 80 : 0)
  if (port === 0) throw badRequest(`the pod has no port ${JSON.stringify(wanted)}`)
  return { host, port }
}

function serviceAddress(
  service: JsonObject,
  wanted: string,
  endpoints: KubeObject | undefined,
): Address {
  const name = textAt(service, 'metadata', 'name')
  const ports = objectsAt(service, 'spec', 'ports')
  const port = ports.find(
    (one) =>
      (wanted === '' && ports.length === 1) ||
      one['name'] === wanted ||
      String(one['port']) === wanted,
  )
  if (!port)
    throw badRequest(
      `service ${JSON.stringify(name)} has ${ports.length} ports, none of which is ${JSON.stringify(wanted)}: say name:port`,
    )
  for (const subset of objectsAt(endpoints, 'subsets')) {
    const [address] = objectsAt(subset, 'addresses')
    const listening = objectsAt(subset, 'ports').find(
      (one) => textAt(one, 'name') === textAt(port, 'name'),
    )
    if (address && listening)
      return { host: textAt(address, 'ip'), port: numberAt(listening, 'port') }
  }
  throw unavailable(`no endpoints available for service ${JSON.stringify(name)}`)
}

function endpointsOf({ objects }: World, place: ObjectCall['place']): KubeObject | undefined {
  return objects.find(objects.registry.kind(resources.endpoints), place)
}

function unavailable(message: string): StatusError {
  return new StatusError('ServiceUnavailable', message)
}

/** Who asks is our business only: what he showed us stays here. */
const kept = new Set(['authorization', 'connection', 'host', 'keep-alive', 'upgrade', 'cookie'])
const hopByHop = new Set(['connection', 'keep-alive', 'transfer-encoding'])

async function forward(call: ObjectCall, scheme: Named['scheme'], to: Address): Promise<void> {
  const { request, response, left } = call
  const [, search = ''] = (request.url ?? '').split(/(?=\?)/)
  const options = {
    ...to,
    method: request.method,
    path: `${pathBehind(call)}${search}`,
    headers: Object.fromEntries(
      Object.entries(request.headers).filter(([name]) => !kept.has(name)),
    ),
    signal: left(),
  }
  // Pods prove themselves to nobody, in Kubernetes too.
  const sent =
    scheme === 'https'
      ? httpsRequest({ ...options, rejectUnauthorized: false })
      : httpRequest(options)
  const answer = await answered(sent, request, to)
  for (const [name, value] of Object.entries(answer.headers)) {
    if (value !== undefined && !hopByHop.has(name)) response.setHeader(name, value)
  }
  response.writeHead(answer.statusCode ?? 502)
  await pipeline(answer, response)
}

function pathBehind({ path }: ObjectCall): string {
  return /\/proxy(\/.*)?$/.exec(path.replace(/^.*?(?=\/proxy(?:\/|$))/, ''))?.[1] ?? '/'
}

function answered(
  sent: ClientRequest,
  request: IncomingMessage,
  { host, port }: Address,
): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    sent.on('response', resolve)
    sent.on('error', (cause) =>
      reject(
        new StatusError(
          'ServiceUnavailable',
          `error trying to reach service: dial tcp ${host}:${port}: ${cause.message}`,
          { cause },
        ),
      ),
    )
    request.pipe(sent)
  })
}
