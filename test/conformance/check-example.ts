import { spawnSync } from 'node:child_process'
import { expect } from 'vitest'
import { databaseLimits, type JsonObject } from '../../packages/engine/src/index.ts'
import { accountOf } from './account.ts'
import type { Example } from './documents.ts'
import type { Runs } from './example.ts'
import type { End, House, Order } from './house.ts'
import { invariants } from './invariants.ts'
import { secretOf } from './secret-of.ts'

/** A Secret of ours that upstream's `secrets.yaml` tells its readers to make. */
const secret = {
  apiVersion: 'v1',
  kind: 'Secret',
  metadata: { name: 'my-secret' },
  data: { mypassword: Buffer.from('S00perS3cretPa55word').toString('base64') },
}

/** Repositories of ours, where upstream's examples expect one that its installation brings. */
const repositories = {
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name: 'artifact-repositories' },
  data: { 'my-key': 'disk: {keyFormat: "my-own/{{workflow.name}}/{{pod.name}}"}' },
}

/** A ConfigMap of ours that upstream's semaphores tell their readers to make. */
const config = {
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name: 'my-config' },
  data: { workflow: '3', template: '3' },
}

/** Upstream's installation has such a repository for what names no place. */
const bucket = {
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: {
    name: 'artifact-repositories',
    annotations: { 'workflows.argoproj.io/default-artifact-repository': 'bucket' },
  },
  data: {
    bucket: JSON.stringify({
      s3: {
        ...{ endpoint: 'minio:9000', insecure: true, bucket: 'my-bucket' },
        accessKeySecret: { name: 'my-minio-cred', key: 'accesskey' },
        secretKeySecret: { name: 'my-minio-cred', key: 'secretkey' },
      },
    }),
  },
}

const ours: Readonly<Record<string, JsonObject>> = {
  'database-limits': {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: databaseLimits },
    data: { workflow: '3', template: '3' },
  },
  'my-bucket': bucket,
  'my-s3-credentials': secretOf('my-s3-credentials', { accessKey: 'id', secretKey: 'word' }),
  's3-creds': secretOf('s3-creds', { accessKey: 'id', secretKey: 'word' }),
  'my-minio-cred': secretOf('my-minio-cred', { accesskey: 'id', secretkey: 'word' }),
  'my-artifactory-credentials': secretOf('my-artifactory-credentials', {
    username: 'id',
    password: 'word',
  }),
  'my-oss-credentials': secretOf('my-oss-credentials', { accessKey: 'id', secretKey: 'word' }),
  'my-azure-credentials': secretOf('my-azure-credentials', { accountKey: btoa('word') }),
  'oauth-sec': secretOf('oauth-sec', {
    clientID: 'id',
    clientSecret: 'word',
    tokenURL: 'https://mywebhdfsprovider.com/token',
  }),
  'my-secret': secret,
  'my-repositories': repositories,
  'my-config': config,
}
/** What must be there and done so that an example runs. */
export function orderOf(
  { document }: Example,
  fate: Runs,
  examples: ReadonlyMap<string, Example>,
): Order {
  const supplies = (fate.with ?? []).map((id): JsonObject => {
    const supply = ours[id] ?? examples.get(id)?.document.object
    if (!supply) throw new Error(`there is no ${id}`)
    return supply
  })
  const { resume = {}, lingerMs = 0, turn } = fate
  return { object: document.object, supplies, resume, lingerMs, ...(turn && { turn }) }
}

/** Runs several at a time; an end is waited for when its test begins. */
export function runAll(
  orders: ReadonlyMap<string, Order>,
  house: Promise<House>,
  { atOnce, limitMs }: { readonly atOnce: number; readonly limitMs: number },
): ReadonlyMap<string, Promise<End>> {
  const limited = limiter(atOnce)
  const turns = new Map<string, Promise<unknown>>()
  return new Map(
    [...orders].map(([id, one]) => {
      const run = async () => (await house).run(one, AbortSignal.timeout(limitMs))
      const { turn = id } = one
      const end = (turns.get(turn) ?? Promise.resolve()).then(() => limited(run))
      turns.set(
        turn,
        end.catch(() => undefined),
      )
      // Whoever waits for it hears of a failure; nobody may have come yet.
      end.catch(() => undefined)
      return [id, end]
    }),
  )
}

type Job = () => Promise<End>

/** Starts as many jobs as may run at once, the others as those end. */
function limiter(atOnce: number): (job: Job) => Promise<End> {
  const waiting: (() => void)[] = []
  let running = 0
  return async (job) => {
    if (running >= atOnce) await new Promise<void>((resolve) => waiting.push(resolve))
    running += 1
    try {
      return await job()
    } finally {
      running -= 1
      waiting.shift()?.()
    }
  }
}

/** Holds an end against the table. */
export function expectEnd(end: End, fate: Runs): void {
  const { globals = {}, holds } = fate
  const chance = fate.end === 'Succeeded or Failed'
  const want = {
    end: chance ? expect.stringMatching(/^(Succeeded|Failed)/) : fate.end,
    steps: fate.steps ? patterns(fate.steps) : expect.anything(),
    outputs: fate.outputs ?? expect.anything(),
    globals: chance && !fate.globals ? expect.anything() : globals,
  }
  expect(accountOf(end)).toEqual(want)
  if (holds) invariants[holds](end)
}

function patterns(steps: NonNullable<Runs['steps']>): Readonly<Record<string, unknown>> {
  const lines = Object.entries(steps).map(([name, text]) => [
    name,
    text instanceof RegExp ? expect.stringMatching(text) : text,
  ])
  return Object.fromEntries(lines)
}

/** The programs that an example needs and this machine has not. */
export function missing({ programs = [] }: Runs): readonly string[] {
  return programs.filter((program) => spawnSync(program, ['--version']).error)
}
