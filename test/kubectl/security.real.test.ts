import { readFile } from 'node:fs/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Cluster, manifest } from './cluster.ts'

let cluster: Cluster
beforeAll(async () => {
  cluster = await Cluster.open()
  await says('create namespace theirs')
  await says(`create secret generic treasure -n theirs --from-literal=word=${secret}`)
  await says(`create secret generic own --from-literal=word=${secret}`)
  await says('create -f -', sleeper('p'))
  await says('wait pod/p --for=condition=Ready --timeout=60s')
})
afterAll(() => cluster[Symbol.asyncDispose]())

const secret = 'xyzzy-sesame-42'
const says = (command: string | readonly string[], input?: string) => cluster.says(command, input)
const refuses = (command: string | readonly string[], input?: string) =>
  cluster.refuses(command, input)

function sleeper(name: string, more: object = {}, spec: object = {}): string {
  const container = { name: 'c', image: 'busybox', command: ['sleep', '600'], ...more }
  return manifest({
    ...{ apiVersion: 'v1', kind: 'Pod', metadata: { name } },
    spec: { ...spec, containers: [container] },
  })
}

const inside = (script: string) =>
  cluster.kubectl(['exec', 'p', '--', 'sh', '-c', script]).then(({ code, stdout, stderr }) => ({
    code,
    said: stdout + stderr,
  }))

describe('what a program in a pod can reach', () => {
  it('its token opens nothing that no binding opens, here or in other namespaces', async () => {
    const { said: token } = await inside('cat /var/run/secrets/kubernetes.io/serviceaccount/token')
    expect(token.split('.')).toHaveLength(3)
    const place = cluster.place.path('data/kubeconfig')
    const text = await readFile(place, 'utf8')
    const own = text.replace(/token: .*/, `token: ${token}`)
    const config = await cluster.file('pod.kubeconfig', own)
    for (const command of [
      'get secrets -n theirs',
      'get secret treasure -n theirs',
      'get secret own',
      'get secrets -A',
      'get pods',
      'create configmap x',
      'get nodes',
      'auth can-i list secrets',
    ]) {
      const { code, stdout, stderr } = await cluster.kubectl(`--kubeconfig=${config} ${command}`)
      expect([command, code === 0]).toEqual([command, false])
      expect(stdout + stderr).not.toContain(Buffer.from(secret).toString('base64'))
      expect(stdout + stderr).toMatch(/forbidden|^no/m)
    }
  })

  it('the data directory is not there for it, nor the processes of the server', async () => {
    const data = cluster.place.path('data')
    for (const file of ['admin.token', 'store.db', 'pki/ca.key', 'kubeconfig']) {
      const { code, said } = await inside(`cat ${data}/${file}`)
      expect([file, code !== 0, said.includes('No such file') || said.includes('denied')]).toEqual([
        ...[file, true, true],
      ])
    }
    const { said } = await inside('cat /proc/[0-9]*/cmdline | tr "\\0" " "')
    expect(said).not.toContain('--data-dir')
    const { said: environment } = await inside('cat /proc/[0-9]*/environ | tr "\\0" "\\n"')
    expect(environment).not.toContain('KUBECONFIG')
  })

  it('volumes lead neither up nor out', async () => {
    const mounts = [{ name: 'v', mountPath: '/v', subPath: '../../../../etc' }]
    expect(
      await refuses(
        'create -f -',
        sleeper('climber', { volumeMounts: mounts }, { volumes: [{ name: 'v', emptyDir: {} }] }),
      ),
    ).toMatch(/subPath.*must not contain '\.\.'/)
    const items = [{ key: 'word', path: '../../escaped' }]
    const volumes = [{ name: 's', secret: { secretName: 'own', items } }]
    expect(await refuses('create -f -', sleeper('sly', {}, { volumes }))).toContain("'..'")
  })
})

