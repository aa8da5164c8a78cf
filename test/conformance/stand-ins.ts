import { constants } from 'node:fs'
import { chmod, copyFile, mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { ImageMap } from '../../packages/cluster/src/index.ts'

/** How much time it takes to sleep, in a shell and in Python: all of it, or a twentieth. */
export type Pace = 'real' | 'quick'

interface StandIns {
  readonly folder: string
  readonly pace: Pace
  /** Where the servers among the sidecars listen in place of their own ports. */
  readonly ports: readonly [nginx: number, influxdb: number]
}

/**
 * Small programs in place of those that only an image brings, so that an example keeps its meaning on any machine: who
 * calls whom, what is written, with which exit code it ends.
 */
export async function standIns({ folder, pace, ports }: StandIns): Promise<ImageMap> {
  // Steps do not see the machine's /tmp, and this checkout may lie there.
  const js = join(folder, 'js')
  await copyFile(process.execPath, js, constants.COPYFILE_FICLONE)
  const everywhere = pace === 'quick' ? { sleep: quickSleep } : {}
  const [nginx, influxdb] = ports
  const programs: Readonly<Record<string, Readonly<Record<string, string>>>> = {
    'python*': { python: pace === 'quick' ? quickPython : 'exec python3 -S "$@"' },
    'node*': { node: `exec ${js} "$@"` },
    'argoproj/argosay:v1': { cowsay: 'echo "( $* )"' },
    // BusyBox takes `>& file` as bash does, dash does not.
    'curlimages/curl*': { sh: 'exec bash "$@"', curl: node(js, fetchText, nginx) },
    'nginx*': { nginx: node(js, serve, nginx, 'Welcome to nginx!') },
    'influxdb*': { influxd: node(js, serve, influxdb, 'stored') },
    'mcr.microsoft.com/windows/*': { cmd: 'shift; exec "$@"' },
    'alpine*': { apk: 'echo OK', curl: node(js, fetchText, influxdb) },
    'busybox*': {},
    'debian*': {},
    'ubuntu*': {},
    'stedolan/jq*': {},
  }
  return Promise.all(
    Object.entries(programs).map(async ([match, own]) => {
      const path = join(folder, match.replace(/\W/g, ''))
      await write(path, { ...everywhere, ...own })
      return { match, run: 'host' as const, path: [path] }
    }),
  )
}

async function write(folder: string, programs: Readonly<Record<string, string>>): Promise<void> {
  await mkdir(folder, { recursive: true })
  for (const [name, text] of Object.entries(programs)) {
    await writeFile(join(folder, name), `#!/bin/sh\n${text}\n`)
    await chmod(join(folder, name), 0o755)
  }
}

const quickSleep = `exec /bin/sleep "$(echo "$1" | awk '{ print $1 * 0.05 }')"`

const quickPython = `
case $1 in -*) exec python3 -S "$@" ;; esac
exec python3 -S -c '
import sys, time
sleep = time.sleep
time.sleep = lambda seconds: sleep(seconds * 0.05)
exec(open(sys.argv[1]).read())
' "$@"`

const node = (js: string, program: string, ...words: readonly (string | number)[]) =>
  `exec ${js} -e '${program}' -- ${words.map((word) => `'${word}'`).join(' ')} "$@"`

const serve = `
const [port, answer] = process.argv.slice(1)
const { createServer } = require("node:http")
createServer((_, response) => response.end(answer + "\\n")).listen(Number(port), "127.0.0.1")
`

/** Fetches from the server of this pod; what goes elsewhere is only written down. */
const fetchText = `
const [port, ...words] = process.argv.slice(1)
const url = words.find((word) => word.startsWith("http://127.0.0.1"))
const method = words.includes("-XPOST") ? "POST" : "GET"
const answer = url === undefined
  ? Promise.resolve(words.join(" ") + "\\n")
  : fetch("http://127.0.0.1:" + port, { method }).then((response) => response.text())
answer.then((text) => process.stdout.write(text), () => process.exit(7))
`
