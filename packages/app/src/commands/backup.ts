import { Command } from 'commander'
import { defaultDataDir, folder } from './data-folder.ts'

const flag = ['--data-dir <dir>', "the server's data directory", folder, defaultDataDir()] as const

/** `argosy backup`: a copy of everything, while the server goes on. */
export function backupCommand(exit: (code: number) => void): Command {
  return new Command('backup')
    .description('copy a data directory, also while its server runs')
    .argument('<FOLDER>', 'where to; it must not be there yet')
    .option(...flag)
    .addHelpText('after', '\nKeep it safe: it holds Secrets and the keys of the server.')
    .action(async (folder: string, { dataDir }: { readonly dataDir: string }) => {
      const { backUp } = await import('../server/backup.ts')
      await tell(backUp(dataDir, folder), `${dataDir} is backed up in ${folder}`, exit)
    })
}

/** `argosy restore`: a data directory from a backup. */
export function restoreCommand(exit: (code: number) => void): Command {
  return new Command('restore')
    .description('make a data directory from a backup')
    .argument('<FOLDER>', 'what `argosy backup` made')
    .option(...flag)
    .action(async (folder: string, { dataDir }: { readonly dataDir: string }) => {
      const { restore } = await import('../server/backup.ts')
      const done = `${dataDir} is restored: argosy server --data-dir ${dataDir}`
      await tell(restore(folder, dataDir), done, exit)
    })
}

async function tell(
  work: Promise<readonly string[]>,
  done: string,
  exit: (code: number) => void,
): Promise<void> {
  const { BackupError } = await import('../server/backup.ts')
  try {
    const names = await work
    process.stdout.write(`${done} (${names.join(', ')})\n`)
    exit(0)
  } catch (error) {
    if (!(error instanceof BackupError)) throw error
    process.stderr.write(`argosy: ${error.message}\n`)
    exit(1)
  }
}
