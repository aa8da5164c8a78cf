import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Cluster, configMap } from './cluster.ts'

let cluster: Cluster
beforeAll(async () => {
  cluster = await Cluster.open()
  await cluster.says('apply -f -', configMap('shown', { a: '1', b: '2' }))
  await cluster.says('label cm shown tier=web')
})
afterAll(() => cluster[Symbol.asyncDispose]())

const says = (command: string | readonly string[]) => cluster.says(command)

describe('looking with kubectl', () => {
  it('version, health, who and where one is', async () => {
    expect(await says('version')).toMatch(/Server Version: v1\.33\.\d/)
    expect(await says('get --raw /readyz?verbose')).toContain('readyz check passed')
    expect(await says('get --raw /livez')).toBe('ok')
    expect(await says('get --raw /version')).toContain('"gitVersion"')
    expect(await says('auth whoami -o jsonpath={.status.userInfo.username}')).toBe('admin')
    expect(await says('auth can-i create pods')).toBe('yes')
    expect(await says('auth can-i get pods --subresource=log')).toBe('yes')
    expect(await says('cluster-info')).toContain('is running at')
  })

  it('what there is', async () => {
    expect(await says('api-versions')).toMatch(/^apps\/v1$/m)
    expect(await says('api-resources --namespaced=false -o name')).toMatch(/^namespaces$/m)
    expect(await says('api-resources --verbs=list,watch -o wide')).toMatch(
      /^pods +po +v1 +true +Pod/m,
    )
    expect(await says('api-resources --categories=all -o name')).toMatch(/^deployments\.apps$/m)
    expect(await says('get --raw /apis/apps/v1')).toContain('"deployments/scale"')
  })

  it('every output form of get', async () => {
    expect(await says('get cm shown')).toMatch(/^NAME +DATA +AGE\nshown +2 +\d+s$/)
    expect(await says('get cm shown --no-headers')).toMatch(/^shown +2 +\d+s$/)
    expect(await says('get cm shown -o name')).toBe('configmap/shown')
    expect(JSON.parse(await says('get cm shown -o json'))).toMatchObject({
      kind: 'ConfigMap',
      data: { a: '1', b: '2' },
    })
    expect(await says('get cm shown -o yaml')).toMatch(/^kind: ConfigMap$/m)
    expect(await says('get cm shown -o jsonpath={.data.b}')).toBe('2')
    expect(await says(['get', 'cm', 'shown', '-o', 'go-template={{.data.a}}'])).toBe('1')
    expect(
      await says('get cm shown -o custom-columns=N:.metadata.name,A:.data.a --no-headers'),
    ).toMatch(/^shown +1$/)
    expect(await says('get cm -A -l tier=web -L tier --show-labels')).toMatch(
      /shown +2 +\d+s +web +tier=web$/m,
    )
    expect(await says('get pods -o wide')).toBe('')
    expect(await says('get cm --sort-by=.metadata.name -o name')).toBe(
      'configmap/kube-root-ca.crt\nconfigmap/shown',
    )
  })

  it('several kinds, selectors and chunks', async () => {
    expect(await says('get cm,sa -o name')).toContain('serviceaccount/default')
    expect(await says('get cm/shown sa/default -o name')).toBe(
      'configmap/shown\nserviceaccount/default',
    )
    expect(await says('get cm -l tier!=web -o name')).toBe('configmap/kube-root-ca.crt')
    expect(await says(['get', 'cm', '-l', 'tier in (web,db)', '-o', 'name'])).toBe(
      'configmap/shown',
    )
    expect(await says('get cm --field-selector metadata.name=shown -o name')).toBe(
      'configmap/shown',
    )
    expect((await says('get cm -A --chunk-size=2 -o name')).split('\n').length).toBeGreaterThan(4)
    expect(await says('get ns --field-selector status.phase=Active -o name')).toContain(
      'namespace/kube-system',
    )
    await says('get all -A')
  })

  it('describe, events, explain', async () => {
    expect(await says('describe cm shown')).toMatch(/Name: +shown/)
    expect(await says('describe ns default')).toMatch(/Status: +Active/)
    expect(await says('events')).toBe('')
    expect(await says('explain pod.spec.containers.image')).toContain('FIELD: image <string>')
    expect(await says('explain deployments --recursive')).toContain('replicas')
  })

  it('mistakes are told as Kubernetes tells them', async () => {
    const refuses = (command: string) => cluster.refuses(command)
    expect(await refuses('get cm none')).toBe(
      'Error from server (NotFound): configmaps "none" not found',
    )
    expect(await refuses('get nonsense')).toBe(
      'error: the server doesn\'t have a resource type "nonsense"',
    )
    expect(await refuses('get cm --field-selector x.y=1')).toContain(
      'field label not supported: x.y',
    )
    expect(await refuses('get cm -n none none')).toContain('(NotFound)')
    expect(await refuses('--token=wrong get cm')).toContain('You must be logged in to the server')
    expect(await refuses('get --raw /nonsense')).toContain('(NotFound)')
  })

  it('acting as somebody who may nothing', async () => {
    expect(await cluster.refuses('get pods --as=jane')).toBe(
      'Error from server (Forbidden): pods is forbidden: User "jane" cannot list resource "pods" in API group "" in the namespace "default"',
    )
    const { code, stdout } = await cluster.kubectl('auth can-i list pods --as=jane')
    expect([code, stdout.trim()]).toEqual([1, 'no'])
    expect(
      await says('auth whoami --as=jane --as-group=devs -o jsonpath={.status.userInfo.groups}'),
    ).toBe('["devs","system:authenticated"]')
  })

  it('a Table is watched row by row', async () => {
    const heard = cluster.hears('get cm -w', /later-4 .*\n/)
    for (const number of [1, 2, 3, 4]) await says(`create configmap later-${number}`)
    const rows = await heard
    expect(rows.match(/^NAME +DATA +AGE$/gm)).toHaveLength(1)
    expect(rows).toMatch(/^later-4 +0 +\d+s$/m)
  })
})
