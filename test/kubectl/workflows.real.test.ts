import { readFile } from 'node:fs/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Cluster, manifest } from './cluster.ts'

let cluster: Cluster
beforeAll(async () => {
  cluster = await Cluster.open()
})
afterAll(() => cluster[Symbol.asyncDispose]())

const hello = manifest({
  apiVersion: 'argoproj.io/v1alpha1',
  kind: 'Workflow',
  metadata: { generateName: 'hello-world-', labels: { test: 'hello' } },
  spec: {
    entrypoint: 'hello-world',
    templates: [
      {
        name: 'hello-world',
        container: { image: 'busybox', command: ['echo'], args: ['hello world'] },
      },
    ],
  },
})

describe('Workflows with kubectl', () => {
  it('a Workflow is created, watched to its end, and its step read', async () => {
    expect(await cluster.says('create -f -', hello)).toMatch(
      /^workflow.argoproj.io\/hello-world-[a-z0-9]{5} created$/,
    )
    const watched = await cluster.hears('get wf -w', /Succeeded/)
    expect(watched).toMatch(/^NAME +STATUS +AGE +MESSAGE\n/)
    const pod = await cluster.says('get pods -o name')
    expect(await cluster.says(`logs ${pod}`)).toBe('hello world')
    expect(await cluster.says(`logs -f ${pod} -c main --tail=1`)).toBe('hello world')
    expect(await cluster.says(`logs ${pod} --timestamps`)).toMatch(
      /^\d{4}-\d\d-\d\dT\S+Z hello world$/,
    )
    expect(await cluster.says('logs -l workflows.argoproj.io/completed=true')).toBe('hello world')
    expect(await cluster.refuses(`logs ${pod} -c other`)).toContain('container other is not valid')
    expect(await cluster.refuses(`logs ${pod} --previous`)).toContain(
      'previous terminated container "main" in pod',
    )
    expect(await cluster.says('get pods')).toMatch(/ +0\/1 +Completed +0 +\d+s$/)
    expect(await cluster.says(`describe ${pod}`)).toMatch(/Reason: +Completed/)
    expect(await cluster.says('describe wf -l test=hello')).toMatch(/Phase: +Succeeded/)
  })

  it('waiting for a phase and deleting with what it owns', async () => {
    const name = (await cluster.says('create -f - -o name', hello)).replace(/.*\//, '')
    expect(
      await cluster.says(`wait wf/${name} --for=jsonpath={.status.phase}=Succeeded --timeout=60s`),
    ).toContain('condition met')
    const env = { KUBE_FEATURE_WatchListClient: 'true' }
    expect(
      await cluster.says(
        `wait wf/${name} --for=jsonpath={.status.phase}=Succeeded --timeout=60s`,
        '',
        env,
      ),
    ).toContain('condition met')
    expect(await cluster.says(`delete wf ${name}`)).toContain(`"${name}" deleted`)
    expect(await cluster.says(`wait --for=delete pod/${name} --timeout=20s`)).toBeDefined()
    expect(await cluster.says(`get pods -l workflows.argoproj.io/workflow=${name} -o name`)).toBe(
      '',
    )
  })

  it("upstream's short names, categories and templates", async () => {
    await cluster.says('get wf,wftmpl,cwft,cwf,wfeb,wfts')
    expect(await cluster.says('explain workflow')).toContain('KIND:       Workflow')
    expect(await cluster.says('api-resources --api-group=argoproj.io -o name')).toContain(
      'workflows.argoproj.io',
    )
    expect(await cluster.says('get crd workflows.argoproj.io -o name')).toBe(
      'customresourcedefinition.apiextensions.k8s.io/workflows.argoproj.io',
    )
  })

  it('a server that is started again goes on where it was', async () => {
    const before = await cluster.says('get wf -o name')
    const version = Number(await cluster.says('get wf -o jsonpath={.metadata.resourceVersion}'))
    await cluster.restart()
    expect(await cluster.says('get wf -o name')).toBe(before)
    await cluster.says('create configmap after-restart')
    const after = await cluster.says('get cm after-restart -o jsonpath={.metadata.resourceVersion}')
    expect(Number(after)).toBeGreaterThanOrEqual(version)
  })

  it('two servers on one directory are refused; the kubeconfig can be printed', async () => {
    const data = cluster.place.path('data')
    const second = await cluster.place.run([
      'server',
      '--data-dir',
      data,
      '--port',
      '0',
      '--http-port',
      '0',
    ])
    expect(second.code).toBe(1)
    expect(second.stderr).toContain('is in use by another process')
    const printed = await cluster.place.run(['kubeconfig', '--data-dir', data])
    expect(printed.stdout).toBe(await readFile(`${data}/kubeconfig`, 'utf8'))
  })

  it('a step makes a Job, and goes on when that has succeeded', async () => {
    await cluster.says('create serviceaccount maker')
    await cluster.says('create rolebinding maker --clusterrole=edit --serviceaccount=default:maker')
    const job = {
      ...{ apiVersion: 'batch/v1', kind: 'Job', metadata: { generateName: 'of-a-step-' } },
      spec: {
        template: {
          spec: {
            restartPolicy: 'Never',
            containers: [{ name: 'c', image: 'busybox', command: ['true'] }],
          },
        },
      },
    }
    const resource = {
      ...{ action: 'create', successCondition: 'status.succeeded > 0' },
      ...{ setOwnerReference: true, manifest: JSON.stringify(job) },
    }
    const workflow = {
      ...{ apiVersion: 'argoproj.io/v1alpha1', kind: 'Workflow', metadata: { name: 'job-maker' } },
      spec: {
        ...{ entrypoint: 'main', serviceAccountName: 'maker' },
        templates: [{ name: 'main', resource }],
      },
    }
    await cluster.says('create -f -', manifest(workflow))
    await cluster.says('wait wf/job-maker --for=jsonpath={.status.phase}=Succeeded --timeout=59s')
    expect(await cluster.says('get jobs --no-headers')).toMatch(/^of-a-step-\w+ +Complete +1\/1/)
  })
})
