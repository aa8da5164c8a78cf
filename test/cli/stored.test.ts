import { Connection, readContext } from '@argosy/kube/remote'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Cli, performed } from './cli.ts'

describe.each(['kubernetes', 'argo'] as const)('by the API of %s', (way) => {
  let cli: Cli

  beforeAll(async () => {
    cli = await Cli.open(way)
  })
  afterAll(() => cli[Symbol.asyncDispose]())

  const apiVersion = 'argoproj.io/v1alpha1'
  const say = {
    name: 'say',
    container: { image: 'alpine:3.20', command: ['sh', '-c'], args: ['echo hi'] },
  }

  function template(kind: string, name: string, more: object = {}): string {
    return JSON.stringify({
      ...{ apiVersion, kind, metadata: { name } },
      spec: { entrypoint: 'say', templates: [say], ...more },
    })
  }

  function cron(name: string): string {
    const spec = {
      schedules: ['0 0 1 1 *', '5 4 * * *'],
      timezone: 'Europe/Berlin',
      workflowSpec: { entrypoint: 'say', templates: [say] },
    }
    return JSON.stringify({ apiVersion, kind: 'CronWorkflow', metadata: { name }, spec })
  }

  it('templates are created, listed, shown, replaced, submitted from and deleted', async () => {
    const created = await cli.says('template create -', template('WorkflowTemplate', 'lib'))
    expect(created).toMatch(/^Name: {16}lib\nNamespace: {11}default\nCreated: {13}.* \(.*\)\n$/)
    expect(await cli.says('template list')).toBe('NAME\nlib\n'.replace('NAME', 'NAME'))
    expect(await cli.says('template list -A')).toBe('NAMESPACE   NAME\ndefault     lib\n')
    const wrong = template('WorkflowTemplate', 'lib', { entrypoint: 'no' })
    expect((await cli.run('template update -', wrong)).stderr).toMatch(
      /^argosy: failed to update workflow template: /,
    )
    const other = template('WorkflowTemplate', 'lib', { priority: 7 })
    await cli.says('template update - -o name', other)
    expect(JSON.parse(await cli.says('template get lib -o json')).spec.priority).toBe(7)
    const ran = await cli.says('submit --from wftmpl/lib --generate-name x- --wait --priority 3')
    expect(ran).toMatch(/x-\w{5} Succeeded at/)
    expect(await cli.says('template delete --all')).toBe("WorkflowTemplate 'lib' deleted\n")
    expect((await cli.run('template get lib')).stderr).toMatch(/workflow template "lib" not found/)
    expect((await cli.run('submit --from wftmpl/lib')).stderr).toMatch(
      /there is no WorkflowTemplate "lib"/,
    )
    expect((await cli.run('submit --from pod/x')).stderr).toMatch(
      /'pod' is not supported for submitting/,
    )
  })

  it('cluster templates have no namespace, and workflows find them', async () => {
    await cli.says('cluster-template create - -o name', template('ClusterWorkflowTemplate', 'all'))
    expect(await cli.says('cluster-template list -o name')).toBe('all\n')
    const user = {
      ...{ apiVersion, kind: 'Workflow', metadata: { name: 'user' } },
      spec: {
        entrypoint: 'main',
        templates: [
          {
            name: 'main',
            steps: [
              [{ name: 'a', templateRef: { name: 'all', template: 'say', clusterScope: true } }],
            ],
          },
        ],
      },
    }
    expect(await cli.says('submit - -o name', JSON.stringify(user))).toBe('user\n')
    expect(await cli.says('cluster-template delete all')).toBe(
      "ClusterWorkflowTemplate 'all' deleted\n",
    )
  })

  it('schedules are created with other words, shown, suspended and resumed', async () => {
    const created = await cli.says(
      ['cron', 'create', '-', '--name', 'late', '--schedule', '1 1 1 1 *', '-p', 'a=b'],
      cron('early'),
    )
    expect(created).toMatch(/^Name: {26}late\n/)
    expect(created).toMatch(
      /\nSchedules: {21}1 1 1 1 \*\nSuspended: {21}false\nTimezone: {22}Europe\/Berlin\n/,
    )
    expect(created).toMatch(
      /\nNextScheduledTime: {13}\w{3} Jan 01 .* from now\) \(assumes workflow-controller is in UTC\)\n/,
    )
    expect(created).toMatch(/\nWorkflow Parameters: {11}\n {2}a: {27}b\n$/)
    expect(await cli.says('cron suspend late')).toBe("CronWorkflow 'late' suspended\n")
    expect(await cli.says('cron list')).toMatch(
      /^NAME {3}AGE {3}LAST RUN {3}NEXT RUN {3}SCHEDULES {3}TIMEZONE {8}SUSPENDED\nlate {3}\d+s +N\/A {8}\d+d +1 1 1 1 \* {3}Europe\/Berlin {3}true\n$/,
    )
    expect(await cli.says('cron resume late')).toBe("CronWorkflow 'late' resumed\n")
    expect(
      (await cli.run('cron create -', cron('bad').replace('5 4 * * *', '99 4 * * *'))).stderr,
    ).toMatch(/failed to create cron workflow: cron schedule 99 4/)
    expect(await cli.says('submit --from cronwf/late -o name')).toMatch(/^late-\w{5}\n$/)
    expect(await cli.says('cron delete late')).toBe("CronWorkflow 'late' deleted\n")
    expect((await cli.run('cron delete late')).code).toBe(1)
  })

  it('what was due in the past is run, each tick once', async () => {
    await letStepsEdit(cli.kubeconfig)
    await cli.says('cron create - -o name', cron('past'))
    const days = `--format 2006-01-02 --start 2024-10-21 --argname day --name q`
    expect(await cli.says(`cron backfill past ${days} --end 2024-10-21`)).toBe(
      'There is no suitable scheduling time.\n',
    )
    const said = await cli.says(`cron backfill past ${days} --end 2024-10-23 --parallel`)
    expect(said).toContain('Created q Backfill task for Cronworkflow past')
    expect(said).toContain('Total Backfill Schedule: 2')
    const [, monitor = ''] = /1\. default \t (backfill-wf-\w{5}) /.exec(said) ?? []
    expect(await cli.says(`wait ${monitor}`)).toMatch(/Succeeded/)
    const run = JSON.parse(await cli.says('get past-backfill-q-1729562700 -o json'))
    expect(run.spec.arguments.parameters).toEqual([
      { name: 'day', value: '2024-10-22 04:05:00 +0200 CEST' },
    ])
    expect(run.metadata.annotations['workflows.argoproj.io/scheduled-time']).toBe(
      '2024-10-22T02:05:00Z',
    )
    const again = await cli.says(`cron backfill past ${days} --end 2024-10-23 --parallel`)
    const [, second = ''] = /1\. default \t (backfill-wf-\w{5}) /.exec(again) ?? []
    expect((await cli.run(`wait ${second}`)).stdout).toMatch(/Failed|Error/)
    expect((await cli.run('cron backfill past --start never')).stderr).toMatch(
      /parsing time "never"/,
    )
  })

  it('lints one kind only', async () => {
    const both = `${cron('a')}\n---\n${template('WorkflowTemplate', 'b')}`
    expect(await performed(['cron', 'lint', '-'], both)).toEqual({
      ...{ code: 0, stderr: '' },
      stdout: 'passed over: 1 WorkflowTemplate\n✔ no linting errors found!\n',
    })
  })

  it('prints the credentials of the kubeconfig, the version, and completions', async () => {
    const own = ['auth', 'token', '--kubeconfig', cli.kubeconfig]
    expect((await performed(own)).stdout).toMatch(/^Bearer \S+\n$/)
    expect((await performed(['version', '--short'])).stdout).toBe('argosy: v1.2.3\n')
    const { stdout } = await performed(['completion', 'bash'])
    expect(stdout).toContain('" cron list") words="')
  })

  it('a wrong command line ends with 2, a server that is not there with 1 and advice', async () => {
    expect((await performed(['get'])).code).toBe(2)
    expect((await performed(['lst'])).stderr).toMatch(/unknown command 'lst'.*\n.*list/)
    const nowhere = await cli.place.file(
      'nowhere',
      'clusters: [{name: a, cluster: {server: "http://127.0.0.1:9"}}]\ncontexts: [{name: a, context: {cluster: a}}]\ncurrent-context: a\n',
    )
    const said = await performed(['list', '--kubeconfig', nowhere])
    expect(said.code).toBe(1)
    expect(said.stderr).toMatch(/cannot be reached.*\(is `argosy server` running.*\)\n$/)
  })
})

/** A backfill is a workflow that creates others: its account has to be allowed to. */
async function letStepsEdit(kubeconfig: string): Promise<void> {
  const { access } = await readContext({ kubeconfig })
  using connection = new Connection(access)
  const group = 'rbac.authorization.k8s.io'
  await connection.ask(`/apis/${group}/v1/namespaces/default/rolebindings`, {
    method: 'POST',
    body: {
      ...{ apiVersion: `${group}/v1`, kind: 'RoleBinding', metadata: { name: 'steps' } },
      roleRef: { apiGroup: group, kind: 'ClusterRole', name: 'edit' },
      subjects: [{ kind: 'ServiceAccount', name: 'default', namespace: 'default' }],
    },
  })
}
