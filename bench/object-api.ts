import { mkdtempSync } from 'node:fs'
import type { IncomingMessage } from 'node:http'
import { Agent, request } from 'node:https'
import { type ServerCertificate, serverCertificate } from '@argosy/cluster/api-server'
import type { Bench, Plan, Verdict } from './harness/bench.ts'
import { withEtcd } from './harness/etcd.ts'
import { has } from './harness/peers.ts'
import { interleave, middle, type Runs, ratio, type Sample, spreads } from './harness/samples.ts'
import { type ServedOrder, withServed } from './harness/served.ts'

/** What the Kubernetes API costs over HTTPS, durably, against an HTTPS server that only echoes. */
export const objectApi: Bench = {
  name: 'object-api',
  about: 'creates, patches, gets, lists, watches and conflicts over HTTPS',
  async run(plan) {
    const few = plan.quick ? 200 : 2_000
    const many = plan.quick ? 500 : 5_000
    const warm = plan.quick ? 2_000 : 20_000
    const tls = await serverCertificate(`${plan.dir}/pki`, ['127.0.0.1'], Date.now())
    const runs: Runs<string> = await interleave<string>(plan, {
      'echo 1': () =>
        withEcho(plan, tls, (ask) => warmWrites(ask, warm, { count: few, clients: 1 })),
      'echo 64': () =>
        withEcho(plan, tls, (ask) => warmWrites(ask, warm, { count: many, clients: 64 })),
      'echo get 1': () => withEcho(plan, tls, (ask) => gets(ask, few, 1)),
      'echo get 16': () => withEcho(plan, tls, (ask) => gets(ask, many, 16)),
      ...etcdRuns(plan, tls, { few, many, warm }),
      'create 1': () =>
        withApi(plan, tls, (ask) => warmWrites(ask, warm, { count: few, clients: 1 })),
      'create 64': () =>
        withApi(plan, tls, (ask) => warmWrites(ask, warm, { count: many, clients: 64 })),
      'patch 32': () => withApi(plan, tls, (ask) => patches(ask, many)),
      'get 1': () => withApi(plan, tls, (ask) => filledGets(ask, few, 1)),
      'get 16': () => withApi(plan, tls, (ask) => filledGets(ask, many, 16)),
      'list 500': () => withApi(plan, tls, (ask) => lists(ask, plan.quick ? 10 : 200)),
      'watch 100': () => withApi(plan, tls, (ask) => watches(ask, plan.quick ? 20 : 500)),
      'conflicts 16': () => withApi(plan, tls, (ask) => storm(ask, plan.quick ? 20 : 200)),
    })
    const of = (name: string) => runs[name] ?? []
    const against = (ours: string, limit: string) =>
      ratio([of(ours), 'perSecond'], [of(limit), 'perSecond'])
    const half = { unit: '× echo', must: { least: 0.5 } }
    return {
      figures: spreads(runs),
      missing: has('etcd') ? [] : ['etcd'],
      verdicts: [
        { what: 'get, one client', value: against('get 1', 'echo get 1'), ...half },
        { what: 'get, 16 clients', value: against('get 16', 'echo get 16'), ...half },
        { what: 'create, one client', value: against('create 1', 'echo 1'), unit: '× echo' },
        { what: 'create, 64 clients', value: against('create 64', 'echo 64'), unit: '× echo' },
        ...(has('etcd') ? againstEtcd(runs) : []),
        { what: 'patch, 32 clients', value: middle(of('patch 32'), 'perSecond'), unit: 'per s' },
        { what: 'list of 500', value: middle(of('list 500'), 'msEach'), unit: 'ms' },
        { what: 'deliveries', value: middle(of('watch 100'), 'perSecond'), unit: 'per s' },
        {
          what: 'writes in a storm',
          value: middle(of('conflicts 16'), 'perSecond'),
          unit: 'per s',
        },
        {
          what: 'tries for each of them',
          value: middle(of('conflicts 16'), 'perRaise'),
          unit: 'GET+PUT',
        },
        {
          what: 'tries in a storm',
          value: middle(of('conflicts 16'), 'triesPerSecond'),
          unit: 'per s',
        },
      ],
    }
  },
}

