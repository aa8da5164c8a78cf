import { existsSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import type { Container } from '@argosy/engine'
import { expand } from './expand.ts'
import { findImage, type ImageMap, type ImageRule, shortName } from './image-map.ts'
import { Refusal } from './refusal.ts'
import type { Mount, Root } from './runtime.ts'

/** How an image is played here. */
export interface Program {
  readonly rule: ImageRule
  readonly root: Root
  readonly env: Readonly<Record<string, string>>
  /** Our own files that the rule brings into the container. */
  readonly mounts: readonly Mount[]
}

const found = new WeakMap<ImageMap, Map<string, Program>>()

/**
 * Throws `Refusal` when the image cannot be honoured. `filesDir` holds the built-in images' files. Rules do not change
 * in the life of a node, so each image is looked up once.
 */
export function programOf(container: Container, map: ImageMap, filesDir: string): Program {
  const image = container.image ?? ''
  const programs = found.get(map) ?? new Map<string, Program>()
  found.set(map, programs)
  const key = `${filesDir} ${image}`
  const program = programs.get(key) ?? findProgram(image, map, filesDir)
  programs.set(key, program)
  return program
}

function findProgram(image: string, map: ImageMap, filesDir: string): Program {
  if (image === '' || /\s/.test(image)) {
    throw new Refusal(
      'InvalidImageName',
      `couldn't parse image name "${image}": invalid reference format`,
      false,
    )
  }
  const rule = findImage(map, image)
  if (!rule) {
    throw new Refusal(
      'ErrImagePull',
      `no rule of images.yaml matches image "${image}": add { match: "${shortName(image)}", run: host }`,
      false,
    )
  }
  if (typeof rule.run === 'object' && 'image' in rule.run)
    throw withoutEngine(image, rule.run.image)
  const root: Root = rule.run === 'host' ? { kind: 'host' } : { kind: 'dir', path: rule.run.root }
  return {
    rule,
    root,
    env: baseEnv(rule, root),
    mounts: Object.entries(rule.files ?? {}).map(([target, name]) => ({
      source: join(filesDir, name),
      target,
      readOnly: true,
    })),
  }
}

function withoutEngine(image: string, other: string): Refusal {
  return new Refusal(
    'ErrImagePull',
    `images.yaml has image "${image}" played by image "${other}", which only --runtime docker can`,
    false,
  )
}

const usualPath = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'

function baseEnv(rule: ImageRule, root: Root): Record<string, string> {
  const host = root.kind === 'host'
  const path = host ? (process.env.PATH ?? usualPath) : usualPath
  return {
    PATH: [...(rule.path ?? []), path].join(':'),
    HOME: host ? homedir() : '/root',
    ...rule.env,
  }
}

/** What is executed: `command` replaces the image's entrypoint and its args, `args` replace its args. */
export function argvOf(
  container: Container,
  { rule }: Program,
  env: Readonly<Record<string, string>>,
): readonly string[] {
  const filled = (words: readonly string[]) =>
    words.map((word) => expand(word, (name) => env[name]))
  const { command = [], args = [] } = container
  if (command.length > 0)
    return filled([...onThisMachine(command, rule, env.PATH ?? usualPath), ...args])
  const known = rule.entrypoint !== undefined || rule.command !== undefined
  if (!known || rule.needsCommand) throw withoutCommand(container)
  const words = args.length > 0 ? args : (rule.command ?? [])
  // An image with a command but no entrypoint executes the container's args themselves.
  return filled([...(rule.entrypoint ?? []), ...words])
}

/** The program, or what this machine has instead of it. */
function onThisMachine(
  command: readonly string[],
  rule: ImageRule,
  path: string,
): readonly string[] {
  const [program = '', ...rest] = command
  const other = rule.instead?.[program]
  if (other === undefined || isOn(path, program)) return command
  return [other, ...rest]
}

function isOn(path: string, program: string): boolean {
  return path.split(':').some((folder) => existsSync(join(folder, program)))
}

function withoutCommand(container: Container): Refusal {
  const image = shortName(container.image ?? '')
  return new Refusal(
    'ErrImagePull',
    `container "${container.name}" has no command, and what image "${image}" would run is not known here: give the ` +
      `template a command, or add { match: "${image}", run: host, entrypoint: [PROGRAM] } to images.yaml`,
    false,
  )
}
