import type { JsonObject } from '@argosy/engine'
import { StatusError } from '@argosy/kube'
import { describe, expect, it } from 'vitest'
import { registry } from '../kinds.ts'
import { validate } from './validate.ts'

const kinds = registry()

function flawsOf(collection: string, object: JsonObject, old?: JsonObject): readonly string[] {
  try {
    validate(kinds.of(collection), { metadata: { name: 'x' }, ...object }, old)
    return []
  } catch (error) {
    if (!(error instanceof StatusError)) throw error
    return (error.details?.causes ?? []).map(({ field, message }) => `${field}: ${message}`)
  }
}

const container = { name: 'main', image: 'busybox' }

describe('what is wrong with objects of built-in kinds', () => {
  it('pods need containers with names and images, each once, and mount only what there is', () => {
    expect(flawsOf('pods', { spec: { containers: [container] } })).toEqual([])
    expect(flawsOf('pods', { spec: {} })).toEqual(['spec.containers: Required value'])
    expect(flawsOf('pods', { spec: { containers: [{ name: 'A', image: 'x' }] } })[0]).toContain(
      'spec.containers[0].name: Invalid value: "A": a lowercase RFC 1123 label',
    )
    expect(
      flawsOf('pods', {
        spec: {
          restartPolicy: 'Sometimes',
          containers: [
            { ...container, volumeMounts: [{ name: 'none', mountPath: '/x' }] },
            container,
            { name: 'other' },
          ],
        },
      }),
    ).toEqual([
      'spec.containers[0].volumeMounts[0].name: Not found: "none"',
      'spec.containers[2].image: Required value',
      'spec.containers[1].name: Duplicate value: "main"',
      'spec.restartPolicy: Unsupported value: "Sometimes": supported values: "Always", "OnFailure", "Never"',
    ])
  })

  it("of a pod's spec little more than the images may change", () => {
    const pod = (more: object) => ({ spec: { containers: [{ ...container, ...more }] } })
    expect(flawsOf('pods', pod({ image: 'y' }), pod({}))).toEqual([])
    expect(flawsOf('pods', pod({ command: ['x'] }), pod({}))[0]).toContain(
      'spec: Forbidden: pod updates may not change fields other than',
    )
  })

  it('a deployment selects the pods that it makes, and goes on selecting them', () => {
    const deployment = (selected: string, labelled = selected) => ({
      spec: {
        selector: { matchLabels: { app: selected } },
        template: { metadata: { labels: { app: labelled } }, spec: { containers: [container] } },
      },
    })
    expect(flawsOf('deployments.apps', deployment('a'))).toEqual([])
    expect(flawsOf('deployments.apps', deployment('a', 'b'))[0]).toContain(
      'does not match template',
    )
    expect(flawsOf('deployments.apps', deployment('b'), deployment('a'))[0]).toContain(
      'field is immutable',
    )
    expect(flawsOf('deployments.apps', { spec: {} })).toContain('spec.selector: Required value')
  })

  it('keys, immutable data, role references, sizes and ports', () => {
    expect(flawsOf('configmaps', { data: { 'a b': '' } })[0]).toContain('data[a b]: Invalid value')
    expect(
      flawsOf(
        'configmaps',
        { immutable: true, data: { a: '2' } },
        { immutable: true, data: { a: '1' } },
      ),
    ).toEqual(['data: Forbidden: field is immutable when `immutable` is set'])
    const bound = (name: string) => ({ roleRef: { kind: 'Role', name } })
    const bindings = 'rolebindings.rbac.authorization.k8s.io'
    expect(flawsOf(bindings, bound('b'), bound('a'))[0]).toContain('roleRef: Invalid value')
    expect(flawsOf(bindings, {})).toEqual(['roleRef: Required value'])
    expect(flawsOf('persistentvolumeclaims', { spec: { accessModes: ['ReadWriteOnce'] } })).toEqual(
      ['spec.resources[storage]: Required value'],
    )
    expect(flawsOf('services', { spec: { type: 'ClusterIP' } })).toEqual([
      'spec.ports: Required value',
    ])
    expect(flawsOf('services', { spec: { clusterIP: 'None' } })).toEqual([])
  })

  it('a definition is named after what it defines, and stores one version', () => {
    const definition = (name: string, storage: boolean) => ({
      metadata: { name },
      spec: {
        group: 'example.com',
        scope: 'Namespaced',
        names: { plural: 'things', kind: 'Thing' },
        versions: [
          { name: 'v1', served: true, storage, schema: { openAPIV3Schema: { type: 'object' } } },
        ],
      },
    })
    const crds = 'customresourcedefinitions.apiextensions.k8s.io'
    expect(flawsOf(crds, definition('things.example.com', true))).toEqual([])
    expect(flawsOf(crds, definition('other', false))).toEqual([
      'metadata.name: Invalid value: "other": must be spec.names.plural+"."+spec.group',
      'spec.versions: Invalid value: ["v1"]: must have exactly one version marked as storage version',
    ])
  })
})
