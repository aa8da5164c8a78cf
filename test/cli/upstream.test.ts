import { expect, test } from 'vitest'
import { commands } from '../../packages/app/src/commands/commands.table.ts'
import { refusals } from '../../packages/app/src/shell/refused.table.ts'
import { performed } from './cli.ts'
import { upstream } from './upstream.table.ts'

type Command = Awaited<ReturnType<(typeof commands)[number]['load']>>

const shell = {
  ...{ stdin: process.stdin, stdout: process.stdout, stderr: process.stderr, version: '' },
  now: Date.now,
  exit: () => undefined,
}
const loaded = await Promise.all(commands.map(({ load }) => load(shell)))

function found(words: readonly string[], among: readonly Command[] = loaded): Command | undefined {
  const [first, ...rest] = words
  const command = among.find((one) => one.name() === first)
  return rest.length === 0 ? command : command && found(rest, command.commands)
}

/** Ours are commands below `node`; upstream's takes the word as an argument. */
const elsewhere: Readonly<Record<string, string>> = { node: 'node set' }

const rows = upstream.flatMap(([command, flags]) => {
  const each = flags === '' ? [] : flags.split(' ').flatMap((one) => one.split('/'))
  return [[command, ''] as const, ...each.map((flag) => [command, flag] as const)]
})

function isRefused(command: string, flag: string): boolean {
  return refusals.some(
    (one) =>
      (one.command === '' || command === one.command || command.startsWith(`${one.command} `)) &&
      one.flags.includes(flag),
  )
}

/** Those that every command has are looked for at one that asks a server. */
function commandFor(name: string): Command | undefined {
  return found((elsewhere[name] ?? (name || 'get')).split(' '))
}

test.each(rows)('argo %s %s is understood, or refused by name', (name, flag) => {
  if (isRefused(name, flag)) return
  const command = commandFor(name)
  expect(command, `no command ${name}`).toBeDefined()
  const flags = command?.options.flatMap(({ short, long }) => [short, long]) ?? []
  if (flag !== '') expect(flags).toContain(flag)
})

test.each(refusals)('$command $flags is refused with a reason', async ({ command, flags, why }) => {
  const words = (command || 'list').split(' ')
  for (const flag of flags) {
    const { code, stderr } = await performed([...words, flag, 'value'])
    expect([code, stderr]).toEqual([2, expect.stringContaining(why)])
    expect(stderr).toContain(flag)
  }
})

test.each(refusals)('$command $flags is a word of upstream', ({ command, flags }) => {
  const names = rows.map(([name, flag]) => `${name} ${flag}`)
  for (const flag of flags) expect(names).toContain(`${command} ${flag}`)
})

test('every command that asks a server has the flags of all', () => {
  const all = (command: Command): readonly Command[] => [command, ...command.commands.flatMap(all)]
  const asking = loaded
    .flatMap(all)
    .filter(({ options }) => options.some(({ long }) => long === '--argo-server'))
  expect(asking.length).toBeGreaterThan(40)
  const of = (command: Command | undefined) => new Set(command?.options.map(({ long }) => long))
  const wanted = rows
    .filter(([name, flag]) => name === '' && flag.startsWith('--') && !isRefused('', flag))
    .map(([, flag]) => flag)
  for (const command of asking) expect([...of(command)]).toEqual(expect.arrayContaining(wanted))
})
