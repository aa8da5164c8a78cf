import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Cluster } from './cluster.ts'

let cluster: Cluster
beforeAll(async () => {
  cluster = await Cluster.open()
})
afterAll(() => cluster[Symbol.asyncDispose]())

const says = (command: string | readonly string[], input?: string) => cluster.says(command, input)

const argo = (kind: string, name: string, more: object) =>
  JSON.stringify({
    ...{ apiVersion: 'argoproj.io/v1alpha1', kind, metadata: { name, namespace: 'default' } },
    ...more,
  })

/** As upstream publishes it. */
function upstream(kind: string, plural: string, short: string): string {
  const open = { type: 'object', 'x-kubernetes-preserve-unknown-fields': true }
  const schema = {
    ...{ type: 'object', required: ['metadata', 'spec'] },
    properties: {
      ...{ apiVersion: { type: 'string' }, kind: { type: 'string' }, metadata: { type: 'object' } },
      ...{ spec: open, status: open },
    },
  }
  const version = { name: 'v1alpha1', served: true, storage: true }
  return JSON.stringify({
    ...{ apiVersion: 'apiextensions.k8s.io/v1', kind: 'CustomResourceDefinition' },
    metadata: { name: `${plural}.argoproj.io` },
    spec: {
      ...{ group: 'argoproj.io', scope: 'Namespaced' },
      names: {
        ...{ kind, plural, listKind: `${kind}List`, singular: kind.toLowerCase() },
        shortNames: [short],
      },
      versions: [{ ...version, schema: { openAPIV3Schema: schema }, subresources: { status: {} } }],
    },
  })
}

const kinds = [
  ['EventSource', 'eventsources', 'es'],
  ['Sensor', 'sensors', 'sn'],
  ['EventBus', 'eventbus', 'eb'],
] as const

describe.each(kinds)('%s', (kind, plural, short) => {
  const name = `one-${short}`

  it('is known by its short name, kept with every field, and needs a spec', async () => {
    const spec = { odd: { deep: [1] } }
    expect(await says('create -f -', argo(kind, name, { spec }))).toContain('created')
    expect(JSON.parse(await says(`get ${short} ${name} -o json`))).toMatchObject({ kind, spec })
    const refused = await cluster.refuses('create -f -', argo(kind, 'bare', {}))
    expect(refused).toContain('spec: Required value')
  })

  it('has a status of its own', async () => {
    const conditions = [{ type: 'Deployed', status: 'True' }]
    const patch = ['patch', short, name, '--subresource=status', '--type=merge', '-p']
    await says([...patch, JSON.stringify({ status: { conditions } })])
    expect(JSON.parse(await says(`get ${short} ${name} -o json`))).toMatchObject({
      ...{ metadata: { generation: 1 }, status: { conditions } },
    })
  })

  it('lets upstream’s own definition be applied over it', async () => {
    const definition = upstream(kind, plural, short)
    expect(await says('apply --server-side -f -', definition)).toContain('serverside-applied')
    expect(await says('apply --server-side -f -', definition)).toContain('serverside-applied')
    expect(await says(`get ${plural} -o name`)).toContain(name)
  })
})
