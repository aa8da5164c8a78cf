import { type Refused, refusals } from './refused.table.ts'

/** Why a command line of `argo`'s is not for us; undefined: it may be. `words` are those that name the command. */
export function refused(words: readonly string[], args: readonly string[]): string | undefined {
  const command = words.join(' ')
  const isMeant = (one: Refused) => one.command === '' || isBelow(command, one.command)
  for (const { flags, why } of refusals.filter(isMeant)) {
    const found = flagsOf(args).find((flag) => flags.includes(flag))
    if (found !== undefined) return `${found}: ${why}`
  }
  return undefined
}

function isBelow(command: string, where: string): boolean {
  return command === where || command.startsWith(`${where} `)
}

/** What looks like a flag, without its value. */
function flagsOf(args: readonly string[]): readonly string[] {
  const end = args.indexOf('--')
  return args
    .slice(0, end < 0 ? undefined : end)
    .filter((arg) => arg.startsWith('-'))
    .map((arg) => arg.split('=', 1)[0] ?? '')
}