/** etcd's own writes, which Kubernetes makes one of for each of its. */
function etcdRuns(
  { dir }: Plan,
  tls: ServerCertificate,
  { few, many, warm }: { readonly few: number; readonly many: number; readonly warm: number },
): Record<string, () => Promise<Sample>> {
  if (!has('etcd')) return {}
  const value = JSON.stringify(configMap('of-etcd'))
  const puts = (count: number, clients: number) => () =>
    withEtcd(dir, tls, async ({ put }) => {
      const write = async (index: number) => {
        await put(`/registry/configmaps/default/object-${index}`, value)
        return { code: 200, body: '' }
      }
      await calls(warm, 16, (index) => write(-index))
      return calls(count, clients, write)
    })
  return { 'etcd 1': puts(few, 1), 'etcd 64': puts(many, 64) }
}

function againstEtcd(runs: Runs<string>): readonly Verdict[] {
  const of = (clients: number) =>
    ratio(
      [runs[`create ${clients}`] ?? [], 'perSecond'],
      [runs[`etcd ${clients}`] ?? [], 'perSecond'],
    )
  const unit = '× etcd'
  return [
    { what: 'create, one client', value: of(1), unit, must: { least: 1 }, goal: { least: 1.8 } },
    { what: 'create, 64 clients', value: of(64), unit, must: { least: 0.6 }, goal: { least: 1 } },
  ]
}

interface Answer {
  readonly code: number
  readonly body: string
}

type Ask = (method: string, path: string, body?: object, type?: string) => Promise<Answer>
/** Follows a path; `heard` is told each piece of text. Resolves to what ends it, once the answer has begun. */
type Open = (path: string, heard: (text: string) => void) => Promise<() => void>
type Asking = { readonly ask: Ask; readonly open: Open }

const token = 'bench'

/** What is got from a server that only answers. */
const small = JSON.stringify(configMap('small'))

type Work = (asking: Asking) => Promise<Sample>

function withEcho(plan: Plan, tls: ServerCertificate, work: Work): Promise<Sample> {
  return withServer('echo', { plan, tls }, work)
}

function withApi(plan: Plan, tls: ServerCertificate, work: Work): Promise<Sample> {
  return withServer('api', { plan, tls }, work)
}

async function withServer(
  what: ServedOrder['what'],
  { plan: { dir }, tls }: { readonly plan: Plan; readonly tls: ServerCertificate },
  work: Work,
): Promise<Sample> {
  const order = { what, pki: `${dir}/pki`, directory: mkdtempSync(`${dir}/store-`), token, small }
  const agent = new Agent({ ca: tls.ca, keepAlive: true })
  try {
    return await withServed(order, (url) => work(asking(url, agent)))
  } finally {
    agent.destroy()
  }
}

function asking(url: string, agent: Agent): Asking {
  const send = (method: string, path: string, payload?: string, type = 'application/json') =>
    new Promise<IncomingMessage>((resolve, reject) => {
      const headers = {
        authorization: `Bearer ${token}`,
        ...(payload && { 'content-type': type, 'content-length': Buffer.byteLength(payload) }),
      }
      const sent = request(`${url}${path}`, { method, agent, headers }, resolve)
      sent.on('error', reject)
      sent.end(payload)
    })
  return {
    ask: async (method, path, body, type) => {
      const response = await send(method, path, body && JSON.stringify(body), type)
      let text = ''
      for await (const chunk of response) text += chunk
      return { code: response.statusCode ?? 0, body: text }
    },
    open: async (path, heard) => {
      const response = await send('GET', path)
      response.on('error', () => undefined)
      response.on('data', (chunk: Buffer) => heard(chunk.toString()))
      return () => response.destroy()
    },
  }
}

const path = '/api/v1/namespaces/default/configmaps'

function configMap(name: string): object {
  const data = { text: 'x'.repeat(700) }
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, labels: { app: 'bench' } }, data }
}

/** So many calls by so many clients who wait for their answers. */
async function calls(count: number, clients: number, call: (index: number) => Promise<Answer>) {
  let next = 0
  const begin = performance.now()
  const client = async () => {
    for (let index = next++; index < count; index = next++) {
      const { code, body } = await call(index)
      if (code >= 300) throw new Error(`${code}: ${body}`)
    }
  }
  await Promise.all(Array.from({ length: clients }, client))
  return rate(count, performance.now() - begin)
}

