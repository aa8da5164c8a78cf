import { Command } from 'commander'

/** `argosy lint`: everything that is wrong, without running anything. */
export function lintCommand(exit: (code: number) => void): Command {
  return new Command('lint')
    .description('check manifests, offline')
    .argument('<FILE...>', 'manifests: files, folders, - for standard input')
    .addHelpText('after', '\nExit code: 0 nothing to complain about, 2 problems.')
    .action(async (files: readonly string[]) => {
      const { readSources } = await import('../input/sources.ts')
      const { understand } = await import('../input/understand.ts')
      const { sources, problems } = await readSources(files)
      const understood = understand(
        sources,
        { parameters: new Map(), entrypoint: undefined },
        [],
        'lint',
      )
      const all = [...problems, ...understood.problems]
      if (all.length === 0) {
        process.stdout.write('✔ no linting errors found!\n')
        exit(0)
        return
      }
      process.stderr.write(`${all.join('\n\n')}\n\n✖ ${all.length} linting errors found!\n`)
      exit(2)
    })
}
