import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { extname, join, normalize } from 'node:path'
import { describeApi } from '../../packages/server/src/openapi/describe-api.ts'
import { fakeEventLog, fakeFlow } from './fake-flow.ts'
import { type FakeRun, failedRun, hourlyRuns, hugeRun, manyRuns, runningRun } from './fake-runs.ts'
import { fakeCrons, fakeTemplates } from './fake-templates.ts'

/** A server with runs that nobody runs, below a path of its own as behind a proxy: what the pages ask for, they get. */
export async function startFakeApi(dist: string, base = '/argosy/') {
  const many = manyRuns(5000 - hourlyRuns().length)
  const runs = [failedRun(), runningRun(), hugeRun(10_000), ...hourlyRuns(), ...many]
  const asked: { method: string; path: string; body: string }[] = []
  const server = createServer(async (request, response) => {
    const url = new URL(request.url ?? '/', 'http://localhost')
    const path = url.pathname.slice(base.length)
    if (!url.pathname.startsWith(base)) return void response.writeHead(404).end()
    if (!path.startsWith('api/')) return void (await file(dist, path, base, response))
    if (path === 'api/openapi.json') {
      return void response.end(JSON.stringify(describeApi({ version: '1.2.3', base })))
    }
    const body = await bodyOf(request)
    asked.push({ method: request.method ?? '', path: path + url.search, body })
    const { search: query } = url
    const method = request.method ?? 'GET'
    answer({ path: path.slice('api/v1/'.length), query, method, runs, response })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}${base}`,
    asked,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      server.close()
    },
  }
}

interface Question {
  readonly path: string
  readonly query: string
  readonly method: string
  readonly runs: readonly FakeRun[]
  readonly response: ServerResponse
}

function answer({ path, query, method, runs, response }: Question): void {
  const json = (value: unknown, status = 200) =>
    response.writeHead(status, { 'Content-Type': 'application/json' }).end(JSON.stringify(value))
  const [kind = '', ...rest] = path.split('/')
  if (kind === 'workflow-events' || path.startsWith('stream/')) {
    response.writeHead(200, { 'Content-Type': 'text/event-stream' })
    response.write(':\n')
    return void response.write(
      streamed(path)
        .map((one) => `data: ${one} \n\n`)
        .join(''),
    )
  }
  if (rest[2] === 'log') return void log(response)
  if (kind === 'workflows') return void workflows(rest, method, runs, json)
  const simple: Readonly<Record<string, unknown>> = {
    info: { managedNamespace: '', links: [] },
    version: { version: 'v4.1.2', gitCommit: 'fake', platform: 'linux/amd64' },
    userinfo: {
      subject: 'system:admin',
      name: 'Ada',
      groups: ['data', 'admins'],
      serviceAccountName: 'argo',
    },
    rights: { namespace: rest[0], user: 'system:admin', verbs: everyVerb },
    'workflow-templates': { items: fakeTemplates('WorkflowTemplate') },
    'cluster-workflow-templates': { items: fakeTemplates('ClusterWorkflowTemplate') },
    'cron-workflows': { items: fakeCrons() },
    'archived-workflows-phases': query.includes('query=')
      ? {}
      : { counts: { Succeeded: 912, Failed: 71, Error: 17 } },
    'archived-workflows': kind === 'archived-workflows' ? archivePage(runs, query) : {},
  }
  const changed = ['archived-workflows', 'events', 'event-sources', 'sensors']
  if (changed.includes(kind) && method !== 'GET') return void json({})
  const found = simple[kind]
  const name = rest.at(-1)
  const items = (found as { items?: FakeRun[] } | undefined)?.items
  const one = items?.find(({ metadata }) => metadata.name === name)
  if (one) return void json(one)
  const isNamed = rest.length === (kind.startsWith('cluster-') ? 1 : 2)
  if (found === undefined || isNamed) {
    return void json({ code: 5, message: `there is no ${path}` }, 404)
  }
  json(found)
}

const everyVerb = Object.fromEntries(
  [
    ...['workflows', 'workflowtemplates', 'clusterworkflowtemplates', 'cronworkflows', 'pods'],
    ...['eventsources', 'sensors'],
  ].map((kind) => [kind, ['get', 'list', 'watch', 'create', 'update', 'patch', 'delete']]),
)

/** What a stream has to tell; nothing flows in the namespace `quiet`. */
function streamed(path: string): readonly string[] {
  const messages = path.startsWith('stream/event-flow/')
    ? [
        ...(path.endsWith('/quiet') ? [] : fakeFlow).map((object) => ({ type: 'ADDED', object })),
        { type: 'LISTED', refused: [] },
      ]
    : path.endsWith('/logs')
      ? fakeEventLog
      : []
  return messages.map((result) => JSON.stringify({ result }))
}

/** Pages of a hundred runs or as many as are wanted; of the search it knows words alone. */
function archivePage(runs: readonly FakeRun[], query: string) {
  const asked = new URLSearchParams(query)
  const [limit, from] = ['limit', 'continue'].map((name) =>
    Number(asked.get(`listOptions.${name}`)),
  )
  const word = asked.get('query') ?? ''
  const all = runs.slice(20, 1020).filter(({ metadata }) => metadata.name.includes(word))
  const end = (from ?? 0) + (limit || all.length)
  return {
    metadata: end < all.length ? { continue: String(end) } : {},
    items: all
      .slice(from, end)
      .map((run) => ({ ...run, status: { ...run.status, nodes: undefined } })),
  }
}

function workflows(
  rest: readonly string[],
  method: string,
  runs: readonly FakeRun[],
  json: (value: unknown, status?: number) => unknown,
): void {
  const [, name] = rest
  if (name === 'lint')
    return void json(
      { code: 3, message: "templates.main.steps[0].hello template name 'helo' undefined" },
      400,
    )
  if (method !== 'GET') return void json(runs[3] ?? {})
  if (!name) {
    const items = runs.map((run) => ({ ...run, status: { ...run.status, nodes: undefined } }))
    return void json({ metadata: { resourceVersion: '10' }, items })
  }
  const run = runs.find(({ metadata }) => metadata.name === name)
  if (run) json(run)
  else json({ code: 5, message: `workflows.argoproj.io "${name}" not found` }, 404)
}

const logText = [
  'reading /tmp/raw.parquet',
  '184203 rows in 3 partitions',
  'joining with regions.csv',
  'Traceback (most recent call last):',
  '  File "/src/transform.py", line 88, in <module>',
  '    main(sys.argv[1])',
  '  File "/src/transform.py", line 61, in main',
  '    region = regions[row["region"]]',
  "KeyError: 'region-7'",
]

function log(response: ServerResponse): void {
  response.writeHead(200, { 'Content-Type': 'application/json' })
  for (const content of logText) {
    response.write(`${JSON.stringify({ result: { content, podName: 'pod' } })}\n`)
  }
  response.end()
}

const types: Readonly<Record<string, string>> = {
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
  '.html': 'text/html',
}

/** A file of the built pages; every other path is the page itself. */
async function file(
  dist: string,
  path: string,
  base: string,
  response: ServerResponse,
): Promise<void> {
  const name = extname(path) ? normalize(path) : 'index.html'
  const text = await readFile(join(dist, name)).catch(() => undefined)
  if (!text) return void response.writeHead(404).end()
  const type = types[extname(name)] ?? 'application/octet-stream'
  response.writeHead(200, { 'Content-Type': type })
  response.end(
    name === 'index.html'
      ? text.toString().replace('<base href="/" />', `<base href="${base}" />`)
      : text,
  )
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const pieces: Buffer[] = []
  for await (const piece of request) pieces.push(piece as Buffer)
  return Buffer.concat(pieces).toString()
}