function rate(count: number, ms: number): Sample {
  return { perSecond: (count * 1000) / ms, msEach: ms / count }
}

function writes({ ask }: Asking, count: number, clients: number): Promise<Sample> {
  return calls(count, clients, (index) => ask('POST', path, configMap(`object-${index}`)))
}

/**
 * A server in use has its code compiled, and what compares two of them does not want to measure compilers. Measured: after
 * 2,000 creates V8 is at it still, from 15,000 on a create takes what it will take.
 */
async function warmWrites(
  to: Asking,
  warm: number,
  { count, clients }: { readonly count: number; readonly clients: number },
): Promise<Sample> {
  await calls(warm, 16, (index) => to.ask('POST', path, configMap(`warm-${index}`)))
  return writes(to, count, clients)
}

async function patches(to: Asking, count: number): Promise<Sample> {
  await writes(to, 500, 32)
  const patch = (index: number) =>
    to.ask(
      'PATCH',
      `${path}/object-${index % 500}`,
      { data: { index: String(index) } },
      'application/merge-patch+json',
    )
  return calls(count, 32, patch)
}

function gets({ ask }: Asking, count: number, clients: number): Promise<Sample> {
  return calls(count, clients, (index) => ask('GET', `${path}/object-${index % 500}`))
}

async function filledGets(to: Asking, count: number, clients: number): Promise<Sample> {
  await writes(to, 500, 32)
  return gets(to, count, clients)
}

async function lists(to: Asking, count: number): Promise<Sample> {
  await writes(to, 500, 32)
  return calls(count, 1, () => to.ask('GET', `${path}?limit=500`))
}

/** Deliveries to 100 watchers; each must hear of every object, in order. */
async function watches(to: Asking, count: number): Promise<Sample> {
  let left = count * 100
  let done = () => {}
  const all = new Promise<void>((resolve) => {
    done = resolve
  })
  const heard = Array.from({ length: 100 }, () => '')
  const ends = await Promise.all(
    heard.map((_, index) =>
      to.open(`${path}?watch=1&labelSelector=app%3Dbench`, (text) => {
        heard[index] += text
        left -= text.split('\n').length - 1
        if (left === 0) done()
      }),
    ),
  )
  const begin = performance.now()
  await writes(to, count, 32)
  await all
  const sample = rate(count * heard.length, performance.now() - begin)
  for (const end of ends) end()
  for (const text of heard) checkOrder(text, count)
  return sample
}

function checkOrder(text: string, count: number): void {
  const versions = [...text.matchAll(/"resourceVersion":"(\d+)"/g)].map((found) => Number(found[1]))
  const isOrdered = versions.every((one, index) => index === 0 || one > (versions[index - 1] ?? 0))
  if (versions.length !== count || !isOrdered) throw new Error('an event was lost or out of order')
}

/** 16 writers raise one counter; whoever is late reads again. No raise may be lost. */
async function storm({ ask }: Asking, each: number): Promise<Sample> {
  await ask('POST', path, { ...configMap('counter'), data: { count: '0' } })
  const begin = performance.now()
  let tries = 0
  const writer = async () => {
    for (let done = 0; done < each; tries++) {
      const { body } = await ask('GET', `${path}/counter`)
      const object = JSON.parse(body) as { data: { count: string } }
      const data = { count: String(Number(object.data.count) + 1) }
      const { code } = await ask('PUT', `${path}/counter`, { ...object, data })
      if (code === 200) done += 1
      else if (code !== 409) throw new Error(`a PUT was answered ${code}`)
    }
  }
  await Promise.all(Array.from({ length: 16 }, writer))
  const { body } = await ask('GET', `${path}/counter`)
  const { data } = JSON.parse(body) as { data: { count: string } }
  if (data.count !== String(16 * each)) throw new Error(`${data.count} raises of ${16 * each}`)
  const raises = rate(16 * each, performance.now() - begin)
  // A try is a GET and a PUT: who loses has made both in vain.
  const perRaise = tries / (16 * each)
  return { ...raises, perRaise, triesPerSecond: (raises['perSecond'] ?? 0) * perRaise }
}
