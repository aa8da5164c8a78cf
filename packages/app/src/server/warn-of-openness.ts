import { stat } from 'node:fs/promises'
import type { Embedded } from '../embedded.ts'

/** Says who can read what only the server should: the administrator's token, the signing keys, and all Secrets. */
export async function warnOfOpenness(
  { dataDir, runtime }: Pick<Embedded, 'dataDir' | 'runtime'>,
  log: (line: string) => void,
): Promise<void> {
  const mode = (await stat(dataDir)).mode & 0o777
  if ((mode & 0o077) !== 0) {
    const others = `others on this machine may look into ${dataDir} (mode ${mode.toString(8)})`
    log(`${others}, where all Secrets are: chmod 700 ${dataDir}`)
  }
  if (runtime?.name === 'process') {
    log(
      `steps are plain processes of this user: they can read all that he can, the administrator's token in ${dataDir} too; run only what you trust, or use --runtime sandbox`,
    )
  }
}
