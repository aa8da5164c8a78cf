import type { JsonObject } from '@argosy/engine'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openTestApi, type TestApi } from '../http/api.fixture.ts'

let api: TestApi
let count = 0
beforeAll(async () => {
  api = await openTestApi()
})
afterAll(() => api[Symbol.asyncDispose]())

/** A namespace of a test's own. */
async function namespace(labels: object = {}): Promise<string> {
  const name = `rules-${count++}`
  const body = { metadata: { name, labels } }
  expect((await api.ask('/api/v1/namespaces', { method: 'POST', body })).code).toBe(201)
  return name
}

const post = (path: string, body: object) => api.ask(path, { method: 'POST', body })
const make = async (where: string, plural: string, name: string, spec: object) => {
  const { code } = await post(`/api/v1/namespaces/${where}/${plural}`, { metadata: { name }, spec })
  expect(code).toBe(201)
}
const pod = (where: string, name: string, container: object = {}, spec: object = {}) =>
  post(`/api/v1/namespaces/${where}/pods`, {
    metadata: { name },
    spec: { ...spec, containers: [{ name: 'c', image: 'busybox', ...container }] },
  })
const why = ({ code, json }: { code: number; json: JsonObject }) => [code, json['message']]

describe('what a ResourceQuota limits', () => {
  it('one pod too many is refused, in words that Argo looks for', async () => {
    const where = await namespace()
    await make(where, 'resourcequotas', 'q', { hard: { pods: '2' } })
    expect((await pod(where, 'a')).code).toBe(201)
    expect((await pod(where, 'b')).code).toBe(201)
    expect(why(await pod(where, 'c'))).toEqual([
      403,
      'pods "c" is forbidden: exceeded quota: q, requested: pods=1, used: pods=2, limited: pods=2',
    ])
  })

  it('pods that come at once do not slip through together', async () => {
    const where = await namespace()
    await make(where, 'resourcequotas', 'q', { hard: { pods: '3' } })
    const names = Array.from({ length: 10 }, (_, index) => `p-${index}`)
    const answers = await Promise.all(names.map((name) => pod(where, name)))
    expect(answers.filter(({ code }) => code === 201)).toHaveLength(3)
  })

  it('amounts are added up, and have to be told', async () => {
    const where = await namespace()
    await make(where, 'resourcequotas', 'q', {
      hard: { 'requests.cpu': '1', 'limits.memory': '1Gi' },
    })
    expect(why(await pod(where, 'silent'))).toEqual([
      403,
      'pods "silent" is forbidden: failed quota: q: must specify requests.cpu for: c; limits.memory for: c',
    ])
    const half = { resources: { requests: { cpu: '600m' }, limits: { memory: '100Mi' } } }
    expect((await pod(where, 'one', half)).code).toBe(201)
    expect(why(await pod(where, 'two', half))).toEqual([
      403,
      'pods "two" is forbidden: exceeded quota: q, requested: requests.cpu=600m, used: requests.cpu=600m, limited: requests.cpu=1',
    ])
  })

  it('every row of a quota counts, the last one too', async () => {
    const where = await namespace()
    await make(where, 'resourcequotas', 'q', { hard: { 'limits.memory': '1Gi', pods: '1' } })
    const little = { resources: { limits: { memory: '1Mi' } } }
    expect((await pod(where, 'a', little)).code).toBe(201)
    expect(why(await pod(where, 'b', little))[1]).toContain('used: pods=1, limited: pods=1')
  })

  it('a quota with a scope counts only the pods in it', async () => {
    const where = await namespace()
    await make(where, 'resourcequotas', 'q', { hard: { pods: '1' }, scopes: ['Terminating'] })
    const brief = { activeDeadlineSeconds: 60 }
    for (const name of ['a', 'b']) expect((await pod(where, name)).code).toBe(201)
    expect((await pod(where, 'c', {}, brief)).code).toBe(201)
    expect(why(await pod(where, 'd', {}, brief))[1]).toContain('used: pods=1')
  })

  it('other kinds are counted by number, and dry runs take nothing', async () => {
    const where = await namespace()
    await make(where, 'resourcequotas', 'q', { hard: { 'count/secrets': '1' } })
    const path = `/api/v1/namespaces/${where}/secrets`
    expect((await post(`${path}?dryRun=All`, { metadata: { name: 'a' } })).code).toBe(201)
    expect((await post(path, { metadata: { name: 'a' } })).code).toBe(201)
    expect(why(await post(path, { metadata: { name: 'b' } }))[1]).toContain('count/secrets=1')
  })
})

