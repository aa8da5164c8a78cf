import { Command } from 'commander'
import { expect, it } from 'vitest'
import { hoistGlobals, switches } from './go-arguments.ts'

const isGroup = (name: string) => name === 'cron'

it.each([
  ['-n argo list -A', 'list -n argo -A'],
  ['--namespace=argo list', 'list --namespace=argo'],
  ['-nargo get x', 'get -nargo x'],
  ['--kubeconfig f --context c cron -n x list y', 'cron list --kubeconfig f --context c -n x y'],
  ['list -n argo', 'list -n argo'],
  ['-H a:b -v --as=ada cron list', 'cron list -H a:b -v --as=ada'],
  ['--server https://h --token t get x', 'get --server https://h --token t x'],
  ['-v', '-v'],
  ['--help', '--help'],
  ['--version list', '--version list'],
])('%s is %s', (given, wanted) => {
  expect(hoistGlobals(given.split(' '), isGroup)).toEqual(wanted.split(' '))
})

it("Go's way to switch a flag off is understood, and nothing else is touched", () => {
  const command = new Command('x')
    .option('--strict', '', true)
    .option('--no-strict')
    .option('--all')
    .option('-p <value>')
  const given = ['--strict=false', '--all=true', '--all=false', '-p', 'a=true', '--', '--all=true']
  expect(switches(given, command)).toEqual([
    ...['--no-strict', '--all', '-p', 'a=true', '--', '--all=true'],
  ])
})
