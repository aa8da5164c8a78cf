import { existsSync } from 'node:fs'
import { request } from 'node:http'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Cluster, manifest } from '../kubectl/cluster.ts'

/** The manifests of the data-on-eks blueprint, read in place: they are not part of this project. */
const folder = fileURLToPath(new URL('../../../shared/conformance/data-on-eks/', import.meta.url))
/** Upstream's CustomResourceDefinitions, `minimal` and `full`, where a machine has them. */
const upstream = process.env['ARGO_CRDS'] ?? ''

let cluster: Cluster
beforeAll(async () => {
  cluster = await Cluster.open()
})
afterAll(() => cluster[Symbol.asyncDispose]())

const says = (command: string, input?: string) => cluster.says(command, input)
const apply = (file: string) => says(`apply -f ${folder}${file}`)
const account = '--as=system:serviceaccount:argo-workflows:spark-test'

describe.skipIf(!existsSync(folder))('the commands of the data-on-eks guides', () => {
  it('the namespaces are made, and what the guides apply is taken as it is', async () => {
    for (const name of ['argo-workflows', 'argo-events', 'spark-team-a'])
      await says(`create namespace ${name}`)
    expect(await apply('argo-rbac.yaml')).toBe(
      [
        'serviceaccount/spark-test created',
        'role.rbac.authorization.k8s.io/workflow-task-result-creator created',
        'rolebinding.rbac.authorization.k8s.io/spark-test-wft-creator-binding created',
        'role.rbac.authorization.k8s.io/spark-application-manager created',
        'rolebinding.rbac.authorization.k8s.io/argo-workflow-spark-manager created',
      ].join('\n'),
    )
    expect(await apply('spark-workflow-templates.yaml')).toContain('workflowtemplate')
    expect(await apply('sensor-rbac.yaml')).toContain('operate-workflow-role-binding created')
    expect(await apply('argo-rbac.yaml')).toMatch(/^serviceaccount\/spark-test unchanged$/m)
  })

  it('the roles let in what they say, and refuse what they do not', async () => {
    const can = async (verb: string, what: string, where: string) =>
      (await cluster.kubectl(`auth can-i ${verb} ${what} -n ${where} ${account}`)).stdout.trim()
    expect(await can('create', 'workflowtaskresults', 'argo-workflows')).toBe('yes')
    expect(await can('list', 'pods', 'spark-team-a')).toBe('yes')
    expect(await can('create', 'workflows', 'argo-workflows')).toBe('no')
    expect(await can('list', 'pods', 'argo-workflows')).toBe('no')
    expect(await can('get', 'secrets', 'spark-team-a')).toBe('no')
    expect(await cluster.refuses(`get wf -n argo-workflows ${account}`)).toContain(
      'workflows.argoproj.io is forbidden: User "system:serviceaccount:argo-workflows:spark-test" cannot list resource "workflows" in API group "argoproj.io" in the namespace "argo-workflows"',
    )
  })

  it('a template of the guide runs as the account of the guide, with its rights', async () => {
    const workflow = {
      ...{ apiVersion: 'argoproj.io/v1alpha1', kind: 'Workflow' },
      metadata: { name: 'waits', namespace: 'argo-workflows' },
      spec: {
        ...{ entrypoint: 'main', serviceAccountName: 'spark-test' },
        templates: [
          {
            name: 'main',
            dag: {
              tasks: [
                {
                  name: 'wait',
                  templateRef: { name: 'wait', template: 'wait' },
                  arguments: { parameters: [{ name: 'duration', value: '1s' }] },
                },
              ],
            },
          },
        ],
      },
    }
    await says('create -f -', manifest(workflow))
    await says(
      'wait wf/waits -n argo-workflows --for=jsonpath={.status.phase}=Succeeded --timeout=60s',
    )
    expect(await says('get wf -n argo-workflows')).toMatch(
      /^NAME +STATUS +AGE +MESSAGE\nwaits +Succeeded/,
    )
    expect(
      await says('get pods -n argo-workflows -l workflows.argoproj.io/workflow=waits'),
    ).toContain('Completed')
  })

  it("the guide's own Workflow runs up to its image's program, which this machine does not have", async () => {
    const made = await says(`create -f ${folder}argo-spark.yaml`)
    const name = /^workflow.argoproj.io\/(spark-pi-\w+) created$/.exec(made)?.[1]
    await says(
      `wait wf/${name} -n argo-workflows --for=jsonpath={.status.finishedAt} --timeout=60s`,
    )
    expect(await says(`get wf -n argo-workflows ${name}`)).toContain('Failed')
    const selector = `-l workflows.argoproj.io/workflow=${name}`
    expect(await says(`logs -n argo-workflows ${selector}`)).toContain('spark-submit')
  })

  it('a token of the server’s account opens the server behind its Service', async () => {
    const token = await says('-n argo-workflows create token argo-workflows-server')
    expect(token.split('.')).toHaveLength(3)
    const forward = 'port-forward service/argo-workflows-server -n argo-workflows 0:2746'
    let version = ''
    await cluster.hears(forward, /Forwarding from 127\.0\.0\.1:\d+/, async (said) => {
      const [, port] = /127\.0\.0\.1:(\d+)/.exec(said) ?? []
      version = await asked(Number(port), '/api/v1/workflows/argo-workflows', token)
    })
    expect(version).toContain('"name":"waits"')
    expect(await says('get pods -n argo-workflows argo-workflows-server')).toContain('Running')
  })
})

function asked(port: number, path: string, token: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const headers = { authorization: `Bearer ${token}` }
    const sent = request({ host: '127.0.0.1', port, path, headers }, (response) => {
      let text = ''
      response.on('data', (chunk) => {
        text += chunk
      })
      response.on('end', () => resolve(text))
    })
    sent.on('error', reject)
    sent.end()
  })
}

// Not skipped where it cannot be: there is nothing to be had from any registry.
if (existsSync(upstream)) {
  describe("upstream's definitions (ARGO_CRDS)", () => {
    it.each(['minimal', 'full'])('%s: applied server-side, over ours', async (which) => {
      const said = await says(`apply --server-side -k ${upstream}/${which}`)
      expect(said.split('\n').filter((line) => line.endsWith('serverside-applied'))).toHaveLength(8)
      await says('wait --for=condition=Established crd --all --timeout=30s')
    })
  })
}
