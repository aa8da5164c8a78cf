import { afterAll, beforeAll, expect, it } from 'vitest'
import { Cli } from './cli.ts'

const label = 'workflows.argoproj.io/controller-instanceid'

let cli: Cli
beforeAll(async () => {
  cli = await Cli.open('kubernetes', ['--instanceid', 'blue'])
}, 60_000)
afterAll(() => cli[Symbol.asyncDispose]())

function hello(name: string, labels: Readonly<Record<string, string>> = {}): string {
  const templates = [{ name: 'main', container: { image: 'alpine', command: ['echo', 'hi'] } }]
  const spec = { entrypoint: 'main', templates }
  return JSON.stringify({
    ...{ apiVersion: 'argoproj.io/v1alpha1', kind: 'Workflow' },
    ...{ metadata: { name, labels }, spec },
  })
}

it('a server with an id runs what has it, and leaves the others alone', async () => {
  // Submitted first: whoever cared for it would have begun.
  await cli.says('submit -', hello('others'))
  await cli.says('submit - --instanceid blue --wait', hello('own'))
  const others = JSON.parse(await cli.says('get others -o json'))
  expect([others.status?.phase ?? '', others.metadata.labels?.[label]]).toEqual(['', undefined])
  const own = JSON.parse(await cli.says('get own -o json'))
  expect([own.status.phase, own.metadata.labels[label]]).toEqual(['Succeeded', 'blue'])
  // Its Argo API does not know of the others: what they wrote is searched here.
  await cli.says('submit - --instanceid red', hello('red'))
  expect(await cli.says('logs red --grep x')).toBe('')
  expect(await cli.says('logs own --grep hi')).toMatch(/^own: hi\n$/)
  const listed = await cli.says('list --instanceid blue -o name')
  expect(listed).toBe('own\n')
})

it('what is submitted to its Argo Server gets the id', async () => {
  const asked = [...cli.argo, '-o', 'json', '--wait']
  await cli.says(['submit', '-', ...asked], hello('by-argo'))
  const { metadata, status } = JSON.parse(await cli.says('get by-argo -o json'))
  expect([metadata.labels[label], status.phase]).toEqual(['blue', 'Succeeded'])
  expect(await cli.run(['get', 'others', ...cli.argo])).toMatchObject({
    code: 1,
    stderr: expect.stringContaining("'others' is not managed by the current Argo Server"),
  })
})