describe('what a LimitRange gives and forbids', () => {
  it('containers that ask for nothing get the default', async () => {
    const where = await namespace()
    const rule = { type: 'Container', default: { cpu: '500m' }, defaultRequest: { cpu: '100m' } }
    await make(where, 'limitranges', 'l', { limits: [rule] })
    const { json } = await pod(where, 'p')
    expect(json['spec']).toMatchObject({
      containers: [{ resources: { limits: { cpu: '500m' }, requests: { cpu: '100m' } } }],
    })
  })

  it('what is too little or too much is refused', async () => {
    const where = await namespace()
    const rule = { type: 'Container', min: { memory: '10Mi' }, max: { memory: '1Gi' } }
    await make(where, 'limitranges', 'l', { limits: [rule] })
    const asking = (memory: string) => ({ resources: { limits: { memory } } })
    expect(why(await pod(where, 'big', asking('2Gi')))).toEqual([
      403,
      'pods "big" is forbidden: maximum memory usage per Container is 1Gi, but limit is 2Gi',
    ])
    expect(why(await pod(where, 'small', asking('1Mi')))[1]).toContain(
      'minimum memory usage per Container is 10Mi, but request is 1Mi',
    )
    expect((await pod(where, 'fine', asking('20Mi'))).code).toBe(201)
  })

  it('claims too', async () => {
    const where = await namespace()
    const rule = { type: 'PersistentVolumeClaim', max: { storage: '1Gi' } }
    await make(where, 'limitranges', 'l', { limits: [rule] })
    const claim = await post(`/api/v1/namespaces/${where}/persistentvolumeclaims`, {
      metadata: { name: 'big' },
      spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '2Gi' } } },
    })
    expect(why(claim)[1]).toContain('maximum storage usage per PersistentVolumeClaim is 1Gi')
  })
})

describe('the security level of a namespace', () => {
  const enforce = (level: string) => ({ 'pod-security.kubernetes.io/enforce': level })

  it('without one everything goes', async () => {
    const volumes = [{ name: 'v', hostPath: { path: '/' } }]
    expect((await pod(await namespace(), 'p', {}, { volumes })).code).toBe(201)
  })

  it('baseline refuses what reaches the machine', async () => {
    const where = await namespace(enforce('baseline'))
    const volumes = [{ name: 'v', hostPath: { path: '/etc' } }]
    const security = { privileged: true, capabilities: { add: ['SYS_ADMIN'] } }
    const refused = await pod(where, 'p', { securityContext: security }, { volumes, hostPID: true })
    expect(why(refused)).toEqual([
      403,
      'pods "p" is forbidden: violates PodSecurity "baseline:latest": host namespaces (hostPID=true), privileged (container "c" must not set securityContext.privileged=true), non-default capabilities (container "c" must not include "SYS_ADMIN" in securityContext.capabilities.add), hostPath volumes (volume "v")',
    ])
    expect((await pod(where, 'fine')).code).toBe(201)
  })

  it('restricted wants everything said', async () => {
    const where = await namespace(enforce('restricted'))
    const [code, message] = why(await pod(where, 'p'))
    expect(code).toBe(403)
    for (const part of [
      'allowPrivilegeEscalation != false',
      'unrestricted capabilities',
      'runAsNonRoot != true',
      'seccompProfile',
    ])
      expect(message).toContain(part)
    const securityContext = {
      allowPrivilegeEscalation: false,
      runAsNonRoot: true,
      capabilities: { drop: ['ALL'] },
      seccompProfile: { type: 'RuntimeDefault' },
    }
    expect((await pod(where, 'fine', { securityContext })).code).toBe(201)
  })

  it('a level that is only warned of is told of, for what makes pods too', async () => {
    const where = await namespace({ 'pod-security.kubernetes.io/warn': 'baseline' })
    const { code, headers } = await pod(where, 'p', {}, { hostNetwork: true })
    expect(code).toBe(201)
    expect(headers['warning']).toContain('would violate PodSecurity')
    const job = await post(`/apis/batch/v1/namespaces/${where}/jobs`, {
      metadata: { name: 'j' },
      spec: {
        template: {
          spec: {
            ...{ hostPID: true, restartPolicy: 'Never' },
            containers: [{ name: 'c', image: 'busybox' }],
          },
        },
      },
    })
    expect([job.code, job.headers['warning']]).toEqual([201, expect.stringContaining('hostPID')])
  })
})
