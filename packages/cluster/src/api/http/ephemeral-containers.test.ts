import type { JsonObject, KubeObject } from '@argosy/engine'
import { resources } from '@argosy/kube'
import { beforeAll, describe, expect, it } from 'vitest'
import { testApi } from './api.fixture.ts'

const api = testApi()
const pods = '/api/v1/namespaces/default/pods'
const strategic = 'application/strategic-merge-patch+json'

const debug = (name: string, more: object = {}) => ({ name, image: 'busybox', ...more })
const adding = (...ephemeralContainers: object[]) => ({ spec: { ephemeralContainers } })

function patch(body: object, type = strategic, part = '/ephemeralcontainers') {
  return api.ask(`${pods}/p${part}`, { method: 'PATCH', body, type })
}

const namesIn = ({ spec }: JsonObject) =>
  ((spec as JsonObject)['ephemeralContainers'] as readonly JsonObject[]).map(({ name }) => name)

beforeAll(async () => {
  const spec = {
    containers: [{ name: 'main', image: 'i' }],
    volumes: [{ name: 'v', emptyDir: {} }],
  }
  const pod = { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'p' }, spec }
  await api.ask(pods, { method: 'POST', body: pod })
})

describe('containers that are put into a pod', () => {
  it('come one after the other, and get their defaults', async () => {
    const first = await patch(adding(debug('one', { targetContainerName: 'main', tty: true })))
    expect(first.code).toBe(200)
    const second = await patch(adding(debug('two')))
    expect(namesIn(second.json)).toEqual(expect.arrayContaining(['one', 'two']))
    const [container] = (second.json['spec'] as JsonObject)[
      'ephemeralContainers'
    ] as readonly JsonObject[]
    expect(container).toHaveProperty('terminationMessagePath', '/dev/termination-log')
  })

  it('change nothing else of it', async () => {
    const body = {
      metadata: { labels: { a: 'b' } },
      spec: { ...adding(debug('three')).spec, hostname: 'h' },
    }
    const { json } = await patch(body)
    expect(json['spec']).not.toHaveProperty('hostname')
    expect(json['metadata']).not.toHaveProperty('labels')
  })

  it('come by PUT, too', async () => {
    const { json } = await api.ask(`${pods}/p/ephemeralcontainers`)
    const spec = json['spec'] as JsonObject
    const list = [...(spec['ephemeralContainers'] as JsonObject[]), debug('put')]
    const body = { ...json, spec: { ...spec, ephemeralContainers: list } }
    const path = `${pods}/p/ephemeralcontainers`
    expect((await api.ask(path, { method: 'PUT', body })).code).toBe(200)
    const stale = await api.ask(path, { method: 'PUT', body })
    expect(stale.code).toBe(409)
  })

  it.each<[string, object, string]>([
    [
      'a field that only lasting containers have',
      debug('x', { ports: [{ containerPort: 1 }] }),
      'spec.ephemeralContainers[0].ports: Forbidden: cannot be set for an Ephemeral Container',
    ],
    [
      'a target that is not there',
      debug('x', { targetContainerName: 'nobody' }),
      'spec.ephemeralContainers[0].targetContainerName: Not found: "nobody"',
    ],
    [
      'a part of a volume',
      debug('x', { volumeMounts: [{ name: 'v', mountPath: '/v', subPath: 's' }] }),
      'spec.ephemeralContainers[0].volumeMounts[0].subPath: Forbidden: cannot be set for an Ephemeral Container',
    ],
    [
      'a name that is taken',
      debug('main'),
      'spec.ephemeralContainers[0].name: Duplicate value: "main"',
    ],
  ])('are refused with %s', async (_, container, message) => {
    const { code, json } = await patch(adding(container))
    expect(code).toBe(422)
    expect(json['message']).toContain(message)
  })

  it('stay as they are', async () => {
    const changed = await patch(adding(debug('one', { image: 'other' })))
    expect(changed.json['message']).toContain(
      'spec.ephemeralContainers: Forbidden: existing ephemeral containers "one" may not be changed',
    )
    const gone = await patch({ spec: { ephemeralContainers: [] } }, 'application/merge-patch+json')
    expect(gone.json['message']).toContain('existing ephemeral containers "one" may not be removed')
  })

  it('do not come with a new pod, a template, or a change of the pod itself', async () => {
    const spec = { containers: [{ name: 'main', image: 'i' }], ...adding(debug('x')).spec }
    const pod = { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'q' }, spec }
    const made = await api.ask(pods, { method: 'POST', body: pod })
    expect(made.json['message']).toContain(
      'spec.ephemeralContainers: Forbidden: cannot be set on create',
    )
    const selector = { matchLabels: { a: 'b' } }
    const template = { metadata: { labels: { a: 'b' } }, spec }
    const set = { apiVersion: 'apps/v1', kind: 'ReplicaSet', metadata: { name: 'r' } }
    const owner = await api.ask('/apis/apps/v1/namespaces/default/replicasets', {
      method: 'POST',
      body: { ...set, spec: { selector, template } },
    })
    expect(owner.json['message']).toContain(
      'spec.template.spec.ephemeralContainers: Forbidden: ephemeral containers not allowed in pod template',
    )
    const main = await patch(adding(debug('late')), strategic, '')
    expect(main.json['message']).toContain('pod updates may not change fields other than')
  })

  it('keep to the security level of the namespace', async () => {
    const metadata = { name: 'tight', labels: { 'pod-security.kubernetes.io/enforce': 'baseline' } }
    await api.client.create(resources.namespaces, { apiVersion: 'v1', kind: 'Namespace', metadata })
    const pod = {
      ...{ apiVersion: 'v1', kind: 'Pod', metadata: { name: 'p', namespace: 'tight' } },
      spec: { containers: [{ name: 'main', image: 'i' }] },
    }
    await api.client.create(resources.pods, pod as KubeObject)
    const path = '/api/v1/namespaces/tight/pods/p/ephemeralcontainers'
    const privileged = debug('x', { securityContext: { privileged: true } })
    const refused = await api.ask(path, {
      method: 'PATCH',
      body: adding(privileged),
      type: strategic,
    })
    expect(refused.code).toBe(403)
    expect(refused.json['message']).toContain('violates PodSecurity "baseline:latest"')
  })
})
