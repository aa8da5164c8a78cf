import { chmod } from 'node:fs/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Cluster, configMap, manifest } from './cluster.ts'

let cluster: Cluster
beforeAll(async () => {
  cluster = await Cluster.open()
})
afterAll(() => cluster[Symbol.asyncDispose]())

const says = (command: string | readonly string[], input = '') => cluster.says(command, input)
const refuses = (command: string | readonly string[], input = '') => cluster.refuses(command, input)

describe('changing things with kubectl', () => {
  it('every form of create', async () => {
    expect(await says('create ns made')).toBe('namespace/made created')
    expect(await says('create configmap made --from-literal=a=1')).toBe('configmap/made created')
    expect(await says('create secret generic made --from-literal=p=s3cret')).toBe(
      'secret/made created',
    )
    expect(await says('get secret made -o jsonpath={.data.p}')).toBe('czNjcmV0')
    expect(await says('create serviceaccount made')).toBe('serviceaccount/made created')
    expect(await says('create role made --verb=get --resource=pods')).toContain('created')
    expect(
      await says('create rolebinding made --role=made --serviceaccount=default:made'),
    ).toContain('created')
    expect(await says('create clusterrole made --verb=* --resource=*')).toContain('created')
    expect(await says('create clusterrolebinding made --clusterrole=made --user=jane')).toContain(
      'created',
    )
    expect(await says('create deployment made --image=nginx')).toContain('created')
    expect(await says('create job made --image=busybox -- true')).toContain('created')
    expect(
      await says(['create', 'cronjob', 'made', '--image=busybox', '--schedule=0 0 * * *']),
    ).toContain('created')
    expect(await says('create quota made --hard=pods=2')).toContain('created')
    expect(await says('create service clusterip made --tcp=80:80')).toContain('created')
    expect(await says('create pdb made --selector=app=made --min-available=1')).toContain('created')
    expect(await says('create priorityclass made --value=10')).toContain('created')
    expect(await says('create ingress made --rule=a.b/=made:80')).toContain('created')
    expect(await refuses('create configmap made')).toContain('configmaps "made" already exists')
    expect(await refuses('create configmap x -n none')).toContain('namespaces "none" not found')
    expect(await says('create configmap dry --dry-run=server -o name')).toBe('configmap/dry')
    expect(await refuses('get cm dry')).toContain('not found')
  })

  it('apply creates, changes, and knows when nothing is to be done', async () => {
    expect(await says('apply -f -', configMap('applied', { a: '1', b: '2' }))).toBe(
      'configmap/applied created',
    )
    expect(await says('apply -f -', configMap('applied', { a: '1', b: '2' }))).toBe(
      'configmap/applied unchanged',
    )
    expect(await says('apply -f -', configMap('applied', { a: '2' }))).toBe(
      'configmap/applied configured',
    )
    expect(await says('get cm applied -o jsonpath={.data}')).toBe('{"a":"2"}')
    expect(await says('apply view-last-applied cm applied')).toContain('a: "2"')
    const { code, stdout } = await cluster.kubectl('diff -f -', configMap('applied', { a: '3' }))
    expect(code).toBe(1)
    expect(stdout).toMatch(/^\+ {2}a: "3"$/m)
    expect((await cluster.kubectl('diff -f -', configMap('applied', { a: '2' }))).code).toBe(0)
  })

  it('apply merges the lists of pods, and a List of several kinds', async () => {
    const pod = (image: string) => ({
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'listed' },
      spec: {
        nodeSelector: {},
        containers: [{ name: 'a', image, command: ['true'] }],
        restartPolicy: 'Never',
      },
    })
    const list = (image: string) =>
      manifest({
        apiVersion: 'v1',
        kind: 'List',
        items: [pod(image), JSON.parse(configMap('in-list', { a: '1' }))],
      })
    expect(await says('apply -f -', list('busybox:1'))).toBe(
      'pod/listed created\nconfigmap/in-list created',
    )
    expect(await says('apply -f -', list('busybox:2'))).toBe(
      'pod/listed configured\nconfigmap/in-list unchanged',
    )
    expect(await says(['get', 'pod', 'listed', '-o', 'jsonpath={.spec.containers[*].image}'])).toBe(
      'busybox:2',
    )
  })

  it('server-side apply, its conflicts, and taking over', async () => {
    const object = (value: string) =>
      manifest({
        apiVersion: 'v1',
        kind: 'ConfigMap',
        metadata: { name: 'ssa' },
        data: { a: value },
      })
    expect(await says('apply --server-side -f -', object('1'))).toBe(
      'configmap/ssa serverside-applied',
    )
    const other = 'apply --server-side --field-manager=other -f -'
    expect(await refuses(other, object('2'))).toContain(
      'Apply failed with 1 conflict: conflict with "kubectl"',
    )
    expect(await says(`${other} --force-conflicts`, object('2'))).toBe(
      'configmap/ssa serverside-applied',
    )
    expect(await says('get cm ssa -o jsonpath={.data.a}')).toBe('2')
    expect(
      await says(
        'get cm ssa --show-managed-fields -o jsonpath={.metadata.managedFields[*].manager}',
      ),
    ).toContain('other')
  })

  it('every type of patch', async () => {
    await says('apply -f -', configMap('patched', { a: '1', b: '2' }))
    const patch = (type: string, body: string) =>
      says(['patch', 'cm', 'patched', `--type=${type}`, '-p', body])
    expect(await patch('merge', '{"data":{"a":null,"c":"3"}}')).toBe('configmap/patched patched')
    expect(await patch('json', '[{"op":"replace","path":"/data/b","value":"9"}]')).toContain(
      'patched',
    )
    expect(await patch('strategic', '{"data":{"d":"4"}}')).toContain('patched')
    expect(await patch('merge', '{"data":{"d":"4"}}')).toBe('configmap/patched patched (no change)')
    expect(await says('get cm patched -o jsonpath={.data}')).toBe('{"b":"9","c":"3","d":"4"}')
    expect(
      await refuses([
        'patch',
        'cm',
        'patched',
        '--type=json',
        '-p',
        '[{"op":"remove","path":"/data/none"}]',
      ]),
    ).toContain("The request is invalid: patch: error in remove for path: '/data/none'")
    expect(await refuses(['patch', 'wf', 'none', '--type=strategic', '-p', '{}'])).toBeDefined()
  })

  it('label, annotate, edit, replace', async () => {
    await says('apply -f -', configMap('edited', { a: '1' }))
    expect(await says('label cm edited tier=web')).toBe('configmap/edited labeled')
    expect(await refuses('label cm edited tier=db')).toContain(
      'already has a value (web), and --overwrite is false',
    )
    expect(await says('label cm edited tier=db --overwrite')).toBe('configmap/edited labeled')
    expect(await says('label cm edited tier-')).toBe('configmap/edited unlabeled')
    expect(await refuses(['label', 'cm', 'edited', 'tier=not ok'])).toContain(
      'consist of alphanumeric characters',
    )
    expect(await says('annotate cm edited note=hello')).toBe('configmap/edited annotated')
    await chmod(
      await cluster.file('editor.sh', '#!/bin/sh\nsed -i "s/a: \\"1\\"/a: \\"edited\\"/" "$1"\n'),
      0o755,
    )
    expect(await says('edit cm edited')).toBe('configmap/edited edited')
    expect(await says('get cm edited -o jsonpath={.data.a}')).toBe('edited')
    expect(await says('replace -f -', configMap('edited', { a: 'replaced' }))).toBe(
      'configmap/edited replaced',
    )
    expect(await says('replace --force -f -', configMap('edited', { a: 'forced' }))).toContain(
      'replaced',
    )
    expect(await says('get cm edited -o jsonpath={.data.a}')).toBe('forced')
  })

  it('kustomize', async () => {
    await cluster.file(
      'kustomization.yaml',
      'namePrefix: kust-\nconfigMapGenerator:\n- name: made\n  literals: [a=1]\n',
    )
    expect(await says('apply -k .')).toMatch(/^configmap\/kust-made-\w+ created$/)
    expect(await says('kustomize .')).toContain('name: kust-made-')
    expect(await says('delete -k .')).toContain('deleted')
  })

  it('run, expose, scale, set', async () => {
    expect(await says('run ran --image=busybox --restart=Never -- echo ran')).toBe(
      'pod/ran created',
    )
    expect(
      await says(['wait', 'pod/ran', '--for=jsonpath={.status.phase}=Succeeded', '--timeout=60s']),
    ).toContain('condition met')
    expect(await says('logs ran')).toBe('ran')
    expect(await says('expose pod ran --port=80')).toBe('service/ran exposed')
    await says('create deployment scaled --image=nginx')
    expect(await says('scale deployment scaled --replicas=3')).toBe('deployment.apps/scaled scaled')
    expect(await says('get deployment scaled -o jsonpath={.spec.replicas}')).toBe('3')
    expect(await says('scale deployment scaled --current-replicas=3 --replicas=0')).toContain(
      'scaled',
    )
    expect(await says('set image deployment/scaled nginx=nginx:2')).toContain('image updated')
    expect(await says('set env deployment/scaled A=b')).toContain('env updated')
    expect(
      await says([
        'get',
        'deployment',
        'scaled',
        '-o',
        'jsonpath={.spec.template.spec.containers[0].env[0].value}',
      ]),
    ).toBe('b')
  })

  it('delete in all its forms', async () => {
    await says('create configmap d1')
    expect(await says('delete cm d1')).toMatch(/^configmap "d1" deleted/)
    expect(await refuses('delete cm d1')).toContain('configmaps "d1" not found')
    expect(await says('delete cm d1 --ignore-not-found')).toBe('')
    for (const name of ['d2', 'd3']) await says(`create configmap ${name}`)
    await says('label cm d2 d3 group=d')
    expect((await says('delete cm -l group=d')).split('\n')).toHaveLength(2)
    for (const policy of ['background', 'foreground', 'orphan']) {
      await says('create configmap owner')
      const uid = await says('get cm owner -o jsonpath={.metadata.uid}')
      const ownerReferences = [
        { apiVersion: 'v1', kind: 'ConfigMap', name: 'owner', uid, blockOwnerDeletion: true },
      ]
      const child = {
        apiVersion: 'v1',
        kind: 'ConfigMap',
        metadata: { name: `child-${policy}`, ownerReferences },
      }
      await says('create -f -', manifest(child))
      await says(`delete cm owner --cascade=${policy}`)
      const left = policy === 'orphan' ? '--for=create' : '--for=delete'
      await says(`wait cm/child-${policy} ${left} --timeout=20s`)
    }
    expect(await says('delete ns made')).toMatch(/^namespace "made" deleted/)
    expect(await refuses('get ns made')).toContain('not found')
    expect(await refuses('delete ns default')).toContain(
      'forbidden: this namespace may not be deleted',
    )
  })

  it('kinds of its own', async () => {
    const crd = manifest({
      apiVersion: 'apiextensions.k8s.io/v1',
      kind: 'CustomResourceDefinition',
      metadata: { name: 'crontabs.stable.example.com' },
      spec: {
        group: 'stable.example.com',
        scope: 'Namespaced',
        names: { plural: 'crontabs', kind: 'CronTab', shortNames: ['ct'], categories: ['all'] },
        versions: [
          {
            name: 'v1',
            served: true,
            storage: true,
            subresources: {
              status: {},
              scale: { specReplicasPath: '.spec.replicas', statusReplicasPath: '.status.replicas' },
            },
            additionalPrinterColumns: [
              { name: 'Spec', type: 'string', jsonPath: '.spec.cronSpec' },
            ],
            schema: {
              openAPIV3Schema: {
                type: 'object',
                properties: {
                  spec: {
                    type: 'object',
                    properties: {
                      cronSpec: { type: 'string' },
                      replicas: { type: 'integer', default: 1, minimum: 0 },
                    },
                  },
                  status: { type: 'object', properties: { replicas: { type: 'integer' } } },
                },
              },
            },
          },
        ],
      },
    })
    const tab = (spec: object) =>
      manifest({
        apiVersion: 'stable.example.com/v1',
        kind: 'CronTab',
        metadata: { name: 'tab' },
        spec,
      })
    expect(await says('apply -f -', crd)).toContain('created')
    await says('wait --for=condition=Established crd/crontabs.stable.example.com --timeout=10s')
    expect(await says('apply -f -', tab({ cronSpec: '* * * * *' }))).toBe(
      'crontab.stable.example.com/tab created',
    )
    expect(await says('get ct')).toMatch(/^NAME +SPEC\ntab +\* \* \* \* \*$/)
    expect(await says('get ct tab -o jsonpath={.spec.replicas}')).toBe('1')
    expect(await says('scale ct tab --replicas=3')).toContain('scaled')
    expect(
      await says([
        'patch',
        'ct',
        'tab',
        '--subresource=status',
        '--type=merge',
        '-p',
        '{"status":{"replicas":3},"spec":{"replicas":9}}',
      ]),
    ).toContain('patched')
    expect(await says('get ct tab -o jsonpath={.spec.replicas}-{.status.replicas}')).toBe('3-3')
    expect(await refuses('apply -f -', tab({ cronSpec: 5 }))).toContain(
      'spec.cronSpec: Invalid value',
    )
    expect(await refuses('apply -f -', tab({ cronSpecs: 'x' }))).toContain(
      'unknown field "spec.cronSpecs"',
    )
    expect(await says('explain ct.spec.cronSpec')).toContain('cronSpec')
    expect(await says('get all')).toContain('crontab.stable.example.com/tab')
    expect(await says('delete crd crontabs.stable.example.com')).toContain('deleted')
    expect(await refuses('get ct')).toContain('NotFound')
  })
})
