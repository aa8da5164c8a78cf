import { basename, dirname } from 'node:path'
import type { Mount } from '../runtime.ts'
import { layerOf, scratchOf, type View } from './records.ts'
import type { Order } from './requests.ts'

/** What the machine offers the fallback launchers: a program's name and where it is. */
type Tools = Readonly<Record<string, string>>

export type Fallback = 'bwrap' | 'unshare'

export const toolsOf: Readonly<Record<Fallback, readonly string[]>> = {
  bwrap: ['sh', 'env', 'mount', 'unshare', 'bwrap'],
  unshare: ['sh', 'env', 'mount', 'unshare', 'setpriv', 'mkdir', 'ln'],
}

export interface Surroundings {
  readonly tools: Tools
  readonly rootless: boolean
  /** Rootless: the machine's top-level directories; a user namespace cannot overlay `/` as a whole. */
  readonly tops: readonly string[]
}

/** The command line of one container; its root is put together in `<dir>/scratch/root`, which only its namespace sees. */
export function sandboxCommand(
  fallback: Fallback,
  order: Order,
  plain: HelperView,
  around: Surroundings,
): { readonly file: string; readonly args: readonly string[] } {
  const { tools, rootless } = around
  const spaces = fallback === 'bwrap' ? ['-m'] : ['-m', '-p', '-i', '-u', '--fork', '--kill-child']
  const script = fallback === 'bwrap' ? bwrapScript : unshareScript
  const mounts = plain.mounts.map((mount, at) => shown(order.dir, mount, at))
  const view = { ...plain, mounts, layers: layersOf(order.dir, plain, around) }
  const tail = fallback === 'bwrap' ? bwrapTail : unshareTail
  const args = [...(rootless ? ['-U', '-r'] : []), ...spaces, '--propagation', 'private', '--']
  return {
    file: tool(tools, 'unshare'),
    args: [
      ...args,
      ...[tool(tools, 'sh'), '-c', script(order, view, around), 'sh'],
      ...[tool(tools, 'env'), '-i', '--default-signal=INT,QUIT'],
      ...order.env,
      ...tail(order, view, around),
      ...order.argv,
    ],
  }
}

/** Docker's default rights; in a user namespace none but the one that enters the root. */
const rights =
  'chown dac_override fsetid fowner mknod net_raw setgid setuid setfcap setpcap net_bind_service sys_chroot kill audit_write'.split(
    ' ',
  )

function bwrapTail(order: Order, view: View, { tools, rootless }: Surroundings): string[] {
  const { hostname, uid, gid, workingDir } = order
  const args = [
    tool(tools, 'bwrap'),
    '--bind',
    `${scratchOf(order.dir)}/root`,
    '/',
    '--dev',
    '/dev',
  ]
  args.push('--proc', '/proc', '--ro-bind', '/sys', '/sys')
  if (view.root.kind === 'host') args.push('--bind', `${scratchOf(order.dir)}/tmp`, '/tmp')
  for (const { source, target, readOnly } of view.mounts) {
    args.push(readOnly ? '--ro-bind' : '--bind', source, target)
  }
  args.push('--cap-drop', 'ALL')
  if (!rootless && uid <= 0) args.push(...rights.flatMap((right) => ['--cap-add', `cap_${right}`]))
  if (uid > 0) args.push('--unshare-user', '--uid', String(uid), '--gid', String(gid))
  if (hostname !== '') args.push('--hostname', hostname)
  args.push('--unshare-pid', '--unshare-ipc', '--unshare-uts', '--die-with-parent')
  args.push('--dir', workingDir, '--chdir', workingDir, '--')
  return args
}

/** A view whose layered mounts know what they are of. */
export interface HelperView extends View {
  readonly mounts: readonly (Mount & { readonly isFile?: boolean })[]
}

/** What a mount shows: its source, or the overlay over it. */
function shown(dir: string, mount: HelperView['mounts'][number], index: number): Mount {
  if (!mount.layered) return mount
  const file = mount.isFile ? `/${basename(mount.source)}` : ''
  return { ...mount, source: `${layerOf(dir, index)}/at${file}` }
}

/** The overlays of layered mounts; those of a file are over its directory. */
function layersOf(dir: string, { mounts }: HelperView, { tools, rootless }: Surroundings): string {
  const flags = rootless ? 'userxattr' : 'redirect_dir=nofollow,metacopy=off,index=off'
  return mounts
    .map(({ source, layered, isFile }, index) => {
      if (!layered) return ''
      const at = layerOf(dir, index)
      const lower = isFile ? dirname(source) : source
      return overlay(tool(tools, 'mount'), lower, `${at}/upper`, `${at}/work`, `${at}/at`, flags)
    })
    .join('\n')
}

/** `layers` are the commands that make the overlays which `mounts` show. */
interface ShownView extends View {
  readonly layers: string
}

function bwrapScript(_order: Order, view: ShownView, around: Surroundings): string {
  return `${preamble}\n${rootScript(view, around)}\nexec "$@"`
}

function unshareTail(order: Order, _view: View, { tools, rootless }: Surroundings): string[] {
  const kept = rootless ? ['sys_chroot'] : rights
  const bounds = ['-all', ...kept.map((right) => `+${right}`)].join(',')
  const args = [
    tool(tools, 'setpriv'),
    '--no-new-privs',
    '--inh-caps=-all',
    `--bounding-set=${bounds}`,
  ]
  args.push(tool(tools, 'unshare'), '--root=.', `--wd=${order.workingDir}`)
  if (order.uid > 0) args.push('-S', String(order.uid), '-G', String(order.gid))
  return [...args, '--']
}

