import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Cluster } from '../kubectl/cluster.ts'
import { sources } from './tools.ts'

let cluster: Cluster
beforeAll(async () => {
  cluster = await Cluster.open()
})
afterAll(() => cluster[Symbol.asyncDispose]())

const run = promisify(execFile)
const chart = join(sources, 'chart')

async function helm(command: string): Promise<string> {
  const args = command.split(' ').map((word) => (word === 'CHART' ? chart : word))
  const { stdout } = await run('helm', args, { env: cluster.env, timeout: 120_000 })
  return stdout.trim()
}

const greeting = () => cluster.says('get cm one -n helmed -o jsonpath={.data.greeting}')

describe('helm', () => {
  it('installs a chart, waits for it, runs its hooks', async () => {
    const said = await helm('install one CHART -n helmed --create-namespace --wait --timeout 100s')
    expect(said).toContain('STATUS: deployed')
    expect(await greeting()).toBe('hello')
    expect(await cluster.says('get deployment one -n helmed')).toMatch(/one +1\/1/)
    expect(await cluster.says('get jobs -n helmed -o name')).toBe('')
    expect(await helm('status one -n helmed')).toContain('STATUS: deployed')
    expect(await helm('get manifest one -n helmed')).toContain('kind: WorkflowTemplate')
  })

  it('upgrades it, also to what it was already', async () => {
    const upgrade = 'upgrade one CHART -n helmed --wait --timeout 100s --set greeting=moin'
    expect(await helm(`${upgrade} --set replicas=2`)).toContain('REVISION: 2')
    expect(await greeting()).toBe('moin')
    expect(await cluster.says('get deployment one -n helmed')).toMatch(/one +2\/2/)
    expect(await helm(`upgrade --install one CHART -n helmed --reuse-values`)).toContain(
      'REVISION: 3',
    )
    expect(await helm('list -n helmed -o json')).toContain('"revision":"3"')
  })

  it('rolls it back, and tells its history', async () => {
    await helm('rollback one 1 -n helmed --wait --timeout 100s')
    expect(await greeting()).toBe('hello')
    const history = JSON.parse(await helm('history one -n helmed -o json')) as { status: string }[]
    expect(history.map(({ status }) => status)).toEqual([
      ...['superseded', 'superseded', 'superseded', 'deployed'],
    ])
  })

  it('uninstalls it, and nothing is left', async () => {
    expect(await helm('uninstall one -n helmed --wait --timeout 100s')).toContain('uninstalled')
    const left = 'get deployment,service,secret,role,rolebinding,workflowtemplate -n helmed -o name'
    expect(await cluster.says(left)).toBe('')
  })

  it('renders with what the server can do, and tells the server nothing in a dry run', async () => {
    const said = await helm('install two CHART -n helmed --dry-run=server')
    expect(said).toContain('STATUS: pending-install')
    await cluster.refuses('get cm two -n helmed')
  })
})
