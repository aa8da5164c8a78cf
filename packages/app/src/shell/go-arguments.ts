import type { Command } from 'commander'
import { globalFlags } from '../remote/global-flags.table.ts'

/** Flags that upstream takes before the command as well as behind it, with a value. */
const globals = namesOf(true)
/** The same, without one. */
const switchedGlobals = namesOf(false)

function namesOf(hasValue: boolean): ReadonlySet<string> {
  const those = globalFlags.filter(({ flags }) => flags.includes('<') === hasValue)
  return new Set(those.flatMap(({ flags }) => flags.replace(/ <.*/, '').split(', ')))
}

/** `-n argo cron list` is `cron list -n argo`: what stands before the command goes behind it. */
export function hoistGlobals(
  args: readonly string[],
  isGroup: (command: string) => boolean,
): readonly string[] {
  const words: string[] = []
  const hoisted: string[] = []
  let at = 0
  while (at < args.length && !isWhole(words, isGroup)) {
    const arg = args[at] ?? ''
    const length = globalLength(arg)
    if (length > 0) hoisted.push(...args.slice(at, at + length))
    else if (arg.startsWith('-')) return args
    else words.push(arg)
    at += Math.max(length, 1)
  }
  return [...words, ...hoisted, ...args.slice(at)]
}

/** Whether these words name a command that has no others below it. */
function isWhole(words: readonly string[], isGroup: (command: string) => boolean): boolean {
  const [first] = words
  return first !== undefined && (words.length > 1 || !isGroup(first))
}

/** How many arguments a global flag takes up here; none when it is no such flag. */
function globalLength(arg: string): number {
  if (globals.has(arg)) return 2
  const [flag = ''] = arg.split('=', 1)
  return globals.has(flag) || switchedGlobals.has(flag) || /^-[nsH]./.test(arg) ? 1 : 0
}

/** Go's `--strict=false` of flags that are on or off: `--no-strict`; `--strict=true` is `--strict`. */
export function switches(args: readonly string[], command: Command): readonly string[] {
  const names = new Set(command.options.filter((one) => one.isBoolean()).map(nameOf))
  const end = args.indexOf('--')
  return args.flatMap((arg, at) => {
    const match = /^--([a-z][a-z0-9-]*)=(true|false)$/.exec(arg)
    const name = match?.[1] ?? ''
    if (!match || !names.has(name) || (end >= 0 && at > end)) return [arg]
    if (match[2] === 'true') return [`--${name}`]
    const canBeOff = command.options.some(({ long }) => long === `--no-${name}`)
    return canBeOff ? [`--no-${name}`] : []
  })
}

function nameOf({ long }: { readonly long?: string | undefined }): string {
  return (long ?? '').replace(/^--(no-)?/, '')
}
