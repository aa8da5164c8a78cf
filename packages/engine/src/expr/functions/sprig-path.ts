import { type GoFunction, goFunction } from '../go-function.ts'

const text = (run: (path: string) => string) => goFunction('string -> string', run)
const isAbs = goFunction('string -> bool', (path: string) => path.startsWith('/'))

/** Sprig's functions on slash paths. */
export const pathFunctions: Readonly<Record<string, GoFunction>> = {
  base: text(base),
  dir: text(dir),
  clean: text(clean),
  ext: text(ext),
  isAbs,
  osBase: text(base),
  osDir: text(dir),
  osClean: text(clean),
  osExt: text(ext),
  osIsAbs: isAbs,
}

function base(path: string): string {
  if (path === '') return '.'
  const trimmed = path.replace(/\/+$/, '')
  return trimmed === '' ? '/' : trimmed.slice(trimmed.lastIndexOf('/') + 1)
}

function dir(path: string): string {
  return clean(path.slice(0, path.lastIndexOf('/') + 1))
}

function ext(path: string): string {
  return /\.[^./]*$/.exec(path)?.[0] ?? ''
}

function clean(path: string): string {
  const rooted = path.startsWith('/')
  const kept: string[] = []
  for (const part of path.split('/')) {
    const isUp = part === '..'
    if (isUp && kept.length > 0 && kept.at(-1) !== '..') kept.pop()
    else if (isUp ? !rooted : part !== '' && part !== '.') kept.push(part)
  }
  const joined = kept.join('/')
  return rooted ? `/${joined}` : joined || '.'
}