describe('paths that climb', () => {
  it('are names of nothing', async () => {
    const base = '/api/v1/namespaces/default'
    for (const path of [
      `${base}/pods/..%2F..%2F..%2Fetc%2Fpasswd/log`,
      `${base}/pods/p/log?container=..%2F..%2Fc`,
      `${base}/configmaps/..%2F..%2Fsecrets%2Fown`,
      '/api/v1/namespaces/..%2Ftheirs/secrets/treasure',
      '/openapi/v3/..%2F..%2Fstore.db',
    ]) {
      const { code, stdout, stderr } = await cluster.kubectl(['get', '--raw', path])
      expect([path, code === 0]).toEqual([path, false])
      expect(stdout + stderr).not.toContain('root:')
      expect(stdout + stderr).not.toContain(Buffer.from(secret).toString('base64'))
    }
    for (const name of ['..', '../x', 'a/../b', '.hidden/..'])
      expect((await cluster.kubectl(['create', 'configmap', name])).code).not.toBe(0)
  })

  it('cp takes nothing from outside of the pod, and puts nothing there', async () => {
    const outside = cluster.place.path('data/admin.token')
    const { code } = await cluster.kubectl(`cp p:${outside} stolen`)
    expect(code === 0 && (await readFile(cluster.place.path('stolen')).catch(() => ''))).toBeFalsy()
    const file = await cluster.file('planted', 'planted')
    await cluster.kubectl(`cp ${file} p:/tmp/../../../..${cluster.place.dir}/from-pod`)
    await expect(readFile(cluster.place.path('from-pod'))).rejects.toThrow('ENOENT')
  })
})

describe('what a namespace allows', () => {
  it('a level of security is enforced on workflows too', async () => {
    await says('create namespace strict')
    await says('label namespace strict pod-security.kubernetes.io/enforce=baseline')
    const workflow = {
      ...{ apiVersion: 'argoproj.io/v1alpha1', kind: 'Workflow', metadata: { name: 'reach' } },
      spec: {
        entrypoint: 'main',
        volumes: [{ name: 'etc', hostPath: { path: '/etc' } }],
        templates: [
          {
            name: 'main',
            container: {
              ...{ image: 'busybox', command: ['cat', '/e/shadow'] },
              volumeMounts: [{ name: 'etc', mountPath: '/e' }],
            },
          },
        ],
      },
    }
    await says('create -n strict -f -', manifest(workflow))
    await says('wait -n strict wf/reach --for=jsonpath={.status.finishedAt} --timeout=60s')
    expect(await says('get wf -n strict reach -o jsonpath={.status.message}')).toContain(
      'violates PodSecurity "baseline:latest": hostPath volumes (volume "etc")',
    )
  })

  it('a workflow waits for room in a quota, and then goes on', async () => {
    await says('create namespace narrow')
    await says('create quota small -n narrow --hard=pods=1')
    const task = (name: string) => ({ name, template: 'one' })
    const workflow = {
      ...{ apiVersion: 'argoproj.io/v1alpha1', kind: 'Workflow', metadata: { name: 'three' } },
      spec: {
        entrypoint: 'main',
        templates: [
          { name: 'main', dag: { tasks: ['a', 'b', 'c'].map(task) } },
          { name: 'one', container: { image: 'busybox', command: ['sleep', '0.3'] } },
        ],
      },
    }
    await says('create -n narrow -f -', manifest(workflow))
    await says('wait -n narrow wf/three --for=jsonpath={.status.phase}=Succeeded --timeout=59s')
    expect((await says('get pods -n narrow --no-headers')).split('\n')).toHaveLength(3)
  })
})

describe('what nobody should read', () => {
  it('a secret is in no Event and in no word of the server', async () => {
    const env = [{ name: 'WORD', valueFrom: { secretKeyRef: { name: 'own', key: 'word' } } }]
    await says(
      'create -f -',
      sleeper('fails', { env, command: ['sh', '-c', 'exit 3'] }, { restartPolicy: 'Never' }),
    )
    await says('wait pod/fails --for=jsonpath={.status.phase}=Failed --timeout=60s')
    const events = await says('get events -A -o json')
    expect(events).toContain('WorkflowFailed')
    const { stdout, stderr } = await cluster.stop()
    for (const text of [events, stdout, stderr]) {
      expect(text).not.toContain(secret)
      expect(text).not.toContain(Buffer.from(secret).toString('base64'))
    }
  })
})