// `mount --move . /` hides the machine's root for good: `..` at the top leads back into the new one.
function unshareScript(order: Order, view: ShownView, around: Surroundings): string {
  const mount = tool(around.tools, 'mount')
  const mkdir = tool(around.tools, 'mkdir')
  const lines = [preamble, rootScript(view, around), 'cd root', `${mkdir} -p proc sys dev tmp`]
  lines.push(`${mount} -t proc proc proc`, `${mount} --rbind -o ro /sys sys`)
  lines.push(devices(mount, mkdir, tool(around.tools, 'ln')))
  if (view.root.kind === 'host') lines.push(`${mount} --bind ../tmp tmp`)
  if (!around.rootless) {
    lines.push(
      `for p in sys sysrq-trigger irq bus fs; do [ ! -e proc/$p ] || ${mount} --bind -o ro proc/$p proc/$p; done`,
      `for p in kcore keys timer_list; do [ ! -e proc/$p ] || ${mount} --bind /dev/null proc/$p; done`,
    )
  }
  for (const { source, target, readOnly } of view.mounts) {
    const at = quote(`.${target}`)
    lines.push(
      `if [ -d ${quote(source)} ]; then ${mkdir} -p ${at}`,
      `else ${mkdir} -p ${quote(parent(`.${target}`))}; [ -e ${at} ] || : > ${at}; fi`,
      `${mount} --rbind ${readOnly ? '-o ro ' : ''}${quote(source)} ${at}`,
    )
  }
  if (order.hostname !== '') lines.push(`echo ${quote(order.hostname)} > /proc/sys/kernel/hostname`)
  lines.push(`${mkdir} -p ${quote(`.${order.workingDir}`)}`, `${mount} --move . /`)
  // Process 1 stays: it reaps, and a program that is not process 1 obeys SIGTERM.
  lines.push('trap - EXIT', 'set +e', '"$@" &', 'main=$!', 'wait $main', 'exit $?')
  return lines.join('\n')
}

// What goes wrong before the program runs is written down, so that it is not taken for the program's own failure.
const preamble = [
  'set -e',
  'cd "$ARGOSY_DIR/scratch"',
  `trap 'echo "the sandbox could not be set up (its standard error says more)" > "$ARGOSY_DIR/setup-error"' EXIT`,
].join('\n')

function rootScript(view: ShownView, around: Surroundings): string {
  const mount = tool(around.tools, 'mount')
  return `${view.layers}\n${rootOverlay(view, around, mount)}`
}

function rootOverlay(view: View, around: Surroundings, mount: string): string {
  if (around.rootless && view.root.kind === 'host') return piecewiseRoot(mount, around.tops)
  const lower = view.root.kind === 'dir' ? view.root.path : '/'
  const flags = around.rootless ? 'userxattr' : 'redirect_dir=nofollow,metacopy=off,index=off'
  return overlay(mount, lower, 'upper', 'work', 'root', flags)
}

// As sandbox.h's piecewise_root: one overlay per top-level directory, a read-only view where that is refused.
function piecewiseRoot(mount: string, tops: readonly string[]): string {
  const pieces = tops.map((top) => {
    const at = quote(`root${top}`)
    const layered = overlay(mount, top, `upper${top}`, `work${top}`, `root${top}`, 'userxattr')
    return `{ ${layered}; } 2>/dev/null || ${mount} --rbind -o ro ${quote(top)} ${at}`
  })
  return [`${mount} --bind upper root`, ...pieces].join('\n')
}

function overlay(
  mount: string,
  lower: string,
  ...[upper, work, target, flags]: [string, string, string, string]
): string {
  const [low, up, own] = [lower, upper, work].map((path) => path.replace(/[\\:,]/g, '\\$&'))
  const options = `lowerdir=${low},upperdir=${up},workdir=${own},xino=off,${flags}`
  const command = (more: string) =>
    `${mount} -t overlay overlay -o ${quote(options + more)} ${quote(target)}`
  return `${command(',volatile')} 2>/dev/null || ${command('')}`
}

/** Ends with 3 when the directory `$1` of `layer` hides what `below` has in its own of that name. */
export function opaqueScript({ tools, rootless }: Surroundings): string {
  const flags = rootless ? ',userxattr' : ''
  const command = `${tool(tools, 'mount')} -t overlay overlay -o ro,lowerdir=layer:below${flags} at`
  return `${command} || exit 1; [ -e "at/$1/mark" ] || exit 3`
}

function devices(mount: string, mkdir: string, ln: string): string {
  return [
    `${mount} -t tmpfs -o mode=755,nosuid dev dev`,
    `for n in null zero full random urandom tty; do : > dev/$n; ${mount} --bind /dev/$n dev/$n; done`,
    `${mkdir} dev/shm dev/pts`,
    `${mount} -t tmpfs -o mode=1777,nosuid,nodev shm dev/shm`,
    `${mount} -t devpts -o newinstance,ptmxmode=0666 devpts dev/pts`,
    `${ln} -s /proc/self/fd dev/fd; ${ln} -s /proc/self/fd/0 dev/stdin`,
    `${ln} -s /proc/self/fd/1 dev/stdout; ${ln} -s /proc/self/fd/2 dev/stderr; ${ln} -s pts/ptmx dev/ptmx`,
  ].join('\n')
}

function tool(tools: Tools, name: string): string {
  const path = tools[name]
  if (path === undefined) throw new Error(`${name} is not installed`)
  return path
}

function parent(path: string): string {
  return path.slice(0, path.lastIndexOf('/')) || '/'
}

function quote(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`
}
