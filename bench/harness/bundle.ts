import { type ExecFileSyncOptions, execFileSync } from 'node:child_process'
import { cpSync, existsSync } from 'node:fs'
import { basename } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

const root = fileURLToPath(new URL('../../', import.meta.url))

/** Builds what is published; the pages only when they are not there. */
export function buildProduct(): void {
  const options: ExecFileSyncOptions = { cwd: root, stdio: ['ignore', 'ignore', 'pipe'] }
  if (!existsSync(`${root}packages/ui/dist`)) {
    execFileSync('npm', ['run', '--silent', 'build', '-w', 'packages/ui'], options)
  }
  execFileSync(process.execPath, [`${root}packages/app/build.ts`], options)
}

/** A program of ours, bundled as the product is and beside what the product brings along. Resolves to its path. */
export async function bundle(program: string, dir: string): Promise<string> {
  buildProduct()
  cpSync(`${root}packages/app/dist`, `${dir}/dist`, { recursive: true })
  const outfile = `${dir}/dist/${basename(program, '.ts')}.mjs`
  await build({
    entryPoints: [fileURLToPath(new URL(program, import.meta.url))],
    ...{ outfile, bundle: true, format: 'esm', platform: 'node', target: 'node24' },
    banner: {
      js: "import{createRequire as benchRequire}from'node:module';const require=benchRequire(import.meta.url);",
    },
    logLevel: 'warning',
  })
  return outfile
}
