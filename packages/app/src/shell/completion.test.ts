import { execFileSync } from 'node:child_process'
import { Command } from 'commander'
import { expect, it } from 'vitest'
import { completion } from './completion.ts'

const commands = [
  new Command('get').description("show what's there").argument('<NAME>').option('-o, --output <f>'),
  new Command('cron').description('keep').addCommand(new Command('list').option('-A, --all')),
]

/** What bash offers for a line of words, of which the last is being written. */
function offered(...words: readonly string[]): readonly string[] {
  const quoted = words.map((word) => `'${word}'`).join(' ')
  const script = `${completion(commands, 'bash')}
COMP_WORDS=(argosy ${quoted}); COMP_CWORD=${words.length}; _argosy; echo "\${COMPREPLY[*]}"`
  const text = execFileSync('bash', ['-c', script], { encoding: 'utf8' })
  return text.trim().split(/\s+/)
}

it('bash completes commands, those below them, and flags', () => {
  expect(offered('')).toEqual(['get', 'cron'])
  expect(offered('c')).toEqual(['cron'])
  expect(offered('cron', '')).toEqual(['list'])
  expect(offered('cron', 'list', '--')).toEqual(['--all'])
  expect(offered('get', '-')).toEqual(['--output', '-o'])
})

it('fish is told of each command and flag', () => {
  const lines = completion(commands, 'fish').split('\n')
  expect(lines).toContain(
    "complete -c argosy -n '__fish_use_subcommand' -a get -d 'show what\\'s there'",
  )
  expect(lines).toContain(
    "complete -c argosy -n '__fish_seen_subcommand_from cron; and __fish_seen_subcommand_from list' -l all -s A -d ''",
  )
})

it('zsh takes what bash takes', () => {
  expect(completion(commands, 'zsh')).toMatch(/^#compdef argosy\n.*bashcompinit\n/)
})
