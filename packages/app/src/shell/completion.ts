import type { Command, Option } from 'commander'

/** A command with the words that lead to it. */
interface Place {
  readonly words: readonly string[]
  readonly command: Command
}

/** The script by which a shell completes commands and their flags. */
export function completion(commands: readonly Command[], shell: 'bash' | 'zsh' | 'fish'): string {
  const places = commands.flatMap((command) => placesOf(command, []))
  return shell === 'fish' ? fish(places) : shell === 'bash' ? bash(places) : zsh(places)
}

function placesOf(command: Command, before: readonly string[]): readonly Place[] {
  const words = [...before, command.name()]
  return [{ words, command }, ...command.commands.flatMap((one) => placesOf(one, words))]
}

/** What may stand behind these words: commands below them, and flags. */
function wordsAt({ command }: Place): readonly string[] {
  const flags = command.options.flatMap(({ long, short }) => [long, short])
  return [...command.commands.map((one) => one.name()), ...flags].filter(
    (word) => word !== undefined,
  )
}

function bash(places: readonly Place[]): string {
  return `# bash completion of argosy
_argosy() {
  local word="\${COMP_WORDS[COMP_CWORD]}" path="" one words=""
  for one in "\${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    case "$path $one" in
${groups(places)}
    esac
  done
  case "$path" in
${cases(places)}
  esac
  COMPREPLY=($(compgen -W "$words" -- "$word"))
  [[ \${#COMPREPLY[@]} -gt 0 || "$word" == -* ]] || COMPREPLY=($(compgen -f -- "$word"))
}
complete -o filenames -F _argosy argosy
`
}

/** Which words lead on: `" cron list"`. */
function groups(places: readonly Place[]): string {
  const paths = places.map(({ words }) => `" ${words.join(' ')}"`)
  return `      ${paths.join('|')}) path="$path $one" ;;`
}

function cases(places: readonly Place[]): string {
  const top = places.filter(({ words }) => words.length === 1).map(({ words }) => words[0])
  const lines = [`    "") words="${top.join(' ')}" ;;`]
  for (const place of places) {
    lines.push(`    " ${place.words.join(' ')}") words="${wordsAt(place).join(' ')}" ;;`)
  }
  return lines.join('\n')
}

function zsh(places: readonly Place[]): string {
  return `#compdef argosy
autoload -U +X bashcompinit && bashcompinit
${bash(places)}`
}

function fish(places: readonly Place[]): string {
  const lines = ['# fish completion of argosy', 'complete -c argosy -f']
  for (const place of places) {
    const { words, command } = place
    const name = words.at(-1) ?? ''
    const parent = words.slice(0, -1)
    const where = parent.length === 0 ? '__fish_use_subcommand' : seen(parent)
    lines.push(`complete -c argosy -n '${where}' -a ${name} -d ${quoted(command.description())}`)
    for (const option of command.options) lines.push(fishOption(words, option))
    if (command.registeredArguments.length > 0)
      lines.push(`complete -c argosy -n '${seen(words)}' -F`)
  }
  return `${lines.join('\n')}\n`
}

function seen(words: readonly string[]): string {
  return words.map((word) => `__fish_seen_subcommand_from ${word}`).join('; and ')
}

function fishOption(words: readonly string[], option: Option): string {
  const { long, short, argChoices, description } = option
  const parts = [
    `complete -c argosy -n '${seen(words)}'`,
    ...(long ? [`-l ${long.slice(2)}`] : []),
    ...(short ? [`-s ${short.slice(1)}`] : []),
    ...(option.required ? ['-r'] : []),
    ...(argChoices ? [`-a ${quoted(argChoices.join(' '))}`] : []),
    `-d ${quoted(description)}`,
  ]
  return parts.join(' ')
}

function quoted(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`
}
