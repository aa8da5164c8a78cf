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
    'curlimages/curl*': { sh: 'exec bash "$@"', curl: toOtherPods(node(js, fetchText, nginx)) },
    'nginx*': { nginx: node(js, serve, nginx, 'Welcome to nginx!', 80) },
    // A sidecar is called by this name, a daemon is not; two at the port of other pods would share what is written there.
    'influxdb*': {
      influxd: node(js, serve, influxdb, 'stored'),
      'influxd-for-others': node(js, serve, influxdb, 'stored', 8086),
    },
    'mcr.microsoft.com/windows/*': { cmd: 'shift; exec "$@"' },
    'alpine*': {
      apk: 'echo OK',
      curl: node(js, fetchText, influxdb),
      nc: node(js, listenOn),
    },
    'golang*': { go: goHere, dep: 'exit 0' },
    'mesosphere/aws-cli': { aws: twoPictures },
    'v4tech/imagemagick': { convert: onePicture },
    'starefossen/gifsicle': { gifsicle: onePicture },
    // Of a BusyBox as of bash, and not of dash, are $RANDOM and the like.
    'busybox*': { sh: 'exec bash "$@"' },
    'debian*': {},
    'ubuntu*': {},
    'stedolan/jq*': {},
  }
  return Promise.all(
    Object.entries(programs).map(async ([match, own]) => {
      const path = join(folder, match.replace(/\W/g, ''))
      await write(path, { ...everywhere, ...own })
      const entrypoint = entrypoints[match]
      return { match, run: 'host' as const, path: [path], ...(entrypoint && { entrypoint }) }
    }),
  )
}

/** What images run by themselves. */
const entrypoints: Readonly<Record<string, readonly string[]>> = {
  'nginx*': ['nginx'],
  'influxdb*': ['influxd-for-others'],
  'alpine*': ['/bin/sh'],
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

/** Listens where nobody else does, for its own pod, and at its own port, if given, for others; what is posted is kept. */
const serve = `
const [port, answer, own] = process.argv.slice(1)
const { createServer } = require("node:http")
const kept = []
const server = () => createServer((request, response) => {
  let text = ""
  request.on("data", (chunk) => { text += chunk })
  request.on("end", () => {
    if (request.url.startsWith("/write")) kept.push(text)
    const counted = request.url.startsWith("/query?") && kept.length > 0
    response.end((counted ? kept.length + " lines" : answer) + "\\n")
  })
})
const near = server()
near.on("error", () => {})
near.listen({ port: Number(port), host: "127.0.0.1", reusePort: true })
if (own) {
  const open = server()
  open.on("error", () => {})
  open.listen({ port: Number(own), host: "0.0.0.0", reusePort: true })
}
`

/** BusyBox: nc -lk -p PORT -e PROGRAM. */
const listenOn = `
const words = process.argv.slice(1)
const port = Number(words[words.indexOf("-p") + 1])
require("node:net").createServer((socket) => socket.end()).listen({ port, host: "0.0.0.0", reusePort: true })
`

/** Other pods have addresses of their own. */
const toOtherPods = (otherwise: string) => `
case "$*" in
*//127.0.0.1*) ;;
*//127.*) exec /usr/bin/curl "$@" ;;
esac
${otherwise}`

/** What is not there to be fetched is not missed. */
const goHere = `
[ "$1" = get ] && exit 0
export HOME=/tmp GOPATH=/go GOFLAGS=-mod=mod GOTOOLCHAIN=local PATH="$PATH:/usr/local/go/bin:/usr/lib/go/bin"
self=$(dirname "$0")
PATH=$(echo "$PATH" | tr : '\\n' | grep -vx "$self" | paste -sd:)
exec go "$@"`

const twoPictures = 'for name in red blue; do printf GIF89a > /mnt/data/$name.gif; done'

/** The last word is what is made; of what does not matter to a workflow. */
const onePicture = 'for last; do :; done; set -- /mnt/data/*.gif; exec cp "$1" "$last"'

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
