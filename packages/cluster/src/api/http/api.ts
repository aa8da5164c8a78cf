import type { IncomingMessage, ServerResponse } from 'node:http'
import { gnosticType } from '../parts/openapi/gnostic.ts'
import { allow } from './authorization.ts'
import type { Call } from './call.ts'
import { departure } from './departure.ts'
import { Discovery } from './discovery.ts'
import { dispatch, servesPart } from './dispatch.ts'
import { healthPaths, healthText, kubernetesVersion } from './health.ts'
import { identify } from './identify.ts'
import { accepts, discoveryVersion } from './negotiate.ts'
import { OpenApi } from './openapi.ts'
import { refusalOf, sendJson, sendRefusal, sendText, startHeaders } from './reply.ts'
import { type GroupTarget, targetOf } from './target.ts'
import type { World } from './world.ts'

/** From a request to its answer. */
export class Api {
  readonly #world: World
  readonly #life: AbortSignal
  readonly #discovery: Discovery
  readonly #openApi: OpenApi

  constructor(world: World, life: AbortSignal) {
    this.#world = world
    this.#life = life
    const { registry } = world.objects
    this.#discovery = new Discovery(registry, {
      isServed: (part) => servesPart(part, world),
      measures: world.usage !== undefined,
    })
    this.#openApi = new OpenApi(registry)
  }

  /** Never throws; what nobody meant to happen is logged. */
  handle(request: IncomingMessage, response: ServerResponse): void {
    startHeaders(response)
    this.#answer(request, response)
      .catch((error: unknown) => {
        // Who left is told nothing any more.
        if (response.destroyed) return
        const surprised = (odd: unknown) =>
          this.#world.log(`${request.method} ${request.url}: ${describe(odd)}`)
        sendRefusal(response, refusalOf(error, surprised))
      })
      .finally(() => {
        // A body that nobody wanted must not stand in the way of the next request.
        request.resume()
      })
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const [path = '', ...search] = (request.url ?? '').split('?')
    const query = new URLSearchParams(search.join('?'))
    const target = targetOf(path)
    const { meter, objects } = this.#world
    const method = request.method ?? 'GET'
    meter?.began({ method, target, query, registry: objects.registry }, response)
    const identity = await identify(request, this.#world)
    const left = departure(response, this.#life)
    const call: Call = { request, response, path, query, identity, left }
    if (target?.type === 'resource') return dispatch({ ...call, target }, this.#world)
    const verb = method.toLowerCase()
    const nowhere = { group: '', version: '', resource: '' }
    await allow(this.#world.authorize, { identity, verb, path, ...nowhere })
    if (target?.type === 'group') return this.#discover(call, target)
    const plain = path.replace(/\/+$/, '')
    const given = this.#world.paths.get(plain)
    if (given && verb === 'get') await given(call)
    else this.#other(call, plain)
  }

  #discover(call: Call, { root, group, version }: GroupTarget): void {
    const { request, response } = call
    response.setHeader('Vary', 'Accept')
    const aggregated = group === undefined && version === undefined
    const wanted = aggregated ? discoveryVersion(request.headers.accept) : undefined
    if (wanted) {
      response.setHeader(
        'Content-Type',
        `application/json;g=apidiscovery.k8s.io;v=${wanted};as=APIGroupDiscoveryList`,
      )
      sendJson(response, 200, this.#discovery.aggregated(root, wanted))
      return
    }
    const found = this.#legacy(call, { root, group, version })
    if (found) sendJson(response, 200, found)
    else notFound(response)
  }

  #legacy(
    { request }: Call,
    {
      root,
      group,
      version,
    }: {
      readonly root: string
      readonly group: string | undefined
      readonly version: string | undefined
    },
  ) {
    if (version !== undefined) return this.#discovery.resourceList(group ?? '', version)
    if (root === 'api') return this.#discovery.coreVersions(request.headers.host ?? '')
    return group === undefined ? this.#discovery.groupList() : this.#discovery.group(group)
  }

  #other(call: Call, path: string): void {
    const { response, request, query } = call
    if (path === '/version') sendJson(response, 200, kubernetesVersion)
    else if (healthPaths.includes(path))
      sendText(response, 200, healthText(path, query.has('verbose')))
    else if (path === '/openapi/v3') sendJson(response, 200, this.#openApi.index())
    else if (path.startsWith('/openapi/v3/')) this.#openApiDocument(call, path)
    else if (path === '/openapi/v2' && !takesOnlyJson(request.headers.accept))
      sendText(response, 200, Buffer.from(this.#openApi.v2()), gnosticType)
    else if (path === '') sendJson(response, 200, { paths: rootPaths })
    else notFound(response)
  }

  /** A document that is asked for by its hash never changes. */
  #openApiDocument({ response, query }: Call, path: string): void {
    const document = this.#openApi.document(path.slice('/openapi/v3/'.length))
    if (!document) {
      notFound(response)
      return
    }
    const asked = query.get('hash')
    if (asked !== null && asked !== document.hash) {
      response.setHeader('Location', `${path}?hash=${document.hash}`)
      sendText(response, 301, '')
      return
    }
    response.setHeader('ETag', `"${document.hash}"`)
    response.setHeader('Vary', 'Accept')
    if (asked !== null) {
      response.setHeader('Cache-Control', 'public, immutable')
      const year = 365 * 24 * 3600 * 1000
      response.setHeader('Expires', new Date(this.#world.clock.now() + year).toUTCString())
    }
    sendText(response, 200, document.text, 'application/json')
  }
}

const rootPaths = [
  '/api',
  '/api/v1',
  '/apis',
  '/healthz',
  '/livez',
  '/openapi/v2',
  '/openapi/v3',
  '/readyz',
  '/version',
]

/** Version 2 of OpenAPI is there in protobuf only, which is what kubectl asks for. */
function takesOnlyJson(accept: string | undefined): boolean {
  return !accepts(accept, 'application/com.github.proto-openapi.spec.v2@v1.0+protobuf')
}

function notFound(response: ServerResponse): void {
  sendText(response, 404, '404 page not found\n')
}

function describe(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error)
}
