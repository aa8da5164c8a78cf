import { readFileSync } from 'node:fs'
import { commands } from '../../packages/app/src/commands/commands.table.ts'
import { globalFlags } from '../../packages/app/src/remote/global-flags.table.ts'

type Command = Awaited<ReturnType<(typeof commands)[number]['load']>>
type Option = Command['options'][number]

/** The page about the command line. What stands above its heading `Commands` is written by hand. */
export const page = new URL('../../docs/cli.md', import.meta.url)

const heading = '## Commands\n'

/** The page as it must be: the commands themselves say what they understand. */
export async function reference(): Promise<string> {
  const [written = ''] = readFileSync(page, 'utf8').split(heading)
  const shell = {
    ...{ stdin: process.stdin, stdout: process.stdout, stderr: process.stderr, version: '' },
    now: Date.now,
    exit: () => undefined,
  }
  const all = await Promise.all(commands.map(({ load }) => load(shell)))
  return `${written}${heading}\n${globals()}\n${all.flatMap((one) => sections(one, '')).join('\n')}`
}

/** Those of every command that asks a server: said once. */
const everywhere: ReadonlySet<string | undefined> = new Set(
  globalFlags.map(({ flags }) => /--[\w-]+/.exec(flags)?.[0]),
)

function globals(): string {
  const rows = globalFlags.map(({ flags, about }) => `| \`${flags}\` | ${about} |`)
  return `### Flags of every command that asks a server\n\n| flag | |\n|---|---|\n${rows.join('\n')}\n`
}

function sections(command: Command, before: string): readonly string[] {
  const name = `${before}${command.name()}`
  if (command.commands.length > 0) {
    return command.commands.flatMap((one) => sections(one, `${name} `))
  }
  const usage = command.registeredArguments.map((one) => {
    const text = one.name() + (one.variadic ? '...' : '')
    return one.required ? `<${text}>` : `[${text}]`
  })
  const asks = command.options.some(({ long }) => long === '--argo-server')
  const rows = command.options.filter(({ long }) => !(asks && everywhere.has(long))).map(row)
  const table = rows.length === 0 ? [] : ['', '| flag | |', '|---|---|', ...rows]
  const line = [`argosy ${name}`, ...usage].join(' ')
  const where = asks ? ' Asks a server.' : ''
  return [`### ${name}\n\n\`${line}\`: ${command.description()}.${where}\n${table.join('\n')}\n`]
}

function row({ flags, description, argChoices, defaultValue }: Option): string {
  const choices = argChoices ? ` (${argChoices.join(', ')})` : ''
  const isShown = typeof defaultValue === 'string' || typeof defaultValue === 'number'
  const home = process.env['HOME'] ?? ''
  const standard = isShown ? `; default: ${String(defaultValue).replace(home, '~')}` : ''
  return `| \`${flags}\` | ${`${description}${choices}${standard}`.replaceAll('|', '\\|')} |`
}
