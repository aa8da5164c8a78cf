import type { JsonObject, Pod } from '@argosy/engine'
import type { Effect } from '@argosy/kube/workload'
import { describe, expect, it } from 'vitest'
import { advanceService } from './advance-service.ts'
import type { Listing, Service } from './service.ts'

const service = (spec: Partial<Service['spec']> = {}, uid = 'u'): Service => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name: 'web', namespace: 'default', uid, creationTimestamp: '2026-01-01T00:00:00Z' },
  spec: { selector: { app: 'web' }, ports: [{ port: 80, targetPort: 'http' }], ...spec },
})

interface PodFacts {
  readonly labels?: Record<string, string>
  readonly ready?: boolean
  readonly leaving?: boolean
  readonly phase?: string
  readonly port?: number
}

const pod = (name: string, ip: string | undefined, facts: PodFacts = {}): Pod => {
  const {
    labels = { app: 'web' },
    ready = true,
    leaving = false,
    phase = 'Running',
    port = 8080,
  } = facts
  const deletionTimestamp = leaving ? { deletionTimestamp: '2026-01-01T00:00:00Z' } : {}
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, namespace: 'default', uid: name, labels, ...deletionTimestamp },
    spec: {
      nodeName: 'n',
      containers: [{ name: 'c', ports: [{ name: 'http', containerPort: port }] }],
    },
    status: {
      phase,
      ...(ip !== undefined && { podIP: ip }),
      conditions: [{ type: 'Ready', status: ready ? 'True' : 'False' }],
    },
  } as unknown as Pod
}

const addressed = { clusterIP: '127.250.0.9', clusterIPs: ['127.250.0.9'] }

const look = (
  one: Service,
  pods: readonly Pod[],
  more: Partial<Parameters<typeof advanceService>[0]> = {},
) =>
  advanceService({ service: one, services: [one], pods, endpoints: undefined, slices: [], ...more })
    .effects

const subsetsIn = (effects: readonly Effect[]) => {
  const made = effects.find((one) => one.do === 'create' && one.object.kind === 'Endpoints')
  return made?.do === 'create' ? (made.object as Listing).subsets : undefined
}

describe('advanceService', () => {
  it('lists who is ready, and who is not yet', () => {
    const pods = [pod('a', '10.0.0.1'), pod('b', '10.0.0.2', { ready: false }), pod('c', undefined)]
    const [subset, ...rest] = subsetsIn(look(service(addressed), pods)) ?? []
    expect(rest).toEqual([])
    expect(subset).toMatchObject({
      addresses: [{ ip: '10.0.0.1', nodeName: 'n', targetRef: { kind: 'Pod', name: 'a' } }],
      notReadyAddresses: [{ ip: '10.0.0.2' }],
      ports: [{ port: 8080, protocol: 'TCP' }],
    })
  })

  it.each([
    { it: 'others', pods: [pod('a', '10.0.0.1', { labels: { app: 'db' } })] },
    { it: 'who has ended', pods: [pod('a', '10.0.0.1', { phase: 'Succeeded' })] },
    { it: 'who is going', pods: [pod('a', '10.0.0.1', { leaving: true })] },
  ])('leaves out of Endpoints $it', ({ pods }) => {
    expect(subsetsIn(look(service(addressed), pods))).toEqual([])
  })

  it('publishes who is not ready when that is wished', () => {
    const one = service({ ...addressed, publishNotReadyAddresses: true })
    const [subset] = subsetsIn(look(one, [pod('a', '10.0.0.1', { ready: false })])) ?? []
    expect(subset).toMatchObject({ addresses: [{ ip: '10.0.0.1' }] })
  })

  it('parts pods whose named port is another number', () => {
    const pods = [pod('a', '10.0.0.1'), pod('b', '10.0.0.2', { port: 9090 })]
    const effects = look(service(addressed), pods)
    expect(subsetsIn(effects)?.map(({ ports }) => ports)).toEqual([
      [{ port: 8080, protocol: 'TCP' }],
      [{ port: 9090, protocol: 'TCP' }],
    ])
    const slices = effects.filter(
      (one) => one.do === 'create' && one.object.kind === 'EndpointSlice',
    )
    expect(slices).toHaveLength(2)
  })

  it('changes nothing when all is as it should be', () => {
    const one = service(addressed)
    const pods = [pod('a', '10.0.0.1')]
    const made = look(one, pods).flatMap((effect) =>
      effect.do === 'create' ? [effect.object as Listing] : [],
    )
    const [endpoints, ...slices] = made
    expect(look(one, pods, { endpoints, slices })).toEqual([])
    expect(look(one, [], { endpoints, slices }).map((effect) => effect.do)).toEqual([
      'patch',
      'remove',
    ])
  })

  it('gives an address that nobody has, and the same one again', () => {
    const given = (services: readonly Service[]) => {
      const [patch] = look(service(), [], { services })
      return patch?.do === 'patch' ? (patch.body['spec'] as JsonObject)['clusterIP'] : undefined
    }
    const first = given([])
    expect(first).toMatch(/^127\.250\.\d+\.\d+$/)
    expect(given([])).toBe(first)
    const other = service({ clusterIP: String(first) }, 'other')
    expect(given([other])).not.toBe(first)
  })

  it('two that came to the same address are parted: the later one moves', () => {
    const [older, younger] = [service(addressed, 'a'), service(addressed, 'b')]
    const moves = (one: Service) => look(one, [], { services: [older, younger] })[0]?.do === 'patch'
    expect([moves(older), moves(younger)]).toEqual([false, true])
  })

  it('headless ones and names of elsewhere get none', () => {
    expect(look(service({ clusterIP: 'None' }), [])[0]).toMatchObject({
      body: { spec: { clusterIP: 'None', clusterIPs: ['None'] } },
    })
    expect(look(service({ type: 'ExternalName' }), [])).toEqual([])
  })
})
